"""The comparison of all vendors, and its page Categories."""

from collections.abc import Iterator
from typing import TypeAlias

from vendor_eval.formatting.figures import listed, number
from vendor_eval.reports.pages.decision import decision
from vendor_eval.reports.pages.overview import Overview, View, head, node, scored
from vendor_eval.reports.pages.price import price_page, sealed_page
from vendor_eval.reports.pages.said_and_measured import pilot_page
from vendor_eval.reports.pages.signatures import signed_page
from vendor_eval.reports.wording.answers import highlight
from vendor_eval.reports.wording.phrases import counted, difference
from vendor_eval.results import CategoryDefinition, VendorRecord

_TITLES_THAT_FIT = 9
_FEW, _MANY = 4, 8
_HIGHLIGHTS = 3
# Characters of a strength or weakness: of few vendors two lines, else one.
_LONG, _SHORT = 118, 59
_Highlights: TypeAlias = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def comparison_pages(overview: Overview, *, brief: bool, paper: str = "A4") -> View:
    """Make the context of the comparison; a brief one has its first and its last page."""
    screen = overview.result.is_screen
    return {
        **head(overview.result),
        "overview": overview,
        "count": counted(len(overview.vendors), "vendor"),
        "not_shown": overview.not_shown,
        "dense": len(overview.shown) > _FEW,
        "crowded": len(overview.shown) > _MANY,
        "decision": decision(overview, paper),
        "heat": _heat_map(overview) if overview.evaluated and not screen and not brief else None,
        "price": None if brief or screen else price_page(overview),
        "sealed": None if brief or screen else sealed_page(overview),
        "pilot": None if brief else pilot_page(overview, paper),
        "signed": signed_page(overview),
    }


def _heat_map(overview: Overview) -> View:
    categories = overview.categories
    short = len(categories) > _TITLES_THAT_FIT
    heads = tuple(f"C{i}" if short else c.title for i, c in enumerate(categories, 1))
    floors = overview.result.evaluation.method.floors
    return {
        "title": heat_title(overview),
        "heads": heads,
        "key": tuple((head, c.title) for head, c in zip(heads, categories, strict=True)) if short else (),
        "weights": tuple(number(100 * overview.weights[c.id][1] * overview.quality_share) for c in categories),
        "floors": tuple(f"{floors[c.id].at_least:g}" if _has_floor(overview, c.id) else "–" for c in categories),
        "rows": tuple((v, tuple(node(v, c.id) for c in categories)) for v in overview.shown),
        "strips": tuple(strip for c in categories if (strip := _strip(overview, c))),
        "with_field": overview.has_median,
        "outside": outside_scope(overview),
        "first": overview.ranked[0].name if overview.ranked else "",
        "highlights": tuple(_highlights(overview)),
        "strengths": "Points above the median" if overview.has_median else "Points earned",
    }


def _highlights(overview: Overview) -> Iterator[_Highlights]:
    """Yield each vendor with its three strengths and weaknesses, in a line each."""
    most = _SHORT if len(overview.shown) > _FEW else _LONG

    def line(vendor: VendorRecord, question: str, points: float) -> str:
        answer = next(answer for answer in vendor.answers if answer.id == question)
        shown = difference(overview.quality_share * points)
        return f"{shown}\N{EN SPACE}{highlight(overview.questions[question], answer, most)}"

    for vendor in overview.shown:
        strengths = tuple(line(vendor, s.question, s.points) for s in vendor.strengths[:_HIGHLIGHTS])
        gaps = tuple(line(vendor, gap.question, gap.points) for gap in vendor.gaps[:_HIGHLIGHTS])
        yield overview.codes[vendor.id], vendor.name, strengths, gaps


def _has_floor(overview: Overview, name: str) -> bool:
    return any((record := node(vendor, name)) and record.floor for vendor in overview.evaluated)


def heat_title(overview: Overview) -> str:
    """Say where the first vendor leads and where it trails."""
    ranked = overview.ranked
    if len(ranked) < 2 or overview.result.is_tied:  # noqa: PLR2004 - one alone leads nobody
        return "Scores by category"
    leader = ranked[0]
    gaps = []
    for category in overview.categories:
        own = scored(leader, category.id)
        others = [s for vendor in ranked[1:] if (s := scored(vendor, category.id)) is not None]
        if own is not None and others:
            gaps.append((max(others) - own, category))
    leads = sum(gap < 0 for gap, _ in gaps)
    worst, trails = max(gaps, key=lambda pair: pair[0], default=(0.0, None))
    where = f"leads in {leads} of {counted(len(gaps), 'category', 'categories')}" if leads else "leads in no category"
    if leads == len(gaps) and leads:
        where = "leads in every category"
    return f"{leader.name} {where}" + (f" and trails most on {trails.title}" if trails and worst > 0 else "")


def _strip(overview: Overview, category: CategoryDefinition) -> View | None:
    spread = overview.fields.get(category.id)
    if spread is None:
        return None
    placed = [(s, vendor.rank) for vendor in overview.shown if (s := scored(vendor, category.id)) is not None]
    low, middle, high = spread
    ends = f"{number(low)} to {number(high)}"
    settings = overview.result.evaluation.method
    return {
        "title": category.title,
        # The first last, so that its mark lies on top.
        "marks": tuple(sorted(placed, key=lambda pair: -(pair[1] or len(placed)))),
        "low": low,
        "middle": middle,
        "high": high,
        "floor": settings.floors[category.id].at_least if _has_floor(overview, category.id) else None,
        "words": f"{ends}, median {number(middle)}" if overview.has_median else ends,
    }


def outside_scope(overview: Overview) -> str:
    """Say which categories are not asked here; empty where all are."""
    outside = tuple(c.title for c in overview.categories if not c.in_scope)
    if not outside:
        return ""
    verb = "is" if len(outside) == 1 else "are"
    return f"{listed(outside)} {verb} not in scope here; its weight went to the other categories in proportion."
