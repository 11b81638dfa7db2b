"""The interview: question by question, with help, defaults and a way back, to a profile and from there to a tender."""

import re

import pytest
from click.testing import CliRunner
from sourcing_builders import MODEL, SAMPLES

from vendor_eval import advise, evaluate, load_evaluation
from vendor_eval.cli import main
from vendor_eval.issues import AnswerError
from vendor_eval.sourcing.interview import Interview
from vendor_eval.sourcing.profile import load_profile
from vendor_eval.sourcing.profile_text import profile_text


def _talk(*answers):
    talk = Interview(MODEL)
    for answer in answers:
        talk.answer(answer)
    return talk


def _until(name):
    """Answer with the first option or 1 up to a question."""
    talk = Interview(MODEL)
    while talk.step.name != name:
        talk.answer("1" if talk.step.required else "")
    return talk


def _finished(talk):
    while talk.step is not None:
        talk.answer("1" if talk.step.required else "")
    return talk


# ------------------------------------------------------------------------------------------------ answers


@pytest.mark.parametrize("text", ["2", "prototype", "PROTOTYPE", "proto", " prototype "])
def test_a_choice_is_answered_by_number_name_or_a_beginning(text):
    assert _talk("", text).answers["stage"] == "prototype"


def test_an_ambiguous_beginning_names_what_it_may_be():
    with pytest.raises(AnswerError, match="prototype or pre_production"):
        _talk("", "pr")


def test_a_misspelt_word_names_the_nearest():
    with pytest.raises(AnswerError, match="did you mean 'exploration'"):
        _talk("", "exploraton")


def test_enter_takes_a_default_and_a_required_question_refuses_it():
    talk = _talk("")
    with pytest.raises(AnswerError, match="needs an answer"):
        talk.answer("")
    assert talk.step.name == "stage"
    assert _finished(_until("volume_pattern")).answers["volume_pattern"] is None


@pytest.mark.parametrize(("text", "value"), [("2.5", 2.5), ("2,5", 2.5), (".5", 0.5), ("0", 0.0), ("12", 12.0)])
def test_a_number_is_read_with_either_decimal_sign(text, value):
    talk = _until("workload_fte")
    talk.answer(text)
    assert talk.answers["workload_fte"] == value


@pytest.mark.parametrize("text", ["-1", "many", "5 FTE", "inf"])
def test_what_is_no_number_is_refused_and_the_question_stays(text):
    talk = _until("workload_fte")
    with pytest.raises(AnswerError):
        talk.answer(text)
    assert talk.step.name == "workload_fte"


@pytest.mark.parametrize(
    ("text", "value"), [("1 hipaa", ("gdpr", "hipaa")), ("none", ()), ("3, 1", ("gdpr", "hipaa")), ("", None)]
)
def test_a_set_takes_several(text, value):
    talk = _until("sensitivity")
    talk.answer("regulated")
    talk.answer("")
    talk.answer(text)
    assert talk.answers["regimes"] == value


def test_work_is_worked_out_from_units_and_seconds():
    talk = _until("workload_fte")
    for answer in ("units", "60000", "20", "8 %"):
        talk.answer(answer)
    assert talk.answers["workload_fte"] == pytest.approx(60_000 * 20 * 1.08 / 3600 / 121, rel=1e-2)
    assert talk.step.name == "volume_pattern"
    assert "60,000 units" in profile_text(_finished(talk))


def test_a_share_above_one_is_asked_again():
    talk = _until("workload_fte")
    for answer in ("units", "60000", "20"):
        talk.answer(answer)
    with pytest.raises(AnswerError, match="write 8 %"):
        talk.answer("8")


def test_a_contradiction_is_said_where_it_arises():
    talk = _until("sensitivity")
    talk.answer("internal_only")
    with pytest.raises(AnswerError, match="cannot go to a vetted partner"):
        talk.answer("")
    talk.answer("our_environment_only")
    assert talk.step.name == "regimes"


# ------------------------------------------------------------------------------------------------ going back


def test_going_back_opens_the_question_before_and_forgets_its_answer():
    talk = _talk("Ours", "prototype")
    talk.back()
    assert (talk.step.name, talk.answers) == ("stage", {"title": "Ours"})


def test_going_back_at_the_first_question_stays():
    talk = Interview(MODEL)
    talk.back()
    assert talk.step.name == "title"


def test_going_back_from_working_it_out_comes_to_the_plain_question():
    talk = _until("workload_fte")
    talk.answer("units")
    talk.answer("60000")
    talk.back()
    assert talk.step.name == "workload_fte.units_per_month"
    talk.back()
    assert talk.step.name == "workload_fte"


def test_every_question_can_be_gone_back_through():
    talk = _finished(Interview(MODEL))
    count = len(talk.answers)
    for _ in range(count):
        talk.back()
    assert talk.answers == {}


def test_costs_are_asked_only_where_they_are_wanted():
    talk = _until("cost")
    place, of = talk.place
    assert place == of
    talk.answer("y")
    assert talk.step.name == "currency"
    assert talk.place[1] > of


# ------------------------------------------------------------------------------------------------ the file


def test_a_finished_interview_writes_a_profile_that_loads(tmp_path):
    talk = _finished(Interview(MODEL))
    (tmp_path / "profile.yaml").write_text(profile_text(talk), encoding="utf-8")
    profile = load_profile(tmp_path / "profile.yaml")
    given = {name: value for name, value in talk.answers.items() if value is not None and name in profile.values}
    assert {name: profile.values[name] for name in given} == given
    assert set(profile.defaults_used) == {n for n, v in talk.answers.items() if v is None and n in profile.values}


def test_the_file_explains_every_field_and_every_cost_input():
    text = profile_text(_finished(Interview(MODEL)))
    for name, field in MODEL.file.fields.items():
        assert f"{name}:" in text
        assert field.question in text
    for entry in MODEL.file.cost.inputs.values():
        assert entry.question in text


def test_an_uncommented_cost_line_of_the_file_loads(tmp_path):
    talk = _until("cost")
    talk.answer("y")
    text = (
        profile_text(_finished(talk))
        .replace("#   errors:", "  errors:")
        .replace("#     crowd:     ", "    crowd: 0.08 ")
    )
    (tmp_path / "profile.yaml").write_text(text, encoding="utf-8")
    assert load_profile(tmp_path / "profile.yaml").cost.errors.crowd == 0.08


# ------------------------------------------------------------------------------------------------ the whole way


def _run(*arguments, text=None):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=text)


# Fruit and shelf pictures for two models: questions, wrong answers, help and a step back among them.
ANSWERS = """Fruit and shelf
scaled
?
stabel
stable
n
2
units
60000
20
8 %
<
120
spiky
moderate

cv_dense
detector
domain

internal




weekly

opex

6
partial

n


"""


def test_the_whole_way_from_interview_to_result(tmp_path):
    profile, folder = tmp_path / "profile.yaml", tmp_path / "tender"
    asked = _run("advise", profile, "--interview", "-o", tmp_path / "advice.json", text=ANSWERS)
    assert asked.exit_code == 0, asked.output
    assert "did you mean 'stable'" in asked.stderr
    assert "Give the work to a managed partner" in asked.stdout
    advice = advise(profile)
    assert advice.to_json() == (tmp_path / "advice.json").read_text(encoding="utf-8")
    assert advice.profile["workload_fte"] == 120

    assert _run("init", folder, "--profile", profile).exit_code == 0
    # The buyer confirms what the advisor assumed.
    started = (folder / "evaluation.yaml").read_text(encoding="utf-8")
    confirmed = re.sub(r"# (\w+: .*?) +# ASSUMED by the advisor, confirm", r"\1", started)
    assert confirmed.count("ASSUMED") == 0 < started.count("ASSUMED")
    (folder / "evaluation.yaml").write_text(confirmed, encoding="utf-8")
    assert _run("questionnaire", folder, "-o", tmp_path / "questionnaire.xlsx").exit_code == 0
    evaluation = load_evaluation(folder)
    assert evaluation.weights == advice.scorecard_weights
    assert "LAB-08" not in evaluation.asked_questions  # harmful content
    assert not any(name.startswith("GEN") for name in evaluation.asked_questions)

    for response in (SAMPLES.parent / "small" / "responses").glob("*.xlsx"):
        (folder / "responses" / response.name).write_bytes(response.read_bytes())
    result = evaluate(evaluation)
    assert len(result.vendors) == 3
    assert result.evaluation.weights == advice.scorecard_weights
    assert result.evaluation.method.context["workload"] == "large"
    # The surge test of the pilot counts, since the profile says that volume is spiky.
    gates = [gate for vendor in result.vendors for gate in vendor.gates]
    assert len([gate for gate in gates if gate.question == "ENG-24"]) == 2 * 3
    assert not any("set it" in gate.reason for gate in gates)


def test_an_interview_that_is_stopped_writes_nothing(tmp_path):
    stopped = _run("advise", tmp_path / "profile.yaml", "--interview", text="Ours\n2\n")
    assert stopped.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_an_interview_does_not_overwrite_a_profile(tmp_path):
    profile = tmp_path / "profile.yaml"
    profile.write_text("stage: prototype\n", encoding="utf-8")
    refused = _run("advise", profile, "--interview", text=ANSWERS)
    assert (refused.exit_code, profile.read_text(encoding="utf-8")) == (1, "stage: prototype\n")
    assert "exists already" in refused.stderr
