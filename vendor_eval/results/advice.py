"""The advice: a frozen record of the outcome, why, what would change it, and what follows from it."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field

from vendor_eval.results.base import Record
from vendor_eval.results.definitions import ScorecardIdentity

SCHEMA = "vendor-eval/advise/1"
FieldValue = bool | float | str | tuple[str, ...]
Case = Literal["partner_above", "partner_always", "in_house_above", "in_house_always", "equal"]
Side = Literal["in_house", "partner", "crowd"]
SIDES: tuple[Side, ...] = ("in_house", "partner", "crowd")


class OptionRecord(Record):
    """An option with its total; `outcome` is None for one that is never chosen."""

    id: str
    title: str
    says: str
    outcome: str | None
    total: float
    removed_by: tuple[str, ...]


class FactorRecord(Record):
    """A factor: fits, weight × fit, and what the outcome leads its runner-up by."""

    id: str
    title: str
    guide: str
    weight: float
    fit: dict[str, float]
    contribution: dict[str, float]
    lead: float | None
    says: str
    reason: str


class ConstraintRecord(Record):
    """A constraint that was hit, and what it removes."""

    id: str
    removes: tuple[str, ...]
    says: str
    because: str


class ChecklistLineRecord(Record):
    """A line of the guide's checklist, and whether the profile matches it."""

    option: str
    says: str
    quote: str
    matched: bool


class ConditionRecord(Record):
    """What the outcome is tied to, and the questions of the scorecard that test it."""

    id: str
    says: str
    questions: tuple[str, ...]
    source: str


class OutcomeChange(Record):
    """A change of one field that changes the outcome; for a number, the range in which it does."""

    field: str
    value: FieldValue
    outcome: str
    conflict: bool
    range: dict[str, float] | None


class HandoverGate(Record):
    """A gate or a back-out line: met, not_met, or open where a measure is missing."""

    id: str
    says: str
    needed: bool
    result: Literal["met", "not_met", "open"]
    asks: tuple[str, ...]


class HandoverRecord(Record):
    """Gates of the hand-over; `ready` is None while a needed gate is open and none has failed."""

    ready: bool | None
    gates: tuple[HandoverGate, ...]
    then: tuple[str, ...]
    back_out_says: str
    back_out: tuple[HandoverGate, ...]


class TriggerRecord(Record):
    """A reason to ask again; `met` is None where the profile and its previous advice do not tell."""

    id: str
    says: str
    met: bool | None


class InputChange(Record):
    """An input that changed: the outcome with it alone changed, and with it alone left as it was."""

    field: str
    before: FieldValue | None
    after: FieldValue
    alone: str
    without: str
    did_it: bool


class Changes(Record):
    """What changed since the previous advice."""

    previous_outcome: str
    previous_as_of: str | None
    outcome_changed: bool
    model_changed: bool
    inputs: tuple[InputChange, ...]
    totals_before: dict[str, float]


class FieldDefinition(Record):
    """A field of the profile: its question, and what its values mean."""

    title: str
    question: str
    guide: str
    unit: str
    values: dict[str, str]


class AdviceDefinition(Record):
    """Titles and texts, so that every output is drawn from the advice alone."""

    fields: dict[str, FieldDefinition]
    outcomes: dict[str, str]
    overlays: dict[str, str]
    overlays_title: str
    categories: dict[str, str]
    guide: str
    close_call: float
    runs: int
    limits: tuple[str, ...]


class BySide(Record):
    """One figure for each side; None where it cannot be told."""

    in_house: float | None = None
    partner: float | None = None
    crowd: float | None = None


class BreakEvenRecord(Record):
    """A volume a year, and the same as hours of in-house work and full-time people."""

    units: float
    hours: float
    fte: float


class MissingInput(Record):
    """An input that is needed and was not given, or was left out of the sum."""

    name: str
    question: str


class UsedInput(MissingInput):
    """A default that was used, with its source."""

    value: float | str
    source: str


@dataclass(frozen=True, slots=True)
class CostLine:
    """Cost of a year as a function of accepted units: fixed + unit × V, the purchased part at least `minimum`."""

    fixed: float
    unit: float
    minimum: float = 0.0
    purchased: float = 0.0  # part of `unit` that the minimum covers

    def total(self, units: float) -> float:
        """Cost of a year.

        >>> CostLine(fixed=100.0, unit=2.0).total(50)
        200.0
        """
        return self.fixed + (self.unit - self.purchased) * units + max(self.purchased * units, self.minimum)

    def per_unit(self, units: float) -> float:
        """Variable cost of one unit at this volume; a minimum that is not used up makes each unit dearer."""
        return (self.total(units) - self.fixed) / units

    def per_correct_unit(self, units: float, *, errors: float, cost_of_an_error: float) -> float:
        """Whole cost of one correct unit at this volume, what errors cost included.

        >>> CostLine(fixed=29_240.0, unit=0.2855).per_correct_unit(500_000, errors=0.02, cost_of_an_error=0.5)
        0.3612...
        """
        return (self.total(units) + units * errors * cost_of_an_error) / (units * (1 - errors))


class Lines(Record):
    """Cost of each side as a function of volume; None where it cannot be told."""

    in_house: CostLine | None = None
    partner: CostLine | None = None
    crowd: CostLine | None = None


class Volume(Record):
    """Cost of a year at one volume."""

    units: float
    in_house: float | None
    partner: float | None
    crowd: float | None


class Yield(Record):
    """The most that an hour of work can earn at the quoted price, before margin, tools and checks."""

    per_hour: float
    needed: float | None = None
    living_wage: float | None = None
    source: str = ""
    is_below: bool | None = None
    warning: str = ""


Held = Literal["above", "within"]


class BudgetRecord(Record):
    """The budget of a year, and whether each total is above or within it; None where that total cannot be told."""

    amount: float
    in_house: Held | None = None
    partner: Held | None = None
    crowd: Held | None = None


class CostRecord(Record):
    """The cost comparison; `case` is None where an input that it needs is missing."""

    case: Case | None
    break_even: BreakEvenRecord | None
    changes: tuple[float, ...]
    per_unit: BySide
    per_correct_unit: BySide
    whole_per_unit: BySide
    currency: str
    units: float | None
    hourly_cost: float | None
    seasonal_hourly_cost: float | None
    attrition: float | None
    price_limit: float | None
    budget: BudgetRecord | None
    lines: Lines
    volumes: tuple[Volume, ...]
    hourly_yield: Yield | None
    defaults_used: tuple[UsedInput, ...]
    missing: tuple[MissingInput, ...]
    left_out: tuple[MissingInput, ...]


class EarlierModel(BaseModel):
    """The model that an earlier advice was made with."""

    sha256: str


class Earlier(BaseModel):
    """What an earlier advice is asked for; whatever else stands in its file, a later edition of the tool reads it."""

    schema_: Literal["vendor-eval/advise/1", "vendor-eval/advice/1"] = Field(alias="schema")
    as_of: str | None
    outcome: str
    totals: dict[str, float]
    profile: dict[str, FieldValue]
    model: EarlierModel


class Advice(Record):
    """What the advisor says of a profile."""

    schema_: str = Field(default=SCHEMA, alias="schema")
    title: str
    as_of: str | None
    model_type: str | None
    model: ScorecardIdentity
    outcome: str
    conflict: bool
    close_call: bool
    margin: float | None
    best: str
    runner_up: str | None
    totals: dict[str, float]
    removed: dict[str, tuple[str, ...]]
    automation_overlay: str
    overlay_removed_by: tuple[str, ...]
    crowd_option: Literal["barred", "permitted", "near_tie"]
    checklist: dict[str, tuple[int, int]]
    conditions: tuple[str, ...]
    ways_out: tuple[str, ...]
    flips: tuple[OutcomeChange, ...]
    factors: tuple[FactorRecord, ...]
    stability: float
    scorecard_weights: dict[str, int]
    criterion_weights: dict[str, dict[str, float]]
    preset: str | None
    tags: tuple[str, ...]
    context: dict[str, bool | str | tuple[str, ...]]
    context_open: tuple[str, ...]
    context_assumed: dict[str, bool | str | tuple[str, ...]]
    defaults_used: tuple[str, ...]
    warnings: tuple[str, ...]
    cost: CostRecord | None
    handover: HandoverRecord | None
    review_triggers: tuple[TriggerRecord, ...]
    changes: Changes | None
    profile: dict[str, FieldValue]
    options: tuple[OptionRecord, ...]
    constraints: tuple[ConstraintRecord, ...]
    checklist_lines: tuple[ChecklistLineRecord, ...]
    condition_notes: tuple[ConditionRecord, ...]
    definition: AdviceDefinition

    def option(self, name: str) -> OptionRecord:
        """Find an option by its id or its outcome."""
        return next(option for option in self.options if name in (option.id, option.outcome))

    @property
    def chosen(self) -> OptionRecord:
        """The option that won."""
        return self.option(self.outcome)

    def to_json(self) -> str:
        """Text of the advice: the same profile gives the same bytes."""
        content: dict[str, Any] = self.model_dump(mode="json", by_alias=True)
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
