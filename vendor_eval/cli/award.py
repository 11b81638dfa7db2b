"""Commands around the award: what changed between two results."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vendor_eval.cli.group import main, say
from vendor_eval.cli.options import PAPERS, json_option, paper_option
from vendor_eval.cli.records import dump

if TYPE_CHECKING:
    from vendor_eval.intake.responses import VendorReading
    from vendor_eval.results.changes import Changes
    from vendor_eval.run.changes import Side

_PAGES = (".pdf", ".html")


@main.command()
@click.argument("paths", metavar="OLD NEW | [EVAL]", nargs=-1, type=click.Path(path_type=Path))
@click.option("--round", "of_round", is_flag=True, help="Say what the answers of the newest round of EVAL did.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also write a page, .pdf or .html.")
@paper_option
@json_option
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
        _write_page(compared, output, PAPERS[paper.casefold()])


def _without_round(path: Path) -> "tuple[Side, Side]":
    from vendor_eval.cli.runs import ask_password, clear_progress, loaded, progress
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
