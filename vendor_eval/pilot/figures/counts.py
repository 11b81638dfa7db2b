"""Figures made of counts, sums and ordered values, each with the interval that belongs to it."""

from collections.abc import Callable
from math import inf, isinf
from typing import Any

import numpy as np

from vendor_eval.pilot.kernels.intervals import (
    clopper_pearson,
    fisher,
    least_share,
    median_ranks,
    newcombe,
    ratio_interval,
)
from vendor_eval.pilot.kernels.resampling import FEWEST, distinct_rows, interval_of
from vendor_eval.pilot.settings import PilotSettings
from vendor_eval.pilot.tables import Flags, Floats, Ints
from vendor_eval.results.pilot import FigureRecord, Method
from vendor_eval.results.pilot_figures import FIGURES

HUNDRED = 100.0
NO_ITEMS, TOO_FEW_ITEMS, UNDEFINED = "no_items", "too_few_items", "undefined"
INFINITE = "infinite"


def figure_record(
    name: str,
    method: Method,
    value: float | None,
    interval: tuple[float, float | None] | None = None,
    *,
    unit: str = "",
    **more: Any,
) -> FigureRecord:
    """Make the record of a figure, with its unit and its better end; `more` are other fields of the record."""
    kind, (low, high) = FIGURES[name], interval or (None, None)
    ends = {"low": low, "high": high, "better": kind.better}
    return FigureRecord(id=name, method=method, value=value, unit=unit or kind.unit, **ends, **more)


def null(name: str, method: Method, reason: str, **more: Any) -> FigureRecord:
    """Make the record of a figure that could not be computed."""
    return figure_record(name, method, None, reason=reason, **more)


def of_count(name: str, k: int, n: int, *, by: str | None = None, group: str | None = None) -> FigureRecord:
    """Make a share of k of n with its exact interval; `accuracy` has the one-sided lower bound too.

    >>> figure = of_count("accuracy", 486, 500)
    >>> figure.value, round(figure.low, 5), round(figure.high, 5), round(figure.lower95, 5)
    (97.2, 95.34667, 98.46094, 95.65727)
    """
    if n == 0:
        return null(name, "clopper_pearson", NO_ITEMS, by=by, group=group, n=0)
    more: dict[str, Any] = {
        "by": by,
        "group": group,
        "lower95": least_share(k, n) if name == "accuracy" else None,
        "k": k,
        "n": n,
    }
    return figure_record(name, "clopper_pearson", HUNDRED * k / n, clopper_pearson(k, n), **more)


def plain_share(name: str, counted: Flags) -> FigureRecord:
    """Make the share of those that are counted, without an interval."""
    k, n = int(counted.sum()), len(counted)
    return figure_record(name, "count", HUNDRED * k / n, k=k, n=n) if n else null(name, "count", NO_ITEMS, n=0)


def accuracy_lower(accuracy: FigureRecord) -> FigureRecord:
    """Make the one-sided lower bound of an accuracy a figure of its own."""
    bound, high = accuracy.lower95, accuracy.high
    changes = {"id": "accuracy_lower", "value": bound, "low": bound, "high": high, "lower95": bound}
    return accuracy.model_copy(update=changes)


def drift(first: tuple[int, int], later: tuple[int, int], phase: str) -> FigureRecord:
    """Make the change of an accuracy from the first phase, k of n, to a later one, in points.

    >>> figure = drift((196, 200), (184, 200), "surge")
    >>> figure.value, round(figure.low, 5), round(figure.high, 5), round(figure.p, 6)
    (-6.0, -10.7579, -1.72578, 0.009865)
    """
    (k1, n1), (k2, n2) = first, later
    value = HUNDRED * (k2 * n1 - k1 * n2) / (n1 * n2)
    ends = newcombe(k1, n1, k2, n2)
    interval = min(ends[0], value), max(ends[1], value)
    more: dict[str, Any] = {"by": "phase", "group": phase, "n": n1 + n2, "p": fisher(k1, n1, k2, n2)}
    return figure_record("drift", "newcombe", value, interval, **more)


def bootstrapped(
    settings: PilotSettings,
    name: str,
    vectors: Ints,
    figure: Callable[[Floats], Floats],
    *,
    parts: Callable[[Ints], Floats] | None = None,
    undefined: str = UNDEFINED,
    **narrowed: Any,
) -> FigureRecord:
    """Make a figure of the sums of vectors, (n, m), one of an item, with its bootstrap interval.

    `parts` maps distinct vectors to what is summed, where that is not the vectors. `undefined` is the reason of a
    figure that is NaN. Without 30 items, or where more than 5 % of the draws are undefined, there is no interval.
    """
    n, (draws, seed) = len(vectors), (settings.bootstrap.draws, settings.bootstrap.seed)
    if not n:
        return null(name, "bootstrap", NO_ITEMS, n=n, **narrowed)
    distinct, times = distinct_rows(vectors)
    summed = parts(distinct) if parts else distinct.astype(np.float64)
    value = float(figure((times @ summed)[np.newaxis])[0])
    if np.isnan(value):
        return null(name, "bootstrap", undefined, n=n, **narrowed)
    interval = interval_of(times, summed, figure, draws=draws, seed=seed, is_share=FIGURES[name].unit == "%")
    reason = None if interval else TOO_FEW_ITEMS if n < FEWEST else UNDEFINED
    return figure_record(name, "bootstrap", value, interval, n=n, reason=reason, **narrowed)


def ratio(top: int, bottom: int, *, times: float = HUNDRED) -> Callable[[Floats], Floats]:
    """Return the figure `times` x sum of column `top` / sum of column `bottom`, NaN where the second is 0."""

    def figure(sums: Floats) -> Floats:
        below = sums[:, bottom]
        return np.asarray(np.divide(times * sums[:, top], below, out=np.full(len(sums), np.nan), where=below != 0))

    return figure


def linearised(name: str, sums: Floats, sizes: Floats, *, least: float = -inf, most: float = inf) -> FigureRecord:
    """Make a ratio of two sums over items (n,) with its linearised interval; below 30 items without it."""
    n = len(sums)
    if not sizes.any():
        return null(name, "linearised", NO_ITEMS, n=n)
    # The order of items must not matter, not even to the last bit.
    order = np.lexsort((sizes, sums))
    sums, sizes = sums[order], sizes[order]
    value = float(sums.sum()) / float(sizes.sum())
    if n < FEWEST:
        return figure_record(name, "linearised", value, n=n, reason=TOO_FEW_ITEMS)
    return figure_record(name, "linearised", value, ratio_interval(sums, sizes, least=least, most=most), n=n)


def median(name: str, values: Floats) -> FigureRecord:
    """Make the median of values (n,) with its interval of order statistics.

    What is infinite, the value or the upper end, is null; the lower end stays, since it may refute a promise alone.
    """
    n = len(values)
    if not n:
        return null(name, "order_statistic", NO_ITEMS, n=n)
    ranks, ordered = median_ranks(n), np.sort(values)
    low, high = (float(ordered[rank - 1]) for rank in ranks) if ranks else (inf, inf)
    value = float(np.median(values))
    interval = None if isinf(low) else (low, None if isinf(high) else high)
    reason = INFINITE if isinf(value) or (ranks and isinf(high)) else None if ranks else TOO_FEW_ITEMS
    return figure_record(name, "order_statistic", None if isinf(value) else value, interval, n=n, reason=reason)
