"""The cost comparison of a profile: every figure that its inputs allow, and by name what is missing."""

from dataclasses import dataclass, field
from math import fsum, isnan, nan

from vendor_eval.results.advice import (
    BreakEvenRecord,
    BySide,
    CostLine,
    CostRecord,
    Lines,
    MissingInput,
    UsedInput,
    Volume,
    Yield,
)
from vendor_eval.sourcing.cost import SECONDS, BreakEven, Cost, Line, break_even
from vendor_eval.sourcing.model import CostModel

# ------------------------------------------------------------------------------------------------ inputs


@dataclass
class _Inputs:
    """Values of the inputs by path; a needed one that is missing is remembered, and its value is no number."""

    cost: Cost
    model: CostModel
    used: dict[str, UsedInput] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def given(self, path: str) -> float | None:
        """Look up the value as the profile gives it."""
        section, _, name = path.rpartition(".")
        value: float | None = getattr(getattr(self.cost, section) if section else self.cost, name)
        return value

    def value(self, path: str) -> float:
        """Look up the value, else its default, else 0 where it may be left out."""
        given, entry = self.given(path), self.model.inputs[path]
        if given is not None:
            return given
        if isinstance(entry.default, int | float):
            self.used[path] = UsedInput(name=path, question=entry.question, value=entry.default, source=entry.source)
            return entry.default
        if entry.needed:
            return self.needed(path)
        if path not in self.left_out:
            self.left_out.append(path)
        return 0.0

    def needed(self, path: str) -> float:
        """Look up the value; missing where the profile does not give it and there is no default."""
        if self.given(path) is None and self.model.inputs[path].default is None:
            if path not in self.missing:
                self.missing.append(path)
            return nan
        return self.value(path)

    def has(self, *paths: str) -> bool:
        """Whether the profile gives any of these."""
        return any(self.given(path) is not None for path in paths)

    def named(self, paths: list[str]) -> tuple[MissingInput, ...]:
        """List inputs with their questions, in the order in which they are asked."""
        return tuple(
            MissingInput(name=name, question=entry.question)
            for name, entry in self.model.inputs.items()
            if name in paths
        )


@dataclass(frozen=True, slots=True)
class _Rates:
    """What an hour and a unit of in-house work take."""

    hour: float  # cost of a productive hour over the year
    worked_hour: float  # the same for the hours of a season, where there is one
    unit_hours: float  # hours of hands-on time for one unit
    rework: float
    effort: float
    productive_hours: float


def compare_costs(cost: Cost, model: CostModel) -> CostRecord:
    """Compare in-house, partner and crowd by the cost model of a profile."""
    inputs = _Inputs(cost, model)
    units = inputs.value("units_per_year")
    rates = _rates(inputs)
    attrition = _attrition(inputs, units, rates)
    lines = {
        "in_house": _in_house(inputs, units, rates, attrition),
        "partner": _partner(inputs, rates),
        "crowd": _crowd(inputs),
    }
    found = _break_even(lines)
    return CostRecord(
        case=found.case if found else None,
        break_even=_in_work(found, rates),
        changes=found.changes if found else (),
        per_unit=BySide(**{side: _known(_per_unit(line, units)) for side, line in lines.items()}),
        per_correct_unit=BySide(**{side: _correct(inputs, side, line, units) for side, line in lines.items()}),
        whole_per_unit=BySide(**{side: _known(line.total(units) / units) for side, line in lines.items() if line}),
        currency=_currency(inputs),
        units=_known(units),
        hourly_cost=_known(rates.hour),
        seasonal_hourly_cost=_known(rates.worked_hour) if rates.worked_hour != rates.hour else None,
        attrition=_known(attrition) if inputs.has("in_house.attrition") else None,
        price_limit=_price_limit(inputs, lines),
        lines=Lines(**{side: _line_record(line) for side, line in lines.items()}),
        volumes=_volumes(lines, units, found, model),
        hourly_yield=_yield(inputs),
        defaults_used=tuple(inputs.used.values()),
        missing=inputs.named(inputs.missing),
        left_out=inputs.named(inputs.left_out),
    )


def _currency(inputs: _Inputs) -> str:
    entry = inputs.model.inputs["currency"]
    if inputs.cost.currency is None:
        inputs.used["currency"] = UsedInput(
            name="currency", question=entry.question, value=str(entry.default), source=entry.source
        )
    return inputs.cost.currency or str(entry.default)


def _rates(inputs: _Inputs) -> _Rates:
    loaded = _loaded_wage(inputs)
    productive = inputs.value("in_house.productive_hours")
    hour = loaded * inputs.model.assumptions.hours_per_year.value / productive
    return _Rates(
        hour=hour,
        worked_hour=_worked_hour(inputs, hour),
        unit_hours=inputs.value("seconds_per_unit") / SECONDS,
        rework=inputs.value("in_house.rework"),
        effort=inputs.value("in_house.inspection_effort"),
        productive_hours=productive,
    )


def _loaded_wage(inputs: _Inputs) -> float:
    """Wage and benefits of a paid hour."""
    return inputs.value("in_house.wage") / (1 - inputs.value("in_house.benefits_share"))


def _worked_hour(inputs: _Inputs, hour: float) -> float:
    """Cost of an hour that is really used: a team for the peak is paid all year, seasonal staff by contract."""
    if inputs.has("season.contract_rate"):
        return inputs.value("season.contract_rate")
    if not inputs.has("season.peak_fte", "season.used_months"):
        return hour
    months = 12
    return hour * inputs.needed("season.peak_fte") * months / inputs.needed("season.used_months")


def _head_count(inputs: _Inputs, units: float, rates: _Rates) -> float:
    if inputs.has("in_house.head_count"):
        return inputs.value("in_house.head_count")
    if inputs.has("season.peak_fte"):
        return inputs.value("season.peak_fte")
    return units * rates.unit_hours * (1 + rates.rework) / rates.productive_hours


def _attrition(inputs: _Inputs, units: float, rates: _Rates) -> float:
    """Cost of replacing those who leave in a year: recruiting, and training at the loaded wage."""
    if not inputs.has("in_house.attrition"):
        return inputs.value("in_house.attrition")
    training = inputs.value("in_house.training_hours") * _loaded_wage(inputs)
    replacement = inputs.needed("in_house.recruiting_cost") + training
    return inputs.value("in_house.attrition") * _head_count(inputs, units, rates) * replacement


def _in_house(inputs: _Inputs, units: float, rates: _Rates, attrition: float) -> Line:
    lead = inputs.value("in_house.lead_cost")
    if lead:
        lead *= _head_count(inputs, units, rates) / inputs.model.assumptions.span_of_a_lead.value
    fixed = [
        inputs.value("in_house.tooling"),
        inputs.value("in_house.set_up"),
        lead,
        _engineer(inputs, "in_house.engineer_hours"),
        attrition,
    ]
    if inputs.has("season.contract_rate"):
        fixed.append(inputs.value("season.retraining") * inputs.needed("season.peak_fte"))
    unit = rates.unit_hours * rates.worked_hour
    inspection = inputs.value("in_house.inspection_share") * rates.effort
    return Line(fsum(fixed), unit * (1 + rates.rework) + unit * inspection)


def _partner(inputs: _Inputs, rates: _Rates) -> Line:
    fixed = [
        inputs.value("partner.selection"),
        inputs.value("partner.onboarding"),
        inputs.value("partner.manager_cost") * inputs.value("partner.manager_share"),
        _engineer(inputs, "partner.engineer_hours"),
        inputs.value("partner.platform_fee"),
    ]
    billed = 1 + inputs.value("partner.billed_rework")
    purchased = inputs.value("partner.price") * billed
    inspection = inputs.value("partner.inspection_share") * rates.effort * rates.unit_hours * rates.hour
    minimum = inputs.value("partner.minimum_commitment") * billed
    return Line(fsum(fixed), purchased + inspection, minimum, purchased)


def _crowd(inputs: _Inputs) -> Line | None:
    if not inputs.has("crowd.raters", "crowd.price"):
        inputs.left_out.append("crowd.price")
        return None
    unit = inputs.needed("crowd.raters") * inputs.needed("crowd.price") + inputs.value("crowd.gold_and_filtering")
    return Line(inputs.value("crowd.fixed"), unit)


def _engineer(inputs: _Inputs, hours: str) -> float:
    weeks = inputs.model.assumptions.weeks_per_year.value
    return inputs.value(hours) * inputs.value("engineer_rate") * weeks


# ------------------------------------------------------------------------------------------------ figures


def _known(number: float | None) -> float | None:
    return None if number is None or isnan(number) else number


def _is_known(line: Line | None) -> bool:
    return line is not None and not any(isnan(part) for part in (line.fixed, line.unit, line.minimum, line.purchased))


def _per_unit(line: Line | None, units: float) -> float | None:
    if line is None:
        return None
    return line.unit if isnan(units) or not line.minimum else line.per_unit(units)


def _correct(inputs: _Inputs, side: str, line: Line | None, units: float) -> float | None:
    if line is None or not inputs.has("errors.in_house", "errors.partner", "errors.crowd"):
        return None
    errors, cost = inputs.needed(f"errors.{side}"), inputs.needed("errors.cost_of_an_error")
    return _known(line.per_correct_unit(units, errors=errors, cost_of_an_error=cost))


def _break_even(lines: dict[str, Line | None]) -> BreakEven | None:
    in_house, partner = lines["in_house"], lines["partner"]
    if in_house is None or partner is None or not (_is_known(in_house) and _is_known(partner)):
        return None
    return break_even(in_house, partner)


def _in_work(found: BreakEven | None, rates: _Rates) -> BreakEvenRecord | None:
    if found is None or found.units is None:
        return None
    hours = found.units * rates.unit_hours * (1 + rates.rework)
    return BreakEvenRecord(units=found.units, hours=hours, fte=hours / rates.productive_hours)


def _price_limit(inputs: _Inputs, lines: dict[str, Line | None]) -> float | None:
    """Quoted price at which the partner's edge on each unit is gone."""
    in_house, partner = lines["in_house"], lines["partner"]
    if in_house is None or partner is None:
        return None
    room = in_house.unit - (partner.unit - partner.purchased)
    return _known(room / (1 + inputs.value("partner.billed_rework")))


def _line_record(line: Line | None) -> CostLine | None:
    if line is None or not _is_known(line):
        return None
    return CostLine(fixed=line.fixed, unit=line.unit, minimum=line.minimum, purchased=line.purchased)


def _volumes(
    lines: dict[str, Line | None], units: float, found: BreakEven | None, model: CostModel
) -> tuple[Volume, ...]:
    if isnan(units):
        return ()
    at = sorted({*(units * times for times in model.volumes), *(found.changes if found else ())})
    return tuple(
        Volume(units=v, **{side: _known(line.total(v)) if line else None for side, line in lines.items()}) for v in at
    )


def _yield(inputs: _Inputs) -> Yield | None:
    price, seconds = inputs.given("partner.price"), inputs.given("seconds_per_unit")
    if price is None or seconds is None:
        return None
    per_hour = price * SECONDS / seconds
    wage = inputs.cost.living_wage
    if wage.amount is None:
        inputs.left_out.append("living_wage.amount")
        return Yield(per_hour=per_hour)
    needed = wage.amount * (1 + (wage.margin or 0.0))
    return Yield(
        per_hour=per_hour,
        needed=needed,
        living_wage=wage.amount,
        source=wage.source or "",
        is_below=per_hour < needed,
    )
