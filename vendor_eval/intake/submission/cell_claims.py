"""Claims on the cells of a sheet: every filled cell is claimed once, the rest is listed as unclaimed."""

from collections.abc import Callable, Iterable

from vendor_eval.criteria.parsing import shorten
from vendor_eval.intake.tables import corners
from vendor_eval.issues import Issue, Location
from vendor_eval.spreadsheets import Cell, Sheet

# Rows that are quoted one by one; a sheet that is not ours may have thousands.
_QUOTED_ROWS = 500
_QUOTED_CELLS = 20


class CellClaims:
    """Cells of a sheet that nobody has claimed yet."""

    def __init__(self, file: str, sheet: Sheet) -> None:
        self.file, self.sheet = file, sheet
        self.open = {cell.address: cell for cell in sheet.cells}
        self.unclaimed: list[Location] = []
        self.issues: list[Issue] = []

    def claim(self, cells: Iterable[Cell | None]) -> None:
        """Claim cells as answer, evidence, comment, or text of the template."""
        for cell in cells:
            if cell is not None:
                self.open.pop(cell.address, None)

    def list_with(self, cells: Iterable[Cell]) -> None:
        """List cells as unclaimed that an issue names already."""
        for cell in cells:
            if self.open.pop(cell.address, None):
                self.unclaimed.append(self.at(cell))

    def at(self, cell: Cell | None, address: str = "") -> Location:
        return Location(self.file, self.sheet.name, cell.address if cell else address)

    def say(self, code: str, message: str, cell: Cell | None = None, *, address: str = "") -> None:
        self.issues.append(Issue(code, message, self.at(cell, address)))

    def say_of_answer(
        self, code: str, text: str, answer: tuple[str, str], cell: Cell | None = None, *, address: str = ""
    ) -> None:
        """Add an issue of an answer, named by its question and part."""
        self.issues.append(Issue.of_answer(code, text, self.at(cell, address), *answer))

    def close(self, hint: Callable[[list[Cell]], str]) -> None:
        """Report unclaimed cells, in one notice for each row; `hint` adds to the message of a row."""
        rows: dict[int, list[Cell]] = {}
        for cell in self.open.values():
            rows.setdefault(cell.row, []).append(cell)
        for number, cells in enumerate(rows.values()):
            if number < _QUOTED_ROWS:
                message = f"not part of the questionnaire, ignored: {_quoted(cells)}{hint(cells)}"
                self.say("unclaimed-content", message, cells[0])
        rest = [cell for cells in list(rows.values())[_QUOTED_ROWS:] for cell in cells]
        if rest:
            message = f"not part of the questionnaire, ignored: {len(rest):,} more cells in {':'.join(corners(rest))}"
            self.say("unclaimed-content", message, rest[0])
        self.unclaimed += [self.at(cell) for cell in self.open.values()]
        self.open.clear()
        self.report_unseen()

    def report_unseen(self) -> "CellClaims":
        """Report cells hidden by merged ones, and drawings and other content attached to cells."""
        covered = self.sheet.covered
        if covered:
            self.unclaimed += [self.at(cell) for cell in covered]
            message = f"stands behind merged cells, where nobody sees it, and was not read: {_quoted(covered)}"
            self.say("covered-content", message, covered[0])
        for entry in self.sheet.objects:
            code = "control-not-read" if entry.area else "evidence-not-read"
            text = f": '{shorten(entry.text)}'" if entry.text else ""
            message = f"a {entry.kind} is present and was not read{text}"
            if entry.area:
                message = f"control present, not read: nobody can trust the state of a {entry.kind} over {entry.area}"
            self.say(code, message, address=entry.address)
        return self


def _quoted(cells: Iterable[Cell]) -> str:
    listed = list(cells)
    shown = "; ".join(f"{cell.address} '{shorten(cell.raw, 60)}'" for cell in listed[:_QUOTED_CELLS])
    return f"{shown}; and {len(listed) - _QUOTED_CELLS:,} more" if len(listed) > _QUOTED_CELLS else shown
