"""What falls due over many tenders: certificates, offers, conditions, waivers, replies, standstills, files to keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

Kind = Literal["certificate", "offer", "condition", "waiver", "clarification", "standstill", "retention"]


@dataclass(frozen=True, slots=True)
class DueItem:
    """A day on which something ends or is expected; `days` are those from the day asked for, below 0 for past ones."""

    date: str
    days: int
    kind: Kind
    tender: str
    vendor: str
    id: str
    what: str
    state: str


@dataclass(frozen=True, slots=True)
class Due:
    """Items by date, those without a date, and folders that cannot be read, each with its reason."""

    as_of: str
    within: int | None
    items: tuple[DueItem, ...]
    undated: tuple[DueItem, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


def due(folders: Iterable[Path], as_of: date, *, within: int | None = None) -> Due:
    """List what falls due in the folders of several tenders within so many days; nothing is evaluated."""
    raise NotImplementedError
