"""Figures of single answers: the label of a classification, the choice of a preference, the scores of a rubric."""

from collections.abc import Iterator
from math import isnan, prod

import numpy as np

from vendor_eval.findings.kernel import alpha_of_sums, alpha_sums
from vendor_eval.pilot.figures.accuracy import accuracy_figures, measured_tasks
from vendor_eval.pilot.figures.counts import (
    NO_ITEMS,
    bootstrapped,
    figure_record,
    linearised,
    null,
    of_count,
    ratio,
)
from vendor_eval.pilot.settings import PilotSettings
from vendor_eval.pilot.tables import Delivery, Gold, Ints
from vendor_eval.results.pilot import FigureRecord

_ENOUGH = 0.95
_PAIR = 2
PASSES_MISSING = "passes_missing"


def choice_figures(settings: PilotSettings, gold: Gold, delivery: Delivery) -> Iterator[FigureRecord]:
    """Measure a classification or a preference."""
    labels, first = delivery.labels, delivery.tasks.first
    truth = gold.labels[delivery.tasks.source]
    right = (labels == truth) & (labels >= 0)
    alike, upheld = ((labels == wanted) & (labels >= 0) for wanted in (labels[first], delivery.labels_if_upheld))
    yield from accuracy_figures(settings, gold, delivery, right, alike, upheld)
    measured = measured_tasks(gold, delivery.tasks)
    if settings.task == "classification":
        yield from _class_figures(settings, truth[measured], labels[measured])
        yield from _cost_figures(settings, truth[measured], labels[measured])
    elif (gold.experts.sum(axis=1) >= _PAIR).any():
        experts = gold.experts[delivery.tasks.source[measured]]
        delivered = labels[measured]
        same = np.where(
            delivered >= 0, np.take_along_axis(experts, np.maximum(delivered, 0)[:, np.newaxis], 1)[:, 0], 0
        )
        vectors = np.stack([same, experts.sum(axis=1)], axis=1)
        yield bootstrapped(settings, "expert_agreement", vectors, ratio(0, 1))
    yield from _agreement_figures(settings, delivery, "nominal")


def expert_ceiling(gold: Gold) -> float | None:
    """Return the share of pairs of experts that chose alike, in percent; None where no item has two experts."""
    counts = gold.experts[gold.counts]
    pairs = int((counts.sum(axis=1) * (counts.sum(axis=1) - 1)).sum())
    return 100.0 * int((counts * (counts - 1)).sum()) / pairs if pairs else None


def _class_figures(settings: PilotSettings, truth: Ints, labels: Ints) -> Iterator[FigureRecord]:
    size = len(settings.labels)
    right = np.bincount(truth[truth == labels], minlength=size).tolist()
    of_gold = np.bincount(truth, minlength=size).tolist()
    of_vendor = np.bincount(labels[labels >= 0], minlength=size).tolist()
    for name, totals in (("recall", of_gold), ("precision", of_vendor)):
        for label, k, n in zip(settings.labels, right, totals, strict=True):
            yield of_count(name, k, n, by="class", group=label)
    recalls = [100.0 * k / n for k, n in zip(right, of_gold, strict=True) if n]
    if recalls:
        yield figure_record("balanced_accuracy", "count", sum(recalls) / len(recalls), n=len(truth))
    else:
        yield null("balanced_accuracy", "count", NO_ITEMS, n=0)


def _cost_figures(settings: PilotSettings, truth: Ints, labels: Ints) -> Iterator[FigureRecord]:
    size = len(settings.labels)
    table = 1.0 - np.eye(size, size + 1)
    for pair, cost in settings.costs.items():
        table[pair] = cost
    # A set of a single label knows no wrong one.
    largest = table[:, :size].max() or 1.0
    table[:, size] = largest
    costs = table[truth, np.where(labels >= 0, labels, size)]
    yield linearised("cost_per_item", costs, np.ones(len(costs)), least=0)
    if settings.severity:
        yield of_count("critical_errors", int((costs == largest).sum()), len(costs))


def rubric_figures(settings: PilotSettings, gold: Gold, delivery: Delivery) -> Iterator[FigureRecord]:
    """Measure a rubric: every score against the experts' median."""
    scores, medians = delivery.scores, gold.medians[delivery.tasks.source]
    again = scores == scores[delivery.tasks.first]
    right = ~np.isnan(medians).all(axis=1) & (np.isnan(medians) | (scores == medians)).all(axis=1)
    upheld = right | (delivery.open_disputes & delivery.valid)
    yield from accuracy_figures(settings, gold, delivery, right, again.all(axis=1), upheld)
    measured = measured_tasks(gold, delivery.tasks)
    levels = np.array(settings.levels)
    wanted = np.interp(medians[measured], levels, np.arange(len(levels)))
    differences = np.interp(scores[measured], levels, np.arange(len(levels))) - wanted
    close = np.stack([(np.abs(differences) <= 1).sum(axis=1), (~np.isnan(wanted)).sum(axis=1)], axis=1)
    yield bootstrapped(settings, "within_one", close, ratio(0, 1))
    most = len(levels) - 1.0
    both = ~np.isnan(differences)
    yield linearised("severity", np.where(both, differences, 0.0).sum(axis=1), both.sum(axis=1), least=-most, most=most)
    yield from _agreement_figures(settings, delivery, "ordinal")


def _agreement_figures(settings: PilotSettings, delivery: Delivery, level: str) -> Iterator[FigureRecord]:
    """Measure how far a vendor's own annotators agree, over their passes of all tasks."""
    if settings.passes < _PAIR:
        return
    criteria = settings.criteria if settings.task == "rubric" else ("",)
    counts = _ratings(delivery, len(criteria))
    yield _alpha(settings, counts, level)
    for number, criterion in enumerate(criteria if settings.task == "rubric" else ()):
        yield _alpha(settings, counts[:, [number]], level, criterion)
    if _are_missing(settings, counts):
        yield null("pair_agreement", "bootstrap", PASSES_MISSING)
        return
    times = counts.sum(axis=2)
    agreeing, pairs = (counts * (counts - 1)).sum(axis=(1, 2)) // 2, (times * (times - 1)).sum(axis=1) // 2
    vectors = np.stack([agreeing, pairs], axis=1)[pairs > 0]
    yield bootstrapped(settings, "pair_agreement", vectors, ratio(0, 1))


def _ratings(delivery: Delivery, criteria: int) -> Ints:
    """Count valid ratings by task, criterion and value that somebody gave (tasks, criteria, values)."""
    valid = delivery.rating_value >= 0
    # A value that nobody gives changes no agreement.
    used, values = np.unique(delivery.rating_value[valid], return_inverse=True)
    shape = len(delivery.tasks.codes), criteria, len(used)
    numbers = np.ravel_multi_index((delivery.rating_task[valid], delivery.rating_criterion[valid], values), shape)
    return np.bincount(numbers, minlength=prod(shape)).reshape(shape)


def _are_missing(settings: PilotSettings, counts: Ints) -> bool:
    """Tell whether too few of the ratings came that were asked for: who leaves out hard items agrees on the rest."""
    times = counts.sum(axis=2)
    return bool(np.minimum(times, settings.passes).sum() < _ENOUGH * settings.passes * times.size)


def _alpha(settings: PilotSettings, counts: Ints, level: str, criterion: str | None = None) -> FigureRecord:
    """Find Krippendorff's alpha of counts (tasks, criteria, values): a unit is a task's criterion, an item a task."""
    _, *shape = counts.shape
    by = "criterion" if criterion else None
    if _are_missing(settings, counts):
        return null("alpha", "bootstrap", PASSES_MISSING, by=by, group=criterion)
    pairable = (counts.sum(axis=2) >= _PAIR).any(axis=1)
    figure = bootstrapped(
        settings,
        "alpha",
        counts[pairable].reshape(-1, shape[0] * shape[1]),
        lambda sums: alpha_of_sums(sums, level),
        parts=lambda vectors: alpha_sums(vectors.reshape(-1, *shape), level),
        by=by,
        group=criterion,
        undefined="no_variation",
    )
    if figure.value == 1:
        return figure.model_copy(update={"low": None, "high": None, "reason": "perfect_agreement"})
    return figure


def choice_errors(settings: PilotSettings, gold: Gold, delivery: Delivery) -> Iterator[tuple[str, ...]]:
    """List the measured tasks whose label is wrong: item, source, phase, gold, label, kind."""
    tasks, labels = delivery.tasks, delivery.labels
    truth = gold.labels[tasks.source]
    for task in np.flatnonzero(measured_tasks(gold, tasks) & (labels != truth)).tolist():
        label = int(labels[task])
        text = settings.labels[label] if label >= 0 else delivery.raw.get(task, "")
        kind = "wrong" if label >= 0 else "invalid" if task in delivery.raw else _absent(delivery, task)
        yield *tasks.place(task), settings.labels[truth[task]], text, kind


def rubric_errors(settings: PilotSettings, gold: Gold, delivery: Delivery) -> Iterator[tuple[str, ...]]:
    """List the scores that are not the experts' median: item, source, phase, gold, score, kind, criterion."""
    tasks, scores, medians = delivery.tasks, delivery.scores, gold.medians[delivery.tasks.source]
    wrong = measured_tasks(gold, tasks)[:, np.newaxis] & ~np.isnan(medians) & (scores != medians)
    for task, criterion in np.argwhere(wrong).tolist():
        score, median = float(scores[task, criterion]), float(medians[task, criterion])
        text, kind = ("", _absent(delivery, task)) if isnan(score) else (f"{score:g}", "wrong")
        yield *tasks.place(task), f"{median:g}", text, kind, settings.criteria[criterion]


def _absent(delivery: Delivery, task: int) -> str:
    return "no_label" if delivery.delivered[task] else "missing"
