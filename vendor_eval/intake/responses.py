"""Responses of all vendors, read in this process or by several, and compared with each other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vendor_eval.intake.copies import shared, wrong_vendors
from vendor_eval.intake.inbox import DOCUMENTS, VendorFiles
from vendor_eval.intake.mapping.models import ForeignLayout
from vendor_eval.intake.submission import VendorResponse, read_submission
from vendor_eval.intake.workers import cores, spread
from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.spreadsheets import PASSWORD_FAULT, Passwords, known_password, read_workbook
from vendor_eval.tender import FILE, Evaluation

# Starting a process and loading the evaluation there takes as long as reading this many files.
MANY = 40
# A worker that reads one vendor for longer is stopped.
SECONDS = 120


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
        """Whether a file is there and could not be read."""
        return self.submission is None and bool(self.issues)

    @property
    def used_mapping(self) -> ForeignLayout | None:
        """The vendor's mapping, if a file was read by it."""
        used = self.submission and any(issue.code == "read-by-mapping" for issue in self.submission.issues)
        return self.mapping if used else None


_Setup = tuple[Evaluation, Mapping[str, ForeignLayout]]


def read_all(
    evaluation: Evaluation,
    vendors: Sequence[VendorFiles],
    layouts: Mapping[str, ForeignLayout],
    *,
    progress: Callable[[str], None],
    password: Passwords = known_password,
    workers: int | None = None,
) -> tuple[VendorReading, ...]:
    """Read every vendor; who needs a password that no worker knows is read here, where somebody can be asked."""

    def read_here(vendor: VendorFiles) -> VendorReading:
        progress(vendor.id)
        return _read(evaluation, vendor, layouts.get(vendor.id), password)

    crew = min(workers or cores(), len(vendors))
    if crew < 2 or (workers is None and len(vendors) < MANY):  # noqa: PLR2004  one worker is this process
        return tuple(map(read_here, vendors))
    readings = spread(
        _read_in_worker,
        (evaluation, layouts),
        vendors,
        workers=crew,
        seconds=SECONDS,
        lost=_lost,
        progress=lambda vendor: progress(vendor.id),
    )
    return tuple(
        read_here(reading.vendor) if any(issue.code == PASSWORD_FAULT for issue in reading.issues) else reading
        for reading in readings
    )


def _read_in_worker(setup: _Setup, vendor: VendorFiles) -> VendorReading:
    evaluation, layouts = setup
    return _read(evaluation, vendor, layouts.get(vendor.id), known_password)


def _lost(vendor: VendorFiles) -> VendorReading:
    return _failed(vendor, f"ended the process that read it, or kept it for more than {SECONDS} seconds")


def _failed(vendor: VendorFiles, failure: str) -> VendorReading:
    message = f"{failure}: ask the vendor to copy the answers into the questionnaire as it was sent"
    issues = tuple(Issue("reader-failed", message, Location(file)) for file in vendor.files)
    return VendorReading(vendor, None, issues)


def _clash(evaluation: Evaluation, vendor: VendorFiles) -> VendorReading:
    """Report files of which nobody said which counts, and the faults of each."""
    files = ", ".join(vendor.files)
    message = f"vendor {vendor.id} has several files ({files}): list them under one vendor in {FILE}, or remove one"
    issues = [Issue("several-files", message, Location(vendor.files[-1]))]
    for file in vendor.files:
        try:
            read_workbook(evaluation.folder / file, name=file, password=known_password)
        except InputError as faults:
            issues += faults.issues
    return VendorReading(vendor, None, tuple(issues))


def _read(
    evaluation: Evaluation, vendor: VendorFiles, mapping: ForeignLayout | None, password: Passwords
) -> VendorReading:
    deadline, received = evaluation.settings.deadline, vendor.received
    if not vendor.files:
        return VendorReading(vendor, None, reason="no response")
    if deadline and received and received > deadline and not vendor.accept_late:
        reason = (
            f"received {received.isoformat()}, after the deadline {deadline.isoformat()}; accept_late would read it"
        )
        return VendorReading(vendor, None, reason=reason)
    if vendor.clash:
        return _clash(evaluation, vendor)
    if documents := [file for file in vendor.files if Path(file).suffix.casefold() in DOCUMENTS]:
        message = "is no workbook: ask the vendor for the filled questionnaire, or enter its answers in one"
        issues = tuple(Issue("unreadable-file", message, Location(file)) for file in documents)
        return VendorReading(vendor, None, issues)
    try:
        submission = read_submission(evaluation, vendor, mapping=mapping, password=password)
    except InputError as faults:
        return VendorReading(vendor, None, faults.issues)
    except Exception as error:  # noqa: BLE001  a file must not take the others with it; which one it is, is said
        return _failed(vendor, f"made the reader fail ({type(error).__name__})")
    if deadline and received is None:
        issue = Issue("no-received-date", "the deadline cannot be checked: give 'received'", Location(vendor.files[0]))
        submission = replace(submission, issues=(*submission.issues, issue))
    return VendorReading(vendor, submission, mapping=mapping)


def compare_responses(evaluation: Evaluation, readings: Sequence[VendorReading]) -> Iterator[VendorReading]:
    """Add the issues that a comparison of the responses finds; a response that is another vendor's is not read."""
    listed = {entry.id for entry in evaluation.settings.vendors}
    received = [(reading.vendor, reading.submission) for reading in readings if reading.submission]
    wrong = wrong_vendors([reading.vendor for reading in readings], received, listed)
    misfiled = {name for name, issues in wrong.items() if any(issue.code == "wrong-vendor" for issue in issues)}
    common = shared([submission for vendor, submission in received if vendor.id not in misfiled])
    for reading in readings:
        name, submission = reading.vendor.id, reading.submission
        if submission is None:
            yield reading
        elif name in misfiled:
            yield replace(reading, submission=None, issues=tuple(wrong[name]))
        else:
            issues = (*submission.issues, *wrong[name], *common[submission.vendor])
            yield replace(reading, submission=replace(submission, issues=issues))
