"""What a number format makes of a number: a percentage, a day, a duration."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Literal

from vendor_eval.readers.markup import Package

Shows = Literal["", "percent", "date", "duration"]
_PERCENT_IDS = {9, 10}
_DATE_IDS = {*range(14, 23), 45, 47}
_DURATION_IDS = {46}
# Text in quotes, signs behind a backslash, and colours or locales in brackets show nothing of the number.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE = re.compile(r"[dmhys]", re.IGNORECASE)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001  calendar days
# The calendar of 1900 has a 29 February that never was.
_LEAP = 60
_DAY_MS = 86_400_000


def shown_by(code: str) -> Shows:
    """Tell what a number format shows.

    >>> [shown_by(code) for code in ("0.0%", 'yyyy-mm-dd', "[h]:mm", '0"%"', "General")]
    ['percent', 'date', 'duration', '', '']
    """
    plain = _LITERAL.sub("", code.partition(";")[0])
    if plain.strip().casefold() == "general":
        return ""
    if _DURATION.search(plain):
        return "duration"
    if _DATE.search(plain):
        return "date"
    return "percent" if "%" in plain else ""


def read_styles(package: Package, part: str) -> Sequence[Shows]:
    """List what the styles of a workbook show; cells name them by number."""
    codes: dict[str, Shows] = {}
    styles: list[Shows] = []
    for element in package.elements(part, {"numFmt", "xf", "cellStyleXfs", "cellXfs"}):
        if element.tag == "numFmt":
            codes[element.attributes.get("numFmtId", "")] = shown_by(element.attributes.get("formatCode", ""))
        elif element.tag == "xf":
            number = element.attributes.get("numFmtId", "0")
            styles.append(codes.get(number) or _built_in(number))
        elif element.tag == "cellStyleXfs":
            styles.clear()
        else:
            break
    return styles


def _built_in(number: str) -> Shows:
    known = int(number) if number.isdecimal() else 0
    if known in _PERCENT_IDS:
        return "percent"
    return "date" if known in _DATE_IDS else "duration" if known in _DURATION_IDS else ""


def from_serial(number: float, shows: Shows, *, from_1904: bool) -> datetime | date | time | timedelta | float:
    """Day, time or duration that a number stands for; the number itself where the calendar has no such day."""
    if not isfinite(number):
        return number
    try:
        if shows == "duration":
            return timedelta(seconds=round(number * 86_400, 3))
        days, fraction = divmod(number, 1)
        rest = timedelta(milliseconds=round(fraction * _DAY_MS))
        if 0 <= number < 1 and not rest.days:
            return (_EPOCHS[False] + rest).time()
        shift = 1 if 0 < number < _LEAP and not from_1904 else 0
        return _EPOCHS[from_1904] + timedelta(days=days + shift) + rest
    except OverflowError:
        return number
