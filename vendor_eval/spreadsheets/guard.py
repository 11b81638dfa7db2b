"""Limits on the bytes of a workbook, enforced while they are unpacked and before any parser sees them.

Sizes are counted while inflating, since declared ones can lie. A 10 MB file may unpack to gigabytes, and a 5 KB one may
name a cell or a merged range that makes a reader build millions of cells.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from xml.parsers import expat

from vendor_eval.spreadsheets.cells import unreadable

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
# Highest ratio that deflate reaches.
_MOST_DEFLATED = 1032
_KNOWN_COMPRESSION = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_ZIP = b"PK\x03\x04"
_ENTRY = b"PK\x01\x02"
# An uncompressed archive inside the archive has entries too; beyond this count even listing them is slow.
_FAR_TOO_MANY_ENTRIES = 10 * MOST_PARTS
_DOCTYPES = tuple("<!DOCTYPE".encode(charset) for charset in ("ascii", "utf-16-le", "utf-16-be"))
# What zipfile raises for a damaged archive.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


def guard_size(name: str, content: bytes) -> None:
    """Reject a file that is too large before unpacking."""
    if len(content) > LARGEST_FILE:
        message = "has more than the 50 MB that are read: remove pictures and attachments"
        raise unreadable(name, message, code="file-too-large")


def part_names(name: str, content: bytes) -> frozenset[str]:
    """List the parts of a zip file by normalized name."""
    with _opened(name, content) as archive:
        return frozenset(part_name(part) for part in archive.namelist())


def peek(name: str, content: bytes, wanted: Collection[str]) -> Iterator[bytes]:
    """Inflate the wanted parts of a zip file within the limits of `unpack`; none where the file is no zip."""
    if not content.startswith(_ZIP):
        return
    with _opened(name, content) as archive:
        _check_entries(name, archive)
        left = LARGEST_WHOLE
        for info in archive.infolist():
            if part_name(info.filename) in wanted:
                part = _inflate(name, archive, info, left)
                left -= len(part)
                yield part


def unpack(name: str, content: bytes) -> Mapping[str, bytes]:
    """Inflate the parts of a zip file by normalized name; messages call the file by `name`.

    Raises InputError with the limit that is exceeded, the place and the cure.
    """
    with _opened(name, content) as archive:
        _check_entries(name, archive)
        parts: dict[str, bytes] = {}
        left = LARGEST_WHOLE
        for info in archive.infolist():
            if info.is_dir():
                continue
            part = _inflate(name, archive, info, left)
            left -= len(part)
            _reject_doctype(name, info.filename, part)
            parts[part_name(info.filename)] = part
        return parts


def part_name(part: str) -> str:
    """Normalize the name of a part: names differ in case, and some programs write backslashes."""
    return part.replace("\\", "/").lstrip("/").casefold()


@contextmanager
def _opened(name: str, content: bytes) -> Iterator[zipfile.ZipFile]:
    guard_size(name, content)
    if content.count(_ENTRY) > _FAR_TOO_MANY_ENTRIES:
        raise unreadable(name, _too_many("more than 20,000"), code="too-many-parts")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except _DAMAGE as error:
        raise unreadable(name, "is cut off or damaged: ask whose it is to send it again") from error


def _too_many(count: str) -> str:
    return f"holds {count} parts, more than the 2,000 that are read: copy the sheets into a new workbook"


def _check_entries(name: str, archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if len(infos) > MOST_PARTS:
        raise unreadable(name, _too_many(f"{len(infos):,}"), code="too-many-parts")
    seen: set[str] = set()
    for info in infos:
        if part_name(info.filename) in seen:
            message = f"holds the part {info.filename} twice, so it is not clear which counts: save it again in Excel"
            raise unreadable(name, message, code="duplicate-part")
        seen.add(part_name(info.filename))
        if info.flag_bits & _ENCRYPTED:
            message = "is a zip file with a password: save it as a plain .xlsx workbook"
            raise unreadable(name, message, code="encrypted-part")
        if info.compress_type not in _KNOWN_COMPRESSION:
            message = f"packs {info.filename} in a way that Excel does not use: save it again in Excel"
            raise unreadable(name, message, code="unknown-compression")
    _check_declared_sizes(name, infos)


def _check_declared_sizes(name: str, infos: Iterable[zipfile.ZipInfo]) -> None:
    """Reject parts whose declared size is too large; other sizes are counted while inflating."""
    left = LARGEST_WHOLE
    for info in infos:
        # An impossible size is damage, which inflating finds.
        if info.file_size > _MOST_DEFLATED * info.compress_size:
            continue
        _check_growth(name, info, info.file_size, left)
        left -= info.file_size


def _inflate(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    """Inflate a part, and check its size with each chunk."""
    chunks: list[bytes] = []
    size = 0
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            chunks.append(chunk)
            _check_growth(name, info, size, left)
    return b"".join(chunks)


def _check_growth(name: str, info: zipfile.ZipInfo, size: int, left: int) -> None:
    part = info.filename
    if size > LARGEST_PART:
        message = f"unpacks {part} to more than 64 MiB: delete empty rows and formats below the data, save again"
        raise unreadable(name, message, code="part-too-large")
    if size > left:
        message = "unpacks to more than 128 MiB in all: send the sheets in several workbooks"
        raise unreadable(name, message, code="unpacks-too-large")
    if size > RATIO_FROM and size > HIGHEST_RATIO * max(info.compress_size, 1):
        message = f"unpacks {part} to over 200 times its size, as a zip bomb does: save it again in Excel"
        raise unreadable(name, message, code="compression-ratio")


def _reject_doctype(name: str, part: str, content: bytes) -> None:
    """Reject a document type, which may define entities that grow without bound; a cell may mention one."""
    if any(sign in content for sign in _DOCTYPES) and _declares_doctype(content):
        message = f"declares a document type in {part}, which no office program writes: save it again in Excel"
        raise unreadable(name, message, code="doctype")


class _PrologEnd(Exception):
    """Stops the parser at a document type or at the root element, whichever is first."""


def _declares_doctype(content: bytes) -> bool:
    def stop(reached: str, *_: object) -> None:
        raise _PrologEnd(reached)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = partial(stop, "doctype")
    parser.StartElementHandler = partial(stop, "root")
    try:
        parser.Parse(content, True)  # noqa: FBT003  expat takes no names
    except _PrologEnd as end:
        return end.args == ("doctype",)
    except expat.ExpatError:
        return False
    return False
