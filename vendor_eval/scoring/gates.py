"""Gates and floors: no total can buy them back. They come before the rank."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, isinf
from typing import Literal, NamedTuple

from vendor_eval.criteria import Floor, option_id
from vendor_eval.criteria.conditions import holds, in_words, unset
from vendor_eval.criteria.questions import STAGES, Answer, Gate, GateTest, MultiChoice, Question, Stage
from vendor_eval.criteria.questions.figures import FigureQuestion
from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import distinct
from vendor_eval.intake.submission.declaration import Declaration
from vendor_eval.results import DECLARATION, LEVELS, UNPROVEN, Level
from vendor_eval.scoring.score import Leaf, Node, Scorecard
from vendor_eval.tender import Evaluation, Waiver

Result = Literal["pass", "fail", "unresolved"]
Status = Literal["eligible", "conditional", "excluded"]
WORST_FIRST: tuple[Result, ...] = ("fail", "unresolved", "pass")
TOLERANCE = 1e-9
# A longer answer is not quoted: it stands with its question.
_SHORT = 40
_STATES = {
    "blank": "the answer is blank",
    "invalid": "the answer has no clear reading yet",
    "pending": "the evaluators have not scored it yet",
}
_WOULD = {"knock_out": "would exclude", "must": "would need a dated remedy", "flag": "would raise a flag"}


@dataclass(frozen=True, slots=True)
class _Requirement:
    """What a gate or a floor says of one vendor; `lapsed` is a waiver that counts no longer."""

    kind: Literal["knock_out", "must", "flag"]
    result: Result
    reason: str
    stage: Stage = "award"
    waiver: Waiver | None = None
    lapsed: Waiver | None = None

    @property
    def outcome(self) -> Result:
        """Result for status and rank: a waived failure counts as passed."""
        return "pass" if self.is_waived else self.result

    @property
    def is_waived(self) -> bool:
        return self.result == "fail" and self.waiver is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult(_Requirement):
    """What one gate says of one vendor. A flag is closed by a finding with a note.

    `because` is why the gate is there, in the words of the criteria. `open_questions` are those that leave it open,
    `missing` the labels that a failed tick list lacks; `unit` is that of the bounds of a figure.
    """

    question: str
    test: str
    because: str
    note: str = ""
    open_questions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unit: str = ""

    @property
    def about(self) -> str:
        return self.question


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorResult(_Requirement):
    node: str
    at_least: float
    because: str

    @property
    def about(self) -> str:
        return self.node


@dataclass(frozen=True, slots=True)
class Verdict:
    """Status of one vendor, every gate and floor that made it, and those of them that are not passed.

    `not_passed` has what is due alone, and failed knock-outs; `conditions` what is waived or not due yet as well.
    """

    status: Status
    not_passed: tuple[GateResult | FloorResult, ...]
    conditions: tuple[GateResult | FloorResult, ...]
    gates: tuple[GateResult, ...]
    floors: Mapping[str, FloorResult]

    @property
    def excluding(self) -> tuple[GateResult | FloorResult, ...]:
        """Failed knock-outs, which alone exclude."""
        return tuple(result for result in self.not_passed if _excludes(result))


def judge(evaluation: Evaluation, card: Scorecard, declaration: Declaration | None = None) -> Verdict:
    """Judge a vendor by what is due at the stage of the evaluation; a failed knock-out excludes at any stage.

    Where the evaluation demands a signed declaration, that of the vendor is a gate too.
    """
    leaves = {leaf.question.id: leaf for leaf in card.leaves}
    gates = tuple(result for leaf in card.leaves for result in _gates(evaluation, card.vendor, leaf, leaves))
    if declaration is not None and evaluation.settings.declaration == "must":
        gates = (*gates, _signature(declaration))
    # What a screen asks is too little for a score.
    floors = {} if evaluation.is_screen else {result.node: result for result in _floors(evaluation, card)}
    results: list[GateResult | FloorResult] = [*(gate for gate in gates if gate.kind != "flag"), *floors.values()]
    wanting = [result for result in results if result.result != "pass"]
    not_passed = tuple(
        result
        for result in wanting
        if result.outcome != "pass" and (_excludes(result) or is_due(result.stage, evaluation.stage))
    )
    of_gates = [result for result in wanting if isinstance(result, FloorResult) or not _excludes(result)]
    conditions = tuple(sorted(of_gates, key=lambda result: STAGES.index(result.stage)))
    excluded = any(map(_excludes, not_passed))
    status: Status = "excluded" if excluded else "conditional" if not_passed else "eligible"
    return Verdict(status, not_passed, conditions, gates, floors)


def _signature(declaration: Declaration) -> GateResult:
    missing = "; ".join(declaration.missing)
    return GateResult(
        "must",
        "unresolved" if missing else "pass",
        f"Not signed: {missing}" if missing else "",
        question=DECLARATION,
        test="signed, with a Yes in each box",
        because="A signed declaration that the answers are true, complete and may become part of the contract",
    )


def _excludes(result: GateResult | FloorResult) -> bool:
    return result.kind == "knock_out" and result.outcome == "fail"


def is_due(stage: Stage, reached: Stage) -> bool:
    """Whether what must be passed at a stage counts once a tender has reached a stage."""
    return STAGES.index(stage) <= STAGES.index(reached)


def reason_in_words(result: GateResult | FloorResult) -> str:
    """Say which gate or floor is not passed, and why, its id last."""
    name = result.question if isinstance(result, GateResult) else f"floor {result.node}"
    word = {"knock_out": "Knock-out", "must": "Must"}[result.kind]
    outcome = "failed" if result.result == "fail" else "open"
    title = "" if isinstance(result, GateResult) else f"{result.because}: "
    return f"{word} {outcome}: {title}{result.reason} ({name})"


def _gates(evaluation: Evaluation, vendor: str, leaf: Leaf, leaves: Mapping[str, Leaf]) -> Iterator[GateResult]:
    name = leaf.question.id
    waiver = waiver_of(evaluation, vendor, question=name)
    for gate in leaf.question.gates:
        if leaf.state == "settled" and leaf.answered and not gate.questions:
            continue  # made unnecessary by the vendor's own answer, so it was not asked of this vendor
        applies = holds(gate.when, evaluation.context)
        tested = None if applies is False else _test_branches(gate, leaf, leaves)
        if tested is None:
            continue
        if applies is None:
            tested = _unless_set(gate, evaluation, tested, name)
        # A flag changes no status, so there is nothing to waive.
        lapsed = waiver if waiver and gate.kind != "flag" and waiver.is_over(evaluation.settings.as_of) else None
        if lapsed and tested.result != "pass":
            tested = tested._replace(words=f"{_lapse(lapsed)}; {tested.words}")
        elif lapsed and leaf.rated.level != "verified":
            # Who was let off once is believed no more: only what the buyer has verified passes.
            tested = _Tested("unresolved", f"{_lapse(lapsed)}, and nobody has verified it", (name,))
        notes = [finding.note for finding in leaf.rated.findings if finding.note and gate.kind == "flag"]
        chosen = leaf.rated.given and leaf.rated.given.chosen
        yield GateResult(
            gate.kind,
            tested.result,
            tested.words,
            gate.stage,
            None if lapsed else waiver,
            lapsed,
            question=name,
            test=gate_in_words(gate, leaf.question, evaluation.criteria.questions),
            because=gate.reason or leaf.question.text,
            note="; ".join(notes),
            open_questions=tested.open_questions,
            missing=_missing(gate, leaf) if chosen and tested.result == "fail" and not gate.any else (),
            unit="" if gate.any or (gate.min is None and gate.max is None) else getattr(leaf.question, "unit", ""),
        )


def _missing(test: GateTest, leaf: Leaf) -> tuple[str, ...]:
    chosen = (leaf.rated.given.chosen if leaf.rated.given else None) or frozenset()
    return _labels([name for name in test.includes if option_id(leaf.question, name) not in chosen], leaf.question)


def _unless_set(gate: Gate, evaluation: Evaluation, tested: "_Tested", name: str) -> "_Tested":
    """Leave a gate open that hangs on a field of the context which nobody set."""
    verb = {"fail": _WOULD[gate.kind], "pass": "would be passed", "unresolved": "would be open"}[tested.result]
    unknown = {field: values for field, values in gate.when.items() if field not in evaluation.context}
    fields = ", ".join(unset(gate.when, evaluation.context))
    return _Tested("unresolved", f"{verb} if {in_words(unknown)}; set {fields}", tested.open_questions or (name,))


def waiver_of(evaluation: Evaluation, vendor: str, *, question: str = "", node: str = "") -> Waiver | None:
    """Find the waiver of a question or a node; one that still counts before one that has lapsed."""
    about = (vendor, question, node)
    own = [w for w in evaluation.settings.waivers if (w.vendor, w.question, w.node) == about]
    return min(own, key=lambda waiver: waiver.is_over(evaluation.settings.as_of), default=None)


def _lapse(waiver: Waiver) -> str:
    return f"waiver lapsed on {day(str(waiver.until))}"


class _Tested(NamedTuple):
    """One test, or all branches of a gate: the result in words, and the questions that leave it open."""

    result: Result
    words: str
    open_questions: tuple[str, ...] = ()


def _test_branches(gate: Gate, own: Leaf, leaves: Mapping[str, Leaf]) -> _Tested | None:
    """Test the branches of a gate, of which the best counts; None where none has all its questions asked."""
    branches = [
        [_test(gate, test, leaves[name]) for name, test in tests]
        for tests in gate.branches(own.question.id)
        if all(name in leaves for name, _ in tests)
    ]
    if not branches:
        return None
    results = [min((test.result for test in tests), key=WORST_FIRST.index) for tests in branches]
    result = max(results, key=WORST_FIRST.index)
    if result == "pass":
        passed = branches[results.index("pass")]
        return _Tested("pass", f"by {' and '.join(test.words for test in passed)}" if gate.any else "")
    words = "; or ".join(" and ".join(t.words for t in tests if t.result != "pass") for tests in branches)
    reason = f"{gate.reason}: {words}" if gate.reason else f"{words[:1].upper()}{words[1:]}"
    # No answer to a branch that fails anyway can help.
    hopeful = [tests for tests, least in zip(branches, results, strict=True) if least == "unresolved"]
    names = dict.fromkeys(name for tests in hopeful for test in tests for name in test.open_questions)
    return _Tested(result, reason, tuple(names))


def _test(gate: Gate, test: GateTest, leaf: Leaf) -> _Tested:
    result, words = result_of(test, leaf, needs_document=gate.needs == "document")
    name = leaf.question.id
    return _Tested(result, f"{name}: {words}" if gate.any else words, (name,) if result == "unresolved" else ())


def result_of(test: GateTest, leaf: Leaf, *, needs_document: bool) -> tuple[Result, str]:
    """Test one answer: the result, and why in words."""
    answer = leaf.rated.given
    if leaf.state == "settled":
        if leaf.answered:
            return "fail", f"not asked after the answer to {leaf.settled_by}"
        return "unresolved", f"depends on {leaf.settled_by}, which is open"
    if leaf.state != "answered" or answer is None:
        return "unresolved", _STATES[leaf.state]
    if leaf.rated.interval is not None:
        return _measured(test, leaf, answer, leaf.rated.interval)
    return _stated(test, leaf, answer, needs_document=needs_document)


def _stated(test: GateTest, leaf: Leaf, answer: Answer, *, needs_document: bool) -> tuple[Result, str]:
    if answer.word == "unknown":
        return "unresolved", "the vendor does not know"
    if not _passes(test, leaf):
        if test.at_least is not None and leaf.reach >= test.at_least - TOLERANCE:
            return "unresolved", f"an answer that limits it is open, up to {leaf.reach:.10g} points are within reach"
        return "fail", _failure(test, leaf, answer)
    if needs_document and not _passes(test, _documented(leaf)):
        lacks = "and names a document that is not there" if _level(test, leaf) == "named" else "without a document"
        return "unresolved", f"says {_claimed(answer)}, {lacks}: not yet passed"
    return "pass", test_in_words(test, leaf.question)


def _measured(test: GateTest, leaf: Leaf, answer: Answer, interval: tuple[float, float]) -> tuple[Result, str]:
    """Judge what the pilot measured by its whole interval: where a part of it passes, the gate stays open."""
    (low, high), least, most = interval, test.min, test.max
    if test.at_least is not None and isinstance(leaf.question, FigureQuestion):
        values = leaf.question.extremes(low, high) or (0.0, 0.0)
        low, high, least = min(values[0], leaf.claimed), leaf.reach, test.at_least
    if (least is None or low >= least - TOLERANCE) and (most is None or high <= most + TOLERANCE):
        return "pass", test_in_words(test, leaf.question)
    failed = (least is not None and high < least - TOLERANCE) or (most is not None and low > most + TOLERANCE)
    words = (
        f"{_failure(test, leaf, answer)}; the pilot leaves {low:.10g} {'or more' if isinf(high) else f'to {high:.10g}'}"
    )
    return "fail" if failed else "unresolved", words


def _claimed(answer: Answer) -> str:
    if answer.text.casefold().startswith("yes"):
        return "yes"
    return f"'{answer.text}'" if len(answer.text) <= _SHORT else "what is needed"


def _failure(test: GateTest, leaf: Leaf, answer: Answer) -> str:
    """Say what a failed answer is, and what is needed."""
    if test.at_least is not None:
        return f"worth {leaf.claimed:.10g} of 100 points; at least {test.at_least:g} {_are(test.at_least)} needed"
    if test.includes:
        return f"not chosen: {'; '.join(_missing(test, leaf))}"
    if test.one_of:
        labels = _labels(test.one_of, leaf.question)
        return f"says '{answer.text}'; needed {'is' if len(labels) == 1 else 'is one of'} {'; '.join(labels)}"
    unit = leaf.question.cells()[0].unit
    if answer.day is not None and answer.number is not None:
        shown = f"{answer.text} is {answer.number:.10g} months ago"
    else:
        is_whole = answer.parts or answer.word or answer.text.endswith(unit)
        shown = f"'{answer.text}'" if answer.word else answer.text if is_whole else f"{answer.text} {unit}"
    bounds = [f"at least {_bound(test.min, unit)} needed"] if test.min is not None else []
    bounds += [f"at most {_bound(test.max, unit)} allowed"] if test.max is not None else []
    return f"{shown}; {', '.join(bounds)}"


def _bound(limit: float, unit: str) -> str:
    return f"{limit:g}{' %' if unit == '%' else ''} {_are(limit)}"


def _are(count: float) -> str:
    return "is" if count == 1 else "are"


def _level(test: GateTest, leaf: Leaf) -> Level:
    """Give the level of an answer; where ticks are proven one by one, that of the weakest tick which the test wants."""
    wanted = (option_id(leaf.question, name) for name in test.includes if leaf.rated.ticks)
    levels = [leaf.rated.ticks.get(tick or "", "claim") for tick in wanted]
    return min(levels, key=LEVELS.index, default=leaf.rated.level or "claim")


def _documented(leaf: Leaf) -> Leaf:
    """Leave of an answer what a document proves: all or nothing, of a tick list each tick."""
    answer = leaf.rated.given
    if not isinstance(leaf.question, MultiChoice) or not leaf.rated.ticks or answer is None:
        return leaf if leaf.rated.level not in UNPROVEN else replace(leaf, rated=replace(leaf.rated, given=None))
    proven = frozenset(tick for tick in answer.chosen or () if leaf.rated.ticks.get(tick) == "document")
    total = fsum(option.score or 0.0 for option in leaf.question.options if option.id in proven)
    rated = replace(leaf.rated, given=replace(answer, chosen=proven))
    return replace(leaf, rated=rated, claimed=min(leaf.claimed, total))


def _passes(test: GateTest, leaf: Leaf) -> bool:
    answer = leaf.rated.given
    if answer is None:
        return False
    if test.at_least is not None:
        return leaf.claimed >= test.at_least - TOLERANCE
    if test.one_of or test.includes:
        wanted = {option_id(leaf.question, name) for name in test.one_of or test.includes}
        chosen = answer.chosen or frozenset()
        return bool(chosen) and chosen <= wanted if test.one_of else wanted <= chosen
    return answer.number is not None and test.holds(answer.number)


def gate_in_words(gate: Gate, question: Question, questions: Mapping[str, Question]) -> str:
    """Say what passes a gate, options by their labels."""
    if not gate.any:
        return test_in_words(gate, question)
    branches = [
        " and ".join(f"{name}: {test_in_words(test, questions[name])}" for name, test in tests)
        for tests in gate.branches(question.id)
    ]
    return f"any of: {'; or '.join(branches)}"


def test_in_words(test: GateTest, question: Question) -> str:
    """Say what passes a test, options by their labels."""
    names = test.one_of or test.includes
    return f"{'one of' if test.one_of else 'all of'}: {'; '.join(_labels(names, question))}" if names else test.test


def _labels(names: Sequence[str], question: Question) -> tuple[str, ...]:
    return tuple(question.options_by_id.get(option_id(question, name) or "", name) for name in names)


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
        waiver = waiver_of(evaluation, card.vendor, node=name)
        lapsed = waiver if waiver and waiver.is_over(evaluation.settings.as_of) else None
        if lapsed and result != "pass":
            reason = f"{_lapse(lapsed)}; {reason}"
        yield FloorResult(
            floor.kind,
            result,
            reason,
            floor.stage,
            None if lapsed else waiver,
            lapsed,
            node=name,
            at_least=floor.at_least,
            because=evaluation.criteria.titles[name],
        )


def _floor(floor: Floor, node: Node, card: Scorecard) -> tuple[Result, str]:
    if (node.low or 0.0) >= floor.at_least - TOLERANCE:
        return "pass", ""
    if (node.reach or 0.0) < floor.at_least - TOLERANCE:
        most = distinct(node.reach or 0.0, floor.at_least)
        return "fail", f"Can reach {most} points at most; at least {floor.at_least:.10g} {_are(floor.at_least)} needed"
    sure, reach = (distinct(figure or 0.0, floor.at_least) for figure in (node.low, node.reach))
    needed = f"{sure} points are sure, {floor.at_least:.10g} are needed, {reach} are within reach"
    return "unresolved", f"{_open_points(node, card)}: {needed}"


def _open_points(node: Node, card: Scorecard) -> str:
    prefix = f"{node.id}."
    below = [leaf for leaf in card.leaves if f"{leaf.parent}.".startswith(prefix) and leaf.global_weight]
    parts = [
        ("blank", any(leaf.high > leaf.low and leaf.rated.interval is None for leaf in below)),
        ("evidence missing", any(leaf.claimed > leaf.credited for leaf in below)),
        ("measured in a sample", any(leaf.high > leaf.low and leaf.rated.interval for leaf in below)),
    ]
    words = " and ".join(word for word, is_open in parts if is_open)
    return f"{words[:1].upper()}{words[1:]}"
