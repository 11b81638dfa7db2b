"""Which tests begin, which are fast, and that one demo serves them all."""

from pathlib import Path

import pytest
from conftest import (
    FAST_IN_ALL,
    SECONDS,
    Recorder,
    fast_files,
    pytest_collection_modifyitems,
    pytest_ignore_collect,
    unmeasured,
)


class Config:
    def __init__(self, *, fast):
        self.fast = fast

    def getoption(self, name):
        return {"--fast": self.fast}[name]


class Item:
    def __init__(self, name):
        self.path = Path(name)


class Report:
    def __init__(self, place, seconds):
        self.location, self.cpu_seconds = (place, 1, "test"), seconds


def test_seconds_are_noted_of_files_that_are_there():
    assert set(SECONDS) <= {path.name for path in Path(__file__).parent.glob("test_*.py")}


def test_the_fast_files_are_the_quickest_and_end_in_time():
    fast = fast_files()
    assert 0 < sum(SECONDS[name] for name in fast) <= FAST_IN_ALL
    assert max(SECONDS[name] for name in fast) <= min(SECONDS[name] for name in set(SECONDS) - fast)


def test_a_file_that_nobody_measured_is_named_with_what_it_took():
    measured = min(SECONDS)
    reports = [Report("tests/test_new.py", 30.0), Report("tests/test_new.py", 5.0), Report(f"tests/{measured}", 1.0)]
    assert unmeasured([*reports, Report("vendor_eval/a.py", 9.0)]) == {"test_new.py": 35.0}


@pytest.mark.parametrize("fast", [True, False])
def test_with_fast_the_longest_is_left_out_and_a_new_file_is_not(fast):
    longest = max(SECONDS, key=SECONDS.__getitem__)
    left_out = {name for name in (longest, "test_new.py") if pytest_ignore_collect(Path(name), Config(fast=fast))}
    assert left_out == ({longest} if fast else set())


def test_the_longest_file_begins_and_a_file_stays_together():
    names = sorted(SECONDS)
    items = [Item(name) for name in names for _ in range(2)]
    pytest_collection_modifyitems(items)
    seconds = [SECONDS[item.path.name] for item in items]
    assert seconds == sorted(seconds, reverse=True)
    assert [items[at].path for at in range(0, len(items), 2)] == [items[at].path for at in range(1, len(items), 2)]


def test_what_a_file_took_is_summed_up_over_its_tests_and_doctests_are_left_out():
    recorder = Recorder()
    for place, seconds in (("tests/test_a.py", 1.5), ("tests/test_a.py", 2.0), ("vendor_eval/a.py", 9.0)):
        recorder.pytest_runtest_logreport(Report(place, seconds))
    assert recorder.seconds == {"test_a.py": 3.5}


def test_a_demo_is_made_once(demo):
    first = demo("small")
    when = (first.folder / "out" / "results.json").stat().st_mtime_ns
    assert demo("small") == first
    assert (first.folder / "out" / "results.json").stat().st_mtime_ns == when
