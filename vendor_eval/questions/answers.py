"""What a vendor says: cells of a form, and the one reading they have."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from vendor_eval.errors import AnswerError
from vendor_eval.money import read_price
from vendor_eval.parsing import (
    NONE,
    NOT_APPLICABLE,
    PLACEHOLDERS,
    UNKNOWN,
    normalize,
    read_date,
    read_number,
    read_percentage,
    shorten,
    unknown_option,
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


def read_cell(field: AnswerCell, cell: Cell, setting: Setting) -> Parsed | None:
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
