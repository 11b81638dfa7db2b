"""seal.json: the decisive settings as they were fixed before the first response, and what changed since."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from os.path import lexists
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from vendor_eval.config.input_files import load_json, read_regular
from vendor_eval.intake.inbox import price_files, response_files
from vendor_eval.issues import Issue, Location, VendorEvalError
from vendor_eval.record.canonical import canonical, differences, digest
from vendor_eval.record.lock import replace_file
from vendor_eval.record.log import (
    AMEND,
    FILE as LOG,
    FILE_KEY,
    FINDING,
    OF_FILES,
    OPEN,
    OVERRIDE,
    SEAL,
    SEAL_FILE,
    Entry,
    Line,
    Log,
    append,
    has_begun,
    log_anchor,
    read_log,
)
from vendor_eval.record.quality import quality_closed, quality_issues
from vendor_eval.record.settings import sealed_settings
from vendor_eval.results import RecordState, ReplacedResponse, SettingChange
from vendor_eval.results.base import Record
from vendor_eval.results.record import OverrideRecord
from vendor_eval.tender import Evaluation

FILE = SEAL_FILE
_LISTED = 10


class Sealing(Record):
    """Who sealed, when, and how many responses were there; `late` is why it was done with some there."""

    at: AwareDatetime
    by: str
    late: str | None
    responses: int


class Seal(Record):
    """The file seal.json; `sha256` is that of the canonical settings."""

    schema_: Literal["vendor-eval/seal/1"] = Field(default="vendor-eval/seal/1", alias="schema")
    sealed: Sealing
    tool_version: str
    sha256: str
    settings: dict[str, Any]

    @property
    def day(self) -> str:
        """The day as the clock of whoever sealed showed it."""
        return self.sealed.at.date().isoformat()


def read_seal(folder: Path) -> tuple[Seal | None, Issue | None]:
    """Read seal.json; None without one. The issue says that it is none of ours, or was edited."""
    path = folder / FILE
    if not lexists(path):
        return None, None
    try:
        seal = load_json(path, Seal)
    except (OSError, ValueError):
        return None, Issue("seal-edited", "is not what 'vendor-eval seal' wrote: restore a copy", Location(FILE))
    fits = seal.sha256 == digest(seal.settings)
    message = "its settings are not those that were sealed, since sha256 does not fit: restore a copy"
    return seal, None if fits else Issue("seal-edited", message, Location(FILE))


def refuse_seal(evaluation: Evaluation, log: Log, late: str) -> None:
    """Raise VendorEvalError where the settings are sealed for good, or a response or price came in and nobody says why.

    Also where the chain of the log is broken, seal.json is none of ours, or a setting has a fault.
    """
    log.refuse_broken()
    sealed_settings(evaluation)
    seal, fault = read_seal(evaluation.folder)
    if seal is None and fault is not None:
        raise VendorEvalError(f"{evaluation.folder / FILE}: {fault.message}, or move it away")
    if (seal is None and late) or not has_responses(evaluation, log):
        return
    present = sealed_files(evaluation)
    more = f" and {len(present) - _LISTED} more" if len(present) > _LISTED else ""
    files = f"{', '.join(present[:_LISTED])}{more}" if present else f"a response that {LOG} lists"
    cure = "explain the change with 'decide --act amend'" if seal else "--late REASON seals all the same"
    raise VendorEvalError(f"{evaluation.folder}: {files} came in, so nothing is sealed; {cure}")


def write_seal(evaluation: Evaluation, log: Log, *, moment: datetime, by: str, late: str = "") -> Log:
    """Fix the decisive settings in seal.json, in place of an earlier seal, and log it; the caller has the lock.

    Raises as `refuse_seal` does, and VendorEvalError where nothing can be written; then all is as it was.
    """
    refuse_seal(evaluation, log, late)
    path, (old, _) = evaluation.folder / FILE, read_seal(evaluation.folder)
    before = read_regular(path) if old else None
    settings, present = sealed_settings(evaluation), sealed_files(evaluation)
    late = late if has_responses(evaluation, log) else ""
    seal = Seal(
        sealed=Sealing(at=moment.replace(microsecond=0), by=by, late=late or None, responses=len(present)),
        tool_version=version("vendor-eval"),
        sha256=digest(settings),
        settings=settings,
    )
    text = json.dumps(seal.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1)
    replace_file(path, f"{text}\n".encode())
    earlier = _line_of(log)
    replaced = {"sha256": old.sha256} if old else earlier.new if earlier else None
    try:
        line = Entry(act=SEAL, by=by, why=late, old=replaced, new={"sha256": seal.sha256})
        return append(evaluation.folder, log, [line], moment)
    except VendorEvalError:
        if before is None:
            path.unlink()
        else:
            replace_file(path, before)
        raise


def sealed_files(evaluation: Evaluation) -> tuple[str, ...]:
    """List the files of an evaluation that would be read as a response or a price."""
    return (*response_files(evaluation), *price_files(evaluation))


def has_responses(evaluation: Evaluation, log: Log) -> bool:
    """Tell whether a response or a price is there, or was there by what the log says."""
    return bool(sealed_files(evaluation)) or any(line.act in OF_FILES for line in log.lines)


def setting_changes(seal: Seal, evaluation: Evaluation, log: Log) -> tuple[SettingChange, ...]:
    """List what differs from the seal, each with the newest line since it that explains the present value."""
    since = _line_of(log)
    amends = [line for line in log.lines if line.act == AMEND and line.n > (since.n if since else 0)]
    changed = [*differences(seal.settings, sealed_settings(evaluation))]
    # What is asked follows from the other settings, so these are named first.
    changed.sort(key=lambda change: change.key.startswith("criteria."))
    return tuple(
        SettingChange(key=change.key, old=change.old, new=change.new, **_explained(change.key, change.new, amends))
        for change in changed
    )


def _explained(key: str, new: object, amends: list[Line]) -> Mapping[str, Any]:
    for line in reversed(amends):
        if isinstance(line.new, Mapping) and key in line.new and canonical(line.new[key]) == canonical(new):
            return {"explained": True, "by": line.by, "on": line.day, "why": line.why, "line": line.n}
    return {}


def _line_of(log: Log) -> Line | None:
    """Find the line of the newest seal."""
    return next((line for line in reversed(log.lines) if line.act == SEAL), None)


@dataclass(frozen=True)
class ReadRecord:
    """The record of an evaluation as its result shows it, and issues of the seal."""

    state: RecordState | None = None
    issues: tuple[Issue, ...] = ()


def read_record(
    evaluation: Evaluation,
    owners: Mapping[str, str],
    names: Mapping[str, str] | None = None,
    qualities: Mapping[str, float | None] | None = None,
) -> ReadRecord:
    """Compare the present settings with the seal and the log; `owners` maps files of responses to vendors.

    Of vendors `names` and `qualities` are those of now, by id. An evaluation with neither seal nor log has no record.
    """
    folder = evaluation.folder
    if not has_begun(folder):
        return ReadRecord()
    log = read_log(folder)
    anchor, (seal, fault) = log_anchor(log), checked_seal(folder, log)
    changes = setting_changes(seal, evaluation, log) if seal and not fault else ()
    explained = all(change.explained for change in changes) and not (fault and lexists(folder / FILE))
    closed = quality_closed(log, qualities or {})
    since = quality_issues(closed, log, names or {}, owners)
    state = RecordState(
        sealed=seal.day if seal else None,
        by=seal.sealed.by if seal else None,
        late=seal.sealed.late if seal else None,
        state="unexplained" if not explained else "changed" if changes else "unchanged" if seal else "unsealed",
        responses_replaced=tuple(_replaced(log, owners)),
        overrides=tuple(_overrides(log)),
        changes=changes,
        log=anchor if lexists(folder / LOG) or seal else None,
        quality_closed=closed,
    )
    other = None
    if seal is not None and seal.tool_version != version("vendor-eval"):
        text = f"sealed with vendor_eval {seal.tool_version}: what this release asks otherwise is a change since"
        other = Issue("seal-version", text, Location(FILE))
    return ReadRecord(state, tuple(issue for issue in (fault, other, *since) if issue))


def checked_seal(folder: Path, log: Log) -> tuple[Seal | None, Issue | None]:
    """Read seal.json as `read_seal` does; the issue may also say that the log tells of another seal."""
    seal, fault = read_seal(folder)
    line = _line_of(log)
    return seal, fault or (_differs_from(line, seal) if line else None)


def _differs_from(line: Line, seal: Seal | None) -> Issue | None:
    if seal is None:
        return Issue("seal-edited", f"is gone, which line {line.n} of {LOG} wrote: restore a copy", Location(FILE))
    logged = line.new.get("sha256") if isinstance(line.new, Mapping) else None
    same = (logged, line.by, line.why, datetime.fromisoformat(line.time)) == (
        seal.sha256,
        seal.sealed.by,
        seal.sealed.late or "",
        seal.sealed.at,
    )
    message = f"is another seal than line {line.n} of {LOG} says: restore a copy"
    return None if same else Issue("seal-edited", message, Location(FILE))


def value_of(line: Line, key: str) -> Any:
    """Return the value that a line gives to a key."""
    return line.new.get(key) if line.act == OPEN and isinstance(line.new, dict) else line.new


def _replaced(log: Log, owners: Mapping[str, str]) -> Iterator[ReplacedResponse]:
    """List the files that were exchanged since the log saw them first, each with the day of its last replacement.

    One that was taken out and came back as another was exchanged as well.
    """
    hashes: dict[str, object] = {}
    days: dict[str, str] = {}
    for line in log.lines:
        for key in line.about if line.act in OF_FILES else ():
            value = value_of(line, key)
            if value is not None and hashes.setdefault(key, value) != value:
                hashes[key], days[key] = value, line.day
    for key, day in days.items():
        file = key.removeprefix(FILE_KEY)
        yield ReplacedResponse(vendor=owners.get(file, ""), file=file, on=day)


def _overrides(log: Log) -> Iterator[OverrideRecord]:
    """List the levels of the buyer that count in place of the panel's: the newest line of each, unless taken back."""
    newest = {line.about[0]: line for line in log.lines if line.act in {OVERRIDE, FINDING} and line.about}
    for line in newest.values():
        if line.act == OVERRIDE and isinstance(line.old, int | float) and isinstance(line.new, Mapping):
            vendor, question, level = (line.new.get(key) for key in ("vendor", "question", "level"))
            level = level if isinstance(level, int | float) else 0
            own = {"old": line.old, "new": level, "by": line.by, "why": line.why, "on": line.day, "line": line.n}
            yield OverrideRecord(vendor=str(vendor), question=str(question), **own)
