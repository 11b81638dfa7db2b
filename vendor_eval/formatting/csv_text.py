"""CSV that a spreadsheet opens as text: in UTF-8 with its mark, and nothing in it is run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# A field that starts so is run as a formula by a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(value: object) -> object:
    """Put a quote before a text that a spreadsheet would run.

    >>> guarded("=1+1"), guarded("crop"), guarded(-1)
    ("'=1+1", 'crop', -1)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    r"""Render rows as CSV, None as an empty field.

    >>> csv_bytes(("item", "n"), [("@a", 1)])
    b"\xef\xbb\xbfitem,n\r\n'@a,1\r\n"
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([guarded(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
