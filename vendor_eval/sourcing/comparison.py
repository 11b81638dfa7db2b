"""The cost comparison of a profile: every figure that its inputs allow, and the names of missing inputs."""

from dataclasses import dataclass, field
from math import fsum, isnan, nan
from operator import attrgetter

from vendor_eval.results import advice as records
from vendor_eval.sourcing.cost import MONTHS, SECONDS, BreakEven, Cost, break_even
from vendor_eval.sourcing.model import CostInput, CostModel

_AUTOMATION = ("automation.share", "automation.time_saved", "automation.per_unit", "automation.fixed")


@dataclass
class _Inputs:
    """Values of the inputs by path; a required one that is missing is recorded, and its value is NaN."""

    cost: Cost
    model: CostModel
    used: dict[str, records.UsedInput] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def entry(self, path: str) -> CostInput:
        return self.model.inputs.get(path, CostInput(question=path))

    def stated(self, path: str) -> float | None:
        value: float | None = attrgetter(path)(self.cost)
        return value

    def value(self, path: str) -> float:
        """Look up the value, else its default, else 0 where it may be left out."""
        stated, entry = self.stated(path), self.entry(path)
        if stated is not None:
            return stated
        if isinstance(entry.default, int | float):
            self.use_default(path, entry.default)
            return entry.default
        if entry.needed:
            return self.needed(path)
        if path not in self.left_out:
            self.left_out.append(path)
        return 0.0

    def use_default(self, path: str, default: float | str) -> None:
        entry = self.entry(path)
        self.used[path] = records.UsedInput(name=path, question=entry.question, value=default, source=entry.source)

    def needed(self, path: str) -> float:
        """Look up the value; missing where the profile does not state it and there is no default."""
        if self.stated(path) is None and self.entry(path).default is None:
            if path not in self.missing:
                self.missing.append(path)
            return nan
        return self.value(path)

    def has(self, *paths: str) -> bool:
        return any(self.stated(path) is not None for path in paths)

    def questions(self, paths: list[str]) -> tuple[records.MissingInput, ...]:
        """List inputs with their questions, in the order in which they are asked."""
        order = sorted(paths, key=[*self.model.inputs, *paths].index)
        return tuple(records.MissingInput(name=name, question=self.entry(name).question) for name in order)


@dataclass(frozen=True, slots=True)
class _Rates:
    loaded: float  # wage and benefits of a paid hour
    hour: float  # cost of a productive hour over the year
    worked_hour: float  # the same for the hours of a season, where there is one
    unit_hours: float  # hours of hands-on time for one unit
    label_hours: float  # the same in-house, where a model labels some units first
    rework: float
    effort: float
    productive_hours: float


def compare_costs(cost: Cost, model: CostModel) -> records.CostRecord:
    """Compare in-house, partner and crowd by the cost model of a profile."""
    inputs = _Inputs(cost, model)
    units = inputs.value("units_per_year")
    rates = _rates(inputs)
    attrition = _attrition(inputs, units, rates)
    in_house, partner = _in_house(inputs, units, rates, attrition), _partner(inputs, rates)
    lines = {"in_house": in_house, "partner": partner, "crowd": _crowd(inputs)}
    crossing = break_even(in_house, partner) if _known_line(in_house) and _known_line(partner) else None
    # The quoted price, rework included, at which the partner's edge on a unit is gone.
    edge = in_house.unit - (partner.unit - partner.purchased)
    return records.CostRecord(
        case=crossing.case if crossing else None,
        break_even=_in_work(crossing, rates),
        changes=crossing.changes if crossing else (),
        per_unit=records.BySide(
            **{
                side: _known(line.unit if isnan(units) or not line.minimum else line.per_unit(units))
                for side, line in lines.items()
                if line
            }
        ),
        per_correct_unit=records.BySide(
            **{side: _correct(inputs, side, line, units) for side, line in lines.items() if line}
        ),
        whole_per_unit=records.BySide(
            **{side: _known(line.total(units) / units) for side, line in lines.items() if line}
        ),
        currency=_currency(inputs),
        units=_known(units),
        hourly_cost=_known(rates.hour),
        seasonal_hourly_cost=_known(rates.worked_hour) if rates.worked_hour != rates.hour else None,
        attrition=_known(attrition) if inputs.has("in_house.attrition") else None,
        price_limit=_known(edge / (1 + inputs.value("partner.billed_rework"))),
        budget=_budget(inputs, lines, units),
        lines=records.Lines(**{side: _known_line(line) for side, line in lines.items()}),
        volumes=_volumes(lines, units, crossing, model),
        hourly_yield=_yield(inputs),
        defaults_used=tuple(inputs.used.values()),
        missing=inputs.questions(inputs.missing),
        left_out=inputs.questions(inputs.left_out),
    )


def _currency(inputs: _Inputs) -> str:
    default = str(inputs.model.inputs["currency"].default)
    if inputs.cost.currency is None:
        inputs.use_default("currency", default)
    return inputs.cost.currency or default


def _rates(inputs: _Inputs) -> _Rates:
    wage = inputs.value("in_house.wage")
    if inputs.has("in_house.expert_wage", "in_house.expert_share"):
        experts = inputs.needed("in_house.expert_share")
        wage = (1 - experts) * wage + experts * inputs.needed("in_house.expert_wage")
    loaded = wage / (1 - inputs.value("in_house.benefits_share"))
    productive = inputs.value("in_house.productive_hours")
    hour = worked_hour = loaded * inputs.model.assumptions.hours_per_year.value / productive
    # An hour that is really used: a team for the peak is paid all year, seasonal staff by contract.
    if inputs.has("season.contract_rate"):
        worked_hour = inputs.value("season.contract_rate")
    elif inputs.has("season.peak_fte", "season.used_months"):
        worked_hour = hour * inputs.needed("season.peak_fte") * MONTHS / inputs.needed("season.used_months")
    unit_hours = inputs.value("seconds_per_unit") / SECONDS
    saved = 0.0
    if inputs.has(*_AUTOMATION):
        saved = inputs.needed("automation.share") * inputs.needed("automation.time_saved")
    return _Rates(
        loaded=loaded,
        hour=hour,
        worked_hour=worked_hour,
        unit_hours=unit_hours,
        label_hours=unit_hours * (1 - saved),
        rework=inputs.value("in_house.rework"),
        effort=inputs.value("in_house.inspection_effort"),
        productive_hours=productive,
    )


def _head_count(inputs: _Inputs, units: float, rates: _Rates) -> float:
    for path in ("in_house.head_count", "season.peak_fte"):
        if inputs.has(path):
            return inputs.value(path)
    return units * rates.label_hours * (1 + rates.rework) / rates.productive_hours


def _attrition(inputs: _Inputs, units: float, rates: _Rates) -> float:
    """Cost of replacing those who leave in a year: recruiting, and training at the loaded wage."""
    if not inputs.has("in_house.attrition"):
        return inputs.value("in_house.attrition")
    training = inputs.value("in_house.training_hours") * rates.loaded
    replacement = inputs.needed("in_house.recruiting_cost") + training
    return inputs.value("in_house.attrition") * _head_count(inputs, units, rates) * replacement


def _in_house(inputs: _Inputs, units: float, rates: _Rates, attrition: float) -> records.CostLine:
    lead = inputs.value("in_house.lead_cost")
    if lead:
        lead *= _head_count(inputs, units, rates) / inputs.model.assumptions.span_of_a_lead.value
    equipment = inputs.value("in_house.tooling"), inputs.value("in_house.set_up")
    fixed = [*equipment, lead, _engineer(inputs, "in_house.engineer_hours"), attrition]
    if inputs.has("season.contract_rate"):
        fixed.append(inputs.value("season.retraining") * inputs.needed("season.peak_fte"))
    labels = 0.0
    if inputs.has(*_AUTOMATION):
        fixed.append(inputs.value("automation.fixed"))
        labels = inputs.needed("automation.share") * inputs.value("automation.per_unit")
    inspection = inputs.value("in_house.inspection_share") * rates.effort * rates.unit_hours
    hours = rates.label_hours * (1 + rates.rework) + inspection
    return records.CostLine(fsum(fixed), hours * rates.worked_hour + labels)


def _partner(inputs: _Inputs, rates: _Rates) -> records.CostLine:
    fixed = [
        inputs.value("partner.selection"),
        inputs.value("partner.onboarding"),
        inputs.value("partner.manager_cost") * inputs.value("partner.manager_share"),
        _engineer(inputs, "partner.engineer_hours"),
        inputs.value("partner.platform_fee"),
        inputs.value("partner.set_up_fee"),
    ]
    billed = 1 + inputs.value("partner.billed_rework")
    purchased = inputs.value("partner.price") * billed
    inspection = inputs.value("partner.inspection_share") * rates.effort * rates.unit_hours * rates.hour
    minimum = inputs.value("partner.minimum_commitment") * billed
    return records.CostLine(fsum(fixed), purchased + inspection, minimum, purchased)


def _crowd(inputs: _Inputs) -> records.CostLine | None:
    if not inputs.has("crowd.raters", "crowd.price"):
        inputs.left_out.append("crowd.price")
        return None
    unit = inputs.needed("crowd.raters") * inputs.needed("crowd.price") + inputs.value("crowd.gold_and_filtering")
    return records.CostLine(inputs.value("crowd.fixed"), unit)


def _engineer(inputs: _Inputs, hours: str) -> float:
    weeks = inputs.model.assumptions.weeks_per_year.value
    return inputs.value(hours) * inputs.value("engineer_rate") * weeks


def _known(number: float | None) -> float | None:
    return None if number is None or isnan(number) else number


def _correct(inputs: _Inputs, side: str, line: records.CostLine, units: float) -> float | None:
    if not inputs.has("errors.in_house", "errors.partner", "errors.crowd"):
        return None
    errors, cost = inputs.needed(f"errors.{side}"), inputs.needed("errors.cost_of_an_error")
    return _known(line.per_correct_unit(units, errors=errors, cost_of_an_error=cost))


def _in_work(crossing: BreakEven | None, rates: _Rates) -> records.BreakEvenRecord | None:
    if crossing is None or crossing.units is None:
        return None
    hours = crossing.units * rates.label_hours * (1 + rates.rework)
    return records.BreakEvenRecord(units=crossing.units, hours=hours, fte=hours / rates.productive_hours)


def _budget(inputs: _Inputs, lines: dict[str, records.CostLine | None], units: float) -> records.BudgetRecord | None:
    amount = inputs.stated("budget")
    if amount is None:
        return None
    totals = {side: _known(line.total(units)) for side, line in lines.items() if line}
    held = {side: "above" if total > amount else "within" for side, total in totals.items() if total is not None}
    return records.BudgetRecord(amount=amount, **held)


def _known_line(line: records.CostLine | None) -> records.CostLine | None:
    is_known = line and not any(isnan(part) for part in (line.fixed, line.unit, line.minimum, line.purchased))
    return line if is_known else None


def _volumes(
    lines: dict[str, records.CostLine | None], units: float, crossing: BreakEven | None, model: CostModel
) -> tuple[records.Volume, ...]:
    if isnan(units):
        return ()
    at = sorted({*(units * times for times in model.volumes), *(crossing.changes if crossing else ())})
    sides = lines.items()
    return tuple(
        records.Volume(units=v, **{side: _known(line.total(v)) if line else None for side, line in sides}) for v in at
    )


def _yield(inputs: _Inputs) -> records.Yield | None:
    price, seconds = inputs.stated("partner.price"), inputs.stated("seconds_per_unit")
    if price is None or seconds is None:
        return None
    per_hour = price * SECONDS / seconds
    wage = inputs.cost.living_wage
    if wage.amount is None:
        inputs.left_out.append("living_wage.amount")
        return records.Yield(per_hour=per_hour)
    needed = wage.amount * (1 + (wage.margin or 0.0))
    is_below = per_hour < needed
    details = {"source": wage.source or "", "warning": inputs.model.below_living_wage if is_below else ""}
    return records.Yield(per_hour=per_hour, needed=needed, living_wage=wage.amount, is_below=is_below, **details)
