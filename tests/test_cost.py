"""What a vendor or a slip of the keyboard can make expensive: nothing is more than linear."""

import ast
import functools
import importlib
import os
import pkgutil
import re
import signal
import socket
import stat
import time
from contextlib import suppress
from pathlib import Path

import pytest

import vendor_eval
from vendor_eval.config.input_files import NotRegularError, read_regular
from vendor_eval.config.yaml12 import parse_document, parse_text
from vendor_eval.criteria import load_criteria
from vendor_eval.criteria.parsing import dates, money, read_date, read_number, read_option, read_percentage, words
from vendor_eval.criteria.questions.choices import YesNoPartial
from vendor_eval.intake.submission import read_submission
from vendor_eval.issues import AnswerError, InputError, VendorEvalError
from vendor_eval.run.evaluate import load_evaluation
from vendor_eval.run.publish import publish
from vendor_eval.spreadsheets import Cell

HEAD = "title: t\nas_of: 2026-11-24\n"
MANY = 5000


# ------------------------------------------------------------------------------------------------ patterns


def _modules():
    for module in pkgutil.walk_packages(vendor_eval.__path__, "vendor_eval."):
        if not module.name.endswith("__main__"):
            yield importlib.import_module(module.name)


def _inside(value):
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    inside = [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
    if (type(value).__module__ or "").startswith("vendor_eval") or (
        isinstance(value, type) and value.__module__.startswith("vendor_eval")
    ):
        inside += list(getattr(value, "__dict__", {}).values())
    return inside


def _patterns():
    made = [words(), dates._clear(), dates._starts(), money._mentions(money.CODES)]
    made += [make("USD") for make in (money._named, money._before_figure, money._behind_figure)]
    # Of a function or a call that is no assignment the source names the pattern.
    for path in Path(vendor_eval.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                first = node.args[0]
                made += [re.compile(first.value)] if isinstance(first, ast.Constant) else []
    ahead = [made, *(vars(module) for module in _modules())]
    seen, found = set(), {}
    while ahead:
        value = ahead.pop()
        if isinstance(value, re.Pattern):
            found[value.pattern, value.flags] = value
        elif id(value) not in seen:
            seen.add(id(value))
            ahead += _inside(value)
    return [found[key] for key in sorted(found, key=repr)]


PIECES = (
    " ", "\t", "$", "א", "ְ", "1", "a", "A", "_", ".", ",", "-", "[", "(",
    '"', "'", "/", "1 ", "a ", "1.", "1a", "[$", "[$-", "from ", "by q1 ", "2026 ", " and", "- ",
    "א ", "%", "A1", "$A$1:", "x_", "_x000D_", "[a", '"a', "1,", "*", "e1", "=",
)  # fmt: skip


class Slow(BaseException):
    pass


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no clock of the processor here")
def test_no_pattern_costs_more_than_the_length_of_its_text():
    def stop(_number, _frame):
        raise Slow

    slow = []
    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        patterns = _patterns()
        assert len(patterns) > 50
        for pattern in patterns:
            for piece in PIECES:
                signal.setitimer(signal.ITIMER_VIRTUAL, 2)
                try:
                    text = f"1{piece * (100_000 // len(piece))}\0"
                    if isinstance(pattern.pattern, bytes):
                        text = text.encode()
                    pattern.search(text[1:])
                    pattern.fullmatch(text)
                except Slow:
                    slow.append((pattern.pattern, piece))
                finally:
                    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    assert slow == []


QUESTION = YesNoPartial.model_validate({"id": "Q-1", "type": "yes_no_partial", "text": "Is it?", "weight": 1})


@pytest.mark.parametrize(
    "text",
    ["Y{}x", "Yes{}x", "Yes,{}from 2031", "{}Yes, x", "Yes and{}", "{}"],
    ids=lambda text: text.replace("{}", "_"),
)
@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u200b", " and", "\n", "from "], ids=ascii)
def test_blanks_in_a_choice_cell_cost_no_more_than_letters(text, blank):
    begin = time.process_time()
    for _ in range(3):
        with suppress(AnswerError):
            read_option(text.format(blank * (32_000 // len(blank))), QUESTION.options, as_of=dates.date(2026, 1, 1))
    assert time.process_time() - begin < 3


# ------------------------------------------------------------------------------------------------ digits

DIGITS = "1" * 4301


@pytest.mark.parametrize(
    "text", [DIGITS, f"-{DIGITS}", f"{DIGITS} weeks", f"{DIGITS} %", f"{DIGITS}-01-01", f"1/1/{DIGITS}", f"{DIGITS}k"],
    ids=["bare", "negative", "weeks", "percent", "year", "day", "short"],
)  # fmt: skip
@pytest.mark.parametrize(
    "read",
    [
        lambda text: read_number(text, unit="days"),
        read_percentage,
        read_date,
        lambda text: money.read_price(Cell(1, 1, "A1", text), currency="USD", unit="box"),
    ],
    ids=["number", "percentage", "date", "price"],
)
def test_a_figure_of_thousands_of_digits_is_an_issue_of_its_cell(read, text):
    with pytest.raises(AnswerError) as caught:
        read(text)
    assert len(str(caught.value)) < 500


def test_a_number_of_thousands_of_digits_in_yaml_has_its_place(tmp_path):
    (tmp_path / "evaluation.yaml").write_text(f"{HEAD}shortlist: {DIGITS}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_evaluation(tmp_path)
    assert [(issue.code, issue.location.line) for issue in caught.value.issues] == [("wrong-value", 3)]


# ------------------------------------------------------------------------------------------------ many rows


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("ID,Question,Answer", "{id},,Yes"),
        ("ID,Question,Answer", "{id},,x{n}"),
        ("ID,Question,Answer", "{id},,TBD"),
        ("Question,Answer,Comment", '"{text}",x{n},'),
    ],
    ids=["alike", "other", "nothing", "text"],
)
def test_a_row_repeated_without_end_costs_no_more_than_rows_and_is_counted(tmp_path, head, row):
    (tmp_path / "evaluation.yaml").write_text(HEAD, encoding="utf-8")
    evaluation = load_evaluation(tmp_path)
    question = next(q for q in evaluation.asked_questions.values() if q.type == "yes_no_partial")
    path = tmp_path / "acme.csv"

    def spent(count):
        rows = (row.format(id=question.id, text=question.text, n=number) for number in range(count))
        path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
        begin = time.process_time()
        response = read_submission(evaluation, path)
        return time.process_time() - begin, response

    spent(10)
    few, _ = spent(1000)
    many, response = spent(8000)
    assert many < 8 * few * 3 + 0.5
    assert len(response.issues) < 60
    # Either the issues of its rows are counted, or the rows that are compared with nothing any more.
    assert any("7,9" in issue.message or "in 8,000 rows" in issue.message for issue in response.issues)


# ------------------------------------------------------------------------------------------------ many faults


@pytest.mark.parametrize(
    "settings",
    [
        lambda n: f"unknown_{n}: 1\n",
        lambda n: ("overrides:\n" if not n else "") + f"  SEX-{n}: off\n",
        lambda n: ("context:\n" if not n else "") + f"  regiom{n}: x\n",
        lambda n: ("context:\n" if not n else "") + f"  regiom{n}: {{a: 1}}\n",
        lambda n: ("waivers:\n" if not n else "") + f"  - {{vendor: v{n}, qestion: x}}\n",
        lambda n: ("evaluators:\n" if not n else "") + f"  - {{id: a{n}, categories: [c{n}]}}\n",
    ],
    ids=["keys", "overrides", "context", "unions", "waivers", "evaluators"],
)
def test_thousands_of_faults_in_a_file_are_counted_and_fifty_are_printed(tmp_path, settings):
    (tmp_path / "evaluation.yaml").write_text(HEAD + "".join(map(settings, range(MANY))), encoding="utf-8")
    begin = time.process_time()
    with pytest.raises(InputError) as caught:
        load_evaluation(tmp_path)
    assert time.process_time() - begin < 8
    issues = caught.value.issues
    counts = [re.search(r"has up to (\d+),000 faults, of which the first are named", str(issue)) for issue in issues]
    # Each is worded, or the first are and all are counted.
    assert max(len(issues), *(int(count[1]) * 1000 for count in counts if count), 0) >= MANY
    assert len(caught.value.lines) == 51
    assert f"{len(caught.value.issues) - 50:,} more" in str(caught.value)


# ------------------------------------------------------------------------------------------------ files


def test_line_ends_of_unicode_are_characters_of_a_text_and_end_no_line():
    source, faults = parse_text('a: "x\x85y\u2028z\u2029w"\nb: p\u2028q\nc: 1\n\ue000: 2\n', "f")
    assert faults == ()
    assert source.value == {"a": "x\x85y\u2028z\u2029w", "b": "p\u2028q", "c": 1, "\ue000": 2}
    assert source.locate(("c",)).line == 3


def test_nothing_but_a_regular_file_is_opened(tmp_path):
    pipe, plug = tmp_path / "pipe.yaml", tmp_path / "plug"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(plug))
        for path in (pipe, plug, Path("/dev/zero")):
            assert not stat.S_ISREG(path.stat().st_mode)
            with pytest.raises(NotRegularError):
                read_regular(path)
            assert [fault.code for fault in parse_document(path)[1]] == ["unreadable-file"]


@pytest.mark.parametrize("name", ["scorecard.yaml", "certification.yaml", "extra.yaml"])
def test_a_pipe_in_a_criteria_folder_is_refused_by_name(tmp_path, name):
    for path in (Path(vendor_eval.__file__).parents[1] / "criteria").glob("*.yaml"):
        if path.name != name:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    os.mkfifo(tmp_path / name)
    with pytest.raises(VendorEvalError, match=name):
        load_criteria(tmp_path)


def test_a_manifest_nested_without_end_is_no_file_of_ours(tmp_path):
    (tmp_path / "manifest.json").write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(VendorEvalError, match=r"manifest\.json"):
        publish(tmp_path, {"a.txt": b"a"})
    (tmp_path / "manifest.json").unlink()
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(VendorEvalError, match=r"manifest\.json"):
        publish(tmp_path, {"a.txt": b"a"})
