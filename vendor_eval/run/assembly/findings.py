"""Findings as records of the result."""

from vendor_eval import results as r
from vendor_eval.findings.acts import Finding


def finding_record(finding: Finding) -> r.FindingRecord:
    """Record one act of the buyer."""
    return r.FindingRecord(
        question=finding.question,
        act=finding.act,
        by=finding.by,
        date=finding.date.isoformat(),
        reason=finding.reason,
        note=finding.note,
        source=r.Source.at(finding.location),
        kind=finding.kind,
        value=finding.value,
    )
