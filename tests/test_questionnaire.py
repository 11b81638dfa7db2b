"""The workbook that goes to vendors: what stands in it, what never does, and how it behaves in a spreadsheet."""

import html
import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
from books import all_form_rows, asked, fill, form_rows, opened
from builders import write_evaluation
from click.testing import CliRunner
from openpyxl.utils import range_boundaries
from places import old_samples

from vendor_eval.cli import main
from vendor_eval.criteria import bind
from vendor_eval.forms.layout import SIGNATURE, TICKS, form_questions, identity, rows, sheets
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.intake.submission import read_submission
from vendor_eval.issues import VendorEvalError
from vendor_eval.run.evaluate import load_evaluation

HEADERS = ["Key", "ID", "Question", "Answer", "Unit", "Evidence", "Comment"]
FORMS = {
    "full sample": lambda _folder: load_evaluation(old_samples() / "full"),
    "small sample": lambda _folder: load_evaluation(old_samples() / "small"),
    "full scorecard": asked,
    "core": lambda folder: asked(folder, questions="core"),
    "told": lambda folder: asked(folder, brief={"task": "Draw"}, context={"sensitivity": "public", "regimes": []}),
}


@pytest.fixture(scope="module", params=FORMS)
def form(request, tmp_path_factory):
    """An evaluation, its questionnaire as bytes, and that opened."""
    evaluation = FORMS[request.param](tmp_path_factory.mktemp("form"))
    content = questionnaire(evaluation)
    return evaluation, content, opened(content)


def category_sheets(book):
    return [sheet for sheet in book if form_rows(sheet)]


def own(tmp_path, tree, settings=""):
    """Load an evaluation with criteria of its own."""
    return load_evaluation(write_evaluation(tmp_path, tree, {}, settings=settings))


def test_listed_responses_that_are_not_there_yet_keep_no_questionnaire_back(tmp_path):
    waiting = "{vendors: [{id: acme, file: responses/acme.xlsx}, {id: bolt, file: [responses/bolt.xlsx]}]}"
    folder = write_evaluation(tmp_path, {"a": {"A1": {"Q1": {}}}}, {}, settings=waiting)
    result = CliRunner().invoke(main, ["questionnaire", str(folder), "-o", str(tmp_path / "form.xlsx")])
    assert (result.exit_code, (tmp_path / "form.xlsx").is_file()) == (0, True), result.output


# ---- what stands in it


@pytest.mark.parametrize(("tier", "count"), [pytest.param("full", 280, id="full"), pytest.param("core", 95, id="core")])
def test_without_a_context_there_are_as_many_rows_as_the_rules_say_and_the_vendor_profile(tmp_path, tier, count):
    book = opened(questionnaire(asked(tmp_path, questions=tier)))
    counts = {sheet.title: len(form_rows(sheet)) for sheet in category_sheets(book)}
    assert (counts.pop("Vendor profile"), sum(counts.values())) == (16, count)


def test_the_core_gets_the_rows_of_the_knock_outs_that_the_context_calls_for(tmp_path):
    context = {
        "data_may_leave": "our_environment_only",
        "human_written_text": True,
        "sensitivity": "regulated",
        "regimes": ["gdpr", "hipaa", "export_controlled"],
    }
    found = all_form_rows(opened(questionnaire(asked(tmp_path, questions="core", context=context))))
    assert {"ENG-03", "GEN-16.a", "SEC-02", "SEC-09", "SEC-21", "SEC-22", "SEC-30"} <= set(found)
    assert len(found) == 106 + 16


def test_every_question_that_is_asked_has_its_rows_in_order(form):
    evaluation, _, book = form
    expected = [
        row.key
        for category in evaluation.criteria.categories
        for criterion in category.criteria
        for row in rows(question for question in criterion.questions if evaluation.scope[question.id])
    ]
    expected += [row.key for row in rows(evaluation.offer_questions.values())]
    assert list(all_form_rows(book)) == expected


def test_a_category_without_a_question_that_is_asked_has_no_sheet():
    book = opened(questionnaire(load_evaluation(old_samples() / "small")))
    assert "Gen AI readiness" not in book.sheetnames
    assert book.sheetnames[:2] == ["Start here", "Vendor profile"]


def test_the_headers_are_these_and_the_key_in_front_is_hidden(form):
    _, _, book = form
    for sheet in category_sheets(book):
        assert [cell.value for cell in sheet[4]] == HEADERS
        assert sheet.column_dimensions["A"].hidden
        assert not any(sheet.column_dimensions[letter].hidden for letter in "BCDEFG")


def test_the_visible_id_agrees_with_the_key(form):
    _, _, book = form
    assert all(row["Key"].value == row["ID"].value == key for key, row in all_form_rows(book).items())


def test_a_row_asks_and_says_what_is_wanted(tmp_path):
    question = {"type": "multi_choice", "evidence": "Photos", "comment_required": "Every site"}
    question["options"] = [{"label": "Badges", "score": 50}, {"label": "Cameras", "score": 50}]
    found = all_form_rows(opened(questionnaire(own(tmp_path, {"a": {"A1": {"Q1": question}}}))))
    assert {key: row["Question"].value for key, row in found.items()} == {
        "Q1.a": "Text of Q1\nProof wanted: Photos\nIn Comment: Every site\n→ Badges",
        "Q1.b": "→ Cameras",
    }


def test_a_vendor_reads_the_bounds_of_a_figure_and_excel_warns_beyond_them(tmp_path):
    questions = {
        "Q1": {"type": "number", "unit": "h/day", "points": [[0, 0], [8, 100]], "max": 24, "evidence": "Shift plan"},
        "Q2": {"type": "number", "unit": "people", "points": [[0, 0], [8, 100]], "whole": True},
        "Q3": {"type": "percentage", "points": [[0, 0], [8, 100]], "max": 40},
    }
    evaluation = own(tmp_path, {"a": {"A1": questions}})
    book = opened(questionnaire(evaluation))
    found = {key: row["Question"].value for key, row in all_form_rows(book).items()}
    assert found["Q1"] == "Text of Q1\nProof wanted: Shift plan\nAt most 24."
    assert (found["Q2"], found["Q3"]) == ("Text of Q2", "Text of Q3\nAt most 40.")
    rules = {rule.promptTitle: rule for sheet in book for rule in sheet.data_validations.dataValidation}
    ends = {
        key: (rules[key].type, *map(float, filter(None, (rules[key].formula1, rules[key].formula2)))) for key in found
    }
    assert ends == {"Q1": ("decimal", 0, 24), "Q2": ("whole", 0), "Q3": ("decimal", 0, 40)}
    assert "At most 24." in rules["Q1"].prompt
    assert rules["Q2"].prompt.startswith("One whole figure in people")


def test_a_workbook_that_went_out_before_its_question_had_bounds_asks_the_same(tmp_path):
    figure = {"type": "number", "unit": "h/day", "points": [[0, 0], [8, 100]], "evidence": "Shift plan"}
    before = own(tmp_path / "before", {"a": {"A1": {"Q1": figure}}})
    path = fill(questionnaire(before), {"Q1": 25}, tmp_path / "acme.xlsx")
    submission = read_submission(own(tmp_path / "now", {"a": {"A1": {"Q1": figure | {"max": 24}}}}), path)
    assert [issue.code for issue in submission.issues] == ["implausible-value"]


def test_a_certificate_has_a_row_for_each_part_with_its_help(tmp_path):
    found = all_form_rows(opened(questionnaire(asked(tmp_path))))
    parts = {key.partition(".")[2]: row["Question"].value for key, row in found.items() if key.startswith("LAB-16.")}
    assert list(parts) == [
        "status",
        "edition",
        "accredited",
        "scope",
        "valid_until",
        "open_actions",
        "issuer",
        "number",
    ]
    assert parts["valid_until"] == "→ Valid until\nAudit report without an end date: its date plus 12 months"


def test_answer_evidence_and_comment_are_blank_and_the_unit_is_given(form):
    evaluation, _, book = form
    for key, row in all_form_rows(book).items():
        assert [row[name].value for name in ("Answer", "Evidence", "Comment")] == [None, None, None]
        unit = form_questions(evaluation)[key.partition(".")[0]].cells()[0].unit
        assert (row["Unit"].value or "") == ("" if "." in key else unit)


def test_texts_of_the_criteria_that_look_like_formulas_or_links_stay_texts(tmp_path):
    tree = {"a": {"title": "=1+1", "A1": {"Q1": {"text": "=HYPERLINK(1)"}, "Q2": {"text": "https://example.org"}}}}
    content = questionnaire(own(tmp_path, tree))
    found = all_form_rows(opened(content))
    assert [(row["Question"].value, row["Question"].data_type) for row in found.values()] == [
        ("=HYPERLINK(1)", "s"),
        ("https://example.org", "s"),
    ]
    assert not re.search(rb"<hyperlink[^>]*r:id", b"".join(parts(content).values()))


# ---- what never does


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def all_text(content):
    """Everything that stands in any part of the file, as a person could read it."""
    return "\n".join(html.unescape(part.decode("utf-8")) for part in parts(content).values())


def with_other_judgement(evaluation):
    """Keep the questions; change every score, weight, gate, cap and red flag."""

    def changed(question):
        # When a gate counts stays: the sheet The project says what of the context some question names.
        gates = tuple(gate.model_copy(update={"kind": "flag", "reason": "SECRET"}) for gate in question.gates)
        record = question.model_dump() | {"gates": [], "red_flag": "SECRET", "cap_if": {}, "judgement": True}
        record["weight"] = question.weight + 7 if question.weight else 0
        for option in record.get("options", ()):
            option["score"] = None if option["score"] is None else 100 - option["score"]
        if record.get("points"):
            record["points"] = [(x, 100 - y) for x, y in record["points"]]
        if record["type"] == "yes_no_partial":
            record["scores"] = {name: 100 - score for name, score in record["scores"].items()}
        other = bind(type(question).model_validate(record), evaluation.criteria.scheme)
        return other.model_copy(update={"gates": gates})

    categories = tuple(
        category.model_copy(
            update={
                "criteria": tuple(
                    criterion.model_copy(update={"weight": 3, "questions": tuple(map(changed, criterion.questions))})
                    for criterion in category.criteria
                )
            }
        )
        for category in evaluation.criteria.categories
    )
    return replace(evaluation, criteria=replace(evaluation.criteria, categories=categories), floors={})


def test_scores_weights_gates_and_red_flags_leave_no_trace_in_any_byte(form):
    evaluation, content, _ = form
    assert questionnaire(with_other_judgement(evaluation)) == content


def test_no_red_flag_and_no_reason_of_a_gate_stands_anywhere_in_the_file(form):
    evaluation, content, _ = form
    shown = {text for row in rows(form_questions(evaluation).values()) for text in (row.prompt, *row.cell.labels)}
    secrets = {
        text
        for question in evaluation.criteria.questions.values()
        for text in (question.red_flag, *(gate.reason for gate in question.gates))
        if text and not any(text in other for other in shown)
    }
    everything = all_text(content)
    assert len(secrets) > 100
    assert [text for text in secrets if text in everything] == []
    assert not re.search(r"knock.?out|red.?flag|weight", everything.replace("font-weight", ""), re.IGNORECASE)


def test_every_text_of_a_category_sheet_is_meant_for_the_vendor(form):
    evaluation, _, book = form
    meant = {text for row in rows(form_questions(evaluation).values()) for text in (row.key, row.prompt, row.cell.unit)}
    for category, _ in sheets(evaluation).values():
        meant |= {category.title, category.intro, *(criterion.title for criterion in category.criteria)}
    found = {cell.value for sheet in category_sheets(book) for row in sheet.iter_rows() for cell in row if cell.value}
    assert found - meant == set(HEADERS)


# ---- how it behaves


def lists(sheet):
    """Dropdown of each cell, as the range behind it."""
    return {
        str(area): rule.formula1
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
        for area in rule.sqref.ranges
    }


def labels_behind(book, source):
    name, area = source.replace("$", "").split("!")
    column, first, _, last = range_boundaries(area)
    sheet = book[name.strip("='")]
    return tuple(sheet.cell(number, column).value for number in range(first, last + 1))


def test_everything_that_has_options_has_a_dropdown_of_all_of_them(form):
    evaluation, _, book = form
    asked_for = {row.key: row.cell for row in rows(form_questions(evaluation).values())}
    for sheet in category_sheets(book):
        dropdowns = lists(sheet)
        offered = {
            key: labels_behind(book, dropdowns[row["Answer"].coordinate])
            for key, row in form_rows(sheet).items()
            if row["Answer"].coordinate in dropdowns
        }
        assert offered == {key: asked_for[key].labels for key in form_rows(sheet) if asked_for[key].kind == "choice"}


def test_the_order_of_a_dropdown_does_not_tell_the_score(form):
    evaluation, _, _ = form
    for row in rows(form_questions(evaluation).values()):
        labels = [label.casefold() for label in row.cell.labels]
        assert labels == sorted(labels) or labels in (["yes", "partial", "no"], ["yes", "no"])


def test_figures_and_days_warn_and_never_refuse_do_not_know(form):
    _, _, book = form
    for sheet in category_sheets(book):
        for rule in sheet.data_validations.dataValidation:
            if rule.type in {"decimal", "date", "whole"}:
                assert rule.errorStyle == "warning"


def test_every_message_fits_into_what_excel_shows(form):
    _, _, book = form
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.promptTitle or "") <= 32
            assert len(rule.prompt or "") <= 255
            assert len(rule.error or "") <= 225


def test_only_answers_evidence_comments_and_the_cover_fields_can_be_written_to(form):
    _, _, book = form
    for sheet in book:
        assert sheet.protection.sheet or sheet.sheet_state == "hidden"
        unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        boxes = {
            row[name].coordinate for row in form_rows(sheet).values() for name in ("Answer", "Evidence", "Comment")
        }
        fields = {"Vendor name", "Contact", "Country", "Decimal sign", *SIGNATURE.values(), *TICKS.values()}
        beside = {sheet.cell(cell.row, 2).coordinate for cell in sheet["A"] if cell.value in fields}
        assert unlocked == boxes | beside


def test_words_are_kept_as_typed_and_days_shown_as_iso(form):
    evaluation, _, book = form
    kinds = {row.key: row.cell.kind for row in rows(form_questions(evaluation).values())}
    formats = dict.fromkeys(("choice", "number", "percentage", "price"), "General") | {
        "text": "@",
        "date": "yyyy-mm-dd",
    }
    for key, row in all_form_rows(book).items():
        assert row["Answer"].number_format == formats[kinds[key]]
        assert (row["Evidence"].number_format, row["Comment"].number_format) == ("@", "@")


def test_a_sheet_prints_across_one_page_with_its_header_on_each(form):
    _, _, book = form
    for sheet in category_sheets(book):
        assert sheet.freeze_panes == "D5"
        assert sheet.print_title_rows == "$4:$4"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        # As wide as one page is the default, and left out of the file.
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        last = max(row["Comment"].row for row in form_rows(sheet).values())
        assert sheet.print_area == f"'{sheet.title}'!$B$1:$G${last}"


def test_rows_grow_with_what_is_written_into_them(form):
    _, _, book = form
    for sheet in category_sheets(book):
        for row in form_rows(sheet).values():
            assert sheet.row_dimensions[row["ID"].row].height is None
            assert row["Answer"].alignment.wrap_text


def test_nothing_wide_is_cut_off_in_the_id_column(form):
    _, _, book = form
    for sheet in category_sheets(book):
        longest = max(map(len, form_rows(sheet)))
        # A width counts digits of 10 points; letters of 9 points are narrower. One is the indent.
        assert longest * 0.8 + 1 <= sheet.column_dimensions["B"].width


# ---- the first sheet


def cover(book):
    return {row[0].value: [cell.value for cell in row[1:]] for row in book["Start here"].iter_rows() if row[0].value}


def test_the_first_sheet_asks_who_answers_and_says_how(form):
    evaluation, _, book = form
    found = cover(book)
    assert next(iter(found)) == evaluation.settings.title
    assert [name for name in found if found[name][0] is None and name in {"Vendor name", "Contact", "Country"}] == [
        "Vendor name",
        "Contact",
        "Country",
    ]
    assert "How to answer" in found
    assert book.active.title == "Start here"


def test_the_decimal_sign_is_picked_from_a_list(form):
    _, _, book = form
    cells = {cell.coordinate: cell.offset(column=-1).value for cell in book["Start here"]["B"]}
    picked = {cells[area]: labels_behind(book, source) for area, source in lists(book["Start here"]).items()}
    assert picked == {"Decimal sign": (".", ",")} | dict.fromkeys(TICKS.values(), ("Yes", "No"))


def test_the_deadline_stands_on_the_first_sheet(tmp_path):
    evaluation = asked(tmp_path, deadline="2026-12-18T17:00:00+01:00")
    assert cover(opened(questionnaire(evaluation)))["Please return by"][0] == "18 December 2026, 17:00 (UTC+01:00)"


def test_progress_counts_the_answer_cells_of_each_sheet(form):
    _, _, book = form
    found = cover(book)
    total = 0
    for sheet in category_sheets(book):
        _, count, formula, *_ = found[sheet.title]
        (area,) = (re.fullmatch(rf"=COUNTA\('{re.escape(sheet.title)}'!\$D\$(\d+):\$D\$(\d+)\)", formula).groups(),)
        boxes = [row["Answer"].row for row in form_rows(sheet).values()]
        assert int(area[0]) <= min(boxes)
        assert max(boxes) <= int(area[1])
        assert count == len(boxes)
        total += count
    assert found["All sheets"][1] == total
    assert found["All sheets"][2].count("COUNTA") == len(category_sheets(book))


# ---- identity and bytes


def test_the_properties_and_a_hidden_sheet_tell_which_questionnaire_it_is(form):
    evaluation, _, book = form
    properties = {prop.name: prop.value for prop in book.custom_doc_props.props}
    hidden = {row[0].value: row[1].value for row in book["_identity"].iter_rows()}
    assert hidden == properties
    assert set(properties) == {
        "vendor_eval_template",
        "vendor_eval_scorecard",
        "vendor_eval_scorecard_version",
        "vendor_eval_content_hash",
    }
    assert properties["vendor_eval_scorecard"] == evaluation.criteria.file.scorecard
    assert re.fullmatch("[0-9a-f]{64}", properties["vendor_eval_content_hash"])
    assert (book["_identity"].sheet_state, book["_lists"].sheet_state) == ("hidden", "hidden")


def test_the_hash_changes_with_a_question_and_not_with_a_title(tmp_path):
    def hash_of(**settings):
        return identity(asked(tmp_path, **settings))["vendor_eval_content_hash"]

    plain = hash_of()
    assert hash_of(title="Another title", as_of="2027-01-01") == plain
    assert hash_of(overrides={"SEC-01": {"text": "How long?"}}) != plain
    assert hash_of(overrides={"SEC-01": "off"}) != plain


def test_the_same_evaluation_gives_the_same_bytes(form):
    evaluation, content, _ = form
    assert questionnaire(evaluation) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    created = opened(content).properties.created
    day = evaluation.settings.as_of
    assert created == datetime(day.year, day.month, day.day)  # noqa: DTZ001  a calendar day


@pytest.mark.parametrize(
    "question",
    [
        pytest.param({"text": "x" * 32_768}, id="question"),
        pytest.param({"text": "x" * 32_700, "evidence": "y" * 100}, id="question and proof together"),
        pytest.param({"type": "single_choice", "options": [{"label": "x" * 32_768, "score": 1}]}, id="option"),
        pytest.param({"unit": "x" * 32_768, "type": "number", "points": [[0, 0]]}, id="unit"),
    ],
)
def test_a_text_that_no_cell_holds_is_refused_and_never_cut(tmp_path, question):
    evaluation = own(tmp_path, {"a": {"A1": {"Q1": question}}})
    with pytest.raises(VendorEvalError, match="32,767"):
        questionnaire(evaluation)


def test_the_longest_text_that_a_cell_holds_is_whole(tmp_path):
    text = "x" * 32_767
    found = all_form_rows(opened(questionnaire(own(tmp_path, {"a": {"A1": {"Q1": {"text": text}}}}))))
    assert found["Q1"]["Question"].value == text


TITLES = {
    "a": "Rights: who / what? [draft] *",
    "b": "A title that is longer than any sheet name may be",
    "c": "A title that is longer than any sheet name can be",
    "d": "Start here",
    "e": "_lists",
    "f": "History",
    "g": "'Quoted'",
}


def test_sheet_names_are_legal_and_told_apart_whatever_the_titles(tmp_path):
    tree = {key: {"title": title, f"{key}1": {f"Q{key}": {}}} for key, title in TITLES.items()}
    evaluation = own(tmp_path, tree)
    content = questionnaire(evaluation)
    book = opened(content)
    names = [sheet.title for sheet in category_sheets(book)]
    assert len(names) == len({name.casefold() for name in book.sheetnames} - {"start here", "_lists", "_identity"}) == 7
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in names)
    path = tmp_path / "blank.xlsx"
    path.write_bytes(content)
    assert read_submission(evaluation, path).issues == ()
