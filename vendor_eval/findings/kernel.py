"""How far evaluators agree: Krippendorff's alpha and Kendall's W, pure numpy."""

from difflib import get_close_matches
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
LEVELS = ("nominal", "ordinal", "interval")
_ROWS_AND_COLUMNS = 2
_FEWEST = 2


def krippendorff_alpha(ratings: ArrayLike, level: str) -> float:
    """Find Krippendorff's alpha = 1 - D_o / D_e of ratings (raters, units) with NaN for blanks.

    D_o is the mean difference of two ratings of the same unit, D_e of any two; a unit with fewer than two ratings is
    left out of both. 1 is full agreement, 0 what chance would give, less is systematic disagreement. The difference
    of two ratings is by `level`

    - "nominal": 0 if they are the same, else 1,
    - "ordinal": the square of how many ratings lie between the two, each of the two counting half,
    - "interval": the square of one less the other.

    NaN when nothing varies, since then nothing was told apart and agreement means nothing, and when no unit has two
    ratings. ValueError on another shape, another level, and ratings that are infinite.

    K. Krippendorff, Computing Krippendorff's alpha-reliability (2011), University of Pennsylvania.

    Two raters, units (1, 1), (2, 2), (1, 2): two of the six ratings, those of the last unit, differ from their partner,
    D_o = 2/6; of the 30 ordered pairs of six ratings, three 1 and three 2, 18 differ, D_e = 18/30; 1 - 10/18 = 0.444.

    >>> round(krippendorff_alpha([[1, 2, 1], [1, 2, 2]], "nominal"), 3)
    0.444
    """
    _known(level)
    table = _table(ratings, "ratings", "(raters, units)")
    if np.isinf(table).any():
        raise ValueError("ratings: infinity is no rating; a blank is NaN")
    rated = ~np.isnan(table)
    # np.unique would import numpy.ma, 30 ms of a command that takes a second.
    rising = np.sort(table[rated])
    values = rising[np.diff(rising, prepend=np.nan) != 0]
    counts = np.zeros((table.shape[1], len(values)))
    np.add.at(counts, (np.nonzero(rated)[1], np.searchsorted(values, table[rated])), 1)
    return float(alpha_of_sums(alpha_sums(counts, level), level, values))


def alpha_sums(counts: ArrayLike, level: str) -> Floats:
    """Sum over units what Krippendorff's alpha is made of, from ratings by value, counts (..., units, values).

    The sums of several sets of units add up to those of all their units, so alpha can be resampled: "nominal" (...,
    values + 1), the ratings of each value and how many agree; else (..., values^2), the table of coincidences.

    >>> counts = [[2, 0], [0, 2], [1, 1]]
    >>> alpha_sums(counts, "nominal").tolist(), alpha_sums(counts, "ordinal").tolist()
    ([3.0, 3.0, 4.0], [2.0, 1.0, 1.0, 2.0])
    """
    _known(level)
    table = np.asarray(counts, dtype=np.float64)
    times = table.sum(axis=-1, keepdims=True)
    paired = np.where(times >= _FEWEST, table, 0.0)
    shares = paired / np.maximum(times - 1, 1)
    if level == "nominal":
        agreeing = (paired * (paired - 1) / np.maximum(times - 1, 1)).sum(axis=(-2, -1))
        return np.concatenate([paired.sum(axis=-2), agreeing[..., np.newaxis]], axis=-1)
    coincidences = np.swapaxes(shares, -1, -2) @ paired
    diagonal = np.arange(table.shape[-1])
    coincidences[..., diagonal, diagonal] -= shares.sum(axis=-2)
    return np.asarray(coincidences.reshape(*coincidences.shape[:-2], -1))


def alpha_of_sums(sums: Floats, level: str, values: ArrayLike | None = None) -> Floats:
    """Find alpha of each row of the sums that `alpha_sums` makes; NaN where nothing varies or no unit has two ratings.

    `values` are the values that were counted, rising, which "interval" alone needs; 0, 1, 2 ... if left out.

    >>> round(float(alpha_of_sums(alpha_sums([[2, 0], [0, 2], [1, 1]], "nominal"), "nominal")), 3)
    0.444
    """
    _known(level)
    if level == "nominal":
        times = sums[..., :-1]
        total = times.sum(axis=-1)
        observed, expected = total - sums[..., -1], total**2 - (times**2).sum(axis=-1)
    else:
        size = round(sums.shape[-1] ** 0.5)
        table = sums.reshape(*sums.shape[:-1], size, size)
        times = table.sum(axis=-1)
        total = times.sum(axis=-1)
        # The number of ratings between two values is the difference of their mid-ranks among all ratings.
        places = np.arange(size) if values is None else np.asarray(values, dtype=np.float64)
        places = np.cumsum(times, axis=-1) - times / 2 if level == "ordinal" else places
        differences = (places[..., :, np.newaxis] - places[..., np.newaxis, :]) ** 2
        observed = (table * differences).sum(axis=(-2, -1))
        expected = (times[..., :, np.newaxis] * times[..., np.newaxis, :] * differences).sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = 1 - observed / total / (expected / (total * (total - 1)))
        return np.asarray(np.where(expected > 0, alpha, np.nan))


def kendall_w(ranks: ArrayLike) -> float:
    """Find Kendall's coefficient of concordance of ranks (raters, items), corrected for ties.

    W = 12 S / (m^2 (n^3 - n) - m T), with S the squared deviations of the items' rank sums from their mean and T the
    sum of t^3 - t over every group of t ties of a rater. 1 is the same ranking by all, 0 none in common. What ties gets
    the mean of its places first, so competition ranks (1, 2, 2, 4) and mid-ranks (1, 2.5, 2.5, 4) give the same W, and
    so do scores.

    NaN with fewer than two raters or two items, and when every rater ties everything. ValueError on another shape and
    on blanks: leave out the rater or the item.

    M. G. Kendall and B. Babington Smith, The problem of m rankings, Annals of Mathematical Statistics 10 (1939)
    275-287; the correction as in S. Siegel, Nonparametric Statistics (1956), chapter 9.

    Rank sums 2, 5, 5, mean 4: S = 4 + 1 + 1 = 6, and 12 * 6 / (4 * 24) = 0.75.

    >>> kendall_w([[1, 2, 3], [1, 3, 2]])
    0.75
    """
    table = _table(ranks, "ranks", "(raters, items)")
    if not np.isfinite(table).all():
        rater, item = np.argwhere(~np.isfinite(table))[0]
        raise ValueError(f"ranks[{rater}, {item}]: {table[rater, item]} is no rank; leave out the rater or the item")
    raters, items = table.shape
    if raters < _FEWEST or items < _FEWEST:
        return float("nan")
    places = np.array([_mid_ranks(row) for row in table])
    # The sum of t^3 - t over the groups of t ties: each of their members adds t^2 - 1.
    ties = sum(int(((up_to - below) ** 2 - 1).sum()) for below, up_to in map(_counts, table))
    most = raters**2 * (items**3 - items) - raters * ties
    deviations = places.sum(axis=0) - raters * (items + 1) / 2
    return float(12 * (deviations @ deviations) / most) if most else float("nan")


def _known(level: str) -> None:
    if level not in LEVELS:
        close = get_close_matches(str(level), LEVELS, n=1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        raise ValueError(f"level: {level!r} is not one of {', '.join(LEVELS)}{hint}")


def _mid_ranks(numbers: Floats) -> Floats:
    """Rank from the smallest, 1; what ties gets the mean of its places."""
    below, up_to = _counts(numbers)
    return np.asarray((below + up_to + 1) / 2)


def _counts(numbers: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count for each number those below it, and those up to it."""
    rising = np.sort(numbers)
    return np.searchsorted(rising, numbers, "left"), np.searchsorted(rising, numbers, "right")


def _table(given: ArrayLike, name: str, axes: str) -> Floats:
    try:
        table = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: not an array of numbers with rows of equal length ({error})") from error
    if table.ndim != _ROWS_AND_COLUMNS:
        raise ValueError(f"{name}: shape {table.shape} is not {axes}")
    return table
