"""Duplicate answers of a round: alike, contradicting each other, or placeholders."""

from collections.abc import Callable
from dataclasses import dataclass, field

from vendor_eval.criteria.parsing import Qualified, normalize, nothing_said, shorten
from vendor_eval.criteria.questions import AnswerSettings, Question
from vendor_eval.criteria.questions.answers import OPEN, read_cell
from vendor_eval.intake.answer_lines import AnswerLine, answer_with_unit
from vendor_eval.intake.submission.form import Form
from vendor_eval.issues import AnswerError, Issue
from vendor_eval.spreadsheets import Cell

# So many answers of one sheet that stand on another one too are a copy of it, said once.
_COPIED = 3


@dataclass
class Duplicates:
    """Compares the lines of one answer cell; `setting` is what reading needs, with the decimal sign of a line."""

    form: Form
    issues: list[Issue]
    setting: Callable[[AnswerLine], AnswerSettings]
    alike: list[tuple[AnswerLine, AnswerLine]] = field(default_factory=list)

    def compare(self, question: Question, lines: list[AnswerLine]) -> tuple[AnswerLine, bool]:
        """Find the line that counts among filled ones, and whether another one contradicts it."""
        if len(lines) == 1:
            return lines[0], False
        nothing: list[AnswerLine] = []
        real: list[AnswerLine] = []
        for line in lines:
            (nothing if self._says_nothing(line) else real).append(line)
        first = (real or lines)[0]
        for other in nothing:
            if other is not first:
                self._give_way(other, first if real else None)
        clash = False
        for other in real[1:]:
            if self._same(question, first, other):
                self.alike.append((first, other))
            else:
                clash = True
                self._contradict(first, other)
        return first, clash

    def report_equal(self) -> None:
        """Report equal answers, in one issue for a sheet that repeats another one."""
        sheets: dict[tuple[str, ...], list[tuple[AnswerLine, AnswerLine]]] = {}
        for first, other in self.alike:
            # Of two columns of answers the header says so.
            if (first.file, first.sheet, first.row) != (other.file, other.sheet, other.row):
                sheets.setdefault((first.file, first.sheet, other.file, other.sheet), []).append((first, other))
        for (file, sheet, *there), pairs in sheets.items():
            if len(pairs) >= _COPIED and [file, sheet] != there:
                first, other = pairs[0]
                message = (
                    f"repeats {len(pairs)} answers of '{sheet}' in {first.file}, word for word or in meaning: "
                    "they count once; leave the copy out"
                )
                self.issues.append(Issue("duplicate-answer", message, other.locate()))
                continue
            for first, other in pairs:
                second, counted = other.locate(), first.locate()
                message = f"{first.key} is answered twice alike, here and in {counted}"
                text = f"answered twice alike, in {second} and in {counted}"
                self.issues.append(Issue("duplicate-answer", message, second, *self.form.ids[first.key], text))

    def _says_nothing(self, line: AnswerLine) -> bool:
        row, cell = self.form.rows.get(line.key), line.read_as or line.answer
        if row is None or cell is None:
            return cell is not None and bool(nothing_said(cell.raw))
        try:
            read_cell(row.cell, cell, self.setting(line))
        except AnswerError as error:
            return error.code in OPEN
        return False

    def _give_way(self, line: AnswerLine, other: AnswerLine | None) -> None:
        quoted, place = f"'{shorten(line.raw)}' is no answer", line.locate()
        text = f"{quoted}: the one in {other.locate()} counts" if other else f"{quoted} either"
        self.issues.append(Issue.of_answer("placeholder-answer", text, place, *self.form.ids[line.key]))

    def _contradict(self, first: AnswerLine, other: AnswerLine) -> None:
        here, there = other.locate(), first.locate()
        second, quoted = f"'{shorten(other.raw)}'", f"'{shorten(first.raw)}' in {there}"
        message = f"{first.key} has two answers: {second} here, {quoted}; say which one counts"
        text = f"answered twice: {second} in {here}, {quoted}; say which one counts"
        self.issues.append(Issue("contradiction", message, here, *self.form.ids[first.key], text))

    def _same(self, question: Question, *lines: AnswerLine) -> bool:
        """Compare what two lines say, else how they are read: '95 %' and 0.95 in a cell that shows percent."""
        cells = [answer_with_unit(line, self.form.units[line.key]) for line in lines]
        if len({(normalize(cell.raw), type(cell.value), cell.percent, cell.shown) for cell in cells}) == 1:
            return True
        readings = [self._reading(question, cell, line) for cell, line in zip(cells, lines, strict=True)]
        return readings[0] is not None and readings[0] == readings[1]

    def _reading(self, question: Question, cell: Cell, line: AnswerLine) -> object:
        row = self.form.rows.get(line.key)
        if row is None:
            answer = question.read({"": cell}, self.setting(line)).answer
            return answer and (answer.chosen, answer.number, answer.day, answer.text if answer.chosen is None else "")
        try:
            value = read_cell(row.cell, cell, self.setting(line))
        except AnswerError:
            return None
        return None if isinstance(value, Qualified) else value
