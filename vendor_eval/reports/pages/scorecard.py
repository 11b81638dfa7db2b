"""What the pages of a scorecard show. It is drawn from a result in which no other vendor is left."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vendor_eval.formatting.figures import KINDS, money, number, percent
from vendor_eval.formatting.printable import cut
from vendor_eval.issues import OF_THE_FIELD
from vendor_eval.reports.pages.decision import gate_counts
from vendor_eval.reports.pages.method import character, clarify, flag_points, gap_points, given, method, point
from vendor_eval.reports.pages.overview import Overview, View, lost, node, proof_points
from vendor_eval.reports.pages.price import own_price
from vendor_eval.reports.wording.names import Names, mask, names_of_all, place
from vendor_eval.reports.wording.phrases import day, interval, share
from vendor_eval.results import AnswerRecord, FloorRecord, GateRecord, QuestionDefinition, Result, VendorRecord

_OF_THE_PANEL = ("scores/", "score-key.yaml")
_MOST_STRENGTHS = 5
# Words that the tool or the criteria wrote: no text of a person stands in them.
_FIXED = frozenset(
    {
        *("id", "parent", "kind", "state", "status", "result", "severity", "code", "question", "test", "date"),
        *("node", "key", "word"),
    }
)
_RESULTS = {"pass": "passed", "fail": "failed", "unresolved": "open"}


@dataclass(frozen=True)
class Steps:
    """Answers of a category that leave points; apart, those that are open and those that only proof would raise."""

    title: str
    rows: tuple[View, ...]
    open: tuple[str, ...]
    by_proof: tuple[str, ...]


@dataclass(frozen=True)
class FieldComparison:
    """What a scorecard may say of the field: how many were ranked, and the spread of each category."""

    ranked: int
    evaluated: int
    spreads: Mapping[str, tuple[float, float, float]]


def field(overview: Overview) -> FieldComparison:
    """Sum up the field; with fewer than four vendors its spread is left out, since it would be another's score."""
    enough = len(overview.evaluated) >= overview.result.evaluation.method.median_from
    return FieldComparison(len(overview.ranked), len(overview.evaluated), overview.fields if enough else {})


@dataclass(frozen=True, slots=True)
class Everybody:
    """Names and files of all vendors."""

    names: Names
    files: frozenset[str]


def everybody(result: Result) -> Everybody:
    """Gather once what every scorecard has to leave out."""
    files = frozenset(file for vendor in result.vendors for file in vendor.files)
    return Everybody(names_of_all((vendor.id, vendor.name) for vendor in result.vendors), files)


def only(result: Result, vendor: VendorRecord, everyone: Everybody) -> Result:
    """Leave nothing of any other vendor in a result: no record, no file, no waiver, no name in a text."""
    hide = mask((vendor.name, vendor.id), everyone.names)
    own = VendorRecord.model_validate(_hidden(vendor.model_dump(), hide))
    evaluation = result.evaluation
    foreign = everyone.files.difference(vendor.files)
    how = evaluation.method
    waivers = tuple({key: hide(text) for key, text in w.items()} for w in how.waivers if w.get("vendor") == vendor.id)
    return result.model_copy(
        update={
            "vendors": (own,),
            "panel": None,
            "ranking": tuple(name for name in result.ranking if name == vendor.id),
            "shortlist": tuple(name for name in result.shortlist if name == vendor.id),
            "robustness": None,
            "evaluation": evaluation.model_copy(
                update={
                    "title": hide(evaluation.title),
                    "pending": tuple(f"{vendor.id} {name}" for name in _pending(result, vendor)),
                    "method": how.model_copy(update={"waivers": waivers}),
                    "inputs": tuple(item for item in evaluation.inputs if item.file not in foreign),
                    # Where the order hangs on a bid is a figure of the field.
                    "price": evaluation.price and evaluation.price.model_copy(update={"thresholds": ()}),
                }
            ),
        }
    )


def _pending(result: Result, vendor: VendorRecord) -> tuple[str, ...]:
    """Name the rubrics of a vendor that nobody has scored yet, or not everybody who was to."""
    missing = (one.question for one in result.panel.missing if one.vendor == vendor.id) if result.panel else ()
    return tuple(dict.fromkeys((*vendor.pending, *missing)))


def _hidden(value: Any, hide: Callable[[str], str], key: str = "") -> Any:
    if isinstance(value, str):
        return value if key in _FIXED else hide(value)
    if isinstance(value, dict):
        return {name: _hidden(inner, hide, name) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(_hidden(inner, hide, key) for inner in value)
    return value


def scorecard_pages(
    result: Result, vendor: VendorRecord, as_of: str, digits: int, around: FieldComparison | None
) -> View:
    """Draw a scorecard from a result with one vendor; without a field it is the copy for the vendor."""
    copy = around is None
    if copy:
        vendor = vendor.model_copy(update={"issues": tuple(i for i in vendor.issues if i.code not in OF_THE_FIELD)})
    overview = Overview(result, digits)
    evaluation = result.evaluation
    return {
        "title": cut(evaluation.title, 120),
        "reference": cut(evaluation.reference, 60),
        "as_of": as_of,
        "provisional": bool(evaluation.pending) if copy else evaluation.provisional,
        "vendor_copy": copy,
        "name": vendor.name,
        "headline": _headline(overview, vendor, around),
        "lead": _lead(overview, vendor, around),
        "figures": _figures(overview, vendor, around),
        "bars": tuple(_bars(overview, vendor, around)),
        "with_field": bool(around and around.spreads),
        "gates": _gates(overview, vendor, flags=not copy),
        "passed": tuple(dict.fromkeys(g.question for g in vendor.gates if g.result == "pass")),
        "reasons": vendor.reasons,
        "strengths": _strengths(overview, vendor, around),
        "strength_label": "Points above the median" if around and around.spreads else "Points earned",
        "gaps": gap_points(overview, vendor, with_reason=True),
        "flags": () if copy else flag_points(overview, vendor),
        "price": own_price(overview, vendor, copy=copy),
        "certificates": _certificates(overview, vendor),
        "clarify": clarify(overview, vendor),
        "steps": tuple(_steps(overview, vendor)),
        "method": _method(overview, copy=copy),
    }


def _method(overview: Overview, *, copy: bool) -> View:
    whole = method(overview)
    if not copy:
        return whole
    # What the buyer noted, and on whose word, stays with the buyer.
    kept = tuple(row for row in whole["settings"] if row[0] != "Ranks")
    # Score sheets are named after who filled them in.
    inputs = tuple(row for row in whole["inputs"] if not row[0].startswith(_OF_THE_PANEL))
    return {**whole, "settings": kept, "inputs": inputs, "findings": (), "evaluators": (), "late": ()}


def _headline(overview: Overview, vendor: VendorRecord, around: FieldComparison | None) -> str:
    score = number(vendor.score, overview.digits)
    if around is None:
        return f"{vendor.name} scores {score} of 100 points"
    if vendor.rank:
        where = f"ranks {vendor.rank} of {around.ranked}," if around.ranked > 1 else "is the only vendor ranked,"
        return f"{vendor.name} {where} with {score} points"
    return f"{vendor.name} is excluded: {score} points, but a failed knock-out"


def _lead(overview: Overview, vendor: VendorRecord, around: FieldComparison | None) -> str:
    clause = character(overview, vendor)
    parts = [f"{clause[0].upper()}{clause[1:]}."]
    conditional = {
        "eligible": "Every gate that decides on its status is passed.",
        "conditional": f"Its status is conditional: {gate_counts(overview, vendor)}.",
        "excluded": "No total can buy back a failed knock-out.",
    }
    parts.append(conditional[vendor.status])
    if vendor.would_rank and around is not None:
        parts.append(f"It would have ranked {vendor.would_rank}.")
    return " ".join(parts)


def _figures(
    overview: Overview, vendor: VendorRecord, around: FieldComparison | None
) -> tuple[tuple[str, str, str], ...]:
    """Key figures: label, number, what it means."""
    open_ = (vendor.high or 0.0) - (vendor.low or 0.0)
    proof = (vendor.claimed or 0.0) - (vendor.credited or 0.0)
    total = number(vendor.score, overview.digits)
    found = [("Score", total, f"sure to possible: {interval(vendor.low, vendor.high)}")]
    if around is not None:
        places = (
            f"between {vendor.best_rank} and {vendor.worst_rank}"
            if vendor.best_rank != vendor.worst_rank
            else "certain"
        )
        found.append(
            ("Rank", str(vendor.rank), places) if vendor.rank else ("Rank", "–", f"would have been {vendor.would_rank}")
        )
    if vendor.price:
        bought = f"price {money(vendor.price.total)} {vendor.price.currency}"
        found.append(("Quality", number(vendor.quality), bought))
    found += [
        ("Claimed", number(vendor.claimed), f"{number(proof)} points wait for proof"),
        ("Covered", percent(vendor.coverage), f"{number(open_)} points wait for answers"),
        ("Documented", percent(vendor.documented), f"verified {percent(vendor.verified)}"),
    ]
    return tuple(found)


def _bars(overview: Overview, vendor: VendorRecord, around: FieldComparison | None) -> list[View]:
    bars = []
    for category in overview.categories:
        found = node(vendor, category.id)
        floor = found.floor if found else None
        words = ""
        if floor:
            waived = ", waived" if floor.waived else ""
            words = f"{floor.at_least:g} {_RESULTS[floor.result]}{waived}"
        bars.append(
            {
                "title": category.title,
                "weight": share(overview.weights[category.id][1], 1) if category.in_scope else "–",
                "score": found.score if found else None,
                "text": number(found.score if found else None) if category.in_scope else "not in scope",
                "interval": interval(found.low, found.high) if found and category.in_scope else "",
                "lost": number(lost(vendor, category.id)) if category.in_scope else "",
                "floor": floor.at_least if floor else None,
                "floor_text": words,
                "field": around.spreads.get(category.id) if around else None,
            }
        )
    return bars


def _gates(overview: Overview, vendor: VendorRecord, *, flags: bool) -> tuple[View, ...]:
    order = {"knock_out": 0, "must": 1, "flag": 2}
    gates = sorted(
        (g for g in vendor.gates if g.result != "pass" and (flags or g.kind != "flag")), key=lambda g: order[g.kind]
    )
    rows = [
        {
            "name": f"{gate.question} {cut(overview.questions[gate.question].text, 100)}",
            "kind": KINDS[gate.kind].capitalize(),
            "result": _outcome(gate),
            "reason": cut(gate.reason, 260) + _waiver(gate),
            "cell": place(gate.source),
        }
        for gate in gates
    ]
    floors = [
        {
            "name": f"Floor of {n.floor.at_least:g} on {overview.titles[n.id]}",
            "kind": KINDS[n.floor.kind].capitalize(),
            "result": _outcome(n.floor),
            "reason": n.floor.reason + _waiver(n.floor),
            "cell": "",
        }
        for n in vendor.nodes
        if n.floor and n.floor.result != "pass"
    ]
    return (*rows, *floors)


def _outcome(test: GateRecord | FloorRecord) -> str:
    if test.kind == "flag":
        return "▲ hit" if test.result == "fail" else "open"
    return "failed, waived" if test.result == "fail" and test.waived else _RESULTS[test.result]


def _waiver(test: GateRecord | FloorRecord) -> str:
    if not test.waived:
        return ""
    return f"; waived by {test.waived.approved_by}, {day(test.waived.date)}: {cut(test.waived.reason, 260)}"


def _strengths(overview: Overview, vendor: VendorRecord, around: FieldComparison | None) -> tuple[View, ...]:
    """Strengths against the field; alone, the answers that earn most."""
    answers = {answer.id: answer for answer in vendor.answers}
    if around and around.spreads:
        return tuple(point(overview, answers[s.question], f"{s.points:+.2f}") for s in vendor.strengths)
    earned = [(a, a.global_weight * a.credited) for a in vendor.answers if a.credited]
    best = sorted((pair for pair in earned if pair[1] > 0), key=lambda pair: -pair[1])[:_MOST_STRENGTHS]
    return tuple(point(overview, answer, f"+{points:.2f}") for answer, points in best)


def _certificates(overview: Overview, vendor: VendorRecord) -> tuple[View, ...]:
    found = []
    for answer in vendor.answers:
        question = overview.questions[answer.id]
        if question.type == "certification" and answer.state != "not_asked":
            parts = {part.key: part.raw for part in answer.parts}
            until = parts.pop("valid_until", "")
            found.append(
                {
                    "id": answer.id,
                    "question": cut(question.text, 90),
                    "given": cut("; ".join(parts.values()) or answer.raw or "no answer", 160),
                    "until": _until(until),
                    "proof": answer.evidence or "–",
                    "cell": place(answer.source),
                }
            )
    return tuple(found)


def _until(text: str) -> str:
    try:
        return day(text[:10])
    except ValueError:
        return cut(text, 40) or "not given"


def _steps(overview: Overview, vendor: VendorRecord) -> Iterator[Steps]:
    """List every answer that leaves points, category by category."""
    by_id = {answer.id: answer for answer in vendor.answers}
    for category in overview.categories:
        questions = [q for criterion in category.criteria for q in criterion.questions if q.id in by_id]
        left = [(q, by_id[q.id], points) for q in questions if (points := _points_left(by_id[q.id]))]
        open_ = tuple(f"{a.id} −{points}" for _, a, points in left if a.state in {"blank", "invalid"})
        rest = [(q, a, points, _step(a)) for q, a, points in left if a.state not in {"blank", "invalid"}]
        rows = tuple(_step_row(q, a, points, step) for q, a, points, step in rest if step)
        by_proof = tuple(f"{a.id} +{number(proof_points(a), 2)}" for _, a, _, step in rest if not step)
        if left:
            yield Steps(category.title, rows, open_, by_proof)


def _points_left(answer: AnswerRecord) -> str:
    """Print the points of the total that an answer leaves, nothing where they print as none."""
    if answer.credited is None:
        return ""
    points = number(answer.global_weight * (100 - answer.credited), 2)
    return "" if points == number(0, 2) else points


def _step_row(question: QuestionDefinition, answer: AnswerRecord, points: str, step: str) -> View:
    return {
        "question": cut(f"{question.id} {question.text}", 95),
        "answer": given(question, answer, 70),
        "lost": f"−{points}",
        "step": step,
        "cell": answer.source.cell or "–",
    }


def _step(answer: AnswerRecord) -> str:
    """Say what would score more; nothing where only proof would."""
    credited = answer.credited or 0.0
    step = answer.next_step
    gain = min(step.value, answer.cap or step.value) - credited if step else 0.0
    worth = number(answer.global_weight * gain, 2)
    if step and gain > 0 and worth != number(0, 2):
        return f"{cut(step.text, 80)} (+{worth})"
    return "" if proof_points(answer) > 0 else "–"
