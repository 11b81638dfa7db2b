"""Workbooks of a vendor to its response: each is read by a mapping, or as one with our own ids."""

import re
from collections.abc import Iterable
from pathlib import Path

from vendor_eval.criteria.parsing import normalize, shorten, words
from vendor_eval.forms.identity import CLARIFICATION, KIND, fingerprint, own_marks, written_identity
from vendor_eval.forms.layout import COVER_FIELDS, DECLARATION, LISTS, PROGRESS, PROJECT, SIGNATURE, TICKS
from vendor_eval.intake.answer_lines import FreeText
from vendor_eval.intake.evidence import InputFile, evidence_folder
from vendor_eval.intake.inbox import VendorFiles
from vendor_eval.intake.mapping.mapped_workbook import read_foreign
from vendor_eval.intake.mapping.models import ForeignLayout, load_mapping
from vendor_eval.intake.submission.answers import Answers
from vendor_eval.intake.submission.cell_claims import CellClaims
from vendor_eval.intake.submission.contents import Collected, limited
from vendor_eval.intake.submission.declaration import Box, read_declaration
from vendor_eval.intake.submission.envelopes import without_prices
from vendor_eval.intake.submission.form import form_of
from vendor_eval.intake.submission.models import VendorResponse
from vendor_eval.intake.submission.rounds import in_rounds
from vendor_eval.intake.submission.rows import RowReader
from vendor_eval.intake.submission.tables import FormTable, NoAnswers, find_table
from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.spreadsheets import Book, Cell, Passwords, Sheet, known_password, letters, read_workbook
from vendor_eval.spreadsheets.annotations import without_annotations
from vendor_eval.spreadsheets.workers import charge
from vendor_eval.tender import Evaluation

# The live counts of the first sheet are the only formulas that a questionnaire itself holds.
_LIVE = re.compile(r"=COUNTA\(.*!", re.DOTALL)
_COUNTS = frozenset(map(normalize, PROGRESS[2:]))
_FIELDS = {normalize(label): name for name, label in COVER_FIELDS.items()}
_BOXES = {normalize(label): name for name, label in (SIGNATURE | TICKS).items()}
_MAP = "if it is someone else's questionnaire, begin a mapping with 'vendor-eval map FILE'"


def read_submission(
    evaluation: Evaluation,
    vendor: VendorFiles | str | Path,
    *,
    mapping: ForeignLayout | None = None,
    password: Passwords = known_password,
) -> VendorResponse:
    """Read what a vendor sent: a vendor of the evaluation, or the path of a workbook.

    A mapping, else the vendor's own, reads the files that are no questionnaire of ours. `password` is asked for the
    password of a file that has one. An answer of a clarification that carries its token, or that the evaluation lists,
    replaces those of the rounds before it; any other is read like a response. Raises InputError when a file cannot be
    read.
    """
    if not isinstance(vendor, VendorFiles):
        path, vendor = Path(vendor), VendorFiles(Path(vendor).stem)
        books = [read_workbook(path, password=password)]
    else:
        files = (*vendor.files, *(vendor.prices if evaluation.price else ()))
        books = [read_workbook(evaluation.folder / f, name=f, password=password) for f in files]
    if mapping is None and vendor.map:
        mapping = load_mapping(evaluation, vendor.map, folder=evaluation.folder)
    books = [without_annotations(book) for book in books]
    collected = Collected(form_of(evaluation))
    read = books
    if evaluation.envelope == "quality" and evaluation.has_envelopes:
        read, collected.issues = without_prices(evaluation, books, is_foreign=mapping is not None)
    rounds = in_rounds(evaluation, vendor, read)
    if not rounds.books:  # its replies to conditions alone are no response
        raise InputError(())
    collected.issues += rounds.issues
    for collected.round, book, asked in rounds.books:
        charge(book.file)
        _collect(collected, book, mapping)
        if asked is not None:
            collected.leave_out_unasked(book.file, asked)
    answers = Answers(evaluation, collected, evidence_folder(evaluation, vendor.evidence or vendor.id))
    responses = answers.responses()
    offer = {question: responses.pop(question) for question in evaluation.offer_questions}
    return VendorResponse(
        vendor=vendor.id,
        name=vendor.name or collected.cover.get("vendor", "") or vendor.id,
        cover=collected.cover,
        responses=responses,
        offer=offer,
        issues=tuple(limited(collected.issues)),
        unclaimed=tuple(collected.unclaimed),
        inputs=tuple(InputFile(book.file, book.sha256, (book.author, book.editor)) for book in books),
        texts=tuple(answers.texts),
        names=tuple(collected.names),
        own_texts=collected.own_texts,
        rounds=collected.round,
        tokens=rounds.tokens,
        versions=frozenset(collected.versions),
        declaration=read_declaration(collected.boxes, evaluation.settings.declaration, books[0].file),
        says=rounds.says,
    )


def _collect(collected: Collected, book: Book, mapping: ForeignLayout | None) -> None:
    """Collect every filled cell of a workbook; raises InputError where it holds no answers to our questions."""
    collected.file = book.file
    ours = "vendor_eval_template" in written_identity(book)
    if mapping is None or ours or not _collect_mapped(collected, book, mapping):
        _OwnBook(collected, book).read()
    collected.issues += book.remarks


def _collect_mapped(collected: Collected, book: Book, mapping: ForeignLayout) -> bool:
    """Read a workbook by a mapping; False where it does not fit and the workbook has our own columns."""
    try:
        foreign = read_foreign(book, mapping)
    except InputError:
        tables = (find_table(sheet, collected.form) for sheet in book.sheets)
        if any(isinstance(table, FormTable) and table.holds_ids for table in tables):
            return False
        raise
    for line in foreign.lines:
        collected.add(line)
    collected.issues += foreign.issues
    collected.unclaimed += foreign.unclaimed
    collected.own_texts |= foreign.own_texts
    for sheet in book.sheets:
        collected.settle(CellClaims(book.file, sheet).report_unseen())
    collected.no_counterpart |= dict.fromkeys(mapping.no_counterpart, mapping.name)
    collected.reported_absent |= foreign.absent
    return True


class _OwnBook:
    """A workbook with our ids: our questionnaire, or a plain sheet with an answer column."""

    def __init__(self, collected: Collected, book: Book) -> None:
        self.collected, self.book = collected, book
        self.form = collected.form
        self.identity, self.marks = written_identity(book), own_marks(book)
        self.is_older = (
            "vendor_eval_template" in self.identity
            and self.identity.get("vendor_eval_content_hash") not in self.form.sent
        )

    def read(self) -> None:
        tables = [(s, None if self._tells_the_project(s) else find_table(s, self.form)) for s in self.book.sheets]
        # A clarification may ask for the signature alone.
        signature = self.identity.get(KIND) == CLARIFICATION and any(s.name == DECLARATION for s in self.book.sheets)
        if not signature and not any(isinstance(table, FormTable) for _, table in tables):
            raise self._unreadable([(sheet, table) for sheet, table in tables if isinstance(table, NoAnswers)])
        sign = self.book.decimal_sign or _named_sign(
            s for s, table in tables if table is None and not self._tells_the_project(s)
        )
        count = 0
        for sheet, table in tables:
            claims = CellClaims(self.book.file, sheet)
            if isinstance(table, FormTable):
                reader = RowReader(self.collected, self.book, sheet, table, claims, is_older=self.is_older)
                reader.sign = sign
                reader.read()
                count += reader.count
            else:
                self._other_sheet(sheet, table, claims)
            self.collected.settle(claims)
        if not count and not signature:
            message = "no id in its ID columns is a question of this evaluation: check that it is the right workbook; "
            message += _MAP
            raise InputError([Issue("unreadable-file", message, Location(self.book.file))])
        self._compare_identity()

    def _tells_the_project(self, sheet: Sheet) -> bool:
        """Whether a sheet is the one that says what the project is: it asks nothing."""
        return sheet.name == PROJECT and "vendor_eval_template" in self.identity

    def _unreadable(self, without: list[tuple[Sheet, NoAnswers]]) -> InputError:
        if without:
            sheet, table = without[0]
            message = f"sheet '{sheet.name}' holds our ids ({table.cell.address}) and no column of answers; "
            message += f"its headers are {table.seen or 'none'}: name the column Answer"
        else:
            first = [shorten(cell.raw, 30) for sheet in self.book.sheets for cell in sheet.cells[:8]][:8]
            seen = f"seen: {', '.join(first)}" if first else "every sheet is empty"
            message = f"no sheet has a header row with the columns ID and Answer; {seen}; {_MAP}"
        return InputError([Issue("unreadable-file", message, Location(self.book.file))])

    def _compare_identity(self) -> None:
        scorecard = "vendor_eval_scorecard"
        if self.identity.get(scorecard) == self.form.identity[scorecard]:
            self.collected.versions.add(self.identity.get(f"{scorecard}_version", ""))
        place = Location(self.book.file)
        if "vendor_eval_template" not in self.identity:
            message = "carries no template identity: it was read by its ID and Answer columns"
            self.collected.issues.append(Issue("no-template-identity", message, place))
        elif self.is_older:
            message = "was made for other questions than this evaluation asks now: answers are matched by id where "
            message += "the question reads the same, and asked again where it does not"
            self.collected.issues.append(Issue("older-template", message, place))

    def _other_sheet(self, sheet: Sheet, table: NoAnswers | None, claims: CellClaims) -> None:
        if table is not None:
            message = f"holds our ids and no column of answers, so nothing of it was read; its headers are {table.seen}"
            claims.say("no-answer-column", message, table.cell)
        own = self.form.list_texts if sheet.name == LISTS else self.form.cover_texts
        counts: frozenset[int] = frozenset()
        for _, row in sheet.rows():
            claims.claim(c for c in row.values() if normalize(c.raw) in own or self._is_marked(c))
            if self._tells_the_project(sheet):
                continue
            label, *cells = row.values()
            if name := _BOXES.get(normalize(label.raw)):
                claims.claim(self._box(name, label, row.get(label.column + 1), claims))
                continue
            counts = frozenset(n for n, cell in row.items() if normalize(cell.raw) in _COUNTS) or counts
            if _FIELDS.get(normalize(label.raw)) == "vendor" and cells:
                self.collected.names.append(FreeText(cells[0].raw.strip(), claims.at(cells[0])))
            claims.claim(self._labelled(normalize(label.raw), cells, counts))
        if sheet.hidden and claims.open:
            message = f"the sheet is hidden and holds {len(claims.open):,} filled cells that belong to no question"
            claims.say("hidden-content", message, next(iter(claims.open.values())))
        for address, text in sheet.notes:
            claims.say("note", f"a note was not read: '{shorten(text)}'", address=address)
        claims.close(lambda _cells: "")

    def _box(self, name: str, label: Cell, cell: Cell | None, claims: CellClaims) -> list[Cell | None]:
        """Keep a box of the declaration, which is the next cell to the right of its label."""
        place = claims.at(cell, f"{letters(label.column + 1)}{label.row}")
        return [cell] if self.collected.sign(name, Box(cell, place, self.collected.round)) else []

    def _is_marked(self, cell: Cell) -> bool:
        """Tell a text that the workbook brought along, and its mark, whatever the evaluation says by now."""
        return bool(self.marks) and (cell.raw in self.marks or fingerprint(cell.raw) in self.marks)

    def _labelled(self, label: str, cells: list[Cell], counts: frozenset[int]) -> list[Cell]:
        """List the cells that a label of the template accounts for; keep those that answer it."""
        if label in self.form.counted:
            # How many answer cells there are, and how many of them are filled.
            progress = (cell for cell in cells if cell.column in counts)
            return [cell for cell in progress if _LIVE.match(cell.formula) or isinstance(cell.value, int | float)]
        if label in self.form.fixed:
            return cells[:1]
        if label not in _FIELDS or not cells:
            return []
        text = cells[0].raw.strip()
        return cells[:1] if self.collected.cover.setdefault(_FIELDS[label], text) == text else []


def _named_sign(sheets: Iterable[Sheet]) -> str:
    """Return the decimal sign that the sheets of a workbook name; '' where they name none, or two."""
    named = set()
    for sheet in sheets:
        for _, row in sheet.rows():
            label, *cells = row.values()
            if cells and _FIELDS.get(normalize(label.raw)) == "decimal_sign":
                named.add(words().decimal_signs.get(normalize(cells[0].raw).strip("'\" ()"), ""))
    return named.pop() if len(named) == 1 else ""
