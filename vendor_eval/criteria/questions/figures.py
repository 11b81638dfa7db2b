"""Questions valued by breakpoints: numbers, percentages, dates."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import ClassVar, Literal

from pydantic import model_validator

from vendor_eval.config.models import Fault, Text
from vendor_eval.criteria.conditions import Context, holds
from vendor_eval.criteria.parsing.figures import MOST_ABOVE_100
from vendor_eval.criteria.questions.answers import (
    Answer,
    AnswerCell,
    AnswerSettings,
    NextStep,
    Parsed,
    ParsedAnswer,
    PartIssue,
    refuse_implausible,
)
from vendor_eval.criteria.questions.arithmetic import extremes, interpolate, interpolation, months_between, show
from vendor_eval.criteria.questions.base import BaseQuestion
from vendor_eval.criteria.questions.models import Bounds, Points, PointsWhen, Score, Weight
from vendor_eval.formatting.dates import day as in_words
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import raw_text


class FigureQuestion(Bounds, BaseQuestion):
    """A question whose answer is one figure, valued by breakpoints; no honest one lies beyond its bounds."""

    unit: Text = ""
    points: Points | None = None
    points_when: tuple[PointsWhen, ...] = ()
    _shown_unit: ClassVar[str] = ""

    @model_validator(mode="after")
    def _scored(self) -> "FigureQuestion":
        if self.weight and self.points is None:
            raise Fault("missing-key", f"required key 'points' is missing in {self.id}: its weight is not 0")
        return self

    @property
    def is_scored(self) -> bool:
        return self.points is not None

    def for_context(self, context: Context) -> "BaseQuestion":
        points = next((choice.points for choice in self.points_when if holds(choice.when, context)), None)
        return self.model_copy(update={"points": points}) if points else self

    def candidates(self, tests: Iterable[Bounds], _setting: AnswerSettings) -> Iterable[Answer]:
        bounds = [bound for test in (*tests, self) for bound in (test.min, test.max) if bound is not None]
        figures = dict.fromkeys((*(x for x, _ in self.points or ()), *bounds, *(x + 1 for x in bounds), 0.0))
        return (
            Answer(f"{show(x)} {self._shown_unit or self.unit}".strip(), number=float(x))
            for x in figures
            if self.holds(x)
        )

    def value(self, answer: Answer, _setting: AnswerSettings) -> float | None:
        if self.points is None:
            return None
        return 0.0 if answer.word else interpolate(self.points, answer.number or 0.0)

    def extremes(self, low: float, high: float) -> tuple[float, float] | None:
        """Least and greatest value of the figures from low to high; None where nothing is scored."""
        return extremes(self.points, low, high) if self.points else None

    def explain(self, answer: Answer, setting: AnswerSettings) -> str:
        value = self.value(answer, setting)
        if self.points is None or value is None:
            return "not scored"
        if answer.number is None:
            return f"'{answer.text}' counts {show(value)}"
        return interpolation(self.points, answer.number, value, self._shown_unit or self.unit)

    def next_step(self, answer: Answer, setting: AnswerSettings) -> NextStep | None:
        value = self.value(answer, setting)
        if self.points is None or value is None:
            return None
        x = answer.number or 0.0
        better = [(score, abs(at - x), at) for at, score in self.points if score > value]
        if not better:
            return None
        score, _, at = min(better)
        return NextStep(f"{show(at)} {self._shown_unit or self.unit}".strip(), score)


def unmeasured(part: str = "") -> PartIssue:
    return PartIssue(part, "unmeasured", "'do not know' is worth 0: the vendor does not measure it")


class _OneFigure(FigureQuestion):
    none: Score | None = None

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        answer = parsed[""]
        if isinstance(answer, Answer):
            return ParsedAnswer("answered", answer, (unmeasured(),) if answer.word == "unknown" else ())
        number = float(answer) if isinstance(answer, int | float) else 0.0
        return ParsedAnswer("answered", Answer(raw_text(number), number=number))

    def value(self, answer: Answer, setting: AnswerSettings) -> float | None:
        none = answer.word == "none" and self.points is not None
        return self.none or 0.0 if none else super().value(answer, setting)


class _PlainFigure(_OneFigure):
    type: Literal["number", "percentage"]
    whole: bool = False

    def cells(self) -> tuple[AnswerCell, ...]:
        cell = AnswerCell("", self.type, self.text, unit=self.unit, help=self.limits, none=self.none is not None)
        return (replace(cell, bounds=self, whole=self.whole),)


class Number(_PlainFigure):
    """A figure in a unit, valued by breakpoints."""

    type: Literal["number"]


class Percentage(_PlainFigure):
    """A share in percent, valued by breakpoints."""

    type: Literal["percentage"]
    unit: Text = "%"
    min: Weight | None = None
    above_100: bool = False

    def cells(self) -> tuple[AnswerCell, ...]:
        if not self.above_100 or self.max is not None:
            return super().cells()
        return tuple(replace(cell, bounds=Bounds(min=self.min, max=MOST_ABOVE_100)) for cell in super().cells())


class DateQuestion(_OneFigure):
    """A day in the past, valued by breakpoints over the months since."""

    type: Literal["date"]
    unit: Text = "months since"
    _shown_unit: ClassVar[str] = "months before the evaluation date"

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "date", self.text, unit="date", none=self.none is not None),)

    def _assemble(self, parsed: Mapping[str, Parsed], setting: AnswerSettings) -> ParsedAnswer:
        day = parsed[""]
        if not isinstance(day, date):
            return super()._assemble(parsed, setting)
        if self.points is not None and day > setting.as_of:
            limit = in_words(setting.as_of)
            message = f"{in_words(day)} is after the evaluation date, {limit}: a day in the past is asked for"
            raise AnswerError("future-date", message)
        months = months_between(day, setting.as_of)
        refuse_implausible(months, self, f"{in_words(day)}, {months:.10g} months ago,")
        return ParsedAnswer("answered", Answer(day.isoformat(), number=months, day=day))
