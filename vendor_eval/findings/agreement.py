"""How far evaluators agree: alpha, concordance of rankings, severity, spread. Values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from operator import itemgetter
from statistics import fmean

import numpy as np

from vendor_eval.findings.kernel import kendall_w, krippendorff_alpha
from vendor_eval.results import SpreadRecord

RED, AMBER = 0.667, 0.8
WIDE = 2
_FEWEST = 2
# A level 0 to 5 counts 20 points of 100.
_POINTS = 20

Unit = tuple[str, str]
"""A vendor and a question."""

Ratings = Mapping[str, Mapping[Unit, float]]
"""Levels 0 to 5 by evaluator and unit, without units that the evaluator left blank."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha over some units and its verdict; None with the reason where it means nothing."""

    alpha: float | None
    verdict: str


def agreement(ratings: Ratings, units: Iterable[Unit]) -> Agreement:
    """Compute Krippendorff's alpha, ordinal, on the levels of these units.

    >>> agreement({"ana": {("acme", "Q"): 3}, "ben": {("acme", "Q"): 3}}, [("acme", "Q")])
    Agreement(alpha=None, verdict='no variation')
    """
    listed = [unit for unit in units if sum(unit in levels for levels in ratings.values()) >= _FEWEST]
    if not listed:
        return Agreement(None, "no two levels of one rubric")
    table = np.array([[levels.get(unit, nan) for unit in listed] for levels in ratings.values()], dtype=np.float64)
    alpha = krippendorff_alpha(table, "ordinal")
    return Agreement(None, "no variation") if isnan(alpha) else Agreement(alpha, verdict(alpha))


def verdict(alpha: float) -> str:
    """Return how far levels can be relied on, by Krippendorff's own bounds.

    >>> verdict(0.66), verdict(0.667), verdict(0.8)
    ('red', 'amber', 'green')
    """
    return "red" if alpha < RED else "amber" if alpha < AMBER else "green"


def concordance(ratings: Ratings, vendors: Sequence[str]) -> float | None:
    """Compute Kendall's W of the evaluators' rankings, each by the mean of the evaluator's own levels.

    Only vendors that every evaluator rated count; None where these are too few, or all of one rank.
    """
    means = {
        evaluator: {v: fmean(own) for v in vendors if (own := [x for (vendor, _), x in levels.items() if vendor == v])}
        for evaluator, levels in ratings.items()
        if levels
    }
    shared = [vendor for vendor in vendors if all(vendor in own for own in means.values())]
    if len(means) < _FEWEST or len(shared) < _FEWEST:
        return None
    w = kendall_w([[-own[vendor] for vendor in shared] for own in means.values()])
    return None if isnan(w) else w


def severity(ratings: Ratings) -> Mapping[str, float]:
    """Compute each evaluator's mean value less the grand mean, in points of 100; below 0 is severe."""
    every = [level for levels in ratings.values() for level in levels.values()]
    return {name: _POINTS * (fmean(levels.values()) - fmean(every)) for name, levels in ratings.items() if levels}


def spread(ratings: Ratings) -> tuple[SpreadRecord, ...]:
    """List units on which two levels differ by two or more, the widest first."""
    wide: list[tuple[float, Unit, dict[str, float]]] = []
    for unit in dict.fromkeys(unit for levels in ratings.values() for unit in levels):
        own = {name: levels[unit] for name, levels in ratings.items() if unit in levels}
        if (apart := max(own.values()) - min(own.values())) >= WIDE:
            wide.append((-apart, unit, own))
    return tuple(
        SpreadRecord(vendor=v, question=q, levels=own) for _, (v, q), own in sorted(wide, key=itemgetter(0, 1))
    )
