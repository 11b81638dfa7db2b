"""What a cell shows against what is stored in it: an answer that shows something else is asked back."""

import zipfile
from datetime import date, datetime

import pytest
from books import FORM, said, write_book
from builders import write_evaluation
from xlsxwriter import Workbook as Written

from vendor_eval import load_evaluation
from vendor_eval.intake.submission import read_submission
from vendor_eval.spreadsheets import read_workbook
from vendor_eval.spreadsheets.number_formats import NumberFormat

EXPECTED = ("no-template-identity", "question-not-found")


@pytest.fixture(scope="module")
def tender(tmp_path_factory):
    return load_evaluation(write_evaluation(tmp_path_factory.mktemp("tender"), FORM, {}))


@pytest.fixture
def drawn(tender, tmp_path):
    """Write a plain sheet with XlsxWriter, and read it; B2 is the answer to a question."""

    def send(key, write, *, change=None):
        path = tmp_path / "acme.xlsx"
        with Written(path) as book:
            sheet = book.add_worksheet("Answers")
            sheet.write_row("A1", ("ID", "Answer", "Evidence", "Comment"))
            sheet.write("A2", key)
            write(book, sheet)
        if change:
            change(path)
        return read_submission(tender, path)

    return send


def found(submission, key):
    """State and figure or option of an answer, and what is said of the file."""
    response = submission.responses[key]
    given = response.given
    value = None if given is None else given.number if given.number is not None else given.text
    return response.state, value, said(submission, *EXPECTED)


def asked_back(code, state="invalid"):
    return state, None, [(code, "Answers!B2")]


# ---- number formats


@pytest.mark.parametrize(
    ("key", "value", "form", "number"),
    [
        pytest.param("NUM-1", 5000, "0.0,", None, id="thousands"),
        pytest.param("NUM-1", 5, "*90", None, id="filled with a digit"),
        pytest.param("NUM-1", 5, "*-0", None, id="filled with a sign"),
        pytest.param("NUM-1", 5, "* 0", 5, id="filled with blanks"),
        pytest.param("NUM-1", 5000, "0,.0", None, id="thousands, the comma before the point"),
        pytest.param("NUM-1", 5400, '0,"k"', None, id="thousands rounded"),
        pytest.param("NUM-1", 15000, '0,"k"', 15000, id="thousands, and says so"),
        pytest.param("NUM-1", 15, ";;;", None, id="hidden"),
        pytest.param("NUM-1", 15, ";", None, id="hidden, one sign"),
        pytest.param("NUM-1", 0, "#", None, id="no figure for 0"),
        pytest.param("NUM-1", 1.06, "0", None, id="rounded"),
        pytest.param("NUM-1", 1.06, "0.00", 1.06, id="not rounded"),
        pytest.param("PCT-1", 0.9995, "0%", None, id="a share rounded up"),
        pytest.param("PCT-1", 0.9995, "0.00%", 99.95, id="a share with its decimals"),
        pytest.param("NUM-1", 5, '[=50]"5";0', 5, id="a condition that does not hold"),
        pytest.param("NUM-1", 50, '[=50]"5";0', None, id="a condition that holds"),
        pytest.param("NUM-1", 5, '"12"', None, id="another figure in words"),
        pytest.param("NUM-1", 5, '0"5"', None, id="a digit more"),
        pytest.param("NUM-1", 5, '"1"0', None, id="a digit before"),
        pytest.param("NUM-1", 5, r"0\.\5", None, id="decimals that are only written"),
        pytest.param("NUM-1", 52, '0"."0', None, id="a point that is only written"),
        pytest.param("NUM-1", 5.1, "# ?/?", None, id="a fraction"),
        pytest.param("NUM-1", 5, "# ?/?", 5, id="no fraction"),
        pytest.param("NUM-1", 12345, "0.0E+00", None, id="a power, rounded"),
        pytest.param("NUM-1", 12000, "0.0E+00", 12000, id="a power"),
        pytest.param("NUM-1", 5, "-0", None, id="below zero, only shown"),
        pytest.param("NUM-1", -5, "0;0", None, id="above zero, only shown"),
        pytest.param("NUM-1", 5, "0;-0", 5, id="two sections"),
        pytest.param("NUM-1", 0, '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', 0, id="the dash of accountants for 0"),
        pytest.param("NUM-1", 1234567, "# ##0", 1234567, id="blanks between thousands"),
        pytest.param("NUM-1", 15, '0" days"', 15, id="the unit that was asked for"),
        pytest.param("NUM-1", 15, '[<100]0" days";0" weeks"', 15, id="the unit that was asked for, by a condition"),
        pytest.param("NUM-1", 15, "@", 15, id="text"),
        pytest.param("NUM-1", 15, "General", 15, id="general"),
        pytest.param("NUM-1", 15, "[Red]#,##0.00;[Blue]-#,##0.00", 15, id="colours"),
    ],
)
def test_a_number_is_read_as_it_is_shown_or_asked_back(drawn, key, value, form, number):
    submission = drawn(key, lambda book, sheet: sheet.write("B2", value, book.add_format({"num_format": form})))
    expected = asked_back("shown-otherwise") if number is None else ("answered", pytest.approx(number), [])
    assert found(submission, key) == expected


@pytest.mark.parametrize(
    ("form", "unit", "number"),
    [
        pytest.param('General" weeks"', None, 42, id="another unit"),
        pytest.param('General" weeks"', "weeks", 42, id="another unit, and the Unit cell says so"),
        pytest.param('General" weeks"', "hours", None, id="the Unit cell says something else"),
        pytest.param('General" people"', None, None, id="no unit of time"),
        pytest.param('General" days"', "days", 6, id="the unit that was asked for"),
    ],
)
def test_a_unit_that_a_number_format_writes_is_read_with_the_figure(drawn, form, unit, number):
    def write(book, sheet):
        sheet.write("B2", 6, book.add_format({"num_format": form}))
        if unit:
            sheet.write_row("E1", ("Unit",))
            sheet.write("E2", unit)

    expected = asked_back("wrong-unit") if number is None else ("answered", pytest.approx(number), [])
    assert found(drawn("NUM-1", write), "NUM-1") == expected


@pytest.mark.parametrize(
    ("form", "code"),
    [
        pytest.param('@" not"', "shown-otherwise", id="a word"),
        pytest.param(";;;", "shown-otherwise", id="hidden"),
        pytest.param('0;0;0;"No"', "shown-otherwise", id="another word"),
        pytest.param("[$not-409]@", "shown-otherwise", id="a word in place of a currency"),
        pytest.param("0.00", "", id="a format of numbers"),
        pytest.param("_-@_-", "", id="blanks"),
    ],
)
def test_a_text_is_read_as_it_is_shown_or_asked_back(drawn, form, code):
    submission = drawn("YNP-1", lambda book, sheet: sheet.write("B2", "Yes", book.add_format({"num_format": form})))
    assert found(submission, "YNP-1") == (asked_back(code) if code else ("answered", "Yes", []))


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("yyyy-mm-dd", ""),
        ('d" de "mmmm" de "yyyy', ""),
        ('yyyy"年"m"月"d"日"', ""),
        ('yyyy-mm-dd" planned"', "shown-otherwise"),
    ],
)
def test_a_day_with_words_that_are_not_of_a_day_is_asked_back(drawn, form, code):
    day = datetime(2026, 5, 24)  # noqa: DTZ001  a calendar day
    submission = drawn("DAY-1", lambda book, sheet: sheet.write("B2", day, book.add_format({"num_format": form})))
    assert submission.responses["DAY-1"].state == ("invalid" if code else "answered")
    assert said(submission, *EXPECTED) == ([(code, "Answers!B2")] if code else [])
    assert not code or submission.responses["DAY-1"].given is None
    assert code or submission.responses["DAY-1"].given.day == date(2026, 5, 24)


def test_a_format_of_a_million_signs_is_cut_off():
    assert NumberFormat('"' * 1_000_000).other_number(5) is not None
    assert NumberFormat("[" * 1_000_000).other_text("Yes") is None


# ---- fonts


def raised(book, sheet, position="superscript"):
    effect = book.add_format({"font_script": 1 if position == "superscript" else 2})
    sheet.write_rich_string("B2", "5", effect, "1")


def test_a_raised_figure_is_no_part_of_the_one_beside_it(drawn):
    assert found(drawn("NUM-1", raised), "NUM-1") == asked_back("marked-text")
    lowered = drawn("NUM-1", lambda book, sheet: raised(book, sheet, "subscript"))
    assert found(lowered, "NUM-1") == asked_back("marked-text")


def test_a_raised_figure_in_a_text_without_shared_strings_is_asked_back(drawn):
    def inline(path):
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        old = b'<c r="B2"><v>5</v></c>'
        new = (
            b'<c r="B2" t="inlineStr"><is><r><t>5</t></r><r><rPr><vertAlign val="superscript"/></rPr>'
            b"<t>1</t></r></is></c>"
        )
        part = "xl/worksheets/sheet1.xml"
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    assert found(drawn("NUM-1", lambda _, sheet: sheet.write("B2", 5), change=inline), "NUM-1") == asked_back(
        "marked-text"
    )


@pytest.mark.parametrize(("key", "value"), [("YNP-1", "Yes"), ("NUM-1", 5), ("ONE-1", "Every month")])
def test_a_struck_answer_is_not_answered(drawn, key, value):
    def struck(book, sheet):
        sheet.write("B2", value, book.add_format({"font_strikeout": True}))

    submission = drawn(key, struck)
    assert found(submission, key) == asked_back("struck-answer", "blank")
    assert any(f"'{value}' is struck through" in issue.message for issue in submission.issues)


def test_what_is_struck_in_front_of_an_answer_is_quoted(drawn):
    def struck(book, sheet):
        sheet.write_rich_string("B2", book.add_format({"font_strikeout": True}), "5", book.add_format(), "7")

    submission = drawn("NUM-1", struck)
    assert found(submission, "NUM-1") == asked_back("struck-answer", "blank")
    assert any("'5' is struck through; '7' is left" in issue.message for issue in submission.issues)


def test_struck_evidence_proves_nothing(drawn):
    def struck(book, sheet):
        sheet.write("B2", "Yes")
        sheet.write("C2", "Policy v3, page 4", book.add_format({"font_strikeout": True}))

    submission = drawn("YNP-1", struck)
    assert (submission.responses["YNP-1"].level, submission.responses["YNP-1"].evidence) == ("claim", "")
    assert said(submission, *EXPECTED) == [("struck-text", "Answers!C2")]


@pytest.mark.parametrize(
    "effects",
    [
        {"font_color": "#FFFFFF"},
        {"font_color": "#FFFF00", "bg_color": "#FFFE01"},
        {"num_format": "[White]General;[White]General;[White]General;[White]@"},
        {"font_size": 1},
    ],
)
def test_an_answer_that_nobody_sees_is_named(drawn, effects):
    submission = drawn("YNP-1", lambda book, sheet: sheet.write("B2", "Yes", book.add_format(effects)))
    assert found(submission, "YNP-1") == ("answered", "Yes", [("hidden-content", "Answers!B2")])


def test_white_letters_on_a_dark_ground_are_seen(drawn):
    dark = {"font_color": "#FFFFFF", "bg_color": "#003366"}
    submission = drawn("YNP-1", lambda book, sheet: sheet.write("B2", "Yes", book.add_format(dark)))
    assert found(submission, "YNP-1") == ("answered", "Yes", [])


def test_a_part_of_an_answer_in_the_colour_of_its_background_is_asked_back(drawn):
    def partly(book, sheet):
        sheet.write_rich_string("B2", book.add_format({"font_color": "#FFFFFF"}), "1", book.add_format(), "5")

    assert found(drawn("NUM-1", partly), "NUM-1") == asked_back("marked-text")


# ---- boxes and controls


@pytest.mark.parametrize(
    "text",
    ["Yes [ ]", "No ☐", "☐ Yes", "Yes ( )", "Yes □", "[  ] No", "Partial ○", "Yes 🔲", "Yes ☐ No ☐", "☒ Yes ☐ No"],
)
def test_an_option_beside_an_empty_box_is_asked_back(tender, tmp_path, text):
    path = write_book(tmp_path / "acme.xlsx", {"Answers": [("ID", "Answer"), ("YNP-1", text)]})
    assert found(read_submission(tender, path), "YNP-1") == asked_back("unknown-option")


CONTROL = (
    '<legacyDrawing r:id="rIdV"/><controls><control shapeId="1025" name="Box"><controlPr><anchor><from>'
    "<xdr:col>1</xdr:col><xdr:colOff>9</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>9</xdr:rowOff></from><to>"
    "<xdr:col>1</xdr:col><xdr:colOff>99</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>99</xdr:rowOff></to></anchor>"
    "</controlPr></control></controls>"
)
VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape><br>'
    '<x:ClientData ObjectType="{}"><x:Anchor>1, 9, 1, 2, 1, 60, 1, 19</x:Anchor></x:ClientData></v:shape></xml>'
)
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rIdV" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing" '
    'Target="../drawings/vml.vml"/></Relationships>'
)


def with_control(modern, old):
    """Lay a control over B2: as the sheet lists it, in VML, or both."""

    def change(path):
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name).decode() for name in archive.namelist()}
        sheet = "xl/worksheets/sheet1.xml"
        space = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        parts[sheet] = parts[sheet].replace("<worksheet ", f"<worksheet {space}")
        parts[sheet] = parts[sheet].replace("</worksheet>", (CONTROL if modern else "") + "</worksheet>")
        if old:
            parts["xl/worksheets/_rels/sheet1.xml.rels"] = RELATION
            parts["xl/drawings/vml.vml"] = VML.format(old)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    return change


@pytest.mark.parametrize(
    ("modern", "old", "kind"),
    [
        (True, "", "control"),
        (True, "Checkbox", "check box"),
        (False, "Checkbox", "check box"),
        (False, "Radio", "option button"),
        (False, "Drop", "drop-down"),
        (True, "Pict", "control"),
    ],
)
def test_a_control_is_named_and_the_blank_answer_under_it_asked_back(drawn, modern, old, kind):
    submission = drawn("YNP-1", lambda *_: None, change=with_control(modern, old))
    codes = [("answer-in-control", "Answers!B2"), ("control-not-read", "Answers!B2")]
    state, value, issues = found(submission, "YNP-1")
    assert (state, value, sorted(issues)) == ("blank", None, codes)
    named = next(issue for issue in submission.issues if issue.code == "control-not-read")
    assert "control present, not read" in named.message
    assert kind in named.message


def test_an_answer_typed_under_a_control_counts(drawn):
    submission = drawn("YNP-1", lambda _, sheet: sheet.write("B2", "No"), change=with_control(True, "Checkbox"))
    assert found(submission, "YNP-1") == ("answered", "No", [("control-not-read", "Answers!B2")])


def test_a_note_is_no_control(tmp_path):
    path = tmp_path / "noted.xlsx"
    with Written(path) as book:
        sheet = book.add_worksheet()
        sheet.write("B2", "Yes")
        sheet.write_comment("B2", "See page 4")
    (sheet,) = read_workbook(path).sheets
    assert (sheet.objects, dict(sheet.notes)) == ((), {"B2": "See page 4"})
