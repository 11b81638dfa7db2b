"""Limits on the bytes of a workbook, enforced while they are unpacked and before any parser sees them.

Sizes are counted while inflating, since declared ones can lie. A 10 MB file may unpack to gigabytes, and a 5 KB one may
name a cell or a merged range that makes a reader build millions of cells.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import NoReturn
from urllib.parse import unquote
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

# One comment, tag or attribute: a parser scans an incomplete one again with each step.
LONGEST_TOKEN = MIB
_LONGEST_NAMESPACE = 1000

# Highest ratio that deflate reaches.
_MOST_DEFLATED = 1032
_KNOWN_COMPRESSION = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# A password, a strong one, a hidden directory.
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_DESCRIPTOR_FOLLOWS = 0x8
_UTF_8 = 0x800
_ZIP = b"PK\x03\x04"
_ENTRY = b"PK\x01\x02"
_END = b"PK\x05\x06"
_HEADER = struct.Struct("<4s5H3I2H")
_FOOT = struct.Struct("<4s4H2IH")
_WIDE_FOOT = struct.Struct("<4sQ2H2I4Q4sIQI")
_LONGEST_COMMENT = 0xFFFF
# A field with a name in Unicode, which some programs take in place of the name.
_OTHER_NAME = 0x7075
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
        left = LARGEST_WHOLE
        for info, packed in _packed_parts(name, content, archive):
            if part_name(info.filename) in wanted:
                part = _inflate(name, info, packed, left)
                left -= len(part)
                yield part


def unpack(name: str, content: bytes) -> Mapping[str, bytes]:
    """Inflate the parts of a zip file by normalized name; messages call the file by `name`.

    Raises InputError with the limit that is exceeded, the place and the cure.
    """
    with _opened(name, content) as archive:
        parts: dict[str, bytes] = {}
        left = LARGEST_WHOLE
        for info, packed in _packed_parts(name, content, archive):
            if info.is_dir():
                continue
            part = _inflate(name, info, packed, left)
            left -= len(part)
            # A document type may define entities that grow without bound; a cell may mention one.
            if any(sign in part for sign in _DOCTYPES) and _declares_doctype(part):
                message = f"declares a document type in {info.filename}, which no office program writes"
                raise unreadable(name, f"{message}: save it again in Excel", code="doctype")
            parts[part_name(info.filename)] = part
        return parts


def holds_zip(content: bytes) -> bool:
    """Tell whether a zip file ends where the content ends, whatever stands before it."""
    foot = content[-_FOOT.size :]
    return foot.startswith(_END) and foot.endswith(b"\0\0") and foot != content


def part_name(part: str) -> str:
    """Normalize the name of a part: names differ in case, and some programs write backslashes."""
    return part.replace("\\", "/").lstrip("/").casefold()


@contextmanager
def _opened(name: str, content: bytes) -> Iterator[zipfile.ZipFile]:
    guard_size(name, content)
    if content.count(_ENTRY) > _FAR_TOO_MANY_ENTRIES:
        raise unreadable(name, _too_many("more than 20,000"), code="too-many-parts")
    if _END in content:
        _check_end(name, content)
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
        same = posixpath.normpath(unquote(part_name(info.orig_filename)))
        if same in seen:
            message = f"holds the part {info.filename} twice, so it is not clear which counts: save it again in Excel"
            raise unreadable(name, message, code="duplicate-part")
        seen.add(same)
        if info.flag_bits & _ENCRYPTED:
            message = "is a zip file with a password: save it as a plain .xlsx workbook"
            raise unreadable(name, message, code="encrypted-part")
        if info.compress_type not in _KNOWN_COMPRESSION:
            message = f"packs {info.filename} in a way that Excel does not use: save it again in Excel"
            raise unreadable(name, message, code="unknown-compression")
    left = LARGEST_WHOLE
    # An impossible size is damage, which inflating finds.
    for info in (info for info in infos if info.file_size <= _MOST_DEFLATED * info.compress_size):
        _check_growth(name, info, info.file_size, left)
        left -= info.file_size


def _packed_parts(name: str, content: bytes, archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """Iterate over the parts and their packed bytes; every byte of the file belongs to one of them, or it is refused.

    Programs find the parts of a zip file in different ways, so that a buyer's Excel could show another workbook.
    """
    _check_entries(name, archive)
    if not _is_foot_true(content, len(content) - _FOOT.size, archive):
        _reject_layout(name, "holds two zip files, or bytes before its first part")
    if any(info.comment for info in archive.infolist()):
        _reject_layout(name, "has a comment on one of its parts, where another workbook may hide")
    bodies: dict[str, tuple[int, int]] = {}
    position = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.header_offset != position:
            _reject_layout(name, f"holds bytes before {info.filename} that belong to no part, or to two of them")
        begin, position = _part_extent(name, content, info)
        bodies[info.orig_filename] = begin, begin + info.compress_size
    if position != archive.start_dir:
        _reject_layout(name, "holds bytes before its list of parts that belong to none of them")
    for info in archive.infolist():
        begin, end = bodies[info.orig_filename]
        yield info, content[begin:end]


def _check_end(name: str, content: bytes) -> None:
    """Reject a comment, and bytes after the end of a zip file."""
    last = len(content) - _FOOT.size
    window = max(last - _LONGEST_COMMENT, 0)
    for match in re.finditer(re.escape(_END), content[window:]):
        end = window + match.start() + _FOOT.size
        # A zip that ends in the comment of another one ends where the file ends.
        if end < len(content) and end + int.from_bytes(content[end - 2 : end], "little") == len(content):
            _reject_layout(name, f"has a comment of {len(content) - end:,} bytes, where another workbook may hide")
    extra = len(content) - content.rfind(_END) - _FOOT.size
    if extra > 0:
        _reject_layout(name, f"goes on for {extra:,} bytes after its end, where another workbook may hide")


def _is_foot_true(content: bytes, last: int, archive: zipfile.ZipFile) -> bool:
    """Tell whether count, size and place of the list of parts are what the end of the file says, also in 64 bits."""
    wide = content[last - 20 : last - 16] == b"PK\6\7"
    listed = last - _WIDE_FOOT.size if wide else last
    count, start = len(archive.infolist()), archive.start_dir
    true = (0, 0, count, count, listed - start, start)
    foot = _FOOT.unpack_from(content, last)[1:7]
    if not wide:
        return foot == true
    fields = _WIDE_FOOT.unpack_from(content, listed)
    # A field that is full points to the 64 bits.
    full = (0xFFFF,) * 4 + (0xFFFFFFFF,) * 2
    agrees = all(value in pair for value, *pair in zip(foot, true, full, strict=True))
    return agrees and fields[1] == _WIDE_FOOT.size - 32 and fields[6:10] == true[2:] and fields[12] == listed


def _part_extent(name: str, content: bytes, info: zipfile.ZipInfo) -> tuple[int, int]:
    """Find where the packed bytes of a part begin, and where the part ends; its own header must agree with the list."""
    fields = _HEADER.unpack_from(content, info.header_offset)
    signature, _, flags, method, _, _, *sizes, name_length, extra_length = fields
    named = info.header_offset + _HEADER.size
    begin = named + name_length + extra_length
    charset = "utf-8" if info.flag_bits & _UTF_8 else "cp437"
    same = content[named : named + name_length] == info.orig_filename.encode(charset)
    same = same and (signature, method) == (_ZIP, info.compress_type) and "\0" not in info.orig_filename
    true = (info.CRC, info.compress_size, info.file_size)
    follows = (flags | info.flag_bits) & _DESCRIPTOR_FOLLOWS
    allowed = {0} if follows else set()
    if any(struct.pack("<2H2Q", 1, 16, *pair) in content[named:begin] for pair in (true[:0:-1], (0, 0))):
        allowed.add(0xFFFFFFFF)
    sizes_agree = all(own in {value, *allowed} for own, value in zip(sizes, true, strict=True))
    if not same or not sizes_agree or (flags ^ info.flag_bits) & _ENCRYPTED:
        _reject_layout(name, f"describes the part {info.filename} in two ways that differ")
    for extra in (content[named + name_length : begin], info.extra):
        if _ZIP in extra or _END in extra:
            _reject_layout(name, f"holds a zip file in what is said of the part {info.filename}")
        other = _extra_fields(extra).get(_OTHER_NAME)
        # Behind a version and a checksum of five bytes; Info-ZIP repeats the name there.
        if other is not None and other[5:] != info.filename.encode():
            _reject_layout(name, f"gives the part {info.filename} two names")
    end = begin + info.compress_size
    if follows:
        descriptors = (sign + struct.pack(form, *true) for sign in (b"PK\7\x08", b"") for form in ("<I2Q", "<3I"))
        end += next((len(descriptor) for descriptor in descriptors if content.startswith(descriptor, end)), 0)
    return begin, end


def _extra_fields(extra: bytes) -> dict[int, bytes]:
    """Map the kinds of the fields that describe a part further to what they hold."""
    fields, at = {}, 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        fields[kind] = extra[at + 4 : at + 4 + size]
        at += 4 + size
    return fields


def _reject_layout(name: str, message: str) -> NoReturn:
    raise unreadable(name, f"{message}: save it again in Excel", code="ambiguous-zip")


def _inflate(name: str, info: zipfile.ZipInfo, packed: bytes, left: int) -> bytes:
    """Inflate a part no further than a byte past its limits."""
    part = packed
    if info.compress_type == zipfile.ZIP_DEFLATED and packed:
        decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        part = decoder.decompress(packed, 1 + min(left, LARGEST_PART, max(RATIO_FROM, HIGHEST_RATIO * len(packed))))
        _check_growth(name, info, len(part), left)
        if decoder.unused_data:
            _reject_layout(name, f"holds bytes behind the end of the part {info.filename}")
    _check_growth(name, info, len(part), left)
    if len(part) != info.file_size or zlib.crc32(part) != info.CRC:
        raise zipfile.BadZipFile
    return part


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


class _PrologEnd(Exception):
    """Stops the parser at a document type or at the root element, whichever is first."""


def _declares_doctype(content: bytes) -> bool:
    def stop(reached: str, *_: object) -> None:
        raise _PrologEnd(reached)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = partial(stop, "doctype")
    parser.StartElementHandler = partial(stop, "root")
    try:
        feed(parser, content)
    except _PrologEnd as end:
        return end.args == ("doctype",)
    except (expat.ExpatError, TokenTooLongError):
        return False
    return False


class TokenTooLongError(Exception):
    """A comment, tag or attribute is longer than LONGEST_TOKEN bytes, or the name of a namespace than 1,000 letters."""


def feed(parser: expat.XMLParserType, content: bytes) -> None:
    """Parse a part in steps, so that no token is scanned more than twice.

    Raises TokenTooLongError, ExpatError for invalid XML, and ValueError or LookupError for its charset.
    """

    # The parser writes the name of its namespace into each tag.
    def check_namespace(_prefix: str | None, uri: str | None) -> None:
        if len(uri or "") > _LONGEST_NAMESPACE:
            raise TokenTooLongError

    parser.StartNamespaceDeclHandler = check_namespace
    # Later versions put off the scan of an incomplete token, and with it the place that is reached.
    if hasattr(parser, "SetReparseDeferralEnabled"):
        parser.SetReparseDeferralEnabled(False)  # noqa: FBT003  expat takes no names
    begun = end = 0
    while end < len(content):
        start, end = end, begun + LONGEST_TOKEN
        parser.Parse(content[start:end], end >= len(content))
        reached = parser.CurrentByteIndex
        if reached <= begun and end < len(content):
            raise TokenTooLongError
        begun = max(reached, begun)
    if not content:
        parser.Parse(b"", True)  # noqa: FBT003  expat takes no names
