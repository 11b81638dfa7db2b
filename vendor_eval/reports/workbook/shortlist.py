"""The shortlist workbook: what the committee sees, from the ranking down to the cell of an answer."""

import io
from datetime import date

from vendor_eval.forms.workbook_writer import drawn
from vendor_eval.reports.wording.price import SEALED_PRICES
from vendor_eval.reports.workbook.evidence import gates, issues, questions
from vendor_eval.reports.workbook.method import method
from vendor_eval.reports.workbook.panel import panel
from vendor_eval.reports.workbook.pilot import pilot
from vendor_eval.reports.workbook.prices import prices
from vendor_eval.reports.workbook.sensitivity import sensitivity
from vendor_eval.reports.workbook.summary import summary
from vendor_eval.reports.workbook.tree import scores, weights
from vendor_eval.results import Result

_SHEETS = (summary, weights, scores, prices, questions, gates, sensitivity, pilot, panel, issues, method)
_OF_A_SCREEN = (summary, questions, gates, pilot, panel, issues, method)


def shortlist(result: Result, *, paper: str = "A4") -> bytes:
    """Render a result as the bytes of an .xlsx workbook, to be printed on A4 or Letter.

    Text of a vendor is always a string cell. Text of ours that no cell takes raises VendorEvalError.
    """
    buffer = io.BytesIO()
    record = result.evaluation
    day, title = date.fromisoformat(record.as_of), f"Shortlist: {record.title}"
    sealed = SEALED_PRICES if result.has_sealed_prices and not record.pending else ""
    provisional = sealed or ("ratings are still pending, see Method" if record.provisional else "")
    with drawn(buffer, title=title, day=day, paper=paper, provisional=provisional) as book:
        for sheet in _OF_A_SCREEN if result.is_screen else _SHEETS:
            sheet(result, book)
    return buffer.getvalue()
