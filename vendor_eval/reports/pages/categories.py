"""What the pages of the comparison show."""

from collections.abc import Iterator
from dataclasses import dataclass

from vendor_eval.formatting.figures import listed, number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.decision import decision
from vendor_eval.reports.pages.firmness import firm_page
from vendor_eval.reports.pages.method import clarify, method, profile
from vendor_eval.reports.pages.overview import Overview, View, levels, lost, node, red_flags, scored, shade
from vendor_eval.reports.pages.panel import panel_page
from vendor_eval.reports.pages.price import price_page
from vendor_eval.reports.wording.phrases import share
from vendor_eval.results import AnswerRecord, CategoryDefinition, CriterionDefinition, QuestionDefinition, VendorRecord

_MOST_WITH_DOTS = 7
_TITLES_THAT_FIT = 9
_COLUMNS_THAT_FIT = 14
_MISSING_SHOWN = 12
# A strip is 100 units wide; marks of this diameter stand in rows where they would overlap.
_MARK = 4.0
_FLOOR_MARKS = {"fail": "▼", "unresolved": "△"}


@dataclass(frozen=True)
class ScoreCell:
    """A number, its shade (0 to 9) and its mark."""

    text: str
    shade: int
    mark: str = ""


@dataclass(frozen=True)
class Mark:
    """A vendor on a strip: where, in which row, under which letter."""

    at: float
    row: int
    code: str
    ranked: bool


def comparison_pages(overview: Overview, as_of: str, *, brief: bool) -> View:
    """Draw the comparison from a result."""
    evaluation = overview.result.evaluation
    evaluated = () if brief else overview.shown
    enough = len(overview.evaluated) >= overview.result.evaluation.method.median_from
    how = evaluation.method.firmness
    return {
        "overview": overview,
        "title": cut(evaluation.title, 120),
        "reference": cut(evaluation.reference, 60),
        "as_of": as_of,
        "provisional": evaluation.provisional,
        "count": f"{len(overview.vendors):,} vendors" if len(overview.vendors) != 1 else "1 vendor",
        "not_shown": overview.not_shown,
        "decision": decision(overview),
        "heat": _heat(overview, brief=brief) if overview.evaluated else None,
        "price": price_page(overview, brief=brief),
        "panel": None if brief else panel_page(overview),
        "brief": brief,
        "firm": _firm(overview, brief=brief),
        "firm_is_annex": how == "annex",
        "profiles": tuple(profile(overview, vendor) for vendor in evaluated),
        "strength_label": "Points above the median" if enough else "Points earned",
        "matrices": tuple(_matrices(overview)) if evaluated else (),
        "matrix_title": _matrix_title(overview),
        "not_asked": sum(not question.asked for question in overview.questions.values()),
        "clarifications": tuple(clarify(overview, vendor, _MISSING_SHOWN) for vendor in evaluated),
        "method": None if brief else method(overview),
    }


def _heat(overview: Overview, *, brief: bool) -> View:
    """Keep a brief comparison to three pages: where a third is for the price, many vendors leave no room for dots."""
    heat = heat_map(overview)
    crowded = brief and overview.result.evaluation.price and len(heat["rows"]) > _MOST_WITH_DOTS
    return {**heat, "strips": ()} if crowded else heat


def _firm(overview: Overview, *, brief: bool) -> View | None:
    """Keep a brief comparison to three pages: the sentence, and what to ask first, stand on the first of them."""
    evaluation = overview.result.evaluation
    if brief and (evaluation.price or evaluation.method.firmness == "annex"):
        return None
    page = firm_page(overview, answers=3, asks=0) if brief else firm_page(overview)
    return {**page, "pairs": ()} if brief and page else page


# ------------------------------------------------------------------------------------------------ heat map


def heat_map(overview: Overview) -> View:
    """Draw categories over vendors, and the field in each category."""
    categories = overview.categories
    short = len(categories) > _TITLES_THAT_FIT
    heads = tuple(f"C{i}" if short else c.title for i, c in enumerate(categories, 1))
    floors = overview.result.evaluation.method.floors
    return {
        "title": heat_title(overview),
        "heads": heads,
        "key": tuple((head, c.title) for head, c in zip(heads, categories, strict=True)) if short else (),
        "weights": tuple(f"{c.weight:g}" for c in categories),
        "floors": tuple(f"{floors[c.id].at_least:g}" if _has_floor(overview, c.id) else "–" for c in categories),
        "rows": tuple(_heat_row(overview, vendor) for vendor in overview.shown),
        "strips": tuple(strip for c in categories if (strip := _strip(overview, c))),
        "with_field": len(overview.evaluated) >= overview.result.evaluation.method.median_from,
        "outside": _outside(overview),
        "codes": tuple((overview.codes[v.id], v.name) for v in overview.shown),
    }


def _has_floor(overview: Overview, name: str) -> bool:
    return any((found := node(vendor, name)) and found.floor for vendor in overview.evaluated)


def heat_title(overview: Overview) -> str:
    """Say where the first vendor leads and where it trails."""
    ranked = overview.ranked
    if len(ranked) < 2:  # noqa: PLR2004 - one alone leads nobody
        return "Scores by category"
    leader = ranked[0]
    behind: list[tuple[float, str]] = []
    ahead = []
    for category in overview.categories:
        own = scored(leader, category.id)
        others = [s for vendor in ranked[1:] if (s := scored(vendor, category.id)) is not None]
        if own is None or not others:
            continue
        if own > max(others):
            ahead.append((lost(leader, category.id), category))
        elif own < max(others):
            behind.append((max(others) - own, category.title))
    leads = tuple(category.title for _, category in sorted(ahead, key=lambda pair: -pair[1].weight))
    trails = tuple(title for _, title in sorted(behind, key=lambda pair: -pair[0]))
    return _lead_and_trail(leader.name, leads, trails)


def _lead_and_trail(name: str, leads: tuple[str, ...], trails: tuple[str, ...]) -> str:
    if not leads and not trails:
        return f"{name} is level with the best in every category"
    if not leads:
        return f"{name} leads in no single category and trails most on {listed(trails[:2])}"
    if not trails:
        return f"{name} leads in every category" if len(leads) > 2 else f"{name} leads on {listed(leads)}"  # noqa: PLR2004
    return f"{name} leads on {listed(leads, 3)}; trails on {listed(trails, 2)}"


def _heat_row(overview: Overview, vendor: VendorRecord) -> View:
    place = str(vendor.rank) if vendor.rank else "–"
    return {
        "code": overview.codes[vendor.id],
        "name": vendor.name,
        "place": place,
        "total": number(vendor.score, overview.digits),
        "cells": tuple(_heat_cell(vendor, category) for category in overview.categories),
        "ranked": vendor.rank is not None,
    }


def _heat_cell(vendor: VendorRecord, category: CategoryDefinition) -> ScoreCell:
    found = node(vendor, category.id)
    if found is None or found.score is None:
        return ScoreCell("–", 0)
    mark = _FLOOR_MARKS.get(found.floor.result, "") if found.floor else ""
    return ScoreCell(
        number(found.score), shade(found.score), f"{mark}w" if mark and found.floor and found.floor.waived else mark
    )


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
    words = f"{number(low)}–{number(high)}"
    stated = overview.result.evaluation.method
    return {
        "title": category.title,
        "marks": tuple(Mark(s, row, code, ranked) for (s, code, ranked), row in zip(placed, rows, strict=True)),
        "rows": max(rows) + 1,
        "low": low,
        "middle": middle,
        "high": high,
        "floor": stated.floors[category.id].at_least if _has_floor(overview, category.id) else None,
        "words": f"{words}, median {number(middle)}" if len(placed) >= stated.median_from else words,
    }


def _outside(overview: Overview) -> str:
    outside = tuple(c.title for c in overview.categories if not c.in_scope)
    if not outside:
        return ""
    verb = "is" if len(outside) == 1 else "are"
    return f"{listed(outside)} {verb} not in scope here; its weight went to the other categories in proportion."


# ------------------------------------------------------------------------------------------------ matrix


def _matrix_title(overview: Overview) -> str:
    asked = sum(question.asked for question in overview.questions.values())
    return f"{asked} questions, what each vendor was credited for them"


def _matrices(overview: Overview) -> Iterator[View]:
    for start in range(0, len(overview.shown), _COLUMNS_THAT_FIT):
        vendors = overview.shown[start : start + _COLUMNS_THAT_FIT]
        answers = [{answer.id: answer for answer in vendor.answers} for vendor in vendors]
        flags = [red_flags(vendor) for vendor in vendors]
        yield {
            "heads": tuple(overview.codes[vendor.id] for vendor in vendors),
            "key": " · ".join(f"{overview.codes[v.id]} {cut(v.name, 26)}" for v in vendors),
            "groups": tuple(_groups(overview, vendors, list(zip(answers, flags, strict=True)))),
        }


_Told = list[tuple[dict[str, AnswerRecord], frozenset[str]]]


def _groups(overview: Overview, vendors: tuple[VendorRecord, ...], told: _Told) -> Iterator[tuple[View, ...]]:
    for category in overview.result.definition.categories:
        head: tuple[View, ...] = (_node_row(overview, vendors, category, "category"),)
        for criterion in category.criteria:
            asked = [question for question in criterion.questions if question.asked]
            if asked:
                rows = (_question_row(overview, question, told) for question in asked)
                yield (*head, _node_row(overview, vendors, criterion, "criterion"), *rows)
                head = ()


def _node_row(
    overview: Overview,
    vendors: tuple[VendorRecord, ...],
    item: CategoryDefinition | CriterionDefinition,
    kind: str,
) -> View:
    local, part = overview.weights.get(item.id, (0.0, 0.0))
    return {
        "kind": kind,
        "id": "",
        "text": item.title,
        "local": share(local, 1) if part and kind == "criterion" else "",
        "share": share(part) if part else "",
        "cells": tuple(number(s) if (s := scored(vendor, item.id)) is not None else "" for vendor in vendors),
    }


def _question_row(overview: Overview, question: QuestionDefinition, told: _Told) -> View:
    local, part = overview.weights.get(question.id, (0.0, 0.0))
    return {
        "kind": "question",
        "id": question.id,
        "text": cut(question.text, 74),
        "local": share(local, 1) if part else "–",
        "share": share(part) if part else "–",
        "cells": tuple(answer_mark(answers.get(question.id), question.id in flags) for answers, flags in told),
    }


def answer_mark(answer: AnswerRecord | None, flagged: bool) -> str:  # noqa: FBT001 - the two things a cell shows
    """Print the credit of one answer as a cell of the matrix."""
    flag = "▲" if flagged else ""
    if answer is None or answer.state == "not_asked":
        return flag
    words = {"blank": "–", "invalid": "?", "pending": "…"}
    if answer.state in words:
        return words[answer.state] + flag
    if answer.credited is None:
        return f"✓{flag}"
    credited = number(answer.credited, 0)
    shown = f"({credited})" if answer.state == "settled" else credited
    claim = "°" if answer.evidence == "claim" and (answer.value or 0.0) > answer.credited else ""
    return f"{shown}{claim}{flag}"
