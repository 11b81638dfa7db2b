"""The sheet Panel: every level of every evaluator, and how far they agree."""

from vendor_eval.formatting.figures import number
from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.forms.workbook_writer import SheetColumn, SheetWriter, WorkbookWriter
from vendor_eval.reports.pages.panel import missing_lines
from vendor_eval.reports.wording.lookups import names_of, titles_of
from vendor_eval.reports.wording.panel import interests
from vendor_eval.results import (
    CategoryPanelRecord,
    FindingRecord,
    IssueRecord,
    MemberRecord,
    PanelRecord,
    RatingRecord,
    Result,
)


def panel(result: Result, book: WorkbookWriter) -> None:
    """Draw the sheet Panel, where evaluators are named."""
    record = result.panel
    if record is None:
        return
    page = book.page("Panel", [26, 12, 40, 14, 14, 26, 26, 30, 30])
    alpha = record.alpha
    agreement = alpha.verdict if alpha.overall is None else f"{number(alpha.overall, 3)} ({alpha.verdict})"
    w = "" if record.kendall_w is None else f"; Kendall's W {number(record.kendall_w, 3)}"
    page.heading("Panel", f"Levels by {record.aggregate}; Krippendorff's alpha {agreement}{w}")
    names = names_of(result)
    for text in missing_lines(result):
        page.line(f"Missing: {text}", "open")
    for interest in interests(result):
        declared = f"declared an interest in {names[interest.vendor]}" if interest.vendor else "declares on the sheet"
        for text in (f"{interest.by} {declared}: {cut(one_line(interest.reason), 600)}", *interest.recusals):
            page.line(text, "open")
    page.sheet.freeze_panes(page.row, 0)
    _members(page, record, names)
    _categories(page, record, names, titles_of(result))
    _levels(page, result, record, names)
    if record.issues:
        _issues(page, record)
    page.finish()


def _members(page: SheetWriter, record: PanelRecord, names: dict[str, str]) -> None:
    without = {absence.evaluator: names.get(absence.winner or "") for absence in record.without}
    columns: list[SheetColumn[MemberRecord]] = [
        SheetColumn("Evaluator", 26, lambda row: row.name, "strong"),
        SheetColumn("Id", 12, lambda row: row.id),
        SheetColumn("Categories", 40, lambda row: ", ".join(row.categories) or "all"),
        SheetColumn("Levels", 14, lambda row: row.levels, "whole"),
        SheetColumn("Points more generous", 14, lambda row: record.severity.get(row.id), "points"),
        SheetColumn("Written", 26, lambda row: row.written),
        SheetColumn("First without", 26, lambda row: without[row.id]),
        SheetColumn("Sheet", 30, lambda row: row.file),
    ]
    page.row += 1
    page.table(columns, record.members)


def _categories(page: SheetWriter, record: PanelRecord, names: dict[str, str], titles: dict[str, str]) -> None:

    def other_leaders(row: CategoryPanelRecord) -> str | None:
        changes = (absence for absence in row.without if absence.winner and absence.winner != row.leader)
        return "; ".join(f"{absence.evaluator}: {names[absence.winner or '']}" for absence in changes) or None

    columns: list[SheetColumn[CategoryPanelRecord]] = [
        SheetColumn("Category", 26, lambda row: titles[row.id], "strong"),
        SheetColumn("Alpha", 12, lambda row: number(row.alpha, 3)),
        SheetColumn(
            "Points more generous than the panel",
            40,
            lambda row: ", ".join(f"{name} {number(points)}" for name, points in row.severity.items()) or None,
        ),
        SheetColumn("Verdict", 14, lambda row: row.verdict),
        SheetColumn("Kendall's W", 14, lambda row: number(row.kendall_w, 3)),
        SheetColumn("Two or more apart", 26, lambda row: row.apart, "whole"),
        SheetColumn("Leads", 26, lambda row: names.get(row.leader or "")),
        SheetColumn("Leads without", 30, other_leaders),
    ]
    page.row += 1
    page.table(columns, record.categories)


def _levels(page: SheetWriter, result: Result, record: PanelRecord, names: dict[str, str]) -> None:
    ratings = {(rating.vendor, rating.question): rating for rating in record.ratings}
    levels: list[tuple[RatingRecord, FindingRecord]] = [
        (ratings[vendor.id, answer.id], finding)
        for vendor in result.in_order
        for answer in vendor.answers
        if (vendor.id, answer.id) in ratings
        for finding in answer.findings
        if finding.kind != "note"
    ]
    columns: list[SheetColumn[tuple[RatingRecord, FindingRecord]]] = [
        SheetColumn("Vendor", 26, lambda row: names[row[0].vendor], "strong"),
        SheetColumn("Rubric", 12, lambda row: row[0].question),
        SheetColumn("Reason", 40, lambda row: row[1].reason),
        SheetColumn("Given", 14, lambda row: row[1].act),
        SheetColumn("Counts", 14, lambda row: row[0].level, "points"),
        SheetColumn("By", 26, lambda row: row[1].by),
        SheetColumn("Date", 26, lambda row: row[1].date),
        SheetColumn("Took part", 30, lambda row: row[1].note or None),
        SheetColumn("Cell", 30, lambda row: str(row[1].source)),
    ]
    page.row += 1
    rows = page.table(columns, levels, lambda _row: "small")
    page.filter(rows, len(columns))


def _issues(page: SheetWriter, record: PanelRecord) -> None:
    columns: list[SheetColumn[IssueRecord]] = [
        SheetColumn("Score sheet", 26, lambda row: row.source.file or ""),
        SheetColumn("Cell", 12, lambda row: row.source.cell),
        SheetColumn("What could not be taken", 40, lambda row: row.message),
        SheetColumn("Severity", 14, lambda row: row.severity),
        SheetColumn("Code", 14, lambda row: row.code),
    ]
    page.row += 1
    page.table(columns, record.issues, lambda _row: "small")
