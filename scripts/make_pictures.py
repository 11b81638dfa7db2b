"""Makes the pictures of README and of the docs from the real pages of the full sample and of the one with a pilot.

    python scripts/make_pictures.py [FOLDER]

FOLDER is docs/pictures unless named.
"""

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2

from vendor_eval import evaluate, load_evaluation
from vendor_eval.reports.page.document import report_page
from vendor_eval.reports.pages.documents import comparison, scorecard

ROOT = Path(__file__).parent.parent
DOTS_PER_INCH = 96
POINTS_PER_INCH = 72
# The pages of each document, in their order.
COMPARISON = ("decision", "categories", "price", "firm")
SCORECARD = ("scorecard", "offer")
PILOT = ("", "", "said", "")
# Of report.html: what it is called, the address, what is opened, from which part on, and how high.
EXPLORED = (
    ("explorer", "w=security:40", (), "", 1100),
    ("cell", "", ("Security and privacy", "Retention and use of data", "SEC-01"), "#detail", 1060),
)


def main(folder: Path) -> None:
    """Print the documents and save the pages that are shown."""
    result, piloted = (evaluate(load_evaluation(ROOT / "samples" / name)) for name in ("full", "pilot"))
    printed = {
        COMPARISON: comparison(result),
        SCORECARD: scorecard(result, result.ranking[0]),
        PILOT: comparison(piloted),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for names, document in printed.items():
        for name, page in zip(names, pypdfium2.PdfDocument(document.data), strict=True):
            if not name:
                continue
            picture = page.render(scale=DOTS_PER_INCH / POINTS_PER_INCH).to_pil().convert("RGB")
            picture.quantize(64).save(folder / f"{name}.png", optimize=True)
    explore(folder, report_page(result))


def explore(folder: Path, report: bytes) -> None:
    """Take pictures of report.html in the system's Chromium; without it say that there are none."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("Chromium is missing: no pictures of report.html\n")
        return
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        file = Path(name, "report.html")
        file.write_bytes(report)
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for title, address, opened, part, height in EXPLORED:
            target = folder / f"{title}.png"
            page = browser.new_page(viewport={"width": 1280, "height": height}, reduced_motion="reduce")
            page.goto(f"{file.as_uri()}#{address}")
            for words in opened:
                page.locator(f"{part} summary", has_text=words).first.click()
            page.evaluate("part => part && scrollTo(0, document.querySelector(part).offsetTop - 16)", part)
            page.screenshot(path=target)
            with Image.open(target) as picture:
                picture.convert("RGB").quantize(64).save(target, optimize=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
