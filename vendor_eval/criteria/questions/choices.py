"""Questions with options: one label, yes or no, several labels."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from math import fsum
from typing import Literal

from pydantic import model_validator

from vendor_eval.config.models import Fault
from vendor_eval.criteria.parsing import YES_NO, normalize, nothing_said, unknown_option, words
from vendor_eval.criteria.questions.answers import Answer, AnswerCell, AnswerSettings, NextStep, Parsed, ParsedAnswer
from vendor_eval.criteria.questions.arithmetic import show
from vendor_eval.criteria.questions.base import BaseQuestion, RowsQuestion
from vendor_eval.criteria.questions.models import HUNDRED, GateTest, Option, Options, Score
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


class _OneLabel(BaseQuestion):
    @property
    def options_by_id(self) -> Mapping[str, str]:
        return {option.id: option.label for option in self.cells()[0].options}

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        chosen = str(parsed[""])
        return ParsedAnswer("answered", Answer(self.options_by_id[chosen], frozenset({chosen})))

    def candidates(self, _tests: Iterable[GateTest], _setting: AnswerSettings) -> Iterable[Answer]:
        return (Answer(label, frozenset({name})) for name, label in self.options_by_id.items())

    def value(self, answer: Answer, _setting: AnswerSettings) -> float | None:
        scores = (option.score for option in self.cells()[0].options if option.id in (answer.chosen or ()))
        return next(scores) if self.is_scored else None

    def explain(self, answer: Answer, setting: AnswerSettings) -> str:
        return f"'{answer.text}' scores {show(self.value(answer, setting))}"

    def next_step(self, answer: Answer, setting: AnswerSettings) -> NextStep | None:
        value = self.value(answer, setting)
        if value is None:
            return None
        better = [option for option in self.cells()[0].options if (option.score or 0) > value]
        best = min(better, key=lambda option: option.score or 0, default=None)
        return NextStep(f"'{best.label}'", best.score or 0.0) if best else None


class SingleChoice(_OneLabel, _Choice):
    """One of several labels."""

    type: Literal["single_choice"]

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "choice", self.text, self.options),)


class YesNoPartial(_OneLabel):
    """Yes, partial or no; the file may give its own scores, and leave partial out."""

    type: Literal["yes_no_partial"]
    scores: dict[Literal["yes", "partial", "no"], Score] = {"yes": 100, "partial": 50, "no": 0}

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "choice", self.text, self.options),)

    @cached_property
    def options(self) -> tuple[Option, ...]:
        return tuple(
            Option(label=name.capitalize(), id=name, score=self.scores[name], synonyms=YES_NO[name])
            for name in ("yes", "partial", "no")
            if name in self.scores
        )


class MultiChoice(_Choice, RowsQuestion):
    """Several labels, each on a row of its own; the scores of those ticked add up, at most to 100."""

    type: Literal["multi_choice"]

    def cells(self) -> tuple[AnswerCell, ...]:
        return tuple(AnswerCell(option.id, "choice", option.label, _ticks()) for option in self.options)

    def spread(self, whole: Cell) -> Mapping[str, Cell]:
        """Give each option the tick that one cell with a list of labels says; raise AnswerError where it says none."""
        ticked = None if whole.doubt else self._ticked(whole.raw)
        if whole.doubt:
            return {self.options[0].id: whole}
        if ticked is None and normalize(whole.raw) in words().none | words().answers["no"]:
            ticked = set()
        if ticked is not None:
            ticks = {option.id: "yes" if option.id in ticked else "no" for option in self.options}
            place = whole.row, whole.column, whole.address
            return {name: Cell(*place, tick, hidden=whole.hidden) for name, tick in ticks.items()}
        if whole.value is None or nothing_said(whole.raw):
            return {self.options[0].id: whole}
        raise unknown_option(whole.raw, (option.label for option in self.options))

    def _ticked(self, text: str) -> set[str] | None:
        """Ids of the labels that a text lists; None where it says anything else."""
        labels = {normalize(name): o.id for o in self.options for name in (o.label, *o.synonyms)}
        for texts in ([text], _LINES.split(text), _LIST.split(text)):
            names = [normalize(_BULLET.sub("", text)) for text in texts if text.strip()]
            if names and all(name in labels for name in names):
                return {labels[name] for name in names}
        return None

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        ticked = [option for option in self.options if parsed.get(option.id) == "yes"]
        # 'None of these' contradicts any other answer.
        none = next(filter(_is_none, ticked), None)
        if none and len(ticked) > 1:
            others = ", ".join(f"'{option.label}'" for option in ticked if option is not none)
            message = f"'{none.label}' is ticked beside {others}: tick the one or the others"
            raise AnswerError("none-beside-others", message, [option.label for option in ticked])
        text = "; ".join(option.label for option in ticked) or "none of these"
        return ParsedAnswer("answered", Answer(text, frozenset(option.id for option in ticked)))

    def candidates(self, tests: Iterable[GateTest], _setting: AnswerSettings) -> Iterable[Answer]:
        every = [option for option in self.options if not _is_none(option)]
        wanted = [[option for option in every if {option.id, option.label} & {*test.one_of}] for test in tests]
        for chosen in ([], every, [option for option in every if option.score], *wanted):
            text = "; ".join(option.label for option in chosen) or "none of these"
            yield Answer(text, frozenset(option.id for option in chosen))

    def value(self, answer: Answer, _setting: AnswerSettings) -> float | None:
        total = fsum(option.score or 0.0 for option in self.options if option.id in (answer.chosen or ()))
        return min(HUNDRED, total) if self.is_scored else None

    def explain(self, answer: Answer, setting: AnswerSettings) -> str:
        chosen = [option for option in self.options if option.id in (answer.chosen or ())]
        total = " + ".join(f"{option.score:g}" for option in chosen if option.score is not None) or "0"
        return f"ticked: {total} = {show(self.value(answer, setting))} (at most 100)"

    def next_step(self, answer: Answer, setting: AnswerSettings) -> NextStep | None:
        value = self.value(answer, setting)
        left = [option for option in self.options if option.id not in (answer.chosen or ()) and option.score]
        best = max(left, key=lambda option: option.score or 0, default=None)
        if best is None or value is None or value >= HUNDRED:
            return None
        return NextStep(f"also '{best.label}'", min(HUNDRED, value + (best.score or 0)))


# Labels may hold commas: a list is parted at commas only where that names labels and nothing else.
_LINES = re.compile(r"[;\n]")
_LIST = re.compile(r"[;,\n]")
_BULLET = re.compile(r"^\s*[-*•–]\s+")


def _is_none(option: Option) -> bool:
    return normalize(option.label).rstrip(".") in words().none


@cache
def _ticks() -> tuple[Option, ...]:
    yes = Option(label="Yes", id="yes", synonyms=(*YES_NO["yes"], *sorted(words().cross)))
    return (yes, Option(label="No", id="no", synonyms=YES_NO["no"]))
