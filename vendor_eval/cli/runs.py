"""Shared steps of commands: loading, reading, writing, progress and notes."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vendor_eval.cli.group import say
from vendor_eval.cli.options import BY
from vendor_eval.issues import InputError, VendorEvalError

if TYPE_CHECKING:
    from vendor_eval.criteria.questions import Stage
    from vendor_eval.intake.responses import VendorReading
    from vendor_eval.pilot.measure import Measurement
    from vendor_eval.record.derived import Read
    from vendor_eval.record.log import Entry, Log
    from vendor_eval.reports.pages.documents import Document
    from vendor_eval.results import Result, VendorRecord
    from vendor_eval.run.outputs import Wanted
    from vendor_eval.tender import Evaluation


def loaded(path: str | Path, as_of: datetime | None = None, stage: "Stage | None" = None) -> "Evaluation":
    """Load an evaluation; `as_of` and `stage` replace its day and its stage."""
    from vendor_eval.run.evaluate import load_evaluation

    return load_evaluation(path, as_of=as_of.date() if as_of else None, stage=stage, with_award=True)


def say_grave(evaluation: "Evaluation") -> None:
    """List on stderr what evaluation.yaml leaves out for good: questions or ratings that nobody is asked for."""
    from vendor_eval.tender.warnings import grave_warnings

    for issue in grave_warnings(evaluation):
        say(f"Warning: {issue}")


def run(
    evaluation: "Evaluation",
    *,
    skip_unreadable: bool,
    mapping: str | None = None,
    compare_texts: bool = True,
    logged_as: str = "",
    write_log: "Callable[[Read], None] | None" = None,
    explorable: bool = False,
) -> "tuple[Result, Measurement | None]":
    """Read and evaluate every response, and measure the pilot; list on stderr files and vendors that were left out.

    A result that is written to results.json or report.html has to be `explorable`.

    A command that writes the log is `logged_as` its name; one that writes it later is passed what was read by
    `write_log`.
    """
    from vendor_eval.intake.inbox import RESPONSES, count_hidden_files, ignored_files, vendor_files
    from vendor_eval.reports.wording.panel import uncounted
    from vendor_eval.run.evaluate import evaluate_readings
    from vendor_eval.run.pilot import measure_pilot

    say_grave(evaluation)
    for stray in ignored_files(evaluation):
        say(f"not read: {stray.file} {stray.reason}")
    if skipped := count_hidden_files(evaluation):
        say(f"skipped in {RESPONSES}/: {skipped} hidden or temporary file{'s' if skipped > 1 else ''}")
    if not any(vendor.files for vendor in vendor_files(evaluation)):
        folder = evaluation.folder / RESPONSES
        cure = "put the filled workbooks there"
        raise VendorEvalError(f"{folder}: no responses, so there is nothing to evaluate; {cure}")
    readings = read(evaluation, skip_unreadable=skip_unreadable, mapping=mapping, compare_texts=compare_texts)
    if evaluation.settings.pilot:
        progress("measuring")("the pilot")
    measured = measure_pilot(evaluation, readings, skip_unreadable=skip_unreadable)
    progress("scoring")(f"{len(readings)} vendors")
    writes = write_log or partial(_write_log, evaluation, logged_as)
    result = evaluate_readings(evaluation, readings, measured, writes, explorable=explorable)
    clear_progress()
    for sentence in uncounted(result):
        say(sentence)
    for vendor in result.pilot.vendors if result.pilot else ():
        if vendor.status == "not_measured":
            say(f"Not measured: {vendor.id}: {vendor.message}")
    return result, measured


def _write_log(evaluation: "Evaluation", command: str, read: "Read") -> None:
    """Append what an evaluation on record derives, where the command writes the log; a broken one stays as it is."""
    from vendor_eval.record.log import has_begun, read_log

    if not command:
        return
    if has_begun(evaluation.folder):
        with open_log(evaluation, read, command) as log:
            faults = log.faults
    else:
        # A log that is gone as a whole: outputs of before may have seen its lines.
        faults = read_log(evaluation.folder).faults
    for fault in faults:
        say(str(fault))


@contextmanager
def open_log(
    evaluation: "Evaluation", read: "Read", command: str, *repairs: "Callable[[Log], list[Entry]]"
) -> "Iterator[Log]":
    """Lock the log, append what its files derive, and yield it; list its notices on stderr.

    What `repairs` makes of a broken log is appended first.
    """
    from vendor_eval.record.derived import synchronise
    from vendor_eval.record.lock import locked
    from vendor_eval.record.log import append, read_log

    moment = datetime.now().astimezone()
    with locked(evaluation.folder, command) as notices:
        log = read_log(evaluation.folder)
        for issue in (*notices, *log.notices):
            say(str(issue))
        log = append(evaluation.folder, log, [entry for repair in repairs for entry in repair(log)], moment)
        yield synchronise(evaluation, read, log, moment, by=os.environ.get(BY, ""))


def read_for_log(evaluation: "Evaluation") -> "Read":
    """Read what the log derives of score sheets and the pilot, and for them the responses, where there are any."""
    from vendor_eval.findings.sheet_owners import FOLDER
    from vendor_eval.intake.listing import entries
    from vendor_eval.record.derived import Read
    from vendor_eval.run.evaluate import read_for_log as read_acts

    has_sheets = bool(evaluation.settings.evaluators) and any(entries(evaluation.folder / FOLDER))
    if not has_sheets and not evaluation.settings.pilot:
        return Read(pilot=())

    def say_faults(error: InputError) -> None:
        for issue in error.issues:
            say(f"The pilot is not measured: {issue}")

    return read_acts(evaluation, read(evaluation, skip_unreadable=True, compare_texts=False), say_faults)


def read(
    evaluation: "Evaluation", *, skip_unreadable: bool, mapping: str | None = None, compare_texts: bool = True
) -> "tuple[VendorReading, ...]":
    """Read every response; list on stderr which vendors were not evaluated, and why."""
    from vendor_eval.run.evaluate import read_responses

    readings = read_responses(
        evaluation,
        skip_unreadable=skip_unreadable,
        mapping=mapping,
        progress=progress("reading"),
        password=ask_password,
        compare_texts=compare_texts,
    )
    clear_progress()
    for reading in readings:
        if reading.submission is None:
            reasons = "; ".join(str(issue) for issue in reading.issues) or reading.reason
            say(f"Not evaluated: {reading.vendor.id}: {reasons}")
    return readings


# A command that is done by then says nothing of its steps, where no terminal shows them.
QUIET_SECONDS = 2.0
_STARTED = "vendor_eval.started"


def progress(doing: str) -> Callable[[str], None]:
    """Return a function that shows the current step: in place on a terminal, as lines elsewhere once it takes long."""
    from vendor_eval.formatting.printable import one_line

    if sys.stderr.isatty():
        return lambda name: click.echo(f"\r\x1b[K{doing} {one_line(name)}\r", err=True, nl=False)
    started: float = click.get_current_context().meta.setdefault(_STARTED, time.monotonic())

    def say_late(name: str) -> None:
        if time.monotonic() - started > QUIET_SECONDS:
            say(f"{doing} {one_line(name)}")

    return say_late


def ask_password(file: str) -> str | None:
    """Return the password of a file: from the environment, else typed on a terminal; None without a terminal."""
    from vendor_eval.formatting.printable import one_line
    from vendor_eval.spreadsheets import known_password

    known = known_password(file)
    if known is not None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return known
    clear_progress()
    question = f"Password of {one_line(file)} (empty: go on without it)"
    typed = click.prompt(question, default="", show_default=False, hide_input=True, err=True)
    return typed or None


def clear_progress() -> None:
    """Erase the last progress from the terminal."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)


def evaluate_and_write(
    path: Path,
    wanted: "Wanted",
    *,
    as_of: datetime | None = None,
    stage: "Stage | None" = None,
    skip_unreadable: bool = False,
    mapping: str | None = None,
) -> "Result":
    """Evaluate, write `out/` as a set, print the decision and where the files are."""
    from vendor_eval.reports.terminal.decision import decision_text
    from vendor_eval.run.outputs import (
        clarification_files,
        clarifications,
        pilot_files,
        render,
        replaced,
        with_tokens_kept,
    )
    from vendor_eval.run.publish import listing, publish

    evaluation = loaded(path, as_of, stage)
    result, measured = run(
        evaluation, skip_unreadable=skip_unreadable, mapping=mapping, logged_as="evaluate", explorable=True
    )
    progress("writing")("clarifications")
    asked = clarification_files(clarifications(result, evaluation)) | pilot_files(result.pilot, measured)
    result = with_tokens_kept(result, evaluation)
    rendered = render(result, wanted, progress=progress("writing"))
    files = {**rendered.files, **asked}
    within = replaced(wanted.formats, clarified=True)
    published = publish(evaluation.folder / "out", files, within=within, progress=progress("writing"))
    clear_progress()
    for note in (*rendered.warnings, *published.notes):
        say(f"Note: {note}")
    click.echo(decision_text(result, listing(evaluation.folder / "out", files)))
    if sentence := with_record("", result):
        say(sentence)
    return result


def write_document(document: "Document", output: Path) -> Path:
    """Write pages, as HTML to print where Pango is missing, print their warnings, and return their place."""
    from vendor_eval.run.publish import write_file

    path = output if output.suffix.casefold() == document.suffix else output.with_suffix(document.suffix)
    write_file(path, document.data)
    for warning in document.warnings:
        say(f"Note: {warning}")
    return path


def with_record(text: str, result: "Result") -> str:
    """Add what the record says, in one line, as the last of a text."""
    from vendor_eval.reports.wording.record import record_sentence

    return "\n\n".join(filter(None, (text, record_sentence(result.evaluation))))


def stop_if_unexplained(result: "Result") -> None:
    """End with exit code 1 where nobody gave a reason for a change since the seal, or seal or log cannot be trusted."""
    record = result.evaluation.record
    is_broken = record is not None and record.log is not None and record.log.chain == "broken"
    is_edited = any(issue.code == "seal-edited" for issue in result.evaluation.issues)
    if is_broken or is_edited or (record is not None and record.state == "unexplained"):
        click.get_current_context().exit(1)


def stop_if_blocked(result: "Result") -> None:
    """End with exit code 1 where an issue is blocking."""
    severities = [issue.severity for vendor in result.vendors for issue in vendor.issues]
    severities += [issue.severity for issue in result.panel.issues] if result.panel else []
    severities += [i.severity for vendor in result.pilot.vendors for i in vendor.issues] if result.pilot else []
    blocking = severities.count("blocking") + sum(vendor.pilot == "unreadable" for vendor in result.vendors)
    if blocking:
        click.echo(f"{blocking} blocking issue{'s' if blocking > 1 else ''}", err=True)
        click.get_current_context().exit(1)


def with_eval(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Split words into EVAL, a folder with evaluation.yaml or a .yaml file, and the rest; without it `.`."""
    from vendor_eval.tender import FILE

    first = Path(words[0])
    named = (first / FILE).is_file() or first.suffix in {".yaml", ".yml"}
    return (words[0], words[1:]) if named else (".", words)


def vendor_of(result: "Result", name: str) -> "VendorRecord":
    """Find a vendor by its id or name in any case; raise VendorEvalError that names the nearest and the known ones."""
    from vendor_eval.criteria.parsing import normalize
    from vendor_eval.issues import did_you_mean

    for spelling in (str, normalize):
        for key in ("id", "name"):
            fitting = [vendor for vendor in result.vendors if spelling(getattr(vendor, key)) == spelling(name)]
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                fit = ", ".join(vendor.id for vendor in fitting)
                raise VendorEvalError(f"'{name}' is the name of several vendors: give the id, one of {fit}")
    names = [vendor.name for vendor in result.vendors]
    ids = [vendor.id for vendor in result.vendors]
    hint = f"{did_you_mean(name, [*ids, *names])}; known are {', '.join(ids) or 'none'}"
    raise VendorEvalError(f"'{name}' is no vendor of this evaluation{hint}")
