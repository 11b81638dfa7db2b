"""An evaluation on version 1 of the shipped criteria gives what it gave when it was the only one."""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from places import BANK1, old_samples

from vendor_eval import InputError, compare, evaluate, load_criteria, load_evaluation
from vendor_eval.cli import main
from vendor_eval.run.evaluate import read_responses

# The files differ by the name of the criteria, and the tool by its age.
CHANGED = {"sha256", "tool_version"}
# Sentences for people, which are written anew from the figures and the words of the questions.
SENTENCES = {"sentence", "reason", "reasons", "text", "could_change", "message"}


def losses(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Find what the new result says otherwise, or not at all; it may say more."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() - CHANGED - SENTENCES:
            yield from losses(old[key], new[key], f"{place}.{key}") if key in new else [f"{place}.{key} is gone"]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from losses(before, after, f"{place}[{index}]")
    elif old != new:
        yield f"{place}: {old!r} became {new!r}"


@pytest.mark.parametrize("name", ["small", "full"])
def test_an_old_sample_keeps_every_figure_and_status(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(old_samples() / name, tmp_path / name)
    settings = (folder / "evaluation.yaml").read_text(encoding="utf-8")
    # Whoever declared an interest voted all the same when the figures were written down.
    counted = "Approved its waiver on SEC-13, recuse: false, decided_by: Helena Brandt, why: as before}"
    settings = settings.replace("Approved its waiver on SEC-13}", counted)
    (folder / "evaluation.yaml").write_text(settings, encoding="utf-8")
    before = json.loads(gzip.decompress((folder / "results.json.gz").read_bytes()))
    after = json.loads(evaluate(load_evaluation(folder)).to_json())
    for result in (before, after):  # what could change the recommendation comes first now
        result["robustness"]["ask_first"].sort(key=lambda ask: (ask["vendor"], ask["question"], ask["points"]))
    assert list(losses(before, after)) == []


def test_version_1_has_its_tables_and_mappings_of_its_own() -> None:
    old, new = load_criteria(BANK1), load_criteria()
    assert (old.file.version, len(old.questions)) == ("1.0.0", 168)
    assert (new.file.version, len(new.questions)) == ("2.0.0", 161)
    assert old.scheme.parts != new.scheme.parts


def renamed(folder: Path, criteria: str) -> Path:
    """Copy the small sample with another name of its criteria."""
    copy = shutil.copytree(old_samples() / "small", folder / "tender")
    text = (copy / "evaluation.yaml").read_text(encoding="utf-8")
    (copy / "evaluation.yaml").write_text(text.replace(BANK1, criteria), encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    "command",
    [
        "check {folder}",
        "evaluate {folder}",
        "rank {folder}",
        "explain {folder} nordhain",
        "questionnaire {folder} -o {folder}/new.xlsx",
        "map {folder}/responses/nordhain.xlsx {folder} -o {folder}/map.yaml",
    ],
    ids=lambda command: command.split()[0],
)
@pytest.mark.parametrize("more", ["", "overrides: {LAB-22: {weight: 5}}\n"], ids=["plain", "old-ids"])
def test_responses_to_version_1_stop_every_command_where_no_version_is_named(
    tmp_path: Path, command: str, more: str
) -> None:
    folder = renamed(tmp_path, "annotation-partner")
    (folder / "findings.yaml").unlink()  # they name questions of version 1
    with (folder / "evaluation.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    done = CliRunner().invoke(main, [word.format(folder=folder) for word in command.split()])
    assert (done.exit_code, "bank-version" in done.stderr) == (1, True)
    message = "the 3 responses were sent out with 1.0.0; write annotation-partner@1 to go on with it, @2 to ask"
    assert message in " ".join(done.stderr.split())


def test_version_2_asks_anew_what_changed_since_version_1(tmp_path: Path) -> None:
    folder = renamed(tmp_path, "annotation-partner@2")
    (folder / "findings.yaml").unlink()  # they name questions of version 1
    evaluation = load_evaluation(folder)
    submissions = [reading.submission for reading in read_responses(evaluation)]
    codes = {issue.code for submission in submissions if submission for issue in submission.issues}
    assert {"older-template", "asked-again"} <= codes
    assert "bank-version" not in codes


def test_an_id_of_version_1_is_answered_with_the_question_that_took_its_subject_over(tmp_path: Path) -> None:
    folder = renamed(tmp_path, "annotation-partner@2")  # its findings name QAR-08
    with (folder / "evaluation.yaml").open("a", encoding="utf-8") as file:
        file.write("overrides: {LAB-22: {weight: 5}}\n")
        file.write("waivers: [{vendor: nordhain, question: VEN-13, reason: r, approved_by: A, date: 2026-11-20}]\n")
    with pytest.raises(InputError) as caught:
        load_evaluation(folder)
    text = " ".join(str(issue) for issue in caught.value.issues)
    assert [name in text for name in ("now in QAR-23", "now in LAB-29", "now in LAB-19")] == [True] * 3


def test_compare_sets_an_answer_beside_those_that_its_question_took_over(tmp_path: Path) -> None:
    old = evaluate(load_evaluation(old_samples() / "small"))
    folder = renamed(tmp_path, "annotation-partner@2")
    (folder / "findings.yaml").unlink()
    frame = compare(old, evaluate(load_evaluation(folder)), level="answer").set_index(["vendor", "question"])
    beside = frame.loc[[("okavira", "QAR-23")]]
    assert list(beside["question_old"]) == ["QAR-08"]
    assert beside["answer_old"].notna().all()
    assert beside["answer_new"].isna().all()  # asked anew: nothing is copied
