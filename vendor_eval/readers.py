"""Bytes to cells. A workbook is read once, from the bytes that are hashed, and is never saved again."""

import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from vendor_eval.issues import InputFaults, Issue, Location

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as OpenpyxlCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# Above this a float no longer holds every whole number.
_EXACT = 1e15

Value = str | int | float | bool | date | datetime | time | timedelta | None


# A named tuple: a workbook has thousands of them, and a frozen dataclass takes three times as long to make.
class Cell(NamedTuple):
    """A filled cell: its value, and what the sheet says about it.

    `formula` is the text of a formula, whose saved result is `value` (None if it was never saved). `percent` is true
    where the number format shows a percentage. `error` is an error value such as `#N/A`, `currency` what the number
    format shows beside the figure, such as `€`.
    """

    row: int
    column: int
    address: str
    value: Value
    percent: bool = False
    formula: str = ""
    error: str = ""
    hidden: bool = False
    currency: str = ""

    @property
    def raw(self) -> str:
        """Text of the cell as a person would copy it."""
        return self.error or (self.formula if self.value is None and self.formula else raw_text(self.value))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's filled cells in reading order."""

    name: str
    cells: tuple[Cell, ...]
    hidden: bool = False
    merged: tuple[str, ...] = ()

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Row number and cells by column, for each row that holds any."""
        row: dict[int, Cell] = {}
        number = 0
        for cell in self.cells:
            if cell.row != number:
                if row:
                    yield number, row
                row, number = {}, cell.row
            row[cell.column] = cell
        if row:
            yield number, row


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as it was sent."""

    file: str
    sha256: str
    sheets: tuple[Sheet, ...]
    properties: Mapping[str, str]
    author: str = ""
    content: bytes = field(default=b"", repr=False)


def raw_text(value: Value) -> str:
    """Text of a value: whole numbers without a point, dates as ISO, booleans as TRUE and FALSE.

    >>> raw_text(30.0), raw_text(True), raw_text(date(2026, 11, 24))
    ('30', 'TRUE', '2026-11-24')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def read_workbook(path: Path, *, name: str | None = None) -> Book:
    """Read a workbook; `name` stands in every message and location for the file.

    Raises InputFaults when it cannot be read, with the cure.
    """
    shown = name or path.name
    if path.is_symlink() or not path.is_file():
        raise _unreadable(shown, "is not a regular file: put the workbook itself here")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(shown, f"cannot be opened: {error.strerror}; check the permissions") from error
    return _reader(shown, content)(shown, content)


def _unreadable(name: str, message: str) -> InputFaults:
    return InputFaults([Issue("unreadable-file", message, Location(file=name))])


def _reader(name: str, content: bytes) -> "Reader":
    for magic, reader in READERS.items():
        if content.startswith(magic):
            return reader
    if not content:
        raise _unreadable(name, "is empty (0 bytes): ask the vendor to send it again")
    kind = next((words for magic, words in _REFUSED.items() if content.startswith(magic)), "is not an Excel workbook")
    raise _unreadable(name, f"{kind}: open it in Excel or LibreOffice, save as .xlsx, use that file")


def _openpyxl(name: str, content: bytes) -> Book:
    workbook = _load(name, content, values=False)
    sheets = tuple(_sheet(sheet) for sheet in _worksheets(workbook))
    props = workbook.custom_doc_props.props  # type: ignore[attr-defined]  # the stubs do not know it
    properties = {prop.name: str(prop.value) for prop in props}
    author = workbook.properties.creator or ""
    return Book(name, hashlib.sha256(content).hexdigest(), sheets, properties, author, content)


def saved_values(book: Book) -> Book:
    """Give each formula the value that was saved with it.

    It costs a second load, so only a book whose formulas may be answers pays for it.
    """
    workbook = _load(book.file, book.content, values=True)
    sheets = tuple(
        replace(
            sheet, cells=tuple(_saved(cell, workbook[sheet.name]) if cell.formula else cell for cell in sheet.cells)
        )
        for sheet in book.sheets
    )
    return replace(book, sheets=sheets)


def _saved(cell: Cell, sheet: "Worksheet") -> Cell:
    result = sheet[cell.address]
    if result.data_type == "e":
        return cell._replace(error=str(result.value))
    value: Any = _unescaped(result.value)
    percent, currency = _shows_percent(value, result.number_format), _shows_currency(value, result.number_format)
    return cell._replace(value=value, percent=percent, currency=currency)


def _unescaped(value: object) -> object:
    """Give a text back the carriage returns that Excel writes as an escape, which openpyxl leaves alone."""
    return value.replace("_x000D_", "\r") if isinstance(value, str) else value


def _shows_percent(value: object, number_format: str) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and "%" in number_format


# [$€-407], [$USD], "€", or a bare sign.
_CURRENCY = re.compile(r"""\[\$([^\-\]]+)(?:-[^\]]*)?\]|"\s*([A-Z]{3}|[$€£¥₹₱])\s*"|([$€£¥₹₱])""")


def _shows_currency(value: object, number_format: str) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool) or number_format == "General":
        return ""
    match = _CURRENCY.search(number_format)
    return next(filter(None, match.groups()), "").strip() if match else ""


def _load(name: str, content: bytes, *, values: bool) -> "Workbook":
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it will not keep on saving; nothing is saved here.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content), data_only=values)
    except zipfile.BadZipFile as error:
        raise _unreadable(name, "is cut off or damaged: ask the vendor to send it again") from error
    except Exception as error:
        # openpyxl raises whatever a malformed part makes its code raise (KeyError, ValueError, XML errors, ...).
        message = (
            f"cannot be read as a workbook ({type(error).__name__}): open it in Excel, save as .xlsx, use that file"
        )
        raise _unreadable(name, message) from error


def _worksheets(workbook: "Workbook") -> "list[Worksheet]":
    return [workbook[name] for name in workbook.sheetnames if workbook[name] in workbook.worksheets]


def _filled(sheet: "Worksheet") -> "Iterator[OpenpyxlCell]":
    # The sparse store: iter_rows would create every cell of an inflated rectangle.
    cells = (cell for _, cell in sorted(sheet._cells.items()))  # noqa: SLF001  no public way
    return (cell for cell in cells if cell.value not in (None, ""))


def _sheet(sheet: "Worksheet") -> Sheet:
    hidden_rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    hidden_columns = _hidden_columns(sheet)
    cells = tuple(
        _cell(cell, hidden=cell.row in hidden_rows or cell.column in hidden_columns) for cell in _filled(sheet)
    )
    merged = tuple(sorted(str(area) for area in sheet.merged_cells.ranges))
    return Sheet(sheet.title, cells, sheet.sheet_state != "visible", merged)


def _hidden_columns(sheet: "Worksheet") -> set[int]:
    hidden = [column for column in sheet.column_dimensions.values() if column.hidden]
    return {number for column in hidden for number in range(column.min or 0, (column.max or 0) + 1)}


def _cell(cell: "OpenpyxlCell", *, hidden: bool) -> Cell:
    value: Any = cell.value
    formula = error = ""
    if cell.data_type == "f":
        # Array formulas and data tables are objects that hold their text.
        formula, value = str(getattr(value, "text", value)), None
    elif cell.data_type == "e":
        error, value = str(value), None
    elif not isinstance(value, str | int | float | bool | date | time | timedelta):
        value = str(value)
    value = _unescaped(value)
    if value.__class__ not in _FIGURES:
        return Cell(cell.row, cell.column, cell.coordinate, value, False, formula, error, hidden)  # noqa: FBT003  a field
    shown = cell.number_format
    percent, currency = _shows_percent(value, shown), _shows_currency(value, shown)
    return Cell(cell.row, cell.column, cell.coordinate, value, percent, formula, error, hidden, currency)


_FIGURES = (int, float)

# Kinds of file by their first bytes.
Reader = Callable[[str, bytes], Book]
READERS: dict[bytes, Reader] = {b"PK\x03\x04": _openpyxl}
_REFUSED = {
    b"%PDF": "is a PDF",
    b"\xd0\xcf\x11\xe0": "is an old .xls, a Word file or an encrypted workbook",
    b"<": "is a web page or XML",
}
