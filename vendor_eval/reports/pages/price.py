"""The page Price: quality against price, the unit prices of each vendor, and bids that would change the order."""

from collections.abc import Iterator, Sequence
from math import floor, log10
from typing import TypeAlias

from vendor_eval.formatting.figures import money, number, unit_price
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.overview import Dot, Overview, View
from vendor_eval.reports.wording.price import (
    PRICE_FLAGS,
    SEALED_PRICES,
    SHORT_FLAGS,
    compared,
    item_words,
    rule_words,
    turn_lines,
)
from vendor_eval.reports.wording.what_if import bid_lines, rule_heads, rule_rows
from vendor_eval.results import PriceMethodRecord, PriceRecord, VendorRecord

_MOST_TURNS, _MOST_BIDS = 4, 2
_NAME, _SHORT_NAME = 40, 24
_MOST_COLUMNS = 10
_MANY = 8
_LINES, _FEW_LINES = 5, 6
_COSTS_WIDTH = 120.0  # of the columns of vendors, in mm
_Priced: TypeAlias = tuple[VendorRecord, PriceRecord]
# Text, quantity, and for each vendor its unit price and the most that an hour yields.
_Line: TypeAlias = tuple[str, str, tuple[tuple[str, str], ...]]
# Of the drawing: narrow where the rules are beside it.
_WIDE, _NARROW, _HEIGHT = 440.0, 290.0, 150.0
_AN_HOUR = "\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}h"
_DOT = 13.0  # diameter in units of the drawing


def sealed_page(overview: Overview) -> View | None:
    """Make the context of the page while prices are sealed; None where they are not."""
    how = overview.result.evaluation.price
    if how is None or not how.sealed:
        return None
    until = "Until the quality is closed no price is read, and each score is the quality alone."
    return {"title": SEALED_PRICES, "lead": f"{until} {rule_words(how)}"}


def price_page(overview: Overview) -> View | None:
    """Make the context of the page; None where the evaluation has no price, or nobody was evaluated."""
    how = overview.result.price
    priced = [(vendor, vendor.price) for vendor in overview.shown if vendor.price]
    if how is None or not priced:
        return None
    names = {vendor.id: cut(vendor.name, _NAME) for vendor in overview.vendors}
    first = next((names[v.id] for v, price in priced if v.rank and price.total is not None), "")
    second = next(iter(overview.result.differences_to_first()), None)
    flags = [flag for flag in PRICE_FLAGS if any(flag in price.flags for _, price in priced)]
    rules = tuple(rule_rows(overview.result, _SHORT_NAME))
    beside = bool(rules) and 1 < len(priced) <= _MANY
    bids = tuple(bid_lines(overview.result))
    wage, columns = how.living_wage, min(_MOST_COLUMNS, max(1, len(priced)))
    return {
        "title": compared(first, names[second[0].id], *second[1:], how.currency) if second else "What the offers cost",
        "lead": rule_words(how),
        "warning": how.warning,
        "turns": tuple(turn_lines(overview.result, names, _MOST_TURNS)),
        "offers": priced,
        "short": SHORT_FLAGS,
        "flags": tuple((SHORT_FLAGS[flag], PRICE_FLAGS[flag]) for flag in flags),
        "scatter": _scatter(overview, _NARROW if beside else _WIDE),
        "beside": beside,
        "costs": tuple(_costs(overview, how, priced)),
        "cost_width": min(22.0, _COSTS_WIDTH / columns),
        "more_lines": max(0, len(how.items) - _most_lines(priced)),
        "with_yields": any(line.seconds_per_unit for line in how.items),
        "wage": f"{how.currency} {money(wage.amount, 2)} an hour ({cut(wage.source, 100)})" if wage else "",
        "currency": how.currency,
        "rule_heads": rule_heads(overview.result),
        "rules": rules,
        "bids": bids[:_MOST_BIDS],
        "more_bids": max(0, len(bids) - _MOST_BIDS),
    }


def _most_lines(priced: Sequence[_Priced]) -> int:
    """Lines of the offers that the page has room for."""
    return _FEW_LINES if len(priced) > _MANY else _LINES


def _costs(
    overview: Overview, how: PriceMethodRecord, priced: Sequence[_Priced]
) -> Iterator[tuple[tuple[str, ...], tuple[_Line, ...]]]:
    """Make tables of unit prices, of the lines that cost most, the vendors in columns."""
    costly = sorted(
        range(len(how.items)), key=lambda at: -max((p.items[at].amount or 0.0 for _, p in priced), default=0)
    )
    shown = sorted(costly[: _most_lines(priced)])
    for start in range(0, len(priced), _MOST_COLUMNS):
        part = priced[start : start + _MOST_COLUMNS]
        lines = []
        for index in shown:
            line, prices = how.items[index], [price.items[index] for _, price in part]
            hourly = [f"{money(p.yield_per_hour, 2)}{_AN_HOUR}" * (p.yield_per_hour is not None) for p in prices]
            cells = tuple((unit_price(p.unit_price), text) for p, text in zip(prices, hourly, strict=True))
            lines.append((item_words(cut(line.text, 56), line.unit), f"{line.times:,.10g}", cells))
        yield tuple(overview.codes[vendor.id] for vendor, _ in part), tuple(lines)


def _scatter(overview: Overview, width: float) -> View | None:
    priced = [(v, v.price.total, v.quality or 0.0) for v in overview.shown if v.price and v.price.total is not None]
    if len(priced) < 2:  # noqa: PLR2004  one dot compares nothing
        return None
    low, high, step = _axis([total for _, total, _ in priced])
    bottom, top, rise = _axis([quality for *_, quality in priced])

    def at(total: float, quality: float) -> tuple[float, float]:
        return width * (total - low) / (high - low), _HEIGHT * (1 - (quality - bottom) / (top - bottom))

    places = {vendor.id: at(total, quality) for vendor, total, quality in priced}
    shown = dict(zip(places, spread_dots(list(places.values()), width), strict=True))
    # Of a large field a vendor on the frontier may not be among those that are shown.
    frontier = [name for name in overview.result.frontier() if name in places]
    return {
        "width": width,
        "height": _HEIGHT,
        "dots": tuple(Dot(*shown[v.id], overview.codes[v.id], v.rank is not None) for v, *_ in priced),
        "frontier": tuple(places[name] for name in frontier),
        "across": tuple((at(x, bottom)[0], money(x)) for x in _ticks(low, high, step)),
        "up": tuple((at(low, y)[1], number(y, 0)) for y in _ticks(bottom, top, rise)),
        "words": f"frontier: {', '.join(overview.codes[name] for name in frontier)}",
    }


def spread_dots(places: Sequence[tuple[float, float]], width: float) -> list[tuple[float, float]]:
    """Move dots that would hide each other into a row, in their order.

    >>> spread_dots([(50.0, 50.0), (200.0, 50.0), (52.0, 50.0)], 440.0)
    [(44.5, 50.0), (200.0, 50.0), (57.5, 50.0)]
    """
    groups: list[list[int]] = []
    for index in sorted(range(len(places)), key=lambda at: places[at]):
        x, y = places[index]
        for group in groups:
            if any(abs(places[at][0] - x) < _DOT - 1 and abs(places[at][1] - y) < _DOT - 1 for at in group):
                group.append(index)
                break
        else:
            groups.append([index])
    moved = list(places)
    for group in (group for group in groups if len(group) > 1):
        middle, height = (sum(places[at][axis] for at in group) / len(group) for axis in (0, 1))
        half = _DOT * (len(group) - 1) / 2
        middle = min(max(middle, half), width - half)
        for position, at in enumerate(sorted(group)):
            moved[at] = (round(middle - half + _DOT * position, 1), round(height, 1))
    return moved


def _axis(values: list[float]) -> tuple[float, float, float]:
    """Find round ends below and above the values, and the step of the ticks."""
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
