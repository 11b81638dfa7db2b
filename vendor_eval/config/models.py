"""Validate YAML files with pydantic models; each issue has its line and column and speaks of keys of the file."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails

from vendor_eval.config.yaml12 import Step, YamlSource, as_text, as_written, parse_document
from vendor_eval.issues import InputError, Issue, did_you_mean
from vendor_eval.json_files import adapter


class Fault(ValueError):
    """Error of a validator of a model: the code is that of the issue, the path leads from the model to the value."""

    def __init__(self, code: str, message: str, *path: Step) -> None:
        super().__init__(message)
        self.code = code
        self.path = path


def without_empty(values: object, headings: Container[str]) -> object:
    """Drop headings without values: a file that is only begun still has them."""
    if not isinstance(values, dict):
        return values
    return {key: value for key, value in values.items() if value is not None or key not in headings}


class Frozen(BaseModel):
    """Base of the records of a configuration file: immutable, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class Described(Frozen):
    """Base of records whose fields have docstrings; only a schema parses them, which takes milliseconds a class."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, meaning in cls.meanings().items():
            properties[cls.model_fields[name].alias or name].setdefault("description", meaning)
        return schema

    @classmethod
    def meanings(cls) -> Mapping[str, str]:
        """Map the fields to their docstrings."""
        described = [base for base in reversed(cls.__mro__) if issubclass(base, Described) and base is not Described]
        return {name: text for base in described for name, text in field_docstrings(base).items()}


def field_docstrings(described: type) -> dict[str, str]:
    """Map the fields of a class to the text below each, as its source has it."""
    import ast
    import inspect
    from textwrap import dedent

    (kind,) = ast.parse(dedent(inspect.getsource(described))).body
    return {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in pairwise(getattr(kind, "body", ()))
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str)
    }


# A label 2022 or a version 1.10 is text as written in the file.
_SCALAR = WithJsonSchema({"type": ["boolean", "number", "string"]})
Text = Annotated[str, BeforeValidator(as_written), _SCALAR]


def _not_blank(name: str) -> str:
    if not name.strip():
        raise Fault("wrong-value", "an id may not be empty")
    return name


Id = Annotated[Text, AfterValidator(_not_blank)]


# pydantic alone would read `true` as 1 and the text "5" as 5.
Figure = Annotated[float, Field(strict=True)]


def _number_as_text(value: object) -> object:
    return str(as_written(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


# `true` stays a boolean, everything else is text.
Word = Annotated[bool | str, BeforeValidator(_number_as_text), _SCALAR]


def _iso_text(parse: Callable[[str], date], example: str) -> BeforeValidator:
    def validator(value: object) -> object:
        text = as_written(value)
        if not isinstance(text, str):
            return value
        try:
            return parse(text)
        except ValueError:
            raise Fault("wrong-value", f"{shown(value)} is no date; write it as {example}") from None

    return BeforeValidator(validator)


def _parse_moment(text: str) -> datetime:
    if len(text) <= len("2026-11-24"):
        raise ValueError(text)  # a date alone would mean its first second
    return datetime.fromisoformat(text)


# pydantic alone would read a number as the seconds since 1970.
Day = Annotated[date, _iso_text(date.fromisoformat, "2026-11-24")]
Moment = Annotated[datetime, _iso_text(_parse_moment, "2026-11-24T17:00:00+01:00")]


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A parsed file: the validated value, or None where issues prevented it."""

    source: YamlSource
    value: Any
    faults: tuple[Issue, ...]

    def sound(self) -> Any:
        """Return the value; raise InputError with every fault where there is one."""
        if self.value is None or self.faults:
            raise InputError(self.faults)
        return self.value


def load_document(path: Path, model: Any, *, name: str | None = None) -> YamlDocument:
    """Load a YAML file into a model or any annotated type; messages call the file by `name`."""
    source, syntax = parse_document(path, name=name)
    if syntax and source.root is None:
        return YamlDocument(source, None, syntax)
    value, issues = validate(source, model)
    return YamlDocument(source, value, (*syntax, *issues))


def load_list(path: Path, model: Any) -> tuple[YamlSource, Mapping[int, Any], tuple[Issue, ...]]:
    """Load a YAML list: its sound entries by their place, and the faults of the others; empty without such a file."""
    if not path.exists():
        return YamlSource(path.name, None, None), {}, ()
    source, syntax = parse_document(path)
    if source.value is None:  # as long as all its lines are comments
        return source, {}, syntax
    entries, faults = validate(source, tuple[model, ...])
    if entries is not None:
        return source, dict(enumerate(entries)), (*syntax, *faults)
    sound: dict[int, Any] = {}
    # Of a list that is nearly all wrong nothing is checked further.
    for index, value in enumerate(source.value if isinstance(source.value, list) and len(faults) < WORDED else ()):
        with suppress(ValidationError):
            sound[index] = adapter(model).validate_python(value)
    return source, sound, (*syntax, *faults)


_FROM_FILE = object()
# So many faults of a value are put into words; who made more of them made one many times.
WORDED = 1000


def validate(
    source: YamlSource, model: Any, path: Sequence[Step] = (), *, value: object = _FROM_FILE
) -> tuple[Any, tuple[Issue, ...]]:
    """Validate the value at a path of a file, or another value in its place, as a model.

    Returns the model, None if it is invalid, and the issues.
    """
    if value is _FROM_FILE:
        value = source.at(path)
    empty = Issue("missing-key", "the file is empty", source.locate(()))
    if value is None and not path:
        return None, () if empty.location in source.holes else (empty,)
    try:
        return adapter(model).validate_python(value), ()
    except ValidationError as error:
        errors = [_locate(details, details["loc"], model) for details in _first_errors(error, value, model)]
        issues = [issue for located in _of_intended_members(errors) for issue in _issues(source, path, located)]
        if error.error_count() > WORDED:
            message = f"has up to {error.error_count():,} faults, of which the first are named: correct these first"
            issues.append(Issue("wrong-value", message, source.locate(path)))
        return None, tuple(issue for issue in issues if issue.location not in source.holes)


def _first_errors(error: ValidationError, value: object, model: Any) -> list[ErrorDetails]:
    """List the errors of a value; of very many in a list those of its first entries, since each takes its time."""
    if error.error_count() > WORDED and isinstance(value, list):
        try:
            adapter(model).validate_python(value[:WORDED])
        except ValidationError as early:
            error = early
    return error.errors(include_url=False)[:WORDED]


# ------------------------------------------------------------------------------------------------ errors to issues


@dataclass(frozen=True, slots=True)
class _LocatedError:
    """An error of pydantic with its path in the file, the type expected there, and the type that owns it."""

    details: ErrorDetails
    path: tuple[Step, ...]
    kind: Any
    owner: Any
    # The members of unions that were tried: the path of each union, and the label of the member.
    tried: tuple[tuple[tuple[Step, ...], Step], ...] = ()
    # Replaces what pydantic expected.
    expected: tuple[str, ...] = ()

    @property
    def cause(self) -> Any:
        """Exception of a validator; None where pydantic itself found the error."""
        return self.details.get("ctx", {}).get("error")

    def members(self, union: tuple[Step, ...]) -> tuple[Step, ...]:
        """List the members that were tried of the union at a path."""
        return tuple(label for path, label in self.tried if path == union)


def _locate(details: ErrorDetails, loc: Sequence[Step], kind: Any, owner: Any = None) -> _LocatedError:
    """Resolve the `loc` of an error along the annotations: steps that name a member of a union are in no file."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _locate(details, loc, arguments[0], owner)
    if not loc:
        return _LocatedError(details, (), kind, owner)
    if origin in (Union, UnionType):
        return _locate_in_union(details, loc, kind, owner)
    inner = _type_at(kind, loc[0])
    if inner is None:
        return _LocatedError(details, (), kind, owner)
    error = _locate(details, loc[1:], inner, kind)
    tried = tuple(((loc[0], *path), label) for path, label in error.tried)
    return replace(error, path=(loc[0], *error.path), tried=tried)


def _locate_in_union(details: ErrorDetails, loc: Sequence[Step], kind: Any, owner: Any) -> _LocatedError:
    members = [member for member in get_args(kind) if member is not NoneType]
    if len(members) == 1:
        return _locate(details, loc, members[0], owner)
    # Pydantic names a member by its class or by its tag.
    matching = [
        member
        for member in members
        if loc[0] in (getattr(member, "__name__", None), *get_args(_fields(member).get("type")))
    ]
    located = (_locate(details, loc[1:], member, owner) for member in matching or members)
    error = max(located, key=lambda error: len(error.path))
    return replace(error, tried=(((), loc[0]), *error.tried))


def _type_at(kind: Any, step: Step) -> Any:
    """Return the type that a step leads to; None where the type has nothing below it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _fields(kind).get(str(step), Any)
    if origin is dict:
        return arguments[1]
    if origin is tuple and isinstance(step, int):
        return arguments[0] if arguments[-1] is ... else arguments[min(step, len(arguments) - 1)]
    return None


def _fields(kind: Any) -> dict[str, Any]:
    """Map the keys of a model in a file to their annotations; empty for other types."""
    model = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()} if model else {}


def _of_intended_members(errors: list[_LocatedError]) -> list[_LocatedError]:
    """Where no member of a union fits, keep the errors of the member that was intended."""
    places: dict[tuple[Step, ...], list[int]] = {}
    for index, error in enumerate(errors):
        for path in dict.fromkeys(path for path, _ in error.tried):
            places.setdefault(path, []).append(index)
    kept = {index: [error] for index, error in enumerate(errors)}
    for union in sorted(places, key=len, reverse=True):
        indexes = [index for index in places[union] if index in kept]
        rivals = [error for index in indexes for error in kept[index]]
        if len({error.members(union) for error in rivals}) > 1:
            for index in indexes[1:]:
                del kept[index]
            kept[indexes[0]] = _intended(rivals, union)
    return [error for index in sorted(kept) for error in kept[index]]


def _intended(rivals: list[_LocatedError], union: tuple[Step, ...]) -> list[_LocatedError]:
    deepest = max(len(error.path) for error in rivals)
    if deepest > len(union):
        members = {error.members(union) for error in rivals if len(error.path) == deepest}
        return [error for error in rivals if error.members(union) in members]
    return [replace(rivals[0], expected=tuple(word for error in rivals for word in _expected(error.details)))]


def _issues(source: YamlSource, base: Sequence[Step], error: _LocatedError) -> Iterator[Issue]:
    path, kind, value = (*base, *error.path), error.details["type"], error.details["input"]
    if kind == "extra_forbidden":
        yield unknown_key(source, path, _fields(error.owner))
    elif kind == "missing" and isinstance(path[-1], int):
        message = f"{_label(source, path[:-1])}expected {len(get_args(error.owner))} values"
        yield Issue("wrong-value", message, source.locate(path[:-1]))
    elif kind == "missing":
        yield _missing(source, path)
    elif kind == "union_tag_not_found" and not isinstance(value, dict):
        message = f"{_label(source, path)}{_mismatch(value, [_KEYS])}"
        yield Issue("wrong-value", message, source.locate(path))
    elif kind == "union_tag_not_found":
        yield _missing(source, (*path, "type"))
        known = {name for member in get_args(error.kind) for name in _fields(member)}
        yield from (unknown_key(source, (*path, key), known) for key in value if key not in known)
    elif kind == "union_tag_invalid":
        tags = [tag.strip("' ") for tag in error.details["ctx"]["expected_tags"].split(",")]
        yield Issue("wrong-value", f"type: {_mismatch(value['type'], tags)}", source.locate((*path, "type")))
    else:
        yield _wrong_value(source, path, error)


def _missing(source: YamlSource, path: Sequence[Step]) -> Issue:
    raw = source.at(path[:-1])
    keys = ("id", "category", "scorecard") if isinstance(raw, dict) else ()
    owner = next((f" in {name}" for key in keys if (name := as_text(raw.get(key)))), "")
    return Issue("missing-key", f"required key '{path[-1]}' is missing{owner}", source.locate(path))


def _wrong_value(source: YamlSource, path: tuple[Step, ...], error: _LocatedError) -> Issue:
    cause, details = error.cause, error.details
    message = str(cause) if cause else _mismatch(details["input"], error.expected or _expected(details))
    path = (*path, *getattr(cause, "path", ()))
    place = source.locate(path, key=details["loc"][-1:] == ("[key]",))
    return Issue(getattr(cause, "code", "wrong-value"), f"{_label(source, path)}{message}", place)


def unknown_key(source: YamlSource, loc: Sequence[Step], known: Iterable[str]) -> Issue:
    """Report an unknown key, with the nearest known one."""
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


def _mismatch(value: object, expected: Iterable[str]) -> str:
    """Describe what was expected instead of a value, with the nearest valid one."""
    *others, last = dict.fromkeys(expected)
    words = f"{', '.join(others)} or {last}" if others else last
    if value is None:
        return f"expected {words}; nothing stands here"
    return f"expected {words}, not {shown(value)}{did_you_mean(as_text(value), (*others, last))}"


def _expected(details: ErrorDetails) -> Sequence[str]:
    context = details.get("ctx", {})
    if details["type"] == "literal_error":
        return [word.strip("' ") for word in context["expected"].replace(" or ", ", ").split(", ")]
    for key, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than")):
        if key in context:
            return [f"{words} {context[key]:g}"]
    if "max_length" in context:
        return [f"at most {context['max_length']} values"]
    return [_EXPECTED.get(details["type"], details["msg"])]


_LONGEST = 60


def shown(value: object) -> str:
    """Print a value as written in the file, cut to 60 characters."""
    if value is None:
        return "nothing"
    if isinstance(value, list | tuple | dict):
        return _KEYS if isinstance(value, dict) else _LIST
    text = as_text(value)
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return repr(short) if isinstance(value, str) else short or str(value)


def _label(source: YamlSource, path: Sequence[Step]) -> str:
    """Name a value by the last key of its path in the file, and the indices after it."""
    path = path[: source.reach(path)]
    last = max((index for index, step in enumerate(path) if isinstance(step, str)), default=None)
    return "" if last is None else f"{path[last]}{''.join(f'[{step}]' for step in path[last + 1 :])}: "
