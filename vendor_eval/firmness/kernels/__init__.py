"""How firm a winner is: pure numpy, closed forms where there are any, on anybody's matrix of values and weights.

Values (m, n) are of m vendors on n criteria, more is better; weights (n,) need not add up to anything. The winner is
the vendor with the largest weighted sum.

>>> from vendor_eval.firmness.kernels import stability_intervals, weight_margin
>>> values, weights = [[80, 50], [40, 90]], [60, 40]
>>> stability_intervals(values, weights)
(array([0.5, 0. ]), array([1. , 0.5]))
>>> weight_margin(values, weights)
0.2
"""

from vendor_eval.firmness.kernels.answers import (
    Flip,
    dominance,
    fewest_answers,
    necessary_preference,
    possible_preference,
    swings,
    tipping_values,
)
from vendor_eval.firmness.kernels.draws import (
    central_weights,
    concentration,
    dirichlet_weights,
    pairwise_wins,
    rank_acceptability,
    standard_error,
    uniform_weights,
    weightings_won,
)
from vendor_eval.firmness.kernels.linear import Stretch, leaders
from vendor_eval.firmness.kernels.reweighting import Tie, least_transfer, margin, transfer, weight_margin
from vendor_eval.firmness.kernels.stability import (
    Stability,
    leave_one_out,
    stability,
    stability_intervals,
    stability_within,
)

__all__ = [
    "Flip",
    "Stability",
    "Stretch",
    "Tie",
    "central_weights",
    "concentration",
    "dirichlet_weights",
    "dominance",
    "fewest_answers",
    "leaders",
    "least_transfer",
    "leave_one_out",
    "margin",
    "necessary_preference",
    "pairwise_wins",
    "possible_preference",
    "rank_acceptability",
    "stability",
    "stability_intervals",
    "stability_within",
    "standard_error",
    "swings",
    "tipping_values",
    "transfer",
    "uniform_weights",
    "weight_margin",
    "weightings_won",
]
