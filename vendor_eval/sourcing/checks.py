"""Checks across sourcing.yaml: references, sums, and tables without gaps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import fsum, prod
from typing import Any

import numpy as np

from vendor_eval.config.yaml12 import Step, YamlSource
from vendor_eval.criteria import Criteria, check_delta
from vendor_eval.criteria.conditions import Bounds
from vendor_eval.issues import Issue, did_you_mean
from vendor_eval.sourcing import model
from vendor_eval.sourcing.cost import INPUTS, SINCE_VERSION_2
from vendor_eval.sourcing.rules import Columns, Conditions, first_case, names_in

TOTAL = 100.0
_TOLERANCE = 1e-6
# A table over more combinations than this is not searched for gaps.
_MOST_COMBINATIONS = 100_000
# Names that a gate may compare besides fields, terms and measures: figures of the cost comparison.
COMPUTED = ("units_per_year", "partner_cheaper_above")
_BOOLEANS = ("true", "false")

Place = tuple[Step, ...]


@dataclass(frozen=True)
class Checks:
    """Checks of a file whose form is sound."""

    source: YamlSource
    file: model.SourcingFile
    criteria: Criteria

    def issues(self) -> Iterator[Issue]:
        yield from self._defaults()
        yield from self._ids()
        conditions = list(self._conditions())
        yield from conditions
        if not conditions:
            yield from self._factors()
        yield from self._decision()
        yield from self._references()
        yield from self._cost_inputs()
        yield from self._scorecard()

    def _issue(self, code: str, message: str, *path: Step) -> Issue:
        return Issue(code, message, self.source.locate(path, key=True))

    def _unknown(self, name: object, known: Iterable[object], noun: str, *path: Step) -> Issue:
        names = [str(word).lower() if isinstance(word, bool) else str(word) for word in known]
        hint = did_you_mean(str(name), names) or f"; known are {', '.join(names)}"
        return self._issue("unknown-reference", f"'{name}' is no {noun}{hint}", *path)

    def _unknowns(self, names: Iterable[str], known: Iterable[str], noun: str, *path: Step) -> Iterator[Issue]:
        """Report each unknown name of a list, or each unknown key of a mapping."""
        offered = tuple(known)
        for index, name in enumerate(names):
            if name not in offered:
                step = name if isinstance(names, Mapping) else index
                yield self._unknown(name, offered, noun, *path, step)

    def _defaults(self) -> Iterator[Issue]:
        for name, field in self.file.fields.items():
            if isinstance(field, model.ChoiceField | model.SetField) and field.default is not None:
                for value in field.default if isinstance(field.default, tuple) else (field.default,):
                    if value not in field.values:
                        yield self._unknown(value, field.values, f"value of {name}", "fields", name, "default")

    def _ids(self) -> Iterator[Issue]:
        for name in self.file.terms:
            if name in self.file.fields:
                message = f"{name} is a field already; give the term its own name"
                yield self._issue("repeated-id", message, "terms", name)
        keys = ("factors", "constraints", "overlays", "conditions", "checks", "review_triggers")
        lists: list[tuple[Place, Sequence[Any]]] = [((key,), getattr(self.file, key)) for key in keys]
        lists += [(("scorecard", "tags"), self.file.scorecard.tags), (("handover", "gates"), self.file.handover.gates)]
        for path, entries in lists:
            ids = [entry.id for entry in entries]
            for index, name in enumerate(ids):
                if name in ids[:index]:
                    message = f"{name} stands twice; give each its own id"
                    yield self._issue("repeated-id", message, *path, index, "id")

    def _conditions(self) -> Iterator[Issue]:
        known = set(self.file.fields)
        for name, cases in self.file.terms.items():
            for place, case in enumerate(cases):
                yield from self._when(case.when, ("terms", name, place, "when"), known)
            known.add(name)
        for path, entries in self._lists_with_conditions():
            if path[0] == "handover":
                known |= {*self.file.measures, *COMPUTED}
            for place, entry in enumerate(entries):
                yield from self._when(entry.when, (*path, place, "when"), known)

    def _lists_with_conditions(self) -> Iterator[tuple[Place, Sequence[Any]]]:
        file = self.file
        for key in ("checks", "constraints", "overlays", "conditions"):
            yield (key,), getattr(file, key)
        for option in model.OPTIONS:
            yield ("checklists", option), file.checklists[option]
        yield ("scorecard", "tags"), file.scorecard.tags
        for path, part in self._parts():
            yield (*path, "rows"), part.rows
            yield (*path, "adjust"), part.adjust
        yield ("handover", "gates"), file.handover.gates
        yield ("handover", "back_out"), file.handover.back_out

    def _when(self, when: Conditions, path: Place, known: set[str]) -> Iterator[Issue]:
        for index, condition in enumerate(when):
            for name, test in condition.items():
                # A single condition stands in the file without the list around it: the index is passed over.
                place = (*path, index, name)
                if name not in known:
                    yield self._unknown(name, sorted(known), "field", *place)
                elif isinstance(test, Bounds):
                    yield from self._bounds(name, test, place, known)
                else:
                    yield from self._values(name, test, place)

    def _bounds(self, name: str, test: Bounds, place: Place, known: set[str]) -> Iterator[Issue]:
        if not self._is_number(name):
            yield self._issue("wrong-value", f"{name} is no number; name its values instead", *place)
        numbers = [other for other in sorted(known) if self._is_number(other)]
        for key, limit in test.limits.items():
            if isinstance(limit, str) and limit not in numbers:
                yield self._unknown(limit, numbers, "number of the profile", *place, key)

    def _values(self, name: str, test: Sequence[bool | str], place: Place) -> Iterator[Issue]:
        if self._is_number(name):
            yield self._issue("wrong-value", f"{name} is a number; give min, max, above or below", *place)
            return
        offered: Sequence[object] = self.file.words.get(name, (True, False))
        for value in test:
            if value not in offered:
                yield self._unknown(value, offered, f"value of {name}", *place)

    def _is_number(self, name: str) -> bool:
        measure = self.file.measures.get(name)
        is_measured = measure is not None and measure.type == "number"
        return is_measured or name in COMPUTED or isinstance(self.file.fields.get(name), model.NumberField)

    def _parts(self) -> Iterator[tuple[Place, model.FitTable]]:
        for index, factor in enumerate(self.file.factors):
            for place, part in enumerate(factor.parts):
                yield ("factors", index, "parts", place), part

    def _factors(self) -> Iterator[Issue]:
        total = fsum(factor.weight for factor in self.file.factors)
        if abs(total - TOTAL) > _TOLERANCE:
            message = f"the weights of the factors add up to {total:.10g}, not 100; change them so that they do"
            yield self._issue("weights-not-100", message, "factors")
        for path, part in self._parts():
            yield from self._gaps(path, part)

    def _gaps(self, path: Place, part: model.FitTable) -> Iterator[Issue]:
        names = sorted({name for row in part.rows for name in names_in(row.when)})
        offered = {name: self._offered(name) for name in names}
        if not all(offered.values()) or prod(map(len, offered.values())) > _MOST_COMBINATIONS:
            return
        combinations = list(product(*offered.values()))
        hit = first_case([row.when for row in part.rows], _columns(offered, combinations))
        for index, row in enumerate(part.rows):
            if index not in hit:
                message = f"the row '{row.says}' is never reached: rows above it cover the same"
                yield self._issue("unreachable-row", message, *path, "rows", index)
        missed = np.flatnonzero(hit == len(part.rows))
        if missed.size:
            values = (f"{name} = {value}" for name, value in zip(names, combinations[missed[0]], strict=True))
            message = f"no row covers {' and '.join(values)}; add one, or a last row without `when`"
            yield self._issue("missing-row", message, *path, "rows")

    def _offered(self, name: str) -> Sequence[str]:
        """Values of a field or term; none for a number or a set, whose combinations are not searched."""
        field = self.file.fields.get(name)
        if isinstance(field, model.NumberField | model.SetField):
            return ()
        return _BOOLEANS if isinstance(field, model.BoolField) else self.file.words[name]

    def _decision(self) -> Iterator[Issue]:
        file = self.file
        overlays = [overlay.id for overlay in file.overlays]
        if not file.overlays or file.overlays[-1].when != ({},):
            message = "the last overlay must have no `when`: it takes what is left"
            yield self._issue("wrong-value", message, "overlays", max(0, len(overlays) - 1))
        outcomes = [option.outcome for option in map(file.options.__getitem__, model.OPTIONS) if option.outcome]
        if file.options[file.if_nothing_is_left].outcome is None:
            message = f"if_nothing_is_left: {file.if_nothing_is_left} has no outcome"
            yield self._issue("wrong-value", message, "if_nothing_is_left")
        for key, attribute, known, noun in (
            ("constraints", "removes", (*model.OPTIONS, *overlays), "option or overlay"),
            ("conditions", "outcomes", outcomes, "outcome"),
            ("conditions", "questions", self.criteria.questions, "question of the scorecard"),
        ):
            for index, entry in enumerate(getattr(file, key)):
                yield from self._unknowns(getattr(entry, attribute), known, noun, key, index, attribute)
        yield from self._unknowns(file.handover.outcomes, outcomes, "outcome", "handover", "outcomes")

    def _references(self) -> Iterator[Issue]:
        file = self.file
        for index, contradiction in enumerate(file.checks):
            if contradiction.field not in file.fields:
                yield self._unknown(contradiction.field, file.fields, "field", "checks", index, "field")
        for index, trigger in enumerate(file.review_triggers):
            if isinstance(trigger, model.Changed | model.Ratio | model.Added):
                kind = model.NumberField if isinstance(trigger, model.Ratio) else model.SetField
                watched = [name for name, field in file.fields.items() if isinstance(field, kind)]
                if isinstance(trigger, model.Changed):
                    watched = [*file.fields, *file.terms]
                if trigger.field not in watched:
                    noun = "field that this trigger can watch"
                    yield self._unknown(trigger.field, watched, noun, "review_triggers", index, "field")

    def _cost_inputs(self) -> Iterator[Issue]:
        inputs = self.file.cost.inputs
        yield from self._unknowns(inputs, INPUTS, "input of the cost model", "cost", "inputs")
        misspelt = {did_you_mean(name, INPUTS) for name in inputs if name not in INPUTS}
        asked = [name for name in INPUTS if name not in SINCE_VERSION_2]
        missing = [name for name in asked if name not in inputs and did_you_mean(name, INPUTS) not in misspelt]
        if missing:
            yield self._issue("missing-key", f"inputs: no question for {', '.join(missing)}", "cost", "inputs")

    def _scorecard(self) -> Iterator[Issue]:
        card, presets = self.file.scorecard, self.criteria.file.presets
        if card.start_from not in presets:
            yield self._unknown(card.start_from, presets, "preset", "scorecard", "start_from")
        yield from self._unknowns(card.presets, presets, "preset", "scorecard", "presets")
        tags = [tag.id for tag in card.tags]
        if not card.floors:
            for index, name in enumerate(tags):
                if name not in self.criteria.file.tags:
                    known = self.criteria.file.tags
                    yield self._unknown(name, known, "tag of the scorecard", "scorecard", "tags", index, "id")
        for preset, names in card.presets.items():
            yield from self._unknowns(names, tags, "tag", "scorecard", "presets", preset)
        yield from self._categories(card.floors, "floors")
        if fsum(card.floors.values()) >= TOTAL:
            message = f"the floors add up to {fsum(card.floors.values()):g}; leave room below 100"
            yield self._issue("wrong-value", message, "scorecard", "floors")
        for index, tag in enumerate(card.tags):
            yield from self._tag(tag, index)

    def _tag(self, tag: model.TagRule, index: int) -> Iterator[Issue]:
        delta = ("scorecard", "tags", index, "delta")
        yield from check_delta(self.source, delta, tag.id, self.criteria.weighted_categories)
        yield from self._categories(tag.criteria, "tags", index, "criteria")
        for category, weights in tag.criteria.items():
            known = [node.partition(".")[2] for node in self.criteria.node_ids if node.startswith(f"{category}.")]
            path = ("scorecard", "tags", index, "criteria", category)
            yield from self._unknowns(weights, known, f"criterion of {category}", *path) if known else ()

    def _categories(self, names: Iterable[str], *path: Step) -> Iterator[Issue]:
        return self._unknowns(names, self.criteria.weighted_categories, "category", "scorecard", *path)


def _columns(offered: Mapping[str, Sequence[str]], combinations: Sequence[Sequence[str]]) -> Columns:
    """Make columns from combinations of values; with no field at all they still have a length."""
    arrays: dict[str, Any] = {"": np.zeros(len(combinations), dtype=bool)}
    for place, (name, values) in enumerate(offered.items()):
        codes = [values.index(combination[place]) for combination in combinations]
        arrays[name] = np.array(codes) == 0 if values == _BOOLEANS else np.array(codes)
    return Columns(arrays, {name: values for name, values in offered.items() if values != _BOOLEANS})
