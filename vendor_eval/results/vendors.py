"""Records of one vendor: answers, nodes, gates, findings, the price of its offer."""

from typing import Literal

from pydantic.dataclasses import dataclass

from vendor_eval.findings import Finding
from vendor_eval.results.base import STRICT, IssueRecord, Record, Source


class WaiverRecord(Record):
    """Who answers for a failure that counts as passed."""

    reason: str
    approved_by: str
    date: str


class FindingRecord(Record):
    """One act of the buyer, in words and as data: its kind, and the level or the answer that was given."""

    question: str
    act: str
    by: str
    date: str
    reason: str
    note: str
    source: Source = Source()
    kind: Literal["verified", "claim", "level", "answer", "note"]
    value: int | str | None

    @classmethod
    def of(cls, finding: Finding) -> "FindingRecord":
        """Write down one act of the buyer."""
        return cls(
            question=finding.question,
            act=finding.act,
            by=finding.by,
            date=finding.date.isoformat(),
            reason=finding.reason,
            note=finding.note,
            source=Source.at(finding.location),
            kind=finding.kind,
            value=finding.value,
        )


class FloorRecord(Record):
    """Floor of a node, and what it says of this vendor."""

    at_least: float
    kind: str
    result: str
    reason: str
    waived: WaiverRecord | None = None


class NodeRecord(Record):
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
class PartRecord:
    """A row of an answer that has several: what follows the dot of its id, what was written, and where."""

    key: str
    raw: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class AnswerRecord:
    """One answer of one vendor, from its cell to its points; `word` is set where it is "none" or "do not know"."""

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
    parts: tuple[PartRecord, ...] = ()
    word: Literal["", "none", "unknown"] = ""


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


class StrengthRecord(Record):
    """An answer that earns more than others, in points of the total."""

    question: str
    points: float
    source: Source


class GapRecord(Record):
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


class StatusReasonRecord(Record):
    """Why a vendor has its status: a gate or floor that is not passed, or what kept a response from being evaluated.

    `question` names the gate, `node` the floor, both with the kind knock_out or must and the result fail or unresolved.
    The kinds issue, which stands among the vendor's issues too, and response have the result not_evaluated.
    """

    question: str
    node: str
    kind: str
    result: str
    text: str


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
    status_reasons: tuple[StatusReasonRecord, ...]
