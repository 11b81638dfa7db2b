"""The annex to the contract: the conditions of the award, on paper or as a Word document."""

from collections.abc import Sequence
from importlib import resources
from math import ceil

from vendor_eval.formatting.dates import day
from vendor_eval.reports.letters.word import WordDocument
from vendor_eval.reports.pages.documents import Document
from vendor_eval.reports.pages.overview import View
from vendor_eval.reports.pages.pdf import render
from vendor_eval.results import ConditionLine, Result, VendorRecord

HEADING = "Conditions of the award"
TEMPLATE = "annex.md"
_HEADER = ("No.", "What is to be done", "Proof", "Owner", "Due", "Clause", "State")
_SIGNING = ("For", "Name", "Date", "Signature")
# Sizes of the font of the table in points, its lines and the rest of a row in mm: the largest that fits counts.
_STEPS = ((8.2, 3.65, 1.7), (7.3, 3.1, 1.2), (6.4, 2.6, 0.8))
# Of each column in mm, and of all rows on one page.
_WIDTHS = (7.0, 69.0, 34.0, 22.0, 18.0, 14.0, 14.0)
_ROOM = 158.0
_LETTER = 0.19  # width of a letter in mm by the size of the font in points
# Of each column in cm in Word, whose cells have wider margins.
_WORD_WIDTHS = (0.9, 5.7, 3.2, 2.1, 1.9, 1.5, 1.7)


def shipped_terms() -> str:
    """Return what the annex says of a date that passes, as long as the buyer has no text of its own."""
    return (resources.files("vendor_eval.reports") / "templates" / TEMPLATE).read_text(encoding="utf-8")


def annex_view(
    result: Result, vendor: VendorRecord, lines: Sequence[ConditionLine], *, as_of: str, buyer: str, terms: str
) -> View:
    """Make the context of the annex; `terms` are paragraphs with a blank line between."""
    evaluation = result.evaluation
    rows = [
        (
            str(number),
            f"{line.what} ({line.id})",
            line.proof,
            line.owner,
            day(line.due) if line.due else "",
            line.clause,
            line.state.capitalize(),
        )
        for number, line in enumerate(lines, 1)
    ]
    facts = (("Buyer", buyer), ("Vendor", vendor.name), ("Reference", evaluation.reference), ("State on", day(as_of)))
    return {
        "title": evaluation.title,
        "heading": HEADING,
        "as_of": day(as_of),
        "provisional": False,
        "reference": evaluation.reference,
        "facts": tuple((label, text) for label, text in facts if text),
        "header": _HEADER,
        "rows": rows,
        "step": _step(rows),
        "paragraphs": tuple(" ".join(text.split()) for text in terms.split("\n\n") if text.strip()),
        "signing": _SIGNING,
        "signers": (buyer or "Buyer", vendor.name),
    }


def _step(rows: Sequence[Sequence[str]]) -> int:
    """Choose how small the table is printed, so that a dozen conditions fit on one page."""
    for step, (size, line, rest) in enumerate(_STEPS):
        fitting = [max(1.0, (width - 2) / (size * _LETTER)) for width in _WIDTHS]
        counts = (max(ceil(len(text) / most) for text, most in zip(row, fitting, strict=True)) for row in rows)
        if sum(count * line + rest for count in counts) <= _ROOM:
            return step
    return len(_STEPS) - 1


def annex_pages(view: View, *, date: str, paper: str = "A4") -> Document:
    """Print the annex; without Pango the same page is HTML to print."""
    page = render("annex.html.j2", {"view": view}, paper=paper, date=date)
    return Document(page.data, page.suffix, page.notes)


def annex_word(view: View, *, date: str, paper: str = "A4") -> Document:
    """Write the annex as a Word document."""
    word = WordDocument(f"{view['heading']}: {view['title']}", date=date, paper=paper)
    word.heading(view["title"])
    word.table((), view["facts"], (3.0, 14.0))
    word.heading(view["heading"], 2)
    word.table(view["header"], view["rows"], _WORD_WIDTHS, size=_STEPS[view["step"]][0])
    for text in view["paragraphs"]:
        word.paragraph(text)
    word.table(view["signing"], [(name, "", "", "") for name in view["signers"]], (4.5, 4.5, 2.5, 5.5), height=1.2)
    return Document(word.to_bytes(), ".docx")
