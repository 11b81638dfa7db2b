"""The page Price: quality against price, what each vendor costs line by line, where the order hangs on a bid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import TypeAlias

from vendor_eval.formatting.figures import compared, money, number, unit_price
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.overview import MOST_SHOWN, Overview, View
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.price import PRICE_FLAGS, SHORT_FLAGS, exact, item_words, price_arithmetic, turn_lines
from vendor_eval.reports.wording.what_if import bid_lines, rule_heads, rule_rows
from vendor_eval.results import PriceItemDefinition, PriceItemRecord, PriceMethodRecord, PriceRecord, VendorRecord

_MOST_TURNS = 6
_MOST_NAMES = 4
_NAME = 40
_MOST_COLUMNS = 6
_Priced: TypeAlias = tuple[VendorRecord, PriceRecord]
# Id, what is priced, how often it is taken, and for each vendor its unit price and what an hour yields.
_Line: TypeAlias = tuple[str, str, str, tuple[tuple[str, str], ...]]
_WIDTH, _HEIGHT = 440.0, 150.0
# What a dot takes of the drawing.
_DOT = 13.0
_RULES = {
    "fixed_bounds": "100 points for {best} or less, 0 for {worst} or more, in a straight line between",
    "lowest_ratio": "100 x lowest total / total",
    "linear_min_max": "100 for the lowest total, 0 for the highest, in a straight line between",
    "linear_from_lowest": "100 for the lowest total, 0 for twice as much, in a straight line between",
    "quality_per_price": "rank by quality divided by total price",
}


@dataclass(frozen=True)
class PriceDot:
    """A vendor on the scatter, in units of the drawing."""

    x: float
    y: float
    code: str
    ranked: bool


def price_page(overview: Overview, *, brief: bool = False) -> View | None:
    """Draw the page Price; None where the evaluation has no price. A brief one keeps to one page."""
    how = overview.result.evaluation.price
    if how is None:
        return None
    priced = [(vendor, vendor.price) for vendor in overview.shown if vendor.price]
    names = {vendor.id: cut(vendor.name, _NAME) for vendor in overview.vendors}
    differences = overview.result.beside_the_first()
    shown = overview.codes if len(differences) > _MOST_NAMES else names
    sentences = [
        compared(names[vendor.id] if index == 0 else shown[vendor.id], cost, quality)
        for index, (vendor, cost, quality) in enumerate(differences)
    ]
    first = next((names[v.id] for v, price in priced if v.rank and price.total is not None), "")
    rules = tuple(rule_rows(overview.result))
    wage = how.living_wage
    return {
        "title": f"Beside {first}, {sentences[0]}" if sentences else "What the offers cost",
        "lead": rule_words(how),
        "warning": how.warning,
        "turns": tuple(turn_lines(overview.result, names, _MOST_TURNS)),
        "sentences": tuple(sentences[1:MOST_SHOWN]),
        "first": first,
        "offers": priced,
        "short": SHORT_FLAGS,
        "flags": tuple(
            (SHORT_FLAGS[flag], PRICE_FLAGS[flag])
            for flag in PRICE_FLAGS
            if any(flag in price.flags for _, price in priced)
        ),
        "scatter": _scatter(overview),
        "costs": () if brief and (rules or len(priced) > _MOST_COLUMNS) else tuple(_costs(overview, how, priced)),
        "with_yields": any(item.seconds_per_unit for item in how.items),
        "wage": f"{money(wage.amount, 2)} {how.currency} an hour ({cut(wage.source, 160)})" if wage else "",
        "currency": how.currency,
        "rule_heads": rule_heads(overview.result),
        "rules": rules,
        "bids": tuple(bid_lines(overview.result)),
    }


def rule_words(how: PriceMethodRecord) -> str:
    """Say how the price counts."""
    rule = _RULES[how.rule].format(best=money(how.best), worst=money(how.worst))
    if how.rule == "quality_per_price":
        return (
            f"Rule {how.rule}: {rule}; the score stays the quality. Prices in {how.currency} over {how.years:g} years."
        )
    share = how.weight / 100
    return (
        f"Total = {share:g} x price score + {1 - share:g} x quality. Rule {how.rule}: {rule}. "
        f"Prices in {how.currency} over {how.years:g} years; points of categories and questions are points of quality."
    )


def _costs(
    overview: Overview, how: PriceMethodRecord, priced: Sequence[_Priced]
) -> Iterator[tuple[tuple[str, ...], tuple[_Line, ...]]]:
    """Give each unit price, and under it what an hour yields, for as many vendors as stand side by side."""
    for first in range(0, len(priced), _MOST_COLUMNS):
        part = priced[first : first + _MOST_COLUMNS]
        heads = tuple(overview.codes[vendor.id] for vendor, _ in part)
        yield (
            heads,
            tuple(_cost(item, [price.items[index] for _, price in part]) for index, item in enumerate(how.items)),
        )


def _cost(item: PriceItemDefinition, prices: Sequence[PriceItemRecord]) -> _Line:
    cells = tuple((unit_price(price.unit_price), _an_hour(price.yield_per_hour)) for price in prices)
    seconds = f", {item.seconds_per_unit:,.10g} s each" if item.seconds_per_unit else ""
    return item.id, f"{item_words(cut(item.text, 60), item.unit)}{seconds}", f"{item.times:,.10g}", cells


def _an_hour(most: float | None) -> str:
    return "" if most is None else f"{money(most, 2)}\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}h"


# ------------------------------------------------------------------------------------------------ one vendor


def own_price(overview: Overview, vendor: VendorRecord, *, copy: bool) -> View | None:
    """Draw the price of one vendor, without a total of another; its copy says nothing that another bid decides."""
    how, price = overview.result.evaluation.price, vendor.price
    if how is None or price is None:
        return None
    arithmetic = price_arithmetic(how, price)
    if how.relative and price.total is not None:
        arithmetic = "" if copy else f"Score by {how.rule}: {exact(price.score)}; totals of others do not stand here."
    hidden = {"abnormally_low", "suspicious_price"} if copy else set()
    texts = {item.id: item_words(cut(item.text, 70), item.unit) for item in how.items}
    return {
        "lead": rule_words(how),
        "sum": f"Sum {money(price.total, 2)} {how.currency}. {arithmetic}".strip(),
        "rows": tuple(
            (
                item.id,
                texts[item.id],
                unit_price(item.unit_price),
                f"{item.times:,.10g}",
                money(item.amount, 2),
                place(item.source),
            )
            for item in price.items
        ),
        "flags": tuple(PRICE_FLAGS[flag] for flag in price.flags if flag not in hidden),
    }


# ------------------------------------------------------------------------------------------------ the scatter


def _scatter(overview: Overview) -> View | None:
    found = [(v, v.price.total, v.quality or 0.0) for v in overview.shown if v.price and v.price.total is not None]
    if len(found) < 2:  # noqa: PLR2004  one dot compares nothing
        return None
    low, high, step = _axis([total for _, total, _ in found])
    floor_, top, rise = _axis([quality for *_, quality in found])

    def at(total: float, quality: float) -> tuple[float, float]:
        return _WIDTH * (total - low) / (high - low), _HEIGHT * (1 - (quality - floor_) / (top - floor_))

    places = {vendor.id: at(total, quality) for vendor, total, quality in found}
    shown = dict(zip(places, apart(list(places.values())), strict=True))
    frontier = overview.result.frontier()
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "dots": tuple(PriceDot(*shown[v.id], overview.codes[v.id], v.rank is not None) for v, *_ in found),
        "frontier": tuple(places[name] for name in frontier),
        "across": tuple((at(x, floor_)[0], money(x)) for x in _ticks(low, high, step)),
        "up": tuple((at(low, y)[1], number(y, 0)) for y in _ticks(floor_, top, rise)),
        "words": f"frontier: {', '.join(overview.codes[name] for name in frontier)}",
    }


def apart(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Set dots that would hide each other side by side, in their order.

    >>> apart([(50.0, 50.0), (200.0, 50.0), (52.0, 50.0)])
    [(44.5, 50.0), (200.0, 50.0), (57.5, 50.0)]
    """
    groups: list[list[int]] = []
    for index in sorted(range(len(places)), key=lambda at: places[at]):
        near = next((group for group in groups if _touch(places, group, index)), None)
        if near is None:
            groups.append([index])
        else:
            near.append(index)
    found = list(places)
    for group in (group for group in groups if len(group) > 1):
        middle, height = (sum(places[at][axis] for at in group) / len(group) for axis in (0, 1))
        half = _DOT * (len(group) - 1) / 2
        middle = min(max(middle, half), _WIDTH - half)
        for number_, at in enumerate(sorted(group)):
            found[at] = (round(middle - half + _DOT * number_, 1), round(height, 1))
    return found


def _touch(places: Sequence[tuple[float, float]], group: Sequence[int], index: int) -> bool:
    x, y = places[index]
    return any(abs(places[at][0] - x) < _DOT - 1 and abs(places[at][1] - y) < _DOT - 1 for at in group)


def _axis(values: list[float]) -> tuple[float, float, float]:
    """Round ends around the values, and the step of the ticks."""
    spread = max(values) - min(values) or abs(max(values)) or 1.0
    rough = spread / 4
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    low, high = floor(min(values) / step) * step, (floor(max(values) / step) + 1) * step
    # A dot on the axis would read as none.
    low -= step if min(values) == low > 0 else 0.0
    return low, high, step


def _ticks(low: float, high: float, step: float) -> list[float]:
    return [low + step * index for index in range(round((high - low) / step) + 1)]
