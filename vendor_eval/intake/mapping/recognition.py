"""Recognition of a foreign questionnaire without a mapping: tables, header rows, columns, ids."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import fmean

from vendor_eval.criteria.parsing import normalize, words
from vendor_eval.intake.mapping.tables import looks_like_id
from vendor_eval.intake.tables import fullest, ids_by_column
from vendor_eval.spreadsheets import Book, Cell, Sheet, letters, read_workbook
from vendor_eval.spreadsheets.workers import ask_password

ROLES = ("id", "question", "answer", "evidence", "comment")
# What other people's headers say beside the words of `data/answer_words.yaml`.
_MORE = {"comment": {"additional", "explanation", "description", "details"}, "evidence": {"attachments"}}
_LONGEST_HEADER = 80
_FEWEST_IDS = 2
_SHORT = 30
_SHORTEST = 3
_SHOWN = 16


@dataclass(frozen=True)
class Column:
    """A column by its letter, with the text of its header where it has one."""

    letter: str
    header: str


@dataclass(frozen=True)
class Recognised:
    """A sheet with ids. `ids` are theirs with the text of the question; `repeats` names a sheet with the same ids."""

    name: str
    hidden: bool
    headers: tuple[int, ...]
    columns: Mapping[str, Column]
    others: tuple[Column, ...]
    ids: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, int], ...]
    repeats: str = ""

    @property
    def is_questionnaire(self) -> bool:
        """Whether it has answers, and ids that no sheet before it has."""
        return "answer" in self.columns and not self.repeats


def recognise_file(file: Path) -> tuple[Book, tuple[Recognised, ...]]:
    """Read a workbook of somebody else and recognise its sheets; a task for a worker, which asks for its password."""
    book = read_workbook(file, password=ask_password)
    return book, recognise(book)


def recognise(book: Book) -> tuple[Recognised, ...]:
    """Recognise the sheets of a workbook that hold ids, questionnaires first."""
    computed = {sheet.name: _is_computed(sheet) for sheet in book.sheets}
    result: list[Recognised] = []
    for sheet in sorted(
        filter(None, map(_recognise, book.sheets)),
        key=lambda sheet: ("answer" not in sheet.columns, sheet.hidden, computed[sheet.name]),
    ):
        own = {normalize(name) for name, _ in sheet.ids}
        for other in result:
            shared = own & {normalize(name) for name, _ in other.ids}
            if other.is_questionnaire and len(shared) > len(own) / 2:
                sheet = replace(sheet, repeats=other.name)  # noqa: PLW2901  the same sheet, completed
                break
        result.append(sheet)
    return tuple(result)


def _is_computed(sheet: Sheet) -> bool:
    """Tell a report, most of which is computed, from a form that somebody filled in."""
    return sum(bool(cell.formula) for cell in sheet.cells) * 2 > len(sheet.cells)


def _recognise(sheet: Sheet) -> Recognised | None:
    rows = dict(sheet.rows())
    column = _id_column(rows)
    if not column:
        return None
    headers = _header_rows(rows, column)
    first = headers[0] if headers else 0
    asked = {number: row for number, row in rows.items() if number not in headers and _has_id(row, column)}
    places = _named_columns(rows.get(first, {}), column)
    places.setdefault("question", _longest(asked.values(), places.values()))
    named = {role: Column(letters(place), _title(rows, first, place)) for role, place in places.items() if place}
    used = set(places.values())
    others = {cell.column for row in asked.values() for cell in row.values()} - used
    return Recognised(
        sheet.name,
        sheet.hidden,
        headers,
        {role: named[role] for role in ROLES if role in named},
        tuple(Column(letters(place), _title(rows, first, place)) for place in sorted(others)),
        tuple(_texts(asked.values(), column, places["question"])),
        _seen(asked.values(), places.get("answer", 0)),
    )


def _id_column(rows: Mapping[int, Mapping[int, Cell]]) -> int:
    """Column with the most different ids, the leftmost of several; whole numbers count where nothing better does."""
    cells = [cell for row in rows.values() if len(row) > 1 for cell in row.values()]
    for is_id in (_is_id, _is_count):
        ids = ids_by_column(filter(is_id, cells), lambda cell: normalize(cell.raw))
        best = fullest(ids)
        if best and len(ids[best]) >= _FEWEST_IDS:
            return best
    return 0


_COUNT = re.compile(r"^\d{1,3}\.?$")


def _is_id(cell: Cell) -> bool:
    # A typed figure or date is no id, whatever it looks like.
    return isinstance(cell.value, str) and looks_like_id(cell.value)


def _is_count(cell: Cell) -> bool:
    return isinstance(cell.value, str | int) and bool(_COUNT.match(cell.raw.strip()))


def _has_id(row: Mapping[int, Cell], column: int) -> bool:
    return column in row and (_is_id(row[column]) or _is_count(row[column])) and len(row) > 1


@cache
def _single_words(role: str) -> frozenset[str]:
    """Words that alone are a header of such a column, the short ones aside, which mean other things inside a text."""
    known = {word for word, name in words().columns.items() if name == role and word.isalpha()}
    return frozenset({word for word in known if len(word) > _SHORTEST} | _MORE.get(role, set()))


def _likeness(text: str, role: str) -> int:
    """Tell how well a header fits a column: 2 for a known one, 1 for a text with a word of it, 0 for none."""
    if len(text) > _LONGEST_HEADER:
        return 0
    folded = normalize(text)
    if words().columns.get(folded) == role:
        return 2
    return int(not _single_words(role).isdisjoint(re.findall(r"[^\W\d_]+", folded)))


def _named_columns(row: Mapping[int, Cell], id_column: int) -> dict[str, int]:
    """Columns that a header row names, the id column aside; the first of the best that fit, each column once."""
    places = {"id": id_column}
    for role in ("answer", "question", "evidence", "comment"):
        fits = {n: _likeness(cell.raw, role) for n, cell in row.items() if n not in places.values()}
        best = max(fits, key=lambda n: (fits[n], -n), default=0)
        if best and fits[best]:
            places[role] = best
    return places


def _header_rows(rows: Mapping[int, Mapping[int, Cell]], column: int) -> tuple[int, ...]:
    """Rows that name an answer column, the first of them and those that repeat it."""
    first = next((number for number, row in rows.items() if _names_answers(row, column)), None)
    if first is None:
        return ()
    place = _named_columns(rows[first], column)["answer"]
    title = normalize(rows[first][place].raw)
    return tuple(
        number
        for number, row in rows.items()
        if place in row and normalize(row[place].raw) == title and _names_answers(row, column)
    )


def _names_answers(row: Mapping[int, Cell], column: int) -> bool:
    """Tell a row of headers: it names an answer column and one more, and holds no id."""
    if len(row) < 2 or _has_id(row, column):  # noqa: PLR2004  an answer column and one more
        return False
    others = [cell for number, cell in row.items() if number != column]
    named = [role for role in ROLES[1:] if any(_likeness(cell.raw, role) for cell in others)]
    titled = column in row and bool(_likeness(row[column].raw, "id"))
    return "answer" in _named_columns(row, column) and (titled or len(named) > 1)


def _longest(rows: Iterable[Mapping[int, Cell]], used: Iterable[int]) -> int:
    """Find the unused column with the longest texts: mostly that of the questions."""
    lengths: dict[int, list[int]] = {}
    for row in rows:
        for column, cell in row.items():
            if column not in used:
                lengths.setdefault(column, []).append(len(cell.raw))
    most = max(map(len, lengths.values()), default=0)
    usual = {column: fmean(own) for column, own in lengths.items() if len(own) * 2 > most}
    return max(usual, key=lambda column: (usual[column], -column), default=0)


def _title(rows: Mapping[int, Mapping[int, Cell]], header: int, column: int) -> str:
    cell = rows.get(header, {}).get(column)
    return " ".join(cell.raw.split()) if cell else ""


def _texts(rows: Iterable[Mapping[int, Cell]], column: int, question: int) -> Iterable[tuple[str, str]]:
    seen = set()
    for row in rows:
        name = row[column].raw.strip()
        if normalize(name) not in seen:
            seen.add(normalize(name))
            yield name, " ".join(row[question].raw.split()) if question in row else ""


def _seen(rows: Iterable[Mapping[int, Cell]], column: int) -> tuple[tuple[str, int], ...]:
    """Give the most frequent short answers, and how often they stand there."""
    texts = (" ".join(row[column].raw.split()) for row in rows if column in row)
    return tuple(Counter(text for text in texts if 0 < len(text) <= _SHORT).most_common(_SHOWN))
