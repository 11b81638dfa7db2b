"""The pages for each task say what happens: their commands run, in their order, and print what they quote."""

import shutil
from pathlib import Path

import pytest
from builders import load
from click.testing import CliRunner
from documented_commands import blocks, commands, printed_as_quoted, printed_by

from vendor_eval import cli, load_evaluation
from vendor_eval.intake.mapping.models import load_mapping
from vendor_eval.issues import InputError

DOCS = Path(__file__).parent.parent / "docs"
# Pages that follow on from each other share a folder.
FOLLOWING = (("ask.md", "read.md"), ("judge.md",), ("record.md",))
TEXTS = {page: (DOCS / page).read_text("utf-8") for pages in FOLLOWING for page in pages}


@pytest.fixture(scope="module", params=FOLLOWING, ids=" ".join)
def lived(request, tmp_path_factory, demo):
    """Pages, and a folder in which every command of theirs has run, with what each printed."""
    folder, programs = tmp_path_factory.mktemp("task"), tmp_path_factory.mktemp("programs")
    # What `./demo` begins with, which the tests of the set-up run.
    shutil.copytree(demo("full").folder, folder / "demo-output")
    typed = [command for page in request.param for command, _ in commands(TEXTS[page])]
    return request.param, folder, printed_by(typed, folder, programs, demo)


def test_every_command_prints_what_is_quoted_below_it(lived):
    pages, _, printed = lived
    shown = [(page, *shown) for page in pages for shown in commands(TEXTS[page])]
    for (page, command, quoted), text in zip(shown, printed, strict=True):
        assert printed_as_quoted(quoted, text), f"{page}: {command}: {text}"


def test_the_findings_shown_are_findings_of_the_tender(tmp_path, demo):
    shutil.copytree(demo("small").folder, tmp_path / "small-tender")
    (example,) = blocks(TEXTS["judge.md"], "yaml")
    (tmp_path / "small-tender" / "findings.yaml").write_text(example, encoding="utf-8")
    done = CliRunner().invoke(cli.main, ["explain", str(tmp_path / "small-tender"), "okavira", "WRK-09"])
    assert done.exit_code == 0, done.stderr
    assert "level 4 by Ana P. on 22 November 2026" in done.stdout


def test_the_mapping_shown_lacks_only_the_other_questions(tmp_path):
    example = next(block for block in blocks((DOCS / "mappings.md").read_text("utf-8"), "yaml") if "mapping:" in block)
    (tmp_path / "mapping.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "evaluation.yaml").write_text("title: T\nas_of: 2026-11-24\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_mapping(load_evaluation(tmp_path), "mapping.yaml", folder=tmp_path)
    assert [issue.code for issue in caught.value.issues] == ["not-accounted"]


def test_the_category_shown_is_asked_in_the_short_questionnaire(tmp_path):
    own = tmp_path / "my-criteria"
    CliRunner().invoke(cli.main, ["criteria", "--copy", str(own)])
    (example,) = blocks(TEXTS["ask.md"], "yaml")
    (own / "green.yaml").write_text(example, encoding="utf-8")
    scorecard = (own / "scorecard.yaml").read_text("utf-8")
    last = load(scorecard)["categories"][-1]
    (own / "scorecard.yaml").write_text(scorecard.replace(f"- {last}\n", f"- {last}\n  - green\n", 1), encoding="utf-8")
    settings = "title: T\nas_of: 2026-11-24\ncriteria: my-criteria\nquestions: core\n"
    (tmp_path / "evaluation.yaml").write_text(settings, encoding="utf-8")
    assert "GRN-01" in load_evaluation(tmp_path).asked_questions
