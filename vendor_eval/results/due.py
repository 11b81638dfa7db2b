"""What falls due over many tenders, as `due` prints it and writes it into a calendar."""

from typing import Literal, TypeAlias

from vendor_eval.results.base import Record

DueKind: TypeAlias = Literal["certificate", "offer", "condition", "waiver", "clarification", "standstill", "retention"]


class DueItem(Record):
    """Something that ends, or is expected, on a day; without one `date` and `days` are null."""

    date: str | None
    days: int | None
    """Days from the day asked for, below 0 for past ones."""
    kind: DueKind
    tender: str
    """Reference of the tender, without one its title."""
    vendor: str
    id: str
    """Question, condition, node or line of the log that it is about; empty where the kind says it."""
    what: str
    state: str


class UnreadFolder(Record):
    """A folder that could not be read, and why."""

    folder: str
    reason: str


class Due(Record):
    """What falls due, by date: past items that are still open come first."""

    as_of: str
    within: int | None
    """Days from `as_of` that are looked at; null for all."""
    items: tuple[DueItem, ...] = ()
    undated: tuple[DueItem, ...] = ()
    """What is open and has no date."""
    unread: tuple[UnreadFolder, ...] = ()
