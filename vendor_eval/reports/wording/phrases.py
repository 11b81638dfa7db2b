"""Figures in sentences and cells of the pages."""

from vendor_eval.formatting.figures import number

_ENOUGH = 10


def difference(value: float, digits: int = 1) -> str:
    """Print a difference with as many decimals as show that it is none.

    >>> difference(5.19), difference(0.004)
    ('5.2', '0.004')
    """
    while digits < _ENOUGH and value and not float(number(value, digits)):
        digits += 1
    return number(value, digits)


def share(part: float, digits: int = 2) -> str:
    """Print a weight, a share of 1, in percent.

    >>> share(0.18), share(0.333, 1)
    ('18.00 %', '33.3 %')
    """
    return f"{number(part * 100, digits)} %"


def drawn_share(part: float) -> str:
    """Print a share of draws, which is none or all only where it is exactly that.

    >>> drawn_share(0.123), drawn_share(0.00001), drawn_share(0.99999), drawn_share(1)
    ('12.3 %', '<0.1 %', '>99.9 %', '100.0 %')
    """
    text = number(part * 100)
    return "<0.1 %" if part > 0 and text == "0.0" else ">99.9 %" if part < 1 and text == "100.0" else f"{text} %"


def counted(count: float, noun: str, plural: str = "") -> str:
    """Count things in words.

    >>> counted(1, "gate"), counted(3, "gate"), counted(0, "reply", "replies"), counted(2.5, "year")
    ('1 gate', '3 gates', '0 replies', '2.5 years')
    """
    return f"{count:.10g} {noun if count == 1 else plural or f'{noun}s'}"


def ordinal(place: int) -> str:
    """Print a place.

    >>> ordinal(1), ordinal(2), ordinal(3), ordinal(12), ordinal(22)
    ('1st', '2nd', '3rd', '12th', '22nd')
    """
    tens, ones = divmod(place, 10)
    return f"{place}{'th' if tens % 10 == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(ones, 'th')}"
