"""Calendar days."""

import re
from datetime import date, datetime, timedelta

from vendor_eval.errors import AnswerError
from vendor_eval.parsing.texts import plain, shorten
from vendor_eval.readers import Value

_LAST_SERIAL = 1_000_000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
# What has one reading only: the year first, or the month by name.
_CLEAR = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[t ]00:00(?::00)?)?"),
    re.compile(r"(?P<year>\d{4})(?P<sign>[./])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"),
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -]+(?P<month>{_MONTH})\.?,?[ -]+(?P<year>\d{{4}})"),
    re.compile(rf"(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})"),
)
_PARTED = re.compile(r"^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$")


def read_date(value: Value) -> date:
    """Read a calendar day: a date cell, ISO text, or a text whose day and month cannot be confused."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _date_text(plain(value))
    message = f"{value!s} is a plain number, not a date{_serials(value)}: write it as YYYY-MM-DD"
    raise AnswerError("not-a-date", message)


def _serials(value: Value) -> str:
    """Name the days that a spreadsheet may mean by a plain number, counted from 1900 or from 1904."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LAST_SERIAL:
        return ""
    days = (first + timedelta(days=int(value)) for first in (date(1899, 12, 30), date(1904, 1, 1)))
    return f" (as a count of days it may be {' or '.join(day.isoformat() for day in days)})"


def _date_text(text: str) -> date:
    for pattern in _CLEAR:
        if match := pattern.fullmatch(text.casefold()):
            month = match["month"]
            number = int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1
            return _day(text, int(match["year"]), number, int(match["day"]))
    if match := _PARTED.match(text):
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
