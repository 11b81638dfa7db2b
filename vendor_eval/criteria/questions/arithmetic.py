"""Arithmetic of values: breakpoints and months."""

from calendar import monthrange
from datetime import MAXYEAR, date
from itertools import pairwise


def interpolate(points: tuple[tuple[float, float], ...], x: float) -> float:
    """Value at x: linear between breakpoints, flat outside.

    >>> interpolate(((0, 100), (30, 70), (90, 15)), 60)
    42.5
    """
    if x <= points[0][0]:
        return float(points[0][1])
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return float(y1) if x == x1 else y0 + (x - x0) / (x1 - x0) * (y1 - y0)
    return float(points[-1][1])


def extremes(points: tuple[tuple[float, float], ...], low: float, high: float) -> tuple[float, float]:
    """Least and greatest value from low to high, also where the scale turns round between them.

    >>> extremes(((50, 0), (72, 85), (90, 40)), 70, 80)
    (65.0, 85.0)
    """
    values = [interpolate(points, x) for x in (low, high, *(x for x, _ in points if low < x < high))]
    return min(values), max(values)


def interpolation(points: tuple[tuple[float, float], ...], x: float, value: float, unit: str) -> str:
    shown = f"{show(x)} {unit}".strip()
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 < x < x1:
            share = f"({show(x)} - {x0:g}) / ({x1:g} - {x0:g})"
            between = f"{shown} lies between {x0:g} (scores {y0:g}) and {x1:g} (scores {y1:g})"
            return f"{between}: {y0:g} + {share} x ({y1:g} - {y0:g}) = {show(value)}"
    return f"{shown} scores {show(value)}"


def months_between(start: date, end: date) -> float:
    """Whole calendar months from start to end, plus the remaining days over the days to the next monthly day.

    >>> months_between(date(2026, 5, 24), date(2026, 11, 24))
    6.0
    """
    if end.year == MAXYEAR:
        # 9999-12-31, "for ever", has no next monthly day; the calendar repeats every 400 years.
        start, end = start.replace(year=start.year - 400), end.replace(year=end.year - 400)
    whole = (end.year - start.year) * 12 + end.month - start.month
    if _add_months(start, whole) > end:
        whole -= 1
    last, following = _add_months(start, whole), _add_months(start, whole + 1)
    return whole + (end - last).days / (following - last).days


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def show(number: float | None) -> str:
    return "–" if number is None else f"{number:.10g}"
