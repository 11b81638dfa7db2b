"""Commands after the evaluation: conditions of the award, the letters, what changed."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from vendor_eval.cli import options
from vendor_eval.cli.group import fail, main, say, show
from vendor_eval.cli.records import print_machine
from vendor_eval.cli.runs import loaded, open_log, run, vendor_of, with_eval, with_record, write_document
from vendor_eval.formatting.figures import listed
from vendor_eval.issues import InputError, Issue, VendorEvalError, did_you_mean

if TYPE_CHECKING:
    from vendor_eval.intake.responses import VendorReading
    from vendor_eval.record.conditions import Drafted
    from vendor_eval.record.derived import Read
    from vendor_eval.results import ConditionLine, Result, VendorRecord
    from vendor_eval.results.letters import MissingRecord
    from vendor_eval.run.changes import Side
    from vendor_eval.run.letters.drafting import Templates
    from vendor_eval.tender import Evaluation
    from vendor_eval.tender.award import AwardFile, Regime

_TERMS = "letters/templates"


@main.command()
@click.argument("words", metavar="[EVAL] VENDOR", nargs=-1, required=True)
@click.option("-o", "--output", type=options.output_file(".pdf", ".docx"), help="Also write the annex.")
@click.option("--ask", type=options.output_file(".xlsx"), help="Also write the workbook that asks the vendor.")
@options.as_of_option
@options.json_option
def conditions(
    words: Sequence[str], output: Path | None, ask: Path | None, as_of: date | None, *, as_json: bool
) -> None:
    """Draft the conditions of an award into conditions.yaml, and print how they stand.

    Example: vendor-eval conditions my-rfp acme -o annex.pdf
    """
    from vendor_eval.reports.terminal.conditions import conditions_table

    eval_path, rest = with_eval(words, "VENDOR")
    evaluation = loaded(eval_path)
    result, _ = run(evaluation, skip_unreadable=True, compare_texts=False, logged_as="conditions")
    vendor = vendor_of(result, rest[0])
    drafted = _drafted(evaluation, result, vendor)
    day = as_of or evaluation.settings.as_of
    lines = _lines(evaluation, vendor, day)
    if as_json:
        print_machine({"vendor": vendor.id, "as_of": day, "conditions": lines, "gone": drafted.gone})
    else:
        show(with_record(conditions_table(vendor, lines, day.isoformat()), result))
    if drafted.added:
        say(f"Added to {evaluation.folder / 'conditions.yaml'}: {', '.join(line.id for line in drafted.added)}")
    for name in drafted.gone:
        say(f"Note: {name}: its cause is gone; its line stays until you take it out")
    if ask:
        _ask(evaluation, vendor, lines, ask)
    if output:
        _write_annex(evaluation, result, vendor, lines, day, output)


def _lines(evaluation: "Evaluation", vendor: "VendorRecord", day: date) -> "tuple[ConditionLine, ...]":
    from vendor_eval.record.conditions import condition_lines
    from vendor_eval.tender.conditions import listed_conditions

    findings = {c.id: c.finding for c in vendor.conditions if c.finding}
    says = {c.id: c.says for c in vendor.conditions if c.says}
    return condition_lines(vendor, listed_conditions(evaluation.folder), findings, says, day)


def _drafted(evaluation: "Evaluation", result: "Result", vendor: "VendorRecord") -> "Drafted":
    """Append what is new to conditions.yaml, then to the log of an evaluation on record."""
    from vendor_eval.record.conditions import append_conditions, draft
    from vendor_eval.record.derived import Read
    from vendor_eval.record.lock import locked
    from vendor_eval.record.log import has_begun, read_log

    folder, begun = evaluation.folder, has_begun(evaluation.folder)
    drafted = draft(folder, result, vendor)
    if not drafted.added:
        return drafted
    if begun:
        read_log(folder).refuse_broken()
    with locked(folder, "conditions"):
        drafted = draft(folder, result, vendor)  # somebody may have been quicker
        append_conditions(folder, drafted.added)
    if begun:
        # Score sheets and the pilot were logged by the run: what is not read stays as it is.
        with open_log(evaluation, Read(), "conditions"):
            pass
    return drafted


def _ask(evaluation: "Evaluation", vendor: "VendorRecord", lines: "Sequence[ConditionLine]", file: Path) -> None:
    from vendor_eval.run.outputs import ask_conditions
    from vendor_eval.run.publish import write_file

    asked = [line for line in lines if line.state != "met"]
    if not asked:
        raise VendorEvalError(f"{vendor.id}: no condition is open, so there is nothing to ask")
    write_file(file, ask_conditions(evaluation, vendor, asked))
    say(f"Wrote {file}: {len(asked)} conditions; what comes back goes into responses/ as {vendor.id}-conditions.xlsx")


def _write_annex(
    evaluation: "Evaluation",
    result: "Result",
    vendor: "VendorRecord",
    lines: "Sequence[ConditionLine]",
    day: date,
    output: Path,
) -> None:
    from vendor_eval.reports.letters.annex import annex_pages, annex_view, annex_word
    from vendor_eval.tender.award import listed_award

    as_of, award = day.isoformat(), listed_award(evaluation.folder)
    view = annex_view(
        result, vendor, lines, as_of=as_of, buyer=award.buyer.name if award else "", terms=_terms(evaluation.folder)
    )
    document = (annex_word if output.suffix.casefold() == ".docx" else annex_pages)(view, date=as_of)
    say(f"Wrote {write_document(document, output)}: {len(lines)} conditions of {vendor.name}")


def _terms(folder: Path) -> str:
    """Return the buyer's own text of the annex, without it the shipped one."""
    from vendor_eval.config.input_files import read_regular
    from vendor_eval.issues import InputError, Issue, Location
    from vendor_eval.reports.letters.annex import TEMPLATE, shipped_terms

    path = folder / _TERMS / TEMPLATE
    if not path.exists():
        return shipped_terms()
    try:
        return read_regular(path).decode()
    except UnicodeDecodeError:
        place = Location(f"{_TERMS}/{TEMPLATE}")
        raise InputError([Issue("not-utf8", "this is not UTF-8: save the file as UTF-8", place)]) from None


@main.command()
@options.eval_argument
@click.option("--award", "chosen", required=True, metavar="VENDOR", help="Who gets the contract, as award.yaml says.")
@click.option(
    "--regime",
    type=click.Choice(["uk", "eu", "far", "private"]),
    show_default="regime of award.yaml",
    help="Whose law the letters follow.",
)
@options.format_option(("docx", "pdf"), ("docx", "pdf"))
@options.json_option
def letters(eval_path: str, chosen: str, regime: "Regime | None", formats: tuple[str, ...], *, as_json: bool) -> None:
    """Write the letter of each vendor after the award, or name what is missing for them.

    Example: vendor-eval letters my-rfp --award acme --regime eu
    """
    from vendor_eval.record.log import has_begun, read_log
    from vendor_eval.run.letters.drafting import FOLDER, draft_letters, not_first
    from vendor_eval.run.letters.files import finish_letters, write_letters
    from vendor_eval.run.letters.missing import missing_parts

    try:
        evaluation = loaded(eval_path)
    except InputError as error:
        raise InputError((*error.issues, *_templates_faults(eval_path, regime))) from None
    file, templates = _decision(evaluation, chosen, regime, as_json=as_json)
    reads: list[Read] = []
    result, _ = run(evaluation, skip_unreadable=True, write_log=reads.append)
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
        print_machine(record.model_dump(by_alias=True))
    for letter in record.letters if not as_json else ():
        click.echo(f"{letter.vendor}: {letter.kind} ({', '.join(own.file for own in letter.files)})")
    say(f"Wrote {evaluation.folder / FOLDER} ({len(record.letters)} letters); read each before it goes out")


def _templates_faults(eval_path: str, regime: "Regime | None") -> tuple[Issue, ...]:
    """Find the faults of the templates, to be named with those of the evaluation."""
    from vendor_eval.run.letters.drafting import load_templates
    from vendor_eval.tender.award import FILE, PRIVATE, parse_award
    from vendor_eval.tender.folder import find_evaluation

    folder = find_evaluation(eval_path).parent
    if not (folder / FILE).exists():
        return ()
    award = parse_award(folder)[1]
    return load_templates(folder, award, regime or award.regime or PRIVATE)[1]


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
        text = f"who decided, when and why: fill in {FILE}, which was drafted, and run again"
        _refuse((MissingRecord(vendor="", about=FILE, what=text),), as_json=as_json)
    templates, faults = load_templates(evaluation.folder, file.award, regime or file.award.regime or PRIVATE)
    if file.faults or templates is None:
        if as_json and file.absent:
            _echo_missing(MissingRecord(vendor="", about=key, what=f"{FILE} lacks {key}") for key in file.absent)
        raise InputError((*file.faults, *faults))
    return file, templates


def _echo_missing(missing: "Iterable[MissingRecord]") -> None:
    print_machine({"missing": missing})


def _refuse(missing: "tuple[MissingRecord, ...]", *, as_json: bool) -> NoReturn:
    """Print all that is missing, and end with exit code 1."""
    if as_json:
        _echo_missing(missing)
    # What one command drafts is one line.
    for (vendor, what, command), parts in groupby(() if as_json else missing, lambda p: (p.vendor, p.what, p.command)):
        drafts = f" about {listed([part.about for part in parts])}: '{command}' drafts it" if command else ""
        say(f"Missing: {f'{vendor}: ' if vendor else ''}{what}{drafts}")
    fail()


@main.command()
@click.argument("paths", metavar="OLD NEW | [EVAL]", nargs=-1, type=click.Path(path_type=Path))
@click.option("--round", "of_round", is_flag=True, help="Say what the answers of the newest round of EVAL did.")
@click.option("-o", "--output", type=options.output_file(".pdf", ".html"), help="Also write a page.")
@options.paper_option
@options.json_option
def changes(paths: tuple[Path, ...], output: Path | None, paper: str, *, of_round: bool, as_json: bool) -> None:
    """Say what changed between two results, and why: each a folder, a freeze or a results.json.

    Example: vendor-eval changes round-1.zip my-rfp -o changes.pdf
    """
    from vendor_eval.reports.pages.changes import changes_document
    from vendor_eval.reports.terminal.changes import changes_text
    from vendor_eval.reports.wording.changes import notes
    from vendor_eval.run.changes import compare, read_side

    if of_round and len(paths) > 1:
        raise click.UsageError("--round compares a folder with itself: expected [EVAL] --round")
    if not of_round and len(paths) != 2:  # noqa: PLR2004  OLD and NEW
        raise click.UsageError("expected OLD NEW, or [EVAL] --round")
    sides = _without_round(paths[0] if paths else Path()) if of_round else tuple(map(read_side, paths))
    compared = compare(*sides)
    if as_json:
        print_machine(compared.model_dump(by_alias=True))
    else:
        show(changes_text(compared))
    for note in notes(compared):
        say(f"Note: {note}")
    if output is not None:
        as_html = output.suffix.casefold() == ".html"
        document = changes_document(compared, paper=options.PAPERS[paper.casefold()], as_html=as_html)
        say(f"Wrote {write_document(document, output)}")


def _without_round(path: Path) -> "tuple[Side, Side]":
    from vendor_eval.cli.runs import ask_password, clear_progress, progress
    from vendor_eval.run.changes import without_round
    from vendor_eval.run.evaluate import read_responses

    evaluation = loaded(path)

    def read(without: Collection[str]) -> "tuple[VendorReading, ...]":
        report = progress("reading")
        return read_responses(
            evaluation,
            skip_unreadable=True,
            progress=report,
            password=ask_password,
            compare_texts=False,
            without=without,
        )

    sides = without_round(evaluation, path, read)
    clear_progress()
    return sides


def _days(text: str) -> int:
    number = text.strip().casefold().removesuffix("d")
    if not (number.isascii() and number.isdecimal() and len(number) <= len("99999")):
        raise ValueError(text)
    return int(number)


@main.command()
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path())
@click.option(
    "--within",
    type=options.Parsed("number of days", _days, "90d"),
    metavar="DAYS",
    show_default="all",
    help="Look so many days ahead, such as 90d.",
)
@click.option("--as-of", type=options.DAY, show_default="today", help="Count from this day, such as 2026-12-18.")
@click.option("--ics", type=options.output_file(".ics"), help="Also write a calendar.")
@options.json_option
def due(folders: Sequence[str], within: int | None, as_of: date | None, ics: Path | None, *, as_json: bool) -> None:
    """List what falls due over many tenders: certificates, offers, conditions, replies; exit 1 if one is unreadable.

    Example: vendor-eval due tenders/* --within 90d
    """
    from vendor_eval.reports.due import calendar, due_table
    from vendor_eval.run.due import due as falling_due
    from vendor_eval.run.publish import write_file

    day = as_of or datetime.now().astimezone().date()
    falling = falling_due(dict.fromkeys(folders), day, within=within)
    if as_json:
        print_machine(dict(falling))
    else:
        show(due_table(falling))
    if ics is not None and falling.items:
        write_file(ics, calendar(falling))
        say(f"Wrote {ics}: {len(falling.items)} events")
    elif ics is not None:
        say(f"Nothing falls due, so {ics} is not written: a calendar holds one event at least")
    if falling.unread:
        fail()
