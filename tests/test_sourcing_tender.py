"""A profile in the place of preset and context."""

import pytest
from click.testing import CliRunner
from sourcing_builders import MINIMAL, MODEL, SAMPLES

from vendor_eval import advise, evaluate, load_evaluation
from vendor_eval.cli import main
from vendor_eval.issues import InputError
from vendor_eval.sourcing.context import for_scorecard
from vendor_eval.sourcing.profile import load_profile

PROFILES = sorted(path.stem for path in SAMPLES.glob("*.yaml"))


def _evaluation(folder, text, profile="agtech-weeds"):
    (folder / "profile.yaml").write_bytes((SAMPLES / f"{profile}.yaml").read_bytes())
    if "previous" in (folder / "profile.yaml").read_text(encoding="utf-8"):
        (folder / "insurer-claims.json").write_bytes((SAMPLES / "insurer-claims.json").read_bytes())
    (folder / "evaluation.yaml").write_text(f"title: T\nas_of: 2026-11-24\n{text}", encoding="utf-8")
    return load_evaluation(folder)


def _init(folder, *arguments):
    return CliRunner().invoke(main, ["init", str(folder), *map(str, arguments)])


def test_a_profile_gives_weights_and_context(tmp_path):
    evaluation = _evaluation(tmp_path, "profile: profile.yaml\n")
    advice = advise(SAMPLES / "agtech-weeds.yaml")
    assert evaluation.weights == advice.scorecard_weights
    assert evaluation.context == {"tool": "either", **advice.context}
    assert evaluation.context["workload"] == "large"


def test_a_profile_shifts_weights_inside_a_category(tmp_path):
    criteria = _evaluation(tmp_path, "profile: profile.yaml\n").criteria
    scaling = next(category for category in criteria.categories if category.category == "engagement_flexibility")
    assert {criterion.id: criterion.weight for criterion in scaling.criteria} == {
        "E1": 20,
        "E2": 20,
        "E3": 40,
        "E4": 20,
    }


def test_context_completes_what_a_profile_leaves_open(tmp_path):
    evaluation = _evaluation(tmp_path, "profile: profile.yaml\ncontext: {languages: one, personal_data: false}\n")
    assert (evaluation.context["languages"], evaluation.context["personal_data"]) == ("one", False)
    assert evaluation.context["volume_pattern"] == "spiky"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("profile: profile.yaml\npreset: balanced\n", 4),
        ("profile: profile.yaml\ncontext: {sensitivity: public}\n", 4),
        ("profile: profile.yaml\nweights: {security: 100}\n", 4),
    ],
)
def test_what_a_profile_says_is_not_said_twice(tmp_path, text, line):
    with pytest.raises(InputError) as found:
        _evaluation(tmp_path, text)
    assert [(issue.code, issue.location.line) for issue in found.value.issues] == [("contradiction", line)]


def test_a_profile_that_is_not_there_is_a_fault_of_the_evaluation(tmp_path):
    with pytest.raises(InputError) as found:
        _evaluation(tmp_path, "profile: none.yaml\n")
    assert [(issue.code, issue.location.line) for issue in found.value.issues] == [("missing-file", 3)]


def test_faults_of_the_profile_name_the_profile(tmp_path):
    (tmp_path / "bad.yaml").write_text("stage: exploraton\n", encoding="utf-8")
    with pytest.raises(InputError) as found:
        _evaluation(tmp_path, "profile: bad.yaml\n")
    assert {issue.location.file for issue in found.value.issues} == {"bad.yaml"}


def test_the_result_names_the_profile_and_its_hash(tmp_path):
    record = evaluate(_evaluation(tmp_path, "profile: profile.yaml\n")).evaluation
    assert (record.preset, record.method.profile) == (None, "profile.yaml")
    assert "profile.yaml" in [one.file for one in record.inputs]


def test_an_absolute_path_to_a_profile_stays_out_of_the_result(tmp_path):
    text = evaluate(_evaluation(tmp_path, f"profile: {tmp_path / 'profile.yaml'}\n")).to_json()
    assert str(tmp_path) not in text


@pytest.mark.parametrize("profile", PROFILES)
def test_starting_from_a_profile_is_the_same_as_naming_it(tmp_path, profile):
    for folder in ("named", "started"):
        (tmp_path / folder).mkdir()
    named = _evaluation(tmp_path / "named", "profile: profile.yaml\n", profile)
    assert _init(tmp_path / "started", "--profile", SAMPLES / f"{profile}.yaml").exit_code == 0
    started = load_evaluation(tmp_path / "started")
    assert (started.weights, started.context) == (named.weights, named.context)
    assert [c.model_dump() for c in started.criteria.categories] == [c.model_dump() for c in named.criteria.categories]


def test_starting_from_a_profile_names_the_preset_whose_tags_it_has(tmp_path):
    _init(tmp_path / "preset", "--profile", SAMPLES / "assistant-preferences.yaml")
    text = (tmp_path / "preset" / "evaluation.yaml").read_text(encoding="utf-8")
    assert "preset: genai_confidential" in text
    assert "tags genai, confidential" in text


def test_starting_takes_a_preset_or_a_profile(tmp_path):
    both = _init(tmp_path / "t", "--profile", SAMPLES / "agtech-weeds.yaml", "--preset", "balanced")
    assert both.exit_code == 2


GATES = {
    "PLT-17": {"data_may_leave": "our_environment_only"},
    "ENG-24": {"volume_pattern": "spiky"},
    "QAR-14": {"regimes": ["ai_act_high_risk"]},
    "LAB-08": {"harmful_content": True},
    "SEC-30": {"regimes": ["export_controlled"]},
}


@pytest.mark.parametrize("question", GATES)
def test_gates_and_questions_follow_from_the_profile(question):
    """A condition of the advice is tested where the scorecard says so."""
    profile = {**MINIMAL, **GATES[question]}
    card = for_scorecard(load_profile(profile))
    asked = MODEL.criteria.questions[question]
    whens = [gate.when for gate in asked.gates if gate.when] or [asked.applies]
    field = next(iter(GATES[question]))
    assert any(field in when for when in whens) or field in asked.applies
    assert field in card.context


def test_terms_that_both_files_work_out_agree():
    """scorecard.yaml works out `workload` and `automation_overlay` from a profile, sourcing.yaml does as well."""
    for workload in (0.5, 2, 2.1, 10, 10.1):
        for fit in ("none", "partial", "narrow_calibrated"):
            for severity in ("low", "moderate", "high", "safety_critical"):
                values = {"workload_fte": workload, "automation_fit": fit, "error_severity": severity}
                advice = advise({**MINIMAL, **values})
                profile = load_profile({**MINIMAL, **values})
                assert advice.context["workload"] == profile.term("workload")
                assert advice.context["automation_overlay"] == advice.automation_overlay


def test_what_a_profile_leaves_open_is_named():
    advice = advise(MINIMAL)
    stated = {"type", "sensitivity", "complexity", "expertise_needed", "workload", "human_written_text"}
    assert set(advice.context) == stated
    assert set(advice.context_open) - set(advice.context_assumed) == {"personal_data", "languages", "agent_work"}
    assert advice.context_assumed["automation_overlay"] == "none"
    assert advice.context_assumed["regimes"] == ()
    assert "human_written_text" in advise({**MINIMAL, "type": "genai_preference_rlhf"}).context_open
    assert advise({**MINIMAL, "regimes": ["gdpr"]}).context["personal_data"] is True
    assert advise({**MINIMAL, "type": "genai_sft"}).context["human_written_text"] is True
