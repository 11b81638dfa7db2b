"""The assessment of a ranking: whether other weights, other answers or one vendor less would change the first place.

Only ranked vendors compete, over the categories that are in scope; the winner is the ranking's.
"""

from collections.abc import Mapping, Sequence

from vendor_eval.firmness import analyses, kernels
from vendor_eval.firmness.asks import ask_first
from vendor_eval.firmness.facts import facts_of
from vendor_eval.firmness.field import HUNDRED, Field
from vendor_eval.firmness.prices import price_what_if
from vendor_eval.firmness.verdict import OPEN, firmness_of
from vendor_eval.results.firmness import LEAST_MARGIN, LEAST_SHARE, Robustness, WeightingsWon
from vendor_eval.scoring.field import Judged
from vendor_eval.tender import Evaluation

_NOBODY = Robustness(
    verdict="no clear winner",
    winner=None,
    firmness=OPEN,
    margin_percent=0.0,
    strict_margin_percent=0.0,
    weightings_won=WeightingsWon(draws=analyses.DRAWS),
)


def assess_firmness(
    evaluation: Evaluation, ranked: Sequence[Judged], without: Mapping[str, str | None] | None = None
) -> Robustness:
    """Analyze whether other weights, answers, prices or evaluators would change the first place.

    `ranked` are the ranked vendors in the order of the ranking; `without` maps the id of each evaluator to the vendor
    that would be first without that score sheet. Sentences and pairs, which need the whole result, stay empty.
    """
    if not ranked:
        return _NOBODY
    field, rule = Field(evaluation, tuple(ranked)), evaluation.price
    drawn = analyses.draws(field)
    pivotal, asks = analyses.pivotal(field), ask_first(field)
    margin, won = analyses.nearest_tie(field, kernels.margin), analyses.weightings_won(field, drawn)
    percent = margin.percent or 0.0
    is_firm = percent >= LEAST_MARGIN and won.around_stated[field.vendors[0]] >= LEAST_SHARE
    record = Robustness(
        verdict="clear" if len(ranked) == 1 or is_firm else "no clear winner",
        winner=field.vendors[0],
        margin_percent=percent,
        margin=margin,
        strict_margin_percent=kernels.weight_margin(field.leaves.values, field.leaves.shared, winner=0) * HUNDRED,
        least_transfer=analyses.nearest_tie(field, kernels.transfer),
        stability=tuple(analyses.intervals(field)),
        weightings_won=won,
        central_weights=analyses.central_weights(field, drawn["uniform"]),
        uniform=analyses.ranks_and_pairs(field, drawn["uniform"]),
        around_stated=analyses.ranks_and_pairs(field, drawn["around_stated"]),
        pivotal=tuple(pivotal[: analyses.MOST_LISTED]),
        flip=analyses.flip(field),
        open_flip=analyses.open_flip(field),
        preferences=tuple(analyses.preferences(field)),
        leave_one_out=tuple(analyses.leave_one_out(field, without or {})),
        ask_first=tuple(asks[: analyses.MOST_LISTED]),
        presets=tuple(analyses.presets(field)),
        price=price_what_if(rule, field.offers) if rule else None,
    )
    facts, firmness = facts_of(field, record, asks, pivotal=len(pivotal)), firmness_of(field, record, asks)
    return record.model_copy(update={"facts": facts, "firmness": firmness})
