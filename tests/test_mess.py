"""What vendors send, row by row of the mess table: each has one right reading, or an issue with its cell and a cure."""

import io
import json
import shutil
import zipfile
from dataclasses import dataclass
from datetime import date

import pytest
from books import (
    FORM,
    ask,
    asked,
    fill,
    form_rows,
    message,
    opened,
    read,
    said,
    template_texts,
    unaccounted,
    write_book,
)
from builders import write_evaluation
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
from office import edited
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.worksheet.datavalidation import DataValidation
from pages import scorecard_html, words
from PIL import Image as Picture
from xlsxwriter import Workbook as Written

from vendor_eval import evaluate
from vendor_eval.cli import main
from vendor_eval.config.models import load_document
from vendor_eval.config.shipped import words_file
from vendor_eval.criteria.parsing.words import WordsFile
from vendor_eval.criteria.questions import Answer
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.intake.submission import read_submission
from vendor_eval.intake.submission.cell_claims import CellClaims
from vendor_eval.issues import Location
from vendor_eval.run.evaluate import load_evaluation

QUALITY, SAFETY = "Category quality", "Category safety"
PLAIN = ("ID", "Answer", "Evidence", "Comment")
EXPECTED = ("no-template-identity", "question-not-found")
YES, PARTIAL, NO = (Answer(label, frozenset({label.lower()})) for label in ("Yes", "Partial", "No"))
FILLED = {"YNP-1": ("Yes", "Policy v3"), "ONE-1": "Every month", "NUM-1": 15, "PCT-1": "95 %", "DAY-1": "2026-05-24"}


@pytest.fixture(scope="module")
def tender(tmp_path_factory):
    return load_evaluation(write_evaluation(tmp_path_factory.mktemp("tender"), FORM, {}))


@pytest.fixture(scope="module")
def blank(tender):
    return questionnaire(tender)


@pytest.fixture
def sent(tender, blank, tmp_path):
    """Fill in the questionnaire, change the workbook, and read it."""

    def send(change=None, answers=FILLED, **cover):
        return read_submission(tender, fill(blank, answers, tmp_path / "acme.xlsx", change, **cover))

    return send


@pytest.fixture
def plain(tender, tmp_path):
    """Read a plain sheet of rows."""

    def send(*rows, headers=PLAIN):
        return read_submission(tender, write_book(tmp_path / "acme.xlsx", {"Answers": [headers, *rows]}))

    return send


def cli(*words):
    done = CliRunner().invoke(main, [str(word) for word in words], prog_name="vendor-eval")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@dataclass(frozen=True)
class Checked:
    """What `check` and `evaluate` say of a folder of responses."""

    exit_code: int
    vendors: dict
    text: str

    def issues(self, vendor="acme", *leave_out):
        found = self.vendors[vendor]["issues"]
        return [(one["code"], one["severity"], one["source"]["cell"]) for one in found if one["code"] not in leave_out]

    def message(self, code, vendor="acme"):
        (found,) = (one["message"] for one in self.vendors[vendor]["issues"] if one["code"] == code)
        return found


def check(folder):
    """Run the command and read its JSON."""
    text = cli("check", folder).output
    done = cli("check", folder, "--json")
    return Checked(done.exit_code, {one["id"]: one for one in json.loads(done.stdout)["vendors"]}, text)


def values(folder):
    """Value of each answer of each vendor, from results.json."""
    assert cli("evaluate", folder, "--skip-unreadable", "--format", "json").exit_code == 0
    result = json.loads((folder / "out" / "results.json").read_text("utf-8"))
    return {v["id"]: {a["id"]: (a["state"], a["value"]) for a in v["answers"]} for v in result["vendors"]}


def news(submission):
    """What is said beyond what every plain sheet with a few rows gives rise to."""
    return said(submission, *EXPECTED)


def state(submission, name):
    return submission.responses[name].state


# ------------------------------------------------------------------------------------------------ 1 columns


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(("ID", "Answer", "Evidence", "Comment"), id="ours"),
        pytest.param(("Ref.", "Vendor response", "Supporting documents", "Remarks"), id="English"),
        pytest.param(("Nr.", "Antwort", "Nachweis", "Bemerkung"), id="German"),
        pytest.param(("Réf.", "Réponse", "Preuve", "Commentaire"), id="French"),
        pytest.param(("N.º", "Respuesta", "Evidencia", "Comentario"), id="Spanish"),
        pytest.param(("Núm", "Resposta", "Evidência", "Comentário"), id="Portuguese"),
        pytest.param(("N.", "Risposta", "Evidenza", "Commento"), id="Italian"),
        pytest.param(("Nummer", "Antwoord", "Bewijs", "Opmerking"), id="Dutch"),
        pytest.param(("Lp.", "Odpowiedź", "Dowód", "Komentarz"), id="Polish"),
        pytest.param(("Numara", "Cevap", "Kan\u0131t", "Yorum"), id="Turkish"),
        pytest.param(("番号", "回答", "証跡", "備考"), id="Japanese"),
        pytest.param(("编号", "答案", "证据", "备注"), id="Chinese"),
    ],
)
def test_columns_are_found_by_their_names_wherever_they_stand(plain, headers):
    submission = plain(("PCT-1", "95 %", "Log 7", "since May"), headers=headers)
    response = submission.responses["PCT-1"]
    assert (response.given, response.evidence, response.comment) == (Answer("95", number=95.0), "Log 7", "since May")
    turned = plain(("since May", "Log 7", "95 %", "PCT-1"), headers=headers[::-1])
    assert turned.responses["PCT-1"].given == response.given
    assert news(submission) == news(turned) == []


def test_inserted_columns_and_rows_move_no_answer(sent):
    def change(book):
        for sheet in book:
            if form_rows(sheet):
                sheet.insert_cols(3, 2)
                sheet.insert_rows(5, 3)

    submission = sent(change)
    assert {name: state(submission, name) for name in ("YNP-1", "NUM-1", "DAY-1")} == dict.fromkeys(
        ("YNP-1", "NUM-1", "DAY-1"), "answered"
    )
    assert submission.responses["NUM-1"].location == Location("acme.xlsx", QUALITY, "F14")


def test_a_sheet_with_our_ids_and_no_answer_column_cannot_be_read_and_its_headers_are_named(tmp_path):
    folder = write_evaluation(tmp_path, FORM, {})
    write_book(folder / "responses" / "acme.xlsx", {"A": [("ID", "Our position", "Owner"), ("YNP-1", "Yes", "Ana")]})
    done = check(folder)
    assert (done.exit_code, done.issues()) == (1, [("unreadable-file", "blocking", None)])
    assert all(f"'{name}'" in done.message("unreadable-file") for name in ("ID", "Our position", "Owner"))
    assert "name the column Answer" in done.message("unreadable-file")


@pytest.mark.parametrize(
    ("first", "second", "given", "codes"),
    [
        pytest.param("Yes", "Yes", YES, [], id="alike"),
        pytest.param("Yes", "Ja", YES, [], id="alike in two languages"),
        pytest.param("Yes", None, YES, [], id="only the first"),
        pytest.param(None, "Yes", YES, [], id="only the second"),
        pytest.param("Yes", "No", None, [("contradiction", "Answers!C2")], id="different"),
        pytest.param("n/a", "No", NO, [("placeholder-answer", "Answers!B2")], id="one says nothing"),
    ],
)
@pytest.mark.parametrize("other", ["Answer", "Response"])
def test_two_answer_columns_are_said_and_block_where_they_differ(plain, first, second, given, codes, other):
    submission = plain(("YNP-1", first, second), headers=("ID", "Answer", other))
    assert submission.responses["YNP-1"].given == given
    assert news(submission) == [("several-answer-columns", "Answers!C1"), *codes]
    assert f"'{other}' (C1)" in message(submission, "several-answer-columns")
    both = {place.cell for place in submission.responses["YNP-1"].locations}
    assert both == {cell for cell, value in (("B2", first), ("C2", second)) if value}
    assert submission.unclaimed == ()


def test_a_second_table_beside_the_first_never_answers_for_it(sent):
    def change(book):
        for row in list(book[SAFETY].iter_rows(min_row=4, max_row=16)):
            for cell in row:
                book[QUALITY].cell(cell.row, cell.column + 10).value = cell.value
        book.remove(book[SAFETY])

    submission = sent(change, {"PCT-1": "95 %", "DAY-1": "2026-05-24"})
    assert {response.state for response in submission.responses.values()} == {"blank"}
    assert {(QUALITY, "N6"), (QUALITY, "N7")} <= {(place.sheet, place.cell) for place in submission.unclaimed}
    assert "PCT-1" in message(submission, "question-not-found")


def test_ids_with_other_dashes_are_the_ids(sent):
    def change(book):
        for row in form_rows(book[QUALITY]).values():
            row["ID"].value = row["ID"].value.replace("-", "\u2013")

    submission = sent(change)
    assert (state(submission, "NUM-1"), said(submission)) == ("answered", [])


# ------------------------------------------------------------------------------------------------ 2, 16 elsewhere


def test_rows_without_an_id_are_listed_and_read_by_nobody(plain):
    submission = plain(("YNP-1", "Yes"), (None, "Please call us", None, "urgent"), ("Total", 12))
    assert news(submission) == [("unclaimed-content", "Answers!B3"), ("unclaimed-content", "Answers!A4")]
    assert [place.cell for place in submission.unclaimed] == ["B3", "D3", "A4", "B4"]


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        pytest.param(("NUM-1", None, None, "30 days"), "D2", id="in Comment"),
        pytest.param(("NUM-1", None, "30 days"), "C2", id="in Evidence"),
        pytest.param(("NUM-1", None, None, None, "30 days"), "B2", id="in a column of their own"),
    ],
)
def test_an_answer_beside_its_cell_is_blank_and_asked_back_with_what_was_written(plain, row, cell):
    submission = plain(row)
    assert state(submission, "NUM-1") == "blank"
    asked_back = [issue for issue in submission.issues if issue.code == "answer-in-comment"]
    assert ["30 days" in issue.message for issue in asked_back] == [True]
    assert ("answer-in-comment", f"Answers!{cell if cell != 'B2' else 'E2'}") in news(submission)


def test_an_answer_in_a_note_is_blank_and_asked_back_and_other_notes_are_listed(sent):
    def change(book):
        book[QUALITY]["D6"].comment = Comment("yes, since 2024", "Ana")
        book[QUALITY]["D11"].comment = Comment("checked", "Ana")
        book[QUALITY]["A1"].comment = Comment("hello", "Ana")

    submission = sent(change, {"NUM-1": 15})
    assert state(submission, "YNP-1") == "blank"
    assert said(submission) == [
        ("note", f"{QUALITY}!A1"),
        ("answer-in-comment", f"{QUALITY}!D6"),
        ("note", f"{QUALITY}!D11"),
    ]
    assert "yes, since 2024" in message(submission, "answer-in-comment")


THREAD = """<?xml version="1.0" encoding="UTF-8"?>
<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
<threadedComment ref="B2" id="{A}"><text>Is a yes for Lund enough?</text></threadedComment>
<threadedComment ref="B2" id="{B}" parentId="{A}"><text>30 days there</text></threadedComment>
</ThreadedComments>"""
RELATION = (
    '<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"'
    ' Target="/xl/threadedComments/threadedComment1.xml"/></Relationships>'
)


def with_thread(path):
    """Put a thread of comments beside the note of a sheet, as Excel does."""
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    relations = "xl/worksheets/_rels/sheet1.xml.rels"
    parts[relations] = parts[relations].replace(b"</Relationships>", RELATION.encode())
    with zipfile.ZipFile(path, "w") as after:
        for name, content in (*parts.items(), ("xl/threadedComments/threadedComment1.xml", THREAD.encode())):
            after.writestr(name, content)


@pytest.mark.parametrize(
    ("answer", "code"),
    [pytest.param(None, "answer-in-comment", id="blank"), pytest.param(15, "note", id="answered")],
)
def test_a_thread_of_comments_is_quoted_as_a_whole(tender, tmp_path, answer, code):
    path = write_book(tmp_path / "acme.xlsx", {"Answers": [("ID", "Answer"), ("NUM-1", answer)]})
    book = opened(path)
    book["Answers"]["B2"].comment = Comment("[Threaded comment] open in a newer Excel", "Ana")
    book.save(path)
    with_thread(path)
    submission = read_submission(tender, path)
    assert news(submission) == [(code, "Answers!B2")]
    assert "Is a yes for Lund enough? 30 days there" in message(submission, code)


# ------------------------------------------------------------------------------------------------ 3 merged cells


def test_a_merged_answer_belongs_to_its_first_question_alone(sent):
    def change(book):
        book[QUALITY]["D6"] = "Yes"
        book[QUALITY].merge_cells("D6:D7")

    submission = sent(change, {})
    assert (state(submission, "YNP-1"), state(submission, "YNP-2")) == ("answered", "blank")
    assert said(submission) == [("merged-answer", f"{QUALITY}!D7")]
    assert "inside merged range D6:D7" in message(submission, "merged-answer")


def test_a_row_that_a_merge_hides_is_named_even_where_the_question_is_answered(sent):
    submission = sent(lambda book: book[QUALITY].merge_cells("D9:D10"), {"ALL-1.a": "Yes"})
    assert submission.responses["ALL-1"].given == Answer("Badges", frozenset("a"))
    assert said(submission) == [("merged-answer", f"{QUALITY}!D10")]


def test_evidence_merged_over_several_answers_proves_the_first_and_is_asked_for_beside_the_others(sent):
    answers = {
        "YNP-1": ("Yes", "Policy v3"),
        "YNP-2": ("No", None, "Lund"),
        "ALL-1.a": ("Yes", "Photos"),
        "ALL-1.b": "No",
    }

    def change(book):
        book[QUALITY].merge_cells("F6:F7")
        book[QUALITY].merge_cells("F9:F10")

    submission = sent(change, answers)
    assert [submission.responses[name].level for name in ("YNP-1", "YNP-2", "ALL-1")] == [
        "document",
        "claim",
        "document",
    ]
    assert said(submission) == [("merged-evidence", f"{QUALITY}!D7")]
    assert "without evidence, inside merged range F6:F7" in message(submission, "merged-evidence")


# ------------------------------------------------------------------------------------------------ 4-7 words


@pytest.mark.parametrize(
    ("text", "given", "comment", "code"),
    [
        pytest.param("Yes, except EU", PARTIAL, "except EU", "qualified-answer", id="except"),
        pytest.param("Yes (except EU)", PARTIAL, "except EU", "qualified-answer", id="in brackets"),
        pytest.param("Yes - see attached", PARTIAL, "see attached", "qualified-answer", id="see attached behind"),
        pytest.param("YES – EU only", PARTIAL, "EU only", "qualified-answer", id="dash"),
        pytest.param("Ja, aber nur in Lund", PARTIAL, "aber nur in Lund", "qualified-answer", id="German"),
        pytest.param("はい、EU以外", PARTIAL, "EU以外", "qualified-answer", id="Japanese"),
        pytest.param("是\uff0c除欧盟外", PARTIAL, "除欧盟外", "qualified-answer", id="Chinese"),
        pytest.param("Partial: EU only", PARTIAL, "EU only", "qualified-answer", id="partial"),
        pytest.param("No, but in Lund", NO, "but in Lund", "qualified-answer", id="no"),
        pytest.param("Yes (partially)", None, "", "unknown-option", id="two answers"),
        pytest.param("Yes / No", None, "", "unknown-option", id="two answers with a slash"),
        pytest.param("Yes and no", None, "", "unknown-option", id="two answers with and"),
        pytest.param("Yes (tbc)", None, "", "unknown-option", id="yes, or nothing yet"),
        pytest.param("No exceptions", None, "", "unknown-option", id="a no that may mean yes"),
        pytest.param("Yes?", None, "", "unknown-option", id="a question"),
        pytest.param("see attached", None, "", "answer-elsewhere", id="elsewhere alone"),
        pytest.param("Siehe Anlage.", None, "", "answer-elsewhere", id="elsewhere, German"),
        pytest.param("Planned", None, "", "planned-answer", id="planned"),
        pytest.param("Roadmap Q3", None, "", "planned-answer", id="roadmap"),
        pytest.param("Yes, by Q3 2027", None, "", "planned-answer", id="yes, planned"),
        pytest.param("Yes (Q3 2027)", None, "", "planned-answer", id="yes, in a quarter to come"),
        pytest.param("Yes, from 2027", None, "", "planned-answer", id="yes, from a year to come"),
        pytest.param("Ja, ab Januar 2027", None, "", "planned-answer", id="yes, from a month to come, German"),
        pytest.param("Partial, from 01/2027", None, "", "planned-answer", id="partial, from a month to come"),
        pytest.param("Yes, once certified", None, "", "planned-answer", id="yes, once certified"),
        pytest.param("Yes, from 2019", PARTIAL, "from 2019", "qualified-answer", id="yes, from a year past"),
        pytest.param("Yes, valid until 2028", PARTIAL, "valid until 2028", "qualified-answer", id="yes, until a year"),
        pytest.param("Yes*", PARTIAL, "*", "qualified-answer", id="yes with a mark of a note"),
        pytest.param("Yes, on request", PARTIAL, "on request", "qualified-answer", id="yes, on request"),
        pytest.param("No, from 2027", NO, "from 2027", "qualified-answer", id="no, to come"),
        pytest.param("Yes (coming soon)", None, "", "planned-answer", id="yes, soon"),
        pytest.param("geplant", None, "", "planned-answer", id="planned, German"),
        pytest.param("n/a", None, "", "not-applicable-answer", id="n/a"),
        pytest.param("Nicht zutreffend für uns", None, "", "unknown-option", id="n/a in words of their own"),
        pytest.param("TBD", None, "", "placeholder-answer", id="TBD"),
        pytest.param("-", None, "", "placeholder-answer", id="dash alone"),
        pytest.param("[ ]", None, "", "placeholder-answer", id="empty box"),
        pytest.param("☐", None, "", "placeholder-answer", id="empty box, one sign"),
        pytest.param("?", None, "", "placeholder-answer", id="question mark"),
        pytest.param("None", None, "", "unknown-option", id="none where no option says so"),
        pytest.param(1, None, "", "unknown-option", id="1"),
        pytest.param(0, None, "", "unknown-option", id="0"),
        pytest.param("100 %", None, "", "unknown-option", id="a share"),
    ],
)
def test_an_answer_with_a_condition_counts_as_its_worse_neighbour_and_what_is_none_is_asked_back(
    plain, text, given, comment, code
):
    submission = plain(("YNP-1", text))
    response = submission.responses["YNP-1"]
    assert (response.given, response.comment) == (given, comment)
    assert news(submission) == [(code, "Answers!B2")]
    assert ":" in message(submission, code)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Every month*",
            "Every month, except July",
            "Every month - see attached",
            "Every month; Never",
            "Every month or never",
        ),
        *("Monthly", "a", "A", "1", "2", "b)", "Option A", "Yes", "every mnth", "1. Every month"),
    ],
)
def test_an_option_with_a_condition_by_letter_or_beside_another_is_never_credited(plain, text):
    submission = plain(("ONE-1", text))
    assert (state(submission, "ONE-1"), news(submission)) == ("invalid", [("unknown-option", "Answers!B2")])


@pytest.mark.parametrize("text", ["every  MONTH", "\u201cEvery month\u201d", "Every month.", "Every\u00a0month\u200b"])
def test_a_label_is_matched_as_people_read_it(plain, text):
    submission = plain(("ONE-1", text))
    assert (submission.responses["ONE-1"].given, news(submission)) == (Answer("Every month", frozenset("a")), [])


WORDS = load_document(words_file(), WordsFile).value
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "hi", "tl", "sw", "ja", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_no_and_partial_are_read_in_each_of_fourteen_languages(tmp_path, language):
    words = [(name, word) for name in ("yes", "no", "partial") for word in getattr(WORDS, name)[language]]
    assert {name for name, _ in words} == {"yes", "no", "partial"}
    tree = {"a": {"A1": {f"Q{n}": {"type": "yes_no_partial"} for n in range(len(words))}}}
    evaluation = load_evaluation(write_evaluation(tmp_path, tree, {}))
    rows = [("ID", "Answer", "Comment"), *((f"Q{n}", word.upper(), "in Lund") for n, (_, word) in enumerate(words))]
    submission = read_submission(evaluation, write_book(tmp_path / "acme.xlsx", {"Answers": rows}))
    read_as = [next(iter(submission.responses[f"Q{n}"].given.chosen)) for n in range(len(words))]
    assert read_as == [name for name, _ in words]
    assert news(submission) == []


@pytest.mark.parametrize(
    ("value", "given"),
    [
        (True, YES),
        (False, NO),
        ("✓", YES),
        ("☑", YES),
        ("☒", NO),
        ("❌", NO),
        ("TRUE", YES),
        ("\uff59\uff45\uff53", YES),
    ],
)
def test_a_tick_and_a_boolean_are_yes_or_no(plain, value, given):
    submission = plain(("YNP-1", value))
    assert (submission.responses["YNP-1"].given, news(submission)) == (given, [])


@pytest.mark.parametrize("text", ["x", "X", "✗", "✘", "×", " x. ", "(x)", "(X)", "[x]", "[X] "])
def test_a_lone_cross_beside_yes_and_no_is_asked_back(plain, text):
    submission = plain(("YNP-1", text))
    assert (state(submission, "YNP-1"), news(submission)) == ("invalid", [("unknown-option", "Answers!B2")])
    assert "write Yes or No" in message(submission, "unknown-option")


@pytest.mark.parametrize("name", ["NUM-1", "PCT-1", "DAY-1", "ONE-1"])
def test_a_boolean_is_no_answer_to_anything_else(plain, name):
    submission = plain((name, True))
    assert (state(submission, name), [place for _, place in news(submission)]) == ("invalid", ["Answers!B2"])


def test_synonyms_of_a_question_stand_in_the_criteria(tmp_path):
    options = "[{label: None, score: 10, synonyms: [no body]}, {label: Works council, score: 80}]"
    evaluation = load_evaluation(
        write_evaluation(tmp_path, f"a: {{A1: {{Q1: {{type: single_choice, options: {options}}}}}}}", {})
    )
    for text in ("None", "No body"):
        path = write_book(tmp_path / "acme.xlsx", {"Answers": [("ID", "Answer"), ("Q1", text)]})
        submission = read_submission(evaluation, path)
        assert (submission.responses["Q1"].given, news(submission)) == (Answer("None", frozenset("a")), [])


SEVERAL = """
a:
  A1:
    Q1:
      type: multi_choice
      options: [{label: Badges, score: 60}, {label: Cameras, score: 40}, {label: None of these, score: 0}]
"""


@pytest.mark.parametrize(
    ("ticks", "given", "codes"),
    [
        pytest.param({"a": "Yes"}, "Badges", [], id="one filled row"),
        pytest.param({"a": "Yes", "b": "x"}, "Badges; Cameras", [], id="two"),
        pytest.param({"a": "(X)", "b": "✗"}, "Badges; Cameras", [], id="a cross ticks a box"),
        pytest.param({"c": "Yes"}, "None of these", [], id="none of these is an answer"),
        pytest.param({"a": "Yes", "c": "No"}, "Badges", [], id="none of these is denied"),
        pytest.param({"a": "Yes", "c": "Yes"}, None, ["none-beside-others"], id="none of these beside another"),
        pytest.param({"a": "n/a", "b": "n/a", "c": "n/a"}, None, ["not-applicable-answer"] * 3, id="all n/a"),
        pytest.param({"a": "Yes", "b": "n/a"}, "Badges", ["placeholder-answer"], id="n/a beside a tick"),
        pytest.param({"a": "Yes, except Lund"}, None, ["unknown-option"], id="a condition where there is no partial"),
        pytest.param({"": "Badges; Cameras"}, "Badges; Cameras", [], id="a list"),
        pytest.param({"": "Badges, Cameras"}, "Badges; Cameras", [], id="a list with commas"),
        pytest.param({"": "- Badges\n- Cameras"}, "Badges; Cameras", [], id="a list with bullets"),
        pytest.param({"": "Badges; None of these"}, None, ["none-beside-others"], id="none of these in a list"),
        pytest.param({"": "Badges; Lasers"}, None, ["unknown-option"], id="a label that is none"),
        pytest.param({"": "all"}, None, ["unknown-option"], id="all"),
        pytest.param({"": "a, b"}, None, ["unknown-option"], id="letters"),
    ],
)
def test_rows_of_several_answers(tmp_path, ticks, given, codes):
    evaluation = load_evaluation(write_evaluation(tmp_path, SEVERAL, {}))
    rows = [("ID", "Answer"), *((f"Q1.{part}" if part else "Q1", text) for part, text in ticks.items())]
    submission = read_submission(evaluation, write_book(tmp_path / "acme.xlsx", {"Answers": rows}))
    found = submission.responses["Q1"].given
    assert (found.text if found else None, [code for code, _ in news(submission)]) == (given, codes)
    assert all(place.startswith("Answers!B") for _, place in news(submission))


@pytest.mark.parametrize(
    ("evidence", "comment", "cell"),
    [
        pytest.param(None, "Yes", "D3", id="in Comment"),
        pytest.param("Yes, since 2024", None, "C3", id="in Evidence, with more"),
        pytest.param(None, "x", "D3", id="a cross"),
        pytest.param("Camera plan 2026", "No", None, id="a no and a document"),
        pytest.param(None, "Planned for 2027", None, id="no yes"),
    ],
)
def test_a_tick_written_beside_its_box_is_asked_back(tmp_path, evidence, comment, cell):
    evaluation = load_evaluation(write_evaluation(tmp_path, SEVERAL, {}))
    rows = [("ID", "Answer", "Evidence", "Comment"), ("Q1.a", "Yes"), ("Q1.b", None, evidence, comment)]
    submission = read_submission(evaluation, write_book(tmp_path / "acme.xlsx", {"Answers": rows}))
    assert submission.responses["Q1"].given.text == "Badges"
    issues = [(issue.code, issue.part, issue.location.cell) for issue in submission.issues if issue.part]
    assert issues == ([("answer-in-comment", "b", cell)] if cell else [])


# ------------------------------------------------------------------------------------------------ 8-10 figures


@pytest.mark.parametrize(
    ("value", "format_", "share", "code"),
    [
        pytest.param(0.95, "0%", 95, None, id="a cell that shows percent"),
        pytest.param(0.955, "0.00 %", 95.5, None, id="with decimals"),
        pytest.param(1, "0%", 100, None, id="1 in a cell that shows percent"),
        pytest.param("95 %", "General", 95, None, id="text with the sign"),
        pytest.param("95%", "0%", 95, None, id="text in a cell that shows percent"),
        pytest.param("95 per cent", "General", 95, None, id="in words"),
        pytest.param("%95", "General", 95, None, id="the sign in front"),
        pytest.param("\uff19\uff15\uff05", "General", 95, None, id="full width"),
        pytest.param("95,5 %", "General", 95.5, None, id="decimal comma"),
        pytest.param(95, "General", 95, None, id="a plain number"),
        pytest.param(0, "General", 0, None, id="0"),
        pytest.param(0.95, "General", None, "ambiguous-percentage", id="0.95"),
        pytest.param(1, "General", None, "ambiguous-percentage", id="1"),
        pytest.param("0,95", "General", None, "ambiguous-percentage", id="0,95 as text"),
        pytest.param(95, "0%", None, "percentage-out-of-range", id="95 in a cell that shows percent"),
        pytest.param(101, "General", None, "percentage-out-of-range", id="101"),
        pytest.param("ca. 95", "General", None, "approximate-answer", id="ca."),
        pytest.param(">95", "General", None, "approximate-answer", id="above"),
        pytest.param("95 %+", "General", None, "wrong-unit", id="plus"),
        pytest.param("95-98", "General", None, "range-answer", id="range"),
        pytest.param("95%-98%", "General", None, "range-answer", id="range with its unit twice"),
        pytest.param("95 ± 2 %", "General", None, "approximate-answer", id="give or take"),
        pytest.param("95/100", "General", None, "wrong-unit", id="a fraction"),
        pytest.param("95 out of 100", "General", None, "wrong-unit", id="a fraction in words"),
        pytest.param("99.950 %", "General", None, "ambiguous-number", id="thousands or decimals"),
        pytest.param("most", "General", None, "not-a-number", id="a word"),
    ],
)
def test_a_percentage_has_one_reading_or_is_asked_back(tender, tmp_path, value, format_, share, code):
    path = write_book(tmp_path / "acme.xlsx", {"Answers": [("ID", "Answer"), ("PCT-1", value)]})
    book = opened(path)
    book["Answers"]["B2"].number_format = format_
    book.save(path)
    submission = read_submission(tender, path)
    found = submission.responses["PCT-1"].given
    assert (found.number if found else None) == (pytest.approx(share) if share is not None else None)
    assert news(submission) == ([(code, "Answers!B2")] if code else [])


@pytest.mark.parametrize(
    ("text", "days", "code"),
    [
        pytest.param("12 h", 0.5, None, id="hours"),
        pytest.param("3 weeks", 21, None, id="weeks"),
        pytest.param("12 wks", 84, None, id="weeks, short"),
        pytest.param("3 Wochen", 21, None, id="weeks, German"),
        pytest.param("3 jours", 3, None, id="days, French"),
        pytest.param("\uff11\uff12", 12, None, id="full width"),
        pytest.param("1 234,5", 1234.5, None, id="a blank between thousands"),
        pytest.param("1.234,5", 1234.5, None, id="both signs, German"),
        pytest.param("1,234.5", 1234.5, None, id="both signs, English"),
        pytest.param("1.234", None, "ambiguous-number", id="point before three digits"),
        pytest.param("1,234", None, "ambiguous-number", id="comma before three digits"),
        pytest.param("5 k", None, "abbreviated-number", id="k"),
        pytest.param("EUR 5k", None, "abbreviated-number", id="money, k"),
        pytest.param("2-3 days", None, "range-answer", id="range"),
        pytest.param("2 to 3 days", None, "range-answer", id="range in words"),
        pytest.param("5 or 7", None, "range-answer", id="or"),
        pytest.param("5\u22127", None, "range-answer", id="range with a minus sign"),
        pytest.param("<24h", None, "approximate-answer", id="below"),
        pytest.param("approx. 30", None, "approximate-answer", id="approx."),
        pytest.param("typically 30", None, "approximate-answer", id="typically"),
        pytest.param("30 on average", None, "approximate-answer", id="on average"),
        pytest.param("from 30", None, "approximate-answer", id="from"),
        pytest.param("30 days max", None, "approximate-answer", id="max behind"),
        pytest.param("30+", None, "approximate-answer", id="plus"),
        pytest.param("3 months", None, "wrong-unit", id="a unit that does not convert"),
        pytest.param("3 business days", None, "wrong-unit", id="business days"),
        pytest.param("10²", None, "not-a-number", id="a power"),
        pytest.param("twelve", None, "not-a-number", id="in words"),
        pytest.param("12.5.2026", None, "ambiguous-number", id="a date"),
        pytest.param(-5, None, "negative-answer", id="below zero"),
        pytest.param(date(2026, 3, 2), None, "not-a-number", id="a day that Excel made of 2-3"),
        pytest.param("do not know", None, "unmeasured", id="do not know"),
    ],
)
def test_a_figure_has_one_reading_or_is_asked_back_with_what_we_would_take(plain, text, days, code):
    submission = plain(("NUM-1", text))
    found = submission.responses["NUM-1"].given
    assert (found.number if found else None) == days
    assert news(submission) == ([(code, "Answers!B2")] if code else [])
    if code in {"approximate-answer", "abbreviated-number"}:
        assert "we would take" in message(submission, code)
    if code == "range-answer":
        assert "please give one number of days" in message(submission, code)


@pytest.mark.parametrize(
    ("key", "value", "format_", "number", "code"),
    [
        pytest.param("NUM-1", 15, '0 "days"', 15, None, id="the unit that was asked for"),
        pytest.param("NUM-1", 2, '0 "weeks"', 14, None, id="another unit"),
        pytest.param("NUM-1", 1.5, 'General" weeks"', 10.5, None, id="a fraction of another unit"),
        pytest.param("NUM-1", 2, '0 "months"', None, "wrong-unit", id="a unit that does not convert"),
        pytest.param("NUM-1", 15, '0 "k"', None, "abbreviated-number", id="thousands"),
        pytest.param("NUM-1", 15000, '0,"k"', 15000, None, id="ones shown as thousands"),
        pytest.param("NUM-1", 15, '"ca. "0', None, "approximate-answer", id="no exact figure"),
        pytest.param("NUM-1", 15, "#,##0.00", 15, None, id="no words"),
        pytest.param("NUM-1", 0.15, "0%", None, "wrong-unit", id="a percentage"),
        pytest.param("NUM-1", 15, '"€"#,##0.00', None, "wrong-unit", id="money"),
        pytest.param("NUM-1", 15, "[$USD] #,##0", None, "wrong-unit", id="money, by its code"),
        pytest.param("PCT-1", 95, '#,##0 "EUR"', None, "wrong-unit", id="money for a share"),
        pytest.param("NUM-1", 15, "0 [$days]", 15, None, id="the unit, written as a currency"),
        pytest.param("NUM-1", 1.5, "[h]:mm", None, "not-a-number", id="a duration"),
        pytest.param("NUM-1", 46166, "dd/mm/yyyy", None, "not-a-number", id="a day"),
        pytest.param("PCT-1", 95, '0"%"', 95, None, id="a sign that is only written"),
        pytest.param("PCT-1", 0.95, '0.00"%"', 0.95, None, id="a sign that is only written, below one"),
    ],
)
def test_the_words_of_a_number_format_are_part_of_the_figure(tender, tmp_path, key, value, format_, number, code):
    path = write_book(tmp_path / "acme.xlsx", {"Answers": [("ID", "Answer"), (key, value)]})
    book = opened(path)
    book["Answers"]["B2"].number_format = format_
    book.save(path)
    submission = read_submission(tender, path)
    found = submission.responses[key].given
    assert ((found.number if found else None), news(submission)) == (number, [(code, "Answers!B2")] if code else [])


@pytest.mark.parametrize(("sign", "number"), [(".", 1.234), (",", 1234.0)])
def test_the_decimal_sign_on_the_first_sheet_settles_what_is_ambiguous(sent, sign, number):
    submission = sent(None, {"NUM-1": "1.234"}, **{"Decimal sign": sign})
    assert (submission.responses["NUM-1"].given.number, said(submission)) == (number, [])


def test_each_file_of_a_vendor_is_read_by_the_decimal_sign_that_it_names(many):
    settings = "vendors: [{id: acme, file: [responses/a.xlsx, responses/b.xlsx, responses/c.xlsx]}]"
    files = {
        name: ({key: "12.345"}, "Acme", "") for name, key in (("a.xlsx", "N1"), ("b.xlsx", "N2"), ("c.xlsx", "N3"))
    }
    folder = many(files, settings, tree=FIGURES, signs={"a.xlsx": ".", "b.xlsx": ","})
    found = values(folder)["acme"]
    assert (found["N1"], found["N2"]) == (("answered", 12.345), ("answered", 100))
    assert found["N3"][0] == "invalid"
    assert [code for code, *_ in check(folder).issues()] == ["unclaimed-content", "ambiguous-number"]


# ------------------------------------------------------------------------------------------------ 11 days


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("2026-05-24", None, id="ISO"),
        pytest.param(date(2026, 5, 24), None, id="a cell with a day"),
        pytest.param("24/05/2026", None, id="day first, above 12"),
        pytest.param("5/24/2026", None, id="month first, day above 12"),
        pytest.param("24 May 2026", None, id="month by name"),
        pytest.param("May 24, 2026", None, id="month by name, first"),
        pytest.param("24th of May, 2026", None, id="in full"),
        pytest.param("24-May-2026", None, id="with dashes"),
        pytest.param("24. Mai 2026", None, id="German"),
        pytest.param("24 de mayo de 2026", None, id="Spanish"),
        pytest.param("24 maja 2026", None, id="Polish"),
        pytest.param("2026年5月24日", None, id="Japanese"),
        pytest.param("2026-05-24T14:30:00+02:00", None, id="with an hour"),
        pytest.param("03/04/2026", "ambiguous-date", id="March or April"),
        pytest.param("3.4.2026", "ambiguous-date", id="March or April, with points"),
        pytest.param(46166, "not-a-date", id="serial"),
        pytest.param("46166", "not-a-date", id="serial as text"),
        pytest.param(date(1905, 7, 11), "not-a-date", id="the year 2019 in a cell for days"),
        pytest.param(date(1900, 1, 3), "not-a-date", id="a small number in a cell for days"),
        pytest.param(date(2206, 5, 24), "not-a-date", id="a cell with a slip of the pen"),
        pytest.param("24.5.26", "not-a-date", id="two digits of a year"),
        pytest.param("May 2026", "not-a-date", id="no day"),
        pytest.param("29.02.2025", "not-a-date", id="no such day"),
        pytest.param("24/05/0026", "not-a-date", id="no such year"),
        pytest.param("last May", "not-a-date", id="in words"),
        pytest.param("2027-05-24", "future-date", id="after the evaluation date"),
    ],
)
def test_a_day_has_one_reading_or_is_asked_back(plain, value, code):
    submission = plain(("DAY-1", value))
    found = submission.responses["DAY-1"].given
    assert (found.day if found else None) == (None if code else date(2026, 5, 24))
    assert news(submission) == ([(code, "Answers!B2")] if code else [])


@pytest.mark.parametrize(
    ("value", "readings"),
    [
        pytest.param(46166, "2026-05-24 or 2030-05-25", id="serial"),
        pytest.param("03/04/2026", "2026-04-03 or 2026-03-04", id="text"),
    ],
)
def test_a_day_with_two_readings_is_asked_back_with_both(plain, value, readings):
    submission = plain(("DAY-1", value))
    assert readings in submission.issues[-2].message or readings in submission.issues[0].message


def test_days_of_a_book_that_counts_from_1904_are_the_days_it_shows(tender, tmp_path):
    path = tmp_path / "acme.xlsx"
    with Written(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet("Answers")
        sheet.write_row(0, 0, ("ID", "Answer"))
        sheet.write(1, 0, "DAY-1")
        sheet.write_datetime(1, 1, date(2026, 5, 24), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert read_submission(tender, path).responses["DAY-1"].given.day == date(2026, 5, 24)


# ------------------------------------------------------------------------------------------------ 12-14 formulas


@pytest.mark.parametrize(
    ("formula", "saved", "found", "code", "words"),
    [
        pytest.param("=5*3", 15, "15", "formula", "the saved value '15' of a formula was read", id="with a value"),
        pytest.param("=B3*2", None, None, "formula-without-value", "holds =B3*2 but no value was saved", id="without"),
        pytest.param("='[o.xlsx]S'!A1", 15, None, "external-link", "links to another workbook", id="another workbook"),
        pytest.param("=1/0", "#DIV/0!", None, "error-cell", "#DIV/0!", id="DIV/0"),
        pytest.param("=A99", "#REF!", None, "error-cell", "#REF!", id="REF"),
        pytest.param("=NA()", "#N/A", None, "error-cell", "#N/A", id="N/A"),
    ],
)
def test_a_formula_counts_by_the_value_that_was_saved_and_is_never_blank(
    tender, tmp_path, formula, saved, found, code, words
):
    path = tmp_path / "acme.xlsx"
    with Written(path) as book:
        sheet = book.add_worksheet("Answers")
        sheet.write_row(0, 0, ("ID", "Answer"))
        sheet.write(1, 0, "NUM-1")
        sheet.write_formula(1, 1, formula, None, saved)
    if saved is None:
        path = write_book(path, {"Answers": [("ID", "Answer"), ("NUM-1", formula)]})
    submission = read_submission(tender, path)
    response = submission.responses["NUM-1"]
    assert (response.given.text if response.given else None) == found
    assert response.state == ("answered" if found else "invalid")
    assert (code, "Answers!B2") in news(submission)
    assert any(words in issue.message for issue in submission.issues if issue.code == code)


# ------------------------------------------------------------------------------------------------ 15 hidden


def test_hidden_rows_columns_and_sheets_are_read_and_said(sent):
    def change(book):
        book[QUALITY].row_dimensions[6].hidden = True
        book[SAFETY].column_dimensions["D"].hidden = True
        secret = book.create_sheet("Pricing notes")
        secret.append(["internal: we do this only in Lund"])
        secret.sheet_state = "veryHidden"

    submission = sent(change)
    assert (state(submission, "YNP-1"), state(submission, "PCT-1")) == ("answered", "answered")
    assert said(submission) == [
        ("hidden-content", f"{QUALITY}!D6"),
        ("hidden-content", f"{SAFETY}!D6"),
        ("hidden-content", "Pricing notes!A1"),
        ("unclaimed-content", "Pricing notes!A1"),
    ]


COLUMN = '<cols><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('<row r="2"', '<row r="2" ht="0" customHeight="1"', id="a row"),
        pytest.param("<sheetData>", COLUMN, id="a column"),
    ],
)
def test_what_has_no_height_or_width_is_hidden(tender, tmp_path, before, after):
    path = write_book(tmp_path / "acme.xlsx", {"Answers": [("ID", "Answer"), ("NUM-1", 15)]})
    path.write_bytes(edited(path.read_bytes(), tmp_path, lambda xml: xml.replace(before, after)))
    submission = read_submission(tender, path)
    assert (state(submission, "NUM-1"), news(submission)) == ("answered", [("hidden-content", "Answers!B2")])


# ------------------------------------------------------------------------------------------------ 17, 18 twice, sheets


@pytest.mark.parametrize(
    ("first", "second", "given", "code"),
    [
        pytest.param(("YNP-1", "Yes"), ("YNP-1", " yes"), YES, "duplicate-answer", id="alike"),
        pytest.param(("YNP-1", "Yes"), ("YNP-1", "Oui"), YES, "duplicate-answer", id="alike in meaning"),
        pytest.param(
            ("NUM-1", "3 weeks"), ("NUM-1", 21), Answer("21", number=21.0), "duplicate-answer", id="converted"
        ),
        pytest.param(("YNP-1", "Yes"), ("YNP-1", "No"), None, "contradiction", id="different"),
        pytest.param(("NUM-1", 1.234), ("NUM-1", "1.234"), None, "contradiction", id="one is ambiguous"),
        pytest.param(("YNP-1", "n/a"), ("YNP-1", "No"), NO, "placeholder-answer", id="n/a gives way"),
        pytest.param(("YNP-1", "No"), ("YNP-1", "TBD"), NO, "placeholder-answer", id="TBD gives way"),
        pytest.param(("YNP-1", "see attached"), ("YNP-1", "No"), NO, "placeholder-answer", id="elsewhere gives way"),
        pytest.param(("YNP-1", "No"), ("YNP-1", None), NO, None, id="blank gives way"),
    ],
)
def test_an_id_that_stands_twice(plain, first, second, given, code):
    submission = plain(first, second)
    assert submission.responses[first[0]].given == given
    assert [found for found, _ in news(submission)] == ([code] if code else [])
    both = [f"B{row}" for row, (_, value) in enumerate((first, second), start=2) if value is not None]
    assert sorted(place.cell for place in submission.responses[first[0]].locations) == both


def test_a_certificate_in_one_cell_is_asked_back_row_by_row(plain):
    submission = plain(("CRT-1", "Valid"))
    assert (state(submission, "CRT-1"), news(submission)) == ("invalid", [("certificate-in-one-cell", "Answers!B2")])
    assert "answer in its rows CRT-1.status, " in message(submission, "certificate-in-one-cell")


def test_two_answers_that_differ_only_in_their_unit_contradict_each_other(plain):
    submission = plain(("NUM-1", 3, "days"), ("NUM-1", 3, "weeks"), headers=("ID", "Answer", "Unit"))
    assert (state(submission, "NUM-1"), news(submission)) == ("invalid", [("contradiction", "Answers!B3")])


@pytest.mark.parametrize("same", [True, False], ids=["alike", "different"])
def test_a_question_in_thousands_of_rows_is_asked_back_once_without_comparing_them(plain, same):
    submission = plain(*(("NUM-1", 5 if same else number) for number in range(3000)))
    assert (state(submission, "NUM-1"), news(submission)) == ("invalid", [("contradiction", "Answers!B2")])
    assert "stands in 3,000 rows" in message(submission, "contradiction")
    assert submission.unclaimed == ()


def test_a_renamed_and_a_sorted_sheet_are_found_by_their_ids(sent):
    def change(book):
        sheet = book[QUALITY]
        sheet.title = "Quality (FINAL)"
        rows = [[cell.value for cell in row] for row in sheet["A6:G11"]]
        for number, values_ in enumerate(sorted(rows, key=lambda row: str(row[2]), reverse=True), start=6):
            for column, value in enumerate(values_, start=1):
                sheet.cell(number, column).value = value

    submission = sent(change)
    assert submission.responses["NUM-1"].given == Answer("15", number=15.0)
    assert said(submission) == []


def test_a_row_with_a_strange_id_is_found_by_its_exact_text_among_ids_of_ours(sent):
    def change(book):
        book[QUALITY]["A6"] = book[QUALITY]["B6"] = "1.1"

    submission = sent(change, {"YNP-1": "Yes"})
    assert (state(submission, "YNP-1"), said(submission)) == ("answered", [("found-by-text", f"{QUALITY}!C6")])
    assert "the id '1.1', which is none of ours" in message(submission, "found-by-text")


def test_ids_that_were_sorted_apart_from_their_questions_answer_nothing(sent):
    def change(book):
        sheet = book[QUALITY]
        for column in (1, 2):
            sheet.cell(6, column).value, sheet.cell(7, column).value = "YNP-2", "YNP-1"

    submission = sent(change, {**FILLED, "YNP-2": "No"})
    assert (state(submission, "YNP-1"), state(submission, "YNP-2")) == ("blank", "blank")
    assert said(submission) == [("mixed-row", f"{QUALITY}!C6"), ("mixed-row", f"{QUALITY}!C7")]
    assert {issue.severity for issue in submission.issues} == {"blocking"}
    assert [place.cell for place in submission.unclaimed] == ["D6", "F6", "D7"]


def test_an_answer_typed_over_the_question_is_told_with_the_blank(sent):
    def change(book):
        book[QUALITY]["C11"], book[QUALITY]["D11"] = "15 days", None

    submission = sent(change)
    assert (state(submission, "NUM-1"), said(submission)) == ("blank", [("changed-question", f"{QUALITY}!C11")])
    assert "reads '15 days'" in message(submission, "changed-question")
    assert "the Answer is blank" in message(submission, "changed-question")


def test_a_copied_sheet_is_one_notice_and_what_differs_in_it_an_error(sent):
    def change(book):
        copy = book.copy_worksheet(book[QUALITY])
        copy.title = "Category quality (2)"
        copy["D9"] = "Yes"

    answers = {**FILLED, "ALL-1.a": "No", "YNP-2": ("No", None, "Lund")}
    submission = sent(change, answers)
    copied = "Category quality (2)"
    assert said(submission) == [("contradiction", f"{copied}!D9"), ("duplicate-answer", f"{copied}!D6")]
    assert "repeats 4 answers of 'Category quality'" in message(submission, "duplicate-answer")
    assert state(submission, "ALL-1") == "invalid"
    assert submission.responses["NUM-1"].given == Answer("15", number=15.0)


def test_a_deleted_sheet_is_one_issue_with_the_count(sent):
    submission = sent(lambda book: book.remove(book[SAFETY]))
    assert said(submission) == [("question-not-found", "")]
    assert f"4 ids of the evaluation not found, counted as blank: nothing of sheet '{SAFETY}'" in message(
        submission, "question-not-found"
    )


def test_nothing_is_said_of_a_rubric_or_a_text_that_was_left_out(plain):
    counted = [(f"CRT-1.{part}", None) for part in ("status", "edition", "accredited", "scope", "valid_until")]
    counted += [("CRT-1.issuer", None), ("CRT-1.number", None), ("ALL-1.a", "No"), ("ALL-1.b", "No")]
    counted += [(name, None) for name in ("YNP-1", "YNP-2", "ONE-1", "NUM-1", "PCT-1", "DAY-1")]
    counted += [("FIG-1.over", None), ("FIG-1.people", None), ("FIG-1.source", None)]
    assert said(plain(*counted)) == [("no-template-identity", "")]


# ------------------------------------------------------------------------------------------------ 19 older templates


def test_an_older_template_is_migrated_by_id_and_what_changed_since_is_asked_again(tmp_path):
    older = asked(tmp_path / "older", overrides={"SEC-01": {"text": "How long is our data kept?"}})
    path = fill(questionnaire(older), {"SEC-01": 30, "SEC-02": "On annotator devices"}, tmp_path / "acme.xlsx")
    submission = read_submission(asked(tmp_path / "now"), path)
    assert said(submission) == [("asked-again", "Security and privacy!C6"), ("older-template", "")]
    assert (state(submission, "SEC-01"), state(submission, "SEC-02")) == ("blank", "answered")
    assert [place.cell for place in submission.unclaimed] == ["D6"]


def test_other_answers_of_an_older_template_are_not_called_changed_by_the_vendor(tmp_path):
    now, before = (
        load_evaluation(write_evaluation(tmp_path / name, FORM.replace("label: Never", f"label: {label}"), {}))
        for name, label in (("now", "Never"), ("before", "Hardly ever"))
    )
    submission = read_submission(now, fill(questionnaire(before), {"ONE-1": "Every month"}, tmp_path / "acme.xlsx"))
    assert state(submission, "ONE-1") == "answered"
    assert "the older template offered other answers" in message(submission, "changed-dropdown")


# ------------------------------------------------------------------------------------------------ 20, 22, 23 vendors

LONG = "We train every annotator for two weeks on the client's own guide, with a test at the end. " * 3
FIGURES = "a: {A1: {" + ", ".join(f"N{n}: {{type: number, points: [[0, 0], [100, 100]]}}" for n in (1, 2, 3)) + "}}"
ONE = "a: {A1: {Q1: {}, Q2: {type: yes_no_partial}, Q3: {type: text, weight: 0}}}"


@pytest.fixture
def many(tmp_path):
    """Write an evaluation and one filled questionnaire for each file: answers, name on the cover, author."""

    def write(files, settings="", *, tree=ONE, signs=None):
        content = questionnaire(load_evaluation(write_evaluation(tmp_path / "form", tree, {})))
        folder = write_evaluation(tmp_path / "many", tree, {}, settings=f"declaration: off\n{settings}")
        for name, (answers, vendor, author) in files.items():

            def sign(book, author=author):
                book.properties.creator = author or "vendor_eval"
                book.properties.lastModifiedBy = None

            cover = {"Vendor name": vendor, "Decimal sign": (signs or {}).get(name, "")}
            cover = {label: text for label, text in cover.items() if text}
            fill(content, answers, folder / "responses" / name, sign, **cover)
        return folder

    return write


BOTH = "vendors: [{id: acme, name: Acme Data, file: responses/acme.xlsx}, {id: bolt, name: Bolt Labs, file: F}]"


def test_the_file_of_another_vendor_is_not_read_under_the_wrong_name(many):
    files = {"acme.xlsx": ({"Q1": 90}, "Bolt Labs", ""), "b.xlsx": ({"Q1": 40}, "Bolt Labs", "")}
    folder = many(files, BOTH.replace("F}", "responses/b.xlsx}"))
    done = check(folder)
    assert (done.exit_code, done.issues()) == (1, [("wrong-vendor", "blocking", "B16")])
    assert "'Bolt Labs', which is bolt, not Acme Data (acme)" in done.message("wrong-vendor")
    assert done.vendors["acme"]["status"] == "not_evaluated"
    assert cli("evaluate", folder).exit_code == 1
    assert values(folder)["acme"] == {}


def test_two_files_that_were_swapped_are_both_refused(many):
    files = {"acme.xlsx": ({"Q1": 90}, "Bolt Labs", ""), "bolt.xlsx": ({"Q1": 40}, "ACME Data Ltd", "")}
    done = check(many(files))
    assert {name: [code for code, *_ in done.issues(name)] for name in ("acme", "bolt")} == {
        "acme": ["wrong-vendor"],
        "bolt": ["wrong-vendor"],
    }


@pytest.mark.parametrize(
    ("cover", "codes"),
    [
        pytest.param("Acme Data", [], id="the name"),
        pytest.param("ACME Data Services GmbH", [], id="with a form of company"),
        pytest.param("acme", [], id="the id"),
        pytest.param("AcmeData Inc.", [], id="in one word"),
        pytest.param("", [], id="none"),
        pytest.param("Zenith Partners", ["vendor-name"], id="nobody here"),
        pytest.param("Bolt Data", ["wrong-vendor"], id="another one, with a word in common"),
    ],
)
def test_the_name_on_the_cover_is_compared_with_the_vendors_of_the_evaluation(many, cover, codes):
    files = {"acme.xlsx": ({"Q1": 90}, cover, ""), "bolt.xlsx": ({"Q1": 40}, "", "")}
    done = check(many(files, BOTH.replace("F}", "responses/bolt.xlsx}")))
    assert [code for code, *_ in done.issues()] == codes
    assert done.exit_code == bool(codes)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        pytest.param("zenith.xlsx", [("cover-name", "notice", "B16")], id="a file called after another company"),
        pytest.param("acme_final_v2.xlsx", [], id="a file called after the vendor"),
        pytest.param("response-1.xlsx", [], id="a file called after nobody"),
    ],
)
def test_the_name_of_a_file_that_no_entry_lists_is_compared_with_its_cover(many, name, codes):
    assert check(many({name: ({"Q1": 90}, "Acme Data", "")})).issues(name.partition(".")[0]) == codes


def test_a_file_that_is_called_like_another_vendors_is_asked_about(many):
    settings = "vendors: [{id: acme, file: responses/bolt_v2.xlsx}, {id: bolt, file: responses/bolt.xlsx}]"
    done = check(many({"bolt_v2.xlsx": ({"Q1": 90}, "", ""), "bolt.xlsx": ({"Q1": 40}, "", "")}, settings))
    assert (done.issues(), done.issues("bolt")) == ([("vendor-name", "blocking", None)], [])


def test_two_files_of_one_vendor_that_no_entry_lists_are_an_error_that_names_both(many):
    done = cli("check", many({"a.xlsx": ({"Q1": 90}, "Acme", ""), "b.xlsx": ({"Q1": 40}, "Acme", "")}))
    assert done.exit_code == 1
    assert "responses/a.xlsx" in done.output
    assert "responses/b.xlsx" in done.output


LISTED = "vendors: [{id: acme, file: [responses/a.xlsx, responses/b.xlsx]}]"


@pytest.mark.parametrize(
    ("first", "second", "answered", "codes"),
    [
        pytest.param({"Q1": 90}, {"Q2": "Yes"}, {"Q1": 90, "Q2": 100}, [], id="they complete each other"),
        pytest.param({"Q1": 90}, {"Q1": 80}, {"Q1": 0, "Q2": 0}, ["contradiction"], id="they contradict each other"),
        pytest.param({"Q1": 90}, {"Q1": "90 %"}, {"Q1": 90, "Q2": 0}, ["duplicate-answer"], id="they agree"),
        pytest.param({"Q1": "n/a"}, {"Q1": 80}, {"Q1": 80, "Q2": 0}, ["placeholder-answer"], id="n/a gives way"),
        pytest.param({"Q1": 80}, {"Q1": "TBD"}, {"Q1": 80, "Q2": 0}, ["placeholder-answer"], id="TBD gives way"),
    ],
)
def test_several_files_of_one_vendor_complete_each_other_and_both_cells_stay_on_record(
    many, first, second, answered, codes
):
    folder = many({"a.xlsx": (first, "Acme", ""), "b.xlsx": (second, "Acme", "")}, LISTED)
    done = check(folder)
    assert [code for code, *_ in done.issues()] == codes
    assert {name: value or 0 for name, (_, value) in values(folder)["acme"].items() if name != "Q3"} == answered
    result = json.loads((folder / "out" / "results.json").read_text("utf-8"))
    sources = next(a["sources"] for a in result["vendors"][0]["answers"] if a["id"] == "Q1")
    assert {one["file"] for one in sources} == {
        f"responses/{name}.xlsx" for name, given in (("a", first), ("b", second)) if "Q1" in given
    }


def test_the_same_bytes_under_two_vendors_are_a_warning_and_both_are_read(many):
    folder = many({"acme.xlsx": ({"Q1": 90}, "", "")})
    shutil.copy(folder / "responses" / "acme.xlsx", folder / "responses" / "bolt.xlsx")
    done = check(folder)
    assert (done.issues(), done.issues("bolt")) == (
        [("same-file", "warning", None)] * 1,
        [("same-file", "warning", None)],
    )
    assert "bolt (responses/bolt.xlsx)" in done.message("same-file")
    assert values(folder)["bolt"]["Q1"] == ("answered", 90)


def test_text_pasted_between_vendors_is_a_warning_that_names_both_cells(many):
    spaced = "  " + LONG.replace(" ", "\u00a0", 3) + "\n"
    done = check(many({"acme.xlsx": ({"Q3": LONG}, "", ""), "bolt.xlsx": ({"Q3": spaced}, "", "")}))
    assert done.issues() == done.issues("bolt") == [("same-text", "warning", "D8")]
    assert "bolt (responses/bolt.xlsx, Category a!D8)" in done.message("same-text")
    assert "acme (responses/acme.xlsx, Category a!D8)" in done.message("same-text", "bolt")


def test_short_texts_may_be_alike(many):
    files = {"acme.xlsx": ({"Q1": 90, "Q3": "ISO"}, "", ""), "bolt.xlsx": ({"Q1": 40, "Q3": "ISO"}, "", "")}
    assert check(many(files)).issues() == []


@pytest.mark.parametrize(
    ("author", "codes"),
    [("Ana Perera", ["same-author"]), ("openpyxl", []), ("Microsoft Office User", []), ("", [])],
)
def test_one_author_of_two_vendors_documents_is_a_warning_unless_a_program_or_nobody(many, author, codes):
    files = {"acme.xlsx": ({"Q1": 90}, "", author), "bolt.xlsx": ({"Q1": 40}, "", author.upper())}
    done = check(many(files))
    assert [code for code, *_ in done.issues()] == [code for code, *_ in done.issues("bolt")] == codes


def test_what_vendors_share_stays_out_of_the_copies_that_they_get(many):
    files = {
        "acme.xlsx": ({"Q1": 90, "Q3": LONG}, "", "Ana Perera"),
        "zenith.xlsx": ({"Q1": 80, "Q3": LONG}, "", "Ana Perera"),
    }
    folder = many(files)
    result = evaluate(load_evaluation(folder))
    assert "made or saved this document" in result.to_json()
    copy = words(scorecard_html(result, "acme", vendor_copy=True))
    assert "zenith" not in copy.casefold()
    assert "made or saved this document" not in copy


@pytest.mark.parametrize(
    ("settings", "state_", "code"),
    [
        pytest.param("received: 2026-11-20T16:59:00+01:00", "eligible", None, id="in time"),
        pytest.param("received: 2026-11-20T17:01:00+01:00", "not_evaluated", None, id="late"),
        pytest.param(
            "received: 2026-11-20T17:01:00+01:00, accept_late: Portal was down", "eligible", None, id="late, accepted"
        ),
        pytest.param("name: Acme", "eligible", "no-received-date", id="nobody wrote down when"),
    ],
)
def test_a_late_file_is_not_read_unless_the_evaluation_accepts_it(many, settings, state_, code):
    entry = f"vendors: [{{id: acme, file: responses/acme.xlsx, {settings}}}]"
    folder = many({"acme.xlsx": ({"Q1": 90}, "", "")}, f"deadline: 2026-11-20T17:00:00+01:00\n{entry}")
    done = check(folder)
    assert done.vendors["acme"]["status"] == state_
    assert [found for found, *_ in done.issues()] == ([code] if code else [])
    late = "Arrived 1 minute late, not opened. To admit it, give a reason under accept_late"
    assert (late in done.text) is (state_ == "not_evaluated")


# ------------------------------------------------------------------------------------------------ 21 signs nobody sees


@pytest.mark.parametrize(
    "text",
    ["Yes\u00a0", "\ufeffYes", "Y\u200bes", "\u202aYes\u202c", "\u201cYes\u201d", "Yes_x000D_", "Yes\r\n", "\u200eYes"],
)
def test_signs_that_nobody_sees_change_no_answer_and_stay_in_what_was_written(plain, text):
    submission = plain(("YNP-1", text))
    response = submission.responses["YNP-1"]
    assert (response.given, news(submission)) == (YES, [])
    assert response.raw.replace("\r\n", "\n") in {text.replace("\r\n", "\n"), text.replace("_x000D_", "\r")}


# ------------------------------------------------------------------------------------------------ 24, 25


def test_a_picture_is_listed_with_its_cell_as_evidence_that_nobody_read(sent):
    def change(book):
        content = io.BytesIO()
        Picture.new("RGB", (8, 8)).save(content, "png")
        content.seek(0)
        book[QUALITY].add_image(Image(content), "F6")

    submission = sent(change)
    assert said(submission) == [("evidence-not-read", f"{QUALITY}!F6")]
    assert "a picture is present and was not read" in message(submission, "evidence-not-read")


def test_a_chart_and_a_text_box_are_listed_with_their_cells(tender, tmp_path):
    path = tmp_path / "acme.xlsx"
    with Written(path) as book:
        sheet = book.add_worksheet("Answers")
        sheet.write_row(0, 0, ("ID", "Answer"))
        sheet.write_row(1, 0, ("NUM-1", 15))
        sheet.insert_textbox("D4", "We answer 30 days on request")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Answers!$B$2:$B$2"})
        sheet.insert_chart("F9", chart)
    submission = read_submission(tender, path)
    assert sorted(news(submission)) == [("evidence-not-read", "Answers!D4"), ("evidence-not-read", "Answers!F9")]
    assert any("We answer 30 days on request" in issue.message for issue in submission.issues)


def test_a_changed_question_and_a_changed_dropdown_are_named_with_their_cells(sent):
    def change(book):
        sheet = book[QUALITY]
        sheet["C11"] = "Days, weekends excluded?"
        for validation in sheet.data_validations.dataValidation:
            if "D8" in validation.sqref:
                validation.sqref.remove("D8")
        sheet.add_data_validation(DataValidation(type="list", formula1='"Every month,Now and then"', sqref="D8"))

    submission = sent(change)
    assert said(submission) == [("changed-dropdown", f"{QUALITY}!D8"), ("changed-question", f"{QUALITY}!C11")]
    assert "it has 'now and then', lacks 'never'" in message(submission, "changed-dropdown")


# ------------------------------------------------------------------------------------------------ follow-ups

FOLLOW_UP = """
a:
  A1:
    Q1: {type: yes_no_partial}
    Q2: {ask_if: {Q1: ["yes"]}}
"""


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        pytest.param("No", ("90 %",), [("answer-not-needed", "notice", "B3")], id="filled"),
        pytest.param("No", ("approx. 90",), [("answer-not-needed", "notice", "B3")], id="filled, unreadable"),
        pytest.param("No", (None, "Report 7"), [], id="evidence alone"),
        pytest.param("No", (None,), [], id="blank"),
        pytest.param("Yes", ("90 %",), [], id="needed and filled"),
        pytest.param("Yes", (None, "Report 7"), [("answer-in-comment", "warning", "C3")], id="needed, evidence alone"),
        pytest.param("Yes", ("approx. 90",), [("approximate-answer", "blocking", "B3")], id="needed, unreadable"),
        pytest.param(None, ("90 %",), [("answer-waits", "warning", "B3")], id="filled before the question it hangs on"),
    ],
)
def test_a_follow_up_that_the_vendors_own_answer_settled_is_not_asked_back(tmp_path, first, second, codes):
    folder = write_evaluation(tmp_path, FOLLOW_UP, {})
    rows = [PLAIN, ("Q1", first), ("Q2", *second)]
    write_book(folder / "responses" / "acme.xlsx", {"Answers": rows})
    assert check(folder).issues("acme", *EXPECTED) == codes


# ------------------------------------------------------------------------------------------------ laws

TYPES = {
    "YNP-1": ask("yes_no_partial"),
    "ONE-1": ask("single_choice", options=[{"label": "Every month", "score": 100}, {"label": "Never", "score": 0}]),
    "NUM-1": ask("number", unit="days", points=[[0, 100], [30, 0]]),
    "PCT-1": ask("percentage", points=[[0, 0], [100, 100]]),
    "DAY-1": ask("date", points=[[0, 100], [12, 0]]),
}
PIECES = st.sampled_from(
    (
        *(
            "yes",
            "no",
            "Partial",
            "n/a",
            "TBD",
            "planned",
            "Every month",
            "Never",
            "12",
            "0.95",
            "95 %",
            "1.234",
            "weeks",
        ),
        *(
            "h",
            "03/04/2026",
            "2026-05-24",
            "May",
            "2026",
            "ca.",
            "-",
            "/",
            "or",
            ",",
            ";",
            "(",
            ")",
            "✓",
            "x",
            "%",
            "k",
        ),
        *("EU", "?"),
    )
)
MESSY = st.lists(PIECES, min_size=1, max_size=4).flatmap(
    lambda pieces: st.sampled_from([" ", "", "\u00a0", "\n"]).map(lambda between: between.join(pieces))
)


@given(st.sampled_from(sorted(TYPES)), MESSY | st.text(max_size=12))
@settings(max_examples=600)
def test_whatever_is_written_has_one_reading_or_is_spoken_of(name, text):
    if not text.strip():
        return
    reading = read(TYPES[name], text)
    if reading.answer is None:
        assert reading.faults
    else:
        again = read(TYPES[name], f"{reading.answer.text} %" if name == "PCT-1" else reading.answer.text)
        if reading.answer.word != "unknown":
            assert (again.answer, again.faults) == (reading.answer, ())


@given(MESSY)
@settings(max_examples=300)
def test_a_yes_is_credited_in_full_only_where_nothing_else_was_written(text):
    reading = read(TYPES["YNP-1"], text)
    if reading.answer == YES:
        assert not any(
            word in text.casefold() for word in ("no", "partial", "n/a", "tbd", "planned", "eu", "0.95", "?")
        )


def everything_at_once(book):
    sheet = book[QUALITY]
    sheet["J6"], sheet["D20"], sheet["A30"] = "beside", "below", "far below"
    sheet["D6"] = "Yes, except EU"
    sheet["D7"] = "Yes"
    sheet.merge_cells("D7:D8")
    book.create_sheet("Notes").append(["free", None, "text"])
    book["Start here"]["F40"] = 12
    copy = book.copy_worksheet(book[SAFETY])
    copy["D6"] = "96 %"
    copy["I6"] = "in the copy"


def test_no_filled_cell_is_lost_whatever_vendors_do_at_once(tender, blank, tmp_path):
    path = fill(blank, FILLED, tmp_path / "acme.xlsx", everything_at_once)
    submission = read_submission(tender, path)
    own = template_texts(blank)
    own[f"{SAFETY} Copy"] = own[SAFETY]
    assert unaccounted(own, path, submission) == []
    unclaimed = {(place.sheet, place.cell) for place in submission.unclaimed}
    strange = {(QUALITY, "J6"), (QUALITY, "D20"), (QUALITY, "A30"), ("Notes", "A1"), ("Notes", "C1")}
    assert unclaimed == strange | {("Start here", "F40"), (f"{SAFETY} Copy", "I6")}


def test_a_reader_that_forgets_a_column_breaks_the_law(tender, blank, tmp_path, monkeypatch):
    path = fill(blank, FILLED, tmp_path / "acme.xlsx", everything_at_once)
    claim = CellClaims.claim

    def careless(self, cells):
        claim(self, cells)
        for address in [address for address in self.open if address.startswith("J")]:
            del self.open[address]

    monkeypatch.setattr(CellClaims, "claim", careless)
    own = template_texts(blank) | {f"{SAFETY} Copy": template_texts(blank)[SAFETY]}
    assert unaccounted(own, path, read_submission(tender, path)) == [f"{QUALITY}!J6"]
