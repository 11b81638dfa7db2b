"""Vendor due diligence for data annotation: criteria from YAML, responses from Excel, a ranked, explained result.

>>> from vendor_eval import load_criteria
>>> load_criteria().file.title
'Data annotation partner'
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vendor_eval.api import Result, evaluate, load_result, write_questionnaire
    from vendor_eval.criteria import Criteria, load_criteria
    from vendor_eval.intake.submission import VendorResponse, read_submission
    from vendor_eval.issues import InputError, Issue, Location
    from vendor_eval.reports.tables import compare
    from vendor_eval.results.advice import Advice
    from vendor_eval.run.evaluate import load_evaluation
    from vendor_eval.sourcing.advisor import advise
    from vendor_eval.tender import Evaluation

    __version__: str

__all__ = [
    "Advice",
    "Criteria",
    "Evaluation",
    "InputError",
    "Issue",
    "Location",
    "Result",
    "VendorResponse",
    "advise",
    "compare",
    "evaluate",
    "load_criteria",
    "load_evaluation",
    "load_result",
    "read_submission",
    "write_questionnaire",
]

# Imported when first used, each name with no more than it needs, so that `vendor-eval --help` is instant.
_NAMES = {
    "api": ("Result", "evaluate", "load_result", "write_questionnaire"),
    "criteria": ("Criteria", "load_criteria"),
    "intake.submission": ("VendorResponse", "read_submission"),
    "issues": ("InputError", "Issue", "Location"),
    "reports.tables": ("compare",),
    "results.advice": ("Advice",),
    "run.evaluate": ("load_evaluation",),
    "sourcing.advisor": ("advise",),
    "tender": ("Evaluation",),
}
_MODULES = {name: f"vendor_eval.{module}" for module, names in _NAMES.items() for name in names}

# Public modules that go on being imported by these names, wherever they are.
_PUBLIC_MODULES = {"agreement": "vendor_eval.findings.kernel", "robustness": "vendor_eval.firmness.kernels"}


class _Alias(ModuleType):
    """A module under its public name: the module itself is imported when something of it is used."""

    def __init__(self, name: str, target: str) -> None:
        super().__init__(name)
        self._target = target

    def __getattr__(self, name: str) -> object:
        # Tools that look at every loaded module, such as `inspect` and `warnings`, must not load this one.
        if name in {"__file__", "__warningregistry__"}:
            raise AttributeError(name)
        return getattr(import_module(self._target), name)

    def __dir__(self) -> list[str]:
        return dir(import_module(self._target))


def _register(name: str, target: str) -> None:
    """Make `import vendor_eval.NAME` and `from vendor_eval import NAME` lead to another module of the package."""
    full_name = f"{__name__}.{name}"
    if target != full_name:
        globals()[name] = sys.modules[full_name] = _Alias(full_name, target)


for _name, _target in _PUBLIC_MODULES.items():
    _register(_name, _target)


# Hidden from type checkers: they would take any misspelt name for one of these.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name in _MODULES:
            value = getattr(import_module(_MODULES[name]), name)
        elif name == "__version__":
            from importlib.metadata import version

            value = version("vendor-eval")
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted([*__all__, *_PUBLIC_MODULES, "__version__"])
