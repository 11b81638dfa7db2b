"""Damaged workbooks: 2,000 seeded changes of a good one never end in a traceback, a hang or a silent other answer.

A change may make another workbook that is as sound as the first. openpyxl is the judge of that: where it reads the same
cells in the changed file as ours does, the file says so itself.
"""

import io
import random
import re
import time
import warnings
import zipfile
from collections import Counter
from dataclasses import dataclass
from functools import partial

import pytest
from books import FORM, asked, fill, what_was_read
from builders import load, write_criteria
from openpyxl import load_workbook

from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.intake.submission import read_submission
from vendor_eval.issues import InputError
from vendor_eval.spreadsheets import read_workbook
from vendor_eval.spreadsheets.workers import spread

CHANGES, BATCH = 2000, 100
# Seconds of work that only a reader that hangs needs, also on a busy machine.
HANGS = 30
ANSWERS = {
    "YNP-1": ("Yes", "Policy 7", "All sites"),
    "YNP-2": ("Partial", "", "Berlin and Lagos"),
    "ONE-1": "Every month",
    "ALL-1.a": "Yes",
    "ALL-1.b": "No",
    "NUM-1": 12,
    "PCT-1": ("95 %", "Log of May"),
    "DAY-1": "2026-05-24",
    "CRT-1.status": "Certified",
    "FIG-1.over": 12,
    "FIG-1.people": 180,
    "TXT-1": "In words of our own",
}
_TAG = re.compile(rb"<[^<>]*>")
_VALUE = re.compile(rb'="([^"]*)"')


@dataclass(frozen=True)
class Good:
    """The workbook as it was sent, and what it says."""

    evaluation: object
    content: bytes
    read: dict
    codes: Counter


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = tmp_path_factory.mktemp("good")
    write_criteria(folder / "criteria", load(FORM))
    evaluation = asked(folder / "tender", criteria=str(folder / "criteria"))
    path = fill(questionnaire(evaluation), ANSWERS, folder / "acme.xlsx")
    submission = read_submission(evaluation, path)
    assert what_was_read(submission)["NUM-1"][0] == "answered"
    codes = Counter((issue.code, str(issue.location)) for issue in submission.issues)
    return Good(evaluation, path.read_bytes(), what_was_read(submission), codes)


# ---- changes


def flip(chance, content):
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(chance, content):
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randint(1, 200) :]


def repeat(chance, content):
    start = chance.randrange(len(content))
    piece = content[start : start + chance.randint(1, 200)]
    return content[:start] + piece + content[start:]


def _tag(chance, content):
    tags = list(_TAG.finditer(content))
    return chance.choice(tags) if tags else None


def drop_tag(chance, content):
    tag = _tag(chance, content)
    return content[: tag.start()] + content[tag.end() :] if tag else content


def double_tag(chance, content):
    tag = _tag(chance, content)
    return content[: tag.end()] + tag[0] + content[tag.end() :] if tag else content


def rename_tag(chance, content):
    tag = _tag(chance, content)
    name = re.match(rb"</?([\w:]+)", tag[0]) if tag else None
    if not name:
        return content
    other = chance.choice([b"c", b"v", b"row", b"t", b"f", b"is", b"x", name[1] + b"s"])
    return content.replace(b"<" + name[1], b"<" + other).replace(b"</" + name[1], b"</" + other)


def _element(chance, content):
    """Find an element that has no other of its name within."""
    names = re.findall(rb"<([\w:]+)[ >]", content)
    if not names:
        return None
    name = chance.choice(names)
    pattern = rb"<" + name + rb"(?: [^<>]*)?(?:/>|>(?:(?!<" + name + rb"[ >]).)*?</" + name + rb">)"
    found = list(re.finditer(pattern, content, re.DOTALL))
    return chance.choice(found) if found else None


def rename_element(chance, content):
    one = _element(chance, content)
    name = re.match(rb"<([\w:]+)", one[0])[1] if one else None
    if not name:
        return content
    other = chance.choice([b"c", b"v", b"row", b"t", b"f", b"is", b"x"])
    new = b"<" + other + one[0][1 + len(name) :].replace(b"</" + name + b">", b"</" + other + b">")
    return content[: one.start()] + new + content[one.end() :]


def drop_element(chance, content):
    one = _element(chance, content)
    return content[: one.start()] + content[one.end() :] if one else content


def double_element(chance, content):
    one = _element(chance, content)
    return content[: one.end()] + one[0] + content[one.end() :] if one else content


def change_attribute(chance, content):
    values = list(_VALUE.finditer(content))
    if not values:
        return content
    one, other = chance.choice(values), chance.choice(values)
    new = chance.choice([other[1], b"", b"-1", b"99999999999", b"A1", b"XFD1048576", b"s", b"str", b"\xff"])
    return content[: one.start(1)] + new + content[one.end(1) :]


def drop_attribute(chance, content):
    values = list(_VALUE.finditer(content))
    if not values:
        return content
    one = chance.choice(values)
    return content[: content.rfind(b" ", 0, one.start())] + content[one.end() :]


def swap_rows(chance, content):
    rows = list(re.finditer(rb"<row .*?</row>", content, re.DOTALL))
    if len(rows) < 3:
        return content
    first, second = sorted(chance.sample(rows, 2), key=lambda row: row.start())
    middle = content[first.end() : second.start()]
    return content[: first.start()] + second[0] + middle + first[0] + content[second.end() :]


WELL_FORMED = (rename_element, drop_element, double_element, change_attribute, drop_attribute, swap_rows)
IN_PARTS = (flip, cut, repeat, drop_tag, double_tag, rename_tag, *WELL_FORMED, *WELL_FORMED)
OF_THE_FILE = (flip, cut, repeat)
# Where the meaning lies: the others are drawn less often.
WEIGHTY = ("sheet", "sharedStrings", "workbook.xml", "styles")


def changed(seed, content):
    """Change the bytes of the file, or the XML of one part."""
    chance = random.Random(seed)  # noqa: S311  no secret
    if seed % 4 == 0:
        return chance.choice(OF_THE_FILE)(chance, content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    weights = [8 if any(word in name for word in WEIGHTY) else 1 for name in parts]
    (name,) = chance.choices(list(parts), weights)
    parts[name] = chance.choice(IN_PARTS)(chance, parts[name])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return buffer.getvalue()


# ---- the law


def says_so_itself(path):
    """Whether openpyxl reads the same cells in the changed file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = load_workbook(path, data_only=True)
    except Exception:  # noqa: BLE001  openpyxl raises anything at what is damaged
        return False
    ours = {
        (sheet.name, cell.address): cell.error or cell.value
        for sheet in read_workbook(path).sheets
        for cell in sheet.cells
        if cell.error or cell.value not in (None, "")
    }
    return ours == {
        (sheet.title, cell.coordinate): cell.value
        for sheet in theirs.worksheets
        for cell in sheet._cells.values()
        if cell.value not in (None, "")
    }


def fault_of(good, seed, path):
    """What is wrong with the reading of a changed file; None where nothing is."""
    path.write_bytes(changed(seed, good.content))
    start = time.process_time()
    try:
        submission = read_submission(good.evaluation, path)
    except InputError:
        return "slow" if time.process_time() - start > HANGS else None
    except Exception as error:  # noqa: BLE001  exactly this is looked for
        return f"traceback: {error!r}"
    codes = Counter((issue.code, str(issue.location)) for issue in submission.issues)
    if what_was_read(submission) == good.read or codes - good.codes or says_so_itself(path):
        return "slow" if time.process_time() - start > HANGS else None
    return "another answer without an issue"


@pytest.mark.parametrize("first", range(0, CHANGES, BATCH))
def test_a_changed_file_is_refused_or_read_the_same_or_says_what_is_different(good, tmp_path, first):
    path = tmp_path / "acme.xlsx"
    seeds = range(first, first + BATCH)
    faults = spread(partial(fault_of, path=path), good, seeds, lost=lambda _seed, issue: f"lost: {issue.message}")
    assert {seed: fault for seed, fault in zip(seeds, faults, strict=True) if fault} == {}


def test_the_changes_reach_what_they_should(good, tmp_path):
    path = tmp_path / "acme.xlsx"
    outcomes = Counter()
    for seed in range(200):
        path.write_bytes(changed(seed, good.content))
        try:
            submission = read_submission(good.evaluation, path)
        except InputError:
            outcomes["refused"] += 1
        else:
            outcomes["same" if what_was_read(submission) == good.read else "other"] += 1
    assert outcomes["refused"] > 50
    assert outcomes["same"] > 50
    assert outcomes["other"] > 0
