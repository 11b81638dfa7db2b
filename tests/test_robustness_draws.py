"""Shares of weightings: against areas computed exactly, against counting one by one, and laws."""

import math
from fractions import Fraction
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from vendor_eval.firmness.kernels import (
    central_weights,
    concentration,
    dirichlet_weights,
    dominance,
    pairwise_wins,
    rank_acceptability,
    standard_error,
    uniform_weights,
    weightings_won,
)

DRAWS = 16_384
# Three vendors that are each best somewhere, and each worst somewhere.
VENDORS = [[90, 40, 50], [60, 80, 30], [40, 60, 85]]


def agree(found, exact, draws=DRAWS):
    """Compare shares with their exact values: four standard errors, and none where nothing is left to chance."""
    exact = np.array(exact, float)
    return bool((np.abs(found - exact) <= 4 * standard_error(exact, draws) + 1e-12).all())


def region(values, order):
    """Cut from the triangle of all weights of three criteria the polygon in which the vendors stand in this order."""
    corners = [tuple(Fraction(int(a == b)) for b in range(3)) for a in range(3)]
    for better, worse in pairwise(order):
        gap = [a - b for a, b in zip(values[better], values[worse], strict=True)]
        corners = clip(corners, gap)
    return corners


def clip(corners, gap):
    """Keep the side of a polygon on which the gap is positive (Sutherland and Hodgman)."""

    def lead(point):
        return sum(w * d for w, d in zip(point, gap, strict=True))

    kept = []
    for one, other in zip(corners, corners[1:] + corners[:1], strict=True):
        if lead(one) >= 0:
            kept.append(one)
        if lead(one) * lead(other) < 0:
            at = lead(one) / (lead(one) - lead(other))
            kept.append(tuple(a + at * (b - a) for a, b in zip(one, other, strict=True)))
    return kept


def share_and_centre(corners):
    """Find the area of a polygon as a share of the whole triangle, and the weights at its centre times that."""
    share, centre = Fraction(0), [Fraction(0)] * 3
    for one, other in pairwise(corners[1:]):
        first = corners[0]
        area = (one[0] - first[0]) * (other[1] - first[1]) - (other[0] - first[0]) * (one[1] - first[1])
        share += abs(area)
        centre = [sum_ + abs(area) * sum(c) / 3 for sum_, *c in zip(centre, first, one, other, strict=True)]
    return share, centre


def test_shares_of_two_criteria_are_lengths_that_a_hand_can_compute():
    # With x the weight of the first criterion: A 20 + 80x, B 60, C 90 - 70x. A and C are level at 7/15, A and B at
    # 1/2, B and C at 3/7: C is first below 3/7, B from there to 1/2, A above.
    values = [[100, 20], [60, 60], [20, 90]]
    draws = uniform_weights(2)
    thirds = [
        [1 / 2, 1 / 2 - 7 / 15, 7 / 15],
        [1 / 2 - 3 / 7, 1 - (1 / 2 - 3 / 7), 0],
        [3 / 7, 7 / 15 - 3 / 7, 1 - 7 / 15],
    ]
    assert agree(rank_acceptability(values, draws), thirds)
    assert agree(pairwise_wins(values, draws), [[0, 1 / 2, 8 / 15], [1 / 2, 0, 4 / 7], [7 / 15, 3 / 7, 0]])
    centres = [[3 / 4, 1 / 4], [13 / 28, 15 / 28], [3 / 14, 11 / 14]]
    np.testing.assert_allclose(central_weights(values, draws), centres, atol=0.01)


def test_shares_of_three_criteria_are_areas():
    draws = uniform_weights(3)
    ranks, wins = np.zeros((3, 3)), np.zeros((3, 3))
    firsts, centres = np.zeros((3, 1)), np.zeros((3, 3))
    for order in permutations(range(3)):
        share, centre = share_and_centre(region(VENDORS, order))
        for rank, vendor in enumerate(order):
            ranks[vendor, rank] += float(share)
            for other in order[rank + 1 :]:
                wins[vendor, other] += float(share)
        firsts[order[0]] += float(share)
        centres[order[0]] += [float(weight) for weight in centre]
    assert ranks.sum() == pytest.approx(3)
    assert agree(rank_acceptability(VENDORS, draws), ranks)
    assert agree(pairwise_wins(VENDORS, draws), wins)
    np.testing.assert_allclose(central_weights(VENDORS, draws), centres / firsts, atol=0.01)


def test_who_is_best_in_one_criterion_alone_needs_the_rank_order_centroid():
    # F. H. Barron and B. E. Barrett, Decision quality using ranked attribute weights, Management Science 42 (1996): of
    # four uniform weights the largest is 0.5208 in the mean, so that the other three share 0.4792.
    draws = uniform_weights(4)
    found = rank_acceptability(np.eye(4), draws)
    assert agree(found, np.full((4, 4), 1 / 4))
    centres = np.full((4, 4), 0.4792 / 3)
    np.fill_diagonal(centres, 0.5208)
    np.testing.assert_allclose(central_weights(np.eye(4), draws), centres, atol=0.01)


def test_shares_around_stated_weights_are_those_of_the_beta_distribution():
    # A spread of sqrt(1/8) around 2 to 1 makes kappa 3 and the first weight Beta(2, 1): above 1/2 with 1 - (1/2)^2.
    spread = math.sqrt(1 / 8)
    assert concentration([2, 1], spread) == pytest.approx(3)
    draws = dirichlet_weights([2, 1], spread=spread)
    assert agree(rank_acceptability([[1, 0], [0, 1]], draws), [[3 / 4, 1 / 4], [1 / 4, 3 / 4]])


def one_by_one(values, draws):
    """Count ranks, wins and first places as they are defined, draw by draw."""
    values = np.array(values, float)
    count, criteria = values.shape
    ranks, wins, sums, firsts = (
        np.zeros(shape) for shape in ((count, count), (count, count), (count, criteria), (count, 1))
    )
    for draw in np.array(draws, float):
        scores = values @ draw
        beats = scores[:, None] > scores + 1e-9 * (draw @ np.abs(values).max(axis=0))
        better = beats.sum(axis=0)
        ranks[np.arange(count), better] += 1
        wins += beats
        sums[better == 0] += draw / draw.sum()
        firsts[better == 0] += 1
    with np.errstate(invalid="ignore"):
        return ranks / len(draws), wins / len(draws), sums / firsts


@pytest.mark.parametrize("vendors", [1, 2, 5, 31, 32, 33, 60])
@pytest.mark.parametrize("top", [3, 1000])
def test_comparing_and_sorting_count_like_the_definition(vendors, top):
    # Few different values make many ties and copies.
    numbers = np.random.default_rng(vendors)
    values = numbers.integers(0, top, (vendors, 3))
    draws = numbers.integers(1, 6, (400, 3))
    ranks, wins, centres = one_by_one(values, draws)
    np.testing.assert_array_equal(rank_acceptability(values, draws), ranks)
    np.testing.assert_array_equal(pairwise_wins(values, draws), wins)
    np.testing.assert_array_equal(weightings_won(values, draws), ranks[:, 0])
    np.testing.assert_allclose(central_weights(values, draws), centres, atol=1e-12)


@pytest.mark.parametrize("draws", [1, 8191, 8192, 8193, 20_000])
def test_no_draw_is_lost_between_two_blocks(draws):
    weights = uniform_weights(2, draws)
    first = (weights[:, 0] > weights[:, 1]).mean()
    np.testing.assert_allclose(rank_acceptability(np.eye(2), weights)[0], [first, 1 - first], atol=1e-12)


def test_ties_share_the_better_rank_and_leave_the_next_empty():
    values = [[70, 70], [70, 70], [60, 60]]
    assert rank_acceptability(values, [[1, 1]]).tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert pairwise_wins(values, [[1, 1]]).tolist() == [[0, 0, 1], [0, 0, 1], [0, 0, 0]]
    np.testing.assert_array_equal(central_weights(values, [[1, 3]]), [[0.25, 0.75]] * 2 + [[np.nan] * 2])


def test_a_difference_in_the_last_digits_is_a_tie():
    assert rank_acceptability([[0.1 + 0.2], [0.3]], [[1]]).tolist() == [[1, 0], [1, 0]]
    assert rank_acceptability([[0.3 + 1e-8], [0.3]], [[1]]).tolist() == [[1, 0], [0, 1]]


def test_a_column_without_weight_widens_no_tie():
    # A tender price beside shares: what is nothing in millions is much in shares.
    assert rank_acceptability([[0.5, 9e6], [0.4999, 1e6]], [[1, 0]]).tolist() == [[1, 0], [0, 1]]


@st.composite
def tables(draw):
    shape = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    cells = st.lists(st.integers(0, 10), min_size=shape[1], max_size=shape[1])
    return np.array(draw(st.lists(cells, min_size=shape[0], max_size=shape[0])))


@given(tables())
def test_shares_add_up_and_the_dominated_never_win(values):
    draws = uniform_weights(values.shape[1], 200)
    ranks, wins = rank_acceptability(values, draws), pairwise_wins(values, draws)
    np.testing.assert_allclose(ranks.sum(axis=1), 1)
    assert (wins + wins.T <= 1 + 1e-12).all()
    assert (wins.T[dominance(values)] == 0).all()
    # In the mean a vendor stands behind as many as beat it.
    np.testing.assert_allclose(ranks @ np.arange(len(values)), wins.sum(axis=0))
    centres = central_weights(values, draws)
    np.testing.assert_array_equal(np.isnan(centres).any(axis=1), ranks[:, 0] == 0)


@given(tables(), st.sampled_from([1e-5, 3.0, 1e7]))
def test_the_scale_of_a_draw_does_not_matter(values, by):
    draws = uniform_weights(values.shape[1], 100)
    scaled = draws * np.where(np.arange(100) % 2, 1.0, by)[:, None]
    np.testing.assert_array_equal(rank_acceptability(values, scaled), rank_acceptability(values, draws))
    np.testing.assert_allclose(central_weights(values, scaled), central_weights(values, draws), rtol=1e-9)


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_vendors_moves_the_shares_along(values, random):
    order = random.sample(range(len(values)), len(values))
    draws = uniform_weights(values.shape[1], 100)
    np.testing.assert_array_equal(rank_acceptability(values[order], draws), rank_acceptability(values, draws)[order])
    moved = pairwise_wins(values, draws)[np.ix_(order, order)]
    np.testing.assert_array_equal(pairwise_wins(values[order], draws), moved)


# -- Draws -----------------------------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_and_another_one_others():
    for draw in (lambda seed: uniform_weights(7, seed=seed), lambda seed: dirichlet_weights([18, 20, 62], seed=seed)):
        assert draw(1).tobytes() == draw(1).tobytes()
        assert draw(1).tobytes() != draw(2).tobytes()


def test_there_are_16384_draws_that_add_up_to_one():
    for draws in (uniform_weights(7), dirichlet_weights([12, 16, 10, 12, 20, 12, 18])):
        assert draws.shape == (16_384, 7)
        np.testing.assert_allclose(draws.sum(axis=1), 1)


def test_uniform_weights_have_the_moments_of_the_simplex():
    # Mean 1/n; variance (n - 1) / (n^2 (n + 1)).
    draws = uniform_weights(7, 200_000)
    np.testing.assert_allclose(draws.mean(axis=0), 1 / 7, atol=0.002)
    np.testing.assert_allclose(draws.var(axis=0), 6 / (49 * 8), rtol=0.03)


def test_the_largest_weight_varies_by_a_fifth_of_itself():
    stated = np.array([12, 16, 10, 12, 20, 12, 18]) / 100
    # 0.8 / (0.04 * 0.2) is 100, less 1.
    assert concentration(stated) == pytest.approx(99)
    draws = dirichlet_weights(stated, 200_000)
    np.testing.assert_allclose(draws.mean(axis=0), stated, atol=0.001)
    np.testing.assert_allclose(draws.std(axis=0), np.sqrt(stated * (1 - stated) / 100), rtol=0.02)
    assert draws[:, 4].std() == pytest.approx(0.2 * 0.2, rel=0.02)


def test_a_weight_of_nothing_stays_nothing_and_all_weight_stays_all():
    assert (dirichlet_weights([60, 0, 40])[:, 1] == 0).all()
    assert dirichlet_weights([0, 100], 50).tolist() == [[0, 1]] * 50


@pytest.mark.parametrize("largest", [0.95, 0.9615, 0.99, 0.9999])
def test_nearly_all_weight_on_one_still_draws_around_it(largest):
    draws = dirichlet_weights([largest, 1 - largest], 200_000)
    assert np.isfinite(draws).all()
    assert draws[:, 0].mean() == pytest.approx(largest, abs=0.002)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        pytest.param(lambda: uniform_weights(0), "criteria: 0 is not 1 or more", id="no criterion"),
        pytest.param(lambda: uniform_weights(3, 0), "draws: 0 is not 1 or more", id="no draw"),
        pytest.param(lambda: dirichlet_weights([1, 1], spread=0), "spread: 0 is not above 0", id="no spread"),
        pytest.param(lambda: dirichlet_weights([0, 0]), "weights: .* has only zeros", id="only zeros"),
        pytest.param(lambda: standard_error(1.1, 5), "share: not all of them are 0 to 1", id="no share"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


@pytest.mark.parametrize("function", [rank_acceptability, weightings_won, pairwise_wins, central_weights])
@pytest.mark.parametrize(
    ("draws", "said"),
    [
        pytest.param([1, 1], r"draws: shape \(2,\) is not \(draws, 2\)", id="one draw without its row"),
        pytest.param([[1, 1, 1]], r"draws: shape \(1, 3\) is not \(draws, 2\)", id="too many weights"),
        pytest.param(np.empty((0, 2)), r"draws: shape \(0, 2\)", id="no draws"),
        pytest.param([[1, 1], [1, math.nan]], r"draws\[1, 1\]: nan is not a finite number", id="no weight"),
        pytest.param([[1, 1], [1, math.inf]], r"draws\[1, 1\]: inf is not a finite number", id="infinite"),
        pytest.param([[1, 1], [-1, 1]], r"draws\[1, 0\]: -1.0 is negative", id="negative"),
        pytest.param([[1, 1], [0, 0]], r"draws\[1\]: \[0.0, 0.0\] has only zeros", id="only zeros"),
    ],
)
def test_draws_that_make_no_sense_are_refused_with_their_place(function, draws, said):
    with pytest.raises(ValueError, match=said):
        function([[80, 50], [40, 90]], draws)
