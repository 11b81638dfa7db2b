"""The sheet Sensitivity: the ranking under the reader's weights, and how firm the official one is."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from vendor_eval.forms.workbook_writer import SheetColumn, SheetWriter, WorkbookWriter, inline
from vendor_eval.reports.wording.asks import STAKES, asked_first
from vendor_eval.reports.wording.decision import how_firm
from vendor_eval.reports.wording.lookups import titles_of, titles_of_left_out
from vendor_eval.reports.workbook.formulas import Live, table, widths
from vendor_eval.results import Result
from vendor_eval.results.firmness import (
    Ask,
    FurtherBid,
    Interval,
    MissingBid,
    Pivotal,
    Robustness,
    RuleOutcome,
    WeightRange,
    Without,
)

T = TypeVar("T")
Names = Mapping[str | None, str]
_Bid = tuple[RuleOutcome, FurtherBid | MissingBid]
_SENTENCE = 3
_MOST = 100
_AMOUNT = "#,##0.00"
_NO_FIRMNESS = "How firm the first place is was not looked at: nobody is ranked, or firmness is off."


def sensitivity(result: Result, book: WorkbookWriter) -> None:
    live = Live(result)
    page = book.page("Sensitivity", widths(live))
    page.heading(
        "Sensitivity", "Change a weight on the sheet Weights, and this table follows; the official result stays."
    )
    page.row = _SENTENCE
    firmness = result.robustness
    firm = how_firm(result)
    page.line(inline(f"How firm: {firm.word}. {firm.reason}") if firm else _NO_FIRMNESS, "headline", least=34)
    page.line("Scores by category, and the total with your weights beside the official one", "section", least=20)
    table(live, page)
    page.sheet.freeze_panes(_SENTENCE + 1, 1)
    if firmness:
        names: dict[str | None, str] = {vendor.id: vendor.name for vendor in result.vendors}
        names[None] = "nobody"
        _weights(result, firmness, names, page)
        _left_out(result, firmness, names, page)
        _prices(result, firmness, names, page)
        _answers(result, firmness, names, page)
    page.protect()
    page.finish()


def _weights(result: Result, firmness: Robustness, names: Names, page: SheetWriter) -> None:
    titles = titles_of(result)
    spans: list[SheetColumn[Interval]] = [
        SheetColumn("Category or criterion", 0, lambda row: titles[row.node], "strong"),
        SheetColumn("Points of the total; of a criterion % of its category", 0, lambda row: row.weight, "points"),
        SheetColumn("Holds from", 0, lambda row: row.from_, "points"),
        SheetColumn("Holds to", 0, lambda row: row.to, "points"),
        SheetColumn("Below leads", 0, lambda row: names[row.rival_from]),
        SheetColumn("Above leads", 0, lambda row: names[row.rival_to]),
    ]
    _block(page, "How far one weight can move before another vendor leads", spans, firmness.stability)
    won = firmness.weightings_won
    shares: list[SheetColumn[str]] = [
        SheetColumn("Vendor", 0, lambda row: names[row], "strong"),
        SheetColumn("First, all weightings", 0, lambda row: won.uniform[row], "share"),
        SheetColumn("First, near the stated", 0, lambda row: won.around_stated[row], "share"),
    ]
    _block(page, f"Share of {won.draws:,} drawn weightings won", shares, list(won.uniform)[:_MOST])


def _left_out(result: Result, firmness: Robustness, names: Names, page: SheetWriter) -> None:
    titles = titles_of_left_out(result)
    columns: list[SheetColumn[Without]] = [
        SheetColumn("Without", 0, lambda row: titles[row.kind][row.without], "strong"),
        SheetColumn("Kind", 0, lambda row: row.kind),
        SheetColumn("First", 0, lambda row: names[row.winner]),
    ]
    _block(page, "Who is first without one category, evaluator or vendor", columns, firmness.leave_one_out)


def _prices(result: Result, firmness: Robustness, names: Names, page: SheetWriter) -> None:
    how, price = result.price, firmness.price
    if how is None or price is None:
        return
    weight = "no weight stated" if price.weight is None else f"weight {price.weight:g}"
    rules: list[SheetColumn[RuleOutcome]] = [
        SheetColumn("Rule", 0, lambda row: f"{row.rule}{' (stated)' if row.stated else ''}", "strong"),
        SheetColumn("First", 0, lambda row: names[row.winner] if row.winner else None),
        SheetColumn("Level with", 0, lambda row: ", ".join(names[vendor] for vendor in row.level) or None),
        SheetColumn("Why not", 0, lambda row: row.reason or None, "small"),
    ]
    _block(page, f"Another price rule ({weight})", rules, price.rules)
    ranges: list[SheetColumn[tuple[RuleOutcome, WeightRange]]] = [
        SheetColumn("Rule", 0, lambda row: row[0].rule, "strong"),
        SheetColumn("Weight from", 0, lambda row: row[1].from_, "points"),
        SheetColumn("Weight to", 0, lambda row: row[1].to, "points"),
        SheetColumn("First", 0, lambda row: names[row[1].winner]),
        SheetColumn("Level with", 0, lambda row: ", ".join(names[vendor] for vendor in row[1].level) or None),
    ]
    rows = [(rule, span) for rule in price.rules for span in rule.weights]
    _block(page, f"Another weight of the price, from 0 to {price.to:g}", ranges, rows)
    bids: list[SheetColumn[_Bid]] = [
        SheetColumn("Rule", 0, lambda row: row[0].rule, "strong"),
        SheetColumn("Bid from", 0, lambda row: row[1].bid if isinstance(row[1], MissingBid) else row[1].from_, _AMOUNT),
        SheetColumn("Bid to", 0, lambda row: row[1].bid if isinstance(row[1], MissingBid) else row[1].to, _AMOUNT),
        SheetColumn("First", 0, lambda row: names[row[1].winner]),
        SheetColumn("What", 0, lambda row: _bid_words(row[1], names), "small"),
    ]
    changes: list[_Bid] = [(rule, bid) for rule in price.rules for bid in rule.further_bid]
    changes += [(rule, bid) for rule in price.rules for bid in rule.without_bid]
    _block(page, f"Bids under the relative rules, in {how.currency}, that would change the first", bids, changes)


def _bid_words(bid: FurtherBid | MissingBid, names: Names) -> str:
    if isinstance(bid, FurtherBid):
        return "if anyone bids this, won or lost"
    return f"without the bid of {names[bid.without]}, instead of {names[bid.instead_of]}"


def _answers(result: Result, firmness: Robustness, names: Names, page: SheetWriter) -> None:
    pivotal: list[SheetColumn[Pivotal]] = [
        SheetColumn("Vendor", 0, lambda row: names[row.vendor], "strong"),
        SheetColumn("Answer", 0, lambda row: row.question),
        SheetColumn("Value", 0, lambda row: row.value, "score"),
        SheetColumn("Falls to", 0, lambda row: row.falls_to, "score"),
        SheetColumn("Rises to", 0, lambda row: row.rises_to, "score"),
    ]
    _block(page, "Answers that decide alone", pivotal, firmness.pivotal[:_MOST])
    asks: list[SheetColumn[tuple[Ask, str, str]]] = [
        SheetColumn("Vendor", 0, lambda row: names[row[0].vendor], "strong"),
        SheetColumn("Question", 0, lambda row: row[0].question),
        SheetColumn("Points", 0, lambda row: row[0].points, "points"),
        SheetColumn("Places", 0, lambda row: row[0].places, "whole"),
        SheetColumn("Could change", 0, lambda row: STAKES[row[0].changes], "small"),
        SheetColumn("Cell", 0, lambda row: row[1], "small"),
        SheetColumn("Why it is open, and how we check it", 0, lambda row: f"{row[0].reason}{row[2]}", "small one-line"),
    ]
    _block(page, "Ask these first", asks, asked_first(result, _MOST))
    for text in (*firmness.notes, *firmness.left_out):
        page.line(text, "small")


def _block(page: SheetWriter, title: str, columns: list[SheetColumn[T]], rows: Iterable[T]) -> None:
    page.row += 1
    page.line(title, "section", least=20)
    first = page.row
    page.table(columns, rows)
    if page.row == first + 1:
        page.line("None.", "cell")
