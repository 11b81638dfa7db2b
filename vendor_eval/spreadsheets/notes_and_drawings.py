"""What lies on a sheet beside its cells: notes, threads of comments, pictures, charts, text boxes, other objects."""

from collections.abc import Iterable, Iterator

from vendor_eval.spreadsheets.cells import Hung, letters, unreadable
from vendor_eval.spreadsheets.guard import LAST_COLUMN, LAST_ROW
from vendor_eval.spreadsheets.markup import Element, Package, Relation, whole

_MOST = 10_000
_ANCHORS = {"oneCellAnchor", "twoCellAnchor", "absoluteAnchor"}
_THINGS = {"pic": "picture", "graphicFrame": "chart or diagram", "sp": "shape", "contentPart": "drawing"}


def read_notes(package: Package, relations: Iterable[Relation]) -> tuple[tuple[str, str], ...]:
    """Read the notes of a sheet by address; a thread of comments replaces the note that announces it elsewhere."""
    parts = {kind: [one.target for one in relations if one.kind == kind] for kind in ("comments", "threadedComment")}
    notes = _texts(package, parts["comments"], "comment")
    threads = _texts(package, parts["threadedComment"], "threadedComment")
    threaded: dict[str, list[str]] = {}
    for address, text in threads:
        threaded.setdefault(address, []).append(text)
    plain = [(address, text) for address, text in notes if address not in threaded]
    return (*plain, *((address, "\n".join(texts)) for address, texts in threaded.items()))


def _texts(package: Package, parts: Iterable[str], tag: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for part in parts:
        for element in package.elements(part, {tag, "rPh"}):
            if element.tag == tag and element.text.strip():
                _check_count(package, part, len(found))
                found.append((element.attributes.get("ref", "").upper(), element.text.strip()))
    return found


def read_hung(package: Package, relations: Iterable[Relation]) -> Iterator[Hung]:
    """Pictures and the like that hang at cells of a sheet."""
    for relation in relations:
        if relation.kind == "drawing":
            yield from _drawing(package, relation.target)


def _drawing(package: Package, part: str) -> Iterator[Hung]:
    wanted = {*_ANCHORS, *_THINGS, "from", "col", "row", "t"}
    place = [0, 0]
    corner, texts = "", []
    count = 0
    for element in package.elements(part, wanted):
        if element.tag in {"col", "row"}:
            place[element.tag == "row"] = _number(element)
        elif element.tag == "from":
            corner = f"{letters(place[0] + 1)}{place[1] + 1}"
        elif element.tag == "t":
            texts.append(element.text)
        elif element.tag in _THINGS:
            text = " ".join(" ".join(texts).split())
            texts.clear()
            # A line or an arrow says nothing.
            if text or element.tag != "sp":
                _check_count(package, part, count)
                count += 1
                yield Hung(corner, _THINGS[element.tag] if not text else "text box", text)
        else:
            corner = ""
            texts.clear()


def _check_count(package: Package, part: str, count: int) -> None:
    if count >= _MOST:
        message = f"holds more than 10,000 notes or objects in {part}: copy the answers into a new workbook"
        raise unreadable(package.file, message, code="too-many-entries")


def _number(element: Element) -> int:
    most = LAST_COLUMN if element.tag == "col" else LAST_ROW
    return min(whole(element.text) or 0, most - 1)
