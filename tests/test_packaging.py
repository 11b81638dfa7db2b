"""What the wheel and the sdist carry is what the resolver looks for."""

import re
import tomllib
from pathlib import Path
from runpy import run_path

import pytest
import yaml

from vendor_eval.config import shipped
from vendor_eval.issues import VendorEvalError

CHECKOUT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
TARGETS = PYPROJECT["tool"]["hatch"]["build"]["targets"]
README = (CHECKOUT / "README.md").read_text("utf-8")
PUBLISHED = run_path(str(CHECKOUT / "hatch_build.py"))
REPOSITORY = "https://example.org/who/what"
WORKFLOWS = {
    path.name: yaml.safe_load(path.read_text("utf-8")) for path in (CHECKOUT / ".github" / "workflows").iterdir()
}


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
    needed |= {
        "README.md",
        "hatch_build.py",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        ".ci",
        ".github",
        ".pre-commit-config.yaml",
    }
    assert {f"/{name}" for name in needed} <= set(TARGETS["sdist"]["include"])


# ---- what the package says of itself


def test_both_licenses_come_with_their_texts():
    project = PYPROJECT["project"]
    assert project["license"] == "MIT AND OFL-1.1"
    texts = [(CHECKOUT / path).read_text("utf-8") for path in project["license-files"]]
    assert [
        next(name for name in ("MIT License", "SIL OPEN FONT LICENSE Version 1.1") if name in text) for text in texts
    ]
    fonts = {path.parent for path in (CHECKOUT / "vendor_eval").rglob("*.ttf")}
    assert fonts == {(CHECKOUT / project["license-files"][1]).parent}


def test_the_version_has_its_section_in_the_changelog():
    headings = re.findall(r"^## \[?([\w.]+)\]?", (CHECKOUT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[:2] == ["Unreleased", PYPROJECT["project"]["version"]]


def test_outside_a_repository_the_description_has_no_picture_and_no_link_that_leads_nowhere():
    text = PUBLISHED["long_description"](README, None, "1.0")
    assert "](" not in text
    assert "| page 1 of" not in text
    assert "| task | commands" in text
    assert "| Ask: weights" in text


def test_in_a_known_repository_every_link_and_picture_is_absolute():
    text = PUBLISHED["long_description"](README, REPOSITORY, "1.0")
    assert f"![Page 1: who is recommended, how firm that is, why, what is open]({REPOSITORY}/raw/v1.0/docs/" in text
    assert f"[Ask]({REPOSITORY}/blob/v1.0/docs/ask.md)" in text
    assert re.findall(r"\]\((?!https://)", text) == []


@pytest.mark.parametrize(
    ("environment", "repository"),
    [
        pytest.param({}, None, id="anywhere"),
        pytest.param({"GITHUB_REPOSITORY": "who/what"}, None, id="half"),
        pytest.param(
            {"GITHUB_SERVER_URL": "https://example.org", "GITHUB_REPOSITORY": "who/what"}, REPOSITORY, id="job"
        ),
    ],
)
def test_no_address_is_claimed_that_nobody_told(environment, repository):
    assert PUBLISHED["repository_of"](environment) == repository


def test_what_the_build_sets_is_announced(monkeypatch):
    for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    metadata = {"version": "1.0"}
    PUBLISHED["PublishedMetadata"](str(CHECKOUT), {}).update(metadata)
    assert metadata.keys() - {"version"} == set(PYPROJECT["project"]["dynamic"])
    assert metadata["urls"] == {}


# ---- workflows


def steps():
    return [step for flow in WORKFLOWS.values() for job in flow["jobs"].values() for step in job["steps"]]


def test_actions_are_pinned_by_commit_with_their_release_beside_it():
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name)] == []
    text = "".join(path.read_text("utf-8") for path in (CHECKOUT / ".github" / "workflows").iterdir())
    assert len(re.findall(r"uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", text, re.MULTILINE)) == len(used)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_read_and_no_more_and_two_runs_do_not_meet(name):
    flow = WORKFLOWS[name]
    assert flow["permissions"] == {"contents": "read"}
    assert "group" in flow["concurrency"]
    own = {job: asked["permissions"] for job, asked in flow["jobs"].items() if "permissions" in asked}
    assert own == ({"publish": {"id-token": "write"}} if name == "publish.yml" else {})
    kept = [step for step in steps() if "checkout@" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in kept)


def test_three_systems_are_tried_and_packages_are_cached():
    systems = WORKFLOWS["ci.yml"]["jobs"]["systems"]["strategy"]["matrix"]["os"]
    assert [name.partition("-")[0] for name in systems] == ["ubuntu", "windows", "macos"]
    python = [step["with"] for job in WORKFLOWS["ci.yml"]["jobs"].values() for step in job["steps"] if "with" in step]
    assert [wanted["cache"] for wanted in python if "python-version" in wanted] == ["pip", "pip"]
