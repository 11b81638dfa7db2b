"""Rows of a score sheet: what the writer draws and the reader finds again. No score, rank, price or other evaluator."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vendor_eval.award import Evaluator
from vendor_eval.documents import Frozen, load_document
from vendor_eval.findings import Rated, SheetFinding
from vendor_eval.issues import InputFaults
from vendor_eval.questions import Question, RubricQuestion
from vendor_eval.tender import CONSENSUS, Evaluation

TEMPLATE = "vendor-eval/score-sheet/1"
KEY_FILE = "score-key.yaml"
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

_Row = tuple[str, Mapping[str, str]]


class ScoreKey(Frozen):
    """Which code on the sheets stands for which vendor. It stays with the buyer."""

    codes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """One score sheet: rows by key, each with the texts of its columns."""

    evaluator: str
    name: str
    scores: tuple[_Row, ...]
    claims: tuple[_Row, ...]
    headers: tuple[str, ...] = SCORE_HEADERS


def load_key(evaluation: Evaluation) -> ScoreKey | None:
    """Load the key of blinded sheets; None where vendors stand under their names."""
    path = evaluation.folder / KEY_FILE
    if not path.exists():
        return None
    document = load_document(Path(path), ScoreKey)
    if document.value is None:
        raise InputFaults(document.faults)
    key: ScoreKey = document.value
    return key


def new_key(evaluation: Evaluation, vendors: Iterable[str], old: ScoreKey | None) -> ScoreKey:
    """Give each vendor a code in an order that the seed draws; codes that were given stay."""
    codes = dict(old.codes) if old else {}
    for vendor in _drawn(evaluation, "codes", [v for v in vendors if v not in codes.values()]):
        codes[f"V{len(codes) + 1}"] = vendor
    return ScoreKey(codes=codes)


def _drawn(evaluation: Evaluation, what: str, vendors: Iterable[str]) -> list[str]:
    """Shuffle by the evaluation's seed alone, the same on every machine."""
    seed = evaluation.settings.seed

    def place(vendor: str) -> str:
        return hashlib.sha256(f"{seed}\n{what}\n{vendor}".encode()).hexdigest()

    return sorted(vendors, key=place)


def given_to(evaluation: Evaluation, evaluator: Evaluator) -> Mapping[str, RubricQuestion]:
    """List the rubrics that an evaluator scores."""
    return {
        name: question
        for name, question in _in_categories(evaluation, evaluator.categories).items()
        if isinstance(question, RubricQuestion)
    }


def _in_categories(evaluation: Evaluation, categories: tuple[str, ...]) -> Mapping[str, Question]:
    parents = evaluation.criteria.parents
    return {
        name: question
        for name, question in evaluation.asked_questions.items()
        if not categories or parents[name].partition(".")[0] in categories
    }


def vendor_codes(vendors: Iterable[str], key: ScoreKey | None) -> Mapping[str, str]:
    """Find the code of each vendor; without a key its id."""
    known = {vendor: code for code, vendor in key.codes.items()} if key else {}
    return {vendor: known.get(vendor, vendor) for vendor in vendors if key is None or vendor in known}


def plans(
    evaluation: Evaluation, rated: Mapping[str, Mapping[str, Rated]], names: Mapping[str, str], key: ScoreKey | None
) -> tuple[Plan, ...]:
    """Draw up one sheet for each evaluator; vendors stand in another order on each."""
    codes = vendor_codes(rated, key)
    hide = _mask(names, codes) if key else _plainly
    return tuple(
        Plan(
            evaluator.id,
            evaluator.shown,
            tuple(_score_rows(evaluation, evaluator, rated, names, codes, hide)),
            tuple(_claim_rows(evaluation, evaluator, rated, names, codes, hide)),
        )
        for evaluator in evaluation.settings.evaluators
    )


def _plainly(text: str) -> str:
    return text


def _mask(names: Mapping[str, str], codes: Mapping[str, str]) -> Callable[[str], str]:
    """Put its code where the name of a vendor stands, in any text."""
    shown = {spelling.casefold(): codes[v] for v, name in names.items() if v in codes for spelling in (name, v)}
    pattern = re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(shown, key=len, reverse=True)))})(?!\w)", re.IGNORECASE
    )
    return lambda text: pattern.sub(lambda match: shown[match[0].casefold()], text)


def shown_vendor(vendor: str, names: Mapping[str, str], codes: Mapping[str, str]) -> str:
    """Name a vendor as the sheets do: by its code, or by its name."""
    return codes[vendor] if codes[vendor] != vendor else names.get(vendor, vendor)


def levels_text(question: RubricQuestion) -> str:
    """Put the anchors of every level below each other."""
    return "\n".join(f"{level}  {anchor}" for level, anchor in enumerate(question.levels))


def _score_rows(
    evaluation: Evaluation,
    evaluator: Evaluator,
    rated: Mapping[str, Mapping[str, Rated]],
    names: Mapping[str, str],
    codes: Mapping[str, str],
    hide: Callable[[str], str],
) -> Iterator[_Row]:
    rubrics = given_to(evaluation, evaluator)
    for vendor in _drawn(evaluation, evaluator.id, codes):
        for name, question in rubrics.items():
            response = rated[vendor][name].response
            texts = (
                shown_vendor(vendor, names, codes),
                name,
                question.text,
                levels_text(question),
                question.red_flag,
                hide(response.raw),
                hide("\n".join(filter(None, (response.evidence, response.comment)))),
                hide(_others(evaluation, name, rated[vendor])),
            )
            yield f"{codes[vendor]}:{name}", dict(zip(SCORE_HEADERS, texts, strict=False))


def _others(evaluation: Evaluation, name: str, rated: Mapping[str, Rated]) -> str:
    """Quote the other answers under the same criterion."""
    parents = evaluation.criteria.parents
    beside = [other for other in rated if other != name and parents[other] == parents[name]]
    return "\n".join(f"{other}: {rated[other].response.raw or '–'}" for other in beside)


def _claim_rows(
    evaluation: Evaluation,
    evaluator: Evaluator,
    rated: Mapping[str, Mapping[str, Rated]],
    names: Mapping[str, str],
    codes: Mapping[str, str],
    hide: Callable[[str], str],
) -> Iterator[_Row]:
    """List answers with a document that nobody has verified, sent back or corrected yet."""
    questions = _in_categories(evaluation, evaluator.categories)
    for vendor in _drawn(evaluation, evaluator.id, codes):
        for name, question in questions.items():
            one = rated[vendor][name]
            acts = any(finding.act != "note" for finding in one.findings)
            if isinstance(question, RubricQuestion) or one.level != "document" or acts:
                continue
            given = one.given.text if one.given else ""
            evidence = "\n".join(filter(None, (one.response.evidence, one.response.comment)))
            texts = (shown_vendor(vendor, names, codes), name, question.text, hide(given), hide(evidence))
            yield f"{codes[vendor]}:{name}", dict(zip(CLAIM_HEADERS, texts, strict=False))


def consensus_plan(
    evaluation: Evaluation, levels: Iterable[SheetFinding], names: Mapping[str, str], vendors: Iterable[str]
) -> Plan:
    """Draw up the sheet of the moderated levels, with what each evaluator gave."""
    given: dict[tuple[str, str], list[str]] = {}
    for finding in levels:
        if finding.level is not None and finding.evaluator != CONSENSUS:
            entry = f"{finding.by} {finding.level:g}: {finding.reason}"
            given.setdefault((finding.vendor, finding.question), []).append(entry)
    rubrics = {n: q for one in evaluation.settings.evaluators for n, q in given_to(evaluation, one).items()}
    rows = [
        (
            f"{vendor}:{name}",
            dict(
                zip(
                    CONSENSUS_HEADERS,
                    (names.get(vendor, vendor), name, q.text, levels_text(q), "\n".join(given.get((vendor, name), ()))),
                    strict=False,
                )
            ),
        )
        for vendor in vendors
        for name, q in rubrics.items()
    ]
    return Plan(CONSENSUS, "Consensus", tuple(rows), (), CONSENSUS_HEADERS)


def identity(evaluation: Evaluation, evaluator: str) -> dict[str, str]:
    """Tell a workbook as a score sheet of this evaluation, and whose it is."""
    settings = evaluation.settings
    title = f"{settings.title}\n{settings.reference}"
    return {
        "vendor_eval_template": TEMPLATE,
        "vendor_eval_evaluator": evaluator,
        "vendor_eval_evaluation": hashlib.sha256(title.encode()).hexdigest(),
    }
