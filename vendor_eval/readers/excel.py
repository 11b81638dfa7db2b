"""Workbooks of Excel, through openpyxl behind the guard. They are never saved again."""

import hashlib
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from vendor_eval.issues import Issue, Location
from vendor_eval.readers.cells import Book, Cell, Sheet, letters, unreadable
from vendor_eval.readers.guard import guard

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as OpenpyxlCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def read_excel(name: str, content: bytes) -> Book:
    """Read an .xlsx or .xlsm workbook; macros never run.

    Raises InputFaults when a limit of the guard is broken or the workbook cannot be read.
    """
    guard(name, content)
    workbook = _load(name, content, values=False)
    sheets = tuple(_sheet(sheet) for sheet in _worksheets(workbook))
    props = workbook.custom_doc_props.props  # type: ignore[attr-defined]  # the stubs do not know it
    properties = {prop.name: str(prop.value) for prop in props}
    author = workbook.properties.creator or ""
    book = Book(name, hashlib.sha256(content).hexdigest(), sheets, properties, author, content=content)
    return replace(book, remarks=(_macros(name),)) if workbook.vba_archive or _MACROS in content else book


_MACROS = b"vbaProject.bin"


def _macros(name: str) -> Issue:
    return Issue("macros", "holds macros, which were not run and not read", Location(name))


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
    return cell._replace(value=value, percent=_shows_percent(value, result.number_format))


def _unescaped(value: object) -> object:
    """Give a text back the carriage returns that Excel writes as an escape, which openpyxl leaves alone."""
    return value.replace("_x000D_", "\r") if isinstance(value, str) else value


def _shows_percent(value: object, number_format: str) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and "%" in number_format


def _load(name: str, content: bytes, *, values: bool) -> "Workbook":
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it will not keep on saving; nothing is saved here.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content), data_only=values, keep_links=False)
    except zipfile.BadZipFile as error:
        raise unreadable(name, "is cut off or damaged: ask the vendor to send it again") from error
    except Exception as error:
        # openpyxl raises whatever a malformed part makes its code raise (KeyError, ValueError, XML errors, ...).
        message = (
            f"cannot be read as a workbook ({type(error).__name__}): open it in Excel, save as .xlsx, use that file"
        )
        raise unreadable(name, message) from error


def _worksheets(workbook: "Workbook") -> "list[Worksheet]":
    return [workbook[name] for name in workbook.sheetnames if workbook[name] in workbook.worksheets]


def _filled(sheet: "Worksheet") -> "Iterator[OpenpyxlCell]":
    return (cell for _, cell in _stored(sheet) if cell.value not in (None, ""))


def _stored(sheet: "Worksheet") -> "list[tuple[tuple[int, int], Any]]":
    # The sparse store: iter_rows would create every cell of an inflated rectangle.
    return sorted(sheet._cells.items())  # noqa: SLF001  no public way


def _sheet(sheet: "Worksheet") -> Sheet:
    hidden_rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    hidden_columns = _hidden_columns(sheet)
    cells = tuple(
        _cell(cell, hidden=cell.row in hidden_rows or cell.column in hidden_columns) for cell in _filled(sheet)
    )
    merged = tuple(sorted(str(area) for area in sheet.merged_cells.ranges))
    notes = tuple((cell.coordinate, str(cell.comment.text)) for _, cell in _stored(sheet) if cell.comment)
    return Sheet(sheet.title, cells, sheet.sheet_state != "visible", merged, notes, tuple(_pictures(sheet)))


def _pictures(sheet: "Worksheet") -> "Iterator[str]":
    for drawing in (*sheet._images, *sheet._charts):  # type: ignore[attr-defined]  # noqa: SLF001  no public way
        corner = getattr(drawing.anchor, "_from", None)
        yield f"{letters(corner.col + 1)}{corner.row + 1}" if corner is not None else ""


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
    percent = _shows_percent(value, cell.number_format) if value.__class__ in _FIGURES else False
    return Cell(cell.row, cell.column, cell.coordinate, value, percent, formula, error, hidden)


_FIGURES = (int, float)
