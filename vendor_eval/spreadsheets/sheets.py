"""Read the filled cells of a sheet in a single pass over its XML, within the limits of the guard."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from itertools import pairwise
from typing import NoReturn

from vendor_eval.spreadsheets.cells import Cell, Value, column_number, letters
from vendor_eval.spreadsheets.formulas import shift_formula
from vendor_eval.spreadsheets.guard import LARGEST_RECTANGLE, LAST_COLUMN, LAST_ROW, LONGEST_TEXT
from vendor_eval.spreadsheets.markup import Element, new_parser, parse, unescape, whole_number
from vendor_eval.spreadsheets.sheet_parts import Handler, SheetParts, SheetPlace, flag, is_hidden
from vendor_eval.spreadsheets.shown import Run, Shown, shown
from vendor_eval.spreadsheets.styles import PLAIN, Font, Style, font_of
from vendor_eval.spreadsheets.values import Damaged, Shared, Styles, Values

# Shared formulas are expanded for each of their cells: 5 KB in the file could become gigabytes.
_MOST_FORMULA_TEXT = 2**22
_SHEET = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_PREFIXES = {
    **dict.fromkeys(("", *_SHEET), ""),
    "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main": "x14:",
    "http://schemas.microsoft.com/office/excel/2006/main": "xm:",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "xdr:",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing": "xdr:",
}
_FORMATTED = (int, float, datetime, time, timedelta)
_AS_STORED = Shown()
# What a font of a run of rich text is made of.
_EFFECTS = ("strike", "vertAlign", "color", "sz")
_OTHER = "?"


class _Columns(dict[str, int]):
    """Numbers of columns by their letters, 0 for anything else."""

    def __missing__(self, text: str) -> int:
        if not (0 < len(text) <= 3 and text.isascii() and text.isalpha() and text.isupper()):  # noqa: PLR2004  XFD
            return 0
        number = column_number(text)
        if number > LAST_COLUMN:
            return 0
        self[text] = number
        return number


_COLUMNS = _Columns()


class _Dispatch(dict[str, "Callable[..., None] | None"]):
    """Handlers by full tag, resolved once by prefix and local name; '?' handles other tags of the sheet's namespace."""

    def __init__(self, handlers: "Mapping[str, Callable[..., None]]") -> None:
        super().__init__()
        self.handlers = handlers

    def __missing__(self, tag: str) -> "Callable[..., None] | None":
        namespace, _, name = tag.rpartition(" ")
        prefix = _PREFIXES.get(namespace)
        other = self.handlers.get(_OTHER) if prefix == "" else None
        handler = None if prefix is None else self.handlers.get(f"{prefix}{name}", other)
        self[tag] = handler
        return handler


class SheetReader:
    """Reads a sheet: after `read`, `cells`, `covered`, `images` and `parts` are complete.

    Raises InputError where a limit is exceeded or the sheet contradicts itself.
    """

    def __init__(self, shared: Shared, part: str, name: str, *, cells_left: int) -> None:
        self.shared, self.part_name = shared, part
        self.cells_left = cells_left
        self.texts: list[str] = []
        self.place = SheetPlace(shared.file, name)
        self.parts = SheetParts(self.place, self.texts)
        self.styles, self.values = Styles(shared.styles), Values(shared)
        self.cells: list[Cell] = []
        self.covered: list[Cell] = []
        self.images: list[str] = []
        self.row = self.column = 0
        self.row_text = self.address = ""
        self.row_hidden = self.row_named = self.phonetic = False
        self.is_sheet = self.in_cells = self.in_cell = False
        self.attributes: dict[str, str] = {}
        self.value: str | None = None
        self.formula: str | None = None
        self.inline: list[Run] | None = None
        self.font: Font | None = None
        self.properties: list[Element] | None = None
        self.formula_attributes: dict[str, str] = {}
        self.shared_formulas: dict[str, tuple[str, int, int]] = {}
        self.runs = 0
        self.formula_text_left = _MOST_FORMULA_TEXT

    def read(self, content: bytes) -> None:
        """Parse the XML of the sheet."""
        if content.count(b"</v>") + content.count(b"</is>") > self.cells_left:
            self._reject_count()
        self.parts.check_counts(content)
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
        parse(parser, self.shared.file, self.part_name, content)
        if not self.is_sheet:
            raise self.place.error(
                f"is damaged: {self.part_name} is no sheet: open it in Excel, save it again as .xlsx"
            )
        self._check_order()
        self._split_covered()
        if lost := self.styles.lost:
            self.place.repaired(
                f"cells name the format {', '.join(lost[:3])}, which is not there: read without a format"
            )

    def _starts(self) -> Mapping[str, Handler]:
        return {
            **self.parts.starts(),
            "worksheet": flag(self, "is_sheet", on=True),
            "sheetData": flag(self, "in_cells", on=True),
            "row": self._start_row,
            "mergeCell": lambda attributes: self.parts.merge(attributes, self.row),
            "c": self._start_cell,
            "f": self._start_formula,
            **dict.fromkeys(("v", "t", "extLst", "ext"), self.parts.start_text),
            "is": self._start_inline,
            "r": self._start_run,
            "rPh": flag(self, "phonetic", on=True),
            "rPr": self._start_properties,
            **{effect: partial(self._add_effect, effect) for effect in _EFFECTS},
            _OTHER: self._start_other,
        }

    def _ends(self) -> Mapping[str, Callable[[], None]]:
        return {
            **self.parts.ends(),
            "sheetData": flag(self, "in_cells", on=False),
            "c": self._end_cell,
            "f": self._end_formula,
            "v": self._end_value,
            "t": self._end_inline_text,
            "rPh": flag(self, "phonetic", on=False),
            "rPr": self._end_properties,
        }

    def _start_other(self, attributes: dict[str, str]) -> None:
        """Reject an unknown element in a cell, or one that looks like a cell: its value would be lost."""
        if self.in_cells and self.inline is None and (self.in_cell or "r" in attributes):
            self._damaged("holds, or stands before, something that Excel does not know")

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self.row_named = number is not None
        self.row = self._row_number(str(self.row + 1) if number is None else number)
        self.row_text = str(self.row)
        self.row_hidden = is_hidden(attributes, "ht")
        self.column = 0

    def _row_number(self, text: str) -> int:
        number = whole_number(text.removesuffix(".0"))
        if number is None or not 1 <= number <= LAST_ROW:
            message = f"names a row '{text[:20]}', and the last one of Excel is 1048576: save it again in Excel"
            raise self.place.error(message, code="address-out-of-range")
        return number

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.in_cell = True
        self.value = self.formula = self.inline = None
        address = attributes.get("r")
        if address is None:
            self.column += 1
            self.address = f"{letters(self.column)}{self.row}"
            if self.column > LAST_COLUMN:
                self.place.address(self.address)
            return
        self.address, before = address, self.column
        # Fast path: letters, then the number of the row. Other addresses are parsed in full.
        self.column = _COLUMNS[address[: -len(self.row_text)]] if address.endswith(self.row_text) else 0
        if not self.column:
            self._parse_address(address)
        if self.column == before:
            self._reject_duplicate(address)

    def _parse_address(self, address: str) -> None:
        row, self.column = self.place.address(address)
        if self.row_named and row != self.row:
            self._damaged(f"stands in row {self.row}")
        self.row, self.row_text = row, str(row)
        self.address = f"{letters(self.column)}{row}"

    def _start_formula(self, attributes: dict[str, str]) -> None:
        self.formula_attributes = attributes
        self.texts.clear()

    def _end_formula(self) -> None:
        text, kind = self.parts.text(), self.formula_attributes.get("t")
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
        self.formula_text_left -= len(first[0])
        if self.formula_text_left < 0:
            message = "holds formulas of more than 4 million characters in all: paste their values over them"
            raise self.place.error(message, code="too-many-formulas")
        return shift_formula(first[0], down=self.row - first[1], right=self.column - first[2])

    def _end_value(self) -> None:
        if self.value is not None:
            self._damaged("holds two values")
        self.value = self.parts.text()

    def _start_inline(self, _attributes: dict[str, str]) -> None:
        if self.inline is not None:
            self._damaged("holds two texts")
        self.inline = []
        self.runs, self.font = 0, None

    def _start_run(self, attributes: dict[str, str]) -> None:
        """Count the runs of a rich text, each with a text; a plain text has no run."""
        if self.inline is None:
            self._start_other(attributes)
        self.runs += 1
        self.font = None

    def _start_properties(self, attributes: dict[str, str]) -> None:
        self._start_other(attributes)
        self.properties = []

    def _add_effect(self, effect: str, attributes: dict[str, str]) -> None:
        self._start_other(attributes)
        if self.properties is not None:
            self.properties.append(Element(effect, attributes, ""))

    def _end_properties(self) -> None:
        self.font, self.properties = font_of(self.properties or ()), None

    def _end_inline_text(self) -> None:
        if self.inline is None:
            self._damaged("holds a text where none may be")
        if self.phonetic:
            return
        if self.runs < len(self.inline):
            self._damaged("holds two texts")
        self.inline.append(Run(unescape(self.parts.text()), self.font))

    def _end_cell(self) -> None:
        self.in_cell = False
        if self.value is None and self.formula is None and self.inline is None:
            return
        number = self.attributes.get("s")
        try:
            style = self.styles[number] if number else PLAIN
            value, error, runs = self._typed(style)
        except Damaged as damage:
            self._damaged(str(damage))
        self.inline = None
        if error == "#VALUE!" and self.shared.images and "vm" in self.attributes:
            self.images.append(self.address)
            return
        if value in (None, "") and not error and not self.formula:
            return
        self._fill(value, style, error, runs)

    def _typed(self, style: Style) -> tuple[Value, str, Sequence[Run]]:
        kind = self.attributes.get("t", "n")
        if self.inline is not None and (kind == "inlineStr" or self.value is None):
            text = "".join(run.text for run in self.inline)
            return text, "", self.inline if any(run.font for run in self.inline) else ()
        rich = self.shared.rich
        runs = rich.get(self.value or "", ()) if rich and kind == "s" else ()
        value, error = self.values.read(kind, self.value, style.shows)
        return value, error, runs

    def _fill(self, value: Value, style: Style, error: str, runs: Sequence[Run]) -> None:
        self.cells_left -= 1
        if self.cells_left < 0:
            self._reject_count()
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            message = f"{self.address} holds more than 32,767 characters: shorten it"
            raise self.place.error(message, code="text-too-long", cell=self.address)
        formatted = value.__class__ in _FORMATTED
        seen = _AS_STORED
        if runs or style.marks_text or (formatted and style.format is not None):
            seen = shown(value, style, runs)
        hidden = self.row_hidden or self.parts.hidden_columns[self.column] == 1 or seen.unseen
        percent = formatted and style.shows == "percent"
        place = self.row, self.column, self.address
        words = seen.currency, seen.before, seen.behind
        self.cells.append(Cell(*place, value, percent, self.formula or "", error, hidden, *words, seen.doubt))

    def _check_order(self) -> None:
        """Sort cells into reading order; reject duplicates and cells too far from the first."""
        places = [(cell.row, cell.column) for cell in self.cells]
        if any(place >= following for place, following in pairwise(places)):
            self.cells.sort(key=lambda cell: (cell.row, cell.column))
            for cell, following in pairwise(self.cells):
                if cell.address == following.address:
                    self._reject_duplicate(cell.address)
        width = max((column for _, column in places), default=0)
        last = self.cells[-1] if self.cells else None
        if last is not None and last.row * width > LARGEST_RECTANGLE:
            far = max(self.cells, key=lambda cell: (cell.row * cell.column, cell.row))
            message = (
                f"{far.address} is filled so far from the first cell that {last.row * width:,} cells lie between: "
                "clear it, and save again"
            )
            raise self.place.error(message, code="far-cell", cell=far.address)

    def _split_covered(self) -> None:
        """Separate the cells of merged areas other than the first, which nobody sees."""
        covered = {
            (row, column)
            for top, left, bottom, right in self.parts.areas
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }
        if covered:
            self.covered = [cell for cell in self.cells if (cell.row, cell.column) in covered]
            self.cells = [cell for cell in self.cells if (cell.row, cell.column) not in covered]

    def _reject_duplicate(self, address: str) -> NoReturn:
        message = f"holds {address} twice, so it is not clear which counts: save it again in Excel"
        raise self.place.error(message, code="duplicate-cell", cell=address)

    def _damaged(self, words: str) -> NoReturn:
        message = f"is damaged: {self.address} {words}: open it in Excel, save it again as .xlsx"
        raise self.place.error(message, cell=self.address)

    def _reject_count(self) -> NoReturn:
        message = "holds more than 500,000 filled cells in all: send only the sheets with answers"
        raise self.place.error(message, code="too-many-cells")
