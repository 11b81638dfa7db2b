"""Recognize a foreign questionnaire without a mapping: tables, header rows, columns, ids."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from vendor_eval.criteria.parsing import normalize
from vendor_eval.intake.mapping.roles import (
    ROLES,
    answer_columns,
    asks_question,
    is_guide,
    likeness,
    sounds_filled,
    tick_columns,
)
from vendor_eval.intake.mapping.tables import looks_like_id
from vendor_eval.intake.tables import fullest, ids_by_column
from vendor_eval.spreadsheets import Book, Cell, Sheet, letters, read_workbook
from vendor_eval.spreadsheets.workers import ask_password

_FEWEST_IDS = 2
_SHORT = 30
_SHOWN = 16
# Rows of a header with titles of groups of columns.
_TALLEST = 3
# Sheets that the buyer fills in, or that a form computes.
_BUYERS = frozenset(
    ("analyst", "buyer", "crosswalk", "evaluation", "evaluator", "institution", "report", "reviewer", "scoring")
)

_Rows = Mapping[int, Mapping[int, Cell]]


@dataclass(frozen=True)
class Column:
    """A column by its letter, with the text of its header where all header rows have the same."""

    letter: str
    header: str


@dataclass(frozen=True)
class Recognised:
    """A sheet with ids. `ids` are theirs with the text of the question; `left_out` says why it is none to read.

    `headers` begin with the row that fits best. `ticks` are columns for Yes, No and the like, `rivals` those of which
    any may be that of the answers. `template` are columns that hold the questionnaire's own text as far as is known,
    `others` those that nobody can tell.
    """

    name: str
    hidden: bool
    headers: tuple[int, ...]
    columns: Mapping[str, Column]
    ticks: Mapping[str, Column]
    rivals: tuple[Column, ...]
    template: tuple[Column, ...]
    others: tuple[Column, ...]
    ids: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, int], ...]
    left_out: str = ""

    @property
    def has_answers(self) -> bool:
        return bool("answer" in self.columns or self.ticks or self.rivals)

    @property
    def is_buyers(self) -> bool:
        return not _BUYERS.isdisjoint(re.findall(r"[^\W\d_]+", normalize(self.name)))

    @property
    def is_questionnaire(self) -> bool:
        return self.has_answers and not self.left_out


def recognise_file(file: Path, compare: Sequence[Path] = ()) -> tuple[Book, tuple[Recognised, ...]]:
    """Read a workbook of somebody else and recognize its sheets; a task for a worker, which asks for its password."""
    book, *others = (read_workbook(path, name=path.name, password=ask_password) for path in (file, *compare))
    return book, recognise(book, others)


def recognise(book: Book, others: Sequence[Book] = ()) -> tuple[Recognised, ...]:
    """Recognize the sheets of a workbook that hold ids, questionnaires first.

    `others` are the same questionnaire from other vendors: a column that differs holds what vendors write.
    """
    # Most cells of a report are computed, and few of a form.
    computed = {s.name: sum(bool(cell.formula) for cell in s.cells) * 2 > len(s.cells) for s in book.sheets}
    recognised = filter(None, (_recognise(sheet, [s for o in others for s in o.sheets]) for sheet in book.sheets))
    result: list[Recognised] = []
    for sheet in sorted(recognised, key=lambda s: (not s.has_answers, s.is_buyers, s.hidden, computed[s.name])):
        read = [other for other in result if other.is_questionnaire]
        result.append(replace(sheet, left_out=_left_out(sheet, read)))
    return tuple(result)


def _left_out(sheet: Recognised, read: Sequence[Recognised]) -> str:
    own = {normalize(name) for name, _ in sheet.ids}
    for other in read:
        if len(own & {normalize(name) for name, _ in other.ids}) > len(own) / 2:
            return f"the same ids as '{other.name}'"
    if read and not sheet.has_answers:
        return "no answer column recognized"
    if read and sheet.is_buyers:
        return "for the buyer"
    return "hidden" if read and sheet.hidden else ""


def _recognise(sheet: Sheet, copies: Sequence[Sheet]) -> Recognised | None:
    rows = dict(sheet.rows())
    column = _id_column(rows)
    if not column:
        return None
    headers = _header_rows(rows, column)
    asked = {number: row for number, row in rows.items() if number not in headers and _has_id(row, column)}
    first = rows.get(headers[0], {}) if headers else {}
    ticks = _ticks(rows, column, headers)
    places = _named_columns(first, {"id": column} | ({"answer": next(iter(ticks.values()))} if ticks else {}))
    rivals = answer_columns(first, [column]) if "answer" not in places else ()
    places.setdefault("question", _longest(asked.values(), {*places.values(), *ticks.values(), *rivals}))
    used = {*places.values(), *ticks.values(), *rivals}
    others = sorted({cell.column for row in asked.values() for cell in row.values()} - used)
    titled = {n: [" ".join(rows[h][n].raw.split()) for h in headers if n in rows[h]] for n in {*others, *used}}

    def columns(numbers: Iterable[int]) -> tuple[Column, ...]:
        same = {n: titles[0] if len(set(map(normalize, titles))) == 1 else "" for n, titles in titled.items()}
        return tuple(Column(letters(n), same[n]) for n in numbers)

    varied = _varied(asked, column, copies)
    template = [n for n in others if _is_template(titled[n], [row[n] for row in asked.values() if n in row], n, varied)]
    if ticks:
        places.pop("answer")
    ids: dict[str, tuple[str, str]] = {}
    for row in asked.values():
        asks = " ".join(row[places["question"]].raw.split()) if places["question"] in row else ""
        ids.setdefault(normalize(row[column].raw.strip()), (row[column].raw.strip(), asks))
    answers = list(ticks.values()) or [places.get("answer", 0)]
    texts = (" ".join(row[n].raw.split()) for row in asked.values() for n in answers if n in row)
    return Recognised(
        sheet.name,
        sheet.hidden,
        headers,
        {role: columns([places[role]])[0] for role in ROLES if places.get(role)},
        dict(zip(ticks, columns(ticks.values()), strict=True)),
        columns(rivals),
        columns(template),
        columns(n for n in others if n not in template),
        tuple(ids.values()),
        tuple(Counter(text for text in texts if 0 < len(text) <= _SHORT).most_common(_SHOWN)),
    )


def _ticks(rows: _Rows, column: int, headers: Sequence[int]) -> dict[str, int]:
    """Find the columns for Yes, No and the like: in the best header row, or in one under its title for answers."""
    near = range(headers[0], headers[0] + _TALLEST) if headers else rows
    titled = set(_answers(rows[headers[0]], column)) if headers else set()
    for number in near:
        ticks = tick_columns(rows.get(number, {}))
        if ticks and not _has_id(rows[number], column) and (not titled or titled.intersection(ticks.values())):
            return ticks
    return {}


def _is_template(titles: Sequence[str], cells: Sequence[Cell], column: int, varied: Mapping[int, bool]) -> bool:
    """Return whether a column holds the questionnaire's own text: computed, alike in other files, or guidance."""
    typed = [cell for cell in cells if not cell.formula]
    if varied.get(column) or sounds_filled(titles, typed):
        return False
    return column in varied or len(typed) * 2 < len(cells) or any(map(is_guide, titles))


def _varied(asked: _Rows, column: int, copies: Sequence[Sheet]) -> dict[int, bool]:
    """Map columns to whether their typed cells differ from those beside the same ids on copies of the sheet."""
    own = {normalize(row[column].raw): row for row in asked.values()}
    varied: dict[int, bool] = {}
    for sheet in copies:
        for _, row in sheet.rows():
            mine = own.get(normalize(row[column].raw), {}) if column in row else {}
            for n in {*row, *mine} - {column} if mine else ():
                pair = [cells[n] for cells in (row, mine) if n in cells]
                if not any(cell.formula for cell in pair):
                    texts = {normalize(cells[n].raw) if n in cells else "" for cells in (row, mine)}
                    varied[n] = varied.get(n, False) or len(texts) > 1
    return varied


def _id_column(rows: Mapping[int, Mapping[int, Cell]]) -> int:
    """Find the leftmost column with the most different ids; whole numbers count where no column has ids."""
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


def _named_columns(row: Mapping[int, Cell], places: Mapping[str, int]) -> dict[str, int]:
    """Add the columns of a header row to those known, each once; of several for answers none."""
    places = dict(places)
    answers = answer_columns(row, places.values()) if "answer" not in places else ()
    if len(answers) == 1:
        places["answer"] = answers[0]
    for role in ("question", "evidence", "comment"):
        free = {n: cell.raw for n, cell in row.items() if n not in {*places.values(), *answers}}
        # Before the answers stands what they are asked about, such as a description of the control.
        asked = [n for n in free if n < places.get("answer", 0) and likeness(free[n], "question") > 1]
        fits = {n: likeness(free[n], role) for n in free if role == "question" or n not in asked}
        asks = {n for n in fits if role == "question" and asks_question(free[n])}
        best = max(fits, key=lambda n: (n in asks, fits[n], -n), default=0)
        if best and fits[best]:
            places[role] = best
    return places


def _header_rows(rows: _Rows, column: int) -> tuple[int, ...]:
    """Find the rows that name an answer column, the one that fits best first, and those with another place not."""
    fits = {number: fit for number, row in rows.items() if (fit := _fit(row, column))}
    if not fits:
        return ()
    best = max(fits, key=lambda number: (fits[number], -number))
    places = set(_answers(rows[best], column))
    return best, *(number for number in fits if number != best and places.intersection(_answers(rows[number], column)))


def _answers(row: Mapping[int, Cell], column: int) -> tuple[int, ...]:
    return tuple(tick_columns(row).values()) or answer_columns(row, [column])


def _fit(row: Mapping[int, Cell], column: int) -> int:
    """Return how well a row fits a header: it names an answer column and another, and has no id; else 0."""
    if len(row) < 2 or _has_id(row, column) or not _answers(row, column):  # noqa: PLR2004  an answer column and one more
        return 0
    others = [cell.raw for number, cell in row.items() if number != column]
    fits = {role: max(likeness(text, role) for text in others) for role in ROLES[1:]}
    fits["answer"] = fits["answer"] or 2
    titled = likeness(row[column].raw, "id") if column in row else 0
    return titled + sum(fits.values()) if titled or sum(map(bool, fits.values())) > 1 else 0


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
