"""The appendix of the comparison: what stands behind its four pages, answer by answer."""

from vendor_eval.formatting.figures import number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.firmness import firm_page
from vendor_eval.reports.pages.method import clarify, method, profile
from vendor_eval.reports.pages.overview import Overview, View, head, red_flags, scored
from vendor_eval.reports.pages.panel import panel_page
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.reports.wording.requirements import unmet
from vendor_eval.results import UNPROVEN, AnswerRecord

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
        "asked": asked,
        "not_asked": len(overview.questions) - asked,
        "marks": _marks(overview),
        "scored": scored,
        "key": lambda vendors: " · ".join(f"{overview.codes[v.id]} {cut(v.name, 26)}" for v in vendors),
        "firm": firm_page(overview),
        "panel": panel_page(overview),
        "clarifications": tuple(clarify(overview, vendor, _MISSING_SHOWN) for vendor in overview.shown),
        "method": method(overview),
    }


def _marks(overview: Overview) -> dict[tuple[str, str], str]:
    """Print the credit of each answer by vendor and question."""
    flags = {vendor.id: red_flags(vendor) for vendor in overview.shown}
    answers = ((vendor.id, answer) for vendor in overview.shown for answer in vendor.answers)
    return {(name, answer.id): answer_mark(answer, answer.id in flags[name]) for name, answer in answers}


def answer_mark(answer: AnswerRecord, flagged: bool) -> str:  # noqa: FBT001 - the two things a cell shows
    """Print the credit of one answer as a cell of the matrix."""
    flag = "▲" if flagged else ""
    if answer.state == "not_asked":
        return flag
    if answer.state in _SIGNS:
        return _SIGNS[answer.state] + flag
    if answer.credited is None:
        return f"✓{flag}"
    credited = number(answer.credited, 0)
    shown = f"({credited})" if answer.state == "settled" else credited
    claim = "°" if answer.evidence in UNPROVEN and (answer.value or 0.0) > answer.credited else ""
    return f"{shown}{claim}{flag}"
