"""The walk-through of a pilot is what happens, and the samples are what their script makes of three stories."""

import shutil

import pytest
from documented_commands import commands, printed_as_quoted, printed_by
from test_samples import FOLDER, files_in, script

from vendor_eval import evaluate, load_evaluation
from vendor_eval.pilot.measure import measure

TEXT = (FOLDER.parent / "docs" / "pilot.md").read_text("utf-8")


@pytest.fixture(scope="module")
def lived(tmp_path_factory, demo):
    """A folder in which every command has run, with what each printed."""
    folder, programs = tmp_path_factory.mktemp("pilot"), tmp_path_factory.mktemp("programs")
    shutil.copytree(FOLDER / "pilot-boxes", folder / "samples" / "pilot-boxes")
    return folder, printed_by((command for command, _ in commands(TEXT)), folder, programs, demo)


def test_every_command_prints_what_is_quoted_below_it(lived):
    _, printed = lived
    for (command, quoted), text in zip(commands(TEXT), printed, strict=True):
        assert printed_as_quoted(quoted, text), f"{command}: {text}"


def test_the_draw_of_the_walk_through_is_that_of_the_sample(lived):
    folder, _ = lived
    drawn, kept = files_in(folder / "shelf-tender" / "pilot"), files_in(FOLDER / "pilot" / "pilot")
    assert {name: content for name, content in drawn.items() if not name.startswith("packages")} == kept


def test_the_pilots_are_what_the_script_writes(tmp_path):
    stories = script().stories
    for source, write in (("pilot/pilot", stories.write_shelves), ("pilot-boxes", stories.write_boxes)):
        folder = tmp_path / source
        folder.mkdir(parents=True)
        for name in ("pilot.yaml", "log.csv"):
            if (FOLDER / source / name).exists():
                shutil.copy(FOLDER / source / name, folder)
        write(folder)
        assert files_in(folder) == files_in(FOLDER / source)


@pytest.mark.parametrize("folder", ["pilot", "pilot-boxes"])
def test_each_vendor_errs_as_its_story_says(folder):
    if folder == "pilot":
        record = evaluate(load_evaluation(FOLDER / "pilot")).pilot
    else:
        record = measure(FOLDER / "pilot-boxes").record
    figures = {vendor.id: {(figure.id, figure.group): figure for figure in vendor.figures} for vendor in record.vendors}
    overall = ("f1", "0.5") if folder == "pilot-boxes" else ("accuracy", None)
    shares = {name: own[overall].value for name, own in figures.items()}
    assert shares["okavira"] > 99 - 1e-9
    assert shares["celadora"] == pytest.approx(94, abs=0.5)
    drifts = {name: own["drift", "surge"] for name, own in figures.items()}
    assert [name for name, drift in drifts.items() if drift.high < 0] == ["nordhain"]
    assert drifts["nordhain"].p < 0.01


def test_one_keeps_its_word_one_does_not_and_of_one_it_cannot_be_told():
    record = evaluate(load_evaluation(FOLDER / "pilot")).pilot
    verdicts = {vendor.id: {link.question: link.verdict for link in vendor.links} for vendor in record.vendors}
    assert {name: own["QAR-23"] for name, own in verdicts.items()} == {
        "okavira": "kept",
        "celadora": "not_kept",
        "nordhain": "cannot_tell",
    }
    assert verdicts["nordhain"] | {"QAR-23": ""} == {"QAR-23": "", "LAB-21": "not_kept", "LAB-01": "not_kept"}
    assert {vendor.id: vendor.acceptance.accepted for vendor in record.vendors} == {
        "okavira": True,
        "celadora": False,
        "nordhain": True,
    }
    assert [vendor.issues for vendor in record.vendors] == [(), (), ()]
