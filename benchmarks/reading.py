"""Reading 20 filled questionnaires against openpyxl's load of the same files."""

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measure import Row, alone, cpu_seconds, show

RUNS = 5
FILES = 20
AT_MOST = 1.5


def rows() -> list[Row]:
    (ours, theirs), memory = alone(_measure)
    return [Row(f"reading {FILES} questionnaires", ours, "`openpyxl.load_workbook`", theirs, AT_MOST, memory)]


def _measure() -> tuple[float, float]:
    from openpyxl import load_workbook

    from vendor_eval import load_evaluation, read_submission
    from vendor_eval.shipped import samples_folder

    full = samples_folder() / "full"
    with TemporaryDirectory() as folder:
        files = [*_questionnaires(full, Path(folder))]
        turns = []
        for _ in range(RUNS):
            # Loaded anew each time: what is kept of an evaluation from file to file is part of what is measured.
            evaluation = load_evaluation(full)
            theirs = sum(cpu_seconds(load_workbook, file) for file in files)
            ours = sum(cpu_seconds(read_submission, evaluation, file) for file in files)
            turns.append((ours, theirs))
    return median(ours for ours, _ in turns), median(theirs for _, theirs in turns)


def _questionnaires(full: Path, folder: Path) -> Iterator[Path]:
    """Write the sample's questionnaires again and again, each with evidence and comments in words of its own."""
    from openpyxl import load_workbook

    for number, source in enumerate(islice(cycle(sorted(full.glob("responses/*.xlsx"))), FILES), start=1):
        book = load_workbook(source)
        for row in (row for sheet in book for row in sheet.iter_rows() if row[0].value and len(row) > 1):
            for cell in row[5:7]:
                if isinstance(cell.value, str) and cell.value not in {"Evidence", "Comment"}:
                    cell.value = f"{cell.value} ({number})"
        file = folder / f"vendor-{number}.xlsx"
        book.save(file)
        yield file


if __name__ == "__main__":
    show(rows())
