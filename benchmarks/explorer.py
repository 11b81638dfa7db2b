"""report.html in Chromium: 20 vendors by 161 questions at once, and moved; building it against results.json alone.

Six vendors are those of the full sample; each answer of the others is one of theirs by chance, in words of its own.
"""

import os
import random
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from measure import Row, alone, show
from startup import compare

from vendor_eval.config.shipped import samples_folder

if TYPE_CHECKING:
    from vendor_eval.intake.responses import VendorReading
    from vendor_eval.tender import Evaluation

VENDORS, QUESTIONS = 20, 161
RUNS, LOADS, MOVES = 3, 5, 30
BUILT_AT_MOST = 1.2
MOST_BYTES = 2_000_000
MOST_SECONDS = 0.2
MOVE_SECONDS = 0.016
# A context in which every question of the bank is asked.
_WIDER = {
    "agent_work: false": "agent_work: true",
    "sensitivity: confidential": "sensitivity: regulated",
    "regimes: [gdpr]": "regimes: [gdpr, ccpa, hipaa, dora, us_bulk_data, export_controlled, ai_act_high_risk]",
    "type: [genai_sft": "type: [cv_dense, audio, genai_eval_redteam, genai_sft",
    "shortlist: 3": "shortlist: 3\noverrides: {PLT-21: {applies: {}}}",
}
# Ranked, drawn and laid out; each move is another weight than the one before, and is painted before the next.
_MOVE = """async (moves) => {
  const sliders = [...document.querySelectorAll('input[type=range][name^="weight-"]')];
  for (let n = 0; n < moves; n++) {
    const slider = sliders[n % sliders.length];
    slider.value = String((n * 37) % 60 + 5);
    slider.dispatchEvent(new Event('input', {bubbles: true}));
    document.body.offsetHeight;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  }
}"""
# What the page's own thread does; the rest of TaskDuration is painting.
_WORK = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")


def rows() -> list[Row]:
    command = [sys.executable, str(Path(sysconfig.get_path("scripts")) / "vendor-eval"), "evaluate", "--format"]
    with TemporaryDirectory() as folder:
        full = str(shutil.copytree(samples_folder() / "full", Path(folder, "full")))
        built, json_alone, memory = compare([*command, "html", full], [*command, "json", full], RUNS)
    result = [Row("`--format html`, full sample", built, "`--format json`", json_alone, BUILT_AT_MOST, memory)]
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("Chromium is missing: report.html was NOT measured in a browser", file=sys.stderr)
        return result
    with TemporaryDirectory() as folder:
        file = Path(folder, "report.html")
        size, memory = alone(_write, file)
        if size > MOST_BYTES:
            raise SystemExit(f"report.html of {VENDORS} vendors has {size:,} bytes, more than {MOST_BYTES:,}")
        (loaded, moved), _ = alone(_measure, chromium, file)
    what = f"report.html of {VENDORS} vendors, {size / 1e6:.1f} MB"
    return [
        *result,
        Row(f"{what}: until it answers", loaded, "0.2 s", MOST_SECONDS, 1.0, memory),
        Row(f"{what}: a weight moves", moved, "16 ms", MOVE_SECONDS, 1.0, memory),
    ]


def _measure(chromium: str, file: Path) -> tuple[float, float]:
    """Open the page some times and move its weights; medians of CPU seconds of the page's thread, the second a move."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    turns = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        # The first fills caches and does not count.
        for _ in range(LOADS + 1):
            page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto(file.as_uri())
            loaded = _spent(session)
            page.evaluate(_MOVE, MOVES)
            moved = _spent(session)
            if page.locator("#banner").is_hidden():
                raise SystemExit("no weight of report.html moved")
            turns.append((loaded["TaskDuration"], sum(moved[name] - loaded[name] for name in _WORK) / MOVES))
            page.close()
        browser.close()
    loads, moves = zip(*turns[1:], strict=True)
    return median(loads), median(moves)


def _spent(session: Any) -> dict[str, float]:
    return {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}


def _write(file: Path) -> int:
    from vendor_eval import load_evaluation
    from vendor_eval.reports.page.document import report_page
    from vendor_eval.run.evaluate import evaluate_readings, read_responses

    chance = random.Random(VENDORS)  # noqa: S311  nothing is secret here
    with TemporaryDirectory() as name:
        folder = Path(shutil.copytree(samples_folder() / "full", Path(name, "full")))
        settings = (folder / "evaluation.yaml").read_text(encoding="utf-8")
        for line, wider in _WIDER.items():
            settings = settings.replace(line, wider)
        (folder / "evaluation.yaml").write_text(settings, encoding="utf-8")
        evaluation = load_evaluation(folder)
        if len(evaluation.asked_questions) != QUESTIONS:
            raise SystemExit(f"the evaluation asks {len(evaluation.asked_questions)} questions, not {QUESTIONS}")
        readings = read_responses(evaluation)
        more = [*_more(readings, chance)]
        with (folder / "findings.yaml").open("a", encoding="utf-8") as findings:
            findings.writelines(_levels(evaluation, more, chance))
        page = report_page(evaluate_readings(evaluation, [*readings, *more]))
    file.write_bytes(page)
    return len(page)


def _more(readings: "Sequence[VendorReading]", chance: random.Random) -> "Iterator[VendorReading]":
    from vendor_eval.intake.responses import VendorReading

    sent = [reading.submission for reading in readings if reading.submission]

    def in_own_words(responses: Any, own: str) -> Any:
        for response in responses:
            words = {key: f"{text} ({own})" for key in ("evidence", "comment") if (text := getattr(response, key))}
            yield replace(response, **words)

    for number in range(len(sent) + 1, VENDORS + 1):
        name = f"vendor-{number}"
        picked = [chance.choice(sent).responses[question] for question in sent[0].responses]
        responses = {response.question: response for response in in_own_words(picked, name)}
        files = replace(readings[0].vendor, id=name, name=name)
        offer = chance.choice(sent).offer
        submission = replace(sent[0], vendor=name, name=f"Vendor {number}", responses=responses, offer=offer)
        yield VendorReading(files, submission)


def _levels(evaluation: "Evaluation", readings: "Sequence[VendorReading]", chance: random.Random) -> Iterator[str]:
    for reading in readings:
        for name, question in evaluation.asked_questions.items():
            if question.type == "rubric":
                act = f"level: {chance.randint(1, 5)}, by: Ana, date: 2026-11-22, reason: Seen in {reading.vendor.id}"
                yield f"- {{vendor: {reading.vendor.id}, question: {name}, {act}}}\n"


if __name__ == "__main__":
    show(rows())
