"""Intervals, margins and transfers of weights: worked examples, and laws that an exact search confirms."""

import math
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import assume, example, given, strategies as st

from vendor_eval.firmness.kernels import (
    least_transfer,
    leave_one_out,
    margin,
    stability,
    stability_intervals,
    stability_within,
    transfer,
    weight_margin,
)

# P. Goodwin and G. Wright, Decision Analysis for Management Judgment, 3rd ed. 2004, chapter 3: seven offices to rent,
# Addison Square to Gorton Square, by closeness to customers, visibility, image, size, comfort and car parking.
OFFICES = np.array([
    [100, 60, 100, 75, 0, 90],
    [20, 80, 10, 30, 100, 30],
    [80, 70, 0, 0, 10, 100],
    [70, 50, 30, 55, 30, 90],
    [40, 60, 90, 100, 60, 70],
    [0, 0, 70, 0, 80, 0],
    [60, 100, 20, 50, 50, 80],
])  # fmt: skip
OFFICE_WEIGHTS = np.array([32, 26, 23, 10, 6, 3])
SWING_WEIGHTS = np.array([100, 80, 70, 30, 20, 10])
ADDISON, ELTON, GORTON = 0, 4, 6


@st.composite
def evaluations(draw, most_vendors=4, most_criteria=5):
    vendors = draw(st.integers(1, most_vendors))
    criteria = draw(st.integers(1, most_criteria))
    value = st.sampled_from([0, 10, 35, 50, 70, 90, 100])
    values = draw(st.lists(st.lists(value, min_size=criteria, max_size=criteria), min_size=vendors, max_size=vendors))
    weights = draw(st.lists(st.sampled_from([0, 1, 3, 7, 20]), min_size=criteria, max_size=criteria).filter(any))
    return values, weights


def exact_scores(values, weights):
    total = sum(map(Fraction, weights))
    return [sum(Fraction(w) * v for w, v in zip(weights, row, strict=True)) / total for row in values]


def with_weight(weights, column, share):
    """Give one column a share of 1 and let the others keep their ratios."""
    if len(weights) == 1:
        return [Fraction(1)]
    others = sum(weights) - weights[column]
    rest = [Fraction(w, others) if others else Fraction(1, len(weights) - 1) for w in weights]
    rest[column] = Fraction(0)
    return [(1 - share) * w + (share if at == column else 0) for at, w in enumerate(rest)]


def leads(values, weights, winner):
    scores = exact_scores(values, weights)
    return [scores[winner] - score for score in scores]


# -- One weight moves ------------------------------------------------------------------------------------------------


def test_offices_score_what_the_book_prints():
    assert (OFFICES @ OFFICE_WEIGHTS / 100).round(1).tolist() == [80.8, 39.4, 47.4, 52.3, 64.8, 20.9, 60.2]


def test_the_weight_of_turnover_at_which_elton_street_overtakes_is_that_of_the_book():
    # Figure 3.7: the first three criteria are turnover, the others working conditions; 52.1 with 81 as it is.
    branches = np.stack(
        [np.average(OFFICES[:, part], axis=1, weights=SWING_WEIGHTS[part]) for part in (slice(3), slice(3, 6))], axis=1
    )
    assert branches[ELTON].round(1).tolist() == [60.4, 81.7]
    found = stability(branches, [SWING_WEIGHTS[:3].sum(), SWING_WEIGHTS[3:].sum()])
    assert found.lo.round(3).tolist() == [0.521, 0.0]
    assert found.hi.round(3).tolist() == [1.0, 0.479]
    assert found.rival_lo.tolist() == [ELTON, -1]


def test_a_tie_computed_by_hand_for_each_weight_of_the_offices():
    found = stability(OFFICES, OFFICE_WEIGHTS)
    # Visibility: without it Addison leads Gorton by (80.8 - 15.6 - 60.2 + 26) / 0.74 = 31 / 0.74, with nothing else
    # it lacks 40: level at 31 / (31 + 0.74 * 40) = 31 / 60.6.
    assert found.hi[1] == pytest.approx(31 / 60.6, abs=1e-12)
    assert found.rival_hi[1] == GORTON
    # Comfort: 0 against 100 of Bilton, 80 of Filton, 60 of Elton. Elton: (80.8 - 64.8 + 3.6) / 0.94 = 19.6 / 0.94, so
    # 19.6 / (19.6 + 0.94 * 60); Bilton: (41.4 + 6) / 0.94, so 47.4 / (47.4 + 94) is more.
    assert found.hi[4] == pytest.approx(19.6 / 76, abs=1e-12)
    assert found.rival_hi[4] == ELTON
    # Closeness: without it Elton leads Addison by (64.8 - 12.8 - 80.8 + 32) / 0.68 = 3.2 / 0.68, with nothing else it
    # lacks 60: level at 3.2 / (3.2 + 0.68 * 60).
    assert found.lo.tolist() == [pytest.approx(3.2 / 44, abs=1e-12), 0, 0, 0, 0, 0]
    assert found.rival_lo.tolist() == [ELTON, -1, -1, -1, -1, -1]


@given(evaluations())
@example(([[70, 70], [70, 70]], [1, 1]))
@example(([[80, 60], [60, 80]], [1, 1]))
@example(([[80, 60], [60, 80]], [1, 0]))
@example(([[50], [40]], [3]))
def test_at_an_end_two_are_level_and_beyond_it_the_order_flips(evaluation):
    values, weights = evaluation
    found = stability(values, weights)
    scores = exact_scores(values, weights)
    winner = scores.index(max(scores))
    for column, weight in enumerate(weights):
        lo, hi = Fraction(found.lo[column]), Fraction(found.hi[column])
        assert 0 <= lo <= Fraction(weight, sum(weights)) + Fraction(1, 10**15)
        assert Fraction(weight, sum(weights)) - Fraction(1, 10**15) <= hi <= 1
        for end, rival, outside in ((lo, found.rival_lo[column], 0), (hi, found.rival_hi[column], 1)):
            assert min(leads(values, with_weight(weights, column, end), winner)) >= Fraction(-1, 10**9)
            if rival == -1:
                assert end == outside
            else:
                assert abs(leads(values, with_weight(weights, column, end), winner)[rival]) <= Fraction(1, 10**9)
                beyond = end + (outside - end) / 1000
                assert leads(values, with_weight(weights, column, beyond), winner)[rival] < 0


@given(evaluations(most_criteria=3), st.data())
def test_inside_a_tree_an_end_is_where_the_totals_are_level(evaluation, data):
    values, outer = evaluation
    children = data.draw(st.integers(1, 3))
    cells = st.sampled_from([0, 20, 50, 80, 100])
    leaves = data.draw(
        st.lists(st.lists(cells, min_size=children, max_size=children), min_size=len(values), max_size=len(values))
    )
    local = data.draw(st.lists(st.integers(0, 5), min_size=children, max_size=children).filter(any))

    def totals(inner):
        node = exact_scores(leaves, inner)
        return exact_scores([[score, *row[1:]] for score, row in zip(node, values, strict=True)], outer)

    stated = totals(local)
    winner = stated.index(max(stated))
    weight = Fraction(outer[0], sum(outer))
    found = stability_within(leaves, local, totals=[float(t) for t in stated], weight=float(weight))
    for column in range(children):
        for end, rival, outside in (
            (Fraction(found.lo[column]), found.rival_lo[column], 0),
            (Fraction(found.hi[column]), found.rival_hi[column], 1),
        ):
            at_end = totals(with_weight(local, column, end))
            assert max(at_end) - at_end[winner] <= Fraction(1, 10**9)
            if rival == -1:
                assert end == outside
            else:
                assert abs(at_end[winner] - at_end[rival]) <= Fraction(1, 10**9)
                beyond = totals(with_weight(local, column, end + (outside - end) / 1000))
                assert beyond[rival] > beyond[winner]


def test_the_root_is_a_node_with_all_the_weight():
    flat = stability(OFFICES, OFFICE_WEIGHTS)
    tree = stability_within(OFFICES, OFFICE_WEIGHTS, totals=OFFICES @ OFFICE_WEIGHTS / 100, weight=1)
    np.testing.assert_allclose([tree.lo, tree.hi], [flat.lo, flat.hi], atol=1e-12)
    assert tree.rival_hi.tolist() == flat.rival_hi.tolist()


def test_a_node_without_weight_changes_nothing():
    found = stability_within([[0, 100], [100, 0]], [1, 1], totals=[60, 50], weight=0)
    assert (found.lo.tolist(), found.hi.tolist()) == ([0, 0], [1, 1])


@given(evaluations(), st.sampled_from([1e-6, 0.5, 3.0, 1e9]), st.sampled_from([1e-6, 7.0, 1e9]))
def test_neither_the_scale_of_the_values_nor_that_of_the_weights_matters(evaluation, by, of):
    values, weights = np.array(evaluation[0], float), np.array(evaluation[1], float)
    for one, other in zip(
        stability_intervals(values, weights), stability_intervals(by * values, of * weights), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-12)
    assert weight_margin(by * values, of * weights) == pytest.approx(weight_margin(values, weights), abs=1e-12)
    assert least_transfer(by * values, of * weights) == pytest.approx(least_transfer(values, weights), abs=1e-12)


@given(evaluations(), st.randoms(use_true_random=False))
def test_the_order_of_criteria_moves_the_intervals_along(evaluation, random):
    values, weights = np.array(evaluation[0]), np.array(evaluation[1])
    order = random.sample(range(len(weights)), len(weights))
    lo, hi = stability_intervals(values, weights)
    moved = stability_intervals(values[:, order], weights[order])
    np.testing.assert_allclose(moved, [lo[order], hi[order]], atol=1e-12)


@pytest.mark.parametrize(
    ("values", "weights", "lo", "hi"),
    [
        pytest.param([[80, 50]], [1, 1], [0, 0], [1, 1], id="one vendor"),
        pytest.param([[80, 50], [80, 50]], [1, 1], [0, 0], [1, 1], id="a copy of the winner"),
        pytest.param([[80, 50], [80, 40]], [1, 1], [0, 0], [1, 1], id="a dominated rival"),
        pytest.param([[80, 60], [60, 80]], [1, 1], [0.5, 0], [1, 0.5], id="a tie: the first row counts as the winner"),
        pytest.param([[80, 50], [40, 90]], [1, 0], [0.5, 0], [1, 0.5], id="all weight on one, none on the other"),
        pytest.param(
            # A alone 50 to 40; b and c, half each of what is freed, 45 to 70: 50x + 45(1 - x) = 40x + 70(1 - x).
            [[50, 60, 30], [40, 50, 90]], [1, 0, 0], [25 / 35, 0, 0], [1, 1, 1 / 7], id="what is freed is shared"
        ),
        pytest.param([[50], [40]], [3], [0], [1], id="a single criterion has all the weight there is"),
        pytest.param([[50, 50], [50 + 1e-12, 50]], [1, 1], [0, 0], [1, 1], id="equal but for the last digits"),
    ],
)  # fmt: skip
def test_intervals_of_edge_cases(values, weights, lo, hi):
    found = stability_intervals(values, weights)
    np.testing.assert_allclose(found, [lo, hi], atol=1e-12)


def test_a_tie_breaker_can_name_the_winner():
    lo, hi = stability_intervals([[80, 60], [60, 80]], [1, 1], winner=1)
    assert (lo.tolist(), hi.tolist()) == ([0, 0.5], [0.5, 1])


@given(evaluations())
def test_zero_is_in_the_interval_iff_the_winner_stays_without_the_criterion(evaluation):
    values, weights = evaluation
    assume(len(weights) > 1)
    scores = exact_scores(values, weights)
    winner = scores.index(max(scores))
    lo, _ = stability_intervals(values, weights)
    for column, first in enumerate(leave_one_out(values, weights)):
        without = exact_scores(values, with_weight(weights, column, Fraction(0)))
        assert first == without.index(max(without))
        assert (lo[column] == 0) == (without[winner] == max(without)) or lo[column] == weights[column] == 0


def test_a_single_criterion_cannot_be_left_out():
    assert leave_one_out([[50], [60]], [1]).tolist() == [-1]


# -- All weights move ------------------------------------------------------------------------------------------------


def test_margin_and_transfer_of_the_offices_by_hand():
    # Against Elton, per cent of points: 60*32 + 0 + 10*23 - 25*10 - 60*6 + 20*3 = 1600 of 2820 that can move;
    # against Gorton 40*32 - 40*26 + 80*23 + 25*10 - 50*6 + 10*3 = 2060 of 4740.
    tie = margin(OFFICES, OFFICE_WEIGHTS)
    assert (tie.size, tie.rival) == (pytest.approx(2060 / 4740, abs=1e-12), GORTON)
    # Elton: the largest gap is 60, the least -60: 16 / 120. Gorton: 80 and -50: 20.6 / 130.
    assert least_transfer(OFFICES, OFFICE_WEIGHTS) == pytest.approx(16 / 120, abs=1e-12)
    assert transfer(OFFICES, OFFICE_WEIGHTS).rival == ELTON


def test_a_transfer_that_uses_up_two_criteria():
    # d = (40, 20, 10, -10) with 0.1, 0.2, 0.4, 0.3: D = 4 + 4 + 4 - 3 = 9; the first gives 0.1 * 50 = 5, the second
    # 30 for each unit that moves, so 4 / 30 of its 0.2.
    found = transfer([[90, 70, 60, 40], [50, 50, 50, 50]], [1, 2, 4, 3])
    assert found.size == pytest.approx(0.1 + 4 / 30, abs=1e-12)
    np.testing.assert_allclose(found.weights, [0, 0.2 - 4 / 30, 0.4, 0.4 + 4 / 30], atol=1e-12)


@given(evaluations())
@example(([[70, 70], [70, 70]], [1, 1]))
@example(([[80, 50], [80, 40]], [1, 0]))
@example(([[90, 90, 35], [10, 0, 35]], [1, 1, 1]))
def test_the_margin_ties_and_no_smaller_change_flips(evaluation):
    values, weights = evaluation
    tie = margin(values, weights)
    scores = exact_scores(values, weights)
    winner = scores.index(max(scores))
    assert tie.size == weight_margin(values, weights)
    assert 0 <= tie.size <= 1
    if tie.weights is not None:
        lead = leads(values, [Fraction(w) for w in tie.weights], winner)
        assert abs(lead[tie.rival]) <= Fraction(1, 10**9)
        # Up to the common factor that makes them add up to 1, every weight is within p of what was stated.
        factors = [w / s for w, s in zip(tie.weights, weights, strict=True) if s]
        assert max(factors) * (1 - tie.size) <= min(factors) * (1 + tie.size) * (1 + 1e-9)
    # The lead is linear in the weights, so that its least is at a corner of the box.
    smaller = Fraction(tie.size) * Fraction(999, 1000)
    for signs in product((-1, 1), repeat=len(weights)):
        corner = [w * (1 + sign * smaller) for w, sign in zip(weights, signs, strict=True)]
        assert min(leads(values, corner, winner)) >= 0


def _grid(criteria, units):
    """List all weights that are whole units and add up to so many."""
    bars = product(range(units + 1), repeat=criteria - 1)
    return [np.diff([0, *bar, units]) for bar in bars if all(a <= b for a, b in pairwise(bar))]


@given(evaluations(most_vendors=3, most_criteria=3))
@example(([[70, 70], [70, 70]], [1, 1]))
@example(([[80, 50], [80, 40]], [1, 0]))
def test_the_transfer_ties_and_no_smaller_one_flips(evaluation):
    values, weights = evaluation
    found = transfer(values, weights)
    scores = exact_scores(values, weights)
    winner = scores.index(max(scores))
    shares = np.array(weights) / sum(weights)
    assert found.size == least_transfer(values, weights)
    if found.weights is not None:
        assert abs(leads(values, [Fraction(w) for w in found.weights], winner)[found.rival]) <= Fraction(1, 10**9)
        assert found.weights.min() >= -1e-12
        assert np.abs(found.weights - shares).sum() / 2 == pytest.approx(found.size, abs=1e-12)
    flips = [
        np.abs(grid / 10 - shares).sum() / 2
        for grid in _grid(len(weights), 10)
        if min(leads(values, [int(unit) for unit in grid], winner)) < 0
    ]
    assert found.size <= min(flips, default=math.inf) + 1e-12


@pytest.mark.parametrize(
    ("values", "weights", "least", "moved"),
    [
        pytest.param([[80, 50]], [1, 1], 1, math.inf, id="one vendor"),
        pytest.param([[80, 50], [80, 50]], [1, 1], 0, 0, id="identical: level as it is"),
        pytest.param([[80, 60], [60, 80]], [1, 1], 0, 0, id="level as it is"),
        pytest.param([[80, 50], [70, 40]], [1, 1], 1, math.inf, id="dominated"),
        pytest.param([[80, 50], [70, 50]], [1, 1], 1, math.inf, id="dominated, equal in one"),
        pytest.param([[80, 50], [40, 90]], [1, 0], 1, 0.5, id="no change of itself moves a weight of 0"),
        pytest.param([[50], [40]], [3], 1, math.inf, id="a single criterion"),
        pytest.param([[50, 50], [50, 50 + 1e-12]], [1, 1], 0, 0, id="equal but for the last digits"),
        pytest.param([[60, 50], [40, 50 + 1e-12]], [1, 1], 1, math.inf, id="ahead only in the last digits"),
    ],
)
def test_margin_and_transfer_of_edge_cases(values, weights, least, moved):
    assert weight_margin(values, weights) == least
    assert least_transfer(values, weights) == moved


def test_where_no_rival_can_draw_level_there_is_no_rival():
    assert margin([[80, 50], [70, 40]], [1, 1]).rival is None
    assert transfer([[80, 50], [70, 40]], [1, 1]).weights is None


@given(evaluations())
def test_a_rival_that_is_dominated_by_another_changes_nothing(evaluation):
    values, weights = evaluation
    worst = [[max(0, min(column) - 5) for column in zip(*values, strict=True)]]
    assume(len(values) > 1)
    assert weight_margin(values + worst, weights) == pytest.approx(weight_margin(values, weights), abs=1e-12)
    np.testing.assert_allclose(
        stability_intervals(values + worst, weights), stability_intervals(values, weights), atol=1e-12
    )


# -- What is refused -------------------------------------------------------------------------------------------------

FUNCTIONS = [stability_intervals, weight_margin, least_transfer, leave_one_out]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("values", "weights", "said"),
    [
        pytest.param([80, 50], [1, 1], r"values: shape \(2,\) is not \(vendors, criteria\)", id="no table"),
        pytest.param([], [], r"values: shape \(0,\)", id="no vendor"),
        pytest.param([[], []], [], r"values: shape \(2, 0\)", id="no criterion"),
        pytest.param([[80, 50], [40]], [1, 1], "values: not an array of numbers", id="rows of unequal length"),
        pytest.param([["a"]], [1], "values: not an array of numbers", id="text"),
        pytest.param([[80, math.nan]], [1, 1], r"values\[0, 1\]: nan is not a finite number", id="a blank"),
        pytest.param([[80, math.inf]], [1, 1], r"values\[0, 1\]: inf is not a finite number", id="infinity"),
        pytest.param([[80, 50]], [1], r"weights: shape \(1,\) is not \(2,\), one weight for each column", id="too few"),
        pytest.param([[80, 50]], [[1, 1]], r"weights: shape \(1, 2\) is not \(2,\)", id="a row too much"),
        pytest.param([[80, 50]], [1, -2], r"weights\[1\]: -2.0 is negative", id="negative"),
        pytest.param([[80, 50]], [1, math.nan], r"weights\[1\]: nan is not a finite number", id="no weight"),
        pytest.param([[80, 50]], [0, 0], r"weights: \[0.0, 0.0\] has only zeros", id="only zeros"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(function, values, weights, said):
    with pytest.raises(ValueError, match=said):
        function(values, weights)


@pytest.mark.parametrize(
    ("winner", "said"),
    [(2, "winner: 2 is not a row of values, 0 to 1"), (1, "winner: row 1 scores 40, less than row 0 with 50")],
)
def test_a_winner_that_is_none_is_refused(winner, said):
    with pytest.raises(ValueError, match=said):
        weight_margin([[50], [40]], [1], winner=winner)


@pytest.mark.parametrize(
    ("totals", "weight", "said"),
    [
        ([60], 0.5, r"totals: shape \(1,\), not one finite total for each of 2 vendors"),
        ([60, math.nan], 0.5, r"totals: shape \(2,\), not one finite total"),
        ([60, 50], 18, "weight: 18 is not a share of 1"),
    ],
)
def test_a_node_that_makes_no_sense_is_refused(totals, weight, said):
    with pytest.raises(ValueError, match=said):
        stability_within([[1], [2]], [1], totals=totals, weight=weight)


def test_huge_weights_and_other_orders_of_memory_change_no_digit():
    huge = np.ldexp(OFFICE_WEIGHTS.astype(float), 1015)
    assert weight_margin(OFFICES, huge) == weight_margin(OFFICES, OFFICE_WEIGHTS)
    by_column = np.asfortranarray(OFFICES)
    for one, other in zip(
        stability_intervals(by_column, OFFICE_WEIGHTS), stability_intervals(OFFICES, OFFICE_WEIGHTS), strict=True
    ):
        assert one.tobytes() == other.tobytes()
