"""Rows of a score sheet: what the writer draws and the reader finds again. No score, rank, price or other evaluator."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from vendor_eval.criteria.questions import Question, RubricQuestion
from vendor_eval.findings.acts import Rated, SheetFinding
from vendor_eval.findings.codes import ScoreKey, drawn, mask, shown_vendor, vendor_codes
from vendor_eval.results import MODERATED
from vendor_eval.tender import CONSENSUS, Evaluation
from vendor_eval.tender.evaluators import Evaluator

TEMPLATE = "vendor-eval/score-sheet/1"
COVER, SCORES, CLAIMS, IDENTITY = "Start here", "Scores", "Claims", "_identity"
KEY = "Key"
SCORE_HEADERS = (
    "Vendor",
    "ID",
    "Question",
    "Levels",
    "Watch for",
    "Answer",
    "Evidence",
    "Other answers",
    "Level",
    "Reason",
)
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
    "Sheet Claims: accept as verified what you have seen; send back what the evidence does not say; or correct.",
    "A row without a reason does not count. Leave a claim alone that you have not looked into.",
)
_HOW_TO_MODERATE = (
    "Column Given shows the level and the reason of each evaluator; they stay on record as they are.",
    "Talk each row over, then write the level that the panel agrees on, the reason, and who took part.",
    "A row without a reason, or that does not say who took part, does not count.",
)
_LONGEST = 8_000
_CUT = " […] cut here: ask the buyer for the whole text"

_Row = tuple[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Plan:
    """One score sheet: rows by key, each with the texts of its columns."""

    evaluator: str
    name: str
    scores: tuple[_Row, ...]
    claims: tuple[_Row, ...]
    headers: tuple[str, ...] = SCORE_HEADERS


def cover_texts(evaluation: Evaluation, evaluator: str, name: str) -> tuple[str, ...]:
    """Give the lines of the first sheet: heading, tender, how to fill it in."""
    settings = evaluation.settings
    tender = " · ".join(filter(None, (settings.title, settings.reference)))
    return f"Score sheet of {name}", tender, *(_HOW_TO_MODERATE if evaluator == CONSENSUS else _HOW_TO)


def given_to(evaluation: Evaluation, evaluator: Evaluator) -> Mapping[str, RubricQuestion]:
    """List the rubrics that an evaluator scores."""
    return {
        name: question
        for name, question in in_categories(evaluation, evaluator).items()
        if isinstance(question, RubricQuestion)
    }


def in_categories(evaluation: Evaluation, evaluator: Evaluator) -> Mapping[str, Question]:
    """List the questions of the categories that an evaluator was given."""
    return {
        name: question
        for name, question in evaluation.asked_questions.items()
        if not evaluator.categories or _category(evaluation, name) in evaluator.categories
    }


def _category(evaluation: Evaluation, question: str) -> str:
    return evaluation.criteria.parents[question].partition(".")[0]


def plans(
    evaluation: Evaluation, rated: Mapping[str, Mapping[str, Rated]], names: Mapping[str, str], key: ScoreKey | None
) -> tuple[Plan, ...]:
    """Draw up one sheet for each evaluator; vendors stand in another order on each.

    Under codes nothing is asked about the company itself: its papers would tell who it is.
    """
    codes = vendor_codes(rated, key)
    hide = mask(names, codes, _texts(rated)) if key else _plainly
    drawer = _Drawer(evaluation, rated, names, codes, hide)
    return tuple(
        Plan(
            evaluator.id,
            evaluator.shown,
            tuple(drawer.scores(evaluator)),
            tuple(drawer.claims(evaluator, blind=key is not None)),
        )
        for evaluator in evaluation.settings.evaluators
    )


def _plainly(text: str) -> str:
    return text


def _texts(rated: Mapping[str, Mapping[str, Rated]]) -> Iterator[str]:
    for responses in rated.values():
        for one in responses.values():
            yield from (one.response.raw, one.response.evidence, one.response.comment)


def levels_text(question: RubricQuestion) -> str:
    """Put the anchors of every level below each other."""
    return "\n".join(f"{level}  {anchor}" for level, anchor in enumerate(question.levels))


def _cut(text: str) -> str:
    """Keep a text to what a cell can show."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


@dataclass(frozen=True, slots=True)
class _Drawer:
    evaluation: Evaluation
    rated: Mapping[str, Mapping[str, Rated]]
    names: Mapping[str, str]
    codes: Mapping[str, str]
    hide: Callable[[str], str]

    def scores(self, evaluator: Evaluator) -> Iterator[_Row]:
        rubrics = given_to(self.evaluation, evaluator)
        for vendor in drawn(self.evaluation, evaluator.id, self.codes):
            for name, question in rubrics.items():
                one = self.rated[vendor][name]
                texts = (
                    shown_vendor(vendor, self.names, self.codes),
                    name,
                    question.text,
                    levels_text(question),
                    question.red_flag,
                    self._shown(one.response.raw),
                    self._shown(_proof(one)),
                    self._shown(self._others(vendor, name)),
                )
                yield f"{self.codes[vendor]}:{name}", dict(zip(SCORE_HEADERS, texts, strict=False))

    def _shown(self, text: str) -> str:
        return _cut(self.hide(text))

    def _others(self, vendor: str, name: str) -> str:
        """Quote the other answers under the same criterion, each with its question and its evidence."""
        parents, questions = self.evaluation.criteria.parents, self.evaluation.asked_questions
        beside = [other for other in self.rated[vendor] if other != name and parents[other] == parents[name]]
        return "\n".join(_quoted(other, questions[other], self.rated[vendor][other]) for other in beside)

    def claims(self, evaluator: Evaluator, *, blind: bool) -> Iterator[_Row]:
        """List answers with a document that nobody has verified, sent back or corrected yet."""
        weighted = {category.category for category in self.evaluation.criteria.categories if category.weighted}
        questions = {
            name: question
            for name, question in in_categories(self.evaluation, evaluator).items()
            if not blind or _category(self.evaluation, name) in weighted
        }
        for vendor in drawn(self.evaluation, evaluator.id, self.codes):
            for name, question in questions.items():
                one = self.rated[vendor][name]
                acts = any(finding.kind != "note" for finding in one.findings)
                if isinstance(question, RubricQuestion) or one.level != "document" or acts:
                    continue
                given = one.given.text if one.given else ""
                shown = shown_vendor(vendor, self.names, self.codes)
                texts = (shown, name, question.text, self._shown(given), self._shown(_proof(one)))
                yield f"{self.codes[vendor]}:{name}", dict(zip(CLAIM_HEADERS, texts, strict=False))


def _proof(one: Rated) -> str:
    return "\n".join(filter(None, (one.response.evidence, one.response.comment)))


def _quoted(name: str, question: Question, one: Rated) -> str:
    proof = "; ".join(filter(None, (one.response.evidence, one.response.comment)))
    shown = f" (evidence: {proof})" if proof else ""
    return f"{name} {question.text} — {one.response.raw or 'no answer'}{shown}"


def consensus_plan(
    evaluation: Evaluation, levels: Iterable[SheetFinding], names: Mapping[str, str], vendors: Iterable[str]
) -> Plan:
    """Draw up the sheet of the moderated levels, with what each evaluator gave."""
    given: dict[tuple[str, str], list[str]] = {}
    for finding in levels:
        if finding.level is not None and finding.is_individual:
            entry = f"{finding.by} {finding.level:g}: {finding.reason}"
            given.setdefault((finding.vendor, finding.question), []).append(entry)
    rubrics = {n: q for one in evaluation.settings.evaluators for n, q in given_to(evaluation, one).items()}

    def texts(vendor: str, name: str, question: RubricQuestion) -> tuple[str, ...]:
        told = "\n".join(given.get((vendor, name), ()))
        return names.get(vendor, vendor), name, question.text, levels_text(question), _cut(told)

    rows = [
        (f"{vendor}:{name}", dict(zip(CONSENSUS_HEADERS, texts(vendor, name, q), strict=False)))
        for vendor in vendors
        for name, q in rubrics.items()
    ]
    return Plan(CONSENSUS, MODERATED, tuple(rows), (), CONSENSUS_HEADERS)


def identity(evaluation: Evaluation, evaluator: str) -> dict[str, str]:
    """Tell a workbook as a score sheet of this evaluation, and whose it is."""
    settings = evaluation.settings
    title = f"{settings.title}\n{settings.reference}"
    return {
        "vendor_eval_template": TEMPLATE,
        "vendor_eval_evaluator": evaluator,
        "vendor_eval_evaluation": hashlib.sha256(title.encode()).hexdigest(),
    }
