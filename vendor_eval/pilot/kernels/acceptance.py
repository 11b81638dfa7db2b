"""Acceptance sampling: how many items tell a promised from an unacceptable share, and how many errors are too many.

W. C. Guenther, Use of the binomial, hypergeometric and Poisson tables to obtain sampling plans, Journal of Quality
Technology 1 (1969) 105-109.
"""

from typing import NamedTuple

from vendor_eval.proportions import beta_share

_HUNDRED = 100.0
_MOST = 10_000_000


class Plan(NamedTuple):
    """Items to check, errors up to which a batch is accepted, and the real risks in percent.

    The seller's risk is to be refused at the promised share, the buyer's to accept at the unacceptable one.
    """

    n: int
    c: int | None
    seller_risk: float | None
    buyer_risk: float | None


def sampling_plan(promised: float, unacceptable: float, *, seller_risk: float = 5, buyer_risk: float = 10) -> Plan:
    """Return the smallest plan that keeps both risks; shares and risks in percent.

    Raises ValueError where the promised share is not above the unacceptable one, or a risk is not between 0 and 100.

    >>> sampling_plan(98, 95)[:2], sampling_plan(99, 97)[:2], sampling_plan(95, 90)[:2]
    ((306, 10), (390, 7), (233, 17))
    """
    if not 0 < unacceptable < promised <= _HUNDRED:
        raise ValueError(f"promised: {promised:g} is not above the unacceptable {unacceptable:g}, up to 100")
    for name, risk in (("seller_risk", seller_risk), ("buyer_risk", buyer_risk)):
        if not 0 < risk < _HUNDRED:
            raise ValueError(f"{name}: {risk:g} is not between 0 and 100")
    good, bad = 1 - promised / _HUNDRED, 1 - unacceptable / _HUNDRED
    c = 0
    for n in range(1, _MOST):
        # The seller's risk falls with c and rises with n, so the least c that keeps it never falls.
        while refused(n, c, good) > seller_risk / _HUNDRED:
            c += 1
        if c < n and 1 - refused(n, c, bad) <= buyer_risk / _HUNDRED:
            return Plan(n, c, _HUNDRED * refused(n, c, good), _HUNDRED * (1 - refused(n, c, bad)))
    raise ValueError(f"promised: no plan of up to {_MOST:,} items tells {promised:g} from {unacceptable:g}")


def plan_at(n: int, promised: float, unacceptable: float, *, buyer_risk: float) -> Plan:
    """Return the most errors in n items that keep the buyer's risk, with the risks that follow; c None where none do.

    >>> plan_at(500, 98, 95, buyer_risk=10).c, plan_at(10, 98, 95, buyer_risk=10).c
    (18, None)
    """
    good, bad = 1 - promised / _HUNDRED, 1 - unacceptable / _HUNDRED
    if 1 - refused(n, 0, bad) > buyer_risk / _HUNDRED:
        return Plan(n, None, None, None)
    low, high = 0, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if 1 - refused(n, middle, bad) <= buyer_risk / _HUNDRED else (low, middle)
    return Plan(n, low, _HUNDRED * refused(n, low, good), _HUNDRED * (1 - refused(n, low, bad)))


def refused(n: int, c: int, wrong: float) -> float:
    """Return the probability of more than c errors in n items of which each is wrong with probability `wrong`."""
    return beta_share(wrong, c + 1, n - c) if c < n else 0.0
