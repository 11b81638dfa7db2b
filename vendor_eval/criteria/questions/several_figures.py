"""Questions of several rows whose figures make one: a ratio, a share, or the worst of several samples."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from math import isfinite
from typing import Literal

from pydantic import model_validator

from vendor_eval.config.models import Fault, Frozen, Id, Text
from vendor_eval.criteria.parsing import normalize, nothing_said, shorten, words
from vendor_eval.criteria.parsing.money import Rate
from vendor_eval.criteria.questions.answers import (
    Answer,
    AnswerCell,
    AnswerSettings,
    Parsed,
    ParsedAnswer,
    PartIssue,
    refuse_implausible,
)
from vendor_eval.criteria.questions.arithmetic import interpolation
from vendor_eval.criteria.questions.base import RowsQuestion
from vendor_eval.criteria.questions.figures import FigureQuestion, unmeasured
from vendor_eval.criteria.questions.models import Bounds
from vendor_eval.formatting.figures import number as rounded
from vendor_eval.issues import AnswerError
from vendor_eval.proportions import lower_bound
from vendor_eval.spreadsheets import Cell, raw_text

# No sample is larger: beyond it a count is a slip of the keyboard.
_MOST_CHECKED = 1e9


class FiguresPart(Bounds):
    """One row of a question of several figures; bounds and `whole` are those of a number or percentage."""

    id: Id
    text: Text
    unit: Text = ""
    type: Literal["number", "percentage", "date", "text"]
    whole: bool = False

    @property
    def cell(self) -> AnswerCell:
        unit = self.unit or {"percentage": "%", "date": "date"}.get(self.type, "")
        own = AnswerCell(self.id, self.type, self.text, unit=unit, help=self.limits)
        return replace(own, bounds=self, whole=self.whole)


class Computation(Frozen):
    """The rule that makes one figure of several, and the parts that it needs, in its order."""

    rule: Literal["ratio", "share", "worst_lower_bound"]
    of: tuple[Id, ...]


class SeveralFigures(FigureQuestion, RowsQuestion):
    """Several rows, and the one figure that is computed of them; points and gates test that figure."""

    type: Literal["figures"]
    parts: tuple[FiguresPart, ...]
    compute: Computation

    @model_validator(mode="after")
    def _computable(self) -> "SeveralFigures":
        names, of = [part.id for part in self.parts], self.compute.of
        for index, name in enumerate(names):
            if name in names[:index]:
                raise Fault("repeated-id", f"the part '{name}' stands twice; keep one", "parts", index, "id")
        figures = [part.id for part in self.parts if part.type in {"number", "percentage"}]
        for index, name in enumerate(of):
            if name not in figures or name in of[:index]:
                message = f"'{name}' is no further part that is a figure: {', '.join(figures) or 'there is none'}"
                raise Fault("unknown-reference", message, "compute", "of", index)
        if len(of) % 2 or (len(of) != 2) > self._is_sample or not of:  # noqa: PLR2004  pairs
            wanted = "pairs of parts: wrong, checked" if self._is_sample else "two parts: one divided by the other"
            raise Fault("wrong-value", f"{self.compute.rule} needs {wanted}", "compute", "of")
        return self

    @property
    def _is_sample(self) -> bool:
        return self.compute.rule == "worst_lower_bound"

    def cells(self) -> tuple[AnswerCell, ...]:
        return self._cells

    @cached_property
    def _cells(self) -> tuple[AnswerCell, ...]:
        return tuple(part.cell for part in self.parts)

    def spread(self, whole: Cell) -> Mapping[str, Cell]:
        """Give each row its part of a text such as 'net_pay: 310; living_wage: 280'; 'do not know' means every row."""
        names = [part.id for part in self.parts]
        if whole.doubt or whole.value is None or nothing_said(whole.raw):
            return {names[0]: whole}
        if normalize(whole.raw) in words().unknown:
            texts = dict.fromkeys(self.compute.of, whole.raw)
        else:
            before, *pairs = re.split(rf"(?:^|[;\n])\s*({'|'.join(map(re.escape, names))})\s*:", whole.raw)
            texts = {name: text.strip() for name, text in zip(pairs[::2], pairs[1::2], strict=True)}
            if before.strip() or len(texts) < max(1, len(pairs) // 2):
                rows = "; ".join(f"{name}: ..." for name in names)
                message = f"'{shorten(whole.raw)}' stands for several figures: answer in their rows, or as '{rows}'"
                raise AnswerError("figures-in-one-cell", message)
        place = whole.row, whole.column, whole.address
        return {name: Cell(*place, text, hidden=whole.hidden) for name, text in texts.items() if text}

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        self._check_currencies(parsed)
        pairs = zip(self.compute.of[::2], self.compute.of[1::2], strict=True)
        complete = [pair for pair in pairs if all(name in parsed for name in pair)]
        if not complete:
            part, missing = self._missing(parsed, self.compute.of)
            message = f"the answer is incomplete, so it counts as blank. What is missing: {missing}"
            return ParsedAnswer("blank", None, (PartIssue(part, "figures-incomplete", message),))
        parts = tuple((name, _shown(value)) for name, value in parsed.items())
        if unknown := [name for name in self.compute.of if isinstance(parsed.get(name), Answer)]:
            answer = Answer("do not know", word="unknown", parts=parts)
            return ParsedAnswer("answered", answer, (unmeasured(unknown[0]),))
        number, worst = min((self._result(*map(parsed.__getitem__, pair)), pair) for pair in complete)
        shown = [tuple(_shown(parsed[name]) for name in pair) for pair in complete]
        text = self._printed(number, shown, tuple(_shown(parsed[name]) for name in worst))
        part, missing = self._missing(parsed, [part.id for part in self.parts])
        faults = (PartIssue(part, "row-blank", f"counts without its blank rows: {missing}"),) if missing else ()
        return ParsedAnswer("answered", Answer(text, number=number, parts=parts), faults)

    def _missing(self, parsed: Mapping[str, Parsed], names: Sequence[str]) -> tuple[str, str]:
        """Name the first part of these that is blank, and quote all of them."""
        blank = [part for part in self.parts if part.id in names and part.id not in parsed]
        return next((part.id for part in blank), ""), " ".join(part.text for part in blank)

    def _check_currencies(self, parsed: Mapping[str, Parsed]) -> None:
        rates = {name: value for name, value in parsed.items() if isinstance(value, Rate) and value.currencies}
        if rates and not reduce(frozenset.intersection, (rate.currencies for rate in rates.values())):
            listed = " and ".join(f"{name} {_shown(rate)}" for name, rate in rates.items())
            raise AnswerError("figures-contradict", f"{listed} are in two currencies: give both in one")

    def _result(self, *figures: Parsed) -> float:
        first, second = (figure.number if isinstance(figure, Rate) else float(str(figure)) for figure in figures)
        shown = f"{first:g} of {second:g}"
        if second == 0:
            raise AnswerError("figures-contradict", f"{shown} makes no figure: check both")
        if self.compute.rule != "ratio" and first > second:
            raise AnswerError("figures-contradict", f"{shown} is more than all of them: check both")
        if self._is_sample and second > _MOST_CHECKED:
            raise AnswerError("figures-contradict", f"{shown} is above 10^9, a slip of the keyboard: check both")
        factor = 100.0 if self.compute.rule == "share" else 1.0
        result = lower_bound(first, second) if self._is_sample else first * factor / second
        if not isfinite(result):
            raise AnswerError("figures-contradict", f"{shown} is too large to be compared: check both")
        refuse_implausible(result, self, f"{shown}, which makes {result:.4g},")
        return result

    def _printed(self, number: float, pairs: Sequence[tuple[str, ...]], worst: tuple[str, ...]) -> str:
        result = self._digits(number)
        if self.compute.rule == "ratio":
            return f"{' / '.join(worst)} = {result}"
        if self.compute.rule == "share":
            return f"{' of '.join(worst)} = {result} %"
        least = f" in {' of '.join(worst)}" if len(pairs) > 1 else ""
        return f"{', '.join(' of '.join(pair) for pair in pairs)} wrong: at least {result} % right{least}"

    def _digits(self, number: float) -> str:
        """Round a result to as many digits as tell it apart from the figures that it is compared with."""
        limits = [x for x, _ in self.points or ()] + [float(round(number))]
        limits += [limit for gate in self.gates for limit in (gate.min, gate.max) if limit is not None]
        fewest = 2 if self.compute.rule == "ratio" else 1
        texts = [rounded(number, digits) for digits in range(fewest, 13)]
        text = next((t for t in texts if all(float(t) != limit or number == limit for limit in limits)), texts[-1])
        return text.rstrip("0").rstrip(".")

    def explain(self, answer: Answer, setting: AnswerSettings) -> str:
        value = self.value(answer, setting)
        if self.points is None or value is None or answer.number is None:
            return super().explain(answer, setting)
        text = f"{answer.text}; {interpolation(self.points, answer.number, value, self.unit)}"
        return f"{text}; of k wrong in n it is 100 x (1 - BETA.INV(0.95; k + 1; n - k))" if self._is_sample else text


def _shown(value: Parsed) -> str:
    if isinstance(value, Rate):
        number = raw_text(value.number)
        return f"{min(value.currencies)} {number}" if len(value.currencies) == 1 else number
    return value.text if isinstance(value, Answer) else raw_text(value)
