"""Dates in words: the same on pages, in the terminal and in workbooks."""

from datetime import date, datetime

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


_MINUTE, _HOUR = 60, 3600


def late_by(received: datetime, deadline: datetime) -> str:
    """Say in words how long after a deadline something arrived.

    >>> at = datetime(2026, 11, 20, 17)
    >>> late_by(datetime(2026, 11, 20, 17, 31), at), late_by(datetime(2026, 11, 22, 18, 5), at)
    ('31 minutes late', '2 days 1 hour late')
    """
    seconds = max(int((received - deadline).total_seconds()), 1)
    days, rest = divmod(seconds, 24 * _HOUR)
    hours, rest = divmod(rest, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"), (left, "second"))
    named = [f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in parts if count]
    return f"{' '.join(named[:2])} late"


def day(moment: str | date) -> str:
    """Print a date, or a text of ISO 8601 with or without a time of day, in words.

    >>> day("2026-11-24"), day("2026-11-20T18:12:00+01:00")
    ('24 November 2026', '20 November 2026, 18:12 (UTC+01:00)')
    """
    when, _, time = str(moment).partition("T")
    parsed = date.fromisoformat(when)
    words = f"{parsed.day} {_MONTHS[parsed.month - 1]} {parsed.year}"
    zone = f" (UTC{time[8:]})" if time[8:] else ""
    return f"{words}, {time[:5]}{zone}" if time else words
