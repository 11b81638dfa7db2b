"""CSV files to a book: charset, delimiter and decimal sign are detected and reported in a remark."""

import codecs
import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from vendor_eval.issues import Issue, Location
from vendor_eval.spreadsheets.cells import Book, Cell, Sheet, letters, unreadable
from vendor_eval.spreadsheets.guard import LAST_COLUMN, LAST_ROW, LONGEST_TEXT, MOST_CELLS

_DELIMITERS = ";,\t|"
_SAMPLE = 64 * 1024
# Excel reads the delimiter from such a first line and hides the line.
_SEP_LINE = re.compile(r"""^sep=([^\w\s"']|\t)[ \t]*\r?\n""", re.IGNORECASE | re.ASCII)
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_COMMA = re.compile(r"^[-+]?\d+,(?:\d{1,2}|\d{4,})(?:\s*\D*)$")
_POINT = re.compile(r"^[-+]?\d+\.(?:\d{1,2}|\d{4,})(?:\s*\D*)$")
_NAMES = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}


def read_separated(name: str, content: bytes) -> Book:
    """Read a CSV file as a book of a single sheet; raises InputError where it is invalid."""
    try:
        text, charset = decode(content)
        delimiter = find_delimiter(text)
        cells = tuple(_cells(name, _rows(_SEP_LINE.sub("", text, count=1), delimiter)))
    except (UnicodeError, LookupError) as error:
        raise unreadable(name, "is no text in a known charset: save it as CSV UTF-8 or as .xlsx") from error
    except csv.Error as error:
        raise unreadable(name, f"is no CSV ({error}): save it again as CSV or as .xlsx") from error
    sign = decimal_sign(cell.raw for cell in cells)
    between = _NAMES.get(delimiter, f"'{delimiter}'")
    detected = f"charset {charset}, {between} between fields, decimal sign {sign or 'not shown'}"
    remark = Issue("reduced-checks", f"is a .csv file, read with reduced checks: {detected}", Location(name))
    digest = hashlib.sha256(content).hexdigest()
    return Book(name, digest, (Sheet("csv", cells),), {}, reduced=".csv", decimal_sign=sign, remarks=(remark,))


def _cells(name: str, rows: Iterable[Sequence[str]]) -> Iterator[Cell]:
    count = 0
    for i, row in enumerate(rows, start=1):
        for j, text in enumerate(row, start=1):
            if not text:
                continue
            count += 1
            address = f"{letters(j)}{i}"
            if j > LAST_COLUMN or i > LAST_ROW:
                message = f"fills {address}, and the last cell of Excel is XFD1048576: send only the rows with answers"
                raise unreadable(name, message, code="address-out-of-range", sheet="csv", cell=address)
            if count > MOST_CELLS:
                message = "holds more than 500,000 filled cells: send only the rows with answers"
                raise unreadable(name, message, code="too-many-cells")
            if len(text) > LONGEST_TEXT:
                message = f"{address} holds more than 32,767 characters: shorten it"
                raise unreadable(name, message, code="text-too-long", sheet="csv", cell=address)
            yield Cell(i, j, address, text)


def decode(content: bytes) -> tuple[str, str]:
    """Decode bytes; return the text and the name of the charset. Raises UnicodeError where none fits."""
    for bom, charset in _BOMS.items():
        if content.startswith(bom):
            return content.decode(charset), charset
    if b"\0" in content:
        charset = _utf_16_variant(content)
        return content.decode(charset), charset
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(content).best()
        # Short western texts often fit several charsets; Excel writes this one there.
        charset = best.encoding if best is not None and best.language != "Unknown" else "cp1252"
        return content.decode(charset), charset


def _utf_16_variant(content: bytes) -> str:
    """Detect the byte order of UTF-16 without a BOM from its zero bytes; raises UnicodeError where there is none."""
    zeros = content[::2].count(0), content[1::2].count(0)
    most = len(content) // 4
    if max(zeros) < most or min(zeros) * 10 > max(zeros):
        raise UnicodeError("holds zero bytes")
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def find_delimiter(text: str) -> str:
    """Find the delimiter that gives most of the first rows the same number of fields, or read it from 'sep=;'."""
    if match := _SEP_LINE.match(text):
        return match[1]
    sample = text[:_SAMPLE]
    # A truncated last row would have another width.
    sample = sample[: sample.rfind("\n") + 1] if len(text) > _SAMPLE and "\n" in sample else sample

    def evenness(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in _rows(sample, delimiter) if len(row) > 1)
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        return count, width

    return max(_DELIMITERS, key=evenness)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def decimal_sign(texts: Iterable[str]) -> str:
    """Find the decimal sign that figures use unambiguously; '' for none or both.

    >>> decimal_sign(["2,5", "95,75 %", "1.234"]), decimal_sign(["2,5", "2.5"])
    (',', '')
    """
    fields = [text.strip() for text in texts]
    comma = any(_COMMA.match(field) for field in fields)
    point = any(_POINT.match(field) for field in fields)
    return "" if comma == point else "," if comma else "."
