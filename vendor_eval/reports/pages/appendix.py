"""The appendix of the comparison: what stands behind its four pages, answer by answer."""

from collections.abc import Iterable, Iterator

from vendor_eval.formatting.figures import number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.firmness import firm_page
from vendor_eval.reports.pages.method import clarify, method, profile
from vendor_eval.reports.pages.overview import Overview, View, head, red_flags, scored
from vendor_eval.reports.pages.panel import panel_page
from vendor_eval.reports.wording.phrases import counted, share
from vendor_eval.reports.wording.requirements import unmet
from vendor_eval.results import (
    UNPROVEN,
    AnswerRecord,
    CategoryDefinition,
    CriterionDefinition,
    QuestionDefinition,
    VendorRecord,
)

_COLUMNS_THAT_FIT = 14
_MISSING_SHOWN = 12
_SIGNS = {"blank": "–", "invalid": "?", "pending": "…"}


def appendix_pages(overview: Overview) -> View:
    """Make the context of the appendix: all strengths, gaps and flags, every answer, the panel and the method."""
    screen = overview.result.is_screen
    asked = sum(question.asked for question in overview.questions.values())
    return {
        **head(overview.result),
        "overview": overview,
        "count": counted(len(overview.vendors), "vendor"),
        "not_shown": overview.not_shown,
        "requirements": tuple((v.name, rows) for v in overview.shown if (rows := unmet(overview.result, v))),
        "profiles": () if screen else tuple(profile(overview, vendor) for vendor in overview.shown),
        "strength_label": "Points above the median" if overview.has_median else "Points earned",
        "matrices": tuple(_matrices(overview)) if not screen else (),
        "matrix_title": f"{asked} questions, and what each vendor was credited for them",
        "not_asked": len(overview.questions) - asked,
        "firm": firm_page(overview),
        "panel": panel_page(overview),
        "clarifications": tuple(clarify(overview, vendor, _MISSING_SHOWN) for vendor in overview.shown),
        "method": method(overview),
    }


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
        "share": number(100 * part * overview.quality_share, 2) if part else none,
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
