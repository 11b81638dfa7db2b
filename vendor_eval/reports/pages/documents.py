"""The documents on paper: the comparison of all vendors, and a scorecard for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vendor_eval.formatting.dates import day
from vendor_eval.reports.pages.categories import comparison_pages
from vendor_eval.reports.pages.one_vendor import everybody, field, only
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.pages.pdf import Page, render, render_html
from vendor_eval.reports.pages.scorecard import scorecard_pages
from vendor_eval.results import Result, VendorRecord


@dataclass(frozen=True)
class Document:
    """Bytes of a document, its suffix (.pdf, or .html where Pango is missing), and what the reader should know."""

    data: bytes
    suffix: str
    warnings: tuple[str, ...] = ()


def comparison(result: Result, *, paper: str = "A4", brief: bool = False) -> Document:
    """Print the comparison of all vendors; a brief one has the first pages only.

    Raises VendorEvalError for a paper that is neither A4 nor Letter.
    """
    view = _comparison(result, brief=brief)
    page = render("comparison.html.j2", {"view": view}, paper=paper, date=result.evaluation.as_of)
    return _document(page, result.vendors)


def comparison_html(result: Result, *, brief: bool = False) -> str:
    view = _comparison(result, brief=brief)
    return render_html("comparison.html.j2", {"view": view}, date=result.evaluation.as_of)


def _comparison(result: Result, *, brief: bool) -> View:
    return comparison_pages(Overview(result, result.digits), day(result.evaluation.as_of), brief=brief)


def scorecard(result: Result, vendor_id: str, *, paper: str = "A4", vendor_copy: bool = False) -> Document:
    """Print the scorecard of one evaluated vendor; its copy for the vendor has no rank and no figure of the field.

    Raises KeyError where there is no such vendor, ValueError where it was not evaluated, VendorEvalError for a paper
    that is neither A4 nor Letter.
    """
    ((view, sources),) = _scorecards(result, (_evaluated(result, vendor_id),), vendor_copy=vendor_copy)
    page = render("scorecard.html.j2", {"view": view}, paper=paper, date=result.evaluation.as_of)
    return _document(page, sources)


def scorecard_html(result: Result, vendor_id: str, *, vendor_copy: bool = False) -> str:
    """Write a scorecard as HTML, also where Pango is installed; copies and errors as in `scorecard`."""
    ((view, _),) = _scorecards(result, (_evaluated(result, vendor_id),), vendor_copy=vendor_copy)
    return render_html("scorecard.html.j2", {"view": view}, date=result.evaluation.as_of)


def scorecards(result: Result, *, paper: str = "A4", vendor_copy: bool = False) -> Iterator[tuple[str, Document]]:
    """Print every evaluated vendor's scorecard, as pairs of its id and the document; copies and errors as above."""
    evaluated = [vendor for vendor in result.vendors if vendor.status != "not_evaluated"]
    for view, sources in _scorecards(result, evaluated, vendor_copy=vendor_copy):
        page = render("scorecard.html.j2", {"view": view}, paper=paper, date=result.evaluation.as_of)
        yield sources[0].id, _document(page, sources)


def _evaluated(result: Result, vendor_id: str) -> VendorRecord:
    vendor = result.vendor(vendor_id)
    if vendor.status == "not_evaluated":
        message = f"{vendor_id} was not evaluated: it has no scorecard"
        raise ValueError(message)
    return vendor


def _scorecards(
    result: Result, vendors: Iterable[VendorRecord], *, vendor_copy: bool
) -> Iterator[tuple[View, tuple[VendorRecord, ...]]]:
    """Yield each scorecard with its records, in which nothing of another vendor is left."""
    as_of, digits = result.evaluation.as_of, result.digits
    summary = None if vendor_copy else field(Overview(result, digits))
    everyone = everybody(result)
    for vendor in vendors:
        alone = only(result, vendor, everyone)
        yield scorecard_pages(alone, alone.vendors[0], day(as_of), digits, summary), alone.vendors


def _document(page: Page, vendors: Iterable[VendorRecord]) -> Document:
    warnings = list(page.notes)
    signs = {chr(code) for code in page.missing}
    for vendor in vendors if signs else ():
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
