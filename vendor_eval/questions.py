"""Question types. Each owns its whole life: the cells of a form, reading, value, explanation, next step.

A new type is one class here and one line in `Question`.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date
from functools import cached_property
from itertools import pairwise
from math import fsum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from vendor_eval.conditions import Condition, Context, as_list, holds
from vendor_eval.documents import Day, Fault, Figure, Frozen, Id, Text
from vendor_eval.errors import AnswerError
from vendor_eval.parsing import (
    NONE,
    NOT_APPLICABLE,
    PLACEHOLDERS,
    UNKNOWN,
    YES_NO,
    normalize,
    read_date,
    read_number,
    read_percentage,
    shorten,
    unknown_option,
)
from vendor_eval.readers import Cell, raw_text

HUNDRED = 100.0
LEVELS = 6
_LETTERS = 26
Score = Annotated[Figure, Field(ge=0, le=100)]
Weight = Annotated[Figure, Field(ge=0)]


# ------------------------------------------------------------------------------------------------ what a file says


def _ordered(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    for index, ((x, _), (following, _)) in enumerate(pairwise(points), start=1):
        if following <= x:
            message = f"breakpoints must rise: {following:g} stands after {x:g}; put them in order, each once"
            raise Fault("unordered-points", message, index)
    if not points:
        raise Fault("unordered-points", "at least one breakpoint [answer, score] is needed")
    return points


Points = Annotated[tuple[tuple[Figure, Score], ...], AfterValidator(_ordered)]


class Option(Frozen):
    """One answer offered: its label as shown, and the score that it earns."""

    label: Text
    id: Text = ""
    score: Score | None = None
    synonyms: tuple[Text, ...] = ()


def _lettered(options: object) -> object:
    if not isinstance(options, list | tuple):
        return options
    letters = [chr(ord("a") + index) if index < _LETTERS else f"o{index + 1}" for index in range(len(options))]
    return [
        {"id": letter, **option} if isinstance(option, dict) else option
        for letter, option in zip(letters, options, strict=True)
    ]


def _told_apart(options: tuple[Option, ...]) -> tuple[Option, ...]:
    if not options:
        raise Fault("missing-key", "at least one option is needed")
    ids: set[str] = set()
    texts: set[str] = set()
    for index, option in enumerate(options):
        spellings = {normalize(text) for text in (option.label, *option.synonyms)}
        if not option.id.strip() or "" in spellings:
            raise Fault("wrong-value", "ids, labels and synonyms may not be empty", index)
        if option.id in ids:
            raise Fault(
                "repeated-id", f"the option id '{option.id}' stands twice; give each option its own", index, "id"
            )
        if shared := spellings & texts:
            raise Fault("repeated-label", f"'{min(shared)}' names two options; an answer must mean one", index)
        ids.add(option.id)
        texts |= spellings
    return options


Options = Annotated[tuple[Option, ...], BeforeValidator(_lettered), AfterValidator(_told_apart)]


class Gate(Frozen):
    """One test of one answer that no total can buy back."""

    kind: Literal["knock_out", "must", "flag"]
    at_least: Score | None = None
    one_of: tuple[Text, ...] = ()
    includes: tuple[Text, ...] = ()
    min: Figure | None = None
    max: Figure | None = None
    needs: Literal["document"] | None = None
    when: Condition = {}
    reason: Text = ""
    judgement: bool = False

    @model_validator(mode="after")
    def _one_test(self) -> "Gate":
        numeric = self.min is not None or self.max is not None
        tests = [self.at_least is not None, bool(self.one_of), bool(self.includes), numeric]
        if sum(tests) != 1:
            raise Fault("gate-test", "a gate needs exactly one test: at_least, one_of, includes, or min and max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise Fault("gate-test", f"nothing is at least {self.min:g} and at most {self.max:g}; exchange min and max")
        return self

    @property
    def test(self) -> str:
        """The test in words."""
        if self.at_least is not None:
            return f"value at least {self.at_least:g}"
        if self.one_of:
            return f"one of {', '.join(self.one_of)}"
        if self.includes:
            return f"includes {', '.join(self.includes)}"
        bounds = [f"at least {self.min:g}"] if self.min is not None else []
        return " and ".join(bounds + ([f"at most {self.max:g}"] if self.max is not None else []))


class PointsWhen(Frozen):
    """Breakpoints that count where a condition holds."""

    when: Condition
    points: Points
    judgement: bool = False


# ------------------------------------------------------------------------------------------------ what a vendor says


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """The neutral fields of one answer cell of a form. `part` is '' or what follows the dot of the row's id."""

    part: str
    kind: Literal["choice", "number", "percentage", "date", "text"]
    text: str
    options: tuple[Option, ...] = ()
    unit: str = ""
    help: str = ""
    none: bool = False
    above_100: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels offered, in an order that does not tell the score."""
        labels = [option.label for option in self.options]
        natural = {"yes", "partial", "no"} >= {normalize(label) for label in labels}
        return tuple(labels if natural else sorted(labels, key=str.casefold))


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with exactly one reading, in canonical spelling, and what gates and values look at."""

    text: str
    chosen: frozenset[str] | None = None
    number: float | None = None
    day: date | None = None
    word: Literal["", "none", "unknown"] = ""
    parts: tuple[tuple[str, str], ...] = ()

    def part(self, name: str) -> str:
        """Option id of a part, '' where it is blank."""
        return dict(self.parts).get(name, "")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of one part of an answer; the submission knows its cell."""

    part: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the cells of one question say: an answer, or none and why."""

    state: Literal["answered", "blank", "invalid"]
    given: Given | None = None
    faults: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """The next better answer, and the value that it has."""

    text: str
    value: float


@dataclass(frozen=True, slots=True)
class Setting:
    """What reading and valuing need of the evaluation: its day, and the decimal sign that the vendor named."""

    as_of: date
    decimal_sign: str = ""


Parsed = str | float | date | Given
# [1]Sheet1!A1, or with the name of the file between the brackets; a table's column has none behind its bracket.
_EXTERNAL = re.compile(r"\[[^\]]+\][^!\[\]]*!")
_SAYS_NONE = Given("none", word="none")
_SAYS_UNKNOWN = Given("do not know", word="unknown")


def _read_cell(field: AnswerCell, cell: Cell, setting: Setting) -> Parsed | None:
    """Read one cell; None where it holds a placeholder such as '-' or 'TBD'."""
    if cell.error:
        message = f"the cell holds the error {cell.error}: correct the formula or type the answer"
        raise AnswerError("error-cell", message)
    if cell.value is None:
        message = f"the cell holds {shorten(cell.formula)} but no value was saved: open in Excel, save, send again"
        raise AnswerError("formula-without-value", message)
    if _EXTERNAL.search(cell.formula):
        message = f"{shorten(cell.formula)} links to another workbook: type the answer"
        raise AnswerError("external-link", message)
    folded = normalize(cell.value) if isinstance(cell.value, str) else ""
    if field.kind == "choice" and (found := _option(field, cell.value, folded)):
        return found
    if isinstance(cell.value, str):
        if not folded or folded in PLACEHOLDERS:
            return None
        if folded in NOT_APPLICABLE:
            message = (
                "the question was asked of every vendor: 'n/a' counts as no answer; give one or say why in Comment"
            )
            raise AnswerError("not-applicable-answer", message)
    return _KINDS[field.kind](field, cell, folded, setting)


def _option(field: AnswerCell, value: object, folded: str) -> str | None:
    if isinstance(value, bool):
        folded = str(value).lower()
    elif not isinstance(value, str):
        folded = normalize(raw_text(value)) if isinstance(value, int | float) else ""  # a label 2022 typed as a number
    for option in field.options:
        spellings = {normalize(option.label), *map(normalize, option.synonyms)}
        if folded in spellings or (len(option.id) > 1 and folded == option.id.casefold()):
            return option.id
    return None


def _choice(field: AnswerCell, cell: Cell, _folded: str, _setting: Setting) -> Parsed:
    raise unknown_option(cell.raw, field.labels)


def _figure(field: AnswerCell, cell: Cell, folded: str, setting: Setting) -> Parsed:
    if folded in UNKNOWN:
        return _SAYS_UNKNOWN
    if folded in NONE:
        if field.none:
            return _SAYS_NONE
        message = f"'{cell.raw}' may mean zero or no answer: give the figure, or write 'do not know'"
        raise AnswerError("ambiguous-none", message)
    sign = setting.decimal_sign
    if field.kind == "number":
        number = read_number(cell.value, unit=field.unit, percent=cell.percent, decimal_sign=sign)
    else:
        number = read_percentage(cell.value, percent=cell.percent, above_100=field.above_100, decimal_sign=sign)
    if number < 0:
        raise AnswerError("negative-answer", f"{number:g} is below zero: check the figure")
    return number


def _day(field: AnswerCell, cell: Cell, folded: str, _setting: Setting) -> Parsed:
    if folded in UNKNOWN:
        return _SAYS_UNKNOWN
    return _SAYS_NONE if field.none and folded in NONE else read_date(cell.value)


def _text(_field: AnswerCell, cell: Cell, _folded: str, _setting: Setting) -> Parsed:
    return cell.raw


_KINDS = {"choice": _choice, "number": _figure, "percentage": _figure, "date": _day, "text": _text}


# ------------------------------------------------------------------------------------------------ the types


class _Question(Frozen):
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
    def _assemble(self, parsed: Mapping[str, Parsed], setting: Setting) -> Reading:
        """Make one answer of the parts that were read; at least one was."""

    @abstractmethod
    def value(self, given: Given, setting: Setting) -> float | None:
        """Value of an answer, 0 to 100, before any cap; None where nothing is scored."""

    @abstractmethod
    def explain(self, given: Given, setting: Setting) -> str:
        """Arithmetic of the value, to be redone with a pocket calculator."""

    @abstractmethod
    def next_step(self, given: Given, setting: Setting) -> Step | None:
        """Next better answer; None at the top."""

    @property
    def options_by_id(self) -> Mapping[str, str]:
        """Labels of the options that gates and conditions may name, by id."""
        return {}

    @property
    def is_scored(self) -> bool:
        """Whether an answer has a value."""
        return True

    def read(self, cells: Mapping[str, Cell], setting: Setting) -> Reading:
        """Read the filled cells of one question, by part."""
        parsed: dict[str, Parsed] = {}
        faults: list[Remark] = []
        for field in self.cells():
            cell = cells.get(field.part)
            if cell is None:
                continue
            try:
                found = _read_cell(field, cell, setting)
            except AnswerError as error:
                faults.append(Remark(field.part, error.code, str(error)))
                continue
            if found is None:
                message = f"'{shorten(cell.raw)}' is no answer: the question counts as blank"
                faults.append(Remark(field.part, "placeholder-answer", message))
            else:
                parsed[field.part] = found
        return self._judge(parsed, tuple(faults), setting)

    def _judge(self, parsed: Mapping[str, Parsed], faults: tuple[Remark, ...], setting: Setting) -> Reading:
        open_ended = {"placeholder-answer", "not-applicable-answer"}
        if any(fault.code not in open_ended for fault in faults):
            return Reading("invalid", None, faults)
        if not parsed:
            return Reading("blank", None, faults)
        try:
            reading = self._assemble(parsed, setting)
        except AnswerError as error:
            part = next(iter(parsed))
            return Reading("invalid", None, (*faults, Remark(part, error.code, str(error))))
        # Beside filled rows an n/a row is simply not ticked.
        milder = tuple(Remark(f.part, "placeholder-answer", f.message) for f in faults)
        return Reading(reading.state, reading.given, (*milder, *reading.faults))

    def for_context(self, _context: Context) -> "_Question":
        """Return the question as this context asks it."""
        return self


class _Choice(_Question):
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
        return f"'{given.text}' scores {_show(self.value(given, setting))}"

    def next_step(self, given: Given, setting: Setting) -> Step | None:
        value = self.value(given, setting)
        return _next_option(self.options, value)


def _next_option(options: Iterable[Option], value: float | None) -> Step | None:
    if value is None:
        return None
    better = [option for option in options if (option.score or 0) > value]
    best = min(better, key=lambda option: option.score or 0, default=None)
    return Step(f"'{best.label}'", best.score or 0.0) if best else None


class YesNoPartial(_Question):
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
        return f"'{given.text}' scores {_show(self.value(given, setting))}"

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
            return super().read(self._spread(whole), setting)
        except AnswerError as error:
            return Reading("invalid", None, (Remark("", error.code, str(error)),))

    def _spread(self, whole: Cell) -> Mapping[str, Cell]:
        labels = {normalize(text): o.id for o in self.options for text in (o.label, *o.synonyms)}
        items = [normalize(item) for item in whole.raw.replace("\n", ";").split(";") if item.strip()]
        if normalize(whole.raw) in labels:
            items = [normalize(whole.raw)]
        if items and all(item in labels for item in items):
            ticked = {labels[item] for item in items}
        elif normalize(whole.raw) in {*NONE, "none of these", "no"}:
            ticked = set()
        elif whole.value is None or normalize(whole.raw) in {"", *PLACEHOLDERS, *NOT_APPLICABLE}:
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
        return f"ticked: {total} = {_show(self.value(given, setting))} (at most 100)"

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


class _Figure(_Question):
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

    def for_context(self, context: Context) -> "_Question":
        points = next((choice.points for choice in self.points_when if holds(choice.when, context)), None)
        return self.model_copy(update={"points": points}) if points else self

    @abstractmethod
    def _x(self, given: Given, setting: Setting) -> float | None: ...

    def value(self, given: Given, setting: Setting) -> float | None:
        if self.points is None:
            return None
        if given.word:
            return self.none or 0.0 if given.word == "none" else 0.0
        return interpolate(self.points, self._x(given, setting) or 0.0)

    def explain(self, given: Given, setting: Setting) -> str:
        value = self.value(given, setting)
        if self.points is None or value is None:
            return "not scored"
        x = self._x(given, setting)
        if x is None:
            return f"'{given.text}' counts {_show(value)}"
        return _interpolation(self.points, x, value, self._unit())

    def next_step(self, given: Given, setting: Setting) -> Step | None:
        value = self.value(given, setting)
        if self.points is None or value is None:
            return None
        x = self._x(given, setting) or 0.0
        better = [(score, abs(at - x), at) for at, score in self.points if score > value]
        if not better:
            return None
        score, _, at = min(better)
        return Step(f"{_show(at)} {self._unit()}".strip(), score)

    def _unit(self) -> str:
        return self.unit


class Number(_Figure):
    """A figure in a unit, valued by breakpoints."""

    type: Literal["number"]

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "number", self.text, unit=self.unit, none=self.none is not None),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: Setting) -> Reading:
        return _figure_reading(parsed[""])

    def _x(self, given: Given, _setting: Setting) -> float | None:
        return given.number


class Percentage(_Figure):
    """A share in percent, valued by breakpoints."""

    type: Literal["percentage"]
    unit: Text = "%"
    above_100: bool = False

    def cells(self) -> tuple[AnswerCell, ...]:
        none = self.none is not None
        return (AnswerCell("", "percentage", self.text, unit=self.unit, none=none, above_100=self.above_100),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: Setting) -> Reading:
        return _figure_reading(parsed[""])

    def _x(self, given: Given, _setting: Setting) -> float | None:
        return given.number


def _figure_reading(found: Parsed) -> Reading:
    if isinstance(found, Given):
        unmeasured = (Remark("", "unmeasured", "'do not know' is worth 0: the vendor does not measure it"),)
        return Reading("answered", found, unmeasured if found.word == "unknown" else ())
    number = float(found) if isinstance(found, int | float) else 0.0
    return Reading("answered", Given(raw_text(number), number=number))


class DateQuestion(_Figure):
    """A day in the past, valued by breakpoints over the months since."""

    type: Literal["date"]
    unit: Text = "months since"

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "date", self.text, unit="date", none=self.none is not None),)

    def _assemble(self, parsed: Mapping[str, Parsed], setting: Setting) -> Reading:
        found = parsed[""]
        if isinstance(found, Given) or not isinstance(found, date):
            return _figure_reading(found)
        if self.points is not None and found > setting.as_of:
            message = f"{found} is after the evaluation date {setting.as_of}: a day in the past is asked for"
            raise AnswerError("future-date", message)
        months = months_between(found, setting.as_of)
        return Reading("answered", Given(found.isoformat(), number=months, day=found))

    def _x(self, given: Given, _setting: Setting) -> float | None:
        return given.number

    def _unit(self) -> str:
        return "months before the evaluation date"


class RubricQuestion(_Question):
    """Anchored levels 0 to 5, given by evaluators; what the vendor writes is their material."""

    type: Literal["rubric"]
    levels: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _six(self) -> "RubricQuestion":
        if self.levels and len(self.levels) != LEVELS:
            raise Fault("wrong-value", f"{len(self.levels)} given; six are needed, for level 0 to 5", "levels")
        return self

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "text", self.text),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: Setting) -> Reading:
        return Reading("answered", Given(str(parsed[""])))

    def at_level(self, level: float) -> Given:
        """Answer that evaluators gave as a level."""
        return Given(raw_text(float(level)), number=float(level))

    def value(self, given: Given, _setting: Setting) -> float | None:
        return None if given.number is None else given.number * HUNDRED / (LEVELS - 1)

    def explain(self, given: Given, setting: Setting) -> str:
        if given.number is None:
            return "no evaluator has given a level"
        return f"level {given.text} x 20 = {_show(self.value(given, setting))}"

    def next_step(self, given: Given, _setting: Setting) -> Step | None:
        level = int(given.number or 0) + 1
        if given.number is None or level >= LEVELS:
            return None
        anchor = f": {self.levels[level]}" if self.levels else ""
        return Step(f"level {level}{anchor}", level * HUNDRED / (LEVELS - 1))


class TextQuestion(_Question):
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

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "text", self.text),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: Setting) -> Reading:
        return Reading("answered", Given(str(parsed[""])))

    def value(self, _given: Given, _setting: Setting) -> float | None:
        return None

    def explain(self, _given: Given, _setting: Setting) -> str:
        return "information, not scored"

    def next_step(self, _given: Given, _setting: Setting) -> Step | None:
        return None


# ------------------------------------------------------------------------------------------------ certification


class CertificationPart(Frozen):
    """One row of a certification question."""

    id: Id
    type: Literal["choice", "date", "text"]
    text: Text
    values: dict[str, Text] = {}


class DaysLeft(Frozen):
    """Bounds on the days from the evaluation date to the end of the certificate."""

    min: Figure | None = None
    max: Figure | None = None


OneOrMore = Annotated[tuple[Text, ...], BeforeValidator(as_list, json_schema_input_type=Text | tuple[Text, ...])]


class DecisionTest(Frozen):
    """What a line of the decision table looks at."""

    status: OneOrMore = ()
    edition: OneOrMore = ()
    accredited: OneOrMore = ()
    scope: OneOrMore = ()
    days_left: DaysLeft | None = None


class Decision(Frozen):
    """A line of the decision table: the first that fits counts."""

    when: DecisionTest = DecisionTest()
    value: Score
    judgement: bool = False


class CertificationScheme(Frozen):
    """How certificates are asked for and valued (certification.yaml)."""

    parts: tuple[CertificationPart, ...]
    needed_for_value: tuple[Text, ...]
    needed_for_document: tuple[Text, ...]
    complete_alone: tuple[Text, ...]
    asked_if_status: tuple[Text, ...]
    edition_also_for: tuple[Text, ...]
    table: tuple[Decision, ...]

    @model_validator(mode="after")
    def _consistent(self) -> "CertificationScheme":
        parts = self.part_ids
        repeated = next((index for index, name in enumerate(parts) if name in parts[:index]), None)
        if repeated is not None:
            raise Fault("repeated-id", f"the part '{parts[repeated]}' stands twice; keep one", "parts", repeated, "id")
        if not self.statuses:
            raise Fault(
                "missing-key", "a part 'status' with its values is needed; the table asks for it first", "parts"
            )
        for key, known in (
            ("needed_for_value", parts),
            ("needed_for_document", parts),
            ("complete_alone", self.statuses),
            ("asked_if_status", self.statuses),
            ("edition_also_for", self.statuses),
        ):
            for index, name in enumerate(getattr(self, key)):
                if name not in known:
                    message = f"'{name}' is not one of {', '.join(known)}"
                    raise Fault("unknown-reference", message, key, index)
        if not self.table or self.table[-1].when != DecisionTest():
            raise Fault("certification-table", "the last line has no 'when', so that one always holds", "table")
        return self

    @property
    def part_ids(self) -> tuple[str, ...]:
        """Ids of the parts in order."""
        return tuple(part.id for part in self.parts)

    @property
    def statuses(self) -> Mapping[str, str]:
        """Labels of the statuses by id."""
        return next((part.values for part in self.parts if part.id == "status"), {})


class Edition(Frozen):
    """An edition of a standard that a certificate may name."""

    id: Id
    label: Text
    withdrawn: bool = False
    withdrawn_from: Day | None = None


_DEFAULT_PARTS = ("status", "edition", "accredited", "scope", "valid_until", "issuer", "number")


class Certification(_Question):
    """A certificate, judged on the evaluation date by the decision table of its scheme."""

    type: Literal["certification"]
    parts: tuple[Text, ...] = ()
    editions: tuple[Edition, ...] = ()
    statuses: tuple[Text, ...] = ()
    status_values: dict[str, Score] = {}
    accredited_text: Text = ""
    valid_until_help: Text = ""
    within_months: Figure | None = None
    _scheme: CertificationScheme = PrivateAttr()

    @property
    def options_by_id(self) -> Mapping[str, str]:
        return {option.id: option.label for option in self._cell("status").options}

    def bind(self, scheme: CertificationScheme) -> "Certification":
        """Return the question with the scheme that values it."""
        bound = self.model_copy()
        bound.__dict__.pop("_cells", None)
        bound._scheme = scheme  # noqa: SLF001  a copy of itself
        return bound

    @property
    def _names(self) -> tuple[str, ...]:
        wanted = self.parts or tuple(name for name in self._scheme.part_ids if name in _DEFAULT_PARTS)
        return tuple(name for name in wanted if name != "edition" or self.editions)

    def cells(self) -> tuple[AnswerCell, ...]:
        return self._cells

    @cached_property
    def _cells(self) -> tuple[AnswerCell, ...]:
        return tuple(self._cell(name) for name in self._names)

    def _cell(self, name: str) -> AnswerCell:
        part = next(part for part in self._scheme.parts if part.id == name)
        values = part.values
        text, help_ = part.text, ""
        if name == "status" and self.statuses:
            values = {status: values[status] for status in self.statuses}
        elif name == "edition":
            values = {edition.id: edition.label for edition in self.editions}
        elif name == "accredited":
            text = self.accredited_text or text
        elif name == "valid_until":
            help_ = self.valid_until_help
        options = tuple(Option(label=label, id=key, synonyms=YES_NO.get(key, ())) for key, label in values.items())
        return AnswerCell(name, part.type, text, options, help=help_)

    def _assemble(self, parsed: Mapping[str, Parsed], setting: Setting) -> Reading:
        told = {part: found for part, found in parsed.items() if not _is_untold(self._cell(part), found)}
        missing = self._missing(told, str(told.get("status", "")))
        if missing:
            names = ", ".join(self._cell(name).text for name in missing)
            message = f"incomplete, so it counts as blank; missing: {names}"
            part = next(iter(parsed))
            return Reading("blank", None, (Remark(part, "certificate-incomplete", message),))
        given = self._given(told)
        if implausible := self._implausible(given.day, setting):
            return Reading("invalid", None, (implausible,))
        faults = () if self.is_document(given) else (self._unnamed(),)
        return Reading("answered", given, faults)

    def _missing(self, parsed: Mapping[str, Parsed], status: str) -> tuple[str, ...]:
        scheme = self._scheme
        if not status:
            return ("status",)
        if status in scheme.complete_alone:
            return ()
        needed = [name for name in scheme.needed_for_value if name in self._names and name not in parsed]
        if status in scheme.asked_if_status:
            return tuple(needed)
        return tuple(name for name in needed if name == "edition" and status in scheme.edition_also_for)

    def _given(self, parsed: Mapping[str, Parsed]) -> Given:
        day = parsed.get("valid_until")
        named = [(cell, parsed[cell.part]) for cell in self.cells() if cell.part in parsed]
        shown = [{o.id: o.label for o in cell.options}.get(str(found), str(found)) for cell, found in named]
        parts = tuple((cell.part, str(found)) for cell, found in named)
        status = str(parsed["status"])
        return Given("; ".join(shown), frozenset({status}), day=day if isinstance(day, date) else None, parts=parts)

    def _implausible(self, day: date | None, setting: Setting) -> Remark | None:
        most = self.within_months
        if day is None or most is None or day <= setting.as_of or months_between(setting.as_of, day) <= most:
            return None
        message = f"{day} is more than {most:g} months after {setting.as_of}: check the date"
        return Remark("valid_until", "implausible-date", message)

    def is_document(self, given: Given) -> bool:
        """Whether issuer and number are named, without which a certificate stays a claim."""
        needed = [name for name in self._scheme.needed_for_document if name in self._names]
        asked = given.part("status") in self._scheme.asked_if_status
        return not asked or all(given.part(name) for name in needed)

    def _unnamed(self) -> Remark:
        names = " and ".join(self._cell(name).text for name in self._scheme.needed_for_document if name in self._names)
        return Remark("status", "certificate-not-named", f"stays a claim until {names} are given")

    def value(self, given: Given, setting: Setting) -> float | None:
        return self._decide(given, setting)[0]

    def _decide(self, given: Given, setting: Setting) -> tuple[float, str]:
        status = given.part("status")
        if status in self.status_values:
            return self.status_values[status], f"status {self.options_by_id[status]}"
        for line in self._scheme.table:
            if (why := self._fits(line.when, given, setting)) is not None:
                return line.value, why or "valid, in scope, 90 days or more left"
        raise AnswerError(
            "certification-table", f"{self.id}: no line of the decision table fits; add a last one without 'when'"
        )

    def _fits(self, test: DecisionTest, given: Given, setting: Setting) -> str | None:
        """Words for a line that fits, None for one that does not."""
        facts = {"status": given.part("status"), "accredited": given.part("accredited"), "scope": given.part("scope")}
        facts["edition"] = "withdrawn" if self._is_withdrawn(given, setting) else given.part("edition")
        words = []
        for name, fact in facts.items():
            wanted = getattr(test, name)
            if wanted and fact not in wanted:
                return None
            if wanted:
                words.append(f"{name} is {fact}")
        if test.days_left is not None:
            if given.day is None:
                return None
            left = (given.day - setting.as_of).days
            if not _within(left, test.days_left.min, test.days_left.max):
                return None
            words.append(f"{left} days left" if left >= 0 else f"expired {-left} days before the evaluation date")
        return ", ".join(words)

    def _is_withdrawn(self, given: Given, setting: Setting) -> bool:
        edition = next((edition for edition in self.editions if edition.id == given.part("edition")), None)
        if edition is None:
            return False
        return edition.withdrawn or (edition.withdrawn_from is not None and edition.withdrawn_from <= setting.as_of)

    def explain(self, given: Given, setting: Setting) -> str:
        value, why = self._decide(given, setting)
        return f"{why}: {_show(value)}"

    def next_step(self, given: Given, setting: Setting) -> Step | None:
        value = self.value(given, setting) or 0.0
        return None if value >= HUNDRED else Step("a valid certificate that names our site and our service", HUNDRED)


def _is_untold(field: AnswerCell, found: Parsed) -> bool:
    """Tell a part that says 'do not know' or names nobody: it is not given."""
    if isinstance(found, Given):
        return True
    return field.kind == "text" and normalize(str(found)) in UNKNOWN | NONE


Question = Annotated[
    YesNoPartial
    | SingleChoice
    | MultiChoice
    | Number
    | Percentage
    | DateQuestion
    | Certification
    | RubricQuestion
    | TextQuestion,
    Field(discriminator="type"),
]


# ------------------------------------------------------------------------------------------------ arithmetic


def interpolate(points: tuple[tuple[float, float], ...], x: float) -> float:
    """Value at x: linear between breakpoints, flat outside.

    >>> interpolate(((0, 100), (30, 70), (90, 15)), 60)
    42.5
    """
    if x <= points[0][0]:
        return float(points[0][1])
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return float(y1) if x == x1 else y0 + (x - x0) / (x1 - x0) * (y1 - y0)
    return float(points[-1][1])


def _interpolation(points: tuple[tuple[float, float], ...], x: float, value: float, unit: str) -> str:
    shown = f"{_show(x)} {unit}".strip()
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 < x < x1:
            share = f"({_show(x)} - {x0:g}) / ({x1:g} - {x0:g})"
            between = f"{shown} lies between {x0:g} (scores {y0:g}) and {x1:g} (scores {y1:g})"
            return f"{between}: {y0:g} + {share} x ({y1:g} - {y0:g}) = {_show(value)}"
    return f"{shown} scores {_show(value)}"


def months_between(start: date, end: date) -> float:
    """Whole calendar months from start to end, plus the remaining days over the days to the next monthly day.

    >>> months_between(date(2026, 5, 24), date(2026, 11, 24))
    6.0
    """
    if end.year == MAXYEAR:
        # 9999-12-31, "for ever", has no next monthly day; the calendar repeats every 400 years.
        start, end = start.replace(year=start.year - 400), end.replace(year=end.year - 400)
    whole = (end.year - start.year) * 12 + end.month - start.month
    if _add_months(start, whole) > end:
        whole -= 1
    last, following = _add_months(start, whole), _add_months(start, whole + 1)
    return whole + (end - last).days / (following - last).days


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    month_ends = (
        31,
        29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28,
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    )
    return date(year, month, min(day.day, month_ends[month - 1]))


def _within(number: float, low: float | None, high: float | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def _show(number: float | None) -> str:
    return "–" if number is None else f"{number:.10g}"
