"""Evaluations made in a temporary folder from questionnaires that real vendors filled in.

The files lie beside the project, in the folder that VENDOR_EVAL_REAL_FILES names; no part of them is copied into it.
"""

import csv
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from vendor_eval.spreadsheets import Book, read_workbook

VARIABLE = "VENDOR_EVAL_REAL_FILES"
ROOT = Path(os.environ.get(VARIABLE, ""))
PRESENT = VARIABLE in os.environ and (ROOT / "hecvat").is_dir() and (ROOT / "caiq").is_dir()
# Which qualifier, answered with yes, switches a section on.
QUALIFIERS = {
    "THRD": "QUAL-02",
    "CONS": "QUAL-06",
    "BCPL": "QUAL-03",
    "DRPL": "QUAL-04",
    "HIPA": "QUAL-01",
    "PCID": "QUAL-05",
}
UNSCORED = ("GNRL", "QUAL", "DATE")
RESPONSE_SHEETS = {"Full": "HECVAT - Full | Vendor Response", "Lite": "HECVAT - Lite"}


@dataclass(frozen=True)
class Hecvat:
    """A filled HECVAT, and what the published workbook computes of it."""

    kind: str
    path: Path
    questions: tuple[Mapping[str, str], ...]
    sections: Mapping[str, tuple[float, float, float]]
    prefixes: Mapping[str, str]

    @property
    def sheet(self) -> str:
        return RESPONSE_SHEETS[self.kind]


@lru_cache(maxsize=4)
def book(path: Path) -> Book:
    """Read a workbook once for all tests."""
    return read_workbook(path)


def hecvat(kind: str) -> Hecvat:
    """The HECVAT of a kind, Full or Lite, with its oracle."""
    (path,) = (ROOT / "hecvat").glob(f"*HECVAT_{kind}_*.xlsx")
    with path.with_suffix(".questions.csv").open(newline="", encoding="utf-8") as file:
        questions = tuple(csv.DictReader(file))
    with path.with_suffix(".sections.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    sections = {row["section"]: (float(row["max"]), float(row["score"]), float(row["pct"])) for row in rows}
    values = next(sheet for sheet in book(path).sheets if sheet.name == "Values")
    named = {cell.row: cell.raw for cell in values.cells if cell.column == 3}
    patterns = {cell.row: cell.raw for cell in values.cells if cell.column == 4}
    prefixes = {named[row]: text.rstrip("*") for row, text in patterns.items() if text.endswith("*")}
    return Hecvat(kind, path, questions, sections, prefixes)


def caiq() -> list[Path]:
    return sorted((ROOT / "caiq").glob("*.xlsx"))


# ------------------------------------------------------------------------------------------------ HECVAT


def write_hecvat(folder: Path, file: Hecvat, **answers: bool) -> Path:
    """Write an evaluation whose criteria are the questions of a HECVAT, with the weights of the workbook itself.

    The vendor's qualifiers are its context; `answers` are other ones, such as `qual_01=True`.
    """
    scored = file.prefixes
    points = {section: file.sections[section][0] for section in scored}
    weights = {prefix.lower(): 100 * points[section] / sum(points.values()) for section, prefix in scored.items()}
    given = {one["id"]: one["vendor_answer"] == "Yes" for one in file.questions}
    context = {_field(name): given[name] for name in QUALIFIERS.values() if name in given} | answers
    _write(folder / "criteria" / "scorecard.yaml", _scorecard(weights))
    every = [one for one in file.questions if one["id"][:4] not in UNSCORED]
    for section, prefix in scored.items():
        own = [_scored(one) for one in every if one["id"].startswith(prefix)]
        applies = {"applies": {_field(QUALIFIERS[prefix]): True}} if prefix in QUALIFIERS else {}
        _write(folder / "criteria" / f"{prefix.lower()}.yaml", {**_category(prefix.lower(), section, own), **applies})
    general = [_unscored(one) for one in file.questions if one["id"][:4] in UNSCORED]
    _write(folder / "criteria" / "profile.yaml", {**_category("profile", "Profile", general), "weighted": False})
    _write(folder / "maps" / "hecvat.yaml", _hecvat_mapping(file))
    _write(folder / "evaluation.yaml", {**_evaluation(file.path, "maps/hecvat.yaml"), "context": context})
    _write(folder / "findings.yaml", [*_overrides(file)])
    return _with_response(folder, file.path)


def _field(qualifier: str) -> str:
    return qualifier.lower().replace("-", "_")


def _scored(one: Mapping[str, str]) -> dict[str, Any]:
    good = one["compliant_answer"]
    scale: dict[str, Any] = {"type": "yes_no_partial", "scores": {"yes": 100, "no": 0}}
    if good == "No":
        scale["scores"] = {"yes": 0, "no": 100}
    elif good != "Yes":
        labels = ["1) Yes", "2) No", "3) Both modes available", "4) N/A"]
        scored = [{"label": label, "score": 100 if label.startswith(good) else 0} for label in labels]
        scale = {"type": "single_choice", "options": scored}
    return {"id": one["id"], "text": f"Text of {one['id']}", "weight": float(one["weight"] or 0), **scale}


def _unscored(one: Mapping[str, str]) -> dict[str, Any]:
    """A qualifier that turns a section on is a yes or no, the rest is text."""
    question = {"id": one["id"], "text": f"Text of {one['id']}", "weight": 0, "type": "text"}
    return {**question, "type": "yes_no_partial"} if one["id"] in QUALIFIERS.values() else question


def _hecvat_mapping(file: Hecvat) -> dict[str, Any]:
    columns = {"id": "A", "question": "B", "answer": "Vendor Answers", "comment": "Additional Information"}
    return {
        "title": f"HECVAT {file.kind} as it lies",
        "sheets": [{"name": file.sheet, "columns": {**columns, "template": ["Guidance", "Analyst Notes"]}}],
        "same_ids": True,
    }


def _overrides(file: Hecvat) -> list[dict[str, str]]:
    """What the analyst put in place of an answer, as findings."""
    off = {prefix for section, prefix in file.prefixes.items() if not file.sections[section][0]}
    given = [one for one in file.questions if one["analyst_override"] in {"Yes", "No"} and one["id"][:4] not in off]
    act = {"vendor": "instructure", "by": "Analyst", "date": "2023-03-29", "reason": "Analyst report"}
    return [{**act, "question": one["id"], "answer": one["analyst_override"]} for one in given]


# ------------------------------------------------------------------------------------------------ CAIQ


def write_caiq(folder: Path, path: Path, ids: list[str]) -> Path:
    """Write an evaluation that asks every question of a CAIQ as yes or no."""
    questions = [
        {"id": name, "text": f"Text of {name}", "type": "yes_no_partial", "scores": {"yes": 100, "no": 0}, "weight": 1}
        for name in ids
    ]
    _write(folder / "criteria" / "scorecard.yaml", _scorecard({"all": 100}))
    _write(folder / "criteria" / "all.yaml", _category("all", "All", questions))
    columns = {"id": "Question ID", "question": "Question", "answer": "CSP CAIQ Answer"}
    columns["comment"] = "CSP Implementation Description (Optional/Recommended)"
    template = ["I", "J", "K", "L"]
    sheets = [{"name": "CAIQv4.0.3", "columns": {**columns, "template": template}}]
    _write(folder / "maps" / "caiq.yaml", {"sheets": sheets, "answers": {name: name for name in ids}})
    _write(folder / "evaluation.yaml", _evaluation(path, "maps/caiq.yaml"))
    return _with_response(folder, path)


# ------------------------------------------------------------------------------------------------ files


def _scorecard(weights: Mapping[str, float]) -> dict[str, Any]:
    head = {"scorecard": "theirs", "title": "Theirs", "version": "1", "categories": list(weights)}
    profile = {"vendor_profile": "profile"} if "all" not in weights else {}
    return {**head, "presets": {"balanced": dict(weights)}, **profile}


def _category(name: str, title: str, questions: list[dict[str, Any]]) -> dict[str, Any]:
    criterion = {"id": "C1", "title": title, "weight": 1, "questions": questions}
    return {"category": name, "title": title, "criteria": [criterion]}


def _evaluation(path: Path, mapping: str) -> dict[str, Any]:
    vendor = {"id": "instructure", "file": f"responses/{path.name}", "map": mapping}
    head = {"title": "Theirs", "as_of": "2026-11-24", "criteria": "criteria", "evidence": "off"}
    return {**head, "vendors": [vendor]}


def _with_response(folder: Path, path: Path) -> Path:
    (folder / "responses").mkdir()
    shutil.copyfile(path, folder / "responses" / path.name)
    return folder


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
