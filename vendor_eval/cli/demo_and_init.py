"""Commands that start an evaluation: the sample, and an empty folder."""

from datetime import datetime
from pathlib import Path

import click

from vendor_eval.cli.group import main, say
from vendor_eval.cli.options import FORMATS
from vendor_eval.cli.runs import evaluate_and_write, say_grave
from vendor_eval.issues import VendorEvalError


@main.command()
@click.argument("folder", metavar="[DIR]", default="vendor-eval-demo", type=click.Path(path_type=Path))
@click.option("--small", is_flag=True, help="The small tender: three vendors, the core questionnaire.")
@click.option("--other-domain", is_flag=True, help="Translation agencies: criteria of one's own, two offers.")
@click.option("--pilot", is_flag=True, help="The small tender after a paid pilot on 300 images.")
def demo(folder: Path, *, small: bool, other_domain: bool, pilot: bool) -> None:
    """Copy a sample evaluation into DIR, evaluate it and write every output."""
    from vendor_eval.config.shipped import samples_folder
    from vendor_eval.run.outputs import Wanted
    from vendor_eval.run.publish import copy_folder, refuse_filled

    names = [name for name, wanted in (("small", small), ("other-domain", other_domain), ("pilot", pilot)) if wanted]
    if len(names) > 1:
        raise click.UsageError(f"give either {' or '.join(f'--{name}' for name in names)}")
    refuse_filled(folder, f", or run 'vendor-eval evaluate {folder}'")
    source = samples_folder() / (names[0] if names else "full")
    paths = [path.relative_to(source) for path in sorted(source.rglob("*")) if path.is_file()]
    left_out = [path for path in paths for part in path.parts if part == "out" or part.startswith(("~$", "."))]
    files = {path.as_posix(): (source / path).read_bytes() for path in paths if path not in left_out}
    copy_folder(files, folder)
    say(f"Copied the {source.name} sample to {folder}")
    # Beside criteria of one's own the evaluation has a folder of its own.
    evaluate_and_write(folder / "tender" if other_domain else folder, Wanted(FORMATS, vendor_copies=True))


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--preset", help="Named weights of the categories; without it, balanced.")
@click.option("--tags", default="", help="Tags on top of the preset, with commas, such as regulated,spiky.")
@click.option("--profile", type=click.Path(path_type=Path), help="Take weights and context from a sourcing profile.")
@click.option("--core", is_flag=True, help="Ask the short questionnaire.")
@click.option(
    "--deadline",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]),
    metavar="MOMENT",
    help="When responses are due, as 2026-12-18T17:00:00+01:00; dates are judged on that day.",
)
def init(
    folder: Path, preset: str | None, tags: str, profile: Path | None, deadline: datetime | None, *, core: bool
) -> None:
    """Start an evaluation folder: an evaluation.yaml to complete, and places for responses and documents."""
    from vendor_eval.criteria import load_criteria
    from vendor_eval.run.publish import write_file
    from vendor_eval.tender import EVIDENCE, FILE, parse_evaluation
    from vendor_eval.tender.starter import EVIDENCE_README, from_profile, starter

    if (preset or tags) and profile:
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
        preset=preset or "balanced",
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
