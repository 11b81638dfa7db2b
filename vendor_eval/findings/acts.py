"""What the buyer verified, scored or corrected. The vendor's own answer stays on record beside it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from statistics import fmean, median
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, model_validator

from vendor_eval.config.models import Day, Described, Fault, Text, load_list
from vendor_eval.config.yaml12 import YamlSource
from vendor_eval.criteria import in_order
from vendor_eval.criteria.questions import (
    LEVELS,
    Answer,
    AnswerSettings,
    Certification,
    MultiChoice,
    ParsedAnswer,
    Question,
    RubricQuestion,
)
from vendor_eval.forms.layout import form_questions
from vendor_eval.intake.evidence import tick_list_level
from vendor_eval.intake.submission import Response, VendorResponse
from vendor_eval.issues import InputError, Issue, Location, did_you_mean
from vendor_eval.results import Level
from vendor_eval.results.pilot import BY_PILOT
from vendor_eval.spreadsheets import Cell
from vendor_eval.tender import CONSENSUS, Evaluation
from vendor_eval.tender.conditions import FILE as CONDITIONS, listed_conditions
from vendor_eval.tender.evaluators import Aggregate

FILE = "findings.yaml"
Act = Literal["verified", "claim", "level", "answer", "note", "condition"]


class Finding(Described):
    """One act of the buyer: verified, level, answer, claim, a condition that is met or not, or a note alone."""

    vendor: Text
    """Id of the vendor."""
    question: Text = ""
    """Id of the question; needed by every act but a note and a condition."""
    verified: bool = False
    """`true`: the proof was checked; the answer counts up to `evidence.verified`."""
    claim: bool = False
    """`true`: the document proves nothing; the answer counts as a bare claim."""
    level: Annotated[int, Field(ge=0, le=LEVELS - 1, strict=True)] | None = None
    """Level of a rubric question."""
    answer: Text | None = None
    """Answer that counts in place of the vendor's, written as a vendor would write it."""
    condition: Text = ""
    """Id of a condition in conditions.yaml; with `met`, and without a question."""
    met: Annotated[bool, Field(strict=True)] | None = None
    """`true`: the condition is met; `false`: it failed. The newest entry counts, and it changes no score."""
    note: Text = ""
    """A remark; closes a flag of the question, or stands with the vendor where no question is named."""
    by: Text
    """Who did it."""
    date: Day
    """On which day."""
    reason: Text = ""
    """What was seen; needed by every act but a note."""

    @model_validator(mode="after")
    def _one_act(self) -> "Finding":
        if self.condition or self.met is not None:
            return self._on_condition()
        acts = [self.verified, self.claim, self.level is not None, self.answer is not None]
        if sum(acts) > 1:
            raise Fault("wrong-value", "one act per entry: verified, claim, level or answer; write two entries")
        if not any(acts) and not self.note:
            raise Fault("missing-key", "an entry needs an act: verified, claim, level, answer or note")
        if any(acts) and not self.question:
            raise Fault("missing-key", "required key 'question' is missing: which answer does this concern?")
        if any(acts) and not self.reason:
            raise Fault("missing-key", "required key 'reason' is missing: what was seen?")
        return self

    def _on_condition(self) -> "Finding":
        if self.question or self.verified or self.claim or self.level is not None or self.answer is not None:
            raise Fault("wrong-value", "a condition changes no answer: write an entry of its own for it", "condition")
        for name, value in (("condition", self.condition), ("met", self.met), ("reason", self.reason)):
            if value is None or not str(value).strip():
                raise Fault("missing-key", f"required key '{name}' is missing of a finding on a condition")
        return self

    @property
    def kind(self) -> Act:
        if self.condition:
            return "condition"
        if self.level is not None:
            return "level"
        if self.answer is not None:
            return "answer"
        return "verified" if self.verified else "claim" if self.claim else "note"

    @property
    def value(self) -> int | str | None:
        """The level or the answer that was given; None for an act that has neither."""
        return self.answer if self.level is None else self.level

    @property
    def act(self) -> str:
        if self.value is not None:
            return f"{self.kind} {self.value}"
        if self.condition:
            return "met" if self.met else "not met"
        return "sent back to claim" if self.kind == "claim" else self.kind

    @property
    def location(self) -> Location:
        return Location(FILE)


class SheetFinding(Finding):
    """A finding of a score sheet: whose, and in which cell."""

    evaluator: Text
    place: Location

    @property
    def location(self) -> Location:
        return self.place

    @property
    def is_individual(self) -> bool:
        """Whether one evaluator gave it, rather than the panel together."""
        return self.evaluator != CONSENSUS


class PilotFinding(Finding):
    """What the pilot says of an answer: the figure that counts in its place, with its interval, or a claim."""

    by: Text = BY_PILOT
    place: Location
    number: float | None = None
    interval: tuple[float, float | None] | None = None

    @property
    def location(self) -> Location:
        return self.place


@dataclass(frozen=True, slots=True)
class Rated:
    """A response after the buyer's findings: what counts, and the acts that made it so.

    `interval` is that of a figure which the pilot measured, in the unit of the question; its upper end may be infinite.
    """

    response: Response
    given: Answer | None
    state: Literal["answered", "blank", "invalid", "pending"]
    level: Level | None
    findings: tuple[Finding, ...] = ()
    ticks: Mapping[str, Level] = field(default_factory=dict)
    interval: tuple[float, float] | None = None


def load_findings(evaluation: Evaluation, vendors: Iterable[str]) -> tuple[Finding, ...]:
    """Load findings.yaml beside the evaluation; none where there is no such file.

    Raises InputError for unknown vendors and questions, levels for what is no rubric, and two acts that contradict.
    """
    source, entries, faults = load_list(evaluation.folder / FILE, Finding)
    faults = (*faults, *_check(source, entries, evaluation), *_check_vendors(source, entries, vendors))
    if faults:
        raise InputError(sorted(faults, key=in_order))
    return tuple(entries.values())


def listed_findings(folder: Path) -> tuple[Finding, ...]:
    """List the sound entries of findings.yaml, whoever their vendors are."""
    return sound_findings(folder)[0]


def sound_findings(folder: Path) -> tuple[tuple[Finding, ...], tuple[Issue, ...]]:
    """List the sound entries of findings.yaml, and the faults in the form of the others."""
    _, entries, faults = load_list(folder / FILE, Finding)
    return tuple(entries.values()), faults


def findings_faults(folder: Path, evaluation: Evaluation | None) -> tuple[Issue, ...]:
    """Find what is wrong in findings.yaml as long as nobody knows the vendors; without an evaluation its form alone."""
    source, entries, faults = load_list(folder / FILE, Finding)
    return (*faults, *(_check(source, entries, evaluation) if evaluation else ()))


_Entries = Mapping[int, Finding]


def _check_vendors(source: YamlSource, entries: _Entries, vendors: Iterable[str]) -> Iterable[Issue]:
    known = dict.fromkeys(vendors)
    for index, finding in entries.items():
        if finding.vendor not in known:
            message = f"vendor: '{finding.vendor}' is no vendor of this evaluation{did_you_mean(finding.vendor, known)}"
            yield Issue("unknown-reference", message, source.locate((index, "vendor")))


def _check(source: YamlSource, entries: _Entries, evaluation: Evaluation) -> Iterable[Issue]:
    if not entries:
        return
    questions: Mapping[str, Question] = {**evaluation.criteria.questions, **form_questions(evaluation)}
    conditions = {condition.id: condition.vendor for condition in listed_conditions(evaluation.folder)}
    acts: dict[tuple[str, str, str], int] = {}
    for index, finding in entries.items():
        if finding.question:
            yield from _check_question(source, index, finding, evaluation, questions)
        if finding.kind == "condition":
            yield from _check_condition(source, index, finding, conditions)
        elif finding.kind != "note":
            kind = "evidence" if finding.kind in {"verified", "claim"} else finding.kind
            first = acts.setdefault((finding.vendor, finding.question, kind), index)
            if first != index:
                point = f"{finding.vendor} {finding.question}"
                message = f"{point}: a second act on the same point, first at {source.locate((first,))}; keep one"
                yield Issue("contradiction", message, source.locate((index,)), finding.question)


def _check_condition(source: YamlSource, index: int, finding: Finding, owners: Mapping[str, str]) -> Iterator[Issue]:
    owner = owners.get(finding.condition)
    if owner is None:
        message = f"condition: '{finding.condition}' stands in no line of {CONDITIONS}"
        hint = did_you_mean(finding.condition, owners)
        yield Issue("unknown-reference", f"{message}{hint}", source.locate((index, "condition")))
    elif owner != finding.vendor:
        message = f"condition: {finding.condition} is a condition of {owner}, not of {finding.vendor}"
        yield Issue("wrong-value", message, source.locate((index, "condition")))


def _check_question(
    source: YamlSource, index: int, finding: Finding, evaluation: Evaluation, questions: Mapping[str, Question]
) -> Iterable[Issue]:
    question = questions.get(finding.question)
    if question is None:
        hint = evaluation.criteria.hint_for(finding.question, questions)
        message = f"question: '{finding.question}' is no question{hint}"
        yield Issue("unknown-reference", message, source.locate((index, "question")))
        return
    if not evaluation.scope.get(finding.question, True) and finding.kind != "note":
        message = f"{finding.question} is not asked in this evaluation, so nothing can be found on it"
        yield Issue("question-not-asked-finding", message, source.locate((index, "question")), question.id)
    rubric = isinstance(question, RubricQuestion)
    if finding.level is not None and not rubric:
        message = f"level: {finding.question} is a {question.type} question, not a rubric; correct it with 'answer'"
        yield Issue("wrong-value", message, source.locate((index, "level")), question.id)
    if rubric and finding.kind != "note" and finding.level is None:
        message = f"{finding.kind}: {finding.question} is a rubric; give it a 'level'"
        yield Issue("wrong-value", message, source.locate((index, finding.kind)), question.id)
    elif finding.answer is not None and (why := unreadable_answer(question, finding.answer, evaluation.setting)):
        message = f"answer: {finding.question}: {why}"
        yield Issue("wrong-value", message, source.locate((index, "answer")), question.id, "", why)


def unreadable_answer(question: Question, answer: str, setting: AnswerSettings) -> str:
    """Say why a corrected answer cannot be read; nothing where it can."""
    reading = corrected(question, answer, setting)
    if reading.answer is not None:
        return ""
    return "; ".join(remark.message for remark in reading.faults) or "is no answer"


def corrected(question: Question, answer: str, setting: AnswerSettings) -> ParsedAnswer:
    """Read the answer that the buyer puts in place of the vendor's, who may find that any line is included."""
    # One text can correct the status of a certificate: most are complete answers alone.
    part = "status" if isinstance(question, Certification) else ""
    return question.read({part: Cell(1, 1, "A1", answer)}, replace(setting, by_buyer=True))


def rate(
    submission: VendorResponse,
    findings: Iterable[Finding],
    evaluation: Evaluation,
    before: Mapping[str, Rated] = MappingProxyType({}),
) -> Mapping[str, Rated]:
    """Apply a vendor's findings to its responses.

    A response that was rated `before` under the same findings is that object again.
    """
    return _rate_all(submission.vendor, submission.responses, findings, evaluation, before)


def rate_offer(submission: VendorResponse, findings: Iterable[Finding], evaluation: Evaluation) -> Mapping[str, Rated]:
    """Apply a vendor's findings to the lines of its offer."""
    return _rate_all(submission.vendor, submission.offer, findings, evaluation, {})


def _rate_all(
    vendor: str,
    responses: Mapping[str, Response],
    findings: Iterable[Finding],
    evaluation: Evaluation,
    before: Mapping[str, Rated],
) -> Mapping[str, Rated]:
    questions = form_questions(evaluation)
    by_question: dict[str, tuple[Finding, ...]] = {}
    for finding in findings:
        if finding.vendor == vendor:
            by_question[finding.question] = (*by_question.get(finding.question, ()), finding)
    return {
        name: before[name]
        if name in before and before[name].findings == by_question.get(name, ())
        else _measured(response, by_question.get(name, ()))
        or _rate(questions[name], response, by_question.get(name, ()), evaluation)
        for name, response in responses.items()
    }


def panel_levels(findings: Iterable[SheetFinding]) -> dict[tuple[str, str], list[SheetFinding]]:
    """Map vendor and question to the levels that score sheets give."""
    levels: dict[tuple[str, str], list[SheetFinding]] = {}
    for finding in findings:
        if finding.level is not None:
            levels.setdefault((finding.vendor, finding.question), []).append(finding)
    return levels


def aggregated(findings: Iterable[Finding], rule: Aggregate) -> float | None:
    """Make one level of those given: what findings.yaml says, else the consensus, else by the rule.

    None where nobody gave one, and under `consensus` until there is one.
    """
    levels = [(finding, finding.level) for finding in findings if finding.level is not None]
    of_buyer = [level for finding, level in levels if not isinstance(finding, SheetFinding)]
    agreed = [level for finding, level in levels if isinstance(finding, SheetFinding) and not finding.is_individual]
    if of_buyer or agreed:
        return (of_buyer or agreed)[0]
    given = [level for _, level in levels]
    if not given or rule == "consensus":
        return None
    return fmean(given) if rule == "mean" else float(median(given))


def _measured(response: Response, findings: tuple[Finding, ...]) -> Rated | None:
    """Rate a response by the figure that a pilot measured; None where there is none."""
    for finding in findings:
        if isinstance(finding, PilotFinding) and finding.answer is not None:
            given, (low, high) = Answer(finding.answer, number=finding.number), finding.interval or (inf, None)
            interval = (low, inf if high is None else high) if finding.interval else None
            return Rated(response, given, "answered", "verified", findings, interval=interval)
    return None


def _rate(question: Question, response: Response, findings: tuple[Finding, ...], evaluation: Evaluation) -> Rated:
    setting = evaluation.setting
    if isinstance(question, RubricQuestion):
        level = aggregated(findings, evaluation.settings.aggregate)
        if level is None:
            return Rated(response, None, "pending", None, findings)
        # Whoever gave the level has seen the evidence.
        return Rated(response, question.at_level(level), "answered", "verified", findings)
    rated = Rated(response, response.given, response.state, response.level, findings, response.ticks)
    for finding in findings:
        if finding.answer is not None:
            given = corrected(question, finding.answer, setting).answer
            proof = rated.level or "claim"
            if rated.ticks and isinstance(question, MultiChoice):
                proof = tick_list_level(question, (given and given.chosen) or (), rated.ticks, proof)
            rated = replace(rated, given=given, state="answered", level=proof)
    for finding in findings:
        if rated.given is not None and (finding.verified or finding.claim):
            rated = replace(rated, level="verified" if finding.verified else "claim", ticks={})
    return rated
