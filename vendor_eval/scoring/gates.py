"""Gates and floors: no total can buy them back. They come before the rank."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import fsum
from typing import Literal

from vendor_eval.criteria import Floor, option_id
from vendor_eval.criteria.conditions import holds, in_words, unset
from vendor_eval.criteria.questions import Gate, MultiChoice, Question
from vendor_eval.formatting.figures import distinct
from vendor_eval.results import UNPROVEN
from vendor_eval.scoring.score import Leaf, Node, Scorecard
from vendor_eval.tender import Evaluation, Waiver

Result = Literal["pass", "fail", "unresolved"]
Status = Literal["eligible", "conditional", "excluded"]
TOLERANCE = 1e-9
_WOULD = {"knock_out": "would exclude", "must": "would need a dated remedy", "flag": "would raise a flag"}


@dataclass(frozen=True, slots=True)
class GateResult:
    """What one gate says of one vendor. A flag is closed by a finding with a note."""

    question: str
    kind: Literal["knock_out", "must", "flag"]
    result: Result
    reason: str
    test: str
    waiver: Waiver | None = None
    note: str = ""

    @property
    def outcome(self) -> Result:
        """Result for status and rank: a waived failure counts as passed."""
        return "pass" if self.result == "fail" and self.waiver else self.result


@dataclass(frozen=True, slots=True)
class FloorResult:
    """What one floor says of one vendor."""

    node: str
    kind: Literal["knock_out", "must"]
    at_least: float
    result: Result
    reason: str
    waiver: Waiver | None = None

    @property
    def outcome(self) -> Result:
        """Result for status and rank: a waived failure counts as passed."""
        return "pass" if self.result == "fail" and self.waiver else self.result


@dataclass(frozen=True, slots=True)
class Verdict:
    """Status of one vendor, every gate and floor that made it, and those of them that are not passed."""

    status: Status
    not_passed: tuple[GateResult | FloorResult, ...]
    gates: tuple[GateResult, ...]
    floors: Mapping[str, FloorResult]


def judge(evaluation: Evaluation, card: Scorecard) -> Verdict:
    gates = tuple(result for leaf in card.leaves for result in _gates(evaluation, card.vendor, leaf))
    floors = {result.node: result for result in _floors(evaluation, card)}
    results: list[GateResult | FloorResult] = [*(gate for gate in gates if gate.kind != "flag"), *floors.values()]
    not_passed = tuple(result for result in results if result.outcome != "pass")
    if any(result.kind == "knock_out" and result.outcome == "fail" for result in results):
        return Verdict("excluded", not_passed, gates, floors)
    status: Status = "conditional" if not_passed else "eligible"
    return Verdict(status, not_passed, gates, floors)


def reason_in_words(result: GateResult | FloorResult) -> str:
    """Say which gate or floor is not passed, and why."""
    name = result.question if isinstance(result, GateResult) else f"floor {result.node}"
    word = {"knock_out": "knock-out", "must": "must"}[result.kind]
    outcome = "failed" if result.result == "fail" else "unresolved"
    return f"{name} ({word}) {outcome}: {result.reason}"


def _gates(evaluation: Evaluation, vendor: str, leaf: Leaf) -> Iterator[GateResult]:
    if leaf.state == "settled" and leaf.answered:
        return  # made unnecessary by the vendor's own answer, so it was not asked of this vendor
    name = leaf.question.id
    for gate in leaf.question.gates:
        applies = holds(gate.when, evaluation.context)
        if applies is False:
            continue
        result, reason = _test(gate, leaf)
        if applies is None:
            verb = {"fail": _WOULD[gate.kind], "pass": "would be passed", "unresolved": "would be open"}[result]
            unknown = {field: values for field, values in gate.when.items() if field not in evaluation.context}
            fields = ", ".join(unset(gate.when, evaluation.context))
            result, reason = "unresolved", f"{verb} if {in_words(unknown)}; set {fields}"
        waiver = next((w for w in evaluation.settings.waivers if w.vendor == vendor and w.question == name), None)
        notes = [finding.note for finding in leaf.rated.findings if finding.note and gate.kind == "flag"]
        test = gate_in_words(gate, leaf.question)
        yield GateResult(name, gate.kind, result, reason, test, waiver, "; ".join(notes))


def _test(gate: Gate, leaf: Leaf) -> tuple[Result, str]:
    why = f" ({gate.reason})" if gate.reason else ""
    if leaf.state != "answered" or leaf.rated.given is None:
        if leaf.state == "settled":
            return "unresolved", f"hangs on {leaf.settled_by}, which is open{why}"
        return "unresolved", f"{leaf.state}{why}"
    given = leaf.rated.given
    if given.word == "unknown":
        return "unresolved", f"the vendor does not know{why}"
    if not _passes(gate, leaf):
        if gate.at_least is not None and leaf.reach >= gate.at_least - TOLERANCE:
            return "unresolved", f"an answer that caps it is open: {leaf.reach:.10g} within reach{why}"
        shown = f"value {leaf.claimed:.10g}" if gate.at_least is not None else f"'{given.text}'"
        return "fail", f"{shown}, expected {gate_in_words(gate, leaf.question)}{why}"
    if gate.needs == "document" and not _passes(gate, _documented(leaf)):
        only = "claim" if leaf.rated.level == "claim" else "named document that is not there"
        return "unresolved", f"evidence missing: passes as a {only} only{why}"
    return "pass", ""


def _documented(leaf: Leaf) -> Leaf:
    """Leave of an answer what a document proves: all or nothing, of a tick list each tick."""
    given = leaf.rated.given
    if not isinstance(leaf.question, MultiChoice) or not leaf.rated.ticks or given is None:
        return leaf if leaf.rated.level not in UNPROVEN else replace(leaf, rated=replace(leaf.rated, given=None))
    proven = frozenset(tick for tick in given.chosen or () if leaf.rated.ticks.get(tick) == "document")
    total = fsum(option.score or 0.0 for option in leaf.question.options if option.id in proven)
    rated = replace(leaf.rated, given=replace(given, chosen=proven))
    return replace(leaf, rated=rated, claimed=min(leaf.claimed, total))


def _passes(gate: Gate, leaf: Leaf) -> bool:
    given = leaf.rated.given
    if given is None:
        return False
    if gate.at_least is not None:
        return leaf.claimed >= gate.at_least - TOLERANCE
    if gate.one_of or gate.includes:
        wanted = {option_id(leaf.question, name) for name in gate.one_of or gate.includes}
        chosen = given.chosen or frozenset()
        return bool(chosen) and chosen <= wanted if gate.one_of else wanted <= chosen
    if given.number is None:
        return False
    return (gate.min is None or given.number >= gate.min - TOLERANCE) and (
        gate.max is None or given.number <= gate.max + TOLERANCE
    )


def gate_in_words(gate: Gate, question: Question) -> str:
    """Say what passes a gate, options by their labels."""
    names = gate.one_of or gate.includes
    if not names:
        return gate.test
    labels = [question.options_by_id.get(option_id(question, name) or "", name) for name in names]
    return f"{'one of' if gate.one_of else 'all of'}: {'; '.join(labels)}"


def _floors(evaluation: Evaluation, card: Scorecard) -> Iterator[FloorResult]:
    for name, floor in evaluation.floors.items():
        node = next((node for node in card.nodes if node.id == name), None)
        applies = holds(floor.when, evaluation.context)
        if node is None or node.low is None or applies is False:
            continue
        result, reason = _floor(floor, node, card)
        if applies is None and result != "pass":
            fields = ", ".join(unset(floor.when, evaluation.context))
            verb = _WOULD[floor.kind] if result == "fail" else "would be open"
            result, reason = "unresolved", f"{verb} if {in_words(floor.when)}; set {fields}"
        waiver = next((w for w in evaluation.settings.waivers if w.vendor == card.vendor and w.node == name), None)
        yield FloorResult(name, floor.kind, floor.at_least, result, reason, waiver)


def _floor(floor: Floor, node: Node, card: Scorecard) -> tuple[Result, str]:
    if (node.low or 0.0) >= floor.at_least - TOLERANCE:
        return "pass", ""
    if (node.reach or 0.0) < floor.at_least - TOLERANCE:
        return "fail", f"can reach {distinct(node.reach or 0.0, floor.at_least)} at most, below {floor.at_least:.10g}"
    sure, reach = (distinct(figure or 0.0, floor.at_least) for figure in (node.low, node.reach))
    needed = f"{sure} is sure, {floor.at_least:.10g} is needed, {reach} within reach"
    return "unresolved", f"{_open_points(node, card)}: {needed}"


def _open_points(node: Node, card: Scorecard) -> str:
    prefix = f"{node.id}."
    below = [leaf for leaf in card.leaves if f"{leaf.parent}.".startswith(prefix) and leaf.global_weight]
    blank = any(leaf.high > leaf.low for leaf in below)
    proof = any(leaf.claimed > leaf.credited for leaf in below)
    return " and ".join(["blank"] * blank + ["evidence missing"] * proof)
