"""Ranks by unrounded total: competition ranks, declared tie-breakers, best and worst rank under open answers."""

from bisect import bisect_right
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

TOLERANCE = 1e-9
# The name of a declared tie-breaker with the score of each vendor under it.
_TieBreaker = tuple[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Place:
    """A vendor's rank; `would_rank` is the rank that an excluded one would have."""

    rank: int | None
    best_rank: int | None = None
    worst_rank: int | None = None
    would_rank: int | None = None
    tie_broken_by: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Places by vendor, and the ranked vendors in order; tied vendors are in order of id."""

    places: Mapping[str, Place]
    order: tuple[str, ...]

    def shortlist(self, count: int) -> tuple[str, ...]:
        """Vendors ranked at most `count`: a tie at the border is never cut by name."""
        return tuple(vendor for vendor in self.order if (self.places[vendor].rank or 0) <= count)


def rank(
    totals: Mapping[str, float],
    *,
    lows: Mapping[str, float] | None = None,
    highs: Mapping[str, float] | None = None,
    excluded: Container[str] = (),
    tie_breakers: Mapping[str, Mapping[str, float]] | None = None,
) -> Ranking:
    """Rank vendors by their totals; totals within 1e-9 of the best of their run are a tie.

    `lows` and `highs` are the ends of what open answers can make of each total; without them nothing is open.
    `tie_breakers` has the scores of each vendor by the name of the tie-breaker, in the order in which they apply.

    >>> rank({"acme": 70.0, "bolt": 80.0}).order
    ('bolt', 'acme')
    """
    lows, highs = lows or totals, highs or totals
    ranked = [vendor for vendor in totals if vendor not in excluded]
    # Sorted once, so that thousands of vendors do not have to be compared each with each.
    rising_lows, rising_highs, rising = (sorted(ends[vendor] for vendor in ranked) for ends in (lows, highs, totals))
    order: list[str] = []
    places: dict[str, Place] = {}
    for tied in _runs(ranked, totals):
        for group, broken_by in _break_tie(tied, tuple((tie_breakers or {}).items())):
            position = len(order) + 1
            for vendor in sorted(group):
                low, high = lows[vendor], highs[vendor]
                # A vendor whose own total is open is not above itself.
                worst = 1 + count_above(low, rising_highs) - (high > low + TOLERANCE)
                places[vendor] = Place(position, 1 + count_above(high, rising_lows), worst, None, broken_by)
                order.append(vendor)
    for vendor, total in totals.items():
        if vendor in excluded:
            places[vendor] = Place(None, would_rank=1 + count_above(total, rising))
    return Ranking(places, tuple(order))


def _break_tie(tied: list[str], tie_breakers: Sequence[_TieBreaker], used: str = "") -> list[tuple[list[str], str]]:
    """Split tied vendors into groups, best first, each with the tie-breaker that set it apart."""
    if len(tied) == 1 or not tie_breakers:
        return [(tied, used)]
    (name, scores), *rest = tie_breakers
    runs = _runs(tied, scores)
    used = name if len(runs) > 1 else used
    return [group for run in runs for group in _break_tie(run, rest, used)]


def _runs(vendors: Iterable[str], scores: Mapping[str, float]) -> list[list[str]]:
    """Group vendors of equal score, best first; no group is wider than the tolerance."""
    runs: list[list[str]] = []
    for vendor in sorted(vendors, key=scores.__getitem__, reverse=True):
        if runs and scores[runs[-1][0]] - scores[vendor] <= TOLERANCE:
            runs[-1].append(vendor)
        else:
            runs.append([vendor])
    return runs


def count_above(score: float, rising: Sequence[float]) -> int:
    """Count the scores, in rising order, that are more than a tie above this one."""
    return len(rising) - bisect_right(rising, score + TOLERANCE)
