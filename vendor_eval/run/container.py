"""The zip of a freeze: files stored as they are in one spelling alone, so that equal files give equal bytes."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import BinaryIO

MOST_ENTRIES = 20_000
LARGEST = 2**32 - 1
# More than a file takes besides its bytes: its headers with its path, and its lines in the lists.
ROOM = 2**11
CHUNK = 2**20
# Signature, version, flags, method, time, date, CRC-32, both sizes, length of name and of extra fields.
_LOCAL = Struct("<4s5H3I2H")
_CENTRAL = Struct("<4s6H3I5H2I")
_END = Struct("<4s4H2IH")
_MAGIC, _CENTRAL_MAGIC, _END_MAGIC = b"PK\3\4", b"PK\1\2", b"PK\5\6"
# Version 2.0, names in UTF-8, stored, midnight of 1 January 1980.
_FORM = (20, 0x800, 0, 0, 0x21)
_BY_UNIX, _REGULAR_0644 = 3 << 8 | 20, 0o100644 << 16
_ENCRYPTED_OR_STREAMED = 0x9


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the zip: its path, the number of its bytes and their CRC-32."""

    path: str
    size: int
    crc: int

    @property
    def header(self) -> bytes:
        name = self.path.encode()
        return _LOCAL.pack(_MAGIC, *_FORM, self.crc, self.size, self.size, len(name), 0) + name


def directory(entries: Sequence[Entry]) -> bytes:
    """Write what stands behind the files of a zip: its directory, and the end."""
    at, parts = 0, []
    for entry in entries:
        name = entry.path.encode()
        sizes = (entry.crc, entry.size, entry.size, len(name), 0, 0, 0, 0)
        parts.append(_CENTRAL.pack(_CENTRAL_MAGIC, _BY_UNIX, *_FORM, *sizes, _REGULAR_0644, at) + name)
        at += len(entry.header) + entry.size
    listed, count = b"".join(parts), len(entries)
    return listed + _END.pack(_END_MAGIC, 0, 0, count, count, len(listed), at, 0)


@dataclass(frozen=True)
class Walk:
    """The entries of a zip with the place of their bytes, as far as they can be followed.

    `differs_at` is the first byte that is another one than we write; None where there is none. `is_whole` is false
    where nobody can say which bytes belong to which file.
    """

    entries: tuple[tuple[Entry, int], ...]
    differs_at: int | None = None
    is_whole: bool = True


def walk(file: BinaryIO) -> Walk:
    """Follow the headers of a zip from its first byte and write its directory anew, without a look at the files."""
    size, at, differs_at = file.seek(0, 2), 0, None
    entries: list[tuple[Entry, int]] = []
    if size > LARGEST:
        # Its directory has no room for such numbers.
        return Walk((), 0, is_whole=False)
    while (head := _read(file, at, _LOCAL.size)).startswith(_MAGIC):
        entry = _entry(file, at, head)
        end = at + len(entry.header) + entry.size if entry else size + 1
        if entry is None or end > size or len(entries) > MOST_ENTRIES:
            return Walk(tuple(entries), at if differs_at is None else differs_at, is_whole=False)
        is_last = not entries or entries[-1][0].path < entry.path
        if differs_at is None and not (is_last and entry.header.startswith(head)):
            differs_at = at
        entries.append((entry, at + len(entry.header)))
        at = end
    expected = directory([entry for entry, _ in entries])
    rest = _read(file, at, len(expected) + 1)
    if differs_at is None and rest != expected:
        pairs = enumerate(zip(rest, expected, strict=False))
        differs_at = at + next((i for i, (a, b) in pairs if a != b), min(len(rest), len(expected)))
    return Walk(tuple(entries), differs_at, is_whole=bool(entries))


def _entry(file: BinaryIO, at: int, head: bytes) -> Entry | None:
    """Read a header; None where its file is packed, encrypted or has no end."""
    if len(head) < _LOCAL.size:
        return None
    _, _, flags, method, _, _, crc, packed, size, length, extra = _LOCAL.unpack(head)
    if method or flags & _ENCRYPTED_OR_STREAMED or packed != size or extra:
        return None
    try:
        return Entry(_read(file, at + _LOCAL.size, length).decode(), size, crc)
    except UnicodeDecodeError:
        return None


def _read(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)


def chunks(file: BinaryIO, at: int, size: int) -> Iterator[bytes]:
    """Read bytes of an open file in parts."""
    file.seek(at)
    while size > 0 and (part := file.read(min(size, CHUNK))):
        size -= len(part)
        yield part


def path_faults(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Say which paths lead out of their folder, or are no two names on every system."""
    known: dict[str, tuple[str, bool]] = {}
    for path in paths:
        parts = path.split("/")
        if {"", ".", ".."} & {*parts} or any(c in "\\:" or unicodedata.category(c) in {"Cc", "Cs"} for c in path):
            yield path, "is no path inside the folder that every system has: no '..', '\\', ':' or control character"
            continue
        for count in range(1, len(parts) + 1):
            own = "/".join(parts[:count]), count == len(parts)
            folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", own[0]).casefold())
            is_new = folded not in known
            if known.setdefault(folded, own) != own or (own[1] and not is_new):
                yield path, f"is the same name as '{known[folded][0]}' on some systems"
                break
