"""The last page: how firm the first place is, who scored, what is still open, and who signs."""

from collections.abc import Iterator
from typing import TypeAlias

from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.method import signers
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.wording import panel as panel_words
from vendor_eval.reports.wording.asks import STAKES, open_groups
from vendor_eval.reports.wording.decision import first_place
from vendor_eval.reports.wording.firmness import few
from vendor_eval.reports.wording.stability import beyond, preset_rows, titles_together
from vendor_eval.reports.wording.what_if import rule_groups
from vendor_eval.results.firmness import Interval, Robustness

_MOST_WEIGHTS = 5
_MOST_PRESETS = 2
_MOST_SHARES = 3
_NAME, _RIVAL = 34, 26
# Title, weight, the band and its mark on a scale from 0 to 100, and who comes first outside.
_Weight: TypeAlias = tuple[str, float, tuple[float, float], str]


def signed_page(overview: Overview) -> View:
    """Make the context of the page; what the result does not hold is left out."""
    result, robustness = overview.result, overview.result.robustness
    several = robustness is not None and robustness.winner is not None and len(overview.ranked) > 1
    several = several and result.evaluation.method.firmness == "page"
    first = few([vendor.name for vendor in result.first])
    presets = tuple(preset_rows(result)) if several else ()
    rules = [(titles, cut(leader, _NAME), "", other) for titles, leader, other in rule_groups(result) * several]
    orders = [
        (label, cut(leader, _NAME), ", ".join(cut(name, _NAME) for name in others), leader != first)
        for label, (leader, *others) in presets[:_MOST_PRESETS]
    ]
    return {
        "title": first_place(result) or "Who scored, what is open, and who signs",
        "with_rules": bool(rules),
        "weights": tuple(_weights(overview, robustness)) if robustness and several and not result.is_tied else (),
        "rules": (*rules, *orders),
        "more_presets": max(0, len(presets) - _MOST_PRESETS),
        "shares": overview.ranked[:_MOST_SHARES] if several else (),
        "panel": result.panel,
        "words": panel_words,
        "groups": open_groups(result),
        "stakes": STAKES,
        "signers": signers(overview),
    }


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
