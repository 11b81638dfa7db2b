"""Work spread over processes, so that a task that kills its process costs that task alone.

A worker is a fresh interpreter that answers on its standard output. `multiprocessing` would run the caller's own
program again where that has no main guard.
"""

import io
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Timer
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from vendor_eval.intake.workers import serve; serve()"
)


def cores() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[Any, Task], Result],
    setup: object,
    tasks: Sequence[Task],
    *,
    workers: int,
    seconds: float,
    lost: Callable[[Task], Result],
    progress: Callable[[Task], None] = lambda _task: None,
) -> list[Result]:
    """Call `work(setup, task)` for every task in worker processes; results come in the order of the tasks.

    `work` is a function of a module; its arguments and results can be pickled. `lost` makes the result of a task
    that killed its worker or took longer than `seconds`. `progress` hears each task when its work begins.
    """
    crew = SimpleQueue[_Worker]()
    for _ in range(workers):
        crew.put(_Worker(pickle.dumps((work, setup)), seconds))

    def ask(task: Task) -> Result:
        worker = crew.get()
        try:
            progress(task)
            answer = worker.ask(task)
        finally:
            crew.put(worker)
        return lost(task) if answer is None else pickle.loads(answer)  # noqa: S301  our own

    with ThreadPoolExecutor(workers) as threads:
        try:
            return list(threads.map(ask, tasks))
        finally:
            threads.shutdown(cancel_futures=True)
            for _ in range(workers):
                crew.get().stop()


class _Worker:
    """A process that is started when there is something to do, and again when it was lost."""

    def __init__(self, setup: bytes, seconds: float) -> None:
        self.setup, self.seconds = setup, seconds
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, task: object) -> bytes | None:
        """Answer to a task, pickled; None where the worker was lost over it."""
        process = self.process or self._start()
        timer = Timer(self.seconds, process.kill)
        timer.start()
        try:
            if self.process is None:
                self.process = process
                _write(process.stdin, self.setup)
            _write(process.stdin, pickle.dumps(task))
            return _read(process.stdout)
        except (EOFError, OSError):
            self.stop()
            return None
        finally:
            timer.cancel()

    def _start(self) -> "subprocess.Popen[bytes]":
        # The task reports why a process was lost; nobody reads its other output.
        command = [sys.executable, "-c", _PROGRAM, json.dumps(sys.path)]
        return subprocess.Popen(  # noqa: S603  our own
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        """End the process; the next task gets a new one."""
        if self.process is not None:
            self.process.kill()
            with suppress(OSError):
                self.process.communicate()
            self.process = None


def _write(stream: Any, content: bytes) -> None:
    stream.write(len(content).to_bytes(8, "big"))
    stream.write(content)
    stream.flush()


def _read(stream: Any) -> bytes:
    """Read what `_write` wrote; raises EOFError where the other side is gone."""
    head = stream.read(8)
    content: bytes = stream.read(int.from_bytes(head, "big"))
    if len(head) < 8 or len(content) < int.from_bytes(head, "big"):  # noqa: PLR2004  the eight bytes of the length
        raise EOFError
    return content


@contextmanager
def _own_output() -> Iterator[io.BufferedWriter]:
    """Keep the output for answers; what a library prints goes where errors go."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with answers:
        yield answers


def serve() -> None:
    """Answer tasks from standard input until it ends."""
    with _own_output() as answers:
        try:
            work, setup = pickle.loads(_read(sys.stdin.buffer))  # noqa: S301  from the process that started this one
            while True:
                task = pickle.loads(_read(sys.stdin.buffer))  # noqa: S301
                _write(answers, pickle.dumps(work(setup, task)))
        except (EOFError, KeyboardInterrupt):
            return
