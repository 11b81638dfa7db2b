"""Who scored, and how far the evaluators agree, in plain words."""

from collections.abc import Iterator

from vendor_eval.formatting.figures import number
from vendor_eval.reports.wording.lookups import names_of, people_of
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.results import CategoryPanelRecord, MemberRecord, PanelRecord, Result

_AGREEMENT = {"green": "agree well", "amber": "agree fairly", "red": "do not agree"}
_ENOUGH, _LEAST = 0.8, 0.667


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


def interests(result: Result) -> Iterator[tuple[str, str, str]]:
    """Yield who declared an interest, in which vendor and why; the vendor is '' where it is said on the sheet."""
    if panel := result.panel:
        people = people_of(result)
        yield from ((people[conflict.evaluator], conflict.vendor, conflict.reason) for conflict in panel.conflicts)
        yield from ((member.name, "", member.interests) for member in panel.members if member.interests)


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
