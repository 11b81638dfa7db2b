"""The appendix of a scorecard: every requirement, and every answer once, with what it earns, leaves and would need."""

from collections.abc import Iterator

from vendor_eval.formatting.figures import KINDS, number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.overview import Overview, View, head
from vendor_eval.reports.pages.scorecard import finding_words, points_of, signed
from vendor_eval.reports.wording.answers import answer_text
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.price import price_arithmetic
from vendor_eval.reports.wording.requirements import NO_COMMENT, by_when, lacks, unmet
from vendor_eval.results import AnswerRecord, QuestionDefinition, Result, VendorRecord

_SETTLED = frozenset(("met", "not raised"))
_TEXT = 300
_LEAST = 0.005  # points that print as more than none


def appendix_of(result: Result, vendor: VendorRecord) -> View:
    """Make the context from a result with one vendor."""
    overview = Overview(result, 1)
    how, price = result.price, vendor.price
    requirements = tuple(_requirements(overview, vendor))
    remarks = [
        issue for issue in vendor.issues if issue.severity != "notice" and issue.question not in overview.questions
    ]
    return {
        **head(result),
        "name": cut(vendor.name, 120),
        "requirements": tuple(row for row in requirements if row[2] not in _SETTLED),
        "met": tuple(title for title, _, outcome, *_ in requirements if outcome == "met"),
        "not_raised": tuple(title for title, _, outcome, *_ in requirements if outcome == "not raised"),
        "categories": tuple(_categories(overview, vendor)),
        "price": price_arithmetic(how, price) if how and price and not how.relative else "",
        "notes": tuple((finding_words(finding, _TEXT), signed(finding)) for finding in vendor.notes),
        "remarks": tuple(f"{cut(issue.message, _TEXT)} ({place(issue.source)})" for issue in remarks),
    }


def _requirements(overview: Overview, vendor: VendorRecord) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield title with its id, kind and step, outcome, what we know, and the cell: gates, then floors."""
    result = overview.result
    not_met = {
        (requirement.about, requirement.kind, requirement.stage, requirement.title): requirement
        for requirement in unmet(result, vendor)
    }
    for gate in vendor.gates:
        requirement = not_met.get((gate.question, gate.kind, gate.stage, cut(gate.because, 90)))
        title = f"{cut(gate.because, 140)} ({gate.question})"
        if requirement:
            outcome: str = requirement.outcome
            known = f"{requirement.know} {requirement.cure}"
        elif gate.result == "pass":
            outcome, known = "met" if gate.kind != "flag" else "not raised", ""
        else:
            outcome = "raised" if gate.result == "fail" else "open"
            known = f"{cut(gate.reason, _TEXT)}. {cut(gate.note, _TEXT) or NO_COMMENT}"
        yield title, f"{KINDS[gate.kind]}, {by_when(result, gate.stage)}", outcome, known, place(gate.source)
    for node in vendor.nodes:
        if floor := node.floor:
            title = f"{overview.titles[node.id]}: at least {floor.at_least:g} points"
            floored = next((requirement for requirement in not_met.values() if requirement.about == node.id), None)
            known = f"{floored.know} {floored.cure}" if floored else f"Scores {number(node.score)}."
            outcome = floored.outcome if floored else "met"
            yield title, f"{KINDS[floor.kind]}, {by_when(result, floor.stage)}", outcome, known, ""


def _categories(overview: Overview, vendor: VendorRecord) -> Iterator[tuple[str, tuple[View, ...]]]:
    answers = {answer.id: answer for answer in vendor.answers}
    for category in overview.result.definition.categories:
        questions = (question for criterion in category.criteria for question in criterion.questions)
        asked = ((question, answers[question.id]) for question in questions if question.id in answers)
        rows = tuple(_answer(overview.result, question, a) for question, a in asked if a.state != "not_asked")
        if rows:
            yield category.title, rows


def _answer(result: Result, question: QuestionDefinition, answer: AnswerRecord) -> View:
    steps = points_of(result, answer)
    counts = answer.credited is not None and answer.global_weight > 0
    proof = cut(answer.evidence_text, 90)
    return {
        "id": question.id,
        "question": cut(question.text, 130),
        "answer": answer_text(question, answer, 110),
        "proof": f"Proof: {proof}" if proof else "",
        "arithmetic": cut(answer.explanation, 180) if counts else "",
        "findings": tuple(f"{finding_words(finding, _TEXT)} ({signed(finding)})" for finding in answer.findings),
        "earned": number(steps.earned, 2) if counts else "–",
        "left": number(steps.left, 2) if counts else "–",
        "better": "; ".join(_better(result, answer)) if steps.left > 0 else "",
        "cell": answer.source.cell or "–",
    }


def _better(result: Result, answer: AnswerRecord) -> Iterator[str]:
    """Say what would raise the score, each with its points of the total: a better answer, or proof."""
    weight = answer.global_weight * result.quality_share()
    step = answer.next_step
    gain = min(step.value, answer.cap or step.value) - (answer.credited or 0.0) if step else 0.0
    if step and weight * gain >= _LEAST:
        yield f"{cut(step.text, 110)} (+{number(weight * gain, 2)})"
    proof = points_of(result, answer).proof
    if proof >= _LEAST:
        needs = "Only needs a document" if answer.evidence in {"claim", "named"} else "Only needs our check"
        yield f"{needs} (+{number(proof, 2)})"
    elif answer.state != "answered":
        yield lacks(answer)
