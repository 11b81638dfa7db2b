"""The command group: it prints every error, and encodes every character."""

import errno
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from vendor_eval.issues import DEBUG, InputError, VendorEvalError, did_you_mean, program_fault

_SELDOM = (500_000, 20, 50)
_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


class _Group(click.Group):
    """Command group that prints an error as a message on stderr, with exit code 1 and no traceback."""

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
            faults = error.lines if isinstance(error, InputError) else (str(error),)
            for fault in faults:
                say(f"Error: {fault}" if len(faults) == 1 else fault)
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
        return ctx.exit(1)

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


def _print_every_sign() -> None:
    """Write UTF-8 to files and pipes; a terminal shows '?' for a character that it lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vendor-eval")
def main() -> None:
    """Compare vendors: questionnaires in, a ranked and explained result out."""
