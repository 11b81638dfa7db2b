"""Files that nobody here wrote: read as openpyxl reads them, cell by cell, or refused by name."""

import warnings
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
import real
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from vendor_eval.issues import InputError
from vendor_eval.spreadsheets import read_workbook

pytestmark = pytest.mark.skipif(not real.PRESENT, reason=f"{real.VARIABLE} names no folder of real files")
# openpyxl fails on them: an empty style, links to parts that are not there, parts outside xl/, a damaged pivot table.
NOT_FOR_OPENPYXL = {
    "tests__empty_s_attribute.xlsx",
    "tests__issue_419.xlsx",
    "tests__issue_530.xlsx",
    "tests__minimal_package.xlsx",
    "tests__pivots.xlsx",
    "tests__testthat__sheets__los-angeles-arrests-xlsx.xlsx",
}
# openpyxl sees no sheet in the strict form of the format.
STRICT = {"tests__strict_iso_paths.xlsx"}
# A byte of a part was changed.
DAMAGED = {"tests__issue252.xlsx"}
LARGEST = 5_000_000


def workbooks():
    for path in sorted(real.ROOT.rglob("*")) if real.PRESENT else ():
        if path.is_file() and path.stat().st_size < LARGEST and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if any(name.endswith("workbook.xml") for name in archive.namelist()):
                    yield path


FILES = list(workbooks())


def ours(book):
    """Formula, value or error, and percent of every filled cell by sheet and address.

    openpyxl drops what stands behind the first cell of a merged area; ours keeps it apart.
    """
    return {
        (sheet.name, cell.address): (cell.formula, cell.error or cell.value, cell.percent)
        for sheet in book.sheets
        for cell in sheet.cells
    }


def theirs(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formulas, values = load_workbook(path), load_workbook(path, data_only=True)
    found = {}
    for sheet in formulas.worksheets:
        for cell in sheet._cells.values():
            if cell.value is None or cell.value == "":
                continue
            value = values[sheet.title][cell.coordinate].value
            is_figure = isinstance(value, int | float) and not isinstance(value, bool)
            percent = "%" in cell.number_format and is_figure
            found[sheet.title, cell.coordinate] = (formula_of(cell), value, percent)
    return found


def formula_of(cell):
    if isinstance(cell.value, ArrayFormula):
        return cell.value.text
    if isinstance(cell.value, DataTableFormula):
        return f"=TABLE({cell.value.r1})"
    return cell.value if cell.data_type == "f" else ""


def plain(found):
    """Take out where we read more than openpyxl: signs written as `_x000D_`, and texts that a formula left empty."""
    formula, value, percent = found
    if isinstance(value, str):
        value = value.replace("_x000D_\n", "\r\n")
    if value == "" and formula:
        value = None
    kind = next((kind for kind in (bool, datetime, date, time, timedelta) if isinstance(value, kind)), None)
    return formula, kind, value, percent


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_cell_of_a_real_workbook_is_read_as_openpyxl_reads_it(path):
    if path.name in DAMAGED:
        with pytest.raises(InputError, match="cut off or damaged"):
            read_workbook(path)
        return
    book = read_workbook(path)
    read = ours(book)
    if path.name in NOT_FOR_OPENPYXL:
        assert read
        return
    expected = theirs(path)
    # A picture in a cell is an error value to openpyxl; ours lists it as a picture.
    pictures = {
        (sheet.name, entry.address)
        for sheet in book.sheets
        for entry in sheet.objects
        if entry.kind == "picture in the cell"
    }
    if path.name in STRICT:
        assert read
        assert not expected
        return
    assert {place: plain(one) for place, one in read.items()} == {
        place: plain(one) for place, one in expected.items() if place not in pictures
    }


def test_there_are_many_real_workbooks():
    assert len(FILES) > 100


REST = [
    path
    for path in (sorted(real.ROOT.rglob("*")) if real.PRESENT else ())
    if path.is_file() and path not in FILES and path.suffix in {".xls", ".xlsb", ".ods", ".xlsx", ".xlsm"}
]


def faults_of(path):
    try:
        read_workbook(path, password=lambda _file: "password")
    except InputError as faults:
        return faults.issues
    return ()


@pytest.mark.parametrize("path", REST, ids=lambda path: path.name)
def test_every_other_real_file_is_read_or_refused_with_a_cure(path):
    assert all(issue.location.file == path.name and ":" in issue.message for issue in faults_of(path))


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("calamine/tests__sheet_name_parsing.xls", ["Titel", "Orginaltitel", "År", "Regissör"]),
        ("readxl/tests__testthat__sheets__mtcars.xls", ["mpg", "cyl", "disp", "hp"]),
    ],
)
def test_text_of_an_old_workbook_that_names_another_charset_is_read(name, texts):
    (sheet,) = read_workbook(real.ROOT / "weird" / name).sheets
    assert [cell.raw for cell in sheet.cells[:4]] == texts
