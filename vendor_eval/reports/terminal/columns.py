"""Plain text in columns: tables, labeled lines, and nothing in them that a terminal would obey."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap

from vendor_eval.formatting.printable import one_line

WIDTH = 100
_NARROWEST = 20
_LABEL = 11
_GAP = "  "


def table(rows: Sequence[Sequence[str]], *, right: Iterable[int] = (), flow: int | None = None) -> str:
    """Lay rows out in columns; the first row is the header. The column `flow` is wrapped to the width of a terminal."""
    safe = [[line(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in safe) for column in range(len(safe[0]))]
    if flow is not None:
        rest = sum(widths) - widths[flow] + len(_GAP) * (len(widths) - 1)
        widths[flow] = min(widths[flow], max(WIDTH - rest, _NARROWEST))
    numeric = set(right)

    def lines(row: Sequence[str]) -> Iterator[str]:
        parts = [
            wrap(cell, width) if i == flow else [cell] for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for cells in zip_longest(*parts, fillvalue=""):
            aligned = (
                cell.rjust(width) if i in numeric else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
            )
            yield _GAP.join(aligned).rstrip()

    head, *body = safe
    return "\n".join(
        (*lines(head), _GAP.join("-" * width for width in widths), *(x for row in body for x in lines(row)))
    )


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
    return "\n".join(f"\n{' ' * _LABEL}".join(wrap(text, WIDTH) or [""]) for text in lines)
