"""How little all weights together have to change before a rival draws level."""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vendor_eval.firmness.kernels.inputs import (
    Floats,
    as_table,
    as_weights,
    tolerance_of_sums,
    tolerances,
    weighted_sums,
    winner_of,
)


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """The nearest weights (n,), adding up to 1, at which a rival draws level; None where no rival ever can."""

    size: float
    rival: int | None
    weights: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class _Race:
    """The winner's values less each rival's (r, n), the leads they add up to (r,), and who is level as it is."""

    shares: Floats
    rivals: tuple[int, ...]
    gaps: Floats
    leads: Floats
    level: NDArray[np.bool_]


def weight_margin(values: ArrayLike, weights: ArrayLike, *, winner: int | None = None) -> float:
    """Find the least p such that changing every weight by up to p of itself lets a rival draw level.

    p = D / sum_c w_c |d_c|, with d the winner's values less a rival's and D = w.d; the smallest over rivals. From 0,
    a rival is level as it is, to 1, no such change gives the first place away: no rival is better in anything that
    has a weight. After the change the weights are divided by their sum, which changes no order.

    Shapes, winner and errors as in `stability_intervals`. A single vendor has the margin 1, identical ones have 0.

    R. E. Wendell, The tolerance approach to sensitivity analysis in linear programming, Management Science 31 (1985)
    564-578, carried over to weighted sums.

    A lead of 0.6 * 40 - 0.4 * 40 = 8, and 0.6 * 40 + 0.4 * 40 = 40 that can move: a fifth.

    >>> weight_margin([[80, 50], [40, 90]], [60, 40])
    0.2
    """
    return margin(values, weights, winner=winner).size


def margin(values: ArrayLike, weights: ArrayLike, *, winner: int | None = None) -> Tie:
    """Find the size of `weight_margin`, the row of the rival, and the weights (n,) that make the tie.

    They are w_c (1 - p sign d_c), divided by their sum. Shapes, source and errors as in `weight_margin`.

    >>> tie = margin([[80, 50], [40, 90]], [60, 40])
    >>> tie.rival, tie.weights
    (1, array([0.5, 0.5]))
    """
    race = _race(values, weights, winner)
    if not race.rivals:
        return Tie(1.0, None, None)
    ahead = weighted_sums(np.maximum(race.gaps, 0.0), race.shares)
    behind = weighted_sums(np.maximum(-race.gaps, 0.0), race.shares)
    moving = np.where(race.level, 1.0, ahead + behind)
    sizes = np.where(race.level, 0.0, (ahead - behind) / moving)
    nearest = int(sizes.argmin())
    if race.level[nearest]:
        return Tie(0.0, race.rivals[nearest], race.shares)
    if behind[nearest] == 0:
        return Tie(1.0, None, None)
    # 1 - p and 1 + p without taking a difference, so that the tie is one to the last digits also for p near 1.
    shrunk, grown = 2 * behind[nearest] / moving[nearest], 2 * ahead[nearest] / moving[nearest]
    gaps = race.gaps[nearest]
    changed = race.shares * np.where(gaps > 0, shrunk, np.where(gaps < 0, grown, 1.0))
    return Tie(float(sizes[nearest]), race.rivals[nearest], changed / changed.sum())


def least_transfer(values: ArrayLike, weights: ArrayLike, *, winner: int | None = None) -> float:
    """Find the least weight that has to move from some criteria to others before a rival draws level.

    For one rival, with d the winner's values less the rival's: take from the largest d and give to the smallest until
    w.d = 0. That is the best one can do, since weight that moves from c to k takes w (d_c - d_k) off the lead. The
    smallest over rivals, as a share of 1 (all weights add up to 1). Infinite if no rival leads in anything.

    Shapes, winner and errors as in `stability_intervals`. Infinite for a single vendor, 0 where a rival is level.

    W. T. M. Wolters and B. Mareschal, Novel types of sensitivity analysis for additive MCDM methods, EJOR 81 (1995)
    281-290.

    A lead of 8, and each unit of weight that moves from the first criterion to the second takes 40 + 40 off it.

    >>> least_transfer([[80, 50], [40, 90]], [60, 40])
    0.1
    """
    return transfer(values, weights, winner=winner).size


def transfer(values: ArrayLike, weights: ArrayLike, *, winner: int | None = None) -> Tie:
    """Find the size of `least_transfer`, the row of the rival, and the weights (n,) that make the tie.

    Shapes, source and errors as in `least_transfer`.

    >>> tie = transfer([[80, 50], [40, 90]], [60, 40])
    >>> tie.rival, tie.weights
    (1, array([0.5, 0.5]))
    """
    race = _race(values, weights, winner)
    if not race.rivals:
        return Tie(inf, None, None)
    can_lead = (race.gaps < 0).any(axis=1)
    amounts = _transfers(race)
    sizes = np.where(race.level, 0.0, np.where(can_lead, amounts.sum(axis=1), inf))
    nearest = int(sizes.argmin())
    if race.level[nearest]:
        return Tie(0.0, race.rivals[nearest], race.shares)
    if sizes[nearest] == inf:
        return Tie(inf, None, None)
    changed = race.shares - amounts[nearest]
    changed[race.gaps[nearest].argmin()] += amounts[nearest].sum()
    return Tie(float(sizes[nearest]), race.rivals[nearest], changed)


def _transfers(race: _Race) -> Floats:
    """Compute what has to be taken off each weight (r, n), the largest gaps first, until each rival is level."""
    order = np.argsort(-race.gaps, axis=1, kind="stable")
    gains = np.take_along_axis(race.gaps - race.gaps.min(axis=1, keepdims=True), order, axis=1)
    available = race.shares[order]
    before = np.cumsum(gains * available, axis=1) - gains * available
    missing = np.maximum(race.leads[:, np.newaxis] - before, 0.0)
    needed = np.divide(missing, gains, out=np.zeros_like(gains), where=gains > 0)
    amounts = np.empty_like(gains)
    np.put_along_axis(amounts, order, np.minimum(needed, available), axis=1)
    return amounts


def _race(values: ArrayLike, weights: ArrayLike, winner: int | None) -> _Race:
    table = as_table(values)
    shares = as_weights(weights, table.shape[1])
    tolerance = tolerances(table)
    nothing = tolerance_of_sums(tolerance, shares)
    best = winner_of(weighted_sums(table, shares), nothing, winner)
    rivals = tuple(row for row in range(len(table)) if row != best)
    gaps = table[best] - table[[*rivals]]
    # Values that are equal but for the last digits would else put a tie where only those digits have a weight.
    gaps = np.where(np.abs(gaps) <= tolerance, 0.0, gaps)
    leads = weighted_sums(gaps, shares)
    return _Race(shares, rivals, gaps, leads, np.asarray(leads <= nothing))
