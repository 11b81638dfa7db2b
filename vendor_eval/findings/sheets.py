"""Filled score sheets become findings; a cell that cannot be read becomes an issue, nothing is guessed."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vendor_eval.criteria.parsing import normalize, read_date, shorten
from vendor_eval.findings import sheet_rows
from vendor_eval.findings.acts import SheetFinding
from vendor_eval.findings.codes import ScoreKey, load_key
from vendor_eval.findings.contradictions import copied, without_contradictions
from vendor_eval.findings.recusal import Interest, Pair, Statement, declared_interests
from vendor_eval.findings.sheet_entries import FilledRow, RowReader, SheetContext
from vendor_eval.findings.sheet_owners import owned_sheets
from vendor_eval.intake.submission import InputFile
from vendor_eval.intake.submission.cell_claims import CellClaims
from vendor_eval.issues import AnswerError, Issue, Location
from vendor_eval.spreadsheets import Book, Cell, Sheet, read_workbook
from vendor_eval.tender import Evaluation
from vendor_eval.tender.warnings import unassigned_rubrics

_COLUMNS = {
    normalize(name): name
    for name in (sheet_rows.KEY, *sheet_rows.SCORE_HEADERS, *sheet_rows.CLAIM_HEADERS, *sheet_rows.CONSENSUS_HEADERS)
}
_NO_INTEREST = re.compile(
    r"(?:i have |i declare )?(?:no|none|nothing)(?: known)?(?: conflicts?| interests?)?(?: of interests?)?"
    r"(?: (?:with|in) any (?:vendor|bidder)s?)?(?: to declare| known)?"
)
_FIELDS = {normalize(label): name for label, name in sheet_rows.COVER_FIELDS.items()}


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A score sheet that was read: its evaluator, its day, the interests that it declares."""

    evaluator: str
    file: InputFile
    written: date | None
    interests: Statement


@dataclass(frozen=True, slots=True)
class Scores:
    """All score sheets: findings that count, those that were entered, files, issues, and the key of blinded ones.

    `interests` are those that evaluators declared, there or in the evaluation.
    """

    findings: tuple[SheetFinding, ...] = ()
    sheets: tuple[SheetFile, ...] = ()
    issues: tuple[Issue, ...] = ()
    key: ScoreKey | None = None
    entered: tuple[SheetFinding, ...] = ()
    interests: tuple[Interest, ...] = ()

    @property
    def recused(self) -> frozenset[Pair]:
        """Evaluators and the vendors for which they are recused."""
        return frozenset(interest.pair for interest in self.interests if interest.recused)


def read_scores(evaluation: Evaluation, vendors: Mapping[str, str], texts: Iterable[str] = ()) -> Scores:
    """Read every score sheet in `scores/`; `vendors` are those that were read, id and name, `texts` what they wrote.

    What an evaluator gave a vendor counts as if its rows were blank where the evaluator is recused for the vendor.
    Raises InputError for a workbook that cannot be read or is no score sheet of this evaluation, for one of nobody in
    the panel, and for a second sheet of one evaluator, unless the evaluation says which counts.
    """
    if not evaluation.settings.evaluators:
        return Scores()
    key = load_key(evaluation)
    owned, strays = owned_sheets(evaluation)
    readers = [_ScoreSheetReader(SheetContext(evaluation, owner, vendors, key), book) for owner, book in owned]
    findings = [finding for reader in readers for finding in reader.findings]
    files = tuple(reader.sheet_file for reader in readers)
    statements = {file.evaluator: file.interests for file in files}
    interests, unclear = declared_interests(evaluation, statements, vendors, key, texts)
    recused = {interest.pair for interest in interests if interest.recused}
    kept, clashes = counting(evaluation, findings, recused)
    issues = [
        *unassigned_rubrics(evaluation),
        *strays,
        *(issue for reader in readers for issue in reader.issues),
        *clashes,
        *copied(kept),
        *unclear,
    ]
    return Scores(tuple(kept), files, tuple(issues), key, tuple(findings), interests)


def counting(
    evaluation: Evaluation, entered: Iterable[SheetFinding], recused: Collection[Pair]
) -> tuple[list[SheetFinding], list[Issue]]:
    """Leave out what recused evaluators entered, then acts that contradict each other, each of these an issue."""
    allowed = (finding for finding in entered if (finding.evaluator, finding.vendor) not in recused)
    return without_contradictions(evaluation, allowed)


class _ScoreSheetReader:
    """Reads one score sheet; every filled cell ends as level, act, reason, template text, or is listed."""

    def __init__(self, context: SheetContext, book: Book) -> None:
        self.context, self.book = context, book
        self.issues: list[Issue] = [*book.remarks]
        self.cover: dict[str, tuple[Cell, Location]] = {}
        tables = {sheet.name: headers for sheet in book.sheets if (headers := _headers(sheet))}
        for sheet in book.sheets:
            if sheet.name not in tables:
                self._sheet_without_table(sheet)
        self.written = self._date()
        self.rows = RowReader(context, self.written or context.as_of)
        for sheet in book.sheets:
            if sheet.name in tables:
                self._table(sheet, tables[sheet.name])
        self.findings = self.rows.findings
        self.issues += self.rows.issues

    @property
    def sheet_file(self) -> SheetFile:
        """The file, its day and the interests that it declares; a "none" declares none."""
        file = InputFile(self.book.file, self.book.sha256)
        cell, place = self.cover.get("interests", (None, Location(self.book.file)))
        interests = cell.raw.strip() if cell else ""
        nothing = self.context.evaluation.criteria.words.judge(interests) == "nothing"
        none = nothing or _NO_INTEREST.fullmatch(normalize(interests).strip("."))
        return SheetFile(self.context.owner, file, self.written, Statement("" if none else interests, place))

    def _date(self) -> date | None:
        fault, place = "the first sheet says no day on which it was written", Location(self.book.file)
        if "date" in self.cover:
            cell, place = self.cover["date"]
            try:
                return read_date(cell.value)
            except AnswerError as error:
                fault = str(error)
        message = f"{self.context.owner}: {fault}; {self.context.as_of} stands for it"
        self.issues.append(Issue("no-written-date", message, place))
        return None

    def _sheet_without_table(self, sheet: Sheet) -> None:
        """Read the first sheet and the hidden one, and report other cells of a sheet without a table."""
        claims = CellClaims(self.book.file, sheet)
        evaluation, owner = self.context.evaluation, self.context.owner
        cover = sheet_rows.cover_texts(evaluation, owner, self.context.name)
        template = set(map(normalize, (*cover, *sheet_rows.EARLIER_TEXTS)))
        properties = sheet_rows.identity(evaluation, owner) if sheet.name == sheet_rows.IDENTITY else {}
        for _, row in sheet.rows():
            label, *values = row.values()
            name = _FIELDS.get(normalize(label.raw))
            if name and values:
                self.cover[name] = (values[0], claims.at(values[0]))
            if name or label.raw in properties:
                claims.claim([label, *values[:1]])
            claims.claim(cell for cell in row.values() if normalize(cell.raw) in template)
        self._close(claims)

    def _table(self, sheet: Sheet, headers: Mapping[int, Mapping[str, int]]) -> None:
        claims = CellClaims(self.book.file, sheet)
        columns: Mapping[str, int] = {}
        for number, row in sheet.rows():
            if number in headers:
                columns = headers[number]
                claims.claim(row[column] for column in columns.values())
            elif columns:
                cells = {name: row[column] for name, column in columns.items() if column in row}
                claims.claim(cells.values())
                inputs = {name: cell for name, cell in cells.items() if name in sheet_rows.INPUTS and cell.raw.strip()}
                if inputs:
                    self.rows.read(FilledRow(claims.at, cells, inputs))
        self._close(claims)

    def _close(self, claims: CellClaims) -> None:
        for address, text in claims.sheet.notes:
            claims.say("note", f"a note was not read: '{shorten(text)}'", address=address)
        claims.close(lambda _cells: "")
        self.issues += claims.issues


def holds_entries(path: Path) -> bool:
    """Return whether a row of a score sheet is filled in; False for a path without a file.

    Raises InputError where a workbook cannot be read.
    """
    if not path.is_file():
        return False
    for sheet in read_workbook(path).sheets:
        columns: Mapping[str, int] = {}
        headers = _headers(sheet)
        for number, row in sheet.rows():
            inputs = (row[column] for name, column in columns.items() if name in sheet_rows.INPUTS and column in row)
            if number not in headers and any(cell.raw.strip() for cell in inputs):
                return True
            columns = headers.get(number, columns)
    return False


def _headers(sheet: Sheet) -> dict[int, dict[str, int]]:
    """Find header rows: those that name a reason, and a level or an act."""
    headers = {}
    for number, row in sheet.rows():
        columns: dict[str, int] = {}
        for column, cell in row.items():
            if name := _COLUMNS.get(normalize(cell.raw)):
                columns.setdefault(name, column)
        if "Reason" in columns and columns.keys() & {"Level", "Act"}:
            headers[number] = columns
    return headers
