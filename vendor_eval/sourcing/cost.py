"""Build or buy: cost per unit and per correct unit, and the volume at which the cheaper side changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field

from vendor_eval.config.models import Frozen, Text
from vendor_eval.results.advice import Case, CostLine

SECONDS = 3600.0
MONTHS = 12
# Sums and products of amounts stay numbers.
_MOST = 1e15
NotNegative = Annotated[float, Field(ge=0, le=_MOST)]
Positive = Annotated[float, Field(gt=0, le=_MOST)]
Share = Annotated[float, Field(ge=0, le=1)]
PartShare = Annotated[float, Field(ge=0, lt=1)]

_Cheaper = Literal["in_house", "partner"]


class InHouse(Frozen):
    wage: Positive | None = None
    expert_wage: Positive | None = None
    expert_share: Share | None = None
    benefits_share: PartShare | None = None
    productive_hours: Positive | None = None
    rework: Share | None = None
    inspection_share: Share | None = None
    inspection_effort: NotNegative | None = None
    tooling: NotNegative | None = None
    set_up: NotNegative | None = None
    lead_cost: NotNegative | None = None
    head_count: NotNegative | None = None
    engineer_hours: NotNegative | None = None
    attrition: NotNegative | None = None
    recruiting_cost: NotNegative | None = None
    training_hours: NotNegative | None = None


class Partner(Frozen):
    """Inputs of the cost of a partner, the buyer's own part included."""

    price: NotNegative | None = None
    billed_rework: Share | None = None
    minimum_commitment: NotNegative | None = None
    inspection_share: Share | None = None
    selection: NotNegative | None = None
    onboarding: NotNegative | None = None
    manager_cost: NotNegative | None = None
    manager_share: Share | None = None
    engineer_hours: NotNegative | None = None
    platform_fee: NotNegative | None = None
    set_up_fee: NotNegative | None = None
    set_up_weeks: NotNegative | None = None


class Automation(Frozen):
    """Labels that a model makes first in-house; a partner's are in its price."""

    share: Share | None = None
    time_saved: Share | None = None
    per_unit: NotNegative | None = None
    fixed: NotNegative | None = None


class Crowd(Frozen):
    raters: Annotated[float, Field(ge=1)] | None = None
    price: NotNegative | None = None
    gold_and_filtering: NotNegative | None = None
    fixed: NotNegative | None = None


class Errors(Frozen):
    """Shares of wrong labels, and the cost of an error."""

    in_house: PartShare | None = None
    partner: PartShare | None = None
    crowd: PartShare | None = None
    cost_of_an_error: NotNegative | None = None


class Season(Frozen):
    """Work that is not spread over the year."""

    peak_fte: Positive | None = None
    used_months: Positive | None = None
    contract_rate: Positive | None = None
    retraining: NotNegative | None = None


class WageFloor(Frozen):
    """Lowest fair pay of an hour of work where it is done."""

    amount: Positive | None = None
    margin: NotNegative | None = None
    source: Text | None = None


# A section whose lines are all comments is empty.
_BLANK = BeforeValidator(lambda value: {} if value is None else value)


class Cost(Frozen):
    """The `cost:` section of a profile; None where an input is not stated."""

    currency: Text | None = None
    units_per_year: Positive | None = None
    seconds_per_unit: Positive | None = None
    budget: Positive | None = None
    engineer_rate: NotNegative | None = None
    in_house: Annotated[InHouse, _BLANK] = InHouse()
    partner: Annotated[Partner, _BLANK] = Partner()
    automation: Annotated[Automation, _BLANK] = Automation()
    crowd: Annotated[Crowd, _BLANK] = Crowd()
    errors: Annotated[Errors, _BLANK] = Errors()
    season: Annotated[Season, _BLANK] = Season()
    living_wage: Annotated[WageFloor, _BLANK] = WageFloor()


def _inputs(model: type[Frozen], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Frozen):
            yield from _inputs(field.annotation, f"{name}.")
        else:
            yield f"{prefix}{name}", field.annotation


# Every input by its path, such as in_house.wage; sourcing.yaml asks a question for each.
INPUTS = tuple(name for name, _ in _inputs(Cost))
# Those that a sourcing.yaml of version 1 has no question for: they may be stated all the same.
SINCE_VERSION_2 = {n for n in INPUTS if n.startswith(("automation.", "budget", "in_house.expert_", "partner.set_up_"))}
# Those that run from 0 to 1.
SHARES = frozenset(name for name, kind in _inputs(Cost) if kind in (Share | None, PartShare | None))


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Which side is cheaper: always, or from a volume on; every volume at which the cheaper side changes."""

    case: Case
    changes: tuple[float, ...] = ()

    @property
    def units(self) -> float | None:
        return self.changes[-1] if self.changes else None


def break_even(in_house: CostLine, partner: CostLine) -> BreakEven:
    """Compare two costs over all volumes above 0.

    >>> break_even(CostLine(29_240, 0.2855), CostLine(61_620, 0.0675)).case
    'partner_above'
    >>> break_even(CostLine(130_000, 35.35), CostLine(80_740, 25.77))
    BreakEven(case='partner_always', changes=())
    """
    knee = partner.minimum / partner.purchased if partner.purchased else 0.0
    if partner.minimum and not partner.purchased:
        partner = replace(partner, fixed=partner.fixed + partner.minimum, minimum=0.0)
    sides: list[_Cheaper] = []
    changes: list[float] = []
    for start, end, fixed, unit in (
        (0.0, knee, partner.fixed + partner.minimum, partner.unit - partner.purchased),
        (knee, inf, partner.fixed, partner.unit),
    ):
        if start < end:
            for side, at in _cheaper(fixed - in_house.fixed, in_house.unit - unit, start, end):
                if not sides or side != sides[-1]:
                    changes += [at] if sides else []
                    sides.append(side)
    case = f"{sides[-1]}_{'above' if len(sides) > 1 else 'always'}" if sides else "equal"
    return BreakEven(cast("Case", case), tuple(changes))


def _cheaper(fixed: float, unit: float, start: float, end: float) -> Iterator[tuple[_Cheaper, float]]:
    """Cheaper side from `start` on, then from where it changes before `end`; nothing where both cost the same.

    `fixed` is what the partner costs more in fixed cost, `unit` what it costs less for each unit.
    """
    crossing = fixed / unit if unit else inf
    inside = start < crossing < end
    first = (start + crossing) / 2 if inside else start + 1 if end == inf else (start + end) / 2
    before = fixed - unit * first
    if before:
        yield ("in_house" if before > 0 else "partner"), start
    if inside:
        yield ("partner" if unit > 0 else "in_house"), crossing
