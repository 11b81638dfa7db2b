"""From a profile to the advice."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from math import isinf
from pathlib import Path
from typing import Any

from vendor_eval.config.input_files import load_json
from vendor_eval.issues import VendorEvalError
from vendor_eval.results import ScorecardIdentity, advice as records
from vendor_eval.results.advice import Advice
from vendor_eval.sourcing import batch, handover
from vendor_eval.sourcing.batch import CROWD_OPTIONS
from vendor_eval.sourcing.comparison import compare_costs
from vendor_eval.sourcing.context import for_scorecard
from vendor_eval.sourcing.cost import MONTHS, SECONDS
from vendor_eval.sourcing.flips import flips
from vendor_eval.sourcing.model import OPTIONS, ProfileField, Sourcing
from vendor_eval.sourcing.profile import Profile, load_profile
from vendor_eval.sourcing.rules import Conditions, holds


def advise(profile: str | Path | Mapping[str, Any] | Profile, *, model: Sourcing | None = None) -> Advice:
    """Advise on a profile: a YAML file, a mapping with the same keys, or a loaded profile.

    Raises InputError with every fault of the profile.

    >>> from vendor_eval.config.shipped import samples_folder
    >>> advice = advise(samples_folder() / "profiles" / "robotics-grasping.yaml")
    >>> advice.outcome, round(advice.totals["in_house"], 1), advice.close_call
    ('choose_in_house', 90.7, False)
    """
    loaded = profile if isinstance(profile, Profile) else load_profile(profile, model=model)
    return _Advisor(loaded).advice()


class _Advisor:
    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.model = profile.model
        self.file = profile.model.file
        self.evaluated = batch.evaluate(self.model, profile.columns)
        choice = self.evaluated.choice
        self.winner = OPTIONS[int(choice.winner[0])]
        self.runner_up = OPTIONS[int(choice.runner_up[0])] if choice.runner_up[0] >= 0 else None
        self.conflict = bool(choice.conflict[0])
        self.outcome = str(self.file.options[self.winner].outcome)
        self.totals = dict(zip(OPTIONS, self.evaluated.totals[0].tolist(), strict=True))

    def advice(self) -> Advice:
        profile, file, choice = self.profile, self.file, self.evaluated.choice
        margin = float(choice.margin[0])
        overlay = file.overlays[int(batch.overlays(self.model, profile.columns, self.evaluated)[0])]
        notes = tuple(self._conditions())
        wanted = [o for o in file.overlays if o.when != ({},) and self._holds(o.when)]
        return Advice(
            title=profile.title,
            as_of=profile.as_of.isoformat() if profile.as_of else None,
            model_type=profile.values.get("model_type"),
            model=ScorecardIdentity(id=file.sourcing, title=file.title, version=file.version, sha256=self.model.sha256),
            outcome=self.outcome,
            conflict=self.conflict,
            close_call=bool(choice.close[0]),
            margin=None if isinf(margin) else margin,
            best=max(
                (n for n in OPTIONS if file.options[n].outcome),
                key=lambda n: -1 if self._removed_by(n) else self.totals[n],
            ),
            runner_up=None if self.conflict else self.runner_up,
            totals=self.totals,
            removed={name: constraints for name in OPTIONS if (constraints := self._removed_by(name))},
            automation_overlay=overlay.id,
            overlay_removed_by=tuple(dict.fromkeys(name for o in wanted for name in self._removed_by(o.id))),
            crowd_option=CROWD_OPTIONS[int(batch.crowd_options(self.model, self.evaluated)[0])],
            checklist={name: (int(lines[0].sum()), lines.shape[1]) for name, lines in self.evaluated.matched.items()},
            conditions=tuple(note.id for note in notes),
            condition_notes=notes,
            ways_out=file.ways_out if self.conflict else (),
            factors=tuple(self._factors()),
            stability=batch.stability(self.model, self.evaluated),
            defaults_used=profile.defaults_used,
            profile=dict(profile.values),
            options=tuple(self._options()),
            constraints=tuple(self._constraints()),
            checklist_lines=tuple(
                records.ChecklistLineRecord(option=name, says=line.says, quote=line.quote, matched=hit)
                for name, matched in self.evaluated.matched.items()
                for line, hit in zip(file.checklists[name], matched[0].tolist(), strict=True)
            ),
            definition=self._definition(),
            **self._scorecard(),
            **self._changes_and_costs(),
        )

    def _scorecard(self) -> dict[str, Any]:
        card = asdict(for_scorecard(self.profile))
        # What an evaluation starts with, and what vendors read, is not the advice's.
        for name in ("title", "brief", "assumed_brief", "assumed_tags"):
            del card[name]
        names = {"scorecard_weights": "weights", "context_open": "still_open", "context_assumed": "assumed"}
        return {**{key: card.pop(name) for key, name in names.items()}, **card}

    def _changes_and_costs(self) -> dict[str, Any]:
        profile, previous = self.profile, _previous(self.profile.previous)
        cost = compare_costs(profile.cost, self.file.cost) if profile.cost is not None else None
        outcome_changes = flips(profile)
        return {
            "flips": outcome_changes,
            "warnings": (
                *profile.warnings,
                *self._near_edges(outcome_changes),
                *self._workload_differs(cost),
                *self._set_up_is_late(),
            ),
            "cost": cost,
            "handover": handover.handover(profile, self.outcome, previous, cost),
            "review_triggers": handover.review_triggers(profile, previous),
            "changes": handover.changes(profile, self.outcome, previous),
        }

    def _removed_by(self, name: str) -> tuple[str, ...]:
        hit = batch.removed_by(self.model, self.evaluated, name)[0]
        return tuple(c.id for c, removes in zip(self.file.constraints, hit, strict=True) if removes)

    def _options(self) -> Iterator[records.OptionRecord]:
        for name in OPTIONS:
            option = self.file.options[name].model_dump()
            yield records.OptionRecord(id=name, total=self.totals[name], removed_by=self._removed_by(name), **option)

    def _factors(self) -> Iterator[records.FactorRecord]:
        for index, factor in enumerate(self.file.factors):
            fit = dict(zip(OPTIONS, self.evaluated.fits[0, index].tolist(), strict=True))
            points = {name: factor.weight * value for name, value in fit.items()}
            indices = self.evaluated.rows[index]
            rows = [part.rows[int(first[0])] for part, first in zip(factor.parts, indices, strict=True)]
            adjusted = [rule for part in factor.parts for rule in part.adjust if self._holds(rule.when)]
            says = "; ".join(row.says for row in rows)
            yield records.FactorRecord(
                id=factor.id,
                title=factor.title,
                guide=factor.guide,
                weight=factor.weight,
                fit=fit,
                contribution=points,
                lead=points[self.winner] - points[self.runner_up] if self.runner_up else None,
                says=", ".join((says, *(rule.says for rule in adjusted))),
                reason="; ".join(rule.because for rule in (*rows, *adjusted)),
            )

    def _constraints(self) -> Iterator[records.ConstraintRecord]:
        shown = {*OPTIONS, *(o.id for o in self.file.overlays if self._holds(o.when))}
        for constraint, hit in zip(self.file.constraints, self.evaluated.hit[0], strict=True):
            removes = tuple(name for name in constraint.removes if name in shown)
            if hit and removes:
                says, because = constraint.says, constraint.because
                yield records.ConstraintRecord(id=constraint.id, removes=removes, says=says, because=because)

    def _conditions(self) -> Iterator[records.ConditionRecord]:
        for condition in self.file.conditions:
            if self._holds(condition.when) and self.outcome in (condition.outcomes or (self.outcome,)):
                yield records.ConditionRecord.model_validate(condition, from_attributes=True)

    def _holds(self, when: Conditions) -> bool:
        return bool(holds(when, self.profile.columns)[0])

    def _near_edges(self, outcome_changes: tuple[records.OutcomeChange, ...]) -> Iterator[str]:
        """Warn where a number of the profile is close to where the outcome changes."""
        done = []
        for flip in outcome_changes:
            number = self.profile.values[flip.field]
            if not flip.range or not isinstance(number, int | float) or (flip.field, flip.range) in done:
                continue
            done.append((flip.field, flip.range))
            edge = min(flip.range.values(), key=lambda end: abs(end - number))
            if abs(edge - number) <= self.file.near_edge * max(edge, number):
                conflict = " (conflict)" if flip.conflict else ""
                is_near = f"{flip.field} = {number:g} is near an edge: with {in_range(flip.range)} the outcome is "
                yield f"{is_near}{flip.outcome}{conflict}; run both sides"

    def _workload_differs(self, cost: records.CostRecord | None) -> Iterator[str]:
        """Warn where the units and seconds of the cost section give another workload than the profile states."""
        terms = self.profile.cost
        if cost is None or terms is None or not terms.units_per_year or not terms.seconds_per_unit:
            return
        hours = terms.units_per_year / MONTHS * terms.seconds_per_unit / SECONDS * (1 + (terms.in_house.rework or 0))
        fte = hours / self.file.cost.assumptions.productive_hours_per_month.value
        stated = float(str(self.profile.values["workload_fte"]))
        if not stated / self.file.cost.workload_tolerance <= fte <= stated * self.file.cost.workload_tolerance:
            yield f"workload_fte = {stated:g}, and the units and seconds of `cost` are {fte:.2g} full-time people"

    def _set_up_is_late(self) -> Iterator[str]:
        weeks = self.profile.cost.partner.set_up_weeks if self.profile.cost is not None else None
        wanted = self.profile.values.get("weeks_to_first_batch")
        if weeks is not None and isinstance(wanted, int | float) and weeks > wanted:
            late = f"partner.set_up_weeks = {weeks:g} is above weeks_to_first_batch = {wanted:g}"
            yield f"{late}: a partner starts too late for the first batch"

    def _definition(self) -> records.AdviceDefinition:
        criteria = self.model.criteria
        return records.AdviceDefinition(
            fields={name: _field_definition(field) for name, field in self.file.fields.items()},
            outcomes={str(o.outcome): o.title for o in map(self.file.options.__getitem__, OPTIONS) if o.outcome},
            overlays={overlay.id: overlay.title for overlay in self.file.overlays},
            overlays_title=self.file.overlays_title,
            categories={c.category: c.title for c in criteria.categories if c.weighted},
            guide=self.file.guide,
            close_call=self.file.close_call,
            runs=self.file.stability.runs,
            limits=self.file.limits,
        )


def _previous(path: Path | None) -> records.Earlier | None:
    if path is None:
        return None
    try:
        earlier: records.Earlier = load_json(path, records.Earlier)
    except ValueError:
        hint = "name the file that 'vendor-eval advise PROFILE.yaml -o advice.json' wrote"
        raise VendorEvalError(f"{path}: is no advice; {hint}") from None
    return earlier


def in_range(bounds: Mapping[str, float]) -> str:
    """Say a range of numbers.

    >>> in_range({"above": 3, "max": 10})
    'above 3 up to 10'
    """
    names = {"min": "at least", "above": "above", "max": "up to", "below": "below"}
    return " ".join(f"{names[key]} {number:g}" for key, number in bounds.items())


def _field_definition(field: ProfileField) -> records.FieldDefinition:
    texts = {"title": field.title, "question": field.question, "guide": field.guide}
    # Each type of field has its own further keys.
    return records.FieldDefinition(**texts, unit=getattr(field, "unit", ""), values=getattr(field, "values", {}))
