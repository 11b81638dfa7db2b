"""The facts that the sentences on firmness are made of, as records."""

from collections.abc import Mapping, Sequence
from typing import Literal

from vendor_eval.firmness.field import Field
from vendor_eval.results.firmness import (
    AnswerFlip,
    Ask,
    EvaluatorLead,
    Facts,
    Interval,
    OpenKnockOut,
    PriceWhatIf,
    RuleLead,
    WeightLimit,
    Without,
)
from vendor_eval.tender.price import RELATIVE

_LEVEL = 1e-9


def facts_of(
    field: Field,
    *,
    stability: Sequence[Interval],
    price: PriceWhatIf | None,
    without: Sequence[Without],
    proof_flip: AnswerFlip | None,
    asks: Sequence[Ask],
    pivotal: int,
) -> Facts:
    """Gather the facts of a field with a winner; `pivotal` counts the answers that decide alone."""
    top, rule = set(field.vendors[:2]), field.evaluation.settings.price
    other_rules = _other_rules(price)
    weights = dict(zip(field.columns, field.weights, strict=True))
    full = [node for node, weight in weights.items() if weight == 1]
    several = len(field.columns) > 1
    sheets = [one for one in without if one.kind == "evaluator"]
    return Facts(
        ranked=len(field.ranked),
        first=tuple(vendor.vendor for vendor in field.ranked if vendor.rank == 1),
        level=tuple(vendor.vendor for vendor in field.ranked[1:] if field.totals[0] - vendor.key <= _LEVEL),
        nearest=_nearest(stability),
        other_rules=len(other_rules),
        rules=tuple(_rule_leads(other_rules, field.vendors[0])),
        sheets=len(sheets),
        evaluators=tuple(_evaluator_leads(field, sheets)),
        proof_flip=proof_flip,
        knock_outs=tuple(
            OpenKnockOut(vendor=ask.vendor, question=ask.question) for ask in asks if ask.vendor in top and ask.excludes
        ),
        without_weight=tuple(node for node, weight in weights.items() if weight == 0),
        all_weight=full[0] if full and several else None,
        only_category=None if several else field.categories[0].category,
        nothing_answered=all(vendor.card.total.coverage == 0 for vendor in field.ranked),
        stand_ins=field.has_stand_ins,
        price_rule=rule.rule if rule else "",
        relative_prices=rule is not None and rule.rule in RELATIVE,
        pivotal=pivotal,
        asks=len(asks),
    )


def _nearest(stability: Sequence[Interval]) -> WeightLimit | None:
    """Find the end of an interval of a category that is nearest to the stated weight."""
    ends = []
    for row in stability:
        if row.kind != "category":
            continue
        if row.rival_from is not None:
            ends.append(_limit(row, row.from_, row.rival_from, "below"))
        if row.rival_to is not None:
            ends.append(_limit(row, row.to, row.rival_to, "above"))
    return min(ends, key=lambda end: abs(end.weight - end.limit), default=None)


def _limit(row: Interval, limit: float, rival: str, side: Literal["below", "above"]) -> WeightLimit:
    return WeightLimit(node=row.node, weight=row.weight, limit=limit, rival=rival, side=side)


def _other_rules(price: PriceWhatIf | None) -> Mapping[str, str]:
    """Give the winner under each price rule that is not the stated one."""
    rules = price.rules if price else ()
    return {one.rule: one.winner for one in rules if not one.stated and one.winner is not None}


def _rule_leads(winners: Mapping[str, str], first: str) -> list[RuleLead]:
    others = dict.fromkeys(winner for winner in winners.values() if winner != first)
    return [
        RuleLead(winner=other, rules=tuple(rule for rule, winner in winners.items() if winner == other))
        for other in others
    ]


def _evaluator_leads(field: Field, sheets: Sequence[Without]) -> list[EvaluatorLead]:
    names = {one.id: one.shown for one in field.evaluation.settings.evaluators}
    return [
        EvaluatorLead(evaluator=one.without, name=names[one.without], winner=one.winner)
        for one in sheets
        if one.winner != field.vendors[0]
    ]
