"""Vendors of an evaluation, and their files in `responses/`."""

import unicodedata
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from os.path import lexists
from pathlib import Path

from vendor_eval.criteria.parsing import shorten
from vendor_eval.formatting.file_names import file_names
from vendor_eval.forms.identity import KINDS, SCORE_SHEET, Clarification, claimed_clarifications
from vendor_eval.forms.tokens import Tokens, load_tokens, refusal
from vendor_eval.intake.listing import entries, spelt
from vendor_eval.issues import InputError, Issue, Location, did_you_mean
from vendor_eval.results import NotRead
from vendor_eval.tender import PRICES
from vendor_eval.tender.models import Evaluation

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb", ".csv")
RESPONSES = "responses"
# What a vendor may send in place of a workbook.
DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".pages", ".numbers", ".htm", ".html")


@dataclass(frozen=True, slots=True)
class VendorFiles:
    """A vendor as the evaluation knows it before its files are read.

    `clash` is true where several files have its name, and neither the evaluation lists all of them nor its folder
    holds them. `remarks` are issues of workbooks that were written for it, lie in `responses/` and do not count.
    `evidence` is the name of its folder in `evidence/`, where there is one, `prices` are its workbooks in `prices/`.
    """

    id: str
    name: str = ""
    files: tuple[str, ...] = ()
    received: datetime | None = None
    accept_late: str = ""
    map: str = ""
    clash: bool = False
    remarks: tuple[Issue, ...] = ()
    evidence: str = field(default="", compare=False)
    prices: tuple[str, ...] = ()


def vendor_files(evaluation: Evaluation) -> tuple[VendorFiles, ...]:
    """List vendors named by the evaluation, then one for each further workbook and folder in `responses/`.

    A document in place of a vendor's workbook is the file of that vendor; its reader reports that it is none. What a
    file says of itself can only confirm whose it is: a workbook that goes out beside the questionnaire belongs to the
    vendor whose token it carries, and is never a vendor of its own. Files that would be the same vendor are a clash and
    are not read. Raises InputError where a named file does not exist, or two vendors name it.
    """
    entries = evaluation.settings.vendors
    present = _responses(evaluation)
    listed = {file for entry in entries for file in entry.file}
    loose = [file for file, folder in present.items() if not folder]
    claims = claimed_clarifications(evaluation.folder, [file for file in loose if file not in listed])
    known = {entry.id for entry in entries} | set(present.values()) - {""}
    known |= {Path(file).stem for file in loose if file not in claims}
    owners, strays = _owners(evaluation, claims, known)
    names = {file: Path(file).stem for file in loose if file not in claims}
    named = {*names.values(), *present.values(), *(entry.id for entry in entries if entry.file)}
    without_file = {entry.id for entry in entries if not entry.file}
    for file in claims.keys() - owners.keys() - strays.keys():
        # It is no second response of that vendor: the name with its ending belongs to nobody else.
        names[file] = Path(file).name if Path(file).stem in named else Path(file).stem
        named.add(names[file])

    def complete(vendor: VendorFiles) -> VendorFiles:
        inside = [f for f, folder in present.items() if folder == vendor.id and f not in listed]
        own = [f for f, n in names.items() if n == vendor.id and (f not in listed or vendor.id in without_file)]
        files = (*vendor.files, *inside, *own)
        came_back = [file for file, owner in owners.items() if owner == vendor.id]
        remarks = tuple(issue for file, issue in strays.items() if issue and claims[file].vendor == vendor.id)
        return replace(vendor, files=(*files, *came_back), clash=bool(own) and len(files) > 1, remarks=remarks)

    others = dict.fromkeys(present[file] or names.get(file, "") for file in sorted(present) if file not in listed)
    for entry in entries:
        others.pop(entry.id, None)
    others.pop("", None)
    vendors = [VendorFiles(e.id, e.name, e.file, e.received, e.accept_late, e.map) for e in entries]
    vendors = [complete(vendor) for vendor in (*vendors, *map(VendorFiles, others))]
    first = vendors[: len(entries)]
    faults = [
        Issue("unreadable-file", f"{spelt(name)}: the name of the file is not Unicode: rename it", Location(RESPONSES))
        for name in present
        if name != spelt(name)
    ]
    faults += [*_missing_files(evaluation, first), *_shared_files(evaluation, first)]
    if faults:
        raise InputError(faults)
    folders = file_names(vendor.id for vendor in vendors) if evaluation.has_evidence_folder else {}
    priced = _priced_files(evaluation, [vendor.id for vendor in vendors])
    return tuple(
        replace(vendor, evidence=folders.get(vendor.id, ""), prices=tuple(priced.get(vendor.id, ())))
        for vendor in vendors
    )


def price_files(evaluation: Evaluation) -> tuple[str, ...]:
    """List the workbooks in `prices/`, where quality and price come in two envelopes."""
    paths = entries(evaluation.folder / PRICES) if evaluation.has_envelopes else ()
    return tuple(f"{PRICES}/{path.name}" for path in paths if _is_workbook(path))


def _priced_files(evaluation: Evaluation, vendors: Sequence[str]) -> dict[str, list[str]]:
    """Map vendors to the workbooks in `prices/` that begin with their id."""
    priced: dict[str, list[str]] = {}
    for file in price_files(evaluation):
        fitting = fitting_ids(Path(file).stem, vendors)
        if len(fitting) == 1:
            priced.setdefault(fitting[0], []).append(file)
    return priced


def _owners(
    evaluation: Evaluation, claims: Mapping[str, Clarification], known: Collection[str]
) -> tuple[dict[str, str], dict[str, Issue | None]]:
    """Find the vendor of each workbook of ours by its token; of those that count for nobody the issue, if any.

    A file that only says it is one of ours is in neither: it is read like any response.
    """
    tokens = load_tokens(evaluation.folder) if claims else Tokens()
    owners: dict[str, str] = {}
    strays: dict[str, Issue | None] = {}
    for file, own in claims.items():
        holder = tokens.holder(own.token)
        vendor = holder[0] if holder else own.vendor
        issue = refusal(own, vendor, tokens, file, listed=False)
        if issue is None and vendor in known:
            owners[file] = vendor
        elif own.is_ours:
            strays[file] = issue
    return owners, strays


def fitting_ids(stem: str, ids: Iterable[str]) -> list[str]:
    """Find the longest of the ids that a file's name is, or begins with before `-`, `_`, `.` or a blank.

    >>> fitting_ids("acme-labs-round 2", ["acme", "acme-labs", "acme-l", "bolt"])
    ['acme-labs']
    """
    folded = unicodedata.normalize("NFKC", stem).casefold()
    lengths: dict[int, list[str]] = {}
    for name in ids:
        start = unicodedata.normalize("NFKC", name).casefold()
        if start and folded.startswith(start) and folded[len(start) : len(start) + 1] in {"", "-", "_", ".", " "}:
            lengths.setdefault(len(start), []).append(name)
    return sorted(lengths[max(lengths)]) if lengths else []


def ignored_files(evaluation: Evaluation) -> tuple[NotRead, ...]:
    """List what is not read in `responses/` and, once opened, in `prices/`, without what programs leave there."""
    named = {file for entry in evaluation.settings.vendors for file in entry.file}
    other = f"is no workbook: a response is one of {', '.join(WORKBOOKS)}"
    ignored: dict[str, str] = {}
    for path in entries(evaluation.folder / RESPONSES):
        if _is_folder(path):
            inside = list(entries(path))
            deeper = f"is a folder: put the workbooks in {spelt(_path(path))}/ itself"
            strays = [p for p in inside if p.is_dir() or not _is_workbook(p)]
            ignored |= {_path(p, path.name): deeper if p.is_dir() else other for p in strays}
            if not inside:
                ignored[_path(path)] = "is a folder without a workbook"
        elif not _is_workbook(path):
            ignored[_path(path)] = "is a link, which is not followed" if path.is_dir() else other
    vendors = vendor_files(evaluation)
    read = {file for vendor in vendors for file in (*vendor.files, *vendor.prices)}
    claims = claimed_clarifications(evaluation.folder, [file for file in _responses(evaluation) if file not in read])
    ignored |= {file: _stray_reason(own) for file, own in claims.items()} | _ignored_prices(evaluation, read)
    return tuple(NotRead(file=spelt(file), reason=reason) for file, reason in ignored.items() if file not in named)


def _stray_reason(own: Clarification) -> str:
    if own.kind == SCORE_SHEET:
        return "is a score sheet, no response: move it to those of the evaluators"
    unknown = "carries no token of a vendor that sent a response"
    return f"is a {KINDS[own.kind]} of {shorten(own.vendor)}, no response, and {unknown}: ask for the one that was sent"


def _ignored_prices(evaluation: Evaluation, read: Container[str]) -> dict[str, str]:
    """Say of each entry of `prices/` why it is not read, once prices are opened."""
    listed = list(entries(evaluation.folder / PRICES)) if evaluation.has_envelopes and evaluation.price else []
    other = f"is no workbook: a price is one of {', '.join(WORKBOOKS)}"
    nobody = "is the price of nobody: begin its name with the id of a vendor"
    files = {f"{PRICES}/{path.name}": nobody if _is_workbook(path) else other for path in listed}
    return {file: reason for file, reason in files.items() if file not in read}


def response_files(evaluation: Evaluation) -> tuple[str, ...]:
    """List the files that would be read as a response: in `responses/`, and those that the evaluation names."""
    named = (file for entry in evaluation.settings.vendors for file in entry.file)
    return tuple(sorted({*_responses(evaluation), *(file for file in named if lexists(evaluation.folder / file))}))


def count_hidden_files(evaluation: Evaluation) -> int:
    """Count the hidden files in `responses/`, and those that programs leave there: nobody reads them."""
    folder = evaluation.folder / RESPONSES
    folders = [folder, *filter(_is_folder, entries(folder))] if folder.is_dir() else []
    return sum(sum(1 for _ in path.iterdir()) - sum(1 for _ in entries(path)) for path in folders)


def _responses(evaluation: Evaluation) -> dict[str, str]:
    """Map the path of each response from the evaluation to the vendor in whose folder it lies, '' for none."""
    paths = list(entries(evaluation.folder / RESPONSES))
    listed = {entry.id.casefold() for entry in evaluation.settings.vendors if entry.file}
    folders = [path for path in paths if _is_folder(path)]
    inside = {_path(p, path.name): path.name for path in folders for p in _with_documents(path, listed)}
    taken = listed | {name.casefold() for name in inside.values()}
    answers = [path for path in paths if path not in folders and _is_workbook(path)]
    taken |= {path.stem.casefold() for path in answers}
    for path in paths:
        if path.suffix.casefold() in DOCUMENTS and path.stem.casefold() not in taken and not path.is_dir():
            answers.append(path)
            taken.add(path.stem.casefold())
    return {_path(path): "" for path in sorted(answers)} | inside


def _with_documents(folder: Path, listed: Container[str]) -> list[Path]:
    """List the workbooks in a vendor's folder; a document where there is none."""
    paths = list(entries(folder))
    workbooks = [path for path in paths if _is_workbook(path) and not path.is_dir()]
    documents = [path for path in paths if path.suffix.casefold() in DOCUMENTS and not path.is_dir()]
    return workbooks or ([] if folder.name.casefold() in listed else documents[:1])


def _path(path: Path, folder: str = "") -> str:
    return "/".join(part for part in (RESPONSES, folder, path.name) if part)


def _is_folder(path: Path) -> bool:
    """Tell a vendor's folder; one that is called like a workbook is a workbook that cannot be read."""
    return path.is_dir() and not path.is_symlink() and not _is_workbook(path)


def _is_workbook(path: Path) -> bool:
    return path.suffix.casefold() in WORKBOOKS


def _missing_files(evaluation: Evaluation, entries: Iterable[VendorFiles]) -> Iterator[Issue]:
    present = _responses(evaluation)
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
