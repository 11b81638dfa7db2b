"""Commands after the award: who gets which letter."""

from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

import click

from vendor_eval.cli import options
from vendor_eval.cli.group import main, say
from vendor_eval.cli.records import dump
from vendor_eval.cli.runs import loaded, open_log, run, vendor_of
from vendor_eval.issues import InputError, VendorEvalError, did_you_mean

if TYPE_CHECKING:
    from vendor_eval.record.derived import Read
    from vendor_eval.results.letters import MissingRecord
    from vendor_eval.run.letters.drafting import Templates
    from vendor_eval.tender import Evaluation
    from vendor_eval.tender.award import AwardFile, Regime

_FORMATS = ("docx", "pdf")


def _letter_formats(_context: click.Context, _option: click.Parameter, text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(name.strip().casefold() for name in text.split(",") if name.strip()))
    for name in wanted:
        if name not in _FORMATS:
            raise click.BadParameter(f"'{name}' is not one of {', '.join(_FORMATS)}{did_you_mean(name, _FORMATS)}")
    if not wanted:
        raise click.BadParameter(f"names no format; known are {', '.join(_FORMATS)}")
    return wanted


@main.command()
@options.eval_argument
@click.option("--award", "chosen", required=True, metavar="VENDOR", help="Who gets the contract, as award.yaml says.")
@click.option("--regime", type=click.Choice(["uk", "eu", "far", "private"]), help="Whose law the letters follow.")
@click.option(
    "--format", "formats", default="docx,pdf", show_default=True, callback=_letter_formats, help="docx, pdf or both."
)
@options.json_option
def letters(eval_path: str, chosen: str, regime: "Regime | None", formats: tuple[str, ...], *, as_json: bool) -> None:
    """Write the letter of each vendor after the award, or name what is missing for them."""
    from vendor_eval.record.log import has_begun, read_log
    from vendor_eval.run.letters.drafting import FOLDER, draft_letters, not_first
    from vendor_eval.run.letters.files import finish_letters, write_letters
    from vendor_eval.run.letters.missing import missing_parts

    evaluation = loaded(eval_path)
    file, templates = _decision(evaluation, chosen, regime, as_json=as_json)
    reads: list[Read] = []
    result = run(evaluation, skip_unreadable=True, write_log=reads.append)
    if vendor_of(result, chosen).id != file.award.vendor:
        raise VendorEvalError(f"--award {chosen}: award.yaml gives the contract to {file.award.vendor}")
    if missing := missing_parts(result, file, templates.regime, read_log(evaluation.folder)):
        _refuse(missing, as_json=as_json)
    drafted = draft_letters(result, file, templates)
    finished = finish_letters(evaluation, result, file, templates, drafted, formats)
    for note in filter(None, (not_first(result, file.award), *finished.notes)):
        say(f"Note: {note}")
    begun = has_begun(evaluation.folder)
    with open_log(evaluation, reads[0], "letters") if begun else nullcontext() as log:
        record = write_letters(evaluation, result, finished, file.award, log, datetime.now().astimezone())
    if as_json:
        click.echo(dump(record.model_dump(mode="json", by_alias=True)))
    for letter in record.letters if not as_json else ():
        click.echo(f"{letter.vendor}: {letter.kind} ({', '.join(own.file for own in letter.files)})")
    say(f"Wrote {evaluation.folder / FOLDER} ({len(record.letters)} letters); read each before it goes out")


def _decision(
    evaluation: "Evaluation", chosen: str, regime: "Regime | None", *, as_json: bool
) -> "tuple[AwardFile, Templates]":
    """Read the award and the templates of its letters; draft an award.yaml where there is none, and end there."""
    from vendor_eval.intake.inbox import vendor_files
    from vendor_eval.results.letters import MissingRecord
    from vendor_eval.run.letters.drafting import load_templates
    from vendor_eval.run.publish import write_file
    from vendor_eval.tender.award import FILE, PRIVATE, draft, read_award

    vendors = [vendor.id for vendor in vendor_files(evaluation)]
    file = read_award(evaluation, vendors, regime)
    if file is None:
        if chosen not in vendors:
            hint = f"{did_you_mean(chosen, vendors)}; known are {', '.join(vendors) or 'none'}"
            raise VendorEvalError(f"'{chosen}' is no vendor of this evaluation{hint}")
        path = evaluation.folder / FILE
        write_file(path, draft(chosen, regime).encode())
        what = f"who decided, when and why: fill in {FILE}, which was drafted, and run again"
        _refuse((MissingRecord(vendor="", about=FILE, what=what),), as_json=as_json)
    templates, faults = load_templates(evaluation.folder, file.award, regime or file.award.regime or PRIVATE)
    if file.faults or templates is None:
        raise InputError((*file.faults, *faults))
    return file, templates


def _refuse(missing: "tuple[MissingRecord, ...]", *, as_json: bool) -> NoReturn:
    """Print all that is missing, and end with exit code 1."""
    if as_json:
        click.echo(dump({"missing": [part.model_dump(mode="json") for part in missing]}))
    for part in missing if not as_json else ():
        say(f"Missing: {f'{part.vendor}: ' if part.vendor else ''}{part.what}")
    click.get_current_context().exit(1)
    raise AssertionError
