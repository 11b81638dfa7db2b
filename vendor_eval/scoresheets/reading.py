"""Filled score sheets become findings. What cannot be read is asked back, with its cell; nothing is guessed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from vendor_eval.award import Evaluator
from vendor_eval.errors import AnswerError
from vendor_eval.findings import SheetFinding, unreadable_answer
from vendor_eval.issues import InputFaults, Issue, Location, did_you_mean
from vendor_eval.parsing import normalize, read_date, shorten
from vendor_eval.questions import LEVELS, Question, RubricQuestion
from vendor_eval.readers import Book, Cell, Sheet, read_workbook
from vendor_eval.scoresheets.rows import (
    ACTS,
    CLAIM_HEADERS,
    CONSENSUS_HEADERS,
    CORRECT,
    COVER_FIELDS,
    IDENTITY,
    INPUTS,
    KEY,
    SCORE_HEADERS,
    TEMPLATE,
    VERIFIED,
    ScoreKey,
    given_to,
    identity,
    levels_text,
    load_key,
    vendor_codes,
)
from vendor_eval.submission import InputFile
from vendor_eval.tender import CONSENSUS, Evaluation

FOLDER = "scores"
_COLUMNS = {normalize(name): name for name in (*SCORE_HEADERS, *CLAIM_HEADERS, *CONSENSUS_HEADERS, KEY)}
_FIELDS = {normalize(label): name for label, name in COVER_FIELDS.items()}
_COPIED = 3


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


def read_scores(evaluation: Evaluation, vendors: Iterable[str]) -> Scores:
    """Read every score sheet in `scores/`.

    Raises InputFaults for a workbook that is no score sheet of this evaluation, for one of nobody in the panel, and for
    a second sheet of one evaluator, unless the evaluation says which counts.
    """
    if not evaluation.settings.evaluators:
        return Scores()
    key = load_key(evaluation)
    books = [read_workbook(path, name=f"{FOLDER}/{path.name}") for path in _files(evaluation.folder / FOLDER)]
    owners = _owners(evaluation, books)
    listed = tuple(vendors)
    readers = [_Reader(evaluation, owner, book, listed, key) for owner, book in owners]
    for reader in readers:
        reader.read()
    found = [finding for reader in readers for finding in reader.findings]
    kept, clashes = _without_contradictions(found)
    issues = [*(issue for reader in readers for issue in reader.issues), *clashes, *_copied(found)]
    return Scores(tuple(kept), tuple(reader.sheet_file() for reader in readers), tuple(issues), key)


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [p for p in found if p.suffix.casefold() in {".xlsx", ".xlsm"} and not p.name.startswith((".", "~$"))]


# ------------------------------------------------------------------------------------------------ whose it is


def _owners(evaluation: Evaluation, books: Sequence[Book]) -> list[tuple[str, Book]]:
    known = {evaluator.id: evaluator for evaluator in evaluation.settings.evaluators}
    faults: list[Issue] = []
    found: dict[str, list[Book]] = {}
    for book in books:
        told = {**_written_identity(book), **book.properties}
        owner = told.get("vendor_eval_evaluator", "")
        fault = _wrong_sheet(evaluation, book, told, owner, known)
        if fault:
            faults.append(fault)
        else:
            found.setdefault(owner, []).append(book)
    chosen = []
    for owner, sheets in found.items():
        counted = known[owner].sheet if owner in known else ""
        kept = [book for book in sheets if not counted or book.file in (counted, f"{FOLDER}/{counted}")]
        if len(kept) == 1:
            chosen.append((owner, kept[0]))
            continue
        files = ", ".join(book.file for book in sheets)
        message = f"{owner} has {len(sheets)} score sheets ({files}): remove one, or name what counts under 'sheet'"
        faults.append(Issue("several-sheets", message, Location(sheets[-1].file)))
    if faults:
        raise InputFaults(faults)
    return chosen


def _wrong_sheet(
    evaluation: Evaluation, book: Book, told: Mapping[str, str], owner: str, known: Mapping[str, Evaluator]
) -> Issue | None:
    place = Location(book.file)
    if told.get("vendor_eval_template") != TEMPLATE:
        message = "is no score sheet: fill in the workbook that 'vendor-eval score-sheets' wrote"
        return Issue("no-score-sheet", message, place)
    if owner not in (*known, CONSENSUS):
        message = f"is the sheet of '{owner}', who is no evaluator here{did_you_mean(owner, known)}"
        return Issue("wrong-evaluator", message, place)
    if told.get("vendor_eval_evaluation") != identity(evaluation, owner)["vendor_eval_evaluation"]:
        return Issue("wrong-evaluation", "was written for another evaluation: title or reference differ", place)
    stem = Path(book.file).stem
    if stem in (*known, CONSENSUS) and stem != owner:
        message = f"is named after {stem} and is the sheet of {owner}: a copy? Each evaluator fills in the own sheet"
        return Issue("wrong-evaluator", message, place)
    return None


def _written_identity(book: Book) -> dict[str, str]:
    """Identity that the hidden sheet holds: some programs drop the properties of a document."""
    sheet = next((sheet for sheet in book.sheets if sheet.name == IDENTITY), None)
    pairs = (list(row.values()) for _, row in sheet.rows()) if sheet else ()
    return {pair[0].raw: pair[1].raw for pair in pairs if len(pair) > 1}


# ------------------------------------------------------------------------------------------------ one sheet


@dataclass
class _Reader:
    evaluation: Evaluation
    owner: str
    book: Book
    vendors: tuple[str, ...]
    key: ScoreKey | None
    findings: list[SheetFinding] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    cover: dict[str, Cell] = field(default_factory=dict)
    seen: dict[tuple[str, str], tuple[tuple[str, ...], Location]] = field(default_factory=dict)

    def read(self) -> None:
        codes = vendor_codes(self.vendors, None if self.owner == CONSENSUS else self.key)
        self.by_code = {code: vendor for vendor, code in codes.items()}
        evaluators = {one.id: one for one in self.evaluation.settings.evaluators}
        own = [evaluators[self.owner]] if self.owner in evaluators else list(evaluators.values())
        self.rubrics = {name: q for one in own for name, q in given_to(self.evaluation, one).items()}
        self.name = evaluators[self.owner].shown if self.owner in evaluators else "Consensus"
        answers = [sheet for sheet in self.book.sheets if any("Key" in columns for columns in _headers(sheet).values())]
        for sheet in self.book.sheets:
            if sheet not in answers and sheet.name != IDENTITY:
                self._cover(sheet)
        self.written = self._date()
        for sheet in answers:
            self._answers(sheet)

    def sheet_file(self) -> SheetFile:
        told = self.cover.get("interests")
        return SheetFile(
            self.owner, InputFile(self.book.file, self.book.sha256), self.written, told.raw.strip() if told else ""
        )

    def _cover(self, sheet: Sheet) -> None:
        for _, row in sheet.rows():
            label, *beside = row.values()
            name = _FIELDS.get(normalize(label.raw))
            if name and beside:
                self.cover[name] = beside[0]

    def _date(self) -> date | None:
        cell = self.cover.get("date")
        if cell is None:
            message = f"{self.owner}: the first sheet says no day on which it was written; {self._as_of} stands for it"
            self.issues.append(Issue("no-written-date", message, Location(self.book.file)))
            return None
        try:
            return read_date(cell.value)
        except AnswerError as error:
            self.issues.append(Issue(error.code, f"{self.owner}: {error}", Location(self.book.file)))
            return None

    @property
    def _as_of(self) -> date:
        return self.evaluation.settings.as_of

    def _answers(self, sheet: Sheet) -> None:
        columns: Mapping[str, int] = {}
        headers = _headers(sheet)
        for number, row in sheet.rows():
            if number in headers:
                columns = headers[number]
            elif columns:
                named = {name: row[column] for name, column in columns.items() if column in row}
                self._row(sheet, number, named, [c for column, c in row.items() if column not in columns.values()])

    def _row(self, sheet: Sheet, number: int, named: dict[str, Cell], loose: list[Cell]) -> None:
        given = {name: cell for name, cell in named.items() if name in INPUTS and cell.raw.strip()}
        key = named[KEY].raw if KEY in named else ""
        code, _, question = key.partition(":")
        vendor = self.by_code.get(code)
        asked = self.evaluation.asked_questions.get(question)
        for cell in loose:
            self._issue("unclaimed-content", f"belongs to no row: '{shorten(cell.raw, 60)}'", sheet, cell)
        if not given:
            return
        first = next(iter(given.values()))
        if vendor is None or asked is None:
            known = [f"{c}:{q}" for c in self.by_code for q in self.evaluation.asked_questions]
            message = f"row {number}: '{key}' is no vendor and question of this evaluation{did_you_mean(key, known)}"
            self._issue("unknown-row", f"{message}; the row was not read", sheet, first)
            return
        if not self._is_new(sheet, vendor, question, given):
            return
        if "Act" in named or "Correct to" in named:
            self._claim(sheet, vendor, asked, given)
        else:
            self._level(sheet, vendor, asked, named, given)

    def _is_new(self, sheet: Sheet, vendor: str, question: str, given: Mapping[str, Cell]) -> bool:
        """Notice a row that stands twice, as in a copied sheet; two different ones count for nothing."""
        texts = tuple(f"{name}: {normalize(cell.raw)}" for name, cell in sorted(given.items()))
        place = self._at(sheet, next(iter(given.values())))
        first = self.seen.setdefault((vendor, question), (texts, place))
        if first[1] == place:
            return True
        if first[0] == texts:
            self.issues.append(
                Issue("duplicate-row", f"{vendor} {question} stands twice alike, also in {first[1]}", place)
            )
        else:
            message = f"{vendor} {question} stands twice, differently, also in {first[1]}: neither counts, remove one"
            self.issues.append(Issue("contradiction", message, place))
            self.findings = [f for f in self.findings if (f.vendor, f.question) != (vendor, question)]
        return False

    def _level(
        self, sheet: Sheet, vendor: str, asked: Question, named: Mapping[str, Cell], given: Mapping[str, Cell]
    ) -> None:
        first = next(iter(given.values()))
        point = f"{vendor} {asked.id}"
        if asked.id not in self.rubrics or not isinstance(asked, RubricQuestion):
            message = f"{point} was not given to {self.owner}: the level does not count"
            self._issue("wrong-evaluator-row", message, sheet, first)
            return
        if "Levels" in named and normalize(named["Levels"].raw) != normalize(levels_text(asked)):
            message = f"{point}: the anchors of the levels were edited, so the level means something else; restore them"
            self._issue("edited-anchors", message, sheet, named["Levels"])
            return
        level = self._whole(sheet, point, given.get("Level"), first)
        if level is None:
            return
        if "Reason" not in given:
            self._issue("reason-missing", f"{point}: level {level} has no reason: say what was seen", sheet, first)
            return
        took_part = given["Took part"].raw.strip() if "Took part" in given else ""
        if self.owner == CONSENSUS and not took_part:
            self._issue("participants-missing", f"{point}: who took part in the moderation?", sheet, first)
            return
        self._found(sheet, given["Level"], vendor, asked.id, given["Reason"].raw, level=level, note=took_part)

    def _whole(self, sheet: Sheet, point: str, cell: Cell | None, first: Cell) -> int | None:
        if cell is None:
            self._issue(
                "level-missing", f"{point}: a reason without a level: give a level 0 to {LEVELS - 1}", sheet, first
            )
            return None
        value = cell.value
        text = normalize(cell.raw)
        if isinstance(value, bool) or not (text.isdecimal() and int(text) < LEVELS):
            message = f"{point}: '{shorten(cell.raw)}' is no level: give one whole number from 0 to {LEVELS - 1}"
            self._issue("wrong-level", message, sheet, cell)
            return None
        return int(text)

    def _claim(self, sheet: Sheet, vendor: str, asked: Question, given: Mapping[str, Cell]) -> None:
        first = next(iter(given.values()))
        point = f"{vendor} {asked.id}"
        act = normalize(given["Act"].raw) if "Act" in given else ""
        to = given.get("Correct to")
        if act not in ACTS:
            expected = f"choose one of {', '.join(ACTS)}"
            message = f"{point}: '{shorten(given['Act'].raw)}' is no act: {expected}" if act else f"{point}: {expected}"
            self._issue("wrong-act", message, sheet, first)
        elif (to is None) is (act == CORRECT):
            message = "what is the right answer? Fill in 'Correct to'" if to is None else "'Correct to' wants 'correct'"
            self._issue("wrong-act", f"{point}: {message}", sheet, first)
        elif "Reason" not in given:
            self._issue("reason-missing", f"{point}: '{act}' has no reason: say what was seen", sheet, first)
        elif to is not None and (why := unreadable_answer(asked, to.raw, self.evaluation.setting)):
            self._issue("wrong-value", f"{point}: {why}", sheet, to)
        else:
            acts: dict[str, Any] = (
                {"answer": to.raw} if to else {"verified": True} if act == VERIFIED else {"claim": True}
            )
            self._found(sheet, first, vendor, asked.id, given["Reason"].raw, **acts)

    def _found(self, sheet: Sheet, cell: Cell, vendor: str, question: str, reason: str, **act: Any) -> None:
        self.findings.append(
            SheetFinding(
                vendor=vendor,
                question=question,
                by=self.name,
                date=self.written or self._as_of,
                reason=reason,
                evaluator=self.owner,
                place=str(self._at(sheet, cell)),
                **act,
            )
        )

    def _issue(self, code: str, message: str, sheet: Sheet, cell: Cell) -> None:
        self.issues.append(Issue(code, message, self._at(sheet, cell)))

    def _at(self, sheet: Sheet, cell: Cell) -> Location:
        return Location(self.book.file, sheet.name, cell.address)


def _headers(sheet: Sheet) -> dict[int, dict[str, int]]:
    found = {}
    for number, row in sheet.rows():
        columns: dict[str, int] = {}
        for column, cell in row.items():
            if name := _COLUMNS.get(normalize(cell.raw)):
                columns.setdefault(name, column)
        if KEY in columns and "Reason" in columns:
            found[number] = columns
    return found


# ------------------------------------------------------------------------------------------------ all sheets


def _without_contradictions(found: Iterable[SheetFinding]) -> tuple[list[SheetFinding], list[Issue]]:
    """Take out acts on evidence that contradict each other: neither counts until the panel agrees."""
    listed = list(found)
    acts: dict[tuple[str, str], list[SheetFinding]] = {}
    for finding in listed:
        if finding.level is None:
            acts.setdefault((finding.vendor, finding.question), []).append(finding)
    issues = []
    out: list[SheetFinding] = []
    for (vendor, question), several in acts.items():
        if len({normalize(finding.act) for finding in several}) > 1:
            said = "; ".join(f"{finding.by}: {finding.act} ({finding.place})" for finding in several)
            message = f"{vendor} {question}: evaluators contradict each other, neither counts: {said}"
            issues.append(Issue("contradiction", message, Location(several[-1].place.partition(",")[0])))
            out += several
        else:
            out += several[1:]  # the same act twice is one act
    return [finding for finding in listed if not any(finding is one for one in out)], issues


def _copied(found: Iterable[SheetFinding]) -> Iterator[Issue]:
    """Notice two evaluators with the same levels and reasons throughout."""
    by_owner: dict[str, dict[tuple[str, str], tuple[float | None, str]]] = {}
    for finding in found:
        if finding.level is not None and finding.evaluator != CONSENSUS:
            told = (finding.level, normalize(finding.reason))
            by_owner.setdefault(finding.evaluator, {})[finding.vendor, finding.question] = told
    owners = list(by_owner)
    for index, one in enumerate(owners):
        for other in owners[index + 1 :]:
            shared = by_owner[one].keys() & by_owner[other].keys()
            if len(shared) >= _COPIED and all(by_owner[one][point] == by_owner[other][point] for point in shared):
                message = f"{one} and {other} gave the same {len(shared)} levels with the same reasons: a copied sheet?"
                yield Issue("copied-sheet", message, Location(FOLDER))
