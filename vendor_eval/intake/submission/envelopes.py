"""Workbooks without what a vendor prices: while prices are sealed nothing of it is read into an answer."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from vendor_eval.criteria.parsing import normalize
from vendor_eval.forms.layout import sheets
from vendor_eval.intake.submission.form import Form, folded_id, form_of
from vendor_eval.intake.submission.tables import FormTable, find_table
from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.spreadsheets import Book, Sheet
from vendor_eval.spreadsheets.csv_file import decimal_sign
from vendor_eval.tender import PRICES, Evaluation

# An id stands in one of the first cells of its row.
_LABELS = 2
_ROW = re.compile(r"[0-9]+")
_UNTIL = "is left unread until 'vendor-eval close quality' opens the prices"


def without_prices(
    evaluation: Evaluation, books: Sequence[Book], *, is_foreign: bool
) -> tuple[list[Book], list[Issue]]:
    """Leave out the sheet Pricing and rows of its ids and texts, in whichever workbook, with a notice for each sheet.

    A workbook of prices alone is left out; raises InputError where a vendor sent nothing else.
    """
    form, title = _price_form(evaluation)
    kept: list[Book] = []
    issues: list[Issue] = []
    for book in books:
        stripped = [_without_rows(sheet, form, title) for sheet in book.sheets if normalize(sheet.name) != title]
        left = {sheet.name for sheet, has_ids in stripped if not has_ids}
        issues += [
            Issue("price-unread", f"what it says of prices {_UNTIL}", Location(book.file, sheet.name))
            for sheet in book.sheets
            if sheet.name not in left
        ]
        is_unread = len(left) < len(book.sheets)
        rest = replace(book, sheets=tuple(sheet for sheet, _ in stripped))
        if is_unread and book.reduced == ".csv":
            # What was detected of the file may come from a price.
            remark = Issue("reduced-checks", "is a .csv file, read with reduced checks", Location(book.file))
            sign = decimal_sign(cell.raw for sheet in rest.sheets for cell in sheet.cells)
            rest = replace(rest, decimal_sign=sign, remarks=(remark,))
        if is_foreign or not is_unread or any(_holds_answers(sheet, evaluation) for sheet in rest.sheets):
            kept.append(rest)
    if books and not kept:
        message = f"holds prices alone: move it into {PRICES}/, under the id of its vendor"
        raise InputError([Issue("unreadable-file", message, Location(books[0].file))])
    return kept, issues


@lru_cache(maxsize=1)
def _price_form(evaluation: Evaluation) -> tuple[Form, str]:
    """Look up the rows that are priced, and the name of their sheet."""
    names = list(sheets(replace(evaluation, envelope="both")))
    return Form(replace(evaluation, envelope="price")), normalize(names[-1])


def _without_rows(sheet: Sheet, form: Form, title: str) -> tuple[Sheet, bool]:
    """Leave out the rows of prices; also tell whether there were any."""
    rows, has_ids = set(), False
    for number, row in sheet.rows():
        texts = [cell.raw for cell in row.values()]
        is_price = any(folded_id(text) in form.folded for text in texts[:_LABELS])
        is_price = is_price or any(normalize(text) in form.by_text for text in texts)
        has_ids = has_ids or is_price
        # The list of the sheets on the first one names Pricing, and counts what is filled there.
        if is_price or normalize(texts[0]) == title:
            rows.add(number)
    if not rows:
        return sheet, False

    def is_left(address: str) -> bool:
        number = _ROW.search(address)
        return number is None or int(number[0]) not in rows

    return replace(
        sheet,
        cells=tuple(cell for cell in sheet.cells if cell.row not in rows),
        covered=tuple(cell for cell in sheet.covered if cell.row not in rows),
        notes=tuple(note for note in sheet.notes if is_left(note[0])),
        objects=tuple(entry for entry in sheet.objects if is_left(entry.address)),
    ), has_ids


def _holds_answers(sheet: Sheet, evaluation: Evaluation) -> bool:
    table = find_table(sheet, form_of(evaluation))
    return isinstance(table, FormTable) and table.holds_ids
