"""Presets as a base and tags in one arithmetic, in criteria, evaluation.yaml and `init`."""

import json
import re

import pytest
from builders import write_response
from click.testing import CliRunner
from sourcing_builders import MINIMAL, SAMPLES, line_of, own_criteria

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.criteria import load_criteria
from vendor_eval.issues import InputError
from vendor_eval.run.evaluate import evaluate_readings, read_responses

CRITERIA = load_criteria()
HEAD = "title: T\nas_of: 2026-11-24\n"


def _evaluation(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "evaluation.yaml").write_text(f"{HEAD}{text}", encoding="utf-8")
    return load_evaluation(folder)


def _faults(folder, text):
    with pytest.raises(InputError) as raised:
        _evaluation(folder, text)
    return [(issue.code, issue.location.line) for issue in raised.value.issues]


# ------------------------------------------------------------------------------------------------ in an evaluation


def _base_and_tags(name):
    base, tags = CRITERIA.base_and_tags(name)
    return f"preset: {base}\ntags: [{', '.join(tags)}]\n"


def _weighed(folder, weights):
    return _evaluation(folder, f"firmness: off\ncontext: {{type: [cv_basic, genai_sft]}}\n{weights}")


def _answered(folder, option):
    """Answer every question that has options with the first or the last of them."""
    offered = {name: getattr(question, "options", ()) for name, question in CRITERIA.questions.items()}
    chosen = [(name, options[option].label, "Policy 3.1") for name, options in offered.items() if options]
    write_response(folder, chosen)


def test_a_preset_and_its_base_with_its_tags_give_the_same_result(tmp_path):
    (tmp_path / "responses").mkdir()
    _answered(tmp_path / "responses" / "first.xlsx", 0)
    _answered(tmp_path / "responses" / "last.xlsx", -1)
    readings = read_responses(_weighed(tmp_path, ""))
    assert len(CRITERIA.presets) == 16
    scores = set()
    for preset in CRITERIA.presets:
        named = evaluate_readings(_weighed(tmp_path, f"preset: {preset}\n"), readings)
        tagged = evaluate_readings(_weighed(tmp_path, _base_and_tags(preset)), readings)
        base, tags = CRITERIA.base_and_tags(preset)
        assert (named.evaluation.preset, tagged.evaluation.preset) == (preset, " + ".join((base, *tags)))
        assert named.vendors == tagged.vendors
        assert (named.ranking, named.evaluation.weights) == (tagged.ranking, tagged.evaluation.weights)
        scores.add(tuple(vendor.score for vendor in named.vendors))
    assert len(scores) == 16


def test_tags_add_to_those_of_a_preset(tmp_path):
    evaluation = _evaluation(tmp_path, "preset: genai_rlhf_sft\ntags: [confidential, genai]\n")
    assert evaluation.weights == CRITERIA.presets["genai_confidential"]
    assert evaluation.weights["genai_readiness"] == 22


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("tags: [regulatd]\n", [("unknown-reference", 3)]),
        ("preset: balancd\ntags: [spiky]\n", [("unknown-reference", 3)]),
        ("profile: p.yaml\ntags: [spiky]\n", [("contradiction", 4)]),
    ],
)
def test_tags_that_the_scorecard_does_not_have_are_a_fault(tmp_path, text, faults):
    (tmp_path / "p.yaml").write_text(json.dumps(MINIMAL), encoding="utf-8")
    assert _faults(tmp_path, text) == faults


def test_tags_and_weights_contradict_each_other(tmp_path):
    weights = ", ".join(f"{name}: {weight:g}" for name, weight in CRITERIA.presets["balanced"].items())
    assert _faults(tmp_path, f"tags: [spiky]\nweights: {{{weights}}}\n") == [("contradiction", 4)]


# ------------------------------------------------------------------------------------------------ in the criteria

FAULTS = {
    "delta-not-0": ("engagement_flexibility: 6, qa_rigor: -2}", "engagement_flexibility: 7, qa_rigor: -2}"),
    "contradiction": (
        "  client_tool:  #",
        "  other:\n    delta: {security: 0}\n    criteria: {engagement_flexibility: {E3: 50}}\n  client_tool:  #",
    ),
    "repeated-id": ("  genai_rlhf_sft: {base", "  balanced: {base: balanced, tags: []}\n  genai_rlhf_sft: {base"),
    "unknown-reference": ("tags: [no_genai, sme_domain]}", "tags: [no_genai, sme_domian]}"),
    "wrong-value": ("qa_rigor: 14, labor_ethics: 10", "qa_rigor: 14, labor_ethics: 80"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_of_tags_says_where_it_is(tmp_path, code):
    before, after = FAULTS[code]
    own_criteria(tmp_path, lambda text: text)
    file = tmp_path / "scorecard.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_criteria(tmp_path)
    where = {"wrong-value": "tag_floors:", "contradiction": "E3: 50"}.get(code, after.splitlines()[0])
    assert [issue.code for issue in raised.value.issues] == [code]
    assert raised.value.issues[0].location.line in {line_of(file, where), line_of(file, where) + 1}


def test_a_preset_may_not_name_a_tagged_one_as_its_base(tmp_path):
    own_criteria(tmp_path, lambda text: text)
    file = tmp_path / "scorecard.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("medical: {base: balanced", "medical: {base: domain_nlp"), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_criteria(tmp_path)
    assert [issue.code for issue in raised.value.issues] == ["unknown-reference"]


# ------------------------------------------------------------------------------------------------ init


def _init(folder, *arguments):
    done = CliRunner().invoke(main, ["init", str(folder), *map(str, arguments)])
    return done, (folder / "evaluation.yaml").read_text(encoding="utf-8") if done.exit_code == 0 else ""


def test_init_writes_base_and_tags_and_the_price_weight_with_its_reason(tmp_path):
    done, text = _init(tmp_path / "t", "--preset", "genai_rlhf_sft", "--tags", "confidential,harmful_content")
    assert done.exit_code == 0
    assert "preset: genai_rlhf_sft" in text
    assert "\ntags: [confidential, harmful_content]" in text
    assert "#   weight: 20    # 20: cheap labels cost labor and rework; 35 only for boxes that anyone can check" in text
    assert "0.20 x price score + 0.80 x quality" in text
    assert load_evaluation(tmp_path / "t").weights == CRITERIA.presets["genai_red_team"]


@pytest.mark.parametrize("preset", CRITERIA.presets)
def test_init_writes_the_price_weight_of_each_preset(tmp_path, preset):
    assert f"#   weight: {CRITERIA.price_weight(preset):g} " in _init(tmp_path / "t", "--preset", preset)[1]


@pytest.mark.parametrize("arguments", [("--tags", "regulatd"), ("--preset", "balancd")])
def test_init_names_the_nearest_tag_or_preset(tmp_path, arguments):
    done, _ = _init(tmp_path / "t", *arguments)
    assert done.exit_code == 2
    assert "did you mean" in done.stderr


def test_init_takes_tags_or_a_profile(tmp_path):
    assert _init(tmp_path / "t", "--profile", SAMPLES / "agtech-weeds.yaml", "--tags", "spiky")[0].exit_code == 2


def test_what_a_profile_left_to_a_default_is_written_as_a_comment_and_is_not_set(tmp_path):
    _, text = _init(tmp_path / "t", "--profile", SAMPLES / "agtech-weeds.yaml")
    assert "  # tool: either    # ASSUMED by the advisor, confirm" in text
    assert "  # regimes: []    # ASSUMED by the advisor, confirm" in text
    assert "\n  volume_pattern: spiky" in text
    context = load_evaluation(tmp_path / "t").context
    assert not {"regimes", "data_may_leave", "error_severity"} & set(context)
    assert (context["volume_pattern"], context["feedback_loop"]) == ("spiky", "weekly")
    assert "tags: [no_genai, cv_high_volume, spiky, sme_domain]" in text


# ------------------------------------------------------------------------------------------------ context


def test_an_unset_tool_counts_as_either(tmp_path):
    assert _evaluation(tmp_path, "").context == {"tool": "either"}
    assert _evaluation(tmp_path, "context: {tool: ours}\n").context == {"tool": "ours"}


@pytest.mark.parametrize("regime", ["gdpr", "uk_gdpr", "hipaa", "ccpa", "other_privacy_law", "us_bulk_data"])
def test_regimes_with_personal_data_say_so(tmp_path, regime):
    profile = {**MINIMAL, "regimes": [regime], "sensitivity": "regulated"}
    (tmp_path / "p.yaml").write_text(json.dumps(profile), encoding="utf-8")
    assert _evaluation(tmp_path, "profile: p.yaml\n").context["personal_data"] is True


def test_values_speak_of_the_client_and_the_vendor():
    words = re.compile(r"\b(we|our|us|ours|partner)\b")
    for name, field in CRITERIA.file.context.items():
        for meaning in field.values.values() if isinstance(field.values, dict) else ():
            assert not words.search(meaning), (name, meaning)
