"""A record on a disk that is full or may not be written, and a folder without a record."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from vendor_eval.cli import main

SMALL = Path(__file__).parent.parent / "samples" / "small"
# Every write fails as on a disk without room, the first byte already.
FULL_DISK = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
from vendor_eval.cli import main
main()
"""


def command(*words, code=0):
    done = CliRunner().invoke(main, [str(word) for word in words], env={"VENDOR_EVAL_BY": "Ruth Adler"})
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """The small sample, sealed and evaluated."""
    folder = shutil.copytree(SMALL, tmp_path_factory.mktemp("sealed") / "rfp")
    command("seal", folder, "--late", "It was known before")
    command("evaluate", folder, "--format", "json")
    return folder


@pytest.fixture
def tender(sealed, tmp_path):
    return shutil.copytree(sealed, tmp_path / "rfp")


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


WRITERS = {
    "decisions.jsonl": ("decide", "{}", "--act", "note", "--by", "Ruth Adler", "--why", "It was said"),
    "results.json": ("evaluate", "{}", "--format", "json"),
    "later.zip": ("freeze", "{}", "-o", "{}/../later.zip"),
    "page.html": ("changes", "{}", "{}", "-o", "{}/../page.html"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
@pytest.mark.parametrize("name", [*WRITERS, "seal.json"])
def test_on_a_full_disk_each_file_is_whole_or_as_it_was_and_named(name, tender):
    if name == "seal.json":
        (tender / "seal.json").unlink()
        (tender / "decisions.jsonl").unlink()
        shutil.rmtree(tender / "out")
    words = WRITERS.get(name, ("seal", "{}", "--by", "Ruth Adler", "--late", "Known"))
    before = content(tender.parent)
    arguments = [word.replace("{}", str(tender)) for word in words]
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, *arguments], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 1, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    # What is derived is logged before the seal itself.
    assert ("decisions.jsonl: cannot be written" if name == "seal.json" else name) in line
    assert "Traceback" not in done.stderr
    assert content(tender.parent) == before


def test_in_a_folder_without_write_permission_writers_name_it_and_readers_go_on(tender, monkeypatch):
    before, open_file = content(tender), os.open

    def refused(path, flags, *mode, **more):
        if str(path).startswith(str(tender)) and flags & (os.O_WRONLY | os.O_RDWR):
            raise PermissionError(13, "Permission denied", str(path))
        return open_file(path, flags, *mode, **more)

    monkeypatch.setattr("vendor_eval.record.lock.os.open", refused)
    for writer in (("decide", tender, "--act", "note", "--why", "So"), ("check", tender), ("evaluate", tender)):
        assert f"Error: {tender}/.vendor-eval.lock: Permission denied" in command(*writer, code=1).stderr
    for reader in (("rank", tender), ("log", tender), ("changes", tender, tender), ("verify", tender)):
        command(*reader)
    assert content(tender) == before


def test_a_log_without_a_seal_says_so_and_a_seal_without_its_line_breaks_the_chain(tender):
    kept = (tender / "seal.json").rename(tender.parent / "seal.json")
    (tender / "decisions.jsonl").rename(tender.parent / "decisions.jsonl")
    shutil.rmtree(tender / "out")
    command("decide", tender, "--act", "note", "--why", "So")
    assert command("rank", tender).stdout.endswith("The settings were never sealed.\n")
    command("evaluate", tender, "--format", "json", "--strict")
    shutil.copy(kept, tender / "seal.json")
    (tender / "decisions.jsonl").unlink()
    shutil.rmtree(tender / "out")
    assert command("rank", tender).stdout.endswith("The log of decisions is broken.\n")
    assert "record-chain" in command("decide", tender, "--act", "note", "--why", "So", code=1).stderr
    command("evaluate", tender, "--format", "json", "--strict", code=1)
    assert not (tender / "decisions.jsonl").exists()


def test_a_seal_that_is_gone_is_said_while_its_line_stands_in_the_log(tender):
    (tender / "seal.json").unlink()
    assert "seal.json is gone, which the log says was written" in command("rank", tender).stdout
    command("evaluate", tender, "--format", "json", "--strict", code=1)
    evaluation = json.loads((tender / "out/results.json").read_text())["evaluation"]
    assert (evaluation["record"]["state"], evaluation["record"]["sealed"]) == ("unsealed", None)
    assert "seal-edited" in {issue["code"] for issue in evaluation["issues"]}
    assert "seal.json: is gone, which line " in command("verify", tender, code=1).stdout
    command("seal", tender, "--late", "Lost")
    lines = map(json.loads, (tender / "decisions.jsonl").read_bytes().splitlines())
    seals = [line for line in lines if line["act"] == "seal"]
    assert seals[1]["old"] == seals[0]["new"]


def test_a_seal_made_to_fit_again_is_another_than_the_log_says(tender):
    seal = json.loads((tender / "seal.json").read_text())
    seal["sealed"]["by"] = "Somebody else"
    (tender / "seal.json").write_text(json.dumps(seal))
    command("evaluate", tender, "--format", "json")
    assert "seal.json: is another seal than line " in command("verify", tender, code=1).stdout


def test_a_folder_without_a_record_gives_the_same_outputs_but_for_the_record(tender, tmp_path):
    """Law 11, and nothing begins a record by the way."""
    plain = tmp_path / "plain"
    shutil.copytree(SMALL, plain)
    shutil.copy(tender / "clarifications.json", plain)
    for folder in (tender, plain):
        command("evaluate", folder, "--format", "json,csv")
    files = {name for name in content(plain) if not name.startswith("out/")}
    assert files == {name for name in content(SMALL) if not name.startswith("out/")} | {"clarifications.json"}
    with_record, without = (json.loads((folder / "out/results.json").read_text("utf-8")) for folder in (tender, plain))
    assert without["evaluation"]["record"] is None
    with_record["evaluation"]["record"] = None
    inputs = with_record["evaluation"]["inputs"]
    with_record["evaluation"]["inputs"] = [source for source in inputs if source["file"] != "seal.json"]
    assert with_record == without
    for name, table in content(plain / "out" / "tables").items():
        assert (tender / "out" / "tables" / name).read_bytes() == table
    for words in (("check",), ("rank", "--all"), ("explain",)):
        more = ("okavira", "SEC-01") if words == ("explain",) else ()
        texts = [command(words[0], folder, *more, *words[1:]).stdout for folder in (tender, plain)]
        today = datetime.now(UTC).astimezone().date()
        sentence = f"Sealed on {today}, late (It was known before), unchanged.\n"
        assert texts[0].replace(str(tender), str(plain)) == f"{texts[1]}\n{sentence}"
