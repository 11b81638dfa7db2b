"""The first page: who, by how much, what is open, what would change it, whom to ask what first."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from vendor_eval.formatting.figures import KINDS, listed, number
from vendor_eval.reports.pages.firmness import lead_sentence
from vendor_eval.reports.pages.overview import (
    MOST_SHOWN,
    Overview,
    View,
    by_points,
    hit_flags,
    open_points,
    proof_points,
)
from vendor_eval.reports.pages.panel import overruled_lines, without_lines
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.phrases import counted, difference
from vendor_eval.reports.wording.status import SCREEN
from vendor_eval.results import AnswerRecord, FloorRecord, GateRecord, StatusReasonRecord, VendorRecord

_MANY = 8
_MOST_CHANGES = 7
_MOST_ASKS = 7
_FEWER = 3  # changes and questions each, where many vendors take their room
_MOST_CELLS = 3
# Vendor, what to ask for, questions with their cells, and what depends on the answers.
_Ask: TypeAlias = tuple[str, str, str, str]


def decision(overview: Overview) -> View:
    asks = [
        *_tests_to_ask(overview, "knock_out", "excluded if it fails"),
        *_tests_to_ask(overview, "must", "remedy if it fails"),
        *_answers_to_ask(overview, ("open answer", "open answers"), open_points),
        *_answers_to_ask(overview, ("claim to prove", "claims to prove"), proof_points),
    ]
    many = len(overview.evaluated) > _MANY
    excluded = tuple(v for v in overview.evaluated if v.status == "excluded")
    absent = tuple(v for v in overview.vendors if v.status == "not_evaluated")
    most_asks = _FEWER if many else _MOST_ASKS
    return {
        "headline": headline(overview),
        "lead": SCREEN if overview.result.is_screen else _whole_lead(overview),
        "decides": overview.result.robustness.decides if overview.result.robustness else (),
        "standings": tuple((vendor, gate_summary(overview, vendor)) for vendor in overview.shown),
        "excluded": tuple((v, _excluding(v)) for v in excluded[:MOST_SHOWN]),
        "more_excluded": max(0, len(excluded) - MOST_SHOWN),
        "not_evaluated": tuple((v, _excluding(v)) for v in absent[:MOST_SHOWN]),
        "more_not_evaluated": max(0, len(absent) - MOST_SHOWN),
        "changes": tuple(_changes(overview))[: _FEWER if many else _MOST_CHANGES],
        "asks": asks[:most_asks],
        "more_asks": max(0, len(asks) - most_asks),
        "many": many,
    }


def _whole_lead(overview: Overview) -> str:
    return " ".join((*_lead(overview), *overruled_lines(overview.result)))


def headline(overview: Overview) -> str:
    """Say who is first and by how much, in one sentence without a full stop."""
    if overview.result.is_screen:
        return "Screen: who goes on"
    ranked, robustness = overview.ranked, overview.result.robustness
    if not ranked:
        excluded = overview.evaluated
        if not excluded:
            return "No vendor was evaluated"
        who = f"{excluded[0].name} is" if len(excluded) == 1 else f"all {len(excluded)} that were evaluated are"
        return f"No vendor can be recommended: {who} excluded"
    first = tuple(vendor.name for vendor in ranked if vendor.rank == 1)
    leader, score = ranked[0], number(ranked[0].score, overview.digits)
    if len(first) > 1:
        return f"No clear winner: {listed(first, 3)} share first place with {score} points"
    if len(ranked) == 1:
        return f"{leader.name} is the only vendor that can be ranked, with {score} points"
    second = ranked[1]
    verdict = "No clear winner: " if robustness and robustness.verdict != "clear" else ""
    ranks_first = f"{verdict}{leader.name} ranks first with {score} points"
    if leader.tie_broken_by:
        criterion = overview.titles.get(leader.tie_broken_by, leader.tie_broken_by)
        return f"{ranks_first}, level with {second.name} and ahead on {criterion}"
    if overview.result.ranks_by_ratio:
        score = number(second.score, overview.digits)
        return f"{ranks_first} by quality for its price, ahead of {second.name} with {score}"
    lead = difference((leader.score or 0.0) - (second.score or 0.0), overview.digits)
    return f"{ranks_first}, {lead} ahead of {second.name}"


def _lead(overview: Overview) -> Iterator[str]:
    evaluation = overview.result.evaluation
    if evaluation.provisional:
        panel = overview.result.panel
        missing = len(panel.missing) if panel and panel.missing else len(evaluation.pending)
        yield (
            f"Provisional: {counted(missing, 'rating')} of the evaluators "
            f"{'is' if missing == 1 else 'are'} still missing, so every total may change."
        )
    if not overview.ranked:
        if overview.evaluated:
            yield "No total can buy back a failed knock-out; each exclusion is listed below with its reason."
        return
    robustness = overview.result.robustness
    if robustness and len(overview.ranked) > 1:
        yield lead_sentence(overview, robustness)
    if sum(vendor.rank == 1 for vendor in overview.ranked) == 1:
        yield _gates_of_the_first(overview, overview.ranked[0])
    rivals = tuple(v for v in overview.ranked if (v.rank or 0) > 1 and v.best_rank == 1)
    yield from without_lines(overview.result)
    if rivals:
        verb = "could each" if len(rivals) > 1 else "could"
        yield f"{listed(tuple(v.name for v in rivals), 3)} {verb} still reach first place with answers that are open."
    elif len(overview.ranked) > 1:
        yield "No open answer of another vendor can change who is first."


def _gates_of_the_first(overview: Overview, leader: VendorRecord) -> str:
    open_, failed = (not_passed(overview, leader, result) for result in ("unresolved", "fail"))
    waived = [gate for gate in leader.gates if gate.waived]
    parts = []
    if open_:
        parts.append(f"{counted(len(open_), 'gate')} of it {'is' if len(open_) == 1 else 'are'} open ({_names(open_)})")
    if failed:
        parts.append(f"it needs a dated remedy for {_names(failed)} before an award")
    if waived:
        parts.append(f"{counted(len(waived), 'failure')} {'is' if len(waived) == 1 else 'are'} waived")
    proof = (leader.claimed or 0.0) - (leader.credited or 0.0)
    text = "; ".join(parts) if parts else "It passes every gate"
    waiting = f", and {number(proof)} points of its claims wait for proof" if number(proof) != number(0) else ""
    return f"{text[0].upper()}{text[1:]}{waiting}."


def _names(gates: tuple["StatusTest", ...]) -> str:
    return listed(tuple(dict.fromkeys(gate.name for gate in gates)), 4)


class StatusTest(NamedTuple):
    """A knock-out or must that is not passed: a gate, or the floor of a node, which has no cell."""

    name: str
    kind: str
    cell: str


def not_passed(overview: Overview, vendor: VendorRecord, result: str) -> tuple[StatusTest, ...]:
    """List gates and floors that decide on the status and have this result ("fail", "unresolved"), knock-outs first.

    An open knock-out that is not due yet is among them: if it fails, it excludes.
    """
    reasons = [(r.question, r.node, r.kind) for r in vendor.status_reasons if r.result == result]
    if result == "unresolved":
        open_ = [c for c in vendor.conditions if c.kind == "knock_out" and c.result == result]
        later = [(c.question, "" if c.question else c.about, c.kind) for c in open_]
        reasons += [test for test in later if test not in reasons]
    cells = {gate.question: place(gate.source) for gate in vendor.gates}
    tests = [
        StatusTest(question or f"floor on {overview.titles[node]}", kind, cells.get(question, ""))
        for question, node, kind in reasons
    ]
    return tuple(sorted(tests, key=lambda test: test.kind != "knock_out"))


def decisive(vendor: VendorRecord) -> tuple[StatusReasonRecord, ...]:
    """List the failed knock-outs, which alone exclude a vendor."""
    return tuple(r for r in vendor.status_reasons if r.kind == "knock_out" and r.result == "fail")


def gate_summary(overview: Overview, vendor: VendorRecord) -> str:
    """Count gates and floors by result, and the flags that were hit."""
    flags = len({gate.question for gate in hit_flags(vendor)})
    return ", ".join([gate_counts(overview, vendor), *[f"▲\N{NO-BREAK SPACE}{flags}"] * bool(flags)])


def gate_counts(overview: Overview, vendor: VendorRecord) -> str:
    """Count the gates and floors that failed, are open or are waived; flags change no status."""
    tests: list[GateRecord | FloorRecord] = [gate for gate in vendor.gates if gate.kind != "flag"]
    tests += [node.floor for node in vendor.nodes if node.floor]
    failed, open_ = (len(not_passed(overview, vendor, result)) for result in ("fail", "unresolved"))
    waived = sum(test.waived is not None and test.result == "fail" for test in tests)
    words = [f"{failed} failed"] * bool(failed) + [f"{open_} open"] * bool(open_)
    words = words or [f"all {len(tests)} passed"]
    return ", ".join([*words, *[f"{waived} waived"] * bool(waived)])


def _excluding(vendor: VendorRecord) -> tuple[str, ...]:
    return tuple(reason.text for reason in decisive(vendor)) or vendor.reasons


def _changes(overview: Overview) -> Iterator[tuple[str, str]]:
    ranked = overview.ranked
    moving = [v for v in ranked if v.best_rank != v.worst_rank and (v.high or 0.0) > (v.low or 0.0)]
    movers = [v for v in moving if (v.best_rank or 0) < (v.rank or 0) or (v.low or 0.0) < (v.score or 0.0)]
    for vendor in movers:
        yield vendor.name, _range(vendor)
    for vendor in ranked:
        knock_outs = tuple(t for t in not_passed(overview, vendor, "unresolved") if t.kind == "knock_out")
        if knock_outs:
            which = "this open knock-out" if len(knock_outs) == 1 else f"any of its {len(knock_outs)} open knock-outs"
            yield vendor.name, f"leaves the ranking if {which} fails: {_names(knock_outs)}."
    claimed = sorted(ranked, key=lambda v: -(v.claimed or 0.0))
    if claimed and claimed[0].rank != 1:
        text = (
            f"would come first if every claim were proven: {number(claimed[0].claimed)} claimed, "
            f"{number(claimed[0].credited)} credited; {ranked[0].name} has {number(ranked[0].claimed)} claimed."
        )
        yield claimed[0].name, text
    for vendor in ranked:
        if failed := not_passed(overview, vendor, "fail"):
            yield vendor.name, f"needs a dated remedy before an award: {_names(failed)}."
    if not movers and len(ranked) > 1:
        yield "Blank answers", "change no place: the ranges between sure and possible do not overlap."


def _range(vendor: VendorRecord) -> str:
    ends = f"{number(vendor.low)} is sure, {number(vendor.high)} possible"
    if vendor.best_rank == vendor.rank:
        return f"could fall to place {vendor.worst_rank}: {ends}."
    worst = f", or fall to {vendor.worst_rank}" if (vendor.low or 0.0) < (vendor.score or 0.0) else ""
    return f"could rise from place {vendor.rank} to {vendor.best_rank} once its open answers come in{worst}: {ends}."


def _tests_to_ask(overview: Overview, kind: str, stake: str) -> Iterator[_Ask]:
    for vendor in overview.contenders:
        tests = [test for test in not_passed(overview, vendor, "unresolved") if test.kind == kind]
        names = [f"{test.name} ({test.cell})" if test.cell else test.name for test in tests]
        if names:
            yield vendor.name, counted(len(names), f"open {KINDS[kind]}"), listed(names, _MOST_CELLS), stake


def _answers_to_ask(
    overview: Overview, topic: tuple[str, str], points_of: Callable[[AnswerRecord], float]
) -> Iterator[_Ask]:
    """Ask each vendor once for the answers that bring points, who can gain most first."""
    asks = []
    for vendor in overview.ranked:
        if pairs := by_points(vendor.answers, points_of):
            points = sum(points for _, points in pairs)
            names = [f"{answer.id} ({place(answer.source)})" for answer, _ in pairs]
            stake = f"up to {number(points)} points"
            asks.append((points, (vendor.name, counted(len(pairs), *topic), listed(names, _MOST_CELLS), stake)))
    yield from (ask for _, ask in sorted(asks, key=lambda pair: -pair[0]))
