"""`vendor-eval pilot measure`: a folder of files to one record, its tables and its laws."""

import csv
import io
import json
import os

import pytest
from builders import write_evaluation
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings as limits, strategies as st

from vendor_eval.cli import main
from vendor_eval.issues import InputError
from vendor_eval.pilot.measure import measure

YAML = """\
title: Crop and weed
task: classification
labels: [crop, weed, unsure]
measured_on: 2026-11-23
risk: {promised: 98, unacceptable: 95}
"""


def folder_of(path, gold, labels, *, yaml=YAML, plan=None, **files):
    """Write a pilot: gold and the labels of each vendor as rows with their header."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "labels").mkdir(exist_ok=True)
    (path / "pilot.yaml").write_text(yaml)
    (path / "gold.csv").write_text(rows(gold))
    if plan:
        (path / "plan.csv").write_text(rows(plan))
    for vendor, lines in labels.items():
        (path / "labels" / f"{vendor}.csv").write_text(rows(lines))
    for name, lines in files.items():
        (path / f"{name}.csv").write_text(rows(lines))
    return path


def rows(lines):
    return "".join(f"{','.join(map(str, line))}\n" for line in lines)


def gold_of(size, label="crop"):
    return [("item", "label"), *((f"img-{item}", label) for item in range(size))]


def labels_of(right, wrong=0, missing=0):
    size = right + wrong + missing
    return [("item", "label"), *((f"img-{i}", "crop" if i < right else "weed") for i in range(size - missing))]


def run(*arguments):
    result = CliRunner().invoke(main, ["pilot", "measure", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def table(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def figures(vendor):
    return {(f.id, f.group) if f.by else f.id: f for f in vendor.figures}


def test_a_pilot_without_an_evaluation_is_measured(tmp_path):
    folder = folder_of(tmp_path, gold_of(500), {"bolt": labels_of(470, 30), "acme": labels_of(486, 10, 4)})
    measured = measure(folder)
    acme, bolt = measured.record.vendors
    assert [(v.id, v.status, v.tasks, v.rows, v.missing, v.invalid) for v in (acme, bolt)] == [
        ("acme", "measured", 500, 496, 4, 0),
        ("bolt", "measured", 500, 500, 0, 0),
    ]
    assert figures(acme)["accuracy"].low == pytest.approx(95.34667, abs=1e-5)
    assert acme.acceptance.model_dump() == {
        "n": 500, "c": 18, "errors": 14, "accepted": True,
        "seller_risk": pytest.approx(0.66, abs=0.01), "buyer_risk": pytest.approx(8.65, abs=0.01),
    }  # fmt: skip
    assert bolt.acceptance.accepted is False
    assert [(issue.code, issue.count, len(issue.places)) for issue in acme.issues] == [("missing-item", 4, 4)]
    assert measured.record.pilot.model_dump(exclude={"inputs"}) == {
        "title": "Crop and weed", "task": "classification", "measured_on": "2026-11-23",
        "gold_items": 500, "ambiguous": 0, "gold_open": 0, "expert_ceiling": None,
    }  # fmt: skip
    names = [source.file for source in measured.record.pilot.inputs]
    assert names == ["pilot.yaml", "gold.csv", "labels/acme.csv", "labels/bolt.csv"]


def test_labels_that_are_none_are_counted_each(tmp_path):
    gold = [("item", "label", "x", "y", "w", "h"), ("a", "crop", 0, 0, 9, 9), ("b", "", "", "", "", "")]
    boxes = [*gold, ("a", "crop", 0, 0, 0, 9), ("a", "wed", 1, 1, 9, 9), ("a", "wed", 0, 0, -1, 9)]
    yaml = YAML.replace("classification", "boxes")
    (acme,) = measure(folder_of(tmp_path, gold, {"acme": boxes}, yaml=yaml)).record.vendors
    assert (acme.tasks, acme.missing, acme.invalid) == (2, 0, 3)
    passes = [("item", "label", "annotator"), ("img-0", "crop", "a"), ("img-0", "weed", "b"), ("img-1", "", "a")]
    several = folder_of(tmp_path / "passes", gold_of(2), {"acme": passes}, yaml=f"{YAML}passes: 2\n")
    (acme,) = measure(several).record.vendors
    assert (acme.missing, acme.invalid, figures(acme)["delivered"].k) == (0, 1, 0)


def test_the_command_writes_what_the_figures_rest_on(tmp_path):
    folder = folder_of(tmp_path, gold_of(40), {"acme": [*labels_of(37, 2, 1), ("img-39", "=weed()")]})
    result = run(folder)
    assert (result.exit_code, "37 of 40" in result.stdout) == (0, True)
    out = folder / "out" / "pilot"
    assert sorted(path.name for path in out.rglob("*.*")) == ["acme.csv", "issues.csv", "measured.json"]
    assert table(out / "errors" / "acme.csv") == [
        ["item", "source", "phase", "gold", "label", "error"],
        ["img-37", "img-37", "", "crop", "weed", "wrong"],
        ["img-38", "img-38", "", "crop", "weed", "wrong"],
        ["img-39", "img-39", "", "crop", "'=weed()", "invalid"],
    ]
    assert table(out / "issues.csv")[1][:6] == ["acme", "unknown-label", "blocking", "labels/acme.csv", "41", "img-39"]
    written = (out / "measured.json").read_text()
    assert json.loads(written)["schema"] == "vendor-eval/pilot/1"
    assert run(folder, "--strict").exit_code == 1
    printed = run(folder, "--json")
    assert printed.stdout == written
    assert run(folder).exit_code == 0


def test_with_json_nothing_is_written(tmp_path):
    folder = folder_of(tmp_path, gold_of(3), {"acme": labels_of(3)})
    assert list(json.loads(run(folder, "--json").stdout)) == ["schema", "pilot", "vendors"]
    assert not (folder / "out").exists()


def test_a_vendor_without_a_file_is_not_measured(tmp_path):
    folder = folder_of(tmp_path, gold_of(3), {"acme": labels_of(3)}, yaml=f"{YAML}vendors: [acme, bolt]\n")
    _, bolt = measure(folder).record.vendors
    assert (bolt.id, bolt.status, bolt.tasks, bolt.figures, bolt.acceptance) == ("bolt", "not_measured", 3, (), None)
    assert bolt.message
    assert "bolt: not measured" in run(folder).stdout


def test_a_file_that_cannot_be_read_stops_or_is_left_out(tmp_path):
    labels = {"acme": labels_of(3), "bolt": [*labels_of(2), ("img-7", "crop")], "cado": [("image", "label")]}
    folder = folder_of(tmp_path, gold_of(3), labels)
    with pytest.raises(InputError) as fault:
        measure(folder)
    assert {(issue.code, issue.location.file) for issue in fault.value.issues} == {
        ("unknown-item", "labels/bolt.csv"),
        ("missing-column", "labels/cado.csv"),
    }
    stopped = run(folder, "--json")
    assert (stopped.exit_code, stopped.stdout) == (1, "")
    assert "unknown-item" in stopped.stderr
    assert not (folder / "out").exists()
    vendors = json.loads(run(folder, "--json", "--skip-unreadable").stdout)["vendors"]
    assert [vendor["status"] for vendor in vendors] == ["measured", "not_measured", "not_measured"]


@pytest.mark.parametrize("kind", ["link", "dead link", "pipe", "folder", "gigabyte"])
def test_what_is_skipped_is_not_looked_into_for_its_hash_either(tmp_path, kind):
    folder = folder_of(tmp_path, gold_of(3), {"acme": labels_of(3)})
    path = folder / "labels" / "bolt.csv"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        (folder / "labels" / "bolt" / "deep").mkdir(parents=True)
    elif kind == "gigabyte":
        with path.open("wb") as file:
            file.truncate(1_000_000_000)
    else:
        path.symlink_to(folder / "gold.csv" if kind == "link" else folder / "nothing")
    result = run(folder, "--json", "--skip-unreadable")
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert [vendor["status"] for vendor in record["vendors"]] == ["measured", "not_measured"]
    assert [source["file"] for source in record["pilot"]["inputs"]] == ["pilot.yaml", "gold.csv", "labels/acme.csv"]


def test_more_places_than_are_listed_stand_in_issues_csv(tmp_path):
    folder = folder_of(tmp_path, gold_of(60), {"acme": labels_of(10, 0, 50)})
    (issue,) = measure(folder).record.vendors[0].issues
    assert (issue.code, issue.count, len(issue.places)) == ("missing-item", 50, 20)
    run(folder)
    assert len(table(folder / "out" / "pilot" / "issues.csv")) == 51


TREE = """
a:
  A1:
    Q1: {}
    Q2: {}
"""
LINKED = f"{YAML}links: [{{question: Q1, figure: accuracy, kind: guarantee, margin: 3}}]\n"


def tender(path, *, key="pilot: pilot\n", **more):
    """Write an evaluation whose vendor promises 98 %, and its pilot, of 486 right items of 500."""
    write_evaluation(path, TREE, {"acme": {"Q1": 98, "Q2": 50}, "bolt": {"Q1": 99}}, settings=key)
    folder_of(path / "pilot", gold_of(500), {"acme": labels_of(486, 14)}, yaml=LINKED, **more)
    return path


def test_inside_an_evaluation_promises_are_compared(tmp_path):
    folder = tender(tmp_path)
    (folder / "pilot" / "labels" / ".DS_Store").write_text("x")
    result = run(folder)
    assert "within chance" in result.stdout
    assert "skipped in labels/: 1 hidden or temporary file" in result.stderr
    record = json.loads((folder / "out" / "pilot" / "measured.json").read_text())
    acme, bolt = record["vendors"]
    (link,) = acme["links"]
    assert (link["promised"], link["measured"], link["verdict"], link["reason"], link["needed"]) == (
        98.0, 97.2, "cannot_tell", "within_chance", 1340,
    )  # fmt: skip
    assert (link["effect"]["act"], link["effect"]["answer"]) == ("answer", 97.2)
    assert acme["candour"]["linked"] == 1
    assert (bolt["status"], bolt["tasks"], bolt["links"]) == ("not_measured", 500, [])
    assert [source["file"] for source in record["pilot"]["inputs"]][:2] == ["pilot/pilot.yaml", "pilot/gold.csv"]


def test_a_pilot_that_no_key_names_is_measured_without_promises(tmp_path):
    folder = tender(tmp_path, key="")
    record = json.loads(run(folder, "--json").stdout)
    assert [(vendor["id"], vendor["links"]) for vendor in record["vendors"]] == [("acme", [])]


def test_a_vendor_that_the_plan_does_not_name_was_asked_nothing(tmp_path):
    plan = [("vendor", "item", "source", "phase", "kind", "stratum")]
    plan += [("acme", f"img-{item}", f"img-{item}", "", "gold", "") for item in range(500)]
    vendors = json.loads(run(tender(tmp_path, plan=plan), "--json").stdout)["vendors"]
    assert [(vendor["id"], vendor["status"], vendor["tasks"]) for vendor in vendors] == [
        ("acme", "measured", 500),
        ("bolt", "not_measured", 0),
    ]


def test_only_gold_that_some_vendor_was_asked_is_counted(tmp_path):
    plan = [("vendor", "item", "source", "kind")]
    plan += [
        (vendor, f"t{n}", f"img-{n}", "gold") for vendor, ns in (("acme", (0, 1, 2)), ("bolt", (1, 3))) for n in ns
    ]
    plan += [("acme", "t9", "img-9", "work"), ("acme", "t8", "img-1", "duplicate")]
    labels = [("item", "label"), ("t1", "crop")]
    disputes = [("vendor", "item", "ruling"), ("acme", "img-2", "ambiguous"), ("acme", "img-7", "ambiguous")]
    more = {"plan": plan, "disputes": disputes}
    facts = measure(folder_of(tmp_path, gold_of(9), {"acme": labels, "bolt": labels}, **more)).record.pilot
    assert (facts.gold_items, facts.ambiguous, facts.gold_open) == (4, 1, 0)
    (tmp_path / "plan.csv").unlink()
    for vendor in ("acme", "bolt"):
        (tmp_path / "labels" / f"{vendor}.csv").write_text(rows(labels_of(9)))
    facts = measure(tmp_path).record.pilot
    assert (facts.gold_items, facts.ambiguous, facts.gold_open) == (9, 2, 0)


def test_the_price_of_the_offer_is_what_an_item_pays(tmp_path):
    items = "items: [{id: PRC-01, text: Boxes, unit: box, volume: 1000}]"
    price = f"price: {{weight: 30, rule: fixed_bounds, best: 4, worst: 90, currency: USD, years: 1, {items}}}"
    offer = {"Q1": 98, "PRC-01": 0.01, "OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}
    write_evaluation(tmp_path, TREE, {"acme": offer}, settings=f"{price}\npilot: pilot\n")
    labels = [("item", "label", "seconds"), *((f"img-{n}", "crop", 20 + n % 3) for n in range(40))]
    pay = "pay: {currency: USD, price_item: PRC-01, legal_minimum: {acme: 2.0}}\n"
    folder_of(tmp_path / "pilot", gold_of(40), {"acme": labels}, yaml=f"{YAML}{pay}")
    (acme,) = json.loads(run(tmp_path, "--json").stdout)["vendors"]
    by_id = {figure["id"]: figure for figure in acme["figures"]}
    mean = sum(20 + n % 3 for n in range(40)) / 40
    assert (by_id["pay_max"]["value"], by_id["pay_max"]["unit"]) == (pytest.approx(36 / mean), "USD/h")
    assert by_id["pay_ratio_legal"]["value"] == pytest.approx(18 / mean)


def test_nothing_is_said_of_pay_while_prices_are_sealed(tmp_path):
    items = "items: [{id: PRC-01, text: Boxes, unit: box, volume: 1000}]"
    price = f"price: {{weight: 30, rule: lowest_ratio, currency: USD, open_after: quality, {items}}}"
    offer = {"Q1": 98, "PRC-01": 0.01, "OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}
    write_evaluation(tmp_path, TREE, {"acme": offer}, settings=f"{price}\npilot: pilot\n")
    labels = [("item", "label", "seconds"), *((f"img-{n}", "crop", 20 + n % 3) for n in range(40))]
    pay = "pay: {currency: USD, price_item: PRC-01, living_wage: {acme: 2.0}}\n"
    folder_of(tmp_path / "pilot", gold_of(40), {"acme": labels}, yaml=f"{YAML}{pay}")
    (acme,) = json.loads(run(tmp_path, "--json").stdout)["vendors"]
    found = {f["id"]: (f["value"], f["low"], f["high"], f["reason"]) for f in acme["figures"] if f["id"][:3] == "pay"}
    assert found == dict.fromkeys(("pay_max", "pay_ratio_living"), (None, None, None, "price_sealed"))


def test_what_never_ended_has_no_figure(tmp_path):
    at = "2026-11-20T09:00:00+01:00"
    log = [
        ("vendor", "event", "at", "until", "hours"),
        ("acme", "change", at, "", ""),
        ("acme", "question", at, "", ""),
    ]
    record = measure(folder_of(tmp_path, gold_of(3), {"acme": labels_of(3)}, log=log)).record
    by_id = figures(record.vendors[0])
    names = ("first_batch_days", "answer_hours", "rebrief_hours")
    assert [by_id[name].value for name in names] == [None, None, None]
    assert [by_id[name].reason for name in names] == ["not_logged", "infinite", "infinite"]
    assert record.pilot.inputs[2].file == "log.csv"


PREFERENCE = "title: P\ntask: preference\nlabels: [A, B]\nmeasured_on: 2026-11-23\npasses: 2\n"


def test_a_preference_of_several_experts_has_a_ceiling(tmp_path):
    gold = [("item", "expert", "choice")]
    gold += [(f"q{i}", expert, "A" if expert != "e3" else "B") for i in range(40) for expert in ("e1", "e2", "e3")]
    labels = [("item", "annotator", "choice"), *((f"q{i}", who, "A") for i in range(40) for who in ("x", "y"))]
    record = measure(folder_of(tmp_path, gold, {"acme": labels}, yaml=PREFERENCE)).record
    by_id = figures(record.vendors[0])
    assert record.pilot.expert_ceiling == pytest.approx(100 / 3)
    assert by_id["expert_agreement"].value == pytest.approx(200 / 3)
    assert by_id["accuracy"].k == 40
    assert (by_id["alpha"].value, by_id["alpha"].reason) == (None, "no_variation")


RUBRIC = "title: R\ntask: rubric\ncriteria: [helpful, honest]\nlevels: [1, 2, 3]\nmeasured_on: 2026-11-23\n"


def test_a_rubric_is_measured(tmp_path):
    gold = [("item", "criterion", "score"), *((f"q{i}", c, 2) for i in range(4) for c in ("helpful", "honest"))]
    labels = [("item", "criterion", "score"), *((f"q{i}", c, 2) for i in range(3) for c in ("helpful", "honest"))]
    labels += [("q3", "helpful", 3), ("q3", "honest", 2)]
    measured = measure(folder_of(tmp_path, gold, {"acme": labels}, yaml=RUBRIC))
    by_id = figures(measured.record.vendors[0])
    assert (by_id["accuracy"].k, by_id["within_one"].value, by_id["severity"].value) == (3, 100, 0.125)
    assert measured.errors["acme"].decode("utf-8-sig").splitlines() == [
        "item,source,phase,gold,label,error,criterion",
        "q3,q3,,2,3,wrong,helpful",
    ]


# --------------------------------------------------------------------------------------------------------- laws

LABELS = ("crop", "weed", "unsure")
ITEMS = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from([*LABELS, "", "weat"]), st.sampled_from(["day1", "surge"])),
    min_size=2,
    max_size=12,
)
limited = limits(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LAW = f"{YAML}phases: {{day1: 50, surge: 50}}\npasses: 2\nseverity: {{'weed>crop': 0.3}}\n"


def measured_text(folder, vendor="acme"):
    """Everything that was measured of a vendor, as JSON, without the places of issues."""
    return measure(folder).record.vendor(vendor).model_dump_json(exclude={"issues"})


@limited
@given(ITEMS, st.data())
def test_the_form_of_the_files_changes_no_figure(tmp_path_factory, items, data):
    path = tmp_path_factory.mktemp("law")
    gold = [("item", "label", "phase"), *((f"i{n}", label, phase) for n, (label, _, phase) in enumerate(items))]
    came = [
        (f"i{n}", who, label if who == "a" else data.draw(st.sampled_from(LABELS)))
        for n, (_, label, _) in enumerate(items)
        for who in ("a", "b")
    ]
    plain = folder_of(path / "plain", gold, {"acme": [("item", "annotator", "label"), *came]}, yaml=LAW)

    other = path / "other"
    names = data.draw(st.permutations([f"z{n}" for n in range(len(items))]))
    renamed = {f"i{n}": name for n, name in enumerate(names)}
    shuffled = data.draw(st.permutations([(renamed[item], *rest) for item, *rest in gold[1:]]))
    folder_of(other, [gold[0], *shuffled], {"bolt": [("item", "annotator", "label")]}, yaml=LAW)
    moved = data.draw(
        st.permutations([(label, renamed[item], {"a": "x9", "b": "x1"}[who]) for item, who, label in came])
    )
    cut = data.draw(st.integers(0, len(moved)))
    (other / "labels" / "acme").mkdir()
    for name, lines, delimiter in (("one", moved[:cut], ";"), ("two", moved[cut:], "\t")):
        text = "\n".join(delimiter.join(line) for line in [("LABEL", "Item", "annotator"), *lines])
        (other / "labels" / "acme" / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    assert measured_text(plain) == measured_text(other)


@limited
@given(ITEMS)
def test_gold_as_labels_has_no_errors(tmp_path_factory, items):
    gold = [("item", "label"), *((f"i{n}", label) for n, (label, *_) in enumerate(items))]
    measured = measure(folder_of(tmp_path_factory.mktemp("law"), gold, {"acme": gold}))
    by_id = figures(measured.record.vendors[0])
    assert by_id["accuracy"].value == by_id["delivered"].value == 100
    assert measured.errors["acme"].decode("utf-8-sig") == "item,source,phase,gold,label,error\r\n"


@limited
@given(ITEMS, st.data())
def test_deleting_or_blanking_a_row_raises_nothing(tmp_path_factory, items, data):
    path = tmp_path_factory.mktemp("law")
    gold = [("item", "label"), *((f"i{n}", label) for n, (label, *_) in enumerate(items))]
    rows = [(f"i{n}", label) for n, (_, label, _) in enumerate(items)]
    at = data.draw(st.integers(0, len(rows) - 1))
    forms = {
        "whole": rows,
        "blank": [*rows[:at], (rows[at][0], ""), *rows[at + 1 :]],
        "gone": [*rows[:at], *rows[at + 1 :]],
    }
    whole, blank, gone = (
        figures(measure(folder_of(path / name, gold, {"acme": [("item", "label"), *lines]})).record.vendors[0])[
            "accuracy"
        ]
        for name, lines in forms.items()
    )
    for end in ("value", "low", "high", "lower95"):
        assert getattr(blank, end) == getattr(gone, end) <= getattr(whole, end)
