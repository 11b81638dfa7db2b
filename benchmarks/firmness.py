"""How firm the first place is: all of it on the full sample, and on fields of 500, 1,000 and 2,000 vendors."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from measure import Row, alone, cpu_seconds, show
from scoring import FIRST, MORE, RUNS, field_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vendor_eval.intake.responses import Reading
    from vendor_eval.tender import Evaluation

MOST_SECONDS = 0.3
AT_MOST = 1.15
MOST_MEMORY = 1024


def rows() -> list[Row]:
    seconds, memory = alone(_sample)
    result = [Row("firmness, full sample", seconds, "0.3 s", MOST_SECONDS, 1.0, memory)]
    first, _ = alone(_measure, FIRST)
    for vendors in MORE:
        seconds, memory = alone(_measure, vendors)
        times = vendors // FIRST
        peer = f"{times} x firmness of {FIRST:,}"
        result.append(Row(f"firmness, {vendors:,} vendors", seconds, peer, times * first, AT_MOST, memory))
        if memory > MOST_MEMORY:
            raise SystemExit(f"{vendors:,} vendors take {memory:.0f} MB, more than {MOST_MEMORY}")
    return result


def _sample() -> float:
    from vendor_eval import load_evaluation
    from vendor_eval.config.shipped import samples_folder
    from vendor_eval.run.evaluate import read_responses

    evaluation = load_evaluation(samples_folder() / "full")
    return _seconds(evaluation, read_responses(evaluation))


def _measure(vendors: int) -> float:
    from vendor_eval import load_evaluation, read_submission
    from vendor_eval.config.shipped import samples_folder

    with TemporaryDirectory() as folder:
        Path(folder, "evaluation.yaml").write_text("title: Firmness\nas_of: 2026-11-24\n", encoding="utf-8")
        evaluation = load_evaluation(folder)
        submission = read_submission(evaluation, samples_folder() / "full" / "responses" / "mwanzora.xlsx")
        return _seconds(evaluation, field_of(submission, vendors))


def _seconds(evaluation: "Evaluation", readings: "Iterable[Reading]") -> float:
    from vendor_eval.firmness.assessment import assess_firmness
    from vendor_eval.scoring.field import in_order, rank_under

    _, judged, ranking = rank_under(evaluation, readings, ())
    ranked = in_order(ranking, judged)
    return median(cpu_seconds(assess_firmness, evaluation, ranked) for _ in range(RUNS))


if __name__ == "__main__":
    show(rows())
