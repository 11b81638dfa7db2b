"""The facts that the sentences on firmness are made of, as records."""

from collections.abc import Iterator, Sequence

from vendor_eval.firmness.analyses import proof_flip
from vendor_eval.firmness.field import Field
from vendor_eval.results import firmness as records
from vendor_eval.tender.price import RELATIVE

_LEVEL = 1e-9


def facts_of(field: Field, record: records.Robustness, asks: Sequence[records.Ask], *, pivotal: int) -> records.Facts:
    """Gather the facts of a field with a winner; `asks` and the count `pivotal` are those before lists were cut."""
    winner, top, rule = field.vendors[0], set(field.vendors[:2]), field.evaluation.price
    winners = {r.rule: r.winner for r in (record.price.rules if record.price else ()) if not r.stated and r.winner}
    weights = dict(zip(field.columns, field.weights, strict=True))
    is_alone = len(weights) == 1
    without = {entry.without: entry.winner for entry in record.leave_one_out if entry.kind == "evaluator"}
    names = {evaluator.id: evaluator.shown for evaluator in field.evaluation.settings.evaluators}
    return records.Facts(
        ranked=len(field.ranked),
        first=tuple(vendor.vendor for vendor in field.ranked if vendor.rank == 1),
        level=tuple(vendor.vendor for vendor in field.ranked[1:] if field.totals[0] - vendor.key <= _LEVEL),
        nearest=min(_limits(record.stability), key=lambda end: abs(end.weight - end.limit), default=None),
        other_rules=len(winners),
        rules=tuple(
            records.RuleLead(winner=other, rules=tuple(name for name, first in winners.items() if first == other))
            for other in dict.fromkeys(winners.values())
            if other != winner
        ),
        sheets=len(without),
        evaluators=tuple(
            records.EvaluatorLead(evaluator=evaluator, name=names[evaluator], winner=other)
            for evaluator, other in without.items()
            if other != winner
        ),
        proof_flip=proof_flip(field),
        knock_outs=tuple(
            records.OpenKnockOut(vendor=ask.vendor, question=ask.question)
            for ask in asks
            if ask.vendor in top and ask.excludes
        ),
        without_weight=tuple(node for node, weight in weights.items() if weight == 0),
        all_weight=None if is_alone else next((node for node, weight in weights.items() if weight == 1), None),
        only_category=field.categories[0].category if is_alone else None,
        nothing_answered=all(vendor.card.total.coverage == 0 for vendor in field.ranked),
        stand_ins=any(nodes[c.category].score is None for nodes in field.nodes for c in field.categories),
        price_rule=rule.rule if rule else "",
        relative_prices=rule is not None and rule.rule in RELATIVE,
        pivotal=pivotal,
        asks=len(asks),
    )


def _limits(stability: Sequence[records.Interval]) -> Iterator[records.WeightLimit]:
    """List the ends of the categories' intervals at which a rival leads."""
    for row in stability:
        if row.kind != "category":
            continue
        if row.rival_from is not None:
            yield records.WeightLimit(
                node=row.node, weight=row.weight, limit=row.from_, rival=row.rival_from, side="below"
            )
        if row.rival_to is not None:
            yield records.WeightLimit(node=row.node, weight=row.weight, limit=row.to, rival=row.rival_to, side="above")
