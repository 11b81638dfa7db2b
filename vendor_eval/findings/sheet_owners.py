"""Owners of the workbooks in `scores/`, and which sheet of each evaluator counts."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from vendor_eval.findings.sheet_rows import identity
from vendor_eval.forms.identity import SCORE_SHEET, written_identity
from vendor_eval.intake.inbox import WORKBOOKS
from vendor_eval.intake.listing import entries
from vendor_eval.issues import InputError, Issue, Location, did_you_mean
from vendor_eval.spreadsheets import Book, read_workbook
from vendor_eval.tender import CONSENSUS, Evaluation
from vendor_eval.tender.evaluators import Evaluator

FOLDER = "scores"

Owned = tuple[str, Book]
"""The id of an evaluator, or `consensus`, and the sheet."""


def owned_sheets(evaluation: Evaluation) -> tuple[list[Owned], list[Issue]]:
    """Read the workbooks in `scores/`: the sheet that counts of each evaluator, and issues of other files.

    Raises InputError with every workbook that cannot be read, is no score sheet of this evaluation or one of nobody
    in the panel, and with a second sheet of one evaluator, unless the evaluation says which counts.
    """
    folder = evaluation.folder / FOLDER
    books: list[Book] = []
    faults: list[Issue] = []
    strays: list[Issue] = []
    for path in entries(folder):
        name = f"{FOLDER}/{path.name}"
        if path.suffix.casefold() not in WORKBOOKS:
            message = "was not read: a score sheet is the workbook that 'vendor-eval score-sheets' wrote, filled in"
            strays.append(Issue("score-sheet-not-read", message, Location(name)))
            continue
        try:
            books.append(read_workbook(path, name=name))
        except InputError as unreadable:
            faults += unreadable.issues
    owners, wrong = _owners(evaluation, books)
    chosen, several = _chosen(evaluation, owners)
    missing = _missing_files(evaluation, folder)
    if every := [*faults, *wrong, *several, *missing]:
        raise InputError(every)
    return chosen, strays


def _owners(evaluation: Evaluation, books: Sequence[Book]) -> tuple[dict[str, list[Book]], list[Issue]]:
    known = {evaluator.id: evaluator for evaluator in evaluation.settings.evaluators}
    faults: list[Issue] = []
    owners: dict[str, list[Book]] = {}
    for book in books:
        properties = written_identity(book)
        owner = properties.get("vendor_eval_evaluator", "")
        if fault := _wrong_sheet(evaluation, book, properties, owner, known):
            faults.append(fault)
        else:
            owners.setdefault(owner, []).append(book)
    return owners, faults


def _chosen(evaluation: Evaluation, owners: Mapping[str, Sequence[Book]]) -> tuple[list[Owned], list[Issue]]:
    counted = {evaluator.id: evaluator.sheet for evaluator in evaluation.settings.evaluators}
    chosen, faults = [], []
    for owner, sheets in owners.items():
        wanted = counted.get(owner, "")
        kept = [book for book in sheets if not wanted or book.file in (wanted, f"{FOLDER}/{wanted}")]
        if len(kept) == 1:
            chosen.append((owner, kept[0]))
            continue
        files = ", ".join(book.file for book in sheets)
        message = f"{owner} has {len(sheets)} score sheets ({files}): remove one, or name what counts under 'sheet'"
        faults.append(Issue("several-sheets", message, Location(sheets[-1].file)))
    return chosen, faults


def _missing_files(evaluation: Evaluation, folder: Path) -> Iterator[Issue]:
    for index, evaluator in enumerate(evaluation.settings.evaluators):
        name = evaluator.sheet.removeprefix(f"{FOLDER}/")
        if name and not (folder / name).exists():
            near = did_you_mean(name, [path.name for path in entries(folder)])
            message = f"sheet: {evaluator.sheet} is not in {FOLDER}/{near}"
            yield Issue("missing-file", message, evaluation.source.locate(("evaluators", index, "sheet")))


def _wrong_sheet(
    evaluation: Evaluation, book: Book, properties: Mapping[str, str], owner: str, known: Mapping[str, Evaluator]
) -> Issue | None:
    place = Location(book.file)
    if properties.get("vendor_eval_template") != SCORE_SHEET:
        message = "is no score sheet: fill in the workbook that 'vendor-eval score-sheets' wrote"
        return Issue("no-score-sheet", message, place)
    if owner not in (*known, CONSENSUS):
        message = f"is the sheet of '{owner}', who is no evaluator here{did_you_mean(owner, known)}"
        return Issue("wrong-evaluator", message, place)
    if properties.get("vendor_eval_evaluation") != identity(evaluation, owner)["vendor_eval_evaluation"]:
        return Issue("wrong-evaluation", "was written for another evaluation: title or reference differ", place)
    stem = Path(book.file).stem
    if stem in (*known, CONSENSUS) and stem != owner:
        message = f"is named after {stem} and is the sheet of {owner}: a copy? Each evaluator fills in the own sheet"
        return Issue("wrong-evaluator", message, place)
    return None
