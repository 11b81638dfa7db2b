"""How firm the first place is: whether other weights, other answers or one vendor less would change it.

Only ranked vendors compete, over the categories that are in scope; the winner is the ranking's.
"""

from collections.abc import Mapping, Sequence

from vendor_eval.firmness import analyses
from vendor_eval.firmness.asks import ask_first
from vendor_eval.firmness.facts import facts_of
from vendor_eval.firmness.field import Field
from vendor_eval.firmness.prices import price_what_if
from vendor_eval.results.firmness import LEAST_MARGIN, LEAST_SHARE, Drawn, Facts, Robustness, Weighting, WeightingsWon
from vendor_eval.scoring.field import Judged
from vendor_eval.tender import Evaluation

__all__ = ["firmness"]


def firmness(
    evaluation: Evaluation, ranked: Sequence[Judged], without: Mapping[str, str | None] | None = None
) -> Robustness:
    """Analyse how firm the first place is.

    `ranked` are the ranked vendors in the order of the ranking; `without` says who would be first without the sheet of
    each evaluator. The sentences of the record stay empty: they are made of it last.
    """
    if not ranked:
        return _NOBODY
    field, rule = Field(evaluation, tuple(ranked)), evaluation.settings.price
    drawn = analyses.draws(field)
    pivotal, asks = analyses.pivotal(field), ask_first(field)
    margin, won = analyses.margin(field), analyses.weightings_won(field, drawn)
    stability = tuple(analyses.intervals(field))
    leave_one_out = tuple(analyses.leave_one_out(field, without or {}))
    price = price_what_if(rule, field.offers) if rule else None
    return Robustness(
        verdict="clear" if _is_clear(field, margin, won) else "no clear winner",
        winner=field.vendors[0],
        sentence="",
        decides=(),
        notes=(),
        left_out=(),
        margin_percent=margin.percent or 0.0,
        margin=margin,
        strict_margin_percent=analyses.strict_margin(field),
        least_transfer=analyses.least_transfer(field),
        stability=stability,
        weightings_won=won,
        central_weights=analyses.central_weights(field, drawn["uniform"]),
        uniform=analyses.ranks_and_pairs(field, drawn["uniform"]),
        around_stated=analyses.ranks_and_pairs(field, drawn["around_stated"]),
        pivotal=tuple(pivotal[: analyses.MOST_LISTED]),
        flip=analyses.flip(field),
        open_flip=analyses.open_flip(field),
        preferences=tuple(analyses.preferences(field)),
        leave_one_out=leave_one_out,
        ask_first=tuple(asks[: analyses.MOST_LISTED]),
        presets=tuple(analyses.presets(field)),
        price=price,
        facts=facts_of(
            field,
            stability=stability,
            price=price,
            without=leave_one_out,
            proof_flip=analyses.proof_flip(field),
            asks=asks,
            pivotal=len(pivotal),
        ),
    )


def _is_clear(field: Field, margin: Weighting, won: WeightingsWon) -> bool:
    """Whether the winner is one that other weights of the same kind would leave."""
    around = won.around_stated[field.vendors[0]]
    return len(field.ranked) == 1 or ((margin.percent or 0.0) >= LEAST_MARGIN and around >= LEAST_SHARE)


_NOTHING = Weighting(percent=None, rival=None, weights=None)
_NOBODY = Robustness(
    verdict="no clear winner",
    winner=None,
    sentence="",
    decides=(),
    notes=(),
    left_out=(),
    margin_percent=0.0,
    margin=_NOTHING,
    strict_margin_percent=0.0,
    least_transfer=_NOTHING,
    stability=(),
    weightings_won=WeightingsWon(uniform={}, around_stated={}, draws=analyses.DRAWS, standard_error=0.0, kappa=None),
    central_weights={},
    uniform=Drawn(ranks={}, pairwise={}),
    around_stated=Drawn(ranks={}, pairwise={}),
    pivotal=(),
    flip=None,
    open_flip=None,
    preferences=(),
    leave_one_out=(),
    ask_first=(),
    presets=(),
    price=None,
    facts=Facts(),
)
