"""Rows of a workbook become lines: cells that belong to one answer cell of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from vendor_eval.identities import written_identity
from vendor_eval.issues import InputFaults, Issue, Location, did_you_mean
from vendor_eval.layout import COVER_FIELDS, KEY, LISTS, PROGRESS
from vendor_eval.mapping import ForeignLayout, read_foreign
from vendor_eval.parsing import is_unit, normalize, shorten
from vendor_eval.readers import Book, Cell, Sheet, bounds, letters
from vendor_eval.submission.accounts import Accounts
from vendor_eval.submission.form import Form
from vendor_eval.submission.lists import offered
from vendor_eval.submission.models import Found, FreeText
from vendor_eval.submission.tables import (
    ANSWER,
    COMMENT,
    EVIDENCE,
    ID,
    QUESTION,
    UNIT,
    WRITTEN,
    NoAnswers,
    Table,
    find_table,
    rows_with_columns,
)

# Headers of the live counts on the first sheet.
_COUNTS = frozenset(map(normalize, PROGRESS[2:]))
_FIELDS = {normalize(label): name for name, label in COVER_FIELDS.items()}
_NEAR = 90
_HINTED = 50
_MAP = "if it is someone else's questionnaire, begin a mapping with 'vendor-eval map FILE'"


@dataclass(slots=True)
class Line:
    """Cells of one row that belong to one answer cell.

    `round` is 0 for a response, then the round of the clarification. `read_as` is the answer in our words where a
    mapping has one. `sign` is the decimal sign of the file. `merged` is the merged area that hides the answer cell,
    `note` what stands in a note at it, `stray` what stands in its row under no header of ours beside a blank answer.
    """

    file: str
    sheet: str
    address: str
    answer: Cell | None = None
    evidence: Cell | None = None
    comment: Cell | None = None
    unit: Cell | None = None
    read_as: Cell | None = None
    found_by: Found = ""
    sign: str = ""
    merged: str = ""
    note: str = ""
    stray: tuple[Cell, ...] = ()
    round: int = 0
    doubles: tuple["Line", ...] = ()

    def place(self, cell: Cell | None = None) -> Location:
        """Place of a cell of the line; of its answer cell without one."""
        return Location(self.file, self.sheet, cell.address if cell else self.address)

    @property
    def row(self) -> str:
        """Number of the row."""
        return self.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def joined(line: Line, asked: str) -> Cell:
    """Answer of a line; a Unit cell that the vendor changed is part of it: 3 beside 'weeks' is not 3 days."""
    cell, unit = line.read_as or line.answer, line.unit
    if cell is None:
        raise TypeError(line.address)
    if unit is None or not asked or is_unit(unit.raw, asked):
        return cell
    if cell.percent or not isinstance(cell.value, int | float | str):
        return cell._replace(value=f"{cell.raw} {unit.raw}", percent=False)
    # A figure has one reading; ten decimals keep 1.234 from looking like 1,234.
    figure = f"{cell.value:.10f}" if isinstance(cell.value, float) else cell.raw
    return cell._replace(value=f"{figure} {unit.raw}")


@dataclass
class Collected:
    """What was found in all files of a vendor. The last two fields are what mappings say of ids that are absent."""

    form: Form
    cover: dict[str, str] = field(default_factory=dict)
    names: list[FreeText] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    unclaimed: list[Location] = field(default_factory=list)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    file: str = ""
    round: int = 0
    no_counterpart: dict[str, str] = field(default_factory=dict)
    said_absent: set[str] = field(default_factory=set)

    def take(self, book: Book, mapping: ForeignLayout | None = None) -> None:
        """Take every filled cell of a workbook; raises InputFaults where it holds no answers to our questions."""
        self.file = book.file
        ours = "vendor_eval_template" in written_identity(book)
        if mapping is None or ours or not self._take_foreign(book, mapping):
            _OwnBook(self, book).read()
        self.issues += book.remarks

    def _take_foreign(self, book: Book, mapping: ForeignLayout) -> bool:
        """Take a workbook by a mapping; False where it does not fit and the workbook has our own columns."""
        try:
            foreign = read_foreign(book, mapping)
        except InputFaults:
            tables = (find_table(sheet, self.form) for sheet in book.sheets)
            if any(isinstance(table, Table) and table.holds_ids for table in tables):
                return False
            raise
        for one in foreign.lines:
            line = Line(book.file, one.sheet, one.address, one.answer, one.evidence, one.comment)
            line.read_as, line.found_by, line.sign = one.read_as, "mapping", book.decimal_sign
            self.lines.setdefault(one.key, []).append(line)
        self.issues += foreign.issues
        self.unclaimed += foreign.unclaimed
        for sheet in book.sheets:
            self.settle(Accounts(book.file, sheet).close_beside())
        self.no_counterpart |= dict.fromkeys(mapping.no_counterpart, mapping.name)
        self.said_absent |= foreign.absent
        return True

    def settle(self, accounts: Accounts) -> None:
        """Take over what the accounts of a sheet list."""
        self.unclaimed += accounts.unclaimed
        self.issues += accounts.issues


# ------------------------------------------------------------------------------------------------ a workbook


class _OwnBook:
    """A workbook with our ids: our questionnaire, or a plain sheet with an answer column."""

    def __init__(self, collected: Collected, book: Book) -> None:
        self.collected, self.book = collected, book
        self.form = collected.form
        self.identity = written_identity(book)
        self.is_older = (
            "vendor_eval_template" in self.identity
            and self.identity.get("vendor_eval_content_hash") != self.form.identity["vendor_eval_content_hash"]
        )

    def read(self) -> None:
        tables = [(sheet, find_table(sheet, self.form)) for sheet in self.book.sheets]
        if not any(isinstance(table, Table) for _, table in tables):
            raise self._unreadable([(sheet, table) for sheet, table in tables if isinstance(table, NoAnswers)])
        count = 0
        for sheet, table in tables:
            accounts = Accounts(self.book.file, sheet)
            if isinstance(table, Table):
                reader = _TableReader(self, sheet, table, accounts)
                reader.read()
                count += reader.count
            else:
                self._other(sheet, table, accounts)
            self.collected.settle(accounts)
        if not count:
            message = "no id in its ID columns is a question of this evaluation: check that it is the right workbook; "
            message += _MAP
            raise InputFaults([Issue("unreadable-file", message, Location(self.book.file))])
        self._compare_identity()

    def _unreadable(self, without: list[tuple[Sheet, NoAnswers]]) -> InputFaults:
        if without:
            sheet, found = without[0]
            message = f"sheet '{sheet.name}' holds our ids ({found.cell.address}) and no column of answers; "
            message += f"its headers are {found.seen or 'none'}: name the column Answer"
        else:
            first = [shorten(cell.raw, 30) for sheet in self.book.sheets for cell in sheet.cells[:8]][:8]
            seen = f"seen: {', '.join(first)}" if first else "every sheet is empty"
            message = f"no sheet has a header row with the columns ID and Answer; {seen}; {_MAP}"
        return InputFaults([Issue("unreadable-file", message, Location(self.book.file))])

    def _compare_identity(self) -> None:
        place = Location(self.book.file)
        if "vendor_eval_template" not in self.identity:
            message = "carries no template identity: it was read by its ID and Answer columns"
            self.collected.issues.append(Issue("no-template-identity", message, place))
        elif self.is_older:
            message = "was made for other questions than this evaluation asks now: answers are matched by id where "
            message += "the question reads the same, and asked again where it does not"
            self.collected.issues.append(Issue("older-template", message, place))

    # -------------------------------------------------------------------------------------------- other sheets

    def _other(self, sheet: Sheet, table: NoAnswers | None, accounts: Accounts) -> None:
        if table is not None:
            message = f"holds our ids and no column of answers, so nothing of it was read; its headers are {table.seen}"
            accounts.say("no-answer-column", message, table.cell)
        own = self.form.list_texts if sheet.name == LISTS else self.form.cover_texts
        counts: frozenset[int] = frozenset()
        for _, row in sheet.rows():
            label, *beside = row.values()
            counts = frozenset(n for n, cell in row.items() if normalize(cell.raw) in _COUNTS) or counts
            self._keep_name(normalize(label.raw), beside, accounts)
            accounts.claim(self._beside_label(normalize(label.raw), beside, counts))
            accounts.claim(cell for cell in row.values() if normalize(cell.raw) in own)
        if sheet.hidden and accounts.open:
            message = f"the sheet is hidden and holds {len(accounts.open):,} filled cells that belong to no question"
            accounts.say("hidden-content", message, next(iter(accounts.open.values())))
        for address, text in sheet.notes:
            accounts.say("note", f"a note was not read: '{shorten(text)}'", address=address)
        accounts.close(lambda _cells: "")

    def _keep_name(self, label: str, cells: list[Cell], accounts: Accounts) -> None:
        if _FIELDS.get(label) == "vendor" and cells:
            self.collected.names.append(FreeText(cells[0].raw.strip(), accounts.at(cells[0])))

    def _beside_label(self, label: str, cells: list[Cell], counts: frozenset[int]) -> list[Cell]:
        """Cells that a label of the template accounts for, which are kept where they answer it."""
        if label in self.form.counted:
            # How many answer cells there are, and how many of them are filled.
            progress = (cell for cell in cells if cell.column in counts)
            return [cell for cell in progress if _is_progress(cell) or isinstance(cell.value, int | float)]
        if label in self.form.fixed:
            return cells[:1]
        if label not in _FIELDS or not cells:
            return []
        text = cells[0].raw.strip()
        return cells[:1] if self.collected.cover.setdefault(_FIELDS[label], text) == text else []


def _is_progress(cell: Cell) -> bool:
    """Tell the live counts of the first sheet, the only formulas that a questionnaire itself holds."""
    return cell.formula.startswith("=COUNTA(") and "!" in cell.formula


# ------------------------------------------------------------------------------------------------ a sheet of answers


class _TableReader:
    """Reads the rows of one sheet under their headers."""

    def __init__(self, owner: _OwnBook, sheet: Sheet, table: Table, accounts: Accounts) -> None:
        self.owner, self.sheet, self.table, self.accounts = owner, sheet, table, accounts
        self.form, self.book = owner.form, owner.book
        self.notes = dict(sheet.notes)
        self.offered = offered(owner.book, sheet)
        self.strange: dict[int, Cell] = {}
        self.asked: dict[int, Cell] = {}
        self.seconds: tuple[int, ...] = ()
        self.count = 0

    def read(self) -> None:
        for number, columns, row in rows_with_columns(self.sheet, self.table):
            if columns is not None and number not in self.table.headers:
                self._row(number, columns, row)
            else:
                named = (*columns.values(), *self.table.seconds.get(number, ())) if columns is not None else ()
                self._say_seconds(number, columns, row)
                own = (c for n, c in row.items() if n in named or normalize(c.raw) in self.form.template_texts)
                self.accounts.claim(own)
        self._notice_hidden()
        for address, text in self.notes.items():
            self.accounts.say("note", f"a note was not read: '{shorten(text)}'", address=address)
        self.accounts.close(self._hint)

    def _say_seconds(self, number: int, columns: Mapping[str, int] | None, row: Mapping[int, Cell]) -> None:
        seconds = self.table.seconds.get(number, ())
        if columns is not None and seconds:
            first, *others = (row[column] for column in (columns[ANSWER], *seconds))
            names = ", ".join(f"'{shorten(cell.raw, 30)}' ({cell.address})" for cell in others)
            message = (
                f"{len(others) + 1} columns of answers: '{shorten(first.raw, 30)}' ({first.address}), {names}; an "
                "answer counts where they agree or only one of them holds it: leave one column"
            )
            self.accounts.say("several-answer-columns", message, others[0])
            self.seconds = seconds
        elif columns is not None:
            self.seconds = ()

    def _row(self, number: int, columns: Mapping[str, int], row: dict[int, Cell]) -> None:
        named = {name: row[column] for name, column in columns.items() if column in row}
        ids = [named[name] for name in (KEY, ID) if name in named]
        if len(ids) > 1 and normalize(ids[0].raw) != normalize(ids[1].raw):
            wrong = f"the visible id '{ids[1].raw}' is not the row's key '{ids[0].raw}'"
            self.accounts.say("id-mismatch", f"{wrong}: restore the id, the row was not read", ids[1])
            self.accounts.claim(cell for cell in ids if normalize(cell.raw) in self.form.folded)
            return
        key = self.form.folded.get(normalize(ids[0].raw)) if ids else None
        found_by: Found = "key" if KEY in named else "id"
        if key is None and not ids and QUESTION in named:
            key, found_by = self._by_text(named[QUESTION]), "text"
        if key is None:
            self._stray(ids, row, named.get(QUESTION))
            return
        self.accounts.claim((*ids, named.get(QUESTION)))
        self.count += 1
        line = Line(self.book.file, self.sheet.name, f"{letters(columns[ANSWER])}{number}", found_by=found_by)
        self.owner.collected.lines.setdefault(key, []).append(line)
        if self._reads_as_asked(key, named):
            self._fill(key, line, named)
            self._fill_seconds(key, line, row)
            if line.answer is None and not line.merged:
                line.stray = tuple(cell for cell in row.values() if cell.address in self.accounts.open)

    def _by_text(self, cell: Cell) -> str | None:
        key = self.form.by_text.get(normalize(cell.raw))
        if key is not None:
            self.accounts.say("found-by-text", f"{key}: the row has no id and was found by the question's text", cell)
        return key

    def _fill(self, key: str, line: Line, named: Mapping[str, Cell]) -> None:
        line.answer, line.evidence = named.get(ANSWER), named.get(EVIDENCE)
        line.comment, line.unit = named.get(COMMENT), named.get(UNIT)
        line.sign, line.round = self.book.decimal_sign, self.owner.collected.round
        line.merged = "" if line.answer else self._hiding.get(line.address, "")
        line.note = self.notes.pop(line.address, "")
        self.accounts.claim((line.answer, line.evidence, line.comment))
        if not self._is_loose_unit(key, line):
            self.accounts.claim((line.unit,))
        labels = self.offered.get(line.address)
        # Where rows were sorted or moved the lists of others stand beside them.
        if labels is not None and key in self.form.labels and labels not in self.form.lists:
            self._changed_list(key, line, labels)

    def _fill_seconds(self, key: str, line: Line, row: Mapping[int, Cell]) -> None:
        """Take what stands in further columns of answers as answers that stand twice."""
        for cell in (row[column] for column in self.seconds if column in row):
            self.accounts.claim((cell,))
            second = Line(line.file, line.sheet, cell.address, cell, unit=line.unit, found_by=line.found_by)
            second.sign, second.round = line.sign, line.round
            self.owner.collected.lines[key].append(second)

    def _changed_list(self, key: str, line: Line, labels: frozenset[str]) -> None:
        asked = self.form.labels[key]
        more, fewer = sorted(labels - asked), sorted(asked - labels)
        words = [f"has '{shorten(one, 30)}'" for one in more[:3]] + [f"lacks '{shorten(one, 30)}'" for one in fewer[:3]]
        message = f"{key}: the list of answers was changed: it {', '.join(words)}"
        self.accounts.say("changed-dropdown", message, address=line.address)

    def _reads_as_asked(self, key: str, named: Mapping[str, Cell]) -> bool:
        """Compare the question's text; where an older template asked something else, the answer is not taken over."""
        cell = named.get(QUESTION)
        if cell is None or normalize(cell.raw) in self.form.asked[key]:
            return True
        row = self.form.rows.get(key)
        expected = shorten(row.text if row else self.form.questions[key].text, 60)
        if not self.owner.is_older:
            message = f"{key}: the question reads '{shorten(cell.raw, 60)}', asked was '{expected}'"
            self.accounts.say("changed-question", message, cell)
            return True
        given = [named[name] for name in WRITTEN if name in named]
        answer = f"; '{shorten(named[ANSWER].raw, 40)}' was not taken over" if ANSWER in named else ""
        message = f"{key}: asked was '{shorten(cell.raw, 60)}', now it is '{expected}'{answer}: answer it again"
        self.accounts.say("asked-again", message, cell)
        self.accounts.claim((named.get(UNIT),))
        self.accounts.list_with(given)
        return False

    def _is_loose_unit(self, key: str, line: Line) -> bool:
        """Tell a Unit cell that can be no part of an answer."""
        unit = self.form.rows[key].cell.unit if key in self.form.rows else ""
        return line.unit is not None and normalize(line.unit.raw) != normalize(unit) and not (unit and line.answer)

    @cached_property
    def _hiding(self) -> Mapping[str, str]:
        """Merged areas by the addresses that they hide."""
        hidden: dict[str, str] = {}
        columns = {named[ANSWER] for named in self.table.headers.values()}
        for area in self.sheet.merged:
            top, left, bottom, right = bounds(area)
            for column in columns.intersection(range(left, right + 1)):
                rows = range(top if column > left else top + 1, bottom + 1)
                hidden |= {f"{letters(column)}{row}": area for row in rows}
        return hidden

    def _stray(self, ids: list[Cell], row: Mapping[int, Cell], asked: Cell | None) -> None:
        if ids and normalize(ids[0].raw) in self.form.not_asked:
            self.accounts.claim(ids)
            beside = [cell for cell in row.values() if cell not in ids]
            if beside:
                message = f"{ids[0].raw} is not asked in this evaluation: what stands beside it is not scored"
                self.accounts.say("question-not-asked", message, ids[0])
            self.accounts.list_with(beside)
            return
        strange = [cell for cell in ids if normalize(cell.raw) not in self.form.template_texts]
        self.accounts.claim(cell for cell in ids if cell not in strange)
        if strange:
            self.strange[strange[0].row] = strange[0]
        elif asked is not None:
            self.asked[asked.row] = asked

    def _hint(self, cells: list[Cell]) -> str:
        """Name the nearest id, or the question that reads nearly the same; a person decides."""
        number = cells[0].row
        if number in self.strange:
            return did_you_mean(self.strange[number].raw, self.form.rows)
        if number in self.asked and len(self.asked) <= _HINTED:
            return nearest_question(self.form, self.asked[number].raw)
        return ""

    def _notice_hidden(self) -> None:
        written = {columns[name] for columns in self.table.headers.values() for name in WRITTEN if name in columns}
        cells = [c for c in self.sheet.cells if c.column in written and c.row not in self.table.headers]
        hidden = [cell for cell in cells if cell.hidden or self.sheet.hidden]
        if hidden:
            message = f"filled cells in hidden rows, columns or sheets were read: {len(hidden)}"
            self.accounts.say("hidden-content", message, hidden[0])


def nearest_question(form: Form, text: str) -> str:
    """Name the question whose words are nearest, as a suggestion; '' where none is near."""
    from rapidfuzz import fuzz, process

    texts = {key: normalize(row.text) for key, row in form.rows.items()}
    found = process.extractOne(normalize(text), texts, scorer=fuzz.token_set_ratio, score_cutoff=_NEAR)
    return f"; it reads much like {found[2]}, which a mapping could say" if found else ""
