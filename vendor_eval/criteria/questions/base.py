"""What every question has, and how its cells become one reading."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from pydantic import model_validator

from vendor_eval.config.models import Frozen, Id, Text
from vendor_eval.criteria.conditions import Condition, Context
from vendor_eval.criteria.parsing import Qualified, shorten
from vendor_eval.criteria.questions.answers import (
    OPEN,
    Answer,
    AnswerCell,
    AnswerSettings,
    NextStep,
    Parsed,
    ParsedAnswer,
    PartIssue,
    read_cell,
)
from vendor_eval.criteria.questions.models import BriefKey, Gate, GateTest, Score, Tier, Weight
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import Cell


class BaseQuestion(Frozen):
    """What every question has."""

    id: Id
    text: Text
    type: str
    weight: Weight
    evidence: Text = ""
    verify: Text = ""
    brief: tuple[BriefKey, ...] = ()
    comment_required: Text = ""
    gates: tuple[Gate, ...] = ()
    applies: Condition = {}
    ask_if: dict[str, tuple[Text, ...]] = {}
    # None: core in a category that is always asked (the vendor profile), full elsewhere.
    tier: Tier | None = None
    core_if_knock_out: bool = False
    core_if_must: bool = False
    document_expected: bool = False
    cap_if: dict[str, dict[str, Score]] = {}
    red_flag: Text = ""
    sources: tuple[Text, ...] = ()
    scale: Literal["source", "judgement"] | None = None
    judgement: bool = False
    replaces: tuple[Id, ...] = ()
    merged: tuple[Id, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_scale(cls, values: object) -> object:
        """Read `judgement: true`, as version 1 wrote it, as `scale: judgement`."""
        if not isinstance(values, dict):
            return values
        if values.get("judgement") is True:
            values = {"scale": "judgement", **values}
        return {**values, "judgement": values["scale"] == "judgement"} if "scale" in values else values

    @abstractmethod
    def cells(self) -> tuple[AnswerCell, ...]:
        """Answer cells of a form, one per row."""

    @abstractmethod
    def _assemble(self, parsed: Mapping[str, Parsed], setting: AnswerSettings) -> ParsedAnswer:
        """Make one answer of the parts that were read; at least one was."""

    def value(self, _answer: Answer, _setting: AnswerSettings) -> float | None:
        """Value of an answer, 0 to 100, before any cap; None where nothing is scored."""
        return None

    @abstractmethod
    def explain(self, answer: Answer, setting: AnswerSettings) -> str:
        """Arithmetic of the value, to be redone with a pocket calculator."""

    def next_step(self, _answer: Answer, _setting: AnswerSettings) -> NextStep | None:
        """Next better answer; None at the top."""
        return None

    def candidates(self, _tests: Iterable[GateTest], _setting: AnswerSettings) -> Iterable[Answer]:
        """Give answers among which are the best and the worst, also for the tests of gates that look at them."""
        return ()

    @property
    def options_by_id(self) -> Mapping[str, str]:
        """Labels of the options that gates and conditions may name, by id."""
        return {}

    @property
    def is_scored(self) -> bool:
        return True

    def read(self, cells: Mapping[str, Cell], setting: AnswerSettings) -> ParsedAnswer:
        """Read the filled cells of one question, by part."""
        parsed: dict[str, Parsed] = {}
        faults: list[PartIssue] = []
        conditions: list[str] = []
        lowered = False
        for field in self.cells():
            cell = cells.get(field.part)
            if cell is None:
                continue
            try:
                content = read_cell(field, cell, setting)
            except AnswerError as error:
                faults.append(PartIssue(field.part, error.code, str(error)))
                continue
            if isinstance(content, Qualified):
                label = next(option.label for option in field.options if option.id == content.option)
                counts = f"counts as {label}" if label != content.said else f"is taken as {label}"
                message = f"'{shorten(cell.raw)}' {counts}: pick the answer that holds, and put the rest into Comment"
                faults.append(PartIssue(field.part, "qualified-answer", message))
                conditions.append(content.condition)
                lowered |= label != content.said
                content = content.option
            parsed[field.part] = content
        answer = self._judge(parsed, tuple(faults), setting)
        return replace(answer, conditions=tuple(conditions), lowered=lowered)

    def _judge(
        self, parsed: Mapping[str, Parsed], faults: tuple[PartIssue, ...], setting: AnswerSettings
    ) -> ParsedAnswer:
        if any(fault.code not in OPEN and fault.code != "qualified-answer" for fault in faults):
            return ParsedAnswer("invalid", None, faults)
        if not parsed:
            return ParsedAnswer("blank", None, faults)
        try:
            answer = self._assemble(parsed, setting)
        except AnswerError as error:
            return ParsedAnswer("invalid", None, (*faults, PartIssue(next(iter(parsed)), error.code, str(error))))
        # Where other rows are filled, an n/a row is simply not ticked.
        milder = (
            replace(fault, code="placeholder-answer") if fault.code == "not-applicable-answer" else fault
            for fault in faults
        )
        return replace(answer, faults=(*milder, *answer.faults))

    def for_context(self, _context: Context) -> "BaseQuestion":
        return self


class RowsQuestion(BaseQuestion):
    """A question of several rows, which a sheet with one row for the whole question may answer in that row."""

    def read(self, cells: Mapping[str, Cell], setting: AnswerSettings) -> ParsedAnswer:
        """Read the rows, or spread the one cell for the whole question over them."""
        whole = cells.get("")
        if whole is None:
            return super().read(cells, setting)
        if len(cells) > 1:
            message = f"{self.id} is answered as a whole and on its own rows ({whole.address}): keep one form"
            return ParsedAnswer("invalid", None, (PartIssue("", "contradiction", message),))
        try:
            return super().read(self.spread(whole), setting)
        except AnswerError as error:
            return ParsedAnswer("invalid", None, (PartIssue("", error.code, str(error)),))

    @abstractmethod
    def spread(self, whole: Cell) -> Mapping[str, Cell]:
        """Give each row what one cell for all says of it; raise AnswerError where it says none."""
