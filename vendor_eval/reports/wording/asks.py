"""The questions to ask first: of whom, why each is open, what the answer could change, and its cell."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from vendor_eval.formatting.figures import listed, number
from vendor_eval.reports.wording.lookups import names_of, questions_of
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.results import Result, Source, VendorRecord
from vendor_eval.results.firmness import Ask, Cause, Stake

MOST_ASKED = 10
_PRICE = "price"
STAKES: dict[Stake, str] = {
    "recommended": "who is recommended",
    "shortlist": "who may be awarded",
    "rest": "neither of the two",
}
# What is said of one, and of several.
_STILL: dict[Cause, tuple[str, str]] = {
    "document_missing": ("rests on a yes without a document", "rest on a yes without a document"),
    "document_not_there": ("names a document that did not arrive", "name documents that did not arrive"),
    "blank": ("is missing", "are missing"),
    "invalid": ("cannot be read", "cannot be read"),
    "pending": ("waits for its rating", "wait for their ratings"),
    "unknown": ("is answered with “do not know”", "are answered with “do not know”"),
    "hangs_on_another": ("depends on another one that is open", "depend on other ones that are open"),
    "within_chance": (
        "is measured in a sample, and open within chance",
        "are measured in a sample, and open within chance",
    ),
    "waiver_lapsed": ("is no longer waived", "are no longer waived"),
    "context_unset": ("waits for a fact that we have not stated", "wait for facts that we have not stated"),
}


class OpenGroup(NamedTuple):
    """What one cause leaves open at one vendor: whom it could change, the vendor, and how much, in words."""

    stake: Stake
    vendor: str
    text: str


def asked_first(result: Result, most: int = MOST_ASKED) -> Iterator[tuple[Ask, str, str]]:
    """List the questions whose answers could change most, the first first: cell, and how the buyer checks it."""
    vendors = {vendor.id: vendor for vendor in result.vendors}
    checks = {question.id: f"; to check: {question.verify}" for _, question in questions_of(result) if question.verify}
    for ask in result.robustness.ask_first[:most] if result.robustness else ():
        yield ask, place(cell_of(vendors[ask.vendor], ask.question)), checks.get(ask.question, "")


def cell_of(vendor: VendorRecord, question: str) -> Source:
    """Find the cell of an answer; of the price that of the first line that has none."""
    if question == _PRICE:
        items = vendor.price.items if vendor.price else ()
        return next((item.source for item in items if item.amount is None), Source())
    return next((answer.source for answer in vendor.answers if answer.id == question), Source())


def open_groups(result: Result) -> tuple[OpenGroup, ...]:
    """Group what is open by vendor and cause: first what could change who is recommended, then who may be awarded."""
    groups: dict[tuple[str, Cause], list[Ask]] = {}
    for ask in result.robustness.ask_first if result.robustness else ():
        groups.setdefault((ask.vendor, ask.cause), []).append(ask)
    names, order = names_of(result), list(STAKES)
    opened = [
        OpenGroup(
            min((ask.changes for ask in asks), key=order.index), names[vendor], _open_text(result, vendor, cause, asks)
        )
        for (vendor, cause), asks in groups.items()
    ]
    return tuple(sorted(opened, key=lambda group: order.index(group.stake)))


def _open_text(result: Result, vendor: str, cause: Cause, asks: list[Ask]) -> str:
    """Say how many knock-outs, other requirements and other answers one cause leaves open.

    Requirements are counted as questions, so that one question with two gates is one thing to ask.
    """
    if cause == "price_zero":
        return "the whole offer costs nothing"
    if cause == "price_missing":
        price = result.vendor(vendor).price
        return f"{counted(len(price.missing) if price else 1, 'price')} missing"
    gates = {
        name for gate in result.vendor(vendor).gates if gate.result == "unresolved" for name in gate.open_questions
    }
    kinds = Counter("ko" if ask.excludes else "must" if ask.question in gates else "answer" for ask in asks)
    nouns = (("ko", "knock-out"), ("must", "requirement"), ("answer", "answer"))
    parts: list[str] = []
    for kind, noun in nouns:
        if kinds[kind]:
            parts.append(counted(kinds[kind], f"other {noun}" if parts else noun))
    points = sum(ask.points for ask in asks)
    worth = f", up to {number(points)} points" if not (kinds["ko"] or kinds["must"]) and number(points) != "0.0" else ""
    return f"{listed(parts)} {_STILL[cause][len(asks) > 1]}{worth}"
