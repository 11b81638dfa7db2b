"""The data block of report.html: columns whose texts stand in one pool, each once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from vendor_eval.reports.wording.lookups import people_of, questions_of
from vendor_eval.reports.wording.names import clean
from vendor_eval.reports.wording.pilot import promise_entries
from vendor_eval.reports.wording.price import amount_words, item_words
from vendor_eval.reports.wording.status import finding_words, waiver_words
from vendor_eval.results import AnswerRecord, QuestionDefinition, Result, Source, VendorRecord, page

_Table = TypeVar("_Table")


@dataclass(frozen=True)
class _Pool:
    """Texts by their place, each once and without what nobody can see; the empty one first."""

    places: dict[str, int] = field(default_factory=lambda: {"": 0})

    def __call__(self, text: str | None) -> page.Text:
        return self.places.setdefault(clean(text or ""), len(self.places))

    def all(self, texts: Iterable[str]) -> tuple[page.Text, ...]:
        return tuple(map(self, texts))


def page_data(result: Result) -> page.PageData:
    """Make the data block of a result."""
    pool = _Pool()
    asked = [question for _, question in questions_of(result) if question.asked]
    by_id = {vendor.id: vendor for vendor in result.evaluated}
    known = result.arithmetic.vendors.ids if result.arithmetic else tuple(by_id)
    levels = {(r.vendor, r.question): r.levels for r in result.panel.ratings} if result.panel else {}
    questions = page.QuestionTexts(*_columns(page.QuestionTexts, [_question(pool, question) for question in asked]))
    names = frozenset(question.id for question in asked)
    vendors = tuple(_vendor(pool, result, by_id[name], names, levels) for name in known)
    return page.PageData(
        arithmetic=result.arithmetic and _cleaned(result.arithmetic),
        agreed=_agreed(result),
        digits=result.digits,
        evaluators={name: clean(person) for name, person in people_of(result).items()},
        questions=questions,
        vendors=vendors,
        texts=tuple(pool.places),
    )


def _cleaned(data: page.Arithmetic) -> page.Arithmetic:
    """Clean what people read of the arithmetic: titles, names and reasons of gates."""

    def texts(column: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(clean, column))

    return replace(
        data,
        categories=replace(data.categories, titles=texts(data.categories.titles)),
        criteria=replace(data.criteria, titles=texts(data.criteria.titles)),
        gates=replace(data.gates, because=texts(data.gates.because)),
        floors=replace(data.floors, because=texts(data.floors.because)),
        vendors=replace(data.vendors, names=texts(data.vendors.names)),
    )


def _columns(table: type[_Table], rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) or [()] * len(fields(table))  # type: ignore[arg-type]  # a dataclass


def _agreed(result: Result) -> page.AgreedTable:
    rows: list[tuple[Any, ...]] = [
        (v.id, clean(v.name), clean(v.country), v.status, clean(v.status_text), v.rank, v.score, v.low, v.high)
        for v in result.in_order
    ]
    return page.AgreedTable(*_columns(page.AgreedTable, rows))


def _question(pool: _Pool, question: QuestionDefinition) -> tuple[Any, ...]:
    return (
        *pool.all((question.text, question.type, question.unit)),
        *pool.all((question.evidence, question.verify, question.red_flag)),
        pool.all(question.source_titles or question.sources),
        tuple((pool(option.label), option.score) for option in question.options),
        question.points,
        pool.all(question.levels),
        tuple(pool.all((gate.kind, gate.test, gate.stage, gate.reason)) for gate in question.gates),
    )


def _vendor(
    pool: _Pool,
    result: Result,
    vendor: VendorRecord,
    asked: frozenset[str],
    levels: dict[tuple[str, str], dict[str, float]],
) -> page.VendorTexts:
    types = {question.id: question.type for _, question in questions_of(result)}
    rows = [
        (
            *_answer(pool, answer, levels.get((vendor.id, answer.id))),
            tuple(
                pool.all((label, " ".join(words)))
                for label, *words in promise_entries(result, vendor, answer, types[answer.id])
            ),
        )
        for answer in vendor.answers
        if answer.id in asked
    ]
    return page.VendorTexts(
        answers=page.AnswerTexts(*_columns(page.AnswerTexts, rows)),
        gates=tuple(
            (
                *(gate.question, gate.kind, gate.result, pool(f"{gate.reason}{waiver_words(gate.waived, '; ')}")),
                *(pool(gate.test), pool(gate.note)),
            )
            for gate in vendor.gates
        ),
        issues=tuple((issue.question, issue.severity, pool(issue.text or issue.message)) for issue in vendor.issues),
        prices=tuple(_prices(pool, result, vendor)),
    )


def _prices(pool: _Pool, result: Result, vendor: VendorRecord) -> Iterator[tuple[page.Text, page.Text, page.Text]]:
    if result.price is None or vendor.price is None:
        return
    lines = {line.id: line for line in result.price.items}
    for item in vendor.price.items:
        line = lines[item.id]
        amount = amount_words(item, result.price.currency) if item.amount is not None else item.raw or "No price"
        yield pool(item_words(line.text, line.unit)), pool(amount), pool(str(item.source))


def _answer(pool: _Pool, answer: AnswerRecord, levels: dict[str, float] | None) -> tuple[Any, ...]:
    step = answer.next_step
    places = dict.fromkeys((answer.source, *answer.sources))
    return (
        *pool.all((answer.answer or "", answer.raw, answer.evidence or "")),
        answer.cap,
        *pool.all((answer.evidence_text, answer.comment, answer.explanation)),
        (pool(step.text), step.value) if step else None,
        tuple(_cell(pool, place) for place in places if place.file),
        pool.all(map(finding_words, answer.findings)),
        tuple(pool.all((old.raw, str(old.source))) for old in answer.earlier),
        pool.all(file.file for file in answer.files),
        levels,
    )


def _cell(pool: _Pool, place: Source) -> tuple[page.Text, page.Text, page.Text]:
    return pool(place.file), pool(place.sheet), pool(place.cell)
