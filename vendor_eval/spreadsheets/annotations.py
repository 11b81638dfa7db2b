"""What an annotated copy says itself, recognized when it comes back: the rows of its list, and its notes.

Each carries a hash of what was written. A text of ours that somebody changed is theirs.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from vendor_eval.spreadsheets.cells import Book, Cell, Sheet

_ROW = re.compile("vendor_eval(?: [0-9a-f]{16})+")
_NOTE = re.compile(r"\n\[vendor_eval ([0-9a-f]{16})\]\s*\Z")
_BEGINS = re.compile(r"^(?:BLOCKING|WARNING|NOTICE): ", re.MULTILINE)


def row_mark(texts: Iterable[str]) -> str:
    """Write the mark of a row of the list, which stands in a cell beside it."""
    return " ".join(("vendor_eval", *map(_hash, texts)))


def marked_note(text: str) -> str:
    """Add its mark to a note, which begins with the severity of an issue."""
    return f"{text}\n[vendor_eval {_hash(text)}]"


def own_note(note: str) -> str:
    r"""Return what somebody else wrote in a note: all of it where a text of ours was changed.

    >>> own_note("Call me. Ana\n\n" + marked_note("WARNING: 3/4 is a date"))
    'Call me. Ana'
    >>> own_note(marked_note("WARNING: 3/4 is a date") + " No, it is not")[:8]
    'WARNING:'
    """
    mark = _NOTE.search(note)
    begins = (match.start() for match in _BEGINS.finditer(note)) if mark else ()
    own = next((begin for begin in begins if mark and _hash(note[begin : mark.start()]) == mark[1]), None)
    return note if own is None else note[:own].strip()


def without_annotations(book: Book) -> Book:
    """Leave out the list and the notes of an annotated copy; a sheet with nothing else is none."""
    sheets = ((sheet, _without(sheet)) for sheet in book.sheets)
    return replace(book, sheets=tuple(own for sheet, own in sheets if own is sheet or own.cells or own.notes))


def _without(sheet: Sheet) -> Sheet:
    rows = [cell for cell in sheet.cells if isinstance(cell.value, str) and _ROW.fullmatch(cell.value)]
    marks = {mark for cell in rows for mark in cell.raw.split()}

    def is_own(cell: Cell) -> bool:
        return cell in rows or _hash(cell.raw) in marks

    cells = tuple(cell for cell in sheet.cells if not is_own(cell)) if rows else sheet.cells
    notes = tuple((address, own) for address, note in sheet.notes if (own := own_note(note)))
    return replace(sheet, cells=cells, notes=notes) if (cells, notes) != (sheet.cells, sheet.notes) else sheet


def _hash(text: str) -> str:
    """Hash a text by its words: programs change line ends and blanks."""
    return sha256(" ".join(text.split()).encode(errors="replace")).hexdigest()[:16]
