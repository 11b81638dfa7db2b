"""Small evaluations on disk, written from a few lines of YAML and a dictionary of answers.

A tree names categories, criteria and questions. What it leaves out is filled in: weights are 1, a category counts as
much as any other, and a question asks for a percentage that is its own value, so that an answer of 80 is worth 80.

    a: {A1: {Q1: {weight: 3}, Q2: {}}}
    b: {B1: {weight: 2, Q3: {type: yes_no_partial}}}
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook, load_workbook

from vendor_eval import Result, evaluate, load_evaluation
from vendor_eval.results import AnswerRecord, NodeRecord, VendorRecord

HEADER = ("ID", "Answer", "Evidence", "Comment")
CRITERION_KEYS = {"weight", "applies"}
PERCENT = {"type": "percentage", "points": [[0, 0], [100, 100]]}
AS_OF = "2026-11-24"

Answer = Any
"""A cell of column Answer, or a tuple of the cells of Answer, Evidence and Comment."""


# ---- YAML


class _Yaml12(yaml.SafeLoader):
    """Reads scalars by the core schema of YAML 1.2, where `yes` and dates are text."""


_Yaml12.yaml_implicit_resolvers = {}
for _tag, _pattern, _starts in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)", list("-+.0123456789")),
):
    _Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _starts)


def load(text: str) -> Any:
    # S506 warns of loaders that build objects; this one is a SafeLoader.
    return yaml.load(text, _Yaml12)  # noqa: S506


def _dump(value: object) -> str:
    """JSON is YAML, and leaves no doubt about what is text."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


# ---- an evaluation


def write_evaluation(
    folder: Path,
    tree: str | Mapping[str, Any],
    answers: Mapping[str, Mapping[str, Answer]],
    *,
    settings: str = "",
    findings: str = "",
    scorecard: str = "",
) -> Path:
    """Write an evaluation with criteria of its own and one workbook for each vendor.

    `settings` are further lines of evaluation.yaml, `scorecard` of scorecard.yaml.
    """
    categories = load(tree) if isinstance(tree, str) else tree
    write_criteria(folder / "criteria", categories, scorecard)
    own = {"title": "Small tender", "as_of": AS_OF, "criteria": "criteria", **(load(settings) or {})}
    (folder / "evaluation.yaml").write_text(_dump(own), encoding="utf-8")
    if findings:
        (folder / "findings.yaml").write_text(findings, encoding="utf-8")
    (folder / "responses").mkdir(exist_ok=True)
    for vendor, given in answers.items():
        write_response(folder / "responses" / f"{vendor}.xlsx", _rows(given, questions_of(categories)))
    return folder


def write_criteria(folder: Path, categories: Mapping[str, Any], scorecard: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    equal = {name: 100 / len(categories) for name in categories}
    head = {
        "scorecard": "small",
        "title": "Small",
        "version": "1.0",
        "categories": list(categories),
        "presets": {"balanced": equal},
        **(load(scorecard) or {}),
    }
    (folder / "scorecard.yaml").write_text(_dump(head), encoding="utf-8")
    for name, criteria in categories.items():
        (folder / f"{name}.yaml").write_text(_dump(_category(name, criteria)), encoding="utf-8")


def _category(name: str, criteria: Mapping[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in criteria.items() if not isinstance(value, dict) or key == "applies"}
    return {
        "category": name,
        "title": f"Category {name}",
        **own,
        "criteria": [_criterion(key, value) for key, value in criteria.items() if key not in own],
    }


def _criterion(name: str, content: Mapping[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in content.items() if key in CRITERION_KEYS}
    questions = [
        {
            "id": key,
            "text": f"Text of {key}",
            "weight": 1,
            **({} if "type" in (value or {}) else PERCENT),
            **(value or {}),
        }
        for key, value in content.items()
        if key not in own
    ]
    return {"id": name, "title": f"Criterion {name}", "weight": 1, **own, "questions": questions}


def questions_of(categories: Mapping[str, Any]) -> list[str]:
    return [
        question
        for criteria in categories.values()
        for key, criterion in criteria.items()
        if isinstance(criterion, dict) and key != "applies"
        for question in criterion
        if question not in CRITERION_KEYS
    ]


def _rows(answers: Mapping[str, Answer], questions: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    """A row for each answer, and an empty one for each question that has none."""
    named = {key.partition(".")[0] for key in answers}
    yield from ((key, *(answer if isinstance(answer, tuple) else (answer,))) for key, answer in answers.items())
    yield from ((question,) for question in questions if question not in named)


def write_response(path: Path, rows: Iterable[tuple[Any, ...]], *, sheet: str = "Answers") -> None:
    """Write a plain workbook with the columns ID, Answer, Evidence and Comment."""
    book = Workbook()
    book.active.title = sheet
    for row in (HEADER, *rows):
        book.active.append(row)
    book.save(path)


# ---- results


def run(folder: Path, **options: Any) -> Result:
    return evaluate(load_evaluation(folder), **options)


def evaluated(
    folder: Path, tree: str | Mapping[str, Any], answers: Mapping[str, Mapping[str, Answer]], **settings: str
) -> Result:
    """Write an evaluation and run it."""
    return run(write_evaluation(folder, tree, answers, **settings))


def node(vendor: VendorRecord, name: str) -> NodeRecord:
    return next(node for node in vendor.nodes if node.id == name)


def answer(vendor: VendorRecord, name: str) -> AnswerRecord:
    return next(answer for answer in vendor.answers if answer.id == name)


def cell(folder: Path, source: Any) -> object:
    """Value of the cell that a source leads to, read anew from the workbook."""
    return load_workbook(folder / source.file, data_only=True)[source.sheet][source.cell].value
