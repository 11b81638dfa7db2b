"""Strengths, gaps and next steps of one vendor against the field (points of the total)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from vendor_eval.criteria.questions import HUNDRED
from vendor_eval.scoring.score import Leaf, Scorecard

MOST = 5
ENOUGH_FOR_A_FIELD = 4


@dataclass(frozen=True, slots=True)
class Strength:
    """An answer that earns more than the field's median, or most of all where the field is small."""

    leaf: Leaf
    points: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Points that an answer leaves open; `proof` of them need nothing but proof."""

    leaf: Leaf
    points: float
    proof: float
    step_points: float


def field_medians(cards: Iterable[Scorecard]) -> Mapping[str, float]:
    """Median credit of each question over the vendors that were asked it."""
    credited: dict[str, list[float]] = {}
    for card in cards:
        for leaf in card.leaves:
            if leaf.state != "pending":
                credited.setdefault(leaf.question.id, []).append(leaf.credited)
    return {name: median(values) for name, values in credited.items()}


def strengths(card: Scorecard, medians: Mapping[str, float], vendors: int) -> tuple[Strength, ...]:
    """Five largest W x (credited - field median); with fewer than four vendors W x credited."""
    base: Mapping[str, float] = medians if vendors >= ENOUGH_FOR_A_FIELD else {}
    candidates = [
        Strength(leaf, leaf.global_weight * (leaf.credited - base.get(leaf.question.id, 0.0)))
        for leaf in _weighed(card.leaves)
    ]
    return tuple(sorted((s for s in candidates if s.points > 0), key=lambda s: -s.points)[:MOST])


def gaps(card: Scorecard) -> tuple[Gap, ...]:
    """Five largest W x (100 - credited), with the part that proof alone would close, and the next step."""
    candidates: list[Gap] = []
    for leaf in _weighed(card.leaves):
        weight, step = leaf.global_weight, leaf.next_step
        gain = max(0.0, min(step.value, leaf.cap) - leaf.credited) if step else 0.0
        proof = leaf.claimed - leaf.credited
        candidates.append(Gap(leaf, weight * (HUNDRED - leaf.credited), weight * proof, weight * gain))
    return tuple(sorted((gap for gap in candidates if gap.points > 0), key=lambda gap: -gap.points)[:MOST])


def _weighed(leaves: Sequence[Leaf]) -> list[Leaf]:
    return [leaf for leaf in leaves if leaf.global_weight and leaf.state != "pending"]
