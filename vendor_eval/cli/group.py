"""The command itself: every error in one place, every sign printed."""

import gc
import sys
from io import TextIOWrapper
from typing import Any

import click

from vendor_eval.issues import VendorEvalError

_SELDOM = (50_000, 20, 50)


class _Group(click.Group):
    """Shows every error in one place: a message on stderr, exit code 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        # Nearly everything that a command makes lives until it ends: looking for garbage took a tenth of its time.
        gc.set_threshold(*_SELDOM)
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
            say(f"Error: {place}{error.strerror or error}; check the path and its permissions")
        return ctx.exit(1)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from vendor_eval.issues import did_you_mean

            hint = did_you_mean(args[0], self.commands, form=" Did you mean '{}'?")
            raise click.UsageError(f"{error.message.rstrip('.')}.{hint}", ctx) from None


def say(text: str) -> None:
    """Print one line of talk on stderr, with nothing in it that a terminal would obey."""
    from vendor_eval.formatting.printable import one_line

    click.echo(one_line(text), err=True)


def _say_error(error: VendorEvalError) -> None:
    from vendor_eval.issues import InputError

    faults = error.lines if isinstance(error, InputError) else (str(error),)
    for fault in faults:
        say(f"Error: {fault}" if len(faults) == 1 else fault)


def _print_every_sign() -> None:
    """Send UTF-8 into files and pipes; a terminal shows '?' for a sign that it lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vendor-eval")
def main() -> None:
    """Compare data annotation vendors: questionnaires in, a ranked and explained result out."""
