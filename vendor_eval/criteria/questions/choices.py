"""Questions with options: one label, yes or no, several labels."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from math import fsum
from typing import Literal

from pydantic import model_validator

from vendor_eval.config.models import Fault
from vendor_eval.criteria.parsing import YES_NO, normalize, nothing_said, unknown_option, words
from vendor_eval.criteria.questions.answers import AnswerCell, AnswerSettings, Given, Parsed, ParsedAnswer, Remark, Step
from vendor_eval.criteria.questions.arithmetic import show
from vendor_eval.criteria.questions.base import BaseQuestion
from vendor_eval.criteria.questions.models import HUNDRED, Option, Options, Score
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import Cell


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

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        chosen = str(parsed[""])
        return ParsedAnswer("answered", Given(self.options_by_id[chosen], frozenset({chosen})))

    def value(self, given: Given, _setting: AnswerSettings) -> float | None:
        (chosen,) = given.chosen or ("",)
        return self._scores()[chosen] if self.is_scored else None

    def explain(self, given: Given, setting: AnswerSettings) -> str:
        return f"'{given.text}' scores {show(self.value(given, setting))}"

    def next_step(self, given: Given, setting: AnswerSettings) -> Step | None:
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

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        chosen = str(parsed[""])
        return ParsedAnswer("answered", Given(chosen.capitalize(), frozenset({chosen})))

    def value(self, given: Given, _setting: AnswerSettings) -> float | None:
        return next(self.scores[name] for name in self.scores if name in (given.chosen or ()))

    def explain(self, given: Given, setting: AnswerSettings) -> str:
        return f"'{given.text}' scores {show(self.value(given, setting))}"

    def next_step(self, given: Given, setting: AnswerSettings) -> Step | None:
        return _next_option(self.options, self.value(given, setting))


class MultiChoice(_Choice):
    """Several labels, each on a row of its own; the scores of those ticked add up, at most to 100."""

    type: Literal["multi_choice"]

    def cells(self) -> tuple[AnswerCell, ...]:
        return tuple(AnswerCell(option.id, "choice", option.label, _TICKS) for option in self.options)

    def read(self, cells: Mapping[str, Cell], setting: AnswerSettings) -> ParsedAnswer:
        """Read the rows; a sheet with one row for the whole question may list labels instead."""
        whole = cells.get("")
        if whole is None:
            return super().read(cells, setting)
        if len(cells) > 1:
            return self._doubled(whole)
        try:
            return super().read(self.spread(whole), setting)
        except AnswerError as error:
            return ParsedAnswer("invalid", None, (Remark("", error.code, str(error)),))

    def spread(self, whole: Cell) -> Mapping[str, Cell]:
        """Give each option the tick that one cell with a list of labels says; raise AnswerError where it says none."""
        ticked = self._ticked(whole.raw)
        if ticked is None and normalize(whole.raw) in words().none | words().answers["no"]:
            ticked = set()
        if ticked is not None:
            return {o.id: _tick(whole, "yes" if o.id in ticked else "no") for o in self.options}
        if whole.value is None or nothing_said(whole.raw):
            return {self.options[0].id: whole}
        raise unknown_option(whole.raw, (option.label for option in self.options))

    def _ticked(self, text: str) -> set[str] | None:
        """Ids of the labels that a text lists; None where it says anything else."""
        labels = {normalize(name): o.id for o in self.options for name in (o.label, *o.synonyms)}
        for items in ([text], _LINES.split(text), _LIST.split(text)):
            named = [normalize(_BULLET.sub("", item)) for item in items if item.strip()]
            if named and all(item in labels for item in named):
                return {labels[item] for item in named}
        return None

    def _doubled(self, whole: Cell) -> ParsedAnswer:
        message = f"{self.id} is answered as a whole and on its own rows ({whole.address}): keep one form"
        return ParsedAnswer("invalid", None, (Remark("", "contradiction", message),))

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        ticked = [option for option in self.options if parsed.get(option.id) == "yes"]
        none = next((option for option in ticked if _is_none(option)), None)
        if none and len(ticked) > 1:
            others = ", ".join(f"'{option.label}'" for option in ticked if option is not none)
            message = f"'{none.label}' is ticked beside {others}: tick the one or the others"
            raise AnswerError("none-beside-others", message, [option.label for option in ticked])
        text = "; ".join(option.label for option in ticked) or "none of these"
        return ParsedAnswer("answered", Given(text, frozenset(option.id for option in ticked)))

    def value(self, given: Given, _setting: AnswerSettings) -> float | None:
        scores = self._scores()
        total = fsum(scores[name] for name in scores if name in (given.chosen or ()))
        return min(HUNDRED, total) if self.is_scored else None

    def explain(self, given: Given, setting: AnswerSettings) -> str:
        terms = [
            f"{option.score:g}"
            for option in self.options
            if option.id in (given.chosen or ()) and option.score is not None
        ]
        total = " + ".join(terms) or "0"
        return f"ticked: {total} = {show(self.value(given, setting))} (at most 100)"

    def next_step(self, given: Given, setting: AnswerSettings) -> Step | None:
        value = self.value(given, setting)
        left = [option for option in self.options if option.id not in (given.chosen or ()) and option.score]
        best = max(left, key=lambda option: option.score or 0, default=None)
        if best is None or value is None or value >= HUNDRED:
            return None
        return Step(f"also '{best.label}'", min(HUNDRED, value + (best.score or 0)))


# Labels may hold commas: a list is parted at commas only where that names labels and nothing else.
_LINES = re.compile(r"[;\n]")
_LIST = re.compile(r"[;,\n]")
_BULLET = re.compile(r"^\s*[-*•–]\s+")
_TICKS = tuple(Option(label=name.capitalize(), id=name, synonyms=YES_NO[name]) for name in ("yes", "no"))


def _is_none(option: Option) -> bool:
    """Tell 'None of these' from answers that can stand beside others."""
    return normalize(option.label).rstrip(".") in words().none


def _tick(cell: Cell, answer: str) -> Cell:
    return Cell(cell.row, cell.column, cell.address, answer, hidden=cell.hidden)
