"""Questions answered in words: rubrics that evaluators score, and information."""

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import model_validator

from vendor_eval.config.models import Fault, Text
from vendor_eval.criteria.questions.answers import Answer, AnswerCell, AnswerSettings, NextStep, Parsed, ParsedAnswer
from vendor_eval.criteria.questions.arithmetic import show
from vendor_eval.criteria.questions.base import BaseQuestion
from vendor_eval.criteria.questions.models import HUNDRED, LEVELS, GateTest
from vendor_eval.spreadsheets import raw_text


class _Words(BaseQuestion):
    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "text", self.text),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        return ParsedAnswer("answered", Answer(str(parsed[""])))


class RubricQuestion(_Words):
    """Anchored levels 0 to 5, given by evaluators; what the vendor writes is their material."""

    type: Literal["rubric"]
    levels: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _six(self) -> "RubricQuestion":
        if self.levels and len(self.levels) != LEVELS:
            raise Fault("wrong-value", f"{len(self.levels)} given; six are needed, for level 0 to 5", "levels")
        return self

    def at_level(self, level: float) -> Answer:
        """Answer that evaluators gave as a level."""
        return Answer(raw_text(float(level)), number=float(level))

    def candidates(self, _tests: Iterable[GateTest], _setting: AnswerSettings) -> Iterable[Answer]:
        return map(self.at_level, range(LEVELS))

    def value(self, answer: Answer, _setting: AnswerSettings) -> float | None:
        return None if answer.number is None else answer.number * HUNDRED / (LEVELS - 1)

    def explain(self, answer: Answer, setting: AnswerSettings) -> str:
        if answer.number is None:
            return "no evaluator has given a level"
        return f"level {answer.text} x 20 = {show(self.value(answer, setting))}"

    def next_step(self, answer: Answer, _setting: AnswerSettings) -> NextStep | None:
        level = int(answer.number or 0) + 1
        if answer.number is None or level >= LEVELS:
            return None
        anchor = f": {self.levels[level]}" if self.levels else ""
        return NextStep(f"level {level}{anchor}", level * HUNDRED / (LEVELS - 1))


class TextQuestion(_Words):
    """Information; never scored."""

    type: Literal["text"]

    @model_validator(mode="after")
    def _unweighted(self) -> "TextQuestion":
        if self.weight:
            raise Fault("wrong-value", f"{self.id}: a text is information and is not scored; set weight: 0", "weight")
        return self

    @property
    def is_scored(self) -> bool:
        return False

    def explain(self, _answer: Answer, _setting: AnswerSettings) -> str:
        return "information, not scored"
