"""The record of a tender: what was sealed, what changed since and why, and where the log stands."""

from typing import Any, Literal

from vendor_eval.results.base import IssueRecord, Record

SealState = Literal["unsealed", "unchanged", "changed", "unexplained"]
Chain = Literal["whole", "acknowledged", "broken"]


class ReplacedResponse(Record):
    """A file of a vendor whose content is another one than the log saw first."""

    vendor: str
    file: str
    on: str


class OverrideRecord(Record):
    """A level of the buyer that counts in place of the panel's, `old`; `line` is that of the log."""

    vendor: str
    question: str
    old: float
    new: float
    by: str
    why: str
    on: str
    line: int


class SettingChange(Record):
    """A decisive setting that differs from the sealed one; `old` is None where it was added, `new` where removed.

    `by`, `on`, `why` and `line` are those of the log's line that explains it.
    """

    key: str
    old: Any = None
    new: Any = None
    explained: bool = False
    by: str | None = None
    on: str | None = None
    why: str | None = None
    line: int | None = None


class LogAnchor(Record):
    """Where the log stood: its number of lines, and the SHA-256 of the last, '' of none."""

    lines: int
    sha256: str
    chain: Chain = "whole"
    faults: tuple[IssueRecord, ...] = ()


class QualitySince(Record):
    """A quality that is another one than when the prices were opened."""

    vendor: str
    old: float | None
    new: float | None


class QualityClosed(Record):
    """The line by which the prices were opened, and whose quality changed after it."""

    on: str
    by: str
    line: int
    since: tuple[QualitySince, ...] = ()


class RecordState(Record):
    """The record as a result shows it; an evaluation without seal and log has none."""

    sealed: str | None = None
    by: str | None = None
    late: str | None = None
    state: SealState = "unsealed"
    responses_replaced: tuple[ReplacedResponse, ...] = ()
    overrides: tuple[OverrideRecord, ...] = ()
    changes: tuple[SettingChange, ...] = ()
    log: LogAnchor | None = None
    quality_closed: QualityClosed | None = None

    @property
    def unexplained(self) -> tuple[SettingChange, ...]:
        """Changes that nobody gave a reason for."""
        return tuple(change for change in self.changes if not change.explained)
