"""The price what-if: who is first under another price rule, another weight of the price, one bid more or one less.

The gates stay as they are, and so does who is ranked. A bid that waits for an answer (a suspicious price) decides
nothing for the others, as in the ranking. A further bid is anybody's, whatever the quality: it only moves what the
others score.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

import numpy as np

from vendor_eval import robustness as kernels
from vendor_eval.award import RELATIVE, Price, Rule
from vendor_eval.firmness.field import HUNDRED, Entrant, Field, Floats
from vendor_eval.firmness.records import FurtherBid, MissingBid, PriceWhatIf, RuleOutcome, WeightRange
from vendor_eval.pricing import combined, price_score

MOST_WEIGHT = 60.0
_RATIO = "quality_per_price"
_LEVEL = 1e-9
_NO_BOUNDS = "needs 'best' and 'worst', which this evaluation does not declare"
_NO_WEIGHT = "needs a weight at which to look; none is stated"


def price_what_if(field: Field) -> PriceWhatIf | None:
    """Find the winner under each rule and over price weights from 0 to 60, or to the stated one where that is more.

    None where the evaluation has no price.
    """
    price = field.evaluation.settings.price
    if price is None:
        return None
    weight = price.weight if price.weight or price.rule != _RATIO else None
    most = max(MOST_WEIGHT, price.weight)
    rules = get_args(Rule)
    every = (_Offers(field.entrants, price.model_copy(update={"rule": rule})) for rule in rules)
    outcomes = tuple(_outcome(offers, weight, most, stated=offers.price.rule == price.rule) for offers in every)
    return PriceWhatIf(weight=weight, from_=0.0, to=most, rules=outcomes)


def first_without(entrants: Sequence[Entrant], price: Price, out: Entrant) -> Entrant:
    """Find who is first without one vendor; under a relative rule its bid no longer counts for the others."""
    rest = _Offers(tuple(entrant for entrant in entrants if entrant is not out), price)
    return rest.entrants[rest.first(rest.totals())[0]]


# ------------------------------------------------------------------------------------------------ one rule


@dataclass(frozen=True)
class _Offers:
    """Ranked vendors in the order of their ranking, and the rule under which their prices are looked at."""

    entrants: tuple[Entrant, ...]
    price: Price

    @property
    def bids(self) -> tuple[float | None, ...]:
        """Total prices."""
        return tuple(entrant.priced.total if entrant.priced else None for entrant in self.entrants)

    @property
    def sound(self) -> tuple[float, ...]:
        """Total prices that decide what the others score."""
        priced = (entrant.priced for entrant in self.entrants)
        return tuple(one.total for one in priced if one and one.total is not None and not one.suspicious)

    @property
    def quality(self) -> Floats:
        """Totals without the price."""
        return np.array([entrant.quality for entrant in self.entrants])

    def scores(self) -> Floats:
        """Score the prices, 0 without one."""
        sound = self.sound
        return np.array(
            [
                0.0 if bid is None else price_score(self.price, bid, min(sound, default=bid), max(sound, default=bid))
                for bid in self.bids
            ]
        )

    def totals(self) -> Floats:
        """Find what ranks, at the stated weight."""
        if self.price.rule == _RATIO:
            lowest = min(self.sound, default=1.0)
            pairs = zip(self.quality, self.bids, strict=True)
            return np.array([quality * lowest / bid if bid else 0.0 for quality, bid in pairs])
        pairs_ = zip(self.quality, self.scores(), strict=True)
        return np.array([combined(self.price, quality, score) for quality, score in pairs_])

    def first(self, totals: Floats) -> tuple[int, ...]:
        """List who is best, in the order of the ranking, which parts those that are level."""
        return tuple(np.flatnonzero(totals >= totals.max() - _LEVEL).tolist())

    @property
    def contenders(self) -> "_Offers":
        """Leave out who is never first whatever others bid: somebody who is better and no dearer is ahead of them."""
        if self.price.share == 1:
            return self
        quality, bids = self.quality, np.array([np.inf if bid is None else bid for bid in self.bids])
        order = np.argsort(bids, kind="stable")
        best_so_far = np.maximum.accumulate(quality[order])
        best = best_so_far[np.searchsorted(bids[order], bids, side="right") - 1]
        rows = np.flatnonzero(quality >= best - _LEVEL)
        return _Offers(tuple(self.entrants[row] for row in rows), self.price)

    def named(self, rows: Sequence[int]) -> tuple[str, tuple[str, ...]]:
        """Name the first, and who is level with it."""
        first, *level = (self.entrants[row].vendor for row in rows)
        return first, tuple(level)


def _outcome(offers: _Offers, weight: float | None, most: float, *, stated: bool) -> RuleOutcome:
    rule = offers.price.rule
    if rule == "fixed_bounds" and not _is_bounded(offers.price):
        return _unknown(rule, _NO_BOUNDS, stated=stated)
    weights = () if rule == _RATIO else tuple(_weights(offers, most))
    if weight is None and rule != _RATIO:
        return _unknown(rule, _NO_WEIGHT, weights, stated=stated)
    winner, level = offers.named(offers.first(offers.totals()))
    return RuleOutcome(
        rule=rule,
        stated=stated,
        winner=winner,
        level=level,
        reason="",
        weights=weights,
        further_bid=tuple(_further_bids(offers)),
        without_bid=tuple(_missing_bids(offers)),
    )


def _unknown(rule: str, reason: str, weights: tuple[WeightRange, ...] = (), *, stated: bool) -> RuleOutcome:
    return RuleOutcome(
        rule=rule, stated=stated, winner=None, level=(), reason=reason, weights=weights, further_bid=(), without_bid=()
    )


def _is_bounded(price: Price) -> bool:
    return price.best is not None and price.worst is not None and price.best < price.worst


def _weights(offers: _Offers, most: float) -> Iterator[WeightRange]:
    """Find who is first over weights of the price, in closed form: every total is linear in the weight."""
    scores, quality = offers.scores(), offers.quality
    share = most / HUNDRED
    for one in kernels.leaders(quality, share * scores + (1 - share) * quality, stop=most):
        winner, level = offers.named(one.rows)
        yield WeightRange(from_=one.start, to=one.stop, winner=winner, level=level)


# ------------------------------------------------------------------------------------------------ bids


def _missing_bids(offers: _Offers) -> Iterator[MissingBid]:
    """Find the bids without which another of the others would be first; only the lowest and the highest can be."""
    if offers.price.rule not in RELATIVE:
        return
    totals, sound = offers.totals(), offers.sound
    for row, (entrant, bid) in enumerate(zip(offers.entrants, offers.bids, strict=True)):
        counts = bid is not None and entrant.priced is not None and not entrant.priced.suspicious
        if bid is None or not counts or len(offers.entrants) == 1 or bid not in (min(sound), max(sound)):
            continue
        before = offers.first(np.delete(totals, row))[0]
        rest = _Offers(tuple(one for one in offers.entrants if one is not entrant), offers.price)
        after = rest.first(rest.totals())[0]
        if after != before:
            yield MissingBid(
                without=entrant.vendor,
                bid=bid,
                winner=rest.entrants[after].vendor,
                instead_of=rest.entrants[before].vendor,
            )


@dataclass(frozen=True)
class _Side:
    """Further bids on one side of the field, as a figure x in which every total is linear between the kinks.

    `shares` gives the price scores as shares of `scale`, both for one x; a common scale changes no order. `bids` gives
    the bids of two figures x, the lower bid first; None is a bid without end.
    """

    ends: tuple[float, float]
    kinks: Floats
    shares: Callable[[float], Floats]
    scale: Callable[[float], float]
    bids: Callable[[float, float], tuple[float, float | None]]


def _further_bids(offers: _Offers) -> Iterator[FurtherBid]:
    """Find the further bids, below all others or above, that would put another of the present vendors first."""
    if offers.price.rule not in RELATIVE or not offers.sound:
        return
    first = offers.named(offers.first(offers.totals()))[0]
    contenders = offers.contenders
    for side in _sides(contenders, min(offers.sound), max(offers.sound)):
        for start, stop, rows in _stretches(contenders, side):
            winner, level = contenders.named(rows)
            if winner != first and first not in level:
                low, high = side.bids(start, stop)
                yield FurtherBid(from_=low, to=high, winner=winner, level=level)


def _stretches(offers: _Offers, side: _Side) -> list[tuple[float, float, tuple[int, ...]]]:
    """Find who is first from where to where, over all kinks."""
    start, stop = side.ends
    inside = side.kinks[(side.kinks > start) & (side.kinks < stop)]
    weight, quality = offers.price.share, offers.quality

    def totals(x: float) -> Floats:
        scale = side.scale(x)
        return np.asarray(HUNDRED * weight * np.clip(side.shares(x), 0.0, scale) + (1 - weight) * quality * scale)

    found: list[tuple[float, float, tuple[int, ...]]] = []
    for low, high in pairwise((start, *np.unique(inside).tolist(), stop)):
        for one in kernels.leaders(totals(low), totals(high), start=low, stop=high):
            if found and found[-1][2][0] == one.rows[0]:
                # Who is level may change at a kink: level all the way is who is so on both sides.
                both = tuple(row for row in found[-1][2] if row in one.rows)
                found[-1] = (found[-1][0], one.stop, both)
            else:
                found.append((one.start, one.stop, one.rows))
    return found


def _sides(offers: _Offers, lowest: float, highest: float) -> Iterator[_Side]:
    """Say for each relative rule how a further bid b, below the lowest or above the highest, moves the scores."""
    # Without a price the score is 0, as it is for a price without end.
    own = np.array([np.inf if bid is None else bid for bid in offers.bids])
    known = own[np.isfinite(own)]
    finite = np.where(np.isfinite(own), own, 0.0)

    if offers.price.rule == "lowest_ratio":
        # b / p, in b.
        yield _Side((0.0, lowest), known, lambda b: b / own, lambda _b: 1.0, _as_they_are)
    elif offers.price.rule == "linear_min_max":
        # (highest - p) / (highest - b), in b, times its denominator.
        yield _Side((0.0, lowest), known, lambda _b: highest - own, lambda b: highest - b, _as_they_are)
        # (b - p) / (b - lowest), in u = 1 / b, times its denominator.
        yield _Side(
            (0.0, 1 / highest),
            1 / known,
            lambda u: np.where(np.isinf(own), 0.0, 1 - finite * u),
            lambda u: 1 - lowest * u,
            _inverses,
        )
    else:
        # 2 - p / b, in u = 1 / b; where the cheapest has sunk to 0, lower bids change nothing more.
        sunk = 2 / min(known.min(initial=lowest), lowest)
        kinks = np.concatenate((1 / known, 2 / known))
        yield _Side(
            (1 / lowest, sunk),
            kinks,
            lambda u: 2 - own * u,
            lambda _u: 1.0,
            lambda low, high: (1 / high if high < sunk else 0.0, 1 / low),
        )


def _as_they_are(low: float, high: float) -> tuple[float, float]:
    return low, high


def _inverses(low: float, high: float) -> tuple[float, float | None]:
    return 1 / high, 1 / low if low else None
