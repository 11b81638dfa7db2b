"""Prices as text: one figure above 0 or the word for none, in the currency and for the unit that were asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from vendor_eval.criteria.parsing import Quantity, is_unit, normalize, read_number, read_quantity, shorten
from vendor_eval.criteria.parsing.words import any_of, words
from vendor_eval.formatting.currencies import CODES, NAMES, SHORT_NAMES, SYMBOLS, WORDLIKE
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import Cell

# Words beside a currency that say nothing of a price.
_EMPTY = frozenset(("all", "are", "currency", "in", "is", "our", "price", "prices", "the", "us"))
_COSTS_NOTHING = "write 'included' if it costs nothing"
# No unit costs more: beyond it floats lose the cents of a sum.
_MOST = 1e12
_PER = re.compile(r"^(?:/|per\b|a\b|an\b|each\b)\s*(?P<count>\d[\d., ]*k?\b)?\s*(?P<unit>.*)$", re.DOTALL)
_THOUSANDS = re.compile(r"^(?:k|thousand|thousands|mille|million|hundred)\b")
_REFUSED = frozenset(
    ("refused", "on request", "upon request", "not offered", "no offer", "no bid", "to be agreed", "poa", "see offer")
)
_FREE = frozenset(("free", "incl.", "incl", "none", "nothing", "gratis"))
# What a price of nothing takes: no such price, the word for it, or also a bare 0.
Nothing = Literal["refused", "included", "zero"]


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount per hour, and the currencies that what is written beside it may mean; none where nothing is."""

    number: float
    currencies: frozenset[str] = frozenset()


def check_currency(money: str, asked: str) -> None:
    """Raise AnswerError for a currency other than the one that was asked for, and for what names none.

    >>> check_currency("€", "EUR"), check_currency("US dollars (USD)", "USD")
    (None, None)
    """
    named = [match[0] for match in _named(asked).finditer(normalize(money).replace("u.s.", "us").replace("-", " "))]
    if not named:
        message = f"'{shorten(money)}' names no currency that is known here: is it {asked}?"
        raise AnswerError("currency-unclear", message)
    if any(asked.upper() not in _known().get(name, (name.upper(),)) for name in named):
        message = f"'{shorten(money)}' is another currency: one currency counts here, give the price in {asked}"
        raise AnswerError("other-currency", message)


def beside_currency(money: str, asked: str) -> str:
    """Find what a text says beside naming a currency.

    >>> beside_currency("EUR, excl. VAT", "EUR"), beside_currency("US dollars (USD)", "USD")
    ('excl. vat', '')
    """
    rest = _named(asked).sub("", normalize(money).replace("u.s.", "us").replace("-", " ")).strip(" .,;:()/")
    return rest if set(re.findall(r"\w+", rest)) - _EMPTY else ""


def refuse_money(shown: str, unit: str) -> None:
    """Raise AnswerError for a figure that its cell shows as money where its unit is none, or of another currency.

    >>> refuse_money("$", "USD per hour")
    >>> refuse_money("€", "hours")
    Traceback (most recent call last):
    ...
    vendor_eval.issues.AnswerError: the cell shows '€' beside the figure; expected hours: give the figure in that
    """
    if is_unit(shown, unit):
        return
    if not _codes_in(shown) & _codes_in(unit):
        expected = f"{unit}: give the figure in that" if unit else "a plain number"
        raise AnswerError("wrong-unit", f"the cell shows '{shorten(shown)}' beside the figure; expected {expected}")


def read_rate(cell: Cell, unit: str, decimal_sign: str = "") -> Rate:
    """Read an amount in a unit such as 'per hour', with its currency where one is named.

    Raises AnswerError for another unit and for what has not one reading.

    >>> read_rate(Cell(1, 1, "A1", "KES 310 / h"), "per hour")
    Rate(number=310.0, currencies=frozenset({'KES'}))
    """
    shown = cell.shown or cell.value
    if cell.percent or isinstance(shown, bool) or not isinstance(shown, str | int | float):
        raise AnswerError("wrong-unit", f"'{shorten(cell.raw)}' is no amount {unit}: give one, such as 310 or KES 310")
    if not isinstance(shown, str):
        quantity, money = Quantity(read_number(shown), ""), cell.currency
    else:
        # Any name of a currency but the codes that are words.
        before = _before_figure("USD").match(normalize(shown))
        money = before["money"] if before else ""
        quantity = read_quantity(normalize(shown)[len(before[0]) :] if before else shown, decimal_sign=decimal_sign)
    rest = _mentions(CODES).sub("", normalize(quantity.unit)).strip()
    # 'per hour', 'per h' and '/ h' are the same behind an amount.
    if rest and not is_unit(f"x {rest}", f"x {unit}"):
        raise AnswerError("wrong-unit", f"'{shorten(rest)}' is not what was asked for: expected an amount {unit}")
    return Rate(quantity.number, _codes_in(f"{money} {quantity.unit}"))


def _codes_in(text: str) -> frozenset[str]:
    """List the currencies that the symbols, codes and names in a text may mean."""
    names = (match[0] for match in _mentions(CODES).finditer(normalize(text)))
    return frozenset(code for name in names for code in _known().get(name, (name.upper(),)))


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    return {**SYMBOLS, **SHORT_NAMES, **NAMES, **{f"{name}s": codes for name, codes in NAMES.items()}}


def _codes_for(asked: str) -> frozenset[str]:
    """List the codes that mean a currency in a text about a price in the currency asked for."""
    return CODES - WORDLIKE | {asked.casefold()}


@cache
def _named(asked: str) -> re.Pattern[str]:
    """Match symbols, codes and names of currencies in a normalized text."""
    return _mentions(_codes_for(asked))


def _mentions(codes: frozenset[str]) -> re.Pattern[str]:
    words = any_of((*(name for name in _known() if name not in SYMBOLS), *codes))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)|{any_of(SYMBOLS)}")


@cache
def _before_figure(asked: str) -> re.Pattern[str]:
    return re.compile(rf"^(?P<money>{_one_currency(asked)})\s*(?=[-+−]?[\d.,])")


@cache
def _behind_figure(asked: str) -> re.Pattern[str]:
    return re.compile(rf"^(?P<money>{_one_currency(asked)})(?!\w)\s*(?P<rest>.*)$", re.DOTALL)


def _one_currency(asked: str) -> str:
    """Match what means one currency, and the symbols and words that mean the one asked for."""
    names = (name for name, codes in _known().items() if name not in NAMES or len(codes) == 1)
    return any_of((*names, *_codes_for(asked)))


def read_price(cell: Cell, *, currency: str, unit: str, decimal_sign: str = "", nothing: Nothing = "refused") -> float:
    """Read a price from a cell, in one currency and for one unit; `nothing` says whether it may cost nothing.

    Raises AnswerError for another currency or unit, for what has not one reading, below 0, for a 0 or a word for it
    that is not taken, and beyond 10^12.

    >>> read_price(Cell(1, 1, "A1", "$0.06 / box"), currency="USD", unit="boxes")
    0.06
    """
    if cell.percent:
        raise AnswerError("wrong-unit", f"the cell shows a percentage; expected {currency} per {unit}")
    if isinstance(cell.value, str) and _is_included(cell.raw, nothing):
        return 0.0
    if cell.currency:
        check_currency(cell.currency, currency)
    if isinstance(cell.value, str) or cell.shown:
        number = _price_text(cell.shown or cell.raw, currency, unit, decimal_sign)
    elif isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        raise AnswerError("not-a-number", f"'{shorten(cell.raw)}' is no price: give one figure in {currency}")
    else:
        number = float(cell.value)
    if number < 0 or (number == 0 and nothing != "zero"):
        cure = "give what it costs, above 0" if number or nothing == "refused" else _COSTS_NOTHING
        raise AnswerError("price-not-positive", f"{number:g} is no price: {cure}")
    if number > _MOST:
        raise AnswerError("price-too-large", f"{number:g} is above 10^12: a slip of the keyboard? Give the price")
    return number


def _is_included(text: str, nothing: Nothing) -> bool:
    word = normalize(text)
    if word in words().included and nothing != "refused":
        return True
    if word in words().included | _FREE:
        cure = "say in which line its cost stands, and price this one" if nothing == "refused" else _COSTS_NOTHING
        raise AnswerError("price-not-positive", f"'{shorten(text)}' is no price above 0: {cure}")
    return False


def _price_text(text: str, currency: str, unit: str, decimal_sign: str) -> float:
    line = normalize(text)
    if line in _REFUSED:
        raise AnswerError("price-refused", f"'{shorten(text)}' is no price: the offer is incomplete until there is one")
    before = _before_figure(currency).match(line)
    if before:
        check_currency(before["money"], currency)
        line = line[before.end() :]
    quantity = read_quantity(line, decimal_sign=decimal_sign)
    _check_unit(quantity.unit, currency, unit)
    return quantity.number


def _check_unit(text: str, currency: str, unit: str) -> None:
    """Refuse what stands behind a figure and is neither the currency nor the unit that was asked for."""
    if _singular(text) == _singular(unit):
        return  # a pound may be a weight
    after = _behind_figure(currency).match(text)
    rest = text
    if after:
        check_currency(after["money"], currency)
        rest = after["rest"].strip()
    per = _PER.match(rest)
    named = per["unit"].strip() if per else rest
    counted = per is not None and normalize(per["count"] or "").strip() not in {"", "1"}
    if counted or _THOUSANDS.match(named):
        raise AnswerError("wrong-unit", f"'{shorten(text)}' is not per one: give the price per {unit}")
    if named and named not in {"unit", "each"} and _singular(named) != _singular(unit):
        raise AnswerError("wrong-unit", f"'{shorten(text)}' is not what was asked for: expected {currency} per {unit}")


def _singular(text: str) -> str:
    folded = normalize(text).strip(" .")
    endings = (("ies", "y"), ("xes", "x"), ("sses", "ss"), ("ches", "ch"), ("s", ""))
    for ending, instead in endings:
        if folded.endswith(ending) and not folded.endswith("ss"):
            return folded.removesuffix(ending) + instead
    return folded
