"""Figures of boxes and spans: which objects were found, missed, invented or named wrongly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple

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
        matched = Matches(*(part[reached] for part in self.matches))
        sides = zip((self.gold, self.vendor), matched[:2], self.regions, strict=True)
        return _Compared(matched, *(_left(objects, rows, regions) for objects, rows, regions in sides))

    def same(self) -> Flags:
        """Tell which tasks (tasks,) have nothing missed, false or of another class at the first threshold."""
        _, missed, false = self.at(self.thresholds[0])
        owners = np.concatenate([self.gold.owner[missed], self.vendor.owner[false]])
        return np.bincount(owners, minlength=self.tasks) == 0

    def of_tasks(self, owners: Ints) -> Ints:
        return np.bincount(owners, minlength=self.tasks)


class ObjectError(NamedTuple):
    """An object that was missed, invented or named wrongly, with the overlap with the nearest of the other side."""

    task: int
    gold: str
    label: str
    kind: str
    iou: float | None


def object_figures(settings: PilotSettings, gold: Gold, delivery: Delivery) -> Iterator[FigureRecord]:
    """Measure boxes or spans."""
    comparison = _with_gold(settings, gold, delivery)
    measured = measured_tasks(gold, delivery.tasks)
    alike = _with_first(settings, gold, delivery).same() & delivery.valid & delivery.valid[delivery.tasks.first]
    yield from accuracy_figures(settings, gold, delivery, comparison.same() & delivery.valid, alike)
    of_gold = comparison.of_tasks(comparison.gold.owner)
    for threshold in comparison.thresholds:
        matches, _, false = comparison.at(threshold)
        found = comparison.of_tasks(comparison.gold.owner[matches.gold])
        delivered = found + comparison.of_tasks(comparison.vendor.owner[false])
        vectors = np.stack([found, of_gold, delivered], axis=1)[measured]
        by, group = ("iou", f"{threshold:g}") if settings.task == "boxes" else (None, None)
        for name, figure in (("precision", ratio(0, 2)), ("recall", ratio(0, 1)), ("f1", _f1(200))):
            yield _resampled(settings, name, vectors, figure, by, group)
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
        yield _resampled(settings, "recall", vectors, ratio(0, 1), "class", label)
    # Added up in the order of their size, so that the order of rows and items cannot matter.
    order = np.lexsort((matches.overlap, gold.owner[matches.gold]))
    owners, overlaps = gold.owner[matches.gold][order], matches.overlap[order]
    sums = np.bincount(owners, overlaps, minlength=comparison.tasks)[measured]
    counts = comparison.of_tasks(owners)[measured]
    order = np.lexsort((sums, counts))
    yield linearised("mean_iou", sums[order], counts[order].astype(np.float64), least=0, most=1)
    wrong = len(_regardless_of_class(comparison, missed, false, comparison.thresholds[0]).gold)
    numbers = {"missed_objects": missed.sum() - wrong, "false_objects": false.sum() - wrong, "wrong_class": wrong}
    for name, number in numbers.items():
        yield figure_record(name, "count", float(number), k=int(number), n=int(measured.sum()))


def _span_figures(settings: PilotSettings, comparison: _Comparison, measured: Flags) -> Iterator[FigureRecord]:
    gold, vendor, matches = comparison.gold, comparison.vendor, comparison.matches
    weights = np.where(np.isinf(matches.overlap), 2, 1)
    twice = np.bincount(gold.owner[matches.gold], weights, minlength=comparison.tasks).astype(np.int64)
    sizes = [comparison.of_tasks(objects.owner) for objects in (gold, vendor)]
    yield _resampled(settings, "f1_partial", np.stack([twice, *sizes], axis=1)[measured], _f1(100))


def object_errors(settings: PilotSettings, gold: Gold, delivery: Delivery) -> Iterator[ObjectError]:
    """Yield what is missed, false or named wrongly at the first threshold, and items that were not delivered."""
    comparison = _with_gold(settings, gold, delivery)
    _, missed, false = comparison.at(comparison.thresholds[0])
    nearest = _regardless_of_class(comparison, missed, false, _TOUCHING)
    shares = nearest.overlap if settings.task == "boxes" else _shares(comparison, nearest)
    is_named = nearest.overlap >= comparison.thresholds[0]
    partners = dict(zip(nearest.gold[is_named].tolist(), nearest.vendor[is_named].tolist(), strict=True))
    of_gold, of_vendor = (dict(zip(rows.tolist(), shares.tolist(), strict=True)) for rows in nearest[:2])
    false[list(partners.values())] = False
    errors = []
    for row in np.flatnonzero(missed).tolist():
        partner = partners.get(row)
        label = "" if partner is None else _text(settings, comparison.vendor, partner)
        kind = "missed" if partner is None else "wrong_class"
        task = int(comparison.gold.owner[row])
        errors.append(ObjectError(task, _text(settings, comparison.gold, row), label, kind, of_gold.get(row)))
    for row in np.flatnonzero(false).tolist():
        label = _text(settings, comparison.vendor, row)
        errors.append(ObjectError(int(comparison.vendor.owner[row]), "", label, "false", of_vendor.get(row)))
    absent = measured_tasks(gold, delivery.tasks) & ~delivery.valid
    absent[[error.task for error in errors]] = False
    errors += [ObjectError(task, "", "", "missing", None) for task in np.flatnonzero(absent).tolist()]
    yield from sorted(errors, key=lambda error: error.task)


def _text(settings: PilotSettings, objects: Objects, row: int) -> str:
    label, shape = int(objects.label[row]), objects.shape[row].tolist()
    numbers = " ".join(f"{number:.12g}" for number in shape)
    return f"{settings.labels[label] if label >= 0 else '?'} {numbers}"


def _with_gold(settings: PilotSettings, gold: Gold, delivery: Delivery) -> _Comparison:
    """Set what was delivered for measured tasks beside the gold of their items."""
    tasks = np.flatnonzero(measured_tasks(gold, delivery.tasks))
    truth, regions = _truth(gold, tasks, delivery.tasks.source[tasks])
    return _compare(settings, delivery, (truth, _of_tasks(delivery.objects, tasks, tasks)), (_none(truth), regions))


def _with_first(settings: PilotSettings, gold: Gold, delivery: Delivery) -> _Comparison:
    """Set what was delivered for duplicates beside the first delivery of the same item."""
    tasks = np.flatnonzero(delivery.tasks.kind == DUPLICATE)
    _, regions = _truth(gold, tasks, delivery.tasks.source[tasks])
    sides = [_of_tasks(delivery.objects, tasks, owners) for owners in (delivery.tasks.first[tasks], tasks)]
    return _compare(settings, delivery, (sides[0], sides[1]), (regions, regions))


def _compare(
    settings: PilotSettings, delivery: Delivery, sides: tuple[Objects, Objects], regions: tuple[Objects, Objects]
) -> _Comparison:
    thresholds = settings.iou if settings.task == "boxes" else (inf,)
    known = [np.flatnonzero(side.label >= 0) for side in sides]
    found = _match(*(_take(side, rows) for side, rows in zip(sides, known, strict=True)), min(thresholds))
    matches = Matches(known[0][found.gold], known[1][found.vendor], found.overlap)
    return _Comparison(*sides, regions, thresholds, matches, len(delivery.tasks.codes))


def _truth(gold: Gold, tasks: Ints, items: Ints) -> tuple[Objects, Objects]:
    """Return the objects of the items of some tasks, and their regions that count for nobody."""
    truth = _of_tasks(gold.objects, tasks, items)
    return _take(truth, np.flatnonzero(~truth.ignore)), _take(truth, np.flatnonzero(truth.ignore))


def _of_tasks(objects: Objects | None, tasks: Ints, owners: Ints) -> Objects:
    """Return for each task the objects of its owner, in an order that is theirs and not that of the rows."""
    if objects is None:
        raise ValueError("objects: none were read")
    chunks = [(tasks[mine], rows) for mine, rows in pairs(owners, objects.owner)]
    owner, rows = (np.concatenate([np.empty(0, dtype=np.int64), *part]) for part in zip(*chunks, strict=True))
    order = np.lexsort((*objects.shape[rows].T[::-1], objects.label[rows], owner))
    return replace(_take(objects, rows[order]), owner=owner[order])


def _take(objects: Objects, rows: Ints) -> Objects:
    return Objects(objects.owner[rows], objects.label[rows], objects.shape[rows], objects.ignore[rows])


def _none(objects: Objects) -> Objects:
    return _take(objects, np.empty(0, dtype=np.int64))


def _match(gold: Objects, vendor: Objects, threshold: float) -> Matches:
    first, second = ((side.owner, side.label, side.shape) for side in (gold, vendor))
    if gold.shape.shape[1] == _SPAN:
        return match_spans(Spans(*first), Spans(*second))
    return match(Boxes(*first), Boxes(*second), threshold)


def _left(objects: Objects, matched: Ints, regions: Objects) -> Flags:
    """Tell which objects (n,) are left and lie in no region that counts for nobody."""
    left = np.ones(len(objects.owner), dtype=np.bool_)
    left[matched] = False
    if len(regions.owner):
        sides = (Boxes(side.owner, side.label, side.shape) for side in (regions, objects))
        left &= ~ignored(*sides, left & _is_sound(objects))
    return left


def _is_sound(objects: Objects) -> Flags:
    """Tell which objects (n,) have an extent: what is bad matches nothing, whatever it is called."""
    shape = objects.shape
    sizes = shape[:, 1] - shape[:, 0] if shape.shape[1] == _SPAN else shape[:, 2:].min(axis=1)
    return np.isfinite(shape).all(axis=1) & (sizes > 0)


def _regardless_of_class(comparison: _Comparison, missed: Flags, false: Flags, threshold: float) -> Matches:
    """Match what is left on both sides by its place alone."""
    rows = np.flatnonzero(missed), np.flatnonzero(false & _is_sound(comparison.vendor))
    sides = (_take(side, left) for side, left in zip((comparison.gold, comparison.vendor), rows, strict=True))
    found = _match(*(replace(side, label=np.zeros_like(side.label)) for side in sides), threshold)
    return Matches(rows[0][found.gold], rows[1][found.vendor], found.overlap)


def _shares(comparison: _Comparison, matches: Matches) -> Floats:
    """Return intersection over union of pairs of spans."""
    gold, vendor = comparison.gold.shape[matches.gold], comparison.vendor.shape[matches.vendor]
    inner = np.minimum(gold[:, 1], vendor[:, 1]) - np.maximum(gold[:, 0], vendor[:, 0])
    return np.asarray(inner / (gold[:, 1] - gold[:, 0] + vendor[:, 1] - vendor[:, 0] - inner))


def _f1(times: float) -> Callable[[Floats], Floats]:
    """Return the figure `times` x sum of the first column / sum of the other two, NaN where these are 0."""
    share = ratio(0, 1, times=times)
    return lambda sums: share(np.stack([sums[:, 0], sums[:, 1] + sums[:, 2]], axis=1))


def _resampled(
    settings: PilotSettings,
    name: str,
    vectors: Ints,
    figure: Callable[[Floats], Floats],
    by: str | None = None,
    group: str | None = None,
) -> FigureRecord:
    draws, seed = settings.bootstrap.draws, settings.bootstrap.seed
    return bootstrapped(name, vectors, figure, draws=draws, seed=seed, by=by, group=group, undefined=NO_OBJECTS)
