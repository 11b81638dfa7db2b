"""What docs/library.md says is what happens."""

import re
import shutil
from pathlib import Path

import pytest
from documented_commands import blocks

import vendor_eval
from vendor_eval import Result
from vendor_eval.config.shipped import samples_folder

TEXT = (Path(__file__).parent.parent / "docs" / "library.md").read_text("utf-8")


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """Names after all examples have run, one after the other."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copytree(samples_folder() / "small", folder / "small-tender", ignore=shutil.ignore_patterns("out"))
    shutil.copytree(samples_folder() / "profiles", folder / "profiles")
    names: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for number, example in enumerate(blocks(TEXT, "python")):
            exec(compile(example, f"docs/library.md, example {number}", "exec"), names)  # noqa: S102  our own page
    return names


def test_the_examples_run_and_use_every_public_name(names):
    assert set(vendor_eval.__all__) <= set(names)


def test_every_table_is_named():
    tables = {name for name in vars(Result) if not name.startswith("_") and callable(getattr(Result, name))}
    own = {name for name in tables if getattr(Result, name).__module__ == "vendor_eval.api"} - {"write"}
    assert set(re.findall(r"^\| `result\.(\w+)\(", TEXT, re.MULTILINE)) == own
