"""Another price rule, another weight of the price, one bid more or less, one of anything left out: in words."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from vendor_eval.formatting.figures import distinct, listed, money, number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.wording.lookups import names_of, titles_of_left_out
from vendor_eval.reports.wording.price import rule_title
from vendor_eval.results import Result
from vendor_eval.results.firmness import FurtherBid, RuleOutcome, WeightRange, Without

_MOST_NAMED = 3


def rule_rows(result: Result, longest: int = 200) -> Iterator[tuple[str, str, str]]:
    """Give each price rule, who is first at the agreed weight, and who is first over weights of the price.

    Names are cut to so many characters.
    """
    what_if = result.robustness.price if result.robustness else None
    if what_if is None or len(result.ranking) == 1:
        return
    names = {vendor: cut(name, longest) for vendor, name in names_of(result).items()}
    for rule in what_if.rules:
        first = rule.reason if rule.winner is None else _leaders(names, rule)
        title = rule_title(rule.rule)
        yield f"{title} (agreed)" if rule.stated else title, first, _weights(names, rule, what_if.weight)


def rule_groups(result: Result) -> tuple[tuple[str, str, bool], ...]:
    """Group the price rules that can be applied by who is first: rules, first, and whether another than under ours."""
    what_if = result.robustness.price if result.robustness else None
    if what_if is None or len(result.ranking) == 1:
        return ()
    names, groups, agreed = names_of(result), dict[str, list[str]](), ""
    for rule in sorted(what_if.rules, key=lambda rule: not rule.stated):
        if rule.winner is not None:
            first, title = _leaders(names, rule), rule_title(rule.rule)
            agreed = first if rule.stated else agreed
            groups.setdefault(first, []).append(f"{title} (agreed)" if rule.stated else title)
    return tuple((". ".join(rules), first, first != agreed) for first, rules in groups.items())


def rule_heads(result: Result) -> tuple[str, str, str]:
    what_if = result.robustness.price if result.robustness else None
    if what_if is None:
        return "", "", ""
    agreed = "" if what_if.weight is None else f" at the agreed weight of {what_if.weight:g}"
    return "Price rule", f"First{agreed}", f"First as the weight of the price goes from 0 to {what_if.to:g}"


def _weights(names: Mapping[str, str], rule: RuleOutcome, stated: float | None) -> str:
    if not rule.weights:
        return "the price has no weight of its own" if rule.rule == "quality_per_price" else "–"
    *parts, last = rule.weights
    if not parts:
        return f"{_leaders(names, last)} at every weight"
    ends = [
        f"{_leaders(names, part)} to {number(part.to) if stated is None else distinct(part.to, stated)}"
        for part in parts
    ]
    return f"{', '.join(ends)}, then {_leaders(names, last)}"


def bid_lines(result: Result) -> Iterator[str]:
    """Say under each relative rule, the agreed one first, which bid, gone or further, would put another first."""
    what_if = result.robustness.price if result.robustness else None
    if what_if is None or result.price is None:
        return
    names, currency = names_of(result), result.price.currency
    for rule in sorted(what_if.rules, key=lambda rule: not rule.stated):
        lines = [_further(names, bid, currency) for bid in rule.further_bid]
        lines += [
            f"without the bid of {names[bid.without]} ({currency} {money(bid.bid)}) {names[bid.winner]} "
            f"would come before {names[bid.instead_of]}"
            for bid in rule.without_bid
        ]
        if lines:
            yield f"{rule_title(rule.rule)}: {'; '.join(lines)}"


def _further(names: Mapping[str, str], bid: FurtherBid, currency: str) -> str:
    if bid.to is None:
        span = f"above {currency} {money(bid.from_)}"
    elif bid.from_:
        span = f"from {currency} {money(bid.from_)} to {money(bid.to)}"
    else:
        span = f"below {currency} {money(bid.to)}"
    return f"with a further bid {span} {_leaders(names, bid)} would come first"


def left_out_lines(result: Result) -> Iterator[str]:
    """Say who is first without one category, evaluator or vendor, where that is another than now; none in a tie."""
    firmness = result.robustness
    if firmness is None or result.is_tied:
        return
    titles = titles_of_left_out(result)
    for kind, group in groupby(firmness.leave_one_out, key=lambda absence: absence.kind):
        absences = list(group)
        changes = [
            f"without {titles[kind][absence.without]}, {_now_first(result, absence)}"
            for absence in absences
            if absence.winner != firmness.winner
        ]
        if len(absences) > len(changes):
            changes.append(f"the result is the same if any {'other' if changes else 'one'} {kind} is left out")
        text = ", and ".join(changes)
        yield f"{text[:1].upper()}{text[1:]}"


def _now_first(result: Result, absence: Without) -> str:
    if absence.winner is None:
        return "nobody is first"
    winner = result.vendor(absence.winner)
    level = [v.name for v in result.ranked if v.rank == winner.rank] if absence.kind == "vendor" else [winner.name]
    return f"{listed(level, _MOST_NAMED)} {'is' if len(level) == 1 else 'are'} first"


def _leaders(names: Mapping[str, str], lead: RuleOutcome | WeightRange | FurtherBid) -> str:
    """Name the first, and those that are level with it."""
    return listed(tuple(names[vendor] for vendor in (lead.winner or "", *lead.level)), _MOST_NAMED)
