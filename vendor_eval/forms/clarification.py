"""The clarification workbook of one vendor: its open points, and a box for each new answer."""

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vendor_eval.forms.boxes import FormColumns, FormWriter, cut
from vendor_eval.forms.identity import (
    CLARIFICATION,
    IDENTITY,
    KIND,
    ROUND,
    TEXTS,
    TOKEN,
    VENDOR,
    VENDOR_NAME,
    fingerprint,
)
from vendor_eval.forms.layout import KEY, LISTS, identity, rows
from vendor_eval.forms.open_points import GROUPS, OpenPoint, open_points
from vendor_eval.forms.open_prices import TITLE as PRICES, open_prices
from vendor_eval.forms.workbook_writer import OPTIONS, cell_text, inline
from vendor_eval.results import Result, VendorRecord
from vendor_eval.tender import Evaluation

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SHEET = "Open points"
_HEADERS = (KEY, "ID", "Question", "What arrived", "What is needed", "Answer", "Unit", "Evidence", "Comment")
_WIDTHS = (10, 16, 38, 28, 28, 24, 9, 24, 24)
_ARRIVED, _NEEDED = 3, 4
_HEADER_ROW = 6
_COLUMNS = FormColumns(header=_HEADER_ROW, answer=5, unit=6, evidence=7, comment=8)
# Excel takes 255 characters in a property of a document.
_PROPERTY = 255
_HOW_TO = (
    "Thank you for your answers. The points below are still open; they are in the order in which we need them.",
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
    texts: dict[str, None] = field(default_factory=dict, init=False)

    def render(self) -> bytes:
        from xlsxwriter import Workbook

        buffer = io.BytesIO()
        own = identity(self.evaluation) | {KIND: CLARIFICATION, VENDOR: self.vendor.id, VENDOR_NAME: self._name}
        own |= {ROUND: str(self.vendor.rounds + 1), TOKEN: self.token}
        with Workbook(buffer, OPTIONS) as book:
            title = f"Clarification: {self._title}"
            self.identify(book, title, self.evaluation.settings.as_of, own)
            sheet = book.add_worksheet(SHEET)
            self.list_sheet = book.add_worksheet(LISTS)
            self._draw(sheet)
            self.hide(book.add_worksheet(TEXTS), ((text,) for text in self.texts))
            self.hide(book.add_worksheet(IDENTITY), own.items())
            self.list_sheet.hide()
        return buffer.getvalue()

    @property
    def _title(self) -> str:
        return inline(cell_text(self.result.evaluation.title))

    @property
    def _name(self) -> str:
        return cut(inline(cell_text(self.vendor.name)), _PROPERTY)

    def _ours(self, sheet: "Worksheet", row: int, column: int, text: str, style: str) -> None:
        """Write a text of ours that is no question, and note it, so that it is known again."""
        text = cell_text(text)
        self.texts.setdefault(fingerprint(text))
        self.write(sheet, row, column, text, style)

    def _draw(self, sheet: "Worksheet") -> None:
        count = f"{len(self.points)} open point{'s' if len(self.points) > 1 else ''}"
        reference = inline(cell_text(self.result.evaluation.reference))
        under = (reference, self._name, f"round {self.vendor.rounds + 1}", count)
        self._ours(sheet, 0, 1, self._title, "title")
        self._ours(sheet, 1, 1, " · ".join(part for part in under if part), "aim")
        for number, text in enumerate(_HOW_TO, start=2):
            self._ours(sheet, number, 1, text, "line")
        for column, name in enumerate(_HEADERS):
            # The other columns are recognised by their names.
            write = self._ours if column in {_ARRIVED, _NEEDED} else self.write
            write(sheet, _HEADER_ROW, column, name, "header")
        self.set_up_rows(sheet, _WIDTHS, _COLUMNS, self._points(sheet), frozen=2)
        self.set_up(sheet, self._title)

    def _points(self, sheet: "Worksheet") -> int:
        """Draw the points under the titles of their groups; return the first row below."""
        number, group = _HEADER_ROW + 1, ""
        for title, point in self.points:
            if title != group:
                group = title
                self.texts.setdefault(fingerprint(title))
                self.heading(sheet, number, title, len(_WIDTHS))
                number += 1
            for row in rows([point.question]):
                self.row(sheet, number, row, _COLUMNS)
                self._ours(sheet, number, _ARRIVED, point.arrived if row.first else "", "cell")
                self._ours(sheet, number, _NEEDED, point.needed if row.first else "", "cell")
                number += 1
        return number
