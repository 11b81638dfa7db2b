"""Sections of the appendix: strengths and gaps of each vendor, what to clarify, the method."""

from collections.abc import Iterator

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import KINDS, listed, number
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.overview import Overview, View, found_against, hit_flags, lost, red_flags
from vendor_eval.reports.pages.scorecard import finding_words, findings_on, points_of, signed
from vendor_eval.reports.wording.answers import answer_text
from vendor_eval.reports.wording.names import place
from vendor_eval.reports.wording.phrases import counted, ordinal, share
from vendor_eval.reports.wording.price import SEALED_PRICES, rule_words
from vendor_eval.reports.wording.record import record_sentence
from vendor_eval.reports.wording.requirements import NO_COMMENT
from vendor_eval.reports.wording.status import SCREEN, arrived_late, coverage_words
from vendor_eval.results import MODERATED, AnswerRecord, GapRecord, VendorRecord, issues_of

QUESTION = 140
_MOST_INPUTS = 200
_UNPROVEN = {
    "claim": "says so without a document, and counts up to {}",
    "named": "names a document that did not arrive, and counts up to {}",
}
_STATES = {"pending": "not yet scored by the evaluators", "blank": "no answer"}
_FORMULA = (
    "Credited value = the lesser of an answer's value and the cap of its evidence. Criterion, category and total are "
    "weighted means of what is below; values, scores, floors and caps run from 0 to 100 and are rounded only in print."
)
_GATES = (
    "Gates and floors come before the total. A failed knock-out excludes, whatever the total; a failed must needs a "
    "dated remedy; what is unresolved is open, not failed."
)
_STAGES = {
    "read": "Due now is what must be met before an offer is read on; the rest is a condition before award or data.",
    "award": "Due now is what must be met before the award; what must be met before the first data is a condition.",
    "data": "Every gate is due.",
}
_BLANKS = {
    "zero": "A blank, unreadable or “n/a” answer to a question that was asked counts 0; it may be worth up to 100.",
    "exclude": "A blank answer leaves both sums inside its own criterion; an unreadable one counts 0.",
}


def profile(overview: Overview, vendor: VendorRecord) -> View:
    points = f"{number(vendor.score, overview.digits)} points"
    place = f"Ranked {ordinal(vendor.rank)} with {points}" if vendor.rank else f"Not ranked, {points}"
    answers, share_, marked = {a.id: a for a in vendor.answers}, overview.quality_share, red_flags(vendor)
    return {
        "code": overview.codes[vendor.id],
        "name": vendor.name,
        "title": f"{vendor.name} {character(overview, vendor)}",
        "standing": f"{place}. {vendor.status_text.rstrip('.')}.",
        "strengths": tuple(
            _point(overview, answers[s.question], f"{s.points * share_:+.2f}") for s in vendor.strengths
        ),
        "gaps": tuple(
            _point(overview, answers[gap.question], f"−{gap.points * share_:.2f}", _gap_detail(gap, share_))
            for gap in vendor.gaps
        ),
        "flags": tuple(
            _point(overview, answer, "▲", *_flag_details(vendor, answer))
            for answer in vendor.answers
            if answer.id in marked
        ),
    }


def character(overview: Overview, vendor: VendorRecord) -> str:
    """Say in a clause about the vendor what it is best at and where it loses most."""
    own = [(c, n) for c in overview.categories for n in vendor.nodes if n.id == c.id and n.score is not None]
    if not own:
        return "has no score in any category"
    best = max(own, key=lambda pair: pair[1].score or 0.0)
    if len(own) == 1:
        return f"scores {number(best[1].score)} on {best[0].title}"
    worst = max(own, key=lambda pair: lost(vendor, pair[0].id))
    points = number(overview.quality_share * lost(vendor, worst[0].id))
    strongest = f"is strongest on {best[0].title} ({number(best[1].score)})"
    return f"{strongest} and loses most on {worst[0].title} ({points} points)"


def _point(overview: Overview, answer: AnswerRecord, points: str, *details: str) -> View:
    question = overview.questions[answer.id]
    return {
        "id": answer.id,
        "question": cut(question.text, QUESTION),
        "answer": answer_text(question, answer),
        "points": points,
        "details": [detail for detail in details if detail],
        "cell": place(answer.source),
    }


def _gap_detail(gap: GapRecord, share_: float) -> str:
    parts = []
    if gap.next_step and gap.next_step_points > 0:
        parts.append(f"Next better: {cut(gap.next_step.text, 110)} (+{gap.next_step_points * share_:.2f}).")
    if gap.proof > 0:
        parts.append(f"Only needs a document: +{gap.proof * share_:.2f}.")
    return " ".join(parts)


def _flag_details(vendor: VendorRecord, answer: AnswerRecord) -> Iterator[str]:
    """Say why a flag is raised and what each evaluator wrote, one below the other."""
    hit = [gate for gate in hit_flags(vendor) if gate.question == answer.id]
    yield from (f"{cut(gate.reason, 200).rstrip('.')}." for gate in hit)
    if found_against(answer):
        yield from (f"{signed(finding)}: {finding_words(finding, 300)}" for finding in answer.findings)
    if any(gate.open for gate in hit):
        yield f"{NO_COMMENT}."


# ------------------------------------------------------------------------------------------------ what is missing


def clarify(overview: Overview, vendor: VendorRecord, most: int) -> View:
    """List what is to ask beside the requirements: open answers and unproven ones by points, then raised flags.

    Remarks are issues of the files that belong to no question; notices are left to the terminal.
    """
    rows = [row for _, row in sorted(_clarifications(overview, vendor), key=lambda pair: pair[0])]
    blanks = sum(answer.state in {"blank", "invalid"} for answer in vendor.answers)
    worths = [points_of(overview.result, answer) for answer in vendor.answers]
    open_, proof = (sum(max(0.0, worth[at]) for worth in worths) for at in (-2, -1))
    worth = f" worth up to {number(open_)} points, and {number(proof)} points wait for proof"
    summary = f"{coverage_words(vendor)}. {counted(blanks, 'open answer')}{'' if overview.result.is_screen else worth}"
    remarks = [i for i in vendor.issues if i.severity != "notice" and i.question not in overview.questions]
    return {
        "name": vendor.name,
        "summary": summary,
        "rows": tuple(rows[:most]),
        "more": max(0, len(rows) - most),
        "remarks": tuple(f"{cut(issue.message, 200)} ({place(issue.source)})" for issue in remarks),
    }


def _clarifications(overview: Overview, vendor: VendorRecord) -> Iterator[tuple[tuple[float, int], View]]:
    asked = {name for gate in vendor.gates if gate.result == "unresolved" for name in gate.open_questions}
    for index, answer in enumerate(vendor.answers):
        # What a requirement asks for stands with that; only what could not be read is said here too.
        if (answer.id not in asked or answer.state == "invalid") and (lacks := _lacks(overview, vendor, answer)):
            points = sum(points_of(overview.result, answer)[-2:])
            row = {
                "question": cut(f"{answer.id} {overview.questions[answer.id].text}", QUESTION),
                "lacks": lacks[:1].upper() + lacks[1:],
                "points": f"{points:.2f}" if points > 0 else "–",
                "cell": place(answer.source),
            }
            yield (-points, index), row


def _lacks(overview: Overview, vendor: VendorRecord, answer: AnswerRecord) -> str:
    """Say what an answer lacks; nothing where it lacks nothing."""
    if answer.state == "invalid":
        issues = issues_of(vendor.issues, answer.id)
        return f"could not be read: {cut(issues[0].text, 200)}" if issues else "could not be read"
    if answer.state in _STATES:
        return _STATES[answer.state]
    if answer.evidence in _UNPROVEN and points_of(overview.result, answer).proof > 0:
        return _UNPROVEN[answer.evidence].format(number(answer.cap, 0))
    is_raised = any(gate.question == answer.id and gate.open for gate in vendor.gates)
    return f"flag raised. {NO_COMMENT}" if is_raised else ""


# ------------------------------------------------------------------------------------------------ the method


def method(overview: Overview) -> View:
    """Make the context of the page Method: settings, weights, waivers, findings, inputs and who signs."""
    evaluation, evaluated = overview.result.evaluation, overview.evaluated
    how = evaluation.method
    return {
        "settings": tuple(_settings(overview)),
        "project": tuple((fact.label, cut(fact.text, 600)) for fact in how.project),
        "context": tuple(
            (name.replace("_", " "), _plain(value))
            for name, value in how.context.items()
            if name not in {fact.key for fact in how.project if fact.group == "context"}
        ),
        "weights": tuple(_weights(overview)),
        "overrides": tuple(f"{name}: {_plain(value)}" for name, value in how.overrides.items()),
        "waivers": how.waivers,
        "findings": tuple((vendor, finding) for vendor in overview.shown for finding in findings_on(vendor)),
        "late": tuple((v.name, late) for v in evaluated if (late := arrived_late(overview.result, v))),
        "inputs": evaluation.inputs[:_MOST_INPUTS],
        "more_inputs": max(0, len(evaluation.inputs) - _MOST_INPUTS),
        "sources": overview.result.definition.sources,
    }


def signers(overview: Overview) -> tuple[str, ...]:
    """List the members of the panel and the authors of findings; every member signs a moderated level."""
    panel = overview.result.panel
    names = {finding.by for vendor in overview.evaluated for finding in findings_on(vendor) if not finding.is_by_pilot}
    if panel:
        names -= {MODERATED} if panel.consensus else set()
        names |= {member.name for member in panel.members}
    return tuple(sorted(names))


def _settings(overview: Overview) -> Iterator[tuple[str, str]]:
    evaluation = overview.result.evaluation
    how, card = evaluation.method, evaluation.scorecard
    if overview.result.is_screen:
        yield "Scores", f"{SCREEN}. No total, no rank and no price score is made"
    else:
        yield "Formula", _FORMULA
    if evaluation.price:
        sealed = f"{SEALED_PRICES}. " if evaluation.price.sealed else ""
        yield "Price", f"{sealed}{rule_words(evaluation.price)}"
    if how.evidence:
        caps = "; ".join(f"{name} {value:g}" for name, value in how.evidence.items())
        yield "Evidence caps", f"{caps} (a judgment of this evaluation)"
    else:
        yield "Evidence caps", "off: claims count as proven"
    yield "Blanks", _BLANKS.get(how.missing, how.missing)
    yield "Gates", f"{_GATES} {_STAGES[evaluation.stage]}"
    breakers = listed(tuple(overview.titles.get(name, name) for name in how.tie_breakers))
    ties = f"ties are broken by {breakers}" if breakers else "ties share a rank"
    if not overview.result.is_screen:
        yield "Ranks", f"By unrounded total; {ties}; shortlist of {how.shortlist}"
    yield "Questionnaire", how.questions
    yield "Weights", f"preset {evaluation.preset}" if evaluation.preset else "set by this evaluation"
    if how.deadline:
        yield "Deadline", day(how.deadline)
    yield "Criteria", f"{card.title} {card.version} ({card.id}), SHA-256 {card.sha256}"
    yield "Tool", f"vendor_eval {how.tool_version}"
    if sentence := record_sentence(evaluation):
        yield "Record", sentence


def _plain(value: object) -> str:
    """Print a setting in words.

    >>> _plain(True), _plain(("a", "b")), _plain({"weight": 5}), _plain(())
    ('yes', 'a, b', 'weight 5', 'none')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(inner) for inner in value) or "none"
    return cut(f"{value:g}" if isinstance(value, float) else str(value).replace("_", " "), 300)


def _weights(overview: Overview) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield title, level (1 for a criterion), weight within, points of the total, and floor."""
    for category in overview.result.definition.categories:
        floor = overview.result.evaluation.method.floors.get(category.id)
        reason = f", {floor.reason}" if floor and floor.reason else ""
        words = f"{floor.at_least:g} ({KINDS[floor.kind]}{reason})" if floor else ""
        if not category.weighted or not category.in_scope:
            why = "not in scope" if category.weighted else "information, no weight"
            yield f"{category.title} ({why})", 0, "–", "–", words
            continue
        yield category.title, 0, "–", _points(overview, category.id), words
        for criterion in category.criteria:
            if criterion.id in overview.weights:
                local, _ = overview.weights[criterion.id]
                yield criterion.title, 1, share(local, 1), _points(overview, criterion.id), ""
    price = overview.result.price
    if price and not overview.result.ranks_by_ratio:
        yield "Price", 0, "–", number(price.weight, 2), ""


def _points(overview: Overview, node: str) -> str:
    """Print a weight in points of the total."""
    return number(100 * overview.weights[node][1] * overview.quality_share, 2)
