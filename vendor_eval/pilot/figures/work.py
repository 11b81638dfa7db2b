"""Figures of the work itself: what came, how long it took by the vendor's own word, what it pays, and the log."""

from collections.abc import Iterator
from math import isinf, sqrt

import numpy as np

from vendor_eval.pilot.figures.counts import (
    INFINITE,
    NO_ITEMS,
    TOO_FEW_ITEMS,
    UNDEFINED,
    figure_record,
    median,
    null,
    plain_share,
)
from vendor_eval.pilot.kernels.intervals import Z, poisson
from vendor_eval.pilot.kernels.resampling import FEWEST
from vendor_eval.pilot.settings import PilotSettings
from vendor_eval.pilot.tables import Delivery, Floats, Log
from vendor_eval.results.pilot import FigureRecord

SECONDS_MISSING, NOT_LOGGED, PRICE_SEALED = "seconds_missing", "not_logged", "price_sealed"
_ENOUGH = 0.95
_HOUR, _THOUSAND, _NINETY = 3600, 1000, 90


def work_figures(
    settings: PilotSettings,
    delivery: Delivery,
    log: Log | None = None,
    *,
    unit_price: float | None = None,
    sealed: bool = False,
) -> Iterator[FigureRecord]:
    """Measure the work of a vendor; `unit_price` is that of one item, without it the one in pilot.yaml.

    While prices are `sealed` no figure of pay has a value.
    Without a row that has seconds there are no figures of speed and pay, without a log none of days and hours.
    """
    yield plain_share("delivered", delivery.valid)
    by_row, by_task = delivery.row_seconds, delivery.seconds[delivery.delivered]
    stated = by_row[~np.isnan(by_row)]
    if len(stated):
        is_enough = len(stated) >= _ENOUGH * len(by_row)
        yield from _speed(settings, stated, is_enough=is_enough)
        if sealed:
            wages = _wages(settings, delivery.vendor)
            yield from (null(name, "linearised", PRICE_SEALED, n=int((~np.isnan(by_task)).sum())) for name in wages)
        else:
            yield from _pay(settings, delivery.vendor, by_task[~np.isnan(by_task)], unit_price, is_enough=is_enough)
    if log:
        yield from _logged(log, int(delivery.delivered.sum()))


def _speed(settings: PilotSettings, stated: Floats, *, is_enough: bool) -> Iterator[FigureRecord]:
    n, limit = len(stated), settings.fast_below
    if is_enough:
        yield median("seconds_median", stated)
        yield figure_record("seconds_p90", "order_statistic", float(np.percentile(stated, _NINETY)), n=n)
    else:
        yield from (null(name, "order_statistic", SECONDS_MISSING, n=n) for name in ("seconds_median", "seconds_p90"))
    if limit is not None:
        share = plain_share("fast_share", stated < limit)
        yield share if is_enough else null("fast_share", "count", SECONDS_MISSING, n=n)


def _pay(
    settings: PilotSettings, vendor: str, seconds: Floats, unit_price: float | None, *, is_enough: bool
) -> Iterator[FigureRecord]:
    """Find what an hour yields at most, and what that is of the least that it has to pay."""
    pay = settings.pay
    price = unit_price or (pay and pay.unit_price.get(vendor))
    if not pay or not price:
        return
    for name, wage in _wages(settings, vendor).items():
        value, interval, reason = _pay_of_an_hour(seconds, price / wage) if is_enough else (None, None, SECONDS_MISSING)
        unit = f"{pay.currency}/h" if name == "pay_max" else ""
        yield figure_record(name, "linearised", value, interval, n=len(seconds), reason=reason, unit=unit)


def _wages(settings: PilotSettings, vendor: str) -> dict[str, float]:
    """Map the figures of pay of a vendor to the wage of which each is a multiple."""
    pay = settings.pay
    if pay is None:
        return {}
    wages = {"pay_ratio_legal": pay.legal_minimum.get(vendor), "pay_ratio_living": pay.living_wage.get(vendor)}
    return {"pay_max": 1.0} | {name: wage for name, wage in wages.items() if wage}


def _pay_of_an_hour(seconds: Floats, price: float) -> tuple[float, tuple[float, float] | None, str | None]:
    """Return 3,600 x price / mean seconds of a task, its interval, and why it has none."""
    # Added up in one order, whatever that of the rows.
    seconds = np.sort(seconds)
    n, mean = len(seconds), float(seconds.mean())
    value = _HOUR * price / mean
    if n < FEWEST:
        return value, None, TOO_FEW_ITEMS
    error = Z * float(seconds.std(ddof=1)) / sqrt(n)
    if error >= mean:
        return value, None, UNDEFINED
    return value, (_HOUR * price / (mean + error), _HOUR * price / (mean - error)), None


def _logged(log: Log, delivered: int) -> Iterator[FigureRecord]:
    yield _exact("first_batch_days", log.first_batch_days)
    hours = np.sort(np.array(log.answer_hours, dtype=np.float64))
    yield median("answer_hours", hours) if len(hours) else null("answer_hours", "order_statistic", NOT_LOGGED, n=0)
    yield _exact("rebrief_hours", log.rebrief_hours)
    if delivered:
        value, *ends = (_THOUSAND * count / delivered for count in (log.issues, *poisson(log.issues)))
        interval = ends[0], ends[1]
        yield figure_record("issues_per_1000", "poisson", value, interval, k=log.issues, n=delivered)
    else:
        yield null("issues_per_1000", "poisson", NO_ITEMS, n=0)


def _exact(name: str, value: float | None) -> FigureRecord:
    if value is None or isinf(value):
        return null(name, "exact", INFINITE if value else NOT_LOGGED)
    return figure_record(name, "exact", value, (value, value))
