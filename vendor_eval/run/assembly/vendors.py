"""Records of one vendor: totals, nodes, answers, gates, offer, issues."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from vendor_eval import results as r
from vendor_eval.criteria.questions import Certification, NextStep
from vendor_eval.findings.acts import Finding
from vendor_eval.intake.responses import VendorReading
from vendor_eval.intake.submission import Response
from vendor_eval.issues import Issue
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.reports.wording.status import ANOTHER_FORM, status_text
from vendor_eval.results import UNPROVEN
from vendor_eval.results.pilot import LinkRecord
from vendor_eval.results.vendors import Part
from vendor_eval.run.assembly.price import offer_issues, price_record
from vendor_eval.run.assembly.records import finding_record, record_of
from vendor_eval.run.pilot import ComparedPilot
from vendor_eval.scoring.field import Judged
from vendor_eval.scoring.gates import FloorResult, GateResult, is_due, reason_in_words
from vendor_eval.scoring.highlights import gaps, strengths
from vendor_eval.scoring.score import Leaf, Node
from vendor_eval.tender import Evaluation, Waiver

_NOT_ASKED: Mapping[str, Any] = {
    **dict.fromkeys(("answer", "value", "evidence", "credited", "low", "high", "cap", "next_step", "finding")),
    **dict.fromkeys(("global_weight", "effective_weight", "contribution"), 0.0),
    **dict.fromkeys(("raw", "evidence_text", "comment"), ""),
    **dict.fromkeys(("findings", "sources"), ()),
    "state": "not_asked",
    "source": r.Source(),
}


def _waiver(waiver: Waiver | None) -> r.WaiverRecord | None:
    if waiver is None:
        return None
    return record_of(r.WaiverRecord, waiver, date=waiver.date.isoformat(), until=_until(waiver))


def _until(waiver: Waiver | None) -> str | None:
    return waiver.until.isoformat() if waiver and waiver.until else None


# Many vendors have the same next step: one record serves them all.
@cache
def _step(step: NextStep | None) -> r.StepRecord | None:
    return record_of(r.StepRecord, step) if step else None


def not_evaluated(reading: VendorReading, findings: Iterable[Finding], part: Part | None) -> r.VendorRecord:
    """Record a vendor whose response could not be evaluated, and why."""
    vendor = reading.vendor
    kind = "issue" if reading.issues else "response"
    reasons = tuple(str(issue) for issue in reading.issues) or (reading.reason,)
    return record_of(
        r.VendorRecord,
        vendor,
        name=vendor.name or vendor.id,
        status="not_evaluated",
        status_text="Not evaluated",
        reasons=reasons,
        received=vendor.received.isoformat() if vendor.received else None,
        issues=tuple(r.IssueRecord.of(issue) for issue in reading.issues),
        notes=tuple(finding_record(finding) for finding in findings),
        pilot=part,
        status_reasons=tuple(
            r.StatusReasonRecord(question="", node="", kind=kind, result="not_evaluated", text=text) for text in reasons
        ),
    )


def _status_reason(result: GateResult | FloorResult) -> r.StatusReasonRecord:
    about = {"node": ""} if isinstance(result, GateResult) else {"question": ""}
    return record_of(r.StatusReasonRecord, result, text=reason_in_words(result), **about)


def _condition(result: GateResult | FloorResult) -> r.ConditionRecord:
    question, waiver = result.question if isinstance(result, GateResult) else "", result.waiver or result.lapsed
    reason = result.reason
    if waiver and result.is_waived:
        reason += f"; waived by {waiver.approved_by}, {waiver.date}: {waiver.reason}"
    return r.ConditionRecord(
        about=result.about,
        question=question,
        kind=result.kind,
        stage=result.stage,
        result="waived" if result.is_waived else "fail" if result.result == "fail" else "unresolved",
        reason=reason,
        until=_until(waiver),
        owner=waiver.owner if waiver else "",
    )


@dataclass(frozen=True)
class VendorWriter:
    """Builds the record of one scored vendor; `vendors` counts those that were scored."""

    evaluation: Evaluation
    judged: Judged
    findings: Sequence[Finding]
    medians: Mapping[str, float]
    vendors: int
    pilot: ComparedPilot

    def record(self) -> r.VendorRecord:
        card, verdict, submission = self.judged.card, self.judged.verdict, self.judged.submission
        answers = tuple(self._answers())
        sources = {answer.id: answer.source for answer in answers}
        declaration = submission.declaration
        sources[r.DECLARATION] = r.Source.at(declaration.location)
        status_reasons, compared = tuple(map(_status_reason, verdict.not_passed)), self.judged.is_compared
        if not compared:
            why = f"{len(self.judged.reached)} of {counted(len(card.leaves), 'question')} could be read"
            status_reasons = (r.StatusReasonRecord(question="", node="", kind="form", result="not_compared", text=why),)
        vendor, deadline = self.judged.reading.vendor, self.evaluation.settings.deadline
        late = vendor.received and deadline and vendor.received > deadline
        return record_of(
            r.VendorRecord,
            self.judged.place,
            id=card.vendor,
            name=submission.name,
            country=submission.cover.get("country", ""),
            contact=submission.cover.get("contact", ""),
            status=verdict.status if compared else "not_compared",
            status_text=self._status_text() if compared else ANOTHER_FORM,
            # Of a form that asks for little of it nearly all is open.
            conditions=tuple(map(_condition, verdict.conditions)) if compared else (),
            reasons=tuple(reason.text for reason in status_reasons),
            status_reasons=status_reasons,
            pending=tuple(leaf.question.id for leaf in card.leaves if leaf.state == "pending"),
            rounds=submission.rounds,
            replaced=tuple(_replaced((*submission.responses.values(), *submission.offer.values()))),
            nodes=() if self.evaluation.is_screen else tuple(self._node(node) for node in card.nodes),
            answers=answers,
            gates=tuple(
                record_of(
                    r.GateRecord,
                    gate,
                    waived=_waiver(gate.waiver),
                    open=gate.kind == "flag" and gate.result == "fail" and not gate.note,
                    source=sources[gate.question],
                )
                for gate in verdict.gates
            ),
            issues=tuple(r.IssueRecord.of(issue) for issue in (*submission.issues, *self._issues())),
            notes=tuple(finding_record(finding) for finding in self.findings if not finding.question),
            files=(*vendor.files, *(vendor.prices if self.evaluation.price else ())),
            received=vendor.received.isoformat() if vendor.received else None,
            accepted_late=vendor.accept_late if late else "",
            declaration=record_of(
                r.DeclarationRecord,
                declaration,
                date=declaration.signed_on.isoformat() if declaration.signed_on else None,
                ticks=dict(declaration.ticks),
                source=sources[r.DECLARATION],
            ),
            pilot=self.pilot.parts.get(card.vendor),
            **self._totals(),
            **self._highlights(sources),
        )

    def _status_text(self) -> str:
        verdict, stage = self.judged.verdict, self.evaluation.stage
        conditions = [condition for condition in verdict.conditions if not condition.is_waived]
        later: Counter[str] = Counter(c.stage for c in conditions if not is_due(c.stage, stage))
        # Several knock-outs of a question are one reason.
        excluding = {result.about: result for result in reversed(verdict.excluding)}
        return status_text(
            verdict.status,
            due=len(verdict.not_passed),
            later=later,
            waived=len(verdict.conditions) - len(conditions),
            excluding=[(result.because, name) for name, result in reversed(excluding.items())],
        )

    def _totals(self) -> dict[str, Any]:
        judged, total = self.judged, self.judged.card.total
        proof = {"coverage": total.coverage, "documented": total.documented, "verified": total.verified}
        if self.evaluation.is_screen or not judged.is_compared:
            return proof
        score = judged.total(total.score)
        return proof | {
            "coverage": total.coverage or 0.0,
            "score": score,
            "low": judged.total(total.low),
            "high": judged.total(total.high, best=True),
            "claimed": judged.total(total.claimed),
            "credited": score,
            "quality": judged.quality if self.evaluation.settings.price else None,
            "price": price_record(judged.priced, judged.offer) if judged.priced else None,
        }

    def _highlights(self, sources: Mapping[str, r.Source]) -> dict[str, Any]:
        card = self.judged.card
        if self.evaluation.is_screen:
            return {}
        return {
            "strengths": tuple(
                r.StrengthRecord(question=s.leaf.question.id, points=s.points, source=sources[s.leaf.question.id])
                for s in strengths(card, self.medians, self.vendors)
            ),
            "gaps": tuple(
                record_of(
                    r.GapRecord,
                    gap,
                    question=gap.leaf.question.id,
                    next_step=_step(gap.leaf.next_step),
                    next_step_points=gap.step_points,
                    reason=gap.leaf.explanation,
                    source=sources[gap.leaf.question.id],
                )
                for gap in gaps(card)
            ),
        }

    def _issues(self) -> Iterator[Issue]:
        yield from self._documents_expected()
        yield from self._findings_without_effect()
        for finding in self.findings:
            if finding.date > self.evaluation.settings.as_of:
                day = f"dated {finding.date}, after the evaluation date {self.evaluation.settings.as_of}"
                text = f"the finding of {finding.by} ({finding.act}) is {day}; it counts all the same"
                yield Issue.of_answer("finding-after-as-of", text, finding.location, finding.question)
        yield from self._waivers_without_effect()
        yield from self.pilot.set_aside(self.judged.card.vendor, self.findings)
        if self.evaluation.settings.declaration == "ask":  # what it demands is a gate
            yield from self.judged.submission.declaration.issues()
        if self.judged.priced:
            yield from offer_issues(self.judged.priced, self.judged.offer)

    def _findings_without_effect(self) -> Iterator[Issue]:
        for leaf in self.judged.card.leaves:
            for finding in leaf.rated.findings if leaf.rated.given is None else ():
                if finding.verified or finding.claim:
                    state = "left blank" if leaf.rated.state == "blank" else "without a single reading"
                    cure = "there is nothing to prove; write what you found as 'answer'"
                    text = f"'{finding.act}' has no effect on an answer {state}: {cure}"
                    place = leaf.rated.response.location
                    yield Issue.of_answer("finding-without-effect", text, place, leaf.question.id)

    def _waivers_without_effect(self) -> Iterator[Issue]:
        failed = {gate.question for gate in self.judged.verdict.gates if gate.result == "fail"}
        failed |= {name for name, floor in self.judged.verdict.floors.items() if floor.result == "fail"}
        for index, waiver in enumerate(self.evaluation.settings.waivers):
            name, lapsed = waiver.question or waiver.node, waiver.is_over(self.evaluation.settings.as_of)
            if waiver.vendor == self.judged.card.vendor and name not in failed and not lapsed:
                text = f"waived by {waiver.approved_by}, and it has not failed: the waiver has no effect"
                place = self.evaluation.source.locate(("waivers", index))
                yield Issue("waiver-without-effect", f"{name}: {text}", place, waiver.question, "", text)

    def _documents_expected(self) -> Iterator[Issue]:
        for leaf in self.judged.card.leaves:
            if leaf.question.document_expected and leaf.rated.level in UNPROVEN and leaf.claimed > leaf.credited:
                named = "the document that is named is not there, and one is expected here: send it"
                missing = "there is no document, and one is expected here: name it in Evidence"
                text = named if leaf.rated.level == "named" else missing
                yield Issue.of_answer("document-expected", text, leaf.rated.response.location, leaf.question.id)

    def _node(self, node: Node) -> r.NodeRecord:
        floor = self.judged.verdict.floors.get(node.id)
        return record_of(
            r.NodeRecord,
            node,
            effective_weight=node.effective,
            in_scope=node.low is not None,
            floor=record_of(r.FloorRecord, floor, waived=_waiver(floor.waiver)) if floor else None,
        )

    def _answers(self) -> Iterator[r.AnswerRecord]:
        leaves, not_asked = {leaf.question.id: leaf for leaf in self.judged.card.leaves}, self.evaluation.not_asked
        links = self.pilot.links(self.judged.card.vendor)
        for name, parent in self.evaluation.criteria.parents.items():
            if name in leaves:
                yield _answer(leaves[name], links.get(name))
            else:
                explanation = f"not asked in this evaluation: {not_asked[name]}"
                yield r.AnswerRecord(id=name, parent=parent, explanation=explanation, **_NOT_ASKED)


def _answer(leaf: Leaf, link: LinkRecord | None) -> r.AnswerRecord:
    response: Response = leaf.rated.response
    counted, answered = leaf.scored and leaf.state != "pending", leaf.state == "answered"
    findings = tuple(finding_record(finding) for finding in leaf.rated.findings)
    sources = {place: r.Source.at(place) for place in (response.location, *response.locations)}
    return record_of(
        r.AnswerRecord,
        leaf,
        id=leaf.question.id,
        raw=response.raw,
        answer=leaf.rated.given.text if leaf.rated.given else None,
        value=leaf.claimed if counted else None,
        evidence=leaf.rated.level if answered else None,
        credited=leaf.credited if counted else None,
        low=leaf.low if leaf.scored else None,
        high=leaf.high if leaf.scored else None,
        cap=leaf.cap if answered else None,
        effective_weight=leaf.effective,
        evidence_text=response.evidence,
        comment=response.comment,
        next_step=_step(leaf.next_step),
        finding=next((finding for finding in findings if finding.kind != "note"), None),
        findings=findings,
        source=sources[response.location],
        sources=tuple(sources[place] for place in response.locations),
        earlier=_earlier(response),
        parts=tuple(record_of(r.PartRecord, part, source=sources[part.location]) for part in response.parts),
        word=leaf.rated.given.word if leaf.rated.given else "",
        valid_until=_valid_until(leaf),
        files=tuple(record_of(r.Input, file) for file in response.files),
        pilot=link,
    )


def _valid_until(leaf: Leaf) -> str | None:
    given = leaf.rated.given if isinstance(leaf.question, Certification) else None
    return given.day.isoformat() if given and given.day else None


def _earlier(response: Response) -> tuple[r.EarlierRecord, ...]:
    return tuple(r.EarlierRecord(raw=old.raw, source=r.Source.at(old.location)) for old in response.earlier)


def _replaced(responses: Iterable[Response]) -> Iterator[r.ReplacedRecord]:
    for new in responses:
        if new.earlier:
            source = r.Source.at(new.location)
            yield r.ReplacedRecord(question=new.question, raw=new.raw, source=source, earlier=_earlier(new))
