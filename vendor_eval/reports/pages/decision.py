"""The first page: who is recommended, how firm that is, why, what is against it, and what must be done."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple, TypeAlias
from unicodedata import east_asian_width

from vendor_eval.formatting.figures import STATUS, money, number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.wording import decision as words
from vendor_eval.results import VendorRecord

# Vendors whose rows have two lines, with room around them and without; from there on they have one.
_ROOMY, _DENSE = 7, 9
# What a page holds in mm, and what takes how much of it: an estimate that is on the safe side. Of texts the characters
# of a line, and its height.
_PAGES, _FIXED = {"A4": 261.0, "Letter": 243.0}, 9.0
_HEADLINE, _LEAD, _FIRM, _COLUMN, _STATUS, _CELL = (50, 8.2), (108, 4.9), (120, 4.2), (61, 4.1), (50, 3.8), (112, 3.7)
_VENDOR = (36, 4.2)
_ROWS = {"roomy": 7.4, "close": 6.0, "single": 4.9}
_BLOCK, _ROW, _NOTE = 7.8, 1.7, 4.6
_MOST_LINES = 5
# Title, rows, and where the others are.
_Block: TypeAlias = tuple[str, tuple[words.Line, ...], str]


class Standing(NamedTuple):
    """A row of the ranked table."""

    rank: str
    name: str
    status: str
    points: str
    span: tuple[float, float, float] | None
    chart: str
    quality: str
    price: str
    requirements: str


def decision(overview: Overview, paper: str = "A4") -> View:
    """Make the context of the page; blocks without a line are left out."""
    result = overview.result
    first = words.recommended(result)
    firm = words.how_firm(result)
    size = _size(len(overview.shown))
    headline, lead = words.headline(result), words.subline(result)
    reasons, risks = (words.reasons_for(result, first), words.risks(result, first)) if first else ((), ())
    standings = tuple(_standing(overview, vendor, size) for vendor in overview.shown)
    room = _PAGES.get(paper, _PAGES["Letter"]) - _FIXED - _lines(headline, _HEADLINE) - _lines(lead, _LEAD)
    room -= _lines(f"{firm.word} {firm.reason}", _FIRM) + 8 if firm else 0
    room -= sum(_ROWS[size] + (_lines(row.status, _STATUS) if size != "single" else 0) for row in standings)
    room -= sum(_lines(row.name, _VENDOR) - _VENDOR[1] for row in standings)
    room -= 11 + max(sum(_lines(text, _COLUMN) + 1 for text in texts) for texts in (reasons, risks)) if first else 0
    return {
        "headline": headline,
        "lead": lead,
        "firm": firm,
        "size": size,
        "standings": standings,
        "screen": result.is_screen,
        "currency": result.evaluation.price.currency if result.evaluation.price else "",
        "first": cut(first.name, 40) if first else "",
        "reasons": reasons,
        "risks": risks,
        "blocks": _blocks(overview, room),
    }


def _size(vendors: int) -> str:
    return "roomy" if vendors <= _ROOMY else "close" if vendors <= _DENSE else "single"


def _lines(text: str, line: tuple[int, float]) -> float:
    """Estimate the height of a text from the characters that a line has, and its height."""
    characters, height = line
    # Chinese, Japanese and Korean signs are twice as wide, capitals a third wider.
    width = len(text) + sum(east_asian_width(sign) in "WF" for sign in text) + sum(map(str.isupper, text)) / 3
    return ceil(width / characters) * height


def _standing(overview: Overview, vendor: VendorRecord, size: str) -> Standing:
    points, single = number(vendor.score, overview.digits), size == "single"
    price = vendor.price.total if vendor.price else None
    return Standing(
        rank=str(vendor.rank) if vendor.rank else "–",
        name=cut(vendor.name, 34 if single else 56),
        status=STATUS[vendor.status].capitalize() if single else cut(vendor.status_text, 110),
        points=points,
        span=None if vendor.score is None else (vendor.low or 0.0, vendor.score, _highest(vendor)),
        chart=_chart_words(overview, vendor, points),
        quality=number(vendor.quality),
        price="incomplete" if vendor.price and price is None else money(price),
        requirements=words.requirements(vendor),
    )


def _highest(vendor: VendorRecord) -> float:
    return vendor.high if vendor.high is not None else vendor.score or 0.0


def _chart_words(overview: Overview, vendor: VendorRecord, points: str) -> str:
    low, high = number(vendor.low, overview.digits), number(_highest(vendor), overview.digits)
    name = f"{cut(vendor.name, 60)} has {points} points of 100"
    return name if low == high else f"{name}, between {low} and {high}, whatever the open answers turn out to be"


def _blocks(overview: Overview, room: float) -> tuple[_Block, ...]:
    """Fill the rest of the page: in each block the gravest lines first, and five at most."""
    result = overview.result
    signature = "Before anybody goes on" if result.is_screen else "Before signature"
    found = [
        (_excluded_title(overview), words.excluded(result), ("Gates",)),
        (signature, words.conditions(result), ("Gates",)),
        ("You should know", words.should_know(result), ("Method", "Panel")),
    ]
    filled = [
        (title, tuple((cut(label, 42), text) for label, text in lines), sheets)
        for title, lines, sheets in found
        if lines
    ]
    shown = [0 for _ in filled]
    for at in range(_MOST_LINES):
        # What is due before signature comes first.
        for block, (_, lines, _) in sorted(enumerate(filled), key=lambda one: one[1][0] != signature):
            # A block that had no room before gets no later line either: those are less grave.
            if shown[block] == at < len(lines):
                more = [count + (index == block) for index, count in enumerate(shown)]
                shown = more if _taken([part[1] for part in filled], more) <= room else shown
    both = zip(filled, shown, strict=True)
    return tuple(
        (title, lines[:most], f"{left} more {overview.elsewhere(*sheets)}" if (left := len(lines) - most) else "")
        for (title, lines, sheets), most in both
    )


def _excluded_title(overview: Overview) -> str:
    statuses = {vendor.status for vendor in overview.vendors}
    titles = [("excluded", "Excluded"), ("not_evaluated", "not evaluated")]
    text = " or ".join(title for status, title in titles if status in statuses)
    return f"{text[:1].upper()}{text[1:]}"


def _height(line: words.Line) -> float:
    label, text = line
    return _ROW + max(_lines(text, _CELL), _lines(label, (22, _CELL[1])))


def _taken(blocks: Sequence[Sequence[words.Line]], shown: Sequence[int]) -> float:
    """Estimate the height of blocks of which so many lines are shown."""
    rows = sum(_height(line) for lines, most in zip(blocks, shown, strict=True) for line in lines[:most])
    notes = sum(most < len(lines) for lines, most in zip(blocks, shown, strict=True))
    return rows + _BLOCK * len(blocks) + _NOTE * notes
