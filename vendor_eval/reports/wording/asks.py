"""The questions to ask first: of whom, why each is open, what the answer could change, and its cell."""

from collections.abc import Iterator
from dataclasses import dataclass

from vendor_eval.reports.wording.names import place
from vendor_eval.results import Result, Source, VendorRecord

MOST_ASKED = 10
_PRICE = "price"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, with the id of its vendor."""

    vendor: str
    question: str
    reason: str
    could_change: str
    cell: str


def asked_first(result: Result, most: int = MOST_ASKED) -> Iterator[Asked]:
    """List the questions whose answers could change most, the first of them first."""
    asks = result.robustness.ask_first[:most] if result.robustness else ()
    vendors = {vendor.id: vendor for vendor in result.vendors}
    for ask in asks:
        cell = place(cell_of(vendors[ask.vendor], ask.question))
        yield Asked(ask.vendor, ask.question, ask.reason, ask.could_change, cell)


def cell_of(vendor: VendorRecord, question: str) -> Source:
    """Find the cell of an answer; of the price that of the first line that has none."""
    if question == _PRICE:
        items = vendor.price.items if vendor.price else ()
        return next((item.source for item in items if item.amount is None), Source())
    return next((answer.source for answer in vendor.answers if answer.id == question), Source())
