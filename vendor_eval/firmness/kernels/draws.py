"""Many weightings drawn by chance: who wins how many of them (SMAA)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vendor_eval.firmness.kernels.inputs import (
    Floats,
    Rows,
    as_numbers,
    as_table,
    as_weights,
    refuse_bad_weights,
    tolerances,
)

DRAWS = 16_384
# The largest category varies by a fifth of itself.
SPREAD = 0.2
# Below this all of the weight is on one criterion in nearly every draw, and ever smaller numbers underflow.
_LEAST_CONCENTRATION = 0.1
# As measured; sorting wins with more vendors, comparing every pair with fewer.
_SORTED_FROM = 32
# Up to here OpenBLAS multiplies in one thread; to start others takes longer than all the rest.
_MULTIPLICATIONS = 2**18
# Few enough to stay in cache, many enough that numpy's calls cost nothing.
_LARGEST_BLOCK = 8192
_SMALLEST_BLOCK = 128


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Some of the draws (b, n), the vendors' scores in them (m, b), and what counts as nothing there (b,)."""

    draws: Floats
    scores: Floats
    tolerance: Floats


def uniform_weights(criteria: int, draws: int = DRAWS, *, seed: int = 0) -> Floats:
    """Draw weights (draws, criteria), each row adding up to 1 and every such row equally likely.

    Exponential variates divided by their sum are uniform on the simplex (Dirichlet with all parameters 1). The same
    seed gives the same draws.

    >>> uniform_weights(3, 100_000).mean(axis=0).round(2)
    array([0.33, 0.33, 0.33])
    """
    variates = np.random.default_rng(seed).standard_exponential((_positive(draws, "draws"), _positive(criteria)))
    return np.asarray(variates / variates.sum(axis=1, keepdims=True))


def dirichlet_weights(weights: ArrayLike, draws: int = DRAWS, *, spread: float = SPREAD, seed: int = 0) -> Floats:
    """Draw weights (draws, n) around the stated ones: Dirichlet with the parameters `concentration` times w.

    Their mean is w (n,), divided by its sum; a weight of 0 stays 0. The same seed gives the same draws. ValueError as
    in `concentration`.

    >>> drawn = dirichlet_weights([50, 30, 20], 100_000)
    >>> drawn.mean(axis=0).round(2), drawn.std(axis=0).round(2)
    (array([0.5, 0.3, 0.2]), array([0.1 , 0.09, 0.08]))
    """
    kappa = concentration(weights, spread)
    shares = as_weights(weights, np.size(weights))
    variates = np.random.default_rng(seed).standard_gamma(kappa * shares, (_positive(draws, "draws"), len(shares)))
    return np.asarray(variates / variates.sum(axis=1, keepdims=True))


def concentration(weights: ArrayLike, spread: float = SPREAD) -> float:
    """Find the Dirichlet's kappa with which one standard deviation of the largest weight is `spread` of itself.

    The variance of a weight is w (1 - w) / (kappa + 1); set to (spread w)^2 it gives
    kappa = (1 - w) / (spread^2 w) - 1. No distribution with the mean w varies that much when w is above
    1 / (1 + spread^2), 0.96 by default: kappa is 0.1 or more, which puts nearly all weight on one criterion in a draw.

    ValueError if the weights are not (n,), finite, not negative, not only zeros, or `spread` is not above 0.

    0.5 / (0.04 * 0.5) - 1 = 24.

    >>> round(concentration([50, 30, 20]), 6)
    24.0
    """
    if not spread > 0:
        raise ValueError(f"spread: {spread} is not above 0, a standard deviation as a share of the largest weight")
    largest = float(as_weights(weights, np.size(weights)).max())
    return float(max((1 - largest) / (spread**2 * largest) - 1, _LEAST_CONCENTRATION))


def standard_error(share: ArrayLike, draws: int) -> Floats:
    """Find the standard error of shares (any shape) of so many draws: sqrt(p (1 - p) / draws).

    It is 0 for a share of 0 or 1; what was never seen in k draws is with 95 % certainty rarer than 3 / k.

    >>> standard_error([0.5, 1.0], 10_000)
    array([0.005, 0.   ])
    """
    shares = as_numbers(share, "share")
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("share: not all of them are 0 to 1")
    return np.asarray(np.sqrt(shares * (1 - shares) / _positive(draws, "draws")))


def rank_acceptability(values: ArrayLike, draws: ArrayLike) -> Floats:
    """Find the share of draws in which vendor i stands at rank r, as [i, r - 1] of (m, m).

    The rank is 1 + the number of vendors that are strictly better, by more than 1e-9 of the largest score that the
    weights allow: vendors that tie share the better rank and leave the next one empty (1, 1, 3). So each row adds up
    to 1, each column only if nobody ties.

    `values` (m, n): vendors by criteria, any scale, more is better. `draws` (k, n): weights, which need not add up to
    anything. ValueError on other shapes, on what is not finite, on a draw with a negative weight or only zeros.
    Time grows with k m log m, memory with m^2.

    R. Lahdelma and P. Salminen, SMAA-2: Stochastic multicriteria acceptability analysis for group decision making,
    Operations Research 49 (2001) 444-454.

    >>> rank_acceptability([[80, 50], [40, 90]], [[60, 40], [70, 30], [1, 1], [40, 60]])
    array([[0.75, 0.25],
           [0.5 , 0.5 ]])
    """
    table, weights = _inputs(values, draws)
    count = _count_by_comparing if len(table) < _SORTED_FROM else _count_by_sorting
    counts = np.zeros((len(table), len(table)), dtype=np.intp)
    for block in _blocks(table, weights):
        count(block, counts)
    return np.asarray(counts / len(weights))


def weightings_won(values: ArrayLike, draws: ArrayLike) -> Floats:
    """Find the share of draws (m,) in which each vendor is first; those who tie for the first place are all first.

    The first column of `rank_acceptability`, in time that grows with k m and next to no memory. Shapes, ties and
    errors as there.

    >>> weightings_won([[80, 50], [40, 90]], [[60, 40], [70, 30], [1, 1], [40, 60]])
    array([0.75, 0.5 ])
    """
    table, weights = _inputs(values, draws)
    times = sum((_first(block).sum(axis=1) for block in _blocks(table, weights)), np.zeros(len(table), dtype=np.intp))
    return np.asarray(times / len(weights))


def pairwise_wins(values: ArrayLike, draws: ArrayLike) -> Floats:
    """Find the share of draws in which vendor i beats vendor j strictly, as [i, j] of (m, m); 0 on the diagonal.

    [i, j] + [j, i] is 1 less the share in which the two tie. Shapes, ties and errors as in `rank_acceptability`. Time
    grows with k m^2: with thousands of vendors ask for those at the top.

    P. Leskinen et al., An alternative approach to multicriteria acceptability analysis, EJOR 170 (2006), there as the
    probability that one alternative is ranked above another.

    >>> pairwise_wins([[80, 50], [40, 90]], [[60, 40], [70, 30], [1, 1], [40, 60]])
    array([[0.  , 0.5 ],
           [0.25, 0.  ]])
    """
    table, weights = _inputs(values, draws)
    wins = np.zeros((len(table), len(table)), dtype=np.intp)
    for block in _blocks(table, weights):
        within_reach = block.scores + block.tolerance
        for vendor, scores in enumerate(block.scores):
            wins[vendor] += (scores > within_reach).view(np.uint8).sum(axis=1, dtype=np.intp)
    return np.asarray(wins / len(weights))


def central_weights(values: ArrayLike, draws: ArrayLike) -> Floats:
    """Find the mean weights (m, n) of the draws in which each vendor is first; NaN where it never is.

    They are the preferences that speak for it. Draws are divided by their sum, so that all count alike; those who tie
    for the first place are all first. Shapes, ties and errors as in `rank_acceptability`, source as there.

    >>> central_weights([[80, 50], [40, 90], [0, 0]], [[60, 40], [70, 30], [1, 1], [40, 60]])
    array([[0.6 , 0.4 ],
           [0.45, 0.55],
           [ nan,  nan]])
    """
    table, weights = _inputs(values, draws)
    sums = np.zeros_like(table)
    times = np.zeros((len(table), 1))
    for block in _blocks(table, weights):
        first = _first(block)
        by_criterion = np.ascontiguousarray(block.draws.T)
        shares = by_criterion / by_criterion.sum(axis=0)
        times += first.sum(axis=1, keepdims=True)
        for vendor in np.flatnonzero(first.any(axis=1)):
            sums[vendor] += np.compress(first[vendor], shares, axis=1).sum(axis=1)
    return np.divide(sums, times, out=np.full_like(sums, np.nan), where=times > 0)


def _first(block: _Block) -> NDArray[np.bool_]:
    return np.asarray(block.scores + block.tolerance >= block.scores.max(axis=0))


def _count_by_comparing(block: _Block, counts: Rows) -> None:
    within_reach = block.scores + block.tolerance
    for vendor, limit in enumerate(within_reach):
        better = (block.scores > limit).view(np.uint8).sum(axis=0, dtype=np.uint8)
        counts[vendor] += np.bincount(better, minlength=len(counts))


def _count_by_sorting(block: _Block, counts: Rows) -> None:
    # Best first; the column of a score is then the number of better ones, but for ties.
    negated = -block.scores.T
    order = np.argsort(negated, axis=1)
    ordered = np.take_along_axis(negated, order, axis=1)
    better = np.tile(np.arange(len(counts)), (len(order), 1))
    has_ties = (np.diff(ordered, axis=1) <= block.tolerance[:, np.newaxis]).any(axis=1)
    for draw in np.flatnonzero(has_ties):
        better[draw] = np.searchsorted(ordered[draw], ordered[draw] - block.tolerance[draw])
    # One index in place of two: twenty times as fast.
    np.add.at(counts.reshape(-1), (order * len(counts) + better).ravel(), 1)


def _blocks(values: Floats, draws: Floats) -> Iterator[_Block]:
    # The tolerance is weighted like one more vendor.
    rows = np.vstack([values, tolerances(values)])
    size = max(_SMALLEST_BLOCK, min(_LARGEST_BLOCK, _MULTIPLICATIONS // rows.size))
    for start in range(0, len(draws), size):
        block = draws[start : start + size]
        scores = _product(rows, block)
        yield _Block(block, scores[:-1], scores[-1])


def _product(rows: Floats, draws: Floats) -> Floats:
    result = np.empty((len(rows), len(draws)))
    step = max(1, _MULTIPLICATIONS // draws.size)
    for start in range(0, len(rows), step):
        np.matmul(rows[start : start + step], draws.T, out=result[start : start + step])
    return result


def _inputs(values: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    table, draws = as_table(values), as_numbers(weights, "draws")
    columns = table.shape[1]
    if draws.ndim == 1 or draws.shape[1:] != (columns,) or not len(draws):
        raise ValueError(f"draws: shape {draws.shape} is not (draws, {columns}), one weight for each column of values")
    # Most draws are fine, and two passes show it; NaN fails the first comparison.
    least = draws.min()
    if not (least >= 0 and draws.max() < np.inf and (least > 0 or draws.any(axis=1).all())):
        refuse_bad_weights(draws, "draws")
    return table, draws


def _positive(count: int, name: str = "criteria") -> int:
    if count < 1:
        raise ValueError(f"{name}: {count} is not 1 or more")
    return count
