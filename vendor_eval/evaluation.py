"""The run: read, rate, score, judge, rank, and freeze it all into one result."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.metadata import version
from math import inf
from pathlib import Path

from vendor_eval import results as r
from vendor_eval.conditions import in_words
from vendor_eval.criteria import Category, Criteria, Floor
from vendor_eval.findings import FILE as FINDINGS
from vendor_eval.findings import Finding, Rated, SheetFinding, findings_faults, load_findings, rate, rate_offer
from vendor_eval.firmness import Entrant, firmness
from vendor_eval.gates import GateResult, Verdict, gate_in_words, judge
from vendor_eval.highlights import field_medians, gaps, strengths
from vendor_eval.issues import InputFaults, Issue, Location, did_you_mean
from vendor_eval.mapping import mappings
from vendor_eval.offering import method_record, offer_issues, price_record, prices_of, unit_prices
from vendor_eval.panelling import Leaders, missing_levels, panel_record, ratings_of
from vendor_eval.parsing import normalize
from vendor_eval.pricing import Priced, combined, price_offers, rank_key
from vendor_eval.questions import Question, Step
from vendor_eval.ranking import Contender, Place, Ranking, rank
from vendor_eval.readers import Passwords, known_password
from vendor_eval.responses import Reading, beside_each_other, read_all
from vendor_eval.scoresheets import (
    KEY_FILE,
    Plan,
    ScoreKey,
    Scores,
    consensus_plan,
    load_key,
    new_key,
    plans,
    read_scores,
)
from vendor_eval.scoring import Leaf, Node, Scorecard, score
from vendor_eval.submission import Response, Submission
from vendor_eval.tender import (
    FILE,
    PRICE,
    Evaluation,
    Waiver,
    load_evaluation,
    strays,
    tenderers,
)


@dataclass(frozen=True)
class _Judged:
    """A vendor that was scored."""

    reading: Reading
    submission: Submission
    card: Scorecard
    verdict: Verdict
    offer: Mapping[str, Rated]
    priced: Priced | None = None

    def total(self, evaluation: Evaluation, name: str, *, best: bool = False) -> float:
        """Total with the price, of the quality by this name."""
        quality = getattr(self.card.total, name) or 0.0
        price = evaluation.settings.price
        if price is None or self.priced is None:
            return float(quality)
        return combined(price, quality, self.priced.high if best else self.priced.score)

    def key(self, evaluation: Evaluation, name: str, *, best: bool = False) -> float:
        """Find what ranks, of the quality by this name."""
        price = evaluation.settings.price
        if price is None or self.priced is None:
            return self.total(evaluation, name, best=best)
        return rank_key(price, self.priced, getattr(self.card.total, name) or 0.0, best=best)


def load(path: str | Path = ".", *, as_of: date | None = None) -> Evaluation:
    """Load an evaluation, and check its findings.yaml in the same run.

    Raises InputFaults with every fault of both, and of the criteria.
    """
    return load_evaluation(path, as_of=as_of, beside=findings_faults)


def read_responses(
    evaluation: Evaluation,
    *,
    skip_unreadable: bool = False,
    mapping: str | None = None,
    progress: Callable[[str], None] = lambda _name: None,
    password: Passwords = known_password,
    workers: int | None = None,
) -> tuple[Reading, ...]:
    """Read the files of every vendor; `progress` hears the id of each before it is read.

    `mapping`, a path or the name of a shipped one, is for vendors that have none of their own. `password` is asked for
    the password of a file that has one. Many files are read by several processes, as many as `workers` says or the
    machine has; what comes out is the same. Raises InputFaults with every fault of a mapping, or with every workbook
    that cannot be read, unless these are to be skipped, with vendors that cannot be told apart, and with findings and
    waivers of nobody.
    """
    vendors = tenderers(evaluation)
    layouts = mappings(evaluation, vendors, mapping)
    readings = read_all(evaluation, vendors, layouts, progress=progress, password=password, workers=workers)
    faults = [*_unknown_vendors(evaluation, readings), *_same_names(evaluation, readings)]
    if not faults:
        readings = tuple(beside_each_other(evaluation, readings))
    if not skip_unreadable:
        faults += [issue for reading in readings if reading.is_unreadable for issue in reading.issues]
    if faults:
        raise InputFaults(faults)
    return readings


def _unknown_vendors(evaluation: Evaluation, readings: Iterable[Reading]) -> Iterator[Issue]:
    known = dict.fromkeys(reading.tenderer.id for reading in readings)
    for index, waiver in enumerate(evaluation.settings.waivers):
        if waiver.vendor not in known:
            message = f"waivers: '{waiver.vendor}' is no vendor{did_you_mean(waiver.vendor, known)}"
            yield Issue("unknown-reference", message, evaluation.source.locate(("waivers", index, "vendor")))
    for i, evaluator in enumerate(evaluation.settings.evaluators):
        for j, conflict in enumerate(evaluator.conflicts):
            if conflict.vendor not in known:
                message = f"conflicts: '{conflict.vendor}' is no vendor{did_you_mean(conflict.vendor, known)}"
                place = evaluation.source.locate(("evaluators", i, "conflicts", j, "vendor"))
                yield Issue("unknown-reference", message, place)
    try:
        load_findings(evaluation, known)
    except InputFaults as found:
        yield from found.issues


def _same_names(evaluation: Evaluation, readings: Iterable[Reading]) -> Iterator[Issue]:
    """Find two files that no entry names and whose covers name one vendor."""
    listed = {entry.id for entry in evaluation.settings.vendors}
    first: dict[str, Submission] = {}
    for reading in readings:
        submission = None if reading.tenderer.id in listed else reading.submission
        name = normalize(submission.cover.get("vendor", "")) if submission else ""
        if submission and name and (other := first.setdefault(name, submission)) is not submission:
            files = ", ".join(file.file for one in (other, submission) for file in one.inputs)
            message = (
                f"vendor {submission.name} has several files ({files}): list them under one vendor in {FILE}, "
                "list each under its own if they are two, or remove one"
            )
            yield Issue("several-files", message, Location(submission.inputs[0].file))


def evaluate(evaluation: Evaluation, *, skip_unreadable: bool = False, mapping: str | None = None) -> r.Result:
    """Evaluate every response and rank the vendors."""
    readings = read_responses(evaluation, skip_unreadable=skip_unreadable, mapping=mapping)
    return evaluate_readings(evaluation, readings)


def evaluate_readings(evaluation: Evaluation, readings: Sequence[Reading]) -> r.Result:
    """Score, judge and rank what was read."""
    names = [reading.tenderer.id for reading in readings]
    own = load_findings(evaluation, names)
    scores = read_scores(evaluation, {one.tenderer.id: one.submission.name for one in readings if one.submission})
    findings, judged, ranking = _rank(evaluation, readings, (*own, *_beside(own, scores.findings)))
    # Before the records are written: what it needs on the way is then free again.
    off = evaluation.settings.firmness == "off"
    leaders = _leaders(evaluation, (findings, judged, ranking))
    without = _without_each(evaluation, readings, own, scores)
    first = {name: led.winner for name, led in without.items()}
    robustness = None if off else firmness(evaluation, _entrants(evaluation, ranking, judged), first)
    record = _record(evaluation, ranking, judged, scores)
    medians = field_medians(one.card for one in judged)
    # A vendor is dropped as soon as it is written down: the scorecards of a large field are a third of the memory.
    by_vendor = {one.submission.vendor: one for one in judged}
    count = len(judged)
    del judged
    vendors = tuple(
        _Writer(evaluation, by_vendor.pop(name), ranking.places[name], findings[name], medians, count).record()
        if name in by_vendor
        else _not_evaluated(reading, findings[name])
        for name, reading in zip(names, readings, strict=True)
    )
    result = r.Result(
        evaluation=record,
        vendors=vendors,
        definition=definition(evaluation.criteria, record.weights, evaluation.scope),
        ranking=ranking.order,
        shortlist=ranking.shortlist(evaluation.settings.shortlist),
        robustness=robustness,
    )
    if not evaluation.settings.evaluators:
        return result
    return _with_panel(result, evaluation, own, scores, findings, leaders, without)


def _beside(own: Iterable[Finding], scores: Iterable[SheetFinding]) -> Iterator[SheetFinding]:
    """List what the score sheets say and findings.yaml does not decide; levels stay on record beside it."""
    decided = {(finding.vendor, finding.question) for finding in own if finding.act != "note"}
    return (one for one in scores if one.level is not None or (one.vendor, one.question) not in decided)


def _set_aside(own: Iterable[Finding], scores: Iterable[SheetFinding]) -> Iterator[Issue]:
    """Say which acts of score sheets findings.yaml decides; their levels stay on record beside it anyway."""
    listed = list(scores)
    kept = {id(one) for one in _beside(own, listed)}
    for one in (one for one in listed if id(one) not in kept):
        message = (
            f"{one.vendor} {one.question}: {FINDINGS} decides, so '{one.act}' by {one.by} ({one.place}) is set aside"
        )
        yield Issue("act-set-aside", message, Location(one.place.partition(",")[0]))


_Ranked = tuple[dict[str, list[Finding]], list[_Judged], Ranking]


def _rank(evaluation: Evaluation, readings: Iterable[Reading], found: Iterable[Finding]) -> _Ranked:
    """Score, judge, price and rank under these findings."""
    read = list(readings)
    findings: dict[str, list[Finding]] = {reading.tenderer.id: [] for reading in read}
    for finding in found:
        findings[finding.vendor].append(finding)
    judged = [_judge(evaluation, one, findings[one.tenderer.id]) for one in read if one.submission is not None]
    judged = _price(evaluation, judged)
    return findings, judged, rank([_contender(evaluation, one) for one in judged], evaluation.settings.tie_breakers)


def _without_each(
    evaluation: Evaluation, readings: Sequence[Reading], own: Sequence[Finding], scores: Scores
) -> dict[str, Leaders]:
    """Find who would lead without the sheet of each evaluator."""
    without = {}
    for evaluator in evaluation.settings.evaluators:
        rest = [one for one in scores.findings if one.evaluator != evaluator.id]
        without[evaluator.id] = _leaders(evaluation, _rank(evaluation, readings, (*own, *_beside(own, rest))))
    return without


def _with_panel(
    result: r.Result,
    evaluation: Evaluation,
    own: Sequence[Finding],
    scores: Scores,
    findings: Mapping[str, Sequence[Finding]],
    leaders: Leaders,
    without: Mapping[str, Leaders],
) -> r.Result:
    """Add the panel, and who leads without each of its sheets."""
    missing = missing_levels(evaluation, ratings_of(evaluation, scores), _wanted(result, own))
    given = {vendor.id: findings[vendor.id] for vendor in result.vendors if vendor.answers}
    told = replace(scores, issues=(*scores.issues, *_set_aside(own, scores.findings)))
    panel = panel_record(evaluation, told, given, missing, leaders, without)
    record = result.evaluation.model_copy(update={"provisional": result.evaluation.provisional or bool(missing)})
    return result.model_copy(update={"panel": panel, "evaluation": record})


def _wanted(result: r.Result, own: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """List vendors and questions that want a level, or any other act, from somebody."""
    decided = {(finding.vendor, finding.question) for finding in own if finding.level is not None}
    for vendor in result.vendors:
        for answer in vendor.answers:
            if answer.state not in {"not_asked", "settled"} and (vendor.id, answer.id) not in decided:
                yield vendor.id, answer.id


def _leaders(evaluation: Evaluation, ranked: _Ranked) -> Leaders:
    """Find who comes first, and who of the ranked has the highest score in each category."""
    _, judged, ranking = ranked
    cards = {one.card.vendor: one.card for one in judged}

    def leader(category: str) -> str | None:
        scores = {name: cards[name].node(category).score for name in ranking.order}
        return max((name for name in scores if scores[name] is not None), key=lambda n: scores[n] or 0.0, default=None)

    categories = {category: leader(category) for category in evaluation.criteria.file.categories}
    return Leaders(ranking.order[0] if ranking.order else None, categories)


def draw_up_sheets(
    evaluation: Evaluation, readings: Sequence[Reading], *, blind: bool
) -> tuple[tuple[Plan, ...], ScoreKey | None]:
    """Draw up one score sheet for each evaluator, and the key where vendors stand under codes."""
    _, rated, names = _material(evaluation, readings)
    key = load_key(evaluation)
    if blind or key:
        key = new_key(evaluation, rated, key)
    return plans(evaluation, rated, names, key), key


def draw_up_consensus(evaluation: Evaluation, readings: Sequence[Reading]) -> Plan:
    """Draw up the sheet on which the panel moderates, with what each evaluator gave."""
    _, rated, names = _material(evaluation, readings)
    return consensus_plan(evaluation, read_scores(evaluation, names).findings, names, rated)


def _material(
    evaluation: Evaluation, readings: Sequence[Reading]
) -> tuple[Sequence[Finding], dict[str, Mapping[str, Rated]], dict[str, str]]:
    own = load_findings(evaluation, [reading.tenderer.id for reading in readings])
    found = [reading.submission for reading in readings if reading.submission is not None]
    rated = {one.vendor: rate(one, own, evaluation) for one in found}
    return own, rated, {one.vendor: one.name for one in found}


def _judge(evaluation: Evaluation, reading: Reading, findings: Iterable[Finding]) -> _Judged:
    submission = reading.submission
    if submission is None:
        raise TypeError(reading.tenderer.id)
    card = score(evaluation, submission.vendor, rate(submission, findings, evaluation))
    offer = rate_offer(submission, findings, evaluation)
    return _Judged(reading, submission, card, judge(evaluation, card), offer)


def _price(evaluation: Evaluation, judged: Sequence[_Judged]) -> list[_Judged]:
    """Price what the gates let through: only ranked vendors make the field."""
    price = evaluation.settings.price
    if price is None:
        return list(judged)
    offers = {one.card.vendor: unit_prices(one.offer) for one in judged}
    confirmed = {(one.card.vendor, name) for one in judged for name, line in one.offer.items() if _asked_back(line)}
    ranked = {one.card.vendor for one in judged if one.verdict.status != "excluded"}
    priced = price_offers(price, offers, ranked, confirmed)
    return [replace(one, priced=priced[one.card.vendor]) for one in judged]


def _asked_back(line: Rated) -> bool:
    return any(finding.verified or finding.answer is not None for finding in line.findings)


def _contender(evaluation: Evaluation, one: _Judged) -> Contender:
    breakers = {name: _breaker(one, name) for name in evaluation.settings.tie_breakers}
    ranked = one.verdict.status != "excluded"
    low, high = one.key(evaluation, "low"), one.key(evaluation, "high", best=True)
    return Contender(one.card.vendor, ranked, one.key(evaluation, "score"), low, high, breakers)


def _breaker(one: _Judged, name: str) -> float:
    """Score of a category, or the lower price; the higher figure is the better one."""
    if name != PRICE or one.priced is None:
        return one.card.node(name).score or 0.0
    return -inf if one.priced.total is None else -one.priced.total


# ------------------------------------------------------------------------------------------------ records


def _waiver(waiver: Waiver | None) -> r.WaiverRecord | None:
    if waiver is None:
        return None
    return r.WaiverRecord(reason=waiver.reason, approved_by=waiver.approved_by, date=waiver.date.isoformat())


# Many vendors have the same next step: one record serves them all.
@cache
def _step(step: Step | None) -> r.StepRecord | None:
    return r.StepRecord(text=step.text, value=step.value) if step else None


def _not_evaluated(reading: Reading, findings: Iterable[Finding]) -> r.VendorRecord:
    tenderer = reading.tenderer
    reasons = tuple(str(issue) for issue in reading.issues) or (reading.reason,)
    return r.VendorRecord(
        id=tenderer.id,
        name=tenderer.name or tenderer.id,
        status="not_evaluated",
        reasons=reasons,
        files=tenderer.files,
        received=tenderer.received.isoformat() if tenderer.received else None,
        issues=tuple(r.IssueRecord.of(issue) for issue in reading.issues),
        notes=tuple(r.FindingRecord.of(finding) for finding in findings),
    )


@dataclass(frozen=True)
class _Writer:
    """Writes down what is known of one scored vendor."""

    evaluation: Evaluation
    judged: _Judged
    place: Place
    findings: Sequence[Finding]
    medians: Mapping[str, float]
    vendors: int

    def record(self) -> r.VendorRecord:
        card, verdict, submission = self.judged.card, self.judged.verdict, self.judged.submission
        tenderer, total = self.judged.reading.tenderer, self.judged.card.total
        late = bool(
            tenderer.received
            and self.evaluation.settings.deadline
            and tenderer.received > self.evaluation.settings.deadline
        )
        answers = tuple(self._answers())
        sources = {answer.id: answer.source for answer in answers}
        return r.VendorRecord(
            id=card.vendor,
            name=submission.name,
            status=verdict.status,
            reasons=verdict.reasons,
            rank=self.place.rank,
            best_rank=self.place.best_rank,
            worst_rank=self.place.worst_rank,
            would_rank=self.place.would_rank,
            tie_broken_by=self.place.tie_broken_by,
            score=self._total("score"),
            low=self._total("low"),
            high=self.judged.total(self.evaluation, "high", best=True),
            claimed=self._total("claimed"),
            credited=self._total("score"),
            quality=(total.score or 0.0) if self.judged.priced else None,
            price=self._price(),
            coverage=total.coverage or 0.0,
            documented=total.documented,
            verified=total.verified,
            pending=tuple(leaf.question.id for leaf in card.leaves if leaf.state == "pending"),
            files=tenderer.files,
            received=tenderer.received.isoformat() if tenderer.received else None,
            accepted_late=tenderer.accept_late if late else "",
            rounds=submission.rounds,
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
            notes=tuple(r.FindingRecord.of(finding) for finding in self.findings if not finding.question),
        )

    def _total(self, name: str) -> float:
        return self.judged.total(self.evaluation, name)

    def _price(self) -> r.PriceRecord | None:
        price, judged = self.evaluation.settings.price, self.judged
        if price is None or judged.priced is None:
            return None
        return price_record(price, judged.priced, judged.offer, judged.card.total.score or 0.0)

    def _offer(self) -> Iterator[Issue]:
        price, judged = self.evaluation.settings.price, self.judged
        if price is not None and judged.priced is not None:
            yield from offer_issues(price, judged.priced, judged.offer)

    def _remarks(self) -> Iterator[Issue]:
        yield from self._documents_expected()
        yield from self._findings_without_effect()
        for finding in self.findings:
            if finding.date > self.evaluation.settings.as_of:
                subject = f"{finding.question}: " if finding.question else ""
                day = f"dated {finding.date}, after the evaluation date {self.evaluation.settings.as_of}"
                message = f"{subject}the finding of {finding.by} ({finding.act}) is {day}; it counts all the same"
                yield Issue("finding-after-as-of", message, Location(FINDINGS))
        yield from self._waivers_without_effect()

    def _findings_without_effect(self) -> Iterator[Issue]:
        for leaf in self.judged.card.leaves:
            for finding in leaf.rated.findings if leaf.rated.given is None else ():
                if finding.verified or finding.claim:
                    state = "left blank" if leaf.rated.state == "blank" else "without a single reading"
                    cure = "there is nothing to prove; write what you found as 'answer'"
                    message = f"{leaf.question.id}: '{finding.act}' has no effect on an answer {state}: {cure}"
                    yield Issue("finding-without-effect", message, leaf.rated.response.location)

    def _waivers_without_effect(self) -> Iterator[Issue]:
        failed = {gate.question for gate in self.judged.verdict.gates if gate.result == "fail"}
        failed |= {name for name, floor in self.judged.verdict.floors.items() if floor.result == "fail"}
        for index, waiver in enumerate(self.evaluation.settings.waivers):
            name = waiver.question or waiver.node
            if waiver.vendor == self.judged.card.vendor and name not in failed:
                message = f"{name}: waived by {waiver.approved_by}, and it has not failed: the waiver has no effect"
                yield Issue("waiver-without-effect", message, self.evaluation.source.locate(("waivers", index)))

    def _documents_expected(self) -> Iterator[Issue]:
        for leaf in self.judged.card.leaves:
            if leaf.question.document_expected and leaf.rated.level == "claim" and leaf.claimed > leaf.credited:
                message = f"{leaf.question.id}: a claim only, and a document is expected here: name one in Evidence"
                yield Issue("document-expected", message, leaf.rated.response.location)

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
    findings = tuple(r.FindingRecord.of(finding) for finding in leaf.rated.findings)
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
        finding=next((finding for finding in findings if finding.act != "note"), None),
        findings=findings,
        source=r.Source.at(response.location),
        sources=tuple(r.Source.at(location) for location in response.locations),
        earlier=tuple(r.EarlierRecord(raw=old.raw, source=r.Source.at(old.location)) for old in response.earlier),
    )


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


# ------------------------------------------------------------------------------------------------ the whole


def _record(evaluation: Evaluation, ranking: Ranking, judged: Sequence[_Judged], scores: Scores) -> r.EvaluationRecord:
    settings, criteria = evaluation.settings, evaluation.criteria
    pending = tuple(
        f"{one.card.vendor} {leaf.question.id}" for one in judged for leaf in one.card.leaves if leaf.state == "pending"
    )
    return r.EvaluationRecord(
        title=settings.title,
        reference=settings.reference,
        as_of=settings.as_of.isoformat(),
        preset=None if settings.weights is not None or settings.profile else settings.preset,
        provisional=bool(pending),
        pending=pending,
        scorecard=r.ScorecardIdentity(
            id=criteria.file.scorecard, title=criteria.file.title, version=criteria.file.version, sha256=criteria.sha256
        ),
        weights={name: float(evaluation.weights.get(name, 0.0)) for name in criteria.file.categories},
        method=_method(evaluation),
        inputs=tuple(_inputs(evaluation, judged, scores)),
        not_read=tuple(r.NotRead(file=stray.file, reason=stray.reason) for stray in strays(evaluation)),
        price=_price_method(evaluation, judged, ranking),
    )


def _entrants(evaluation: Evaluation, ranking: Ranking, judged: Iterable[_Judged]) -> list[Entrant]:
    """Ranked vendors in order."""
    price = evaluation.settings.price
    ranked = {one.card.vendor: one for one in judged}
    return [
        Entrant(one.submission.name, one.card, one.verdict, ranking.places[name].rank or 0, price, one.priced)
        for name in ranking.order
        for one in (ranked[name],)
    ]


def _price_method(evaluation: Evaluation, judged: Iterable[_Judged], ranking: Ranking) -> r.PriceMethodRecord | None:
    price = evaluation.settings.price
    if price is None:
        return None
    by_vendor = {one.card.vendor: one for one in judged}
    ranked = [by_vendor[name] for name in ranking.order]
    return method_record(price, prices_of((one.priced, one.card.total.score or 0.0) for one in ranked))


def _inputs(evaluation: Evaluation, judged: Iterable[_Judged], scores: Scores) -> Iterator[r.Input]:
    for name in (evaluation.source.file, FINDINGS, evaluation.settings.profile, *([KEY_FILE] if scores.key else [])):
        path = evaluation.folder / name
        if name and path.is_file():
            shown = path.name if Path(name).is_absolute() else name
            yield r.Input(file=shown, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    used = (one.reading.used_mapping for one in judged)
    # One mapping may have read several vendors.
    for source, digest in dict.fromkeys((mapping.source, mapping.sha256) for mapping in used if mapping):
        yield r.Input(file=source, sha256=digest)
    for one in judged:
        yield from (r.Input(file=file.file, sha256=file.sha256) for file in one.submission.inputs)
    yield from (r.Input(file=sheet.file.file, sha256=sheet.file.sha256) for sheet in scores.sheets)


def _method(evaluation: Evaluation) -> r.MethodRecord:
    settings = evaluation.settings
    return r.MethodRecord(
        profile=settings.profile_name,
        questions=settings.questions,
        missing=settings.missing,
        evidence=settings.caps.model_dump() if settings.caps else None,
        shortlist=settings.shortlist,
        firmness=settings.firmness,
        tie_breakers=settings.tie_breakers,
        floors={name: _floor(floor) for name, floor in evaluation.floors.items()},
        overrides=_plain(settings.overrides),
        context=dict(evaluation.context),
        waivers=tuple({k: str(v) for k, v in w.model_dump(mode="json").items() if v} for w in settings.waivers),
        deadline=settings.deadline.isoformat() if settings.deadline else None,
        tool_version=version("vendor-eval"),
    )


def _floor(floor: Floor) -> r.FloorRecord:
    reason = f"when {in_words(floor.when)}" if floor.when else ""
    return r.FloorRecord(at_least=floor.at_least, kind=floor.kind, result="", reason=reason)


def _plain(value: object) -> dict[str, object]:
    """Plain values, since numbers of a YAML file remember how they were written."""
    import json

    plain: dict[str, object] = json.loads(json.dumps(value))
    return plain


def definition(criteria: Criteria, weights: Mapping[str, float], scope: Mapping[str, bool]) -> r.Definition:
    """Write down what is asked, with the weights of a preset or an evaluation; `scope` says what is asked."""
    return r.Definition(
        categories=tuple(_category(c, weights.get(c.category, 0.0), scope) for c in criteria.categories)
    )


def _category(category: Category, weight: float, scope: Mapping[str, bool]) -> r.CategoryDefinition:
    return r.CategoryDefinition(
        id=category.category,
        title=category.title,
        aim=category.aim,
        weight=float(weight) if category.weighted else 0.0,
        weighted=category.weighted,
        in_scope=any(scope[question.id] for criterion in category.criteria for question in criterion.questions),
        criteria=tuple(
            r.CriterionDefinition(
                id=f"{category.category}.{criterion.id}",
                title=criterion.title,
                weight=criterion.weight,
                questions=tuple(_question(question, asked=scope[question.id]) for question in criterion.questions),
            )
            for criterion in category.criteria
        ),
    )


def _question(question: Question, *, asked: bool) -> r.QuestionDefinition:
    return r.QuestionDefinition(
        id=question.id,
        text=question.text,
        type=question.type,
        weight=question.weight,
        asked=asked,
        unit=getattr(question, "unit", ""),
        evidence=question.evidence,
        red_flag=question.red_flag,
        sources=question.sources,
        judgement=question.judgement,
        options=tuple(
            r.OptionDefinition(id=option.id, label=option.label, score=option.score)
            for option in getattr(question, "options", ())
        ),
        points=tuple((float(x), float(y)) for x, y in getattr(question, "points", None) or ()),
        levels=getattr(question, "levels", ()),
        gates=tuple(
            r.GateDefinition(
                kind=gate.kind,
                test=gate_in_words(gate, question),
                needs=gate.needs,
                when=in_words(gate.when),
                reason=gate.reason,
            )
            for gate in question.gates
        ),
    )
