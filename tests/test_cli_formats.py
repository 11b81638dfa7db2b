"""`evaluate` writes what was asked for, as one set, and says so."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from builders import write_evaluation
from click.testing import CliRunner

from vendor_eval import cli
from vendor_eval.cli import runs

VENDORS = ["celadora", "nordhain", "okavira"]
JSON, XLSX, COMPARISON, HTML = "results.json", "shortlist.xlsx", "comparison.pdf", "report.html"
# In every format: the one vendor with open points.
ASKED = "clarifications/nordhain.xlsx"
CARDS = [f"scorecards/{name}.pdf" for name in VENDORS]
COPIES = [f"vendor-copies/{name}.pdf" for name in VENDORS]
APPENDICES = ["comparison-appendix.pdf", *(f"scorecards/{name}-appendix.pdf" for name in VENDORS)]
TABLES = [f"tables/{name}.csv" for name in ("answers", "matrix", "ranking", "scores")]


@pytest.fixture
def small(tmp_path):
    """Three vendors with the names of the small sample; one of them left an answer open."""
    answers = {"okavira": {"Q1": 80, "Q2": 80}, "celadora": {"Q1": 70, "Q2": 70}, "nordhain": {"Q1": 60}}
    vendors = [{"id": vendor, "file": f"responses/{vendor}.xlsx"} for vendor in answers]
    settings = json.dumps({"evidence": "off", "vendors": vendors})
    return write_evaluation(tmp_path / "small", "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}}}}", answers, settings=settings)


def run(*arguments):
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def written(folder):
    out = folder / "out"
    return sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file() and p.name != "manifest.json")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param([], [JSON, XLSX, COMPARISON, *CARDS, HTML], id="default"),
        pytest.param(["--format", "json"], [JSON], id="json-alone"),
        pytest.param(["--format", "xlsx"], [XLSX], id="xlsx-alone"),
        pytest.param(["--format", "html"], [HTML], id="html-alone"),
        pytest.param(["--format", " CSV , json,json"], [JSON, *TABLES], id="blanks-capitals-repeats"),
        pytest.param(["--format", "pdf", "--brief", "--paper", "letter"], [COMPARISON, *CARDS], id="brief-letter"),
        pytest.param(["--format", "pdf", "--vendor-copies"], [COMPARISON, *CARDS, *COPIES], id="vendor-copies"),
        pytest.param(["--format", "pdf", "--appendices"], [COMPARISON, *CARDS, *APPENDICES], id="appendices"),
    ],
)
def test_exactly_what_was_asked_for_is_written(small, options, expected):
    outcome = run("evaluate", small, *options)
    assert outcome.exit_code == 0, outcome.stderr
    assert written(small) == sorted([ASKED, *expected])
    assert json.loads((small / "out/manifest.json").read_text())["files"] == sorted([ASKED, *expected])
    assert all(str(small / "out" / name.partition("/")[0]) in outcome.stdout for name in expected)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(
            ["--format", "xslx"], "'xslx' is not one of json, xlsx, pdf, html, csv (did you mean 'xlsx'?)", id="typo"
        ),
        pytest.param(["--format", ","], "names no format", id="none"),
        pytest.param(["--paper", "a3"], "'a3' is not one of 'a4', 'letter'", id="paper"),
        pytest.param(["--format", "json", "--brief"], "--brief is about PDFs: add pdf to --format", id="brief"),
        pytest.param(["--format", "xlsx", "--appendices"], "--appendices is about PDFs", id="appendices"),
        pytest.param(["--format", "xlsx", "--vendor-copies"], "--vendor-copies is about PDFs", id="copies"),
    ],
)
def test_wrong_usage_is_said_and_nothing_is_written(small, options, said):
    outcome = run("evaluate", small, *options)
    assert outcome.exit_code == 2
    assert said in outcome.stderr
    assert not (small / "out").exists()


def test_formats_that_were_not_asked_for_stay_and_so_do_foreign_files(small):
    run("evaluate", small, "--format", "json,csv")
    before = written(small)
    (small / "out/tables/notes.txt").write_text("mine")
    (small / "out/own.txt").write_text("mine")
    assert run("evaluate", small, "--format", "xlsx").exit_code == 0
    assert written(small) == sorted([*before, "own.txt", XLSX, "tables/notes.txt"])


def test_a_foreign_file_in_the_way_stops_the_run_and_stays(small):
    (small / "out").mkdir()
    (small / "out" / XLSX).write_text("mine")
    outcome = run("evaluate", small, "--format", "json,xlsx")
    assert outcome.exit_code == 1
    assert "was not made by this tool" in outcome.stderr
    assert written(small) == [XLSX]
    assert (small / "out" / XLSX).read_text() == "mine"


def test_files_of_vendors_have_safe_names_told_apart_inside_the_folder(small):
    settings = yaml.safe_load((small / "evaluation.yaml").read_text(encoding="utf-8"))
    for vendor, name in zip(settings["vendors"], ["../../up", "CON", "con"], strict=True):
        vendor["id"] = name
    (small / "evaluation.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    (small / "findings.yaml").unlink(missing_ok=True)
    outcome = run("evaluate", small, "--format", "pdf")
    assert outcome.exit_code == 0, outcome.stderr
    cards = ["scorecards/CON_.pdf", "scorecards/_.._up.pdf", "scorecards/con_-2.pdf"]
    assert written(small) == ["clarifications/con_-2.xlsx", COMPARISON, *cards]


def test_two_runs_in_two_folders_write_the_same_bytes(small, tmp_path):
    other = Path(shutil.copytree(small, tmp_path / "elsewhere" / "other"))
    assert run("evaluate", small, "--format", "json,xlsx,csv").exit_code == 0
    # Tokens are drawn once: the same inputs are these too.
    shutil.copy(small / "clarifications.json", other)
    assert run("evaluate", other, "--format", "json,xlsx,csv").exit_code == 0
    assert written(small) == written(other)
    assert all((small / "out" / n).read_bytes() == (other / "out" / n).read_bytes() for n in written(small))


def run_apart(folder, *options, path=(), **environment):
    """Run `evaluate` in a process of its own."""
    places = [*map(str, path), *filter(None, sys.path)]
    command = [sys.executable, "-m", "vendor_eval", "evaluate", str(folder), *options]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)} | environment
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True, encoding="utf-8")


def test_the_bytes_are_the_same_under_another_hash_seed_and_time_zone(small):
    digests = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        outcome = run_apart(small, "--format", "json,xlsx,csv", PYTHONHASHSEED=seed, TZ=zone)
        assert outcome.returncode == 0, outcome.stderr
        digests.add(tuple((small / "out" / name).read_bytes() for name in written(small)))
    assert len(digests) == 1


def test_without_pango_the_pages_are_html_and_the_line_to_install_it_is_said_once(small, tmp_path):
    stub = tmp_path / "stub" / "weasyprint"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0': not found\")\n")
    outcome = run_apart(small, "--vendor-copies", path=[stub.parent])
    assert outcome.returncode == 0, outcome.stderr
    pages = [name.replace(".pdf", ".html") for name in (COMPARISON, *CARDS, *COPIES)]
    assert written(small) == sorted([JSON, XLSX, HTML, ASKED, *pages])
    assert outcome.stderr.count("apt-get install libpango-1.0-0") == 1
    assert "Traceback" not in outcome.stderr


def test_the_demo_writes_everything(demo):
    assert written(demo("small").folder) == sorted([JSON, XLSX, ASKED, COMPARISON, *CARDS, *COPIES, *TABLES, HTML])


def test_off_a_terminal_the_steps_of_a_long_run_are_lines(small, monkeypatch):
    monkeypatch.setattr(runs, "QUIET_SECONDS", -1.0)
    outcome = run("evaluate", small, "--format", "json,pdf")
    steps = [line for line in outcome.stderr.splitlines() if line.startswith(("reading ", "scoring ", "writing "))]
    assert [line.partition(" ")[0] for line in steps[:4]] == ["reading", "reading", "reading", "scoring"]
    assert steps[3:5] == ["scoring 3 vendors", "writing clarifications"]
    drawn = sorted(line for line in steps if line.endswith(".pdf"))
    assert drawn == sorted(f"writing {name}" for name in (COMPARISON, *CARDS))
    assert "\r" not in outcome.stderr


def test_off_a_terminal_no_progress_is_printed(small):
    outcome = run("evaluate", small, "--format", "json,xlsx")
    assert "\r" not in outcome.stderr
    assert "\x1b" not in outcome.stdout + outcome.stderr
