"""What commands share: loading, reading, writing, and what is said on the way."""

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vendor_eval.cli.group import say
from vendor_eval.issues import VendorEvalError

if TYPE_CHECKING:
    from vendor_eval.intake.responses import VendorReading
    from vendor_eval.results import Result, VendorRecord
    from vendor_eval.run.outputs import Wanted
    from vendor_eval.tender import Evaluation


def loaded(path: str | Path, as_of: datetime | None = None) -> "Evaluation":
    """Load an evaluation, judged on another day where one is given."""
    from vendor_eval.run.evaluate import load_evaluation

    return load_evaluation(path, as_of=as_of.date() if as_of else None)


def run(evaluation: "Evaluation", *, skip_unreadable: bool, mapping: str | None = None) -> "Result":
    """Read and evaluate every response, and say on stderr what was left out."""
    from vendor_eval.run.evaluate import evaluate_readings, read_responses

    _say_not_read(evaluation)
    readings = read_responses(
        evaluation,
        skip_unreadable=skip_unreadable,
        mapping=mapping,
        progress=progress("reading"),
        password=ask_password,
    )
    clear_progress()
    say_skipped(readings)
    return evaluate_readings(evaluation, readings)


def _say_not_read(evaluation: "Evaluation") -> None:
    from vendor_eval.intake.inbox import RESPONSES, count_hidden_files, ignored_files, vendor_files

    for stray in ignored_files(evaluation):
        say(f"not read: {stray.file} {stray.reason}")
    if skipped := count_hidden_files(evaluation):
        say(f"skipped in {RESPONSES}/: {skipped} hidden or temporary file{'s' if skipped > 1 else ''}")
    if not any(vendor.files for vendor in vendor_files(evaluation)):
        folder = evaluation.folder / RESPONSES
        raise VendorEvalError(
            f"{folder}: no responses, so there is nothing to evaluate; put the filled workbooks there"
        )


def progress(doing: str) -> Callable[[str], None]:
    """Show on a terminal what is being worked on; nothing anywhere else."""
    from vendor_eval.formatting.printable import one_line

    if not sys.stderr.isatty():
        return lambda _name: None
    return lambda name: click.echo(f"\r\x1b[K{doing} {one_line(name)}\r", err=True, nl=False)


def ask_password(file: str) -> str | None:
    """Password of a file: the environment's, else what a person types; None where there is nobody to ask."""
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
    """Take the last progress off the terminal."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)


def say_skipped(readings: "Sequence[VendorReading]") -> None:
    """Say which vendors were not evaluated, and why."""
    for reading in readings:
        if reading.submission is None:
            reasons = "; ".join(str(issue) for issue in reading.issues) or reading.reason
            say(f"Not evaluated: {reading.vendor.id}: {reasons}")


def evaluate_and_write(
    path: Path,
    wanted: "Wanted",
    *,
    as_of: datetime | None = None,
    skip_unreadable: bool = False,
    mapping: str | None = None,
) -> "Result":
    """Evaluate, write `out/` as a set, print the ranked table."""
    from vendor_eval.reports.terminal.ranking import ranked_table
    from vendor_eval.run.outputs import clarification_files, clarifications, render
    from vendor_eval.run.publish import publish

    evaluation = loaded(path, as_of)
    result = run(evaluation, skip_unreadable=skip_unreadable, mapping=mapping)
    rendered = render(result, wanted, progress=progress("writing"))
    files = {**rendered.files, **clarification_files(clarifications(result, evaluation))}
    publish(evaluation.folder / "out", files)
    clear_progress()
    click.echo(ranked_table(result))
    for warning in rendered.warnings:
        say(f"Note: {warning}")
    say(f"Wrote {written(evaluation.folder / 'out', files)}")
    return result


def written(folder: Path, files: Iterable[str]) -> str:
    """Name what was written, a folder of files by their count."""
    inside: dict[str, list[str]] = {}
    for name in files:
        inside.setdefault(name.partition("/")[0], []).append(name)
    return ", ".join(
        str(folder / first)
        if names == [first]
        else f"{folder / first} ({len(names)} file{'s' if len(names) > 1 else ''})"
        for first, names in inside.items()
    )


def stop_if_blocked(result: "Result") -> None:
    """End with exit code 1 where an issue is blocking."""
    issues = [issue for vendor in result.vendors for issue in vendor.issues]
    issues += result.panel.issues if result.panel else ()
    blocking = sum(issue.severity == "blocking" for issue in issues)
    if blocking:
        click.echo(f"{blocking} blocking issue{'s' if blocking > 1 else ''}", err=True)
        click.get_current_context().exit(1)


def vendor_of(result: "Result", name: str) -> "VendorRecord":
    """Find a vendor by its id; raise VendorEvalError that names the known ones."""
    from vendor_eval.issues import did_you_mean

    try:
        return result.vendor(name)
    except KeyError:
        known = [vendor.id for vendor in result.vendors]
        hint = f"{did_you_mean(name, known)}; known are {', '.join(known) or 'none'}"
        message = f"'{name}' is no vendor of this evaluation{hint}"
        raise VendorEvalError(message) from None
