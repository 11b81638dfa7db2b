"""Why a vendor has its place, a line each: the first reason, and all requirements that it does not meet."""

from collections.abc import Iterator

from vendor_eval.reports.wording.decision import excluded, reasons_for, risks
from vendor_eval.reports.wording.lookups import titles_of
from vendor_eval.reports.wording.requirements import unmet
from vendor_eval.results import Result, VendorRecord

_MOST = 5


def first_reason(result: Result, vendor: VendorRecord) -> str | None:
    """Say what speaks for the first vendor, against each other one, or why a vendor has no rank."""
    if vendor.rank is None and not result.is_screen:
        return dict(excluded(result)).get(vendor.name) or None
    lines = reasons_for(result, vendor) if vendor.rank == 1 else risks(result, vendor)
    return next(iter(lines), None)


def requirement_lines(result: Result, vendor: VendorRecord) -> Iterator[str]:
    """List what is not met, the gravest first, then flags, ties and late files."""
    found = unmet(result, vendor) if vendor.status != "not_evaluated" else ()
    for one in found[:_MOST]:
        yield f"{one.title} ({one.about}): {one.know}{f' {one.cure}' if one.outcome == 'waived' else ''}"
    if len(found) > _MOST:
        yield f"{len(found) - _MOST} more: sheet Gates"
    if flags := dict.fromkeys(gate.question for gate in vendor.gates if gate.open):
        yield f"No comment from the evaluators yet on {', '.join(flags)}"
    if vendor.tie_broken_by:
        yield f"The tie was broken by {titles_of(result).get(vendor.tie_broken_by, vendor.tie_broken_by)}"
    if vendor.accepted_late:
        yield f"Arrived late, accepted: {vendor.accepted_late}"
