"""Commands about criteria and forms: criteria, questionnaire, map, score-sheets."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vendor_eval.cli.group import main, say
from vendor_eval.cli.options import eval_argument, json_option, skip_option
from vendor_eval.cli.records import dump
from vendor_eval.cli.runs import ask_password, loaded, read, say_grave
from vendor_eval.issues import VendorEvalError

if TYPE_CHECKING:
    from vendor_eval.criteria import Criteria
    from vendor_eval.criteria.questions import Question


@main.command()
@click.argument("path", metavar="[PATH]", required=False, type=click.Path())
@click.option("--copy", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Copy the files into a new DIR.")
@click.option("--from", "source", metavar="PATH", help="What to copy; without it, the shipped criteria.")
@json_option
@click.option("--sources", "register", is_flag=True, help="Print what the questions name as their sources.")
@click.option("--changes", "changed", is_flag=True, help="Print what became of each question of the version before.")
def criteria(
    path: str | None, folder: Path | None, source: str | None, *, as_json: bool, register: bool, changed: bool
) -> None:
    """Check criteria files and print their tree with local and global weights, or copy them to change them."""
    if folder is not None or source is not None:
        _copy(path, folder, source)
        return
    from vendor_eval.criteria import unweighted
    from vendor_eval.criteria.changes import changes
    from vendor_eval.reports.terminal.criteria import changes_table, criteria_tree, sources_table
    from vendor_eval.run.assembly.definition import definition
    from vendor_eval.sourcing.folder import check_folder

    checked = check_folder(path)
    presets = checked.presets
    preset = "balanced" if "balanced" in presets else next(iter(presets), "")
    defined = definition(checked, presets.get(preset, {}), dict.fromkeys(checked.questions, True))
    if as_json:
        click.echo(defined.model_dump_json(indent=1))
        return
    if register and changed:
        raise click.UsageError("give either --sources or --changes")
    if register and not defined.sources:
        raise VendorEvalError(f"{path}: has no sources.yaml, so its questions may name anything as their source")
    if register or changed:
        click.echo(sources_table(defined.sources) if register else changes_table(changes(path)))
        return
    click.echo(criteria_tree(defined.categories))
    for issue in unweighted(checked):
        say(f"Note: {issue}")
    count = len(checked.questions)
    say(f"{checked.file.title} {checked.file.version}: {count} questions, weights of preset {preset}; no faults")


def _copy(path: str | None, folder: Path | None, source: str | None) -> None:
    from vendor_eval.criteria import own_files
    from vendor_eval.run.publish import copy_folder, refuse_filled

    if folder is None:
        raise click.UsageError("--from names what --copy copies: give --copy DIR too")
    if path is not None:
        raise click.UsageError(f"{path}: name what to copy with --from")
    files = own_files(source)
    refuse_filled(folder)
    copy_folder(files, folder)
    say(f"Copied {len(files)} files to {folder}; put this line into evaluation.yaml:")
    click.echo(f"criteria: {folder}")


@main.command()
@eval_argument
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The .xlsx workbook to write.")
def questionnaire(eval_path: str, output: Path) -> None:
    """Write the workbook that goes to vendors; where prices are opened later, FILE-price.xlsx holds what is priced."""
    from vendor_eval.forms.layout import envelopes
    from vendor_eval.forms.questionnaire import questionnaire as render
    from vendor_eval.run.evaluate import load_for_vendors
    from vendor_eval.run.publish import write_file
    from vendor_eval.tender.warnings import evaluation_warnings

    if output.suffix.casefold() != ".xlsx":
        raise click.UsageError(f"{output}: the questionnaire is an Excel workbook; name it .xlsx")
    evaluation = load_for_vendors(eval_path)
    parts = envelopes(evaluation)
    # The second of two envelopes.
    paths = (output, output.with_stem(f"{output.stem}-price"))[: len(parts)]
    books = [render(part) for part in parts]
    for path, book in zip(paths, books, strict=True):
        write_file(path, book)
    for issue in evaluation_warnings(evaluation):
        say(f"Note: {issue}")
    say(f"Wrote {output}: {len(evaluation.asked_questions)} questions")
    for path in paths[1:]:
        say(f"Wrote {path}: {len(evaluation.offer_questions)} lines of the price; it comes back into prices/")


@main.command("map")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("eval_path", metavar="[EVAL]", required=False, type=click.Path())
@click.option(
    "-o", "--output", default="mapping.yaml", show_default=True, type=click.Path(path_type=Path), help="File to write."
)
@click.option(
    "--compare",
    multiple=True,
    type=click.Path(path_type=Path),
    help="The same questionnaire from another vendor, or blank; may be repeated.",
)
def map_(file: Path, eval_path: str | None, output: Path, compare: tuple[Path, ...]) -> None:
    """Recognize the layout of someone else's questionnaire and write a mapping to complete."""
    from vendor_eval.intake.mapping.draft import describe, draft, fitting
    from vendor_eval.intake.mapping.recognition import recognise_file
    from vendor_eval.run.publish import write_file
    from vendor_eval.spreadsheets import run_in_worker

    if output.exists():
        raise VendorEvalError(f"{output}: exists already and may hold your work; name another file with -o")
    criteria, questions = _asked(eval_path)
    book, recognised = run_in_worker(recognise_file, file, compare, password=ask_password)
    click.echo(describe(recognised, book))
    if known := fitting(recognised, book, criteria.shipped_version) if criteria.shipped_version else "":
        click.echo(f"The shipped mapping {known} fits this workbook: --map {known}, or 'map: {known}' of its vendor")
    write_file(output, draft(recognised, questions, file=file.name).encode())
    click.echo(f"Wrote {output}: complete it for {len(questions)} questions, then use it with --map {output}", err=True)


def _asked(eval_path: str | None) -> "tuple[Criteria, Sequence[Question]]":
    """Return criteria and questions of an evaluation; without an evaluation those of the shipped criteria."""
    from vendor_eval.criteria import load_criteria
    from vendor_eval.run.evaluate import load_for_vendors
    from vendor_eval.tender import FILE

    if eval_path is None and not Path(FILE).is_file():
        criteria = load_criteria()
        return criteria, tuple(criteria.questions.values())
    evaluation = load_for_vendors(eval_path or ".")
    return evaluation.criteria, tuple(evaluation.asked_questions.values())


@main.command(name="score-sheets")
@eval_argument
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write to; default score-sheets/.")
@click.option("--blind", is_flag=True, help="Put codes in place of the vendors' names; the key stays with you.")
@click.option("--consensus", is_flag=True, help="Write the sheet on which the panel moderates instead.")
@skip_option
def score_sheets(eval_path: str, output: Path | None, *, blind: bool, consensus: bool, skip_unreadable: bool) -> None:
    """Write one blind score sheet for each evaluator named in the evaluation."""
    from vendor_eval.findings.codes import KEY_FILE
    from vendor_eval.findings.sheet_owners import FOLDER as SCORES
    from vendor_eval.findings.sheet_writer import score_sheet
    from vendor_eval.findings.sheets import holds_entries
    from vendor_eval.formatting.file_names import file_names
    from vendor_eval.run.evaluate import draw_up_consensus, draw_up_sheets
    from vendor_eval.run.publish import write_file

    evaluation = loaded(eval_path)
    if not evaluation.settings.evaluators:
        raise VendorEvalError(f"{evaluation.source.file}: names no 'evaluators'; add them, each with an id and a name")
    say_grave(evaluation)
    readings = read(evaluation, skip_unreadable=skip_unreadable)
    if not consensus:
        drawn, key = draw_up_sheets(evaluation, readings, blind=blind)
    else:
        drawn, key = (draw_up_consensus(evaluation, readings),), None
    folder = output or evaluation.folder / "score-sheets"
    names = file_names(plan.evaluator for plan in drawn)
    paths = [folder / f"{names[plan.evaluator]}.xlsx" for plan in drawn]
    if filled := [str(path) for path in paths if holds_entries(path)]:
        cure = "put filled sheets into scores/, or name another folder with -o"
        raise VendorEvalError(f"{', '.join(filled)}: filled in already, so nothing was written; {cure}")
    if key:
        write_file(evaluation.folder / KEY_FILE, f"{dump({'codes': key.codes})}\n".encode())
        click.echo(f"Wrote {evaluation.folder / KEY_FILE}: which code is whom; it stays with you", err=True)
    for plan, path in zip(drawn, paths, strict=True):
        write_file(path, score_sheet(evaluation, plan))
        click.echo(f"Wrote {path}: {len(plan.scores)} levels, {len(plan.claims)} claims", err=True)
    click.echo(f"Put each sheet into {evaluation.folder / SCORES}/ once it is filled in", err=True)
