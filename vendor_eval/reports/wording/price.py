"""What pages and terminal say of prices: flags, thresholds, arithmetic."""

from collections.abc import Iterator, Mapping

from vendor_eval.formatting.figures import money, number, unit_price
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.results import PriceItemRecord, PriceMethodRecord, PriceRecord, PriceThreshold, Result

PRICE_FLAGS = {
    "incomplete": "has no total price, because a price is missing",
    "costs_nothing": "asks nothing for the whole offer, which is asked back",
    "suspicious_price": "has a price ten times that of the others, or a tenth of it, which is asked back",
    "abnormally_low": "is 20 % or more below the median of the others: ask how the price is made up",
    "yield_below_living_wage": "may pay less than the living wage for an hour: ask how the hour is paid",
}
SHORT_FLAGS = {
    "incomplete": "incomplete",
    "costs_nothing": "costs nothing",
    "suspicious_price": "tenfold off",
    "abnormally_low": "abnormally low",
    "yield_below_living_wage": "hour below wage",
}

_TITLES = {
    "fixed_bounds": "Fixed bounds",
    "lowest_ratio": "Lowest price as the yardstick",
    "linear_min_max": "Straight line from the lowest to the highest price",
    "linear_from_lowest": "Straight line from the lowest price to twice as much",
    "quality_per_price": "Quality for the money",
}
_RULES = {
    "fixed_bounds": "A total of {currency} {best} or less earns all of them, {currency} {worst} or more earns none.",
    "lowest_ratio": "The lowest total earns all of them, one twice as high earns half.",
    "linear_min_max": "The lowest total earns all of them, the highest earns none.",
    "linear_from_lowest": "The lowest total earns all of them, one twice as high or more earns none.",
}


def rule_title(rule: str) -> str:
    """Name a price rule in words.

    >>> rule_title("lowest_ratio")
    'Lowest price as the yardstick'
    """
    return _TITLES.get(rule, rule)


SEALED_PRICES = "Prices are not opened yet"


def rule_words(how: PriceMethodRecord) -> str:
    """Say how a price becomes points, and what the prices are of."""
    prices = f"All prices are in {how.currency} over {counted(how.years, 'year')}."
    if how.rule == "quality_per_price":
        return f"The rank is by quality for the money: quality points divided by the total price. {prices}"
    rule = _RULES[how.rule].format(best=money(how.best), worst=money(how.worst), currency=how.currency)
    between = "" if how.rule == "lowest_ratio" else " In between it is a straight line."
    return f"The price counts {how.weight:g} of the 100 points. {rule}{between} {prices}"


def compared(first: str, other: str, cost: float, quality: float, currency: str) -> str:
    """Say how an offer differs from the first: what it costs more, and its quality points more (0 to 100).

    >>> compared("Acme", "Bolt", 140000, 6.2, "USD")
    'Bolt is USD 140,000 dearer than Acme and 6.2 quality points higher'
    >>> compared("Acme", "Bolt", -0.0, -3, "USD")
    'Bolt costs the same as Acme and is 3.0 quality points lower'
    """
    amount, points = money(abs(cost)), number(abs(quality))
    is_same = not float(amount.replace(",", ""))
    price = f"is {currency} {amount} {'dearer' if cost > 0 else 'cheaper'} than" if not is_same else "costs the same as"
    way = f"{points} quality points {'higher' if quality > 0 else 'lower'}" if float(points) else "equal in quality"
    return f"{other} {price} {first} and {'is ' if is_same else ''}{way}"


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
    return f"{unit_price(item.unit_price)} x {item.times:,.10g} = {currency} {money(item.amount, 2)}"


def flip_words(flip: PriceThreshold, names: Mapping[str, str], currency: str) -> str:
    """Say at which bid the order of two vendors turns."""
    ahead, behind, price = names[flip.overtakes], names[flip.overtaken], f"{currency} {money(flip.price)}"
    if flip.side == "without":
        return f"Without the bid of {names[flip.bid]} ({price}) {ahead} would be ahead of {behind}"
    if flip.passed:
        return f"{ahead} is ahead of {behind} only because of a bid below {price}"
    return f"{ahead} overtakes {behind} if anyone bids {flip.side} {price}"


def turn_lines(result: Result, names: Mapping[str, str], most: int) -> Iterator[str]:
    """Say at which bids the order turns under a relative rule, how many more such bids there are, or that none does."""
    how = result.price
    if how is None or not how.relative:
        return
    yield from (flip_words(flip, names, how.currency) for flip in how.thresholds[:most])
    if (more := len(how.thresholds) - most) > 0:
        yield f"{more} more are in shortlist.xlsx, sheet Price"
    if not how.thresholds and len(result.ranking) <= result.evaluation.method.most_paired:
        yield "No further bid, and no bid less, would change the order of two ranked vendors"


def price_arithmetic(how: PriceMethodRecord, price: PriceRecord) -> str:
    if price.total is None:
        lacks = f"{', '.join(price.missing)} {'has' if len(price.missing) == 1 else 'have'} no price"
        why = lacks if price.missing else "every line costs nothing, which is asked back"
        return f"There is no total, because {why}. Until then the price scores 0; it may become 100."
    total, low, high = money(price.total, 2), money(how.lowest, 2), money(how.highest, 2)
    formulas = {
        "fixed_bounds": f"100 x ({money(how.worst)} - {total}) / ({money(how.worst)} - {money(how.best)})",
        "lowest_ratio": f"100 x {low} / {total}",
        "linear_min_max": f"100 x ({high} - {total}) / ({high} - {low})",
        "linear_from_lowest": f"100 x (1 - ({total} - {low}) / {low})",
    }
    if how.rule not in formulas:
        return ""
    return f"Score by the rule {rule_title(how.rule)}: {formulas[how.rule]}, between 0 and 100 = {exact(price.score)}"


def exact(value: float | None) -> str:
    """Print a factor with as many digits as its product needs."""
    return "–" if value is None else f"{value:.10g}"
