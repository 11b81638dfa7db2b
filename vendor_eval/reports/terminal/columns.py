"""Plain text in columns: tables, labeled lines, and nothing in them that a terminal would obey.

All that is as wide as the terminal asks here how wide it is.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from textwrap import wrap

from vendor_eval.formatting.printable import one_line

_PROSE = 100
_NARROWEST = 20
_LABEL = 11
_GAP = "  "


def terminal_width() -> int:
    """Columns of the terminal that is written to, or COLUMNS; 0 for a file or a pipe, which take any length."""
    # What a Python process starts inherits both from its `readline`, though nobody set them.
    if "LINES" in os.environ and not sys.stdout.isatty():
        return 0
    return shutil.get_terminal_size((0, 0)).columns


def prose_width() -> int:
    """Columns in which prose is wrapped."""
    return max(min(_PROSE, terminal_width() or _PROSE), _NARROWEST)


def fitted(text: str) -> str:
    """Wrap each line that is too long for the terminal, below its own indent."""
    width = terminal_width()
    lines: list[str] = []
    for own in text.split("\n"):
        below = " " * (len(own) - len(own.lstrip(" -")))
        too_long = width and len(own) > width
        lines += (
            wrap(own, width, subsequent_indent=below, break_long_words=False, break_on_hyphens=False)
            if too_long
            else [own]
        )
    return "\n".join(lines)


def table(rows: Sequence[Sequence[str]], *, right: Iterable[int] = (), flow: int = -1) -> str:
    """Lay rows out in columns; the first row is the header.

    Where a terminal is too narrow, columns are left out from the right, and named below. The column `flow` is wrapped
    and stays.
    """
    safe = [[line(cell) for cell in row] for row in rows]
    head, *body = safe
    widths = _widths(safe, flow)
    numeric = set(right)

    def lines(row: Sequence[str]) -> Iterator[str]:
        parts = [wrap(row[i], width) if i == flow else [row[i]] for i, width in widths.items()]
        for cells in zip_longest(*parts, fillvalue=""):
            aligned = (
                cell.rjust(width) if i in numeric else cell.ljust(width)
                for cell, (i, width) in zip(cells, widths.items(), strict=True)
            )
            yield _GAP.join(aligned).rstrip()

    left_out = ", ".join(title for column, title in enumerate(head) if column not in widths)
    below = [f"Left out, since the terminal is too narrow: {left_out}"] if left_out else []
    rule = _GAP.join("-" * width for width in widths.values())
    return "\n".join((*lines(head), rule, *(x for row in body for x in lines(row)), *below))


def _widths(rows: Sequence[Sequence[str]], flow: int) -> dict[int, int]:
    """Width of each column that is shown."""
    widths = {at: max(map(len, column)) for at, column in enumerate(zip(*rows, strict=True))}
    # Without a column that flows, not even a gap has to be left for one.
    longest = widths.pop(flow, -len(_GAP))
    least, limit = min(longest, _NARROWEST), terminal_width()
    while limit and len(widths) > 1 and _room(widths, limit) < least:
        widths.popitem()
    if longest >= 0:
        widths[flow] = min(longest, max(_room(widths, limit or _PROSE), least))
    return dict(sorted(widths.items()))


def _room(widths: Mapping[int, int], limit: int) -> int:
    """Columns that are left for one more column of a table."""
    return limit - sum(widths.values()) - len(_GAP) * len(widths)


def line(text: str) -> str:
    """Keep a text on its line, with its indent, and nothing in it that a terminal would obey."""
    indent = len(text) - len(text.lstrip(" "))
    return f"{' ' * indent}{one_line(text)}"


def block(*lines: str) -> str:
    """Put lines below each other, each on its own."""
    return "\n".join(line(text) for text in lines)


def labelled(head: str, entries: Iterable[Sequence[str]]) -> str:
    """Put entries below a head: each a label and its texts, wrapped to the width of a terminal."""
    lines = [
        one_line(head),
        *(f"{label}:".ljust(_LABEL) + _GAP.join(map(one_line, texts)) for label, *texts in entries),
    ]
    return "\n".join("\n".join(wrap(text, prose_width(), subsequent_indent=" " * _LABEL) or [""]) for text in lines)
