"""The documents on paper: the comparison of all vendors, and a scorecard for each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from vendor_eval.reports.pages.appendix import appendix_pages
from vendor_eval.reports.pages.categories import comparison_pages
from vendor_eval.reports.pages.heights import Room
from vendor_eval.reports.pages.one_vendor import everybody, field, only
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.pages.pdf import Attached, render, section_pages
from vendor_eval.reports.pages.scorecard import scorecard_pages
from vendor_eval.reports.pages.scorecard_appendix import appendix_of
from vendor_eval.results import Result, VendorRecord


@dataclass(frozen=True)
class Document:
    """Bytes of a document, its suffix (.pdf, or .html where Pango is missing), and what the reader should know."""

    data: bytes
    suffix: str
    warnings: tuple[str, ...] = ()


def comparison(result: Result, *, paper: str = "A4", brief: bool = False, appendices: bool = False) -> Document:
    """Print the comparison of all vendors, with results.json attached; a brief one has its first and last page only.

    With appendices it names the page of the appendix where more is, else the sheet of the workbook. Raises
    VendorEvalError for a paper that is neither A4 nor Letter.
    """
    pages = None
    if appendices:
        view = {"view": appendix_pages(Overview(result, result.digits))}
        pages = section_pages("appendix.html.j2", view, paper=paper, date=result.evaluation.as_of)
    view = comparison_pages(Overview(result, result.digits, pages), brief=brief, paper=paper)
    data = Attached("results.json", lambda: result.to_json().encode(), "The result that these pages were drawn from")
    return _document("comparison.html.j2", view, result, paper, data)


def appendix(result: Result, *, paper: str = "A4") -> Document:
    """Print what stands behind the comparison: all strengths and gaps, every answer, the panel, the method.

    Raises VendorEvalError for a paper that is neither A4 nor Letter.
    """
    return _document("appendix.html.j2", appendix_pages(Overview(result, result.digits)), result, paper)


def scorecard(result: Result, vendor_id: str, *, paper: str = "A4", vendor_copy: bool = False) -> Document:
    """Print the scorecard of one evaluated vendor; its copy for the vendor has no rank and no figure of the field.

    Raises KeyError where there is no such vendor, ValueError where it was not evaluated, VendorEvalError for a paper
    that is neither A4 nor Letter.
    """
    if result.vendor(vendor_id).status == "not_evaluated":
        message = f"{vendor_id} was not evaluated: it has no scorecard"
        raise ValueError(message)
    return dict(scorecards(result, paper=paper, vendor_copy=vendor_copy))[vendor_id]()


def scorecards(
    result: Result, *, paper: str = "A4", vendor_copy: bool = False, appendices: bool = False
) -> Iterator[tuple[str, Callable[[], Document]]]:
    """Yield each evaluated vendor's id with a function that prints its scorecard; copies and errors as above.

    `appendices`: whether there are appendices that a scorecard may name.
    """
    digits = result.digits
    comparison_ = None if vendor_copy else field(Overview(result, digits))
    room = Room(paper, appendix=appendices)
    pages = partial(scorecard_pages, digits=digits, comparison=comparison_, room=room)
    return _of_each(result, "scorecard.html.j2", pages, paper)


def scorecard_appendices(result: Result, *, paper: str = "A4") -> Iterator[tuple[str, Callable[[], Document]]]:
    """Yield each evaluated vendor's id with a function that prints the appendix of its scorecard."""
    return _of_each(result, "scorecard_appendix.html.j2", appendix_of, paper)


def _of_each(
    result: Result, template: str, pages: Callable[[Result, VendorRecord], View], paper: str
) -> Iterator[tuple[str, Callable[[], Document]]]:
    """Draw a document of each vendor from a result in which nothing of another one is left."""
    everyone = everybody(result)

    def draw(vendor: VendorRecord) -> Document:
        alone = only(result, vendor, everyone)
        return _document(template, pages(alone, alone.vendors[0]), alone, paper)

    return ((vendor.id, partial(draw, vendor)) for vendor in result.vendors if vendor.status != "not_evaluated")


def _document(template: str, view: View, result: Result, paper: str, attached: Attached | None = None) -> Document:
    page = render(template, {"view": view}, paper=paper, date=result.evaluation.as_of, attached=attached)
    warnings = list(page.notes)
    signs = {chr(code) for code in page.missing}
    for vendor in result.vendors if signs else ():
        lacking = sorted(signs.intersection(vendor.model_dump_json()))
        if lacking:
            shown = " ".join(f"U+{ord(sign):04X}" for sign in lacking[:5])
            warnings.append(
                f"{vendor.name}: {len(lacking)} characters print as boxes, since no font here has them ({shown}); "
                "pip install 'vendor-eval[intl]', or install a font that has them"
            )
    if page.foreign:
        names = ", ".join(sorted(page.foreign))
        warnings.append(f"characters that our fonts lack are printed with fonts of this machine: {names}")
    return Document(page.data, page.suffix, tuple(warnings))
