"""The documents on paper: the comparison of all vendors, and a scorecard for each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from vendor_eval.reports.pages.appendix import appendix_pages
from vendor_eval.reports.pages.categories import comparison_pages
from vendor_eval.reports.pages.heights import Room
from vendor_eval.reports.pages.one_vendor import everybody, field, only
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.pages.pdf import Attached, Page, render, render_html, section_pages
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
        view = {"view": _appendix(result)}
        pages = section_pages("appendix.html.j2", view, paper=paper, date=result.evaluation.as_of)
    view = _comparison(result, brief=brief, paper=paper, appendix=pages)
    data = Attached("results.json", lambda: result.to_json().encode(), "The result that these pages were drawn from")
    page = render("comparison.html.j2", {"view": view}, paper=paper, date=result.evaluation.as_of, attached=data)
    return _document(page, result.vendors)


def appendix(result: Result, *, paper: str = "A4") -> Document:
    """Print what stands behind the comparison: all strengths and gaps, every answer, the panel, the method.

    Raises VendorEvalError for a paper that is neither A4 nor Letter.
    """
    page = render("appendix.html.j2", {"view": _appendix(result)}, paper=paper, date=result.evaluation.as_of)
    return _document(page, result.vendors)


def appendix_html(result: Result) -> str:
    return render_html("appendix.html.j2", {"view": _appendix(result)}, date=result.evaluation.as_of)


def comparison_html(result: Result, *, brief: bool = False) -> str:
    view = _comparison(result, brief=brief)
    return render_html("comparison.html.j2", {"view": view}, date=result.evaluation.as_of)


def _comparison(result: Result, *, brief: bool, paper: str = "A4", appendix: Mapping[str, int] | None = None) -> View:
    return comparison_pages(Overview(result, result.digits, appendix), brief=brief, paper=paper)


def _appendix(result: Result) -> View:
    return appendix_pages(Overview(result, result.digits))


def scorecard(result: Result, vendor_id: str, *, paper: str = "A4", vendor_copy: bool = False) -> Document:
    """Print the scorecard of one evaluated vendor; its copy for the vendor has no rank and no figure of the field.

    Raises KeyError where there is no such vendor, ValueError where it was not evaluated, VendorEvalError for a paper
    that is neither A4 nor Letter.
    """
    return _Scorecards(result, paper, vendor_copy=vendor_copy).card(_evaluated(result, vendor_id))


def scorecard_appendix(result: Result, vendor_id: str, *, paper: str = "A4") -> Document:
    """Print all requirements, answers, points and findings of one vendor; raises as `scorecard`."""
    return _Scorecards(result, paper).appendix(_evaluated(result, vendor_id))


def scorecard_html(result: Result, vendor_id: str, *, vendor_copy: bool = False) -> str:
    """Write a scorecard as HTML, also where Pango is installed; copies and errors as in `scorecard`."""
    view, _ = _Scorecards(result, "A4", vendor_copy=vendor_copy).view(_evaluated(result, vendor_id))
    return render_html("scorecard.html.j2", {"view": view}, date=result.evaluation.as_of)


def scorecard_appendix_html(result: Result, vendor_id: str) -> str:
    view, _ = _Scorecards(result, "A4").appendix_view(_evaluated(result, vendor_id))
    return render_html("scorecard_appendix.html.j2", {"view": view}, date=result.evaluation.as_of)


def scorecards(
    result: Result, *, paper: str = "A4", vendor_copy: bool = False, appendices: bool = False
) -> Iterator[tuple[str, Callable[[], Document]]]:
    """Yield each evaluated vendor's id with a function that prints its scorecard; copies and errors as above.

    `appendices`: whether there are appendices that a scorecard may name.
    """
    cards = _Scorecards(result, paper, vendor_copy=vendor_copy, appendices=appendices)
    return ((vendor.id, partial(cards.card, vendor)) for vendor in result.vendors if vendor.status != "not_evaluated")


def scorecard_appendices(result: Result, *, paper: str = "A4") -> Iterator[tuple[str, Callable[[], Document]]]:
    """Yield each evaluated vendor's id with a function that prints the appendix of its scorecard."""
    cards = _Scorecards(result, paper)
    return (
        (vendor.id, partial(cards.appendix, vendor)) for vendor in result.vendors if vendor.status != "not_evaluated"
    )


def _evaluated(result: Result, vendor_id: str) -> VendorRecord:
    vendor = result.vendor(vendor_id)
    if vendor.status == "not_evaluated":
        message = f"{vendor_id} was not evaluated: it has no scorecard"
        raise ValueError(message)
    return vendor


class _Scorecards:
    """The scorecards of a result, which share what is worked out of the whole field."""

    def __init__(self, result: Result, paper: str, *, vendor_copy: bool = False, appendices: bool = False) -> None:
        self.result = result
        self.paper = paper
        self.appendices = appendices
        self.digits = result.digits
        self.summary = None if vendor_copy else field(Overview(result, self.digits))
        self.everyone = everybody(result)

    def view(self, vendor: VendorRecord) -> tuple[View, tuple[VendorRecord, ...]]:
        """Return what a scorecard shows, and its records, in which nothing of another vendor is left."""
        alone, room = only(self.result, vendor, self.everyone), Room(self.paper, appendix=self.appendices)
        return scorecard_pages(alone, alone.vendors[0], self.digits, self.summary, room), alone.vendors

    def appendix_view(self, vendor: VendorRecord) -> tuple[View, tuple[VendorRecord, ...]]:
        alone = only(self.result, vendor, self.everyone)
        return appendix_of(alone, alone.vendors[0]), alone.vendors

    def card(self, vendor: VendorRecord) -> Document:
        return self._printed("scorecard.html.j2", *self.view(vendor))

    def appendix(self, vendor: VendorRecord) -> Document:
        return self._printed("scorecard_appendix.html.j2", *self.appendix_view(vendor))

    def _printed(self, template: str, view: View, sources: tuple[VendorRecord, ...]) -> Document:
        page = render(template, {"view": view}, paper=self.paper, date=self.result.evaluation.as_of)
        return _document(page, sources)


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
