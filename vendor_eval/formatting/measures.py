"""Measured figures and promises as text, with their units."""

from vendor_eval.formatting.figures import distinct, number

_UNITS = {"h": "hours", "s": "seconds", "ratio": "", "alpha": "", "IoU": ""}
_DIGITS = {"alpha": 2, "IoU": 2, "ratio": 2, "levels": 2, "objects": 0}
_MOST_DIGITS = 3
_SMALL = 0.1


def unit_words(unit: str) -> str:
    """Write a unit out: %, hours; nothing for a figure that has none."""
    return _UNITS.get(unit, unit)


def amount(value: float | None, unit: str, limit: float | None = None) -> str:
    """Print a figure without its unit, with as many decimals as tell it from a limit.

    >>> amount(97.2, "%"), amount(97.96, "%", 98), amount(0.7434, "alpha"), amount(0.052, "points"), amount(None, "h")
    ('97.2', '97.96', '0.74', '0.052', '–')
    """
    if value is None:
        return "–"
    digits = _MOST_DIGITS if 0 < abs(value) < _SMALL else _DIGITS.get(unit, 1)
    return number(value, digits) if limit is None else distinct(value, limit, digits)


def between(low: float | None, high: float | None, unit: str, limit: float | None = None, dash: str = "-") -> str:
    """Print a range, one number where both ends are the same, nothing where it is not known.

    >>> between(91.5, 95.9, "%"), between(2, 2, "h"), between(26, None, "h"), between(-6, 2, "points")
    ('91.5-95.9', '2.0', '26.0 or more', '-6.0 to 2.0')
    """
    if low is None:
        return ""
    if high is None:
        return f"{amount(low, unit, limit)} or more"
    ends = amount(low, unit, limit), amount(high, unit, limit)
    return ends[0] if low == high else (" to " if low < 0 else dash).join(ends)


def promise(value: float | None) -> str:
    """Print a promise as it was given; one that was computed with four decimals.

    >>> promise(98.0), promise(97.25), promise(95.91625911), promise(None)
    ('98', '97.25', '95.9163', '–')
    """
    return "–" if value is None else f"{round(value, 4):.10g}"


def gate_unit(unit: str) -> str:
    """Write the unit behind the test of a gate; nothing where people say none."""
    return "" if unit in {"", "ratio", "months since"} else f" {unit}"


def with_unit(text: str, unit: str) -> str:
    return text if text == "–" else f"{text} {unit_words(unit)}".rstrip()
