"""The declaration on the cover: who signs for the answers, what is missing, and what follows."""

import json
from datetime import date

import pytest
from books import all_form_rows, opened
from builders import load, run, write_evaluation, write_response
from click.testing import CliRunner
from office import needs_office, saved_as
from pages import comparison_html, scorecard_html, words

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.forms.layout import SIGNATURE, TICKS
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.forms.tokens import load_tokens
from vendor_eval.reports.tables import gates
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.wording.requirements import unmet
from vendor_eval.run.outputs import clarifications, open_points

TREE = load("a: {A1: {Q1: {}, Q2: {}}}")
SIGNED = {
    "Signed by": "Ana Pérez",
    "Role": "Managing director",
    "Date signed": date(2026, 11, 18),
    "The answers are true": "Yes",
    "The answers are complete": "Yes",
    "The answers may become part of the contract": "Yes",
}
TRUE, COMPLETE, CONTRACT = TICKS.values()


def tender(folder, declaration="", **settings):
    own = {**({"declaration": declaration} if declaration else {}), **settings}
    return write_evaluation(folder, TREE, {}, settings=json.dumps(own))


def boxes(sheet):
    """The box of each label of the block."""
    labels = {*SIGNATURE.values(), *TICKS.values()}
    return {row[0].value: row[1] for row in sheet.iter_rows() if row[0].value in labels}


def respond(folder, vendor, signed, content=None):
    """Answer every question of a questionnaire, and fill in its block."""
    book = opened(content or questionnaire(load_evaluation(folder)))
    for row in all_form_rows(book).values():
        row["Answer"].value, row["Evidence"].value = 80, "Log 7"
    for label, value in signed.items():
        boxes(book["Start here"])[label].value = value
    book.save(folder / "responses" / f"{vendor}.xlsx")
    return folder


def declared(folder, signed, **settings):
    """Record of a vendor that fills in the block so."""
    respond(tender(folder, **settings), "acme", signed)
    return run(folder).vendor("acme")


def codes(vendor):
    return [issue.code for issue in vendor.issues]


# ---- the block


def test_the_cover_has_the_block_with_each_box_right_of_its_label(tmp_path):
    sheet = opened(questionnaire(load_evaluation(tender(tmp_path))))["Start here"]
    assert list(boxes(sheet)) == list(SIGNED)
    assert [cell.value for cell in sheet["A"]].count("Declaration") == 1
    assert not any(box.protection.locked for box in boxes(sheet).values())
    assert boxes(sheet)["Date signed"].number_format == "yyyy-mm-dd"


def test_nothing_is_asked_where_it_is_off(tmp_path):
    folder = tender(tmp_path, "off")
    book = opened(questionnaire(load_evaluation(folder)))
    assert boxes(book["Start here"]) == {}
    # A form that was sent out before it was switched off.
    asked = questionnaire(load_evaluation(tender(tmp_path / "asked")))
    vendor = run(respond(folder, "acme", SIGNED, asked)).vendor("acme")
    assert (vendor.declaration.state, codes(vendor)) == ("not_asked", [])


# ---- what is read


def test_six_boxes_make_a_signature(tmp_path):
    vendor = declared(tmp_path, SIGNED)
    record = vendor.declaration
    assert record.model_dump(exclude={"source"}) == {
        "state": "signed",
        "name": "Ana Pérez",
        "role": "Managing director",
        "date": "2026-11-18",
        "ticks": {"true": True, "complete": True, "contract": True},
    }
    assert (record.source.file, record.source.sheet) == ("responses/acme.xlsx", "Start here")
    assert opened(tmp_path / record.source.file)["Start here"][record.source.cell].value == "Ana Pérez"
    assert codes(vendor) == []


@pytest.mark.parametrize(
    ("signed", "state", "ticks", "said"),
    [
        ({}, "missing", (None, None, None), "every box is blank"),
        ({"Signed by": "TBD", "Role": "n/a"}, "missing", (None, None, None), "every box is blank"),
        (SIGNED | {"Role": None}, "partial", (True, True, True), "Role (blank)"),
        (SIGNED | {TRUE: "No"}, "partial", (False, True, True), f"{TRUE} (No)"),
        (SIGNED | {COMPLETE: None}, "partial", (True, None, True), f"{COMPLETE} (blank)"),
        (SIGNED | {CONTRACT: "mostly"}, "partial", (True, True, None), f"{CONTRACT} ('mostly' is neither Yes nor No)"),
        ({TRUE: "Yes"}, "partial", (True, None, None), "Signed by (blank); Role (blank); Date signed (blank); "),
    ],
)
def test_what_lacks_is_a_warning_that_names_it(tmp_path, signed, state, ticks, said):
    vendor = declared(tmp_path, signed)
    assert (vendor.declaration.state, tuple(vendor.declaration.ticks.values())) == (state, ticks)
    (issue,) = vendor.issues
    assert (issue.code, issue.severity, issue.source.cell) == ("declaration-missing", "warning", "B22")
    assert said in issue.message
    assert vendor.status == "eligible"


def test_a_day_that_cannot_be_read_is_no_day(tmp_path):
    record = declared(tmp_path, SIGNED | {"Date signed": "03/04/2026"}).declaration
    assert (record.state, record.date) == ("partial", None)


@pytest.mark.parametrize(("yes", "no"), [("ja", "nein"), ("TRUE", "FALSE"), (True, False), ("✓", "❌")])
def test_yes_and_no_are_read_in_the_languages_of_answers(tmp_path, yes, no):
    ticks = declared(tmp_path, SIGNED | {TRUE: yes, COMPLETE: no}).declaration.ticks
    assert (ticks["true"], ticks["complete"]) == (True, False)


def test_a_form_without_the_rows_was_not_asked(tmp_path):
    folder = tender(tmp_path)
    write_response(folder / "responses" / "plain.xlsx", [("Q1", 80, "Log 7"), ("Q2", 80, "Log 7")])
    respond(folder, "older", {}, questionnaire(load_evaluation(tender(tmp_path / "older", "off"))))
    result = run(folder)
    for vendor in result.vendors:
        assert vendor.declaration.state == "not_asked"
        assert "declaration-missing" not in codes(vendor)
    assert clarifications(result, load_evaluation(folder)) == {"plain": None, "older": None}


def test_a_vendor_that_sent_nothing_was_not_asked(tmp_path):
    folder = respond(tender(tmp_path, vendors=[{"id": "acme"}, {"id": "bolt"}]), "acme", SIGNED)
    assert run(folder).vendor("bolt").declaration.state == "not_asked"


@needs_office
def test_the_block_survives_libreoffice(tmp_path):
    folder = respond(tender(tmp_path), "acme", SIGNED)
    path = folder / "responses" / "acme.xlsx"
    saved_as(path, "xlsx", tmp_path / "saved").replace(path)
    assert run(folder).vendor("acme").declaration.state == "signed"


# ---- must


def test_a_signature_that_is_demanded_is_a_gate_and_a_condition_until_it_is_there(tmp_path):
    folder = respond(tender(tmp_path, "must"), "acme", SIGNED | {"Role": None})
    respond(folder, "bolt", SIGNED)
    write_response(folder / "responses" / "cord.xlsx", [("Q1", 80, "Log 7"), ("Q2", 80, "Log 7")])
    result = run(folder)
    found = {v.id: (v.declaration.state, v.status, [(g.kind, g.result) for g in v.gates]) for v in result.vendors}
    assert found == {
        "acme": ("partial", "conditional", [("must", "unresolved")]),
        "bolt": ("signed", "eligible", [("must", "pass")]),
        "cord": ("missing", "conditional", [("must", "unresolved")]),
    }
    acme, cord = result.vendor("acme"), result.vendor("cord")
    assert [(c.about, c.question, c.kind, c.stage, c.result) for c in acme.conditions] == [
        ("DECLARATION", "DECLARATION", "must", "award", "unresolved")
    ]
    assert "Not signed: Role (blank)" in acme.gates[0].reason
    assert "the form has no such block" in cord.gates[0].reason
    assert "declaration-missing" not in codes(acme)
    assert all(clarifications(result, load_evaluation(folder))[name] for name in ("acme", "cord"))


def test_outputs_name_the_gate(tmp_path):
    folder = respond(tender(tmp_path, "must"), "acme", {})
    result = run(folder)
    (requirement,) = unmet(result, result.vendor("acme"))
    assert requirement.about == "DECLARATION"
    assert requirement.know == "Not signed: every box is blank."
    assert "signed declaration" in words(comparison_html(result))
    assert "signed declaration" in words(scorecard_html(result, "acme"))
    assert "DECLARATION" in explain(result, result.vendor("acme"), None)
    assert list(gates(result)["question"]) == ["DECLARATION"]
    done = CliRunner().invoke(main, ["evaluate", str(folder), "--format", "json,xlsx,csv,pdf"])
    assert done.exit_code == 0, done.output


def test_the_setting_decides_and_is_sealed(tmp_path):
    done = CliRunner().invoke(main, ["seal", str(tender(tmp_path, "must")), "--by", "Eva"])
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "seal.json").read_text())["settings"]["declaration"] == "must"


# ---- asked back


def test_the_clarification_asks_for_the_signature_alone_where_nothing_else_is_open(tmp_path):
    folder = tender(tmp_path, evidence="off")
    respond(folder, "acme", SIGNED | {"Role": None, TRUE: "No"})
    respond(folder, "bolt", SIGNED)
    result, evaluation = run(folder), load_evaluation(folder)
    sent = clarifications(result, evaluation)
    assert sent["bolt"] is None
    assert open_points(result, evaluation) == {"acme": 1, "bolt": 0}
    book = opened(sent["acme"])
    assert book.sheetnames[0] == "Declaration"
    assert load_tokens(folder).sent["acme"][0].questions == ("DECLARATION",)
    for label, value in (("Role", "Director"), (TRUE, "Yes")):
        boxes(book["Declaration"])[label].value = value
    book.save(folder / "responses" / "acme-reply.xlsx")
    vendor = run(folder).vendor("acme")
    assert (vendor.declaration.state, vendor.declaration.name, vendor.declaration.role) == (
        "signed",
        "Ana Pérez",
        "Director",
    )
    assert (vendor.rounds, vendor.score, codes(vendor)) == (1, result.vendor("acme").score, [])


def test_an_empty_reply_leaves_the_signature_as_it_was(tmp_path):
    folder = respond(tender(tmp_path, evidence="off"), "acme", SIGNED | {"Role": None})
    sent = clarifications(run(folder), load_evaluation(folder))["acme"]
    (folder / "responses" / "acme-reply.xlsx").write_bytes(sent)
    vendor = run(folder).vendor("acme")
    assert (vendor.rounds, vendor.declaration.state, vendor.declaration.name) == (1, "partial", "Ana Pérez")
    assert codes(vendor) == ["declaration-missing"]


def test_beside_open_points_the_block_has_a_sheet_of_its_own(tmp_path):
    folder = respond(tender(tmp_path), "acme", {})
    book = opened(folder / "responses" / "acme.xlsx")
    all_form_rows(book)["Q1"]["Answer"].value = None
    book.save(folder / "responses" / "acme.xlsx")
    result = run(folder)
    book = opened(clarifications(result, load_evaluation(folder))["acme"])
    assert book.sheetnames[:2] == ["Open points", "Declaration"]
    assert [sheet["B2"].value or sheet["A2"].value for sheet in book.worksheets[:2]] == [
        "acme · round 1 · 2 open points"
    ] * 2
    for label, value in SIGNED.items():
        boxes(book["Declaration"])[label].value = value
    all_form_rows(book)["Q1"]["Answer"].value = 70
    book.save(folder / "responses" / "acme-reply.xlsx")
    vendor = run(folder).vendor("acme")
    assert vendor.declaration.state == "signed"
    assert vendor.declaration.source.sheet == "Declaration"
    assert vendor.answers[0].answer == "70"


def test_two_signatures_in_one_round_are_listed_and_the_first_counts(tmp_path):
    folder = tender(tmp_path, vendors=[{"id": "acme", "file": ["responses/a.xlsx", "responses/b.xlsx"]}])
    respond(folder, "a", SIGNED)
    respond(folder, "b", SIGNED | {"Signed by": "Bo Berg"})
    vendor = run(folder).vendor("acme")
    assert vendor.declaration.name == "Ana Pérez"
    assert "unclaimed-content" in codes(vendor)
