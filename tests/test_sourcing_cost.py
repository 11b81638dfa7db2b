"""Build or buy: the worked cases of the specification to the printed digit, and each break-even at its edge."""

import itertools
from copy import deepcopy

import pytest
from hypothesis import given, strategies as st
from sourcing_builders import MINIMAL, MODEL

from vendor_eval import advise
from vendor_eval.issues import InputError
from vendor_eval.reports.wording.advice import cost_notes
from vendor_eval.results.advice import CostLine
from vendor_eval.sourcing.comparison import compare_costs
from vendor_eval.sourcing.cost import INPUTS, BreakEven, Cost, break_even

# A: boxes. B: expert preference pairs; recruiting and a programme lead stand in set_up.
BOXES = {
    "currency": "USD",
    "units_per_year": 500_000,
    "seconds_per_unit": 20,
    "engineer_rate": 95,
    "in_house": {
        "wage": 22,
        "rework": 0.08,
        "inspection_share": 0.10,
        "inspection_effort": 0.6,
        "tooling": 6_000,
        "set_up": 5_000,
        "engineer_hours": 4,
    },
    "partner": {
        "price": 0.06,
        "inspection_share": 0.05,
        "manager_cost": 130_000,
        "manager_share": 0.25,
        "onboarding": 20_000,
        "engineer_hours": 2,
    },
}
PAIRS = {
    "units_per_year": 5_000,
    "seconds_per_unit": 720,
    "engineer_rate": 95,
    "in_house": {
        "wage": 75,
        "rework": 0.05,
        "inspection_share": 0.20,
        "inspection_effort": 0.5,
        "tooling": 30_000,
        "set_up": 81_760,
        "engineer_hours": 4,
    },
    "partner": {
        "price": 25,
        "inspection_share": 0.05,
        "manager_cost": 130_000,
        "manager_share": 0.25,
        "onboarding": 30_000,
        "engineer_hours": 4,
    },
}


def _case(base, **changes):
    """Compare costs with some inputs changed; `partner__price` is the price in the section of the partner."""
    inputs = deepcopy(base)
    for name, value in changes.items():
        section, _, key = name.rpartition("__")
        (inputs.setdefault(section, {}) if section else inputs)[key] = value
    return compare_costs(Cost.model_validate(inputs), MODEL.file.cost)


# ------------------------------------------------------------------------------------------------ A to E


def test_case_a_boxes():
    found = _case(BOXES)
    assert f"{found.hourly_cost:.2f}" == "45.08"
    assert (f"{found.per_unit.in_house:.4f}", f"{found.per_unit.partner:.4f}") == ("0.2855", "0.0675")
    assert (found.lines.in_house.fixed, found.lines.partner.fixed) == (29_240, 61_620)
    assert found.case == "partner_above"
    at = found.break_even
    assert (round(at.units, -2), round(at.hours, -1), f"{at.fte:.1f}") == (148_500, 890, "0.6")


@pytest.mark.parametrize(
    ("units", "digits", "in_house", "partner"),
    [(50_000, -2, 43_500, 65_000), (500_000, -2, 172_000, 95_400), (2_000_000, -2, 600_300, 196_600)],
)
def test_case_a_totals(units, digits, in_house, partner):
    lines = _case(BOXES).lines
    totals = [round(line.total(units), digits) for line in (lines.in_house, lines.partner)]
    assert totals == [in_house, partner]


@pytest.mark.parametrize(("price", "units"), [(0.02, 125_500), (0.12, 204_900), (0.25, 1_160_000)])
def test_case_a_by_price(price, units):
    found = _case(BOXES, partner__price=price)
    assert found.case == "partner_above"
    assert float(f"{found.break_even.units:.{3 if units > 1e6 else 4}g}") == units


def test_case_a_at_thirty_cents_in_house_always_wins():
    assert _case(BOXES, partner__price=0.30).case == "in_house_always"


def test_case_b_experts():
    found = _case(PAIRS)
    assert f"{found.hourly_cost:.2f}" == "153.69"
    assert (f"{found.per_unit.in_house:.2f}", f"{found.per_unit.partner:.2f}") == ("35.35", "25.77")
    assert (found.lines.in_house.fixed, found.lines.partner.fixed) == (130_000, 80_740)
    assert (found.case, found.break_even) == ("partner_always", None)


def test_case_b2_experts_already_employed():
    found = _case(PAIRS, in_house__set_up=0)
    assert found.lines.in_house.fixed == 48_240
    assert (found.case, round(found.break_even.units, -1)) == ("partner_above", 3_390)
    assert f"{found.price_limit:.2f}" == "34.58"


def test_case_c_a_season_with_permanent_staff():
    found = _case(BOXES, season__peak_fte=18, season__used_months=18 * 4)
    assert (f"{found.seasonal_hourly_cost:.2f}", f"{found.hourly_cost:.2f}") == ("135.25", "45.08")
    assert found.per_unit.in_house == pytest.approx(3 * _case(BOXES).per_unit.in_house)
    assert found.per_unit.partner == _case(BOXES).per_unit.partner


def test_a_season_with_contract_staff_takes_their_rate_and_retraining():
    found = _case(BOXES, season__peak_fte=18, season__contract_rate=60, season__retraining=500)
    assert found.per_unit.in_house == pytest.approx(20 / 3600 * 60 * (1.08 + 0.06))
    assert found.lines.in_house.fixed == 29_240 + 18 * 500


ERRORS = {
    0: ("0.351", "0.197", "0.183"),
    0.50: ("0.361", "0.212", "0.226"),
    2: ("0.392", "0.259", "0.357"),
    10: ("0.555", "0.506", "1.052"),
}


@pytest.mark.parametrize("cost_of_an_error", ERRORS)
def test_case_d_errors(cost_of_an_error):
    found = _case(
        BOXES,
        crowd={"raters": 3, "price": 0.036, "fixed": 30_000},
        errors={"in_house": 0.02, "partner": 0.03, "crowd": 0.08, "cost_of_an_error": cost_of_an_error},
    )
    by_side = found.per_correct_unit
    shown = tuple(f"{cost:.3f}" for cost in (by_side.in_house, by_side.partner, by_side.crowd))
    assert shown == ERRORS[cost_of_an_error]


@pytest.mark.parametrize(("attrition", "cost"), [(0.10, 7_300), (0.30, 21_800), (0.45, 32_700)])
def test_case_e_attrition(attrition, cost):
    found = _case(BOXES, in_house__attrition=attrition, in_house__head_count=10, in_house__recruiting_cost=6_000)
    assert round(found.attrition, -2) == cost
    assert found.lines.in_house.fixed == pytest.approx(29_240 + found.attrition)


@pytest.mark.parametrize(("price", "per_hour"), [(0.06, 10.80), (0.02, 3.60)])
def test_the_hourly_yield_of_a_price(price, per_hour):
    assert _case(BOXES, partner__price=price).hourly_yield.per_hour == pytest.approx(per_hour)


def test_a_yield_under_the_living_wage_with_its_margin_is_flagged():
    wage = {"amount": 9.0, "margin": 0.25, "source": "a survey"}
    found = _case(BOXES, living_wage=wage).hourly_yield
    assert (found.needed, found.is_below, found.source) == (11.25, True, "a survey")
    assert found.warning == "That is a labor flag (ENG-15, LAB-01), no bargain"
    enough = _case(BOXES, living_wage={"amount": 9.0}).hourly_yield
    assert (enough.is_below, enough.warning) == (False, "")


def test_experts_raise_the_wage_by_their_share():
    found = _case(BOXES, in_house__expert_wage=75, in_house__expert_share=0.2)
    wage = 0.8 * 22 + 0.2 * 75
    assert found.hourly_cost == pytest.approx(wage / 0.7 * 2080 / 1450)
    missing = _case(BOXES, in_house__expert_wage=75).missing
    assert [one.name for one in missing] == ["in_house.expert_share"]


def test_labels_of_a_model_save_time_in_house_alone():
    model = {"share": 0.6, "time_saved": 0.5, "per_unit": 0.004, "fixed": 9_000}
    plain, found = _case(BOXES), _case(BOXES, automation=model)
    hour = 20 / 3600 * plain.hourly_cost
    assert found.lines.in_house.unit == pytest.approx(hour * 0.7 * 1.08 + hour * 0.06 + 0.6 * 0.004)
    assert found.lines.in_house.fixed == 29_240 + 9_000
    assert found.lines.partner == plain.lines.partner
    at = found.break_even
    assert at.hours == pytest.approx(at.units * 20 / 3600 * 0.7 * 1.08)
    assert {one.name for one in _case(BOXES, automation={"fixed": 1}).missing} == {
        "automation.share",
        "automation.time_saved",
    }


def test_each_total_is_held_against_the_budget():
    found = _case(BOXES, budget=100_000)
    assert (found.budget.amount, found.budget.in_house, found.budget.partner) == (100_000, "above", "within")
    assert found.budget.crowd is None
    assert _case(BOXES).budget is None
    said = [line for line in cost_notes(found) if "budget" in line]
    assert said == ["Of the budget of USD 100,000 a year, in-house is above and the partner is within"]


def test_a_set_up_fee_is_part_of_what_a_partner_costs():
    assert _case(BOXES, partner__set_up_fee=7_500).lines.partner.fixed == 61_620 + 7_500


def test_a_partner_that_starts_after_the_first_batch_is_warned_about():
    late = {**MINIMAL, "weeks_to_first_batch": 6, "cost": {**BOXES, "partner": {"set_up_weeks": 8}}}
    assert any("set_up_weeks = 8" in warning for warning in advise(late).warnings)
    in_time = {**late, "weeks_to_first_batch": 8}
    assert not any("set_up_weeks" in warning for warning in advise(in_time).warnings)


# ------------------------------------------------------------------------------------------------ break-even


@pytest.mark.parametrize(
    ("more_fixed", "less_per_unit", "case", "units"),
    [
        (100, 2, "partner_above", 50),
        (0, 2, "partner_always", None),
        (-100, 2, "partner_always", None),
        (-100, 0, "partner_always", None),
        (-100, -2, "in_house_above", 50),
        (0, -2, "in_house_always", None),
        (100, -2, "in_house_always", None),
        (100, 0, "in_house_always", None),
        (0, 0, "equal", None),
    ],
)
def test_each_case_of_the_break_even_at_its_edge(more_fixed, less_per_unit, case, units):
    """`more_fixed` is ΔF, what the partner costs more; `less_per_unit` is Δv, what it saves on a unit."""
    found = break_even(CostLine(1000, 10), CostLine(1000 + more_fixed, 10 - less_per_unit))
    assert (found.case, found.units) == (case, units)


def test_a_minimum_commitment_moves_the_break_even_up():
    free, bound = _case(BOXES), _case(BOXES, partner__minimum_commitment=20_000)
    assert bound.break_even.units > free.break_even.units
    at = bound.break_even.units
    assert bound.lines.in_house.total(at) == pytest.approx(bound.lines.partner.total(at))
    assert bound.per_unit.partner == pytest.approx(free.per_unit.partner)  # at 500,000 units the minimum is used up
    assert _case(BOXES, partner__minimum_commitment=60_000).per_unit.partner == pytest.approx(
        0.12 + 0.0675139573 - 0.06
    )


def test_a_minimum_commitment_may_leave_the_partner_a_window():
    found = break_even(CostLine(1000, 10), CostLine(0, 11, minimum=2000, purchased=11))
    assert found.case == "in_house_above"
    assert found.changes == (100, 1000)


@given(st.integers(0, 10_000), st.integers(0, 50), st.integers(0, 10_000), st.integers(0, 50), st.integers(0, 20_000))
def test_the_break_even_agrees_with_the_totals_at_every_volume(fixed, unit, other_fixed, other_unit, minimum):
    in_house, partner = CostLine(fixed, unit), CostLine(other_fixed, other_unit, minimum, other_unit)
    found = break_even(in_house, partner)
    ends = [0.0, *found.changes, 10 * max(found.changes, default=10_000.0) + 10]
    sides = []
    for low, high in itertools.pairwise(ends):
        at = (low + high) / 2
        difference = partner.total(at) - in_house.total(at)
        sides.append("in_house" if difference > 0 else "partner" if difference < 0 else "equal")
    assert found.case.startswith(sides[-1]) or sides[-1] == "equal"
    for at in found.changes:
        assert partner.total(at) == pytest.approx(in_house.total(at), abs=1e-6)


def test_a_break_even_is_a_case_and_never_a_bare_number():
    assert break_even(CostLine(0, 1), CostLine(0, 1)) == BreakEven("equal")


# ------------------------------------------------------------------------------------------------ inputs


def test_what_is_needed_and_missing_is_asked_for_by_name():
    found = _case(BOXES, partner__price=None, in_house__wage=None)
    assert [one.name for one in found.missing] == ["in_house.wage", "partner.price"]
    assert all(one.question for one in found.missing)
    assert (found.case, found.break_even, found.per_unit.partner) == (None, None, None)


def test_what_can_be_told_without_the_missing_inputs_is_told():
    found = _case(BOXES, partner__onboarding=None)
    assert found.per_unit.partner == pytest.approx(0.0675, abs=1e-4)
    assert (found.whole_per_unit.partner, found.case) == (None, None)


def test_defaults_are_printed_with_their_source():
    used = {one.name: (one.value, one.source) for one in _case(BOXES).defaults_used}
    assert used["in_house.productive_hours"] == (1450, "E")
    assert used["in_house.benefits_share"][0] == 0.30
    assert "BLS" in used["in_house.benefits_share"][1]


def test_an_optional_input_that_is_missing_is_named_as_left_out():
    left_out = {one.name for one in _case(BOXES).left_out}
    assert {"in_house.attrition", "partner.platform_fee", "crowd.price"} <= left_out
    assert not left_out & {"in_house.wage", "in_house.benefits_share"}


def test_every_input_has_a_question():
    assert set(MODEL.file.cost.inputs) == set(INPUTS)


def test_a_profile_without_costs_has_no_comparison():
    assert advise(MINIMAL).cost is None


def test_an_empty_section_asks_for_everything_it_needs():
    found = advise({**MINIMAL, "cost": {}}).cost
    needed = {name for name, entry in MODEL.file.cost.inputs.items() if entry.needed and entry.default is None}
    assert {one.name for one in found.missing} == needed


def test_units_that_contradict_the_stated_workload_are_warned_about():
    warnings = advise({**MINIMAL, "workload_fte": 50, "cost": BOXES}).warnings
    assert any("workload_fte = 50" in warning for warning in warnings)


def test_a_share_above_one_is_a_fault():
    with pytest.raises(InputError) as found:
        advise({**MINIMAL, "cost": {"in_house": {"rework": 8}}})
    assert "rework" in str(found.value)
