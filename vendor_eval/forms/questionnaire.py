"""The questionnaire that goes to vendors. Scores, gates and red flags never stand in it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from vendor_eval.criteria import Category
from vendor_eval.forms import layout
from vendor_eval.forms.boxes import FormColumns, FormWriter, done
from vendor_eval.forms.identity import IDENTITY, TEXTS
from vendor_eval.forms.project import GROUPS, has_project, project_facts
from vendor_eval.forms.workbook_writer import ACCENT, OPTIONS
from vendor_eval.tender import CONFIDENTIAL, Evaluation

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# Together they print at four fifths of their size on A4, and fit a laptop's screen at 100 %.
_WIDTHS = (10, 17, 54, 28, 11, 32, 32)
_COVER_WIDTHS = (22, 78, 14, 14)
_PROJECT_WIDTHS = (30, 98)
_HEADER_ROW = 3
_ANSWER = 3
_COLUMNS = FormColumns(header=_HEADER_ROW, answer=_ANSWER, unit=4, evidence=5, comment=6)

_Content = Mapping[str, tuple[Category, tuple[layout.FormRow, ...]]]


def questionnaire(evaluation: Evaluation) -> bytes:
    """Render the questionnaire of an evaluation as the bytes of an .xlsx workbook."""
    return _Questionnaire(evaluation).render()


@dataclass
class _Questionnaire(FormWriter):
    evaluation: Evaluation

    def render(self) -> bytes:
        from xlsxwriter import Workbook

        buffer = io.BytesIO()
        with Workbook(buffer, OPTIONS) as book:
            settings, own = self.evaluation.settings, layout.identity(self.evaluation)
            self.identify(book, f"Questionnaire: {settings.title}", settings.as_of, own)
            content = layout.sheets(self.evaluation)
            cover = book.add_worksheet(layout.COVER)
            if self._shows_project:
                self._project(book.add_worksheet(layout.PROJECT))
            pages = {name: book.add_worksheet(name) for name in content}
            self.list_sheet = book.add_worksheet(layout.LISTS)
            for name, (category, rows) in content.items():
                self._category(pages[name], category, rows)
            self._cover(cover, content)
            if self.marks:
                self.hide(book.add_worksheet(TEXTS), ((mark,) for mark in self.marks))
            self.hide(book.add_worksheet(IDENTITY), own.items())
            self.list_sheet.hide()
            cover.activate()
        return buffer.getvalue()

    @property
    def _shows_project(self) -> bool:
        return has_project(self.evaluation) and self.evaluation.envelope != "price"

    def _category(self, sheet: "Worksheet", category: Category, rows: tuple[layout.FormRow, ...]) -> None:
        self.write(sheet, 0, 1, category.title, "title")
        if category.intro:
            self.write(sheet, 1, 1, category.intro, "aim")
        for column, name in enumerate((layout.KEY, *layout.HEADERS)):
            self.write(sheet, _HEADER_ROW, column, name, "header")
        titles = {q.id: criterion.title for criterion in category.criteria for q in criterion.questions}
        number, last = _HEADER_ROW + 1, ""
        for row in rows:
            if titles[row.question.id] != last:
                last = titles[row.question.id]
                self.heading(sheet, number, last, len(_WIDTHS))
                number += 1
            self.row(sheet, number, row, _COLUMNS)
            number += 1
        self.set_up_rows(sheet, _WIDTHS, _COLUMNS, number, frozen=_ANSWER)
        self.set_up(sheet, self.evaluation.settings.title)

    def _cover(self, sheet: "Worksheet", content: _Content) -> None:
        for column, width in enumerate(_COVER_WIDTHS):
            sheet.set_column(column, column, width)
        self.write(sheet, 0, 0, self.evaluation.settings.title, "title")
        self.write(sheet, 1, 0, layout.cover_subtitle(self.evaluation), "aim")
        number = self._about_you(sheet, self._how_to(sheet, self._letter(sheet, 3)))
        # It is signed once, with the answers: nothing is to come of a price before it is opened.
        if self.evaluation.settings.declaration != "off" and self.evaluation.envelope != "price":
            number = self.declaration(sheet, number) + 1
        self._progress(sheet, number, content)
        sheet.set_tab_color(ACCENT)
        self.set_up(sheet, self.evaluation.settings.title)

    def _letter(self, sheet: "Worksheet", number: int) -> int:
        """Write what the buyer says first: what it is about, until when, whom to ask."""
        if self._shows_project:
            link = sheet.write_url(number, 0, f"internal:'{layout.PROJECT}'!A1", self.formats["strong"], layout.PROJECT)
            done(link, layout.PROJECT)
            self.write(sheet, number, 1, layout.PROJECT_LINK, "text")
            number += 1
        for label, text in layout.letter_lines(self.evaluation):
            self.write(sheet, number, 0, label, "strong")
            # What is the same in every questionnaire is known again without a mark.
            write = self.write if label == layout.RETURN_BY or text == CONFIDENTIAL else self.mark
            write(sheet, number, 1, text, "strong" if label == layout.RETURN_BY else "text")
            number += 1
        if contact := layout.contact_lines(self.evaluation):
            number += 1
            self.write(sheet, number, 0, layout.QUESTIONS_TO, "section")
            for label, text in contact:
                number += 1
                self.write(sheet, number, 0, label, "strong")
                self.mark(sheet, number, 1, text, "text")
            number += 1
        return number + 1

    def _project(self, sheet: "Worksheet") -> None:
        for column, width in enumerate(_PROJECT_WIDTHS):
            sheet.set_column(column, column, width)
        self.mark(sheet, 0, 0, self.evaluation.settings.title, "title")
        self.mark(sheet, 1, 0, layout.project_subtitle(self.evaluation), "aim")
        number = 2
        for group, facts in groupby(project_facts(self.evaluation), key=lambda fact: fact.group):
            number += 1
            self.mark(sheet, number, 0, GROUPS[group], "section")
            for fact in facts:
                number += 1
                self.mark(sheet, number, 0, fact.label, "label")
                self.mark(sheet, number, 1, fact.text, "cell")
            number += 1
        self.set_up(sheet, self.evaluation.settings.title)

    def _how_to(self, sheet: "Worksheet", number: int) -> int:
        self.write(sheet, number, 0, layout.HOW_TO_TITLE, "section")
        for title, line in (layout.HOW_TO | layout.FILES if self.evaluation.counts_named else layout.HOW_TO).items():
            number += 1
            self.write(sheet, number, 0, title, "strong")
            self.write(sheet, number, 1, line, "text")
        return number + 2

    def _about_you(self, sheet: "Worksheet", number: int) -> int:
        for name, label in layout.COVER_FIELDS.items():
            self.write(sheet, number, 0, label, "label")
            self.blank(sheet, number, 1, "words")
            sheet.set_row(number, 20)
            if name == "vendor":
                sheet.set_selection(number, 1, number, 1)
            if name == "decimal_sign":
                message = "How you write one half: 0.5 or 0,5"
                rule = {"validate": "list", "source": self.list_range(layout.DECIMAL_SIGNS), "input_message": message}
                done(sheet.data_validation(number, 1, number, 1, rule), label)
            number += 1
        return number + 1

    def _progress(self, sheet: "Worksheet", number: int, content: _Content) -> None:
        """Count the filled answer cells of each sheet, live."""
        for column, name in enumerate(layout.PROGRESS):
            self.write(sheet, number, column, name, "header")
        first = _HEADER_ROW + 2
        counts = {
            name: f"COUNTA('{name}'!$D${first}:$D${first - 1 + len(rows) + len(category.criteria)})"
            for name, (category, rows) in content.items()
        }
        for name, (category, rows) in content.items():
            number += 1
            link = sheet.write_url(number, 0, f"internal:'{name}'!D{_HEADER_ROW + 3}", self.formats["link"], name)
            done(link, name)
            self.write(sheet, number, 1, category.intro, "cell")
            self._progress_line(sheet, number, len(rows), counts[name], "count")
        number += 1
        self.write(sheet, number, 0, layout.PROGRESS_TOTAL, "label")
        self.blank(sheet, number, 1, "label")
        asked = sum(len(rows) for _, rows in content.values())
        self._progress_line(sheet, number, asked, "+".join(counts.values()), "sum")

    def _progress_line(self, sheet: "Worksheet", number: int, asked: int, count: str, style: str) -> None:
        done(sheet.write_number(number, 2, asked, self.formats[style]), layout.PROGRESS_TOTAL)
        done(sheet.write_formula(number, 3, f"={count}", self.formats[style], 0), layout.PROGRESS_TOTAL)
        complete = {"type": "cell", "criteria": ">=", "value": asked, "format": self.formats["complete"]}
        sheet.conditional_format(number, 3, number, 3, complete)
