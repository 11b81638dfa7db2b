"""Options and arguments that several commands share."""

from collections.abc import Callable, Sequence

import click

from vendor_eval.issues import did_you_mean

STAGES = ("read", "award", "data")
FORMATS = ("json", "xlsx", "pdf", "html", "csv")
PAPERS = {"a4": "A4", "letter": "Letter"}
BY = "VENDOR_EVAL_BY"


def _not_blank(_context: click.Context, _option: click.Parameter, text: str) -> str:
    if not text.strip():
        raise click.BadParameter("may not be blank")
    return text.strip()


def formats_among(known: Sequence[str]) -> Callable[[click.Context, click.Parameter, str], tuple[str, ...]]:
    """Make the callback of an option that lists formats between commas."""

    def parse(_context: click.Context, _option: click.Parameter, text: str) -> tuple[str, ...]:
        wanted = tuple(dict.fromkeys(name.strip().casefold() for name in text.split(",") if name.strip()))
        if not wanted:
            raise click.BadParameter(f"names no format; known are {', '.join(known)}")
        for name in wanted:
            if name not in known:
                raise click.BadParameter(f"'{name}' is not one of {', '.join(known)}{did_you_mean(name, known)}")
        return wanted

    return parse


by_option = click.option(
    "--by", envvar=BY, required=True, callback=_not_blank, metavar="NAME", help=f"Who decides; without it {BY}."
)


why_option = click.option("--why", required=True, callback=_not_blank, metavar="TEXT", help="Why.")
as_of_option = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge dates on this day instead.")
stage_option = click.option(
    "--stage",
    type=click.Choice(STAGES),
    help="Judge what is due by then: before the offer is read on, the award, or the first data.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the machine form on stdout.")
skip_option = click.option(
    "--skip-unreadable", is_flag=True, help="Go on without workbooks that cannot be read, and say so."
)
map_option = click.option(
    "--map",
    "mapping",
    metavar="FILE",
    help="Read other people's questionnaires by this mapping, or a shipped one by name.",
)
paper_option = click.option(
    "--paper",
    type=click.Choice(["a4", "letter"], case_sensitive=False),
    default="a4",
    show_default=True,
    help="Size of printed pages.",
)
eval_argument = click.argument("eval_path", metavar="[EVAL]", default=".", type=click.Path())
