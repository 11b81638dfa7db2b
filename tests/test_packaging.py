"""What the wheel and the sdist carry is what the resolver looks for."""

import tomllib
from pathlib import Path

import pytest

from vendor_eval.config import shipped
from vendor_eval.issues import VendorEvalError

CHECKOUT = Path(__file__).parent.parent
TARGETS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]


def test_the_checkout_is_found_beside_the_package():
    assert (shipped.criteria_folder(), shipped.samples_folder()) == (CHECKOUT / "criteria", CHECKOUT / "samples")


def test_what_the_package_carries_comes_before_what_lies_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "vendor_eval")
    for folder in ["samples", "vendor_eval/_shipped/samples"]:
        (tmp_path / folder).mkdir(parents=True)
    assert shipped.samples_folder() == tmp_path / "vendor_eval/_shipped/samples"


def test_a_package_without_criteria_says_where_they_should_be(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "vendor_eval")
    with pytest.raises(VendorEvalError) as error:
        shipped.criteria_folder()
    assert f"{tmp_path / 'vendor_eval/_shipped/criteria'}" in str(error.value)
    assert f"{tmp_path / 'criteria'}" in str(error.value)


def test_the_wheel_puts_each_folder_where_the_resolver_looks():
    folders = ["criteria", "mappings", "samples"]
    assert TARGETS["wheel"]["sources"] == {name: f"vendor_eval/_shipped/{name}" for name in folders}


def test_the_wheel_carries_the_criteria_and_each_sample():
    evaluations = [file.relative_to(CHECKOUT) for file in CHECKOUT.glob("samples/**/evaluation.yaml")]
    samples = {"/".join(file.parts[:2]) for file in evaluations}
    folders = {"vendor_eval", "criteria", "mappings", "samples/profiles"}
    assert set(TARGETS["wheel"]["only-include"]) == folders | samples


def test_the_sdist_carries_what_the_wheel_and_the_tests_need():
    needed = {"criteria", "mappings", "samples", "vendor_eval", "tests", "scripts", "demo", "test", "check", "docs"}
    needed |= {"CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ".ci", ".github", ".pre-commit-config.yaml"}
    assert {f"/{name}" for name in needed} <= set(TARGETS["sdist"]["include"])
