"""How firm a winner is, against two libraries that do the same work and against the limit that numpy sets.

Run it in an environment of its own, since pysensmcda 2.0 asks for another pandas than the project:

    python -m venv peers && peers/bin/pip install numpy pymcdm pysensmcda
    peers/bin/python benchmarks/robustness.py

It prints one table and exits 1 if a target is missed. CPU seconds, the median of several calls.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

# Before numpy comes: with more threads the bare product of so small matrices takes several times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from vendor_eval.firmness import kernels as robustness

DRAWS, VENDORS, CRITERIA = 100_000, 5, 7
FIELDS = 500, 1000, 2000
# In proportion, but for noise and caches.
GROWTH = 1.25
MOST_MEMORY = 1024
_KILOBYTES = 1 if sys.platform == "darwin" else 1024

Floats = NDArray[np.float64]


def cpu_seconds(work: Callable[[], object], runs: int) -> float:
    """Take the median of several calls, after one that warms up."""
    work()
    found = []
    for _ in range(runs):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return median(found)


def ranks_with_pymcdm(values: Floats, draws: Floats, **keywords: bool) -> Floats:
    """Score and rank one weighting after the other, as its documentation does."""
    from pymcdm.helpers import rrankdata
    from pymcdm.methods import WSM

    weigh = WSM(lambda column, cost: column)  # noqa: ARG005 # values are on one scale, nothing to normalise
    types, rows = np.ones(values.shape[1]), np.arange(len(values))
    counts = np.zeros((len(values), len(values)))
    for draw in draws:
        counts[rows, rrankdata(weigh(values, draw, types, **keywords)).astype(int) - 1] += 1
    return counts / len(draws)


def simulation_of_pysensmcda(values: Floats, draws: Floats) -> Floats:
    """Let it find rank acceptability and central weights in the way that is fastest there."""
    from pysensmcda.smaa import simulate

    found = simulate(_weigh, values, np.ones(values.shape[1]), weights=draws, store="accumulate")
    return np.asarray(found.rank_acceptability())


def _weigh(matrix: Floats, weights: Floats, types: Floats) -> Floats:  # noqa: ARG001 # the signature that it asks for
    return np.asarray(matrix @ weights)


def product_and_sort(values: Floats, draws: Floats) -> Floats:
    return np.argsort(draws @ values.T, axis=1)


def everything(values: Floats, weights: Floats) -> None:
    """Run all that an evaluation asks about its categories."""
    robustness.stability(values, weights)
    robustness.margin(values, weights)
    robustness.transfer(values, weights)
    robustness.leave_one_out(values, weights)
    robustness.tipping_values(values, weights)
    robustness.fewest_answers(values, weights)
    robustness.dominance(values)
    for draws in (robustness.uniform_weights(len(weights)), robustness.dirichlet_weights(weights)):
        robustness.weightings_won(values, draws)
        robustness.rank_acceptability(values, draws)
        robustness.pairwise_wins(values, draws)
        robustness.central_weights(values, draws)


def against_peers() -> bool:
    numbers = np.random.default_rng(0)
    values = numbers.uniform(0, 100, (VENDORS, CRITERIA))
    draws = numbers.dirichlet(np.ones(CRITERIA), DRAWS)
    ours = robustness.rank_acceptability(values, draws)
    few = draws[: DRAWS // 10]
    np.testing.assert_array_equal(ours, simulation_of_pysensmcda(values, draws))
    np.testing.assert_array_equal(robustness.rank_acceptability(values, few), ranks_with_pymcdm(values, few))

    ranks = cpu_seconds(lambda: robustness.rank_acceptability(values, draws), 21)
    centres = cpu_seconds(lambda: robustness.central_weights(values, draws), 21)
    bare = cpu_seconds(lambda: product_and_sort(values, draws), 21)
    sensitivity = cpu_seconds(lambda: simulation_of_pysensmcda(values, draws), 3)
    # A tenth of the draws takes long enough.
    loop = 10 * cpu_seconds(lambda: ranks_with_pymcdm(values, few), 1)
    unchecked = 10 * cpu_seconds(lambda: ranks_with_pymcdm(values, few, validation=False), 1)

    print(f"{DRAWS:,} weightings, {VENDORS} vendors, {CRITERIA} categories\n")
    print("| ours | CPU | theirs | CPU | times | at least |\n|---|---:|---|---:|---:|---:|")
    met = [
        _row("ranks", ranks, "matrix product and sort, nothing counted", bare, 0),
        _row("ranks and central weights", ranks + centres, "pysensmcda, both", sensitivity, 20),
        _row("ranks", ranks, "a pymcdm loop", loop, 1000),
        _row("ranks", ranks, "a pymcdm loop without its checks", unchecked, 0),
    ]
    return all(met)


def _row(what: str, seconds: float, peer: str, peer_seconds: float, at_least: float) -> bool:
    times = peer_seconds / seconds
    target = f"{at_least:,}" if at_least else ""
    figures = f"{1000 * seconds:.1f} ms | {peer} | {1000 * peer_seconds:,.1f} ms | {times:,.1f} | {target}"
    print(f"| {what} | {figures}{'' if times >= at_least else ' missed'} |")
    return times >= at_least


def with_many_vendors() -> bool:
    numbers = np.random.default_rng(0)
    draws = robustness.uniform_weights(CRITERIA)
    print(f"\n{len(draws):,} weightings, {CRITERIA} categories\n")
    print("| vendors | shares won, central weights | ranks | intervals, margin, transfer | dominance | peak memory |")
    print("|---:|---:|---:|---:|---:|---:|")
    linear = []
    for vendors in FIELDS:
        values = numbers.uniform(0, 100, (vendors, CRITERIA))
        linear.append(cpu_seconds(partial(_firsts, values, draws), 3))
        figures = [
            linear[-1],
            cpu_seconds(partial(robustness.rank_acceptability, values, draws), 1),
            cpu_seconds(partial(_closed_forms, values), 3),
            cpu_seconds(partial(robustness.dominance, values), 3),
        ]
        print(
            f"| {vendors:,} | {' | '.join(f'{1000 * figure:,.0f} ms' for figure in figures)} | {_megabytes():,.0f} MB |"
        )
    return linear[-1] <= linear[0] * FIELDS[-1] / FIELDS[0] * GROWTH and _megabytes() <= MOST_MEMORY


def _firsts(values: Floats, draws: Floats) -> None:
    robustness.weightings_won(values, draws)
    robustness.central_weights(values, draws)


def _closed_forms(values: Floats) -> None:
    weights = np.ones(values.shape[1])
    robustness.stability(values, weights)
    robustness.margin(values, weights)
    robustness.transfer(values, weights)
    robustness.fewest_answers(values, weights)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTES / 1024**2


def all_of_it() -> None:
    numbers = np.random.default_rng(0)
    values, weights = numbers.uniform(0, 100, (7, CRITERIA)), numbers.uniform(5, 20, CRITERIA)
    seconds = cpu_seconds(lambda: everything(values, weights), 9)
    print(f"\nEverything for 7 vendors and {CRITERIA} categories: {1000 * seconds:.0f} ms")


if __name__ == "__main__":
    is_fast = against_peers()
    is_bounded = with_many_vendors()
    all_of_it()
    raise SystemExit(not (is_fast and is_bounded))
