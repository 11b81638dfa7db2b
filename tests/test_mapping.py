"""Someone else's questionnaire: recognised, mapped, read without losing a cell, and never guessed at."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from accounting import check_accounts, check_kept
from books import write_book
from builders import answer, load, run, write_evaluation, write_response
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings, strategies as st
from places import MARK, expected, write
from xlsxwriter import Workbook as Written

from vendor_eval import evaluate, load_evaluation
from vendor_eval.cli import main
from vendor_eval.config.models import load_document
from vendor_eval.intake.inbox import vendor_files
from vendor_eval.intake.mapping.draft import draft, nearest
from vendor_eval.intake.mapping.mapped_workbook import read_foreign
from vendor_eval.intake.mapping.models import MappingFile, load_mapping, shipped_mappings
from vendor_eval.intake.mapping.recognition import recognise
from vendor_eval.intake.mapping.tables import looks_like_id
from vendor_eval.intake.submission import read_submission
from vendor_eval.intake.tables import span
from vendor_eval.issues import InputError, Location, VendorEvalError
from vendor_eval.spreadsheets import Cell, read_workbook

TREE = """
a:
  A1:
    YES-1: {type: yes_no_partial, text: Do you lock the doors at night}
    ONE-1: {type: single_choice, options: [{label: Every month, score: 100}, {label: Never, score: 0}]}
    ALL-1: {type: multi_choice, options: [{label: Badges, score: 60}, {label: Cameras, score: 40}]}
    NUM-1: {type: number, unit: days, points: [[0, 100], [30, 0]]}
    TXT-1: {type: text, weight: 0}
"""
THEIRS = [
    ["Vendor assessment 2026"],
    ["Ref", "Requirement", "Response", "Proof", "Remarks", "Guidance"],
    ["D-1", "Are doors locked?", "Compliant", "Policy v3", "since May", "Say how"],
    ["D-2", "How often are they checked?", "monthly"],
    ["D-3", "Are there badges?", "Y"],
    ["D-4", "Are there cameras?", "N"],
    ["D-5", "How many days is footage kept?", 15],
    ["D-6", "Anything else?", "We moved.", None, None, "Free text"],
    ["D-7", "Something that nobody here asks?", "Of course", "Note 9"],
    ["End of sheet"],
]
MAPPING = """
mapping: house
columns: {id: Ref, question: Requirement, answer: Response, evidence: Proof, comment: Remarks, template: Guidance}
values: {Compliant: yes, Not compliant: no}
answers:
  YES-1: D-1
  ONE-1: {id: D-2, values: {monthly: a}}
  ALL-1.a: D-3
  ALL-1.b: D-4
  NUM-1: D-5
no_counterpart:
  TXT-1: nothing is asked about it
"""


@pytest.fixture
def house(tmp_path):
    """An evaluation, and a vendor who sent a questionnaire of another house."""
    folder = write_evaluation(tmp_path / "tender", TREE, {}, settings="evidence: off")
    (folder / "house.yaml").write_text(MAPPING, encoding="utf-8")
    write_book(folder / "responses" / "acme.xlsx", {"Form": THEIRS})
    return folder


def read(folder, name="acme", mapping="house.yaml"):
    """Read a vendor by a mapping, and check that every cell is accounted for."""
    evaluation = load_evaluation(folder)
    layout = load_mapping(evaluation, mapping, folder=folder)
    path = f"responses/{name}.xlsx"
    book = read_workbook(folder / path, name=path)
    foreign = read_foreign(book, layout)
    vendor = next(vendor for vendor in vendor_files(evaluation) if vendor.id == name)
    submission = read_submission(evaluation, vendor, mapping=layout)
    check_accounts(book, foreign)
    check_kept(book, foreign, submission)
    return submission


def said(submission, *codes):
    return [(issue.code, issue.location.cell) for issue in submission.issues if not codes or issue.code in codes]


def answers(submission):
    return {name: (one.state, one.given.text if one.given else None) for name, one in submission.responses.items()}


def cli(*words):
    done = CliRunner().invoke(main, [str(word) for word in words], prog_name="vendor-eval")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


RESPONSES = ["responses/acme.xlsx", "responses/bolt.xlsx"]
READ = {
    "YES-1": ("answered", "Yes"),
    "ONE-1": ("answered", "Every month"),
    "ALL-1": ("answered", "Badges"),
    "NUM-1": ("answered", "15"),
    "TXT-1": ("blank", None),
}


# ---- reading


def test_each_answer_is_read_in_our_words_and_kept_in_theirs(house):
    submission = read(house)
    assert answers(submission) == READ
    first = submission.responses["YES-1"]
    assert (first.raw, first.evidence, first.comment) == ("Compliant", "Policy v3", "since May")
    assert first.location == Location("responses/acme.xlsx", "Form", "C3")
    assert submission.responses["ALL-1"].raw == "a: Y; b: N"


def test_a_reading_that_forgets_a_cell_or_takes_it_twice_breaks_the_law(house):
    book = read_workbook(house / "responses/acme.xlsx", name="responses/acme.xlsx")
    evaluation = load_evaluation(house)
    foreign = read_foreign(book, load_mapping(evaluation, "house.yaml", folder=house))
    check_accounts(book, foreign)
    careless = [
        replace(foreign, lines=foreign.lines[1:]),
        replace(foreign, lines=(replace(foreign.lines[0], evidence=None), *foreign.lines[1:])),
        replace(foreign, template=foreign.template[1:]),
        replace(foreign, unclaimed=foreign.unclaimed[1:]),
    ]
    for lost in careless:
        with pytest.raises(AssertionError, match="cells that nobody accounts for"):
            check_accounts(book, lost)
    with pytest.raises(AssertionError, match="cells that are template and unclaimed"):
        check_accounts(book, replace(foreign, unclaimed=(*foreign.unclaimed, foreign.template[0])))


def test_what_answers_nothing_of_ours_is_listed_with_its_cells(house):
    submission = read(house)
    assert [place.cell for place in submission.unclaimed] == ["C8", "C9", "D9", "A1", "A10"]
    assert said(submission) == [
        ("read-by-mapping", ""),
        ("unclaimed-content", "C8"),
        ("unclaimed-content", "A1"),
    ]
    (first, theirs, loose) = (issue.message for issue in submission.issues)
    assert first == "read by mapping house from 'Form': 7 of their questions, 5 of ours answered"
    assert theirs == "mapping house: 2 of their answers answer none of our questions: D-6, D-7 (C8:C9, D9)"
    assert "A1 'Vendor assessment 2026'; A10 'End of sheet'" in loose


def test_many_ids_without_a_counterpart_are_counted_by_sheet_and_the_first_five_named(tmp_path):
    numbers = {"a": [f"A-{n}" for n in range(1, 5)], "b": [f"B-{n}" for n in range(1, 4)]}
    tree = {category: {"C1": {name: {} for name in names}} for category, names in numbers.items()}
    folder = write_evaluation(tmp_path / "tender", tree, {}, settings="evidence: off")
    left = ", ".join(f"{name}: not asked" for names in numbers.values() for name in names if name != "A-1")
    text = (
        f"mapping: house\ncolumns: {{id: Ref, answer: Response}}\nanswers: {{A-1: D-5}}\nno_counterpart: {{{left}}}\n"
    )
    (folder / "house.yaml").write_text(text, encoding="utf-8")
    write_book(folder / "responses" / "acme.xlsx", {"Form": THEIRS})
    submission = read_submission(
        load_evaluation(folder),
        vendor_files(load_evaluation(folder))[0],
        mapping=load_mapping(load_evaluation(folder), "house.yaml", folder=folder),
    )
    (issue,) = [issue for issue in submission.issues if issue.code == "no-counterpart"]
    assert issue.message == (
        "mapping house has no counterpart of 6 ids, counted as blank: "
        "3 on Category a and 3 on Category b; first A-2, A-3, A-4, B-1, B-2"
    )


def test_a_question_without_a_counterpart_is_blank_and_named(house):
    """A text alone costs no points and is not named."""
    text = MAPPING.replace("  NUM-1: D-5\n", "") + "  NUM-1: they ask for hours\n"
    (house / "house.yaml").write_text(text, encoding="utf-8")
    (issue,) = [issue for issue in read(house).issues if issue.code == "no-counterpart"]
    assert issue.message == "mapping house has no counterpart of 1 id, counted as blank: NUM-1"


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([[None, *row] for row in THEIRS], id="a column inserted"),
        pytest.param([[], [], *THEIRS], id="rows inserted"),
        pytest.param([list(reversed([*row, *[None] * (6 - len(row))])) for row in THEIRS], id="columns reversed"),
        pytest.param([THEIRS[1], *THEIRS[:1:-1]], id="rows reversed"),
        pytest.param(
            [*THEIRS[:4], ["Part two", "Requirement", "Response", "Proof", "Remarks"], *THEIRS[4:]],
            id="a header repeated with the title of a section over the ids",
        ),
        pytest.param(
            [
                *THEIRS[:4],
                ["Requirement", "Ref", "Remarks", "Response"],
                *([b, a, *[None], c] for a, b, c, *_ in THEIRS[4:9]),
            ],
            id="a second header with other columns",
        ),
    ],
)
def test_columns_and_header_rows_are_found_wherever_they_stand(house, rows):
    write_book(house / "responses" / "acme.xlsx", {"Form": rows})
    assert answers(read(house)) == READ


def test_ids_may_stand_in_a_column_without_a_name(house):
    rows = [["Doors", "", "Answers"], *(row[:3] for row in THEIRS[2:5]), ["Figures", "", "Answers"], THEIRS[6][:3]]
    write_book(house / "responses" / "acme.xlsx", {"Form": [[None, *row] for row in rows]})
    text = MAPPING.replace("id: Ref, question: Requirement, answer: Response", "question: C, answer: Answers")
    (house / "house.yaml").write_text(text.replace("evidence: Proof, comment: Remarks, template: Guidance", ""))
    submission = read(house)
    assert answers(submission)["NUM-1"] == ("answered", "15")
    assert said(submission, "question-not-found") == [("question-not-found", "")]
    assert submission.unclaimed == ()


def test_columns_may_be_given_by_letter_with_the_row_of_the_headers(house):
    text = MAPPING.replace("{id: Ref, question: Requirement, answer: Response, evidence: Proof", "{id: A, answer: C")
    (house / "house.yaml").write_text(f"sheets: [{{name: Form, header: 2}}]\n{text}", encoding="utf-8")
    submission = read(house)
    assert answers(submission) == READ
    beside = [issue.message for issue in submission.issues if "is not in the mapping" in issue.message]
    assert [message.partition(",")[0] for message in beside] == [
        "mapping house: column B 'Requirement' is not in the mapping",
        "mapping house: column D 'Proof' is not in the mapping",
    ]


def test_a_column_called_id_is_a_name_and_no_letter(house):
    rows = [["ID", *THEIRS[1][1:]], *THEIRS[2:5], ["Part two", "Requirement", "Response"], *THEIRS[5:9]]
    write_book(house / "responses" / "acme.xlsx", {"Form": rows})
    (house / "house.yaml").write_text(MAPPING.replace("id: Ref", "id: ID"), encoding="utf-8")
    assert answers(read(house)) == READ


def test_several_sheets_are_read_and_the_others_listed_as_a_whole(house):
    sheets = {"Notes": [["Hello"], [None, "we are Acme"]], "Doors": THEIRS[1:5], "Rest": [THEIRS[1], *THEIRS[5:9]]}
    write_book(house / "responses" / "acme.xlsx", sheets)
    submission = read(house)
    assert answers(submission) == READ
    assert Location("responses/acme.xlsx", "Notes", "A1:B2") in submission.unclaimed
    assert any("'Notes' (A1:B2, 2 filled)" in issue.message for issue in submission.issues)


def test_a_copy_of_the_sheet_is_left_and_named(house):
    write_book(house / "responses" / "acme.xlsx", {"Form": THEIRS, "Report": [THEIRS[1], ["D-1", "?", "No"]]})
    submission = read(house)
    assert answers(submission) == READ
    assert any("'Report'" in issue.message for issue in submission.issues)


def test_the_same_id_on_two_named_sheets_is_a_contradiction(house):
    write_book(house / "responses" / "acme.xlsx", {"Form": THEIRS, "More": [THEIRS[1], ["D-1", "?", "Not compliant"]]})
    (house / "house.yaml").write_text(f"sheets: [Form, More]\n{MAPPING}", encoding="utf-8")
    submission = read(house)
    assert answers(submission)["YES-1"] == ("invalid", None)
    assert said(submission, "contradiction") == [("contradiction", "C2")]


def test_ids_that_begin_anew_on_each_sheet_are_told_apart_by_the_sheet(house):
    head = THEIRS[1][:3]
    sheets = {"One": [head, ["1", "Doors?", "Compliant"]], "Two": [head, ["1", "Badges?", "N"], ["2", "Cameras?", "Y"]]}
    write_book(house / "responses" / "acme.xlsx", sheets)
    text = """
      sheets: [One, Two]
      columns: {id: Ref, question: Requirement, answer: Response}
      values: {Compliant: yes}
      answers:
        YES-1: {id: 1, sheet: One}
        ALL-1.a: {id: 1, sheet: Two}
        ALL-1.b: {id: 2, sheet: Two}
      no_counterpart: {ONE-1: none, NUM-1: none, TXT-1: none}
    """
    (house / "house.yaml").write_text(text, encoding="utf-8")
    submission = read(house)
    assert (answers(submission)["YES-1"], answers(submission)["ALL-1"]) == (
        ("answered", "Yes"),
        ("answered", "Cameras"),
    )
    assert submission.unclaimed == ()


def test_a_renamed_sheet_is_found_by_its_ids_and_named(house):
    (house / "house.yaml").write_text(f"sheets: [Old name]\n{MAPPING}", encoding="utf-8")
    submission = read(house)
    assert answers(submission) == READ
    (note,) = (issue.message for issue in submission.issues if issue.code == "renamed-sheet")
    assert note == "mapping house: sheet 'Old name' is not here; 'Form' holds its ids and was read"


def test_a_named_sheet_that_is_not_there_is_said(house):
    (house / "house.yaml").write_text(f"sheets: [Form, Annex]\n{MAPPING}", encoding="utf-8")
    submission = read(house)
    assert answers(submission) == READ
    assert [code for code, _ in said(submission, "sheet-not-found")] == ["sheet-not-found"]


def test_one_question_may_take_its_answer_from_a_column_of_its_own(house):
    rows = [[*THEIRS[1], "Days"], *THEIRS[2:6], ["D-5", "How long?", "see right", None, None, None, 15]]
    write_book(house / "responses" / "acme.xlsx", {"Form": rows})
    (house / "house.yaml").write_text(MAPPING.replace("NUM-1: D-5", "NUM-1: {id: D-5, column: Days}"), encoding="utf-8")
    submission = read(house)
    assert answers(submission)["NUM-1"] == ("answered", "15")
    assert submission.responses["NUM-1"].location.cell == "G6"
    assert Location("responses/acme.xlsx", "Form", "C6") in submission.unclaimed


def test_one_of_their_answers_may_answer_two_of_ours(house):
    (house / "house.yaml").write_text(MAPPING.replace("ALL-1.b: D-4", "ALL-1.b: D-3"), encoding="utf-8")
    submission = read(house)
    assert answers(submission)["ALL-1"] == ("answered", "Badges; Cameras")


def test_their_not_applicable_is_asked_back_and_credits_nothing(house):
    write_book(house / "responses" / "acme.xlsx", {"Form": [*THEIRS[:2], ["D-1", "Doors?", "NA"], *THEIRS[3:]]})
    submission = read(house)
    assert answers(submission)["YES-1"] == ("blank", None)
    assert said(submission, "not-applicable-answer") == [("not-applicable-answer", "C3")]


def test_a_yes_of_theirs_is_no_figure_of_ours(house):
    (house / "house.yaml").write_text(MAPPING.replace("NUM-1: D-5", "NUM-1: D-1"), encoding="utf-8")
    submission = read(house)
    assert answers(submission)["NUM-1"] == ("invalid", None)
    assert said(submission, "not-a-number") == [("not-a-number", "C3")]


def test_a_formula_is_read_by_its_saved_value(house):
    with Written(house / "responses" / "acme.xlsx") as book:
        sheet = book.add_worksheet("Form")
        for number, row in enumerate(THEIRS):
            sheet.write_row(number, 0, row)
        sheet.write_formula(6, 2, "=B99*2", None, 12)
        sheet.write_formula(2, 1, '="Are doors "&"locked?"', None, "Are doors locked?")
    submission = read(house)
    assert answers(submission)["NUM-1"] == ("answered", "12")
    assert said(submission, "formula") == [("formula", "C7")]


def test_hidden_answers_are_read_and_said(house):
    with Written(house / "responses" / "acme.xlsx") as book:
        sheet = book.add_worksheet("Form")
        for number, row in enumerate(THEIRS):
            sheet.write_row(number, 0, row)
        sheet.set_row(3, None, None, {"hidden": True})
    assert said(read(house), "hidden-content") == [("hidden-content", "C4")]


def test_what_lies_behind_merged_cells_is_listed(house):
    with Written(house / "responses" / "acme.xlsx") as book:
        sheet = book.add_worksheet("Form")
        for number, row in enumerate(THEIRS):
            sheet.write_row(number, 0, row)
        sheet.merge_range("C3:C4", "Compliant")
        sheet.write("C4", "monthly")
    submission = read(house)
    assert answers(submission)["ONE-1"] == ("blank", None)
    assert Location("responses/acme.xlsx", "Form", "C4") in submission.unclaimed


def test_a_column_that_no_header_names_is_said(house):
    (house / "house.yaml").write_text(MAPPING.replace("comment: Remarks", "comment: Remark"), encoding="utf-8")
    submission = read(house)
    assert [code for code, _ in said(submission, "column-not-found")] == ["column-not-found"]
    assert Location("responses/acme.xlsx", "Form", "E3") in submission.unclaimed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            ("answer: Response", "answer: Respnse"),
            "sheet 'Form': no row has 'Respnse' (did you mean 'Response'?)",
            id="no such column",
        ),
        pytest.param(
            ("mapping: house", "mapping: house\nsheets: {name: Form, header: 3}"),
            "sheet 'Form': row 3 lacks 'Ref' and 'Response', row 2 has it: correct 'header'",
            id="another row",
        ),
        pytest.param(("D-", "X-"), "no sheet has its columns and ids; sheets here: 'Form'", id="no such ids"),
    ],
)
def test_a_workbook_that_does_not_fit_its_mapping_cannot_be_read(house, change, reason):
    sheets = "sheets: [Form]\n" if change[0].startswith("answer") else ""
    (house / "house.yaml").write_text(sheets + MAPPING.replace(*change), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(house)
    assert f"does not fit mapping house: {reason}" in str(caught.value)
    assert "vendor-eval map FILE" in str(caught.value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(
            st.sampled_from(
                ["", "Ref", "Response", "Remarks", "Guidance", "D-1", "D-5", "D-9", "Yes", "12", " ", "Part"]
            ),
            max_size=6,
        ),
        max_size=12,
    )
)
def test_whatever_a_sheet_holds_each_cell_has_one_place(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("law")
    write_evaluation(folder, TREE, {})
    (folder / "house.yaml").write_text(MAPPING, encoding="utf-8")
    path = write_book(folder / "acme.xlsx", {"Form": [*rows, THEIRS[1], *THEIRS[2:4], *rows], "Other": rows})
    book = read_workbook(path)
    check_accounts(book, read_foreign(book, load_mapping(load_evaluation(folder), "house.yaml", folder=folder)))


# ---- the file


def test_every_fault_of_a_mapping_comes_with_its_place_in_one_run(house):
    files = {
        "house.yaml": """
mapping: house
columns: {id: Ref, answer: Response, «evidense: Proof}
answers:
  YES-1: D-1
"""
    }
    write(house, files)
    with pytest.raises(InputError) as caught:
        load_mapping(load_evaluation(house), "house.yaml", folder=house)
    assert [f"{one.location} {one.code}" for one in caught.value.issues] == expected(files, "unknown-key")


FAULTY = f"""
mapping: house
sheets: [Form, {MARK}form]
columns: {{id: Ref, answer: Response}}
values: {{{MARK}Yes: 100}}
{MARK}answers:
  {MARK}YSE-1: D-1
  {MARK}ALL-1: D-3
  ALL-1.a: D-3
  ONE-1: {{id: D-2, values: {{{MARK}monthly: weekly}}}}
  NUM-1: {{id: D-5, values: {{{MARK}Yes: 3}}}}
  TXT-1: {{id: D-6, {MARK}sheet: From}}
no_counterpart:
  {MARK}TXT-1: no reason needed
  {MARK}NUM-2: is no question
  {MARK}ALL-1.b: ""
"""


def test_a_mapping_is_checked_against_the_questions(house):
    files = {"house.yaml": FAULTY}
    write(house, files)
    with pytest.raises(InputError) as caught:
        load_mapping(load_evaluation(house), "house.yaml", folder=house)
    codes = [
        "repeated-id",
        "yes-no-as-figure",
        "not-accounted",
        "unknown-reference",
        "contradiction",
        "wrong-value",
        "yes-no-as-figure",
        "unknown-reference",
        "contradiction",
        "unknown-reference",
        "missing-key",
    ]
    assert [f"{one.location} {one.code}" for one in caught.value.issues] == expected(files, *codes)
    messages = {one.code: one.message for one in reversed(caught.value.issues)}
    assert messages["not-accounted"] == "1 question is neither in answers nor in no_counterpart: YES-1"
    assert "did you mean 'YES-1'?" in str(caught.value)
    assert "'weekly', which 'monthly' is to mean, is no answer to it" in messages["wrong-value"]


@pytest.mark.parametrize(
    ("answered", "without", "missing"),
    [
        pytest.param("{}", "{}", "YES-1, ONE-1, ALL-1, NUM-1, TXT-1", id="nothing said"),
        pytest.param("{ALL-1.a: D-3}", "{YES-1: n, ONE-1: n, NUM-1: n, TXT-1: n}", "ALL-1.b", id="one row of two"),
        pytest.param(
            "{ALL-1.a: D-3}", "{YES-1: n, ONE-1: n, NUM-1: n, ALL-1: n}", "TXT-1", id="a question stands for its rows"
        ),
    ],
)
def test_every_question_is_mapped_or_has_a_reason(house, answered, without, missing):
    text = f"columns: {{answer: Response}}\nanswers: {answered}\nno_counterpart: {without}\n"
    (house / "house.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=f"neither in answers nor in no_counterpart: {missing} "):
        load_mapping(load_evaluation(house), "house.yaml", folder=house)


def test_what_an_evaluation_does_not_ask_needs_no_reason(tmp_path):
    write_evaluation(tmp_path, TREE, {}, settings="overrides: {TXT-1: off, NUM-1: off}")
    text = MAPPING.replace("no_counterpart:\n  TXT-1: nothing is asked about it\n", "")
    (tmp_path / "house.yaml").write_text(text, encoding="utf-8")
    layout = load_mapping(load_evaluation(tmp_path), "house.yaml", folder=tmp_path)
    assert [target.key for target in layout.targets] == ["YES-1", "ONE-1", "ALL-1.a", "ALL-1.b"]


# ---- shipped


OLD_FORMS = ("caiq-4.0.3", "hecvat-full-3.04", "hecvat-lite-3.01")
SHIPPED_MAPPINGS = [
    *(pytest.param("1.0.0", name, 168, id=f"{name} for bank 1") for name in OLD_FORMS),
    *(pytest.param("2.0.0", name, 161, id=f"{name} for bank 2") for name in (*OLD_FORMS, "hecvat-4.1.5")),
]


def tender(folder, criteria="annotation-partner"):
    """Write an evaluation of shipped criteria without responses."""
    (folder / "responses").mkdir(parents=True)
    text = f"title: T\nas_of: 2026-11-24\ncriteria: {criteria}\n"
    (folder / "evaluation.yaml").write_text(text, encoding="utf-8")
    return folder


def test_each_bank_has_its_own_mappings():
    assert tuple(shipped_mappings("1.0.0")) == OLD_FORMS
    assert sorted(shipped_mappings("2.0.0")) == sorted((*OLD_FORMS, "hecvat-4.1.5"))
    for version in ("1.0.0", "2.0.0"):
        files = [load_document(path, MappingFile).value for path in shipped_mappings(version).values()]
        assert {json.dumps(file.serves) for file in files} == {json.dumps({"annotation-partner": [version]})}


@pytest.mark.parametrize(("version", "name", "count"), SHIPPED_MAPPINGS)
def test_a_shipped_mapping_accounts_for_every_question(version, name, count, tmp_path):
    evaluation = load_evaluation(tender(tmp_path / "tender", f"annotation-partner@{version[0]}"))
    file = load_document(shipped_mappings(version)[name], MappingFile).value
    questions = evaluation.criteria.questions
    assert len(questions) == count
    rows = {key: cell for one in questions.values() for cell in one.cells() for key in [f"{one.id}.{cell.part}"]}
    for question in questions.values():
        keys = [f"{question.id}.{cell.part}" if cell.part else question.id for cell in question.cells()]
        assert question.id in file.no_counterpart or all(
            key in file.answers or key in file.no_counterpart for key in keys
        ), question.id
    assert all(reason.strip() for reason in file.no_counterpart.values())
    assert {key for key in file.no_counterpart if key not in questions and key not in rows} == set()
    for key in file.answers:
        owner = questions.get(key) or questions[key.rpartition(".")[0]]
        assert owner.type in {"yes_no_partial", "multi_choice"}, f"a yes or no of theirs cannot answer {key}"
        assert key in questions or key in rows
    assert load_mapping(evaluation, name).name == name


def test_a_mapping_for_other_criteria_is_refused_at_the_line_that_says_so(house):
    (house / "house.yaml").write_text(f"serves: {{annotation-partner: [1.0.0, 2.0.0]}}\n{MAPPING}", encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_mapping(load_evaluation(house), "house.yaml", folder=house)
    (issue,) = error.value.issues
    assert (issue.code, issue.location.line) == ("mapping-version", 1)
    scorecard = load_evaluation(house).criteria.file
    own = f"serves: {{{scorecard.scorecard}: '{scorecard.version}'}}\n{MAPPING}"
    (house / "house.yaml").write_text(own, encoding="utf-8")
    assert answers(read(house)) == READ


def test_a_mapping_that_a_bank_does_not_have_is_a_fault(tmp_path):
    evaluation = load_evaluation(tender(tmp_path / "tender", "annotation-partner@1"))
    with pytest.raises(VendorEvalError, match=r"hecvat-4\.1\.5: is no file and no shipped mapping"):
        load_mapping(evaluation, "hecvat-4.1.5")


def hecvat_4(version="Version 4.1.5", **changed):
    """Sheets in the shape of HECVAT 4: the ids are theirs, every text is made up."""
    start = [
        ["Their form", None, None, version],
        ["GNRL-01", "Who?", "Acme"],
        ["GNRL-02", "What?", "Labels, version 7.1"],
    ]
    organization = [
        ["Documents", None, "Reply", "More", "Help", "For the buyer"],
        ["DOCU-03", "Audited?", "Yes", "Last spring", "Say when"],
        ["People"],
        ["PPPR-06", "Screened?", "Yes", "By a bureau", "Say how"],
        ["PPPR-12", "Trained?", "No"],
    ]
    privacy = [["Privacy"], ["PPPR-06", "Screened?", "No"], ["INTL-02", "An officer?", "Yes"]]
    empty = {name: [[name], ["AAAI-01", "?", "N/A"]] for name in ("Product", "Infrastructure", "IT Accessibility")}
    rest = {"Case-Specific": [["HIPA-28", "Sign?", "Yes"]], "AI": [["AIQU-01", "?", "No"]], "Privacy": privacy}
    report = {"Institution Evaluation": [["PPPR-06", "Screened?", "Yes", "By a bureau"]]}
    return {"START HERE": start, "Organization": organization, **empty, **rest, **report} | changed


def test_hecvat_4_is_read_on_the_sheet_of_each_section(tmp_path):
    folder = tender(tmp_path / "tender")
    write_book(folder / "responses" / "acme.xlsx", hecvat_4())
    submission = read(folder, mapping="hecvat-4.1.5")
    given = {key: value for key, value in answers(submission).items() if value[0] == "answered"}
    assert given == {"SEC-28": ("answered", "Background check as local law allows")}
    response = submission.responses["SEC-28"]
    assert response.comment == "By a bureau"
    places = {(place.sheet, place.cell) for place in submission.unclaimed}
    assert {("Organization", "C2"), ("Organization", "D2"), ("Privacy", "C2"), ("Privacy", "C3")} <= places
    assert not any(cell.startswith(("E", "F")) for sheet, cell in places if sheet == "Organization" and cell != "E1")


@pytest.mark.parametrize("version", ["Version 4.1.4", "Version 4.1.6", "v4.15", "HECVAT 4.16", "HECVAT 4.1.5 for 2026"])
def test_the_editions_of_a_mapping_are_read_however_their_dots_are_set(tmp_path, version):
    folder = tender(tmp_path / "tender")
    write_book(folder / "responses" / "acme.xlsx", hecvat_4(version))
    submission = read(folder, mapping="hecvat-4.1.5")
    assert submission.responses["SEC-28"].state == "answered"
    assert "edition-not-found" not in [issue.code for issue in submission.issues]


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        pytest.param(["HECVAT 4.1.6"], [], id="a title"),
        pytest.param(["v4.1.3", "v4.1.4", "v4.1.5", "v4.1.4"], [], id="a list of changes names the newest"),
        pytest.param(["Controls v6.1", "Version history"], ["edition-not-found"], id="the version of something else"),
        pytest.param(["Version 4.1.3"], ["unreadable-file"], id="another edition"),
        pytest.param(["v4.1.5", "v4.1.7"], ["unreadable-file"], id="a newer one than those that are read"),
    ],
)
def test_the_edition_is_looked_for_on_every_sheet(tmp_path, cells, codes):
    folder = tender(tmp_path / "tender")
    cover = {"Cover": [["Their form"]], "Changes": [[cell] for cell in cells]}
    write_book(folder / "responses" / "acme.xlsx", hecvat_4("no version", **cover))
    try:
        issues = read(folder, mapping="hecvat-4.1.5").issues
    except InputError as error:
        issues = error.issues
    assert [issue.code for issue in issues if issue.code in {"edition-not-found", "unreadable-file"}] == codes


def test_the_title_of_the_form_counts_before_what_other_sheets_say(tmp_path):
    folder = tender(tmp_path / "tender")
    write_book(folder / "responses" / "acme.xlsx", hecvat_4("Version 4.1.5", Notes=[["Version 2.0"]]))
    assert read(folder, mapping="hecvat-4.1.5").responses["SEC-28"].state == "answered"


@pytest.mark.parametrize("version", ["Version 4.1.3", "v4.13", "HECVAT 4.0.6", "HECVAT 5.0"])
def test_another_edition_is_refused_with_the_cell_that_names_it(tmp_path, version):
    folder = tender(tmp_path / "tender")
    write_book(folder / "responses" / "acme.xlsx", hecvat_4(version))
    with pytest.raises(InputError) as error:
        read(folder, mapping="hecvat-4.1.5")
    (issue,) = error.value.issues
    assert (issue.code, issue.location.sheet, issue.location.cell) == ("unreadable-file", "START HERE", "D1")


def test_map_names_the_mapping_of_the_bank_and_of_the_edition(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_book(tmp_path / "new.xlsx", hecvat_4())
    write_book(tmp_path / "old.xlsx", hecvat_4("Version 4.1.3"))
    one, two = tender(tmp_path / "one", "annotation-partner@1"), tender(tmp_path / "two", "annotation-partner@2")
    said_of = {
        (file, folder.name): cli("map", file, folder, "-o", f"{folder.name}-{file}.yaml").stdout
        for file in ("new.xlsx", "old.xlsx")
        for folder in (one, two)
    }
    assert {key for key, text in said_of.items() if "mapping hecvat-4.1.5 fits" in text} == {("new.xlsx", "two")}


def test_a_shipped_mapping_serves_criteria_with_fewer_questions(tmp_path):
    overrides = "overrides: {platform_maturity: off, VEN-01: off}"
    (tmp_path / "evaluation.yaml").write_text(f"title: T\nas_of: 2026-11-24\n{overrides}\n", encoding="utf-8")
    layout = load_mapping(load_evaluation(tmp_path), "caiq-4.0.3")
    assert [target.key for target in layout.targets] == ["SEC-28.b"]


# ---- evaluations


def test_a_vendor_names_its_mapping_and_its_own_answers_stand_beside_it(house):
    write_response(house / "responses" / "own.xlsx", [("TXT-1", "We transcribe."), ("YES-1", "Yes")])
    vendors = "vendors: [{id: acme, file: [responses/acme.xlsx, responses/own.xlsx], map: house.yaml}]\n"
    path = house / "evaluation.yaml"
    path.write_text(json.dumps({**json.loads(path.read_text()), **load(vendors)}), encoding="utf-8")
    (vendor,) = run(house).vendors
    assert answer(vendor, "TXT-1").raw == "We transcribe."
    assert answer(vendor, "NUM-1").value == 50
    assert [one.code for one in vendor.issues if one.code in {"duplicate-answer", "contradiction"}] == [
        "duplicate-answer"
    ]


def test_the_mapping_of_the_command_is_for_vendors_without_one(house, tmp_path):
    write_response(house / "responses" / "bolt.xlsx", [("YES-1", "No"), ("NUM-1", 30)])
    (tmp_path / "other.yaml").write_text(MAPPING, encoding="utf-8")
    done = cli("rank", house, "--map", tmp_path / "other.yaml", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["ranking"] == ["acme", "bolt"]
    for command in ("check", "evaluate"):
        assert cli(command, house, "--map", tmp_path / "other.yaml").exit_code == 0
    inputs = json.loads((house / "out" / "results.json").read_text("utf-8"))["evaluation"]["inputs"]
    assert [one["file"] for one in inputs] == ["evaluation.yaml", "other.yaml", *RESPONSES]
    shown = cli("explain", house, "acme", "ONE-1", "--map", tmp_path / "other.yaml")
    assert "monthly" in shown.stdout
    assert "Form!C4" in shown.stdout


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("maps/none.yaml", "map: maps/none.yaml is no file and no shipped mapping", id="no such file"),
        pytest.param("caiq-4.0.2", "(did you mean 'caiq-4.0.3'?)", id="no such name"),
        pytest.param("/x.yaml", "is an absolute path", id="an absolute path"),
    ],
)
def test_a_mapping_that_is_not_there_is_a_fault_of_the_evaluation(house, name, message):
    path = house / "evaluation.yaml"
    settings = {**json.loads(path.read_text()), "vendors": [{"id": "acme", "map": name}]}
    path.write_text(json.dumps(settings), encoding="utf-8")
    done = cli("check", house)
    assert done.exit_code == 1
    assert message in done.stderr
    assert "evaluation.yaml:1:" in done.stderr


def test_a_faulty_mapping_stops_the_command_even_where_files_may_be_skipped(house):
    (house / "house.yaml").write_text("columns: {}\n", encoding="utf-8")
    done = cli("evaluate", house, "--map", house / "house.yaml", "--skip-unreadable")
    assert done.exit_code == 1
    assert "required key 'answer' is missing" in done.stderr


def test_without_a_mapping_the_message_names_the_command(house):
    done = cli("evaluate", house)
    assert done.exit_code == 1
    assert "begin a mapping with 'vendor-eval map FILE'" in done.stderr


# ---- map


def test_map_prints_what_it_recognised_and_writes_a_mapping_that_only_needs_its_answers(house, tmp_path):
    target = tmp_path / "new.yaml"
    done = cli("map", house / "responses" / "acme.xlsx", house, "-o", target)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "acme.xlsx",
        "  Form: 7 ids, D-1 to D-7; header in row 2",
        "    id       A   Ref",
        "    question B   Requirement",
        "    answer   C   Response",
        "    evidence D   Proof",
        "    comment  E   Remarks",
        "    answers  Compliant 1, monthly 1, Y 1, N 1, 15 1, We moved. 1, Of course 1",
    ]
    text = target.read_text(encoding="utf-8")
    file = MappingFile.model_validate(load(text))
    assert (file.answers, file.no_counterpart, file.values) == ({}, {}, {})
    assert file.sheets[0].columns.model_dump(exclude_defaults=True) == {
        "id": "Ref",
        "question": "Requirement",
        "answer": "Response",
        "evidence": "Proof",
        "comment": "Remarks",
    }
    assert "nearest D-1 (" in text
    completed = text.replace("answers:", MAPPING[MAPPING.index("answers:") : MAPPING.index("no_c")], 1)
    reasons = "no_counterpart:\n  TXT-1: nothing is asked about it"
    completed = completed.replace("no_counterpart:", reasons, 1).replace("values:", "values: {Compliant: yes}", 1)
    (house / "house.yaml").write_text(completed, encoding="utf-8")
    assert answers(read(house)) == READ


def test_the_three_nearest_of_theirs_are_suggested_and_stay_suggestions(house):
    evaluation = load_evaluation(house)
    theirs = [(row[0], row[1]) for row in THEIRS[2:9]]
    found = nearest(evaluation.asked_questions["YES-1"], theirs)
    assert [name for name, _, _ in found][:1] == ["D-1"]
    assert len(found) == 3
    text = draft(recognise(read_workbook(house / "responses" / "acme.xlsx")), (), file="acme.xlsx")
    assert load(text)["answers"] is None


def test_map_never_writes_over_a_file(house, tmp_path):
    (tmp_path / "mine.yaml").write_text("my work", encoding="utf-8")
    done = cli("map", house / "responses" / "acme.xlsx", house, "-o", tmp_path / "mine.yaml")
    assert done.exit_code == 1
    assert "exists already" in done.stderr
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "my work"


def test_without_an_evaluation_the_shipped_questions_are_mapped(house, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = cli("map", house / "responses" / "acme.xlsx")
    assert done.exit_code == 0, done.output
    assert "for 161 questions" in done.stderr
    text = Path("mapping.yaml").read_text(encoding="utf-8")
    assert "# SEC-28.b:" in text


def test_text_of_a_workbook_cannot_leave_its_comment(house, tmp_path):
    nasty = "D-1\u2028answers: {YES-1: D-1}\x85x\u0007"
    rows = [THEIRS[1], ["D-1", f"Why? {nasty}", 'Y"es: \u2029'], ["D-2", "And: # this?\nanswers: {}", "No"]]
    path = write_book(
        tmp_path / "nasty.xlsx", {"It's (1) # \u00e9": [[str(c).replace("\x07", "") for c in r] for r in rows]}
    )
    assert cli("map", path, house, "-o", tmp_path / "new.yaml").exit_code == 0
    file = MappingFile.model_validate(load((tmp_path / "new.yaml").read_text(encoding="utf-8")))
    assert file.answers == {}
    assert [entry.name for entry in file.sheets] == ["It's (1) # \u00e9"]


def test_a_workbook_without_ids_gives_a_mapping_to_fill_in_by_hand(house, tmp_path):
    path = write_book(tmp_path / "letter.xlsx", {"Letter": [["Dear buyer,"], ["we do all of it."]]})
    done = cli("map", path, house, "-o", tmp_path / "new.yaml")
    assert done.exit_code == 0
    assert "no column of ids was recognized in Letter (A1:A2)" in done.stdout
    assert "name the columns in the mapping by letter" in done.stdout
    assert load((tmp_path / "new.yaml").read_text(encoding="utf-8"))["columns"]["answer"] == "C"


def test_an_empty_workbook_is_refused_with_the_cure(house, tmp_path):
    path = write_book(tmp_path / "empty.xlsx", {"Form": []})
    done = cli("map", path, house, "-o", tmp_path / "new.yaml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no cell is filled, so there is nothing to map: ask for the right file" in done.stderr
    assert not (tmp_path / "new.yaml").exists()


def test_a_column_of_answers_that_is_not_recognised_is_to_be_named(house, tmp_path):
    path = write_book(tmp_path / "odd.xlsx", {"Form": [["D-1", "Doors?", "x"], ["D-2", "Badges?", "y"]]})
    done = cli("map", path, house, "-o", tmp_path / "new.yaml")
    assert "No column of answers was recognized: name it in the mapping" in done.stdout


# ---- their ids are ours


def same(house, mapping):
    rows = [["YES-1", "yes"], ["ONE-1", "Never"], ["ALL-1", "Badges"], ["NUM-1", 3], ["TXT-1", "Words"]]
    write_book(house / "responses" / "acme.xlsx", {"Form": rows})
    (house / "house.yaml").write_text(f"columns: {{id: A, answer: B}}\n{mapping}", encoding="utf-8")
    return read(house)


def test_same_ids_answer_every_question_that_is_not_named(house):
    found = answers(same(house, "same_ids: true"))
    assert found == {
        "YES-1": ("answered", "Yes"),
        "ONE-1": ("answered", "Never"),
        "ALL-1": ("answered", "Badges"),
        "NUM-1": ("answered", "3"),
        "TXT-1": ("answered", "Words"),
    }


def test_map_offers_the_same_ids_and_leaves_them_to_a_person(house, tmp_path):
    same(house, "same_ids: true")
    assert cli("map", house / "responses" / "acme.xlsx", house, "-o", tmp_path / "new.yaml").exit_code == 0
    text = (tmp_path / "new.yaml").read_text(encoding="utf-8").replace("# answer: A", "answer: B")
    assert "# 5 ids of 5 are ours and theirs alike." in text
    assert not MappingFile.model_validate(load(text)).same_ids
    assert MappingFile.model_validate(load(text.replace("# same_ids", "same_ids"))).same_ids


def test_what_is_named_comes_before_the_same_id(house):
    named = "same_ids: true\nanswers: {YES-1: ONE-1}\nno_counterpart: {TXT-1: not ours}"
    submission = same(house, named)
    found = answers(submission)
    assert (found["YES-1"][0], found["NUM-1"], found["TXT-1"]) == ("invalid", ("answered", "3"), ("blank", None))
    assert submission.responses["YES-1"].raw == "Never"


# ---- small things


@pytest.mark.parametrize(
    "text", ["A&A-01.1", "GNRL-07", "Q12", "4.2.1", "SIG A.1.1", "S1_04", "A.8.10", "q-3a", "HLAP-01."]
)
def test_what_looks_like_an_id(text):
    assert looks_like_id(text)


@pytest.mark.parametrize(
    "text", ["7", "2026-11-24", "ISO 27001", "Yes", "", "v4.0.3", "Version 3.01", "12 days", "3,5", "Domain 2"]
)
def test_what_does_not_look_like_an_id(text):
    assert not looks_like_id(text)


def test_addresses_that_follow_each_other_are_one_range():
    cells = [Cell(row, column, "", "x") for row, column in [(3, 1), (4, 1), (6, 1), (3, 28)]]
    assert span(cells) == "A3:A4, A6, AB3"


# ---- columns that are ticked, templates that are none, forms of other editions

TICKS = [
    ["Ref", "Requirement", "Yes", "No", "N/A", "Remarks"],
    ["D-1", "Are doors locked?", "x"],
    ["D-3", "Are there badges?", None, "X", None, "soon"],
    ["D-4", "Are there cameras?", "Yes"],
]
TICKED = """
mapping: house
sheets: [{name: Form, header: 1}]
columns: {id: Ref, question: Requirement, answer: {yes: C, no: D, na: E}, comment: Remarks}
answers: {YES-1: D-1, ALL-1.a: D-3, ALL-1.b: D-4}
no_counterpart: {ONE-1: none, NUM-1: none, TXT-1: none}
"""


def ticked(house, *first, mapping=TICKED):
    write_book(house / "responses" / "acme.xlsx", {"Form": [TICKS[0], ["D-1", "Doors?", *first], *TICKS[2:]]})
    (house / "house.yaml").write_text(mapping, encoding="utf-8")
    return read(house)


@pytest.mark.parametrize("names", ["{yes: C, no: D, na: E}", "{yes: 'Yes', no: 'No', na: N/A}"])
def test_answers_may_be_ticks_in_columns_of_their_own(house, names):
    submission = ticked(house, "x", mapping=TICKED.replace("{yes: C, no: D, na: E}", names))
    found = answers(submission)
    assert (found["YES-1"], found["ALL-1"]) == (("answered", "Yes"), ("answered", "Cameras"))
    assert submission.responses["YES-1"].location.cell == "C2"
    assert submission.responses["YES-1"].raw == "x"
    assert submission.unclaimed == ()


@pytest.mark.parametrize(
    ("cells", "state", "issues"),
    [
        pytest.param(("☐", "☒"), ("answered", "No"), [], id="an open box is no tick"),
        pytest.param((False, True), ("answered", "No"), [], id="check boxes"),
        pytest.param((None, None, "✓"), ("blank", None), [("not-applicable-answer", "E2")], id="not applicable"),
        pytest.param(("✗",), ("invalid", None), [("unknown-option", "C2")], id="a cross may tick or cross out"),
        pytest.param((None, "✘"), ("invalid", None), [("unknown-option", "D2")], id="a cross under No"),
        pytest.param(("x", "x"), ("invalid", None), [("unknown-option", "C2")], id="two are ticked"),
        pytest.param(("x", None, "x"), ("invalid", None), [("unknown-option", "C2")], id="yes and not applicable"),
        pytest.param(("Yes", "No", "N/A"), ("invalid", None), [("unknown-option", "C2")], id="words in all of them"),
        pytest.param(("no",), ("invalid", None), [("unknown-option", "C2")], id="a no under yes"),
        pytest.param(("partly",), ("invalid", None), [("unknown-option", "C2")], id="a word under yes"),
        pytest.param((), ("blank", None), [], id="nothing"),
    ],
)
def test_a_row_of_ticks_has_one_reading_or_is_asked_back(house, cells, state, issues):
    submission = ticked(house, *cells)
    assert answers(submission)["YES-1"] == state
    ignored = {"read-by-mapping", "unclaimed-content", "no-counterpart"}
    assert [place for place in said(submission) if place[0] not in ignored] == issues


def drafted(tmp_path, rows, *others, sheets=None):
    """What `map` says of a workbook, and what it writes."""
    path = write_book(tmp_path / "form.xlsx", sheets or {"Form": rows})
    compare = [write_book(tmp_path / f"other{n}.xlsx", {"Form": other}) for n, other in enumerate(others)]
    target = tmp_path / f"{len(list(tmp_path.glob('*.yaml')))}.yaml"
    done = cli("map", path, "-o", target, *(word for other in compare for word in ("--compare", other)))
    assert done.exit_code == 0, done.output
    return done.stdout, target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(TICKS, id="one header"),
        pytest.param(
            [["Ref", "Requirement", "Answers", None, None, "Remarks"], [None, None, *TICKS[0][2:5]], *TICKS[1:]]
        ),
    ],
)
def test_map_recognises_columns_that_are_ticked(house, tmp_path, monkeypatch, rows):
    monkeypatch.chdir(tmp_path)
    shown, text = drafted(tmp_path, rows)
    assert "    answer   yes C, no D, na E" in shown.splitlines()
    entry = MappingFile.model_validate(load(text)).sheets[0]
    assert entry.header == 1
    assert entry.columns.answer.model_dump(exclude_defaults=True) == {"yes": "C", "no": "D", "na": "E"}
    assert (entry.columns.question, entry.columns.comment) == ("Requirement", "Remarks")
    write_book(house / "responses" / "acme.xlsx", {"Form": rows})
    own = TICKED[TICKED.index("answers:") :].partition("no_c")
    text = text.replace("answers:", own[0], 1).replace("no_counterpart:", f"no_c{own[2]}", 1)
    (house / "house.yaml").write_text(text, encoding="utf-8")
    assert answers(read(house))["YES-1"] == ("answered", "Yes")


@pytest.mark.parametrize(
    ("headers", "question"),
    [
        (["ID", "Control", "Security question", "Answer"], "C"),
        (["ID", "Description", "Questions", "Answer"], "C"),
        (["ID", "Domain", "Guidance on the question", "Question", "Answer"], "D"),
        (["ID", "Question domain", "Description", "Texto de la pregunta", "Answer"], "D"),
        (["Nr.", "Control", "Frage an den Anbieter", "Antwort"], "C"),
        (["Réf.", "Description", "Demande", "Réponse"], "C"),
        (["ID", "Control", "Answer"], "B"),
    ],
)
def test_map_takes_the_header_that_asks_before_those_that_describe(tmp_path, headers, question):
    texts = ["A long text about locked doors and who keeps the keys"] * (len(headers) - 2)
    path = write_book(tmp_path / "form.xlsx", {"Form": [headers, *([f"D-{n}", *texts, "Yes"] for n in range(1, 6))]})
    (sheet,) = recognise(read_workbook(path))
    assert sheet.columns["question"].letter == question
    assert sheet.columns["answer"].letter == "ABCDE"[len(headers) - 1]
    assert "comment" not in sheet.columns


def test_of_two_groups_of_columns_to_tick_map_takes_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [["Ref", "Requirement", "Yes", "No", "Yes", "No"]]
    rows += [[f"D-{n}", "Why is that?", "x", None, None, "x"] for n in range(9)]
    shown, text = drafted(tmp_path, rows)
    assert "yes C" not in shown
    assert template_of(text) == ""


def test_a_legend_with_yes_and_no_is_no_header(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    legend = [["Choose one of", None, None, None, None, "Yes", "No"], []]
    assert "    answer   C   Response" in drafted(tmp_path, [*legend, *THEIRS])[0].splitlines()
    below = [*THEIRS[:2], legend[0], *THEIRS[2:]]
    assert "    answer   C   Response" in drafted(tmp_path, below)[0].splitlines()


def wide(*columns, count=12):
    """A form with these further columns: a header, and the text of a row by its number."""
    head = ["Ref", "Requirement", "Response", *(title for title, _ in columns)]
    rows = [[f"D-{n}", f"Question {n} of the form?", "Yes", *(text(n) for _, text in columns)] for n in range(count)]
    return [head, *rows]


def template_of(text):
    return next(
        (line.partition("#")[2].partition("#")[0].strip() for line in text.splitlines() if "# template:" in line), ""
    )


def test_map_never_proposes_as_template_what_vendors_write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    columns = [
        ("Guidance", lambda n: f"Name the document {n}"),
        ("Ownership", lambda n: ["ours", "theirs", "shared"][n % 3]),
        ("Remarks by you", lambda n: f"We do {n}"),
        ("In place", lambda n: "Y" if n % 2 else "N"),
        ("Particulars", lambda n: f"Some words {n}"),
    ]
    form = wide(*columns)
    assert template_of(drafted(tmp_path, form)[1]) == 'template: ["Guidance"]'
    changed = wide(*columns[:4], ("Particulars", lambda n: f"Other words {n}"))
    assert template_of(drafted(tmp_path, form, changed)[1]) == 'template: ["Guidance"]'
    assert template_of(drafted(tmp_path, form, form)[1]) == 'template: ["Guidance", "Particulars"]'
    other = wide(("Guidance", lambda n: f"My words {n}"), *columns[1:])
    assert template_of(drafted(tmp_path, form, other)[1]) == 'template: ["Particulars"]'


def test_a_later_header_row_can_name_a_column_of_comments(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    form = wide(("Guidance", lambda n: f"Name {n}"))
    form.insert(6, ["Part two", "Requirement", "Response", "Comments"])
    assert template_of(drafted(tmp_path, form)[1]) == ""


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param("Vendor notes", lambda n: f"We do {n}", id="headed like comments"),
        pytest.param("Status", lambda n: "Yes" if n % 3 else "N/A", id="words of answers"),
        pytest.param("Owner", lambda n: ["ours", "theirs", "shared"][n % 3], id="a few words"),
    ],
)
def test_a_template_column_with_answers_blocks(house, title, text):
    write_book(house / "responses" / "acme.xlsx", {"Form": wide((title, text))})
    (house / "house.yaml").write_text(MAPPING.replace("Guidance", f'"{title}"'), encoding="utf-8")
    submission = read(house)
    assert said(submission, "template-differs") == [("template-differs", "D2")]


def differing(house):
    """Where template columns differ between the vendors of the house mapping."""
    result = evaluate(load_evaluation(house), mapping=str(house / "house.yaml"))
    issues = [issue for vendor in result.vendors for issue in vendor.issues if issue.code == "template-differs"]
    return [(issue.source.file, issue.source.cell) for issue in issues]


def test_a_template_column_that_differs_between_vendors_blocks_for_those_who_changed_it(house):
    def form(word):
        return wide(("Guidance", lambda n: word if n == 4 else None if n == 5 else f"Say how {n}"))

    (house / "house.yaml").write_text(MAPPING, encoding="utf-8")
    for name, word in (("acme", "Say"), ("bolt", "say"), ("core", "We do not.")):
        write_book(house / "responses" / f"{name}.xlsx", {"Form": form(word)})
    assert differing(house) == [("responses/core.xlsx", "D6")]
    assert cli("check", house, "--map", house / "house.yaml").exit_code == 1
    (house / "responses" / "core.xlsx").unlink()
    assert differing(house) == []


def test_a_comment_where_the_other_file_is_blank_blocks(house):
    (house / "house.yaml").write_text(MAPPING, encoding="utf-8")
    for name, text in (("acme", None), ("bolt", "We do not.")):
        write_book(house / "responses" / f"{name}.xlsx", {"Form": wide(("Guidance", {4: text}.get))})
    assert differing(house) == [("responses/bolt.xlsx", "D6")]


def test_a_template_column_that_differs_from_the_original_blocks(house):
    guidance = "Guidance", lambda n: f"Say how {n}" if n != 5 else None
    write_book(house / "blank.xlsx", {"Form": wide(guidance)})
    (house / "house.yaml").write_text(f"original: blank.xlsx\n{MAPPING}", encoding="utf-8")
    written = {4: "We do not.", 5: "Nor here."}
    write_book(
        house / "responses" / "acme.xlsx", {"Form": wide(("Guidance", lambda n: written.get(n, f"say  how {n}")))}
    )
    assert said(read(house), "template-differs") == [("template-differs", "D6")]
    write_book(house / "responses" / "acme.xlsx", {"Form": wide(guidance)})
    assert said(read(house), "template-differs") == []
    (house / "blank.xlsx").unlink()
    with pytest.raises(InputError) as caught:
        read(house)
    assert [(issue.code, issue.location.line) for issue in caught.value.issues] == [("missing-file", 1)]


def test_of_two_columns_of_answers_map_takes_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        ["Ref", "Requirement", "Answer 2025", "Answer 2026"],
        *([f"D-{n}", "Why is that?", "Yes", "No"] for n in range(5)),
    ]
    shown, text = drafted(tmp_path, rows)
    assert "    answer   several may be it, name one: C, D" in shown.splitlines()
    assert '# answer: "Answer 2025" or "Answer 2026"    # several may be it: name one' in text
    assert template_of(text) == ""


def test_titles_are_no_ids(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [["Nr", "Question", "Answer"]]
    for n in range(1, 5):
        rows += [[f"Section {n}", "About it"], [str(n), "Why is that?", "Yes"], [str(n + 10), "And that?", "No"]]
    assert "Form: 8 ids, 1 to 14" in drafted(tmp_path, rows)[0]


def test_the_best_header_row_decides_and_sheets_for_the_buyer_are_left_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    form = [
        ["General", None, "Answer"],
        ["G-1", "Who are you?", "Acme"],
        ["Company", "Question", "Vendor Answer", "Additional Information", "Guidance"],
        *([f"G-{n}", "Do you, and why?", "Yes", "since May", "Say why"] for n in range(2, 6)),
        ["Data", "Question", "Answers", "Details", "Guidance"],
        ["H-1", "Where?", "No", "here"],
    ]
    buyers = [["Ref", "Question", "Answer"], *([f"Z-{n}", "Is it so?", "Yes"] for n in range(9))]
    sheets = {"Institution Evaluation": buyers, "Form": form}
    shown, text = drafted(tmp_path, None, sheets=sheets)
    assert "  Institution Evaluation: 9 ids, Z-0 to Z-8; for the buyer, left out" in shown.splitlines()
    (entry,) = MappingFile.model_validate(load(text)).sheets
    assert (entry.name, entry.header) == ("Form", 3)
    columns = entry.columns.model_dump(exclude_defaults=True)
    assert columns == {"id": "A", "question": "Question", "answer": "C", "comment": "D"}


def test_without_an_answer_column_the_sheet_with_the_most_ids_is_offered(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    few, many = ([[f"{name}-{n}", "Why?"] for n in range(count)] for name, count in (("A", 3), ("B", 9)))
    text = drafted(tmp_path, None, sheets={"One": few, "Two": many, "Analyst Report": [*many, ["B-10", "x"]]})[1]
    assert [entry["name"] for entry in load(text)["sheets"]] == ["Two"]


@pytest.mark.parametrize("name", ["HECVAT - Lite", "HECVAT - Lite | Vendor Response", "Lite Response"])
def test_the_shipped_lite_mapping_reads_renamed_sheets(tmp_path, name):
    folder = tmp_path / "tender"
    (folder / "responses").mkdir(parents=True)
    (folder / "evaluation.yaml").write_text("title: Lite\nas_of: 2026-11-24\n", encoding="utf-8")
    head = ["Vendor Answers", "Additional Information", "Guidance", "Analyst Notes"]
    form = [["Company", None, *head], *([f"COMP-0{n}", "Who?", "Yes", "so"] for n in range(1, 6))]
    write_book(folder / "responses" / "acme.xlsx", {"Analyst Report": [form[0], *form[2:4]], name: form})
    submission = read(folder, mapping="hecvat-lite-3.01")
    renamed = [] if name.startswith("HECVAT") else [("renamed-sheet", "")]
    assert said(submission, "renamed-sheet", "sheet-not-found") == renamed
    assert Location("responses/acme.xlsx", name, "C2") in submission.unclaimed
