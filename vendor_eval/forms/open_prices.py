"""Open points of one vendor's offer, in words for that vendor and without anything of another offer."""

from collections.abc import Iterable, Iterator, Sequence

from vendor_eval.criteria.parsing import shorten
from vendor_eval.formatting.figures import money
from vendor_eval.forms.layout import form_questions
from vendor_eval.forms.open_points import AGAIN, UNREAD, OpenPoint, place
from vendor_eval.results import IssueRecord, PriceRecord, Result, Source, VendorRecord, issues_of
from vendor_eval.tender import CURRENCY, Evaluation

TITLE = "Your prices"
_QUOTED = 600
_OWN = {
    "abnormally-low": "Please say in Comment how the total is made up, hour by hour, and what is not in it.",
    "contradiction": "Two different answers arrived: please say which one counts.",
    "currency-not-confirmed": "Please write the currency of all prices.",
    "offer-costs-nothing": "Every line is included: please say where the cost of the work stands, and price it.",
    "price-missing": "Please give this price: the offer is not complete without it.",
    "said-beside-currency": "Please say in Comment whether the words beside the currency change a price.",
    "validity-missing": "Please give the day until which the offer holds.",
    "yield-below-living-wage": "Please say in Comment how an hour of this work is paid.",
}
# Asked for words in Comment: a text there answers it.
_EXPLAINED = frozenset({"abnormally-low", "said-beside-currency", "yield-below-living-wage"})
# Faults of a price whose own words say what is expected, and nothing else.
_PLAIN = UNREAD | {"other-currency", "price-not-positive", "price-refused", "price-too-large"}


def open_prices(result: Result, vendor: VendorRecord, evaluation: Evaluation) -> tuple[OpenPoint, ...]:
    """List the lines of the offer that are open, in the order of the sheet Pricing."""
    price = vendor.price
    if price is None:
        return ()
    units = {line.id: line.unit for line in result.price.items} if result.price else {}
    questions = form_questions(evaluation)
    foreign = any(issue.code == "other-currency" for issue in issues_of(vendor.issues, CURRENCY))
    again = {line.id: line for line in price.items if foreign and line.raw.strip() and line.unit_price is None}
    points = []
    for name in evaluation.offer_questions:
        own = issues_of(vendor.issues, name)
        needed = list(dict.fromkeys(_needed(own, units.get(name, ""))))
        source = again[name].source if name in again else own[0].source if own else None
        if name in again and not needed:
            needed = [f"Please give this price in {price.currency}: no price counts in another currency."]
        if needed and source:
            points.append(OpenPoint(questions[name], 0, _arrived(name, price, own, source), "\n".join(needed)))
    return tuple(points)


def _needed(issues: Iterable[IssueRecord], unit: str) -> Iterator[str]:
    issues = tuple(issues)
    explained = any(issue.code == "said-beside-price" for issue in issues)
    for issue in issues:
        if explained and issue.code in _EXPLAINED:
            continue
        if issue.code == "price-suspicious":
            price = "the cost that is paid once" if unit == "once" else f"the price of one {unit}"
            yield f"Please give {price} again, to make sure that no other quantity or currency was meant."
        elif issue.code in _OWN:
            yield _OWN[issue.code]
        elif issue.severity == "blocking":
            yield f"{issue.text}." if issue.code in _PLAIN else AGAIN


def _arrived(name: str, price: PriceRecord, issues: Sequence[IssueRecord], source: Source) -> str:
    """Quote what the vendor wrote, with its cell; of the whole offer its total."""
    raw = next((line.raw for line in price.items if line.id == name), "").strip()
    where = place(source)
    if raw:
        return f"'{shorten(raw, _QUOTED)}' ({where})"
    code = issues[0].code if issues else ""
    if name == CURRENCY and code == "abnormally-low":
        return f"{money(price.total)} {price.currency} in all ({where})" if price.total is not None else where
    blank = code in _OWN and code not in {"contradiction", "offer-costs-nothing", "said-beside-currency"}
    return f"No answer ({where})" if blank and where else where or "Not in your workbook"
