"""The status of a vendor in words, as every output prints it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from vendor_eval.formatting.dates import day, late_by
from vendor_eval.formatting.figures import percent
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.results import FindingRecord, FloorRecord, GateRecord, Result, VendorRecord, WaiverRecord

SCREEN = "Screen: requirements only"
ANOTHER_FORM = "Not compared, answered another form"
# What became of a requirement, and of a flag.
OUTCOMES = {"pass": "met", "fail": "failed", "unresolved": "open"}
STATES = {
    "answered": "answered",
    "blank": "no answer yet",
    "invalid": "no clear reading yet",
    "pending": "not scored by the evaluators yet",
    "settled": "not needed after another answer",
    "not_asked": "not asked",
}
NO_COMMENT = "No comment from the evaluators yet"
FLAGS = {"pass": "not raised", "fail": "raised", "unresolved": "open"}


def status_text(
    status: str, *, due: int, later: Mapping[str, int], waived: int, excluding: Sequence[tuple[str, str]]
) -> str:
    """Say a status, with the number of requirements that are due, come later by stage, or are waived.

    `excluding` are the reasons of failed knock-outs, each with its question or node.

    >>> status_text("eligible", due=0, later={"award": 1, "data": 2}, waived=1, excluding=[])
    'Eligible, subject to 1 condition before award and 2 conditions before data, 1 requirement waived'
    >>> status_text("conditional", due=1, later={"data": 2}, waived=0, excluding=[])
    'May be awarded only after 1 requirement is met, and 2 conditions before data'
    """
    if status == "excluded":
        return f"Excluded: {'; '.join(f'{reason} ({name})' for reason, name in excluding)}"
    conditions = " and ".join(f"{counted(count, 'condition')} before {stage}" for stage, count in later.items())
    if status == "conditional":
        text = f"May be awarded only after {counted(due, 'requirement')} {'is' if due == 1 else 'are'} met"
        text += f", and {conditions}" if conditions else ""
    else:
        text = f"Eligible, subject to {conditions}" if conditions else "Eligible"
    return f"{text}, {counted(waived, 'requirement')} waived" if waived else text


def outcome(test: GateRecord | FloorRecord) -> str:
    """Say what became of a requirement or a flag.

    A waived failure is no less a failure.
    """
    word = (FLAGS if test.kind == "flag" else OUTCOMES)[test.result]
    return f"{word}, waived" if test.waived else word


def waiver_words(waiver: WaiverRecord | None, before: str = "") -> str:
    """Say who waived a failure, when and why, after a separator; empty without a waiver."""
    if waiver is None:
        return ""
    until, owner = waiver.until and f"until {day(waiver.until)}", waiver.owner and f"{waiver.owner} sees to it"
    end = ", ".join(filter(None, (until, owner)))
    return f"{before}waived by {waiver.approved_by} on {day(waiver.date)}: {waiver.reason}{f' ({end})' if end else ''}"


def finding_words(finding: FindingRecord) -> str:
    """Print the act of a finding, by whom, when, why, and in which cell of a score sheet."""
    cell = f" ({finding.source})" if finding.source.cell else ""
    return f"{finding.act} by {finding.by} on {day(finding.date)}: {finding.reason or finding.note}{cell}"


def arrived_late(result: Result, vendor: VendorRecord) -> str:
    """Say by how much an admitted offer was late, and why it counts; empty where it was in time."""
    if not (vendor.accepted_late and vendor.received and result.evaluation.method.deadline):
        return ""
    deadline = datetime.fromisoformat(result.evaluation.method.deadline)
    late = late_by(datetime.fromisoformat(vendor.received), deadline)
    return f"Arrived {late}, on {day(vendor.received)}. Admitted, because: {vendor.accepted_late}"


def coverage_words(vendor: VendorRecord) -> str:
    """Say how much is answered, documented and checked, as shares of the weight of the questions."""
    answered = (
        "All questions" if percent(vendor.coverage) == "100 %" else f"{percent(vendor.coverage)} of the questions"
    )
    documented, verified = percent(vendor.documented), percent(vendor.verified)
    return f"{answered} answered; {documented} with a document, {verified} checked by us"
