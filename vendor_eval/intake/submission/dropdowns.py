"""Labels that the dropdowns of a sheet offer."""

import re
from collections.abc import Mapping
from functools import lru_cache

from vendor_eval.criteria.parsing import normalize
from vendor_eval.spreadsheets import Book, Sheet, bounds, letters

_RANGE = re.compile(
    r"^=?(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^!'\"]+))!(?P<area>\$?[A-Z]{1,3}\$?\d{1,7}(?::[A-Z\d$]+)?)$",
    re.IGNORECASE,
)
_AREA = re.compile(r"^\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?$", re.IGNORECASE)
# A list of so many cells is no dropdown of one answer, and the range of one is no longer than this.
_MOST_CELLS = 2000
_Grid = Mapping[tuple[int, int], str]


def offered(book: Book, sheet: Sheet) -> Mapping[str, frozenset[str]]:
    """Map addresses to the normalized labels that their dropdowns offer; lists that cannot be resolved are left out."""
    labels: dict[str, frozenset[str]] = {}
    known: dict[str, frozenset[str]] = {}
    grids: dict[str, _Grid] = {}
    for areas, formula in sheet.lists:
        if formula not in known:
            known[formula] = _labels(book, grids, formula)
        if known[formula]:
            for area in areas.split()[:_MOST_CELLS]:
                labels |= {f"{letters(column)}{row}": known[formula] for row, column in _places(area)}
    return labels


@lru_cache(maxsize=4096)
def _places(area: str) -> tuple[tuple[int, int], ...]:
    """List row and column of each cell of an area; none where it is no area, or one of too many cells."""
    if not _AREA.match(area):
        return ()
    top, left, bottom, right = bounds(area.replace("$", ""))
    if (right - left + 1) * (bottom - top + 1) > _MOST_CELLS:
        return ()
    return tuple((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def _labels(book: Book, grids: dict[str, _Grid], formula: str) -> frozenset[str]:
    if len(formula) > 1 and formula.startswith('"') and formula.endswith('"'):
        texts = formula[1:-1].replace('""', '"').split(",")
        return frozenset(normalize(text) for text in texts if text.strip())
    match = _RANGE.match(formula)
    if match is None:
        return frozenset()
    name = (match["quoted"] or match["plain"]).replace("''", "'")
    if name not in grids:
        cells = next((sheet.cells for sheet in book.sheets if sheet.name == name), ())
        grids[name] = {(cell.row, cell.column): normalize(cell.raw) for cell in cells}
    return frozenset(grids[name][place] for place in _places(match["area"]) if place in grids[name])
