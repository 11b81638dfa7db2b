"""Figures of boxes and spans: which objects were found, missed, invented or named wrongly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import Any, NamedTuple

import numpy as np

from vendor_eval.pilot.figures.accuracy import accuracy_figures, measured_tasks
from vendor_eval.pilot.figures.counts import bootstrapped, figure_record, linearised, ratio
from vendor_eval.pilot.kernels.boxes import Boxes, Matches, ignored, match, pairs
from vendor_eval.pilot.kernels.spans import Spans, match_spans
from vendor_eval.pilot.settings import PilotSettings
from vendor_eval.pilot.tables import DUPLICATE, Delivery, Flags, Floats, Gold, Ints, Objects
from vendor_eval.results.pilot import FigureRecord

NO_OBJECTS = "no_objects"
_TOUCHING = 1e-300  # any overlap at all
_SPAN = 2  # numbers of a shape: start and end


class _Compared(NamedTuple):
    """Pairs of rows that match, and which rows (n,) of either side are left and count."""

    pairs: Matches
    missed: Flags
    false: Flags


@dataclass(frozen=True)
class _Comparison:
    """Objects of two sides whose owners are tasks, and for each side the regions that count for nobody.

    `thresholds` are those of pilot.yaml; of spans it is infinite, the overlap of spans that are the same. `matches` are
    those at the lowest, of spans all that overlap: the matches at a higher threshold are those that reach it.
    """

    gold: Objects
    vendor: Objects
    regions: tuple[Objects, Objects]
    thresholds: tuple[float, ...]
    matches: Matches
    tasks: int

    def at(self, threshold: float) -> _Compared:
        reached = self.matches.overlap >= threshold
        gold, vendor, overlap = self.matches
        matched = Matches(gold[reached], vendor[reached], overlap[reached])
        missed = _left(self.gold, matched.gold, self.regions[0])
        return _Compared(matched, missed, _left(self.vendor, matched.vendor, self.regions[1]))

    def same(self) -> Flags:
        """Tell which tasks (tasks,) have nothing missed, false or of another class at the first threshold."""
        _, missed, false = self.at(self.thresholds[0])
        owners = np.concatenate([self.gold.owner[missed], self.vendor.owner[false]])
        return np.asarray(self.count(owners) == 0)

    def count(self, owners: Ints) -> Ints:
        """Count objects by task (tasks,)."""
        return np.bincount(owners, minlength=self.tasks)


def object_figures(settings: PilotSettings, gold: Gold, delivery: Delivery) -> Iterator[FigureRecord]:
    """Measure boxes or spans."""
    comparison = _with_gold(settings, gold, delivery)
    measured = measured_tasks(gold, delivery.tasks)
    alike = _with_first(settings, gold, delivery).same() & delivery.valid & delivery.valid[delivery.tasks.first]
    right = comparison.same() & delivery.valid
    upheld = right | (delivery.open_disputes & delivery.valid)
    yield from accuracy_figures(settings, gold, delivery, right, alike, upheld)
    of_gold = comparison.count(comparison.gold.owner)
    for threshold in comparison.thresholds:
        matches, _, false = comparison.at(threshold)
        true_positives = comparison.count(comparison.gold.owner[matches.gold])
        delivered = true_positives + comparison.count(comparison.vendor.owner[false])
        vectors = np.stack([true_positives, of_gold, delivered], axis=1)[measured]
        narrowed: dict[str, Any] = {"by": "iou", "group": f"{threshold:g}"} if settings.task == "boxes" else {}
        for name, figure in (("precision", ratio(0, 2)), ("recall", ratio(0, 1)), ("f1", _f1(200))):
            yield bootstrapped(settings, name, vectors, figure, undefined=NO_OBJECTS, **narrowed)
    yield from (_box_figures if settings.task == "boxes" else _span_figures)(settings, comparison, measured)


def _box_figures(settings: PilotSettings, comparison: _Comparison, measured: Flags) -> Iterator[FigureRecord]:
    matches, missed, false = comparison.at(comparison.thresholds[0])
    gold, classes = comparison.gold, len(settings.labels)
    of_class = [
        np.bincount(owner * classes + label, minlength=comparison.tasks * classes).reshape(-1, classes)[measured]
        for owner, label in ((gold.owner[matches.gold], gold.label[matches.gold]), (gold.owner, gold.label))
    ]
    for number, label in enumerate(settings.labels):
        vectors = np.stack([counts[:, number] for counts in of_class], axis=1)
        yield bootstrapped(settings, "recall", vectors, ratio(0, 1), undefined=NO_OBJECTS, by="class", group=label)
    # Added up in the order of their size, so that the order of rows cannot matter.
    order = np.argsort(matches.overlap)
    owners = gold.owner[matches.gold][order]
    sums = np.bincount(owners, matches.overlap[order], comparison.tasks).astype(np.float64)[measured]
    yield linearised("mean_iou", sums, comparison.count(owners)[measured].astype(np.float64), least=0, most=1)
    wrong = len(_regardless_of_class(comparison, missed, false, comparison.thresholds[0]).gold)
    counts = {
        "missed_objects": int(missed.sum()) - wrong,
        "false_objects": int(false.sum()) - wrong,
        "wrong_class": wrong,
    }
    for name, count in counts.items():
        yield figure_record(name, "count", float(count), n=int(measured.sum()))


def _span_figures(settings: PilotSettings, comparison: _Comparison, measured: Flags) -> Iterator[FigureRecord]:
    gold, vendor, matches = comparison.gold, comparison.vendor, comparison.matches
    weights = np.where(np.isinf(matches.overlap), 2, 1)
    twice = np.bincount(gold.owner[matches.gold], weights, minlength=comparison.tasks).astype(np.int64)
    sizes = [comparison.count(objects.owner) for objects in (gold, vendor)]
    vectors = np.stack([twice, *sizes], axis=1)[measured]
    yield bootstrapped(settings, "f1_partial", vectors, _f1(100), undefined=NO_OBJECTS)


def object_errors(settings: PilotSettings, gold: Gold, delivery: Delivery) -> Iterator[tuple[str, ...]]:
    """List what is missed, false or named wrongly: item, source, phase, gold, label, kind, IoU with what is nearest."""
    comparison = _with_gold(settings, gold, delivery)
    _, missed, false = comparison.at(comparison.thresholds[0])
    nearest = _regardless_of_class(comparison, missed, false, _TOUCHING)
    shares = [f"{share:.6g}" for share in _shares(comparison, nearest).tolist()]
    of_gold, of_vendor = (dict(zip(rows.tolist(), shares, strict=True)) for rows in nearest[:2])
    truth, labels = _texts(settings, comparison.gold, missed), _texts(settings, comparison.vendor, false)
    is_named = nearest.overlap >= comparison.thresholds[0]
    pairs_of_rows = zip(nearest.gold[is_named].tolist(), nearest.vendor[is_named].tolist(), strict=True)
    named = {mine: labels.pop(theirs)[1] for mine, theirs in pairs_of_rows}
    errors = [
        (task, text, named.get(row, ""), "wrong_class" if row in named else "missed", of_gold.get(row, ""))
        for row, (task, text) in truth.items()
    ]
    errors += [(task, "", text, "false", of_vendor.get(row, "")) for row, (task, text) in labels.items()]
    absent = measured_tasks(gold, delivery.tasks) & ~delivery.valid
    with_errors = {task for task, *_ in errors}
    errors += [(task, "", "", "missing", "") for task in np.flatnonzero(absent).tolist() if task not in with_errors]
    for task, *texts in sorted(errors, key=lambda error: (error[0], not error[1], error)):
        yield *delivery.tasks.place(task), *texts


def _texts(settings: PilotSettings, objects: Objects, wanted: Flags) -> dict[int, tuple[int, str]]:
    """Return task and text, class and numbers, of the wanted objects by their rows."""
    rows = np.flatnonzero(wanted)
    form = " ".join(["%s", *["%.12g"] * objects.shape.shape[1]])
    names = (*settings.labels, "?")
    labels = [names[label] for label in np.maximum(objects.label[rows], -1).tolist()]
    texts = [form % numbers for numbers in zip(labels, *objects.shape[rows].T.tolist(), strict=True)]
    return dict(zip(rows.tolist(), zip(objects.owner[rows].tolist(), texts, strict=True), strict=True))


def _with_gold(settings: PilotSettings, gold: Gold, delivery: Delivery) -> _Comparison:
    """Set what was delivered for measured tasks beside the gold of their items."""
    tasks = np.flatnonzero(measured_tasks(gold, delivery.tasks))
    truth = _of_tasks(gold.objects, tasks, delivery.tasks.source[tasks])
    counting, regions = (truth.take(np.flatnonzero(rows)) for rows in (~truth.ignore, truth.ignore))
    nowhere = regions.take(np.empty(0, dtype=np.int64))
    return _compare(settings, delivery, tasks, counting, (nowhere, regions))


def _with_first(settings: PilotSettings, gold: Gold, delivery: Delivery) -> _Comparison:
    """Set what was delivered for duplicates beside the first delivery of the same item."""
    tasks = np.flatnonzero(delivery.tasks.kind == DUPLICATE)
    truth = _of_tasks(gold.objects, tasks, delivery.tasks.source[tasks])
    regions = truth.take(np.flatnonzero(truth.ignore))
    first = _of_tasks(delivery.objects, tasks, delivery.tasks.first[tasks])
    return _compare(settings, delivery, tasks, first, (regions, regions))


def _compare(
    settings: PilotSettings, delivery: Delivery, tasks: Ints, other: Objects, regions: tuple[Objects, Objects]
) -> _Comparison:
    """Set what was delivered for some tasks beside other objects of theirs."""
    thresholds = settings.iou if settings.task == "boxes" else (inf,)
    sides = other, _of_tasks(delivery.objects, tasks, tasks)
    matches = _match_rows(*sides, (sides[0].label >= 0, sides[1].label >= 0), min(thresholds))
    return _Comparison(*sides, regions, thresholds, matches, len(delivery.tasks.codes))


def _of_tasks(objects: Objects | None, tasks: Ints, owners: Ints) -> Objects:
    """Return for each task the objects of its owner."""
    if objects is None:
        raise ValueError("objects: none were read")
    chunks = [np.stack([tasks[mine], rows]) for mine, rows in pairs(owners, objects.owner)]
    owner, rows = np.concatenate([np.empty((2, 0), dtype=np.int64), *chunks], axis=1)
    return replace(objects.take(rows), owner=owner)


def _match_rows(
    gold: Objects, vendor: Objects, wanted: tuple[Flags, Flags], threshold: float, *, by_class: bool = True
) -> Matches:
    """Match the wanted objects of both sides; spans as far as they overlap."""
    rows = np.flatnonzero(wanted[0]), np.flatnonzero(wanted[1])
    mine, theirs = gold.take(rows[0]), vendor.take(rows[1])
    if gold.shape.shape[1] == _SPAN:
        matches = match_spans(Spans(*_columns(mine)), Spans(*_columns(theirs)), by_class=by_class)
    else:
        matches = match(Boxes(*_columns(mine)), Boxes(*_columns(theirs)), threshold, by_class=by_class)
    return Matches(rows[0][matches.gold], rows[1][matches.vendor], matches.overlap)


def _columns(objects: Objects) -> tuple[Ints, Ints, Floats]:
    return objects.owner, objects.label, objects.shape


def _left(objects: Objects, matched: Ints, regions: Objects) -> Flags:
    """Tell which objects (n,) are left and lie in no region that counts for nobody."""
    left = np.ones(len(objects.owner), dtype=np.bool_)
    left[matched] = False
    if len(regions.owner):
        left &= ~ignored(Boxes(*_columns(regions)), Boxes(*_columns(objects)), left & _have_extent(objects))
    return left


def _have_extent(objects: Objects) -> Flags:
    """Tell which objects (n,) have an extent: what is bad matches nothing, whatever it is called."""
    shape = objects.shape
    sizes = shape[:, 1] - shape[:, 0] if shape.shape[1] == _SPAN else shape[:, 2:].min(axis=1)
    return np.isfinite(shape).all(axis=1) & (sizes > 0)


def _regardless_of_class(comparison: _Comparison, missed: Flags, false: Flags, threshold: float) -> Matches:
    """Match what is left on both sides by its place alone."""
    gold, vendor = comparison.gold, comparison.vendor
    return _match_rows(gold, vendor, (missed, false & _have_extent(vendor)), threshold, by_class=False)


def _shares(comparison: _Comparison, matches: Matches) -> Floats:
    """Return intersection over union of pairs."""
    gold, vendor = comparison.gold.shape[matches.gold], comparison.vendor.shape[matches.vendor]
    if gold.shape[1] != _SPAN:
        return matches.overlap
    inner = np.minimum(gold[:, 1], vendor[:, 1]) - np.maximum(gold[:, 0], vendor[:, 0])
    return np.asarray(inner / (gold[:, 1] - gold[:, 0] + vendor[:, 1] - vendor[:, 0] - inner))


def _f1(times: float) -> Callable[[Floats], Floats]:
    """Return the figure `times` x sum of the first column / sum of the other two, NaN where these are 0."""
    share = ratio(0, 1, times=times)
    return lambda sums: share(np.stack([sums[:, 0], sums[:, 1] + sums[:, 2]], axis=1))
