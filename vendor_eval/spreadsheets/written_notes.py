"""Notes written into a workbook: the texts of a sheet's comments, and the boxes of its old drawing (VML)."""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import NamedTuple
from xml.sax.saxutils import escape

from vendor_eval.spreadsheets.cells import bounds
from vendor_eval.spreadsheets.edits import Edit, edited, spans
from vendor_eval.spreadsheets.tints import MAIN

NO_COMMENTS = f"<comments {MAIN}><authors></authors><commentList></commentList></comments>".encode()
NO_SHAPES = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    b"</o:shapelayout></xml>"
)
_BOX = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke '
    b'joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:285pt;height:{height}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_SHAPES = re.compile(rb"<v:shape\b.*?</v:shape\s*>", re.DOTALL)
_NUMBER = re.compile(rb"_x0000_s(\d{1,9})\b")
_PLACE = re.compile(rb"\"Note\".*<x:Row>\s*(\d{1,7})\s*</x:Row>.*<x:Column>\s*(\d{1,7})\s*</x:Column>", re.DOTALL)
_POINTS_OF_A_LINE = 14


class Note(NamedTuple):
    """A note on a cell, the lines that its box holds, and the color of the cell, '' for the one that it has.

    It takes the place of the note that is there where `replaces` is true, and stands below it where not.
    """

    text: str
    lines: int
    color: str
    replaces: bool


def comment_edits(content: bytes, notes: Mapping[str, Note]) -> Iterator[Edit]:
    """Write notes by address into the comments of a sheet; one without text goes."""
    left = dict(notes)
    for comment in spans(content, "commentList/comment"):
        address = comment.attributes["ref"].upper()
        if address in left and left[address].replaces:
            yield Edit(comment.begin, comment.end, b"")
        elif address in left:
            below = _run(f"\n\n{left.pop(address).text}")
            yield Edit(comment.begin, comment.end, _extended(content[comment.begin : comment.end], below))
    number = len(list(spans(content, "authors/author")))
    written = "".join(
        f'<comment {MAIN} ref="{address}" authorId="{number}"><text>{_run(note.text).decode()}</text></comment>'
        for address, note in left.items()
        if note.text
    )
    authors, comments = spans(content, "comments/authors", "comments/commentList")
    yield authors.appended(f"<author {MAIN}>vendor_eval</author>".encode())
    yield comments.appended(written.encode())


def _run(text: str) -> bytes:
    return f'<r {MAIN}><t xml:space="preserve">{escape(text)}</t></r>'.encode()


def _extended(comment: bytes, run: bytes) -> bytes:
    """Add a run below the text of a comment, which keeps its fonts."""
    edits: list[Edit] = []
    for span in spans(comment, "text/t", "comment/text"):
        # A text without fonts stands outside of any run, which it may not do beside one.
        plain = f"<r {MAIN}>".encode() + comment[span.begin : span.end] + b"</r>"
        edits.append(Edit(span.begin, span.end, plain) if span.path == "text/t" else span.appended(run))
    return edited(comment, edits)


def with_boxes(content: bytes, notes: Mapping[str, Note]) -> bytes:
    """Draw a box for each note by address, in place of the one that is there."""
    places = {(row - 1, column - 1): note for address, note in notes.items() for row, column, *_ in [bounds(address)]}

    def keep_other(shape: re.Match[bytes]) -> bytes:
        place = _PLACE.search(shape[0])
        return b"" if place and (int(place[1]), int(place[2])) in places else shape[0]

    content = _SHAPES.sub(keep_other, content)
    numbers = count(max((int(number) for number in _NUMBER.findall(content)), default=1024) + 1)
    boxes = "".join(
        _SHAPE.format(number=next(numbers), height=_POINTS_OF_A_LINE * (note.lines + 1), row=row, column=column)
        for (row, column), note in places.items()
        if note.text
    )
    end = content.rindex(b"</")
    return content[:end] + (b"" if b'id="_x0000_t202"' in content else _BOX) + boxes.encode() + content[end:]
