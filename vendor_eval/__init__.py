"""Vendor due diligence for data annotation: criteria from YAML, responses from Excel, a ranked, explained result.

>>> from vendor_eval import load_criteria
>>> load_criteria().file.title
'Data annotation partner'
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vendor_eval.api import (
        Result,
        advise,
        compare,
        evaluate,
        load_criteria,
        load_evaluation,
        read_submission,
        write_questionnaire,
    )

__all__ = [
    "Result",
    "advise",
    "compare",
    "evaluate",
    "load_criteria",
    "load_evaluation",
    "read_submission",
    "write_questionnaire",
]


def __getattr__(name: str) -> object:
    # Imported when asked for, so that `vendor-eval --help` is instant.
    if name in __all__:
        from vendor_eval import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
