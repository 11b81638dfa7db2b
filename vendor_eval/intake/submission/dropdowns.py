"""Labels that the dropdowns of a sheet offer."""

import re
from collections.abc import Mapping
from functools import lru_cache

from vendor_eval.criteria.parsing import normalize
from vendor_eval.spreadsheets import Book, Sheet, column_number, letters

_RANGE = re.compile(
    r"^=?(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^!'\"]+))!\$?(?P<left>[A-Za-z]{1,3})\$?(?P<top>\d{1,7})"
    r"(?::\$?(?P<right>[A-Za-z]{1,3})\$?(?P<bottom>\d{1,7}))?$"
)
_CELL = re.compile(r"^\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?$")
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
                labels.update(dict.fromkeys(_addresses(area), known[formula]))
    return labels


@lru_cache(maxsize=4096)
def _addresses(area: str) -> tuple[str, ...]:
    match = _CELL.match(area)
    if not match:
        return ()
    left, top = column_number(match[1]), int(match[2])
    right, bottom = (column_number(match[3]), int(match[4])) if match[3] else (left, top)
    if (right - left + 1) * (bottom - top + 1) > _MOST_CELLS:
        return ()
    return tuple(f"{letters(c)}{r}" for r in range(top, bottom + 1) for c in range(left, right + 1))


def _labels(book: Book, grids: dict[str, _Grid], formula: str) -> frozenset[str]:
    if len(formula) > 1 and formula.startswith('"') and formula.endswith('"'):
        texts = formula[1:-1].replace('""', '"').split(",")
        return frozenset(normalize(text) for text in texts if text.strip())
    match = _RANGE.match(formula)
    if match is None:
        return frozenset()
    grid = _grid(book, grids, (match["quoted"] or match["plain"]).replace("''", "'"))
    left, top = column_number(match["left"]), int(match["top"])
    right = column_number(match["right"]) if match["right"] else left
    bottom = int(match["bottom"]) if match["bottom"] else top
    if (right - left + 1) * (bottom - top + 1) > _MOST_CELLS:
        return frozenset()
    places = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
    return frozenset(grid[place] for place in places if place in grid)


def _grid(book: Book, grids: dict[str, _Grid], name: str) -> _Grid:
    if name not in grids:
        sheet = next((sheet for sheet in book.sheets if sheet.name == name), None)
        cells = sheet.cells if sheet else ()
        grids[name] = {(cell.row, cell.column): normalize(cell.raw) for cell in cells}
    return grids[name]
