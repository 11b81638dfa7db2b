"""Ask these first: open answers in the order of what they could change."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vendor_eval.figures import number
from vendor_eval.firmness.field import HUNDRED, Entrant, Field
from vendor_eval.gates import GateResult
from vendor_eval.results.firmness import Ask
from vendor_eval.scoring import Leaf
from vendor_eval.tender import PRICE

_TIE = 1e-9
_KINDS = {"knock_out": "knock-out", "must": "must"}
_STATES = ("blank", "invalid", "pending")
_SETTLED = "hangs on an open answer"


@dataclass(frozen=True, slots=True)
class _Open:
    entrant: Entrant
    leaf: Leaf
    gates: tuple[GateResult, ...]
    value: float
    # Points of the total that ranks for one point of quality.
    scale: float

    @property
    def is_claim(self) -> bool:
        """Whether proof is missing; what a document leaves to the buyer's own check is nothing to ask."""
        return self.leaf.state == "answered" and self.leaf.rated.level == "claim"

    @property
    def up(self) -> float:
        best = self.leaf.claimed if self.is_claim else 0.0
        return self.scale * self.leaf.global_weight * (max(best, self.leaf.high, self.value) - self.value)

    @property
    def down(self) -> float:
        return self.scale * self.leaf.global_weight * (self.value - min(self.leaf.low, self.value))


def ask_first(field: Field) -> list[Ask]:
    """List the open answers: by the places that one alone can move its vendor, gates first, then by points."""
    rising = sorted(float(total) for total in field.totals)
    found = [*(_ask(one, rising) for one in _open(field)), *_prices(field, rising)]
    # Sorting is stable: what weighs the same stays in the order of the ranking and of the criteria.
    return [ask for _, ask in sorted(found, key=lambda pair: (-pair[1].places, -pair[0], -pair[1].points))]


def _open(field: Field) -> Iterator[_Open]:
    columns = {name: column for column, name in enumerate(field.leaves.questions)}
    # A leaf that is settled by a known answer is nothing to ask.
    for row, entrant in enumerate(field.entrants):
        gates: dict[str, list[GateResult]] = {}
        for gate in entrant.verdict.gates:
            if gate.kind != "flag" and gate.outcome == "unresolved":
                gates.setdefault(gate.question, []).append(gate)
        factor = entrant.factor
        for leaf in entrant.card.leaves:
            column = columns.get(leaf.question.id)
            value = leaf.credited
            if column is not None and factor:
                value = float(field.leaves.values[row, column]) / factor
            own_gates = tuple(gates.get(leaf.question.id, ()))
            one = _Open(entrant, leaf, own_gates, value, factor * field.quality_share)
            if one.gates or (leaf.state != "settled" and one.up + one.down > _TIE):
                yield one


def _ask(one: _Open, rising: Sequence[float]) -> tuple[int, Ask]:
    rank, total = one.entrant.rank, one.entrant.total
    best = 1 + _above(total + one.up, rising)
    worst = 1 + _above(total - one.down, rising) - (one.down > _TIE)
    excludes = any(gate.kind == "knock_out" for gate in one.gates)
    last = len(rising) + 1 if excludes else max(worst, rank)
    urgency = 2 if excludes else 1 if one.gates else 0
    return urgency, Ask(
        vendor=one.entrant.vendor,
        question=one.leaf.question.id,
        reason=_reason(one),
        could_change=_could_change(one, min(best, rank), max(worst, rank), excludes=excludes),
        places=last - min(best, rank),
        points=one.up + one.down,
    )


def _prices(field: Field, rising: Sequence[float]) -> Iterator[tuple[int, Ask]]:
    """Ask for the prices that are missing: until then the price of the whole offer scores nothing."""
    for entrant in field.entrants:
        if entrant.price is None or entrant.priced is None or entrant.priced.total is not None:
            continue
        per_price = entrant.price.rule == "quality_per_price"
        points = HUNDRED if per_price else field.price_share * (entrant.priced.high - entrant.priced.score)
        best = min(1 if per_price else 1 + _above(entrant.total + points, rising), entrant.rank)
        moves = f"rank {entrant.rank} to {best}" if best < entrant.rank else "no rank alone"
        yield (
            0,
            Ask(
                vendor=entrant.vendor,
                question=PRICE,
                reason=f"no price for {', '.join(entrant.priced.missing)}",
                could_change=f"{moves}, up to {number(points, 2)} points",
                places=entrant.rank - best,
                points=points,
            ),
        )


def _above(score: float, rising: Sequence[float]) -> int:
    return len(rising) - bisect_right(rising, score + _TIE)


def _reason(one: _Open) -> str:
    leaf = one.leaf
    words = [f"{_KINDS[gate.kind]} unresolved: {gate.reason}" for gate in one.gates]
    if not words and leaf.state in _STATES:
        words.append(leaf.state)
    elif not words and leaf.state == "settled":
        words.append(_SETTLED)
    elif not words and one.is_claim and leaf.claimed > leaf.credited:
        words.append("claim only")
    elif not words:
        words.append("capped by an open answer")
    return "; ".join(words)


def _could_change(one: _Open, best: int, worst: int, *, excludes: bool) -> str:
    rank = one.entrant.rank
    ends = [str(best)] * (best < rank) + [str(worst)] * (worst > rank) + ["excluded"] * excludes
    parts = [f"rank {rank} to {' or '.join(ends)}"] if ends else []
    if any(gate.kind == "must" for gate in one.gates):
        only = len(one.entrant.verdict.reasons) == 1
        parts.append("conditional to eligible" if only else "one condition less")
    if not parts:
        parts.append(f"no rank alone, up to {number(one.up + one.down, 2)} points")
    return "; ".join(parts)
