"""Matching of spans of text: exact ones, then overlaps of the same label."""

from typing import NamedTuple


class Span(NamedTuple):
    """A labelled stretch of a text, the end exclusive."""

    start: int
    end: int
    label: str


class SpanMatch(NamedTuple):
    """Numbers of the spans that are the same, and pairs of the same label that overlap."""

    exact: tuple[tuple[int, int], ...]
    partial: tuple[tuple[int, int], ...]


def match_spans(gold: list[Span], vendor: list[Span]) -> SpanMatch:
    """Match the spans of one text, each once.

    Overlapping pairs are taken by the length of the overlap downward, then by start and end of gold, then of the
    vendor.

    >>> gold = [Span(0, 4, "PER"), Span(10, 19, "ORG")]
    >>> match = match_spans(gold, [Span(0, 4, "PER"), Span(12, 19, "ORG"), Span(30, 34, "LOC")])
    >>> match.exact, match.partial  # f1 = 2 x 1 / (2 + 3) = 40 %, with half for the other 60 %
    (((0, 0),), ((1, 1),))
    """
    free: dict[Span, list[int]] = {}
    for index, span in enumerate(vendor):
        free.setdefault(span, []).append(index)
    exact = tuple((index, free[span].pop(0)) for index, span in enumerate(gold) if free.get(span))
    rest = {index for index, _ in exact}, {index for _, index in exact}
    overlaps = [
        (-length, mine[:2], theirs[:2], i, j)
        for i, mine in enumerate(gold)
        for j, theirs in enumerate(vendor)
        if i not in rest[0] and j not in rest[1] and mine.label == theirs.label
        if (length := min(mine.end, theirs.end) - max(mine.start, theirs.start)) > 0
    ]
    partial = []
    for *_, i, j in sorted(overlaps):
        if i not in rest[0] and j not in rest[1]:
            rest[0].add(i)
            rest[1].add(j)
            partial.append((i, j))
    return SpanMatch(exact, tuple(partial))
