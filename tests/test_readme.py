"""What README says is what happens: its commands run, in its order, and print what it quotes.

Blocks of kind `console` are run by a shell. What stands below a command is all that it prints to stdout; a line `…`
stands for any lines, and a command with nothing below it may print anything.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from documented_commands import blocks, commands, printed_by

from vendor_eval import cli, load_criteria, load_evaluation
from vendor_eval.intake.mapping.models import load_mapping
from vendor_eval.issues import InputError

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, demo):
    """A folder in which every command has run, with what each printed."""
    folder, programs = tmp_path_factory.mktemp("readme"), tmp_path_factory.mktemp("programs")
    # What `./demo` begins with, which the tests of the set-up run.
    shutil.copytree(demo("full").folder, folder / "demo-output")
    typed = (command for command, _ in commands(README))
    for number, printed in enumerate(printed_by(typed, folder, programs, demo)):
        (folder / f"printed-{number}.txt").write_text(printed, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("number", "quoted"),
    [pytest.param(n, text, id=f"{n} {command}") for n, (command, text) in enumerate(commands(README)) if text],
)
def test_a_command_prints_what_is_quoted_below_it(folder, number, quoted):
    printed = (folder / f"printed-{number}.txt").read_text("utf-8")
    if "…" not in quoted.splitlines():
        assert printed == quoted
    pattern = "".join("(?s:.*)" if line == "…" else f"{re.escape(line)}\n" for line in quoted.splitlines())
    assert re.fullmatch(pattern, printed), printed


def test_the_small_tender_one_answer_and_a_check_are_quoted():
    quoted = {command for command, printed in commands(README) if printed}
    assert quoted == {
        "vendor-eval demo small-tender --small",
        "vendor-eval explain small-tender nordhain SEC-01",
        "vendor-eval check demo-output || true",
        "vendor-eval check demo-output | grep -A 1 -E 'evidence-(file|alike)' | head -5",
        "vendor-eval conditions demo-output trellith -o demo-output/conditions-trellith.pdf",
        "vendor-eval criteria --copy my-criteria",
        "vendor-eval freeze demo-output -o demo-output.zip",
        "vendor-eval letters demo-output --award mwanzora",
        "vendor-eval log demo-output | grep -E 'amend|award by' | cut -c 1-98",
        "vendor-eval rank shelf-tender",
        "vendor-eval verify demo-output.zip",
    }


def test_the_library_example_runs(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (example,) = blocks(README, "python")
    # S102 warns of code from outside; this is our README.
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102


def test_the_findings_shown_are_findings_of_the_tender(folder, monkeypatch):
    monkeypatch.chdir(folder)
    example = next(block for block in blocks(README, "yaml") if block.startswith("- {vendor"))
    (folder / "my-tender" / "findings.yaml").write_text(example, encoding="utf-8")
    done = CliRunner().invoke(cli.main, ["explain", "my-tender", "okavira", "WRK-09"])
    assert done.exit_code == 0, done.stderr
    assert "level 4 by Ana P. on 22 November 2026" in done.stdout


def test_the_mapping_shown_lacks_only_the_other_questions(tmp_path):
    example = next(block for block in blocks(README, "yaml") if block.startswith("mapping:"))
    (tmp_path / "mapping.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "evaluation.yaml").write_text("title: T\nas_of: 2026-11-24\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_mapping(load_evaluation(tmp_path), "mapping.yaml", folder=tmp_path)
    assert [issue.code for issue in caught.value.issues] == ["not-accounted"]


def test_the_two_commands_are_there_and_can_be_run():
    (block,) = blocks(README, "sh")
    scripts = [line.split()[0] for line in block.splitlines()]
    assert scripts == ["./demo", "./test"]
    assert all(os.access(CHECKOUT / script, os.X_OK) for script in scripts)


def test_every_command_is_named():
    named = set(re.findall(r"vendor-eval ([a-z-]+)", README))
    assert named == set(cli.main.commands)


def test_links_lead_somewhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert [link for link in links if not (CHECKOUT / link).exists()] == []


def test_the_size_of_the_scorecard_is_stated():
    criteria = load_criteria()
    weighted = [category for category in criteria.categories if category.weighted]
    questions = sum(len(criterion.questions) for category in weighted for criterion in category.criteria)
    presets = len(criteria.presets)
    assert f"{questions} questions in {len(weighted)} weighted categories" in README
    assert f"{presets} presets" in README
