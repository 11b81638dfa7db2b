"""Commands that evaluate responses: check, evaluate, rank, explain."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vendor_eval.cli import options
from vendor_eval.cli.group import main, say, show
from vendor_eval.cli.records import check_form, explain_form, print_machine, rank_form
from vendor_eval.cli.runs import (
    evaluate_and_write,
    loaded,
    run,
    stop_if_blocked,
    stop_if_unexplained,
    vendor_of,
    with_eval,
    with_record,
)
from vendor_eval.issues import VendorEvalError

if TYPE_CHECKING:
    from vendor_eval.criteria.questions import Stage
    from vendor_eval.results import Result, VendorRecord


@main.command()
@options.eval_argument
@options.as_of_option
@options.stage_option
@options.map_option
@click.option("--annotate", is_flag=True, help="Also write each vendor's own workbook with a note at each issue.")
@options.json_option
def check(
    eval_path: str, as_of: date | None, stage: "Stage | None", mapping: str | None, *, annotate: bool, as_json: bool
) -> None:
    """Print every issue of the responses, and write what to ask back; exit 1 if an answer could not be credited.

    Example: vendor-eval check my-rfp --annotate
    """
    from vendor_eval.reports.terminal.issues import check_report
    from vendor_eval.run import outputs
    from vendor_eval.run.publish import listing, publish

    evaluation = loaded(eval_path, as_of, stage)
    result, _ = run(evaluation, skip_unreadable=True, mapping=mapping, logged_as="check")
    rendered = outputs.clarifications(result, evaluation)
    out = evaluation.folder / "out"
    asked = {vendor: str(out / name) for vendor, name in outputs.clarification_names(rendered).items()}
    opened = outputs.open_points(result, evaluation)
    if as_json:
        print_machine(check_form(result, asked, opened))
    else:
        show(with_record(check_report(result, asked, opened), result))
    files = outputs.clarification_files(rendered)
    copies, notes = outputs.annotated_copies(result, evaluation) if annotate else ({}, ())
    files |= copies
    within = (outputs.CLARIFICATIONS, outputs.ANNOTATED) if annotate else (outputs.CLARIFICATIONS,)
    for note in (*notes, *publish(out, files, within=within).kept_notes):
        say(f"Note: {note}")
    if closed := [vendor for vendor in rendered if vendor not in asked]:
        say(f"Nothing to clarify with {', '.join(closed)}")
    if files:
        say(f"Wrote {listing(out, files)}")
    stop_if_blocked(result)


@main.command()
@options.eval_argument
@options.as_of_option
@options.stage_option
@options.map_option
@options.format_option(options.FORMATS, ("json", "xlsx", "pdf", "html"))
@options.paper_option
@click.option("--brief", is_flag=True, help="Print two pages of the comparison: the decision, and the one to sign.")
@click.option("--appendices", is_flag=True, help="Also write the appendix of the comparison and of each scorecard.")
@click.option(
    "--vendor-copies", is_flag=True, help="Write a scorecard for each vendor itself: no rank, no figure of others."
)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit 1 if an answer could not be credited, or a change of the seal is not explained.",
)
@options.skip_option
@options.json_option
def evaluate(
    eval_path: str,
    as_of: date | None,
    stage: "Stage | None",
    mapping: str | None,
    formats: tuple[str, ...],
    paper: str,
    *,
    brief: bool,
    appendices: bool,
    vendor_copies: bool,
    strict: bool,
    skip_unreadable: bool,
    as_json: bool,
) -> None:
    """Read, score and rank the responses, and write out/.

    Example: vendor-eval evaluate my-rfp --format json,pdf --strict
    """
    from vendor_eval.run.outputs import Wanted

    for option, is_set in (("--brief", brief), ("--appendices", appendices), ("--vendor-copies", vendor_copies)):
        if is_set and "pdf" not in formats:
            raise click.UsageError(f"{option} is about PDFs: add pdf to --format")
    wanted = Wanted(formats, options.PAPERS[paper], brief=brief, vendor_copies=vendor_copies, appendices=appendices)
    result = evaluate_and_write(
        Path(eval_path),
        wanted,
        as_of=as_of,
        stage=stage,
        skip_unreadable=skip_unreadable,
        mapping=mapping,
        as_json=as_json,
    )
    if strict:
        stop_if_blocked(result)
        stop_if_unexplained(result)


@main.command()
@options.eval_argument
@options.as_of_option
@options.stage_option
@options.map_option
@options.skip_option
@click.option("--all", "in_full", is_flag=True, help="Also print reasons, prices, and what would change the order.")
@options.json_option
def rank(
    eval_path: str,
    as_of: date | None,
    stage: "Stage | None",
    mapping: str | None,
    *,
    skip_unreadable: bool,
    in_full: bool,
    as_json: bool,
) -> None:
    """Print the ranked table.

    Example: vendor-eval rank my-rfp --all
    """
    from vendor_eval.reports.terminal.ranking import ranked_table, short_table

    # No issue of a document is printed here.
    evaluation = loaded(eval_path, as_of, stage)
    result, _ = run(evaluation, skip_unreadable=skip_unreadable, mapping=mapping, compare_texts=False)
    if as_json:
        print_machine(rank_form(result))
    else:
        show(with_record((ranked_table if in_full else short_table)(result), result))


@main.command()
@click.argument("words", metavar="[EVAL] VENDOR [ID]", nargs=-1, required=True)
@click.option("--why-not", "other", metavar="OTHER", help="What the one behind of two vendors lacks to pass the other.")
@options.as_of_option
@options.stage_option
@options.map_option
@options.skip_option
@options.json_option
def explain(
    words: Sequence[str],
    other: str | None,
    as_of: date | None,
    stage: "Stage | None",
    mapping: str | None,
    *,
    skip_unreadable: bool,
    as_json: bool,
) -> None:
    """Show the arithmetic of a total, a category, a criterion or an answer, down to the cell.

    Example: vendor-eval explain my-rfp acme SEC-01
    """
    from vendor_eval.reports.terminal.explain import explain as explained, id_of

    eval_path, (vendor_id, *rest) = with_eval(words, "VENDOR", "[ID]")
    name = rest[0] if rest else None
    if other is not None and (name is not None or as_json):
        raise click.UsageError("--why-not compares two vendors in words: give it neither an ID nor --json")
    evaluation, whole = loaded(eval_path, as_of, stage), as_json and name is None
    result, measured = run(evaluation, skip_unreadable=skip_unreadable, mapping=mapping, compare_texts=whole)
    vendor = vendor_of(result, vendor_id)
    if other is not None:
        show(with_record(_why_not(result, vendor, other), result))
        return
    try:
        node = name if name is None or vendor.status == "not_evaluated" else id_of(result, vendor, name)
    except KeyError as error:
        raise VendorEvalError(error.args[0]) from None
    errors = measured.errors.get(vendor.id, b"") if measured else b""
    if as_json:
        print_machine(explain_form(vendor, node))
    else:
        show(with_record(explained(result, vendor, node, errors), result))


def _why_not(result: "Result", vendor: "VendorRecord", other: str) -> str:
    from vendor_eval.firmness.pairs import pair_of
    from vendor_eval.reports.terminal.why_not import why_not

    rival = vendor_of(result, other)
    if rival.id == vendor.id:
        raise VendorEvalError(f"--why-not {other}: name another vendor than {vendor.id}")
    if result.is_screen:
        raise VendorEvalError(f"--why-not {other}: a screen makes no total, so nobody is behind; leave it out")
    return why_not(result, vendor, rival, pair_of(result, vendor, rival))
