"""The real Chromium of the system, without a window, and what else the tests of report.html need of this machine."""

import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

PAGE_TOOLS = Path(__file__).parent.parent / ".venv" / "page-tools" / "node_modules"  # where .ci/run installs


def _is_snap(program):
    """Whether it is a snap or starts one: that sees neither the folder of a test nor the pipe that drives it."""
    head = Path(program).resolve().read_bytes()[:4000]
    return Path(program).resolve().name == "snap" or (head.startswith(b"#!") and b"/snap/" in head)


_PROGRAMS = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
CHROMIUM = next((program for program in _PROGRAMS if not _is_snap(program)), None)
NODE = shutil.which("node")
AXE_VARIABLE = "VENDOR_EVAL_AXE"
AXE = Path(os.environ.get(AXE_VARIABLE) or PAGE_TOOLS / "axe-core" / "axe.min.js")
NO_CHROMIUM = "Chromium is missing (a snap does not do): apt-get install chromium"
NO_NODE = "Node is missing: apt-get install nodejs"
NO_AXE = f"{AXE_VARIABLE} names no axe.min.js of axe-core, and .ci/run installed none"
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason=NO_AXE)


def not_run():
    """What of this machine is missing, and which tests did not run for it."""
    if CHROMIUM is None:
        yield f"{NO_CHROMIUM}: the tests of report.html in a browser did NOT run"
    if NODE is None:
        yield f"{NO_NODE}: the tests of the arithmetic of report.html did NOT run"
    if not AXE.is_file():
        yield f"{NO_AXE}: whether report.html can be used by everybody was NOT tested with axe"


@contextmanager
def chromium():
    """A browser for many pages."""
    from playwright.sync_api import sync_playwright

    # Chromium has no sandbox for root, as in most containers.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def wait_until(is_so, seconds=10):
    """Wait for the page; its policy forbids that Playwright waits inside it."""
    last = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < last
        time.sleep(0.02)


class Opened:
    """A page in a window of its own, with all that it asked for and every message of its console."""

    def __init__(self, browser, file, fragment="", **options):
        self.context = browser.new_context(offline=True, **{"viewport": {"width": 1280, "height": 900}, **options})
        self.page = self.context.new_page()
        self.requests, self.messages = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda line: self.messages.append(f"{line.type}: {line.text}"))
        self.page.on("pageerror", lambda error: self.messages.append(f"pageerror: {error}"))
        self.page.on("dialog", lambda dialog: (self.messages.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.url, self.file_text = file.as_uri(), file.read_text(encoding="utf-8")
        self.page.goto(self.url + (f"#{fragment}" if fragment else ""))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def rows(self):
        """Every vendor's row, in the order shown, by the names of its data."""
        return self.page.eval_on_selector_all("tr[data-vendor]", "rows => rows.map(row => ({...row.dataset}))")

    def set(self, name, value):
        """Move a slider or a number box as a person does."""
        self.page.locator(f'[name="{name}"]').fill(str(value))

    def number(self, name):
        return float(self.page.locator(f'[name="{name}"]').input_value())

    @property
    def banner(self):
        return self.page.locator("#banner").is_visible()
