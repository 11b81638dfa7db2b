"""Identity of the workbooks that go out: which questionnaire or clarification a file is, whatever its name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from vendor_eval.criteria import SHIPPED
from vendor_eval.criteria.parsing import normalize
from vendor_eval.issues import InputError
from vendor_eval.spreadsheets import LARGEST_FILE, Book, Cell, Sheet, part_names, peek, read_bytes, read_workbook
from vendor_eval.spreadsheets.workers import charge, spread

CLARIFICATION, CONDITIONS = "vendor-eval/clarification/1", "vendor-eval/conditions/1"
SCORE_SHEET = "vendor-eval/score-sheet/1"
# Workbooks that go out beside the questionnaire, by their template: none of them is a response.
KINDS = {CLARIFICATION: "clarification workbook", CONDITIONS: "workbook of conditions", SCORE_SHEET: "score sheet"}
IDENTITY = "_identity"
TEXTS = "_texts"
KIND, VENDOR, VENDOR_NAME = "vendor_eval_template", "vendor_eval_vendor", "vendor_eval_vendor_name"
ROUND, TOKEN = "vendor_eval_round", "vendor_eval_token"
_COUNTED = re.compile("[1-9][0-9]{0,2}")
_MARK = re.compile("[0-9a-f]{16}")
_STRINGS = "xl/sharedstrings.xml"
_PARTS = frozenset({"docprops/custom.xml", "meta.xml", _STRINGS, "content.xml"})
_OLD = b"\xd0\xcf\x11\xe0"
# Columns that a vendor writes in: nothing there is taken as text of ours.
_READ = frozenset({"answer", "unit", "evidence", "comment"})


@dataclass(frozen=True, slots=True)
class Clarification:
    """What a workbook says of itself: whose open points it asks about, in which round, with which token.

    Rounds count from 1; 0 where what stands there is no round. A workbook of conditions belongs to none. `is_ours` is
    true where it is made as this tool makes it, and does not only say so: a response that says so stays a response.
    """

    vendor: str
    name: str
    round: int
    token: str
    kind: str = CLARIFICATION
    is_ours: bool = False

    @property
    def is_conditions(self) -> bool:
        return self.kind == CONDITIONS


# By the hash of a file.
_claims: dict[bytes, Clarification | None] = {}


def written_identity(book: Book) -> dict[str, str]:
    """Identity of a workbook; the hidden sheet holds it too, since some programs drop the properties of a document."""
    sheet = next((sheet for sheet in book.sheets if sheet.name == IDENTITY), None)
    pairs = (list(row.values()) for _, row in sheet.rows()) if sheet else ()
    return {pair[0].raw: pair[1].raw for pair in pairs if len(pair) > 1} | dict(book.properties)


def sent_version(folder: Path, file: str) -> str:
    """Return the version of the shipped scorecard with which a workbook says it was sent out; '' for any other."""
    charge(file)
    try:
        identity = written_identity(read_workbook(folder / file, name=file))
    except (OSError, InputError):  # reported where it is read
        return ""
    shipped = identity.get("vendor_eval_scorecard") == SHIPPED
    return identity.get("vendor_eval_scorecard_version", "") if shipped else ""


def clarification_of(book: Book) -> Clarification | None:
    """Return which of the workbooks that go out beside the questionnaire a workbook says it is; None for any other."""
    own = written_identity(book)
    if (kind := own.get(KIND, "")) not in KINDS:
        return None
    number = own.get(ROUND, "1")
    counted = int(number) if _COUNTED.fullmatch(number) and kind != CONDITIONS else 0
    is_ours = kind != CLARIFICATION or bool(own_marks(book))
    return Clarification(own.get(VENDOR, ""), own.get(VENDOR_NAME, ""), counted, own.get(TOKEN, ""), kind, is_ours)


def claimed_clarifications(folder: Path, files: Sequence[str]) -> dict[str, Clarification]:
    """Map files to what `clarification_of` says of each; without those that are none.

    A process reads the same bytes once, however often a command asks: each time would cost a worker.
    """
    digests = {file: digest for file in files if (digest := _digest(folder, file))}
    unread = tuple({digest: file for file, digest in digests.items() if digest not in _claims}.values())
    # A file that ends its worker is reported where it is read.
    claims = spread(claimed_clarification, folder, unread, lost=lambda _file, _issue: None)
    _claims.update((digests[file], claim) for file, claim in zip(unread, claims, strict=True))
    return {file: claim for file, digest in digests.items() if (claim := _claims[digest])}


def _digest(folder: Path, file: str) -> bytes:
    """Hash what a claim depends on; b'' for what is no regular file."""
    try:
        return sha256(read_bytes(file, folder / file)).digest()
    except InputError:  # reported where it is read
        return b""


def claimed_clarification(folder: Path, file: str) -> Clarification | None:
    """Return what `clarification_of` says of a file; None also where it cannot be read."""
    charge(file)
    try:
        own = _may_be_clarification(folder / file)
        return clarification_of(read_workbook(folder / file, name=file)) if own else None
    except InputError:
        return None


def _may_be_clarification(path: Path) -> bool:
    """Look for the name of the template without reading the cells."""
    marks = [kind.encode() for kind in KINDS]
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if content.startswith(_OLD):
            return any(mark in content for mark in marks)
        names = part_names(path.name, content)
        # Some programs write the texts into the sheets themselves.
        sheets = () if _STRINGS in names else (part for part in names if part.startswith("xl/worksheets/"))
        parts = peek(path.name, content, {*_PARTS, *sheets})
        return any(mark in part for part in parts for mark in marks)
    # Faults of the file are reported where it is read.
    except (OSError, InputError):
        return False


def fingerprint(text: str) -> str:
    """Return the mark by which a text of ours is recognized after another program saved it."""
    return sha256(normalize(text).encode(errors="replace")).hexdigest()[:16]


def own_marks(book: Book) -> frozenset[str]:
    """Return the marks of the texts that a workbook of ours says that it brought along."""
    texts = next((sheet for sheet in book.sheets if sheet.name == TEXTS), None)
    return frozenset(cell.raw for cell in texts.cells if _MARK.fullmatch(cell.raw)) if texts else frozenset()


def without_our_texts(book: Book) -> Book:
    """Leave out what a clarification says itself: its texts quote answers and are never answers again."""
    marks = own_marks(book)
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
        named = {column: normalize(cell.raw) for column, cell in row.items()}
        if {"id", "answer"} <= set(named.values()):
            read = [column for column, name in named.items() if name in _READ]
        for column, cell in row.items():
            if column in read or fingerprint(cell.raw) not in marks:
                yield cell
