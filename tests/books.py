"""Small workbooks and single questions for the tests of reading."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from pydantic import TypeAdapter

from vendor_eval.criteria import bind, load_criteria
from vendor_eval.questions import Question, Setting
from vendor_eval.readers import Cell

AS_OF = date(2026, 11, 24)
SETTING = Setting(AS_OF)
SHIPPED = load_criteria()


def ask(type_: str, **keys: Any) -> Any:
    """Make a question of a type; a text and an id are given, the weight is 1 unless the type has none."""
    weight = 0 if type_ == "text" else 1
    record = {"id": "Q1", "text": "What is it?", "type": type_, "weight": weight, **keys}
    return bind(TypeAdapter(Question).validate_python(record), SHIPPED.scheme)


def cell(value: Any, **says: Any) -> Cell:
    """Make a filled cell D5."""
    return Cell(5, 4, "D5", value, **says)


def read(question: Any, *answers: Any, setting: Setting = SETTING, **parts: Any) -> Any:
    """Read the answer of a question of one cell, or of parts by name."""
    given = {"": answers[0]} if answers else parts
    cells = {part: value if isinstance(value, Cell) else cell(value) for part, value in given.items()}
    return question.read(cells, setting)


def codes(reading: Any) -> list[tuple[str, str]]:
    """List part and code of what there is to say of a reading."""
    return [(fault.part, fault.code) for fault in reading.faults]


def write_book(path: Path, sheets: Mapping[str, Iterable[Iterable[Any]]]) -> Path:
    """Write a workbook of plain sheets from their rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path
