"""sourcing.yaml as models: fields, options, constraints, factors and tables of the advisor."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Generic, Literal, TypeVar

import numpy as np
from pydantic import Field, model_validator

from vendor_eval.config.models import Fault, Frozen, Text
from vendor_eval.criteria import Criteria, Tag, Weights, add_deltas
from vendor_eval.criteria.conditions import ALWAYS, When
from vendor_eval.sourcing.kernel import Bools, Floats

Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0)]
_T = TypeVar("_T")
OPTIONS = ("in_house", "managed_partner", "in_house_then_scale", "crowd")
CROWD = "crowd"


class _ProfileField(Frozen):
    title: Text
    question: Text
    guide: Text = ""
    help: Text = ""


class ChoiceField(_ProfileField):
    type: Literal["choice"]
    values: dict[str, Text]
    default: Text | None = None


class SetField(_ProfileField):
    """Any of several values; none is an answer."""

    type: Literal["set"]
    values: dict[str, Text]
    default: tuple[Text, ...] | None = None


class BoolField(_ProfileField):
    type: Literal["bool"]
    default: bool | None = None


class FromUnits(Frozen):
    """Questions from whose answers full-time people can be worked out."""

    units_per_month: Text
    seconds_per_unit: Text
    rework: Text


class NumberField(_ProfileField):
    """A number of 0 or more; `try` are the values tried for what would change the answer."""

    type: Literal["number"]
    unit: Text = ""
    default: NotNegative | None = None
    tried: tuple[NotNegative, ...] = Field(default=(), alias="try")
    from_units: FromUnits | None = None


ProfileField = Annotated[ChoiceField | SetField | BoolField | NumberField, Field(discriminator="type")]


class Case(Frozen):
    """One line of a term: its value where `when` holds."""

    value: Text
    when: When = ALWAYS


class Check(Frozen):
    """Fields that contradict each other, or rarely occur in the same profile."""

    id: Text
    level: Literal["error", "warning"]
    when: When
    says: Text
    field: Text


class ByOption(Frozen, Generic[_T]):
    """A value for each of the four options, in the order of every output."""

    in_house: _T
    managed_partner: _T
    in_house_then_scale: _T
    crowd: _T

    def __getitem__(self, name: str) -> _T:
        value: _T = getattr(self, name)
        return value


class SourcingOption(Frozen):
    """A way to staff the work; without an outcome it is scored and never chosen."""

    title: Text
    says: Text
    outcome: Text | None = None


class FitChange(ByOption[float]):
    """Amounts that an adjustment adds to the fits."""

    in_house: float = 0
    managed_partner: float = 0
    in_house_then_scale: float = 0
    crowd: float = 0


class Reasoned(Frozen):
    """Something that has to give a quote of the guide, or a reason of its own."""

    quote: Text = ""
    reason: Text = ""
    source: Text = ""

    @model_validator(mode="after")
    def _is_reasoned(self) -> "Reasoned":
        if not self.quote and not self.reason and not self.source:
            raise Fault("missing-key", "give a quote of the guide, a source, or a reason of your own")
        return self

    @property
    def because(self) -> str:
        """The quote in quotation marks, and the reason."""
        return ". ".join(part for part in (f'"{self.quote}"' if self.quote else "", self.reason, self.source) if part)


class Rule(Reasoned):
    """A sentence that applies where a condition holds: a line of a checklist, a reason to take work back."""

    says: Text
    when: When


class Row(Rule):
    fit: ByOption[Share]
    when: When = ALWAYS


class Adjustment(Rule):
    """fit × times + plus, kept within 0 and 1, where a condition holds."""

    times: NotNegative = 1
    plus: FitChange = FitChange()


class FitTable(Frozen):
    """A table of fits: the first row that holds, then the adjustments."""

    rows: tuple[Row, ...]
    adjust: tuple[Adjustment, ...] = ()

    @cached_property
    def table(self) -> Floats:
        """Fits of the rows, (rows, options)."""
        return np.array([[row.fit[name] for name in OPTIONS] for row in self.rows])


class Factor(Reasoned):
    """A factor with its weight and its parts, whose mean counts."""

    id: Text
    title: Text
    weight: NotNegative
    parts: tuple[FitTable, ...]
    guide: Text = ""


class Constraint(Reasoned):
    """Removes options or overlays where a condition holds."""

    id: Text
    when: When
    removes: tuple[Text, ...]
    says: Text


class Overlay(Frozen):
    """How labels are made, whoever makes them."""

    id: Text
    title: Text
    when: When = ALWAYS


class Checklists(ByOption[tuple[Rule, ...]]):
    """Lines by option; an option may have none."""

    in_house: tuple[Rule, ...] = ()
    managed_partner: tuple[Rule, ...] = ()
    in_house_then_scale: tuple[Rule, ...] = ()
    crowd: tuple[Rule, ...] = ()


class OutcomeCondition(Reasoned):
    """A condition of some outcomes; without `outcomes`, of every outcome."""

    id: Text
    when: When
    says: Text
    outcomes: tuple[Text, ...] = ()
    questions: tuple[Text, ...] = ()


class StabilityRuns(Frozen):
    """How the weights and fits are shaken."""

    runs: Annotated[int, Field(ge=1)]
    weights: Share
    fits: Share
    seed: Annotated[int, Field(ge=0)]


class TagRule(Reasoned):
    """A tag of the scorecard that holds where a condition does; `delta` and `criteria` where the scorecard has none."""

    id: Text
    when: When
    delta: dict[str, float] = {}
    criteria: dict[str, Weights] = {}


class ScorecardWeights(Frozen):
    """From tags to the weights of the scorecard, by the tags of the scorecard where this has no floors of its own."""

    start_from: Text
    floors_reason: Text = ""
    floors: dict[str, Annotated[float, Field(ge=0, le=100)]] = {}
    tags: tuple[TagRule, ...]
    presets: dict[str, tuple[Text, ...]] = {}
    defaults_count: bool = True


class Measure(Frozen):
    """A measure of progress that a profile can state."""

    type: Literal["number", "bool"]
    question: Text


class GateRule(Reasoned):
    """A test before work is handed over."""

    id: Text
    says: Text
    when: When
    needed: bool


class Handover(Frozen):
    """Gates of an outcome that hands work over."""

    outcomes: tuple[Text, ...]
    gates: tuple[GateRule, ...]
    then: tuple[Text, ...] = ()
    back_out_says: Text = ""
    back_out: tuple[Rule, ...] = ()


class _Trigger(Reasoned):
    id: Text
    says: Text


class Changed(_Trigger):
    """A field or a term has another value than before."""

    type: Literal["changed"]
    field: Text


class Ratio(_Trigger):
    """A number grew or shrank by a factor."""

    type: Literal["ratio"]
    field: Text
    at_least: Annotated[float, Field(gt=1)]


class Added(_Trigger):
    """A set has a further member."""

    type: Literal["added"]
    field: Text


class Event(_Trigger):
    """The profile names it among its events."""

    type: Literal["event"]


class Months(_Trigger):
    """So many months have passed."""

    type: Literal["months"]
    at_least: Annotated[float, Field(gt=0)]


ReviewTrigger = Annotated[Changed | Ratio | Added | Event | Months, Field(discriminator="type")]


class Assumption(Frozen):
    """A number of the cost model that is the same for every profile."""

    value: Annotated[float, Field(gt=0)]
    source: Text


class CostInput(Frozen):
    """An input of the cost comparison: needed, or with a default, or left out where it is missing."""

    question: Text
    needed: bool = False
    default: float | str | None = None
    source: Text = ""
    quote: Text = ""


class Assumptions(Frozen):
    """Numbers of the cost model that are the same for every profile."""

    hours_per_year: Assumption
    weeks_per_year: Assumption
    productive_hours_per_month: Assumption
    span_of_a_lead: Assumption


class CostModel(Frozen):
    """Inputs of the cost comparison, with their questions; what a pay below the living wage means."""

    assumptions: Assumptions
    below_living_wage: Text = ""
    inputs: dict[str, CostInput]
    volumes: tuple[Annotated[float, Field(gt=0)], ...]
    workload_tolerance: Annotated[float, Field(ge=1)]


class SourcingFile(Frozen):
    """sourcing.yaml."""

    sourcing: Text
    title: Text
    version: Text
    guide: Text
    fields: dict[str, ProfileField]
    terms: dict[str, tuple[Case, ...]]
    checks: tuple[Check, ...]
    options: ByOption[SourcingOption]
    close_call: NotNegative
    near_edge: Share
    if_nothing_is_left: Literal["in_house", "managed_partner", "in_house_then_scale"]
    ways_out: tuple[Text, ...]
    stability: StabilityRuns
    constraints: tuple[Constraint, ...]
    overlays: tuple[Overlay, ...]
    overlays_title: Text = "Automation"
    factors: tuple[Factor, ...]
    checklists: Checklists
    conditions: tuple[OutcomeCondition, ...]
    scorecard: ScorecardWeights
    measures: dict[str, Measure]
    handover: Handover
    review_triggers: tuple[ReviewTrigger, ...]
    cost: CostModel
    limits: tuple[Text, ...]

    @cached_property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """Words of each field and term whose values are words."""
        fields = {n: tuple(f.values) for n, f in self.fields.items() if isinstance(f, ChoiceField | SetField)}
        return fields | {name: tuple(dict.fromkeys(case.value for case in cases)) for name, cases in self.terms.items()}


@dataclass(frozen=True)
class Sourcing:
    """The checked model of the advisor, and the scorecard that it gives weights and context."""

    file: SourcingFile
    criteria: Criteria

    @cached_property
    def weights(self) -> Floats:
        return np.array([factor.weight for factor in self.file.factors])

    @cached_property
    def outcomes(self) -> tuple[str | None, ...]:
        """Outcome of each option, None for one that is never chosen."""
        return tuple(self.file.options[name].outcome for name in OPTIONS)

    @cached_property
    def can_win(self) -> Bools:
        """Which options have an outcome, (options,)."""
        return np.array([outcome is not None for outcome in self.outcomes])

    @cached_property
    def tags(self) -> Mapping[str, Tag | TagRule]:
        """What each tag moves, by its id: as this file says, else as the scorecard does."""
        card = self.file.scorecard
        return {tag.id: tag for tag in card.tags} if card.floors else self.criteria.file.tags

    @property
    def floors(self) -> Mapping[str, float]:
        """Least points that tags leave a category."""
        return self.file.scorecard.floors or self.criteria.file.tag_floors

    @property
    def presets(self) -> Mapping[str, tuple[str, ...]]:
        """Tags of each preset of the scorecard."""
        scorecard = self.criteria.file
        tagged = {name: preset.tags for name, preset in scorecard.tagged_presets.items()}
        return self.file.scorecard.presets or {self.file.scorecard.start_from: (), **tagged}

    def points(self, tags: Sequence[str]) -> Mapping[str, float]:
        """Whole points of each category of the scorecard for a project with these tags."""
        start = self.criteria.file.presets[self.file.scorecard.start_from]
        start = {name: start.get(name, 0.0) for name in self.criteria.weighted_categories}
        return add_deltas(start, [self.tags[name].delta for name in tags], self.floors)

    @cached_property
    def sha256(self) -> str:
        """Hash over the meaning of the file: formatting and comments do not change it."""
        content = self.file.model_dump(mode="json", by_alias=True)
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
