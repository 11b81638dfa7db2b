"""What falls due: as a table in the terminal, and as a calendar by RFC 5545."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, timedelta

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.printable import one_line
from vendor_eval.reports.terminal.columns import block, table
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.results.due import Due, DueItem

_HEADER = ("Due", "Days", "Kind", "Tender", "Vendor", "Id", "State", "What")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_OCTETS = 75


def due_table(due: Due) -> str:
    """Print what falls due by date, what has no date, and which folders could not be read."""
    within = "" if due.within is None else f", within {counted(due.within, 'day')}"
    parts = [block(f"Due as of {day(due.as_of)}{within}")]
    parts.append(_rows(due.items) if due.items else block("Nothing falls due."))
    if due.undated:
        parts += [block("Open, without a date:"), _rows(due.undated)]
    if due.unread:
        parts.append(block("Not read:", *(f"  - {one_line(f'{f.folder}: {f.reason}')}" for f in due.unread)))
    return "\n\n".join(parts)


def _rows(items: tuple[DueItem, ...]) -> str:
    rows = (
        (i.date or "–", "" if i.days is None else str(i.days), i.kind, i.tender, i.vendor, i.id, i.state, i.what)
        for i in items
    )
    return table((_HEADER, *rows), right=(1,), flow=7)


def calendar(due: Due) -> bytes:
    """Write an all-day event for each item: the same items give the same bytes, and the same event its own UID."""
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//vendor_eval//due//EN", "CALSCALE:GREGORIAN")
    own: dict[str, DueItem] = {}
    for item in due.items:
        own.setdefault(_uid(item), item)  # two folders may be copies of one tender
    events = (line for uid, item in own.items() for line in _event(uid, item, due.as_of))
    return b"".join(_folded(line) for line in (*head, *events, "END:VCALENDAR"))


def _event(uid: str, item: DueItem, as_of: str) -> Iterator[str]:
    start = date.fromisoformat(item.date or as_of)
    named = " ".join(filter(None, (item.vendor, item.id)))
    title = f"{item.kind.capitalize()}: {named} ({item.tender})"
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}"
    yield f"DTSTAMP:{_basic(date.fromisoformat(as_of))}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_basic(start)}"
    if start < date.max:  # an event without an end lasts its day
        yield f"DTEND;VALUE=DATE:{_basic(start + timedelta(days=1))}"
    yield f"SUMMARY:{_text(title)}"
    yield f"DESCRIPTION:{_text(f'{item.what} ({item.state})')}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _uid(item: DueItem) -> str:
    named = "\n".join((item.tender, item.kind, item.vendor, item.id))  # noqa: FLY002  an f-string says it less well
    return f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@vendor-eval"


def _basic(day_: date) -> str:
    return day_.isoformat().replace("-", "")


def _text(text: str) -> str:
    r"""Escape a text.

    >>> _text("Rome; Oslo, back\\slash\nnew")
    'Rome\\; Oslo\\, back\\\\slash\\nnew'
    """
    escaped = re.sub(r"([\\;,])", r"\\\1", text.replace("\r\n", "\n"))
    return _CONTROL.sub(" ", escaped.replace("\n", "\\n"))


def _folded(line: str) -> bytes:
    """Fold a line at 75 octets, never within a character."""
    rows, row = [], b""
    for char in line:
        octets = char.encode(errors="replace")
        if len(row) + len(octets) > _OCTETS:
            rows.append(row)
            row = b" "
        row += octets
    return b"\r\n".join((*rows, row)) + b"\r\n"
