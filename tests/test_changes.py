"""What changed between two results: causes that add up, one for each question, where results are from, one round."""

import json
import shutil
import zipfile
from datetime import UTC, datetime
from math import fsum
from pathlib import Path

import pytest
from builders import load, run, write_evaluation, write_response
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings, strategies as st
from made_results import changed
from openpyxl import load_workbook
from test_clarifications import FULL as ANSWERED, tender as to_clarify, write_back

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.record.log import Entry, append, read_log
from vendor_eval.record.seal import write_seal
from vendor_eval.results.changes import Changes, ComparedRecord
from vendor_eval.run.changes import Side, compare, read_side
from vendor_eval.run.outputs import clarifications

FULL = Path(__file__).parent.parent / "samples" / "full"
RUBRIC = {"type": "rubric", "levels": ["none", "a claim", "named", "linked", "measured", "changed"], "red_flag": "No"}
MARKS = {"claim": 50, "named": 70, "document": 85, "verified": 100}
ITEM = {"id": "PRC-01", "text": "Boxes", "unit": "box", "volume": 1000}
PRICE = {"weight": 30, "rule": "fixed_bounds", "best": 100, "worst": 900, "currency": "USD", "items": [ITEM]}


def tree(weights=(1, 1), *, third=True, points=((0, 0), (100, 100)), gate=83):
    q1 = {"weight": weights[0], "gates": [{"kind": "must", "min": gate, "reason": "Said so"}]}
    questions = {"Q1": q1, "Q2": {"weight": weights[1], "points": [*map(list, points)], "type": "percentage"}}
    return {"a": {"A1": questions}, "b": {"B1": {"R1": RUBRIC, **({"Q3": {}} if third else {})}}}


def write(folder, content=None, given_=None, findings="", **more):
    """Write an evaluation in place of the one that is there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    answers = given_ or {"acme": {}, "bolt": {"Q1": 90}}
    filled = {name: {"Q1": 80, "Q2": 60, "R1": "We do", "Q3": 40, **own} for name, own in answers.items()}
    own = json.dumps({"evidence": "off", **more})
    return write_evaluation(folder, content or tree(), filled, settings=own, findings=findings)


def evaluated(folder):
    """Evaluate a folder into its out/."""
    done = CliRunner().invoke(main, ["evaluate", str(folder), "--format", "json"])
    assert done.exit_code == 0, done.output
    return folder


def compared(old, new) -> Changes:
    return compare(read_side(evaluated(old)), read_side(evaluated(new)))


def changes(*words, code=0):
    done = CliRunner().invoke(main, ["changes", *map(str, words)])
    assert done.exit_code == code, done.output
    return done


def adds_up(found):
    for vendor in found.vendors:
        change = (vendor.score.new or 0) - (vendor.score.old or 0)
        assert fsum(cause.points for cause in vendor.causes) == pytest.approx(change, abs=1e-9)
        asked = [cause.about for cause in vendor.causes if cause.cause not in {"price", "rule"}]
        assert len(asked) == len(set(asked)), "each question has one cause"
    return found


def causes(found, vendor="acme"):
    (own,) = (own for own in found.vendors if own.id == vendor)
    return {(cause.cause, cause.about): cause for cause in own.causes}


# ---- law 8


percents = st.sampled_from([0, 35, 80, 83, 100, None, "about 9"])
words_of_rubric = st.sampled_from(["We do", "We did", None])
finding = st.sampled_from(["", "verified: true", 'answer: "55 %"', "claim: true"])
level = st.sampled_from([None, 1, 4])
rules = st.sampled_from(["fixed_bounds", "lowest_ratio", "linear_min_max", "linear_from_lowest", "quality_per_price"])


@st.composite
def tenders(draw):
    """Draw everything that a score hangs on: answers, findings, levels, weights, prices, questions, rules."""
    vendors = {
        name: {"Q1": draw(percents), "Q2": (draw(percents), draw(st.sampled_from([None, "Contract, page 2"])))}
        | {"Q3": draw(percents), "R1": draw(words_of_rubric)}
        for name in ("acme", "bolt", "cord")
    }
    acts = []
    for name in vendors:
        if act := draw(finding):
            acts.append(f"- {{vendor: {name}, question: Q2, {act}, by: Ana P., date: 2026-11-20, reason: Seen}}")
        if (given_ := draw(level)) is not None:
            acts.append(f"- {{vendor: {name}, question: R1, level: {given_}, by: Ana, date: 2026-11-20, reason: Read}}")
    weights = draw(st.tuples(*[st.sampled_from([1, 3, 0.5])] * 2))
    content = tree(
        weights, third=draw(st.booleans()), points=draw(st.sampled_from([((0, 0), (100, 100)), ((0, 9), (90, 95))]))
    )
    more = {"evidence": draw(st.sampled_from(["off", MARKS])), "missing": draw(st.sampled_from(["zero", "exclude"]))}
    first = draw(st.sampled_from([30, 50, 82]))
    more["weights"] = {"a": first, "b": 100 - first}
    if draw(st.booleans()):
        rule = draw(rules)
        bounds = {key: PRICE[key] for key in ("best", "worst") if rule == "fixed_bounds"}
        share = {} if rule == "quality_per_price" else {"weight": draw(st.sampled_from([10, 30, 55]))}
        items = [ITEM | {"volume": draw(st.sampled_from([1000, 2000]))}]
        more["price"] = {"rule": rule, "currency": "USD", "items": items, **bounds, **share}
        for own in vendors.values():
            own["PRC-01"] = draw(st.sampled_from([0.2, 0.35, 0.5, None]))
            own |= {"OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}
    return content, vendors, "\n".join(acts), more


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(old=tenders(), new=tenders())
def test_causes_add_up_to_the_change_of_the_score(old, new, tmp_path_factory):
    sides = []
    for content, vendors, acts, more in (old, new):
        folder = write(tmp_path_factory.mktemp("rfp"), content, vendors, acts, **more)
        result = run(folder)
        sides.append(Side(result, side_of(result)))
    found = adds_up(compare(*sides))
    assert {vendor.id for vendor in found.vendors} == {"acme", "bolt", "cord"}
    same = adds_up(compare(sides[0], sides[0]))
    assert (same.settings, [vendor.is_changed for vendor in same.vendors]) == ((), [False] * 3)


def side_of(result):
    values = {"file": "x", "kind": "folder", "title": "x", "reference": "", "as_of": result.evaluation.as_of}
    return ComparedRecord(**values, tool_version="1", criteria="x")


# ---- one cause for each question


FINDING = '- {vendor: acme, question: Q2, answer: "90 %", by: Ana P., date: 2026-11-20, reason: Counted}'
LEVEL = "- {vendor: acme, question: R1, level: 4, by: Ana P., date: 2026-11-20, reason: Read}"
OFFER = {"OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}
OFFERS = {"acme": {"PRC-01": 0.5, **OFFER}, "bolt": {"Q1": 90, "PRC-01": 0.4, **OFFER}}
CERTIFICATE = "- {vendor: acme, question: Q2, claim: true, by: Ana P., date: 2026-11-20, reason: Old}"


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ({}, {"given_": {"acme": {"Q1": 95}, "bolt": {"Q1": 90}}}, ("answer", "Q1", "80", "95")),
        ({}, {"findings": FINDING}, ("finding", "Q2", None, "answer 90 %")),
        ({"findings": FINDING}, {}, ("finding", "Q2", "answer 90 %", None)),
        ({}, {"findings": LEVEL}, ("finding", "R1", None, "level 4")),
        (
            {"evidence": MARKS},
            {"evidence": MARKS, "given_": {"acme": {"Q2": (60, "Contract, page 2")}, "bolt": {"Q1": 90}}},
            ("evidence", "Q2", "claim", "document"),
        ),
        ({"evidence": MARKS}, {"evidence": MARKS | {"claim": 30}}, ("evidence", "Q2", 50.0, 30.0)),
        ({}, {"content": tree(points=((0, 0), (50, 100)))}, ("date", "Q2", 60.0, 100.0)),
        ({}, {"content": tree((3, 1))}, ("weights", "Q1", 0.25, 0.375)),
        ({}, {"content": tree(third=False)}, ("question", "Q3", "40", None)),
        (
            {"price": PRICE, "given_": OFFERS},
            {"price": PRICE | {"weight": 50}, "given_": OFFERS},
            ("rule", "price", "fixed_bounds 30", "fixed_bounds 50"),
        ),
        (
            {"price": PRICE, "given_": OFFERS},
            {"price": PRICE, "given_": OFFERS | {"acme": {"PRC-01": 0.3, **OFFER}}},
            ("price", "price", 500.0, 300.0),
        ),
    ],
)
def test_each_change_has_its_cause_with_both_values(old, new, cause, tmp_path):
    found = adds_up(compared(write(tmp_path / "a", **old), write(tmp_path / "b", **new)))
    kind, about, before, after = cause
    one = causes(found)[kind, about]
    assert (one.old, one.new) == (before, after)
    assert one.points
    if kind == "finding":
        assert (one.by, one.why, one.source.file) == ("Ana P.", "Counted" if about == "Q2" else "Read", "findings.yaml")
    if kind == "answer":
        assert (one.source.file, one.source.cell) == ("responses/acme.xlsx", "B2")


def test_under_a_relative_rule_the_bid_of_another_is_the_price(tmp_path):
    relative = {key: PRICE[key] for key in ("weight", "currency", "items")} | {"rule": "lowest_ratio"}
    cheaper = OFFERS | {"bolt": OFFERS["bolt"] | {"PRC-01": 0.2}}
    folders = [
        write(tmp_path / name, given_=given_, price=relative) for name, given_ in (("a", OFFERS), ("b", cheaper))
    ]
    found = adds_up(compared(*folders))
    assert causes(found)["price", "price"].points == pytest.approx(30 * (0.2 - 0.4) / 0.5)
    assert "by the prices of others" in changes(*folders).stdout


def test_a_new_rule_and_a_new_offer_are_told_apart(tmp_path):
    """The offer counts as the old rule would have had it, the rest is the rule's."""
    other = {"weight": 30, "rule": "lowest_ratio", "currency": "USD", "items": [ITEM]}
    cheaper = OFFERS | {"acme": {"PRC-01": 0.3, **OFFER}}
    old, new = write(tmp_path / "a", given_=OFFERS, price=PRICE), write(tmp_path / "b", given_=cheaper, price=other)
    found = causes(adds_up(compared(old, new)))
    assert found["price", "price"].points == pytest.approx(30 * (500 - 300) / 800)
    assert found["rule", "price"].points == pytest.approx(30 * (1 - (900 - 300) / 800))


def test_prices_that_are_opened_are_the_price_and_no_rule(tmp_path):
    """Under two envelopes a sealed price is null and the score is the quality; the rule was there before."""

    def seal(plain):
        for vendor in plain["vendors"]:
            vendor |= {"price": None, "score": vendor["quality"]}

    opened = run(write(tmp_path / "a", given_=OFFERS, price=PRICE))
    sides = [Side(result, side_of(result)) for result in (changed(opened, seal), opened)]
    found = adds_up(compare(*sides))
    assert [*causes(found)] == [("price", "price")]
    cause = causes(found)["price", "price"]
    assert (cause.old, cause.new) == (None, 500.0)
    assert cause.points == pytest.approx(0.3 * (50 - opened.vendor("acme").quality))


def test_a_level_of_the_panel_is_a_level_by_whoever_gave_it(tmp_path):
    folder = shutil.copytree(FULL, tmp_path / "a")
    old = read_side(evaluated(folder))
    file = min((folder / "scores").glob("helena*.xlsx"))
    book = load_workbook(file)
    header, *rows = book["Scores"].iter_rows()
    at = {cell.value: index for index, cell in enumerate(header)}
    row = next(row for row in rows if row[at["Level"]].value is not None)
    row[at["Level"]].value = 0 if row[at["Level"]].value else 5
    book.save(file)
    found = adds_up(compare(old, read_side(evaluated(folder))))
    levels = [cause for vendor in found.vendors for cause in vendor.causes]
    assert [(cause.cause, cause.by) for cause in levels] == [("level", "Helena Brandt")]
    assert levels[0].source.file == f"scores/{file.name}"


def test_the_same_words_on_another_day_are_a_date(tmp_path):
    folder = shutil.copytree(FULL, tmp_path / "a")
    old = read_side(evaluated(folder))
    text = (folder / "evaluation.yaml").read_text("utf-8")
    (folder / "evaluation.yaml").write_text(text.replace("as_of: 2026-11-24", "as_of: 2027-03-24"), "utf-8")
    found = adds_up(compare(old, read_side(evaluated(folder))))
    assert {cause.cause for vendor in found.vendors for cause in vendor.causes} == {"date"}
    assert [(change.key, change.old, change.new) for change in found.settings] == [
        ("as_of", "2026-11-24", "2027-03-24")
    ]
    assert ("SEC-13", "must", "waived", "fail") in [
        (gate.question, gate.kind, gate.old, gate.new) for vendor in found.vendors for gate in vendor.gates
    ]


def test_a_vendor_that_was_not_evaluated_has_its_response_as_cause(tmp_path):
    old, new = write(tmp_path / "a", given_={"bolt": {}}), write(tmp_path / "b")
    (old / "evaluation.yaml").write_text(
        json.dumps(load((old / "evaluation.yaml").read_text("utf-8")) | {"vendors": [{"id": "acme"}, {"id": "bolt"}]})
    )
    found = adds_up(compared(old, new))
    assert [*causes(found)] == [("answer", "")]
    (acme,) = (vendor for vendor in found.vendors if vendor.id == "acme")
    assert (acme.score.old, acme.status.old, acme.rank.old) == (None, "not_evaluated", None)
    assert "by its response as a whole" in changes(old, new).stdout


def test_who_explained_a_change_of_a_setting_is_said(tmp_path):
    folder = write(tmp_path / "a", weights={"a": 50, "b": 50})
    (folder / "responses").rename(tmp_path / "sent")
    moment = datetime(2026, 11, 10, 9, tzinfo=UTC)
    write_seal(load_evaluation(folder), read_log(folder), moment=moment, by="Ruth Adler")
    (tmp_path / "sent").rename(folder / "responses")
    old = read_side(evaluated(folder))
    written = load((folder / "evaluation.yaml").read_text("utf-8"))
    (folder / "evaluation.yaml").write_text(json.dumps(written | {"weights": {"a": 60, "b": 40}}))
    new = {"weights.a": 60, "weights.b": 40}
    entry = Entry(act="amend", by="Ruth Adler", why="The board asked", about=tuple(new), new=new)
    append(folder, read_log(folder), [entry], moment)
    found = adds_up(compare(old, read_side(evaluated(folder))))
    assert [(change.key, change.by) for change in found.settings] == [(key, "Ruth Adler") for key in new]
    weights = causes(found)["weights", "Q1"]
    assert (weights.by, weights.why) == ("Ruth Adler", "The board asked")


# ---- where results are from


def test_ranks_come_first_then_settings_gates_and_vendors_by_size(tmp_path):
    three = {"acme": {}, "bolt": {"Q1": 90}, "cord": {"Q1": 100, "Q2": 90}}
    old = write(tmp_path / "a", given_=three, weights={"a": 50, "b": 50})
    new = write(tmp_path / "b", given_=three | {"acme": {"Q1": 100}}, findings=FINDING, weights={"a": 51, "b": 49})
    evaluated(old), evaluated(new)
    done = changes(old, new)
    text = done.stdout
    heads = ["Ranks:", "Settings:", "Gates:", "Vendors:"]
    assert sorted(heads, key=text.index) == heads
    both = "+8.0 by finding Q2 of Ana P. (Counted), +5.5 by its answer to Q1"
    assert f"acme 3 to 1: conditional before, eligible now, {both}" in " ".join(text.split())
    assert "bolt 2 to 3: since others moved more, +0.4 by other weights of 3 answers" in " ".join(text.split())
    assert "weights.a 50 -> 51" in text
    assert "acme: Q1 must fail to pass" in text
    order = [vendor["id"] for vendor in json.loads(changes(old, new, "--json").stdout)["vendors"]]
    assert order[0] == "acme"


def test_nothing_changed_is_said_and_exits_0(tmp_path):
    folder = evaluated(write(tmp_path / "a"))
    done = changes(folder, folder)
    assert done.stdout.startswith("Nothing changed.")
    assert "Unchanged: acme, bolt" in done.stdout
    assert done.stderr == ""


def test_json_has_the_keys_of_the_contract(tmp_path):
    old, new = (
        evaluated(write(tmp_path / "a")),
        evaluated(write(tmp_path / "b", given_={"acme": {"Q1": 95}, "dunn": {}})),
    )
    found = json.loads(changes(old, new, "--json").stdout)
    assert [*found] == ["schema", "old", "new", "settings", "only_old", "only_new", "vendors"]
    assert (found["schema"], found["only_old"], found["only_new"]) == ("vendor-eval/changes/1", ["bolt"], ["dunn"])
    (acme,) = found["vendors"]
    assert {"id", "score", "rank", "status", "gates", "causes"} <= {*acme}
    assert (acme["score"], acme["gates"][0]) == (
        {"old": acme["score"]["old"], "new": acme["score"]["new"]},
        {"question": "Q1", "kind": "must", "old": "fail", "new": "pass"},
    )
    assert [*acme["causes"][0]] == ["cause", "about", "points", "old", "new", "by", "why", "source"]


def test_a_folder_a_result_and_a_freeze_are_one(tmp_path):
    folder = evaluated(write(tmp_path / "a"))
    content = (folder / "out" / "results.json").read_bytes()
    assert CliRunner().invoke(main, ["freeze", str(folder), "-o", str(tmp_path / "a.zip")]).exit_code == 0
    unpacked = tmp_path / "unpacked" / "tender" / "out"
    unpacked.mkdir(parents=True)
    (unpacked / "results.json").write_bytes(content)
    places = (
        folder,
        folder / "evaluation.yaml",
        folder / "out" / "results.json",
        tmp_path / "a.zip",
        unpacked.parents[1],
    )
    sides = [read_side(place) for place in places]
    assert [side.record.kind for side in sides] == ["folder", "folder", "result", "freeze", "freeze"]
    assert len({side.record.sha256 for side in sides}) == 1
    assert not any(str(tmp_path) in side.record.model_dump_json() for side in sides), "no path of this machine"


@pytest.mark.parametrize("change", ["answer", "new", "gone", "findings"])
def test_a_stale_folder_is_said(change, tmp_path):
    folder = evaluated(write(tmp_path / "a"))
    name = {"new": "responses/cord.xlsx", "findings": "findings.yaml"}.get(change, "responses/bolt.xlsx")
    if change == "gone":
        (folder / name).unlink()
    elif change == "findings":
        (folder / name).write_text(FINDING)
    else:
        write_response(folder / name, [("Q1", 71)])
    done = changes(folder, folder, "--json")
    assert json.loads(done.stdout)["old"]["stale"] == [name]
    assert f"out/results.json is older than {name}" in done.stderr


@pytest.mark.parametrize("name", ["nothing", "empty", "other.json", "other.zip", "deflated.zip", "short.zip"])
def test_what_is_no_result_is_named_in_one_line(name, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.json").write_text("{}")
    (tmp_path / "short.zip").write_bytes(b"PK\x03\x04 and no more")
    for file, inside in (("other.zip", "x"), ("deflated.zip", "tender/out/results.json")):
        with zipfile.ZipFile(tmp_path / file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(inside, "{}" * 50)
    done = changes(tmp_path / name, tmp_path / name, code=2 if name == "nothing" else 1)
    assert name in done.stderr
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.mark.parametrize("words", [[], ["a"], ["a", "b", "c"], ["a", "b", "--round"], ["a", "b", "-o", "x.docx"]])
def test_wrong_usage_is_2(words):
    changes(*words, code=2)


@pytest.mark.parametrize("suffix", [".pdf", ".html"])
def test_the_page_says_the_same(suffix, tmp_path):
    old, new = evaluated(write(tmp_path / "a")), evaluated(write(tmp_path / "b", findings=FINDING))
    output = tmp_path / f"page{suffix}"
    changes(old, new, "-o", output)
    first = output.read_bytes()
    changes(old, new, "-o", output)
    assert output.read_bytes() == first
    if suffix == ".html":
        text = first.decode()
        assert "by finding Q2 of Ana P." in text
        assert str(tmp_path) not in text


def test_nothing_is_written_into_the_folders(tmp_path):
    old, new = evaluated(write(tmp_path / "a")), evaluated(write(tmp_path / "b", findings=FINDING))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    changes(old, new)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


# ---- a round


@pytest.fixture
def clarified(tmp_path):
    """A tender whose acme answered two rounds, bolt none."""
    folder = (
        to_clarify(tmp_path / "rfp", cord={**ANSWERED, "BIG": None}) if (tmp_path / "rfp").mkdir() is None else None
    )
    for number, answers in enumerate(({"SMALL": 70, "BAD": 95}, {"BIG": 33})):
        content = clarifications(run(folder), load_evaluation(folder))["acme"]
        write_back(content, folder / "responses" / f"acme round {number}.xlsx", answers)
    return folder


def test_a_round_is_what_its_answers_did(clarified):
    (clarified / "findings.yaml").write_text(
        "- {vendor: acme, question: SMALL, verified: true, by: Ana P., date: 2026-11-20, reason: Seen}"
    )
    files = {path: path.read_bytes() for path in clarified.rglob("*") if path.is_file()}
    found = json.loads(changes(clarified, "--round", "--json").stdout)
    assert (found["old"]["round"], found["old"]["without"]) == (2, ["responses/acme round 1.xlsx"])
    assert (found["settings"], found["only_old"], found["only_new"]) == ([], [], [])
    moved = {vendor["id"]: vendor for vendor in found["vendors"]}
    assert [(cause["cause"], cause["about"]) for cause in moved["acme"]["causes"]] == [("answer", "BIG")]
    cause = moved["acme"]["causes"][0]
    assert (cause["old"], cause["new"], cause["source"]["file"]) == ("", "33", "responses/acme round 1.xlsx")
    assert cause["points"] == pytest.approx(moved["acme"]["score"]["new"] - moved["acme"]["score"]["old"], abs=1e-9)
    assert (moved["bolt"]["causes"], moved["cord"]["causes"]) == ([], [])
    assert {path: path.read_bytes() for path in clarified.rglob("*") if path.is_file()} == files, "writes nothing"
    (clarified / "responses" / "acme round 1.xlsx").unlink()
    assert run(clarified).vendor("acme").score == pytest.approx(moved["acme"]["score"]["old"], abs=1e-9)


def test_the_text_of_a_round_names_it(clarified, monkeypatch):
    monkeypatch.chdir(clarified)
    text = " ".join(changes("--round").stdout.split())
    assert "with the answers of round 2 against without them (responses/acme round 1.xlsx)" in text


def test_without_a_clarification_that_counts_there_is_no_round(tmp_path):
    assert "no clarification came back" in changes(write(tmp_path / "a"), "--round", code=1).stderr
