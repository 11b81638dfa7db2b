"""report.html as a file: one, whole in every kind of evaluation, and hostile texts are texts in it."""

import json
import re
import shutil
import subprocess
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html import unescape
from importlib import resources
from pathlib import Path

import pytest
from builders import PERCENT, run, write_evaluation

from vendor_eval.reports.page.document import MODULES, report_page
from vendor_eval.results import Result

NODE = shutil.which("node")
HERE = Path(__file__).parent
TREE = {"a": {"A1": {"Q1": {}, "Q2": {}}}, "b": {"B1": {"Q3": {}, "Q4": {"type": "rubric"}}}}
LEVELS = "".join(
    f"- {{vendor: {vendor}, question: Q4, level: 3, by: Ana, date: 2026-11-22, reason: Seen}}\n"
    for vendor in ("acme", "bolt")
)
LINE = "currency: USD, items: [{id: P1, text: Box, unit: box, volume: 1}]"
PRICE = f"price: {{weight: 30, rule: lowest_ratio, {LINE}}}"
TWO = {"acme": {"Q1": 80, "Q2": 60, "Q3": 50, "P1": 9}, "bolt": {"Q1": 40, "Q2": 90, "P1": 7}}
UNPRICED = {vendor: {name: cell for name, cell in own.items() if name != "P1"} for vendor, own in TWO.items()}
ONE = {"acme": {"Q1": 80}}
LATE = """deadline: "2026-11-20T12:00:00+01:00"
vendors: [{id: acme, file: responses/acme.xlsx, received: "2026-11-21T12:00:00+01:00"}]"""
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u2028& '\" {{ 7 * 7 }}"
KINDS = {
    "plain": ("", TWO, LEVELS),
    "price": (PRICE, TWO, LEVELS),
    "sealed": (PRICE.replace("}]}", "}], open_after: quality}"), UNPRICED, LEVELS),
    "ratio": (f"price: {{rule: quality_per_price, {LINE}}}", TWO, LEVELS),
    "provisional": ("", TWO, ""),
    "screen": ("questions: screen", TWO, ""),
    "one": ("", ONE, ""),
    "none": (LATE, ONE, ""),
}


def evaluated(folder, kind):
    settings, answers, findings = KINDS[kind]
    tree = {"a": {"A1": {"Q1": {**PERCENT, "tier": "screen", "gates": [{"kind": "must", "min": 50}]}}}}
    tree = tree if kind == "screen" else TREE
    return run(write_evaluation(folder, tree, answers, settings=settings, findings=findings))


def block(page):
    """The data of a page."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def rows(page):
    names = ("vendor", "rank", "score", "agreed-rank", "agreed-score")
    pattern = r"\s+".join(rf'data-{name}="([^"]*)"' for name in names)
    return {unescape(row[0]): row[1:] for row in re.findall(pattern, page)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_evaluation_has_its_page(tmp_path, kind):
    result = evaluated(tmp_path, kind)
    page = report_page(result).decode()
    shown = rows(page)
    assert list(shown) == [vendor.id for vendor in result.in_order]
    for vendor in result.vendors:
        rank, score = ("" if figure is None else str(figure) for figure in (vendor.rank, vendor.score))
        assert shown[vendor.id] == (rank, score, rank, score)
    assert ('name="weight-price"' in page) == (kind in {"price", "ratio"})
    assert ('name="weight-a"' in page) == (kind != "screen")
    points = sum(float(weight or 0) for weight in block(page)["arithmetic"]["categories"]["weights"])
    assert points == pytest.approx(0 if kind == "screen" else 70 if kind == "price" else 100)


@pytest.mark.skipif(NODE is None, reason="NOT RUN: the arithmetic of report.html needs Node")
@pytest.mark.parametrize("kind", KINDS)
def test_the_agreed_state_is_the_agreed_result(tmp_path, kind):
    result = evaluated(tmp_path, kind)
    data = block(report_page(result).decode())["arithmetic"]
    expected = {
        "vendors": {
            v.id: {"rank": v.rank, "score": v.score, "low": v.low, "high": v.high, "status": v.status,
                   "statusText": v.status_text, "bestRank": v.best_rank, "worstRank": v.worst_rank}
            for v in result.evaluated
        },
        "ranking": list(result.ranking),
        "shortlist": list(result.shortlist),
    }  # fmt: skip
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"data": data, "cases": [{"state": None, "expected": expected}]}), encoding="utf-8")
    command = [NODE, "--no-warnings", HERE / "explorer_cases.mjs", file]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["faults"] == []


def test_the_page_asks_for_nothing_and_runs_its_own_script_alone(tmp_path):
    page = report_page(evaluated(tmp_path, "price")).decode()
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    assert policy.startswith("default-src 'none'; ")
    for tag, name in (('<script type="module">', "script"), ("<style>", "style")):
        text = page.split(tag)[1].split(f"</{name}>")[0]
        assert f"{name}-src 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy
    assert not re.search(r"https?:|\bimport\b.*from|\bexport\b |innerHTML|\sstyle=", page.split("<script type")[-1])
    assert not re.search(r'(src|href)="[^#]', page)


def test_a_name_stands_for_one_thing_in_all_modules():
    """They become one script, in which a second one of that name is an error."""
    declared = [
        name
        for module in MODULES
        for name in re.findall(
            r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)",
            (resources.files("vendor_eval.reports.page") / module).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    ]
    assert [name for name, count in Counter(declared).items() if count > 1] == []


def test_a_hostile_text_is_a_text(tmp_path):
    answers = {"acme": {"Q1": (80, HOSTILE, HOSTILE), "Q2": HOSTILE}, "bolt": {"Q1": 5}}
    settings = json.dumps(
        {"title": HOSTILE, "vendors": [{"id": "acme", "name": HOSTILE, "file": "responses/acme.xlsx"}]}
    )
    result = run(write_evaluation(tmp_path, TREE, answers, settings=settings))
    page = report_page(result).decode()
    assert "<img" not in page
    assert "alert(1)" in page
    assert len(re.findall("</script>", page)) == 2
    assert "{{ 7 * 7 }}" in page
    assert any("<img src=x" in text for text in block(page)["texts"])


def test_a_result_that_was_loaded_has_the_same_page(tmp_path):
    result = evaluated(tmp_path, "price")
    pages = [report_page(r).decode() for r in (result, Result.model_validate_json(result.to_json()))]
    assert block(pages[0]) == block(pages[1])
    assert rows(pages[0]) == rows(pages[1])


def test_a_result_of_an_earlier_version_has_a_page_that_changes_nothing(tmp_path):
    result = evaluated(tmp_path, "price")
    page = report_page(result.model_copy(update={"arithmetic": None})).decode()
    assert rows(page) == rows(report_page(result).decode())
    assert block(page)["arithmetic"] is None
    assert "weight-" not in page.split("<script type")[0]


def test_the_same_result_gives_the_same_page(tmp_path):
    first, again = (report_page(run(write_evaluation(tmp_path / n, TREE, TWO, findings=LEVELS))) for n in "xy")
    assert first == again
