"""Why one vendor and not the other: what it would take the one that is behind to pass."""

from collections.abc import Iterator

from vendor_eval.formatting.figures import distinct, number
from vendor_eval.reports.wording.lookups import titles_of
from vendor_eval.reports.wording.names import place
from vendor_eval.results import Result, VendorRecord
from vendor_eval.results.firmness import Pair, PairRule, PriceWhatIf

_MOST = 5


def why_not(result: Result, vendor: VendorRecord, other: VendorRecord, pair: Pair | None) -> str:
    """Say what it would take whichever of two vendors is behind to pass the other.

    `pair` is the analysis of the two; None where either was not evaluated, and where no points are missing.
    """
    absent = [v for v in (vendor, other) if v.status == "not_evaluated"]
    if absent:
        return "\n".join(f"{v.name} was not evaluated: {'; '.join(v.reasons)}" for v in absent)
    excluded = [v for v in (vendor, other) if v.rank is None]
    ahead, behind = sorted((vendor, other), key=lambda v: (v.rank is None, v.rank or 0, -result.ranking_points(v)))
    points = [number(result.ranking_points(v), result.digits) for v in (ahead, behind)]
    lines = [f"What it would take {behind.name} to pass {ahead.name}"]
    for v in excluded:
        failed = [one.text for one in v.status_reasons if (one.kind, one.result) == ("knock_out", "fail")]
        lines.append(f"{v.name} is excluded, and no total buys that back: {'; '.join(failed or v.reasons)}")
    if pair is None:
        lines.append(
            f"Points would not be missing: {points[1]} against {points[0]}. Without the exclusion it would be ahead."
        )
        return "\n\n".join(lines)
    missing = f"{points[0]} against {points[1]}: {number(pair.lead, max(result.digits, 2))} points are missing."
    lines.append("\n".join((missing, *_points(result, pair))))
    parts = (_weights(result, pair), _prices(result, pair), _answers(pair, behind), _open(result, ahead, behind))
    lines += ["\n".join(part) for part in parts]
    return "\n\n".join(line for line in lines if line)


def _points(result: Result, pair: Pair) -> Iterator[str]:
    titles = titles_of(result)
    if result.ranks_by_ratio:
        yield "  Here and below points are quality x lowest price / own price, which is what ranks."
    for name, points in list(pair.points.items())[:_MOST]:
        yield f"  {titles[name]}: {number(points, 2)} points behind"


def _weights(result: Result, pair: Pair) -> Iterator[str]:
    titles = titles_of(result)
    yield "By weights alone:"
    for limit in pair.weights:
        yield f"  {titles[limit.node]} {limit.side} {number(limit.percent)} % (stated {number(limit.stated)} %)"
    if not pair.weights:
        yield "  no category's weight alone does it"
    if pair.margin_percent is None:
        yield "  nor any weights at all: it is better in no category"
    else:
        yield f"  all weights off by {number(pair.margin_percent)} % in its favour"


def _prices(result: Result, pair: Pair) -> Iterator[str]:
    what_if = result.robustness.price if result.robustness else None
    if what_if is None or not pair.rules:
        return
    yield "By the price:"
    for rule in pair.rules:
        yield f"  {rule.rule}{' (stated)' if rule.stated else ''}: {_when_ahead(rule, what_if)}"


def _when_ahead(rule: PairRule, what_if: PriceWhatIf) -> str:
    if rule.rule == "quality_per_price":
        return "ahead" if rule.leads == "always" else "not ahead"
    if rule.weight is None:
        known = "ahead at every weight" if rule.leads == "always" else "not ahead at any weight"
        return f"{known} from 0 to {what_if.to:g}"
    if what_if.weight is None:
        return f"ahead {rule.leads} a weight of {number(rule.weight)}"
    return f"ahead {rule.leads} a weight of {distinct(rule.weight, what_if.weight)} (stated {what_if.weight:g})"


def _answers(pair: Pair, behind: VendorRecord) -> Iterator[str]:
    if pair.answers_needed is None:
        no_price = behind.price is not None and behind.price.total is None
        other = "its price is missing too" if no_price else "the other would have to fall"
        yield f"By its own answers: all of them at 100 would not be enough; {other}."
        return
    noun = "answer" if pair.answers_needed == 1 else "answers"
    yield f"By its own answers: {pair.answers_needed} {noun} at 100 would be enough, such as"
    answers = {answer.id: answer for answer in behind.answers}
    for name, points in pair.answers.items():
        answer = answers[name]
        yield f"  {name} from {number(answer.credited)}: {number(points, 2)} points  ({place(answer.source)})"
    if (more := pair.answers_needed - len(pair.answers)) > 0:
        yield f"  and {more} more"


def _open(result: Result, ahead: VendorRecord, behind: VendorRecord) -> Iterator[str]:
    factor, target = result.factor(behind), result.ranking_points(ahead)
    high, claimed, score = (factor * (value or 0.0) for value in (behind.high, behind.claimed, behind.score))
    blank = "would be enough" if high > target else "would not be enough"
    with_price = " and its missing price" if behind.price is not None and behind.price.total is None else ""
    yield f"Its open answers{with_price} at their best: {number(high)}, {blank}."
    proof = "would be enough" if claimed > target else "would not be enough"
    yield f"Proof of its claims: {number(claimed)} ({number(claimed - score)} more), {proof}."
