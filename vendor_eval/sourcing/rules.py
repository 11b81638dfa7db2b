"""Conditions on profiles, evaluated over columns of thousands of them at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vendor_eval.criteria.conditions import Bounds, all_hold
from vendor_eval.sourcing.kernel import Bools, Whole, first_that_holds

Value = bool | float | str | tuple[str, ...]
Values = Mapping[str, Value]
Conditions = Sequence[Mapping[str, Bounds | tuple[bool | str, ...]]]

# They compare numbers as well as columns.
COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {"min": ge, "max": le, "above": gt, "below": lt}


@dataclass(frozen=True)
class Columns:
    """Values of many profiles by field: numbers and booleans, words as indices into `words`, sets as flags."""

    arrays: Mapping[str, NDArray[np.generic]]
    words: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(next(iter(self.arrays.values())))

    def values(self, name: str) -> list[str]:
        names = self.words[name]
        return [names[code] for code in self.arrays[name].tolist()]


def holds(when: Conditions, columns: Columns) -> Bools:
    """Tell for each profile whether one of the conditions holds."""
    result = np.zeros(len(columns), dtype=bool)
    for condition in when:
        every = np.ones(len(columns), dtype=bool)
        for name, test in condition.items():
            every &= meets(test, columns, name)
        result |= every
    return result


def meets(test: Bounds | tuple[bool | str, ...], columns: Columns, name: str) -> Bools:
    """Tell for each profile whether one field meets one test."""
    column = columns.arrays[name]
    if isinstance(test, Bounds):
        every = np.ones(len(column), dtype=bool)
        for key, limit in test.limits.items():
            every &= COMPARE[key](column, columns.arrays[limit] if isinstance(limit, str) else limit)
        return every
    if name not in columns.words:
        return np.isin(column, test)
    wanted = np.array([word in test for word in columns.words[name]])
    met: Bools = wanted[column.astype(np.intp)] if column.ndim == 1 else np.logical_and(column, wanted).any(axis=1)
    return met


def first_case(whens: Sequence[Conditions], columns: Columns) -> Whole:
    """Index of the first line of a table that holds, for each profile; the length of the table where none does."""
    return first_that_holds([holds(when, columns) for when in whens])


def holds_if_known(when: Conditions, columns: Columns) -> bool | None:
    """Tell whether a condition holds for one profile; None where that depends on a field without a value."""
    results = [
        all_hold(
            None if unknown_names([{name: test}], columns) else bool(meets(test, columns, name)[0])
            for name, test in condition.items()
        )
        for condition in when
    ]
    return True if True in results else None if None in results else False


def unknown_names(when: Conditions, columns: Columns) -> tuple[str, ...]:
    """Fields that conditions need and the columns do not have."""
    return tuple(dict.fromkeys(name for name in names_in(when) if name not in columns.arrays))


def names_in(when: Conditions) -> Iterator[str]:
    """Every field that conditions name, as what is tested or as a limit."""
    for condition in when:
        for name, test in condition.items():
            yield name
            if isinstance(test, Bounds):
                yield from (limit for limit in test.limits.values() if isinstance(limit, str))
