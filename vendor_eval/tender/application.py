"""The settings of an evaluation, applied to its criteria."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from vendor_eval.config.models import shown, unknown_key, validate
from vendor_eval.config.yaml12 import as_text
from vendor_eval.criteria import ContextField, Criteria, Floor, checks, question_conditions, references
from vendor_eval.criteria.conditions import Context
from vendor_eval.criteria.questions import Question
from vendor_eval.issues import Issue, did_you_mean
from vendor_eval.tender.drafts import Draft
from vendor_eval.tender.models import Evaluation
from vendor_eval.tender.names import check_names


class Applied(Draft):
    def apply(self) -> Evaluation:
        criteria, off, overridden = self._override()
        context = self._context(criteria)
        # Weights of all criteria under each preset; what this evaluation overrides stays.
        written = {f"{c.category}.{k.id}": k.weight for c in self.criteria.categories for k in c.criteria}
        presets = {name: written | _by_node(self.criteria.shifts(name)) | overridden for name in self.criteria.presets}
        evaluation = Evaluation(
            self.settings, self.folder, self.source, criteria, context, self._weights(), self._floors(), off, presets
        )
        check_names(self, evaluation)
        self._check_currency()
        self._check_zero_weights(criteria)
        if not self.faults:
            # The breakpoints that this context asks for.
            evaluation = replace(evaluation, criteria=criteria.with_questions(lambda q: q.for_context(context)))
            self._check_scope(evaluation)
        return evaluation

    def _wrong_context(self, name: str, index: int, message: str) -> None:
        place = self.source.locate(("context", name, index))
        self.faults.append(Issue("wrong-value", f"context: {name}: {message}", place))

    def _check_currency(self) -> None:
        own, price = self.settings.brief.currency, self.settings.price
        if price is not None and own and own.casefold() != price.currency.casefold():
            differ = f"currency is {own} and that of price {price.currency}"
            message = f"brief: {differ}: give the same, or leave it out here"
            self.fault("contradiction", message, "brief", "currency")

    def _check_zero_weights(self, criteria: Criteria) -> None:
        """Find all-zero weights that overrides made: the criteria themselves have none."""
        for category in criteria.categories if criteria is not self.criteria else ():
            for _, message in checks.all_zero(category) if category.weighted else ():
                self.fault("all-zero-weights", message, "overrides")

    def _check_scope(self, evaluation: Evaluation) -> None:
        weighted = [c for c in evaluation.criteria.categories if c.weighted and evaluation.weights.get(c.category)]
        asked = [question for category in weighted for question in evaluation.asked(category)]
        # A screen may ask for gates alone, those of the vendor profile too.
        gated = evaluation.is_screen and any(question.gates for question in evaluation.asked_questions.values())
        if not gated and not any(question.weight for question in asked):
            message = "no question with a weight is asked: check context, questions, overrides and weights"
            self.fault("nothing-asked", message, "title")

    def _weights(self) -> Mapping[str, float]:
        names = list(self.criteria.weighted_categories)
        if self.profile is not None:
            for key in ("preset", "tags", "weights"):
                if key in self.source.value:
                    message = f"{key}: the profile gives the weights; remove {key}, or the profile"
                    self.fault("contradiction", message, key)
            return self.profile.weights
        if self.settings.weights is not None:
            for key, words in (("preset", "a preset"), ("tags", "tags")):
                if isinstance(self.source.value, dict) and key in self.source.value:
                    self.fault("contradiction", f"weights: give either {words} or weights, not both", "weights")
            self._check_own_weights(self.source.at(("weights",)), names)
            return self.settings.weights
        if self._preset_is_known():
            return self.criteria.points(self.settings.preset, self.settings.tags)
        return {}

    def _preset_is_known(self) -> bool:
        preset, presets, tags = self.settings.preset, self.criteria.presets, self.criteria.file.tags
        if preset not in presets and self.source.at(("weights",)) is not None:
            return False  # they have a fault of their own
        if preset not in presets:
            hint = did_you_mean(preset, presets) or f"; known are {', '.join(presets)}"
            self.fault("unknown-reference", f"preset: '{preset}' is no preset{hint}", "preset")
        for index, tag in self.numbered("tags"):
            if tag not in tags:
                hint = did_you_mean(tag, tags) or (f"; known are {', '.join(tags)}" if tags else "; it has none")
                self.fault("unknown-reference", f"tags: '{tag}' is no tag of the scorecard{hint}", "tags", index)
        return preset in presets and set(self.settings.tags) <= set(tags)

    def _check_own_weights(self, written: Mapping[str, Any], names: list[str]) -> None:
        # As they stand in the file: without one that is none the others need not add up.
        faults = list(checks.check_weights(self.source, ("weights",), written, names))
        self.faults.extend(faults)
        for name in names if not faults else ():
            if name not in written:
                message = f"weights: {name} is missing; give it points, or 0 where its answers count for nothing"
                self.fault("missing-key", message, "weights")

    def _floors(self) -> Mapping[str, Floor]:
        weighted = self.criteria.weighted_categories
        known = [node for node in self.criteria.node_ids if node.partition(".")[0] in weighted]
        for name in self.settings.floors:
            if name not in known:
                message = f"floors: '{name}' is no category or criterion with a weight{did_you_mean(name, known)}"
                self.fault("unknown-reference", message, "floors", name)
        for name, floor in self.settings.floors.items():
            condition, place = floor.when if floor else {}, ("floors", name, "when")
            self.faults.extend(checks.condition_faults(self.source, place, condition, self.criteria.file.context))
        merged = {**self.criteria.file.floors, **self.settings.floors}
        return {name: floor for name, floor in merged.items() if floor is not None}

    def _context(self, criteria: Criteria) -> Context:
        given = self._own_context(criteria)
        by_profile = self.profile.context if self.profile is not None else {}
        for name in given.keys() & by_profile.keys():
            if given[name] != by_profile[name]:
                message = f"context: {name}: the profile says otherwise; change it there, or remove it here"
                self.fault("contradiction", message, "context", name)
        fields = self.criteria.file.context.items()
        unset = {name: field.if_unset for name, field in fields if field.if_unset is not None}
        return {**unset, **by_profile, **given}

    def _own_context(self, criteria: Criteria) -> Context:
        own = [floor.when for floor in self.settings.floors.values() if floor is not None]
        wanted: dict[str, list[bool | str]] = {}
        # What an override removed may still be set.
        for condition in (*self.criteria.conditions(), *criteria.conditions(), *own):
            for name, values in condition.items():
                wanted.setdefault(name, []).extend(values)
        context: dict[str, bool | str | tuple[str, ...]] = {}
        for name, value in self.settings.context.items():
            field = criteria.file.context.get(name)
            if field is not None:
                self._check_value(name, value, field)
            elif name in wanted:
                self._check_kind(name, value, wanted[name])
            else:
                hint = did_you_mean(name, {*criteria.file.context, *wanted})
                message = f"context: '{name}' is no field of the criteria{hint}"
                self.fault("unknown-context-field", message, "context", name)
            if isinstance(value, tuple) or (field is not None and field.type == "set"):
                context[name] = tuple(as_text(entry) for entry in _as_tuple(value))
            else:
                context[name] = value
        return context

    def _check_value(self, name: str, value: bool | str | tuple[bool | str, ...], field: ContextField) -> None:  # noqa: FBT001  a value of the context, not a switch
        if isinstance(value, tuple) and field.type != "set":
            self.fault("wrong-value", f"context: {name} takes one value, not a list", "context", name)
            return
        names = [as_text(known) for known in field.values]
        for index, entry in enumerate(_as_tuple(value)):
            if entry not in field.values and entry in names:
                self._wrong_context(name, index, f"write {entry} without quotes")
            elif entry not in field.values:
                hint = did_you_mean(as_text(entry), names)
                self._wrong_context(name, index, f"{shown(entry)} is not one of {', '.join(names)}{hint}")

    def _check_kind(self, name: str, value: bool | str | tuple[bool | str, ...], wanted: Iterable[bool | str]) -> None:  # noqa: FBT001  as above
        """Check a field of which only conditions speak: text never meets `true`."""
        kinds = {type(known) for known in wanted}
        for index, entry in enumerate(_as_tuple(value)):
            if kinds and type(entry) not in kinds:
                expected = "true or false" if bool in kinds else "text"
                self._wrong_context(name, index, f"expected {expected}, not {shown(entry)}")

    def _override(self) -> tuple[Criteria, frozenset[str], dict[str, float]]:
        off = set()
        changed: dict[str, Question] = {}
        weights: dict[str, float] = {}
        for name, change in self.settings.overrides.items():
            if name not in self.criteria.questions and name not in self.criteria.node_ids:
                hint = self.criteria.hint_for(name, (*self.criteria.questions, *self.criteria.node_ids))
                message = f"overrides: '{name}' is no question, criterion or category{hint}"
                self.fault("unknown-reference", message, "overrides", name)
            elif change == "off":
                off.add(name)
            elif not isinstance(change, dict):
                self.fault("wrong-value", f"overrides: {name}: expected 'off' or keys to change", "overrides", name)
            elif name in self.criteria.questions:
                changed.update(self._changed_question(name, change))
            else:
                weights.update(self._changed_node(name, change))
        self._check_references(changed)
        shifted = {**self._stated_criteria(), **weights}
        criteria = self.criteria
        if changed or shifted:
            criteria = criteria.with_questions(lambda question: changed.get(question.id, question), shifted)
        return criteria, frozenset(off), weights

    def _stated_criteria(self) -> dict[str, float]:
        """Weights inside categories that the profile or the preset of this evaluation shifts."""
        if self.profile is not None:
            return _by_node(self.profile.criterion_weights)
        if self.settings.weights is not None or self.settings.preset not in self.criteria.presets:
            return {}
        known = [tag for tag in self.settings.tags if tag in self.criteria.file.tags]
        return _by_node(self.criteria.shifts(self.settings.preset, known))

    def _changed_question(self, name: str, change: Mapping[str, Any]) -> dict[str, Question]:
        fields = self.criteria.questions[name].model_dump(exclude_unset=True)
        path = ("overrides", name)
        fixed = {"id", "type"}
        for key in (key for key in change if key in fixed):
            message = f"{key}: cannot be overridden; copy the criteria folder to change it"
            self.fault("unknown-key", message, *path, key)
        gates: dict[str, object] = {"gates": []} if change.get("gates") == "off" else {}
        kept = {key: value for key, value in change.items() if key not in fixed}
        # Breakpoints of this evaluation count whatever the context.
        always: dict[str, object] = {"points_when": []} if "points" in change and "points_when" in fields else {}
        merged = {**fields, **always, **kept, **gates}
        new, faults = validate(self.source, Question, path, value=merged)
        faults = (*faults, *references.certification_faults(self.source, path, new, self.criteria.scheme))
        self.faults.extend(faults)
        if new is None or faults:
            return {}
        new = references.bind(new, self.criteria.scheme)
        for place, condition in question_conditions(new):
            self.faults.extend(
                checks.condition_faults(self.source, (*path, *place), condition, self.criteria.file.context)
            )
        return {name: new}

    def _check_references(self, changed: Mapping[str, Question]) -> None:
        """Check references of and to what overrides changed; the latter stand in the criteria."""
        known = {**self.criteria.questions, **changed}
        for name, question in known.items():
            of_gates = {other for gate in question.gates for other in gate.questions}
            caps = {references.split_reference(other, known)[0] for other in question.cap_if}
            touched = next((other for other in (name, *question.ask_if, *caps, *of_gates) if other in changed), None)
            if touched is None:
                continue
            path = ("overrides", touched)
            self.faults.extend(references.reference_faults(self.source, path, question, known))
            for index, gate in enumerate(question.gates):
                self.faults.extend(references.gate_faults(self.source, (*path, "gates", index), question, gate, known))

    def _changed_node(self, name: str, change: Mapping[str, Any]) -> dict[str, float]:
        path = ("overrides", name)
        for key in change:
            if key != "weight":
                self.faults.append(unknown_key(self.source, (*path, key), ["weight"]))
        if "weight" not in change:
            return {}
        weight = change["weight"]
        if not checks.is_weight(weight):
            self.fault("wrong-value", f"weight: expected a number of 0 or more, not {shown(weight)}", *path, "weight")
        elif "." not in name:
            message = f"{name}: the weight of a category is set by 'weights' or 'preset'"
            self.fault("wrong-value", message, *path, "weight")
        else:
            return {name: float(weight)}
        return {}


def _as_tuple(value: bool | str | tuple[bool | str, ...]) -> tuple[bool | str, ...]:  # noqa: FBT001  as above
    return value if isinstance(value, tuple) else (value,)


def _by_node(shifts: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {f"{category}.{name}": weight for category, weights in shifts.items() for name, weight in weights.items()}
