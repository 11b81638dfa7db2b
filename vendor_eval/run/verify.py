"""Verifying a freeze, or a folder: whether every byte is as it was, and whether the result comes out again."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from vendor_eval.config.input_files import load_json, read_regular
from vendor_eval.formatting.printable import cut, value_text
from vendor_eval.issues import InputError, Issue, Location, VendorEvalError
from vendor_eval.record.derived import Read, outstanding, outstanding_settings
from vendor_eval.record.log import FILE as LOG, RESPONSE, Log, anchors_of, read_log
from vendor_eval.record.quality import with_sealed_prices
from vendor_eval.record.seal import FILE as SEAL, checked_seal
from vendor_eval.results import Result
from vendor_eval.results.record import LogAnchor, RecordState
from vendor_eval.run import container, journal
from vendor_eval.run.evaluate import evaluate_readings, read_responses
from vendor_eval.run.freeze import (
    CONDITIONS,
    CRITERIA,
    FINDINGS,
    LETTERS,
    OUT,
    OUTSIDE,
    PROFILE,
    README,
    RESULT,
    SCORES,
    SUMS,
    TENDER,
    Hashed,
    Manifest,
    ResultFacts,
    criteria_faults,
    file_parts,
    foreign_faults,
    gather,
    hash_parts,
    input_faults,
    is_hidden,
    letter_faults,
    manifest_of,
    output_faults,
    parse_as_evaluated,
    read_facts,
    read_settings,
    readme_of,
    sums_of,
)
from vendor_eval.run.pilot import measure_pilot
from vendor_eval.run.publish import MANIFEST, RESULTS
from vendor_eval.spreadsheets import Passwords, known_password
from vendor_eval.tender import Elsewhere, Evaluation
from vendor_eval.tender.folder import find_evaluation

_SUM = re.compile(r"([0-9a-f]{64})  (.+)")
# What the log derives lines from, by the first part of their keys; the others come from the evaluation itself.
_SOURCES = {"finding": FINDINGS, "sheet": SCORES, "condition": CONDITIONS, "award": "award.yaml"}
_LONGEST = 120
_LOCKED = {"encrypted", "wrong-password", "encrypted-part"}


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """The first place where a result comes out otherwise; None where a side has no value there."""

    path: str
    frozen: Any
    again: Any

    def __str__(self) -> str:
        frozen, again = (cut(value_text(value), _LONGEST) for value in (self.frozen, self.again))
        return f"{self.path}: {frozen} frozen, {again} again"


@dataclass
class Verification:
    """What was found; `reproduced` is None where nothing could be evaluated again."""

    archive: str | None = None
    count: int = 0
    log: LogAnchor = field(default_factory=lambda: LogAnchor(lines=0, sha256=""))
    seal: str = "unsealed"
    reproduced: bool | None = None
    first_difference: FirstDifference | None = None
    frozen_by: str | None = None
    faults: list[Issue] = field(default_factory=list)

    def add(self, code: str, file: str, text: str) -> None:
        """Add a fault, unless it is known of this file."""
        if all((fault.code, fault.location.file) != (code, file) for fault in self.faults):
            self.faults.append(Issue(code, text, Location(file)))

    def add_all(self, faults: Iterable[tuple[str, str, str]]) -> None:
        """Add faults by code, file and text."""
        for fault in faults:
            self.add(*fault)

    @property
    def here(self) -> str:
        return version("vendor-eval")

    @property
    def is_other_version(self) -> bool:
        return self.frozen_by not in {None, self.here}

    @property
    def exit_code(self) -> Literal[0, 1, 3]:
        """0: whole and reproduced; 1: a fault; 3: whole, and another version gives another result."""
        if not self.faults:
            return 0
        is_whole = all(fault.code == "not-reproduced" for fault in self.faults)
        return 3 if self.is_other_version and is_whole else 1

    @property
    def last_line(self) -> str:
        if self.faults:
            count = len(self.faults)
            return f"NOT verified: {count} fault{'s' if count > 1 else ''}"
        lines = f"{self.log.lines} line{'' if self.log.lines == 1 else 's'} of log"
        return f"Verified: {self.count} files, {lines}, {RESULTS} is reproduced (vendor-eval {self.here})."

    @property
    def notice(self) -> str:
        """What a reader should know of the version that made it; '' for nothing."""
        if not self.is_other_version:
            return ""
        if self.exit_code == 3:  # noqa: PLR2004  the exit code
            cure = f"pip install vendor-eval=={self.frozen_by}"
            return f"Every byte is whole. Made with vendor-eval {self.frozen_by}: '{cure}' and verify again"
        return f"Made with vendor-eval {self.frozen_by}, verified with {self.here}"

    def to_json(self) -> dict[str, Any]:
        listed = {
            code: list(dict.fromkeys(fault.location.file for fault in self.faults if fault.code == code))
            for code in ("changed", "missing", "added")
        }
        difference = self.first_difference
        return {
            "ok": not self.faults,
            "archive": {"sha256": self.archive},
            "files": {"count": self.count, **listed},
            "log": self.log.model_dump(mode="json", include={"lines", "sha256", "chain"}),
            "seal": {"state": self.seal},
            "reproduced": self.reproduced,
            "first_difference": difference
            and {"path": difference.path, "frozen": difference.frozen, "again": difference.again},
            "tool": {"frozen": self.frozen_by, "here": self.here},
            "faults": [
                {"code": fault.code, "file": fault.location.file, "message": fault.message} for fault in self.faults
            ],
        }


def verify(path: Path, *, sha256: str = "", password: Passwords = known_password) -> Verification:
    """Verify the archive of a freeze, an unpacked one, or the folder of an evaluation; all faults are listed.

    `sha256` is what the hash of the archive has to be. Raises VendorEvalError for a folder that is neither.
    """
    verification = Verification()
    with TemporaryDirectory(prefix="vendor-eval-") as folder:
        private = Path(folder)
        if not path.is_dir():
            _verify_archive(verification, path, sha256, private, password)
        elif (path / MANIFEST).is_file() and (path / TENDER).is_dir():
            _verify_unpacked(verification, path, private, password)
        else:
            _verify_living(verification, find_evaluation(path), private, password)
    return verification


# ------------------------------------------------------------------------------------------------ where the bytes are


def _verify_archive(verification: Verification, path: Path, sha256: str, private: Path, password: Passwords) -> None:
    with path.open("rb") as file:
        verification.archive = hashlib.file_digest(file, "sha256").hexdigest()
        if sha256 and sha256.strip().casefold() != verification.archive:
            verification.add("archive-differs", path.name, f"its SHA-256 is {verification.archive}")
        walk = container.walk(file)
        unsafe = _unsafe(walk, file.seek(0, 2))
        if walk.differs_at is not None or unsafe or not walk.is_whole:
            at = f"is not what 'vendor-eval freeze' writes, from byte {walk.differs_at or 0:,} on"
            cure = "restore a copy; if another program packed it again, unpack it and verify the folder"
            verification.add("container", path.name, f"{at}: {cure}")
        verification.add_all(("container", name, text) for name, text in unsafe)
        if unsafe or not walk.is_whole:
            return
        hashed: dict[str, Hashed] = {}
        for entry, begin in walk.entries:
            hashed[entry.path] = _copy(container.chunks(file, begin, entry.size), private / entry.path)
            if hashed[entry.path].crc != entry.crc:
                text = f"the check sum of the file whose bytes begin at {begin:,} does not fit it"
                verification.add("container", entry.path, text)
    _verify_freeze(verification, private, hashed, password)


def _unsafe(walk: container.Walk, size: int) -> list[tuple[str, str]]:
    """Say why nothing of an archive is unpacked: what lies in it, or how much."""
    if len(walk.entries) > container.MOST_ENTRIES or size > container.LARGEST:
        return [("", f"holds more than {container.MOST_ENTRIES:,} files or 4 GiB, which no freeze does")]
    return [*container.path_faults(entry.path for entry, _ in walk.entries)]


def _copy(parts: Iterable[bytes], target: Path) -> Hashed:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        return hash_parts(parts, file.write)


def _verify_unpacked(verification: Verification, folder: Path, private: Path, password: Passwords) -> None:
    hashed: dict[str, Hashed] = {}
    for path in sorted(folder.rglob("*")):
        own = path.relative_to(folder)
        name = own.as_posix()
        if any(map(is_hidden, own.parts)) or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink() or not path.is_file():
            verification.add("container", name, "is a link or no regular file, which no freeze holds")
        else:
            hashed[name] = _copy(file_parts(path), private / name)
    _verify_freeze(verification, private, hashed, password)


def _verify_living(verification: Verification, file: Path, private: Path, password: Passwords) -> None:
    folder = file.parent
    try:
        facts = read_facts(folder / OUT / RESULTS)
    except VendorEvalError:
        verification.add("missing", f"{OUT}/{RESULTS}", "there is no result: run 'vendor-eval evaluate'")
        return
    verification.frozen_by = facts.evaluation.method.tool_version
    try:
        gathered = gather(folder, read_settings(file), facts)
    except (VendorEvalError, OSError) as error:
        verification.add("not-reproduced", file.name, f"it cannot be evaluated again: {error}")
        return
    for issue in gathered.issues:
        verification.add("container", issue.location.file, issue.message)
    hashed = {name: _copy(file_parts(path), private / name) for name, path in gathered.files.items()}
    read = {source.file for source in facts.inputs}
    verification.count = len(read) + sum(name.startswith(f"{TENDER}/{OUT}/") for name in hashed)
    _judge(verification, private, facts, gathered.elsewhere, _hashes(hashed), {}, password)
    verification.faults = [
        Issue(fault.code, fault.message, Location(fault.location.file.removeprefix(f"{TENDER}/")))
        for fault in verification.faults
    ]


def _hashes(hashed: Mapping[str, Hashed]) -> dict[str, str]:
    return {name: own.sha256 for name, own in hashed.items()}


# ------------------------------------------------------------------------------------------------ what they say


def _verify_freeze(
    verification: Verification, private: Path, hashed: Mapping[str, Hashed], password: Passwords
) -> None:
    """Compare the files of a freeze with its lists, then check what they say."""
    verification.count = sum(name not in {MANIFEST, SUMS} for name in hashed)
    manifest = facts = None
    try:
        manifest = load_json(private / MANIFEST, Manifest)
        facts = read_facts(private / RESULT)
    except (FileNotFoundError, ValueError):
        verification.add("container", MANIFEST, "is missing, or not what 'vendor-eval freeze' wrote")
    except VendorEvalError:
        verification.add("container", RESULT, "is missing, or not what 'vendor-eval evaluate' wrote")
    anew = _manifest_anew(private, manifest, facts, hashed) if manifest and facts else None
    _compare_lists(verification, private, manifest, anew, _hashes(hashed))
    if manifest is None or facts is None:
        return
    verification.frozen_by = manifest.tool_version
    verification.add_all(foreign_faults(name for name in hashed if name not in {MANIFEST, SUMS}))
    # It names files that lie inside, and another version may word it otherwise.
    if not (verification.faults or verification.is_other_version):
        page = read_regular(private / README) if README in hashed else None
        if page != readme_of(facts, hashed):
            verification.add("missing" if page is None else "changed", README, "'freeze' writes another page")
    for name in filter(journal.is_inside, manifest.empty):
        (private / name).mkdir(parents=True, exist_ok=True)
    seen = {MANIFEST: (manifest.log.lines, manifest.log.sha256)} if manifest.log else {}
    _judge(verification, private, facts, manifest.elsewhere, _hashes(hashed), seen, password)


def _manifest_anew(private: Path, manifest: Manifest, facts: ResultFacts, hashed: Mapping[str, Hashed]) -> Manifest:
    """Make the manifest of what was read: it says nothing by itself."""
    known = {PROFILE, *(source.file for source in facts.inputs)}
    elsewhere = {
        name: path
        for name, path in manifest.elsewhere.items()
        if name in known and path in hashed and path.startswith(f"{OUTSIDE}/")
    }
    return manifest_of(facts, read_log(private / TENDER), elsewhere, manifest.empty, hashed)


def _compare_lists(
    verification: Verification,
    private: Path,
    manifest: Manifest | None,
    anew: Manifest | None,
    hashes: Mapping[str, str],
) -> None:
    """Compare files, manifest and sums; where the two lists differ, the one that fits counts."""
    text = read_regular(private / SUMS) if SUMS in hashes else b""
    lines = (_SUM.fullmatch(line) for line in text.decode(errors="replace").split("\n"))
    sums = {line[2]: line[1] for line in lines if line}
    own = hashes.get(MANIFEST, "")
    fits = anew is not None and manifest is not None and read_regular(private / MANIFEST) == anew.to_json()
    listed = {file.path: file.sha256 for file in manifest.files} if manifest else {}
    if manifest is None or not (fits or not text or sums.get(MANIFEST) == own):
        listed, own = {name: digest for name, digest in sums.items() if name != MANIFEST}, sums.get(MANIFEST, "")
        if own != hashes.get(MANIFEST):
            code = "changed" if MANIFEST in hashes else "missing"
            verification.add(code, MANIFEST, f"{SUMS} lists another SHA-256, which fits the files")
    _compare_files(verification, listed, hashes)
    if not text or text != sums_of({**listed, **({MANIFEST: own} if own else {})}):
        verification.add("changed" if text else "missing", SUMS, "does not list every other file as it is")
    is_whole = not any(fault.code in {"changed", "missing", "added"} for fault in verification.faults)
    if is_whole and manifest and anew and not fits:
        keys = [key for key in Manifest.model_fields if getattr(anew, key) != getattr(manifest, key)]
        verification.add("changed", MANIFEST, f"does not say what the files say: {', '.join(keys) or 'its form'}")


def _compare_files(verification: Verification, listed: Mapping[str, str], hashes: Mapping[str, str]) -> None:
    for name in sorted({*listed, *hashes} - {MANIFEST, SUMS}):
        if name not in hashes:
            verification.add("missing", name, "the lists name it")
        elif name not in listed:
            verification.add("added", name, "the lists do not name it")
        elif listed[name] != hashes[name]:
            verification.add("changed", name, "the lists say another SHA-256")


def _check_log(verification: Verification, log: Log) -> None:
    verification.log = LogAnchor(lines=len(log.raw), sha256=log.hashes[-1] if log.raw else "", chain=log.chain)
    if log.chain != "whole":
        stated = " (a repair states it)"
        texts = dict.fromkeys(f"{at.text}{stated * at.acknowledged}" for at in log.breaks)
        for text in texts or ("a repair states lines that were lost",):
            verification.faults.append(Issue("record-chain", text, Location(f"{TENDER}/{LOG}")))


def _judge(
    verification: Verification,
    private: Path,
    facts: ResultFacts,
    elsewhere: Mapping[str, str],
    hashes: Mapping[str, str],
    seen: Mapping[str, tuple[int, str]],
    password: Passwords,
) -> None:
    """Check the log, the seal, inputs and outputs, and evaluate again."""
    tender, own = private / TENDER, facts.evaluation
    log = read_log(tender, {**dict(anchors_of(tender)), **seen})
    _check_log(verification, log)
    verification.seal = own.record.state if own.record else "unsealed"
    _, fault = checked_seal(tender, log)
    if fault:
        verification.add(fault.code, f"{TENDER}/{SEAL}", fault.message)
    verification.add_all(input_faults(facts, elsewhere, hashes))
    for code, path, text in output_faults(tender, hashes):
        verification.add("changed" if code == "stale" else code, path, text)
    verification.add_all(letter_faults(tender, log, hashes))
    try:
        again = _evaluate_again(private, facts, elsewhere, log, password)
    except (VendorEvalError, OSError) as error:
        lines = error.lines if isinstance(error, InputError) else (str(error),)
        text = "; ".join(lines[:3]).replace(f"{private}/", "")
        verification.reproduced = False
        verification.add("not-reproduced", RESULT, f"it cannot be evaluated again: {text}")
        return
    _compare_results(verification, read_regular(tender / OUT / RESULTS), again.result, again.locked)
    verification.add_all(criteria_faults(again.evaluation.settings, hashes))
    _compare_seal(verification, own.record, again.result)
    if facts.anchor and log.chain != "broken" and not again.locked:
        _compare_log(verification, again, log, facts)


def _compare_seal(verification: Verification, frozen: RecordState | None, again: Result) -> None:
    for issue in again.evaluation.issues:
        if issue.code == "seal-edited":
            verification.add(issue.code, f"{TENDER}/{SEAL}", issue.message)
    state = again.evaluation.record
    if frozen and state and frozen.changes != state.changes:
        verification.add("seal-edited", f"{TENDER}/{SEAL}", f"the changes since differ from those in {RESULTS}")


def _compare_results(verification: Verification, frozen: bytes, again: Result, locked: Iterable[Issue]) -> None:
    difference = _difference(frozen, again, is_other=verification.is_other_version)
    verification.reproduced = difference is None
    if difference is None:
        return
    for issue in locked:
        verification.reproduced = None
        verification.add(issue.code, f"{TENDER}/{issue.location.file}", issue.message)
    if verification.reproduced is False:
        verification.first_difference = difference
        verification.add("not-reproduced", RESULT, f"another result comes out: {difference}")


def _compare_log(verification: Verification, again: "_Again", log: Log, facts: ResultFacts) -> None:
    """Compare what the files say now with the lines that were derived from them."""
    seen = replace(log, raw=log.raw[: facts.anchor.lines if facts.anchor else 0])
    waiting = (*outstanding(again.evaluation, again.read, log), *outstanding_settings(again.evaluation, seen))
    for key in (key for entry in waiting for key in entry.about):
        kind, _, rest = key.partition("/")
        # Another version may derive other values; the hash of a file stays one.
        if kind == RESPONSE or not verification.is_other_version:
            path = rest if kind == RESPONSE else _SOURCES.get(kind, facts.inputs[0].file)
            verification.add("changed", f"{TENDER}/{path}", f"{LOG} says something else of {key}")


# ------------------------------------------------------------------------------------------------ evaluated again


@dataclass(frozen=True)
class _Again:
    """What came out again and what was read for it; `locked` are the files that want a password."""

    evaluation: Evaluation
    result: Result
    read: Read
    locked: tuple[Issue, ...]


def _evaluate_again(
    private: Path, facts: ResultFacts, elsewhere: Mapping[str, str], log: Log, password: Passwords
) -> _Again:
    """Evaluate the private copy as it was evaluated."""
    tender = private / TENDER
    _restore_record(tender, facts, log)
    places = {name: private / path for name, path in elsewhere.items() if journal.is_inside(path)}
    copies = Elsewhere(private / CRITERIA, places.pop(PROFILE, None), places)
    parsed = parse_as_evaluated(tender / Path(facts.evaluation.inputs[0].file).name, facts, copies)
    evaluation = with_sealed_prices(parsed)
    mapping = facts.mapping(evaluation.settings)
    shipped = facts.shipped_mappings.get(Path(mapping).stem)
    if mapping and shipped and journal.sha256(shipped) == journal.sha256(places.get(mapping, tender / mapping)):
        mapping = shipped.stem
    elif mapping and mapping not in places:
        evaluation = replace(evaluation, elsewhere=replace(copies, mappings={**places, mapping: tender / mapping}))
    readings = read_responses(evaluation, skip_unreadable=True, mapping=mapping or None, password=password)
    measured = measure_pilot(evaluation, readings, skip_unreadable=True)
    locked = (issue for reading in readings for issue in reading.issues if issue.code in _LOCKED)
    reads: list[Read] = []
    result = evaluate_readings(evaluation, readings, measured, reads.append)
    return _Again(evaluation, result, reads[0], tuple(locked))


def _restore_record(tender: Path, facts: ResultFacts, log: Log) -> None:
    """Put the log back to the lines that the result saw, and leave out letters that saw more."""
    anchor, path = facts.anchor, tender / LOG
    if anchor is None:
        path.unlink(missing_ok=True)
        return
    is_unfinished = any(fault.code == "record-unfinished" for fault in anchor.faults)
    if path.is_file() and not (is_unfinished and anchor.lines >= len(log.raw)):
        path.write_bytes(b"".join(line + b"\n" for line in log.raw[: anchor.lines]))
    if dict(anchors_of(tender)).get(Path(LETTERS).name, (0, ""))[0] > anchor.lines:
        (tender / LETTERS).unlink()


def _difference(frozen: bytes, again: Result, *, is_other: bool) -> FirstDifference | None:
    """Find the first place where the result differs; None where it is the same."""
    text = again.to_json().encode()
    if text == frozen:
        return None
    old, new = json.loads(frozen), json.loads(text)
    if is_other:
        for result in (old, new):
            result["evaluation"]["method"].pop("tool_version", None)
            issues = result["evaluation"].get("issues", [])
            result["evaluation"]["issues"] = [issue for issue in issues if issue.get("code") != "seal-version"]
    difference = next(_differences(old, new, ""), None)
    if difference is None and not is_other:
        return FirstDifference("", "other bytes of the same values", "")
    return difference


def _differences(old: Any, new: Any, path: str) -> Iterator[FirstDifference]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in (*old, *(key for key in new if key not in old)):
            yield from _differences(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            before, after = (side[index] if index < len(side) else None for side in (old, new))
            yield from _differences(before, after, f"{path}[{index}]")
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield FirstDifference(path, old, new)
