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
from typing import Any, NamedTuple, NoReturn

import numpy as np

from vendor_eval.config.input_files import NotRegularError, open_regular
from vendor_eval.criteria.parsing import shorten
from vendor_eval.intake.listing import spelt
from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.pilot.settings import fold
from vendor_eval.pilot.sizes import LARGEST, SEVERAL, refuse_too_large
from vendor_eval.pilot.tables import Flags, Floats, Ints
from vendor_eval.spreadsheets import Sheet, read_workbook
from vendor_eval.spreadsheets.files import READERS, REFUSED

MOST_ROWS = 5_000_000
UNREAD = "?"
_CHUNK = 1 << 10  # rows that stay in the cache of a processor while they are turned into columns
_HEADER = 1 << 16
_MOST_FAULTS = 1000
# How formats begin that are not read yet, and what their first lines hold.
_LATER = {"JSON of Label Studio": (b"[", b'"annotations"'), "XML of CVAT": (b"<", b"<annotations")}
_MOST_FIELDS = 50_000_000
_LONGEST_LINE = 1_000_000
_DEEPEST = 64
_DELIMITERS = ",;\t"
_NO_BRACKETS = bytes(set(range(256)) - set(b'"[]{}'))
# No float holds a number of so many digits.
_LONG_NUMBER = b"0" * 309
_DIGITS = bytes(ord("0") if chr(sign) in "0123456789" else ord(" ") for sign in range(256))


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


def read_content(path: Path, file: str) -> bytes:
    """Read the bytes of a regular file, no link and no pipe, as UTF-8 where they are text.

    Raises InputError; what is too large is refused before a byte is read.
    """
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


def is_json(path: Path, content: bytes) -> bool:
    """Tell whether a file is meant as JSON."""
    return path.suffix.casefold() == ".json" or content[:_HEADER].lstrip()[:1] in {b"{", b"["}


def columns_of(
    path: Path, file: str, content: bytes, *, needed: Collection[str], known: Mapping[str, str], faults: list[Issue]
) -> Iterator[Columns]:
    """Read a CSV file or a workbook in chunks; `known` maps folded names in the header to names of columns.

    The names of other columns begin with UNREAD. Rows with faults are left out and listed in `faults`; raises
    InputError where nothing can be read.
    """
    start = content.lstrip()[:64]
    if content.startswith(tuple(READERS)):
        rows = _sheet_rows(path, file, known)
    elif refused := next((words for magic, words in REFUSED.items() if start.startswith(magic)), None):
        _stop(f"{refused}, which is not read: send CSV UTF-8 or .xlsx", file)
    elif is_json(path, content):
        _stop("is JSON, which this task does not take: send CSV UTF-8 or .xlsx", file)
    else:
        rows = _csv_rows(content, file, known, faults)
    header: list[str] = []
    for numbers, chunk in rows:
        if header:
            yield from _as_columns(file, header, numbers, chunk, faults)
        else:
            header = [known.get(fold(name), f"{UNREAD}{' '.join(name.split())}") for name in chunk[0]]
            missing = [name for name in needed if known[name] not in header]
            _check_header(header, chunk[0], missing, file, numbers[0])
            yield from _as_columns(file, header, numbers[1:], chunk[1:], faults)
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
        filled = [(number, row) for number, row in zip(numbers, rows, strict=True) if any(map(str.strip, row))]
        faults += [
            fault(
                "bad-row",
                f"{spelt(''.join(row[place : place + 1]))[:80]}: has {len(row)} fields, and the header {width}: "
                "a delimiter or a quote is amiss",
                file,
                number,
            )
            for number, row in filled
            if len(row) != width
        ]
        whole = [(number, row) for number, row in filled if len(row) == width]
        numbers = [number for number, _ in whole]
        texts = list(zip(*(row for _, row in whole), strict=True))
    if texts:
        yield Columns(file, numbers, dict(zip(header, texts, strict=True)))


# ------------------------------------------------------------------------------------------------------ CSV


def _csv_rows(
    content: bytes, file: str, known: Mapping[str, str], faults: list[Issue]
) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
    """Yield rows in chunks with their numbers; the first chunk begins with the header."""
    delimiter = _delimiter(content, known)
    _check_amount(content, delimiter, file)
    lines = io.TextIOWrapper(io.BytesIO(content), "utf-8", newline="")
    reader = csv.reader(_short_lines(lines, content, file), delimiter=delimiter, strict=True)
    first, more = 1, True
    while more:
        rows: list[list[str]] = []
        try:
            # What was read before a fault stays in the list.
            rows.extend(islice(reader, _CHUNK))
            more = bool(rows)
        except UnicodeDecodeError:
            raise InputError([_not_utf8(content, file)]) from None
        except csv.Error as error:
            text = f"{error}: a quote is open, or a field too long; save it again as CSV UTF-8"
            faults.append(fault("bad-row", text, file, first + len(rows)))
            more = False
        blank = 0
        if first == 1:
            blank = next((place for place, row in enumerate(rows) if any(row)), len(rows))
        if rows[blank:]:
            yield range(first + blank, first + len(rows)), rows[blank:]
        first += len(rows)


def _check_amount(content: bytes, delimiter: str, file: str) -> None:
    if max(content.count(b"\n"), content.count(b"\r")) > MOST_ROWS:
        _stop(f"has more than 5,000,000 rows: {SEVERAL}", file, "file-too-large")
    if content.count(delimiter.encode()) > _MOST_FIELDS:
        _stop(f"has more than {_MOST_FIELDS:,} fields: leave out columns that nothing reads", file, "file-too-large")
    if (nul := content.find(b"\0")) >= 0:
        text = "holds a zero byte: save it again as CSV UTF-8"
        _stop(text, file, "bad-row", content.count(b"\n", 0, nul) + 1)


def _short_lines(lines: io.TextIOWrapper, content: bytes, file: str) -> Iterator[str]:
    """Return the lines, which are counted one by one only where one may be too long."""
    start = 0
    while len(content) - start > _LONGEST_LINE:
        part = start, start + _LONGEST_LINE
        start = max(content.rfind(b"\n", *part), content.rfind(b"\r", *part)) + 1
        if not start:
            return _counted_lines(lines, file)
    return lines


def _counted_lines(lines: Iterable[str], file: str) -> Iterator[str]:
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


def _not_utf8(content: bytes, file: str) -> Issue:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        at = error.start - content.rfind(b"\n", 0, error.start)
        text = f"byte {at} of line {line} is no UTF-8: save the file as CSV UTF-8"
        return Issue("not-utf8", text, Location(file, line=line, column=at))
    return fault("not-utf8", "is no UTF-8: save it as CSV UTF-8", file)


# ------------------------------------------------------------------------------------------------------ workbooks


def _sheet_rows(path: Path, file: str, known: Mapping[str, str]) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
    try:
        book = read_workbook(path, name=file)
    except InputError as error:
        raise InputError(
            Issue(
                "unreadable" if issue.code == "unreadable-file" else issue.code,
                f"{issue.message}; or send CSV UTF-8",
                issue.location,
            )
            for issue in error.issues
        ) from None
    sheets = [(sheet, rows) for sheet in book.sheets if (rows := _grid(sheet))]
    tables = [rows for _, rows in sheets if any(known.get(fold(text)) == "item" for text in rows[0][1])] or [
        rows for _, rows in sheets[:1]
    ]
    if len(tables) != 1:
        words = "has several sheets with a column 'item': keep one" if tables else "has no filled cell"
        _stop(f"{words}, or send CSV UTF-8", file)
    yield [number for number, _ in tables[0]], [row for _, row in tables[0]]


def _grid(sheet: Sheet) -> list[tuple[int, list[str]]]:
    """Lay the filled cells of a sheet out as rows of the same width, each with its number."""
    rows: dict[int, dict[int, str]] = {}
    for cell in sheet.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell.raw
    width = max((column for row in rows.values() for column in row), default=0)
    filled = sorted((number, row) for number, row in rows.items() if any(map(str.strip, row.values())))
    return [(number, [row.get(column, "") for column in range(1, width + 1)]) for number, row in filled]


# ------------------------------------------------------------------------------------------------------ COCO JSON


def read_coco(content: bytes, file: str) -> Coco:
    """Read boxes of COCO JSON: images, annotations, categories.

    Raises InputError for what is no such file, an annotation of no image, and two images of one name.
    """
    parsed = _parsed(content, file)
    if isinstance(parsed, list):
        _stop("is a bare list, which cannot say 'delivered, empty': export images, annotations and categories", file)
    keys = ("images", "annotations", "categories")
    lists: list[Any] = [parsed.get(key) if isinstance(parsed, dict) else None for key in keys]
    if missing := [key for key, value in zip(keys, lists, strict=True) if not isinstance(value, list)]:
        _stop(f"has no list '{missing[0]}': export COCO JSON with images, annotations and categories", file)
    images, annotations, categories = lists
    if len(annotations) > MOST_ROWS:
        _stop(f"has more than 5,000,000 rows: {SEVERAL}", file, "file-too-large")
    names = [_stem(name) for name in _values(images, "file_name", "images", file)]
    items = _numbered(_values(images, "id", "images", file), "images", file)
    if len(set(names)) < len(names):
        twice = Counter(names).most_common(1)[0][0]
        _stop(f"{twice}: two images have this name without folder and extension; rename one", file, "item-twice")
    classes = _numbered(_values(categories, "id", "categories", file), "categories", file)
    return Coco(
        tuple(names),
        _places(items, _values(annotations, "image_id", "annotations", file), "image_id", file),
        tuple(spelt(str(name)) for name in _values(categories, "name", "categories", file)),
        _places(classes, _values(annotations, "category_id", "annotations", file), "category_id", file),
        _boxes(_values(annotations, "bbox", "annotations", file)),
        np.array([bool(entry.get("iscrowd")) for entry in annotations], dtype=np.bool_),
    )


def _parsed(content: bytes, file: str) -> Any:
    if content.count(b"[") + content.count(b"{") > 2 * MOST_ROWS or content.count(b",") > _MOST_FIELDS:
        _stop(f"has more than 5,000,000 rows: {SEVERAL}", file, "file-too-large")
    if _depth(content) > _DEEPEST:
        _stop("is nested deeper than 64: export it again as COCO JSON", file)
    if _LONG_NUMBER in content.translate(_DIGITS):
        _stop("holds a number of more than 308 digits: export it again", file)

    def refuse(word: str) -> NoReturn:
        raise ValueError(f"{word} is no number of JSON")

    try:
        return json.loads(content.decode(), parse_constant=refuse)
    except UnicodeDecodeError:
        raise InputError([_not_utf8(content, file)]) from None
    except (ValueError, RecursionError) as error:
        _stop(f"is no JSON ({error}): export it again as COCO JSON", file)


def _depth(content: bytes) -> int:
    """Count how deep brackets outside texts are nested."""
    deepest = depth = quotes = 0
    content = content.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in content else content
    content = content.translate(None, _NO_BRACKETS)
    for start in range(0, len(content), 1 << 22):
        signs = np.frombuffer(content[start : start + (1 << 22)], np.uint8)
        quoted = np.flatnonzero(signs == ord('"'))
        places = np.flatnonzero((signs == ord("[")) | (signs == ord("{")) | (signs == ord("]")) | (signs == ord("}")))
        outside = (np.searchsorted(quoted, places) + quotes) % 2 == 0
        steps = np.where((signs[places] == ord("[")) | (signs[places] == ord("{")), 1, -1)[outside]
        depths = depth + np.cumsum(steps)
        deepest = max(deepest, int(depths.max(initial=depth)))
        depth = int(depths[-1]) if len(depths) else depth
        quotes += len(quoted)
    return deepest


def _values(entries: list[Any], key: str, where: str, file: str) -> list[Any]:
    try:
        return [entry[key] for entry in entries]
    except (KeyError, TypeError, IndexError):
        wrong = next(i for i, entry in enumerate(entries) if not isinstance(entry, dict) or key not in entry)
        _stop(f"entry {wrong + 1} of {where} has no '{key}': export it again as COCO JSON", file, "bad-row", wrong + 1)


def _stem(name: object) -> str:
    file = spelt(str(name)).replace("\\", "/").rpartition("/")[2]
    return file.rpartition(".")[0] or file


def _numbered(ids: list[Any], where: str, file: str) -> dict[Any, int]:
    try:
        numbers = {name: number for number, name in enumerate(ids)}
    except TypeError:
        numbers = {}
    if len(numbers) < len(ids):
        _stop(f"an id of {where} is no id, or stands twice: export it again as COCO JSON", file, "bad-row")
    return numbers


def _places(numbers: Mapping[Any, int], ids: list[Any], key: str, file: str) -> Ints:
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
        boxes = [_box(box) for box in boxes]
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)


def _box(box: Any) -> list[float]:
    fine = isinstance(box, list) and len(box) == 4 and all(type(side) in {int, float} for side in box)  # noqa: PLR2004
    return box if fine else [np.nan] * 4
