"""Makes the pictures of the README from the real pages of the full sample.

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
# Pictures of the comparison, by the bookmark of the page.
SECTIONS = {
    "decision": "Decision",
    "categories": "Categories",
    "price": "Price",
    "firm": "How firm",
    "panel": "Panel",
}


def main(folder: Path) -> None:
    """Print the documents and save the pages that the README shows."""
    result = evaluate(load_evaluation(ROOT / "samples" / "full"))
    compared = pypdfium2.PdfDocument(comparison(result).data)
    sections = {mark.get_title(): mark.get_dest().get_index() for mark in compared.get_toc() if mark.level == 0}
    pages = {name: compared[sections[title]] for name, title in SECTIONS.items()}
    pages["scorecard"] = pypdfium2.PdfDocument(scorecard(result, result.ranking[0]).data)[0]
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        picture = page.render(scale=DOTS_PER_INCH / POINTS_PER_INCH).to_pil().convert("RGB")
        picture.quantize(64).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
