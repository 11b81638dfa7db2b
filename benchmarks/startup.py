"""`vendor-eval --help` against a bare click program, and `rank` against openpyxl that reads the same workbooks."""

import shutil
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measure import Row, run, show

from vendor_eval.config.shipped import samples_folder

RUNS, RANKS = 25, 7
AT_MOST, RANK_AT_MOST = 2.5, 1.6
BARE = '''\
import click


@click.command()
def main() -> None:
    """Do nothing."""


main()
'''

READ = """\
import sys

from openpyxl import load_workbook

for path in sys.argv[1:]:
    for sheet in load_workbook(path, data_only=True):
        for row in sheet.iter_rows(values_only=True):
            tuple(row)
"""


def rows() -> list[Row]:
    command = [sys.executable, str(Path(sysconfig.get_path("scripts")) / "vendor-eval")]
    with TemporaryDirectory() as folder:
        full = Path(folder, "full")
        shutil.copytree(samples_folder() / "full", full)
        bare, read = Path(folder, "bare.py"), Path(folder, "read.py")
        bare.write_text(BARE, encoding="utf-8")
        read.write_text(READ, encoding="utf-8")
        books = map(str, sorted(full.rglob("*.xlsx")))
        start = compare([*command, "--help"], [sys.executable, str(bare), "--help"], RUNS)
        rank = compare([*command, "rank", str(full)], [sys.executable, str(read), *books], RANKS)
    return [
        Row("`vendor-eval --help`", start[0], "a bare click program", start[1], AT_MOST, start[2]),
        Row("`vendor-eval rank`, full sample", rank[0], "`openpyxl.load_workbook`", rank[1], RANK_AT_MOST, rank[2]),
    ]


def compare(ours: Sequence[str], theirs: Sequence[str], runs: int) -> tuple[float, float, float]:
    """Median CPU seconds of both, and our peak memory."""
    # In turns, so that both meet the same machine; the first turn fills caches and does not count.
    turns = [(run(ours), run(theirs)) for _ in range(runs + 1)][1:]
    own, peer = (median(seconds for seconds, _ in series) for series in zip(*turns, strict=True))
    return own, peer, max(peak for (_, peak), _ in turns)


if __name__ == "__main__":
    show(rows())
