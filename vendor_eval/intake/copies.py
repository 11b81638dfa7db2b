"""Comparison of responses: another vendor's file, the same file from two vendors, what two vendors copied."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vendor_eval.criteria.parsing import normalize, shorten
from vendor_eval.intake.answer_lines import FreeText
from vendor_eval.intake.inbox import VendorFiles
from vendor_eval.intake.mapping.mapped_workbook import template_differs
from vendor_eval.intake.submission import VendorResponse
from vendor_eval.issues import Issue, Location

_LONG = 200
_SHOWN = 3
# Who made a document where nobody said so: programs, and names that come with a computer.
_NOBODY = frozenset(
    map(
        normalize,
        (
            *("", "vendor_eval", "openpyxl", "XlsxWriter", "python-docx", "Apache POI", "LibreOffice", "SheetJS"),
            *("Microsoft Office User", "Microsoft Excel", "Microsoft", "Windows User", "Office", "User", "Users"),
            *("Admin", "Administrator", "Owner", "Author", "Unknown", "PC", "Google Sheets", "WPS Office", "EPPlus"),
        ),
    )
)
# Forms of companies, and words that many names share.
_COMMON = frozenset(
    "the and of co company corp corporation inc incorporated ltd limited llc llp plc gmbh ag kg se sa sas sarl srl spa "  # noqa: SIM905  read, not edited
    "bv nv ab as oy oyj aps pte pty pvt kk group holding holdings international global services solutions data "
    "response responses answer answers questionnaire rfp final vendor supplier".split()
)


# Vendors by id, each with what it sent.
Received = Sequence[tuple[VendorFiles, VendorResponse]]


def wrong_vendors(
    vendors: Iterable[VendorFiles], received: Received, listed: Collection[str]
) -> dict[str, list[Issue]]:
    """Find covers and file names that name another vendor, by the vendor that sent them; `listed` in the evaluation."""
    names = _Names(vendors)
    issues = {vendor.id: list(_wrong_covers(vendor, sent, names, listed)) for vendor, sent in received}
    for vendor, sent in received:
        if vendor.id in listed and not any(distinctive(name.text) for name in sent.names):
            issues[vendor.id] += _wrong_file_names(vendor, sent, names)
    return issues


class _Names:
    def __init__(self, vendors: Iterable[VendorFiles]) -> None:
        words = {vendor.id: distinctive(vendor.id) | distinctive(vendor.name) for vendor in vendors}
        counts = Counter(word for own in words.values() for word in own)
        self._own = {name: {word for word in own if counts[word] == 1} or own for name, own in words.items()}
        self._owners: dict[str, str] = {}
        for name, own in self._own.items():
            for word in own:
                self._owners.setdefault(word, name)

    def fits(self, text: str, vendor: str) -> bool:
        words = distinctive(text)
        return not words or bool(words & self._own[vendor])

    def owner(self, text: str) -> str:
        return next((self._owners[word] for word in sorted(distinctive(text)) if word in self._owners), "")


def _title(vendor: VendorFiles) -> str:
    return f"{vendor.name} ({vendor.id})" if vendor.name not in {"", vendor.id} else vendor.id


def _wrong_covers(vendor: VendorFiles, sent: VendorResponse, names: _Names, listed: Collection[str]) -> Iterator[Issue]:
    title = _title(vendor)
    for name in sent.names:
        if names.fits(name.text, vendor.id):
            continue
        says = f"the workbook says that it comes from '{shorten(name.text)}'"
        if other := names.owner(name.text):
            message = f"{says}, which is {other}, not {title}: name the right file for each vendor"
            yield Issue("wrong-vendor", message, name.location)
        elif vendor.id in listed and vendor.name:
            yield Issue("vendor-name", f"{says}, and it was read as that of {title}: check whose it is", name.location)
        elif any(len(word) > 1 and word not in _COMMON and not word.isdecimal() for word in words_of(vendor.id)):
            message = f"{says}, and it was read under the name of {vendor.id}: check whose it is"
            yield Issue("cover-name", message, name.location)


def _wrong_file_names(vendor: VendorFiles, sent: VendorResponse, names: _Names) -> Iterator[Issue]:
    for file in sent.inputs:
        stem = file.file.rpartition("/")[2].rpartition(".")[0]
        other = names.owner(stem)
        if other and not names.fits(stem, vendor.id):
            called = f"is called like a file of {other}, and its cover names no vendor"
            message = f"{called}: check that it is {_title(vendor)}'s"
            yield Issue("vendor-name", message, Location(file.file))


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", normalize(text))


def distinctive(text: str) -> set[str]:
    """Words of a name that many names do not share, and these joined: 'Acme Data' may be written AcmeData."""
    words = words_of(text)
    own = [word for word in words if word not in _COMMON and not word.isdecimal()]
    return {*own, "".join(own), "".join(words)} if own else set(words)


@dataclass(frozen=True, slots=True)
class _Copy:
    """A file, text or author of one vendor's response: in its own spelling, and its place."""

    submission: VendorResponse
    text: str
    location: Location


def shared(submissions: Sequence[VendorResponse]) -> Mapping[str, list[Issue]]:
    """Find what vendors share that each should have written alone, by vendor."""
    issues: dict[str, list[Issue]] = {submission.vendor: [] for submission in submissions}
    inputs = [(submission, file) for submission in submissions for file in submission.inputs]
    files = list(_groups((file.sha256, _Copy(submission, "", Location(file.file))) for submission, file in inputs))
    texts = _groups(
        (normalize(text.text), _Copy(submission, text.text, text.location))
        for submission in submissions
        for text in submission.texts
        if len(text.text) >= _LONG and len(normalize(text.text)) >= _LONG
    )
    people = _groups(
        (normalize(name), _Copy(submission, name, Location(file.file)))
        for submission, file in inputs
        for name in file.people
        if normalize(name) not in _NOBODY
    )
    same_file = [{copy.submission.vendor for copy in copies} for copies in files]
    for code, groups in (("same-file", files), ("same-text", texts), ("same-author", people)):
        for copies in groups:
            vendors = {copy.submission.vendor for copy in copies}
            # Of the same file the rest goes without saying.
            if code == "same-file" or not any(vendors <= others for others in same_file):
                for copy in copies:
                    others = [other for other in copies if other is not copy]
                    issues[copy.submission.vendor].append(_issue(code, copy, others))
    for vendor, issue in _differing_templates(submissions):
        issues[vendor].append(issue)
    return issues


def _differing_templates(submissions: Sequence[VendorResponse]) -> Iterator[tuple[str, Issue]]:
    """Find texts of template columns that differ between the vendors of a mapping; most vendors have the form's own."""
    spellings: dict[tuple[str, ...], Counter[str]] = {}
    for submission in submissions:
        for key, text in submission.own_texts.items():
            spellings.setdefault(key, Counter())[normalize(text.text)] += 1
    for submission in submissions:
        columns: dict[tuple[str, ...], list[FreeText]] = {}
        for key, text in submission.own_texts.items():
            own, files = spellings[key][normalize(text.text)], spellings[key].total()
            if normalize(text.text) and own * 2 <= files > 1:
                columns.setdefault(key[:-1], []).append(text)
        for (mapping, _, title), texts in columns.items():
            differs = f"{len(texts)} of its cells differ from other vendors' files"
            yield submission.vendor, template_differs(mapping, title, differs, texts[0])


def _groups(copies: Iterable[tuple[str, _Copy]]) -> Iterator[tuple[_Copy, ...]]:
    """Group what is the same with two vendors or more, once for each of them."""
    groups: dict[str, dict[str, _Copy]] = {}
    for key, copy in copies:
        groups.setdefault(key, {}).setdefault(copy.submission.vendor, copy)
    return (tuple(group.values()) for group in groups.values() if len(group) > 1)


def _issue(code: str, copy: _Copy, others: Sequence[_Copy]) -> Issue:
    shown = ", ".join(f"{other.submission.name} ({other.location})" for other in others[:_SHOWN])
    shown += f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    quoted = f"'{shorten(copy.text)}'"
    messages = {
        "same-file": f"is byte for byte the file of {shown}: both were read; ask which vendor wrote it",
        "same-text": f"the same text stands in the response of {shown}: {quoted}: ask who wrote it",
        "same-author": f"{quoted} made or saved this document and that of {shown}: ask how that came about",
    }
    return Issue(code, messages[code], copy.location)
