"""Every figure that a pilot can measure: what it is called, its unit, and what it needs."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

RATED = ("classification", "preference", "rubric")
OBJECTS = ("boxes", "spans")


class FigureKind(NamedTuple):
    """What a figure is: title, unit, which way is better, the tasks that give it, what it needs and what narrows it.

    The title is for somebody who has not read how it is computed.
    """

    title: str
    unit: str
    better: Literal["higher", "lower"] | None = "higher"
    tasks: tuple[str, ...] = (*RATED, *OBJECTS)
    needs: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


_CLASSES, _PREFERENCE, _RUBRIC, _BOXES, _SPANS = ((task,) for task in (*RATED, *OBJECTS))
# One place to add a figure.
FIGURES: Mapping[str, FigureKind] = {
    "accuracy": FigureKind("Items wholly right", "%", by=("phase",)),
    "accuracy_lower": FigureKind("Items wholly right, at least (one-sided 95 %)", "%"),
    "delivered": FigureKind("Tasks with a valid label", "%"),
    "drift": FigureKind("Change since the first phase", "points", None),
    "consistency": FigureKind("Repeated items labeled alike", "%"),
    "disputed": FigureKind("Items whose right label is disputed", "%", None),
    "accuracy_if_upheld": FigureKind("Items right if its disputes were upheld", "%", None),
    "recall": FigureKind("Found of what is there (recall)", "%", tasks=(*_CLASSES, *OBJECTS), by=("iou", "class")),
    "precision": FigureKind(
        "Right of what was labeled so (precision)", "%", tasks=(*_CLASSES, *OBJECTS), by=("iou", "class")
    ),
    "balanced_accuracy": FigureKind("Items right, each class counting alike", "%", tasks=_CLASSES),
    "cost_per_item": FigureKind("Cost of errors per item", "points", "lower", _CLASSES),
    "critical_errors": FigureKind("Items with the gravest error", "%", "lower", _CLASSES, ("severity",)),
    "alpha": FigureKind("Agreement of its people (alpha)", "alpha", tasks=RATED, needs=("passes",)),
    "pair_agreement": FigureKind("Pairs of its people that agree", "%", tasks=RATED, needs=("passes",)),
    "expert_agreement": FigureKind("Agreement with our experts", "%", tasks=_PREFERENCE, needs=("experts",)),
    "within_one": FigureKind("Scores within one level of our experts", "%", tasks=_RUBRIC),
    "severity": FigureKind("Scores above those of our experts", "levels", None, _RUBRIC),
    "f1": FigureKind("Objects right (F1)", "%", tasks=OBJECTS, by=("iou",)),
    "mean_iou": FigureKind("Overlap of matched boxes (IoU)", "IoU", tasks=_BOXES),
    "missed_objects": FigureKind("Objects missed", "objects", "lower", _BOXES),
    "false_objects": FigureKind("Objects that are none", "objects", "lower", _BOXES),
    "wrong_class": FigureKind("Objects of the wrong class", "objects", "lower", _BOXES),
    "f1_partial": FigureKind("Objects right, partly right ones half (F1)", "%", tasks=_SPANS),
    "seconds_median": FigureKind("Median time per task", "s", None),
    "seconds_p90": FigureKind("Time within which 90 % of tasks are done", "s", None),
    "fast_share": FigureKind("Tasks faster than anybody can be", "%", "lower", needs=("fast_below",)),
    "pay_max": FigureKind("Highest possible pay for an hour", "currency/h", needs=("pay",)),
    "pay_ratio_legal": FigureKind(
        "Highest possible pay, as a multiple of the legal minimum", "ratio", needs=("pay", "legal_minimum")
    ),
    "pay_ratio_living": FigureKind(
        "Highest possible pay, as a multiple of a living wage", "ratio", needs=("pay", "living_wage")
    ),
    "first_batch_days": FigureKind("Time to the first batch", "days", "lower", needs=("log",)),
    "answer_hours": FigureKind("Median time to answer a question", "h", "lower", needs=("log",)),
    "rebrief_hours": FigureKind("Longest time until all are re-briefed", "h", "lower", needs=("log",)),
    "issues_per_1000": FigureKind("Issues raised with the guideline", "per 1,000", needs=("log",)),
}
