"""What changed between two results: ranks first, then settings, gates, and vendors by the size of their change."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from vendor_eval.formatting.printable import one_line
from vendor_eval.reports.terminal.columns import block, prose_width
from vendor_eval.reports.wording import changes as words
from vendor_eval.results.changes import Changes


def changes_text(changes: Changes) -> str:
    """Print what changed, and why."""
    head = block(*wrap(one_line(f"{words.title(changes)}. {words.compared(changes)}"), prose_width()))
    gates = (f"{name}: {gate} {old} to {new}" for name, gate, old, new in words.gates(changes))
    parts = [
        head,
        _section("Ranks", (f"{rank}: {why}" for rank, why in words.ranks(changes))),
        _section("Settings", words.settings(changes)),
        _section("Gates", gates),
        _section("Vendors", _vendors(changes)),
        block(
            *(part for text in (words.unchanged(changes), *words.only(changes)) for part in wrap(text, prose_width()))
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def _section(title: str, lines: Iterable[str]) -> str:
    texts = [part for line in lines for part in _wrapped(line)]
    return block(f"{title}:", *texts) if texts else ""


def _wrapped(text: str) -> list[str]:
    indent = "  " + " " * (len(text) - len(text.lstrip(" ")))
    return wrap(f"{indent}{one_line(text)}", prose_width(), subsequent_indent=f"{indent}  ")


def _vendors(changes: Changes) -> Iterator[str]:
    for vendor in changes.vendors:
        if not vendor.is_changed:
            continue
        yield f"{vendor.name}: {words.vendor_words(vendor)}"
        rows = words.rows_of(changes, vendor)
        for row in rows[: words.MOST_CAUSES]:
            values = f": {row.values}" if row.values else ""
            yield f"  {row.points} {row.why}{values}{f' ({row.place})' if row.place else ''}"
        if (more := len(rows) - words.MOST_CAUSES) > 0:
            yield f"  {more} smaller ones: --json lists them"
