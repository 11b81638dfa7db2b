"""The sheet Sensitivity: the ranking under the reader's weights, and how firm the official one is."""

from collections.abc import Iterable
from typing import TypeVar

from vendor_eval.firmness.records import Ask, Interval, Pivotal, Robustness
from vendor_eval.results import Result
from vendor_eval.workbooks.drawing import Book, Column, Page, inline
from vendor_eval.workbooks.live import Live, table, widths

T = TypeVar("T")
_SENTENCE = 3
_MOST = 100
_NO_FIRMNESS = "How firm the first place is was switched off in this evaluation (firmness: off)."


def sensitivity(result: Result, book: Book) -> None:
    """Draw the sheet Sensitivity."""
    live = Live(result)
    page = book.page("Sensitivity", widths(live))
    page.heading(
        "Sensitivity", "Change a weight on the sheet Weights, and this table follows; the official result stays."
    )
    page.row = _SENTENCE
    found = result.robustness
    page.line(inline(found.sentence) if found else _NO_FIRMNESS, "headline", least=34)
    page.line("Scores by category, and the total with your weights beside the official one", "section", least=20)
    table(live, page)
    page.sheet.freeze_panes(_SENTENCE + 1, 1)
    if found:
        _static(result, found, page)
    page.protect()
    page.finish()


def _static(result: Result, found: Robustness, page: Page) -> None:
    names: dict[str | None, str] = {v.id: v.name for v in result.vendors}
    names[None] = "nobody"
    titles = {c.id: c.title for c in result.definition.categories}
    titles |= {k.id: k.title for c in result.definition.categories for k in c.criteria}
    titles |= {"price": "Price"} if result.evaluation.price else {}
    spans: list[Column[Interval]] = [
        Column("Category or criterion", 0, lambda row: titles[row.node], "strong"),
        Column("Weight in its parent, %", 0, lambda row: row.weight, "points"),
        Column("Holds from", 0, lambda row: row.from_, "points"),
        Column("Holds to", 0, lambda row: row.to, "points"),
        Column("Below leads", 0, lambda row: names[row.rival_from]),
        Column("Above leads", 0, lambda row: names[row.rival_to]),
    ]
    _block(page, "How far one weight can move before another vendor leads", spans, found.stability)
    won = found.weightings_won
    shares: list[Column[str]] = [
        Column("Vendor", 0, lambda row: names[row], "strong"),
        Column("First, all weightings", 0, lambda row: won.uniform[row], "share"),
        Column("First, near the stated", 0, lambda row: won.around_stated[row], "share"),
    ]
    _block(page, f"Share of {won.draws:,} drawn weightings won", shares, list(won.uniform)[:_MOST])
    pivotal: list[Column[Pivotal]] = [
        Column("Vendor", 0, lambda row: names[row.vendor], "strong"),
        Column("Answer", 0, lambda row: row.question),
        Column("Value", 0, lambda row: row.value, "score"),
        Column("Falls to", 0, lambda row: row.falls_to, "score"),
        Column("Rises to", 0, lambda row: row.rises_to, "score"),
    ]
    _block(page, "Answers that decide alone", pivotal, found.pivotal[:_MOST])
    asks: list[Column[Ask]] = [
        Column("Vendor", 0, lambda row: names[row.vendor], "strong"),
        Column("Question", 0, lambda row: row.question),
        Column("Points", 0, lambda row: row.points, "points"),
        Column("Places", 0, lambda row: row.places, "whole"),
        Column("Could change", 0, lambda row: row.could_change, "small"),
        Column("Why it is open", 0, lambda row: row.reason, "small one-line"),
    ]
    _block(page, "Ask these first", asks, found.ask_first[:_MOST])
    for text in (*found.notes, *found.left_out):
        page.line(text, "small")


def _block(page: Page, title: str, columns: list[Column[T]], rows: Iterable[T]) -> None:
    page.row += 1
    page.line(title, "section", least=20)
    first = page.row
    page.table(columns, rows)
    if page.row == first + 1:
        page.line("None.", "cell")
