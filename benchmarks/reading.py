"""Reading filled questionnaires of 130 questions against openpyxl's load of the same files.

With one worker CPU seconds count, as elsewhere, those of the worker too. With two, the time that passes counts for both
sides: that is what several processes are for. Both sides take turns, so that they meet the same machine.
"""

import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measure import Row, alone, cpu_seconds, show

RUNS = 3
FEW, MANY = 20, 200
ONE_AT_MOST, TWO_AT_MOST = 0.9, 0.8
# The peer of so many files is loaded in pieces between our runs.
PIECES = 4


def rows() -> list[Row]:
    result = []
    for files in (FEW, MANY):
        (ours, theirs), memory = alone(_one_worker, files)
        what = f"reading {files} questionnaires, one worker"
        result.append(Row(what, ours, "`openpyxl.load_workbook`", theirs, ONE_AT_MOST, memory))
    (ours, theirs), memory = alone(_two_workers, MANY)
    what = f"reading {MANY} questionnaires, two workers, time passed"
    result.append(Row(what, ours, "`openpyxl.load_workbook`", theirs, TWO_AT_MOST, memory))
    return result


def _one_worker(count: int) -> tuple[float, float]:
    return _measure(count, 1, cpu_seconds)


def _two_workers(count: int) -> tuple[float, float]:
    return _measure(count, 2, _seconds)


def _seconds(work: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def _measure(count: int, workers: int, clock: Callable[..., float]) -> tuple[float, float]:
    from openpyxl import load_workbook

    with TemporaryDirectory() as name:
        folder = Path(name)
        files = _questionnaires(folder, count)
        runs = 1 if count > FEW else RUNS
        turns = []
        for _ in range(runs):
            ours, theirs = [], 0.0
            for piece in range(PIECES):
                theirs += sum(clock(load_workbook, file) for file in files[piece::PIECES])
                if piece % 2:
                    ours.append(clock(_read, folder, workers))
            turns.append((median(ours), theirs))
    return median(ours for ours, _ in turns), median(theirs for _, theirs in turns)


def _read(folder: Path, workers: int) -> None:
    from vendor_eval import load_evaluation
    from vendor_eval.run.evaluate import read_responses

    # Loaded anew each time: what is kept of an evaluation from file to file is part of what is measured.
    readings = read_responses(load_evaluation(folder), workers=workers)
    if not all(reading.submission for reading in readings):
        raise SystemExit("a questionnaire could not be read")


def _questionnaires(folder: Path, count: int) -> list[Path]:
    """Write the sample's questionnaires again and again, each with a name, evidence and comments of its own."""
    from vendor_eval.config.shipped import samples_folder

    full = samples_folder() / "full"
    (folder / "responses").mkdir()
    (folder / "evaluation.yaml").write_text("title: Reading\nas_of: 2026-11-24\n", encoding="utf-8")
    sources = islice(cycle(sorted(full.glob("responses/*.xlsx"))), count)
    return list(_copies(sources, folder / "responses"))


def _copies(sources: Iterator[Path], folder: Path) -> Iterator[Path]:
    from openpyxl import load_workbook

    for number, source in enumerate(sources, start=1):
        book = load_workbook(source)
        for sheet in book:
            columns: set[int] = set()
            for row in sheet.iter_rows():
                # In some samples the vendor moved the columns.
                headers = {cell.column for cell in row if cell.value in {"Evidence", "Comment"}}
                for cell in row:
                    if not headers and cell.column in columns and isinstance(cell.value, str):
                        cell.value = f"{cell.value} ({number})"
                columns = headers or columns
        for label in book["Start here"]["A"]:
            if label.value == "Vendor name":
                label.offset(column=1).value = f"Vendor {number}"
        file = folder / f"vendor-{number}.xlsx"
        book.save(file)
        yield file


if __name__ == "__main__":
    show(rows())
