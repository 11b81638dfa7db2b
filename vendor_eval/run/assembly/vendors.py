"""One vendor written down: totals, nodes, answers, gates, offer, and what there is to say of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from vendor_eval import results as r
from vendor_eval.criteria.questions import NextStep
from vendor_eval.findings.acts import Finding
from vendor_eval.intake.responses import VendorReading
from vendor_eval.intake.submission import Response
from vendor_eval.issues import Issue
from vendor_eval.run.assembly.findings import finding_record
from vendor_eval.run.assembly.price import offer_issues, price_record
from vendor_eval.scoring.field import Judged
from vendor_eval.scoring.gates import FloorResult, GateResult, reason_in_words
from vendor_eval.scoring.highlights import gaps, strengths
from vendor_eval.scoring.score import Leaf, Node
from vendor_eval.tender import Evaluation, Waiver


def _waiver(waiver: Waiver | None) -> r.WaiverRecord | None:
    if waiver is None:
        return None
    return r.WaiverRecord(reason=waiver.reason, approved_by=waiver.approved_by, date=waiver.date.isoformat())


# Many vendors have the same next step: one record serves them all.
@cache
def _step(step: NextStep | None) -> r.StepRecord | None:
    return r.StepRecord(text=step.text, value=step.value) if step else None


def not_evaluated(reading: VendorReading, findings: Iterable[Finding]) -> r.VendorRecord:
    tenderer = reading.vendor
    kind = "issue" if reading.issues else "response"
    reasons = tuple(str(issue) for issue in reading.issues) or (reading.reason,)
    return r.VendorRecord(
        id=tenderer.id,
        name=tenderer.name or tenderer.id,
        status="not_evaluated",
        reasons=reasons,
        files=tenderer.files,
        received=tenderer.received.isoformat() if tenderer.received else None,
        issues=tuple(r.IssueRecord.of(issue) for issue in reading.issues),
        notes=tuple(finding_record(finding) for finding in findings),
        status_reasons=tuple(
            r.StatusReasonRecord(question="", node="", kind=kind, result="not_evaluated", text=text) for text in reasons
        ),
    )


def _status_reason(result: GateResult | FloorResult) -> r.StatusReasonRecord:
    return r.StatusReasonRecord(
        question=result.question if isinstance(result, GateResult) else "",
        node=result.node if isinstance(result, FloorResult) else "",
        kind=result.kind,
        result=result.result,
        text=reason_in_words(result),
    )


@dataclass(frozen=True)
class VendorWriter:
    """Writes down what is known of one scored vendor."""

    evaluation: Evaluation
    judged: Judged
    findings: Sequence[Finding]
    medians: Mapping[str, float]
    vendors: int

    def record(self) -> r.VendorRecord:
        card, verdict, submission = self.judged.card, self.judged.verdict, self.judged.submission
        tenderer, total = self.judged.reading.vendor, self.judged.card.total
        late = bool(
            tenderer.received
            and self.evaluation.settings.deadline
            and tenderer.received > self.evaluation.settings.deadline
        )
        answers = tuple(self._answers())
        status_reasons = tuple(_status_reason(result) for result in verdict.not_passed)
        sources = {answer.id: answer.source for answer in answers}
        return r.VendorRecord(
            id=card.vendor,
            name=submission.name,
            status=verdict.status,
            reasons=tuple(reason.text for reason in status_reasons),
            rank=self.judged.place.rank,
            best_rank=self.judged.place.best_rank,
            worst_rank=self.judged.place.worst_rank,
            would_rank=self.judged.place.would_rank,
            tie_broken_by=self.judged.place.tie_broken_by,
            score=self.judged.total(total.score),
            low=self.judged.total(total.low),
            high=self.judged.total(total.high, best=True),
            claimed=self.judged.total(total.claimed),
            credited=self.judged.total(total.score),
            quality=self.judged.quality if self.judged.priced else None,
            price=price_record(self.judged.priced, self.judged.offer) if self.judged.priced else None,
            coverage=total.coverage or 0.0,
            documented=total.documented,
            verified=total.verified,
            pending=tuple(leaf.question.id for leaf in card.leaves if leaf.state == "pending"),
            files=tenderer.files,
            received=tenderer.received.isoformat() if tenderer.received else None,
            accepted_late=tenderer.accept_late if late else "",
            rounds=submission.rounds,
            replaced=tuple(_replaced((*submission.responses.values(), *submission.offer.values()))),
            nodes=tuple(self._node(node) for node in card.nodes),
            answers=answers,
            gates=tuple(_gate(gate, sources[gate.question]) for gate in verdict.gates),
            issues=tuple(r.IssueRecord.of(issue) for issue in (*submission.issues, *self._remarks(), *self._offer())),
            strengths=tuple(
                r.StrengthRecord(question=s.leaf.question.id, points=s.points, source=sources[s.leaf.question.id])
                for s in strengths(card, self.medians, self.vendors)
            ),
            gaps=tuple(
                r.GapRecord(
                    question=gap.leaf.question.id,
                    points=gap.points,
                    proof=gap.proof,
                    next_step=_step(gap.leaf.next_step),
                    next_step_points=gap.step_points,
                    reason=gap.leaf.explanation,
                    source=sources[gap.leaf.question.id],
                )
                for gap in gaps(card)
            ),
            notes=tuple(finding_record(finding) for finding in self.findings if not finding.question),
            status_reasons=status_reasons,
        )

    def _offer(self) -> Iterator[Issue]:
        if self.judged.priced:
            yield from offer_issues(self.judged.priced, self.judged.offer)

    def _remarks(self) -> Iterator[Issue]:
        yield from self._documents_expected()
        yield from self._findings_without_effect()
        for finding in self.findings:
            if finding.date > self.evaluation.settings.as_of:
                day = f"dated {finding.date}, after the evaluation date {self.evaluation.settings.as_of}"
                text = f"the finding of {finding.by} ({finding.act}) is {day}; it counts all the same"
                yield Issue.of_answer("finding-after-as-of", text, finding.location, finding.question)
        yield from self._waivers_without_effect()

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
            name = waiver.question or waiver.node
            if waiver.vendor == self.judged.card.vendor and name not in failed:
                text = f"waived by {waiver.approved_by}, and it has not failed: the waiver has no effect"
                place = self.evaluation.source.locate(("waivers", index))
                yield Issue("waiver-without-effect", f"{name}: {text}", place, waiver.question, "", text)

    def _documents_expected(self) -> Iterator[Issue]:
        for leaf in self.judged.card.leaves:
            if leaf.question.document_expected and leaf.rated.level == "claim" and leaf.claimed > leaf.credited:
                text = "a claim only, and a document is expected here: name one in Evidence"
                yield Issue.of_answer("document-expected", text, leaf.rated.response.location, leaf.question.id)

    def _node(self, node: Node) -> r.NodeRecord:
        floor = self.judged.verdict.floors.get(node.id)
        return r.NodeRecord(
            id=node.id,
            kind=node.kind,
            parent=node.parent,
            weight=node.weight,
            global_weight=node.global_weight,
            score=node.score,
            low=node.low,
            high=node.high,
            claimed=node.claimed,
            reach=node.reach,
            coverage=node.coverage,
            contribution=node.contribution,
            effective_weight=node.effective,
            in_scope=node.low is not None,
            floor=None
            if floor is None
            else r.FloorRecord(
                at_least=floor.at_least,
                kind=floor.kind,
                result=floor.result,
                reason=floor.reason,
                waived=_waiver(floor.waiver),
            ),
        )

    def _answers(self) -> Iterator[r.AnswerRecord]:
        leaves, not_asked = {leaf.question.id: leaf for leaf in self.judged.card.leaves}, self.evaluation.not_asked
        for name, parent in self.evaluation.criteria.parents.items():
            yield _answer(leaves[name], parent) if name in leaves else _not_asked(name, parent, not_asked[name])


def _answer(leaf: Leaf, parent: str) -> r.AnswerRecord:
    response: Response = leaf.rated.response
    counted = leaf.scored and leaf.state != "pending"
    findings = tuple(finding_record(finding) for finding in leaf.rated.findings)
    sources = {place: r.Source.at(place) for place in (response.location, *response.locations)}
    return r.AnswerRecord(
        id=leaf.question.id,
        parent=parent,
        state=leaf.state,
        raw=response.raw,
        answer=leaf.rated.given.text if leaf.rated.given else None,
        value=leaf.claimed if counted else None,
        evidence=leaf.rated.level if leaf.state == "answered" else None,
        credited=leaf.credited if counted else None,
        low=leaf.low if leaf.scored else None,
        high=leaf.high if leaf.scored else None,
        cap=leaf.cap if leaf.state == "answered" else None,
        global_weight=leaf.global_weight,
        effective_weight=leaf.effective,
        contribution=leaf.contribution,
        evidence_text=response.evidence,
        comment=response.comment,
        explanation=leaf.explanation,
        next_step=_step(leaf.next_step),
        finding=next((finding for finding in findings if finding.kind != "note"), None),
        findings=findings,
        source=sources[response.location],
        sources=tuple(sources[place] for place in response.locations),
        earlier=_earlier(response),
        parts=tuple(r.PartRecord(key=part.key, raw=part.raw, source=sources[part.location]) for part in response.parts),
        word=leaf.rated.given.word if leaf.rated.given else "",
    )


def _earlier(response: Response) -> tuple[r.EarlierRecord, ...]:
    return tuple(r.EarlierRecord(raw=old.raw, source=r.Source.at(old.location)) for old in response.earlier)


def _replaced(responses: Iterable[Response]) -> Iterator[r.ReplacedRecord]:
    for new in responses:
        if new.earlier:
            source = r.Source.at(new.location)
            yield r.ReplacedRecord(question=new.question, raw=new.raw, source=source, earlier=_earlier(new))


def _not_asked(name: str, parent: str, why: str) -> r.AnswerRecord:
    return r.AnswerRecord(
        id=name,
        parent=parent,
        state="not_asked",
        raw="",
        answer=None,
        value=None,
        evidence=None,
        credited=None,
        low=None,
        high=None,
        cap=None,
        global_weight=0.0,
        effective_weight=0.0,
        contribution=0.0,
        evidence_text="",
        comment="",
        explanation=f"not asked in this evaluation: {why}",
        next_step=None,
        finding=None,
        findings=(),
        source=r.Source(),
        sources=(),
    )


def _gate(gate: GateResult, source: r.Source) -> r.GateRecord:
    return r.GateRecord(
        question=gate.question,
        kind=gate.kind,
        result=gate.result,
        reason=gate.reason,
        test=gate.test,
        waived=_waiver(gate.waiver),
        note=gate.note,
        open=gate.kind == "flag" and gate.result == "fail" and not gate.note,
        source=source,
    )
