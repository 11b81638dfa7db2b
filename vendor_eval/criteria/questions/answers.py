"""What a vendor says: cells of a form, and the one reading they have."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from vendor_eval.criteria.parsing import (
    Qualified,
    normalize,
    read_date,
    read_number,
    read_option,
    read_percentage,
    refuse_nothing,
    shorten,
    shown_labels,
    words,
)
from vendor_eval.criteria.parsing.money import Nothing, Rate, read_price, read_rate, refuse_money
from vendor_eval.criteria.questions.models import NO_BOUNDS, Bounds, Option
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import Cell


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """The neutral fields of one answer cell of a form. `part` is '' or what follows the dot of the row's id.

    Beyond `bounds` no honest figure lies, and with `whole` it is a count.
    """

    part: str
    kind: Literal["choice", "number", "percentage", "date", "text", "price"]
    text: str
    options: tuple[Option, ...] = ()
    unit: str = ""
    help: str = ""
    none: bool = False
    bounds: Bounds = NO_BOUNDS
    whole: bool = False
    currency: str = ""
    per: str = ""
    nothing: Nothing = "refused"

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels offered, in an order that does not tell the score."""
        return shown_labels(self.options)

    @property
    def is_rate(self) -> bool:
        """Whether the figure may carry a currency, as what an hour pays."""
        return self.kind == "number" and normalize(self.unit) == "per hour"


@dataclass(frozen=True, slots=True)
class Answer:
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
class PartIssue:
    """Something to say of one part of an answer; the submission knows its cell."""

    part: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """What the cells of one question say: an answer, or none and why.

    `conditions` is what stands behind an answer; `lowered` says that one of them made a 'Partial' of a 'Yes'.
    """

    state: Literal["answered", "blank", "invalid"]
    answer: Answer | None = None
    faults: tuple[PartIssue, ...] = ()
    conditions: tuple[str, ...] = ()
    lowered: bool = False


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next better answer, and the value that it has."""

    text: str
    value: float


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """What reading and valuing need of the evaluation: its day, the decimal sign that the vendor named, who answers."""

    as_of: date
    decimal_sign: str = ""
    by_buyer: bool = False


Parsed = str | float | date | Answer | Rate
# They leave a question blank.
OPEN = frozenset(("placeholder-answer", "not-applicable-answer", "answer-elsewhere", "struck-answer"))
# [1]Sheet1!A1, or with the name of the file between the brackets; a table's column has none behind its bracket.
_EXTERNAL = re.compile(r"\[[^\[\]]+\][^!\[\]]*!")
_NOISE = 9  # digits behind the point, beyond which conversion of a unit leaves noise
_NONE = Answer("none", word="none")
_UNKNOWN = Answer("do not know", word="unknown")


def read_cell(field: AnswerCell, cell: Cell, setting: AnswerSettings) -> Parsed | Qualified:
    """Read one cell; raise AnswerError where it has no reading, with a code of `OPEN` where it says nothing."""
    _refuse_unsaved(cell)
    # A power or a footnote makes another figure or word, and is at home in a text.
    if cell.doubt is not None and (field.kind, cell.doubt.code) != ("text", "marked-text"):
        raise AnswerError(cell.doubt.code, cell.doubt.message)
    if field.kind == "choice":
        return read_option(cell.shown or cell.value, field.options, as_of=setting.as_of)
    if isinstance(cell.value, str):
        refuse_nothing(cell.value)
    if field.kind == "text":
        return cell.shown or cell.raw
    if field.kind == "price":
        sign, is_free = setting.decimal_sign, setting.by_buyer and field.nothing == "refused"
        nothing: Nothing = "included" if is_free else field.nothing
        return read_price(cell, currency=field.currency, unit=field.per, decimal_sign=sign, nothing=nothing)
    word = normalize(cell.value) if isinstance(cell.value, str) else ""
    if word in words().unknown:
        return _UNKNOWN
    if field.none and word in words().none:
        return _NONE
    return read_date(cell.value) if field.kind == "date" else _read_figure(field, cell, word, setting.decimal_sign)


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


def _read_figure(field: AnswerCell, cell: Cell, word: str, decimal_sign: str) -> float | Rate:
    if word in words().none:
        message = f"'{cell.raw}' may mean zero or no answer: give the figure, or write 'do not know'"
        raise AnswerError("ambiguous-none", message)
    if cell.currency and not isinstance(cell.value, str) and not field.is_rate:
        refuse_money(cell.currency, field.unit)
    # A format that writes words beside the figure says what the figure is: 15 that shows as '15 weeks' is no 15 days.
    value = cell.value if cell.percent else cell.shown or cell.value
    bounds = field.bounds
    rate = read_rate(cell, field.unit, decimal_sign) if field.is_rate else None
    if rate:
        number = rate.number
    elif field.kind == "number":
        number = read_number(value, unit=field.unit, percent=cell.percent, decimal_sign=decimal_sign)
    else:
        above = bounds.max is not None
        number = read_percentage(value, percent=cell.percent, above_100=above, decimal_sign=decimal_sign)
    if number < 0 and bounds.min is None:
        raise AnswerError("negative-answer", f"{number:g} is below zero: check the figure")
    refuse_implausible(number, bounds, f"{number:.10g} {field.unit}".strip())
    if field.whole and round(number, _NOISE) % 1:
        raise AnswerError("implausible-value", f"{number:.10g} is no whole number of {field.unit}: check the figure")
    return rate or number


def refuse_implausible(number: float, bounds: Bounds, said: str) -> None:
    """Raise AnswerError for a figure beyond its bounds; `said` is how the vendor gave it."""
    if not bounds.holds(number):
        message = f"{said} is not plausible, since this figure is {bounds.ends}: check it and its unit"
        raise AnswerError("implausible-value", message)
