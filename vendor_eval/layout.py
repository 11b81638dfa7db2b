"""Rows of a questionnaire: what the writer draws and the reader finds again."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vendor_eval.criteria import Category
from vendor_eval.parsing import normalize
from vendor_eval.questions import AnswerCell, Question
from vendor_eval.tender import Evaluation

TEMPLATE = "vendor-eval/questionnaire/1"
KEY = "Key"
HEADERS = ("ID", "Question", "Answer", "Unit", "Evidence", "Comment")
COVER = "Start here"
IDENTITY = "_identity"
LISTS = "_lists"
COVER_FIELDS = {
    "vendor": "Vendor name",
    "contact": "Contact",
    "country": "Country",
    "decimal_sign": "Decimal sign",
}
HOW_TO_TITLE = "How to answer"
HOW_TO = {
    "Answers": "Answer in the cells of column Answer. Pick from the list where there is one.",
    "Proof": "Name the proof in column Evidence: document, version, page. "
    "An answer without a named document counts as a claim.",
    "Limits": "Use Comment for limits and exceptions. 'Partial' counts only with a text in Comment or Evidence.",
    "No answer": "Leave a cell blank if you have no answer. "
    "'n/a' counts as blank: every question here is asked of every vendor.",
    "Figures and dates": "Write 'do not know' where you do not measure a figure, and dates as YYYY-MM-DD.",
    "Figures as text": "Name your decimal sign below if you write figures as text.",
    "This workbook": "Do not add, rename or remove sheets, columns or ids. "
    "Further documents travel beside this workbook.",
}
DECIMAL_SIGNS = (".", ",")
PROGRESS = ("Sheet", "What it is about", "Answer cells", "Filled")
PROGRESS_TOTAL = "All sheets"
RETURN_BY = "Please return by"
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31


@dataclass(frozen=True, slots=True)
class Row:
    """One answer cell: `key` is the question's id, and its part behind a dot."""

    key: str
    question: Question
    cell: AnswerCell
    text: str
    first: bool

    @property
    def wanted(self) -> str:
        """What is wanted beside the answer, a line each."""
        proof = [f"Proof wanted: {self.question.evidence}"] if self.first and self.question.evidence else []
        if self.first and self.question.comment_required:
            proof.append(f"In Comment: {self.question.comment_required}")
        return "\n".join([*proof, self.cell.help] if self.cell.help else proof)

    @property
    def prompt(self) -> str:
        """Text of the row with what is wanted beside the answer."""
        return f"{self.text}\n{self.wanted}" if self.wanted else self.text


def rows(questions: Iterable[Question]) -> tuple[Row, ...]:
    """Rows of a sheet, one for each answer cell, in order."""
    return tuple(row for question in questions for row in _rows(question))


def _rows(question: Question) -> tuple[Row, ...]:
    cells = question.cells()
    if len(cells) == 1 and not cells[0].part:
        return (Row(question.id, question, cells[0], question.text, first=True),)
    return tuple(
        Row(
            f"{question.id}.{cell.part}",
            question,
            cell,
            f"{question.text}\n→ {cell.text}" if index == 0 else f"→ {cell.text}",
            first=index == 0,
        )
        for index, cell in enumerate(cells)
    )


def sheets(evaluation: Evaluation) -> Mapping[str, tuple[Category, tuple[Row, ...]]]:
    """Sheet name to category and rows, for every category that asks anything."""
    result: dict[str, tuple[Category, tuple[Row, ...]]] = {}
    for category in evaluation.criteria.categories:
        questions = evaluation.asked(category)
        if questions:
            result[_sheet_name(category.title, result)] = (category, rows(questions))
    return result


def _sheet_name(title: str, taken: Iterable[str]) -> str:
    name = _SHEET_NAME.sub(" ", title).strip()[:_LONGEST_SHEET_NAME] or "Sheet"
    used = {other.casefold() for other in (*taken, COVER, IDENTITY, LISTS)}
    number = 2
    while name.casefold() in used:
        name = f"{name[: _LONGEST_SHEET_NAME - 4]} ({number})"
        number += 1
    return name


def identity(evaluation: Evaluation) -> dict[str, str]:
    """Tell a workbook as this evaluation's questionnaire, whoever saves it again."""
    content = [
        [q.id, q.text, q.type, [[c.part, c.text, [o.label for o in c.options]] for c in q.cells()]]
        for q in evaluation.asked_questions.values()
    ]
    canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return {
        "vendor_eval_template": TEMPLATE,
        "vendor_eval_scorecard": evaluation.criteria.file.scorecard,
        "vendor_eval_scorecard_version": evaluation.criteria.file.version,
        "vendor_eval_content_hash": hashlib.sha256(canonical.encode()).hexdigest(),
    }


def cover_texts(evaluation: Evaluation) -> frozenset[str]:
    """Normalised texts that the template itself writes on its first and its hidden sheet."""
    own = [
        evaluation.settings.title,
        evaluation.settings.reference,
        *HOW_TO,
        *COVER_FIELDS.values(),
        *PROGRESS,
        *DECIMAL_SIGNS,
    ]
    own += [*sheets(evaluation), *identity(evaluation), *identity(evaluation).values()]
    own += [cover_subtitle(evaluation)]
    own += [
        label for question in evaluation.asked_questions.values() for cell in question.cells() for label in cell.labels
    ]
    return frozenset(normalize(text) for text in own if text)


def cover_subtitle(evaluation: Evaluation) -> str:
    """Line under the title of the first sheet."""
    reference = f"{evaluation.settings.reference} · " if evaluation.settings.reference else ""
    count = len(evaluation.asked_questions)
    return f"{reference}{evaluation.criteria.file.title} {evaluation.criteria.file.version} · {count} questions"


def sheet_texts(category: Category) -> frozenset[str]:
    """Normalised texts that the template writes above the rows of a category sheet."""
    own = (category.title, category.aim, *HEADERS, KEY, *(criterion.title for criterion in category.criteria))
    return frozenset(normalize(text) for text in own if text)
