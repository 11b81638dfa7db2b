"""results.json, as text, to the result; keys that an earlier release did not write are filled in."""

import json
from typing import TypeVar

from pydantic import ValidationError

from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.json_files import faults_of, parse_json
from vendor_eval.results.migration import complete
from vendor_eval.results.result import SCHEMA, Result

_Result = TypeVar("_Result", bound=Result)


def parse_result(content: bytes, file: str, kind: type[_Result]) -> _Result:
    """Parse the content of a results.json as this kind of result; raise InputError with every issue of the file."""
    try:
        result = _parse(content, kind)
    except ValidationError as error:
        raise InputError([Issue("no-result", fault, Location(file)) for fault in faults_of(error)]) from None
    except ValueError as error:
        raise InputError([Issue("no-result", str(error), Location(file))]) from None
    if result.schema_ != SCHEMA:
        message = f"schema: is {result.schema_}, and this release reads {SCHEMA}"
        raise InputError([Issue("other-schema", message, Location(file))])
    return result


def _parse(content: bytes, kind: type[_Result]) -> _Result:
    result: _Result
    try:
        result = parse_json(content, kind, is_result=True)
    except ValidationError as error:
        if all(details["type"] != "missing" for details in error.errors(include_url=False)):
            raise
        record = parse_json(content, is_result=True)
        try:
            complete(record)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise error from None
        result = parse_json(json.dumps(record).encode(), kind, is_result=True)
    return result
