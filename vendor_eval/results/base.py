"""What every record of a result is made of: places, inputs, issues."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar, dataclass_transform

from pydantic import BaseModel, ConfigDict

from vendor_eval.issues import Issue, Location

Level = Literal["claim", "named", "document", "verified"]
"""How an answer is proven: said, a document that is not there, one that is, checked by the buyer."""
# The weakest proof first.
LEVELS: tuple[Level, ...] = ("claim", "named", "document", "verified")
# What a document that is there would lift.
UNPROVEN: frozenset[str | None] = frozenset(("claim", "named"))


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class PartRead(BaseModel):
    """A part of a record as far as its reader needs it; the rest, which may be long, is not kept."""

    model_config = ConfigDict(frozen=True, extra="ignore")


_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def slim_record(cls: type[_Class]) -> type[_Class]:
    """Make a frozen dataclass with slots: where there are hundreds for each vendor.

    It takes a quarter of the memory of a model, and is validated where a result is loaded, not where it is made.
    """
    cls.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]  # pydantic looks for it
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@slim_record
class Source:
    """A location in a file: path relative to the evaluation, sheet and cell where there are any."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None

    @classmethod
    def at(cls, place: Location) -> "Source":
        """Build the record of a location."""
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
    """A fault of a response, of the answer to a question or of a part of it where these are named.

    `text` is the message without the id at its head.
    """

    code: str
    severity: str
    message: str
    source: Source
    question: str = ""
    part: str = ""
    text: str = ""

    @classmethod
    def of(cls, issue: Issue) -> "IssueRecord":
        """Build the record of an issue."""
        return cls(
            code=issue.code,
            severity=issue.severity.value,
            message=issue.message,
            source=Source.at(issue.location),
            question=issue.question,
            part=issue.part,
            text=issue.text,
        )

    @property
    def line(self) -> str:
        """The text with the question or the row that it is about, and the code."""
        key = f"{self.question}.{self.part}" if self.part else self.question
        return f"{key}: {self.text} [{self.code}]" if key else f"{self.text} [{self.code}]"


def issues_of(issues: Iterable[IssueRecord], question: str) -> tuple[IssueRecord, ...]:
    """List the issues of the answer to a question, or of a line of the price."""
    return tuple(issue for issue in issues if issue.question == question)
