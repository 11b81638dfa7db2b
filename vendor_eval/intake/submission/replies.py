"""Replies of a vendor to the conditions of its award, as its workbook came back."""

from collections.abc import Container
from datetime import date, datetime

from vendor_eval.criteria.parsing import normalize
from vendor_eval.forms.conditions import DATE, DONE, ID, PROOF, REPLIES
from vendor_eval.results import ConditionReply, Source
from vendor_eval.spreadsheets import Book, Cell, Sheet


def read_replies(book: Book, asked: Container[str]) -> dict[str, ConditionReply]:
    """Read what is filled in of the conditions that were asked, by their id."""
    replies: dict[str, ConditionReply] = {}
    for sheet in book.sheets:
        columns: dict[str, int] = {}
        for _, row in sheet.rows():
            named = {normalize(cell.raw): column for column, cell in row.items()}
            if {normalize(ID), normalize(DONE)} <= named.keys():
                columns = {name: named[normalize(name)] for name in (ID, DONE, DATE, PROOF) if normalize(name) in named}
            elif columns and (key := row.get(columns[ID])) and key.raw.strip() in asked:
                cells = {name: row[columns[name]] for name in (DONE, DATE, PROOF) if columns.get(name) in row}
                if cells:
                    replies[key.raw.strip()] = _reply(book, sheet, cells)
    return replies


def _reply(book: Book, sheet: Sheet, cells: dict[str, Cell]) -> ConditionReply:
    first = next(iter(cells.values()))
    texts = {name: cell.raw.strip() for name, cell in cells.items()}
    known = {normalize(word): word for word in REPLIES}
    done, day = texts.get(DONE, ""), cells.get(DATE)
    if day and isinstance(day.value, date):
        texts[DATE] = (day.value.date() if isinstance(day.value, datetime) else day.value).isoformat()
    source = Source(file=book.file, sheet=sheet.name, cell=first.address)
    done = known.get(normalize(done), done)
    return ConditionReply(done=done, date=texts.get(DATE, ""), proof=texts.get(PROOF, ""), source=source)
