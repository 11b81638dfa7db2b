"""What would change the answer: every change of a single field, and for numbers the range in which it does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import inf

from vendor_eval.criteria.conditions import Bounds
from vendor_eval.results.advice import OutcomeChange
from vendor_eval.sourcing import batch
from vendor_eval.sourcing.model import OPTIONS, BoolField, ChoiceField, NumberField, Sourcing, SourcingFile
from vendor_eval.sourcing.profile import Profile, contradictions
from vendor_eval.sourcing.rules import COMPARE, Conditions, Value, Values

Verdict = tuple[str, bool]  # outcome, conflict
Range = Mapping[str, float]


def verdicts(model: Sourcing, profiles: Sequence[Values]) -> list[Verdict]:
    """Outcome of each profile, and whether it is a conflict."""
    if not profiles:
        return []
    choice = batch.evaluate(model, batch.columns(model.file, profiles)).choice
    pairs = zip(choice.winner.tolist(), choice.conflict.tolist(), strict=True)
    return [(str(model.outcomes[winner]), conflict) for winner, conflict in pairs]


def flips(profile: Profile) -> tuple[OutcomeChange, ...]:
    """List changes of one field that change the outcome, or turn it into a conflict or out of one.

    Values that contradict the rest of the profile are left out.
    """
    file = profile.model.file
    tried = [(name, *other) for name in file.fields for other in _other_values(file, name, profile.values)]
    variants = [{**profile.values, name: value} for name, value, _ in tried]
    *others, stated = verdicts(profile.model, [*variants, profile.values])
    sound = [not failed for failed in contradictions(file, variants)] if variants else []
    differing: list[OutcomeChange] = []
    for name, field in file.fields.items():
        cases = [
            _Tried(value, bounds, verdict, is_sound)
            for (other, value, bounds), verdict, is_sound in zip(tried, others, sound, strict=True)
            if other == name
        ]
        if isinstance(field, NumberField):
            differing += _number_flips(name, field, cases, stated)
        else:
            differing += [_change(name, c.value, c.verdict) for c in cases if c.is_sound and c.verdict != stated]
    return tuple(differing)


@dataclass(frozen=True, slots=True)
class _Tried:
    """A value of a field, the range that it stands for, and the verdict with it."""

    value: Value
    bounds: Range | None
    verdict: Verdict
    is_sound: bool


def _other_values(file: SourcingFile, name: str, values: Values) -> Iterator[tuple[Value, Range | None]]:
    field, value = file.fields[name], values[name]
    if isinstance(field, NumberField):
        yield from _points(file, values, name)
    elif isinstance(field, BoolField):
        yield not value, None
    elif isinstance(field, ChoiceField):
        yield from ((word, None) for word in field.values if word != value)
    elif isinstance(value, tuple):
        for word in field.values:
            yield tuple(other for other in field.values if (other in value) != (other == word)), None


def _points(file: SourcingFile, values: Values, name: str) -> Iterator[tuple[float, Range]]:
    """Pick a number for each range in which no condition on this field changes, all else as in the profile."""
    edges = sorted({edge for edge in _edges(file, values, name) if edge >= 0})
    if edges and edges[0] > 0:
        yield edges[0] / 2, {"below": edges[0]}
    for edge, following in pairwise([*edges, inf]):
        yield edge, {"min": edge, "max": edge}
        if following < inf:
            yield (edge + following) / 2, {"above": edge, "below": following}
        else:
            yield edge + max(1.0, edge), {"above": edge}


def _edges(file: SourcingFile, values: Values, name: str) -> Iterator[float]:
    """Numbers at which a condition on a field changes, as limits or because another field is compared with it."""
    for condition in _conditions(file):
        for tested, test in condition.items():
            for limit in test.limits.values() if isinstance(test, Bounds) else ():
                if tested == name:
                    edge = values[limit] if isinstance(limit, str) else limit
                elif limit == name:
                    edge = values[tested]
                else:
                    continue
                if isinstance(edge, int | float):
                    yield float(edge)


def _conditions(file: SourcingFile) -> Iterator[Mapping[str, Bounds | tuple[bool | str, ...]]]:
    parts = [part for factor in file.factors for part in factor.parts]
    whens: list[Conditions] = [case.when for cases in file.terms.values() for case in cases]
    whens += [constraint.when for constraint in file.constraints]
    whens += [line.when for option in OPTIONS for line in file.checklists[option]]
    whens += [rule.when for part in parts for rule in (*part.rows, *part.adjust)]
    return (condition for when in whens for condition in when)


def _number_flips(name: str, field: NumberField, cases: Iterable[_Tried], stated: Verdict) -> Iterator[OutcomeChange]:
    for region in _merged(cases):
        if region.verdict != stated:
            bounds = region.bounds or {}
            tried: list[Value] = [n for n in field.tried if all(COMPARE[k](n, end) for k, end in bounds.items())]
            for number in tried or [region.value]:
                limits = {k: v for k, v in bounds.items() if (k, v) != ("min", 0.0)}
                yield _change(name, number, region.verdict, limits)


def _change(field: str, value: Value, verdict: Verdict, limits: dict[str, float] | None = None) -> OutcomeChange:
    return OutcomeChange(field=field, value=value, outcome=verdict[0], conflict=verdict[1], range=limits)


def _merged(cases: Iterable[_Tried]) -> Iterator[_Tried]:
    """Merge neighbors with the same verdict; a value that contradicts the profile is a gap."""
    for (is_sound, _), group in groupby(cases, key=lambda case: (case.is_sound, case.verdict)):
        if is_sound:
            joined = list(group)
            low = {k: v for k, v in (joined[0].bounds or {}).items() if k in {"min", "above"}}
            high = {k: v for k, v in (joined[-1].bounds or {}).items() if k in {"max", "below"}}
            # The number between two edges is a better example than an edge.
            example = joined[min(1, len(joined) - 1)]
            yield replace(example, bounds={**low, **high})
