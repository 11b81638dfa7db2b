"""An evaluation on version 1 of the shipped criteria gives what it gave when it was the only one."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from places import BANK1, old_samples

from vendor_eval import evaluate, load_criteria, load_evaluation

# The files differ by the name of the criteria, and the tool by its age.
CHANGED = {"sha256", "tool_version"}


def losses(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Find what the new result says otherwise, or not at all; it may say more."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() - CHANGED:
            yield from losses(old[key], new[key], f"{place}.{key}") if key in new else [f"{place}.{key} is gone"]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from losses(before, after, f"{place}[{index}]")
    elif old != new:
        yield f"{place}: {old!r} became {new!r}"


@pytest.mark.parametrize("name", ["small", "full"])
def test_an_old_sample_keeps_every_figure_and_status(name: str) -> None:
    folder = old_samples() / name
    before = json.loads(gzip.decompress((folder / "results.json.gz").read_bytes()))
    assert list(losses(before, json.loads(evaluate(load_evaluation(folder)).to_json()))) == []


def test_version_1_has_its_tables_and_mappings_of_its_own() -> None:
    old, new = load_criteria(BANK1), load_criteria()
    assert (old.file.version, len(old.questions)) == ("1.0.0", 168)
    assert (new.file.version, len(new.questions)) == ("2.0.0", 161)
    assert old.scheme.parts != new.scheme.parts
