"""Documents first: the requirements of whoever leads that wait for documents, where these are many."""

from vendor_eval.formatting.file_names import file_names
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.reports.wording.requirements import by_when, unmet
from vendor_eval.results import UNPROVEN, Result, VendorRecord

# With more of what is due resting on documents that are not there, a condition of the award decides nothing.
_MOST_WAITING = 0.2


def waiting(result: Result, vendor: VendorRecord) -> str:
    """Say how many due requirements of a vendor wait for documents; empty where these are a fifth of them at most."""
    now = by_when(result, "read")
    stages = [gate.stage for gate in vendor.gates if gate.kind != "flag"]
    stages += [node.floor.stage for node in vendor.nodes if node.floor]
    due = sum(by_when(result, stage) == now for stage in stages)
    causes = [u.cause for u in unmet(result, vendor) if u.by_when == now and u.cause in UNPROVEN]
    count, named = len(causes), causes.count("named")
    if count <= _MOST_WAITING * due:
        return ""
    which = " that it named" if named == count else f", {named or 'none'} of which it named"
    return f"{count} of {counted(due, 'requirement')} {'waits' if count == 1 else 'wait'} for documents{which}"


def documents_first(result: Result) -> VendorRecord | None:
    """Find the vendor that leads alone, where too much of what is due waits for its documents."""
    first = result.first
    return first[0] if len(first) == 1 and waiting(result, first[0]) else None


def asking(result: Result, vendor: VendorRecord) -> str:
    """Say how many requirements of a vendor wait for documents, and where it is asked for them."""
    names = file_names(other.id for other in result.vendors if other.status != "not_evaluated")
    return f"{waiting(result, vendor)}: ask for them (out/clarifications/{names[vendor.id]}.xlsx), then decide"
