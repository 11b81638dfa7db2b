"""The thirteen cases in which bank 2 decides otherwise than bank 1: one change to a vendor that is best everywhere."""

from dataclasses import replace
from datetime import date

import pytest

from vendor_eval import load_evaluation
from vendor_eval.criteria.questions.answers import Answer
from vendor_eval.findings.acts import Rated
from vendor_eval.scoring.gates import judge
from vendor_eval.scoring.score import score
from vendor_eval.tender import EvidenceCaps

EVALUATION = """\
title: Reversed cases
as_of: 2026-11-24
criteria: annotation-partner@2
stage: award
context:
  type: [genai_sft]
  sensitivity: confidential
  data_may_leave: vetted_partner
  regimes: [gdpr]
  personal_data: true
  harmful_content: true
  human_written_text: true
  complexity: complex
  error_severity: moderate
  expertise_needed: domain_trained
  automation_overlay: none
  workload: medium
  volume_pattern: steady
  feedback_loop: few_days
  languages: one
  labor_ethics_policy: standard
  tool: theirs
  third_party_data: false
  agent_work: false
"""
CERTIFICATE = {"accredited": "yes", "scope": "our_site_and_service", "open_actions": "no", "issuer": "X", "number": "1"}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return with_context(tmp_path_factory.mktemp("base"))


def with_context(folder, **values):
    lines = "".join(f"  {name}: {value}\n" for name, value in values.items())
    kept = [line for line in EVALUATION.splitlines() if line.partition(":")[0].strip() not in values]
    (folder / "evaluation.yaml").write_text("\n".join(kept) + f"\n{lines}", encoding="utf-8")
    return load_evaluation(folder)


def chosen(*options):
    return Answer(", ".join(options), frozenset(options))


def figure(number):
    return Answer(f"{number:g}", number=number)


def certificate(question, status):
    valid = status in {"valid", "renewal_booked"}
    capped = question.cap_if.get(f"{question.id}.edition", ())
    edition = [e.id for e in question.editions if not e.withdrawn and e.id not in capped][-1]
    parts = {"status": status, "edition": edition, **CERTIFICATE} if valid else {"status": status}
    return Answer(status, frozenset({status}), day=date(2027, 6, 30), parts=tuple(parts.items()))


def best(question):
    """Give the best answer: the one that is worth most, by the figure that passes its gates too."""
    if question.type == "certification":
        return certificate(question, "valid")
    if question.type == "single_choice":
        return chosen(max(question.options, key=lambda option: option.score or 0).id)
    if question.type == "multi_choice":
        return chosen(*(option.id for option in question.options if option.score or option.score is None))
    if question.type == "yes_no_partial":
        return chosen("yes")
    if question.type == "rubric":
        return figure(5)
    bounds = [gate for gate in question.gates if gate.min is not None or gate.max is not None]
    # A flag may say of the best figure that it is too good to be true.
    decisive = [gate for gate in bounds if gate.kind != "flag"]
    points = list(question.points or ())
    # Beyond the last breakpoint the value stays what it is there.
    points += [(gate.min, points[-1][1]) for gate in bounds if points and gate.min and gate.min > points[-1][0]]
    points = points or [(bound, 0) for gate in bounds for bound in (gate.min, gate.max) if bound is not None]
    most = max(score for _, score in points)
    passing = [
        x
        for x, score in points
        if score == most and all((g.min is None or x >= g.min) and (g.max is None or x <= g.max) for g in decisive)
    ]
    return figure(passing[0])


def judged(evaluation, *, levels=None, **changes):
    """Judge a vendor that is best everywhere and proves it, but for some answers."""
    given = {name: best(question) for name, question in evaluation.asked_questions.items()}
    given |= {name.replace("_", "-"): answer for name, answer in changes.items()}
    rated = {
        name: Rated(None, answer, "answered", (levels or {}).get(name, "document"))  # type: ignore[arg-type]
        for name, answer in given.items()
    }
    card = score(evaluation, "acme", rated)
    return judge(evaluation, card), card


def test_the_base_is_eligible(base):
    verdict, _ = judged(base)
    assert (verdict.status, verdict.conditions) == ("eligible", ())
    assert [gate.question for gate in verdict.gates if gate.result != "pass" and gate.kind != "flag"] == []


@pytest.mark.parametrize(
    ("changes", "status", "decisive"),
    [
        pytest.param({"LAB_26": chosen("a", "b", "d")}, "excluded", {"LAB-26"}, id="1 papers kept"),
        pytest.param({"LAB_08": chosen("b", "d", "e")}, "excluded", {"LAB-08"}, id="2 neither a choice nor clinicians"),
        pytest.param({"LAB_08": chosen("c", "d", "e")}, "conditional", {"LAB-08"}, id="2 clinicians alone"),
        pytest.param({"SEC_04": chosen("b")}, "excluded", {"SEC-04"}, id="3 source data only"),
        pytest.param({"LAB_19": chosen("c")}, "conditional", {"LAB-19"}, id="4 countries"),
        pytest.param({"LAB_20": chosen("c")}, "conditional", {"LAB-20"}, id="5 documents"),
        pytest.param({"GEN_16": chosen("a")}, "conditional", {"GEN-16"}, id="6 a ban alone"),
        pytest.param({"SEC_13": "none"}, "eligible", set(), id="7 Type II in place of ISO 27001"),
        pytest.param({"SEC_13": "none", "SEC_31": "none"}, "conditional", {"SEC-13"}, id="7 neither"),
        pytest.param({"LAB_29": figure(100 / 180)}, "eligible", set(), id="9 one of 180"),
        pytest.param({"LAB_29": figure(300 / 180)}, "conditional", {"LAB-29"}, id="9 three of 180"),
        pytest.param({"LAB_29": figure(1200 / 180)}, "excluded", {"LAB-29"}, id="9 twelve of 180"),
        pytest.param({"SEC_12": chosen("b", "c", "d", "e")}, "eligible", set(), id="10 copies are stopped otherwise"),
        pytest.param(
            {"SEC_12": chosen("b", "c", "d", "e"), "SEC_09": figure(20)}, "conditional", {"SEC-09"}, id="11 remote"
        ),
        pytest.param({"SEC_12": chosen("d", "e", "f"), "SEC_09": figure(20)}, "eligible", set(), id="11 and with f"),
        pytest.param({"SEC_32": chosen("d")}, "conditional", {"SEC-32"}, id="12 undue delay"),
        pytest.param({"SEC_32": chosen("e")}, "excluded", {"SEC-32"}, id="12 no delay named"),
    ],
)
def test_a_reversed_case(base, changes, status, decisive):
    questions = base.criteria.questions
    answers = {
        name: certificate(questions[name.replace("_", "-")], answer) if isinstance(answer, str) else answer
        for name, answer in changes.items()
    }
    verdict, _ = judged(base, **answers)
    assert (verdict.status, {result.about for result in verdict.not_passed}) == (status, decisive)


def test_3_source_data_only_is_a_condition_for_public_data_without_gen_ai(tmp_path):
    verdict, _ = judged(with_context(tmp_path, type="[nlp]", sensitivity="internal"), SEC_04=chosen("b"))
    assert (verdict.status, [result.about for result in verdict.not_passed]) == ("conditional", ["SEC-04"])


def test_8_the_clients_own_tool_asks_for_other_questions_and_leaves_the_score(tmp_path, base):
    theirs = with_context(tmp_path, tool="ours")
    platform = {"PLT-01", "PLT-02", "PLT-08", "PLT-12", "PLT-13", "PLT-15", "PLT-16"}
    assert set(base.asked_questions) - set(theirs.asked_questions) == platform
    assert set(theirs.asked_questions) - set(base.asked_questions) == {"PLT-21"}
    (before, own), (verdict, card) = judged(base), judged(theirs)
    assert (before.status, verdict.status) == ("eligible", "eligible")
    assert card.total.score == pytest.approx(own.total.score)


def test_9_one_of_180_hits_the_flag(base):
    verdict, _ = judged(base, LAB_29=figure(100 / 180))
    hit = [gate for gate in verdict.gates if (gate.question, gate.kind) == ("LAB-29", "flag")]
    assert [gate.result for gate in hit] == ["fail"]


@pytest.mark.parametrize("level", sorted(EvidenceCaps.model_fields.keys() - {"document", "verified"}))
def test_13_a_document_that_is_named_and_not_there_leaves_the_gate_open(base, level):
    verdict, _ = judged(base, levels={"QAR-01": level})
    (result,) = verdict.not_passed
    assert (verdict.status, result.about, result.result) == ("conditional", "QAR-01", "unresolved")


def test_the_stages_of_gates_without_a_condition_that_need_a_document(base):
    """Leave out what is asked for Gen AI alone, which is a condition too."""
    asked = [c for c in base.criteria.categories if not c.applies]
    questions = [q for category in asked for criterion in category.criteria for q in criterion.questions]
    stages = [g.stage for q in questions for g in q.gates if g.kind != "flag" and g.needs and not (g.when or q.applies)]
    assert [stages.count(stage) for stage in ("read", "award", "data")] == [11, 25, 3]


def test_before_the_award_the_same_faults_are_conditions(base):
    reading = replace(base, settings=base.settings.model_copy(update={"stage": "read"}))
    verdict, _ = judged(reading, LAB_20=chosen("c"), QAR_01=chosen("a"))
    assert (verdict.status, [(c.about, c.stage) for c in verdict.conditions]) == (
        "eligible",
        [("QAR-01", "award"), ("LAB-20", "award")],
    )
