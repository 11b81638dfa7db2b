"""The tables as CSV: what they hold, and that a spreadsheet runs nothing of it."""

import csv
import io

import pytest
from made_results import HOSTILE, changed, sample, variant, with_texts

from vendor_eval.reports.tables import csv_files

NAMES = ["ranking.csv", "answers.csv", "scores.csv", "matrix.csv"]


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def figure(text):
    return None if text == "" else float(text)


def test_the_ranking_lists_every_vendor_as_the_other_outputs_do():
    result = sample("full")
    table = rows(csv_files(result)["ranking.csv"])
    assert [(row["vendor"], row["name"], row["status"]) for row in table] == [
        (vendor.id, vendor.name, vendor.status) for vendor in result.in_order
    ]
    for row, vendor in zip(table, result.in_order, strict=True):
        for name in ("rank", "best_rank", "worst_rank", "would_rank"):
            assert row[name] == ("" if getattr(vendor, name) is None else str(getattr(vendor, name)))
        for name in ("score", "low", "high", "claimed", "credited", "coverage", "documented", "verified"):
            assert figure(row[name]) == getattr(vendor, name)


def test_a_vendor_that_was_not_evaluated_stands_in_the_ranking_with_its_reason(tmp_path):
    result = variant(tmp_path, vendors=[{"id": "silent", "name": "Silent Ltd"}])
    last = rows(csv_files(result)["ranking.csv"])[-1]
    assert (last["vendor"], last["status"], last["rank"], last["score"], last["reasons"]) == (
        "silent",
        "not_evaluated",
        "",
        "",
        "no response",
    )


def test_scores_and_matrix_hold_every_node_and_every_asked_question():
    result = sample("full")
    files = csv_files(result)
    for row in rows(files["scores.csv"]):
        vendor = result.vendor(row["vendor"])
        assert {name: figure(text) for name, text in row.items() if name != "vendor"} == {
            "total": vendor.score,
            **{node.id: node.score for node in vendor.nodes},
        }
    matrix = {row["question"]: row for row in rows(files["matrix.csv"])}
    for vendor in result.vendors:
        asked = {answer.id: answer.credited for answer in vendor.answers if answer.state != "not_asked"}
        assert {name: figure(row[vendor.id]) for name, row in matrix.items()} == asked


def test_what_a_spreadsheet_would_run_gets_a_leading_quote_and_the_rest_stays_as_it_is():
    result = with_texts(sample("small"), HOSTILE)
    files = csv_files(result)
    starts = ("=", "+", "-", "@", "\t", "\r")
    for name in NAMES:
        fields = [
            field for row in csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline="")) for field in row
        ]
        assert not [field for field in fields if field.startswith(starts) and figure_of(field) is None]
    answers = {(row["vendor"], row["question"]): row for row in rows(files["answers.csv"])}
    for vendor in result.vendors:
        for answer in vendor.answers:
            if answer.state == "answered":
                comment = f"'{answer.comment}" if answer.comment.startswith(starts) else answer.comment
                assert answers[vendor.id, answer.id]["comment"] == comment


def figure_of(field):
    try:
        return float(field)
    except ValueError:
        return None


def test_an_id_that_starts_like_a_formula_is_guarded_in_headers_and_index_too():
    def rename(plain):
        old = plain["vendors"][0]["id"]
        plain["vendors"][0]["id"] = "=cmd"
        for key in ("ranking", "shortlist"):
            plain[key] = ["=cmd" if name == old else name for name in plain[key]]

    files = csv_files(changed(sample("small"), rename))
    assert b"'=cmd" in files["scores.csv"]
    assert b"'=cmd" in files["matrix.csv"].splitlines()[0]
    assert not any(b",=cmd" in data or b"\n=cmd" in data for data in files.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_bytes_are_the_same_again_with_a_mark_for_excel_and_its_line_ends(name):
    data = csv_files(sample("small"))[name]
    assert data == csv_files(sample("small"))[name]
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
