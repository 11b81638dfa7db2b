"""Small workbooks and single questions for the tests of reading."""

import io
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.worksheet.worksheet import Worksheet
from places import BANK1
from pydantic import TypeAdapter

from vendor_eval.criteria import bind, load_criteria
from vendor_eval.criteria.questions import AnswerSettings, Question
from vendor_eval.intake.submission import VendorResponse
from vendor_eval.run.evaluate import load_evaluation
from vendor_eval.spreadsheets import Cell, raw_text
from vendor_eval.tender import Evaluation

AS_OF = date(2026, 11, 24)
SETTING = AnswerSettings(AS_OF)
SHIPPED = load_criteria(BANK1)


def ask(type_: str, **keys: Any) -> Any:
    """Make a question of a type; a text and an id are given, the weight is 1 unless the type has none."""
    weight = 0 if type_ == "text" else 1
    record = {"id": "Q1", "text": "What is it?", "type": type_, "weight": weight, **keys}
    return bind(TypeAdapter(Question).validate_python(record), SHIPPED.scheme)


def cell(value: Any, **says: Any) -> Cell:
    """Make a filled cell D5."""
    return Cell(5, 4, "D5", value, **says)


def read(question: Any, *answers: Any, setting: AnswerSettings = SETTING, **parts: Any) -> Any:
    """Read the answer of a question of one cell, or of parts by name."""
    given = {"": answers[0]} if answers else parts
    cells = {part: value if isinstance(value, Cell) else cell(value) for part, value in given.items()}
    return question.read(cells, setting)


def codes(reading: Any) -> list[tuple[str, str]]:
    """List part and code of what there is to say of a reading."""
    return [(fault.part, fault.code) for fault in reading.faults]


def write_book(path: Path, sheets: Mapping[str, Iterable[Iterable[Any]]]) -> Path:
    """Write a workbook of plain sheets from their rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


# ---- questionnaires


def asked(folder: Path, **settings: Any) -> Evaluation:
    """Write an evaluation of version 1 of the shipped scorecard and load it."""
    folder.mkdir(parents=True, exist_ok=True)
    own = {"title": "Small tender", "as_of": AS_OF.isoformat(), "criteria": BANK1, **settings}
    (folder / "evaluation.yaml").write_text(json.dumps(own), encoding="utf-8")
    return load_evaluation(folder)


def opened(content: bytes | Path) -> Workbook:
    """Open a workbook with openpyxl."""
    return load_workbook(io.BytesIO(content) if isinstance(content, bytes) else content)


def form_rows(sheet: Worksheet) -> dict[str, dict[str, OpenpyxlCell]]:
    """Find the rows of a category sheet by visible id, and their cells by header."""
    found: dict[str, dict[str, OpenpyxlCell]] = {}
    headers: dict[str, int] = {}
    for row in sheet.iter_rows():
        texts = {cell.value: cell.column for cell in row if isinstance(cell.value, str)}
        if {"ID", "Answer"} <= texts.keys():
            headers = texts
        elif headers and row[headers["ID"] - 1].value and row[headers["Key"] - 1].value:
            found[row[headers["ID"] - 1].value] = {name: row[column - 1] for name, column in headers.items()}
    return found


def all_form_rows(book: Workbook) -> dict[str, dict[str, OpenpyxlCell]]:
    """Find the rows of every sheet."""
    return {key: row for sheet in book for key, row in form_rows(sheet).items()}


# ---- responses

FORM = """
quality:
  K1:
    YNP-1: {type: yes_no_partial, evidence: Policy}
    YNP-2: {type: yes_no_partial, comment_required: Name each site}
    ONE-1: {type: single_choice, options: [{label: Every month, score: 100}, {label: Never, score: 0}]}
    ALL-1: {type: multi_choice, options: [{label: Badges, score: 60}, {label: Cameras, score: 40}]}
    NUM-1: {type: number, unit: days, points: [[0, 100], [30, 0]], none: 0}
safety:
  K2:
    PCT-1: {evidence: Log}
    DAY-1: {type: date, points: [[0, 100], [12, 0]], none: 0}
    CRT-1: {type: certification, editions: [{id: "2022", label: ISO 27001:2022}]}
    RUB-1: {type: rubric}
    FIG-1:
      type: figures
      parts:
        - {id: over, text: Who worked too long, type: number, unit: people}
        - {id: people, text: Who works for you, type: number, unit: people}
        - {id: source, text: Where it is counted, type: text}
      compute: {rule: share, of: [over, people]}
      points: [[0, 100], [5, 60], [10, 0]]
    TXT-1: {type: text, weight: 0}
"""
_PARTS = ("status", "edition", "accredited", "scope", "valid_until", "issuer", "number")
_FIRST = ("YNP-1", "YNP-2", "ONE-1", "ALL-1.a", "ALL-1.b", "NUM-1", "PCT-1", "DAY-1")
_FIGURES = ("FIG-1.over", "FIG-1.people", "FIG-1.source")
KEYS = (*_FIRST, *(f"CRT-1.{part}" for part in _PARTS), "RUB-1", *_FIGURES, "TXT-1")


def fill(
    content: bytes,
    answers: Mapping[str, Any],
    path: Path,
    change: Callable[[Workbook], object] | None = None,
    **cover: str,
) -> Path:
    """Fill in a questionnaire and change it: an answer for each key, or a tuple of answer, evidence and comment."""
    book = opened(content)
    found = all_form_rows(book)
    for key, given in answers.items():
        values = given if isinstance(given, tuple) else (given,)
        for name, value in zip(("Answer", "Evidence", "Comment"), values, strict=False):
            found[key][name].value = value
    for cell in book["Start here"]["A"]:
        if cell.value in cover:
            cell.offset(column=1).value = cover[cell.value]
    if change:
        change(book)
    book.save(path)
    return path


def said(submission: VendorResponse, *leave_out: str) -> list[tuple[str, str]]:
    """List code and cell of each issue, as `Sheet!D14`."""
    return [
        (issue.code, f"{issue.location.sheet}!{issue.location.cell}" if issue.location.cell else issue.location.sheet)
        for issue in submission.issues
        if issue.code not in leave_out
    ]


def what_was_read(submission: VendorResponse) -> dict[str, tuple[Any, ...]]:
    """What each response says, wherever it stands."""
    return {
        name: (one.state, one.given, one.raw, one.evidence, one.level, one.comment)
        for name, one in submission.responses.items()
    }


def message(submission: VendorResponse, code: str) -> str:
    """Find the message of the one issue with a code."""
    (issue,) = (issue for issue in submission.issues if issue.code == code)
    return issue.message


def template_texts(content: bytes) -> dict[str, set[str]]:
    """List what stands in each sheet of a blank questionnaire, and the ids as a whole."""
    book = opened(content)
    own = {sheet.title: {_folded(cell.value) for row in sheet.iter_rows() for cell in row} for sheet in book}
    return own | {"ids": {key.partition(".")[0].casefold() for key in all_form_rows(book)}}


def unaccounted(own: Mapping[str, set[str]], path: Path, submission: VendorResponse) -> list[str]:
    """List the filled cells of a workbook that a submission neither uses nor names: there must be none.

    It is written apart from the reader: what stands in the same sheet of a blank questionnaire is the template's, what
    a response quotes is used, and the rest has to be unclaimed or the place of an issue.
    """
    everywhere = {text for name, texts in own.items() if name != "_lists" for text in texts}
    responses = (*submission.responses.values(), *submission.offer.values())
    places = {*submission.unclaimed, *(issue.location for issue in submission.issues)}
    places |= {place for one in responses for place in one.locations}
    cells = {(place.sheet, place.cell) for place in places}
    quoted = {line for one in responses for text in (one.evidence, one.comment) for line in (text, *text.split("\n"))}
    # A changed unit stands behind the answer.
    ends = (one.raw.split(" ", words)[-1] for one in responses for words in (1, 2) if " " in one.raw)
    quoted |= {*submission.cover.values(), *ends}
    signed = submission.declaration
    quoted |= {signed.name, signed.role, f"{signed.signed_on}"}
    quoted |= {"Yes" if tick else "No" for tick in signed.ticks.values() if tick is not None}
    return [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in opened(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
        and _folded(cell.value) not in own.get(sheet.title, everywhere)
        and (sheet.title, cell.coordinate) not in cells
        and raw_text(cell.value) not in quoted
    ]


def _folded(value: Any) -> str:
    visible = (sign for sign in raw_text(value) if unicodedata.category(sign) != "Cf")
    return " ".join("".join(visible).casefold().split())
