"""Makes the pictures of the README from the real pages of the full sample and of the one with a pilot.

    python scripts/make_pictures.py [FOLDER]

FOLDER is docs/pictures unless named.
"""

import sys
from pathlib import Path

import pypdfium2

from vendor_eval import evaluate, load_evaluation
from vendor_eval.reports.pages.documents import comparison, scorecard

ROOT = Path(__file__).parent.parent
DOTS_PER_INCH = 96
POINTS_PER_INCH = 72
# The pages of each document, in their order.
COMPARISON = ("decision", "categories", "price", "firm")
SCORECARD = ("scorecard", "offer")
PILOT = ("", "", "said", "")


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
            picture = page.render(scale=DOTS_PER_INCH / POINTS_PER_INCH).to_pil().convert("RGB")
            picture.quantize(64).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
