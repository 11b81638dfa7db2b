"""Every command: what it prints where, what it writes, and its exit code."""

import csv
import hashlib
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from datetime import time
from fractions import Fraction
from functools import cache
from pathlib import Path

import click
import pytest
from builders import answer, node, run, write_criteria, write_evaluation, write_response
from click.testing import CliRunner
from openpyxl import load_workbook

from vendor_eval import load_criteria, load_evaluation
from vendor_eval.cli import main, runs
from vendor_eval.config.shipped import samples_folder
from vendor_eval.forms.layout import COVER_FIELDS
from vendor_eval.issues import CODES
from vendor_eval.reports.terminal.decision import decision_text
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.wording.decision import should_know
from vendor_eval.run import evaluate as evaluating


def cli(*words):
    """Run a command in this process; whatever happens, no traceback reaches the user."""
    done = CliRunner().invoke(main, [str(word) for word in words], prog_name="vendor-eval")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    assert "\x1b" not in done.output
    return done


TREE = """
a:
  A1:
    Q1: {weight: 2}
    Q2: {type: yes_no_partial, gates: [{kind: knock_out, at_least: 60}]}
b:
  B1: {Q3: {type: date, points: [[0, 100], [10, 0]]}}
"""
ANSWERS = {
    "acme": {"Q1": (90, "Report 7"), "Q2": "Yes", "Q3": "2026-05-24"},
    "bolt": {"Q1": 40, "Q2": "Yes", "Q3": "2026-11-24"},
    "cord": {"Q1": 80, "Q2": "No", "Q3": "2026-11-24"},
}


@pytest.fixture
def tender(tmp_path):
    """Three vendors without a fault."""
    return write_evaluation(tmp_path / "tender", TREE, ANSWERS, settings="evidence: off")


@pytest.fixture
def damaged(tender):
    """The same, and a vendor whose workbook cannot be read."""
    (tender / "responses" / "dusk.xlsx").write_bytes(b"PK\x03\x04 cut off")
    return tender


# ------------------------------------------------------------------------------------------------ demo


@pytest.mark.parametrize("name", ["small", "full"])
def test_demo_copies_a_sample_into_a_new_or_empty_folder_and_evaluates_it(demo, name):
    done = demo(name)
    expected = sample(name)
    assert (done.folder / "out" / "results.json").read_text(encoding="utf-8") == expected.to_json()
    assert done.stdout.startswith(expected.evaluation.title)
    assert "Copied" not in done.stdout
    assert f"Copied the {name} sample to {done.folder}" in done.stderr


def test_demo_touches_no_folder_that_is_not_empty(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("mine", "file"):
        done = cli("demo", tmp_path / name, "--small")
        assert (done.exit_code, done.stdout) == (1, "")
        assert f"{tmp_path / name}: exists and is not empty" in done.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


# ------------------------------------------------------------------------------------------------ init


@pytest.mark.parametrize(
    ("preset", "core"), [("balanced", True), *((preset, False) for preset in load_criteria().file.presets)]
)
def test_init_writes_an_evaluation_that_loads_as_it_stands(tmp_path, preset, core):
    done = cli("init", tmp_path / "my-tender", "--preset", preset, *(["--core"] if core else []))
    assert (done.exit_code, done.stdout) == (0, "")
    evaluation = load_evaluation(tmp_path / "my-tender")
    assert evaluation.settings.title == "My tender"
    assert (evaluation.settings.preset, evaluation.settings.questions) == (preset, "core" if core else "full")
    assert (tmp_path / "my-tender" / "responses").is_dir()


def test_init_asks_every_context_field_in_a_comment(tmp_path):
    cli("init", tmp_path)
    text = (tmp_path / "evaluation.yaml").read_text(encoding="utf-8")
    for name, field in load_criteria().file.context.items():
        assert f"  # {name}: " in text
        assert f"  # {field.question}" in text


def test_every_context_line_of_init_can_be_uncommented(tmp_path):
    cli("init", tmp_path)
    path = tmp_path / "evaluation.yaml"
    fields = "|".join(load_criteria().file.context)
    path.write_text(re.sub(rf"(?m)^  # (?=(?:{fields}): )", "  ", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert set(load_evaluation(tmp_path).context) == set(load_criteria().file.context)


def test_init_overwrites_nothing_and_knows_its_presets(tmp_path):
    assert cli("init", tmp_path).exit_code == 0
    before = (tmp_path / "evaluation.yaml").read_bytes()
    again = cli("init", tmp_path)
    assert (again.exit_code, (tmp_path / "evaluation.yaml").read_bytes()) == (1, before)
    wrong = cli("init", tmp_path / "new", "--preset", "balancd")
    assert (wrong.exit_code, (tmp_path / "new").exists()) == (2, False)
    assert "did you mean 'balanced'" in wrong.stderr


# ------------------------------------------------------------------------------------------------ criteria


def shares(text):
    """Id, depth, local and global percentages of the printed tree."""
    tree, _, _ = text.partition("\n\n")
    for line in tree.splitlines()[2:]:
        match = re.match(r"( *)(\S+) .* (\S+(?: %)?) +([\d.]+) %$", line)
        yield len(match[1]) // 2, match[2], match[3].rstrip(" %"), float(match[4])


def test_criteria_prints_a_tree_whose_weights_add_up():
    done = cli("criteria")
    rows = list(shares(done.stdout))
    assert done.exit_code == 0
    for depth, slack in ((0, 0.1), (1, 0.3), (2, 0.2)):
        assert sum(share for at, *_, share in rows if at == depth) == pytest.approx(100, abs=slack)
    questions = [name for at, name, *_ in rows if at == 2]
    assert questions == list(load_criteria().questions)
    assert "no faults" in done.stderr


def test_criteria_prints_the_machine_form_alone_on_stdout():
    parsed = json.loads(cli("criteria", "--json").stdout)
    assert [category["id"] for category in parsed["categories"]][-1] == "security"


def test_criteria_prints_every_fault_with_its_place_and_nothing_else(tmp_path):
    tree = {"a": {"A1": {"Q1": {"type": "numbr"}}}, "b": {"B1": {"Q2": {}}}}
    write_criteria(tmp_path, tree, "{presets: {balanced: {a: 100, bb: 0}}}")
    done = cli("criteria", tmp_path)
    assert (done.exit_code, done.stdout) == (1, "")
    folder = re.escape(str(tmp_path))
    assert re.search(rf"^{folder}/a\.yaml:\d+:\d+: .*'numbr'.*did you mean 'number'", done.stderr, re.MULTILINE)
    assert re.search(rf"^{folder}/scorecard\.yaml:\d+:\d+: .*'bb'", done.stderr, re.MULTILINE)


# ------------------------------------------------------------------------------------------------ questionnaire


def test_questionnaire_writes_a_workbook_that_asks_every_question(tender, tmp_path):
    path = tmp_path / "sent" / "questionnaire.xlsx"
    done = cli("questionnaire", tender, "-o", path)
    assert (done.exit_code, done.stdout) == (0, "")
    cells = {c.value for sheet in load_workbook(path).worksheets for row in sheet.iter_rows() for c in row}
    assert {"Q1", "Q2", "Q3"} <= cells
    assert [p.name for p in path.parent.iterdir()] == ["questionnaire.xlsx"]


@pytest.mark.parametrize("options", [[], ["-o", "questionnaire.pdf"]], ids=["no output", "no workbook"])
def test_questionnaire_wants_the_name_of_a_workbook(tender, options):
    done = cli("questionnaire", tender, *options)
    assert (done.exit_code, done.stdout) == (2, "")


# ------------------------------------------------------------------------------------------------ check


def test_check_counts_and_prints_every_issue(tender):
    write_response(tender / "responses" / "acme.xlsx", [("Q1", "a lot"), ("Q2", "yes"), ("Q3", "n/a"), ("Q9", "?")])
    done = cli("check", tender)
    assert done.exit_code == 1
    asked = tender / "out" / "clarifications"
    of_evaluation, overview, acme, *_ = done.stdout.split("\n\n")
    assert "no-evidence-folder" in of_evaluation
    assert [line.split() for line in overview.splitlines()[2:]] == [
        ["acme", "2", "0", "2", "2"],
        ["bolt", "0", "0", "1", "0"],
        ["cord", "0", "0", "1", "0"],
    ]
    head, *lines, last = acme.splitlines()
    assert head == "acme (responses/acme.xlsx): 2 blocking, 0 warnings, 2 notices"
    assert last == f"Ask back with {asked / 'acme.xlsx'}"
    assert [line.partition(": ")[0].strip() for line in lines] == [
        "blocking",
        "not-a-number",
        "responses/acme.xlsx, Answers!B2",
        "not-applicable-answer",
        "responses/acme.xlsx, Answers!B4",
        "notice",
        "unclaimed-content",
        "responses/acme.xlsx, Answers!A5",
        "no-template-identity",
        "responses/acme.xlsx",
    ]
    written = f"Wrote {asked} (1 file)"
    assert done.stderr == f"Nothing to clarify with bolt, cord\n{written}\n2 blocking issues\n"
    assert not (tender / "out" / "results.json").exists()


def test_check_puts_like_beside_like_the_gravest_first(tender):
    given = [("Q1", "a lot"), ("Q2", "TBD"), ("Q3", "maybe"), ("Q9", "?")]
    write_response(tender / "responses" / "acme.xlsx", given)
    write_response(tender / "responses" / "bolt.xlsx", [("Q1", "much"), ("Q2", "yes"), ("Q3", "yes")])
    for block in cli("check", tender).stdout.split("\n\n")[1:]:
        levels = [line.partition(":")[0].strip() for line in block.splitlines() if re.match(r"  \w", line)]
        assert levels == [one for one in ("blocking", "warning", "notice") if one in levels]
        codes = [line.strip().partition(",")[0] for line in block.splitlines() if re.match(r"    \w", line)]
        assert len(codes) == len(set(codes))


def test_no_text_of_a_vendor_makes_a_line_of_its_own_in_check(tender):
    forged = "x\r\n  blocking: forged\u2028acme (responses/acme.xlsx): 0 blocking\u202e"
    write_response(tender / "responses" / "acme.xlsx", [("Q1", forged), (forged[:40], "more")])
    shown = cli("check", tender).stdout
    assert len(re.findall(r"^acme \(", shown, re.MULTILINE)) == 1
    assert not re.search(r"^ *(blocking: )?(forged|acme.*0 blocking\W*$)", shown, re.MULTILINE)
    assert all(sign.isprintable() or sign == "\n" for sign in shown)


def test_check_of_a_sound_tender_is_exit_0(tender):
    done = cli("check", tender)
    assert (done.exit_code, done.stderr) == (0, "Nothing to clarify with acme, bolt, cord\n")
    assert not (tender / "out").exists()


def test_check_says_once_why_a_vendor_is_not_evaluated(damaged):
    (block,) = [block for block in cli("check", damaged).stdout.split("\n\n") if block.startswith("dusk (")]
    head, severity, code, issue = block.splitlines()
    assert head == "dusk (responses/dusk.xlsx): not evaluated, 1 blocking, 0 warnings, 0 notices"
    assert (severity.strip(), code.strip()) == ("blocking: to be put right", "unreadable-file")
    assert issue.strip().startswith("responses/dusk.xlsx: ")


def test_check_prints_the_machine_form_alone_on_stdout(damaged):
    done = cli("check", damaged, "--json")
    assert done.exit_code == 1
    parsed = {vendor["id"]: vendor for vendor in json.loads(done.stdout)["vendors"]}
    assert {name: vendor["status"] for name, vendor in parsed.items()} == {
        "acme": "eligible",
        "bolt": "eligible",
        "cord": "excluded",
        "dusk": "not_evaluated",
    }
    assert parsed["dusk"]["counts"] == {"blocking": 1, "warning": 0, "notice": 0}
    assert parsed["dusk"]["clarification"] is None
    (issue,) = parsed["dusk"]["issues"]
    assert (issue["code"], issue["severity"], issue["source"]["file"]) == (
        "unreadable-file",
        "blocking",
        "responses/dusk.xlsx",
    )


# ------------------------------------------------------------------------------------------------ evaluate


@pytest.mark.parametrize("command", ["rank", "check", "explain acme"])
def test_what_report_html_computes_with_is_worked_out_only_where_it_is_written(tender, monkeypatch, command):
    monkeypatch.setattr(evaluating, "arithmetic", None)  # calling it would fail
    name, *vendor = command.split()
    assert cli(name, tender, *vendor).exit_code == 0


def test_evaluate_writes_the_result_and_prints_the_decision(tender):
    done = cli("evaluate", tender)
    assert done.exit_code == 0
    assert (tender / "out" / "results.json").read_text(encoding="utf-8") == run(tender).to_json()
    written = ["comparison.pdf", "report.html", "results.json", "scorecards", "shortlist.xlsx"]
    assert sorted(path.name for path in (tender / "out").iterdir()) == sorted(["manifest.json", *written])
    text, files = done.stdout.split("Files:")
    for name in ("results.json", "shortlist.xlsx", "comparison.pdf", "scorecards (3 files)"):
        assert f"{tender / 'out' / name}" in " ".join(files.split())
    assert decision_text(run(tender), "").startswith(text)


def test_evaluate_writes_the_formats_asked_for_and_names_what_is_older_then(tender):
    assert cli("evaluate", tender, "--format", "json, csv").exit_code == 0
    tables = ["answers.csv", "matrix.csv", "ranking.csv", "scores.csv"]
    assert sorted(path.name for path in (tender / "out" / "tables").iterdir()) == tables
    done = cli("evaluate", tender, "--format", "json")
    assert sorted(path.name for path in (tender / "out" / "tables").iterdir()) == tables
    assert f"asked for: {tender / 'out' / 'tables'} (4 files)" in done.stderr
    manifest = json.loads((tender / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["stale"] == [f"tables/{name}" for name in tables]


def test_a_shortlist_in_which_the_buyer_typed_is_kept(tender):
    cli("evaluate", tender, "--format", "json,xlsx")
    shortlist = tender / "out" / "shortlist.xlsx"
    written = shortlist.read_bytes()
    shortlist.write_bytes(b"typed")
    assert "was changed" not in cli("evaluate", tender, "--format", "json").stderr
    assert shortlist.read_bytes() == b"typed"
    done = cli("evaluate", tender, "--format", "json,xlsx")
    (kept,) = (tender / "out" / "kept").iterdir()
    assert f"{shortlist} was changed since it was written: the changed workbook is now {kept}" in done.stderr
    assert (kept.read_bytes(), shortlist.read_bytes()) == (b"typed", written)


def test_evaluate_twice_gives_the_same_bytes(tender):
    def written():
        cli("evaluate", tender, "--format", "json,csv")
        return {path.name: path.read_bytes() for path in (tender / "out").rglob("*.*")}

    assert written() == written()


@pytest.mark.parametrize("formats", ["docx", "json,docx", "", ","])
def test_an_unknown_format_is_wrong_usage_and_writes_nothing(tender, formats):
    done = cli("evaluate", tender, "--format", formats)
    assert (done.exit_code, done.stdout, (tender / "out").exists()) == (2, "", False)


@pytest.mark.parametrize(("given", "code"), [("a lot", 1), (90, 0)], ids=["blocking", "sound"])
def test_strict_tells_blocking_issues_by_the_exit_code(tender, given, code):
    write_response(tender / "responses" / "acme.xlsx", [("Q1", given), ("Q2", "yes"), ("Q3", "2026-05-24")])
    assert cli("evaluate", tender, "--strict", "--format", "json").exit_code == code
    assert (tender / "out" / "results.json").exists()
    assert cli("evaluate", tender, "--format", "json").exit_code == 0


def test_a_workbook_that_cannot_be_read_stops_evaluate_and_the_earlier_result_stays(tender):
    cli("evaluate", tender, "--format", "json")
    before = (tender / "out" / "results.json").read_bytes()
    (tender / "responses" / "dusk.xlsx").write_bytes(b"%PDF-1.7")
    (tender / "responses" / "eon.xlsx").write_bytes(b"")
    for command in ("evaluate", "rank"):
        done = cli(command, tender)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "responses/dusk.xlsx: is a PDF" in done.stderr
        assert "responses/eon.xlsx: is empty" in done.stderr
    assert (tender / "out" / "results.json").read_bytes() == before


def test_a_skipped_vendor_is_listed_everywhere(damaged):
    done = cli("evaluate", damaged, "--skip-unreadable", "--format", "json,csv")
    assert done.exit_code == 0
    assert "dusk" in done.stdout
    assert f"Not evaluated: dusk: {damaged}/responses/dusk.xlsx: " in done.stderr
    parsed = json.loads((damaged / "out" / "results.json").read_text(encoding="utf-8"))
    (dusk,) = [vendor for vendor in parsed["vendors"] if vendor["id"] == "dusk"]
    assert (dusk["status"], dusk["rank"], dusk["issues"][0]["code"]) == ("not_evaluated", None, "unreadable-file")
    for name in ("scores", "matrix"):
        with (damaged / "out" / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            table = list(csv.reader(file))
        assert "dusk" in (table[0] if name == "matrix" else [row[0] for row in table])
    assert "dusk" in cli("rank", damaged, "--skip-unreadable").stdout
    assert "dusk" in cli("check", damaged).stdout
    machine = json.loads(cli("rank", damaged, "--skip-unreadable", "--json").stdout)
    assert [vendor["status"] for vendor in machine["vendors"]][-1] == "not_evaluated"
    for words in (["dusk"], ["dusk", "Q1"], ["dusk", "Q1", "--json"], ["dusk", "--json"]):
        told = cli("explain", damaged, *words, "--skip-unreadable")
        assert (told.exit_code, "responses/dusk.xlsx" in told.stdout) == (0, True)


def test_a_listed_vendor_without_a_file_and_a_late_one_are_listed(tmp_path):
    settings = """
    evidence: off
    deadline: 2026-11-20T17:00:00+01:00
    vendors:
      - {id: none, name: No Reply}
      - {id: late, received: "2026-11-20T17:00:01+01:00"}
      - {id: same, received: "2026-11-20T16:00:00+00:00"}
    """
    answers = {"late": ANSWERS["acme"], "same": ANSWERS["acme"]}
    folder = write_evaluation(tmp_path, TREE, answers, settings=settings)
    done = cli("rank", folder)
    assert done.exit_code == 0
    assert re.findall(r"^Not evaluated: (\w+): (no response|Arrived 1 second late)", done.stderr, re.MULTILINE) == [
        ("none", "no response"),
        ("late", "Arrived 1 second late"),
    ]
    assert re.search(r"^ *– +No Reply +not evaluated", done.stdout, re.MULTILINE)
    assert re.search(r"^ *1 +same +eligible", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("key", ["deadline: 2026-11-20", "vendors: [{id: acme, received: 2026-11-20}]"])
def test_a_day_without_a_time_is_no_deadline(tmp_path, key):
    done = cli("rank", write_evaluation(tmp_path, TREE, ANSWERS, settings=key))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "write it as 2026-11-24T17:00:00+01:00 [wrong-value]" in done.stderr


def test_an_evaluation_without_responses_is_a_fault(tmp_path):
    folder = write_evaluation(tmp_path, TREE, {})
    for missing in (False, True):
        if missing:
            (folder / "responses").rmdir()
        for words in (["rank"], ["check"], ["evaluate", "--format", "json,csv"]):
            done = cli(words[0], folder, *words[1:])
            assert (done.exit_code, done.stdout) == (1, "")
            assert str(folder / "responses") in done.stderr
            assert not (folder / "out").exists()


# ------------------------------------------------------------------------------------------------ no workbook


def test_what_is_no_workbook_is_named_and_on_record(tender):
    for name in ("notes.txt", "acme.pdf", "~$acme.xlsx", ".hidden", "Thumbs.db", "desktop.ini"):
        (tender / "responses" / name).write_bytes(b"x")
    (tender / "responses" / "annexes").mkdir()
    for command in (["rank"], ["check"], ["evaluate", "--format", "json"], ["explain"]):
        done = cli(command[0], tender, *(["acme"] if command == ["explain"] else command[1:]))
        assert done.exit_code == 0
        assert re.findall(r"^not read: (\S+) is (no workbook|a folder)\b", done.stderr, re.MULTILINE) == [
            (f"{tender}/responses/acme.pdf", "no workbook"),
            (f"{tender}/responses/annexes", "a folder"),
            (f"{tender}/responses/notes.txt", "no workbook"),
        ]
    record = json.loads((tender / "out" / "results.json").read_text(encoding="utf-8"))["evaluation"]["not_read"]
    assert [one["file"] for one in record] == ["responses/acme.pdf", "responses/annexes", "responses/notes.txt"]
    assert all(one["reason"] for one in record)


@pytest.mark.parametrize("name", ["dusk.pdf", "dusk.docx", "dusk.numbers", "dusk.html"])
@pytest.mark.parametrize("listed", ["", "vendors: [{id: dusk, name: Dusk Ltd}]"], ids=["unlisted", "listed"])
def test_a_document_in_place_of_a_workbook_is_a_response_that_cannot_be_read(tmp_path, name, listed):
    folder = write_evaluation(tmp_path, TREE, ANSWERS, settings=listed)
    (folder / "responses" / name).write_bytes(b"%PDF-1.7")
    done = cli("evaluate", folder, "--format", "json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"responses/{name}: is no workbook: ask the vendor" in done.stderr
    done = cli("evaluate", folder, "--format", "json", "--skip-unreadable")
    assert done.exit_code == 0
    assert f"Not evaluated: dusk: {folder}/responses/{name}: is no workbook" in done.stderr
    assert re.search(r"^ +– +(dusk|Dusk Ltd) +not evaluated", done.stdout, re.MULTILINE)


def with_cover(path, name):
    """Write acme's answers under a cover that names a vendor."""
    write_response(
        path, [(key, *(value if isinstance(value, tuple) else (value,))) for key, value in ANSWERS["acme"].items()]
    )
    book = load_workbook(path)
    book.create_sheet("Cover").append([COVER_FIELDS["vendor"], name])
    book.save(path)


def test_two_files_of_one_vendor_are_told_apart_by_nobody(tmp_path):
    folder = write_evaluation(tmp_path, TREE, {})
    for file, name in (("one", "Søndre Lab"), ("two", " søndre  LAB"), ("three", "Other")):
        with_cover(folder / "responses" / f"{file}.xlsx", name)
    done = cli("rank", folder)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "[several-files]" in done.stderr
    assert "(responses/one.xlsx, responses/two.xlsx)" in done.stderr
    settings = folder / "evaluation.yaml"
    listed = json.loads(settings.read_text()) | {"vendors": [{"id": "one"}, {"id": "two"}]}
    settings.write_text(json.dumps(listed))
    done = cli("rank", folder)
    assert done.exit_code == 0
    assert {"Søndre Lab (one)", "søndre LAB (two)"} <= set(re.findall(r"[Ss]øndre L\w+ \(\w+\)", done.stdout))
    assert re.search(r"^ +1 +Other +eligible", done.stdout, re.MULTILINE)


# ------------------------------------------------------------------------------------------------ below the table


def test_what_made_the_order_stands_below_the_table(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {type: yes_no_partial, weight: 0, gates: [{kind: knock_out, at_least: 60}]}}}}"
    tree = tree[:-1] + ", b: {B1: {Q3: {}}}, c: {C1: {applies: {people: true}, Q4: {}}}}"
    settings = """
    evidence: off
    context: {people: false}
    floors: {b: 55}
    tie_breakers: [b]
    deadline: 2026-11-20T17:00:00+01:00
    vendors: [{id: acme, received: "2026-11-20T18:00:00+01:00", accept_late: Portal down}]
    waivers:
      - {vendor: bolt, question: Q2, reason: ok, approved_by: CEO, date: 2026-11-01}
      - {vendor: bolt, node: b, reason: fine, approved_by: CFO, date: 2026-11-02}
    """
    answers = {
        "acme": {"Q1": 40, "Q2": "Yes", "Q3": 60, "Q4": 1},
        "bolt": {"Q1": 50, "Q2": "No", "Q3": 50, "Q4": 1},
    }
    folder = write_evaluation(tmp_path, tree, answers, settings=settings)
    late = "Arrived 1 hour late, on 20 November 2026, 18:00 (UTC+01:00). Admitted, because: Portal down"
    gate = "Worth 0 of 100 points; at least 60 are needed (Q2), waived by CEO on 1 November 2026: ok"
    floor = "Can reach 50.0 points at most; at least 55 are needed (floor b), waived by CFO on 2 November 2026: fine"
    expected = [
        f"acme: {late}",
        f"bolt: eligible by waiver: Knock-out failed: {gate}; Must failed: {floor}",
        "acme and bolt have 50.0 points each; the order was decided by Category b",
        "Not in scope: Category c. Its weight went to the other categories in proportion.",
    ]
    assert cli("rank", folder, "--all").stdout.split("\n\n")[-1].splitlines() == expected
    assert should_know(run(folder)) == (
        ("Waiver", "bolt does not meet “Text of Q2”. Waived by CEO on 1 November 2026: ok."),
        ("Waiver", "bolt does not meet “Category b: at least 55 points”. Waived by CFO on 2 November 2026: fine."),
        ("Late bid", "acme came 1 hour late and was admitted: Portal down."),
    )


# ------------------------------------------------------------------------------------------------ text of others


HOSTILE = "Ac\nme\u202e[31m \u2066 Da\tta\u200b"
SAFE = "Ac me[31m Da ta"


def unsafe(text):
    return [
        char for char in text if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    ]


def test_nothing_that_a_vendor_or_a_file_says_moves_the_terminal(tmp_path):
    hostile = json.dumps(HOSTILE)
    tree = {
        "a": {
            "title": HOSTILE,
            "A1": {"Q1": {"text": HOSTILE, "gates": [{"kind": "must", "min": 90, "reason": HOSTILE}]}, "Q2": {}},
        }
    }
    answers = {"acme": {"Q1": (80, HOSTILE, HOSTILE), "Q2": "lots\n\u202e"}}
    settings = f"{{title: {hostile}, vendors: [{{id: acme, name: {hostile}}}]}}"
    finding = f"- {{vendor: acme, question: Q1, note: {hostile}, by: {hostile}, date: 2026-11-22}}"
    folder = write_evaluation(tmp_path, tree, answers, settings=settings, findings=finding)
    for words in (["rank"], ["check"], ["explain", "acme"], ["explain", "acme", "a"], ["explain", "acme", "Q1"]):
        done = cli(words[0], folder, *words[1:])
        assert unsafe(done.output) == [], words
        assert SAFE in done.stdout
        assert "\nme" not in done.output
    assert unsafe(cli("criteria", folder / "criteria").output) == []


def test_a_long_name_is_cut_in_the_table(tmp_path):
    settings = f"{{vendors: [{{id: acme, name: {'Longest ' * 40}}}]}}"
    folder = write_evaluation(tmp_path, TREE, {"acme": ANSWERS["acme"]}, settings=settings)
    row = next(line for line in cli("rank", folder).stdout.splitlines() if "Longest" in line)
    assert len(row) < 120
    assert "…" in row


def test_the_name_of_a_file_moves_no_terminal(tender):
    name = "du\nsk\u202e\x1b[2J"
    (tender / "responses" / f"{name}.xlsx").write_bytes(b"")
    (tender / "responses" / f"{name}.txt").write_bytes(b"")
    for words in (["rank"], ["evaluate", "--skip-unreadable", "--format", "json"], ["check"]):
        done = cli(words[0], tender, *words[1:])
        assert unsafe(done.output) == []
        assert f"not read: {tender}/responses/du sk[2J.txt is no workbook" in done.stderr
        assert re.search(r"responses/du sk\[2J\.xlsx: is empty", done.stderr)


# ------------------------------------------------------------------------------------------------ rank and --as-of


def test_rank_prints_ranks_marks_and_reasons(tender):
    done = cli("rank", tender)
    rows = [line.split() for line in done.stdout.splitlines() if line.strip().startswith(("1", "2", "("))]
    # acme: a = (2 x 90 + 100) / 3 = 93.3, b = 40; bolt: a = 60, b = 100; cord: a = 53.3, b = 100.
    assert [row[:5] for row in rows] == [
        ["1", "bolt", "eligible", "80.0", "80.0-80.0"],
        ["2", "acme", "eligible", "66.7", "66.7-66.7"],
        ["(2)", "cord", "excluded", "76.7", "76.7-76.7"],
    ]
    assert "cord: Excluded: Text of Q2 (Q2)" in done.stdout
    assert done.stderr == ""
    whole = cli("rank", tender, "--all").stdout
    assert "Knock-out failed: Worth 0 of 100 points; at least 60 are needed (Q2)" in whole


def test_rank_prints_the_machine_form_alone_on_stdout(tender):
    parsed = json.loads(cli("rank", tender, "--json").stdout)
    assert (parsed["ranking"], parsed["shortlist"], parsed["provisional"]) == (
        ["bolt", "acme"],
        ["bolt", "acme"],
        False,
    )
    found = {v["id"]: (v["rank"], v["would_rank"], round(v["score"], 9)) for v in parsed["vendors"]}
    assert found == {"acme": (2, None, round(200 / 3, 9)), "bolt": (1, None, 80), "cord": (None, 2, round(230 / 3, 9))}


def test_as_of_judges_dates_on_another_day(tender):
    # A month later acme's date is 7 months old, bolt's and cord's 1 month.
    for command in (["rank", "--json"], ["check", "--json"], ["explain", "acme", "--json"]):
        words = [command[0], tender, *command[1:], "--as-of", "2026-12-24"]
        assert cli(*words).exit_code == 0
    later = json.loads(cli("rank", tender, "--json", "--as-of", "2026-12-24").stdout)
    assert [round(vendor["score"], 6) for vendor in later["vendors"]] == [
        round((280 / 3 + 30) / 2, 6),
        round((60 + 90) / 2, 6),
        round((160 / 3 + 90) / 2, 6),
    ]
    cli("evaluate", tender, "--as-of", "2026-12-24", "--format", "json")
    assert json.loads((tender / "out" / "results.json").read_text())["evaluation"]["as_of"] == "2026-12-24"


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "24.12.2026", ""])
def test_a_day_of_another_form_is_wrong_usage(tender, day):
    done = cli("rank", tender, "--as-of", day)
    assert (done.exit_code, done.stdout) == (2, "")


def test_a_pending_rubric_is_printed_as_provisional(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {type: rubric}}}}"
    folder = write_evaluation(tmp_path, tree, {"acme": {"Q1": 50, "Q2": "Text"}})
    assert "PROVISIONAL: the evaluators have not scored acme Q2 yet" in cli("rank", folder).stdout
    assert json.loads(cli("rank", folder, "--json").stdout)["provisional"] is True


# ------------------------------------------------------------------------------------------------ explain


@pytest.fixture
def rooms(tender, monkeypatch):
    """A folder that is an evaluation, with folders and files named like vendors."""
    (tender / "acme").mkdir()
    write_evaluation(tender / "bolt", TREE, {"inner": ANSWERS["acme"]}, settings="evidence: off")
    monkeypatch.chdir(tender)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(["acme"], 0, "acme: 66.7", id="VENDOR of the current folder"),
        pytest.param(["acme", "Q1"], 0, "acme, Q1: Text of Q1", id="VENDOR ID"),
        pytest.param([".", "acme"], 0, "acme: 66.7", id="EVAL VENDOR"),
        pytest.param([".", "bolt", "a"], 0, "bolt, Category a: 60.0", id="EVAL VENDOR ID"),
        pytest.param(["evaluation.yaml", "acme", "a.A1"], 0, "acme, Criterion A1: 93.3", id="a .yaml file"),
        pytest.param(["bolt", "inner"], 0, "inner: 66.7", id="a folder with evaluation.yaml is EVAL"),
        pytest.param(["bolt"], 2, "expected [EVAL] VENDOR [ID]", id="EVAL alone"),
        pytest.param(["nowhere.yaml", "acme"], 2, "nowhere.yaml", id="a .yaml file that is not there"),
        pytest.param(["nowhere", "acme"], 1, "'nowhere' is no vendor", id="a folder that is not there"),
        pytest.param(["acme", "Q1", "more"], 2, "expected [EVAL] VENDOR [ID]", id="too many"),
        pytest.param([".", "acme", "Q1", "more"], 2, "expected [EVAL] VENDOR [ID]", id="too many after EVAL"),
        pytest.param([], 2, "Missing argument", id="none"),
        pytest.param(["acmee"], 1, "did you mean 'acme'?", id="misspelt vendor"),
        pytest.param(["ACME"], 0, "acme: 66.7", id="vendor in capitals"),
        pytest.param(["acme", "Q11"], 1, "did you mean 'Q1'?", id="misspelt question"),
        pytest.param(["acme", "a.A2"], 1, "did you mean 'a.A1'?", id="misspelt criterion"),
    ],
)
@pytest.mark.usefixtures("rooms")
def test_explain_tells_eval_vendor_and_id_apart(words, code, said):
    done = cli("explain", *words)
    assert done.exit_code == code
    assert said in (done.stdout if code == 0 else done.stderr)
    assert (done.stdout == "") == (code != 0)


@pytest.mark.parametrize("name", ["a", "a.A1", "Q1", None])
def test_explain_prints_the_machine_form_alone_on_stdout(tender, name):
    parsed = json.loads(cli("explain", tender, "acme", *([name] if name else []), "--json").stdout)
    key = {"a": "node", "a.A1": "node", "Q1": "answer", None: "id"}[name]
    assert (parsed["id"] if name is None else parsed[key]["id"]) == (name or "acme")


# ------------------------------------------------------------------------------------------------ arithmetic


@cache
def sample(name):
    return run(samples_folder() / name)


def unfolded(text):
    """Lines of an explanation, with continuation lines put back."""
    return re.sub(r"\n {11}", " ", text).splitlines()


def product(text):
    result = Fraction(1)
    for factor in text.split(" x "):
        result *= Fraction(*map(Fraction, factor.split("/")))
    return float(result)


@pytest.mark.parametrize("name", ["small", "full"])
def test_the_printed_points_of_every_answer_can_be_worked_out_again(name):
    result = sample(name)
    checked = 0
    for vendor in result.vendors[:3]:
        for record in (a for a in vendor.answers if a.effective_weight):
            lines = unfolded(explain(result, vendor, record.id))
            (path, weight) = next(
                re.match(r"Weight: +(.*) = (\S+) \(", line).groups() for line in lines if line.startswith("Weight:")
            )
            (factor, credited, points) = next(
                re.match(r"Points: +(\S+) x (\S+) = (\S+)$", line).groups()
                for line in lines
                if line.startswith("Points:")
            )
            assert product(path) == pytest.approx(float(weight), rel=1e-9)
            assert (factor, float(points)) == (weight, pytest.approx(float(weight) * float(credited), abs=1e-6))
            assert float(points) == pytest.approx(record.contribution, abs=1e-6)
            checked += 1
    assert checked > 100


STEP = re.compile(
    r"lies between (\S+) \(scores (\S+)\) and (\S+) \(scores (\S+)\): "
    r"(\S+) \+ \((\S+) - (\S+)\) / \((\S+) - (\S+)\) x \((\S+) - (\S+)\) = ([\d.]+)"
)


def test_the_printed_interpolation_of_every_figure_can_be_worked_out_again():
    checked = 0
    for vendor in sample("full").vendors:
        for record in vendor.answers:
            match = STEP.search(" ".join(unfolded(explain(sample("full"), vendor, record.id))))
            if match:
                x0, y0, x1, y1, base, x, _, _, _, _, _, value = map(float, match.groups())
                assert base == y0
                assert value == pytest.approx(y0 + (x - x0) / (x1 - x0) * (y1 - y0), abs=1e-6)
                checked += 1
    assert checked > 20


def columns(text):
    """Rows of a printed table as dictionaries, by the places of its headers."""
    head, rule, *rows = text.splitlines()
    spans = [match.span() for match in re.finditer(r"-+", rule)]
    names = [head[start:end].strip() for start, end in spans]
    return [dict(zip(names, (row[start:end].strip() for start, end in spans), strict=True)) for row in rows]


@pytest.mark.parametrize("name", ["small", "full"])
def test_the_printed_total_is_the_sum_of_share_times_score(name):
    result = sample(name)
    for vendor in result.vendors:
        text = explain(result, vendor, None)
        _, table, total, *_ = text.split("\n\n")
        rows = columns(table)
        assert len(rows) == 7
        points = sum(float(row["Points"]) for row in rows)
        worked = sum(float(row["Share"].rstrip(" %")) / 100 * float(row["Score"].replace("–", "0")) for row in rows)
        printed = float(total.rpartition("= ")[2])
        assert (points, worked) == (pytest.approx(printed, abs=0.005), pytest.approx(printed, abs=0.06))
        assert printed == pytest.approx(vendor.score if vendor.quality is None else vendor.quality, abs=1e-6)
        if result.evaluation.price:
            total = re.search(r"^Total = (\S+) x price (\S+) \+ (\S+) x quality (\S+) = (\S+)$", text, re.MULTILINE)
            share, price, rest, quality, printed = map(float, total.groups())
            assert printed == pytest.approx(share * price + rest * quality, abs=1e-6)
            assert printed == pytest.approx(vendor.score, abs=1e-6)


def test_the_printed_points_of_a_node_are_its_share_times_its_score_and_the_sum_of_what_is_below():
    result = sample("small")
    vendor = result.vendor("okavira")
    for record in (one for one in vendor.nodes if one.in_scope):
        text = explain(result, vendor, record.id)
        points, share, score = map(
            float, re.search(r"Points (\S+) = share (\S+) % x score (\S+)", " ".join(text.split("\n"))).groups()
        )
        assert points == pytest.approx(share / 100 * score, abs=1e-6)
        assert points == pytest.approx(record.contribution, abs=1e-6)
        below = columns(text.split("\n\n")[1])
        assert sum(float(row["Points"]) for row in below) == pytest.approx(points, abs=0.0005 * len(below))


def test_an_answer_is_explained_down_to_its_cell(tender):
    (tender / "findings.yaml").write_text(
        "- {vendor: acme, question: Q1, answer: 70 %, by: Ana, date: 2026-11-23, reason: Measured}\n"
    )
    lines = cli("explain", tender, "acme", "Q1").stdout.splitlines()
    assert lines == [
        "acme, Q1: Text of Q1",
        "Cell:      responses/acme.xlsx, Answers!B2",
        "Raw:       90",
        "State:     answered",
        "Answer:    70",
        "Value:     70.0000  70 % lies between 0 (scores 0) and 100 (scores 100): 0 + (70 - 0) / (100 - 0) x",
        "           (100 - 0) = 70",
        "Evidence:  document (counts up to 100): Report 7",
        "Finding:   answer 70 % by Ana on 23 November 2026: Measured",
        "Credited:  70.0000",
        "Weight:    50/100 x 1/1 x 2/3 = 0.3333333333 (category x criterion x question)",
        "Points:    0.3333333333 x 70 = 23.333333",
        "Next step: 100 % would score 100.0 of 100",
    ]


# ------------------------------------------------------------------------------------------------ wrong words and paths


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("evalute", "evaluate"),
        ("ranks", "rank"),
        ("Check", "check"),
        ("explan", "explain"),
        ("questionaire", "questionnaire"),
    ],
)
def test_a_misspelt_command_is_answered_with_the_nearest_one(word, meant):
    done = cli(word)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"Did you mean '{meant}'?" in done.stderr


def test_a_word_near_no_command_gets_no_guess():
    done = cli("xyzzy")
    assert (done.exit_code, "Did you mean" in done.stderr) == (2, False)


def test_help_and_version_are_results():
    assert cli("--help").stdout.startswith("Usage: vendor-eval")
    assert re.fullmatch(r"vendor-eval, version \d+\.\d+\.\d+\n", cli("--version").stdout)
    for command in (*main.commands, *(f"pilot {name}" for name in main.commands["pilot"].commands)):
        assert cli(*command.split(), "--help").exit_code == 0


def odd_places(folder):
    folder.mkdir()
    write_evaluation(folder / "sound", TREE, {})
    (folder / "empty-folder").mkdir()
    contents = {
        "empty.yaml": b"",
        "list.yaml": b"- a\n- b\n",
        "text.yaml": b"hello",
        "broken.yaml": b"title: [",
        "latin.yaml": "title: Größe".encode("latin-1"),
        "tag.yaml": b"title: !!python/object/apply:os.system [ls]",
        "no-criteria.yaml": b"title: T\nas_of: 2026-11-24\ncriteria: nowhere\n",
        "no-day.yaml": b"title: T\nas_of: 2026-02-30\n",
        "workbook.xlsx": b"PK\x03\x04",
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    (folder / "loop").symlink_to(folder / "loop")
    return ["nowhere", "nowhere/at/all.yaml", "empty-folder", "loop", "sound/criteria", *contents]


# No evaluation.yaml lies there.
NOWHERE = {"nowhere", "nowhere/at/all.yaml", "empty-folder", "loop", "sound/criteria"}


def test_odd_paths_are_answered_with_a_message_and_an_exit_code(tmp_path):
    folder = tmp_path / "odd"
    for place in odd_places(folder):
        path = folder / place
        for words in (["rank", path], ["evaluate", path], ["questionnaire", path, "-o", tmp_path / "q.xlsx"]):
            done = cli(*words)
            assert (done.exit_code, done.stdout) == (2 if place in NOWHERE else 1, ""), (words, done.output)
            assert done.stderr.strip()
        assert cli("criteria", path).exit_code == (0 if place == "sound/criteria" else 2)
    assert not (tmp_path / "q.xlsx").exists()


@pytest.mark.parametrize(
    "words",
    [
        "check nowhere",
        "rank nowhere.yaml",
        "explain nowhere acme",
        "conditions nowhere acme",
        "seal nowhere --by Ana",
        "close quality nowhere --by Ana",
        "decide nowhere --act note --by Ana --why so",
        "letters nowhere --award acme",
        "log nowhere",
        "freeze nowhere -o new.zip",
        "verify nowhere.zip",
        "verify empty",
        "score-sheets nowhere",
        "changes nowhere nowhere.zip",
        "changes nowhere --round",
        "map nowhere.xlsx",
        "map there.xlsx nowhere",
        "map there.xlsx --compare nowhere.xlsx",
        "advise nowhere.yaml",
        "init new --profile nowhere.yaml",
        "init new --preset balancd",
        "init new --tags regulatd",
        "criteria nowhere",
        "criteria --copy new --from annotation-partnr",
        "pilot measure nowhere",
        "pilot init nowhere.yaml --task boxes",
        "pilot sample nowhere there.xlsx -n 3",
        "pilot sample tender nowhere.csv -n 3",
        "rank tender --map caiq",
        "freeze tender -o new.tar",
        "map there.xlsx -o new.txt",
        "questionnaire tender -o new.xls",
        "advise there.yaml -o new.docx",
        "changes tender tender -o new.txt",
        "due tender --ics new.txt",
        "conditions tender acme --ask new.csv",
    ],
)
def test_a_path_that_is_not_there_and_a_name_that_nobody_knows_are_wrong_usage(tender, monkeypatch, words):
    monkeypatch.chdir(tender.parent)
    Path("empty").mkdir()
    for name in ("there.xlsx", "there.yaml"):
        Path(name).write_bytes(b"")
    before = sorted(Path().rglob("*"))
    done = cli(*words.split())
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert re.search(r"nowhere|balancd|regulatd|annotation-partnr|caiq|new\.|empty", done.stderr)
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        pytest.param("rank my/tender", "my/tender/evaluation.yaml:3:1: ", id="folder"),
        pytest.param("check my/tender/evaluation.yaml", "my/tender/evaluation.yaml:3:1: ", id="file"),
        pytest.param("criteria my/criteria", "my/criteria/a.yaml:1:", id="criteria"),
        pytest.param("advise my/tender/profile.yaml", "my/tender/profile.yaml:1:1: ", id="profile"),
        pytest.param("init new --profile my/tender/profile.yaml", "my/tender/profile.yaml:1:1: ", id="an option"),
        pytest.param("map my/tender/responses/acme.xlsx", "my/tender/responses/acme.xlsx: ", id="workbook"),
        pytest.param("score-sheets my/sound", "my/sound/responses/acme.xlsx: ", id="response"),
        pytest.param("rank my/sound --skip-unreadable", "my/sound/responses/acme.xlsx: ", id="left out"),
    ],
)
def test_a_message_names_a_file_so_that_a_terminal_can_open_it(tmp_path, monkeypatch, words, shown):
    monkeypatch.chdir(tmp_path)
    evaluators = "evidence: off\nevaluators: [{id: ana, name: Ana}]"
    for name in ("my/tender", "my/sound"):
        folder = write_evaluation(Path(name), TREE, ANSWERS, settings=evaluators)
        (folder / "responses" / "acme.xlsx").write_bytes(b"PK\x03\x04 cut off")
    tender = Path("my/tender")
    (tender / "evaluation.yaml").write_text("title: T\nas_of: 2026-11-24\npreset: none\ncriteria: criteria\n")
    (tender / "profile.yaml").write_text("stage: x\n")
    (Path("my/criteria")).mkdir()
    for file in (tender / "criteria").iterdir():
        shutil.copy(file, "my/criteria")
    Path("my/criteria/a.yaml").write_text("category: a\n")
    done = cli(*words.split())
    assert shown in done.stderr
    assert (done.exit_code == 0) == ("--skip-unreadable" in words)


def test_in_the_folder_itself_a_message_names_the_file_alone(tender, monkeypatch):
    monkeypatch.chdir(tender)
    Path("evaluation.yaml").write_text("title: T\nas_of: 2026-11-24\nshortlist: 0\n")
    (tender.parent / "other").mkdir()
    (tender.parent / "other" / "evaluation.yaml").write_text("title: Other\n")
    for words in (["rank"], ["rank", "--map", "../other/caiq.yaml"], ["questionnaire", "-o", "../other/x.xlsx"]):
        assert cli(*words).stderr.startswith("Error: evaluation.yaml:3:12: ")


def test_odd_targets_are_answered_with_a_message_and_exit_1(tender, tmp_path):
    (tmp_path / "file").write_text("a file")
    (tmp_path / "folder.xlsx").mkdir()
    (tender / "out").write_text("a file")
    for words in (
        ["questionnaire", tender, "-o", tmp_path / "file" / "q.xlsx"],
        ["questionnaire", tender, "-o", tmp_path / "folder.xlsx"],
        ["evaluate", tender],
        ["init", tmp_path / "file"],
        ["demo", tmp_path / "file" / "deep", "--small"],
    ):
        done = cli(*words)
        assert (done.exit_code, done.stdout) == (1, ""), (words, done.output)
        assert str(tmp_path) in done.stderr


def test_faults_of_the_evaluation_are_all_printed_with_their_places(tender):
    path = tender / "evaluation.yaml"
    path.write_text("title: T\nas_of: 2026-11-24\ncriteria: criteria\npreset: balancd\nfloors: {c: 50}\ntitel: x\n")
    done = cli("rank", tender)
    assert done.exit_code == 1
    place = re.compile(rf"^{re.escape(str(path))}:(\d+):(\d+): .*\[([a-z-]+)\]$", re.MULTILINE)
    places = place.findall(done.stderr)
    assert ("6", "1", "unknown-key") in places
    path.write_text("title: T\nas_of: 2026-11-24\ncriteria: criteria\npreset: balancd\nfloors: {c: 50}\n")
    places = place.findall(cli("rank", tender).stderr)
    assert {line for line, _, _ in places} == {"4", "5"}


# ------------------------------------------------------------------------------------------------ help


def all_commands():
    pilot = main.commands["pilot"]
    return {**main.commands, **{f"pilot {name}": command for name, command in pilot.commands.items()}}


def test_the_overview_lists_every_command_under_its_stage_and_cuts_no_line():
    shown = cli("--help").stdout
    titles = ["Start", "Ask", "Read", "Judge", "Decide and record", "Other"]
    assert [title for title in re.findall(r"^(\S.*):$", shown, re.MULTILINE) if title != "Options"] == titles
    below = "".join(shown.partition("Start:")[1:])
    assert sorted(re.findall(r"^  ([a-z-]+)  ", below, re.MULTILINE)) == sorted(main.commands)
    for text in (shown, cli("pilot", "--help").stdout):
        assert "..." not in text.replace("[ARGS]...", "")
        assert max(map(len, text.splitlines())) <= 80
    overview = " ".join(shown.split())
    for command in main.commands.values():
        assert " ".join(command.help.partition("\n\n")[0].rstrip(".").split()) in overview
    assert sorted(re.findall(r"^  ([a-z]+)  ", cli("pilot", "--help").stdout, re.MULTILINE)) == sorted(
        main.commands["pilot"].commands
    )
    assert re.findall(r"\b([0-3]) (?:done|the inputs|wrong usage|verify)", overview) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("name", [name for name in all_commands() if name != "pilot"])
def test_a_command_shows_one_example_that_its_own_options_take(name):
    shown = cli(*name.split(), "--help").stdout
    (example,) = re.findall(r"^  Example: vendor-eval (.*?)\n\n", shown, re.MULTILINE | re.DOTALL)
    words = shlex.split(" ".join(example.split()))
    assert words[: len(name.split())] == name.split()
    command = all_commands()[name]
    values, rest, _ = command.make_parser(click.Context(command)).parse_args(words[len(name.split()) :])
    assert rest == []
    arguments = [own for own in command.params if isinstance(own, click.Argument)]
    assert all(values[own.name] for own in arguments if own.required)
    assert shown.count("EVAL is the folder of an evaluation") == ("EVAL" in shown.splitlines()[0])


def test_help_speaks_of_choices_dates_and_defaults_in_words():
    text = "".join(cli(*name.split(), "--help").stdout for name in all_commands())
    assert not re.search(r"%Y|; default|\bTEXT, |--act ACT", text)
    assert re.findall(r"\[default(?!:\s)", text) == []
    init = " ".join(cli("init", "--help").stdout.split())
    offered = set(re.split(r"[ ,.:]+", init))
    assert set(load_criteria().file.presets) | set(load_criteria().file.tags) <= offered
    assert "[amend|cancel|clarification_sent|note|repair]" in cli("decide", "--help").stdout
    assert "--as-of DATE" in cli("rank", "--help").stdout
    assert "such as 2026-12-18" in cli("rank", "--help").stdout


@pytest.mark.parametrize(
    ("given", "expected"),
    [("2026-12-18", (23, 59, 59)), ("2026-12-18T17:00+01:00", (17, 0, 0)), ("2026-12-18T17:00:05", (17, 0, 5))],
)
def test_a_deadline_without_a_time_of_day_means_its_end(tmp_path, given, expected):
    assert cli("init", tmp_path, "--deadline", given).exit_code == 0
    deadline = load_evaluation(tmp_path).settings.deadline
    assert (str(deadline.date()), deadline.time()) == ("2026-12-18", time(*expected))
    assert deadline.tzinfo is not None
    assert load_evaluation(tmp_path).settings.as_of == deadline.date()


def test_a_moment_of_another_form_is_answered_in_words(tmp_path):
    for option, given in (("--deadline", "18.12.2026"), ("--deadline", "2026-12-40")):
        done = cli("init", tmp_path / "new", option, given)
        assert done.exit_code == 2
        assert "write it as 2026-12-18 or 2026-12-18T17:00+01:00" in done.stderr


# ------------------------------------------------------------------------------------------------ machine forms


def test_every_machine_form_names_its_command_and_version_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = write_evaluation(Path("mine"), TREE, {}, settings="evidence: off")
    words = ["questionnaire mine -o q.xlsx", "seal mine --by Ana"]
    printed = {name: cli(*name.split(), "--json").stdout for name in words}
    for vendor, answers in ANSWERS.items():
        rows = [(key, *(value if isinstance(value, tuple) else (value,))) for key, value in answers.items()]
        write_response(folder / "responses" / f"{vendor}.xlsx", rows)
    words = [
        *("evaluate mine --format json,csv", "freeze mine -o a.zip", "verify a.zip", "check mine", "rank mine"),
        *("explain mine acme", "explain mine acme a", "explain mine acme Q1", "log mine", "criteria mine/criteria"),
        *("conditions mine acme", "changes a.zip mine", "due mine", "pilot plan --promised 98 --unacceptable 95"),
        *("map q.xlsx mine", "letters mine --award acme"),
    ]
    printed |= {name: cli(*name.split(), "--json").stdout for name in words}
    for name, text in printed.items():
        form = json.loads(text)
        command = "pilot-plan" if name.startswith("pilot") else name.split()[0]
        assert next(iter(form.items())) == ("schema", f"vendor-eval/{command}/1"), name
    with_json = {name for name, own in all_commands().items() if any("--json" in option.opts for option in own.params)}
    tried = {" ".join(name.split()[: 2 if name.startswith("pilot") else 1]) for name in printed}
    assert with_json - tried == {"advise", "pilot measure"}  # their tests hold that they print what their file holds

    forms = {name.split()[0]: json.loads(text) for name, text in printed.items()}
    assert (forms["questionnaire"]["files"], forms["questionnaire"]["questions"]) == (["q.xlsx"], 3)
    assert {issue["code"] for issue in forms["questionnaire"]["issues"]} <= set(CODES)
    sealed = json.loads(Path("mine/seal.json").read_text())
    assert {key: forms["seal"][key] for key in sealed} == sealed
    assert forms["evaluate"]["ranking"] == forms["rank"]["ranking"]
    assert "results.json" in forms["evaluate"]["files"]
    assert all((Path(forms["evaluate"]["out"]) / name).is_file() for name in forms["evaluate"]["files"])
    archive = Path(forms["freeze"]["archive"]["path"])
    assert forms["freeze"]["archive"]["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    with zipfile.ZipFile(archive) as file:
        manifest = json.loads(file.read("manifest.json"))
    assert {key: forms["freeze"][key] for key in manifest} == manifest
    assert (forms["map"]["mapping"], Path("mapping.yaml").is_file()) == ("mapping.yaml", True)
    assert {"Q1", "Q2"} <= {name for sheet in forms["map"]["sheets"] for name, _ in sheet["ids"]}


# ------------------------------------------------------------------------------------------------ the terminal


NARROW = {"COLUMNS": "80", "LINES": None}


@pytest.mark.parametrize(
    "words",
    ["rank", "rank --all", "check", "evaluate --format json", "explain trellith", "explain trellith SEC-05", "log"],
)
def test_what_a_terminal_of_80_columns_shows_fits_it(demo, tmp_path, words):
    folder = shutil.copytree(demo("full").folder, tmp_path / "full")
    name, *rest = words.split()
    done = CliRunner(env=NARROW).invoke(main, [name, str(folder), *rest])
    stays_whole = str(folder)  # a path, which nobody can open in two parts
    assert [line for line in done.stdout.splitlines() if len(line) > 80 and stays_whole not in line] == []


def test_columns_leave_from_the_right_and_are_named_and_a_file_has_them_all(demo):
    folder = demo("full").folder
    narrow = CliRunner(env=NARROW).invoke(main, ["rank", str(folder)]).stdout
    whole = cli("rank", folder).stdout
    table = narrow.split("\n\n")[1].splitlines()
    assert table[0].split() == ["Rank", "Vendor", "Status", "Score", "Quality", "Price", "USD", "Low-high"]
    assert len(table) == 2 + 6 + 1
    assert table[-1] == "Left out, since the terminal is too narrow: If proven, Answered, Best-worst"
    assert "Answered  Best-worst" in whole.split("\n\n")[1].splitlines()[0]
    assert "Left out" not in whole
    with_lines = CliRunner(env=NARROW | {"LINES": "24"}).invoke(main, ["rank", str(folder)]).stdout
    assert with_lines == whole


@pytest.mark.parametrize("columns", ["1", "20", "40", "60", "300"])
def test_a_terminal_of_any_width_gets_its_text(tender, columns):
    wide = CliRunner(env={"COLUMNS": columns, "LINES": None})
    for words in (
        ["rank"],
        ["check"],
        ["explain", "acme", "Q1"],
        ["explain", "acme"],
        ["evaluate", "--format", "json"],
    ):
        done = wide.invoke(main, [words[0], str(tender), *words[1:]])
        assert done.exit_code == 0, done.exception
        assert "".join(done.stdout.split())
    assert wide.invoke(main, ["criteria", str(tender / "criteria")]).exit_code == 0


@pytest.mark.parametrize("words", ["evaluate --format json", "check", "rank", "explain acme", "conditions bolt"])
def test_progress_says_each_step_once_and_with_quiet_nothing(tender, monkeypatch, words):
    monkeypatch.setattr(runs, "QUIET_SECONDS", -1.0)
    name, *rest = words.split()
    steps = [
        line for line in cli(name, tender, *rest).stderr.splitlines() if re.match(r"(read|scor|writ|prepar)ing ", line)
    ]
    assert [line for line in steps if line.startswith("reading")] == ["reading acme", "reading bolt", "reading cord"]
    assert len(set(steps)) == len(steps)
    quiet = cli(name, tender, *rest, "--quiet")
    assert (quiet.exit_code, re.findall(r"^[a-z]+ing .*", quiet.stderr, re.MULTILINE)) == (0, [])


def test_with_quiet_a_message_is_said_all_the_same(damaged):
    done = cli("rank", damaged, "--skip-unreadable", "--quiet")
    assert "Not evaluated: dusk: " in done.stderr


def vendor_eval(*words):
    command = [sys.executable, "-m", "vendor_eval", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_module_is_the_command_and_a_pipe_gets_plain_text(tender):
    done = vendor_eval("evaluate", tender, "--format", "json")
    assert done.returncode == 0
    assert done.stdout == f"{decision_text(run(tender), str(tender / 'out' / 'results.json'))}\n"
    assert done.stderr == ""
    assert not {"\x1b", "\r"} & set(done.stdout + done.stderr)


def test_a_stop_has_its_exit_code_and_stderr_from_outside_too(tmp_path):
    done = vendor_eval("rank", tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: ")


def test_a_reader_that_hangs_up_is_no_error():
    with subprocess.Popen(
        [sys.executable, "-m", "vendor_eval", "criteria", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read().decode()
    assert "Traceback" not in said
    assert "check the path" not in said


def test_a_terminal_hears_of_progress_on_stderr_and_gets_no_colour(tender):
    parent, child = pty.openpty()
    environment = {**os.environ, "NO_COLOR": "1", "TERM": "xterm"}
    command = [sys.executable, "-m", "vendor_eval", "rank", str(tender)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=child, env=environment, check=True)
    os.close(child)
    said = os.read(parent, 65536).decode()
    os.close(parent)
    assert done.stdout.decode() == cli("rank", tender).stdout
    assert [name for name in ANSWERS if f"reading {name}" in said] == list(ANSWERS)
    assert re.findall(r"\x1b\[[\d;]*m", said) == []


def test_names_of_any_script_are_printed_whatever_the_locale(tmp_path):
    folder = write_evaluation(
        tmp_path, TREE, {"acme": ANSWERS["acme"]}, settings="{vendors: [{id: acme, name: Søndre 測試}]}"
    )
    environment = {**os.environ, "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "vendor_eval", "rank", str(folder)]
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert "Søndre 測試" in done.stdout.decode()


def test_a_file_whose_name_is_no_text_is_named_and_read_by_nobody(tender):
    shutil.copy(tender / "responses" / "acme.xlsx", os.fsencode(tender / "responses") + b"/caf\x82.xlsx")
    done = cli("evaluate", tender)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "responses/caf\\udc82.xlsx: the name of the file is not Unicode" in done.stderr


def test_results_of_the_two_samples_agree_with_the_folder_they_come_from():
    for name in ("small", "full"):
        vendor = sample(name).vendor(sample(name).ranking[0])
        assert node(vendor, "security").kind == "category"
        assert answer(vendor, "SEC-01").source.file == f"responses/{vendor.id}.xlsx"
        assert Path(samples_folder(), name, answer(vendor, "SEC-01").source.file).is_file()
