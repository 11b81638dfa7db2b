"""Makes the pictures of the README from the real pages of the full sample and of the one with a pilot.

    python scripts/make_pictures.py [FOLDER]

FOLDER is docs/pictures unless named. The pictures of report.html need playwright and the Chromium of the system.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image

from vendor_eval import evaluate, load_evaluation
from vendor_eval.reports.page.document import report_page
from vendor_eval.reports.pages.documents import comparison, scorecard
from vendor_eval.results import Result

ROOT = Path(__file__).parent.parent
DOTS_PER_INCH = 96
POINTS_PER_INCH = 72
# The pages of each document, in their order.
COMPARISON = ("decision", "categories", "price", "firm")
SCORECARD = ("scorecard", "offer")
PILOT = ("", "", "said", "")
COLORS = {"explorer": 128}  # of a picture; where it has no line 64 are enough


def main(folder: Path) -> None:
    """Print the documents and save the pages that the README shows."""
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
            _save(page.render(scale=DOTS_PER_INCH / POINTS_PER_INCH).to_pil(), folder / f"{name}.png")
    for name, picture in _explored(result):
        _save(picture, folder / f"{name}.png")


def _save(picture: Image.Image, file: Path) -> None:
    picture.convert("RGB").quantize(COLORS.get(file.stem, 64)).save(file, optimize=True)


def _explored(result: Result) -> Iterator[tuple[str, Image.Image]]:
    """Show report.html with security at 40 points, and an answer of a vendor opened down to its cell."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    # Chromium has no sandbox for root, as in most containers.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        file.write_bytes(report_page(result))
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 944}, color_scheme="light", reduced_motion="reduce")
        page.goto(f"{file.as_uri()}#w=security:40")
        page.evaluate("document.querySelector('#banner').scrollIntoView()")
        page.evaluate("scrollBy(0, 80)")
        yield "explorer", Image.open(BytesIO(page.screenshot()))
        page.get_by_role("button", name="Back to the agreed result").click()
        page.get_by_label("Trellith Labs: All answers").click()
        for words in ("Labor ethics", "Pay and contracts", "LAB-01"):
            summary = page.locator("#detail summary", has_text=words).first
            summary.click()
            summary.locator("xpath=following-sibling::*").first.wait_for()
        page.evaluate("document.querySelector('#detail').scrollIntoView()")
        page.evaluate("scrollBy(0, 420)")
        yield "cell", Image.open(BytesIO(page.screenshot()))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
