"""A run that is killed while it writes leaves nothing that the next one does not put right."""

import json
import os
import signal
import sys
import time
from contextlib import suppress

import pytest
from builders import write_evaluation
from click.testing import CliRunner
from test_output import content, made, manifest

from vendor_eval.cli import main
from vendor_eval.issues import VendorEvalError
from vendor_eval.run.journal import scratch_folder, undo_killed_runs
from vendor_eval.run.publish import copy_folder, publish, write_file

OLD = {
    "results.json": b"old",
    "shortlist.xlsx": b"old book",
    "tables/a.csv": b"old a",
    "tables/b.csv": b"old b",
    "clarifications/acme.xlsx": b"old questions",
}
NEW = {
    "results.json": b"new",
    "shortlist.xlsx": b"new book",
    "tables/a.csv": b"new a",
    "added/c.csv": b"new c",
}
MINE = {"notes.txt": b"mine", "tables/mine.csv": b"mine"}
CHANGES = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"}


def killed(folder, step, work):
    """Do some work in a process of its own that is killed before its n-th step in a folder; tell whether it was."""
    child = os.fork()
    if child == 0:
        left = step

        def count(event, arguments):
            nonlocal left
            if event in CHANGES and str(arguments[0]).startswith(str(folder)):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        with suppress(BaseException):
            work()
            os._exit(0)
        os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    """A killed process loses nothing that it wrote; only a machine without power does."""
    monkeypatch.setattr(os, "fsync", lambda _file: None)


@pytest.fixture
def tenders(tmp_path):
    """One folder after another, each with an old set, a workbook that somebody changed and files of others."""

    def tender(number):
        out = tmp_path / str(number) / "out"
        publish(out, OLD)
        for name, data in MINE.items():
            (out / name).write_bytes(data)
        (out / "shortlist.xlsx").write_bytes(b"my notes")
        return out

    return tender


def sets(out):
    """The set that stands in a folder; what the manifest names is all that is there, and nothing is left beside."""
    files = made(out)
    assert {name: files.pop(name) for name in MINE} == MINE
    notes = [name for name in files if files[name] == b"my notes"]
    assert len(notes) == 1
    kept = [name for name in files if name.startswith("kept/")]
    assert kept in ([], notes)
    for name in kept:
        del files[name]
    assert sorted(files) == manifest(out)["files"]
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert all(any(path.iterdir()) for path in out.rglob("*") if path.is_dir())
    return "old" if files == OLD | {"shortlist.xlsx": b"my notes"} else "new" if files == NEW else files


def check(out):
    """Write nothing of one's own, as `check` does where nothing is open."""
    publish(out, {}, within=("nothing/",))


def test_a_run_killed_at_any_step_leaves_the_old_set_or_the_new_one(tenders):
    seen, step = [], 1
    while killed((out := tenders(step)).parent, step, lambda: publish(out, NEW)):
        check(out)
        seen.append(sets(out))
        publish(out, NEW)
        assert sets(out) == "new"
        step += 1
    assert len(seen) > 40
    assert seen == sorted(seen, reverse=True)
    assert {"old", "new"} == set(seen)


def test_the_run_after_a_killed_one_may_be_killed_as_well(tenders):
    for first in range(20, 48, 8):
        step = 1
        while killed((out := tenders(100 * first + step)).parent, first, lambda: publish(out, NEW)) and killed(
            out.parent, step, lambda: check(out)
        ):
            check(out)
            assert sets(out) in {"old", "new"}
            step += 3


def test_a_first_run_killed_at_any_step_leaves_all_or_nothing(tmp_path):
    step = 1
    while killed((out := tmp_path / str(step) / "out").parent, step, lambda: publish(out, NEW)):
        check(out)
        assert content(out.parent) == {} or made(out) == NEW
        assert not out.exists() or made(out) == NEW
        publish(out, NEW)
        assert (made(out), [path.name for path in out.parent.iterdir()]) == (NEW, ["out"])
        step += 1
    assert step > 30


def test_a_sample_is_copied_whole_or_not_at_all(tmp_path):
    source = tmp_path / "source"
    for name, data in NEW.items():
        write_file(source / name, data)
    step = 1
    while killed(
        (to := tmp_path / str(step) / "to").parent,
        step,
        lambda: copy_folder({name: (source / name).read_bytes() for name in NEW}, to),
    ):
        undo_killed_runs(to.parent)
        assert content(to.parent) in ({}, {f"to/{name}": data for name, data in NEW.items()})
        assert to.exists() == bool(content(to.parent))
        step += 1
    assert step > 20


def test_one_file_is_old_or_new_and_the_next_file_clears_what_was_left(tmp_path):
    step = 1
    while True:
        path = tmp_path / str(step) / "questionnaire.xlsx"
        write_file(path, b"old")
        if not killed(tmp_path, step, lambda path=path: write_file(path, b"new")):
            break
        assert path.read_bytes() in {b"old", b"new"}
        write_file(path.with_name("other.xlsx"), b"other")
        assert sorted(name.name for name in path.parent.iterdir()) == ["other.xlsx", "questionnaire.xlsx"]
        step += 1
    assert step > 5


def test_what_somebody_typed_after_the_kill_is_kept(tenders):
    seen = set()
    for step in range(25, 50):
        out = tenders(step)
        killed(out.parent, step, lambda out=out: publish(out, NEW))
        (out / "results.json").write_bytes(b"typed after the kill")
        publish(out, NEW)
        seen |= {data for name, data in made(out).items() if name.startswith("kept/")}
        assert {name: data for name, data in made(out).items() if not name.startswith("kept/")} == NEW | MINE
    assert seen == {b"my notes", b"typed after the kill"}


def test_the_scratch_folder_of_a_living_run_stays_and_its_target_is_not_written(tmp_path):
    out, other = tmp_path / "out", tmp_path / "questionnaire.xlsx"
    with scratch_folder(out) as scratch:
        (scratch / "prices").write_bytes(b"1")
        write_file(other, b"x")
        assert (scratch / "prices").exists()
        with pytest.raises(VendorEvalError, match="another run is writing it"), scratch_folder(out, patience=0.1):
            pass
        assert (scratch / "prices").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["questionnaire.xlsx"]


def test_a_run_waits_for_the_one_that_writes(tmp_path):
    out = tmp_path / "out"
    child = os.fork()
    if child == 0:
        with scratch_folder(out):
            (tmp_path / "begun").write_bytes(b"")
            time.sleep(0.5)
        os._exit(0)
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    publish(out, NEW)
    os.waitpid(child, 0)
    assert (made(out), sorted(path.name for path in tmp_path.iterdir())) == (NEW, ["begun", "out"])


def test_a_hidden_folder_of_another_maker_stays(tmp_path):
    for name in (".vendor-eval-notes", ".out-abcdefgh"):
        (tmp_path / name / "old").mkdir(parents=True)
    publish(tmp_path / "out", NEW)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out-abcdefgh", ".vendor-eval-notes", "out"]


def scratch_of(folder):
    """Path of the scratch folder of a folder."""
    with scratch_folder(folder) as scratch:
        return scratch


def test_a_scratch_folder_that_is_a_link_or_a_file_is_named_and_left(tmp_path):
    out, mine = tmp_path / "out", tmp_path / "mine"
    scratch = scratch_of(out)
    mine.mkdir()
    (mine / "notes.txt").write_bytes(b"mine")
    scratch.symlink_to(mine)
    with pytest.raises(VendorEvalError, match="is no folder of this tool"):
        publish(out, OLD)
    assert [path.name for path in mine.iterdir()] == ["notes.txt"]
    scratch.unlink()
    scratch.write_bytes(b"mine")
    with pytest.raises(VendorEvalError, match="is no folder of this tool"):
        publish(out, OLD)
    assert scratch.read_bytes() == b"mine"


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_a_journal_that_is_no_regular_file_is_named_and_does_not_block(tmp_path, kind):
    scratch = scratch_of(tmp_path / "out")
    scratch.mkdir()
    journal = scratch / "journal.json"
    os.mkfifo(journal) if kind == "pipe" else journal.symlink_to(tmp_path / "nowhere")
    with pytest.raises(VendorEvalError, match="is damaged"):
        publish(tmp_path / "out", OLD)


def journaled(folder, changed):
    """Leave a scratch folder as a killed run would, or as somebody made one up."""
    scratch = folder / f".vendor-eval-{'0' * 12}"
    journal = {"folder": "out", "is_new": False, "new": {}, "old": [], "kept": {}} | changed
    write_file(scratch / "journal.json", json.dumps(journal).encode())
    return scratch


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"folder": "..", "old": ["precious"]}, id="folder"),
        pytest.param({"old": ["../precious"]}, id="name"),
        pytest.param({"kept": {"a.xlsx": "../../precious"}}, id="kept"),
        pytest.param({"new": {"/precious": ""}}, id="absolute"),
        pytest.param({"old": ["linked/precious"]}, id="link"),
        pytest.param({"old": 7}, id="no journal"),
    ],
)
def test_a_made_up_journal_reaches_no_other_folder(tmp_path, changed):
    folder, elsewhere = tmp_path / "tender", tmp_path / "elsewhere"
    publish(folder / "out", NEW)
    write_file(elsewhere / "precious", b"mine")
    (folder / "out" / "linked").symlink_to(elsewhere)
    scratch = journaled(folder, changed)
    for name in ("precious", "linked/precious"):
        write_file(scratch / "old" / name, b"theirs")
    with pytest.raises(VendorEvalError, match=r"journal\.json: is damaged; move .* away and run again"):
        publish(folder / "out", NEW)
    assert content(elsewhere) == {"precious": b"mine"}
    assert not (tmp_path / "precious").exists()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_command_that_is_asked_to_end_puts_back_what_it_had_begun(tmp_path, monkeypatch, name):
    answers = {"acme": {"Q1": "no"}}
    settings = json.dumps({"vendors": [{"id": "acme", "file": "responses/acme.xlsx"}]})
    tender = write_evaluation(tmp_path / "tender", "{a: {A1: {Q1: {}}}}", answers, settings=settings)
    command = ["evaluate", str(tender), "--format", "json"]
    assert CliRunner().invoke(main, command).exit_code == 0
    before = content(tender)
    moved = os.replace

    def replace(source, target):
        moved(source, target)
        if str(target).endswith("manifest.json"):
            os.kill(os.getpid(), getattr(signal, name))

    monkeypatch.setattr(os, "replace", replace)
    done = CliRunner().invoke(main, command)
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (
        128 + getattr(signal, name),
        f"Stopped by {name}: no file is half written",
    )
    assert isinstance(done.exception, SystemExit)
    assert content(tender) == before
    assert signal.getsignal(getattr(signal, name)) is signal.SIG_DFL
