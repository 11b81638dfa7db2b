"""The seal: what keeps it, what breaks it, who explains a change, and the one sentence that every output says."""

import json
import random
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml
from builders import load, run
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook
from pages import appendix_html, comparison_html, scorecard_html, words

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.issues import VendorEvalError
from vendor_eval.record.canonical import canonical, differences, digest
from vendor_eval.record.log import Entry, append, read_log
from vendor_eval.record.seal import read_seal, write_seal
from vendor_eval.record.settings import sealed_settings
from vendor_eval.reports.wording.record import record_sentence
from vendor_eval.reports.workbook.shortlist import shortlist

SMALL = Path(__file__).parent.parent / "samples" / "small"
MOMENT = datetime(2026, 11, 10, 9, 12, 44, tzinfo=timezone(timedelta(hours=1)))
SEALED = "Sealed on 2026-11-10, unchanged."


@pytest.fixture
def tender(tmp_path):
    """The small sample before a response came in."""
    shutil.copytree(SMALL, tmp_path / "rfp")
    (tmp_path / "rfp" / "responses").rename(tmp_path / "sent")
    return tmp_path / "rfp"


def seal(folder, moment=MOMENT, late=""):
    write_seal(load_evaluation(folder), read_log(folder), moment=moment, by="Ruth Adler", late=late)


def open_responses(folder):
    shutil.copytree(folder.parent / "sent", folder / "responses")


def change(folder, **keys):
    """Change keys of evaluation.yaml; None takes one out."""
    file = folder / "evaluation.yaml"
    values = {**load(file.read_text("utf-8")), **keys}
    file.write_text(json.dumps({k: v for k, v in values.items() if v is not None}, ensure_ascii=False), "utf-8")


def amend(folder, key, old, new, why="a slip of the pen", moment=MOMENT + timedelta(days=11)):
    entry = Entry(act="amend", by="Ruth Adler", why=why, about=(key,), old={key: old}, new={key: new})
    append(folder, read_log(folder), [entry], moment)


def settings_of(folder):
    return sealed_settings(load_evaluation(folder))


# ------------------------------------------------------------------------------------------------ what keeps a seal


def shuffled(value, rng):
    if isinstance(value, dict):
        return {key: shuffled(value[key], rng) for key in rng.sample(sorted(value), len(value))}
    return [shuffled(part, rng) for part in value] if isinstance(value, list) else value


@settings(max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_key_order_comments_and_quotes_keep_a_seal(seed, tmp_path_factory):
    rng = random.Random(seed)  # noqa: S311  spellings, no secrets
    folder = tmp_path_factory.mktemp("rfp")
    values = load((SMALL / "evaluation.yaml").read_text("utf-8"))
    text = yaml.safe_dump(
        shuffled(values, rng),
        sort_keys=False,
        allow_unicode=rng.random() < 0.5,
        default_flow_style=rng.choice([True, False, None]),
        width=rng.choice([20, 80, 1000]),
    )
    # A day in quotes, as some programs write it, is the same day.
    text = "# ours\n" + text.replace("as_of: '2026-11-24'", rng.choice(["as_of: 2026-11-24", 'as_of: "2026-11-24"']))
    (folder / "evaluation.yaml").write_text(text, "utf-8")
    assert canonical(settings_of(folder)) == canonical(settings_of(SMALL))


FLOOR = {"security": 70}
SAME = {
    "floor": ({"floors": FLOOR}, {"floors": {"security": {"at_least": 70.0, "kind": "must"}}}),
    "balanced": ({"preset": "balanced"}, "balanced"),
    "moment": ({"deadline": "2026-11-20T16:00:00Z"}, {"deadline": "2026-11-20T17:00:00+01:00"}),
    "set": ({"context": {"regimes": ["gdpr", "hipaa"]}}, {"context": {"regimes": ["hipaa", "gdpr"]}}),
    "preset and tags": (
        {"preset": "regulated_data"},
        {"preset": "balanced", "tags": ["no_genai", "regulated"]},
    ),
    "evaluators": (
        {"evaluators": [{"id": "ana"}, {"id": "ben", "categories": ["security", "qa_rigor"]}]},
        {"evaluators": [{"id": "ben", "categories": ["qa_rigor", "security"], "sheet": "ben-2.xlsx"}, {"id": "ana"}]},
    ),
    "out of it": (
        {},
        {"title": "Other", "seed": 7, "stage": "data", "firmness": "off", "intro": "Hi", "reference": ""},
    ),
    "vendors": ({}, {"vendors": [{"id": "acme"}], "reply_by": None, "contact": None}),
}


@pytest.mark.parametrize("case", SAME)
def test_two_spellings_of_one_setting_have_one_seal(case, tender):
    before, after = SAME[case]
    change(tender, **before)
    first = settings_of(tender)
    change(tender, **({"preset": None, "weights": first["weights"]} if after == "balanced" else after))
    assert digest(settings_of(tender)) == digest(first)


def test_a_preset_that_shifts_criteria_is_another_one_spelled_out(tender):
    first = settings_of(tender)
    change(tender, preset=None, weights=first["weights"])
    keys = {difference.key for difference in differences(first, settings_of(tender))}
    assert "criterion_weights.engagement_flexibility.E3" in keys
    assert {key.partition(".")[0] for key in keys} == {"criterion_weights"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1.0, "a": 18}, '{"a":18,"b":1}'),
        ({"é": "e\u0301"}, '{"é":"é"}'),
        ([0.1, 1e21, -0.0, True, None], "[0.1,1000000000000000000000,0,true,null]"),
        ({"on": datetime(2026, 11, 20, 17, tzinfo=timezone(timedelta(hours=1)))}, '{"on":"2026-11-20T16:00:00Z"}'),
        (frozenset({"b", "a"}), '["a","b"]'),
    ],
)
def test_a_value_has_one_canonical_form(value, text):
    assert canonical(value).decode() == text


# ------------------------------------------------------------------------------------------------ what breaks it

ITEM = {"id": "PRC-01", "text": "An object", "unit": "object", "volume": 1000}
PRICE = {"weight": 30, "rule": "fixed_bounds", "best": 100, "worst": 900, "currency": "EUR", "items": [ITEM]}
ANA, BEN = {"id": "ana", "name": "Ana P."}, {"id": "ben"}
DECISIVE = {
    "as_of": ({}, {"as_of": "2026-11-25"}, ("2026-11-24", "2026-11-25")),
    "deadline": ({"deadline": "2026-11-20T16:00:00Z"}, {"deadline": "2026-11-20T17:00:00Z"}, None),
    "missing": ({}, {"missing": "exclude"}, ("zero", "exclude")),
    "aggregate": ({}, {"aggregate": "mean"}, ("median", "mean")),
    "shortlist": ({}, {"shortlist": 3}, (2, 3)),
    "tie_breakers": ({"tie_breakers": []}, {"tie_breakers": ["security"]}, ([], ["security"])),
    "evidence.claim": ({}, {"evidence": {"claim": 50}}, (60, 50)),
    "floors.security.at_least": ({"floors": {"security": 60}}, {"floors": {"security": 50}}, (60, 50)),
    "floors.security.kind": (
        {"floors": {"security": 60}},
        {"floors": {"security": {"at_least": 60, "kind": "knock_out"}}},
        ("must", "knock_out"),
    ),
    "price.weight": ({"price": PRICE}, {"price": PRICE | {"weight": 25}}, (30, 25)),
    "price.best": ({"price": PRICE}, {"price": PRICE | {"best": 120}}, (100, 120)),
    "price.items.PRC-01.volume": ({"price": PRICE}, {"price": PRICE | {"items": [ITEM | {"volume": 5}]}}, (1000, 5)),
    "context.languages": (
        {"context": {"languages": "irrelevant"}},
        {"context": {"languages": "several"}},
        ("irrelevant", "several"),
    ),
    "evaluators.ben": ({"evaluators": [ANA]}, {"evaluators": [ANA, BEN]}, (None, {"name": "", "categories": []})),
    "evaluators.ana.categories": (
        {"evaluators": [ANA]},
        {"evaluators": [{**ANA, "categories": ["security"]}]},
        ([], ["security"]),
    ),
    "brief.unit": ({"brief": {"unit": "object"}}, {"brief": {"unit": "box"}}, ("object", "box")),
    "criterion_weights.security.S4": ({}, {"overrides": {"security.S4": {"weight": 33}}}, None),
    "criteria.SEC-13.weight": ({}, {"overrides": {"SEC-13": {"weight": 9}}}, None),
    "criteria.SEC-13.text": ({}, {"overrides": {"SEC-13": {"text": "Other words?"}}}, None),
    "criteria.ENG-08.max": ({}, {"overrides": {"ENG-08": {"max": 25}}}, (24, 25)),
    "criteria.WRK-22.whole": ({}, {"overrides": {"WRK-22": {"whole": False}}}, (True, None)),
    "criteria.SEC-13.gates.0.at_least": (
        {"overrides": {"SEC-13": {"gates": [{"kind": "must", "at_least": 60}]}}},
        {"overrides": {"SEC-13": {"gates": [{"kind": "must", "at_least": 50}]}}},
        (60, 50),
    ),
    "criteria.SEC-13.gates.0.stage": (
        {"overrides": {"SEC-13": {"gates": [{"kind": "must", "at_least": 60}]}}},
        {"overrides": {"SEC-13": {"gates": [{"kind": "must", "at_least": 60, "stage": "data"}]}}},
        ("award", "data"),
    ),
}


@pytest.mark.parametrize("key", DECISIVE)
def test_a_decisive_key_that_changes_alone_is_named_with_old_and_new(key, tender):
    before, after, values = DECISIVE[key]
    change(tender, questions="full", **before)
    first = settings_of(tender)
    change(tender, **after)
    changed = {difference.key: difference for difference in differences(first, settings_of(tender))}
    of_context = {name for name in changed if name.startswith("criteria.")} if key.startswith("context.") else set()
    assert set(changed) - of_context == {key}
    if values is not None:
        assert (changed[key].old, changed[key].new) == values


def test_weights_and_the_tier_are_named(tender):
    change(tender, preset=None, weights=settings_of(tender)["weights"])
    first = settings_of(tender)
    weights = first["weights"]
    moved = {**weights, "security": weights["security"] + 4, "qa_rigor": weights["qa_rigor"] - 4}
    change(tender, weights=moved, questions="full")
    changed = {
        difference.key: (difference.old, difference.new) for difference in differences(first, settings_of(tender))
    }
    assert changed["weights.security"] == (weights["security"], weights["security"] + 4)
    assert changed["questions"] == ("core", "full")
    asked = [name for name, (old, _) in changed.items() if name.startswith("criteria.") and old is None]
    assert asked


def test_the_pilot_is_sealed_as_it_decides(tmp_path):
    pilot = shutil.copytree(SMALL.parent / "pilot", tmp_path / "rfp")
    first = settings_of(pilot)
    assert {"task", "labels", "risk", "severity", "iou", "least_items", "links", "counts"} >= set(first["pilot"])
    file = pilot / "pilot" / "pilot.yaml"
    text = file.read_text("utf-8")
    file.write_text(f"{text}\nleast_items: 77\n", "utf-8")
    changed = [*differences(first, settings_of(pilot))]
    assert [(one.key, one.new) for one in changed] == [("pilot.least_items", 77)]


# ------------------------------------------------------------------------------------------------ sealing


def test_a_seal_holds_who_when_and_the_settings(tender):
    seal(tender)
    written = json.loads((tender / "seal.json").read_text("utf-8"))
    assert written["schema"] == "vendor-eval/seal/1"
    assert written["sealed"] == {"at": "2026-11-10T09:12:44+01:00", "by": "Ruth Adler", "late": None, "responses": 0}
    assert written["sha256"] == digest(written["settings"])
    assert written["settings"]["criteria"]["id"] == "annotation-partner"
    assert (tender / "seal.json").read_text("utf-8").startswith('{\n "schema"')


@pytest.mark.parametrize("file", ["responses/acme.xlsx", "responses/acme/answers.ods", "prices/acme.csv"])
def test_once_a_response_or_a_price_is_there_sealing_is_refused_by_the_name_of_the_file(file, tender):
    items = [{"id": "P1", "text": "Boxes", "unit": "box", "volume": 1}]
    price = {"weight": 30, "rule": "lowest_ratio", "currency": "EUR", "items": items, "open_after": "quality"}
    change(tender, vendors=[], price=price)
    (tender / file).parent.mkdir(parents=True)
    (tender / file).write_bytes(b"")
    with pytest.raises(VendorEvalError, match=file):
        seal(tender)
    assert not (tender / "seal.json").exists()
    seal(tender, late="The tender was begun on paper")
    sealed, _ = read_seal(tender)
    assert (sealed.sealed.late, sealed.sealed.responses) == ("The tender was begun on paper", 1)


def test_files_that_nobody_reads_are_no_responses(tender):
    change(tender, vendors=[])
    (tender / "responses").mkdir()
    for name in ("README.txt", ".hidden.xlsx", "~$acme.xlsx", "Thumbs.db"):
        (tender / "responses" / name).write_bytes(b"")
    seal(tender)
    assert read_seal(tender)[0].sealed.responses == 0


def test_a_second_seal_replaces_the_first_until_a_response_is_there(tender):
    seal(tender)
    change(tender, shortlist=3)
    seal(tender, MOMENT + timedelta(days=1))
    assert read_seal(tender)[0].settings["shortlist"] == 3
    assert [line.act for line in read_log(tender).lines] == ["seal", "seal"]
    open_responses(tender)
    for late in ("", "too late"):
        with pytest.raises(VendorEvalError, match="decide --act amend"):
            seal(tender, MOMENT + timedelta(days=2), late=late)


def invoke(*words, **environment):
    return CliRunner().invoke(main, [*map(str, words)], env={"VENDOR_EVAL_BY": None, **environment})


def test_the_command_seals_by_a_name_and_logs_it(tender):
    assert invoke("seal", tender).exit_code == 2
    assert invoke("seal", tender, "--by", " ").exit_code == 2
    assert not (tender / "seal.json").exists()
    done = invoke("seal", tender, VENDOR_EVAL_BY="Ruth Adler")
    assert (done.exit_code, "SHA-256" in done.stdout) == (0, True)
    line = read_log(tender).lines[-1]
    assert (line.act, line.by, line.new["sha256"]) == ("seal", "Ruth Adler", read_seal(tender)[0].sha256)


def test_a_second_seal_says_and_logs_the_differences(tender):
    invoke("seal", tender, "--by", "Ruth Adler")
    first = read_seal(tender)[0].sha256
    change(tender, shortlist=3)
    again = invoke("seal", tender, "--by", "Ana P.")
    assert "shortlist 2 -> 3" in again.stderr
    *_, setting, sealed = read_log(tender).lines
    assert (setting.act, setting.about, setting.old, setting.new) == ("setting", ("setting/shortlist",), 2, 3)
    assert (sealed.act, sealed.by, sealed.old) == ("seal", "Ana P.", {"sha256": first})


def test_a_refused_seal_begins_no_record(tender):
    open_responses(tender)
    refused = invoke("seal", tender, "--by", "Ruth Adler")
    assert (refused.exit_code, "responses/nordhain.xlsx" in refused.stderr) == (1, True)
    change(tender, shortlist="many")
    assert invoke("seal", tender, "--by", "Ruth Adler", "--late", "why not").exit_code == 1
    assert not (tender / "decisions.jsonl").exists()


def test_a_late_seal_says_so_in_every_output(tender):
    open_responses(tender)
    assert invoke("seal", tender, "--by", "Ruth Adler", "--late", "Forgotten").exit_code == 0
    day = read_seal(tender)[0].day
    assert [line.act for line in read_log(tender).lines][-2:] == ["open", "seal"]
    assert invoke("rank", tender).stdout.splitlines()[-1] == f"Sealed on {day}, late (Forgotten), unchanged."


def test_a_seal_that_cannot_be_logged_leaves_the_one_before(tender, monkeypatch):
    seal(tender)
    before = (tender / "seal.json").read_bytes()
    change(tender, shortlist=3)

    def full(*_args):
        raise VendorEvalError("no space left")

    monkeypatch.setattr("vendor_eval.record.seal.append", full)
    with pytest.raises(VendorEvalError, match="no space"):
        seal(tender, MOMENT + timedelta(days=1))
    assert (tender / "seal.json").read_bytes() == before


def test_a_seal_json_that_is_not_ours_is_not_replaced(tender):
    (tender / "seal.json").write_text("{}", "utf-8")
    with pytest.raises(VendorEvalError, match=r"seal\.json"):
        seal(tender)
    assert (tender / "seal.json").read_text("utf-8") == "{}"


# ------------------------------------------------------------------------------------------------ changes since


def test_a_change_is_unexplained_until_a_line_holds_its_present_value(tender):
    seal(tender)
    open_responses(tender)
    assert record_sentence(run(tender).evaluation) == SEALED
    change(tender, shortlist=3)
    record = run(tender).evaluation.record
    assert (record.state, record.by, record.log.lines) == ("unexplained", "Ruth Adler", 1)
    amend(tender, "shortlist", 2, 3)
    result = run(tender)
    (changed,) = result.evaluation.record.changes
    assert result.evaluation.record.state == "changed"
    assert (changed.by, changed.on, changed.why, changed.line) == ("Ruth Adler", "2026-11-21", "a slip of the pen", 2)
    change(tender, shortlist=1)
    assert run(tender).evaluation.record.state == "unexplained"
    change(tender, shortlist=2)
    taken_back = run(tender).evaluation.record
    assert (taken_back.state, taken_back.changes, taken_back.log.lines) == ("unchanged", (), 2)


def test_the_sentence_names_each_change(tender):
    seal(tender)
    open_responses(tender)
    change(tender, shortlist=3, missing="exclude", evaluators=[ANA])
    amend(tender, "shortlist", 2, 3, "Three were promised.")
    evaluation = run(tender).evaluation
    assert record_sentence(evaluation) == (
        "Sealed on 2026-11-10; 3 changes since: evaluators.ana added (nobody gave a reason); missing zero -> exclude "
        "(nobody gave a reason); shortlist 2 -> 3 (Ruth Adler, 2026-11-21: Three were promised)."
    )
    assert record_sentence(evaluation, names=False) == (
        "Sealed on 2026-11-10; 3 changes since: evaluators changed (nobody gave a reason); missing zero -> exclude "
        "(nobody gave a reason); shortlist 2 -> 3 (2026-11-21)."
    )


def test_of_many_changes_the_sentence_names_first_what_nobody_explained(tender):
    seal(tender)
    open_responses(tender)
    change(tender, shortlist=3, preset="balanced")
    for entry in run(tender).evaluation.record.changes:
        if not entry.key.startswith("weights."):
            amend(tender, entry.key, entry.old, entry.new, "agreed\nby all")
    evaluation = run(tender).evaluation
    sentence = record_sentence(evaluation)
    assert sentence.count("(nobody gave a reason)") == sum(not c.explained for c in evaluation.record.changes)
    assert "agreed by all" in sentence
    assert sentence.endswith("more in results.json.")
    assert record_sentence(evaluation, names=False).endswith(" more.")


@pytest.mark.parametrize("edit", [('"shortlist": 2', '"shortlist": 9'), ("vendor-eval/seal/1", "other"), ("}", "")])
def test_an_edited_seal_is_said(edit, tender):
    seal(tender)
    open_responses(tender)
    file = tender / "seal.json"
    file.write_text(file.read_text("utf-8").replace(*edit), "utf-8")
    evaluation = run(tender).evaluation
    assert "seal-edited" in {issue.code for issue in evaluation.issues}
    assert evaluation.record.state == "unexplained"
    assert "seal.json was changed" in record_sentence(evaluation)


def test_a_name_typed_into_a_seal_is_found_by_the_log(tender):
    seal(tender)
    open_responses(tender)
    file = tender / "seal.json"
    file.write_text(file.read_text("utf-8").replace("Ruth Adler", "Ana P."), "utf-8")
    assert "seal-edited" in {issue.code for issue in run(tender).evaluation.issues}


def test_a_seal_without_its_line_breaks_the_chain_and_a_log_without_seal_is_unsealed(tender):
    seal(tender)
    open_responses(tender)
    (tender / "decisions.jsonl").rename(tender.parent / "log")
    log = run(tender).evaluation.record.log
    assert (log.chain, [fault.code for fault in log.faults]) == ("broken", ["record-chain"])
    (tender.parent / "log").rename(tender / "decisions.jsonl")
    (tender / "seal.json").unlink()
    record = run(tender).evaluation.record
    assert (record.state, record.sealed, record.log.lines) == ("unsealed", None, 1)


def test_a_seal_of_another_version_is_a_notice_alone(tender, monkeypatch):
    seal(tender)
    open_responses(tender)
    monkeypatch.setattr("vendor_eval.record.seal.version", lambda _name: "9.9.9")
    evaluation = run(tender).evaluation
    assert "seal-version" in {issue.code for issue in evaluation.issues}
    assert evaluation.record.state == "unchanged"


# ------------------------------------------------------------------------------------------------ outputs


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """The small sample, sealed, with two changes of which one is explained."""
    folder = shutil.copytree(SMALL, tmp_path_factory.mktemp("outputs") / "rfp")
    (folder / "responses").rename(folder.parent / "sent")
    seal(folder)
    open_responses(folder)
    change(folder, shortlist=3, missing="exclude")
    amend(folder, "shortlist", 2, 3, "Okavira Data asked for it")
    return folder


SENTENCE = (
    "Sealed on 2026-11-10; 2 changes since: missing zero -> exclude (nobody gave a reason); shortlist 2 -> 3 "
    "(Ruth Adler, 2026-11-21: Okavira Data asked for it)."
)
WITHOUT_NAMES = (
    "Sealed on 2026-11-10; 2 changes since: missing zero -> exclude (nobody gave a reason); "
    "shortlist 2 -> 3 (2026-11-21)."
)


def test_the_sentence_is_the_last_line_of_every_command(changed):
    for command in (["check"], ["rank"], ["rank", "--all"]):
        assert invoke(*command, changed).stdout.splitlines()[-1] == SENTENCE
    for rest in (["nordhain"], ["nordhain", "SEC-01"], ["nordhain", "--why-not", "celadora"]):
        assert invoke("explain", changed, *rest).stdout.splitlines()[-1] == SENTENCE


def test_evaluate_says_it_on_stderr_and_strict_wants_a_reason(changed):
    done = invoke("evaluate", changed, "--format", "json")
    assert (done.exit_code, done.stderr.splitlines()[-1], SENTENCE in done.stdout) == (0, SENTENCE, False)
    assert invoke("evaluate", changed, "--format", "json", "--strict").exit_code == 1
    written = json.loads((changed / "out" / "results.json").read_text("utf-8"))["evaluation"]
    assert written["record"]["state"] == "unexplained"
    assert [entry["key"] for entry in written["record"]["changes"]] == ["missing", "shortlist"]
    assert "seal.json" in {entry["file"] for entry in written["inputs"]}
    assert "decisions.jsonl" not in {entry["file"] for entry in written["inputs"]}


def test_the_sentence_stands_on_page_1_under_method_and_in_the_workbook(changed, tmp_path):
    result = run(changed)
    assert words(comparison_html(result)).count(SENTENCE) == 1
    assert f"Record {SENTENCE}" in words(appendix_html(result))
    (tmp_path / "shortlist.xlsx").write_bytes(shortlist(result))
    book = load_workbook(tmp_path / "shortlist.xlsx")
    for sheet in ("Summary", "Method"):
        assert SENTENCE in {cell.value for row in book[sheet].iter_rows() for cell in row}


def test_a_vendor_reads_the_day_and_the_changes_without_names(changed):
    result = run(changed)
    copy, own = (words(scorecard_html(result, "nordhain", vendor_copy=of_vendor)) for of_vendor in (True, False))
    assert WITHOUT_NAMES in copy
    assert WITHOUT_NAMES in own
    assert not any(name in copy + own for name in ("Ruth Adler", "Okavira"))


def test_a_folder_without_a_record_gives_the_outputs_of_before():
    result = run(SMALL)
    assert result.evaluation.record is None
    assert record_sentence(result.evaluation) == ""
    pages = comparison_html(result) + appendix_html(result) + scorecard_html(result, "nordhain", vendor_copy=True)
    assert "ealed" not in pages
    assert ">Record<" not in pages
    assert json.loads(result.to_json())["evaluation"]["record"] is None


def test_a_replaced_file_is_said_on_page_1(tender):
    seal(tender)
    open_responses(tender)
    file = "responses/nordhain.xlsx"
    for old, new in ((None, "1"), ("1", "2")):
        entry = Entry(act="response", about=(f"response/{file}",), old=old, new=new)
        append(tender, read_log(tender), [entry], MOMENT + timedelta(days=12))
    result = run(tender)
    (replaced,) = result.evaluation.record.responses_replaced
    assert (replaced.vendor, replaced.file, replaced.on) == ("nordhain", file, "2026-11-22")
    assert f"Nordhain Bildwerk: {file} was replaced by another on 22 November 2026." in words(comparison_html(result))
