"""What is asked back: the open points of one vendor, in a workbook that comes back and counts."""

import json
import os
import shutil
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from books import all_form_rows, opened, write_book
from builders import answer, load, run, write_evaluation, write_response
from click.testing import CliRunner
from office import needs_office, saved_as
from openpyxl.packaging.custom import StringProperty
from places import old_samples

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.forms.identity import claimed_clarifications
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.run.outputs import clarifications

TREE = """
a:
  A1:
    BIG: {weight: 7, evidence: Log}
    SMALL: {weight: 1}
    KO:
      type: yes_no_partial
      gates: [{kind: knock_out, one_of: ["yes"], reason: SECRET REASON}]
      red_flag: SECRET FLAG
    MUST: {gates: [{kind: must, min: 83, reason: SECRET REASON}]}
    CLAIM: {type: yes_no_partial, document_expected: true}
b:
  B1:
    BAD: {}
    ONE: {type: single_choice, options: [{label: Every month, score: 97}, {label: "Never, ever", score: 3}]}
    ALL: {type: multi_choice, options: [{label: Badges, score: 61}, {label: Cameras, score: 39}]}
    DAY: {type: date, points: [[0, 100], [12, 0]]}
    NUM: {type: number, unit: days, points: [[0, 100], [30, 0]]}
    TXT: {type: text, weight: 0}
"""
DOCUMENT = "Policy v3, page 4"
FULL = {
    "BIG": (80, DOCUMENT),
    "SMALL": (80, DOCUMENT),
    "KO": ("Yes", DOCUMENT),
    "MUST": (90, DOCUMENT),
    "CLAIM": ("Yes", DOCUMENT),
    "BAD": (80, DOCUMENT),
    "ONE": ("Every month", DOCUMENT),
    "ALL.a": ("Yes", DOCUMENT),
    "ALL.b": "No",
    "DAY": ("2026-10-01", DOCUMENT),
    "NUM": (3, DOCUMENT),
    "TXT": "Words",
}
OPEN = FULL | {
    "BIG": None,
    "SMALL": "TBD",
    "KO": None,
    "MUST": "n/a",
    "CLAIM": "Yes",
    "BAD": "0.95 =1+1",
}


def tender(folder, answers=OPEN, **others):
    return write_evaluation(folder, load(TREE), {"acme": answers, "bolt": FULL, **others})


def asked_back(folder, vendor="acme"):
    """Clarification workbook of a vendor, as bytes."""
    return clarifications(run(folder), load_evaluation(folder))[vendor]


def write_back(content, path, answers):
    """Fill a clarification: an answer for each key, or a tuple of answer, evidence and comment."""
    book = opened(content)
    found = all_form_rows(book)
    for key, given in answers.items():
        for name, value in zip(
            ("Answer", "Evidence", "Comment"), given if isinstance(given, tuple) else (given,), strict=False
        ):
            found[key][name].value = value
    book.save(path)
    return path


def codes(vendor):
    return [issue.code for issue in vendor.issues]


# ---- what stands in it


def test_only_open_points_are_asked_gates_first_then_by_points_that_the_answer_could_change(tmp_path):
    """BIG 7 of 11 halves, BAD 1 of 5 halves, SMALL 1 of 11 halves, and of CLAIM 40 points of 100 that proof brings."""
    found = all_form_rows(opened(asked_back(tender(tmp_path))))
    assert list(found) == ["KO", "MUST", "BIG", "BAD", "SMALL", "CLAIM"]


def test_what_alone_could_move_a_rank_is_asked_before_what_moves_more_points(tmp_path):
    """Nobody has rated RUB: it can move 23.5 points, 8.2 of them up, and SMALL 17.6, all of them up."""
    tree = (
        "{a: {A1: {RUB: {type: rubric, weight: 4, levels: [a, b, c, d, e, f]}, SMALL: {weight: 3}, BIG: {weight: 10}}}}"
    )
    answers = {"acme": {"BIG": (90, DOCUMENT)}, "bolt": {"BIG": (90, DOCUMENT), "SMALL": (60, DOCUMENT)}}
    folder = write_evaluation(tmp_path, load(tree), answers)
    result = run(folder)
    asks = {ask.question: (ask.places, ask.points) for ask in result.robustness.ask_first if ask.vendor == "acme"}
    assert asks == {"SMALL": (1, pytest.approx(300 / 17)), "RUB": (0, pytest.approx(400 / 17))}
    assert list(all_form_rows(opened(clarifications(result, load_evaluation(folder))["acme"]))) == ["SMALL", "RUB"]


def test_a_row_says_what_arrived_where_and_what_is_needed(tmp_path):
    found = all_form_rows(opened(asked_back(tender(tmp_path))))
    said = {key: (row["What arrived"].value, row["What is needed"].value) for key, row in found.items()}
    assert said["BIG"] == ("No answer (acme.xlsx, Answers!B2)", "Please answer, and name the proof in Evidence.")
    assert said["SMALL"] == ("'TBD' (acme.xlsx, Answers!B3)", "No answer arrived yet: please answer.")
    assert said["BAD"][0] == "'0.95 =1+1' (acme.xlsx, Answers!B7)"
    assert said["CLAIM"][1] == "Please name the document in Evidence: its title, version and page."


def test_a_document_that_did_not_hold_is_asked_for_again_without_the_buyers_reason(tmp_path):
    sent_back = "- {vendor: bolt, question: CLAIM, claim: true, by: Ana, date: 2026-11-23, reason: SECRET}\n"
    folder = write_evaluation(tmp_path, load(TREE), {"bolt": FULL}, findings=sent_back)
    found = all_form_rows(opened(asked_back(folder, "bolt")))
    assert {key: row["What is needed"].value for key, row in found.items()} == {
        "CLAIM": "The document named does not show it: please name one that does, by title, version and page."
    }


def test_only_the_boxes_are_unlocked_and_they_take_what_the_questionnaire_takes(tmp_path):
    folder = tender(tmp_path, {})
    content = asked_back(folder)
    book, form = opened(content), opened(questionnaire(load_evaluation(folder)))
    found = all_form_rows(book)
    boxes = {row[name].coordinate for row in found.values() for name in ("Answer", "Evidence", "Comment")}
    unlocked = {
        cell.coordinate for row in book["Open points"].iter_rows() for cell in row if not cell.protection.locked
    }
    assert unlocked == boxes
    assert book["Open points"].protection.sheet
    assert kinds(book) == kinds(form)
    page = book["Open points"].page_setup
    assert (page.orientation, page.fitToHeight, book["Open points"].print_title_rows) == ("landscape", 0, "$8:$8")
    assert [s.sheet_state for s in book] == ["visible", "hidden", "hidden", "hidden"]


def kinds(book):
    """Kind of validation of each answer cell, by key."""
    rules = {
        (sheet.title, cell): rule
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
        for cell in [area.coord]
    }
    found = {
        key: rules[row["Answer"].parent.title, row["Answer"].coordinate] for key, row in all_form_rows(book).items()
    }
    return {key: (rule.type, rule.operator, rule.error, rule.prompt) for key, rule in found.items()}


def all_text(content, folder):
    path = folder / "clarification.xlsx"
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_nothing_confidential_stands_anywhere_in_the_file(tmp_path):
    content = asked_back(tender(tmp_path))
    text = all_text(content, tmp_path).casefold()
    words = ("secret", "bolt", "knock", "weight", "rank", "gate", str(tmp_path).casefold())
    assert [word for word in words if word in text] == []
    cells = " ".join(str(cell.value) for row in opened(content)["Open points"].iter_rows() for cell in row)
    assert [figure for figure in ("83", "97", "61", "39", "60") if figure in cells] == []


@pytest.mark.parametrize("name", ["full", "small"])
def test_no_red_flag_reason_or_other_vendor_of_a_sample_is_told(name, tmp_path):
    folder = shutil.copytree(old_samples() / name, tmp_path / name)
    evaluation = load_evaluation(folder)
    result = run(folder)
    asked = evaluation.asked_questions.values()
    shown = {text for q in asked for text in (q.text, q.evidence, q.comment_required)}
    shown |= {label for q in asked for cell in q.cells() for label in (cell.text, *cell.labels)}
    flags = {
        text for q in evaluation.criteria.questions.values() for text in (q.red_flag, *(g.reason for g in q.gates))
    }
    secrets = {text for text in flags if len(text) > 8 and not any(text in other for other in shown)}
    asked_back = clarifications(result, evaluation)
    for vendor in result.vendors:
        content = asked_back.get(vendor.id)
        if content is not None:
            cells = "\n".join(str(c.value) for s in opened(content) for row in s.iter_rows() for c in row)
            others = {v.name for v in result.vendors} - {vendor.name}
            assert [text for text in (*secrets, *others) if text in cells] == []


def test_the_same_result_gives_the_same_bytes(tmp_path):
    folder = tender(tmp_path)
    assert asked_back(folder) == asked_back(folder)


def test_a_vendor_with_nothing_open_gets_no_workbook(tmp_path):
    assert asked_back(tender(tmp_path), "bolt") is None


def test_a_blank_questionnaire_is_asked_again_as_a_whole(tmp_path):
    folder = tender(tmp_path)
    (folder / "responses" / "acme.xlsx").write_bytes(questionnaire(load_evaluation(folder)))
    assert set(all_form_rows(opened(asked_back(folder)))) == set(FULL)


def test_a_follow_up_is_asked_along_with_the_question_that_it_hangs_on(tmp_path):
    tree = """
a:
  A1:
    Q1: {type: yes_no_partial}
    Q2: {ask_if: {Q1: ["yes", "partial"]}}
"""
    folder = write_evaluation(tmp_path, load(tree), {"acme": {"Q1": None}})
    found = all_form_rows(opened(asked_back(folder)))
    assert found["Q2"]["What is needed"].value == "Please answer this too if your answer to Q1 is 'Yes' or 'Partial'."


# ---- it comes back


@pytest.fixture
def back(tmp_path):
    """Evaluate again with a filled clarification of acme beside its response."""
    folder = tender(tmp_path)

    def back(answers, name="acme-whatever name.xlsx", content=None):
        write_back(content or asked_back(folder), folder / "responses" / name, answers)
        return run(folder)

    back.folder = folder
    return back


def test_an_unfilled_clarification_changes_nothing(back):
    before = run(back.folder).vendor("acme")
    after = back({}).vendor("acme")
    assert [replace(a, sources=()) for a in after.answers] == [replace(a, sources=()) for a in before.answers]
    assert (after.issues, after.score, after.rounds) == (before.issues, before.score, 1)
    assert len(run(back.folder).vendors) == 2


def test_a_newer_answer_counts_and_both_sources_stay_on_record(back):
    acme = back({"SMALL": 70, "BAD": (95, DOCUMENT)}).vendor("acme")
    bad = answer(acme, "BAD")
    assert (bad.state, bad.raw, bad.credited) == ("answered", "95", 81.0 if bad.evidence == "claim" else 85.0)
    assert [(old.raw, old.source.file, old.source.cell) for old in bad.earlier] == [
        ("0.95 =1+1", "responses/acme.xlsx", "B7")
    ]
    assert [source.file for source in bad.sources] == ["responses/acme-whatever name.xlsx", "responses/acme.xlsx"]
    assert "contradiction" not in codes(acme)
    shown = CliRunner().invoke(main, ["explain", str(back.folder), "acme", "BAD"]).stdout
    assert "0.95 =1+1, replaced by a clarification" in shown
    assert "Raw:       95" in shown


def test_evidence_and_comment_alone_count(back):
    claim = answer(back({"CLAIM": (None, DOCUMENT, "All sites")}).vendor("acme"), "CLAIM")
    assert (claim.raw, claim.evidence, claim.comment, claim.earlier) == ("Yes", "document", "All sites", ())
    assert {source.file for source in claim.sources} == {"responses/acme.xlsx", "responses/acme-whatever name.xlsx"}


def test_a_box_with_a_placeholder_leaves_the_earlier_answer(back):
    acme = back({"CLAIM": "TBD"}).vendor("acme")
    assert answer(acme, "CLAIM").raw == "Yes"
    assert [i.source.file for i in acme.issues if i.code == "placeholder-answer"].count(
        "responses/acme-whatever name.xlsx"
    )


def test_a_second_round_asks_what_is_left_and_its_answer_counts(back):
    first = back({"SMALL": 70, "BIG": "about 20"})
    second = clarifications(first, load_evaluation(back.folder))["acme"]
    found = all_form_rows(opened(second))
    assert "SMALL" in found  # a claim now
    assert found["BIG"]["What arrived"].value.startswith("'about 20' (acme-whatever name.xlsx, Open points!F")
    acme = back({"BIG": (33, DOCUMENT)}, "Acme second.xlsx", second).vendor("acme")
    big = answer(acme, "BIG")
    assert (big.raw, acme.rounds, [old.raw for old in big.earlier]) == ("33", 2, ["about 20"])


def test_two_clarifications_of_one_round_that_differ_contradict_each_other(back):
    content = asked_back(back.folder)
    back({"BIG": 20}, "acme.one.xlsx", content)
    acme = back({"BIG": 30}, "acme_two.xlsx", content).vendor("acme")
    assert answer(acme, "BIG").state == "invalid"
    assert "contradiction" in codes(acme)


def test_ticks_of_a_clarification_update_a_list_of_labels(tmp_path):
    labels = {key: value for key, value in FULL.items() if not key.startswith("ALL")}
    folder = tender(tmp_path, labels | {"ALL": "Badges"})
    write_back(asked_back(folder), folder / "responses" / "acme-more.xlsx", {"ALL.b": ("Yes", DOCUMENT)})
    ticked = answer(run(folder).vendor("acme"), "ALL")
    assert (ticked.state, ticked.answer, ticked.value) == ("answered", "Badges; Cameras", 100.0)


def test_a_clarification_that_the_evaluation_lists_is_read_as_well(tmp_path):
    folder = tender(tmp_path)
    content = asked_back(folder)
    (folder / "later").mkdir()
    write_back(content, folder / "later" / "c.xlsx", {"BIG": 20})
    list_files(folder, acme=["responses/acme.xlsx", "later/c.xlsx"])
    assert answer(run(folder).vendor("acme"), "BIG").raw == "20"


def test_the_clarification_of_another_vendor_is_refused_with_its_name_and_nothing_of_it_counts(tmp_path):
    folder = tender(tmp_path)
    before = run(folder).vendor("bolt")
    write_back(asked_back(folder), folder / "c.xlsx", {"BIG": 20})
    list_files(folder, bolt=["responses/bolt.xlsx", "c.xlsx"])
    result = run(folder)
    issues = [i for i in result.vendor("bolt").issues if i.severity == "blocking"]
    assert [(i.code, i.severity, i.source.file) for i in issues] == [("wrong-vendor", "blocking", "c.xlsx")]
    assert result.vendor("bolt").answers == before.answers
    assert answer(result.vendor("acme"), "BIG").raw == ""


def list_files(folder, **files):
    settings = json.loads((folder / "evaluation.yaml").read_text())
    settings["vendors"] = [{"id": vendor, "file": listed} for vendor, listed in files.items()]
    (folder / "evaluation.yaml").write_text(json.dumps(settings))


def test_a_text_that_a_vendor_adds_beside_the_boxes_is_named(back):
    book = opened(asked_back(back.folder))
    book["Open points"]["K9"].value = "A word more"
    book["Open points"]["D8"].value = "Written over what arrived"
    path = back.folder / "changed.xlsx"
    book.save(path)
    acme = back({}, content=path.read_bytes()).vendor("acme")
    left = [issue.source.cell for issue in acme.issues if issue.code == "unclaimed-content"]
    assert left == ["D8", "K9"]


@needs_office
def test_a_clarification_re_saved_by_libreoffice_reads_the_same(back, tmp_path):
    given = {"BIG": (20, DOCUMENT), "KO": "Yes", "CLAIM": (None, DOCUMENT)}
    source = write_back(asked_back(back.folder), tmp_path / "acme-sent.xlsx", given)
    for kind in ("xlsx", "ods", "xls"):
        placed = Path(shutil.copy(saved_as(source, kind, tmp_path / kind), back.folder / "responses"))
        acme = run(back.folder).vendor("acme")
        placed.unlink()
        assert [(answer(acme, key).raw, answer(acme, key).evidence) for key in given] == [
            ("20", "document"),
            ("Yes", "claim"),
            ("Yes", "document"),
        ], kind
        assert "unclaimed-content" not in codes(acme), kind


# ---- whose it is


def forged(content, path, *, sheet=True, properties=True, **identity):
    """Change what a workbook says of itself; None takes a line out."""
    book = opened(content)
    for name, value in identity.items():
        key = f"vendor_eval_{name}"
        if sheet:
            rows = book["_identity"]
            cell = next((row[1] for row in rows.iter_rows() if row[0].value == key), None)
            cell = cell or rows.cell(rows.max_row + 1, 2)
            rows.cell(cell.row, 1).value, cell.value = (key, value) if value is not None else (None, None)
        if properties:
            if key in book.custom_doc_props.names:
                del book.custom_doc_props[key]
            if value is not None:
                book.custom_doc_props.append(StringProperty(name=key, value=value))
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


def answers_of(vendor):
    return {a.id: a.raw for a in vendor.answers}


def tokens(folder):
    return json.loads((folder / "clarifications.json").read_text())


@pytest.fixture
def filled(tmp_path):
    """A tender of acme and bolt, and the filled clarification of acme as bytes."""
    folder = tender(tmp_path)
    filled = write_back(asked_back(folder), tmp_path / "filled.xlsx", {"BIG": 20}).read_bytes()
    return folder, filled


@pytest.mark.parametrize("token", [None, "0" * 32, ""], ids=["none", "never given out", "blank"])
def test_a_clarification_without_its_token_replaces_nothing_until_the_evaluation_lists_it(filled, token):
    folder, content = filled
    before = run(folder)
    forged(content, folder / "responses" / "acme-back.xlsx", token=token)
    result = run(folder)
    assert sorted(vendor.id for vendor in result.vendors) == ["acme", "bolt"]
    assert answers_of(result.vendor("acme")) == answers_of(before.vendor("acme"))
    issues = [i for i in result.vendor("acme").issues if i.code == "clarification-unconfirmed"]
    assert [(i.severity, i.source.file) for i in issues] == [("blocking", "responses/acme-back.xlsx")]
    assert [file.file for file in result.evaluation.not_read] == ["responses/acme-back.xlsx"]
    list_files(folder, acme=["responses/acme.xlsx", "responses/acme-back.xlsx"])
    listed = run(folder)
    assert [vendor.id for vendor in listed.vendors] == ["acme", "bolt"]
    assert (answer(listed.vendor("acme"), "BIG").raw, listed.vendor("acme").rounds) == ("20", 1)


@pytest.mark.parametrize("place", ["bolt-2.xlsx", "bolt/more.xlsx", "zzz.xlsx", "acme-2.xlsx", "acme.ods"])
@pytest.mark.parametrize("where", [{}, {"properties": False}], ids=["everywhere", "hidden sheet alone"])
def test_a_file_that_only_says_it_is_a_clarification_of_another_vendor_replaces_nothing(tmp_path, place, where):
    folder = tender(tmp_path)
    before = run(folder)
    response = write_response(folder / "whole.xlsx", rows({**FULL, "BIG": 1}))
    content = opened(Path(response or folder / "whole.xlsx").read_bytes())
    content.create_sheet("_identity")
    content.save(folder / "whole.xlsx")
    identity = {"template": "vendor-eval/clarification/1", "vendor": "acme", "round": "7"}
    forged((folder / "whole.xlsx").read_bytes(), folder / "responses" / place, **identity, **where)
    if place.startswith("bolt/"):
        (folder / "responses" / "bolt.xlsx").rename(folder / "responses" / "bolt" / "bolt.xlsx")
    result = run(folder)
    assert answers_of(result.vendor("acme")) == answers_of(before.vendor("acme"))
    assert {"acme", "bolt"} <= {vendor.id for vendor in result.vendors}
    assert {vendor.status for vendor in result.vendors} <= {"eligible", "conditional", "excluded"}
    named = [i for v in result.vendors for i in v.issues if i.source.file == f"responses/{place}"]
    assert {"clarification-unconfirmed", "wrong-vendor"} & {issue.code for issue in named}


def test_a_vendors_only_file_that_says_it_is_anothers_stays_that_vendors(tmp_path):
    folder = tender(tmp_path, dusk={"BIG": 3})
    path = folder / "responses" / "dusk.xlsx"
    book = opened(path.read_bytes())
    book.create_sheet("_identity")
    book.save(path)
    forged(path.read_bytes(), path, template="vendor-eval/clarification/1", vendor="acme")
    for listed in ({}, {"dusk": ["responses/dusk.xlsx"]}):
        list_files(folder, **listed)
        dusk = run(folder).vendor("dusk")
        assert answer(dusk, "BIG").raw == "3"
        assert {"clarification-unconfirmed", "wrong-vendor"} & set(codes(dusk))


def test_a_token_of_another_vendor_or_round_is_refused_even_where_it_is_listed(filled):
    folder, content = filled
    asked = run(write_evaluation(folder, load(TREE), {"acme": OPEN, "bolt": OPEN}))
    clarifications(asked, load_evaluation(folder))
    own = tokens(folder)
    assert {vendor: [sent["round"] for sent in rounds] for vendor, rounds in own.items()} == {"acme": [1], "bolt": [1]}
    for identity in ({"token": own["bolt"][0]["token"]}, {"round": "2"}, {"round": "9" * 5000}):
        forged(content, folder / "c.xlsx", **identity)
        list_files(folder, acme=["responses/acme.xlsx", "c.xlsx"])
        acme = run(folder).vendor("acme")
        assert (answer(acme, "BIG").raw, acme.rounds) == ("", 0)
        assert [(i.code, i.source.file) for i in acme.issues if i.source.file == "c.xlsx"] == [
            ("clarification-refused", "c.xlsx")
        ]


@pytest.mark.parametrize("number", ["9" * 5000, "0", "-1", "²", "1.5", "x", "1000"])
def test_a_round_that_is_no_round_ends_no_command_and_replaces_nothing(filled, number):
    folder, content = filled
    forged(content, folder / "responses" / "acme-back.xlsx", round=number, token=None)
    done = invoke("check", folder)
    assert not done.exception or isinstance(done.exception, SystemExit)
    acme = run(folder).vendor("acme")
    assert (answer(acme, "BIG").raw, acme.rounds) == ("", 0)


@pytest.mark.parametrize("name", ["clarification.xlsx", "bolt-2.xlsx", "ACME 2.xlsx"])
def test_a_clarification_goes_to_the_vendor_whose_token_it_carries_whatever_its_name(tmp_path, name):
    folder = tender(tmp_path, **{"acme-labs": OPEN, "ACME": FULL})
    sent = clarifications(run(folder), load_evaluation(folder))
    vendors = [vendor.id for vendor in run(folder).vendors]
    (folder / "responses" / name).write_bytes(sent["acme"])
    blank = run(folder)
    assert ([vendor.id for vendor in blank.vendors], blank.evaluation.not_read) == (vendors, ())
    write_back(sent["acme"], folder / "responses" / name, {"BIG": 22})
    result = run(folder)
    assert [vendor.id for vendor in result.vendors] == vendors
    assert answer(result.vendor("acme"), "BIG").raw == "22"


def test_a_clarification_of_a_vendor_that_sent_nothing_else_is_named_and_no_vendor(filled):
    folder, content = filled
    (folder / "responses" / "acme.xlsx").unlink()
    (folder / "responses" / "back.xlsx").write_bytes(content)
    result = run(folder)
    assert [vendor.id for vendor in result.vendors] == ["bolt"]
    (stray,) = result.evaluation.not_read
    assert (stray.file, "is a clarification workbook of acme, no response" in stray.reason) == (
        "responses/back.xlsx",
        True,
    )


def test_files_in_a_vendors_folder_complete_each_other_and_its_clarification_counts(filled):
    folder, content = filled
    inside = folder / "responses" / "acme"
    inside.mkdir()
    (folder / "responses" / "acme.xlsx").rename(inside / "main.xlsx")
    write_response(inside / "more.xlsx", rows({"MUST": (90, DOCUMENT), "TXT": "Other words"}))
    (inside / "answer.xlsx").write_bytes(content)
    result = run(folder)
    assert sorted(vendor.id for vendor in result.vendors) == ["acme", "bolt"]
    acme = result.vendor("acme")
    assert (answer(acme, "BIG").raw, answer(acme, "CLAIM").raw, acme.rounds) == ("20", "Yes", 1)
    clash = next(i for i in acme.issues if i.code == "contradiction")
    assert clash.source.file.startswith("responses/acme/")
    assert answer(acme, "BIG").source.file == "responses/acme/answer.xlsx"


def test_an_unconfirmed_clarification_in_its_vendors_folder_is_read_like_a_response(filled):
    folder, content = filled
    inside = folder / "responses" / "acme"
    forged(content, inside / "c.xlsx", token=None)
    (folder / "responses" / "acme.xlsx").rename(inside / "main.xlsx")
    acme = run(folder).vendor("acme")
    assert (answer(acme, "BIG").raw, acme.rounds, answer(acme, "BIG").earlier) == ("20", 0, ())
    assert [i.source.file for i in acme.issues if i.code == "clarification-unconfirmed"] == ["responses/acme/c.xlsx"]


def test_a_file_and_a_folder_of_one_name_are_a_clash_unless_all_are_listed(tmp_path):
    folder = tender(tmp_path)
    write_response(folder / "responses" / "more.xlsx", rows({"BIG": 5}))
    (folder / "responses" / "acme").mkdir()
    (folder / "responses" / "more.xlsx").rename(folder / "responses" / "acme" / "more.xlsx")
    done = invoke("rank", folder)
    assert (done.exit_code, "[several-files]" in done.stderr) == (1, True)
    list_files(folder, acme=["responses/acme.xlsx"])
    assert answer(run(folder).vendor("acme"), "BIG").raw == "5"


def test_what_a_clarification_did_not_ask_is_named_and_does_not_count(back):
    content = asked_back(back.folder)
    book = opened(content)
    found = all_form_rows(book)
    found["SMALL"]["ID"].value, found["SMALL"]["Key"].value = "NUM", "NUM"
    found["SMALL"]["Question"].value, found["SMALL"]["Answer"].value = "Text of NUM", 1
    path = back.folder / "changed.xlsx"
    book.save(path)
    acme = back({"BIG": 20}, content=path.read_bytes()).vendor("acme")
    assert (answer(acme, "NUM").raw, answer(acme, "BIG").raw) == ("3", "20")
    issue = next(i for i in acme.issues if i.code == "clarification-not-asked")
    assert (issue.severity, issue.question, issue.source.sheet) == ("warning", "NUM", "Open points")


# ---- the tokens


def test_tokens_are_made_once_and_stay_valid(tmp_path):
    folder = tender(tmp_path)
    invoke("check", folder)
    first = (folder / "clarifications.json").read_bytes()
    workbook = (folder / "out" / "clarifications" / "acme.xlsx").read_bytes()
    (sent,) = tokens(folder)["acme"]
    assert (sent["round"], sent["questions"], len(sent["token"])) == (
        *(1, ["KO", "MUST", "BIG", "BAD", "SMALL", "CLAIM"]),
        32,
    )
    invoke("evaluate", folder, "--format", "json")
    invoke("check", folder)
    assert (folder / "clarifications.json").read_bytes() == first
    assert (folder / "out" / "clarifications" / "acme.xlsx").read_bytes() == workbook
    other = tender(tmp_path / "other")
    invoke("check", other)
    assert tokens(other)["acme"][0]["token"] != sent["token"]
    write_response(folder / "responses" / "acme.xlsx", rows({**FULL, "NUM": None}))
    invoke("check", folder)
    again = tokens(folder)["acme"]
    assert [(one["round"], one["token"]) for one in again] == [(1, sent["token"])]
    assert again[0]["questions"] == [*sent["questions"], "NUM"]


def test_the_tokens_are_an_input_where_they_were_used_and_another_run_writes_the_same(back):
    assert "clarifications.json" not in {source.file for source in run(back.folder).evaluation.inputs}
    back({"SMALL": 70})

    def written():
        invoke("evaluate", back.folder, "--format", "json,csv")
        return {path: path.read_bytes() for path in (back.folder / "out").rglob("*.*")}

    first = written()
    inputs = json.loads((back.folder / "out" / "results.json").read_text())["evaluation"]["inputs"]
    kept = (back.folder / "clarifications.json").read_bytes()
    assert {source["sha256"] for source in inputs if source["file"] == "clarifications.json"} == {
        sha256(kept).hexdigest()
    }
    assert [sent["round"] for sent in tokens(back.folder)["acme"]] == [1, 2]
    assert written() == first


SENT = '{"round": 1, "token": "0123456789abcdef", "questions": []}'
BROKEN = {
    "no JSON": "{",
    "not UTF-8": b"\xff\xfe\x00",
    "empty": "",
    "a list": "[]",
    "nested": "[" * 100_000,
    "a long number": f'{{"acme": [{{"round": {"9" * 5000}, "token": "0123456789abcdef", "questions": []}}]}}',
    "another key": '{"acme": [{"round": 1, "token": "0123456789abcdef", "questions": [], "x": 1}]}',
    "no token": '{"acme": [{"round": 1, "token": "", "questions": []}]}',
    "a key twice": f'{{"acme": [{SENT}], "acme": []}}',
    "a token twice": f'{{"acme": [{SENT}], "bolt": [{SENT}]}}',
    "huge": " " * (2**24 + 1),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_tokens_that_cannot_be_read_are_named_and_never_overwritten(tmp_path, content):
    folder = tender(tmp_path)
    path = folder / "clarifications.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = path.read_bytes()
    for command in ("check", "evaluate"):
        done = invoke(command, folder, *(["--format", "json"] if command == "evaluate" else []))
        assert (done.exit_code, "[clarification-tokens]" in done.stderr, path.read_bytes()) == (1, True, before)
    assert not (folder / "out" / "clarifications").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_tokens_in_no_regular_file_are_named_and_do_not_block(tmp_path, kind):
    folder = tender(tmp_path)
    path, other = folder / "clarifications.json", tmp_path / "elsewhere.json"
    other.write_text("{}")
    {"link": lambda: path.symlink_to(other), "pipe": lambda: os.mkfifo(path), "folder": path.mkdir}[kind]()
    done = invoke("check", folder)
    assert (done.exit_code, "[clarification-tokens]" in done.stderr) == (1, True)
    assert (other.read_text(), path.is_symlink()) == ("{}", kind == "link")


def test_check_lists_what_each_clarification_replaced(back):
    back({"BAD": (95, DOCUMENT), "BIG": 20})
    done = invoke("check", back.folder)
    line = "BAD: '0.95 =1+1' (responses/acme.xlsx, Answers!B7) by '95' (responses/acme-whatever name.xlsx, Open points!"
    assert [text.strip().startswith(line) for text in done.stdout.splitlines() if " by '" in text] == [True]
    printed = json.loads(invoke("check", back.folder, "--json").stdout)
    assert [new["question"] for new in printed["vendors"][0]["replaced"]] == ["BAD"]


# ---- out/


def invoke(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def files(folder):
    out = folder / "out"
    return sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())


def test_check_writes_what_is_to_be_asked_and_says_who_has_nothing_open(tmp_path):
    folder = tender(tmp_path)
    done = invoke("check", folder)
    assert files(folder) == ["clarifications/acme.xlsx", "manifest.json"]
    assert (folder / "clarifications.json").is_file()
    assert "Nothing to clarify with bolt" in done.stderr
    assert done.exit_code == 1
    assert (folder / "out" / "clarifications" / "acme.xlsx").read_bytes() == asked_back(folder)


def test_check_and_evaluate_leave_each_others_files_and_remove_their_own_stale_ones(tmp_path):
    folder = tender(tmp_path)
    invoke("check", folder)
    invoke("evaluate", folder, "--format", "json")
    assert files(folder) == ["clarifications/acme.xlsx", "manifest.json", "results.json"]
    write_response(folder / "responses" / "acme.xlsx", rows(FULL))
    invoke("check", folder)
    assert files(folder) == ["manifest.json", "results.json"]
    write_response(folder / "responses" / "acme.xlsx", rows(OPEN))
    invoke("evaluate", folder, "--format", "json,xlsx")
    invoke("check", folder)
    assert files(folder) == ["clarifications/acme.xlsx", "manifest.json", "results.json", "shortlist.xlsx"]
    assert json.loads((folder / "out" / "manifest.json").read_text())["files"] == [
        "clarifications/acme.xlsx",
        "results.json",
        "shortlist.xlsx",
    ]


def rows(answers):
    return [(key, *(given if isinstance(given, tuple) else (given,))) for key, given in answers.items()]


# ---- the offer

OFFER = {"PRC-01": 0.2, "PRC-02": 100, "OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}
ITEMS = "[{id: PRC-01, text: Boxes, unit: box, volume: 1000}, {id: PRC-02, text: Training, unit: once, volume: 1}]"
PRICE = f"{{price: {{weight: 30, best: 400, worst: 900, currency: USD, years: 2, items: {ITEMS}}}}}"


def offers(folder, **given):
    """A tender in which acme offers this, and two others something sound."""
    others = {name: {**FULL, **OFFER} for name in ("bolt", "cord")}
    return write_evaluation(folder, load(TREE), {"acme": {**FULL, **OFFER, **given}, **others}, settings=PRICE)


def lines(content):
    found = all_form_rows(opened(content))
    return {key: (row["What arrived"].value, row["What is needed"].value) for key, row in found.items()}


def test_the_open_lines_of_an_offer_are_asked_back_without_a_word_of_others(tmp_path):
    asked = lines(asked_back(offers(tmp_path / "one", **{"PRC-02": None, "OFFER-VALID": None})))
    assert list(asked) == ["PRC-02", "OFFER-VALID"]
    assert asked["PRC-02"] == (
        "No answer (acme.xlsx, Answers!B15)",
        "Please give this price: the offer is not complete without it.",
    )
    assert asked["OFFER-VALID"][1] == "Please give the day until which the offer holds."
    foreign = lines(asked_back(offers(tmp_path / "four", **{"OFFER-CURRENCY": "EUR"})))
    assert foreign["OFFER-CURRENCY"][1] == "'EUR' is another currency: one currency counts here, give the price in USD."
    other = lines(asked_back(offers(tmp_path / "two", **{"PRC-01": 200})))
    assert other["PRC-01"] == (
        "'200' (acme.xlsx, Answers!B14)",
        "Please give the price of one box again, to make sure that no other quantity or currency was meant.",
    )
    low = lines(asked_back(offers(tmp_path / "three", **{"PRC-01": 0.05, "PRC-02": 40})))
    assert low == {
        "OFFER-CURRENCY": (
            "140 USD in all (acme.xlsx, Answers!B16)",
            "Please say in Comment how the total is made up, hour by hour, and what is not in it.",
        )
    }


def test_another_currency_asks_every_price_again_and_putting_it_right_alone_keeps_none(tmp_path):
    folder = offers(tmp_path, **{"OFFER-CURRENCY": "EUR"})
    content = asked_back(folder)
    asked = lines(content)
    assert list(asked) == ["PRC-01", "PRC-02", "OFFER-CURRENCY"]
    assert asked["PRC-01"] == (
        "'0.2' (acme.xlsx, Answers!B14)",
        "Please give this price in USD: no price counts in another currency.",
    )
    back = folder / "responses" / "acme back.xlsx"
    write_back(content, back, {"OFFER-CURRENCY": "USD", "PRC-01": 0.25})
    acme = run(folder).vendor("acme")
    assert [(line.unit_price, line.state) for line in acme.price.items] == [(0.25, "answered"), (None, "invalid")]
    issues = [issue for issue in acme.issues if issue.severity == "blocking"]
    assert [(i.code, i.question, i.source.cell) for i in issues] == [("other-currency", "PRC-02", "B15")]
    assert list(lines(asked_back(folder))) == ["PRC-02"]
    write_back(content, back, {"OFFER-CURRENCY": "USD", "PRC-01": 0.25, "PRC-02": 110})
    acme = run(folder).vendor("acme")
    assert [line.unit_price for line in acme.price.items] == [0.25, 110]
    assert asked_back(folder) is None


@pytest.mark.parametrize(
    ("figure", "outside"),
    [(21, False), (28, False), ("4 weeks", False), (30, True), ("2 weeks", True), (3, True)],
)
def test_a_clarified_figure_outside_the_range_that_arrived_is_a_warning(tmp_path, figure, outside):
    folder = tender(tmp_path, {**FULL, "NUM": ("3-4 weeks", DOCUMENT)})
    content = asked_back(folder)
    needed = "'3-4 weeks' is a range: please give one number of days (3-4 weeks are 21-28 days)."
    assert lines(content)["NUM"][1] == needed
    write_back(content, folder / "responses" / "acme back.xlsx", {"NUM": figure})
    acme = run(folder).vendor("acme")
    issues = [(i.code, i.severity, i.question) for i in acme.issues if i.severity != "notice"]
    assert issues == ([("clarified-outside-range", "warning", "NUM")] if outside else [])


@pytest.mark.parametrize("before", ["approx. 3-4 weeks", "1-2 years", "3-4 boxes", "20-30"])
def test_a_clarified_figure_is_compared_with_a_range_in_its_own_unit_alone(tmp_path, before):
    folder = tender(tmp_path, {**FULL, "NUM": (before, DOCUMENT)})
    write_back(asked_back(folder), folder / "responses" / "acme back.xlsx", {"NUM": 25})
    assert "clarified-outside-range" not in codes(run(folder).vendor("acme"))


def test_a_price_that_comes_back_completes_the_offer(tmp_path):
    folder = offers(tmp_path, **{"PRC-02": None, "OFFER-VALID": "soon"})
    content = asked_back(folder)
    assert run(folder).vendor("acme").price.total is None
    write_back(content, folder / "responses" / "acme back.xlsx", {"PRC-02": 100, "OFFER-VALID": "2027-03-01"})
    acme = run(folder).vendor("acme")
    assert (acme.price.total, acme.price.valid_until) == (500.0, "2027-03-01")
    assert {issue.severity for issue in acme.issues} == {"notice"}
    assert asked_back(folder) is None


def test_what_explains_a_low_price_is_shown_to_the_buyer_and_not_asked_for_again(tmp_path):
    folder = offers(tmp_path, **{"PRC-01": 0.05, "PRC-02": 40})
    said = {"OFFER-CURRENCY": (None, None, "Our tools halve the hours")}
    write_back(asked_back(folder), folder / "responses" / "acme back.xlsx", said)
    acme = run(folder).vendor("acme")
    (issue,) = [issue for issue in acme.issues if issue.code == "said-beside-price"]
    assert issue.message == "OFFER-CURRENCY: Comment says 'Our tools halve the hours'"
    assert acme.price.total == 140.0
    assert asked_back(folder) is None


def test_cells_of_one_sheet_are_named_together(tmp_path):
    folder = tender(tmp_path, {**FULL, "ALL.a": ("Yes", None), "ALL.b": "Yes"})
    assert lines(asked_back(folder))["ALL.a"][0] == "'a: Yes; b: Yes' (acme.xlsx, Answers!B9, B10)"


def test_the_same_bytes_are_read_once_and_changed_ones_anew(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(
        "vendor_eval.forms.identity.spread", lambda _work, _folder, files, **_: [read.append(f) for f in files]
    )
    write_book(tmp_path / "acme.xlsx", {"Answers": [["ID"], [str(tmp_path)]]})
    (tmp_path / "copy.xlsx").write_bytes((tmp_path / "acme.xlsx").read_bytes())
    for _ in range(2):
        assert claimed_clarifications(tmp_path, ["acme.xlsx", "copy.xlsx", "missing.xlsx"]) == {}
    assert len(read) == 1
    write_book(tmp_path / "copy.xlsx", {"Answers": [["ID"], [f"{tmp_path} 2"]]})
    assert claimed_clarifications(tmp_path, ["acme.xlsx", "copy.xlsx"]) == {}
    assert read[1:] == ["copy.xlsx"]
