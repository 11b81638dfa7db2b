"""Tables of answers on a sheet: header rows and their columns, recognized by our ids and by words for columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from vendor_eval.criteria.parsing import normalize, shorten, words
from vendor_eval.forms.layout import HEADERS, KEY
from vendor_eval.intake.submission.form import Form, folded_id
from vendor_eval.intake.tables import fullest
from vendor_eval.spreadsheets import Cell, Sheet

ID, QUESTION, ANSWER, UNIT, EVIDENCE, COMMENT = HEADERS
WRITTEN = (ANSWER, EVIDENCE, COMMENT)
_OWN = {normalize(name): name for name in (*HEADERS, KEY)}
_ROLES = {"id": ID, "question": QUESTION, "answer": ANSWER, "unit": UNIT, "evidence": EVIDENCE, "comment": COMMENT}
_PUNCTUATION = " :*.?()[]"
_SHOWN = 12
_Ids = Mapping[int, set[str]]


@dataclass(frozen=True, slots=True)
class FormTable:
    """Columns by what they hold, under each header row, and whether the sheet holds ids of ours.

    `seconds` are further columns of answers under a header row.
    """

    headers: Mapping[int, Mapping[str, int]]
    holds_ids: bool
    seconds: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class NoAnswers:
    """A sheet with ids of ours and no column of answers, and the headers that it has."""

    cell: Cell
    seen: str


def find_table(sheet: Sheet, form: Form) -> FormTable | NoAnswers | None:
    """Find the table of a sheet; None where it holds none of our ids and no header of ours."""
    ids: dict[int, set[str]] = {}
    asking: set[int] = set()
    for cell in sheet.cells:
        if text := _id_in(cell, form):
            ids.setdefault(cell.column, set()).add(text)
            asking.add(cell.row)
    headers: dict[int, Mapping[str, int]] = {}
    seconds: dict[int, tuple[int, ...]] = {}
    ids_above = False
    for number, row in sheet.rows():
        if number in asking:
            ids_above = True
        elif (columns := _header(row, ids, first=not headers and not ids_above)) is not None:
            headers[number] = columns
            seconds[number] = _further_answers(row, columns, ids)
    if headers:
        return FormTable(headers, bool(ids), seconds)
    return _no_answers(sheet, form, ids) if ids else None


def _id_in(cell: Cell, form: Form) -> str:
    if not isinstance(cell.value, str | int):
        return ""
    text = folded_id(cell.raw)
    return text if text in form.folded or text in form.not_asked else ""


def _header(row: Mapping[int, Cell], ids: _Ids, *, first: bool) -> Mapping[str, int] | None:
    """Map names to columns in a row of headers, which names answers and ids or questions; None for any other row.

    Our own names come first, then words for them. The first row of headers may leave it to the ids which column is
    theirs.
    """
    columns: dict[str, int] = {}
    for known in (_own_name, _other_name):
        for column, cell in row.items():
            if (name := known(cell)) and column not in columns.values():
                columns.setdefault(name, column)
    if ANSWER not in columns:
        return None
    others = {name: column for name, column in columns.items() if name not in {KEY, ID}}
    free = {column: texts for column, texts in ids.items() if column not in others.values()}
    if free and not any(columns.get(name) in free for name in (KEY, ID)) and (first or others.keys() - {ANSWER}):
        return {**others, ID: fullest(free)}
    return columns if {KEY, ID, QUESTION} & columns.keys() else None


def _further_answers(row: Mapping[int, Cell], columns: Mapping[str, int], ids: _Ids) -> tuple[int, ...]:
    """Find further columns of answers; none where a second table with ids of its own is on the right."""
    named = columns.values()
    if any(len(texts) > 1 and column not in named for column, texts in ids.items()):
        return ()
    return tuple(c for c, cell in row.items() if c not in named and ANSWER in {_own_name(cell), _other_name(cell)})


def _own_name(cell: Cell) -> str:
    return _OWN.get(normalize(cell.value), "") if isinstance(cell.value, str) else ""


def _other_name(cell: Cell) -> str:
    if not isinstance(cell.value, str):
        return ""
    text = normalize(cell.value)
    role = (
        words().columns.get(text)
        or words().columns.get(text.strip(_PUNCTUATION))
        or _OWN.get(text.strip(_PUNCTUATION), "")
    )
    return _ROLES.get(role, role)


def _no_answers(sheet: Sheet, form: Form, ids: _Ids) -> NoAnswers:
    column = fullest(ids)
    before: list[Cell] = []
    for _, row in sheet.rows():
        cell = row.get(column)
        if cell is not None and _id_in(cell, form):
            return NoAnswers(cell, ", ".join(f"'{shorten(header.raw, 30)}'" for header in before[:_SHOWN]))
        if len(row) > 1 or not before:
            before = list(row.values())
    raise AssertionError(sheet.name)
