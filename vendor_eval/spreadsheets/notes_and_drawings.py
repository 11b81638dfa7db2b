"""Notes, threaded comments and drawings of a sheet: pictures, charts, text boxes and other objects."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vendor_eval.spreadsheets.cells import SheetObject, letters, unreadable
from vendor_eval.spreadsheets.guard import LAST_COLUMN, LAST_ROW
from vendor_eval.spreadsheets.markup import Package, Relation, whole_number

_MOST = 10_000
_ANCHORS = {"oneCellAnchor", "twoCellAnchor", "absoluteAnchor"}
# Objects of VML that a vendor may answer with; Pict is an ActiveX control, or an embedded object.
_CONTROLS = {
    "Checkbox": "check box",
    "Radio": "option button",
    "Drop": "drop-down",
    "List": "list box",
    "Edit": "text field",
    "Button": "button",
    "Spin": "spin button",
    "Scroll": "scroll bar",
}
_OBJECT_TYPE = re.compile(r"""ObjectType\s*=\s*["'](\w+)""")
_NEAR = 300
_CORNERS = 4
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


def read_controls(package: Package, relations: Iterable[Relation], areas: Mapping[str, str]) -> tuple[SheetObject, ...]:
    """Read the controls laid over the cells of a sheet: those that it lists, and those of its old drawings (VML)."""
    controls = {address: SheetObject(address, "control", "", area) for address, area in areas.items()}
    for relation in relations:
        if relation.kind == "vmlDrawing":
            for control in _old_controls(package.parts.get(relation.target, b"")):
                _check_count(package, relation.target, len(controls))
                controls[control.address] = control
    return tuple(controls.values())


def _old_controls(content: bytes) -> Iterator[SheetObject]:
    """Find the controls in VML, which Excel itself writes with tags that no XML parser takes."""
    for text in content.decode(errors="replace").split(":ClientData ")[1:]:
        own = text.partition("ClientData>")[0]
        kind, anchor = (
            _OBJECT_TYPE.search(own[:_NEAR].partition(">")[0]),
            own.partition("Anchor>")[2].partition("<")[0].split(","),
        )
        name = _CONTROLS.get(kind[1]) if kind else None
        places = [whole_number(text) for text in anchor[:8:2]]
        if name and None not in places and len(places) == _CORNERS:
            left, top, right, bottom = (place or 0 for place in places)
            right, bottom = min(max(left, right), LAST_COLUMN - 1), min(max(top, bottom), LAST_ROW - 1)
            if left < LAST_COLUMN and top < LAST_ROW:
                first = f"{letters(left + 1)}{top + 1}"
                yield SheetObject(first, name, "", f"{first}:{letters(right + 1)}{bottom + 1}")


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
