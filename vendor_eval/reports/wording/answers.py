"""Answers as every output prints them: in the vendor's words, with the unit, and what counts in their place."""

from vendor_eval.formatting.figures import number
from vendor_eval.formatting.measures import amount, with_unit
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.wording.names import cut_answer
from vendor_eval.reports.wording.pilot import unit_of
from vendor_eval.results import UNPROVEN, AnswerRecord, FindingRecord, QuestionDefinition

_LONGEST = 160
_LONGEST_ANSWER = 22
# Of these an answer is a list of ticks or figures: what it is worth says more in a line.
_LISTS = {"multi_choice", "figures"}
_NO_ANSWER = {"blank": "no answer", "pending": "not yet scored", "not_asked": "not asked"}


def answer_text(question: QuestionDefinition, answer: AnswerRecord, most: int = _LONGEST) -> str:
    """Print the answer as the vendor gave it, and what counts in its place: a correction, or the panel's level."""
    text = cut_answer(own_words(question, answer), most) or _NO_ANSWER.get(answer.state, "no answer")
    if answer.state == "settled":
        return f"{text} (made unnecessary by another answer)"
    if level := level_text(question, answer):
        return f"{text} → {level}"
    if answer.finding and answer.finding.kind == "answer":
        done = "measured" if answer.finding.is_by_pilot else "corrected to"
        return f"{text}, {done} {_in_its_place(answer, answer.finding)}"
    return text


def _in_its_place(answer: AnswerRecord, finding: FindingRecord) -> str:
    """Print what counts in the place of an answer; what was measured is rounded as every figure."""
    effect = answer.pilot.effect if answer.pilot and finding.is_by_pilot else None
    if answer.pilot is None or effect is None:
        return cut(str(finding.value), 80)
    unit = unit_of(answer.pilot)
    return with_unit(amount(effect.answer, unit, answer.pilot.promised), unit)


def level_text(question: QuestionDefinition, answer: AnswerRecord) -> str:
    """Print the level that counts, which is the panel's and no single evaluator's; nothing where there is none."""
    if not (question.levels and answer.state == "answered" and answer.answer):
        return ""
    return f"level {short_level(float(answer.answer))} of {len(question.levels) - 1}"


def short_level(level: float) -> str:
    """Print a level with two decimals at most.

    >>> short_level(3.0), short_level(3.5), short_level(11 / 3)
    ('3', '3.5', '3.67')
    """
    return number(level, 2).rstrip("0").rstrip(".")


def short_answer(question: QuestionDefinition, answer: AnswerRecord, most: int = 90) -> str:
    """Print an answer in a few words: of a text that evaluators scored the level, of a certificate its status."""
    if level := level_text(question, answer):
        return level
    if answer.finding and answer.finding.kind == "answer":
        done = ", measured by us" if answer.finding.is_by_pilot else ", corrected by us"
        return f"{cut(_in_its_place(answer, answer.finding), most - len(done))}{done}"
    if question.type == "certification" and answer.parts:
        status = next((part.raw for part in answer.parts if part.key == "status"), answer.raw)
        return "no certificate" if answer.answer == status == "None" else cut(status, most)
    return cut(answer_text(question, answer, 3 * most), most)


def highlight(question: QuestionDefinition, answer: AnswerRecord, most: int) -> str:
    """Say in one line of so many characters what was asked and what was answered."""
    is_list = question.type in _LISTS and answer.state == "answered"
    text = f"{number(answer.credited, 0)} of 100" if is_list else cut(short_answer(question, answer), _LONGEST_ANSWER)
    if answer.evidence in UNPROVEN and (answer.value or 0.0) > (answer.credited or 0.0):
        text = f"{text}, not proven"
    return f"{cut(question.text.rstrip('?.'), most - len(text) - 2)}: {text}"


def own_words(question: QuestionDefinition, answer: AnswerRecord) -> str:
    """Print what stands in the cells: of ticks the labels, of several figures the result, of a number the unit too."""
    corrected = answer.finding and answer.finding.kind == "answer"
    if question.type in _LISTS and answer.answer is not None and not corrected:
        return answer.answer or "none ticked"
    is_bare = answer.raw.replace(".", "", 1).replace("-", "", 1).isdecimal()
    # To an answer that could not be read no unit is added: it may be what is doubtful.
    read = answer.state == "answered"
    return f"{answer.raw} {question.unit}" if read and is_bare and question.unit not in {"", "ratio"} else answer.raw
