"""Cells in another color: styles added to those of a workbook, and the cells of a sheet that take them."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TypeVar

from vendor_eval.spreadsheets.cells import bounds, letters
from vendor_eval.spreadsheets.edits import Edit, edited, spans
from vendor_eval.spreadsheets.markup import whole_number

# Elements of our own name their namespace, whatever prefix the vendor's program gave to it.
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
NO_STYLES = (
    f'<styleSheet {MAIN}><fonts><font><sz val="11"/><name val="Calibri"/></font></fonts><fills><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders><border/></borders>'
    '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '</cellXfs><cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
).encode()
_ENTRIES = ("fonts/font", "fills/fill", "cellXfs/xf")
_COLUMN = "cols/col"
T = TypeVar("T")


class Styles:
    """The styles of a workbook, and those that are added."""

    def __init__(self, content: bytes) -> None:
        # A program may write a part without any style.
        self.content = content if any(spans(content, *_ENTRIES)) else NO_STYLES
        entries = list(spans(self.content, *_ENTRIES))
        self.cells = [entry for entry in entries if entry.path == "cellXfs/xf"]
        self.counts = Counter(entry.path for entry in entries)
        self.added: dict[tuple[str, bytes], int] = {}

    def add_entry(self, path: str, entry: bytes) -> int:
        """Return the number of a font, fill or style, which is added where it was not yet."""
        if (path, entry) not in self.added:
            self.added[path, entry] = self.counts[path]
            self.counts[path] += 1
        return self.added[path, entry]

    def fill(self, color: str) -> int:
        """Return the number of a fill in a color; '' for none."""
        entry = f'<fill {MAIN}><patternFill patternType="solid"><fgColor rgb="00{color}"/></patternFill></fill>'
        return self.add_entry("fills/fill", entry.encode()) if color else 0

    def plain(self, font: str, color: str, *, wrapped: bool) -> int:
        """Return the number of a style of text; `font` are the elements of its font."""
        number = self.add_entry("fonts/font", f'<font {MAIN}>{font}<name val="Arial"/></font>'.encode())
        style = f'<xf {MAIN} numFmtId="0" fontId="{number}" fillId="{self.fill(color)}" borderId="0" applyFont="1" '
        style += f'applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="{int(wrapped)}"/></xf>'
        return self.add_entry("cellXfs/xf", style.encode())

    def tinted(self, number: str, color: str) -> int:
        """Return the number of a style of the workbook in another color."""
        known = whole_number(number) or 0
        cell = self.cells[known if known < len(self.cells) else 0]
        tag = cell.with_attributes(fillId=self.fill(color), applyFill=1)
        return self.add_entry("cellXfs/xf", tag.new + self.content[cell.inside : cell.end])

    def saved(self) -> bytes:
        """Return the part with all that was added."""
        edits: list[Edit] = []
        for path in _ENTRIES:
            (group,) = spans(self.content, f"styleSheet/{path.partition('/')[0]}")
            edits.append(group.with_attributes(count=self.counts[path]))
            edits.append(group.appended(b"".join(entry for own, entry in self.added if own == path)))
        return edited(self.content, edits)


def tint(sheet: bytes, colors: Mapping[int, Mapping[int, str]], styles: Styles) -> bytes:
    """Give cells their colors, by row and column; rows and cells that are not there are made as they would look."""
    above = sheet.partition(b"sheetData")[0]
    columns = [column.attributes for column in spans(above, _COLUMN)]

    def tint_row(row: bytes, number: int, cells: Mapping[int, str]) -> bytes:
        (own,) = spans(row, "/row")

        def empty(column: int) -> bytes:
            style = next((c.get("style", "0") for c in columns if int(c["min"]) <= column <= int(c["max"])), "0")
            style = own.attributes.get("s", style)
            return f'<c {MAIN} r="{letters(column)}{number}" s="{style}"/>'.encode()

        return _placed(row, "/row", "row/c", cells, lambda address: bounds(address)[1], empty, tint_cell)

    def tint_cell(cell: bytes, _column: int, color: str) -> bytes:
        (own,) = spans(cell, "/c")
        return edited(cell, [own.with_attributes(s=styles.tinted(own.attributes.get("s", ""), color))])

    def empty(number: int) -> bytes:
        return f'<row {MAIN} r="{number}"/>'.encode()

    return _placed(sheet, "worksheet/sheetData", "sheetData/row", colors, int, empty, tint_row)


def _placed(
    content: bytes,
    parent: str,
    child: str,
    wanted: Mapping[int, T],
    place: Callable[[str], int],
    empty: Callable[[int], bytes],
    change: Callable[[bytes, int, T], bytes],
) -> bytes:
    """Change the wanted children of an element, which are numbered upwards; one that is not there is made."""
    left, edits, number = sorted(wanted), [], 0
    for span in spans(content, parent, child):
        if span.path == parent:
            edits.append(span.appended(b"".join(change(empty(missing), missing, wanted[missing]) for missing in left)))
            break
        address = span.attributes.get("r")
        number = place(address) if address else number + 1
        while left and left[0] <= number:
            due = left.pop(0)
            end = span.end if due == number else span.begin
            edits.append(Edit(span.begin, end, change(content[span.begin : end] or empty(due), due, wanted[due])))
        if not left:
            break
    return edited(content, edits)
