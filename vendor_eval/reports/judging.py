"""The page Panel: who scored what, how far they agree, what hangs on one evaluator."""

from collections.abc import Iterator
from dataclasses import dataclass

from vendor_eval.figures import number
from vendor_eval.printable import cut
from vendor_eval.reports.overview import Overview
from vendor_eval.reports.phrases import counted, day, listed
from vendor_eval.reports.texts import place
from vendor_eval.results import PanelRecord, Result

_MOST_SPREADS = 15
_RULES = {
    "median": "The median of the levels counts.",
    "mean": "The mean of the levels counts.",
    "consensus": "The moderated level counts; the individual levels stay.",
}


@dataclass(frozen=True)
class Member:
    """An evaluator on the page."""

    name: str
    scope: str
    levels: str
    severity: str
    written: str
    without: str
    file: str


@dataclass(frozen=True)
class PanelPage:
    """The page Panel."""

    title: str
    lead: str
    alphas: tuple[tuple[str, str, str], ...]
    members: tuple[Member, ...]
    heads: tuple[str, ...]
    spreads: tuple[tuple[str, str, tuple[str, ...]], ...]
    more: int
    missing: tuple[str, ...]
    conflicts: tuple[tuple[str, str], ...]
    issues: tuple[tuple[str, str], ...]


def panel_page(overview: Overview) -> PanelPage | None:
    """Draw the page Panel; None where no evaluators are named."""
    panel = overview.result.panel
    if panel is None:
        return None
    names = {vendor.id: vendor.name for vendor in overview.vendors}
    spreads = panel.spread[:_MOST_SPREADS]
    heads = tuple(member.name for member in panel.members)
    return PanelPage(
        title=_title(overview.result, panel),
        lead=" ".join(panel_lines(overview.result)),
        alphas=tuple(
            (overview.titles[name], number(alpha, 3), panel.alpha.verdicts[name])
            for name, alpha in (panel.alpha.categories.items())
        ),
        members=tuple(_members(overview, panel)),
        heads=heads,
        spreads=tuple(
            (
                names[one.vendor],
                one.question,
                tuple(f"{one.levels[e]:g}" if e in one.levels else "–" for e in panel.evaluators),
            )
            for one in spreads
        ),
        more=len(panel.spread) - len(spreads),
        missing=missing_lines(overview.result),
        conflicts=tuple(_conflicts(overview, panel)),
        issues=tuple((cut(issue.message, 220), place(issue.source)) for issue in panel.issues),
    )


def _title(result: Result, panel: PanelRecord) -> str:
    first = result.ranking[0] if result.ranking else None
    others = [one.evaluator for one in panel.without if one.winner != first]
    if panel.missing:
        return (
            f"{counted(len(panel.missing), 'level')} of the panel {'is' if len(panel.missing) == 1 else 'are'} missing"
        )
    if others:
        return f"The first place hangs on {listed(tuple(_name(panel, one) for one in others))}"
    return "Without any one evaluator the same vendor comes first" if first else "How the panel scored"


def _name(panel: PanelRecord, evaluator: str) -> str:
    return next(member.name for member in panel.members if member.id == evaluator)


def panel_lines(result: Result) -> Iterator[str]:
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
    names = {vendor.id: vendor.name for vendor in result.vendors}
    for one in panel.without:
        if result.ranking and one.winner and one.winner != result.ranking[0]:
            yield f"Without {_name(panel, one.evaluator)} the winner would be {names[one.winner]}."
    for conflict in panel.conflicts:
        yield f"{_name(panel, conflict.evaluator)} declared an interest in {names[conflict.vendor]}: {conflict.reason}."


def missing_lines(result: Result) -> tuple[str, ...]:
    """Name who has not given which levels."""
    panel = result.panel
    found: dict[str, list[str]] = {}
    for one in panel.missing if panel else ():
        found.setdefault(one.evaluator, []).append(f"{one.vendor} {one.question}")
    return tuple(f"{_name(panel, who)}: {', '.join(points)}" for who, points in found.items()) if panel else ()


def _members(overview: Overview, panel: PanelRecord) -> Iterator[Member]:
    names = {vendor.id: vendor.name for vendor in overview.vendors}
    without = {one.evaluator: one.winner for one in panel.without}
    for member in panel.members:
        severity = panel.severity.get(member.id)
        yield Member(
            name=member.name,
            scope=listed(tuple(overview.titles.get(name, name) for name in member.categories)) or "all categories",
            levels=str(member.levels),
            severity="–" if severity is None else f"{'+' if severity > 0 else ''}{number(severity)}",
            written=day(member.written) if member.written else "–",
            without=names.get(without[member.id] or "", "nobody"),
            file=member.file or "no sheet",
        )


def _conflicts(overview: Overview, panel: PanelRecord) -> Iterator[tuple[str, str]]:
    names = {vendor.id: vendor.name for vendor in overview.vendors}
    for conflict in panel.conflicts:
        yield _name(panel, conflict.evaluator), f"{names[conflict.vendor]}: {cut(conflict.reason, 200)}"
    for member in panel.members:
        if member.interests:
            yield member.name, f"on the sheet: {cut(member.interests, 200)}"
