"""Cells become answers. Every filled cell ends as answer, evidence, comment, template text or unclaimed content."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from vendor_eval.errors import AnswerError
from vendor_eval.identities import clarification_of, in_rounds, written_identity
from vendor_eval.issues import InputFaults, Issue, Location, did_you_mean
from vendor_eval.layout import (
    COVER_FIELDS,
    HEADERS,
    KEY,
    LISTS,
    PROGRESS_TOTAL,
    RETURN_BY,
    Row,
    cover_texts,
    identity,
    list_texts,
    rows,
    sheet_texts,
    sheets,
)
from vendor_eval.mapping import ForeignLayout, read_foreign
from vendor_eval.parsing import PLACEHOLDERS, is_unit, normalize, shorten
from vendor_eval.questions import Certification, Given, MultiChoice, Question, Reading, Setting
from vendor_eval.readers import Book, Cell, Sheet, read_workbook, saved_values
from vendor_eval.tender import Evaluation, Tenderer

State = Literal["answered", "blank", "invalid"]
Level = Literal["claim", "document", "verified"]
_COLUMNS = {normalize(name): name for name in (*HEADERS, KEY)}
_FIELDS = {normalize(label): name for name, label in COVER_FIELDS.items()}
_WRITTEN = ("Answer", "Evidence", "Comment")
_REPEATED = 10


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer that a clarification replaced."""

    raw: str
    location: Location


@dataclass(frozen=True, slots=True)
class Response:
    """What one vendor said to one question, and where."""

    question: str
    state: State
    given: Given | None
    raw: str
    evidence: str
    level: Level | None
    comment: str
    location: Location
    locations: tuple[Location, ...]
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read, and the hash of its bytes."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything that one vendor sent; `rounds` counts the rounds of clarifications that came back."""

    vendor: str
    name: str
    cover: Mapping[str, str]
    responses: Mapping[str, Response]
    issues: tuple[Issue, ...]
    unclaimed: tuple[Location, ...]
    inputs: tuple[InputFile, ...]
    rounds: int = 0


def read_submission(
    evaluation: Evaluation, vendor: Tenderer | str | Path, *, mapping: ForeignLayout | None = None
) -> Submission:
    """Read what a vendor sent: a vendor of the evaluation, or the path of a workbook.

    A mapping reads the files that are no questionnaire of ours. An answer of a clarification replaces those of the
    rounds before it. Raises InputFaults when a file cannot be read, or is another vendor's clarification.
    """
    if not isinstance(vendor, Tenderer):
        path = Path(vendor)
        books = [read_workbook(path)]
        own = clarification_of(books[0])
        vendor = Tenderer(own.vendor if own else path.stem)
    else:
        books = [read_workbook(evaluation.folder / file, name=file) for file in vendor.files]
    collector = _Collector(evaluation)
    rounds = in_rounds(books, vendor.id)
    for number, book in rounds:
        collector.round = number
        collector.take(book, mapping)
    responses = collector.responses()
    name = vendor.name or collector.cover.get("vendor", "") or vendor.id
    inputs = tuple(InputFile(book.file, book.sha256) for book in books)
    return Submission(
        vendor.id,
        name,
        collector.cover,
        responses,
        tuple(collector.issues),
        tuple(collector.unclaimed),
        inputs,
        max((number for number, _ in rounds), default=0),
    )


# ------------------------------------------------------------------------------------------------ one row


@dataclass(slots=True)
class _Line:
    """Cells of one row that belong to one answer cell."""

    file: str
    sheet: str
    address: str
    answer: Cell | None = None
    evidence: Cell | None = None
    comment: Cell | None = None
    unit: Cell | None = None
    # The answer in our words, where a mapping has one for it.
    read_as: Cell | None = None
    doubles: tuple["_Line", ...] = ()
    # 0 for a response, then the round of the clarification.
    round: int = 0

    def place(self, cell: Cell | None = None) -> Location:
        return Location(self.file, self.sheet, cell.address if cell else self.address)


class _Form:
    """What reading looks up of an evaluation's questionnaire, the same for every vendor."""

    def __init__(self, evaluation: Evaluation) -> None:
        expected = sheets(evaluation)
        self.rows: dict[str, Row] = {row.key: row for _, found in expected.values() for row in found}
        self.questions = evaluation.asked_questions
        cells = {name: question.cells() for name, question in self.questions.items()}
        self.keys = {name: tuple(f"{name}.{c.part}" for c in found if c.part) for name, found in cells.items()}
        self.units = {name: found[0].unit for name, found in cells.items()}
        self.asked = {name: frozenset({normalize(question.text)}) for name, question in self.questions.items()}
        for key, row in self.rows.items():
            self.asked[key] = frozenset(map(normalize, (row.prompt, row.text, row.cell.text)))
        self.folded = {normalize(key): key for key in (*self.rows, *self.questions)}
        every = rows(evaluation.criteria.questions.values())
        self.not_asked = {normalize(key) for row in every for key in (row.key, row.question.id)} - set(self.folded)
        self.identity = identity(evaluation)
        self.list_texts = list_texts(evaluation)
        self.fixed = {normalize(name) for name in (RETURN_BY, *self.identity)}
        self.cover_texts = cover_texts(evaluation) | self.fixed
        self.counted = {normalize(name) for name in (*expected, PROGRESS_TOTAL)}
        self.template_texts = frozenset().union(*(sheet_texts(category) for category, _ in expected.values()))


@lru_cache(maxsize=1)
def _form(evaluation: Evaluation) -> _Form:
    return _Form(evaluation)


@dataclass
class _Collector:
    """Gathers rows of all files of a vendor; turned into responses once."""

    evaluation: Evaluation
    cover: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    unclaimed: list[Location] = field(default_factory=list)
    lines: dict[str, list[_Line]] = field(default_factory=dict)
    file: str = ""
    round: int = 0
    # Ids without a counterpart in a mapped file, and the mapping; ids whose absence is said already.
    no_counterpart: dict[str, str] = field(default_factory=dict)
    said_absent: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.form = _form(self.evaluation)

    # -------------------------------------------------------------------------------------------- files

    def take(self, book: Book, mapping: ForeignLayout | None = None) -> None:
        """Take every filled cell of a workbook."""
        self.file = book.file
        if mapping is not None and not self._is_ours(book) and self._take_foreign(book, mapping):
            return
        book = saved_values(book) if self._holds_formulas(book) else book
        headed = [(sheet, _headers(sheet)) for sheet in book.sheets]
        if not any(headers for _, headers in headed):
            raise self._no_header(book)
        before = sum(map(len, self.lines.values()))
        for sheet, headers in headed:
            if headers:
                self._answer_sheet(sheet, headers)
            else:
                self._other_sheet(sheet)
        if sum(map(len, self.lines.values())) == before:
            message = "no id in its ID columns is a question of this evaluation: check that it is the right workbook"
            raise InputFaults([Issue("unreadable-file", message, Location(book.file))])
        self._compare_identity(book)

    def _is_ours(self, book: Book) -> bool:
        return "vendor_eval_template" in written_identity(book)

    def _take_foreign(self, book: Book, mapping: ForeignLayout) -> bool:
        """Take a workbook by a mapping; False where it does not fit and the workbook has our own columns."""
        try:
            foreign = read_foreign(book, mapping)
        except InputFaults:
            if any(_headers(sheet) for sheet in book.sheets):
                return False
            raise
        for line in foreign.lines:
            taken = _Line(book.file, line.sheet, line.address, line.answer, line.evidence, line.comment)
            taken.read_as = line.read_as
            self.lines.setdefault(line.key, []).append(taken)
        self.issues += foreign.issues
        self.unclaimed += foreign.unclaimed
        self.no_counterpart |= dict.fromkeys(mapping.no_counterpart, mapping.name)
        self.said_absent |= foreign.absent
        return True

    def _holds_formulas(self, book: Book) -> bool:
        """Formulas that the template writes itself need no value; any other may be an answer."""
        return any(cell.formula and not _is_progress(cell) for sheet in book.sheets for cell in sheet.cells)

    def _no_header(self, book: Book) -> InputFaults:
        first = [shorten(cell.raw, 30) for sheet in book.sheets for cell in sheet.cells[:8]][:8]
        seen = f"; seen: {', '.join(first)}" if first else "; every sheet is empty"
        message = f"no sheet has a header row with the columns ID and Answer{seen}; "
        message += "if it is someone else's questionnaire, begin a mapping with 'vendor-eval map FILE'"
        return InputFaults([Issue("unreadable-file", message, Location(book.file))])

    def _compare_identity(self, book: Book) -> None:
        found = written_identity(book)
        place = Location(book.file)
        if "vendor_eval_template" not in found:
            message = "carries no template identity: it was read by its ID and Answer columns"
            self.issues.append(Issue("no-template-identity", message, place))
        elif found.get("vendor_eval_content_hash") != self.form.identity["vendor_eval_content_hash"]:
            message = "was made for other questions than this evaluation asks now; answers are matched by id"
            self.issues.append(Issue("older-template", message, place))

    # -------------------------------------------------------------------------------------------- sheets

    def _other_sheet(self, sheet: Sheet) -> None:
        own = self.form.list_texts if sheet.name == LISTS else self.form.cover_texts
        for _, row in sheet.rows():
            label, *beside = row.values()
            left = (label, *self._left(normalize(label.raw), beside))
            self._unclaimed(sheet, [cell for cell in left if normalize(cell.raw) not in own])

    def _left(self, label: str, cells: list[Cell]) -> list[Cell]:
        """Keep what stands beside a label of the template; return the cells that it does not account for."""
        if label in self.form.counted:
            # How many answer cells there are, and how many of them are filled.
            counts = [cell for cell in cells if _is_progress(cell) or isinstance(cell.value, int | float)][:2]
            return [cell for cell in cells if cell not in counts]
        if label in self.form.fixed:
            return cells[1:]
        if label not in _FIELDS or not cells:
            return cells
        text = cells[0].raw.strip()
        return cells[1:] if self.cover.setdefault(_FIELDS[label], text) == text else cells

    def _answer_sheet(self, sheet: Sheet, headers: Mapping[int, Mapping[str, int]]) -> None:
        columns: Mapping[str, int] = {}
        for number, row in sheet.rows():
            if number in headers:
                columns = headers[number]
                extra = [cell for column, cell in row.items() if column not in columns.values()]
                self._unclaimed(sheet, [cell for cell in extra if normalize(cell.raw) not in self.form.template_texts])
            elif not columns:
                self._unclaimed(
                    sheet, [cell for cell in row.values() if normalize(cell.raw) not in self.form.template_texts]
                )
            else:
                self._row(sheet, columns, row)
        self._notice_hidden(sheet, headers)

    def _notice_hidden(self, sheet: Sheet, headers: Mapping[int, Mapping[str, int]]) -> None:
        written = {columns[name] for columns in headers.values() for name in _WRITTEN if name in columns}
        cells = [cell for cell in sheet.cells if cell.column in written and cell.row not in headers]
        hidden = [cell for cell in cells if cell.hidden or sheet.hidden]
        if hidden:
            message = f"filled cells in hidden rows, columns or sheets were read: {len(hidden)}"
            self.issues.append(Issue("hidden-content", message, self._at(sheet, hidden[0])))

    def _row(self, sheet: Sheet, columns: Mapping[str, int], row: dict[int, Cell]) -> None:
        named = {name: row.pop(column) for name, column in columns.items() if column in row}
        ids = [named.pop(name) for name in (KEY, "ID") if name in named]
        found = {self.form.folded.get(normalize(cell.raw)) for cell in ids}
        if len(ids) == 2 and normalize(ids[0].raw) != normalize(ids[1].raw):  # noqa: PLR2004  key and visible id
            wrong = f"the visible id '{ids[1].raw}' is not the row's key '{ids[0].raw}'"
            message = f"{wrong}: restore the id, the row was not read"
            self.issues.append(Issue("id-mismatch", message, self._at(sheet, ids[1])))
            self._unclaimed(sheet, [*named.values(), *row.values()])
            return
        key = found.pop() if found else None
        if key is None:
            self._stray(sheet, ids, [*named.values(), *row.values()])
            return
        self._check_question(sheet, key, named.pop("Question", None))
        line = _Line(self.file, sheet.name, f"{_letter(columns['Answer'])}{ids[0].row}")
        line.answer, line.evidence = named.get("Answer"), named.get("Evidence")
        line.comment, line.unit, line.round = named.get("Comment"), named.get("Unit"), self.round
        self.lines.setdefault(key, []).append(line)
        self._unclaimed(sheet, [*self._loose_unit(key, line), *row.values()])

    def _loose_unit(self, key: str, line: _Line) -> list[Cell]:
        """List the Unit cell where what it holds can be no part of an answer."""
        unit = self.form.rows[key].cell.unit if key in self.form.rows else ""
        if line.unit is None or normalize(line.unit.raw) == normalize(unit) or (unit and line.answer):
            return []
        return [line.unit]

    def _stray(self, sheet: Sheet, ids: list[Cell], cells: list[Cell]) -> None:
        if ids and normalize(ids[0].raw) in self.form.not_asked:
            if cells:
                message = f"{ids[0].raw} is not asked in this evaluation: what stands beside it is not scored"
                self.issues.append(Issue("question-not-asked", message, self._at(sheet, ids[0])))
            self.unclaimed += [self._at(sheet, cell) for cell in cells]
            return
        strange = [cell for cell in ids if normalize(cell.raw) not in self.form.template_texts]
        hint = did_you_mean(strange[0].raw, self.form.rows) if strange else ""
        self._unclaimed(sheet, [*strange, *cells], hint)

    def _check_question(self, sheet: Sheet, key: str, cell: Cell | None) -> None:
        if cell is None:
            return
        if normalize(cell.raw) not in self.form.asked[key]:
            row = self.form.rows.get(key)
            expected = row.text if row else self.form.questions[key].text
            message = f"{key}: the question reads '{shorten(cell.raw, 60)}', asked was '{shorten(expected, 60)}'"
            self.issues.append(Issue("changed-question", message, self._at(sheet, cell)))

    def _unclaimed(self, sheet: Sheet, cells: list[Cell], hint: str = "") -> None:
        if not cells:
            return
        self.unclaimed += [self._at(sheet, cell) for cell in cells]
        quoted = "; ".join(f"{cell.address} '{shorten(cell.raw, 60)}'" for cell in cells)
        message = f"belongs to no question, read by nobody: {quoted}{hint}"
        self.issues.append(Issue("unclaimed-content", message, self._at(sheet, cells[0])))

    def _at(self, sheet: Sheet, cell: Cell) -> Location:
        return Location(self.file, sheet.name, cell.address)

    # -------------------------------------------------------------------------------------------- answers

    def responses(self) -> dict[str, Response]:
        """Read every question that is asked from its lines, whichever file they stand in."""
        setting = replace(self.evaluation.setting, decimal_sign=_decimal_sign(self.cover))
        result = {question.id: self._respond(question, setting) for question in self.form.questions.values()}
        absent = [key for question in self.form.questions.values() for key in self._absent(question)]
        missing = self._without_said(absent)
        if missing:
            count = f"{len(missing)} id{'s' if len(missing) > 1 else ''}"
            message = f"{count} of the evaluation not found, counted as blank: {', '.join(missing)}"
            self.issues.append(Issue("question-not-found", message, Location(self.file)))
        self._repeated_evidence(result.values())
        return result

    def _without_said(self, missing: Iterable[str]) -> list[str]:
        """Say once which ids a mapping has no counterpart for; keep those of whose absence nothing was said."""
        keys = [key for key in missing if key not in self.said_absent]
        names = {key: self.no_counterpart.get(key) or self.no_counterpart.get(key.rpartition(".")[0]) for key in keys}
        without = [key for key in keys if names[key]]
        if without:
            mapping = ", ".join(dict.fromkeys(str(names[key]) for key in without))
            count = f"{len(without)} id{'s' if len(without) > 1 else ''}"
            message = f"mapping {mapping} has no counterpart of {count}, counted as blank: {', '.join(without)}"
            self.issues.append(Issue("no-counterpart", message, Location(self.file)))
        return [key for key in keys if not names[key]]

    def _absent(self, question: Question) -> tuple[str, ...]:
        """List the id of a question that was not found, or those of its rows that were not."""
        keys = self.form.keys[question.id]
        absent = tuple(key for key in keys if key not in self.lines)
        if question.id in self.lines:
            return ()
        return absent if absent != keys else (question.id,)

    def _respond(self, question: Question, setting: Setting) -> Response:
        lines, clash = self._lines_of(question)
        unit = self.form.units[question.id]
        cells = {
            part: _joined(line.read_as or line.answer, line.unit, unit) for part, line in lines.items() if line.answer
        }
        reading = question.read(cells, setting)
        if clash:
            reading = Reading("invalid", None, reading.faults)
        self._remark(question, lines, reading)
        first = next((line for line in lines.values() if line.answer), next(iter(lines.values()), None))
        evidence = [cell.raw for _, cell in _texts(lines.values(), "evidence")]
        comment = [cell.raw for _, cell in _texts(lines.values(), "comment")]
        response = Response(
            question=question.id,
            state=reading.state,
            given=reading.given,
            raw=_raw(lines, unit),
            evidence="\n".join(evidence),
            level=None,
            comment="\n".join(comment),
            location=first.place(first.answer) if first else Location(self.file),
            locations=tuple(dict.fromkeys(_places(lines.values(), first))),
            earlier=tuple(
                Earlier(f"{part}: {_with_unit(old, unit)}" if part else _with_unit(old, unit), old.place(old.answer))
                for part, line in lines.items()
                for old in _replaced(line)
            ),
        )
        return self._proven(question, response, lines)

    def _lines_of(self, question: Question) -> tuple[dict[str, _Line], bool]:
        """One line for each part: the newest that is filled.

        The same answer twice in a round is a notice, two different ones contradict each other.
        """
        result: dict[str, _Line] = {}
        clash = False
        for key in (question.id, *self.form.keys[question.id]):
            found = [self._without_placeholder(key, line) for line in self.lines.get(key, [])]
            filled = [line for line in found if line.answer is not None]
            newest = max((line.round for line in filled), default=0)
            current = [line for line in filled if line.round == newest]
            for other in current[1:]:
                clash |= self._twice(key, current[0], other)
            if found:
                first = current[0] if current else found[0]
                others = tuple(line for line in found if line is not first)
                result[key.removeprefix(question.id)[1:]] = replace(first, doubles=others) if others else first
        return _in_one_form(question, result), clash

    def _without_placeholder(self, key: str, line: _Line) -> _Line:
        """Take a box of a clarification that holds 'TBD' as empty: what was answered before stays."""
        if not line.round or line.answer is None or normalize(line.answer.raw) not in {"", *PLACEHOLDERS}:
            return line
        message = f"{key}: '{shorten(line.answer.raw)}' is no answer: what was answered before stays"
        self.issues.append(Issue("placeholder-answer", message, line.place(line.answer)))
        return replace(line, answer=None)

    def _twice(self, key: str, first: _Line, other: _Line) -> bool:
        same = _folded(first.read_as or first.answer) == _folded(other.read_as or other.answer)
        if same:
            message = f"{key} is answered twice alike, here and in {first.place(first.answer)}"
            self.issues.append(Issue("duplicate-answer", message, other.place(other.answer)))
        else:
            here, there = shorten(_shown(other.answer)), shorten(_shown(first.answer))
            quoted = f"'{here}' here, '{there}' in {first.place(first.answer)}"
            message = f"{key} has two answers: {quoted}; say which one counts"
            self.issues.append(Issue("contradiction", message, other.place(other.answer)))
        return not same

    def _remark(self, question: Question, lines: Mapping[str, _Line], reading: Reading) -> None:
        for remark in reading.faults:
            line = lines.get(remark.part) or lines.get("") or next(iter(lines.values()))
            key = f"{question.id}.{remark.part}" if remark.part and remark.part in lines else question.id
            self.issues.append(Issue(remark.code, f"{key}: {remark.message}", line.place(line.answer)))
        for line in lines.values():
            for cell in (line.answer, line.evidence, line.comment):
                if cell is not None and cell.formula and cell.value is not None:
                    message = f"{question.id}: the saved value '{shorten(cell.raw)}' of a formula was read"
                    self.issues.append(Issue("formula", message, line.place(cell)))
        if reading.state == "blank" and not any(line.answer for line in lines.values()):
            self._said_elsewhere(question, lines.values())

    def _said_elsewhere(self, question: Question, lines: Iterable[_Line]) -> None:
        lines = tuple(lines)
        for line, cell in (*_texts(lines, "comment"), *_texts(lines, "evidence")):
            written = f"{question.id}: the Answer is blank but this was written: '{shorten(cell.raw)}'"
            message = f"{written}; answer in the Answer column"
            self.issues.append(Issue("answer-in-comment", message, line.place(cell)))

    def _proven(self, question: Question, response: Response, lines: Mapping[str, _Line]) -> Response:
        if response.given is None:
            return response
        judge = self.evaluation.criteria.words.judge
        kinds = [(line, cell, judge(cell.raw)) for line, cell in _texts(lines.values(), "evidence")]
        document = any(kind == "document" for _, _, kind in kinds)
        for line, cell, kind in kinds:
            if kind == "unnamed" and not document:
                unnamed = f"{question.id}: '{shorten(cell.raw)}' names no document"
                message = f"{unnamed}, so the answer counts as a claim: give its title"
                self.issues.append(Issue("unnamed-document", message, line.place(cell)))
        if isinstance(question, Certification):
            document = document and question.is_document(response.given)
        if question.comment_required and normalize(response.comment) in {"", *PLACEHOLDERS}:
            message = f"{question.id}: the Comment must name: {question.comment_required}"
            self.issues.append(Issue("comment-missing", message, response.location))
        return self._partial(question, replace(response, level="document" if document else "claim"))

    def _partial(self, question: Question, response: Response) -> Response:
        """'Partial' without a text in Comment or Evidence counts as no."""
        given = response.given
        if question.type != "yes_no_partial" or given is None or given.chosen != frozenset({"partial"}):
            return response
        texts = (response.comment, response.evidence)
        if any(self.evaluation.criteria.words.judge(text) != "nothing" for text in texts):
            return response
        message = f"{question.id}: 'Partial' without a text in Comment or Evidence counts as no: say what is missing"
        self.issues.append(Issue("partial-without-text", message, response.location))
        return replace(response, given=Given("No", frozenset({"no"})))

    def _repeated_evidence(self, responses: Iterable[Response]) -> None:
        judge = self.evaluation.criteria.words.judge
        named = [r for r in responses if r.level is not None and judge(r.evidence) == "document"]
        counts = Counter(normalize(response.evidence) for response in named)
        for text, count in counts.items():
            if count >= _REPEATED:
                first = next(response for response in named if normalize(response.evidence) == text)
                message = f"the same evidence stands beside {count} answers: '{shorten(first.evidence)}'"
                self.issues.append(Issue("evidence-repeated", message, first.location))


# ------------------------------------------------------------------------------------------------ small things


def _headers(sheet: Sheet) -> dict[int, dict[str, int]]:
    """Header rows by number: those with an ID and an Answer column, and where each known column first stands."""
    found = {}
    for number, row in sheet.rows():
        columns: dict[str, int] = {}
        for column, cell in row.items():
            if name := _COLUMNS.get(normalize(cell.raw)):
                columns.setdefault(name, column)
        if "Answer" in columns and ("ID" in columns or KEY in columns):
            found[number] = columns
    return found


def _letter(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _is_progress(cell: Cell) -> bool:
    """Tell the live counts of the first sheet, the only formulas that a questionnaire itself holds."""
    return cell.formula.startswith("=COUNTA(") and "!" in cell.formula


def _joined(cell: Cell, unit: Cell | None, asked: str) -> Cell:
    """Take a Unit cell that the vendor changed as part of the answer: 3 beside 'weeks' is not 3 days."""
    if unit is None or not asked or is_unit(unit.raw, asked):
        return cell
    if cell.percent or not isinstance(cell.value, int | float | str):
        return cell._replace(value=f"{cell.raw} {unit.raw}", percent=False)
    # A figure has one reading; ten decimals keep 1.234 from looking like 1,234.
    figure = f"{cell.value:.10f}" if isinstance(cell.value, float) else cell.raw
    return cell._replace(value=f"{figure} {unit.raw}")


def _texts(lines: Iterable[_Line], column: Literal["evidence", "comment"]) -> list[tuple[_Line, Cell]]:
    """List what stands in a column beside one question, doubles included, each text once."""
    found: dict[str, tuple[_Line, Cell]] = {}
    for line in (one for first in lines for one in (first, *first.doubles)):
        cell = line.evidence if column == "evidence" else line.comment
        if cell is not None:
            found.setdefault(normalize(cell.raw), (line, cell))
    return list(found.values())


def _replaced(line: _Line) -> list[_Line]:
    """List the filled lines of earlier rounds, the newest first."""
    older = [other for other in line.doubles if other.answer is not None and other.round < line.round]
    return sorted(older, key=lambda other: -other.round)


def _places(lines: Iterable[_Line], first: _Line | None) -> Iterator[Location]:
    """Cells of the answers that count, then of those that they replaced and of what a clarification added beside."""
    lines = tuple(lines)
    yield from (line.place(line.answer) for line in lines if line.answer or line is first)
    yield from (old.place(old.answer) for line in lines for old in _replaced(line))
    added = (one for line in lines for one in (line, *line.doubles) if one.round and one.answer is None)
    yield from (line.place(cell) for line in added for cell in (line.evidence, line.comment) if cell is not None)


def _in_one_form(question: Question, lines: dict[str, _Line]) -> dict[str, _Line]:
    """Spread a list of labels over its rows where a clarification answers some of them anew."""
    whole = lines.get("")
    newer = [line for part, line in lines.items() if part and line.answer and whole and line.round > whole.round]
    if not isinstance(question, MultiChoice) or whole is None or whole.answer is None or not newer:
        return lines
    try:
        ticks = question.spread(whole.read_as or whole.answer)
    except AnswerError:
        ticks = {}
    result = {part: line for part, line in lines.items() if part}
    for part, cell in ticks.items():
        if part not in result or result[part].answer is None:
            beside = (result[part],) if part in result else ()
            result[part] = replace(whole, answer=cell, read_as=None, doubles=(*whole.doubles, *beside))
    return {
        part: replace(line, doubles=(*line.doubles, whole)) if line.round > whole.round and line.answer else line
        for part, line in result.items()
    }


def _folded(cell: Cell | None) -> object:
    return normalize(cell.raw) if cell else ""


def _shown(cell: Cell | None) -> str:
    return cell.raw if cell else ""


def _raw(lines: Mapping[str, _Line], asked: str) -> str:
    filled = {part: _with_unit(line, asked) for part, line in lines.items() if line.answer}
    return "; ".join(f"{part}: {raw}" if part else raw for part, raw in filled.items())


def _with_unit(line: _Line, asked: str) -> str:
    """Quote an answer, and the unit where the vendor wrote another one."""
    changed = line.unit is not None and asked and normalize(line.unit.raw) != normalize(asked)
    return f"{_shown(line.answer)} {_shown(line.unit)}" if changed else _shown(line.answer)


def _decimal_sign(cover: Mapping[str, str]) -> str:
    sign = cover.get("decimal_sign", "")
    return sign if sign in {".", ","} else ""
