"""Parts of a sheet other than its cells: hidden columns, merged areas, dropdowns, anchors of objects."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import NoReturn

from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.spreadsheets.cells import column_number, letters, unreadable
from vendor_eval.spreadsheets.guard import LARGEST_MERGED, LAST_COLUMN, LAST_ROW, MOST_CELLS
from vendor_eval.spreadsheets.markup import whole_number

Handler = Callable[[dict[str, str]], None]
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,8})\$?([0-9]{1,10})")
_MOST_COLUMN_SETTINGS = LAST_COLUMN
_MOST_MERGED = 100_000
_MOST_LISTS = 100_000
_MOST_OBJECTS = 10_000


def is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Tell whether a row or column is hidden, or has no height or width.

    >>> is_hidden({"hidden": "1"}, "width"), is_hidden({"ht": "0"}, "ht"), is_hidden({"ht": "15"}, "ht")
    (True, True, False)
    """
    return attributes.get("hidden") in {"1", "true"} or attributes.get(size) in {"0", "0.0"}


def flag(owner: object, name: str, *, on: bool) -> Callable[..., None]:
    """Make a handler that sets an attribute of its owner."""
    return lambda *_attributes: setattr(owner, name, on)


class SheetPlace:
    """A sheet of a file, which its errors name."""

    def __init__(self, file: str, sheet: str) -> None:
        self.file, self.sheet = file, sheet
        self.remarks: list[Issue] = []

    def error(self, message: str, *, code: str = "unreadable-file", cell: str = "") -> InputError:
        return unreadable(self.file, message, code=code, sheet=self.sheet, cell=cell)

    def repaired(self, message: str) -> None:
        """Remark what is read otherwise than it stands there."""
        self.remarks.append(Issue("sheet-repaired", message, Location(self.file, self.sheet)))

    def address(self, text: str) -> tuple[int, int]:
        """Parse an address to row and column; raises InputError where Excel has no such cell."""
        match = _ADDRESS.fullmatch(text)
        row, column = (int(match[2]), column_number(match[1])) if match else (0, 0)
        if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
            known = f"the cell {text}" if match else f"a cell '{text[:20]}'"
            message = f"names {known}, and the last one of Excel is XFD1048576: save it again in Excel"
            raise self.error(message, code="address-out-of-range", cell=text if match else "")
        return row, column


class SheetParts:
    """Collects the parts from the elements of a sheet; `texts` collects the text of the open element."""

    def __init__(self, place: SheetPlace, texts: list[str]) -> None:
        self.place, self.texts = place, texts
        self.hidden_columns = bytearray(LAST_COLUMN + 1)
        self.merged: list[str] = []
        self.areas: list[tuple[int, int, int, int]] = []
        self.lists: list[tuple[str, str]] = []
        self.objects: list[str] = []
        self.controls: dict[str, str] = {}
        self.first_corner = ""
        self.in_control = False
        self.merged_cells = self.column_settings = 0
        self.validation: dict[str, str] = {}
        self.corner = [0, 0]

    def check_counts(self, content: bytes) -> None:
        """Reject counts before the parse that it would take long to reach."""
        if content.count(b"mergeCell ") > _MOST_MERGED:
            self._reject_merges("more than 100,000 areas")
        if content.count(b"dataValidation ") > _MOST_LISTS:
            message = "holds more than 100,000 dropdowns: copy the answers into a new workbook"
            raise self.place.error(message, code="too-many-entries")

    def starts(self) -> Mapping[str, Handler]:
        return {
            "col": self._start_column,
            "dataValidation": self._start_validation,
            "x14:dataValidation": self._start_validation,
            "control": flag(self, "in_control", on=True),
            **dict.fromkeys(("formula1", "xm:f", "xm:sqref", "xdr:col", "xdr:row"), self.start_text),
        }

    def ends(self) -> Mapping[str, Callable[[], None]]:
        return {
            # The x14 form of the element wraps its text in an inner element, which cleared `texts` at its start.
            **dict.fromkeys(("formula1", "x14:formula1"), partial(self._end_setting, "list")),
            "xm:sqref": partial(self._end_setting, "sqref"),
            "dataValidation": self._end_validation,
            "x14:dataValidation": self._end_validation,
            "xdr:col": partial(self._end_place, 0, LAST_COLUMN),
            "xdr:row": partial(self._end_place, 1, LAST_ROW),
            "control": flag(self, "in_control", on=False),
            "xdr:from": self._end_corner,
            "from": self._end_corner,
            "xdr:to": self._end_last_corner,
            "to": self._end_last_corner,
        }

    def start_text(self, _attributes: dict[str, str]) -> None:
        self.texts.clear()

    def text(self) -> str:
        """Return the text and forget it: elements within each other would each join the text of the inner ones."""
        text = "".join(self.texts)
        self.texts.clear()
        return text

    def _start_column(self, attributes: dict[str, str]) -> None:
        self.column_settings += 1
        if not is_hidden(attributes, "width") or self.column_settings > _MOST_COLUMN_SETTINGS:
            return
        first, last = whole_number(attributes.get("min", "")), whole_number(attributes.get("max", ""))
        if first is not None and last is not None:
            begin, end = min(first, LAST_COLUMN), min(last, LAST_COLUMN)
            self.hidden_columns[begin : end + 1] = b"\1" * max(end - begin + 1, 0)

    def merge(self, attributes: dict[str, str], last_row: int) -> None:
        """Keep a merged area; of one that reaches down to the end of the sheet what `last_row` leaves of it."""
        reference = attributes.get("ref", "")
        corners = [self.place.address(corner) for corner in reference.split(":")[:2]]
        (top, bottom), (left, right) = map(sorted, zip(corners[0], corners[-1], strict=True))
        if bottom == LAST_ROW:
            bottom = max(top, last_row)
            self.place.repaired(f"merges {reference}, which was read down to the last row that is filled")
        size = (bottom - top + 1) * (right - left + 1)
        self.merged_cells += size
        if size > LARGEST_MERGED or self.merged_cells > MOST_CELLS:
            count = size if size > LARGEST_MERGED else self.merged_cells
            self._reject_merges(f"{count:,} cells up to {reference}", reference)
        self.merged.append(f"{letters(left)}{top}:{letters(right)}{bottom}")
        self.areas.append((top, left, bottom, right))

    def _reject_merges(self, extent: str, cell: str = "") -> NoReturn:
        message = f"merges {extent}, more than are read: take the merge apart"
        raise self.place.error(message, code="merged-too-large", cell=cell)

    def _start_validation(self, attributes: dict[str, str]) -> None:
        self.validation = {"type": attributes.get("type", ""), "sqref": attributes.get("sqref", "")}
        self.texts.clear()

    def _end_setting(self, name: str) -> None:
        self.validation[name] = self.text().strip()

    def _end_validation(self) -> None:
        options = self.validation.get("list")
        if self.validation.get("type") == "list" and options:
            self.lists.append((self.validation["sqref"], options))

    def _end_place(self, axis: int, last: int) -> None:
        self.corner[axis] = min(whole_number(self.text()) or 0, last - 1)

    def _end_corner(self) -> None:
        if len(self.objects) >= _MOST_OBJECTS:
            message = "holds more than 10,000 objects: copy the answers into a new workbook"
            raise self.place.error(message, code="too-many-entries")
        self.first_corner = self._corner_address()
        if not self.in_control:
            self.objects.append(self.first_corner)

    def _corner_address(self) -> str:
        return f"{letters(self.corner[0] + 1)}{self.corner[1] + 1}"

    def _end_last_corner(self) -> None:
        if self.in_control:
            self.controls[self.first_corner] = f"{self.first_corner}:{self._corner_address()}"
