"""One number everywhere: totals, category scores, ranks and status, from JSON to workbook, CSV, terminal and pages."""

import csv
import io
import json
import re
from itertools import pairwise

import pytest
from made_results import changed, sample
from openpyxl import load_workbook
from pages import comparison_html, lines

from vendor_eval.formatting.figures import number
from vendor_eval.reports.tables import csv_files
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.reports.workbook.shortlist import shortlist


def near(plain):
    """Let two totals print alike at one decimal, and a category score end on a half."""
    first, second = plain["ranking"][:2]
    scores = {first: 80.04, second: 80.01}
    for vendor in plain["vendors"]:
        vendor["score"] = vendor["credited"] = scores.get(vendor["id"], vendor["score"])
        vendor["nodes"][0]["score"] = 62.25


CASES = {
    "small": lambda: sample("small"),
    "full": lambda: sample("full"),
    "near": lambda: changed(sample("small"), near),
}


@pytest.fixture(params=CASES)
def result(request):
    return CASES[request.param]()


def facts(result):
    """What results.json says of each vendor by name: rank, status, total and category scores as they are printed."""
    plain = json.loads(result.to_json())
    return {
        vendor["name"]: (
            vendor["rank"],
            vendor["status"],
            number(vendor["score"], result.digits),
            [number(node["score"]) for node in vendor["nodes"] if node["kind"] == "category"],
        )
        for vendor in plain["vendors"]
    }


def printed(cell):
    """Print a cell as its number format does."""
    if cell.value == "–":
        return "–"
    return number(cell.value, len(cell.number_format.split()[0].split('"')[0].partition(".")[2]))


def test_the_workbook_prints_what_the_json_holds(result):
    book = load_workbook(io.BytesIO(shortlist(result)))
    summary, scores = book["Summary"], book["Scores"]
    top = next(cell.row for cell in summary["A"] if cell.value == "Rank")
    columns = {cell.value: cell.column for cell in summary[top]}
    head = next(cell.row for cell in scores["A"] if cell.value == "Level")
    names = {cell.value: cell.column for cell in scores[head]}
    categories = [cell.row for cell in scores["A"][head:] if cell.value == "Category"]
    count = sum(c.weighted for c in result.definition.categories)
    found = {}
    words = {vendor.name: (vendor.status_text, vendor.status) for vendor in result.vendors}
    for row in range(top + 1, top + 1 + len(result.vendors)):
        rank, name, status, score = (summary.cell(row, columns[key]) for key in ("Rank", "Vendor", "Status", "Score"))
        column = names[name.value]
        assert printed(scores.cell(head + 1, column)) == printed(score)
        cells = [printed(scores.cell(line, column)) for line in categories[:count]]
        place = None if rank.value == "–" else rank.value
        assert status.value == words[name.value][0]
        found[name.value] = (place, words[name.value][1], printed(score), cells)
    assert found == facts(result)


def test_the_csv_prints_what_the_json_holds(result):
    tables = {
        name: list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        for name, data in csv_files(result).items()
    }
    scores = {row["vendor"]: row for row in tables["scores.csv"]}
    categories = [category.id for category in result.definition.categories if category.weighted]
    found = {
        row["name"]: (
            int(row["rank"]) if row["rank"] else None,
            row["status"],
            number(float(row["score"]), result.digits),
            [number(float(text) if (text := scores[row["vendor"]][name]) else None) for name in categories],
        )
        for row in tables["ranking.csv"]
    }
    assert found == facts(result)
    assert {row["vendor"]: float(row["total"]) for row in tables["scores.csv"]} == {
        v.id: v.score for v in result.vendors
    }


def test_the_terminal_prints_what_the_json_holds(result):
    table = ranked_table(result).split("\n\n")[1].splitlines()
    starts = [0, *(i + 1 for i, c in enumerate(table[1]) if c == " " and table[1][i - 1 : i + 2] == "  -")]
    found = {}
    for line in table[2:]:
        rank, name, status, score = (line[a:b].strip() for a, b in list(pairwise(starts))[:4])
        vendor = next(v for v in result.vendors if v.name == name)
        lines = explain(result, vendor, None).splitlines()
        titles = [c.title for c in result.definition.categories if c.weighted]
        rows = [next(one for one in lines if one.startswith(f"{title}  ")) for title in titles]
        cells = [row.removeprefix(title).split()[3] for row, title in zip(rows, titles, strict=True)]
        found[name] = (int(rank) if rank.isdigit() else None, status.replace(" ", "_"), score, cells)
    assert found == facts(result)


def test_the_pages_print_what_the_json_holds(result):
    page = "\n".join(lines(comparison_html(result)))
    found = {}
    for vendor in result.vendors:
        name = re.escape(vendor.name)
        decided = re.search(rf"^(\d+|–) {name} (.*?) (\d+\.\d+) ", page, re.MULTILINE)
        mapped = re.search(rf"^\w+ {name} (?:excluded )?([\d.]+) (.*)$", page, re.MULTILINE)
        cells = [cell for cell in mapped[2].split() if cell == "–" or cell[0].isdigit()]
        place = int(decided[1]) if decided[1].isdigit() else None
        assert mapped[1] == decided[3]
        assert decided[2] == vendor.status_text
        found[vendor.name] = (place, vendor.status, decided[3], cells)
    assert found == facts(result)
