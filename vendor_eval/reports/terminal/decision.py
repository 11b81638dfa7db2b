"""The decision in at most 40 lines, with which `evaluate` ends: the sentences of page 1, and what is open."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import STATUS, money, number
from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.reports.pages.heights import rows_that_fit
from vendor_eval.reports.terminal.columns import block, prose_width, table
from vendor_eval.reports.terminal.ranking import vendor_names
from vendor_eval.reports.wording import decision as words
from vendor_eval.reports.wording.asks import STAKES, open_groups
from vendor_eval.reports.wording.exclusions import WAYS_ON, Line, excluded, excluded_title, out_of_race, ways_on
from vendor_eval.results import Result, VendorRecord

MOST_LINES = 40
_MOST_VENDORS = 10
_MOST_ROWS = 5
_DETAIL = "Detail: vendor-eval rank --all, and vendor-eval explain with the name of a vendor."


def decision_text(result: Result, written: str) -> str:
    """Say who is recommended, how firm, who ranks where, who is excluded, what is to be met and what is open.

    `written` lists the files.
    """
    evaluation = result.evaluation
    head = [f"{evaluation.title}, {day(evaluation.as_of)}", f"{words.headline(result)}.", words.subline(result)]
    if firm := words.how_firm(result):
        head.append(f"How firm: {firm.word}. {firm.reason}")
    top = [part for text in head for part in wrap(one_line(text), prose_width())]
    # A path stays whole, however long it is.
    files = wrap(f"Files: {one_line(written)}", prose_width(), break_long_words=False, break_on_hyphens=False)
    end = [*files, *wrap(_DETAIL, prose_width(), break_on_hyphens=False)]
    ranked = _table(result).splitlines()
    room = MOST_LINES - len(top) - len(ranked) - len(end) - 2
    parts = ["\n".join(top), "\n".join(ranked), *_blocks(result, room), block(*end)]
    return "\n\n".join(part for part in parts if part)


def _table(result: Result) -> str:
    if not result.vendors:
        return ""
    names, price = vendor_names(result), result.price
    bought = ("Quality", f"Price {price.currency}") if price else ()
    header = ("Rank", "Vendor", "Status", "Points", *bought, "Requirements met")
    shown = result.in_order[:_MOST_VENDORS]
    rows = [_row(result, vendor, names[vendor.id], priced=price is not None) for vendor in shown]
    if result.is_screen:
        header, rows = header[1:3] + header[-1:], [row[1:3] + row[-1:] for row in rows]
    text = table((header, *rows), right=(0, *range(3, len(header))) if not result.is_screen else (2,))
    more = len(result.vendors) - len(shown)
    return f"{text}\n{more} more vendors: vendor-eval rank" if more > 0 else text


def _row(result: Result, vendor: VendorRecord, name: str, *, priced: bool) -> tuple[str, ...]:
    total = vendor.price.total if vendor.price else None
    price = "incomplete" if vendor.price and total is None else money(total)
    bought = (number(vendor.quality), price) if priced else ()
    points = number(vendor.score, result.digits)
    return str(vendor.rank or "–"), name, STATUS[vendor.status], points, *bought, words.requirements(vendor)


def _blocks(result: Result, room: int) -> Iterator[str]:
    """Fill the lines that are left: first rows first, of each block as many as fit, and how many there are."""
    opened = [(f"{group.vendor} could change {STAKES[group.stake]}", group.text) for group in open_groups(result)]
    listed_blocks = (
        (excluded_title(out_of_race(result)), excluded(result)),
        (WAYS_ON, tuple(ways_on(result))),
        ("To be met", words.conditions(result)),
        ("Still open", tuple(opened)),
    )
    blocks = [(title, [_lines(line) for line in lines]) for title, lines in listed_blocks if lines]
    shown = rows_that_fit([[*map(len, rows)] for _, rows in blocks], room - 2 * len(blocks), _MOST_ROWS)
    for (title, rows), most in zip(blocks, shown, strict=True):
        left = len(rows) - most
        count = f" (the first {most} of {len(rows)})" if left else ""
        yield "\n".join((f"{title}{count}:", *(text for row in rows[:most] for text in row)))


def _lines(line: Line) -> Sequence[str]:
    label, text = map(one_line, line)
    first, *more = wrap(f"{label}: {text}", prose_width(), initial_indent="  - ", subsequent_indent="    ")
    # A row is two lines at most.
    return [first, f"    {cut(' '.join(more), prose_width() - 4)}"] if more else [first]
