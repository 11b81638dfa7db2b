"""Rows of a questionnaire, for the writer and for the reader."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast

from vendor_eval.criteria import Category, Criterion
from vendor_eval.criteria.parsing import normalize
from vendor_eval.criteria.questions import AnswerCell, Question
from vendor_eval.criteria.questions.prices import OfferQuestion, PriceQuestion
from vendor_eval.formatting.dates import day
from vendor_eval.forms.identity import IDENTITY, TEXTS
from vendor_eval.forms.project import GROUPS, project_facts
from vendor_eval.tender import CONFIDENTIAL, Evaluation
from vendor_eval.tender.models import Envelope

TEMPLATE = "vendor-eval/questionnaire/1"
KEY = "Key"
HEADERS = ("ID", "Question", "Answer", "Unit", "Evidence", "Comment")
COVER = "Start here"
PROJECT = "The project"
PRICING = "Pricing"
LISTS = "_lists"
COVER_FIELDS = {"vendor": "Vendor name", "contact": "Contact", "country": "Country", "decimal_sign": "Decimal sign"}
DECLARATION = "Declaration"
TICKS = {
    "true": "The answers are true",
    "complete": "The answers are complete",
    "contract": "The answers may become part of the contract",
}
SIGNATURE = {"name": "Signed by", "role": "Role", "date": "Date signed"}
DECLARATION_HINT = "Signed by somebody who may answer for the company, with Yes or No in each of the last three boxes."
YES_NO = ("Yes", "No")
HOW_TO_TITLE = "How to answer"
HOW_TO = {
    "Answers": "Answer in the cells of column Answer. Pick from the list where there is one.",
    "Proof": "Name the proof in column Evidence: document, version, page. "
    "An answer without a named document counts for less.",
    "Limits": "Use Comment for limits and exceptions. 'Partial' counts only with a text in Comment or Evidence.",
    "No answer": "Leave a cell blank if you have no answer. "
    "'n/a' counts as blank: every question here is asked of every vendor.",
    "Figures and dates": "Write 'do not know' where you do not measure a figure, and dates as YYYY-MM-DD.",
    "Figures as text": "Name your decimal sign below if you write figures as text.",
    "This workbook": "Do not add, rename or remove sheets, columns or ids. "
    "Further documents travel beside this workbook.",
}
# What earlier releases wrote, in workbooks that vendors may still send.
_EARLIER_PROOF = (
    "Name the proof in column Evidence: document, version, page. An answer without a named document counts as a claim."
)
FILES = {
    "Files": "Send the documents along and write their file names into Evidence. In a list that is answered row by row "
    "each 'Yes' has its own; begin the cell with 'all:' where one document proves them all."
}
DECIMAL_SIGNS = (".", ",")
PROGRESS = ("Sheet", "What it is about", "Answer cells", "Filled")
PROGRESS_TOTAL = "All sheets"
RETURN_BY = "Please return by"
ABOUT, IN_CONFIDENCE, QUESTIONS_TO = "About this tender", "Confidential", "Questions to"
CONTACT = ("Name", "Email", "Phone")
PROJECT_LINK = "What the work is, so that your answers fit it: please read that sheet first."
PROJECT_HINT = "What the work is, so that your answers fit it. There is nothing to fill in on this sheet."
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31


@dataclass(frozen=True, slots=True)
class FormRow:
    """One answer cell: `key` is the question's id, and its part behind a dot."""

    key: str
    question: Question
    cell: AnswerCell
    first: bool

    @property
    def lines(self) -> tuple[tuple[Literal["asked", "wanted"], str], ...]:
        """Lines of the prompt: what is asked, and what is wanted beside the answer."""
        own: list[tuple[Literal["asked", "wanted"], str]] = []
        if self.first:
            own.append(("asked", self.question.text))
            if self.question.evidence:
                own.append(("wanted", f"Proof wanted: {self.question.evidence}"))
            if self.question.comment_required:
                own.append(("wanted", f"In Comment: {self.question.comment_required}"))
        if self.cell.part:
            own.append(("asked", f"→ {self.cell.text}"))
        return (*own, ("wanted", self.cell.help)) if self.cell.help else tuple(own)

    @property
    def text(self) -> str:
        return "\n".join(text for kind, text in self.lines if kind == "asked")

    @property
    def prompt(self) -> str:
        return "\n".join(text for _, text in self.lines)


def rows(questions: Iterable[Question]) -> tuple[FormRow, ...]:
    """Rows of a sheet, one for each answer cell, in order."""
    return tuple(
        FormRow(f"{question.id}.{cell.part}" if cell.part else question.id, question, cell, first=index == 0)
        for question in questions
        for index, cell in enumerate(question.cells())
    )


def sheets(evaluation: Evaluation) -> Mapping[str, tuple[Category, tuple[FormRow, ...]]]:
    """Sheet name to category and rows, for every category that asks anything."""
    result: dict[str, tuple[Category, tuple[FormRow, ...]]] = {}
    for category in evaluation.criteria.categories:
        questions = evaluation.asked(category)
        if questions:
            result[_sheet_name(category.title, result)] = (category, rows(questions))
    if evaluation.offer_questions:
        offer = _offer(evaluation)
        result[_sheet_name(offer.title, result)] = (offer, rows(q for c in offer.criteria for q in c.questions))
    return result


def _offer(evaluation: Evaluation) -> Category:
    """Build the sheet Pricing as a category, so that it is written and read as any other."""
    price = evaluation.price
    if price is None:
        raise TypeError(PRICING)
    once = {item.id for item in price.items if item.once}
    parts: dict[str, list[OfferQuestion]] = {"Unit prices": [], "Paid once": [], "The offer": []}
    for name, question in evaluation.offer_questions.items():
        price_part = "Paid once" if name in once else "Unit prices"
        parts[price_part if isinstance(question, PriceQuestion) else "The offer"].append(question)
    years = f"{price.years:g} year{'' if price.years == 1 else 's'}"
    # No criteria file can hold such questions, so these records are not validated as one.
    criteria = tuple(
        Criterion.model_construct(
            id=f"P{number}", title=title, weight=0.0, questions=tuple(cast("list[Question]", own))
        )
        for number, (title, own) in enumerate(parts.items(), 1)
        if own
    )
    intro = f"One price above 0 for each line, in {price.currency}. The contract runs {years}."
    return Category.model_construct(category="price", title=PRICING, intro=intro, criteria=criteria, weighted=False)


def form_questions(evaluation: Evaluation) -> Mapping[str, Question]:
    """Every question of the questionnaire by id, the lines of the offer last."""
    return {**evaluation.asked_questions, **cast("Mapping[str, Question]", evaluation.offer_questions)}


def _sheet_name(title: str, used: Iterable[str]) -> str:
    name = _SHEET_NAME.sub(" ", title).strip()[:_LONGEST_SHEET_NAME] or "Sheet"
    # Excel keeps the name History to itself.
    names = {other.casefold() for other in (*used, COVER, PROJECT, IDENTITY, TEXTS, LISTS, "History")}
    number = 2
    while name.casefold() in names:
        name = f"{name[: _LONGEST_SHEET_NAME - 4]} ({number})"
        number += 1
    return name


def identity(evaluation: Evaluation) -> dict[str, str]:
    """Return the properties that identify a workbook as this evaluation's questionnaire."""
    return {
        "vendor_eval_template": TEMPLATE,
        "vendor_eval_scorecard": evaluation.criteria.file.scorecard,
        "vendor_eval_scorecard_version": evaluation.criteria.file.version,
        "vendor_eval_content_hash": _content_hash(evaluation),
    }


def _content_hash(evaluation: Evaluation) -> str:
    content = [
        [q.id, q.text, q.type, [[c.part, c.text, [o.label for o in c.options]] for c in q.cells()]]
        for q in form_questions(evaluation).values()
    ]
    canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def envelopes(evaluation: Evaluation) -> tuple[Evaluation, ...]:
    """List what goes out in a workbook of its own: quality and price where these come in two envelopes."""
    parts: tuple[Envelope, ...] = ("quality", "price")
    return tuple(replace(evaluation, envelope=part) for part in parts) if evaluation.has_envelopes else (evaluation,)


def content_hashes(evaluation: Evaluation) -> frozenset[str]:
    """List the hashes of the questionnaires of an evaluation: whole, and in envelopes."""
    parts = envelopes(evaluation)
    whole = (replace(evaluation, envelope="both"),) if len(parts) > 1 else ()
    return frozenset(map(_content_hash, (*whole, *parts)))


def cover_texts(evaluation: Evaluation) -> frozenset[str]:
    """List the texts that the template itself writes on its first sheet, normalized."""
    content = sheets(evaluation)
    own = [
        evaluation.settings.title,
        *map(cover_subtitle, {evaluation, *envelopes(evaluation)}),
        *COVER_FIELDS.values(),
    ]
    own += [DECLARATION, DECLARATION_HINT, *SIGNATURE.values(), *TICKS.values()]
    own += [HOW_TO_TITLE, *HOW_TO, *HOW_TO.values(), *FILES, *FILES.values(), *PROGRESS, PROGRESS_TOTAL]
    own += [ABOUT, RETURN_BY, IN_CONFIDENCE, CONFIDENTIAL, QUESTIONS_TO, *CONTACT, PROJECT, PROJECT_LINK]
    own += [project_subtitle(evaluation), _EARLIER_PROOF]
    own += [*GROUPS.values(), *content]
    own += [text for pair in (*letter_lines(evaluation), *contact_lines(evaluation)) for text in pair]
    own += [text for fact in project_facts(evaluation) for text in (fact.label, fact.text)]
    # Workbooks of earlier releases showed the aim, which is the buyer's.
    own += [text for category, _ in content.values() for text in (category.intro, category.aim)]
    return frozenset(normalize(text) for text in own if text)


def letter_lines(evaluation: Evaluation) -> tuple[tuple[str, str], ...]:
    """List what the buyer says first, each under its label: what it is about, until when, and in confidence."""
    settings = evaluation.settings
    lines = (
        (ABOUT, settings.intro.strip()),
        (RETURN_BY, moment_in_words(settings.deadline or settings.reply_by)),
        (IN_CONFIDENCE, "" if settings.confidential == "off" else settings.confidential.strip()),
    )
    return tuple(line for line in lines if line[1])


def contact_lines(evaluation: Evaluation) -> tuple[tuple[str, str], ...]:
    """List name, email and telephone of the buyer's contact, as far as they are set."""
    contact = evaluation.settings.contact
    lines = zip(CONTACT, (contact.name, contact.email, contact.phone), strict=True)
    return tuple(line for line in lines if line[1])


def moment_in_words(moment: datetime | None) -> str:
    return day(moment.isoformat(timespec="seconds")) if moment else ""


def project_subtitle(evaluation: Evaluation) -> str:
    reference = evaluation.settings.reference
    return f"Reference {reference} · {PROJECT_HINT}" if reference else PROJECT_HINT


def list_texts(evaluation: Evaluation) -> frozenset[str]:
    """List the texts of the hidden sheet behind the dropdowns, normalized."""
    cells = (cell for question in form_questions(evaluation).values() for cell in question.cells())
    own = (*DECIMAL_SIGNS, *YES_NO)
    return frozenset(normalize(text) for text in (*own, *(label for cell in cells for label in cell.labels)))


def cover_subtitle(evaluation: Evaluation) -> str:
    reference = f"{evaluation.settings.reference} · " if evaluation.settings.reference else ""
    count = f"{len(evaluation.asked_questions)} questions" if evaluation.envelope != "price" else PRICING
    return f"{reference}{evaluation.criteria.file.title} {evaluation.criteria.file.version} · {count}"


def sheet_texts(category: Category) -> frozenset[str]:
    """List the texts that the template writes above the rows of a category sheet, normalized."""
    titles = (criterion.title for criterion in category.criteria)
    own = (category.title, category.intro, category.aim, *HEADERS, KEY, *titles)
    return frozenset(normalize(text) for text in own if text)
