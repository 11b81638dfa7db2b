"""One figure moves and every total moves in a straight line: who is first from where to where."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vendor_eval.firmness.kernels.inputs import TOLERANCE, Floats, as_numbers


@dataclass(frozen=True, slots=True)
class Stretch:
    """From where to where the first of `rows` leads; the others are level with it all the way."""

    start: float
    stop: float
    rows: tuple[int, ...]


def leaders(at_start: ArrayLike, at_stop: ArrayLike, *, start: float = 0.0, stop: float = 1.0) -> tuple[Stretch, ...]:
    """Find who is first between two ends, given every total at both ends (m,) and that each is linear in between.

    The upper envelope of m lines, in closed form: whoever is first at x gives way where a steeper line meets its own,
    at x + (stop - x) a / (a + b), a and b being the leads lost at x and won at the stop. At every inner end two
    totals are level; beyond it the order has turned. Totals within 1e-9 of the largest are level; of lines that are
    one line the first row leads. Time grows with m times the stretches. ValueError on other shapes, on what is not
    finite, on ends that are not in order.

    The price weighs from nothing to all: quality 80 and 60, price scores 40 and 90, level where
    80 (1 - x) + 40 x = 60 (1 - x) + 90 x, so at x = 20 / 70:

    >>> [(round(part.start, 4), round(part.stop, 4), part.rows) for part in leaders([80, 60], [40, 90])]
    [(0.0, 0.2857, (0,)), (0.2857, 1.0, (1,))]
    """
    left, right = _ends(at_start, "at_start"), _ends(at_stop, "at_stop")
    if left.shape != right.shape:
        raise ValueError(f"at_stop: shape {right.shape} is not {left.shape}, the shape of at_start")
    if not start < stop:
        raise ValueError(f"stop: {stop} is not above start, {start}")
    slack = TOLERANCE * float(np.abs(np.concatenate((left, right))).max())
    stretches = []
    # Of those level at the start whoever is best at the stop leads just after it.
    level = left >= left.max() - slack
    first: int | None = int(np.argmax(level & (right >= right[level].max() - slack)))
    at = 0.0
    while first is not None:
        level = np.abs(left - left[first]) + np.abs(right - right[first]) <= slack
        end, following = _overtaken(left, right, at, first, slack)
        rows = tuple(np.flatnonzero(level).tolist())
        stretches.append(Stretch(_between(start, stop, at), _between(start, stop, end), rows))
        at, first = end, following
    return tuple(stretches)


def _ends(given: ArrayLike, name: str) -> Floats:
    totals = as_numbers(given, name)
    if totals.ndim != 1 or not totals.size or not np.isfinite(totals).all():
        raise ValueError(f"{name}: shape {totals.shape}, not one finite total for each of at least one vendor")
    return totals


def _overtaken(left: Floats, right: Floats, at: float, first: int, slack: float) -> tuple[float, int | None]:
    """Find where, as a share of the way, the first meets a steeper line, and the steepest of those that meet there."""
    lost, won = left[first] - left, right - right[first]
    steeper = won > slack
    if not steeper.any():
        return 1.0, None
    meets = np.full(left.shape, np.inf)
    np.divide(lost, lost + won, out=meets, where=steeper)
    meets = np.maximum(meets, at)
    nearest = steeper & (meets <= meets.min() + TOLERANCE)
    return float(meets.min()), int(np.argmax(nearest & (right >= right[nearest].max() - slack)))


def _between(start: float, stop: float, share: float) -> float:
    return stop if share == 1 else start + share * (stop - start)
