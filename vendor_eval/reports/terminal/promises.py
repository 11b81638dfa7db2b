"""Promises and what a pilot measured, as `explain` and `rank` print them."""

import csv
import io
from collections.abc import Iterator
from textwrap import wrap

from vendor_eval.formatting.file_names import file_names
from vendor_eval.reports.terminal.columns import block, prose_width, table
from vendor_eval.reports.wording import pilot as words
from vendor_eval.results import Result, VendorRecord
from vendor_eval.results.pilot import LinkRecord

_MOST_ITEMS = 20
_COLUMNS = (("item", "Code"), ("source", "Source"), ("phase", "Phase"), ("gold", "Gold"), ("label", "Label"))
_COLUMNS_LEFT = (("error", "Error"), ("criterion", "Criterion"), ("iou", "IoU"))
# Of these no item is right or wrong.
_OF_NO_ITEM = words.STATED | words.OF_THE_LOG | {"alpha", "pair_agreement", "delivered"}


def candour_lines(result: Result) -> Iterator[str]:
    """Yield what became of the promises of each vendor, then what chance alone would do."""
    pilot = result.pilot
    if pilot is None:
        return
    by_id = {vendor.id: vendor for vendor in pilot.vendors}
    parts = [(by_id[vendor.id], vendor.name) for vendor in result.in_order if vendor.id in by_id]
    sentences = [part.candour.sentence if part.candour else f"{name}: not measured" for part, name in parts]
    sentences += [words.by_chance(pilot)]
    lines = [
        line for sentence in filter(None, sentences) for line in wrap(sentence, prose_width(), subsequent_indent="  ")
    ]
    yield block("Said and measured:", *lines)


def wrong_items(result: Result, vendor: VendorRecord, link: LinkRecord, errors: bytes) -> str:
    """List the first items that a figure counts as wrong, and say where the others are.

    `errors` is the content of errors/<vendor>.csv.
    """
    rows = [
        row for row in csv.DictReader(io.StringIO(errors.decode("utf-8-sig"), newline="")) if _is_counted(row, link)
    ]
    if link.figure in _OF_NO_ITEM or not rows:
        return ""
    shown = rows[:_MOST_ITEMS]
    columns = [(key, head) for key, head in (*_COLUMNS, *_COLUMNS_LEFT) if any(row.get(key) for row in shown)]
    listed = table(
        [tuple(head for _, head in columns), *(tuple(row[key] or "" for key, _ in columns) for row in shown)]
    )
    names = file_names(known.id for known in (result.pilot.vendors if result.pilot else ()))
    where = f"out/pilot/errors/{names[vendor.id]}.csv"
    more = len(rows) - len(shown)
    end = f"{more:,} more in {where}" if more else f"They are in {where} too"
    return f"Wrong, by code and source ({len(rows):,}):\n{listed}\n{block(end)}"


def _is_counted(row: dict[str, str], link: LinkRecord) -> bool:
    """Tell whether an error lies in what a figure is narrowed to."""
    if link.by == "class":
        return row["gold" if link.figure == "recall" else "label"] == link.group
    return link.by not in {"phase", "criterion"} or row.get(link.by) == link.group
