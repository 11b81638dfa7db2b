"""Cells that a worker read from an old or binary workbook."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from vendor_eval.issues import Issue, Location
from vendor_eval.spreadsheets.cells import Book, Cell, Sheet, Value, letters, unreadable
from vendor_eval.spreadsheets.guard import LONGEST_TEXT, MOST_CELLS
from vendor_eval.spreadsheets.opendocument import Shown
from vendor_eval.spreadsheets.styles import PLAIN, Style

_KINDS: dict[str, Callable[[Any], Value]] = {
    "plain": lambda value: value,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}
_NAMES = {b"\xd0\xcf": ".xls", b"PK": ".xlsb"}


def read_cells(name: str, content: bytes, sheets: Iterable[Mapping[str, Any]], shown: Shown | None = None) -> Book:
    """Make a book of a worker's answer; it is marked as read with reduced checks.

    `shown` is what an OpenDocument file shows as a percentage or as money.
    """
    magic = next((words for magic, words in _NAMES.items() if content.startswith(magic)), ".xls")
    kind = magic if shown is None else ".ods"
    unseen = "formulas, formats" if shown is None else "formulas, words of formats"
    message = f"is an {kind} file, read with reduced checks: {unseen} and error cells cannot be seen"
    remark = Issue("reduced-checks", message, Location(name))
    found = tuple(_sheet(sheet, shown or {}) for sheet in sheets)
    _check(name, found)
    return Book(name, hashlib.sha256(content).hexdigest(), found, {}, reduced=kind, remarks=(remark,))


def _sheet(sheet: Mapping[str, Any], shown: Shown) -> Sheet:
    name = str(sheet["name"])
    cells = tuple(
        _cell(row, column, _value(kind, value), shown.get((name, row, column), PLAIN))
        for row, column, kind, value in sheet["cells"]
    )
    return Sheet(name, cells, bool(sheet["hidden"]))


def _cell(row: int, column: int, value: Value, style: Style) -> Cell:
    percent = style.shows == "percent" and isinstance(value, int | float)
    return Cell(row, column, f"{letters(column)}{row}", value, percent, currency=style.currency)


def _value(kind: str, value: Any) -> Value:
    return _KINDS[kind](value)


def _check(name: str, sheets: Iterable[Sheet]) -> None:
    cells = [cell for sheet in sheets for cell in sheet.cells]
    if len(cells) > MOST_CELLS:
        message = "holds more than 500,000 filled cells: send only the sheets with answers"
        raise unreadable(name, message, code="too-many-cells")
    long = next((cell for cell in cells if isinstance(cell.value, str) and len(cell.value) > LONGEST_TEXT), None)
    if long is not None:
        message = f"{long.address} holds more than 32,767 characters: shorten it"
        raise unreadable(name, message, code="text-too-long", cell=long.address)
