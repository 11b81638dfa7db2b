"""Promises of all vendors beside their figures, and the findings that follow."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vendor_eval.findings.acts import Finding, PilotFinding
from vendor_eval.formatting.measures import amount, between, promise, with_unit
from vendor_eval.intake.submission import VendorResponse
from vendor_eval.issues import Issue, Location
from vendor_eval.pilot.settings import FILE, Link, PilotSettings
from vendor_eval.pilot.verdict import candour, judge, promise_of, worse_of
from vendor_eval.results.pilot import (
    FigureRecord,
    LinkRecord,
    PilotIssueRecord,
    PilotRecord,
    PilotVendorRecord,
    PlaceRecord,
)
from vendor_eval.results.pilot_figures import FIGURES
from vendor_eval.tender import Evaluation

_DECIDING = frozenset(("verified", "answer", "claim"))


def deciding(findings: Iterable[Finding]) -> dict[tuple[str, str], Finding]:
    """Find the acts of the buyer that decide in place of the pilot, by vendor and question."""
    return {
        (finding.vendor, finding.question): finding
        for finding in findings
        if finding.kind in _DECIDING and not isinstance(finding, PilotFinding)
    }


@dataclass(frozen=True)
class Comparison:
    """What a pilot is held against: the evaluation, what its vendors sent, and where the buyer decides.

    `asleep` says of the links that compare nothing why, `absent` are the vendors that took no part, and `counts` tells
    whether a verdict changes an answer at all.
    """

    folder: Path
    settings: PilotSettings
    evaluation: Evaluation
    submissions: Mapping[str, VendorResponse]
    asleep: Iterable[Issue] = ()
    decided: Collection[tuple[str, str]] = ()
    absent: Collection[str] = ()
    counts: bool = True

    def judged(self, record: PilotRecord) -> PilotRecord:
        """Judge the links of every vendor that was measured; a link that sleeps is a notice of each."""
        asleep = self._asleep(record)
        awake = [link for link in self.settings.links if link.question not in asleep]
        notices = tuple(map(_notice, asleep.values()))
        vendors = (
            self._judged(vendor, awake, notices) if vendor.status == "measured" else vendor for vendor in record.vendors
        )
        return record.model_copy(update={"vendors": tuple(vendors)})

    def _asleep(self, record: PilotRecord) -> dict[str, Issue]:
        """Say why links sleep, by question; one whose figure no vendor has sleeps as well."""
        asleep = {issue.question: issue for issue in self.asleep}
        measured = [vendor for vendor in record.vendors if vendor.status == "measured"]
        known = {_key(figure) for vendor in measured for figure in vendor.figures}
        for link in self.settings.links if measured else ():
            if link.question not in asleep and (link.figure, *self.settings.group_of(link)) not in known:
                message = f"{link.question} is not compared: no vendor has a figure {link.figure}"
                asleep[link.question] = Issue("link-asleep", message, Location(FILE), link.question)
        return asleep

    def _judged(
        self, vendor: PilotVendorRecord, awake: Iterable[Link], notices: Iterable[PilotIssueRecord]
    ) -> PilotVendorRecord:
        links = tuple(self._link(vendor, link) for link in awake)
        submission = self.submissions.get(vendor.id)
        candour_record = candour(submission.name if submission else vendor.id, links)
        return vendor.model_copy(
            update={"links": links, "candour": candour_record, "issues": (*vendor.issues, *notices)}
        )

    def _link(self, vendor: PilotVendorRecord, link: Link) -> LinkRecord:
        by, group = self.settings.group_of(link)
        kind, figures = FIGURES[link.figure], {_key(figure): figure for figure in vendor.figures}
        # A vendor alone may lack a figure, such as that of seconds which it left out.
        lacking = FigureRecord(id=link.figure, by=by, group=group, unit=kind.unit, better=kind.better, method="count")
        figure = figures.get((link.figure, by, group), lacking)
        submission = self.submissions.get(vendor.id)
        question = self.evaluation.asked_questions[link.question]
        response = submission.responses.get(link.question) if submission else None
        promised = promise_of(self.settings, question, response)
        counts = self.counts and submission is not None
        record = judge(link, promised, figure, self.settings.least_items, question, counts=counts)
        if record.effect is None or (vendor.id, link.question) not in self.decided:
            return record
        return record.model_copy(update={"effect": record.effect.model_copy(update={"set_aside": True})})

    def findings(self, record: PilotRecord) -> Iterator[PilotFinding]:
        """Make the findings of the pilot, those that are set aside too."""
        if not self.counts:
            return
        asleep = self._asleep(record)
        for vendor in record.vendors:
            figures = {_key(figure): figure for figure in vendor.figures}
            for link in vendor.links:
                if link.effect:
                    yield self._finding(vendor.id, link, figures[link.figure, link.by, link.group])
            if vendor.id in self.absent and (submission := self.submissions.get(vendor.id)):
                for linked in self.settings.links:
                    response = submission.responses.get(linked.question)
                    if linked.question not in asleep and response and response.given is not None:
                        yield self._act(vendor.id, linked.question, "took no part in the pilot", claim=True)

    def _finding(self, vendor: str, link: LinkRecord, figure: FigureRecord) -> PilotFinding:
        reason = _reason(link, figure)
        if link.effect is None or link.effect.answer is None or link.low is None:
            return self._act(vendor, link.question, reason, claim=True)
        answer = link.effect.answer
        low, high = (None if end is None else worse_of(link, link.promised, end) for end in (link.low, link.high))
        return self._act(vendor, link.question, reason, answer=f"{answer:.10g}", number=answer, interval=(low, high))

    def _act(self, vendor: str, question: str, reason: str, **act: object) -> PilotFinding:
        day, place = self.settings.measured_on, Location(f"{self.folder.name}/{FILE}")
        return PilotFinding.model_validate(
            {"vendor": vendor, "question": question, "date": day, "reason": reason, "place": place, **act}
        )


def _key(figure: FigureRecord) -> tuple[str, str | None, str | None]:
    return figure.id, figure.by, figure.group


def _notice(issue: Issue) -> PilotIssueRecord:
    place = PlaceRecord(file=FILE, row=issue.location.line or None, item=None, text=issue.question)
    return PilotIssueRecord(
        code=issue.code, severity=issue.severity.value, count=1, message=issue.message, places=(place,)
    )


def _reason(link: LinkRecord, figure: FigureRecord) -> str:
    """Say what was measured: 'accuracy 94.0 %, 470 of 500, between 91.5 and 95.9; 98 % promised'."""
    unit = figure.unit
    value = with_unit(amount(figure.value, unit, link.promised), unit)
    counted = f", {figure.k} of {figure.n}" if figure.k is not None else f", n {figure.n}" if figure.n else ""
    within = "" if figure.by is None else f" of {figure.by} {figure.group}"
    ends = between(figure.low, figure.high, unit, link.promised, " and ")
    ends = f", {'between ' * (figure.high is not None)}{ends}" if figure.low != figure.high else ""
    promised = "nothing" if link.promised is None else with_unit(promise(link.promised), unit)
    return f"{figure.id}{within} {value}{counted}{ends}; {promised} promised"
