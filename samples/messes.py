"""What vendors do to a questionnaire before they send it back: they move a column, sort a sheet, merge cells.

Then LibreOffice saves it.
"""
# ruff: noqa: INP001 - a script beside data, no package
# ruff: noqa: S603 - it runs LibreOffice alone
# ruff: noqa: SLF001 - openpyxl offers no other way to copy the look of a cell

import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from io import BytesIO
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

HEADERS = ["Key", "ID", "Question", "Answer", "Unit", "Evidence", "Comment"]
_SECONDS = 180

Place = tuple[int, int]


def with_moved_answers(book: Workbook) -> None:
    """Move the column of the answers behind that of the comments, on every sheet of questions."""
    order = [name for name in HEADERS if name != "Answer"] + ["Answer"]
    columns = {HEADERS.index(name) + 1: order.index(name) + 1 for name in HEADERS}
    for sheet in book:
        header = _header(sheet)
        if header:
            widths = {old: sheet.column_dimensions[get_column_letter(old)].width for old in columns}
            _place_anew(sheet, lambda place: (place[0], columns.get(place[1], place[1])), first=header)
            for old, new in columns.items():
                sheet.column_dimensions[get_column_letter(new)].width = widths[old]
            _follow(book, sheet, columns)


def sorted_by_answer(book: Workbook, title: str) -> None:
    """Sort all rows under the headers of a sheet by their answers, those without one at the end."""
    sheet = book[title]
    first = _header(sheet) + 1
    rows = list(range(first, sheet.max_row + 1))
    answers = {row: sheet.cell(row, HEADERS.index("Answer") + 1).value for row in rows}
    wanted = sorted(rows, key=lambda row: (answers[row] is None, str(answers[row]).casefold(), row))
    new = {old: row for row, old in zip(rows, wanted, strict=True)}
    _place_anew(sheet, lambda place: (new.get(place[0], place[0]), place[1]), first=first)


def with_merged_answers(book: Workbook, title: str, keys: Iterable[str]) -> None:
    """Merge the answers of rows that follow each other."""
    sheet = book[title]
    rows = [row[0].row for row in sheet.iter_rows() if row[0].value in set(keys)]
    column = HEADERS.index("Answer") + 1
    sheet.merge_cells(start_row=rows[0], end_row=rows[-1], start_column=column, end_column=column)


def saved_by_libreoffice(books: Mapping[str, bytes]) -> dict[str, bytes]:
    """Save workbooks as LibreOffice does."""
    soffice = shutil.which("soffice")
    if soffice is None:
        raise SystemExit("three of the samples are saved by LibreOffice, and soffice is not here")
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, data in books.items():
            (folder / f"{name}.xlsx").write_bytes(data)
        sources = [str(folder / f"{name}.xlsx") for name in books]
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [soffice, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
        subprocess.run(
            [*command, "--outdir", str(folder / "out"), *sources], check=True, timeout=_SECONDS, capture_output=True
        )
        return {name: (folder / "out" / f"{name}.xlsx").read_bytes() for name in books}


def changed(data: bytes, change: Callable[[Workbook], None]) -> bytes:
    """Change a workbook."""
    book = load_workbook(BytesIO(data))
    change(book)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _header(sheet: Worksheet) -> int:
    """Row of the headers; 0 where a sheet has none."""
    return next((row[0].row for row in sheet.iter_rows() if [cell.value for cell in row[: len(HEADERS)]] == HEADERS), 0)


def _place_anew(sheet: Worksheet, moved: Callable[[Place], Place], *, first: int) -> None:
    """Move cells from a row on, each with its look and what its box takes."""
    cells = [cell for row in sheet.iter_rows(min_row=first) for cell in row]
    kept = [(moved((cell.row, cell.column)), cell.value, copy(cell._style)) for cell in cells]
    for (row, column), value, style in kept:
        cell = sheet.cell(row, column)
        cell.value = value
        cell._style = style
    for rule in sheet.data_validations.dataValidation:
        places = [moved(place) for area in rule.sqref.ranges for place in _cells(area)]
        rule.sqref = MultiCellRange([f"{get_column_letter(column)}{row}" for row, column in places])


def _cells(area: CellRange) -> Iterable[Place]:
    return product(range(area.min_row, area.max_row + 1), range(area.min_col, area.max_col + 1))


def _follow(book: Workbook, sheet: Worksheet, columns: Mapping[int, int]) -> None:
    """Let the formulas that count the answers follow their column, as every spreadsheet program does."""
    old, new = (get_column_letter(column) for column in (4, columns[4]))
    for row in book["Start here"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("=") and f"'{sheet.title}'!" in cell.value:
                cell.value = cell.value.replace(f"'{sheet.title}'!${old}$", f"'{sheet.title}'!${new}$").replace(
                    f":${old}$", f":${new}$"
                )
