"""The tables of a pilot as arrays: what a vendor was asked, the truth, and what came back.

Everything is a number: an item is its place in `Gold.items`, a label, choice, class or level its place in the set that
pilot.yaml closes, a task its place in `Tasks.codes`. -1 stands for none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vendor_eval.issues import Issue
from vendor_eval.results.pilot import PilotIssueRecord

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

GOLD, WORK, DUPLICATE = 0, 1, 2
MISSING, INVALID = -1, -2


class Place(NamedTuple):
    """A row of a file with what is wrong there; 0 and '' for none."""

    file: str
    row: int
    item: str
    text: str


@dataclass(frozen=True, slots=True)
class Objects:
    """Boxes or spans as parallel arrays, in the order of their rows.

    `owner` (n,) is the item (of gold) or the task (of a delivery), `label` (n,) the class, INVALID where it is unknown
    or the object is bad; `shape` (n, 4) is x, y, width, height of boxes, (n, 2) start and end of spans; `ignore` (n,)
    marks regions of gold that count for nobody.
    """

    owner: Ints
    label: Ints
    shape: Floats
    ignore: Flags

    def take(self, rows: Ints) -> "Objects":
        """Return the objects of these rows."""
        return Objects(self.owner[rows], self.label[rows], self.shape[rows], self.ignore[rows])


@dataclass(frozen=True, slots=True)
class Dispute:
    """A row of disputes.csv: a vendor's objection to the gold of an item, and what the buyer ruled."""

    vendor: str
    item: int
    ruling: str
    label: str
    claim: str
    row: int


@dataclass(frozen=True, slots=True)
class Gold:
    """The buyer's truth for each item, in the order of gold.csv.

    `labels` (items,) holds the label, -1 where experts have no majority or nothing is ruled; of a rubric `medians`
    (items, criteria) in scores, NaN where there is none. `experts` (items, labels) of a preference counts experts by
    choice, and is (items, 0) for other tasks.
    `counts` (items,) is False for items that a ruling or open gold takes out for all vendors.
    """

    items: tuple[str, ...]
    phases: Ints
    counts: Flags
    labels: Ints
    experts: Ints
    medians: Floats
    objects: Objects | None
    disputes: tuple[Dispute, ...] = ()

    @property
    def ambiguous(self) -> Flags:
        """Items that a ruling calls ambiguous."""
        flags = np.zeros_like(self.counts)
        flags[[dispute.item for dispute in self.disputes if dispute.ruling == "ambiguous"]] = True
        return flags

    @property
    def open(self) -> Flags:
        """Items that do not count, since their label is open."""
        return ~self.counts & ~self.ambiguous


@dataclass(frozen=True, slots=True)
class Tasks:
    """What one vendor was asked, in the order of plan.csv (without a plan, of gold.csv).

    `source` (tasks,) is the item of gold, -1 for work without any; `kind` GOLD, WORK or DUPLICATE; `phase` and
    `stratum` places in the names below, -1 for none. `first` (tasks,) of a duplicate is the gold task of its source.
    """

    codes: tuple[str, ...]
    sources: tuple[str, ...]
    source: Ints
    kind: Ints
    phase: Ints
    stratum: Ints
    first: Ints
    phases: tuple[str, ...]
    strata: tuple[str, ...]

    def place(self, task: int) -> tuple[str, str, str]:
        """Return code, source and phase of a task as texts."""
        phase = int(self.phase[task])
        return self.codes[task], self.sources[task], self.phases[phase] if phase >= 0 else ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one vendor sent back.

    `delivered` (tasks,) says that a row came. Of classification and preference `labels` (tasks,) is the label that
    counts, MISSING or INVALID; of a rubric `scores` (tasks, criteria), NaN for missing or invalid. `objects` of boxes
    and spans. `valid` (tasks,) says that what came is a label, a full rubric, or at least one readable row of objects.

    The passes of a vendor's own annotators, `final` left out, stand in parallel arrays (ratings,): `rating_task`,
    `rating_annotator` (a number without a name), `rating_criterion` (0 unless a rubric), `rating_value` (label or level
    number, INVALID where it is none). `seconds` (tasks,) sums what the rows of a task say, NaN where none does;
    `row_seconds` (rows,) holds each row's; rows of one image, document or rubric, by one annotator, are one row there.
    `disputed` (tasks,) tells which gold tasks it disputes, `open_disputes` those without a ruling; `labels_if_upheld`
    is gold for each task were all of its open disputes upheld (of objects and rubrics such a task is right then).
    `places` has the file, row, item and text of every problem by code, of which `issues` list the first twenty.
    """

    vendor: str
    tasks: Tasks
    rows: int
    delivered: Flags
    valid: Flags
    labels: Ints
    scores: Floats
    objects: Objects | None
    rating_task: Ints
    rating_annotator: Ints
    rating_criterion: Ints
    rating_value: Ints
    seconds: Floats
    row_seconds: Floats
    disputed: Flags
    labels_if_upheld: Ints
    issues: tuple[PilotIssueRecord, ...] = ()
    raw: Mapping[int, str] = field(default_factory=dict)
    """What was written, of tasks whose label is none of the set."""
    open_disputes: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    places: Mapping[str, Sequence[Place]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """A vendor without a delivery: nothing came, or what came cannot be read."""

    vendor: str
    message: str
    faults: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Log:
    """What log.csv says of one vendor.

    Days from the instructions to the first batch, working hours of each answer, hours until the slowest change was
    acknowledged (both infinite while it is open; None without any), and how many issues the vendor raised.
    """

    first_batch_days: float | None
    answer_hours: tuple[float, ...]
    rebrief_hours: float | None
    issues: int
