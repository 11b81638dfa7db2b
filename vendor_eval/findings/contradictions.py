"""Faults across score sheets: evaluators who contradict each other, and copied sheets."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from vendor_eval.criteria.parsing import normalize
from vendor_eval.findings.acts import Act, SheetFinding, corrected
from vendor_eval.findings.sheet_owners import FOLDER
from vendor_eval.issues import Issue, Location
from vendor_eval.tender import Evaluation

# Fewer rows alike can be chance.
_COPIED = 3


def without_contradictions(
    evaluation: Evaluation, findings: Iterable[SheetFinding]
) -> tuple[list[SheetFinding], list[Issue]]:
    """Remove acts on evidence that contradict each other: neither counts until the panel agrees."""
    listed = list(findings)
    acts: dict[tuple[str, str], list[SheetFinding]] = {}
    for finding in listed:
        if finding.level is None:
            acts.setdefault((finding.vendor, finding.question), []).append(finding)
    effects = {point: {_effect(evaluation, act) for act in several} for point, several in acts.items()}
    clashing = {point: acts[point] for point, different in effects.items() if len(different) > 1}
    issues: list[Issue] = []
    for (vendor, question), several in clashing.items():
        every = "; ".join(f"{finding.by}: {finding.act} ({finding.place})" for finding in several)
        text = f"evaluators contradict each other, neither counts: {every}"
        issues.append(Issue("contradiction", f"{vendor} {question}: {text}", several[-1].place, question, "", text))
    return [f for f in listed if f.level is not None or (f.vendor, f.question) not in clashing], issues


def _effect(evaluation: Evaluation, finding: SheetFinding) -> tuple[Act, str | None]:
    """Return kind and answer of an act, with the canonical spelling of the answer."""
    if finding.answer is None:
        return finding.kind, None
    answer = corrected(evaluation.asked_questions[finding.question], finding.answer, evaluation.setting).answer
    return finding.kind, answer.text if answer else finding.answer


def copied(findings: Iterable[SheetFinding]) -> Iterator[Issue]:
    """Report pairs of evaluators with the same levels and reasons in every row that both filled in."""
    by_owner: dict[str, dict[tuple[str, str], tuple[float | None, str]]] = {}
    for finding in findings:
        if finding.level is not None and finding.is_individual:
            rows = by_owner.setdefault(finding.evaluator, {})
            rows[finding.vendor, finding.question] = (finding.level, normalize(finding.reason))
    for (first, rows), (second, others) in combinations(by_owner.items(), 2):
        shared = rows.keys() & others.keys()
        if len(shared) >= _COPIED and all(rows[point] == others[point] for point in shared):
            message = f"{first} and {second} gave the same {len(shared)} levels with the same reasons: a copied sheet?"
            yield Issue("copied-sheet", message, Location(FOLDER))
