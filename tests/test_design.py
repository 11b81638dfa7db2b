"""What the pages for engineers name is there: modules, folders and functions."""

import ast
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
PAGES = ["docs/design.md", "docs/style.md", "CONTRIBUTING.md"]
# Folders of an evaluation and of a build.
ELSEWHERE = {"dist/", "out/", "responses/"}


def spans(page):
    """List the code spans of a page, without its blocks of code."""
    text = re.sub(r"^```.*?^```", "", (CHECKOUT / page).read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"`([^`\n]+)`", text)


def located(path):
    """Find a path as pages write it: from the package, or from the checkout; None where there is no such file."""
    return next((full for root in ("vendor_eval", ".") if (full := CHECKOUT / root / path).exists()), None)


def definitions(module):
    """List the functions and classes of a module, methods as Class.method."""
    for node in ast.parse(module.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef))


def unknown_paths(page):
    """List the modules and folders that a page names and that are not there."""
    paths = [span for span in spans(page) if re.fullmatch(r"[\w./]+(\.py|/)", span) and span not in ELSEWHERE]
    return [path for path in paths if located(path) is None]


def unknown_functions(page):
    """List the `module.function` of a page that no module of this name, named by its path on the page, defines."""
    modules = [located(span) for span in spans(page) if re.fullmatch(r"[\w/]+\.py", span)]
    known = {f"{module.stem}.{name}" for module in modules if module is not None for name in definitions(module)}
    suffixes = "csv|json|md|pdf|py|toml|xlsx|yaml|yml"
    return [s for s in spans(page) if re.fullmatch(rf"[a-z]\w*\.(?!(?:{suffixes})$)\w+(\.\w+)?", s) and s not in known]


@pytest.mark.parametrize("page", PAGES)
def test_every_module_that_a_page_for_engineers_names_is_there(page):
    assert unknown_paths(page) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_function_that_a_page_for_engineers_names_is_there(page):
    assert unknown_functions(page) == []


@pytest.mark.parametrize(
    "wanted", ["figures.read_number", "gates.judge", "decision.decision", "evaluate.evaluate_readings"]
)
def test_the_walk_of_one_answer_names_where_it_is_decided(wanted):
    assert wanted in spans("docs/design.md")


def test_what_is_not_there_is_found_out(tmp_path, monkeypatch):
    (tmp_path / "vendor_eval").mkdir()
    (tmp_path / "vendor_eval" / "gates.py").write_text("class Gate:\n    def judge(self): ...\n")
    text = "`gates.py` `gates.Gate.judge` `gates.judge` `gate.py` `rooms/` `ranking.rank`\n"
    (tmp_path / "page.md").write_text(f"{text}```\n`other.py`\n```\n")
    monkeypatch.setitem(globals(), "CHECKOUT", tmp_path)
    assert unknown_paths("page.md") == ["gate.py", "rooms/"]
    assert unknown_functions("page.md") == ["gates.judge", "ranking.rank"]
