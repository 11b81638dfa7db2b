"""Matching of spans of text: exact ones, then overlaps of the same label."""

from typing import NamedTuple

import numpy as np

from vendor_eval.pilot.kernels.boxes import Floats, Ints, Matches, greedy, pairs


class Spans(NamedTuple):
    """Spans as parallel arrays: number of the text (n,), number of the label (n,), start and exclusive end (n, 2)."""

    text: Ints
    label: Ints
    span: Floats


def match_spans(gold: Spans, vendor: Spans, *, by_class: bool = True) -> Matches:
    """Match spans of the same text, and label, each once; the overlap of those that are the same is infinite.

    The same are matched first, then pairs that overlap by the length of the overlap downward, then by start and end of
    gold, then of the vendor.

    >>> gold = Spans(np.zeros(2, int), np.array([0, 1]), np.array([[0.0, 4], [10, 19]]))
    >>> vendor = Spans(np.zeros(3, int), np.array([0, 1, 2]), np.array([[0.0, 4], [12, 19], [30, 34]]))
    >>> match_spans(gold, vendor).overlap.tolist()  # f1 = 2 x 1 / (2 + 3) = 40 %, with half for the other 60 %
    [inf, 7.0]
    """
    labels = 1 + max(int(spans.label.max(initial=0)) for spans in (gold, vendor)) if by_class else 1
    keys = [spans.text * labels + (spans.label if by_class else 0) for spans in (gold, vendor)]
    chunks = []
    for mine, theirs in pairs(*keys):
        first, second = gold.span[mine], vendor.span[theirs]
        length = np.minimum(first[:, 1], second[:, 1]) - np.maximum(first[:, 0], second[:, 0])
        length[(first == second).all(axis=1)] = np.inf
        chunks.append(np.stack([mine, theirs, length])[:, length > 0])
    rows = np.concatenate([np.empty((3, 0)), *chunks], axis=1)
    first, second = rows[:2].astype(np.int64)
    ties = (*gold.span[first].T, gold.label[first], *vendor.span[second].T, vendor.label[second])
    return greedy(first, second, rows[2], ties)
