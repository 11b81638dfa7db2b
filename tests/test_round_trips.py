"""Questionnaires that the real LibreOffice saved read as those that were sent."""

import json
import shutil
from copy import copy

import pytest
from books import FORM, all_form_rows, asked, fill, opened, write_book
from builders import write_evaluation
from office import needs_office, saved_as, sheets_as_csv
from places import old_samples

from vendor_eval import load_evaluation
from vendor_eval.forms.identity import IDENTITY
from vendor_eval.forms.layout import LISTS
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.intake.inbox import vendor_files
from vendor_eval.intake.submission import read_submission
from vendor_eval.spreadsheets import read_workbook

pytestmark = needs_office
KINDS = ["xlsx", "ods", "xls"]
# What a kind of file says of itself, and of what it cannot hold.
OF_THE_KIND = {"reduced-checks", "no-template-identity"}
TEXTS = {
    "a formula": "=1+1",
    "an apostrophe": "'x",
    "leading blanks": "   three blanks, two at the end  ",
    "line ends": "one\ntwo\r\nthree",
    "emoji": "\N{GRINNING FACE} \N{WOMAN}\u200d\N{PERSONAL COMPUTER} done",
    "right to left": "\u05e9\u05dc\u05d5\u05dd, \u0645\u0631\u062d\u0628\u0627",
    "like a date": "1-2",
    "like a number": "007",
    "like an entity": "_x000D_ &amp; <b>",
    "a minus": "-5+cmd|' /C calc'!A0",
}


def told(found, *, without=frozenset()):
    """What was read, but for files and cells."""
    lines = {**found.responses, **found.offer}
    answers = {key: (one.state, one.given, one.raw, one.evidence, one.comment) for key, one in lines.items()}
    issues = sorted((issue.code, issue.message) for issue in found.issues if issue.code not in OF_THE_KIND | without)
    return answers, issues


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_questionnaire_saved_by_libreoffice_reads_as_nothing(tmp_path, kind):
    evaluation = asked(tmp_path, questions="core")
    source = tmp_path / "blank.xlsx"
    source.write_bytes(questionnaire(evaluation))
    found = read_submission(evaluation, saved_as(source, kind, tmp_path / kind))
    assert {response.state for response in found.responses.values()} <= {"blank", "settled"}
    assert [issue.code for issue in found.issues] == ([] if kind == "xlsx" else ["reduced-checks"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("vendor", ["okavira", "nordhain"])
def test_a_filled_questionnaire_saved_by_libreoffice_reads_the_same(tmp_path, kind, vendor):
    evaluation = load_evaluation(old_samples() / "small")
    source = old_samples() / "small" / "responses" / f"{vendor}.xlsx"
    again = saved_as(source, kind, tmp_path)
    assert told(read_submission(evaluation, again)) == told(read_submission(evaluation, source))


@pytest.mark.parametrize("vendor", ["trellith", "pacandan", "brenovik", "zenquora"])
def test_a_messy_questionnaire_reads_the_same_as_open_document(tmp_path, vendor):
    evaluation = load_evaluation(old_samples() / "full")
    source = old_samples() / "full" / "responses" / f"{vendor}.xlsx"
    first, again = (read_submission(evaluation, path) for path in (source, saved_as(source, "ods", tmp_path)))
    assert told(again)[0] == told(first)[0]


def test_a_percentage_and_money_are_seen_in_an_open_document(tmp_path):
    evaluation = load_evaluation(write_evaluation(tmp_path / "tender", FORM, {}))
    rows = [("ID", "Answer"), ("PCT-1", 0.95), ("NUM-1", 15)]
    source = write_book(tmp_path / "acme.xlsx", {"Answers": rows})
    book = opened(source)
    book["Answers"]["B2"].number_format, book["Answers"]["B3"].number_format = "0%", "#,##0.00 [$€-407]"
    book.save(source)
    first, again = (read_submission(evaluation, path) for path in (source, saved_as(source, "ods", tmp_path)))
    assert told(again)[0] == told(first)[0]
    assert (again.responses["PCT-1"].given.number, again.responses["NUM-1"].state) == (95, "invalid")
    assert "wrong-unit" in {issue.code for issue in again.issues}


def test_sheets_saved_as_csv_read_the_same(tmp_path):
    """Shown as in the sheets: 0.95 in a percent format is 95 %, and a date is a day."""
    small = old_samples() / "small"
    folder = tmp_path / "tender"
    shutil.copytree(small, folder, ignore=shutil.ignore_patterns("out"))
    files = sheets_as_csv(small / "responses" / "okavira.xlsx", tmp_path / "csv")
    for number, (name, path) in enumerate(sorted(files.items())):
        if name not in {LISTS, IDENTITY, "Start here"}:
            shutil.copy(path, folder / "responses" / f"okavira-{number}.csv")
    (folder / "responses" / "okavira.xlsx").unlink()
    settings = (folder / "evaluation.yaml").read_text("utf-8")
    listed = sorted(f"responses/{path.name}" for path in (folder / "responses").glob("okavira-*.csv"))
    (folder / "evaluation.yaml").write_text(
        settings.replace("file: responses/okavira.xlsx", f"file: {json.dumps(listed)}"), encoding="utf-8"
    )
    evaluation = load_evaluation(folder)
    vendor = next(one for one in vendor_files(evaluation) if one.id == "okavira")
    again = read_submission(evaluation, vendor)
    first = read_submission(load_evaluation(small), small / "responses" / "okavira.xlsx")
    states = {key: (one.state, one.given) for key, one in first.responses.items()}
    assert {key: (one.state, one.given) for key, one in again.responses.items()} == states
    assert sum(state == "answered" for state, _ in states.values()) > 40


def as_texts(book):
    """Keep '=1+1' a text, as a box of the form does: openpyxl would make a formula of it."""
    for row in all_form_rows(book).values():
        if row["Comment"].data_type == "f":
            row["Comment"].data_type = "s"


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_texts_come_back_as_they_were_written(tmp_path, kind):
    """Each beside another question, in Comment, and the longest that a cell holds in Evidence."""
    evaluation = asked(tmp_path, questions="core")
    blank = questionnaire(evaluation)
    keys = [row for row in all_form_rows(opened(blank)) if row in evaluation.asked_questions][: len(TEXTS)]
    longest = "x" * 32_767
    given = {key: (None, None, text) for key, text in zip(keys, TEXTS.values(), strict=True)}
    given[keys[0]] = (None, longest, given[keys[0]][2])
    source = fill(blank, given, tmp_path / "texts.xlsx", change=as_texts)
    again = read_submission(evaluation, saved_as(source, kind, tmp_path / kind))
    first = read_submission(evaluation, source)
    # Of CR LF LibreOffice keeps the LF; openpyxl writes both where lxml is installed, and the LF alone elsewhere.
    before, after = ([read.responses[key].comment.replace("\r\n", "\n") for key in keys] for read in (first, again))
    assert before == after
    assert again.responses[keys[0]].evidence == longest


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_were_inserted_and_turned_round_change_no_answer(tmp_path, kind):
    evaluation = load_evaluation(old_samples() / "small")
    source = old_samples() / "small" / "responses" / "okavira.xlsx"
    book = opened(source)
    for sheet in book:
        if sheet.sheet_state == "visible" and sheet.title != "Start here":
            rows = [[(cell.value, copy(cell._style)) for cell in row] for row in sheet.iter_rows(min_row=5)]
            plain = rows[0][2][1]
            remark = [(None, plain), (None, plain), ("Our own remark", plain)]
            for number, row in enumerate([*rows[::-1][:4], remark, *rows[::-1][4:]], 5):
                for column, (value, style) in enumerate(row, 1):
                    cell = sheet.cell(number, column)
                    cell.value, cell._style = value, style
    book.save(tmp_path / "turned.xlsx")
    saved = saved_as(tmp_path / "turned.xlsx", kind, tmp_path / kind)
    found = read_submission(evaluation, saved)
    first = read_submission(evaluation, source)
    answers = {key: (one.state, one.given, one.raw) for key, one in found.responses.items()}
    assert answers == {key: (one.state, one.given, one.raw) for key, one in first.responses.items()}
    remarks = [issue for issue in found.issues if "Our own remark" in issue.message]
    assert len(remarks) == sum(any(c.raw == "Our own remark" for c in s.cells) for s in read_workbook(saved).sheets)
