"""The sheet Summary: who ranks where and why on one page, what makes each score, and the rest of the figures folded."""

from collections.abc import Iterable, Iterator
from math import ceil

from vendor_eval.formatting.dates import day
from vendor_eval.forms.workbook_writer import SheetColumn, SheetWriter, WorkbookWriter, inline, lines
from vendor_eval.reports.wording.contributions import contributions, message
from vendor_eval.reports.wording.decision import headline, reasons_for, requirements, risks, subline
from vendor_eval.reports.wording.exclusions import excluded, ways_on
from vendor_eval.reports.wording.lookups import titles_of
from vendor_eval.reports.wording.record import record_sentence
from vendor_eval.reports.wording.requirements import unmet
from vendor_eval.reports.workbook.formulas import FIRST_WEIGHT, Live, total_format
from vendor_eval.results import Result, VendorRecord

_SMALL = 9
_LONG_TEXT = 250
_OF_A_SCREEN = {"Vendor", "Status", "Requirements met", "First reason"}
_FOLDED_OF_A_SCREEN = {"Short-listed", "Covered", "With document", "Verified", "Requirements not met"}
_ONE_PAGE = 20  # vendors that are still legible on one page
_FEW = 8
_DRAWN = 12  # vendors in the chart
_MOST_UNMET = 5
# Neighbors differ in grey too.
_FILLS = ("#1f4e79", "#9dbfe0", "#4f7fae", "#d6e4f1", "#5b6770", "#b9c3cc", "#2f6f73", "#a9d0cd", "#7a5c2e", "#e3d2b0")
_PIXELS = {"row": 20, "bar": 30, "thin": 23, "around": 90, "character": 7, "padding": 5}
_LABELED = '[>=2.95]0.0;""'  # a bar's figure where it fits


def summary(result: Result, book: WorkbookWriter) -> None:
    printed, folded = _printed(result), _folded(result)
    page = book.page("Summary", [column.width for column in printed])
    page.fold([column.width for column in folded])
    record = result.evaluation
    reference = f"{record.reference} · " if record.reference else ""
    page.heading(page.own(record.title), f"{reference}judged on {day(record.as_of)}")
    page.line(inline(headline(result)), "headline", least=20)
    page.line(inline(subline(result)))
    columns = [*printed, *folded]
    rows = page.table(columns, result.in_order, lambda v: "middle" if v.rank else "middle aside")
    for row, vendor in enumerate(result.in_order, rows[0]):
        page.height(max(_lines(column, vendor) for column in columns), row, least=26)
    for score in (at for at, column in enumerate(columns) if column.title == "Score"):
        page.shade(rows, score, score)
    page.filter(rows, len(columns))
    page.keep(rows[0] - 1, 2)
    if not result.is_screen:
        _chart(page, result, rows[0], len(printed))
    page.row += 1
    sentence = inline(record_sentence(record))
    ways = (f"{way}: {text}" for way, text in ways_on(result))
    for text in (*ways, *_legend(result), *([sentence] if sentence else [])):
        page.line(text, "small")
    page.finish(tall=int(len(result.in_order) <= _ONE_PAGE))


def _lines(column: SheetColumn[VendorRecord], vendor: VendorRecord) -> int:
    value = column.value(vendor)
    if not isinstance(value, str):
        return 1
    return lines(value, column.width - 1, size=_SMALL if "small" in str(column.style) else _SMALL + 1)


def _printed(result: Result) -> list[SheetColumn[VendorRecord]]:
    price: list[SheetColumn[VendorRecord]] = []
    if result.price:
        title = f"Price {result.price.currency}"
        price.append(SheetColumn("Quality", 9, lambda v: v.quality, "score"))
        price.append(SheetColumn(title, 14, lambda v: v.price.total if v.price else None, "#,##0"))
    columns = [
        SheetColumn("Rank", 6, lambda v: v.rank, "whole strong"),
        SheetColumn("Vendor", 24, lambda v: v.name, "strong"),
        SheetColumn("Status", 34, lambda v: inline(v.status_text), "small"),
        SheetColumn("Score", 8, lambda v: v.score, f"{total_format(result)} strong"),
        *price,
        SheetColumn("Requirements met", 13, requirements, "center"),
        SheetColumn("First reason", 50, lambda v: _first_reason(result, v), "small"),
    ]
    return [column for column in columns if column.title in _OF_A_SCREEN] if result.is_screen else columns


def _folded(result: Result) -> list[SheetColumn[VendorRecord]]:
    shortlist, live = set(result.shortlist), Live(result)
    columns = [
        *_contribution_columns(result),
        SheetColumn("Short-listed", 8, lambda v: "yes" if v.id in shortlist else None, "center"),
        SheetColumn("Your rank", 7, lambda v: live.refer(v, "rank", v.rank), "whole"),
        SheetColumn("Your score", 8, lambda v: live.refer(v, "score", v.score), "points"),
        SheetColumn("Low", 7, lambda v: v.low, "score"),
        SheetColumn("High", 7, lambda v: v.high, "score"),
        SheetColumn("Claimed", 9, lambda v: v.claimed, "score"),
        SheetColumn("Credited", 9, lambda v: v.credited, total_format(result)),
        SheetColumn("Covered", 9, lambda v: v.coverage, "percent"),
        SheetColumn("With document", 11, lambda v: v.documented, "percent"),
        SheetColumn("Verified", 9, lambda v: v.verified, "percent"),
        SheetColumn("Best rank", 7, lambda v: v.best_rank, "whole"),
        SheetColumn("Worst rank", 7, lambda v: v.worst_rank, "whole"),
        SheetColumn("Would have ranked", 8, lambda v: v.would_rank, "whole"),
        SheetColumn("Requirements not met", _LONG_TEXT, lambda v: _joined(_requirement_lines(result, v)), "small"),
    ]
    if result.is_screen:
        return [column for column in columns if column.title in _FOLDED_OF_A_SCREEN]
    return [
        *columns,
        SheetColumn("Speaks for it", _LONG_TEXT, lambda v: _joined(reasons_for(result, v) if v.rank else ()), "small"),
        SheetColumn("Speaks against it", _LONG_TEXT, lambda v: _joined(risks(result, v) if v.nodes else ()), "small"),
    ]


def _first_reason(result: Result, vendor: VendorRecord) -> str | None:
    """Say what speaks for the first vendor, against each other one, or why a vendor has no rank."""
    if vendor.rank is None and not result.is_screen:
        return dict(excluded(result)).get(vendor.name) or None
    lines = reasons_for(result, vendor) if vendor.rank == 1 else risks(result, vendor)
    return next(iter(lines), None)


def _requirement_lines(result: Result, vendor: VendorRecord) -> Iterator[str]:
    """List what is not met, the gravest first, then flags, ties and late files."""
    requirements = unmet(result, vendor) if vendor.status != "not_evaluated" else ()
    for requirement in requirements[:_MOST_UNMET]:
        waiver = f" {requirement.cure}" if requirement.outcome == "waived" else ""
        yield f"{requirement.title} ({requirement.about}): {requirement.know}{waiver}"
    if len(requirements) > _MOST_UNMET:
        yield f"{len(requirements) - _MOST_UNMET} more: sheet Gates"
    if flags := dict.fromkeys(gate.question for gate in vendor.gates if gate.open):
        yield f"No comment from the evaluators yet on {', '.join(flags)}"
    if vendor.tie_broken_by:
        yield f"The tie was broken by {titles_of(result).get(vendor.tie_broken_by, vendor.tie_broken_by)}"
    if vendor.accepted_late:
        yield f"Arrived late, accepted: {vendor.accepted_late}"


def _joined(texts: Iterable[str]) -> str | None:
    return " · ".join(texts) or None


def _contribution_columns(result: Result) -> Iterator[SheetColumn[VendorRecord]]:
    """Show what each category and the price add to the score, from which the chart is drawn."""
    points, titles = {vendor.id: contributions(result, vendor) for vendor in result.vendors}, titles_of(result)

    def column(name: str) -> SheetColumn[VendorRecord]:
        return SheetColumn(f"{titles[name]}: points", 18, lambda vendor: points[vendor.id].get(name), "points")

    return map(column, Live(result).weights)


def _chart(page: SheetWriter, result: Result, first: int, column: int) -> None:
    """Draw what each category and the price add to the score of each vendor, below the table."""
    shown = [vendor for vendor in result.in_order if vendor.score is not None][:_DRAWN]
    weighed = Live(result).weights
    if not shown:
        return
    page.row += 1
    text = message(result)
    page.line(text, "section", least=20)
    chart = page.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    last, name = first + len(shown) - 1, page.sheet.get_name()
    for at, fill in enumerate(_FILLS[: len(weighed)]):
        dark = sum(int(fill[i : i + 2], 16) for i in (1, 3, 5)) < 3 * 140
        font = {"size": 8, "color": "#ffffff" if dark else "#1f2933"}
        chart.add_series(
            {
                "name": ["Weights", FIRST_WEIGHT + at, 1],
                "categories": [name, first, 1, last, 1],
                "values": [name, first, column + at, last, column + at],
                "fill": {"color": fill},
                "border": {"color": "#ffffff", "width": 0.75},
                "gap": 45,
                "data_labels": {"value": True, "num_format": _LABELED, "font": font},
            }
        )
    chart.show_hidden_data()
    chart.set_legend({"position": "bottom", "font": {"size": 9}})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "line": {"color": "#5b6770"}})
    chart.set_x_axis({"min": 0, "max": 100, "num_font": {"size": 9}, "num_format": "0", "label_position": "low"})
    chart.set_chartarea({"border": {"none": True}})
    bar = _PIXELS["bar" if len(shown) <= _FEW else "thin"]
    height = _PIXELS["around"] + bar * len(shown)
    chart.set_plotarea({"layout": {"x": 0.19, "y": 36 / height, "width": 0.79, "height": bar * len(shown) / height}})
    width = sum(_PIXELS["character"] * width + _PIXELS["padding"] for width in page.widths)
    chart.set_size({"width": int(width) - _PIXELS["row"], "height": height})
    page.sheet.insert_chart(page.row, 0, chart, {"description": text, "object_position": 1})
    page.row += ceil(height / _PIXELS["row"]) + 1


def _legend(result: Result) -> Iterator[str]:
    rest = "Columns to the right are folded: open them with the + above"
    if result.is_screen:
        yield f"{rest}."
        return
    yield "Score: out of 100 points, quality and price together. " * bool(result.price) + (
        "Requirements met: of the knock-outs, musts and floors that apply here; a waived one is not met."
    )
    yield f"{rest}: the points behind the chart, scores and ranks that open answers leave, proof, what is not met."
