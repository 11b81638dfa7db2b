"""Number formats: whether a number is a percentage, a date, a duration or money, and the words around it."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from math import isfinite
from typing import Literal, NamedTuple

from vendor_eval.formatting.currencies import SYMBOLS
from vendor_eval.spreadsheets.markup import Package, whole_number

Shows = Literal["", "percent", "date", "duration"]
_PERCENT_IDS = {9, 10}
_DATE_IDS = {*range(14, 23), 45, 47}
_DURATION_IDS = {46}
# Quoted text, escaped characters, and colours or locales in brackets are not about the number.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\[\]]*\]', re.IGNORECASE)
_DATE = re.compile(r"[dmhys]", re.IGNORECASE)
# [$€-407], [$USD], "€", or a bare sign; [$-407] is a locale alone.
_SYMBOL = f"[{''.join(symbol for symbol in SYMBOLS if len(symbol) == 1)}]"
_CURRENCY = re.compile(rf"""\[\$([^\-\[\]]*)(?:-[^\[\]]*)?\]|"\s*([A-Z]{{3}}|{_SYMBOL})\s*"|({_SYMBOL})""")
_PIECE = re.compile(rf'"(?!\s*(?:[A-Z]{{3}}|{_SYMBOL})\s*")([^"]*)"|\\(.)|"[^"]*"|[_*].|\[[^\[\]]*\]|.', re.DOTALL)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001  calendar days
# The 1900 calendar has a 29 February that did not exist.
_LEAP = 60
# Excel keeps 255 characters; matching brackets in a format of a million would take hours.
_LONGEST_CODE = 1024
_DAY_MS = 86_400_000


class Style(NamedTuple):
    """What a number format shows: a kind of figure, its currency, and words before and behind it."""

    shows: Shows = ""
    currency: str = ""
    before: str = ""
    behind: str = ""


PLAIN = Style()


def format_kind(code: str) -> Shows:
    """Classify a number format.

    >>> [format_kind(code) for code in ("0.0%", 'yyyy-mm-dd', "[h]:mm", '0"%"', "General")]
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


def currency_in(code: str) -> str:
    """Find the currency that a number format shows.

    >>> [currency_in(code) for code in ("[$€-407] #,##0", '#,##0 "EUR"', "[$-409]0.00", "[$-409]0.00 $", "General")]
    ['€', 'EUR', '', '$', '']
    """
    groups = (group for match in _CURRENCY.finditer(code) for group in match.groups() if group)
    return next(groups, "").strip()


def words_in(code: str) -> tuple[str, str]:
    """Find the words that a number format writes before and behind the figure, without currencies.

    >>> [words_in(code) for code in ('0 "weeks"', '"ca. "0', '#,##0 "EUR"', '0,"k"', "General")]
    [('', 'weeks'), ('ca.', ''), ('', ''), ('', ''), ('', '')]
    """
    section = re.sub("general", "0", code, flags=re.IGNORECASE)
    pieces = list(takewhile(lambda piece: piece[0] != ";", _PIECE.finditer(section)))
    digits = [piece for piece in pieces if piece[0] in "0#?"]
    if not digits:
        return "", ""
    first, last = digits[0].start(), digits[-1].end()
    words = [(piece.start(), piece[1] or piece[2]) for piece in pieces if piece[1] or piece[2]]
    before, behind = ("".join(text for at, text in words if (at < first) is side).strip() for side in (True, False))
    # A comma after the last digit divides by 1,000, and the word, such as k, is the unit.
    return before, "" if section[last : last + 1] == "," else behind


def read_styles(package: Package, part: str) -> Sequence[Style]:
    """List the cell styles of a workbook; cells refer to them by index."""
    codes: dict[str, Style] = {}
    styles: list[Style] = []
    for element in package.elements(part, {"numFmt", "xf", "cellStyleXfs", "cellXfs"}):
        if element.tag == "numFmt":
            code = element.attributes.get("formatCode", "")[:_LONGEST_CODE]
            shows = format_kind(code)
            words = ("", "") if shows in {"date", "duration"} else words_in(code)
            codes[element.attributes.get("numFmtId", "")] = Style(shows, currency_in(code), *words)
        elif element.tag == "xf":
            number = element.attributes.get("numFmtId", "0")
            own = codes.get(number, PLAIN)
            styles.append(own if own != PLAIN else _built_in(number))
        elif element.tag == "cellStyleXfs":
            styles.clear()
        else:
            break
    return styles


def _built_in(number: str) -> Style:
    known = whole_number(number)
    if known in _PERCENT_IDS:
        return Style("percent")
    return Style("date") if known in _DATE_IDS else Style("duration") if known in _DURATION_IDS else PLAIN


def from_serial(number: float, shows: Shows, *, from_1904: bool) -> datetime | date | time | timedelta | float:
    """Convert a serial number to a date, time or duration; returned unchanged where it is out of range."""
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
