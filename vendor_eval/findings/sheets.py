"""Filled score sheets become findings. What cannot be read is asked back, with its cell; nothing is guessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vendor_eval.criteria.parsing import normalize, read_date, shorten
from vendor_eval.criteria.questions import RubricQuestion
from vendor_eval.findings.acts import FILE as FINDINGS
from vendor_eval.findings.acts import SheetFinding
from vendor_eval.findings.codes import ScoreKey, load_key
from vendor_eval.findings.contradictions import copied, without_contradictions
from vendor_eval.findings.sheet_entries import Entries, SheetPoint, Sides
from vendor_eval.findings.sheet_owners import owned_sheets
from vendor_eval.findings.sheet_rows import (
    CLAIM_HEADERS,
    CONSENSUS_HEADERS,
    COVER_FIELDS,
    IDENTITY,
    INPUTS,
    KEY,
    SCORE_HEADERS,
    cover_texts,
    given_to,
    identity,
)
from vendor_eval.intake.submission import InputFile
from vendor_eval.intake.submission.cell_claims import CellClaims
from vendor_eval.issues import AnswerError, Issue, Location
from vendor_eval.spreadsheets import Book, Cell, Sheet, read_workbook
from vendor_eval.tender import Evaluation

_COLUMNS = {normalize(name): name for name in (KEY, *SCORE_HEADERS, *CLAIM_HEADERS, *CONSENSUS_HEADERS)}
_NO_INTEREST = frozenset(("no", "none", "none known", "no conflict", "no conflicts", "no interest", "nothing"))
_FIELDS = {normalize(label): name for label, name in COVER_FIELDS.items()}

_Named = Mapping[str, Cell]
"""Cells of a row by the header of their column."""


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A score sheet that was read: whose it is, when it was written, what interests it declares."""

    evaluator: str
    file: InputFile
    written: date | None
    interests: str


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that the evaluators sent."""

    findings: tuple[SheetFinding, ...] = ()
    sheets: tuple[SheetFile, ...] = ()
    issues: tuple[Issue, ...] = ()
    key: ScoreKey | None = None


def read_scores(evaluation: Evaluation, vendors: Mapping[str, str]) -> Scores:
    """Read every score sheet in `scores/`; `vendors` are those that were read, id and name.

    Raises InputError for a workbook that cannot be read or is no score sheet of this evaluation, for one of nobody in
    the panel, and for a second sheet of one evaluator, unless the evaluation says which counts.
    """
    if not evaluation.settings.evaluators:
        return Scores()
    key = load_key(evaluation)
    owned, strays = owned_sheets(evaluation)
    readers = [_SheetReader(Sides(evaluation, owner, vendors, key), book) for owner, book in owned]
    found = [finding for reader in readers for finding in reader.findings]
    kept, clashes = without_contradictions(evaluation, found)
    issues = [
        *_given_to_nobody(evaluation),
        *strays,
        *(issue for reader in readers for issue in reader.issues),
        *clashes,
        *copied(found),
    ]
    return Scores(tuple(kept), tuple(reader.sheet_file for reader in readers), tuple(issues), key)


def _given_to_nobody(evaluation: Evaluation) -> Iterator[Issue]:
    """Find rubrics that are asked and that no evaluator was given: they would stay pending for ever."""
    evaluators = evaluation.settings.evaluators
    given = {name for one in evaluators for name in given_to(evaluation, one)}
    rubrics = [name for name, question in evaluation.asked_questions.items() if isinstance(question, RubricQuestion)]
    if left := [name for name in rubrics if name not in given]:
        message = f"no evaluator was given {', '.join(left)}: add the category to one, or decide in {FINDINGS}"
        yield Issue("rubric-given-to-nobody", message, evaluation.source.locate(("evaluators",)))


class _SheetReader:
    """Reads one score sheet; every filled cell ends as level, act, reason, template text, or is listed."""

    def __init__(self, sides: Sides, book: Book) -> None:
        self.sides, self.book = sides, book
        self.issues: list[Issue] = [*book.remarks]
        self.cover: dict[str, tuple[Cell, Location]] = {}
        tables = {sheet.name: headers for sheet in book.sheets if (headers := _headers(sheet))}
        for sheet in book.sheets:
            if sheet.name not in tables:
                self._beside(sheet)
        self.written = self._date()
        self.entries = Entries(sides, self.written or sides.as_of)
        for sheet in book.sheets:
            if sheet.name in tables:
                self._table(sheet, tables[sheet.name])
        self.findings = self.entries.findings
        self.issues += self.entries.issues

    @property
    def sheet_file(self) -> SheetFile:
        """What is on record of the sheet as a whole."""
        file = InputFile(self.book.file, self.book.sha256)
        return SheetFile(self.sides.owner, file, self.written, self._interests())

    def _interests(self) -> str:
        """Give the interests that the sheet declares; a "none" declares none."""
        told = self.cover["interests"][0].raw.strip() if "interests" in self.cover else ""
        nothing = self.sides.evaluation.criteria.words.judge(told) == "nothing"
        return "" if nothing or normalize(told).strip(".") in _NO_INTEREST else told

    def _date(self) -> date | None:
        told, owner = self.cover.get("date"), self.sides.owner
        stands = f"{self.sides.as_of} stands for it"
        if told is None:
            message = f"{owner}: the first sheet says no day on which it was written; {stands}"
            self.issues.append(Issue("no-written-date", message, Location(self.book.file)))
            return None
        cell, place = told
        try:
            return read_date(cell.value)
        except AnswerError as error:
            self.issues.append(Issue("no-written-date", f"{owner}: {error}; {stands}", place))
            return None

    # -------------------------------------------------------------------------------------------- sheets

    def _beside(self, sheet: Sheet) -> None:
        """Read the first sheet and the hidden one, and list what else stands on a sheet without a table."""
        accounts = CellClaims(self.book.file, sheet)
        template = {normalize(text) for text in cover_texts(self.sides.evaluation, self.sides.owner, self.sides.name)}
        told = identity(self.sides.evaluation, self.sides.owner) if sheet.name == IDENTITY else {}
        for _, row in sheet.rows():
            label, *beside = row.values()
            name = _FIELDS.get(normalize(label.raw))
            if name and beside:
                self.cover[name] = (beside[0], accounts.at(beside[0]))
            if name or label.raw in told:
                accounts.claim([label, *beside[:1]])
            accounts.claim(cell for cell in row.values() if normalize(cell.raw) in template)
        self._close(accounts)

    def _table(self, sheet: Sheet, headers: Mapping[int, Mapping[str, int]]) -> None:
        accounts = CellClaims(self.book.file, sheet)
        columns: Mapping[str, int] = {}
        for number, row in sheet.rows():
            if number in headers:
                columns = headers[number]
                accounts.claim(row[column] for column in columns.values())
            elif columns:
                named = {name: row[column] for name, column in columns.items() if column in row}
                accounts.claim(named.values())
                self._row(accounts, named)
        self._close(accounts)

    def _row(self, accounts: CellClaims, named: _Named) -> None:
        given = {name: cell for name, cell in named.items() if name in INPUTS and cell.raw.strip()}
        if given:
            self.entries.take(SheetPoint(accounts.at, named, given))

    def _close(self, accounts: CellClaims) -> None:
        for address, text in accounts.sheet.notes:
            accounts.say("note", f"a note was not read: '{shorten(text)}'", address=address)
        accounts.close(lambda _cells: "")
        self.issues += accounts.issues


def holds_entries(path: Path) -> bool:
    """Tell whether somebody has filled in a row of a score sheet; what is no workbook holds none.

    Raises InputError where a workbook cannot be read.
    """
    if not path.is_file():
        return False
    for sheet in read_workbook(path).sheets:
        columns: Mapping[str, int] = {}
        headers = _headers(sheet)
        for number, row in sheet.rows():
            filled = (row[column].raw.strip() for name, column in columns.items() if name in INPUTS and column in row)
            if number not in headers and any(filled):
                return True
            columns = headers.get(number, columns)
    return False


def _headers(sheet: Sheet) -> dict[int, dict[str, int]]:
    """Find header rows: those that name a reason, and a level or an act."""
    found = {}
    for number, row in sheet.rows():
        columns: dict[str, int] = {}
        for column, cell in row.items():
            if name := _COLUMNS.get(normalize(cell.raw)):
                columns.setdefault(name, column)
        if "Reason" in columns and columns.keys() & {"Level", "Act"}:
            found[number] = columns
    return found
