"""The draw of a sample by a published rule, which anybody can redo in any language.

No generator of random numbers: items are ordered by key(role, id), the SHA-256 of seed, role and id.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from heapq import nsmallest
from math import floor


def key(seed: str, role: str, name: str) -> str:
    """Return the hexadecimal SHA-256 of seed, role and name, parted by line feeds, in UTF-8.

    >>> key("apricot-41", "draw", "img-1")[:8]
    '7633cce1'
    """
    return sha256(f"{seed}\n{role}\n{name}".encode()).hexdigest()


def smallest(seed: str, role: str, names: Iterable[str], count: int) -> list[str]:
    """Return the names with the smallest keys, in the order of their keys."""
    start = f"{seed}\n{role}\n"
    # Bytes are in the order of their hexadecimal text, and made in less time: names may be millions.
    return nsmallest(count, names, lambda name: sha256(f"{start}{name}".encode()).digest())


def share_out(total: int, sizes: Mapping[str, float], *, by_size: bool = True) -> dict[str, int]:
    """Share a total out in proportion to sizes by largest remainder; ties to the larger size, then to the name.

    Not `by_size`, ties go to the one that is listed first.

    >>> share_out(10, {"b": 1, "a": 1, "c": 1})
    {'b': 3, 'a': 4, 'c': 3}
    >>> share_out(10, {"b": 1, "a": 1, "c": 1}, by_size=False)
    {'b': 4, 'a': 3, 'c': 3}
    """
    whole = sum(map(Fraction, sizes.values()))
    exact = {name: total * Fraction(size) / whole for name, size in sizes.items()}
    shares = {name: floor(share) for name, share in exact.items()}
    ties = sorted(sizes, key=lambda name: (-sizes[name], name)) if by_size else list(sizes)
    by_remainder = sorted(ties, key=lambda name: shares[name] - exact[name])
    for name in by_remainder[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def cut(ordered: Sequence[str], shares: Mapping[str, float]) -> dict[str, str]:
    """Map names, in order, to phases by their shares: largest remainder, ties to the phase that is listed first.

    >>> cut(["x", "y", "z"], {"day1": 40, "surge": 20})
    {'x': 'day1', 'y': 'day1', 'z': 'surge'}
    """
    counts = share_out(len(ordered), shares, by_size=False)
    phases = (phase for phase, count in counts.items() for _ in range(count))
    return dict(zip(ordered, phases, strict=True))
