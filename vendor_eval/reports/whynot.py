"""Why one vendor and not the other: what it would take the one that is behind to pass."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vendor_eval import robustness as kernels
from vendor_eval.figures import number, told_apart
from vendor_eval.firmness.records import PriceWhatIf
from vendor_eval.reports.decision import decisive
from vendor_eval.reports.texts import place
from vendor_eval.results import AnswerRecord, Result, VendorRecord

_HUNDRED = 100.0
_MOST = 5
_LEVEL = 1e-9
_PRICE = "price"


@dataclass(frozen=True)
class _Pair:
    """Two scored vendors, the one with the higher total first, over the categories in which both have a score."""

    result: Result
    ahead: VendorRecord
    behind: VendorRecord

    def __iter__(self) -> Iterator[VendorRecord]:
        return iter((self.ahead, self.behind))

    @property
    def lead(self) -> float:
        return _ranks(self.result, self.ahead) - _ranks(self.result, self.behind)

    @property
    def titles(self) -> dict[str, str]:
        return {c.id: c.title for c in self.result.definition.categories} | {_PRICE: "Price"}

    def categories(self) -> tuple[list[str], list[float], list[list[float]]]:
        nodes = [{n.id: n for n in v.nodes if n.kind == "category"} for v in (self.ahead, self.behind)]
        names = [name for name, node in nodes[0].items() if node.in_scope]
        scores = [
            [
                (_quality(vendor) if (score := own[name].score) is None else score) * self.result.factor(vendor)
                for name in names
            ]
            for own, vendor in zip(nodes, (self.ahead, self.behind), strict=True)
        ]
        share = self.result.quality_share()
        weights = [nodes[0][name].global_weight * share for name in names]
        bids = (self.ahead.price, self.behind.price)
        if share < 1 and bids[0] and bids[1]:
            prices = [bid.score or 0.0 for bid in bids if bid]
            return [*names, _PRICE], [*weights, 1 - share], [[*a, b] for a, b in zip(scores, prices, strict=True)]
        return names, weights, scores


def _quality(vendor: VendorRecord) -> float:
    return (vendor.score if vendor.price is None else vendor.quality) or 0.0


def _ranks(result: Result, vendor: VendorRecord) -> float:
    """Find what ranks: the total, or quality for the money of the lowest offer."""
    return (vendor.score or 0.0) * result.factor(vendor)


def why_not(result: Result, one: VendorRecord, other: VendorRecord) -> str:
    """Say what it would take whichever of two vendors is behind to pass the other."""
    absent = [v for v in (one, other) if v.status == "not_evaluated"]
    if absent:
        return "\n".join(f"{v.name} was not evaluated: {'; '.join(v.reasons)}" for v in absent)
    excluded = [v for v in (one, other) if v.rank is None]
    ahead, behind = sorted((one, other), key=lambda v: (v.rank is None, v.rank or 0, -_ranks(result, v)))
    lines = [f"What it would take {behind.name} to pass {ahead.name}"]
    for vendor in excluded:
        failed = [reason.text for reason in decisive(vendor)]
        lines.append(f"{vendor.name} is excluded, and no total buys that back: {'; '.join(failed or vendor.reasons)}")
    if _ranks(result, behind) > _ranks(result, ahead) + _LEVEL:
        lines.append(
            f"Points would not be missing: {number(_ranks(result, behind), result.digits)} against "
            f"{number(_ranks(result, ahead), result.digits)}. Without the exclusion it would be ahead."
        )
        return "\n\n".join(lines)
    pair = _Pair(result, ahead, behind)
    parts = (_points(pair), _weights(pair), _prices(pair), _answers(pair), _open(pair))
    lines += ["\n".join(part) for part in parts]
    return "\n\n".join(line for line in lines if line)


def _points(pair: _Pair) -> Iterator[str]:
    digits = pair.result.digits
    yield (
        f"{number(_ranks(pair.result, pair.ahead), digits)} against "
        f"{number(_ranks(pair.result, pair.behind), digits)}: "
        f"{number(pair.lead, max(digits, 2))} points are missing."
    )
    if pair.result.ranks_by_ratio:
        yield "  Here and below points are quality x lowest price / own price, which is what ranks."
    names, weights, scores = pair.categories()
    gaps = [(w * (a - b), name) for name, w, a, b in zip(names, weights, *scores, strict=True)]
    for points, name in sorted(gaps, reverse=True)[:_MOST]:
        if points > 0:
            yield f"  {pair.titles[name]}: {number(points, 2)} points behind"


def _weights(pair: _Pair) -> Iterator[str]:
    names, weights, scores = pair.categories()
    yield "By weights alone:"
    found = kernels.stability(scores, weights, winner=0)
    ways = 0
    for column, name in enumerate(names):
        stated = f"(stated {number(weights[column] * _HUNDRED)} %)"
        for rival, end, side in (
            (found.rival_lo[column], found.lo[column], "below"),
            (found.rival_hi[column], found.hi[column], "above"),
        ):
            if rival >= 0:
                ways += 1
                yield f"  {pair.titles[name]} {side} {number(float(end) * _HUNDRED)} % {stated}"
    if not ways:
        yield "  no category's weight alone does it"
    margin = kernels.margin(scores, weights, winner=0)
    if margin.rival is None:
        yield "  nor any weights at all: it is better in no category"
    else:
        yield f"  all weights off by {number(margin.size * _HUNDRED)} % in its favour"


def _prices(pair: _Pair) -> Iterator[str]:
    """Say at which weight of the price, and under which other price rules, the one behind is ahead."""
    found = pair.result.robustness.price if pair.result.robustness else None
    names = (pair.ahead.id, pair.behind.id)
    if found is None or any(vendor.rank is None for vendor in (pair.ahead, pair.behind)):
        return
    yield "By the price:"
    ratios = [_per_price(pair.result, vendor) for vendor in pair]
    for rule in found.rules:
        said = f"  {rule.rule}{' (stated)' if rule.stated else ''}: "
        if rule.scores:
            yield said + _by_weight(pair, [rule.scores[name] for name in names], found)
        elif rule.rule == "quality_per_price":
            yield said + ("ahead" if ratios[1] > ratios[0] * (1 + _LEVEL) else "not ahead")


def _per_price(result: Result, vendor: VendorRecord) -> float:
    """Give the quality for the money of the lowest offer; where every price waits for an answer the quality itself."""
    how, total = result.evaluation.price, vendor.price.total if vendor.price else None
    return _quality(vendor) * ((how and how.lowest) or total) / total if total else 0.0


def _by_weight(pair: _Pair, scores: list[float], found: PriceWhatIf) -> str:
    """Compare two totals over the weights of the price: both are linear in it."""
    qualities = [_quality(vendor) for vendor in pair]
    most = found.to / _HUNDRED
    dearest = [most * score + (1 - most) * quality for score, quality in zip(scores, qualities, strict=True)]
    parts = kernels.leaders(qualities, dearest, stop=found.to)
    ahead = [one for one in parts if one.rows[0] == 1]
    if not ahead:
        return f"not ahead at any weight from 0 to {found.to:g}"
    if len(parts) == 1:
        return f"ahead at every weight from 0 to {found.to:g}"
    end, side = (ahead[0].start, "above") if ahead[0].start else (ahead[0].stop, "below")
    stated = number(end) if found.weight is None else told_apart(end, found.weight)
    return f"ahead {side} a weight of {stated}" + ("" if found.weight is None else f" (stated {found.weight:g})")


def _answers(pair: _Pair) -> Iterator[str]:
    behind = pair.behind
    counted = [a for a in behind.answers if a.effective_weight > 0 and a.credited is not None and a.state != "settled"]
    scale = pair.result.quality_share() * pair.result.factor(behind)
    gains = sorted(
        ((scale * a.effective_weight * (_HUNDRED - (a.credited or 0.0)), a) for a in counted), key=lambda p: -p[0]
    )
    reached = np.cumsum([points for points, _ in gains])
    needed = int(np.searchsorted(reached, pair.lead - 1e-9)) + 1
    if needed > len(gains):
        no_price = behind.price is not None and behind.price.total is None
        other = "its price is missing too" if no_price else "the other would have to fall"
        yield f"By its own answers: all of them at 100 would not be enough; {other}."
        return
    noun = "answer" if needed == 1 else "answers"
    yield f"By its own answers: {needed} {noun} at 100 would be enough, such as"
    yield from (_answer_line(answer, points) for points, answer in gains[: min(needed, _MOST)])
    if needed > _MOST:
        yield f"  and {needed - _MOST} more"


def _answer_line(answer: AnswerRecord, points: float) -> str:
    return f"  {answer.id} from {number(answer.credited)}: {number(points, 2)} points  ({place(answer.source)})"


def _open(pair: _Pair) -> Iterator[str]:
    behind, factor = pair.behind, pair.result.factor(pair.behind)
    high, claimed, score = (factor * (value or 0.0) for value in (behind.high, behind.claimed, behind.score))
    ahead = _ranks(pair.result, pair.ahead)
    blank = "would be enough" if high > ahead else "would not be enough"
    with_price = " and its missing price" if behind.price is not None and behind.price.total is None else ""
    yield f"Its open answers{with_price} at their best: {number(high)}, {blank}."
    proof = "would be enough" if claimed > ahead else "would not be enough"
    yield f"Proof of its claims: {number(claimed)} ({number(claimed - score)} more), {proof}."
