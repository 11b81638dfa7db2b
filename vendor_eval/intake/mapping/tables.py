"""Tables of a foreign questionnaire: header rows, and the columns below each as a mapping names them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from vendor_eval.criteria.parsing import normalize, shorten
from vendor_eval.intake.mapping.models import ForeignLayout, MappedColumns, MappingFile, SheetEntry
from vendor_eval.intake.tables import fullest, ids_by_column
from vendor_eval.issues import did_you_mean
from vendor_eval.spreadsheets import Cell, Sheet, column_number

_LETTERS = re.compile(r"^[A-Z]{1,3}$")
_LAST_COLUMN = 16384
_SHOWN = 12
# A&A-01.1, GNRL-07, Q12, 4.2.1, SIG A.1.1; a whole number alone may be an amount, and v4.0.3 is a version.
_ID = re.compile(
    r"^(?!v(?:er(?:sion)?)?[\s.]*\d)(?:[a-z&/]{1,10}[\s._-]){0,3}[a-z&/]{0,10}[\s._-]?"
    r"\d{1,4}(?:[._-](?:\d{1,4}|[a-z]))*[a-z]?\.?$"
)
# Titles of parts: "Section 1" is no id of a question.
_TITLE = re.compile(
    r"^(?:section|part|chapter|annex|appendix|schedule|table|figure|page|step|phase|module|tab|sheet|domain|category|topic|abschnitt|teil|kapitel|"
    r"anhang|seite|secci[oó]n|parte|cap[ií]tulo|p[aá]gina|partie|chapitre|annexe|sezione|capitolo)[\s._-]*\d"
)
_DATE = re.compile(r"^(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})$")
_LONGEST_ID = 24
_LONGEST_TITLE = 60


@lru_cache(maxsize=65536)
def looks_like_id(text: str) -> bool:
    """Return whether a text has the form of an id.

    >>> [looks_like_id(text) for text in ("A&A-01.1", "4.2.1", "7", "Q12", "Qualifiers", "9 people", "v4.0.3")]
    [True, True, False, True, False, False, False]
    """
    folded = normalize(text)
    if len(folded) > _LONGEST_ID or folded.isdigit() or _DATE.match(folded) or _TITLE.match(folded):
        return False
    return bool(_ID.match(folded))


class NamedEdition(NamedTuple):
    """The cell in which a questionnaire names its version, and whether the mapping reads the sheet and the version."""

    sheet: Sheet
    cell: Cell
    is_own: bool
    is_read: bool


def named_edition(file: MappingFile, sheets: Iterable[Sheet]) -> NamedEdition | None:
    """Find the title that names the version of a questionnaire; None where no sheet has one.

    What stands above the ids of a sheet of the mapping counts before any other sheet, of which a list of changes names
    the newest version. Dots are written as people like: "Version 4.1.5", "v4.1.5" and "HECVAT 4.15" are one version.
    """
    names = {name for entry in file.sheets for name in entry.names}
    called = re.escape(normalize(file.title).partition(" ")[0])
    version = re.compile(rf"\b(?:version|v|{called})[\s:.]*(\d+(?:\.\d+)+)")
    editions = {edition.replace(".", "") for edition in file.editions}
    found: list[NamedEdition] = []
    for sheet in sheets:
        titles, is_own = list(_titles(sheet, version)), normalize(sheet.name) in names
        if not is_own:
            # What stands behind other words, as in "Controls v6.1", is the version of something else.
            begun = [title for title in titles if not title[1].start()]
            titles = sorted(begun, key=lambda title: [int(part) for part in title[1][1].split(".")])[-1:]
        found += [NamedEdition(sheet, cell, is_own, match[1].replace(".", "") in editions) for cell, match in titles]
    # Of its own sheets any that names another version counts, of the others any that names one that is read.
    return min(found, key=lambda edition: (not edition.is_own, edition.is_read is edition.is_own), default=None)


def _titles(sheet: Sheet, version: re.Pattern[str]) -> Iterator[tuple[Cell, re.Match[str]]]:
    """Yield the short cells above the first id that name a version, with where they do."""
    for cell in sheet.cells:
        match = version.search(normalize(cell.raw)) if len(cell.raw) <= _LONGEST_TITLE else None
        if match:
            yield cell, match
        elif looks_like_id(cell.raw):
            return


@dataclass(frozen=True, slots=True)
class Places:
    """Columns by their content; 0 where a sheet has none. `own` are columns that single questions name.

    `ticks` are those that are ticked, by the answer in our words; `answer` is then the first of them.
    """

    id: int
    answer: int
    question: int = 0
    evidence: int = 0
    comment: int = 0
    template: frozenset[int] = frozenset()
    own: tuple[tuple[str, int], ...] = ()
    ticks: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class MappedTable:
    """A foreign sheet, and its columns below each header row."""

    sheet: Sheet
    entry: SheetEntry | None
    headers: Mapping[int, Places]
    first: Places
    missing: tuple[str, ...] = ()


def find_table(sheet: Sheet, layout: ForeignLayout, entry: SheetEntry | None = None) -> MappedTable | str:
    """Find the table of a sheet; without a table return the reason."""
    columns = layout.columns(entry)
    own = tuple(sorted({target.counterpart.column for target in layout.targets} - {""}))
    rows = dict(sheet.rows())
    ids = ids_by_column(sheet.cells, lambda cell: text if (text := normalize(cell.raw)) in layout.ids else "")
    finder = _Finder(columns, own, rows, fullest(ids))
    if entry is not None and entry.header is not None:
        headers = finder.headers(_repeated(rows, entry.header, layout.ids))
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
        """Names of the answer and id columns that are header texts; ID counts where a row reads so."""
        return tuple(
            name
            for name in (*self.columns.answers, self.columns.id)
            if name
            and (not _number(name) or (len(name) > 1 and any(normalize(name) in _texts(r) for r in self.rows.values())))
        )

    def is_header(self, row: Mapping[int, Cell]) -> bool:
        """Return whether a row names the answer column, or the id column where the other has a letter only."""
        texts = _texts(row)
        named = [name for name in self.names if name in self.columns.answers] or list(self.names[:1])
        # Where 'Yes' and 'No' are headers, a row of answers may read so too.
        questioned = bool(self.columns.ticks) and any(looks_like_id(cell.raw) for cell in row.values())
        return bool(named) and all(normalize(name) in texts for name in named) and not questioned

    def headers(self, numbers: Iterable[int]) -> dict[int, Places]:
        """Find the columns under each of these rows; a repeated header keeps the columns that it leaves out."""
        headers: dict[int, Places] = {}
        before: Places | None = None
        for number in numbers:
            places = self.places(self.rows.get(number, {}), before)
            if places is not None:
                headers[number] = before = places
        return headers

    def places(self, row: Mapping[int, Cell], before: Places | None) -> Places | None:
        """Find the columns that a row names, each with one use; None without an id or answer column."""
        texts, columns, above = _texts(row), self.columns, before or Places(0, 0)
        named = {texts[normalize(name)] for name in columns.names if normalize(name) in texts}
        used: set[int] = set()

        def place(name: str, earlier: int) -> int:
            if not name:
                return 0
            elsewhere = earlier if earlier not in named else 0
            column = texts.get(normalize(name)) or elsewhere or (0 if name in self.names else _number(name))
            column = 0 if column in used else column
            used.add(column)
            return column

        of_ids = place(columns.id, above.id) if columns.id else self.by_ids
        used.add(of_ids)
        before_ticks = dict(above.ticks)
        ticks = tuple((word, place(name, before_ticks.get(word, 0))) for word, name in columns.ticks.items())
        answers = [column for _, column in ticks] or [place(name, above.answer) for name in columns.answers]
        if not of_ids or not all(answers):
            return None
        own = tuple(
            (name, texts.get(normalize(name)) or dict(above.own).get(name) or _number(name)) for name in self.own
        )
        question, evidence = place(columns.question, above.question), place(columns.evidence, above.evidence)
        comment = place(columns.comment, above.comment)
        template = frozenset(place(name, 0) for name in columns.template) - {0} or above.template - used
        return Places(of_ids, answers[0], question, evidence, comment, template, own, ticks)


def _texts(row: Mapping[int, Cell]) -> dict[str, int]:
    """Map normalized texts of a row to the first column that holds each."""
    texts: dict[str, int] = {}
    for column, cell in row.items():
        texts.setdefault(normalize(cell.raw), column)
    return texts


def _number(name: str) -> int:
    """Return the number of a column from its letters; 0 where these are none."""
    number = column_number(name) if _LETTERS.match(name) else 0
    return number if number <= _LAST_COLUMN else 0


def _repeated(rows: Mapping[int, Mapping[int, Cell]], header: int, ids: frozenset[str]) -> Iterator[int]:
    """Yield a header row, and those below that repeat two or more of its texts."""
    yield header
    wanted = set(_texts(rows.get(header, {}))) - {""}
    for number, row in rows.items():
        texts = set(_texts(row))
        if number > header and len(wanted & texts) > 1 and not texts & ids:
            yield number


def _no_table(sheet: Sheet, columns: MappedColumns, entry: SheetEntry | None) -> str:
    present = {normalize(cell.raw) for cell in sheet.cells}
    named = [name for name in (columns.id, *columns.answers) if name and not _number(name)]
    names = [name for name in named if normalize(name) not in present] or named
    wanted = " and ".join(f"'{name}'" for name in names) or "its ids"
    where = f"row {entry.header}" if entry and entry.header else "no row"
    texts = [cell.raw for _, row in list(sheet.rows())[:40] if len(row) > 1 for cell in row.values()]
    hint = "".join(did_you_mean(name, texts) for name in names)
    elsewhere = [cell.row for cell in sheet.cells if normalize(cell.raw) in map(normalize, names)]
    if elsewhere and entry and entry.header:
        return f"sheet '{sheet.name}': {where} lacks {wanted}, row {elsewhere[0]} has it: correct 'header'"
    lacks = "lacks" if entry and entry.header else "has"
    shown = ", ".join(f"'{shorten(text, 30)}'" for text in dict.fromkeys(texts[:_SHOWN]))
    return f"sheet '{sheet.name}': {where} {lacks} {wanted}{hint}; seen: {shown or 'nothing'}"
