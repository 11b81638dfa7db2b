"""Who scored, and how far the evaluators agree, in plain words."""

from collections.abc import Iterator
from typing import NamedTuple

from vendor_eval.formatting.figures import number
from vendor_eval.reports.wording.lookups import names_of, people_of
from vendor_eval.reports.wording.phrases import counted, difference
from vendor_eval.results import CategoryPanelRecord, ConflictRecord, MemberRecord, PanelRecord, Result

_AGREEMENT = {"green": "agree well", "amber": "agree fairly", "red": "do not agree"}
_ENOUGH, _LEAST = 0.8, 0.667
_NOISE = 1e-9


def compared_with_panel(severity: float | None) -> str:
    """Say how an evaluator's levels compare with those of all.

    >>> compared_with_panel(2.87), compared_with_panel(-7.35), compared_with_panel(0.01), compared_with_panel(None)
    ('2.9 points more generous', '7.4 points stricter', 'like the panel', 'gave no level')
    """
    if severity is None:
        return "gave no level"
    points = number(abs(severity))
    if not float(points):
        return "like the panel"
    return f"{points} points {'more generous' if severity > 0 else 'stricter'}"


def scored_categories(panel: PanelRecord, member: MemberRecord) -> str:
    """Say how many of the categories an evaluator scored."""
    return f"{len(member.categories)} of {len(panel.categories)}" if member.categories else "all"


def if_left_out(result: Result, panel: PanelRecord, member: MemberRecord) -> str:
    """Say who would come first without the levels of an evaluator."""
    first = result.ranking[0] if result.ranking else None
    winner = next((record.winner for record in panel.without if record.evaluator == member.id), first)
    return "same first place" if winner == first else f"{names_of(result)[winner] if winner else 'nobody'} first"


class Interest(NamedTuple):
    """Who declared an interest, in which vendor, why, and for whom that recuses; no vendor where the sheet says it."""

    by: str
    who: str
    vendor: str
    reason: str
    recusals: tuple[str, ...] = ()


def interests(result: Result) -> Iterator[Interest]:
    """Yield the interests in evaluation.yaml, then what evaluators wrote on their sheets."""
    panel, names, people = result.panel, names_of(result), people_of(result)
    if panel is None:
        return
    ranks = {vendor.id: vendor.rank for vendor in result.vendors}
    on_sheet: dict[str, list[str]] = {member.id: [] for member in panel.members if member.interests}
    stated = {member.id: member.interests for member in panel.members}
    for conflict in panel.conflicts:
        who, whom = people[conflict.evaluator], names[conflict.vendor]
        measure = _measure(conflict, who, whom, ranks[conflict.vendor])
        if conflict.reason == stated[conflict.evaluator]:
            on_sheet[conflict.evaluator].append(measure)
        else:
            yield Interest(conflict.evaluator, who, conflict.vendor, conflict.reason, (measure,))
    yield from (Interest(name, people[name], "", stated[name], tuple(said)) for name, said in on_sheet.items())


def uncounted(result: Result) -> Iterator[str]:
    """Say whose levels for whom count no longer, where the rule alone recuses and nobody decided so."""
    people, names = people_of(result), names_of(result)
    for conflict in result.panel.conflicts if result.panel else ():
        if conflict.recused and not conflict.decided_by and (conflict.levels or conflict.effect):
            whose = f"{people[conflict.evaluator]}'s levels for {names[conflict.vendor]}"
            yield f"{whose} no longer count; recuse: false with decided_by and why lets them"


def _measure(conflict: ConflictRecord, who: str, whom: str, rank: int | None) -> str:
    """Say that an evaluator is recused for a vendor, or who let the levels count, and what they change."""
    levels = f"their {counted(conflict.levels, 'level')}" if conflict.levels else "their acts"
    points = _signed(conflict.effect or 0.0)
    decided = f" Decided by {conflict.decided_by}: {conflict.why.rstrip('.')}." if conflict.decided_by else ""
    if not conflict.recused:
        changed = "" if conflict.effect is None else f", and change its score by {points}"
        return f"{who} is not recused for {whom}: {levels} count{changed}.{decided}"
    if conflict.effect is None or not (conflict.levels or conflict.effect):
        return f"{who} is recused for {whom}.{decided}"
    change = "no rank" if conflict.rank_if_counted in {rank, None} else f"its rank to {conflict.rank_if_counted}"
    return f"{who} is recused for {whom}; {levels} would change its score by {points} and {change}.{decided}"


def _signed(points: float) -> str:
    shown = difference(points) if abs(points) > _NOISE else number(0.0)
    return f"+{shown}" if points > _NOISE else shown


def agreement(panel: PanelRecord) -> str:
    """Say how far the evaluators agree over everything that they scored."""
    alpha = panel.alpha.overall
    if alpha is None:
        return f"How far they agree cannot be measured: {panel.alpha.verdict}."
    words = _AGREEMENT.get(panel.alpha.verdict, panel.alpha.verdict)
    means = f"1 is full agreement, {_ENOUGH:.2f} and more is good, less than {_LEAST:.2f} is poor"
    return f"Together they {words} (Krippendorff’s alpha {number(alpha, 2)}; {means})."


def category_agreement(category: CategoryPanelRecord) -> str:
    """Say in a line how far the evaluators agree within a category."""
    words = _AGREEMENT.get(category.verdict, category.verdict)
    alpha = "" if category.alpha is None else f" ({number(category.alpha, 2)})"
    apart = f", {counted(category.apart, 'level')} apart" if category.apart else ""
    return f"{words}{alpha}{apart}"
