"""Conditions on the context of an evaluation: data, never expressions."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag, model_validator

from vendor_eval.config.models import Fault, Frozen, Word

ContextValue = bool | str | tuple[str, ...]
Context = Mapping[str, ContextValue]


def as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _refuse_empty(values: tuple[bool | str, ...]) -> tuple[bool | str, ...]:
    if not values:
        raise Fault("wrong-value", "an empty list never holds; name a value, or leave the field out")
    return values


_Values = Annotated[
    tuple[Word, ...],
    BeforeValidator(as_list, json_schema_input_type=Word | tuple[Word, ...]),
    AfterValidator(_refuse_empty),
]
# {field: value} or {field: [values]}: all fields must hold, any value of a list is enough.
Condition = dict[str, _Values]


class Bounds(Frozen):
    """Limits of a number: each a number, or the name of another number."""

    min: float | str | None = None
    max: float | str | None = None
    above: float | str | None = None
    below: float | str | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> "Bounds":
        if not self.limits:
            raise Fault("missing-key", "a limit needs min, max, above or below")
        return self

    @property
    def limits(self) -> Mapping[str, float | str]:
        return self.model_dump(exclude_none=True)


def _kind(value: object) -> str:
    return "bounds" if isinstance(value, dict | Bounds) else "values"


Test = Annotated[Annotated[Bounds, Tag("bounds")] | Annotated[_Values, Tag("values")], Discriminator(_kind)]


# Conditions of a sourcing profile. One {field: test}, where all must hold, or a list of them, where one is enough.
When = Annotated[
    tuple[dict[str, Test], ...],
    BeforeValidator(
        lambda value: [value] if isinstance(value, dict) else value,
        json_schema_input_type=dict[str, Test] | tuple[dict[str, Test], ...],
    ),
]
ALWAYS: tuple[dict[str, Bounds | tuple[bool | str, ...]], ...] = ({},)


def holds(condition: Mapping[str, tuple[bool | str, ...]], context: Context) -> bool | None:
    """Tell whether a condition holds; None where that hangs on a field that nobody set.

    >>> holds({"regimes": ("gdpr",)}, {"regimes": ("gdpr", "ccpa")})
    True
    >>> holds({"regimes": ("gdpr",), "personal_data": (True,)}, {"personal_data": False})
    False
    >>> holds({"regimes": ("gdpr",)}, {}) is None
    True
    """
    return all_hold(_meets(context[name], values) if name in context else None for name, values in condition.items())


def all_hold(results: Iterable[bool | None]) -> bool | None:
    """Combine the tests of a condition: False where one fails, else None where one is not known."""
    known = tuple(results)
    return False if False in known else None if None in known else True


def unset(condition: Mapping[str, tuple[bool | str, ...]], context: Context) -> tuple[str, ...]:
    return tuple(name for name in condition if name not in context)


def in_words(condition: Mapping[str, tuple[bool | str, ...]]) -> str:
    """Say a condition as a person would set it.

    >>> in_words({"data_may_leave": ("no",), "type": ("nlp", "audio")})
    'data_may_leave = no and type = nlp or audio'
    """
    words = {
        name: [str(value).lower() if isinstance(value, bool) else value for value in values]
        for name, values in condition.items()
    }
    return " and ".join(f"{name} = {' or '.join(values)}" for name, values in words.items())


def _meets(setting: ContextValue, wanted: tuple[bool | str, ...]) -> bool:
    if isinstance(setting, tuple):
        return any(value in wanted for value in setting)
    # True == 1 and "1" never meet: booleans meet booleans, text meets text.
    return any(type(setting) is type(value) and setting == value for value in wanted)
