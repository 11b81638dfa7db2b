"""Vendors of an evaluation, and their files in `responses/`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from os.path import lexists
from pathlib import Path

from vendor_eval.forms.identity import clarified_vendor
from vendor_eval.issues import InputError, Issue, Location, did_you_mean
from vendor_eval.tender.models import Evaluation

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
    """An entry of `responses/` that is no workbook and is not read."""

    file: str
    reason: str


def vendor_files(evaluation: Evaluation) -> tuple[VendorFiles, ...]:
    """List vendors named by the evaluation, then one for each further workbook in `responses/`.

    A document in place of a vendor's workbook is the file of that vendor; its reader reports that it is none.
    A clarification goes to the vendor that it names, whatever its own name. Files that would be the same vendor are a
    clash and are not read. Raises InputError where a named file does not exist, or two vendors name it.
    """
    present = _responses(evaluation)
    listed = {file for entry in evaluation.settings.vendors for file in entry.file}
    clarified = {name: clarified_vendor(evaluation.folder / f, f) for name, f in present.items() if f not in listed}
    answers = {name: file for name, file in present.items() if clarified.get(name) is None}
    entries = []
    for entry in evaluation.settings.vendors:
        files = entry.file or tuple(file for name, file in answers.items() if Path(name).stem == entry.id)
        entries.append(VendorFiles(entry.id, entry.name, files, entry.received, entry.accept_late, entry.map))
    named = {file for entry in entries for file in entry.files}
    others = [VendorFiles(Path(file).stem, files=(file,)) for file in answers.values() if file not in named]
    entries, others = _with_clarifications(
        entries, others, {present[n]: v for n, v in clarified.items() if v is not None}
    )
    faults = [*_unwritable_names(present), *_missing_files(evaluation, entries), *_shared_files(evaluation, entries)]
    if faults:
        raise InputError(faults)
    return _merge_clashes([*entries, *others])


def ignored_files(evaluation: Evaluation) -> tuple[IgnoredFile, ...]:
    """List entries of `responses/` that are no workbook, except for those that programs leave there."""
    named = {file for entry in evaluation.settings.vendors for file in entry.file}
    paths = [path for path in _entries(evaluation.folder / RESPONSES) if not _is_workbook(path)]
    folder = "is a folder: put the workbooks in responses/ itself"
    other = f"is no workbook: a response is one of {', '.join(WORKBOOKS)}"
    return tuple(
        IgnoredFile(_spelt(_path(path)), folder if path.is_dir() else other)
        for path in paths
        if _path(path) not in named
    )


def count_hidden_files(evaluation: Evaluation) -> int:
    """Count the hidden files in `responses/`, and those that programs leave there: nobody reads them."""
    folder = evaluation.folder / RESPONSES
    return sum(1 for _ in folder.iterdir()) - sum(1 for _ in _entries(folder)) if folder.is_dir() else 0


def _with_clarifications(
    entries: Sequence[VendorFiles], others: Sequence[VendorFiles], clarified: Mapping[str, str]
) -> tuple[list[VendorFiles], list[VendorFiles]]:
    """Add each clarification that no entry lists to its vendor's files; that of an unknown vendor is a vendor."""
    known = {vendor.id for vendor in (*entries, *others)}
    alone = [VendorFiles(Path(file).stem, files=(file,)) for file, vendor in clarified.items() if vendor not in known]
    own = {name: tuple(file for file, vendor in clarified.items() if vendor == name) for name in known}
    completed = [replace(vendor, files=(*vendor.files, *own[vendor.id])) for vendor in (*entries, *others)]
    return completed[: len(entries)], [*completed[len(entries) :], *alone]


def _responses(evaluation: Evaluation) -> dict[str, str]:
    """Map the name of each response in `responses/` to its path from the evaluation."""
    entries = list(_entries(evaluation.folder / RESPONSES))
    responses = [path for path in entries if _is_workbook(path)]
    answered = {path.stem.casefold() for path in responses}
    answered |= {entry.id.casefold() for entry in evaluation.settings.vendors if entry.file}
    for path in entries:
        if path.suffix.casefold() in DOCUMENTS and path.stem.casefold() not in answered and not path.is_dir():
            responses.append(path)
            answered.add(path.stem.casefold())
    return {path.name: _path(path) for path in sorted(responses)}


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


def _unwritable_names(files: Iterable[str]) -> Iterator[Issue]:
    """Find names that no text can hold."""
    for name in files:
        if name != _spelt(name):
            message = f"{RESPONSES}/{_spelt(name)}: the name of the file is not Unicode: rename it"
            yield Issue("unreadable-file", message, Location(file=RESPONSES))


def _missing_files(evaluation: Evaluation, entries: Iterable[VendorFiles]) -> Iterator[Issue]:
    present = _responses(evaluation).values()
    for index, entry in enumerate(entries):
        for number, file in enumerate(entry.files):
            if not lexists(evaluation.folder / file):
                near = did_you_mean(file, present)
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


def _merge_clashes(vendors: Iterable[VendorFiles]) -> tuple[VendorFiles, ...]:
    """Merge vendors of one id: nobody said which of their files counts."""
    merged: dict[str, VendorFiles] = {}
    for vendor in vendors:
        other = merged.get(vendor.id)
        merged[vendor.id] = vendor if other is None else replace(other, files=other.files + vendor.files, clash=True)
    return tuple(merged.values())
