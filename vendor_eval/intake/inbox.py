"""Vendors of an evaluation, and the files in `responses/` that are theirs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from os.path import lexists
from pathlib import Path

from vendor_eval.forms.identity import clarified_vendor
from vendor_eval.issues import InputError, Issue, Location, did_you_mean
from vendor_eval.tender.models import Evaluation, VendorEntry

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb", ".csv")
RESPONSES = "responses"
# What a vendor may send in place of a workbook.
DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".pages", ".numbers", ".htm", ".html")
_JUNK = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class VendorFiles:
    """A vendor as the evaluation knows it before any file is opened.

    `clash` is true where several files have its name and the evaluation does not list all of them.
    """

    id: str
    name: str = ""
    files: tuple[str, ...] = ()
    received: datetime | None = None
    accept_late: str = ""
    map: str = ""
    clash: bool = False


@dataclass(frozen=True, slots=True)
class IgnoredFile:
    """What lies in `responses/` and is no workbook: named, and read by nobody."""

    file: str
    reason: str


def vendor_files(evaluation: Evaluation) -> tuple[VendorFiles, ...]:
    """List vendors named by the evaluation, then one for each further workbook in `responses/`.

    A document that stands where a vendor's workbook should is the file of that vendor: its reader says that it is none.
    A clarification goes to the vendor that it names, whatever its own name.
    Files that would be the same vendor stand under it as a clash: they are not read together.
    Raises InputError where a named file does not exist, or is the answer of two.
    """
    present = _responses(evaluation)
    listed = {file for entry in evaluation.settings.vendors for file in entry.file}
    clarified = {name: clarified_vendor(evaluation.folder / f, f) for name, f in present.items() if f not in listed}
    found = {name: file for name, file in present.items() if clarified.get(name) is None}
    entries = [_named(entry, found) for entry in evaluation.settings.vendors]
    named = {file for entry in entries for file in entry.files}
    others = [VendorFiles(Path(file).stem, files=(file,)) for file in found.values() if file not in named]
    entries, others = _with_clarifications(
        entries, others, {present[n]: v for n, v in clarified.items() if v is not None}
    )
    faults = [
        *_unwritable_names(present),
        *_missing_files(evaluation, entries),
        *_shared_files(evaluation, entries),
    ]
    if faults:
        raise InputError(faults)
    return _together([*entries, *others])


def ignored_files(evaluation: Evaluation) -> tuple[IgnoredFile, ...]:
    """List what lies in `responses/` and is no workbook, except for what programs leave there."""
    named = {file for entry in evaluation.settings.vendors for file in entry.file}
    paths = [path for path in _entries(evaluation.folder / RESPONSES) if not _is_workbook(path)]
    return tuple(IgnoredFile(_spelt(_path(path)), _why_not_read(path)) for path in paths if _path(path) not in named)


def count_hidden_files(evaluation: Evaluation) -> int:
    """Count the hidden files in `responses/`, and those that programs leave there: nobody reads them."""
    folder = evaluation.folder / RESPONSES
    return sum(1 for _ in folder.iterdir()) - sum(1 for _ in _entries(folder)) if folder.is_dir() else 0


def _with_clarifications(
    entries: Sequence[VendorFiles], others: Sequence[VendorFiles], clarified: Mapping[str, str]
) -> tuple[list[VendorFiles], list[VendorFiles]]:
    """Put each clarification that no entry lists beside its vendor's response; of no vendor here, it stands alone."""
    known = {vendor.id for vendor in (*entries, *others)}
    alone = [VendorFiles(Path(file).stem, files=(file,)) for file, vendor in clarified.items() if vendor not in known]
    own = {name: tuple(file for file, vendor in clarified.items() if vendor == name) for name in known}
    completed = [replace(vendor, files=(*vendor.files, *own[vendor.id])) for vendor in (*entries, *others)]
    return completed[: len(entries)], [*completed[len(entries) :], *alone]


def _why_not_read(path: Path) -> str:
    if path.is_dir():
        return "is a folder: put the workbooks in responses/ itself"
    return f"is no workbook: a response is one of {', '.join(WORKBOOKS)}"


def _responses(evaluation: Evaluation) -> dict[str, str]:
    """Name of each response in `responses/`, and its path from the evaluation."""
    entries = list(_entries(evaluation.folder / RESPONSES))
    found = [path for path in entries if _is_workbook(path)]
    answered = {path.stem.casefold() for path in found}
    answered |= {entry.id.casefold() for entry in evaluation.settings.vendors if entry.file}
    for path in entries:
        if path.suffix.casefold() in DOCUMENTS and path.stem.casefold() not in answered and not path.is_dir():
            found.append(path)
            answered.add(path.stem.casefold())
    return {path.name: _path(path) for path in sorted(found)}


def _path(path: Path) -> str:
    return f"{RESPONSES}/{path.name}"


def _spelt(name: str) -> str:
    """Spell a name that no text can hold, as archives from other systems leave them behind."""
    return name if name == name.encode(errors="replace").decode() else ascii(name)[1:-1]


def _is_workbook(path: Path) -> bool:
    return path.suffix.casefold() in WORKBOOKS


def _entries(folder: Path) -> Iterator[Path]:
    """List what a folder holds, without what is hidden and what editors and file managers leave behind."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.name.startswith((".", "~$")) and path.name.casefold() not in _JUNK:
            yield path


def _named(entry: VendorEntry, found: Mapping[str, str]) -> VendorFiles:
    files = entry.file or tuple(file for name, file in found.items() if Path(name).stem == entry.id)
    return VendorFiles(entry.id, entry.name, files, entry.received, entry.accept_late, entry.map)


def _unwritable_names(files: Iterable[str]) -> Iterator[Issue]:
    """Find names that no text can hold."""
    for name in files:
        if name != _spelt(name):
            message = f"{RESPONSES}/{_spelt(name)}: the name of the file is not Unicode: rename it"
            yield Issue("unreadable-file", message, Location(file=RESPONSES))


def _missing_files(evaluation: Evaluation, entries: Iterable[VendorFiles]) -> Iterator[Issue]:
    for index, entry in enumerate(entries):
        for number, file in enumerate(entry.files):
            if not lexists(evaluation.folder / file):
                near = did_you_mean(file, _responses(evaluation).values())
                place = evaluation.source.locate(("vendors", index, "file", number))
                yield Issue("missing-file", f"file: {file} does not exist{near}", place)


def _shared_files(evaluation: Evaluation, entries: Iterable[VendorFiles]) -> Iterator[Issue]:
    owners: dict[str, str] = {}
    for index, entry in enumerate(entries):
        for file in entry.files:
            owner = owners.setdefault(file, entry.id)
            if owner != entry.id:
                message = f"file: {file} is the answer of {owner} already; name the one that {entry.id} sent"
                yield Issue("repeated-file", message, evaluation.source.locate(("vendors", index, "file")))


def _together(vendors: Iterable[VendorFiles]) -> tuple[VendorFiles, ...]:
    """Put the files of one id together: which of them counts, nobody has said."""
    found: dict[str, VendorFiles] = {}
    for vendor in vendors:
        other = found.get(vendor.id)
        found[vendor.id] = vendor if other is None else replace(other, files=other.files + vendor.files, clash=True)
    return tuple(found.values())
