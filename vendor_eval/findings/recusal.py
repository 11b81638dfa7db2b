"""Interests of evaluators: what they declared, for whom that recuses them, and what still counts of their sheets."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from vendor_eval.findings.codes import ScoreKey, mask
from vendor_eval.issues import Issue, Location
from vendor_eval.tender import Evaluation
from vendor_eval.tender.evaluators import Evaluator

Pair = tuple[str, str]
"""An evaluator and a vendor."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What an evaluator wrote of interests on the cover of a score sheet; '' where that is none."""

    text: str
    place: Location


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest of an evaluator in a vendor, and who decided whether it recuses; '' where the rule alone does."""

    evaluator: str
    vendor: str
    reason: str
    place: Location
    recused: bool = True
    decided_by: str = ""
    why: str = ""

    @property
    def pair(self) -> Pair:
        return self.evaluator, self.vendor


def declared_interests(
    evaluation: Evaluation,
    statements: Mapping[str, Statement],
    names: Mapping[str, str],
    key: ScoreKey | None,
    texts: Iterable[str],
) -> tuple[tuple[Interest, ...], tuple[Issue, ...]]:
    """List the interests of all evaluators, and statements that name no vendor.

    `statements` are those of score sheets by evaluator, `names` those of vendors by id, `texts` what vendors wrote: a
    word that they use in lower case identifies none of them. Of two interests in a vendor the one in evaluation.yaml
    counts.
    """
    shown = {entry.id: entry.name or entry.id for entry in evaluation.settings.vendors} | dict(names)
    common = tuple(texts) if any(statement.text for statement in statements.values()) else ()
    interests: list[Interest] = []
    issues: list[Issue] = []
    for index, evaluator in enumerate(evaluation.settings.evaluators):
        own = tuple(_of_settings(evaluation, index, evaluator))
        interests += own
        statement = statements.get(evaluator.id)
        if statement is None or not statement.text:
            continue
        named = _named_vendors(statement.text, shown, key, common)
        listed = {interest.vendor for interest in own}
        interests += [
            Interest(evaluator.id, vendor, statement.text, statement.place) for vendor in named if vendor not in listed
        ]
        if not named and not own:
            issues.append(_unclear(evaluator, statement))
    return tuple(interests), tuple(issues)


def _of_settings(evaluation: Evaluation, index: int, evaluator: Evaluator) -> Iterator[Interest]:
    kept = {conflict.vendor for conflict in evaluator.conflicts if conflict.recuse}
    for number, conflict in enumerate(evaluator.conflicts):
        yield Interest(
            evaluator.id,
            conflict.vendor,
            conflict.reason,
            evaluation.source.locate(("evaluators", index, "conflicts", number)),
            recused=conflict.vendor in kept,
            decided_by=conflict.decided_by,
            why=conflict.why,
        )


def _named_vendors(text: str, names: Mapping[str, str], key: ScoreKey | None, texts: Iterable[str]) -> tuple[str, ...]:
    """List the vendors that a text names, by name, by an identifying word of it, by id or by the code of the sheets."""
    marks = {vendor: f"\0{number}\0" for number, vendor in enumerate(names)}
    masked = mask(names, marks, texts)(text)
    codes = {vendor: code for code, vendor in key.codes.items()} if key else {}
    return tuple(
        vendor
        for vendor, mark in marks.items()
        if mark in masked or (vendor in codes and re.search(rf"(?<!\w){codes[vendor]}(?!\w)", text, re.IGNORECASE))
    )


def _unclear(evaluator: Evaluator, statement: Statement) -> Issue:
    message = (
        f"{evaluator.shown} declares an interest and names no vendor of this evaluation: ask in whom, and list it "
        "under 'conflicts' of the evaluator; write 'none' on the sheet if there is none"
    )
    return Issue("interest-unclear", message, statement.place)
