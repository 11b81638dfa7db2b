"""The arithmetic of a price, from the cell of a unit price to the points of the total."""

from collections.abc import Iterator

from vendor_eval.formatting.figures import listed, money, number, unit_price
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.terminal.columns import labelled, table
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.reports.wording.price import PRICE_FLAGS, amount_words, exact, item_words, price_arithmetic
from vendor_eval.reports.wording.status import finding_words
from vendor_eval.results import PriceItemRecord, Result, VendorRecord, issues_of

_LONGEST_TEXT = 60


def explain_price(result: Result, vendor: VendorRecord, name: str) -> str:
    """Explain the price of a vendor, or the line of it that has this id."""
    item = next((item for item in vendor.price.items if item.id == name), None) if vendor.price else None
    if item is not None:
        return _explain_item(result, vendor, item)
    return "\n\n".join((f"{vendor.name}, price", *price_paragraphs(result, vendor)))


def _explain_item(result: Result, vendor: VendorRecord, item: PriceItemRecord) -> str:
    how = result.price
    defined = next((definition for definition in how.items if definition.id == item.id), None) if how else None
    if how is None or defined is None:
        return ""
    per_year = "" if defined.unit == "once" else f" = {defined.volume:,.10g} a year x {counted(how.years, 'year')}"
    entries = [
        ("Cell", str(item.source) or "not in the workbook"),
        ("Raw", item.raw or "(blank)"),
        ("State", item.state),
        ("Price", f"{f'{how.currency} ' * bool(item.unit_price)}{unit_price(item.unit_price)}"),
        ("Times", f"{item.times:,.10g}{per_year}"),
        ("Amount", amount_words(item, how.currency)),
    ]
    if item.yield_per_hour is not None and defined.seconds_per_unit:
        arithmetic = f"{unit_price(item.unit_price)} x 3600 / {defined.seconds_per_unit:,.10g} s"
        entries.append(("An hour", f"{arithmetic} = {how.currency} {money(item.yield_per_hour, 2)} at most"))
    if item.finding:
        entries.append(("Finding", finding_words(item.finding)))
    entries += [("Issue", issue.line) for issue in issues_of(vendor.issues, item.id)]
    return labelled(f"{vendor.name}, {item.id}: {item_words(cut(defined.text, _LONGEST_TEXT), defined.unit)}", entries)


def price_paragraphs(result: Result, vendor: VendorRecord) -> Iterator[str]:
    """Show the arithmetic of the price, from the unit prices to the total."""
    how, price = result.price, vendor.price
    if how is None or price is None:
        return
    texts = {item.id: item.text for item in how.items}
    rows = [("Item", "What", "Unit price", "Times", "Amount", "An hour yields", "Cell")]
    rows += [
        (
            item.id,
            cut(texts[item.id], 40),
            unit_price(item.unit_price),
            f"{item.times:,.10g}",
            money(item.amount, 2),
            money(item.yield_per_hour, 2),
            str(item.source.cell or "–"),
        )
        for item in price.items
    ]
    yield f"Price in {how.currency} over {counted(how.years, 'year')}:\n{table(rows, right=(2, 3, 4, 5))}"
    total = "" if price.total is None else f"Sum = {how.currency} {money(price.total, 2)}. "
    yield f"{total}{price_arithmetic(how, price)}"
    if how.rule == "quality_per_price":
        ratio = (
            "none"
            if price.ratio is None
            else f"{exact(price.ratio * 1000)} quality points for each {how.currency} 1,000"
        )
        yield f"The rank is by quality divided by price: {ratio}."
    else:
        share = how.weight / 100
        yield (
            f"Total = {share:g} x price {exact(price.score)} + {1 - share:g} x quality {exact(vendor.quality)} "
            f"= {number(vendor.score, 6)}"
        )
    if price.flags:
        yield f"To look at: this offer {listed(tuple(PRICE_FLAGS[flag] for flag in price.flags))}."
