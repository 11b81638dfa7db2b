"""The first page: who, by how much, what is open, what would change it, whom to ask what first."""

from collections.abc import Iterator
from dataclasses import dataclass

from vendor_eval.formatting.figures import listed, number
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
from vendor_eval.reports.pages.panel import without_lines
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.phrases import counted, difference
from vendor_eval.results import AnswerRecord, FloorRecord, GateRecord, StatusReasonRecord, VendorRecord

_MANY = 8
_MOST_CHANGES = 7
_MOST_ASKS = 7
_FEWER = 3  # changes and questions each, where many vendors take their room
_MOST_CELLS = 3


@dataclass(frozen=True)
class AskLine:
    """What to ask one vendor first."""

    vendor: str
    topic: str
    items: str
    stake: str


def decision(overview: Overview) -> View:
    """Draw the decision page from a result."""
    asks = _asks(overview)
    many = len(overview.evaluated) > _MANY
    excluded = tuple(v for v in overview.evaluated if v.rank is None)
    absent = tuple(v for v in overview.vendors if v.status == "not_evaluated")
    most_asks = _FEWER if many else _MOST_ASKS
    return {
        "headline": headline(overview),
        "lead": " ".join(_lead(overview)),
        "decides": overview.result.robustness.decides if overview.result.robustness else (),
        "standings": tuple((vendor, gate_summary(overview, vendor)) for vendor in overview.shown),
        "excluded": tuple(_aside(overview, v) for v in excluded[:MOST_SHOWN]),
        "more_excluded": max(0, len(excluded) - MOST_SHOWN),
        "not_evaluated": tuple(_aside(overview, v) for v in absent[:MOST_SHOWN]),
        "more_not_evaluated": max(0, len(absent) - MOST_SHOWN),
        "changes": tuple(_changes(overview))[: _FEWER if many else _MOST_CHANGES],
        "asks": asks[:most_asks],
        "more_asks": max(0, len(asks) - most_asks),
        "many": many,
    }


# ------------------------------------------------------------------------------------------------ one sentence


def headline(overview: Overview) -> str:
    """Say who is first and by how much, in one sentence without a full stop."""
    ranked = overview.ranked
    if not ranked:
        return _nobody(overview)
    first = tuple(vendor for vendor in ranked if vendor.rank == 1)
    score = number(first[0].score, overview.digits)
    if len(first) > 1:
        return f"No clear winner: {listed(tuple(v.name for v in first), 3)} share first place with {score} points"
    if len(ranked) == 1:
        return f"{first[0].name} is the only vendor that can be ranked, with {score} points"
    second = ranked[1]
    lead = (first[0].score or 0.0) - (second.score or 0.0)
    if first[0].tie_broken_by:
        by = overview.titles.get(first[0].tie_broken_by, first[0].tie_broken_by)
        level = f"{first[0].name} ranks first with {score} points, level with {second.name} and ahead on {by}"
        return f"{_verdict(overview)}{level}"
    if overview.result.ranks_by_ratio:
        other = f"{second.name} with {number(second.score, overview.digits)}"
        return (
            f"{_verdict(overview)}{first[0].name} ranks first with {score} points by quality for its price, "
            f"ahead of {other}"
        )
    ahead = difference(lead, overview.digits)
    return f"{_verdict(overview)}{first[0].name} ranks first with {score} points, {ahead} ahead of {second.name}"


def _verdict(overview: Overview) -> str:
    found = overview.result.robustness
    return "No clear winner: " if found and found.verdict != "clear" else ""


def _nobody(overview: Overview) -> str:
    excluded = overview.evaluated
    if not excluded:
        return "No vendor was evaluated"
    if len(excluded) == 1:
        return f"No vendor can be recommended: {excluded[0].name} is excluded"
    return f"No vendor can be recommended: all {len(excluded)} that were evaluated are excluded"


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
    leader = overview.ranked[0]
    found = overview.result.robustness
    if found and len(overview.ranked) > 1:
        yield lead_sentence(overview, found)
    if sum(vendor.rank == 1 for vendor in overview.ranked) == 1:
        yield _gates_of_the_first(overview, leader)
    rivals = tuple(v for v in overview.ranked if (v.rank or 0) > 1 and v.best_rank == 1)
    yield from without_lines(overview.result)
    if rivals:
        verb = "could each" if len(rivals) > 1 else "could"
        yield f"{listed(tuple(v.name for v in rivals), 3)} {verb} still reach first place with answers that are open."
    elif len(overview.ranked) > 1:
        yield "No open answer of another vendor can change who is first."


def _gates_of_the_first(overview: Overview, leader: VendorRecord) -> str:
    open_, failed = open_gates(overview, leader), failed_gates(overview, leader)
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


def _names(gates: tuple["Test", ...]) -> str:
    return listed(tuple(dict.fromkeys(gate.name for gate in gates)), 4)


# ------------------------------------------------------------------------------------------------ gates and floors


@dataclass(frozen=True)
class Test:
    """A knock-out or must that is not passed: a gate, or the floor of a node."""

    name: str
    kind: str
    result: str
    reason: str
    cell: str


def not_passed(overview: Overview, vendor: VendorRecord) -> tuple[Test, ...]:
    """Gates and floors that decide on the status and are not passed, knock-outs first."""
    found = [
        Test(gate.question, gate.kind, gate.result, gate.reason, place(gate.source))
        for gate in vendor.gates
        if gate.kind != "flag" and not passes(gate)
    ]
    found += [
        Test(f"floor on {overview.titles[n.id]}", n.floor.kind, n.floor.result, n.floor.reason, "")
        for n in vendor.nodes
        if n.floor and not passes(n.floor)
    ]
    return tuple(sorted(found, key=lambda test: test.kind != "knock_out"))


def passes(test: GateRecord | FloorRecord) -> bool:
    """Whether a gate or a floor counts as passed; a waived failure does."""
    return test.result == "pass" or (test.result == "fail" and test.waived is not None)


def decisive(vendor: VendorRecord) -> tuple[StatusReasonRecord, ...]:
    """List the failed knock-outs, which alone exclude a vendor."""
    return tuple(r for r in vendor.status_reasons if r.kind == "knock_out" and r.result == "fail")


def open_gates(overview: Overview, vendor: VendorRecord) -> tuple[Test, ...]:
    """Unresolved knock-outs, musts and floors."""
    return tuple(test for test in not_passed(overview, vendor) if test.result == "unresolved")


def failed_gates(overview: Overview, vendor: VendorRecord) -> tuple[Test, ...]:
    """Failed knock-outs, musts and floors."""
    return tuple(test for test in not_passed(overview, vendor) if test.result == "fail")


def gate_summary(overview: Overview, vendor: VendorRecord) -> str:
    """Count what a vendor's gates and floors say, in few words, and the flags that were hit."""
    flags = len({gate.question for gate in hit_flags(vendor)})
    return ", ".join([gate_counts(overview, vendor), *[f"▲\N{NO-BREAK SPACE}{flags}"] * bool(flags)])


def gate_counts(overview: Overview, vendor: VendorRecord) -> str:
    """Count the gates and floors that failed, are open or are waived; flags change no status."""
    tests = [gate for gate in vendor.gates if gate.kind != "flag"]
    floors = [n.floor for n in vendor.nodes if n.floor]
    failed, open_ = len(failed_gates(overview, vendor)), len(open_gates(overview, vendor))
    waived = sum(gate.waived is not None and gate.result == "fail" for gate in tests)
    waived += sum(floor.waived is not None and floor.result == "fail" for floor in floors)
    passed = len(tests) + len(floors) - failed - open_
    words = [f"{failed} failed"] * bool(failed) + [f"{open_} open"] * bool(open_)
    words = words or [f"all {passed} passed"]
    return ", ".join([*words, *[f"{waived} waived"] * bool(waived)])


# ------------------------------------------------------------------------------------------------ the table


def _aside(overview: Overview, vendor: VendorRecord, most: int = 3) -> View:
    reasons = tuple(reason.text for reason in decisive(vendor)) or vendor.reasons
    return {
        "name": vendor.name,
        "score": number(vendor.score, overview.digits),
        "place": f"would have ranked {vendor.would_rank}" if vendor.would_rank else "",
        "reasons": reasons[:most],
        "more": len(vendor.reasons) - len(reasons[:most]),
    }


# ------------------------------------------------------------------------------------------------ what would change it


def _changes(overview: Overview) -> Iterator[tuple[str, str]]:
    ranked = overview.ranked
    moving = [v for v in ranked if v.best_rank != v.worst_rank and (v.high or 0.0) > (v.low or 0.0)]
    movers = [v for v in moving if (v.best_rank or 0) < (v.rank or 0) or (v.low or 0.0) < (v.score or 0.0)]
    for vendor in movers:
        yield vendor.name, _range(vendor)
    for vendor in ranked:
        knock_outs = tuple(t for t in open_gates(overview, vendor) if t.kind == "knock_out")
        if knock_outs:
            one = "this open knock-out" if len(knock_outs) == 1 else f"any of its {len(knock_outs)} open knock-outs"
            yield vendor.name, f"leaves the ranking if {one} fails: {_names(knock_outs)}."
    claimed = sorted(ranked, key=lambda v: -(v.claimed or 0.0))
    if claimed and claimed[0].rank != 1:
        text = (
            f"would come first if every claim were proven: {number(claimed[0].claimed)} claimed, "
            f"{number(claimed[0].credited)} credited; {_first_claim(ranked[0])}"
        )
        yield claimed[0].name, text
    for vendor in ranked:
        failed = failed_gates(overview, vendor)
        if failed:
            yield vendor.name, f"needs a dated remedy before an award: {_names(failed)}."
    if not movers and len(ranked) > 1:
        yield "Blank answers", "change no place: the ranges between sure and possible do not overlap."


def _first_claim(leader: VendorRecord) -> str:
    return f"{leader.name} has {number(leader.claimed)} claimed."


def _range(vendor: VendorRecord) -> str:
    ends = f"{number(vendor.low)} is sure, {number(vendor.high)} possible"
    if vendor.best_rank == vendor.rank:
        return f"could fall to place {vendor.worst_rank}: {ends}."
    worst = f", or fall to {vendor.worst_rank}" if (vendor.low or 0.0) < (vendor.score or 0.0) else ""
    return f"could rise from place {vendor.rank} to {vendor.best_rank} once its open answers come in{worst}: {ends}."


# ------------------------------------------------------------------------------------------------ ask these first


def _asks(overview: Overview) -> tuple[AskLine, ...]:
    """Open knock-outs, open musts, blanks by weight, claims by what proof would bring; each by rank."""
    knock_outs, musts, blanks, claims = [], [], [], []
    for vendor in overview.ranked:
        tests = open_gates(overview, vendor)
        knock_outs += _ask_tests(
            vendor, [t for t in tests if t.kind == "knock_out"], "knock-out", "excluded if it fails"
        )
        musts += _ask_tests(vendor, [t for t in tests if t.kind == "must"], "must", "remedy if it fails")
        blanks += _ask_answers(
            vendor, ("open answer", "open answers"), by_points((a, open_points(a)) for a in vendor.answers)
        )
        claims += _ask_answers(
            vendor, ("claim to prove", "claims to prove"), by_points((a, proof_points(a)) for a in vendor.answers)
        )
    blanks.sort(key=lambda pair: -pair[0])
    claims.sort(key=lambda pair: -pair[0])
    return (*knock_outs, *musts, *(ask for _, ask in blanks), *(ask for _, ask in claims))


def _ask_tests(vendor: VendorRecord, tests: list[Test], kind: str, stake: str) -> list[AskLine]:
    if not tests:
        return []
    items = tuple(f"{test.name} ({test.cell})" if test.cell else test.name for test in tests)
    return [AskLine(vendor.name, counted(len(tests), f"open {kind}"), listed(items, _MOST_CELLS), stake)]


def _ask_answers(
    vendor: VendorRecord, topic: tuple[str, str], found: list[tuple[AnswerRecord, float]]
) -> list[tuple[float, AskLine]]:
    if not found:
        return []
    points = sum(worth for _, worth in found)
    items = tuple(f"{a.id} ({place(a.source)})" for a, _ in found)
    return [
        (
            points,
            AskLine(
                vendor.name,
                counted(len(found), *topic),
                listed(items, _MOST_CELLS),
                f"up to {number(points)} points",
            ),
        )
    ]
