"""Tables of a pilot made by hand: what readers of its files would give."""

import numpy as np

from vendor_eval.pilot.settings import PilotSettings
from vendor_eval.pilot.tables import DUPLICATE, GOLD, INVALID, MISSING, Delivery, Gold, Tasks

NOBODY = np.empty(0, dtype=np.int64)


def settings(task="classification", **keys):
    keys = {"title": "Pilot", "task": task, "measured_on": "2026-11-23"} | keys
    return PilotSettings.model_validate(keys)


def numbers(texts, names):
    """Places of texts in names; of an empty text MISSING, of any other INVALID."""
    return np.array([names.index(text) if text in names else INVALID if text else MISSING for text in texts], np.int64)


def gold(labels=(), names=(), *, counts=None, experts=None, medians=None, objects=None):
    """Gold of items g0, g1, ..."""
    size = len(labels if medians is None else medians)
    return Gold(
        items=tuple(f"g{item}" for item in range(size)),
        phases=np.full(size, -1),
        counts=np.ones(size, dtype=np.bool_) if counts is None else np.array(counts, dtype=np.bool_),
        labels=numbers(labels, names) if medians is None else np.full(size, -1),
        experts=np.zeros((size, len(names)), dtype=np.int64) if experts is None else np.array(experts),
        medians=np.empty((size, 0)) if medians is None else np.array(medians, dtype=np.float64),
        objects=objects,
    )


def tasks(sources, *, phases=(), strata=(), kinds=None):
    """Tasks t0, t1, ... of items by number; a duplicate follows its first; phases and strata by name of each task."""
    kind = np.array(kinds or [GOLD] * len(sources))
    first = [sources.index(source) if k == DUPLICATE else -1 for source, k in zip(sources, kind, strict=True)]
    names = [tuple(dict.fromkeys(groups)) for groups in (phases, strata)]
    none = ["none"] * len(sources)
    return Tasks(
        codes=tuple(f"t{task}" for task in range(len(sources))),
        sources=tuple(f"g{source}" for source in sources),
        source=np.array(sources, dtype=np.int64),
        kind=kind,
        phase=np.maximum(numbers(phases or none, names[0]), -1),
        stratum=np.maximum(numbers(strata or none, names[1]), -1),
        first=np.array(first, dtype=np.int64),
        phases=names[0],
        strata=names[1],
    )


def delivery(of_tasks, labels=(), names=(), *, scores=None, upheld=None, disputed=(), ratings=()):
    """What came back: labels by task ("" for missing), or scores; ratings are (task, annotator, criterion, value)."""
    size = len(of_tasks.codes)
    label = numbers(labels, names) if scores is None else np.full(size, MISSING)
    score = np.empty((size, 0)) if scores is None else np.array(scores, dtype=np.float64)
    here = label != MISSING if scores is None else ~np.isnan(score).all(axis=1)
    columns = np.array(ratings, dtype=np.int64).reshape(-1, 4).T
    return Delivery(
        vendor="acme",
        tasks=of_tasks,
        rows=int(here.sum()),
        delivered=here,
        valid=label >= 0 if scores is None else ~np.isnan(score).any(axis=1),
        labels=label,
        scores=score,
        objects=None,
        rating_task=columns[0],
        rating_annotator=columns[1],
        rating_criterion=columns[2],
        rating_value=columns[3],
        seconds=np.full(size, np.nan),
        row_seconds=np.empty(0),
        disputed=np.isin(np.arange(size), disputed),
        labels_if_upheld=np.full(size, -1) if upheld is None else numbers(upheld, names),
        open_disputes=np.isin(np.arange(size), disputed),
        raw={task: text for task, text in enumerate(labels) if text and text not in names},
    )


def by_name(figures):
    """Figures by id, or by id, by and group where they are narrowed."""
    return {(f.id, f.by, f.group) if f.by else f.id: f for f in figures}
