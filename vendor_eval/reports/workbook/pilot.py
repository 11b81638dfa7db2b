"""The sheet Said and measured: every promise that a pilot tests with its verdict, and every figure."""

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.measures import amount
from vendor_eval.forms.workbook_writer import SheetColumn, SheetWriter, Value, WorkbookWriter
from vendor_eval.reports.wording import pilot as words
from vendor_eval.reports.wording.lookups import names_of
from vendor_eval.results import Result
from vendor_eval.results.pilot import AcceptanceRecord, CandourRecord, FigureRecord, LinkRecord, PilotVendorRecord

_EXACT = "0.0##"
_PRINTED = 18  # columns
_STYLES = {"kept": "strong", "not_kept": "failed", "cannot_tell": ""}


def pilot(result: Result, book: WorkbookWriter) -> None:
    """Draw the sheet, where the evaluation has a pilot."""
    record = result.pilot
    if record is None:
        return
    page = book.page("Said and measured", [24, 33, 9, 16, 9, 10, 11, 8, 9, 9, 8, 8, 8, 14, 18, 8, 9, 9, 9, 9, 9])
    facts = record.pilot
    left_out = f"{facts.ambiguous:,} ambiguous and {facts.gold_open:,} open ones left out"
    items = f"{facts.gold_items:,} items with a right label, {left_out}; measured on {day(facts.measured_on)}"
    page.heading("Said and measured", f"{facts.title}: {facts.task}, {items}. {words.AS_STATED}")
    if facts.expert_ceiling is not None:
        page.line(f"Our own experts agree in {amount(facts.expert_ceiling, '%')} % of the pairs.", "muted")
    page.line(" ".join(filter(None, (words.by_chance(record), *words.in_the_scores(record)))), "muted")
    page.sheet.freeze_panes(1, 1)
    order = [vendor.id for vendor in result.in_order]
    vendors = sorted(record.vendors, key=lambda vendor: order.index(vendor.id))
    names = names_of(result)
    _links(page, [(names[vendor.id], link) for vendor in vendors for link in vendor.links])
    _vendors(page, [(names[vendor.id], vendor) for vendor in vendors])
    _figures(page, [(names[vendor.id], figure) for vendor in vendors for figure in vendor.figures])
    page.finish(printed=_PRINTED)


def _links(page: SheetWriter, links: list[tuple[str, LinkRecord]]) -> None:
    def effect(name: str) -> "SheetColumn[tuple[str, LinkRecord]]":
        return SheetColumn(_EFFECTS[name], 9, lambda row: getattr(row[1].effect, name, None), _EXACT)

    columns: list[SheetColumn[tuple[str, LinkRecord]]] = [
        SheetColumn("Vendor", 24, lambda row: row[0], "strong"),
        SheetColumn("Promised and measured", 33, lambda row: words.title_with_unit(row[1])),
        SheetColumn("Question", 9, lambda row: row[1].question),
        SheetColumn("Figure", 16, lambda row: row[1].figure),
        SheetColumn("Narrowed by", 9, lambda row: row[1].by),
        SheetColumn("To", 10, lambda row: row[1].group),
        SheetColumn("Kind", 11, lambda row: row[1].kind),
        SheetColumn("Margin", 8, lambda row: row[1].margin, _EXACT),
        SheetColumn("Promised", 9, lambda row: row[1].promised, f"{_EXACT} strong"),
        SheetColumn("Measured", 9, lambda row: row[1].measured, f"{_EXACT} strong"),
        SheetColumn("Low", 8, lambda row: row[1].low, _EXACT),
        SheetColumn("High", 8, lambda row: _high(row[1]), _EXACT),
        SheetColumn("Out of", 8, lambda row: row[1].n, "whole"),
        SheetColumn("Verdict", 14, lambda row: words.VERDICTS[row[1].verdict], lambda row: _STYLES[row[1].verdict]),
        SheetColumn("Why", 18, lambda row: row[1].reason and words.reason_words(row[1].reason)),
        SheetColumn("Would settle it", 8, lambda row: row[1].needed, "whole"),
        SheetColumn("Counts as", 9, lambda row: row[1].effect.act if row[1].effect else None),
        *map(effect, ("answer", "low", "high")),
        SheetColumn("Set aside by us", 9, lambda row: _yes(row[1].effect.set_aside) if row[1].effect else None),
    ]
    page.row += 1
    rows = page.table(columns, links, lambda _row: "small")
    page.filter(rows, len(columns))


_EFFECTS = {"answer": "Answer that counts", "low": "Value at least", "high": "Value at most"}


def _vendors(page: SheetWriter, vendors: list[tuple[str, PilotVendorRecord]]) -> None:
    def count(title: str, name: str) -> "SheetColumn[tuple[str, PilotVendorRecord]]":
        return SheetColumn(title, 9, lambda row: _of(row[1].candour, name), _EXACT if name[0] == "e" else "whole")

    def batch(title: str, name: str, style: str) -> "SheetColumn[tuple[str, PilotVendorRecord]]":
        return SheetColumn(title, 9, lambda row: _of(row[1].acceptance, name), style)

    columns: list[SheetColumn[tuple[str, PilotVendorRecord]]] = [
        SheetColumn("Vendor", 24, lambda row: row[0], "strong"),
        SheetColumn("What became of its promises", 33, lambda row: words.candour_of(row[1])),
        SheetColumn("Tasks", 9, lambda row: row[1].tasks, "whole"),
        SheetColumn("Rows read", 16, lambda row: row[1].rows, "whole"),
        SheetColumn("Missing", 9, lambda row: row[1].missing, "whole"),
        SheetColumn("Invalid", 10, lambda row: row[1].invalid, "whole"),
        SheetColumn("Status", 11, lambda row: row[1].status.replace("_", " ")),
        count("Asked for", "linked"),
        count("Tested", "tested"),
        count("Kept", "kept"),
        count("Not kept", "not_kept"),
        count("Cannot tell", "cannot_tell"),
        count("Not given", "no_promise"),
        count("Not kept by chance", "expected_by_chance"),
        SheetColumn(
            "The whole batch", 18, lambda row: words.accepted(row[1].acceptance) if row[1].acceptance else None
        ),
        batch("Items", "n", "whole"),
        batch("Wrong", "errors", "whole"),
        batch("Allowed", "c", "whole"),
        batch("Seller's risk, %", "seller_risk", _EXACT),
        batch("Buyer's risk, %", "buyer_risk", _EXACT),
        SheetColumn("Accepted", 9, lambda row: _yes(row[1].acceptance.accepted) if row[1].acceptance else None),
    ]
    page.row += 1
    page.table(columns, vendors, lambda _row: "small")


def _figures(page: SheetWriter, figures: list[tuple[str, FigureRecord]]) -> None:
    columns: list[SheetColumn[tuple[str, FigureRecord]]] = [
        SheetColumn("Vendor", 24, lambda row: row[0], "strong"),
        SheetColumn("Figure", 33, lambda row: words.title_of(row[1])),
        SheetColumn("Unit", 9, lambda row: row[1].unit),
        SheetColumn("Id", 16, lambda row: row[1].id),
        SheetColumn("Narrowed by", 9, lambda row: row[1].by),
        SheetColumn("To", 10, lambda row: row[1].group),
        SheetColumn("Better", 11, lambda row: row[1].better),
        SheetColumn("p", 8, lambda row: row[1].p, "0.0000"),
        SheetColumn("Counted", 9, lambda row: row[1].k, "whole"),
        SheetColumn("Value", 9, lambda row: row[1].value, f"{_EXACT} strong"),
        SheetColumn("Low", 8, lambda row: row[1].low, _EXACT),
        SheetColumn("High", 8, lambda row: _high(row[1]), _EXACT),
        SheetColumn("Out of", 8, lambda row: row[1].n, "whole"),
        SheetColumn("Range by", 14, lambda row: words.METHODS[row[1].method]),
        SheetColumn("Why", 18, lambda row: row[1].reason and words.reason_words(row[1].reason)),
        SheetColumn("One-sided bound", 8, lambda row: row[1].lower95, _EXACT),
    ]
    page.row += 1
    page.table(columns, figures, lambda _row: "small")


def _high(record: FigureRecord | LinkRecord) -> Value:
    return "or more" if record.high is None and record.low is not None else record.high


def _of(record: CandourRecord | AcceptanceRecord | None, name: str) -> Value:
    value: Value = getattr(record, name, None)
    return value


def _yes(value: bool) -> str:  # noqa: FBT001  what a cell says
    return "yes" if value else "no"
