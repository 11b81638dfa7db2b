"""Questions with options: one label, yes or no, several labels."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from math import fsum
from typing import Literal

from pydantic import model_validator

from vendor_eval.documents import Fault
from vendor_eval.errors import AnswerError
from vendor_eval.parsing import YES_NO, normalize, unknown_option, words
from vendor_eval.questions.answers import AnswerCell, Given, Parsed, Reading, Remark, Setting, Step, says_nothing
from vendor_eval.questions.arithmetic import show
from vendor_eval.questions.base import BaseQuestion
from vendor_eval.questions.models import HUNDRED, Option, Options, Score
from vendor_eval.readers import Cell


class _Choice(BaseQuestion):
    options: Options

    @model_validator(mode="after")
    def _scored(self) -> "_Choice":
        bare = next((index for index, option in enumerate(self.options) if option.score is None), None)
        if self.weight and bare is not None:
            message = f"option '{self.options[bare].label}' needs a score, since the weight is not 0"
            raise Fault("missing-key", message, "options", bare)
        return self

    @property
    def options_by_id(self) -> Mapping[str, str]:
        return {option.id: option.label for option in self.options}

    @property
    def is_scored(self) -> bool:
        return all(option.score is not None for option in self.options)

    def _scores(self) -> Mapping[str, float]:
        return {option.id: option.score or 0.0 for option in self.options}


class SingleChoice(_Choice):
    """One of several labels."""

    type: Literal["single_choice"]

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "choice", self.text, self.options),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: Setting) -> Reading:
        chosen = str(parsed[""])
        return Reading("answered", Given(self.options_by_id[chosen], frozenset({chosen})))

    def value(self, given: Given, _setting: Setting) -> float | None:
        (chosen,) = given.chosen or ("",)
        return self._scores()[chosen] if self.is_scored else None

    def explain(self, given: Given, setting: Setting) -> str:
        return f"'{given.text}' scores {show(self.value(given, setting))}"

    def next_step(self, given: Given, setting: Setting) -> Step | None:
        value = self.value(given, setting)
        return _next_option(self.options, value)


def _next_option(options: Iterable[Option], value: float | None) -> Step | None:
    if value is None:
        return None
    better = [option for option in options if (option.score or 0) > value]
    best = min(better, key=lambda option: option.score or 0, default=None)
    return Step(f"'{best.label}'", best.score or 0.0) if best else None


class YesNoPartial(BaseQuestion):
    """Yes, partial or no; the file may give its own scores, and leave partial out."""

    type: Literal["yes_no_partial"]
    scores: dict[Literal["yes", "partial", "no"], Score] = {"yes": 100, "partial": 50, "no": 0}

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The answers offered."""
        return tuple(
            Option(label=name.capitalize(), id=name, score=self.scores[name], synonyms=YES_NO[name])
            for name in ("yes", "partial", "no")
            if name in self.scores
        )

    @property
    def options_by_id(self) -> Mapping[str, str]:
        return {option.id: option.label for option in self.options}

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "choice", self.text, self.options),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: Setting) -> Reading:
        chosen = str(parsed[""])
        return Reading("answered", Given(chosen.capitalize(), frozenset({chosen})))

    def value(self, given: Given, _setting: Setting) -> float | None:
        return next(self.scores[name] for name in self.scores if name in (given.chosen or ()))

    def explain(self, given: Given, setting: Setting) -> str:
        return f"'{given.text}' scores {show(self.value(given, setting))}"

    def next_step(self, given: Given, setting: Setting) -> Step | None:
        return _next_option(self.options, self.value(given, setting))


class MultiChoice(_Choice):
    """Several labels, each on a row of its own; the scores of those ticked add up, at most to 100."""

    type: Literal["multi_choice"]

    def cells(self) -> tuple[AnswerCell, ...]:
        return tuple(AnswerCell(option.id, "choice", option.label, _TICKS) for option in self.options)

    def read(self, cells: Mapping[str, Cell], setting: Setting) -> Reading:
        """Read the rows; a sheet with one row for the whole question may list labels instead."""
        whole = cells.get("")
        if whole is None:
            return super().read(cells, setting)
        if len(cells) > 1:
            return self._doubled(whole)
        try:
            return super().read(self.spread(whole), setting)
        except AnswerError as error:
            return Reading("invalid", None, (Remark("", error.code, str(error)),))

    def spread(self, whole: Cell) -> Mapping[str, Cell]:
        """Give each option the tick that one cell with a list of labels says; raise AnswerError where it says none."""
        labels = {normalize(text): o.id for o in self.options for text in (o.label, *o.synonyms)}
        items = [normalize(item) for item in whole.raw.replace("\n", ";").split(";") if item.strip()]
        if normalize(whole.raw) in labels:
            items = [normalize(whole.raw)]
        if items and all(item in labels for item in items):
            ticked = {labels[item] for item in items}
        elif normalize(whole.raw) in {*words().none, *words().answers["no"], "none of these"}:
            ticked = set()
        elif whole.value is None or says_nothing(whole.raw):
            return {self.options[0].id: whole}
        else:
            raise unknown_option(whole.raw, (option.label for option in self.options))
        return {o.id: _tick(whole, "yes" if o.id in ticked else "no") for o in self.options}

    def _doubled(self, whole: Cell) -> Reading:
        message = f"{self.id} is answered as a whole and on its own rows ({whole.address}): keep one form"
        return Reading("invalid", None, (Remark("", "contradiction", message),))

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: Setting) -> Reading:
        ticked = [option for option in self.options if parsed.get(option.id) == "yes"]
        text = "; ".join(option.label for option in ticked) or "none of these"
        return Reading("answered", Given(text, frozenset(option.id for option in ticked)))

    def value(self, given: Given, _setting: Setting) -> float | None:
        scores = self._scores()
        total = fsum(scores[name] for name in scores if name in (given.chosen or ()))
        return min(HUNDRED, total) if self.is_scored else None

    def explain(self, given: Given, setting: Setting) -> str:
        terms = [
            f"{option.score:g}"
            for option in self.options
            if option.id in (given.chosen or ()) and option.score is not None
        ]
        total = " + ".join(terms) or "0"
        return f"ticked: {total} = {show(self.value(given, setting))} (at most 100)"

    def next_step(self, given: Given, setting: Setting) -> Step | None:
        value = self.value(given, setting)
        left = [option for option in self.options if option.id not in (given.chosen or ()) and option.score]
        best = max(left, key=lambda option: option.score or 0, default=None)
        if best is None or value is None or value >= HUNDRED:
            return None
        return Step(f"also '{best.label}'", min(HUNDRED, value + (best.score or 0)))


_TICKS = tuple(Option(label=name.capitalize(), id=name, synonyms=YES_NO[name]) for name in ("yes", "no"))


def _tick(cell: Cell, answer: str) -> Cell:
    return Cell(cell.row, cell.column, cell.address, answer, hidden=cell.hidden)
