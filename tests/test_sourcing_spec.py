"""Every printed number of the specification's worked profiles, variants and presets."""

import pytest
import sourcing_reference as reference
import yaml
from sourcing_builders import MODEL, SAMPLES

from vendor_eval import advise
from vendor_eval.sourcing.folder import load_sourcing
from vendor_eval.sourcing.model import OPTIONS
from vendor_eval.sourcing.profile import load_profile

AREAS = MODEL.criteria.weighted_categories
IN_HOUSE, PARTNER, SEQUENCE = "choose_in_house", "choose_managed_partner", "start_in_house_then_scale"

# name: outcome, totals, margin, removed, checklists, overlay, crowd, stable
WORKED = {
    "robotics-grasping": (
        IN_HOUSE,
        (90.7, 59.2, 78.9, 28.4),
        11.8,
        {"crowd": ("HC4",)},
        ("3/4", "1/4", "1/2"),
        "none",
        "barred",
        1.0,
    ),
    "av-perception": (
        PARTNER,
        (55.0, 87.8, 64.2, 40.1),
        23.6,
        {"in_house": ("HC7",), "crowd": ("HC2", "HC4", "HC5")},
        ("0/4", "3/4", "0/2"),
        "ai_assist_full_review",
        "barred",
        1.0,
    ),
    "assistant-preferences": (
        PARTNER,
        (56.0, 85.0, 67.8, 35.5),
        17.2,
        {"in_house": ("HC7",), "crowd": ("HC2", "HC3", "HC4")},
        ("0/4", "4/4", "0/2"),
        "none",
        "barred",
        1.0,
    ),
    "agtech-weeds": (
        PARTNER,
        (43.0, 90.2, 60.8, 53.1),
        29.4,
        {"in_house": ("HC7",), "crowd": ("HC4",)},
        ("0/4", "3/4", "0/2"),
        "none",
        "barred",
        1.0,
    ),
    "insurer-claims": (
        SEQUENCE,
        (75.15, 68.95, 86.8, 25.45),
        11.65,
        {"crowd": ("HC2", "HC4")},
        ("3/4", "1/4", "2/2"),
        "none",
        "barred",
        1.0,
    ),
    "defect-classifier": (
        PARTNER,
        (57.6, 82.3, 58.6, 65.5),
        23.7,
        {"in_house": ("HC7",)},
        ("0/4", "1/4", "0/2"),
        "auto_with_hitl_sampling",
        "permitted",
        1.0,
    ),
}
# name: what leads the runner-up, what flips it, weights of the scorecard, tags
WHY = {
    "robotics-grasping": (
        {"F2": 9.0, "F1": 2.2, "F6": 1.0, "F3": 0.9, "F7": 0.5, "F5": -1.8},
        [
            ("scale_up_expected", True, SEQUENCE, False),
            ("workload_fte", 5, SEQUENCE, False),
            ("workload_fte", 25, SEQUENCE, False),
            ("max_in_house_fte", 0, SEQUENCE, False),
        ],
        (8, 28, 0, 20, 18, 12, 14),
        ("no_genai", "early_stage", "sme_domain"),
    ),
    "av-perception": (
        {"F1": 15.4, "F2": 6.0, "F4": 5.4, "F7": -0.5, "F5": -0.9, "F3": -1.8},
        [("stability", "discovering", SEQUENCE, False), ("data_may_leave", "no", IN_HOUSE, True)],
        (8, 22, 0, 10, 30, 12, 18),
        ("no_genai", "cv_high_volume", "confidential", "safety_critical", "sme_domain"),
    ),
    "assistant-preferences": (
        {"F4": 9.0, "F1": 6.6, "F2": 3.0, "F8": 0.9, "F7": -0.5, "F3": -1.8},
        [("data_may_leave", "no", IN_HOUSE, True)],
        (6, 16, 22, 8, 14, 12, 22),
        ("genai", "confidential"),
    ),
    "agtech-weeds": (
        {"F1": 15.4, "F2": 6.0, "F4": 5.4, "F7": 2.0, "F6": 1.5, "F3": -0.9},
        [("data_may_leave", "no", IN_HOUSE, True)],
        (12, 18, 0, 24, 20, 12, 14),
        ("no_genai", "cv_high_volume", "spiky", "sme_domain"),
    ),
    "insurer-claims": (
        {"F1": 8.8, "F2": 3.75, "F5": 1.8, "F6": 0.5, "F7": -0.5, "F3": -2.7},
        [("scale_up_expected", False, IN_HOUSE, False), ("data_may_leave", "no", IN_HOUSE, False)],
        (4, 24, 0, 18, 18, 12, 24),
        ("no_genai", "regulated", "early_stage", "sme_domain"),
    ),
    "defect-classifier": (
        {"F1": 15.4, "F2": 3.0, "F7": 2.0, "F4": 1.8, "F6": 1.5, "F5": 0.9, "F3": -0.9},
        [
            ("stability", "discovering", SEQUENCE, False),
            ("stability", "stabilising", SEQUENCE, False),
            ("data_may_leave", "no", IN_HOUSE, True),
        ],
        (20, 14, 0, 12, 24, 12, 18),
        ("no_genai", "automation_heavy"),
    ),
}
# name: in-house, partner, in-house first; best by total; outcome; stable
VARIANTS = {
    "agtech-weeds-moving": ((51.8, 77.0, 76.2), "managed_partner", PARTNER, 0.58),
    "insurer-claims-no-growth": ((78.9, 68.2, 82.3), "in_house_then_scale", IN_HOUSE, 0.61),
}
# name: points, tags, weight of the price
PRESETS = {
    "balanced": ((12, 16, 10, 12, 20, 12, 18), (), 25),
    "cv_high_volume": (
        (16, 14, 0, 20, 22, 12, 16),
        (
            "no_genai",
            "cv_high_volume",
        ),
        35,
    ),
    "seasonal_cv": (
        (14, 12, 0, 26, 20, 12, 16),
        (
            "no_genai",
            "cv_high_volume",
            "spiky",
        ),
        30,
    ),
    "genai_rlhf_sft": ((8, 16, 22, 10, 16, 12, 16), ("genai",), 20),
    "genai_confidential": (
        (6, 16, 22, 8, 14, 12, 22),
        (
            "genai",
            "confidential",
        ),
        20,
    ),
    "genai_regulated": (
        (4, 12, 22, 8, 16, 12, 26),
        (
            "genai",
            "regulated",
        ),
        20,
    ),
    "genai_red_team": (
        (4, 13, 20, 6, 14, 24, 19),
        (
            "genai",
            "confidential",
            "harmful_content",
        ),
        20,
    ),
    "regulated_data": (
        (10, 14, 0, 12, 22, 12, 30),
        (
            "no_genai",
            "regulated",
        ),
        20,
    ),
    "safety_critical_cv": (
        (12, 16, 0, 14, 32, 12, 14),
        (
            "no_genai",
            "cv_high_volume",
            "safety_critical",
        ),
        20,
    ),
    "medical": (
        (4, 21, 0, 6, 31, 12, 26),
        (
            "no_genai",
            "regulated",
            "safety_critical",
            "sme_domain",
        ),
        20,
    ),
    "domain_nlp": (
        (12, 24, 0, 12, 22, 12, 18),
        (
            "no_genai",
            "sme_domain",
        ),
        25,
    ),
    "early_stage_pilot": (
        (10, 22, 0, 22, 18, 12, 16),
        (
            "no_genai",
            "early_stage",
        ),
        10,
    ),
    "trust_and_safety": (
        (10, 16, 0, 10, 20, 26, 18),
        (
            "no_genai",
            "harmful_content",
        ),
        20,
    ),
    "strict_ethics": (
        (12, 16, 0, 12, 22, 20, 18),
        (
            "no_genai",
            "ethics_strict",
        ),
        20,
    ),
    "automation_first": (
        (20, 14, 0, 12, 24, 12, 18),
        (
            "no_genai",
            "automation_heavy",
        ),
        25,
    ),
    "clients_own_tool": (
        (8, 21, 0, 17, 22, 12, 20),
        (
            "no_genai",
            "client_tool",
        ),
        25,
    ),
}
AV = yaml.safe_load((SAMPLES / "av-perception.yaml").read_text(encoding="utf-8"))
# What a trained team that covers the work changes: in-house, partner, in-house first; outcome; stable.
AV_TEAM = {"expertise_in_house": "sufficient", "in_house_fte": 120, "max_in_house_fte": 120}
REGULATED = {**AV_TEAM, "sensitivity": "regulated", "feedback_loop": "same_day"}
CAPACITY = {
    "own team": (AV_TEAM, (84.6, 77.5), IN_HOUSE, 0.70),
    "regulated, same day": (REGULATED, (83.8, 78.7), IN_HOUSE, 0.60),
    "inside": ({**REGULATED, "data_may_leave": "our_environment_only"}, (83.8, 76.0), IN_HOUSE, 0.80),
    "untrained": ({**AV_TEAM, "expertise_in_house": "none"}, (55.0, 87.8), PARTNER, 1.0),
    "half": ({**AV_TEAM, "in_house_fte": 60}, (65.8, 84.2), PARTNER, 1.0),
    "growth": ({**AV_TEAM, "scale_up_expected": True}, (65.8, 84.2), PARTNER, 1.0),
}
# Profiles 2 and 4, whose totals change; their inputs are those that give the figures printed of them.
LAB = {
    "stage": "pre_production",
    "stability": "stabilising",
    "workload_fte": 5,
    "in_house_fte": 8,
    "type": "genai_sft",
    "complexity": "expert_judgement",
    "expertise_needed": "licensed_sme",
    "expertise_in_house": "sufficient",
    "sensitivity": "internal_only",
    "data_may_leave": "no",
    "feedback_loop": "same_day",
}
IMAGES = {
    "stage": "pre_production",
    "stability": "stable",
    "workload_fte": 6,
    "type": "cv_dense",
    "complexity": "expert_judgement",
    "error_severity": "safety_critical",
    "expertise_needed": "licensed_sme",
    "sensitivity": "regulated",
    "data_may_leave": "our_environment_only",
}


def _advice(name):
    return advise(SAMPLES / f"{name}.yaml")


@pytest.mark.parametrize("name", WORKED)
def test_a_worked_profile_comes_out_as_printed(name):
    outcome, totals, margin, removed, checklists, overlay, crowd, stable = WORKED[name]
    advice = _advice(name)
    assert (advice.outcome, advice.conflict, advice.close_call) == (outcome, False, False)
    assert tuple(advice.totals.values()) == pytest.approx(totals, abs=0.05)
    assert advice.margin == pytest.approx(margin, abs=0.05)
    assert advice.removed == removed
    assert tuple(f"{matched}/{of}" for matched, of in advice.checklist.values()) == checklists
    assert (advice.automation_overlay, advice.crowd_option) == (overlay, crowd)
    assert advice.stability == pytest.approx(stable, abs=0.02)


@pytest.mark.parametrize("name", WHY)
def test_a_worked_profile_says_why_and_what_would_change_it(name):
    leads, flips, weights, tags = WHY[name]
    advice = _advice(name)
    assert {factor.id: round(factor.lead, 2) for factor in advice.factors if round(factor.lead, 9)} == leads
    assert sorted((f.field, f.value, f.outcome, f.conflict) for f in advice.flips) == sorted(flips)
    assert tuple(advice.scorecard_weights.values()) == weights
    assert advice.tags == tags


@pytest.mark.parametrize("name", VARIANTS)
def test_a_boundary_variant_is_a_close_call_that_names_both_options(name):
    totals, best, outcome, stable = VARIANTS[name]
    advice = _advice(name)
    assert advice.close_call
    assert tuple(advice.totals.values())[:3] == pytest.approx(totals, abs=0.05)
    assert (advice.best, advice.outcome) == (best, outcome)
    assert advice.stability == pytest.approx(stable, abs=0.02)
    assert advice.runner_up is not None


@pytest.mark.parametrize(
    ("name", "conditions"),
    [
        ("robotics-grasping", ()),
        ("insurer-claims", ("C3",)),
        ("insurer-claims-a-year-on", ("C8",)),
        ("assistant-preferences", ()),
    ],
)
def test_an_outcome_names_its_conditions(name, conditions):
    assert _advice(name).conditions == conditions


@pytest.mark.parametrize("case", CAPACITY)
def test_a_trained_team_that_covers_the_work_changes_the_advice(case):
    change, totals, outcome, stable = CAPACITY[case]
    advice = advise(load_profile(SAMPLES / "av-perception.yaml").changed(**change))
    assert (advice.outcome, advice.close_call) == (outcome, False)
    assert [f"{advice.totals[name]:.1f}" for name in OPTIONS[:2]] == [f"{total:.1f}" for total in totals]
    assert advice.stability == pytest.approx(stable, abs=0.06)


def test_profiles_2_and_4_have_the_totals_of_the_specification():
    lab, inside = advise(LAB), advise({**LAB, "data_may_leave": "our_environment_only"})
    assert (lab.outcome, tuple(lab.totals.values())[:3]) == (IN_HOUSE, pytest.approx((79.575, 58.9, 75.4)))
    assert (inside.outcome, inside.close_call) == (IN_HOUSE, False)
    assert inside.totals["in_house_then_scale"] == pytest.approx(73.6)
    images = advise(IMAGES)
    assert images.outcome == PARTNER
    assert (images.totals["managed_partner"], images.totals["in_house_then_scale"]) == pytest.approx((84.4, 66.3))
    moving = advise({**IMAGES, "stability": "discovering"})
    assert (moving.outcome, moving.close_call) == (SEQUENCE, True)
    assert (moving.totals["in_house_then_scale"], moving.totals["managed_partner"]) == pytest.approx((75.1, 73.4))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_of_the_scorecard_is_the_arithmetic_of_its_tags(preset):
    weights, tags, price = PRESETS[preset]
    assert MODEL.presets[preset] == tags
    assert MODEL.criteria.presets[preset] == dict(zip(AREAS, weights, strict=True))
    assert reference.area_weights(list(tags)) == list(weights)
    assert MODEL.criteria.price_weight(preset) == MODEL.criteria.price_weight("balanced", tags) == price
    shifts = {category: own for tag in tags for category, own in MODEL.tags[tag].criteria.items()}
    assert MODEL.criteria.shifts(preset) == MODEL.criteria.shifts("balanced", tags) == shifts


def test_each_preset_of_the_scorecard_is_known_to_the_advisor():
    assert set(MODEL.presets) == set(MODEL.criteria.presets) == set(PRESETS)


def test_the_tables_hold_the_numbers_of_the_specification():
    assert {factor.id: factor.weight for factor in MODEL.file.factors} == reference.WEIGHTS
    assert tuple(MODEL.floors[name] for name in AREAS) == reference.FLOORS
    assert {tag.id for tag in MODEL.file.scorecard.tags} == reference.DELTAS.keys()
    deltas = {name: tuple(tag.delta.get(area, 0) for area in AREAS) for name, tag in MODEL.tags.items()}
    assert deltas == reference.DELTAS
    defaults = {name: field.default for name, field in MODEL.file.fields.items() if field.default is not None}
    assert defaults == reference.DEFAULTS
    assert reference.OPTIONS == OPTIONS


def test_a_profile_takes_the_words_of_the_context_dictionary():
    for name, field in MODEL.criteria.file.context.items():
        if name in MODEL.file.fields and field.type != "bool":
            assert dict(field.values) == MODEL.file.fields[name].values


def test_version_1_of_the_bank_keeps_its_advisor():
    old = load_sourcing("annotation-partner@1")
    assert (old.file.version, len(old.presets)) == ("1.0.0", 13)
    for preset, tags in old.presets.items():
        assert old.points(tags) == old.criteria.presets[preset]
        shifts = {category: own for tag in tags for category, own in old.tags[tag].criteria.items()}
        assert old.criteria.shifts(preset) == shifts
    team = advise({**AV, **AV_TEAM}, model=old)
    assert (team.outcome, f"{team.totals['managed_partner']:.1f}", f"{team.margin:.1f}") == (PARTNER, "84.2", "14.6")
    inside = advise({**AV, **REGULATED, "data_may_leave": "our_environment_only"}, model=old)
    assert (inside.outcome, f"{inside.totals['managed_partner']:.1f}") == (PARTNER, "85.4")
    # There, what a profile left to a default counts as said.
    assert {"volume_pattern", "regimes"} <= set(team.context)
    assert (team.context_assumed, team.model_type) == ({}, None)
