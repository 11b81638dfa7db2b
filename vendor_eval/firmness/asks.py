"""Ask these first: open answers in the order of what they could change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vendor_eval.firmness.field import HUNDRED, Field
from vendor_eval.formatting.figures import KINDS, number
from vendor_eval.results import UNPROVEN
from vendor_eval.results.firmness import Ask
from vendor_eval.scoring.field import Judged
from vendor_eval.scoring.gates import GateResult
from vendor_eval.scoring.ranking import count_above
from vendor_eval.scoring.score import Leaf
from vendor_eval.tender import PRICE

_TIE = 1e-9
_STATES = {"blank": "blank", "invalid": "invalid", "pending": "pending", "settled": "hangs on an open answer"}


@dataclass(frozen=True, slots=True)
class _Open:
    vendor: Judged
    leaf: Leaf
    gates: tuple[GateResult, ...]
    value: float
    # Points of the total that ranks for one point of quality.
    scale: float

    @property
    def is_claim(self) -> bool:
        """Whether proof is missing; what a document leaves to the buyer's own check is nothing to ask."""
        return self.leaf.state == "answered" and self.leaf.rated.level in UNPROVEN

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
    asks = [*(_ask(answer, rising) for answer in _open(field)), *_prices(field, rising)]
    # Sorting is stable: asks that are equal stay in the order of the ranking and of the criteria.
    return [ask for _, ask in sorted(asks, key=lambda pair: (-pair[1].places, -pair[0], -pair[1].points))]


def _open(field: Field) -> Iterator[_Open]:
    columns = {name: column for column, name in enumerate(field.leaves.questions)}
    # A leaf that is settled by a known answer is nothing to ask.
    for row, vendor in enumerate(field.ranked):
        gates: dict[str, list[GateResult]] = {}
        for gate in vendor.verdict.gates:
            # What is not due decides nothing yet, but for a knock-out, which excludes at any stage.
            if gate.outcome == "unresolved" and (gate.kind == "knock_out" or gate in vendor.verdict.not_passed):
                for name in gate.open_questions:
                    gates.setdefault(name, []).append(gate)
        factor = vendor.key_per_point
        for leaf in vendor.card.leaves:
            column = columns.get(leaf.question.id)
            value = leaf.credited
            if column is not None and factor:
                value = float(field.leaves.values[row, column]) / factor
            own_gates = tuple(gates.get(leaf.question.id, ()))
            answer = _Open(vendor, leaf, own_gates, value, factor * field.quality_share)
            if answer.gates or (leaf.state != "settled" and answer.up + answer.down > _TIE):
                yield answer


def _ask(answer: _Open, rising: Sequence[float]) -> tuple[int, Ask]:
    rank, total = answer.vendor.rank, answer.vendor.key
    best = 1 + count_above(total + answer.up, rising)
    worst = 1 + count_above(total - answer.down, rising) - (answer.down > _TIE)
    excludes = any(gate.kind == "knock_out" for gate in answer.gates)
    last = len(rising) + 1 if excludes else max(worst, rank)
    urgency = 2 if excludes else 1 if answer.gates else 0
    return urgency, Ask(
        vendor=answer.vendor.vendor,
        question=answer.leaf.question.id,
        reason=_reason(answer),
        could_change=_could_change(answer, min(best, rank), max(worst, rank), excludes=excludes),
        places=last - min(best, rank),
        points=answer.up + answer.down,
        excludes=excludes,
    )


def _prices(field: Field, rising: Sequence[float]) -> Iterator[tuple[int, Ask]]:
    """Ask for the prices that are missing: until then the price of the whole offer scores nothing."""
    for vendor in field.ranked:
        priced, rank = vendor.priced, vendor.rank
        if priced is None or priced.total is not None:
            continue
        per_price = priced.price.rule == "quality_per_price"
        points = HUNDRED if per_price else field.price_share * (priced.high - priced.score)
        best = min(1 if per_price else 1 + count_above(vendor.key + points, rising), rank)
        moves = f"rank {rank} to {best}" if best < rank else "no rank alone"
        yield (
            0,
            Ask(
                vendor=vendor.vendor,
                question=PRICE,
                reason=f"no price for {', '.join(priced.missing)}" if priced.missing else "every line is included",
                could_change=f"{moves}, up to {number(points, 2)} points",
                places=rank - best,
                points=points,
                excludes=False,
            ),
        )


def _reason(answer: _Open) -> str:
    if answer.gates:
        return "; ".join(f"{KINDS[gate.kind]} unresolved: {gate.reason}" for gate in answer.gates)
    if answer.leaf.state in _STATES:
        return _STATES[answer.leaf.state]
    is_unproven = answer.is_claim and answer.leaf.claimed > answer.leaf.credited
    unproven = "document not there" if answer.leaf.rated.level == "named" else "claim only"
    return unproven if is_unproven else "capped by an open answer"


def _could_change(answer: _Open, best: int, worst: int, *, excludes: bool) -> str:
    rank = answer.vendor.rank
    ends = [str(best)] * (best < rank) + [str(worst)] * (worst > rank) + ["excluded"] * excludes
    parts = [f"rank {rank} to {' or '.join(ends)}"] if ends else []
    if any(gate.kind == "must" for gate in answer.gates):
        not_passed = answer.vendor.verdict.not_passed
        is_last = len(not_passed) == 1 and not_passed[0] in answer.gates
        parts.append("conditional to eligible" if is_last else "one condition less")
    if not parts:
        parts.append(f"no rank alone, up to {number(answer.up + answer.down, 2)} points")
    return "; ".join(parts)
