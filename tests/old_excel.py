"""Old Excel workbooks (.xls) made of records, as programs write them that number formats in their own way."""

import struct

_SECTOR = 512
EXCEL_97, EXCEL_95 = 0x0600, 0x0500


def old_workbook(cells, *, formats=(), page=1200, version=EXCEL_97):
    """Make a sheet: `cells` are rows of (value, number of its format), `formats` pairs of number and code."""
    numbers = [number for row in cells for _, number in row]
    xfs = b"".join(_record(0xE0, struct.pack("<2H16x", 0, number)) for number in numbers)
    head = _begin(version, 5) + _record(0x42, struct.pack("<H", page))
    head += b"".join(_record(0x41E, struct.pack("<H", number) + _code(code, version)) for number, code in formats) + xfs
    name = b"\5\0Sheet" if version == EXCEL_97 else b"\5Sheet"
    start = len(head) + 4 + 6 + len(name) + 4
    sheet = _begin(version, 16)
    places = [(r, c) for r, row in enumerate(cells) for c in range(len(row))]
    for xf, ((row, column), value) in enumerate(zip(places, (v for r in cells for v, _ in r), strict=True)):
        sheet += _cell(struct.pack("<3H", row, column, xf), value, version)
    book = head + _record(0x85, struct.pack("<I2x", start) + name) + _record(0x0A) + sheet + _record(0x0A)
    return _container(book.ljust(4096, b"\0"))


def _begin(version, kind):
    return _record(0x809, struct.pack("<4H", version, kind, 0, 0).ljust(16 if version == EXCEL_97 else 8, b"\0"))


def _record(number, content=b""):
    return struct.pack("<2H", number, len(content)) + content


def _code(code, version):
    text = code.encode("latin-1")
    return struct.pack("<HB", len(text), 0) + text if version == EXCEL_97 else bytes([len(text)]) + text


def _cell(place, value, version):
    if isinstance(value, bytes):
        return _record(0x204, place + struct.pack("<H", len(value)) + value)
    if isinstance(value, str):
        assert version == EXCEL_97
        return _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x203, place + struct.pack("<d", value))


def _container(book):
    """Put the stream into a container: directory, allocation table, stream."""
    count = -(-len(book) // _SECTOR)
    chain = [0xFFFFFFFE, 0xFFFFFFFD, *range(3, 2 + count), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 0, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 1, *[0xFFFFFFFF] * 108)
    entries = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry("Workbook", 2, 0xFFFFFFFF, 2, len(book))
    return head + entries.ljust(_SECTOR, b"\0") + table + book.ljust(count * _SECTOR, b"\0")


def _entry(name, kind, child, start, size):
    text = name.encode("utf-16-le")
    return struct.pack("<64sH2B3I36xIQ", text, len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size)
