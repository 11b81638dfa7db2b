"""Records that every reader returns: a book, its sheets and their filled cells, as they were sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from vendor_eval.issues import InputError, Issue, Location

# Above this a float no longer holds every whole number.
_EXACT = 1e15
# A control may be drawn over the whole sheet.
_MOST_COVERED = 1000

Value = str | int | float | bool | date | datetime | time | timedelta | None


class Doubt(NamedTuple):
    """Code and message of an issue: the cell shows something else than it stores."""

    code: str
    message: str


# A named tuple: a workbook has thousands of them, and a frozen dataclass takes three times as long to make.
class Cell(NamedTuple):
    """A filled cell: its value, and what the sheet says about it.

    `formula` is the text of a formula, whose saved result is `value` (None if it was never saved). `percent` is true
    where the number format shows a percentage. `error` is an error value such as `#N/A`, `currency` what the number
    format adds to the figure, such as `€`, `before` and `behind` the words that it writes there, such as `weeks`.
    `hidden` cells are in hidden rows or columns, or in the color of their background.
    """

    row: int
    column: int
    address: str
    value: Value
    percent: bool = False
    formula: str = ""
    error: str = ""
    hidden: bool = False
    currency: str = ""
    before: str = ""
    behind: str = ""
    doubt: Doubt | None = None

    @property
    def shown(self) -> str:
        """Figure with the words of its number format, such as '6 weeks'; '' where the format has none."""
        if not (self.before or self.behind) or isinstance(self.value, bool) or not isinstance(self.value, int | float):
            return ""
        # Ten decimals keep 1.234 from looking like 1,234.
        figure = f"{self.value:.10f}" if isinstance(self.value, float) else str(self.value)
        return f"{self.before} {figure} {self.behind}".strip()

    @property
    def raw(self) -> str:
        """Text of the cell as copied from it."""
        return self.error or (self.formula if self.value is None and self.formula else raw_text(self.value))


@dataclass(frozen=True, slots=True)
class SheetObject:
    """A picture, chart, text box or other object, the cell where it is anchored ('' for none), and its text.

    `area` is what a control covers: its first and last cell.
    """

    address: str
    kind: str
    text: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its filled cells in reading order, notes, objects and dropdowns.

    `covered` are filled cells of a merged area other than its first, where nobody sees them. `notes` are texts by
    address, threaded comments included. `lists` are the dropdowns: addresses as the sheet spells them, and the
    formula of the options.
    """

    name: str
    cells: tuple[Cell, ...]
    hidden: bool = False
    merged: tuple[str, ...] = ()
    covered: tuple[Cell, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    objects: tuple[SheetObject, ...] = ()
    lists: tuple[tuple[str, str], ...] = ()

    def controls(self) -> Mapping[str, str]:
        """Map the addresses of cells that are covered by a control to its kind."""
        covered: dict[str, str] = {}
        for control in (entry for entry in self.objects if entry.area):
            top, left, bottom, right = bounds(control.area)
            cells = (f"{letters(c)}{r}" for r in range(top, bottom + 1) for c in range(left, right + 1))
            covered |= dict.fromkeys(islice(cells, _MOST_COVERED), control.kind)
        return covered

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Iterate over the filled rows: row number, and cells by column."""
        row: dict[int, Cell] = {}
        number = 0
        for cell in self.cells:
            if cell.row != number:
                if row:
                    yield number, row
                row, number = {}, cell.row
            row[cell.column] = cell
        if row:
            yield number, row


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as it was sent. `author` created it, `editor` last saved it.

    `reduced` names the kind of file where formulas, number formats and error cells cannot be seen. `decimal_sign` is
    the one that the file uses unambiguously. `remarks` are issues of the reader itself.
    """

    file: str
    sha256: str
    sheets: tuple[Sheet, ...]
    properties: Mapping[str, str]
    author: str = ""
    editor: str = ""
    reduced: str = ""
    decimal_sign: str = ""
    remarks: tuple[Issue, ...] = ()


def raw_text(value: Value) -> str:
    """Format a value: whole numbers without a point, dates as ISO, booleans as TRUE and FALSE.

    >>> raw_text(30.0), raw_text(True), raw_text(date(2026, 11, 24))
    ('30', 'TRUE', '2026-11-24')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """Convert the number of a column, counted from 1, to letters.

    >>> letters(1), letters(27)
    ('A', 'AA')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_number(text: str) -> int:
    """Convert the letters of a column to its number, counted from 1.

    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def bounds(area: str) -> tuple[int, int, int, int]:
    """Parse an area to top, left, bottom, right, counted from 1.

    >>> bounds("B2:D9")
    (2, 2, 9, 4)
    """
    first, _, last = area.partition(":")
    (left, top), (right, bottom) = _split(first), _split(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def _split(address: str) -> tuple[int, int]:
    text = address.rstrip("0123456789")
    return column_number(text), int(address[len(text) :])


def unreadable(
    name: str, message: str, *, code: str = "unreadable-file", sheet: str = "", cell: str = ""
) -> InputError:
    """Make the error of a file that cannot be read; the message names the cure."""
    return InputError([Issue(code, message, Location(file=name, sheet=sheet, cell=cell))])
