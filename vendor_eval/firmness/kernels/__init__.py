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
    Flip as Flip,
    dominance as dominance,
    fewest_answers as fewest_answers,
    necessary_preference as necessary_preference,
    possible_preference as possible_preference,
    swings as swings,
    tipping_values as tipping_values,
)
from vendor_eval.firmness.kernels.draws import (
    central_weights as central_weights,
    concentration as concentration,
    dirichlet_weights as dirichlet_weights,
    pairwise_wins as pairwise_wins,
    rank_acceptability as rank_acceptability,
    standard_error as standard_error,
    uniform_weights as uniform_weights,
    weightings_won as weightings_won,
)
from vendor_eval.firmness.kernels.linear import Stretch as Stretch, leaders as leaders
from vendor_eval.firmness.kernels.reweighting import (
    Tie as Tie,
    least_transfer as least_transfer,
    margin as margin,
    transfer as transfer,
    weight_margin as weight_margin,
)
from vendor_eval.firmness.kernels.stability import (
    Stability as Stability,
    leave_one_out as leave_one_out,
    stability as stability,
    stability_intervals as stability_intervals,
    stability_within as stability_within,
)
