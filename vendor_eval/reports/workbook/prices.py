"""The sheet Price: what each vendor costs, line by line, and what that scores."""

from vendor_eval.formatting.figures import INCLUDED, money
from vendor_eval.forms.workbook_writer import SheetColumn, SheetWriter, WorkbookWriter
from vendor_eval.reports.wording.lookups import names_of
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.reports.wording.price import PRICE_FLAGS, compared, item_words, rule_title
from vendor_eval.reports.workbook.formulas import total_format
from vendor_eval.results import PriceItemRecord, PriceMethodRecord, PriceRecord, Result, VendorRecord

_AMOUNT = "#,##0.00"
_UNIT = "#,##0.00####"


def prices(result: Result, book: WorkbookWriter) -> None:
    """Draw the sheet Price, where the evaluation has one."""
    how = result.price
    if how is None:
        return
    page = book.page("Price", [9, 24, 34, 14, 14, 16, 16, 24, 44])
    page.heading(
        "Quality and price",
        f"{rule_title(how.rule)}, weight {how.weight:g}; prices in {how.currency} over {counted(how.years, 'year')}",
    )
    for vendor, cost, quality in result.differences_to_first():
        page.line(f"{compared('the first', vendor.name, cost, quality, how.currency)}.", "strong")
    if how.warning:
        page.line(how.warning, "warning")
        names = names_of(result)
        for flip in how.thresholds:
            pair = f"{names[flip.overtakes]} ahead of {names[flip.overtaken]}"
            page.line(f"{pair}: a bid {flip.side} {how.currency} {money(flip.price)}", "small")
    page.sheet.freeze_panes(1, 2)
    _offers(page, result, how.currency)
    _lines(page, result, how)
    page.finish()


def _offers(page: SheetWriter, result: Result, currency: str) -> None:
    columns: list[SheetColumn[tuple[VendorRecord, PriceRecord]]] = [
        SheetColumn("Rank", 9, lambda row: row[0].rank, "whole strong"),
        SheetColumn("Vendor", 24, lambda row: row[0].name, "strong"),
        SheetColumn("Offer holds until", 34, lambda row: row[1].valid_until),
        SheetColumn("Quality", 14, lambda row: row[0].quality, "score"),
        SheetColumn("Price score", 14, lambda row: row[1].score, "score"),
        SheetColumn(currency, 16, lambda row: row[1].total, _AMOUNT),
        SheetColumn("Total score", 16, lambda row: row[0].score, f"{total_format(result)} strong"),
        SheetColumn("Points of price", 24, lambda row: row[1].contribution, "points"),
        SheetColumn(
            "To look at",
            44,
            lambda row: ". ".join(
                f"{words[:1].upper()}{words[1:]}" for words in map(PRICE_FLAGS.__getitem__, row[1].flags)
            ),
        ),
    ]
    page.row += 1
    page.table(columns, [(vendor, vendor.price) for vendor in result.in_order if vendor.price])


def _lines(page: SheetWriter, result: Result, how: PriceMethodRecord) -> None:
    texts = {item.id: item_words(item.text, item.unit) for item in how.items}
    columns: list[SheetColumn[tuple[VendorRecord, PriceItemRecord]]] = [
        SheetColumn("Item", 9, lambda row: row[1].id),
        SheetColumn("Vendor", 24, lambda row: row[0].name, "strong"),
        SheetColumn("What", 34, lambda row: texts[row[1].id]),
        SheetColumn("Unit price", 14, lambda row: INCLUDED if row[1].unit_price == 0 else row[1].unit_price, _UNIT),
        SheetColumn("Times", 14, lambda row: row[1].times, "#,##0.##"),
        SheetColumn("Amount", 16, lambda row: row[1].amount, _AMOUNT),
        SheetColumn("An hour yields", 16, lambda row: row[1].yield_per_hour, _AMOUNT),
        SheetColumn("Source cell", 24, lambda row: str(row[1].source) or None),
        SheetColumn("As written", 44, lambda row: row[1].raw or None),
    ]
    page.row += 1
    pairs = [(vendor, item) for vendor in result.in_order if vendor.price for item in vendor.price.items]
    rows = page.table(columns, pairs, lambda _row: "small")
    page.filter(rows, len(columns))
