"""Notes, threaded comments and drawings of a sheet: pictures, charts, text boxes and other objects."""

from collections.abc import Iterable, Iterator, Sequence

from vendor_eval.spreadsheets.cells import SheetObject, letters, unreadable
from vendor_eval.spreadsheets.guard import LAST_COLUMN, LAST_ROW
from vendor_eval.spreadsheets.markup import Package, Relation, whole_number

_MOST = 10_000
_ANCHORS = {"oneCellAnchor", "twoCellAnchor", "absoluteAnchor"}
_KINDS = {"pic": "picture", "graphicFrame": "chart or diagram", "sp": "shape", "contentPart": "drawing"}


def read_notes(package: Package, relations: Sequence[Relation]) -> tuple[tuple[str, str], ...]:
    """Read the notes of a sheet by address; a threaded comment replaces the note that Excel writes for it."""
    notes = _texts(package, relations, "comments", "comment")
    threaded: dict[str, list[str]] = {}
    for address, text in _texts(package, relations, "threadedComment", "threadedComment"):
        threaded.setdefault(address, []).append(text)
    plain = [(address, text) for address, text in notes if address not in threaded]
    return (*plain, *((address, "\n".join(texts)) for address, texts in threaded.items()))


def _texts(package: Package, relations: Iterable[Relation], kind: str, tag: str) -> list[tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    for part in dict.fromkeys(relation.target for relation in relations if relation.kind == kind):
        for element in package.elements(part, {tag, "rPh"}):
            if element.tag == tag and element.text.strip():
                _check_count(package, part, len(texts))
                texts.append((element.attributes.get("ref", "").upper(), element.text.strip()))
    return texts


def read_objects(package: Package, relations: Iterable[Relation]) -> Iterator[SheetObject]:
    """Iterate over the objects in the drawings of a sheet."""
    for part in dict.fromkeys(relation.target for relation in relations if relation.kind == "drawing"):
        yield from _drawing(package, part)


def _drawing(package: Package, part: str) -> Iterator[SheetObject]:
    wanted = {*_ANCHORS, *_KINDS, "from", "col", "row", "t"}
    place = [0, 0]
    corner, texts = "", []
    count = 0
    for element in package.elements(part, wanted):
        if element.tag in {"col", "row"}:
            last = LAST_ROW if element.tag == "row" else LAST_COLUMN
            place[element.tag == "row"] = min(whole_number(element.text) or 0, last - 1)
        elif element.tag == "from":
            corner = f"{letters(place[0] + 1)}{place[1] + 1}"
        elif element.tag == "t":
            texts.append(element.text)
        elif element.tag in _KINDS:
            text = " ".join(" ".join(texts).split())
            texts.clear()
            # A shape without text is a line or an arrow.
            if text or element.tag != "sp":
                _check_count(package, part, count)
                count += 1
                yield SheetObject(corner, _KINDS[element.tag] if not text else "text box", text)
        else:
            corner = ""
            texts.clear()


def _check_count(package: Package, part: str, count: int) -> None:
    if count >= _MOST:
        message = f"holds more than 10,000 notes or objects in {part}: copy the answers into a new workbook"
        raise unreadable(package.file, message, code="too-many-entries")
