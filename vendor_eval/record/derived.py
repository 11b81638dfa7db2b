"""What the log derives from the YAML files, score sheets and responses, so that nobody types it twice."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from vendor_eval.config.input_files import hash_regular
from vendor_eval.findings.acts import PilotFinding, aggregated, listed_findings, panel_levels
from vendor_eval.findings.sheets import Scores
from vendor_eval.forms.identity import claimed_clarifications
from vendor_eval.intake.listing import spelt
from vendor_eval.record.canonical import differences, digest
from vendor_eval.record.log import (
    CLARIFICATION,
    FILE_KEY,
    FINDING,
    OF_FILES,
    OPEN,
    OVERRIDE,
    RESPONSE,
    SEAL,
    Entry,
    Line,
    Log,
    append,
    cut,
)
from vendor_eval.record.seal import read_seal, sealed_files, value_of
from vendor_eval.record.settings import sealed_settings
from vendor_eval.results.pilot import BY_PILOT
from vendor_eval.tender import CONSENSUS, Evaluation
from vendor_eval.tender.award import listed_award
from vendor_eval.tender.conditions import listed_conditions

SETTING, CONFLICT = "setting", "conflict"
# Acts that are derived, and where each is written down.
SOURCES = {
    SETTING: "evaluation.yaml",
    OPEN: "responses/",
    RESPONSE: "responses/",
    CLARIFICATION: "responses/",
    "late_accepted": "evaluation.yaml, accept_late of the vendor",
    FINDING: "findings.yaml",
    OVERRIDE: "findings.yaml",
    "level": "the score sheet in scores/",
    "waiver": "evaluation.yaml, under waivers",
    CONFLICT: "evaluation.yaml, conflicts of the evaluator",
    "recusal_lifted": "evaluation.yaml, conflicts of the evaluator",
    "condition": "conditions.yaml",
    "award": "award.yaml",
}
_NOTE_DIGITS = 12


@dataclass(frozen=True)
class Read:
    """What was read of an evaluation: ids of the vendors, their score sheets, acts of the pilot that count.

    Lines of vendors that were not read stay as they are in the log, and those of the pilot where it was not measured.
    """

    vendors: Container[str] = ()
    scores: Scores = field(default_factory=Scores)
    pilot: Sequence[PilotFinding] | None = None


_Pairs = Iterator[tuple[str, Entry]]


def present(evaluation: Evaluation, read: Read) -> dict[str, Entry]:
    """Derive what stands in the files of an evaluation now, by key of the log, without settings."""
    derived = (_responses, _late, _findings, _sheets, _waivers, _conflicts, _award, _conditions)
    pairs = [pair for source in derived for pair in source(evaluation, read)]
    pairs.sort(key=lambda pair: (pair[0], pair[1].on or ""))
    state: dict[str, Entry] = {}
    for key, several in groupby(pairs, key=itemgetter(0)):
        for number, (_, entry) in enumerate(several, 1):
            name = key if number == 1 else f"{key}/{number}"
            state[name] = replace(entry, about=(name,), new=cut(entry.new))
    return state


def _responses(evaluation: Evaluation, _read: Read) -> _Pairs:
    for file in sealed_files(evaluation):
        try:
            sha256 = hash_regular(evaluation.folder / file)
        except OSError:
            sha256 = "unreadable"  # its reader says why
        yield f"{FILE_KEY}{spelt(file)}", Entry(act=RESPONSE, new=sha256)


def _late(evaluation: Evaluation, _read: Read) -> _Pairs:
    for vendor in evaluation.settings.vendors:
        if why := vendor.accept_late:
            yield f"late/{vendor.id}", Entry(act="late_accepted", why=why, new=why)


def _findings(evaluation: Evaluation, read: Read) -> _Pairs:
    levels, rule = panel_levels(read.scores.findings), evaluation.settings.aggregate
    for finding in (*listed_findings(evaluation.folder), *(read.pilot or ())):
        value = finding.model_dump(mode="json", exclude_defaults=True, exclude={"place", "number", "interval"})
        kind = {"verified": "evidence", "claim": "evidence"}.get(finding.kind, finding.kind)
        kind += f"/{digest(value)[:_NOTE_DIGITS]}" if kind == "note" else ""
        panel = levels.get((finding.vendor, finding.question), ()) if finding.level is not None else ()
        is_override = bool(panel) and rule != CONSENSUS
        yield (
            f"finding/{finding.vendor}/{finding.question or '-'}/{kind}",
            Entry(
                act=OVERRIDE if is_override else FINDING,
                by=finding.by,
                why=finding.reason or finding.note,
                old=aggregated(panel, rule) if is_override else None,
                new=value,
                on=finding.date.isoformat(),
            ),
        )


def _sheets(_evaluation: Evaluation, read: Read) -> _Pairs:
    shown = {"level", "answer", "verified", "claim", "reason", "note"}
    for act in read.scores.entered:
        value = act.model_dump(mode="json", exclude_defaults=True, include=shown)
        entry = Entry(act="level", by=act.by, why=act.reason, new=value, on=act.date.isoformat())
        yield f"sheet/{act.evaluator}/{act.vendor}/{act.question}", entry


def _waivers(evaluation: Evaluation, _read: Read) -> _Pairs:
    for waiver in evaluation.settings.waivers:
        value = waiver.model_dump(mode="json", exclude_defaults=True)
        entry = Entry(act="waiver", by=waiver.approved_by, why=waiver.reason, new=value, on=waiver.date.isoformat())
        yield f"waiver/{waiver.vendor}/{waiver.question or waiver.node}", entry


def _conflicts(evaluation: Evaluation, read: Read) -> _Pairs:
    for evaluator in evaluation.settings.evaluators:
        for conflict in evaluator.conflicts:
            value = conflict.model_dump(mode="json", exclude_defaults=True)
            counts = value.get("recuse") is False
            by, why = (value["decided_by"], value["why"]) if counts else (evaluator.shown, conflict.reason)
            entry = Entry(act="recusal_lifted" if counts else CONFLICT, by=by, why=why, new=value)
            yield f"conflict/{evaluator.id}/{conflict.vendor}", entry
    written = {(evaluator.id, c.vendor) for evaluator in evaluation.settings.evaluators for c in evaluator.conflicts}
    people = {evaluator.id: evaluator.shown for evaluator in evaluation.settings.evaluators}
    for interest in read.scores.interests:
        if interest.pair not in written:
            new = {"vendor": interest.vendor, "reason": interest.reason}
            entry = Entry(act=CONFLICT, by=people[interest.evaluator], why=interest.reason, new=new)
            yield f"conflict/{interest.evaluator}/{interest.vendor}", entry


def _award(evaluation: Evaluation, _read: Read) -> _Pairs:
    if award := listed_award(evaluation.folder):
        value = award.model_dump(mode="json", exclude_defaults=True, exclude={"reasons", "about_winner"})
        yield "award", Entry(act="award", by=award.by, why=award.reason, new=value, on=award.date.isoformat())


def _conditions(evaluation: Evaluation, _read: Read) -> _Pairs:
    for condition in listed_conditions(evaluation.folder):
        value = condition.model_dump(mode="json", exclude_defaults=True)
        yield f"condition/{condition.id}", Entry(act="condition", new=value)


def replayed(log: Log) -> dict[str, Line]:
    """Find the last line of each derived key that has a value, without settings; of an `open` its value is by key."""
    state: dict[str, Line] = {}
    for line in log.lines:
        if line.act in SOURCES and line.act != SETTING:
            for key in line.about:
                state[key] = line
    return {key: line for key, line in state.items() if value_of(line, key) is not None}


def synchronise(evaluation: Evaluation, read: Read, log: Log, moment: datetime, *, by: str) -> Log:
    """Append a line for each difference between the files and the log, in order of the keys; the caller has the lock.

    `by` is who runs the command: a changed setting names nobody else. A broken log stays as it is.
    """
    if log.chain == "broken":
        return log
    changes = [*outstanding(evaluation, read, log), *outstanding_settings(evaluation, log, by)]
    return append(evaluation.folder, log, sorted(changes, key=lambda entry: entry.about[0]), moment)


def outstanding_settings(evaluation: Evaluation, log: Log, by: str = "") -> Iterator[Entry]:
    """List settings that differ from what the lines since the last seal say of them."""
    seal, fault = read_seal(evaluation.folder)
    if seal is None or fault:
        return
    last = max((line.n for line in log.lines if line.act == SEAL), default=0)
    logged: dict[str, tuple[Any, Any]] = {}
    for line in log.lines:
        for about in line.about if line.act == SETTING and line.n > last else ():
            key = about.removeprefix("setting/")
            logged[key] = (logged.get(key, (line.old,))[0], line.new)
    now = differences(seal.settings, sealed_settings(evaluation))
    changed = {difference.key: (cut(difference.old), cut(difference.new)) for difference in now}
    for key in {*logged, *changed}:
        old = logged[key][1] if key in logged else changed[key][0]
        new = changed[key][1] if key in changed else logged[key][0]
        if old != new:
            yield Entry(act=SETTING, by=by, about=(f"setting/{key}",), old=old, new=new)


def outstanding(evaluation: Evaluation, read: Read, log: Log) -> Iterator[Entry]:
    """List what the files of an evaluation say and the log does not yet, without settings."""
    known = replayed(log)
    derived = present(evaluation, read)
    vanished = [key for key, line in known.items() if key not in derived and not _is_unread(key, line, read)]
    state = {key: entry for key, entry in derived.items() if _differs(known.get(key), entry, key)}
    files = [key for key, entry in state.items() if entry.act == RESPONSE]
    if files and not any(line.act in OF_FILES for line in log.lines):
        new = {key: state.pop(key).new for key in files}
        yield Entry(act=OPEN, about=tuple(new), old=dict.fromkeys(new), new=new)
    claimed = claimed_clarifications(evaluation.folder, [key.removeprefix(FILE_KEY) for key in files if key in state])
    for key, entry in state.items():
        act = CLARIFICATION if key.removeprefix(FILE_KEY) in claimed else entry.act
        old = value_of(known[key], key) if key in known and act != OVERRIDE else entry.old
        yield replace(entry, act=act, old=old)
    for key in vanished:
        line = known[key]
        act = RESPONSE if line.act in {OPEN, CLARIFICATION} else line.act
        yield Entry(act=act, about=(key,), old=value_of(line, key))


def _differs(line: Line | None, entry: Entry, key: str) -> bool:
    if line is None:
        return True
    return value_of(line, key) != entry.new or (entry.act == OVERRIDE and line.act != OVERRIDE)


def _is_unread(key: str, line: Line, read: Read) -> bool:
    """Tell whether nobody looked at what a key is about, so that it has not vanished."""
    if key.startswith("sheet/"):
        return key.split("/")[2] not in read.vendors
    return line.by == BY_PILOT and read.pilot is None
