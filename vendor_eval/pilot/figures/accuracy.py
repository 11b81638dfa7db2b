"""Figures that every task has: how many items are wholly right, in which phase and stratum, and alike when repeated."""

from collections.abc import Iterator

import numpy as np

from vendor_eval.pilot.figures.counts import accuracy_lower, drift, of_count, plain_share
from vendor_eval.pilot.settings import PilotSettings
from vendor_eval.pilot.tables import DUPLICATE, GOLD, Delivery, Flags, Gold, Ints, Tasks
from vendor_eval.results.pilot import FigureRecord


def measured_tasks(gold: Gold, tasks: Tasks) -> Flags:
    """Tell which tasks (tasks,) are measured against gold: a first delivery of an item that nothing takes out."""
    return np.asarray((tasks.kind == GOLD) & (tasks.source >= 0) & gold.counts[tasks.source])


def accuracy_figures(
    settings: PilotSettings, gold: Gold, delivery: Delivery, right: Flags, alike: Flags, upheld: Flags
) -> Iterator[FigureRecord]:
    """Count tasks: `right` (tasks,) delivered as gold says, `alike` (tasks,) duplicates delivered as the first time.

    `upheld` (tasks,) are right if the open disputes of the vendor are upheld.
    """
    tasks = delivery.tasks
    measured = measured_tasks(gold, tasks)
    accuracy = of_count("accuracy", int(right[measured].sum()), int(measured.sum()))
    yield accuracy
    yield accuracy_lower(accuracy)
    phases = _of_groups(tasks.phases, tasks.phase, measured, right)
    phases = {phase: phases[phase] for phase in settings.phases if phase in phases}
    for by, groups in (("phase", phases), ("stratum", _of_groups(tasks.strata, tasks.stratum, measured, right))):
        for group, (k, n) in groups.items():
            yield of_count("accuracy", k, n, by=by, group=group)
    first, *later = phases or ("",)
    for phase in later:
        yield drift(phases[first], phases[phase], phase)
    duplicates = tasks.kind == DUPLICATE
    if duplicates.any():
        yield of_count("consistency", int(alike[duplicates].sum()), int(duplicates.sum()))
    yield plain_share("disputed", delivery.disputed[measured])
    yield plain_share("accuracy_if_upheld", upheld[measured])


def _of_groups(names: tuple[str, ...], group: Ints, measured: Flags, right: Flags) -> dict[str, tuple[int, int]]:
    """Count right and measured tasks by group, of groups that have any, by name."""
    of_group = measured & (group >= 0)
    n = np.bincount(group[of_group], minlength=len(names)).tolist()
    k = np.bincount(group[of_group & right], minlength=len(names)).tolist()
    return {
        name: (k[number], n[number]) for number, name in sorted(enumerate(names), key=lambda pair: pair[1]) if n[number]
    }
