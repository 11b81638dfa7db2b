"""The scorecard of a vendor, drawn from a result in which no other vendor is left."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import KINDS, money, number, percent
from vendor_eval.formatting.printable import cut
from vendor_eval.issues import OF_THE_FIELD
from vendor_eval.reports.pages.method import (
    character,
    clarify,
    flag_points,
    gap_points,
    method,
    point,
    strength_points,
)
from vendor_eval.reports.pages.overview import Overview, View, by_points, lost, node, proof_points
from vendor_eval.reports.pages.price import own_price
from vendor_eval.reports.wording.answers import answer_text
from vendor_eval.reports.wording.decision import requirements
from vendor_eval.reports.wording.names import Names, mask, names_of_all, place
from vendor_eval.reports.wording.phrases import interval, share
from vendor_eval.reports.wording.status import SCREEN
from vendor_eval.results import AnswerRecord, FloorRecord, GateRecord, Result, VendorRecord

_OF_THE_PANEL = ("scores/", "score-key.yaml")
_MOST_STRENGTHS = 5
# Keys of texts that the tool or the criteria wrote, in which nobody names a vendor.
_FIXED = frozenset(
    {
        *("id", "parent", "kind", "state", "status", "result", "severity", "code", "question", "test", "date"),
        *("node", "key", "word", "about", "stage", "open_questions"),
    }
)
_RESULTS = {"pass": "passed", "fail": "failed", "unresolved": "open"}
_ORDER = {"knock_out": 0, "must": 1, "flag": 2}
# Title of a category, rows, answers that are open, and answers that only proof would raise.
_Steps: TypeAlias = tuple[str, tuple[View, ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class FieldComparison:
    """What a scorecard may say of the field: how many were ranked, and the spread of each category."""

    ranked: int
    evaluated: int
    spreads: Mapping[str, tuple[float, float, float]]


def field(overview: Overview) -> FieldComparison:
    """Sum up the field; of few vendors the spread is left out, since it would show the scores of another."""
    spreads = overview.fields if overview.has_median else {}
    return FieldComparison(len(overview.ranked), len(overview.evaluated), spreads)


@dataclass(frozen=True, slots=True)
class Everybody:
    """Names and files of all vendors."""

    names: Names
    files: frozenset[str]


def everybody(result: Result) -> Everybody:
    """Gather what every scorecard leaves out, once for all of them."""
    files = frozenset(file for vendor in result.vendors for file in _files(vendor))
    return Everybody(names_of_all((vendor.id, vendor.name) for vendor in result.vendors), files)


def _files(vendor: VendorRecord) -> frozenset[str]:
    return frozenset((*vendor.files, *(file.file for answer in vendor.answers for file in answer.files)))


def only(result: Result, vendor: VendorRecord, everyone: Everybody) -> Result:
    """Remove every other vendor from a result: records, files, waivers, and names in texts."""
    hide = mask((vendor.name, vendor.id), everyone.names)
    own = VendorRecord.model_validate(_hidden(vendor.model_dump(), hide))
    evaluation = result.evaluation
    foreign = everyone.files.difference(_files(vendor))
    how = evaluation.method
    missing = [m.question for m in result.panel.missing if m.vendor == vendor.id] if result.panel else []
    pending = dict.fromkeys((*vendor.pending, *missing))
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
                    "pending": tuple(f"{vendor.id} {name}" for name in pending),
                    "method": how.model_copy(update={"waivers": waivers}),
                    "issues": (),
                    "inputs": tuple(source for source in evaluation.inputs if source.file not in foreign),
                    # The bids that would change the order are figures of the field.
                    "price": evaluation.price and evaluation.price.model_copy(update={"thresholds": ()}),
                }
            ),
        }
    )


def _hidden(value: Any, hide: Callable[[str], str], key: str = "") -> Any:
    if isinstance(value, str):
        return value if key in _FIXED else hide(value)
    if isinstance(value, dict):
        return {name: _hidden(inner, hide, name) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(_hidden(inner, hide, key) for inner in value)
    return value


def scorecard_pages(
    result: Result, vendor: VendorRecord, as_of: str, digits: int, comparison: FieldComparison | None
) -> View:
    """Make the context of a scorecard from a result with one vendor; without a comparison it is the vendor's copy."""
    copy = comparison is None
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
        "headline": _headline(overview, vendor, comparison),
        "lead": _lead(overview, vendor, comparison),
        "figures": _figures(overview, vendor, comparison),
        "screen": result.is_screen,
        "bars": () if result.is_screen else tuple(_bars(overview, vendor, comparison)),
        "with_field": bool(comparison and comparison.spreads),
        "gates": tuple(_gates(overview, vendor, flags=not copy)),
        "passed": tuple(dict.fromkeys(g.question for g in vendor.gates if g.result == "pass")),
        "reasons": vendor.reasons,
        "strengths": _strengths(overview, vendor, comparison),
        "strength_label": "Points above the median" if comparison and comparison.spreads else "Points earned",
        "gaps": gap_points(overview, vendor, with_reason=True),
        "flags": () if copy else flag_points(overview, vendor),
        "price": own_price(overview, vendor, copy=copy),
        "certificates": tuple(_certificates(overview, vendor)),
        "clarify": clarify(overview, vendor),
        "steps": () if result.is_screen else tuple(_steps(overview, vendor)),
        "method": _method(overview, copy=copy),
    }


def _method(overview: Overview, *, copy: bool) -> View:
    whole = method(overview)
    if not copy:
        return whole
    # Notes of the buyer and their authors stay with the buyer.
    kept = tuple(row for row in whole["settings"] if row[0] != "Ranks")
    # Score sheets are named after the evaluators.
    inputs = tuple(source for source in whole["inputs"] if not source.file.startswith(_OF_THE_PANEL))
    return {**whole, "settings": kept, "inputs": inputs, "findings": (), "evaluators": (), "late": ()}


def _headline(overview: Overview, vendor: VendorRecord, comparison: FieldComparison | None) -> str:
    if overview.result.is_screen:
        return f"{vendor.name}: {SCREEN[:1].lower()}{SCREEN[1:]}"
    score = number(vendor.score, overview.digits)
    if comparison is None:
        return f"{vendor.name} scores {score} of 100 points"
    if vendor.rank:
        where = (
            f"ranks {vendor.rank} of {comparison.ranked}," if comparison.ranked > 1 else "is the only vendor ranked,"
        )
        return f"{vendor.name} {where} with {score} points"
    return f"{vendor.name} is excluded: {score} points, but a failed knock-out"


def _lead(overview: Overview, vendor: VendorRecord, comparison: FieldComparison | None) -> str:
    if overview.result.is_screen:
        return f"{vendor.status_text}."
    clause = character(overview, vendor)
    parts = [f"{clause[0].upper()}{clause[1:]}.", f"{vendor.status_text}."]
    after = {
        "eligible": "Every gate that decides on its status is passed.",
        "conditional": f"Its requirements: {requirements(vendor)} met.",
        "excluded": "No total can buy back a failed knock-out.",
    }
    parts.append(after[vendor.status])
    if vendor.would_rank and comparison is not None:
        parts.append(f"It would have ranked {vendor.would_rank}.")
    return " ".join(parts)


def _figures(
    overview: Overview, vendor: VendorRecord, comparison: FieldComparison | None
) -> tuple[tuple[str, str, str], ...]:
    """Key figures: label, number, what it means."""
    documented = ("Documented", percent(vendor.documented), f"verified {percent(vendor.verified)}")
    if overview.result.is_screen:
        return ("Covered", percent(vendor.coverage), "of what the screen asks"), documented
    open_ = (vendor.high or 0.0) - (vendor.low or 0.0)
    proof = (vendor.claimed or 0.0) - (vendor.credited or 0.0)
    total = number(vendor.score, overview.digits)
    figures = [("Score", total, f"sure to possible: {interval(vendor.low, vendor.high)}")]
    if comparison is not None:
        places = (
            f"between {vendor.best_rank} and {vendor.worst_rank}"
            if vendor.best_rank != vendor.worst_rank
            else "certain"
        )
        figures.append(
            ("Rank", str(vendor.rank), places) if vendor.rank else ("Rank", "–", f"would have been {vendor.would_rank}")
        )
    if vendor.price:
        bought = f"price {money(vendor.price.total)} {vendor.price.currency}"
        figures.append(("Quality", number(vendor.quality), bought))
    figures += [
        ("Claimed", number(vendor.claimed), f"{number(proof)} points wait for proof"),
        ("Covered", percent(vendor.coverage), f"{number(open_)} points wait for answers"),
        documented,
    ]
    return tuple(figures)


def _bars(overview: Overview, vendor: VendorRecord, comparison: FieldComparison | None) -> Iterator[View]:
    for category in overview.categories:
        record = node(vendor, category.id)
        score, floor = (record.score, record.floor) if record else (None, None)
        waived = ", waived" if floor and floor.waived else ""
        yield {
            "title": category.title,
            "weight": share(overview.weights[category.id][1], 1) if category.in_scope else "–",
            "score": score,
            "text": number(score) if category.in_scope else "not in scope",
            "lost": number(lost(vendor, category.id)) if category.in_scope else "",
            "floor": floor.at_least if floor else None,
            "floor_text": f"{floor.at_least:g} {_RESULTS[floor.result]}{waived}" if floor else "",
            "field": comparison.spreads.get(category.id) if comparison else None,
        }


def _gates(overview: Overview, vendor: VendorRecord, *, flags: bool) -> Iterator[View]:
    """List gates by kind, then floors, that are not simply passed."""
    gates = sorted((gate for gate in vendor.gates if flags or gate.kind != "flag"), key=lambda g: _ORDER[g.kind])
    tests: list[tuple[str, GateRecord | FloorRecord, str, str]] = [
        (f"{g.question} {cut(overview.questions[g.question].text, 100)}", g, cut(g.reason, 260), place(g.source))
        for g in gates
    ]
    tests += [
        (f"Floor of {n.floor.at_least:g} on {overview.titles[n.id]}", n.floor, n.floor.reason, "")
        for n in vendor.nodes
        if n.floor
    ]
    for name, test, reason, cell in tests:
        if test.result != "pass":
            kind = KINDS[test.kind].capitalize()
            yield {"name": name, "kind": kind, "result": _outcome(test), "reason": reason + _waiver(test), "cell": cell}


def _outcome(test: GateRecord | FloorRecord) -> str:
    if test.kind == "flag":
        return "▲ hit" if test.result == "fail" else "open"
    return "failed, waived" if test.result == "fail" and test.waived else _RESULTS[test.result]


def _waiver(test: GateRecord | FloorRecord) -> str:
    if not test.waived:
        return ""
    return f"; waived by {test.waived.approved_by}, {day(test.waived.date)}: {cut(test.waived.reason, 260)}"


def _strengths(overview: Overview, vendor: VendorRecord, comparison: FieldComparison | None) -> tuple[View, ...]:
    """List strengths against the field; in the vendor's copy, the answers that earn most."""
    if comparison and comparison.spreads:
        return strength_points(overview, vendor)
    best = by_points(vendor.answers, lambda answer: answer.global_weight * (answer.credited or 0.0))
    return tuple(point(overview, answer, f"+{points:.2f}") for answer, points in best[:_MOST_STRENGTHS])


def _certificates(overview: Overview, vendor: VendorRecord) -> Iterator[View]:
    for answer in vendor.answers:
        question = overview.questions[answer.id]
        if question.type == "certification" and answer.state != "not_asked":
            parts = {part.key: part.raw for part in answer.parts}
            until = parts.pop("valid_until", "")
            yield {
                "id": answer.id,
                "question": cut(question.text, 90),
                "stated": cut("; ".join(parts.values()) or answer.raw or "no answer", 160),
                "until": _until(until),
                "proof": answer.evidence or "–",
                "cell": place(answer.source),
            }


def _until(text: str) -> str:
    try:
        return day(text[:10])
    except ValueError:
        return cut(text, 40) or "not given"


def _steps(overview: Overview, vendor: VendorRecord) -> Iterator[_Steps]:
    answers = {answer.id: answer for answer in vendor.answers}
    for category in overview.categories:
        rows, open_, by_proof = [], [], []
        for question in (q for criterion in category.criteria for q in criterion.questions if q.id in answers):
            answer = answers[question.id]
            points = _points_left(answer)
            if not points:
                continue
            if answer.state in {"blank", "invalid"}:
                open_.append(f"{answer.id} −{points}")
            elif step := _step(answer):
                text, own = cut(f"{question.id} {question.text}", 95), answer_text(question, answer, 70)
                cell = answer.source.cell or "–"
                rows.append({"question": text, "answer": own, "lost": f"−{points}", "step": step, "cell": cell})
            else:
                by_proof.append(f"{answer.id} +{number(proof_points(answer), 2)}")
        if rows or open_ or by_proof:
            yield category.title, tuple(rows), tuple(open_), tuple(by_proof)


def _points_left(answer: AnswerRecord) -> str:
    """Print the points of the total that an answer leaves, nothing where they print as none."""
    if answer.credited is None:
        return ""
    points = number(answer.global_weight * (100 - answer.credited), 2)
    return "" if points == number(0, 2) else points


def _step(answer: AnswerRecord) -> str:
    """Say what would score more; nothing where only proof would."""
    credited = answer.credited or 0.0
    step = answer.next_step
    gain = min(step.value, answer.cap or step.value) - credited if step else 0.0
    worth = number(answer.global_weight * gain, 2)
    if step and gain > 0 and worth != number(0, 2):
        return f"{cut(step.text, 80)} (+{worth})"
    return "" if proof_points(answer) > 0 else "–"
