"""What a vendor sent becomes answers: found wherever they stand, judged, and no filled cell is lost."""

import io
import random
from dataclasses import replace
from datetime import date

import pytest
from books import (
    FORM,
    KEYS,
    all_form_rows,
    asked,
    fill,
    form_rows,
    message,
    opened,
    said,
    template_texts,
    unaccounted,
    what_was_read,
    write_book,
)
from builders import write_evaluation
from hypothesis import given, settings, strategies as st
from places import old_samples
from xlsxwriter import Workbook as Written

from vendor_eval import evaluate
from vendor_eval.config.shipped import samples_folder
from vendor_eval.criteria.questions import Answer
from vendor_eval.forms.layout import envelopes
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.intake.inbox import vendor_files
from vendor_eval.intake.submission import read_submission
from vendor_eval.issues import InputError, Location
from vendor_eval.run.evaluate import load_evaluation

QUALITY, SAFETY = "Category quality", "Category safety"
CERTIFICATE = {
    "CRT-1.status": ("Valid", "Certificate IS 1"),
    "CRT-1.edition": "ISO 27001:2022",
    "CRT-1.accredited": "Yes",
    "CRT-1.scope": "The site and the service offered",
    "CRT-1.valid_until": date(2028, 6, 30),
    "CRT-1.issuer": "Certbody",
    "CRT-1.number": "IS 1",
}
PLAIN_CERTIFICATE = {**CERTIFICATE, "CRT-1.status": "Valid"}
FILLED = {
    "YNP-1": ("Yes", "Policy v3, page 4"),
    "YNP-2": ("No", None, "Site in Lund"),
    "ONE-1": ("Every month", "see website"),
    "ALL-1.a": ("Yes", "Photos 2026", "since May"),
    "ALL-1.b": "No",
    "NUM-1": 15,
    "PCT-1": "95 %",
    "DAY-1": date(2026, 5, 24),
    **CERTIFICATE,
    "RUB-1": "We pair newcomers with leads.",
    "FIG-1.over": 12,
    "FIG-1.people": ("180", "Time records 2026"),
    "FIG-1.source": "HR system",
    "TXT-1": "We also transcribe.",
}
READ = {
    "YNP-1": ("answered", Answer("Yes", frozenset({"yes"})), "Yes", "Policy v3, page 4", "document", ""),
    "YNP-2": ("answered", Answer("No", frozenset({"no"})), "No", "", "claim", "Site in Lund"),
    "ONE-1": ("answered", Answer("Every month", frozenset({"a"})), "Every month", "see website", "claim", ""),
    "ALL-1": ("answered", Answer("Badges", frozenset({"a"})), "a: Yes; b: No", "Photos 2026", "document", "since May"),
    "NUM-1": ("answered", Answer("15", number=15.0), "15", "", "claim", ""),
    "PCT-1": ("answered", Answer("95", number=95.0), "95 %", "", "claim", ""),
    "DAY-1": ("answered", Answer("2026-05-24", number=6.0, day=date(2026, 5, 24)), "2026-05-24", "", "claim", ""),
    "CRT-1": (
        "answered",
        Answer(
            "Valid; ISO 27001:2022; Yes; The site and the service offered; 2028-06-30; Certbody; IS 1",
            frozenset({"valid"}),
            day=date(2028, 6, 30),
            parts=(
                ("status", "valid"),
                ("edition", "2022"),
                ("accredited", "yes"),
                ("scope", "our_site_and_service"),
                ("valid_until", "2028-06-30"),
                ("issuer", "Certbody"),
                ("number", "IS 1"),
            ),
        ),
        "; ".join(f"{key.partition('.')[2]}: {value}" for key, value in PLAIN_CERTIFICATE.items()),
        "Certificate IS 1",
        "document",
        "",
    ),
    "RUB-1": ("answered", Answer("We pair newcomers with leads."), "We pair newcomers with leads.", "", "claim", ""),
    "FIG-1": (
        "answered",
        Answer(
            "12 of 180 = 6.7 %", number=1200 / 180, parts=(("over", "12"), ("people", "180"), ("source", "HR system"))
        ),
        "over: 12; people: 180; source: HR system",
        "Time records 2026",
        "document",
        "",
    ),
    "TXT-1": ("answered", Answer("We also transcribe."), "We also transcribe.", "", "claim", ""),
}
BLANK = ("blank", None, "", "", None, "")
UNNAMED = "no-template-identity"


@pytest.fixture(scope="module")
def tender(tmp_path_factory):
    return load_evaluation(write_evaluation(tmp_path_factory.mktemp("tender"), FORM, {}))


@pytest.fixture(scope="module")
def blank(tender):
    return questionnaire(tender)


# What a law is given is shown with each example, so these fixtures are functions and a path, not an evaluation.


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("laws") / "acme.xlsx"


@pytest.fixture(scope="module")
def reading(tender):
    return lambda path: read_submission(tender, path)


@pytest.fixture(scope="module")
def resent(checked, blank, scratch):
    return lambda answers, change: checked(fill(blank, answers, scratch, change))


@pytest.fixture
def sent(checked, blank, tmp_path):
    """Fill in the questionnaire, change it, and read it back."""

    def read(answers, change=None, **cover):
        return checked(fill(blank, answers, tmp_path / "acme.xlsx", change, **cover))

    return read


@pytest.fixture
def plain(checked, tmp_path):
    """Read a plain sheet of rows; questions that it leaves out are no news."""

    def read(*rows, headers=("ID", "Answer", "Evidence", "Comment")):
        return checked(write_book(tmp_path / "acme.xlsx", {"Answers": [headers, *rows]}))

    return read


@pytest.fixture(scope="module")
def checked(tender, blank):
    """Read a workbook; every filled cell of it has to be accounted for."""
    own = template_texts(blank)

    def read(path):
        submission = read_submission(tender, path)
        assert unaccounted(own, path, submission) == []
        return submission

    return read


def news(submission):
    """What is said beyond what every plain sheet with a few rows gives rise to."""
    return said(submission, UNNAMED, "question-not-found")


# ---- the questionnaire comes back


@pytest.mark.parametrize("sample", ["full", "small"])
def test_a_blank_questionnaire_reads_as_nothing_answered_and_nothing_to_say(tmp_path, sample):
    evaluation = load_evaluation(old_samples() / sample)
    path = tmp_path / "blank.xlsx"
    path.write_bytes(questionnaire(evaluation))
    submission = read_submission(evaluation, path)
    assert {response.state for response in submission.responses.values()} == {"blank"}
    assert list(submission.responses) == list(evaluation.asked_questions)
    assert (submission.issues, submission.unclaimed, submission.cover) == ((), (), {})


@pytest.mark.parametrize("tier", ["full", "core"])
def test_a_blank_questionnaire_without_a_context_says_nothing_either(tmp_path, tier):
    evaluation = asked(tmp_path, questions=tier, deadline="2026-12-18T17:00:00Z")
    path = tmp_path / "blank.xlsx"
    path.write_bytes(questionnaire(evaluation))
    submission = read_submission(evaluation, path)
    assert (submission.issues, submission.unclaimed) == ((), ())


def test_a_filled_questionnaire_reads_back_exactly(sent):
    submission = sent(FILLED, **{"Vendor name": "Acme Data", "Country": "Sweden", "Decimal sign": ","})
    assert what_was_read(submission) == READ
    assert submission.issues == ()
    assert submission.cover == {"vendor": "Acme Data", "country": "Sweden", "decimal_sign": ","}
    assert (submission.vendor, submission.name) == ("acme", "Acme Data")


def test_every_answer_keeps_its_cells(sent):
    responses = sent(FILLED).responses
    assert responses["NUM-1"].location == Location("acme.xlsx", QUALITY, "D11")
    assert [place.cell for place in responses["ALL-1"].locations] == ["D9", "D10"]
    assert [place.cell for place in responses["CRT-1"].locations] == [f"D{row}" for row in range(8, 15)]


def test_a_blank_question_keeps_the_cell_where_its_answer_belongs(sent):
    assert sent({}).responses["NUM-1"].location == Location("acme.xlsx", QUALITY, "D11")


@pytest.mark.parametrize("sample", ["full", "small"])
def test_every_filled_cell_of_a_sample_is_accounted_for(sample):
    evaluation = load_evaluation(samples_folder() / sample)
    # Where prices come in an envelope of their own, the first one is what is answered.
    own = template_texts(questionnaire(envelopes(evaluation)[0]))
    tenderer = vendor_files(evaluation)[0]
    submission = read_submission(evaluation, tenderer)
    assert (unaccounted(own, evaluation.folder / tenderer.files[0], submission), submission.unclaimed) == ([], ())


def test_a_text_comes_back_as_it_was_written(tender, blank, tmp_path):
    texts = ["=1+1", "'x", "  leading", "two\nlines", "🙂 \u00a0 \u200b", "+1", "@x", "-", "x" * 32_767]
    for text in texts:
        path = fill(blank, {"RUB-1": text, "YNP-1": ("Yes", text, text)}, tmp_path / "acme.xlsx")
        responses = read_submission(tender, path).responses
        assert responses["RUB-1"].raw == responses["YNP-1"].evidence == responses["YNP-1"].comment == text


LEGAL = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n\r")


@given(st.text(LEGAL, min_size=1).filter(lambda text: "_x" not in text and "x005F_" not in text))
def test_any_text_that_xml_can_hold_comes_back(reading, scratch, text):
    buffer = io.BytesIO()
    with Written(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Answers")
        for column, value in enumerate(("ID", "Answer", "Comment")):
            sheet.write_string(0, column, value)
        for column, value in enumerate(("TXT-1", text, text)):
            sheet.write_string(1, column, value)
    scratch.write_bytes(buffer.getvalue())
    response = reading(scratch).responses["TXT-1"]
    assert (response.raw, response.comment) == (text, text)


# ---- finding the questions


def swapped(book):
    """Move the columns of every category sheet into another order."""
    for sheet in book:
        if form_rows(sheet):
            grid = [[cell.value for cell in row] for row in sheet.iter_rows()]
            for number, row in enumerate(grid, start=1):
                for column, source in enumerate((0, 6, 3, 1, 5, 4, 2), start=1):
                    sheet.cell(number, column).value = row[source]


def shifted(book):
    for sheet in book:
        if form_rows(sheet):
            sheet.insert_cols(1)
            sheet.insert_rows(1, 3)
            sheet["A1"] = "Acme Data, confidential"


def renamed(book):
    book[QUALITY].title = "Quality (2)"
    book[SAFETY].title = "Q2"


def without_keys(book):
    for sheet in book:
        for row in form_rows(sheet).values():
            row["Key"].value = None


def without_visible_ids(book):
    for sheet in book:
        for row in form_rows(sheet).values():
            row["ID"].value = None


def lower_ids(book):
    for sheet in book:
        for row in form_rows(sheet).values():
            row["ID"].value = f" {row['ID'].value.lower()}\u200b"


def sorted_by_answer(book):
    sheet = book[QUALITY]
    rows = sorted(([cell.value for cell in row] for row in sheet["A6:G11"]), key=lambda row: str(row[3]))
    for number, values in enumerate(rows, start=6):
        for column, value in enumerate(values, start=1):
            sheet.cell(number, column).value = value


def with_blank_rows(book):
    for number in (9, 7, 6):
        book[QUALITY].insert_rows(number, 2)


def header_repeated(book):
    sheet = book[SAFETY]
    for row in sheet.iter_rows(min_row=4, max_row=4):
        for cell in row:
            sheet.cell(21, cell.column).value = cell.value


UNCHANGED = [
    swapped,
    renamed,
    without_keys,
    without_visible_ids,
    lower_ids,
    sorted_by_answer,
    with_blank_rows,
    header_repeated,
]


@pytest.mark.parametrize("change", UNCHANGED, ids=lambda change: change.__name__)
def test_answers_are_found_by_id_and_header_wherever_they_stand(sent, change):
    submission = sent(FILLED, change)
    assert what_was_read(submission) == READ
    assert submission.issues == ()


def test_title_rows_above_the_header_are_listed_and_do_no_harm(sent):
    submission = sent(FILLED, shifted)
    assert what_was_read(submission) == READ
    assert said(submission) == [("unclaimed-content", f"{QUALITY}!A1"), ("unclaimed-content", f"{SAFETY}!A1")]


def test_a_deleted_sheet_is_one_issue_that_names_its_questions(sent):
    submission = sent(FILLED, lambda book: book.remove(book[SAFETY]))
    assert said(submission) == [("question-not-found", "")]
    assert all(name in submission.issues[0].message for name in ("PCT-1", "DAY-1", "CRT-1"))
    # An evaluator scores the rubric, and the text is information: their absence costs nothing.
    assert not any(name in submission.issues[0].message for name in ("RUB-1", "TXT-1"))
    assert submission.responses["PCT-1"].state == "blank"
    assert submission.responses["YNP-1"].state == "answered"


def test_a_deleted_row_of_a_question_of_several_is_missed(sent):
    submission = sent(FILLED, lambda book: book[QUALITY].delete_rows(10))
    assert said(submission) == [("question-not-found", "")]
    assert "ALL-1.b" in message(submission, "question-not-found")
    assert submission.responses["ALL-1"].given == Answer("Badges", frozenset({"a"}))


def test_a_row_whose_visible_id_is_not_its_key_is_not_read_and_every_cell_of_it_is_listed(sent):
    def change(book):
        book[QUALITY]["B11"] = "YNP-1"

    submission = sent(FILLED, change)
    assert said(submission) == [
        ("id-mismatch", f"{QUALITY}!B11"),
        ("unclaimed-content", f"{QUALITY}!C11"),
        ("question-not-found", ""),
    ]
    assert [place.cell for place in submission.unclaimed] == ["C11", "D11", "E11"]
    assert submission.responses["NUM-1"].state == "blank"


def test_a_plain_sheet_with_an_id_and_an_answer_column_is_read_with_a_notice(plain):
    submission = plain(("YNP-1", "Yes"), ("ALL-1", "Badges; Cameras"), headers=("ID", "Answer"))
    assert said(submission, "question-not-found") == [(UNNAMED, "")]
    assert submission.responses["YNP-1"].given == Answer("Yes", frozenset({"yes"}))
    assert submission.responses["ALL-1"].given == Answer("Badges; Cameras", frozenset("ab"))
    assert submission.name == "acme"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(("id", "ANSWER", "Evidence\u200b", " comment "), id="other spelling"),
        pytest.param(("Key", "Answer", "Evidence", "Comment"), id="only the key"),
    ],
)
def test_headers_are_compared_as_people_read_them(plain, headers):
    response = plain(("YNP-1", "Yes", "Policy", "except Sundays"), headers=headers).responses["YNP-1"]
    assert (response.state, response.evidence, response.comment) == ("answered", "Policy", "except Sundays")


def test_ids_that_are_nobodys_are_listed_with_the_nearest_one(plain):
    submission = plain(("YNP-1", "Yes"), ("YPN-2", "No"), ("XYZ", None))
    assert news(submission) == [("unclaimed-content", "Answers!A3"), ("unclaimed-content", "Answers!A4")]
    assert "did you mean 'YNP-2'?" in submission.issues[0].message
    assert [place.cell for place in submission.unclaimed] == ["A3", "B3", "A4"]


def test_an_id_that_the_evaluation_does_not_ask_is_a_notice(tmp_path):
    evaluation = asked(tmp_path, overrides={"SEC-01": "off"})
    rows = [("ID", "Answer", "Evidence"), ("SEC-01", 30, "Schedule"), ("SEC-02", None, None), ("SEC-03", "Nothing")]
    submission = read_submission(evaluation, write_book(tmp_path / "acme.xlsx", {"Answers": rows}))
    assert ("question-not-asked", "Answers!A2") in said(submission)
    assert [place.cell for place in submission.unclaimed] == ["B2", "C2"]


@pytest.mark.parametrize(
    "sheets",
    [
        pytest.param({"Answers": [("YNP-1", "Yes")]}, id="no header"),
        pytest.param({"Answers": [("ID", "Standing"), ("YNP-1", "Yes")]}, id="no answer column"),
        pytest.param({"Answers": [("Question", "Answer"), ("Is it?", "Yes")]}, id="no id column"),
        pytest.param({"Answers": [("ID", "Answer"), ("A-1", "Yes")]}, id="no id of ours"),
        pytest.param({"Answers": [("ID", "Answer")]}, id="only a header"),
        pytest.param({"Answers": []}, id="empty"),
    ],
)
def test_a_workbook_without_our_questions_cannot_be_read(tender, tmp_path, sheets):
    with pytest.raises(InputError) as caught:
        read_submission(tender, write_book(tmp_path / "acme.xlsx", sheets))
    assert [(issue.code, issue.location) for issue in caught.value.issues] == [
        ("unreadable-file", Location("acme.xlsx"))
    ]


def test_a_workbook_without_a_header_is_told_what_was_seen(tender, tmp_path):
    path = write_book(tmp_path / "acme.xlsx", {"Answers": [("Ref", "Standing"), ("ABC-1", "Yes")]})
    with pytest.raises(InputError, match="Ref, Standing, ABC-1, Yes"):
        read_submission(tender, path)


@settings(deadline=None, max_examples=15)
@given(st.randoms(use_true_random=False))
def test_shuffled_and_inserted_rows_and_shuffled_columns_change_no_answer(resent, chance):
    def shuffle(book):
        for sheet in [sheet for sheet in book if form_rows(sheet)]:
            rows = mixed([[cell.value for cell in row] for row in sheet.iter_rows()], chance)
            sheet.delete_rows(1, sheet.max_row)
            for row in rows:
                sheet.append(row)

    submission = resent(FILLED, shuffle)
    assert what_was_read(submission) == READ
    # The column of the key stays hidden, whatever stands in it now.
    assert {issue.code for issue in submission.issues} <= {"unclaimed-content", "hidden-content"}


def mixed(rows, chance):
    """Shuffle rows and columns, with blank and foreign rows between."""
    header, body = rows[3], [row for row in rows[4:] if row[0]]
    body += [[None] * 7 for _ in range(chance.randrange(3))]
    body += [[None, None, None, f"remark {n}", None, None, None] for n in range(chance.randrange(3))]
    chance.shuffle(body)
    order = list(range(7))
    chance.shuffle(order)
    return [[row[column] for column in order] for row in (*rows[:3], header, *body)]


# ---- identity


def test_an_older_template_is_read_by_its_ids_and_a_question_that_changed_since_is_asked_again(tmp_path):
    older = asked(tmp_path / "older", overrides={"SEC-01": {"text": "How long is our data kept?"}})
    path = tmp_path / "acme.xlsx"
    fill(questionnaire(older), {"SEC-01": (30, "Schedule"), "SEC-03": "Yes"}, path)
    now = asked(tmp_path / "now")
    submission = read_submission(now, path)
    assert said(submission, "unknown-option") == [("asked-again", "Security and privacy!C6"), ("older-template", "")]
    assert "'30' was not taken over" in message(submission, "asked-again")
    assert [place.cell for place in submission.unclaimed] == ["D6", "F6"]
    assert submission.responses["SEC-01"].state == "blank"
    assert submission.responses["SEC-03"].raw == "Yes"


def test_the_hidden_sheet_tells_the_template_where_the_properties_were_lost(sent):
    def lose(book):
        for name in list(book.custom_doc_props.names):
            del book.custom_doc_props[name]

    assert sent(FILLED, lose).issues == ()


def test_a_changed_question_text_is_named_with_its_cell(sent):
    def change(book):
        book[QUALITY]["C11"] = "Days, weekends excluded?"

    assert said(sent(FILLED, change)) == [("changed-question", f"{QUALITY}!C11")]


# ---- twice


def test_the_same_answer_twice_is_a_notice(plain):
    submission = plain(("YNP-1", "Yes", "Policy v3"), ("YNP-1", " yes", "Audit 2026", "all sites"))
    assert news(submission) == [("duplicate-answer", "Answers!B3")]
    response = submission.responses["YNP-1"]
    assert (response.state, response.evidence, response.comment) == ("answered", "Policy v3\nAudit 2026", "all sites")


def test_two_different_answers_are_an_error_with_both_cells(plain):
    submission = plain(("YNP-1", "Yes"), ("YNP-1", "No"))
    assert news(submission) == [("contradiction", "Answers!B3")]
    assert "acme.xlsx, Answers!B2" in message(submission, "contradiction")
    assert (submission.responses["YNP-1"].state, submission.responses["YNP-1"].given) == ("invalid", None)


def test_a_blank_double_leaves_the_answer_alone(plain):
    submission = plain(("YNP-1", None, None, "see below"), ("YNP-1", "Yes"))
    assert news(submission) == []
    assert (submission.responses["YNP-1"].raw, submission.responses["YNP-1"].comment) == ("Yes", "see below")


def two_files(tmp_path, first, second):
    folder = tmp_path / "two"
    (folder / "responses").mkdir(parents=True)
    for name, rows in (("a.xlsx", first), ("b.xlsx", second)):
        header = ("ID", "Answer", "Evidence", "Comment")
        write_book(folder / "responses" / name, {"Answers": [header, *rows]})
    write_evaluation(folder, FORM, {}, settings="vendors: [{id: acme, file: [responses/a.xlsx, responses/b.xlsx]}]")
    evaluation = load_evaluation(folder)
    (tenderer,) = vendor_files(evaluation)
    return read_submission(evaluation, tenderer)


def test_two_files_of_one_vendor_complete_each_other(tmp_path):
    submission = two_files(tmp_path, [("YNP-1", "Yes")], [("NUM-1", 15, "Log"), ("YNP-1", None, "Policy v3")])
    assert said(submission, UNNAMED, "question-not-found") == []
    assert submission.responses["NUM-1"].location == Location("responses/b.xlsx", "Answers", "B2")
    response = submission.responses["YNP-1"]
    assert (response.location.file, response.evidence, response.level) == ("responses/a.xlsx", "Policy v3", "document")
    assert [file.file for file in submission.inputs] == ["responses/a.xlsx", "responses/b.xlsx"]


def test_two_files_of_one_vendor_that_contradict_each_other_are_an_error_with_both_cells(tmp_path):
    submission = two_files(tmp_path, [("NUM-1", 15)], [("NUM-1", 16)])
    (issue,) = (issue for issue in submission.issues if issue.code == "contradiction")
    assert issue.location == Location("responses/b.xlsx", "Answers", "B2")
    assert "responses/a.xlsx, Answers!B2" in issue.message
    assert submission.responses["NUM-1"].state == "invalid"


def test_a_proof_that_names_nothing_is_asked_back_in_its_own_file(tmp_path):
    submission = two_files(tmp_path, [("YNP-1", "Yes")], [("YNP-1", None, "see attached")])
    (issue,) = (issue for issue in submission.issues if issue.code == "unnamed-document")
    assert issue.location == Location("responses/b.xlsx", "Answers", "C2")


def test_rows_of_a_question_may_stand_in_different_files(tmp_path):
    submission = two_files(tmp_path, [("ALL-1.a", "Yes")], [("ALL-1.b", "Yes")])
    assert submission.responses["ALL-1"].given == Answer("Badges; Cameras", frozenset("ab"))
    assert {place.file for place in submission.responses["ALL-1"].locations} == {"responses/a.xlsx", "responses/b.xlsx"}


def test_an_answer_as_a_whole_and_by_rows_is_a_contradiction(plain):
    submission = plain(("ALL-1", "Badges"), ("ALL-1.b", "Yes"))
    assert news(submission) == [("contradiction", "Answers!B2")]
    assert submission.responses["ALL-1"].state == "invalid"


# ---- what belongs to no question


def scribbles(book):
    sheet = book[QUALITY]
    sheet["H6"], sheet["J11"] = "ask Ana", 42
    sheet["D40"], sheet["B41"] = "Further remarks", "See below"
    sheet["G2"] = "draft"
    sheet["E6"] = "per site"
    book["Start here"]["F3"] = 2026
    book["Start here"]["B30"] = "Yes"
    book.create_sheet("Notes").append(["Country notes", 7, True, date(2026, 11, 24)])


def test_every_cell_that_belongs_to_no_question_is_listed(sent):
    submission = sent(FILLED, scribbles)
    assert what_was_read(submission) == READ
    assert {issue.code for issue in submission.issues} == {"unclaimed-content"}
    assert sorted(f"{place.sheet}!{place.cell}" for place in submission.unclaimed) == sorted(
        [
            *(f"{QUALITY}!{cell}" for cell in ("G2", "E6", "H6", "J11", "D40", "B41")),
            *(f"Start here!{cell}" for cell in ("F3", "B30")),
            *(f"Notes!{cell}" for cell in ("A1", "B1", "C1", "D1")),
        ]
    )


def test_a_figure_beside_the_counts_of_the_first_sheet_is_listed(sent):
    def change(book):
        row = next(cell.row for cell in book["Start here"]["A"] if cell.value == QUALITY)
        book["Start here"].cell(row, 6).value = 42

    assert [code for code, _ in said(sent(FILLED, change))] == ["unclaimed-content"]


def test_a_second_name_on_another_sheet_is_listed_and_the_first_counts(sent):
    def change(book):
        book.create_sheet("More").append(["Vendor name", "Acme Holding"])

    submission = sent(FILLED, change, **{"Vendor name": "Acme Data"})
    assert (submission.name, said(submission)) == ("Acme Data", [("unclaimed-content", "More!B1")])


def test_a_label_of_a_dropdown_is_the_templates_only_on_its_hidden_sheet(sent):
    def change(book):
        book.create_sheet("Notes").append(["Every month"])

    assert said(sent(FILLED, change)) == [("unclaimed-content", "Notes!A1")]


JUNK = st.lists(
    st.tuples(
        st.sampled_from([QUALITY, SAFETY, "Start here", "_lists", "_identity", "Notes"]),
        st.integers(1, 40),
        st.integers(1, 12),
    ),
    max_size=8,
    unique=True,
)


@settings(deadline=None, max_examples=15)
@given(JUNK, st.sets(st.sampled_from(KEYS)))
def test_no_filled_cell_is_ever_lost(resent, junk, answered):
    def scatter(book):
        book.create_sheet("Notes")
        for number, (sheet, row, column) in enumerate(junk):
            cell = book[sheet].cell(row, column)
            if cell.value is None:
                cell.value = f"junk {number}" if number % 2 else 1000.5 + number

    # The accounts are checked on reading.
    assert resent({key: FILLED[key] for key in answered}, scatter).vendor == "acme"


def test_the_check_of_the_accounts_notices_a_lost_cell(tender, blank, tmp_path):
    path = fill(blank, FILLED, tmp_path / "acme.xlsx", scribbles)
    submission = read_submission(tender, path)
    own = template_texts(blank)
    assert unaccounted(own, path, submission) == []

    lost_scribble = replace(submission, unclaimed=submission.unclaimed[1:], issues=())
    assert unaccounted(own, path, lost_scribble) == [f"{submission.unclaimed[0].sheet}!{submission.unclaimed[0].cell}"]
    figure = submission.responses["NUM-1"]
    lost_answer = {**submission.responses, "NUM-1": replace(figure, locations=())}
    assert unaccounted(own, path, replace(submission, responses=lost_answer)) == [f"{QUALITY}!D11"]
    proven = submission.responses["YNP-1"]
    lost_proof = {**submission.responses, "YNP-1": replace(proven, evidence="")}
    assert unaccounted(own, path, replace(submission, responses=lost_proof)) == [f"{QUALITY}!F6"]


# ---- cells of a row


def test_an_answer_typed_in_the_comment_is_blank_and_asked_back_with_what_was_written(plain):
    submission = plain(("NUM-1", None, None, "30 days"), ("PCT-1", None, "95 %"))
    assert news(submission) == [("answer-in-comment", "Answers!D2"), ("answer-in-comment", "Answers!C3")]
    assert "'30 days'" in submission.issues[1].message
    assert what_was_read(submission)["NUM-1"] == ("blank", None, "", "", None, "30 days")


HEADERS_WITH_UNIT = ("ID", "Answer", "Unit")


@pytest.mark.parametrize(
    ("row", "figure", "codes"),
    [
        pytest.param(("NUM-1", 3, "weeks"), "21", [], id="another unit that converts"),
        pytest.param(("NUM-1", 0.125, "weeks"), "0.875", [], id="a fraction"),
        pytest.param(("NUM-1", 1.125, "weeks"), "7.875", [], id="three decimals are no thousands"),
        pytest.param(("NUM-1", 3, "Day"), "3", [], id="another spelling"),
        pytest.param(("NUM-1", 3, "days"), "3", [], id="the unit itself"),
        pytest.param(("NUM-1", 3, None), "3", [], id="no unit"),
        pytest.param(("NUM-1", 3, "months"), None, ["wrong-unit"], id="a unit that does not convert"),
        pytest.param(("NUM-1", "3 days", "weeks"), None, ["wrong-unit"], id="two units"),
        pytest.param(("PCT-1", 95, "percent"), "95", [], id="percent in words"),
        pytest.param(("PCT-1", 95, "of 100"), None, ["wrong-unit"], id="no percent"),
        pytest.param(
            ("NUM-1", None, "weeks"), None, ["unclaimed-content", "answer-in-comment"], id="a unit without a figure"
        ),
        pytest.param(("YNP-1", "Yes", "weeks"), "Yes", ["unclaimed-content"], id="a unit where none was asked"),
    ],
)
def test_a_changed_unit_is_part_of_the_answer(plain, row, figure, codes):
    submission = plain(row, headers=HEADERS_WITH_UNIT)
    given = submission.responses[row[0]].given
    assert (given.text if given else None, [code for code, _ in news(submission)]) == (figure, codes)


def test_a_changed_unit_is_read_the_same_whatever_the_decimal_sign(sent):
    def change(book):
        book[QUALITY]["E11"] = "weeks"

    assert sent({"NUM-1": 1.125}, change, **{"Decimal sign": ","}).responses["NUM-1"].given.number == 7.875


@pytest.mark.parametrize(
    ("sign", "number"),
    [(".", 1.234), (",", 1234.0), ("Comma", 1234.0), ("(.)", 1.234), (None, None), ("as you like", None)],
    ids=[".", ",", "in words", "in brackets", "none", "other words"],
)
def test_the_decimal_sign_of_the_first_sheet_counts_for_every_text(sent, sign, number):
    given = sent({"NUM-1": "1.234"}, **({"Decimal sign": sign} if sign else {})).responses["NUM-1"].given
    assert (given.number if given else None) == number


def with_formulas(path, formulas):
    """Write a plain sheet whose answers are formulas with the values that were saved."""
    with Written(path) as book:
        sheet = book.add_worksheet("Answers")
        sheet.write_row(0, 0, ("ID", "Answer", "Evidence"))
        for number, (key, formula, saved) in enumerate(formulas, start=1):
            sheet.write(number, 0, key)
            sheet.write_formula(number, 1, formula, None, saved)
    return path


def test_a_formula_is_read_by_its_saved_value_with_a_notice(checked, tmp_path):
    path = with_formulas(tmp_path / "acme.xlsx", [("NUM-1", "=5*3", 15), ("YNP-1", '="Y"&"es"', "Yes")])
    submission = checked(path)
    assert news(submission) == [("formula", "Answers!B3"), ("formula", "Answers!B2")]
    assert submission.responses["NUM-1"].given == Answer("15", number=15.0)
    assert submission.responses["YNP-1"].given == Answer("Yes", frozenset({"yes"}))


@pytest.mark.parametrize(
    ("formula", "saved", "code"),
    [
        pytest.param("=1/0", "#DIV/0!", "error-cell", id="error"),
        pytest.param("='[other.xlsx]S'!A1", 15, "external-link", id="link to another workbook"),
    ],
)
def test_a_formula_whose_value_cannot_be_trusted_is_invalid(checked, tmp_path, formula, saved, code):
    submission = checked(with_formulas(tmp_path / "acme.xlsx", [("NUM-1", formula, saved)]))
    assert code in [code for code, _ in news(submission)]
    assert submission.responses["NUM-1"].state == "invalid"


def test_a_formula_without_a_saved_value_is_invalid_and_never_blank(plain):
    submission = plain(("NUM-1", "=B9*2"))
    assert news(submission) == [("formula-without-value", "Answers!B2")]
    assert "=B9*2" in message(submission, "formula-without-value")
    assert (submission.responses["NUM-1"].state, submission.responses["NUM-1"].raw) == ("invalid", "=B9*2")


def test_filled_cells_in_hidden_rows_and_sheets_are_read_with_one_notice_for_each_sheet(sent):
    def hide(book):
        book[QUALITY].row_dimensions[6].hidden = True
        book[QUALITY].row_dimensions[7].hidden = True
        book[SAFETY].sheet_state = "hidden"

    submission = sent(FILLED, hide)
    assert what_was_read(submission) == READ
    assert said(submission) == [("hidden-content", f"{QUALITY}!D6"), ("hidden-content", f"{SAFETY}!D6")]


def test_faults_of_a_reading_are_placed_at_their_own_cells(plain):
    submission = plain(
        ("NUM-1", "approx. 30"),
        ("ALL-1.a", "Yes"),
        ("ALL-1.b", "perhaps"),
        ("CRT-1.status", "Valid"),
        ("CRT-1.valid_until", "03/04/2027"),
        ("ONE-1", "n/a"),
    )
    assert sorted(news(submission)) == [
        ("ambiguous-date", "Answers!B6"),
        ("approximate-answer", "Answers!B2"),
        ("not-applicable-answer", "Answers!B7"),
        ("unknown-option", "Answers!B4"),
    ]


# ---- proof


@pytest.mark.parametrize(
    ("evidence", "level", "codes"),
    [
        pytest.param("Policy v3, page 4", "document", [], id="document"),
        pytest.param("https://status.example.org/2026", "document", [], id="address"),
        pytest.param(None, "claim", [], id="nothing"),
        pytest.param("-", "claim", [], id="dash"),
        pytest.param("***", "claim", [], id="signs"),
        pytest.param("n/a", "claim", [], id="n/a"),
        pytest.param("On request.", "claim", [], id="English"),
        pytest.param("Auf Anfrage", "claim", [], id="German"),
        pytest.param("sur demande", "claim", [], id="French"),
        pytest.param("Pendiente", "claim", [], id="Spanish"),
        pytest.param("su richiesta", "claim", [], id="Italian"),
        pytest.param("sob consulta", "claim", [], id="Portuguese"),
        pytest.param("op aanvraag", "claim", [], id="Dutch"),
        pytest.param("do uzupełnienia", "claim", [], id="Polish"),
        pytest.param("社外秘", "claim", [], id="Japanese"),
        pytest.param("待定", "claim", [], id="Chinese"),
        pytest.param("see attached", "claim", ["unnamed-document"], id="unnamed"),
        pytest.param("siehe Anlage", "claim", ["unnamed-document"], id="unnamed, German"),
        pytest.param("Annex", "claim", ["unnamed-document"], id="unnamed, one word"),
        pytest.param("see attached: Policy v3", "document", [], id="attached and named"),
    ],
)
def test_a_filled_evidence_cell_is_a_document_unless_it_names_none(plain, evidence, level, codes):
    submission = plain(("YNP-1", "Yes", evidence))
    assert (submission.responses["YNP-1"].level, [code for code, _ in news(submission)]) == (level, codes)


def test_each_tick_is_proven_by_its_own_row(plain):
    submission = plain(("ALL-1.a", "Yes", "see attached"), ("ALL-1.b", "Yes", "Photos 2026"))
    response = submission.responses["ALL-1"]
    assert (response.level, response.ticks) == ("claim", {"a": "claim", "b": "document"})
    assert [code for code, _ in news(submission)] == ["unnamed-document"]
    assert response.evidence == "see attached\nPhotos 2026"


def test_an_answer_that_cannot_be_read_has_no_proof(plain):
    response = plain(("NUM-1", "approx. 30", "Log")).responses["NUM-1"]
    assert (response.state, response.level, response.evidence) == ("invalid", None, "Log")


@pytest.mark.parametrize(
    ("left_out", "level"),
    [
        pytest.param((), "document", id="issuer and number"),
        pytest.param(("CRT-1.issuer",), "claim", id="no issuer"),
        pytest.param(("CRT-1.number",), "claim", id="no number"),
    ],
)
def test_a_certificate_is_a_document_only_with_issuer_and_number(sent, left_out, level):
    submission = sent({key: value for key, value in FILLED.items() if key not in left_out})
    expected = [("certificate-not-named", f"{SAFETY}!D8")] if left_out else []
    assert (submission.responses["CRT-1"].level, said(submission)) == (level, expected)


def test_a_certificate_with_issuer_and_number_and_no_evidence_is_a_claim(sent):
    submission = sent({**FILLED, "CRT-1.status": "Valid"})
    assert (submission.responses["CRT-1"].level, said(submission)) == ("claim", [])


def test_the_same_proof_beside_ten_answers_is_one_notice(tmp_path):
    tree = {"a": {"A1": {f"Q{n}": {} for n in range(1, 12)}}}
    evaluation = load_evaluation(write_evaluation(tmp_path, tree, {}))
    header = ("ID", "Answer", "Evidence")
    notice = [("evidence-repeated", "Answers!B2")]
    for count, expected in ((9, []), (10, notice), (11, notice)):
        rows = [header, *((f"Q{n}", 80, "ISMS  manual" if n % 2 else "isms manual") for n in range(1, count + 1))]
        submission = read_submission(evaluation, write_book(tmp_path / "acme.xlsx", {"Answers": rows}))
        assert news(submission) == expected


def test_no_notice_is_given_where_the_same_nothing_stands_beside_ten_answers(tmp_path):
    tree = {"a": {"A1": {f"Q{n}": {} for n in range(1, 12)}}}
    evaluation = load_evaluation(write_evaluation(tmp_path, tree, {}))
    rows = [("ID", "Answer", "Evidence"), *((f"Q{n}", 80, "on request") for n in range(1, 12))]
    assert news(read_submission(evaluation, write_book(tmp_path / "acme.xlsx", {"Answers": rows}))) == []


@pytest.mark.parametrize(
    ("evidence", "comment", "given", "codes"),
    [
        pytest.param(None, None, "No", ["partial-without-text"], id="nothing"),
        pytest.param("-", "n/a", "No", ["partial-without-text"], id="words that say nothing"),
        pytest.param(None, "Only in Lund", "Partial", [], id="comment"),
        pytest.param("Policy v3", None, "Partial", [], id="evidence"),
        pytest.param(None, "see attached", "Partial", [], id="a text, if not a document"),
    ],
)
def test_partial_counts_only_with_a_text(plain, evidence, comment, given, codes):
    submission = plain(("YNP-1", "Partial", evidence, comment))
    response = submission.responses["YNP-1"]
    assert (response.given.text, response.raw) == (given, "Partial")
    assert [code for code, _ in news(submission) if code != "unnamed-document"] == codes


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(("YNP-2", "Yes"), [("comment-missing", "Answers!B2")], id="blank"),
        pytest.param(("YNP-2", "Yes", None, "-"), [("comment-missing", "Answers!B2")], id="dash"),
        pytest.param(("YNP-2", "Yes", None, "Lund"), [], id="given"),
        pytest.param(("YNP-1", "Yes"), [], id="not required"),
    ],
)
def test_a_comment_that_is_required_is_asked_for(plain, row, expected):
    assert news(plain(row)) == expected


# ---- from a cell to its value


@pytest.mark.parametrize(
    ("edition", "value"),
    [
        pytest.param("Standards v2.1", 100, id="v2.1"),
        pytest.param("Version 1.6 (80-point model), still in its cycle", 70, id="v1.6 is capped"),
    ],
)
def test_the_edition_of_a_b_corp_caps_what_it_is_worth(tmp_path, edition, value):
    answers = {"status": "Valid", "edition": edition, "scope": "Our site and our service"}
    answers |= {"valid_until": date(2028, 1, 31), "issuer": "B Lab", "number": "B 1"}
    (tmp_path / "responses").mkdir()
    asked(tmp_path)
    rows = [("ID", "Answer"), *((f"LAB-17.{part}", given) for part, given in answers.items())]
    write_book(tmp_path / "responses" / "acme.xlsx", {"Answers": rows})
    (vendor,) = evaluate(load_evaluation(tmp_path)).vendors
    assert next(answer.value for answer in vendor.answers if answer.id == "LAB-17") == value


@given(st.permutations(list(KEYS)), st.integers(0, 2**32))
@settings(deadline=None, max_examples=25)
def test_the_order_of_rows_in_a_plain_sheet_changes_nothing(reading, scratch, order, seed):
    def cells(key):
        given = FILLED[key]
        return (key, *(given if isinstance(given, tuple) else (given,)))

    rows = [cells(key) for key in order if key != "TXT-1"]
    rows.insert(random.Random(seed).randrange(len(rows)), ("TXT-1", "plain"))  # noqa: S311  no secret
    submission = reading(write_book(scratch, {"Answers": [("ID", "Answer", "Evidence", "Comment"), *rows]}))
    assert said(submission) == [(UNNAMED, "")]
    assert {k: v for k, v in what_was_read(submission).items() if k != "TXT-1"} == {
        k: v for k, v in READ.items() if k != "TXT-1"
    }


def test_the_keys_of_these_tests_are_those_of_the_form(blank):
    assert tuple(all_form_rows(opened(blank))) == KEYS
