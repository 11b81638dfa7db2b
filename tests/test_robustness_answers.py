"""Single answers, the fewest that flip, dominance: against search over everything, and by hand."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from vendor_eval.firmness.kernels import (
    Flip,
    dominance,
    fewest_answers,
    necessary_preference,
    possible_preference,
    swings,
    tipping_values,
)

VALUES, WEIGHTS = [[80, 50], [40, 90]], [60, 40]


@st.composite
def questionnaires(draw, most_cells=9):
    vendors = draw(st.integers(1, 3))
    questions = draw(st.integers(1, most_cells // vendors))

    def table(cells):
        rows = st.lists(cells, min_size=questions, max_size=questions)
        return np.array(draw(st.lists(rows, min_size=vendors, max_size=vendors)))

    corners = np.sort(np.stack([table(st.sampled_from([0, 30, 50, 75, 100])) for _ in range(3)]), axis=0)
    weights = draw(st.lists(st.sampled_from([0, 1, 2, 5, 20]), min_size=questions, max_size=questions).filter(any))
    return corners[1], np.array(weights), corners[0], corners[2]


def first(scores):
    return int(np.argmax(scores >= scores.max() - 1e-7))


def test_swings_are_points_of_the_total():
    cost, gain = swings(VALUES, WEIGHTS, lows=[[0, 50], [0, 0]], highs=100)
    assert cost.tolist() == [[48, 0], [24, 36]]
    assert gain.tolist() == [[12, 20], [36, 4]]


@given(questionnaires())
@example((np.array([[70, 70], [70, 70]]), np.array([1, 1]), np.array([[0, 0], [0, 0]]), np.array([[100] * 2] * 2)))
def test_at_its_tipping_value_one_answer_alone_makes_a_tie(questionnaire):
    values, weights, lows, highs = questionnaire
    found = tipping_values(values, weights, lows=lows, highs=highs)
    winner = first(values @ weights / weights.sum())
    for cell in np.ndindex(values.shape):
        rivals = {cell[0]} if cell[0] != winner else set(range(len(values))) - {winner}

        def lead(value, cell=cell, rivals=rivals):
            changed = values.astype(float)
            changed[cell] = value
            return _lead(changed, weights, winner, rivals)

        can_flip = weights[cell[1]] > 0 and lead(lows[cell] if cell[0] == winner else highs[cell]) <= 1e-9
        assert can_flip != math.isnan(found[cell])
        if can_flip:
            assert lows[cell] <= found[cell] <= highs[cell]
            assert abs(lead(found[cell])) <= 1e-9


def _lead(values, weights, winner, rivals):
    """Find the lead over the nearest of some rivals."""
    scores = values @ weights / weights.sum()
    return min((scores[winner] - scores[rival] for rival in rivals), default=math.inf)


def _fewest_by_search(values, weights, lows, highs, winner):
    """Try every set of answers of everybody, the smallest sets first."""
    cells = list(np.ndindex(values.shape))
    rivals = set(range(len(values))) - {winner}
    for size in range(len(cells) + 1):
        for chosen in combinations(cells, size):
            changed = values.astype(float)
            for cell in chosen:
                changed[cell] = lows[cell] if cell[0] == winner else highs[cell]
            if _lead(changed, weights, winner, rivals) <= 1e-9:
                return size
    return None


@given(questionnaires(most_cells=8))
@example((np.array([[100, 100, 100], [0, 0, 0]]), np.array([1, 1, 1]), np.zeros((2, 3)), np.full((2, 3), 100)))
def test_the_fewest_answers_are_as_many_as_a_search_finds(questionnaire):
    values, weights, lows, highs = questionnaire
    winner = first(values @ weights / weights.sum())
    found = fewest_answers(values, weights, lows=lows, highs=highs)
    fewest = _fewest_by_search(values, weights, lows, highs, winner)
    assert (None if found is None else len(found.answers)) == fewest
    if found is not None:
        assert {row for row, _ in found.answers} <= {winner, found.rival}
        changed = values.astype(float)
        for cell in found.answers:
            changed[cell] = lows[cell] if cell[0] == winner else highs[cell]
        scores = changed @ weights / weights.sum()
        assert scores[winner] - scores[found.rival] <= 1e-9


@given(questionnaires(), st.sampled_from([1e-4, 3.0, 1e6]))
def test_the_scale_of_the_weights_does_not_matter(questionnaire, by):
    values, weights, lows, highs = questionnaire
    one = tipping_values(values, weights, lows=lows, highs=highs)
    np.testing.assert_allclose(tipping_values(values, by * weights, lows=lows, highs=highs), one, atol=1e-9)
    assert fewest_answers(values, by * weights) == fewest_answers(values, weights)


def test_only_open_answers_move_where_the_others_are_bounded_by_their_values():
    # Two blanks of the second vendor; 24 points behind, they bring 36 and 4.
    values, lows, highs = [[80, 50], [40, 50]], [[80, 50], [40, 50]], [[80, 50], [100, 60]]
    assert fewest_answers(values, WEIGHTS, lows=lows, highs=highs) == Flip(1, ((1, 0),))
    np.testing.assert_allclose(
        tipping_values(values, WEIGHTS, lows=lows, highs=highs), [[math.nan] * 2, [80, math.nan]]
    )
    assert fewest_answers(values, WEIGHTS, lows=lows, highs=[[80, 50], [79, 60]]) == Flip(1, ((1, 0), (1, 1)))
    assert fewest_answers(values, WEIGHTS, lows=lows, highs=values) is None


def test_each_vendor_can_have_its_own_weights():
    # What a vendor left out of both sums makes its other answers weigh more: 80 and 0.5 * 60 + 0.5 * 90 = 75.
    values, weights = [[80, 0], [60, 90]], [[1, 0], [1, 1]]
    np.testing.assert_allclose(tipping_values(values, weights), [[75, math.nan], [70, 100]])


def test_where_two_are_level_no_answer_has_to_move():
    assert fewest_answers([[70, 70], [70, 70]], [1, 1]) == Flip(1, ())
    assert tipping_values([[70, 70], [70, 70]], [1, 1]).tolist() == [[70, 70], [70, 70]]


def test_of_two_rivals_as_near_in_answers_it_is_the_one_nearer_in_points():
    assert fewest_answers([[90, 90], [50, 50], [60, 60]], [1, 1]).rival == 2


def test_a_single_vendor_cannot_lose():
    assert fewest_answers([[70, 70]], [1, 1]) is None
    assert np.isnan(tipping_values([[70, 70]], [1, 1])).all()


def test_a_tie_breaker_can_name_the_winner():
    assert fewest_answers([[70], [70]], [1], winner=1) == Flip(0, ())


# -- Dominance -------------------------------------------------------------------------------------------------------

HALVES = st.integers(0, 3)


@st.composite
def intervals(draw):
    shape = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    rows = st.lists(st.tuples(HALVES, HALVES).map(sorted), min_size=shape[1], max_size=shape[1])
    return np.moveaxis(np.array(draw(st.lists(rows, min_size=shape[0], max_size=shape[0]))), 2, 0)


@given(intervals())
def test_preference_is_necessary_or_possible_as_defined(bounds):
    lows, highs = bounds
    necessary, possible = necessary_preference(lows, highs), possible_preference(lows, highs)
    for one, other in np.ndindex(necessary.shape):
        assert dominance(lows)[one, other] == _beats(lows[one], lows[other])
        assert necessary[one, other] == _beats(lows[one], highs[other])
        assert possible[one, other] == (one != other and _beats(highs[one], lows[other]))
    assert not (necessary & ~possible).any()
    assert not (necessary & possible.T).any()


def _beats(one, other):
    return bool((one >= other).all() and (one > other).any())


def test_with_nothing_open_both_preferences_are_dominance():
    values = [[80, 50], [40, 90], [40, 50], [40, 50]]
    assert dominance(values).tolist() == [
        [False, False, True, True],
        [False, False, True, True],
        [False, False, False, False],
        [False, False, False, False],
    ]
    np.testing.assert_array_equal(necessary_preference(values, values), dominance(values))
    np.testing.assert_array_equal(possible_preference(values, values), dominance(values))


def test_a_difference_in_the_last_digits_dominates_nobody():
    assert not dominance([[0.1 + 0.2], [0.3]]).any()


# -- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [swings, tipping_values, fewest_answers])
@pytest.mark.parametrize(
    ("weights", "bounds", "said"),
    [
        pytest.param([1, 1], {"lows": 45}, r"values\[1, 0\]: 40.0 is not within its bounds 45.0 to 100.0", id="low"),
        pytest.param([1, 1], {"highs": math.nan}, "highs: not all of them are finite numbers", id="no bound"),
        pytest.param([1, 1], {"lows": [0, 0, 0]}, r"lows: shape \(3,\) does not spread to \(2, 2\)", id="shape"),
        pytest.param([1], {}, r"weights: shape \(1,\) is neither \(2,\) nor \(2, 2\)", id="too few weights"),
        pytest.param([[1, 1], [0, 0]], {}, r"weights\[1\]: \[0.0, 0.0\] has only zeros", id="only zeros"),
        pytest.param([[1, 1], [1, -1]], {}, r"weights\[1, 1\]: -1.0 is negative", id="negative"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(function, weights, bounds, said):
    with pytest.raises(ValueError, match=said):
        function(VALUES, weights, **bounds)


@pytest.mark.parametrize("function", [necessary_preference, possible_preference])
def test_bounds_that_make_no_sense_are_refused(function):
    with pytest.raises(ValueError, match=r"lows\[0, 1\]: 3 is above its high 2|lows\[0, 1\]: 3.0 is above"):
        function([[1, 3]], [[2, 2]])
    with pytest.raises(ValueError, match=r"highs: shape \(1, 1\) is not \(1, 2\)"):
        function([[1, 3]], [[2]])


def test_a_large_field_is_answered_exactly_too():
    numbers = np.random.default_rng(0)
    values = numbers.integers(0, 101, (300, 60))
    found = fewest_answers(values, np.ones(60))
    scores = values.mean(axis=1)
    winner = first(scores)
    gain = np.sort(np.concatenate([values[winner], 100 - values[found.rival]]))[::-1].cumsum() / 60
    assert len(found.answers) == 1 + np.argmax(gain >= scores[winner] - scores[found.rival] - 1e-9)
