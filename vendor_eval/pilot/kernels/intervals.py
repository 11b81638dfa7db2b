"""Exact and closed-form intervals of shares, differences of shares, counts, medians and ratios of sums."""

from bisect import bisect_right
from collections.abc import Callable
from math import comb, inf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from vendor_eval.proportions import beta_quantile, beta_share

Floats = NDArray[np.float64]
Interval = tuple[float, float]
Z = 1.959963984540054
_TAIL = 0.025
_HUNDRED = 100.0
_SAME = 1 + 1e-7  # tables as likely as the one seen, up to rounding


def _halve(rising: Callable[[float], float], low: float, high: float) -> float:
    """Find where a rising function is 0, to the last bit."""
    while True:
        middle = (low + high) / 2
        if middle in {low, high}:
            return middle
        if rising(middle) < 0:
            low = middle
        else:
            high = middle


def clopper_pearson(k: int, n: int) -> Interval:
    """Return the exact interval of a share, k of n, in percent.

    C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits, Biometrika 26 (1934) 404-413.

    >>> tuple(round(end, 5) for end in clopper_pearson(486, 500))
    (95.34667, 98.46094)
    >>> tuple(round(end, 5) for end in clopper_pearson(0, 20))
    (0.0, 16.84335)
    """
    low = beta_quantile(_TAIL, k, n - k + 1) if k else 0.0
    high = beta_quantile(1 - _TAIL, k + 1, n - k) if k < n else 1.0
    return _HUNDRED * low, _HUNDRED * high


def least_share(k: int, n: int) -> float:
    """Return the exact one-sided 95 % lower bound of a share, k of n, in percent.

    >>> round(least_share(486, 500), 5), round(least_share(500, 500), 5)
    (95.65727, 99.40264)
    """
    return _HUNDRED * beta_quantile(0.05, k, n - k + 1) if k else 0.0


def wilson(k: int, n: int) -> Interval:
    """Return Wilson's score interval of a share, k of n, as parts of 1."""
    centre, width = k + Z * Z / 2, Z * sqrt(k * (n - k) / n + Z * Z / 4)
    return (centre - width) / (n + Z * Z), (centre + width) / (n + Z * Z)


def newcombe(k1: int, n1: int, k2: int, n2: int) -> Interval:
    """Return the interval of the difference k2 of n2 minus k1 of n1, in points.

    R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17
    (1998) 873-890, method 10.

    >>> tuple(round(end, 5) for end in newcombe(196, 200, 184, 200))
    (-10.7579, -1.72578)
    """
    (low1, high1), (low2, high2) = wilson(k1, n1), wilson(k2, n2)
    p1, p2 = k1 / n1, k2 / n2
    down = sqrt((p2 - low2) ** 2 + (high1 - p1) ** 2)
    up = sqrt((high2 - p2) ** 2 + (p1 - low1) ** 2)
    return _HUNDRED * (p2 - p1 - down), _HUNDRED * (p2 - p1 + up)


def fisher(k1: int, n1: int, k2: int, n2: int) -> float:
    """Return the two-sided p of Fisher's exact test of k1 of n1 against k2 of n2: all tables at most as likely.

    >>> round(fisher(196, 200, 184, 200), 6)
    0.009865
    """
    right = k1 + k2
    first = np.arange(max(0, right - n2), min(n1, right) + 1)
    logs = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, n1 + n2 + 1, dtype=np.float64)))))

    def ways(n: int, k: NDArray[np.int64]) -> Floats:
        return np.asarray(logs[n] - logs[k] - logs[n - k])

    likely = ways(n1, first) + ways(n2, right - first)
    likely = np.exp(likely - likely.max())
    seen = likely[k1 - first[0]]
    return float(min(1.0, likely[likely <= seen * _SAME].sum() / likely.sum()))


def poisson(count: int) -> Interval:
    """Return the exact interval of the mean of a count.

    F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936) 437-442.

    >>> tuple(round(2 * end, 5) for end in poisson(7))  # 7 issues on 500 items, per 1,000
    (5.62873, 28.84535)
    """
    most = count + 10 * sqrt(count + 1) + 10
    low = _halve(lambda mean: 1 - _TAIL - _poisson_up_to(count - 1, mean), 0.0, most) if count else 0.0
    return low, _halve(lambda mean: _TAIL - _poisson_up_to(count, mean), 0.0, most)


def _poisson_up_to(count: int, mean: float) -> float:
    if mean <= 0:
        return 1.0
    terms = np.arange(count + 1, dtype=np.float64)
    factorials = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, count + 1, dtype=np.float64)))))
    return float(np.exp(terms * log(mean) - mean - factorials).sum())


def median_ranks(n: int) -> tuple[int, int] | None:
    """Return the ranks, from 1, of the ordered values between which the median lies; None below 6 values.

    The lower rank r is the largest with P(Bin(n, 1/2) <= r - 1) <= 2.5 %, the upper one is n - r + 1.

    >>> median_ranks(40), median_ranks(5)
    ((14, 27), None)
    """
    if n <= 1000:  # noqa: PLR2004 - exact in whole numbers, above it the beta function is
        below, rank = 0, 0
        while (below := below + comb(n, rank)) * 1000 <= 25 * 2**n:
            rank += 1
    else:
        rank = bisect_right(range(1, n // 2 + 1), _TAIL, key=lambda r: beta_share(0.5, n - r + 1, r))
    return (rank, n - rank + 1) if rank else None


def ratio_interval(sums: Floats, sizes: Floats, *, least: float = -inf, most: float = inf) -> Interval:
    """Return the linearised interval of sum(sums) / sum(sizes) over n items, cut to the range of the figure.

    SE^2 = n / (n - 1) x sum (s_i - R m_i)^2 / M^2; W. G. Cochran, Sampling Techniques, 3rd ed. (1977), section 6.3.

    >>> costs = np.array([1.0] * 11 + [5.0] * 3 + [0.0] * 486)
    >>> tuple(round(end, 6) for end in ratio_interval(costs, np.ones(500), least=0))
    (0.015899, 0.088101)
    """
    n, size = len(sums), float(sizes.sum())
    ratio = float(sums.sum()) / size
    error = sqrt(n / (n - 1) * float(((sums - ratio * sizes) ** 2).sum())) / size
    return max(least, ratio - Z * error), min(most, ratio + Z * error)
