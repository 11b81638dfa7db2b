"""The score sheet of an evaluator: levels with their anchors, claims with their evidence."""

import io
from collections.abc import Mapping

from vendor_eval.findings.sheet_rows import (
    ACTS,
    CLAIM_HEADERS,
    CLAIMS,
    COVER,
    IDENTITY,
    INPUTS,
    INTERESTS,
    KEY,
    SCORES,
    WRITTEN_ON,
    Plan,
    cover_texts,
    identity,
)
from vendor_eval.forms.workbook_writer import SheetWriter, WorkbookWriter, done, drawn, lines
from vendor_eval.tender import Evaluation

_WIDTHS = {
    "Vendor": 16,
    "ID": 9,
    "Question": 34,
    "Levels": 44,
    "Watch for": 24,
    "Answer": 34,
    "Evidence": 30,
    "Other answers": 34,
    "Given": 44,
    "Level": 8,
    "Reason": 40,
    "Took part": 24,
    "Act": 18,
    "Correct to": 18,
}
_NARROW = 9


def score_sheet(evaluation: Evaluation, plan: Plan) -> bytes:
    """Render a score sheet as the bytes of an .xlsx workbook."""
    buffer = io.BytesIO()
    title = f"Score sheet: {evaluation.settings.title}, {plan.name}"
    with drawn(buffer, title=title, day=evaluation.settings.as_of, paper="A4", provisional=False) as book:
        own = identity(evaluation, plan.evaluator)
        for name, value in own.items():
            done(book.workbook.set_custom_property(name, value, "text"), name)
        _cover(evaluation, plan, book)
        _table(book, SCORES, plan.headers, plan.scores)
        if plan.headers == CLAIM_HEADERS or plan.claims:
            _table(book, CLAIMS, CLAIM_HEADERS, plan.claims)
        hidden = book.page(IDENTITY, [30, 70])
        for number, (name, value) in enumerate(own.items()):
            hidden.write(number, 0, name)
            hidden.write(number, 1, value)
        hidden.sheet.hide()
    return buffer.getvalue()


def _cover(evaluation: Evaluation, plan: Plan, book: WorkbookWriter) -> None:
    page = book.page(COVER, [30, 80])
    title, tender, *how_to = cover_texts(evaluation, plan.evaluator, plan.name)
    page.heading(title, tender)
    page.row += 1
    for text in how_to:
        page.line(text)
    page.row += 1
    for label in (WRITTEN_ON, INTERESTS):
        page.write(page.row, 0, label, "cell strong")
        page.write(page.row, 1, "", "cell entry" if label == INTERESTS else "cell entry day")
        page.row += 1
    page.finish()
    page.sheet.protect("", {"format_columns": True, "format_rows": True})


def _table(
    book: WorkbookWriter, name: str, headers: tuple[str, ...], rows: tuple[tuple[str, Mapping[str, str]], ...]
) -> None:
    page = book.page(name, [10, *(_WIDTHS[header] for header in headers)])
    page.sheet.set_column(0, 0, 10, None, {"hidden": True})
    for column, header in enumerate((KEY, *headers)):
        page.write(0, column, header, "header")
    for number, (key, texts) in enumerate(rows, 1):
        page.row = number
        _row(page, number, key, headers, texts)
    last = max(len(rows), 1)
    _validate(page, headers, last)
    page.row = last + 1
    page.keep(0, 4)
    page.filter((1, last), len(headers) + 1)
    page.finish()
    page.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _row(page: SheetWriter, number: int, key: str, headers: tuple[str, ...], texts: Mapping[str, str]) -> None:
    page.write(number, 0, key, "cell small")
    high = 2
    for column, header in enumerate(headers, 1):
        if header in INPUTS:
            page.write(number, column, "", "cell entry" if header == "Level" else "cell entry words")
            continue
        text = texts.get(header, "")
        page.write(number, column, text, "cell small")
        high = max(high, lines(text, _WIDTHS[header], size=_NARROW))
    page.height(high, number, size=_NARROW)


def _validate(page: SheetWriter, headers: tuple[str, ...], last: int) -> None:
    rules = {
        "Level": {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": 5,
            "input_title": "Level",
            "input_message": "One whole number from 0 to 5; the anchors stand in column Levels.",
            "error_title": "No level",
            "error_message": "Give one whole number from 0 to 5.",
        },
        "Act": {"validate": "list", "source": list(ACTS), "error_message": f"Choose one of: {', '.join(ACTS)}."},
    }
    for header, rule in rules.items():
        if header in headers:
            column = headers.index(header) + 1
            done(page.sheet.data_validation(1, column, last, column, rule), header)
