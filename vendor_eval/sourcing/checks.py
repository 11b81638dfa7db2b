"""Checks across sourcing.yaml: references, sums, and tables without gaps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import fsum, prod
from typing import Any

import numpy as np

from vendor_eval.config.yaml12 import Step, YamlSource
from vendor_eval.criteria import Criteria
from vendor_eval.criteria.conditions import Bounds
from vendor_eval.issues import Issue, did_you_mean
from vendor_eval.sourcing.cost import INPUTS
from vendor_eval.sourcing.model import (
    OPTIONS,
    Added,
    BoolField,
    Changed,
    ChoiceField,
    NumberField,
    Part,
    Ratio,
    ScorecardWeights,
    SetField,
    SourcingFile,
    Tag,
    words,
)
from vendor_eval.sourcing.rules import Columns, Conditions, first_case, names_in

TOTAL = 100.0
_TOLERANCE = 1e-6
# A table over more combinations than this is not searched for gaps.
_MOST_COMBINATIONS = 100_000
# What a gate may compare besides fields, terms and measures: figures of the cost comparison.
COMPUTED = ("units_per_year", "partner_cheaper_above")

Place = tuple[Step, ...]


def check(source: YamlSource, file: SourcingFile, criteria: Criteria) -> Iterator[Issue]:
    """Find every fault of a file whose form is sound."""
    report = _Report(source)
    yield from _Fields(file, report).faults()
    whens = list(_Whens(file, report).faults())
    yield from whens
    if not whens:
        yield from _Tables(file, report).faults()
    yield from _decision_faults(file, report)
    yield from _reference_faults(file, criteria, report)
    yield from _Scorecard(file.scorecard, criteria, report).faults()


@dataclass(frozen=True)
class _Report:
    """Words a fault and finds its place."""

    source: YamlSource

    def fault(self, code: str, message: str, *path: Step) -> Issue:
        return Issue(code, message, self.source.locate(path, key=True))

    def unknown(self, name: object, known: Iterable[object], what: str, *path: Step) -> Issue:
        """Say that a name is none of the known ones, and which is nearest."""
        names = [str(word).lower() if isinstance(word, bool) else str(word) for word in known]
        hint = did_you_mean(str(name), names) or f"; known are {', '.join(names)}"
        return self.fault("unknown-reference", f"'{name}' is no {what}{hint}", *path)

    def unknowns(self, names: Iterable[str], known: Iterable[str], what: str, *path: Step) -> Iterator[Issue]:
        """Say it of each name of a list, or of each key of a mapping."""
        offered = tuple(known)
        for index, name in enumerate(names):
            if name not in offered:
                step = name if isinstance(names, Mapping) else index
                yield self.unknown(name, offered, what, *path, step)


# ------------------------------------------------------------------------------------------------ fields and ids


@dataclass(frozen=True)
class _Fields:
    """Defaults that are no value, names that stand twice."""

    file: SourcingFile
    report: _Report

    def faults(self) -> Iterator[Issue]:
        for name, field in self.file.fields.items():
            if isinstance(field, ChoiceField | SetField) and field.default is not None:
                given = field.default if isinstance(field.default, tuple) else (field.default,)
                for value in given:
                    if value not in field.values:
                        yield self.report.unknown(value, field.values, f"value of {name}", "fields", name, "default")
        for name in self.file.terms:
            if name in self.file.fields:
                message = f"{name} is a field already; give the term its own name"
                yield self.report.fault("repeated-id", message, "terms", name)
        for path, items in self._lists():
            yield from self._repeated(path, [item.id for item in items])

    def _lists(self) -> Iterator[tuple[Place, Sequence[Any]]]:
        file = self.file
        for key in ("factors", "constraints", "overlays", "conditions", "checks", "review_triggers"):
            yield (key,), getattr(file, key)
        yield ("scorecard", "tags"), file.scorecard.tags
        yield ("handover", "gates"), file.handover.gates

    def _repeated(self, path: Place, ids: Sequence[str]) -> Iterator[Issue]:
        for index, name in enumerate(ids):
            if name in ids[:index]:
                message = f"{name} stands twice; give each its own id"
                yield self.report.fault("repeated-id", message, *path, index, "id")


# ------------------------------------------------------------------------------------------------ conditions


@dataclass(frozen=True)
class _Whens:
    """Conditions that name no field, no value, or compare what is no number."""

    file: SourcingFile
    report: _Report

    def faults(self) -> Iterator[Issue]:
        later = list(self.file.terms)
        for index, (name, cases) in enumerate(self.file.terms.items()):
            known = {*self.file.fields, *later[:index]}
            for place, case in enumerate(cases):
                yield from self._when(case.when, ("terms", name, place, "when"), known)
        known = {*self.file.fields, *self.file.terms}
        for path, when in self._placed():
            yield from self._when(when, path, known)
        for key in ("gates", "back_out"):
            for place, item in enumerate(getattr(self.file.handover, key)):
                path = ("handover", key, place, "when")
                yield from self._when(item.when, path, {*known, *self.file.measures, *COMPUTED})

    def _placed(self) -> Iterator[tuple[Place, Conditions]]:
        file = self.file
        lists: list[tuple[Place, Sequence[Any]]] = [
            ((key,), getattr(file, key)) for key in ("checks", "constraints", "overlays", "conditions")
        ]
        lists += [(("checklists", option), file.checklists[option]) for option in OPTIONS]
        lists += [(("scorecard", "tags"), file.scorecard.tags)]
        for path, part in parts(file):
            lists += [((*path, "rows"), part.rows), ((*path, "adjust"), part.adjust)]
        for path, items in lists:
            yield from (((*path, index, "when"), item.when) for index, item in enumerate(items))

    def _when(self, when: Conditions, path: Place, known: set[str]) -> Iterator[Issue]:
        for index, condition in enumerate(when):
            for name, test in condition.items():
                # A single condition stands in the file without the list around it: the index is passed over.
                place = (*path, index, name)
                if name not in known:
                    yield self.report.unknown(name, sorted(known), "field", *place)
                elif isinstance(test, Bounds):
                    yield from self._bounds(name, test, place, known)
                else:
                    yield from self._values(name, test, place)

    def _bounds(self, name: str, test: Bounds, place: Place, known: set[str]) -> Iterator[Issue]:
        if not self._is_number(name):
            yield self.report.fault("wrong-value", f"{name} is no number; name its values instead", *place)
        numbers = [other for other in sorted(known) if self._is_number(other)]
        for key, limit in test.limits.items():
            if isinstance(limit, str) and limit not in numbers:
                yield self.report.unknown(limit, numbers, "number of the profile", *place, key)

    def _values(self, name: str, test: Sequence[bool | str], place: Place) -> Iterator[Issue]:
        if self._is_number(name):
            yield self.report.fault("wrong-value", f"{name} is a number; give min, max, above or below", *place)
            return
        offered: Sequence[object] = dict(words(self.file)).get(name, (True, False))
        for value in test:
            if value not in offered:
                yield self.report.unknown(value, offered, f"value of {name}", *place)

    def _is_number(self, name: str) -> bool:
        measure = self.file.measures.get(name)
        is_measured = measure is not None and measure.type == "number"
        return is_measured or name in COMPUTED or isinstance(self.file.fields.get(name), NumberField)


# ------------------------------------------------------------------------------------------------ factors


def parts(file: SourcingFile) -> Iterator[tuple[Place, Part]]:
    """Every table of fits, with its place."""
    for index, factor in enumerate(file.factors):
        for place, part in enumerate(factor.parts):
            yield ("factors", index, "parts", place), part


@dataclass(frozen=True)
class _Tables:
    """Weights that do not add up, combinations that no row covers, rows that no combination reaches."""

    file: SourcingFile
    report: _Report

    def faults(self) -> Iterator[Issue]:
        total = fsum(factor.weight for factor in self.file.factors)
        if abs(total - TOTAL) > _TOLERANCE:
            message = f"the weights of the factors add up to {total:.10g}, not 100; change them so that they do"
            yield self.report.fault("weights-not-100", message, "factors")
        for path, part in parts(self.file):
            yield from self._gaps(path, part)

    def _gaps(self, path: Place, part: Part) -> Iterator[Issue]:
        names = sorted({name for row in part.rows for name in names_in(row.when)})
        offered = {name: self._offered(name) for name in names}
        if not all(offered.values()) or prod(map(len, offered.values())) > _MOST_COMBINATIONS:
            return
        combinations = list(product(*offered.values()))
        hit = first_case([row.when for row in part.rows], _columns(offered, combinations))
        for index, row in enumerate(part.rows):
            if index not in hit:
                message = f"the row '{row.says}' is never reached: rows above it cover the same"
                yield self.report.fault("unreachable-row", message, *path, "rows", index)
        missed = np.flatnonzero(hit == len(part.rows))
        if missed.size:
            values = (f"{name} = {value}" for name, value in zip(names, combinations[missed[0]], strict=True))
            message = f"no row covers {' and '.join(values)}; add one, or a last row without `when`"
            yield self.report.fault("missing-row", message, *path, "rows")

    def _offered(self, name: str) -> Sequence[str]:
        """Values of a field or term; none for a number or a set, whose combinations are not searched."""
        field = self.file.fields.get(name)
        if isinstance(field, NumberField | SetField):
            return ()
        return _BOOLEANS if isinstance(field, BoolField) else dict(words(self.file))[name]


_BOOLEANS = ("true", "false")


def _columns(offered: Mapping[str, Sequence[str]], combinations: Sequence[Sequence[str]]) -> Columns:
    """Put combinations of values side by side; one of no fields at all still has a length."""
    arrays: dict[str, Any] = {"": np.zeros(len(combinations), dtype=bool)}
    for place, (name, values) in enumerate(offered.items()):
        codes = [values.index(combination[place]) for combination in combinations]
        arrays[name] = np.array(codes) == 0 if values == _BOOLEANS else np.array(codes)
    return Columns(arrays, {name: values for name, values in offered.items() if values != _BOOLEANS})


# ------------------------------------------------------------------------------------------------ references


def _decision_faults(file: SourcingFile, report: _Report) -> Iterator[Issue]:
    overlays = [overlay.id for overlay in file.overlays]
    for index, constraint in enumerate(file.constraints):
        known = (*OPTIONS, *overlays)
        yield from report.unknowns(constraint.removes, known, "option or overlay", "constraints", index, "removes")
    if not file.overlays or file.overlays[-1].when != ({},):
        message = "the last overlay must have no `when`: it takes what is left"
        yield report.fault("wrong-value", message, "overlays", max(0, len(overlays) - 1))
    outcomes = [option.outcome for option in map(file.options.__getitem__, OPTIONS) if option.outcome]
    if file.options[file.if_nothing_is_left].outcome is None:
        message = f"if_nothing_is_left: {file.if_nothing_is_left} has no outcome"
        yield report.fault("wrong-value", message, "if_nothing_is_left")
    for index, condition in enumerate(file.conditions):
        yield from report.unknowns(condition.outcomes, outcomes, "outcome", "conditions", index, "outcomes")
    yield from report.unknowns(file.handover.outcomes, outcomes, "outcome", "handover", "outcomes")


def _reference_faults(file: SourcingFile, criteria: Criteria, report: _Report) -> Iterator[Issue]:
    for index, one in enumerate(file.checks):
        if one.field not in file.fields:
            yield report.unknown(one.field, file.fields, "field", "checks", index, "field")
    for index, trigger in enumerate(file.review_triggers):
        if isinstance(trigger, Changed | Ratio | Added):
            watched = _watched(file, trigger)
            if trigger.field not in watched:
                what = "field that this trigger can watch"
                yield report.unknown(trigger.field, watched, what, "review_triggers", index, "field")
    yield from _cost_faults(file, report)
    for index, condition in enumerate(file.conditions):
        what = "question of the scorecard"
        yield from report.unknowns(condition.questions, criteria.questions, what, "conditions", index, "questions")


def _cost_faults(file: SourcingFile, report: _Report) -> Iterator[Issue]:
    given = file.cost.inputs
    yield from report.unknowns(given, INPUTS, "input of the cost model", "cost", "inputs")
    misspelt = {did_you_mean(name, INPUTS) for name in given if name not in INPUTS}
    missing = [name for name in INPUTS if name not in given and did_you_mean(name, INPUTS) not in misspelt]
    if missing:
        yield report.fault("missing-key", f"inputs: no question for {', '.join(missing)}", "cost", "inputs")


def _watched(file: SourcingFile, trigger: Changed | Ratio | Added) -> list[str]:
    if isinstance(trigger, Changed):
        return [*file.fields, *file.terms]
    kind = NumberField if isinstance(trigger, Ratio) else SetField
    return [name for name, field in file.fields.items() if isinstance(field, kind)]


# ------------------------------------------------------------------------------------------------ scorecard


@dataclass(frozen=True)
class _Scorecard:
    """Weights of the scorecard that name no category, do not cancel out, or leave no room."""

    card: ScorecardWeights
    criteria: Criteria
    report: _Report

    def faults(self) -> Iterator[Issue]:
        presets = self.criteria.file.presets
        if self.card.start_from not in presets:
            yield self.report.unknown(self.card.start_from, presets, "preset", "scorecard", "start_from")
        yield from self.report.unknowns(self.card.presets, presets, "preset", "scorecard", "presets")
        tags = [tag.id for tag in self.card.tags]
        for preset, names in self.card.presets.items():
            yield from self.report.unknowns(names, tags, "tag", "scorecard", "presets", preset)
        yield from self._categories(self.card.floors, "floors")
        if fsum(self.card.floors.values()) >= TOTAL:
            message = f"the floors add up to {fsum(self.card.floors.values()):g}; leave room below 100"
            yield self.report.fault("wrong-value", message, "scorecard", "floors")
        for index, tag in enumerate(self.card.tags):
            yield from self._tag(tag, index)

    def _tag(self, tag: Tag, index: int) -> Iterator[Issue]:
        yield from self._categories(tag.delta, "tags", index, "delta")
        if abs(fsum(tag.delta.values())) > _TOLERANCE:
            message = f"the delta of {tag.id} adds up to {fsum(tag.delta.values()):g}, not 0"
            yield self.report.fault("delta-not-0", message, "scorecard", "tags", index, "delta")
        yield from self._categories(tag.criteria, "tags", index, "criteria")
        for category, weights in tag.criteria.items():
            known = [node.partition(".")[2] for node in self.criteria.node_ids if node.startswith(f"{category}.")]
            path = ("scorecard", "tags", index, "criteria", category)
            yield from self.report.unknowns(weights, known, f"criterion of {category}", *path) if known else ()

    def _categories(self, names: Iterable[str], *path: Step) -> Iterator[Issue]:
        return self.report.unknowns(names, self.criteria.file.categories, "category", "scorecard", *path)
