"""A fault is data: a stable code, a message, a place; an exception stops the run."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from traceback import walk_tb


class Severity(StrEnum):
    """How much an issue matters: `blocking` means that an answer could not be credited."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTICE = "notice"


# Codes are stable, messages may change. A new code also needs its meaning and its cure in data/issue_codes.yaml.
_CODES = {
    Severity.BLOCKING: (
        "abbreviated-number added address-out-of-range all-zero-weights ambiguous-date ambiguous-none "
        "ambiguous-number ambiguous-percentage ambiguous-zip approximate-answer archive-differs bad-object bad-row "
        "bank-version blank-label certificate-in-one-cell certificate-incomplete certification-table changed "
        "clarification-refused clarification-tokens clarification-unconfirmed compression-ratio container "
        "contradiction currency-unclear delta-not-0 doctype duplicate-cell duplicate-part duplicate-sheet "
        "edited-anchors encrypted encrypted-part error-cell evidence-limits external-link far-cell figures-contradict "
        "figures-in-one-cell figures-incomplete file-too-large formula-without-value future-date gate-test gold-leak "
        "id-mismatch implausible-date implausible-value interest-unclear invalid-answer item-twice key-mismatch "
        "letter-names-vendor "
        "level-missing mapping-version marked-text merged-too-large missing missing-answer missing-column "
        "missing-file missing-item missing-key missing-row mixed-row negative-answer no-answer-column no-result "
        "no-score-sheet none-beside-others not-a-date not-a-number not-accounted not-applicable-answer not-frozen "
        "not-reproduced not-utf8 nothing-asked nothing-to-waive offer-costs-nothing offer-expired other-currency "
        "other-schema part-too-large participants-missing percentage-out-of-range planned-answer price-folder "
        "price-missing price-not-positive price-refused price-too-large question-not-asked-finding range-answer "
        "reader-failed reader-limits reason-missing record-chain repeated-file repeated-id repeated-key "
        "repeated-label several-files several-sheets sheet-name-too-long shown-otherwise struck-answer "
        "template-differs text-too-long token-too-long too-many-cells too-many-entries too-many-formulas "
        "too-many-parts unknown-compression unknown-context-field unknown-item unknown-key unknown-label "
        "unknown-option unknown-reference unknown-row unknown-vendor unordered-points unpacks-too-large "
        "unreachable-row unreadable unreadable-file vendor-name weights-not-100 wrong-act wrong-evaluation "
        "wrong-evaluator wrong-evaluator-row wrong-level wrong-password wrong-unit wrong-value wrong-vendor "
        "yaml-alias yaml-key yaml-syntax yaml-tag yes-no-as-figure"
    ),
    Severity.WARNING: (
        "abnormally-low act-set-aside annotator-name answer-elsewhere answer-in-comment answer-in-control "
        "answer-waits asked-again bad-number brief-missing category-not-asked "
        "category-without-weight certificate-not-named "
        "changed-dropdown changed-question clarification-not-asked clarified-outside-range column-not-found "
        "comment-missing conditions-unconfirmed control-not-read copied-sheet currency-not-confirmed "
        "declaration-missing document-expected edition-not-found evidence-alike evidence-file-missing "
        "evidence-not-filed finding-without-effect level-overruled merged-answer merged-evidence no-counterpart "
        "no-received-date no-written-date older-template partial-without-text phase-differs price-suspicious "
        "qualified-answer quality-changed question-not-found row-blank rubric-given-to-nobody rubric-left-to-nobody "
        "said-beside-currency same-author same-file same-text score-sheet-not-read seal-edited several-answer-columns "
        "sheet-not-found struck-text time-gap unnamed-document validity-missing"
    ),
    Severity.NOTICE: (
        "answer-not-needed category-weight-0 column-not-read cover-name covered-content duplicate-answer "
        "duplicate-row evidence-file-unnamed evidence-not-compared evidence-not-read evidence-repeated "
        "finding-after-as-of formula found-by-text hidden-content link-asleep macros no-evidence-folder "
        "no-template-identity note pilot-not-named placeholder-answer price-unread question-not-asked read-by-mapping "
        "record-clock record-unfinished record-unlocked reduced-checks renamed-sheet row-of-unread-vendor "
        "row-repeated said-beside-price seal-version sheet-repaired unclaimed-content unmeasured waiver-without-effect "
        "yield-below-living-wage"
    ),
}
CODES = {code: severity for severity, codes in _CODES.items() for code in codes.split()}
# So many issues of a file are printed: who wrote it corrects these first.
_LISTED = 50
_LONGEST = 200
# Among more names than these nothing is near.
_COMPARED = 1000
_ROUNDING = 1e-9
# Issues that speak of other vendors, or of acts and files of the buyer: nothing of them goes to a vendor.
FOR_THE_BUYER = frozenset(
    "abnormally-low act-set-aside clarification-refused cover-name evidence-alike finding-after-as-of "  # noqa: SIM905  read, not edited
    "finding-without-effect level-overruled price-suspicious question-not-asked-finding same-author same-file "
    "same-text vendor-name waiver-without-effect wrong-vendor".split()
)


@dataclass(frozen=True, slots=True)
class Location:
    """A cell of a workbook or a place in a text file; lines and columns count from 1, 0 means none.

    >>> print(Location(file="responses/acme.xlsx", sheet="Security", cell="D14"))
    responses/acme.xlsx, Security!D14
    >>> print(Location(file="criteria.yaml", line=18, column=9))
    criteria.yaml:18:9
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if self.line:
            return f"{self.file}:{self.line}:{self.column}"
        inside = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return ", ".join(part for part in (self.file, inside) if part)


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault, in words that name what was expected and the likely cure.

    `question` and `part` name the answer that it is about, '' for none: the question's id (of a price, the id of its
    line) and, where the answer has several rows, the part that the row asks for. `text` is the message without the id
    at its head, so that nobody has to cut it off.

    >>> Issue.of_answer("not-a-number", "'few' is no number", Location("acme.xlsx"), "LAB-02", "b").message
    "LAB-02.b: 'few' is no number"
    """

    code: str
    message: str
    location: Location = Location()
    question: str = ""
    part: str = ""
    text: str = ""
    traceback: str = field(default="", compare=False, repr=False)
    """Where the code failed, of an issue that is a fault of the program."""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"'{self.code}' is no code of an issue: add it to CODES in vendor_eval/issues.py")
        if not self.text:
            object.__setattr__(self, "text", self.message)

    @classmethod
    def of_answer(cls, code: str, text: str, location: Location, question: str, part: str = "") -> "Issue":
        """Make the issue of an answer: what it is about stands at the head of the message."""
        key = f"{question}.{part}" if part else question
        return cls(code, f"{key}: {text}" if key else text, location, question, part, text)

    @property
    def severity(self) -> Severity:
        """Severity of the code."""
        return CODES[self.code]

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location.file else ""
        return f"{place}{self.message} [{self.code}]"


class VendorEvalError(Exception):
    """Nothing can go on; the message says where, what, what was expected and the likely cure."""


class UnknownNameError(VendorEvalError):
    """Nothing is called as the caller says: a path, a preset, a tag, a mapping. A command then ends as wrong usage."""


class AnswerError(VendorEvalError):
    """A text has no reading, or more than one; raised by who reads it, placed by who knows the cell.

    `readings` are those that it cannot choose between, or the one that would be taken if nobody were asked.
    """

    def __init__(self, code: str, message: str, readings: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.readings = tuple(readings)


DEBUG = "VENDOR_EVAL_DEBUG"


def program_fault(error: BaseException) -> str:
    """Say of an error of the code, and of no input, where it was raised and whose fault it can be."""
    frames = [*walk_tb(error.__traceback__)][-1:]
    place = "".join(f" in {Path(frame.f_code.co_filename).name}, line {line}" for frame, line in frames)
    return (
        f"the program failed ({type(error).__name__}: {str(error)[:_LONGEST]}{place}): this is a fault of vendor_eval, "
        f"or of a question type or mapping that was added to it, and not of the vendor; {DEBUG}=1 prints where"
    )


class InputError(VendorEvalError):
    """The inputs have faults that stop the command; `issues` holds all of them."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(dict.fromkeys(issues))
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> tuple[str, ...]:
        """The message line by line: at most 50 issues of a file, and how many more it has."""
        lines: dict[str, list[str]] = {}
        counts = Counter(issue.location.file for issue in self.issues)
        for issue in self.issues:
            of_file = lines.setdefault(issue.location.file, [])
            if len(of_file) < _LISTED:
                of_file.append(str(issue))
        for file, count in counts.items():
            if count > _LISTED:
                lines[file].append(f"{file}: {count - _LISTED:,} more issues, not listed: correct these first")
        return tuple(line for of_file in lines.values() for line in of_file)


def did_you_mean(
    word: str, known: Iterable[object], *, form: str = " (did you mean {!r}?)", nearness: float = 0.6
) -> str:
    """Name the known word that is nearest to a misspelled one, in the given form; empty if none is near (0 to 1).

    >>> did_you_mean("partal", ["Yes", "Partial", "No"])
    " (did you mean 'Partial'?)"
    """
    # Imported where a fault is worded: most runs have none.
    from difflib import SequenceMatcher

    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    spellings = {str(name).casefold(): str(name) for name in known}
    if len(spellings) > _COMPARED:
        return ""
    folded = word.casefold()
    matcher = SequenceMatcher(b=folded)
    best = (nearness, "")
    # Never below what the matcher finds, in a hundredth of its time: only names that may win are compared by it.
    bounds = process.extract(
        folded, tuple(spellings), scorer=Indel.normalized_similarity, score_cutoff=nearness - _ROUNDING, limit=None
    )
    for name, most, _ in bounds:
        if most < best[0] - _ROUNDING:
            break
        matcher.set_seq1(name)
        best = max(best, (matcher.ratio(), name))
    return form.format(spellings[best[1]]) if best[1] else ""
