"""One spelling for each value, so that two settings have two hashes, and two spellings of a setting one."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any


def plain(value: object) -> Any:
    """Turn a value into what JSON holds, in its one spelling: NFC, moments in UTC, whole figures as integers.

    >>> plain({"weight": 18.0, "tags": frozenset({"b", "a"})})
    {'weight': 18, 'tags': ['a', 'b']}
    """
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return int(value) if value == value // 1 else float(value)
    # A dict and a list are known at once, the abstract kinds are not, and settings have thousands.
    if isinstance(value, dict | Mapping):
        return {plain(str(key)): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, AbstractSet):
        return sorted(map(plain, value), key=canonical)
    return _moment(value) if isinstance(value, date) else plain(str(value))


def _moment(value: date) -> str:
    in_utc = value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value
    return in_utc.isoformat().replace("+00:00", "Z")


def canonical(value: object) -> bytes:
    """Write a value as JSON in UTF-8: keys by code point, no blanks, each figure in its shortest form."""
    # A name of a file, or a word typed in a terminal, may hold what no UTF-8 can.
    return _dump(plain(value)).encode(errors="replace")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: object) -> str:
    """Hash the canonical form of a value."""
    return sha256(canonical(value)).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """A dotted key whose value differs; `old` is None where it was added, `new` where it was removed."""

    key: str
    old: Any
    new: Any


def differences(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = "") -> Iterator[Difference]:
    """List the keys in which two plain mappings differ, in order; lists of mappings are compared by position.

    >>> [*differences({"weights": {"a": 18}}, {"weights": {"a": 22, "b": 1}})]
    [Difference(key='weights.a', old=18, new=22), Difference(key='weights.b', old=None, new=1)]
    """
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        # Python holds 1 and true for equal, JSON does not.
        if before == after and (_dump(before) == _dump(after) or canonical(before) == canonical(after)):
            continue
        inner = _inner(before), _inner(after)
        if inner[0] is None or inner[1] is None:
            yield Difference(f"{prefix}{key}", before, after)
        else:
            yield from differences(inner[0], inner[1], f"{prefix}{key}.")


def _inner(value: object) -> Mapping[str, Any] | None:
    """Return the values below a mapping or a list of mappings by key; None for any other value."""
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        return {str(index): part for index, part in enumerate(value)}
    return value if isinstance(value, Mapping) else None
