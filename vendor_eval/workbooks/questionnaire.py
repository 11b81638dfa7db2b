"""The questionnaire that goes to vendors. Scores, gates and red flags never stand in it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vendor_eval.criteria import Category
from vendor_eval.errors import VendorEvalError
from vendor_eval.layout import (
    COVER,
    COVER_FIELDS,
    DECIMAL_SIGNS,
    HEADERS,
    HOW_TO,
    IDENTITY,
    KEY,
    LISTS,
    PROGRESS,
    Row,
    cover_subtitle,
    identity,
    sheets,
)
from vendor_eval.questions import AnswerCell
from vendor_eval.tender import Evaluation

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_INK, _ACCENT, _INPUT, _LINE = "#1f2933", "#1f4e79", "#fff9e5", "#c9d1d9"
_WIDTHS = (10, 11, 62, 32, 11, 40, 40)
_HEADER_ROW = 3
_TITLE_LIMIT, _MESSAGE_LIMIT = 32, 255
_PAPER_A4 = 9


def questionnaire(evaluation: Evaluation) -> bytes:
    """Render the questionnaire of an evaluation as the bytes of an .xlsx workbook."""
    return _Questionnaire(evaluation).render()


def _done(code: int | None, what: str) -> None:
    """Raise where XlsxWriter declined to write: it answers with a code and goes on."""
    if code:
        message = f"{what} does not fit into an Excel cell (at most 32,767 characters): shorten it in the criteria"
        raise VendorEvalError(message)


@dataclass
class _Questionnaire:
    evaluation: Evaluation
    formats: dict[str, "Format"] = field(default_factory=dict)
    lists: dict[tuple[str, ...], str] = field(default_factory=dict)

    def render(self) -> bytes:
        from xlsxwriter import Workbook

        buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with Workbook(buffer, options) as book:
            self._identify(book)
            self._make_formats(book)
            content = sheets(self.evaluation)
            cover = book.add_worksheet(COVER)
            drawn = {name: book.add_worksheet(name) for name in content}
            self.list_sheet = book.add_worksheet(LISTS)
            for name, (category, found) in content.items():
                self._category(drawn[name], category, found)
            self._cover(cover, content)
            self._hidden(book.add_worksheet(IDENTITY))
            self.list_sheet.hide()
            cover.activate()
        return buffer.getvalue()

    def _identify(self, book: "Workbook") -> None:
        settings = self.evaluation.settings
        # A fixed time of day: the same evaluation gives the same bytes.
        created = datetime(settings.as_of.year, settings.as_of.month, settings.as_of.day)  # noqa: DTZ001  a calendar day
        book.set_properties({"title": f"Questionnaire: {settings.title}", "author": "vendor_eval", "created": created})
        for name, value in identity(self.evaluation).items():
            _done(book.set_custom_property(name, value, "text"), name)

    def _make_formats(self, book: "Workbook") -> None:
        base: dict[str, Any] = {
            "font_name": "Arial",
            "font_size": 10,
            "font_color": _INK,
            "valign": "top",
            "text_wrap": True,
        }
        boxed = base | {"border": 1, "border_color": _LINE}
        self.formats = {
            "title": book.add_format(base | {"bold": True, "font_size": 16, "font_color": _ACCENT, "text_wrap": False}),
            "aim": book.add_format(base | {"italic": True, "text_wrap": False}),
            "heading": book.add_format(
                base | {"bold": True, "font_color": _ACCENT, "text_wrap": False, "font_size": 11}
            ),
            "header": book.add_format(boxed | {"bold": True, "font_color": "#ffffff", "bg_color": _ACCENT}),
            "text": book.add_format(base),
            "cell": book.add_format(boxed),
            "id": book.add_format(boxed | {"font_size": 9}),
            "input": book.add_format(boxed | {"bg_color": _INPUT, "locked": False}),
            # Text format: Excel would turn '=1+1' into a formula and 1-2 into a date.
            "words": book.add_format(boxed | {"bg_color": _INPUT, "locked": False, "num_format": "@"}),
            "day": book.add_format(
                boxed | {"bg_color": _INPUT, "locked": False, "num_format": "yyyy-mm-dd", "align": "left"}
            ),
            "figure": book.add_format(boxed | {"bg_color": _INPUT, "locked": False, "align": "left"}),
        }

    def _write(self, sheet: "Worksheet", row: int, column: int, text: str, style: str) -> None:
        _done(sheet.write_string(row, column, text, self.formats[style]), f"'{text[:40]}'")

    # -------------------------------------------------------------------------------------------- sheets

    def _page(self, sheet: "Worksheet", *, repeat: int | None) -> None:
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&8&A&R&8Page &P of &N")
        if repeat is not None:
            sheet.repeat_rows(repeat)
        sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})

    def _category(self, sheet: "Worksheet", category: Category, found: tuple[Row, ...]) -> None:
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width, None, {"hidden": column == 0})
        self._write(sheet, 0, 1, category.title, "title")
        if category.aim:
            self._write(sheet, 1, 1, category.aim, "aim")
        for column, name in enumerate((KEY, *HEADERS)):
            self._write(sheet, _HEADER_ROW, column, name, "header")
        number = _HEADER_ROW + 1
        titles = {q.id: criterion.title for criterion in category.criteria for q in criterion.questions}
        last = ""
        for row in found:
            if titles[row.question.id] != last:
                last = titles[row.question.id]
                self._write(sheet, number, 1, last, "heading")
                sheet.set_row(number, 20)
                number += 1
            self._row(sheet, number, row)
            number += 1
        sheet.freeze_panes(_HEADER_ROW + 1, 3)
        sheet.print_area(0, 1, number - 1, len(_WIDTHS) - 1)
        self._page(sheet, repeat=_HEADER_ROW)

    def _row(self, sheet: "Worksheet", number: int, row: Row) -> None:
        self._write(sheet, number, 0, row.key, "id")
        self._write(sheet, number, 1, row.key, "id")
        self._write(sheet, number, 2, row.prompt, "cell")
        style = {"number": "figure", "percentage": "figure", "date": "day", "text": "words"}.get(row.cell.kind, "input")
        _done(sheet.write_blank(number, 3, None, self.formats[style]), row.key)
        self._write(sheet, number, 4, row.cell.unit, "cell")
        for column in (5, 6):
            _done(sheet.write_blank(number, column, None, self.formats["words"]), row.key)
        self._validate(sheet, number, row)

    def _validate(self, sheet: "Worksheet", number: int, row: Row) -> None:
        message = {"input_title": _cut(row.key, _TITLE_LIMIT), "input_message": _cut(_hint(row.cell), _MESSAGE_LIMIT)}
        rule = _rule(row.cell) | message
        if row.cell.kind == "choice":
            rule |= {"validate": "list", "source": self._list(row.cell.labels)}
        _done(sheet.data_validation(number, 3, number, 3, rule), row.key)
        if row.first and row.question.evidence:
            wanted = _cut(row.question.evidence, _MESSAGE_LIMIT)
            proof = {"validate": "any", "input_title": "Proof wanted", "input_message": wanted}
            _done(sheet.data_validation(number, 5, number, 5, proof), row.key)

    def _list(self, labels: tuple[str, ...]) -> str:
        """Range of a hidden sheet that holds the labels: an inline list takes no commas and 255 characters."""
        if labels not in self.lists:
            column = len(self.lists)
            for index, label in enumerate(labels):
                self._write(self.list_sheet, index, column, label, "text")
            letter = self._letter(column)
            self.lists[labels] = f"='{LISTS}'!${letter}$1:${letter}${len(labels)}"
        return self.lists[labels]

    @staticmethod
    def _letter(column: int) -> str:
        from xlsxwriter.utility import xl_col_to_name

        return str(xl_col_to_name(column))

    def _cover(self, sheet: "Worksheet", content: Mapping[str, tuple[Category, tuple[Row, ...]]]) -> None:
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 2, 18)
        sheet.set_column(3, 5, 22)
        self._write(sheet, 0, 0, self.evaluation.settings.title, "title")
        self._write(sheet, 1, 0, cover_subtitle(self.evaluation), "aim")
        number = 3
        for line in HOW_TO:
            sheet.merge_range(number, 0, number, 5, "", self.formats["text"])
            self._write(sheet, number, 0, line, "text")
            sheet.set_row(number, 28)
            number += 1
        number += 1
        for label in COVER_FIELDS.values():
            self._write(sheet, number, 0, label, "cell")
            _done(sheet.write_blank(number, 1, None, self.formats["words"]), label)
            if label == COVER_FIELDS["decimal_sign"]:
                message = "How you write one half: 0.5 or 0,5"
                rule = {"validate": "list", "source": self._list(DECIMAL_SIGNS), "input_message": message}
                _done(sheet.data_validation(number, 1, number, 1, rule), label)
            number += 1
        self._progress(sheet, number + 1, content)
        self._page(sheet, repeat=None)

    def _progress(
        self, sheet: "Worksheet", number: int, content: Mapping[str, tuple[Category, tuple[Row, ...]]]
    ) -> None:
        for column, name in enumerate(PROGRESS):
            self._write(sheet, number, column, name, "header")
        for name, (category, found) in content.items():
            number += 1
            self._write(sheet, number, 0, name, "cell")
            _done(sheet.write_number(number, 1, len(found), self.formats["cell"]), name)
            last = _HEADER_ROW + 1 + len(found) + len(category.criteria)
            formula = f"=COUNTA('{name}'!$D${_HEADER_ROW + 2}:$D${last})"
            _done(sheet.write_formula(number, 2, formula, self.formats["cell"], 0), name)

    def _hidden(self, sheet: "Worksheet") -> None:
        for number, (name, value) in enumerate(identity(self.evaluation).items()):
            self._write(sheet, number, 0, name, "text")
            self._write(sheet, number, 1, value, "text")
        sheet.hide()


def _rule(cell: AnswerCell) -> dict[str, Any]:
    """Choose the validation. Figures and dates only warn: 'do not know' and 'none' are answers too."""
    warn = {"error_type": "warning", "error_title": "Please check"}
    if cell.kind == "number":
        text = "Expected a figure of 0 or more, or 'do not know'."
        return {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": text} | warn
    if cell.kind == "percentage":
        text = "Expected a percentage such as 95, or 'do not know'."
        top = 1000 if cell.above_100 else 100
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": top,
            "error_message": text,
        } | warn
    if cell.kind == "date":
        day = datetime(1990, 1, 1)  # noqa: DTZ001  a calendar day
        text = "Expected a date as YYYY-MM-DD."
        return {"validate": "date", "criteria": ">=", "value": day, "error_message": text} | warn
    return {"validate": "any"}


def _hint(cell: AnswerCell) -> str:
    none = " Write 'none' if there is none." if cell.none else ""
    unit = f" in {cell.unit}" if cell.unit else ""
    hints = {
        "choice": "Pick one from the list. Leave blank if you have no answer.",
        "number": f"One figure{unit}; no range. Write 'do not know' if you do not measure it.{none}",
        "percentage": f"A percentage: 95 or 95 %. Write 'do not know' if you do not measure it.{none}",
        "date": f"A date as YYYY-MM-DD.{none}",
        "text": "Free text.",
    }
    return f"{hints[cell.kind]} {cell.help}".strip()


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
