"""Commands after the evaluation: conditions of the award, what changed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vendor_eval.cli import options
from vendor_eval.cli.group import main, say
from vendor_eval.cli.records import dump
from vendor_eval.cli.runs import loaded, open_log, run, vendor_of, with_eval, with_record
from vendor_eval.issues import VendorEvalError

if TYPE_CHECKING:
    from vendor_eval.intake.responses import VendorReading
    from vendor_eval.record.conditions import Drafted
    from vendor_eval.results import ConditionLine, Result, VendorRecord
    from vendor_eval.results.changes import Changes
    from vendor_eval.run.changes import Side
    from vendor_eval.tender import Evaluation

_TERMS = "letters/templates"
_PAGES = (".pdf", ".html")


@main.command()
@click.argument("words", metavar="[EVAL] VENDOR", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also write the annex, .pdf or .docx.")
@click.option("--ask", metavar="FILE", type=click.Path(path_type=Path), help="Also write the .xlsx that asks back.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Say how they stand on this day instead.")
@options.json_option
def conditions(
    words: Sequence[str], output: Path | None, ask: Path | None, as_of: datetime | None, *, as_json: bool
) -> None:
    """Draft the conditions of an award into conditions.yaml, and print how they stand."""
    from vendor_eval.record.conditions import condition_lines
    from vendor_eval.reports.terminal.conditions import conditions_table
    from vendor_eval.tender.conditions import FILE, listed_conditions

    eval_path, rest = with_eval(words)
    if len(rest) != 1:
        raise click.UsageError("expected [EVAL] VENDOR")
    if output and output.suffix.casefold() not in {".pdf", ".docx"}:
        raise click.UsageError(f"{output}: the annex is .pdf or .docx")
    if ask and ask.suffix.casefold() != ".xlsx":
        raise click.UsageError(f"{ask}: the workbook that asks back is an Excel workbook; name it .xlsx")
    evaluation = loaded(eval_path)
    result = run(evaluation, skip_unreadable=True, compare_texts=False, logged_as="conditions")
    vendor = vendor_of(result, rest[0])
    drafted = _drafted(evaluation, result, vendor)
    found = {c.id: c.finding for c in vendor.conditions if c.finding}
    says = {c.id: c.says for c in vendor.conditions if c.says}
    day = as_of.date() if as_of else evaluation.settings.as_of
    lines = condition_lines(vendor, listed_conditions(evaluation.folder), found, says, day)
    if as_json:
        entries = [line.model_dump(mode="json") for line in lines]
        head = {"vendor": vendor.id, "as_of": day.isoformat()}
        click.echo(dump({**head, "conditions": entries, "gone": list(drafted.gone)}))
    else:
        click.echo(with_record(conditions_table(vendor, lines, day.isoformat()), result))
    if drafted.added:
        say(f"Wrote {evaluation.folder / FILE}: {len(drafted.added)} new")
    for name in drafted.gone:
        say(f"Note: {name}: its cause is gone; its line stays until you take it out")
    if ask:
        _ask(evaluation, vendor, lines, ask)
    if output:
        _write_annex(evaluation, result, vendor, lines, day, output)


def _drafted(evaluation: "Evaluation", result: "Result", vendor: "VendorRecord") -> "Drafted":
    """Append what is new to conditions.yaml, then to the log of an evaluation on record."""
    from vendor_eval.record.conditions import draft
    from vendor_eval.record.derived import Read
    from vendor_eval.record.lock import locked
    from vendor_eval.record.log import has_begun, read_log

    begun = has_begun(evaluation.folder)
    with locked(evaluation.folder, "conditions"):
        if begun:
            read_log(evaluation.folder).refuse_broken()
        drafted = draft(evaluation.folder, result, vendor)
    if begun and drafted.added:
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
    from vendor_eval.run.publish import write_file
    from vendor_eval.tender.conditions import buyer_name

    as_of, own = day.isoformat(), buyer_name(evaluation.folder)
    view = annex_view(result, vendor, lines, as_of=as_of, buyer=own, terms=_terms(evaluation.folder))
    draw = annex_word if output.suffix.casefold() == ".docx" else annex_pages
    document = draw(view, date=as_of)
    path = output if output.suffix.casefold() == document.suffix else output.with_suffix(document.suffix)
    write_file(path, document.data)
    for note in document.warnings:
        say(f"Note: {note}")
    say(f"Wrote {path}: {len(lines)} conditions of {vendor.name}")


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
@click.argument("paths", metavar="OLD NEW | [EVAL]", nargs=-1, type=click.Path(path_type=Path))
@click.option("--round", "of_round", is_flag=True, help="Say what the answers of the newest round of EVAL did.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also write a page, .pdf or .html.")
@options.paper_option
@options.json_option
def changes(paths: tuple[Path, ...], output: Path | None, paper: str, *, of_round: bool, as_json: bool) -> None:
    """Say what changed between two results, and why: each a folder, a freeze or a results.json."""
    from vendor_eval.reports.terminal.changes import changes_text
    from vendor_eval.reports.wording.changes import notes
    from vendor_eval.run.changes import compare, read_side

    if output is not None and output.suffix.casefold() not in _PAGES:
        raise click.UsageError(f"{output}: name it {' or '.join(_PAGES)}")
    if of_round and len(paths) > 1:
        raise click.UsageError("--round compares a folder with itself: expected [EVAL] --round")
    if not of_round and len(paths) != 2:  # noqa: PLR2004  OLD and NEW
        raise click.UsageError("expected OLD NEW, or [EVAL] --round")
    sides = _without_round(paths[0] if paths else Path()) if of_round else tuple(map(read_side, paths))
    compared = compare(*sides)
    text = dump(compared.model_dump(mode="json", by_alias=True)) if as_json else changes_text(compared)
    click.echo(text)
    for note in notes(compared):
        say(f"Note: {note}")
    if output is not None:
        _write_page(compared, output, options.PAPERS[paper.casefold()])


def _without_round(path: Path) -> "tuple[Side, Side]":
    from vendor_eval.cli.runs import ask_password, clear_progress, progress
    from vendor_eval.run.changes import without_round
    from vendor_eval.run.evaluate import read_responses

    evaluation = loaded(path)

    def read(without: Collection[str]) -> "tuple[VendorReading, ...]":
        hears = progress("reading")
        return read_responses(
            evaluation,
            skip_unreadable=True,
            progress=hears,
            password=ask_password,
            compare_texts=False,
            without=without,
        )

    sides = without_round(evaluation, path, read)
    clear_progress()
    return sides


def _write_page(compared: "Changes", output: Path, paper: str) -> None:
    from vendor_eval.reports.pages.changes import changes_document
    from vendor_eval.run.publish import write_file

    document = changes_document(compared, paper=paper, as_html=output.suffix.casefold() == ".html")
    # Without Pango the same page is HTML to print.
    output = output.with_suffix(document.suffix) if document.suffix != output.suffix.casefold() else output
    write_file(output, document.data)
    for warning in document.warnings:
        say(f"Note: {warning}")
    say(f"Wrote {output}")
