"""The names that others rely on, what they do, and what importing them costs."""

import json
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pytest
from places import old_samples

import vendor_eval
from vendor_eval import InputError, Issue, Location, Result, evaluate, load_evaluation, load_result
from vendor_eval.issues import VendorEvalError

CHECKOUT = Path(vendor_eval.__file__).parent.parent
NAMES = {
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
}
ADDED = ("kind", "value")
HEAVY = ("pandas", "openpyxl", "weasyprint", "pydantic", "numpy", "xlsxwriter", "yaml")


def printed(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout


# ------------------------------------------------------------------------------------------------ names


def test_the_package_exports_the_public_names():
    assert set(vendor_eval.__all__) == NAMES
    assert {getattr(vendor_eval, name).__name__ for name in NAMES} == NAMES
    assert set(dir(vendor_eval)) == NAMES | {"__version__", "agreement", "robustness"}
    assert vendor_eval.__version__ == version("vendor-eval")


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'evalute'"):
        vendor_eval.evalute  # noqa: B018  reading it is what is tried


def test_a_star_import_brings_the_public_names():
    names: dict[str, object] = {}
    exec("from vendor_eval import *", names)  # noqa: S102  as a user would write it
    assert set(vendor_eval.__all__) <= set(names)


def test_a_type_checker_knows_the_public_names_and_no_other(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        f"from vendor_eval import __version__, {', '.join(sorted(NAMES))}\nfrom vendor_eval import evalute\n"
    )
    # Only the face of the package is checked: what stands behind it has a run of its own.
    options = ["--follow-imports=skip", "--no-incremental", "--config-file=", "--strict"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(program), str(CHECKOUT / "vendor_eval" / "__init__.py")],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line.partition(": ")[2] for line in done.stdout.splitlines() if "program.py" in line] == [
        'error: Module "vendor_eval" has no attribute "evalute"; maybe "evaluate"?  [attr-defined]'
    ]


@pytest.mark.parametrize(
    "program",
    [
        "import vendor_eval.robustness as module; print(module.weight_margin.__name__)",
        "import vendor_eval.robustness; print(vendor_eval.robustness.weight_margin.__name__)",
        "from vendor_eval import robustness; print(robustness.weight_margin.__name__)",
        "from vendor_eval.robustness import weight_margin; print(weight_margin.__name__)",
        "import vendor_eval.agreement; print(vendor_eval.agreement.kendall_w.__name__)",
        "from vendor_eval import agreement; print(agreement.kendall_w.__name__)",
        "from vendor_eval.agreement import kendall_w; print(kendall_w.__name__)",
    ],
)
def test_the_kernels_are_imported_by_their_public_names(program):
    assert printed(program) in {"weight_margin\n", "kendall_w\n"}


def test_a_module_under_another_name_is_loaded_when_it_is_used():
    program = (
        "import sys, vendor_eval\n"
        "vendor_eval._register('firm', 'vendor_eval.robustness')\n"
        "import vendor_eval.firm\n"
        "from vendor_eval import firm\n"
        "before = 'numpy' in sys.modules\n"
        "from vendor_eval.firm import weight_margin\n"
        "from vendor_eval import robustness\n"
        "same = weight_margin is robustness.weight_margin is vendor_eval.firm.weight_margin is firm.weight_margin\n"
        "print(before, same, 'weight_margin' in dir(firm))"
    )
    assert printed(program) == "False True True\n"


# ------------------------------------------------------------------------------------------------ cost


@pytest.mark.parametrize("module", ["vendor_eval", "vendor_eval.cli"])
def test_importing_loads_nothing_heavy(module):
    assert printed(f"import sys, {module}; print(sorted(set({HEAVY!r}) & set(sys.modules)))") == "[]\n"


def test_loading_criteria_loads_neither_numpy_nor_readers_of_workbooks():
    program = (
        "import sys\n"
        "from vendor_eval import load_criteria\n"
        "load_criteria()\n"
        "heavy = ('numpy', 'pandas', 'jinja2', 'rapidfuzz', 'python_calamine', 'vendor_eval.results')\n"
        "print(sorted(set(heavy) & set(sys.modules)))"
    )
    assert printed(program) == "[]\n"


def test_reading_a_tender_loads_no_data_frames():
    program = (
        "import sys\n"
        "from vendor_eval import evaluate, load_evaluation\n"
        f"evaluate(load_evaluation({str(old_samples() / 'small')!r})).to_json()\n"
        "print(sorted({'pandas', 'weasyprint', 'xlsxwriter'} & set(sys.modules)))"
    )
    assert printed(program) == "[]\n"


# ------------------------------------------------------------------------------------------------ loading


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """Copies of the samples: writing a result keeps the tokens of its clarifications in the evaluation's folder."""
    folder = tmp_path_factory.mktemp("samples")
    for name in ("small", "full"):
        shutil.copytree(old_samples() / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def small(samples):
    return evaluate(samples / "small")


@pytest.fixture(scope="module")
def full(samples):
    return evaluate(samples / "full")


@pytest.mark.parametrize("path", [str, Path, lambda folder: folder / "evaluation.yaml", load_evaluation])
def test_an_evaluation_is_named_by_its_path_or_loaded(path, small):
    assert evaluate(path(old_samples() / "small")) == small


def test_loading_an_evaluation_checks_its_findings(tmp_path):
    shutil.copytree(old_samples() / "small", tmp_path / "small")
    (tmp_path / "small" / "findings.yaml").write_text("- {vendor: okavira}\n")
    for use in (load_evaluation, evaluate):
        with pytest.raises(InputError) as caught:
            use(tmp_path / "small")
        assert {issue.location.file for issue in caught.value.issues} == {"findings.yaml"}


def test_a_written_result_is_loaded_as_it_was(small, full, tmp_path):
    for number, result in enumerate((small, full)):
        folder = tmp_path / str(number)
        result.write(folder, formats=["json"])
        loaded = load_result(folder / "results.json")
        assert type(loaded) is Result
        assert (loaded, loaded.to_json()) == (result, result.to_json())
        assert load_result(str(folder)) == result


def test_keys_that_a_results_file_lacks_take_their_defaults(small, tmp_path):
    record = json.loads(small.to_json())
    del record["panel"], record["robustness"]
    del record["vendors"][0]["rounds"]
    (tmp_path / "results.json").write_text(json.dumps(record))
    assert load_result(tmp_path) == small.model_copy(update={"robustness": None})


def without(value, path):
    """Delete a key from a record, or from each of the records on the way to it."""
    first, *rest = path
    for inner in value if isinstance(value, list) else [value]:
        if rest and inner[first]:
            without(inner[first], rest)
        elif not rest:
            inner.pop(first, None)


@pytest.mark.parametrize("name", ["small", "full"])
def test_a_result_of_the_first_release_is_completed(name, request, tmp_path):
    result = request.getfixturevalue(name)
    record = json.loads(result.to_json())
    for path in (
        "evaluation method most_paired",
        "evaluation method median_from",
        "evaluation price relative",
        "robustness ask_first excludes",
        "vendors status_reasons",
        *(f"vendors {place} {key}" for place in ("notes", "answers finding", "answers findings") for key in ADDED),
    ):
        without(record, path.split())
    (tmp_path / "results.json").write_text(json.dumps(record))
    assert load_result(tmp_path).to_json() == result.to_json()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{", ["no-result"]),
        ("{}", ["no-result"] * 5),
        ('{"schema": "other/1"}', ["no-result"] * 5),
    ],
)
def test_another_file_is_no_result(text, codes, tmp_path):
    file = tmp_path / "results.json"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load_result(file)
    assert [(issue.code, issue.location) for issue in caught.value.issues] == [
        (code, Location(str(file))) for code in codes
    ]


def test_a_result_of_another_schema_is_refused(small, tmp_path):
    file = tmp_path / "results.json"
    file.write_text(small.model_copy(update={"schema_": "vendor-eval/results/0"}).to_json())
    with pytest.raises(InputError) as caught:
        load_result(file)
    assert [issue.code for issue in caught.value.issues] == ["other-schema"]
    assert all(isinstance(issue, Issue) for issue in caught.value.issues)


def test_a_missing_result_is_named(tmp_path):
    with pytest.raises(VendorEvalError, match=r"results\.json: no such file"):
        load_result(tmp_path)


# ------------------------------------------------------------------------------------------------ tables


def test_a_result_is_shown_on_one_line(small):
    line = "<Result 'Polygons and boxes for the fruit and shelf models', 2026-11-24: 3 vendors, first okavira>"
    assert (repr(small), str(small)) == (line, line)


def test_a_notebook_shows_the_ranking_with_names_escaped(small):
    evil = small.vendors[0].model_copy(update={"name": "<script>alert(1)</script>\u202e"})
    shown = small.model_copy(update={"vendors": (evil, *small.vendors[1:])})._repr_html_()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<" in shown
    assert "<script" not in shown
    (frame,) = _cells(small._repr_html_())
    assert frame == [
        ["Rank", "Vendor", "Status", "Score", "Low", "High"],
        ["1", "Okavira Data", "eligible", "81.3", "81.3", "81.3"],
        ["2", "Celadora Visión", "conditional", "77.1", "77.1", "77.1"],
        ["–", "Nordhain Bildwerk", "excluded", "66.0", "66.0", "66.0"],
    ]


def _cells(html):
    from xml.etree import ElementTree as ET

    return [
        [[cell.text for cell in row] for row in table.iter("tr")]
        for table in ET.fromstring(f"<div>{html}</div>").iter("table")  # noqa: S314  our own markup
    ]


def test_tables_are_indexed_by_what_their_rows_are_about(full):
    indexes = {
        name: list(getattr(full, name)().index.names)
        for name in ("ranking_table", "answers", "scores", "matrix", "prices", "levels")
    }
    assert indexes == {
        "ranking_table": ["vendor"],
        "answers": ["vendor", "question"],
        "scores": ["vendor"],
        "matrix": ["question"],
        "prices": ["vendor", "item"],
        "levels": ["vendor", "question"],
    }
    assert all(getattr(full, name)().index.is_unique for name in indexes)


def test_the_ranking_table_stands_in_the_order_of_the_outputs(full):
    frame = full.ranking_table()
    assert tuple(frame.index) == tuple(vendor.id for vendor in full.in_order)
    assert frame.dtypes["rank"] == "Int64"
    assert frame.dtypes["score"] == "float64"


def test_scores_are_shown_by_level(full):
    nodes, whole = full.vendors[0].nodes, full.scores()
    pd.testing.assert_frame_equal(full.scores(level="total"), whole[["total"]])
    for level in ("category", "criterion"):
        columns = [node.id for node in nodes if node.kind == level]
        assert columns
        pd.testing.assert_frame_equal(full.scores(level=level), whole[columns])
    with pytest.raises(ValueError, match=r"did you mean 'category'\?"):
        full.scores(level="categorie")


def test_gates_and_issues_are_tables(full):
    gates, issues = full.gates(), full.issues()
    assert len(gates) == sum(len(vendor.gates) for vendor in full.vendors)
    assert [str(gates.dtypes[name]) for name in ("waived", "open")] == ["bool", "bool"]
    first = full.vendors[0].gates[0]
    assert gates.loc[0, ["question", "kind", "result", "cell"]].tolist() == [
        first.question,
        first.kind,
        first.result,
        first.source.cell,
    ]
    assert len(issues) == sum(len(vendor.issues) for vendor in full.vendors) + len(full.panel.issues)
    vendor = next(vendor for vendor in full.vendors if vendor.issues)
    shown = issues.loc[issues["vendor"] == vendor.id, ["code", "question", "part"]]
    assert shown.to_numpy().tolist() == [[issue.code, issue.question, issue.part] for issue in vendor.issues]
    assert set(issues["question"]) >= {"ENG-11", "QAR-19"}


# ------------------------------------------------------------------------------------------------ files


def test_a_result_writes_what_the_command_writes(samples, small, tmp_path):
    paths = small.write(tmp_path / "own", formats=("json", "xlsx", "csv"))
    shutil.copytree(samples / "small", tmp_path / "small")
    out = tmp_path / "small" / "out"
    shutil.rmtree(out, ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "vendor_eval", "evaluate", str(out.parent), "--format", "json,xlsx,csv"],
        check=True,
        capture_output=True,
    )
    assert _files(tmp_path / "own") == _files(out)
    assert {path.relative_to(tmp_path / "own").as_posix() for path in paths} == set(_files(out)) - {"manifest.json"}


def _files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_writing_replaces_its_formats_and_nothing_else(small, tmp_path):
    small.write(tmp_path, formats=["csv"])
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.warns(UserWarning, match=r"results\.json, as the formats were not asked for: .*tables \(4 files\)"):
        assert tmp_path / "results.json" in small.write(tmp_path, formats=["json"])
    assert (tmp_path / "tables").exists()
    assert (tmp_path / "mine.txt").read_text() == "kept"
    (tmp_path / "shortlist.xlsx").write_text("foreign")
    with pytest.raises(VendorEvalError, match="was not made by this tool"):
        small.write(tmp_path, formats=["xlsx"])


def test_a_format_that_is_not_there_is_a_value_error(small, tmp_path):
    with pytest.raises(ValueError, match=r"did you mean 'xlsx'\?"):
        small.write(tmp_path / "out", formats=["xslx"])
    assert not (tmp_path / "out").exists()


def test_a_loaded_result_writes_all_but_the_clarifications(small, tmp_path):
    small.write(tmp_path / "own", formats=["json", "csv"])
    load_result(tmp_path / "own").write(tmp_path / "again", formats=["json", "csv"])
    own, again = _files(tmp_path / "own"), _files(tmp_path / "again")
    assert {name for name in own if name not in again} == {name for name in own if name.startswith("clarifications/")}
    assert own["results.json"] == again["results.json"]
