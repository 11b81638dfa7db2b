"""The price what-if: who is first under another price rule, another price weight, one more bid or one fewer.

Gates and the set of ranked vendors stay as they are. As in the ranking, a suspicious price does not change what others
score. A further bid may come from any vendor, whatever its quality: it only changes what the others score.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import get_args

import numpy as np

from vendor_eval.firmness import kernels
from vendor_eval.firmness.field import HUNDRED, Floats
from vendor_eval.results.firmness import FurtherBid, MissingBid, PriceWhatIf, RuleOutcome, WeightRange
from vendor_eval.scoring.pricing import Priced, combined, price_score
from vendor_eval.tender.price import RELATIVE, Price, Rule

MOST_WEIGHT = 60.0
_RATIO = "quality_per_price"
_LEVEL = 1e-9
_NO_BOUNDS = "needs 'best' and 'worst', which this evaluation does not declare"
_NO_WEIGHT = "needs a weight at which to look; none is stated"


def price_what_if(price: Price, offers: Sequence[Priced]) -> PriceWhatIf:
    """Find the winner under each rule and over price weights from 0 to 60, or to the stated one where that is more.

    `offers` are in the order of the ranking, which decides between offers that are level.
    """
    weight = price.weight if "weight" in price.model_fields_set else None
    most = max(MOST_WEIGHT, price.weight)
    every = (_OffersUnderRule(tuple(offers), price.model_copy(update={"rule": rule})) for rule in get_args(Rule))
    outcomes = tuple(_outcome(field, weight, most, stated=field.price.rule == price.rule) for field in every)
    return PriceWhatIf(weight=weight, from_=0.0, to=most, rules=outcomes)


def first_without(price: Price, offers: Sequence[Priced], out: Priced) -> str:
    """Find who is first without an offer; under a relative rule it no longer changes what others score."""
    return _OffersUnderRule(tuple(offers), price).without(out).winner


@dataclass(frozen=True)
class _OffersUnderRule:
    """Offers in the order of the ranking, scored under one price rule."""

    offers: tuple[Priced, ...]
    price: Price

    @cached_property
    def sound(self) -> tuple[float, ...]:
        return tuple(offer.bid for offer in self.offers if offer.sound)

    @cached_property
    def quality(self) -> Floats:
        return np.array([offer.quality for offer in self.offers])

    @cached_property
    def bids(self) -> Floats:
        return np.array([offer.bid for offer in self.offers])

    @cached_property
    def scores(self) -> Floats:
        # Without a sound bid each offer is compared with itself.
        lowest, highest = min(self.sound, default=None), max(self.sound, default=None)
        bids = self.bids.tolist()
        scores = (price_score(self.price, bid, lowest or bid, highest or bid) if bid < np.inf else 0.0 for bid in bids)
        return np.array([*scores])

    @cached_property
    def totals(self) -> Floats:
        """Keys by which vendors are ranked, at the stated weight."""
        if self.price.rule == _RATIO and not self.sound:
            # As in the ranking: without a sound bid each offer is compared with itself.
            return np.where(self.bids < np.inf, self.quality, 0.0)
        if self.price.rule == _RATIO:
            return np.asarray(self.quality * min(self.sound) / self.bids)
        pairs = zip(self.quality.tolist(), self.scores.tolist(), strict=True)
        return np.array([combined(self.price, quality, score) for quality, score in pairs])

    @property
    def first(self) -> tuple[int, ...]:
        """Rows of the best, in the order of the ranking."""
        return tuple(np.flatnonzero(self.totals >= self.totals.max() - _LEVEL).tolist())

    @property
    def winner(self) -> str:
        return self.offers[self.first[0]].vendor

    @property
    def candidates(self) -> "_OffersUnderRule":
        """Leave out offers that are never first, whatever others bid: a better one that costs no more is ahead."""
        if self.price.share == 1:
            return self
        order = np.argsort(self.bids, kind="stable")
        best_so_far = np.maximum.accumulate(self.quality[order])
        best = best_so_far[np.searchsorted(self.bids[order], self.bids, side="right") - 1]
        rows = np.flatnonzero(self.quality >= best - _LEVEL)
        return _OffersUnderRule(tuple(self.offers[row] for row in rows), self.price)

    def without(self, out: Priced) -> "_OffersUnderRule":
        return _OffersUnderRule(tuple(offer for offer in self.offers if offer is not out), self.price)

    def named(self, rows: Sequence[int]) -> tuple[str, tuple[str, ...]]:
        """Name the first of these rows, and the others, which are level with it."""
        first, *level = (self.offers[row].vendor for row in rows)
        return first, tuple(level)


def _outcome(field: _OffersUnderRule, weight: float | None, most: float, *, stated: bool) -> RuleOutcome:
    rule, by_ratio = field.price.rule, field.price.rule == _RATIO
    best, worst = field.price.best, field.price.worst
    if rule == "fixed_bounds" and (best is None or worst is None or best >= worst):
        return RuleOutcome(rule=rule, stated=stated, reason=_NO_BOUNDS)
    vendors = (offer.vendor for offer in field.offers)
    scores = {} if by_ratio else dict(zip(vendors, field.scores.tolist(), strict=True))
    weights = () if by_ratio else tuple(_weights(field, most))
    outcome = RuleOutcome(rule=rule, stated=stated, reason=_NO_WEIGHT, scores=scores, weights=weights)
    if weight is None and not by_ratio:
        return outcome
    winner, level = field.named(field.first)
    bids = {"further_bid": tuple(_further_bids(field)), "without_bid": tuple(_missing_bids(field))}
    return outcome.model_copy(update={"winner": winner, "level": level, "reason": "", **bids})


def _weights(field: _OffersUnderRule, most: float) -> Iterator[WeightRange]:
    """Find who is first over weights of the price, in closed form: every total is linear in the weight."""
    share = most / HUNDRED
    for stretch in kernels.leaders(field.quality, share * field.scores + (1 - share) * field.quality, stop=most):
        winner, level = field.named(stretch.rows)
        yield WeightRange(from_=stretch.start, to=stretch.stop, winner=winner, level=level)


def _missing_bids(field: _OffersUnderRule) -> Iterator[MissingBid]:
    """Find the bids without which another of the others would be first; only the lowest and the highest can be."""
    if field.price.rule not in RELATIVE or len(field.offers) == 1 or not field.sound:
        return
    # A bid that another one equals can go, and nothing moves.
    ends = [end for end in (min(field.sound), max(field.sound)) if field.sound.count(end) == 1]
    for row, offer in enumerate(field.offers):
        if not offer.sound or offer.bid not in ends:
            continue
        rest = field.without(offer)
        totals = np.delete(field.totals, row)
        before = rest.offers[int(np.argmax(totals >= totals.max() - _LEVEL))].vendor
        if rest.winner != before:
            yield MissingBid(without=offer.vendor, bid=offer.bid, winner=rest.winner, instead_of=before)


def _further_bids(field: _OffersUnderRule) -> Iterator[FurtherBid]:
    """Find the further bids, below all others or above, that would put another of the present vendors first."""
    if field.price.rule not in RELATIVE or not field.sound:
        return
    first, candidates = field.winner, field.candidates
    for side in _sides(candidates, min(field.sound), max(field.sound)):
        for start, stop, rows in _stretches(candidates, side):
            winner, level = candidates.named(rows)
            if winner != first and first not in level:
                low, high = side.bids(start, stop)
                yield FurtherBid(from_=low, to=high, winner=winner, level=level)


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


def _stretches(field: _OffersUnderRule, side: _Side) -> list[tuple[float, float, tuple[int, ...]]]:
    """Find who is first from where to where, over all kinks."""
    start, stop = side.ends
    inside = side.kinks[(side.kinks > start) & (side.kinks < stop)]
    weight, quality = field.price.share, field.quality

    def totals(x: float) -> Floats:
        scale = side.scale(x)
        return np.asarray(HUNDRED * weight * np.clip(side.shares(x), 0.0, scale) + (1 - weight) * quality * scale)

    stretches: list[tuple[float, float, tuple[int, ...]]] = []
    for low, high in pairwise((start, *sorted(set(inside.tolist())), stop)):
        for stretch in kernels.leaders(totals(low), totals(high), start=low, stop=high):
            if stretches and stretches[-1][2][0] == stretch.rows[0]:
                # Who is level may change at a kink: level all the way is who is so on both sides.
                both = tuple(row for row in stretches[-1][2] if row in stretch.rows)
                stretches[-1] = (stretches[-1][0], stretch.stop, both)
            else:
                stretches.append((stretch.start, stretch.stop, stretch.rows))
    return stretches


def _sides(field: _OffersUnderRule, lowest: float, highest: float) -> Iterator[_Side]:
    """Say for each relative rule how a further bid b, below the lowest or above the highest, moves the scores."""
    # Without a price the score is 0, as it is for a price without end.
    own = field.bids
    known = own[np.isfinite(own)]
    finite = np.where(np.isfinite(own), own, 0.0)

    if field.price.rule == "lowest_ratio":
        # b / p, in b.
        yield _Side((0.0, lowest), known, lambda b: b / own, lambda _b: 1.0, lambda low, high: (low, high))
    elif field.price.rule == "linear_min_max":
        # (highest - p) / (highest - b), in b, times its denominator.
        yield _Side(
            (0.0, lowest), known, lambda _b: highest - own, lambda b: highest - b, lambda low, high: (low, high)
        )
        # (b - p) / (b - lowest), in u = 1 / b, times its denominator.
        yield _Side(
            (0.0, 1 / highest),
            1 / known,
            lambda u: np.where(np.isinf(own), 0.0, 1 - finite * u),
            lambda u: 1 - lowest * u,
            lambda low, high: (1 / high, 1 / low if low else None),
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
