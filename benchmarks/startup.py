"""`vendor-eval --help` against a bare click program."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measure import Row, megabytes, show

RUNS = 25
AT_MOST = 2.5
BARE = '''\
import click


@click.command()
def main() -> None:
    """Do nothing."""


main()
'''


def rows() -> list[Row]:
    command = str(Path(sysconfig.get_path("scripts")) / "vendor-eval")
    with TemporaryDirectory() as folder:
        program = Path(folder, "bare.py")
        program.write_text(BARE, encoding="utf-8")
        # In turns, so that both meet the same machine; the first turn fills caches and does not count.
        turns = [(_run([sys.executable, command]), _run([sys.executable, str(program)])) for _ in range(RUNS + 1)][1:]
    ours, theirs = (median(seconds for seconds, _ in runs) for runs in zip(*turns, strict=True))
    memory = max(peak for (_, peak), _ in turns)
    return [Row("`vendor-eval --help`", ours, "a bare click program", theirs, AT_MOST, memory)]


def _run(command: Sequence[str]) -> tuple[float, float]:
    """CPU seconds and peak memory of one process."""
    with subprocess.Popen([*command, "--help"], stdout=subprocess.DEVNULL) as process:  # noqa: S603  our own commands
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[-1]} --help failed")
    return usage.ru_utime + usage.ru_stime, megabytes(usage.ru_maxrss)


if __name__ == "__main__":
    show(rows())
