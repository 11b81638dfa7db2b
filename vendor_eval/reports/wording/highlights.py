"""What speaks for a vendor and against it, in a line each: the question and what was answered."""

from vendor_eval.formatting.figures import number
from vendor_eval.formatting.printable import cut
from vendor_eval.results import UNPROVEN, AnswerRecord, QuestionDefinition

_LONGEST_ANSWER = 22
_STATES = {"blank": "no answer", "invalid": "cannot be read", "pending": "not yet rated"}


def highlight(question: QuestionDefinition, answer: AnswerRecord, most: int) -> str:
    """Say in one line of so many characters what was asked and what was answered."""
    text = answer_in_short(question, answer)
    return f"{cut(question.text.rstrip('?.'), most - len(text) - 2)}: {text}"


def answer_in_short(question: QuestionDefinition, answer: AnswerRecord) -> str:
    """Print an answer in a few words, and whether it still wants proof."""
    if answer.state in _STATES:
        return _STATES[answer.state]
    text = _answer(question, answer)
    unproven = answer.evidence in UNPROVEN and (answer.value or 0.0) > (answer.credited or 0.0)
    return f"{text}, not proven" if unproven else text


def _answer(question: QuestionDefinition, answer: AnswerRecord) -> str:
    text = answer.answer or ""
    if question.type == "rubric":
        return f"level {text} of {len(question.levels) - 1}"
    if question.type == "certification":
        return next((part.raw for part in answer.parts if part.key == "status"), text).lower()
    if question.type in {"multi_choice", "figures"}:
        return f"{number(answer.credited, 0)} of 100"
    return cut(f"{text} {question.unit}".strip(), _LONGEST_ANSWER)
