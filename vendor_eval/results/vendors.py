"""Records of one vendor: answers, nodes, gates, findings, the price of its offer."""

from typing import Literal

from vendor_eval.results.base import Input, IssueRecord, Record, Source, slim_record
from vendor_eval.results.pilot import BY_PILOT, LinkRecord

# The gate of the signature, which is no question.
DECLARATION = "DECLARATION"
Part = Literal["measured", "not_measured", "unreadable", "absent", "excused"]
"""Part of a vendor in the pilot; `absent` was asked and sent nothing, `excused` likewise by leave of the buyer."""


class WaiverRecord(Record):
    """Who answers for a failure that counts as passed."""

    reason: str
    approved_by: str
    date: str
    until: str | None = None
    """Last day on which the waiver counts."""
    owner: str = ""
    """Who sees to it that the failure is mended by then."""


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

    @property
    def is_by_pilot(self) -> bool:
        """Whether the pilot made it, and nobody who signs."""
        return self.by == BY_PILOT


class FloorRecord(Record):
    """Floor of a node, and what it says of this vendor."""

    at_least: float
    kind: str
    result: str
    reason: str
    stage: str = "award"
    waived: WaiverRecord | None = None


@slim_record
class NodeRecord:
    """A category or criterion of one vendor; None where nothing below it counts."""

    id: str
    kind: str
    parent: str | None
    weight: float
    """Weight as stated, among the children of its parent."""
    global_weight: float
    """Share of the total over everything that is asked, 0 to 1."""
    score: float | None
    """Credited score, 0 to 100: the one that ranks."""
    low: float | None
    """Least score that open answers leave."""
    high: float | None
    """Highest score that open answers leave, with the proof that is there now."""
    claimed: float | None
    """Score if every claim were proven."""
    reach: float | None
    """Highest score if open answers and proof all turn out well."""
    coverage: float | None
    """Weighted share of questions answered, 0 to 1."""
    contribution: float
    """Points of the total."""
    effective_weight: float
    """Share of the total once what does not count has left the sums, 0 to 1."""
    in_scope: bool
    floor: FloorRecord | None = None


class StepRecord(Record):
    """The next better answer and the value that it has."""

    text: str
    value: float


@slim_record
class EarlierRecord:
    """An answer that a clarification replaced, as it was written, and where."""

    raw: str
    source: Source


@slim_record
class ReplacedRecord:
    """An answer or a price that a clarification replaced: what counts now, where it stands, and what stood before."""

    question: str
    raw: str
    source: Source
    earlier: tuple[EarlierRecord, ...]


@slim_record
class PartRecord:
    """A row of an answer that has several: what follows the dot of its id, what was written, and where."""

    key: str
    raw: str
    source: Source


@slim_record
class AnswerRecord:
    """One answer of one vendor, from its cell to its points; `word` is set where it is "none" or "do not know"."""

    id: str
    parent: str
    """Criterion that the question belongs to, as category.criterion."""
    state: str
    raw: str
    """The cell as the vendor wrote it."""
    answer: str | None
    """The answer in canonical spelling; null where there is none."""
    value: float | None
    """Value of the answer before any cap of the evidence, 0 to 100."""
    evidence: str | None
    """claim, named, document or verified; of a tick list that of its weakest tick."""
    credited: float | None
    """Value after the cap, 0 to 100."""
    low: float | None
    """Least value that an open answer leaves."""
    high: float | None
    """Highest value that an open answer leaves."""
    cap: float | None
    """Most that this evidence lets an answer count."""
    global_weight: float
    """Share of the total over everything that is asked, 0 to 1."""
    effective_weight: float
    """Share of the total once what does not count has left the sums, 0 to 1."""
    contribution: float
    """Points of the total."""
    evidence_text: str
    """What stands in the column Evidence."""
    comment: str
    explanation: str
    """The arithmetic of the value, or why there is none."""
    next_step: StepRecord | None
    finding: FindingRecord | None
    """The act of the buyer that counts; null where there is none."""
    findings: tuple[FindingRecord, ...]
    """Every act of the buyer on this answer."""
    source: Source
    """Cell of the answer."""
    sources: tuple[Source, ...]
    """Every cell that the answer was read from."""
    earlier: tuple[EarlierRecord, ...] = ()
    """Answers that a clarification replaced."""
    parts: tuple[PartRecord, ...] = ()
    """Rows of an answer that has several."""
    word: Literal["", "none", "unknown"] = ""
    """Set where the answer is "none" or "do not know"."""
    files: tuple[Input, ...] = ()
    """Documents in evidence/ that the column Evidence names."""
    valid_until: str | None = None
    """Last day of a certificate, as the answer that counts says."""
    pilot: LinkRecord | None = None
    """The promise beside the figure of the pilot that tests it; null where none does."""


@slim_record
class GateRecord:
    """One gate of one vendor; `open` is true for a flag that has no comment from the evaluators yet.

    `open_questions` are those whose answers leave it unresolved: with branches it may hang on others than its own.
    """

    question: str
    kind: str
    result: str
    reason: str
    test: str
    waived: WaiverRecord | None
    note: str
    open: bool
    source: Source
    stage: str = "award"
    open_questions: tuple[str, ...] = ()
    because: str = ""
    """What is required, in the words of the criteria."""
    missing: tuple[str, ...] = ()
    """Labels that the vendor would have to tick as well, where all of several are needed."""
    unit: str = ""
    """Unit of the bounds of a figure in `test`; empty where it is of points, or of answers in words."""


@slim_record
class StrengthRecord:
    """An answer that earns more than others, in points of the total."""

    question: str
    points: float
    source: Source


@slim_record
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


class StatusReasonRecord(Record):
    """Why a vendor has its status: a gate or floor that is not passed, or what kept a response from being evaluated.

    `question` names the gate, `node` the floor, both with the kind knock_out or must and the result fail or unresolved.
    The kinds issue, which stands among the vendor's issues too, and response have the result not_evaluated, the kind
    form, of answers in another form, has not_compared.
    """

    question: str
    node: str
    kind: str
    result: str
    text: str


class ConditionReply(Record):
    """What the vendor says of a condition, as it wrote it; it closes nothing."""

    done: str
    """Yes, Not yet or No; as written where it is none of these."""
    date: str
    proof: str
    source: Source


class ConditionFinding(Record):
    """Who found a condition met or failed, when and why."""

    met: bool
    by: str
    date: str
    reason: str


ConditionState = Literal["failed", "met", "lapsed", "waived", "overdue", "undated", "open"]


class ConditionLine(Record):
    """A line of conditions.yaml, and how it stands on a day."""

    id: str
    about: str
    """Question or node that it is about."""
    kind: str
    """must, knock_out, waiver, or claim for an answer that counts and is not proven."""
    what: str
    """What is to be done."""
    proof: str
    owner: str
    due: str | None
    clause: str
    """Clause of the contract."""
    state: ConditionState
    days: int | None
    """Days until it is due, below 0 once they are past; null without a date."""
    says: ConditionReply | None = None
    finding: ConditionFinding | None = None
    """The newest finding on it: it alone closes a condition."""


class ConditionRecord(Record):
    """What a vendor still has to meet, or is waived: a must, a floor or an open knock-out, due or not.

    With its line of conditions.yaml, where it has one. Other lines of the vendor stand here without stage and result.
    """

    about: str
    """Question of the gate, or node of the floor."""
    question: str
    """Question of the gate; empty for a floor."""
    kind: str
    """knock_out or must; claim, or the kind of the line, for a line that no requirement has."""
    stage: str | None
    """read, award or data: before that step it must be met."""
    result: Literal["fail", "unresolved", "waived"] | None
    reason: str
    until: str | None
    """Last day of its waiver."""
    owner: str
    """Who sees to it: of its line, else of its waiver."""
    id: str = ""
    """Id of its line of conditions.yaml; empty without one, as all that follows."""
    what: str = ""
    proof: str = ""
    due: str | None = None
    clause: str = ""
    state: ConditionState | None = None
    days: int | None = None
    """Days from the evaluation date until it is due."""
    says: ConditionReply | None = None
    """What the vendor says of it."""
    finding: ConditionFinding | None = None
    """The newest finding on it."""


class DeclarationRecord(Record):
    """Who stands for the answers, as the cover of the questionnaire says.

    `not_asked` for a form without these rows, and where nobody asks; `signed` needs every box, with three times yes.
    """

    state: Literal["signed", "partial", "missing", "not_asked"] = "not_asked"
    name: str = ""
    role: str = ""
    date: str | None = None
    """Day of the signature."""
    ticks: dict[str, bool | None] = {"true": None, "complete": None, "contract": None}
    """Whether the answers are true, are complete, and may become part of the contract; null where the box is empty."""
    source: Source = Source()
    """Cell of the name, or where it is expected."""


class VendorRecord(Record):
    """Everything about one vendor; `rounds` counts the rounds of clarifications that came back."""

    id: str
    name: str
    country: str = ""
    """Where it sits, as its questionnaire says on the first sheet."""
    contact: str = ""
    """Whom to write to, as its questionnaire says on the first sheet."""
    status: Literal["eligible", "conditional", "excluded", "not_compared", "not_evaluated"]
    """`not_compared` answered another form, in which less than half of what is asked could be read."""
    reasons: tuple[str, ...]
    """Why the status is what it is; empty for an eligible vendor."""
    status_text: str = ""
    """The status in words, with the number of conditions, or why the vendor is excluded."""
    conditions: tuple[ConditionRecord, ...] = ()
    """What is still to be met or is waived, by stage, then in the order of the questions; then other conditions."""
    rank: int | None = None
    """Place in the ranking; null where the vendor is not ranked."""
    best_rank: int | None = None
    """Best rank that open answers leave."""
    worst_rank: int | None = None
    """Worst rank that open answers leave."""
    would_rank: int | None = None
    """Place that an excluded vendor would have."""
    tie_broken_by: str = ""
    """Tie-breaker that decided the rank."""
    score: float | None = None
    """The total that ranks, 0 to 100; with a price it is the total of quality and price."""
    low: float | None = None
    """Least total that open answers leave."""
    high: float | None = None
    """Highest total that open answers leave."""
    claimed: float | None = None
    """Total if every claim were proven."""
    credited: float | None = None
    """Same as `score`."""
    coverage: float | None = None
    """Weighted share of questions answered, 0 to 1."""
    documented: float | None = None
    """Weighted share of answers with a document or verified, 0 to 1."""
    verified: float | None = None
    """Weighted share of answers that the buyer verified, 0 to 1."""
    quality: float | None = None
    """Total of the categories; null where no price is asked."""
    price: PriceRecord | None = None
    pending: tuple[str, ...] = ()
    """Rubric questions without a level."""
    files: tuple[str, ...] = ()
    received: str | None = None
    accepted_late: str = ""
    """Why a late response was read; empty where it was not late."""
    rounds: int = 0
    """Rounds of clarifications that came back."""
    replaced: tuple[ReplacedRecord, ...] = ()
    """What these clarifications replaced, prices included."""
    nodes: tuple[NodeRecord, ...] = ()
    answers: tuple[AnswerRecord, ...] = ()
    gates: tuple[GateRecord, ...] = ()
    issues: tuple[IssueRecord, ...] = ()
    strengths: tuple[StrengthRecord, ...] = ()
    gaps: tuple[GapRecord, ...] = ()
    notes: tuple[FindingRecord, ...] = ()
    """Notes of the buyer on the vendor as a whole."""
    status_reasons: tuple[StatusReasonRecord, ...] = ()
    declaration: DeclarationRecord = DeclarationRecord()
    """Who signed for the answers."""
    pilot: Part | None = None
    """Its part in the pilot; `absent` took none, so that its linked answers count as claims. Null without a pilot."""

    @property
    def is_compared(self) -> bool:
        """Whether it was evaluated, and enough of what is asked could be read to compare it with others."""
        return self.status not in {"not_compared", "not_evaluated"}
