"""The result over time: gates, reasons to ask again, and what changed since the previous advice."""

import json

import pytest
import yaml
from sourcing_builders import MINIMAL, MODEL, SAMPLES, own_criteria, replaced

from vendor_eval import advise
from vendor_eval.issues import InputError, VendorEvalError
from vendor_eval.sourcing.folder import load_sourcing

SEQUENCE = {**MINIMAL, "stage": "prototype", "stability": "stabilising", "scale_up_expected": True}
MEASURED = {
    "evaluations_on_target": 2,
    "weeks_stable": 3,
    "agreement_alpha": 0.8,
    "gold_items": 200,
    "gold_adjudicated": True,
    "gold_secret": True,
    "edge_cases_covered": 95,
}


def _gates(profile):
    handover = advise(profile).handover
    return handover.ready, {gate.id: gate.result for gate in handover.gates}


def _write(folder, name, profile):
    path = folder / name
    path.write_text(yaml.safe_dump(profile), encoding="utf-8")
    return path


def _earlier(folder, profile=SEQUENCE, *, as_of="2026-01-15", model=MODEL):
    advice = advise({**profile, "as_of": as_of}, model=model)
    (folder / "advice.json").write_text(advice.to_json(), encoding="utf-8")
    return advice


# ------------------------------------------------------------------------------------------------ gates


def test_a_sequence_shows_its_gates_and_other_outcomes_do_not():
    assert advise(SEQUENCE).outcome == "start_in_house_then_scale"
    assert advise(SEQUENCE).handover is not None
    assert advise({**MINIMAL, "data_may_leave": "no"}).handover is None


def test_a_gate_without_its_measure_stays_open_and_asks_for_it():
    ready, results = _gates({**SEQUENCE, "stability": "stabilising"})
    assert (ready, results["G3"], results["G4"], results["G6"]) == (False, "open", "open", "open")
    gate = next(gate for gate in advise(SEQUENCE).handover.gates if gate.id == "G4")
    assert "Items in the gold set" in gate.asks


def test_guidelines_that_still_move_fail_the_second_gate_whatever_is_measured():
    assert _gates({**SEQUENCE, "progress": MEASURED})[1]["G2"] == "not_met"


# A sequence at a stage where the guidelines are stable already.
HANDING_OVER = {
    **MINIMAL,
    "stage": "prototype",
    "scale_up_expected": True,
    "workload_fte": 2,
    "max_in_house_fte": 1.5,
    "progress": MEASURED,
}


def test_all_needed_gates_met_is_ready_to_hand_over():
    assert advise(HANDING_OVER).outcome == "start_in_house_then_scale"
    assert _gates(HANDING_OVER) == (True, dict.fromkeys(("G1", "G2", "G3", "G4", "G5", "G6"), "met"))


EDGES = {
    "G1": {"evaluations_on_target": 1},
    "G2": {"weeks_stable": 2},
    "G3": {"agreement_alpha": 0.79, "agreement_at_ceiling": False},
    "G4": {"gold_items": 199},
}


@pytest.mark.parametrize("gate", EDGES)
def test_a_needed_gate_just_missed_is_not_ready(gate):
    ready, results = _gates({**HANDING_OVER, "progress": {**MEASURED, **EDGES[gate]}})
    assert (ready, results[gate]) == (False, "not_met")


def test_a_gate_that_is_not_needed_does_not_hold_the_work_back():
    assert _gates({**HANDING_OVER, "progress": {**MEASURED, "edge_cases_covered": 10}})[0] is True


def test_agreement_at_the_ceiling_of_the_task_is_enough():
    progress = {**MEASURED, "agreement_alpha": 0.5, "agreement_at_ceiling": True}
    assert _gates({**HANDING_OVER, "progress": progress})[1]["G3"] == "met"


COST = {
    "units_per_year": 200_000,
    "seconds_per_unit": 20,
    "engineer_rate": 95,
    "in_house": {
        "wage": 22,
        "rework": 0.08,
        "inspection_share": 0.1,
        "inspection_effort": 0.6,
        "tooling": 6000,
        "set_up": 5000,
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


@pytest.mark.parametrize(("units", "result"), [(100_000, "not_met"), (148_600, "met")])
def test_the_volume_gate_takes_the_break_even_of_the_costs(units, result):
    inside = {**HANDING_OVER, "max_in_house_fte": 5, "cost": {**COST, "units_per_year": units}}
    assert _gates(inside)[1]["G6"] == result


def test_back_out_lines_are_watched():
    lines = advise({**HANDING_OVER, "progress": {"batches_under_floor": 2, "guideline_changes_per_week": 3}}).handover
    assert [line.result for line in lines.back_out] == ["met", "not_met"]


# ------------------------------------------------------------------------------------------------ what changed


def test_an_input_that_alone_brings_the_new_outcome_did_it(tmp_path):
    _earlier(tmp_path)
    later = {**SEQUENCE, "data_may_leave": "no", "feedback_loop": "weekly", "previous": "advice.json"}
    changes = advise(_write(tmp_path, "later.yaml", later)).changes
    assert (changes.previous_outcome, changes.outcome_changed) == ("start_in_house_then_scale", True)
    assert {one.field: one.did_it for one in changes.inputs} == {"data_may_leave": True, "feedback_loop": False}
    assert next(one for one in changes.inputs if one.field == "data_may_leave").before == "vetted_partner"


def test_inputs_that_do_it_only_together_are_named_as_needed():
    changes = advise(SAMPLES / "insurer-claims-a-year-on.yaml").changes
    assert [one.field for one in changes.inputs if one.did_it] == ["stage", "stability"]
    assert all(one.alone == changes.previous_outcome for one in changes.inputs)


def test_the_same_profile_again_has_changed_nothing(tmp_path):
    _earlier(tmp_path)
    changes = advise(_write(tmp_path, "again.yaml", {**SEQUENCE, "previous": "advice.json"})).changes
    assert (changes.inputs, changes.outcome_changed, changes.model_changed) == ((), False, False)


def test_a_model_that_changed_the_outcome_by_itself_says_so(tmp_path):
    (tmp_path / "ours").mkdir()
    old = load_sourcing(own_criteria(tmp_path / "ours", replaced("    when: {data_may_leave: no}\n", "    when: {}\n")))
    assert _earlier(tmp_path, model=old).outcome == "choose_in_house"
    changes = advise(_write(tmp_path, "again.yaml", {**SEQUENCE, "previous": "advice.json"})).changes
    assert (changes.outcome_changed, changes.model_changed) == (True, True)


TRIGGERS = {
    "stage": ({"stage": "pre_production"}, True),
    "volume": ({"workload_fte": 10}, True),
    "regime": ({"regimes": ["gdpr"]}, True),
    "modality": ({"type": "nlp"}, True),
    "half_year": ({"as_of": "2026-07-15"}, True),
    "two_failed_batches": ({"events": ["two_failed_batches"]}, True),
    "vendor_ownership_change": ({"events": ["vendor_ownership_change"]}, True),
}
NOT_YET = {
    "stage": {},
    "volume": {"workload_fte": 9.9},
    "regime": {},
    "modality": {"type": "cv_dense"},
    "half_year": {"as_of": "2026-07-14"},
}


def _met(folder, change):
    _earlier(folder)
    later = _write(folder, "later.yaml", {**SEQUENCE, "previous": "advice.json", **change})
    return {trigger.id: trigger.met for trigger in advise(later).review_triggers}


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_reason_to_ask_again_is_met(tmp_path, trigger):
    change, met = TRIGGERS[trigger]
    assert _met(tmp_path, change)[trigger] is met


@pytest.mark.parametrize("trigger", NOT_YET)
def test_a_reason_to_ask_again_is_not_met_just_before_its_edge(tmp_path, trigger):
    assert _met(tmp_path, NOT_YET[trigger])[trigger] is False


def test_volume_that_halved_is_a_reason_too(tmp_path):
    assert _met(tmp_path, {"workload_fte": 2.5})["volume"] is True


def test_without_a_previous_advice_nothing_is_claimed():
    assert {trigger.met for trigger in advise(SEQUENCE).review_triggers} == {None}


def test_a_previous_advice_that_is_not_there_is_a_fault_with_its_place(tmp_path):
    with pytest.raises(InputError) as found:
        advise(_write(tmp_path, "later.yaml", {**SEQUENCE, "previous": "none.json"}))
    assert [issue.code for issue in found.value.issues] == ["missing-file"]
    assert found.value.issues[0].location.line > 0


def test_a_previous_file_that_is_no_advice_says_what_to_name(tmp_path):
    (tmp_path / "advice.json").write_text(json.dumps({"outcome": "x"}), encoding="utf-8")
    with pytest.raises(VendorEvalError, match="is no advice"):
        advise(_write(tmp_path, "later.yaml", {**SEQUENCE, "previous": "advice.json"}))
