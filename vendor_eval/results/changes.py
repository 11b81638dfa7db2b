"""What changed between two results, and why: records of `vendor-eval changes`."""

from typing import Generic, Literal, TypeVar

from pydantic import Field

from vendor_eval.results.base import Record, Source
from vendor_eval.results.record import SettingChange

SCHEMA = "vendor-eval/changes/1"
CauseKind = Literal["question", "finding", "level", "answer", "evidence", "date", "weights", "price", "rule"]
_Value = TypeVar("_Value")


class Sides(Record, Generic[_Value]):
    """A value in the old and in the new result."""

    old: _Value
    new: _Value

    @property
    def is_changed(self) -> bool:
        return self.old != self.new


class ComparedRecord(Record):
    """One of two results that are compared, and where it is from.

    `stale` are files that are others than it was made from; `without` are files of round `round` that are left out.
    """

    file: str
    kind: Literal["folder", "freeze", "result", "evaluated"]
    title: str
    reference: str
    as_of: str
    tool_version: str
    criteria: str
    sha256: str | None = None
    stale: tuple[str, ...] = ()
    round: int | None = None
    without: tuple[str, ...] = ()


class CauseRecord(Record):
    """Why a score changed, in points of the total; `about` is a question, `price`, or '' for a response as a whole."""

    cause: CauseKind
    about: str
    points: float
    old: float | str | None
    new: float | str | None
    by: str = ""
    why: str = ""
    source: Source = Source()


class GateChange(Record):
    """A gate, or the floor of a node, whose result is another one; null where it does not stand."""

    question: str
    kind: str
    old: str | None
    new: str | None


class VendorChanges(Record):
    """What changed of a vendor that is in both results."""

    id: str
    name: str
    score: Sides[float | None]
    rank: Sides[int | None]
    status: Sides[str]
    gates: tuple[GateChange, ...]
    causes: tuple[CauseRecord, ...]

    @property
    def points(self) -> float:
        """Change of the score; a vendor without one has none."""
        return (self.score.new or 0.0) - (self.score.old or 0.0)

    @property
    def is_changed(self) -> bool:
        """Whether anything of it is another one, be it an answer that counts the same."""
        sides: tuple[Sides[str] | Sides[int | None], ...] = (self.rank, self.status)
        return bool(self.causes or self.gates) or any(side.is_changed for side in sides)


class Changes(Record):
    """Two results compared, vendors by the size of their change; `only_old` and `only_new` are ids of vendors."""

    schema_: str = Field(default=SCHEMA, alias="schema")
    old: ComparedRecord
    new: ComparedRecord
    settings: tuple[SettingChange, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    vendors: tuple[VendorChanges, ...]
