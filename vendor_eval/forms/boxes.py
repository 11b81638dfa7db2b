"""Boxes of a form that a vendor fills in: formats, validation, and the lists of the dropdowns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from vendor_eval.criteria.questions import AnswerCell, Bounds
from vendor_eval.forms.identity import fingerprint
from vendor_eval.forms.layout import DECLARATION, DECLARATION_HINT, LISTS, SIGNATURE, TICKS, YES_NO, FormRow
from vendor_eval.forms.workbook_writer import ACCENT, INK, LINE, LONGEST_CELL, PAPERS, cell_text
from vendor_eval.issues import VendorEvalError
from vendor_eval.spreadsheets import letters

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_QUIET = "#5b6770"
_OPEN, _FILLED, _COMPLETE, _BAND = "#fff6d9", "#ffffff", "#d8ecd9", "#e7eef5"
_TITLE_LIMIT, _MESSAGE_LIMIT, _FOOTER_LIMIT = 32, 255, 120


def done(code: int | None, place: str) -> None:
    """Raise where XlsxWriter declined to write: it answers with a code and goes on."""
    if code:
        raise VendorEvalError(f"{place} cannot be written into a workbook (XlsxWriter answers {code})")


def fitting(text: str, place: str) -> str:
    """Refuse a text that no cell holds; Excel counts in units of UTF-16."""
    if len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        message = f"{place} does not fit into an Excel cell (at most 32,767 characters): shorten it in the criteria"
        raise VendorEvalError(message)
    return text


@dataclass(frozen=True, slots=True)
class FormColumns:
    """Row of the headers and columns of the boxes, counted from 0."""

    header: int
    answer: int
    unit: int
    evidence: int
    comment: int


@dataclass
class FormWriter:
    """Styles of a workbook, and the hidden sheet behind its dropdowns."""

    formats: dict[str, "Format"] = field(default_factory=dict, init=False)
    lists: dict[tuple[str, ...], str] = field(default_factory=dict, init=False)
    marks: dict[str, None] = field(default_factory=dict, init=False)
    list_sheet: "Worksheet" = field(init=False)

    def identify(self, book: "Workbook", title: str, day: date, properties: Mapping[str, str]) -> None:
        """Write title and identity into the properties, and add the formats."""
        # A fixed time of day: the same evaluation gives the same bytes.
        created = datetime(day.year, day.month, day.day)  # noqa: DTZ001  a calendar day
        book.set_properties({"title": title, "author": "vendor_eval", "created": created})
        for name, value in properties.items():
            done(book.set_custom_property(name, value, "text"), name)
        self.formats = {name: book.add_format(style) for name, style in _styles().items()}

    def hide(self, sheet: "Worksheet", rows: Iterable[Sequence[str]]) -> None:
        for number, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self.write(sheet, number, column, text, "text")
        sheet.hide()

    def write(self, sheet: "Worksheet", row: int, column: int, text: str, style: str) -> None:
        """Write a text, or a blank cell where there is none."""
        if text:
            quoted = f"'{text[:40]}'"
            done(sheet.write_string(row, column, fitting(text, quoted), self.formats[style]), quoted)
        else:
            self.blank(sheet, row, column, style)

    def mark(self, sheet: "Worksheet", row: int, column: int, text: str, style: str) -> None:
        """Write a text of ours that is no question, and note it, so that it is known again whatever changes."""
        text = cell_text(text)
        self.marks.setdefault(fingerprint(text))
        self.write(sheet, row, column, text, style)

    def blank(self, sheet: "Worksheet", row: int, column: int, style: str) -> None:
        done(sheet.write_blank(row, column, None, self.formats[style]), style)

    def heading(self, sheet: "Worksheet", number: int, title: str, columns: int) -> None:
        self.write(sheet, number, 1, title, "heading")
        for column in range(2, columns):
            self.blank(sheet, number, column, "heading")
        sheet.set_row(number, 22)

    def row(self, sheet: "Worksheet", number: int, row: FormRow, columns: FormColumns) -> None:
        """Write what is asked, and the boxes for answer, evidence and comment."""
        self.write(sheet, number, 0, row.key, "id")
        self.write(sheet, number, 1, row.key, "id")
        # What is asked, and in gray what is wanted besides the answer.
        if len(row.lines) == 1:
            self.write(sheet, number, 2, row.prompt, "cell")
        else:
            place = f"the question of {row.key}"
            fitting(row.prompt, place)
            runs: list[object] = []
            for kind, text in row.lines:
                runs += [self.formats[kind], f"\n{text}" if runs else text]
            done(sheet.write_rich_string(number, 2, *runs, self.formats["cell"]), place)
        self.blank(sheet, number, columns.answer, _ANSWER_STYLES.get(row.cell.kind, "figure"))
        self.write(sheet, number, columns.unit, row.cell.unit, "unit")
        self.blank(sheet, number, columns.evidence, "words")
        self.blank(sheet, number, columns.comment, "words")
        self._validate(sheet, number, row, columns)

    def _validate(self, sheet: "Worksheet", number: int, row: FormRow, columns: FormColumns) -> None:
        message = {"input_title": cut(row.key, _TITLE_LIMIT), "input_message": cut(_hint(row.cell), _MESSAGE_LIMIT)}
        rule = _rule(row.cell) | message
        if row.cell.kind == "choice":
            text = f"Expected one of the {len(row.cell.labels)} answers in the list. "
            text += "Limits and exceptions go into Comment."
            rule |= {"validate": "list", "source": self.list_range(row.cell.labels)}
            rule |= {"error_title": "Please pick from the list", "error_message": text}
        done(sheet.data_validation(number, columns.answer, number, columns.answer, rule), row.key)
        for column, title, text in (
            (columns.evidence, "Proof wanted", row.question.evidence),
            (columns.comment, "Wanted in Comment", row.question.comment_required),
        ):
            if row.first and text:
                rule = {"validate": "any", "input_title": title, "input_message": cut(text, _MESSAGE_LIMIT)}
                done(sheet.data_validation(number, column, number, column, rule), title)

    def list_range(self, labels: tuple[str, ...]) -> str:
        """Range of a hidden sheet that holds the labels: an inline list takes no commas and 255 characters."""
        if labels not in self.lists:
            column = len(self.lists)
            for index, label in enumerate(labels):
                self.write(self.list_sheet, index, column, label, "text")
            name = letters(column + 1)
            self.lists[labels] = f"='{LISTS}'!${name}$1:${name}${len(labels)}"
        return self.lists[labels]

    def declaration(self, sheet: "Worksheet", number: int) -> int:
        """Write the block Declaration from a row on, labels in column A, boxes in column B; return the row below it."""
        self.write(sheet, number, 0, DECLARATION, "section")
        self.write(sheet, number, 1, DECLARATION_HINT, "text")
        for name, label in (SIGNATURE | TICKS).items():
            number += 1
            self.write(sheet, number, 0, label, "label")
            self.blank(sheet, number, 1, "day" if name == "date" else "words")
            sheet.set_row(number, 20)
            if name == "date":
                rule = _date_rule("Expected a date as YYYY-MM-DD.")
            elif name in TICKS:
                rule = {"validate": "list", "source": self.list_range(YES_NO)}
            else:
                continue
            done(sheet.data_validation(number, 1, number, 1, rule), label)
        return number + 1

    def set_up_rows(
        self, sheet: "Worksheet", widths: Sequence[float], columns: FormColumns, end: int, *, frozen: int
    ) -> None:
        """Set up the columns of a sheet of rows, of which the first holds the keys, and its print."""
        header, answer, last = columns.header, columns.answer, len(widths) - 1
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, None, {"hidden": column == 0})
        sheet.set_row(header, 20)
        filled = {"type": "no_blanks", "format": self.formats["filled"]}
        sheet.conditional_format(header + 1, answer, end - 1, answer, filled)
        sheet.ignore_errors({"number_stored_as_text": f"D{header + 2}:{letters(last + 1)}{end}"})
        sheet.freeze_panes(header + 1, frozen)
        sheet.set_selection(header + 2, answer, header + 2, answer)
        done(sheet.print_area(0, 1, end - 1, last), sheet.get_name())
        done(sheet.repeat_rows(header), sheet.get_name())

    def set_up(self, sheet: "Worksheet", title: str) -> None:
        """Set a sheet up for print, and lock all but its boxes."""
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(PAPERS["A4"])
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        footer = cut(title, _FOOTER_LIMIT).replace("&", "&&")
        sheet.set_footer(f"&L&8{footer}&C&8&A&R&8Page &P of &N")
        sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})


_WARN = {"error_type": "warning", "error_title": "Please check"}
_ANSWER_STYLES = {"choice": "input", "date": "day", "text": "words"}


def _styles() -> dict[str, dict[str, Any]]:
    font = {"font_name": "Arial", "font_size": 10, "font_color": INK}
    base = font | {"valign": "top", "text_wrap": True}
    line = font | {"valign": "top"}
    boxed = base | {"border": 1, "border_color": LINE, "align": "left", "indent": 1}
    entry = boxed | {"bg_color": _OPEN, "locked": False}
    return {
        "title": line | {"bold": True, "font_size": 18, "font_color": ACCENT},
        "aim": line | {"font_color": _QUIET},
        "section": line | {"bold": True, "font_size": 12, "font_color": ACCENT},
        "heading": line
        | {"bold": True, "font_size": 11, "font_color": ACCENT, "bg_color": _BAND, "valign": "vcenter", "indent": 1},
        "header": boxed | {"bold": True, "font_color": "#ffffff", "bg_color": ACCENT, "valign": "vcenter"},
        "text": base,
        "line": line,
        "strong": line | {"bold": True},
        "label": boxed | {"bold": True, "bg_color": _BAND, "valign": "vcenter"},
        "cell": boxed,
        "count": boxed | {"align": "right", "indent": 0},
        "sum": boxed | {"bold": True, "bg_color": _BAND, "align": "right", "indent": 0},
        "link": boxed | {"font_color": ACCENT, "underline": 1},
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


def _rule(cell: AnswerCell) -> dict[str, Any]:
    """Validate by kind. Figures and dates only warn: 'do not know' and 'none' are answers too."""
    none = ", or 'none'" if cell.none else ""
    if cell.kind == "percentage" or (cell.kind == "number" and not cell.is_rate):
        return _figure_rule(cell, f"'do not know'{none}")
    if cell.kind == "price":
        or_nothing = "" if cell.nothing == "refused" else ", or 'included' if it costs nothing"
        text = f"Expected one price above 0, in {cell.currency}{or_nothing}."
        return {"validate": "decimal", "criteria": ">", "value": 0, "error_message": text} | _WARN
    if cell.kind == "date":
        return _date_rule(f"Expected a date as YYYY-MM-DD{none}.")
    return {"validate": "any"}


def _figure_rule(cell: AnswerCell, words: str) -> dict[str, Any]:
    most = 100 if cell.kind == "percentage" and cell.bounds.max is None else cell.bounds.max
    least = cell.bounds.min or 0
    figure = "whole figure" if cell.whole else "figure"
    rule: dict[str, Any] = {"validate": "integer" if cell.whole else "decimal"} | _WARN
    rule["error_message"] = f"Expected a {figure}, {Bounds(min=least, max=most).ends}, or {words}."
    if most is None:
        return rule | {"criteria": ">=", "value": least}
    return rule | {"criteria": "between", "minimum": least, "maximum": most}


def _date_rule(text: str) -> dict[str, Any]:
    day = datetime(1990, 1, 1)  # noqa: DTZ001  a calendar day
    return {"validate": "date", "criteria": ">=", "value": day, "error_message": text} | _WARN


def _hint(cell: AnswerCell) -> str:
    none = " Write 'none' if there is none." if cell.none else ""
    unit = f" {cell.unit}, with its currency" if cell.is_rate else f" in {cell.unit}" if cell.unit else ""
    figure = "One whole figure" if cell.whole else "One figure"
    hints = {
        "choice": "Pick one from the list. Leave blank if you have no answer.",
        "number": f"{figure}{unit}; no range. Write 'do not know' if you do not measure it.{none}",
        "percentage": f"A percentage: 95 or 95 %. Write 'do not know' if you do not measure it.{none}",
        "date": f"A date as YYYY-MM-DD.{none}",
        "text": "Free text.",
        "price": f"One price above 0 in {cell.unit}, without discounts or ranges.",
    }
    return f"{hints[cell.kind]} {cell.help}".strip()


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
