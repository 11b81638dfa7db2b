"""Figures as text: the same rounding in the terminal, on pages and in workbooks."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

KINDS = {"knock_out": "knock-out", "must": "must", "flag": "flag"}
STATUS = {
    "eligible": "eligible",
    "conditional": "conditional",
    "excluded": "excluded",
    "not_compared": "not compared",
    "not_evaluated": "not evaluated",
}
INCLUDED = "included"
# Rounding error of a sum of shares.
_ROUNDING = 1e-9


def number(value: float | None, digits: int = 1) -> str:
    """Format a score with one decimal, None as a dash.

    Rounds half up, from the 15 digits that a spreadsheet shows: a cell and a page print the same.

    >>> number(83.25), number(None)
    ('83.3', '–')
    """
    if value is None:
        return "–"
    rounded = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{rounded or abs(rounded):f}"


def percent(share: float | None) -> str:
    """Format a share of 1 as a whole percentage, rounded to 100 % only if complete, None as a dash.

    >>> percent(0.985), percent(0.998), percent(1), percent(None)
    ('99 %', '99 %', '100 %', '–')
    """
    if share is None:
        return "–"
    whole = number(share * 100, 0)
    return "99 %" if whole == "100" and share < 1 - _ROUNDING else f"{whole} %"


def distinct(value: float, limit: float, least: int = 1) -> str:
    """Format a figure with as many decimals as distinguish it from a limit, and no fewer than `least`.

    >>> distinct(59.96, 60), distinct(41.25, 60), distinct(60, 60), distinct(1.2376, 1.24, 2)
    ('59.96', '41.3', '60.0', '1.238')
    """
    enough = (digits for digits in range(least, 13) if number(value, digits) != number(limit, digits))
    return number(value, next(enough, least))


def money(value: float | None, digits: int = 0) -> str:
    """Format an amount with thousands separators, None as a dash.

    >>> money(140000), money(0.06, 2), money(None)
    ('140,000', '0.06', '–')
    """
    if value is None:
        return "–"
    whole, _, rest = number(value, digits).partition(".")
    return f"{int(whole):,}{f'.{rest}' if rest else ''}"


def unit_price(value: float | None) -> str:
    """Format a unit price with all its decimals, at least two, None as a dash, 0 as what costs nothing.

    >>> unit_price(0.065), unit_price(1200), unit_price(None), unit_price(0)
    ('0.065', '1,200.00', '–', 'included')
    """
    if not value:
        return "–" if value is None else INCLUDED
    whole, _, rest = f"{Decimal(f'{value:.15g}'):f}".partition(".")
    return f"{int(whole):,}.{rest.ljust(2, '0')}"


def truncated(words: Sequence[str], most: int = 200) -> str:
    """Join words with commas, and count those beyond the limit.

    >>> truncated(["A", "B", "C", "D"], 2), truncated(["A", "B"], 2)
    ('A, B and 2 more', 'A, B')
    """
    more = len(words) - most
    return f"{', '.join(words[:most])}{f' and {more:,} more' if more > 0 else ''}"


def listed(words: Sequence[str], most: int = 99) -> str:
    """Join words with commas and a last "and", and count those beyond the limit.

    >>> listed(("A", "B", "C")), listed(("A", "B", "C"), 2)
    ('A, B and C', 'A, B and 1 more')
    """
    if len(words) > most:
        words = (*words[:most], f"{len(words) - most} more")
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
