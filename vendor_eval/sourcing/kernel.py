"""Arithmetic of the advisor in numpy: arrays in, arrays out, thousands of profiles at once.

Axes: n profiles, f factors, o options. Nothing here knows a name or a number of the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Whole = NDArray[np.intp]
_T = TypeVar("_T", bound=np.generic)

# Sums of decimals carry noise far below what any table can mean; a margin of exactly 4 points is not less than 4.
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """Which option wins for each profile: best and second by total, and who wins after the tie rule."""

    winner: Whole
    runner_up: Whole  # -1 where nothing else is left
    margin: Floats  # between the two best by total; inf where nothing else is left
    close: Bools
    conflict: Bools  # nothing was left, and the winner is the fallback


def first_that_holds(masks: Sequence[Bools]) -> Whole:
    """Index of the first mask that holds, for each profile; the number of masks where none does."""
    stacked = np.stack([*masks, np.ones_like(masks[0])])
    first: Whole = np.argmax(stacked, axis=0)
    return first


def totals(weights: Floats, fits: Floats) -> Floats:
    """Weighted sums, (f,) or (n, f) with (n, f, o) to (n, o).

    >>> totals(np.array([60.0, 40.0]), np.array([[[1.0, 0.5], [0.0, 1.0]]])).tolist()
    [[60.0, 70.0]]
    """
    sums: Floats = np.matmul(weights[..., None, :], fits)[..., 0, :]
    return sums


def choose(totals: Floats, left: Bools, shares: Floats, *, close: float, fallback: int) -> Choice:
    """Let the highest total that is left win; between two best that are close, the larger share wins.

    >>> picked = choose(np.array([[80.0, 78.0]]), np.array([[True, True]]), np.array([[0.2, 0.5]]), close=4, fallback=0)
    >>> picked.winner.tolist(), picked.margin.tolist(), picked.close.tolist()
    ([1], [2.0], [True])
    """
    ranked = np.where(left, np.round(totals, _DIGITS), -np.inf)
    order = np.argsort(-ranked, axis=-1, kind="stable")
    first, second = order[..., 0], order[..., 1]
    with np.errstate(invalid="ignore"):  # two that are not left: their difference is no number
        margin = np.round(_pick(ranked, first) - _pick(ranked, second), _DIGITS)
    conflict = np.logical_not(left.any(axis=-1))
    alone = ~_pick(left, second)
    near = ~alone & (margin < close)
    overtaken = near & (_pick(shares, second) > _pick(shares, first))
    winner = np.where(conflict, fallback, np.where(overtaken, second, first))
    runner_up = np.where(alone, -1, np.where(overtaken, first, second))
    return Choice(winner, runner_up, np.where(alone, np.inf, margin), near, conflict)


def stability(
    weights: Floats, fits: Floats, left: Bools, shares: Floats, noise: tuple[Floats, Floats], *, close: float
) -> float:
    """Share of runs in which the same option of one profile wins; `noise` factors weights and shifts fits.

    Fits are (f, o); noise is (runs, f) and (runs, f, o). Weights are scaled back to their old sum, fits stay in 0 to 1.
    """
    if not left.any():
        return 1.0
    factor, shift = noise
    moved = weights * factor
    moved *= weights.sum() / moved.sum(axis=-1, keepdims=True)
    shaken = totals(moved, np.clip(fits + shift, 0, 1))
    every_left, every_share = np.broadcast_to(left, shaken.shape), np.broadcast_to(shares, shaken.shape)
    runs = choose(shaken, every_left, every_share, close=close, fallback=0)
    stated = choose(totals(weights, fits[None]), left[None], shares[None], close=close, fallback=0)
    return float(np.mean(runs.winner == stated.winner))


def noise(seed: int, runs: int, factors: int, options: int, *, weights: float, fits: float) -> tuple[Floats, Floats]:
    """Draw the noise of `runs` runs: factors around 1 for weights, shifts around 0 for fits, each uniform.

    Each weight and each fit takes every one of `runs` equal steps of its range once (a Latin hypercube), which halves
    the error of a share beside independent draws.
    """
    rng = np.random.default_rng(seed)
    size = factors * (1 + options)
    steps = rng.permuted(np.broadcast_to(np.arange(runs), (size, runs)), axis=1).T
    spread = (steps + rng.random((runs, size))) / runs * 2 - 1
    factor, shift = spread[:, :factors], spread[:, factors:].reshape(runs, factors, options)
    return 1 + weights * factor, fits * shift


def _pick(values: NDArray[_T], index: Whole) -> NDArray[_T]:
    picked: NDArray[_T] = np.take_along_axis(values, index[..., None], axis=-1)[..., 0]
    return picked
