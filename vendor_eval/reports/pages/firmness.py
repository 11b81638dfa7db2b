"""The page How firm: what other weights and other answers would do to the first place."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from vendor_eval.formatting.figures import number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.overview import Dot, Overview, View
from vendor_eval.reports.wording.asks import MOST_ASKED, asked_first, cell_of
from vendor_eval.reports.wording.decision import first_place
from vendor_eval.reports.wording.firmness import named_records, plain_sentence
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.what_if import left_out_lines
from vendor_eval.results.firmness import Drawn, Robustness

_MOST_VENDORS = 8
_MOST_ROWS = 10
_LABELLED = 0.07  # share of a bar in which a number fits
_SLOPE_WIDTH = 460.0
_ROW = 17.0
# Start and width in percent of the bar, shade from 0 to 9, and the rank where it fits.
_Segment: TypeAlias = tuple[float, float, int, str]


def firm_page(overview: Overview, *, answers: int = _MOST_ROWS, asks: int = MOST_ASKED) -> View | None:
    """Make the context of the page; None where the analysis is switched off or no vendor is ranked."""
    robustness, ranked = overview.result.robustness, overview.ranked
    if robustness is None or robustness.winner is None:
        return None
    several, shown = len(ranked) > 1, [vendor.id for vendor in ranked[:_MOST_VENDORS]]
    is_cut = f"Charts and pairs show the first {_MOST_VENDORS} of {len(ranked)} ranked vendors."
    return {
        "title": first_place(overview.result) or f"{overview.names[robustness.winner]} is the only one ranked",
        "lead": cut(plain_sentence(named_records(overview.result, robustness)), 600),
        "decides": robustness.decides,
        "notes": (*robustness.notes, *robustness.left_out, *[is_cut] * (len(ranked) > _MOST_VENDORS)),
        "slope": _slope(overview, robustness) if several and robustness.presets else None,
        "spans": tuple(_spans(overview, robustness)) if several else (),
        "with_price": any(row.node == "price" for row in robustness.stability),
        "stacks": tuple(_stack(overview, robustness, vendor) for vendor in shown) if several else (),
        "heads": tuple(overview.codes[vendor] for vendor in shown),
        "pairs": tuple(_pairs(overview, robustness, shown)) if several else (),
        "pivotal": tuple(_pivotal(overview, robustness, answers)),
        "more_pivotal": max(0, len(robustness.pivotal) - answers),
        "asks": tuple(
            (overview.names[ask.vendor], ask.question, f"{cut(ask.reason, 90)}{check}", ask.could_change, cell)
            for ask, cell, check in asked_first(overview.result, asks)
        ),
        "more_asks": max(0, len(robustness.ask_first) - asks),
        "draws": _draws(robustness),
        "left_out": tuple(left_out_lines(overview.result)) if several else (),
    }


def _draws(robustness: Robustness) -> str:
    won = robustness.weightings_won
    kappa = f", kappa {won.kappa:.1f}" if won.kappa is not None else ""
    return (
        f"{won.draws:,} drawn weightings each, standard error at most {won.standard_error * 100:.2f} points. "
        "All: every set of category weights equally likely. Near: around the stated weights, the largest varying by a "
        f"fifth of itself (Dirichlet{kappa})."
    )


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


def _stack(overview: Overview, robustness: Robustness, vendor: str) -> View:
    won = robustness.weightings_won
    return {
        "code": overview.codes[vendor],
        "name": cut(overview.names[vendor], 30),
        "uniform": tuple(segments(robustness.uniform, vendor)),
        "near": tuple(segments(robustness.around_stated, vendor)),
        "won": _percent(won.uniform[vendor]),
        "won_near": _percent(won.around_stated[vendor]),
    }


def segments(drawn: Drawn, vendor: str) -> Iterator[_Segment]:
    """Yield the parts of a bar, one for each rank that a vendor has under drawn weights."""
    x, ranks = 0.0, drawn.ranks[vendor]
    for index, part in enumerate(ranks):
        if part > 0:
            shade = max(0, 9 - round(index * 9 / max(len(ranks) - 1, 1)))
            yield x * 100, part * 100, shade, str(index + 1) if part >= _LABELLED else ""
        x += part


def _percent(part: float) -> str:
    text = number(part * 100)
    return "<0.1 %" if part > 0 and text == "0.0" else ">99.9 %" if part < 1 and text == "100.0" else f"{text} %"


def _pairs(overview: Overview, robustness: Robustness, shown: list[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for vendor in shown:
        beaten = robustness.uniform.pairwise[vendor]
        cells = tuple("–" if vendor == other else _percent(beaten[other]) for other in shown)
        yield overview.codes[vendor], cut(overview.names[vendor], 30), cells


def _pivotal(overview: Overview, robustness: Robustness, most: int) -> Iterator[tuple[str, str, str, str]]:
    for answer in robustness.pivotal[:most]:
        vendor = overview.result.vendor(answer.vendor)
        verb, limit = ("rises", answer.rises_to) if answer.falls_to is None else ("falls", answer.falls_to)
        text = f"{answer.question} {overview.questions[answer.question].text}"
        change = f"{verb} from {number(answer.value)} to {number(limit)}"
        yield vendor.name, cut(text, 90), change, place(cell_of(vendor, answer.question))
