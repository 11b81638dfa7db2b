"""Conditions of the award in the terminal: how each stands, who sees to it, and by when."""

from collections.abc import Sequence

from vendor_eval.formatting.dates import day
from vendor_eval.reports.terminal.columns import block, table
from vendor_eval.results import ConditionLine, VendorRecord

_HEADER = ("condition", "state", "due", "days", "owner", "what")


def conditions_table(vendor: VendorRecord, lines: Sequence[ConditionLine], as_of: str) -> str:
    """Print the conditions of a vendor on a day, and what the vendor says of them."""
    head = block(f"Conditions of {vendor.name} on {day(as_of)}")
    if not lines:
        return f"{head}\n\n{block('None: every requirement is met, and every answer that counts is proven.')}"
    rows = [(c.id, c.state, c.due or "–", "" if c.days is None else str(c.days), c.owner or "–", c.what) for c in lines]
    return "\n\n".join(filter(None, (head, table((_HEADER, *rows), right=(3,), flow=5), _replies(vendor, lines))))


def _replies(vendor: VendorRecord, lines: Sequence[ConditionLine]) -> str:
    said = [
        f"{c.id}: {', '.join(filter(None, (c.says.done, c.says.date, c.says.proof)))} ({c.says.source})"
        for c in lines
        if c.says
    ]
    return block(f"{vendor.name} says, which closes nothing:", *(f"  {text}" for text in said)) if said else ""
