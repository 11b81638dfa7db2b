"""Requirements in words: how many are met, and of each other one what we know, what cures it, and by when."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import distinct
from vendor_eval.formatting.measures import gate_unit
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.wording.answers import short_answer
from vendor_eval.reports.wording.lookups import questions_by_id, titles_of
from vendor_eval.results import (
    DECLARATION,
    AnswerRecord,
    FloorRecord,
    GateRecord,
    NodeRecord,
    QuestionDefinition,
    Result,
    VendorRecord,
    WaiverRecord,
)

Outcome: TypeAlias = Literal["failed", "open", "waived"]
# A waived failure is no less a failure: it comes after those that are to be mended.
_ORDER: tuple[Outcome, ...] = ("failed", "open", "waived")
_STAGES = ("read", "award", "data")
BEFORE = {"read": "before the offer is read on", "award": "before award", "data": "before the first data"}
NO_COMMENT = "No comment from the evaluators yet."
_QUOTED = 80
# What keeps an answer from passing: what we know of it, and what cures it; where that is '', an answer that passes.
_OPEN = {
    "blank": ("No answer yet.", ""),
    "invalid": ("The answer cannot be read.", ""),
    "pending": ("Not yet scored by the evaluators.", "The evaluators score it."),
    "unknown": ("The vendor does not know.", ""),
    "named": ("Names a document that did not arrive: not yet passed.", "The document that it names."),
    "claim": ("Says yes, without a document: not yet passed.", "A document that proves it."),
}
_LACKS = {
    "blank": "No answer yet",
    "invalid": "Cannot be read",
    "pending": "Not yet scored",
    "unknown": "The vendor does not know",
    "named": "Its document did not arrive",
    "claim": "No document yet",
}


class Unmet(NamedTuple):
    """A requirement that is failed, open or waived. `cause` is the same for all that one kind of reply would cure.

    `waived_until` is the last day of a waiver in words, '' where it has none.
    """

    title: str
    about: str
    kind: str
    stage: str
    outcome: Outcome
    know: str
    cure: str
    by_when: str
    cause: str
    waived_until: str


def requirements_met(vendor: VendorRecord) -> tuple[int, int]:
    """Count the requirements that are met, and all: knock-outs, musts and floors. A waived one is not met."""
    results = [gate.result for gate in vendor.gates if gate.kind != "flag"]
    results += [node.floor.result for node in vendor.nodes if node.floor]
    return results.count("pass"), len(results)


def unmet(result: Result, vendor: VendorRecord, *, internal: bool = True) -> tuple[Unmet, ...]:
    """List the requirements that are not met: failed, open, waived; in each knock-outs first.

    For the vendor itself (not `internal`) a waiver is named without its reason and without who approved it, and no
    answer is named that would pass.
    """
    words = _Words(result, vendor, internal=internal)
    requirements = [*words.gates(), *words.floors()]
    return tuple(
        sorted(
            requirements, key=lambda requirement: (_ORDER.index(requirement.outcome), requirement.kind != "knock_out")
        )
    )


def stages_left(result: Result, requirements: tuple[Unmet, ...]) -> tuple[tuple[str, int], ...]:
    """Count what is still to be met before each step; what is waived is not to be met."""
    due = [by_when(result, requirement.stage) for requirement in requirements if requirement.outcome != "waived"]
    return tuple((step, due.count(step)) for step in BEFORE.values() if step in due)


def by_when(result: Result, stage: str) -> str:
    """Say before which step something must be met: what was due earlier is due now."""
    return BEFORE[max(stage, result.evaluation.stage, key=_STAGES.index)]


class _Words:
    def __init__(self, result: Result, vendor: VendorRecord, *, internal: bool) -> None:
        self.result = result
        self.vendor = vendor
        self.internal = internal
        self.questions: Mapping[str, QuestionDefinition] = questions_by_id(result)
        self.answers = {answer.id: answer for answer in vendor.answers}

    def gates(self) -> Iterator[Unmet]:
        for gate in self.vendor.gates:
            if gate.kind == "flag" or gate.result == "pass":
                continue
            know, cure, cause = self._failed(gate) if gate.result == "fail" else self._open(gate)
            own = (c for c in self.vendor.conditions if c.question == gate.question)
            if lapsed := next((c.until for c in own if c.until and c.result != "waived"), ""):
                know = f"The waiver ended on {day(lapsed)}. {know}"
            yield self._unmet(gate, (cut(gate.because, 90), gate.question), know, cure, cause)

    def floors(self) -> Iterator[Unmet]:
        titles = titles_of(self.result)
        for node in self.vendor.nodes:
            if node.floor and node.floor.result != "pass":
                know, cure = self._floor(node, node.floor)
                title = f"{titles[node.id]}: at least {node.floor.at_least:g} points"
                yield self._unmet(node.floor, (title, node.id), know, cure, "")

    def _unmet(self, test: GateRecord | FloorRecord, named: tuple[str, str], know: str, cure: str, cause: str) -> Unmet:
        waiver = test.waived if test.result == "fail" else None
        outcome: Outcome = "waived" if waiver else "failed" if test.result == "fail" else "open"
        when, until = by_when(self.result, test.stage), day(waiver.until) if waiver and waiver.until else ""
        if outcome == "failed" and test.kind == "knock_out":
            when = "already excluded"
        if waiver:
            cure, when = self._waiver(waiver), f"waived until {until}" if until else "waived"
        return Unmet(*named, test.kind, test.stage, outcome, know, cure, when, cause, until)

    def _waiver(self, waiver: WaiverRecord) -> str:
        if not self.internal:
            return "Waived by the client."
        owner = f" {waiver.owner} sees to it." if waiver.owner else ""
        approved = f"Waived by {waiver.approved_by} on {day(waiver.date)}: {cut(waiver.reason, 130)}"
        return f"{approved.rstrip('.')}.{owner}"

    def _failed(self, gate: GateRecord) -> tuple[str, str, str]:
        question, answer = self.questions[gate.question], self.answers[gate.question]
        if gate.missing:
            lacking = "; ".join(f"“{label}”" for label in gate.missing)
            return f"Not offered: {cut(lacking, _QUOTED)}.", "All of it, with a document.", ""
        return f"The answer is “{short_answer(question, answer, _QUOTED)}”.", self._needed(gate), ""

    def _open(self, gate: GateRecord) -> tuple[str, str, str]:
        """Say what keeps a gate open: the gravest of what its answers lack; without any such fault its own reason."""
        if gate.question == DECLARATION:
            return f"{cut(gate.reason, 110).rstrip('.')}.", "A signature, and a Yes in each box of the block.", ""
        answers = [self.answers[name] for name in gate.open_questions or (gate.question,)]
        causes = {obstacle(answer) for answer in answers}
        cause = next((cause for cause in _OPEN if cause in causes), "")
        if not cause:
            reason = cut(gate.reason, 110)
            return f"{reason[:1].upper()}{reason[1:]}.", self._needed(gate), ""
        know, cure = _OPEN[cause]
        return know, cure or self._needed(gate), cause

    def _needed(self, gate: GateRecord) -> str:
        if not self.internal:
            return "An answer that passes."
        text = cut(f"To pass: {gate.test}{gate_unit(gate.unit)}", 110)
        return text if text.endswith("…") else f"{text}."

    def _floor(self, node: NodeRecord, floor: FloorRecord) -> tuple[str, str]:
        score, reach = (distinct(points or 0.0, floor.at_least) for points in (node.score, node.reach))
        if floor.result == "fail":
            cure = "Better answers"
            if self.internal and (worst := self._largest_gap(node)):
                cure += f"; most is missing on “{cut(worst.text, 60)}”"
            return f"Scores {score}; open answers and documents can bring it to {reach} at most.", f"{cure}."
        open_ = "The answers and documents that are still open."
        return f"Scores {score} now; open answers and documents can bring it to {reach}.", open_

    def _largest_gap(self, node: NodeRecord) -> QuestionDefinition | None:
        below = (a for a in self.vendor.answers if f"{a.parent}.".startswith(f"{node.id}."))
        gaps = {a.id: a.global_weight * (100 - a.credited) for a in below if a.credited is not None}
        worst = max(gaps, key=lambda name: gaps[name], default=None)
        return self.questions[worst] if worst else None


def lacks(answer: AnswerRecord) -> str:
    """Say in a few words what an answer lacks."""
    return _LACKS.get(obstacle(answer), "Not yet checked by us")


def obstacle(answer: AnswerRecord) -> str:
    """Name what keeps an answer from passing: its state, `unknown`, or how far it is proven."""
    if answer.state != "answered":
        return answer.state
    return "unknown" if answer.word == "unknown" else answer.evidence or ""
