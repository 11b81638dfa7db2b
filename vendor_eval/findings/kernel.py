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
    if level not in LEVELS:
        close = get_close_matches(str(level), LEVELS, n=1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        raise ValueError(f"level: {level!r} is not one of {', '.join(LEVELS)}{hint}")
    table = _table(ratings, "ratings", "(raters, units)")
    if np.isinf(table).any():
        raise ValueError("ratings: infinity is no rating; a blank is NaN")
    pairable = table[:, (~np.isnan(table)).sum(axis=0) >= _FEWEST]
    given = ~np.isnan(pairable)
    if not given.any() or np.ptp(pairable[given]) == 0:
        return float("nan")
    # The number of ratings between two values is the difference of their mid-ranks among all ratings.
    differences = _nominal if level == "nominal" else _squares
    compared = np.array(pairable)
    if level == "ordinal":
        compared[given] = _mid_ranks(pairable[given])
    times = given.sum(axis=0)
    observed = float((differences(compared, given) / (times - 1)).sum() / times.sum())
    pooled = compared[given][:, np.newaxis]
    expected = float(differences(pooled, np.ones_like(pooled, dtype=np.bool_))[0] / (times.sum() * (times.sum() - 1)))
    return 1 - observed / expected


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


def _nominal(ratings: Floats, given: NDArray[np.bool_]) -> Floats:
    """Count the ordered pairs of ratings that differ, in each column."""
    times = given.sum(axis=0)
    values = set(ratings[given].tolist())
    alike = sum(((ratings == value).sum(axis=0) ** 2 for value in values), np.zeros_like(times))
    return np.asarray(times**2 - alike, dtype=np.float64)


def _squares(ratings: Floats, given: NDArray[np.bool_]) -> Floats:
    """Add up the squared differences over the ordered pairs of ratings, in each column."""
    # sum (a - b)^2 over ordered pairs is 2 n times the squared deviations from the mean.
    times = given.sum(axis=0)
    means = np.where(given, ratings, 0.0).sum(axis=0) / times
    deviations = np.where(given, ratings - means, 0.0)
    return np.asarray(2 * times * (deviations**2).sum(axis=0))


def _mid_ranks(numbers: Floats) -> Floats:
    """Rank from the smallest, 1; what ties gets the mean of its places."""
    below, up_to = _counts(numbers)
    return np.asarray((below + up_to + 1) / 2)


def _counts(numbers: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count for each number those below it, and those up to it."""
    # np.unique would import numpy.ma, 30 ms of a command that takes a second.
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
