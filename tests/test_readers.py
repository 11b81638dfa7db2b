"""Bytes to cells: what a cell keeps, and which files are refused with a cure."""

import hashlib
import io
import os
import random
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from books import write_book
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula
from xlsxwriter import Workbook as Written

from vendor_eval.issues import InputError, Location
from vendor_eval.spreadsheets import Book, Cell, raw_text, read_workbook

# XlsxWriter keeps the result of a formula, openpyxl does not.


@pytest.fixture
def draw(tmp_path):
    """Write one sheet with a function, and read it."""

    def drawn(write, name="sent.xlsx") -> Book:
        path = tmp_path / name
        with Written(path) as book:
            write(book, book.add_worksheet("Answers"))
        return read_workbook(path)

    return drawn


def only_cell(book: Book) -> Cell:
    (cell,) = (cell for sheet in book.sheets for cell in sheet.cells)
    return cell


# ---- cells


@pytest.mark.parametrize(
    ("value", "kept", "raw"),
    [
        pytest.param("Yes", "Yes", "Yes", id="text"),
        pytest.param("  two\nlines ", "  two\nlines ", "  two\nlines ", id="blanks and a line break"),
        pytest.param("=1+1 as text", "=1+1 as text", "=1+1 as text", id="text like a formula"),
        pytest.param("001", "001", "001", id="leading zeros"),
        pytest.param("N/A", "N/A", "N/A", id="n/a is text"),
        pytest.param("🙂\u00a0\u200b", "🙂\u00a0\u200b", "🙂\u00a0\u200b", id="emoji and what nobody sees"),
        pytest.param("two\r\nlines", "two\r\nlines", "two\r\nlines", id="carriage return"),
        pytest.param(30, 30, "30", id="whole number"),
        pytest.param(30.5, 30.5, "30.5", id="fraction"),
        pytest.param(True, True, "TRUE", id="true"),
        pytest.param(False, False, "FALSE", id="false"),
    ],
)
def test_a_cell_keeps_its_value_and_shows_it_as_text(draw, value, kept, raw):
    def write(_book, sheet):
        write_one = sheet.write_string if isinstance(value, str) else sheet.write
        write_one("D14", value)

    cell = only_cell(draw(write))
    assert cell == Cell(14, 4, "D14", kept)
    assert (type(cell.value), cell.raw) == (type(kept), raw)


@pytest.mark.parametrize(
    ("form", "value", "kept", "raw"),
    [
        pytest.param("yyyy-mm-dd", datetime(2026, 11, 24), datetime(2026, 11, 24), "2026-11-24", id="day"),  # noqa: DTZ001
        pytest.param("d mmm yy h:mm", datetime(2026, 11, 24, 9, 30), datetime(2026, 11, 24, 9, 30), "2026-11-24 09:30:00", id="time"),  # noqa: DTZ001, E501
        pytest.param("h:mm", time(9, 30), time(9, 30), "09:30:00", id="time of day"),
    ],
)  # fmt: skip
def test_a_cell_keeps_a_day(draw, form, value, kept, raw):
    cell = only_cell(draw(lambda book, sheet: sheet.write_datetime("A1", value, book.add_format({"num_format": form}))))
    assert (cell.value, cell.raw, cell.percent) == (kept, raw, False)


def test_a_number_without_a_date_format_is_no_day(draw):
    assert only_cell(draw(lambda _book, sheet: sheet.write("A1", 46350))).value == 46350


@pytest.mark.parametrize(
    ("form", "percent"),
    [("0%", True), ("0.00%", True), ("0.0 %", True), ("General", False), ("0.00", False), ("@", False)],
)
def test_a_cell_says_whether_it_shows_percent(draw, form, percent):
    cell = only_cell(draw(lambda book, sheet: sheet.write("A1", 0.995, book.add_format({"num_format": form}))))
    assert (cell.value, cell.percent) == (0.995, percent)


def test_a_text_or_a_boolean_in_a_percent_format_shows_no_percent(draw):
    def write(book, sheet):
        percent = book.add_format({"num_format": "0%"})
        sheet.write_string("A1", "95", percent)
        sheet.write_boolean("A2", True, percent)

    (sheet,) = draw(write).sheets
    assert [cell.percent for cell in sheet.cells] == [False, False]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!"])
def test_an_error_is_kept_apart_from_text(tmp_path, error):
    path = tmp_path / "sent.xlsx"
    book = Workbook()
    book.active["B2"] = error
    assert book.active["B2"].data_type == "e"
    book.save(path)
    cell = only_cell(read_workbook(path))
    assert (cell.value, cell.error, cell.raw) == (None, error, error)


def test_an_error_as_the_saved_result_of_a_formula_is_an_error(draw):
    book = draw(lambda _book, sheet: sheet.write_formula("A1", "=1/0", None, "#DIV/0!"))
    cell = only_cell(book)
    assert (cell.value, cell.error, cell.formula) == (None, "#DIV/0!", "=1/0")


@pytest.mark.parametrize(
    ("result", "kept"),
    [
        pytest.param(95, 95, id="number"),
        pytest.param("Yes", "Yes", id="text"),
        pytest.param(True, True, id="boolean"),
    ],
)
def test_a_formula_keeps_its_text_and_the_value_that_was_saved(draw, result, kept):
    book = draw(lambda _book, sheet: sheet.write_formula("D14", "=B3*2", None, result))
    assert only_cell(book) == Cell(14, 4, "D14", kept, formula="=B3*2")


def test_a_formula_whose_saved_value_shows_percent_says_so(draw):
    def write(book, sheet):
        sheet.write_formula("A1", "=B1/C1", book.add_format({"num_format": "0%"}), 0.95)

    cell = only_cell(draw(write))
    assert (cell.value, cell.percent) == (0.95, True)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        pytest.param("=B3*2", "=B3*2", id="formula"),
        pytest.param(ArrayFormula("A1:A2", "=B1:B2*2"), "=B1:B2*2", id="array formula"),
    ],
)
def test_a_formula_that_was_never_calculated_has_no_value(tmp_path, written, text):
    path = tmp_path / "sent.xlsx"
    book = Workbook()
    book.active["A1"] = written
    book.save(path)
    cell = only_cell(read_workbook(path))
    assert (cell.value, cell.formula, cell.raw) == (None, text, text)


def test_blank_and_merely_formatted_cells_are_not_there(draw):
    def write(book, sheet):
        sheet.write_blank("A1", None, book.add_format({"bold": True}))
        sheet.write_string("A2", "")
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))
        sheet.write_string("C1048576", "far below")

    assert [cell.address for cell in draw(write).sheets[0].cells] == ["C1048576"]


def test_cells_come_in_reading_order_by_rows(draw):
    def write(_book, sheet):
        for address in ("B2", "A10", "C1", "A2", "A1"):
            sheet.write(address, address)

    (sheet,) = draw(write).sheets
    assert [cell.address for cell in sheet.cells] == ["A1", "C1", "A2", "B2", "A10"]
    assert [(number, sorted(row)) for number, row in sheet.rows()] == [(1, [1, 3]), (2, [1, 2]), (10, [1])]


def test_an_empty_sheet_has_no_rows(draw):
    (sheet,) = draw(lambda _book, _sheet: None).sheets
    assert (sheet.cells, list(sheet.rows())) == ((), [])


def test_hidden_rows_columns_and_sheets_are_read_and_marked(draw):
    def write(book, sheet):
        for address in ("A1", "A2", "C1", "D1"):
            sheet.write(address, 1)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("C:D", None, None, {"hidden": True})
        book.add_worksheet("Shown")
        book.add_worksheet("Hidden").hide()
        book.add_worksheet("Very hidden").very_hidden()

    book = draw(write)
    assert {cell.address: cell.hidden for cell in book.sheets[0].cells} == {
        "A1": False,
        "A2": True,
        "C1": True,
        "D1": True,
    }
    assert [sheet.hidden for sheet in book.sheets] == [False, False, True, True]


def test_merged_areas_and_chart_sheets_do_not_hide_cells(draw):
    def write(book, sheet):
        sheet.merge_range("B2:C3", "once")
        sheet.write("A1", 1)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Answers!$A$1:$A$1"})
        book.add_chartsheet("Chart").set_chart(chart)

    book = draw(write)
    assert [sheet.name for sheet in book.sheets] == ["Answers"]
    assert ([cell.address for cell in book.sheets[0].cells], book.sheets[0].merged) == (["A1", "B2"], ("B2:C3",))


def test_a_book_keeps_its_hash_author_and_own_properties(tmp_path):
    path = tmp_path / "sent.xlsx"
    with Written(path) as book:
        book.add_worksheet()
        book.set_properties({"author": "Ana"})
        book.set_custom_property("vendor_eval_template", "t/1")
    read = read_workbook(path)
    assert read.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (read.file, read.author, read.properties) == ("sent.xlsx", "Ana", {"vendor_eval_template": "t/1"})


def test_macros_do_not_stop_a_workbook(tmp_path):
    path = write_book(tmp_path / "sent.xlsm", {"Answers": [["Yes"]]})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    assert only_cell(read_workbook(path)).value == "Yes"


def test_a_name_given_for_the_file_stands_in_for_it_everywhere(tmp_path):
    path = write_book(tmp_path / "sent.xlsx", {"Answers": [["Yes"]]})
    assert read_workbook(path, name="responses/acme.xlsx").file == "responses/acme.xlsx"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param(30.0, "30", id="whole number"),
        pytest.param(0.1, "0.1", id="fraction"),
        pytest.param(1e16, "1e+16", id="huge"),
        pytest.param(True, "TRUE", id="boolean"),
        pytest.param(date(2026, 11, 24), "2026-11-24", id="day"),
        pytest.param(timedelta(hours=30), "1 day, 6:00:00", id="duration"),
    ],
)
def test_a_value_has_one_text(value, text):
    assert raw_text(value) == text


# ---- files that cannot be read


def refused(path, name="acme.xlsx"):
    """Message of the one fault that a file is refused with."""
    with pytest.raises(InputError) as caught:
        read_workbook(path, name=name)
    (issue,) = caught.value.issues
    assert (issue.code, issue.location) == ("unreadable-file", Location(file=name))
    return issue.message


def plain_zip(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def whole_workbook():
    buffer = io.BytesIO()
    book = Workbook()
    book.active["A1"] = "Yes"
    book.save(buffer)
    return buffer.getvalue()


WORKBOOK = whole_workbook()


@pytest.mark.parametrize(
    ("content", "cure"),
    [
        pytest.param(b"", "send it again", id="empty"),
        pytest.param(WORKBOOK[: len(WORKBOOK) // 2], "send it again", id="cut off"),
        pytest.param(WORKBOOK[:4], "send it again", id="four bytes"),
        pytest.param(b"%PDF-1.7\n", "save as .xlsx", id="PDF"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "save as .xlsx", id="old .xls"),
        pytest.param(b"<html><table><tr><td>ID</td></tr></table></html>", "save as .xlsx", id="web page"),
        pytest.param(b"<?xml version='1.0'?><Workbook/>", "save as .xlsx", id="XML"),
        pytest.param(b"ID,Answer\nSEC-01,30\n", "save as .xlsx", id="text"),
        pytest.param(random.Random(1).randbytes(5000), "save as .xlsx", id="random bytes"),  # noqa: S311  no secret
        pytest.param(b"PK\x03\x04" + random.Random(2).randbytes(5000), "send it again", id="zip of random bytes"),  # noqa: S311
        pytest.param(plain_zip(), "save as .xlsx", id="zip without a part"),
        pytest.param(plain_zip(notes="hello"), "unpack it", id="zip that is no workbook"),
        pytest.param(plain_zip(**{"xl/workbook.xml": "<"}), "save it again", id="workbook with broken XML"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_with_a_cure(tmp_path, content, cure):
    path = tmp_path / "acme.xlsx"
    path.write_bytes(content)
    assert cure in refused(path)


def _folder(path):
    path.mkdir()


def _link(path):
    target = path.with_name("real.xlsx")
    target.write_bytes(WORKBOOK)
    path.symlink_to(target)


def _nothing(path):
    assert not path.exists()


def _dangling(path):
    path.symlink_to(path.with_name("nothing.xlsx"))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(_folder, "is a folder", id="folder"),
        pytest.param(_link, "is a link", id="symbolic link"),
        pytest.param(_dangling, "is a link", id="dangling link"),
        pytest.param(os.mkfifo, "is not a regular file", id="pipe"),
        pytest.param(_nothing, "does not exist", id="nothing"),
    ],
)
def test_what_is_no_regular_file_is_refused_and_never_waited_for(tmp_path, make, said):
    path = tmp_path / "acme.xlsx"
    make(path)
    assert said in refused(path)


def assert_read_or_refused(path):
    """Anything but a book or the faults of an input is a traceback, and fails the test."""
    issues = ()
    try:
        read_workbook(path)
    except InputError as faults:
        issues = faults.issues
    assert {issue.code for issue in issues} <= {"unreadable-file", "ambiguous-zip", "unknown-compression"}


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("content", [b"", b"<a>", b"<a/>", b"\0\1\2"], ids=["empty", "open tag", "foreign", "binary"])
def test_a_damaged_part_never_ends_in_a_traceback(tmp_path, part, content):
    path = tmp_path / "acme.xlsx"
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, content if name == part else source.read(name))
    assert_read_or_refused(path)


@pytest.mark.parametrize("seed", range(20))
def test_a_flipped_byte_never_ends_in_a_traceback(tmp_path, seed):
    path = tmp_path / "acme.xlsx"
    chance = random.Random(seed)  # noqa: S311  no secret
    content = bytearray(WORKBOOK)
    for _ in range(8):
        content[chance.randrange(4, len(content))] = chance.randrange(256)
    path.write_bytes(bytes(content))
    assert_read_or_refused(path)
