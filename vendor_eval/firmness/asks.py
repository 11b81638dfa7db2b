"""Ask these first: open answers in the order of what they could change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from vendor_eval.firmness.field import HUNDRED, Field
from vendor_eval.formatting.figures import KINDS, number
from vendor_eval.results import UNPROVEN
from vendor_eval.results.firmness import Ask, Cause, Stake
from vendor_eval.scoring.field import Judged
from vendor_eval.scoring.gates import GateResult
from vendor_eval.scoring.ranking import count_above
from vendor_eval.scoring.score import Leaf
from vendor_eval.tender import PRICE

_TIE = 1e-9
_STATES: Mapping[str, tuple[Cause, str]] = {
    "blank": ("blank", "No answer yet"),
    "invalid": ("invalid", "The answer has no clear reading yet"),
    "pending": ("pending", "The evaluators have not scored it yet"),
    "settled": ("hangs_on_another", "It depends on an open answer"),
}
_STAKES: tuple[Stake, ...] = ("recommended", "shortlist", "rest")


@dataclass(frozen=True, slots=True)
class _OpenAnswer:
    """An open answer of a ranked vendor, and the open requirements that hang on it."""

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
        """What it can add to the key of its vendor."""
        best = self.leaf.claimed if self.is_claim else 0.0
        return self.scale * self.leaf.global_weight * (max(best, self.leaf.high, self.value) - self.value)

    @property
    def down(self) -> float:
        """What it can take from the key of its vendor."""
        return self.scale * self.leaf.global_weight * (self.value - min(self.leaf.low, self.value))


@dataclass(frozen=True)
class _Places:
    """What open answers, each alone or all of a vendor together, can make of the places in a field."""

    field: Field
    answers: tuple[_OpenAnswer, ...]

    @cached_property
    def keys(self) -> list[float]:
        return sorted(float(total) for total in self.field.totals)

    @cached_property
    def ends(self) -> Mapping[str, tuple[float, float]]:
        """Key of each vendor if all that can be asked turns out worst, and best, missing prices and proof with it."""
        lows, highs = ({vendor.vendor: vendor.key for vendor in self.field.ranked} for _ in range(2))
        for answer in self.answers:
            lows[answer.vendor.vendor] -= answer.down
            highs[answer.vendor.vendor] += answer.up
        for vendor in self.field.ranked:
            highs[vendor.vendor] += _price_points(self.field, vendor)
        return {
            vendor.vendor: (min(vendor.lowest_key, lows[vendor.vendor]), max(vendor.highest_key, highs[vendor.vendor]))
            for vendor in self.field.ranked
        }

    @cached_property
    def _sorted_ends(self) -> tuple[list[float], ...]:
        return tuple(map(sorted, zip(*self.ends.values(), strict=True)))

    def together(self, vendor: Judged) -> tuple[int, int]:
        """Find the best and the worst place of a vendor if all that is open turns out for it, or against it."""
        (low, high), (lows, highs) = self.ends[vendor.vendor], self._sorted_ends
        worst = 1 + count_above(low, highs) - (high > low + _TIE)
        return min(1 + count_above(high, lows), vendor.rank), max(worst, vendor.rank)

    def changes(self, vendor: Judged, *, rises: bool, falls: bool, decides: bool) -> Stake:
        """Find whom an answer could change that lets its vendor rise or fall, or decides whether it may be awarded."""
        best, worst = self.together(vendor)
        rank, listed = vendor.rank, self.field.evaluation.settings.shortlist
        if (rises and best == 1 and (rank > 1 or self.field.is_tied)) or (
            rank == 1 and (decides or (falls and worst > 1))
        ):
            return "recommended"
        if (rises and best <= listed < rank) or (rank <= listed and (decides or (falls and worst > listed))):
            return "shortlist"
        return "rest"

    def puts_another_first(self, vendor: Judged, *, up: float, down: float) -> bool:
        """Tell whether one vendor's key, moved that far with nothing else changed, puts another vendor first."""
        if len(self.keys) == 1:
            return False
        if vendor.rank == 1:
            return down > _TIE and vendor.key - down <= self.keys[-2] + _TIE
        return up > _TIE and vendor.key + up >= self.keys[-1] - _TIE


def ask_first(field: Field) -> list[Ask]:
    """List the open answers: those that could change who is recommended first, then who is shortlisted.

    Of these what could do so alone comes first, then by the places that one alone can move its vendor, gates, points.
    """
    places = _Places(field, tuple(_open_answers(field)))
    asks = [*(_ask(answer, places) for answer in places.answers), *_prices(field, places)]

    def order(pair: tuple[int, Ask]) -> tuple[int, bool, int, int, float]:
        urgency, ask = pair
        decides = ask.alone or (urgency > 0 and ask.vendor == field.vendors[0])
        return _STAKES.index(ask.changes), not decides, -ask.places, -urgency, -ask.points

    # Sorting is stable: asks that are equal stay in the order of the ranking and of the criteria.
    return [ask for _, ask in sorted(asks, key=order)]


def _open_answers(field: Field) -> Iterator[_OpenAnswer]:
    """List the open answers of the ranked vendors, in the order of the ranking and of the criteria."""
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
            answer = _OpenAnswer(vendor, leaf, own_gates, value, factor * field.quality_share)
            if answer.gates or (leaf.state != "settled" and answer.up + answer.down > _TIE):
                yield answer


def _ask(answer: _OpenAnswer, places: _Places) -> tuple[int, Ask]:
    vendor, rank, total = answer.vendor, answer.vendor.rank, answer.vendor.key
    best = 1 + count_above(total + answer.up, places.keys)
    worst = 1 + count_above(total - answer.down, places.keys) - (answer.down > _TIE)
    excludes = any(gate.kind == "knock_out" for gate in answer.gates)
    last = len(places.keys) + 1 if excludes else max(worst, rank)
    urgency = 2 if excludes else 1 if answer.gates else 0
    rises, falls = answer.up > _TIE, answer.down > _TIE
    cause, reason = _cause(answer)
    return urgency, Ask(
        vendor=vendor.vendor,
        question=answer.leaf.question.id,
        cause=cause,
        changes=places.changes(vendor, rises=rises, falls=falls, decides=bool(answer.gates)),
        # A settled answer follows another one: it moves no total alone.
        alone=answer.leaf.state != "settled" and places.puts_another_first(vendor, up=answer.up, down=answer.down),
        reason="; ".join(f"{KINDS[gate.kind].capitalize()} open: {gate.reason}" for gate in answer.gates) or reason,
        could_change=_could_change(answer, min(best, rank), max(worst, rank), excludes=excludes),
        places=last - min(best, rank),
        points=answer.up + answer.down,
        excludes=excludes,
    )


def _prices(field: Field, places: _Places) -> Iterator[tuple[int, Ask]]:
    """Ask for the prices that are missing: until then the price of the whole offer scores nothing."""
    for vendor in field.ranked:
        priced, rank = vendor.priced, vendor.rank
        if priced is None or priced.total is not None:
            continue
        points = _price_points(field, vendor)
        per_price = priced.price.rule == "quality_per_price"
        best = min(1 if per_price else 1 + count_above(vendor.key + points, places.keys), rank)
        moves = f"Could move from rank {rank} to {best}" if best < rank else "Changes no rank alone"
        yield (
            0,
            Ask(
                vendor=vendor.vendor,
                question=PRICE,
                cause="price_missing" if priced.missing else "price_zero",
                changes=places.changes(vendor, rises=points > _TIE, falls=False, decides=False),
                alone=best == 1 < rank,
                reason=f"No price for {', '.join(priced.missing)}" if priced.missing else "Every line costs nothing",
                could_change=f"{moves}, up to {number(points, 2)} points",
                places=rank - best,
                points=points,
                excludes=False,
            ),
        )


def _price_points(field: Field, vendor: Judged) -> float:
    """Find what a price that is missing can still add to the key of its vendor."""
    priced = vendor.priced
    if priced is None or priced.total is not None:
        return 0.0
    return HUNDRED if priced.price.rule == "quality_per_price" else field.price_share * (priced.high - priced.score)


def _cause(answer: _OpenAnswer) -> tuple[Cause, str]:
    """Find why an answer is open, as data and in words."""
    leaf = answer.leaf
    if leaf.state in _STATES:
        return _STATES[leaf.state]
    if leaf.rated.given is not None and leaf.rated.given.word == "unknown":
        return "unknown", "The vendor does not know"
    if answer.is_claim and (leaf.claimed > leaf.credited or answer.gates):
        if leaf.rated.level == "named":
            return "document_not_there", "The document that is named is not there"
        return "document_missing", "Says so, without a document"
    if any(gate.lapsed for gate in answer.gates):
        return "waiver_lapsed", "Its waiver has lapsed"
    if leaf.rated.interval is not None:
        return "within_chance", "Measured in a sample, and chance leaves it open"
    if leaf.high > leaf.credited or leaf.reach > leaf.claimed:
        return "hangs_on_another", "Limited by an open answer"
    return "context_unset", "It depends on a field of the context that nobody set"


def _could_change(answer: _OpenAnswer, best: int, worst: int, *, excludes: bool) -> str:
    rank = answer.vendor.rank
    ends = [str(best)] * (best < rank) + [str(worst)] * (worst > rank)
    parts = [f"Could move from rank {rank} to {' or '.join(ends)}"] if ends else []
    if excludes:
        parts.append(f"Excluded if the {'proof does not come' if answer.is_claim else 'answer does not pass'}")
    if any(gate.kind == "must" for gate in answer.gates):
        not_passed = answer.vendor.verdict.not_passed
        is_last = len(not_passed) == 1 and not_passed[0] in answer.gates
        parts.append("Its last open requirement" if is_last else "One requirement less to meet")
    if not parts:
        parts.append(f"Changes no rank alone, up to {number(answer.up + answer.down, 2)} points")
    return ". ".join(parts)
