"""The page How firm: what other weights and other answers would do to the first place."""

from collections.abc import Iterator, Mapping

from vendor_eval.formatting.figures import number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.overview import Dot, Overview, View
from vendor_eval.reports.wording.asks import MOST_ASKED, asked_first, cell_of
from vendor_eval.reports.wording.decision import first_place
from vendor_eval.reports.wording.firmness import named_records, plain_sentence
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.what_if import left_out_lines
from vendor_eval.results.firmness import Robustness

_MOST_VENDORS = 8
_MOST_ROWS = 10
_SLOPE_WIDTH = 460.0
_ROW = 17.0


def firm_page(overview: Overview) -> View | None:
    """Make the context of the page; None where the analysis is switched off or no vendor is ranked."""
    robustness, ranked = overview.result.robustness, overview.ranked
    if robustness is None or robustness.winner is None:
        return None
    several, is_cut = len(ranked) > 1, len(ranked) > _MOST_VENDORS
    one_leads = several and not overview.result.is_tied
    cut_words = f"Charts and pairs show the first {_MOST_VENDORS} of {len(ranked)} ranked vendors."
    return {
        "title": first_place(overview.result) or f"{overview.names[robustness.winner]} is the only one ranked",
        "lead": cut(plain_sentence(named_records(overview.result, robustness)), 600),
        "notes": (*robustness.notes, *robustness.left_out, *[cut_words] * is_cut),
        "robustness": robustness,
        "slope": _slope(overview, robustness) if one_leads and robustness.presets else None,
        "spans": tuple(_spans(overview, robustness)) if one_leads else (),
        "with_price": any(row.node == "price" for row in robustness.stability),
        "shown": ranked[:_MOST_VENDORS] if several else (),
        "pivotal": tuple(_pivotal(overview, robustness)),
        "more_pivotal": max(0, len(robustness.pivotal) - _MOST_ROWS),
        "asks": tuple(
            (overview.names[ask.vendor], ask.question, f"{cut(ask.reason, 90)}{check}", ask.could_change, cell)
            for ask, cell, check in asked_first(overview.result)
        ),
        "more_asks": max(0, len(robustness.ask_first) - MOST_ASKED),
        "left_out": tuple(left_out_lines(overview.result)) if several else (),
    }


def _slope(overview: Overview, robustness: Robustness) -> View:
    shown = overview.ranked[:_MOST_VENDORS]
    sets: list[tuple[str, Mapping[str, int]]] = [("agreed", {v.id: v.rank or 0 for v in overview.ranked})]
    sets += [(preset.preset, preset.ranks) for preset in robustness.presets]
    step = _SLOPE_WIDTH / max(len(sets) - 1, 1)
    # Rows among those shown, so that every mark is on the chart; vendors that tie have rows next to each other.
    rows = [[v.id for v in sorted(shown, key=lambda v: ranks[v.id])] for _, ranks in sets]
    lines = [
        tuple(
            Dot(column * step, order.index(vendor.id) * _ROW, overview.codes[vendor.id], vendor.id == robustness.winner)
            for column, order in enumerate(rows)
        )
        for vendor in shown
    ]
    won = sum(preset.winner == robustness.winner for preset in robustness.presets)
    sets_won = f"{won} of {len(robustness.presets)}" if won < len(robustness.presets) else f"all {won}"
    return {
        # The winner's line last, so that it lies on top.
        "lines": tuple(sorted(lines, key=lambda dots: dots[0].filled)),
        "heads": tuple((column * step, str(column) if column else "agreed") for column in range(len(sets))),
        "places": tuple((row * _ROW, str(row + 1)) for row in range(len(shown))),
        "key": " · ".join(f"{i} {name.replace('_', ' ')}" for i, (name, _) in enumerate(sets) if i),
        "height": (len(shown) - 1) * _ROW,
        "words": f"first under {sets_won} named sets",
    }


def _spans(overview: Overview, robustness: Robustness) -> Iterator[View]:
    for row in robustness.stability:
        if row.kind == "category":
            rivals = [f"{overview.names[row.rival_from]} below {number(row.from_)}"] if row.rival_from else []
            rivals += [f"{overview.names[row.rival_to]} above {number(row.to)}"] if row.rival_to else []
            yield {
                "title": overview.titles[row.node],
                "row": row,
                "weight": number(row.weight),
                "interval": f"{number(row.from_)}–{number(row.to)}",
                "rivals": "; ".join(rivals) or "nobody, at any weight",
            }


def _pivotal(overview: Overview, robustness: Robustness) -> Iterator[tuple[str, str, str, str]]:
    for answer in robustness.pivotal[:_MOST_ROWS]:
        vendor = overview.result.vendor(answer.vendor)
        verb, limit = ("rises", answer.rises_to) if answer.falls_to is None else ("falls", answer.falls_to)
        text = f"{answer.question} {overview.questions[answer.question].text}"
        change = f"{verb} from {number(answer.value)} to {number(limit)}"
        yield vendor.name, cut(text, 90), change, place(cell_of(vendor, answer.question))
