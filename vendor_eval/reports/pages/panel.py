"""The page Panel: who scored what, how far the evaluators agree, and what would change without one of them."""

from collections.abc import Iterator, Mapping

from vendor_eval.formatting.figures import listed, number, truncated
from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.wording.answers import short_level
from vendor_eval.reports.wording.lookups import people_of
from vendor_eval.reports.wording.panel import agreement, compared_with_panel, interests
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.results import PanelRecord, Result

_MOST_SPREADS = 15
_MOST_ISSUES = 20
_MOST_POINTS = 12
_NAME = 40
# Width of all columns of levels, of a level, and of the level that counts, in mm.
_ROOM, _A_LEVEL, _A_RECUSED_LEVEL, _A_RESULT = 158.0, 3.0, 5.0, 9.0
_RULES = {
    "median": "The median of the levels counts.",
    "mean": "The mean of the levels counts.",
    "consensus": "The moderated level counts; the individual levels stay.",
}


def panel_page(overview: Overview) -> View | None:
    """Make the context of the page; None where no evaluators are named."""
    panel, names = overview.result.panel, _names(overview.result)
    if panel is None:
        return None
    under = "under codes" if panel.blinded else "under their names"
    rated = {rating.question for rating in panel.ratings}
    a_level = _A_RECUSED_LEVEL if any(rating.recused for rating in panel.ratings) else _A_LEVEL
    return {
        "panel": panel,
        "names": names,
        "title": _title(overview.result, panel),
        "lead": " ".join(agreement_lines(overview.result)),
        "order": (
            f"Each evaluator scored on a sheet of their own, without scores, ranks, prices or the levels of others; "
            f"vendors stood {under}, in an order drawn for each sheet (seed {panel.seed})."
        ),
        "missing": missing_lines(overview.result),
        "scopes": {
            member.id: listed(tuple(overview.titles[name] for name in member.categories)) or "all categories"
            for member in panel.members
        },
        "compared": compared_with_panel,
        "without": {record.evaluator: names.get(record.winner or "", "nobody") for record in panel.without},
        "turns": tuple(_turns(overview, panel, names)),
        "spreads": panel.spread[:_MOST_SPREADS],
        "more": max(0, len(panel.spread) - _MOST_SPREADS),
        "ratings": {(rating.vendor, rating.question): rating for rating in panel.ratings},
        "rubrics": [name for name in overview.questions if name in rated],
        "across": max(1, int(_ROOM / (_A_RESULT + a_level * len(panel.members)))),
        "short_level": short_level,
        "interests": [
            (who, ". ".join((f"{names[vendor] if vendor else 'on the sheet'}: {cut(reason, 200)}", *recusals)))
            for _, who, vendor, reason, recusals in interests(overview.result)
        ],
        "issues": panel.issues[:_MOST_ISSUES],
        "more_issues": max(0, len(panel.issues) - _MOST_ISSUES),
    }


def _names(result: Result) -> dict[str, str]:
    return {vendor.id: cut(vendor.name, _NAME) for vendor in result.vendors}


def _title(result: Result, panel: PanelRecord) -> str:
    first, people = result.ranking[0] if result.ranking else None, people_of(result)
    others = [people[without.evaluator] for without in panel.without if without.winner != first]
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
    return (
        "Without any one evaluator the same vendor comes first"
        if first and not result.is_tied
        else "How the panel scored"
    )


def panel_lines(result: Result) -> Iterator[str]:
    """Say how levels are aggregated, how far the evaluators agree, and what interests they declared."""
    yield from agreement_lines(result)
    names = _names(result)
    for _, who, vendor, reason, recusals in interests(result):
        if vendor:
            yield f"{who} declared an interest in {names[vendor]}: {reason}."
        else:
            yield f"{who} declares on the sheet: {cut(one_line(reason), 200)}"
        yield from recusals


def agreement_lines(result: Result) -> Iterator[str]:
    """Say how levels are aggregated, how far the evaluators agree, who decides alone, and who is overruled."""
    panel, names, people = result.panel, _names(result), people_of(result)
    if panel is None:
        return
    yield _RULES[panel.aggregate]
    yield agreement(panel)
    if panel.kendall_w is not None:
        yield f"Kendall's W of their rankings {number(panel.kendall_w, 3)}."
    for without in panel.without:
        if result.ranking and without.winner and without.winner != result.ranking[0]:
            yield f"Without {people[without.evaluator]} the winner would be {names[without.winner]}."
    if overruled := [rating.vendor for rating in panel.overruled]:
        vendors = listed(tuple(names[vendor] for vendor in dict.fromkeys(overruled)), 3)
        are = "is" if len(overruled) == 1 else "are"
        rubrics = f"{counted(len(overruled), 'rubric')} of {vendors} {are} overruled"
        yield f"{rubrics}: the buyer's level counts, not the panel's."


def missing_lines(result: Result) -> tuple[str, ...]:
    """List the levels that each evaluator has not given."""
    levels: dict[str, list[str]] = {}
    for missing in result.panel.missing if result.panel else ():
        levels.setdefault(missing.evaluator, []).append(f"{missing.vendor} {missing.question}")
    people = people_of(result)
    return tuple(f"{people[who]}: {truncated(points, _MOST_POINTS)}" for who, points in levels.items())


def _turns(overview: Overview, panel: PanelRecord, names: Mapping[str, str]) -> Iterator[str]:
    """Say without whose sheet another vendor would lead a category, in one sentence for each category."""
    people = people_of(overview.result)
    for category in panel.categories:
        turns: dict[str, list[str]] = {}
        for without in category.without:
            if without.winner and without.winner != category.leader:
                turns.setdefault(without.winner, []).append(people[without.evaluator])
        if turns and category.leader:
            others = (f"without {listed(evaluators)} {names[winner]} would" for winner, evaluators in turns.items())
            yield f"{overview.titles[category.id]}: {names[category.leader]} leads; {'; '.join(others)}"
