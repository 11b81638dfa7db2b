"""results.json, as text, to the result; keys that an earlier release did not write are filled in."""

import json
from collections.abc import Iterator
from typing import TypeVar

from pydantic import ValidationError

from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.results.migration import complete
from vendor_eval.results.result import SCHEMA, Result

_Result = TypeVar("_Result", bound=Result)


def parse_result(content: bytes, file: str, kind: type[_Result]) -> _Result:
    """Parse the content of a results.json as this kind of result; raise InputError with every issue of the file."""
    try:
        result = _parse(content, kind)
    except ValidationError as error:
        raise InputError(_issues(error, file)) from None
    if result.schema_ != SCHEMA:
        message = f"schema: is {result.schema_}, and this release reads {SCHEMA}"
        raise InputError([Issue("other-schema", message, Location(file))])
    return result


def _parse(content: bytes, kind: type[_Result]) -> _Result:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        if all(details["type"] != "missing" for details in error.errors(include_url=False)):
            raise
        record = json.loads(content)
        try:
            complete(record)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise error from None
    return kind.model_validate_json(json.dumps(record))


def _issues(error: ValidationError, file: str) -> Iterator[Issue]:
    for details in error.errors(include_url=False):
        key = ".".join(str(step) for step in details["loc"])
        yield Issue("no-result", f"{key}: {details['msg']}" if key else details["msg"], Location(file))
