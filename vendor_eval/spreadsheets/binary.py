"""Binary and OpenDocument workbooks (.xls, .xlsb, .ods): the answer of the worker to a book."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from vendor_eval.issues import Issue, Location
from vendor_eval.spreadsheets.cells import Book, Cell, Sheet, Value, letters, unreadable
from vendor_eval.spreadsheets.guard import LONGEST_TEXT, MOST_CELLS
from vendor_eval.spreadsheets.opendocument import CellStyles
from vendor_eval.spreadsheets.styles import PLAIN, Style

_KINDS: dict[str, Callable[[Any], Value]] = {
    "plain": lambda value: value,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}
_NAMES = {b"\xd0\xcf": ".xls", b"PK": ".xlsb"}


def read_cells(name: str, content: bytes, sheets: Iterable[Mapping[str, Any]], styles: CellStyles | None) -> Book:
    """Build a book from the sheets in a worker's answer; it is marked as read with reduced checks.

    `styles` are the cells of an OpenDocument file that show a percentage or money, None for other kinds of file.
    """
    binary = next((kind for magic, kind in _NAMES.items() if content.startswith(magic)), ".xls")
    kind = binary if styles is None else ".ods"
    unseen = "formulas, formats" if styles is None else "formulas, words of formats"
    unseen += ", error cells, notes, text boxes, pictures, check boxes and struck-through or raised text"
    message = f"is an {kind} file, read with reduced checks: {unseen} cannot be seen and may be there"
    remark = Issue("reduced-checks", message, Location(name))
    read = tuple(_sheet(sheet, styles or {}) for sheet in sheets)
    _check_limits(name, read)
    return Book(name, hashlib.sha256(content).hexdigest(), read, {}, reduced=kind, remarks=(remark,))


def _sheet(sheet: Mapping[str, Any], styles: CellStyles) -> Sheet:
    name = str(sheet["name"])
    cells = tuple(
        _cell(row, column, _KINDS[kind](value), styles.get((name, row, column), PLAIN))
        for row, column, kind, value in sheet["cells"]
    )
    return Sheet(name, cells, bool(sheet["hidden"]))


def _cell(row: int, column: int, value: Value, style: Style) -> Cell:
    percent = style.shows == "percent" and isinstance(value, int | float)
    return Cell(row, column, f"{letters(column)}{row}", value, percent, currency=style.currency)


def _check_limits(name: str, sheets: Iterable[Sheet]) -> None:
    cells = [cell for sheet in sheets for cell in sheet.cells]
    if len(cells) > MOST_CELLS:
        message = "holds more than 500,000 filled cells: send only the sheets with answers"
        raise unreadable(name, message, code="too-many-cells")
    long = next((cell for cell in cells if isinstance(cell.value, str) and len(cell.value) > LONGEST_TEXT), None)
    if long is not None:
        message = f"{long.address} holds more than 32,767 characters: shorten it"
        raise unreadable(name, message, code="text-too-long", cell=long.address)
