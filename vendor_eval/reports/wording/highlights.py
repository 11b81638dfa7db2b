"""What speaks for a vendor and against it, in a line each: the question and what was answered."""

from vendor_eval.formatting.figures import number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.wording.answers import short_answer
from vendor_eval.results import UNPROVEN, AnswerRecord, QuestionDefinition

_LONGEST_ANSWER = 22
# Of these an answer is a list of ticks or figures: what it is worth says more in a line.
_LISTS = {"multi_choice", "figures"}


def highlight(question: QuestionDefinition, answer: AnswerRecord, most: int) -> str:
    """Say in one line of so many characters what was asked and what was answered."""
    is_list = question.type in _LISTS and answer.state == "answered"
    text = f"{number(answer.credited, 0)} of 100" if is_list else cut(short_answer(question, answer), _LONGEST_ANSWER)
    if answer.evidence in UNPROVEN and (answer.value or 0.0) > (answer.credited or 0.0):
        text = f"{text}, not proven"
    return f"{cut(question.text.rstrip('?.'), most - len(text) - 2)}: {text}"
