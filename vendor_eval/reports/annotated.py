"""A vendor's own workbook with a note at each issue, and a first sheet that lists them with links to the cells."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from vendor_eval.config.models import Frozen, load_document
from vendor_eval.config.shipped import codes_file
from vendor_eval.forms.workbook_writer import ACCENT, cell_text, lines
from vendor_eval.results import IssueRecord
from vendor_eval.spreadsheets.rewrite import LONG_AGO, NotRewrittenError, rewrite, save

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_TITLE = "Issues"
_AUTHOR = "vendor_eval"
_TINTS = {"blocking": "F4C7C3", "warning": "FDEEB5", "notice": "DFE9F3"}
_WIDTHS = {"Severity": 11, "Cell": 26, "Question": 14, "What is wrong, and what was expected": 70, "What to do": 52}
_HEADER_ROW = 4
_NOTE_WIDTH, _LINE_HEIGHT, _LETTERS_OF_A_NOTE = 380, 18, 48


class CodeText(Frozen):
    """What a code of an issue means and its likely cure, each in one sentence."""

    meaning: str
    cure: str


class Annotated(NamedTuple):
    """The workbook, and why it holds the list alone; '' where it is the vendor's own."""

    content: bytes
    reason: str


def annotated(file: str, content: bytes, issues: Sequence[IssueRecord]) -> Annotated:
    """Annotate a vendor's workbook with its issues; `file` is its name, `content` what was read.

    Where openpyxl would lose something of it, and for any kind but .xlsx, the list stands in a workbook of its own.
    """
    texts: dict[str, CodeText] = load_document(codes_file(), dict[str, CodeText]).value or {}
    cures = {code: text.cure for code, text in texts.items()}

    def annotate(book: "Workbook") -> None:
        _annotate(book, issues, cures)
        _list(book, file, issues, cures, "")

    try:
        return Annotated(rewrite(file, content, annotate), "")
    except NotRewrittenError as error:
        reason = str(error)
    from openpyxl import Workbook as NewWorkbook

    book = NewWorkbook()
    book.remove(book.worksheets[0])
    book.properties.created = LONG_AGO
    _list(book, file, issues, cures, reason)
    return Annotated(save(book), reason)


def _annotate(book: "Workbook", issues: Iterable[IssueRecord], cures: dict[str, str]) -> None:
    """Tint the cell of each issue in the color of its gravest one, and add a note below the vendor's own."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    by_cell: dict[tuple[str, str], list[IssueRecord]] = {}
    for issue in issues:
        cell = _cell(book, issue)
        if cell is not None:
            by_cell.setdefault((cell.parent.title, cell.coordinate), []).append(issue)
    for (sheet, address), noted in by_cell.items():
        cell = book[sheet][address]
        own = [cell.comment.text] if cell.comment else []
        notes = (f"{issue.severity.upper()}: {issue.message}\nWhat to do: {cures[issue.code]}" for issue in noted)
        text = cell_text("\n\n".join((*own, *notes)))
        height = _LINE_HEIGHT * (lines(text, _LETTERS_OF_A_NOTE) + 1)
        cell.comment = Comment(text, cell.comment.author if cell.comment else _AUTHOR, height, _NOTE_WIDTH)
        worst = min((issue.severity for issue in noted), key=list(_TINTS).index)
        cell.fill = PatternFill("solid", fgColor=_TINTS[worst])


def _cell(book: "Workbook", issue: IssueRecord) -> "Cell | None":
    """Find the cell of an issue, of a merged area its first; None where it has none."""
    sheet, address = issue.source.sheet, issue.source.cell
    if not (sheet and address and sheet in book.sheetnames):
        return None
    area = next((area for area in book[sheet].merged_cells.ranges if address in area), None)
    cell: Cell = book[sheet][area.coord.partition(":")[0] if area else address]
    return cell


def _list(book: "Workbook", file: str, issues: Sequence[IssueRecord], cures: dict[str, str], reason: str) -> None:
    """Add the list of all issues as the first sheet, and show it alone."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet = book.create_sheet(_free_title(book), 0)
    book.active = 0
    for view in book.views:
        view.firstSheet = 0
    for other in book.worksheets:
        # Sheets that are selected together are typed into together.
        other.sheet_view.tabSelected = other is sheet
    count = f"{len(issues)} point{'' if len(issues) == 1 else 's'} to look at in {file}"
    _write(sheet, 1, 1, count).font = Font(bold=True, size=14)
    how = (
        f"Your workbook is not annotated here: {reason}. Look the cells up in your own file."
        if reason
        else "Each cell below is tinted in your workbook and carries a note. Nothing else of it was changed."
    )
    _write(sheet, 2, 1, how)
    for column, title in enumerate(_WIDTHS, start=1):
        header = _write(sheet, _HEADER_ROW, column, title)
        header.font = Font(bold=True, color="FFFFFF")
        header.fill = PatternFill("solid", fgColor=ACCENT.removeprefix("#"))
        sheet.column_dimensions[header.column_letter].width = _WIDTHS[title]
    for row, issue in enumerate(issues, start=_HEADER_ROW + 1):
        _list_issue(book, sheet, row, issue, cures[issue.code], linked=not reason)
    sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    # As wide as a page, and as many pages as it takes.
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _list_issue(book: "Workbook", sheet: "Worksheet", row: int, issue: IssueRecord, cure: str, *, linked: bool) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import quote_sheetname
    from openpyxl.worksheet.hyperlink import Hyperlink

    place = f"{issue.source.sheet}!{issue.source.cell}" if issue.source.cell else issue.source.sheet or ""
    question = f"{issue.question}.{issue.part}" if issue.part else issue.question
    for column, text in enumerate((issue.severity, place, question, issue.text or issue.message, cure), start=1):
        _write(sheet, row, column, text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(row, 1).fill = PatternFill("solid", fgColor=_TINTS[issue.severity])
    cell = _cell(book, issue) if linked else None
    if cell is not None:
        link = sheet.cell(row, 2)
        location = f"{quote_sheetname(cell.parent.title)}!{cell.coordinate}"
        link.hyperlink = Hyperlink(ref=link.coordinate, location=location)
        link.font = Font(color="1F4E79", underline="single")


def _write(sheet: "Worksheet", row: int, column: int, text: str) -> "Cell":
    """Write text as text: nothing in it becomes a formula, a figure or a link."""
    cell = sheet.cell(row, column, cell_text(text))
    cell.data_type = "s"
    return cell


def _free_title(book: "Workbook") -> str:
    taken = {title.casefold() for title in book.sheetnames}
    numbered = (f"{_TITLE} {number}" for number in range(2, len(taken) + 3))
    return next(title for title in (_TITLE, *numbered) if title.casefold() not in taken)
