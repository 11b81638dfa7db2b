"""Gates by stage and by branch: what is due, any of several, waivers with an end, the status in words, screens."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import evaluated, load, node, run, write_evaluation, write_response
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
from pages import comparison_html, scorecard_html

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.criteria.questions import Gate
from vendor_eval.criteria.questions.answers import Answer
from vendor_eval.findings.acts import Rated
from vendor_eval.issues import InputError
from vendor_eval.reports.terminal.decision import decision_text
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.reports.wording.status import status_text
from vendor_eval.reports.workbook.shortlist import shortlist
from vendor_eval.scoring.gates import judge
from vendor_eval.scoring.score import Leaf, Node, Scorecard
from vendor_eval.tender.starter import starter

DOCUMENT = "Contract, annex 3"


def acme(folder, tree, answers, **others):
    return evaluated(folder, tree, {"acme": answers}, **others).vendor("acme")


# ------------------------------------------------------------------------------------------------ any of several

EITHER = "any: [{min: 60}, {question: Q2, min: 60}]"
BOTH = "any: [{min: 90}, {all: [{min: 60}, {question: Q2, min: 60}]}]"


def branched(gate, kind="must", keys=""):
    return f"{{a: {{A1: {{Q1: {{gates: [{{kind: {kind}, {gate}{keys}}}]}}, Q2: {{}}, Q9: {{}}}}}}}}"


@pytest.mark.parametrize(
    ("gate", "first", "second", "result", "reason", "open_questions"),
    [
        pytest.param(EITHER, 70, None, "pass", "by Q1: at least 60", (), id="its own branch"),
        pytest.param(EITHER, 0, 70, "pass", "by Q2: at least 60", (), id="another question"),
        pytest.param(EITHER, None, 70, "pass", "by Q2: at least 60", (), id="a blank beside it"),
        pytest.param(
            EITHER,
            0,
            50,
            "fail",
            "Q1: 0 %; at least 60 % are needed; or Q2: 50 %; at least 60 % are needed",
            (),
            id="all of them are printed",
        ),
        pytest.param(
            EITHER,
            0,
            None,
            "unresolved",
            "Q1: 0 %; at least 60 % are needed; or Q2: the answer is blank",
            ("Q2",),
            id="one is open",
        ),
        pytest.param(
            EITHER,
            None,
            None,
            "unresolved",
            "Q1: the answer is blank; or Q2: the answer is blank",
            ("Q1", "Q2"),
            id="both are open",
        ),
        pytest.param(BOTH, 60, 60, "pass", "by Q1: at least 60 and Q2: at least 60", (), id="all of a branch"),
        pytest.param(BOTH, 90, 0, "pass", "by Q1: at least 90", (), id="the other branch"),
        pytest.param(
            BOTH,
            70,
            0,
            "fail",
            "Q1: 70 %; at least 90 % are needed; or Q2: 0 %; at least 60 % are needed",
            (),
            id="one of all fails",
        ),
        pytest.param(
            BOTH,
            70,
            None,
            "unresolved",
            "Q1: 70 %; at least 90 % are needed; or Q2: the answer is blank",
            ("Q2",),
            id="one of all",
        ),
    ],
)
def test_of_branches_the_best_counts_and_of_all_the_worst(
    tmp_path, gate, first, second, result, reason, open_questions
):
    vendor = acme(tmp_path, branched(gate), {"Q1": first, "Q2": second})
    (record,) = vendor.gates
    assert (record.result, record.reason, record.open_questions) == (result, reason, open_questions)
    assert vendor.status == ("eligible" if result == "pass" else "conditional")


def test_a_gate_of_branches_says_what_passes_it(tmp_path):
    choice = "{type: single_choice, options: [{label: Full, score: 100}, {label: None, score: 0}]}"
    gates = "{gates: [{kind: must, any: [{min: 90}, {all: [{min: 60}, {question: Q2, one_of: [a]}]}]}]}"
    vendor = acme(tmp_path, f"{{a: {{A1: {{Q1: {gates}, Q2: {choice}}}}}}}", {"Q1": 100})
    assert vendor.gates[0].test == "any of: Q1: at least 90; or Q1: at least 60 and Q2: one of: Full"


@pytest.mark.parametrize(
    ("evidence", "result"), [pytest.param("", "unresolved", id="claim"), pytest.param(DOCUMENT, "pass", id="document")]
)
def test_needs_holds_for_every_branch(tmp_path, evidence, result):
    tree = branched(EITHER, keys=", needs: document")
    vendor = acme(tmp_path, tree, {"Q1": (0, DOCUMENT), "Q2": (80, evidence)})
    assert (vendor.gates[0].result, vendor.gates[0].open_questions) == (result, () if evidence else ("Q2",))


@pytest.mark.parametrize(
    ("parent", "result"),
    [pytest.param("No", "fail", id="settled by an answer"), pytest.param(None, "unresolved", id="hangs on a blank")],
)
def test_a_branch_on_a_settled_question_fails(tmp_path, parent, result):
    gates = "{gates: [{kind: must, any: [{min: 60}, {question: Q2, min: 60}]}]}"
    tree = f"{{a: {{A1: {{Q0: {{type: yes_no_partial}}, Q1: {gates}, Q2: {{ask_if: {{Q0: [Yes]}}}}}}}}}}"
    vendor = acme(tmp_path, tree, {"Q0": parent, "Q1": 0})
    assert (vendor.gates[0].result, "Q0" in vendor.gates[0].reason) == (result, True)


@pytest.mark.parametrize(("second", "result"), [(90, "pass"), (10, "fail"), (None, "unresolved")])
def test_a_settled_question_leaves_the_branches_on_other_questions(tmp_path, second, result):
    gates = f"[{{kind: must, {EITHER}}}, {{kind: must, any: [{{min: 60}}]}}]"
    tree = f"{{a: {{A1: {{Q0: {{type: yes_no_partial}}, Q1: {{ask_if: {{Q0: [Yes]}}, gates: {gates}}}, Q2: {{}}}}}}}}"
    vendor = acme(tmp_path, tree, {"Q0": "No", "Q2": second})
    assert [gate.result for gate in vendor.gates] == [result]
    assert ("not asked after the answer to Q0" in vendor.gates[0].reason) == (result != "pass")


def test_a_branch_whose_question_is_not_asked_drops_out_and_a_gate_without_branches_too(tmp_path):
    tree = """{a: {A1: {
      Q1: {gates: [{kind: must, any: [{min: 60}, {question: Q2, min: 0}]}, {kind: must, any: [{question: Q2, min: 0}]},
                   {kind: must, any: [{min: 1}, {all: [{min: 0}, {question: Q2, min: 0}]}]}]},
      Q2: {applies: {data: [x]}}, Q3: {applies: {data: [x]}, gates: [{kind: knock_out, any: [{question: Q1, min: 99}]}]}
    }}}"""
    vendor = acme(tmp_path, tree, {"Q1": 0}, settings="context: {data: y}")
    assert [(gate.question, gate.result, gate.reason) for gate in vendor.gates] == [
        ("Q1", "fail", "Q1: 0 %; at least 60 % are needed"),
        ("Q1", "fail", "Q1: 0 %; at least 1 % is needed"),
    ]


TIERS = """{a: {A1: {
  Q1: {tier: screen, gates: [{kind: must, any: [{min: 60}, {question: Q2, min: 60}], when: {data: [x]}}]},
  Q2: {gates: [{kind: flag, any: [{min: 1}, {all: [{min: 0}, {question: Q3, min: 60}]}]}]},
  Q3: {}, Q4: {tier: core}, Q5: {}
}}}"""


@pytest.mark.parametrize(
    ("context", "questions", "asked"),
    [
        pytest.param("x", "screen", ["Q1", "Q2", "Q3"], id="named by asked gates"),
        pytest.param("x", "core", ["Q1", "Q2", "Q3", "Q4"], id="core"),
        pytest.param("y", "screen", ["Q1"], id="the gate does not hold"),
        pytest.param("x", "full", ["Q1", "Q2", "Q3", "Q4", "Q5"], id="full"),
    ],
)
def test_a_question_that_a_branch_of_an_asked_gate_names_joins_the_tier(tmp_path, context, questions, asked):
    own = f"{{questions: {questions}, context: {{data: {context}}}}}"
    evaluation = load_evaluation(write_evaluation(tmp_path, TIERS, {}, settings=own))
    assert list(evaluation.asked_questions) == asked


# Whether a test passes, what that makes of a leaf: a settled one fails where another question's gate names it.
STATES: dict[str, tuple[int, dict[str, Any]]] = {
    "good": (2, {"state": "answered", "number": 80.0, "level": "document"}),
    "claim": (1, {"state": "answered", "number": 80.0, "level": "claim"}),
    "blank": (1, {"state": "blank"}),
    "unknown": (1, {"state": "answered", "word": "unknown", "level": "claim"}),
    "bad": (0, {"state": "answered", "number": 10.0, "level": "document"}),
    "settled": (0, {"state": "settled", "answered": True}),
    "hanging": (1, {"state": "settled"}),
}
NAMES = ("Q1", "Q2", "Q3", "Q4")
BRANCHES = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    tree = "{a: {A1: {Q1: {}, Q2: {}, Q3: {}, Q4: {}}}}"
    return load_evaluation(write_evaluation(tmp_path_factory.mktemp("four"), tree, {}))


def leaf_of(question, state, number=None, word="", level=None, **others):
    answer = Answer("x", number=number, word=word) if state == "answered" else None
    # A gate never looks at the cells.
    rated = Rated(None, answer, "blank" if state == "settled" else state, level)  # type: ignore[arg-type]
    return Leaf(question, "a.A1", state, rated, **others)


def with_gate(evaluation, gate):
    """Give Q1 a gate."""
    criteria = evaluation.criteria.with_questions(
        lambda q: q.model_copy(update={"gates": (gate,)}) if q.id == "Q1" else q
    )
    return replace(evaluation, criteria=criteria)


def card_of(*leaves):
    return Scorecard("acme", Node("", "category", None, 1), (), leaves)


@settings(max_examples=300, deadline=None)
@given(
    BRANCHES,
    st.fixed_dictionaries({name: st.sampled_from([*STATES, "not asked"]) for name in NAMES}),
    st.sampled_from([None, "document"]),
)
def test_branches_are_three_valued(four, branches, states, needs):
    """Compare with an evaluation of its own: any is the greatest, all the least, of fail < unresolved < pass."""
    states["Q1"] = "blank" if states["Q1"] in {"settled", "not asked"} else states["Q1"]
    tests = [{"all": [{"question": name, "min": 50} for name in names]} for names in branches]
    gate = Gate(kind="must", any=tests, needs=needs)
    evaluation = with_gate(four, gate)
    asked = {name: state for name, state in states.items() if state != "not asked"}
    leaves = tuple(leaf_of(evaluation.criteria.questions[name], **STATES[state][1]) for name, state in asked.items())
    verdict = judge(evaluation, card_of(*leaves))

    def value(name):
        return 2 if asked[name] == "claim" and needs is None else STATES[asked[name]][0]

    expected = [min(map(value, names)) for names in branches if all(name in asked for name in names)]
    results = [["fail", "unresolved", "pass"].index(result.result) for result in verdict.gates]
    assert results == ([max(expected)] if expected else [])
    for result in verdict.gates:
        assert bool(result.open_questions) == (result.result == "unresolved")
        assert all(value(name) == 1 for name in result.open_questions)


# ------------------------------------------------------------------------------------------------ stages

ORDER = ("read", "award", "data")
STAGED = """{a: {A1: {
  Q1: {type: yes_no_partial, gates: [{kind: KIND, one_of: [Yes], stage: STAGE, reason: Signed}]}, Q9: {}
}}}"""

# What a condition holds of conditions.yaml where that has no line for it.
NO_LINE = dict.fromkeys(("id", "what", "proof", "clause"), "") | dict.fromkeys(
    ("due", "state", "days", "says", "finding")
)


@pytest.mark.parametrize("reached", ORDER)
@pytest.mark.parametrize("stage", ORDER)
@pytest.mark.parametrize("kind", ["knock_out", "must", "flag"])
@pytest.mark.parametrize(("state", "result"), [("bad", "fail"), ("blank", "unresolved"), ("good", "pass")])
def test_what_is_due_decides_and_a_failed_knock_out_excludes_at_any_stage(four, reached, stage, kind, state, result):
    evaluation = with_gate(four, Gate(kind=kind, min=50, stage=stage))
    evaluation = replace(evaluation, settings=four.settings.model_copy(update={"stage": reached}))
    leaf = leaf_of(evaluation.criteria.questions["Q1"], **STATES[state][1])
    verdict = judge(evaluation, card_of(leaf))
    status = "eligible"
    if (kind, result) == ("knock_out", "fail"):
        status = "excluded"
    elif kind != "flag" and result != "pass" and ORDER.index(stage) <= ORDER.index(reached):
        status = "conditional"
    assert (verdict.status, len(verdict.not_passed)) == (status, int(status != "eligible"))
    listed = kind != "flag" and result != "pass" and status != "excluded"
    assert [(c.about, c.kind, c.stage, c.result) for c in verdict.conditions] == [("Q1", kind, stage, result)] * listed


@pytest.mark.parametrize(
    ("kind", "stage", "given_answer", "status", "words"),
    [
        pytest.param("must", "read", "No", "conditional", "May be awarded only after 1 requirement is met", id="due"),
        pytest.param("must", "data", "No", "eligible", "Eligible, subject to 1 condition before data", id="not due"),
        pytest.param(
            "knock_out", "award", None, "eligible", "Eligible, subject to 1 condition before award", id="open"
        ),
        pytest.param("knock_out", "data", "No", "excluded", "Excluded: Signed (Q1)", id="an honest no"),
    ],
)
def test_results_name_the_stage_and_the_conditions(tmp_path, kind, stage, given_answer, status, words):
    tree = STAGED.replace("KIND", kind).replace("STAGE", stage)
    result = evaluated(tmp_path, tree, {"acme": {"Q1": given_answer, "Q9": 50}}, settings="stage: read")
    vendor = result.vendor("acme")
    assert (vendor.status, vendor.status_text, result.evaluation.stage) == (status, words, "read")
    outcome = "fail" if given_answer else "unresolved"
    assert [(gate.stage, gate.result) for gate in vendor.gates] == [(stage, outcome)]
    assert [c.model_dump() for c in vendor.conditions] == [
        {"about": "Q1", "question": "Q1", "kind": kind, "stage": stage, "result": outcome}
        | {"reason": vendor.gates[0].reason, "until": None, "owner": ""}
        | NO_LINE
    ] * (status != "excluded")
    assert (vendor.rank is None, bool(vendor.reasons)) == (status == "excluded", status != "eligible")


@pytest.mark.parametrize(
    ("floor", "status", "words"),
    [
        ("{at_least: 60}", "conditional", "May be awarded only after 1 requirement is met"),
        ("{at_least: 60, stage: data}", "eligible", "Eligible, subject to 1 condition before data"),
        ("{at_least: 60, stage: data, kind: knock_out}", "excluded", "Excluded: Category a (a)"),
    ],
)
def test_floors_have_stages_too(tmp_path, floor, status, words):
    tree = "{a: {A1: {Q1: {}}}}"
    vendor = acme(tmp_path, tree, {"Q1": (10, DOCUMENT)}, settings=f"floors: {{a: {floor}}}")
    assert (vendor.status, vendor.status_text) == (status, words)
    assert node(vendor, "a").floor.stage == ("data" if "stage" in floor else "award")
    assert [(c.about, c.question, c.result) for c in vendor.conditions] == [("a", "", "fail")]


def test_conditions_stand_by_stage_and_then_in_the_order_of_the_questions(tmp_path):
    must = "{gates: [{kind: must, min: 60, stage: %s}]}"
    tree = "{a: {A1: {" + ", ".join(f"Q{i}: {must % s}" for i, s in enumerate(("data", "award", "read", "award"), 1))
    vendor = acme(tmp_path, tree + "}}}", {"Q1": 0, "Q2": 0}, settings="{stage: read, floors: {a: 60}}")
    assert [(c.stage, c.about) for c in vendor.conditions] == [
        *(("read", "Q3"), ("award", "Q2"), ("award", "Q4"), ("award", "a"), ("data", "Q1")),
    ]
    assert [reason.question for reason in vendor.status_reasons] == ["Q3"]
    expected = (
        "May be awarded only after 1 requirement is met, and 3 conditions before award and 1 condition before data"
    )
    assert vendor.status_text == expected


@pytest.mark.parametrize(
    ("tender", "statuses"),
    [
        (
            "small",
            {
                "okavira": ("eligible", "Eligible"),
                "celadora": ("conditional", "May be awarded only after 2 requirements are met"),
                "nordhain": ("excluded", "Excluded: The chain is disclosed (LAB-19)"),
            },
        ),
        (
            "full",
            {
                "mwanzora": ("eligible", "Eligible"),
                "zenquora": ("conditional", "May be awarded only after 55 requirements are met"),
                "pacandan": ("excluded", "Excluded: Never a password alone (SEC-05)"),
                "trellith": ("conditional", "May be awarded only after 4 requirements are met"),
                "sondre-lab": ("eligible", "Eligible, 1 requirement waived"),
                "brenovik": ("conditional", "May be awarded only after 14 requirements are met"),
            },
        ),
    ],
)
def test_without_a_stage_anywhere_the_statuses_are_those_of_version_1(tender, statuses):
    result = run(Path(__file__).parent / "bank1" / tender)
    assert {vendor.id: (vendor.status, vendor.status_text) for vendor in result.vendors} == statuses
    for vendor in result.vendors:
        assert len(vendor.reasons) == len(vendor.conditions) - vendor.status_text.count("waived") or (
            vendor.status == "excluded"
        )


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({}, "Eligible"),
        ({"waived": 2}, "Eligible, 2 requirements waived"),
        (
            {"later": {"award": 3, "data": 2}},
            "Eligible, subject to 3 conditions before award and 2 conditions before data",
        ),
        ({"later": {"award": 1}}, "Eligible, subject to 1 condition before award"),
        ({"status": "conditional", "due": 2}, "May be awarded only after 2 requirements are met"),
        (
            {"status": "conditional", "due": 1, "later": {"data": 2}, "waived": 1},
            "May be awarded only after 1 requirement is met, and 2 conditions before data, 1 requirement waived",
        ),
        (
            {"status": "excluded", "excluding": [("No secret monitoring", "LAB-09")], "due": 4},
            "Excluded: No secret monitoring (LAB-09)",
        ),
    ],
)
def test_the_status_in_words(facts, text):
    assert status_text(**{"status": "eligible", "due": 0, "later": {}, "waived": 0, "excluding": (), **facts}) == text


def test_an_exclusion_without_a_reason_is_named_by_the_question(tmp_path):
    tree = "{a: {A1: {Q1: {gates: [{kind: knock_out, min: 60}, {kind: knock_out, min: 50}]}}}}"
    result = evaluated(tmp_path, tree, {"acme": {"Q1": 0}})
    assert result.vendor("acme").status_text == "Excluded: Text of Q1 (Q1)"


def test_every_output_prints_the_status_in_words(tmp_path):
    tree = STAGED.replace("KIND", "must").replace("STAGE", "data")
    result = evaluated(tmp_path, tree, {"acme": {"Q1": "No", "Q9": 50}})
    words = "Eligible, subject to 1 condition before data"
    for text in (ranked_table(result), explain(result, result.vendors[0], None), comparison_html(result)):
        assert words in text
    assert "before data: Q1" in ranked_table(result)
    assert words in scorecard_html(result, "acme")
    assert words in scorecard_html(result, "acme", vendor_copy=True)
    sheets = sheets_of(shortlist(result))
    assert words in sheets["Summary"]
    # What is not due yet makes nobody conditional.
    assert "May be awarded only after" not in sheets["Summary"]
    assert "A failed or open must or floor that is due: conditional." in sheets["Method"]


def sheets_of(content):
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content))
    return {sheet.title: "\n".join(str(c) for row in sheet.values for c in row if c is not None) for sheet in book}


def test_the_stage_may_be_given_for_one_run_and_init_starts_at_read(tmp_path):
    folder = write_evaluation(tmp_path, STAGED.replace("KIND", "must").replace("STAGE", "data"), {})
    assert [load_evaluation(folder).stage, load_evaluation(folder, stage="data").stage] == ["award", "data"]
    screen = write_evaluation(tmp_path / "2", "{a: {A1: {Q1: {tier: screen}}}}", {}, settings="questions: screen")
    assert (load_evaluation(screen).stage, load_evaluation(screen, stage="award").stage) == ("read", "award")
    criteria = load_evaluation(folder).criteria
    text = starter(criteria, title="x", as_of=date(2026, 11, 24), preset="balanced", core=False)
    assert load(text)["stage"] == "read"


def test_firmness_asks_for_what_is_due_and_for_every_open_knock_out(tmp_path):
    tree = """{a: {A1: {
      Q1: {gates: [{kind: must, any: [{min: 60}, {question: Q2, min: 60}]}]},
      Q2: {}, Q3: {gates: [{kind: knock_out, min: 60, stage: data}]}, Q4: {gates: [{kind: must, min: 60, stage: data}]}
    }}}"""
    result = evaluated(tmp_path, tree, {"acme": {"Q1": (0, DOCUMENT)}})
    asks = {ask.question: (ask.excludes, ask.reason.partition(":")[0]) for ask in result.robustness.ask_first}
    assert asks == {
        "Q2": (False, "Must open"),
        "Q3": (True, "Knock-out open"),
        "Q4": (False, "No answer yet"),
    }
    changes = {ask.question: ask.could_change for ask in result.robustness.ask_first}
    assert "Its last open requirement" in changes["Q2"]


@pytest.mark.parametrize("command", ["check", "rank", "explain", "evaluate"])
def test_commands_take_a_stage(tmp_path, command, monkeypatch):
    tree = STAGED.replace("KIND", "must").replace("STAGE", "data")
    folder = write_evaluation(tmp_path, tree, {"acme": {"Q1": "No", "Q9": 50}})
    monkeypatch.chdir(folder)
    words = {"check": ["check", "--json"], "explain": ["explain", "acme"], "evaluate": ["evaluate", "--format", "json"]}
    done = CliRunner().invoke(main, [*words.get(command, [command]), "--stage", "data"])
    expected = {"evaluate": "Recommended: acme, on condition that one requirement is met before the first data."}
    assert expected.get(command, "May be awarded only after 1 requirement is met") in done.stdout, done.output
    wrong = CliRunner().invoke(main, [*words.get(command, [command]), "--stage", "contract"])
    assert wrong.exit_code == 2


# ------------------------------------------------------------------------------------------------ waivers with an end

WAIVER = "vendor: acme, reason: Audit booked, approved_by: Head of Data, date: 2026-10-20"
UNTIL = "until: 2026-11-22, owner: Ana P."
LAPSED = "waiver lapsed on 22 November 2026"
VERIFIED = "- {vendor: acme, question: Q1, verified: true, by: Ana, date: 2026-11-20, reason: Seen}"


@pytest.mark.parametrize(
    ("as_of", "answered", "findings", "status", "result", "reason"),
    [
        pytest.param("2026-11-22", "No", "", "eligible", "waived", "Says 'No'", id="its last day"),
        pytest.param("2026-11-23", "No", "", "conditional", "fail", f"{LAPSED}; Says 'No'", id="lapsed"),
        pytest.param(
            "2026-11-23", None, "", "conditional", "unresolved", f"{LAPSED}; The answer is blank", id="lapsed and blank"
        ),
        pytest.param("2026-11-23", "Yes", "", "conditional", "unresolved", f"{LAPSED}, and nobody", id="not verified"),
        pytest.param("2026-11-23", "Yes", VERIFIED, "eligible", None, "", id="verified and passed"),
        pytest.param(
            "2026-11-23", "No", VERIFIED, "conditional", "fail", f"{LAPSED}; Says 'No'", id="verified and failed"
        ),
    ],
)
def test_a_waiver_lapses_unless_the_answer_is_verified_and_passes(
    tmp_path, as_of, answered, findings, status, result, reason
):
    tree = "{a: {A1: {Q1: {type: yes_no_partial, gates: [{kind: must, one_of: [Yes]}]}, Q9: {}}}}"
    own = f"{{as_of: {as_of}, waivers: [{{question: Q1, {WAIVER}, {UNTIL}}}]}}"
    vendor = acme(tmp_path, tree, {"Q1": (answered, DOCUMENT), "Q9": 50}, settings=own, findings=findings)
    conditions = [(c.result, c.until, c.owner) for c in vendor.conditions]
    assert (vendor.status, conditions) == (status, [(result, "2026-11-22", "Ana P.")] if result else [])
    assert all(c.reason.startswith(reason) for c in vendor.conditions)
    assert vendor.status_text.endswith(", 1 requirement waived") == (result == "waived")
    waived = vendor.gates[0].waived
    assert (waived and (waived.until, waived.owner)) == (("2026-11-22", "Ana P.") if result == "waived" else None)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("until: 2026-12-20, owner: Ana P.", "(until 20 December 2026, Ana P. sees to it)"),
        ("owner: Ana P.", "booked (Ana P. sees to it)"),
    ],
)
def test_a_waiver_is_printed_with_its_end_and_its_owner(tmp_path, keys, words):
    tree = "{a: {A1: {Q1: {gates: [{kind: must, min: 60}]}}}}"
    result = evaluated(tmp_path, tree, {"acme": {"Q1": 0}}, settings=f"waivers: [{{question: Q1, {WAIVER}, {keys}}}]")
    assert words in explain(result, result.vendors[0], "Q1")


def test_a_lapsed_waiver_may_be_followed_by_another_one(tmp_path):
    waivers = f"[{{question: Q1, {WAIVER}, {UNTIL}}}, {{question: Q1, {WAIVER}, until: 2026-12-20}}]"
    tree = "{a: {A1: {Q1: {gates: [{kind: must, min: 60}]}}}}"
    vendor = acme(tmp_path, tree, {"Q1": 0}, settings=f"waivers: {waivers}")
    assert [(c.result, c.until) for c in vendor.conditions] == [("waived", "2026-12-20")]


def test_a_lapsed_waiver_is_not_said_to_have_no_effect(tmp_path):
    tree = "{a: {A1: {Q1: {gates: [{kind: must, min: 60}]}}}}"
    vendor = acme(tmp_path, tree, {"Q1": (80, DOCUMENT)}, settings=f"waivers: [{{question: Q1, {WAIVER}, {UNTIL}}}]")
    assert vendor.status == "conditional"
    assert "waiver-without-effect" not in {issue.code for issue in vendor.issues}


def test_a_waiver_that_ends_before_its_decision_is_a_fault(tmp_path):
    waiver = f"waivers: [{{question: Q1, {WAIVER}, until: 2026-10-19}}]"
    folder = write_evaluation(tmp_path, "{a: {A1: {Q1: {gates: [{kind: must, min: 60}]}}}}", {}, settings=waiver)
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    assert [(issue.code, "until" in issue.message) for issue in error.value.issues] == [("wrong-value", True)]


def test_a_lapsed_waiver_of_a_knock_out_or_a_floor_excludes_again(tmp_path):
    floor = f"{{floors: {{a: {{at_least: 60, kind: knock_out}}}}, waivers: [{{node: a, {WAIVER}, {UNTIL}}}]}}"
    vendor = acme(tmp_path, "{a: {A1: {Q1: {}}}}", {"Q1": (10, DOCUMENT)}, settings=floor)
    assert (vendor.status, LAPSED in vendor.reasons[0]) == ("excluded", True)
    gate = f"waivers: [{{question: Q1, {WAIVER}, {UNTIL}}}]"
    tree = "{a: {A1: {Q1: {gates: [{kind: knock_out, min: 60}]}}}}"
    vendor = acme(tmp_path / "2", tree, {"Q1": 0}, settings=gate)
    assert (vendor.status, LAPSED in vendor.reasons[0], vendor.conditions) == ("excluded", True, ())


def test_a_lapsed_waiver_leaves_a_passed_flag_passed(tmp_path):
    tree = "{a: {A1: {Q1: {gates: [{kind: flag, min: 60}]}}}}"
    vendor = acme(tmp_path, tree, {"Q1": 80}, settings=f"waivers: [{{question: Q1, {WAIVER}, {UNTIL}}}]")
    assert [(gate.result, gate.reason) for gate in vendor.gates] == [("pass", "")]


# ------------------------------------------------------------------------------------------------ a screen

SCREENED = """{a: {A1: {
  Q1: {tier: screen, gates: [{kind: knock_out, min: 60, stage: read, reason: Enough}]},
  Q2: {tier: screen, gates: [{kind: must, min: 60}]}, Q3: {}
}}}"""
ITEMS = "items: [{id: P1, text: Box, unit: box, volume: 1}]"
PRICED = f"price: {{weight: 30, rule: lowest_ratio, currency: EUR, years: 1, {ITEMS}}}"


@pytest.fixture(scope="module")
def screen(tmp_path_factory):
    answers = {
        "acme": {"Q1": 0, "Q2": 90},
        "bolt": {"Q1": 70, "Q2": 10},
        "cord": {"Q2": 90},
        "dune": {"Q1": 90, "Q2": 90},
    }
    own = f"{{questions: screen, floors: {{a: 99}}, {PRICED}}}"
    return evaluated(tmp_path_factory.mktemp("screen"), SCREENED, answers, settings=own)


def test_a_screen_has_statuses_and_no_total(screen):
    assert [(v.id, v.status, v.status_text) for v in screen.vendors] == [
        ("acme", "excluded", "Excluded: Enough (Q1)"),
        ("bolt", "eligible", "Eligible, subject to 1 condition before award"),
        ("cord", "conditional", "May be awarded only after 1 requirement is met"),
        ("dune", "eligible", "Eligible"),
    ]
    for vendor in screen.vendors:
        figures = (vendor.score, vendor.quality, vendor.rank, vendor.best_rank, vendor.worst_rank, vendor.price)
        assert (figures, vendor.nodes) == ((None,) * 6, ())
    assert (screen.ranking, screen.shortlist, screen.robustness) == ((), ("bolt", "cord", "dune"), None)
    assert (screen.evaluation.stage, [v.id for v in screen.in_order]) == ("read", ["bolt", "cord", "dune", "acme"])


def test_outputs_of_a_screen_say_what_it_is(screen):
    sheets = sheets_of(shortlist(screen))
    page = comparison_html(screen)
    assert "bolt, cord and dune go on" in page
    assert "How firm: " not in page
    only = "Only requirements were checked, of 4 vendors: there are no points and no ranks yet."
    for text in (page, " ".join(decision_text(screen, "").split()), sheets["Summary"]):
        assert only in text
    for text in (ranked_table(screen), explain(screen, screen.vendors[0], None)):
        assert "Screen: requirements only" in text
    assert "requirements only" in scorecard_html(screen, "bolt")
    assert "requirements only" in scorecard_html(screen, "bolt", vendor_copy=True)
    assert [name for name in ("Weights", "Scores", "Price") if name in sheets] == []
    frame = screen.ranking_table()
    assert frame["score"].isna().all()


def test_a_screen_explains_an_answer_and_speaks_of_no_weights(screen, tmp_path):
    assert "none: a screen makes no total" in explain(screen, screen.vendor("bolt"), "Q1")
    tree = "{a: {A1: {Q1: {tier: screen}}}, b: {B1: {Q2: {}}}}"
    result = evaluated(tmp_path, tree, {"acme": {"Q1": 70}}, settings="questions: screen")
    assert ranked_table(result).endswith("Not in scope: Category b.")


def test_a_screen_may_ask_for_the_vendor_profile_alone(tmp_path):
    tree = "{p: {weighted: false, P1: {V1: {tier: screen, gates: [{kind: must, min: 60}]}}}, a: {A1: {Q1: {}}}}"
    card = "{categories: [a], vendor_profile: p, presets: {balanced: {a: 100}}}"
    result = evaluated(tmp_path, tree, {"acme": {"V1": 0}}, settings="questions: screen", scorecard=card)
    assert result.vendor("acme").status_text == "Eligible, subject to 1 condition before award"
    assert "before award: V1" in ranked_table(result)


def test_in_a_screen_nobody_is_behind(tmp_path, monkeypatch):
    answers = {"acme": {"Q1": 70}, "bolt": {"Q1": 80}}
    monkeypatch.chdir(write_evaluation(tmp_path, SCREENED, answers, settings="questions: screen"))
    done = CliRunner().invoke(main, ["explain", "acme", "--why-not", "bolt"])
    assert (done.exit_code, "a screen makes no total" in done.output) == (1, True)


def test_the_answers_of_a_screen_are_kept_and_a_later_questionnaire_completes_them(tmp_path):
    vendors = "vendors: [{id: acme, file: [responses/screen.xlsx, responses/full.xlsx]}]"
    folder = write_evaluation(tmp_path, SCREENED, {}, settings=vendors)
    write_response(folder / "responses/screen.xlsx", [("Q1", 70), ("Q2", 80)])
    write_response(folder / "responses/full.xlsx", [("Q1", None), ("Q2", 80), ("Q3", 90)])
    vendor = run(folder).vendor("acme")
    answered = [(a.id, a.answer, a.source.file) for a in vendor.answers]
    assert answered == [
        ("Q1", "70", "responses/screen.xlsx"),
        ("Q2", "80", "responses/screen.xlsx"),
        ("Q3", "90", "responses/full.xlsx"),
    ]
