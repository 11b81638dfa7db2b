"""A vendor's own workbook with a note at each issue, and a first sheet that lists them with links to the cells."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from vendor_eval.config.models import Frozen, load_document
from vendor_eval.config.shipped import codes_file
from vendor_eval.forms.workbook_writer import ACCENT, cell_text, lines
from vendor_eval.results import IssueRecord
from vendor_eval.spreadsheets import Book, bounds
from vendor_eval.spreadsheets.annotations import marked_note, own_note, row_mark, without_annotations
from vendor_eval.spreadsheets.rewrite import PLAIN, List, ListCell, NotRewrittenError, list_alone, open_copy, rewrite
from vendor_eval.spreadsheets.written_notes import Note

_TITLE = "Issues"
_TINTS = {"blocking": "F4C7C3", "warning": "FDEEB5", "notice": "DFE9F3"}
_WIDTHS = {"Severity": 11, "Cell": 26, "Question": 14, "What is wrong, and what was expected": 70, "What to do": 52}
_HEADLINE, _HEADER = '<b/><sz val="14"/>', '<b/><sz val="10"/><color rgb="FFFFFFFF"/>'
_LINK = '<u/><sz val="10"/><color rgb="FF1F4E79"/>'
_LETTERS_OF_A_NOTE = 48

# A sheet and the address of a cell.
Place = tuple[str, str]


class CodeText(Frozen):
    """What a code of an issue means and its likely cure, each in one sentence."""

    meaning: str
    cure: str


class Annotated(NamedTuple):
    """The workbook, and why it holds the list alone; '' where it is the vendor's own."""

    content: bytes
    reason: str


def annotated(file: str, content: bytes, issues: Sequence[IssueRecord]) -> Annotated:
    """Annotate a vendor's workbook with its issues; `file` is its name, `content` what was read.

    Where something of it would be lost, and for any kind but .xlsx, the list stands in a workbook of its own. What an
    earlier annotation left in it is replaced.
    """
    texts: dict[str, CodeText] = load_document(codes_file(), dict[str, CodeText]).value or {}
    cures = {code: text.cure for code, text in texts.items()}
    try:
        book = open_copy(file, content)
        places = [_place(book, issue) for issue in issues]
        kept = {sheet.name for sheet in without_annotations(book).sheets}
        old = next((sheet.name for sheet in book.sheets if sheet.cells and sheet.name not in kept), "")
        notes = _notes(book, issues, cures, places)
        return Annotated(rewrite(book, content, _list(file, issues, cures, places, ""), notes, old=old), "")
    except NotRewrittenError as error:
        reason = str(error)
    return Annotated(list_alone(_list(file, issues, cures, [None] * len(issues), reason)), reason)


def _place(book: Book, issue: IssueRecord) -> Place | None:
    """Find the cell of an issue, of a merged area its first; None where it has none."""
    address = issue.source.cell
    sheet = next((sheet for sheet in book.sheets if sheet.name == issue.source.sheet), None)
    if not address or sheet is None:
        return None
    row, column, *_ = bounds(address)
    for area in sheet.merged:
        top, left, bottom, right = bounds(area)
        if top <= row <= bottom and left <= column <= right:
            return sheet.name, area.partition(":")[0]
    return sheet.name, address.partition(":")[0]


def _notes(
    book: Book, issues: Iterable[IssueRecord], cures: Mapping[str, str], places: Iterable[Place | None]
) -> dict[str, dict[str, Note]]:
    """Write the notes of each sheet by address, below the vendor's own; those of an earlier annotation go."""
    by_place: dict[Place, list[IssueRecord]] = {}
    for issue, place in zip(issues, places, strict=True):
        if place:
            by_place.setdefault(place, []).append(issue)
    there = {(sheet.name, address): text for sheet in book.sheets for address, text in sheet.notes}
    kept = {place: own for place, text in there.items() if (own := own_note(text)) != text}
    notes: dict[str, dict[str, Note]] = {}
    for place in {**by_place, **kept}:
        noted = by_place.get(place, [])
        said = (f"{issue.severity.upper()}: {issue.message}\nWhat to do: {cures[issue.code]}" for issue in noted)
        text = marked_note(cell_text("\n\n".join(said))) if noted else ""
        text = "\n\n".join(filter(None, (kept.get(place), text)))
        worst = min((issue.severity for issue in noted), key=list(_TINTS).index, default=None)
        height = lines(text, _LETTERS_OF_A_NOTE)
        notes.setdefault(place[0], {})[place[1]] = Note(text, height, _TINTS[worst] if worst else "", place in kept)
    return notes


def _list(
    file: str, issues: Sequence[IssueRecord], cures: Mapping[str, str], places: Iterable[Place | None], reason: str
) -> List:
    """List all issues with links to their places; each row ends in its mark, in a hidden column."""
    count = f"{len(issues)} point{'' if len(issues) == 1 else 's'} to look at in {file}"
    how = (
        f"Your workbook is not annotated here: {reason}. Look the cells up in your own file."
        if reason
        else "Each cell below is tinted in your workbook and carries a note. Nothing else of it was changed."
    )
    rows = [[ListCell(count, _HEADLINE, wraps=False)], [ListCell(how, wraps=False)], []]
    rows.append([ListCell(title, _HEADER, ACCENT.removeprefix("#")) for title in _WIDTHS])
    for issue, place in zip(issues, places, strict=True):
        where = "!".join(filter(None, (issue.source.sheet, issue.source.cell)))
        question = f"{issue.question}.{issue.part}" if issue.part else issue.question
        link = "'{}'!{}".format(place[0].replace("'", "''"), place[1]) if place else ""
        first = (
            ListCell(issue.severity, color=_TINTS[issue.severity]),
            ListCell(where, _LINK if link else PLAIN, "", link),
        )
        rows.append([*first, *map(ListCell, (question, issue.text or issue.message, cures[issue.code]))])
    clean = [[cell._replace(text=cell_text(cell.text)) for cell in row] for row in rows]
    for row in filter(None, clean):
        mark = ListCell(row_mark(cell.text for cell in row), wraps=False)
        row += [*[ListCell("")] * (len(_WIDTHS) - len(row)), mark]
    return List(_TITLE, [*_WIDTHS.values(), 0], clean)
