"""The price what-if: the winner under other rules, other weights of the price, one bid more or one less."""

import io
import json
from itertools import pairwise

import numpy as np
import pytest
from builders import evaluated
from click.testing import CliRunner
from hypothesis import example, given, strategies as st
from made_results import why_not
from openpyxl import load_workbook
from pages import comparison_html, words
from test_pricing import FIXED, ITEMS, TREE, offer, priced

from vendor_eval.cli import main
from vendor_eval.firmness.kernels import leaders
from vendor_eval.firmness.prices import price_what_if
from vendor_eval.reports.pages.categories import comparison_pages
from vendor_eval.reports.pages.overview import Overview
from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.reports.wording.decision import how_firm
from vendor_eval.reports.wording.what_if import bid_lines, rule_rows
from vendor_eval.reports.workbook.shortlist import shortlist
from vendor_eval.scoring.pricing import combined, flips, price_score
from vendor_eval.tender.price import Price

RELATIVE = ("lowest_ratio", "linear_min_max", "linear_from_lowest")
ITEM = {"id": "PRC-01", "text": "Boxes", "unit": "box", "volume": 1}
TERMS = f"currency: USD, years: 2, {ITEMS}"


def settings_of(rule, weight, *, best=400, worst=900):
    return Price(rule=rule, weight=weight, best=best, worst=worst, currency="USD", items=(ITEM,))


def rule_of(found, name):
    return next(one for one in found.rules if one.rule == name)


def weights_of(found, name):
    return [(round(one.from_, 6), round(one.to, 6), one.winner) for one in rule_of(found, name).weights]


# ------------------------------------------------------------------------------------------------ lines


def test_the_first_of_lines_that_are_one_line_leads_and_the_others_are_level():
    (only,) = leaders([50, 50, 40], [60, 60, 10])
    assert (only.start, only.stop, only.rows) == (0.0, 1.0, (0, 1))


def test_a_line_that_only_touches_the_first_does_not_lead():
    """The third meets the other two where they meet, and neither is above."""
    found = leaders([10, 0, 5], [0, 10, 5])
    assert [(one.start, one.stop, one.rows) for one in found] == [(0.0, 0.5, (0,)), (0.5, 1.0, (1,))]


@pytest.mark.parametrize(
    ("left", "right", "stop", "message"),
    [
        ([], [], 1, "at_start: shape"),
        ([1, 2], [1], 1, "at_stop: shape"),
        ([1, np.nan], [1, 2], 1, "at_start: shape"),
        ([1, 2], [1, 2], 0, "stop: 0 is not above start"),
    ],
)
def test_lines_that_are_none_are_refused(left, right, stop, message):
    with pytest.raises(ValueError, match=message):
        leaders(left, right, stop=stop)


_LINES = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=8)


@given(_LINES)
def test_stretches_cover_everything_tie_where_they_meet_and_are_best_in_between(lines):
    left, right = (np.array(side, dtype=float) for side in zip(*lines, strict=True))
    found = leaders(left, right)
    assert (found[0].start, found[-1].stop) == (0.0, 1.0)
    for one, following in pairwise(found):
        assert one.stop == following.start
        totals = left + one.stop * (right - left)
        assert totals[one.rows[0]] == pytest.approx(totals[following.rows[0]], abs=1e-6)
        assert totals[one.rows[0]] == pytest.approx(totals.max(), abs=1e-6)
    for one in found:
        totals = left + (one.start + one.stop) / 2 * (right - left)
        assert totals[list(one.rows)] == pytest.approx(totals.max(), abs=1e-6)


# ------------------------------------------------------------------------------------------------ by hand


def test_rules_and_weights_by_hand(tmp_path):
    """500 against 300 in total, quality 90 against 60.

    Fixed bounds: 80 and 100, level where 30 (1 - w) = 20 w. Lowest ratio: 60 and 100, 30 (1 - w) = 40 w. Over the
    range: 0 and 100, 30 (1 - w) = 100 w. From the lowest: 33.3 and 100, 30 (1 - w) = 66.7 w. Per price: 54 against 60.
    """
    result = priced(tmp_path, {}, {"PRC-01": 0.1}, quality=(90, 60))
    found = result.robustness.price
    assert (found.weight, found.from_, found.to) == (30, 0, 60)
    assert [(one.rule, one.stated, one.winner) for one in found.rules] == [
        ("fixed_bounds", True, "v0"),
        ("lowest_ratio", False, "v0"),
        ("linear_min_max", False, "v1"),
        ("linear_from_lowest", False, "v0"),
        ("quality_per_price", False, "v1"),
    ]
    assert weights_of(found, "fixed_bounds") == [(0, 60, "v0")]
    assert weights_of(found, "lowest_ratio") == [
        (0, pytest.approx(3000 / 70), "v0"),
        (pytest.approx(3000 / 70), 60, "v1"),
    ]
    assert weights_of(found, "linear_min_max")[0][1] == pytest.approx(3000 / 130)
    assert weights_of(found, "linear_from_lowest")[0][1] == pytest.approx(100 * 30 / (30 + 200 / 3), abs=1e-6)
    assert rule_of(found, "quality_per_price").weights == ()
    assert rule_of(found, "fixed_bounds").scores == {"v0": 80, "v1": 100}
    assert found.rules[0].scores["v1"] == result.vendor("v1").price.score
    assert (
        "If price points fell in a straight line from the lowest to the highest price, or if we ranked by quality per "
        "dollar, v1 would come first."
    ) in result.robustness.sentence


def test_a_further_bid_by_hand():
    """v1 (60, cheaper) overtakes v0 (80) below dQ / (w (1/p1 - 1/p0)): 10 / (50 (1/100 - 1/200)) = 40 is of v0.

    As in scoring.md 6: the cheaper leads while the lowest bid is above 40 and the better one below.
    """
    offers = (offer("cheap", 60, 100), offer("good", 80, 200))
    found = rule_of(price_what_if(settings_of("lowest_ratio", 50), offers), "lowest_ratio")
    assert [(one.from_, one.to, one.winner) for one in found.further_bid] == [(0, pytest.approx(40), "good")]


def test_a_high_bid_that_leaves_or_arrives_by_hand():
    """Over the range a dear bid presses all others together: without it 20 points of quality no longer decide."""
    offers = (offer("good", 80, 200), offer("cheap", 60, 100), offer("dear", 10, 1000))
    found = rule_of(price_what_if(settings_of("linear_min_max", 50), offers), "linear_min_max")
    assert [(one.without, one.bid, one.winner, one.instead_of) for one in found.without_bid] == [
        ("dear", 1000, "cheap", "good")
    ]
    rest = rule_of(price_what_if(settings_of("linear_min_max", 50), offers[1::-1]), "linear_min_max")
    # 100 (b - 200) / (b - 100) = 80 at b = 600
    assert [(one.from_, one.to, one.winner) for one in rest.further_bid] == [(pytest.approx(600), None, "good")]


# ------------------------------------------------------------------------------------------------ special fields


def test_without_a_price_there_is_nothing_to_try(tmp_path):
    assert evaluated(tmp_path, TREE, {"v0": {"Q1": 80}}).robustness.price is None


def test_rules_that_lack_a_setting_say_which(tmp_path):
    found = priced(tmp_path, {}, {"PRC-01": 0.1}, price=f"rule: quality_per_price, {TERMS}", quality=(90, 60))
    told = {one.rule: (one.winner, one.reason) for one in found.robustness.price.rules}
    assert found.robustness.price.weight is None
    assert told["fixed_bounds"] == (None, "needs 'best' and 'worst', which this evaluation does not declare")
    assert told["lowest_ratio"] == (None, "needs a weight at which to look; none is stated")
    assert told["quality_per_price"] == ("v1", "")
    assert weights_of(found.robustness.price, "lowest_ratio")[0][2] == "v0"


@pytest.mark.parametrize(("weight", "most"), [(60, 60), (75, 75), (100, 100)])
def test_weights_reach_the_stated_one(tmp_path, weight, most):
    result = priced(tmp_path, {}, {"PRC-01": 0.1}, price=FIXED.replace("30", str(weight)), quality=(90, 60))
    found = result.robustness.price
    assert (found.weight, found.to, rule_of(found, "fixed_bounds").weights[-1].to) == (weight, most, most)
    assert rule_of(found, "fixed_bounds").winner == result.ranking[0]


def test_a_price_of_weight_0_is_asked_for_and_counts_nothing(tmp_path):
    result = priced(tmp_path, {}, {"PRC-01": 0.1}, price=FIXED.replace("30", "0"), quality=(90, 60))
    assert [(v.score, v.quality, v.price.contribution) for v in result.vendors] == [(90, 90, 0), (60, 60, 0)]
    found = result.robustness
    assert (found.price.weight, found.winner, "price" in {one.node for one in found.stability}) == (0, "v0", False)
    assert {one.winner for one in found.price.rules if one.scores} == {"v0"}


def test_one_offer_alone_and_two_that_are_one():
    alone = price_what_if(settings_of("lowest_ratio", 30), (offer("v0", 80, 500),))
    assert {(one.winner, one.further_bid, one.without_bid) for one in alone.rules} == {("v0", (), ())}
    twins = price_what_if(settings_of("lowest_ratio", 30), (offer("v0", 80, 500), offer("v1", 80, 500)))
    assert {(one.winner, one.level, one.further_bid, one.without_bid) for one in twins.rules} == {
        ("v0", ("v1",), (), ())
    }
    assert {(one.winner, one.level) for rule in twins.rules for one in rule.weights} == {("v0", ("v1",))}


def test_no_offer_with_a_total_ranks_by_quality_alone():
    found = price_what_if(settings_of("lowest_ratio", 30), (offer("v0", 80, None), offer("v1", 70, None)))
    assert {one.winner for one in found.rules} == {"v0"}
    assert {one.further_bid for one in found.rules} == {()}


def test_a_price_that_waits_for_an_answer_decides_nothing_for_the_others():
    offers = (offer("good", 80, 200), offer("cheap", 60, 100), offer("slip", 10, 1, sound=False))
    found = price_what_if(settings_of("lowest_ratio", 50), offers)
    assert rule_of(found, "lowest_ratio").scores == {"good": 50, "cheap": 100, "slip": 100}


# ------------------------------------------------------------------------------------------------ laws


@st.composite
def _offers(draw):
    bid = st.none() | st.integers(2, 40).map(lambda n: 25.0 * n)
    offers = draw(st.lists(st.tuples(st.integers(0, 20), bid, st.integers(0, 5)), min_size=1, max_size=5))
    return tuple(offer(f"v{at}", 5.0 * quality, bid, sound=luck > 0) for at, (quality, bid, luck) in enumerate(offers))


def totals_of(price, offers, *, more=()):
    """Score and add up anew, with further bids in the field."""
    sound = [one.bid for one in offers if one.sound] + list(more)
    found = []
    for one in offers:
        own = one.total
        low, high = min(sound, default=own), max(sound, default=own)
        if price.rule == "quality_per_price":
            found.append(one.quality * (low or 1) / own if own else 0.0)
        else:
            found.append(combined(price, one.quality, price_score(price, own, low, high) if own else 0.0))
    return np.array(found)


def is_first(price, offers, winner, **more):
    totals = totals_of(price, offers, **more)
    return totals[[one.vendor for one in offers].index(winner)] >= totals.max() - 1e-6


@given(_offers(), st.integers(1, 99))
@example((offer("v0", 5, 75, sound=False), offer("v1", 5, 50, sound=False)), 1)
def test_the_winner_of_a_rule_and_of_a_weight_is_that_of_the_arithmetic(offers, weight):
    for outcome in price_what_if(settings_of("fixed_bounds", weight), offers).rules:
        price = settings_of(outcome.rule, weight)
        totals = totals_of(price, offers)
        assert outcome.winner == offers[int(np.argmax(totals >= totals.max() - 1e-9))].vendor
        for one in outcome.weights:
            for at in (one.from_, (one.from_ + one.to) / 2, one.to):
                assert is_first(settings_of(outcome.rule, at or 1e-9), offers, one.winner)
        for one, following in pairwise(outcome.weights):
            assert one.to == following.from_
            assert is_first(settings_of(outcome.rule, one.to), offers, following.winner)


@given(_offers(), st.integers(1, 99), st.sampled_from(RELATIVE), st.integers(1, 3000))
@example((offer("v0", 0, 50), offer("v1", 0, 100), offer("v2", 5, None)), 50, "linear_from_lowest", 20)
def test_a_further_bid_changes_the_first_exactly_where_it_is_said(offers, weight, rule, bid):
    price = settings_of(rule, weight)
    found = rule_of(price_what_if(price, offers), rule)
    sound = [one.bid for one in offers if one.sound]
    if not sound or min(sound) <= bid <= max(sound):
        return
    inside = [one for one in found.further_bid if one.from_ <= bid <= (one.to or np.inf)]
    for one in inside:
        assert is_first(price, offers, one.winner, more=[bid])
    if not inside:
        assert is_first(price, offers, found.winner, more=[bid])


@given(_offers(), st.integers(1, 99), st.sampled_from(RELATIVE))
def test_a_bid_that_is_gone_changes_the_first_of_the_others_exactly_where_it_is_said(offers, weight, rule):
    price = settings_of(rule, weight)
    told = {
        one.without: (one.instead_of, one.winner) for one in rule_of(price_what_if(price, offers), rule).without_bid
    }
    for row, out in enumerate(offers) if len(offers) > 1 else ():
        rest = tuple(one for one in offers if one is not out)
        before, after = np.delete(totals_of(price, offers), row), totals_of(price, rest)
        names = tuple(rest[int(np.argmax(totals >= totals.max() - 1e-9))].vendor for totals in (before, after))
        assert told.get(out.vendor, (names[0], names[0])) == names


# ------------------------------------------------------------------------------------------------ shown


def close(tmp_path):
    """Two vendors between whom the rule decides, and an evaluation of the relative kind that a bid could turn."""
    return priced(
        tmp_path,
        {},
        {"PRC-01": 0.1},
        price=f"weight: 40, rule: lowest_ratio, {TERMS}, best: 400, worst: 900",
        quality=(90, 60),
    )


def test_terminal_page_and_workbook_show_rules_weights_and_bids(tmp_path):
    result = close(tmp_path)
    rules = [
        ("Fixed bounds", "v0", "v0 at every weight"),
        ("Lowest price as the yardstick (agreed)", "v0", "v0 to 42.9, then v1"),
        ("Straight line from the lowest to the highest price", "v1", "v0 to 23.1, then v1"),
        ("Straight line from the lowest price to twice as much", "v1", "v0 to 31.0, then v1"),
        ("Quality for the money", "v1", "the price has no weight of its own"),
    ]
    assert list(rule_rows(result)) == rules
    shown = " ".join(ranked_table(result).split())
    printed = words(comparison_html(result))
    for row in rules:
        assert " ".join(row) in shown
        assert " ".join(row) in printed
    sheet = load_workbook(io.BytesIO(shortlist(result)))["Sensitivity"]
    cells = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert ["lowest_ratio", 0, pytest.approx(3000 / 70), "v0", "–"] in cells
    assert ["v0", "vendor", "v1"] in cells


def test_bids_that_would_change_the_first_are_said_in_words(tmp_path):
    result = priced(
        tmp_path,
        {},
        {"PRC-01": 0.1},
        price=f"weight: 50, rule: lowest_ratio, {TERMS}",
        quality=(90, 60),
    )
    # 0.5 x 100 b (1 / 300 - 1 / 500) = 0.5 x 30 at b = 225.
    assert result.ranking[0] == "v1"
    line = "Lowest price as the yardstick: with a further bid below USD 225 v0 would come first"
    assert line in list(bid_lines(result))
    assert line in ranked_table(result)
    assert f"{line}." in words(comparison_html(result))


def test_of_many_bids_the_page_says_those_of_the_agreed_rule_and_how_many_more_there_are(tmp_path):
    price = f"weight: 50, rule: linear_from_lowest, {TERMS}"
    result = priced(tmp_path, {}, {"PRC-01": 0.1}, price=price, quality=(90, 60))
    agreed, other, left_out = bid_lines(result)
    assert agreed.startswith("Straight line from the lowest price to twice as much: with a further bid below USD 176 ")
    page = words(comparison_html(result))
    assert f"{agreed}. {other}. 1 more in shortlist.xlsx, sheet Sensitivity." in page
    assert left_out not in page


def test_prices_that_all_wait_for_an_answer_put_nobody_ahead(tmp_path):
    """Each bid is more than ten times off the other: quality alone ranks, in every part of the output."""
    rule = f"rule: quality_per_price, currency: USD, {ITEMS}"
    result = priced(tmp_path, {"PRC-01": 30}, {"PRC-01": 1}, price=rule, quality=(80, 60))
    assert [vendor.price.items[0].suspicious for vendor in result.vendors] == [True, True]
    assert (result.ranking, rule_of(result.robustness.price, "quality_per_price").winner) == (("v0", "v1"), "v0")
    text = why_not(result, result.vendor("v1"), result.vendor("v0"))
    assert "Quality for the money (agreed): not ahead" in text


def test_why_not_says_that_a_price_is_missing_too(tmp_path):
    """Without its price v1 has 0.7 of 100 at most, and v0 has 0.7 of 90 and 0.3 of 80."""
    result = priced(tmp_path, {}, {"PRC-01": None}, quality=(90, 60))
    text = why_not(result, result.vendor("v1"), result.vendor("v0"))
    assert "By its own answers: not even if all of them scored 100. Besides, its price is missing too." in text
    assert "If its open answers and its missing price were perfect: 72.0, would not be enough." in text


def test_why_not_says_at_which_weight_and_under_which_rules_the_other_is_ahead(tmp_path):
    result = close(tmp_path)
    text = why_not(result, result.vendor("v1"), result.vendor("v0"))
    heading = "By another price rule, or another weight of the price:"
    assert f"{heading}\n  Fixed bounds: not ahead at any weight from 0 to 60\n" in text
    assert "  Lowest price as the yardstick (agreed): ahead above a weight of 42.9 (ours is 40)\n" in text
    assert text.count("ahead above") == 3
    assert "  Quality for the money: ahead\n" in text


def test_rank_as_json_holds_the_what_if_and_the_first_ten_questions(tmp_path):
    result = close(tmp_path)
    done = CliRunner().invoke(main, ["rank", str(tmp_path), "--json"])
    told = json.loads(done.stdout)
    assert told["price"] == json.loads(result.to_json())["robustness"]["price"]
    assert [one["without"] for one in told["leave_one_out"]] == ["a", "price", "v0", "v1"]
    assert told["ask_first"] == []


@pytest.mark.parametrize(("setting", "shown"), [("page", True), ("annex", True), ("off", False)])
def test_firmness_off_leaves_the_what_if_out(tmp_path, setting, shown):
    result = priced(tmp_path, {}, {"PRC-01": 0.1}, more=f", firmness: {setting}", quality=(90, 60))
    printed = words(comparison_html(result))
    assert ("Another price rule" in printed) is shown
    assert ("Straight line from the lowest to the highest price" in ranked_table(result)) is shown


KNOCK_OUT = "{a: {A1: {Q1: {gates: [{kind: knock_out, min: 50}]}}}, b: {B1: {Q2: {}}}}"
BID = {"PRC-01": 0.2, "PRC-02": 100, "OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}
CHEAP = BID | {"PRC-01": 0.1}
FIELDS = {
    "alone": ({"v0": {"Q1": 80, "Q2": 50, **BID}}, "v0"),
    "two that are one": ({"v0": {"Q1": 80, "Q2": 50, **BID}, "v1": {"Q1": 80, "Q2": 50, **BID}}, "v0"),
    "all excluded": ({"v0": {"Q1": 10, **BID}, "v1": {"Q1": 20, **CHEAP}}, None),
    "everything blank": ({"v0": {}, "v1": {}}, "v0"),
    "no price at all": ({"v0": {"Q1": 80, "Q2": 50}, "v1": {"Q1": 70, "Q2": 50}}, "v0"),
}
PRICES = {
    "no weight": "0, rule: fixed_bounds",
    "weight 60": "60, rule: fixed_bounds",
    "all the weight": "100, rule: lowest_ratio",
    "a ratio": "0, rule: quality_per_price",
}


@pytest.mark.parametrize("weights", ["a: 100, b: 0", "a: 60, b: 40"], ids=["a category of weight 0", "both"])
@pytest.mark.parametrize("terms", PRICES.values(), ids=PRICES)
@pytest.mark.parametrize(("answers", "first"), FIELDS.values(), ids=FIELDS)
def test_every_special_field_has_an_answer_in_words_in_every_output(tmp_path, answers, first, terms, weights):
    price = f"{{weight: {terms}, best: 400, worst: 900, {TERMS}}}"
    own = f"{{evidence: off, weights: {{{weights}}}, price: {price}}}"
    result = evaluated(tmp_path, KNOCK_OUT, answers, settings=own)
    found = result.robustness
    unclear = first is None or (len(result.ranking) > 1 and (found.margin_percent < 10 or _around(found) < 0.8))
    assert (found.winner, found.verdict == "no clear winner") == (first, unclear)
    assert found.sentence.startswith("No clear winner") or not unclear or first is None
    assert {one.winner for one in found.price.rules} == {first} if first else found.price is None
    assert found.sentence in " ".join(ranked_table(result).split())
    firm = how_firm(result)
    cell = load_workbook(io.BytesIO(shortlist(result)))["Sensitivity"]["A4"].value
    assert cell == (
        f"How firm: {firm.word}. {firm.reason}"
        if firm
        else "How firm the first place is was not looked at: nobody is ranked, or firmness is off."
    )
    assert comparison_pages(Overview(result, result.digits), brief=False)["price"]


def _around(found):
    return found.weightings_won.around_stated[found.winner]


# ------------------------------------------------------------------------------------------------ large fields


def test_in_a_large_field_pairs_are_of_the_top_and_every_bid_counts():
    """The two lowest bids stand at the end, far from the top: without the lowest the order of the first two turns."""
    top = [offer("v0", 70.0, 300.0), offer("v1", 60.0, 200.0)]
    rest = [offer(f"w{at:02}", 20.0, 400.0 + at) for at in range(60)]
    ranked = [*top, *rest, offer("low", 1.0, 60.0)]
    found = flips(settings_of("lowest_ratio", 30), ranked)
    assert {one.overtakes for one in found} | {one.overtaken for one in found} <= {one.vendor for one in ranked[:40]}
    assert [(one.side, one.bid, one.overtakes, one.overtaken) for one in found if one.side == "without"] == [
        ("without", "low", "v1", "v0")
    ]
    told = rule_of(price_what_if(settings_of("lowest_ratio", 30), ranked), "lowest_ratio")
    assert [(one.without, one.winner) for one in told.without_bid] == [("low", "v1")]
