"""Shared by the benchmarks: CPU seconds, medians, peak memory, one table."""

import gc
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")
_KILOBYTES = 1 if sys.platform == "darwin" else 1024
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """Seconds of ours against those of a peer in the same run, and the ratio that is the target."""

    what: str
    seconds: float
    peer: str
    peer_seconds: float
    at_most: float
    memory: float

    @property
    def ratio(self) -> float:
        return self.seconds / self.peer_seconds

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.at_most


def cpu_seconds(work: Callable[..., object], *arguments: object) -> float:
    """Measure one call; garbage is collected before it, never within."""
    gc.collect()
    gc.disable()
    try:
        start = _spent()
        work(*arguments)
        return _spent() - start
    finally:
        gc.enable()


def _spent() -> float:
    """Processor seconds of this process and of the workers that it waited for."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, kinds))


def megabytes(peak: int) -> float:
    """Turn `ru_maxrss` into megabytes."""
    return peak * _KILOBYTES / _MEGABYTE


def run(command: Sequence[str], exits: int = 0) -> tuple[float, float]:
    """Run a process that ends with this status; return its CPU seconds and its peak memory in megabytes."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603  our own commands
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != exits:
        raise SystemExit(f"{' '.join(command)} exited with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, megabytes(usage.ru_maxrss)


def alone(work: Callable[..., T], *arguments: object) -> tuple[T, float]:
    """Call a function in a fresh process; also return the peak memory in megabytes, of it or of its largest worker."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_with_peak, work, *arguments).result()


def _with_peak(work: Callable[..., T], *arguments: object) -> tuple[T, float]:
    result = work(*arguments)
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return result, megabytes(max(resource.getrusage(kind).ru_maxrss for kind in kinds))


def show(rows: Iterable[Row]) -> None:
    """Print rows as a Markdown table."""
    print("| what | CPU | peer | its CPU | ratio | at most | peak memory |")
    print("|---|---:|---|---:|---:|---:|---:|")
    for row in rows:
        own, other = _time(row.seconds), _time(row.peer_seconds)
        missed = "" if row.is_met else " missed"
        figures = f"{own} | {row.peer} | {other} | {row.ratio:.2f} | {row.at_most:g}{missed} | {row.memory:.0f} MB"
        print(f"| {row.what} | {figures} |")


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"
