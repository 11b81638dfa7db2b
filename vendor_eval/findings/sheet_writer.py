"""The score sheet of an evaluator: levels with their anchors, claims with their evidence."""

import io
from collections.abc import Mapping
from itertools import pairwise

from vendor_eval.findings import sheet_rows
from vendor_eval.forms.workbook_writer import SheetWriter, WorkbookWriter, done, drawn, lines
from vendor_eval.tender import Evaluation

_WIDTHS = {
    "Vendor": 12,
    "ID": 8,
    "Question": 22,
    "Level": 6,
    "Reason": 26,
    "Levels": 30,
    "Answer": 30,
    "Evidence": 18,
    "Watch for": 16,
    "Other answers": 60,
    "Given": 36,
    "Took part": 16,
    "Act": 16,
    "Correct to": 14,
}
_ON_SCREEN = "Other answers"
_FROZEN = {sheet_rows.SCORES: 6, sheet_rows.CLAIMS: 4}
_NARROW = 9


def score_sheet(evaluation: Evaluation, plan: sheet_rows.Plan) -> bytes:
    buffer = io.BytesIO()
    title = f"Score sheet: {evaluation.settings.title}, {plan.name}"
    with drawn(buffer, title=title, day=evaluation.settings.as_of, paper="A4", provisional="") as book:
        own = sheet_rows.identity(evaluation, plan.evaluator)
        for name, value in own.items():
            done(book.workbook.set_custom_property(name, value, "text"), name)
        _cover(evaluation, plan, book)
        _table(evaluation, book, sheet_rows.SCORES, plan.headers, plan.scores)
        if plan.headers == sheet_rows.CLAIM_HEADERS or plan.claims:
            _table(evaluation, book, sheet_rows.CLAIMS, sheet_rows.CLAIM_HEADERS, plan.claims)
        hidden = book.page(sheet_rows.IDENTITY, [30, 70])
        for number, (name, value) in enumerate(own.items()):
            hidden.write(number, 0, name)
            hidden.write(number, 1, value)
        hidden.sheet.hide()
    return buffer.getvalue()


def _cover(evaluation: Evaluation, plan: sheet_rows.Plan, book: WorkbookWriter) -> None:
    page = book.page(sheet_rows.COVER, [30, 80])
    title, tender, *how_to = sheet_rows.cover_texts(evaluation, plan.evaluator, plan.name)
    page.heading(title, tender)
    page.row += 1
    for text in how_to:
        page.line(text)
    page.row += 1
    for label in (sheet_rows.WRITTEN_ON, sheet_rows.INTERESTS):
        page.write(page.row, 0, label, "cell strong")
        page.write(page.row, 1, "", "cell entry" if label == sheet_rows.INTERESTS else "cell entry day")
        page.row += 1
    page.finish()
    page.sheet.protect("", {"format_columns": True, "format_rows": True})


def _table(
    evaluation: Evaluation,
    book: WorkbookWriter,
    name: str,
    headers: tuple[str, ...],
    rows: tuple[tuple[str, Mapping[str, str]], ...],
) -> None:
    page = book.page(name, [10, *(_WIDTHS[header] for header in headers)])
    page.sheet.set_column(0, 0, 10, None, {"hidden": True})
    parents = evaluation.criteria.parents
    categories = [parents[texts["ID"]].partition(".")[0] for _, texts in rows]
    for column, header in enumerate((sheet_rows.KEY, *headers)):
        page.write(0, column, header, "header")
    for number, (key, texts) in enumerate(rows, 1):
        page.row = number
        _row(page, number, key, headers, texts)
    # Rows above which another category begins; row 0 is the header.
    breaks = [row for row, (before, own) in enumerate(pairwise(categories), 2) if own != before]
    last = max(len(rows), 1)
    _validate(page, headers, last)
    page.row = last + 1
    page.keep(0, _FROZEN[name] if headers != sheet_rows.CONSENSUS_HEADERS else _FROZEN[sheet_rows.CLAIMS])
    page.filter((1, last), len(headers) + 1)
    page.finish(printed=len(headers) + 1 - headers.count(_ON_SCREEN), breaks=breaks)
    page.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _row(page: SheetWriter, number: int, key: str, headers: tuple[str, ...], texts: Mapping[str, str]) -> None:
    page.write(number, 0, key, "cell small")
    high = 2
    for column, header in enumerate(headers, 1):
        if header in sheet_rows.INPUTS:
            page.write(number, column, "", "cell entry" if header == "Level" else "cell entry words")
            continue
        text = texts.get(header, "")
        page.write(number, column, text, "cell small")
        if header != _ON_SCREEN:
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
        "Act": {
            "validate": "list",
            "source": list(sheet_rows.ACTS),
            "error_message": f"Choose one of: {', '.join(sheet_rows.ACTS)}.",
        },
    }
    for header, rule in rules.items():
        if header in headers:
            column = headers.index(header) + 1
            done(page.sheet.data_validation(1, column, last, column, rule), header)
