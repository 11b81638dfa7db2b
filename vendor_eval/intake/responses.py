"""Responses of all vendors, read by worker processes, and compared with each other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vendor_eval.criteria.parsing import read_date
from vendor_eval.formatting.dates import late_by
from vendor_eval.intake.alike import alike_evidence
from vendor_eval.intake.copies import shared, wrong_vendors
from vendor_eval.intake.inbox import DOCUMENTS, VendorFiles
from vendor_eval.intake.mapping.models import ForeignLayout
from vendor_eval.intake.submission import VendorResponse, read_submission
from vendor_eval.intake.submission.form import form_of
from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.spreadsheets import Passwords, known_password, read_workbook
from vendor_eval.spreadsheets.workers import ask_password, can_fork, cores, spread
from vendor_eval.tender import FILE, Evaluation

# Starting another process pays from this many vendors on; a fresh interpreter also has to load the evaluation.
MANY, MANY_WITHOUT_FORK = 8, 40


@dataclass(frozen=True)
class VendorReading:
    """What was read of one vendor: its submission, or the issues or the reason that prevented it."""

    vendor: VendorFiles
    submission: VendorResponse | None
    issues: tuple[Issue, ...] = ()
    reason: str = ""
    mapping: ForeignLayout | None = None

    @property
    def is_unreadable(self) -> bool:
        """Whether a response came and cannot be read; replies to conditions that nobody confirms are none."""
        codes = {issue.code for issue in self.issues}
        return self.submission is None and bool(codes) and "conditions-unconfirmed" not in codes

    @property
    def used_mapping(self) -> ForeignLayout | None:
        """The vendor's mapping, if a file was read by it."""
        used = self.submission and any(issue.code == "read-by-mapping" for issue in self.submission.issues)
        return self.mapping if used else None


def read_all(
    evaluation: Evaluation,
    vendors: Sequence[VendorFiles],
    layouts: Mapping[str, ForeignLayout],
    *,
    progress: Callable[[str], None],
    password: Passwords = known_password,
    workers: int | None = None,
) -> tuple[VendorReading, ...]:
    """Read every vendor in worker processes; a file that ends its worker costs its own vendor alone."""
    few = len(vendors) < (MANY if can_fork() else MANY_WITHOUT_FORK)
    # Made here, so that forks share the form and the patterns of dates, which take long to compile.
    form_of(evaluation)
    read_date("2026-01-01")
    return tuple(
        spread(
            _read_in_worker,
            (evaluation, layouts),
            vendors,
            workers=workers or (1 if few else cores()),
            lost=_lost,
            progress=lambda vendor: progress(vendor.id),
            password=password,
        )
    )


def _lost(vendor: VendorFiles, issue: Issue) -> VendorReading:
    files = (issue.location.file,) if issue.location.file else vendor.files
    issues = tuple(replace(issue, location=Location(file)) for file in files)
    return VendorReading(vendor, None, issues)


def several_files(name: str, files: Sequence[str]) -> str:
    """Say that a vendor sent more than one questionnaire, and what to do about it."""
    shown = ", ".join(files)
    return (
        f"{name} sent {len(files)} questionnaires ({shown}), and nobody said which counts: move the one that does not "
        f"count out of the folder; if all count, write 'file: [{shown}]' under one vendor in {FILE}; if they come from "
        "different vendors, list each there with its own file"
    )


def _clash(evaluation: Evaluation, vendor: VendorFiles) -> VendorReading:
    """Report files of which nobody said which counts, and the faults of each."""
    message = several_files(f"vendor {vendor.id}", vendor.files)
    issues = [Issue("several-files", message, Location(vendor.files[-1]))]
    for file in vendor.files:
        try:
            read_workbook(evaluation.folder / file, name=file, password=known_password)
        except InputError as faults:
            issues += faults.issues
    return VendorReading(vendor, None, tuple(issues))


def _read_in_worker(setup: tuple[Evaluation, Mapping[str, ForeignLayout]], vendor: VendorFiles) -> VendorReading:
    evaluation, mapping = setup[0], setup[1].get(vendor.id)
    deadline, received = evaluation.settings.deadline, vendor.received
    if not vendor.files:
        return VendorReading(vendor, None, reason="no response")
    if deadline and received and received > deadline and not vendor.accept_late:
        late = late_by(received, deadline)
        reason = f"Arrived {late}, not opened. To admit it, give a reason under accept_late in {FILE}"
        return VendorReading(vendor, None, reason=reason)
    if vendor.clash:
        return _clash(evaluation, vendor)
    if documents := [file for file in vendor.files if Path(file).suffix.casefold() in DOCUMENTS]:
        message = "is no workbook: ask the vendor for the completed questionnaire, or enter its answers in one"
        issues = tuple(Issue("unreadable-file", message, Location(file)) for file in documents)
        return VendorReading(vendor, None, issues)
    try:
        submission = read_submission(evaluation, vendor, mapping=mapping, password=ask_password)
    except InputError as faults:
        issues = (*vendor.remarks, *faults.issues)
        return VendorReading(vendor, None, issues, reason="" if issues else "no response")
    if deadline and received is None:
        text = "nobody said when this file arrived, so the deadline is not checked: give 'received' of its vendor"
        issue = Issue("no-received-date", text, Location(vendor.files[0]))
        submission = replace(submission, issues=(*submission.issues, issue))
    return VendorReading(vendor, submission, mapping=mapping)


def compare_responses(
    evaluation: Evaluation, readings: Sequence[VendorReading], *, texts: bool = True
) -> Iterator[VendorReading]:
    """Add the issues that a comparison of the responses finds; a response that is another vendor's is not read."""
    listed = {entry.id for entry in evaluation.settings.vendors}
    received = [(reading.vendor, reading.submission) for reading in readings if reading.submission]
    wrong = wrong_vendors([reading.vendor for reading in readings], received, listed)
    misfiled = {name for name, issues in wrong.items() if any(issue.code == "wrong-vendor" for issue in issues)}
    submissions = [submission for vendor, submission in received if vendor.id not in misfiled]
    common, alike = shared(submissions), alike_evidence(evaluation, submissions, texts=texts)
    for reading in readings:
        name, submission = reading.vendor.id, reading.submission
        if submission is None:
            yield reading
        elif name in misfiled:
            yield replace(reading, submission=None, issues=tuple(wrong[name]))
        else:
            issues = (*submission.issues, *wrong[name], *common[submission.vendor], *alike.get(submission.vendor, ()))
            yield replace(reading, submission=replace(submission, issues=issues))
