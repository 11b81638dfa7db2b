"""The page How firm: other weights, other answers, and what they would do to the first place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vendor_eval.formatting.figures import number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.wording.asks import MOST_ASKED, asked_first, cell_of
from vendor_eval.reports.wording.firmness import named_records, plain_sentence
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.what_if import left_out_lines
from vendor_eval.results.firmness import Drawn, Robustness

_MOST_VENDORS = 8
_MOST_ROWS = 10
_LABELLED = 0.07  # share of a bar in which a number fits
_SLOPE_WIDTH = 460.0
_ROW = 17.0


@dataclass(frozen=True)
class WinDot:
    """A vendor under one set of weights: where, and under which letter."""

    x: float
    y: float
    code: str


@dataclass(frozen=True)
class WinLine:
    """A vendor over all sets of weights."""

    dots: tuple[WinDot, ...]
    first: bool
    path: str


@dataclass(frozen=True)
class Segment:
    """Share of the draws in which a vendor has one rank; its shade is one of ten."""

    x: float
    width: float
    shade: int
    text: str


def firm_page(overview: Overview, *, answers: int = _MOST_ROWS, asks: int = MOST_ASKED) -> View | None:
    """Draw the page with so many answers and questions, None where it is switched off or nobody is ranked."""
    found = overview.result.robustness
    if found is None or found.winner is None:
        return None
    several = len(overview.ranked) > 1
    shown = [vendor.id for vendor in overview.ranked[:_MOST_VENDORS]]
    return {
        "title": _title(overview, found),
        "lead": cut(lead_sentence(overview, found), 600),
        "decides": found.decides,
        "notes": (*found.notes, *found.left_out, *_cut_here(overview)),
        "slope": _slope(overview, found) if several and found.presets else None,
        "spans": tuple(_spans(overview, found)) if several else (),
        "with_price": any(row.node == "price" for row in found.stability),
        "stacks": tuple(_stack(overview, found, name) for name in shown) if several else (),
        "heads": tuple(overview.codes[name] for name in shown),
        "pairs": tuple(_pairs(overview, found, shown)) if several else (),
        "pivotal": tuple(_pivotal(overview, found, answers)),
        "more_pivotal": max(0, len(found.pivotal) - answers),
        "asks": tuple(_asks(overview, asks)),
        "more_asks": max(0, len(found.ask_first) - asks),
        "draws": _draws(found),
        "left_out": tuple(left_out_lines(overview.result)) if several else (),
    }


def lead_sentence(overview: Overview, found: Robustness) -> str:
    """Say how firm the first place is, without the verdict that a headline above says."""
    return plain_sentence(named_records(overview.result, found))


def _title(overview: Overview, found: Robustness) -> str:
    if found.verdict != "clear":
        return "No clear winner: other weights or answers could put another first"
    name = overview.result.vendor(found.winner or "").name
    return f"{name} is a clear winner"


def _cut_here(overview: Overview) -> Iterator[str]:
    if len(overview.ranked) > _MOST_VENDORS:
        yield f"Charts and pairs show the first {_MOST_VENDORS} of {len(overview.ranked)} ranked vendors."


def _draws(found: Robustness) -> str:
    won = found.weightings_won
    kappa = f", kappa {won.kappa:.1f}" if won.kappa is not None else ""
    return (
        f"{won.draws:,} drawn weightings each, standard error at most {won.standard_error * 100:.2f} points. "
        "All: every set of category weights equally likely. Near: around the stated weights, the largest varying by a "
        f"fifth of itself (Dirichlet{kappa})."
    )


# ------------------------------------------------------------------------------------------------ other weights


def _slope(overview: Overview, found: Robustness) -> View:
    shown = overview.ranked[:_MOST_VENDORS]
    sets: list[tuple[str, Mapping[str, int]]] = [("agreed", {v.id: v.rank or 0 for v in overview.ranked})]
    sets += [(one.preset, one.ranks) for one in found.presets]
    # Among those shown, so that every mark is on the chart; vendors that tie stand beside each other.
    step = _SLOPE_WIDTH / max(len(sets) - 1, 1)
    lines = []
    for vendor in shown:
        dots = []
        for column, (_, ranks) in enumerate(sets):
            at = sorted(shown, key=lambda v: ranks[v.id]).index(vendor)
            dots.append(WinDot(column * step, at * _ROW, overview.codes[vendor.id]))
        path = "M" + "L".join(f"{dot.x:.1f} {dot.y:.1f}" for dot in dots)
        lines.append(WinLine(tuple(dots), vendor.id == found.winner, path))
    won = sum(one.winner == found.winner for one in found.presets)
    sets_won = f"{won} of {len(found.presets)}" if won < len(found.presets) else f"all {won}"
    return {
        # The winner's line last, so that it lies on top.
        "lines": tuple(sorted(lines, key=lambda line: line.first)),
        "heads": tuple((column * step, str(column) if column else "agreed") for column in range(len(sets))),
        "places": tuple((row * _ROW, str(row + 1)) for row in range(len(shown))),
        "key": " · ".join(f"{i} {name.replace('_', ' ')}" for i, (name, _) in enumerate(sets) if i),
        "height": (len(shown) - 1) * _ROW,
        "words": f"first under {sets_won} named sets",
    }


def _spans(overview: Overview, found: Robustness) -> Iterator[View]:
    names = {v.id: v.name for v in overview.ranked}
    for row in found.stability:
        if row.kind != "category":
            continue
        rivals = []
        if row.rival_from:
            rivals.append(f"{names[row.rival_from]} below {number(row.from_)} %")
        if row.rival_to:
            rivals.append(f"{names[row.rival_to]} above {number(row.to)} %")
        yield {
            "title": overview.titles[row.node],
            "stated": row.weight,
            "low": row.from_,
            "high": row.to,
            "weight": number(row.weight),
            "interval": f"{number(row.from_)}–{number(row.to)}",
            "rivals": "; ".join(rivals) or "nobody, at any weight",
        }


def _stack(overview: Overview, found: Robustness, name: str) -> View:
    won = found.weightings_won
    return {
        "code": overview.codes[name],
        "name": cut(overview.result.vendor(name).name, 30),
        "uniform": tuple(_segments(found.uniform, name)),
        "near": tuple(_segments(found.around_stated, name)),
        "won": _percent(won.uniform[name]),
        "won_near": _percent(won.around_stated[name]),
    }


def _segments(drawn: Drawn, name: str) -> Iterator[Segment]:
    x = 0.0
    ranks = drawn.ranks[name]
    for index, part in enumerate(ranks):
        if part > 0:
            shade = max(0, 9 - round(index * 9 / max(len(ranks) - 1, 1)))
            yield Segment(x * 100, part * 100, shade, str(index + 1) if part >= _LABELLED else "")
        x += part


def _percent(part: float) -> str:
    text = number(part * 100)
    return "<0.1 %" if part > 0 and text == "0.0" else ">99.9 %" if part < 1 and text == "100.0" else f"{text} %"


def _pairs(overview: Overview, found: Robustness, shown: list[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for one in shown:
        row = found.uniform.pairwise[one]
        cells = tuple("–" if one == other else _percent(row[other]) for other in shown)
        yield overview.codes[one], cut(overview.result.vendor(one).name, 30), cells


# ------------------------------------------------------------------------------------------------ other answers


def _pivotal(overview: Overview, found: Robustness, most: int) -> Iterator[tuple[str, str, str, str]]:
    for one in found.pivotal[:most]:
        vendor = overview.result.vendor(one.vendor)
        moved = one.falls_to if one.falls_to is not None else one.rises_to
        verb = "falls" if one.falls_to is not None else "rises"
        text = f"{one.question} {overview.questions[one.question].text}"
        change = f"{verb} from {number(one.value)} to {number(moved)}"
        yield vendor.name, cut(text, 90), change, place(cell_of(vendor, one.question))


def _asks(overview: Overview, most: int) -> Iterator[tuple[str, str, str, str, str]]:
    for one in asked_first(overview.result, most):
        name = overview.result.vendor(one.vendor).name
        yield name, one.question, cut(one.reason, 90), one.could_change, one.cell
