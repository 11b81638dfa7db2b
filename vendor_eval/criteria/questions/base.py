"""What every question has, and how its cells become one reading."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from vendor_eval.config.models import Frozen, Id, Text
from vendor_eval.criteria.conditions import Condition, Context
from vendor_eval.criteria.parsing import Qualified, shorten
from vendor_eval.criteria.questions.answers import (
    OPEN,
    AnswerCell,
    AnswerSettings,
    Given,
    Parsed,
    ParsedAnswer,
    Remark,
    Step,
    read_cell,
)
from vendor_eval.criteria.questions.models import Gate, Score, Weight
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import Cell


class BaseQuestion(Frozen):
    """What every question has."""

    id: Id
    text: Text
    type: str
    weight: Weight
    evidence: Text = ""
    comment_required: Text = ""
    gates: tuple[Gate, ...] = ()
    applies: Condition = {}
    ask_if: dict[str, tuple[Text, ...]] = {}
    tier: Literal["core", "full"] = "full"
    core_if_knock_out: bool = False
    document_expected: bool = False
    cap_if: dict[str, dict[str, Score]] = {}
    red_flag: Text = ""
    sources: tuple[Text, ...] = ()
    judgement: bool = False

    @abstractmethod
    def cells(self) -> tuple[AnswerCell, ...]:
        """Answer cells of a form, one per row."""

    @abstractmethod
    def _assemble(self, parsed: Mapping[str, Parsed], setting: AnswerSettings) -> ParsedAnswer:
        """Make one answer of the parts that were read; at least one was."""

    @abstractmethod
    def value(self, given: Given, setting: AnswerSettings) -> float | None:
        """Value of an answer, 0 to 100, before any cap; None where nothing is scored."""

    @abstractmethod
    def explain(self, given: Given, setting: AnswerSettings) -> str:
        """Arithmetic of the value, to be redone with a pocket calculator."""

    @abstractmethod
    def next_step(self, given: Given, setting: AnswerSettings) -> Step | None:
        """Next better answer; None at the top."""

    @property
    def options_by_id(self) -> Mapping[str, str]:
        """Labels of the options that gates and conditions may name, by id."""
        return {}

    @property
    def is_scored(self) -> bool:
        """Whether an answer has a value."""
        return True

    def read(self, cells: Mapping[str, Cell], setting: AnswerSettings) -> ParsedAnswer:
        """Read the filled cells of one question, by part."""
        parsed: dict[str, Parsed] = {}
        faults: list[Remark] = []
        conditions: list[str] = []
        lowered = False
        for field in self.cells():
            cell = cells.get(field.part)
            if cell is None:
                continue
            try:
                found = read_cell(field, cell, setting)
            except AnswerError as error:
                faults.append(Remark(field.part, error.code, str(error)))
                continue
            if isinstance(found, Qualified):
                faults.append(_qualified(field, cell, found))
                conditions.append(found.condition)
                lowered |= found.option != next(one.id for one in field.options if one.label == found.said)
                found = found.option
            parsed[field.part] = found
        reading = self._judge(parsed, tuple(faults), setting)
        return replace(reading, conditions=tuple(conditions), lowered=lowered)

    def _judge(self, parsed: Mapping[str, Parsed], faults: tuple[Remark, ...], setting: AnswerSettings) -> ParsedAnswer:
        if any(fault.code not in OPEN and fault.code != "qualified-answer" for fault in faults):
            return ParsedAnswer("invalid", None, faults)
        if not parsed:
            return ParsedAnswer("blank", None, faults)
        try:
            reading = self._assemble(parsed, setting)
        except AnswerError as error:
            part = next(iter(parsed))
            return ParsedAnswer("invalid", None, (*faults, Remark(part, error.code, str(error))))
        # Beside filled rows an n/a row is simply not ticked.
        milder = tuple(
            replace(fault, code="placeholder-answer") if fault.code == "not-applicable-answer" else fault
            for fault in faults
        )
        return ParsedAnswer(reading.state, reading.given, (*milder, *reading.faults))

    def for_context(self, _context: Context) -> "BaseQuestion":
        """Return the question as this context asks it."""
        return self


def _qualified(field: AnswerCell, cell: Cell, found: Qualified) -> Remark:
    label = next(option.label for option in field.options if option.id == found.option)
    counts = f"counts as {label}" if label != found.said else f"is taken as {label}"
    message = f"'{shorten(cell.raw)}' {counts}: pick the answer that holds, and put the rest into Comment"
    return Remark(field.part, "qualified-answer", message)
