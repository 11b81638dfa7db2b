"""Writer of workbooks for readers: styles by name, text that stays text, tables, and pages that print."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from math import ceil
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from vendor_eval.issues import VendorEvalError

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_CELL = 32_767
PAPERS = {"A4": 9, "Letter": 1}
TINT = "#9dbfe0"
INK, ACCENT, _MUTED, LINE = "#1f2933", "#1f4e79", "#5b6770", "#c9d1d9"
_CUT = " […] cut here: the whole text stands in results.json"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FOOTER_LIMIT = 120
_LEADING = 1.28
_HIGHEST_ROW = 409
# A column's width counts digits of 11 points; letters of our text are narrower.
_WIDTH_OF_A_POINT = 11.3

# Text stays text: no formula, link or number is made of it.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_HEADER = {"bold": True, "border": 1, "border_color": "#ffffff"}
# One place to add a style; a cell names several, the later one wins.
_STYLES: dict[str, dict[str, Any]] = {
    "base": {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top", "text_wrap": True},
    "title": {"bold": True, "font_size": 16, "font_color": ACCENT, "valign": "vcenter"},
    "muted": {"font_color": _MUTED},
    "small": {"font_size": 9},
    "strong": {"bold": True},
    "headline": {"bold": True, "font_size": 12, "valign": "vcenter"},
    "section": {"bold": True, "font_size": 12, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT},
    "warning": {"bold": True, "bg_color": "#fdeeb5", "border": 2, "border_color": INK, "valign": "vcenter"},
    "cell": {"border": 1, "border_color": LINE},
    "header": _HEADER | {"font_color": "#ffffff", "bg_color": ACCENT, "valign": "bottom"},
    "group": _HEADER | {"font_color": ACCENT, "bg_color": "#dfe9f3", "align": "center", "text_wrap": False},
    "band": {"bg_color": "#edf2f7", "bold": True},
    "aside": {"bg_color": "#f3f4f5", "font_color": _MUTED},
    "first": {"top": 2, "top_color": _MUTED},
    "input": {"locked": False, "bg_color": "#fff6bf", "bold": True, "border": 2, "border_color": ACCENT},
    "alarm": {"bold": True, "font_size": 12, "font_color": "#c00000", "valign": "vcenter"},
    "plain": {"num_format": "0.##"},
    "failed": {"bold": True, "bg_color": "#f4c7c3"},
    "open": {"bold": True, "bg_color": "#fdeeb5"},
    "center": {"align": "center"},
    "right": {"align": "right"},
    "indent": {"indent": 1},
    "score": {"num_format": "0.0"},
    "points": {"num_format": "0.00"},
    "whole": {"num_format": "0", "align": "center"},
    # As figures.percent: never rounded up to all.
    "percent": {"num_format": '[>0.999999999]0 %;[>=0.995]"99 %";0 %'},
    "middle": {"valign": "vcenter"},
    "entry": {"bg_color": "#fff6d9", "locked": False},
    # Text format: a program would turn '=1+1' into a formula and 1-2 into a date.
    "words": {"num_format": "@"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "one-line": {"text_wrap": False},
    "share": {"num_format": "0.00 %"},
    "below": {"num_format": '0.0" ▼"', "bold": True},
    "maybe": {"num_format": '0.0" △"', "bold": True},
    "waived": {"num_format": '0.0" w"', "bold": True},
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, and the value that it has until somebody changes what it refers to."""

    text: str
    value: str | float


Value = str | float | Formula | None
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SheetColumn(Generic[T]):
    """A column of a table: its header, its width in characters, its value for a row, and the styles of its cells."""

    title: str
    width: float
    value: Callable[[T], Value]
    style: str | Callable[[T], str] = ""


def cell_text(text: str) -> str:
    r"""Fit any text into a cell: without characters that XML forbids, cut with a visible mark where it is too long.

    >>> cell_text("=1+1\x00")
    '=1+1'
    """
    clean = _FORBIDDEN.sub("", text)
    # Excel counts UTF-16 units.
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return clean
    return units[: 2 * (LONGEST_CELL - len(_CUT))].decode("utf-16-le", errors="ignore") + _CUT


def inline(text: str) -> str:
    r"""Fit a name into a sentence of ours: one line, without characters that would turn the rest of it.

    >>> inline("Acme\n\u202eData")
    'Acme Data'
    """
    visible = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return " ".join(visible.split())


def lines(text: str, width: float, *, size: float = 10) -> int:
    """Estimate the lines that a text of a font size takes in a column of a width, generously."""
    columns = (sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text.split("\n"))
    return sum(max(1, ceil(count * size / _WIDTH_OF_A_POINT / width)) for count in columns)


def done(code: int | None, place: str) -> None:
    """Raise where XlsxWriter declined to write: it answers with a code and goes on."""
    if code:
        message = f"{place} does not fit into an Excel cell (at most 32,767 characters): shorten it in the criteria"
        raise VendorEvalError(message)


@dataclass
class WorkbookWriter:
    """A workbook in the making. The same content gives the same bytes."""

    workbook: "Workbook"
    title: str
    paper: str
    provisional: str
    formats: dict[str, "Format"] = field(default_factory=dict)

    def style(self, names: str) -> "Format":
        """Find the format of styles named with blanks between."""
        if names not in self.formats:
            merged: dict[str, Any] = {}
            for name in ("base", *names.split()):
                merged |= _STYLES.get(name) or {"num_format": name}
            self.formats[names] = self.workbook.add_format(merged)
        return self.formats[names]

    def page(self, name: str, widths: Sequence[float]) -> "SheetWriter":
        sheet = self.workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            done(sheet.set_column(column, column, width, self.style("")), name)
        return SheetWriter(self, sheet, tuple(widths))


@contextmanager
def drawn(buffer: io.BytesIO, *, title: str, day: date, paper: str, provisional: str) -> Iterator[WorkbookWriter]:
    """Open a workbook; it is written to the buffer at the end. `provisional` says why it is, '' for what is not."""
    from xlsxwriter import Workbook

    with Workbook(buffer, OPTIONS) as workbook:
        # A fixed time of day: the same evaluation gives the same bytes.
        created = datetime.combine(day, time())
        workbook.set_properties({"title": cell_text(title), "author": "vendor_eval", "created": created})
        yield WorkbookWriter(workbook, title, paper, provisional)


@dataclass
class SheetWriter:
    """A sheet, written from the top down; `row` is the next free one."""

    book: WorkbookWriter
    sheet: "Worksheet"
    widths: tuple[float, ...]
    row: int = 0
    folded: tuple[float, ...] = ()

    def fold(self, widths: Sequence[float]) -> None:
        """Add columns to the right of all others, grouped and folded; they are not printed."""
        first, style = len(self.widths), self.book.style("")
        for column, width in enumerate(widths, first):
            done(self.sheet.set_column(column, column, width, style, {"level": 1, "hidden": True}), "folded")
        end = first + len(widths)
        done(self.sheet.set_column(end, end, None, None, {"collapsed": True}), "folded")
        self.folded = tuple(widths)

    def write(self, row: int, column: int, value: Value, style: str = "") -> None:
        """Write a cell. Text is never a formula, a link or a number; nothing at all is a dash."""
        form = self.book.style(style)
        if value is None:
            form = self.book.style(f"{style} center muted")
            done(self.sheet.write_string(row, column, "–", form), "–")
        elif isinstance(value, Formula):
            cached = cell_text(value.value) if isinstance(value.value, str) else value.value
            done(self.sheet.write_formula(row, column, value.text, form, cached), value.text)
        elif not isinstance(value, str):
            done(self.sheet.write_number(row, column, value, form), str(value))
        elif text := cell_text(value):
            done(self.sheet.write_string(row, column, text, form), text[:40])
        else:
            done(self.sheet.write_blank(row, column, None, form), "blank")

    def protect(self) -> None:
        """Lock every cell that is no input; without a password, so that who must can open it."""
        allowed = ("autofilter", "sort", "format_cells", "format_columns", "format_rows")
        self.sheet.protect("", dict.fromkeys(allowed, True))

    def own(self, text: str) -> str:
        """Refuse a text of ours that no cell takes, where one of a vendor is cut."""
        done(int(cell_text(text) != text), f"'{text[:40]}…'")
        return text

    def line(self, text: str, style: str = "", *, first: int = 0, least: float = 0) -> None:
        """Write one text over the columns from `first` on, high enough for its lines."""
        self.over(self.row, first, len(self.widths) - 1, text, style)
        size = max((_STYLES[name].get("font_size", 10) for name in style.split()), default=10)
        self.height(lines(text, sum(self.widths[first:]), size=size), self.row, size=size, least=least)
        self.row += 1

    def heading(self, title: str, under: str) -> None:
        """Write the title of the sheet and the line under it, and whether the result is provisional."""
        self.line(title, "title", least=26)
        self.line(under, "muted")
        if self.book.provisional:
            self.line(f"PROVISIONAL: {self.book.provisional}", "warning", least=20)

    def height(self, count: int, row: int, *, size: float = 10, least: float = 0) -> None:
        done(self.sheet.set_row(row, max(min(count * size * _LEADING + 5, _HIGHEST_ROW), least)), "row")

    def fact(self, label: str, value: str, style: str = "cell") -> None:
        """Write a label and, over the columns beside it, its text."""
        start = self.row
        self.line(value, style, first=1)
        self.write(start, 0, label, "cell strong")
        self.height(max(lines(label, self.widths[0]), lines(value, sum(self.widths[1:]))), start)

    def table(
        self, columns: Sequence[SheetColumn[T]], rows: Iterable[T], emphasis: Callable[[T], str] = lambda _row: ""
    ) -> tuple[int, int]:
        """Write a table: header, rows. Gives the first and the last of its rows."""
        for number, column in enumerate(columns):
            self.write(self.row, number, column.title, "header")
        widths = (*self.widths, *self.folded)
        self.height(max(lines(column.title, widths[i]) for i, column in enumerate(columns)), self.row)
        first = self.row + 1
        for row in rows:
            self.row += 1
            for number, column in enumerate(columns):
                style = column.style if isinstance(column.style, str) else column.style(row)
                self.write(self.row, number, column.value(row), f"cell {style} {emphasis(row)}")
        last = self.row
        self.row += 1
        return first, last

    def filter(self, rows: tuple[int, int], columns: int) -> None:
        """Put a filter on a table, and keep its header in sight and on every printed page."""
        first, last = rows
        done(self.sheet.autofilter(first - 1, 0, max(last, first), columns - 1), "filter")

    def keep(self, header: int, columns: int) -> None:
        """Keep the rows down to the header, and so many columns, in sight; repeat the header on every printed page."""
        self.sheet.freeze_panes(header + 1, columns)
        done(self.sheet.repeat_rows(header), "header")

    def repeat(self, header: int, *, freeze: int) -> None:
        """Keep only the rows above `freeze` in sight; repeat the header on every printed page."""
        self.sheet.freeze_panes(freeze, 0)
        done(self.sheet.repeat_rows(header), "header")

    def shade(self, rows: tuple[int, int], first: int, last: int, *, most: float = 100) -> None:
        """Shade figures from 0 to `most` in one hue: the darker the more, in gray too.

        No bars: those that start at 0 need an extension that other readers do not know.
        """
        low = {"min_type": "num", "min_value": 0, "min_color": "#ffffff"}
        scale = {"type": "2_color_scale", **low, "max_type": "num", "max_value": most, "max_color": TINT}
        if first <= last and rows[0] <= rows[1]:
            done(self.sheet.conditional_format(rows[0], first, rows[1], last, scale), "colours")

    def over(self, row: int, first: int, last: int, text: str, style: str) -> None:
        done(self.sheet.merge_range(row, first, row, last, "", self.book.style(style)), text[:40])
        self.write(row, first, text, style)

    def finish(self, *, tall: int = 0, printed: int = 0, breaks: Sequence[int] = ()) -> None:
        """Set the page up for print: landscape, as wide as the paper, numbered.

        `tall` is the number of pages it is to fit on, 0 for as many as it takes; `printed` the number of columns that
        go on paper, 0 for all; `breaks` are the rows above which a new page begins.
        """
        sheet = self.sheet
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(PAPERS[self.book.paper])
        sheet.fit_to_pages(1, tall)
        sheet.set_h_pagebreaks(list(breaks))
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        done(sheet.print_area(0, 0, max(self.row - 1, 0), (printed or len(self.widths)) - 1), "print area")
        title = inline(cell_text(self.book.title))[:_FOOTER_LIMIT].replace("&", "&&")
        mark = '&C&"Arial,Bold"&9 PROVISIONAL' if self.book.provisional else ""
        # A blank before the title, whose first digit would count to the font size.
        done(sheet.set_footer(f'&L&"Arial,Regular"&8 {title}{mark}&R&"Arial,Regular"&8 &A · page &P of &N'), "footer")
