"""Options and arguments that several commands share."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from vendor_eval.issues import did_you_mean

EXISTING = click.Path(exists=True, path_type=Path)
FORMATS = ("json", "xlsx", "pdf", "html", "csv")
PAPERS = {"a4": "A4", "letter": "Letter"}
BY = "VENDOR_EVAL_BY"


class Parsed(click.ParamType):  # type: ignore[type-arg]  # generic in the newest releases of click alone
    """What a function makes of a text; where it raises ValueError, the message names the cure."""

    def __init__(self, name: str, parse: Callable[[str], object], cure: str) -> None:
        self.name, self.parse, self.cure = name, parse, cure

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002  one for all
        return self.name

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> object:
        try:
            return self.parse(value)
        except ValueError:
            self.fail(f"'{value}' {self.cure}", param, ctx)


def output_file(*suffixes: str) -> Parsed:
    """Take a file to write, whose name ends in one of these."""

    def parse(text: str) -> Path:
        path = Path(text)
        if path.suffix.casefold() not in suffixes:
            raise ValueError(text)
        return path

    return Parsed(f"FILE{'|'.join(suffixes)}", parse, f"has another ending; name it {' or '.join(suffixes)}")


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError(text)
    return text.strip()


def format_option(known: Sequence[str], default: Sequence[str]) -> Callable[[Any], Any]:
    """Make the option that takes formats between commas."""

    def parse(text: str) -> tuple[str, ...]:
        wanted = tuple(dict.fromkeys(name.strip().casefold() for name in text.split(",") if name.strip()))
        if not wanted:
            raise ValueError(text)
        for name in wanted:
            if name not in known:
                raise click.BadParameter(f"'{name}' is not one of {', '.join(known)}{did_you_mean(name, known)}")
        return wanted

    return click.option(
        "--format",
        "formats",
        type=Parsed(f"[{'|'.join(known)}],...", parse, f"names no format; known are {', '.join(known)}"),
        default=",".join(default),
        show_default=True,
        help="What to write, with commas.",
    )


_BLANK = "is blank; write who or why"
DAY = Parsed("DATE", date.fromisoformat, "is no day; write it as 2026-12-18")
by_option = click.option(
    "--by", envvar=BY, show_envvar=True, required=True, type=Parsed("NAME", _filled, _BLANK), help="Who decides."
)
why_option = click.option("--why", required=True, type=Parsed("TEXT", _filled, _BLANK), help="Why.")
as_of_option = click.option(
    "--as-of", type=DAY, show_default="as_of of evaluation.yaml", help="Judge dates on this day, such as 2026-12-18."
)
stage_option = click.option(
    "--stage",
    type=click.Choice(["read", "award", "data"]),
    show_default="stage of evaluation.yaml",
    help="Judge what is due by then: before the offer is read on, the award, or the first data.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the machine form on stdout.")
skip_option = click.option(
    "--skip-unreadable", is_flag=True, help="Go on without workbooks that cannot be read, and say so."
)
map_option = click.option(
    "--map",
    "mapping",
    metavar="FILE|NAME",
    help="Read other people's questionnaires by this mapping, or a shipped one such as caiq-4.0.3.",
)
paper_option = click.option(
    "--paper",
    type=click.Choice(["a4", "letter"], case_sensitive=False),
    default="a4",
    show_default=True,
    help="Size of printed pages.",
)
eval_argument = click.argument("eval_path", metavar="[EVAL]", default=".", type=click.Path())
