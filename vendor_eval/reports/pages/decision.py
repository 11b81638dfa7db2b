"""The first page: who is recommended, how firm that is, why, what is against it, and what must be done."""

from collections.abc import Sequence
from typing import TypeAlias

from vendor_eval.formatting.figures import STATUS, money, number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.heights import LINE, Room, fitting, lines as count_lines, row_height, rows_that_fit
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.wording import decision as words
from vendor_eval.reports.wording.exclusions import FailedKnockOuts, Line, failed_knock_outs
from vendor_eval.reports.wording.record import record_sentence
from vendor_eval.results import VendorRecord

# Vendors whose rows have two lines, with room around them and without; from there on they have one.
_ROOMY, _DENSE = 7, 9
# In mm what takes how much of a page: an estimate that is on the safe side. Of texts the characters
# of a line, and its height.
_FIXED = 3.5
_HEADLINE, _LEAD, _FIRM, _COLUMN, _STATUS, _CELL = (50, 8.2), (116, 4.9), (128, 4.2), (62, 4.1), (50, 3.8), (112, 3.7)
_VENDOR, _SENTENCE = (36, 4.2), (148, 3.5)
_ROWS = {"roomy": 7.4, "close": 6.0, "single": 5.2}
_BLOCK, _ROW, _NOTE = 7.8, 1.7, 4.6
# Letters of a title, and of all cells beside it; what stands below the table of failed knock-outs.
_TITLE, _ACROSS, _ALL_EXCLUDED = 24, 84, 60.0
_MOST_LINES = 5
# Title, rows, and where the others are.
_Block: TypeAlias = tuple[str, tuple[Line, ...], str]


def decision(overview: Overview, paper: str = "A4") -> View:
    """Make the context of the page; blocks without a line are left out."""
    result = overview.result
    first = words.in_front(result)
    firm = words.how_firm(result)
    count = len(overview.shown)
    size = "roomy" if count <= _ROOMY else "close" if count <= _DENSE else "single"
    headline, lead = words.headline(result), words.subline(result)
    reasons, risks = (words.reasons_for(result, first), words.risks(result, first)) if first else ((), ())
    failed = failed_knock_outs(result)
    standings = tuple(_standing(overview, vendor, size) for vendor in overview.shown)
    room = Room(paper).page - _FIXED - _lines(headline, _HEADLINE) - _lines(lead, _LEAD)
    sentence = record_sentence(result.evaluation)
    room -= _lines(sentence, _SENTENCE) + 2 if sentence else 0
    room -= _lines(f"{firm.word} {firm.reason}", _FIRM) + 8 if firm else 0
    room -= sum(_ROWS[size] + (_lines(row["status"], _STATUS) if size != "single" else 0) for row in standings)
    room -= sum(_lines(row["name"], _VENDOR) - _VENDOR[1] for row in standings)
    heights = _failed_heights(failed) if failed else ()
    knock_outs = fitting(failed.rows, heights, room - _ALL_EXCLUDED) if failed else ()
    room -= sum(heights[: len(knock_outs)])
    room -= 9 + max(sum(_lines(text, _COLUMN) + 1 for text in texts) for texts in (reasons, risks)) if first else 0
    return {
        "headline": headline,
        "lead": lead,
        "firm": firm,
        "size": size,
        "standings": standings,
        "failed": failed,
        "knock_outs": knock_outs,
        "screen": result.is_screen,
        "currency": result.price.currency if result.price else "",
        "first": cut(first.name, 40) if first else "",
        "reasons": reasons,
        "risks": risks,
        "blocks": _blocks(overview, room),
        "record": sentence,
    }


def _failed_heights(failed: FailedKnockOuts) -> Sequence[float]:
    signs = _ACROSS // len(failed.vendors)
    rows = (
        [(f"{title}{test}", _TITLE), *((c.cause + c.text, signs) for c in cells)] for title, test, cells in failed.rows
    )
    return [row_height(cells) + 2 * LINE for cells in rows]


def _lines(text: str, line: tuple[int, float]) -> float:
    """Estimate the height of a text from the characters that a line has, and its height."""
    characters, height = line
    capitals = sum(map(str.isupper, text))  # a third wider than other letters
    return count_lines(text + "n" * (capitals // 3), characters) * height


def _standing(overview: Overview, vendor: VendorRecord, size: str) -> View:
    """Make a row of the ranked table."""
    single, highest = size == "single", vendor.score or 0.0 if vendor.high is None else vendor.high
    price = vendor.price.total if vendor.price else None
    return {
        "rank": str(vendor.rank) if vendor.rank else "–",
        "name": cut(vendor.name, 34 if single else 56),
        "status": STATUS[vendor.status].capitalize() if single else cut(vendor.status_text, 110),
        "points": number(vendor.score, overview.digits),
        "span": None if vendor.score is None else (vendor.low or 0.0, vendor.score, highest),
        "chart": words.points_in_words(vendor, overview.digits),
        "quality": number(vendor.quality),
        "price": "incomplete" if vendor.price and price is None else money(price),
        "requirements": words.requirements(vendor),
    }


def _blocks(overview: Overview, room: float) -> tuple[_Block, ...]:
    """Fill the rest of the page: in each block the gravest lines first, and five at most."""
    filled = words.blocks(overview.result)
    heights = [[*map(_height, lines)] for _, lines, _ in filled]
    shown = rows_that_fit(heights, room - (_BLOCK + _NOTE) * len(filled), _MOST_LINES)
    return tuple(
        (title, lines[:most], f"{left} more {overview.elsewhere(*sheets)}" if (left := len(lines) - most) else "")
        for (title, lines, sheets), most in zip(filled, shown, strict=True)
    )


def _height(line: Line) -> float:
    label, text = line
    return _ROW + max(_lines(text, _CELL), _lines(label, (22, _CELL[1])))
