"""How much of a page a text takes, estimated before anything is laid out: what has no room is counted, not printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import ceil
from typing import TypeVar
from unicodedata import east_asian_width

_Row = TypeVar("_Row")
# In mm, of the tables of a scorecard: a line of text, and the space around the lines of a row.
LINE, AROUND = 3.75, 2.1
# Height of the text on a page, less what a rough estimate may be wrong by.
_PAGES = {"A4": 257.0, "Letter": 239.0}


@dataclass(frozen=True)
class Room:
    """How much room there is on a page of a paper, and where that is looked up which has none."""

    paper: str = "A4"
    appendix: bool = False

    @property
    def page(self) -> float:
        """Height of the text on a page, in mm."""
        return _PAGES.get(self.paper, min(_PAGES.values()))

    @property
    def elsewhere(self) -> str:
        return "in the appendix" if self.appendix else "in shortlist.xlsx"


def lines(text: str, signs: int) -> int:
    """Count the lines of a text where so many letters stand in one; Chinese, Japanese and Korean ones count twice.

    >>> lines("", 10), lines("ten letter", 10), lines("ten letters", 10), lines("株式会社デ", 8)
    (0, 1, 2, 2)
    """
    return ceil(sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text) / signs)


def row_height(cells: Iterable[tuple[str, int]]) -> float:
    """Estimate a row of a table, from the text of each cell and the letters in a line of it."""
    return AROUND + LINE * max((lines(text, signs) for text, signs in cells), default=1)


def rows_that_fit(blocks: Sequence[Sequence[float]], room: float, most: int) -> list[int]:
    """Count the rows of each block that have room, from their heights: first rows first, at most so many of each.

    A block that had no room before gets no later row either: those are less grave.

    >>> rows_that_fit([[2, 2, 2], [3]], 7, most=5)
    [2, 1]
    """
    shown = [0 for _ in blocks]
    for at in range(most):
        for block, heights in enumerate(blocks):
            if shown[block] == at < len(heights) and heights[at] <= room:
                shown[block] += 1
                room -= heights[at]
    return shown


def fitting(rows: Sequence[_Row], heights: Sequence[float], room: float) -> Sequence[_Row]:
    """Take the first rows that fit, at least one of them; where some do not, a line is left for their number."""
    if sum(heights) <= room:
        return rows
    room -= LINE + AROUND
    count = sum(1 for _ in takewhile(lambda n: sum(heights[:n]) <= room, range(1, len(rows) + 1)))
    return rows[: max(1, count)]
