"""The order of the tests, what they share, and what their run says at its end.

`seconds.json` holds the CPU seconds of each file with tests, as `./test --record-seconds` wrote them. The files that
take longest begin, so that none keeps one process busy while the others have ended; `--fast` leaves them out.
"""

import json
import math
import os
from collections import Counter
from pathlib import Path

import browser
import office
import pytest
import real
from browser import Opened
from demos import made_in
from hypothesis import settings

from vendor_eval.cli import runs
from vendor_eval.reports.page.document import report_page

SECONDS_FILE = Path(__file__).parent / "seconds.json"
SECONDS = json.loads(SECONDS_FILE.read_text(encoding="utf-8"))
FAST_IN_ALL = 40  # CPU seconds, so that two processes need half a minute with what they import
SINCE = pytest.StashKey[float]()
WORKER = "PYTEST_XDIST_WORKER"  # set where pytest-xdist runs tests

# How long an example takes says how busy the machine is.
settings.register_profile("vendor_eval", deadline=None)
settings.load_profile("vendor_eval")


def fast_files():
    """Names of the files that take least, as many as end in time."""
    spent, fast = 0.0, set()
    for name, seconds in sorted(SECONDS.items(), key=lambda item: (item[1], item[0])):
        spent += seconds
        if spent <= FAST_IN_ALL:
            fast.add(name)
    return fast


def unmeasured(reports):
    """CPU seconds of each file that ran as a fast one because nobody measured it."""
    spent = Counter()
    for report in reports:
        name = Path(report.location[0]).name
        if name.startswith("test_") and name not in SECONDS:
            spent[name] += getattr(report, "cpu_seconds", 0)
    return dict(spent)


def pytest_addoption(parser):
    parser.addoption("--fast", action="store_true", help="leave out the files of tests that take longest")
    parser.addoption("--update-quotes", action="store_true", help="write into README.md what its commands print now")
    parser.addoption("--record-seconds", action="store_true", help=f"write {SECONDS_FILE.name} anew")


def pytest_configure(config):
    # How long a command takes says how busy the machine is; who tests its steps says when they are told.
    runs.QUIET_SECONDS = math.inf
    if config.getoption("--record-seconds") and WORKER not in os.environ:
        config.pluginmanager.register(Recorder())


def pytest_ignore_collect(collection_path, config):
    """With --fast, do not even import what takes long; a new file is fast until it is measured."""
    name = collection_path.name
    if config.getoption("--fast") and name in SECONDS and name not in fast_files():
        return True
    return None


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest."""
    items.sort(key=lambda item: -SECONDS.get(item.path.name, 0))


def cpu_seconds():
    """Seconds of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def pytest_collection_finish(session):
    session.config.stash[SINCE] = cpu_seconds()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Note what was spent since the report before this one."""
    report = yield
    now = cpu_seconds()
    report.cpu_seconds = now - item.config.stash[SINCE]
    item.config.stash[SINCE] = now
    return report


class Recorder:
    """Sums up what every file took, also in other processes, and writes it at the end."""

    def __init__(self):
        self.seconds = Counter()

    def pytest_runtest_logreport(self, report):
        folder, _, name = report.location[0].rpartition("/")
        if folder == SECONDS_FILE.parent.name:
            # A process that ended over a test gives a report without it.
            self.seconds[name] += getattr(report, "cpu_seconds", 0)

    def pytest_sessionfinish(self):
        measured = SECONDS | {name: round(seconds, 1) for name, seconds in self.seconds.items()}
        seconds = {name: measured[name] for name in sorted(measured) if (SECONDS_FILE.parent / name).exists()}
        SECONDS_FILE.write_text(json.dumps(seconds, indent=1) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A function from the name of a sample to what `demo` made of it, once for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    # Each process of pytest-xdist has a folder of its own inside the one of the run.
    shared = base.parent if WORKER in os.environ else base
    return lambda name: made_in(shared, name)


def pytest_terminal_summary(terminalreporter):
    """Say aloud that tests did not run, or that nobody knows how long they take: both are easily overlooked."""
    if terminalreporter.config.getoption("--fast"):
        reports = (
            one for many in terminalreporter.stats.values() for one in many if isinstance(one, pytest.TestReport)
        )
        for name, seconds in unmeasured(reports).items():
            message = f"{name} took {seconds:.1f} s of CPU and counts as fast: ./test --record-seconds tests/{name}"
            terminalreporter.write_line(message, yellow=True, bold=True)
    if not real.PRESENT:
        message = (
            f"{real.VARIABLE} names no folder with hecvat/ and caiq/: the tests with real questionnaires did NOT run"
        )
        terminalreporter.write_line(message, yellow=True, bold=True)
    if any("Pango" in str(one.longrepr) for one in terminalreporter.stats.get("skipped", ())):
        terminalreporter.write_line("Pango is missing: the tests that read PDFs did NOT run", yellow=True, bold=True)
    if office.SOFFICE is None:
        message = f"{office.MISSING}: the tests that save through LibreOffice did NOT run"
        terminalreporter.write_line(message, yellow=True, bold=True)
    for message in browser.not_run():
        terminalreporter.write_line(message, yellow=True, bold=True)


def pytest_sessionfinish():
    """End the LibreOffice that the tests shared."""
    office.stop()


@pytest.fixture(scope="module", name="browser")
def _browser():
    with browser.chromium() as window:
        yield window


@pytest.fixture(scope="module")
def report(result, tmp_path_factory):
    """The report.html of the module's fixture `result`."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_bytes(report_page(result))
    return file


@pytest.fixture
def opened(browser, report):
    """The page of `report`; at the end it has asked for nothing more, and complained of nothing."""
    with Opened(browser, report) as window:
        yield window
        assert window.messages == []
        assert window.requests == [window.url]
