"""Rows of one score sheet: whose each is, and whether its level or its act can be taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from vendor_eval.criteria.parsing import normalize, shorten
from vendor_eval.criteria.questions import LEVELS, Question, RubricQuestion
from vendor_eval.findings.acts import SheetFinding, unreadable_answer
from vendor_eval.findings.codes import KEY_FILE, ScoreKey, is_code, shown_vendor, vendor_codes
from vendor_eval.findings.sheet_rows import ACTS, CORRECT, KEY, VERIFIED, in_categories, levels_text
from vendor_eval.issues import Issue, Location, did_you_mean
from vendor_eval.results import MODERATED
from vendor_eval.spreadsheets import Cell
from vendor_eval.tender import CONSENSUS, Evaluation


@dataclass(frozen=True)
class Sides:
    """Who gave a sheet, and about whom."""

    evaluation: Evaluation
    owner: str
    names: Mapping[str, str]
    key: ScoreKey | None

    @property
    def as_of(self) -> date:
        """Day of the evaluation."""
        return self.evaluation.settings.as_of

    @cached_property
    def name(self) -> str:
        """Name of the evaluator, or that of the panel together."""
        found = (one.shown for one in self.evaluation.settings.evaluators if one.id == self.owner)
        return next(found, MODERATED)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """What the evaluator was given; the panel together, what any of them was."""
        evaluators = self.evaluation.settings.evaluators
        own = [one for one in evaluators if one.id == self.owner] or evaluators
        return {name: question for one in own for name, question in in_categories(self.evaluation, one).items()}

    @cached_property
    def vendors(self) -> Mapping[str, str]:
        """Vendors by the code in the hidden key."""
        codes = vendor_codes(self.names, None if self.owner == CONSENSUS else self.key)
        return {code: vendor for vendor, code in codes.items()}

    @cached_property
    def unread(self) -> frozenset[str]:
        """Give the codes of vendors that the evaluation knows and whose response was not read."""
        known = {entry.id: entry.id for entry in self.evaluation.settings.vendors}
        known |= self.key.codes if self.key else {}
        return frozenset(code for code, vendor in known.items() if vendor not in self.names)

    @cached_property
    def shown(self) -> Mapping[str, str]:
        """Vendors by what stands in the column Vendor; '' where two stand under one name."""
        codes = {vendor: code for code, vendor in self.vendors.items()}
        found: dict[str, str] = {}
        for vendor in codes:
            name = normalize(shown_vendor(vendor, self.names, codes))
            found[name] = "" if name in found else vendor
        return found


@dataclass(frozen=True, slots=True)
class SheetPoint:
    """A row that an evaluator filled in: its cells by column, and those of them that were asked for."""

    at: Callable[[Cell], Location]
    named: Mapping[str, Cell]
    given: Mapping[str, Cell]

    @property
    def first(self) -> Cell:
        """First cell that was filled in."""
        return next(iter(self.given.values()))

    def text(self, column: str) -> str:
        """Give what stands in a column."""
        return self.named[column].raw if column in self.named else ""


@dataclass
class Entries:
    """Takes the rows of one sheet, one by one."""

    sides: Sides
    day: date
    findings: list[SheetFinding] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    seen: dict[tuple[str, str], tuple[tuple[str, ...], Location]] = field(default_factory=dict)

    def take(self, point: SheetPoint) -> None:
        """Take a row: a finding, or an issue that says why it is none."""
        found = self._whose(point)
        if found is None:
            return
        vendor, question = found
        if not self._is_new(vendor, question.id, point):
            return
        if question.id not in self.sides.questions:
            text = f"was not given to {self.sides.owner}: the row does not count"
            place = point.at(point.first)
            message = f"{vendor} {question.id} {text}"
            self.issues.append(Issue("wrong-evaluator-row", message, place, question.id, "", text))
            return
        if "Question" in point.named and normalize(point.text("Question")) != normalize(question.text):
            text = "the question reads otherwise than in the criteria; what was given counts for theirs"
            self._say_of("changed-question", vendor, question, text, point, point.named["Question"])
        if point.named.keys() & {"Act", "Correct to"}:
            self._take_act(vendor, question, point)
        else:
            self._take_level(vendor, question, point)

    # -------------------------------------------------------------------------------------------- whose

    def _whose(self, point: SheetPoint) -> tuple[str, Question] | None:
        """Find vendor and question by the hidden key, which the visible columns must not contradict."""
        asked, visible = self.sides.evaluation.asked_questions, self._visible(point)
        if KEY not in point.named:
            vendor, name = visible
            told = f"{point.text('Vendor')} {point.text('ID')}".strip()
        else:
            told = point.text(KEY)
            code, _, name = told.partition(":")
            vendor = self.sides.vendors.get(code, "")
        if told.partition(":")[0] in self.sides.unread:
            message = f"{told}: the vendor was not evaluated, so the row waits"
            self._say("row-of-unread-vendor", message, point)
            return None
        if not vendor and self.sides.key is None and is_code(told.partition(":")[0]):
            message = f"'{told}' stands under a code, and {KEY_FILE}, which says whose it is, is missing: put it back"
            self._say("unknown-row", f"{message}; the row was not read", point)
            return None
        if not vendor or name not in asked:
            known = [f"{code}:{question}" for code in self.sides.vendors for question in asked]
            message = f"'{told}' is no vendor and question of this evaluation{did_you_mean(told, known)}"
            self._say("unknown-row", f"{message}; the row was not read", point)
            return None
        others = (visible[0] or vendor, visible[1] or name)
        if others != (vendor, name):
            message = (
                f"the hidden key says {vendor} {name}, the visible columns say {' '.join(others)}: were rows sorted "
                "without the hidden column? The row does not count"
            )
            self._say("key-mismatch", message, point)
            return None
        return vendor, asked[name]

    def _visible(self, point: SheetPoint) -> tuple[str, str]:
        """Vendor and question as the visible columns name them, as far as they are known."""
        name = point.text("ID").strip()
        vendor = self.sides.shown.get(normalize(point.text("Vendor")), "")
        return vendor, name if name in self.sides.evaluation.asked_questions else ""

    def _is_new(self, vendor: str, question: str, point: SheetPoint) -> bool:
        """Notice a row that stands twice, as in a copied sheet; two different ones count for nothing."""
        texts = tuple(f"{name}: {normalize(cell.raw)}" for name, cell in sorted(point.given.items()))
        place = point.at(point.first)
        first = self.seen.setdefault((vendor, question), (texts, place))
        if first[1] == place:
            return True
        if first[0] == texts:
            text = f"stands twice alike, also in {first[1]}"
            self.issues.append(Issue("duplicate-row", f"{vendor} {question} {text}", place, question, "", text))
        else:
            text = f"stands twice, differently, also in {first[1]}: neither counts, remove one"
            self.issues.append(Issue("contradiction", f"{vendor} {question} {text}", place, question, "", text))
            self.findings = [f for f in self.findings if (f.vendor, f.question) != (vendor, question)]
        return False

    # -------------------------------------------------------------------------------------------- levels and acts

    def _take_level(self, vendor: str, question: Question, point: SheetPoint) -> None:
        if not isinstance(question, RubricQuestion):
            self._say_of("wrong-level", vendor, question, "is no rubric, so it takes no level", point)
            return
        if normalize(point.text("Levels")) != normalize(levels_text(question)):
            text = "the anchors of the levels were edited, so the level means something else; restore them"
            self._say_of("edited-anchors", vendor, question, text, point, point.named.get("Levels"))
            return
        level = self._level(vendor, question, point)
        if level is None or not self._has_reason(vendor, question, f"level {level}", point):
            return
        took_part = point.text("Took part").strip()
        if self.sides.owner == CONSENSUS and not took_part:
            self._say_of("participants-missing", vendor, question, "who took part in the moderation?", point)
            return
        self._found(vendor, question, point, point.given["Level"], level=level, note=took_part)

    def _level(self, vendor: str, question: Question, point: SheetPoint) -> int | None:
        """Read a whole level; None, and why, where there is none."""
        cell = point.given.get("Level")
        if cell is None:
            text = f"a reason without a level: give a level 0 to {LEVELS - 1}"
            self._say_of("level-missing", vendor, question, text, point)
            return None
        if cell.formula and cell.value is None:
            text = "a formula without a saved value: open the sheet in Excel, save it, use that file"
            self._say_of("formula-without-value", vendor, question, text, point, cell)
            return None
        level = normalize(cell.raw)
        if isinstance(cell.value, bool) or not (level.isdecimal() and int(level) < LEVELS):
            text = f"'{shorten(cell.raw)}' is no level: give one whole number from 0 to {LEVELS - 1}"
            self._say_of("wrong-level", vendor, question, text, point, cell)
            return None
        return int(level)

    def _has_reason(self, vendor: str, question: Question, act: str, point: SheetPoint) -> bool:
        """Ask for a reason that says something."""
        cell = point.given.get("Reason")
        words = self.sides.evaluation.criteria.words
        if cell and not cell.error and words.judge(cell.raw) != "nothing":
            return True
        told = f": '{shorten(cell.raw)}' is none" if cell else ""
        text = f"{act} has no reason{told}: say what was seen"
        self._say_of("reason-missing", vendor, question, text, point, cell)
        return False

    def _take_act(self, vendor: str, question: Question, point: SheetPoint) -> None:
        act, to = normalize(point.text("Act")), point.given.get("Correct to")
        if fault := self._wrong_act(question, point, act, to):
            self._say_of("wrong-act", vendor, question, fault, point)
        elif not self._has_reason(vendor, question, f"'{act}'", point):
            return
        elif to is not None and (why := unreadable_answer(question, _answer(to), self.sides.evaluation.setting)):
            self._say_of("wrong-value", vendor, question, why, point, to)
        else:
            acts: dict[str, Any] = (
                {"answer": _answer(to)} if to else {"verified": True} if act == VERIFIED else {"claim": True}
            )
            self._found(vendor, question, point, point.first, **acts)

    def _wrong_act(self, question: Question, point: SheetPoint, act: str, to: Cell | None) -> str:
        if isinstance(question, RubricQuestion):
            return "is a rubric: give it a level on the sheet Scores"
        if act not in ACTS:
            expected = f"choose one of {', '.join(ACTS)}"
            return f"'{shorten(point.text('Act'))}' is no act: {expected}" if act else expected
        if act == CORRECT:
            return "" if to else "what is the right answer? Fill in 'Correct to'"
        return "'Correct to' wants 'correct'" if to else ""

    def _found(self, vendor: str, question: Question, point: SheetPoint, cell: Cell, **act: Any) -> None:
        self.findings.append(
            SheetFinding(
                vendor=vendor,
                question=question.id,
                by=self.sides.name,
                date=self.day,
                reason=point.text("Reason"),
                evaluator=self.sides.owner,
                place=point.at(cell),
                **act,
            )
        )

    def _say(self, code: str, message: str, point: SheetPoint) -> None:
        self.issues.append(Issue(code, message, point.at(point.first)))

    def _say_of(
        self, code: str, vendor: str, question: Question, text: str, point: SheetPoint, cell: Cell | None = None
    ) -> None:
        message, place = f"{vendor} {question.id}: {text}", point.at(cell or point.first)
        self.issues.append(Issue(code, message, place, question.id, "", text))


def _answer(cell: Cell) -> str:
    """Text of a corrected answer; of a cell that shows percent with the sign."""
    shares = cell.percent and isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    return f"{float(cell.raw) * 100:.12g} %" if shares else cell.raw
