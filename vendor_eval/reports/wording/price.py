"""What pages and terminal say of prices: flags, thresholds, arithmetic."""

from collections.abc import Iterator, Mapping

from vendor_eval.formatting.figures import money, unit_price
from vendor_eval.results import PriceItemRecord, PriceMethodRecord, PriceRecord, PriceThreshold, Result

PRICE_FLAGS = {
    "incomplete": "no total, a price is missing",
    "costs_nothing": "the whole offer costs nothing, asked back",
    "suspicious_price": "a price tenfold off the others, asked back",
    "abnormally_low": "20 % or more below the median of the others: ask how it is made up",
    "yield_below_living_wage": "an hour can yield less than the living wage: ask how it is paid",
}
SHORT_FLAGS = {
    "incomplete": "incomplete",
    "costs_nothing": "costs nothing",
    "suspicious_price": "tenfold off",
    "abnormally_low": "abnormally low",
    "yield_below_living_wage": "hour below wage",
}


def item_words(text: str, unit: str) -> str:
    """Say what is priced, and for one of what.

    >>> item_words("Boxes", "box"), item_words("Training", "once")
    ('Boxes, per box', 'Training, once')
    """
    return f"{text}, once" if unit == "once" else f"{text}, per {unit}"


def amount_words(item: PriceItemRecord, currency: str) -> str:
    """Say what a line costs over the contract, and how that comes.

    >>> amount_words(PriceItemRecord.model_construct(unit_price=0.0, times=1, amount=0.0), "USD")
    'included'
    """
    if item.amount == 0:
        return unit_price(item.unit_price)
    return f"{unit_price(item.unit_price)} x {item.times:,.10g} = {money(item.amount, 2)} {currency}"


def flip_words(flip: PriceThreshold, names: Mapping[str, str], currency: str) -> str:
    """Say at which bid the order of two vendors turns."""
    ahead, behind, price = names[flip.overtakes], names[flip.overtaken], f"{money(flip.price)} {currency}"
    if flip.side == "without":
        return f"Without the bid of {names[flip.bid]} ({price}) {ahead} would be ahead of {behind}"
    if flip.passed:
        return f"{ahead} is ahead of {behind} only while a bid stands below {price}"
    return f"{ahead} overtakes {behind} if anyone bids {flip.side} {price}"


def turn_lines(result: Result, names: Mapping[str, str], most: int) -> Iterator[str]:
    """Say at which bids the order turns under a relative rule, how many more such bids there are, or that none does."""
    how = result.evaluation.price
    if how is None or not how.relative:
        return
    yield from (flip_words(flip, names, how.currency) for flip in how.thresholds[:most])
    if (more := len(how.thresholds) - most) > 0:
        yield f"{more} more stand in results.json under evaluation.price.thresholds"
    if not how.thresholds and len(result.ranking) <= result.evaluation.method.most_paired:
        yield "Here no bid more, and none less, would turn the order of two ranked vendors"


def price_arithmetic(how: PriceMethodRecord, price: PriceRecord) -> str:
    if price.total is None:
        why = f"{', '.join(price.missing)} without a price" if price.missing else "every line is included, asked back"
        return f"No total ({why}): the price scores 0, and may become 100."
    total, low, high = money(price.total, 2), money(how.lowest, 2), money(how.highest, 2)
    formulas = {
        "fixed_bounds": f"100 x ({money(how.worst)} - {total}) / ({money(how.worst)} - {money(how.best)})",
        "lowest_ratio": f"100 x {low} / {total}",
        "linear_min_max": f"100 x ({high} - {total}) / ({high} - {low})",
        "linear_from_lowest": f"100 x (1 - ({total} - {low}) / {low})",
    }
    if how.rule not in formulas:
        return ""
    return f"Score by {how.rule}: {formulas[how.rule]}, between 0 and 100 = {exact(price.score)}"


def exact(value: float | None) -> str:
    """Print a factor with as many digits as its product needs."""
    return "–" if value is None else f"{value:.10g}"
