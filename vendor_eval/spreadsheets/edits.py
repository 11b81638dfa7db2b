"""Parts of a workbook changed in place: every byte stays that no edit names. The parts are known to be valid XML."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

# A tag, with a slash where it ends an element, and its name; or what is no tag.
_TAG = re.compile(
    rb"""<(?:!--.*?--|!\[CDATA\[.*?\]\]|\?.*?\?|(/?)([^\s/>!?]+)(?:[^"'>]|"[^"]*"|'[^']*')*+)>""", re.DOTALL
)
_ATTRIBUTE = re.compile(rb"""\s(?!xmlns)(?:[^\s=:]+:)?([^\s=:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Edit(NamedTuple):
    """Bytes that take the place of those from `begin` to `end`."""

    begin: int
    end: int
    new: bytes


class Span(NamedTuple):
    """An element where it stands: the names of its parent and itself, its tag, and where its content and itself end."""

    path: str
    tag: re.Match[bytes]
    close: int
    end: int

    @property
    def begin(self) -> int:
        return self.tag.start()

    @property
    def inside(self) -> int:
        return self.tag.end()

    @property
    def attributes(self) -> Mapping[str, str]:
        """Attributes as they are written, by their names without prefixes."""
        found = _ATTRIBUTE.findall(self.tag[0])
        return {name.decode(): (double or single).decode() for name, double, single in found}

    def appended(self, new: bytes) -> Edit:
        """Put something behind all else that the element holds."""
        if self.end > self.inside:
            return Edit(self.close, self.close, new)
        return Edit(self.end - 2, self.end, b">" + new + b"</" + self.tag[2] + b">")

    def with_attributes(self, **values: str | int) -> Edit:
        """Set attributes of the element."""
        tag, name = self.tag[0], b"<" + self.tag[2]
        for key in values:
            tag = re.sub(rb"""\s%s\s*=\s*("[^"]*"|'[^']*')""" % key.encode(), b"", tag)
        written = "".join(f' {key}="{value}"' for key, value in values.items())
        return Edit(self.begin, self.inside, name + written.encode() + tag.removeprefix(name))


def spans(content: bytes, *paths: str) -> Iterator[Span]:
    """Find elements by their parent and themselves, such as 'row/c', in the order in which they end.

    Names are without prefixes; the root has no parent, as in '/worksheet'.
    """
    begun: list[tuple[str, re.Match[bytes]]] = []
    for tag in _TAG.finditer(content):
        if tag[1]:
            path, start = begun.pop()
            if path in paths:
                yield Span(path, start, tag.start(), tag.end())
        elif tag[2]:
            parent = begun[-1][0].rpartition("/")[2] if begun else ""
            path = f"{parent}/{tag[2].rpartition(b':')[2].decode()}"
            if not tag[0].endswith(b"/>"):
                begun.append((path, tag))
            elif path in paths:
                yield Span(path, tag, tag.end(), tag.end())


def edited(content: bytes, edits: Iterable[Edit]) -> bytes:
    """Apply edits that do not overlap; of two at the same place the earlier comes first."""
    pieces, at = [], 0
    for begin, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [content[at:begin], new]
        at = end
    return b"".join((*pieces, content[at:]))
