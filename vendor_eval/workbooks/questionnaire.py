"""The questionnaire that goes to vendors. Scores, gates and red flags never stand in it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vendor_eval.criteria import Category
from vendor_eval.errors import VendorEvalError
from vendor_eval.identities import IDENTITY
from vendor_eval.layout import (
    COVER,
    COVER_FIELDS,
    DECIMAL_SIGNS,
    HEADERS,
    HOW_TO,
    HOW_TO_TITLE,
    KEY,
    LISTS,
    PROGRESS,
    PROGRESS_TOTAL,
    RETURN_BY,
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

_INK, _QUIET, _ACCENT = "#1f2933", "#5b6770", "#1f4e79"
_OPEN, _FILLED, _COMPLETE, _BAND, _LINE = "#fff6d9", "#ffffff", "#d8ecd9", "#e7eef5", "#c9d1d9"
# Together they print at four fifths of their size on A4, and fit a laptop's screen at 100 %.
_WIDTHS = (10, 17, 54, 28, 11, 32, 32)
_COVER_WIDTHS = (22, 78, 14, 14)
_HEADER_ROW = 3
_ANSWER, _EVIDENCE, _COMMENT = 3, 5, 6
_CELL_LIMIT = 32_767
_TITLE_LIMIT, _MESSAGE_LIMIT, _FOOTER_LIMIT = 32, 255, 120
_PAPER_A4 = 9

_Content = Mapping[str, tuple[Category, tuple[Row, ...]]]


def questionnaire(evaluation: Evaluation) -> bytes:
    """Render the questionnaire of an evaluation as the bytes of an .xlsx workbook."""
    return _Questionnaire(evaluation).render()


def _done(code: int | None, what: str) -> None:
    """Raise where XlsxWriter declined to write: it answers with a code and goes on."""
    if code:
        raise VendorEvalError(f"{what} cannot be written into a workbook (XlsxWriter answers {code})")


def _fitting(text: str, what: str) -> str:
    """Refuse a text that no cell holds; Excel counts in units of UTF-16."""
    if len(text.encode("utf-16-le")) // 2 > _CELL_LIMIT:
        message = f"{what} does not fit into an Excel cell (at most 32,767 characters): shorten it in the criteria"
        raise VendorEvalError(message)
    return text


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
            self.formats = {name: book.add_format(style) for name, style in _styles().items()}
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

    def _write(self, sheet: "Worksheet", row: int, column: int, text: str, style: str) -> None:
        if text:
            what = f"'{text[:40]}'"
            _done(sheet.write_string(row, column, _fitting(text, what), self.formats[style]), what)
        else:
            self._blank(sheet, row, column, style)

    def _blank(self, sheet: "Worksheet", row: int, column: int, style: str) -> None:
        _done(sheet.write_blank(row, column, None, self.formats[style]), style)

    def _page(self, sheet: "Worksheet") -> None:
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        title = _cut(self.evaluation.settings.title, _FOOTER_LIMIT).replace("&", "&&")
        sheet.set_footer(f"&L&8{title}&C&8&A&R&8Page &P of &N")
        sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})

    # -------------------------------------------------------------------------------------------- a category

    def _category(self, sheet: "Worksheet", category: Category, found: tuple[Row, ...]) -> None:
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width, None, {"hidden": column == 0})
        self._write(sheet, 0, 1, category.title, "title")
        if category.aim:
            self._write(sheet, 1, 1, category.aim, "aim")
        for column, name in enumerate((KEY, *HEADERS)):
            self._write(sheet, _HEADER_ROW, column, name, "header")
        sheet.set_row(_HEADER_ROW, 20)
        end = self._rows(sheet, category, found)
        sheet.conditional_format(
            _HEADER_ROW + 1, _ANSWER, end - 1, _ANSWER, {"type": "no_blanks", "format": self.formats["filled"]}
        )
        sheet.ignore_errors({"number_stored_as_text": f"D{_HEADER_ROW + 2}:G{end}"})
        sheet.freeze_panes(_HEADER_ROW + 1, _ANSWER)
        sheet.set_selection(_HEADER_ROW + 2, _ANSWER, _HEADER_ROW + 2, _ANSWER)
        sheet.print_area(0, 1, end - 1, len(_WIDTHS) - 1)
        sheet.repeat_rows(_HEADER_ROW)
        self._page(sheet)

    def _rows(self, sheet: "Worksheet", category: Category, found: tuple[Row, ...]) -> int:
        """Draw the rows under the titles of their criteria; return the first row below."""
        titles = {q.id: criterion.title for criterion in category.criteria for q in criterion.questions}
        number, last = _HEADER_ROW + 1, ""
        for row in found:
            if titles[row.question.id] != last:
                last = titles[row.question.id]
                self._heading(sheet, number, last)
                number += 1
            self._row(sheet, number, row)
            number += 1
        return number

    def _heading(self, sheet: "Worksheet", number: int, title: str) -> None:
        self._write(sheet, number, 1, title, "heading")
        for column in range(2, len(_WIDTHS)):
            self._blank(sheet, number, column, "heading")
        sheet.set_row(number, 22)

    def _row(self, sheet: "Worksheet", number: int, row: Row) -> None:
        self._write(sheet, number, 0, row.key, "id")
        self._write(sheet, number, 1, row.key, "id")
        self._prompt(sheet, number, row)
        self._blank(sheet, number, _ANSWER, _ANSWER_STYLES[row.cell.kind])
        self._write(sheet, number, 4, row.cell.unit, "unit")
        self._blank(sheet, number, _EVIDENCE, "words")
        self._blank(sheet, number, _COMMENT, "words")
        self._validate(sheet, number, row)

    def _prompt(self, sheet: "Worksheet", number: int, row: Row) -> None:
        """Write what is asked, and what is wanted beside the answer in a quieter hand."""
        if len(row.lines) == 1:
            self._write(sheet, number, 2, row.prompt, "cell")
            return
        _fitting(row.prompt, f"the question of {row.key}")
        runs: list[object] = []
        for kind, text in row.lines:
            runs += [self.formats[kind], f"\n{text}" if runs else text]
        _done(sheet.write_rich_string(number, 2, *runs, self.formats["cell"]), f"the question of {row.key}")

    def _validate(self, sheet: "Worksheet", number: int, row: Row) -> None:
        message = {"input_title": _cut(row.key, _TITLE_LIMIT), "input_message": _cut(_hint(row.cell), _MESSAGE_LIMIT)}
        rule = _rule(row.cell) | message
        if row.cell.kind == "choice":
            rule |= {"validate": "list", "source": self._list(row.cell.labels)} | _refuse(row.cell)
        _done(sheet.data_validation(number, _ANSWER, number, _ANSWER, rule), row.key)
        if row.first and row.question.evidence:
            self._point_out(sheet, number, _EVIDENCE, "Proof wanted", row.question.evidence)
        if row.first and row.question.comment_required:
            self._point_out(sheet, number, _COMMENT, "Wanted in Comment", row.question.comment_required)

    def _point_out(self, sheet: "Worksheet", number: int, column: int, title: str, text: str) -> None:
        rule = {"validate": "any", "input_title": title, "input_message": _cut(text, _MESSAGE_LIMIT)}
        _done(sheet.data_validation(number, column, number, column, rule), title)

    def _list(self, labels: tuple[str, ...]) -> str:
        """Range of a hidden sheet that holds the labels: an inline list takes no commas and 255 characters."""
        if labels not in self.lists:
            column = len(self.lists)
            for index, label in enumerate(labels):
                self._write(self.list_sheet, index, column, label, "text")
            letter = _letter(column)
            self.lists[labels] = f"='{LISTS}'!${letter}$1:${letter}${len(labels)}"
        return self.lists[labels]

    # -------------------------------------------------------------------------------------------- the first sheet

    def _cover(self, sheet: "Worksheet", content: _Content) -> None:
        for column, width in enumerate(_COVER_WIDTHS):
            sheet.set_column(column, column, width)
        self._write(sheet, 0, 0, self.evaluation.settings.title, "title")
        self._write(sheet, 1, 0, cover_subtitle(self.evaluation), "aim")
        number = self._deadline(sheet, 3)
        number = self._how_to(sheet, number)
        number = self._about_you(sheet, number)
        self._progress(sheet, number, content)
        sheet.set_tab_color(_ACCENT)
        self._page(sheet)

    def _deadline(self, sheet: "Worksheet", number: int) -> int:
        deadline = self.evaluation.settings.deadline
        if deadline is None:
            return number
        self._write(sheet, number, 0, RETURN_BY, "strong")
        self._write(sheet, number, 1, _moment(deadline), "strong")
        return number + 2

    def _how_to(self, sheet: "Worksheet", number: int) -> int:
        self._write(sheet, number, 0, HOW_TO_TITLE, "section")
        for title, line in HOW_TO.items():
            number += 1
            self._write(sheet, number, 0, title, "strong")
            self._write(sheet, number, 1, line, "text")
        return number + 2

    def _about_you(self, sheet: "Worksheet", number: int) -> int:
        for name, label in COVER_FIELDS.items():
            self._write(sheet, number, 0, label, "label")
            self._blank(sheet, number, 1, "words")
            sheet.set_row(number, 20)
            if name == "vendor":
                sheet.set_selection(number, 1, number, 1)
            if name == "decimal_sign":
                message = "How you write one half: 0.5 or 0,5"
                rule = {"validate": "list", "source": self._list(DECIMAL_SIGNS), "input_message": message}
                _done(sheet.data_validation(number, 1, number, 1, rule), label)
            number += 1
        return number + 1

    def _progress(self, sheet: "Worksheet", number: int, content: _Content) -> None:
        """Count the filled answer cells of each sheet, live."""
        for column, name in enumerate(PROGRESS):
            self._write(sheet, number, column, name, "header")
        counts = {name: _count(name, category, found) for name, (category, found) in content.items()}
        for name, (category, found) in content.items():
            number += 1
            link = sheet.write_url(number, 0, f"internal:'{name}'!D{_HEADER_ROW + 3}", self.formats["link"], name)
            _done(link, name)
            self._write(sheet, number, 1, category.aim, "cell")
            self._progress_line(sheet, number, len(found), counts[name], "count")
        number += 1
        self._write(sheet, number, 0, PROGRESS_TOTAL, "label")
        self._blank(sheet, number, 1, "label")
        asked = sum(len(found) for _, found in content.values())
        self._progress_line(sheet, number, asked, "+".join(counts.values()), "sum")

    def _progress_line(self, sheet: "Worksheet", number: int, asked: int, count: str, style: str) -> None:
        _done(sheet.write_number(number, 2, asked, self.formats[style]), PROGRESS_TOTAL)
        _done(sheet.write_formula(number, 3, f"={count}", self.formats[style], 0), PROGRESS_TOTAL)
        complete = {"type": "cell", "criteria": ">=", "value": asked, "format": self.formats["complete"]}
        sheet.conditional_format(number, 3, number, 3, complete)

    def _hidden(self, sheet: "Worksheet") -> None:
        for number, (name, value) in enumerate(identity(self.evaluation).items()):
            self._write(sheet, number, 0, name, "text")
            self._write(sheet, number, 1, value, "text")
        sheet.hide()


# ------------------------------------------------------------------------------------------------ looks

_ANSWER_STYLES = {
    "choice": "input",
    "number": "figure",
    "percentage": "figure",
    "date": "day",
    "text": "words",
    "price": "figure",
}


def _styles() -> dict[str, dict[str, Any]]:
    font = {"font_name": "Arial", "font_size": 10, "font_color": _INK}
    base = font | {"valign": "top", "text_wrap": True}
    line = font | {"valign": "top"}
    boxed = base | {"border": 1, "border_color": _LINE, "align": "left", "indent": 1}
    entry = boxed | {"bg_color": _OPEN, "locked": False}
    return {
        "title": line | {"bold": True, "font_size": 18, "font_color": _ACCENT},
        "aim": line | {"font_color": _QUIET},
        "section": line | {"bold": True, "font_size": 12, "font_color": _ACCENT},
        "heading": line
        | {"bold": True, "font_size": 11, "font_color": _ACCENT, "bg_color": _BAND, "valign": "vcenter", "indent": 1},
        "header": boxed | {"bold": True, "font_color": "#ffffff", "bg_color": _ACCENT, "valign": "vcenter"},
        "text": base,
        "strong": line | {"bold": True},
        "label": boxed | {"bold": True, "bg_color": _BAND, "valign": "vcenter"},
        "cell": boxed,
        "count": boxed | {"align": "right", "indent": 0},
        "sum": boxed | {"bold": True, "bg_color": _BAND, "align": "right", "indent": 0},
        "link": boxed | {"font_color": _ACCENT, "underline": 1},
        "id": boxed | {"font_size": 9, "text_wrap": False},
        "unit": boxed | {"font_color": _QUIET},
        "asked": font,
        "wanted": font | {"font_size": 9, "font_color": _QUIET},
        "input": entry,
        # Text format: Excel would turn '=1+1' into a formula and 1-2 into a date.
        "words": entry | {"num_format": "@"},
        "day": entry | {"num_format": "yyyy-mm-dd"},
        "figure": entry,
        "filled": {"bg_color": _FILLED},
        "complete": {"bg_color": _COMPLETE},
    }


def _moment(time: datetime) -> str:
    offset = time.isoformat(timespec="seconds")[len("2026-11-20T17:00:00") :]
    return f"{time:%Y-%m-%d, %H:%M} (UTC{offset})" if offset else f"{time:%Y-%m-%d, %H:%M}"


def _letter(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    letter: str = xl_col_to_name(column)
    return letter


def _count(name: str, category: Category, found: tuple[Row, ...]) -> str:
    last = _HEADER_ROW + 1 + len(found) + len(category.criteria)
    return f"COUNTA('{name}'!$D${_HEADER_ROW + 2}:$D${last})"


# ------------------------------------------------------------------------------------------------ validation


def _rule(cell: AnswerCell) -> dict[str, Any]:
    """Validate by kind. Figures and dates only warn: 'do not know' and 'none' are answers too."""
    warn = {"error_type": "warning", "error_title": "Please check"}
    none = ", or 'none'" if cell.none else ""
    if cell.kind == "number":
        text = f"Expected a figure of 0 or more, 'do not know'{none}."
        return {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": text} | warn
    if cell.kind == "price":
        text = f"Expected one price above 0, in {cell.currency}."
        return {"validate": "decimal", "criteria": ">", "value": 0, "error_message": text} | warn
    if cell.kind == "percentage":
        text = f"Expected a percentage such as 95, 'do not know'{none}."
        ends = {"minimum": 0, "maximum": 1000 if cell.above_100 else 100}
        return {"validate": "decimal", "criteria": "between", "error_message": text} | ends | warn
    if cell.kind == "date":
        day = datetime(1990, 1, 1)  # noqa: DTZ001  a calendar day
        text = f"Expected a date as YYYY-MM-DD{none}."
        return {"validate": "date", "criteria": ">=", "value": day, "error_message": text} | warn
    return {"validate": "any"}


def _refuse(cell: AnswerCell) -> dict[str, Any]:
    text = f"Expected one of the {len(cell.labels)} answers in the list. Limits and exceptions go into Comment."
    return {"error_title": "Please pick from the list", "error_message": text}


def _hint(cell: AnswerCell) -> str:
    none = " Write 'none' if there is none." if cell.none else ""
    unit = f" in {cell.unit}" if cell.unit else ""
    hints = {
        "choice": "Pick one from the list. Leave blank if you have no answer.",
        "number": f"One figure{unit}; no range. Write 'do not know' if you do not measure it.{none}",
        "percentage": f"A percentage: 95 or 95 %. Write 'do not know' if you do not measure it.{none}",
        "date": f"A date as YYYY-MM-DD.{none}",
        "text": "Free text.",
        "price": f"One price above 0 in {cell.unit}, without discounts or ranges.",
    }
    return f"{hints[cell.kind]} {cell.help}".strip()


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
