"""Records of one vendor: answers, nodes, gates, findings, the price of its offer."""

from typing import Literal

from pydantic.dataclasses import dataclass

from vendor_eval.results.base import STRICT, IssueRecord, Record, Source


class WaiverRecord(Record):
    """Who answers for a failure that counts as passed."""

    reason: str
    approved_by: str
    date: str


class FindingRecord(Record):
    """One act of the buyer."""

    question: str
    act: str
    by: str
    date: str
    reason: str
    note: str
    source: Source = Source()


class FloorRecord(Record):
    """Floor of a node, and what it says of this vendor."""

    at_least: float
    kind: str
    result: str
    reason: str
    waived: WaiverRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class NodeRecord:
    """A category or criterion of one vendor; None where nothing below it counts."""

    id: str
    kind: str
    parent: str | None
    weight: float
    global_weight: float
    score: float | None
    low: float | None
    high: float | None
    claimed: float | None
    reach: float | None
    coverage: float | None
    contribution: float
    effective_weight: float
    in_scope: bool
    floor: FloorRecord | None = None


class StepRecord(Record):
    """The next better answer and the value that it has."""

    text: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class EarlierRecord:
    """An answer that a clarification replaced, as it was written, and where."""

    raw: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class AnswerRecord:
    """One answer of one vendor, from its cell to its points."""

    id: str
    parent: str
    state: str
    raw: str
    answer: str | None
    value: float | None
    evidence: str | None
    credited: float | None
    low: float | None
    high: float | None
    cap: float | None
    global_weight: float
    effective_weight: float
    contribution: float
    evidence_text: str
    comment: str
    explanation: str
    next_step: StepRecord | None
    finding: FindingRecord | None
    findings: tuple[FindingRecord, ...]
    source: Source
    sources: tuple[Source, ...]
    earlier: tuple[EarlierRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class GateRecord:
    """One gate of one vendor; `open` is true for a flag that still wants a line of the evaluators."""

    question: str
    kind: str
    result: str
    reason: str
    test: str
    waived: WaiverRecord | None
    note: str
    open: bool
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class StrengthRecord:
    """An answer that earns more than others, in points of the total."""

    question: str
    points: float
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class GapRecord:
    """An answer that leaves points open, and what would bring some of them."""

    question: str
    points: float
    proof: float
    next_step: StepRecord | None
    next_step_points: float
    reason: str
    source: Source


class PriceItemRecord(Record):
    """One priced line of one vendor: amount = unit price x times; None where there is no price."""

    id: str
    unit_price: float | None
    volume: float
    times: float
    amount: float | None
    yield_per_hour: float | None
    state: str
    raw: str
    suspicious: bool
    finding: FindingRecord | None
    source: Source


class PriceRecord(Record):
    """What one vendor costs over the contract, and what that scores."""

    total: float | None
    currency: str
    score: float | None
    low: float | None
    high: float | None
    weight: float
    contribution: float
    ratio: float | None
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    valid_until: str | None
    items: tuple[PriceItemRecord, ...]


class VendorRecord(Record):
    """Everything about one vendor; `rounds` counts the rounds of clarifications that came back."""

    id: str
    name: str
    status: Literal["eligible", "conditional", "excluded", "not_evaluated"]
    reasons: tuple[str, ...]
    rank: int | None = None
    best_rank: int | None = None
    worst_rank: int | None = None
    would_rank: int | None = None
    tie_broken_by: str = ""
    score: float | None = None
    low: float | None = None
    high: float | None = None
    claimed: float | None = None
    credited: float | None = None
    coverage: float | None = None
    documented: float | None = None
    verified: float | None = None
    quality: float | None = None
    price: PriceRecord | None = None
    pending: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    received: str | None = None
    accepted_late: str = ""
    rounds: int = 0
    nodes: tuple[NodeRecord, ...] = ()
    answers: tuple[AnswerRecord, ...] = ()
    gates: tuple[GateRecord, ...] = ()
    issues: tuple[IssueRecord, ...] = ()
    strengths: tuple[StrengthRecord, ...] = ()
    gaps: tuple[GapRecord, ...] = ()
    notes: tuple[FindingRecord, ...] = ()
