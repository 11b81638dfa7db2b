"""How figures are printed: one rule for terminal, pages and workbook, so that no reader sees two numbers."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

KINDS = {"knock_out": "knock-out", "must": "must", "flag": "flag"}
STATUS = {
    "eligible": "eligible",
    "conditional": "conditional",
    "excluded": "excluded",
    "not_evaluated": "not evaluated",
}
# What sums of shares of 1 may miss.
_SUMMED = 1e-9


def number(value: float | None, digits: int = 1) -> str:
    """Print a score with one decimal, a dash for none.

    Halves go up, and of a float the 15 digits count that a spreadsheet shows: a cell and a page print the same.

    >>> number(83.25), number(None)
    ('83.3', '–')
    """
    if value is None:
        return "–"
    rounded = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{rounded or abs(rounded):f}"


def percent(share: float | None) -> str:
    """Print a share of 1 as a whole percentage, never rounded up to all, a dash for none.

    >>> percent(0.985), percent(0.998), percent(1), percent(None)
    ('99 %', '99 %', '100 %', '–')
    """
    if share is None:
        return "–"
    whole = number(share * 100, 0)
    return "99 %" if whole == "100" and share < 1 - _SUMMED else f"{whole} %"


def told_apart(value: float, limit: float) -> str:
    """Print a figure with as many decimals as tell it from a limit, at least one.

    >>> told_apart(59.96, 60), told_apart(41.25, 60), told_apart(60, 60)
    ('59.96', '41.3', '60.0')
    """
    apart = (digits for digits in range(1, 13) if number(value, digits) != number(limit, digits))
    return number(value, next(apart, 1))


def money(value: float | None, digits: int = 0) -> str:
    """Print an amount with groups of three digits, a dash for none.

    >>> money(140000), money(0.06, 2), money(None)
    ('140,000', '0.06', '–')
    """
    if value is None:
        return "–"
    whole, _, rest = number(value, digits).partition(".")
    return f"{int(whole):,}{f'.{rest}' if rest else ''}"


def unit_price(value: float | None) -> str:
    """Print a unit price with all its digits, two at least.

    >>> unit_price(0.065), unit_price(1200), unit_price(None)
    ('0.065', '1,200.00', '–')
    """
    if value is None:
        return "–"
    whole, _, rest = f"{Decimal(f'{value:.15g}'):f}".partition(".")
    return f"{int(whole):,}.{rest.ljust(2, '0')}"


def beside(other: str, cost: float, quality: float) -> str:
    """Say what one vendor costs and scores beside another, from the differences of total price and quality.

    >>> beside("Bolt", 140000, 6.2), beside("Bolt", -0.0, -3)
    ('Bolt costs 140,000 more and scores 6.2 higher', 'Bolt costs the same and scores 3.0 lower')
    """
    amount, points = money(abs(cost)), number(abs(quality))
    costs = f"{amount} {'more' if cost > 0 else 'less'}" if float(amount.replace(",", "")) else "the same"
    scores = f"{points} {'higher' if quality > 0 else 'lower'}" if float(points) else "the same"
    return f"{other} costs {costs} and scores {scores}"


def counted_off(words: Sequence[str], most: int = 200) -> str:
    """List words, those beyond the most counted, so that no cell and no line gets too long.

    >>> counted_off(["A", "B", "C", "D"], 2), counted_off(["A", "B"], 2)
    ('A, B and 2 more', 'A, B')
    """
    more = len(words) - most
    return f"{', '.join(words[:most])}{f' and {more:,} more' if more > 0 else ''}"


def listed(words: Sequence[str], most: int = 99) -> str:
    """Join words as a sentence does, the rest counted.

    >>> listed(("A", "B", "C")), listed(("A", "B", "C"), 2)
    ('A, B and C', 'A, B and 1 more')
    """
    if len(words) > most:
        words = (*words[:most], f"{len(words) - most} more")
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
