"""Checks of a scorecard across its files: ids, weights, conditions, and what names what."""

from collections.abc import Iterable, Iterator, Mapping
from math import fsum, inf
from typing import Any

from vendor_eval.config.models import WORDED, shown, validate
from vendor_eval.config.yaml12 import YamlSource, as_text
from vendor_eval.criteria.conditions import Condition
from vendor_eval.criteria.files import CategoryFile, entries, items, raw_questions
from vendor_eval.criteria.models import (
    OWN_JUDGEMENT,
    TOTAL,
    Category,
    ContextField,
    Criteria,
    SourceRegister,
    Steps,
    TaggedPreset,
)
from vendor_eval.criteria.questions import Question
from vendor_eval.criteria.references import gate_faults, reference_fault, reference_faults, split_reference
from vendor_eval.formatting.figures import listed
from vendor_eval.issues import Issue, Location, did_you_mean

_TOLERANCE = 1e-6
_MISSPELT = 0.8


def check_files(scorecard: YamlSource, files: list[CategoryFile], register: SourceRegister) -> Iterator[Issue]:
    yield from _check_ids(files)
    yield from _check_zero_weights(files)
    yield from _check_conditions(scorecard, files)
    if scorecard.root is not None:
        by_id = {file.id: file for file in files}
        yield from _check_floors(scorecard, by_id)
        yield from _check_shifts(scorecard, by_id)
        yield from _check_tags(scorecard, by_id)
        yield from _check_tagged_presets(scorecard)
        yield from _check_listed(scorecard, by_id)
    known, all_read = _known_questions(files), all(file.is_read for file in files)
    for file in files:
        for path, question in file.questions:
            yield from _source_faults(file.source, path, question, register)
            # What a file that cannot be read holds is unknown.
            for index, gate in enumerate(question.gates):
                if all_read or gate.questions <= known.keys():
                    yield from gate_faults(file.source, (*path, "gates", index), question, gate, known)
            named = (*question.ask_if, *(split_reference(name, known)[0] for name in question.cap_if))
            if all_read or all(name in known for name in named):
                yield from reference_faults(file.source, path, question, known)


def _source_faults(source: YamlSource, path: Steps, question: Question, register: SourceRegister) -> Iterator[Issue]:
    for index, name in enumerate(question.sources if register.sources else ()):
        if name != OWN_JUDGEMENT and register.find(name) is None:
            known = (OWN_JUDGEMENT, *(entry.id for entry in register.sources))
            message = f"sources: '{name}' is no source of sources.yaml"
            yield reference_fault(source, (*path, "sources", index), message, name, known)


def _known_questions(files: Iterable[CategoryFile]) -> dict[str, Question | None]:
    """Questions by id; None for one that has faults of its own."""
    known: dict[str, Question | None] = {}
    for file in files:
        known.update({as_text(raw.get("id")): None for _, raw in raw_questions(file.source)})
        known.update({question.id: question for _, question in file.questions})
    return known


def _check_ids(files: Iterable[CategoryFile]) -> Iterator[Issue]:
    seen: dict[str, Location] = {}
    for file in files:
        yield from _once(seen, "category", file.id, file.source.locate(("category",)))
        for path, raw in items(file.source, ("criteria",)):
            name = as_text(raw.get("id"))
            yield from _once(seen, "criterion", f"{file.id}.{name}" if name else "", file.source.locate((*path, "id")))
        for path, raw in raw_questions(file.source):
            yield from _once(seen, "question", as_text(raw.get("id")), file.source.locate((*path, "id")))


def _once(seen: dict[str, Location], kind: str, name: str, place: Location) -> Iterator[Issue]:
    first = seen.setdefault(f"{kind} {name}", place)
    if name and first is not place:
        yield Issue("repeated-id", f"{kind} {name} stands twice, first at {first}; give each its own id", place)


def unweighted(criteria: Criteria) -> Iterator[Issue]:
    """Find categories that count and that presets do not name: their answers count for nothing there."""
    for name in criteria.weighted_categories:
        presets = [preset for preset, weights in criteria.file.presets.items() if name not in weights]
        if presets:
            where = f"preset{'s' if len(presets) > 1 else ''} {listed(presets, 3)}"
            yield Issue("category-without-weight", without_weight(name, where), Location("scorecard.yaml"))


def without_weight(category: str, where: str) -> str:
    cure = "give it points under presets or weights, or say weighted: false"
    return f"{category} has weight 0 in {where}: its answers count for nothing; {cure}"


def _check_zero_weights(files: Iterable[CategoryFile]) -> Iterator[Issue]:
    for file in files:
        if file.category is not None and file.category.weighted:
            for path, message in all_zero(file.category):
                yield Issue("all-zero-weights", message, file.source.locate(path, key=True))


def all_zero(category: Category) -> Iterator[tuple[Steps, str]]:
    """Find nodes whose children all have weight 0: the path in the category's file, and the fault in words."""
    if not any(criterion.weight for criterion in category.criteria):
        fault = "all criteria of {} have weight 0" if category.criteria else "{} has no criteria"
        yield ("criteria",), f"{fault.format(category.category)}; give at least one a weight"
    for index, criterion in enumerate(category.criteria):
        if not any(question.weight for question in criterion.questions):
            fault = "all questions of {} have weight 0" if criterion.questions else "{} has no questions"
            message = f"{fault.format(f'{category.category}.{criterion.id}')}; give at least one a weight"
            yield ("criteria", index), message


def _check_conditions(scorecard: YamlSource, files: Iterable[CategoryFile]) -> Iterator[Issue]:
    """Check that conditions name values which the context dictionary has."""
    names = entries(scorecard, ("context",))
    fields = {name: validate(scorecard, ContextField, ("context", name))[0] for name in names}
    placed: list[tuple[YamlSource, Steps]] = [
        (scorecard, ("floors", name, "when")) for name in entries(scorecard, ("floors",))
    ]
    placed += [(file.source, path) for file in files for path in _condition_places(file)]
    for source, path in placed:
        condition = validate(source, Condition, path)[0] if source.at(path) else None
        yield from condition_faults(source, path, condition or {}, fields)


def condition_faults(
    source: YamlSource,
    path: Steps,
    condition: Mapping[str, tuple[bool | str, ...]],
    fields: Mapping[str, ContextField | None],
) -> Iterator[Issue]:
    """Check that a condition names context fields as they are declared, and values which these have."""
    for name, values in condition.items():
        field = fields.get(name)
        # A condition may name a field of its own; one that is all but declared is a misspelling.
        if name not in fields and (hint := did_you_mean(name, fields, nearness=_MISSPELT)):
            message = f"{name}: the context dictionary has no such field{hint}"
            yield Issue("unknown-context-field", message, source.locate((*path, name), key=True))
        for index, value in enumerate(values if field else ()):
            if field and value not in field.values:
                known = list(map(as_text, field.values))
                message = f"{name}: {shown(value)} is not one of {', '.join(known)}"
                message += did_you_mean(as_text(value), known)
                yield Issue("unknown-reference", message, source.locate((*path, name, index)))


def _condition_places(file: CategoryFile) -> Iterator[Steps]:
    yield ("applies",)
    yield from ((*path, "applies") for path, _ in items(file.source, ("criteria",)))
    for path, _ in raw_questions(file.source):
        yield (*path, "applies")
        for key in ("gates", "points_when"):
            yield from ((*place, "when") for place, _ in items(file.source, (*path, key)))


def _listed(scorecard: YamlSource) -> list[str] | None:
    """Ids of the categories of a scorecard; None where no list stands there."""
    names = scorecard.at(("categories",))
    return [as_text(name) for name in names] if isinstance(names, list) else None


def _check_listed(scorecard: YamlSource, by_id: Mapping[str, CategoryFile]) -> Iterator[Issue]:
    listed = _listed(scorecard)
    if listed is None:
        return
    yield from _check_names(scorecard, listed, by_id)
    profile = as_text(scorecard.at(("vendor_profile",)))
    yield from _check_profile(scorecard, profile, by_id)
    for file in by_id.values():
        if as_text(file.source.at(("category",))) and file.id not in (*listed, profile):
            message = f"category '{file.id}' is not listed in scorecard.yaml{did_you_mean(file.id, listed)}"
            yield Issue("unknown-reference", message, file.source.locate(("category",)))
    weighted = [name for name in listed if name not in by_id or by_id[name].source.at(("weighted",)) is not False]
    for preset, weights in entries(scorecard, ("presets",)).items():
        if isinstance(weights, dict):
            yield from check_weights(scorecard, ("presets", preset), weights, weighted)


def _check_names(scorecard: YamlSource, listed: list[str], by_id: Mapping[str, CategoryFile]) -> Iterator[Issue]:
    first: dict[str, int] = {}
    if len(listed) > WORDED:
        message = f"categories: lists {len(listed):,}, of which the first {WORDED:,} are checked: correct these first"
        yield Issue("wrong-value", message, scorecard.locate(("categories",)))
    for index, name in enumerate(listed[:WORDED]):
        yield from _check_category(scorecard, ("categories", index), name, by_id)
        if name and first.setdefault(name, index) != index:
            message = f"category {name} is listed twice; keep one"
            yield Issue("repeated-id", message, scorecard.locate(("categories", index)))


def _check_category(
    scorecard: YamlSource, path: Steps, name: str, by_id: Mapping[str, CategoryFile]
) -> Iterator[Issue]:
    if name and name not in by_id:
        yield reference_fault(scorecard, path, f"category '{name}' has no file", name, by_id)


def _check_profile(scorecard: YamlSource, name: str, by_id: Mapping[str, CategoryFile]) -> Iterator[Issue]:
    yield from _check_category(scorecard, ("vendor_profile",), name, by_id)
    if name in by_id and (category := by_id[name].category) is not None and category.weighted:
        wrong = "counts in the total and can be no vendor profile; write 'weighted: false' in its file"
        yield Issue("wrong-value", f"category {name} {wrong}", scorecard.locate(("vendor_profile",)))


def _check_floors(scorecard: YamlSource, by_id: Mapping[str, CategoryFile]) -> Iterator[Issue]:
    counting = [file for file in by_id.values() if file.source.at(("weighted",)) is not False]
    nodes = [node for file in counting for node in (file.id, *(f"{file.id}.{name}" for name in file.criteria))]
    unread = [file.id for file in counting if not file.is_read]
    for name in entries(scorecard, ("floors",)):
        if name not in nodes and name.partition(".")[0] not in unread:
            message = f"floors: '{name}' is no category or criterion with a weight"
            yield reference_fault(scorecard, ("floors", name), message, name, nodes)


def _check_shifts(scorecard: YamlSource, by_id: Mapping[str, CategoryFile]) -> Iterator[Issue]:
    presets = {**entries(scorecard, ("presets",)), **entries(scorecard, ("tagged_presets",))}
    for preset in entries(scorecard, ("preset_criteria",)):
        path = ("preset_criteria", preset)
        if preset not in presets:
            yield reference_fault(scorecard, path, f"preset_criteria: '{preset}' is no preset", preset, presets)
        yield from _check_criteria(scorecard, path, by_id)


def _check_criteria(scorecard: YamlSource, path: Steps, by_id: Mapping[str, CategoryFile]) -> Iterator[Issue]:
    for category in entries(scorecard, path):
        if category not in by_id:
            yield reference_fault(scorecard, (*path, category), f"'{category}' is no category", category, by_id)
        elif by_id[category].is_read:
            yield from _check_shift(scorecard, (*path, category), by_id[category])


def _check_shift(scorecard: YamlSource, path: Steps, file: CategoryFile) -> Iterator[Issue]:
    weights = entries(scorecard, path)
    for name in weights:
        if name not in file.criteria:
            message = f"'{name}' is no criterion of {file.id}"
            yield reference_fault(scorecard, (*path, name), message, name, file.criteria)
    criteria = file.category.criteria if file.category else ()
    if criteria and not any(weights.get(criterion.id, criterion.weight) for criterion in criteria):
        message = f"all criteria of {file.id} have weight 0; give at least one a weight"
        yield Issue("all-zero-weights", message, scorecard.locate(path, key=True))


def _check_tags(scorecard: YamlSource, by_id: Mapping[str, CategoryFile]) -> Iterator[Issue]:
    listed = _listed(scorecard) or ()
    first: dict[tuple[str, str], str] = {}
    for name in entries(scorecard, ("tags",)):
        yield from check_delta(scorecard, ("tags", name, "delta"), name, listed)
        path = ("tags", name, "criteria")
        yield from _check_criteria(scorecard, path, by_id)
        # Two tags may hold together: then only one of them can say what a criterion weighs.
        nodes = ((own, inner) for own in entries(scorecard, path) for inner in entries(scorecard, (*path, own)))
        for node in nodes:
            if (other := first.setdefault(node, name)) != name:
                message = f"the tags {other} and {name} both weight {'.'.join(node)}; keep it in one of them"
                yield Issue("contradiction", message, scorecard.locate((*path, *node), key=True))
    yield from _check_keys(scorecard, ("tag_floors",), listed, "category")
    floors = fsum(filter(is_weight, entries(scorecard, ("tag_floors",)).values()))
    if floors >= TOTAL:
        message = f"the floors add up to {floors:g}; leave room below 100"
        yield Issue("wrong-value", message, scorecard.locate(("tag_floors",), key=True))


def check_delta(source: YamlSource, path: Steps, tag: str, listed: Iterable[str]) -> Iterator[Issue]:
    """Check that what a tag moves between categories adds up to 0."""
    yield from _check_keys(source, path, listed, "category")
    moved = [points for points in entries(source, path).values() if isinstance(points, int | float)]
    if abs(fsum(moved)) > _TOLERANCE:
        message = f"the delta of {tag} adds up to {fsum(moved):g}, not 0"
        yield Issue("delta-not-0", message, source.locate(path, key=True))


def _check_tagged_presets(scorecard: YamlSource) -> Iterator[Issue]:
    tags, rows = entries(scorecard, ("tags",)), entries(scorecard, ("presets",))
    tagged = entries(scorecard, ("tagged_presets",))
    for name in tagged:
        path = ("tagged_presets", name)
        preset, _ = validate(scorecard, TaggedPreset, path)
        if preset is not None and preset.base not in rows:
            message = f"'{preset.base}' is no preset with points"
            yield reference_fault(scorecard, (*path, "base"), message, preset.base, rows)
        for index, tag in enumerate(preset.tags if preset is not None else ()):
            if tag not in tags:
                yield reference_fault(scorecard, (*path, "tags", index), f"'{tag}' is no tag", tag, tags)
        if name in rows:
            message = f"{name} stands under presets as well; give each its own id"
            yield Issue("repeated-id", message, scorecard.locate(path, key=True))
    yield from _check_keys(scorecard, ("price_weights",), {**rows, **tagged}, "preset")


def _check_keys(source: YamlSource, path: Steps, known: Iterable[str], noun: str) -> Iterator[Issue]:
    offered = tuple(known)
    for name in entries(source, path):
        if name not in offered:
            yield reference_fault(source, (*path, name), f"'{name}' is no {noun}", name, offered)


def check_weights(source: YamlSource, path: Steps, weights: Mapping[str, Any], listed: list[str]) -> Iterator[Issue]:
    """Check category weights: known ids, together 100 within 1e-6, never rescaled in silence."""
    for name in weights:
        if name not in listed:
            yield reference_fault(source, (*path, name), f"'{name}' is no category with a weight", name, listed)
    # A weight that is none is a fault already.
    if all(is_weight(weight) for weight in weights.values()):
        total = fsum(weights.values())
        if abs(total - TOTAL) > _TOLERANCE:
            message = f"the category weights add up to {total:.10g}, not 100; change them so that they do"
            yield Issue("weights-not-100", message, source.locate(path, key=True))


def is_weight(weight: object) -> bool:
    """Tell whether something is a finite number of 0 or more."""
    return isinstance(weight, int | float) and not isinstance(weight, bool) and 0 <= weight < inf
