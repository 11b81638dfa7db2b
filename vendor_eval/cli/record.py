"""Commands of the record: what was decided, by whom, and why."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vendor_eval.cli import options
from vendor_eval.cli.group import fail, main, placed, say, show
from vendor_eval.cli.records import print_machine
from vendor_eval.cli.runs import ask_password, loaded, open_log, read, read_for_log
from vendor_eval.issues import VendorEvalError, did_you_mean

if TYPE_CHECKING:
    from vendor_eval.record.derived import Read
    from vendor_eval.record.log import Entry, Line, Log
    from vendor_eval.tender import Evaluation

_AMEND, _SENT, _REPAIR = "amend", "clarification_sent", "repair"
ACTS = (_AMEND, "cancel", _SENT, "note", _REPAIR)
_COMMANDS = {"seal": "seal", "close": "close quality", "letters": "letters"}
_LONGEST, _LISTED = 60, 3
_SHOWN = ("condition", "level", "answer", "verified", "claim", "met", "recuse", "what", "owner", "due", "until")


@main.command()
@options.eval_argument
@options.by_option
@click.option("--late", default="", metavar="REASON", help="Seal although responses came in, and say why for good.")
@options.json_option
def seal(eval_path: str, by: str, late: str, *, as_json: bool) -> None:
    """Fix weights, criteria and rules before the first response is opened; a later change is then named.

    Example: vendor-eval seal my-rfp --by "Ruth Adler"
    """
    from vendor_eval.record.canonical import differences
    from vendor_eval.record.log import read_log
    from vendor_eval.record.seal import FILE, read_seal, refuse_seal, write_seal
    from vendor_eval.reports.wording.record import change_words

    evaluation, late = loaded(eval_path), late.strip()
    # Refused before anything is written.
    refuse_seal(evaluation, read_log(evaluation.folder), late)
    before, _ = read_seal(evaluation.folder)
    with open_log(evaluation, read_for_log(evaluation), "seal") as log:
        write_seal(evaluation, log, moment=datetime.now().astimezone(), by=by, late=late)
    after, _ = read_seal(evaluation.folder)
    for change in differences(before.settings, after.settings) if before and after else ():
        say(f"Changed since the seal before: {change_words(change.key, change.old, change.new)}")
    if as_json and after:
        print_machine({"file": evaluation.folder / FILE, **after.model_dump(by_alias=True)})
    else:
        show(f"Wrote {evaluation.folder / FILE}: SHA-256 {after.sha256 if after else ''} of the settings, by {by}")


@main.command()
@click.argument("what", metavar="quality", type=click.Choice(["quality"]))
@options.eval_argument
@options.by_option
@click.option("--why", default="", metavar="TEXT", help="Why the prices are opened although ratings are missing.")
@options.skip_option
def close(what: str, eval_path: str, by: str, why: str, *, skip_unreadable: bool) -> None:
    """Close the quality: log what each vendor has by then, and open the prices.

    Example: vendor-eval close quality my-rfp --by "Ruth Adler"
    """
    from vendor_eval.formatting.figures import truncated
    from vendor_eval.record.log import read_log
    from vendor_eval.record.quality import close_quality, refuse_close
    from vendor_eval.run.evaluate import evaluate_readings

    evaluation, why = loaded(eval_path), why.strip()
    # Refused before anything is written.
    refuse_close(evaluation, read_log(evaluation.folder))
    reads: list[Read] = []
    readings = read(evaluation, skip_unreadable=skip_unreadable)
    result = evaluate_readings(evaluation, readings, write_log=reads.append, explorable=False)
    levels = result.panel.missing if result.panel else ()
    unscored = dict.fromkeys((*result.evaluation.pending, *(f"{level.vendor} {level.question}" for level in levels)))
    if unscored and not why:
        missing = truncated(tuple(unscored))
        raise VendorEvalError(f"the evaluators have not scored {missing} yet; --why TEXT closes {what} all the same")
    qualities = {vendor.id: vendor.quality for vendor in result.vendors}
    if not qualities:
        raise VendorEvalError(f"{evaluation.folder}: no responses, so there is no {what} to close")
    with open_log(evaluation, reads[0], "close") as log:
        close_quality(evaluation, log, qualities, datetime.now().astimezone(), by=by, why=why)
    click.echo(f"Closed {what} of {len(qualities)} vendors by {by}: prices are open, 'vendor-eval evaluate' reads them")


@main.command()
@options.eval_argument
@click.option("--act", required=True, metavar=f"[{'|'.join(ACTS)}]", help="What is decided.")
@options.by_option
@options.why_option
@click.option("--about", multiple=True, metavar="KEY", help="What it is about: a vendor, a setting; more than once.")
@click.option("--on", type=options.DAY, show_default="today", help="Day of the act, such as 2026-12-18.")
@click.option("--due", type=options.DAY, help="Day by which something comes back, such as 2026-12-18.")
def decide(
    eval_path: str, act: str, by: str, why: str, about: tuple[str, ...], on: date | None, due: date | None
) -> None:
    """Write one decision into the log: who decided what, and why.

    Example: vendor-eval decide my-rfp --act note --by Ana --why "Two references called"
    """
    from vendor_eval.record.log import Entry, append, repairs

    _refuse_act(act)
    if on and on > datetime.now().astimezone().date():
        raise click.UsageError(f"--on {on} is later than today")
    if act == _SENT and not about:
        raise click.UsageError(f"--act {_SENT} wants --about VENDOR: who was asked?")
    evaluation = loaded(eval_path)
    entry = Entry(act=act, by=by, why=why, about=about, on=str(on) if on else None, due=str(due) if due else None)
    if act == _SENT:
        _refuse_unknown(evaluation, about)
    read = read_for_log(evaluation)
    if act == _REPAIR:
        with open_log(evaluation, read, "decide", lambda log: repairs(log, entry)) as log:
            click.echo(f"The chain is {log.chain}: 'verify' says so for ever.")
        return
    with open_log(evaluation, read, "decide") as log:
        entry = _amended(evaluation, log, entry) if act == _AMEND else entry
        written = append(evaluation.folder, log, [entry], datetime.now().astimezone())
        click.echo(f"Line {len(written.raw)} of {evaluation.folder / 'decisions.jsonl'}: {act} by {by}")


def _refuse_act(act: str) -> None:
    """Refuse an act that is derived from a file, that another command writes, or that is none."""
    from vendor_eval.record.derived import SOURCES

    if act in SOURCES:
        raise click.UsageError(f"'{act}' is derived: write it in {SOURCES[act]}, and the next command logs it")
    if act in _COMMANDS:
        raise click.UsageError(f"'{act}' is written by 'vendor-eval {_COMMANDS[act]}'")
    if act not in ACTS:
        raise click.UsageError(f"'{act}' is no act: one of {', '.join(ACTS)}{did_you_mean(act, ACTS)}")


def _refuse_unknown(evaluation: "Evaluation", vendors: Sequence[str]) -> None:
    from vendor_eval.intake.inbox import vendor_files

    known = [vendor.id for vendor in vendor_files(evaluation)]
    for name in vendors:
        if name not in known:
            raise VendorEvalError(f"--about {name}: no vendor of this evaluation{did_you_mean(name, known)}")


def _amended(evaluation: "Evaluation", log: "Log", entry: "Entry") -> "Entry":
    """Complete an amendment: the settings that it explains, with old and new value by key."""
    from dataclasses import replace

    from vendor_eval.record.seal import read_seal, setting_changes

    seal, fault = read_seal(evaluation.folder)
    if seal is None or fault:
        raise VendorEvalError(str(fault) if fault else f"{evaluation.folder}: is not sealed, so nothing is amended")
    changes = {change.key: change for change in setting_changes(seal, evaluation, log)}
    keys = entry.about or [key for key, change in changes.items() if not change.explained]
    if not keys:
        raise VendorEvalError(f"{evaluation.folder}: no change since the seal is left to explain")
    for key in keys:
        if key not in changes:
            near = did_you_mean(key, changes)
            raise VendorEvalError(f"--about {key}: is as it was sealed, so there is nothing to explain{near}")
    old, new = ({key: getattr(changes[key], side) for key in keys} for side in ("old", "new"))
    return replace(entry, about=tuple(keys), old=old, new=new)


@main.command()
@options.eval_argument
@click.option("-o", "--output", required=True, type=options.output_file(".zip"), help="New archive.")
@options.json_option
def freeze(eval_path: str, output: Path, *, as_json: bool) -> None:
    """Pack the folder with its criteria into one archive that anybody can check; nothing is evaluated.

    Example: vendor-eval freeze my-rfp -o my-rfp.zip
    """
    from vendor_eval.reports.wording.freeze import UNPROVEN
    from vendor_eval.run.freeze import freeze as freeze_folder

    frozen = freeze_folder(eval_path, output)
    for fault in frozen.log.faults:
        say(str(placed(fault)))
    if frozen.log.chain != "whole":
        say(f"The chain of the log is {frozen.log.chain}: it was packed as it is, and 'verify' says so")
    if as_json:
        print_machine(
            {"archive": {"path": frozen.path, "sha256": frozen.sha256}, **frozen.manifest.model_dump(by_alias=True)}
        )
    else:
        show(f"Wrote {frozen.path}: SHA-256 {frozen.sha256}, {len(frozen.manifest.files)} files\n{UNPROVEN}")


@main.command()
@click.argument("path", metavar="ZIP|DIR", type=options.EXISTING)
@click.option("--sha256", default="", metavar="HEX", help="What the SHA-256 of the archive has to be.")
@options.json_option
def verify(path: Path, sha256: str, *, as_json: bool) -> None:
    """Check every byte of a freeze, or of a folder, and evaluate again; exit 1 for a fault, 3 for another version.

    Exit 3 says that every byte is whole, and that this version of the tool gives another result than the one that made
    it: the message names the version to install.

    Example: vendor-eval verify my-rfp.zip --sha256 4f1c...
    """
    from vendor_eval.run.verify import verify as verify_path

    if sha256 and path.is_dir():
        raise click.UsageError("--sha256 is the hash of an archive: name the zip, or leave it out for a folder")
    verification = verify_path(path, sha256=sha256, password=ask_password)
    if as_json:
        print_machine(verification.to_json())
    else:
        from vendor_eval.reports.terminal.columns import block

        lines = (*(str(placed(fault)) for fault in verification.faults), verification.notice, verification.last_line)
        show(block(*filter(None, lines)))
    click.get_current_context().exit(verification.exit_code)


@main.command("log")
@options.eval_argument
@options.json_option
def print_log(eval_path: str, *, as_json: bool) -> None:
    """Print the log: who decided what, when and why; exit 1 if its chain is broken.

    Example: vendor-eval log my-rfp
    """
    from vendor_eval.record.log import log_anchor, read_log
    from vendor_eval.tender.folder import find_evaluation

    log = read_log(find_evaluation(eval_path).parent)
    anchor = log_anchor(log)
    if as_json:
        lines = [json.loads(log.raw[line.n - 1]) for line in log.lines]
        print_machine({"log": anchor, "lines": lines})
    else:
        from vendor_eval.reports.terminal.columns import block
        from vendor_eval.reports.wording.phrases import counted

        last = f"{counted(anchor.lines, 'line')}, chain {log.chain}" if anchor.lines else "No decisions are on record."
        show(block(*map(_row, log.lines), last))
        for issue in (*log.faults, *log.notices):
            say(str(placed(issue)))
    if log.chain == "broken":
        fail()


def _row(line: "Line") -> str:
    """Write a line of the log in words: the day, the act, who, about what, from what to what, and why."""
    key = line.about[0] if len(line.about) == 1 else ""
    key = "vendor" if key == "award" else key
    old, new = (side.get(key, side) if isinstance(side, dict) else side for side in (line.old, line.new))
    about = f"{len(line.about)} keys" if len(line.about) > _LISTED else ", ".join(line.about)
    values = [_short(value) for value in (old, new) if value is not None and value != line.why]
    change = " -> ".join(filter(None, values)) if new is not None else "taken out" if old is not None else ""
    who = f"by {line.by}" if line.by else ""
    words = (f"{line.n}.", line.day, line.act, who, about, change, f"due {line.due}" if line.due else "")
    return " ".join(filter(None, words)) + (f": {line.why}" if line.why else "")


def _short(value: object) -> str:
    """Shorten a value; of an entry with a name and a reason its act alone."""
    from vendor_eval.formatting.printable import cut, value_text

    if isinstance(value, dict):
        value = ", ".join(f"{act} {value[act]}" for act in _SHOWN if act in value)
    return cut(value_text(value), _LONGEST)
