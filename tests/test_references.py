"""References made from the code are current, explain every key and option, and fit what they describe."""

import json
from pathlib import Path
from runpy import run_path

import click
import jsonschema
import pytest
from places import old_samples
from test_docs import models

from vendor_eval import evaluate, load_evaluation
from vendor_eval.cli import main
from vendor_eval.config.yaml12 import parse_document
from vendor_eval.criteria import load_criteria
from vendor_eval.findings.acts import Finding
from vendor_eval.pilot.settings import PilotSettings
from vendor_eval.tender import Settings
from vendor_eval.tender.starter import starter

ROOT = Path(__file__).parent.parent
REFERENCES = run_path(str(ROOT / "scripts" / "make_references.py"))["REFERENCES"]
COMMANDS = main.commands | {f"pilot {name}": command for name, command in main.commands["pilot"].commands.items()}
SCHEMAS = ["evaluation", "findings", "pilot", "results"]


def misfits(schema, value):
    """Find what does not fit a schema, as (path, validator)."""
    validator = jsonschema.Draft202012Validator(json.loads((ROOT / f"docs/{schema}.schema.json").read_text("utf-8")))
    return [(error.json_path, error.validator) for error in validator.iter_errors(value)]


def read_yaml(path):
    """Read plain values from a file, by YAML 1.2."""
    return parse_document(path)[0].value


@pytest.mark.parametrize("path", REFERENCES)
def test_a_reference_is_current(path):
    assert (ROOT / path).read_text("utf-8") == REFERENCES[path](), "run scripts/make_references.py"


def test_the_schema_of_results_is_the_same_after_an_evaluation():
    evaluate(old_samples() / "small")
    test_a_reference_is_current("docs/results.schema.json")


@pytest.mark.parametrize("root", [Settings, Finding, PilotSettings])
def test_every_key_has_a_description_and_a_row(root):
    text = (ROOT / "docs/evaluation-keys.md").read_text("utf-8")
    fields = {
        (field.alias or name, model.meanings().get(name))
        for model in models(root)
        for name, field in model.model_fields.items()
    }
    missing = {name for name, meaning in fields if not meaning or f" | {meaning} |" not in text}
    assert missing == set()
    assert {name for name, _ in fields if f"| {name} |" not in text and f"| **{name}** |" not in text} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name):
    options = [option for option in COMMANDS[name].params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []
    text = (ROOT / "docs/cli.md").read_text("utf-8").partition(f"## {name}\n")[2].partition("\n## ")[0]
    assert [option.name for option in options if f"{option.opts[-1]}" not in text] == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_is_one(schema):
    jsonschema.Draft202012Validator.check_schema(json.loads((ROOT / f"docs/{schema}.schema.json").read_text("utf-8")))


@pytest.mark.parametrize("sample", ["full", "small"])
@pytest.mark.parametrize("schema", ["evaluation", "findings"])
def test_the_files_of_a_sample_fit_their_schema(schema, sample):
    assert misfits(schema, read_yaml(old_samples() / sample / f"{schema}.yaml")) == []


@pytest.mark.parametrize("folder", ["pilot/pilot", "pilot-boxes"])
def test_the_settings_of_a_pilot_fit_their_schema(folder):
    assert misfits("pilot", read_yaml(ROOT / "samples" / folder / "pilot.yaml")) == []


def test_what_init_writes_fits_the_schema(tmp_path):
    file = tmp_path / "evaluation.yaml"
    as_of = read_yaml(old_samples() / "small" / "evaluation.yaml")["as_of"]
    text = starter(
        load_criteria(), title="Ours", as_of=Settings(title="", as_of=as_of).as_of, preset="balanced", core=True
    )
    file.write_text(text, encoding="utf-8")
    assert read_yaml(file)["context"] is None
    assert misfits("evaluation", read_yaml(file)) == []


LEAST = {"title": "Ours", "as_of": "2026-11-24"}
PRICE = {"currency": "USD", "items": [{"id": "P1", "text": "A box", "unit": "box", "volume": 10}]}


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ({}, None),
        ({"vendors": [{"id": "acme", "file": "responses/acme.xlsx"}]}, None),
        ({"vendors": [{"id": "acme", "file": ["a.xlsx", "b.xlsx"]}]}, None),
        ({"floors": {"security": 60, "qa_rigor": None, "platform_maturity": {"at_least": 50}}}, None),
        ({"overrides": {"SEC-09": {"weight": 5}, "PLT-07": "off"}}, None),
        ({"price": PRICE}, None),
        ({"price": None, "vendors": None}, None),
        ({"titel": "Ours"}, "$"),
        ({"questions": "short"}, "$.questions"),
        ({"shortlist": 0}, "$.shortlist"),
        ({"overrides": {"PLT-07": "on"}}, "$.overrides"),
        ({"floors": {"security": 101}}, "$.floors"),
        ({"price": {**PRICE, "rule": "cheapest"}}, "$.price"),
        ({"weights": {"security": -1}}, "$.weights"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_schema_of_an_evaluation_takes_what_loads(extra, path):
    found = {place for place, _ in misfits("evaluation", {**LEAST, **extra})}
    assert found == ({path} if path else set())


@pytest.mark.parametrize(
    ("entry", "fits"),
    [
        ({"level": 5}, True),
        ({"level": 6}, False),
        ({"verified": "yes"}, False),
        ({"lvl": 5}, False),
    ],
)
def test_the_schema_of_findings_takes_what_loads(entry, fits):
    act = {"vendor": "acme", "question": "Q1", "by": "Ana", "date": "2026-11-24", "reason": "Seen", **entry}
    assert (misfits("findings", [act]) == []) is fits


def test_results_json_fits_its_schema():
    result = json.loads(evaluate(load_evaluation(old_samples() / "full")).to_json())
    assert misfits("results", result) == []
    del result["vendors"][0]["status"]
    result["vendors"][1]["colour"] = "red"
    assert misfits("results", result) == [("$.vendors[0]", "required"), ("$.vendors[1]", "additionalProperties")]
