"""All score sheets together: evaluators who contradict each other, and sheets that look copied."""

from collections.abc import Iterable, Iterator, Mapping

from vendor_eval.criteria.parsing import normalize
from vendor_eval.findings.acts import Act, SheetFinding, corrected
from vendor_eval.findings.sheet_owners import FOLDER
from vendor_eval.issues import Issue, Location
from vendor_eval.tender import Evaluation

# Fewer rows alike can be chance.
_COPIED = 3


def without_contradictions(
    evaluation: Evaluation, found: Iterable[SheetFinding]
) -> tuple[list[SheetFinding], list[Issue]]:
    """Take out acts on evidence that contradict each other: neither counts until the panel agrees."""
    listed = list(found)
    acts: dict[tuple[str, str], list[SheetFinding]] = {}
    for finding in listed:
        if finding.level is None:
            acts.setdefault((finding.vendor, finding.question), []).append(finding)
    clashing = {
        point: several for point, several in acts.items() if len({_outcome(evaluation, act) for act in several}) > 1
    }
    issues = [_contradiction(*point, several) for point, several in clashing.items()]
    return [act for act in listed if act.level is not None or (act.vendor, act.question) not in clashing], issues


def _outcome(evaluation: Evaluation, finding: SheetFinding) -> tuple[Act, str | None]:
    """Say what an act comes to: two spellings of one answer are one."""
    if finding.answer is None:
        return finding.kind, None
    given = corrected(evaluation.asked_questions[finding.question], finding.answer, evaluation.setting).answer
    return finding.kind, given.text if given else finding.answer


def _contradiction(vendor: str, question: str, several: list[SheetFinding]) -> Issue:
    said = "; ".join(f"{finding.by}: {finding.act} ({finding.place})" for finding in several)
    text = f"evaluators contradict each other, neither counts: {said}"
    return Issue("contradiction", f"{vendor} {question}: {text}", several[-1].place, question, "", text)


def copied(found: Iterable[SheetFinding]) -> Iterator[Issue]:
    """Notice two evaluators with the same levels and reasons throughout."""
    by_owner: dict[str, dict[tuple[str, str], tuple[float | None, str]]] = {}
    for finding in found:
        if finding.level is not None and finding.is_individual:
            told = (finding.level, normalize(finding.reason))
            by_owner.setdefault(finding.evaluator, {})[finding.vendor, finding.question] = told
    owners = list(by_owner)
    for index, one in enumerate(owners):
        for other in owners[index + 1 :]:
            count = _alike(by_owner[one], by_owner[other])
            if count >= _COPIED:
                message = f"{one} and {other} gave the same {count} levels with the same reasons: a copied sheet?"
                yield Issue("copied-sheet", message, Location(FOLDER))


def _alike(
    one: Mapping[tuple[str, str], tuple[float | None, str]], other: Mapping[tuple[str, str], tuple[float | None, str]]
) -> int:
    """Count shared rows where all of them are alike, else none."""
    shared = one.keys() & other.keys()
    return len(shared) if all(one[point] == other[point] for point in shared) else 0
