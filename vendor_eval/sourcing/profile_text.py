"""A profile as a commented file: every field with its question, what was not answered as a comment."""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby

from vendor_eval.config.yaml12 import as_yaml
from vendor_eval.sourcing.interview import COST, TITLE, Interview
from vendor_eval.sourcing.model import ChoiceField, CostModel, SetField, SourcingFile
from vendor_eval.sourcing.rules import Value


def profile_text(interview: Interview) -> str:
    """Write the profile of a finished interview; it loads as it stands.

    A default that was taken stands as a comment, so that the advice still names it as one.
    """
    file = interview.model.file
    title = interview.answers.get(TITLE) or ""
    lines = [
        "# A sourcing profile. Lines that begin with '#' are comments; a field in a comment has its default.",
        f"title: {json.dumps(title, ensure_ascii=False)}",
        "# as_of: 2026-01-31                 # the day of this profile, to ask again six months later",
        "# previous: advice.json             # an earlier advice, written with -o: what changed since",
        "",
        *_fields(file, interview.answers, interview.notes),
        *_cost(file.cost, interview.answers),
    ]
    return "\n".join(lines) + "\n"


def _fields(file: SourcingFile, answers: Mapping[str, Value | None], notes: Mapping[str, str]) -> Iterator[str]:
    for name, field in file.fields.items():
        several = " Several may hold." if isinstance(field, SetField) else ""
        yield f"# {field.question}{several}"
        if isinstance(field, ChoiceField | SetField):
            width = max(map(len, field.values))
            yield from (f"#   {value.ljust(width)}  {meaning}" for value, meaning in field.values.items())
        answer = answers.get(name)
        if answer is None:
            default = "" if field.default is None else field.default
            yield f"# {name}: {as_yaml(default)}    # default, not answered"
        else:
            note = f"    # {notes[name]}" if name in notes else ""
            yield f"{name}: {as_yaml(answer)}{note}"
        yield ""


def _cost(model: CostModel, answers: Mapping[str, Value | None]) -> Iterator[str]:
    wanted = bool(answers.get(COST))
    yield "# What it costs, a year. Shares run from 0 to 1. What is needed and missing is asked for by name."
    yield "cost:" if wanted else "# cost:"
    # Inputs of no section come first, as YAML needs it.
    for section, names in groupby(sorted(model.inputs, key=_section), key=_section):
        lines = [(name, model.inputs[name], answers.get(name) if wanted else None) for name in names]
        if section:
            mark = "" if any(answer is not None for _, _, answer in lines) else "# "
            yield f"{mark}  {section}:"
        for name, entry, answer in lines:
            indent = "    " if section else "  "
            mark, value = ("# ", entry.default) if answer is None else ("", answer)
            yield f"{mark}{indent}{name.rpartition('.')[2]}: {_amount(value)}    # {entry.question}"


def _section(name: str) -> str:
    return name.rpartition(".")[0]


def _amount(value: Value | None) -> str:
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)
