"""Rounds of a vendor's workbooks: its responses, then the clarifications that count, in their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vendor_eval.forms.identity import SCORE_SHEET, clarification_of, without_our_texts
from vendor_eval.forms.tokens import FILE, Tokens, load_tokens, refusal
from vendor_eval.intake.evidence import InputFile
from vendor_eval.intake.inbox import VendorFiles
from vendor_eval.intake.submission.replies import read_replies
from vendor_eval.issues import Issue
from vendor_eval.results import ConditionReply
from vendor_eval.spreadsheets import Book
from vendor_eval.tender import Evaluation

_REPLACES_NOTHING = "clarification-unconfirmed"


# Workbooks with their round, 0 for a response, and the questions that a clarification asked (None: any).
_Rounds = tuple[tuple[int, Book, frozenset[str] | None], ...]


@dataclass(frozen=True)
class Rounds:
    """A vendor's workbooks in the order of their rounds, without those of conditions, whose replies are `says`.

    `tokens` is the file of tokens where a workbook was compared with it.
    """

    books: _Rounds
    issues: tuple[Issue, ...]
    tokens: InputFile | None
    says: Mapping[str, ConditionReply]


def in_rounds(evaluation: Evaluation, vendor: VendorFiles, books: Sequence[Book]) -> Rounds:
    """Put a vendor's workbooks in the order of their rounds.

    A clarification that does not count is read like a response. One that is another vendor's, or carries the token of
    another, is read only where the vendor sent nothing else, as is a workbook of conditions that does not count. Raises
    InputError where the tokens cannot be read.
    """
    said = ((book.file, clarification_of(book)) for book in books)
    claims = {file: own for file, own in said if own is not None and own.kind != SCORE_SHEET}
    tokens = load_tokens(evaluation.folder) if claims else Tokens()
    listed = {file for entry in evaluation.settings.vendors if entry.id == vendor.id for file in entry.file}
    rounds: list[tuple[int, Book, frozenset[str] | None]] = []
    refused: list[tuple[Book, Issue]] = []
    issues = list(vendor.remarks)
    says: dict[str, ConditionReply] = {}
    for book in books:
        own = claims.get(book.file)
        if own is None:
            rounds.append((0, book, None))
            continue
        stripped = without_our_texts(book)
        issue = refusal(own, vendor.id, tokens, book.file, listed=book.file in listed)
        sent = tokens.of(vendor.id, own.round)
        if own.is_conditions and issue is None:
            says |= read_replies(book, sent.questions if sent else ())
        elif issue is None:
            known = sent is not None and sent.token == own.token
            rounds.append((own.round, stripped, frozenset(sent.questions) if sent and known else None))
        elif issue.code == _REPLACES_NOTHING:
            rounds.append((0, stripped, None))
            issues.append(issue)
        else:
            refused.append((stripped, issue))
    outcome = "nothing of it was read" if rounds else "it was read like a response, since nothing else arrived"
    issues += (replace(issue, message=f"{issue.message}; {outcome}", text="") for _, issue in refused)
    rounds = rounds or [(0, book, None) for book, _ in refused]
    in_order = tuple(sorted(rounds, key=lambda entry: entry[0]))
    used = InputFile(FILE, tokens.sha256) if claims and tokens.sha256 else None
    return Rounds(in_order, tuple(issues), used, says)
