"""Write the references that are made from the code: keys, JSON schemas, commands. A test keeps them current."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from vendor_eval.cli import main
from vendor_eval.cli.group import EVAL, EXIT_CODES
from vendor_eval.config.models import field_docstrings, load_document
from vendor_eval.config.shipped import codes_file
from vendor_eval.criteria import json_schema
from vendor_eval.criteria.schema import KeysOnly
from vendor_eval.findings.acts import Finding
from vendor_eval.issues import CODES, Severity
from vendor_eval.pilot.settings import PilotSettings
from vendor_eval.reports.annotated import CodeText
from vendor_eval.results import Result, vendors
from vendor_eval.tender import Settings
from vendor_eval.tender.award import Award
from vendor_eval.tender.conditions import Condition

ROOT = Path(__file__).parent.parent
CODES_FILE = codes_file()
NOTICE = "<!-- Made by scripts/make_references.py from the models in the code: change it there. -->"
Schema = Mapping[str, Any]


# ------------------------------------------------------------------------------------------------ JSON schemas


def schema_of(model: Any, title: str, mode: JsonSchemaMode = "validation") -> dict[str, Any]:
    """Describe a model as JSON Schema, keys by their aliases."""
    described = TypeAdapter(model).json_schema(by_alias=True, schema_generator=KeysOnly, mode=mode)
    return {"$schema": KeysOnly.schema_dialect, **described, "title": title}


def evaluation_schema() -> dict[str, Any]:
    """Describe evaluation.yaml."""
    return schema_of(Settings, "evaluation.yaml of vendor-eval")


def findings_schema() -> dict[str, Any]:
    """Describe findings.yaml, a list of acts."""
    return schema_of(tuple[Finding, ...] | None, "findings.yaml of vendor-eval")


def pilot_schema() -> dict[str, Any]:
    """Describe pilot.yaml."""
    return schema_of(PilotSettings, "pilot.yaml of vendor-eval")


def results_schema() -> dict[str, Any]:
    """Describe results.json."""
    schema = schema_of(Result, "results.json of vendor-eval", "serialization")
    # pydantic does not look for the text below a field in a dataclass with slots.
    for name, record in vars(vendors).items():
        if name in schema["$defs"] and record.__module__ == vendors.__name__:
            for field, meaning in field_docstrings(record).items():
                schema["$defs"][name]["properties"][field].setdefault("description", meaning)
    return schema


def as_json(schema: Schema) -> str:
    """Render a schema so that the same models give the same text."""
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


# ------------------------------------------------------------------------------------------------ evaluation-keys.md


_HEAD = f"""# Keys of evaluation.yaml, findings.yaml, conditions.yaml, award.yaml and pilot.yaml

{NOTICE}

Keys in **bold** are required. Unknown keys are faults, reported with line and column. The files are YAML 1.2 and data
only: `yes`, `no`, `on`, `off` stay text. `vendor-eval init` writes an evaluation.yaml with every setting, `vendor-eval
conditions` and `letters` a conditions.yaml and an award.yaml to complete ([the record](record.md) says when),
`vendor-eval pilot init` a pilot.yaml; an editor completes and checks them with
[evaluation.schema.json](evaluation.schema.json), [findings.schema.json](findings.schema.json) and
[pilot.schema.json](pilot.schema.json). Keys of a question, which `overrides` may change, stand in
[criteria-keys.md](criteria-keys.md).

"""


def evaluation_keys() -> str:
    """Render the keys of the files that a buyer writes as tables."""
    findings = findings_schema()
    entry = next(option["items"] for option in findings["anyOf"] if option.get("type") == "array")
    sections = (
        *_sections("evaluation.yaml", evaluation_schema()),
        *_sections("findings.yaml", {"$defs": findings["$defs"], **_resolved(entry, findings)}),
        *_sections("conditions.yaml", schema_of(Condition, "conditions.yaml of vendor-eval")),
        *_sections("award.yaml", schema_of(Award, "award.yaml of vendor-eval")),
        *_sections("pilot.yaml", pilot_schema()),
    )
    return _HEAD + "\n".join(sections)


def _sections(heading: str, schema: Schema) -> Iterator[str]:
    """Render a model and every model that its keys lead to, each once."""
    waiting, rendered = [(heading, schema)], set()
    while waiting:
        heading, model = waiting.pop(0)
        yield from (f"## {heading}", "", model["description"], "")
        yield from _table(model)
        prefix = "" if heading.endswith(".yaml") else f"{heading}."
        below = []
        for key, value in model["properties"].items():
            for name in _references(value):
                if name not in rendered:
                    rendered.add(name)
                    below.append((f"{prefix}{key}", schema["$defs"][name]))
        waiting[:0] = below


def _table(model: Schema) -> Iterator[str]:
    yield from ("| key | value | default | meaning |", "|---|---|---|---|")
    for key, value in model["properties"].items():
        name = f"**{key}**" if key in model.get("required", ()) else key
        yield f"| {name} | {kind(value)} | {_default(value)} | {_in_cell(value['description'])} |"
    yield ""


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")


def _resolved(value: Schema, schema: Schema) -> Schema:
    resolved: Schema = schema["$defs"][value["$ref"].rpartition("/")[2]]
    return resolved


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for below in value.values():
            yield from _references(below)
    elif isinstance(value, list):
        for below in value:
            yield from _references(below)


def kind(value: Schema) -> str:
    """Say in words what a key takes.

    >>> kind({"type": "number", "minimum": 0, "maximum": 100})
    'number, 0 to 100'
    """
    if "anyOf" in value:
        options = [kind(option) for option in value["anyOf"] if option.get("type") != "null"]
        return " or ".join(dict.fromkeys(options))
    if "enum" in value:
        return " or ".join(f"`{word}`" for word in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    if "$ref" in value:
        return "keys below"
    describe = _KINDS.get(value["type"] if isinstance(value["type"], str) else "string", lambda _value: "text")
    return describe(value)


def _number(value: Schema) -> str:
    name = "whole number" if value["type"] == "integer" else "number"
    if "minimum" in value and "maximum" in value:
        return f"{name}, {value['minimum']:g} to {value['maximum']:g}"
    bounds = {"exclusiveMinimum": "above {:g}", "maximum": "up to {:g}", "exclusiveMaximum": "below {:g}"}
    words = [form.format(value[bound]) for bound, form in bounds.items() if bound in value]
    if words:
        return f"{name} {', '.join(words)}"
    return f"{name}, {value['minimum']:g} or more" if "minimum" in value else name


_FORMATS = {"date": "day, as 2026-11-24", "date-time": "moment, as 2026-11-24T17:00:00+01:00"}
_KINDS: dict[str, Callable[[Schema], str]] = {
    "array": lambda value: f"list of {kind(value['items'])}",
    "boolean": lambda _value: "`true` or `false`",
    "integer": _number,
    "number": _number,
    "object": lambda value: (
        f"id to {kind(value['additionalProperties'])}" if "additionalProperties" in value else "keys"
    ),
    "string": lambda value: _FORMATS.get(value.get("format", ""), "text"),
}


def _default(value: Schema) -> str:
    default = value.get("default")
    if default in (None, "", [], {}):
        return ""
    if isinstance(default, dict):
        default = {key: value for key, value in default.items() if value not in {None, ""}}
        return f"`{{{', '.join(f'{key}: {number:g}' for key, number in default.items())}}}`" if default else ""
    return f"`{default:g}`" if isinstance(default, float) else f"`{json.dumps(default)}`".replace('"', "")


# ------------------------------------------------------------------------------------------------ cli.md


_ABOUT = """\
Results go to stdout, everything else to stderr. On a terminal, tables fit its width (columns leave from the right, and
are named below) and prose is wrapped; a file or a pipe gets all columns. A message names a file by the path with which
it can be opened from where the command was given; a report names it as the tender does. `--quiet` shows no progress.

## Exit codes

{exit_codes}
A vendor, a question or a criterion that the evaluation does not have is a fault (1), since only the inputs tell. `due`
lists a folder that is not there among those that it could not read (1), and goes on with the others.

## Machine forms

`--json` prints one JSON document on stdout, and nothing else there. Its first key is `schema`, `vendor-eval/COMMAND/1`,
such as `vendor-eval/rank/1` or `vendor-eval/pilot-plan/1`. A document that is also a file has the schema of that file:
`advise` (advice.json), `changes`, `letters` (letters.json), `seal` (seal.json), `freeze` (manifest.json of the archive,
and `archive` beside it) and `pilot measure`, whose `vendor-eval/pilot/1` is out/pilot/measured.json.

Stable within a number: the names of keys and what they mean, codes of issues, statuses, severities, units (values and
scores 0 to 100, shares 0 to 1, days as 2026-12-18). Keys may be added. Not stable: wording (`message`, `text`,
`reasons`, `status_text`, sentences), the order of keys, the number of digits. When a key is renamed, is taken out or
means something else, the number rises, and CHANGELOG.md says so.
"""


def commands() -> str:
    """Render every command with its arguments and options."""
    codes = re.sub(r" ?(\d) ([^.]+)\.", r"| \1 | \2 |\n", EXIT_CODES.removeprefix("Exit codes: "))
    about = _ABOUT.format(exit_codes=f"| code | meaning |\n|---|---|\n{codes}")
    lines = ["# Commands", "", NOTICE, "", cleandoc(main.help or ""), "", " ".join(EVAL.split()), "", about]
    parent = click.Context(main, info_name="vendor-eval", **main.context_settings)
    for name, command in sorted(main.commands.items()):
        lines += _command(name, command, parent)
    return "\n".join(lines)


def _command(name: str, command: click.Command, parent: click.Context) -> Iterator[str]:
    """Render a command; below one that has commands of its own, each of these."""
    context = click.Context(command, info_name=name.rpartition(" ")[2], parent=parent)
    usage = " ".join((context.command_path, *command.collect_usage_pieces(context)))
    text = re.sub(r"^Example: (.*)$", r"Example: `\1`", cleandoc(command.help or ""), flags=re.MULTILINE)
    yield from (f"## {name}", "", f"`{usage}`", "", text, "")
    if isinstance(command, click.Group):
        for below in sorted(command.commands):
            yield from _command(f"{name} {below}", command.commands[below], context)
        return
    options = [option for option in command.get_params(context) if isinstance(option, click.Option)]
    yield from ("| option | meaning |", "|---|---|")
    for option in options:
        written, meaning = option.get_help_record(context) or ("", "")
        yield f"| `{_in_cell(written)}` | {_in_cell(meaning)} |"
    yield ""


# ------------------------------------------------------------------------------------------------ issues.md


_MEANS = {
    Severity.BLOCKING: "the answer, the file or the run is not credited or not read until it is put right",
    Severity.WARNING: "counted as the message says; somebody should look at it",
    Severity.NOTICE: "for information",
}


def issues() -> str:
    """Render the codes of all issues, the gravest first."""
    about = (
        "Each issue ends with its code in brackets. Codes are stable, the words of messages may change. `check --json` "
        "and results.json give code, severity and place, and the `question` and `part` that an issue is about."
    )
    made = "Made by scripts/make_references.py from vendor_eval/data/issue_codes.yaml."
    texts = load_document(CODES_FILE, dict[str, CodeText]).value
    parts = ["# Issues", about, made]
    for severity, meaning in _MEANS.items():
        rows = [
            f"| `{code}` | {text.meaning} | {text.cure} |" for code, text in texts.items() if CODES[code] is severity
        ]
        table = "\n".join(["| code | meaning | cure |", "|---|---|---|", *rows])
        parts += [f"## {severity.value.capitalize()}: {meaning}", table]
    return "\n\n".join(parts) + "\n"


# ------------------------------------------------------------------------------------------------ all of them

# Each file by its path in the checkout, with what renders it.
REFERENCES: dict[str, Callable[[], str]] = {
    "criteria/schema.json": lambda: as_json(json_schema()),
    "docs/cli.md": commands,
    "docs/evaluation-keys.md": evaluation_keys,
    "docs/evaluation.schema.json": lambda: as_json(evaluation_schema()),
    "docs/findings.schema.json": lambda: as_json(findings_schema()),
    "docs/issues.md": issues,
    "docs/pilot.schema.json": lambda: as_json(pilot_schema()),
    "docs/results.schema.json": lambda: as_json(results_schema()),
}

if __name__ == "__main__":
    for path, render in REFERENCES.items():
        (ROOT / path).write_text(render(), encoding="utf-8")
