"""CPU of the PDFs against a yardstick that lays the same content out the plain way, in one run; memory of 12 vendors.

    python benchmarks/pdf.py PLAIN_PDF.py [RESULTS.json]

The yardstick is a script with `CSS`, `comparison(result)` and `scorecard(result, vendor)` that return HTML; its path
may also stand in VENDOR_EVAL_PLAIN_PDF. Without RESULTS.json the full sample is evaluated. Both sides take the best of
several turns, since other work on the machine only ever adds.
"""

import importlib.util
import io
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import psutil
import pypdf
import weasyprint

from vendor_eval import evaluate, load_evaluation
from vendor_eval.config.shipped import samples_folder
from vendor_eval.reports.pages import documents as paper
from vendor_eval.results import Result

TURNS = 5
VENDORS = 12


def load_result(path: str | None) -> Result:
    """Read results.json, or evaluate the full sample."""
    if path:
        return Result.model_validate_json(Path(path).read_text(encoding="utf-8"))
    return evaluate(load_evaluation(samples_folder() / "full"))


def load_yardstick(path: str) -> ModuleType:
    """Import the yardstick from its file."""
    spec = importlib.util.spec_from_file_location("plain_pdf", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def plain(yardstick: ModuleType, body: Callable[[], str]) -> bytes:
    """Print the yardstick's page as its own `main` does."""
    return weasyprint.HTML(string=f"<style>{yardstick.CSS}</style>{body()}").write_pdf()


def compare(name: str, wanted: float, ours: Callable[[], bytes], theirs: Callable[[], bytes]) -> None:
    """Print seconds and pages of both, taking turns."""
    best = {}
    pages = {}
    for turn in range(TURNS + 1):  # the first one warms up
        for who, make in (("plain", theirs), ("ours", ours)):
            start = time.process_time()
            data = make()
            spent = time.process_time() - start
            if turn:
                best[who] = min(spent, best.get(who, spent))
            pages[who] = len(pypdf.PdfReader(io.BytesIO(data)).pages)
    per_page = {who: best[who] / pages[who] for who in best}
    shown = ", ".join(f"{w} {best[w]:.3f} s for {pages[w]} pages ({per_page[w] * 1000:.0f} ms a page)" for w in best)
    ratio = per_page["plain"] / per_page["ours"]
    print(f"{name}: {shown}; {ratio:.1f} times as fast per page, {wanted:g} wanted")


def many(result: Result) -> Result:
    """Repeat the vendors of a result until there are twelve."""
    copies = [
        vendor.model_copy(update={"id": f"{vendor.id}-{n}", "name": f"{vendor.name} {n}"})
        for n in range(VENDORS)
        for vendor in result.vendors
    ][:VENDORS]
    ranking = tuple(vendor.id for vendor in sorted(copies, key=lambda v: -(v.score or 0)) if vendor.rank)
    return result.model_copy(update={"vendors": tuple(copies), "ranking": ranking, "shortlist": ranking[:3]})


def memory(result: Result) -> None:
    """Print the peak memory of this process after everything was printed for twelve vendors."""
    twelve = many(result)
    start = time.process_time()
    paper.comparison(twelve)
    for vendor in twelve.vendors:
        paper.scorecard(twelve, vendor.id)
    info = psutil.Process().memory_info()
    peak = getattr(info, "peak_wset", None) or _peak()
    spent = time.process_time() - start
    print(
        f"{VENDORS} vendors, comparison and scorecards: {spent:.1f} s CPU, peak {peak / 2**20:.0f} MB, below 500 wanted"
    )


def _peak() -> int:
    import resource  # not on Windows, which knows peak_wset

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(yardstick_path: str, results_path: str | None) -> None:
    """Run the benchmark."""
    result = load_result(results_path)
    memory(result)
    yardstick = load_yardstick(yardstick_path)
    told = json.loads(result.to_json())
    told["vendors"] = [vendor for vendor in told["vendors"] if vendor["status"] != "not_evaluated"]
    first = told["vendors"][0]["id"]
    compare(
        "scorecard",
        3,
        lambda: paper.scorecard(result, first).data,
        lambda: plain(yardstick, lambda: yardstick.scorecard(told, first)),
    )
    compare(
        "comparison",
        2.5,
        lambda: paper.comparison(result).data,
        lambda: plain(yardstick, lambda: yardstick.comparison(told)),
    )


if __name__ == "__main__":
    given = [*sys.argv[1:2], os.environ.get("VENDOR_EVAL_PLAIN_PDF")]
    main(next((path for path in given if path), "plain_pdf.py"), (sys.argv[2:3] or [None])[0])
