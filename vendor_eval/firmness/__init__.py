"""How firm the first place is: whether other weights, other answers or one vendor less would change it.

Only ranked vendors compete, over the categories that are in scope; the winner is the ranking's.
"""

from collections.abc import Mapping, Sequence

from vendor_eval.firmness import analyses
from vendor_eval.firmness.asks import ask_first
from vendor_eval.firmness.field import Entrant, field_of
from vendor_eval.firmness.prices import offers_of, price_what_if
from vendor_eval.firmness.words import Findings, decides, left_out, notes, sentence
from vendor_eval.results.firmness import Drawn, Robustness, Weighting, WeightingsWon
from vendor_eval.tender import Evaluation

__all__ = ["Entrant", "firmness"]


def firmness(
    evaluation: Evaluation, entrants: Sequence[Entrant], without: Mapping[str, str | None] | None = None
) -> Robustness:
    """Analyse the ranked vendors, given in the order of their ranking.

    `without` says who would be first without the sheet of each evaluator.
    """
    if not entrants:
        return _NOBODY
    field, price = field_of(evaluation, entrants), evaluation.settings.price
    drawn = analyses.draws(field)
    pivotal, asks = analyses.pivotal(field), ask_first(field)
    found = Findings(
        field=field,
        margin=analyses.margin(field),
        won=analyses.weightings_won(field, drawn),
        stability=tuple(analyses.intervals(field)),
        pivotal=pivotal,
        open_flip=analyses.open_flip(field),
        proof_flip=analyses.proof_flip(field),
        asks=asks,
        without=tuple(analyses.leave_one_out(field, without or {})),
        price=price_what_if(price, offers_of(entrants)) if price else None,
    )
    return Robustness(
        verdict="clear" if found.is_clear else "no clear winner",
        winner=field.vendors[0],
        sentence=sentence(found),
        decides=() if found.is_clear else tuple(decides(found)),
        notes=tuple(notes(found)),
        left_out=tuple(left_out(field, len(pivotal), len(asks))),
        margin_percent=found.margin.percent or 0.0,
        margin=found.margin,
        strict_margin_percent=analyses.strict_margin(field),
        least_transfer=analyses.least_transfer(field),
        stability=tuple(found.stability),
        weightings_won=found.won,
        central_weights=analyses.central_weights(field, drawn["uniform"]),
        uniform=analyses.ranks_and_pairs(field, drawn["uniform"]),
        around_stated=analyses.ranks_and_pairs(field, drawn["around_stated"]),
        pivotal=tuple(pivotal[: analyses.MOST_LISTED]),
        flip=analyses.flip(field),
        open_flip=found.open_flip,
        preferences=tuple(analyses.preferences(field)),
        leave_one_out=found.without,
        ask_first=tuple(asks[: analyses.MOST_LISTED]),
        presets=tuple(analyses.presets(field)),
        price=found.price,
    )


_NOTHING = Weighting(percent=None, rival=None, weights=None)
_NOBODY = Robustness(
    verdict="no clear winner",
    winner=None,
    sentence="No vendor is ranked, so there is no first place to be firm.",
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
)
