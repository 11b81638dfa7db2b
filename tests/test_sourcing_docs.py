"""What docs/advisor.md shows is what the tool does."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from sourcing_builders import MODEL, SAMPLES

from vendor_eval.cli import main
from vendor_eval.sourcing.profile import load_profile

CHECKOUT = Path(__file__).parent.parent
TEXT = (CHECKOUT / "docs" / "advisor.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n\$ vendor-eval (.*)\n((?:.+\n)+?)```", TEXT)


@pytest.mark.parametrize(("command", "shown"), CONSOLE, ids=[command for command, _ in CONSOLE])
def test_a_shown_command_prints_the_shown_lines(command, shown, tmp_path):
    words = [str(CHECKOUT / word) if word.startswith("samples/") else word for word in shlex.split(command)]
    words = [str(tmp_path / word) if word == "advice.pdf" else word for word in words]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0
    printed = done.stdout.splitlines()
    assert [line for line in shown.splitlines() if line not in printed] == []


def test_the_python_example_runs(monkeypatch):
    monkeypatch.chdir(CHECKOUT)
    failed, tried = doctest.testfile(str(CHECKOUT / "docs" / "advisor.md"), module_relative=False)
    assert (failed, tried > 0) == (0, True)


def test_the_profile_shown_is_the_sample():
    shown = yaml.safe_load(re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[1])
    sample = load_profile(SAMPLES / "insurer-claims.yaml")
    assert load_profile(shown).values == sample.values


def test_the_limits_are_those_that_the_tool_prints():
    assert [f"- {limit}." in TEXT for limit in MODEL.file.limits] == [True] * len(MODEL.file.limits)


def test_the_picture_is_there():
    assert (CHECKOUT / "docs" / "advice.png").read_bytes().startswith(b"\x89PNG")
