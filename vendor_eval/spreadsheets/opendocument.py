"""What an OpenDocument sheet says before its reader sees it.

That is whether it keeps the limits, since a few bytes there repeat a cell a billion times, and which figures it shows
as a percentage or as money, which the reader leaves out.
"""

from collections.abc import Mapping

from vendor_eval.issues import InputError
from vendor_eval.spreadsheets.cells import letters, unreadable
from vendor_eval.spreadsheets.guard import LARGEST_MERGED, LARGEST_RECTANGLE, LAST_COLUMN, LAST_ROW, MOST_CELLS
from vendor_eval.spreadsheets.markup import new_parser, parse, whole
from vendor_eval.spreadsheets.styles import Style

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TYPE = f"{_OFFICE}value-type"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_OUR_PART = "content.xml"


Shown = Mapping[tuple[str, int, int], Style]


def guard_open_document(name: str, parts: Mapping[str, bytes]) -> Shown:
    """Hold the limits on cells, rectangle and merged areas; raises InputError with the place and the cure.

    Returns what is shown as a percentage or as money, by sheet, row and column.
    """
    guard = _Guard(name)
    parser = new_parser()
    parser.StartElementHandler, parser.EndElementHandler = guard.start, guard.end
    parse(parser, name, _OUR_PART, parts.get(_OUR_PART, b""))
    return guard.shown


class _Guard:
    def __init__(self, name: str) -> None:
        self.name, self.sheet = name, ""
        self.cells = self.row = self.column = self.rows = self.in_row = 0
        self.last_row = self.last_column = 0
        self.shown: dict[tuple[str, int, int], Style] = {}
        self.styled: list[tuple[range, Style]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _CELLS:
            self._cell(attributes)
        elif tag == f"{_TABLE}table-row":
            self.rows = self._repeated(attributes, "number-rows-repeated")
            self.column = self.in_row = 0
            self.styled.clear()
        elif tag == f"{_TABLE}table":
            self.sheet = attributes.get(f"{_TABLE}name", "")
            self.row = self.last_row = self.last_column = 0

    def end(self, tag: str) -> None:
        if tag == f"{_TABLE}table-row":
            self.row += self.rows
            self.cells += self.in_row * self.rows
            if self.in_row:
                self._check(self.row)
            self._keep_styles()

    def _keep_styles(self) -> None:
        """Keep what the row shows, for each of its repetitions: no more of them than the limits allow."""
        rows = range(self.row - self.rows + 1, self.row + 1)
        for columns, style in self.styled:
            self.shown |= {(self.sheet, row, column): style for row in rows for column in columns}

    def _cell(self, attributes: Mapping[str, str]) -> None:
        count = self._repeated(attributes, "number-columns-repeated")
        self._check_merged(attributes)
        self.column += count
        if _TYPE in attributes:
            self.in_row += count
            self.last_column = max(self.last_column, self.column)
            self._check(self.row + 1)
            self._note_style(attributes, count)

    def _note_style(self, attributes: Mapping[str, str], count: int) -> None:
        currency = attributes.get(f"{_OFFICE}currency", "") if attributes[_TYPE] == "currency" else ""
        if currency or attributes[_TYPE] == "percentage":
            columns = range(self.column - count + 1, self.column + 1)
            self.styled.append((columns, Style("" if currency else "percent", currency)))

    def _repeated(self, attributes: Mapping[str, str], word: str) -> int:
        return max(whole(attributes.get(f"{_TABLE}{word}", "1")) or 1, 1)

    def _check_merged(self, attributes: Mapping[str, str]) -> None:
        wide = self._repeated(attributes, "number-columns-spanned")
        high = self._repeated(attributes, "number-rows-spanned")
        if wide * high > LARGEST_MERGED:
            cell = f"{letters(self.column + 1)}{self.row + 1}"
            message = f"merges {wide * high:,} cells from {cell} on, more than are read: take the merge apart"
            raise self._fault("merged-too-large", message, cell)

    def _check(self, row: int) -> None:
        """See how far the filled cells reach, and how many there are, up to a row."""
        if row > LAST_ROW or self.last_column > LAST_COLUMN:
            message = "fills cells behind XFD1048576, the last one of Excel: delete them and save again"
            raise self._fault("address-out-of-range", message)
        if self.cells > MOST_CELLS or self.in_row > MOST_CELLS:
            message = "holds more than 500,000 filled cells in all: send only the sheets with answers"
            raise self._fault("too-many-cells", message)
        if row * self.last_column > LARGEST_RECTANGLE:
            cell = f"{letters(self.last_column)}{row}"
            message = (
                f"is filled as far as {cell}, so that {row * self.last_column:,} cells lie between it and the first: "
                "clear what is far out, and save again"
            )
            raise self._fault("far-cell", message, cell)

    def _fault(self, code: str, message: str, cell: str = "") -> InputError:
        return unreadable(self.name, message, code=code, sheet=self.sheet, cell=cell)
