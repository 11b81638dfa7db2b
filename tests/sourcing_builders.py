"""Profiles and models for the tests of the advisor."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from vendor_eval.config.shipped import criteria_folder
from vendor_eval.sourcing import batch
from vendor_eval.sourcing.folder import load_sourcing
from vendor_eval.sourcing.model import BoolField, NumberField, SetField, Sourcing
from vendor_eval.sourcing.rules import Columns

SAMPLES = Path(__file__).parent.parent / "samples" / "profiles"
MODEL = load_sourcing()

MINIMAL = {
    "stage": "pre_production",
    "stability": "stable",
    "workload_fte": 5,
    "type": "cv_basic",
    "complexity": "moderate",
    "expertise_needed": "general",
    "sensitivity": "internal",
}

# Each number on both sides of every edge that a condition has.
NUMBERS = {
    "workload_fte": (0.5, 1, 2, 2.1, 5, 10, 10.5, 25, 120),
    "weeks_to_first_batch": (1, 3.5, 4, 8, 12, 13),
    "in_house_fte": (0, 0.5, 1, 2, 5, 30),
    "max_in_house_fte": (0, 1, 2, 5, 10, 60),
}


def random_columns(rng: np.random.Generator, count: int, model: Sourcing = MODEL) -> Columns:
    """Draw profiles that no check refuses."""
    file = model.file
    arrays: dict[str, Any] = {}
    for name, field in file.fields.items():
        if isinstance(field, NumberField):
            arrays[name] = rng.choice(np.array(NUMBERS[name], dtype=float), count)
        elif isinstance(field, BoolField):
            arrays[name] = rng.random(count) < 0.5
        elif isinstance(field, SetField):
            arrays[name] = rng.random((count, len(field.values))) < 0.15
        else:
            arrays[name] = rng.integers(len(field.values), size=count)
    return valid(arrays, model)


def valid(arrays: Mapping[str, Any], model: Sourcing = MODEL) -> Columns:
    """Keep the profiles that no check refuses."""
    drawn = with_terms(arrays, model)
    refused = np.any([batch.holds(check.when, drawn) for check in model.file.checks if check.level == "error"], axis=0)
    return with_terms({name: array[~refused] for name, array in arrays.items()}, model)


def with_terms(arrays: Mapping[str, Any], model: Sourcing = MODEL) -> Columns:
    known = {name: names for name, names in model.file.words.items() if name in arrays}
    return batch.with_terms(model.file, Columns(dict(arrays), known))


def changed(columns: Columns, **arrays: Any) -> Columns:
    """Give every profile another value of some fields."""
    fields = {name: columns.arrays[name] for name in MODEL.file.fields}
    return with_terms({**fields, **arrays})


def code(field: str, value: str) -> int:
    return list(MODEL.file.words[field]).index(value)


def rows(columns: Columns) -> list[dict[str, Any]]:
    """Profiles as plain mappings."""
    listed: dict[str, list[Any]] = {}
    for name, field in MODEL.file.fields.items():
        array = columns.arrays[name]
        if isinstance(field, SetField):
            names = columns.words[name]
            listed[name] = [tuple(n for n, flag in zip(names, row, strict=True) if flag) for row in array.tolist()]
        elif name in columns.words:
            listed[name] = columns.values(name)
        else:
            listed[name] = array.tolist()
    return [dict(zip(listed, values, strict=True)) for values in zip(*listed.values(), strict=True)]


def own_criteria(folder: Path, change: Callable[[str], str], source: Path | None = None) -> Path:
    """Copy shipped criteria, the newest or those of `source`, with another sourcing.yaml."""
    for file in (source or criteria_folder()).glob("*.yaml"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    text = (folder / "sourcing.yaml").read_text(encoding="utf-8")
    (folder / "sourcing.yaml").write_text(change(text), encoding="utf-8")
    return folder


def replaced(old: str, new: str) -> Callable[[str], str]:
    """Replace a passage that stands in the file exactly once."""

    def change(text: str) -> str:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        return text.replace(old, new)

    return change


def line_of(file: Path, passage: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if passage in line)
