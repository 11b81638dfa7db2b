"""Limits on a workbook's bytes, checked before any parser sees them.

Sizes are counted while inflating, since declared ones can lie. A 10 MB file may unpack to gigabytes, and a 5 KB one may
name a cell or a merged range that makes a reader build millions of cells.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from vendor_eval.readers.cells import letters, unreadable

MIB = 2**20
LARGEST_FILE = 50 * 10**6
MOST_PARTS = 2000
LARGEST_PART = 64 * MIB
LARGEST_WHOLE = 128 * MIB
HIGHEST_RATIO = 200
RATIO_FROM = MIB
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LARGEST_RECTANGLE = 20_000_000
LARGEST_MERGED = 10_000
MOST_CELLS = 500_000
LONGEST_TEXT = 32_767

_CHUNK = 256 * 1024
_KNOWN_COMPRESSION = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_ADDRESS = re.compile(r"^\$?([A-Za-z]{1,8})\$?([0-9]{1,10})$")
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")


def guard(name: str, content: bytes) -> None:
    """Refuse a zipped workbook that breaks a limit; `name` stands in the message for the file.

    Raises InputFaults with the limit, the place and the cure.
    """
    guard_size(name, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(name, archive)
            total = 0
            for info in archive.infolist():
                part = _inflate(name, archive, info, LARGEST_WHOLE - total)
                total += len(part)
                if info.filename.casefold().endswith((".xml", ".rels")) and not _is_tame(part):
                    _Part(name, info.filename).run(part)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise unreadable(name, "is cut off or damaged: ask the vendor to send it again") from error


def guard_size(name: str, content: bytes) -> None:
    """Refuse a file that is too large as it stands."""
    if len(content) > LARGEST_FILE:
        message = f"has {len(content) / 1e6:.0f} MB, more than the 50 MB that are read: remove pictures and attachments"
        raise unreadable(name, message, code="file-too-large")


def _check_parts(name: str, archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if len(infos) > MOST_PARTS:
        message = f"holds {len(infos):,} parts, more than the 2,000 that are read: save the sheets into a new workbook"
        raise unreadable(name, message, code="too-many-parts")
    seen: set[str] = set()
    for info in infos:
        if info.filename in seen:
            message = f"holds the part {info.filename} twice, so it is not clear which counts: save it again in Excel"
            raise unreadable(name, message, code="duplicate-part")
        seen.add(info.filename)
        if info.flag_bits & _ENCRYPTED:
            raise unreadable(
                name, "is a zip file with a password: save it as a plain .xlsx workbook", code="encrypted-part"
            )
        if info.compress_type not in _KNOWN_COMPRESSION:
            message = f"packs {info.filename} in a way that Excel does not use: save it again in Excel"
            raise unreadable(name, message, code="unknown-compression")


def _inflate(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    """Unpack a part, counting what comes out."""
    chunks: list[bytes] = []
    size = 0
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            chunks.append(chunk)
            _check_growth(name, info, size, left)
    return b"".join(chunks)


def _check_growth(name: str, info: zipfile.ZipInfo, size: int, left: int) -> None:
    if size > LARGEST_PART:
        message = (
            f"unpacks {info.filename} to more than 64 MiB: delete empty rows and formats below the data, save again"
        )
        raise unreadable(name, message, code="part-too-large")
    if size > left:
        message = "unpacks to more than 128 MiB in all: send the sheets in several workbooks"
        raise unreadable(name, message, code="unpacks-too-large")
    if size > RATIO_FROM and size > HIGHEST_RATIO * max(info.compress_size, 1):
        message = f"unpacks {info.filename} to over 200 times its size, as a zip bomb does: save it again in Excel"
        raise unreadable(name, message, code="compression-ratio")


# ------------------------------------------------------------------------------------------------ inside a part


@dataclass(slots=True)
class _Extent:
    """Rectangle around the filled cells of a sheet."""

    top: int = LAST_ROW
    left: int = LAST_COLUMN
    bottom: int = 0
    right: int = 0

    def grow(self, row: int, column: int) -> int:
        """Take a cell in; the area of the rectangle."""
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, column), max(self.right, column)
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def _is_tame(part: bytes) -> bool:
    """Tell at the speed of a search that a part cannot break a limit, as nearly every part of a real workbook.

    What is not plainly tame is looked at element by element.
    """
    if not _UTF8.match(part) or b"<!DOCTYPE" in part:
        return False
    if b"sheetData" in part:
        cells = len(_ANY_CELL.findall(part))
        plain = cells == part.count(b'<c r="') and cells <= MOST_CELLS
        return plain and not _RISKY.search(part) and not (len(part) > LONGEST_TEXT and _OWN_TEXT.search(part))
    return b"<sst" not in part[:_HEAD] or len(part) <= LONGEST_TEXT


_HEAD = 1000
# Without a declaration, or with one that names UTF-8.
_UTF8 = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?!\?xml)|(?:\xef\xbb\xbf)?<\?xml[^>]*encoding=[\"'](?i:utf-8)[\"']")
_ANY_CELL = re.compile(rb"<c[\s/>]")
# Prefixed names, merged areas, and addresses from AAA or row 10,000 on: below, no rectangle reaches the limit.
_RISKY = re.compile(rb':sheetData|<mergeCell |<c r="(?:[A-Z]{3}|[A-Z]{1,2}[0-9]{5}|[^A-Z])')
_OWN_TEXT = re.compile(rb't="(?:inlineStr|str)"')


class _Part:
    """One pass over a part of XML: no document type, and what a sheet or the shared strings may hold."""

    def __init__(self, name: str, part: str) -> None:
        self.name, self.part = name, part
        self.extent = _Extent()
        self.cells = self.merged = self.row = self.column = self.length = 0
        self.filled = False
        self.parser = expat.ParserCreate(namespace_separator=" ")

    def run(self, content: bytes) -> None:
        """Check the part; XML that is not well formed is left to the parser behind the guard."""
        if content.count(b"<v>") > MOST_CELLS:
            self._too_many()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._root
        try:
            self.parser.Parse(content, True)  # noqa: FBT003  expat takes no names
        except expat.ExpatError:
            return

    def _refuse(self, code: str, message: str, cell: str = "") -> None:
        raise unreadable(self.name, message, code=code, cell=cell)

    def _too_many(self) -> None:
        message = f"holds more than 500,000 filled cells in {self.part}: send only the sheets with answers"
        self._refuse("too-many-cells", message)

    def _doctype(self, *_args: object) -> None:
        message = f"declares a document type in {self.part}, which no office program writes: save it again in Excel"
        self._refuse("doctype", message)

    def _root(self, tag: str, _attributes: Mapping[str, str]) -> None:
        """Choose what to look at by the root of the part."""
        starts, ends = {
            "worksheet": (self._start, self._end),
            "sst": (self._start_string, self._end_string),
        }.get(_local(tag), (None, None))
        self.parser.StartElementHandler = starts
        self.parser.EndElementHandler = ends
        self.parser.CharacterDataHandler = self._count if ends else None

    def _count(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST_TEXT:
            # Excel writes a carriage return as _x000D_: seven characters that count as one.
            self.length -= 6 * len(_ESCAPE.findall(text))

    # -------------------------------------------------------------------------------------------- sheets

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        if name == "c":
            self.column += 1
            if "r" in attributes:
                self.row, self.column = self._address(attributes["r"])
            self.length, self.filled = 0, False
        elif name == "row":
            self.row = self._row_number(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name in _CONTENT:
            self.filled = True

    def _end(self, tag: str) -> None:
        if _local(tag) == "c" and self.filled:
            self._fill()

    def _fill(self) -> None:
        self.cells += 1
        if self.cells > MOST_CELLS:
            self._too_many()
        area = self.extent.grow(self.row, self.column)
        place = f"{letters(self.column)}{self.row}"
        if area > LARGEST_RECTANGLE:
            message = f"{place} is filled so far from the other cells that the sheet spans {area:,} cells: clear it"
            self._refuse("far-cell", message, place)
        if self.length > LONGEST_TEXT:
            self._refuse("text-too-long", f"{place} holds more than 32,767 characters: shorten it", place)

    def _address(self, text: str) -> tuple[int, int]:
        match = _ADDRESS.match(text)
        if match is None:
            message = f"names a cell '{text[:20]}' in {self.part}, which is no address: save it again in Excel"
            self._refuse("address-out-of-range", message)
            return 0, 0
        row, column = int(match[2]), _number(match[1])
        if not (1 <= row <= LAST_ROW and column <= LAST_COLUMN):
            message = f"names the cell {text}, beyond XFD1048576, the last one of Excel: save it again in Excel"
            self._refuse("address-out-of-range", message, text)
        return row, column

    def _row_number(self, text: str) -> int:
        if not (text.isdecimal() and 1 <= int(text[:10]) <= LAST_ROW):
            message = f"names a row '{text[:20]}' in {self.part}, beyond the last one of Excel: save it again in Excel"
            self._refuse("address-out-of-range", message)
        return int(text)

    def _merge(self, reference: str) -> None:
        corners = [self._address(corner) for corner in reference.split(":")]
        (top, left), (bottom, right) = corners[0], corners[-1]
        self.merged += (abs(bottom - top) + 1) * (abs(right - left) + 1)
        if self.merged > LARGEST_MERGED:
            message = f"merges {self.merged:,} cells up to {reference}, more than 10,000: take the merge apart"
            self._refuse("merged-too-large", message, reference)

    # -------------------------------------------------------------------------------------------- shared strings

    def _start_string(self, tag: str, _attributes: Mapping[str, str]) -> None:
        if _local(tag) == "si":
            self.length = 0

    def _end_string(self, tag: str) -> None:
        if _local(tag) == "si" and self.length > LONGEST_TEXT:
            self._refuse("text-too-long", f"holds a text of {self.length:,} characters; Excel holds 32,767: shorten it")


_CONTENT = frozenset(("v", "is", "f"))


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
