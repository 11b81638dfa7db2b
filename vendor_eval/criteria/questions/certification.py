"""Certificates: parts of the answer, and the decision table that values them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from typing import Annotated, Literal

from pydantic import BeforeValidator, PrivateAttr, model_validator

from vendor_eval.config.models import Day, Fault, Figure, Frozen, Id, Text
from vendor_eval.criteria.conditions import as_list
from vendor_eval.criteria.parsing import YES_NO, normalize, shorten, words
from vendor_eval.criteria.questions.answers import (
    Answer,
    AnswerCell,
    AnswerSettings,
    NextStep,
    Parsed,
    ParsedAnswer,
    PartIssue,
)
from vendor_eval.criteria.questions.arithmetic import months_between, show
from vendor_eval.criteria.questions.base import BaseQuestion
from vendor_eval.criteria.questions.models import HUNDRED, Bounds, GateTest, Option, Score
from vendor_eval.formatting.dates import day as in_words
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import Cell


class CertificationPart(Frozen):
    """One row of a certification question."""

    id: Id
    type: Literal["choice", "date", "text"]
    text: Text
    values: dict[str, Text] = {}


OneOrMore = Annotated[tuple[Text, ...], BeforeValidator(as_list, json_schema_input_type=Text | tuple[Text, ...])]


class DecisionTest(Frozen):
    """What a line of the decision table looks at; `days_left` runs from the evaluation date to the last day."""

    status: OneOrMore = ()
    edition: OneOrMore = ()
    accredited: OneOrMore = ()
    scope: OneOrMore = ()
    days_left: Bounds | None = None

    def cure(self, left: int) -> str:
        """Say what lifts this cap from a certificate with so many days left; '' for nothing short of the best."""
        if self.days_left is not None and self.days_left.max is not None and left >= 0:
            return f"renewal (It ends in {left} days; {self.days_left.max + 1:g} or more score 100)"
        if self.accredited:
            return "a certificate by an accredited body"
        return "a certificate of a current edition" if self.edition else ""


class CertificateDecision(Frozen):
    """A line of the decision table: the first that fits counts."""

    when: DecisionTest = DecisionTest()
    value: Score
    judgement: bool = False


class CertificationScheme(Frozen):
    """How certificates are asked for and valued (certification.yaml); `best` says what earns 100."""

    best: Text = "a valid certificate"
    parts: tuple[CertificationPart, ...]
    needed_for_value: tuple[Text, ...]
    needed_for_document: tuple[Text, ...]
    complete_alone: tuple[Text, ...]
    asked_if_status: tuple[Text, ...]
    edition_also_for: tuple[Text, ...]
    table: tuple[CertificateDecision, ...]

    @model_validator(mode="after")
    def _consistent(self) -> "CertificationScheme":
        parts = self.part_ids
        repeated = next((index for index, name in enumerate(parts) if name in parts[:index]), None)
        if repeated is not None:
            raise Fault("repeated-id", f"the part '{parts[repeated]}' stands twice; keep one", "parts", repeated, "id")
        if not self.statuses:
            message = "a part 'status' with its values is needed; the table asks for it first"
            raise Fault("missing-key", message, "parts")
        of_parts = ("needed_for_value", "needed_for_document")
        for key in (*of_parts, "complete_alone", "asked_if_status", "edition_also_for"):
            known = parts if key in of_parts else tuple(self.statuses)
            for index, name in enumerate(getattr(self, key)):
                if name not in known:
                    message = f"'{name}' is not one of {', '.join(known)}"
                    raise Fault("unknown-reference", message, key, index)
        if not self.table or self.table[-1].when != DecisionTest():
            raise Fault("certification-table", "the last line has no 'when', so that one always holds", "table")
        return self

    @property
    def part_ids(self) -> tuple[str, ...]:
        return tuple(part.id for part in self.parts)

    @property
    def statuses(self) -> Mapping[str, str]:
        return next((part.values for part in self.parts if part.id == "status"), {})


class Edition(Frozen):
    """An edition of a standard that a certificate may name."""

    id: Id
    label: Text
    withdrawn: bool = False
    withdrawn_from: Day | None = None


_DEFAULT_PARTS = ("status", "edition", "accredited", "scope", "valid_until", "issuer", "number")


class Certification(BaseQuestion):
    """A certificate, judged on the evaluation date by the decision table of its scheme."""

    type: Literal["certification"]
    parts: tuple[Text, ...] = ()
    editions: tuple[Edition, ...] = ()
    statuses: tuple[Text, ...] = ()
    status_values: dict[str, Score] = {}
    accredited_text: Text = ""
    valid_until_help: Text = ""
    within_months: Figure | None = None
    _scheme: CertificationScheme = PrivateAttr()

    @property
    def options_by_id(self) -> Mapping[str, str]:
        return {option.id: option.label for option in self._cell("status").options}

    def bind(self, scheme: CertificationScheme) -> "Certification":
        bound = self.model_copy()
        bound.__dict__.pop("_cells", None)
        bound._scheme = scheme  # noqa: SLF001  a copy of itself
        return bound

    @property
    def _names(self) -> tuple[str, ...]:
        wanted = self.parts or tuple(name for name in self._scheme.part_ids if name in _DEFAULT_PARTS)
        return tuple(name for name in wanted if name != "edition" or self.editions)

    def cells(self) -> tuple[AnswerCell, ...]:
        return self._cells

    @cached_property
    def _cells(self) -> tuple[AnswerCell, ...]:
        return tuple(self._cell(name) for name in self._names)

    def _cell(self, name: str) -> AnswerCell:
        part = next(part for part in self._scheme.parts if part.id == name)
        values = part.values
        text, help_ = part.text, ""
        if name == "status" and self.statuses:
            values = {status: values[status] for status in self.statuses}
        elif name == "edition":
            values = {edition.id: edition.label for edition in self.editions}
        elif name == "accredited":
            text = self.accredited_text or text
        elif name == "valid_until":
            help_ = self.valid_until_help
        options = tuple(Option(label=label, id=key, synonyms=YES_NO.get(key, ())) for key, label in values.items())
        return AnswerCell(name, part.type, text, options, help=help_)

    def read(self, cells: Mapping[str, Cell], setting: AnswerSettings) -> ParsedAnswer:
        """Read the parts; a text in the row of the whole question, as on a plain sheet, is asked back."""
        answer = super().read(cells, setting)
        if "" not in cells:
            return answer
        rows = ", ".join(f"{self.id}.{name}" for name in self._names)
        message = f"'{shorten(cells[''].raw)}' stands for the whole certificate: answer in its rows {rows}"
        faults = (*answer.faults, PartIssue("", "certificate-in-one-cell", message))
        return replace(answer, faults=faults) if answer.answer else ParsedAnswer("invalid", None, faults)

    def _assemble(self, parsed: Mapping[str, Parsed], setting: AnswerSettings) -> ParsedAnswer:
        # 'Do not know', and words for nobody, give no part.
        empty = words().unknown | words().none
        filled = {
            part: value
            for part, value in parsed.items()
            if not isinstance(value, Answer) and (self._cell(part).kind != "text" or normalize(str(value)) not in empty)
        }
        missing = self._missing(filled, str(filled.get("status", "")))
        if missing:
            names = ", ".join(self._cell(name).text for name in missing)
            message = f"the certificate is incomplete, so it counts as blank. What is missing: {names}"
            return ParsedAnswer("blank", None, (PartIssue(next(iter(parsed)), "certificate-incomplete", message),))
        answer = self._answer(filled)
        day, most = answer.day, self.within_months
        if day and most is not None and day > setting.as_of and months_between(setting.as_of, day) > most:
            message = f"{in_words(day)} is more than {most:g} months after {in_words(setting.as_of)}: check the date"
            return ParsedAnswer("invalid", None, (PartIssue("valid_until", "implausible-date", message),))
        if self.is_document(answer):
            return ParsedAnswer("answered", answer)
        names = " and ".join(self._cell(name).text for name in self._scheme.needed_for_document if name in self._names)
        message = f"counts as one without a document until {names} are given"
        return ParsedAnswer("answered", answer, (PartIssue("status", "certificate-not-named", message),))

    def _missing(self, parsed: Mapping[str, Parsed], status: str) -> tuple[str, ...]:
        scheme = self._scheme
        if not status or status in scheme.complete_alone:
            return () if status else ("status",)
        needed = tuple(name for name in scheme.needed_for_value if name in self._names and name not in parsed)
        if status in scheme.asked_if_status:
            return needed
        return tuple(name for name in needed if name == "edition" and status in scheme.edition_also_for)

    def _answer(self, parsed: Mapping[str, Parsed]) -> Answer:
        day = parsed.get("valid_until")
        filled = [(cell, str(parsed[cell.part])) for cell in self.cells() if cell.part in parsed]
        shown = [{option.id: option.label for option in cell.options}.get(text, text) for cell, text in filled]
        parts = tuple((cell.part, text) for cell, text in filled)
        status = str(parsed["status"])
        return Answer("; ".join(shown), frozenset({status}), day=day if isinstance(day, date) else None, parts=parts)

    def is_document(self, answer: Answer) -> bool:
        """Whether issuer and number are named, without which a certificate stays a claim."""
        needed = [name for name in self._scheme.needed_for_document if name in self._names]
        asked = answer.part("status") in self._scheme.asked_if_status
        return not asked or all(answer.part(name) for name in needed)

    def candidates(self, _tests: Iterable[GateTest], setting: AnswerSettings) -> Iterable[Answer]:
        """Give every combination of the parts that are chosen, with a certificate of another year."""
        texts: dict[str, Parsed] = {"valid_until": setting.as_of + timedelta(days=365), "issuer": "-", "number": "-"}
        kept = {cell.part: texts.get(cell.part, "-") for cell in self.cells() if cell.kind != "choice"}
        choices = [
            (cell.part, [option.id for option in cell.options]) for cell in self.cells() if cell.kind == "choice"
        ]
        for names in product(*(options for _, options in choices)):
            yield self._answer(dict(zip((part for part, _ in choices), names, strict=True)) | kept)

    def value(self, answer: Answer, setting: AnswerSettings) -> float | None:
        return self._decide(answer, setting)[0]

    def _decide(self, answer: Answer, setting: AnswerSettings) -> tuple[float, str]:
        status = answer.part("status")
        if status in self.status_values:
            return self.status_values[status], f"status {self.options_by_id[status]}"
        for line in self._scheme.table:
            if (why := self._fits(line.when, answer, setting)) is not None:
                return line.value, why or "valid, in scope, 90 days or more left"
        message = f"{self.id}: no line of the decision table fits; add a last one without 'when'"
        raise AnswerError("certification-table", message)

    def _fits(self, test: DecisionTest, answer: Answer, setting: AnswerSettings) -> str | None:
        """Words for a line that fits, None for one that does not."""
        facts = {name: answer.part(name) for name in ("status", "accredited", "scope", "edition")}
        edition = next((edition for edition in self.editions if edition.id == facts["edition"]), None)
        if edition and (edition.withdrawn or (edition.withdrawn_from and edition.withdrawn_from <= setting.as_of)):
            facts["edition"] = "withdrawn"
        wanted = {name: fact for name, fact in facts.items() if getattr(test, name)}
        if any(fact not in getattr(test, name) for name, fact in wanted.items()):
            return None
        words = [f"{name} is {fact}" for name, fact in wanted.items()]
        if test.days_left is not None:
            if answer.day is None:
                return None
            left = (answer.day - setting.as_of).days
            if not test.days_left.holds(left):
                return None
            words.append(f"{left} days left" if left >= 0 else f"expired {-left} days before the evaluation date")
        return ", ".join(words)

    def explain(self, answer: Answer, setting: AnswerSettings) -> str:
        value, why = self._decide(answer, setting)
        return f"{why}: {show(value)}"

    def next_step(self, answer: Answer, setting: AnswerSettings) -> NextStep | None:
        if (self.value(answer, setting) or 0.0) >= HUNDRED:
            return None
        left = (answer.day - setting.as_of).days if answer.day else 0
        capping = (line.when for line in self._scheme.table if line.value < HUNDRED)
        cures = [test.cure(left) for test in capping if self._fits(test, answer, setting) is not None]
        return NextStep("; ".join(cures) if cures and all(cures) else self._scheme.best, HUNDRED)
