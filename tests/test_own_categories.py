"""Categories of one's own: those without a weight are named, and criteria are copied to change them."""

import json
from pathlib import Path

import pytest
from builders import evaluated, load, run, write_evaluation, write_response
from click.testing import CliRunner

from vendor_eval import load_criteria
from vendor_eval.cli import main
from vendor_eval.config.shipped import criteria_folder
from vendor_eval.issues import InputError
from vendor_eval.run.evaluate import load_evaluation
from vendor_eval.tender.warnings import evaluation_warnings

TREE = "{alpha: {A1: {Q1: {}}}, beta: {B1: {Q2: {}}}}"
SAYS = "has weight 0 in preset all: its answers count for nothing; give it points under presets or weights"
ONLY_ALPHA = "presets: {all: {alpha: 100}}"


def called(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def about_weights(result):
    return [issue for issue in result.evaluation.issues if issue.code.startswith("category-")]


@pytest.fixture
def tender(tmp_path):
    return write_evaluation(
        tmp_path, TREE, {"acme": {"Q1": 80, "Q2": 10}}, settings="{preset: all}", scorecard=ONLY_ALPHA
    )


@pytest.mark.parametrize("command", ["criteria", "questionnaire", "check", "rank"])
def test_a_category_that_the_preset_does_not_name_is_said_at_every_command(tender, command):
    more = ("-o", tender / "form.xlsx") if command == "questionnaire" else ()
    result = called(command, tender / "criteria" if command == "criteria" else tender, *more)
    assert (result.exit_code, result.exception) == (0, None)
    assert f"beta {SAYS}" in " ".join(result.output.split())
    assert "alpha has weight 0" not in result.output


CORE = "{alpha: {A1: {Q1: {tier: core}}}, beta: {B1: {Q2: {}}}}"
BOTH = "presets: {all: {alpha: 90, beta: 10}}"
NOT_ASKED = "beta has weight 10 and the core questionnaire asks nothing of it: write 'tier: core' at its questions"


@pytest.mark.parametrize("command", ["questionnaire", "check", "evaluate", "rank"])
def test_a_category_with_weight_of_which_the_short_questionnaire_asks_nothing_is_said(tmp_path, command):
    settings = "{preset: all, questions: core}"
    tender = write_evaluation(tmp_path, CORE, {"acme": {"Q1": 80}}, settings=settings, scorecard=BOTH)
    more = {"questionnaire": ("-o", tender / "form.xlsx"), "evaluate": ("--format", "json")}.get(command, ())
    result = called(command, tender, *more)
    assert (result.exit_code, result.exception) == (0, None)
    assert NOT_ASKED in " ".join(result.output.split())
    assert [issue.code for issue in about_weights(run(tender))] == ["category-not-asked"]


@pytest.mark.parametrize(
    ("tree", "settings"),
    [
        pytest.param(CORE, "{preset: all, questions: full}", id="the full questionnaire"),
        pytest.param(
            CORE.replace("Q2: {}", "Q2: {tier: core}"), "{preset: all, questions: core}", id="a core question"
        ),
        pytest.param(CORE, "{weights: {alpha: 100, beta: 0}, questions: core}", id="no weight"),
        pytest.param(
            CORE.replace("beta: {", "beta: {applies: {size: large}, "),
            "{preset: all, questions: core, context: {size: small}}",
            id="applies not",
        ),
    ],
)
def test_a_category_that_is_asked_or_weighs_nothing_or_applies_to_nobody_is_not_said(tmp_path, tree, settings):
    tender = write_evaluation(tmp_path, tree, {"acme": {"Q1": 80}}, settings=settings, scorecard=BOTH)
    assert "category-not-asked" not in [issue.code for issue in evaluation_warnings(load_evaluation(tender))]


def test_the_documented_example_is_asked_in_the_short_questionnaire():
    text = (Path(__file__).parent.parent / "docs" / "ask.md").read_text(encoding="utf-8")
    example = text[text.index("id: GRN-01") :].partition("}")[0]
    assert "tier: core" in example


def test_it_stands_in_the_result_with_its_place(tender):
    result = run(tender)
    (issue,) = about_weights(result)
    assert (issue.code, issue.severity, issue.source.file) == ("category-without-weight", "warning", "evaluation.yaml")
    written = json.loads(result.model_dump_json())["evaluation"]["issues"]
    assert "category-without-weight" in [issue["code"] for issue in written]
    assert result.vendor("acme").score == pytest.approx(60)  # a claim of 80, capped


def test_weights_name_every_category_and_an_explicit_0_is_a_notice(tmp_path):
    result = evaluated(tmp_path, TREE, {"acme": {"Q1": 80}}, settings="{weights: {alpha: 100, beta: 0}}")
    assert [(issue.code, issue.severity) for issue in about_weights(result)] == [("category-weight-0", "notice")]
    with pytest.raises(InputError) as error:
        evaluated(tmp_path, TREE, {"acme": {"Q1": 80}}, settings="{weights: {alpha: 100}}")
    assert [(issue.code, issue.message.partition(";")[0]) for issue in error.value.issues] == [
        ("missing-key", "weights: beta is missing")
    ]


def test_weighted_false_is_the_cure_that_the_warning_names(tmp_path):
    tree = TREE.replace("beta: {", "beta: {weighted: false, ")
    result = evaluated(tmp_path, tree, {"acme": {"Q1": 80, "Q2": 10}}, settings="{preset: all}", scorecard=ONLY_ALPHA)
    assert about_weights(result) == []
    assert result.evaluation.weights == {"alpha": 100}
    assert result.vendor("acme").score == pytest.approx(60)
    assert [answer.state for answer in result.vendor("acme").answers] == ["answered", "answered"]


def test_shipped_presets_name_every_category():
    criteria = load_criteria()
    assert all(set(criteria.file.categories) == set(weights) for weights in criteria.presets.values())


# ---- a copy to change


def test_a_copy_is_sound_and_its_line_is_printed(tmp_path):
    result = called("criteria", "--copy", tmp_path / "own")
    assert result.exit_code == 0
    assert result.stdout == f"criteria: {tmp_path / 'own'}\n"
    copied = {path.name for path in (tmp_path / "own").iterdir()}
    assert copied == {path.name for path in criteria_folder().iterdir() if path.is_file()}
    assert load_criteria(tmp_path / "own").sha256
    assert called("criteria", tmp_path / "own").exit_code == 0


def test_only_the_folders_own_files_are_copied_and_from_names_another(tender, tmp_path):
    (tender / "criteria" / "mappings").mkdir()
    (tender / "criteria" / "mappings" / "x.yaml").write_text("a: 1", encoding="utf-8")
    (tender / "criteria" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "own").mkdir()
    assert called("criteria", "--copy", tmp_path / "own", "--from", tender / "criteria").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "own").iterdir()) == ["alpha.yaml", "beta.yaml", "scorecard.yaml"]


def test_a_folder_with_files_is_refused_and_stays_as_it_is(tender):
    before = sorted(path.name for path in (tender / "criteria").iterdir())
    result = called("criteria", "--copy", tender / "criteria")
    assert result.exit_code == 1
    assert "is not empty" in result.output
    assert sorted(path.name for path in (tender / "criteria").iterdir()) == before


@pytest.mark.parametrize("arguments", [("--from", "x"), ("x", "--copy", "y")])
def test_options_that_do_not_go_together_are_refused(arguments):
    assert called("criteria", *arguments).exit_code == 2


def test_a_copy_writes_scale_in_place_of_judgement_of_questions(tmp_path):
    gates = "gates: [{kind: must, min: 5, judgement: true}]"
    text = f"{{judgement: true, {gates}}}"
    folder = write_evaluation(tmp_path, f"{{a: {{A1: {{Q1: {text}, Q2: {{judgement: false}}}}}}}}", {}) / "criteria"
    called("criteria", "--copy", tmp_path / "own", "--from", folder)
    one, two = load((tmp_path / "own" / "a.yaml").read_text("utf-8"))["criteria"][0]["questions"]
    assert ("judgement" in one, one["scale"], one["gates"][0]["judgement"]) == (False, "judgement", True)
    assert ("judgement" in two, two["scale"]) == (False, "source")


def test_a_category_of_ones_own_in_four_steps(tmp_path):
    """The steps of docs/ask.md: copy, add a file, name it, check."""
    own = tmp_path / "criteria"
    called("criteria", "--copy", own)
    category = {
        "category": "green",
        "title": "Environment",
        "criteria": [
            {
                "id": "E1",
                "title": "Energy",
                "weight": 100,
                "questions": [
                    {"id": "GRN-01", "text": "Do you buy green power?", "type": "yes_no_partial", "weight": 1}
                ],
            }
        ],
    }
    (own / "green.yaml").write_text(json.dumps(category), encoding="utf-8")
    scorecard = (own / "scorecard.yaml").read_text("utf-8")
    listed = load(scorecard)["categories"]
    changed = scorecard.replace(f"- {listed[-1]}\n", f"- {listed[-1]}\n  - green\n", 1)
    (own / "scorecard.yaml").write_text(changed, encoding="utf-8")
    (tmp_path / "evaluation.yaml").write_text("title: T\nas_of: 2026-11-24\ncriteria: criteria\n", encoding="utf-8")
    evaluation = load_evaluation(tmp_path)
    assert "GRN-01" in evaluation.asked_questions
    assert "category-without-weight" in [issue.code for issue in evaluation_warnings(evaluation)]
    weights = {**dict.fromkeys(listed, 0), listed[0]: 90, "green": 10}
    (tmp_path / "evaluation.yaml").write_text(
        f"title: T\nas_of: 2026-11-24\ncriteria: criteria\nweights: {json.dumps(weights)}\n", encoding="utf-8"
    )
    (tmp_path / "responses").mkdir()
    write_response(tmp_path / "responses" / "acme.xlsx", [("GRN-01", "Yes", "Contract 7")])
    assert run(tmp_path).vendor("acme").score == pytest.approx(8.5)
