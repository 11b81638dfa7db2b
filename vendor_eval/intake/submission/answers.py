"""Lines become responses: each question is read from its lines, whichever file they stand in."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeGuard

from vendor_eval.criteria.parsing import normalize, shorten, words
from vendor_eval.criteria.questions import Answer, AnswerSettings, Certification, MultiChoice, ParsedAnswer, Question
from vendor_eval.criteria.questions.answers import AnswerCell, read_cell
from vendor_eval.criteria.questions.prices import PriceQuestion
from vendor_eval.formatting.figures import listed
from vendor_eval.intake.answer_lines import (
    AnswerLine,
    FreeText,
    answer_with_unit,
    locations,
    replaced_lines,
    spread_labels,
    with_duplicates,
)
from vendor_eval.intake.evidence import CellProof, EvidenceFolder, tick_list_level, without_all
from vendor_eval.intake.submission.contents import Collected
from vendor_eval.intake.submission.duplicates import Duplicates
from vendor_eval.intake.submission.models import AnswerPart, EarlierAnswer, Response
from vendor_eval.issues import AnswerError, Issue, Location, Severity
from vendor_eval.results import LEVELS, Level
from vendor_eval.spreadsheets import Cell
from vendor_eval.spreadsheets.workers import charge
from vendor_eval.tender import CURRENCY, Evaluation

_REPEATED = 10
_NAMED = 5  # ids in a row that a reader still takes in
_FIGURES = frozenset(("number", "percentage", "price"))
_NOT_COUNTED = frozenset(("rubric", "text"))


@dataclass
class Answers:
    evaluation: Evaluation
    collected: Collected
    filed: EvidenceFolder

    def __post_init__(self) -> None:
        self.form, self.issues = self.collected.form, self.collected.issues
        self.texts: list[FreeText] = []
        self.duplicates = Duplicates(self.form, self.issues, lambda line: self._setting([line]))

    def responses(self) -> dict[str, Response]:
        result: dict[str, Response] = {}
        issues: dict[str, list[Issue]] = {}
        for name, question in self.form.questions.items():
            before = len(self.issues)
            result[name] = self._respond(question)
            issues[name], self.issues[before:] = self.issues[before:], []
        for name, response in result.items():
            settled_by = self._settled_by(self.form.questions[name], result)
            self.issues += _not_needed(response, settled_by, issues[name]) if settled_by else issues[name]
            if not settled_by and response.given is not None:
                self.issues += _waiting(response, self.form.questions[name], result)
        result |= self._of_another_currency(result)
        self.duplicates.report_equal()
        self._report_absent()
        self._report_repeated_evidence(result.values())
        lowered = sum(response.level == "named" or "named" in response.ticks.values() for response in result.values())
        self.issues += self.filed.closing_issues(lowered)
        return result

    def _of_another_currency(self, responses: Mapping[str, Response]) -> Iterator[tuple[str, Response]]:
        """Invalidate the prices that are older than a clarification which put another currency right."""
        lines = [line for line in self.collected.lines.get(CURRENCY, ()) if line.answer is not None]
        newest = max((line.round for line in lines), default=0)
        older = [line for line in lines if line.round < newest and self._is_other_currency(line)]
        for name, question in self.evaluation.offer_questions.items() if older else ():
            rounds = [line.round for line in self.collected.lines.get(name, ()) if line.answer is not None]
            response = responses[name]
            if isinstance(question, PriceQuestion) and response.given is not None and max(rounds) < newest:
                was, asked = f"'{shorten(older[0].raw)}' ({older[0].locate()})", question.currency
                text = f"'{shorten(response.raw)}' was given while the currency was {was}: give this price in {asked}"
                self.issues.append(Issue.of_answer("other-currency", text, response.location, name))
                yield name, replace(response, state="invalid", given=None, level=None)

    def _is_other_currency(self, line: AnswerLine) -> bool:
        cells = {"": line.answer} if line.answer else {}
        reading = self.form.questions[CURRENCY].read(cells, self._setting([line]))
        return any(fault.code == "other-currency" for fault in reading.faults)

    def _settled_by(self, question: Question, responses: Mapping[str, Response]) -> str:
        """Name the question whose answer made a follow-up unnecessary; '' for none."""
        for name, answers in question.ask_if.items():
            parent, response = self.form.questions.get(name), responses.get(name)
            if parent is None or response is None:
                continue
            if above := self._settled_by(parent, responses):
                return above
            if response.given is not None:
                chosen = response.given.chosen or frozenset()
                names = {*chosen, *(normalize(parent.options_by_id.get(option, option)) for option in chosen)}
                if not names.intersection((*answers, *map(normalize, answers))):
                    return name
        return ""

    def _report_absent(self) -> None:
        # An evaluator scores a rubric whatever the vendor wrote, and a text is information: neither costs points.
        counted = [q for q in self.form.questions.values() if q.type not in _NOT_COUNTED or q.gates]
        absent = [key for question in counted for key in self._absent(question)]
        missing = self._report_no_counterpart(absent) if self.collected.no_counterpart else absent
        if missing:
            count = f"{len(missing)} id{'s' if len(missing) > 1 else ''}"
            named = f"{self._whole_sheets()}{self._by_sheet(missing)}"
            message = f"{count} of the evaluation not found, counted as blank: {named}"
            self.issues.append(Issue("question-not-found", message, Location(self.collected.file)))

    def _whole_sheets(self) -> str:
        lines = self.collected.lines
        names = [f"'{name}'" for name, keys in self.form.sheets.items() if not any(key in lines for key in keys)]
        # A plain sheet has none of ours.
        if not names or len(names) == len(self.form.sheets):
            return ""
        return f"nothing of sheet{'s' if len(names) > 1 else ''} {', '.join(names)}: "

    def _by_sheet(self, keys: Sequence[str]) -> str:
        """Name ids; of many how many are on each sheet, and the first."""
        if len(keys) <= _NAMED:
            return ", ".join(keys)
        on = {
            key: name for name, own in self.form.sheets.items() for row in own for key in (row, self.form.ids[row][0])
        }
        counts = Counter(on[key] for key in keys)
        return f"{listed([f'{n} on {name}' for name, n in counts.items()])}; first {', '.join(keys[:_NAMED])}"

    def _report_no_counterpart(self, missing: Iterable[str]) -> list[str]:
        """Report once which ids a mapping has no counterpart for; return those whose absence is not reported yet."""
        without_counterpart = self.collected.no_counterpart
        keys = [key for key in missing if key not in self.collected.reported_absent]
        names = {key: without_counterpart.get(key) or without_counterpart.get(key.rpartition(".")[0]) for key in keys}
        without = [key for key in keys if names[key]]
        if without:
            mapping = ", ".join(dict.fromkeys(str(names[key]) for key in without))
            count = f"{len(without)} id{'s' if len(without) > 1 else ''}"
            message = f"mapping {mapping} has no counterpart of {count}, counted as blank: {self._by_sheet(without)}"
            self.issues.append(Issue("no-counterpart", message, Location(self.collected.file)))
        return [key for key in keys if not names[key]]

    def _absent(self, question: Question) -> tuple[str, ...]:
        """List the id of a question that was not found, or those of its rows that were not."""
        keys, lines = self.form.keys[question.id], self.collected.lines
        absent = tuple(key for key in keys if key not in lines)
        if question.id in lines:
            return ()
        return absent if absent != keys else (question.id,)

    def _respond(self, question: Question) -> Response:
        lines, clash = self._lines_of(question)
        if lines:
            charge(next(iter(lines.values())).file)
        cells = {part: self._with_unit(line) for part, line in lines.items() if line.answer is not None}
        reading = question.read(cells, self._setting(lines.values()))
        if clash:
            reading = ParsedAnswer("invalid", None, reading.faults)
        self._report_question(question, lines, reading)
        for line in with_duplicates(lines.values()):
            written = (cell for cell in (line.answer, line.evidence, line.comment) if cell is not None)
            self.texts += [FreeText(cell.value, line.locate(cell)) for cell in written if isinstance(cell.value, str)]
        response = self._proven(question, self._response(question, lines, reading), lines)
        # For a lowered yes the text is what its 'Partial' needs.
        return response if reading.lowered else self._partial(question, response)

    def _response(self, question: Question, lines: Mapping[str, AnswerLine], reading: ParsedAnswer) -> Response:
        filled = {part: line for part, line in lines.items() if line.answer is not None}
        parts = tuple(AnswerPart(part, self._quoted(line), line.locate()) for part, line in filled.items())
        first = next(iter((*filled.values(), *lines.values())), None)
        comments = [*(cell.raw for _, cell in _texts(lines.values(), "comment")), *reading.conditions]
        return Response(
            question=question.id,
            state=reading.state,
            given=reading.answer,
            raw="; ".join(_named(part.key, part.raw) for part in parts),
            evidence="\n".join(cell.raw for _, cell in _texts(lines.values(), "evidence")),
            level=None,
            comment="\n".join(comments),
            location=first.locate() if first else Location(self.collected.file),
            locations=tuple(dict.fromkeys(locations(lines.values(), first))),
            found_by=first.found_by if first else "",
            earlier=tuple(
                EarlierAnswer(_named(part, self._quoted(old)), old.locate())
                for part, line in lines.items()
                for old in replaced_lines(line)
            ),
            parts=tuple(part for part in parts if part.key),
        )

    def _with_unit(self, line: AnswerLine) -> Cell:
        return answer_with_unit(line, self.form.units[line.key])

    def _quoted(self, line: AnswerLine) -> str:
        """Quote an answer, and the unit where the vendor wrote another one."""
        asked = self.form.units[line.key]
        changed = line.unit is not None and asked and normalize(line.unit.raw) != normalize(asked)
        return f"{line.raw} {line.unit.raw}" if line.unit and changed else line.raw

    def _setting(self, lines: Iterable[AnswerLine]) -> AnswerSettings:
        """Add the decimal sign of the files of these lines, else the one that all files of the vendor name."""
        own = {line.sign for line in lines if line.sign}
        named = own or self._signs
        return replace(self.evaluation.setting, decimal_sign=next(iter(named)) if len(named) == 1 else "")

    @cached_property
    def _signs(self) -> frozenset[str]:
        return frozenset(line.sign for lines in self.collected.lines.values() for line in lines if line.sign)

    def _lines_of(self, question: Question) -> tuple[dict[str, AnswerLine], bool]:
        """Find the line of each part, the newest that is filled, and whether two of a round contradict each other."""
        result: dict[str, AnswerLine] = {}
        clash = False
        for key in (question.id, *self.form.keys[question.id]):
            lines = [self._without_placeholder(line) for line in self.collected.lines.get(key, [])]
            if not lines:
                continue
            filled = [line for line in lines if line.answer is not None]
            newest = max((line.round for line in filled), default=0)
            first = lines[0]
            if more := self.collected.excess[key]:
                text = f"stands in {len(lines) + more:,} rows, which are not compared: leave the one that counts"
                self.issues.append(Issue.of_answer("contradiction", text, first.locate(), *self.form.ids[key]))
                clash = True
            elif filled:
                first, differs = self.duplicates.compare(question, [line for line in filled if line.round == newest])
                clash |= differs
            others = tuple(line for line in lines if line is not first)
            result[key.removeprefix(question.id)[1:]] = replace(first, duplicates=others) if others else first
        return spread_labels(question, result), clash

    def _without_placeholder(self, line: AnswerLine) -> AnswerLine:
        """Empty a box of a clarification that holds 'TBD', so that what was answered before stays."""
        if not line.round or line.answer is None or normalize(line.answer.raw) not in {"", *words().placeholder}:
            return line
        text = f"'{shorten(line.answer.raw)}' is no answer: what was answered before stays"
        self.issues.append(Issue.of_answer("placeholder-answer", text, line.locate(), *self.form.ids[line.key]))
        return replace(line, answer=None)

    def _report_question(self, question: Question, lines: Mapping[str, AnswerLine], reading: ParsedAnswer) -> None:
        for fault in reading.faults:
            line = lines.get(fault.part) or lines.get("") or next(iter(lines.values()))
            part = fault.part if fault.part in lines else ""
            self.issues.append(Issue.of_answer(fault.code, fault.message, line.locate(), question.id, part))
        for part, line in lines.items():
            self._report_formulas(question, line)
            self._report_outside_range(question, line, part)
            if line.merged:
                text = f"blank, inside merged range {line.merged}: take the merge apart and answer each question"
                self.issues.append(Issue.of_answer("merged-answer", text, line.locate(), question.id, part))
        self._report_merged_proof(question, lines, reading)
        self._report_unread(question, lines, reading)

    def _report_outside_range(self, question: Question, line: AnswerLine, part: str) -> None:
        """Report a clarified figure that is none of the range which it replaced."""
        field = next((field for field in question.cells() if field.part == part), None)
        if field is None or field.kind not in _FIGURES or line.answer is None:
            return
        for old in replaced_lines(line):
            ends = self._range_of(field, old)
            figure = self._figure(field, self._with_unit(line), line)
            if ends and figure is not None and not min(ends) <= figure <= max(ends):
                before = f"'{shorten(self._quoted(old))}' ({old.locate()})"
                text = f"'{shorten(line.raw)}' lies outside {before}, which it clarifies: it counts; ask what changed"
                self.issues.append(Issue.of_answer("clarified-outside-range", text, line.locate(), question.id, part))
                return

    def _range_of(self, field: AnswerCell, line: AnswerLine) -> list[float]:
        """Read both ends of a range; none where the line is no range."""
        try:
            read_cell(field, self._with_unit(line), self._setting([line]))
        except AnswerError as error:
            ends = error.readings if error.code == "range-answer" else ()
            figures = [self._figure(field, Cell(1, 1, "A1", end), line) for end in ends]
            return [figure for figure in figures if figure is not None]
        return []

    def _figure(self, field: AnswerCell, cell: Cell, line: AnswerLine) -> float | None:
        try:
            value = read_cell(field, cell, self._setting([line]))
        except AnswerError:
            return None
        return value if isinstance(value, float) else None

    def _report_unread(self, question: Question, lines: Mapping[str, AnswerLine], reading: ParsedAnswer) -> None:
        """Report what was written, ticked or noted elsewhere than in the answer cells."""
        for part, line in lines.items():
            if line.control and line.answer is None:
                text = f"the Answer is blank under a {line.control}, whose state was not read: type the answer"
                self.issues.append(Issue.of_answer("answer-in-control", text, line.locate(), question.id, part))
        if reading.state == "blank" and not any(line.answer for line in lines.values()):
            for place, written in _written(lines.values()):
                quoted = f"the Answer is blank but this was written: '{shorten(written)}'"
                text = f"{quoted}; answer in the Answer column"
                self.issues.append(Issue.of_answer("answer-in-comment", text, place, question.id))
            return
        self._report_rows_unread(question, lines)
        for line in with_duplicates(lines.values()):
            if line.note:
                text = f"a note was not read: '{shorten(line.note)}'"
                self.issues.append(Issue.of_answer("note", text, line.locate(), question.id))

    def _report_rows_unread(self, question: Question, lines: Mapping[str, AnswerLine]) -> None:
        """Report blank rows of an answered question whose own answer was written in another cell of the row."""
        setting = self._setting(lines.values())
        whole = lines.get("")
        for field in question.cells() if whole is None or whole.answer is None else ():
            line = lines.get(field.part)
            if line is None or line.answer is not None or line.control or field.kind == "text":
                continue
            place, written = next((each for each in _written((line,)) if _answers(field, each[1], setting)), (None, ""))
            if place:
                text = f"the Answer is blank but this was written: '{shorten(written)}'; answer in the Answer column"
                self.issues.append(Issue.of_answer("answer-in-comment", text, place, question.id, field.part))

    def _report_merged_proof(self, question: Question, lines: Mapping[str, AnswerLine], reading: ParsedAnswer) -> None:
        """Report where a merge leaves an answer without evidence; of several rows only ticks need it each."""
        ticks = reading.answer.chosen if reading.answer and self._is_proven_by_tick(question) else None
        for part in ("", *(ticks or ())):
            line = lines.get(part)
            if line is None or line.answer is None or not line.proof_merged or _texts([line], "evidence"):
                continue
            hidden = f"without evidence, inside merged range {line.proof_merged}"
            text = f"{hidden}: take the merge apart and name the document beside each answer"
            self.issues.append(Issue.of_answer("merged-evidence", text, line.locate(), question.id, part))

    def _is_proven_by_tick(self, question: Question) -> TypeGuard[MultiChoice]:
        return self.evaluation.counts_named and isinstance(question, MultiChoice)

    def _report_formulas(self, question: Question, line: AnswerLine) -> None:
        for cell in (line.answer, line.evidence, line.comment):
            if cell is not None and cell.formula and cell.value is not None:
                text = f"the saved value '{shorten(cell.raw)}' of a formula was read"
                self.issues.append(Issue.of_answer("formula", text, line.locate(cell), question.id))
        for cell in (line.evidence, line.comment):
            if _is_struck(cell):
                text = f"'{shorten(cell.raw)}' is struck through and was not read"
                self.issues.append(Issue.of_answer("struck-text", text, line.locate(cell), question.id))
            if cell is not None and cell.value is None:
                code = "error-cell" if cell.error else "formula-without-value"
                text = f"{shorten(cell.raw)} has no value here: open in Excel, correct, save, send again"
                self.issues.append(Issue.of_answer(code, text, line.locate(cell), question.id))

    def _proven(self, question: Question, response: Response, lines: Mapping[str, AnswerLine]) -> Response:
        by_tick = self._is_proven_by_tick(question)
        rows = [(part, [line]) for part, line in lines.items()] if by_tick else [("", list(lines.values()))]
        cells = [
            (part, line, cell, self._proof(cell))
            for part, own in rows
            for line, cell in _texts(own, "evidence")
            if cell.value is not None
        ]
        files = tuple(dict.fromkeys(file for *_, proof in cells for file in proof.files))
        response = replace(response, files=files)
        if response.given is None:
            return response
        level = _best(proof for *_, proof in cells)
        ticks: dict[str, Level] = {}
        if self._is_proven_by_tick(question):
            chosen = response.given.chosen or frozenset()
            ticks = {o: _best(p for part, *_, p in cells if part in {"", o} or p.for_all) for o in chosen}
            level = tick_list_level(question, chosen, ticks, level)
        self._report_proof(question, cells, ticks if by_tick else {"": level})
        if isinstance(question, Certification) and not question.is_document(response.given):
            level = "claim"
        if question.comment_required and normalize(response.comment) in {"", *words().placeholder}:
            text = f"the Comment must name: {question.comment_required}"
            self.issues.append(Issue.of_answer("comment-missing", text, response.location, question.id))
        return replace(response, level=level, ticks=ticks)

    def _proof(self, cell: Cell) -> CellProof:
        document = self.evaluation.criteria.words.judge(without_all(cell.raw)) == "document"
        if self.evaluation.counts_named:
            return self.filed.prove(cell.raw, document)
        return CellProof("document" if document else "claim")

    def _report_proof(
        self, question: Question, cells: Iterable[tuple[str, AnswerLine, Cell, CellProof]], levels: Mapping[str, Level]
    ) -> None:
        """Report Evidence that names no document, and files that it names and that are not there."""
        for part, line, cell, proof in cells:
            unnamed = self.evaluation.criteria.words.judge(without_all(cell.raw)) == "unnamed"
            if unnamed and levels.get(part) == "claim":
                text = f"'{shorten(cell.raw)}' names no document, so the answer counts as without one: give its title"
                self.issues.append(Issue.of_answer("unnamed-document", text, line.locate(cell), question.id, part))
            if proof.missing:
                names = " and ".join(f"'{shorten(name)}'" for name in proof.missing)
                were, files = ("were", "files") if len(proof.missing) > 1 else ("was", "file")
                text = f"{names} {were} named and did not arrive: send the {files}"
                self.issues.append(Issue.of_answer("evidence-file-missing", text, line.locate(cell), question.id, part))

    def _partial(self, question: Question, response: Response) -> Response:
        """'Partial' without a text in Comment or Evidence counts as no."""
        given = response.given
        if question.type != "yes_no_partial" or given is None or given.chosen != frozenset({"partial"}):
            return response
        texts = (response.comment, response.evidence)
        if any(self.evaluation.criteria.words.judge(text) != "nothing" for text in texts):
            return response
        text = "'Partial' without a text in Comment or Evidence counts as no: say what is missing"
        self.issues.append(Issue.of_answer("partial-without-text", text, response.location, question.id))
        return replace(response, given=Answer("No", frozenset({"no"})))

    def _report_repeated_evidence(self, responses: Iterable[Response]) -> None:
        judge = self.evaluation.criteria.words.judge
        named = [r for r in responses if r.level is not None and judge(r.evidence) == "document"]
        counts = Counter(normalize(response.evidence) for response in named)
        for text, count in counts.items():
            if count >= _REPEATED:
                first = next(response for response in named if normalize(response.evidence) == text)
                message = f"the same evidence stands beside {count} answers: '{shorten(first.evidence)}'"
                self.issues.append(Issue("evidence-repeated", message, first.location))


def _best(proofs: Iterable[CellProof]) -> Level:
    return max((proof.level for proof in proofs), key=LEVELS.index, default="claim")


def _not_needed(response: Response, settled_by: str, issues: Iterable[Issue]) -> Iterator[Issue]:
    """Keep only the notices of a follow-up that an answer settled; report that it is filled all the same."""
    yield from (issue for issue in issues if issue.severity == Severity.NOTICE)
    if response.raw:
        quoted = f"'{shorten(response.raw)}' is not needed after the answer to {settled_by}"
        text = f"{quoted}, whose credit it takes: nothing to do"
        yield Issue.of_answer("answer-not-needed", text, response.location, response.question)


def _waiting(response: Response, question: Question, responses: Mapping[str, Response]) -> Iterator[Issue]:
    """Report a filled follow-up whose question has no answer yet, so that it counts nothing."""
    above = next((name for name in question.ask_if if name in responses and responses[name].given is None), "")
    if above:
        quoted = f"'{shorten(response.raw)}' counts nothing until {above}, on which it hangs,"
        text = f"{quoted} is answered: answer {above}"
        yield Issue.of_answer("answer-waits", text, response.location, response.question)


def _written(lines: Iterable[AnswerLine]) -> Iterator[tuple[Location, str]]:
    """Yield what was written elsewhere than in the answer cells of a question."""
    lines = tuple(lines)
    for line, cell in (*_texts(lines, "comment"), *_texts(lines, "evidence")):
        yield line.locate(cell), cell.raw
    for line in with_duplicates(lines):
        if line.note:
            yield line.locate(), line.note
        yield from ((line.locate(cell), cell.raw) for cell in line.stray)


def _answers(field: AnswerCell, text: str, setting: AnswerSettings) -> bool:
    """Tell whether a text answers a row; a 'no' changes nothing of a row that is not ticked."""
    try:
        content = read_cell(field, Cell(1, 1, "A1", text), setting)
    except AnswerError as error:
        return field.kind == "choice" and "Yes" in error.readings
    return not isinstance(content, Answer) and content != "no"


def _texts(lines: Iterable[AnswerLine], column: Literal["evidence", "comment"]) -> list[tuple[AnswerLine, Cell]]:
    """List the different texts in a column of one question, duplicates included."""
    texts: dict[str, tuple[AnswerLine, Cell]] = {}
    for line in with_duplicates(lines):
        cell = line.evidence if column == "evidence" else line.comment
        if cell is not None and not _is_struck(cell):
            texts.setdefault(normalize(cell.raw), (line, cell))
    return list(texts.values())


def _is_struck(cell: Cell | None) -> TypeGuard[Cell]:
    return cell is not None and cell.doubt is not None and cell.doubt.code == "struck-answer"


def _named(part: str, raw: str) -> str:
    return f"{part}: {raw}" if part else raw
