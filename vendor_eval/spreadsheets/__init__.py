"""Bytes to cells. A file is opened once, hashed and parsed from the same bytes."""

from vendor_eval.spreadsheets.cells import Book, Cell, Sheet, Value, bounds, column_number, letters, raw_text
from vendor_eval.spreadsheets.files import known_password, read_bytes, read_workbook
from vendor_eval.spreadsheets.guard import LARGEST_FILE, part_names, peek
from vendor_eval.spreadsheets.workers import Passwords, run_in_worker

__all__ = [
    "LARGEST_FILE",
    "Book",
    "Cell",
    "Passwords",
    "Sheet",
    "Value",
    "bounds",
    "column_number",
    "known_password",
    "letters",
    "part_names",
    "peek",
    "raw_text",
    "read_bytes",
    "read_workbook",
    "run_in_worker",
]
