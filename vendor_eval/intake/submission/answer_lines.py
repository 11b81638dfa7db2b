"""Rows of a workbook become lines: cells that belong to one answer cell of ours."""

from dataclasses import dataclass, field

from vendor_eval.criteria.parsing import is_unit
from vendor_eval.intake.submission.cell_claims import CellClaims
from vendor_eval.intake.submission.form import Form
from vendor_eval.intake.submission.models import Found, FreeText
from vendor_eval.issues import Issue, Location
from vendor_eval.spreadsheets import Cell


@dataclass(slots=True)
class AnswerLine:
    """Cells of one row that belong to one answer cell.

    `round` is 0 for a response, then the round of the clarification. `read_as` is the answer in our words where a
    mapping has one. `sign` is the decimal sign of the file. `merged` is the merged area that hides the answer cell,
    `proof_merged` the one that hides its Evidence, `note` what stands in a note at it, `stray` what stands in its row
    under no header of ours beside a blank answer.
    """

    file: str
    sheet: str
    address: str
    answer: Cell | None = None
    evidence: Cell | None = None
    comment: Cell | None = None
    unit: Cell | None = None
    read_as: Cell | None = None
    found_by: Found = ""
    sign: str = ""
    merged: str = ""
    proof_merged: str = ""
    note: str = ""
    stray: tuple[Cell, ...] = ()
    round: int = 0
    duplicates: tuple["AnswerLine", ...] = ()

    def place(self, cell: Cell | None = None) -> Location:
        """Place of a cell of the line; of its answer cell without one."""
        return Location(self.file, self.sheet, cell.address if cell else self.address)

    @property
    def row(self) -> str:
        """Number of the row."""
        return self.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def joined(line: AnswerLine, asked: str) -> Cell:
    """Answer of a line; a Unit cell that the vendor changed is part of it: 3 beside 'weeks' is not 3 days."""
    cell, unit = line.read_as or line.answer, line.unit
    if cell is None:
        raise TypeError(line.address)
    if unit is None or not asked or is_unit(unit.raw, asked):
        return cell
    if cell.percent or not isinstance(cell.value, int | float | str):
        return cell._replace(value=f"{cell.raw} {unit.raw}", percent=False)
    # A figure has one reading; ten decimals keep 1.234 from looking like 1,234.
    figure = f"{cell.value:.10f}" if isinstance(cell.value, float) else cell.raw
    return cell._replace(value=f"{figure} {unit.raw}")


@dataclass
class Collected:
    """What was found in all files of a vendor. The last two fields are what mappings say of ids that are absent."""

    form: Form
    cover: dict[str, str] = field(default_factory=dict)
    names: list[FreeText] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    unclaimed: list[Location] = field(default_factory=list)
    lines: dict[str, list[AnswerLine]] = field(default_factory=dict)
    file: str = ""
    round: int = 0
    no_counterpart: dict[str, str] = field(default_factory=dict)
    said_absent: set[str] = field(default_factory=set)

    def settle(self, claims: CellClaims) -> None:
        """Add the unclaimed cells and issues of a sheet."""
        self.unclaimed += claims.unclaimed
        self.issues += claims.issues
