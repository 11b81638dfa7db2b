"""The pilot of an evaluation: measured, compared with what vendors promised, and turned into findings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vendor_eval.findings.acts import Finding, PilotFinding
from vendor_eval.intake.responses import VendorReading
from vendor_eval.issues import InputError, Issue
from vendor_eval.pilot.files import PLAN, label_files
from vendor_eval.pilot.links import Comparison, deciding
from vendor_eval.pilot.measure import Measurement, measure
from vendor_eval.pilot.settings import FILE, PilotSettings, load_pilot
from vendor_eval.results.pilot import LinkRecord, PilotRecord, PilotVendorRecord
from vendor_eval.results.vendors import Part
from vendor_eval.scoring.pricing import unit_prices
from vendor_eval.tender import Evaluation


def pilot_faults(evaluation: Evaluation, vendors: Iterable[str]) -> tuple[Issue, ...]:
    """Find what is wrong in pilot.yaml of the pilot that an evaluation names."""
    folder = pilot_folder(evaluation)
    if folder is None:
        return ()
    if not (folder / FILE).is_file():
        shown = f"{folder.name}/{FILE}"
        message = f"pilot: {shown} does not exist; write one with 'vendor-eval pilot init', or take the key out"
        return (Issue("missing-file", message, evaluation.source.locate(("pilot",))),)
    try:
        load_pilot(folder, evaluation, list(vendors))
    except InputError as error:
        return error.issues
    return ()


def pilot_folder(evaluation: Evaluation) -> Path | None:
    """Find the folder of the pilot that an evaluation names."""
    entry = evaluation.settings.pilot
    return evaluation.folder / entry.folder if entry else None


def measure_pilot(
    evaluation: Evaluation, readings: Iterable[VendorReading], *, skip_unreadable: bool = False
) -> Measurement | None:
    """Measure the pilot that an evaluation names; of what vendors answered only prices are looked at, for its pay.

    None where it names none.

    Raises InputError with every fault of its files; of what vendors delivered unless that is skipped.
    """
    folder = pilot_folder(evaluation)
    if folder is None:
        return None
    sent = (reading.submission for reading in readings if reading.submission)
    offers = {submission.vendor: unit_prices(submission.offer) for submission in sent if submission.offer}
    return measure(folder, evaluation, offers=offers, skip_unreadable=skip_unreadable)


@dataclass(frozen=True)
class ComparedPilot:
    """A pilot compared with the promises: its record, every act that follows, and the part of each vendor in it."""

    record: PilotRecord | None = None
    acts: tuple[PilotFinding, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)

    def left_by(self, findings: Iterable[Finding]) -> Iterator[PilotFinding]:
        """List the acts on which the buyer, by these findings, does not decide."""
        decided = deciding(findings)
        return (act for act in self.acts if (act.vendor, act.question) not in decided)

    def set_aside(self, vendor: str, findings: Iterable[Finding]) -> Iterator[Issue]:
        """Warn of each act on a vendor that a finding of the buyer sets aside."""
        decided = deciding(findings)
        for act in self.acts:
            decides = decided.get((vendor, act.question)) if act.vendor == vendor else None
            if decides is not None:
                text = f"'{decides.act}' by {decides.by} decides, so '{act.act}' by the pilot is set aside"
                yield Issue.of_answer("act-set-aside", f"{text}: {act.reason}", decides.location, act.question)

    def links(self, vendor: str) -> Mapping[str, LinkRecord]:
        """Map the linked questions of a vendor to their links."""
        measured = self.record.vendor(vendor) if self.record else None
        return {link.question: link for link in measured.links} if measured else {}


def compare(
    evaluation: Evaluation, readings: Iterable[VendorReading], measured: Measurement | None, findings: Iterable[Finding]
) -> ComparedPilot:
    """Compare a measured pilot with what the vendors promised; `findings` are those of the buyer."""
    entry, folder = evaluation.settings.pilot, pilot_folder(evaluation)
    if measured is None or entry is None or folder is None:
        return ComparedPilot()
    settings = load_pilot(folder, evaluation)
    parts = dict(_parts(evaluation, settings, folder, measured.record.vendors))
    comparison = Comparison(
        folder,
        settings,
        evaluation,
        {reading.vendor.id: reading.submission for reading in readings if reading.submission},
        measured.asleep,
        deciding(findings),
        [name for name, part in parts.items() if part == "absent"],
        counts=entry.counts,
    )
    record = comparison.judged(measured.record)
    return ComparedPilot(record, tuple(comparison.findings(record)), parts)


def _parts(
    evaluation: Evaluation, settings: PilotSettings, folder: Path, vendors: Sequence[PilotVendorRecord]
) -> Iterator[tuple[str, Part]]:
    """Give the part of each vendor: who was asked and sent nothing, once the pilot is over, took none."""
    delivered = label_files(folder, [vendor.id for vendor in vendors])
    has_plan, is_over = (folder / PLAN).is_file(), settings.measured_on <= evaluation.settings.as_of
    for vendor in vendors:
        is_named = vendor.tasks > 0 if has_plan else vendor.id in settings.vendors
        if vendor.status == "not_measured" and vendor.id in delivered:
            yield vendor.id, "unreadable"
        elif vendor.status == "not_measured" and is_named and is_over:
            yield vendor.id, "excused" if vendor.id in settings.absent else "absent"
        else:
            yield vendor.id, vendor.status
