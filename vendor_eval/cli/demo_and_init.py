"""Commands that start an evaluation: the sample, and an empty folder."""

from datetime import datetime
from pathlib import Path

import click
from click.core import ParameterSource

from vendor_eval.cli.group import main, say
from vendor_eval.cli.options import FORMATS, Parsed
from vendor_eval.cli.runs import evaluate_and_write, say_grave
from vendor_eval.issues import VendorEvalError


@main.command()
@click.argument("folder", metavar="[DIR]", default="vendor-eval-demo", type=click.Path(path_type=Path))
@click.option("--small", is_flag=True, help="The small tender: three vendors, the core questionnaire.")
@click.option("--other-domain", is_flag=True, help="Translation agencies: criteria of one's own, two offers.")
@click.option("--pilot", is_flag=True, help="The small tender after a paid pilot on 300 images.")
def demo(folder: Path, *, small: bool, other_domain: bool, pilot: bool) -> None:
    """Copy a sample evaluation into DIR, evaluate it and write every output.

    DIR is a new or empty folder; without it, vendor-eval-demo.

    Example: vendor-eval demo trial --small
    """
    from vendor_eval.config.shipped import samples_folder
    from vendor_eval.run.outputs import Wanted
    from vendor_eval.run.publish import fill_folder, refuse_filled

    names = [name for name, wanted in (("small", small), ("other-domain", other_domain), ("pilot", pilot)) if wanted]
    if len(names) > 1:
        raise click.UsageError(f"give either {' or '.join(f'--{name}' for name in names)}")
    refuse_filled(folder, f", or run 'vendor-eval evaluate {folder}'")
    source = samples_folder() / (names[0] if names else "full")
    paths = [path.relative_to(source) for path in sorted(source.rglob("*")) if path.is_file()]
    left_out = [path for path in paths for part in path.parts if part == "out" or part.startswith(("~$", "."))]
    files = {path.as_posix(): (source / path).read_bytes() for path in paths if path not in left_out}
    fill_folder(folder, files)
    say(f"Copied the {source.name} sample to {folder}")
    # Beside criteria of one's own the evaluation has a folder of its own.
    evaluate_and_write(folder / "tender" if other_domain else folder, Wanted(FORMATS, vendor_copies=True))


def _moment(text: str) -> datetime:
    """Parse a moment, without an offset one by the clock of this computer; a day alone means its end."""
    moment = datetime.fromisoformat(text)
    if len(text) <= len("2026-12-18"):
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment if moment.tzinfo else moment.astimezone()


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--preset",
    metavar="NAME",
    default="balanced",
    show_default=True,
    help="Named weights of the categories: automation_first, balanced, clients_own_tool, cv_high_volume, domain_nlp, "
    "early_stage_pilot, genai_confidential, genai_red_team, genai_regulated, genai_rlhf_sft, medical, regulated_data, "
    "safety_critical_cv, seasonal_cv, strict_ethics or trust_and_safety.",
)
@click.option(
    "--tags",
    metavar="TAG,...",
    default="",
    help="Tags on top of the preset, with commas: automation_heavy, client_tool, confidential, cv_high_volume, "
    "early_stage, ethics_strict, genai, harmful_content, no_genai, regulated, safety_critical, sme_domain, spiky.",
)
@click.option("--profile", type=click.Path(path_type=Path), help="Take weights and context from a sourcing profile.")
@click.option("--core", is_flag=True, help="Ask the short questionnaire.")
@click.option(
    "--deadline",
    type=Parsed("MOMENT", _moment, "is no moment; write it as 2026-12-18 or 2026-12-18T17:00+01:00"),
    help="When responses are due: a day such as 2026-12-18, which means its end here, or a moment such as "
    "2026-12-18T17:00+01:00. Dates are judged on that day.",
)
@click.pass_context
def init(
    context: click.Context,
    folder: Path,
    preset: str,
    tags: str,
    profile: Path | None,
    deadline: datetime | None,
    *,
    core: bool,
) -> None:
    """Start an evaluation folder: an evaluation.yaml to complete, and places for responses and documents.

    Example: vendor-eval init my-rfp --preset medical --deadline 2026-12-18
    """
    from vendor_eval.criteria import load_criteria
    from vendor_eval.run.publish import write_file
    from vendor_eval.tender import EVIDENCE, FILE, parse_evaluation
    from vendor_eval.tender.starter import EVIDENCE_README, from_profile, starter

    is_own = tags or context.get_parameter_source("preset") is not ParameterSource.DEFAULT
    if is_own and profile:
        raise click.UsageError("give either --profile, or --preset and --tags: a profile gives the weights itself")

    if (folder / FILE).exists():
        raise VendorEvalError(f"{folder / FILE}: exists already; edit it, or name another folder")
    # The day of starting is written into the file: results never read the clock.
    today = datetime.now().astimezone().date()
    values = from_profile(profile) if profile else None
    name = folder.resolve().name.replace("-", " ").replace("_", " ").capitalize()
    title = (values.title if values else "") or name or "Our tender"
    text = starter(
        load_criteria(),
        title=title,
        as_of=today,
        preset=preset,
        tags=tags.replace(",", " ").split(),
        core=core,
        deadline=deadline,
        profile=values,
    )
    # A run that is killed between the two can be run again.
    for name in ("responses", EVIDENCE):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if not (folder / EVIDENCE / "README.md").exists():
        write_file(folder / EVIDENCE / "README.md", EVIDENCE_README.encode())
    write_file(folder / FILE, text.encode())
    say_grave(parse_evaluation(folder).checked())
    say(f"Started {folder / FILE}. Complete it, then: vendor-eval questionnaire {folder} -o questionnaire.xlsx")
