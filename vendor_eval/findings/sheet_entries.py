"""Rows of one score sheet become findings, or issues that say why they do not count."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from vendor_eval.criteria.parsing import normalize, shorten
from vendor_eval.criteria.questions import LEVELS, Question, RubricQuestion
from vendor_eval.findings.acts import SheetFinding, unreadable_answer
from vendor_eval.findings.codes import KEY_FILE, ScoreKey, is_code, shown_vendor, vendor_codes
from vendor_eval.findings.sheet_rows import ACTS, CORRECT, KEY, VERIFIED, levels_text, questions_of
from vendor_eval.issues import Issue, Location, did_you_mean
from vendor_eval.results import MODERATED
from vendor_eval.spreadsheets import Cell
from vendor_eval.tender import CONSENSUS, Evaluation


@dataclass(frozen=True)
class SheetContext:
    """The evaluator of a sheet, and the vendors that it may name."""

    evaluation: Evaluation
    owner: str
    names: Mapping[str, str]
    key: ScoreKey | None

    @property
    def as_of(self) -> date:
        return self.evaluation.settings.as_of

    @cached_property
    def name(self) -> str:
        """Name of the evaluator, or of the panel as a whole."""
        return next((e.shown for e in self.evaluation.settings.evaluators if e.id == self.owner), MODERATED)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Questions of the evaluator; for the panel as a whole those of every evaluator."""
        evaluators = self.evaluation.settings.evaluators
        own = [evaluator for evaluator in evaluators if evaluator.id == self.owner] or evaluators
        return {name: question for e in own for name, question in questions_of(self.evaluation, e).items()}

    @cached_property
    def vendors(self) -> Mapping[str, str]:
        """Vendors by the code in the hidden key."""
        codes = vendor_codes(self.names, None if self.owner == CONSENSUS else self.key)
        return {code: vendor for vendor, code in codes.items()}

    @cached_property
    def unread(self) -> frozenset[str]:
        """Codes of vendors that the evaluation knows and whose response was not read."""
        known = {entry.id: entry.id for entry in self.evaluation.settings.vendors}
        known |= self.key.codes if self.key else {}
        return frozenset(code for code, vendor in known.items() if vendor not in self.names)

    @cached_property
    def shown(self) -> Mapping[str, str]:
        """Vendors by the text of the column Vendor; '' where two have one name."""
        codes = {vendor: code for code, vendor in self.vendors.items()}
        vendors: dict[str, str] = {}
        for vendor in codes:
            name = normalize(shown_vendor(vendor, self.names, codes))
            vendors[name] = "" if name in vendors else vendor
        return vendors


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row that an evaluator filled in: all its cells by column, and those that evaluators fill in."""

    locate: Callable[[Cell], Location]
    cells: Mapping[str, Cell]
    inputs: Mapping[str, Cell]

    @property
    def first(self) -> Cell:
        return next(iter(self.inputs.values()))

    def text(self, column: str) -> str:
        return self.cells[column].raw if column in self.cells else ""


@dataclass
class RowReader:
    """Reads the rows of one sheet into findings and issues."""

    context: SheetContext
    day: date
    findings: list[SheetFinding] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    seen: dict[tuple[str, str], tuple[tuple[str, ...], Location]] = field(default_factory=dict)

    def read(self, row: FilledRow) -> None:
        """Read a row: add a finding, or an issue that says why it does not count."""
        subject = self._subject(row)
        if subject is None or not self._is_new(subject[0], subject[1].id, row):
            return
        vendor, question = subject
        if question.id not in self.context.questions:
            text = f"was not given to {self.context.owner}: the row does not count"
            message, place = f"{vendor} {question.id} {text}", row.locate(row.first)
            self.issues.append(Issue("wrong-evaluator-row", message, place, question.id, "", text))
            return
        if "Question" in row.cells and normalize(row.text("Question")) != normalize(question.text):
            text = "the question reads otherwise than in the criteria; what was given counts for theirs"
            self._report("changed-question", vendor, question, text, row, row.cells["Question"])
        if row.cells.keys() & {"Act", "Correct to"}:
            self._read_act(vendor, question, row)
        else:
            self._read_level(vendor, question, row)

    def _subject(self, row: FilledRow) -> tuple[str, Question] | None:
        """Find vendor and question by the hidden key, which the visible columns must not contradict."""
        asked, shown = self.context.evaluation.asked_questions, row.text("ID").strip()
        # As the visible columns name them, as far as they are known.
        visible = self.context.shown.get(normalize(row.text("Vendor")), ""), shown if shown in asked else ""
        if KEY not in row.cells:
            vendor, name = visible
            key = f"{row.text('Vendor')} {row.text('ID')}".strip()
        else:
            key = row.text(KEY)
            code, _, name = key.partition(":")
            vendor = self.context.vendors.get(code, "")
        prefix = key.partition(":")[0]
        others = (visible[0] or vendor, visible[1] or name)
        if prefix in self.context.unread:
            code, message = "row-of-unread-vendor", f"{key}: the vendor was not evaluated, so the row waits"
        elif not vendor and self.context.key is None and is_code(prefix):
            message = f"'{key}' stands under a code, and {KEY_FILE}, which says whose it is, is missing: put it back"
            code, message = "unknown-row", f"{message}; the row was not read"
        elif not vendor or name not in asked:
            known = [f"{code}:{question}" for code in self.context.vendors for question in asked]
            message = f"'{key}' is no vendor and question of this evaluation{did_you_mean(key, known)}"
            code, message = "unknown-row", f"{message}; the row was not read"
        elif others != (vendor, name):
            code = "key-mismatch"
            message = (
                f"the hidden key says {vendor} {name}, the visible columns say {' '.join(others)}: were rows sorted "
                "without the hidden column? The row does not count"
            )
        else:
            return vendor, asked[name]
        self.issues.append(Issue(code, message, row.locate(row.first)))
        return None

    def _is_new(self, vendor: str, question: str, row: FilledRow) -> bool:
        """Report a row that is a duplicate of an earlier one; where the two differ neither counts."""
        texts = tuple(f"{name}: {normalize(cell.raw)}" for name, cell in sorted(row.inputs.items()))
        place = row.locate(row.first)
        first = self.seen.setdefault((vendor, question), (texts, place))
        if first[1] == place:
            return True
        if first[0] == texts:
            code, text = "duplicate-row", f"stands twice alike, also in {first[1]}"
        else:
            code, text = "contradiction", f"stands twice, differently, also in {first[1]}: neither counts, remove one"
            self.findings = [f for f in self.findings if (f.vendor, f.question) != (vendor, question)]
        self.issues.append(Issue(code, f"{vendor} {question} {text}", place, question, "", text))
        return False

    def _read_level(self, vendor: str, question: Question, row: FilledRow) -> None:
        if not isinstance(question, RubricQuestion):
            self._report("wrong-level", vendor, question, "is no rubric, so it takes no level", row)
            return
        if normalize(row.text("Levels")) != normalize(levels_text(question)):
            text = "the anchors of the levels were edited, so the level means something else; restore them"
            self._report("edited-anchors", vendor, question, text, row, row.cells.get("Levels"))
            return
        level = self._level(vendor, question, row)
        if level is None or not self._has_reason(vendor, question, f"level {level}", row):
            return
        took_part = row.text("Took part").strip()
        if self.context.owner == CONSENSUS and not took_part:
            self._report("participants-missing", vendor, question, "who took part in the moderation?", row)
            return
        self._record(vendor, question, row, row.inputs["Level"], level=level, note=took_part)

    def _level(self, vendor: str, question: Question, row: FilledRow) -> int | None:
        """Read a whole level; None, and why, where there is none."""
        cell = row.inputs.get("Level")
        if cell is None:
            text = f"a reason without a level: give a level 0 to {LEVELS - 1}"
            self._report("level-missing", vendor, question, text, row)
            return None
        if cell.formula and cell.value is None:
            text = "a formula without a saved value: open the sheet in Excel, save it, use that file"
            self._report("formula-without-value", vendor, question, text, row, cell)
            return None
        level = normalize(cell.raw)
        if isinstance(cell.value, bool) or not (level.isdecimal() and int(level) < LEVELS):
            text = f"'{shorten(cell.raw)}' is no level: give one whole number from 0 to {LEVELS - 1}"
            self._report("wrong-level", vendor, question, text, row, cell)
            return None
        return int(level)

    def _has_reason(self, vendor: str, question: Question, act: str, row: FilledRow) -> bool:
        """Return whether a row has a reason; report an empty one."""
        cell = row.inputs.get("Reason")
        words = self.context.evaluation.criteria.words
        if cell and not cell.error and words.judge(cell.raw) != "nothing":
            return True
        quoted = f": '{shorten(cell.raw)}' is none" if cell else ""
        text = f"{act} has no reason{quoted}: say what was seen"
        self._report("reason-missing", vendor, question, text, row, cell)
        return False

    def _read_act(self, vendor: str, question: Question, row: FilledRow) -> None:
        act, to = normalize(row.text("Act")), row.inputs.get("Correct to")
        if fault := self._wrong_act(question, row, act, to):
            self._report("wrong-act", vendor, question, fault, row)
        elif not self._has_reason(vendor, question, f"'{act}'", row):
            return
        elif to is not None and (why := unreadable_answer(question, _answer(to), self.context.evaluation.setting)):
            self._report("wrong-value", vendor, question, why, row, to)
        else:
            acts: dict[str, Any] = (
                {"answer": _answer(to)} if to else {"verified": True} if act == VERIFIED else {"claim": True}
            )
            self._record(vendor, question, row, row.first, **acts)

    def _wrong_act(self, question: Question, row: FilledRow, act: str, to: Cell | None) -> str:
        if isinstance(question, RubricQuestion):
            return "is a rubric: give it a level on the sheet Scores"
        if act not in ACTS:
            expected = f"choose one of {', '.join(ACTS)}"
            return f"'{shorten(row.text('Act'))}' is no act: {expected}" if act else expected
        if act == CORRECT:
            return "" if to else "what is the right answer? Fill in 'Correct to'"
        return "'Correct to' wants 'correct'" if to else ""

    def _record(self, vendor: str, question: Question, row: FilledRow, cell: Cell, **act: Any) -> None:
        self.findings.append(
            SheetFinding(
                vendor=vendor,
                question=question.id,
                by=self.context.name,
                date=self.day,
                reason=row.text("Reason"),
                evaluator=self.context.owner,
                place=row.locate(cell),
                **act,
            )
        )

    def _report(
        self, code: str, vendor: str, question: Question, text: str, row: FilledRow, cell: Cell | None = None
    ) -> None:
        message, place = f"{vendor} {question.id}: {text}", row.locate(cell or row.first)
        self.issues.append(Issue(code, message, place, question.id, "", text))


def _answer(cell: Cell) -> str:
    """Return the text of a corrected answer, with the sign where the cell shows percent."""
    shares = cell.percent and isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    return f"{float(cell.raw) * 100:.12g} %" if shares else cell.raw
