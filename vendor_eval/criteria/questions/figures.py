"""Questions valued by breakpoints: numbers, percentages, dates."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import model_validator

from vendor_eval.config.models import Fault, Text
from vendor_eval.criteria.conditions import Context, holds
from vendor_eval.criteria.questions.answers import AnswerCell, AnswerSettings, Given, Parsed, ParsedAnswer, Remark, Step
from vendor_eval.criteria.questions.arithmetic import interpolate, interpolation, months_between, show
from vendor_eval.criteria.questions.base import BaseQuestion
from vendor_eval.criteria.questions.models import Points, PointsWhen, Score
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import raw_text


class _Figure(BaseQuestion):
    unit: Text = ""
    points: Points | None = None
    points_when: tuple[PointsWhen, ...] = ()
    none: Score | None = None

    @model_validator(mode="after")
    def _scored(self) -> "_Figure":
        if self.weight and self.points is None:
            raise Fault("missing-key", f"required key 'points' is missing in {self.id}: its weight is not 0")
        return self

    @property
    def is_scored(self) -> bool:
        return self.points is not None

    def for_context(self, context: Context) -> "BaseQuestion":
        points = next((choice.points for choice in self.points_when if holds(choice.when, context)), None)
        return self.model_copy(update={"points": points}) if points else self

    @abstractmethod
    def _x(self, given: Given, setting: AnswerSettings) -> float | None: ...

    def value(self, given: Given, setting: AnswerSettings) -> float | None:
        if self.points is None:
            return None
        if given.word:
            return self.none or 0.0 if given.word == "none" else 0.0
        return interpolate(self.points, self._x(given, setting) or 0.0)

    def explain(self, given: Given, setting: AnswerSettings) -> str:
        value = self.value(given, setting)
        if self.points is None or value is None:
            return "not scored"
        x = self._x(given, setting)
        if x is None:
            return f"'{given.text}' counts {show(value)}"
        return interpolation(self.points, x, value, self._unit())

    def next_step(self, given: Given, setting: AnswerSettings) -> Step | None:
        value = self.value(given, setting)
        if self.points is None or value is None:
            return None
        x = self._x(given, setting) or 0.0
        better = [(score, abs(at - x), at) for at, score in self.points if score > value]
        if not better:
            return None
        score, _, at = min(better)
        return Step(f"{show(at)} {self._unit()}".strip(), score)

    def _unit(self) -> str:
        return self.unit


class Number(_Figure):
    """A figure in a unit, valued by breakpoints."""

    type: Literal["number"]

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "number", self.text, unit=self.unit, none=self.none is not None),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        return _figure_reading(parsed[""])

    def _x(self, given: Given, _setting: AnswerSettings) -> float | None:
        return given.number


class Percentage(_Figure):
    """A share in percent, valued by breakpoints."""

    type: Literal["percentage"]
    unit: Text = "%"
    above_100: bool = False

    def cells(self) -> tuple[AnswerCell, ...]:
        none = self.none is not None
        return (AnswerCell("", "percentage", self.text, unit=self.unit, none=none, above_100=self.above_100),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        return _figure_reading(parsed[""])

    def _x(self, given: Given, _setting: AnswerSettings) -> float | None:
        return given.number


def _figure_reading(found: Parsed) -> ParsedAnswer:
    if isinstance(found, Given):
        unmeasured = (Remark("", "unmeasured", "'do not know' is worth 0: the vendor does not measure it"),)
        return ParsedAnswer("answered", found, unmeasured if found.word == "unknown" else ())
    number = float(found) if isinstance(found, int | float) else 0.0
    return ParsedAnswer("answered", Given(raw_text(number), number=number))


class DateQuestion(_Figure):
    """A day in the past, valued by breakpoints over the months since."""

    type: Literal["date"]
    unit: Text = "months since"

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "date", self.text, unit="date", none=self.none is not None),)

    def _assemble(self, parsed: Mapping[str, Parsed], setting: AnswerSettings) -> ParsedAnswer:
        found = parsed[""]
        if isinstance(found, Given) or not isinstance(found, date):
            return _figure_reading(found)
        if self.points is not None and found > setting.as_of:
            message = f"{found} is after the evaluation date {setting.as_of}: a day in the past is asked for"
            raise AnswerError("future-date", message)
        months = months_between(found, setting.as_of)
        return ParsedAnswer("answered", Given(found.isoformat(), number=months, day=found))

    def _x(self, given: Given, _setting: AnswerSettings) -> float | None:
        return given.number

    def _unit(self) -> str:
        return "months before the evaluation date"
