"""What it would take one vendor to pass another, for pairs of scored vendors, from their records."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vendor_eval.firmness import kernels
from vendor_eval.results import Result, VendorRecord
from vendor_eval.results.firmness import Pair, PairRule, PairWeightLimit, PriceWhatIf, Shares

MOST_ANSWERS = 5
_HUNDRED = 100.0
_LEVEL = 1e-9
_PRICE = "price"


@dataclass(frozen=True)
class _ScoredVendor:
    result: Result
    vendor: VendorRecord

    @cached_property
    def points(self) -> float:
        return self.result.ranking_points(self.vendor)

    @cached_property
    def order(self) -> tuple[bool, int, float]:
        return self.vendor.rank is None, self.vendor.rank or 0, -self.points

    @cached_property
    def quality(self) -> float:
        return (self.vendor.score if self.vendor.price is None else self.vendor.quality) or 0.0

    @cached_property
    def weights(self) -> Shares:
        share = self.result.quality_share()
        nodes = [node for node in self.vendor.nodes if node.kind == "category" and node.in_scope]
        weights = {node.id: node.global_weight * share for node in nodes}
        return weights | ({_PRICE: 1 - share} if share < 1 and self.vendor.price else {})

    @cached_property
    def scores(self) -> tuple[float, ...]:
        """Scores in the order of the weights; a category without a score counts the quality."""
        factor, nodes = self.result.factor(self.vendor), {node.id: node.score for node in self.vendor.nodes}
        price = self.vendor.price.score or 0.0 if self.vendor.price else 0.0
        own = {name: self.quality if nodes[name] is None else nodes[name] for name in self.weights if name != _PRICE}
        return tuple(price if name == _PRICE else (own[name] or 0.0) * factor for name in self.weights)

    @cached_property
    def gains(self) -> tuple[tuple[str, float], ...]:
        """Answers that can gain, by the points that each brings at 100, the largest first."""
        scale = self.result.quality_share() * self.result.factor(self.vendor)
        gains = [
            (answer.id, scale * answer.effective_weight * (_HUNDRED - answer.credited))
            for answer in self.vendor.answers
            if answer.effective_weight > 0 and answer.credited is not None and answer.state != "settled"
        ]
        return tuple(sorted(gains, key=lambda gain: -gain[1]))

    @cached_property
    def per_price(self) -> float:
        """Quality for the money of the lowest offer; where every price waits for an answer the quality itself."""
        price, total = self.result.price, self.vendor.price.total if self.vendor.price else None
        return self.quality * ((price and price.lowest) or total) / total if total else 0.0


def pairs(result: Result) -> tuple[Pair, ...]:
    """Find what the one behind of two scored vendors lacks to pass the other.

    Pairs are of the first `most_paired` vendors, ranked ones before excluded ones, and of every other vendor with the
    first. There is none where the one behind has more points and is excluded.
    """
    scored = [_ScoredVendor(result, vendor) for vendor in result.evaluated]
    vendors, most = sorted(scored, key=lambda vendor: vendor.order), result.evaluation.method.most_paired
    # Of two that are tied each is behind the other.
    return tuple(
        _pair(ahead, behind)
        for position, ahead in enumerate(vendors)
        for behind in (vendors if position == 0 else vendors[: most if position < most else 1])
        if behind is not ahead and ahead.order <= behind.order and behind.points <= ahead.points + _LEVEL
    )


def pair_of(result: Result, vendor: VendorRecord, other: VendorRecord) -> Pair | None:
    """Find what whichever of two vendors is behind lacks, whether or not the result records the pair.

    Without `result.robustness` the pair has no price rules. None where a vendor is not compared, and where the one
    behind has more points and is excluded.
    """
    if not (vendor.is_compared and other.is_compared):
        return None
    both = (_ScoredVendor(result, vendor), _ScoredVendor(result, other))
    ahead, behind = sorted(both, key=lambda scored: scored.order)
    return _pair(ahead, behind) if behind.points <= ahead.points + _LEVEL else None


def _pair(ahead: _ScoredVendor, behind: _ScoredVendor) -> Pair:
    what_if = ahead.result.robustness.price if ahead.result.robustness else None
    names, weights, scores = tuple(ahead.weights), tuple(ahead.weights.values()), (ahead.scores, behind.scores)
    gaps = [(w * (a - b), name) for name, w, a, b in zip(names, weights, *scores, strict=True)]
    margin, stability = kernels.margin(scores, weights, winner=0), kernels.stability(scores, weights, winner=0)
    sides = (("below", stability.rival_lo, stability.lo), ("above", stability.rival_hi, stability.hi))
    lead = ahead.points - behind.points
    count = int(np.searchsorted(np.cumsum([points for _, points in behind.gains]), lead - _LEVEL)) + 1
    needed = count if count <= len(behind.gains) else None
    both_ranked = ahead.vendor.rank is not None and behind.vendor.rank is not None
    return Pair(
        ahead=ahead.vendor.id,
        behind=behind.vendor.id,
        lead=lead,
        points={name: points for points, name in sorted(gaps, reverse=True) if points > 0},
        advantages={name: -points for points, name in sorted(gaps) if points < 0},
        weights=tuple(
            PairWeightLimit(node=name, side=side, percent=float(limits[at]) * _HUNDRED, stated=weights[at] * _HUNDRED)
            for at, name in enumerate(names)
            for side, rivals, limits in sides
            if rivals[at] >= 0
        ),
        margin_percent=None if margin.rival is None else margin.size * _HUNDRED,
        rules=tuple(_rules(ahead, behind, what_if)) if what_if and both_ranked else (),
        answers_needed=needed,
        answers=dict(behind.gains[: min(needed or 0, MOST_ANSWERS)]),
    )


def _rules(ahead: _ScoredVendor, behind: _ScoredVendor, what_if: PriceWhatIf) -> Iterator[PairRule]:
    """Find at which weights of the price, under each price rule, the one behind is ahead."""
    for rule in what_if.rules:
        if rule.scores:
            scores = rule.scores[ahead.vendor.id], rule.scores[behind.vendor.id]
            leads, weight = _by_weight((ahead.quality, behind.quality), scores, what_if.to)
        elif rule.rule == "quality_per_price":
            leads, weight = ("always" if behind.per_price > ahead.per_price * (1 + _LEVEL) else "never"), None
        else:
            continue
        yield PairRule(rule=rule.rule, stated=rule.stated, leads=leads, weight=weight)


def _by_weight(qualities: tuple[float, float], scores: tuple[float, float], most: float) -> tuple[str, float | None]:
    """Compare two totals over the weights of the price: both are linear in it."""
    share = most / _HUNDRED
    dearest = [share * score + (1 - share) * quality for score, quality in zip(scores, qualities, strict=True)]
    parts = kernels.leaders(qualities, dearest, stop=most)
    leading = [part for part in parts if part.rows[0] == 1]
    if not leading:
        return "never", None
    if len(parts) == 1:
        return "always", None
    return ("above", leading[0].start) if leading[0].start else ("below", leading[0].stop)
