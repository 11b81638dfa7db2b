"""The page Panel: who scored what, how far they agree, what hangs on one evaluator."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

from vendor_eval.formatting.figures import listed, number
from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.phrases import counted, day
from vendor_eval.results import MemberRecord, PanelRecord, RatingRecord, Result

_MOST_SPREADS = 15
_MOST_ISSUES = 20
_MOST_POINTS = 12
_NAME = 40
_BESIDE = 3
_MOST_COLUMNS = 6
# What the columns of levels share between them, what one level takes, and what stands beside it, in mm.
_ROOM, _A_LEVEL, _A_RESULT = 158.0, 3.0, 9.0
_Cell = TypeVar("_Cell")
# Heads, and rows of a label and its cells.
_Table: TypeAlias = tuple[tuple[str, ...], tuple[tuple[str, tuple[_Cell, ...]], ...]]
_RULES = {
    "median": "The median of the levels counts.",
    "mean": "The mean of the levels counts.",
    "consensus": "The moderated level counts; the individual levels stay.",
}


def panel_page(overview: Overview) -> View | None:
    """Draw the page Panel; None where no evaluators are named."""
    panel = overview.result.panel
    if panel is None:
        return None
    names = _names(overview.result)
    return {
        "title": _title(overview.result, panel),
        "lead": " ".join(agreement_lines(overview.result)),
        "order": _order(panel),
        "missing": missing_lines(overview.result),
        "members": tuple(_members(overview, panel)),
        "categories": panel.categories,
        "turns": tuple(_turns(overview, panel, names)),
        "severities": tuple(_severities(overview, panel)),
        "spreads": tuple(
            (names[one.vendor], one.question, _who_gave_what(panel, one.levels)) for one in panel.spread[:_MOST_SPREADS]
        ),
        "more": max(0, len(panel.spread) - _MOST_SPREADS),
        "moderated": tuple(_moderated(panel, names)),
        "levels": tuple(_levels(overview, panel)),
        "levels_key": ", ".join(member.name for member in panel.members),
        "conflicts": tuple(_conflicts(overview, panel)),
        "issues": tuple((cut(issue.message, 220), place(issue.source)) for issue in panel.issues[:_MOST_ISSUES]),
        "more_issues": max(0, len(panel.issues) - _MOST_ISSUES),
    }


def _names(result: Result) -> dict[str, str]:
    return {vendor.id: cut(vendor.name, _NAME) for vendor in result.vendors}


def _title(result: Result, panel: PanelRecord) -> str:
    first = result.ranking[0] if result.ranking else None
    others = [one.evaluator for one in panel.without if one.winner != first]
    if panel.missing:
        return (
            f"{counted(len(panel.missing), 'level')} of the panel {'is' if len(panel.missing) == 1 else 'are'} missing"
        )
    if others:
        return f"The first place hangs on {listed(tuple(_name(panel, one) for one in others))}"
    if panel.aggregate == "consensus":
        moderated = sum(one.moderated is not None for one in panel.ratings)
        return (
            f"{counted(moderated, 'level')} {'was' if moderated == 1 else 'were'} moderated; every individual one stays"
        )
    if len(panel.members) == 1:
        return f"{panel.members[0].name} scored alone"
    return "Without any one evaluator the same vendor comes first" if first else "How the panel scored"


def _name(panel: PanelRecord, evaluator: str) -> str:
    return next(member.name for member in panel.members if member.id == evaluator)


def _order(panel: PanelRecord) -> str:
    under = "under codes" if panel.blinded else "under their names"
    return (
        f"Each evaluator scored on a sheet of their own, without scores, ranks, prices or the levels of others; "
        f"vendors stood {under}, in an order drawn for each sheet (seed {panel.seed})."
    )


def panel_lines(result: Result) -> Iterator[str]:
    """Say how levels are put together, how far the evaluators agree, and what interests they declared."""
    yield from agreement_lines(result)
    panel, names = result.panel, _names(result)
    for conflict in panel.conflicts if panel else ():
        if panel:
            who = _name(panel, conflict.evaluator)
            yield f"{who} declared an interest in {names[conflict.vendor]}: {conflict.reason}."
    for member in panel.members if panel else ():
        if member.interests:
            yield f"{member.name} declares on the sheet: {cut(one_line(member.interests), 200)}"


def agreement_lines(result: Result) -> Iterator[str]:
    """Say how levels are put together, and how far the evaluators agree."""
    panel = result.panel
    if panel is None:
        return
    yield _RULES[panel.aggregate]
    alpha = panel.alpha
    if alpha.overall is None:
        yield f"Krippendorff's alpha: {alpha.verdict}."
    else:
        yield f"Krippendorff's alpha {number(alpha.overall, 3)} ({alpha.verdict}; red below 0.667, amber below 0.8)."
    if panel.kendall_w is not None:
        yield f"Kendall's W of their rankings {number(panel.kendall_w, 3)}."
    yield from without_lines(result)


def without_lines(result: Result) -> Iterator[str]:
    """Say without whose sheet another vendor would come first."""
    panel, names = result.panel, _names(result)
    for one in panel.without if panel else ():
        if panel and result.ranking and one.winner and one.winner != result.ranking[0]:
            yield f"Without {_name(panel, one.evaluator)} the winner would be {names[one.winner]}."


def missing_lines(result: Result) -> tuple[str, ...]:
    """Name who has not given which levels."""
    panel = result.panel
    found: dict[str, list[str]] = {}
    for one in panel.missing if panel else ():
        found.setdefault(one.evaluator, []).append(f"{one.vendor} {one.question}")
    return tuple(f"{_name(panel, who)}: {_first(points)}" for who, points in found.items()) if panel else ()


def _first(points: Sequence[str]) -> str:
    more = len(points) - _MOST_POINTS
    return f"{', '.join(points[:_MOST_POINTS])}{f' and {more} more' if more > 0 else ''}"


def _members(overview: Overview, panel: PanelRecord) -> Iterator[tuple[MemberRecord, str, str, str]]:
    """Give each evaluator with scope, severity, and who would come first without the sheet."""
    names = _names(overview.result)
    without = {one.evaluator: one.winner for one in panel.without}
    for member in panel.members:
        scope = listed(tuple(overview.titles.get(name, name) for name in member.categories)) or "all categories"
        yield member, scope, _signed(panel.severity.get(member.id)), names.get(without[member.id] or "", "nobody")


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{'+' if value > 0 else ''}{number(value)}"


def _turns(overview: Overview, panel: PanelRecord, names: Mapping[str, str]) -> Iterator[str]:
    """Say without whose sheet another vendor would lead a category, in one sentence for each category."""
    for category in panel.categories:
        found: dict[str, list[str]] = {}
        for one in category.without:
            if one.winner and one.winner != category.leader:
                found.setdefault(one.winner, []).append(_name(panel, one.evaluator))
        if found and category.leader:
            others = (f"without {listed(tuple(who))} {names[winner]} would" for winner, who in found.items())
            yield f"{overview.titles[category.id]}: {names[category.leader]} leads; {'; '.join(others)}"


def _severities(overview: Overview, panel: PanelRecord) -> Iterator[_Table[str]]:
    """List severity by category: the first evaluators beside the agreement, the others below."""
    parts = [panel.members[:_BESIDE]]
    parts += [panel.members[at : at + _MOST_COLUMNS] for at in range(_BESIDE, len(panel.members), _MOST_COLUMNS)]
    for members in parts:
        rows = (
            (overview.titles[one.id], tuple(_signed(one.severity.get(member.id)) for member in members))
            for one in panel.categories
        )
        yield tuple(member.name for member in members), tuple(rows)


def _who_gave_what(panel: PanelRecord, levels: Mapping[str, float]) -> str:
    return ", ".join(f"{member.name} {levels[member.id]:g}" for member in panel.members if member.id in levels)


def _moderated(panel: PanelRecord, names: Mapping[str, str]) -> Iterator[tuple[str, str, str, str, str]]:
    for one in panel.ratings:
        if one.moderated:
            given = _who_gave_what(panel, one.levels) or "–"
            why = f"{cut(one.moderated.reason, 200)} ({cut(one.moderated.took_part, 120)}, {day(one.moderated.date)})"
            yield names[one.vendor], one.question, given, f"{one.moderated.level:g}", why


def _levels(overview: Overview, panel: PanelRecord) -> Iterator[_Table[tuple[str, str]]]:
    """Print every level that was given, vendors in columns, as many as the paper takes."""
    vendors = [vendor.id for vendor in overview.shown]
    at_once = max(1, int(_ROOM / (_A_RESULT + _A_LEVEL * len(panel.members))))
    found = {(one.vendor, one.question): one for one in panel.ratings}
    questions = [name for name in overview.questions if any(question == name for _, question in found)]
    for first in range(0, len(vendors), at_once) if questions else ():
        part = vendors[first : first + at_once]
        rows = ((name, tuple(_cell(panel, found.get((vendor, name))) for vendor in part)) for name in questions)
        yield tuple(overview.codes[vendor] for vendor in part), tuple(rows)


def _cell(panel: PanelRecord, rating: RatingRecord | None) -> tuple[str, str]:
    """Print the levels in the order of the evaluators, and the one that counts."""
    if rating is None:
        return "–", ""
    given = " ".join(f"{rating.levels[m.id]:g}" if m.id in rating.levels else "·" for m in panel.members)
    counts = "…" if rating.level is None else number(rating.level, 2).rstrip("0").rstrip(".")
    return given, counts


def _conflicts(overview: Overview, panel: PanelRecord) -> Iterator[tuple[str, str]]:
    names = _names(overview.result)
    for conflict in panel.conflicts:
        yield _name(panel, conflict.evaluator), f"{names[conflict.vendor]}: {cut(conflict.reason, 200)}"
    for member in panel.members:
        if member.interests:
            yield member.name, f"on the sheet: {cut(member.interests, 200)}"
