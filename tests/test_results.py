"""results.json is a contract: its names, its sources and the tables that are made from it."""

import csv
import hashlib
import io
import json
import math
import re
import shutil
import socket
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain

import pandas as pd
import pytest
from builders import answer, evaluated, run, write_evaluation
from openpyxl import load_workbook
from places import BANK1, old_samples

from vendor_eval import Result, compare, load_criteria
from vendor_eval.issues import InputError
from vendor_eval.reports.tables import csv_files

SAMPLES = ("small", "full")


@cache
def sample(name):
    return run(old_samples() / name)


@cache
def text_of(name):
    return sample(name).to_json()


# ------------------------------------------------------------------------------------------------ the shape


def test_the_method_says_what_a_report_has_to_know_of_it():
    evaluation = sample("full").evaluation
    assert (evaluation.method.most_paired, evaluation.method.median_from) == (40, 4)
    assert evaluation.price.relative is (evaluation.price.rule != "fixed_bounds")


def test_pydantic_knows_which_fields_of_a_record_were_set():
    result = sample("small")
    assert result.model_dump(exclude_unset=True)["ranking"] == result.ranking
    by_itself = result.evaluation.scorecard.model_copy()
    assert by_itself.model_dump(exclude_unset=True) == result.evaluation.scorecard.model_dump()
    # `rounds` and what else has a default is left out where nobody said it.
    assert "rounds" not in type(result.vendors[0])(id="a", name="A", status="eligible", reasons=()).model_dump(
        exclude_unset=True
    )


@pytest.mark.parametrize("name", ["small", "full"])
def test_the_parts_of_the_text_are_the_text_of_the_whole(name):
    for result in (sample(name), sample(name).model_copy(update={"vendors": ()})):
        assert json.loads(result.to_json()) == result.model_dump(mode="json", by_alias=True)
        # What the page computes with stands on one line.
        plain = result.model_copy(update={"arithmetic": None})
        whole = json.dumps(plain.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1)
        assert "".join(plain.json_parts()) == plain.to_json() == f"{whole}\n"


@dataclass(frozen=True)
class Maybe:
    """The shape, or null."""

    shape: object


@dataclass(frozen=True)
class Each:
    """An object whose keys are data."""

    shape: object


NUMBER = (int, float)
SOURCE = {"file": Maybe(str), "sheet": Maybe(str), "cell": Maybe(str)}
WAIVED = {"reason": str, "approved_by": str, "date": str}
NODE = {
    "id": str,
    "kind": str,
    "parent": Maybe(str),
    "weight": NUMBER,
    "global_weight": NUMBER,
    "score": Maybe(NUMBER),
    "low": Maybe(NUMBER),
    "high": Maybe(NUMBER),
    "claimed": Maybe(NUMBER),
    "reach": Maybe(NUMBER),
    "coverage": Maybe(NUMBER),
    "contribution": NUMBER,
    "floor": Maybe({"at_least": NUMBER, "kind": str, "result": str}),
}
ANSWER = {
    "id": str,
    "parent": str,
    "state": str,
    "raw": str,
    "answer": Maybe(str),
    "value": Maybe(NUMBER),
    "evidence": Maybe(str),
    "credited": Maybe(NUMBER),
    "global_weight": NUMBER,
    "contribution": NUMBER,
    "evidence_text": str,
    "finding": Maybe({"act": str, "by": str, "date": str, "reason": str}),
    "source": SOURCE,
    "sources": [SOURCE],
}
PRICE = {
    "total": Maybe(NUMBER),
    "currency": str,
    "score": NUMBER,
    "weight": NUMBER,
    "contribution": NUMBER,
    "flags": [str],
    "items": [
        {
            "id": str,
            "unit_price": Maybe(NUMBER),
            "volume": NUMBER,
            "amount": Maybe(NUMBER),
            "yield_per_hour": Maybe(NUMBER),
            "source": SOURCE,
        }
    ],
}
VENDOR = {
    "id": str,
    "name": str,
    "status": str,
    "rank": Maybe(int),
    "best_rank": Maybe(int),
    "worst_rank": Maybe(int),
    "would_rank": Maybe(int),
    "score": Maybe(NUMBER),
    "low": Maybe(NUMBER),
    "high": Maybe(NUMBER),
    "claimed": Maybe(NUMBER),
    "credited": Maybe(NUMBER),
    "coverage": Maybe(NUMBER),
    "documented": Maybe(NUMBER),
    "verified": Maybe(NUMBER),
    "nodes": [NODE],
    "answers": [ANSWER],
    "quality": Maybe(NUMBER),
    "price": Maybe(PRICE),
    "gates": [{"question": str, "kind": str, "result": str, "reason": str, "waived": Maybe(WAIVED)}],
    "issues": [{"code": str, "severity": str, "message": str, "source": SOURCE}],
}
ROBUSTNESS = {
    "level": str,
    "verdict": str,
    "margin_percent": NUMBER,
    "stability": [
        {
            "node": str,
            "weight": NUMBER,
            "from": NUMBER,
            "to": NUMBER,
            "rival_from": Maybe(str),
            "rival_to": Maybe(str),
        }
    ],
    "weightings_won": {
        "uniform": Each(NUMBER),
        "around_stated": Each(NUMBER),
        "draws": int,
        "standard_error": NUMBER,
    },
    "pivotal": [{"vendor": str, "question": str}],
    "leave_one_out": [{"without": str, "winner": str}],
    "ask_first": [{"vendor": str, "question": str, "reason": str, "could_change": str}],
}
PANEL = {
    "evaluators": [str],
    "aggregate": str,
    "alpha": {"overall": Maybe(NUMBER), "categories": Each(Maybe(NUMBER))},
    "kendall_w": Maybe(NUMBER),
    "severity": Each(NUMBER),
    "spread": [{"vendor": str, "question": str, "levels": Each(NUMBER)}],
    "without": [{"evaluator": str, "winner": str}],
}
RESULTS = {
    "schema": str,
    "evaluation": {
        "title": str,
        "reference": str,
        "as_of": str,
        "preset": Maybe(str),
        "provisional": bool,
        "scorecard": {"id": str, "version": str, "sha256": str},
        "weights": Each(NUMBER),
        "inputs": [{"file": str, "sha256": str}],
    },
    "vendors": [VENDOR],
    "definition": {"categories": [dict]},
    "ranking": [str],
    "shortlist": [str],
    "robustness": Maybe(ROBUSTNESS),
    "panel": Maybe(PANEL),
}


def misfits(value, shape, path="results"):
    """Places where a value has another shape."""
    match shape:
        case Maybe():
            return [] if value is None else misfits(value, shape.shape, path)
        case Each():
            return list(chain(*(misfits(one, shape.shape, f"{path}.{key}") for key, one in value.items())))
        case [each]:
            found = [misfits(one, each, f"{path}[{index}]") for index, one in enumerate(value)]
            return list(chain(*found)) if isinstance(value, list) else [path]
        case dict():
            missing = [f"{path}.{key} is missing" for key in shape if key not in value]
            present = [misfits(value[key], each, f"{path}.{key}") for key, each in shape.items() if key in value]
            return missing + list(chain(*present))
        case _:
            fits = isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
            return [] if fits else [f"{path}: {value!r}"]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_name_of_the_contract_is_there_with_its_type(name):
    assert misfits(json.loads(text_of(name)), RESULTS) == []


def test_a_vendor_that_was_not_evaluated_has_the_same_names(tmp_path):
    result = evaluated(tmp_path, TREE, {"acme": {"Q1": 50}}, settings="{vendors: [{id: bolt, name: Bolt}]}")
    parsed = json.loads(result.to_json())
    assert misfits(parsed, RESULTS) == []
    bolt = next(vendor for vendor in parsed["vendors"] if vendor["id"] == "bolt")
    assert (bolt["name"], bolt["status"], bolt["reasons"], bolt["answers"]) == (
        "Bolt",
        "not_evaluated",
        ["no response"],
        [],
    )
    assert {key: bolt[key] for key in ("rank", "score", "low", "high", "coverage")} == dict.fromkeys(
        ("rank", "score", "low", "high", "coverage")
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_words_of_the_contract_are_the_agreed_ones(name):
    result = sample(name)
    assert result.model_dump(by_alias=True)["schema"] == "vendor-eval/results/1"
    found = {
        "status": {vendor.status for vendor in result.vendors},
        "state": {a.state for vendor in result.vendors for a in vendor.answers},
        "evidence": {a.evidence for vendor in result.vendors for a in vendor.answers},
        "gate": {gate.result for vendor in result.vendors for gate in vendor.gates},
        "kind": {gate.kind for vendor in result.vendors for gate in vendor.gates},
        "severity": {issue.severity for vendor in result.vendors for issue in vendor.issues},
        "node": {node.kind for vendor in result.vendors for node in vendor.nodes},
    }
    agreed = {
        "status": {"eligible", "conditional", "excluded", "not_evaluated"},
        "state": {"answered", "blank", "invalid", "not_asked", "settled", "pending"},
        "evidence": {None, "claim", "document", "verified"},
        "gate": {"pass", "fail", "unresolved"},
        "kind": {"knock_out", "must", "flag"},
        "severity": {"blocking", "warning", "notice"},
        "node": {"category", "criterion"},
    }
    assert {key: words - agreed[key] for key, words in found.items()} == {key: set() for key in agreed}


@pytest.mark.parametrize("name", SAMPLES)
def test_numbers_are_finite_and_on_their_scales(name):
    def refuse(word):
        raise AssertionError(word)

    parsed = json.loads(text_of(name), parse_constant=refuse)
    for vendor in parsed["vendors"]:
        scores = [vendor[key] for key in ("score", "low", "high", "claimed", "credited")]
        scores += [record[key] for record in vendor["nodes"] for key in ("score", "low", "high", "claimed", "reach")]
        scores += [record[key] for record in vendor["answers"] for key in ("value", "credited")]
        assert all(-1e-9 <= number <= 100 + 1e-9 for number in scores if number is not None)
        shares = [vendor[key] for key in ("coverage", "documented", "verified")]
        shares += [record["global_weight"] for record in (*vendor["nodes"], *vendor["answers"])]
        assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
        assert vendor["verified"] <= vendor["documented"] <= vendor["coverage"] + 1e-9


@pytest.mark.parametrize("name", SAMPLES)
def test_contributions_of_a_sample_add_up_to_the_score(name):
    for vendor in sample(name).vendors:
        assert (vendor.quality is None) is (vendor.price is None) is (name == "small")
        earned = vendor.score if vendor.quality is None else vendor.quality
        assert math.fsum(a.contribution for a in vendor.answers) == pytest.approx(earned, abs=1e-9)
        assert math.fsum(a.global_weight for a in vendor.answers) == pytest.approx(1, abs=1e-9)
        categories = [node for node in vendor.nodes if node.parent is None]
        assert math.fsum(node.contribution for node in categories) == pytest.approx(earned, abs=1e-9)


@pytest.mark.parametrize("name", SAMPLES)
def test_category_weights_are_those_published(name):
    result = sample(name)
    preset = load_criteria(BANK1).file.presets[result.evaluation.preset]
    assert result.evaluation.weights == preset
    for vendor in result.vendors:
        assert {node.id: node.weight for node in vendor.nodes if node.parent is None} == preset


@pytest.mark.parametrize("name", SAMPLES)
def test_every_question_of_the_criteria_is_in_the_definition_and_in_each_vendors_answers(name):
    result = sample(name)
    defined = [q for category in result.definition.categories for c in category.criteria for q in c.questions]
    assert [q.id for q in defined] == list(load_criteria(BANK1).questions)
    asked = {q.id for q in defined if q.asked}
    for vendor in result.vendors:
        assert [a.id for a in vendor.answers] == [q.id for q in defined]
        assert {a.id for a in vendor.answers if a.state != "not_asked"} == asked


@pytest.mark.parametrize("name", SAMPLES)
def test_inputs_are_hashed_as_they_are_on_disk(name):
    folder = old_samples() / name
    inputs = {record.file: record.sha256 for record in sample(name).evaluation.inputs}
    files = ["evaluation.yaml", "findings.yaml", *(file for vendor in sample(name).vendors for file in vendor.files)]
    files += [f"scores/{sheet.name}" for sheet in folder.glob("scores/*.xlsx")]
    assert inputs == {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in files}


def test_the_result_can_be_read_back():
    again = Result.model_validate_json(text_of("small"))
    assert (again.to_json(), again.ranking) == (text_of("small"), sample("small").ranking)


# ------------------------------------------------------------------------------------------------ the machine


@pytest.mark.parametrize("name", SAMPLES)
def test_no_absolute_path_time_of_day_or_host_name_stands_in_it(name):
    text = text_of(name)
    folder = old_samples() / name
    written = (folder / "evaluation.yaml").read_text(encoding="utf-8")
    assert re.findall(r'"(?:/|[A-Za-z]:[\\/]|\\\\)[^"]*"', text) == []
    assert [word for word in (str(folder), tempfile.gettempdir()) if word in text] == []
    # Times of day come from evaluation.yaml alone: when a response was received, and why a late one counts.
    times = re.findall(r"(?<!\d)[012]?\d:[0-5]\d(?!\d)", text)
    assert [time for time in times if time not in written] == []
    assert f'"{socket.gethostname()}"' not in text


def test_another_folder_gives_the_same_bytes(tmp_path):
    elsewhere = shutil.copytree(old_samples() / "small", tmp_path / "else where", ignore=shutil.ignore_patterns("out"))
    assert run(elsewhere).to_json() == text_of("small")


def test_an_absolute_path_of_a_response_is_refused(tmp_path):
    folder = write_evaluation(tmp_path, TREE, {"acme": {"Q1": 50}})
    path = folder / "responses" / "acme.xlsx"
    write_evaluation(tmp_path, TREE, {}, settings=f"{{vendors: [{{id: acme, file: {path}}}]}}")
    with pytest.raises(InputError, match="absolute path"):
        run(folder)


# ------------------------------------------------------------------------------------------------ sources


def shown(value):
    """Text of a cell as a person would copy it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@cache
def workbook(path):
    return load_workbook(path, data_only=True)


@dataclass(frozen=True)
class Line:
    """A row of a workbook by its headers."""

    key: str
    address: str
    cells: dict[str, str]


def line_of(folder, source):
    sheet = workbook(folder / source.file)[source.sheet]
    cell = sheet[source.cell]
    head = next(row for row in sheet.iter_rows() if {"ID", "Answer"} <= {c.value for c in row})
    cells = {c.value: shown(sheet.cell(cell.row, c.column).value) for c in head if c.value}
    column = next(c.column_letter for c in head if c.value == "Answer")
    return Line(cells["ID"], f"{column}{cell.row}", cells)


@pytest.mark.parametrize("name", SAMPLES)
def test_sources_lead_to_the_very_cells(name):
    folder = old_samples() / name
    for vendor in sample(name).vendors:
        for record in (a for a in vendor.answers if a.state != "not_asked"):
            lines = [line_of(folder, source) for source in record.sources]
            assert [source.cell for source in record.sources] == [line.address for line in lines]
            assert {line.key.partition(".")[0] for line in lines} == {record.id}
            filled = [(line.key.partition(".")[2], line.cells["Answer"]) for line in lines if line.cells["Answer"]]
            assert record.raw == "; ".join(f"{part}: {raw}" if part else raw for part, raw in filled)
            assert record.source == record.sources[0]
            if len(lines) == 1 and "." not in lines[0].key:
                assert record.evidence_text == lines[0].cells["Evidence"]
                assert record.comment == lines[0].cells["Comment"]


@pytest.mark.parametrize("name", SAMPLES)
def test_issues_and_gates_lead_to_the_cell_of_their_question(name):
    folder = old_samples() / name
    for vendor in sample(name).vendors:
        by_id = {a.id: a.source for a in vendor.answers}
        assert [gate.question for gate in vendor.gates if gate.source != by_id[gate.question]] == []
        for issue in (i for i in vendor.issues if i.source.cell and re.match(r"[A-Z]{3}-\d\d[.:]", i.message)):
            assert line_of(folder, issue.source).key.partition(".")[0] == issue.message[:6]


# ------------------------------------------------------------------------------------------------ tables


TREE = "{a: {A1: {Q2: {weight: 3}, Q1: {}}}, b: {B1: {Q3: {type: text, weight: 0}, Q4: {}}}}"
ANSWERS = {
    "acme": {"Q1": (50, "=1+1", "+1 and more"), "Q2": 40, "Q3": "@Ana", "Q4": (70, "Report\tA")},
    "bolt": {"Q1": 10, "Q2": "n/a", "Q4": "-"},
}
LISTED = "{evidence: off, vendors: [{id: zed, name: Zed}, {id: bolt}, {id: acme}]}"


@pytest.fixture
def small(tmp_path):
    return evaluated(tmp_path, TREE, ANSWERS, settings=LISTED)


def test_answers_have_a_row_for_each_vendor_and_asked_question(small):
    frame = small.answers().reset_index()
    columns = "vendor question node state raw answer value evidence credited global_weight contribution"
    assert " ".join(frame.columns) == f"{columns} evidence_text comment file sheet cell"
    rows = frame[["vendor", "question", "node", "state", "raw", "credited", "cell"]].astype(object)
    assert rows.where(rows.notna(), None).values.tolist() == [
        ["bolt", "Q2", "a.A1", "blank", "n/a", 0, "B3"],
        ["bolt", "Q1", "a.A1", "answered", "10", 10, "B2"],
        ["bolt", "Q3", "b.B1", "blank", "", None, "B5"],
        ["bolt", "Q4", "b.B1", "blank", "-", 0, "B4"],
        ["acme", "Q2", "a.A1", "answered", "40", 40, "B3"],
        ["acme", "Q1", "a.A1", "answered", "50", 50, "B2"],
        ["acme", "Q3", "b.B1", "answered", "@Ana", None, "B4"],
        ["acme", "Q4", "b.B1", "answered", "70", pytest.approx(70), "B5"],
    ]


def test_scores_are_vendors_by_nodes_with_the_total_in_front(small):
    frame = small.scores()
    # bolt: a = (0 + 10) / 4 = 2.5; acme: a = (3 x 40 + 50) / 4 = 42.5, b = 70.
    expected = pd.DataFrame(
        {
            "total": [None, 1.25, 56.25],
            "a": [None, 2.5, 42.5],
            "a.A1": [None, 2.5, 42.5],
            "b": [None, 0.0, 70.0],
            "b.B1": [None, 0.0, 70.0],
        },
        index=pd.Index(["zed", "bolt", "acme"], name="vendor"),
        dtype="float64",
    )
    pd.testing.assert_frame_equal(frame, expected)


def test_the_matrix_is_questions_by_vendors_in_the_order_of_the_criteria(small):
    expected = pd.DataFrame(
        {"zed": [None] * 4, "bolt": [0, 10, None, 0], "acme": [40, 50, None, 70]},
        index=pd.Index(["Q2", "Q1", "Q3", "Q4"], name="question"),
        dtype="float64",
    )
    pd.testing.assert_frame_equal(small.matrix(), expected)


def test_compare_sets_a_second_round_beside_the_first(tmp_path, small):
    later = {"acme": {"Q1": 90, "Q2": 40, "Q4": 70}, "cord": {"Q1": 100, "Q2": 100, "Q4": 100}}
    frame = compare(small, evaluated(tmp_path / "2", TREE, later, settings="evidence: off"))
    figures = frame.astype(object).where(frame.notna(), None).round(9)
    assert figures.to_dict("index") == {
        "acme": {
            "score_old": pytest.approx(56.25),
            "rank_old": 1,
            "status_old": "eligible",
            "score_new": pytest.approx(61.25),
            "rank_new": 2,
            "status_new": "eligible",
            "change": pytest.approx(5),
        },
        "bolt": {
            "score_old": pytest.approx(1.25),
            "rank_old": 2,
            "status_old": "eligible",
            "score_new": None,
            "rank_new": None,
            "status_new": None,
            "change": None,
        },
        "cord": {
            "score_old": None,
            "rank_old": None,
            "status_old": None,
            "score_new": 100,
            "rank_new": 1,
            "status_new": "eligible",
            "change": None,
        },
        "zed": {
            "score_old": None,
            "rank_old": None,
            "status_old": "not_evaluated",
            "score_new": None,
            "rank_new": None,
            "status_new": None,
            "change": None,
        },
    }


def test_tables_of_an_evaluation_without_vendors_are_empty(tmp_path, small):
    nobody = evaluated(tmp_path / "0", TREE, {})
    assert [len(frame) for frame in (nobody.answers(), nobody.scores(), nobody.matrix())] == [0, 0, 0]
    assert list(compare(nobody, small)["score_new"].notna()) == [True, True, False]
    assert list(compare(small, nobody)["score_old"].notna()) == [True, True, False]
    assert set(csv_files(nobody)) == {"answers.csv", "scores.csv", "matrix.csv", "ranking.csv"}


def table(files, name):
    return list(csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def test_csv_files_hold_the_frames_in_full_precision(tmp_path):
    result = evaluated(tmp_path, TREE, {"acme": {"Q1": 33.3, "Q2": 1.5, "Q4": 66.7}}, settings="evidence: off")
    files = csv_files(result)
    vendor = result.vendor("acme")
    head, row = table(files, "scores.csv")
    assert head == ["vendor", "total", "a", "a.A1", "b", "b.B1"]
    assert [float(figure) for figure in row[1:]] == [vendor.score, *(node.score for node in vendor.nodes)]
    assert [row[0] for row in table(files, "matrix.csv")] == ["question", "Q2", "Q1", "Q3", "Q4"]
    credited = {row[1]: row[8] for row in table(files, "answers.csv")[1:]}
    assert {name: float(figure) for name, figure in credited.items() if figure} == {
        a.id: a.credited for a in vendor.answers if a.credited is not None
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_csv_text_that_a_spreadsheet_would_run_is_guarded(tmp_path, start):
    text = f"{start}SUM(A1)"
    vendor = f"{start.strip() or '@'}acme"
    result = evaluated(tmp_path, TREE, {vendor: {"Q1": (50, text, text), "Q3": text}}, settings="evidence: off")
    files = csv_files(result)
    fields = [field for name in files for row in table(files, name) for field in row]
    assert [field for field in fields if field.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert f"'{text}" in fields
    assert answer(result.vendor(vendor), "Q1").comment == text


def test_csv_is_for_excel_utf_8_with_a_mark_and_its_line_ends(small):
    for data in csv_files(small).values():
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.endswith(b"\r\n")


def test_records_of_which_there_are_hundreds_for_each_vendor_have_slots():
    """In a field of 2,000 vendors a dictionary each would take 600 MB."""
    vendor = sample("small").vendors[0]
    for record in (vendor.answers[0], vendor.answers[0].source, vendor.gates[0]):
        assert not hasattr(record, "__dict__")
