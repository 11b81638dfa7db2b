"""Time of `evaluate` on the full sample, everything written, with its parts.

    python benchmarks/evaluate.py [EVALUATION]

Every part is timed once in a fresh process, as a user meets it: imports and the first look for fonts count.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vendor_eval.config.shipped import samples_folder
from vendor_eval.run.evaluate import evaluate_readings, load_evaluation, read_responses
from vendor_eval.run.outputs import RENDERERS, Wanted, render
from vendor_eval.run.publish import Content, publish

NAMES = {"json": "results.json", "xlsx": "workbook", "pdf": "PDFs", "csv": "CSV"}


@contextmanager
def timed(name: str, report: Callable[[str, float, float], None]) -> Iterator[None]:
    """Report the seconds on the wall and on the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    report(name, time.perf_counter() - wall, time.process_time() - cpu)


def show(name: str, wall: float, cpu: float) -> None:
    """Print one part."""
    print(f"{name:<14}{wall:8.2f} s{cpu:8.2f} s CPU")


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else b"".join(content())


def main(path: str | None = None) -> None:
    """Evaluate and print the parts."""
    with timed("everything", show), tempfile.TemporaryDirectory() as folder:
        with timed("reading", show):
            evaluation = load_evaluation(path or samples_folder() / "full")
            readings = read_responses(evaluation)
        with timed("scoring", show):
            result = evaluate_readings(evaluation, readings)
        files: dict[str, Content] = {}
        for name in RENDERERS:
            with timed(NAMES[name], show):
                wanted = Wanted((name,), vendor_copies=name == "pdf")
                # Drawn here, and not while it is written, so that its time is its own.
                files |= {file: _bytes(content) for file, content in render(result, wanted).files.items()}
        with timed("writing", show):
            publish(Path(folder, "out"), files)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(result.vendors)} vendors, {len(files)} files, {size:.1f} MB, peak {peak:.0f} MB of memory")


if __name__ == "__main__":
    main(*sys.argv[1:])
