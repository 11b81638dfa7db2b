"""Ranks by unrounded total: competition ranks, declared tie-breakers, best and worst rank under open answers."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

TOLERANCE = 1e-9
_Key = Callable[["Contender"], float]


@dataclass(frozen=True, slots=True)
class Contender:
    """What ranking looks at: the total with its interval, and scores of declared tie-breakers by name."""

    vendor: str
    ranked: bool
    score: float
    low: float
    high: float
    tie_breakers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A vendor's rank; `would_rank` is where an excluded one would have stood."""

    rank: int | None
    best_rank: int | None = None
    worst_rank: int | None = None
    would_rank: int | None = None
    tie_broken_by: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Places by vendor, and the ranked vendors in order; tied ones stand in order of id."""

    places: Mapping[str, Place]
    order: tuple[str, ...]

    def shortlist(self, count: int) -> tuple[str, ...]:
        """Vendors ranked at most `count`: a tie at the border is never cut by name."""
        return tuple(vendor for vendor in self.order if (self.places[vendor].rank or 0) <= count)


def rank(contenders: Iterable[Contender], tie_breakers: Sequence[str] = ()) -> Ranking:
    """Rank the contenders that may be ranked; totals within 1e-9 of the best of their run are a tie.

    >>> a, b = (Contender(v, True, s, s, s, {}) for v, s in (("acme", 70.0), ("bolt", 80.0)))
    >>> rank([a, b]).order
    ('bolt', 'acme')
    """
    everyone = list(contenders)
    ranked = [contender for contender in everyone if contender.ranked]
    groups = _groups(ranked, tie_breakers)
    # Sorted once, so that thousands of vendors do not have to be compared each with each.
    lows, highs = sorted(c.low for c in ranked), sorted(c.high for c in ranked)
    scores = sorted(c.score for c in ranked)
    order: list[str] = []
    places: dict[str, Place] = {}
    for group, broken_by in groups:
        position = len(order) + 1
        for contender in sorted(group, key=lambda c: c.vendor):
            best, worst = _interval(contender, lows, highs)
            places[contender.vendor] = Place(position, best, worst, None, broken_by)
            order.append(contender.vendor)
    for contender in everyone:
        if not contender.ranked:
            places[contender.vendor] = Place(None, would_rank=1 + _above(contender.score, scores))
    return Ranking(places, tuple(order))


def _groups(ranked: Sequence[Contender], tie_breakers: Sequence[str]) -> list[tuple[list[Contender], str]]:
    """Find runs of equal vendors, best first, and the tie-breaker that set each apart."""
    result: list[tuple[list[Contender], str]] = []
    for tied in _runs(ranked, lambda contender: contender.score):
        result += _broken(tied, tie_breakers, "") if len(tied) > 1 else [(tied, "")]
    return result


def _broken(tied: list[Contender], tie_breakers: Sequence[str], used: str) -> list[tuple[list[Contender], str]]:
    if len(tied) == 1 or not tie_breakers:
        return [(tied, used)]
    name, *rest = tie_breakers
    runs = _runs(tied, lambda contender: contender.tie_breakers.get(name, 0.0))
    used = name if len(runs) > 1 else used
    return [group for run in runs for group in _broken(run, rest, used)]


def _runs(contenders: Iterable[Contender], key: _Key) -> list[list[Contender]]:
    runs: list[list[Contender]] = []
    for contender in sorted(contenders, key=key, reverse=True):
        if runs and key(runs[-1][0]) - key(contender) <= TOLERANCE:
            runs[-1].append(contender)
        else:
            runs.append([contender])
    return runs


def _interval(contender: Contender, lows: Sequence[float], highs: Sequence[float]) -> tuple[int, int]:
    itself = contender.high > contender.low + TOLERANCE
    return 1 + _above(contender.high, lows), 1 + _above(contender.low, highs) - itself


def _above(score: float, rising: Sequence[float]) -> int:
    """Count the scores that are more than a tie above this one."""
    return len(rising) - bisect_right(rising, score + TOLERANCE)
