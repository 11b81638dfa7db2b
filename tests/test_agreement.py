"""Agreement of raters: published examples to their printed digits, another implementation, and laws."""

import math

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from vendor_eval.findings.kernel import alpha_of_sums, alpha_sums, kendall_w, krippendorff_alpha

NAN = math.nan
LEVELS = ["nominal", "ordinal", "interval"]

# K. Krippendorff, Computing Krippendorff's alpha-reliability (2011): A, two observers and two values; B, two observers
# and five; C and D, four observers, twelve units and blanks.
MEG, OWEN = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
BEN, GERRY = "aabbdcccedda", "babbbccceddd"
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]
# The example of Wikipedia's article on the coefficient: three coders, fifteen units.
THREE_CODERS = [
    [NAN, NAN, NAN, NAN, NAN, 3, 4, 1, 2, 1, 1, 3, 3, NAN, 3],
    [1, NAN, 2, 1, 3, 3, 4, 3, NAN, NAN, NAN, NAN, NAN, NAN, NAN],
    [NAN, NAN, 2, 1, 3, 4, 4, NAN, 2, 1, 1, 3, 3, NAN, 4],
]


@pytest.mark.parametrize(
    ("ratings", "level", "alpha"),
    [
        pytest.param([MEG, OWEN], "nominal", 0.095, id="2011 A"),
        pytest.param([[*map(ord, BEN)], [*map(ord, GERRY)]], "nominal", 0.692, id="2011 B"),
        pytest.param(FOUR_OBSERVERS, "nominal", 0.743, id="2011 C"),
        pytest.param(FOUR_OBSERVERS, "ordinal", 0.815, id="2011 D ordinal"),
        pytest.param(FOUR_OBSERVERS, "interval", 0.849, id="2011 D interval"),
        pytest.param(THREE_CODERS, "nominal", 0.691, id="three coders, nominal"),
        pytest.param(THREE_CODERS, "interval", 0.811, id="three coders, interval"),
    ],
)
def test_alpha_of_published_examples(ratings, level, alpha):
    assert round(krippendorff_alpha(ratings, level), 3) == alpha


def test_alpha_by_hand():
    # Units (1, 1), (2, 2), (1, 3), values 1 1 1 2 2 3. Interval: D_o = (4 + 4) / 6 = 4/3; D_e over 30 ordered pairs:
    # 2 (6 * 1 + 3 * 4 + 2 * 1) = 40, 4/3. Ordinal, mid-ranks 2 2 2 4.5 4.5 6: D_o = 2 * 16 / 6; D_e =
    # 2 (6 * 6.25 + 3 * 16 + 2 * 2.25) / 30 = 6.
    ratings = [[1, 2, 1], [1, 2, 3]]
    assert krippendorff_alpha(ratings, "interval") == pytest.approx(0, abs=1e-12)
    assert krippendorff_alpha(ratings, "ordinal") == pytest.approx(1 - 32 / 6 / 6)


@st.composite
def panels(draw):
    raters, units = draw(st.integers(2, 5)), draw(st.integers(1, 8))
    cells = st.one_of(st.integers(0, 5).map(float), st.just(NAN))
    return np.array(draw(st.lists(st.lists(cells, min_size=units, max_size=units), min_size=raters, max_size=raters)))


@given(panels(), st.sampled_from(LEVELS))
def test_alpha_is_that_of_the_krippendorff_package(ratings, level):
    paired = ratings[:, (~np.isnan(ratings)).sum(axis=0) > 1]
    alpha = krippendorff_alpha(ratings, level)
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        assert math.isnan(alpha)
    else:
        assert alpha == pytest.approx(krippendorff.alpha(paired, level_of_measurement=level), abs=1e-9)


@given(panels(), st.sampled_from(LEVELS), st.randoms(use_true_random=False))
def test_neither_the_order_of_raters_nor_that_of_units_matters(ratings, level, random):
    rows, columns = (random.sample(range(count), count) for count in ratings.shape)
    one, other = (krippendorff_alpha(table, level) for table in (ratings, ratings[rows][:, columns]))
    assert one == pytest.approx(other, abs=1e-12, nan_ok=True)


@given(panels(), st.sampled_from(LEVELS))
def test_a_unit_that_one_rater_alone_rated_changes_nothing(ratings, level):
    alone = np.full((len(ratings), 1), NAN)
    alone[0] = 3
    one, other = (krippendorff_alpha(table, level) for table in (ratings, np.hstack([ratings, alone])))
    assert one == pytest.approx(other, abs=1e-12, nan_ok=True)


@given(panels())
def test_ordinal_alpha_sees_the_order_alone_and_interval_alpha_no_shift_and_no_unit(ratings):
    stretched = krippendorff_alpha(np.exp(ratings), "ordinal")
    assert stretched == pytest.approx(krippendorff_alpha(ratings, "ordinal"), abs=1e-9, nan_ok=True)
    moved = krippendorff_alpha(20 * ratings - 7, "interval")
    assert moved == pytest.approx(krippendorff_alpha(ratings, "interval"), abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("ratings", "alpha"),
    [
        pytest.param([[3, 3, 3], [3, 3, 3]], NAN, id="nothing varies"),
        pytest.param([[3, 3, 1], [3, 3, NAN]], NAN, id="what varies cannot be compared"),
        pytest.param([[1, 2, 3]], NAN, id="one rater"),
        pytest.param([[1, NAN], [NAN, 2]], NAN, id="no unit with two ratings"),
        pytest.param([[NAN, NAN], [NAN, NAN]], NAN, id="nothing but blanks"),
        pytest.param(np.empty((2, 0)), NAN, id="no unit"),
        pytest.param([[1, 2, 5], [1, 2, 5]], 1, id="full agreement"),
        # D_o = 1, D_e = 4/6: 1 - 3/2 with two units.
        pytest.param([[0, 1], [1, 0]], -0.5, id="systematic disagreement"),
    ],
)
def test_alpha_of_edge_cases(ratings, level, alpha):
    assert krippendorff_alpha(ratings, level) == pytest.approx(alpha, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("ratings", "level", "said"),
    [
        pytest.param([1, 2], "nominal", r"ratings: shape \(2,\) is not \(raters, units\)", id="no table"),
        pytest.param([[1, 2], [1]], "nominal", "ratings: not an array of numbers", id="rows of unequal length"),
        pytest.param([[1, math.inf], [1, 2]], "nominal", "ratings: infinity is no rating", id="infinite"),
        pytest.param([[1], [1]], "ordnal", r"level: 'ordnal' is not one of .* \(did you mean 'ordinal'\?\)", id="typo"),
        pytest.param([[1], [1]], "ratio", "level: 'ratio' is not one of nominal, ordinal, interval", id="other level"),
    ],
)
def test_ratings_that_make_no_sense_are_refused(ratings, level, said):
    with pytest.raises(ValueError, match=said):
        krippendorff_alpha(ratings, level)


# S. Siegel, Nonparametric Statistics (1956), chapter 9: three executives on six applicants; and, from M. G. Kendall's
# Rank Correlation Methods, three rankings of ten with ties (also the example of NAG's g08da).
EXECUTIVES = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]
WITH_TIES = [
    [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
    [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
    [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
]


@pytest.mark.parametrize(
    ("ranks", "printed", "digits", "w"),
    [
        # S = 25.5 of 9 * 210 / 12.
        pytest.param(EXECUTIVES, 0.16, 2, 25.5 / 157.5, id="Siegel"),
        # S = 591 of 742.5 - 3 (1 + 1.5 + 7).
        pytest.param(WITH_TIES, 0.828, 3, 591 / 714, id="Kendall, with ties"),
    ],
)
def test_w_of_published_examples(ranks, printed, digits, w):
    assert kendall_w(ranks) == pytest.approx(w, abs=1e-12)
    assert round(kendall_w(ranks), digits) == printed


def test_competition_ranks_mid_ranks_and_scores_give_the_same_w():
    competition = kendall_w([[1, 2, 2, 4], [1, 1, 3, 4], [2, 1, 3, 3]])
    assert competition == pytest.approx(kendall_w([[1, 2.5, 2.5, 4], [1.5, 1.5, 3, 4], [2, 1, 3.5, 3.5]]), abs=1e-12)
    assert competition == pytest.approx(kendall_w([[90, 70, 70, 20], [80, 80, 60, 50], [70, 90, 10, 10]]), abs=1e-12)


@st.composite
def rankings(draw):
    raters, items = draw(st.integers(2, 5)), draw(st.integers(2, 6))
    return np.array([draw(st.permutations(range(1, items + 1))) for _ in range(raters)])


@given(rankings())
def test_w_without_ties_is_the_mean_rank_correlation_rescaled(ranks):
    raters = len(ranks)
    correlations = np.corrcoef(ranks)[~np.eye(raters, dtype=bool)]
    assert kendall_w(ranks) == pytest.approx((1 + (raters - 1) * correlations.mean()) / raters, abs=1e-9)


@given(st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(st.integers(1, 4), min_size=n, max_size=n), min_size=2)))
def test_w_with_ties_lies_between_nothing_and_one_and_sees_no_order_of_raters(ranks):
    w = kendall_w(ranks)
    assume(not math.isnan(w))
    assert -1e-12 <= w <= 1 + 1e-12
    assert kendall_w(ranks[::-1]) == pytest.approx(w, abs=1e-12)
    assert kendall_w([ranks[0]] * 3) == pytest.approx(1) or len(set(ranks[0])) == 1


@pytest.mark.parametrize(
    ("ranks", "w"),
    [
        pytest.param([[1, 2, 3], [1, 2, 3]], 1, id="full agreement"),
        pytest.param([[1, 2, 3], [3, 2, 1]], 0, id="opposites"),
        pytest.param([[1, 1, 1], [1, 1, 1]], NAN, id="everybody ties everything"),
        pytest.param([[1, 1, 1], [1, 2, 3]], 0.5, id="one ties everything"),
        pytest.param([[1, 2, 3]], NAN, id="one rater"),
        pytest.param([[1], [1]], NAN, id="one item"),
        pytest.param(np.empty((2, 0)), NAN, id="no item"),
    ],
)
def test_w_of_edge_cases(ranks, w):
    assert kendall_w(ranks) == pytest.approx(w, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("ranks", "said"),
    [
        pytest.param([1, 2], r"ranks: shape \(2,\) is not \(raters, items\)", id="no table"),
        pytest.param([[1, 2], [1, NAN]], r"ranks\[1, 1\]: nan is no rank", id="a blank"),
        pytest.param([["a"]], "ranks: not an array of numbers", id="text"),
    ],
)
def test_ranks_that_make_no_sense_are_refused(ranks, said):
    with pytest.raises(ValueError, match=said):
        kendall_w(ranks)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@settings(max_examples=50)
@given(counts=arrays(np.int64, st.tuples(st.integers(1, 6), st.integers(2, 4)), elements=st.integers(0, 3)))
def test_alpha_of_counts_is_that_of_the_ratings_and_its_sums_add_up(counts, level):
    rows = [np.repeat(np.arange(len(row)), row) for row in counts]
    ratings = np.full((max(1, *map(len, rows)), len(rows)), np.nan)
    for unit, row in enumerate(rows):
        ratings[: len(row), unit] = row
    whole = alpha_sums(counts, level)
    assert alpha_of_sums(whole, level) == pytest.approx(krippendorff_alpha(ratings, level), abs=1e-9, nan_ok=True)
    # Units by themselves, and each of them twice.
    units = alpha_sums(counts[:, np.newaxis], level)
    assert units.sum(axis=0) == pytest.approx(whole)
    assert alpha_of_sums(np.stack([whole, 2 * units.sum(axis=0)]), level) == pytest.approx(
        [float(alpha_of_sums(alpha_sums(np.vstack(pair), level), level)) for pair in ([counts], [counts, counts])],
        abs=1e-9,
        nan_ok=True,
    )


def test_alpha_of_full_agreement_is_exactly_1():
    counts = np.array([[3, 0, 0], [0, 7, 0], [0, 0, 2], [1, 0, 0]])
    assert {float(alpha_of_sums(alpha_sums(counts, level), level)) for level in LEVELS} == {1.0}
