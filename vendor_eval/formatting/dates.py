"""Dates in words: the same on pages, in the terminal and in workbooks."""

from datetime import date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(text: str) -> str:
    """Print a date of ISO 8601, with or without a time of day, in words.

    >>> day("2026-11-24"), day("2026-11-20T18:12:00+01:00")
    ('24 November 2026', '20 November 2026, 18:12 (UTC+01:00)')
    """
    when, _, time = text.partition("T")
    parsed = date.fromisoformat(when)
    words = f"{parsed.day} {_MONTHS[parsed.month - 1]} {parsed.year}"
    zone = f" (UTC{time[8:]})" if time[8:] else ""
    return f"{words}, {time[:5]}{zone}" if time else words
