"""Parts of a workbook as a stream of XML elements, and the relations between parts.

No tree is built: 64 MiB of XML would need a gigabyte.
"""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers import expat

from vendor_eval.spreadsheets.cells import unreadable
from vendor_eval.spreadsheets.guard import TokenTooLongError, feed, part_name

# Excel keeps 65,530 links on a sheet, one relation each, and as many formats of cells.
_MOST_ELEMENTS = 140_000
_LONGEST_NUMBER = 18
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Element(NamedTuple):
    """A closed element: its name and attributes without namespaces, and its text."""

    tag: str
    attributes: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of a part to another one: `kind` is the last segment of its type."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Package:
    """Unpacked parts of a workbook, by normalized name; messages call the workbook by `file`."""

    file: str
    parts: Mapping[str, bytes]

    def elements(self, part: str, wanted: Collection[str]) -> Iterator[Element]:
        """Iterate over the wanted elements of a part as they close; none where the part is missing.

        Text belongs to the innermost wanted element. Raises InputError where the part is invalid XML.
        """
        content = self.parts.get(part)
        if content is None:
            return
        collector = _Collector(frozenset(wanted))
        try:
            parse(collector.parser, self.file, part, content)
        except _TooManyElementsError as error:
            message = f"holds more than {_MOST_ELEMENTS:,} entries in {part}: copy the sheets into a new workbook"
            raise unreadable(self.file, message, code="too-many-entries") from error
        yield from collector.ended

    def relations(self, part: str) -> tuple[Relation, ...]:
        """List the relations of a part to other parts of the file."""
        folder = posixpath.dirname(part)
        related = (element.attributes for element in self.elements(relations_part(part), {"Relationship"}))
        relations: list[Relation] = []
        for values in related:
            if values.get("TargetMode") != "External":
                target = values.get("Target", "").replace("\\", "/")
                target = target if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                kind = values.get("Type", "").rpartition("/")[2]
                relations.append(Relation(values.get("Id", ""), kind, part_name(target)))
        return tuple(relations)


def relations_part(part: str) -> str:
    """Return the part that holds the relations of another one, or of the package for ''."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class _TooManyElementsError(Exception):
    """A part holds more than _MOST_ELEMENTS of the wanted elements."""


class _Collector:
    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.ended: list[Element] = []
        self.open: list[tuple[str, Mapping[str, str], list[str]]] = []
        self.parser = new_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = local_name(tag)
        if name in self.wanted:
            self.open.append((name, {local_name(key): value for key, value in attributes.items()}, []))

    def _end(self, tag: str) -> None:
        if local_name(tag) in self.wanted:
            name, attributes, texts = self.open.pop()
            self.ended.append(Element(name, attributes, "".join(texts)))
            if len(self.ended) > _MOST_ELEMENTS:
                raise _TooManyElementsError

    def _text(self, text: str) -> None:
        if self.open:
            self.open[-1][2].append(text)


def new_parser() -> expat.XMLParserType:
    """Create a parser with namespaces; names are 'namespace name'."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    return parser


def whole_number(text: str) -> int | None:
    """Parse digits, possibly between blanks, as a whole number; None for anything else.

    >>> whole_number(" 12 "), whole_number("-1"), whole_number("²"), whole_number("9" * 5000)
    (12, None, None, None)
    """
    digits = text.strip()
    return int(digits) if len(digits) <= _LONGEST_NUMBER and digits.isascii() and digits.isdecimal() else None


def local_name(tag: str) -> str:
    """Strip the namespace from the name of an element or attribute."""
    return tag.rpartition(" ")[2]


def parse(parser: expat.XMLParserType, file: str, part: str, content: bytes) -> None:
    """Parse a part; raises InputError where it is invalid XML, or a comment, tag or attribute is too long."""
    try:
        feed(parser, content)
    except TokenTooLongError as error:
        message = f"holds a comment, tag or name of more than 1 MB in {part}: save it again in Excel"
        raise unreadable(file, message, code="token-too-long") from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        message = f"is damaged in {part}: open it in Excel, which may repair it, and save it again as .xlsx"
        raise unreadable(file, message) from error


def unescape(text: str) -> str:
    r"""Decode the characters that Excel escapes because XML cannot contain them, such as `_x000D_`.

    >>> unescape("two_x000D_lines, _x005F_x000D_")
    'two\rlines, _x000D_'
    """
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    # Half of a surrogate pair is no character.
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)  # noqa: PLR2004  surrogates
