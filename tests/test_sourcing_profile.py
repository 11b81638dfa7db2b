"""Profiles: what they may say, what is refused and how, what is assumed and said."""

import json

import pytest
from sourcing_builders import MINIMAL, MODEL, SAMPLES

from vendor_eval import advise
from vendor_eval.issues import InputError, VendorEvalError
from vendor_eval.reports.terminal.advice import advice_report
from vendor_eval.sourcing.profile import load_profile


def _faults(tmp_path, text):
    path = tmp_path / "profile.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as found:
        load_profile(path)
    return [(issue.code, issue.location.line, issue.location.column) for issue in found.value.issues], str(found.value)


def _text(**changes):
    return "".join(f"{name}: {value}\n" for name, value in {**MINIMAL, **changes}.items() if value is not None)


# ------------------------------------------------------------------------------------------------ faults


def test_an_unknown_value_names_the_nearest_right_one(tmp_path):
    places, text = _faults(tmp_path, _text(stability="dicovering"))
    assert places == [("wrong-value", 2, 12)]
    assert "did you mean 'discovering'?" in text


def test_a_missing_field_is_asked_for_with_its_question(tmp_path):
    places, text = _faults(tmp_path, _text(expertise_needed=None))
    assert places == [("missing-key", 1, 1)]
    assert "Who can do the task? (general, domain_trained, licensed_sme)" in text


def test_a_misspelt_field_is_one_fault_not_two(tmp_path):
    places, text = _faults(tmp_path, _text().replace("stability", "stabilty"))
    assert places == [("unknown-key", 2, 1)]
    assert "did you mean 'stability'?" in text


def test_a_field_without_a_value_is_missing(tmp_path):
    places, _ = _faults(tmp_path, _text().replace("stability: stable", "stability:"))
    assert places == [("missing-key", 2, 11)]


def test_data_for_inside_only_cannot_go_to_a_vetted_partner(tmp_path):
    places, text = _faults(tmp_path, _text(sensitivity="internal_only", data_may_leave="vetted_partner"))
    assert places == [("contradiction", 8, 17)]
    assert "V1" in text


def test_a_default_that_contradicts_says_that_it_is_one(tmp_path):
    places, text = _faults(tmp_path, _text(sensitivity="internal_only"))
    assert places == [("contradiction", 7, 14)]
    assert "data_may_leave is vetted_partner by default" in text


@pytest.mark.parametrize("sensitivity", ["public", "internal"])
def test_health_data_is_no_public_data(tmp_path, sensitivity):
    places, text = _faults(tmp_path, _text(sensitivity=sensitivity, regimes="[hipaa]"))
    assert places == [("contradiction", 7, 14)]
    assert "V4" in text


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"workload_fte": -1}, (3, 15)),
        ({"workload_fte": "true"}, (3, 15)),
        ({"workload_fte": "many"}, (3, 15)),
        ({"harmful_content": "maybe"}, (8, 18)),
        ({"regimes": "[gdrp]"}, (8, 11)),
        ({"workload_fte": ".inf"}, (3, 15)),
        ({"stage": "[exploration]"}, (1, 8)),
        ({"progress": "{gold_items: -3}"}, (8, 24)),
        ({"events": "[vendor_sold]"}, (8, 10)),
        ({"as_of": "yesterday"}, (8, 8)),
    ],
)
def test_a_wrong_value_says_where_it_stands(tmp_path, change, at):
    places, _ = _faults(tmp_path, _text(**change))
    assert places == [("wrong-value", *at)]


def test_all_faults_come_out_of_one_run_in_the_order_of_the_file(tmp_path):
    text = _text(stage="exploraton", sensitivity="internal_only", regimes="[hipa]", cost="{in_house: {wge: 3}}")
    places, _ = _faults(tmp_path, text)
    assert [code for code, _, _ in places] == ["wrong-value", "contradiction", "wrong-value", "unknown-key"]


def test_a_mapping_has_no_lines_and_names_the_keys():
    with pytest.raises(InputError) as found:
        advise({**MINIMAL, "stage": "exploraton"})
    assert str(found.value).startswith("stage: ")
    assert "exploraton" in str(found.value)


def test_a_profile_that_is_not_there_says_how_to_write_one(tmp_path):
    with pytest.raises(VendorEvalError, match="--interview"):
        advise(tmp_path / "none.yaml")


@pytest.mark.parametrize("text", ["", "[]", "- a\n"])
def test_a_file_that_is_no_profile_is_a_fault(tmp_path, text):
    places, _ = _faults(tmp_path, text)
    assert places


# ------------------------------------------------------------------------------------------------ what is assumed


def test_every_default_that_was_used_is_on_record():
    advice = advise(MINIMAL)
    assert set(advice.defaults_used) == {name for name, f in MODEL.file.fields.items() if f.default is not None}
    assert advise({**MINIMAL, "error_severity": "moderate"}).defaults_used == tuple(
        name for name in advice.defaults_used if name != "error_severity"
    )


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"stage": "scaled_production", "stability": "discovering"}, "V2"),
        ({"type": "genai_sft", "complexity": "simple_low_context"}, "V3"),
        ({"regimes": ["other_privacy_law"], "sensitivity": "internal"}, "V5"),
        ({"regimes": ["us_bulk_data"], "sensitivity": "public"}, "V5"),
    ],
)
def test_an_unusual_pair_is_warned_about_and_goes_on(change, check):
    warnings = advise({**MINIMAL, **change}).warnings
    assert [warning[:2] for warning in warnings if warning.startswith("V")] == [check]


def test_a_number_near_an_edge_names_the_other_side():
    warnings = advise(SAMPLES / "insurer-claims-no-growth.yaml").warnings
    assert any("workload_fte = 1.5" in warning and "above 2" in warning for warning in warnings)


def test_a_set_may_be_written_as_one_word():
    assert advise({**MINIMAL, "regimes": "gdpr"}).profile["regimes"] == ("gdpr",)
    assert advise({**MINIMAL, "regimes": "none"}).profile["regimes"] == ()


def test_yes_and_no_are_true_and_false():
    assert advise({**MINIMAL, "harmful_content": "yes"}).profile["harmful_content"] is True


# ------------------------------------------------------------------------------------------------ the advice


def test_a_conflict_keeps_the_work_inside_and_lists_the_ways_out_in_order():
    advice = advise({**MINIMAL, "data_may_leave": "no", "workload_fte": 30, "max_in_house_fte": 4})
    assert (advice.outcome, advice.conflict, advice.margin, advice.runner_up) == ("choose_in_house", True, None, None)
    assert [way.split()[0] for way in advice.ways_out] == ["Cut", "Sanitize", "Bring", "Raise"]


def test_the_only_option_left_has_no_margin():
    advice = advise({**MINIMAL, "data_may_leave": "no"})
    assert (advice.outcome, advice.conflict, advice.margin) == ("choose_in_house", False, None)


CONDITIONS = {
    "C1": {"data_may_leave": "our_environment_only"},
    "C2": {"regimes": ["hipaa"], "sensitivity": "regulated"},
    "C4": {"harmful_content": True},
    "C6": {"regimes": ["export_controlled"]},
    "C7": {"regimes": ["us_bulk_data"]},
    "C8": {"regimes": ["ai_act_high_risk"]},
    "C9": {"third_party_data": True},
    "C10": {"regimes": ["dora"]},
    "C11": {"regimes": ["ai_act_gpai"]},
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_comes_with_what_it_hangs_on(condition):
    with_partner = {**MINIMAL, "stage": "scaled_production", "workload_fte": 30}
    assert condition not in advise(with_partner).conditions
    assert condition in advise({**with_partner, **CONDITIONS[condition]}).conditions


def test_conditions_name_the_questions_that_test_them():
    named = {condition.id: condition.questions for condition in MODEL.file.conditions}
    assert (named["C7"], named["C8"]) == (("SEC-40", "VEN-02"), ("QAR-14",))
    assert named["C9"] == ("SEC-04", "LAB-19", "ENG-22")
    assert (named["C10"], named["C11"]) == (("ENG-22", "LAB-19"), ("GEN-21", "ENG-21"))


def test_the_type_of_model_stands_at_the_top_and_is_printed():
    advice = advise({**MINIMAL, "model_type": "detector_segmenter"})
    assert advice.model_type == "detector_segmenter"
    assert "model_type" in list(json.loads(advice.to_json()))[:4]
    assert "Model to be trained: detector or segmenter" in advice_report(advice)


def test_a_tool_of_ones_own_is_a_tag_and_both_go_on_to_the_scorecard():
    advice = advise({**MINIMAL, "tool": "ours", "third_party_data": True})
    assert "client_tool" in advice.tags
    assert (advice.context["tool"], advice.context["third_party_data"]) == ("ours", True)
    assert "client_tool" not in advise({**MINIMAL, "tool": "theirs"}).tags


def test_what_binds_a_partner_is_not_said_of_an_outcome_without_one():
    inside = {**MINIMAL, "data_may_leave": "no", "regimes": ["hipaa"], "sensitivity": "regulated"}
    assert "C2" not in advise(inside).conditions


def test_outsiders_relabel_where_ones_own_view_is_a_concern():
    inside = {**MINIMAL, "data_may_leave": "no", "perspective_bias_concern": "high"}
    assert advise(inside).conditions == ("C5",)


def test_a_number_flips_in_a_range_that_the_profile_itself_sets():
    flips = {(f.field, f.value): f.range for f in advise(SAMPLES / "robotics-grasping.yaml").flips}
    assert flips["workload_fte", 5] == {"above": 3.0}
    assert flips["max_in_house_fte", 0] == {"below": 1.0}


def test_a_flip_does_what_it_says():
    for name in ("agtech-weeds-moving", "insurer-claims-no-growth"):
        profile = load_profile(SAMPLES / f"{name}.yaml")
        for flip in advise(profile).flips:
            found = advise(profile.changed(**{flip.field: flip.value}))
            assert (found.outcome, found.conflict) == (flip.outcome, flip.conflict)


def test_a_change_that_contradicts_the_profile_is_no_flip():
    assert all(flip.value != "internal_only" for flip in advise(MINIMAL).flips)
    with pytest.raises(InputError):
        load_profile(MINIMAL).changed(sensitivity="internal_only")


def test_the_same_profile_gives_the_same_bytes():
    path = SAMPLES / "defect-classifier.yaml"
    assert advise(path).to_json() == advise(path).to_json()


def test_no_path_and_no_machine_stand_in_the_advice():
    assert str(SAMPLES) not in advise(SAMPLES / "insurer-claims-a-year-on.yaml").to_json()
