"""Work in other processes: files are read there, each within a budget of processor time and memory.

A worker is a fork of this process where that is safe, since a fork shares all that is loaded; elsewhere it is a fresh
interpreter. `multiprocessing` would run the caller's own program again where that has no main guard. Both sides send
pickled tuples over a socket. A worker ends when its socket is closed, whatever it is doing, so that none outlives the
process that started it.
"""

import faulthandler
import gc
import io
import json
import os
import pickle
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from queue import SimpleQueue
from traceback import walk_tb
from typing import Any, TypeVar, cast

from vendor_eval.issues import DEBUG, InputError, Issue, Location, VendorEvalError, program_fault

Task = TypeVar("Task")
Result = TypeVar("Result")
Passwords = Callable[[str], str | None]

# The budget of a file: processor time, memory on top of what the worker has, and the time that passes meanwhile.
SECONDS = 20.0
MEMORY = 3 * 2**28
PATIENCE = 180.0
# Other systems lack such limits, or do not keep them: there a worker is watched from outside, this often.
HAS_LIMITS = sys.platform == "linux"
_GLANCE = 0.1
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from vendor_eval.spreadsheets.workers import main; main()"
)


def no_password(_file: str) -> None:
    """Return no password for any file."""


def cores() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_fork() -> bool:
    """Tell whether a fork is safe: no thread of this process may hold a lock, and macOS forbids it to its libraries."""
    alone = threading.active_count() == 1 and threading.current_thread() is threading.main_thread()
    return sys.platform == "linux" and alone


def run_in_worker(work: Callable[..., Result], *arguments: object, password: Passwords = no_password) -> Result:
    """Call a function in a worker and return its result.

    Raises InputError where the function does, and where a file exceeded its budget or ended the worker.
    """

    def lost(_arguments: object, issue: Issue) -> Result:
        raise InputError([issue])

    results: list[Result] = spread(_apply, work, [arguments], lost=lost, password=password)
    return results[0]


def _apply(work: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
    return work(*arguments)


def spread(
    work: Callable[[Any, Task], Result],
    setup: object,
    tasks: Sequence[Task],
    *,
    lost: Callable[[Task, Issue], Result],
    workers: int = 1,
    progress: Callable[[Task], None] = lambda _task: None,
    password: Passwords = no_password,
) -> list[Result]:
    """Call `work(setup, task)` for every task in worker processes; results come in the order of the tasks.

    `work` is a function of a module; its arguments and results can be pickled. `lost` makes the result of a task that
    ended its worker, from the issue that names the file and the limit. `progress` hears each task when its work begins;
    `password` answers `ask_password` of the workers. In a worker the tasks are called there.
    """
    if _inside is not None:
        with _inside.asking(password):
            return [work(setup, task) for task in tasks]
    pool = [_Worker(work, setup) for _ in range(min(workers, len(tasks)))]
    return list(_in_order(pool, tasks, len(tasks), lost, progress, password))


def stream(
    work: Callable[[Any, Task], Result],
    setup: object,
    tasks: Sequence[Task],
    *,
    lost: Callable[[Task, Issue], Result],
    workers: int,
) -> Iterator[Result]:
    """Yield what `spread` returns, in the order of the tasks and without a budget: our own work, not a file of others.

    Few results wait for those before them, so that memory does not grow with the number of tasks.
    """
    pool = [_Worker(work, setup, is_limited=False) for _ in range(min(workers, len(tasks)))]
    return _in_order(pool, tasks, 2 * len(pool), lost, lambda _task: None, no_password)


def _in_order(
    idle: "list[_Worker]",
    tasks: Sequence[Task],
    ahead: int,
    lost: Callable[[Task, Issue], Result],
    progress: Callable[[Task], None],
    password: Passwords,
) -> Iterator[Result]:
    """Yield the result of each task; no task begins before the result of that so many places ahead was taken."""
    busy: dict[_Worker, int] = {}
    waiting = deque(range(len(tasks)))
    results: dict[int, Result] = {}
    try:
        for due in range(len(tasks)):
            while due not in results:
                while idle and waiting and waiting[0] < due + ahead:
                    worker, index = idle.pop(), waiting.popleft()
                    busy[worker] = index
                    progress(tasks[index])
                    worker.begin(tasks[index])
                ready = _readable(busy, min(worker.patience() for worker in busy))
                for worker in tuple(busy):
                    outcome = worker.hear(password) if worker in ready else worker.watch()
                    if outcome is not None:
                        kind, content = outcome
                        index = busy.pop(worker)
                        idle.append(worker)
                        results[index] = lost(tasks[index], content) if kind == "lost" else content
            yield results.pop(due)
    finally:
        for worker in (*idle, *busy):
            worker.stop()


def _readable(workers: "Collection[_Worker]", seconds: float) -> "set[_Worker]":
    with selectors.DefaultSelector() as selector:
        for worker in workers:
            selector.register(worker.link.socket, selectors.EVENT_READ, worker)
        return {key.data for key, _ in selector.select(seconds)}


class _Link:
    """One end of a socket, for pickled tuples."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end

    def send(self, *message: object) -> None:
        content = io.BytesIO()
        _Pickler(content, pickle.HIGHEST_PROTOCOL).dump(message)
        self.socket.sendall(len(content.getbuffer()).to_bytes(8, "big"))
        self.socket.sendall(content.getbuffer())

    def receive(self) -> tuple[Any, ...]:
        """Wait for a message; raise EOFError where the other end is closed."""
        length = int.from_bytes(self._bytes(8), "big")
        message: tuple[Any, ...] = pickle.loads(self._bytes(length))  # noqa: S301  from a process of our own
        return message

    def _bytes(self, count: int) -> bytearray:
        content = bytearray(count)
        view, filled = memoryview(content), 0
        while filled < count:
            received = self.socket.recv_into(view[filled:])
            if not received:
                raise EOFError
            filled += received
        return content


class _Pickler(pickle.Pickler):
    """Pickles frozen records by their fields; the way of dataclasses with slots takes three times as long.

    That of named tuples takes twice as long.
    """

    def reducer_override(self, record: object) -> Any:
        kind: Any = type(record)
        values = _fields_of(kind)
        return NotImplemented if values is None else (kind, values(record))


@cache
def _fields_of(kind: Any) -> Callable[[object], tuple[Any, ...]] | None:
    """Return the reader of a record's fields; None for what is no record that its fields make anew."""
    if hasattr(kind, "_fields"):  # a named tuple, such as a cell, of which a workbook has thousands
        return lambda record: (*cast("tuple[Any, ...]", record),)
    if not (is_dataclass(kind) and hasattr(kind, "__slots__")):
        return None
    own = fields(kind)
    if not own or any(field.kw_only or not field.init for field in own):
        return None
    values = attrgetter(*(field.name for field in own))
    return values if len(own) > 1 else lambda record: (values(record),)


class _Worker:
    """A process that is started when there is something to do, and anew when it was lost."""

    link: _Link

    def __init__(self, work: Callable[..., object], setup: object, *, is_limited: bool = True) -> None:
        self.work, self.setup, self.is_limited = work, setup, is_limited
        self.process: _Fork | subprocess.Popen[bytes] | None = None
        self.file = ""

    def begin(self, task: object) -> None:
        """Send a task to the process."""
        try:
            if self.process is None:
                self._start()
            self._turn_to("")
            with suppress(OSError):  # it has ended: its exit status says why
                self.link.send("task", task)
        except OSError as error:
            raise VendorEvalError(f"no process can be started to read files in: {error.strerror}") from error

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        self.link = _Link(ours)
        with theirs:
            if can_fork():
                self.process = _fork(ours, theirs, self.work, self.setup, is_limited=self.is_limited)
                return
            self.process = _spawn(theirs)
        ours.settimeout(PATIENCE)
        with suppress(OSError):
            self.link.send("work", self.work, self.setup, self.is_limited)

    def _turn_to(self, file: str) -> None:
        """Note which file the process works on from here."""
        if not file:
            self.spent: dict[str, float] = {}
            self.used, self.size = self._usage()
        else:
            used, self.size = self._usage()
            self.spent[self.file] = self.spent.get(self.file, 0.0) + used - self.used
            self.used = used
        self.file, self.deadline = file, time.monotonic() + PATIENCE

    def _usage(self) -> tuple[float, int]:
        """Measure processor seconds and bytes of the process, where the system does not limit them."""
        if HAS_LIMITS or self.process is None:
            return 0.0, 0
        import psutil  # type: ignore[import-untyped]  # it ships no types

        try:
            process = psutil.Process(self.process.pid)
            return sum(process.cpu_times()[:2]), process.memory_info().rss
        except psutil.Error:  # it has ended
            return self.used, self.size

    def patience(self) -> float:
        """Return the seconds after which the process is looked at, though it says nothing."""
        if not self.is_limited:
            return PATIENCE
        left = max(self.deadline - time.monotonic(), 0.0)
        return left if HAS_LIMITS else min(left, _GLANCE)

    def hear(self, password: Passwords) -> tuple[str, Any] | None:
        """Receive a message; return the outcome of the task, None where it goes on.

        Raises InputError with the issues that the task raised.
        """
        try:
            kind, content = self.link.receive()
            if kind == "password":
                self.link.send(kind, password(content))
                self.deadline = time.monotonic() + PATIENCE
        except (EOFError, OSError):
            return self._lost(_ending(self.stop()))
        if kind == "issues":
            raise InputError(content)
        if kind == "file":
            self._turn_to(content)
        if kind == "failed":
            self.stop()
            message, trace = content
            if os.environ.get(DEBUG):
                sys.stderr.write(trace)
            return "lost", Issue("reader-failed", message, Location(self.file), traceback=trace)
        if kind == "lost":
            self.stop()
            return self._lost(content)
        return (kind, content) if kind == "result" else None

    def watch(self) -> tuple[str, Any] | None:
        """End a process that exceeds a limit which the system does not enforce."""
        if not self.is_limited:
            return None
        used, size = self._usage()
        excess = ""
        if time.monotonic() > self.deadline and not _readable([self], 0):
            excess = "patience"
        elif self.spent.get(self.file, 0.0) + used - self.used > SECONDS:
            excess = "seconds"
        elif size - self.size > MEMORY:
            excess = "memory"
        if not excess:
            return None
        self.stop()
        return self._lost(excess)

    def _lost(self, why: str) -> tuple[str, Issue]:
        limit = _limits().get(why)
        code = "reader-limits" if limit else "reader-failed"
        return "lost", Issue(code, f"{limit or why}: {_CURES[code]}", Location(self.file))

    def stop(self) -> int:
        """End the process and return its exit status, that of its signal being negative."""
        if self.process is None:
            return 0
        process, self.process = self.process, None
        self.link.socket.close()
        process.kill()
        return process.wait()


def _limits() -> dict[str, str]:
    memory = f"needs more than {MEMORY // 2**20} MiB of memory to be read"
    return {
        "seconds": f"needs more than {SECONDS:g} seconds of processor time to be read",
        "memory": memory,
        "abort": f"ended the process that read it, as a file does that {memory}",
        "patience": f"was not read within {PATIENCE:g} seconds",
    }


def _is_of_file(error: BaseException) -> bool:
    """Tell whether an error arose while bytes of a file were taken apart, and not in what is made of its cells."""
    rooms = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    ours = [name for name in rooms if name.startswith("vendor_eval.") and name != __name__]
    return bool(ours) and ours[-1].startswith(f"{__package__}.")


_CURES = {
    "reader-limits": "save it as .xlsx with the filled sheets alone, or copy the answers into the file as it was sent",
    "reader-failed": "ask the vendor to copy the answers into the questionnaire as it was sent",
}


def _ending(status: int) -> str:
    """Tell by its exit status why a process ended."""
    if HAS_LIMITS and status in {-signal.SIGPROF, -signal.SIGABRT}:
        return "seconds" if status == -signal.SIGPROF else "abort"
    return "ended the process that read it"


class _Fork:
    """A forked process, with what is used of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        except ChildProcessError:  # the program that called us reaps all processes itself
            return 0


def _fork(
    ours: socket.socket, theirs: socket.socket, work: Callable[..., object], setup: object, *, is_limited: bool
) -> _Fork:
    with warnings.catch_warnings():
        # Python counts threads of libraries too, and these provide for a fork.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        return _Fork(pid)
    try:
        ours.close()
        gc.freeze()
        signal.set_wakeup_fd(-1)
        _serve(theirs, work, setup, is_limited=is_limited)
    finally:
        os._exit(1)


def _spawn(theirs: socket.socket) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", _PROGRAM, json.dumps(sys.path)]
    nowhere = subprocess.DEVNULL
    if sys.platform == "win32":
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere)  # noqa: S603  our own
        with process.stdin or nullcontext(io.BytesIO()) as stream:
            stream.write(theirs.share(process.pid))
        return process
    return subprocess.Popen(command, stdin=theirs.fileno(), stdout=nowhere, stderr=nowhere)  # noqa: S603


def main() -> None:
    """Serve as a fresh interpreter, whose standard input is the socket, or tells which socket it is."""
    if sys.platform == "win32":
        end = socket.fromshare(sys.stdin.buffer.read())
    else:
        end = socket.socket(fileno=os.dup(0))
    _, work, setup, is_limited = _Link(end).receive()
    _serve(end, work, setup, is_limited=is_limited)


def _serve(end: socket.socket, work: Callable[..., object], setup: object, *, is_limited: bool) -> None:
    global _inside  # noqa: PLW0603  a process is a worker, or not
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    # Nobody reads what a library prints; a socket on one of these numbers is set aside.
    if end.fileno() <= 2:  # noqa: PLR2004  of standard error
        import fcntl

        end = socket.socket(fileno=fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 3))
    # Nearly all that a reader makes goes into its result.
    gc.set_threshold(500_000, 20, 50)
    link = _Link(end)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w")
    faulthandler.disable()
    _inside = _Inside(link)
    _inside.serve(work, setup, is_limited=is_limited)


class _Inside:
    """The worker's side: what it hears, and the processor time that is left for each file of its task."""

    def __init__(self, link: _Link) -> None:
        self.link = link
        self.messages = SimpleQueue[Any]()
        self.left: dict[str, float] = {}
        self.file = ""
        self.password: Passwords = self.ask

    def serve(self, work: Callable[..., object], setup: object, *, is_limited: bool) -> None:
        """Answer tasks until the other end is closed."""
        threading.Thread(target=self._listen, daemon=True).start()
        if HAS_LIMITS:
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
        while True:
            task = self.messages.get()
            self.left, self.file = {}, ""
            if is_limited:
                _limit(SECONDS)
            answer = self._answer(work, setup, task)
            if is_limited:
                _limit(0)
            self.link.send(*answer)

    def _listen(self) -> None:
        # In a thread of its own, so that a worker in the middle of a file ends with the process that started it.
        try:
            while True:
                self.messages.put(self.link.receive()[1])
        finally:
            os._exit(0)

    def _answer(self, work: Callable[..., object], setup: object, task: object) -> tuple[str, object]:
        try:
            return "result", work(setup, task)
        except InputError as faults:
            return "issues", faults.issues
        except MemoryError:
            return "lost", "memory"
        except BaseException as error:  # noqa: BLE001  a file must not end the command; a panic of Rust is no Exception
            of_file = f"made the reader fail ({type(error).__name__}): {_CURES['reader-failed']}"
            message = of_file if _is_of_file(error) else program_fault(error)
            return "failed", (message, "".join(traceback.format_exception(error)))

    def charge(self, file: str) -> None:
        if file != self.file:
            self.left[self.file], self.file = _limit(self.left.get(file, SECONDS)), file
            self.link.send("file", file)

    def ask(self, file: str) -> str | None:
        self.link.send("password", file)
        answer: str | None = self.messages.get()
        return answer

    @contextmanager
    def asking(self, password: Passwords) -> Iterator[None]:
        before, self.password = self.password, password
        try:
            yield
        finally:
            self.password = before


# What this process is as a worker; None where it is none.
_inside: _Inside | None = None


def charge(file: str) -> None:
    """Count the processor time from here on against a file; only in a worker."""
    if _inside is not None:
        _inside.charge(file)


def ask_password(file: str) -> str | None:
    """Ask the process that started this worker for the password of a file."""
    return _inside.ask(file) if _inside is not None else None


def password_of(file: str) -> str | None:
    """Return the password of a file from where the task says."""
    return _inside.password(file) if _inside is not None else None


def _limit(seconds: float) -> float:
    """Let the system end this process after so many seconds of its processor time; return what was left before.

    Also allow it the memory of a file on top of what it has now.
    """
    if not HAS_LIMITS:
        return 0.0
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  for each file
        size = int(file.read().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = size + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    return signal.setitimer(signal.ITIMER_PROF, seconds)[0]
