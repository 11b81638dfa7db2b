"""Build records of the result from the objects that they describe."""

from typing import Any, TypeVar

from vendor_eval import results as r
from vendor_eval.findings.acts import Finding

_Record = TypeVar("_Record")


def record_of(record: type[_Record], source: object, /, **values: Any) -> _Record:
    """Build a record from `values`, and from the attributes of a source that have the name of a field.

    Raises ValidationError where a field has neither and no default.

    >>> from vendor_eval.scoring.gates import FloorResult
    >>> floor = FloorResult("must", "fail", "48 of 100", node="security", at_least=60.0, because="Security")
    >>> record_of(r.FloorRecord, floor).at_least
    60.0
    """
    names = [name for name in record.__annotations__ if name not in values and hasattr(source, name)]
    return record(**{name: getattr(source, name) for name in names}, **values)


def finding_record(finding: Finding) -> r.FindingRecord:
    return record_of(r.FindingRecord, finding, date=finding.date.isoformat(), source=r.Source.at(finding.location))
