"""Ranks, ties, tie-breakers, intervals and the shortlist."""

import pytest
from builders import evaluated

from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.scoring.ranking import Place, rank


def card(vendor, score, low=None, high=None, *, ranked=True, **breakers):
    low, high = score if low is None else low, score if high is None else high
    return {"vendor": vendor, "score": score, "low": low, "high": high, "ranked": ranked, **breakers}


def rank_cards(cards, tie_breakers=()):
    rows = {row["vendor"]: row for row in cards}

    def column(name):
        return {vendor: row[name] for vendor, row in rows.items()}

    return rank(
        column("score"),
        lows=column("low"),
        highs=column("high"),
        excluded={vendor for vendor, row in rows.items() if not row["ranked"]},
        tie_breakers={name: column(name) for name in tie_breakers},
    )


def ranks(ranking):
    return {vendor: place.rank for vendor, place in ranking.places.items()}


# ------------------------------------------------------------------------------------------------ order and ties


def test_competition_ranks_leave_a_gap_after_a_tie():
    ranking = rank_cards([card("a", 70), card("b", 80), card("c", 90), card("d", 80)])
    assert ranks(ranking) == {"c": 1, "b": 2, "d": 2, "a": 4}
    assert ranking.order == ("c", "b", "d", "a")


@pytest.mark.parametrize(
    ("scores", "wanted"),
    [
        pytest.param({"a": 50.0, "b": 50.0 + 1e-9}, {"a": 1, "b": 1}, id="within the tolerance"),
        pytest.param({"a": 50.0, "b": 50.0 + 3e-9}, {"a": 2, "b": 1}, id="beyond the tolerance"),
        # c is within 1e-9 of b and not of a, the best of the run: a tie does not creep along a chain.
        pytest.param({"a": 50.0, "b": 50.0 - 0.8e-9, "c": 50.0 - 1.6e-9}, {"a": 1, "b": 1, "c": 3}, id="no chains"),
        pytest.param({"a": 0.1 + 0.2, "b": 0.3}, {"a": 1, "b": 1}, id="noise of the last bit"),
        pytest.param({"a": 0.0, "b": 0.0, "c": 0.0}, {"a": 1, "b": 1, "c": 1}, id="nothing at all"),
    ],
)
def test_totals_within_1e_9_of_the_best_of_their_run_tie(scores, wanted):
    assert ranks(rank_cards(card(vendor, score) for vendor, score in scores.items())) == wanted


def test_unrounded_totals_decide():
    assert rank_cards([card("a", 79.94999), card("b", 79.95)]).order == ("b", "a")


def test_neither_name_nor_order_breaks_a_tie():
    for vendors in (["zed", "acme"], ["acme", "zed"]):
        ranking = rank_cards([card(vendor, 60) for vendor in vendors])
        assert ranks(ranking) == {"acme": 1, "zed": 1}
        assert ranking.shortlist(1) == ("acme", "zed")


def test_nobody_to_rank_is_an_empty_ranking():
    assert (rank_cards([]).order, rank_cards([]).shortlist(3)) == ((), ())


# ------------------------------------------------------------------------------------------------ breaking ties


def test_tie_breakers_apply_in_order_and_the_one_that_decided_is_recorded():
    vendors = [
        card("a", 80, first=50, second=90),
        card("b", 80, first=60, second=10),
        card("c", 80, first=50, second=95),
        card("d", 70, first=99, second=99),
    ]
    ranking = rank_cards(vendors, ["first", "second"])
    assert {vendor: (place.rank, place.tie_broken_by) for vendor, place in ranking.places.items()} == {
        "b": (1, "first"),
        "c": (2, "second"),
        "a": (3, "second"),
        "d": (4, ""),
    }
    reverse = rank_cards(vendors, ["second", "first"])
    assert reverse.order == ("c", "a", "b", "d")


def test_a_tie_breaker_that_ties_too_leaves_the_tie():
    ranking = rank_cards([card("a", 80, first=50), card("b", 80, first=50 + 1e-10), card("c", 80, first=40)], ["first"])
    assert {vendor: (place.rank, place.tie_broken_by) for vendor, place in ranking.places.items()} == {
        "a": (1, "first"),
        "b": (1, "first"),
        "c": (3, "first"),
    }


def test_without_a_declared_tie_breaker_none_is_used_or_recorded():
    ranking = rank_cards([card("a", 80, first=50), card("b", 80, first=90)])
    assert {vendor: (place.rank, place.tie_broken_by) for vendor, place in ranking.places.items()} == {
        "a": (1, ""),
        "b": (1, ""),
    }


def test_a_better_tie_breaker_never_beats_a_better_total():
    assert rank_cards([card("a", 80, first=99), card("b", 80.1, first=0)], ["first"]).order == ("b", "a")


# ------------------------------------------------------------------------------------------------ intervals


def test_best_and_worst_rank_count_who_is_surely_or_possibly_ahead():
    # a is 70 to 90, b 60 to 65, c 62 to 80, d 30 to 50.
    vendors = [card("a", 80, 70, 90), card("b", 62, 60, 65), card("c", 70, 62, 80), card("d", 40, 30, 50)]
    ranking = rank_cards(vendors)
    # Nobody is surely ahead of c, and a may be; both a and c may be ahead of b, only a surely (70 > 65).
    assert {vendor: (place.rank, place.best_rank, place.worst_rank) for vendor, place in ranking.places.items()} == {
        "a": (1, 1, 2),
        "c": (2, 1, 3),
        "b": (3, 2, 3),
        "d": (4, 4, 4),
    }


def test_touching_intervals_are_no_lead_for_either():
    ranking = rank_cards([card("a", 60, 60, 60), card("b", 50, 40, 60)])
    assert [(place.best_rank, place.worst_rank) for place in ranking.places.values()] == [(1, 1), (1, 2)]


def test_excluded_vendors_count_for_nobodys_rank_and_are_told_where_they_would_stand():
    vendors = [
        card("gone", 95, 90, 100, ranked=False),
        card("a", 90),
        card("tied", 90, ranked=False),
        card("b", 80),
        card("last", 10, ranked=False),
    ]
    ranking = rank_cards(vendors)
    assert ranking.order == ("a", "b")
    assert ranking.places == {
        "a": Place(1, 1, 1),
        "b": Place(2, 2, 2),
        "gone": Place(None, would_rank=1),
        "tied": Place(None, would_rank=1),
        "last": Place(None, would_rank=3),
    }


# ------------------------------------------------------------------------------------------------ the shortlist


@pytest.mark.parametrize(
    ("count", "wanted"),
    [(1, ("a",)), (2, ("a", "b", "c")), (3, ("a", "b", "c")), (4, ("a", "b", "c", "d")), (9, ("a", "b", "c", "d"))],
)
def test_a_tie_at_the_border_of_the_shortlist_is_never_cut(count, wanted):
    ranking = rank_cards([card("d", 50), card("c", 60), card("b", 60), card("a", 70), card("e", 99, ranked=False)])
    assert ranking.shortlist(count) == wanted


def test_conditional_vendors_are_ranked_and_shortlisted_with_their_mark(tmp_path):
    tree = "{a: {A1: {Q1: {gates: [{kind: must, min: 95}, {kind: knock_out, min: 30}]}}}}"
    answers = {"acme": {"Q1": 90}, "bolt": {"Q1": 96}, "cord": {"Q1": 20}}
    result = evaluated(tmp_path, tree, answers, settings="{evidence: off, shortlist: 2}")
    assert (result.ranking, result.shortlist) == (("bolt", "acme"), ("bolt", "acme"))
    assert {v.id: (v.status, v.rank, v.would_rank, round(v.score, 9)) for v in result.vendors} == {
        "acme": ("conditional", 2, None, 90),
        "bolt": ("eligible", 1, None, 96),
        "cord": ("excluded", None, 3, 20),
    }


def test_a_category_breaks_a_tie_of_an_evaluation(tmp_path):
    tree = "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}}}}"
    answers = {"acme": {"Q1": 70, "Q2": 50}, "bolt": {"Q1": 50, "Q2": 70}}
    result = evaluated(tmp_path, tree, answers, settings="{evidence: off, tie_breakers: [b]}")
    places = {vendor.id: (vendor.rank, vendor.tie_broken_by) for vendor in result.vendors}
    assert places == {"bolt": (1, "b"), "acme": (2, "b")}


# ------------------------------------------------------------------------------------------------ printed totals


ONE = "{a: {A1: {Q1: {type: number, points: [[0, 0], [1000000, 100]]}}}}"


@pytest.mark.parametrize(
    ("figures", "digits", "printed"),
    [
        pytest.param([500000, 400000], 1, ["50.0", "40.0"], id="apart"),
        pytest.param([500100, 500000], 2, ["50.01", "50.00"], id="one more"),
        pytest.param([500011, 500010, 400000], 4, ["50.0011", "50.0010", "40.0000"], id="as many as it takes"),
        pytest.param([500000, 500000], 1, ["50.0", "50.0"], id="a tie needs none"),
    ],
)
def test_equal_printed_totals_of_different_rank_get_more_digits(tmp_path, figures, digits, printed):
    answers = {f"v{index}": {"Q1": figure} for index, figure in enumerate(figures)}
    result = evaluated(tmp_path, ONE, answers, settings="evidence: off")
    assert result.digits == digits
    rows = [line.split() for line in ranked_table(result).splitlines() if line.strip().startswith(("1", "2", "3"))]
    assert [row[3] for row in rows] == printed


def test_a_tie_that_a_tie_breaker_decided_hides_no_other_difference(tmp_path):
    tree = "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}}}}"
    answers = {"acme": {"Q1": 70, "Q2": 50}, "bolt": {"Q1": 50, "Q2": 70}, "cord": {"Q1": 60, "Q2": 59.98}}
    result = evaluated(tmp_path, tree, answers, settings="{evidence: off, tie_breakers: [b]}")
    assert [vendor.rank for vendor in result.vendors] == [2, 1, 3]
    assert result.digits == 2
