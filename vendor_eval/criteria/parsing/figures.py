"""Figures with units: numbers, quantities, percentages."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from vendor_eval.criteria.parsing.texts import normalize, plain, shorten
from vendor_eval.criteria.parsing.words import words
from vendor_eval.formatting.currencies import CODES, SYMBOLS, WORDLIKE
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import Value, raw_text

# Each family of units that converts exactly, in its smallest unit.
_UNITS = ({"s": 1, "min": 60, "h": 3600, "days": 86400, "weeks": 604800}, {"months": 1, "years": 12})
# Symbols of one currency alone; names of time and shares stand among the words of vendors.
_ONE_CURRENCY = {symbol: codes[0] for symbol, codes in SYMBOLS.items() if len(codes) == 1}
_MONEY = {**{symbol: code.casefold() for symbol, code in _ONE_CURRENCY.items()}, "euro": "eur", "euros": "eur"}
# A share of something else may pass 100 %; 95 in a cell that shows percent is 9500 %.
MOST_ABOVE_100 = 1000
_SYMBOLS_BEFORE = {**{symbol: symbol for symbol in (*SYMBOLS, "%")}, **_ONE_CURRENCY}
# `m` alone may be minutes, months or millions.
_SHORT = {
    **dict.fromkeys(("k", "thousand", "tsd.", "tsd"), 1e3),
    "lakh": 1e5,
    **dict.fromkeys(("millions", "million", "mio.", "mio", "mn"), 1e6),
    "crore": 1e7,
    **dict.fromkeys(("billion", "bn"), 1e9),
}


_UNIT_BETWEEN = r"(?:%|[^\W\d_]{1,9}\.?)"
_RANGE = re.compile(
    rf"^(?:between\s+|from\s+)?(?P<low>\d[\d.,]*)\s*(?:(?P<unit>{_UNIT_BETWEEN})\s*)?"
    r"(?:-|–|—|\u2212|~|\.\.|(?<![^\W\d_])(?:to|and|bis|a|à|or|oder|ou|o)\b)\s*(?P<high>\d[\d.,]*)"
)
_GIVE_OR_TAKE = re.compile(rf"^\s*(?:{_UNIT_BETWEEN}\s*)?(?:±|\+\s*/\s*-)\s*\d[\d.,]*")
_PER = re.compile(r" ?/ ?| per ")
_DAY = re.compile(r"^\d{1,4}([-./])\d{1,2}\1\d{1,4}$")
_CURRENCY = re.compile(
    rf"^(?P<sign>[A-Za-z]{{3}}|{'|'.join(map(re.escape, _SYMBOLS_BEFORE))})\s?(?=[-+]?\d)", re.IGNORECASE
)
_FIGURE = re.compile(r"^[-+]?\d[\d.,']*\s*")
_SHORTENED = re.compile(rf"^(?P<short>{'|'.join(map(re.escape, _SHORT))})(?![\w.])(?P<unit>.*)$", re.DOTALL)
_QUANTITY = re.compile(r"^(?P<number>[-+−]?(?:\d|[.,](?=\d))[\d.,'\u00a0\u202f ]*)(?P<unit>.*)$", re.DOTALL)
# A space or an apostrophe stands between groups of three digits; anywhere else there are two numbers.
_SPACES = re.compile(r"[ '\u00a0\u202f]")
_SPACED = re.compile(r"^[-+]?\d{1,3}(?:[ '\u00a0\u202f]\d{3})+(?:[.,]\d+)?$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the unit written behind it, '' for none."""

    number: float
    unit: str


def read_quantity(text: str, *, decimal_sign: str = "") -> Quantity:
    """Read a number and what stands behind it; ranges and approximations have more than one reading.

    >>> read_quantity("1,234.5 h")
    Quantity(number=1234.5, unit='h')
    """
    if any(unicodedata.category(sign) == "No" for sign in text):
        # NFKC would make 102 of 10² and 11/2 of 1½.
        raise AnswerError("not-a-number", f"'{shorten(text)}' is not a plain number: write it in digits, such as 0.5")
    line = plain(text)
    _refuse_inexact(line)
    currency, rest = _without_currency(line)
    match = _QUANTITY.match(rest)
    if not match:
        raise AnswerError("not-a-number", f"'{shorten(line)}' is not a number: write it in digits")
    number, unit = _finite(_number(match["number"].strip(), decimal_sign)), match["unit"].strip()
    if short := _SHORTENED.match(unit.casefold()):
        taken = shorten(f"{number * _SHORT[short['short']]:.15g} {currency}{short['unit']}")
        message = f"'{shorten(line)}' is abbreviated: please write the figure in full (we would take {taken})"
        raise AnswerError("abbreviated-number", message, (taken,))
    return Quantity(number, " ".join(f"{currency} {unit}".split()))


def _refuse_inexact(line: str) -> None:
    """Ask back for one figure, and say which would be taken."""
    lower = line.casefold()
    about = words().about.match(lower)
    rest = lower[about.end() :] if about else lower
    if (limits := _RANGE.match(rest)) and not _DAY.match(lower):
        ends = (shorten(limits["low"]), shorten(limits["high"]))
        message = f"'{shorten(line)}' is a range: please give the one number that counts"
        raise AnswerError("range-answer", message, ends)
    exact = _without_behind(rest)
    if about or exact != rest:
        exact = shorten(exact)
        message = f"'{shorten(line)}' is no exact figure: please give one number (we would take {exact})"
        raise AnswerError("approximate-answer", message, (exact,))


def _without_behind(text: str) -> str:
    """Cut off what makes no exact figure of the one before it, with its unit between or behind."""
    figure = _FIGURE.match(text)
    if figure is None:
        return text
    rest = text[figure.end() :]
    if margin := _GIVE_OR_TAKE.match(rest):
        unit = rest[: margin.end()].partition("±")[0].partition("+")[0]
        return " ".join(f"{figure[0]}{unit}{rest[margin.end() :]}".split())
    if behind := words().about_behind.match(rest):
        return " ".join((figure[0] + rest[behind.end() :]).split())
    unit, _, words_behind = rest.partition(" ")
    whole = words().about_behind.fullmatch(words_behind.strip())
    return " ".join((figure[0] + unit).split()) if whole else text


def _without_currency(line: str) -> tuple[str, str]:
    """Part a currency, or a percent sign, that stands before a number from it, as in EUR 5000."""
    match = _CURRENCY.match(line)
    if match is None:
        return "", line
    sign = match["sign"].casefold()
    # A sentence may start with "all" or "top": as codes of currencies they stand in capitals.
    if sign in _SYMBOLS_BEFORE or sign in CODES - WORDLIKE or (sign in WORDLIKE and match["sign"].isupper()):
        return _SYMBOLS_BEFORE.get(sign, sign.upper()), line[match.end() :]
    return "", line


def _number(text: str, decimal_sign: str) -> float:
    plain = text.replace("−", "-").rstrip(".,")
    if _SPACES.search(plain) and not _SPACED.match(plain):
        raise AnswerError("ambiguous-number", f"'{shorten(text)}' is more than one number: give the one that counts")
    compact = _SPACES.sub("", plain)
    digits = compact.lstrip("+-")
    signs = [sign for sign in ".," if sign in digits]
    if len(signs) == 2:  # noqa: PLR2004  both signs: the one that stands last is the decimal sign
        decimal = max(signs, key=digits.rindex)
        grouping = "," if decimal == "." else "."
        if digits.count(decimal) > 1 or not _grouped(digits.split(decimal)[0], grouping):
            message = f"'{shorten(text)}' mixes '.' and ',': write the number without separators"
            raise AnswerError("ambiguous-number", message)
        return float(compact.replace(grouping, "").replace(decimal, "."))
    if len(signs) == 1:
        return _one_sign(text, compact, digits, signs[0], decimal_sign)
    return float(compact)


def _one_sign(text: str, compact: str, digits: str, sign: str, decimal_sign: str) -> float:
    grouped = _grouped(digits, sign)
    if digits.count(sign) > 1:
        if not grouped or decimal_sign == sign:
            raise AnswerError("ambiguous-number", f"'{shorten(text)}' is not a number: write it without separators")
        return float(compact.replace(sign, ""))
    fraction = float(compact.replace(sign, "."))
    # 0.123 and 1234.567 cannot be thousands.
    if not grouped or digits.startswith("0") or decimal_sign == sign:
        return fraction
    if decimal_sign:
        return float(compact.replace(sign, ""))
    readings = (shorten(compact.replace(sign, "")), str(fraction))
    message = f"'{shorten(text)}' may be {' or '.join(readings)}: write it without separators"
    raise AnswerError("ambiguous-number", message, readings)


def _grouped(digits: str, sign: str) -> bool:
    head, *groups = digits.split(sign)
    return 1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)  # noqa: PLR2004  thousands


def convert(quantity: Quantity, unit: str) -> float:
    """Convert a quantity to the unit that was asked for; raise AnswerError if it does not convert exactly.

    >>> convert(Quantity(3, "weeks"), "days")
    21.0
    """
    wanted, written = _unit(unit), _unit(quantity.unit)
    if not written or written == wanted or written in _endings(wanted):
        return float(quantity.number)
    for family in _UNITS:
        if written in family and wanted in family:
            return quantity.number * family[written] / family[wanted]
    if unit == "%" and quantity.unit.startswith("%"):
        message = f"Please write the percentage alone: {quantity.number:.10g} %; the rest belongs in Comment"
    else:
        wanted = "a percentage" if unit == "%" else f"the number of {unit}" if unit else "the number alone"
        message = f"Please write {wanted}: '{shorten(quantity.unit)}' is not the unit that was asked for"
    raise AnswerError("wrong-unit", message)


def _unit(text: str) -> str:
    """One spelling of a unit; those on both sides of 'per' or '/' are spelled each by itself."""
    parts = _PER.split(normalize(text).rstrip("."))
    return "/".join(words().units.get(part) or _MONEY.get(part, part) for part in parts)


def _endings(unit: str) -> set[str]:
    singular = unit.removesuffix("s")
    return {unit, singular, f"{singular}s"} if singular else {unit}


def is_unit(text: str, unit: str) -> bool:
    """Tell whether a text is another spelling of a unit."""
    return _unit(text) in _endings(_unit(unit))


def read_number(value: Value, *, unit: str = "", percent: bool = False, decimal_sign: str = "") -> float:
    """Read a number in a unit from a cell's value; `percent` says that the cell shows a percentage."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise AnswerError("not-a-number", f"{raw_text(value)} is not a number{_day_hint(value)}")
    if isinstance(value, str):
        try:
            quantity = read_quantity(value, decimal_sign=decimal_sign)
        except AnswerError as error:
            raise _in_unit(error, value, unit, decimal_sign) from error
        return _finite(convert(quantity, unit))
    if percent:
        message = f"the cell shows {_finite(value) * 100:g} %; expected {unit or 'a plain number'}"
        raise AnswerError("wrong-unit", message)
    return _finite(value)


def _in_unit(error: AnswerError, text: str, unit: str, decimal_sign: str) -> AnswerError:
    """Say what a range of another unit is in the one that was asked for; any other fault stays."""
    line = plain(text).casefold()
    about = words().about.match(line)
    line = line[about.end() :] if about else line
    limits = _RANGE.match(line) if error.code == "range-answer" else None
    written = (line[limits.end() :].strip() or limits["unit"] or "") if limits else ""
    if not written or is_unit(written, unit):
        message = f"'{shorten(text)}' is a range: please give one number{f' of {unit}' if unit else ''}"
        return AnswerError(error.code, message, error.readings) if limits else error
    try:
        low, high = (
            convert(read_quantity(f"{end} {written}", decimal_sign=decimal_sign), unit) for end in error.readings
        )
    except AnswerError:
        return AnswerError(error.code, str(error), [f"{end} {written}" for end in error.readings])
    same = f"{'-'.join(error.readings)} {written} are {low:g}-{high:g} {unit}"
    message = f"'{shorten(text)}' is a range: please give one number of {unit} ({same})"
    return AnswerError("range-answer", message, (f"{low:.15g}", f"{high:.15g}"))


def _day_hint(value: Value) -> str:
    """Say what a spreadsheet may have done to a figure."""
    made = ": the spreadsheet made a day of what was typed, such as 2-3; type the figure again"
    return made if isinstance(value, date) else ": type the figure"


def _finite(number: float) -> float:
    """Return a figure as a float; raise AnswerError for one with more digits than a float holds."""
    try:
        figure = float(number)
    except OverflowError:
        figure = math.inf
    if not math.isfinite(figure):
        raise AnswerError("not-a-number", "the figure is too large to be compared: check its digits")
    return figure


def read_percentage(value: Value, *, percent: bool = False, above_100: bool = False, decimal_sign: str = "") -> float:
    """Read a percentage: 95 for '95 %', for 95 and for 0.95 in a cell that shows percent.

    A plain number above 0 and up to 1 may be a share or a percentage: AnswerError with both readings.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise AnswerError("not-a-number", f"{raw_text(value)} is not a percentage{_day_hint(value)}")
    if isinstance(value, str):
        quantity = read_quantity(value, decimal_sign=decimal_sign)
        percent, number = bool(quantity.unit), convert(quantity, "%")
    else:
        number = round(_finite(_finite(value) * 100), 10) if percent else _finite(value)
    if not percent and 0 < number <= 1:
        readings = (f"{number:g} %", f"{number * 100:g} %")
        message = f"{number:g} may be {' or '.join(readings)}: write it with the % sign"
        raise AnswerError("ambiguous-percentage", message, readings)
    most = MOST_ABOVE_100 if above_100 else 100
    if not 0 <= number <= most:
        raise AnswerError("percentage-out-of-range", f"{number:g} % is not between 0 % and {most} %: check the figure")
    return float(number)
