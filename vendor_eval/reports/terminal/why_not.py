"""Why one vendor and not the other: what it would take the one that is behind to pass."""

from collections.abc import Iterator, Mapping
from math import floor

from vendor_eval.formatting.figures import distinct, number
from vendor_eval.reports.terminal.columns import block
from vendor_eval.reports.wording.lookups import titles_of
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.price import rule_title
from vendor_eval.results import Result, VendorRecord
from vendor_eval.results.firmness import Pair, PairRule, PriceWhatIf

_ROUNDING = 1e-9


def why_not(result: Result, vendor: VendorRecord, other: VendorRecord, pair: Pair | None) -> str:
    """Say what it would take whichever of two vendors is behind to pass the other.

    `pair` is the analysis of the two; None where either was not compared, and where no points are missing.
    """
    absent = [v for v in (vendor, other) if not v.is_compared]
    if absent:
        return block(*(f"{v.name}: {v.status_text}: {'; '.join(v.reasons)}" for v in absent))
    ahead, behind = sorted((vendor, other), key=lambda v: (v.rank is None, v.rank or 0, -result.ranking_points(v)))
    points = [number(result.ranking_points(v), result.digits) for v in (ahead, behind)]
    lines = [f"What it would take {behind.name} to pass {ahead.name}"]
    for v in (v for v in (vendor, other) if v.rank is None):
        failed = [reason.text for reason in v.status_reasons if (reason.kind, reason.result) == ("knock_out", "fail")]
        lines.append(f"{v.name} is excluded, and no total makes up for that: {'; '.join(failed or v.reasons)}")
    if pair is None:
        lines.append(f"It has more points, {points[1]} against {points[0]}. Without the exclusion it would be ahead.")
        return "\n\n".join(lines)
    missing = f"{points[0]} against {points[1]}: {number(pair.lead, _digits(result))} points are missing."
    lines.append("\n".join((missing, *_points(result, pair))))
    parts = (_weights(result, pair), _prices(result, pair), _answers(pair, behind), _open(result, ahead, behind))
    lines += ["\n".join(part) for part in parts]
    return "\n\n".join(line for line in lines if line)


def _points(result: Result, pair: Pair) -> Iterator[str]:
    """List where either of the two is ahead; what is printed adds up to the difference that is printed."""
    titles, digits = titles_of(result), _digits(result)
    if result.ranks_by_ratio:
        yield "  Here and below points are quality x lowest price / own price, which is what ranks."
    gaps = pair.points | {name: -points for name, points in pair.advantages.items()}
    for name, points in _adding_up(gaps, float(number(pair.lead, digits)), digits).items():
        yield f"  {titles[name]}: {number(abs(points), digits)} points {'behind' if gaps[name] > 0 else 'ahead'}"
    yield f"  Together: {number(pair.lead, digits)} points behind"


def _digits(result: Result) -> int:
    return max(result.digits, 2)


def _adding_up(parts: Mapping[str, float], total: float, digits: int) -> dict[str, float]:
    """Round parts so that they add up to a rounded total, those that lose most by it first.

    >>> _adding_up({"a": 1.004, "b": 1.004, "c": -0.001}, 2.01, 2)
    {'a': 1.01, 'b': 1.0, 'c': 0.0}
    """
    unit = 10.0**-digits
    steps = {name: floor(part / unit + _ROUNDING) for name, part in parts.items()}
    missing = round(total / unit) - sum(steps.values())
    by_loss = sorted(parts, key=lambda name: steps[name] - parts[name] / unit)
    for name in by_loss[: max(missing, 0)]:
        steps[name] += 1
    return {name: round(step * unit, digits) for name, step in steps.items()}


def _weights(result: Result, pair: Pair) -> Iterator[str]:
    titles = titles_of(result)
    yield "By weights alone:"
    for limit in pair.weights:
        yield f"  with {titles[limit.node]} {limit.side} {number(limit.percent)} % (ours is {number(limit.stated)} %)"
    if not pair.weights:
        yield "  No category's weight alone would do it."
    if pair.margin_percent is None:
        yield "  No weights at all would do it: it is better in no category."
    else:
        yield f"  Or every weight would have to be wrong by {number(pair.margin_percent)} % in its favor."


def _prices(result: Result, pair: Pair) -> Iterator[str]:
    what_if = result.robustness.price if result.robustness else None
    if what_if is None or not pair.rules:
        return
    yield "By another price rule, or another weight of the price:"
    for rule in pair.rules:
        yield f"  {rule_title(rule.rule)}{' (agreed)' if rule.stated else ''}: {_when_ahead(rule, what_if)}"


def _when_ahead(rule: PairRule, what_if: PriceWhatIf) -> str:
    if rule.rule == "quality_per_price":
        return "ahead" if rule.leads == "always" else "not ahead"
    if rule.weight is None:
        known = "ahead at every weight" if rule.leads == "always" else "not ahead at any weight"
        return f"{known} from 0 to {what_if.to:g}"
    if what_if.weight is None:
        return f"ahead {rule.leads} a weight of {number(rule.weight)}"
    return f"ahead {rule.leads} a weight of {distinct(rule.weight, what_if.weight)} (ours is {what_if.weight:g})"


def _answers(pair: Pair, behind: VendorRecord) -> Iterator[str]:
    if pair.answers_needed is None:
        no_price = behind.price is not None and behind.price.total is None
        other = "its price is missing too" if no_price else "the other would have to fall"
        yield f"By its own answers: not even if all of them scored 100. Besides, {other}."
        return
    noun = "answer" if pair.answers_needed == 1 else "answers"
    yield f"By its own answers: {pair.answers_needed} {noun} that scored 100 would be enough, such as"
    answers = {answer.id: answer for answer in behind.answers}
    for name, points in pair.answers.items():
        answer = answers[name]
        yield f"  {name}, now {number(answer.credited)}: {number(points, 2)} points more  ({place(answer.source)})"
    if (more := pair.answers_needed - len(pair.answers)) > 0:
        yield f"  and {more} more"


def _open(result: Result, ahead: VendorRecord, behind: VendorRecord) -> Iterator[str]:
    factor, target = result.factor(behind), result.ranking_points(ahead)
    high, claimed, score = (factor * (value or 0.0) for value in (behind.high, behind.claimed, behind.score))
    blank = "would be enough" if high > target else "would not be enough"
    with_price = " and its missing price" if behind.price is not None and behind.price.total is None else ""
    yield f"If its open answers{with_price} were perfect: {number(high)}, {blank}."
    proof = "would be enough" if claimed > target else "would not be enough"
    yield f"If it proved all its claims: {number(claimed)} ({number(claimed - score)} more), {proof}."
