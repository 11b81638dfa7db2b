"""What docs/advisor.md shows is what the tool does."""

import doctest
import re
import shlex
import types
from pathlib import Path
from typing import get_args

import pytest
import yaml
from click.testing import CliRunner
from pydantic import BaseModel
from sourcing_builders import MODEL, SAMPLES

from vendor_eval.cli import main
from vendor_eval.sourcing.model import SourcingFile
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


def _models(annotation):
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, BaseModel):
            yield annotation
            for field in annotation.model_fields.values():
                yield from _models(field.annotation)
        return
    for inner in get_args(annotation):
        yield from _models(inner)


def test_every_key_of_the_file_is_explained():
    words = set(re.findall(r"\w+", (CHECKOUT / "docs" / "criteria-keys.md").read_text(encoding="utf-8")))
    keys = {field.alias or name for model in _models(SourcingFile) for name, field in model.model_fields.items()}
    assert keys - words == set()


def test_the_picture_is_there():
    assert (CHECKOUT / "docs" / "advice.png").read_bytes().startswith(b"\x89PNG")
