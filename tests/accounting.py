"""The accounting law: every filled cell of a response ends in exactly one place."""

from collections.abc import Iterable

from openpyxl.utils import range_boundaries

from vendor_eval.intake.mapping.mapped_workbook import Foreign
from vendor_eval.intake.submission import VendorResponse
from vendor_eval.issues import Location
from vendor_eval.spreadsheets import Book

KINDS = ("answer", "evidence", "comment", "template", "unclaimed")


def claims(book: Book, foreign: Foreign) -> dict[str, set[Location]]:
    """Cells by what they were claimed as."""
    found: dict[str, set[Location]] = {kind: set() for kind in KINDS}
    for line in foreign.lines:
        for kind in KINDS[:3]:
            cell = getattr(line, kind)
            if cell is not None:
                found[kind].add(Location(book.file, line.sheet, cell.address))
    for kind in KINDS[3:]:
        listed = [place for one in getattr(foreign, kind) for place in _cells(book, one)]
        assert len(listed) == len(set(listed)), f"{kind}: a cell is listed twice"
        found[kind] |= set(listed)
    return found


def _cells(book: Book, place: Location) -> list[Location]:
    """Filled cells that a location names: one, or those of an area."""
    if ":" not in place.cell:
        return [place]
    left, top, right, bottom = range_boundaries(place.cell)
    sheet = next(sheet for sheet in book.sheets if sheet.name == place.sheet)
    inside = [cell for cell in sheet.cells if left <= cell.column <= right and top <= cell.row <= bottom]
    return [Location(book.file, sheet.name, cell.address) for cell in inside]


def filled(book: Book, sheets: Iterable[str] = ()) -> set[Location]:
    """Every filled cell of a workbook, or of some of its sheets."""
    names = set(sheets) or {sheet.name for sheet in book.sheets}
    return {Location(book.file, s.name, c.address) for s in book.sheets if s.name in names for c in s.cells}


def check_accounts(book: Book, foreign: Foreign) -> dict[str, int]:
    """Check the law for a book that was read by a mapping; return how many cells were claimed as what."""
    found = claims(book, foreign)
    every = filled(book)
    lost = every - set().union(*found.values())
    assert not lost, f"cells that nobody accounts for: {_shown(lost)}"
    invented = set().union(*found.values()) - every
    assert not invented, f"cells that are not filled: {_shown(invented)}"
    for kind in KINDS:
        for other in KINDS[KINDS.index(kind) + 1 :]:
            both = found[kind] & found[other]
            assert not both, f"cells that are {kind} and {other}: {_shown(both)}"
    return {kind: len(cells) for kind, cells in found.items()}


def check_kept(book: Book, foreign: Foreign, submission: VendorResponse) -> None:
    """Check that what a mapping claimed stands in the submission: the answers by cell, the texts beside them."""
    assert set(foreign.unclaimed) <= set(submission.unclaimed)
    answers = {place for response in submission.responses.values() for place in response.locations}
    # The second of two answers is the place of what is said of both.
    answers |= {one.location for one in submission.issues if one.code in {"contradiction", "duplicate-answer"}}
    for line in foreign.lines:
        response = _response(line.key, submission)
        assert line.answer is None or Location(book.file, line.sheet, line.answer.address) in answers, line
        assert line.evidence is None or line.evidence.raw in response.evidence, line
        assert line.comment is None or line.comment.raw in response.comment, line


def _response(key, submission):
    found = submission.responses.get(key)
    return found if found is not None else submission.responses[key.rpartition(".")[0]]


def _shown(places: set[Location]) -> str:
    return ", ".join(sorted(map(str, places))[:10])
