"""Another price rule, another weight of the price, one bid more or less, one of anything left out: in words."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from vendor_eval.formatting.figures import distinct, listed, money, number
from vendor_eval.results import Result
from vendor_eval.results.firmness import FurtherBid, RuleOutcome, Without

_MOST_NAMED = 3


def rule_rows(result: Result) -> Iterator[tuple[str, str, str]]:
    """Give each price rule, who is first at the stated weight, and who is first over weights of the price."""
    found = result.robustness.price if result.robustness else None
    if found is None or len(result.ranking) == 1:
        return
    names = names_of(result)
    for one in found.rules:
        first = one.reason if one.winner is None else together(names, one.winner, one.level)
        yield f"{one.rule} (stated)" if one.stated else one.rule, first, _weights(names, one, found.weight)


def rule_heads(result: Result) -> tuple[str, str, str]:
    """Give the heads of these rows."""
    found = result.robustness.price if result.robustness else None
    if found is None:
        return "", "", ""
    stated = "" if found.weight is None else f" at the stated weight of {found.weight:g}"
    return "Price rule", f"First{stated}", f"First over price weights from 0 to {found.to:g}"


def _weights(names: Mapping[str, str], one: RuleOutcome, stated: float | None) -> str:
    if not one.weights:
        return "has no weight" if one.rule == "quality_per_price" else "–"
    if len(one.weights) == 1:
        return f"{together(names, one.weights[0].winner, one.weights[0].level)} at every weight"
    ends = [
        f"{together(names, part.winner, part.level)} to "
        f"{number(part.to) if stated is None else distinct(part.to, stated)}"
        for part in one.weights[:-1]
    ]
    last = one.weights[-1]
    return f"{', '.join(ends)}, then {together(names, last.winner, last.level)}"


def bid_lines(result: Result) -> Iterator[str]:
    """Say under each relative rule which bid, gone or further, would put another first."""
    found = result.robustness.price if result.robustness else None
    if found is None or result.evaluation.price is None:
        return
    names, currency = names_of(result), result.evaluation.price.currency
    for one in found.rules:
        lines = [_further(names, bid, currency) for bid in one.further_bid]
        lines += [
            f"without the bid of {names[bid.without]} ({money(bid.bid)} {currency}) {names[bid.winner]} "
            f"comes before {names[bid.instead_of]}"
            for bid in one.without_bid
        ]
        if lines:
            yield f"{one.rule}: {'; '.join(lines)}"


def _further(names: Mapping[str, str], bid: FurtherBid, currency: str) -> str:
    first = together(names, bid.winner, bid.level)
    if bid.to is None:
        return f"with a further bid above {money(bid.from_)} {currency} {first} leads"
    if not bid.from_:
        return f"with a further bid below {money(bid.to)} {currency} {first} leads"
    return f"with a further bid from {money(bid.from_)} to {money(bid.to)} {currency} {first} leads"


def left_out_lines(result: Result) -> Iterator[str]:
    """Say who is first without one category, evaluator or vendor, where that is another than now."""
    found = result.robustness
    if found is None:
        return
    for kind, group in groupby(found.leave_one_out, key=lambda one: one.kind):
        rows = list(group)
        titles = _titles(result, kind)
        turned = [one for one in rows if one.winner != found.winner]
        said = [f"without {titles[one.without]}, {_leader(result, one)} leads" for one in turned]
        others = len(rows) - len(turned)
        if others:
            said.append(f"without any {'other' if said else 'one'} {kind} nothing changes")
        yield "; ".join(said)


def _leader(result: Result, one: Without) -> str:
    return names_of(result)[one.winner] if one.winner else "nobody"


def _titles(result: Result, kind: str) -> Mapping[str, str]:
    if kind == "vendor":
        return names_of(result)
    if kind == "evaluator" and result.panel:
        return {member.id: member.name for member in result.panel.members}
    return {category.id: category.title for category in result.definition.categories} | {"price": "Price"}


def names_of(result: Result) -> dict[str, str]:
    """Names of the vendors by id."""
    return {vendor.id: vendor.name for vendor in result.vendors}


def together(names: Mapping[str, str], winner: str, level: tuple[str, ...]) -> str:
    """Name the first, with who is level with it."""
    return listed(tuple(names[one] for one in (winner, *level)), _MOST_NAMED)
