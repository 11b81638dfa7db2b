"""A run that is killed while it writes leaves the old set or the new one, and the next run clears the rest."""

import errno
import json
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from builders import write_evaluation
from click.testing import CliRunner
from test_output import content, made, manifest

from vendor_eval.cli import main
from vendor_eval.issues import VendorEvalError
from vendor_eval.run import staging
from vendor_eval.run.publish import fill_folder, publish, write_file
from vendor_eval.run.staging import clear_killed_runs, scratch_folder

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
    **{f"added/{number}.csv": b"%d" % number for number in range(4)},
}
MINE = {"notes.txt": b"mine", "tables/mine.csv": b"mine"}
# What begins to change a folder, or to read one.
STEPS = {
    "open",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.scandir",
    "os.chmod",
    "shutil.copyfile",
}


def killed(folder, step, work):
    """Do some work in a process of its own that is killed before its n-th step in a folder; tell whether it was."""
    child = os.fork()
    if child == 0:
        left = step

        def count(event, arguments):
            nonlocal left
            # What is removed with its folder is named without it.
            if event in STEPS and (not (path := str(arguments[0])).startswith("/") or path.startswith(str(folder))):
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


@pytest.fixture(params=["exchange", "two renames", "no links"])
def way(request, monkeypatch):
    """Let folders change places in one step, in two where a system has no such step, and copy what cannot be linked."""
    if request.param == "exchange" and not exchanges():
        pytest.skip("this file system has no such step")
    if request.param != "exchange":
        monkeypatch.setattr(staging, "_exchange", lambda *_: False)
    if request.param == "no links":
        monkeypatch.setattr(os, "link", no_links)
    return request.param


def exchanges():
    """Tell whether two folders of the folder of temporary files can change places in one step."""
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        return staging._exchange(Path(one), Path(other))


def no_links(*_arguments, **_options):
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.fixture
def tenders(tmp_path):
    """One folder after another, each with an old set, a workbook that somebody changed and files of others."""

    def tender(number):
        out = tmp_path / str(number) / "out"
        publish(out, OLD)
        for name, data in MINE.items():
            (out / name).write_bytes(data)
        (out / "empty").mkdir(mode=0o700)
        (out / "shortlist.xlsx").write_bytes(b"my notes")
        return out

    return tender


def set_of(out):
    """Say which set stands in a folder: what its manifest names is all that is there, besides files of others."""
    files = made(out)
    assert {name: files.pop(name) for name in MINE} == MINE
    assert (out / "empty").stat().st_mode & 0o777 == 0o700
    notes = [name for name in files if files[name] == b"my notes"]
    assert len(notes) == 1
    kept = [name for name in files if name.startswith("kept/")]
    assert kept in ([], notes)
    for name in kept:
        del files[name]
    assert sorted(files) == manifest(out)["files"]
    assert [path.name for path in out.rglob("*") if path.is_dir() and not any(path.iterdir())] == ["empty"]
    return "old" if files == OLD | {"shortlist.xlsx": b"my notes"} else "new" if files == NEW else files


def check(out):
    """Write nothing of one's own, as `check` does where nothing is open."""
    publish(out, {}, within=("nothing/",))
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_a_run_killed_at_any_step_leaves_the_old_set_or_the_new_one(tenders, way):
    seen, step = [], 1
    while killed((out := tenders(step)).parent, step, lambda: publish(out, NEW)):
        # Where there is no other way, the folder is away for the time between two renames.
        assert out.exists() or way != "exchange"
        seen.append(set_of(out) if out.exists() else "away")
        check(out)
        assert set_of(out) == seen[-1].replace("away", "old")
        publish(out, NEW)
        assert set_of(out) == "new"
        step += 1
    assert len(seen) >= 60
    assert seen == ["old"] * seen.count("old") + ["away"] * seen.count("away") + ["new"] * seen.count("new")
    assert (seen.count("away") <= 1, "new" in seen) == (True, True)


@pytest.mark.usefixtures("way")
def test_the_run_after_a_killed_one_may_be_killed_as_well(tenders):
    for first in range(30, 75, 15):
        step = 1
        while killed((out := tenders(100 * first + step)).parent, first, lambda: publish(out, NEW)) and killed(
            out.parent, step, lambda: check(out)
        ):
            check(out)
            assert set_of(out) in {"old", "new"}
            step += 4


def test_a_first_run_killed_at_any_step_leaves_all_or_nothing(tmp_path):
    many = NEW | {f"scorecards/{number}.pdf": b"%d" % number for number in range(20)}
    step = 1
    while killed((out := tmp_path / str(step) / "out").parent, step, lambda: publish(out, many)):
        assert not out.exists() or made(out) == many
        publish(out, many)
        assert (made(out), [path.name for path in out.parent.iterdir()]) == (many, ["out"])
        step += 1
    assert step > 60


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("is_there", [False, True])
def test_a_folder_is_filled_whole_or_not_at_all(tmp_path, is_there):
    step = 1
    while True:
        to = tmp_path / str(step) / "to"
        to.mkdir(parents=True) if is_there else to.parent.mkdir()
        if not killed(to.parent, step, lambda to=to: fill_folder(to, NEW)):
            break
        assert not to.exists() or content(to) in ({}, NEW)
        clear_killed_runs(to.parent)
        assert content(to.parent) in ({}, {f"to/{name}": data for name, data in NEW.items()})
        step += 1
    assert step > 20


def test_an_empty_folder_in_which_somebody_stands_is_filled_and_stays_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    fill_folder(Path(), NEW)
    assert (content(tmp_path), tmp_path.stat().st_ino) == (NEW, before)


def test_whoever_stands_in_a_folder_stands_in_the_new_one(tmp_path, monkeypatch):
    publish(tmp_path / "out", OLD)
    monkeypatch.chdir(tmp_path / "out" / "tables")
    publish(Path(".."), NEW)
    assert (made(Path("..")), [path.name for path in Path().iterdir()]) == (NEW, ["a.csv"])


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


@pytest.mark.usefixtures("way")
def test_what_somebody_typed_after_the_kill_is_kept(tenders):
    seen = set()
    for step in range(25, 80, 5):
        out = tenders(step)
        killed(out.parent, step, lambda out=out: publish(out, NEW))
        clear_killed_runs(out.parent)
        (out / "shortlist.xlsx").write_bytes(b"typed after the kill")
        publish(out, NEW)
        seen |= {data for name, data in made(out).items() if name.startswith("kept/")}
        assert {name: data for name, data in made(out).items() if not name.startswith("kept/")} == NEW | MINE
    assert seen == {b"my notes", b"typed after the kill"}


@pytest.mark.usefixtures("way")
def test_a_file_that_comes_while_the_folder_is_replaced_stays(tenders, monkeypatch):
    out, copystat = tenders(1), shutil.copystat

    def save(source, target, **options):
        copystat(source, target, **options)
        if Path(source) == out:
            (out / "late.txt").write_bytes(b"late")

    monkeypatch.setattr(shutil, "copystat", save)
    publish(out, NEW)
    assert (out / "late.txt").read_bytes() == b"late"


@pytest.mark.usefixtures("way")
def test_files_of_others_are_the_same_files_in_a_folder_that_as_many_may_read(tenders, way):
    out = tenders(1)
    (out / "link.txt").symlink_to("notes.txt")
    out.chmod(0o750)
    (out / "tables").chmod(0o700)
    before = (out / "notes.txt").stat()
    publish(out, NEW)
    after = (out / "notes.txt").stat()
    assert (after.st_ino == before.st_ino, after.st_mtime_ns) == (way != "no links", before.st_mtime_ns)
    assert (out / "link.txt").readlink() == Path("notes.txt")
    assert [path.stat().st_mode & 0o777 for path in (out, out / "tables")] == [0o750, 0o700]
    assert after.st_nlink == 1


def test_a_folder_that_is_a_link_stays_one(tmp_path):
    real = tmp_path / "elsewhere" / "results"
    publish(real, OLD)
    (tmp_path / "tender").mkdir()
    out = tmp_path / "tender" / "out"
    out.symlink_to(real)
    publish(out, NEW)
    assert (out.is_symlink(), made(real), [path.name for path in real.parent.iterdir()]) == (True, NEW, ["results"])


def test_a_folder_that_cannot_be_moved_is_named_and_stays_as_it_is(tenders, monkeypatch):
    out = tenders(1)
    rename = os.rename

    def refuse(source, target):
        if Path(source) == out:
            raise PermissionError(errno.EACCES, "Permission denied")
        rename(source, target)

    monkeypatch.setattr(staging, "_exchange", lambda *_: False)
    monkeypatch.setattr(os, "rename", refuse)
    before = content(out)
    with pytest.raises(
        VendorEvalError, match=r"out: cannot be replaced \(Permission denied\); close what is open in it"
    ):
        publish(out, NEW)
    monkeypatch.undo()
    check(out)
    assert (set_of(out), content(out)) == ("old", before)


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


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_made_up_scratch_folder_reaches_no_other_folder(tmp_path, kind):
    folder, elsewhere = tmp_path / "tender", tmp_path / "elsewhere"
    publish(folder / "out", NEW)
    write_file(elsewhere / "precious", b"mine")
    scratch = folder / f".vendor-eval-{'0' * 12}"
    if kind == "file":
        write_file(scratch / "old" / "out" / "results.json", b"theirs")
        (scratch / "new").symlink_to(elsewhere)
    else:
        scratch.mkdir()
        (scratch / "old").symlink_to(elsewhere)
    check(folder / "out")
    assert (made(folder / "out"), content(elsewhere)) == (NEW, {"precious": b"mine"})


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_command_that_is_asked_to_end_leaves_the_old_set(tmp_path, monkeypatch, name):
    answers = {"acme": {"Q1": "no"}}
    settings = json.dumps({"vendors": [{"id": "acme", "file": "responses/acme.xlsx"}]})
    tender = write_evaluation(tmp_path / "tender", "{a: {A1: {Q1: {}}}}", answers, settings=settings)
    command = ["evaluate", str(tender), "--format", "json"]
    assert CliRunner().invoke(main, command).exit_code == 0
    before = content(tender)
    copystat = shutil.copystat

    def stop(source, target, **options):
        copystat(source, target, **options)
        os.kill(os.getpid(), getattr(signal, name))

    monkeypatch.setattr(shutil, "copystat", stop)
    done = CliRunner().invoke(main, command)
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (
        128 + getattr(signal, name),
        f"Stopped by {name}: no file is half written",
    )
    assert isinstance(done.exception, SystemExit)
    assert content(tender) == before
    assert signal.getsignal(getattr(signal, name)) is signal.SIG_DFL
