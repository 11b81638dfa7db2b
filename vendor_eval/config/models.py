"""YAML files to models, every fault with its line and column, and in words of the file."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails

from vendor_eval.config.yaml12 import Step, YamlSource, as_text, as_written, parse_document
from vendor_eval.issues import Issue, did_you_mean

T = TypeVar("T")


class Fault(ValueError):
    """What a validator of a model found; the code becomes the code of the issue, the path leads from there to it."""

    def __init__(self, code: str, message: str, *path: Step) -> None:
        super().__init__(message)
        self.code = code
        self.path = path


def without_empty(given: object, headings: Container[str]) -> object:
    """Leave out headings with nothing below them: whoever starts a file lets them stand."""
    if not isinstance(given, dict):
        return given
    return {key: value for key, value in given.items() if value is not None or key not in headings}


class Frozen(BaseModel):
    """A record of a configuration file: immutable, unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class Described(Frozen):
    """A record whose keys have docstrings; finding these costs a millisecond a class when it is imported."""

    model_config = ConfigDict(use_attribute_docstrings=True)


# A label 2022 or a version 1.10 is wanted as it stands in the file.
_SCALAR = WithJsonSchema({"type": ["boolean", "number", "string"]})
Text = Annotated[str, BeforeValidator(as_written), _SCALAR]


def _named(name: str) -> str:
    if not name.strip():
        raise Fault("wrong-value", "an id may not be empty")
    return name


Id = Annotated[Text, AfterValidator(_named)]


# pydantic alone would read `true` as 1 and the text "5" as 5.
Figure = Annotated[float, Field(strict=True)]


def _plain(value: object) -> object:
    return str(as_written(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


# `true` stays a boolean, everything else is text.
Word = Annotated[bool | str, BeforeValidator(_plain), _SCALAR]


def _read_as(read: Callable[[str], date], example: str) -> BeforeValidator:
    def check(value: object) -> object:
        text = as_written(value)
        if not isinstance(text, str):
            return value
        try:
            return read(text)
        except ValueError:
            raise Fault("wrong-value", f"{shown(value)} is no date; write it as {example}") from None

    return BeforeValidator(check)


def _moment(text: str) -> datetime:
    if len(text) <= len("2026-11-24"):
        raise ValueError(text)  # a day without a time would end as it begins
    return datetime.fromisoformat(text)


# pydantic alone would read a number as the seconds since 1970.
Day = Annotated[date, _read_as(date.fromisoformat, "2026-11-24")]
Moment = Annotated[datetime, _read_as(_moment, "2026-11-24T17:00:00+01:00")]


@dataclass(frozen=True, slots=True)
class YamlDocument(Generic[T]):
    """What a file says: the model, or None where faults prevented it."""

    source: YamlSource
    value: T | None
    faults: tuple[Issue, ...]


def load_document(path: Path, model: Any, *, name: str | None = None) -> YamlDocument[Any]:
    """Read a YAML file into a model or any annotated type; `name` stands in messages for the file."""
    source, faults = parse_document(path, name=name)
    if faults and source.root is None:
        return YamlDocument(source, None, faults)
    value, found = validate(source, model)
    return YamlDocument(source, value, (*faults, *found))


# Criteria are checked place by place, with a handful of types.
@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


_AS_IN_FILE = object()


def validate(
    source: YamlSource, model: Any, path: Sequence[Step] = (), *, value: object = _AS_IN_FILE
) -> tuple[Any, tuple[Issue, ...]]:
    """Build a model from what stands at a path of a file, or from a value given in its stead.

    The model is None if there are faults.
    """
    if value is _AS_IN_FILE:
        value = source.at(path)
    empty = Issue("missing-key", "the file is empty", source.locate(()))
    if value is None and not path:
        return None, () if empty.location in source.holes else (empty,)
    try:
        return _adapter(model).validate_python(value), ()
    except ValidationError as error:
        found = [_follow(details, details["loc"], model) for details in error.errors(include_url=False)]
        faults = (issue for one in _of_meant_members(found) for issue in _issues(source, path, one))
        return None, tuple(issue for issue in faults if issue.location not in source.holes)


# ------------------------------------------------------------------------------------------------ faults in words


@dataclass(frozen=True, slots=True)
class _LocatedError:
    """A fault of pydantic with the steps to it that a file has, the type there, and the one above."""

    details: ErrorDetails
    path: tuple[Step, ...]
    kind: Any
    owner: Any
    # Where a member of a union was tried, and which.
    tried: tuple[tuple[tuple[Step, ...], Step], ...] = ()
    # What would have fitted, where it is not for pydantic to say.
    expected: tuple[str, ...] = ()


def _follow(details: ErrorDetails, loc: Sequence[Step], kind: Any, owner: Any = None) -> _LocatedError:
    """Walk a fault's steps through the annotations: those that name a member of a union stand in no file."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _follow(details, loc, arguments[0], owner)
    if not loc:
        return _LocatedError(details, (), kind, owner)
    if origin in (Union, UnionType):
        return _follow_union(details, loc, kind, owner)
    inner = _type_at(kind, loc[0])
    if inner is None:
        return _LocatedError(details, (), kind, owner)
    found = _follow(details, loc[1:], inner, kind)
    tried = tuple(((loc[0], *place), label) for place, label in found.tried)
    return replace(found, path=(loc[0], *found.path), tried=tried)


def _follow_union(details: ErrorDetails, loc: Sequence[Step], kind: Any, owner: Any) -> _LocatedError:
    members = [member for member in get_args(kind) if member is not NoneType]
    if len(members) == 1:
        return _follow(details, loc, members[0], owner)
    named = [member for member in members if loc[0] in _labels(member)] or members
    found = max((_follow(details, loc[1:], member, owner) for member in named), key=lambda one: len(one.path))
    return replace(found, tried=(((), loc[0]), *found.tried))


def _type_at(kind: Any, step: Step) -> Any:
    """Type that a step leads to; None where the type has nothing below it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _fields(kind).get(str(step), Any)
    if origin is dict:
        return arguments[1]
    if origin is tuple and isinstance(step, int):
        return arguments[0] if arguments[-1] is ... else arguments[min(step, len(arguments) - 1)]
    return None


def _fields(kind: Any) -> dict[str, Any]:
    """Annotations of a model by the name that stands in a file; none for what is no model."""
    model = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()} if model else {}


def _labels(member: Any) -> tuple[Any, ...]:
    """List what pydantic may call a member of a union."""
    return (getattr(member, "__name__", None), *get_args(_fields(member).get("type")))


def _of_meant_members(found: list[_LocatedError]) -> list[_LocatedError]:
    """Where no member of a union fits, keep what is said of the one that was meant."""
    for place in sorted(dict.fromkeys(place for one in found for place, _ in one.tried), key=len, reverse=True):
        rivals = [one for one in found if _tried_at(one, place)]
        if len({_tried_at(one, place) for one in rivals}) > 1:
            first = found.index(rivals[0])
            found[first:] = [*_meant(rivals, place), *(one for one in found[first:] if one not in rivals)]
    return found


def _tried_at(one: _LocatedError, place: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(label for where, label in one.tried if where == place)


def _meant(rivals: list[_LocatedError], place: tuple[Step, ...]) -> list[_LocatedError]:
    deepest = max(len(one.path) for one in rivals)
    if deepest > len(place):
        members = {_tried_at(one, place) for one in rivals if len(one.path) == deepest}
        return [one for one in rivals if _tried_at(one, place) in members]
    return [replace(rivals[0], expected=tuple(word for one in rivals for word in _expected(one.details)))]


def _issues(source: YamlSource, base: Sequence[Step], one: _LocatedError) -> Iterator[Issue]:
    path, kind = (*base, *one.path), one.details["type"]
    if kind == "extra_forbidden":
        yield unknown_key(source, path, _fields(one.owner))
    elif kind == "missing" and isinstance(path[-1], int):
        message = f"{_label(source, path[:-1])}expected {len(get_args(one.owner))} values"
        yield Issue("wrong-value", message, source.locate(path[:-1]))
    elif kind == "missing":
        yield _missing(source, path)
    elif kind == "union_tag_not_found" and not isinstance(one.details["input"], dict):
        message = f"{_label(source, path)}{_instead(one.details['input'], [_KEYS])}"
        yield Issue("wrong-value", message, source.locate(path))
    elif kind == "union_tag_not_found":
        yield _missing(source, (*path, "type"))
        known = {name for member in get_args(one.kind) for name in _fields(member)}
        yield from (unknown_key(source, (*path, key), known) for key in one.details["input"] if key not in known)
    elif kind == "union_tag_invalid":
        tags = [tag.strip("' ") for tag in one.details["ctx"]["expected_tags"].split(",")]
        message = f"type: {_instead(one.details['input']['type'], tags)}"
        yield Issue("wrong-value", message, source.locate((*path, "type")))
    else:
        yield _wrong(source, path, one)


def _missing(source: YamlSource, path: Sequence[Step]) -> Issue:
    raw = source.at(path[:-1])
    names = (
        (as_text(raw[key]) for key in ("id", "category", "scorecard") if key in raw) if isinstance(raw, dict) else ()
    )
    owner = next((f" in {name}" for name in names if name), "")
    return Issue("missing-key", f"required key '{path[-1]}' is missing{owner}", source.locate(path))


def _wrong(source: YamlSource, path: tuple[Step, ...], one: _LocatedError) -> Issue:
    error = one.details.get("ctx", {}).get("error")
    path = (*path, *getattr(error, "path", ()))
    place = source.locate(path, key=one.details["loc"][-1:] == ("[key]",))
    return Issue(getattr(error, "code", "wrong-value"), f"{_label(source, path)}{_words(one)}", place)


def unknown_key(source: YamlSource, loc: Sequence[Step], known: Iterable[str]) -> Issue:
    """Say that a key is none of the known ones, and which is nearest."""
    names = sorted(known)
    hint = did_you_mean(str(loc[-1]), names) or (f"; known are {', '.join(names)}" if names else "")
    return Issue("unknown-key", f"{loc[-1]}: unknown key{hint}", source.locate(loc, key=True))


_KEYS, _LIST, _NUMBER = "keys with values", "a list", "a number"
_EXPECTED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "date_type": "a date",
    "datetime_type": "a date and time",
    "dict_type": _KEYS,
    "finite_number": "a finite number",
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "list_type": _LIST,
    "model_attributes_type": _KEYS,
    "model_type": _KEYS,
    "string_type": "text",
    "tuple_type": _LIST,
}


def _words(one: _LocatedError) -> str:
    error = one.details.get("ctx", {}).get("error")
    return str(error) if error else _instead(one.details["input"], one.expected or _expected(one.details))


def _instead(given: object, expected: Iterable[str]) -> str:
    """Say what was expected, what stands there, and the nearest right word."""
    *most, last = dict.fromkeys(expected)
    words = f"{', '.join(most)} or {last}" if most else last
    if given is None:
        return f"expected {words}; nothing stands here"
    return f"expected {words}, not {shown(given)}{did_you_mean(as_text(given), (*most, last))}"


def _expected(details: ErrorDetails) -> Sequence[str]:
    context = details.get("ctx", {})
    if details["type"] == "literal_error":
        return _literals(details)
    for key, words in (("ge", "at least"), ("le", "at most")):
        if key in context:
            return [f"{words} {context[key]:g}"]
    if "max_length" in context:
        return [f"at most {context['max_length']} values"]
    return [_EXPECTED.get(details["type"], details["msg"])]


def _literals(details: ErrorDetails) -> list[str]:
    return [word.strip("' ") for word in details["ctx"]["expected"].replace(" or ", ", ").split(", ")]


_LONGEST = 60


def shown(given: object) -> str:
    """Show a value as it stands in the file."""
    if given is None:
        return "nothing"
    if isinstance(given, list | tuple | dict):
        return _KEYS if isinstance(given, dict) else _LIST
    text = as_text(given)
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return repr(short) if isinstance(given, str) else short or str(given)


def _label(source: YamlSource, path: Sequence[Step]) -> str:
    """Last name of a path that the file has, and the numbers behind it."""
    path = path[: source.reach(path)]
    last = max((index for index, step in enumerate(path) if isinstance(step, str)), default=None)
    return "" if last is None else f"{path[last]}{''.join(f'[{step}]' for step in path[last + 1 :])}: "
