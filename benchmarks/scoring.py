"""Scoring 500, 1,000 and 2,000 vendors on the full questionnaire: as many times as long as 500 as they are more."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from measure import Row, alone, cpu_seconds, show

if TYPE_CHECKING:
    from vendor_eval.intake.responses import VendorReading
    from vendor_eval.intake.submission import VendorResponse

RUNS = 3
FIRST, *MORE = 500, 1000, 2000
AT_MOST = 1.15
MOST_MEMORY = 1024


def rows() -> list[Row]:
    first, _ = alone(_measure, FIRST)
    result = []
    for vendors in MORE:
        seconds, memory = alone(_measure, vendors)
        if memory > MOST_MEMORY:
            raise SystemExit(f"{vendors:,} vendors take {memory:.0f} MB, more than {MOST_MEMORY}")
        times = vendors // FIRST
        peer = f"{times} x scoring {FIRST:,}"
        result.append(Row(f"scoring {vendors:,} vendors", seconds, peer, times * first, AT_MOST, memory))
    return result


def _measure(vendors: int) -> float:
    from vendor_eval import load_evaluation, read_submission
    from vendor_eval.config.shipped import samples_folder
    from vendor_eval.run.evaluate import evaluate_readings

    with TemporaryDirectory() as folder:
        # Without a context every question is asked and every gate is tested.
        Path(folder, "evaluation.yaml").write_text("title: Scoring\nas_of: 2026-11-24\n", encoding="utf-8")
        evaluation = load_evaluation(folder)
        submission = read_submission(evaluation, samples_folder() / "full" / "responses" / "mwanzora.xlsx")
        readings = [*field_of(submission, vendors)]
        return median(cpu_seconds(evaluate_readings, evaluation, readings) for _ in range(RUNS))


def field_of(submission: "VendorResponse", vendors: int) -> "Iterator[VendorReading]":
    """Give each vendor the same answers but for a blank or two, so that totals and ranks differ."""
    from dataclasses import replace

    from vendor_eval.intake.inbox import VendorFiles
    from vendor_eval.intake.responses import VendorReading

    names = [*submission.responses]
    for number in range(vendors):
        name = f"vendor-{number}"
        left_out = {names[number % len(names)], names[number // len(names)]}
        responses = {
            question: replace(response, state="blank", given=None, level=None) if question in left_out else response
            for question, response in submission.responses.items()
        }
        yield VendorReading(VendorFiles(name), replace(submission, vendor=name, responses=responses))


if __name__ == "__main__":
    show(rows())
