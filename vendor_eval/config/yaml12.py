"""YAML 1.2 to plain values, each with its line and column.

`yes`, `no`, `on` and `off` are text, `true` and `false` are booleans. Nothing is executed: tags, anchors and aliases
are faults.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from vendor_eval.config.input_files import read_within
from vendor_eval.issues import Issue, Location
from vendor_eval.json_files import forbidden_character

Step = str | int
# Of a file in bytes, and of its keys, values and lists together: beyond what anybody writes, and read in two seconds.
LARGEST = 8 * 2**20
MOST_VALUES = 200_000
_HALF = re.compile("(?:0000)?d[89a-f][0-9a-f]{2}", re.IGNORECASE)


class _Integer(int):
    """An integer that remembers its spelling."""

    written: str


class _Float(float):
    """A float that remembers its spelling."""

    written: str


def as_written(value: object) -> object:
    """Return a number or a boolean as spelled in the file, every other value unchanged."""
    if isinstance(value, bool):
        return str(value).lower()
    return getattr(value, "written", value)


def as_text(value: object) -> str:
    """Return a scalar as spelled in the file, '' for None, lists and mappings."""
    written = as_written(value)
    return written if isinstance(written, str) else ""


def as_yaml(value: float | str | tuple[str, ...]) -> str:
    """Write a value on one line; a text is quoted where another reader of YAML would see a boolean."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(as_yaml, value))}]"
    if isinstance(value, int | float):
        return f"{value:.10g}"
    return f'"{value}"' if value in {"no", "yes", "on", "off"} else value


@dataclass(frozen=True, slots=True)
class YamlSource:
    """A parsed file: plain values, and the nodes with their places. `holes` are the places that were not read."""

    file: str
    value: Any
    root: yaml.Node | None
    holes: frozenset[Location] = frozenset()

    def locate(self, path: Iterable[Step], *, key: bool = False) -> Location:
        """Locate the value at a path, or its key; of a path that is missing, its last existing parent."""
        key_node, value_node = [(self.root, self.root), *self._walk(path)][-1]
        return _place(self.file, key_node if key else value_node)

    def reach(self, path: Iterable[Step]) -> int:
        """Count the leading steps of a path that exist in the file."""
        return len(list(self._walk(path)))

    def _walk(self, path: Iterable[Step]) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        node = self.root
        for step in path:
            child = None
            if isinstance(node, _Mapping):
                # Fields of a model are text, and so are keys as spelled.
                child = node.pairs.get(str(step))
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                child = node.value[step], node.value[step]
            if child is None:
                return
            yield child
            node = child[1]

    def at(self, path: Iterable[Step]) -> Any:
        """Return the value at a path; None where there is none."""
        value = self.value
        for step in path:
            if isinstance(value, dict) and str(step) in value:
                value = value[str(step)]
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value


class _Mapping(yaml.MappingNode):
    """A mapping whose keys are looked up at once: a file may have thousands of them."""

    @cached_property
    def pairs(self) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """Nodes of keys and values by key."""
        return {key.value: (key, value) for key, value in self.value}


def _place(file: str, marked: yaml.Node | yaml.Event | None) -> Location:
    return _at_mark(file, marked.start_mark if marked is not None else None)


def _at_mark(file: str, mark: Any) -> Location:
    return Location(file, line=mark.line + 1, column=mark.column + 1) if mark else Location(file, line=1, column=1)


def parse_document(path: Path, *, name: str | None = None) -> tuple[YamlSource, tuple[Issue, ...]]:
    """Parse a YAML file into plain values with their places, and the issues of its syntax.

    The source has no root where nothing could be parsed, or the file is empty.
    """
    file = name or path.name
    try:
        content = read_within(path, LARGEST)
    except OSError as error:
        message = f"cannot be read: {error.strerror}; check the name, the permissions and the size"
        return YamlSource(file, None, None), (Issue("unreadable-file", message, Location(file, line=1, column=1)),)
    try:
        text = content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        message = "this is not UTF-8: save the file as UTF-8"
        return YamlSource(file, None, None), (Issue("unreadable-file", message, _at_byte(file, content, error.start)),)
    return parse_text(text, file)


def parse_text(text: str, file: str) -> tuple[YamlSource, tuple[Issue, ...]]:
    """Parse YAML into plain values with their places, and the issues of its syntax; `file` names it in messages."""
    signs = _stand_ins(text)
    text = text.translate(signs)
    composer = _Composer(file, text, {ord(sign): chr(code) for code, sign in signs.items()})
    try:
        root = composer.compose()
    except yaml.YAMLError as error:
        return YamlSource(file, None, None), (_syntax_issue(file, text, error),)
    value = None if root is None else _value(root)
    return YamlSource(file, value, root, frozenset(composer.holes)), tuple(composer.issues)


def _stand_ins(text: str) -> dict[int, str]:
    """Map the line ends of YAML 1.1 in a text, which are plain characters in 1.2, to characters that it lacks.

    The parser would make blanks of them, and count lines that no editor shows.
    """
    used = set(text)
    breaks = [sign for sign in "\x85\u2028\u2029" if sign in used]
    free = (chr(code) for code in range(0xE000, 0xF900) if chr(code) not in used)
    return dict(zip(map(ord, breaks), free, strict=False))


def _at_byte(file: str, content: bytes, position: int) -> Location:
    before = content[:position].decode(errors="replace").removeprefix("\ufeff")
    return Location(file, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))


def _syntax_issue(file: str, text: str, error: yaml.YAMLError) -> Issue:
    if isinstance(error, yaml.reader.ReaderError):
        location = _at_byte(file, text.encode(), error.position)
        return Issue("yaml-syntax", forbidden_character(chr(error.character)), location)
    mark, start = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    half = _HALF.match(text, mark.index) if mark else None
    if half and getattr(error, "problem", "") == "found invalid Unicode character escape code":
        return Issue("yaml-syntax", forbidden_character(chr(int(half[0], 16))), _at_mark(file, mark))
    words = [getattr(error, "problem", None) or "cannot be read", getattr(error, "context", None) or ""]
    if mark and start and start.line != mark.line:
        words.append(f"that begins on line {start.line + 1}")
    cure = "; indent with spaces; quote a text that holds ': ' or ' #', or begins with a sign"
    parsed = isinstance(error, yaml.scanner.ScannerError | yaml.parser.ParserError)
    message = f"not valid YAML: {' '.join(word for word in words if word)}{cure if parsed else ''}"
    return Issue("yaml-syntax", message, _at_mark(file, mark))


_DEEPEST = 100
_MAP, _SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"


class _Composer:
    """Composes nodes from the events of the parser, and collects the issues of what a data file may not contain.

    `yaml.compose` would resolve aliases and tags unseen, and deep nesting would crash the interpreter.
    """

    def __init__(self, file: str, text: str, signs: Mapping[int, str]) -> None:
        self.file = file
        self._signs = signs
        self._count = 0
        self.issues: list[Issue] = []
        self.holes: set[Location] = set()
        self._loader = _Loader(text)

    def compose(self) -> yaml.Node | None:
        """Compose the document of the file; None if it is empty."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        root = self._node(self._next(), depth=1)
        self._next()
        following = self._next()
        if not isinstance(following, yaml.StreamEndEvent):
            self._add("yaml-syntax", "a second document begins here; keep one", following)
        return root

    def _next(self) -> Any:
        return self._loader.get_event()

    def _node(self, event: Any, depth: int) -> yaml.Node:
        self._count += 1
        if self._count > MOST_VALUES:
            problem = f"more than {MOST_VALUES:,} keys and values; divide the file, or remove what is not needed"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            return self._hole("yaml-alias", f"*{event.anchor}: aliases are not read; write the value out", event)
        if event.anchor is not None:
            self._add("yaml-alias", f"&{event.anchor}: anchors are not read; remove it", event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if event.tag is not None:
            self._add("yaml-tag", f"{event.tag}: tags are not read; remove it", event)
        if depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"nested more than {_DEEPEST} deep", problem_mark=event.start_mark)
        mark: Any = event.start_mark  # the stubs name another class of marks
        if isinstance(event, yaml.SequenceStartEvent):
            nodes = [self._node(child, depth + 1) for child in self._until(yaml.SequenceEndEvent)]
            return yaml.SequenceNode(_SEQUENCE, nodes, mark)
        return _Mapping(_MAP, list(self._pairs(depth)), mark)

    def _until(self, end: type[yaml.Event]) -> Iterator[Any]:
        while not isinstance(event := self._next(), end):
            yield event

    def _pairs(self, depth: int) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        seen: set[str] = set()
        for event in self._until(yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(self._next(), depth + 1)
            if not isinstance(key, yaml.ScalarNode):
                self._add("yaml-key", "a key must be plain text; quote a text that begins with [ or {", event)
            elif key.value in seen:
                self._add("repeated-key", f"{key.value}: the key stands twice in the same place; keep one", event)
            else:
                seen.add(key.value)
                yield key, value

    def _scalar(self, event: Any) -> yaml.Node:
        if event.tag is not None:
            return self._hole("yaml-tag", f"{event.tag}: tags are not read; remove it, or quote the text", event)
        text = event.value.translate(self._signs) if self._signs else event.value
        if fault := forbidden_character(text):
            return self._hole("yaml-syntax", fault, event)
        tag = self._loader.resolve(yaml.ScalarNode, text, event.implicit)  # type: ignore[no-untyped-call]  # a gap of its stubs
        return yaml.ScalarNode(tag, text, event.start_mark)

    def _hole(self, code: str, message: str, event: Any) -> yaml.Node:
        """Compose null for what is not read, so that the rest of the file still is."""
        self._add(code, message, event)
        self.holes.add(_place(self.file, event))
        return yaml.ScalarNode("tag:yaml.org,2002:null", "", event.start_mark)

    def _add(self, code: str, message: str, event: yaml.Event) -> None:
        self.issues.append(Issue(code, message, _place(self.file, event)))


def _value(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(child) for child in node.value]
    kind, text = node.tag.rpartition(":")[2], str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    return _number(kind, text) if kind in {"int", "float"} else text


def _number(kind: str, text: str) -> float:
    number: _Integer | _Float
    try:
        if kind == "int":
            number = _Integer(text, 0 if text.startswith(("0x", "0o")) else 10)
        else:
            number = _Float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        float(number)
    except (OverflowError, ValueError):
        # More digits than a float holds, or than Python parses.
        number = _Float("inf")
    number.written = text
    return number


class _Loader(yaml.CSafeLoader):
    """The C loader with the core schema of YAML 1.2 in place of the one of 1.1."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _kind, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("float", r"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", "-+."),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), list(_first))
