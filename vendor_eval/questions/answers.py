"""What a vendor says: cells of a form, and the one reading they have."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from vendor_eval.errors import AnswerError
from vendor_eval.money import read_price
from vendor_eval.parsing import (
    normalize,
    read_date,
    read_number,
    read_percentage,
    shorten,
    split_condition,
    unknown_option,
    words,
)
from vendor_eval.questions.models import Option
from vendor_eval.readers import Cell, raw_text


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """The neutral fields of one answer cell of a form. `part` is '' or what follows the dot of the row's id."""

    part: str
    kind: Literal["choice", "number", "percentage", "date", "text", "price"]
    text: str
    options: tuple[Option, ...] = ()
    unit: str = ""
    help: str = ""
    none: bool = False
    above_100: bool = False
    currency: str = ""
    per: str = ""

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
    """What the cells of one question say: an answer, or none and why. `conditions` is what stands behind an answer."""

    state: Literal["answered", "blank", "invalid"]
    given: Given | None = None
    faults: tuple[Remark, ...] = ()
    conditions: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Qualified:
    """An option with a condition behind it, and the option as which it counts."""

    said: str
    option: str
    condition: str


Parsed = str | float | date | Given
# They leave a question blank.
OPEN = frozenset(("placeholder-answer", "not-applicable-answer", "answer-elsewhere"))
# [1]Sheet1!A1, or with the name of the file between the brackets; a table's column has none behind its bracket.
_EXTERNAL = re.compile(r"\[[^\]]+\][^!\[\]]*!")
_SAYS_NONE = Given("none", word="none")
_SAYS_UNKNOWN = Given("do not know", word="unknown")


def read_cell(field: AnswerCell, cell: Cell, setting: Setting) -> Parsed | Qualified:
    """Read one cell; raise AnswerError where it has no reading, with a code of `OPEN` where it says nothing."""
    _refuse_unsaved(cell)
    folded = normalize(cell.value) if isinstance(cell.value, str) else ""
    if field.kind == "choice" and (found := _option(field.options, cell.value, folded)):
        return found
    if isinstance(cell.value, str):
        _refuse_empty(cell.value, folded)
    return _KINDS[field.kind](field, cell, folded, setting)


def _refuse_unsaved(cell: Cell) -> None:
    if cell.error:
        message = f"the cell holds the error {cell.error}: correct the formula or type the answer"
        raise AnswerError("error-cell", message)
    if cell.value is None:
        message = f"the cell holds {shorten(cell.formula)} but no value was saved: open in Excel, save, send again"
        raise AnswerError("formula-without-value", message)
    if _EXTERNAL.search(cell.formula):
        message = f"{shorten(cell.formula)} links to another workbook: type the answer"
        raise AnswerError("external-link", message)


def _refuse_empty(text: str, folded: str) -> None:
    bare = folded.strip(_AROUND)
    if not bare or folded in words().placeholder or bare in words().placeholder:
        raise AnswerError("placeholder-answer", f"'{shorten(text)}' is no answer: the question counts as blank")
    if folded in words().not_applicable or bare in words().not_applicable:
        message = "the question was asked of every vendor: 'n/a' counts as no answer; give one or say why in Comment"
        raise AnswerError("not-applicable-answer", message)
    if folded in words().elsewhere or bare in words().elsewhere:
        message = f"'{shorten(text)}' does not answer here, so the question counts as blank: answer in this cell"
        raise AnswerError("answer-elsewhere", message)


def says_nothing(text: str) -> bool:
    """Tell a text that leaves a question blank."""
    try:
        _refuse_empty(text, normalize(text))
    except AnswerError:
        return True
    return False


_AROUND = " .,;:!()[]{}\"'*_"


def _option(options: tuple[Option, ...], value: object, folded: str) -> str | None:
    """Id of the option that a text names, by its own spellings or else by a yes, no or partial of any language."""
    if isinstance(value, bool):
        folded = str(value).lower()
    elif not isinstance(value, str):
        folded = normalize(raw_text(value)) if isinstance(value, int | float) else ""  # a label 2022 typed as a number
    for text in (folded, folded.strip(_AROUND)):
        for option in options if text else ():
            if text in _spellings(option):
                return option.id
        for option in options if text else ():
            if (natural := _natural(option)) and text in words().answers[natural]:
                return option.id
    return None


def _spellings(option: Option) -> set[str]:
    own = {normalize(option.label), *map(normalize, option.synonyms)}
    return {*own, option.id.casefold()} if len(option.id) > 1 else own


def _natural(option: Option) -> str:
    """Whether an option is yes, no or partial, '' where it is none of them."""
    label = normalize(option.label)
    return label if label in words().answers else ""


def _choice(field: AnswerCell, cell: Cell, _folded: str, _setting: Setting) -> Parsed | Qualified:
    text = cell.raw
    heads = {spelling for option in field.options for spelling in _spellings(option)}
    heads |= {word for option in field.options if _natural(option) for word in words().answers[_natural(option)]}
    parted = split_condition(text, heads)
    if parted is None:
        raise _planned(text) if words().is_planned(text) else unknown_option(text, field.labels)
    head, condition = parted
    said = _option(field.options, head, head)
    last = normalize(condition).split()
    if len(last) <= 2 and _option(field.options, last[-1], last[-1]):  # noqa: PLR2004  'Yes / No', 'yes and no'
        raise unknown_option(text, field.labels)
    return _qualified(field, text, next(option for option in field.options if option.id == said), condition)


def _qualified(field: AnswerCell, text: str, option: Option, condition: str) -> Qualified:
    """Count an answer with a condition as its worse neighbour; raise AnswerError where there is none."""
    natural = {_natural(one): one for one in field.options}
    if _natural(option) in {"no", "partial"}:
        return Qualified(option.label, option.id, condition)
    if _natural(option) == "yes" and words().is_planned(condition):
        raise _planned(text)
    if _natural(option) == "yes" and "partial" in natural:
        return Qualified(option.label, natural["partial"].id, condition)
    message = (
        f"'{shorten(text)}' is '{option.label}' with a condition, and no answer offered says that: "
        "pick the one that holds without it, and put the condition into Comment"
    )
    raise AnswerError("unknown-option", message)


def _planned(text: str) -> AnswerError:
    message = f"'{shorten(text)}' speaks of what is not there today, which is never a yes: answer as of today"
    return AnswerError("planned-answer", message)


def _figure(field: AnswerCell, cell: Cell, folded: str, setting: Setting) -> Parsed:
    if folded in words().unknown:
        return _SAYS_UNKNOWN
    if folded in words().none:
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
    if folded in words().unknown:
        return _SAYS_UNKNOWN
    return _SAYS_NONE if field.none and folded in words().none else read_date(cell.value)


def _text(_field: AnswerCell, cell: Cell, _folded: str, _setting: Setting) -> Parsed:
    return cell.raw


def _price(field: AnswerCell, cell: Cell, _folded: str, setting: Setting) -> Parsed:
    return read_price(cell, currency=field.currency, unit=field.per, decimal_sign=setting.decimal_sign)


_KINDS = {
    "choice": _choice,
    "number": _figure,
    "percentage": _figure,
    "date": _day,
    "text": _text,
    "price": _price,
}
