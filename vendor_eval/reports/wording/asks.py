"""The questions to ask first: of whom, why each is open, what the answer could change, and its cell."""

from collections.abc import Iterator

from vendor_eval.reports.wording.lookups import questions_of
from vendor_eval.reports.wording.names import place
from vendor_eval.results import Result, Source, VendorRecord
from vendor_eval.results.firmness import Ask

MOST_ASKED = 10
_PRICE = "price"


def asked_first(result: Result, most: int = MOST_ASKED) -> Iterator[tuple[Ask, str, str]]:
    """List the questions whose answers could change most, the first first: cell, and how the buyer checks it."""
    vendors = {vendor.id: vendor for vendor in result.vendors}
    checks = {question.id: f"; check: {question.verify}" for _, question in questions_of(result) if question.verify}
    for ask in result.robustness.ask_first[:most] if result.robustness else ():
        yield ask, place(cell_of(vendors[ask.vendor], ask.question)), checks.get(ask.question, "")


def cell_of(vendor: VendorRecord, question: str) -> Source:
    """Find the cell of an answer; of the price that of the first line that has none."""
    if question == _PRICE:
        items = vendor.price.items if vendor.price else ()
        return next((item.source for item in items if item.amount is None), Source())
    return next((answer.source for answer in vendor.answers if answer.id == question), Source())
