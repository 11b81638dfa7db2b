"""Commands after the award: who gets which letter."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from vendor_eval.cli import options
from vendor_eval.cli.group import main, say
from vendor_eval.cli.records import dump
from vendor_eval.cli.runs import loaded, open_log, run, vendor_of
from vendor_eval.issues import InputError, VendorEvalError, did_you_mean

if TYPE_CHECKING:
    from vendor_eval.record.derived import Read
    from vendor_eval.results.letters import MissingRecord
    from vendor_eval.tender import Evaluation
    from vendor_eval.tender.award import Regime

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
    from vendor_eval.intake.inbox import vendor_files
    from vendor_eval.record.log import has_begun, read_log
    from vendor_eval.run import letters as made
    from vendor_eval.tender.award import PRIVATE, read_award

    evaluation = loaded(eval_path)
    vendors = [vendor.id for vendor in vendor_files(evaluation)]
    file = read_award(evaluation, vendors, regime)
    if file is None:
        _draft(evaluation, chosen, vendors, regime, as_json=as_json)
        return
    regime = regime or file.award.regime or PRIVATE
    templates, faults = made.load_templates(evaluation.folder, file.award, regime)
    if templates is None or file.faults:
        raise InputError((*file.faults, *faults))
    reads: list[Read] = []
    result = run(evaluation, skip_unreadable=True, write_log=reads.append)
    if vendor_of(result, chosen).id != file.award.vendor:
        raise VendorEvalError(f"--award {chosen}: award.yaml gives the contract to {file.award.vendor}")
    log = read_log(evaluation.folder)
    if missing := made.missing_parts(result, file, regime, log):
        _refuse(missing, as_json=as_json)
        return
    drafted = made.draft_letters(result, file, regime, templates)
    finished = made.finish_letters(evaluation, result, file, templates, drafted, formats)
    moment = datetime.now().astimezone()
    if has_begun(evaluation.folder):
        with open_log(evaluation, reads[0], "letters") as own:
            record = made.write_letters(evaluation, result, finished, file.award, own, moment)
    else:
        record = made.write_letters(evaluation, result, finished, file.award, None, moment)
    for note in filter(None, (made.not_first(result, file.award), *finished.notes)):
        say(f"Note: {note}")
    folder = evaluation.folder / made.FOLDER
    if as_json:
        click.echo(dump(record.model_dump(mode="json", by_alias=True)))
    else:
        for letter in record.letters:
            names = ", ".join(own.file.rpartition("/")[2] for own in letter.files)
            click.echo(f"{letter.vendor}: {letter.kind} ({names})")
        if record.standstill.last_day:
            click.echo(f"Last day: {record.standstill.last_day}")
    say(f"Wrote {folder} ({len(record.letters)} letters); read each before it goes out")


def _draft(
    evaluation: "Evaluation", chosen: str, vendors: list[str], regime: "Regime | None", *, as_json: bool
) -> None:
    from vendor_eval.results.letters import MissingRecord
    from vendor_eval.run.publish import write_file
    from vendor_eval.tender.award import FILE, draft

    if chosen not in vendors:
        known = ", ".join(vendors) or "none"
        hint = f"{did_you_mean(chosen, vendors)}; known are {known}"
        raise VendorEvalError(f"'{chosen}' is no vendor of this evaluation{hint}")
    write_file(evaluation.folder / FILE, draft(chosen, regime).encode())
    what = f"the decision was not written down: fill in {evaluation.folder / FILE}, which was drafted, and run again"
    _refuse((MissingRecord(vendor="", about=FILE, what=what),), as_json=as_json)


def _refuse(missing: "tuple[MissingRecord, ...]", *, as_json: bool) -> None:
    """Print all that is missing, and end with exit code 1."""
    if as_json:
        click.echo(dump({"missing": [part.model_dump(mode="json") for part in missing]}))
    else:
        for part in missing:
            say(f"Missing: {f'{part.vendor}: ' if part.vendor else ''}{part.what}")
    click.get_current_context().exit(1)
