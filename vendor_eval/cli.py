"""The command line: it parses, calls the library, prints and writes files."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vendor_eval.errors import VendorEvalError

if TYPE_CHECKING:
    from vendor_eval.questions import Question
    from vendor_eval.rendering import Wanted
    from vendor_eval.responses import Reading
    from vendor_eval.results import Result, VendorRecord
    from vendor_eval.sourcing.advice import Advice
    from vendor_eval.tender import Evaluation

_FORMATS = ("json", "xlsx", "pdf", "csv")
_PAPERS = {"a4": "A4", "letter": "Letter"}
_ADVICE_FILES = (".json", ".pdf")


class _Group(click.Group):
    """Shows every error in one place: a message on stderr, exit code 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        _print_every_sign()
        try:
            return super().invoke(ctx)
        except VendorEvalError as error:
            _say_error(error)
        except BrokenPipeError:
            # Who reads the output has seen enough, as `head` has: click ends quietly.
            raise
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            _say(f"Error: {place}{error.strerror or error}; check the path and its permissions")
        return ctx.exit(1)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from vendor_eval.issues import did_you_mean

            hint = did_you_mean(args[0], self.commands, form=" Did you mean '{}'?")
            raise click.UsageError(f"{error.message.rstrip('.')}.{hint}", ctx) from None


def _say(text: str) -> None:
    """Print one line of talk on stderr, with nothing in it that a terminal would obey."""
    from vendor_eval.printable import one_line

    click.echo(one_line(text), err=True)


def _say_error(error: VendorEvalError) -> None:
    from vendor_eval.issues import InputFaults

    faults = [str(issue) for issue in error.issues] if isinstance(error, InputFaults) else [str(error)]
    for fault in faults:
        _say(f"Error: {fault}" if len(faults) == 1 else fault)


def _print_every_sign() -> None:
    """Send UTF-8 into files and pipes; a terminal shows '?' for a sign that it lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vendor-eval")
def main() -> None:
    """Compare data annotation vendors: questionnaires in, a ranked and explained result out."""


def _as_of_option(command: Callable[..., None]) -> Callable[..., None]:
    option = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge dates on this day instead.")
    return option(command)


_json_option = click.option("--json", "as_json", is_flag=True, help="Print the machine form on stdout.")
_skip_option = click.option(
    "--skip-unreadable", is_flag=True, help="Go on without workbooks that cannot be read, and say so."
)
_map_option = click.option(
    "--map",
    "mapping",
    metavar="FILE",
    help="Read other people's questionnaires by this mapping, or a shipped one by name.",
)
_eval_argument = click.argument("eval_path", metavar="[EVAL]", default=".", type=click.Path())


# ------------------------------------------------------------------------------------------------ starting


@main.command()
@click.argument("folder", metavar="[DIR]", default="vendor-eval-demo", type=click.Path(path_type=Path))
@click.option("--small", is_flag=True, help="The small tender: three vendors, the core questionnaire.")
def demo(folder: Path, *, small: bool) -> None:
    """Copy a sample evaluation into DIR, evaluate it and write every output."""
    import shutil

    from vendor_eval.rendering import Wanted
    from vendor_eval.shipped import samples_folder

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise VendorEvalError(
            f"{folder}: exists and is not empty; name a new folder, or run 'vendor-eval evaluate {folder}'"
        )
    source = samples_folder() / ("small" if small else "full")
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("out", "~$*", ".*"))
    _say(f"Copied the {source.name} sample to {folder}")
    _evaluate(folder, Wanted(_FORMATS, vendor_copies=True))


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--preset", help="Named weights of the categories; without it, balanced.")
@click.option("--profile", type=click.Path(path_type=Path), help="Take weights and context from a sourcing profile.")
@click.option("--core", is_flag=True, help="Ask the short questionnaire.")
def init(folder: Path, preset: str | None, profile: Path | None, *, core: bool) -> None:
    """Start an evaluation folder: an evaluation.yaml to complete, and a place for responses."""
    from vendor_eval.criteria import load_criteria
    from vendor_eval.output import write_file
    from vendor_eval.starter import from_profile, starter
    from vendor_eval.tender import FILE

    if preset and profile:
        raise click.UsageError("give either --preset or --profile: a profile gives the weights itself")

    if (folder / FILE).exists():
        raise VendorEvalError(f"{folder / FILE}: exists already; edit it, or name another folder")
    title = folder.resolve().name.replace("-", " ").replace("_", " ").capitalize() or "Our tender"
    # The day of starting is written into the file: results never read the clock.
    today = datetime.now().astimezone().date()
    given = from_profile(profile) if profile else None
    text = starter(load_criteria(), title=title, as_of=today, preset=preset or "balanced", core=core, given=given)
    write_file(folder / FILE, text.encode())
    (folder / "responses").mkdir(exist_ok=True)
    _say(f"Started {folder / FILE}. Complete it, then: vendor-eval questionnaire {folder} -o questionnaire.xlsx")


# ------------------------------------------------------------------------------------------------ advising


@main.command()
@click.argument("path", metavar="PROFILE.yaml", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write the advice to a .pdf or .json file as well."
)
@click.option("--paper", type=click.Choice(["a4", "letter"], case_sensitive=False), default="a4", show_default=True)
@click.option("--interview", is_flag=True, help="Ask the questions one by one and write PROFILE.yaml first.")
@_json_option
def advise(path: Path, output: Path | None, paper: str, *, interview: bool, as_json: bool) -> None:
    """Say which sourcing model fits a project: in-house, a managed partner, or in-house first."""
    from vendor_eval.reports.advice_terminal import advice_report
    from vendor_eval.sourcing.advisor import advise as advise_on

    if output is not None and output.suffix.casefold() not in _ADVICE_FILES:
        raise click.UsageError(f"{output}: name it {' or '.join(_ADVICE_FILES)}")
    if interview:
        _interview(path)
    advice = advise_on(path)
    click.echo(advice.to_json() if as_json else advice_report(advice), nl=not as_json)
    if output is not None:
        _write_advice(advice, output, _PAPERS[paper.casefold()])


def _write_advice(advice: "Advice", output: Path, paper: str) -> None:
    from vendor_eval.output import write_file

    if output.suffix.casefold() == ".json":
        write_file(output, advice.to_json().encode())
    else:
        from vendor_eval.reports.advising import advice_document

        document = advice_document(advice, paper=paper)
        # Without Pango the same pages are HTML to print.
        output = output.with_suffix(document.suffix) if document.suffix != output.suffix.casefold() else output
        write_file(output, document.data)
        for warning in document.warnings:
            click.echo(f"Note: {warning}", err=True)
    click.echo(f"Wrote {output}", err=True)


def _interview(path: Path) -> None:
    """Ask question after question, and write the profile when all are answered."""
    from vendor_eval.errors import AnswerError
    from vendor_eval.output import write_file
    from vendor_eval.reports.advice_terminal import question_text
    from vendor_eval.sourcing.interview import Interview
    from vendor_eval.sourcing.loading import load_sourcing
    from vendor_eval.sourcing.profile_text import profile_text

    if path.exists():
        raise VendorEvalError(f"{path}: exists already; run without --interview, or name a new file")
    talk = Interview(load_sourcing())
    click.echo(
        "Enter takes the default in [ ], '?' explains, '<' goes back, Ctrl-C stops and writes nothing.", err=True
    )
    while (step := talk.step) is not None:
        click.echo(f"\n{question_text(step, *talk.place)}", err=True)
        answer = click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True)
        if answer.strip() == "?":
            click.echo(step.help or "No more is known of it than the question says.", err=True)
        elif answer.strip() == "<":
            talk.back()
        else:
            try:
                talk.answer(answer)
            except AnswerError as error:
                click.echo(f"! {error}", err=True)
    write_file(path, profile_text(talk).encode())
    click.echo(f"\nWrote {path}\n", err=True)


# ------------------------------------------------------------------------------------------------ checking


@main.command()
@click.argument("path", metavar="[PATH]", required=False, type=click.Path())
@_json_option
def criteria(path: str | None, *, as_json: bool) -> None:
    """Check criteria files and print their tree with local and global weights."""
    from vendor_eval.recording import definition
    from vendor_eval.reports.terminal import criteria_tree
    from vendor_eval.sourcing.loading import check_folder

    loaded = check_folder(path)
    presets = loaded.file.presets
    preset = "balanced" if "balanced" in presets else next(iter(presets), "")
    defined = definition(loaded, presets.get(preset, {}), dict.fromkeys(loaded.questions, True))
    if as_json:
        click.echo(defined.model_dump_json(indent=1))
        return
    click.echo(criteria_tree(defined.categories))
    count = len(loaded.questions)
    _say(f"{loaded.file.title} {loaded.file.version}: {count} questions, weights of preset {preset}; no faults")


@main.command()
@_eval_argument
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The .xlsx workbook to write.")
def questionnaire(eval_path: str, output: Path) -> None:
    """Write the workbook that goes to vendors."""
    from vendor_eval.output import write_file
    from vendor_eval.tender import load_evaluation
    from vendor_eval.workbooks.questionnaire import questionnaire as render

    if output.suffix.casefold() != ".xlsx":
        raise click.UsageError(f"{output}: the questionnaire is an Excel workbook; name it .xlsx")
    evaluation = load_evaluation(eval_path)
    write_file(output, render(evaluation))
    _say(f"Wrote {output}: {len(evaluation.asked_questions)} questions")


@main.command("map")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("eval_path", metavar="[EVAL]", required=False, type=click.Path())
@click.option(
    "-o", "--output", default="mapping.yaml", show_default=True, type=click.Path(path_type=Path), help="File to write."
)
def map_(file: Path, eval_path: str | None, output: Path) -> None:
    """Recognise the layout of someone else's questionnaire and write a mapping to complete."""
    from vendor_eval.criteria import SHIPPED
    from vendor_eval.mapping import describe, draft, fitting, recognise
    from vendor_eval.output import write_file
    from vendor_eval.readers import read_workbook

    if output.exists():
        raise VendorEvalError(f"{output}: exists already and may hold your work; name another file with -o")
    criteria, questions = _asked(eval_path)
    book = read_workbook(file, name=file.name, password=_password)
    recognised = recognise(book)
    click.echo(describe(recognised, book))
    known = fitting(recognised) if criteria == SHIPPED else ""
    if known:
        click.echo(f"The shipped mapping {known} fits this workbook: --map {known}, or 'map: {known}' of its vendor")
    write_file(output, draft(recognised, questions, file=file.name).encode())
    click.echo(f"Wrote {output}: complete it for {len(questions)} questions, then use it with --map {output}", err=True)


def _asked(eval_path: str | None) -> "tuple[str, Sequence[Question]]":
    """Scorecard and questions of an evaluation; without one here, those of the shipped criteria."""
    from vendor_eval.criteria import load_criteria
    from vendor_eval.tender import FILE

    if eval_path is None and not Path(FILE).is_file():
        criteria = load_criteria()
        return criteria.file.scorecard, tuple(criteria.questions.values())
    evaluation = _load(eval_path or ".")
    return evaluation.criteria.file.scorecard, tuple(evaluation.asked_questions.values())


@main.command(name="score-sheets")
@_eval_argument
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write to; default score-sheets/.")
@click.option("--blind", is_flag=True, help="Put codes in place of the vendors' names; the key stays with you.")
@click.option("--consensus", is_flag=True, help="Write the sheet on which the panel moderates instead.")
@_skip_option
def score_sheets(eval_path: str, output: Path | None, *, blind: bool, consensus: bool, skip_unreadable: bool) -> None:
    """Write one blind score sheet for each evaluator named in the evaluation."""
    from vendor_eval.evaluation import draw_up_consensus, draw_up_sheets, read_responses
    from vendor_eval.output import file_names, write_file
    from vendor_eval.scoresheets import KEY_FILE, holds_entries
    from vendor_eval.workbooks.scoresheet import score_sheet

    evaluation = _load(eval_path)
    if not evaluation.settings.evaluators:
        raise VendorEvalError(f"{evaluation.source.file}: names no 'evaluators'; add them, each with an id and a name")
    readings = read_responses(
        evaluation, skip_unreadable=skip_unreadable, progress=_progress("reading"), password=_password
    )
    _clear_progress()
    _say_skipped(readings)
    key = None
    drawn = [draw_up_consensus(evaluation, readings)] if consensus else []
    if not consensus:
        sheets, key = draw_up_sheets(evaluation, readings, blind=blind)
        drawn += sheets
    folder = output or evaluation.folder / "score-sheets"
    names = file_names(plan.evaluator for plan in drawn)
    paths = [folder / f"{names[plan.evaluator]}.xlsx" for plan in drawn]
    if filled := [str(path) for path in paths if holds_entries(path)]:
        cure = "put filled sheets into scores/, or name another folder with -o"
        raise VendorEvalError(f"{', '.join(filled)}: filled in already, so nothing was written; {cure}")
    if key:
        text = _dump({"codes": key.codes}) + "\n"
        write_file(evaluation.folder / KEY_FILE, text.encode())
        click.echo(f"Wrote {evaluation.folder / KEY_FILE}: which code is whom; it stays with you", err=True)
    for plan, path in zip(drawn, paths, strict=True):
        write_file(path, score_sheet(evaluation, plan))
        click.echo(f"Wrote {path}: {len(plan.scores)} levels, {len(plan.claims)} claims", err=True)


# ------------------------------------------------------------------------------------------------ evaluating


@main.command()
@_eval_argument
@_as_of_option
@_map_option
@_json_option
def check(eval_path: str, as_of: datetime | None, mapping: str | None, *, as_json: bool) -> None:
    """Print every issue of the responses, and write what to ask back; exit 1 if an answer could not be credited."""
    from vendor_eval.output import publish
    from vendor_eval.rendering import CLARIFICATIONS, clarification_files, clarification_names, clarifications
    from vendor_eval.reports.checking import check_report

    evaluation = _load(eval_path, as_of)
    result = _run(evaluation, skip_unreadable=True, mapping=mapping)
    rendered = clarifications(result, evaluation)
    out = evaluation.folder / "out"
    asked = {vendor: str(out / name) for vendor, name in clarification_names(rendered).items()}
    click.echo(_check_json(result, asked) if as_json else check_report(result, asked))
    files = clarification_files(rendered)
    publish(out, files, within=CLARIFICATIONS)
    if closed := [vendor for vendor in rendered if vendor not in asked]:
        _say(f"Nothing to clarify with {', '.join(closed)}")
    if files:
        _say(f"Wrote {_written(out, files)}")
    _stop_if_blocked(result)


def _formats(_context: click.Context, _option: click.Parameter, text: str) -> tuple[str, ...]:
    from vendor_eval.issues import did_you_mean

    wanted = tuple(dict.fromkeys(name.strip().casefold() for name in text.split(",") if name.strip()))
    if not wanted:
        raise click.BadParameter(f"names no format; known are {', '.join(_FORMATS)}")
    for name in wanted:
        if name not in _FORMATS:
            raise click.BadParameter(f"'{name}' is not one of {', '.join(_FORMATS)}{did_you_mean(name, _FORMATS)}")
    return wanted


@main.command()
@_eval_argument
@_as_of_option
@_map_option
@click.option(
    "--format",
    "formats",
    default="json,xlsx,pdf",
    show_default=True,
    callback=_formats,
    help=f"Comma-separated: {', '.join(_FORMATS)}.",
)
@click.option("--paper", type=click.Choice(["a4", "letter"], case_sensitive=False), default="a4", show_default=True)
@click.option("--brief", is_flag=True, help="Keep the comparison to the pages that can stand alone.")
@click.option(
    "--vendor-copies", is_flag=True, help="Write a scorecard for each vendor itself: no rank, no figure of others."
)
@click.option("--strict", is_flag=True, help="Exit 1 if an answer could not be credited.")
@_skip_option
def evaluate(
    eval_path: str,
    as_of: datetime | None,
    mapping: str | None,
    formats: tuple[str, ...],
    paper: str,
    *,
    brief: bool,
    vendor_copies: bool,
    strict: bool,
    skip_unreadable: bool,
) -> None:
    """Read, score and rank the responses, and write out/."""
    from vendor_eval.rendering import Wanted

    for option, given in (("--brief", brief), ("--vendor-copies", vendor_copies)):
        if given and "pdf" not in formats:
            raise click.UsageError(f"{option} is about PDFs: add pdf to --format")
    wanted = Wanted(formats, _PAPERS[paper], brief=brief, vendor_copies=vendor_copies)
    result = _evaluate(Path(eval_path), wanted, as_of=as_of, skip_unreadable=skip_unreadable, mapping=mapping)
    if strict:
        _stop_if_blocked(result)


@main.command()
@_eval_argument
@_as_of_option
@_map_option
@_skip_option
@_json_option
def rank(eval_path: str, as_of: datetime | None, mapping: str | None, *, skip_unreadable: bool, as_json: bool) -> None:
    """Print the ranked table."""
    from vendor_eval.reports.terminal import ranked_table

    result = _run(_load(eval_path, as_of), skip_unreadable=skip_unreadable, mapping=mapping)
    click.echo(_rank_json(result) if as_json else ranked_table(result))


@main.command()
@click.argument("words", metavar="[EVAL] VENDOR [ID]", nargs=-1, required=True)
@click.option("--why-not", "other", metavar="OTHER", help="What the one behind of two vendors lacks to pass the other.")
@_as_of_option
@_map_option
@_skip_option
@_json_option
def explain(
    words: Sequence[str],
    other: str | None,
    as_of: datetime | None,
    mapping: str | None,
    *,
    skip_unreadable: bool,
    as_json: bool,
) -> None:
    """Show the arithmetic of a total, a category, a criterion or an answer, down to the cell."""
    from vendor_eval.reports.terminal import explain as explained

    eval_path, vendor_id, name = _explain_words(words)
    if other is not None and (name is not None or as_json):
        raise click.UsageError("--why-not compares two vendors in words: give it neither an ID nor --json")
    result = _run(_load(eval_path, as_of), skip_unreadable=skip_unreadable, mapping=mapping)
    vendor = _vendor(result, vendor_id)
    if other is not None:
        click.echo(_why_not(result, vendor, other))
        return
    try:
        text = explained(result, vendor, name)
    except KeyError as error:
        raise VendorEvalError(error.args[0]) from None
    click.echo(_explain_json(vendor, name) if as_json else text)


def _why_not(result: "Result", vendor: "VendorRecord", other: str) -> str:
    from vendor_eval.reports.whynot import why_not

    if other == vendor.id:
        raise VendorEvalError(f"--why-not {other}: name another vendor than {vendor.id}")
    return why_not(result, vendor, _vendor(result, other))


def _explain_words(words: Sequence[str]) -> tuple[str, str, str | None]:
    """Tell EVAL from VENDOR: the first word is EVAL only if it is a folder with evaluation.yaml, or a .yaml file."""
    from vendor_eval.tender import FILE

    first = Path(words[0])
    named = (first / FILE).is_file() or first.suffix in {".yaml", ".yml"}
    eval_path, rest = (words[0], words[1:]) if named else (".", words)
    if not 1 <= len(rest) <= 2:  # noqa: PLR2004  VENDOR and ID
        raise click.UsageError("expected [EVAL] VENDOR [ID]")
    return eval_path, rest[0], rest[1] if len(rest) > 1 else None


# ------------------------------------------------------------------------------------------------ shared


def _load(path: str | Path, as_of: datetime | None = None) -> "Evaluation":
    from vendor_eval.evaluation import load

    return load(path, as_of=as_of.date() if as_of else None)


def _run(evaluation: "Evaluation", *, skip_unreadable: bool, mapping: str | None = None) -> "Result":
    from vendor_eval.evaluation import evaluate_readings, read_responses

    _say_not_read(evaluation)
    readings = read_responses(
        evaluation,
        skip_unreadable=skip_unreadable,
        mapping=mapping,
        progress=_progress("reading"),
        password=_password,
    )
    _clear_progress()
    _say_skipped(readings)
    return evaluate_readings(evaluation, readings)


def _say_not_read(evaluation: "Evaluation") -> None:
    from vendor_eval.tender import RESPONSES, left_behind, strays, tenderers

    for stray in strays(evaluation):
        _say(f"not read: {stray.file} {stray.reason}")
    if skipped := left_behind(evaluation):
        _say(f"skipped in {RESPONSES}/: {skipped} hidden or temporary file{'s' if skipped > 1 else ''}")
    if not any(tenderer.files for tenderer in tenderers(evaluation)):
        _say(f"no workbooks in {evaluation.folder / RESPONSES}")


def _progress(doing: str) -> Callable[[str], None]:
    from vendor_eval.printable import one_line

    if not sys.stderr.isatty():
        return lambda _name: None
    return lambda name: click.echo(f"\r\x1b[K{doing} {one_line(name)}\r", err=True, nl=False)


def _password(file: str) -> str | None:
    """Password of a file: the environment's, else what a person types; None where there is nobody to ask."""
    from vendor_eval.printable import one_line
    from vendor_eval.readers import known_password

    known = known_password(file)
    if known is not None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return known
    _clear_progress()
    question = f"Password of {one_line(file)} (empty: go on without it)"
    typed = click.prompt(question, default="", show_default=False, hide_input=True, err=True)
    return typed or None


def _clear_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)


def _say_skipped(readings: "Sequence[Reading]") -> None:
    for reading in readings:
        if reading.submission is None:
            reasons = "; ".join(str(issue) for issue in reading.issues) or reading.reason
            _say(f"Not evaluated: {reading.tenderer.id}: {reasons}")


def _evaluate(
    path: Path,
    wanted: "Wanted",
    *,
    as_of: datetime | None = None,
    skip_unreadable: bool = False,
    mapping: str | None = None,
) -> "Result":
    from vendor_eval.output import publish
    from vendor_eval.rendering import clarification_files, clarifications, render
    from vendor_eval.reports.terminal import ranked_table

    evaluation = _load(path, as_of)
    result = _run(evaluation, skip_unreadable=skip_unreadable, mapping=mapping)
    rendered = render(result, wanted, progress=_progress("writing"))
    files = {**rendered.files, **clarification_files(clarifications(result, evaluation))}
    publish(evaluation.folder / "out", files)
    _clear_progress()
    click.echo(ranked_table(result))
    for warning in rendered.warnings:
        _say(f"Note: {warning}")
    _say(f"Wrote {_written(evaluation.folder / 'out', files)}")
    return result


def _written(folder: Path, files: Iterable[str]) -> str:
    """Name what was written, a folder of files by their count."""
    inside: dict[str, list[str]] = {}
    for name in files:
        inside.setdefault(name.partition("/")[0], []).append(name)
    return ", ".join(
        str(folder / first)
        if names == [first]
        else f"{folder / first} ({len(names)} file{'s' if len(names) > 1 else ''})"
        for first, names in inside.items()
    )


def _stop_if_blocked(result: "Result") -> None:
    issues = [issue for vendor in result.vendors for issue in vendor.issues]
    issues += result.panel.issues if result.panel else ()
    blocking = sum(issue.severity == "blocking" for issue in issues)
    if blocking:
        click.echo(f"{blocking} blocking issue{'s' if blocking > 1 else ''}", err=True)
        click.get_current_context().exit(1)


def _vendor(result: "Result", name: str) -> "VendorRecord":
    from vendor_eval.issues import did_you_mean

    try:
        return result.vendor(name)
    except KeyError:
        known = [vendor.id for vendor in result.vendors]
        hint = f"{did_you_mean(name, known)}; known are {', '.join(known) or 'none'}"
        message = f"'{name}' is no vendor of this evaluation{hint}"
        raise VendorEvalError(message) from None


def _dump(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=1)


def _check_json(result: "Result", clarifications: Mapping[str, str]) -> str:
    from vendor_eval.reports.checking import counts

    keys = {"id", "name", "status", "reasons", "files", "issues"}
    vendors = [
        vendor.model_dump(mode="json", include=keys)
        | {"counts": counts(vendor.issues), "clarification": clarifications.get(vendor.id)}
        for vendor in result.vendors
    ]
    sheets, missing = (result.panel.issues, result.panel.missing) if result.panel else ((), ())
    return _dump(
        {
            "vendors": vendors,
            "score_sheets": [issue.model_dump(mode="json") for issue in sheets],
            "missing_levels": [one.model_dump(mode="json") for one in missing],
            "not_read": [one.model_dump(mode="json") for one in result.evaluation.not_read],
        }
    )


def _rank_json(result: "Result") -> str:
    keys = {"id", "name", "status", "reasons", "rank", "best_rank", "worst_rank", "would_rank", "tie_broken_by"}
    keys |= {"score", "low", "high", "claimed", "credited", "coverage", "quality", "price"}
    vendors = [vendor.model_dump(mode="json", include=keys) for vendor in result.vendors]
    return _dump(
        {
            "ranking": result.ranking,
            "shortlist": result.shortlist,
            "provisional": result.evaluation.provisional,
            **_firm_json(result),
            "vendors": vendors,
        }
    )


def _firm_json(result: "Result") -> dict[str, object]:
    from vendor_eval.reports.asking import MOST_ASKED

    keys = {"verdict", "sentence", "price", "leave_one_out", "ask_first"}
    if result.robustness is None:
        return dict.fromkeys(sorted(keys))
    found = result.robustness.model_dump(mode="json", by_alias=True, include=keys)
    return found | {"ask_first": found["ask_first"][:MOST_ASKED]}


def _explain_json(vendor: "VendorRecord", name: str | None) -> str:
    from pydantic_core import to_jsonable_python

    if name is None or vendor.status == "not_evaluated":
        return vendor.model_dump_json(indent=1, exclude={"answers"})
    node = next((node for node in vendor.nodes if node.id == name), None)
    if node is not None:
        below = [child for child in vendor.nodes if child.parent == name]
        answers = [answer for answer in vendor.answers if answer.parent == name]
        return _dump(
            {"node": to_jsonable_python(node), "children": [to_jsonable_python(c) for c in (*below, *answers)]}
        )
    answer = next((answer for answer in vendor.answers if answer.id == name), None)
    if answer is None and vendor.price:
        items = [to_jsonable_python(item) for item in vendor.price.items if item.id == name]
        return _dump({"item": items[0]} if items else {"price": to_jsonable_python(vendor.price)})
    if answer is None:
        raise LookupError(name)
    gates = [to_jsonable_python(gate) for gate in vendor.gates if gate.question == name]
    return _dump({"answer": to_jsonable_python(answer), "gates": gates})
