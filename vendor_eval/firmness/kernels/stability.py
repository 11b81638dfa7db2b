"""One weight moves and the others keep their ratios: from where to where does the winner stay the winner."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vendor_eval.firmness.kernels.inputs import (
    Floats,
    Rows,
    as_numbers,
    as_table,
    as_weights,
    first_of_best,
    tolerance_of_sums,
    tolerances,
    weighted_sums,
    winner_of,
)


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """From where to where each weight can move, and the row of the rival that draws level there (-1: none does)."""

    lo: Floats
    hi: Floats
    rival_lo: Rows
    rival_hi: Rows


@dataclass(frozen=True, slots=True, eq=False)
class _Lead:
    """The winner's lead over each rival is `at_zero` (m, n) where a weight is 0, `at_one` where it is all there is.

    In between it is linear. Within the tolerance a lead is a tie, and a tie is not lost.
    """

    at_zero: Floats
    at_one: Floats
    tolerance_at_zero: Floats
    tolerance_at_one: Floats


def stability_intervals(values: ArrayLike, weights: ArrayLike, *, winner: int | None = None) -> tuple[Floats, Floats]:
    """Find the interval of each weight in which the best vendor stays best while the other weights keep their ratios.

    With d the winner's values less a rival's, D = w.d and R = (D - w_c d_c) / (1 - w_c), the lead is x d_c + (1 - x) R
    when weight c is x, and nothing at x = R / (R - d_c). The interval is the intersection over all rivals, cut to
    [0, 1]; at both ends that are inside, a rival is level, beyond them it leads. That x = 0 lies in the interval means
    that the winner is the same without the criterion.

    `values` (m, n): vendors by criteria, any scale, more is better. `weights` (n,): any scale, since they are divided
    by their sum. Returns lo (n,) and hi (n,), weights as shares of 1, lo <= weight <= hi. ValueError on other shapes,
    on what is not finite, on negative weights or only zeros.

    The winner is the first row of those that are best within 1e-9 of the largest score possible, or the row `winner`
    if a tie-breaker chose another of them. A rival that is level at both ends, such as a copy of the winner, limits
    nothing. Where the other weights are all 0 they have no ratios: what they take from weight c they share equally.

    B. Mareschal, Weight stability intervals in multicriteria decision aid, EJOR 33 (1988) 54-64.

    Of 60 and 40 the first vendor scores 0.6 * 80 + 0.4 * 50 = 68, the second 0.6 * 40 + 0.4 * 90 = 60. They are level
    at x where 80x + 50(1 - x) = 40x + 90(1 - x), so at x = 1/2:

    >>> stability_intervals([[80, 50], [40, 90]], [60, 40])
    (array([0.5, 0. ]), array([1. , 0.5]))
    """
    intervals = stability(values, weights, winner=winner)
    return intervals.lo, intervals.hi


def stability(values: ArrayLike, weights: ArrayLike, *, winner: int | None = None) -> Stability:
    """Find the intervals of `stability_intervals`, and the rows of the rivals at their ends.

    Shapes, formula, source and errors as in `stability_intervals`.

    >>> found = stability([[80, 50], [40, 90], [0, 0]], [60, 40])
    >>> found.rival_lo, found.rival_hi
    (array([ 1, -1]), array([-1,  1]))
    """
    table = as_table(values)
    shares = as_weights(weights, table.shape[1])
    tolerance = tolerances(table)
    best = winner_of(weighted_sums(table, shares), tolerance_of_sums(tolerance, shares), winner)
    others = weights_without_each(shares)
    gaps = table[best] - table
    return _intervals(_Lead(_means(gaps, others), gaps, weighted_sums(others, tolerance), tolerance), shares)


def stability_within(
    values: ArrayLike, weights: ArrayLike, *, totals: ArrayLike, weight: float, winner: int | None = None
) -> Stability:
    """Find the stability intervals of the weights inside one node of a tree, such as of criteria in a category.

    For child k of node g, with local weight l_k: R = (d_g - l_k d_k) / (1 - l_k), and the lead is
    D - W_g d_g + W_g (x d_k + (1 - x) R) when the local weight is x, so that they are level at
    x = -(D - W_g d_g + W_g R) / (W_g (d_k - R)). All weights outside the node stay.

    `values` (m, n): vendors by children of the node. `weights` (n,): local, any scale. `totals` (m,): the vendors'
    totals at the root. `weight`: the global weight W_g of the node, as a share of 1. The ends are local weights, as
    shares of 1; times W_g they are global ones. Winner, ties and errors as in `stability_intervals`.

    P. Goodwin and G. Wright, Decision Analysis for Management Judgment (3rd ed. 2004, chapter 3) moves the weight of
    a branch in this way.

    Half of the total is a node with two children of equal weight, the other half favors the second vendor 60 to 50:
    totals 0.5 * 75 + 0.5 * 50 = 62.5 and 0.5 * 60 + 0.5 * 60 = 60. They are level at x where
    0.5 * (90x + 60(1 - x)) + 25 = 0.5 * (40x + 80(1 - x)) + 30, so at x = 3/7:

    >>> found = stability_within([[90, 60], [40, 80]], [1, 1], totals=[62.5, 60], weight=0.5)
    >>> found.lo.round(6), found.hi.round(6)
    (array([0.428571, 0.      ]), array([1.      , 0.571429]))
    """
    table = as_table(values)
    shares = as_weights(weights, table.shape[1])
    sums = as_numbers(totals, "totals")
    if sums.shape != (len(table),) or not np.isfinite(sums).all():
        raise ValueError(f"totals: shape {sums.shape}, not one finite total for each of {len(table)} vendors")
    if not 0 <= weight <= 1:
        raise ValueError(f"weight: {weight} is not a share of 1, the global weight of the node")
    outside = sums - weight * weighted_sums(table, shares)
    # What is left outside is known to the last digits of the totals, not of itself.
    tolerance = tolerances(sums[:, np.newaxis]) + weight * tolerances(table)
    best = winner_of(sums, tolerance_of_sums(tolerance, shares), winner)
    others = weights_without_each(shares)
    lead = (outside[best] - outside)[:, np.newaxis]
    gaps = weight * (table[best] - table)
    at_zero, at_one = lead + _means(gaps, others), lead + gaps
    return _intervals(_Lead(at_zero, at_one, weighted_sums(others, tolerance), tolerance), shares)


def leave_one_out(values: ArrayLike, weights: ArrayLike) -> Rows:
    """Find the row of the winner without each column (n,), the other weights keeping their ratios.

    A single column cannot be left out: -1. Shapes, ties and errors as in `stability_intervals`. Without a vendor, or
    with another panel of evaluators, ask again with another table.

    >>> leave_one_out([[80, 50], [40, 90]], [60, 40])
    array([1, 0])
    """
    table = as_table(values)
    shares = as_weights(weights, table.shape[1])
    if len(shares) == 1:
        return np.array([-1])
    others = weights_without_each(shares)
    tolerance = tolerances(table)
    return np.array([first_of_best(weighted_sums(table, row), tolerance_of_sums(tolerance, row)) for row in others])


def weights_without_each(shares: Floats) -> Floats:
    """Compute in row c of (n, n) the weights, adding up to 1, when weight c is 0 and the others keep their ratios."""
    itself = np.eye(len(shares), dtype=np.bool_)
    if len(shares) == 1:
        return np.ones((1, 1))
    left = np.where(itself, 0.0, shares)
    is_nothing = left.sum(axis=1, keepdims=True) == 0
    left = np.where(is_nothing & ~itself, 1.0, left)
    return np.asarray(left / left.sum(axis=1, keepdims=True))


def _means(values: Floats, weights: Floats) -> Floats:
    """Weight the columns of (m, n) by each row of (c, n) in turn, to (m, c)."""
    return np.stack([weighted_sums(values, row) for row in weights], axis=1)


def _intervals(lead: _Lead, shares: Floats) -> Stability:
    lost_at_one = lead.at_one < -lead.tolerance_at_one
    lost_at_zero = lead.at_zero < -lead.tolerance_at_zero
    # The weight at which the lead is nothing, where it is lost somewhere.
    change = lead.at_zero - lead.at_one
    is_lost = (lost_at_one | lost_at_zero) & (change != 0)
    level_at = np.divide(lead.at_zero, change, out=np.zeros_like(change), where=is_lost)
    up = np.where(lost_at_one, np.maximum(level_at, shares), np.inf)
    down = np.where(lost_at_zero, np.minimum(level_at, shares), -np.inf)
    return Stability(
        lo=np.maximum(down.max(axis=0), 0.0),
        hi=np.minimum(up.min(axis=0), 1.0),
        rival_lo=np.where(lost_at_zero.any(axis=0), down.argmax(axis=0), -1),
        rival_hi=np.where(lost_at_one.any(axis=0), up.argmin(axis=0), -1),
    )
