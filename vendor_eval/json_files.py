"""JSON that this tool wrote itself, read within limits: whoever changed it stalls and ends no command."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

# Of a file in bytes, and of its commas and brackets.
LARGEST = 2**28
MOST_VALUES = 3_000_000
# A value of results.json takes 25 bytes with its name, and each vendor has 17,000: more of them are a large field.
_BYTES_OF_RESULT = 16
MOST_FAULTS = 1000
_HALF = re.compile(rb"\\u(d[89ab]..)(?!\\ud[c-f]..)|(?<!\\ud[89ab]..)\\u(d[c-f]..)", re.IGNORECASE)


# What may not stand in a text file stands in no text either, where an escape such as \x07 writes it.
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def forbidden_character(text: str) -> str:
    r"""Say of the first control character or half of a character that it may stand in no text; '' without one.

    >>> forbidden_character("ding\x07")
    'the character U+0007 may not stand in a text; remove it'
    """
    found = _FORBIDDEN.search(text)
    if found is None:
        return ""
    half = " or write it whole, since it is half of one" if 0xD800 <= ord(found[0]) <= 0xDFFF else ""  # noqa: PLR2004
    return f"the character U+{ord(found[0]):04X} may not stand in a text; remove it{half}"


def parse_json(content: bytes, model: Any = Any, *, is_result: bool = False) -> Any:
    """Parse JSON as a model or any annotated type; without one as plain values, whose keys stand once each.

    A result may hold more values the longer it is, so that a field of any size is read.

    Raises ValueError that says in words what is wrong with too many values or half of a character, ValidationError,
    with few errors, for what is no JSON, nested too deep or nothing that the model takes.
    """
    most = max(MOST_VALUES, len(content) // _BYTES_OF_RESULT) if is_result else MOST_VALUES
    # Never fewer than the values that are there, since texts have commas too.
    if sum(map(content.count, (b",", b"[", b"{"))) > most:
        raise ValueError(f"it holds more than {most:,} values")
    try:
        value = adapter(model).validate_json(content)
    except ValidationError as error:
        if half := _HALF.search(content):
            raise ValueError(forbidden_character(chr(int(half[1] or half[2], 16)))) from None
        if error.error_count() > MOST_FAULTS:
            raise ValueError(f"{error.error_count():,} values are not what belongs there") from None
        raise
    return json.loads(content, object_pairs_hook=_unique) if model is Any else value


def faults_of(error: ValidationError) -> Iterator[str]:
    """Word the errors of a value that a model does not take, each behind the path of keys that leads to it."""
    for details in error.errors(include_url=False):
        message = details["msg"].removeprefix("Value error, ")
        yield ": ".join(filter(None, (".".join(map(str, details["loc"])), message)))


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a key stands twice")
    return content


@cache
def adapter(model: Any) -> TypeAdapter[Any]:
    """Make the validator of a model or any annotated type, once."""
    return TypeAdapter(model)
