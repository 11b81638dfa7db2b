"""The sheet Price: what each vendor costs, line by line, and what that scores."""

from collections.abc import Iterator
from dataclasses import dataclass

from vendor_eval.formatting.figures import compared, money
from vendor_eval.forms.workbook_writer import SheetColumn, WorkbookWriter
from vendor_eval.reports.workbook.terms import total_format
from vendor_eval.results import PriceItemRecord, PriceRecord, Result, VendorRecord

_AMOUNT = "#,##0.00"
_UNIT = "#,##0.00####"
_FLAGS = {
    "incomplete": "no total: a price is missing",
    "suspicious_price": "a price tenfold off the others",
    "abnormally_low": "20 % or more below the median of the others",
    "yield_below_living_wage": "an hour can yield less than the living wage",
}


@dataclass(frozen=True, slots=True)
class _Line:
    vendor: VendorRecord
    item: PriceItemRecord
    text: str


def prices(result: Result, book: WorkbookWriter) -> None:
    """Draw the sheet Price, where the evaluation has one."""
    how = result.evaluation.price
    if how is None:
        return
    page = book.page("Price", [9, 24, 34, 14, 14, 16, 16, 24, 44])
    page.heading(
        "Quality and price", f"Rule {how.rule}, weight {how.weight:g}; {how.currency} over {how.years:g} years"
    )
    for vendor, cost, quality in result.differences_to_first():
        page.line(f"Beside the first, {compared(vendor.name, cost, quality)}.", "strong")
    if how.warning:
        page.line(how.warning, "warning")
        names = {vendor.id: vendor.name for vendor in result.vendors}
        for flip in how.thresholds:
            pair = f"{names[flip.overtakes]} ahead of {names[flip.overtaken]}"
            page.line(f"{pair}: a bid {flip.side} {money(flip.price)} {how.currency}", "small")
    page.sheet.freeze_panes(1, 2)
    page.row += 1
    offers: list[SheetColumn[tuple[VendorRecord, PriceRecord]]] = [
        SheetColumn("Rank", 9, lambda row: row[0].rank, "whole strong"),
        SheetColumn("Vendor", 24, lambda row: row[0].name, "strong"),
        SheetColumn("Offer holds until", 34, lambda row: row[1].valid_until),
        SheetColumn("Quality", 14, lambda row: row[0].quality, "score"),
        SheetColumn("Price score", 14, lambda row: row[1].score, "score"),
        SheetColumn(how.currency, 16, lambda row: row[1].total, _AMOUNT),
        SheetColumn("Total score", 16, lambda row: row[0].score, f"{total_format(result)} strong"),
        SheetColumn("Points of price", 24, lambda row: row[1].contribution, "points"),
        SheetColumn("To look at", 44, lambda row: "; ".join(_FLAGS[flag] for flag in row[1].flags)),
    ]
    page.table(offers, [(vendor, vendor.price) for vendor in result.in_order if vendor.price])
    page.row += 1
    lines: list[SheetColumn[_Line]] = [
        SheetColumn("Item", 9, lambda row: row.item.id),
        SheetColumn("Vendor", 24, lambda row: row.vendor.name, "strong"),
        SheetColumn("What", 34, lambda row: row.text),
        SheetColumn("Unit price", 14, lambda row: row.item.unit_price, _UNIT),
        SheetColumn("Times", 14, lambda row: row.item.times, "#,##0.##"),
        SheetColumn("Amount", 16, lambda row: row.item.amount, _AMOUNT),
        SheetColumn("An hour yields", 16, lambda row: row.item.yield_per_hour, _AMOUNT),
        SheetColumn("Source cell", 24, lambda row: str(row.item.source) or None),
        SheetColumn("As written", 44, lambda row: row.item.raw or None),
    ]
    rows = page.table(lines, _lines(result), lambda _row: "small")
    page.filter(rows, len(lines))
    page.finish()


def _lines(result: Result) -> Iterator[_Line]:
    how = result.evaluation.price
    texts = (
        {item.id: f"{item.text}, {'once' if item.unit == 'once' else f'per {item.unit}'}" for item in how.items}
        if how
        else {}
    )
    for vendor in result.in_order:
        for item in vendor.price.items if vendor.price else ():
            yield _Line(vendor, item, texts[item.id])
