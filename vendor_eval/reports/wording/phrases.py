"""Figures in sentences and cells of the pages."""

from datetime import date

from vendor_eval.formatting.figures import number

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ENOUGH = 10


def interval(low: float | None, high: float | None, digits: int = 1) -> str:
    """Print a range, or one number where both ends print alike.

    >>> interval(52, 87.04), interval(52, 52.01)
    ('52.0–87.0', '52.0')
    """
    ends = (number(low, digits), number(high, digits))
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def difference(value: float, digits: int = 1) -> str:
    """Print a difference with as many decimals as show that it is none.

    >>> difference(5.19), difference(0.004)
    ('5.2', '0.004')
    """
    while digits < _ENOUGH and value and not float(number(value, digits)):
        digits += 1
    return number(value, digits)


def share(part: float, digits: int = 2) -> str:
    """Print a weight, a share of 1, in percent.

    >>> share(0.18), share(0.333, 1)
    ('18.00 %', '33.3 %')
    """
    return f"{number(part * 100, digits)} %"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Count things in words.

    >>> counted(1, "gate"), counted(3, "gate"), counted(0, "reply", "replies")
    ('1 gate', '3 gates', '0 replies')
    """
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def day(text: str) -> str:
    """Print a date, with or without a time of day, in words.

    >>> day("2026-11-24"), day("2026-11-20T18:12:00+01:00")
    ('24 November 2026', '20 November 2026, 18:12 +01:00')
    """
    when, _, time = text.partition("T")
    parsed = date.fromisoformat(when)
    words = f"{parsed.day} {_MONTHS[parsed.month - 1]} {parsed.year}"
    return f"{words}, {time[:5]} {time[8:]}".rstrip() if time else words
