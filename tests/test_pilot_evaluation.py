"""A pilot inside an evaluation: what is measured counts beside what vendors said, and the buyer decides."""

import json

import pytest
from builders import answer, load, run, write_evaluation
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings, strategies as st
from openpyxl import load_workbook

from vendor_eval import load_evaluation, load_result
from vendor_eval.cli import main
from vendor_eval.forms.open_points import open_points
from vendor_eval.issues import InputError

few = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
TREE = """
a:
  A1:
    Q1: {}
    Q2: {type: single_choice, options: [{label: The target, score: 100, promises: target}, {label: Nothing, score: 0}]}
    Q3: {type: number, unit: days, points: [[2, 100], [5, 75], [10, 40], [20, 0]]}
    Q4: {}
"""
SAID = {"Q1": 99, "Q2": "The target", "Q3": 2, "Q4": 70}
FACT = "{question: Q1, figure: accuracy, kind: fact}"
GUARANTEE = "{question: Q1, figure: accuracy, kind: guarantee, margin: 3}"
CHOICE = "{question: Q2, figure: accuracy, kind: guarantee}"
DAYS = "{question: Q3, figure: first_batch_days, kind: fact}"
BY = "by: Ana P., date: 2026-11-22, reason: Seen"


def csv_file(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(",".join(map(str, row)) for row in (header, *rows)) + "\n", encoding="utf-8")


def write_pilot(folder, right, *links, items=500, **more):
    """Write a pilot on so many items of which each vendor labels so many right; the first ones are wrong."""
    settings = {"title": "Pilot", "task": "classification", "labels": ["crop", "weed"], "measured_on": "2026-11-23"}
    settings |= {"links": [load(link) for link in links], "quality_target": {"value": 98, "unit": "%"}, **more}
    names = [f"i{number:04}" for number in range(items)]
    csv_file(folder / "gold.csv", ("item", "label"), [(name, "crop") for name in names])
    (folder / "pilot.yaml").write_text(json.dumps(settings), encoding="utf-8")
    for vendor, count in right.items():
        rows = [(name, "weed" if place < items - count else "crop") for place, name in enumerate(names)]
        csv_file(folder / "labels" / f"{vendor}.csv", ("item", "label"), rows)


def tender(folder, right, *links, said=None, tree=TREE, key="pilot", settings="", findings="", **more):
    """Write an evaluation of the vendors that `right` names, and its pilot."""
    own = f"pilot: {key}\n" if key else ""
    answers = said or dict.fromkeys(right, SAID)
    brief = "brief: {quality_target: 98}\n"
    write_evaluation(folder, tree, answers, settings=brief + own + settings, findings=findings)
    write_pilot(folder / "pilot", {name: count for name, count in right.items() if count is not None}, *links, **more)
    return folder


def acme(folder, right, *links, **options):
    return run(tender(folder, {"acme": right}, *links, **options)).vendor("acme")


# ------------------------------------------------------------------------------------------------ what counts


def test_what_was_measured_counts_verified_beside_the_vendors_word(tmp_path):
    vendor = acme(tmp_path, 470, FACT)
    record = answer(vendor, "Q1")
    assert (record.raw, record.answer, record.value, record.credited, record.evidence) == (
        "99",
        "94",
        94,
        94,
        "verified",
    )
    assert (round(record.low, 4), round(record.high, 4)) == (91.5451, 95.9156)
    found = record.finding
    assert (found.by, found.date, found.kind, found.value) == ("pilot", "2026-11-23", "answer", "94")
    assert "470 of 500" in found.reason
    assert "91.5 and 95.9" in found.reason
    assert found.source.file == "pilot/pilot.yaml"
    link = record.pilot
    assert (link.promised, link.measured, link.verdict, link.effect.act) == (99, 94, "not_kept", "answer")
    assert (link.effect.answer, round(link.effect.low, 4), link.effect.set_aside) == (94, 91.5451, False)
    assert answer(vendor, "Q4").pilot is None
    assert vendor.low < vendor.score < vendor.high


def test_the_interval_rolls_up_into_ranks_and_what_to_ask_first(tmp_path):
    result = run(tender(tmp_path, {"acme": 470, "bolt": 472}, FACT))
    assert (result.ranking, result.pilot.vendor("bolt").links[0].measured) == (("bolt", "acme"), 94.4)
    assert [(v.rank, v.best_rank, v.worst_rank) for v in result.in_order] == [(1, 1, 2), (2, 1, 2)]
    causes = {(ask.vendor, ask.question): ask.cause for ask in result.robustness.ask_first}
    assert causes["acme", "Q1"] == causes["bolt", "Q1"] == "within_chance"
    assert result.robustness.firmness.word != "firm"


@pytest.mark.parametrize(("said", "counts"), [(99, 94), (90, 90), (None, None), ("do not know", None)])
def test_a_guarantee_counts_the_worse_of_said_and_measured(tmp_path, said, counts):
    record = answer(acme(tmp_path, 470, GUARANTEE, said={"acme": {**SAID, "Q1": said}}), "Q1")
    made = record.pilot.effect and record.pilot.effect.answer
    assert (made, record.evidence == "verified") == (counts, counts is not None)


@pytest.mark.parametrize(("said", "credited"), [(99, 94), (90, 94), (None, 94), ("do not know", 94)])
def test_a_fact_counts_as_measured_promised_or_not(tmp_path, said, credited):
    record = answer(acme(tmp_path, 470, FACT, said={"acme": {**SAID, "Q1": said}}), "Q1")
    assert (record.credited, record.state) == (credited, "answered")
    assert (record.pilot.reason == "no_promise") == (said not in {99, 90})


def test_too_few_items_leave_the_word_as_it_is_unless_it_is_refuted(tmp_path):
    few_items = answer(acme(tmp_path / "a", 46, FACT, items=50, said={"acme": {**SAID, "Q1": (96, "Report")}}), "Q1")
    assert (few_items.pilot.verdict, few_items.pilot.effect, few_items.credited) == ("cannot_tell", None, 85)
    broken = answer(acme(tmp_path / "b", 40, FACT, items=50), "Q1")
    assert (broken.pilot.verdict, broken.evidence) == ("not_kept", "verified")
    assert round(broken.credited, 4) == round(broken.pilot.high, 4) == 89.9698


@pytest.mark.parametrize(
    ("right", "level", "gate"),
    [(500, "document", "pass"), (486, "document", "pass"), (470, "claim", "unresolved")],
    ids=["kept", "cannot tell", "not kept"],
)
def test_a_choice_that_is_not_kept_goes_back_to_claim_and_opens_its_gate(tmp_path, right, level, gate):
    tree = TREE.replace("score: 0}]}", "score: 0}], gates: [{kind: must, one_of: [a], needs: document}]}")
    vendor = acme(tmp_path, right, CHOICE, tree=tree, said={"acme": {**SAID, "Q2": ("The target", "Clause 7")}})
    record = answer(vendor, "Q2")
    assert (record.evidence, record.answer, vendor.gates[0].result) == (level, "The target", gate)


def test_days_of_the_log_count_without_a_sample(tmp_path):
    folder = tender(tmp_path, {"acme": 20}, DAYS, items=20)
    events = [
        ("acme", "instructions", "2026-11-02T09:00:00+01:00", "", ""),
        ("acme", "first_batch", "2026-11-07T09:00:00+01:00", "", ""),
    ]
    csv_file(folder / "pilot" / "log.csv", ("vendor", "event", "at", "until", "hours"), events)
    record = answer(run(folder).vendor("acme"), "Q3")
    assert (record.credited, record.low, record.high, record.pilot.verdict) == (75, 75, 75, "not_kept")


def test_a_link_that_sleeps_is_a_notice_and_does_nothing(tmp_path):
    result = run(tender(tmp_path, {"acme": 470}, FACT, DAYS))
    vendor = result.pilot.vendor("acme")
    assert [link.question for link in vendor.links] == ["Q1"]
    assert [(issue.code, issue.severity, issue.places[0].text) for issue in vendor.issues] == [
        ("link-asleep", "notice", "Q3")
    ]
    assert vendor.candour.linked == 1


# ------------------------------------------------------------------------------------------------ gates


@pytest.mark.parametrize(
    ("gate", "result"),
    [
        ("min: 91", "pass"),
        ("min: 92", "unresolved"),
        ("min: 95", "unresolved"),
        ("min: 96", "fail"),
        ("max: 91", "fail"),
        ("max: 93", "unresolved"),
        ("max: 96", "pass"),
        ("min: 93, max: 95", "unresolved"),
        ("min: 97, max: 99", "fail"),
        ("at_least: 91", "pass"),
        ("at_least: 92", "unresolved"),
        ("at_least: 96", "fail"),
        ("min: 91, needs: document", "pass"),
    ],
)
def test_a_gate_is_passed_or_failed_by_both_ends_of_the_interval(tmp_path, gate, result):
    tree = TREE.replace("Q1: {}", f"Q1: {{gates: [{{kind: knock_out, {gate}}}]}}")
    vendor = acme(tmp_path, 470, FACT, tree=tree)
    assert vendor.gates[0].result == result
    assert (vendor.status == "excluded") == (result == "fail")
    if result == "unresolved":
        assert "the pilot leaves 91.545" in vendor.gates[0].reason
        assert vendor.gates[0].open_questions == ("Q1",)


@pytest.mark.parametrize(("most", "result"), [(9, "fail"), (12, "unresolved")])
def test_an_unanswered_question_leaves_the_range_open_and_refutes_none_the_less(tmp_path, most, result):
    scale = f"type: number, unit: h, points: [[2, 100], [20, 0]], gates: [{{kind: must, max: {most}}}]"
    folder = tender(
        *(tmp_path, {"acme": 470}, "{question: Q3, figure: answer_hours, kind: fact}"),
        tree=TREE.replace(
            "Q3: {type: number, unit: days, points: [[2, 100], [5, 75], [10, 40], [20, 0]]}", f"Q3: {{{scale}}}"
        ),
    )
    asked = [("acme", "question", "2026-11-20T09:00:00+01:00", hours) for hours in (*range(10, 17), "")]
    csv_file(folder / "pilot" / "log.csv", ("vendor", "event", "at", "hours"), asked)
    vendor = run(folder).vendor("acme")
    record = answer(vendor, "Q3")
    link = record.pilot
    assert (link.promised, link.measured, link.low, link.high, link.verdict) == (2, 13.5, 10, None, "not_kept")
    assert (record.answer, record.low, round(record.high, 4)) == ("13.5", 0, 55.5556)
    assert vendor.gates[0].result == result
    assert "the pilot leaves 10 or more" in vendor.gates[0].reason
    assert "10.0 or more; 2 hours promised" in record.finding.reason


@pytest.mark.parametrize(("at_least", "result"), [(75, "pass"), (85, "unresolved"), (100, "unresolved")])
def test_a_gate_on_points_looks_at_the_whole_scale_between_the_ends(tmp_path, at_least, result):
    scale = f"points: [[90, 70], [94, 100], [100, 40]], gates: [{{kind: must, at_least: {at_least}}}]"
    vendor = acme(tmp_path, 470, FACT, tree=TREE.replace("Q1: {}", f"Q1: {{type: percentage, {scale}}}"))
    record = answer(vendor, "Q1")
    assert (round(record.low, 4), record.credited, record.high) == (80.8442, 100, 100)
    assert vendor.gates[0].result == result


def test_a_floor_stays_open_within_the_interval(tmp_path):
    vendor = acme(
        tmp_path, 470, FACT, tree="a: {A1: {Q1: {}}}", settings="floors: {a: 93}\n", said={"acme": {"Q1": 99}}
    )
    floor = next(node.floor for node in vendor.nodes if node.floor)
    assert (floor.result, floor.reason.split(":")[0]) == ("unresolved", "Measured in a sample")


# ------------------------------------------------------------------------------------------------ the buyer


@pytest.mark.parametrize("act", ["verified: true", "answer: 80", "claim: true"])
def test_an_act_of_the_buyer_decides_and_the_total_is_that_without_the_pilot(tmp_path, act):
    line = f"- {{vendor: acme, question: Q1, {act}, {BY}}}"
    with_pilot = acme(tmp_path / "with", 470, FACT, findings=line)
    without = acme(tmp_path / "without", 470, FACT, findings=line, key="")
    assert (with_pilot.score, with_pilot.low, with_pilot.high) == (without.score, without.low, without.high)
    assert [issue.question for issue in with_pilot.issues if issue.code == "act-set-aside"] == ["Q1"]
    assert answer(with_pilot, "Q1").pilot.effect.set_aside
    assert [finding.by for finding in answer(with_pilot, "Q1").findings] == ["Ana P."]


def test_a_note_of_the_buyer_decides_nothing(tmp_path):
    vendor = acme(tmp_path, 470, FACT, findings=f"- {{vendor: acme, question: Q1, note: Called, {BY}}}")
    assert answer(vendor, "Q1").credited == 94
    assert not [issue for issue in vendor.issues if issue.code == "act-set-aside"]


def plain(record):
    """Return a result without anything that the key `pilot` holds, and without the hash of evaluation.yaml."""
    if isinstance(record, dict):
        return {key: plain(value) for key, value in record.items() if key not in {"pilot", "inputs"}}
    return [plain(value) for value in record] if isinstance(record, list) else record


@few
@given(right=st.integers(0, 120), said=st.none() | st.integers(0, 100), gate=st.integers(50, 100))
def test_a_pilot_that_does_not_count_changes_nothing_but_its_own_key(tmp_path_factory, right, said, gate):
    folder = tmp_path_factory.mktemp("pilot")
    tree = TREE.replace("Q1: {}", f"Q1: {{gates: [{{kind: must, min: {gate}}}]}}")
    said_by = {"acme": {**SAID, "Q1": said}, "bolt": SAID}
    key = "{folder: pilot, counts: false}"
    tender(folder, {"acme": right, "bolt": 60}, FACT, CHOICE, tree=tree, key=key, items=120, said=said_by)
    shown = run(folder).model_dump(mode="json")
    (folder / "pilot").rename(folder / "elsewhere")
    settings = json.loads((folder / "evaluation.yaml").read_text("utf-8"))
    (folder / "evaluation.yaml").write_text(json.dumps({**settings, "pilot": None}), encoding="utf-8")
    without = run(folder).model_dump(mode="json")
    assert plain(shown) == plain(without)
    assert shown["evaluation"]["inputs"][1:] == without["evaluation"]["inputs"][1:]
    assert (without["pilot"], shown["pilot"]["vendors"][0]["links"][0]["effect"]) == (None, None)


@few
@given(right=st.integers(0, 120), said=st.integers(0, 100), least=st.sampled_from([100, 121]))
def test_blanking_an_answer_never_raises_a_total(tmp_path_factory, right, said, least):
    folder = tmp_path_factory.mktemp("pilot")
    for kind in (FACT, GUARANTEE):
        scores = [
            acme(
                folder / f"{kind[-8:-3]}{blank}",
                right,
                kind,
                items=120,
                least_items=least,
                said={"acme": {**SAID, "Q1": None if blank else (said, "Report")}},
            ).score
            for blank in (False, True)
        ]
        assert scores[1] <= scores[0] + 1e-9


# ------------------------------------------------------------------------------------------------ taking part


def test_a_folder_that_evaluation_yaml_does_not_name_is_a_notice(tmp_path):
    result = run(tender(tmp_path, {"acme": 470}, FACT, key=""))
    assert (result.pilot, answer(result.vendor("acme"), "Q1").credited) == (None, 60)
    assert "pilot-not-named" in [issue.code for issue in result.evaluation.issues]


PLAN = [("acme", "t1"), ("bolt", "t2")]


@pytest.mark.parametrize(
    ("more", "part", "evidence"),
    [
        pytest.param({}, "absent", "claim", id="named in the plan and sent nothing"),
        pytest.param({"absent": {"bolt": "On strike"}}, "excused", "document", id="excused"),
        pytest.param({"measured_on": "2026-11-25"}, "not_measured", "document", id="its time is not over"),
    ],
)
def test_who_took_no_part_goes_back_to_claim(tmp_path, more, part, evidence):
    said = {**SAID, "Q1": (99, "Report")}
    folder = tender(
        tmp_path, {"acme": 470, "bolt": None}, FACT, DAYS, said=dict.fromkeys(("acme", "bolt"), said), **more
    )
    names = [f"i{number:04}" for number in range(500)]
    rows = [(vendor, name, name, "", "gold", "") for vendor in ("acme", "bolt") for name in names]
    csv_file(folder / "pilot" / "plan.csv", ("vendor", "item", "source", "phase", "kind", "stratum"), rows)
    result = run(folder)
    bolt = result.vendor("bolt")
    assert (bolt.pilot, answer(bolt, "Q1").evidence, answer(bolt, "Q3").evidence) == (part, evidence, "claim")
    assert [len(answer(bolt, name).findings) for name in ("Q1", "Q3")] == [int(part == "absent"), 0]
    assert (result.pilot.vendor("bolt").status, result.vendor("acme").pilot) == ("not_measured", "measured")
    assert answer(bolt, "Q1").pilot is None


@pytest.mark.parametrize(
    ("vendors", "part"), [(["acme", "bolt"], "absent"), (["acme"], "not_measured"), (None, "not_measured")]
)
def test_without_a_plan_the_key_vendors_says_who_takes_part(tmp_path, vendors, part):
    more = {"vendors": vendors} if vendors else {}
    result = run(tender(tmp_path, {"acme": 470, "bolt": None}, FACT, **more))
    assert result.vendor("bolt").pilot == part


def test_an_act_of_the_buyer_decides_on_an_absent_vendor_too(tmp_path):
    line = f"- {{vendor: bolt, question: Q1, verified: true, {BY}}}"
    result = run(tender(tmp_path, {"acme": 470, "bolt": None}, FACT, findings=line, vendors=["acme", "bolt"]))
    bolt = result.vendor("bolt")
    assert (bolt.pilot, answer(bolt, "Q1").evidence) == ("absent", "verified")
    assert "act-set-aside" in [issue.code for issue in bolt.issues]


# ------------------------------------------------------------------------------------------------ the run


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda pilot: (pilot / "pilot.yaml").unlink(), "missing-file", id="no pilot.yaml"),
        pytest.param(
            lambda pilot: (pilot / "pilot.yaml").write_text(
                "title: P\ntask: boxes\nlables: [a]\nmeasured_on: 2026-11-23\n"
            ),
            "unknown-key",
            id="a key that is none",
        ),
        pytest.param(
            lambda pilot: (pilot / "gold.csv").write_text("item,label\ni0001,crop\ni0001,weed\n"),
            "item-twice",
            id="gold",
        ),
    ],
)
def test_faults_of_the_pilot_stop_check_and_evaluate(tmp_path, change, code):
    folder = tender(tmp_path, {"acme": 470}, FACT)
    change(folder / "pilot")
    with pytest.raises(InputError) as caught:
        run(folder)
    assert code in [issue.code for issue in caught.value.issues]
    for command in ("check", "evaluate"):
        outcome = CliRunner().invoke(main, [command, str(folder)])
        assert (outcome.exit_code, outcome.stdout, code in outcome.stderr) == (1, "", True)
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    "key", ["/pilot", "{folder: pilot, count: false}", "{folder: pilot, counts: maybe}", "{counts: true}"]
)
def test_the_key_pilot_is_checked_like_every_other(tmp_path, key):
    folder = tender(tmp_path, {"acme": 470}, FACT, key=key)
    with pytest.raises(InputError) as caught:
        run(folder)
    assert {issue.location.file for issue in caught.value.issues} == {"evaluation.yaml"}


def test_evaluate_writes_the_pilot_with_its_outputs_and_takes_it_away_again(tmp_path):
    folder = tender(tmp_path, {"acme": 470}, FACT)
    arguments = ["evaluate", str(folder), "--format", "json"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    out = folder / "out"
    measured = json.loads((out / "pilot" / "measured.json").read_text("utf-8"))
    assert measured == json.loads((out / "results.json").read_text("utf-8"))["pilot"]
    assert measured["schema"] == "vendor-eval/pilot/1"
    assert measured["vendors"][0]["links"][0]["effect"]["answer"] == 94
    assert any(name.startswith("pilot/") for name in json.loads((out / "manifest.json").read_text("utf-8"))["files"])
    text = (folder / "evaluation.yaml").read_text("utf-8").replace('"pilot": "pilot"', '"pilot": null')
    (folder / "evaluation.yaml").write_text(text, encoding="utf-8")
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert not (out / "pilot").exists()


def test_check_says_what_is_wrong_with_the_rows_and_fails(tmp_path):
    folder = tender(tmp_path, {"acme": 470}, FACT)
    labels = folder / "pilot" / "labels" / "acme.csv"
    labels.write_text(labels.read_text("utf-8").replace("i0003,weed", "i0003,wed"), encoding="utf-8")
    outcome = CliRunner().invoke(main, ["check", str(folder)])
    assert outcome.exit_code == 1
    assert "unknown-label, 1 times" in outcome.stdout
    assert "labels/acme.csv, row 5" in outcome.stdout
    issues = json.loads(CliRunner().invoke(main, ["check", str(folder), "--json"]).stdout)["pilot"][0]["issues"]
    assert [issue["code"] for issue in issues] == ["unknown-label"]


def test_a_file_that_cannot_be_read_stops_unless_it_is_skipped(tmp_path):
    folder = tender(tmp_path, {"acme": 470, "bolt": 470}, FACT, vendors=["acme", "bolt"])
    (folder / "pilot" / "labels" / "bolt.csv").write_bytes(b"item,label\ni0001,\0\n")
    with pytest.raises(InputError):
        run(folder)
    result = run(folder, skip_unreadable=True)
    assert (result.vendor("acme").pilot, result.vendor("bolt").pilot) == ("measured", "unreadable")
    assert answer(result.vendor("bolt"), "Q1").credited == 60
    outcome = CliRunner().invoke(main, ["check", str(folder)])
    assert outcome.exit_code == 1
    assert "The pilot, bolt\n  what came cannot be read" in outcome.stdout
    assert "labels/bolt.csv" in outcome.stdout
    assert "Not measured: bolt: what came cannot be read" in outcome.stderr


def test_a_vendor_that_is_not_evaluated_has_no_promises_and_no_act(tmp_path):
    folder = tender(tmp_path, {"acme": 470, "bolt": 470}, FACT, settings="vendors: [{id: acme}, {id: bolt}]\n")
    (folder / "responses" / "bolt.xlsx").unlink()
    result = run(folder)
    assert (result.vendor("bolt").status, result.vendor("bolt").notes) == ("not_evaluated", ())
    (link,) = result.pilot.vendor("bolt").links
    assert (link.reason, link.effect) == ("no_promise", None)


def test_the_same_inputs_give_the_same_bytes(tmp_path):
    folder = tender(tmp_path, {"acme": 470, "bolt": 460}, FACT, CHOICE)
    assert run(folder).to_json() == run(folder).to_json()
    assert {source.file for source in run(folder).pilot.pilot.inputs} >= {"pilot/gold.csv", "pilot/labels/acme.csv"}


def test_a_result_with_a_pilot_is_written_and_loaded_again(tmp_path):
    folder = tender(tmp_path / "tender", {"acme": 470}, FACT)
    result = run(folder)
    written = {
        path.relative_to(tmp_path / "out").as_posix() for path in result.write(tmp_path / "out", formats=["json"])
    }
    assert {"results.json", "pilot/measured.json", "pilot/issues.csv", "pilot/errors/acme.csv"} <= written
    loaded = load_result(tmp_path / "out")
    assert loaded.pilot == result.pilot
    assert answer(loaded.vendor("acme"), "Q1").pilot == answer(result.vendor("acme"), "Q1").pilot


def test_a_pilot_may_lie_beside_the_evaluation(tmp_path):
    folder = tender(tmp_path / "tender", {"acme": 470}, FACT, key="../pilot")
    (folder / "pilot").rename(tmp_path / "pilot")
    result = run(folder)
    assert answer(result.vendor("acme"), "Q1").credited == 94
    assert result.pilot.pilot.inputs[0].file == "../pilot/pilot.yaml"


@pytest.mark.parametrize("vendor", ["acme", "bolt"])
def test_what_the_pilot_refutes_is_asked_back_in_words_of_its_own(tmp_path, vendor):
    tree = TREE.replace("score: 0}]}", "score: 0}], gates: [{kind: must, one_of: [a], needs: document}]}")
    said = {key: {**SAID, "Q2": ("The target", "Clause 7")} for key in ("acme", "bolt")}
    folder = tender(tmp_path, {"acme": 470, "bolt": None}, CHOICE, tree=tree, said=said, vendors=["acme", "bolt"])
    result = run(folder)
    questions = load_evaluation(folder).asked_questions
    needed = {point.question.id: point.needed for point in open_points(result, result.vendor(vendor), questions)}
    assert needed["Q2"].startswith("Our pilot does not bear this out: please name the document")


def test_a_document_that_we_refuted_is_not_asked_back_in_the_words_of_the_pilot(tmp_path):
    line = f"- {{vendor: bolt, question: Q4, claim: true, {BY}}}"
    said = {key: {**SAID, "Q4": (70, "Report")} for key in ("acme", "bolt")}
    folder = tender(tmp_path, {"acme": 470, "bolt": None}, FACT, said=said, findings=line, vendors=["acme", "bolt"])
    result = run(folder)
    points = open_points(result, result.vendor("bolt"), load_evaluation(folder).asked_questions)
    needed = {point.question.id: point.needed.partition(":")[0] for point in points}
    assert (needed["Q1"], needed["Q4"]) == ("Our pilot does not bear this out", "The document named does not show it")


def test_an_evaluators_act_decides_too_and_without_its_sheet_the_pilot_counts(tmp_path):
    panel = "evaluators: [{id: ana, name: Ana}]\n"
    tree = {**load(TREE), "r": {"R1": {"R1": {"type": "rubric"}}}}
    said = {"acme": {**SAID, "Q1": (99, "Report")}, "bolt": {**SAID, "Q1": (93, "Report")}}
    folder = tender(tmp_path, {"acme": 500, "bolt": 480}, FACT, tree=tree, settings=panel, said=said)
    assert CliRunner().invoke(main, ["score-sheets", str(folder)]).exit_code == 0
    book = load_workbook(folder / "score-sheets" / "ana.xlsx")
    header, *rows = book["Claims"].iter_rows()
    titles = [cell.value for cell in header]
    row = next(row for row in rows if row[0].value == "acme:Q1")
    for title, text in (("Act", "Correct"), ("Correct to", "80"), ("Reason", "Seen")):
        row[titles.index(title)].value = text
    (folder / "scores").mkdir()
    book.save(folder / "scores" / "ana.xlsx")
    result = run(folder)
    vendor = result.vendor("acme")
    record = answer(vendor, "Q1")
    assert (record.answer, record.finding.by, record.pilot.effect.set_aside) == ("80", "Ana", True)
    assert "act-set-aside" in [issue.code for issue in vendor.issues]
    leads = {entry.without: entry.winner for entry in result.robustness.leave_one_out if entry.kind == "evaluator"}
    assert (result.ranking[0], leads["ana"]) == ("bolt", "acme")
