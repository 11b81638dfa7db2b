"""What report.html shows without script, and what its address says."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import lxml.html
import pytest

from vendor_eval import evaluate
from vendor_eval.config.shipped import samples_folder
from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import number
from vendor_eval.reports.page.document import report_page
from vendor_eval.reports.wording import decision as words

NODE = shutil.which("node")
HERE = Path(__file__).parent


@cache
def sample():
    result = evaluate(samples_folder() / "full")
    return result, lxml.html.fromstring(report_page(result))


def text(element):
    return " ".join(element.text_content().split())


def test_the_page_says_what_page_1_of_the_paper_says():
    result, page = sample()
    first, firm, shown = words.recommended(result), words.how_firm(result), text(page)
    assert text(page.find(".//h1")) == words.headline(result)
    assert f"How firm: {firm.word}. {firm.reason}" in shown
    lines = (*words.excluded(result), *words.conditions(result), *words.should_know(result))
    sentences = [*words.reasons_for(result, first), *words.risks(result, first), *(line for _, line in lines)]
    for sentence in sentences:
        assert " ".join(sentence.split()) in shown


def test_each_bar_is_as_wide_as_the_total():
    result, page = sample()
    for row in page.iterfind(".//tr[@data-vendor]"):
        vendor = result.vendor(row.get("data-vendor"))
        segments = row.findall(".//rect[@data-part]")
        widths = [float(segment.get("width").rstrip("%")) for segment in segments]
        starts = [float(segment.get("x").rstrip("%")) for segment in segments]
        assert [segment.get("data-part") for segment in segments][-1] == "price"
        assert sum(widths) == pytest.approx(vendor.score, abs=1e-9)
        assert starts == pytest.approx([sum(widths[:at]) for at in range(len(widths))])
        assert vendor.status_text in text(row)
        assert number(vendor.score, result.digits) in row.find(".//svg").get("aria-label")
        open_ends = row.find(".//g").get("visibility") != "hidden"
        assert open_ends == (vendor.low != vendor.high)


def test_the_heat_map_has_every_score_and_marks_the_floors():
    result, page = sample()
    for row in page.iterfind(".//tr[@data-heat]"):
        nodes = {node.id: node for node in result.vendor(row.get("data-heat")).nodes}
        for cell in row.iterfind("td"):
            node = nodes[cell.get("data-part")]
            assert text(cell).startswith(number(node.score))
            assert ("below the floor" in text(cell)) == bool(node.floor and node.floor.result == "fail")
            assert ("floor open" in text(cell)) == bool(node.floor and node.floor.result == "unresolved")


def test_each_condition_has_its_date_its_owner_and_its_proof():
    result, page = sample()
    shown = [[text(cell) for cell in row] for row in page.iterfind(".//*[@id='conditions']//tbody/tr")]
    expected = [condition for vendor in result.in_order for condition in vendor.conditions]
    assert len(shown) == len(expected)
    for (what, before, due, owner, proof), condition in zip(shown, expected, strict=True):
        assert what.startswith(" ".join((condition.what or condition.reason).split()))
        assert due == (day(condition.due) if condition.due else "No date yet")
        assert owner == (condition.owner or "Nobody yet")
        assert proof == " ".join(condition.proof.split())
        assert before.startswith("Waived") == (condition.result == "waived")


def test_named_sets_of_weights_leave_the_price_as_agreed():
    result, page = sample()
    names = [option.get("value") for option in page.iterfind(".//select[@name='preset']/option")]
    assert names == ["", "*", *result.arithmetic.categories.presets]
    for points in result.arithmetic.categories.presets.values():
        assert sum(filter(None, points)) == pytest.approx(100 - result.arithmetic.price.weight)


@pytest.mark.skipif(NODE is None, reason="NOT RUN: the address of report.html needs Node")
def test_what_is_set_goes_into_the_address_and_comes_back():
    command = [NODE, "--no-warnings", "--test", HERE / "explorer_address.mjs"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
