"""Answers of a response and of the clarifications after it: which counts, and what it replaced."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from vendor_eval.criteria.questions import MultiChoice, Question
from vendor_eval.intake.submission.answer_lines import AnswerLine
from vendor_eval.issues import AnswerError, Location


def every(lines: Iterable[AnswerLine]) -> Iterator[AnswerLine]:
    """Lines, and their duplicates."""
    return (one for first in lines for one in (first, *first.duplicates))


def replaced(line: AnswerLine) -> list[AnswerLine]:
    """List the filled lines of earlier rounds, the newest first."""
    older = [other for other in line.duplicates if other.answer is not None and other.round < line.round]
    return sorted(older, key=lambda other: -other.round)


def places(lines: Iterable[AnswerLine], first: AnswerLine | None) -> Iterator[Location]:
    """Cells of the answers that count, of those beside them in their round, and of those that they replaced.

    Last come cells that a clarification added beside an answer.
    """
    lines = tuple(lines)
    yield from (line.place(line.answer) for line in lines if line.answer or line is first)
    beside = (one for line in lines for one in line.duplicates if one.round == line.round and one.answer is not None)
    yield from (one.place(one.answer) for one in beside)
    yield from (old.place(old.answer) for line in lines for old in replaced(line))
    added = (one for one in every(lines) if one.round and one.answer is None)
    yield from (line.place(cell) for line in added for cell in (line.evidence, line.comment) if cell is not None)


def in_one_form(question: Question, lines: dict[str, AnswerLine]) -> dict[str, AnswerLine]:
    """Spread a list of labels over its rows where a clarification answers some of them anew."""
    whole = lines.get("")
    newer = [line for part, line in lines.items() if part and line.answer and whole and line.round > whole.round]
    if not isinstance(question, MultiChoice) or whole is None or whole.answer is None or not newer:
        return lines
    try:
        ticks = question.spread(whole.read_as or whole.answer)
    except AnswerError:
        ticks = {}
    result = {part: line for part, line in lines.items() if part}
    for part, cell in ticks.items():
        if part not in result or result[part].answer is None:
            beside = (result[part],) if part in result else ()
            result[part] = replace(whole, answer=cell, read_as=None, duplicates=(*whole.duplicates, *beside))
    return {
        part: replace(line, duplicates=(*line.duplicates, whole)) if line.round > whole.round and line.answer else line
        for part, line in result.items()
    }
