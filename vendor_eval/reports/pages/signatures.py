"""The last page: how firm the first place is, who scored, what is still open, and who signs."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.method import signers
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.wording.asks import STAKES, OpenGroup, open_groups
from vendor_eval.reports.wording.decision import first_place
from vendor_eval.reports.wording.panel import (
    agreement,
    category_agreement,
    compared_with_panel,
    if_left_out,
    scored_categories,
)
from vendor_eval.reports.wording.stability import beyond, preset_rows, titles_together
from vendor_eval.reports.wording.what_if import rule_groups
from vendor_eval.results.firmness import Interval, Robustness

_MOST_WEIGHTS = 5
_MOST_PRESETS = 2
_MOST_SHARES = 3
_MOST_MEMBERS = 6
_MOST_CATEGORIES = 8
_MOST_OPEN = 4
_NAME, _RIVAL = 34, 26
# Title, weight, the band and its mark on a scale from 0 to 100, and who comes first outside.
_Weight: TypeAlias = tuple[str, float, tuple[float, float], str]


def signed_page(overview: Overview) -> View:
    """Make the context of the page; what the result does not hold is left out."""
    result = overview.result
    robustness, panel = result.robustness, result.panel
    several = robustness is not None and robustness.winner is not None and len(overview.ranked) > 1
    several = several and result.evaluation.method.firmness == "page"
    first = overview.ranked[0].name if overview.ranked else ""
    weights = tuple(_weights(overview, robustness)) if robustness and several else ()
    presets = tuple(preset_rows(result)) if several else ()
    rules = tuple((titles, cut(leader, _NAME), "", other) for titles, leader, other in rule_groups(result) * several)
    members = panel.members if panel else ()
    groups = open_groups(result)
    categories = panel.categories if panel else ()
    return {
        "title": first_place(result) or "Who scored, what is open, and who signs",
        "first": first,
        "with_rules": bool(rules),
        "weights": weights,
        "rules": (*rules, *(_order(label, order, first) for label, order in presets[:_MOST_PRESETS])),
        "more_presets": max(0, len(presets) - _MOST_PRESETS),
        "shares": overview.ranked[:_MOST_SHARES] if several else (),
        "members": tuple(
            (
                cut(member.name, _NAME),
                scored_categories(panel, member),
                compared_with_panel(panel.severity.get(member.id)),
                if_left_out(result, panel, member),
            )
            for member in members[:_MOST_MEMBERS]
            if panel
        ),
        "more_members": max(0, len(members) - _MOST_MEMBERS),
        "agreement": agreement(panel) if panel else "",
        "categories": tuple(
            (overview.titles[category.id], category_agreement(category)) for category in categories[:_MOST_CATEGORIES]
        ),
        "more_categories": max(0, len(categories) - _MOST_CATEGORIES),
        "open": tuple(_still_open(groups[:_MOST_OPEN])),
        "more_open": max(0, len(groups) - _MOST_OPEN),
        "signers": signers(overview),
    }


def _order(label: str, order: Sequence[str], first: str) -> tuple[str, str, str, bool]:
    leader, *others = order
    return label, cut(leader, _NAME), ", ".join(cut(name, _NAME) for name in others), leader != first


def _still_open(groups: Sequence[OpenGroup]) -> Iterator[tuple[str, str, str]]:
    """Yield what is open; what it could change, and at whom, only where it is another than in the row above."""
    before = ("", "")
    for stake, vendor, text in groups:
        label = "" if stake == before[0] else STAKES[stake]
        yield label, "" if not label and vendor == before[1] else cut(vendor, _NAME), text
        before = (stake, vendor)


def _weights(overview: Overview, robustness: Robustness) -> Iterator[_Weight]:
    """List the weights in points of the total: the nearest to its end first, those that change nothing in one row."""
    names = {vendor: cut(name, _RIVAL) for vendor, name in overview.names.items()}
    rows = [row for row in robustness.stability if row.kind == "category"]
    changing = sorted((row for row in rows if row.rival_from or row.rival_to), key=_room)
    most = _MOST_WEIGHTS if len(changing) > _MOST_WEIGHTS + 1 else len(changing)
    shown, far = changing[:most], changing[most:]
    for row in shown:
        yield overview.titles[row.node], row.weight, (row.from_, row.to), beyond(row, names)
    firm = [row for row in rows if not (row.rival_from or row.rival_to)]
    for part, words in ((far, f"see {overview.place_of('Sensitivity')}"), (firm, "always first")):
        if part:
            ends = max(row.from_ for row in part), min(row.to for row in part)
            yield titles_together([overview.titles[row.node] for row in part]), sum(r.weight for r in part), ends, words


def _room(row: Interval) -> float:
    ends = [row.weight - row.from_] * bool(row.rival_from) + [row.to - row.weight] * bool(row.rival_to)
    return min(ends)
