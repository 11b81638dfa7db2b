"""Makes the pictures of the README from the real pages of the full sample.

    python scripts/make_pictures.py [FOLDER]

FOLDER is docs/pictures unless named.
"""

import sys
from pathlib import Path

import pypdfium2

from vendor_eval import evaluate, load_evaluation
from vendor_eval.reports.paper import comparison, scorecard

ROOT = Path(__file__).parent.parent
DOTS_PER_INCH = 96
POINTS_PER_INCH = 72


def main(folder: Path) -> None:
    """Print the documents and save the pages that the README shows."""
    result = evaluate(load_evaluation(ROOT / "samples" / "full"))
    compared = comparison(result)
    pages = {
        "decision": (compared, 0),
        "categories": (compared, 1),
        "scorecard": (scorecard(result, result.ranking[0]), 0),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, (document, number) in pages.items():
        page = pypdfium2.PdfDocument(document.data)[number]
        picture = page.render(scale=DOTS_PER_INCH / POINTS_PER_INCH).to_pil().convert("RGB")
        picture.quantize(64).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
