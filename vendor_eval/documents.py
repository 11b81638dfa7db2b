"""YAML files to models, every fault with its line and column.

YAML 1.2 is read: `yes`, `no`, `on` and `off` are text, `true` and `false` are booleans. Nothing is executed:
tags, anchors and aliases are faults.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from vendor_eval.issues import Issue, Location, did_you_mean

T = TypeVar("T")
Step = str | int


class Fault(ValueError):
    """What a validator of a model found; the code becomes the code of the issue."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Frozen(BaseModel):
    """A record of a configuration file: immutable, unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _Whole(int):
    """A whole number that remembers how it was written."""

    written: str


class _Fraction(float):
    """A number that remembers how it was written."""

    written: str


def _as_written(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return getattr(value, "written", value)


# A label 2022 or a version 1.10 is wanted as it stands in the file.
Text = Annotated[str, BeforeValidator(_as_written)]


def _plain(value: object) -> object:
    return str(_as_written(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


# `true` stays a boolean, everything else is text.
Word = Annotated[bool | str, BeforeValidator(_plain)]


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


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file: plain values, and for each of them where it stands."""

    file: str
    value: Any
    root: yaml.Node | None

    def locate(self, path: Iterable[Step], *, key: bool = False) -> Location:
        """Place of the value at a path, or of its key; steps that the file does not have are passed over."""
        node, mark_node = self.root, self.root
        for step in path:
            found = _child(node, step)
            if found is None:
                continue
            mark_node = found[0] if key else found[1]
            node = found[1]
        if mark_node is None:
            return Location(file=self.file, line=1, column=1)
        mark = mark_node.start_mark
        return Location(file=self.file, line=mark.line + 1, column=mark.column + 1)


@dataclass(frozen=True, slots=True)
class Document(Generic[T]):
    """What a file says: the model, or None with the faults that prevented it."""

    source: Source
    value: T | None
    faults: tuple[Issue, ...]


def _child(node: yaml.Node | None, step: Step) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        # Fields of a model are text, and so are keys as they were written.
        return next(((k, v) for k, v in node.value if k.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item, item
    return None


def load_document(path: Path, model: Any, *, name: str | None = None) -> Document[Any]:
    """Read a YAML file into a model or any annotated type; `name` stands in messages for the file."""
    source, faults = parse_document(path, name=name)
    if faults:
        return Document(source, None, faults)
    value, faults = validate(source, model)
    return Document(source, value, faults)


def parse_document(path: Path, *, name: str | None = None) -> tuple[Source, tuple[Issue, ...]]:
    """Read a YAML file into plain values with their places, and the faults of its form."""
    file = name or path.name
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        message = f"cannot be read: {error.strerror}; check the name and the permissions"
        return Source(file, None, None), (Issue("unreadable-file", message, Location(file=file)),)
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not UTF-8: save the file as UTF-8"
        return Source(file, None, None), (Issue("unreadable-file", message, Location(file=file)),)
    return parse_text(text, file)


def parse_text(text: str, file: str) -> tuple[Source, tuple[Issue, ...]]:
    """Parse YAML into plain values with their places, and the faults of its form; `file` names it in messages."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        return Source(file, None, None), (_syntax_fault(file, error),)
    builder = _Builder(file)
    value = builder.build(root) if root is not None else None
    return Source(file, value, root), tuple(builder.faults)


def _syntax_fault(file: str, error: yaml.YAMLError) -> Issue:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    context = getattr(error, "context", None)
    message = (
        f"not valid YAML: {problem}{f' {context}' if context else ''}; a text that holds ': ' or ' #' needs quotes"
    )
    place = (
        Location(file=file, line=mark.line + 1, column=mark.column + 1) if mark else Location(file, line=1, column=1)
    )
    return Issue("yaml-syntax", message, place)


class _Builder:
    """Nodes to plain values; faults of form are gathered on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Issue] = []
        self._seen: set[int] = set()

    def build(self, node: yaml.Node) -> object:
        if id(node) in self._seen:
            self._fault("yaml-alias", "anchors and aliases are not read: write the value out", node)
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item) for item in node.value]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, object]:
        result: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault("yaml-key", "a key must be plain text", key)
                continue
            if key.value in result:
                message = f"{key.value}: the key stands twice in the same place; keep one"
                self._fault("repeated-key", message, key)
                continue
            result[key.value] = self.build(value)
        return result

    def _scalar(self, node: yaml.Node) -> object:
        kind = node.tag.rpartition(":")[2]
        if not node.tag.startswith("tag:yaml.org,2002:") or kind not in {"str", "null", "bool", "int", "float"}:
            self._fault("yaml-tag", f"the tag {node.tag} is not read: criteria are data only", node)
            return None
        if kind == "null":
            return None
        if kind == "bool":
            return bool(node.value.lower() == "true")
        if kind in {"int", "float"}:
            return _number(kind, node.value)
        return node.value

    def _fault(self, code: str, message: str, node: yaml.Node) -> None:
        mark = node.start_mark
        place = Location(file=self.file, line=mark.line + 1, column=mark.column + 1)
        self.faults.append(Issue(code, message, place))


def _number(kind: str, text: str) -> float:
    number: _Whole | _Fraction
    if kind == "int":
        number = _Whole(text, 0 if text.startswith(("0x", "0o")) else 10)
    else:
        special = text.lower().replace(".inf", "inf").replace(".nan", "nan")
        number = _Fraction(special)
    number.written = text
    return number


_AS_IN_FILE = object()


def validate(
    source: Source, model: Any, path: Sequence[Step] = (), *, value: object = _AS_IN_FILE
) -> tuple[Any, tuple[Issue, ...]]:
    """Build a model from what stands at a path of a file, or from a value given in its stead.

    The model is None if there are faults.
    """
    if value is _AS_IN_FILE:
        value = _raw_at(source, path)
    try:
        return TypeAdapter(model).validate_python(value), ()
    except ValidationError as error:
        found = (_issue(source, model, path, details) for details in error.errors())
        return None, tuple(issue for issues in found for issue in issues)


def _issue(source: Source, model: Any, path: Sequence[Step], details: Mapping[str, Any]) -> Iterator[Issue]:
    inner = tuple(details["loc"])
    loc = (*path, *inner)
    kind = details["type"]
    if kind == "extra_forbidden":
        yield unknown_key(source, loc, _fields_at(model, inner[:-1]))
    elif kind == "missing":
        yield Issue("missing-key", f"required key '{loc[-1]}' is missing{_owner(source, loc[:-1])}", source.locate(loc))
    elif kind == "union_tag_not_found":
        yield Issue("missing-key", f"required key 'type' is missing{_owner(source, loc)}", source.locate(loc))
        known = {name for choice in _members(_type_at(model, inner)) for name in _names(choice)}
        raw = _raw_at(source, loc)
        for key in raw if isinstance(raw, dict) else ():
            if key not in known:
                yield unknown_key(source, (*loc, key), known)
    elif kind == "union_tag_invalid":
        tags = [tag.strip("' ") for tag in details["ctx"]["expected_tags"].split(",")]
        tag = details["ctx"]["tag"]
        message = f"type: '{tag}' is not one of {', '.join(tags)}{did_you_mean(tag, tags)}"
        yield Issue("wrong-value", message, source.locate((*loc, "type")))
    else:
        yield Issue(_code(details), f"{_label(source, loc)}{_words(details)}", source.locate(loc))


def unknown_key(source: Source, loc: Sequence[Step], known: Iterable[str]) -> Issue:
    """Say that a key is none of the known ones, and which is nearest."""
    names = sorted(known)
    hint = did_you_mean(str(loc[-1]), names) or (f"; known are {', '.join(names)}" if names else "")
    return Issue("unknown-key", f"{loc[-1]}: unknown key{hint}", source.locate(loc, key=True))


def _code(details: Mapping[str, Any]) -> str:
    error = details.get("ctx", {}).get("error")
    return getattr(error, "code", "wrong-value")


def _words(details: Mapping[str, Any]) -> str:
    context = details.get("ctx", {})
    if "error" in context:
        return str(context["error"])
    shown = details["input"]
    given = f", not {shown!r}" if isinstance(shown, str | int | float | bool) or shown is None else ""
    if details["type"] == "literal_error":
        expected = [word.strip("' ") for word in context["expected"].replace(" or ", ", ").split(", ")]
        return f"{shown!r} is not one of {', '.join(expected)}{did_you_mean(str(shown), expected)}"
    return f"{details['msg'].replace('Input should be', 'expected')}{given}"


def _label(source: Source, loc: Sequence[Step]) -> str:
    real = list(_real_steps(source, loc))
    names = [step for step in real if isinstance(step, str)]
    tail = "".join(f"[{step}]" for step in real[len(real) - real[::-1].index(names[-1]) :]) if names else ""
    return f"{names[-1]}{tail}: " if names else ""


def _owner(source: Source, loc: Sequence[Step]) -> str:
    raw = _raw_at(source, loc)
    named = (
        next((raw[key] for key in ("id", "category", "scorecard") if key in raw), None)
        if isinstance(raw, dict)
        else None
    )
    return f" in {named}" if named else ""


def _real_steps(source: Source, loc: Iterable[Step]) -> Iterator[Step]:
    node = source.root
    for step in loc:
        found = _child(node, step)
        if found is not None:
            node = found[1]
            yield step


def _raw_at(source: Source, loc: Iterable[Step]) -> Any:
    value = source.value
    for step in _real_steps(source, loc):
        value = value[step]
    return value


def _fields_at(model: Any, loc: Iterable[Step]) -> set[str]:
    return {name for choice in _members(_type_at(model, loc)) for name in _names(choice)}


def _names(kind: Any) -> Iterator[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            yield field.alias or name


def _members(kind: Any) -> Iterator[Any]:
    """Types that an annotation may mean: Annotated, optional and unions are opened."""
    if get_origin(kind) is Annotated:
        yield from _members(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType):
        for member in get_args(kind):
            yield from _members(member)
    else:
        yield kind


def _type_at(model: Any, loc: Iterable[Step]) -> Any:
    """Follow the steps of a fault through the annotations; a step that names a member of a union narrows it."""
    kinds: list[Any] = [model]
    for step in loc:
        members = [member for kind in kinds for member in _members(kind)]
        kinds = list(_step_into(members, step)) or kinds
    return Union[tuple(kinds)] if len(kinds) > 1 else kinds[0]  # noqa: UP007  built at run time from a list


def _step_into(members: Iterable[Any], step: Step) -> Iterator[Any]:
    for member in members:
        arguments = get_args(member)
        if isinstance(member, type) and issubclass(member, BaseModel):
            fields = {field.alias or name: field for name, field in member.model_fields.items()}
            if step in fields:
                yield fields[str(step)].annotation
            elif _tag_of(member) == step or member.__name__ == step:
                yield member
        elif isinstance(step, int) and get_origin(member) in (tuple, list):
            yield (
                arguments[0]
                if len(arguments) == 1 or arguments[-1] is ...
                else arguments[min(step, len(arguments) - 1)]
            )
        elif get_origin(member) in (dict, Mapping) and isinstance(step, Hashable):
            yield arguments[1]


def _tag_of(member: type[BaseModel]) -> object:
    field = member.model_fields.get("type")
    arguments = get_args(field.annotation) if field else ()
    return arguments[0] if len(arguments) == 1 else None
