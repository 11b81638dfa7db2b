"""The reference names every key that a file may have."""

import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from books import write_book
from click.testing import CliRunner
from pydantic import BaseModel

from vendor_eval import evaluate, load_evaluation
from vendor_eval.cli import main
from vendor_eval.criteria import Category, EvidenceWords, ScorecardFile
from vendor_eval.criteria.questions import CertificationScheme
from vendor_eval.intake.mapping.models import MappingFile

DOCS = Path(__file__).parent.parent / "docs"


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Models that an annotation leads to, itself included."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, BaseModel):
            yield annotation
            for field in annotation.model_fields.values():
                yield from models(field.annotation)
        return
    for inner in get_args(annotation):
        yield from models(inner)


def unexplained(root: Any, text: str) -> set[str]:
    """Keys of a model and those in it that no reference explains.

    A key stands in the first column of a table, in the row of its type of question, or, where a few keys are explained
    at once, in braces, bold or code; a sentence that happens to hold the word explains nothing.
    """
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    of_a_type = {first.strip(): re.findall(r"\w+", " ".join(rest)) for first, *rest in rows}
    named = [first for first, *_ in rows] + re.findall(r"\{[^{}]*\}|\*\*[^*]+\*\*|`[^`]+`", text)
    explained = set(re.findall(r"\w+", " ".join(named)))
    return {
        f"{model.__name__}.{key}"
        for model in models(root)
        for key in model.model_fields
        if key not in explained and key not in of_a_type.get(type_of(model), ())
    }


def type_of(model: type[BaseModel]) -> str:
    """Name of a type of question, as its files have it."""
    field = model.model_fields.get("type")
    return next(iter(get_args(field.annotation)), "") if field else ""


@pytest.mark.parametrize("root", [ScorecardFile, Category, CertificationScheme, EvidenceWords])
def test_every_key_of_the_criteria_files_is_explained(root):
    assert unexplained(root, (DOCS / "criteria-keys.md").read_text("utf-8")) == set()


def test_every_line_of_the_layers_stands_in_the_design():
    layers = re.search(
        r"^layers = \[\n(.*?)^\]", (DOCS.parent / "pyproject.toml").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    modules = set(re.findall(r"\w+", layers[1])) - {"__main__"}
    named = set(re.findall(r"`(\w+)`", (DOCS / "design.md").read_text("utf-8")))
    assert modules <= named


def test_every_key_of_a_mapping_is_explained():
    assert unexplained(MappingFile, (DOCS / "mappings.md").read_text("utf-8")) == set()


@pytest.mark.parametrize("row", ["| tier |", "| preset_criteria |", "| single_choice |", "| rubric |"])
def test_a_key_without_its_row_is_missed(row):
    lines = (DOCS / "criteria-keys.md").read_text("utf-8").splitlines()
    left = "\n".join(line for line in lines if not line.startswith(row))
    assert unexplained(Category, left) | unexplained(ScorecardFile, left)


def test_the_scored_form_of_the_mappings_prints_what_is_quoted(tmp_path):
    text = (DOCS / "mappings.md").read_text("utf-8")
    example = text[text.index("## Score somebody else's") :]
    folder = tmp_path / "theirs"
    for name, content in re.findall(r"```yaml\n# (\S+)\n(.*?)```", example, re.DOTALL):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    lines = [line.strip("|").split("|") for line in example[: example.index("```")].splitlines() if line[:1] == "|"]
    rows = [[cell.strip() or None for cell in line] for line in lines[2:]]
    (folder / "responses").mkdir()
    write_book(folder / "responses" / "acme.xlsx", {"Form": rows})
    command, _, quoted = re.search(r"```console\n\$ vendor-eval (.*?)```", example, re.DOTALL)[1].partition("\n")
    done = CliRunner().invoke(main, [str(folder) if word == "theirs" else word for word in command.split()])
    assert done.exit_code == 0, done.output
    pattern = "".join("(?s:.*)" if line == "…" else f"{re.escape(line)}\n" for line in quoted.splitlines())
    assert re.fullmatch(pattern, done.stdout), done.stdout
    data = load_evaluation(folder)
    shares = {one.id: one.score for one in evaluate(data).vendor("acme").nodes if one.kind == "category"}
    assert shares == {"comp": 100.0, "data": pytest.approx(100 * 20 / 60), "card": None}


@pytest.mark.parametrize("page", [*DOCS.parent.glob("*.md"), *DOCS.glob("*.md")], ids=lambda page: page.name)
def test_every_link_leads_to_a_file_or_a_heading_that_is_there(page):
    for target, heading in re.findall(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)", page.read_text("utf-8")):
        file = page.parent / target if target else page
        assert file.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
