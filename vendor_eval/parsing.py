"""Text to the one reading it has; where it has none or several, an AnswerError that names them.

Nothing is guessed. Everything here is pure: values in, values out.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from vendor_eval.errors import AnswerError
from vendor_eval.issues import did_you_mean
from vendor_eval.readers import Value

# Whole cells, normalised.
NOT_APPLICABLE = frozenset(("n/a", "na", "n.a.", "n. a.", "n.a", "not applicable", "does not apply", "n/a."))
PLACEHOLDERS = frozenset(
    ("-", "--", "---", "–", "—", "?", "??", "???", "...", "…", "tbd", "tbc", "tba", "tbd.", "to be defined")
)
UNKNOWN = frozenset(
    (
        "do not know",
        "don't know",
        "dont know",
        "we do not know",
        "we don't know",
        "unknown",
        "not measured",
        "not known",
    )
)
NONE = frozenset(("none", "nothing"))
YES_NO = {
    "yes": ("y", "true", "x", "✓", "✔", "☑"),
    "partial": ("partially", "partly", "in part"),
    "no": ("n", "false", "✗", "✘"),
}

# Each family of units that converts exactly, in its smallest unit.
_UNITS = (
    {"s": 1, "min": 60, "h": 3600, "days": 86400, "weeks": 604800},
    {"months": 1, "years": 12},
)
_UNIT_NAMES = {
    "s": ("sec", "second", "seconds"),
    "min": ("mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "days": ("d", "day"),
    "weeks": ("w", "wk", "wks", "week"),
    "months": ("month", "mo", "mos"),
    "years": ("year", "yr", "yrs", "y"),
    "%": ("percent", "per cent", "pct"),
}
_SPELLINGS = {name: unit for unit, names in _UNIT_NAMES.items() for name in (unit, *names)}
_FEW = 4
# A share of something else may pass 100 %; 95 in a cell that shows percent is 9500 %.
_MOST_ABOVE_100 = 1000
_LAST_SERIAL = 1_000_000
# Curled quotes, and hyphens that do not break.
_SIGNS = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2010": "-", "\u2011": "-"})
_APPROXIMATE = re.compile(
    r"^(?:approx(?:imately|\.)?|about|around|circa|ca\.?|roughly|up to|at least|over|under|[~<>≤≥±])\s*"
)
_RANGE = re.compile(r"^[\d.,]+\s*(?:-|–|—|to|\.\.)\s*[\d.,]+")
_QUANTITY = re.compile(r"^(?P<number>[-+−]?\d[\d.,'\u00a0\u202f ]*)(?P<unit>.*)$", re.DOTALL)
# A space or an apostrophe stands between groups of three digits; anywhere else there are two numbers.
_SPACES = re.compile(r"[ '\u00a0\u202f]")
_SPACED = re.compile(r"^[-+]?\d{1,3}(?:[ '\u00a0\u202f]\d{3})+(?:[.,]\d+)?$")
_ISO_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?$")
_PARTED_DATE = re.compile(r"^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$")


@lru_cache(maxsize=65536)
def normalize(text: str) -> str:
    r"""Fold a text for comparison: NFKC, no format characters, case folded, spaces collapsed.

    >>> normalize("  Yes,\u00a0ISO\u200b 27001 ")
    'yes, iso 27001'
    """
    return _plain(text).casefold()


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_SIGNS).replace("_x000D_", " ")
    visible = folded if folded.isascii() else "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())


def unknown_option(text: str, offered: Iterable[str]) -> AnswerError:
    """Fault of an answer that is none of those offered."""
    labels = tuple(offered)
    shown = ", ".join(labels) if len(labels) <= _FEW else f"{len(labels)} answers offered"
    return AnswerError("unknown-option", f"'{shorten(text)}' is not one of {shown}{did_you_mean(text, labels)}")


def shorten(text: str, width: int = 80) -> str:
    """Cut a long text for a message, and say so.

    >>> shorten("retention schedule", 10)
    'retention …'
    """
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[:width]}…"


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
    if any(first.isdigit() and second.isdigit() and not second.isdecimal() for first, second in pairwise(text)):
        # NFKC would make 102 of 10².
        raise AnswerError("not-a-number", f"'{shorten(text)}' is not a plain number")
    line = _plain(text)
    lower = line.casefold()
    about = _APPROXIMATE.match(lower)
    if about and (rest := lower[about.end() :]) and rest[0].isdigit():
        raise AnswerError(
            "approximate-answer", f"'{shorten(line)}' is no exact figure: give one number (we would take {rest})"
        )
    if _RANGE.match(lower) and not _ISO_DATE.match(lower):
        raise AnswerError("range-answer", f"'{shorten(line)}' is a range: give the one figure that counts")
    match = _QUANTITY.match(line)
    if not match:
        raise AnswerError("not-a-number", f"'{shorten(line)}' is not a number")
    unit = " ".join(match["unit"].split())
    return Quantity(_number(match["number"].strip(), decimal_sign), unit)


def _number(text: str, decimal_sign: str) -> float:
    plain = text.replace("−", "-").rstrip(".,")
    if _SPACES.search(plain) and not _SPACED.match(plain):
        raise AnswerError("ambiguous-number", f"'{text}' is more than one number: give the one that counts")
    compact = _SPACES.sub("", plain)
    digits = compact.lstrip("+-")
    signs = [sign for sign in ".," if sign in digits]
    if len(signs) == 2:  # noqa: PLR2004  both signs: the one that stands last is the decimal sign
        decimal = max(signs, key=digits.rindex)
        grouping = "," if decimal == "." else "."
        if digits.count(decimal) > 1 or not _grouped(digits.split(decimal)[0], grouping):
            raise AnswerError("ambiguous-number", f"'{text}' mixes '.' and ',': write the number without separators")
        return float(compact.replace(grouping, "").replace(decimal, "."))
    if len(signs) == 1:
        return _one_sign(text, compact, digits, signs[0], decimal_sign)
    return float(compact)


def _one_sign(text: str, compact: str, digits: str, sign: str, decimal_sign: str) -> float:
    grouped = _grouped(digits, sign)
    if digits.count(sign) > 1:
        if not grouped or decimal_sign == sign:
            raise AnswerError("ambiguous-number", f"'{text}' is not a number: write it without separators")
        return float(compact.replace(sign, ""))
    fraction = float(compact.replace(sign, "."))
    # 0.123 and 1234.567 cannot be thousands.
    if not grouped or digits.startswith("0") or decimal_sign == sign:
        return fraction
    if decimal_sign:
        return float(compact.replace(sign, ""))
    message = f"'{text}' may be {compact.replace(sign, '')} or {fraction}: write it without separators"
    raise AnswerError("ambiguous-number", message)


def _grouped(digits: str, sign: str) -> bool:
    head, *groups = digits.split(sign)
    return 1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)  # noqa: PLR2004  thousands


def convert(quantity: Quantity, unit: str) -> float:
    """Convert a quantity to the unit that was asked for; raise AnswerError if it does not convert exactly.

    >>> convert(Quantity(3, "weeks"), "days")
    21.0
    """
    wanted, given = _unit(unit), _unit(quantity.unit)
    if not given or given == wanted or given in _endings(wanted):
        return float(quantity.number)
    for family in _UNITS:
        if given in family and wanted in family:
            return quantity.number * family[given] / family[wanted]
    expected = f"expected {unit}" if unit else "expected a plain number"
    raise AnswerError("wrong-unit", f"'{shorten(quantity.unit)}' is not the unit that was asked for; {expected}")


def _unit(text: str) -> str:
    folded = normalize(text).rstrip(".")
    return _SPELLINGS.get(folded, folded)


def _endings(unit: str) -> set[str]:
    singular = unit.removesuffix("s")
    return {unit, singular, f"{singular}s"} if singular else {unit}


def is_unit(text: str, unit: str) -> bool:
    """Tell whether a text is another spelling of a unit."""
    return _unit(text) in _endings(_unit(unit))


def read_number(value: Value, *, unit: str = "", percent: bool = False, decimal_sign: str = "") -> float:
    """Read a number in a unit from a cell's value; `percent` says that the cell shows a percentage."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise AnswerError("not-a-number", f"{value!s} is not a number")
    if isinstance(value, str):
        return _finite(convert(read_quantity(value, decimal_sign=decimal_sign), unit))
    if percent:
        raise AnswerError("wrong-unit", f"the cell shows {value * 100:g} %; expected {unit or 'a plain number'}")
    return _finite(float(value))


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise AnswerError("not-a-number", f"{number} is no figure that can be compared: check it")
    return number


def read_percentage(value: Value, *, percent: bool = False, above_100: bool = False, decimal_sign: str = "") -> float:
    """Read a percentage: 95 for '95 %', for 95 and for 0.95 in a cell that shows percent.

    A plain number above 0 and up to 1 may be a share or a percentage: AnswerError with both readings.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise AnswerError("not-a-number", f"{value!s} is not a percentage")
    if isinstance(value, str):
        quantity = read_quantity(value, decimal_sign=decimal_sign)
        percent, number = bool(quantity.unit), convert(quantity, "%")
    else:
        number = round(_finite(value) * 100, 10) if percent else _finite(value)
    if not percent and 0 < number <= 1:
        message = f"{number:g} may be {number:g} % or {number * 100:g} %: write it with the % sign"
        raise AnswerError("ambiguous-percentage", message)
    most = _MOST_ABOVE_100 if above_100 else 100
    if not 0 <= number <= most:
        raise AnswerError("percentage-out-of-range", f"{number:g} % is not between 0 % and {most} %: check the figure")
    return float(number)


def read_date(value: Value) -> date:
    """Read a calendar day: a date cell, ISO text, or day and month that cannot be confused."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _date_text(_plain(value))
    message = f"{value!s} is a plain number, not a date{_serials(value)}: write it as YYYY-MM-DD"
    raise AnswerError("not-a-date", message)


def _serials(value: Value) -> str:
    """Name the days that a spreadsheet may mean by a plain number, counted from 1900 or from 1904."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LAST_SERIAL:
        return ""
    days = (first + timedelta(days=int(value)) for first in (date(1899, 12, 30), date(1904, 1, 1)))
    return f" (as a count of days it may be {' or '.join(day.isoformat() for day in days)})"


def _date_text(text: str) -> date:
    if match := _ISO_DATE.match(text):
        return _day(text, int(match[1]), int(match[2]), int(match[3]))
    if match := _PARTED_DATE.match(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        month, day = sorted((first, second))
        if month == day or day > 12:  # noqa: PLR2004  months
            return _day(text, year, month, day)
        readings = f"{year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}"
        raise AnswerError("ambiguous-date", f"'{text}' may be {readings}: write it as YYYY-MM-DD")
    raise AnswerError("not-a-date", f"'{shorten(text)}' is not a date: write it as YYYY-MM-DD")


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise AnswerError("not-a-date", f"'{text}' is not a day of the calendar: write it as YYYY-MM-DD") from error
