"""Documents of two vendors that are the same, or nearly the same text: a warning, which changes no score."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import combinations, islice
from math import ceil
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from vendor_eval.config.input_files import read_regular
from vendor_eval.intake.copies import distinctive, words_of
from vendor_eval.intake.evidence import LARGEST_FILE, InputFile
from vendor_eval.intake.submission import VendorResponse
from vendor_eval.issues import Issue, Location
from vendor_eval.spreadsheets.guard import feed, unpack
from vendor_eval.spreadsheets.workers import charge, cores, spread
from vendor_eval.tender import Evaluation

_FEWEST_WORDS = 200
_MOST_LETTERS = 10**6
_MOST_PAGES = 50
_SHINGLE = 5
_ALIKE = 0.8
_MARKUP = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class _Document(NamedTuple):
    submission: VendorResponse
    file: InputFile


def alike_evidence(
    evaluation: Evaluation, submissions: Sequence[VendorResponse], *, texts: bool
) -> Mapping[str, list[Issue]]:
    """Compare the documents that cells name between vendors; give the issues by vendor.

    With `texts`, which take long to read, also by their text: read in worker processes, each file once, and only where
    two vendors named any.
    """
    by_hash: dict[str, list[_Document]] = {}
    for submission in submissions:
        for file in submission.evidence_files:
            by_hash.setdefault(file.sha256, []).append(_Document(submission, file))
    issues: dict[str, list[Issue]] = {submission.vendor: [] for submission in submissions}
    for same in by_hash.values():
        for pair in combinations({document.submission.vendor: document for document in same}.values(), 2):
            _report(issues, *pair, "is byte for byte the document of {}: ask both whose it is")
    if texts and len({document.submission.vendor for same in by_hash.values() for document in same}) > 1:
        _compare_texts(evaluation, submissions, [same[0] for same in by_hash.values()], issues)
    return issues


def _compare_texts(
    evaluation: Evaluation,
    submissions: Iterable[VendorResponse],
    documents: Iterable[_Document],
    issues: Mapping[str, list[Issue]],
) -> None:
    documents = [document for document in documents if _suffix(document.file) in _TEXTS]
    names = frozenset(word for own in submissions for name in (own.vendor, own.name) for word in distinctive(name))
    read = spread(
        _shingles_in_worker,
        (evaluation.folder, names),
        [document.file for document in documents],
        lost=lambda _file, issue: issue.message.partition(":")[0],
        workers=cores(),
    )
    for document, shingles in zip(documents, read, strict=True):
        if isinstance(shingles, str):
            text = f"its text cannot be read, so it was compared by its bytes alone: {shingles}"
            issue = Issue("evidence-not-compared", text, Location(document.file.file))
            issues[document.submission.vendor].append(issue)
    for first, second, share in alike_pairs([frozenset() if isinstance(found, str) else found for found in read]):
        own, other = documents[first], documents[second]
        if own.submission is not other.submission:
            text = f"agrees to {100 * share:.0f} % of its text with the document of {{}}: ask both"
            _report(issues, own, other, text)


def _report(issues: Mapping[str, list[Issue]], first: _Document, second: _Document, text: str) -> None:
    for own, other in ((first, second), (second, first)):
        message = text.format(f"{other.submission.name} ({other.file.file})")
        issues[own.submission.vendor].append(Issue("evidence-alike", message, Location(own.file.file)))


def _suffix(file: InputFile) -> str:
    return Path(file.file).suffix.casefold()


def alike_pairs(shingles: Sequence[frozenset[int]]) -> Iterator[tuple[int, int, float]]:
    """Find pairs of sets whose Jaccard index is 0.8 or more.

    Sets that agree so far share one of the least elements: a fifth of each, and one more. Only such pairs are compared.
    """
    seen: dict[int, list[int]] = {}
    for index, own in enumerate(shingles):
        least = sorted(own)[: len(own) - ceil(_ALIKE * len(own)) + 1]
        for other in sorted({other for element in least for other in seen.get(element, ())}):
            common = len(own & shingles[other])
            share = common / (len(own) + len(shingles[other]) - common)
            if share >= _ALIKE:
                yield other, index, share
        for element in least:
            seen.setdefault(element, []).append(index)


def _shingles_in_worker(setup: tuple[Path, frozenset[str]], file: InputFile) -> frozenset[int] | str:
    """Read the shingles of a document's text; a text where it cannot be read, none where it is short."""
    folder, left_out = setup
    charge(file.file)
    try:
        content = read_regular(folder / file.file, LARGEST_FILE, follow=False)
        text = _TEXTS[_suffix(file)](file.file, content)
    except Exception as error:  # noqa: BLE001  a parser meets what anybody may have written
        return f"the reader failed ({type(error).__name__})"
    words = words_of(text[:_MOST_LETTERS])
    return shingles_of(words, left_out) if len(words) >= _FEWEST_WORDS else frozenset()


def shingles_of(words: Iterable[str], left_out: frozenset[str]) -> frozenset[int]:
    """Hash every five words in a row, without the names of the vendors."""
    kept = [word for word in words if word not in left_out]
    runs = (" ".join(kept[at : at + _SHINGLE]) for at in range(len(kept) - _SHINGLE + 1))
    return frozenset(int.from_bytes(blake2b(run.encode(), digest_size=8).digest()) for run in runs)


def _pdf_text(_name: str, content: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    return "\n".join(page.extract_text() for page in islice(reader.pages, _MOST_PAGES))


def _plain_text(_name: str, content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content.decode("utf-16" if wide else "utf-8-sig", errors="replace")


def _word_text(name: str, content: bytes) -> str:
    texts: list[str] = []
    parser = expat.ParserCreate(namespace_separator="}")
    inside = [False]

    def start(tag: str, _attributes: object) -> None:
        inside[0] = f"{{{tag}" == f"{_MARKUP}t"
        if f"{{{tag}" in {f"{_MARKUP}p", f"{_MARKUP}tab", f"{_MARKUP}br"}:
            texts.append(" ")

    def end(_tag: str) -> None:
        inside[0] = False

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: texts.append(text) if inside[0] else None
    feed(parser, unpack(name, content)["word/document.xml"])
    return "".join(texts)


_TEXTS: Mapping[str, Callable[[str, bytes], str]] = {".pdf": _pdf_text, ".txt": _plain_text, ".docx": _word_text}
