"""One pass over the XML of a sheet: its filled cells, and the limits on what a sheet may hold."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from math import isfinite
from typing import NoReturn

from vendor_eval.readers.cells import Cell, Value, column_number, letters, unreadable
from vendor_eval.readers.formulas import moved
from vendor_eval.readers.guard import (
    LARGEST_MERGED,
    LARGEST_RECTANGLE,
    LAST_COLUMN,
    LAST_ROW,
    LONGEST_TEXT,
    MOST_CELLS,
)
from vendor_eval.readers.markup import local, new_parser, parse, unescape
from vendor_eval.readers.styles import PLAIN, Shows, Style, from_serial

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,8})\$?([0-9]{1,10})")
# Excel keeps 15 digits; Python would make a number of any length of them.
_DIGITS = 15
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_MOST_COLUMN_SETTINGS = LAST_COLUMN
# A row without height, or a column without width, is hidden too.
_NOTHING = {"0", "0.0"}
_MOST_LISTS = 10_000
_MOST_OBJECTS = 10_000
_SHEET = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_PREFIXES = {
    **dict.fromkeys(("", *_SHEET), ""),
    "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main": "x14:",
    "http://schemas.microsoft.com/office/excel/2006/main": "xm:",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "xdr:",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing": "xdr:",
}
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True, slots=True)
class Shared:
    """What the sheets of a workbook share. `images` is true where cells can hold pictures."""

    file: str
    strings: Sequence[str]
    styles: Sequence[Style]
    from_1904: bool = False
    images: bool = False


class _Columns(dict[str, int]):
    """Number of a column by its letters, 0 for what are none."""

    def __missing__(self, text: str) -> int:
        if not (0 < len(text) <= 3 and text.isascii() and text.isalpha() and text.isupper()):  # noqa: PLR2004  XFD
            return 0
        number = column_number(text)
        if number > LAST_COLUMN:
            return 0
        self[text] = number
        return number


_COLUMNS = _Columns()
_Handler = Callable[[dict[str, str]], None]


class _Dispatch(dict[str, "Callable[..., None] | None"]):
    """Handlers by full tag, found by prefix and local name once."""

    def __init__(self, handlers: "Mapping[str, Callable[..., None]]") -> None:
        super().__init__()
        self.handlers = handlers

    def __missing__(self, tag: str) -> "Callable[..., None] | None":
        namespace, _, name = tag.rpartition(" ")
        prefix = _PREFIXES.get(namespace)
        handler = None if prefix is None else self.handlers.get(f"{prefix}{name}")
        self[tag] = handler
        return handler


class SheetPass:
    """The pass. After `run` it holds what the sheet holds.

    Raises InputFaults where a limit is broken or the sheet contradicts itself.
    """

    def __init__(self, shared: Shared, part: str, name: str, *, cells_left: int) -> None:
        self.shared, self.part, self.name = shared, part, name
        self.cells_left = cells_left
        self.cells: list[Cell] = []
        self.covered: list[Cell] = []
        self.merged: list[str] = []
        self.areas: list[tuple[int, int, int, int]] = []
        self.lists: list[tuple[str, str]] = []
        self.objects: list[str] = []
        self.images: list[str] = []
        self.merged_cells = self.column_settings = 0
        self.row = self.column = 0
        self.row_text = self.address = ""
        self.row_hidden = False
        self.hidden_columns = bytearray(LAST_COLUMN + 1)
        self.attributes: dict[str, str] = {}
        self.value: str | None = None
        self.formula: str | None = None
        self.inline: list[str] | None = None
        self.formula_attributes: dict[str, str] = {}
        self.shared_formulas: dict[str, tuple[str, int, int]] = {}
        self.validation: dict[str, str] = {}
        self.corner = [0, 0]
        self.texts: list[str] = []
        self.phonetic = False

    def run(self, content: bytes) -> None:
        """Read the part."""
        if content.count(b"</v>") + content.count(b"</is>") > self.cells_left:
            self._too_many()
        parser = new_parser()
        starts, ends = _Dispatch(self._starts()), _Dispatch(self._ends())

        def start(tag: str, attributes: dict[str, str]) -> None:
            handler = starts[tag]
            if handler is not None:
                handler(attributes)

        def end(tag: str) -> None:
            handler = ends[tag]
            if handler is not None:
                handler()

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = self.texts.append
        parse(parser, self.shared.file, self.part, content)
        self._check_order()
        self._uncover()

    def _starts(self) -> Mapping[str, _Handler]:
        return {
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._start_formula,
            "v": self._start_text,
            "t": self._start_text,
            "is": self._start_inline,
            "rPh": self._start_phonetic,
            "col": self._start_column,
            "mergeCell": self._merge,
            "dataValidation": self._start_validation,
            "x14:dataValidation": self._start_validation,
            "formula1": self._start_text,
            "xm:f": self._start_text,
            "xm:sqref": self._start_text,
            "xdr:col": self._start_text,
            "xdr:row": self._start_text,
        }

    def _ends(self) -> Mapping[str, Callable[[], None]]:
        return {
            "c": self._end_cell,
            "f": self._end_formula,
            "v": self._end_value,
            "t": self._end_inline_text,
            "rPh": self._end_phonetic,
            "formula1": self._end_list,
            "x14:formula1": self._end_list,
            "xm:sqref": self._end_sqref,
            "dataValidation": self._end_validation,
            "x14:dataValidation": self._end_validation,
            "xdr:col": self._end_corner_column,
            "xdr:row": self._end_corner_row,
            "xdr:from": self._end_corner,
        }

    # -------------------------------------------------------------------------------------------- texts

    def _start_text(self, _attributes: dict[str, str]) -> None:
        self.texts.clear()

    def _text(self) -> str:
        return "".join(self.texts)

    # -------------------------------------------------------------------------------------------- rows and cells

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self.row = self.row + 1 if number is None else self._row_number(number)
        self.row_text = str(self.row)
        self.row_hidden = attributes.get("hidden") in {"1", "true"} or attributes.get("ht") in _NOTHING
        self.column = 0
        if self.row > LAST_ROW:
            self._row_number(self.row_text)

    def _row_number(self, text: str) -> int:
        number = text.removesuffix(".0")
        if not (number.isascii() and number.isdecimal() and 1 <= int(number[:10]) <= LAST_ROW):
            message = f"names a row '{text[:20]}', and the last one of Excel is 1048576: save it again in Excel"
            self._refuse("address-out-of-range", message)
        return int(number)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.value = self.formula = self.inline = None
        address = attributes.get("r")
        if address is None:
            self.column += 1
            self.address = f"{letters(self.column)}{self.row}"
            return
        self.address = address
        # Nearly always the letters stand before the number of the row; what stands elsewhere is looked at closely.
        self.column = _COLUMNS[address[: -len(self.row_text)]] if address.endswith(self.row_text) else 0
        if not self.column:
            self.row, self.column = self._address(address)
            self.row_text = str(self.row)
            self.address = f"{letters(self.column)}{self.row}"

    def _address(self, text: str) -> tuple[int, int]:
        match = _ADDRESS.fullmatch(text)
        row, column = (int(match[2]), column_number(match[1])) if match else (0, 0)
        if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
            known = f"the cell {text}" if match else f"a cell '{text[:20]}'"
            message = f"names {known}, and the last one of Excel is XFD1048576: save it again in Excel"
            self._refuse("address-out-of-range", message, text if match else "")
        return row, column

    def _start_formula(self, attributes: dict[str, str]) -> None:
        self.formula_attributes = attributes
        self.texts.clear()

    def _end_formula(self) -> None:
        text, kind = self._text(), self.formula_attributes.get("t")
        if kind == "shared":
            text = self._shared_formula(self.formula_attributes.get("si", ""), text)
        elif kind == "dataTable":
            text = f"TABLE({self.formula_attributes.get('r1', '')})"
        self.formula = f"={text}"

    def _shared_formula(self, index: str, text: str) -> str:
        first = self.shared_formulas.get(index)
        if first is None or (text and not first[0]):
            self.shared_formulas[index] = (text, self.row, self.column)
            return text
        return moved(first[0], down=self.row - first[1], right=self.column - first[2])

    def _end_value(self) -> None:
        self.value = self._text()

    def _start_inline(self, _attributes: dict[str, str]) -> None:
        self.inline = []

    def _end_inline_text(self) -> None:
        if self.inline is not None and not self.phonetic:
            self.inline.append(self._text())

    def _start_phonetic(self, _attributes: dict[str, str]) -> None:
        self.phonetic = True

    def _end_phonetic(self) -> None:
        self.phonetic = False

    def _end_cell(self) -> None:
        if self.value is None and self.formula is None and self.inline is None:
            return
        kind = self.attributes.get("t", "n")
        style = self._style()
        value, error = self._typed(kind, style.shows)
        if error == "#VALUE!" and self.shared.images and "vm" in self.attributes:
            self.images.append(self.address)
            return
        if value in (None, "") and not error and not self.formula:
            return
        self._fill(value, style if value.__class__ in _FIGURES else PLAIN, error)

    def _fill(self, value: Value, style: Style, error: str) -> None:
        self.cells_left -= 1
        if self.cells_left < 0:
            self._too_many()
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            message = f"{self.address} holds more than 32,767 characters: shorten it"
            self._refuse("text-too-long", message, self.address)
        hidden = self.row_hidden or self.hidden_columns[self.column] == 1
        percent, formula = style.shows == "percent", self.formula or ""
        self.cells.append(Cell(self.row, self.column, self.address, value, percent, formula, error, hidden, *style[1:]))

    def _style(self) -> Style:
        number = self.attributes.get("s")
        if not number or not number.isdecimal() or (index := int(number)) >= len(self.shared.styles):
            return PLAIN
        return self.shared.styles[index]

    def _typed(self, kind: str, shows: Shows) -> tuple[Value, str]:
        """Value and error of the cell, by the type that it names."""
        text = self.value
        if kind == "inlineStr" or text is None:
            inline = "".join(self.inline) if self.inline is not None else text
            return (unescape(inline) if inline is not None else None), ""
        if kind == "s":
            return self._shared_text(text), ""
        if kind == "n":
            return self._number(text.strip(), shows)
        if kind == "e":
            return None, text
        if kind == "b":
            return self._boolean(text), ""
        return (self._day(text) if kind == "d" else unescape(text)), ""

    def _shared_text(self, text: str) -> str | None:
        index = text.strip()
        if not index:
            return None
        if not index.isdecimal() or int(index[:10]) >= len(self.shared.strings):
            self._damaged(f"points to the shared text {text[:20]}, which is not there")
        return self.shared.strings[int(index)]

    def _number(self, text: str, shows: Shows) -> tuple[Value, str]:
        if not text:
            return None, ""
        number: int | float
        if len(text) <= _DIGITS and text.lstrip("-").isdecimal() and text.isascii():
            number = int(text)
        elif _NUMBER.fullmatch(text):
            number = float(text)
        else:
            self._damaged(f"holds '{text[:20]}' as a number")
        if not isfinite(number):
            return None, "#NUM!"
        if shows in _DAYS:
            return from_serial(number, shows, from_1904=self.shared.from_1904), ""
        return number, ""

    def _boolean(self, text: str) -> bool | None:
        folded = text.strip().casefold()
        if not folded:
            return None
        if folded not in _BOOLEANS:
            self._damaged(f"holds '{text[:20]}' as true or false")
        return _BOOLEANS[folded]

    def _day(self, text: str) -> Value:
        """Day, or time, as ISO text; what is none stays text."""
        for read in (date.fromisoformat, datetime.fromisoformat, time.fromisoformat):
            try:
                return read(text.strip())
            except ValueError:
                continue
        return text

    # -------------------------------------------------------------------------------------------- around the cells

    def _start_column(self, attributes: dict[str, str]) -> None:
        self.column_settings += 1
        first, last = attributes.get("min", ""), attributes.get("max", "")
        hidden = attributes.get("hidden") in {"1", "true"} or attributes.get("width") in _NOTHING
        if not hidden or self.column_settings > _MOST_COLUMN_SETTINGS:
            return
        if first.isdecimal() and last.isdecimal():
            begin, end = min(int(first[:6]), LAST_COLUMN), min(int(last[:6]), LAST_COLUMN)
            self.hidden_columns[begin : end + 1] = b"\1" * max(end - begin + 1, 0)

    def _merge(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("ref", "")
        corners = [self._address(corner) for corner in reference.split(":")[:2]]
        (top, left), (bottom, right) = corners[0], corners[-1]
        size = (abs(bottom - top) + 1) * (abs(right - left) + 1)
        self.merged_cells += size
        if size > LARGEST_MERGED or self.merged_cells > MOST_CELLS:
            count = size if size > LARGEST_MERGED else self.merged_cells
            message = f"merges {count:,} cells up to {reference}, more than are read: take the merge apart"
            self._refuse("merged-too-large", message, reference)
        self.merged.append(reference.upper().replace("$", ""))
        self.areas.append((min(top, bottom), min(left, right), max(top, bottom), max(left, right)))

    def _start_validation(self, attributes: dict[str, str]) -> None:
        self.validation = {"type": attributes.get("type", ""), "sqref": attributes.get("sqref", "")}
        self.texts.clear()

    def _end_list(self) -> None:
        # A newer form of the same element wraps its text once more, which was cleared and read on the way.
        self.validation["list"] = self._text().strip()

    def _end_sqref(self) -> None:
        self.validation["sqref"] = self._text().strip()

    def _end_validation(self) -> None:
        one = self.validation
        if one.get("type") == "list" and one.get("list") and len(self.lists) < _MOST_LISTS:
            self.lists.append((one["sqref"], one["list"]))

    def _end_corner_column(self) -> None:
        self.corner[0] = self._count()

    def _end_corner_row(self) -> None:
        self.corner[1] = self._count()

    def _end_corner(self) -> None:
        if len(self.objects) < _MOST_OBJECTS:
            self.objects.append(f"{letters(self.corner[0] + 1)}{self.corner[1] + 1}")

    def _count(self) -> int:
        text = self._text().strip()
        return min(int(text[:8]), LAST_ROW) if text.isdecimal() else 0

    # -------------------------------------------------------------------------------------------- the whole

    def _check_order(self) -> None:
        """Put the cells in reading order, each once, and see how far they spread."""
        places = [(cell.row, cell.column) for cell in self.cells]
        if any(place >= following for place, following in pairwise(places)):
            self.cells.sort(key=lambda cell: (cell.row, cell.column))
            for cell, following in pairwise(self.cells):
                if cell.address == following.address:
                    message = f"holds {cell.address} twice, so it is not clear which counts: save it again in Excel"
                    self._refuse("duplicate-cell", message, cell.address)
        width = max((column for _, column in places), default=0)
        last = self.cells[-1] if self.cells else None
        if last is not None and last.row * width > LARGEST_RECTANGLE:
            far = max(self.cells, key=lambda cell: (cell.row * cell.column, cell.row))
            message = (
                f"{far.address} is filled so far from the first cell that {last.row * width:,} cells lie between: "
                "clear it, and save again"
            )
            self._refuse("far-cell", message, far.address)

    def _uncover(self) -> None:
        """Set apart what stands in merged areas behind their first cell, where nobody sees it."""
        behind = {
            (row, column)
            for top, left, bottom, right in self.areas
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }
        if behind:
            self.covered = [cell for cell in self.cells if (cell.row, cell.column) in behind]
            self.cells = [cell for cell in self.cells if (cell.row, cell.column) not in behind]

    def _damaged(self, words: str) -> NoReturn:
        message = f"is damaged: {self.address} {words}: open it in Excel, save it again as .xlsx"
        raise unreadable(self.shared.file, message, sheet=self.name, cell=self.address)

    def _refuse(self, code: str, message: str, cell: str = "") -> NoReturn:
        raise unreadable(self.shared.file, message, code=code, sheet=self.name, cell=cell)

    def _too_many(self) -> NoReturn:
        message = "holds more than 500,000 filled cells in all: send only the sheets with answers"
        self._refuse("too-many-cells", message)


_FIGURES = (int, float)
_DAYS = {"date", "duration"}


class _Strings:
    """One pass over the texts that cells share; the phonetic guides beside them are left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.runs: list[str] = []
        self.texts: list[str] = []
        self.phonetic = False
        self.ends = {"t": self._end_text, "rPh": self._end_phonetic, "si": self._end_string}

    def start(self, tag: str, _attributes: object) -> None:
        self.texts.clear()
        if tag.endswith("rPh"):
            self.phonetic = True

    def end(self, tag: str) -> None:
        if handler := self.ends.get(local(tag)):
            handler()

    def _end_text(self) -> None:
        if not self.phonetic:
            self.runs.append("".join(self.texts))

    def _end_phonetic(self) -> None:
        self.phonetic = False

    def _end_string(self) -> None:
        self.strings.append(unescape("".join(self.runs)))
        self.runs.clear()


def read_strings(file: str, part: str, content: bytes) -> list[str]:
    """Read the texts that cells share."""
    if content.count(b"<si") > MOST_CELLS:
        message = "holds more than 500,000 texts: send only the sheets with answers"
        raise unreadable(file, message, code="too-many-cells")
    found = _Strings()
    parser = new_parser()
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.CharacterDataHandler = found.texts.append
    parse(parser, file, part, content)
    return found.strings
