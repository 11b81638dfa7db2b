"""What every reader gives: the filled cells of a book, as they were sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from vendor_eval.issues import InputError, Issue, Location

# Above this a float no longer holds every whole number.
_EXACT = 1e15

Value = str | int | float | bool | date | datetime | time | timedelta | None


# A named tuple: a workbook has thousands of them, and a frozen dataclass takes three times as long to make.
class Cell(NamedTuple):
    """A filled cell: its value, and what the sheet says about it.

    `formula` is the text of a formula, whose saved result is `value` (None if it was never saved). `percent` is true
    where the number format shows a percentage. `error` is an error value such as `#N/A`, `currency` what the number
    format shows beside the figure, such as `€`, `before` and `behind` the words that it writes there, such as `weeks`.
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

    @property
    def shown(self) -> str:
        """Text of a figure with the words that its number format writes beside it; '' where it writes none."""
        if not (self.before or self.behind) or isinstance(self.value, bool) or not isinstance(self.value, int | float):
            return ""
        # Ten decimals keep 1.234 from looking like 1,234.
        figure = f"{self.value:.10f}" if isinstance(self.value, float) else str(self.value)
        return f"{self.before} {figure} {self.behind}".strip()

    @property
    def raw(self) -> str:
        """Text of the cell as a person would copy it."""
        return self.error or (self.formula if self.value is None and self.formula else raw_text(self.value))


@dataclass(frozen=True, slots=True)
class Hung:
    """A picture, chart, text box or other object, the cell where it hangs ('' for none), and the text in it."""

    address: str
    what: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's filled cells in reading order, and what lies beside them.

    `covered` are filled cells behind the first one of a merged area, where nobody sees them. `notes` are texts by
    address, comments in threads among them. `lists` are the dropdowns: addresses as the sheet names them, and the
    formula of what is offered.
    """

    name: str
    cells: tuple[Cell, ...]
    hidden: bool = False
    merged: tuple[str, ...] = ()
    covered: tuple[Cell, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    hung: tuple[Hung, ...] = ()
    lists: tuple[tuple[str, str], ...] = ()

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Row number and cells by column, for each row that holds any."""
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
    """A workbook as it was sent. `author` made it, `editor` saved it last.

    `reduced` names the kind of file where formulas, number formats and error cells cannot be seen. `decimal_sign` is
    the one that the file shows beyond doubt. `remarks` are what the reader itself has to say.
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
    """Text of a value: whole numbers without a point, dates as ISO, booleans as TRUE and FALSE.

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


def letters(column: int) -> str:
    """Letters of a column that counts from 1.

    >>> letters(1), letters(27)
    ('A', 'AA')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_number(text: str) -> int:
    """Count to the column with these letters.

    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def bounds(area: str) -> tuple[int, int, int, int]:
    """Name the edges of an area: top, left, bottom, right.

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
    """Fault of a whole file, with its cure."""
    return InputError([Issue(code, message, Location(file=name, sheet=sheet, cell=cell))])
