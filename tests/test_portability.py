"""What Windows and macOS lack, taken away here: no fork, no limits, no locks, no links, and libraries that are missing.

Nobody has run this on these systems; a workflow that does is one thing, this is what can be known without them.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_output import content

from vendor_eval.config.shipped import samples_folder
from vendor_eval.formatting.csv_text import csv_bytes

# Read by every interpreter that starts, so by fresh workers too.
ELSEWHERE = """
import errno, fcntl, os, signal, sys
import psutil  # which is made for this system
for name in ("fork", "sched_getaffinity", "O_NOFOLLOW", "O_NONBLOCK", "getuid"):
    delattr(os, name)
for name in ("SIGHUP", "SIGPROF", "ITIMER_PROF", "setitimer"):
    delattr(signal, name)
sys.modules["resource"] = None
def refuse(*_, **__):
    raise OSError(errno.ENOLCK, "There is no such thing here")
fcntl.flock = os.link = refuse
from vendor_eval.run import staging
from vendor_eval.spreadsheets import workers
workers.HAS_LIMITS, workers.can_fork, staging._EXCHANGES = False, lambda: False, {}
"""
WITHOUT_PANGO = """
import cffi
def refuse(self, name, flags=0):
    raise OSError(f"cannot load library {name!r}: no such file")
cffi.FFI.dlopen = refuse
"""


def run(folder, *words, site):
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-m", "vendor_eval", *map(str, words)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(root)]), "VENDOR_EVAL_BY": "Ida"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "sitecustomize.py").write_text(ELSEWHERE)
    return folder


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A tender with every output as this system makes it."""
    folder = tmp_path_factory.mktemp("here") / "tender"
    shutil.copytree(samples_folder() / "small", folder, ignore=shutil.ignore_patterns("out"))
    run(folder, *EVERYTHING, site="")
    return folder


EVERYTHING = ("evaluate", ".", "--format", "json,xlsx,pdf,html,csv")


def test_a_tender_comes_to_every_output_with_the_same_bytes(here, site, tmp_path):
    folder = shutil.copytree(here, tmp_path / "tender")
    shutil.rmtree(folder / "out")
    run(folder, *EVERYTHING, site=site)
    assert content(folder / "out") == content(here / "out")
    run(folder, "check", ".", "--annotate", site=site)
    assert (folder / "out" / "annotated").is_dir()
    run(folder, "freeze", ".", "-o", tmp_path / "a.zip", site=site)
    assert json.loads(run(folder, "verify", tmp_path / "a.zip", "--json", site=site).stdout)["ok"]


def test_without_the_libraries_of_pdf_every_page_is_html_to_print(here, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(ELSEWHERE + WITHOUT_PANGO)
    folder = shutil.copytree(here, tmp_path / "tender")
    done = run(folder, *EVERYTHING, site=tmp_path)
    assert "the pages are written as HTML to print" in done.stderr
    made, expected = set(content(folder / "out")), set(content(here / "out"))
    assert made == {name.removesuffix(".pdf") + ".html" if name.endswith(".pdf") else name for name in expected}


def test_tables_open_in_excel(here):
    tables = {name: data for name, data in content(here / "out").items() if name.endswith(".csv")}
    assert len(tables) > 3
    for data in (*tables.values(), csv_bytes(("a", "b"), [("ä", 1)])):
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\r\n") == data.count(b"\n")
