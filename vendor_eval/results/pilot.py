"""What a pilot measured, and what became of each promise: the object `pilot` of results.json, vendor-eval/pilot/1."""

from typing import Literal

from pydantic import Field

from vendor_eval.results.base import Input, Record

SCHEMA = "vendor-eval/pilot/1"
BY_PILOT = "pilot"
"""Author of the findings that a pilot makes."""
Method = Literal[
    "clopper_pearson", "bootstrap", "linearised", "newcombe", "order_statistic", "poisson", "exact", "count"
]
Verdict = Literal["kept", "not_kept", "cannot_tell"]


class FigureRecord(Record):
    """One measured figure; `by` and `group` narrow it to a phase, stratum, class, IoU or criterion.

    `low` and `high` are the ends of the two-sided 95 % interval, `lower95` is the one-sided bound, `k` of `n` what was
    counted. Where the value or the interval is null, `reason` says why; a `high` that is null beside a `low` is beyond
    all bounds.
    """

    id: str
    by: str | None = None
    group: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    lower95: float | None = None
    k: int | None = None
    n: int | None = None
    unit: str
    better: Literal["higher", "lower"] | None = None
    method: Method
    p: float | None = None
    reason: str | None = None


class AcceptanceRecord(Record):
    """Whether the batch is accepted at the n that was reached: at most `c` errors, with the real risks in percent."""

    n: int
    c: int | None
    errors: int
    accepted: bool
    seller_risk: float | None
    buyer_risk: float | None


class EffectRecord(Record):
    """The finding that a link makes; `low` and `high` are values of the question's scale, null for `claim`."""

    act: Literal["answer", "claim"]
    answer: float | None = None
    low: float | None = None
    high: float | None = None
    set_aside: bool = False


class LinkRecord(Record):
    """A promise of the questionnaire beside the figure that tests it."""

    question: str
    figure: str
    by: str | None = None
    group: str | None = None
    kind: Literal["fact", "guarantee", "ceiling"]
    margin: float
    promised: float | None
    measured: float | None
    low: float | None
    high: float | None
    n: int | None
    verdict: Verdict
    reason: str | None
    needed: int | None
    effect: EffectRecord | None

    @property
    def counts(self) -> bool:
        """Whether it changes the answer, and nobody set that aside."""
        return self.effect is not None and not self.effect.set_aside


class CandourRecord(Record):
    """How many promises were asked for, tested and kept; `cannot_tell` leaves out `no_promise`."""

    linked: int
    tested: int
    kept: int
    not_kept: int
    cannot_tell: int
    no_promise: int
    expected_by_chance: float
    sentence: str


class PlaceRecord(Record):
    """A row of a file of the pilot; the row counts from 1, the header included."""

    file: str
    row: int | None
    item: str | None
    text: str


class PilotIssueRecord(Record):
    """What is wrong with a vendor's rows, once per code: how often, and the first twenty places."""

    code: str
    severity: str
    count: int
    message: str
    places: tuple[PlaceRecord, ...]


class PilotVendorRecord(Record):
    """What one vendor was asked, what came back, and what it measures; `message` says why it was not measured.

    `missing` counts tasks, `invalid` rows whose label or object is none.
    """

    id: str
    status: Literal["measured", "not_measured"]
    message: str = ""
    tasks: int
    rows: int
    missing: int
    invalid: int
    figures: tuple[FigureRecord, ...] = ()
    acceptance: AcceptanceRecord | None = None
    links: tuple[LinkRecord, ...] = ()
    candour: CandourRecord | None = None
    issues: tuple[PilotIssueRecord, ...] = ()


class PilotFacts(Record):
    """The pilot itself: what was measured, on how many gold items, from which files.

    `gold_items`, `ambiguous` and `gold_open` count items that some vendor was asked.
    """

    title: str
    task: str
    measured_on: str
    gold_items: int
    ambiguous: int
    gold_open: int
    expert_ceiling: float | None
    inputs: tuple[Input, ...]


class PilotRecord(Record):
    """A whole pilot, vendors in the order of the evaluation."""

    schema_: str = Field(default=SCHEMA, alias="schema")
    pilot: PilotFacts
    vendors: tuple[PilotVendorRecord, ...]

    def vendor(self, name: str) -> PilotVendorRecord | None:
        """Find a vendor by id; None where the pilot does not know it."""
        return next((vendor for vendor in self.vendors if vendor.id == name), None)
