"""`check --annotate`: the vendor's own workbook with a note at each issue, and nothing else changed."""

import io
import zipfile

import pytest
import xlsxwriter
from builders import run, write_evaluation, write_response
from click.testing import CliRunner
from openpyxl import load_workbook

from vendor_eval.cli import main
from vendor_eval.reports.annotated import annotated
from vendor_eval.results import IssueRecord
from vendor_eval.results.base import Source

INJECTED = '=HYPERLINK("http://evil.example","x")'


def issue(cell, message="'few' is no number: write 12", *, code="not-a-number", severity="blocking", sheet="Answers"):
    return IssueRecord(
        code=code,
        severity=severity,
        message=message,
        source=Source(file="a.xlsx", sheet=sheet, cell=cell),
        text=message,
    )


def made(change=lambda _book, _sheet: None):
    """Write a workbook with everything that must come through, and what `change` adds."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Answers")
        for row, value in enumerate((12, 0.1 + 0.2, "few", True, INJECTED, " two \n lines ", "1e5")):
            sheet.write(row, 1, value)
        sheet.write_number(0, 2, 45000.123456789, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        results = (7.5, "a < b & c", True, "#N/A", " left ")
        for row, result in enumerate(results):
            sheet.write_formula(row, 3, '=IF(B1>1,"<v/>",B2)', None, result)
        sheet.write_array_formula("E1:E2", "{=B1:B2*2}", None, 24)
        sheet.write_rich_string(0, 5, "plain ", book.add_format({"font_strikeout": True}), "struck", " end")
        sheet.merge_range("G1:H2", "merged")
        sheet.write_comment("B3", "the vendor's own note", {"author": "Ana"})
        sheet.data_validation("B1", {"validate": "list", "source": ["a", "b"]})
        sheet.set_column("B:B", 33.5)
        sheet.set_column("J:L", 7, None, {"hidden": True})
        sheet.set_row(6, 40, None, {"hidden": True})
        book.add_worksheet("Issues").hide()
        book.add_worksheet("It's").very_hidden()
        change(book, sheet)
    return buffer.getvalue()


def everything(content, *, results):
    """List sheets, states, widths, hidden rows and columns, values and formulas."""
    book = load_workbook(io.BytesIO(content), data_only=results, rich_text=True)

    def value(cell):
        return getattr(cell.value, "text", cell.value) if type(cell.value).__name__ == "ArrayFormula" else cell.value

    return {
        sheet.title: (
            sheet.sheet_state,
            {key: (of.width, of.hidden, of.min, of.max) for key, of in sheet.column_dimensions.items()},
            {key: (of.height, of.hidden) for key, of in sheet.row_dimensions.items() if of.height or of.hidden},
            sorted(map(str, sheet.merged_cells.ranges)),
            {
                c.coordinate: (value(c), c.data_type, c.number_format)
                for row in sheet
                for c in row
                if c.value is not None
            },
            [(str(rule.sqref), rule.formula1) for rule in sheet.data_validations.dataValidation],
        )
        for sheet in book
    }


ISSUES = (
    issue("B3"),
    issue("B3", "also this", code="formula", severity="notice"),
    issue("H2"),
    issue("Z99"),
    issue("J1", INJECTED),
    issue("A1", sheet="It's"),
    issue("", sheet="Answers"),
    issue("A1", sheet="Elsewhere"),
)


@pytest.mark.parametrize("results", [False, True])
def test_no_value_formula_result_width_or_hidden_state_changes(results):
    content = made()
    copy = annotated("a.xlsx", content, ISSUES)
    assert copy.reason == ""
    after = everything(copy.content, results=results)
    assert next(iter(after)) == "Issues 2"
    del after["Issues 2"]
    assert after == everything(content, results=results)


def test_each_cell_is_tinted_and_carries_our_note_below_the_vendors_own():
    book = load_workbook(io.BytesIO(annotated("a.xlsx", made(), ISSUES).content))
    sheet = book["Answers"]
    note = sheet["B3"].comment
    assert note.text.startswith("the vendor's own note\n\nBLOCKING: 'few' is no number: write 12\nWhat to do: ")
    assert ("NOTICE: also this" in note.text, note.author) == (True, "Ana")
    tints = {address: sheet[address].fill.fgColor.rgb for address in ("B3", "G1", "Z99", "J1")}
    assert set(tints.values()) == {"00F4C7C3"}
    assert sheet["B4"].fill.fill_type is None
    assert all(sheet[address].comment for address in tints)


def test_the_first_sheet_lists_all_issues_as_text_with_links_to_the_cells():
    book = load_workbook(io.BytesIO(annotated("a.xlsx", made(), ISSUES).content))
    sheet = book.worksheets[0]
    links = [sheet.cell(row, 2).hyperlink for row in range(5, 5 + len(ISSUES))]
    assert [link and (link.location, link.target) for link in links] == [
        *[("'Answers'!B3", None)] * 2,
        *(("'Answers'!G1", None), ("'Answers'!Z99", None), ("'Answers'!J1", None), ("'It''s'!A1", None)),
        *(None, None),
    ]
    assert (sheet["D9"].value, sheet["D9"].data_type) == (INJECTED, "s")
    assert [other.title for other in book if other.sheet_view.tabSelected] == [sheet.title] == [book.active.title]


def test_the_same_input_gives_the_same_bytes_without_a_time_of_ours():
    content = made()
    first = annotated("a.xlsx", content, ISSUES).content
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b">1980-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")
    assert annotated("a.xlsx", content, ISSUES).content == first


def chart(book, sheet):
    drawn = book.add_chart({"type": "line"})
    drawn.add_series({"values": "=Answers!$B$1:$B$2"})
    sheet.insert_chart("J9", drawn)


LOST = {
    "chart": (chart, "charts"),
    "shape": (lambda _book, sheet: sheet.insert_textbox("J9", "words"), "shapes"),
    "control": (lambda _book, sheet: sheet.insert_button("J9"), "form controls"),
    "sparkline": (lambda _book, sheet: sheet.add_sparkline("J9", {"range": "Answers!B1:B2"}), "newer versions"),
    "new formula": (lambda _book, sheet: sheet.write_dynamic_array_formula("M1", "=SORT(B1:B2)"), "part xl/metadata"),
}


@pytest.mark.parametrize("name", LOST)
def test_a_file_that_would_lose_something_is_not_rewritten_and_its_list_says_why(name):
    change, words = LOST[name]
    copy = annotated("a.xlsx", made(change), ISSUES)
    assert words in copy.reason
    (sheet,) = load_workbook(io.BytesIO(copy.content)).worksheets
    assert words in sheet["A2"].value
    assert (sheet["B5"].value, sheet["B5"].hyperlink, sheet.max_row) == ("Answers!B3", None, 4 + len(ISSUES))
    assert annotated("a.xlsx", made(change), ISSUES).content == copy.content


@pytest.mark.parametrize(
    "part", ["xl/vbaProject.bin", "xl/threadedComments/threadedComment1.xml", "xl/media/image1.png"]
)
def test_parts_that_openpyxl_drops_are_looked_for_by_name(part):
    buffer = io.BytesIO(made())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(part, b"<x/>")
    assert "would be lost" in annotated("a.xlsx", buffer.getvalue(), ISSUES).reason


@pytest.mark.parametrize("name", ["a.xlsm", "a.xls", "a.ods", "a.xlsb", "a.csv"])
def test_other_kinds_of_file_get_the_list_alone(name):
    content = made() if name == "a.xlsm" else b"ID;Answer\n"
    assert annotated(name, content, ISSUES).reason.startswith("only an unprotected .xlsx")


def replaced(content, old, new):
    parts = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(parts, "w") as after:
        for part in before.namelist():
            after.writestr(part, before.read(part).replace(old, new))
    return parts.getvalue()


def test_a_copy_that_does_not_hold_the_same_is_not_written(monkeypatch):
    content = replaced(made(), b'<c r="B1"><v>12</v>', b'<c r="B1" t="str"><v>007</v>')
    copy = annotated("a.xlsx", content, ISSUES)
    assert (copy.reason, load_workbook(io.BytesIO(copy.content))["Answers"]["B1"].value) == ("", "007")
    monkeypatch.setattr("vendor_eval.spreadsheets.rewrite._fill", lambda sheet, _results: sheet.replace(b"007", b"7"))
    assert annotated("a.xlsx", content, ISSUES).reason == "a copy of it would not hold the same"


def test_a_file_that_openpyxl_cannot_load_gets_the_list_alone():
    content = replaced(made(), b"<cellXfs", b"<nothing")
    assert "cannot be written again" in annotated("a.xlsx", content, ISSUES).reason


def tender(folder, answers=None):
    given = answers or {"acme": {"Q1": "few", "Q2": 60}, "bolt": {"Q1": 70, "Q2": 60}}
    return write_evaluation(folder, {"a": {"A1": {"Q1": {}, "Q2": {"type": "text", "weight": 0}}}}, given)


def check(folder, *options):
    return CliRunner().invoke(main, ["check", str(folder), *options])


def copies(folder):
    return {path.name: path.read_bytes() for path in (folder / "out" / "annotated").glob("*")}


def test_check_writes_a_copy_for_each_vendor_and_without_the_option_leaves_it(tmp_path):
    folder = tender(tmp_path)
    assert check(folder).exit_code == 1
    assert copies(folder) == {}
    assert "annotated (2 files)" in check(folder, "--annotate").stderr
    first = copies(folder)
    assert sorted(first) == ["acme.xlsx", "bolt.xlsx"]
    check(folder)
    assert copies(folder) == first
    check(folder, "--annotate")
    assert copies(folder) == first
    (source,) = (one.source for one in run(folder).vendor("acme").issues if one.code == "not-a-number")
    book = load_workbook(io.BytesIO(first["acme.xlsx"]))
    assert "'few'" in book[source.sheet][source.cell].comment.text


def test_several_files_of_a_vendor_have_a_copy_each_and_a_refused_file_none(tmp_path):
    folder = tender(tmp_path)
    (folder / "responses" / "crux").mkdir()
    for name in ("Q1", "Q2"):
        write_response(folder / "responses" / "crux" / f"{name}.xlsx", [(name, 50)])
    write_response(folder / "responses" / "crux-Q1.xlsx", [("Q1", 50)])
    (folder / "responses" / "bad.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (folder / "responses" / "dash.csv").write_text("ID,Answer\nQ1,5\nQ2,few\n")
    done = check(folder, "--annotate")
    assert sorted(copies(folder)) == [
        "acme.xlsx",
        "bolt.xlsx",
        "crux-Q1-2.xlsx",
        "crux-Q1.xlsx",
        "crux-Q2.xlsx",
        "dash.xlsx",
    ]
    assert "dash.csv is not annotated" in done.stderr


def test_what_is_about_other_vendors_or_the_buyers_own_files_goes_to_none(tmp_path):
    words = "We train every annotator for two weeks and keep the records of it for all of them for seven years. " * 2
    folder = tender(tmp_path, {name: {"Q1": "few", "Q2": words} for name in ("acme", "bolt")})
    late = "{vendor: acme, question: Q1, claim: true, by: Ana P., date: 2027-01-01, reason: SECRET}"
    (folder / "findings.yaml").write_text(f"- {late}\n")
    assert {"same-file", "finding-after-as-of"} <= {one.code for one in run(folder).vendor("acme").issues}
    check(folder, "--annotate")
    book = load_workbook(io.BytesIO(copies(folder)["acme.xlsx"]))
    listed = " ".join(str(cell.value) for row in book.worksheets[0] for cell in row)
    assert [word in listed for word in ("'few'", "bolt", "as_of", "2027")] == [True, False, False, False]


def test_the_list_prints_as_wide_as_a_page_with_its_headers_on_each():
    sheet = load_workbook(io.BytesIO(annotated("a.xlsx", made(), ISSUES).content)).worksheets[0]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows
