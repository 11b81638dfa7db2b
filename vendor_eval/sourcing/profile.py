"""A profile of a project: read, checked, and with its defaults filled in and on record."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Optional

from pydantic import BeforeValidator, Field, create_model

from vendor_eval.config.models import Fault, Frozen, Text, validate
from vendor_eval.config.yaml12 import YamlSource, parse_document, parse_text
from vendor_eval.criteria import BANKS, SHIPPED
from vendor_eval.issues import InputError, Issue, Location, UnknownNameError, did_you_mean
from vendor_eval.sourcing import batch
from vendor_eval.sourcing.cost import Cost
from vendor_eval.sourcing.folder import load_sourcing
from vendor_eval.sourcing.model import (
    BoolField,
    Check,
    ChoiceField,
    Event,
    NumberField,
    ProfileField,
    SetField,
    Sourcing,
    SourcingFile,
)
from vendor_eval.sourcing.rules import Columns, Conditions, Value, Values, holds, names_in


@dataclass(frozen=True)
class Profile:
    """A checked profile under a model: a value for every field, and which of them are defaults."""

    model: Sourcing
    values: Values
    defaults_used: tuple[str, ...]
    warnings: tuple[str, ...]
    title: str
    as_of: date | None
    events: tuple[str, ...]
    progress: Mapping[str, bool | float]
    cost: Cost | None
    previous: Path | None
    # What vendors must know, in the buyer's words.
    brief: Mapping[str, str | tuple[str, ...]]
    # Keys of the brief that follow from a default.
    assumed_brief: tuple[str, ...]

    @cached_property
    def columns(self) -> Columns:
        return batch.columns(self.model.file, [self.values])

    @cached_property
    def stated_columns(self) -> Columns:
        """The columns without fields that have a default, and without terms that hang on one."""
        file, unknown = self.model.file, {*self.defaults_used}
        unknown |= {name for name, cases in file.terms.items() for c in cases if unknown & {*_fields_of(file, c.when)}}
        return Columns({n: a for n, a in self.columns.arrays.items() if n not in unknown}, self.columns.words)

    def term(self, name: str) -> Value:
        return self.values[name] if name in self.values else self.columns.values(name)[0]

    def changed(self, **values: Value) -> "Profile":
        """Give the same profile other values of some fields.

        Raises InputError where they contradict each other.
        """
        new = {**self.values, **values}
        issues = [Issue("contradiction", text) for text in contradictions(self.model.file, [new])[0]]
        if issues:
            raise InputError(issues)
        kept = tuple(name for name in self.defaults_used if name not in values)
        return replace(self, values=new, defaults_used=kept)


def load_profile(profile: str | Path | Mapping[str, Any], *, model: Sourcing | None = None) -> Profile:
    """Read a profile from a YAML file, or from a mapping with the same keys.

    Without a model, the one of the criteria folder that the profile names, else the shipped one.
    Raises InputError with every fault.

    >>> from vendor_eval.config.shipped import samples_folder
    >>> load_profile(samples_folder() / "profiles" / "robotics-grasping.yaml").term("workload")
    'small'
    """
    if isinstance(profile, Mapping):
        source, _ = parse_text(json.dumps(dict(profile), default=str, ensure_ascii=False), "profile")
        try:
            return _Reader(source, Path(), model or _model(source, Path())).read()
        except InputError as error:
            # A mapping has no lines; the messages name the keys.
            raise InputError(replace(issue, location=Location()) for issue in error.issues) from None
    path = Path(profile)
    if not path.is_file():
        hint = f"write one with 'vendor-eval advise {path} --interview'"
        raise UnknownNameError(f"{path}: no such file; {hint}")
    source, faults = parse_document(path)
    if faults:
        raise InputError(faults)
    return _Reader(source, path.parent, model or _model(source, path.parent)).read()


def _model(source: YamlSource, folder: Path) -> Sourcing:
    named = str(source.value.get("criteria", SHIPPED) if isinstance(source.value, dict) else SHIPPED)
    return _shipped_model(named) if named in BANKS else load_sourcing(folder / named)


@cache
def _shipped_model(name: str) -> Sourcing:
    # Frozen, and the same for every profile of a program.
    return load_sourcing(name)


@dataclass
class _Reader:
    """Turns one source into a profile and gathers every fault on the way."""

    source: YamlSource
    folder: Path
    model: Sourcing

    def read(self) -> Profile:
        file = self.model.file
        if self.source.value is None:
            self.source, _ = parse_text("{}", self.source.file)
        record_type = profile_record(file)
        record, faults = validate(self.source, record_type)
        issues = [*self._missing(tuple(record_type.model_fields)), *faults, *self._contradictions()]
        issues += self._missing_previous()
        if issues or record is None:
            raise InputError(sorted(issues, key=lambda issue: (issue.location.line, issue.location.column)))
        values = {name: value_or_default(field, getattr(record, name)) for name, field in file.fields.items()}
        is_stated = record.expertise or getattr(record, "expertise_needed", None) is not None
        needed = file.fields.get("expertise_needed")
        in_words = needed.values[str(values["expertise_needed"])] if isinstance(needed, ChoiceField) else ""
        return Profile(
            model=self.model,
            values=values,
            defaults_used=tuple(name for name in values if getattr(record, name) is None),
            warnings=tuple(contradictions(file, [values], level="warning")[0]),
            title=record.title,
            as_of=record.as_of,
            events=record.events,
            progress=record.progress.model_dump(exclude_none=True),
            cost=record.cost,
            previous=self.folder / record.previous if record.previous else None,
            brief={"expertise": record.expertise or in_words, "locales": record.locales},
            assumed_brief=() if is_stated else ("expertise",),
        )

    def _missing(self, known: Sequence[str]) -> Iterator[Issue]:
        """Ask for required fields that are missing; a misspelled key has an issue already."""
        unknown = [name for name in self._stated if name not in known]
        for name, field in self.model.file.fields.items():
            misspelt = any(did_you_mean(key, known) == did_you_mean(name, known) for key in unknown)
            if field.default is None and self._stated.get(name) is None and not misspelt:
                offered = f" ({', '.join(field.values)})" if isinstance(field, ChoiceField | SetField) else ""
                message = f"required key '{name}' is missing: {field.question}{offered}"
                yield Issue("missing-key", message, self.source.locate((name,) if name in self._stated else ()))

    def _missing_previous(self) -> Iterator[Issue]:
        named = self._stated.get("previous")
        if isinstance(named, str) and not (self.folder / named).is_file():
            message = f"previous: {named} does not exist; write one with 'vendor-eval advise PROFILE.yaml -o {named}'"
            yield Issue("missing-file", message, self.source.locate(("previous",)))

    def _contradictions(self) -> Iterator[Issue]:
        """Contradictions, also those between the sound fields of a profile that has other faults."""
        sound: dict[str, Value] = {}
        for name, field in self.model.file.fields.items():
            value, faults = validate(self.source, kind_of(field), (name,)) if name in self._stated else (None, ())
            if not faults and (value := value_or_default(field, value)) is not None:
                sound[name] = value
        for check, names in broken_checks(self.model.file, sound):
            by_default = [f"{name} is {sound[name]} by default" for name in names if name not in self._stated]
            note = f" ({', '.join(by_default)})" if by_default else ""
            place = next(name for name in (check.field, *names) if name in self._stated)
            yield Issue("contradiction", f"{check.id}: {check.says}{note}", self.source.locate((place,)))

    @property
    def _stated(self) -> Mapping[str, object]:
        return self.source.value if isinstance(self.source.value, dict) else {}


def contradictions(file: SourcingFile, profiles: Sequence[Values], level: str = "error") -> list[list[str]]:
    """List for each profile the messages of the checks of a level that it fails."""
    known = batch.columns(file, profiles)
    failed = [(f"{c.id}: {c.says}", holds(c.when, known)) for c in file.checks if c.level == level]
    return [[message for message, hits in failed if hits[index]] for index in range(len(profiles))]


def _fields_of(file: SourcingFile, when: Conditions) -> Iterator[str]:
    """Fields that a condition hangs on, those behind terms included."""
    for name in names_in(when):
        if name in file.fields:
            yield name
        for case in file.terms.get(name, ()):
            yield from _fields_of(file, case.when)


def broken_checks(file: SourcingFile, values: Values) -> Iterator[tuple[Check, tuple[str, ...]]]:
    """Find contradictions between the fields that have a value, with the names of these fields."""
    empty: dict[str, Value] = {"set": (), "bool": False, "number": 0.0}
    # A check never looks at the values that fill the gaps.
    fields = file.fields.items()
    filled = {n: next(iter(f.values)) if isinstance(f, ChoiceField) else empty[f.type] for n, f in fields}
    columns = batch.columns(file, [{**filled, **values}])
    for check in file.checks:
        names = tuple(_fields_of(file, check.when))
        if check.level == "error" and values.keys() >= set(names) and holds(check.when, columns)[0]:
            yield check, names


def value_or_default(field: ProfileField, value: Any) -> Any:
    """Return the value, else the default; None for a required field that is missing."""
    if value is None:
        value = field.default
    if isinstance(field, SetField) and value is not None:
        return tuple(word for word in field.values if word in value)
    return value


def _as_list(value: object) -> object:
    if isinstance(value, str):
        return [] if value.casefold() == "none" else [value]
    return value


def _true_or_false(value: object) -> object:
    if isinstance(value, bool):
        return value
    words = {"true": True, "yes": True, "false": False, "no": False}
    if str(value).casefold() not in words:
        raise Fault("wrong-value", f"'{value}' is not one of true, false")
    return words[str(value).casefold()]


def _no_boolean(value: object) -> object:
    # Pydantic would read `true` as 1.
    return str(value).lower() if isinstance(value, bool) else value


Bool = Annotated[bool, BeforeValidator(_true_or_false)]
Number = Annotated[float, BeforeValidator(_no_boolean), Field(ge=0, le=1e9)]
_KINDS = {"bool": Bool, "number": Number}


def kind_of(field: ProfileField) -> Any:
    if isinstance(field, BoolField | NumberField):
        return _KINDS[field.type]
    word = _one_of(field.values)
    return word if isinstance(field, ChoiceField) else Annotated[_several(word), BeforeValidator(_as_list)]


def _one_of(words: Iterable[str]) -> Any:
    kind: Any = Literal
    return kind[tuple(words)]


def _several(word: Any) -> Any:
    kind: Any = tuple
    return kind[word, ...]


def _optional(kind: Any) -> Any:
    return Optional[kind], None  # noqa: UP045  a type made at run time


def profile_record(file: SourcingFile) -> type[Frozen]:
    """Make the type of a profile file: the fields of a sourcing model, and the sections that any profile may have."""
    event = _one_of(trigger.id for trigger in file.review_triggers if isinstance(trigger, Event))
    measures = {name: _optional(_KINDS[measure.type]) for name, measure in file.measures.items()}
    progress = create_model("Progress", __base__=Frozen, **measures)
    # Required ones are asked for by their question, which the type cannot do.
    fields = {name: _optional(kind_of(field)) for name, field in file.fields.items()}
    sections: dict[str, Any] = {
        "title": (Text, ""),
        "as_of": _optional(date),
        "criteria": (Text, SHIPPED),
        "previous": (Text, ""),
        "expertise": (Text, ""),
        "locales": (tuple[Text, ...], ()),
        "events": (_several(event), ()),
        "progress": (progress, progress()),
        "cost": _optional(Cost),
    }
    return create_model("Profile", __base__=Frozen, **fields, **sections)
