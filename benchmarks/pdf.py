"""All default outputs against results.json alone, a scorecard against a plain layout of its content, a field of 12.

The plain layout is the scorecard as a person would first lay it out: each row of a table a flex box, each table a card
with a shadow, printed by WeasyPrint as it comes, neither tagged nor for an archive.
"""

import shutil
import sys
import sysconfig
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from measure import Row, alone, cpu_seconds, show
from startup import compare

from vendor_eval.config.shipped import samples_folder

if TYPE_CHECKING:
    from vendor_eval.results import Result

RUNS = 3
OUTPUTS_AT_MOST = 3.0
# A scorecard is printed at least four times as fast.
SCORECARD_AT_MOST = 0.25
FIELD, TIMES = 12, 2
FIELD_AT_MOST = 1.15
MOST_MEMORY = 500
_PLAIN = """
@page { size: A4; margin: 16mm; @bottom-center { content: counter(page) " / " counter(pages) } }
body { font: 9pt sans-serif; }
.table { border: 1px solid #999; border-radius: 6px; box-shadow: 1px 1px 3px #aaa; padding: 6px; margin: 4px; }
.tr { display: flex; border-bottom: 1px solid #ccc; }
.tr > div { flex: 1; padding: 2px; }
.cells { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6px; }
"""
_BOXES = {"table", "tr", "td", "th", "tbody", "thead"}


def rows() -> list[Row]:
    command = [sys.executable, str(Path(sysconfig.get_path("scripts")) / "vendor-eval"), "evaluate"]
    with TemporaryDirectory() as folder:
        full = Path(folder, "full")
        shutil.copytree(samples_folder() / "full", full, ignore=shutil.ignore_patterns("out"))
        ours, json_alone, memory = compare([*command, str(full)], [*command, "--format", "json", str(full)], RUNS)
    (scorecard, plain), scorecard_memory = alone(_scorecard)
    (twelve, six), field_memory = alone(_field)
    if field_memory > MOST_MEMORY:
        raise SystemExit(f"documents of {FIELD} vendors take {field_memory:.0f} MB, more than {MOST_MEMORY}")
    peer = f"{TIMES} x those of {FIELD // TIMES}"
    return [
        Row("`evaluate`, full sample", ours, "`--format json`", json_alone, OUTPUTS_AT_MOST, memory),
        Row("a scorecard", scorecard, "its content in a plain layout", plain, SCORECARD_AT_MOST, scorecard_memory),
        Row(f"documents of {FIELD} vendors", twelve, peer, TIMES * six, FIELD_AT_MOST, field_memory),
    ]


def _scorecard() -> tuple[float, float]:
    import weasyprint

    from vendor_eval.reports.pages import documents
    from vendor_eval.reports.pages.one_vendor import everybody, field, only
    from vendor_eval.reports.pages.overview import Overview
    from vendor_eval.reports.pages.pdf import render_html
    from vendor_eval.reports.pages.scorecard import scorecard_pages

    result = _full()
    vendor = result.ranking[0]
    own = only(result, result.vendor(vendor), everybody(result))
    view = scorecard_pages(own, own.vendors[0], result.digits, field(Overview(result, result.digits)))
    body = _plain(render_html("scorecard.html.j2", {"view": view}, date=result.evaluation.as_of))

    def print_plainly() -> None:
        weasyprint.HTML(string=f"<style>{_PLAIN}</style>{body}").write_pdf()

    # The first of each warms up.
    turns = [(cpu_seconds(documents.scorecard, result, vendor), cpu_seconds(print_plainly)) for _ in range(RUNS + 1)]
    ours, theirs = zip(*turns[1:], strict=True)
    return median(ours), median(theirs)


def _plain(page: str) -> str:
    """Turn the tables of a page into boxes, and keep every word and every chart."""
    body = ET.fromstring(page).find("body")  # noqa: S314  our own page
    for parent in [*body.iter()]:
        for child in [*parent]:
            if child.tag == "colgroup":
                parent.remove(child)
        parent.attrib.pop("style", None)
        if parent.tag in _BOXES:
            parent.set("class", parent.tag)
            parent.tag = "div"
    return ET.tostring(body, encoding="unicode")


def _field() -> tuple[float, float]:
    result = _full()
    six, twelve = (cpu_seconds(_write, field_of(result, vendors)) for vendors in (FIELD // TIMES, FIELD))
    return twelve, six


def _write(result: "Result") -> None:
    from vendor_eval.run.outputs import Wanted, render
    from vendor_eval.run.publish import publish

    with TemporaryDirectory() as folder:
        publish(Path(folder, "out"), render(result, Wanted(("pdf",))).files)


def _full() -> "Result":
    from vendor_eval import evaluate, load_evaluation

    return evaluate(load_evaluation(samples_folder() / "full"))


def field_of(result: "Result", count: int) -> "Result":
    """Repeat the vendors of a result until there are so many; the first of each keeps its id, which others name."""
    vendors = [
        vendor.model_copy(
            update={
                "id": f"{vendor.id}-{turn}",
                "name": f"{vendor.name} {turn}",
                # The analyses name those who are there, who stay in front.
                "rank": vendor.rank and vendor.rank + turn * len(result.vendors),
            }
        )
        if turn
        else vendor
        for turn in range(-(-count // len(result.vendors)))
        for vendor in result.vendors
    ][:count]
    ranking = tuple(vendor.id for vendor in sorted(vendors, key=lambda vendor: vendor.rank or 0) if vendor.rank)
    return result.model_copy(update={"vendors": tuple(vendors), "ranking": ranking})


if __name__ == "__main__":
    show(rows())
