"""What every function of the package asks of its inputs, and when two scores are equal."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.intp]

# Scores closer than this, relative to the largest score that the weights allow, are equal.
TOLERANCE = 1e-9
_ROWS_AND_COLUMNS = 2


def as_table(array: ArrayLike, name: str = "values") -> Floats:
    """Read a table with a row for each vendor and a column for each criterion: finite, at least one of both."""
    table = as_numbers(array, name)
    if table.ndim != _ROWS_AND_COLUMNS or 0 in table.shape:
        raise ValueError(
            f"{name}: shape {table.shape} is not (vendors, criteria) with at least one of both; "
            "write a single vendor as [[...]]"
        )
    _refuse(~np.isfinite(table), table, name, "is not a finite number; give a blank the value it counts as")
    return table


def as_weights(array: ArrayLike, columns: int, name: str = "weights") -> Floats:
    """Read one weight for each column and scale them to add up to 1."""
    weights = as_numbers(array, name)
    if weights.shape != (columns,):
        raise ValueError(f"{name}: shape {weights.shape} is not ({columns},), one weight for each column")
    return _shares(weights, name)


def as_weights_of_each(array: ArrayLike, shape: tuple[int, int], name: str = "weights") -> Floats:
    """Read weights that all vendors share, or a row of weights for each; every row is scaled to add up to 1."""
    weights = as_numbers(array, name)
    if weights.shape not in {shape, shape[1:]}:
        raise ValueError(f"{name}: shape {weights.shape} is neither {shape[1:]} nor {shape}, the shape of values")
    return np.broadcast_to(_shares(weights, name), shape)


def _shares(weights: Floats, name: str) -> Floats:
    refuse_bad_weights(weights, name)
    # The sum of huge weights would be infinite; a power of two changes no digit.
    scaled = np.ldexp(weights, -np.frexp(weights.max(axis=-1, keepdims=True))[1])
    return np.asarray(scaled / scaled.sum(axis=-1, keepdims=True))


def refuse_bad_weights(weights: Floats, name: str) -> None:
    """Raise unless every weight is finite and not negative and every row of them has one above 0."""
    _refuse(~np.isfinite(weights), weights, name, "is not a finite number")
    _refuse(weights < 0, weights, name, "is negative; the least that a weight can be is 0")
    _refuse(
        np.asarray(~(weights > 0).any(axis=-1)), weights, name, "has only zeros; at least one weight must be above 0"
    )


def as_numbers(array: ArrayLike, name: str) -> Floats:
    """Convert an argument to an array of floats; the message of its ValueError starts with `name`."""
    try:
        # In one order of memory, so that sums are taken in one order and end in the same digits.
        return np.asarray(array, dtype=np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: not an array of numbers with rows of equal length ({error})") from error


def _refuse(bad: NDArray[np.bool_], array: Floats, name: str, why: str) -> None:
    if bad.any():
        place = tuple(int(at) for at in np.argwhere(bad)[0])
        where = f"{name}[{', '.join(map(str, place))}]" if place else name
        value: Any = array[place]
        raise ValueError(f"{where}: {value if value.ndim == 0 else value.tolist()} {why}")


def tolerances(values: Floats) -> Floats:
    """Compute for each column (n,) the difference that counts as none; weighted like values it is that of scores."""
    return np.asarray(TOLERANCE * np.abs(values).max(axis=0))


def tolerance_of_sums(tolerance: Floats, shares: Floats) -> float:
    """Weight the tolerances of the columns (n,) like the values, to the tolerance of the scores."""
    return float((tolerance * shares).sum())


def weighted_sums(values: Floats, shares: Floats) -> Floats:
    """Weight the columns of (m, n) by (n,) or each row by its own (m, n): to the same digits on every machine.

    That is not so with `@`, where BLAS takes the sums in an order that it chooses by the processor.
    """
    return np.asarray((values * shares).sum(axis=1))


def first_of_best(scores: Floats, tolerance: float) -> int:
    """Find the row of the best score: the first of those that are equal to it."""
    return int(np.argmax(scores >= scores.max() - tolerance))


def winner_of(scores: Floats, tolerance: float, winner: int | None) -> int:
    """Find the first best row, or check the one that the caller says a tie-breaker chose."""
    if winner is None:
        return first_of_best(scores, tolerance)
    if not 0 <= winner < len(scores):
        raise ValueError(f"winner: {winner} is not a row of values, 0 to {len(scores) - 1}")
    if scores[winner] < scores.max() - tolerance:
        best = int(scores.argmax())
        raise ValueError(
            f"winner: row {winner} scores {scores[winner]:.6g}, less than row {best} with {scores[best]:.6g}; "
            "leave `winner` out, or name one of those that tie for the first place"
        )
    return winner
