"""`check --annotate`: the vendor's own workbook with a note at each issue, and nothing else changed."""

import io
import re
import shutil
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter
from builders import run, write_evaluation, write_response
from click.testing import CliRunner
from office import needs_office, saved_as
from openpyxl import load_workbook
from openpyxl.comments import Comment
from real import PRESENT, ROOT

from vendor_eval import evaluate, load_evaluation
from vendor_eval.cli import main
from vendor_eval.issues import InputError
from vendor_eval.reports.annotated import annotated
from vendor_eval.results import IssueRecord
from vendor_eval.results.base import Source
from vendor_eval.spreadsheets.excel import read_excel

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


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def behind_the_cells(content):
    """Drawings, lists, protection, footers and extensions of each sheet, as they are written."""
    return {
        name: (re.sub(rb' tabSelected="."', b"", part.partition(b"<sheetData>")[0]), part.partition(b"</sheetData>")[2])
        for name, part in parts(content).items()
        if name.startswith("xl/worksheets/sheet")
    }


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082".replace(" ", "")
)


def protected(_book, sheet):
    sheet.protect("secret")
    sheet.unprotect_range("B1:B9", "Answers", "more")
    sheet.set_footer("&LPage &P of &N")


def listed_by_rule(_book, sheet):
    data = {"type": "data_bar", "data_bar_2010": True, "bar_solid": True}
    sheet.conditional_format("B1:B9", data)
    sheet.add_table("N1:O3", {"columns": [{"header": "one"}, {"header": "two"}]})


CARRIED = {
    "chart": chart,
    "shape": lambda _book, sheet: sheet.insert_textbox("J9", "words"),
    "picture": lambda _book, sheet: sheet.insert_image("J9", "x.png", {"image_data": io.BytesIO(PNG)}),
    "picture in the header": lambda _b, sheet: sheet.set_header(
        "&L&G", {"image_data_left": io.BytesIO(PNG), "image_left": "x.png"}
    ),
    "control": lambda _book, sheet: sheet.insert_button("J9"),
    "sparkline": lambda _book, sheet: sheet.add_sparkline("J9", {"range": "Answers!B1:B2"}),
    "new formula": lambda _book, sheet: sheet.write_dynamic_array_formula("M1", "=SORT(B1:B2)"),
    "protection and footer": protected,
    "rules and tables": listed_by_rule,
    "names": lambda book, _sheet: book.define_name("Answers!Own", "=Answers!$B$1"),
}
# What a list, notes and colors are written into.
CHANGED = re.compile(
    r"\[Content_Types\].xml|docProps/core.xml|(xl/)?(_rels/)?workbook.xml(.rels)?|(xl/)?styles.xml|xl/comments\d.xml"
    r"|xl/drawings/vmlDrawing\d.vml|xl/worksheets/.*"
)


@pytest.mark.parametrize("name", CARRIED)
def test_whatever_else_a_file_holds_is_carried_over_byte_for_byte(name):
    content = made(CARRIED[name])
    copy = annotated("a.xlsx", content, ISSUES)
    assert copy.reason == ""
    before, after = parts(content), parts(copy.content)
    kept = {part: content for part, content in before.items() if not CHANGED.fullmatch(part)}
    assert kept == {part: after[part] for part in kept}
    old, new = behind_the_cells(content), behind_the_cells(copy.content)
    assert old["xl/worksheets/sheet1.xml"] == new["xl/worksheets/sheet1.xml"]
    assert set(before) <= set(after)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        load_workbook(io.BytesIO(copy.content))


def test_names_of_a_sheet_and_its_printed_titles_stay_with_it():
    def change(book, sheet):
        book.define_name("Answers!Own", "=Answers!$B$1")
        sheet.repeat_rows(0)

    book = load_workbook(io.BytesIO(annotated("a.xlsx", made(change), ISSUES).content))
    assert (list(book["Answers"].defined_names), book["Answers"].print_title_rows) == (["Own"], "$1:$1")
    assert (list(book.worksheets[0].defined_names), book.worksheets[0].print_title_rows) == ([], "$4:$4")


def test_a_cell_that_is_made_looks_as_its_row_or_column_does():
    def change(book, sheet):
        open_cell = book.add_format({"locked": False, "num_format": "@"})
        sheet.set_column("M:P", 12, open_cell)
        sheet.set_row(19, 15, book.add_format({"italic": True}))

    content = annotated("a.xlsx", made(change), [issue("N2"), issue("N20"), issue("N99"), issue("C1")]).content
    sheet = load_workbook(io.BytesIO(content))["Answers"]
    seen = [(sheet[cell].protection.locked, sheet[cell].number_format) for cell in ("N2", "N99")]
    assert seen == [(False, "@")] * 2
    assert (sheet["N20"].font.i, sheet["C1"].number_format) == (True, "yyyy-mm-dd hh:mm")


def test_a_cell_that_is_commented_on_in_a_thread_gets_its_color_and_keeps_its_comments():
    old = b"</Relationships>"
    kind = b"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    new = b'<Relationship Id="t" Type="' + kind + b'" Target="../threadedComments/t.xml"/>' + old
    before = parts(made())
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    thread = b'<ThreadedComments><threadedComment ref="B3"><text>Why?</text></threadedComment></ThreadedComments>'
    before |= {rels: before[rels].replace(old, new), "xl/threadedComments/t.xml": thread}
    copy = annotated("a.xlsx", packed(before), ISSUES)
    after = parts(copy.content)
    assert (copy.reason, after["xl/threadedComments/t.xml"]) == ("", thread)
    sheet = load_workbook(io.BytesIO(copy.content))["Answers"]
    assert (sheet["B3"].comment.text, sheet["B3"].fill.fgColor.rgb) == ("the vendor's own note", "00F4C7C3")
    assert INJECTED in sheet["J1"].comment.text


def test_a_program_that_writes_its_own_prefixes_and_no_addresses_is_understood():
    before = parts(made())
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        text = before[part].replace(b' xmlns="', b' xmlns:x="')
        before[part] = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", text)
    before["xl/worksheets/sheet1.xml"] = re.sub(rb' r="\d+"', b"", before["xl/worksheets/sheet1.xml"])
    copy = annotated("a.xlsx", packed(before), ISSUES)
    assert copy.reason == ""
    sheet = load_workbook(io.BytesIO(copy.content))["Answers"]
    assert (sheet["B3"].value, sheet["B3"].fill.fgColor.rgb) == ("few", "00F4C7C3")


LOST = {
    "xl/vbaProject.bin": "macros, which would be lost",
    "_xmlsignatures/sig1.xml": "a digital signature, which would be lost",
    "xl/revisions/revisionHeaders.xml": "shared workbook tracks, which would be lost",
}


@pytest.mark.parametrize("part", LOST)
def test_a_file_that_would_lose_something_is_not_rewritten_and_its_list_says_why(part):
    content = packed(parts(made()) | {part: b"<x/>"})
    copy = annotated("a.xlsx", content, ISSUES)
    assert LOST[part] in copy.reason
    (sheet,) = load_workbook(io.BytesIO(copy.content)).worksheets
    assert LOST[part] in sheet["A2"].value
    assert (sheet["B5"].value, sheet["B5"].hyperlink, sheet.max_row) == ("Answers!B3", None, 4 + len(ISSUES))
    assert annotated("a.xlsx", content, ISSUES).content == copy.content


@pytest.mark.parametrize("name", ["a.xlsm", "a.xls", "a.ods", "a.xlsb", "a.csv"])
def test_other_kinds_of_file_get_the_list_alone(name):
    content = made() if name == "a.xlsm" else b"ID;Answer\n"
    assert annotated(name, content, ISSUES).reason.startswith("only an unprotected .xlsx")


def packed(written):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in written.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def replaced(content, old, new):
    return packed({name: part.replace(old, new) for name, part in parts(content).items()})


def test_a_copy_that_does_not_hold_the_same_is_not_written(monkeypatch):
    content = replaced(made(), b'<c r="B1"><v>12</v>', b'<c r="B1" t="str"><v>007</v>')
    copy = annotated("a.xlsx", content, ISSUES)
    assert (copy.reason, load_workbook(io.BytesIO(copy.content))["Answers"]["B1"].value) == ("", "007")
    monkeypatch.setattr("vendor_eval.spreadsheets.rewrite.tint", lambda sheet, *_: sheet.replace(b"007", b"7"))
    assert annotated("a.xlsx", content, ISSUES).reason == "a copy of it would not hold the same"


def test_a_file_with_damaged_styles_gets_the_list_alone():
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
    # The column of our marks is hidden, and makes no row higher.
    marks = [cell for cell in sheet["F"] if cell.value]
    assert (sheet.column_dimensions["F"].hidden, len(marks)) == (True, 3 + len(ISSUES))
    assert not any(cell.alignment.wrap_text for cell in (*marks, sheet["A1"], sheet["A2"]))
    assert (sheet["B1"].value, sheet["D5"].alignment.wrap_text) == (None, True)
    assert sheet.print_title_rows


# ---- a copy that comes back


def as_excel_saves(content):
    """Move each list that points to another sheet to where Excel writes it: an x14 validation in an extension."""
    extension = (
        '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">%s</x14:dataValidations></ext></extLst></worksheet>'
    )

    def moved(sheet):
        lists = []

        def take(match):
            settings, options = match.groups()
            if "!" not in options:
                return match[0]
            place = re.search(r' sqref="([^"]*)"', settings)
            formula = f"<x14:formula1><xm:f>{options}</xm:f></x14:formula1><xm:sqref>{place[1]}</xm:sqref>"
            lists.append(f"<x14:dataValidation{settings.replace(place[0], '')}>{formula}</x14:dataValidation>")
            return ""

        rule = r'<dataValidation((?: \w+="[^"]*")*)><formula1>([^<]*)</formula1>(?:<formula2/>)?</dataValidation>'
        text = re.sub(rule, take, sheet.decode())
        text = re.sub(r"<dataValidations[^>]*></dataValidations>", "", text)
        return (text.replace("</worksheet>", extension % "".join(lists)) if lists else text).encode()

    return packed({n: moved(p) if n.startswith("xl/worksheets/") else p for n, p in parts(content).items()})


@pytest.fixture
def sample(tmp_path):
    """The small sample, whose questionnaires Excel has saved, and its annotated copies."""
    folder = tmp_path / "small"
    shutil.copytree(Path(__file__).parents[1] / "samples" / "small", folder)
    shutil.rmtree(folder / "out", ignore_errors=True)
    for path in (folder / "responses").glob("*.xlsx"):
        path.write_bytes(as_excel_saves(path.read_bytes()))
        assert b"x14:dataValidation" in b"".join(parts(path.read_bytes()).values())
    return folder


def issues_of(folder):
    return {
        vendor.id: Counter((one.code, one.source.sheet, one.source.cell, one.message) for one in vendor.issues)
        for vendor in evaluate(load_evaluation(folder)).vendors
    }


def returned(folder, change=lambda _path: None):
    """Send the annotated copies as the responses."""
    assert "is not annotated" not in check(folder, "--annotate").stderr
    for name, content in copies(folder).items():
        path = folder / "responses" / name
        path.write_bytes(content)
        change(path)


@pytest.mark.filterwarnings("ignore:Data Validation extension")
def test_a_copy_that_comes_back_is_an_ordinary_answer_and_is_annotated_anew(sample):
    before = issues_of(sample)
    returned(sample)
    first = copies(sample)
    assert issues_of(sample) == before
    returned(sample)
    assert issues_of(sample) == before
    for name, content in copies(sample).items():
        again, once = load_workbook(io.BytesIO(content)), load_workbook(io.BytesIO(first[name]))
        assert again.sheetnames == once.sheetnames
        notes = [
            {(s.title, c.coordinate): c.comment.text for s in book for row in s for c in row if c.comment}
            for book in (once, again)
        ]
        assert notes[0] == notes[1]


@needs_office
def test_a_copy_that_libreoffice_saved_is_an_ordinary_answer_too(sample, tmp_path):
    before = issues_of(sample)
    sheets = {p.name: read_excel(p.name, p.read_bytes()).sheets for p in (sample / "responses").glob("*.xlsx")}
    returned(sample, lambda path: saved_as(path, "xlsx", tmp_path).replace(path))
    assert issues_of(sample) == before
    for name, own in sheets.items():
        saved = read_excel(name, (sample / "responses" / name).read_bytes()).sheets[1:]
        for was, now in zip(own, saved, strict=True):
            assert (now.name, now.hidden, sorted(now.merged)) == (was.name, was.hidden, sorted(was.merged))
            now_said, said = ([(c.address, c.formula or c.raw) for c in sheet.cells] for sheet in (now, was))
            assert now_said == said
            assert len({a for places, _ in now.lists for a in places.split()}) >= len(was.lists)


def changed_by(edit):
    def change(path):
        book = load_workbook(path)
        edit(book)
        book.save(path)

    return change


def reply_in_note(book):
    cell = next(cell for sheet in book.worksheets[1:] for row in sheet for cell in row if cell.comment)
    cell.comment = Comment(f"{cell.comment.text}\nIt is 12.", "Ana")


def note_of_their_own(book):
    cell = next(cell for sheet in book.worksheets[1:] for row in sheet for cell in row if cell.comment)
    cell.comment = Comment(f"See our letter.\n\n{cell.comment.text}", "Ana")


def reply_beside(book):
    book.worksheets[0]["G5"] = "We mean 12"


def reply_in_list(book):
    book.worksheets[0]["D5"] = "We mean 12"


REPLIES = {
    "changed note": (reply_in_note, "note", "BLOCKING"),
    "note above ours": (note_of_their_own, "note", "'See our letter.'"),
    "beside the list": (reply_beside, "unclaimed-content", "We mean 12"),
    "in the list": (reply_in_list, "unclaimed-content", "We mean 12"),
}


@pytest.mark.parametrize("name", REPLIES)
def test_what_a_vendor_adds_to_our_list_or_notes_is_text_of_the_vendor(tmp_path, name):
    edit, code, words = REPLIES[name]
    folder = tender(tmp_path, {"acme": {"Q1": "few", "Q2": 60}})
    before = issues_of(folder)["acme"]
    returned(folder, changed_by(lambda _book: None))
    assert issues_of(folder)["acme"] == before
    returned(folder, changed_by(edit))
    (new,) = issues_of(folder)["acme"] - before
    assert (new[0], words in new[3]) == (code, True)


# ---- files that Excel saved


def test_files_that_excel_and_others_saved_are_annotated_and_keep_all():
    files = [path for path in ROOT.rglob("*.xlsx") if "password" not in path.name] if PRESENT else []
    for path in files:
        content = path.read_bytes()
        try:
            sheets = [sheet.name for sheet in read_excel(path.name, content).sheets]
        except InputError:
            continue
        copy = annotated(path.name, content, [issue(cell, sheet=s) for s in sheets[:3] for cell in ("B3", "D300")])
        assert copy.reason == "", path.name
        before, after = parts(content), parts(copy.content)
        kept = [part for part in before if not part.endswith("/") and not CHANGED.fullmatch(part.replace("\\", "/"))]
        assert [part for part in kept if before[part] != after[part] and "sheet" not in part] == [], path.name
