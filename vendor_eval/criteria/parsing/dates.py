"""Calendar days."""

import re
from datetime import date, datetime, timedelta
from functools import cache

from vendor_eval.criteria.parsing.texts import normalize, plain, shorten
from vendor_eval.criteria.parsing.words import any_of, words
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import Value, raw_text

_LAST_SERIAL = 1_000_000
# A year outside is a slip of the pen: 0026, 2206.
_YEARS = range(1900, 2200)
# A cell for dates makes a day of 1905 or 1909 of a year that is typed into it, and one of 1900 of a small number.
_LAST_TYPED_YEAR = 1909
# 9999-12-31 is how databases write that something never ends.
_NEVER = 9999
_MONTHS = 12
_BETWEEN = r"[\s.,/-]"
_OF = r"(?:(?:of|de|del|di)\s+)?"
# Behind a yes these name the time from which it holds.
_STARTS = (
    r"(?:from|as of|as from|by|in|starting|starts|start of|effective|beginning|early|mid|late|end of|ab|ende|anfang|"
    r"à partir de|dès|desde|a partir de|a partir del|entro|vanaf|od)"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|o)?"
# The day stands as it was written, whatever the hour and the zone.
_TIME = r"(?:[t,\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m|z|utc|gmt|[+-]\d{2}:?\d{2})?)?"
_PARTED = re.compile(rf"(\d{{1,2}})\s*([./-])\s*(\d{{1,2}})\s*\2\s*(\d{{4}})\.?{_TIME}")


def read_date(value: Value) -> date:
    """Read a calendar day: a date cell, ISO text, or a text whose day and month cannot be confused."""
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        if day.year <= _LAST_TYPED_YEAR:
            message = f"{day} is what a cell for dates makes of a plain number, such as a year: write it as YYYY-MM-DD"
            raise AnswerError("not-a-date", message, (day.isoformat(),))
        _check_year(day.isoformat(), day.year)
        return day
    if isinstance(value, str):
        return _date_text(plain(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AnswerError("not-a-date", f"{raw_text(value)} is not a date: write it as YYYY-MM-DD")
    raise _bare_number(raw_text(value), value)


def _bare_number(text: str, number: float) -> AnswerError:
    """Name the days that a spreadsheet may mean by a plain number, counted from 1900 or from 1904."""
    readings: list[str] = []
    if 0 < number < _LAST_SERIAL:
        days = (first + timedelta(days=int(number)) for first in (date(1899, 12, 30), date(1904, 1, 1)))
        readings = [day.isoformat() for day in days]
    counted = f" (as a count of days it may be {' or '.join(readings)})" if readings else ""
    message = f"{text} is a plain number, not a date{counted}: write it as YYYY-MM-DD"
    return AnswerError("not-a-date", message, readings)


@cache
def _clear() -> tuple[re.Pattern[str], ...]:
    """Forms that have one reading only: the year first, or the month by name."""
    month = rf"(?P<month>{any_of(words().months)})\.?"
    return tuple(
        re.compile(form + _TIME)
        for form in (
            r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
            r"(?P<year>\d{4})(?P<sign>[./])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})",
            r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]",
            rf"{_DAY}{_BETWEEN}*{_OF}{month}{_BETWEEN}*{_OF}(?P<year>\d{{4}})",
            rf"{month}{_BETWEEN}*{_DAY}{_BETWEEN}+(?P<year>\d{{4}})",
            rf"(?P<year>\d{{4}}){_BETWEEN}+{month}{_BETWEEN}+{_DAY}",
        )
    )


@cache
def _starts() -> re.Pattern[str]:
    """Find a year, perhaps with its quarter, half or month, alone or behind a word for a start."""
    month = rf"(?P<month>{any_of(words().months)})\.?"
    part = rf"(?:q(?P<quarter>[1-4])|h(?P<half>[12])|(?:{_DAY}{_BETWEEN}*)?{month}|(?:\d{{1,2}}[./-]){{1,2}})"
    return re.compile(rf"(?:\b{_STARTS} |^)(?:{part}{_BETWEEN}*)?(?P<year>20\d\d)\b")


def starts_after(text: str, day: date) -> bool:
    """Tell whether a text, such as the one behind a yes, names a start after a day.

    >>> [starts_after(text, date(2026, 11, 24)) for text in ("from 2027", "Q1 2027", "in 2025", "valid until 2028")]
    [True, True, False, False]
    """
    match = _starts().search(normalize(text))
    if match is None:
        return False
    quarter, half, name = match["quarter"], match["half"], match["month"]
    month = int(quarter) * 3 - 2 if quarter else int(half) * 6 - 5 if half else words().months[name] if name else 1
    return (int(match["year"]), month) > (day.year, day.month)


def _date_text(text: str) -> date:
    folded = text.casefold()
    for pattern in _clear():
        if match := pattern.fullmatch(folded):
            month = match["month"]
            number = int(month) if month.isdecimal() else words().months[month]
            return _day(text, int(match["year"]), number, int(match["day"]))
    if match := _PARTED.fullmatch(folded):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        month, day = sorted((first, second))
        if month == day or day > _MONTHS:
            return _day(text, year, month, day)
        readings = [f"{year}-{second:02}-{first:02}", f"{year}-{first:02}-{second:02}"]
        message = f"'{text}' may be {' or '.join(readings)}: write it as YYYY-MM-DD"
        raise AnswerError("ambiguous-date", message, readings)
    if text.isdecimal():
        # A float holds any number of digits, an integer of Python does not.
        raise _bare_number(shorten(text), float(text))
    raise AnswerError("not-a-date", f"'{shorten(text)}' is not a date: write it as YYYY-MM-DD")


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        result = date(year, month, day)
    except ValueError as error:
        message = f"'{shorten(text)}' is not a day of the calendar: write it as YYYY-MM-DD"
        raise AnswerError("not-a-date", message) from error
    _check_year(text, year)
    return result


def _check_year(text: str, year: int) -> None:
    if year not in _YEARS and year != _NEVER:
        message = f"'{shorten(text)}' lies in the year {year}: check it, and write it as YYYY-MM-DD"
        raise AnswerError("not-a-date", message)
