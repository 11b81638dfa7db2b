"""The comparison of all vendors, and its pages Categories and Question matrix."""

from collections.abc import Iterable, Iterator

from vendor_eval.formatting.figures import listed, number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.decision import decision
from vendor_eval.reports.pages.firmness import firm_page
from vendor_eval.reports.pages.method import clarify, method, profile
from vendor_eval.reports.pages.overview import Dot, Overview, View, levels, node, red_flags, scored
from vendor_eval.reports.pages.panel import panel_page
from vendor_eval.reports.pages.price import price_page
from vendor_eval.reports.wording.phrases import share
from vendor_eval.results import (
    UNPROVEN,
    AnswerRecord,
    CategoryDefinition,
    CriterionDefinition,
    QuestionDefinition,
    VendorRecord,
)

_MOST_WITH_DOTS = 7
_TITLES_THAT_FIT = 9
_COLUMNS_THAT_FIT = 14
_MISSING_SHOWN = 12
# A strip is 100 units wide; marks of this diameter stand in rows where they would overlap.
_MARK = 4.0
_SIGNS = {"blank": "–", "invalid": "?", "pending": "…"}


def comparison_pages(overview: Overview, as_of: str, *, brief: bool) -> View:
    evaluation = overview.result.evaluation
    screen = overview.result.is_screen
    evaluated = () if brief else overview.shown
    asked = sum(question.asked for question in overview.questions.values())
    return {
        "overview": overview,
        "title": cut(evaluation.title, 120),
        "reference": cut(evaluation.reference, 60),
        "as_of": as_of,
        "provisional": evaluation.provisional,
        "count": f"{len(overview.vendors):,} vendors" if len(overview.vendors) != 1 else "1 vendor",
        "not_shown": overview.not_shown,
        "decision": decision(overview),
        "heat": _heat_map(overview, brief=brief) if overview.evaluated and not screen else None,
        "price": price_page(overview, brief=brief),
        "panel": None if brief else panel_page(overview),
        "brief": brief,
        "firm": _firm(overview, brief=brief),
        "firm_is_annex": evaluation.method.firmness == "annex",
        "profiles": () if screen else tuple(profile(overview, vendor) for vendor in evaluated),
        "strength_label": "Points above the median" if overview.has_median else "Points earned",
        "matrices": tuple(_matrices(overview)) if evaluated and not screen else (),
        "matrix_title": f"{asked} questions, what each vendor was credited for them",
        "not_asked": len(overview.questions) - asked,
        "clarifications": tuple(clarify(overview, vendor, _MISSING_SHOWN) for vendor in evaluated),
        "method": None if brief else method(overview),
    }


def _firm(overview: Overview, *, brief: bool) -> View | None:
    """Shorten the page, or leave it out, so that a brief comparison fits on three pages."""
    evaluation = overview.result.evaluation
    if brief and (evaluation.price or evaluation.method.firmness == "annex"):
        return None
    page = firm_page(overview, answers=3, asks=0) if brief else firm_page(overview)
    return {**page, "pairs": ()} if brief and page else page


def _heat_map(overview: Overview, *, brief: bool) -> View:
    categories = overview.categories
    # With the dots a brief comparison of many vendors with a price would not fit on three pages.
    crowded = brief and overview.result.evaluation.price and len(overview.shown) > _MOST_WITH_DOTS
    short = len(categories) > _TITLES_THAT_FIT
    heads = tuple(f"C{i}" if short else c.title for i, c in enumerate(categories, 1))
    floors = overview.result.evaluation.method.floors
    return {
        "title": heat_title(overview),
        "heads": heads,
        "key": tuple((head, c.title) for head, c in zip(heads, categories, strict=True)) if short else (),
        "weights": tuple(f"{c.weight:g}" for c in categories),
        "floors": tuple(f"{floors[c.id].at_least:g}" if _has_floor(overview, c.id) else "–" for c in categories),
        "rows": tuple((v, tuple(node(v, c.id) for c in categories)) for v in overview.shown),
        "strips": () if crowded else tuple(strip for c in categories if (strip := _strip(overview, c))),
        "with_field": overview.has_median,
        "outside": _outside(overview),
        "codes": tuple((overview.codes[v.id], v.name) for v in overview.shown),
    }


def _has_floor(overview: Overview, name: str) -> bool:
    return any((record := node(vendor, name)) and record.floor for vendor in overview.evaluated)


def heat_title(overview: Overview) -> str:
    """Say where the first vendor leads and where it trails."""
    ranked = overview.ranked
    if len(ranked) < 2:  # noqa: PLR2004 - one alone leads nobody
        return "Scores by category"
    leader = ranked[0]
    gaps = []
    for category in overview.categories:
        own = scored(leader, category.id)
        others = [s for vendor in ranked[1:] if (s := scored(vendor, category.id)) is not None]
        if own is not None and others:
            gaps.append((max(others) - own, category))
    leads = [category.title for gap, category in sorted(gaps, key=lambda pair: -pair[1].weight) if gap < 0]
    trails = [category.title for gap, category in sorted(gaps, key=lambda pair: -pair[0]) if gap > 0]
    if leads and trails:
        return f"{leader.name} leads on {listed(leads, 3)}; trails on {listed(trails, 2)}"
    if trails:
        return f"{leader.name} leads in no single category and trails most on {listed(trails[:2])}"
    if leads:
        return f"{leader.name} leads {'in every category' if len(leads) > 2 else f'on {listed(leads)}'}"  # noqa: PLR2004
    return f"{leader.name} is level with the best in every category"


def _strip(overview: Overview, category: CategoryDefinition) -> View | None:
    spread = overview.fields.get(category.id)
    if spread is None:
        return None
    placed = sorted(
        (score, overview.codes[v.id], v.rank is not None)
        for v in overview.shown
        if (score := scored(v, category.id)) is not None
    )
    rows = levels([score for score, *_ in placed], _MARK)
    low, middle, high = spread
    ends = f"{number(low)}–{number(high)}"
    settings = overview.result.evaluation.method
    return {
        "title": category.title,
        "marks": tuple(Dot(s, row, code, ranked) for (s, code, ranked), row in zip(placed, rows, strict=True)),
        "rows": max(rows) + 1,
        "low": low,
        "middle": middle,
        "high": high,
        "floor": settings.floors[category.id].at_least if _has_floor(overview, category.id) else None,
        "words": f"{ends}, median {number(middle)}" if len(placed) >= settings.median_from else ends,
    }


def _outside(overview: Overview) -> str:
    outside = tuple(c.title for c in overview.categories if not c.in_scope)
    if not outside:
        return ""
    verb = "is" if len(outside) == 1 else "are"
    return f"{listed(outside)} {verb} not in scope here; its weight went to the other categories in proportion."


def _matrices(overview: Overview) -> Iterator[View]:
    for start in range(0, len(overview.shown), _COLUMNS_THAT_FIT):
        vendors = overview.shown[start : start + _COLUMNS_THAT_FIT]
        yield {
            "heads": tuple(overview.codes[vendor.id] for vendor in vendors),
            "key": " · ".join(f"{overview.codes[v.id]} {cut(v.name, 26)}" for v in vendors),
            "groups": tuple(_groups(overview, vendors)),
        }


def _groups(overview: Overview, vendors: tuple[VendorRecord, ...]) -> Iterator[tuple[View, ...]]:
    """Group rows by criterion; the row of a category stands above its first criterion that is asked."""
    answers = [({answer.id: answer for answer in vendor.answers}, red_flags(vendor)) for vendor in vendors]

    def node_row(kind: str, record: CategoryDefinition | CriterionDefinition) -> View:
        scores = (scored(vendor, record.id) for vendor in vendors)
        return _row(overview, kind, record, ("" if score is None else number(score) for score in scores))

    for category in overview.result.definition.categories:
        head = [node_row("category", category)]
        for criterion in category.criteria:
            rows = [
                _row(overview, "question", q, (answer_mark(own.get(q.id), q.id in flags) for own, flags in answers))
                for q in criterion.questions
                if q.asked
            ]
            if rows:
                yield (*head, node_row("criterion", criterion), *rows)
                head = []


def _row(
    overview: Overview,
    kind: str,
    record: CategoryDefinition | CriterionDefinition | QuestionDefinition,
    cells: Iterable[str],
) -> View:
    local, part = overview.weights.get(record.id, (0.0, 0.0))
    none = "–" if kind == "question" else ""
    return {
        "kind": kind,
        "record": record,
        "local": share(local, 1) if part and kind != "category" else none,
        "share": share(part) if part else none,
        "cells": tuple(cells),
    }


def answer_mark(answer: AnswerRecord | None, flagged: bool) -> str:  # noqa: FBT001 - the two things a cell shows
    """Print the credit of one answer as a cell of the matrix."""
    flag = "▲" if flagged else ""
    if answer is None or answer.state == "not_asked":
        return flag
    if answer.state in _SIGNS:
        return _SIGNS[answer.state] + flag
    if answer.credited is None:
        return f"✓{flag}"
    credited = number(answer.credited, 0)
    shown = f"({credited})" if answer.state == "settled" else credited
    claim = "°" if answer.evidence in UNPROVEN and (answer.value or 0.0) > answer.credited else ""
    return f"{shown}{claim}{flag}"
