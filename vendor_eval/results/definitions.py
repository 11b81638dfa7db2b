"""What was asked, with weights and gates, and how it was judged."""

from typing import Any

from vendor_eval.results.base import Input, IssueRecord, NotRead, Record
from vendor_eval.results.record import RecordState
from vendor_eval.results.vendors import FloorRecord


class ScorecardIdentity(Record):
    """Which criteria, or which model of the advisor, and which edition of it."""

    id: str
    title: str
    version: str
    sha256: str


class OptionDefinition(Record):
    """An answer offered."""

    id: str
    label: str
    score: float | None


class GateDefinition(Record):
    """A gate as the criteria state it."""

    kind: str
    test: str
    needs: str | None
    when: str
    reason: str
    stage: str = "award"


class QuestionDefinition(Record):
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
    source_titles: tuple[str, ...] = ()
    judgement: bool
    scale: str | None = None
    verify: str = ""
    brief: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    options: tuple[OptionDefinition, ...]
    points: tuple[tuple[float, float], ...]
    levels: tuple[str, ...]
    gates: tuple[GateDefinition, ...]


class CriterionDefinition(Record):
    """A criterion and its questions."""

    id: str
    title: str
    weight: float
    questions: tuple[QuestionDefinition, ...]


class CategoryDefinition(Record):
    """A category and its criteria."""

    id: str
    title: str
    intro: str = ""
    aim: str
    weight: float
    weighted: bool
    in_scope: bool
    criteria: tuple[CriterionDefinition, ...]


class SourceRecord(Record):
    """A source of the register; `read` is verbatim, second hand or from memory."""

    id: str
    title: str
    author: str
    year: str
    link: str
    read: str
    note: str


class Definition(Record):
    """What was asked, so that every output can be drawn from the result alone."""

    categories: tuple[CategoryDefinition, ...]
    sources: tuple[SourceRecord, ...] = ()


class ProjectFact(Record):
    """What vendors read of the project under one key of the brief (`group` work or files) or of the context."""

    group: str
    key: str
    label: str
    text: str


class MethodRecord(Record):
    """Settings that make the number, for the page Method.

    `most_paired`: of so many vendors, the first of the ranking, every pair is looked at, since pairs grow with the
    square of the field. `median_from`: from so many evaluated vendors on the field has a median to compare with.
    """

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
    most_paired: int
    median_from: int
    tool_version: str
    project: tuple[ProjectFact, ...] = ()


class PriceItemDefinition(Record):
    """A line that every vendor prices; `times` is what the whole contract takes of it."""

    id: str
    text: str
    unit: str
    volume: float
    times: float
    seconds_per_unit: float | None


class LivingWageRecord(Record):
    """What an hour has to bring to live on, and who says so."""

    amount: float
    per: str
    source: str


class PriceThreshold(Record):
    """Where the order of two vendors hangs on what others bid.

    A further bid `below` or `above` this price, won or lost, would put one ahead of the other. `passed`: the lowest
    bid stands below it already, and it did. `without`: the order would turn if this bid, of `bid`, were not there.
    """

    side: str
    price: float
    overtakes: str
    overtaken: str
    passed: bool = False
    bid: str = ""


class PriceMethodRecord(Record):
    """How the price counts, what is priced, and at which further bid the order would turn.

    `relative`: a price is scored against the other bids. `sealed`: no price was read yet, and none counts.
    """

    weight: float
    rule: str
    relative: bool
    best: float | None
    worst: float | None
    currency: str
    years: float
    items: tuple[PriceItemDefinition, ...]
    living_wage: LivingWageRecord | None
    lowest: float | None
    highest: float | None
    warning: str
    thresholds: tuple[PriceThreshold, ...]
    sealed: bool = False


class EvaluationRecord(Record):
    """What was evaluated, under which settings, from which files; `issues` are those of the evaluation itself."""

    title: str
    reference: str
    as_of: str
    stage: str = "award"
    """Where the tender stands: read, award or data; gates of later stages are not due."""
    preset: str | None
    provisional: bool
    pending: tuple[str, ...]
    scorecard: ScorecardIdentity
    weights: dict[str, float]
    method: MethodRecord
    inputs: tuple[Input, ...]
    not_read: tuple[NotRead, ...] = ()
    price: PriceMethodRecord | None = None
    issues: tuple[IssueRecord, ...] = ()
    record: RecordState | None = None
