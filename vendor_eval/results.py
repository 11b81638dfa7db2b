"""The frozen result (results.json). Every output is drawn from it alone."""

import json
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vendor_eval.figures import number
from vendor_eval.firmness.records import Robustness

SCHEMA = "vendor-eval/results/1"
_TIE = 1e-9


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _context: Any, /) -> None:
        # pydantic notes in each record which fields were given. Nobody asks, and it is half the memory of a result.
        object.__setattr__(self, "__pydantic_fields_set__", _NOTHING_NOTED)


_NOTHING_NOTED: set[str] = set()


class Source(_Record):
    """Where something stands: file relative to the evaluation, sheet and cell where there are any."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        inside = f"{self.sheet}!{self.cell}" if self.cell else self.sheet or ""
        return ", ".join(part for part in (self.file, inside) if part)


class Input(_Record):
    """A file that was read."""

    file: str
    sha256: str


class NotRead(_Record):
    """A file or folder among the responses that is no workbook."""

    file: str
    reason: str


class ScorecardIdentity(_Record):
    """Which criteria were applied."""

    id: str
    title: str
    version: str
    sha256: str


class WaiverRecord(_Record):
    """Who answers for a failure that counts as passed."""

    reason: str
    approved_by: str
    date: str


class FindingRecord(_Record):
    """One act of the buyer."""

    question: str
    act: str
    by: str
    date: str
    reason: str
    note: str


class FloorRecord(_Record):
    """Floor of a node, and what it says of this vendor."""

    at_least: float
    kind: str
    result: str
    reason: str
    waived: WaiverRecord | None = None


class NodeRecord(_Record):
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


class StepRecord(_Record):
    """The next better answer and the value that it has."""

    text: str
    value: float


class EarlierRecord(_Record):
    """An answer that a clarification replaced, as it was written, and where."""

    raw: str
    source: Source


class AnswerRecord(_Record):
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


class GateRecord(_Record):
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


class IssueRecord(_Record):
    """A fault of a response."""

    code: str
    severity: str
    message: str
    source: Source


class StrengthRecord(_Record):
    """An answer that earns more than others, in points of the total."""

    question: str
    points: float
    source: Source


class GapRecord(_Record):
    """An answer that leaves points open, and what would bring some of them."""

    question: str
    points: float
    proof: float
    next_step: StepRecord | None
    next_step_points: float
    reason: str
    source: Source


class VendorRecord(_Record):
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
    price: None = None
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


class OptionDefinition(_Record):
    """An answer offered."""

    id: str
    label: str
    score: float | None


class GateDefinition(_Record):
    """A gate as the criteria state it."""

    kind: str
    test: str
    needs: str | None
    when: str
    reason: str


class QuestionDefinition(_Record):
    """A question as this evaluation asks it."""

    id: str
    text: str
    type: str
    weight: float
    asked: bool
    unit: str
    evidence: str
    red_flag: str
    sources: tuple[str, ...]
    judgement: bool
    options: tuple[OptionDefinition, ...]
    points: tuple[tuple[float, float], ...]
    levels: tuple[str, ...]
    gates: tuple[GateDefinition, ...]


class CriterionDefinition(_Record):
    """A criterion and its questions."""

    id: str
    title: str
    weight: float
    questions: tuple[QuestionDefinition, ...]


class CategoryDefinition(_Record):
    """A category and its criteria."""

    id: str
    title: str
    aim: str
    weight: float
    weighted: bool
    in_scope: bool
    criteria: tuple[CriterionDefinition, ...]


class Definition(_Record):
    """What was asked, so that every output can be drawn from the result alone."""

    categories: tuple[CategoryDefinition, ...]


class MethodRecord(_Record):
    """Settings that make the number, for the page Method."""

    profile: str = ""
    questions: str
    missing: str
    evidence: dict[str, float] | None
    shortlist: int
    firmness: str
    tie_breakers: tuple[str, ...]
    floors: dict[str, FloorRecord]
    overrides: dict[str, Any]
    context: dict[str, bool | str | tuple[str, ...]]
    waivers: tuple[dict[str, str], ...]
    deadline: str | None
    tool_version: str


class EvaluationRecord(_Record):
    """What was evaluated, under which settings, from which files."""

    title: str
    reference: str
    as_of: str
    preset: str | None
    provisional: bool
    pending: tuple[str, ...]
    scorecard: ScorecardIdentity
    weights: dict[str, float]
    method: MethodRecord
    inputs: tuple[Input, ...]
    not_read: tuple[NotRead, ...] = ()


class Result(_Record):
    """The whole result. `price` and `panel` are None where the evaluation has none, `robustness` where it is off."""

    schema_: str = Field(default=SCHEMA, alias="schema")
    evaluation: EvaluationRecord
    vendors: tuple[VendorRecord, ...]
    definition: Definition
    ranking: tuple[str, ...]
    shortlist: tuple[str, ...]
    robustness: Robustness | None = None
    panel: None = None

    def vendor(self, name: str) -> VendorRecord:
        """Find a vendor by id.

        Raises KeyError where there is none.
        """
        for vendor in self.vendors:
            if vendor.id == name:
                return vendor
        raise KeyError(name)

    @property
    def digits(self) -> int:
        """Decimals that tell every two totals of different rank apart, at least one."""
        ranked = sorted((vendor.score or 0.0, vendor.rank) for vendor in self.vendors if vendor.rank is not None)
        # A tie that a tie-breaker decided stays a tie with any number of decimals.
        apart = [(a, b) for (a, rank), (b, other) in pairwise(ranked) if rank != other and b - a > _TIE]
        enough = (digits for digits in range(1, 10) if all(number(a, digits) != number(b, digits) for a, b in apart))
        return next(enough, 1)

    @property
    def in_order(self) -> tuple[VendorRecord, ...]:
        """Vendors as every output lists them: ranked, then excluded by total, then not evaluated."""
        order = {name: index for index, name in enumerate(self.ranking)}

        def key(vendor: VendorRecord) -> tuple[int, bool, float]:
            return order.get(vendor.id, len(order)), vendor.status == "not_evaluated", -(vendor.score or 0.0)

        return tuple(sorted(self.vendors, key=key))

    def to_json(self) -> str:
        """Text of results.json: the same inputs give the same bytes."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1) + "\n"
