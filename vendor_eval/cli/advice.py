"""Command `advise`, with its interview."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vendor_eval.cli.group import main, say, show
from vendor_eval.cli.options import PAPERS, json_option, output_file, paper_option
from vendor_eval.cli.runs import write_document
from vendor_eval.issues import VendorEvalError

if TYPE_CHECKING:
    from vendor_eval.results.advice import Advice


@main.command()
@click.argument("path", metavar="PROFILE.yaml", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=output_file(".pdf", ".json"), help="Write the advice to a file as well.")
@paper_option
@click.option("--interview", is_flag=True, help="Ask the questions one by one and write PROFILE.yaml first.")
@json_option
def advise(path: Path, output: Path | None, paper: str, *, interview: bool, as_json: bool) -> None:
    """Say which sourcing model fits a project: in-house, a managed partner, or in-house first.

    Example: vendor-eval advise profile.yaml --interview
    """
    from vendor_eval.reports.terminal.advice import advice_report
    from vendor_eval.sourcing.advisor import advise as advise_on

    if interview:
        _interview(path)
    advice = advise_on(path)
    if as_json:
        click.echo(advice.to_json(), nl=False)
    else:
        show(advice_report(advice))
    if output is not None:
        _write_advice(advice, output, PAPERS[paper.casefold()])


def _write_advice(advice: "Advice", output: Path, paper: str) -> None:
    from vendor_eval.run.publish import write_file

    if output.suffix.casefold() == ".json":
        write_file(output, advice.to_json().encode())
    else:
        from vendor_eval.reports.pages.advice import advice_document

        output = write_document(advice_document(advice, paper=paper), output)
    say(f"Wrote {output}")


def _interview(path: Path) -> None:
    """Ask every question on the terminal, then write the profile."""
    from vendor_eval.issues import AnswerError
    from vendor_eval.run.publish import write_file
    from vendor_eval.sourcing.folder import load_sourcing
    from vendor_eval.sourcing.interview import Interview, question_text
    from vendor_eval.sourcing.profile_text import profile_text

    if path.exists():
        raise VendorEvalError(f"{path}: exists already; run without --interview, or name a new file")
    talk = Interview(load_sourcing())
    say("Enter takes the default in [ ], '?' explains, '<' goes back, Ctrl-C stops and writes nothing.")
    while (step := talk.step) is not None:
        click.echo(f"\n{question_text(step, *talk.place)}", err=True)
        answer = click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True)
        if answer.strip() == "?":
            click.echo(step.help or "No further help for this question.", err=True)
        elif answer.strip() == "<":
            talk.back()
        else:
            try:
                talk.answer(answer)
            except AnswerError as error:
                say(f"! {error}")
    write_file(path, profile_text(talk).encode())
    say(f"Wrote {path}")
