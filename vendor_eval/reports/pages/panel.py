"""The page Panel: who scored what, how far the evaluators agree, and what would change without one of them."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias, TypeVar

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import listed, number, truncated
from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.wording.answers import short_level
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.panel import agreement, compared_with_panel
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.results import MemberRecord, PanelRecord, RatingRecord, Result

_MOST_SPREADS = 15
_MOST_ISSUES = 20
_MOST_POINTS = 12
_NAME = 40
_FIRST_COLUMNS = 3  # of severity, to the right of the agreement
_MOST_COLUMNS = 6
# Width of all columns of levels, of a level, and of the level that counts, in mm.
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
    """Make the context of the page; None where no evaluators are named."""
    panel = overview.result.panel
    if panel is None:
        return None
    names = _names(overview.result)
    under = "under codes" if panel.blinded else "under their names"
    return {
        "title": _title(overview.result, panel),
        "lead": " ".join(agreement_lines(overview.result)),
        "order": (
            f"Each evaluator scored on a sheet of their own, without scores, ranks, prices or the levels of others; "
            f"vendors stood {under}, in an order drawn for each sheet (seed {panel.seed})."
        ),
        "missing": missing_lines(overview.result),
        "members": tuple(_members(overview, panel)),
        "categories": panel.categories,
        "turns": tuple(_turns(overview, panel, names)),
        "severities": tuple(_severities(overview, panel)),
        "spreads": tuple(
            (names[spread.vendor], spread.question, _levels_by_name(panel, spread.levels))
            for spread in panel.spread[:_MOST_SPREADS]
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
    others = [_name(panel, without.evaluator) for without in panel.without if without.winner != first]
    if panel.missing:
        missing = len(panel.missing)
        return f"{counted(missing, 'level')} of the panel {'is' if missing == 1 else 'are'} missing"
    if others:
        return f"The first place hangs on {listed(others)}"
    if panel.aggregate == "consensus":
        moderated = sum(rating.moderated is not None for rating in panel.ratings)
        verb = "was" if moderated == 1 else "were"
        return f"{counted(moderated, 'level')} {verb} moderated; every individual one stays"
    if len(panel.members) == 1:
        return f"{panel.members[0].name} scored alone"
    return "Without any one evaluator the same vendor comes first" if first else "How the panel scored"


def _name(panel: PanelRecord, evaluator: str) -> str:
    return next(member.name for member in panel.members if member.id == evaluator)


def panel_lines(result: Result) -> Iterator[str]:
    """Say how levels are aggregated, how far the evaluators agree, and what interests they declared."""
    yield from agreement_lines(result)
    panel, names = result.panel, _names(result)
    if panel is None:
        return
    for conflict in panel.conflicts:
        who = _name(panel, conflict.evaluator)
        yield f"{who} declared an interest in {names[conflict.vendor]}: {conflict.reason}."
    for member in panel.members:
        if member.interests:
            yield f"{member.name} declares on the sheet: {cut(one_line(member.interests), 200)}"


def agreement_lines(result: Result) -> Iterator[str]:
    """Say how levels are aggregated, and how far the evaluators agree."""
    panel = result.panel
    if panel is None:
        return
    yield _RULES[panel.aggregate]
    yield agreement(panel)
    if panel.kendall_w is not None:
        yield f"Kendall's W of their rankings {number(panel.kendall_w, 3)}."
    yield from without_lines(result)
    yield from overruled_lines(result)


def overruled_lines(result: Result) -> Iterator[str]:
    """Say of which vendors the buyer's levels count in place of the panel's."""
    panel, names = result.panel, _names(result)
    overruled = [r.vendor for r in panel.ratings if r.of_buyer and (r.levels or r.moderated)] if panel else []
    if overruled:
        vendors = listed(tuple(names[vendor] for vendor in dict.fromkeys(overruled)), 3)
        are = "is" if len(overruled) == 1 else "are"
        rubrics = f"{counted(len(overruled), 'rubric')} of {vendors} {are} overruled"
        yield f"{rubrics}: the buyer's level counts, not the panel's."


def without_lines(result: Result) -> Iterator[str]:
    """Say without whose sheet another vendor would come first."""
    panel, names = result.panel, _names(result)
    for without in panel.without if panel else ():
        if panel and result.ranking and without.winner and without.winner != result.ranking[0]:
            yield f"Without {_name(panel, without.evaluator)} the winner would be {names[without.winner]}."


def missing_lines(result: Result) -> tuple[str, ...]:
    """List the levels that each evaluator has not given."""
    panel = result.panel
    if panel is None:
        return ()
    levels: dict[str, list[str]] = {}
    for missing in panel.missing:
        levels.setdefault(missing.evaluator, []).append(f"{missing.vendor} {missing.question}")
    return tuple(f"{_name(panel, who)}: {truncated(points, _MOST_POINTS)}" for who, points in levels.items())


def _members(overview: Overview, panel: PanelRecord) -> Iterator[tuple[MemberRecord, str, str, str]]:
    """Yield each evaluator with scope, severity, and the first vendor without this sheet."""
    names = _names(overview.result)
    without = {record.evaluator: record.winner for record in panel.without}
    for member in panel.members:
        scope = listed(tuple(overview.titles.get(name, name) for name in member.categories)) or "all categories"
        yield (
            member,
            scope,
            compared_with_panel(panel.severity.get(member.id)),
            names.get(without[member.id] or "", "nobody"),
        )


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{'+' if value > 0 else ''}{number(value)}"


def _turns(overview: Overview, panel: PanelRecord, names: Mapping[str, str]) -> Iterator[str]:
    """Say without whose sheet another vendor would lead a category, in one sentence for each category."""
    for category in panel.categories:
        turns: dict[str, list[str]] = {}
        for without in category.without:
            if without.winner and without.winner != category.leader:
                turns.setdefault(without.winner, []).append(_name(panel, without.evaluator))
        if turns and category.leader:
            others = (f"without {listed(evaluators)} {names[winner]} would" for winner, evaluators in turns.items())
            yield f"{overview.titles[category.id]}: {names[category.leader]} leads; {'; '.join(others)}"


def _severities(overview: Overview, panel: PanelRecord) -> Iterator[_Table[str]]:
    """Make tables of severity by category: the first evaluators next to the agreement, the others below."""
    parts = [panel.members[:_FIRST_COLUMNS]]
    parts += [panel.members[at : at + _MOST_COLUMNS] for at in range(_FIRST_COLUMNS, len(panel.members), _MOST_COLUMNS)]
    for members in parts:
        rows = (
            (overview.titles[category.id], tuple(_signed(category.severity.get(member.id)) for member in members))
            for category in panel.categories
        )
        yield tuple(member.name for member in members), tuple(rows)


def _levels_by_name(panel: PanelRecord, levels: Mapping[str, float]) -> str:
    return ", ".join(f"{member.name} {levels[member.id]:g}" for member in panel.members if member.id in levels)


def _moderated(panel: PanelRecord, names: Mapping[str, str]) -> Iterator[tuple[str, str, str, str, str]]:
    for rating in panel.ratings:
        if moderated := rating.moderated:
            levels = _levels_by_name(panel, rating.levels) or "–"
            why = f"{cut(moderated.reason, 200)} ({cut(moderated.took_part, 120)}, {day(moderated.date)})"
            yield names[rating.vendor], rating.question, levels, f"{moderated.level:g}", why


def _levels(overview: Overview, panel: PanelRecord) -> Iterator[_Table[tuple[str, str]]]:
    """Make tables of every level, vendors in columns, as many as fit on the paper."""
    vendors = [vendor.id for vendor in overview.shown]
    most = max(1, int(_ROOM / (_A_RESULT + _A_LEVEL * len(panel.members))))
    ratings = {(rating.vendor, rating.question): rating for rating in panel.ratings}
    rated = {rating.question for rating in panel.ratings}
    questions = [name for name in overview.questions if name in rated]
    for start in range(0, len(vendors), most) if questions else ():
        part = vendors[start : start + most]
        rows = ((name, tuple(_cell(panel, ratings.get((vendor, name))) for vendor in part)) for name in questions)
        yield tuple(overview.codes[vendor] for vendor in part), tuple(rows)


def _cell(panel: PanelRecord, rating: RatingRecord | None) -> tuple[str, str]:
    """Print the levels in the order of the evaluators, and the level that counts."""
    if rating is None:
        return "–", ""
    levels = " ".join(f"{rating.levels[m.id]:g}" if m.id in rating.levels else "·" for m in panel.members)
    return levels, "…" if rating.level is None else short_level(rating.level)


def _conflicts(overview: Overview, panel: PanelRecord) -> Iterator[tuple[str, str]]:
    names = _names(overview.result)
    for conflict in panel.conflicts:
        yield _name(panel, conflict.evaluator), f"{names[conflict.vendor]}: {cut(conflict.reason, 200)}"
    for member in panel.members:
        if member.interests:
            yield member.name, f"on the sheet: {cut(member.interests, 200)}"
