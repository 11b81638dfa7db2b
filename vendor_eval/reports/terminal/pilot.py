"""What `pilot measure` prints: for each vendor its figures, acceptance, promises and issues."""

from collections.abc import Iterator

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.measures import amount, promise, with_unit
from vendor_eval.formatting.printable import one_line
from vendor_eval.reports.terminal.columns import block, table
from vendor_eval.reports.wording import pilot as words
from vendor_eval.results.pilot import FigureRecord, LinkRecord, PilotRecord, PilotVendorRecord


def pilot_text(record: PilotRecord) -> str:
    """Print a measured pilot, a table for each vendor."""
    facts = record.pilot
    left = [f"{count} {why}" for count, why in ((facts.ambiguous, "ambiguous"), (facts.gold_open, "open")) if count]
    items = f"{facts.gold_items:,} gold items" + (f", of which {' and '.join(left)} leave n" if left else "")
    head = f"{facts.title}: {facts.task}, {items}, measured on {day(facts.measured_on)}"
    parts = [block(head), *(part for vendor in record.vendors for part in _vendor(vendor))]
    parts += [block(text)] if (text := words.by_chance(record)) else []
    return "\n\n".join(parts)


def _vendor(vendor: PilotVendorRecord) -> Iterator[str]:
    if vendor.status == "not_measured":
        yield block(f"{vendor.id}: not measured, {vendor.message}")
        return
    head = f"{vendor.tasks:,} tasks, {vendor.rows:,} rows, {vendor.missing:,} missing, {vendor.invalid:,} invalid"
    rows = [("Figure", "Value", "95 %", "Of", "It is"), *map(_figure, vendor.figures)]
    yield f"{one_line(f'{vendor.id}: {head}')}\n{table(rows, right=(1, 2, 3), flow=4)}"
    if vendor.links:
        promises = [("Question", "Promised", "Measured", "Verdict"), *map(_link, vendor.links)]
        yield table(promises, right=(1, 2))
    lines = [words.accepted(vendor.acceptance)] if vendor.acceptance else []
    lines += [vendor.candour.sentence] if vendor.candour else []
    lines += [f"{issue.severity}: {issue.message} [{issue.code}]" for issue in vendor.issues]
    if lines:
        yield block(*lines)


def _figure(figure: FigureRecord) -> tuple[str, ...]:
    value = with_unit(amount(figure.value, figure.unit), figure.unit)
    counted = f"{figure.k:,} of {figure.n:,}" if figure.k is not None and figure.n is not None else figure.n
    reason = f": {words.reason_words(figure.reason)}" if figure.reason else ""
    name = " ".join(part for part in (figure.id, figure.group) if part)
    return name, value, words.interval(figure, figure.unit), str(counted or ""), f"{words.title_of(figure)}{reason}"


def _link(link: LinkRecord) -> tuple[str, ...]:
    unit = words.unit_of(link)
    reason = f", {words.reason_words(link.reason)}" if link.reason else ""
    measured = with_unit(amount(link.measured, unit, link.promised), unit)
    promised = with_unit(promise(link.promised), unit)
    return link.question, promised, measured, f"{words.VERDICTS[link.verdict]}{reason}"
