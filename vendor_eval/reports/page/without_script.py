"""What report.html shows without script: the decision, the ranking as stacked bars, the scores by category."""

from collections.abc import Iterator
from typing import NamedTuple

from vendor_eval.formatting.figures import money, number
from vendor_eval.reports.pages.categories import heat_title, outside_scope
from vendor_eval.reports.pages.overview import Overview, View, node
from vendor_eval.reports.wording import decision as words
from vendor_eval.reports.wording.exclusions import failed_knock_outs
from vendor_eval.reports.wording.firmness import named_records, of_all_weights, share
from vendor_eval.reports.wording.record import record_sentence
from vendor_eval.reports.wording.requirements import requirements_met
from vendor_eval.reports.wording.stability import preset_title
from vendor_eval.results import Result, VendorRecord

PRICE = "price"
_SHADES = 8


class Part(NamedTuple):
    """A category, or the price, with its color and its agreed points of the total."""

    id: str
    title: str
    color: str
    weight: float


class Segment(NamedTuple):
    """What a part contributes to the total of a vendor, in points, and where that starts in its bar."""

    part: Part
    start: float
    points: float


def shown_without_script(result: Result) -> View:
    """Make the context of the page's markup."""
    overview = Overview(result, result.digits)
    first = words.in_front(result)
    parts = () if result.is_screen else tuple(_parts(overview))
    rows = tuple(_row(overview, parts, vendor) for vendor in result.in_order)
    return {
        "headline": words.headline(result),
        "lead": words.subline(result),
        "firm": words.how_firm(result),
        "first": first,
        "reasons": words.reasons_for(result, first) if first else (),
        "risks": words.risks(result, first) if first else (),
        "blocks": words.blocks(result),
        "failed": failed_knock_outs(result),
        "record": record_sentence(result.evaluation),
        "parts": parts,
        "rows": rows,
        "heat": _heat_map(overview, parts) if parts and result.evaluated else None,
        "presets": tuple(_presets(result)),
    }


def _parts(overview: Overview) -> Iterator[Part]:
    share_of_quality = 100 * overview.quality_share
    for at, category in enumerate(c for c in overview.categories if c.in_scope):
        weight = share_of_quality * overview.weights[category.id][1]
        yield Part(category.id, category.title, f"c{at % _SHADES}", weight)
    price = overview.result.price
    if price:
        yield Part(PRICE, "Price", "c-price", 0.0 if overview.result.ranks_by_ratio else price.weight)


def _row(overview: Overview, parts: tuple[Part, ...], vendor: VendorRecord) -> View:
    result = overview.result
    return {
        "vendor": vendor,
        "points": number(vendor.score, overview.digits),
        "segments": tuple(_segments(overview, parts, vendor)) if vendor.score is not None else (),
        "bar": words.points_in_words(vendor, overview.digits) if vendor.score is not None else "",
        "met": _met(vendor),
        "price": _price(result, vendor),
        "first_under": _first_under(result, vendor),
    }


def _first_under(result: Result, vendor: VendorRecord) -> str:
    """Say under how many of all weights a ranked vendor comes first, as far as anybody looked."""
    robustness = result.robustness
    won = robustness.weightings_won.uniform.get(vendor.id) if robustness and vendor.rank else None
    if robustness is None or won is None:
        return ""
    if vendor.rank == 1 and result.is_tied:
        return "Shares the first place"
    if vendor.id == robustness.winner:
        return f"First under {of_all_weights(named_records(result, robustness))}"
    return f"First under {share(won)} of all possible weights" if won else "First under none of the weights tried"


def _met(vendor: VendorRecord) -> str:
    met, asked = requirements_met(vendor)
    return f"{met} of {asked} requirements met" if asked else "no requirement asked"


def _price(result: Result, vendor: VendorRecord) -> str:
    if result.price is None or vendor.price is None:
        return ""
    if vendor.price.total is None:
        return "price incomplete"
    return f"{result.price.currency} {money(vendor.price.total)}"


def _segments(overview: Overview, parts: tuple[Part, ...], vendor: VendorRecord) -> Iterator[Segment]:
    start = 0.0
    for part in parts:
        record = node(vendor, part.id)
        points = overview.quality_share * record.contribution if record else 0.0
        if part.id == PRICE and vendor.price:
            points = (vendor.price.score or 0.0) * part.weight / 100
        yield Segment(part, start, points)
        start += points


def _heat_map(overview: Overview, parts: tuple[Part, ...]) -> View:
    floors = overview.result.evaluation.method.floors
    categories = tuple(part for part in parts if part.id != PRICE)
    rows = tuple((v, tuple((c.id, node(v, c.id)) for c in categories)) for v in overview.evaluated)
    has_floor = {c.id for c in categories for _, nodes in rows for name, n in nodes if name == c.id and n and n.floor}
    return {
        "title": heat_title(overview),
        "categories": categories,
        "floors": tuple(f"{floors[c.id].at_least:g}" if c.id in has_floor else "–" for c in categories),
        "rows": rows,
        "outside": outside_scope(overview),
    }


def _presets(result: Result) -> Iterator[tuple[str, str]]:
    """List the named sets of weights by id and title."""
    titles = [category.title for category in result.definition.categories]
    for name in result.arithmetic.categories.presets if result.arithmetic else ():
        yield name, preset_title(name, titles)
