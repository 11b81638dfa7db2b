"""Rows of a score sheet, for its writer and its reader. No score, rank, price or other evaluator."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from vendor_eval.criteria.questions import Question, RubricQuestion
from vendor_eval.findings.acts import Rated, SheetFinding
from vendor_eval.findings.codes import ScoreKey, mask, shown_vendor, shuffled, vendor_codes
from vendor_eval.forms.identity import SCORE_SHEET
from vendor_eval.results import MODERATED
from vendor_eval.tender import CONSENSUS, Evaluation
from vendor_eval.tender.evaluators import Evaluator

COVER, SCORES, CLAIMS, IDENTITY = "Start here", "Scores", "Claims", "_identity"
KEY = "Key"
_ANCHORED = ("Levels", "Answer", "Evidence", "Watch for", "Other answers")
# What evaluators fill in stands in view, beside the question.
SCORE_HEADERS = ("Vendor", "ID", "Question", "Level", "Reason", *_ANCHORED)
CLAIM_HEADERS = ("Vendor", "ID", "Question", "Answer", "Evidence", "Act", "Correct to", "Reason")
CONSENSUS_HEADERS = ("Vendor", "ID", "Question", "Levels", "Given", "Level", "Reason", "Took part")
INPUTS = frozenset(("Level", "Reason", "Took part", "Act", "Correct to"))
VERIFIED, BACK, CORRECT = "accept as verified", "back to claim", "correct"
ACTS = (VERIFIED, BACK, CORRECT)
WRITTEN_ON, INTERESTS = "Written on (YYYY-MM-DD)", "Conflicts of interest"
COVER_FIELDS = {WRITTEN_ON: "date", INTERESTS: "interests"}

_HOW_TO = (
    "Score alone: do not talk about levels before every sheet is in.",
    "Sheet Scores: read the anchors of every level, then give one whole level from 0 to 5 and say what you saw.",
    "Sheet Claims, what could change most first: accept as verified what you have seen, send back others, or correct.",
    "A row without a reason does not count. Leave a claim alone that you have not looked into.",
)
_HOW_TO_MODERATE = (
    "Column Given shows the level and the reason of each evaluator; they stay on record as they are.",
    "Talk each row over, then write the level that the panel agrees on, the reason, and who took part.",
    "A row without a reason, or that does not say who took part, does not count.",
)
# What earlier releases wrote, in sheets that evaluators may still send.
EARLIER_TEXTS = (
    "Sheet Claims: accept as verified what you have seen; send back what the evidence does not say; or correct.",
    (
        "Sheet Claims, those that could change most first: accept as verified what you have seen; send back what the "
        "evidence does not say; or correct."
    ),
)
_LONGEST = 8_000
_CUT = " […] cut here: ask the buyer for the whole text"

_Row = tuple[str, Mapping[str, str]]
# By vendor and question: how grave a requirement is that depends on a claim, and the points that depend on it.
Stakes = Mapping[tuple[str, str], tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Plan:
    """One score sheet: rows by key, each with the texts of its columns."""

    evaluator: str
    name: str
    scores: tuple[_Row, ...]
    claims: tuple[_Row, ...]
    headers: tuple[str, ...] = SCORE_HEADERS


def cover_texts(evaluation: Evaluation, evaluator: str, name: str) -> tuple[str, ...]:
    """Return the lines of the first sheet: heading, tender, how to fill it in."""
    settings = evaluation.settings
    tender = " · ".join(filter(None, (settings.title, settings.reference)))
    return f"Score sheet of {name}", tender, *(_HOW_TO_MODERATE if evaluator == CONSENSUS else _HOW_TO)


def rubrics_of(evaluation: Evaluation, evaluator: Evaluator) -> Mapping[str, RubricQuestion]:
    """Return the rubrics that an evaluator scores, by id."""
    return {
        name: question
        for name, question in questions_of(evaluation, evaluator).items()
        if isinstance(question, RubricQuestion)
    }


def questions_of(evaluation: Evaluation, evaluator: Evaluator) -> Mapping[str, Question]:
    """Return the questions of the categories of an evaluator, by id."""
    return {
        name: question
        for name, question in evaluation.asked_questions.items()
        if not evaluator.categories or _category(evaluation, name) in evaluator.categories
    }


def _category(evaluation: Evaluation, question: str) -> str:
    return evaluation.criteria.parents[question].partition(".")[0]


def plans(
    evaluation: Evaluation,
    rated: Mapping[str, Mapping[str, Rated]],
    names: Mapping[str, str],
    key: ScoreKey | None,
    stakes: Stakes,
) -> tuple[Plan, ...]:
    """Plan one sheet for each evaluator, category by category, with the vendors of each in another order.

    Claims are sorted by what they could change. Blinded sheets ask nothing about the company itself: its papers would
    identify it.
    """
    codes = vendor_codes(rated, key)
    responses = [answer.response for answers in rated.values() for answer in answers.values()]
    texts = (text for sent in responses for text in (sent.raw, sent.evidence, sent.comment))
    hide = mask(names, codes, texts) if key else str
    planner = _Planner(evaluation, rated, names, codes, hide, stakes)
    return tuple(
        Plan(
            evaluator.id,
            evaluator.shown,
            tuple(planner.scores(evaluator)),
            tuple(planner.claims(evaluator, blind=key is not None)),
        )
        for evaluator in evaluation.settings.evaluators
    )


def levels_text(question: RubricQuestion) -> str:
    return "\n".join(f"{level}  {anchor}" for level, anchor in enumerate(question.levels))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


@dataclass(frozen=True, slots=True)
class _Planner:
    evaluation: Evaluation
    rated: Mapping[str, Mapping[str, Rated]]
    names: Mapping[str, str]
    codes: Mapping[str, str]
    hide: Callable[[str], str]
    stakes: Stakes

    def scores(self, evaluator: Evaluator) -> Iterator[_Row]:
        rubrics = rubrics_of(self.evaluation, evaluator)
        vendors = shuffled(self.evaluation, evaluator.id, self.codes)
        for category in dict.fromkeys(_category(self.evaluation, name) for name in rubrics):
            for vendor in vendors:
                for name, question in rubrics.items():
                    if _category(self.evaluation, name) == category:
                        yield f"{self.codes[vendor]}:{name}", self._score_texts(vendor, question)

    def _score_texts(self, vendor: str, question: RubricQuestion) -> Mapping[str, str]:
        answer = self.rated[vendor][question.id]
        check = question.verify and f"Check: {question.verify}"
        return {
            "Vendor": shown_vendor(vendor, self.names, self.codes),
            "ID": question.id,
            "Question": question.text,
            "Levels": levels_text(question),
            "Watch for": "\n".join(filter(None, (question.red_flag, check))),
            "Answer": self._shown(answer.response.raw),
            "Evidence": self._shown("\n".join(_proof(answer))),
            "Other answers": self._shown(self._others(vendor, question.id)),
        }

    def _shown(self, text: str) -> str:
        return _cut(self.hide(text))

    def _others(self, vendor: str, name: str) -> str:
        """Quote the other answers under the same criterion, each with its question and its evidence."""
        parents, questions = self.evaluation.criteria.parents, self.evaluation.asked_questions
        others = [other for other in self.rated[vendor] if other != name and parents[other] == parents[name]]
        return "\n".join(_quoted(other, questions[other], self.rated[vendor][other]) for other in others)

    def claims(self, evaluator: Evaluator, *, blind: bool) -> Iterator[_Row]:
        """List answers with a document that nobody has verified, sent back or corrected yet.

        The category and the claim with the most at stake come first.
        """
        claims = list(self._claims(evaluator, blind=blind))
        gravest: dict[str, tuple[int, float]] = {}
        for claim in claims:
            category = _category(self.evaluation, claim[1])
            gravest[category] = max(gravest.get(category, (0, 0.0)), self.stakes[claim])
        order = sorted(gravest, key=lambda category: gravest[category], reverse=True)
        claims.sort(key=lambda claim: self.stakes[claim], reverse=True)
        for vendor, name in sorted(claims, key=lambda claim: order.index(_category(self.evaluation, claim[1]))):
            question, answer = self.evaluation.asked_questions[name], self.rated[vendor][name]
            text = self._shown(answer.given.text if answer.given else "")
            shown = shown_vendor(vendor, self.names, self.codes)
            texts = (shown, name, question.text, text, self._shown("\n".join(_proof(answer))))
            yield f"{self.codes[vendor]}:{name}", dict(zip(CLAIM_HEADERS, texts, strict=False))

    def _claims(self, evaluator: Evaluator, *, blind: bool) -> Iterator[tuple[str, str]]:
        weighted = {category.category for category in self.evaluation.criteria.categories if category.weighted}
        for vendor in shuffled(self.evaluation, evaluator.id, self.codes):
            for name, question in questions_of(self.evaluation, evaluator).items():
                answer = self.rated[vendor][name]
                is_hidden = blind and _category(self.evaluation, name) not in weighted
                is_documented = answer.level == "document" or answer.response.files
                acts = any(finding.kind != "note" for finding in answer.findings)
                if not isinstance(question, RubricQuestion) and is_documented and not acts and not is_hidden:
                    yield vendor, name


def _proof(answer: Rated) -> list[str]:
    return [text for text in (answer.response.evidence, answer.response.comment) if text]


def _quoted(name: str, question: Question, answer: Rated) -> str:
    proof = "; ".join(_proof(answer))
    shown = f" (evidence: {proof})" if proof else ""
    return f"{name} {question.text} — {answer.response.raw or 'no answer'}{shown}"


def consensus_plan(
    evaluation: Evaluation, levels: Iterable[SheetFinding], names: Mapping[str, str], vendors: Collection[str]
) -> Plan:
    """Plan the sheet of the moderated levels, with the level and reason of each evaluator."""
    entries: dict[tuple[str, str], list[str]] = {}
    for finding in levels:
        if finding.level is not None and finding.is_individual:
            entry = f"{finding.by} {finding.level:g}: {finding.reason}"
            entries.setdefault((finding.vendor, finding.question), []).append(entry)
    rubrics: dict[str, RubricQuestion] = {}
    for evaluator in evaluation.settings.evaluators:
        rubrics |= rubrics_of(evaluation, evaluator)
    rows: list[_Row] = []
    for name in (name for name in evaluation.asked_questions if name in rubrics):
        question = rubrics[name]
        for vendor in vendors:
            levels_given = _cut("\n".join(entries.get((vendor, name), ())))
            texts = (names.get(vendor, vendor), name, question.text, levels_text(question), levels_given)
            rows.append((f"{vendor}:{name}", dict(zip(CONSENSUS_HEADERS, texts, strict=False))))
    return Plan(CONSENSUS, MODERATED, tuple(rows), (), CONSENSUS_HEADERS)


def identity(evaluation: Evaluation, evaluator: str) -> dict[str, str]:
    """Return the properties that mark a workbook as the score sheet of an evaluator for this evaluation."""
    settings = evaluation.settings
    title = f"{settings.title}\n{settings.reference}"
    return {
        "vendor_eval_template": SCORE_SHEET,
        "vendor_eval_evaluator": evaluator,
        "vendor_eval_evaluation": hashlib.sha256(title.encode()).hexdigest(),
    }
