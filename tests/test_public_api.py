"""The names that others rely on, and what importing them costs."""

import subprocess
import sys

import pytest

import vendor_eval
from vendor_eval import api

NAMES = {
    "Result",
    "compare",
    "evaluate",
    "load_criteria",
    "load_evaluation",
    "read_submission",
    "write_questionnaire",
}
HEAVY = ("pandas", "openpyxl", "weasyprint", "pydantic", "numpy", "xlsxwriter", "yaml")


def test_the_package_exports_the_public_names():
    assert set(vendor_eval.__all__) >= NAMES
    assert set(vendor_eval.__all__) == set(api.__all__)
    assert {name: getattr(vendor_eval, name) for name in vendor_eval.__all__} == {
        name: getattr(api, name) for name in api.__all__
    }


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'evalute'"):
        vendor_eval.evalute  # noqa: B018  reading it is what is tried


def test_a_star_import_brings_the_public_names():
    names: dict[str, object] = {}
    exec("from vendor_eval import *", names)  # noqa: S102  as a user would write it
    assert set(vendor_eval.__all__) <= set(names)


@pytest.mark.parametrize("module", ["vendor_eval", "vendor_eval.cli"])
def test_importing_loads_nothing_heavy(module):
    program = f"import sys, {module}; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_reading_a_tender_loads_no_data_frames():
    program = (
        "import sys\n"
        "from vendor_eval import evaluate, load_evaluation\n"
        "from vendor_eval.shipped import samples_folder\n"
        "evaluate(load_evaluation(samples_folder() / 'small')).to_json()\n"
        "print(sorted({'pandas', 'weasyprint', 'xlsxwriter'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
