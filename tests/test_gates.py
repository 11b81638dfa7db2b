"""Gates and floors: what fails, what is open, and what that makes of a vendor."""

import re

import pytest
from builders import answer, evaluated, node

from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.terminal.ranking import ranked_table

OFF = "evidence: off"


def acme(folder, tree, answers, **settings):
    return evaluated(folder, tree, {"acme": answers}, **settings).vendor("acme")


def verdicts(vendor):
    return [(gate.question, gate.kind, gate.result, gate.reason) for gate in vendor.gates]


def gated(question, gate):
    return f"{{a: {{A1: {{Q1: {{{question}, gates: [{gate}]}}, Q9: {{}}}}}}}}"


# ------------------------------------------------------------------------------------------------ tests of a gate


CHOICE = "type: single_choice, options: [{label: Full, score: 100}, {label: Half, score: 50}, {label: None, score: 0}]"
TICKS = "type: multi_choice, options: [{label: One, score: 50}, {label: Two, score: 30}, {label: Three, score: 20}]"
FIGURE = "type: number, points: [[0, 0], [100, 100]], none: 80"
MONTHS = "type: date, points: [[0, 100], [12, 0]], none: 0"
CERTIFICATE = "type: certification"
COMPLETE = {"Q1.accredited": "Yes", "Q1.scope": "The site and the service offered", "Q1.valid_until": "2027-12-31"}


@pytest.mark.parametrize(
    ("question", "gate", "given", "result"),
    [
        pytest.param("type: yes_no_partial", "at_least: 50", ("Partial", "", "Half"), "pass", id="at least, equal"),
        pytest.param("type: yes_no_partial", "at_least: 51", ("Partial", "", "Half"), "fail", id="at least, below"),
        pytest.param(CHOICE, "one_of: [a, Half]", "half", "pass", id="one of, by label"),
        pytest.param(CHOICE, "one_of: [a, Half]", "None", "fail", id="one of, another option"),
        pytest.param(TICKS, "one_of: [a, b]", {"Q1.a": "Yes"}, "pass", id="one of several ticks"),
        pytest.param(TICKS, "one_of: [a, b]", {"Q1.a": "Yes", "Q1.c": "Yes"}, "fail", id="one of, and one beside"),
        pytest.param(TICKS, "one_of: [a, b]", {"Q1.a": "No"}, "fail", id="one of, none of these"),
        pytest.param(
            TICKS, "includes: [One, b]", {"Q1.a": "Yes", "Q1.b": "Yes", "Q1.c": "Yes"}, "pass", id="includes all"
        ),
        pytest.param(TICKS, "includes: [One, b]", {"Q1.a": "Yes", "Q1.c": "Yes"}, "fail", id="includes one of them"),
        pytest.param(FIGURE, "max: 90", 90, "pass", id="max, equal"),
        pytest.param(FIGURE, "max: 90", 90.5, "fail", id="max, above"),
        pytest.param(FIGURE, "min: 10", 10, "pass", id="min, equal"),
        pytest.param(FIGURE, "min: 10", 0, "fail", id="min, below"),
        pytest.param(FIGURE, "min: 10, max: 20", 15, "pass", id="between"),
        pytest.param(FIGURE, "min: 10, max: 20", 21, "fail", id="beyond"),
        pytest.param(FIGURE, "max: 90", "none", "fail", id="none is no figure for max"),
        pytest.param(FIGURE, "min: 0", "none", "fail", id="none is no figure for min"),
        pytest.param(FIGURE, "at_least: 80", "none", "pass", id="none has the value of the file"),
        pytest.param(FIGURE, "min: 0", "do not know", "unresolved", id="do not know, min"),
        pytest.param(FIGURE, "at_least: 0", "do not know", "unresolved", id="do not know, at least"),
        pytest.param(MONTHS, "max: 6", "2026-05-24", "pass", id="months, equal"),
        pytest.param(MONTHS, "max: 6", "2026-05-23", "fail", id="months, a day more"),
        pytest.param(MONTHS, "max: 6", "none", "fail", id="no date"),
        pytest.param(
            CERTIFICATE, "one_of: [valid, renewal_booked]", {"Q1.status": "Valid", **COMPLETE}, "pass", id="status"
        ),
        pytest.param(
            CERTIFICATE, "one_of: [valid]", {"Q1.status": "Expired or withdrawn"}, "fail", id="another status"
        ),
        pytest.param(CERTIFICATE, "at_least: 60", {"Q1.status": "Valid"}, "unresolved", id="incomplete is blank"),
        pytest.param("type: yes_no_partial", "at_least: 60", None, "unresolved", id="blank"),
        pytest.param("type: yes_no_partial", "at_least: 60", "n/a", "unresolved", id="n/a"),
        pytest.param("type: yes_no_partial", "at_least: 0", None, "unresolved", id="blank is no pass at 0"),
        pytest.param("type: yes_no_partial", "at_least: 60", "perhaps", "unresolved", id="invalid"),
        pytest.param("type: rubric", "at_least: 60", "A text", "unresolved", id="pending"),
    ],
)
def test_a_gate_passes_fails_or_is_unresolved(tmp_path, question, gate, given, result):
    answers = given if isinstance(given, dict) else {"Q1": given}
    vendor = acme(tmp_path, gated(question, f"{{kind: knock_out, {gate}}}"), answers, settings=OFF)
    assert [found for _, _, found, _ in verdicts(vendor)] == [result]
    assert vendor.status == {"pass": "eligible", "unresolved": "conditional", "fail": "excluded"}[result]


def test_a_level_passes_a_gate_by_value_and_by_figure(tmp_path):
    tree = "{a: {A1: {Q1: {type: rubric, gates: [{kind: must, at_least: 60}, {kind: must, min: 4}]}}}}"
    finding = "- {vendor: acme, question: Q1, level: 3, by: Ana, date: 2026-11-20, reason: Read}"
    vendor = acme(tmp_path, tree, {"Q1": "Text"}, findings=finding)
    assert [(gate.test, gate.result) for gate in vendor.gates] == [
        ("value at least 60", "pass"),
        ("at least 4", "fail"),
    ]


def test_at_least_looks_at_the_value_before_the_evidence_cap(tmp_path):
    vendor = acme(tmp_path, gated("type: yes_no_partial", "{kind: knock_out, at_least: 90}"), {"Q1": "Yes"})
    assert (answer(vendor, "Q1").credited, vendor.gates[0].result, vendor.status) == (60, "pass", "eligible")


def test_a_failed_gate_says_what_was_answered_what_was_expected_and_where(tmp_path):
    gate = "{kind: knock_out, one_of: [a, b], reason: Never none}"
    vendor = acme(tmp_path, gated(CHOICE, gate), {"Q1": "None"})
    (record,) = vendor.gates
    assert record.reason == "Never none: says 'None'; needed is one of Full; Half"
    assert (record.source.file, record.source.sheet, record.source.cell) == ("responses/acme.xlsx", "Answers", "B2")
    assert vendor.reasons == ("Knock-out failed: Never none: says 'None'; needed is one of Full; Half (Q1)",)


@pytest.mark.parametrize(
    ("given", "result", "status"),
    [
        pytest.param(95, "unresolved", "conditional", id="a claim that passes"),
        pytest.param((95, "on request"), "unresolved", "conditional", id="a document that nobody named"),
        pytest.param((95, "Contract, annex 3"), "pass", "eligible", id="a document that passes"),
        pytest.param(5, "fail", "excluded", id="a claim that fails"),
        pytest.param((5, "Contract, annex 3"), "fail", "excluded", id="a document that fails"),
        pytest.param(None, "unresolved", "conditional", id="blank"),
        pytest.param((None, "Contract, annex 3"), "unresolved", "conditional", id="a document beside a blank"),
    ],
)
@pytest.mark.parametrize("caps", ["", OFF], ids=["caps", "no caps"])
def test_a_gate_may_need_a_document(tmp_path, given, result, status, caps):
    gate = "{kind: knock_out, min: 90, needs: document}"
    vendor = acme(tmp_path, gated("type: percentage, points: [[0, 0], [100, 100]]", gate), {"Q1": given}, settings=caps)
    assert (vendor.gates[0].result, vendor.status) == (result, status)


@pytest.mark.parametrize(
    ("act", "result"),
    [
        pytest.param("verified: true", "pass", id="verified"),
        pytest.param("claim: true", "unresolved", id="sent back to claim"),
        pytest.param("answer: 10 %", "fail", id="corrected"),
    ],
)
def test_a_finding_moves_the_gate(tmp_path, act, result):
    gate = "{kind: knock_out, min: 90, needs: document}"
    finding = f"- {{vendor: acme, question: Q1, {act}, by: Ana, date: 2026-11-20, reason: Seen}}"
    tree = gated("type: percentage, points: [[0, 0], [100, 100]]", gate)
    vendor = acme(tmp_path, tree, {"Q1": (95, "Contract, annex 3")}, findings=finding)
    assert vendor.gates[0].result == result


@pytest.mark.parametrize("other", [None, "perhaps"], ids=["blank", "invalid"])
def test_a_value_held_down_by_an_open_answer_excludes_nobody(tmp_path, other):
    tree = """
    a: {A1: {Q1: {cap_if: {Q2: {no: 0}}, gates: [{kind: knock_out, at_least: 60}]}, Q2: {type: yes_no_partial}}}
    """
    vendor = acme(tmp_path, tree, {"Q1": 80, "Q2": other}, settings=OFF)
    assert (vendor.gates[0].result, vendor.status) == ("unresolved", "conditional")
    known = acme(tmp_path / "known", tree, {"Q1": 80, "Q2": "No"}, settings=OFF)
    assert (known.gates[0].result, known.status) == ("fail", "excluded")
    too_low = acme(tmp_path / "low", tree, {"Q1": 50, "Q2": other}, settings=OFF)
    assert (too_low.gates[0].result, too_low.status) == ("fail", "excluded")


# ------------------------------------------------------------------------------------------------ context


@pytest.mark.parametrize(
    ("context", "found"),
    [
        pytest.param("{place: here, rules: [one]}", ("fail", "50 %; at least 90 % are needed"), id="holds"),
        pytest.param(
            "{place: there, rules: [two, three]}", ("fail", "50 %; at least 90 % are needed"), id="any of a list"
        ),
        pytest.param("{place: here, rules: [three]}", None, id="nothing in common"),
        pytest.param("{place: away, rules: [one]}", None, id="another value"),
        pytest.param("{place: away}", None, id="one field rules it out"),
        pytest.param("{place: here}", ("unresolved", "would exclude if rules = one or two; set rules"), id="one unset"),
        pytest.param(
            "{}",
            ("unresolved", "would exclude if place = here or there and rules = one or two; set place, rules"),
            id="both unset",
        ),
    ],
)
def test_a_gate_may_hang_on_the_context(tmp_path, context, found):
    gate = "{kind: knock_out, min: 90, when: {place: [here, there], rules: [one, two]}}"
    tree = gated("type: percentage, points: [[0, 0], [100, 100]]", gate)
    vendor = acme(tmp_path, tree, {"Q1": 50}, settings=f"{{evidence: off, context: {context}}}")
    assert [(result, reason) for _, _, result, reason in verdicts(vendor)] == ([found] if found else [])
    assert vendor.status == {"fail": "excluded", "unresolved": "conditional"}.get(found[0] if found else "", "eligible")


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("knock_out", 50, "would exclude"),
        ("must", 50, "would need a dated remedy"),
        ("flag", 50, "would raise a flag"),
        ("must", 95, "would be passed"),
        ("must", None, "would be open"),
    ],
)
def test_nobody_is_judged_on_a_value_that_nobody_chose(tmp_path, kind, given, words):
    gate = f"{{kind: {kind}, min: 90, when: {{place: here}}}}"
    tree = gated("type: percentage, points: [[0, 0], [100, 100]]", gate)
    vendor = acme(tmp_path, tree, {"Q1": given}, settings=OFF)
    assert verdicts(vendor) == [("Q1", kind, "unresolved", f"{words} if place = here; set place")]


def test_a_question_that_is_not_asked_has_no_gate(tmp_path):
    tree = "{a: {A1: {Q1: {applies: {people: true}, gates: [{kind: knock_out, at_least: 60}]}, Q2: {}}}}"
    asked = [
        acme(tmp_path / str(index), tree, {"Q1": 10}, settings=f"{{evidence: off, context: {context}}}").status
        for index, context in enumerate(["{people: true}", "{}", "{people: false}"])
    ]
    assert asked == ["excluded", "excluded", "eligible"]


# ------------------------------------------------------------------------------------------------ status


def test_a_must_makes_conditional_and_a_knock_out_excludes(tmp_path):
    tree = """
    a: {A1: {Q1: {type: yes_no_partial, gates: [{kind: knock_out, at_least: 60}]},
             Q2: {type: yes_no_partial, gates: [{kind: must, at_least: 60}]}}}
    """
    answers = {
        "both": {"Q1": "Yes", "Q2": "Yes"},
        "must-failed": {"Q1": "Yes", "Q2": "No"},
        "must-open": {"Q1": "Yes"},
        "knock-out-open": {"Q2": "Yes"},
        "knock-out-failed": {"Q1": "No", "Q2": "Yes"},
        "knock-out-failed-must-open": {"Q1": "No"},
    }
    result = evaluated(tmp_path, tree, answers, settings=OFF)
    assert {vendor.id: (vendor.status, len(vendor.reasons)) for vendor in result.vendors} == {
        "both": ("eligible", 0),
        "must-failed": ("conditional", 1),
        "must-open": ("conditional", 1),
        "knock-out-open": ("conditional", 1),
        "knock-out-failed": ("excluded", 1),
        "knock-out-failed-must-open": ("excluded", 2),
    }
    assert set(result.ranking) == {"both", "must-failed", "must-open", "knock-out-open"}


def test_several_gates_of_one_question_are_each_judged(tmp_path):
    gates = "gates: [{kind: must, min: 50}, {kind: knock_out, min: 20}]"
    vendor = acme(tmp_path, f"{{a: {{A1: {{Q1: {{{gates}}}}}}}}}", {"Q1": 30}, settings=OFF)
    assert [(kind, result) for _, kind, result, _ in verdicts(vendor)] == [("must", "fail"), ("knock_out", "pass")]
    assert vendor.status == "conditional"


NOTE = "- {vendor: acme, question: Q1, note: Seen and cleared, by: Ana, date: 2026-11-20}"


@pytest.mark.parametrize(
    ("given", "finding", "result", "open_", "note"),
    [
        pytest.param("No", "", "fail", True, "", id="hit"),
        pytest.param("No", NOTE, "fail", False, "Seen and cleared", id="closed by a note"),
        pytest.param("Yes", "", "pass", False, "", id="not hit"),
        pytest.param(None, "", "unresolved", False, "", id="blank"),
    ],
)
def test_a_flag_changes_no_status_and_is_open_until_a_note_closes_it(tmp_path, given, finding, result, open_, note):
    tree = gated("type: yes_no_partial", "{kind: flag, at_least: 60}")
    vendor = acme(tmp_path, tree, {"Q1": given}, findings=finding)
    (flag,) = vendor.gates
    assert (flag.result, flag.open, flag.note) == (result, open_, note)
    assert (vendor.status, vendor.reasons, vendor.rank) == ("eligible", (), 1)


def test_gates_of_the_vendor_profile_count_though_it_has_no_weight(tmp_path):
    tree = """
    a: {A1: {Q1: {}}}
    about: {weighted: false, P1: {P-1: {type: yes_no_partial, weight: 0, gates: [{kind: knock_out, at_least: 60}]}}}
    """
    scorecard = "{categories: [a], vendor_profile: about, presets: {balanced: {a: 100}}}"
    vendor = acme(tmp_path, tree, {"Q1": 80, "P-1": "No"}, settings=OFF, scorecard=scorecard)
    assert (vendor.score, vendor.status) == (80, "excluded")


# ------------------------------------------------------------------------------------------------ floors


FLOOR = "{a: {A1: {Q1: {}, Q2: {}}}, b: {B1: {Q3: {}}}}"


@pytest.mark.parametrize(
    ("answers", "caps", "result", "reason"),
    [
        # Q1 and Q2 count a half each; the floor is 60.
        pytest.param((60, 60), OFF, "pass", "", id="equal"),
        pytest.param(
            (59.99, 60), OFF, "fail", "Can reach 59.995 points at most; at least 60 are needed", id="just below"
        ),
        pytest.param(
            (100, None),
            OFF,
            "unresolved",
            "Blank: 50.0 points are sure, 60 are needed, 100.0 are within reach",
            id="blank",
        ),
        pytest.param(
            (100, "much"),
            OFF,
            "unresolved",
            "Blank: 50.0 points are sure, 60 are needed, 100.0 are within reach",
            id="invalid",
        ),
        pytest.param(
            (10, None), OFF, "fail", "Can reach 55.0 points at most; at least 60 are needed", id="blank cannot help"
        ),
        pytest.param(
            (20, None),
            OFF,
            "unresolved",
            "Blank: 10.0 points are sure, 60 are needed, 60.0 are within reach",
            id="blank, equal",
        ),
        pytest.param((100, 60), "", "pass", "", id="claims that are enough"),
        pytest.param(
            (100, 50),
            "",
            "unresolved",
            "Evidence missing: 55.0 points are sure, 60 are needed, 75.0 are within reach",
            id="short only of proof",
        ),
        pytest.param(
            (80, None),
            "",
            "unresolved",
            "Blank and evidence missing: 30.0 points are sure, 60 are needed, 90.0 are within reach",
            id="short of both",
        ),
        pytest.param(
            (70, 40), "", "fail", "Can reach 55.0 points at most; at least 60 are needed", id="proof cannot help"
        ),
    ],
)
def test_a_floor_passes_fails_or_is_open(tmp_path, answers, caps, result, reason):
    settings = "{floors: {a: 60}, evidence: off}" if caps else "{floors: {a: 60}}"
    vendor = acme(tmp_path, FLOOR, {"Q1": answers[0], "Q2": answers[1], "Q3": 100}, settings=settings)
    floor = node(vendor, "a").floor
    assert (floor.at_least, floor.kind, floor.result, floor.reason) == (60, "must", result, reason)
    assert vendor.status == ("eligible" if result == "pass" else "conditional")
    word = {"fail": "failed", "unresolved": "open"}.get(result)
    assert vendor.reasons == ((f"Must {word}: Category a: {reason} (floor a)",) if word else ())


@pytest.mark.parametrize(
    ("given", "floor", "reason"),
    [
        pytest.param((59.9996, 60), 60, "Can reach 59.9998 points at most; at least 60 are needed", id="out of reach"),
        pytest.param(
            (79.96, None), 40, "Blank: 39.98 points are sure, 40 are needed, 90.0 are within reach", id="not sure"
        ),
    ],
)
def test_a_figure_near_its_floor_is_printed_apart_from_it(tmp_path, given, floor, reason):
    answers = {"Q1": given[0], "Q2": given[1], "Q3": 100}
    vendor = acme(tmp_path, FLOOR, answers, settings=f"{{floors: {{a: {floor}}}, evidence: off}}")
    assert node(vendor, "a").floor.reason == reason


def test_equality_holds_through_the_noise_of_the_last_bit(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {}, Q3: {}}}}"
    given = {"Q1": 55, "Q2": 55, "Q3": 55}
    passed = acme(tmp_path / "1", tree, given, settings="{floors: {a: 55}, evidence: off}")
    failed = acme(tmp_path / "2", tree, given, settings="{floors: {a: 55.00000001}, evidence: off}")
    assert [node(vendor, "a").floor.result for vendor in (passed, failed)] == ["pass", "fail"]


def test_a_pending_rubric_leaves_a_floor_open(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {type: rubric}}}}"
    vendor = acme(tmp_path, tree, {"Q1": 100, "Q2": "Text"}, settings="{floors: {a: 60}, evidence: off}")
    assert (node(vendor, "a").score, node(vendor, "a").floor.result) == (100, "unresolved")


@pytest.mark.parametrize("missing", ["zero", "exclude"])
def test_excluding_blanks_passes_no_floor(tmp_path, missing):
    settings = f"{{floors: {{a: 60}}, evidence: off, missing: {missing}}}"
    vendor = acme(tmp_path, FLOOR, {"Q1": 100, "Q3": 100}, settings=settings)
    assert node(vendor, "a").floor.result == "unresolved"


@pytest.mark.parametrize(
    ("given", "result", "status"),
    [(10, "fail", "excluded"), (None, "unresolved", "conditional"), (70, "pass", "eligible")],
)
def test_a_floor_of_kind_knock_out_excludes(tmp_path, given, result, status):
    settings = "{floors: {a.A1: {at_least: 60, kind: knock_out}}, evidence: off}"
    vendor = acme(tmp_path, FLOOR, {"Q1": given, "Q2": given, "Q3": 100}, settings=settings)
    assert (node(vendor, "a.A1").floor.result, vendor.status) == (result, status)


@pytest.mark.parametrize(
    ("context", "result", "reason"),
    [
        pytest.param("{place: here}", "fail", "Can reach 30.0 points at most; at least 60 are needed", id="holds"),
        pytest.param("{place: there}", None, None, id="does not hold"),
        pytest.param("{}", "unresolved", "would exclude if place = here; set place", id="unset"),
    ],
)
def test_a_floor_may_hang_on_the_context(tmp_path, context, result, reason):
    # The field is one of the criteria, as a question asks for it.
    tree = "{a: {A1: {Q1: {}, Q2: {}}}, b: {B1: {Q3: {}}}}"
    scorecard = "{floors: {a: {at_least: 60, kind: knock_out, when: {place: here}}}}"
    settings = f"{{evidence: off, context: {context}}}"
    vendor = acme(tmp_path, tree, {"Q1": 30, "Q2": 30}, settings=settings, scorecard=scorecard)
    floor = node(vendor, "a").floor
    assert ((floor.result, floor.reason) if floor else (None, None)) == (result, reason)
    assert vendor.status == {"fail": "excluded", "unresolved": "conditional", None: "eligible"}[result]


def test_an_evaluation_overrides_floors_by_key_and_null_removes_one(tmp_path):
    scorecard = "{floors: {a: 90, b: 80}}"
    settings = "{floors: {a: 50, b: null, b.B1: 70}, evidence: off}"
    vendor = acme(tmp_path, FLOOR, {"Q1": 60, "Q2": 60, "Q3": 10}, settings=settings, scorecard=scorecard)
    floors = {record.id: (record.floor.at_least, record.floor.result) for record in vendor.nodes if record.floor}
    assert floors == {"a": (50, "pass"), "b.B1": (70, "fail")}


def test_a_floor_of_a_node_with_nothing_asked_is_no_floor(tmp_path):
    tree = "{a: {applies: {people: true}, A1: {Q1: {}}}, b: {B1: {Q2: {}}}}"
    settings = "{floors: {a: 60}, evidence: off, context: {people: false}}"
    vendor = acme(tmp_path, tree, {"Q2": 10}, settings=settings)
    assert (node(vendor, "a").floor, vendor.status) == (None, "eligible")


# ------------------------------------------------------------------------------------------------ waivers


WAIVER = "{vendor: acme, question: Q1, reason: Audit booked, approved_by: Head of Data, date: 2026-11-20}"


@pytest.mark.parametrize(
    ("kind", "given", "status", "result"),
    [
        pytest.param("knock_out", "No", "eligible", "fail", id="a failed knock-out"),
        pytest.param("must", "No", "eligible", "fail", id="a failed must"),
        pytest.param("must", None, "conditional", "unresolved", id="an open must stays open"),
        pytest.param("must", "Yes", "eligible", "pass", id="nothing to waive"),
    ],
)
def test_a_waived_failure_counts_as_passed_and_is_printed(tmp_path, kind, given, status, result):
    tree = gated("type: yes_no_partial", f"{{kind: {kind}, at_least: 60}}")
    answers = {"acme": {"Q1": given}, "bolt": {"Q1": given}}
    evaluation = evaluated(tmp_path, tree, answers, settings=f"{{waivers: [{WAIVER}]}}")
    vendor = evaluation.vendor("acme")
    assert (vendor.status, vendor.gates[0].result) == (status, result)
    waived = vendor.gates[0].waived
    assert (waived.reason, waived.approved_by, waived.date) == ("Audit booked", "Head of Data", "2026-11-20")
    assert "waived by Head of Data on 20 November 2026: Audit booked" in " ".join(
        explain(evaluation, vendor, "Q1").split()
    )
    # The reason runs over two lines, the first of which ends with the cell.
    whole = " ".join(word for word in explain(evaluation, vendor, None).split() if word != "B2")
    assert "waived by Head of Data on 20 November 2026: Audit booked" in whole
    assert evaluation.vendor("bolt").gates[0].waived is None
    assert ("acme" in evaluation.ranking, evaluation.vendor("bolt").rank is None) == (
        True,
        (kind, given) == ("knock_out", "No"),
    )


def test_a_floor_can_be_waived_by_node(tmp_path):
    waiver = WAIVER.replace("question: Q1", "node: a")
    settings = f"{{floors: {{a: {{at_least: 60, kind: knock_out}}}}, evidence: off, waivers: [{waiver}]}}"
    result = evaluated(tmp_path, FLOOR, {"acme": {"Q1": 10, "Q2": 10}, "bolt": {"Q1": 10, "Q2": 10}}, settings=settings)
    floors = {vendor.id: (vendor.status, node(vendor, "a").floor.waived is None) for vendor in result.vendors}
    assert floors == {"acme": ("eligible", False), "bolt": ("excluded", True)}
    text = explain(result, result.vendor("acme"), "a")
    assert "waived by Head of Data on 20 November 2026: Audit booked" in text


def test_a_waiver_of_what_has_not_failed_is_a_notice(tmp_path):
    tree = gated("type: yes_no_partial", "{kind: must, at_least: 60}")
    settings = f"{{floors: {{a: 1}}, waivers: [{WAIVER}, {WAIVER.replace('question: Q1', 'node: a')}]}}"
    answers = {"acme": {"Q1": "Yes", "Q9": 50}, "bolt": {"Q1": "No", "Q9": 0}}
    result = evaluated(tmp_path, tree, answers, settings=settings)

    def noticed(vendor):
        found = [issue for issue in vendor.issues if issue.code == "waiver-without-effect"]
        return [(issue.severity, issue.message.partition(":")[0], issue.source.file) for issue in found]

    assert noticed(result.vendor("acme")) == [("notice", name, "evaluation.yaml") for name in ("Q1", "a")]
    assert noticed(result.vendor("bolt")) == []
    failing = evaluated(tmp_path / "2", tree, {"acme": {"Q1": "No", "Q9": 50}}, settings=f"{{waivers: [{WAIVER}]}}")
    assert noticed(failing.vendor("acme")) == []


# ------------------------------------------------------------------------------------------------ explained


def test_explain_lists_floors_of_all_nodes_with_gates(tmp_path):
    waivers = ", ".join(WAIVER.replace("question: Q1", f"node: {name}") for name in ("a", "a.A1"))
    floors = "{a: 60, a.A1: {at_least: 70, kind: knock_out}, b: 10}"
    result = evaluated(
        tmp_path,
        FLOOR,
        {"acme": {"Q1": 10, "Q2": 10, "Q3": 50}},
        settings=f"{{floors: {floors}, evidence: off, waivers: [{waivers}]}}",
    )
    text = explain(result, result.vendor("acme"), None)
    assert "Requirements failed, open or waived, and flags (2)" in text
    assert re.search(
        r"^floor a +must +failed, waived +Category a: Can reach 10\.0 points at most; at least 60 ", text, re.MULTILINE
    )
    assert re.search(r"^floor a\.A1 +knock-out +failed, waived +Criterion A1: ", text, re.MULTILINE)
    assert "floor b " not in text


def test_explain_says_all_passed_only_where_floors_pass_too(tmp_path):
    for floor, passed in ((60, True), (60.5, False)):
        vendor_of = evaluated(
            tmp_path / str(floor),
            FLOOR,
            {"acme": dict.fromkeys(("Q1", "Q2", "Q3"), 60)},
            settings=f"{{floors: {{a.A1: {floor}}}, evidence: off}}",
        )
        text = explain(vendor_of, vendor_of.vendor("acme"), None)
        assert ("Every requirement is met." in text) == passed


def test_explain_says_once_that_a_vendor_is_excluded(tmp_path):
    result = evaluated(
        tmp_path, gated("type: yes_no_partial", "{kind: knock_out, at_least: 60}"), {"acme": {"Q1": "No"}}
    )
    first = explain(result, result.vendor("acme"), None).splitlines()[0]
    assert first == "acme: 0.0 of 100 points (would be rank 1 without the exclusion, excluded)"


def test_a_long_reason_stays_within_a_terminal(tmp_path):
    reason = "Only those who answer for their whole chain of work can say who has touched the data, and when " * 3
    gate = f"{{kind: knock_out, at_least: 60, reason: '{reason.strip()}'}}"
    result = evaluated(tmp_path, gated("type: yes_no_partial", gate), {"acme": {"Q1": "No"}})
    table = explain(result, result.vendor("acme"), None).partition("Requirements failed")[2].partition("\n\n")[0]
    assert max(map(len, table.splitlines())) <= 100
    words = [word for line in table.splitlines()[3:] for word in line[23:].split()]
    assert reason.strip() in " ".join(word for word in words if word != "B2")


def test_a_gate_names_options_by_their_labels(tmp_path):
    result = evaluated(tmp_path, gated(CHOICE, "{kind: must, one_of: [a, Half]}"), {"acme": {"Q1": "None"}})
    vendor = result.vendor("acme")
    assert vendor.gates[0].test == "one of: Full; Half"
    assert "Gate:      must, one of: Full; Half: failed. Says" in explain(result, vendor, "Q1")
    assert result.definition.categories[0].criteria[0].questions[0].gates[0].test == "one of: Full; Half"


def test_explain_says_why_a_node_or_a_question_is_out_of_scope(tmp_path):
    tree = "{a: {A1: {applies: {people: true}, Q1: {}}}, b: {B1: {Q2: {}}}}"
    settings = "{evidence: off, context: {people: false}}"
    result = evaluated(tmp_path, tree, {"acme": {"Q2": 50}}, settings=settings)
    why = "ot asked in this evaluation: a.A1 applies only when people = true"
    for name in ("a", "a.A1", "Q1"):
        assert why in explain(result, result.vendor("acme"), name)
    assert explain(result, result.vendor("acme"), "a").startswith("acme, Category a: –\nNot in scope: ")


@pytest.mark.parametrize(
    ("gates", "said"),
    [
        pytest.param("[{kind: must, at_least: 60}]", "acme: eligible by waiver: Must failed", id="eligible"),
        pytest.param("[{kind: knock_out, at_least: 60}]", "acme: eligible by waiver: Knock-out failed", id="knock-out"),
    ],
)
@pytest.mark.parametrize("other", [True, False], ids=["and another failure", "alone"])
def test_a_waiver_is_said_to_decide_only_where_it_does(tmp_path, gates, said, other):
    tree = (
        f"{{a: {{A1: {{Q1: {{type: yes_no_partial, gates: {gates}}},"
        " Q2: {type: yes_no_partial, gates: [{kind: must, at_least: 60}]}}}}"
    )
    answers = {"acme": {"Q1": "No", "Q2": "No" if other else "Yes"}}
    text = ranked_table(evaluated(tmp_path, tree, answers, settings=f"{{waivers: [{WAIVER}]}}"))
    if other:
        said = said.replace("eligible by waiver", "conditional by waiver" if "Knock-out" in said else "waived")
    assert said in text
