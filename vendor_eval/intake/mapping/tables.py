"""Where the table of someone else's sheet stands: its header rows, and the columns under each of them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from vendor_eval.criteria.parsing import normalize, shorten
from vendor_eval.intake.mapping.models import ForeignLayout, MappedColumns, SheetEntry
from vendor_eval.issues import did_you_mean
from vendor_eval.spreadsheets import Cell, Sheet, letters

_LETTERS = re.compile(r"^[A-Z]{1,3}$")
_LAST_COLUMN = 16384
_SHOWN = 12
# A&A-01.1, GNRL-07, Q12, 4.2.1, SIG A.1.1; a whole number alone may be an amount, and v4.0.3 is a version.
_ID = re.compile(
    r"^(?!v(?:er(?:sion)?)?[\s.]*\d)(?:[a-z&/]{1,10}[\s._-]){0,3}[a-z&/]{0,10}[\s._-]?"
    r"\d{1,4}(?:[._-](?:\d{1,4}|[a-z]))*[a-z]?\.?$"
)
_DATE = re.compile(r"^(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})$")
_LONGEST_ID = 24


@lru_cache(maxsize=65536)
def looks_like_id(text: str) -> bool:
    """Tell whether a text has the form of an id.

    >>> [looks_like_id(text) for text in ("A&A-01.1", "4.2.1", "7", "Q12", "Qualifiers", "9 people", "v4.0.3")]
    [True, True, False, True, False, False, False]
    """
    folded = normalize(text)
    if len(folded) > _LONGEST_ID or folded.isdigit() or _DATE.match(folded):
        return False
    return bool(_ID.match(folded))


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


@dataclass(frozen=True)
class MappedTable:
    """A sheet of theirs, and where its columns stand below each header row."""

    sheet: Sheet
    entry: SheetEntry | None
    headers: Mapping[int, Places]
    first: Places
    missing: tuple[str, ...] = ()


def find_table(sheet: Sheet, layout: ForeignLayout, entry: SheetEntry | None = None) -> MappedTable | str:
    """Find the table of a sheet; where there is none, say why."""
    columns = layout.columns(entry)
    own = tuple(sorted({target.counterpart.column for target in layout.targets} - {""}))
    rows = dict(sheet.rows())
    finder = _Finder(columns, own, rows, _column_of(sheet, layout.ids))
    if entry is not None and entry.header is not None:
        headers = finder.headers(_like(rows, entry.header, layout.ids))
    else:
        headers = finder.headers(number for number, row in rows.items() if finder.is_header(row))
    first = next(iter(headers.values()), None) or finder.places({}, None)
    if first is None:
        return _no_table(sheet, columns, entry)
    wanted = {name for name in (columns.question, columns.evidence, columns.comment, *columns.template, *own) if name}
    texts = {normalize(cell.raw) for number in headers for cell in rows.get(number, {}).values()}
    missing = sorted(name for name in wanted if not _number(name) and normalize(name) not in texts)
    return MappedTable(sheet, entry, headers, first, tuple(missing))


@dataclass(frozen=True)
class _Finder:
    """Finds the columns of one sheet under its header rows."""

    columns: MappedColumns
    own: tuple[str, ...]
    rows: Mapping[int, Mapping[int, Cell]]
    by_ids: int

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Which of the answer's and the id's columns are given by name: ID is one where a row reads so."""
        given = (self.columns.answer, self.columns.id)
        return tuple(name for name in given if name and (not _number(name) or self._is_read(name)))

    def _is_read(self, name: str) -> bool:
        return len(name) > 1 and any(normalize(name) in _texts(row) for row in self.rows.values())

    def is_header(self, row: Mapping[int, Cell]) -> bool:
        """Tell whether a row names the answer's column, or the id's where the answer's is given by letter."""
        return bool(self.names) and normalize(self.names[0]) in _texts(row)

    def headers(self, numbers: Iterable[int]) -> dict[int, Places]:
        """Places under each of these rows; what a repeated header leaves out stays where it was."""
        found: dict[int, Places] = {}
        before: Places | None = None
        for number in numbers:
            places = self.places(self.rows.get(number, {}), before)
            if places is not None:
                found[number] = before = places
        return found

    def places(self, row: Mapping[int, Cell], before: Places | None) -> Places | None:
        """Columns as one row names them, each with one use; None where id or answer has no place."""
        texts, columns, held = _texts(row), self.columns, before or Places(0, 0)
        named = {texts[normalize(name)] for name in columns.every if normalize(name) in texts}
        taken: set[int] = set()

        def place(name: str, earlier: int) -> int:
            if not name:
                return 0
            elsewhere = earlier if earlier not in named else 0
            found = texts.get(normalize(name)) or elsewhere or (0 if name in self.names else _number(name))
            found = 0 if found in taken else found
            taken.add(found)
            return found

        of_ids = place(columns.id, held.id) if columns.id else self.by_ids
        taken.add(of_ids)
        answer = place(columns.answer, held.answer)
        if not of_ids or not answer:
            return None
        own = tuple(
            (name, texts.get(normalize(name)) or dict(held.own).get(name) or _number(name)) for name in self.own
        )
        question, evidence = place(columns.question, held.question), place(columns.evidence, held.evidence)
        comment = place(columns.comment, held.comment)
        template = frozenset(place(name, 0) for name in columns.template) - {0} or held.template - taken
        return Places(of_ids, answer, question, evidence, comment, template, own)


def _texts(row: Mapping[int, Cell]) -> dict[str, int]:
    """Normalised texts of a row, and the first column in which each stands."""
    texts: dict[str, int] = {}
    for column, cell in row.items():
        texts.setdefault(normalize(cell.raw), column)
    return texts


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


def _like(rows: Mapping[int, Mapping[int, Cell]], header: int, ids: frozenset[str]) -> Iterator[int]:
    """Find the row whose number is given, and those that repeat two or more of its texts."""
    yield header
    said = set(_texts(rows.get(header, {}))) - {""}
    for number, row in rows.items():
        texts = set(_texts(row))
        if number > header and len(said & texts) > 1 and not texts & ids:
            yield number


def _no_table(sheet: Sheet, columns: MappedColumns, entry: SheetEntry | None) -> str:
    here = {normalize(cell.raw) for cell in sheet.cells}
    given = [name for name in (columns.id, columns.answer) if name and not _number(name)]
    names = [name for name in given if normalize(name) not in here] or given
    wanted = " and ".join(f"'{name}'" for name in names) or "its ids"
    where = f"row {entry.header}" if entry and entry.header else "no row"
    texts = [cell.raw for _, row in list(sheet.rows())[:40] if len(row) > 1 for cell in row.values()]
    hint = "".join(did_you_mean(name, texts) for name in names)
    lacks = "lacks" if entry and entry.header else "has"
    elsewhere = [cell.row for cell in sheet.cells if normalize(cell.raw) in map(normalize, names)]
    if elsewhere and entry and entry.header:
        return f"sheet '{sheet.name}': {where} lacks {wanted}, row {elsewhere[0]} has it: correct 'header'"
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


def area(cells: Sequence[Cell]) -> str:
    """Give the rectangle around cells, as the address of one cell or of a range."""
    rows, columns = [cell.row for cell in cells], [cell.column for cell in cells]
    first, last = f"{letters(min(columns))}{min(rows)}", f"{letters(max(columns))}{max(rows)}"
    return first if first == last else f"{first}:{last}"
