"""Old Excel workbooks (.xls): number formats and charset, of which the reading library knows the usual ones alone.

It takes a format that a workbook numbers in its own way for a built-in one, so that amounts become days, and UTF-16 for
the charset that a workbook names beside it. So the records that say so are set right before it reads them.
"""

import io
from collections.abc import Iterator
from encodings.aliases import aliases

from vendor_eval.spreadsheets.cells import unreadable
from vendor_eval.spreadsheets.number_formats import Shows, format_kind
from vendor_eval.spreadsheets.styles import BUILT_IN

_END, _CODE_PAGE, _FORMAT, _XF = 0x000A, 0x0042, 0x041E, 0x00E0
_EXCEL_97 = 0x0600
_UTF_16, _WESTERN = 1200, 1252
_MAC = {"10000": "mac_roman", "32768": "mac_roman", "10007": "mac_cyrillic", "10029": "mac_latin2"}
_CHARSETS = {**aliases, **_MAC, "1200": "cp1252", "32769": "cp1252"}
# Built-in formats that stand for all that show the same.
_STANDARD: dict[Shows, int] = {"date": 14, "duration": 46}
# What the library makes of the bytes of Western texts, whose charset has a sign for every byte.
_BYTES = {chr(n): n for n in range(256)} | {bytes([n]).decode("cp1252", "ignore"): n for n in range(128, 160)}


def with_usual_records(name: str, content: bytes) -> tuple[bytes, str]:
    """Set formats and charset of a workbook right; also return the charset in which its texts are still to be decoded.

    The charset is '' where the library decodes them. Raises InputError where it is not known.
    """
    import olefile  # type: ignore[import-untyped]  # it ships no types

    container = olefile.OleFileIO(file := io.BytesIO(content), write_mode=True)
    stream = next(stream for stream in ("Workbook", "Book") if container.exists(stream))
    book = bytearray(container.openstream(stream).read())
    is_97, charset = _number(book, 4) == _EXCEL_97, ""
    formats = dict(BUILT_IN)
    for record, at, size in _records(book):
        if record == _CODE_PAGE:
            charset = "" if is_97 else _charset(name, str(_number(book, at)))
            book[at : at + 2] = (_UTF_16 if is_97 else _WESTERN).to_bytes(2, "little")
        elif record == _FORMAT:
            # A text of Excel 97 has its length in two bytes, and one that says whether its signs have two.
            head, wide = (5, book[at + 4] & 1) if is_97 else (3, 0)
            formats[_number(book, at)] = book[at + head : at + size].decode(
                "utf-16-le" if wide else "latin-1", "replace"
            )
        elif record == _XF:
            shows = format_kind(formats.get(_number(book, at + 2), ""))
            book[at + 2 : at + 4] = _STANDARD.get(shows, 0).to_bytes(2, "little")
    container.write_stream(stream, bytes(book))
    return file.getvalue(), charset


def decoded(text: str, charset: str) -> str:
    """Decode a text that the library read as Western; what has no meaning in its charset becomes U+FFFD."""
    return bytes(map(_BYTES.__getitem__, text)).decode(charset, "replace") if charset else text


def _charset(name: str, page: str) -> str:
    if page not in _CHARSETS:
        message = f"holds texts in the code page {page}, which is not known here"
        raise unreadable(name, f"{message}: open it in Excel, save as .xlsx, use that file")
    return _CHARSETS[page]


def _records(book: bytearray) -> Iterator[tuple[int, int, int]]:
    """Yield number, place and size of the records that are about all sheets."""
    at = 0
    while at + 4 <= len(book) and _number(book, at) != _END:
        yield _number(book, at), at + 4, _number(book, at + 2)
        at += 4 + _number(book, at + 2)


def _number(book: bytearray, at: int) -> int:
    return int.from_bytes(book[at : at + 2], "little")
