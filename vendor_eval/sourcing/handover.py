"""The result over time: gates of a hand-over, reasons to ask again, and what changed since the previous advice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import inf

import numpy as np

from vendor_eval.results import advice as records
from vendor_eval.results.advice import CostRecord, Earlier
from vendor_eval.sourcing.cost import MONTHS
from vendor_eval.sourcing.flips import verdicts
from vendor_eval.sourcing.model import Added, Event, GateRule, Months, Ratio, ReviewTrigger, Rule
from vendor_eval.sourcing.profile import Profile
from vendor_eval.sourcing.rules import Columns, Value, holds_if_known, unknown_names


def handover(
    profile: Profile, outcome: str, previous: Earlier | None, cost: CostRecord | None
) -> records.HandoverRecord | None:
    """Evaluate the gates where the outcome or the previous one hands work over; else None."""
    rules = profile.model.file.handover
    before = previous.outcome if previous else ""
    if not {outcome, before} & set(rules.outcomes):
        return None
    known = _with_measures(profile, cost)
    gates = tuple(_gate(gate, known, profile, name=gate.id, needed=gate.needed) for gate in rules.gates)
    back_out = tuple(_gate(rule, known, profile) for rule in rules.back_out)
    results = {gate.result for gate in gates if gate.needed}
    ready = False if "not_met" in results else None if "open" in results else True
    return records.HandoverRecord(
        ready=ready, gates=gates, then=rules.then, back_out_says=rules.back_out_says, back_out=back_out
    )


def _gate(
    rule: GateRule | Rule, known: Columns, profile: Profile, *, name: str = "", needed: bool = False
) -> records.HandoverGate:
    held = holds_if_known(rule.when, known)
    measures = profile.model.file.measures
    missing = unknown_names(rule.when, known)
    asks = tuple(measures[name].question if name in measures else name for name in missing) if held is None else ()
    result = "open" if held is None else "met" if held else "not_met"
    return records.HandoverGate(id=name, says=rule.says, needed=needed, result=result, asks=asks)


def _with_measures(profile: Profile, cost: CostRecord | None) -> Columns:
    """Add the progress of a profile and figures of its costs to its columns."""
    extra: dict[str, bool | float] = dict(profile.progress)
    if cost is not None and cost.units is not None and cost.case is not None:
        extra |= {"units_per_year": cost.units, "partner_cheaper_above": _partner_cheaper_above(cost, cost.units)}
    arrays = {name: np.array([value]) for name, value in extra.items()}
    return Columns({**profile.columns.arrays, **arrays}, profile.columns.words)


def _partner_cheaper_above(cost: CostRecord, units: float) -> float:
    at = cost.break_even.units if cost.break_even else inf
    if cost.case == "partner_above":
        return at
    is_below = cost.case == "in_house_above" and units < at
    return 0.0 if cost.case == "partner_always" or is_below else inf


def review_triggers(profile: Profile, previous: Earlier | None) -> tuple[records.TriggerRecord, ...]:
    """Every reason to ask again, and whether it is met."""
    before = None if previous is None else _fields_and_terms(profile, previous)
    return tuple(
        records.TriggerRecord(id=trigger.id, says=trigger.says, met=_is_met(trigger, profile, before, previous))
        for trigger in profile.model.file.review_triggers
    )


def _is_met(
    trigger: ReviewTrigger, profile: Profile, before: Mapping[str, Value] | None, previous: Earlier | None
) -> bool | None:
    if isinstance(trigger, Event):
        return True if trigger.id in profile.events else None
    if isinstance(trigger, Months):
        months = _months_between(previous, profile.as_of)
        return None if months is None else months >= trigger.at_least
    if before is None or trigger.field not in before:
        return None
    old, new = before[trigger.field], profile.term(trigger.field)
    if isinstance(trigger, Ratio):
        low, high = sorted((float(str(old)), float(str(new))))
        return high > low and high >= trigger.at_least * low
    if isinstance(trigger, Added):
        return isinstance(old, tuple) and isinstance(new, tuple) and bool(set(new) - set(old))
    return old != new


def _months_between(previous: Earlier | None, as_of: date | None) -> int | None:
    if as_of is None or previous is None or previous.as_of is None:
        return None
    start = date.fromisoformat(previous.as_of)
    return (as_of.year - start.year) * MONTHS + as_of.month - start.month - (as_of.day < start.day)


def _fields_and_terms(profile: Profile, previous: Earlier) -> dict[str, Value]:
    earlier = replace(profile, values=_earlier_values(profile, previous))
    return {name: earlier.term(name) for name in (*earlier.values, *profile.model.file.terms)}


def _earlier_values(profile: Profile, previous: Earlier) -> dict[str, Value]:
    """Values of the previous profile; a field that it did not have is as it is now."""
    return {name: previous.profile.get(name, value) for name, value in profile.values.items()}


def changes(profile: Profile, outcome: str, previous: Earlier | None) -> records.Changes | None:
    """Compare with the previous advice: which inputs changed, and which of them did it.

    An input did it where it alone brings the new outcome, or where without it the outcome would have stayed.
    """
    if previous is None:
        return None
    old = _earlier_values(profile, previous)
    changed = [name for name, value in profile.values.items() if old[name] != value]
    alone = [{**old, name: profile.values[name]} for name in changed]
    without = [{**profile.values, name: old[name]} for name in changed]
    again, *outcomes = [verdict for verdict, _ in verdicts(profile.model, [old, *alone, *without])]
    moved = outcome != previous.outcome
    return records.Changes(
        previous_outcome=previous.outcome,
        previous_as_of=previous.as_of,
        outcome_changed=moved,
        model_changed=profile.model.sha256 != previous.model.sha256 and again != previous.outcome,
        inputs=tuple(
            records.InputChange(
                field=name,
                before=previous.profile.get(name),
                after=profile.values[name],
                alone=by_itself,
                without=left,
                did_it=moved and (by_itself == outcome or left == previous.outcome),
            )
            for name, by_itself, left in zip(changed, outcomes[: len(changed)], outcomes[len(changed) :], strict=True)
        ),
        totals_before=previous.totals,
    )
