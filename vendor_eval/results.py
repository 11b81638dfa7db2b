"""The frozen result (results.json). Every output is drawn from it alone."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.dataclasses import dataclass

from vendor_eval.figures import beside, number
from vendor_eval.findings import Finding
from vendor_eval.firmness.records import Robustness
from vendor_eval.issues import Issue, Location

SCHEMA = "vendor-eval/results/1"
_TIE = 1e-9


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _context: Any, /) -> None:
        # pydantic notes in each record which fields were given. Nobody asks, and it is half the memory of a result.
        object.__setattr__(self, "__pydantic_fields_set__", _NOTHING_NOTED)


_NOTHING_NOTED: set[str] = set()

# Where there are hundreds for each vendor a record is a dataclass: its slots take a quarter of the memory of a model.
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Source:
    """Where something stands: file relative to the evaluation, sheet and cell where there are any."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None

    @classmethod
    def at(cls, place: Location) -> "Source":
        """Write down a place."""
        return cls(file=place.file or None, sheet=place.sheet or None, cell=place.cell or None)

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
    source: Source = Source()

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
        )


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


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class EarlierRecord:
    """An answer that a clarification replaced, as it was written, and where."""

    raw: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
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


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
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


class IssueRecord(_Record):
    """A fault of a response."""

    code: str
    severity: str
    message: str
    source: Source

    @classmethod
    def of(cls, issue: Issue) -> "IssueRecord":
        """Write down an issue."""
        return cls(
            code=issue.code, severity=issue.severity.value, message=issue.message, source=Source.at(issue.location)
        )


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


class PriceItemRecord(_Record):
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


class PriceRecord(_Record):
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


class PriceItemDefinition(_Record):
    """A line that every vendor prices; `times` is what the whole contract takes of it."""

    id: str
    text: str
    unit: str
    volume: float
    times: float
    seconds_per_unit: float | None


class LivingWageRecord(_Record):
    """What an hour has to bring to live on, and who says so."""

    amount: float
    per: str
    source: str


class FlipRecord(_Record):
    """A bid below or above this price puts one vendor ahead of another; `without`: the bid of a vendor being gone."""

    side: str
    price: float
    overtakes: str
    overtaken: str
    passed: bool = False
    bid: str = ""


class PriceMethodRecord(_Record):
    """How the price counts, what is priced, and at which further bid the order would turn."""

    weight: float
    rule: str
    best: float | None
    worst: float | None
    currency: str
    years: float
    items: tuple[PriceItemDefinition, ...]
    living_wage: LivingWageRecord | None
    lowest: float | None
    highest: float | None
    warning: str
    thresholds: tuple[FlipRecord, ...]


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
    price: PriceMethodRecord | None = None


class MissingLevel(_Record):
    """A level that an evaluator was asked for and has not given."""

    evaluator: str
    vendor: str
    question: str


class AlphaRecord(_Record):
    """Krippendorff's alpha, ordinal; None where it means nothing, and the verdict says why."""

    overall: float | None
    categories: dict[str, float | None]
    verdict: str
    verdicts: dict[str, str]


class SpreadRecord(_Record):
    """A rubric on which levels lie two or more apart."""

    vendor: str
    question: str
    levels: dict[str, float]


class WithoutRecord(_Record):
    """Who would come first without the sheet of an evaluator."""

    evaluator: str
    winner: str | None


class CategoryPanelRecord(_Record):
    """How far evaluators agree within a category, and who leads it, with and without each of them."""

    id: str
    alpha: float | None
    verdict: str
    kendall_w: float | None
    severity: dict[str, float]
    apart: int
    leader: str | None
    without: tuple[WithoutRecord, ...]


class ModeratedRecord(_Record):
    """A level on which the panel agreed, why, and who took part."""

    level: float
    reason: str
    took_part: str
    date: str


class RatingRecord(_Record):
    """Every level that was given to a rubric of a vendor, by evaluator, and the one that counts."""

    vendor: str
    question: str
    levels: dict[str, float]
    level: float | None
    moderated: ModeratedRecord | None = None
    of_buyer: FindingRecord | None = None


class ConflictRecord(_Record):
    """An interest that an evaluator declared."""

    evaluator: str
    vendor: str
    reason: str


class MemberRecord(_Record):
    """An evaluator: what was given, what came back, in which file, written when."""

    id: str
    name: str
    categories: tuple[str, ...]
    rubrics: tuple[str, ...]
    levels: int
    file: str | None
    sha256: str | None
    written: str | None
    interests: str


class PanelRecord(_Record):
    """Who scored the rubrics, and how far they agree."""

    evaluators: tuple[str, ...]
    aggregate: str
    alpha: AlphaRecord
    kendall_w: float | None
    severity: dict[str, float]
    spread: tuple[SpreadRecord, ...]
    without: tuple[WithoutRecord, ...]
    categories: tuple[CategoryPanelRecord, ...]
    ratings: tuple[RatingRecord, ...]
    members: tuple[MemberRecord, ...]
    consensus: str | None
    missing: tuple[MissingLevel, ...]
    conflicts: tuple[ConflictRecord, ...]
    issues: tuple[IssueRecord, ...]
    seed: int
    blinded: bool


def _cost(vendor: VendorRecord) -> tuple[float, float]:
    """Total price and quality."""
    return (vendor.price.total or 0.0 if vendor.price else 0.0), vendor.quality or 0.0


def _beats(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one != other and one[0] <= other[0] and one[1] >= other[1]


class Result(_Record):
    """The whole result. `price` and `panel` are None where the evaluation has none, `robustness` where it is off."""

    schema_: str = Field(default=SCHEMA, alias="schema")
    evaluation: EvaluationRecord
    vendors: tuple[VendorRecord, ...]
    definition: Definition
    ranking: tuple[str, ...]
    shortlist: tuple[str, ...]
    robustness: Robustness | None = None
    panel: PanelRecord | None = None

    @property
    def ranks_by_ratio(self) -> bool:
        """Whether quality divided by the price ranks."""
        price = self.evaluation.price
        return price is not None and price.rule == "quality_per_price"

    def quality_share(self) -> float:
        """Give the share of the total that the categories decide."""
        price = self.evaluation.price
        return 1.0 if price is None or self.ranks_by_ratio else 1 - price.weight / 100

    def factor(self, vendor: VendorRecord) -> float:
        """Give what ranks for one point of quality where that is divided by the price; 1 under every other rule."""
        price = self.evaluation.price
        if price is None or vendor.price is None or not self.ranks_by_ratio:
            return 1.0
        return (price.lowest or vendor.price.total) / vendor.price.total if vendor.price.total else 0.0

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

    def beside_the_first(self) -> tuple[tuple[VendorRecord, float, float], ...]:
        """Give what each other ranked vendor costs more and scores more than the first: total price and quality."""
        priced = [v for name in self.ranking if (v := self.vendor(name)).price and v.price.total is not None]
        own = [(vendor, *_cost(vendor)) for vendor in priced]
        return tuple((vendor, cost - own[0][1], quality - own[0][2]) for vendor, cost, quality in own[1:])

    def trade_offs(self) -> tuple[str, ...]:
        """Say what each other ranked vendor costs and scores beside the first."""
        return tuple(beside(vendor.name, cost, quality) for vendor, cost, quality in self.beside_the_first())

    def frontier(self) -> tuple[str, ...]:
        """List ranked vendors that no other beats in both quality and price, the cheapest first."""
        priced = [v for name in self.ranking if (v := self.vendor(name)).price and v.price.total is not None]
        found = [v for v in priced if not any(_beats(_cost(other), _cost(v)) for other in priced)]
        return tuple(vendor.id for vendor in sorted(found, key=lambda v: (*_cost(v), v.id)))

    @property
    def in_order(self) -> tuple[VendorRecord, ...]:
        """Vendors as every output lists them: ranked, then excluded by total, then not evaluated."""
        order = {name: index for index, name in enumerate(self.ranking)}

        def key(vendor: VendorRecord) -> tuple[int, bool, float]:
            return order.get(vendor.id, len(order)), vendor.status == "not_evaluated", -(vendor.score or 0.0)

        return tuple(sorted(self.vendors, key=key))

    def to_json(self) -> str:
        """Text of results.json: the same inputs give the same bytes."""
        return "".join(self.json_parts())

    def json_parts(self) -> Iterator[str]:
        """Give the text of results.json in parts, a vendor each: of a large field the whole would not fit beside it."""
        rest = self.model_dump(mode="json", by_alias=True, exclude={"vendors"})
        names = [field.alias or name for name, field in type(self).model_fields.items()]
        for index, name in enumerate(names):
            yield f'{"," if index else "{"}\n "{name}": '
            if name == "vendors":
                yield from self._vendors_json()
            else:
                yield json.dumps(rest[name], ensure_ascii=False, indent=1).replace("\n", "\n ")
        yield "\n}\n"

    def _vendors_json(self) -> Iterator[str]:
        yield "["
        for index, vendor in enumerate(self.vendors):
            text = json.dumps(vendor.model_dump(mode="json"), ensure_ascii=False, indent=1)
            yield f"{',' if index else ''}\n  {text.replace(chr(10), f'{chr(10)}  ')}"
        yield "\n ]" if self.vendors else "]"
