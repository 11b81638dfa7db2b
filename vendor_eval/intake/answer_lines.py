"""Lines: the cells of a workbook that belong to one answer cell of ours, and which line of several rounds counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from vendor_eval.criteria.parsing import is_unit
from vendor_eval.criteria.questions import Question, RowsQuestion
from vendor_eval.issues import AnswerError, Location
from vendor_eval.spreadsheets import Cell

# How a row was matched to a question: by the hidden key, the visible id, the exact text, or a mapping.
Found = Literal["", "key", "id", "text", "mapping"]


@dataclass(slots=True)
class AnswerLine:
    """Cells of one row that belong to the answer cell `key`.

    `round` is 0 for a response, then the round of the clarification. `read_as` is the answer in our words where a
    mapping has one. `sign` is the decimal sign of the file. `merged` is the merged area that hides the answer cell,
    `proof_merged` the one that hides its Evidence, `note` the text of a note at it, `control` what is laid over it,
    `stray` the cells of its row that are under no header of ours where the answer is blank.
    """

    key: str
    file: str
    sheet: str
    address: str
    answer: Cell | None = None
    evidence: Cell | None = None
    comment: Cell | None = None
    unit: Cell | None = None
    read_as: Cell | None = None
    found_by: Found = ""
    sign: str = ""
    merged: str = ""
    proof_merged: str = ""
    note: str = ""
    control: str = ""
    stray: tuple[Cell, ...] = ()
    round: int = 0
    duplicates: tuple["AnswerLine", ...] = ()

    def locate(self, cell: Cell | None = None) -> Location:
        """Locate a cell of the line; without one its answer cell."""
        return Location(self.file, self.sheet, (cell or self).address)

    @property
    def raw(self) -> str:
        return self.answer.raw if self.answer else ""

    @property
    def row(self) -> str:
        return self.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class FreeText:
    text: str
    location: Location


def answer_with_unit(line: AnswerLine, asked: str) -> Cell:
    """Read the unit as part of the answer where the vendor changed the Unit cell: 3 with 'weeks' is not 3 days."""
    cell, unit = line.read_as or line.answer, line.unit
    if cell is None:
        raise TypeError(line.address)
    if unit is None or not asked or is_unit(unit.raw, asked) or is_unit(unit.raw, cell.behind):
        return cell
    if cell.percent or not isinstance(cell.value, int | float | str):
        return cell._replace(value=f"{cell.raw} {unit.raw}", percent=False)
    # A figure has one reading; ten decimals keep 1.234 from looking like 1,234.
    figure = cell.shown or (f"{cell.value:.10f}" if isinstance(cell.value, float) else cell.raw)
    return cell._replace(value=f"{figure} {unit.raw}")


def with_duplicates(lines: Iterable[AnswerLine]) -> Iterator[AnswerLine]:
    return (line for first in lines for line in (first, *first.duplicates))


def replaced_lines(line: AnswerLine) -> list[AnswerLine]:
    """List the filled lines of earlier rounds, the newest first."""
    older = [other for other in line.duplicates if other.answer is not None and other.round < line.round]
    return sorted(older, key=lambda other: -other.round)


def locations(lines: Iterable[AnswerLine], first: AnswerLine | None) -> Iterator[Location]:
    """Locate the answers that count, the others of their round, and those that they replaced.

    Last come cells that a clarification added to an answer.
    """
    lines = tuple(lines)
    yield from (line.locate() for line in lines if line.answer or line is first)
    same_round = (other for line in lines for other in line.duplicates if other.round == line.round and other.answer)
    yield from (other.locate() for other in same_round)
    yield from (old.locate() for line in lines for old in replaced_lines(line))
    added = (line for line in with_duplicates(lines) if line.round and line.answer is None)
    yield from (line.locate(cell) for line in added for cell in (line.evidence, line.comment) if cell is not None)


def spread_labels(question: Question, lines: dict[str, AnswerLine]) -> dict[str, AnswerLine]:
    """Spread one cell for a whole question over its rows where a clarification answers some of them anew."""
    whole = lines.get("")
    newer = [line for part, line in lines.items() if part and line.answer and whole and line.round > whole.round]
    if not isinstance(question, RowsQuestion) or whole is None or whole.answer is None or not newer:
        return lines
    try:
        cells = question.spread(whole.read_as or whole.answer)
    except AnswerError:
        cells = {}
    result = {part: line for part, line in lines.items() if part}
    for part, cell in cells.items():
        if part not in result or result[part].answer is None:
            blank = (result[part],) if part in result else ()
            result[part] = replace(whole, answer=cell, read_as=None, duplicates=(*whole.duplicates, *blank))
    return {
        part: replace(line, duplicates=(*line.duplicates, whole)) if line.round > whole.round and line.answer else line
        for part, line in result.items()
    }
