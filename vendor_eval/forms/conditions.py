"""The workbook that asks the chosen vendor how the conditions of its award stand."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vendor_eval.forms import identity, layout
from vendor_eval.forms.boxes import FormWriter, cut, done
from vendor_eval.forms.workbook_writer import OPTIONS, cell_text, inline, lines
from vendor_eval.results import ConditionLine, VendorRecord
from vendor_eval.tender import Evaluation

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SHEET = "Conditions"
ID, DONE, DATE, PROOF = "ID", "Done", "Date", "Proof"
REPLIES = ("Yes", "Not yet", "No")
_HEADERS = (ID, "Condition", "Proof wanted", "Due", DONE, DATE, PROOF)
_WIDTHS = (22, 52, 30, 12, 11, 13, 40)
_DONE, _DATE, _PROOF = 4, 5, 6
_HEADER = 4
_LINE = 14.0
_HOW_TO = (
    "Please say of each condition whether it is met, since when or by when, and which document proves it.",
    "Write into the yellow boxes: dates as YYYY-MM-DD. A reply closes nothing; we check the proof and tell you.",
)


def conditions_workbook(
    evaluation: Evaluation, vendor: VendorRecord, conditions: Sequence[ConditionLine], token: str
) -> bytes:
    """Render the workbook of the conditions of a vendor, with the token by which it is known when it comes back."""
    return _ConditionsWorkbook(evaluation, vendor, conditions, token).render()


@dataclass
class _ConditionsWorkbook(FormWriter):
    evaluation: Evaluation
    vendor: VendorRecord
    conditions: Sequence[ConditionLine]
    token: str

    def render(self) -> bytes:
        from xlsxwriter import Workbook

        buffer, settings = io.BytesIO(), self.evaluation.settings
        title, name = (inline(cell_text(text)) for text in (settings.title, self.vendor.name))
        own = {
            identity.KIND: identity.CONDITIONS,
            identity.VENDOR: self.vendor.id,
            identity.VENDOR_NAME: cut(name, 255),
            identity.TOKEN: self.token,
        }
        with Workbook(buffer, OPTIONS) as book:
            self.identify(book, f"Conditions: {title}", settings.as_of, own)
            sheet = book.add_worksheet(SHEET)
            self.list_sheet = book.add_worksheet(layout.LISTS)
            self.write(sheet, 0, 0, title, "title")
            under = (inline(cell_text(settings.reference)), name, f"{len(self.conditions)} conditions")
            self.write(sheet, 1, 0, " · ".join(part for part in under if part), "aim")
            for number, text in enumerate(_HOW_TO, 2):
                self.write(sheet, number, 0, text, "line")
            self._rows(sheet)
            self.set_up(sheet, title)
            self.hide(book.add_worksheet(identity.IDENTITY), own.items())
            self.list_sheet.hide()
        return buffer.getvalue()

    def _rows(self, sheet: "Worksheet") -> None:
        for column, (name, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            self.write(sheet, _HEADER, column, name, "header")
        for number, line in enumerate(self.conditions, _HEADER + 1):
            texts = (line.id, line.what, line.proof, line.due or "")
            for column, text in enumerate(map(cell_text, texts)):
                self.write(sheet, number, column, text, "cell")
            for column, style in ((_DONE, "input"), (_DATE, "day"), (_PROOF, "words")):
                self.blank(sheet, number, column, style)
            high = max(lines(text, width) for text, width in zip(texts, _WIDTHS, strict=False))
            sheet.set_row(number, _LINE * max(high, 2))
        last = _HEADER + len(self.conditions)
        choice = {"validate": "list", "source": self.list_range(REPLIES), "error_title": "Please pick from the list"}
        done(sheet.data_validation(_HEADER + 1, _DONE, last, _DONE, choice), DONE)
        day = {"validate": "date", "criteria": ">=", "value": datetime(1990, 1, 1), "error_type": "warning"}  # noqa: DTZ001  a calendar day
        done(sheet.data_validation(_HEADER + 1, _DATE, last, _DATE, day), DATE)
        sheet.freeze_panes(_HEADER + 1, 1)
        done(sheet.repeat_rows(_HEADER), SHEET)
