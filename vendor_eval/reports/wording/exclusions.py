"""Who is out of the race and why; where nobody is left in it, which knock-outs failed, by what, and the ways on."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from vendor_eval.formatting.figures import STATUS
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.reports.wording.requirements import Unmet, unmet
from vendor_eval.results import UNPROVEN, Result, VendorRecord

# A heading of a row, and its text.
Line: TypeAlias = tuple[str, str]
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_MOST_ACROSS = 5  # vendors whose answers are legible beside each other
WAYS_ON = "Three ways on"


class Cell(NamedTuple):
    """What one vendor said to a knock-out, and what that is: a clear no, an answer in doubt, a missing document."""

    text: str
    cause: str


class FailedKnockOuts(NamedTuple):
    """Knock-outs that failed, with a cell for each vendor of the head; `more` vendors have no room beside them."""

    vendors: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Cell, ...]], ...]
    """Title of each knock-out, what passes it, and its cells."""
    more: int


def out_of_race(result: Result) -> tuple[VendorRecord, ...]:
    """List vendors that are excluded, then those that are compared with nobody."""
    return tuple(vendor for vendor in result.in_order if vendor.status not in {"eligible", "conditional"})


def excluded(result: Result, vendors: Sequence[VendorRecord] | None = None) -> tuple[Line, ...]:
    """Say why vendors are out of the race, without a list all of them: a failed knock-out, or that nobody read them."""
    out = out_of_race(result) if vendors is None else vendors
    return tuple((vendor.name, _reason(result, vendor)) for vendor in out)


def excluded_title(vendors: Sequence[VendorRecord]) -> str:
    """Name what these vendors are, none of which is in the race."""
    statuses = {vendor.status for vendor in vendors}
    text = " or ".join(title for status, title in STATUS.items() if status in statuses)
    return f"{text[:1].upper()}{text[1:]}"


def _reason(result: Result, vendor: VendorRecord) -> str:
    if not vendor.is_compared:
        return f"{vendor.status_text}: {cut('; '.join(vendor.reasons) or 'no response', 200)}."
    failed = [u for u in unmet(result, vendor) if u.kind == "knock_out" and u.outcome == "failed"]
    parts = [f"{requirement.title}. {requirement.know}" for requirement in failed[:1]]
    if len(failed) > 1:
        parts.append(f"{counted(len(failed) - 1, 'more knock-out')} failed.")
    # Where nobody is ranked every one of them would be first.
    if vendor.would_rank and result.ranking:
        who = "It" if sum(v.would_rank is not None for v in result.vendors) == 1 else "Admitted alone, it"
        place = _ORDINALS.get(vendor.would_rank, f"on place {vendor.would_rank}")
        parts.append(f"{who} would have ranked {place}.")
    return " ".join(parts)


def failed_knock_outs(result: Result) -> FailedKnockOuts | None:
    """Compare the knock-outs that failed where all vendors are excluded; None where one is not."""
    vendors = result.evaluated
    if not vendors or any(vendor.status != "excluded" for vendor in vendors):
        return None
    shown = vendors[:_MOST_ACROSS]
    wanting = [{(u.about, u.title): u for u in unmet(result, v) if u.kind == "knock_out"} for v in shown]
    failed = {key: u for own in wanting for key, u in own.items() if u.outcome == "failed"}
    cells = {key: tuple(_cell(v, own.get(key)) for v, own in zip(shown, wanting, strict=True)) for key in failed}
    rows = tuple((requirement.title, requirement.cure, cells[key]) for key, requirement in failed.items())
    return FailedKnockOuts(tuple(vendor.name for vendor in shown), rows, len(vendors) - len(shown))


def _cell(vendor: VendorRecord, wanting: Unmet | None) -> Cell:
    if wanting is None:
        return Cell("", "Met")
    if wanting.outcome != "failed":
        missing = wanting.cause in UNPROVEN
        return Cell(wanting.know, "A document is missing" if missing else wanting.outcome.capitalize())
    # A document would not make a failed answer pass.
    own = (i for i in vendor.issues if i.question == wanting.about and i.severity != "notice")
    doubt = next((i.text for i in own if not i.code.startswith(("document-", "evidence-"))), "")
    return Cell(f"{wanting.know} {cut(doubt, 120)}".rstrip(), "An answer in doubt" if doubt else "A clear no")


def ways_on(result: Result) -> Iterator[Line]:
    """Say how to go on where all vendors are excluded, each way with its command."""
    if failed_knock_outs(result) is None:
        return
    doubt = "Where an answer is in doubt or a document is missing"
    yield "Ask back", f"{doubt}: vendor-eval check writes out/clarifications. Put what comes back into responses."
    entry = "with the vendor, the question, the reason, who approves and the day"
    yield "Waive, with a reason", f"An entry under waivers of evaluation.yaml {entry}. Then: vendor-eval evaluate."
    yield "Ask others", "Where each answer is a clear no: vendor-eval questionnaire -o questionnaire.xlsx."
