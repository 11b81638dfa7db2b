"""Single answers: which one decides alone, how few together, and who is better whatever the open ones become."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vendor_eval.firmness.kernels.inputs import (
    Floats,
    as_numbers,
    as_table,
    as_weights_of_each,
    tolerances,
    weighted_sums,
    winner_of,
)

HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Flip:
    """The rival that draws level and the answers, as (row, column) of values, the largest swing first, that do it."""

    rival: int
    answers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _BoundedValues:
    """Values with the bounds of each, everybody's weights, all (m, n); the winner, and its leads over all (m,)."""

    values: Floats
    weights: Floats
    lows: Floats
    highs: Floats
    winner: int
    leads: Floats
    tolerance: float


def swings(
    values: ArrayLike, weights: ArrayLike, *, lows: ArrayLike = 0.0, highs: ArrayLike = HUNDRED
) -> tuple[Floats, Floats]:
    """Find how many points of a vendor's total each answer can cost and bring: W (v - low) and W (high - v).

    `values` (m, n): vendors by questions. `weights`: global ones (n,), or (m, n) where they differ between vendors;
    any scale, since each row is divided by its sum. `lows` and `highs`: what each answer can become, a number or an
    array that spreads to (m, n); one that is closed has its value as both. Returns two arrays (m, n). ValueError on
    other shapes, on what is not finite, on negative weights or only zeros, on a value outside its bounds.

    >>> swings([[80, 50], [40, 90]], [60, 40])
    (array([[48., 20.],
           [24., 36.]]), array([[12., 20.],
           [36.,  4.]]))
    """
    field = _field(values, weights, lows, highs, None)
    return field.weights * (field.values - field.lows), field.weights * (field.highs - field.values)


def tipping_values(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    lows: ArrayLike = 0.0,
    highs: ArrayLike = HUNDRED,
    winner: int | None = None,
) -> Floats:
    """Find the value (m, n) at which one answer alone, all others as they are, makes a rival draw level.

    Of the winner v - D / W_c, with D the lead over the nearest rival; of a rival v + D / W_c, with D the lead over
    that rival. NaN where that is out of bounds, and where the weight is 0. Where a rival is level as it is, no answer
    has to move. Arguments, bounds and errors as in `swings`, winner as in `stability_intervals`. The weights stay as
    they are: what a blank takes out of both sums when it is filled is not in this.

    The lead is 68 - 60 = 8: 8 / 0.6 in the first column, 8 / 0.4 in the second, and 90 + 20 is too much.

    >>> tipping_values([[80, 50], [40, 90]], [60, 40]).round(2)
    array([[66.67, 30.  ],
           [53.33,   nan]])
    """
    field = _field(values, weights, lows, highs, winner)
    # The winner's answers fall by this many points, a rival's rise by as many.
    leads = field.leads[:, np.newaxis].copy()
    leads[field.winner] = np.delete(field.leads, field.winner).min(initial=np.inf)
    swing = field.weights * (field.highs - field.values)
    swing[field.winner] = (field.weights * (field.values - field.lows))[field.winner]
    steps = np.divide(leads, field.weights, out=np.full_like(swing, np.inf), where=field.weights > 0)
    steps[field.winner] *= -1
    is_enough = (field.weights > 0) & (swing >= leads - field.tolerance)
    return np.where(is_enough, np.clip(field.values + steps, field.lows, field.highs), np.nan)


def fewest_answers(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    lows: ArrayLike = 0.0,
    highs: ArrayLike = HUNDRED,
    winner: int | None = None,
) -> Flip | None:
    """Find the fewest answers that together let a rival draw level: the winner's fall to their lows, its own rise.

    Exact, for any size. The answers of one pair take their swings off the lead independently of each other, so the k
    largest swings take off the most that k answers can; the fewest answers are therefore the shortest run of largest
    swings that adds up to the lead. The best rival is the one with the fewest, then the one with the smallest lead.
    (It would be a knapsack if answers had costs, or had to end in an exact tie.)

    None if no rival can. No answers at all where a rival is level as it is. Arguments, bounds, errors, and what it
    leaves out, as in `tipping_values`; gates, which no total can buy back, are not in it either.

    The lead is 100 - 50, and the largest swings are 30 points each: one is not enough, two are.

    >>> fewest_answers([[100, 100, 100, 100], [0, 100, 50, 50]], [30, 30, 30, 10])
    Flip(rival=1, answers=((0, 0), (0, 1)))
    """
    field = _field(values, weights, lows, highs, winner)
    rivals = np.delete(np.arange(len(field.values)), field.winner)
    if not len(rivals):
        return None
    falls = (field.weights * (field.values - field.lows))[field.winner]
    rises = (field.weights * (field.highs - field.values))[rivals]
    gains = np.concatenate([np.broadcast_to(falls, rises.shape), rises], axis=1)
    order = np.argsort(-gains, axis=1, kind="stable")
    taken = np.cumsum(np.take_along_axis(gains, order, axis=1), axis=1)
    leads = field.leads[rivals]
    needed = np.where(leads <= field.tolerance, 0, 1 + (taken < leads[:, np.newaxis] - field.tolerance).sum(axis=1))
    nearest = np.lexsort((leads, needed))[0]
    if needed[nearest] > gains.shape[1]:
        return None
    rows = (field.winner, int(rivals[nearest]))
    chosen = (divmod(int(at), falls.size) for at in order[nearest, : needed[nearest]])
    return Flip(rows[1], tuple((rows[side], column) for side, column in chosen))


def dominance(values: ArrayLike) -> NDArray[np.bool_]:
    """Find who is at least as good as j in every column and better in one (Pareto), as [i, j] of (m, m).

    Whoever is dominated leads under no weights. `values` (m, n): vendors by criteria; leave out columns that
    have no weight. Differences within 1e-9 of the largest value of their column are none. ValueError on other shapes
    and on what is not finite. Time grows with m^2 n, memory with m^2.

    >>> dominance([[80, 50], [40, 90], [40, 50]])
    array([[False, False,  True],
           [False, False,  True],
           [False, False, False]])
    """
    table = as_table(values)
    return _dominates(table, table, tolerances(table))


def necessary_preference(lows: ArrayLike, highs: ArrayLike) -> NDArray[np.bool_]:
    """Find who dominates j whatever the open answers turn out to be, as [i, j] of (m, m): `low_i` dominates `high_j`.

    `lows` and `highs` (m, n): the values with every open answer at its worst and at its best. With criteria as columns
    that is a preference under any weights; with the totals as the only column it is one under the stated weights.
    Differences and errors as in `dominance`; ValueError too where a low is above its high.

    S. Greco, V. Mousseau and R. Slowinski, Ordinal regression revisited: multiple criteria ranking using a set of
    additive value functions, EJOR 191 (2008) 416-436, has the words; here the set is that of the open answers.

    >>> necessary_preference([[70], [50], [60]], [[80], [65], [75]])
    array([[False,  True, False],
           [False, False, False],
           [False, False, False]])
    """
    worst, best, slack = _intervals(lows, highs)
    return _dominates(worst, best, slack)


def possible_preference(lows: ArrayLike, highs: ArrayLike) -> NDArray[np.bool_]:
    """Find who dominates j if the open answers turn out well for i and badly for j: `high_i` dominates `low_j`.

    Arguments and errors as in `necessary_preference`; False on the diagonal.

    >>> possible_preference([[70], [50], [60]], [[80], [65], [75]])
    array([[False,  True,  True],
           [False, False,  True],
           [ True,  True, False]])
    """
    worst, best, slack = _intervals(lows, highs)
    possible = _dominates(best, worst, slack)
    np.fill_diagonal(possible, val=False)
    return possible


def _dominates(values: Floats, others: Floats, slack: Floats) -> NDArray[np.bool_]:
    nowhere_worse = np.ones((len(values), len(others)), dtype=np.bool_)
    somewhere_better = np.zeros_like(nowhere_worse)
    for column, other, limit in zip(values.T, others.T, slack, strict=True):
        nowhere_worse &= column[:, np.newaxis] >= other - limit
        somewhere_better |= column[:, np.newaxis] > other + limit
    return nowhere_worse & somewhere_better


def _intervals(lows: ArrayLike, highs: ArrayLike) -> tuple[Floats, Floats, Floats]:
    worst, best = as_table(lows, "lows"), as_table(highs, "highs")
    if worst.shape != best.shape:
        raise ValueError(f"highs: shape {best.shape} is not {worst.shape}, the shape of lows")
    if (worst > best).any():
        row, column = np.argwhere(worst > best)[0]
        raise ValueError(f"lows[{row}, {column}]: {worst[row, column]} is above its high {best[row, column]}")
    return worst, best, tolerances(np.concatenate([worst, best]))


def _field(
    values: ArrayLike, weights: ArrayLike, lows: ArrayLike, highs: ArrayLike, winner: int | None
) -> _BoundedValues:
    table = as_table(values)
    shares = as_weights_of_each(weights, (table.shape[0], table.shape[1]))
    bottom, top = _bound(lows, table, "lows"), _bound(highs, table, "highs")
    outside = ~((bottom <= table) & (table <= top))
    if outside.any():
        row, column = np.argwhere(outside)[0]
        bounds = f"{bottom[row, column]} to {top[row, column]}"
        raise ValueError(f"values[{row}, {column}]: {table[row, column]} is not within its bounds {bounds}")
    scores = weighted_sums(table, shares)
    tolerance = float(weighted_sums(shares, tolerances(table)).max())
    best = winner_of(scores, tolerance, winner)
    return _BoundedValues(table, shares, bottom, top, best, scores[best] - scores, tolerance)


def _bound(limit: ArrayLike, table: Floats, name: str) -> Floats:
    bound = as_numbers(limit, name)
    if not np.isfinite(bound).all():
        raise ValueError(f"{name}: not all of them are finite numbers")
    try:
        return np.broadcast_to(bound, table.shape)
    except ValueError as error:
        raise ValueError(f"{name}: shape {bound.shape} does not spread to {table.shape}, that of values") from error
