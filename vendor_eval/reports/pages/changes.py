"""What changed between two results, on paper."""

from vendor_eval.formatting.dates import day
from vendor_eval.reports.pages.documents import Document
from vendor_eval.reports.pages.overview import View
from vendor_eval.reports.pages.pdf import render, render_html
from vendor_eval.reports.wording import changes as words
from vendor_eval.results.changes import Changes

_TEMPLATE = "changes.html.j2"


def changes_document(changes: Changes, *, paper: str = "A4", as_html: bool = False) -> Document:
    """Print what changed; as HTML to print where that is wanted, or where Pango is missing.

    Raises VendorEvalError for a paper that is neither A4 nor Letter.
    """
    context, date = {"view": _view(changes)}, changes.new.as_of
    if as_html:
        return Document(render_html(_TEMPLATE, context, paper=paper, date=date).encode(), ".html")
    page = render(_TEMPLATE, context, paper=paper, date=date)
    return Document(page.data, page.suffix, page.notes)


def _view(changes: Changes) -> View:
    rows = [(vendor, words.rows_of(changes, vendor)) for vendor in changes.vendors if vendor.is_changed]
    return {
        "title": changes.new.title,
        "as_of": day(changes.new.as_of),
        "provisional": False,
        "headline": words.title(changes),
        "compared": words.compared(changes),
        "notes": tuple(words.notes(changes)),
        "ranks": tuple(words.ranks(changes)),
        "settings": tuple(words.settings(changes)),
        "gates": tuple(words.gates(changes)),
        "vendors": tuple(
            (vendor.name, words.vendor_words(vendor), several[: words.MOST_CAUSES], len(several) - words.MOST_CAUSES)
            for vendor, several in rows
        ),
        "rest": tuple(text for text in (words.unchanged(changes), *words.only(changes)) if text),
    }
