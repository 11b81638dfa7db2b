"""The documents that a vendor filed in `evidence/<vendor>/`, and which of them an Evidence cell names.

No path of a workbook is ever opened: the folder is listed, and the names in the cells are compared with the listing.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from vendor_eval.config.input_files import open_regular
from vendor_eval.criteria.parsing import words
from vendor_eval.criteria.questions import MultiChoice
from vendor_eval.formatting.file_names import file_names
from vendor_eval.intake.listing import entries, spelt
from vendor_eval.issues import InputError, Issue, Location, did_you_mean
from vendor_eval.results import LEVELS, Level
from vendor_eval.spreadsheets.workers import charge
from vendor_eval.tender import EVIDENCE, Evaluation

MOST_FILES = 500
LARGEST_FILE = 50 * 10**6
LARGEST_WHOLE = 10**9
_CHUNK = 2**20
_LISTED = 20
# The kinds of file by whose ending a text is known to be a file's name.
_ENDING = re.compile(
    r"\.(?:7z|asc|avi|bmp|csv|docx?|eml|gif|heic|html?|ipynb|jpe?g|jsonl?|log|m4a|md|mkv|mov|mp3|mp4|msg|numbers|od[pst]"
    r"|p7m|pages|parquet|pdf|png|pptx?|rtf|svg|tiff?|tsv|txt|vsdx|wav|web[mp]|xls[bmx]?|xml|ya?ml|zip)(?![^\W_])",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"[,;|/\\<>\"\u201c-\u201f\u00ab\u00bb()\[\]{}\r\n\t]")
_WORD = re.compile(r"[^\W_]+")
_FOR_ALL_TICKS = re.compile(r"^\s*all\s*:", re.IGNORECASE)


def tick_list_level(
    question: MultiChoice, chosen: Collection[str], ticks: Mapping[str, Level], otherwise: Level
) -> Level:
    """Give the level of a tick list: that of its weakest tick that is worth something."""
    counted = [ticks.get(option.id, "claim") for option in question.options if option.id in chosen and option.score]
    return min(counted, key=LEVELS.index, default=otherwise)


def without_all(text: str) -> str:
    """Cut off the 'all:' by which an Evidence cell counts for every tick of its question."""
    return _FOR_ALL_TICKS.sub("", text, count=1)


def fold(name: str) -> str:
    """Fold a file's name for comparison, whatever system wrote it; one space is as good as another."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())


_folded_name = lru_cache(maxsize=4096)(fold)


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read, the hash of its bytes, and the people that it names."""

    file: str
    sha256: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellProof:
    """What one Evidence cell proves: the documents that it names, and the names of files that are not there."""

    level: Level
    files: tuple[InputFile, ...] = ()
    missing: tuple[str, ...] = ()
    for_all: bool = False


@dataclass
class EvidenceFolder:
    """The files of one vendor, by their path from the evaluation's folder, and what is said of the folder.

    A file is hashed when a cell first names it; one that cannot be read then counts as not there.
    """

    evaluation: Evaluation
    name: str
    paths: dict[str, Path] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    named: dict[str, InputFile | None] = field(default_factory=dict)
    entries: int = 0

    def prove(self, text: str, document: bool) -> CellProof:  # noqa: FBT001  what the words of the criteria say of it
        """Tell what an Evidence cell proves; `document` is whether its words name a document at all."""
        files = tuple(file for path, file in self._named_in(fold(text)) if file is not None)
        names, described = _file_names_in(text)
        there = [fold(Path(file.file).name) for file in files]
        missing = tuple(name for name in names if not any(_stands_in(own, fold(name)) for own in there))
        level: Level = "document" if files else "claim" if not document else "named"
        if level == "named" and described and not self.evaluation.has_evidence_folder:
            level = "document"
        return CellProof(level, files, missing, _FOR_ALL_TICKS.match(text) is not None)

    def _named_in(self, folded: str) -> Iterator[tuple[str, InputFile | None]]:
        for file, path in self.paths.items():
            if _stands_in(_folded_name(path.name), folded):
                if file not in self.named:
                    self.named[file] = self._hashed(file, path)
                yield file, self.named[file]

    def _hashed(self, file: str, path: Path) -> InputFile | None:
        charge(file)
        digest, size = sha256(), 0
        try:
            with open_regular(path, follow=False) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    if size > LARGEST_FILE:
                        raise _refusal(file, "grew to more than 50 MB while it was read: run again")
        except OSError as error:
            self.issues.append(_skipped(file, f"cannot be opened ({error.strerror}), so it counts as not there"))
            return None
        return InputFile(file, digest.hexdigest())

    def closing_issues(self, lowered: int) -> Iterator[Issue]:
        """Report what is said once all cells were read: files that none names, and what is missing in all."""
        yield from self.issues
        place = f"{EVIDENCE}/{self.name}"
        if lowered and self.evaluation.has_evidence_folder:
            what = "nothing is filed" if not self.paths else "not all that is named or described is filed"
            answers = "1 answer that names or describes" if lowered == 1 else f"{lowered} answers that name or describe"
            text = f"{what} in {place}/, so {answers} a document count{'s' * (lowered == 1)} as named alone"
            yield Issue("evidence-not-filed", f"{text}: put the documents there", Location(place))
        unnamed = [file for file in self.paths if file not in self.named]
        for file in unnamed[:_LISTED]:
            text = "no Evidence cell names this file, so it proves nothing"
            yield Issue("evidence-file-unnamed", text, Location(file))
        if len(unnamed) > _LISTED:
            text = f"{len(unnamed) - _LISTED} more files that no Evidence cell names, not listed"
            yield Issue("evidence-file-unnamed", text, Location(place))


def evidence_folder(evaluation: Evaluation, name: str) -> EvidenceFolder:
    """List what is filed in the folder of a vendor; raise InputError with the limit that is exceeded."""
    own = EvidenceFolder(evaluation, name)
    if not evaluation.counts_named or not evaluation.has_evidence_folder:
        return own
    try:
        for path in entries(evaluation.folder / EVIDENCE):
            if unicodedata.normalize("NFC", path.name) == own.name and path.is_dir() and not path.is_symlink():
                _list(own, path)
    except OSError as error:
        place = Path(error.filename or EVIDENCE).name
        raise _refusal(place, f"cannot be listed ({error.strerror}): check the permissions, and run again") from error
    if sum(path.lstat().st_size for path in own.paths.values()) > LARGEST_WHOLE:
        text = "holds more than the 1 GB that is read: file the documents alone, without recordings and archives"
        raise _refusal(f"{EVIDENCE}/{own.name}", text)
    return own


def strangers(evaluation: Evaluation, vendors: Collection[str]) -> Iterator[Issue]:
    """Report what is in `evidence/` and in no vendor's folder."""
    known = set(file_names(vendors).values())
    for path in entries(evaluation.folder / EVIDENCE) if evaluation.has_evidence_folder else ():
        shown = f"{EVIDENCE}/{spelt(path.name)}"
        if path.is_symlink():
            yield _skipped(shown, "is a link, which is not followed: put the folder itself here")
        elif not path.is_dir():
            if path.stem.casefold() != "readme":
                yield _skipped(shown, "is in no vendor's folder: put it into that of its vendor")
        elif unicodedata.normalize("NFC", path.name) not in known:
            text = f"is the folder of no vendor: these have one: {', '.join(sorted(known))}"
            yield _skipped(shown, f"{text}{did_you_mean(path.name, known)}")


def _list(own: EvidenceFolder, folder: Path, inside: str = "") -> None:
    """List regular files, also those one folder down; what else is there is skipped with a notice."""
    shown = f"{EVIDENCE}/{inside}{spelt(folder.name)}"
    for path in entries(folder):
        file = f"{shown}/{spelt(path.name)}"
        entry = path.lstat()
        own.entries += not stat.S_ISDIR(entry.st_mode)
        if own.entries > MOST_FILES:
            text = f"holds more than the {MOST_FILES} files that are read: file those alone that an Evidence cell names"
            raise _refusal(f"{EVIDENCE}/{own.name}", text)
        if entry.st_size > LARGEST_FILE and stat.S_ISREG(entry.st_mode):
            text = "has more than the 50 MB that are read: ask for a smaller copy, or for the pages that are named"
            raise _refusal(file, text)
        why = _unread(path, entry, inside)
        if why:
            own.issues.append(_skipped(file, why))
        elif stat.S_ISDIR(entry.st_mode):
            _list(own, path, f"{folder.name}/")
        else:
            own.paths[file] = path


def _unread(path: Path, entry: os.stat_result, inside: str) -> str:
    """Say why an entry of a vendor's folder is not read; '' where it is."""
    if stat.S_ISLNK(entry.st_mode):
        return "is a link, which is not followed: put the document itself here"
    if path.name != spelt(path.name):
        return "has a name that is not Unicode, so no cell can name it: rename it"
    if stat.S_ISDIR(entry.st_mode):
        return "is a folder too deep: put its files one folder up" if inside else ""
    if not stat.S_ISREG(entry.st_mode):
        return "is no regular file, so it is not read: put the document itself here"
    return "" if entry.st_size else "is empty (0 bytes), so it counts as not there: ask for it again"


def _skipped(file: str, text: str) -> Issue:
    return Issue("evidence-not-read", text, Location(file))


def _refusal(file: str, text: str) -> InputError:
    return InputError([Issue("evidence-limits", text, Location(file))])


def _stands_in(name: str, text: str) -> bool:
    """Tell whether a name stands in a text, bounded by no letter or digit; both are folded."""
    at = text.find(name)
    while at >= 0:
        before, behind = text[at - 1 : at] if at else "", text[at + len(name) : at + len(name) + 1]
        if not before.isalnum() and not behind.isalnum():
            return True
        at = text.find(name, at + 1)
    return False


def _file_names_in(text: str) -> tuple[tuple[str, ...], bool]:
    """Find the names of files, known by their endings, in a cell; and whether it says anything else.

    >>> _file_names_in("see Policy.PDF, page 3; a_b.docx")
    (('Policy.PDF', 'a_b.docx'), False)
    >>> _file_names_in("Retention policy v3 (policy.pdf)")
    (('policy.pdf',), True)
    """
    beside = words().beside_file
    names: dict[str, None] = {}
    others: list[str] = []
    for part in _BETWEEN_NAMES.split(without_all(text)):
        begin = 0
        for ending in _ENDING.finditer(part):
            name = part[begin : ending.end()].strip(" .:*'`\u2018\u2019\u2022\u2013\u2014-")
            while (head := _WORD.match(name)) and head.end() < len(name) and name[head.end()] in " :":
                if head.group().casefold() not in beside:
                    break
                name = name[head.end() :].lstrip(" :")
            begin = ending.end()
            if "." in name:
                names.setdefault(name)
        others += _WORD.findall(part[begin:])
    telling = (word for word in others if not any(letter.isdigit() for letter in word) and len(word) > 1)
    return tuple(names), not names or any(word.casefold() not in beside for word in telling)
