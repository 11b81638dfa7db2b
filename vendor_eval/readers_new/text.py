"""CSV to cells: charset and delimiter are found, and what was found is said."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

_DELIMITERS = ";,\t|"
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_COMMA = re.compile(r"^[-+]?\d+,(?:\d{1,2}|\d{4,})(?:\s*\D*)$")
_POINT = re.compile(r"^[-+]?\d+\.(?:\d{1,2}|\d{4,})(?:\s*\D*)$")


def decode(content: bytes) -> tuple[str, str]:
    """Text of the bytes and the name of the charset; raises UnicodeError where none fits."""
    for bom, charset in _BOMS.items():
        if content.startswith(bom):
            return content.decode(charset), charset
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _guessed(content)


def _guessed(content: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(content).best()
    # Short western texts often fit several charsets; Excel writes this one there.
    charset = best.encoding if best is not None and best.language != "Unknown" else "cp1252"
    return content.decode(charset), charset


def split(text: str) -> tuple[list[list[str]], str]:
    """Rows of a CSV text, and the delimiter under which most of them have the same number of columns."""
    parsed = {delimiter: _rows(text, delimiter) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: _evenness(parsed[delimiter]))
    return parsed[best], best


def _rows(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _evenness(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0, 0
    width, count = widths.most_common(1)[0]
    return count, width


def decimal_sign(rows: Sequence[Sequence[str]]) -> str:
    """The decimal sign that figures of the file show beyond doubt; '' where none does, or both."""
    fields = [field.strip() for row in rows for field in row]
    comma = any(_COMMA.match(field) for field in fields)
    point = any(_POINT.match(field) for field in fields)
    return "" if comma == point else "," if comma else "."
