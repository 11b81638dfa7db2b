"""The second walk-through is what happens: its commands run, in its order, and print what it quotes."""

import json
import shutil
from pathlib import Path

import pytest
from documented_commands import commands, printed_as_quoted, printed_by
from openpyxl import load_workbook
from pages import texts

from vendor_eval import evaluate, load_evaluation
from vendor_eval.reports.pages.documents import Document

TEXT = (Path(__file__).parent.parent / "docs" / "walkthrough.md").read_text("utf-8")


@pytest.fixture(scope="module")
def lived(tmp_path_factory, demo):
    """A folder in which every command has run, with what each printed."""
    folder, programs = tmp_path_factory.mktemp("tender"), tmp_path_factory.mktemp("programs")
    printed = printed_by((command for command, _ in commands(TEXT)), folder, programs, demo)
    return folder, printed


def test_every_command_prints_what_is_quoted_below_it(lived):
    _, printed = lived
    for (command, quoted), text in zip(commands(TEXT), printed, strict=True):
        assert printed_as_quoted(quoted, text), f"{command}: {text}"


def test_the_sheets_that_were_written_take_the_levels_and_give_the_same_result(lived):
    """Three evaluators fill in the sheets just written; the result is that of the sheets in the sample."""
    folder, _ = lived
    again = folder / "again"
    shutil.copytree(folder / "tender", again, ignore=shutil.ignore_patterns("out"))
    for filled in (again / "scores").iterdir():
        given, sheet = load_workbook(filled), load_workbook(again / "score-sheets" / filled.name)
        for name in ("Scores", "Claims"):
            own = {row[0].value: row for row in sheet[name].iter_rows()}
            for row in given[name].iter_rows(min_row=2) if name in given.sheetnames else ():
                for cell in row:
                    if not cell.protection.locked and cell.value is not None:
                        own[row[0].value][cell.column - 1].value = cell.value
        for cell in (cell for row in given["Start here"].iter_rows() for cell in row if not cell.protection.locked):
            sheet["Start here"][cell.coordinate].value = cell.value
        sheet.save(filled)
    before, after = (evaluate(load_evaluation(one)) for one in (folder / "tender", again))
    assert [(v.id, v.rank, v.score) for v in after.vendors] == [(v.id, v.rank, v.score) for v in before.vendors]
    assert after.panel.ratings == before.panel.ratings
    assert after.panel.issues == before.panel.issues == ()


def test_the_tender_ends_in_a_comparison_to_sign(lived):
    folder, _ = lived
    result = json.loads((folder / "tender" / "out" / "results.json").read_text("utf-8"))
    assert result["ranking"] == ["mwanzora", "trellith", "sondre-lab", "zenquora", "brenovik"]
    assert not result["evaluation"]["provisional"]
    assert result["panel"]["missing"] == []
    out = folder / "tender" / "out"
    pages, appendix = (
        texts(Document((out / name).read_bytes(), ".pdf")) for name in ("comparison.pdf", "comparison-appendix.pdf")
    )
    assert len(pages) == 4
    assert "Quality against price" in pages[2]
    assert "Together they agree well" in pages[3]
    assert any("Control arm without an interval" in page for page in appendix)
    assert all(name in pages[-1] for name in ("Helena Brandt", "Tomás Iriarte", "Ruth Adler"))
    assert len(list((folder / "tender" / "score-sheets").iterdir())) == 3
    assert [path.name for path in (folder / "moderation").iterdir()] == ["consensus.xlsx"]
