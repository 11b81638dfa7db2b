"""Bytes to cells. A file is opened once, and hashed and parsed from the same bytes."""

from vendor_eval.readers.cells import (
    Book,
    Cell,
    Hung,
    Sheet,
    Value,
    bounds,
    column_number,
    letters,
    raw_text,
)
from vendor_eval.readers.files import Passwords, no_password, read_workbook

__all__ = [
    "Book",
    "Cell",
    "Hung",
    "Passwords",
    "Sheet",
    "Value",
    "bounds",
    "column_number",
    "letters",
    "no_password",
    "raw_text",
    "read_workbook",
]
