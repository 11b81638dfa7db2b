"""A fault is data: a stable code, a message, a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vendor_eval.errors import VendorEvalError


class Severity(StrEnum):
    """How much an issue matters: `blocking` means that an answer could not be credited."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTICE = "notice"


# One place to add a code. Codes are stable, messages may change. What is not named here is blocking.
_MILDER = {
    "abnormally-low": Severity.WARNING,
    "act-set-aside": Severity.WARNING,
    "answer-elsewhere": Severity.WARNING,
    "answer-in-comment": Severity.WARNING,
    "answer-waits": Severity.WARNING,
    "asked-again": Severity.WARNING,
    "certificate-not-named": Severity.WARNING,
    "changed-dropdown": Severity.WARNING,
    "changed-question": Severity.WARNING,
    "column-not-found": Severity.WARNING,
    "comment-missing": Severity.WARNING,
    "currency-not-confirmed": Severity.WARNING,
    "copied-sheet": Severity.WARNING,
    "document-expected": Severity.WARNING,
    "finding-without-effect": Severity.WARNING,
    "merged-answer": Severity.WARNING,
    "merged-evidence": Severity.WARNING,
    "no-counterpart": Severity.WARNING,
    "no-received-date": Severity.WARNING,
    "no-written-date": Severity.WARNING,
    "older-template": Severity.WARNING,
    "partial-without-text": Severity.WARNING,
    "price-suspicious": Severity.WARNING,
    "qualified-answer": Severity.WARNING,
    "question-not-found": Severity.WARNING,
    "several-answer-columns": Severity.WARNING,
    "rubric-given-to-nobody": Severity.WARNING,
    "said-beside-currency": Severity.WARNING,
    "same-author": Severity.WARNING,
    "score-sheet-not-read": Severity.WARNING,
    "same-file": Severity.WARNING,
    "same-text": Severity.WARNING,
    "sheet-not-found": Severity.WARNING,
    "unnamed-document": Severity.WARNING,
    "validity-missing": Severity.WARNING,
    "answer-not-needed": Severity.NOTICE,
    "cover-name": Severity.NOTICE,
    "covered-content": Severity.NOTICE,
    "duplicate-answer": Severity.NOTICE,
    "duplicate-row": Severity.NOTICE,
    "evidence-not-read": Severity.NOTICE,
    "yield-below-living-wage": Severity.NOTICE,
    "evidence-repeated": Severity.NOTICE,
    "finding-after-as-of": Severity.NOTICE,
    "formula": Severity.NOTICE,
    "found-by-text": Severity.NOTICE,
    "hidden-content": Severity.NOTICE,
    "macros": Severity.NOTICE,
    "no-template-identity": Severity.NOTICE,
    "note": Severity.NOTICE,
    "placeholder-answer": Severity.NOTICE,
    "question-not-asked": Severity.NOTICE,
    "read-by-mapping": Severity.NOTICE,
    "reduced-checks": Severity.NOTICE,
    "renamed-sheet": Severity.NOTICE,
    "said-beside-price": Severity.NOTICE,
    "row-of-unread-vendor": Severity.NOTICE,
    "unclaimed-content": Severity.NOTICE,
    "unmeasured": Severity.NOTICE,
    "waiver-without-effect": Severity.NOTICE,
}

# Issues that speak of other vendors: for the buyer alone.
OF_THE_FIELD = frozenset(
    ("abnormally-low", "cover-name", "same-author", "same-file", "same-text", "vendor-name", "wrong-vendor")
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
    """One fault, in words that name what was expected and the likely cure."""

    code: str
    message: str
    location: Location = Location()

    @property
    def severity(self) -> Severity:
        """Severity of the code."""
        return _MILDER.get(self.code, Severity.BLOCKING)

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location.file else ""
        return f"{place}{self.message} [{self.code}]"


class InputError(VendorEvalError):
    """The inputs have faults that stop the command; `issues` holds all of them."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(dict.fromkeys(issues))
        super().__init__("\n".join(str(issue) for issue in self.issues))


def did_you_mean(
    word: str, known: Iterable[object], *, form: str = " (did you mean {!r}?)", nearness: float = 0.6
) -> str:
    """Name the known word that is nearest to a misspelt one, in the given form; empty if none is near (0 to 1).

    >>> did_you_mean("partal", ["Yes", "Partial", "No"])
    " (did you mean 'Partial'?)"
    """
    # Imported where a fault is worded: most runs have none.
    from difflib import get_close_matches

    spellings = {str(name).casefold(): str(name) for name in known}
    near = get_close_matches(word.casefold(), spellings, n=1, cutoff=nearness)
    return form.format(spellings[near[0]]) if near else ""
