"""Freeze and verify: the same bytes every time, and no byte of them changes unnoticed."""

import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from builders import load, write_evaluation, write_response
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings as settings_of_test, strategies as st
from openpyxl import load_workbook

from vendor_eval.api import evaluate as evaluate_again
from vendor_eval.cli import main
from vendor_eval.findings import acts, codes, sheet_owners
from vendor_eval.pilot import files, settings as pilot_settings
from vendor_eval.run import container, freeze as freezing, verify as verifying
from vendor_eval.tender import PRICES, conditions

TREE = "{a: {A1: {Q1: {}, Q2: {}}}, b: {B1: {Q3: {}}}}"
ANSWERS = {"acme": {"Q1": 80, "Q2": 70, "Q3": 10}, "bolt": {"Q1": 60, "Q2": 40, "Q3": 90}}
FINDING = '- {vendor: acme, question: Q1, verified: true, by: Ana P., date: 2026-11-20, reason: "Saw the log"}\n'
VERSION = version("vendor-eval")
DAY = (1980, 1, 1, 0, 0, 0)


def command(*words, code=0, by="Ruth Adler"):
    done = CliRunner().invoke(main, [str(word) for word in words], env={"VENDOR_EVAL_BY": by}, prog_name="vendor-eval")
    assert done.exit_code == code, done.output
    return done.output


def evaluate(folder):
    return command("evaluate", folder, "--format", "json,csv")


def freeze(folder, name="a.zip", code=0):
    target = folder.parent / name
    output = command("freeze", folder, "-o", target, code=code)
    return target if code == 0 else output


def checked(path, *more, code=0):
    return json.loads(command("verify", path, "--json", *more, code=code))


def sealed_tender(folder):
    """An evaluation that was sealed, opened, decided on and evaluated."""
    write_evaluation(folder, TREE, {})
    command("seal", folder)
    for vendor, answers in ANSWERS.items():
        write_response(folder / "responses" / f"{vendor}.xlsx", answers.items())
    (folder / "findings.yaml").write_text(FINDING)
    command("decide", folder, "--act", "note", "--why", "Opened before two witnesses")
    evaluate(folder)
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    return sealed_tender(tmp_path_factory.mktemp("made") / "rfp")


@pytest.fixture(scope="session")
def archive(made):
    return freeze(made)


@pytest.fixture
def tender(made, tmp_path):
    return shutil.copytree(made, tmp_path / "rfp")


def read(archive):
    with zipfile.ZipFile(archive) as zipped:
        return {info.filename: zipped.read(info) for info in zipped.infolist()}


def written(target, contents):
    """Write a zip as the specification words it, without our code."""
    with zipfile.ZipFile(target, "w") as zipped:
        for name in sorted(contents):
            info = zipfile.ZipInfo(name, DAY)
            info.external_attr, info.create_system, info.flag_bits = 0o100644 << 16, 3, 0x800
            zipped.writestr(info, contents[name])
    # zipfile says UTF-8 only of names that need it.
    raw = bytearray(target.read_bytes())
    with zipfile.ZipFile(target) as zipped:
        at = zipped.start_dir
        for info in zipped.infolist():
            raw[info.header_offset + 7] = raw[at + 9] = 0x08
            at += 46 + len(info.filename.encode())
    target.write_bytes(raw)
    return target


def refitted(target, contents):
    """Make manifest.json and SHA256SUMS fit contents that somebody changed."""
    contents = dict(contents)
    manifest = json.loads(contents["manifest.json"])
    listed = [name for name in sorted(contents) if name not in {"manifest.json", "SHA256SUMS"}]
    manifest["files"] = [
        {"path": name, "bytes": len(contents[name]), "sha256": hashlib.sha256(contents[name]).hexdigest()}
        for name in listed
    ]
    if log := contents.get("tender/decisions.jsonl"):
        lines = log.split(b"\n")[:-1]
        manifest["log"] |= {"lines": len(lines), "sha256": hashlib.sha256(lines[-1]).hexdigest()}
    contents["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"
    sums = {name: hashlib.sha256(contents[name]).hexdigest() for name in contents if name != "SHA256SUMS"}
    contents["SHA256SUMS"] = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()
    return written(target, contents)


def unpacked(archive, folder):
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder)
    return folder


# ---- the archive


def test_a_freeze_is_verified_and_says_so_in_its_last_line(archive):
    output = command("verify", archive).splitlines()
    files = len(read(archive)) - 2
    assert output[-1] == f"Verified: {files} files, 4 lines of log, results.json is reproduced (vendor-eval {VERSION})."


def test_json_of_a_whole_freeze(archive, made):
    outcome = checked(archive)
    assert [*outcome] == [
        *("schema", "ok", "archive", "files", "log", "seal", "reproduced", "first_difference", "tool", "faults"),
    ]
    assert outcome["ok"] is True
    assert outcome["archive"] == {"sha256": hashlib.sha256(archive.read_bytes()).hexdigest()}
    assert outcome["files"] == {"count": len(read(archive)) - 2, "changed": [], "missing": [], "added": []}
    last = (made / "decisions.jsonl").read_bytes().split(b"\n")[-2]
    assert outcome["log"] == {"lines": 4, "sha256": hashlib.sha256(last).hexdigest(), "chain": "whole"}
    assert outcome["seal"] == {"state": "unchanged"}
    assert (outcome["reproduced"], outcome["first_difference"], outcome["faults"]) == (True, None, [])
    assert outcome["tool"] == {"frozen": VERSION, "here": VERSION}


def test_what_is_printed_names_the_path_the_hash_the_files_and_what_it_cannot_prove(tender):
    target = tender.parent / "a.zip"
    output = command("freeze", tender, "-o", target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    assert f"Wrote {target}: SHA-256 {digest}, {len(read(target)) - 2} files" in output
    assert "proof starts with a hash that somebody else holds" in output


def test_entries_are_stored_sorted_and_without_anything_of_the_machine(archive, tmp_path):
    with zipfile.ZipFile(archive) as zipped:
        infos = zipped.infolist()
        assert zipped.comment == b""
        assert zipped.testzip() is None
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)
    for info in infos:
        assert (info.compress_type, info.date_time, info.extra, info.comment) == (zipfile.ZIP_STORED, DAY, b"", b"")
        assert info.external_attr >> 16 == 0o100644
        assert info.flag_bits == 0x800
    assert written(tmp_path / "again.zip", read(archive)).read_bytes() == archive.read_bytes()


def test_the_manifest_and_the_sums_list_every_other_file(archive, made, tmp_path):
    contents = read(archive)
    manifest = json.loads(contents["manifest.json"])
    assert [*manifest] == [
        *("schema", "title", "reference", "as_of", "tool_version", "criteria", "results", "log", "sealed"),
        *("elsewhere", "files"),
    ]
    result = json.loads((made / "out" / "results.json").read_text())["evaluation"]
    assert manifest["criteria"] == {key: result["scorecard"][key] for key in ("id", "version", "sha256")}
    assert manifest["sealed"] == result["record"]["sealed"]
    assert manifest["log"]["chain"] == "whole"
    assert {file["path"] for file in manifest["files"]} == {*contents} - {"manifest.json", "SHA256SUMS"}
    folder = unpacked(archive, tmp_path / "u")
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == len(contents) - 1


def test_two_freezes_are_equal_across_processes_hash_seeds_and_places(made, archive, tmp_path):
    copy = shutil.copytree(made, tmp_path / "elsewhere" / "other name")
    for path in copy.rglob("*"):
        os.utime(path, (1, 1))
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.zip"
        words = [sys.executable, "-m", "vendor_eval", "freeze", ".", "-o", str(target)]
        subprocess.run(words, cwd=copy, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True)
        assert target.read_bytes() == archive.read_bytes()


def test_an_evaluation_without_a_record_is_frozen_and_verified(tmp_path):
    folder = write_evaluation(tmp_path / "rfp", TREE, ANSWERS)
    evaluate(folder)
    outcome = checked(freeze(folder))
    assert outcome["log"] == {"lines": 0, "sha256": "", "chain": "whole"}
    assert outcome["seal"] == {"state": "unsealed"}


def test_what_programs_leave_is_not_packed_and_neither_are_earlier_freezes(tender):
    first = freeze(tender)
    for name in (".DS_Store", "~$acme.xlsx", "Thumbs.db", "responses/.acme.swp"):
        (tender / name).write_bytes(b"x")
    (tender / ".git").mkdir()
    (tender / ".git" / "config").write_text("x")
    (tender / "archive").mkdir()
    shutil.copy(first, tender / "archive" / "first.zip")
    assert read(freeze(tender, "b.zip")) == read(first)
    shutil.copy(first, tender / "responses" / "acme.zip")
    evaluate(tender)
    assert "tender/responses/acme.zip" in read(freeze(tender, "c.zip"))


def test_an_empty_folder_that_is_read_is_there_again(tmp_path):
    folder = write_evaluation(tmp_path / "rfp", TREE, ANSWERS)
    (folder / "evidence").mkdir()
    (folder / "responses" / "nobody").mkdir()
    evaluate(folder)
    archive = freeze(folder)
    assert json.loads(read(archive)["manifest.json"])["empty"] == ["tender/evidence", "tender/responses/nobody"]
    checked(archive)
    checked(unpacked(archive, tmp_path / "u"))


def test_the_rerun_finds_criteria_and_mapping_from_outside(tmp_path, monkeypatch):
    folder = write_evaluation(tmp_path / "rfp", TREE, ANSWERS)
    (folder / "criteria").rename(tmp_path / "own")
    evaluation = json.loads((folder / "evaluation.yaml").read_text()) | {"criteria": "../own"}
    (folder / "evaluation.yaml").write_text(json.dumps(evaluation))
    (tmp_path / "maps").mkdir()
    mapping = {"mapping": "theirs", "columns": {"id": "Ref", "answer": "Reply"}, "same_ids": True}
    (tmp_path / "maps" / "theirs.yaml").write_text(json.dumps(mapping))
    book = load_workbook(folder / "responses" / "bolt.xlsx")
    book.active["A1"], book.active["B1"] = "Ref", "Reply"
    book.save(folder / "responses" / "bolt.xlsx")
    monkeypatch.chdir(tmp_path)
    command("evaluate", "rfp", "--format", "json", "--map", "maps/theirs.yaml")
    inputs = [
        source["file"] for source in json.loads((folder / "out/results.json").read_text())["evaluation"]["inputs"]
    ]
    assert "maps/theirs.yaml" in inputs
    archive = freeze(folder)
    shutil.rmtree(tmp_path / "own")
    shutil.rmtree(tmp_path / "maps")
    shutil.rmtree(folder)
    assert json.loads(read(archive)["manifest.json"])["elsewhere"] == {"maps/theirs.yaml": "elsewhere/theirs.yaml"}
    checked(archive)


def test_the_rerun_finds_a_profile_from_outside(tmp_path):
    samples = Path(__file__).parent.parent / "samples"
    folder = shutil.copytree(samples / "small", tmp_path / "rfp")
    shutil.copy(samples / "profiles" / "insurer-claims.yaml", tmp_path / "claims.yaml")
    file = folder / "evaluation.yaml"
    values = load(file.read_text("utf-8")) | {"profile": str(tmp_path / "claims.yaml")}
    kept = {key: value for key, value in values.items() if key not in {"preset", "context", "brief"}}
    file.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    evaluate(folder)
    archive = freeze(folder)
    (tmp_path / "claims.yaml").unlink()
    assert json.loads(read(archive)["manifest.json"])["elsewhere"] == {"profile": "elsewhere/claims.yaml"}
    checked(archive)


def test_the_day_of_the_command_is_the_day_of_the_rerun(tmp_path):
    folder = write_evaluation(tmp_path / "rfp", TREE, ANSWERS)
    command("evaluate", folder, "--format", "json", "--as-of", "2026-12-24", "--stage", "data")
    assert json.loads(read(freeze(folder))["manifest.json"])["as_of"] == "2026-12-24"
    checked(folder.parent / "a.zip")


# ---- what freeze refuses


def refused(folder, *words):
    output = freeze(folder, "refused.zip", code=1)
    assert not (folder.parent / "refused.zip").exists()
    assert all(word in output for word in words), output


def test_without_a_result_nothing_is_frozen(tmp_path):
    refused(write_evaluation(tmp_path / "rfp", TREE, ANSWERS), "results.json", "evaluate")


def test_an_archive_that_exists_is_not_replaced(tender):
    target = freeze(tender)
    before = target.read_bytes()
    freeze(tender, code=1)
    assert target.read_bytes() == before


def test_a_stale_output_is_refused(tender):
    command("evaluate", tender, "--format", "json")
    refused(tender, "out/tables/", "is older than results.json")


@pytest.mark.parametrize(
    "file",
    ["evaluation.yaml", "findings.yaml", "seal.json", "responses/acme.xlsx", "criteria/a.yaml", "out/results.json"],
)
def test_an_output_that_is_older_than_an_input_or_was_edited_is_refused(tender, file):
    path = tender / file
    if path.suffix == ".xlsx":
        write_response(path, {"Q1": 81, "Q2": 70, "Q3": 10}.items())
    elif file == "criteria/a.yaml":
        path.write_text(path.read_text().replace("Text of Q1", "Another text"))
    else:
        path.write_text(f"{path.read_text()} ")
    refused(tender, file.partition("/")[0])


def test_a_file_that_came_after_the_result_is_refused(tender):
    write_response(tender / "responses" / "late.xlsx", ANSWERS["acme"].items())
    refused(tender, "responses/late.xlsx")


CONDITION = (
    "- {id: SEC-1, vendor: acme, about: Q1, kind: must, what: Send the certificate, owner: vendor, due: 2027-01-31}\n"
)
AS_LATE = {
    "conditions.yaml": CONDITION,
    "findings.yaml": FINDING,
    "score-key.yaml": "codes: {}\n",
    "prices/bolt.xlsx": None,
    "prices/note.txt": "by hand",
    "scores/ana.xlsx": None,
    "responses/coda.xlsx": None,
    "responses/acme.txt": "I called them",
    "responses/acme/deeper/note.txt": "x",
    "responses/desktop.ini": "x",
    "evidence/acme/certificate.pdf": "%PDF",
    "evidence/acme/inside/policy.pdf": "%PDF",
    "evidence/README.md": "documents",
    "evidence/nobody/policy.pdf": "%PDF",
    "evidence/late/policy.pdf": "%PDF",
    "clarifications.json": None,
    "notes.txt": "mine",
    "out/notes.txt": "mine",
}


@pytest.fixture(scope="session")
def panel(tmp_path_factory):
    """An evaluation of a panel, two envelopes and documents, without a record; nobody named the document of acme."""
    price = "weight: 30, rule: lowest_ratio, currency: USD, items: [{id: P-1, text: Boxes, unit: box, volume: 9}]"
    vendors = "[{id: acme}, {id: bolt}, {id: late, received: 2026-11-21T10:00:00Z, file: responses/late.xlsx}]"
    more = f"evaluators: [{{id: ana}}], price: {{{price}, open_after: quality}}, vendors: {vendors}"
    folder = tmp_path_factory.mktemp("panel") / "rfp"
    settings = f"{{deadline: 2026-11-20T10:00:00Z, {more}}}"
    write_evaluation(folder, TREE, {**ANSWERS, "late": ANSWERS["acme"]}, settings=settings)
    (folder / "evidence" / "acme").mkdir(parents=True)
    (folder / "evidence" / "acme" / "old.pdf").write_bytes(b"%PDF")
    evaluate(folder)
    return folder


def add(folder, name):
    path, text = folder / name, AS_LATE[name]
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is not None:
        path.write_text(text)
    elif path.suffix == ".xlsx":
        write_response(path, ANSWERS["acme"].items())
    else:
        path.write_text(path.read_text().replace("{", "{ ", 1) if path.exists() else "{}")


@pytest.mark.parametrize("name", AS_LATE)
def test_what_comes_after_the_result_is_refused_where_verify_would_refuse_it(panel, tmp_path, name):
    folder = shutil.copytree(panel, tmp_path / "rfp")
    add(folder, name)
    done = CliRunner().invoke(main, ["freeze", str(folder), "-o", str(tmp_path / "a.zip")])
    if done.exit_code:
        assert (
            f"{name}: results.json was made before it came: run 'vendor-eval evaluate' first [not-frozen]"
            in done.output
        )
    else:
        checked(tmp_path / "a.zip")
    assert (done.exit_code == 0) is (name in IRRELEVANT)


IRRELEVANT = {
    "prices/note.txt",
    "responses/desktop.ini",
    "evidence/README.md",
    "evidence/late/policy.pdf",
    "clarifications.json",
    "notes.txt",
    "out/notes.txt",
}


def test_what_was_refused_is_frozen_once_it_is_evaluated(panel, tmp_path):
    folder = shutil.copytree(panel, tmp_path / "rfp")
    for name in (*AS_LATE, *(f"evidence/acme/{number}.pdf" for number in range(30))):
        if name in AS_LATE:
            if not name.startswith(("scores/", "score-key")):
                add(folder, name)
        else:
            (folder / name).write_bytes(b"%PDF")
    refused(folder, "conditions.yaml")
    evaluate(folder)
    checked(freeze(folder))


@pytest.mark.parametrize("name", ["evidence/acme/old.pdf", "responses/note.txt"])
def test_what_is_gone_since_the_result_is_refused_though_it_was_not_read(panel, tmp_path, name):
    folder = shutil.copytree(panel, tmp_path / "rfp")
    if name.startswith("responses/"):
        (folder / name).write_text("mine")
        evaluate(folder)
        checked(freeze(folder))
    (folder / name).unlink()
    refused(folder, f"{name}: is missing")


def test_responses_that_were_not_opened_are_packed(tmp_path):
    vendors = [{"id": "acme", "file": "responses/acme.xlsx", "received": "2026-11-21T10:00:00Z"}]
    settings = json.dumps({"deadline": "2026-11-20T10:00:00Z", "vendors": vendors})
    folder = write_evaluation(tmp_path / "rfp", TREE, ANSWERS, settings=settings)
    (folder / "responses" / "coda.xlsx").write_bytes(b"no workbook")
    command("evaluate", folder, "--format", "json", "--skip-unreadable")
    archive = freeze(folder)
    assert {"tender/responses/acme.xlsx", "tender/responses/coda.xlsx"} <= {*read(archive)}
    checked(archive)


def test_a_missing_input_is_refused(tender):
    (tender / "responses" / "acme.xlsx").unlink()
    refused(tender, "responses/acme.xlsx", "is missing")


def test_a_log_that_the_result_never_saw_is_refused(tmp_path):
    folder = write_evaluation(tmp_path / "rfp", TREE, ANSWERS)
    evaluate(folder)
    command("decide", folder, "--act", "note", "--why", "Begun")
    refused(folder, "decisions.jsonl", "evaluate' first")


def test_a_log_that_synchronising_would_lengthen_is_refused(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "rfp")
    lines = (folder / "decisions.jsonl").read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if b'"act":"finding"' not in line]
    assert len(kept) == len(lines) - 1
    # A log that never had the line, and a result that saw that log.
    (folder / "decisions.jsonl").write_bytes(b"".join(lines[: lines.index(next(x for x in lines if b"finding" in x))]))
    raw = (folder / "decisions.jsonl").read_bytes().split(b"\n")[:-1]
    path = folder / "out" / "results.json"
    result = json.loads(path.read_text())
    result["evaluation"]["record"]["log"] |= {"lines": len(raw), "sha256": hashlib.sha256(raw[-1]).hexdigest()}
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    manifest = json.loads((folder / "out" / "manifest.json").read_text())
    manifest["sha256"]["results.json"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "out" / "manifest.json").write_text(json.dumps(manifest))
    refused(folder, "finding/acme/Q1/evidence")


def test_a_later_line_that_nothing_derives_is_no_reason_to_refuse(tender):
    command("decide", tender, "--act", "note", "--why", "The board has seen it")
    outcome = checked(freeze(tender))
    assert outcome["log"]["lines"] == 5


def test_a_broken_chain_is_packed_and_said(tender):
    path = tender / "decisions.jsonl"
    lines = path.read_bytes().split(b"\n")
    lines[0] = lines[0].replace(b"Ruth", b"Rita")
    path.write_bytes(b"\n".join(lines))
    output = command("freeze", tender, "-o", tender.parent / "a.zip")
    assert "line 2 does not follow line 1" in output
    outcome = checked(tender.parent / "a.zip", code=1)
    assert outcome["log"]["chain"] == "broken"
    assert "record-chain" in {fault["code"] for fault in outcome["faults"]}


def test_an_acknowledged_chain_stays_a_fault(tender):
    path = tender / "decisions.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Opened", b"Closed", 1))
    command("decide", tender, "--act", "repair", "--why", "An editor was at it")
    evaluate(tender)
    outcome = checked(freeze(tender), code=1)
    assert outcome["log"]["chain"] == "acknowledged"
    assert {fault["code"] for fault in outcome["faults"]} == {"record-chain"}
    assert outcome["reproduced"] is True


@pytest.mark.parametrize("kind", ["file", "folder", "pipe"])
def test_links_and_pipes_are_refused_and_named(tender, kind):
    if kind == "pipe":
        os.mkfifo(tender / "notes.txt")
    else:
        target = tender.parent / "secret"
        target.mkdir() if kind == "folder" else target.write_text("x")
        (tender / "notes.txt").symlink_to(target)
    refused(tender, "notes.txt", "no regular file" if kind == "pipe" else "is a link")


def test_too_many_files_are_refused_with_the_folder(tender, monkeypatch):
    monkeypatch.setattr(container, "MOST_ENTRIES", 40)
    (tender / "scans").mkdir()
    for number in range(40):
        (tender / "scans" / f"{number}.txt").write_text("x")
    refused(tender, "scans", "at most 40 files")


def test_too_many_bytes_are_refused_with_the_folder_before_they_are_read(tender):
    (tender / "video").mkdir()
    with (tender / "video" / "tour.mp4").open("wb") as file:
        file.truncate(2**32)
    refused(tender, "video", "at most 4 GiB")


@pytest.mark.parametrize("name", ["a:b.txt", "a\\b.txt", "a\tb.txt"])
def test_a_name_that_some_systems_lack_is_refused(tender, name):
    (tender / name).write_text("x")
    refused(tender, "is no path inside the folder that every system has")


def test_two_names_that_are_one_elsewhere_are_refused(tender):
    (tender / "Notes.txt").write_text("x")
    (tender / "notes.txt").write_text("x")
    refused(tender, "is the same name as")


# ---- law 2: one flipped byte


CHEAP = settings_of_test(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def without_rerun(monkeypatch):
    """Leave out the evaluation, which takes most of the time, so that the bytes alone have to show it."""

    def again(*_arguments):
        raise verifying.VendorEvalError("left out")

    monkeypatch.setattr(verifying, "_evaluate_again", again)


def names_of(outcome):
    return {fault["file"] for fault in outcome["faults"] if fault["code"] in {"changed", "container"}}


@pytest.mark.usefixtures("without_rerun")
@CHEAP
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_anywhere_in_the_archive_is_exit_1(archive, tmp_path_factory, place, bit):
    raw = bytearray(archive.read_bytes())
    at = int(place * len(raw))
    raw[at] ^= 1 << bit
    changed = tmp_path_factory.mktemp("flip") / "a.zip"
    changed.write_bytes(raw)
    outcome = checked(changed, code=1)
    assert "container" in {fault["code"] for fault in outcome["faults"]}
    with zipfile.ZipFile(archive) as zipped:
        for info in zipped.infolist():
            start = info.header_offset + 30 + len(info.filename.encode())
            if start <= at < start + info.file_size:
                assert info.filename in names_of(outcome)


def test_each_byte_of_the_headers_and_the_directory_counts(archive):
    raw = archive.read_bytes()
    with zipfile.ZipFile(archive) as zipped:
        infos = zipped.infolist()
    begin = infos[3].header_offset
    places = [*range(begin, begin + 30 + len(infos[3].filename)), *range(infos[-1].header_offset, len(raw))]
    places = [at for at in places if at >= 0 and not _inside(infos, at)]
    for at in places[::7] + places[-22:]:
        with io.BytesIO(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]) as file:
            walk = container.walk(file)
            crcs = {entry.path: entry.crc for entry, _ in walk.entries}
            assert walk.differs_at is not None or not walk.is_whole or crcs[infos[3].filename] != infos[3].CRC


def _inside(infos, at):
    starts = ((info.header_offset + 30 + len(info.filename.encode()), info.file_size) for info in infos)
    return any(start <= at < start + size for start, size in starts)


@pytest.mark.usefixtures("without_rerun")
@CHEAP
@given(data=st.data())
def test_one_flipped_bit_in_a_file_of_an_unpacked_freeze_names_it(archive, tmp_path_factory, data):
    folder = unpacked(archive, tmp_path_factory.mktemp("flip") / "u")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    path = data.draw(st.sampled_from(files))
    raw = bytearray(path.read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(raw)
    assert path.relative_to(folder).as_posix() in names_of(checked(folder, code=1))


def test_a_manifest_that_nobody_can_read_or_that_is_gone_is_named(archive, tmp_path):
    folder = unpacked(archive, tmp_path / "u")
    (folder / "manifest.json").write_text("{")
    assert checked(folder, code=1)["files"]["changed"] == ["manifest.json"]
    contents = read(archive)
    del contents["manifest.json"]
    outcome = checked(written(tmp_path / "b.zip", contents), code=1)
    assert outcome["files"]["missing"] == ["manifest.json"]
    assert outcome["reproduced"] is None
    (folder / "manifest.json").write_bytes(read(archive)["manifest.json"])
    (folder / "SHA256SUMS").unlink()
    files = checked(folder, code=1)["files"]
    assert (files["changed"], files["missing"], files["added"]) == ([], ["SHA256SUMS"], [])


def test_missing_and_added_files_are_named(archive, tmp_path):
    folder = unpacked(archive, tmp_path / "u")
    (folder / "tender" / "findings.yaml").unlink()
    (folder / "tender" / "new.txt").write_text("x")
    outcome = checked(folder, code=1)
    assert outcome["files"]["missing"] == ["tender/findings.yaml"]
    assert outcome["files"]["added"] == ["tender/new.txt"]
    assert command("verify", folder, code=1).splitlines()[-1] == f"NOT verified: {len(outcome['faults'])} faults"


# ---- law 3: with the lists made to fit again


def test_a_changed_cell_is_found_with_lists_that_fit(archive, tmp_path):
    contents = read(archive)
    name = "tender/responses/acme.xlsx"
    book = load_workbook(io.BytesIO(contents[name]))
    book.active["B2"] = 81
    changed = io.BytesIO()
    book.save(changed)
    contents[name] = changed.getvalue()
    outcome = checked(refitted(tmp_path / "b.zip", contents), code=1)
    assert outcome["files"]["changed"] == [name]
    assert outcome["reproduced"] is False
    assert outcome["first_difference"]["path"].startswith("evaluation.inputs[")


def test_two_swapped_responses_are_found_with_lists_that_fit(archive, tmp_path):
    contents = read(archive)
    acme, bolt = "tender/responses/acme.xlsx", "tender/responses/bolt.xlsx"
    contents[acme], contents[bolt] = contents[bolt], contents[acme]
    outcome = checked(refitted(tmp_path / "b.zip", contents), code=1)
    assert outcome["files"]["changed"] == [acme, bolt]


@settings_of_test(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 3))
def test_a_removed_line_of_the_log_is_found_with_lists_that_fit(archive, tmp_path_factory, number):
    contents = read(archive)
    lines = contents["tender/decisions.jsonl"].split(b"\n")
    del lines[number]
    contents["tender/decisions.jsonl"] = b"\n".join(lines)
    outcome = checked(refitted(tmp_path_factory.mktemp("line") / "b.zip", contents), code=1)
    assert "record-chain" in {fault["code"] for fault in outcome["faults"]}


def test_a_changed_score_is_the_first_difference(archive, tmp_path):
    contents = read(archive)
    result = json.loads(contents["tender/out/results.json"])
    score = result["vendors"][1]["score"]
    result["vendors"][1]["score"] = 99.5
    contents["tender/out/results.json"] = json.dumps(result, ensure_ascii=False, indent=1).encode() + b"\n"
    manifest = json.loads(contents["tender/out/manifest.json"])
    manifest["sha256"]["results.json"] = hashlib.sha256(contents["tender/out/results.json"]).hexdigest()
    contents["tender/out/manifest.json"] = json.dumps(manifest, indent=1).encode()
    target = refitted(tmp_path / "b.zip", contents)
    outcome = checked(target, code=1)
    assert outcome["first_difference"] == {"path": "vendors[1].score", "frozen": 99.5, "again": score}
    assert f"vendors[1].score: 99.5 frozen, {score:g}" in command("verify", target, code=1)


@pytest.mark.parametrize("key", ["title", "sealed", "tool_version", "elsewhere"])
def test_the_manifest_says_nothing_that_the_files_do_not_say(archive, tmp_path, key):
    contents = read(archive)
    manifest = json.loads(contents["manifest.json"])
    manifest[key] = {"x.yaml": "criteria/a.yaml"} if key == "elsewhere" else "2020-01-01"
    contents["manifest.json"] = json.dumps(manifest, indent=1).encode() + b"\n"
    outcome = checked(refitted(tmp_path / "b.zip", contents), code=1)
    assert "manifest.json" in outcome["files"]["changed"]


def test_changed_criteria_are_found_with_lists_that_fit(archive, tmp_path):
    contents = read(archive)
    contents["criteria/a.yaml"] = contents["criteria/a.yaml"].replace(b'"weight": 1', b'"weight": 2', 1)
    assert checked(refitted(tmp_path / "b.zip", contents), code=1)["reproduced"] is False


def test_an_edited_seal_is_found_with_lists_that_fit(archive, tmp_path):
    contents = read(archive)
    contents["tender/seal.json"] = contents["tender/seal.json"].replace(b'"missing": "zero"', b'"missing": "exclude"')
    outcome = checked(refitted(tmp_path / "b.zip", contents), code=1)
    assert {"seal-edited", "changed"} <= {fault["code"] for fault in outcome["faults"]}


# ---- the container


def reproduced(contents, folder):
    """Put in the result that comes out of contents that somebody changed, with the log as it is."""
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    result = evaluate_again(folder / "tender").to_json().encode()
    listed = json.loads(contents["tender/out/manifest.json"])
    listed["sha256"]["results.json"] = hashlib.sha256(result).hexdigest()
    return contents | {"tender/out/results.json": result, "tender/out/manifest.json": json.dumps(listed).encode()}


def edited(name, old, new):
    def change(contents):
        assert old in contents[name]
        contents[name] = contents[name].replace(old, new, 1)

    return name, change


def swapped(contents):
    first, second = (f"tender/responses/{vendor}.xlsx" for vendor in ANSWERS)
    contents[first], contents[second] = contents[second], contents[first]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("tender/responses/acme.xlsx", swapped),
        ("tender/findings.yaml", lambda contents: contents.pop("tender/findings.yaml")),
        edited("tender/findings.yaml", b"2026-11-20", b"2026-11-19"),
        edited("tender/evaluation.yaml", b'"as_of"', b'"shortlist": 1, "as_of"'),
        edited("tender/seal.json", b"Ruth Adler", b"Ruth Alder"),
    ],
)
def test_what_the_log_says_otherwise_is_found_though_the_result_fits(archive, tmp_path, name, change):
    contents = read(archive)
    change(contents)
    contents = reproduced(contents, tmp_path / "changed")
    outcome = checked(refitted(tmp_path / "b.zip", contents), code=1)
    assert outcome["reproduced"] is True
    assert name in [fault["file"] for fault in outcome["faults"]]


@pytest.fixture(scope="session")
def lettered(made, tmp_path_factory):
    folder = shutil.copytree(made, tmp_path_factory.mktemp("lettered") / "rfp")
    award = {"vendor": "bolt", "by": "Ruth Adler", "date": "2026-11-25", "reason": "Best quality"}
    (folder / "award.yaml").write_text(json.dumps(award))
    command("letters", folder, "--award", "bolt", "--format", "docx")
    evaluate(folder)
    return folder


@pytest.fixture(scope="session")
def sent(lettered):
    return freeze(lettered)


@pytest.mark.parametrize(
    "name", ["README.txt", "tender/award.yaml", "tender/letters/acme.docx", "tender/letters/letters.json"]
)
def test_a_page_an_award_and_a_letter_are_held_against_what_was_written(sent, tmp_path, name):
    checked(sent)
    contents = read(sent)
    contents[name] = contents[name].replace(b"Best", b"Last") if name.endswith("yaml") else contents[name][:-9]
    assert checked(refitted(tmp_path / "b.zip", contents), code=1)["files"]["changed"] == [name]


def test_a_page_that_is_gone_is_found_with_lists_that_fit(archive, tmp_path):
    contents = read(archive)
    del contents["README.txt"]
    assert checked(refitted(tmp_path / "b.zip", contents), code=1)["files"]["missing"] == ["README.txt"]


def test_a_letter_that_was_changed_is_not_frozen(lettered, tmp_path):
    folder = shutil.copytree(lettered, tmp_path / "rfp")
    (folder / "letters" / "acme.docx").write_bytes(b"x")
    refused(folder, "letters/acme.docx", "'letters' wrote other bytes")
    assert checked(folder, code=1)["files"]["changed"] == ["letters/acme.docx"]
    (folder / "letters" / "acme.docx").unlink()
    refused(folder, "letters/acme.docx", "is missing")


def test_own_criteria_are_those_that_were_evaluated(archive, tmp_path):
    contents = read(archive)
    contents["tender/criteria/a.yaml"] += b"# another weight"
    contents["tender/criteria/more.yaml"] = b"{}"
    del contents["tender/criteria/b.yaml"]
    files = checked(refitted(tmp_path / "b.zip", contents), code=1)["files"]
    names = {
        code: [f"tender/criteria/{name}.yaml"] for code, name in (("changed", "a"), ("added", "more"), ("missing", "b"))
    }
    assert {code: files[code] for code in names} == names


@pytest.mark.parametrize(
    "name", ["more.txt", "other/more.txt", "tender/.more", "tender/responses/.x.xlsx", "criteria/more.txt", ".more"]
)
def test_files_that_no_freeze_holds_are_found_with_lists_that_fit(archive, tmp_path, name):
    archive = refitted(tmp_path / "b.zip", read(archive) | {name: b"x"})
    assert checked(archive, code=1)["files"]["added"] == [name]


def repacked(archive, target, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(target, "w", method) as zipped:
        for name, content in read(archive).items():
            zipped.writestr(name, content)
    return target


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_freeze_that_another_program_packed_is_told_to_be_unpacked(archive, tmp_path, method):
    target = repacked(archive, tmp_path / "b.zip", method)
    output = command("verify", target, code=1)
    assert "unpack it and verify the folder" in output
    assert "[container]" in output
    checked(unpacked(target, tmp_path / "u"))


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"x" + raw,
        lambda raw: raw + b"x",
        lambda raw: raw[:-2] + b"\x04\x00note",
        lambda raw: raw[:-1],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw + raw,
        lambda _: b"",
        lambda _: b"PK\3\4",
        lambda _: b"Dear Sir or Madam",
    ],
    ids=["before", "behind", "comment", "cut", "half", "twice", "empty", "head", "letter"],
)
def test_any_other_file_is_no_whole_freeze(archive, tmp_path, change):
    target = tmp_path / "b.zip"
    target.write_bytes(change(archive.read_bytes()))
    outcome = checked(target, code=1)
    assert "container" in {fault["code"] for fault in outcome["faults"]}


@pytest.mark.parametrize(
    "names",
    [
        ["../evil.txt"],
        ["/evil.txt"],
        ["tender/../../evil.txt"],
        ["c:evil.txt"],
        ["a\\evil.txt"],
        ["a\nevil.txt"],
        ["tender//evil.txt"],
        ["tender/./evil.txt"],
        ["Tender/evil.txt", "tender/evil.txt"],
        ["\u00e9.txt", unicodedata.normalize("NFD", "\u00e9.txt")],
        ["x", "x/evil.txt"],
    ],
)
def test_no_path_leads_out_of_the_private_folder(archive, tmp_path, names, monkeypatch):
    monkeypatch.setattr(verifying, "_copy", lambda *_: pytest.fail("something was unpacked"))
    target = written(tmp_path / "b.zip", read(archive) | dict.fromkeys(names, b"evil"))
    assert "container" in {fault["code"] for fault in checked(target, code=1)["faults"]}


def test_too_many_entries_are_not_unpacked(archive, monkeypatch):
    monkeypatch.setattr(verifying, "_copy", lambda *_: pytest.fail("something was unpacked"))
    monkeypatch.setattr(container, "MOST_ENTRIES", 5)
    assert "more than 5 files" in command("verify", archive, code=1)


@settings_of_test(max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=12), st.binary(max_size=20)), max_size=6), st.binary(max_size=60))
def test_no_bytes_make_the_walk_fail(entries, behind):
    raw = b""
    for name, content in entries:
        try:
            raw += container.Entry(name, len(content), 0).header + content
        except UnicodeEncodeError:
            continue
    container.walk(io.BytesIO(raw + behind))


# ---- folders, versions, passwords, usage


def test_a_living_folder_names_changed_inputs_and_outputs(tender):
    output = command("verify", tender).splitlines()[-1]
    assert output.startswith("Verified: ")
    (tender / "findings.yaml").write_text(FINDING.replace("Saw", "Read"))
    (tender / "out" / "tables" / "ranking.csv").write_text("edited")
    outcome = checked(tender, code=1)
    assert outcome["files"]["changed"] == ["findings.yaml", "out/tables/ranking.csv"]
    assert outcome["archive"] == {"sha256": None}
    assert outcome["reproduced"] is False


def test_a_living_folder_may_have_a_longer_log(tender):
    command("decide", tender, "--act", "note", "--why", "Seen by the board")
    assert checked(tender)["reproduced"] is True


def test_a_living_folder_without_a_result_is_exit_1(tmp_path):
    outcome = checked(write_evaluation(tmp_path, TREE, ANSWERS), code=1)
    assert outcome["files"]["missing"] == ["out/results.json"]


def test_verify_writes_nothing_into_a_folder(tender):
    before = {path: path.read_bytes() for path in tender.rglob("*") if path.is_file()}
    command("verify", tender)
    assert {path: path.read_bytes() for path in tender.rglob("*") if path.is_file()} == before


def test_a_link_in_an_unpacked_freeze_is_not_followed(archive, tmp_path):
    folder = unpacked(archive, tmp_path / "u")
    (tmp_path / "secret").write_text("x")
    (folder / "tender" / "notes.txt").symlink_to(tmp_path / "secret")
    outcome = checked(folder, code=1)
    assert ("container", "tender/notes.txt") in {(fault["code"], fault["file"]) for fault in outcome["faults"]}


def test_the_hash_that_somebody_else_holds_is_compared(archive):
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    checked(archive, "--sha256", digest.upper())
    outcome = checked(archive, "--sha256", "0" * 64, code=1)
    assert [fault["code"] for fault in outcome["faults"]] == ["archive-differs"]


def test_wrong_usage_is_exit_2(tender, tmp_path):
    command("verify", tmp_path / "nothing.zip", code=2)
    (tmp_path / "empty").mkdir()
    command("verify", tmp_path / "empty", code=2)
    command("verify", tender, "--sha256", "0" * 64, code=2)
    command("freeze", tender, code=2)


def of_version(archive, target, **changes):
    """Make a freeze that an older version of the tool would have made."""
    contents = read(archive)
    result = json.loads(contents["tender/out/results.json"])
    result["evaluation"]["method"]["tool_version"] = "0.1.9"
    result["vendors"][0] |= changes
    contents["tender/out/results.json"] = json.dumps(result, ensure_ascii=False, indent=1).encode() + b"\n"
    manifest = json.loads(contents["tender/out/manifest.json"])
    manifest["sha256"]["results.json"] = hashlib.sha256(contents["tender/out/results.json"]).hexdigest()
    contents["tender/out/manifest.json"] = json.dumps(manifest, indent=1).encode()
    contents["manifest.json"] = contents["manifest.json"].replace(
        f'"tool_version": "{VERSION}"'.encode(), b'"tool_version": "0.1.9"'
    )
    return refitted(target, contents)


def test_another_version_with_the_same_result_is_0_with_a_notice(archive, tmp_path):
    target = of_version(archive, tmp_path / "b.zip")
    assert f"Made with vendor-eval 0.1.9, verified with {VERSION}" in command("verify", target)
    assert checked(target)["tool"] == {"frozen": "0.1.9", "here": VERSION}


def test_another_version_with_another_result_is_3_and_names_the_version_to_install(archive, tmp_path):
    target = of_version(archive, tmp_path / "b.zip", score=12.5)
    assert "pip install vendor-eval==0.1.9" in command("verify", target, code=3)
    assert checked(target, code=3)["first_difference"]["path"] == "vendors[0].score"


def test_a_changed_byte_beside_another_version_is_1(archive, tmp_path):
    folder = unpacked(of_version(archive, tmp_path / "b.zip", score=12.5), tmp_path / "u")
    (folder / "README.txt").write_text("x")
    assert checked(folder, code=1)["files"]["changed"] == ["README.txt"]


def test_without_its_password_a_response_leaves_open_whether_the_result_comes_out(tmp_path, monkeypatch):
    msoffcrypto = pytest.importorskip("msoffcrypto.format.ooxml")
    folder = write_evaluation(tmp_path / "rfp", TREE, ANSWERS)
    path = folder / "responses" / "bolt.xlsx"
    plain, locked = io.BytesIO(path.read_bytes()), io.BytesIO()
    msoffcrypto.OOXMLFile(plain).encrypt("secret", locked)
    path.write_bytes(locked.getvalue())
    monkeypatch.setenv("VENDOR_EVAL_PASSWORD", "secret")
    evaluate(folder)
    archive = freeze(folder)
    checked(archive)
    monkeypatch.delenv("VENDOR_EVAL_PASSWORD")
    outcome = checked(archive, code=1)
    assert outcome["reproduced"] is None
    assert ("encrypted", "tender/responses/bolt.xlsx") in {(f["code"], f["file"]) for f in outcome["faults"]}


@pytest.mark.parametrize("sample", ["small", "full", "pilot", "other-domain/tender"])
def test_the_samples_are_frozen_and_verified(sample, tmp_path):
    samples = Path(__file__).parent.parent / "samples"
    shutil.copytree(samples / sample.partition("/")[0], tmp_path / "own")
    folder = tmp_path / "own" / sample.partition("/")[2]
    command("evaluate", folder, "--format", "json")
    archive = tmp_path / "a.zip"
    command("freeze", folder, "-o", archive)
    shutil.rmtree(tmp_path / "own")
    checked(archive)
    page = read(archive)["README.txt"].decode()
    assert ("seed and the gold of the pilot lie inside" in page) == (sample == "pilot")
    lines = page.splitlines()
    assert len(lines) < 60
    assert max(map(len, lines)) <= 110


def test_the_freeze_of_the_full_sample_answers_an_auditor(tmp_path):
    """Who decided, what was changed since the seal, why is Pacandan out, what must Trellith still do?"""
    folder = shutil.copytree(Path(__file__).parent.parent / "samples" / "full", tmp_path / "own")
    command("evaluate", folder, "--format", "json")
    command("freeze", folder, "-o", tmp_path / "a.zip")
    contents = read(tmp_path / "a.zip")
    page = contents["README.txt"].decode()
    questions = ("Who decided what", "changed after the seal", "Who was excluded", "must still do, and by when")
    assert all(question in page for question in questions)
    lines = [json.loads(line) for line in contents["tender/decisions.jsonl"].splitlines()]
    (award,) = (line for line in lines if line["act"] == "award")
    assert (award["by"], award["new"]["vendor"], award["on"]) == ("Helena Brandt", "mwanzora", "2026-11-26")
    (amend,) = (line for line in lines if line["act"] == "amend")
    assert (amend["by"], amend["old"], amend["new"]) == ("Helena Brandt", {"shortlist": 2}, {"shortlist": 3})
    assert "third finalist" in amend["why"]
    vendors = {vendor["id"]: vendor for vendor in json.loads(contents["tender/out/results.json"])["vendors"]}
    assert vendors["pacandan"]["status_text"] == "Excluded: Never a password alone (SEC-05)"
    due = {line["due"] for line in vendors["trellith"]["conditions"]}
    assert (min(due), max(due)) == ("2027-01-15", "2027-02-26")
    assert all(line["owner"] for line in vendors["trellith"]["conditions"])
    asked = [line["about"] for line in lines if line["act"] == "clarification_sent"]
    assert asked == [["brenovik"]]
    assert "'clarification_sent' say who got some" in page
    assert "names are typed" in page
    assert "nobody opened a price file" in page


def test_no_path_of_this_machine_is_in_a_freeze(archive, made):
    contents = read(archive)
    assert not [name for name, content in contents.items() if str(made).encode() in content]


def test_names_of_files_are_those_of_their_rooms():
    names = (freezing.FINDINGS, freezing.SCORE_KEY, freezing.SCORES, freezing.PRICES)
    assert names == (acts.FILE, codes.KEY_FILE, sheet_owners.FOLDER, PRICES)
    assert freezing.CONDITIONS == conditions.FILE
    assert (*freezing.PILOT_FILES, freezing.LABELS) == (files.PLAN, files.DISPUTES, pilot_settings.LOG, files.LABELS)


def test_readme_is_one_page(archive):
    lines = read(archive)["README.txt"].decode().splitlines()
    assert len(lines) < 60
    assert max(map(len, lines)) <= 110
    text = "\n".join(lines)
    assert "Art. 84(1)" in text
    assert "s. 98" in text
    assert "vendor-eval verify" in text


def test_random_bytes_between_entries_are_found(archive, tmp_path):
    rng = random.Random(7)  # noqa: S311  places, no secrets
    raw = archive.read_bytes()
    for _ in range(5):
        at = rng.randrange(len(raw))
        (tmp_path / "b.zip").write_bytes(raw[:at] + b"?" + raw[at:])
        checked(tmp_path / "b.zip", code=1)


def test_a_file_that_no_directory_has_room_for_is_no_container(tmp_path):
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        file.write(container.Entry("manifest.json", container.LARGEST, 0).header)
        file.truncate(container.LARGEST + 100)
    with path.open("rb") as file:
        assert not container.walk(file).is_whole


def test_a_line_that_another_program_wrote_is_read(tender):
    path = tender / "decisions.jsonl"
    last = path.read_bytes().split(b"\n")[-2]
    setting = {"act": "setting", "about": [], "old": None, "new": None}
    n = json.loads(last)["n"]
    override = {"act": "override", "about": ["finding/acme/Q1/level"], "old": 2, "new": {"level": "high"}}
    for line in (setting, override):
        n += 1
        text = json.dumps(json.loads(last) | line | {"n": n, "prev": hashlib.sha256(last).hexdigest()})
        path.write_bytes(path.read_bytes() + text.encode() + b"\n")
        last = text.encode()
    evaluate(tender)
    checked(tender)


def test_a_pilot_that_was_changed_is_named_and_not_frozen(tmp_path):
    samples = Path(__file__).parent.parent / "samples"
    folder = shutil.copytree(samples / "pilot", tmp_path / "rfp")
    evaluate(folder)
    contents = read(freeze(folder))
    contents["tender/pilot/labels/okavira.csv"] += b"\n"
    assert checked(refitted(tmp_path / "b.zip", contents), code=1)["files"]["changed"] == [
        "tender/pilot/labels/okavira.csv"
    ]
    for name in ("log.csv", "disputes.csv", "labels/nordhain.csv"):
        kept = (folder / "pilot" / name).read_bytes()
        (folder / "pilot" / name).unlink()
        evaluate(folder)
        (folder / "pilot" / name).write_bytes(kept)
        refused(folder, f"pilot/{name}: results.json was made before it came")
    evaluate(folder)
    (folder / "pilot" / "gold.csv").write_bytes((folder / "pilot" / "gold.csv").read_bytes() + b"\n")
    refused(folder, "pilot/gold.csv: is changed")
