"""The log of decisions: derived lines, acts, breaks of the chain and their repair, one writer at a time."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from builders import write_evaluation, write_response
from click.testing import CliRunner
from hypothesis import given, settings as settings_of_test, strategies as st

from vendor_eval.cli import main
from vendor_eval.findings.acts import PilotFinding, SheetFinding
from vendor_eval.findings.sheets import Scores
from vendor_eval.issues import InputError, Location, VendorEvalError
from vendor_eval.record.canonical import canonical
from vendor_eval.record.derived import Read, synchronise
from vendor_eval.record.lock import LOCK, locked
from vendor_eval.record.log import FILE, Entry, append, cut, log_anchor, read_log
from vendor_eval.reports.wording.decision import should_know
from vendor_eval.run.evaluate import evaluate, load_evaluation

PILOT = Path(__file__).parent.parent / "samples" / "pilot"
NOW = datetime(2026, 11, 21, 9, 12, 44, tzinfo=UTC)
TODAY = datetime.now().astimezone().date()
RUBRIC = "{type: rubric, levels: [nothing, a claim, named, linked, measured, changed by it], red_flag: Sales only}"
TREE = f"{{a: {{A1: {{Q1: {{}}, R1: {RUBRIC}}}}}, b: {{B1: {{Q2: {{}}}}}}}}"
ANSWERS = {"acme": {"Q1": 80, "R1": "We did", "Q2": 70}, "bolt": {"Q1": 60, "R1": "We did not", "Q2": 90}}
FINDING = '{vendor: acme, question: Q1, verified: true, by: Ana P., date: 2026-11-20, reason: "Saw the log"}'
LEVEL = '{vendor: acme, question: R1, level: 3, by: Ana P., date: 2026-11-20, reason: "Seen"}'


@pytest.fixture
def tender(tmp_path):
    return write_evaluation(tmp_path, TREE, ANSWERS)


def command(*words, code=0, by="Ruth Adler"):
    done = CliRunner().invoke(main, [str(word) for word in words], env={"VENDOR_EVAL_BY": by}, prog_name="vendor-eval")
    assert done.exit_code == code, done.output
    return done


def decide(folder, act="note", *more, code=0, why="It was said", by="Ruth Adler"):
    return command("decide", folder, "--act", act, "--why", why, *more, code=code, by=by)


def lines(folder):
    """Lines as anybody reads them, without our code."""
    return [json.loads(line) for line in (folder / FILE).read_bytes().splitlines()]


def acts(folder):
    return [(line["act"], *line["about"]) for line in lines(folder)]


def is_whole(folder):
    """Check the chain as the specification words it, without our code."""
    content = (folder / FILE).read_bytes()
    assert content.endswith(b"\n")
    raw = content.split(b"\n")[:-1]
    before = ["0" * 64, *(sha256(line).hexdigest() for line in raw)]
    return [json.loads(line)["prev"] for line in raw] == before[:-1]


def settings(folder, **changes):
    path = folder / "evaluation.yaml"
    path.write_text(json.dumps(yaml.safe_load(path.read_text()) | changes, default=str))


def broken(folder, change):
    """Change the bytes of the lines of a log."""
    raw = (folder / FILE).read_bytes().split(b"\n")
    (folder / FILE).write_bytes(b"\n".join(change(raw)))


def logged(folder, count):
    entries = [Entry(act="note", by="Ruth Adler", why=f"Point {number}") for number in range(count)]
    return append(folder, read_log(folder), entries, NOW)


# ---- the file


def test_a_line_holds_every_field_sorted_without_blanks_and_the_hash_of_the_line_before(tender):
    decide(tender, "note", "--about", "acme", "--on", "2026-11-19", "--due", "2026-12-01")
    decide(tender)
    *_, note, last = lines(tender)
    fields = ["about", "act", "by", "due", "n", "new", "old", "on", "prev", "time", "tool", "why"]
    assert [*note] == fields
    assert note["about"] == ["acme"]
    assert (note["by"], note["why"], note["on"], note["due"]) == (
        "Ruth Adler",
        "It was said",
        "2026-11-19",
        "2026-12-01",
    )
    assert datetime.fromisoformat(note["time"]).tzinfo is not None
    assert "." not in note["time"]
    assert last["n"] == note["n"] + 1
    raw = (tender / FILE).read_bytes()
    assert b"\r" not in raw
    assert raw.split(b"\n")[-2] == canonical(last)
    assert is_whole(tender)


def test_a_text_that_no_line_holds_is_cut_with_its_length_said(tender):
    decide(tender, why="ö" * 90_000)
    raw = (tender / FILE).read_bytes().split(b"\n")[-2]
    assert len(raw) <= 64 * 2**10
    assert lines(tender)[-1]["why"].endswith("… (90,000 characters)")


@pytest.mark.parametrize(
    "more",
    [
        ("--about", "k" * 90_000),
        ("--by", "N" * 90_000),
        [w for n in range(5000) for w in ("--about", f"point-{n:020}")],
    ],
    ids=["a long key", "a long name", "many keys"],
)
def test_names_and_keys_of_a_decision_fit_into_lines_as_well(tender, more):
    decide(tender, "note", *more, "--why", "w" * 90_000)
    assert max(map(len, (tender / FILE).read_bytes().splitlines())) <= 64 * 2**10
    assert is_whole(tender)


def test_entries_about_many_keys_become_several_lines_none_above_64_kib(tmp_path):
    values = {f"response/responses/{number:04}.xlsx": "f" * 64 for number in range(1000)}
    append(tmp_path, read_log(tmp_path), [Entry(act="open", about=tuple(values), new=values)], NOW)
    raw = (tmp_path / FILE).read_bytes().splitlines()
    assert len(raw) > 1
    assert max(map(len, raw)) <= 64 * 2**10
    assert {key: value for line in lines(tmp_path) for key, value in line["new"].items()} == values


@settings_of_test(max_examples=40)
@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_what_is_cut_once_is_not_cut_again(value):
    large = [value, "x" * 30_000, {"why": "y" * 50_000}]
    assert cut(cut(large)) == cut(large)
    assert len(canonical(cut(large))) <= 12 * 2**10


# ---- what is derived


def test_a_folder_without_a_record_stays_without_one(tender):
    command("check", tender)
    command("evaluate", tender, "--format", "json")
    assert not (tender / FILE).exists()
    assert not (tender / LOCK).exists()
    assert evaluate(load_evaluation(tender)).evaluation.record is None
    assert command("log", tender).stdout == "No decisions are on record.\n"


def test_everything_that_stands_in_files_is_logged_in_order_of_its_keys_word_for_word(tender):
    (tender / "findings.yaml").write_text(
        f"[{FINDING}, {{vendor: bolt, note: Called them, by: Ben, date: 2026-11-18}}]"
    )
    settings(
        tender,
        deadline="2026-11-20T16:00:00Z",
        vendors=[{"id": "acme", "received": "2026-11-20T16:30:00Z", "accept_late": "The portal was down"}],
        floors={"a": 99},
        waivers=[{"vendor": "bolt", "node": "a", "reason": "Few", "approved_by": "Cem", "date": "2026-11-19"}],
        evaluators=[{"id": "ana", "name": "Ana P.", "conflicts": [{"vendor": "bolt", "reason": "Sister works there"}]}],
    )
    decide(tender)
    note = sha256(b'{"by":"Ben","date":"2026-11-18","note":"Called them","vendor":"bolt"}').hexdigest()[:12]
    files = [f"response/responses/{name}.xlsx" for name in ("acme", "bolt")]
    assert acts(tender) == [
        ("conflict", "conflict/ana/bolt"),
        ("finding", "finding/acme/Q1/evidence"),
        ("finding", f"finding/bolt/-/note/{note}"),
        ("late_accepted", "late/acme"),
        ("open", *files),
        ("waiver", "waiver/bolt/a"),
        ("note",),
    ]
    conflict, finding, remark, late, opened, waiver, _ = lines(tender)
    assert (conflict["by"], conflict["why"]) == ("Ana P.", "Sister works there")
    assert (finding["by"], finding["why"], finding["on"]) == ("Ana P.", "Saw the log", "2026-11-20")
    assert finding["old"] is None
    assert finding["new"] == yaml.safe_load(FINDING) | {"date": "2026-11-20"}
    assert (remark["by"], remark["why"]) == ("Ben", "Called them")
    assert (late["by"], late["new"]) == ("", "The portal was down")
    hashes = {key: sha256((tender / key.removeprefix("response/")).read_bytes()).hexdigest() for key in files}
    assert (opened["old"], opened["new"]) == (dict.fromkeys(files), hashes)
    assert (waiver["by"], waiver["why"], waiver["on"]) == ("Cem", "Few", "2026-11-19")
    decide(tender)
    assert len(lines(tender)) == 8, "what is logged is not logged again"


def test_what_changes_or_vanishes_is_logged_by_the_next_command_that_writes(tender):
    (tender / "findings.yaml").write_text(f"[{FINDING}]")
    decide(tender)
    before = lines(tender)[0]["new"]
    (tender / "findings.yaml").write_text(f"[{FINDING.replace('Saw the log', 'Saw both logs')}]")
    command("check", tender)
    assert (lines(tender)[-1]["old"], lines(tender)[-1]["why"]) == (before, "Saw both logs")
    (tender / "findings.yaml").unlink()
    command("evaluate", tender, "--format", "json")
    last = lines(tender)[-1]
    assert (last["act"], last["about"], last["new"]) == ("finding", ["finding/acme/Q1/evidence"], None)
    assert last["old"]["reason"] == "Saw both logs"
    assert is_whole(tender)


def test_rewriting_yaml_without_another_meaning_logs_nothing(tender):
    (tender / "findings.yaml").write_text(f"[{FINDING}]")
    decide(tender)
    (tender / "findings.yaml").write_text(f"# ours\n{yaml.safe_dump([yaml.safe_load(FINDING) | {'claim': False}])}")
    command("check", tender)
    assert len(lines(tender)) == 3


def panel(*levels, vendor="acme", act="level"):
    """Score sheets of which each evaluator gave acme a level."""
    day, place = date(2026, 11, 18), Location("scores/ana.xlsx")
    entered = tuple(
        SheetFinding(
            **{act: level},
            vendor=vendor,
            question="R1",
            by=name,
            evaluator=name,
            date=day,
            reason=f"So {name}",
            place=place,
        )
        for name, level in zip(("ana", "ben", "cem"), levels, strict=False)
    )
    return Scores(entered, entered=entered)


def synchronised(folder, scores=Scores(), vendors=("acme", "bolt")):  # noqa: B008  frozen
    evaluation = load_evaluation(folder)
    return synchronise(evaluation, Read(vendors, scores), read_log(folder), NOW, by="Ruth Adler")


def test_levels_of_score_sheets_are_logged_by_their_evaluators(tender):
    synchronised(tender, panel(3, 4))
    first, second = (line for line in lines(tender) if line["act"] == "level")
    assert (first["about"], first["by"], first["why"], first["on"]) == (
        ["sheet/ana/acme/R1"],
        "ana",
        "So ana",
        "2026-11-18",
    )
    assert (first["new"], second["new"]["level"]) == ({"level": 3, "reason": "So ana"}, 4)
    synchronised(tender, vendors=("bolt",))
    assert len(lines(tender)) == 3, "the sheet of a vendor that was not read has not vanished"
    synchronised(tender)
    assert [line["new"] for line in lines(tender)[3:]] == [None, None]


@pytest.mark.parametrize(
    ("aggregate", "levels", "act", "old"),
    [
        *(("median", (3, 4), "override", 3.5), ("mean", (2, 4, 5), "override", 11 / 3)),
        *(("median", (), "finding", None), ("consensus", (3, 4), "finding", None)),
    ],
)
def test_a_level_of_the_buyer_against_the_panel_is_an_override_with_the_level_of_the_panel(
    tender, aggregate, levels, act, old
):
    settings(tender, aggregate=aggregate)
    (tender / "findings.yaml").write_text(f"[{LEVEL}]")
    synchronised(tender, panel(*levels))
    (line,) = (line for line in lines(tender) if line["about"] == ["finding/acme/R1/level"])
    assert (line["act"], line["by"], line["why"], line["new"]["level"]) == (act, "Ana P.", "Seen", 3)
    assert line["old"] == (None if old is None else pytest.approx(old))


def test_page_1_prints_an_override_with_both_levels_who_and_why_and_a_replaced_file(tender):
    settings(tender, evaluators=[{"id": "ana"}, {"id": "ben"}])
    (tender / "findings.yaml").write_text(f"[{LEVEL}]")
    synchronised(tender, panel(3, 4))
    write_response(tender / "responses" / "bolt.xlsx", [("Q1", 61), ("R1", "We did not"), ("Q2", 90)])
    log = synchronised(tender, panel(3, 4))
    result = evaluate(load_evaluation(tender))
    (override,) = result.evaluation.record.overrides
    number = next(line.n for line in log.lines if line.act == "override")
    assert override.model_dump() == {
        "vendor": "acme",
        "question": "R1",
        "old": 3.5,
        "new": 3,
        "by": "Ana P.",
        "why": "Seen",
        "on": "2026-11-20",
        "line": number,
    }
    known = dict(should_know(result))
    assert known["Overruled"] == "acme, R1: level 3 in place of the evaluators' 3.5, by Ana P.: Seen."
    assert known["Replaced file"] == "bolt: responses/bolt.xlsx was replaced by another on 21 November 2026."


def test_a_level_of_the_buyer_becomes_an_override_once_the_panel_has_levels(tender):
    (tender / "findings.yaml").write_text(f"[{LEVEL}]")
    decide(tender)
    synchronised(tender, panel(4, 4))
    assert ("override", "finding/acme/R1/level") in acts(tender)


def test_acts_of_the_pilot_stay_where_it_was_not_measured(tender):
    act = PilotFinding(
        vendor="acme", question="Q1", claim=True, date=date(2026, 11, 23), reason="Seen", place=Location()
    )
    evaluation = load_evaluation(tender)
    synchronise(evaluation, Read(("acme",), pilot=(act,)), read_log(tender), NOW, by="")
    synchronise(evaluation, Read(("acme",)), read_log(tender), NOW, by="")
    assert acts(tender)[0] == ("finding", "finding/acme/Q1/evidence")
    assert lines(tender)[0]["by"] == "pilot"
    assert len(lines(tender)) == 2
    decide(tender)
    assert lines(tender)[-2]["new"] is None, "no pilot is named"


def test_a_decision_measures_the_pilot_and_leaves_its_lines_where_its_files_have_faults(tmp_path):
    folder = shutil.copytree(PILOT, tmp_path / "rfp")
    decide(folder)
    pilot = [line["about"][0] for line in lines(folder) if line["by"] == "pilot"]
    assert pilot == [f"finding/{about}/evidence" for about in ("celadora/QAR-23", "nordhain/LAB-01", "nordhain/LAB-21")]
    count = len(lines(folder))
    (folder / "pilot" / "labels" / "nordhain.csv").write_bytes(b"\0")
    assert "The pilot is not measured: " in decide(folder).stderr
    assert [line["act"] for line in lines(folder)[count:]] == ["note"]


def test_two_entries_of_one_key_are_both_logged(tender):
    waiver = {"vendor": "bolt", "node": "a", "reason": "Few", "approved_by": "Cem", "date": "2026-11-19"}
    settings(tender, floors={"a": 99}, waivers=[waiver, waiver | {"reason": "Many", "date": "2026-11-18"}])
    decide(tender)
    waivers = [(line["about"], line["why"]) for line in lines(tender) if line["act"] == "waiver"]
    assert waivers == [(["waiver/bolt/a"], "Many"), (["waiver/bolt/a/2"], "Few")]


# ---- settings


def sealed(folder):
    command("seal", folder, "--late", "Began late")


def test_a_changed_setting_is_logged_against_the_seal_and_again_when_it_is_taken_back(tender):
    sealed(tender)
    assert acts(tender)[-1] == ("seal",)
    settings(tender, shortlist=2)
    command("check", tender)
    command("check", tender)
    settings(tender, shortlist=3)
    command("check", tender, by="")
    *_, changed, back = lines(tender)
    assert (changed["act"], changed["about"], changed["old"], changed["new"]) == (
        "setting",
        ["setting/shortlist"],
        3,
        2,
    )
    assert (changed["by"], changed["why"]) == ("Ruth Adler", "")
    assert (back["old"], back["new"], back["by"]) == (2, 3, "")


def test_an_amendment_explains_the_open_changes_or_those_that_it_names(tender):
    sealed(tender)
    settings(tender, shortlist=2, missing="exclude")
    assert "did you mean 'shortlist'" in decide(tender, "amend", "--about", "shortlst", code=1).output
    decide(tender, "amend", "--about", "shortlist", why="Two are enough")
    last = lines(tender)[-1]
    assert (last["about"], last["old"], last["new"]) == (["shortlist"], {"shortlist": 3}, {"shortlist": 2})
    assert evaluate(load_evaluation(tender)).evaluation.record.state == "unexplained"
    decide(tender, "amend", why="Blanks are few")
    assert lines(tender)[-1]["about"] == ["missing"]
    assert evaluate(load_evaluation(tender)).evaluation.record.state == "changed"
    assert "left to explain" in decide(tender, "amend", code=1).output


def test_a_replaced_response_is_logged_and_on_record_with_its_day(tender):
    decide(tender)
    path = tender / "responses" / "acme.xlsx"
    old = sha256(path.read_bytes()).hexdigest()
    write_response(path, [("Q1", 90), ("R1", "We did"), ("Q2", 70)])
    command("evaluate", tender, "--format", "json")
    last = lines(tender)[-1]
    assert (last["act"], last["about"], last["old"]) == ("response", ["response/responses/acme.xlsx"], old)
    record = evaluate(load_evaluation(tender)).evaluation.record
    day = TODAY.isoformat()
    replaced = [entry.model_dump() for entry in record.responses_replaced]
    assert replaced == [{"vendor": "acme", "file": "responses/acme.xlsx", "on": day}]


def test_a_response_that_was_taken_out_and_came_back_as_another_is_replaced(tender):
    decide(tender)
    path = tender / "responses" / "acme.xlsx"
    same = path.read_bytes()
    path.unlink()
    decide(tender)
    path.write_bytes(same)
    decide(tender)
    assert evaluate(load_evaluation(tender)).evaluation.record.responses_replaced == ()
    path.unlink()
    decide(tender)
    write_response(path, [("Q1", 90), ("R1", "We did"), ("Q2", 70)])
    decide(tender)
    (replaced,) = evaluate(load_evaluation(tender)).evaluation.record.responses_replaced
    assert (replaced.vendor, replaced.file, replaced.on) == ("acme", "responses/acme.xlsx", TODAY.isoformat())


def test_a_response_that_comes_later_is_no_opening_and_no_replacement(tender):
    decide(tender)
    write_response(tender / "responses" / "cord.xlsx", [("Q1", 50)])
    decide(tender)
    assert acts(tender)[2] == ("response", "response/responses/cord.xlsx")
    assert evaluate(load_evaluation(tender)).evaluation.record.responses_replaced == ()


def test_a_clarification_that_comes_back_is_received(tender):
    decide(tender)
    command("check", tender)
    (tender / "responses" / "acme-clarification.xlsx").write_bytes(
        (tender / "out" / "clarifications" / "acme.xlsx").read_bytes()
    )
    command("check", tender)
    assert acts(tender)[-1] == ("clarification_received", "response/responses/acme-clarification.xlsx")


def test_commands_that_only_read_write_nothing(tender):
    decide(tender)
    (tender / "findings.yaml").write_text(f"[{FINDING}]")
    before = {path: path.read_bytes() for path in tender.rglob("*") if path.is_file()}
    for words in (["rank", tender], ["explain", tender, "acme"], ["log", tender], ["log", tender, "--json"]):
        command(*words)
    assert {path: path.read_bytes() for path in tender.rglob("*") if path.is_file()} == before


# ---- decide


@pytest.mark.parametrize(
    ("act", "named"),
    [
        *(("finding", "findings.yaml"), ("waiver", "evaluation.yaml"), ("award", "award.yaml"), ("level", "scores/")),
        *(
            ("seal", "vendor-eval seal"),
            ("close", "close quality"),
            ("condition", "conditions.yaml"),
            ("notes", "note"),
        ),
    ],
)
def test_an_act_that_is_no_decision_is_wrong_usage_and_names_where_it_is_written(tender, act, named):
    assert named in decide(tender, act, code=2).output
    assert not (tender / FILE).exists()


@pytest.mark.parametrize(
    "more",
    [["--on", (TODAY + timedelta(days=2)).isoformat()], ["--on", "someday"], ["--why", " "], ["--by", ""]],
    ids=["tomorrow", "no date", "no reason", "nobody"],
)
def test_a_decision_of_nobody_without_reason_or_of_tomorrow_is_wrong_usage(tender, more):
    decide(tender, "note", *more, code=2)
    command("decide", tender, "--act", "note", "--why", "x", by="", code=2)
    assert not (tender / FILE).exists()


def test_who_was_asked_for_clarification_is_a_vendor(tender):
    decide(tender, "clarification_sent", code=2)
    assert "did you mean 'acme'" in decide(tender, "clarification_sent", "--about", "acne", code=1).output
    decide(tender, "clarification_sent", "--about", "acme", "--due", "2026-12-01")
    assert (lines(tender)[-1]["about"], lines(tender)[-1]["due"]) == (["acme"], "2026-12-01")


def test_without_a_seal_nothing_is_amended(tender):
    decide(tender, "amend", code=1)
    decide(tender, "cancel", why="No budget")
    assert acts(tender)[-1] == ("cancel",)


# ---- the chain


def remove(raw):
    return raw[:3] + raw[4:]


def edit(raw):
    return [*raw[:3], raw[3].replace(b"Point", b"Punkt"), *raw[4:]]


def insert(raw):
    return [*raw[:3], raw[2], *raw[3:]]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (remove, ["line 4 does not follow line 3"]),
        (edit, ["line 5 does not follow line 4"]),
        (insert, ["line 4 does not follow line 3"]),
        (lambda raw: raw[1:], ["line 1 does not begin the log"]),
        (lambda raw: [*raw[:3], b"not JSON", *raw[4:]], ["line 4 is no line of this log", "line 5 does not follow"]),
        (lambda raw: [*raw[:5], raw[5].replace(b'"why"', b'"wha"'), b""], ["line 6 is no line", "'why' is missing"]),
        (lambda raw: [*raw[:5], raw[5].replace(b'"n":6', b'"n":9'), b""], ["line 6 says that it is line 9"]),
        (lambda raw: [*raw[:5], b"[" * 9999, b""], ["line 6 is no line"]),
        (lambda raw: [*raw[:5], b"\xff", b""], ["line 6 is no line"]),
        (lambda raw: [*raw[:5], raw[5].replace(b'"due":null', b'"due":"soon"'), b""], ["line 6", "'soon' is no day"]),
        (lambda raw: [*raw[:5], raw[5].replace(b'"on":null', b'"on":7'), b""], ["line 6", "'7' is no day"]),
        (lambda raw: [*raw[:5], raw[5].replace(b'"about":[]', b'"about":[3]'), b""], ["line 6", "another kind"]),
        (lambda raw: [line + b"\r" if line else line for line in raw], ["CRLF"]),
    ],
    ids=[
        "removed",
        "edited",
        "put in",
        "head cut off",
        "no JSON",
        "no field",
        "n",
        "nested",
        "no UTF-8",
        "due",
        "on",
        "about",
        "CRLF",
    ],
)
def test_a_broken_chain_is_named_stops_writers_and_is_cured_by_a_repair_alone(tender, change, named):
    logged(tender, 6)
    broken(tender, change)
    log = read_log(tender)
    assert log.chain == "broken"
    assert {fault.code for fault in log.faults} == {"record-chain"}
    for text in named:
        assert text in "\n".join(map(str, log.faults))
    before = (tender / FILE).read_bytes()
    with pytest.raises(InputError):
        append(tender, log, [Entry(act="note")], NOW)
    assert "record-chain" in decide(tender, code=1).output
    assert "record-chain" in command("log", tender, code=1).stderr
    done = command("evaluate", tender, "--format", "json")
    assert "record-chain" in done.stderr
    command("evaluate", tender, "--format", "json", "--strict", code=1)
    assert (tender / FILE).read_bytes() == before
    assert json.loads((tender / "out/results.json").read_text())["evaluation"]["record"]["log"]["chain"] == "broken"

    decide(tender, "repair", why="An editor did it")
    after = read_log(tender)
    assert after.chain == "acknowledged"
    assert (tender / FILE).read_bytes().startswith(before)
    decide(tender)
    assert read_log(tender).chain == "acknowledged"
    assert evaluate(load_evaluation(tender)).evaluation.record.log.chain == "acknowledged"
    assert "nothing to repair" in decide(tender, "repair", code=1).output


def test_a_repair_states_each_break_with_both_hashes_and_a_later_change_there_is_a_new_break(tender):
    logged(tender, 6)
    broken(tender, edit)
    log = read_log(tender)
    decide(tender, "repair")
    stated = next(line for line in lines(tender) if line["act"] == "repair")
    assert stated["about"] == ["line/5"]
    assert (stated["old"], stated["new"]) == ({"line/5": log.breaks[0].expected}, {"line/5": log.breaks[0].actual})
    broken(tender, lambda raw: [*raw[:3], raw[3].replace(b"Punkt", b"Ponto"), *raw[4:]])
    assert read_log(tender).chain == "broken"


def test_a_repair_states_a_line_that_is_broken_and_that_outputs_saw_otherwise(tender):
    decide(tender)
    command("evaluate", tender, "--format", "json")
    (tender / "letters").mkdir()
    seen = {"lines": 2, "sha256": "a" * 64}
    (tender / "letters/letters.json").write_text(json.dumps({"record": {"log": seen}}))
    broken(tender, lambda raw: [line + b"\r" if line else line for line in raw])
    assert [at.line for at in read_log(tender).breaks] == [1, 2, 2, 2]
    decide(tender, "repair")
    assert read_log(tender).chain == "acknowledged"
    decide(tender)


def test_a_folder_in_place_of_the_log_is_named(tender):
    (tender / FILE).mkdir()
    for words in (("log", tender), ("rank", tender), ("decide", tender, "--act", "note", "--why", "So")):
        assert f"Error: {tender / FILE}: Is a directory" in command(*words, code=1).stderr


def test_a_repair_of_a_thousand_crlf_lines_fits_into_lines(tmp_path):
    logged(tmp_path, 1000)
    broken(tmp_path, lambda raw: [line + b"\r" if line else line for line in raw])
    write_evaluation(tmp_path, TREE, {})
    assert len(read_log(tmp_path).faults) == 1
    decide(tmp_path, "repair")
    assert read_log(tmp_path).chain == "acknowledged"
    assert max(map(len, (tmp_path / FILE).read_bytes().splitlines())) <= 64 * 2**10


@pytest.mark.parametrize(
    "entry",
    [
        Entry(act="setting"),
        Entry(act="close", new={"acme": float("inf"), "bolt": 10**400}),
        Entry(act="override", about=("finding/acme/R1/level",), old=3, new={"level": ["x"]}),
    ],
    ids=["setting", "close", "override"],
)
def test_a_line_that_was_forged_with_a_chain_that_fits_stops_nobody(tender, entry):
    sealed(tender)
    append(tender, read_log(tender), [entry], NOW)
    decide(tender)
    command("evaluate", tender, "--format", "json")


@settings_of_test(max_examples=30)
@given(st.data())
def test_any_changed_byte_but_of_the_last_line_breaks_the_chain(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("flipped")
    log = logged(folder, 4)
    content = bytearray((folder / FILE).read_bytes())
    place = data.draw(st.integers(0, len(b"\n".join(log.raw[:3]))))
    content[place] ^= data.draw(st.integers(1, 255))
    (folder / FILE).write_bytes(content)
    changed = read_log(folder, {"results.json": (4, log.hashes[-1])})
    assert changed.chain == "broken"


def test_a_seal_without_its_line_is_a_break_that_a_repair_states(tender):
    sealed(tender)
    (tender / FILE).unlink()
    assert "seal.json has no line in this log" in decide(tender, code=1).output
    decide(tender, "repair", why="A copy went astray")
    stated = next(line for line in lines(tender) if line["act"] == "repair")
    assert (stated["about"], [*stated["old"]]) == (["seal"], ["seal"])
    assert evaluate(load_evaluation(tender)).evaluation.record.log.chain == "acknowledged"


# ---- the last line


@pytest.mark.parametrize("name", ["out/results.json", "letters/letters.json"])
def test_the_last_line_is_guarded_by_the_outputs_that_saw_it(tender, name):
    decide(tender)
    decide(tender)
    command("evaluate", tender, "--format", "json")
    if name != "out/results.json":
        record = json.loads((tender / "out/results.json").read_text())["evaluation"]["record"]
        (tender / "letters").mkdir()
        (tender / name).write_text(json.dumps({"record": record}))
        (tender / "out/results.json").unlink()
    decide(tender)
    assert read_log(tender).chain == "whole", "a longer log is no fault"
    seen = name.rpartition("/")[2]
    broken(tender, lambda raw: [*raw[:2], b""])
    assert f"{seen} saw 3 lines, the log has 2" in command("log", tender, code=1).stderr
    command("evaluate", tender, "--format", "json")
    command("evaluate", tender, "--format", "json")
    assert read_log(tender).chain == "broken", "a run does not forget what the one before it saw"
    decide(tender, "repair")
    command("evaluate", tender, "--format", "json")
    assert read_log(tender).chain == "acknowledged"


def test_a_log_that_is_gone_as_a_whole_is_said_before_its_anchor_is_written_over(tender):
    decide(tender)
    command("evaluate", tender, "--format", "json")
    (tender / FILE).unlink()
    assert "results.json saw 2 lines, the log has 0" in decide(tender, code=1).stderr
    for words in (("check", tender), ("evaluate", tender, "--format", "json")):
        assert "results.json saw 2 lines, the log has 0 [record-chain]" in command(*words).stderr
    assert json.loads((tender / "out/results.json").read_text())["evaluation"]["record"] is None


def test_another_last_line_than_an_output_saw_is_a_break(tender):
    decide(tender)
    command("evaluate", tender, "--format", "json")
    broken(tender, lambda raw: [*raw[:-2], raw[-2].replace(b"said", b"sung"), b""])
    assert "results.json saw another line 2" in command("log", tender, code=1).stderr


def test_a_last_line_without_end_is_dropped_by_the_next_writer_and_never_counts(tender):
    decide(tender)
    with (tender / FILE).open("ab") as file:
        file.write(b'{"about":[],"act":"no')
    assert read_log(tender).chain == "whole"
    assert "record-unfinished" in command("log", tender).stderr
    assert "record-unfinished" in decide(tender).stderr
    assert len(lines(tender)) == 3
    assert is_whole(tender)


def test_a_clock_that_was_set_back_is_a_notice_with_the_gap(tmp_path):
    logged(tmp_path, 1)
    log = append(tmp_path, read_log(tmp_path), [Entry(act="note")], NOW - timedelta(hours=3, minutes=5))
    (notice,) = log.notices
    assert (notice.code, notice.severity) == ("record-clock", "notice")
    assert "3:05:00" in notice.message
    assert log.chain == "whole"
    assert log_anchor(log).faults[0].code == "record-clock"


# ---- one writer


def test_four_writers_at_once_leave_four_lines_and_a_whole_chain(tender):
    words = [sys.executable, "-m", "vendor_eval", "decide", str(tender), "--act", "note", "--by", "R", "--why"]
    writers = [subprocess.Popen([*words, f"writer {number}"]) for number in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    notes = [line["why"] for line in lines(tender) if line["act"] == "note"]
    assert sorted(notes) == [f"writer {number}" for number in range(4)]
    assert is_whole(tender)
    assert [line["n"] for line in lines(tender)] == list(range(1, 6))
    assert not (tender / LOCK).exists()


def test_who_waits_in_vain_learns_which_command_writes(tmp_path):
    with (
        locked(tmp_path, "evaluate"),
        pytest.raises(VendorEvalError, match=f"vendor-eval evaluate \\(process {os.getpid()}\\)"),
        locked(tmp_path, "decide", patience=0.1),
    ):
        pass


HOLDER = """
import sys, time
from vendor_eval.record.derived import Read, synchronise
from vendor_eval.record.lock import locked
with locked(Path(sys.argv[1]), "evaluate"):
    print("locked", flush=True)
    time.sleep(60)
"""


def test_a_killed_writer_leaves_no_lock_and_a_whole_log(tender):
    decide(tender)
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tender)], stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        holder.send_signal(signal.SIGKILL)
    (tender / f".{FILE}.part").write_bytes(b"half a li")
    began = time.monotonic()
    decide(tender)
    assert time.monotonic() - began < 5
    assert is_whole(tender)
    assert not (tender / f".{FILE}.part").exists()


def test_a_share_without_locks_is_a_notice(tender, monkeypatch):
    monkeypatch.setattr("vendor_eval.record.lock.lock_file", lambda _file: False)
    assert "record-unlocked" in decide(tender).stderr


def test_a_full_disk_leaves_the_old_log_whole(tender, monkeypatch):
    decide(tender)
    before = (tender / FILE).read_bytes()

    def full(_file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vendor_eval.record.lock.os.fsync", full)
    assert "No space left on device" in decide(tender, code=1).output
    assert (tender / FILE).read_bytes() == before
    assert sorted(path.name for path in tender.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize("name", [FILE, LOCK])
def test_links_are_not_followed(tender, name):
    other = tender.parent / f"{tender.name}-other"
    other.write_text("precious")
    (tender / name).symlink_to(other)
    decide(tender, code=1)
    assert other.read_text() == "precious"


# ---- print


def test_log_prints_who_decided_what_when_and_why(tender):
    (tender / "findings.yaml").write_text(f"[{FINDING}]")
    decide(tender, "note", "--about", "acme", why="A\x1b[31m red\nreason")
    first, opened, note, last = command("log", tender).stdout.splitlines()
    assert first == "1. 2026-11-20 finding by Ana P. finding/acme/Q1/evidence verified True: Saw the log"
    assert opened.endswith("open response/responses/acme.xlsx, response/responses/bolt.xlsx")
    assert note.endswith("note by Ruth Adler acme: A[31m red reason")
    assert last == "3 lines, chain whole"
    printed = json.loads(command("log", tender, "--json").stdout)
    assert printed["lines"] == lines(tender)
    assert printed["log"] == {"lines": 3, "sha256": read_log(tender).hashes[-1], "chain": "whole", "faults": []}


def test_log_says_whom_an_award_names_what_a_condition_asks_and_which_one_a_finding_closes(tender):
    (tender / "award.yaml").write_text("{vendor: acme, by: Ruth, date: 2026-11-25, reason: Best}")
    (tender / "findings.yaml").write_text(
        "[{vendor: bolt, condition: bolt-Q2, met: true, by: Ben, date: 2026-11-22, reason: Seen}]"
    )
    (tender / "conditions.yaml").write_text(
        "[{id: bolt-Q2, vendor: bolt, about: Q2, kind: must, what: Pay, owner: Ed}]"
    )
    settings(tender, vendors=[{"id": "acme", "name": "Acme", "accept_late": "No power"}])
    decide(tender)
    award, condition, finding, late, *_ = command("log", tender).stdout.splitlines()
    assert award == "1. 2026-11-25 award by Ruth award acme: Best"
    assert condition.endswith(" condition condition/bolt-Q2 what Pay, owner Ed")
    assert finding == "3. 2026-11-22 finding by Ben finding/bolt/-/condition condition bolt-Q2, met True: Seen"
    assert late.endswith(" late_accepted late/acme: No power")
