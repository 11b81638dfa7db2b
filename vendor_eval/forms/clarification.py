"""The clarification workbook of one vendor: its open points, and a box for each new answer."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vendor_eval.forms import identity, layout
from vendor_eval.forms.boxes import FormColumns, FormWriter, cut
from vendor_eval.forms.open_points import GROUPS, OpenPoint, open_points
from vendor_eval.forms.open_prices import TITLE as PRICES, open_prices
from vendor_eval.forms.workbook_writer import OPTIONS, cell_text, inline
from vendor_eval.results import Result, VendorRecord
from vendor_eval.tender import Evaluation

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SHEET = "Open points"
_HEADERS = (layout.KEY, "ID", "Question", "What arrived", "What is needed", "Answer", "Unit", "Evidence", "Comment")
_WIDTHS = (10, 16, 38, 28, 28, 24, 9, 24, 24)
_ARRIVED, _NEEDED = 3, 4
_FIRST_LINE = 2
_LABEL_WIDTH, _BOX_WIDTH = 42, 60
# The row of the headers follows the lines above it.
_COLUMNS = FormColumns(header=0, answer=5, unit=6, evidence=7, comment=8)
# Excel takes 255 characters in a property of a document.
_PROPERTY = 255
_HOW_TO = (
    "Thank you for your answers. The points below are still open; those that matter most come first.",
    "Answer in the yellow boxes: a new answer replaces the earlier one, an empty box leaves everything as it is.",
    "Evidence and Comment add to what you sent. Name a document by title, version and page; write dates as YYYY-MM-DD.",
)


TitledPoint = tuple[str, OpenPoint]


def clarification_points(result: Result, vendor: VendorRecord, evaluation: Evaluation) -> tuple[TitledPoint, ...]:
    """List the open points of a vendor in the order in which they are asked, each with the title of its group."""
    points = open_points(result, vendor, evaluation.asked_questions)
    first = [(GROUPS[0], point) for point in points if point.group == 0]
    prices = [(PRICES, point) for point in open_prices(result, vendor, evaluation)]
    rest = [(GROUPS[point.group], point) for point in points if point.group > 0]
    return (*first, *prices, *rest)


def asks_signature(vendor: VendorRecord) -> bool:
    """Whether the workbook of a vendor asks for its signature: a form without the block was not asked for one."""
    return vendor.declaration.state in {"partial", "missing"}


def clarification(
    result: Result, vendor: VendorRecord, evaluation: Evaluation, points: tuple[TitledPoint, ...], token: str
) -> bytes:
    """Render the clarification workbook of a vendor, with the token by which it is known when it comes back.

    The evaluation gives the boxes of its questions, all else comes from the result.
    """
    return _Clarification(result, vendor, evaluation, points, token).render()


@dataclass
class _Clarification(FormWriter):
    result: Result
    vendor: VendorRecord
    evaluation: Evaluation
    points: tuple[TitledPoint, ...]
    token: str

    def render(self) -> bytes:
        from xlsxwriter import Workbook

        buffer = io.BytesIO()
        own = layout.identity(self.evaluation) | {
            identity.KIND: identity.CLARIFICATION,
            identity.VENDOR: self.vendor.id,
            identity.VENDOR_NAME: self._name,
        }
        own |= {identity.ROUND: str(self.vendor.rounds + 1), identity.TOKEN: self.token}
        with Workbook(buffer, OPTIONS) as book:
            title = f"Clarification: {self._title}"
            self.identify(book, title, self.evaluation.settings.as_of, own)
            sheets = [book.add_worksheet(SHEET)] if self.points else []
            sheets += [book.add_worksheet(layout.DECLARATION)] if asks_signature(self.vendor) else []
            self.list_sheet = book.add_worksheet(layout.LISTS)
            if self.points:
                self._draw(sheets[0])
            if asks_signature(self.vendor):
                self._draw_declaration(sheets[-1])
            self.hide(book.add_worksheet(identity.TEXTS), ((text,) for text in self.marks))
            self.hide(book.add_worksheet(identity.IDENTITY), own.items())
            self.list_sheet.hide()
        return buffer.getvalue()

    @property
    def _title(self) -> str:
        return inline(cell_text(self.result.evaluation.title))

    @property
    def _name(self) -> str:
        return cut(inline(cell_text(self.vendor.name)), _PROPERTY)

    def _draw_head(self, sheet: "Worksheet", column: int) -> int:
        """Write title, vendor, round and what to do from a column on; return the row below."""
        number = len(self.points) + asks_signature(self.vendor)
        count = f"{number} open point{'s' if number > 1 else ''}"
        reference = inline(cell_text(self.result.evaluation.reference))
        under = (reference, self._name, f"round {self.vendor.rounds + 1}", count)
        self.mark(sheet, 0, column, self._title, "title")
        self.mark(sheet, 1, column, " · ".join(part for part in under if part), "aim")
        lines = (*_HOW_TO, *self._letter())
        for row, text in enumerate(lines, start=_FIRST_LINE):
            self.mark(sheet, row, column, text, "line")
        return _FIRST_LINE + len(lines)

    def _draw_declaration(self, sheet: "Worksheet") -> None:
        sheet.set_column(0, 0, _LABEL_WIDTH)
        sheet.set_column(1, 1, _BOX_WIDTH)
        self.declaration(sheet, self._draw_head(sheet, 0) + 1)
        self.set_up(sheet, self._title)

    def _draw(self, sheet: "Worksheet") -> None:
        columns = replace(_COLUMNS, header=self._draw_head(sheet, 1) + 1)
        for column, name in enumerate(_HEADERS):
            # The other columns are recognized by their names.
            write = self.mark if column in {_ARRIVED, _NEEDED} else self.write
            write(sheet, columns.header, column, name, "header")
        self.set_up_rows(sheet, _WIDTHS, columns, self._points(sheet, columns), frozen=2)
        self.set_up(sheet, self._title)

    def _letter(self) -> Iterator[str]:
        """List until when to reply, whom to ask, and what to keep in confidence."""
        if reply_by := layout.moment_in_words(self.evaluation.settings.reply_by):
            yield f"{layout.RETURN_BY} {reply_by}."
        if contact := layout.contact_lines(self.evaluation):
            yield f"{layout.QUESTIONS_TO} {', '.join(text for _, text in contact)}."
        yield from (text for label, text in layout.letter_lines(self.evaluation) if label == layout.IN_CONFIDENCE)

    def _points(self, sheet: "Worksheet", columns: FormColumns) -> int:
        """Draw the points under the titles of their groups; return the first row below."""
        number, group = columns.header + 1, ""
        for title, point in self.points:
            if title != group:
                group = title
                self.marks.setdefault(identity.fingerprint(title))
                self.heading(sheet, number, title, len(_WIDTHS))
                number += 1
            for row in layout.rows([point.question]):
                self.row(sheet, number, row, columns)
                self.mark(sheet, number, _ARRIVED, point.arrived if row.first else "", "cell")
                self.mark(sheet, number, _NEEDED, point.needed if row.first else "", "cell")
                number += 1
        return number
