"""Where the table of someone else's sheet stands: its header rows, and the columns under each of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from vendor_eval.issues import did_you_mean
from vendor_eval.mapping.models import Columns, ForeignLayout, SheetEntry
from vendor_eval.parsing import normalize, shorten
from vendor_eval.readers import Cell, Sheet, letters

_LETTERS = re.compile(r"^[A-Z]{1,3}$")
_LAST_COLUMN = 16384
_SHOWN = 12
# A&A-01.1, GNRL-07, Q12, 4.2.1, SIG A.1.1; a whole number alone may be an amount, and v4.0.3 is a version.
_ID = re.compile(
    r"^(?!v(?:er(?:sion)?)?[\s.]*\d)(?:[a-z&/]{1,10}[\s._-]){0,3}[a-z&/]{0,10}[\s._-]?"
    r"\d{1,4}(?:[._-](?:\d{1,4}|[a-z]))*[a-z]?\.?$"
)
_LONGEST_ID = 24


@lru_cache(maxsize=65536)
def looks_like_id(text: str) -> bool:
    """Tell whether a text has the form of an id.

    >>> [looks_like_id(text) for text in ("A&A-01.1", "4.2.1", "7", "Q12", "Qualifiers", "9 people", "v4.0.3")]
    [True, True, False, True, False, False, False]
    """
    folded = normalize(text)
    return len(folded) <= _LONGEST_ID and not folded.isdigit() and bool(_ID.match(folded))


@dataclass(frozen=True, slots=True)
class Places:
    """Columns by what they hold; 0 where a sheet has none. `own` are columns that single questions name."""

    id: int
    answer: int
    question: int = 0
    evidence: int = 0
    comment: int = 0
    template: frozenset[int] = frozenset()
    own: tuple[tuple[str, int], ...] = ()

    @property
    def read(self) -> frozenset[int]:
        """Columns of ids and of what vendors write."""
        return frozenset({self.id, self.answer, self.evidence, self.comment, *(column for _, column in self.own)}) - {0}


@dataclass(frozen=True)
class Table:
    """A sheet of theirs, and where its columns stand below each header row."""

    sheet: Sheet
    entry: SheetEntry | None
    headers: Mapping[int, Places]
    first: Places
    missing: tuple[str, ...] = ()


def find_table(sheet: Sheet, layout: ForeignLayout, entry: SheetEntry | None = None) -> Table | str:
    """Find the table of a sheet; where there is none, say why."""
    columns = layout.columns(entry)
    own = sorted({target.counterpart.column for target in layout.targets} - {""})
    cells = dict(sheet.rows())
    by_ids = _column_of(sheet, layout.ids)
    if entry is not None and entry.header is not None:
        found = {entry.header: _places(columns, own, cells.get(entry.header, {}), by_ids)}
        found |= _repeated(cells, found, entry.header, layout.ids)
    else:
        found = {
            number: _places(columns, own, row, by_ids) for number, row in cells.items() if _is_header(columns, row)
        }
    headers = {number: places for number, places in found.items() if places is not None}
    first = next(iter(headers.values()), None) or _places(columns, own, {}, by_ids)
    if first is None:
        return _no_table(sheet, columns, entry)
    wanted = {name for name in (columns.question, columns.evidence, columns.comment, *columns.template, *own) if name}
    return Table(sheet, entry, headers, first, tuple(sorted(wanted - _resolved(wanted, cells, headers))))


def _is_header(columns: Columns, row: Mapping[int, Cell]) -> bool:
    """Tell whether a row names the columns that are given by name: the answer's, or else the id's."""
    texts = {normalize(cell.raw) for cell in row.values()}
    named = [name for name in (columns.answer, columns.id) if name and (not _number(name) or normalize(name) in texts)]
    return bool(named) and all(normalize(name) in texts for name in named)


def _places(columns: Columns, own: Iterable[str], row: Mapping[int, Cell], by_ids: int) -> Places | None:
    """Columns as one header row names them; None where id or answer has no place."""
    texts: dict[str, int] = {}
    for number, cell in row.items():
        texts.setdefault(normalize(cell.raw), number)

    def place(name: str) -> int:
        return (texts.get(normalize(name)) or _number(name)) if name else 0

    of_ids = place(columns.id) if columns.id else by_ids
    answer = place(columns.answer)
    if not of_ids or not answer:
        return None
    template = frozenset(place(name) for name in columns.template) - {0}
    named = tuple((name, place(name)) for name in own)
    return Places(
        of_ids, answer, place(columns.question), place(columns.evidence), place(columns.comment), template, named
    )


def _number(name: str) -> int:
    """Give the number of a column from its letters; 0 for what are none."""
    if not _LETTERS.match(name):
        return 0
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number if number <= _LAST_COLUMN else 0


def _column_of(sheet: Sheet, ids: frozenset[str]) -> int:
    """Column that holds the most of these ids, the leftmost of several; 0 where none does."""
    found: dict[int, set[str]] = {}
    for cell in sheet.cells:
        if (text := normalize(cell.raw)) in ids:
            found.setdefault(cell.column, set()).add(text)
    return max(found, key=lambda column: (len(found[column]), -column), default=0)


def _repeated(
    cells: Mapping[int, dict[int, Cell]], found: Mapping[int, Places | None], header: int, ids: frozenset[str]
) -> dict[int, Places | None]:
    """Rows that say the same as a header row whose number is given."""
    places = found[header]
    if places is None or places.answer not in cells.get(header, {}):
        return {}
    said = normalize(cells[header][places.answer].raw)
    return {
        number: places
        for number, row in cells.items()
        if places.answer in row
        and normalize(row[places.answer].raw) == said
        and not (places.id in row and normalize(row[places.id].raw) in ids)
    }


def _resolved(
    wanted: Iterable[str], cells: Mapping[int, Mapping[int, Cell]], headers: Mapping[int, Places]
) -> set[str]:
    texts = {normalize(cell.raw) for number in headers for cell in cells.get(number, {}).values()}
    return {name for name in wanted if _number(name) or normalize(name) in texts}


def _no_table(sheet: Sheet, columns: Columns, entry: SheetEntry | None) -> str:
    names = [name for name in (columns.id, columns.answer) if name and not _number(name)]
    wanted = " and ".join(f"'{name}'" for name in names) or "its ids"
    where = f"row {entry.header}" if entry and entry.header else "no row"
    texts = [cell.raw for _, row in list(sheet.rows())[:40] if len(row) > 1 for cell in row.values()]
    hint = "".join(did_you_mean(name, texts) for name in names)
    lacks = "lacks" if entry and entry.header else "has"
    shown = ", ".join(f"'{shorten(text, 30)}'" for text in dict.fromkeys(texts[:_SHOWN]))
    return f"sheet '{sheet.name}': {where} {lacks} {wanted}{hint}; seen: {shown or 'nothing'}"


def span(cells: Iterable[Cell]) -> str:
    """Addresses of cells, those that follow each other in a column as one range."""
    runs: list[tuple[int, int, int]] = []
    for cell in sorted(cells, key=lambda cell: (cell.column, cell.row)):
        if runs and runs[-1][0] == cell.column and runs[-1][2] == cell.row - 1:
            runs[-1] = (cell.column, runs[-1][1], cell.row)
        else:
            runs.append((cell.column, cell.row, cell.row))
    return ", ".join(
        f"{letters(column)}{start}" if start == end else f"{letters(column)}{start}:{letters(column)}{end}"
        for column, start, end in runs
    )
