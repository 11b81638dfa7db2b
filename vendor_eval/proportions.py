"""The beta distribution, and the bounds of a share that was counted in a sample, without a library for it."""

from functools import lru_cache
from math import exp, lgamma, log, log1p

_TINY = 1e-300
_EXACT = 1e-15
_STEPS = 200_000  # Enough for the fraction of 10^9 items, which takes the root of them.


@lru_cache(maxsize=4096)
def lower_bound(wrong: float, checked: float, confidence: float = 0.95) -> float:
    """Percentage right that a sample proves, one-sided by Clopper and Pearson: 0 where all of it is wrong.

    >>> round(lower_bound(1, 50), 4), round(lower_bound(30, 1000), 4), lower_bound(5, 5)
    (90.8602, 95.9528, 0.0)
    """
    return 0.0 if wrong >= checked else 100.0 * (1.0 - beta_quantile(confidence, wrong + 1.0, checked - wrong))


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Quantile of Beta(a, b) for a, b >= 1: Newton's steps, halved where they leave the bracket.

    >>> round(beta_quantile(0.95, 1, 1), 12)
    0.95
    """
    low, high, x = 0.0, 1.0, a / (a + b)
    for _ in range(200):
        miss = beta_share(x, a, b) - probability
        low, high = (low, x) if miss > 0 else (x, high)
        density = exp(_log_density(x, a, b))
        following = x - miss / density if density else low
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - x) <= _EXACT * x:
            return following
        x = following
    return x


def _log_density(x: float, a: float, b: float) -> float:
    return lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * log(x) + (b - 1) * log1p(-x)


def beta_share(x: float, a: float, b: float) -> float:
    """Share of Beta(a, b) up to x, by the continued fraction of Lentz (DLMF 8.17.22).

    >>> round(beta_share(0.5, 2, 3), 12)  # 11/16
    0.6875
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_share(1.0 - x, b, a)
    front = exp(_log_density(x, a, b)) * x * (1 - x) / a
    d = 1.0 / (1.0 - (a + b) * x / (a + 1) or _TINY)
    c, fraction = 1.0, d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1.0 / (1.0 + term * d or _TINY)
            c = 1.0 + term / c or _TINY
            fraction *= c * d
        if abs(c * d - 1.0) < _EXACT:
            break
    return front * fraction
