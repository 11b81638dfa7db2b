"""Tables on sheets, our own and foreign ones: id columns, rows with the header that holds there, areas of cells."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from vendor_eval.spreadsheets import Cell, Sheet, letters

Header = TypeVar("Header")
UNSEEN = "filled cells that nobody sees, in hidden rows, columns or sheets or in the color of their background,"


def ids_by_column(cells: Iterable[Cell], id_of: Callable[[Cell], str]) -> dict[int, set[str]]:
    """Map columns to the different ids in them; `id_of` returns '' for a cell that holds none."""
    ids: dict[int, set[str]] = {}
    for cell in cells:
        if text := id_of(cell):
            ids.setdefault(cell.column, set()).add(text)
    return ids


def fullest(ids: Mapping[int, Collection[str]]) -> int:
    """Return the column with the most ids, the leftmost of several; 0 without columns."""
    return max(ids, key=lambda column: (len(ids[column]), -column), default=0)


def rows_with_header(
    sheet: Sheet, headers: Mapping[int, Header], before: Header
) -> Iterator[tuple[int, Header, dict[int, Cell]]]:
    """Yield the number and cells of each row with the header that holds there, `before` above the first."""
    for number, row in sheet.rows():
        before = headers.get(number, before)
        yield number, before, row


def corners(cells: Collection[Cell]) -> tuple[str, str]:
    rows, columns = [cell.row for cell in cells], [cell.column for cell in cells]
    return f"{letters(min(columns))}{min(rows)}", f"{letters(max(columns))}{max(rows)}"


def area(cells: Collection[Cell]) -> str:
    """Return the rectangle that holds all cells, as the address of one cell or of a range."""
    return ":".join(dict.fromkeys(corners(cells)))


def span(cells: Iterable[Cell]) -> str:
    """List addresses of cells, those that follow each other in a column as one range."""
    runs: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda cell: (cell.column, cell.row)):
        if runs and (runs[-1][-1].column, runs[-1][-1].row) == (cell.column, cell.row - 1):
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return ", ".join(map(area, runs))
