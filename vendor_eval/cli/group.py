"""The command group: its help, its exit codes; it prints every error, and encodes every character."""

import errno
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

import click

from vendor_eval.issues import (
    DEBUG,
    InputError,
    Issue,
    UnknownNameError,
    VendorEvalError,
    did_you_mean,
    program_fault,
)

_SELDOM = (500_000, 20, 50)
_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


FAULTS, USAGE = 1, 2
# How every command ends: --help and docs/cli.md print it.
EXIT_CODES = (
    "Exit codes: 0 done. 1 the inputs have faults that stop the command, or under check and --strict an issue that "
    "blocks. 2 wrong usage: an option, a path that is not there, or a preset, tag or mapping that nobody knows. "
    "3 verify alone: every byte is whole, but this version of the tool gives another result."
)
# Each command of a group by the stage at which one needs it.
SECTIONS = {
    "Start": ("demo", "init", "criteria", "plan"),
    "Ask": ("questionnaire", "sample"),
    "Read": ("check", "map"),
    "Judge": ("evaluate", "rank", "explain", "score-sheets", "pilot", "measure"),
    "Decide and record": ("seal", "close", "decide", "conditions", "letters", "log", "freeze", "verify"),
    "Other": ("advise", "changes", "due"),
}
EVAL = """
  EVAL is the folder of an evaluation, or its evaluation.yaml; without it, the
  folder that you stand in.
"""
# Where the context of a command keeps what its shared steps need: whether to show progress, and what it was given.
QUIET, WORDS = "vendor_eval.quiet", "vendor_eval.words"


class Command(click.Command):
    """Command that says in its help what EVAL is, and that may be told to show no progress."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        *own, ask_help = super().get_params(ctx)
        quiet = click.Option(
            ["--quiet"],
            is_flag=True,
            expose_value=False,
            callback=lambda context, _option, is_set: context.meta.update({QUIET: is_set}),
            help="Show no progress on stderr; notes and errors stay.",
        )
        return [*own, quiet, ask_help]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        if "EVAL" in str(self.collect_usage_pieces(ctx)):
            formatter.write(EVAL)


def placed(issue: Issue) -> Issue:
    """Name the file of an issue by the path with which a terminal opens it: below what the command was given."""
    file = issue.location.file
    for word in map(Path, click.get_current_context().meta[WORDS]):
        path = (word.parent if word.name in {file, "evaluation.yaml"} else word) / file
        if file and os.path.lexists(path):
            return replace(issue, location=replace(issue.location, file=str(path)))
    return issue


class Group(click.Group):
    """Commands in sections, by the stage at which one needs them; no line is cut."""

    command_class = Command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in SECTIONS.items():
            own = [name for name in names if name in self.commands]
            if own:
                with formatter.section(title):
                    formatter.write_dl([(f"{name:13}", self.commands[name].get_short_help_str(1000)) for name in own])


class _Main(Group):
    """Print an error as a message on stderr, with its exit code and no traceback."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[WORDS] = args[1:]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        # Nearly everything that a command makes lives until it ends: looking for garbage took a tenth of its time.
        gc.set_threshold(*_SELDOM)
        # To look for plugins, pydantic reads the metadata of every package that is installed.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        _print_every_sign()
        try:
            with _stopped_by_signals():
                return super().invoke(ctx)
        except _StoppedError as stopped:
            say(f"Stopped by {stopped.signal.name}: no file is half written")
            return ctx.exit(128 + stopped.signal)
        except VendorEvalError as error:
            faults = InputError(map(placed, error.issues)).lines if isinstance(error, InputError) else (str(error),)
            for fault in faults:
                say(f"Error: {fault}" if len(faults) == 1 else fault)
            return ctx.exit(USAGE if isinstance(error, UnknownNameError) else FAULTS)
        except (BrokenPipeError, click.ClickException, click.exceptions.Exit, click.Abort):
            # Who reads the output has seen enough, as `head` has, or click has a message: it ends quietly.
            raise
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            cure = "free some space and run again" if error.errno in _FULL else "check the path and its permissions"
            say(f"Error: {place}{error.strerror or error}; {cure}")
        except Exception as error:  # whatever a question type, or we, did not think of
            if os.environ.get(DEBUG):
                raise
            say(f"Error: {program_fault(error)}")
        return ctx.exit(FAULTS)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = did_you_mean(args[0], self.commands, form=" Did you mean '{}'?")
            raise click.UsageError(f"{error.message.rstrip('.')}.{hint}", ctx) from None


class _StoppedError(BaseException):
    """Somebody ends the command; no handler of errors may go on after it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = signal.Signals(number)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Make an exception of what ends a process, so that nothing is left half written."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = ("SIGTERM", "SIGHUP")  # the second not on Windows
    numbers = [number for name in names if (number := getattr(signal, name, None)) is not None]
    # Who ignores one of them, as `nohup` does, has a reason.
    ours = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]

    def stop(number: int, _frame: object) -> NoReturn:
        for other in ours:
            signal.signal(other, signal.SIG_IGN)
        raise _StoppedError(number)

    for number in ours:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def say(text: str) -> None:
    """Print one line on stderr, without control characters."""
    from vendor_eval.formatting.printable import one_line

    click.echo(one_line(text), err=True)


def show(text: str) -> None:
    """Print a report, its prose wrapped to the width of the terminal."""
    from vendor_eval.reports.terminal.columns import fitted

    click.echo(fitted(text))


def fail() -> NoReturn:
    """End the command: what it was given has faults, and they were printed."""
    raise click.exceptions.Exit(FAULTS)


def _print_every_sign() -> None:
    """Write UTF-8 to files and pipes; a terminal shows '?' for a character that it lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")


@click.group(cls=_Main, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vendor-eval")
def main() -> None:
    """Compare vendors: questionnaires in, a ranked and explained result out.

    Each command explains itself: vendor-eval rank --help
    """
