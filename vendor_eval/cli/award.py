"""Commands after the evaluation: conditions of the award."""

from collections.abc import Callable, Sequence
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
    from vendor_eval.record.conditions import Drafted
    from vendor_eval.results import ConditionLine, Result, VendorRecord
    from vendor_eval.tender import Evaluation

_TERMS = "letters/templates"


def _named(*suffixes: str) -> Callable[[click.Context, click.Parameter, Path | None], Path | None]:
    """Refuse a file whose name ends otherwise."""

    def refuse(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
        if path is not None and path.suffix.casefold() not in suffixes:
            raise click.BadParameter(f"{path}: name it {' or '.join(suffixes)}")
        return path

    return refuse


_PATH = click.Path(path_type=Path)


@main.command()
@click.argument("words", metavar="[EVAL] VENDOR", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=_PATH, callback=_named(".pdf", ".docx"), help="Also write the annex, .pdf or .docx."
)
@click.option(
    "--ask", metavar="FILE", type=_PATH, callback=_named(".xlsx"), help="Also write the .xlsx that asks the vendor."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Say how they stand on this day instead.")
@options.json_option
def conditions(
    words: Sequence[str], output: Path | None, ask: Path | None, as_of: datetime | None, *, as_json: bool
) -> None:
    """Draft the conditions of an award into conditions.yaml, and print how they stand."""
    from vendor_eval.reports.terminal.conditions import conditions_table

    eval_path, rest = with_eval(words)
    if len(rest) != 1:
        raise click.UsageError("expected [EVAL] VENDOR")
    evaluation = loaded(eval_path)
    result = run(evaluation, skip_unreadable=True, compare_texts=False, logged_as="conditions")
    vendor = vendor_of(result, rest[0])
    drafted = _drafted(evaluation, result, vendor)
    day = as_of.date() if as_of else evaluation.settings.as_of
    lines = _lines(evaluation, vendor, day)
    if as_json:
        entries = [line.model_dump(mode="json") for line in lines]
        head = {"vendor": vendor.id, "as_of": day.isoformat()}
        click.echo(dump({**head, "conditions": entries, "gone": list(drafted.gone)}))
    else:
        click.echo(with_record(conditions_table(vendor, lines, day.isoformat()), result))
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

    found = {c.id: c.finding for c in vendor.conditions if c.finding}
    says = {c.id: c.says for c in vendor.conditions if c.says}
    return condition_lines(vendor, listed_conditions(evaluation.folder), found, says, day)


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
