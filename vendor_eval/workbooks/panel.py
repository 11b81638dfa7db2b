"""The sheet Panel: every level of every evaluator, and how far they agree."""

from vendor_eval.figures import number
from vendor_eval.results import MemberRecord, PanelRecord, Result
from vendor_eval.workbooks.drawing import Book, Column, Page

_Unit = tuple[str, str, tuple[str, ...]]


def panel(result: Result, book: Book) -> None:
    """Draw the sheet Panel, where evaluators are named."""
    record = result.panel
    if record is None:
        return
    page = book.page("Panel", [26, 12, 40, 14, 14, 26, 26, 30])
    alpha = record.alpha
    told = alpha.verdict if alpha.overall is None else f"{number(alpha.overall, 3)} ({alpha.verdict})"
    w = "" if record.kendall_w is None else f"; Kendall's W {number(record.kendall_w, 3)}"
    page.heading("Panel", f"Levels by {record.aggregate}; Krippendorff's alpha {told}{w}")
    names = {vendor.id: vendor.name for vendor in result.vendors}
    for one in record.missing:
        page.line(f"Missing: {one.evaluator}, {names[one.vendor]} {one.question}", "open")
    for conflict in record.conflicts:
        page.line(f"{conflict.evaluator} declared an interest in {names[conflict.vendor]}: {conflict.reason}", "open")
    page.sheet.freeze_panes(page.row, 0)
    page.row += 1
    _members(page, record, names)
    page.row += 1
    _levels(page, result, record)
    page.finish()


def _members(page: Page, record: PanelRecord, names: dict[str, str]) -> None:
    without = {one.evaluator: names.get(one.winner or "") for one in record.without}
    columns: list[Column[MemberRecord]] = [
        Column("Evaluator", 26, lambda row: row.name, "strong"),
        Column("Id", 12, lambda row: row.id),
        Column("Categories", 40, lambda row: ", ".join(row.categories) or "all"),
        Column("Levels", 14, lambda row: row.levels, "whole"),
        Column("Severity", 14, lambda row: record.severity.get(row.id), "points"),
        Column("Written", 26, lambda row: row.written),
        Column("First without", 26, lambda row: without[row.id]),
        Column("Sheet", 30, lambda row: row.file),
    ]
    page.table(columns, record.members)


def _levels(page: Page, result: Result, record: PanelRecord) -> None:
    """List each act of each score sheet."""
    rubrics = {name for member in record.members for name in member.rubrics}
    found: list[_Unit] = [
        (vendor.name, answer.id, (finding.by, finding.act, finding.date, finding.reason))
        for vendor in result.in_order
        for answer in vendor.answers
        if answer.id in rubrics
        for finding in answer.findings
    ]
    columns: list[Column[_Unit]] = [
        Column("Vendor", 26, lambda row: row[0], "strong"),
        Column("Rubric", 12, lambda row: row[1]),
        Column("Reason", 40, lambda row: row[2][3]),
        Column("Level", 14, lambda row: row[2][1]),
        Column("Date", 14, lambda row: row[2][2]),
        Column("By", 26, lambda row: row[2][0]),
    ]
    rows = page.table(columns, found, lambda _row: "small")
    page.filter(rows, len(columns))
