"""What the buyer verified, scored or corrected, and faults of findings.yaml."""

import pytest
from builders import answer, cell, evaluated, run, write_evaluation

from vendor_eval.issues import InputError
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.terminal.issues import check_report
from vendor_eval.run.evaluate import evaluate, load_evaluation
from vendor_eval.tender import parse_evaluation

TREE = """
a:
  A1:
    Q1: {}
    Q2: {type: yes_no_partial}
    Q3: {type: rubric}
    Q4: {type: multi_choice, options: [{label: One, score: 50}, {label: Two, score: 50}]}
    Q5: {type: certification}
    Q6: {applies: {people: true}}
"""
GIVEN = {"Q1": (90, "Report 7"), "Q2": "Yes", "Q3": "Our pilot", "Q4.a": "Yes", "Q4.b": "No"}
BY = "by: Ana P., date: 2026-11-22"


def found(folder, acts, **settings):
    """Evaluate acme with one finding a line."""
    lines = "\n".join(f"- {{vendor: acme, {act}, {BY}}}" for act in acts)
    return evaluated(folder, TREE, {"acme": GIVEN}, findings=lines, **settings).vendor("acme")


# ------------------------------------------------------------------------------------------------ acts


@pytest.mark.parametrize(
    ("act", "question", "level", "value", "credited"),
    [
        pytest.param("", "Q1", "document", 90, 85, id="no finding, a document"),
        pytest.param("", "Q2", "claim", 100, 60, id="no finding, a claim"),
        pytest.param("question: Q1, verified: true, reason: Seen", "Q1", "verified", 90, 90, id="verified"),
        pytest.param("question: Q2, verified: true, reason: Seen", "Q2", "verified", 100, 100, id="a verified claim"),
        pytest.param("question: Q1, claim: true, reason: Empty", "Q1", "claim", 90, 60, id="sent back to claim"),
        pytest.param("question: Q1, answer: 70 %, reason: Measured", "Q1", "document", 70, 70, id="corrected"),
        pytest.param("question: Q2, answer: no, reason: Seen", "Q2", "claim", 0, 0, id="corrected choice"),
        pytest.param("question: Q3, level: 4, reason: Pilot", "Q3", "verified", 80, 80, id="a level"),
        pytest.param("question: Q4, answer: One; Two, reason: Seen", "Q4", "claim", 100, 60, id="corrected ticks"),
        pytest.param("question: Q4, answer: none, reason: Seen", "Q4", "claim", 0, 0, id="no tick is true"),
        pytest.param("question: Q5, answer: Expired or withdrawn, reason: Seen", "Q5", "claim", 0, 0, id="a status"),
        pytest.param("question: Q1, note: Called", "Q1", "document", 90, 85, id="a note changes nothing"),
    ],
)
def test_an_act_changes_what_counts(tmp_path, act, question, level, value, credited):
    record = answer(found(tmp_path, [act] if act else []), question)
    counted = (record.state, record.evidence, round(record.value, 9), round(record.credited, 9))
    assert counted == ("answered", level, value, credited)


def test_the_vendors_own_answer_stays_on_record(tmp_path):
    vendor = found(tmp_path, ["question: Q1, answer: 70 %, reason: Measured in our pilot"])
    record = answer(vendor, "Q1")
    assert (record.raw, record.answer, round(record.value, 9), record.evidence_text) == ("90", "70", 70, "Report 7")
    assert cell(tmp_path, record.source) == 90
    finding = record.finding
    assert (finding.act, finding.by, finding.date, finding.reason) == (
        "answer 70 %",
        "Ana P.",
        "2026-11-22",
        "Measured in our pilot",
    )


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["answer first", "verified first"])
def test_a_corrected_answer_can_be_verified_in_any_order(tmp_path, order):
    acts = ["question: Q1, answer: 95 %, reason: Measured", "question: Q1, verified: true, reason: Seen"]
    record = answer(found(tmp_path, [acts[index] for index in order]), "Q1")
    assert (round(record.credited, 9), record.evidence, len(record.findings)) == (95, "verified", 2)


def test_a_correction_fills_a_blank_and_mends_an_invalid_answer(tmp_path):
    lines = f"- {{vendor: acme, question: Q1, answer: 50 %, reason: Told us, {BY}}}"
    for given in ({}, {"Q1": "a lot"}):
        result = evaluated(tmp_path / str(len(given)), TREE, {"acme": given}, findings=lines)
        record = answer(result.vendor("acme"), "Q1")
        assert (record.state, record.value, record.evidence, record.raw) == (
            "answered",
            50,
            "claim",
            given.get("Q1", ""),
        )


def test_findings_of_one_vendor_leave_the_others_alone(tmp_path):
    lines = f"- {{vendor: acme, question: Q1, answer: 10 %, reason: Measured, {BY}}}"
    result = evaluated(tmp_path, TREE, {"acme": GIVEN, "bolt": GIVEN}, findings=lines)
    assert [round(answer(result.vendor(name), "Q1").value, 9) for name in ("acme", "bolt")] == [10, 90]


def test_a_note_stands_beside_its_answer_or_beside_the_vendor(tmp_path):
    vendor = found(tmp_path, ["question: Q2, note: Two sites seen", "note: Two references called"])
    assert [note.note for note in vendor.notes] == ["Two references called"]
    record = answer(vendor, "Q2")
    assert ([note.note for note in record.findings], record.finding) == (["Two sites seen"], None)


def test_notes_on_a_vendor_that_is_not_evaluated_stay_on_record(tmp_path):
    lines = f"- {{vendor: bolt, note: Declined by phone, {BY}}}"
    result = evaluated(tmp_path, TREE, {"acme": GIVEN}, findings=lines, settings="{vendors: [{id: bolt}]}")
    bolt = result.vendor("bolt")
    assert (bolt.status, bolt.reasons, [note.note for note in bolt.notes]) == (
        "not_evaluated",
        ("no response",),
        ["Declined by phone"],
    )


def test_an_empty_findings_file_finds_nothing(tmp_path):
    assert found(tmp_path, []).score == evaluated(tmp_path, TREE, {"acme": GIVEN}, findings="\n").vendor("acme").score


def test_findings_are_among_the_inputs(tmp_path):
    result = evaluated(tmp_path, TREE, {"acme": GIVEN}, findings=f"- {{vendor: acme, note: Called, {BY}}}")
    assert [record.file for record in result.evaluation.inputs] == [
        "evaluation.yaml",
        "findings.yaml",
        "responses/acme.xlsx",
    ]


@pytest.mark.parametrize("act", ["verified: true", "claim: true"])
@pytest.mark.parametrize("given", [None, "n/a", "a lot"], ids=["blank", "n/a", "invalid"])
def test_proof_of_no_answer_is_a_warning(tmp_path, given, act):
    lines = f"- {{vendor: acme, question: Q1, {act}, {BY}, reason: Seen}}"
    result = evaluated(tmp_path, TREE, {"acme": {**GIVEN, "Q1": given}}, findings=lines)
    vendor = result.vendor("acme")
    (issue,) = (issue for issue in vendor.issues if issue.code == "finding-without-effect")
    assert (issue.severity, issue.source.cell) == ("warning", "B2" if given else answer(vendor, "Q1").source.cell)
    assert "[finding-without-effect]" in " ".join(explain(result, vendor, "Q1").split())
    assert "warning: " in check_report(result)


def test_a_finding_after_the_evaluation_date_is_a_notice(tmp_path):
    lines = """\
- {vendor: acme, question: Q1, verified: true, by: Ana, date: 2026-11-25, reason: Seen}
- {vendor: acme, note: Called, by: Ana, date: 2026-11-25}
- {vendor: acme, note: Called again, by: Ana, date: 2026-11-24}
"""
    vendor = evaluated(tmp_path, TREE, {"acme": GIVEN}, findings=lines).vendor("acme")
    found = [(i.severity, i.source.file) for i in vendor.issues if i.code == "finding-after-as-of"]
    assert found == [("notice", "findings.yaml")] * 2
    assert answer(vendor, "Q1").evidence == "verified"


# ------------------------------------------------------------------------------------------------ faults


def faults(folder, text, **settings):
    write_evaluation(folder, TREE, {"acme": GIVEN}, findings=text, **settings)
    with pytest.raises(InputError) as error:
        run(folder)
    return [(issue.code, str(issue.location)) for issue in error.value.issues]


@pytest.mark.parametrize(
    ("entry", "code", "column"),
    [
        # The entry stands behind "- " in line 2.
        pytest.param("{vendor: acmee, note: Hm, by: A, date: 2026-11-22}", "unknown-reference", 12, id="vendor"),
        pytest.param(
            "{vendor: acme, question: Q77, note: Hm, by: A, date: 2026-11-22}", "unknown-reference", 28, id="question"
        ),
        pytest.param(
            "{vendor: acme, question: Q1, level: 3, by: A, date: 2026-11-22, reason: R}",
            "wrong-value",
            39,
            id="no rubric",
        ),
        pytest.param(
            "{vendor: acme, question: Q3, answer: good, by: A, date: 2026-11-22, reason: R}",
            "wrong-value",
            40,
            id="answer to a rubric",
        ),
        pytest.param(
            "{vendor: acme, question: Q3, verified: true, by: A, date: 2026-11-22, reason: R}",
            "wrong-value",
            42,
            id="proof of a rubric",
        ),
        pytest.param(
            "{vendor: acme, question: Q3, level: 6, by: A, date: 2026-11-22, reason: R}",
            "wrong-value",
            39,
            id="level 6",
        ),
        pytest.param(
            "{vendor: acme, question: Q3, level: 2.5, by: A, date: 2026-11-22, reason: R}",
            "wrong-value",
            39,
            id="half a level",
        ),
        pytest.param(
            "{vendor: acme, question: Q1, answer: a lot, by: A, date: 2026-11-22, reason: R}",
            "wrong-value",
            40,
            id="unreadable answer",
        ),
        pytest.param(
            "{vendor: acme, question: Q1, answer: n/a, by: A, date: 2026-11-22, reason: R}", "wrong-value", 40, id="n/a"
        ),
        pytest.param(
            "{vendor: acme, question: Q5, answer: Valid, by: A, date: 2026-11-22, reason: R}",
            "wrong-value",
            40,
            id="half a certificate",
        ),
        pytest.param(
            "{vendor: acme, question: Q6, verified: true, by: A, date: 2026-11-22, reason: R}",
            "question-not-asked-finding",
            28,
            id="not asked",
        ),
        pytest.param(
            "{vendor: acme, question: Q1, verified: true, by: A, date: 2026-11-22}", "missing-key", 3, id="no reason"
        ),
        pytest.param(
            "{vendor: acme, verified: true, by: A, date: 2026-11-22, reason: R}", "missing-key", 3, id="no question"
        ),
        pytest.param("{vendor: acme, question: Q1, by: A, date: 2026-11-22}", "missing-key", 3, id="no act"),
        pytest.param("{vendor: acme, note: Hm, date: 2026-11-22}", "missing-key", 3, id="nobody"),
        pytest.param("{vendor: acme, note: Hm, by: A}", "missing-key", 3, id="no date"),
        pytest.param(
            "{vendor: acme, note: Hm, by: A, date: 22.11.2026}", "wrong-value", 41, id="a date of another form"
        ),
        pytest.param("{vendor: acme, nota: Hm, by: A, date: 2026-11-22}", "unknown-key", 18, id="misspelt key"),
        pytest.param(
            "{vendor: acme, question: Q1, verified: true, claim: true, by: A, date: 2026-11-22, reason: R}",
            "wrong-value",
            3,
            id="two acts at once",
        ),
    ],
)
def test_a_fault_is_placed_by_line_and_column(tmp_path, entry, code, column):
    text = f"# One finding\n- {entry}\n"
    settings = "{context: {people: false}}"
    assert faults(tmp_path, text, settings=settings) == [(code, f"findings.yaml:2:{column}")]


def test_two_acts_on_the_same_point_contradict_each_other(tmp_path):
    text = f"""\
- {{vendor: acme, question: Q1, verified: true, {BY}, reason: Seen}}
- {{vendor: acme, question: Q1, claim: true, {BY}, reason: Not seen}}
- {{vendor: acme, question: Q3, level: 2, {BY}, reason: Read}}
- {{vendor: acme, question: Q3, level: 2, {BY}, reason: Read again}}
"""
    assert faults(tmp_path, text) == [("contradiction", "findings.yaml:2:3"), ("contradiction", "findings.yaml:4:3")]


def test_every_fault_comes_out_of_one_run(tmp_path):
    text = f"""\
- {{vendor: nobody, question: Q1, verified: true, {BY}, reason: Seen}}
- {{vendor: acme, question: Q99, verified: true, {BY}, reason: Seen}}
- {{vendor: acme, question: Q1, level: 2, {BY}, reason: Read}}
"""
    write_evaluation(tmp_path, TREE, {"acme": GIVEN}, findings=text)
    # Loading says who is no vendor once anything else is wrong; the run does always.
    with pytest.raises(InputError) as loading:
        load_evaluation(tmp_path)
    with pytest.raises(InputError) as running:
        evaluate(parse_evaluation(tmp_path).checked())
    codes = [[issue.code for issue in error.value.issues] for error in (loading, running)]
    assert codes == [["unknown-reference", "unknown-reference", "wrong-value"]] * 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("{vendor: acme}", "wrong-value", id="no list"),
        pytest.param("hello", "wrong-value", id="a text"),
        pytest.param("- [", "yaml-syntax", id="no YAML"),
    ],
)
def test_a_file_of_another_shape_is_a_fault(tmp_path, text, code):
    (found_code, _), *_ = faults(tmp_path, text)
    assert found_code == code


def test_a_misspelt_vendor_is_answered_with_the_nearest_one(tmp_path):
    write_evaluation(tmp_path, TREE, {"acme": GIVEN}, findings=f"- {{vendor: acmee, note: Hm, {BY}}}")
    with pytest.raises(InputError, match="did you mean 'acme'"):
        run(tmp_path)


def test_faults_of_findings_and_settings_come_out_of_one_run(tmp_path):
    text = f"""\
- {{vendor: acme, question: Q99, verified: true, {BY}, reason: Seen}}
- {{vendor: acme, question: Q1, level: 9, {BY}, reason: Seen}}
- {{vendor: nobody, note: Hm, {BY}}}
"""
    folder = write_evaluation(tmp_path, TREE, {"acme": GIVEN}, findings=text, settings="{shortlist: 0}")
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    places = {f"{issue.location.file}:{issue.location.line} {issue.code}" for issue in error.value.issues}
    assert places == {
        "evaluation.yaml:5 wrong-value",
        "findings.yaml:1 unknown-reference",
        "findings.yaml:2 wrong-value",
        "findings.yaml:3 unknown-reference",
    }


def test_findings_of_nobody_come_with_workbooks_that_cannot_be_read(tmp_path):
    folder = write_evaluation(tmp_path, TREE, {"acme": GIVEN}, findings=f"- {{vendor: nobody, note: Hm, {BY}}}")
    (folder / "responses" / "dusk.xlsx").write_bytes(b"")
    with pytest.raises(InputError) as error:
        run(folder)
    assert [issue.code for issue in error.value.issues] == ["unknown-reference", "unreadable-file"]
