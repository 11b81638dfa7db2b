"""Documents of a run: drawn ahead in other processes, in order, few at a time; the same bytes however many."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from vendor_eval.issues import VendorEvalError
from vendor_eval.reports.pages import pdf
from vendor_eval.reports.pages.documents import Document
from vendor_eval.run.rendering import document_files
from vendor_eval.spreadsheets import workers

NAMES = [f"{number}.pdf" for number in range(12)]


@pytest.fixture(params=[1, 2, 5])
def cores(request, monkeypatch):
    """Draw in this process alone, or in several; what is drawn here needs no Pango."""
    if request.param > 1 and sys.platform != "linux":
        pytest.skip("forks are safe on Linux alone")
    for module in (workers, pdf):
        monkeypatch.setattr(module, "can_fork", lambda: True)
    monkeypatch.setattr(workers, "cores", lambda: request.param)
    return request.param


def draw(folder, name):
    (folder / name).touch()
    return Document(f"{name} of {os.getpid()}".encode(), ".pdf", (f"note on {name}", "for all"))


def files(folder, warned, **others):
    """Contents of a dozen documents; some are drawn in another way."""
    renderers = {name: others.get(name.partition(".")[0], partial(draw, folder, name)) for name in NAMES}
    return dict(document_files(renderers, warned.append))


def drawn(content):
    return b"".join(content()).decode()


def test_documents_come_in_their_order_from_as_many_processes_as_cores(cores, tmp_path):
    warned = []
    made = [drawn(content) for content in files(tmp_path, warned).values()]
    assert [text.partition(" ")[0] for text in made] == NAMES
    assert warned == [note for name in NAMES for note in (f"note on {name}", "for all")]
    here = str(os.getpid())
    processes = {text.rpartition(" ")[2] for text in made}
    assert (here in processes) is (cores == 1)
    assert len(processes) <= cores


def test_few_documents_are_drawn_before_they_are_asked_for(cores, tmp_path):
    contents = files(tmp_path, [])
    assert list(tmp_path.iterdir()) == []
    assert drawn(contents["0.pdf"]).startswith("0.pdf")
    assert len(list(tmp_path.iterdir())) <= 2 * cores


@pytest.mark.usefixtures("cores")
def test_a_document_can_be_asked_for_alone_and_again(tmp_path):
    contents = files(tmp_path, [])
    assert [drawn(contents[name]).partition(" ")[0] for name in ("7.pdf", "3.pdf", "7.pdf", "8.pdf")] == [
        "7.pdf",
        "3.pdf",
        "7.pdf",
        "8.pdf",
    ]


def fail():
    raise KeyError("colour")


def refuse():
    raise VendorEvalError("no such paper")


@pytest.mark.usefixtures("cores")
@pytest.mark.parametrize(("renderer", "why"), [(fail, "KeyError: 'colour'"), (refuse, "no such paper")])
def test_a_failure_names_its_document(tmp_path, renderer, why):
    contents = files(tmp_path, [], **{"4": renderer})
    assert [drawn(contents[name]).partition(" ")[0] for name in NAMES[:4]] == NAMES[:4]
    with pytest.raises(VendorEvalError, match=rf"^4\.pdf: .*{why}"):
        drawn(contents["4.pdf"])


@pytest.mark.usefixtures("cores")
@pytest.mark.parametrize("cores", [2, 5], indirect=True)
def test_a_process_that_is_ended_names_its_document(tmp_path):
    contents = files(tmp_path, [], **{"2": lambda: os.kill(os.getpid(), signal.SIGKILL)})
    with pytest.raises(VendorEvalError, match=r"^2\.pdf: the process that drew it was ended"):
        drawn(contents["2.pdf"])


def test_up_to_three_documents_are_drawn_here(monkeypatch, tmp_path):
    monkeypatch.setattr(workers, "can_fork", lambda: pytest.fail("a process was wanted"))
    renderers = {name: partial(draw, tmp_path, name) for name in NAMES[:3]}
    made = [drawn(content) for _, content in document_files(renderers, lambda _warning: None)]
    assert {text.rpartition(" ")[2] for text in made} == {str(os.getpid())}


SCRIPT = """
import hashlib, os, sys
from made_results import sample
from vendor_eval.reports.pages import pdf
from vendor_eval.run.outputs import Wanted, render
from vendor_eval.spreadsheets import workers
workers.cores = lambda: int(sys.argv[1])
rendered = render(sample("small"), Wanted(("pdf",), vendor_copies=True))
for name, content in rendered.files.items():
    print(name, hashlib.sha256(b"".join(content())).hexdigest())
print("processes", pdf.can_fork())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks are safe on Linux alone")
def test_bytes_do_not_depend_on_how_many_processes_there_are():
    here = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}

    def run(cores):
        command = [sys.executable, "-c", SCRIPT, str(cores)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300)
        *documents, processes = done.stdout.splitlines()
        return documents, processes

    (alone, printed_here), (together, elsewhere) = run(1), run(2)
    assert alone == together
    assert len(alone) > 3
    # Pango was used in the process itself, or in its forks alone.
    assert (printed_here, elsewhere) == ("processes False", "processes True")


THREADS = """
import os, sys
from hashlib import sha256
from pathlib import Path
from threading import Thread
from builders import write_evaluation
from vendor_eval import evaluate

folder, before = Path(sys.argv[1]), dict(os.environ)
tree = "{a: {A1: {Q1: {weight: 2}, Q2: {type: yes_no_partial}}}}"
answers = {"acme": {"Q1": 90, "Q2": "Yes"}}
result = evaluate(write_evaluation(folder / "tender", tree, answers, settings="evidence: off"))
for turn in range(10):
    outs = [folder / f"{turn}-{number}" for number in range(4)]
    threads = [Thread(target=result.write, args=(out,), kwargs={"formats": ["pdf"]}) for out in outs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for out in outs:
        print(*(sha256((out / name).read_bytes()).hexdigest() for name in ("comparison.pdf", "scorecards/acme.pdf")))
assert dict(os.environ) == before
"""


def test_four_threads_write_the_same_bytes_as_one_and_leave_the_environment_as_it_was(tmp_path):
    here = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(here), str(here.parent)]), "SOURCE_DATE_EPOCH": "7"}
    command = [sys.executable, "-c", THREADS, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert (len(lines), len(set(lines))) == (40, 1)
