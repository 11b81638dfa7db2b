"""OpenDocument spreadsheets, scanned before the worker reads them.

The scan enforces the limits, since a few bytes can repeat a cell a billion times, and collects which figures show a
percentage or money, which the reading library leaves out.
"""

from collections.abc import Mapping

from vendor_eval.issues import InputError
from vendor_eval.spreadsheets.cells import letters, unreadable
from vendor_eval.spreadsheets.guard import LARGEST_MERGED, LARGEST_RECTANGLE, LAST_COLUMN, LAST_ROW, MOST_CELLS
from vendor_eval.spreadsheets.markup import new_parser, parse, whole_number
from vendor_eval.spreadsheets.styles import Style

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TYPE = f"{_OFFICE}value-type"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_CONTENT = "content.xml"
CellStyles = Mapping[tuple[str, int, int], Style]


def guard_open_document(name: str, parts: Mapping[str, bytes]) -> CellStyles:
    """Enforce the limits on cells, rectangle and merged areas; raises InputError with the place and the cure.

    Returns the styles of cells that show a percentage or money, by sheet, row and column.
    """
    scan = _Scan(name)
    parser = new_parser()
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parse(parser, name, _CONTENT, parts.get(_CONTENT, b""))
    return scan.styles


class _Scan:
    def __init__(self, name: str) -> None:
        self.name, self.sheet = name, ""
        self.cells = self.row = self.column = self.rows = self.in_row = 0
        self.last_row = self.last_column = 0
        self.styles: dict[tuple[str, int, int], Style] = {}
        self.row_styles: list[tuple[range, Style]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _CELLS:
            self._cell(attributes)
        elif tag == f"{_TABLE}table-row":
            self.rows = self._repeated(attributes, "number-rows-repeated")
            self.column = self.in_row = 0
            self.row_styles.clear()
        elif tag == f"{_TABLE}table":
            self.sheet = attributes.get(f"{_TABLE}name", "")
            self.row = self.last_row = self.last_column = 0

    def end(self, tag: str) -> None:
        if tag == f"{_TABLE}table-row":
            self.row += self.rows
            self.cells += self.in_row * self.rows
            if self.in_row:
                self._check_reach(self.row)
            rows = range(self.row - self.rows + 1, self.row + 1)
            for columns, style in self.row_styles:
                self.styles |= {(self.sheet, row, column): style for row in rows for column in columns}

    def _cell(self, attributes: Mapping[str, str]) -> None:
        count = self._repeated(attributes, "number-columns-repeated")
        wide = self._repeated(attributes, "number-columns-spanned")
        high = self._repeated(attributes, "number-rows-spanned")
        if wide * high > LARGEST_MERGED:
            cell = f"{letters(self.column + 1)}{self.row + 1}"
            message = f"merges {wide * high:,} cells from {cell} on, more than are read: take the merge apart"
            raise self._error("merged-too-large", message, cell)
        self.column += count
        if _TYPE in attributes:
            self.in_row += count
            self.last_column = max(self.last_column, self.column)
            self._check_reach(self.row + 1)
            currency = attributes.get(f"{_OFFICE}currency", "") if attributes[_TYPE] == "currency" else ""
            if currency or attributes[_TYPE] == "percentage":
                columns = range(self.column - count + 1, self.column + 1)
                self.row_styles.append((columns, Style("" if currency else "percent", currency)))

    def _repeated(self, attributes: Mapping[str, str], word: str) -> int:
        return max(whole_number(attributes.get(f"{_TABLE}{word}", "1")) or 1, 1)

    def _check_reach(self, row: int) -> None:
        """Check how far the filled cells reach, and how many there are, up to a row."""
        if row > LAST_ROW or self.last_column > LAST_COLUMN:
            message = "fills cells behind XFD1048576, the last one of Excel: delete them and save again"
            raise self._error("address-out-of-range", message)
        if self.cells > MOST_CELLS or self.in_row > MOST_CELLS:
            message = "holds more than 500,000 filled cells in all: send only the sheets with answers"
            raise self._error("too-many-cells", message)
        if row * self.last_column > LARGEST_RECTANGLE:
            cell = f"{letters(self.last_column)}{row}"
            message = (
                f"is filled as far as {cell}, so that {row * self.last_column:,} cells lie between it and the first: "
                "clear what is far out, and save again"
            )
            raise self._error("far-cell", message, cell)

    def _error(self, code: str, message: str, cell: str = "") -> InputError:
        return unreadable(self.name, message, code=code, sheet=self.sheet, cell=cell)
