"""Files are read in other processes: the same results in the same order; a file over its budget costs itself."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from builders import write_evaluation
from click.testing import CliRunner
from worker_items import behave, burn, burn_by_file, kill

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.criteria.questions.base import BaseQuestion
from vendor_eval.criteria.questions.figures import _OneFigure
from vendor_eval.intake import responses
from vendor_eval.issues import InputError
from vendor_eval.run.evaluate import evaluate_readings, read_responses
from vendor_eval.spreadsheets import files, read_workbook, workers
from vendor_eval.spreadsheets.workers import run_in_worker, spread


def run(items, **settings):
    heard = []
    results = spread(
        behave,
        "did",
        items,
        lost=lambda item, issue: f"lost {item}: {issue.code} {issue.location.file}",
        progress=heard.append,
        **{"workers": 2, **settings},
    )
    assert sorted(heard) == sorted(items)
    return results


@pytest.fixture(params=["fork", "fresh interpreter"])
def kind(request, monkeypatch):
    """Start workers in both ways."""
    monkeypatch.syspath_prepend(os.path.dirname(__file__))  # noqa: PTH120  as sys.path has it
    if request.param == "fork" and sys.platform != "linux":
        pytest.skip("forks are safe on Linux alone")
    monkeypatch.setattr(workers, "can_fork", lambda: request.param == "fork")


@pytest.fixture(params=["system", "outside"])
def limits(request, monkeypatch):
    """Let the system keep the limits, or the process that started the worker; small ones, so that nobody waits."""
    if request.param == "system" and not workers.HAS_LIMITS:
        pytest.skip("this system has none")
    monkeypatch.setattr(workers, "can_fork", lambda: True)
    monkeypatch.setattr(workers, "HAS_LIMITS", request.param == "system")
    monkeypatch.setattr(workers, "SECONDS", 1.0)


@pytest.mark.usefixtures("kind")
@pytest.mark.parametrize("count", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(count):
    items = [str(number) for number in range(12)]
    assert run(items, workers=count) == [f"did {item}" for item in items]


@pytest.mark.usefixtures("kind")
@pytest.mark.parametrize(
    ("bad", "code"), [("die", "reader-failed"), ("raise", "reader-failed"), ("abort", "reader-limits")]
)
def test_an_item_that_ends_its_worker_costs_itself_alone(bad, code):
    lost = f"lost {bad}: {code} {bad}.xlsx"
    assert run(["a", bad, "b", "c", bad, "d"]) == ["did a", lost, "did b", "did c", lost, "did d"]


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("bad", ["burn", "eat"])
def test_a_file_over_its_budget_is_named_and_the_others_go_on(bad):
    if bad == "eat" and not workers.HAS_LIMITS:
        workers.SECONDS = 60.0
    assert run(["a", bad, "b"]) == ["did a", f"lost {bad}: reader-limits {bad}.xlsx", "did b"]


@pytest.mark.usefixtures("limits")
def test_the_budget_counts_for_each_file():
    def lost(_task, issue):
        return issue.location.file

    tasks = [("a", "b", "c"), ("a", "b", "a", "c")]
    assert spread(burn_by_file, None, tasks, lost=lost) == ["within its budget", "a"]


@pytest.mark.usefixtures("kind")
def test_a_file_that_hangs_without_using_the_processor_is_stopped(monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 8)
    start = time.monotonic()
    assert run(["a", "hang", "b"]) == ["did a", "lost hang: reader-limits hang.xlsx", "did b"]
    assert time.monotonic() - start < 300


@pytest.mark.usefixtures("kind")
def test_the_process_that_started_a_worker_is_asked_for_passwords():
    asked = []
    assert run(["a", "ask"], password=lambda file: asked.append(file) or "secret") == ["did a", "secret"]
    assert asked == ["asked.xlsx"]


@pytest.mark.usefixtures("kind")
def test_what_a_library_prints_is_no_answer(capfd):
    assert run(["print", "a"]) == ["did print", "did a"]
    assert capfd.readouterr().out == ""


CALLER = """
import sys, signal
from vendor_eval.spreadsheets import workers
from worker_items import tell_and_burn
if {handled}:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
workers.can_fork = lambda: {fork}
try:
    workers.spread(tell_and_burn, {folder!r}, ["one", "two"], lost=lambda task, issue: None, workers=2)
except KeyboardInterrupt:
    sys.exit(1)
"""


@pytest.mark.parametrize("fork", [True, False], ids=["fork", "fresh interpreter"])
@pytest.mark.parametrize(
    ("number", "handled"),
    [
        pytest.param(signal.SIGINT, False, id="ctrl-c"),
        pytest.param(signal.SIGTERM, False, id="terminated"),
        pytest.param(signal.SIGTERM, True, id="terminated with a handler"),
        pytest.param(signal.SIGKILL, False, id="killed"),
    ],
)
def test_no_worker_outlives_the_process_that_started_it(tmp_path, fork, number, handled):
    if fork and sys.platform != "linux":
        pytest.skip("forks are safe on Linux alone")
    program = CALLER.format(folder=str(tmp_path), fork=fork, handled=handled)
    paths = os.pathsep.join([os.path.dirname(__file__), *sys.path])  # noqa: PTH120
    caller = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": paths})
    try:
        until(lambda: [one.read_text() for one in sorted(tmp_path.iterdir())].count("") == 0 and busy(tmp_path))
        processes = [psutil.Process(int(file.read_text())) for file in tmp_path.iterdir()]
        caller.send_signal(number)
        caller.wait(60)
        until(lambda: not any(alive(process) for process in processes))
    finally:
        caller.kill()
        caller.wait()


def busy(folder):
    return len(list(folder.iterdir())) == 2


def alive(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


# ---- readings


TREE = "{a: {A1: {Q1: {weight: 2}, Q2: {type: yes_no_partial}}}, b: {B1: {Q3: {}}}}"
ANSWERS = ({"Q1": 90, "Q2": "Yes", "Q3": 40}, {"Q1": 40, "Q2": "Yes", "Q3": 100}, {"Q1": 80, "Q2": "No", "Q3": 100})


def tender(tmp_path, count=6):
    vendors = {f"vendor-{number}": ANSWERS[number % len(ANSWERS)] for number in range(count)}
    folder = write_evaluation(tmp_path / "tender", TREE, vendors, settings="evidence: off")
    (folder / "responses" / "broken.xlsx").write_bytes(b"PK\x03\x04 cut off")
    return load_evaluation(folder)


def test_the_result_is_the_same_whatever_the_number_of_workers(tmp_path):
    evaluation = tender(tmp_path)
    results = {
        evaluate_readings(evaluation, read_responses(evaluation, skip_unreadable=True, workers=count)).to_json()
        for count in (1, 2, 4)
    }
    assert len(results) == 1


def test_few_vendors_are_read_by_one_worker_and_many_by_several(tmp_path, monkeypatch):
    asked = []

    def counting(*arguments, **settings):
        asked.append(settings["workers"])
        return spread(*arguments, **settings)

    monkeypatch.setattr(responses, "spread", counting)
    monkeypatch.setattr(responses, "cores", lambda: 2)
    evaluation = tender(tmp_path)
    monkeypatch.setattr(responses, "can_fork", lambda: True)
    read_responses(evaluation, skip_unreadable=True)
    monkeypatch.setattr(responses, "MANY", 7)
    read_responses(evaluation, skip_unreadable=True)
    monkeypatch.setattr(responses, "can_fork", lambda: False)
    read_responses(evaluation, skip_unreadable=True)
    assert asked == [1, 2, 1]


def test_a_file_that_kills_its_worker_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(responses, "_read_in_worker", kill)
    evaluation = tender(tmp_path)
    readings = read_responses(evaluation, skip_unreadable=True)
    (lost,) = (reading for reading in readings if reading.is_unreadable)
    assert [(issue.code, issue.location.file) for issue in lost.issues] == [
        ("reader-failed", "responses/vendor-3.xlsx")
    ]


READER = files.READERS[b"PK\x03\x04"]


@pytest.fixture
def spoilt(monkeypatch):
    """Make the reader of one file do what the tests want, in the worker that a fork starts."""
    monkeypatch.setattr(workers, "can_fork", lambda: True)
    monkeypatch.setattr(workers, "SECONDS", 1.0)

    def spoil(file, fault):
        def reader(name, content):
            return fault() if name.endswith(file) else READER(name, content)

        monkeypatch.setitem(files.READERS, b"PK\x03\x04", reader)

    return spoil


FAULTS = {
    "burns": (lambda: burn(900), "reader-limits"),
    "eats": (lambda: bytearray(2**40), "reader-limits"),
    "is killed": (lambda: os.kill(os.getpid(), signal.SIGKILL), "reader-failed"),
    "recurses": (lambda: (_ for _ in ()).throw(RecursionError), "reader-failed"),
}


@pytest.mark.parametrize(("fault", "code"), FAULTS.values(), ids=FAULTS)
def test_a_file_that_is_lost_is_named_and_the_others_are_read(tmp_path, spoilt, fault, code):
    spoilt("vendor-3.xlsx", fault)
    evaluation = tender(tmp_path)
    readings = read_responses(evaluation, skip_unreadable=True)
    lost = {
        reading.vendor.id: [(issue.code, issue.severity, issue.location.file) for issue in reading.issues]
        for reading in readings
        if reading.is_unreadable
    }
    assert lost == {
        "vendor-3": [(code, "blocking", "responses/vendor-3.xlsx")],
        "broken": [("unreadable-file", "blocking", "responses/broken.xlsx")],
    }
    with pytest.raises(InputError) as caught:
        read_responses(evaluation)
    assert {issue.code for issue in caught.value.issues} == {code, "unreadable-file"}


def test_map_and_a_single_workbook_have_a_budget_too(tmp_path, spoilt):
    spoilt("vendor-3.xlsx", lambda: burn(900))
    file = tender(tmp_path).folder / "responses" / "vendor-3.xlsx"
    with pytest.raises(InputError) as caught:
        read_workbook(file)
    assert [issue.code for issue in caught.value.issues] == ["reader-limits"]
    done = CliRunner().invoke(main, ["map", str(file), "-o", str(tmp_path / "m.yaml")])
    assert done.exit_code == 1
    assert "vendor-3.xlsx" in done.output
    assert "[reader-limits]" in done.output


@pytest.mark.usefixtures("kind")
def test_what_a_worker_raises_is_raised_here(tmp_path):
    with pytest.raises(InputError) as caught:
        read_workbook(tmp_path / "absent.xlsx", name="responses/absent.xlsx")
    assert [(issue.code, issue.location.file) for issue in caught.value.issues] == [
        ("unreadable-file", "responses/absent.xlsx")
    ]
    assert run_in_worker(max, 1, 2) == 2


def broken(*_arguments, **_options):
    raise ZeroDivisionError("a slip of the developer")


@pytest.mark.parametrize("room", ["a question type", "a mapping", "a score"])
def test_a_fault_of_the_developer_is_not_blamed_on_the_vendor(tmp_path, monkeypatch, capfd, room):
    monkeypatch.setattr(workers, "can_fork", lambda: True)
    owner, name = {
        "a question type": (BaseQuestion, "read"),
        "a mapping": (responses, "read_submission"),
        "a score": (_OneFigure, "value"),
    }[room]
    monkeypatch.setattr(owner, name, broken)
    folder = tender(tmp_path).folder
    said = CliRunner().invoke(main, ["rank", str(folder), "--skip-unreadable"])
    text = said.output
    if room != "a score":
        with pytest.raises(InputError) as caught:
            read_responses(load_evaluation(folder))
        issue = next(issue for issue in caught.value.issues if issue.code == "reader-failed")
        assert "in broken" in issue.traceback
        text = issue.message
        assert "Traceback" not in capfd.readouterr().err
        monkeypatch.setenv("VENDOR_EVAL_DEBUG", "1")
        with pytest.raises(InputError):
            read_responses(load_evaluation(folder))
        assert "ZeroDivisionError: a slip of the developer" in capfd.readouterr().err
    assert "ZeroDivisionError: a slip of the developer in test_workers.py" in text
    assert "not of the vendor" in text
    assert "ask the vendor" not in text
