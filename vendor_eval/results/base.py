"""What every record of a result is made of: places, inputs, issues."""

from pydantic import BaseModel, ConfigDict
from pydantic.dataclasses import dataclass

from vendor_eval.issues import Issue, Location


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


# Where there are hundreds for each vendor a record is a dataclass: its slots take a quarter of the memory of a model.
STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Source:
    """Where something stands: file relative to the evaluation, sheet and cell where there are any."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None

    @classmethod
    def at(cls, place: Location) -> "Source":
        """Write down a place."""
        return cls(file=place.file or None, sheet=place.sheet or None, cell=place.cell or None)

    def __str__(self) -> str:
        inside = f"{self.sheet}!{self.cell}" if self.cell else self.sheet or ""
        return ", ".join(part for part in (self.file, inside) if part)


class Input(Record):
    """A file that was read."""

    file: str
    sha256: str


class NotRead(Record):
    """A file or folder among the responses that is no workbook."""

    file: str
    reason: str


class IssueRecord(Record):
    """A fault of a response."""

    code: str
    severity: str
    message: str
    source: Source

    @classmethod
    def of(cls, issue: Issue) -> "IssueRecord":
        """Write down an issue."""
        return cls(
            code=issue.code, severity=issue.severity.value, message=issue.message, source=Source.at(issue.location)
        )
