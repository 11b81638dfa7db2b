"""Responses beside each other: another vendor's file, the same file twice, what two vendors copied."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vendor_eval.criteria.parsing import normalize, shorten
from vendor_eval.intake.inbox import VendorFiles
from vendor_eval.intake.submission import FreeText, VendorResponse
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


@dataclass(frozen=True, slots=True)
class Received:
    """What one vendor sent; `listed` tells whether the evaluation names that vendor."""

    vendor: VendorFiles
    submission: VendorResponse
    listed: bool


# ------------------------------------------------------------------------------------------------ whose it is


def wrong_vendors(vendors: Iterable[VendorFiles], received: Iterable[Received]) -> Mapping[str, tuple[Issue, ...]]:
    """Find covers and names of files that speak of another vendor, by the vendor whose response they stand in."""
    names = _Names(vendors)
    return {one.vendor.id: tuple(_wrong(one, names)) for one in received}


class _Names:
    """Words by which vendors are told from each other."""

    def __init__(self, vendors: Iterable[VendorFiles]) -> None:
        words = {one.id: _telling(one.id) | (_telling(one.name) if one.name else set()) for one in vendors}
        counts = Counter(word for found in words.values() for word in found)
        self._own = {name: {word for word in found if counts[word] == 1} or found for name, found in words.items()}
        self._owners: dict[str, str] = {}
        for name, found in self._own.items():
            for word in found:
                self._owners.setdefault(word, name)

    def fits(self, text: str, vendor: str) -> bool:
        """Tell a text that names a vendor, or nobody."""
        words = _telling(text)
        return not words or bool(words & self._own[vendor])

    def owner(self, text: str) -> str:
        """Name the vendor that a text speaks of; '' for none."""
        return next((self._owners[word] for word in sorted(_telling(text)) if word in self._owners), "")


def _wrong(one: Received, names: _Names) -> Iterator[Issue]:
    vendor = one.vendor
    for name in one.submission.names:
        if names.fits(name.text, vendor.id):
            continue
        if other := names.owner(name.text):
            says = (
                f"the workbook says that it comes from '{shorten(name.text)}', which is {other}, not {_named(vendor)}"
            )
            yield Issue("wrong-vendor", f"{says}: name the right file for each vendor", name.location)
        elif one.listed and vendor.name:
            yield Issue("vendor-name", _unlike(name, f"as that of {_named(vendor)}"), name.location)
        elif any(len(word) > 1 and word not in _COMMON and not word.isdecimal() for word in _words(vendor.id)):
            yield Issue("cover-name", _unlike(name, f"under the name of {vendor.id}"), name.location)
    if one.listed and not any(_telling(name.text) for name in one.submission.names):
        yield from _wrong_file_names(one, names)


def _unlike(name: FreeText, read: str) -> str:
    return f"the workbook says that it comes from '{shorten(name.text)}', and it was read {read}: check whose it is"


def _wrong_file_names(one: Received, names: _Names) -> Iterator[Issue]:
    for file in one.submission.inputs:
        stem = file.file.rpartition("/")[2].rpartition(".")[0]
        other = names.owner(stem)
        if other and not names.fits(stem, one.vendor.id):
            called = f"is called like a file of {other}, and its cover names no vendor"
            yield Issue("vendor-name", f"{called}: check that it is {_named(one.vendor)}'s", Location(file.file))


def _named(vendor: VendorFiles) -> str:
    return f"{vendor.name} ({vendor.id})" if vendor.name not in {"", vendor.id} else vendor.id


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", normalize(text))


def _telling(text: str) -> set[str]:
    """Words of a name that many names do not share, and these in one: 'Acme Data' may be written AcmeData."""
    words = _words(text)
    told = [word for word in words if word not in _COMMON and not word.isdecimal()]
    return {*told, "".join(told), "".join(words)} if told else set(words)


# ------------------------------------------------------------------------------------------------ what they share


@dataclass(frozen=True, slots=True)
class _Part:
    """Something of one vendor's response: in its own spelling, and where it stands."""

    submission: VendorResponse
    text: str
    location: Location


def shared(submissions: Sequence[VendorResponse]) -> Mapping[str, tuple[Issue, ...]]:
    """Find what vendors share that each should have written alone, by vendor."""
    found: dict[str, list[Issue]] = {one.vendor: [] for one in submissions}
    files = list(
        _groups((file.sha256, _Part(one, "", Location(file.file))) for one in submissions for file in one.inputs)
    )
    alike = [{part.submission.vendor for part in parts} for parts in files]
    texts = _groups(
        (normalize(text.text), _Part(one, text.text, text.location)) for one in submissions for text in _long(one)
    )
    people = _groups(
        (normalize(name), _Part(one, name, Location(file.file)))
        for one in submissions
        for file in one.inputs
        for name in file.people
        if normalize(name) not in _NOBODY
    )
    for code, groups in (("same-file", files), ("same-text", texts), ("same-author", people)):
        for parts in groups:
            # Of the same file the rest goes without saying.
            if code == "same-file" or not any({part.submission.vendor for part in parts} <= one for one in alike):
                for part in parts:
                    others = [other for other in parts if other is not part]
                    found[part.submission.vendor].append(Issue(code, _SAYS[code](part, others), part.location))
    return {vendor: tuple(issues) for vendor, issues in found.items()}


def _groups(parts: Iterable[tuple[str, _Part]]) -> Iterator[tuple[_Part, ...]]:
    """Put together what is the same with two vendors or more, once for each of them."""
    found: dict[str, dict[str, _Part]] = {}
    for key, part in parts:
        found.setdefault(key, {}).setdefault(part.submission.vendor, part)
    return (tuple(group.values()) for group in found.values() if len(group) > 1)


def _long(one: VendorResponse) -> Iterator[FreeText]:
    return (text for text in one.texts if len(text.text) >= _LONG and len(normalize(text.text)) >= _LONG)


def _others(parts: Sequence[_Part]) -> str:
    shown = ", ".join(f"{part.submission.name} ({part.location})" for part in parts[:_SHOWN])
    return f"{shown} and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else shown


def _say_file(_part: _Part, others: Sequence[_Part]) -> str:
    return f"is byte for byte the file of {_others(others)}: both were read; ask which vendor wrote it"


def _say_text(part: _Part, others: Sequence[_Part]) -> str:
    return f"the same text stands in the response of {_others(others)}: '{shorten(part.text)}': ask who wrote it"


def _say_author(part: _Part, others: Sequence[_Part]) -> str:
    named = f"'{shorten(part.text)}' made or saved this document"
    return f"{named} and that of {_others(others)}: ask how that came about"


_SAYS = {"same-file": _say_file, "same-text": _say_text, "same-author": _say_author}
