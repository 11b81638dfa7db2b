"""Work in several processes: the same results in the same order, and an item that kills its process costs itself."""

import os
import time

import pytest
from builders import write_evaluation
from worker_items import behave, kill

from vendor_eval import load_evaluation
from vendor_eval.intake import responses
from vendor_eval.intake.workers import spread
from vendor_eval.run.evaluate import evaluate_readings, read_responses


def run(items, **settings):
    heard = []
    found = spread(
        behave,
        "did",
        items,
        lost=lambda item: f"lost {item}",
        progress=heard.append,
        **{"workers": 2, "seconds": 30, **settings},
    )
    assert sorted(heard) == sorted(items)
    return found


TREE = "{a: {A1: {Q1: {weight: 2}, Q2: {type: yes_no_partial}}}, b: {B1: {Q3: {}}}}"
ANSWERS = ({"Q1": 90, "Q2": "Yes", "Q3": 40}, {"Q1": 40, "Q2": "Yes", "Q3": 100}, {"Q1": 80, "Q2": "No", "Q3": 100})


@pytest.fixture(autouse=True)
def path_of_the_tests(monkeypatch):
    monkeypatch.syspath_prepend(os.path.dirname(__file__))  # noqa: PTH120  as sys.path has it


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(workers):
    items = [str(number) for number in range(12)]
    assert run(items, workers=workers) == [f"did {item}" for item in items]


@pytest.mark.parametrize("bad", ["die", "raise"])
def test_an_item_that_ends_its_worker_costs_itself_alone(bad):
    items = ["a", bad, "b", "c", bad, "d"]
    assert run(items) == ["did a", f"lost {bad}", "did b", "did c", f"lost {bad}", "did d"]


def test_an_item_that_hangs_is_stopped():
    start = time.monotonic()
    assert run(["a", "hang", "b"], seconds=8) == ["did a", "lost hang", "did b"]
    assert time.monotonic() - start < 300


def test_what_a_library_prints_is_no_answer(capfd):
    assert run(["print", "a"]) == ["did print", "did a"]
    assert capfd.readouterr().out == ""


# ---- readings


def tender(tmp_path, count=6):
    vendors = {f"vendor-{number}": ANSWERS[number % len(ANSWERS)] for number in range(count)}
    folder = write_evaluation(tmp_path / "tender", TREE, vendors, settings="evidence: off")
    (folder / "responses" / "broken.xlsx").write_bytes(b"PK\x03\x04 cut off")
    return load_evaluation(folder)


def test_the_result_is_the_same_whatever_the_number_of_workers(tmp_path):
    evaluation = tender(tmp_path)
    results = {
        evaluate_readings(evaluation, read_responses(evaluation, skip_unreadable=True, workers=workers)).to_json()
        for workers in (1, 2, 4)
    }
    assert len(results) == 1


def test_many_vendors_are_read_by_several_processes_and_few_by_this_one(tmp_path, monkeypatch):
    asked = []

    def counting(*arguments, **settings):
        asked.append(settings["workers"])
        return spread(*arguments, **settings)

    monkeypatch.setattr(responses, "spread", counting)
    monkeypatch.setattr(responses, "cores", lambda: 2)
    evaluation = tender(tmp_path)
    read_responses(evaluation, skip_unreadable=True)
    assert asked == []
    monkeypatch.setattr(responses, "MANY", 7)
    read_responses(evaluation, skip_unreadable=True)
    assert asked == [2]


def test_a_file_that_kills_its_worker_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(responses, "_read_in_worker", kill)
    evaluation = tender(tmp_path)
    readings = read_responses(evaluation, skip_unreadable=True, workers=2)
    (lost,) = (reading for reading in readings if reading.is_unreadable)
    assert [(issue.code, issue.location.file) for issue in lost.issues] == [
        ("reader-failed", "responses/vendor-3.xlsx")
    ]


def test_a_file_that_makes_the_reader_fail_is_named_and_the_others_are_read(tmp_path, monkeypatch):
    whole = responses.read_submission

    def failing(evaluation, vendor, **settings):
        if vendor.id == "vendor-3":
            raise RecursionError
        return whole(evaluation, vendor, **settings)

    monkeypatch.setattr(responses, "read_submission", failing)
    readings = read_responses(tender(tmp_path), skip_unreadable=True)
    codes = {one.vendor.id: [issue.code for issue in one.issues] for one in readings if one.is_unreadable}
    assert codes == {"vendor-3": ["reader-failed"], "broken": ["unreadable-file"]}
