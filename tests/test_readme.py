"""What README says is what happens: its tender, typed word for word, prints what stands beside it.

Blocks of kind `console` are run by a shell. What stands below a command is all that it prints to stdout; a command with
nothing below it may print anything. `--update-quotes` writes what is printed now.
"""

import os
import re
import tomllib
from pathlib import Path

import pytest
from documented_commands import blocks, commands, printed_as_quoted, printed_by, with_new_quotes

from vendor_eval import cli, load_criteria, load_evaluation

CHECKOUT = Path(__file__).parent.parent
README_FILE = CHECKOUT / "README.md"
README = README_FILE.read_text("utf-8")
MOST_BYTES = 9_000
THREE_LINES, TWO_COMMANDS = (block.splitlines() for block in blocks(README, "sh"))
(SETTINGS,) = blocks(README, "yaml")


@pytest.fixture(scope="module")
def typed(tmp_path_factory, demo):
    """A folder in which the three lines and the tender were typed, and what each command of the tender printed."""
    folder, programs = tmp_path_factory.mktemp("readme"), tmp_path_factory.mktemp("programs")
    printed_by(THREE_LINES[1:], folder, programs, demo)
    (folder / "my-tender").mkdir()
    (folder / "my-tender" / "evaluation.yaml").write_text(SETTINGS, encoding="utf-8")
    return folder, printed_by((command for command, _ in commands(README)), folder, programs, demo)


def test_the_tender_typed_word_for_word_prints_what_stands_beside_it(typed, pytestconfig):
    _, printed = typed
    if pytestconfig.getoption("--update-quotes"):
        README_FILE.write_text(with_new_quotes(README, printed), encoding="utf-8")
        return
    for (command, quoted), text in zip(commands(README), printed, strict=True):
        assert printed_as_quoted(quoted, text), f"{command}: {text}"


def test_what_is_quoted_of_the_tender_is_quoted_as_a_whole():
    quoted = {command: printed for command, printed in commands(README) if printed}
    assert list(quoted) == [
        "vendor-eval evaluate my-tender --format xlsx,html",
        "vendor-eval explain my-tender celadora LAB-01",
    ]
    assert not any("…" in printed.splitlines() for printed in quoted.values())


def test_the_tender_has_ten_lines_and_asks_one_question_more_than_the_short_questionnaire(typed):
    folder, _ = typed
    assert len(SETTINGS.splitlines()) == 10
    asked = load_evaluation(folder / "my-tender").asked_questions
    (folder / "my-tender" / "evaluation.yaml").write_text(SETTINGS.replace("core}", "full}"), encoding="utf-8")
    assert set(asked) - set(load_evaluation(folder / "my-tender").asked_questions) == {"SEC-08"}


def test_three_lines_install_run_and_explain():
    # The first is what `.ci/run` does with the wheel; the others ran before the tender was typed.
    assert [line.split()[:2] for line in THREE_LINES] == [
        ["pip", "install"],
        ["vendor-eval", "demo"],
        ["vendor-eval", "explain"],
    ]


def test_the_two_commands_are_there_and_can_be_run():
    scripts = [line.split()[0] for line in TWO_COMMANDS]
    assert scripts == ["./demo", "./test"]
    assert all(os.access(CHECKOUT / script, os.X_OK) for script in scripts)


def test_it_is_short_and_shows_page_1_and_the_page_to_explore():
    assert len(README_FILE.read_bytes()) <= MOST_BYTES
    assert re.findall(r"!\[[^]]+\]\(([^)]+)\)", README) == ["docs/pictures/decision.png", "docs/pictures/explorer.png"]


def test_every_command_is_named():
    named = set(re.findall(r"(?:vendor-eval |`)([a-z-]+)", README))
    assert set(cli.main.commands) - named == set()


def test_every_page_of_the_docs_is_linked():
    linked = set(re.findall(r"\]\(docs/([\w-]+\.md)\)", README))
    assert {page.name for page in (CHECKOUT / "docs").glob("*.md")} - linked == set()


def test_the_size_of_the_scorecard_is_stated():
    criteria = load_criteria()
    weighted = [category for category in criteria.categories if category.weighted]
    questions = sum(len(criterion.questions) for category in weighted for criterion in category.criteria)
    presets = len(criteria.presets)
    assert f"{questions} questions in {len(weighted)} weighted categories" in README
    assert f"{presets} presets" in README


def test_the_versions_of_python_are_those_of_the_package():
    requires = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert requires == ">=3.11,<3.15"
    assert "Python 3.11 to 3.14" in README
