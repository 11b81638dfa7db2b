"""Identity of the workbooks that go out: which questionnaire or clarification a file is, whatever its name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from vendor_eval.criteria.parsing import normalize
from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.spreadsheets import LARGEST_FILE, Book, Cell, Sheet, peek, read_workbook
from vendor_eval.spreadsheets.workers import charge

CLARIFICATION = "vendor-eval/clarification/1"
IDENTITY = "_identity"
TEXTS = "_texts"
KIND, VENDOR, VENDOR_NAME, ROUND = (
    "vendor_eval_template",
    "vendor_eval_vendor",
    "vendor_eval_vendor_name",
    "vendor_eval_round",
)
_PARTS = frozenset({"docprops/custom.xml", "meta.xml", "xl/sharedstrings.xml", "content.xml"})
_OLD = b"\xd0\xcf\x11\xe0"
# Columns that a vendor writes in: nothing there is taken as text of ours.
_READ = frozenset({"answer", "unit", "evidence", "comment"})


@dataclass(frozen=True, slots=True)
class Clarification:
    """Whose open points a workbook asks about, and in which round, counted from 1."""

    vendor: str
    name: str
    round: int


def written_identity(book: Book) -> dict[str, str]:
    """Identity of a workbook; the hidden sheet holds it too, since some programs drop the properties of a document."""
    sheet = next((sheet for sheet in book.sheets if sheet.name == IDENTITY), None)
    pairs = (list(row.values()) for _, row in sheet.rows()) if sheet else ()
    return {pair[0].raw: pair[1].raw for pair in pairs if len(pair) > 1} | dict(book.properties)


def clarification_of(book: Book) -> Clarification | None:
    """Return whose clarification a workbook is; None for any other workbook."""
    own = written_identity(book)
    if own.get(KIND) != CLARIFICATION:
        return None
    number = own.get(ROUND, "")
    return Clarification(own.get(VENDOR, ""), own.get(VENDOR_NAME, ""), int(number) if number.isdecimal() else 1)


def clarified_vendor(path: Path, name: str) -> str | None:
    """Return the vendor whose clarification a file is; None where it is none, or cannot be read."""
    charge(name)
    if not _may_be_clarification(path):
        return None
    try:
        clarification = clarification_of(read_workbook(path, name=name))
    except InputError:
        return None
    return clarification.vendor if clarification else None


def _may_be_clarification(path: Path) -> bool:
    """Look for the name of the template without reading the cells."""
    mark = CLARIFICATION.encode()
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if content.startswith(_OLD):
            return mark in content
        return any(mark in part for part in peek(path.name, content, _PARTS))
    # Faults of the file are reported where it is read.
    except (OSError, InputError):
        return False


def in_rounds(books: Iterable[Book], vendor: str) -> tuple[tuple[int, Book], ...]:
    """Put a vendor's workbooks in the order of their rounds: 0 for a response, then clarifications without our texts.

    Raises InputError where a clarification is another vendor's.
    """
    rounds: list[tuple[int, Book]] = []
    for book in books:
        own = clarification_of(book)
        if own is None:
            rounds.append((0, book))
        elif own.vendor == vendor:
            rounds.append((own.round, _without_our_texts(book)))
        else:
            whose = f"{own.name} ({own.vendor})" if own.name not in {"", own.vendor} else own.vendor
            message = (
                f"is the clarification workbook of {whose}, not of {vendor}: put it beside the response of {whose}"
            )
            raise InputError([Issue("wrong-vendor", message, Location(book.file))])
    return tuple(sorted(rounds, key=lambda pair: pair[0]))


def fingerprint(text: str) -> str:
    """Return the mark by which a text of ours is recognised after another program saved it."""
    return sha256(normalize(text).encode(errors="replace")).hexdigest()[:16]


def _without_our_texts(book: Book) -> Book:
    """Leave out what a clarification says itself: its texts quote answers and are never answers again."""
    texts = next((sheet for sheet in book.sheets if sheet.name == TEXTS), None)
    marks = frozenset(cell.raw for cell in texts.cells) if texts else frozenset()
    identity = written_identity(book)
    own = {*identity, *identity.values(), *marks}
    sheets = (
        replace(sheet, cells=tuple(cell for cell in sheet.cells if cell.raw not in own))
        if sheet.name in {IDENTITY, TEXTS}
        else replace(sheet, cells=tuple(_foreign(sheet, marks)))
        for sheet in book.sheets
    )
    return replace(book, sheets=tuple(sheets))


def _foreign(sheet: Sheet, marks: frozenset[str]) -> Iterator[Cell]:
    read: Sequence[int] = ()
    for _, row in sheet.rows():
        read = _columns(row) or read
        for column, cell in row.items():
            if column in read or fingerprint(cell.raw) not in marks:
                yield cell


def _columns(row: Mapping[int, Cell]) -> tuple[int, ...]:
    """Columns of a header row that are read; none for any other row."""
    named = {column: normalize(cell.raw) for column, cell in row.items()}
    if not {"id", "answer"} <= set(named.values()):
        return ()
    return tuple(column for column, name in named.items() if name in _READ)
