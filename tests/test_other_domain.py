"""A tender for translations, run from what a wheel carries: no word of the shipped criteria's own domain comes up."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pages
import pypdfium2
import pytest
import yaml
from click.testing import CliRunner
from openpyxl import load_workbook
from test_samples import script

from vendor_eval.cli import main

CHECKOUT = Path(__file__).parent.parent
SAMPLE = CHECKOUT / "samples" / "other-domain"
FOREIGN = re.compile("label|annotat|gen ai|labor ethics", re.IGNORECASE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Lay out the folders as an installed wheel does."""
    site = tmp_path_factory.mktemp("site")
    target = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    for name in target["only-include"]:
        top, _, rest = name.partition("/")
        place = site / target["sources"].get(top, top) / rest
        if name == "vendor_eval":
            # Its `_shipped` lies inside it, so its own entries are linked one by one.
            place.mkdir()
            for entry in (CHECKOUT / name).iterdir():
                (place / entry.name).symlink_to(entry)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(CHECKOUT / name)
    return site


@pytest.fixture(scope="module")
def run(wheel, tmp_path_factory):
    """Folder of the copied sample after all its commands, and what they printed."""
    folder = tmp_path_factory.mktemp("run")
    found = _python(wheel, folder, "-c", "from vendor_eval.config import shipped; print(shipped.samples_folder())")
    assert found.strip() == f"{wheel / 'vendor_eval' / '_shipped' / 'samples'}"
    commands = (
        ("demo", "own", "--other-domain"),
        ("criteria", "own"),
        ("questionnaire", "own/tender", "-o", "questionnaire.xlsx"),
        ("check", "own/tender"),
        ("rank", "own/tender"),
        ("explain", "own/tender", "kaisla"),
        ("explain", "own/tender", "verbo", "TRL-04"),
        ("explain", "own/tender", "kaisla", "TRL-06"),
    )
    printed = {command: _python(wheel, folder, "-m", "vendor_eval", *command) for command in commands}
    return folder, printed


def _python(site, folder, *arguments):
    """Run Python on the package of a folder alone."""
    environment = {"PYTHONPATH": f"{site}", "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def _values(content):
    """Texts of a JSON document, without its keys."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for value in content.values() if isinstance(content, dict) else content:
            yield from _values(value)


def _texts(path):
    """Everything that a reader of a file sees."""
    match path.suffix:
        case ".xlsx":
            for sheet in load_workbook(path):
                yield sheet.title
                cells = [cell for row in sheet.iter_rows() for cell in row]
                yield from (f"{cell.value}" for cell in cells if cell.value is not None)
                yield from (cell.comment.text for cell in cells if cell.comment)
                yield from (
                    f"{rule.prompt} {rule.promptTitle} {rule.error}" for rule in sheet.data_validations.dataValidation
                )
        case ".pdf":
            document = pypdfium2.PdfDocument(path)
            yield from (page.get_textpage().get_text_bounded() for page in document)
            document.close()
        case ".html" if path.name == "report.html":
            yield from pages.texts_to_explore(path.read_text("utf-8"))
        case ".html":
            yield pages.words(path.read_text("utf-8"))
        case ".json":
            yield from _values(json.loads(path.read_text("utf-8")))
        case _:
            yield path.read_text("utf-8")


def test_the_offers_are_what_the_script_makes_of_the_two_agencies(tmp_path):
    (tmp_path / "tender").mkdir()
    for name in ("agency_profile", "delivery", "language_quality", "scorecard", "trust", "tender/evaluation"):
        (tmp_path / f"{name}.yaml").write_bytes((SAMPLE / f"{name}.yaml").read_bytes())
    script()._offer(tmp_path / "tender")
    made = {path.name: path.read_bytes() for path in (tmp_path / "tender" / "responses").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (SAMPLE / "tender" / "responses").iterdir()}
    assert sorted(made) == ["kaisla.xlsx", "verbo.xlsx"]


def test_the_sample_asks_15_questions_of_three_categories_and_a_profile():
    scorecard = yaml.safe_load((SAMPLE / "scorecard.yaml").read_text("utf-8"))
    names = [*scorecard["categories"], scorecard["vendor_profile"]]
    categories = [yaml.safe_load((SAMPLE / f"{name}.yaml").read_text("utf-8")) for name in names]
    assert sum(len(part["questions"]) for category in categories for part in category["criteria"]) == 15
    assert len(scorecard["categories"]) == 3


def test_two_agencies_are_ranked_with_gates_floors_and_price(run):
    folder, printed = run
    result = json.loads((folder / "own" / "tender" / "out" / "results.json").read_text("utf-8"))
    vendors = {vendor["id"]: vendor for vendor in result["vendors"]}
    assert {name: (vendor["rank"], vendor["status"]) for name, vendor in vendors.items()} == {
        "kaisla": (1, "eligible"),
        "verbo": (2, "conditional"),
    }
    open_gates = {gate["question"] for gate in vendors["verbo"]["gates"] if gate["result"] == "fail"}
    assert "TRL-04" in open_gates
    assert "Verbo Rápido" in printed["rank", "own/tender"]


def test_no_word_of_another_domain_is_seen_anywhere(run):
    folder, printed = run
    files = [folder / "questionnaire.xlsx", *sorted((folder / "own" / "tender" / "out").rglob("*.*"))]
    names = {path.name for path in files}
    assert {"questionnaire.xlsx", "results.json", "shortlist.xlsx", "verbo.xlsx"} <= names
    assert any(path.stem == "comparison" for path in files)
    seen = [(path.name, text) for path in files for text in _texts(path)]
    seen += [(" ".join(command), text) for command, text in printed.items()]
    assert [(name, text[:200]) for name, text in seen if FOREIGN.search(text)] == []


def test_the_demo_is_one_of_the_samples(tmp_path):
    done = CliRunner().invoke(main, ["demo", f"{tmp_path / 'new'}", "--small", "--other-domain"])
    assert done.exit_code == 2
    assert not (tmp_path / "new").exists()


def _sentences(path):
    """Texts of a module that somebody may read: neither names nor docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, owners)]
    docstrings = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings]
    return [node.value for node in constants if isinstance(node.value, str) and " " in node.value]


def test_no_sentence_of_the_code_speaks_of_one_domain():
    domain = re.compile(r"\bannotat(?:ion|ors?)\b|\blabels?\b:|\bgen ai\b|\blabou?r\b", re.IGNORECASE)
    modules = sorted((CHECKOUT / "vendor_eval").rglob("*.py"))
    sentences = [(path.name, text) for path in modules for text in _sentences(path)]
    # The code of an issue of a pilot, in which vendors label.
    foreign = [(name, text) for name, text in sentences if domain.search(text.replace("annotator-name", ""))]
    assert foreign == []


def test_the_search_finds_such_a_word(run):
    folder, _ = run
    (folder / "note.txt").write_text("Twenty annotators", encoding="utf-8")
    assert any(FOREIGN.search(text) for text in _texts(folder / "note.txt"))
