"""Every printed number of the specification's worked profiles, variants and presets."""

import pytest
import sourcing_reference as reference
from sourcing_builders import MODEL, SAMPLES

from vendor_eval import advise
from vendor_eval.sourcing.model import OPTIONS

AREAS = MODEL.categories
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
        (10, 28, 2, 20, 18, 10, 12),
        ("no_genai", "early_stage", "sme_domain"),
    ),
    "av-perception": (
        {"F1": 15.4, "F2": 6.0, "F4": 5.4, "F7": -0.5, "F5": -0.9, "F3": -1.8},
        [("stability", "discovering", SEQUENCE, False), ("data_may_leave", "no", IN_HOUSE, True)],
        (12, 22, 0, 12, 30, 8, 16),
        ("no_genai", "cv_high_volume", "confidential", "safety_critical", "sme_domain"),
    ),
    "assistant-preferences": (
        {"F4": 9.0, "F1": 6.6, "F2": 3.0, "F8": 0.9, "F7": -0.5, "F3": -1.8},
        [("data_may_leave", "no", IN_HOUSE, True)],
        (8, 16, 26, 8, 14, 10, 18),
        ("genai", "confidential"),
    ),
    "agtech-weeds": (
        {"F1": 15.4, "F2": 6.0, "F4": 5.4, "F7": 2.0, "F6": 1.5, "F3": -0.9},
        [("data_may_leave", "no", IN_HOUSE, True)],
        (14, 18, 2, 24, 20, 10, 12),
        ("no_genai", "cv_high_volume", "spiky", "sme_domain"),
    ),
    "insurer-claims": (
        {"F1": 8.8, "F2": 3.75, "F5": 1.8, "F6": 0.5, "F7": -0.5, "F3": -2.7},
        [("scale_up_expected", False, IN_HOUSE, False), ("data_may_leave", "no", IN_HOUSE, False)],
        (6, 26, 0, 14, 20, 8, 26),
        ("no_genai", "regulated", "early_stage", "sme_domain"),
    ),
    "defect-classifier": (
        {"F1": 15.4, "F2": 3.0, "F7": 2.0, "F4": 1.8, "F6": 1.5, "F5": 0.9, "F3": -0.9},
        [
            ("stability", "discovering", SEQUENCE, False),
            ("stability", "stabilising", SEQUENCE, False),
            ("data_may_leave", "no", IN_HOUSE, True),
        ],
        (20, 14, 2, 12, 24, 12, 16),
        ("no_genai", "automation_heavy"),
    ),
}
# name: in-house, partner, in-house first; best by total; outcome; stable
VARIANTS = {
    "agtech-weeds-moving": ((51.8, 77.0, 76.2), "managed_partner", PARTNER, 0.58),
    "insurer-claims-no-growth": ((78.9, 68.2, 82.3), "in_house_then_scale", IN_HOUSE, 0.61),
}
PRESETS = {
    "balanced": ((12, 16, 10, 12, 20, 12, 18), ()),
    "cv_high_volume": ((18, 14, 2, 20, 22, 10, 14), ("no_genai", "cv_high_volume")),
    "seasonal_cv": ((16, 12, 2, 26, 20, 10, 14), ("no_genai", "cv_high_volume", "spiky")),
    "genai_rlhf_sft": ((10, 16, 26, 10, 16, 10, 12), ("genai",)),
    "genai_confidential": ((8, 16, 26, 8, 14, 10, 18), ("genai", "confidential")),
    "genai_regulated": ((6, 14, 24, 4, 18, 8, 26), ("genai", "regulated")),
    "regulated_data": ((10, 16, 0, 8, 24, 10, 32), ("no_genai", "regulated")),
    "safety_critical_cv": ((16, 16, 0, 16, 32, 8, 12), ("no_genai", "cv_high_volume", "safety_critical")),
    "domain_nlp": ((12, 24, 2, 12, 22, 12, 16), ("no_genai", "sme_domain")),
    "early_stage_pilot": ((12, 22, 2, 22, 18, 10, 14), ("no_genai", "early_stage")),
    "trust_and_safety": ((10, 16, 2, 10, 20, 26, 16), ("no_genai", "harmful_content")),
    "strict_ethics": ((12, 16, 2, 12, 22, 20, 16), ("no_genai", "ethics_strict")),
    "automation_first": ((20, 14, 2, 12, 24, 12, 16), ("no_genai", "automation_heavy")),
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


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_of_the_scorecard_is_the_arithmetic_of_its_tags(preset):
    weights, tags = PRESETS[preset]
    assert MODEL.file.scorecard.presets[preset] == tags
    assert MODEL.criteria.file.presets[preset] == dict(zip(AREAS, weights, strict=True))
    assert reference.area_weights(list(tags)) == list(weights)


def test_each_preset_of_the_scorecard_is_known_to_the_advisor():
    assert set(MODEL.file.scorecard.presets) == set(MODEL.criteria.file.presets) == set(PRESETS)


def test_weights_inside_a_category_are_those_of_the_presets_with_the_same_tags():
    by_tag = {tag.id: tag.criteria for tag in MODEL.file.scorecard.tags}
    for preset, tags in MODEL.file.scorecard.presets.items():
        shifts = {category: weights for tag in tags for category, weights in by_tag[tag].items()}
        assert shifts == MODEL.criteria.file.preset_criteria.get(preset, {})


def test_the_tables_hold_the_numbers_of_the_specification():
    assert {factor.id: factor.weight for factor in MODEL.file.factors} == reference.WEIGHTS
    assert tuple(MODEL.floors) == reference.FLOORS
    assert {tag.id: tuple(row) for tag, row in zip(MODEL.file.scorecard.tags, MODEL.deltas, strict=True)} == (
        reference.DELTAS
    )
    defaults = {name: field.default for name, field in MODEL.file.fields.items() if field.default is not None}
    assert defaults == reference.DEFAULTS
    assert reference.OPTIONS == OPTIONS


def test_a_profile_takes_the_words_of_the_context_dictionary():
    for name, field in MODEL.criteria.file.context.items():
        if name in MODEL.file.fields and field.type != "bool":
            assert dict(field.values) == MODEL.file.fields[name].values
