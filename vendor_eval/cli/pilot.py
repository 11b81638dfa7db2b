"""Commands of a paid pilot: its settings, its plan, its sample."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vendor_eval.cli.group import WORDS, Group, main, say, show
from vendor_eval.cli.options import EXISTING, eval_argument, json_option, skip_option
from vendor_eval.cli.records import print_machine
from vendor_eval.issues import VendorEvalError

if TYPE_CHECKING:
    from vendor_eval.tender import Evaluation

_TASKS = ("classification", "preference", "rubric", "boxes", "spans")
_UP_TO_100 = click.FloatRange(0, 100, min_open=True)
_SHARE = click.FloatRange(0, 100)
_PERCENT = click.FloatRange(0, 100, min_open=True, max_open=True)


@main.group(cls=Group)
def pilot() -> None:
    """Give vendors the same sample to label, and put what comes back beside the truth and their promises."""


def pilot_of(path: str | Path) -> "tuple[Path, Evaluation | None]":
    """Find the folder of a pilot, and the evaluation that it belongs to: a pilot may do without one."""
    from vendor_eval.cli.runs import loaded
    from vendor_eval.pilot.settings import FILE
    from vendor_eval.tender import FILE as EVALUATION
    from vendor_eval.tender.models import PILOT

    folder = Path(path)
    if folder.is_dir() and not (folder / EVALUATION).exists() and (folder / FILE).exists():
        return folder, None
    evaluation = loaded(path)
    entry = evaluation.settings.pilot
    folder = evaluation.folder / (entry.folder if entry else PILOT)
    click.get_current_context().meta[WORDS].append(str(folder))
    return folder, evaluation


@pilot.command("init")
@eval_argument
@click.option("--task", required=True, type=click.Choice(_TASKS), help="What vendors do with an item.")
def init_pilot(eval_path: str, task: str) -> None:
    """Start a pilot: a pilot.yaml to complete, and one sentence for each promise that it tests.

    Example: vendor-eval pilot init my-rfp --task boxes
    """
    from vendor_eval.pilot.draft import agreement, draft, links_for
    from vendor_eval.pilot.settings import FILE
    from vendor_eval.run.publish import write_file
    from vendor_eval.tender import FILE as EVALUATION

    path = Path(eval_path)
    has_none = (path.is_dir() or not path.suffix) and not (path / EVALUATION).exists()
    folder, evaluation = (path, None) if has_none else pilot_of(path)
    if (folder / FILE).exists():
        raise VendorEvalError(f"{folder / FILE}: exists already; edit it, or name another folder")
    today = datetime.now().astimezone().date()
    (folder / "labels").mkdir(parents=True, exist_ok=True)
    write_file(folder / FILE, draft(evaluation, task, today).encode())
    for link in links_for(evaluation, task):
        click.echo(agreement(link))
    say(f"Started {folder / FILE}. Complete it, and put the truth into gold.csv beside it, columns item and label.")
    say(f"Then: vendor-eval pilot sample {eval_path} ITEMS.csv -n 300; with labels in hand: pilot measure {eval_path}")
    if evaluation is not None and evaluation.settings.pilot is None:
        say(f"Add to {path if path.suffix else path / EVALUATION}: pilot: {folder.name}")


@pilot.command("plan")
@click.option("--promised", required=True, type=_UP_TO_100, help="Share of right items that is promised, in percent.")
@click.option("--unacceptable", required=True, type=_PERCENT, help="Share that must not be accepted, in percent.")
@click.option("--seller-risk", default=5.0, show_default=True, type=_PERCENT, help="Risk to refuse what was promised.")
@click.option("--buyer-risk", default=10.0, show_default=True, type=_PERCENT, help="Risk to accept what must not be.")
@json_option
def plan_pilot(promised: float, unacceptable: float, seller_risk: float, buyer_risk: float, *, as_json: bool) -> None:
    """Say how many items tell a promised from an unacceptable quality, and how many errors are too many.

    Example: vendor-eval pilot plan --promised 98 --unacceptable 95
    """
    from vendor_eval.pilot.kernels.acceptance import sampling_plan

    try:
        plan = sampling_plan(promised, unacceptable, seller_risk=seller_risk, buyer_risk=buyer_risk)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        print_machine(plan._asdict())
        return
    click.echo(f"Check {plan.n:,} items with gold; accept the batch with {plan.c:,} errors or fewer.")
    click.echo(f"A batch at {promised:g} % is refused in {plan.seller_risk:.3f} % of cases (seller's risk).")
    click.echo(f"A batch at {unacceptable:g} % is accepted in {plan.buyer_risk:.3f} % of cases (buyer's risk).")


@pilot.command("sample")
@click.argument("paths", metavar="[EVAL] ITEMS.csv", nargs=-1, required=True, type=EXISTING)
@click.option("-n", "count", type=click.IntRange(1), help="How many items with gold are drawn.")
@click.option("--risk", "by_risk", is_flag=True, help="Draw as many as `risk` of pilot.yaml needs.")
@click.option("--stratify", default="", metavar="COLUMN", help="Draw from each value of a column in proportion.")
@click.option("--duplicates", default=10.0, show_default=True, type=_SHARE, help="Percent of them to send twice.")
@click.option(
    "--fill", default=0, show_default=True, type=click.IntRange(0), help="How many items without gold go with them."
)
@click.option("--force", is_flag=True, help="Replace the plan and the packages of an earlier draw.")
def sample_pilot(
    paths: tuple[Path, ...],
    count: int | None,
    stratify: str,
    duplicates: float,
    fill: int,
    *,
    by_risk: bool,
    force: bool,
) -> None:
    """Draw the sample, write plan.csv and a package of tasks for each vendor and phase.

    Example: vendor-eval pilot sample my-rfp items.csv -n 300
    """
    from vendor_eval.intake.inbox import vendor_files
    from vendor_eval.pilot.files import read_gold
    from vendor_eval.pilot.kernels.acceptance import sampling_plan
    from vendor_eval.pilot.sample import PACKAGES, PLAN, Order, draw_sample, headline, summary
    from vendor_eval.pilot.settings import FILE, load_pilot
    from vendor_eval.reports.terminal.columns import table
    from vendor_eval.run.publish import fill_folder, write_file

    *given, items = paths
    if len(given) > 1 or (count is None) == (not by_risk):
        raise click.UsageError("give [EVAL] ITEMS.csv, and either -n or --risk")
    folder, evaluation = pilot_of(given[0] if given else ".")
    vendors = tuple(vendor.id for vendor in vendor_files(evaluation)) if evaluation else ()
    settings = load_pilot(folder, evaluation, vendors or None)
    old = [path.relative_to(folder).as_posix() for path in (folder / PACKAGES).glob("*/tasks-*.csv")]
    old += [PLAN] if (folder / PLAN).exists() else []
    if old and not force:
        raise VendorEvalError(f"{folder / old[-1]}: exists already, and vendors may have it; draw anew with --force")
    if count is None:
        if settings.risk is None:
            raise VendorEvalError(f"{folder / FILE}: has no `risk`; write it, or say how many with -n")
        count = sampling_plan(**settings.risk.model_dump()).n
    order = Order(count, fill, duplicates, stratify)
    sample = draw_sample(settings, read_gold(folder, settings), items, settings.vendors or vendors, order)
    packages = {name.removeprefix(f"{PACKAGES}/"): content for name, content in sample.files.items() if name != PLAN}
    outdated = [name.removeprefix(f"{PACKAGES}/") for name in old]
    fill_folder(folder / PACKAGES, packages, outdated, outdated=folder / PLAN)
    # Last, so that it never speaks of other packages than those that lie there.
    write_file(folder / PLAN, sample.files[PLAN])
    show(f"{headline(sample)}\n\n{table(tuple(summary(sample)), right=(3, 4, 5, 6))}")
    for warning in sample.warnings:
        say(f"Note: {warning}")
    say(f"Wrote {folder / PLAN}, which stays with you, and {folder / PACKAGES}.")
    say(
        "Images and sounds behind a path are not touched: name each delivery by its code and re-encode it, else a name "
        "or a hash gives a duplicate away."
    )


@pilot.command("measure")
@eval_argument
@skip_option
@click.option("--strict", is_flag=True, help="Exit with 1 where something that came back counts as wrong unread.")
@json_option
def measure_pilot(eval_path: str, *, skip_unreadable: bool, strict: bool, as_json: bool) -> None:
    """Measure what came back, hold it against the promises, and write out/pilot/.

    Example: vendor-eval pilot measure my-rfp --strict
    """
    from vendor_eval.pilot.sizes import check_sizes

    if not skip_unreadable:
        check_sizes(Path(eval_path))
    from vendor_eval.cli.runs import clear_progress, progress, read, stop_at
    from vendor_eval.pilot.files import LABELS, count_skipped
    from vendor_eval.pilot.measure import OUTPUTS, measure
    from vendor_eval.reports.terminal.pilot import pilot_text
    from vendor_eval.run.publish import listing, publish

    folder, evaluation = pilot_of(eval_path)
    if evaluation is None or evaluation.settings.pilot is None:
        out, measured = folder / "out", measure(folder, skip_unreadable=skip_unreadable, progress=progress("measuring"))
    else:
        from vendor_eval.run.evaluate import with_promises

        out = evaluation.folder / "out"
        readings = read(evaluation, skip_unreadable=skip_unreadable, compare_texts=False)
        measured = with_promises(evaluation, readings, skip_unreadable=skip_unreadable)
    clear_progress()
    if skipped := count_skipped(folder):
        say(f"skipped in {LABELS}/: {skipped} hidden or temporary file{'s' if skipped > 1 else ''}")
    if as_json:
        click.echo(measured.json(), nl=False)
    else:
        show(pilot_text(measured.record))
        files = measured.files()
        for note in publish(out, files, within=(OUTPUTS,)).kept_notes:
            say(f"Note: {note}")
        say(f"Wrote {listing(out, files)}")
    if strict:
        stop_at([issue.severity for vendor in measured.record.vendors for issue in vendor.issues].count("blocking"))
