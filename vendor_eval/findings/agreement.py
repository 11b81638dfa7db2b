"""How far the evaluators agree: alpha, concordance of rankings, severity, spread. Values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from statistics import fmean

import numpy as np

from vendor_eval.findings.kernel import kendall_w, krippendorff_alpha

RED, AMBER = 0.667, 0.8
WIDE = 2
_FEWEST = 2
# A level 0 to 5 counts 20 points of 100.
_POINTS = 20

Unit = tuple[str, str]
"""A vendor and a question."""

Ratings = Mapping[str, Mapping[Unit, float]]
"""Levels 0 to 5 by evaluator and unit; what an evaluator left blank is not there."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What alpha is over some units, and what that means; None with the reason where it means nothing."""

    alpha: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Spread:
    """A unit on which levels lie two or more apart."""

    vendor: str
    question: str
    levels: Mapping[str, float]


def agreement(ratings: Ratings, units: Iterable[Unit]) -> Agreement:
    """Find Krippendorff's alpha, ordinal, on the levels of these units.

    >>> agreement({"ana": {("acme", "Q"): 3}, "ben": {("acme", "Q"): 3}}, [("acme", "Q")])
    Agreement(alpha=None, verdict='no variation')
    """
    listed = [unit for unit in units if sum(unit in given for given in ratings.values()) >= _FEWEST]
    if not listed:
        return Agreement(None, "no two levels of one rubric")
    table = np.array([[given.get(unit, nan) for unit in listed] for given in ratings.values()], dtype=np.float64)
    alpha = krippendorff_alpha(table, "ordinal")
    return Agreement(None, "no variation") if isnan(alpha) else Agreement(alpha, verdict(alpha))


def verdict(alpha: float) -> str:
    """Tell by Krippendorff's own bounds how far levels can be relied on.

    >>> verdict(0.66), verdict(0.667), verdict(0.8)
    ('red', 'amber', 'green')
    """
    return "red" if alpha < RED else "amber" if alpha < AMBER else "green"


def concordance(ratings: Ratings, vendors: Sequence[str]) -> float | None:
    """Find Kendall's W of the evaluators' rankings of the vendors, each by the mean of the own levels.

    Only vendors that every evaluator gave levels count; None where there are too few, or nobody told them apart.
    """
    means = {
        evaluator: {v: fmean(own) for v in vendors if (own := [x for (vendor, _), x in given.items() if vendor == v])}
        for evaluator, given in ratings.items()
        if given
    }
    shared = [vendor for vendor in vendors if all(vendor in own for own in means.values())]
    if len(means) < _FEWEST or len(shared) < _FEWEST:
        return None
    found = kendall_w([[-own[vendor] for vendor in shared] for own in means.values()])
    return None if isnan(found) else found


def severity(ratings: Ratings) -> Mapping[str, float]:
    """Find each evaluator's mean value less the grand mean, in points of 100; below 0 is severe."""
    every = [level for given in ratings.values() for level in given.values()]
    return {name: _POINTS * (fmean(given.values()) - fmean(every)) for name, given in ratings.items() if given}


def spread(ratings: Ratings) -> tuple[Spread, ...]:
    """List units on which two levels lie two or more apart, the widest first."""
    units = dict.fromkeys(unit for given in ratings.values() for unit in given)
    found = [Spread(*unit, {name: given[unit] for name, given in ratings.items() if unit in given}) for unit in units]
    wide = [one for one in found if _range(one) >= WIDE]
    return tuple(sorted(wide, key=lambda one: (-_range(one), one.vendor, one.question)))


def _range(one: Spread) -> float:
    return max(one.levels.values()) - min(one.levels.values())
