"""The settings that decide a tender, resolved: what a seal fixes."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from vendor_eval.criteria.questions import Certification, Question
from vendor_eval.pilot.settings import FILE as PILOT_FILE, load_pilot
from vendor_eval.record.canonical import plain
from vendor_eval.tender import Evaluation

_AS_THEY_ARE = {"as_of", "deadline", "missing", "aggregate", "questions", "tie_breakers", "shortlist", "declaration"}
# Order says nothing in these, nor in what stands below them.
_SETS = {"applies", "ask_if", "when", "one_of", "includes", "synonyms", "locales", "categories", "context"}
# What vendors and readers see of a question and no score depends on, and what the context has decided already.
_SHOWN = {"id", "tier", "core_if_knock_out", "core_if_must", "brief", "sources", "scale", "judgement", "merged"}
_SHOWN |= {"replaces", "red_flag", "verify", "points_when", "options", "gates"}
_OF_PILOT = {"task", "labels", "risk", "severity", "iou", "least_items"}


# The record is held against it more than once in a run.
@lru_cache(maxsize=1)
def sealed_settings(evaluation: Evaluation) -> dict[str, Any]:
    """Resolve the decisive settings of an evaluation as plain values; what has none is left out.

    Presets, tags and profiles stand in it as the weights that they give, overrides as the questions and floors that
    they change. Raises InputError where the pilot.yaml of its pilot has faults.
    """
    settings, criteria, asked = evaluation.settings, evaluation.criteria, evaluation.asked_questions
    weighted = [category for category in criteria.categories if category.weighted]
    price = settings.price.model_dump() if settings.price else {}
    resolved: dict[str, Any] = {
        **settings.model_dump(include=_AS_THEY_ARE),
        "weights": {name: evaluation.weights.get(name, 0) for name in criteria.weighted_categories},
        "criterion_weights": {f"{c.category}.{part.id}": part.weight for c in weighted for part in c.criteria},
        "floors": {name: floor.model_dump() for name, floor in evaluation.floors.items()},
        "price": price | ({"items": _by_id(price["items"])} if price else {}),
        # Of the first bank the folder of evidence decides on `named`, and that comes with the responses.
        "evidence": settings.caps.by_level(with_named=True) if settings.caps else "off",
        "context": evaluation.context,
        "evaluators": _by_id([e.model_dump(include={"id", "name", "categories"}) for e in settings.evaluators]),
        "brief": settings.brief.model_dump(exclude_defaults=True),
        "criteria": {
            **{name: _question(q, criteria.parents[name]) for name, q in asked.items()},
            "certification": criteria.scheme.model_dump(include={"table"}, exclude_defaults=True)
            if any(isinstance(question, Certification) for question in asked.values())
            else None,
            "id": criteria.file.scorecard,
            "version": criteria.file.version,
        },
        "pilot": _pilot(evaluation),
    }
    settled: dict[str, Any] = plain(_without_order(resolved))
    return settled


def _question(question: Question, path: str) -> dict[str, Any]:
    shown = {"reason", "judgement"}
    gates = [{**gate.model_dump(exclude_defaults=True, exclude=shown), "stage": gate.stage} for gate in question.gates]
    fields = question.model_dump(exclude_defaults=True, exclude=_SHOWN)
    if options := question.model_dump(include={"options"}).get("options"):
        fields["options"] = _by_id(options)
    if levels := fields.get("levels"):
        fields["levels"] = dict(enumerate(levels))
    return {**fields, "gates": gates, "path": path}


def _pilot(evaluation: Evaluation) -> dict[str, Any] | None:
    """Resolve what decides in the pilot that an evaluation names; None where there is none yet."""
    entry = evaluation.settings.pilot
    folder = evaluation.folder / entry.folder if entry else Path()
    if entry is None or not (folder / PILOT_FILE).is_file():
        return None
    pilot = load_pilot(folder, evaluation)
    links = {link.question: link.model_dump(by_alias=True, exclude={"question"}) for link in pilot.links}
    return {**pilot.model_dump(include=_OF_PILOT), "links": links, "counts": entry.counts}


def _by_id(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {part["id"]: {key: value for key, value in part.items() if key != "id"} for part in parts}


def _without_order(value: Any, key: str = "") -> Any:
    """Make sets of the lists whose order says nothing, and leave keys out that have no value."""
    if isinstance(value, Mapping):
        inner = {name: _without_order(part, key if key in _SETS else name) for name, part in value.items()}
        return {name: part for name, part in inner.items() if part is not None}
    if isinstance(value, list | tuple):
        parts = [_without_order(part, key) for part in value]
        return frozenset(parts) if key in _SETS else parts
    return value
