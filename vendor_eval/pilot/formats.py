"""Files of a pilot to columns of text or to boxes, within limits: CSV, workbooks, COCO JSON."""

import codecs
import csv
import io
import json
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeAlias

import numpy as np

from vendor_eval.config.input_files import NotRegularError, open_regular
from vendor_eval.criteria.parsing import shorten
from vendor_eval.intake.listing import spelt
from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.pilot.settings import fold
from vendor_eval.pilot.sizes import LARGEST, SEVERAL, refuse_too_large
from vendor_eval.pilot.tables import Flags, Floats, Ints
from vendor_eval.spreadsheets import read_workbook
from vendor_eval.spreadsheets.files import READERS, REFUSED

MOST_ROWS = 5_000_000
UNREAD = "?"
_TOO_MANY_ROWS = f"has more than {MOST_ROWS:,} rows: {SEVERAL}"
_CHUNK = 1 << 10  # rows that stay in the cache of a processor while they are turned into columns
_HEADER = 1 << 16
_MOST_FAULTS = 1000
# How formats begin that are not read yet, and what their first lines hold.
_LATER = {"JSON of Label Studio": (b"[", b'"annotations"'), "XML of CVAT": (b"<", b"<annotations")}
_MOST_FIELDS = 50_000_000
_LONGEST_LINE = 1_000_000
_DEEPEST = 64
_DELIMITERS = ",;\t"
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b'"[]{}'))
# No float holds a number of so many digits.
_LONG_NUMBER = b"0" * 309
_DIGITS = bytes(ord("0") if chr(sign) in "0123456789" else ord(" ") for sign in range(256))
# Rows of a file with their numbers.
_Portion: TypeAlias = tuple[Sequence[int], list[list[str]]]


class Source(NamedTuple):
    """A file to read, and how messages call it."""

    path: Path
    file: str


class Columns(NamedTuple):
    """Rows of a file as columns of text by folded name; `rows` (n,) are their numbers, from 1 with the header."""

    file: str
    rows: Sequence[int]
    texts: Mapping[str, tuple[str, ...]]


class Coco(NamedTuple):
    """Boxes of a COCO file: its items, and as parallel arrays item, class and box of each annotation.

    `box` (n, 4) is x, y, width, height, NaN where it is none; `category` (n,) are places in `names`.
    """

    items: tuple[str, ...]
    owner: Ints
    names: tuple[str, ...]
    category: Ints
    box: Floats
    crowd: Flags


def fault(code: str, text: str, file: str, row: int = 0) -> Issue:
    """Make the issue of a row of a file, 0 for the whole of it."""
    return Issue(code, text, Location(file, f"row {row}" if row else ""))


def _stop(text: str, file: str, code: str = "unreadable", row: int = 0) -> NoReturn:
    raise InputError([fault(code, text, file, row)])


def read_content(source: Source) -> bytes:
    """Read the bytes of a regular file, no link and no pipe, as UTF-8 where they are text.

    Raises InputError; what is too large is refused before a byte is read.
    """
    path, file = source
    try:
        if path.is_symlink():
            _stop("is a link, which is not followed: put the file itself here", file)
        with open_regular(path, follow=False) as stream:
            refuse_too_large(os.fstat(stream.fileno()).st_size, file)
            content = stream.read(LARGEST)
    except NotRegularError:
        _stop("is no regular file but a pipe, a socket or a device: put the file itself here", file)
    except OSError as error:
        reason = "is a folder" if path.is_dir() else f"cannot be opened: {error.strerror}"
        _stop(f"{reason}; put the file itself here, with the permission to read it", file)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            _stop("has the mark of UTF-16 and is none: save it as CSV UTF-8", file, "not-utf8")
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip(b"\0 \t\r\n"):
        _stop("is empty: ask for it again", file)
    _refuse_later(content[:_HEADER].lstrip(), file)
    return content


def _refuse_later(start: bytes, file: str) -> None:
    for name, (sign, word) in _LATER.items():
        if start.startswith(sign) and word in start:
            _stop(f"is {name}, which is not read yet: send CSV UTF-8", file)


def is_json(source: Source, content: bytes) -> bool:
    """Tell whether a file is meant as JSON."""
    return source.path.suffix.casefold() == ".json" or content[:_HEADER].lstrip()[:1] in {b"{", b"["}


def columns_of(
    source: Source, content: bytes, *, needed: Collection[str], known: Mapping[str, str], faults: list[Issue]
) -> Iterator[Columns]:
    """Read a CSV file or a workbook in chunks; `known` maps folded names in the header to names of columns.

    The names of other columns begin with UNREAD. Rows with faults are left out and listed in `faults`; raises
    InputError where nothing can be read.
    """
    start, file = content.lstrip()[:64], source.file
    if content.startswith(tuple(READERS)):
        portions = _sheet_rows(source, known)
    elif refused := next((words for magic, words in REFUSED.items() if start.startswith(magic)), None):
        _stop(f"{refused}, which is not read: send CSV UTF-8 or .xlsx", file)
    elif is_json(source, content):
        _stop("is JSON, which this task does not take: send CSV UTF-8 or .xlsx", file)
    else:
        portions = _csv_rows(content, file, known, faults)
    header: list[str] = []
    for numbers, rows in portions:
        first = 0
        if not header:
            first = next((place for place, row in enumerate(rows, start=1) if any(row)), 0)
            if not first:
                continue
            names = rows[first - 1]
            header = [known.get(fold(name), f"{UNREAD}{' '.join(name.split())}") for name in names]
            missing = [name for name in needed if known[name] not in header]
            _check_header(header, names, missing, file, numbers[first - 1])
        yield from _as_columns(file, header, numbers[first:], rows[first:], faults)
        if len(faults) > _MOST_FAULTS:
            return


def _check_header(header: Sequence[str], names: Sequence[str], missing: Sequence[str], file: str, row: int) -> None:
    others = ", ".join(
        shorten(name.removeprefix(UNREAD)) for name in header if name.startswith(UNREAD) and name != UNREAD
    )
    cure = f"rename the one that holds it, the file has {shorten(others)}" if others else "name it in the first row"
    wrong = [fault("missing-column", f"the column '{name}' is missing: {cure}", file, row) for name in missing]
    for column in sorted({name for name in header if not name.startswith(UNREAD) and header.count(name) > 1}):
        same = " and ".join(f"'{spelt(name)}'" for name, read in zip(names, header, strict=True) if read == column)
        wrong.append(fault("bad-row", f"the columns {same} are the same one: keep one", file, row))
    if wrong:
        raise InputError(wrong)


def _as_columns(
    file: str, header: Sequence[str], numbers: Sequence[int], rows: list[list[str]], faults: list[Issue]
) -> Iterator[Columns]:
    width = len(header)
    texts = list(zip(*rows, strict=False)) if set(map(len, rows)) == {width} else []
    place = header.index("item") if "item" in header else 0
    if not texts or "" in texts[0]:
        filled = {number: row for number, row in zip(numbers, rows, strict=True) if any(map(str.strip, row))}
        whole = {number: row for number, row in filled.items() if len(row) == width}
        cure = f"and the header {width}: a delimiter or a quote is amiss"
        for number, row in filled.items():
            if number not in whole:
                name = spelt("".join(row[place : place + 1]))[:80]
                faults.append(fault("bad-row", f"{name}: has {len(row)} fields, {cure}", file, number))
        numbers, texts = list(whole), list(zip(*whole.values(), strict=True))
    if texts:
        yield Columns(file, numbers, dict(zip(header, texts, strict=True)))


# ------------------------------------------------------------------------------------------------------ CSV


def _csv_rows(content: bytes, file: str, known: Mapping[str, str], faults: list[Issue]) -> Iterator[_Portion]:
    """Yield rows in chunks with their numbers; the first chunk begins with the header."""
    delimiter = _delimiter(content, known)
    if max(content.count(b"\n"), content.count(b"\r")) > MOST_ROWS:
        _stop(_TOO_MANY_ROWS, file, "file-too-large")
    if content.count(delimiter.encode()) > _MOST_FIELDS:
        _stop(f"has more than {_MOST_FIELDS:,} fields: leave out columns that nothing reads", file, "file-too-large")
    if (nul := content.find(b"\0")) >= 0:
        _stop("holds a zero byte: save it again as CSV UTF-8", file, "bad-row", content.count(b"\n", 0, nul) + 1)
    _decoded(content, file)
    lines = io.TextIOWrapper(io.BytesIO(content), "utf-8", newline="")
    reader = csv.reader(_short_lines(lines, file), delimiter=delimiter, strict=True)
    first, more = 1, True
    while more:
        rows: list[list[str]] = []
        try:
            # What was read before a fault stays in the list.
            rows.extend(islice(reader, _CHUNK))
            more = bool(rows)
        except csv.Error as error:
            text = f"{error}: a quote is open, or a field too long; save it again as CSV UTF-8"
            faults.append(fault("bad-row", text, file, first + len(rows)))
            more = False
        yield range(first, first + len(rows)), rows
        first += len(rows)


def _short_lines(lines: Iterable[str], file: str) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if len(line) > _LONGEST_LINE:
            _stop("has more than 1,000,000 characters: end each row with a new line", file, "bad-row", number)
        yield line


def _delimiter(content: bytes, known: Mapping[str, str]) -> str:
    """Choose the delimiter that finds most of the known columns in the header."""
    lines = re.split(r"[\r\n]+", content[:_HEADER].decode(errors="replace"))
    header = next((line for line in lines if line.strip(f"{_DELIMITERS} ")), "")

    def columns(delimiter: str) -> tuple[int, int]:
        names = [fold(name.strip('" ')) for name in header.split(delimiter)]
        return sum(name in known for name in names), len(names)

    return max(_DELIMITERS, key=columns)


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        at = error.start - content.rfind(b"\n", 0, error.start)
        text = f"byte {at} of line {line} is no UTF-8: save the file as CSV UTF-8"
        raise InputError([Issue("not-utf8", text, Location(file, line=line, column=at))]) from None


# ------------------------------------------------------------------------------------------------------ workbooks


def _sheet_rows(source: Source, known: Mapping[str, str]) -> Iterator[_Portion]:
    """Yield the filled rows of the sheet with a column `item`, else of the first, all of the same width."""
    try:
        book = read_workbook(source.path, name=source.file)
    except InputError as error:
        codes = {"unreadable-file": "unreadable"}
        raise InputError(
            Issue(codes.get(issue.code, issue.code), f"{issue.message}; or send CSV UTF-8", issue.location)
            for issue in error.issues
        ) from None
    tables = []
    for sheet in book.sheets:
        rows: dict[int, dict[int, str]] = {}
        for cell in sheet.cells:
            rows.setdefault(cell.row, {})[cell.column] = cell.raw
        width = max((column for row in rows.values() for column in row), default=0)
        filled = {number: rows[number] for number in sorted(rows) if any(map(str.strip, rows[number].values()))}
        if filled:
            table = [[row.get(column, "") for column in range(1, width + 1)] for row in filled.values()]
            tables.append((list(filled), table))
    named = [table for table in tables if any(known.get(fold(text)) == "item" for text in table[1][0])]
    if len(named) > 1 or not tables:
        words = "has several sheets with a column 'item': keep one" if tables else "has no filled cell"
        _stop(f"{words}, or send CSV UTF-8", source.file)
    yield (named or tables)[0]


# ------------------------------------------------------------------------------------------------------ COCO JSON


def read_coco(content: bytes, file: str) -> Coco:
    """Read boxes of COCO JSON: images, annotations, categories.

    Raises InputError for what is no such file, an annotation of no image, and two images of one name.
    """
    parsed = _parsed(content, file)
    if isinstance(parsed, list):
        _stop("is a bare list, which cannot say 'delivered, empty': export images, annotations and categories", file)
    parsed = parsed if isinstance(parsed, dict) else {}
    lists: dict[str, Any] = {key: parsed.get(key) for key in ("images", "annotations", "categories")}
    if missing := [key for key, value in lists.items() if not isinstance(value, list)]:
        _stop(f"has no list '{missing[0]}': export COCO JSON with images, annotations and categories", file)
    if len(lists["annotations"]) > MOST_ROWS:
        _stop(_TOO_MANY_ROWS, file, "file-too-large")

    def values(where: str, key: str) -> list[Any]:
        try:
            return [entry[key] for entry in lists[where]]
        except (KeyError, TypeError, IndexError):
            entries = enumerate(lists[where], start=1)
            wrong = next(place for place, entry in entries if not isinstance(entry, dict) or key not in entry)
            _stop(f"entry {wrong} of {where} has no '{key}': export it again as COCO JSON", file, "bad-row", wrong)

    # Without folder and extension.
    paths = [spelt(str(name)).replace("\\", "/").rpartition("/")[2] for name in values("images", "file_name")]
    names = [path.rpartition(".")[0] or path for path in paths]
    items = values("images", "id")
    if len(set(names)) < len(names):
        twice = Counter(names).most_common(1)[0][0]
        _stop(f"{twice}: two images have this name without folder and extension; rename one", file, "item-twice")
    return Coco(
        tuple(names),
        _places(items, "images", values("annotations", "image_id"), "image_id", file),
        tuple(spelt(str(name)) for name in values("categories", "name")),
        _places(values("categories", "id"), "categories", values("annotations", "category_id"), "category_id", file),
        _boxes(values("annotations", "bbox")),
        np.array([bool(entry.get("iscrowd")) for entry in lists["annotations"]], dtype=np.bool_),
    )


def _parsed(content: bytes, file: str) -> Any:
    if content.count(b"[") + content.count(b"{") > 2 * MOST_ROWS or content.count(b",") > _MOST_FIELDS:
        _stop(_TOO_MANY_ROWS, file, "file-too-large")
    if _is_deep(content):
        _stop("is nested deeper than 64: export it again as COCO JSON", file)
    if _LONG_NUMBER in content.translate(_DIGITS):
        _stop("holds a number of more than 308 digits: export it again", file)

    def refuse(word: str) -> NoReturn:
        raise ValueError(f"{word} is no number of JSON")

    try:
        return json.loads(_decoded(content, file), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        _stop(f"is no JSON ({error}): export it again as COCO JSON", file)


def _is_deep(content: bytes) -> bool:
    """Tell whether brackets outside texts are nested deeper than 64."""
    content = content.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in content else content
    # A text without brackets is now two quotes; every second part between those that are left is a text.
    brackets = content.translate(_BRACKETS, _NO_BRACKETS).replace(b'""', b"")
    brackets = b"".join(brackets.split(b'"')[::2])
    for _ in range(_DEEPEST):
        brackets = brackets.replace(b"[]", b"")
    return b"[]" in brackets or brackets.count(b"[") > _DEEPEST


def _places(known: list[Any], where: str, ids: list[Any], key: str, file: str) -> Ints:
    """Find the places of ids among the known ones."""
    try:
        numbers = {name: number for number, name in enumerate(known)}
    except TypeError:
        numbers = {}
    if len(numbers) < len(known):
        _stop(f"an id of {where} is no id, or stands twice: export it again as COCO JSON", file, "bad-row")
    try:
        return np.fromiter(map(numbers.__getitem__, ids), np.int64, len(ids))
    except (KeyError, TypeError):
        wrong = next(i for i, name in enumerate(ids) if not isinstance(name, int | str) or name not in numbers)
        name = spelt(str(ids[wrong]))[:80]
        text = (
            f"the {key} of entry {wrong + 1} of annotations, {name}, is none of the file: export it again as COCO JSON"
        )
        _stop(text, file, "bad-row", wrong + 1)


def _boxes(boxes: list[Any]) -> Floats:
    fine = all(type(box) is list for box in boxes) and set(map(len, boxes)) <= {4}
    if not fine or not set(map(type, chain.from_iterable(boxes))) <= {int, float}:
        boxes = [box if _is_box(box) else [np.nan] * 4 for box in boxes]
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)


def _is_box(box: Any) -> bool:
    return isinstance(box, list) and len(box) == 4 and all(type(side) in {int, float} for side in box)  # noqa: PLR2004
