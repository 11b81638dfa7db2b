"""Each YAML and JSON file of the tool, attacked: a message within 5 s of processor time, whatever stands in it."""

import json
import os

import pytest
from builders import write_evaluation
from click.testing import CliRunner

from vendor_eval.cli import main
from vendor_eval.config.shipped import samples_folder
from vendor_eval.config.yaml12 import parse_text
from vendor_eval.json_files import parse_json

SECONDS = 5
PROFILE = samples_folder() / "profiles" / "insurer-claims.yaml"
PILOT = "title: P\ntask: classification\nmeasured_on: 2026-11-24\nlabels: "
# What is attacked: the file, what stands before the hostile value, and the command that reads it.
YAML = {
    "evaluation": ("evaluation.yaml", "title: T\nvendors: ", "check {}"),
    "criteria": ("own/scorecard.yaml", "scorecard: own\ncategories: ", "criteria {}/own"),
    "findings": ("findings.yaml", "", "check {}"),
    "award": ("award.yaml", "vendor: ", "letters {} --award {}/award.yaml"),
    "conditions": ("conditions.yaml", "", "conditions {} acme"),
    "pilot": ("pilot/pilot.yaml", PILOT, "pilot measure {}/pilot"),
    "profile": ("profile.yaml", "sensitivity: ", "advise {}/profile.yaml"),
    "mapping": ("map.yaml", "sheets: ", "check {} --map {}/map.yaml"),
}
JSON = {
    "seal": ("seal.json", '{"settings": %s}', "log {}"),
    "log": ("decisions.jsonl", "%s\n", "log {}"),
    "tokens": ("clarifications.json", '{"acme": %s}', "check {}"),
    "result": ("out/results.json", '{"vendors": %s}', "changes {} {}"),
    "manifest": ("out/manifest.json", '{"made_by": "vendor-eval", "files": %s}', "evaluate {} --format json"),
    "letters": ("letters/letters.json", '{"letters": %s}', "due {}"),
}
HOSTILE_YAML = {
    "a flow list of 10 MB": f"[{'a, ' * 3_400_000}a]",
    "nearly too many texts": f"[{'a, ' * 190_000}a]",
    "nearly too many keys": f"[{'{}, ' * 95_000}{{}}]",
    "one text of 10 MB": f'"{"a" * 10_000_000}"',
    "brackets": "[" * 1_000_000,
    "a control character": r'"a\x07b"',
    "half a character": r'"a\uD800b"',
}
HOSTILE_JSON = {
    "a list of 10 MB": f"[{'1,' * 5_000_000}1]",
    "200,000 names": json.dumps([f"scorecards/{number}.pdf" for number in range(200_000)]),
    "brackets": "[" * 1_000_000,
    "half a character": r'["a\ud800b"]',
    "nothing": "null",
}


@pytest.fixture
def tender(tmp_path):
    folder = write_evaluation(
        tmp_path / "t", {"a": {"A": {"Q1": {}}}}, {"acme": {"Q1": 80}}, settings="{evidence: off}"
    )
    (folder / "profile.yaml").write_text(PROFILE.read_text())
    return folder


def attacked(folder, file, text, command):
    """Run a command on a tender with a hostile file; return exit code, messages and seconds of processor time."""
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(text)
    words = [word.replace("{}", str(folder)) for word in command.split()]
    before = sum(os.times()[:4])
    done = CliRunner().invoke(main, words)
    spent = sum(os.times()[:4]) - before
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "the program failed" not in done.output
    return done.exit_code, done.output, spent


@pytest.mark.parametrize("attack", HOSTILE_YAML)
@pytest.mark.parametrize("kind", YAML)
def test_a_hostile_yaml_file_ends_in_a_message_in_time(tender, kind, attack):
    file, lead, command = YAML[kind]
    code, said, spent = attacked(tender, file, lead + HOSTILE_YAML[attack], command)
    assert code == 1, said[-500:]
    assert file.rpartition("/")[2] in said
    assert spent < SECONDS
    if "character" in attack:
        character = "U+0007" if "control" in attack else "U+D800"
        assert f"the character {character} may not stand in a text" in said


@pytest.mark.parametrize("attack", HOSTILE_JSON)
@pytest.mark.parametrize("kind", JSON)
def test_a_hostile_json_file_ends_in_a_message_in_time(tender, kind, attack):
    file, form, command = JSON[kind]
    code, said, spent = attacked(tender, file, form % HOSTILE_JSON[attack], command)
    assert code in {0, 1}, said[-500:]
    assert spent < SECONDS
    # A part that a file may lack, and a folder that nobody wrote to, is nothing to speak of.
    assert file.rpartition("/")[2] in said or code == 0, said[-500:]


def test_limits_are_named_with_place_and_cure():
    _, (fault,) = parse_text(f"a: [{'b, ' * 200_000}b]", "findings.yaml")
    assert (fault.code, fault.location.line) == ("yaml-syntax", 1)
    assert "more than 200,000 keys and values; divide the file" in fault.message


@pytest.mark.parametrize("text", [r'"a\x07b"', r'{"a\x00": 1}', '[a, "\\x9b"]'])
def test_an_escape_writes_no_character_that_may_not_stand_in_a_file(text):
    _, (fault,) = parse_text(f"title: {text}", "evaluation.yaml")
    assert str(fault).startswith("evaluation.yaml:1:")
    assert "may not stand in a text; remove it" in fault.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (rb'["\ud83d\ude00", "\ude00"]', "U\\+DE00"),
        (rb'["\ud83dx"]', "U\\+D83D"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b"[" * 300, "recursion limit"),
        (b"[" + b"1," * 3_000_000 + b"1]", "more than 3,000,000 values"),
    ],
)
def test_json_of_ours_is_refused_in_words(content, words):
    with pytest.raises(ValueError, match=words):
        parse_json(content)


def test_a_result_of_many_vendors_is_read_and_has_its_own_limit():
    long = b"[" + b",".join([b'"as long as a value with its name"'] * 3_000_001) + b"]"
    assert len(parse_json(long, list[str], is_result=True)) == 3_000_001
    with pytest.raises(ValueError, match="more than 3,000,000 values"):
        parse_json(long)
    with pytest.raises(ValueError, match="more than 3,000,000 values"):
        parse_json(b"[" + b"1," * 3_000_000 + b"1]", is_result=True)
