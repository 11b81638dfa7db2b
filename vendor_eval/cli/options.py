"""Options and arguments that several commands share."""

from collections.abc import Callable

import click

FORMATS = ("json", "xlsx", "pdf", "csv")
PAPERS = {"a4": "A4", "letter": "Letter"}


def as_of_option(command: Callable[..., None]) -> Callable[..., None]:
    option = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge dates on this day instead.")
    return option(command)


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
eval_argument = click.argument("eval_path", metavar="[EVAL]", default=".", type=click.Path())
