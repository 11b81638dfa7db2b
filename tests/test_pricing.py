"""The price: settings, offers in cells, the five rules, and what they do to the ranking."""

import io
import json
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median, median_high, median_low
from tempfile import TemporaryDirectory
from time import process_time

import pytest
from books import asked, fill, form_rows, opened
from builders import evaluated, run, write_evaluation
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
from office import needs_office, saved_as
from openpyxl import load_workbook
from pages import appendix_html, comparison_html, scorecard_html, sections, words
from places import MARK, expected, faults, write

from vendor_eval.cli import main
from vendor_eval.forms.open_prices import open_prices
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.intake.submission import read_submission
from vendor_eval.reports.pages.overview import Overview
from vendor_eval.reports.pages.price import price_page
from vendor_eval.reports.tables import csv_files
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.reports.wording.price import compared, turn_lines
from vendor_eval.reports.workbook.shortlist import shortlist
from vendor_eval.run.evaluate import load_evaluation
from vendor_eval.scoring.pricing import Priced, PricedLine, combined, flips, price_offers, price_score
from vendor_eval.tender.price import Price

TREE = "{a: {A1: {Q1: {}}}}"
ITEMS = """items: [{id: PRC-01, text: Boxes, unit: box, volume: 1000, seconds_per_unit: 20},
 {id: PRC-02, text: Training, unit: once, volume: 1}]"""
FIXED = f"weight: 30, rule: fixed_bounds, best: 400, worst: 900, currency: USD, years: 2, {ITEMS}"
OFFER = {"PRC-01": 0.2, "PRC-02": 100, "OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}
QUALITY = {"Q1": 80}

BOXES = Price(weight=30, best=1, worst=9, currency="USD", items=({"id": "P", "text": "x", "unit": "box", "volume": 1},))


def priced(folder, *offers, price=FIXED, more="", quality=(80,), **options):
    """Evaluate vendors v0, v1, ... with these offers."""
    answers = {
        f"v{index}": {"Q1": quality[min(index, len(quality) - 1)], **OFFER, **offer}
        for index, offer in enumerate(offers)
    }
    return evaluated(folder, TREE, answers, settings=f"{{evidence: off, price: {{{price}}}{more}}}", **options)


def offer(vendor, quality, total, *, sound=True):
    """Make an offer of one line; one that is not sound has a suspicious price."""
    lines = (PricedLine(BOXES.items[0], 1, total, suspicious=not sound),)
    return Priced(BOXES, vendor, quality, lines, total)


def scored(price, offers, ranked=None):
    """Score offers of vendors of equal quality, all of them ranked unless said otherwise."""
    return price_offers(price, offers, dict.fromkeys(offers, 50.0), offers if ranked is None else ranked)


def is_far_off(price, others):
    """Whether a price is suspicious beside those of the others."""
    offers = {"own": price, **dict(enumerate(others))}
    return "P" in scored(BOXES, {name: {"P": bid} for name, bid in offers.items()})["own"].suspicious


def by_definition(price, others):
    """Tenfold off the median of the others, or off both middle ones where these are tenfold apart."""
    if not others:
        return False
    low, high = median_low(others), median_high(others)
    if high < 10 * low:
        low = high = median(others)
    return price >= 10 * high * (1 - 1e-9) or price * 10 <= low * (1 + 1e-9)


def test_a_price_is_far_off_where_it_is_tenfold_the_median_of_the_others():
    assert (is_far_off(60, [0.05, 0.06]), is_far_off(0.06, [0.05, 60])) == (True, False)


def codes(vendor):
    return [issue.code for issue in vendor.issues if issue.code != "no-template-identity"]


# ---- settings

ONE = "currency: USD, items: [{id: P, text: x, unit: box, volume: 1}]"


@pytest.mark.parametrize(
    ("section", "code"),
    [
        (f"{{weight: 30, rule: {MARK}cheapest, {ONE}}}", "wrong-value"),
        (f"{MARK}{{weight: 30, {ONE}}}", "missing-key"),
        (f"{{weight: 30, best: {MARK}9, worst: 4, {ONE}}}", "wrong-value"),
        (f"{{weight: 30, best: 4, worst: 9, currency: USD, items: {MARK}[]}}", "missing-key"),
        (f"{{weight: {MARK}130, best: 4, worst: 9, {ONE}}}", "wrong-value"),
        (f"{{weight: 30, best: 4, worst: 9, {ONE.replace('volume: 1', f'volume: {MARK}0')}}}", "wrong-value"),
        (f"{{weight: 30, best: 4, worst: 9, {ONE.replace('volume', f'{MARK}volumes: 2, volume')}}}", "unknown-key"),
        (
            f"{{weight: 30, best: 4, worst: 9, {ONE[:-1]}, {{id: {MARK}P, text: y, unit: box, volume: 1}}]}}",
            "repeated-id",
        ),
        (f"{{weight: 30, best: 4, worst: 9, {ONE.replace('id: P', f'{MARK}id: SEC-01')}}}", "repeated-id"),
    ],
    ids=["rule", "bounds missing", "bounds turned", "no items", "weight", "volume", "key", "twice", "a question"],
)
def test_a_fault_of_the_price_is_placed(tmp_path, section, code):
    files = {"evaluation.yaml": f"title: T\nas_of: 2026-11-24\nprice: {section}\n"}
    write(tmp_path, files)
    assert faults(load_evaluation, tmp_path) == expected(files, code)


def test_price_breaks_ties_only_where_there_is_one(tmp_path):
    files = {"evaluation.yaml": f"title: T\nas_of: 2026-11-24\ntie_breakers: [{MARK}price]\n"}
    assert faults(load_evaluation, write(tmp_path, files)) == expected(files, "unknown-reference")


# ---- offers


def test_the_total_is_the_sum_over_the_contract(tmp_path):
    vendor = priced(tmp_path, {}).vendor("v0")
    price = vendor.price
    # 0.2 x 1000 x 2 years + 100 once = 500; (900 - 500)/(900 - 400) = 80
    assert [(item.times, item.amount) for item in price.items] == [(2000, 400), (1, 100)]
    assert (price.total, price.currency, price.score, price.weight) == (500, "USD", 80, 30)
    assert price.contribution == pytest.approx(24)
    assert (vendor.quality, vendor.score) == (80, pytest.approx(0.3 * 80 + 0.7 * 80))
    assert price.items[0].source.cell
    assert price.valid_until == "2027-03-01"
    assert codes(vendor) == []


def test_without_a_price_both_records_are_empty(tmp_path):
    result = evaluated(tmp_path, TREE, {"acme": QUALITY})
    assert (result.vendors[0].price, result.vendors[0].quality, result.evaluation.price) == (None, None, None)


@pytest.mark.parametrize(
    ("cell", "code", "unit_price"),
    [
        ("0.2", None, 0.2),
        ("$0.20", None, 0.2),
        ("0,2 USD per box", None, 0.2),
        ("US$ 0.2 / box", None, 0.2),
        ("USD 1,234.50", None, 1234.5),
        ("0.20 EUR", "other-currency", None),
        ("€0.2", "other-currency", None),
        (0, "price-not-positive", None),
        (-0.2, "price-not-positive", None),
        ("free", "price-not-positive", None),
        (1e308, "price-too-large", None),
        ("1000000000001", "price-too-large", None),
        (None, "price-missing", None),
        ("n/a", "not-applicable-answer", None),
        ("TBD", "placeholder-answer", None),
        ("on request", "price-refused", None),
        ("1.234", "ambiguous-number", None),
        ("200 per 1,000", "wrong-unit", None),
        ("0.2 per image", "wrong-unit", None),
        ("0.1-0.2", "range-answer", None),
        ("about 0.2", "approximate-answer", None),
        ("=1/5", "formula-without-value", None),
        (True, "not-a-number", None),
    ],
    ids=str,
)
def test_a_price_has_one_reading_or_is_asked_back(tmp_path, cell, code, unit_price):
    vendor = priced(tmp_path, {"PRC-01": cell}).vendor("v0")
    assert vendor.price.items[0].unit_price == unit_price
    assert code is None or code in codes(vendor)
    if unit_price is None:
        assert (vendor.price.total, vendor.price.score, vendor.price.missing) == (None, 0, ("PRC-01",))
        assert (vendor.price.low, vendor.price.high) == (0, 100)
        assert "incomplete" in vendor.price.flags
        assert (vendor.score, vendor.low, vendor.high) == (pytest.approx(56), pytest.approx(56), pytest.approx(86))


def test_another_currency_in_the_unit_or_in_the_format_of_the_cell_is_seen(tmp_path):
    folder = write_evaluation(
        tmp_path, TREE, {"acme": {**QUALITY, **OFFER}}, settings=f"{{evidence: off, price: {{{FIXED}}}}}"
    )
    path = folder / "responses" / "acme.xlsx"
    book = load_workbook(path)
    row = next(row for row in book.active.iter_rows() if row[0].value == "PRC-01")
    row[1].number_format = "[$€-407] #,##0.00"
    book.save(path)
    assert "other-currency" in codes(run(folder).vendor("acme"))


def test_an_offer_in_another_currency_has_no_total(tmp_path):
    vendor = priced(tmp_path, {"OFFER-CURRENCY": "EUR"}).vendor("v0")
    assert (vendor.price.total, vendor.price.score) == (None, 0)
    assert "other-currency" in codes(vendor)


@pytest.mark.parametrize(
    ("offer", "code"),
    [
        ({"OFFER-CURRENCY": None}, "currency-not-confirmed"),
        ({"OFFER-CURRENCY": "USD, excl. VAT"}, "said-beside-currency"),
        ({"OFFER-VALID": None}, "validity-missing"),
        ({"OFFER-VALID": "2026-11-23"}, "offer-expired"),
        ({"OFFER-VALID": "03/04/2027"}, "ambiguous-date"),
    ],
)
def test_currency_and_validity_are_checked(tmp_path, offer, code):
    vendor = priced(tmp_path, offer).vendor("v0")
    assert codes(vendor) == [code]
    assert vendor.price.total == 500


@pytest.mark.parametrize("factor", [10, 1000, 0.1, 0.001])
def test_a_unit_price_tenfold_off_the_others_is_asked_back(tmp_path, factor):
    result = priced(tmp_path, {}, {"PRC-01": 0.25}, {"PRC-01": 0.225 * factor})
    assert [vendor.price.flags.count("suspicious_price") for vendor in result.vendors] == [0, 0, 1]
    assert codes(result.vendor("v2"))[0] == "price-suspicious"
    message = next(issue.message for issue in result.vendor("v2").issues if issue.code == "price-suspicious")
    assert "0.2 " not in message
    assert "0.25" not in message


def test_a_unit_price_ninefold_off_is_not_asked_back(tmp_path):
    result = priced(tmp_path, {}, {"PRC-01": 0.25}, {"PRC-01": 0.225 * 9.9})
    assert not any("suspicious_price" in vendor.price.flags for vendor in result.vendors)


def test_a_suspicious_price_does_not_set_the_lowest_until_it_is_confirmed(tmp_path):
    rule = f"weight: 30, rule: lowest_ratio, currency: USD, years: 2, {ITEMS}"
    offers = ({}, {"PRC-01": 0.25}, {"PRC-01": 0.0002, "PRC-02": 10})
    asked = priced(tmp_path / "asked", *offers, price=rule)
    assert asked.vendor("v0").price.score == 100
    lines = "".join(
        f"- {{vendor: v2, question: {name}, verified: true, by: Ana, date: 2026-11-23, reason: Told on the phone}}\n"
        for name in ("PRC-01", "PRC-02")
    )
    told = priced(tmp_path / "told", *offers, price=rule, findings=lines)
    assert told.vendor("v2").price.flags == ("abnormally_low",)
    assert told.vendor("v0").price.score == pytest.approx(100 * 10.4 / 500)


def test_a_finding_corrects_a_price_and_the_cell_stays_on_record(tmp_path):
    lines = "- {vendor: v0, question: PRC-01, answer: '0.3', by: Ana, date: 2026-11-23, reason: Said in the call}\n"
    item = priced(tmp_path, {"PRC-01": 300}, findings=lines).vendor("v0").price.items[0]
    assert (item.unit_price, item.raw, item.finding.act) == (0.3, "300", "answer 0.3")


def test_a_low_bid_is_flagged_with_a_question(tmp_path):
    # Totals 500, 500 and 400, which is 20 % below the median of the others.
    result = priced(tmp_path, {}, {}, {"PRC-01": 0.15})
    assert [vendor.price.flags for vendor in result.vendors] == [(), (), ("abnormally_low",)]
    assert codes(result.vendor("v2")) == ["abnormally-low"]
    near = priced(tmp_path / "near", {}, {}, {"PRC-01": 0.1505})
    assert near.vendor("v2").price.flags == ()


def test_the_yield_of_an_hour_stands_beside_the_living_wage(tmp_path):
    wage = f"{FIXED}, living_wage: {{amount: 37, per: hour, source: Ana 2026}}"
    vendor = priced(tmp_path, {}, price=wage).vendor("v0")
    # 0.2 x 3600 / 20
    assert [item.yield_per_hour for item in vendor.price.items] == [36, None]
    assert vendor.price.flags == ("yield_below_living_wage",)
    assert codes(vendor) == ["yield-below-living-wage"]
    enough = wage.replace("37", "36")
    assert priced(tmp_path / "enough", {}, price=enough).vendor("v0").price.flags == ()


# ---- rules


def rule(name, weight=30.0):
    return Price(
        weight=weight,
        rule=name,
        best=400,
        worst=900,
        currency="USD",
        items=({"id": "P", "text": "x", "unit": "once", "volume": 1},),
    )


@pytest.mark.parametrize(
    ("name", "total", "score"),
    [
        ("fixed_bounds", 650, 50),
        ("fixed_bounds", 300, 100),
        ("fixed_bounds", 1000, 0),
        ("lowest_ratio", 650, 100 * 500 / 650),
        ("lowest_ratio", 400, 100),
        ("linear_min_max", 650, 62.5),
        ("linear_min_max", 1200, 0),
        ("linear_from_lowest", 650, 70),
        ("linear_from_lowest", 1200, 0),
        ("linear_from_lowest", 400, 100),
    ],
)
def test_each_rule_by_hand(name, total, score):
    assert price_score(rule(name), total, 500, 900) == pytest.approx(score)


def test_all_equal_totals_score_100():
    assert price_score(rule("linear_min_max"), 500, 500, 500) == 100


def test_offers_that_cost_the_same_are_level_whatever_their_lines():
    """In binary figures 3 x 0.1 is more than 1 x 0.3, and least to highest would make 0 and 100 of that."""
    items = [{"id": name, "text": "x", "unit": "once", "volume": volume} for name, volume in (("P", 3), ("Q", 1))]
    price = Price(weight=30, rule="linear_min_max", currency="USD", items=items)
    found = scored(price, {"acme": {"P": 0.1, "Q": 1.0}, "bolt": {"P": 0.2, "Q": 0.7}})
    assert [(one.total, one.score) for one in found.values()] == [(1.3, 100), (1.3, 100)]


def test_only_vendors_that_the_gates_let_through_make_the_field():
    offers = {"acme": {"P": 500}, "bolt": {"P": 600}, "cord": {"P": 100}}
    found = scored(rule("lowest_ratio"), offers, {"acme", "bolt"})
    assert [found[name].score for name in offers] == [100, pytest.approx(500 / 6), 100]


def test_an_excluded_vendor_sets_no_lowest_price(tmp_path):
    tree = "{a: {A1: {Q1: {gates: [{kind: knock_out, at_least: 50}]}}}}"
    answers = {"acme": {"Q1": 80, **OFFER}, "bolt": {"Q1": 40, **OFFER, "PRC-01": 0.1}}
    price = f"weight: 30, rule: lowest_ratio, currency: USD, years: 2, {ITEMS}"
    result = evaluated(tmp_path, tree, answers, settings=f"{{evidence: off, price: {{{price}}}}}")
    assert [(v.status, v.price.score) for v in result.vendors] == [("eligible", 100), ("excluded", 100)]
    assert result.evaluation.price.lowest == 500


def test_quality_per_price_ranks_by_the_ratio_and_scores_the_quality(tmp_path):
    price = f"rule: quality_per_price, currency: USD, years: 2, {ITEMS}"
    result = priced(tmp_path, {}, {"PRC-01": 0.1}, {"PRC-01": None}, price=price, quality=(80, 60, 99))
    assert result.ranking == ("v1", "v0", "v2")
    assert [(v.score, v.quality) for v in result.vendors] == [(80, 80), (60, 60), (99, 99)]
    assert [v.price.ratio for v in result.vendors] == [pytest.approx(80 / 500), pytest.approx(60 / 300), None]
    assert [(v.best_rank, v.worst_rank) for v in result.vendors] == [(2, 3), (1, 2), (1, 3)]
    assert result.vendor("v0").price.score is None


def test_the_lower_price_breaks_a_tie(tmp_path):
    price = FIXED.replace("best: 400, worst: 900", "best: 1, worst: 2")
    result = priced(tmp_path, {}, {"PRC-01": 0.19}, price=price, more=", tie_breakers: [price]")
    assert result.ranking == ("v1", "v0")
    assert result.vendor("v1").tie_broken_by == "price"


# ---- laws

prices = st.floats(1, 1000, allow_subnormal=False)
quick = settings(max_examples=60, deadline=None)
RULES = ["fixed_bounds", "lowest_ratio", "linear_min_max", "linear_from_lowest", "quality_per_price"]


@quick
@given(st.lists(prices, min_size=2, max_size=6), prices)
def test_under_fixed_bounds_no_bid_changes_the_score_of_another(totals, other):
    def scores(bids):
        offers = {f"v{index}": {"P": bid} for index, bid in enumerate(bids)}
        return [one.score for one in scored(rule("fixed_bounds"), offers).values()]

    assert scores(totals)[1:] == scores([other, *totals[1:]])[1:]
    assert scores(totals)[1:] == scores([*totals, other])[1 : len(totals)]


@quick
@given(st.sampled_from(RULES), st.lists(prices, min_size=1, max_size=6), st.data())
def test_a_lower_price_never_scores_less_and_scores_stay_between_0_and_100(name, totals, data):
    index = data.draw(st.integers(0, len(totals) - 1))
    lower = data.draw(st.floats(0.5, totals[index]))
    cheaper = [lower if at == index else total for at, total in enumerate(totals)]

    def scores(bids):
        return [price_score(rule(name), bid, min(bids), max(bids)) for bid in bids]

    assert scores(cheaper)[index] >= scores(totals)[index] - 1e-9
    assert all(0 <= score <= 100 for score in scores(totals))


@quick
@given(st.sampled_from(RULES[:4]), st.lists(prices, min_size=2, max_size=5, unique=True), st.permutations(range(5)))
def test_the_order_of_the_offers_changes_nothing(name, totals, order):
    offers = {f"v{index}": {"P": total} for index, total in enumerate(totals)}
    turned = {f"v{index}": offers[f"v{index}"] for index in order if f"v{index}" in offers}
    assert scored(rule(name), offers) == scored(rule(name), turned)


@st.composite
def level_or_apart(draw):
    count = draw(st.integers(2, 4))
    # Prices come in cents, so that two of them are level or apart.
    return [offer(f"v{i}", draw(st.floats(20, 100)), draw(st.integers(5000, 25000)) / 100) for i in range(count)]


@quick
@given(st.sampled_from(RULES[1:4]), st.sampled_from([10.0, 30.0, 60.0, 90.0]), level_or_apart())
def test_the_threshold_of_a_relative_rule_is_where_the_order_turns(name, weight, vendors):
    price = rule(name, weight)

    def totals(*further):
        bids = [one.total for one in vendors] + list(further)
        return {
            one.vendor: combined(price, one.quality, price_score(price, one.total, min(bids), max(bids)))
            for one in vendors
        }

    now = totals()
    found = flips(price, sorted(vendors, key=lambda one: -now[one.vendor]))
    lowest, highest = min(one.total for one in vendors), max(one.total for one in vendors)
    sweep = {"below": [lowest * (1 - k / 60) for k in range(1, 60)]}
    sweep["above"] = [highest * (1 + k / 3) for k in range(1, 60)]
    for side, bids in sweep.items():
        near = {(flip.overtakes, flip.overtaken): flip.price for flip in found if flip.side == side and not flip.passed}
        for (ahead, behind), threshold in near.items():
            inside, outside = (1 - 1e-6, 1 + 1e-6) if side == "below" else (1 + 1e-6, 1 - 1e-6)
            past, short = totals(threshold * inside), totals(threshold * outside)
            assert past[ahead] >= past[behind] - 1e-7
            assert short[ahead] <= short[behind] + 1e-7
        for bid in bids:
            then = totals(bid)
            for ahead in now:
                for behind in now:
                    turned = now[ahead] < now[behind] - 1e-6 and then[ahead] > then[behind] + 1e-6
                    if turned:
                        threshold = near[ahead, behind]
                        assert bid < threshold if side == "below" else bid > threshold


@quick
@given(st.floats(0.001, 1000), st.lists(st.floats(0.001, 1000), min_size=1, max_size=7), st.floats(0.01, 100))
def test_what_is_far_off_does_not_depend_on_the_unit_of_money(price, others, factor):
    near = [other for other in others if not 9.99 < max(price / other, other / price) < 10.01]
    assert is_far_off(price, near) == is_far_off(price * factor, [other * factor for other in near]) or len(near) > 1


def test_a_losing_low_bid_that_decides_between_two_others_is_named():
    # dQ = 0.7 x (80 - 70) = 7 points; 7 / (30 x (1/500 - 1/700)) = 408.3: below it the better of the two is ahead.
    vendors = [offer("bolt", 80, 700), offer("acme", 70, 500), offer("cord", 30, 400)]
    passed, without = flips(rule("lowest_ratio"), vendors)
    assert (passed.overtakes, passed.overtaken, passed.passed) == ("bolt", "acme", True)
    assert passed.price == pytest.approx(408.3333)
    assert (without.side, without.bid, without.overtakes) == ("without", "cord", "acme")


@pytest.mark.parametrize("name", ["fixed_bounds", "quality_per_price"])
def test_rules_that_look_at_no_other_bid_have_no_threshold(name):
    vendors = [offer("bolt", 80, 700), offer("acme", 70, 500), offer("cord", 30, 400)]
    assert flips(rule(name), vendors) == ()


def test_the_difference_to_the_first_is_said_in_money_and_points(tmp_path):
    result = priced(tmp_path, {}, {"PRC-01": 0.3}, {"PRC-01": 0.4}, quality=(80, 90, 70))
    assert result.ranking == ("v0", "v1", "v2")
    differences = result.differences_to_first()
    assert tuple(compared("v0", vendor.name, *difference, "USD") for vendor, *difference in differences) == (
        "v1 is USD 200 dearer than v0 and 10.0 quality points higher",
        "v2 is USD 400 dearer than v0 and 10.0 quality points lower",
    )
    assert result.frontier() == ("v0", "v1")


@given(st.lists(st.sampled_from([0.5, 1, 1.25, 2, 4, 10, 11, 40, 100]), min_size=1, max_size=9), st.data())
def test_each_price_is_held_against_the_median_of_the_others(bids, data):
    ranked = data.draw(st.sets(st.sampled_from(range(len(bids)))))
    found = scored(BOXES, {at: {"P": bid} for at, bid in enumerate(bids)}, ranked)
    doubts = [by_definition(bid, bids[:at] + bids[at + 1 :]) for at, bid in enumerate(bids)]
    assert [bool(one.suspicious) for one in found.values()] == doubts
    sound = {at: bid for at, bid in enumerate(bids) if at in ranked and not doubts[at]}
    for at, bid in enumerate(bids):
        others = [other for name, other in sound.items() if name != at]
        low = bool(others) and bid <= 0.8 * median(others) * (1 + 1e-9)
        assert (found[at].abnormally_low, found[at].lowest_total) == (low, min(sound.values(), default=None))


def test_prices_of_twenty_thousand_vendors_take_no_pairs():
    """With a list of the others for each they would take several minutes."""
    offers = {f"v{at}": {"P": 1 + at / 20_000} for at in range(20_000)}
    start = process_time()
    assert sum(one.abnormally_low for one in scored(BOXES, offers).values()) == 4001
    assert process_time() - start < 10


def _many(result, offers):
    """Rank as many copies of a vendor as there are offers, given as total price and quality."""
    like = result.vendors[0]
    vendors = tuple(
        like.model_copy(
            update={
                "id": f"w{at}",
                "name": f"w{at}",
                "rank": at + 1,
                "quality": quality,
                "price": like.price.model_copy(update={"total": total, "flags": ("abnormally_low",)}),
            }
        )
        for at, (total, quality) in enumerate(offers)
    )
    ranking = tuple(vendor.id for vendor in vendors)
    return result.model_copy(update={"vendors": vendors, "ranking": ranking, "robustness": None})


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), min_size=1, max_size=12))
def test_nobody_on_the_frontier_is_beaten_in_quality_and_price(offers):
    def beats(one, other):
        return one != other and one[0] <= other[0] and one[1] >= other[1]

    unbeaten = {f"w{at}" for at, own in enumerate(offers) if not any(beats(other, own) for other in offers)}
    found = _many(_one_offer(), offers).frontier()
    assert set(found) == unbeaten
    assert len(found) == len(unbeaten)
    assert [offers[int(name[1:])] for name in found] == sorted(offers[int(name[1:])] for name in found)


@cache
def _one_offer():
    with TemporaryDirectory() as folder:
        return priced(Path(folder), {})


def test_differences_to_the_first_of_twenty_thousand_vendors_take_no_pairs_and_the_terminal_cuts_them():
    """Compared each with each they would take more than a minute."""
    result = _many(_one_offer(), [(1000 + at, 90 - at / 1000) for at in range(20_000)])
    start = process_time()
    assert len(result.differences_to_first()) == 19_999
    assert result.frontier() == ("w0",)
    assert process_time() - start < 10
    table = ranked_table(_many(_one_offer(), [(1000 + at, 90) for at in range(50)]))
    assert table.count(" dearer than w0 and equal in quality") == 40
    assert "  - 9 more in shortlist.xlsx, sheet Price" in table
    assert table.count("ask how the price is made up") == 40
    assert "  - 10 more in shortlist.xlsx, sheet Price" in table


def test_rank_and_explain_show_the_arithmetic(tmp_path):
    price = f"weight: 30, rule: lowest_ratio, currency: USD, years: 2, {ITEMS}"
    result = priced(tmp_path, {}, {"PRC-01": 0.3}, {"PRC-01": 0.15}, price=price, quality=(70, 80, 30))
    table = ranked_table(result)
    assert "Without the bid of v2 (USD 400) v0 would be ahead of v1" in table
    assert "v1 is ahead of v0 only because of a bid below USD 408" in table
    text = explain(result, result.vendor("v0"), None)
    rule = "the rule Lowest price as the yardstick"
    assert f"Sum = USD 500.00. Score by {rule}: 100 x 400.00 / 500.00, between 0 and 100 = 80" in text
    assert "Total = 0.3 x price 80 + 0.7 x quality 70 = 73.000000" in text


def test_a_line_of_the_price_leads_to_its_cell(tmp_path):
    wage = f"{FIXED}, living_wage: {{amount: 37, per: hour, source: Ana 2026}}"
    line = "- {vendor: v0, question: PRC-02, answer: '120', by: Ana, date: 2026-11-23, reason: Said in the call}\n"
    result = priced(tmp_path, {}, price=wage, findings=line)
    text = explain(result, result.vendor("v0"), "PRC-01")
    assert text.splitlines()[:7] == [
        "v0, PRC-01: Boxes, per box",
        "Cell:      responses/v0.xlsx, Answers!B3",
        "Raw:       0.2",
        "State:     answered",
        "Price:     USD 0.20",
        "Times:     2,000 = 1,000 a year x 2 years",
        "Amount:    0.20 x 2,000 = USD 400.00",
    ]
    assert "An hour:   0.20 x 3600 / 20 s = USD 36.00 at most" in text
    assert "[yield-below-living-wage]" in text
    corrected = explain(result, result.vendor("v0"), "PRC-02")
    assert "Raw:       100" in corrected
    assert "Finding:   answer 120 by Ana on 23 November 2026: Said in the call" in corrected
    whole = explain(result, result.vendor("v0"), "price")
    assert "Sum = USD 520.00. Score by the rule Fixed bounds: 100 x (900 - 520.00) / (900 - 400)" in whole
    with pytest.raises(KeyError, match=r"PRC-03.*did you mean 'PRC-0"):
        explain(result, result.vendor("v0"), "PRC-03")
    assert "PRC-02: answer 120 Said in the call" in words(appendix_html(result))


@pytest.mark.parametrize("words", [["price"], ["PRC-01"]])
def test_the_machine_form_of_a_price_is_its_record(tmp_path, words):
    vendor = priced(tmp_path, {}).vendor("v0")
    done = CliRunner().invoke(main, ["explain", str(tmp_path), "v0", *words, "--json"])
    _, record = json.loads(done.stdout).values()  # the first is the schema
    own = vendor.price if words == ["price"] else vendor.price.items[0]
    assert record == json.loads(own.model_dump_json())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(
            (text, None)
            for text in ("USD", "usd.", "$", "US$", "US dollars", "U.S. Dollar", "USD ($)", "Prices in USD")
        ),
        *((text, "other-currency") for text in ("EUR", "Euro", "Canadian dollars", "CAD", "£", "USD or EUR")),
        ("yes", "currency-unclear"),
    ],
)
def test_a_currency_is_known_by_its_sign_code_or_name(tmp_path, text, code):
    vendor = priced(tmp_path, {"OFFER-CURRENCY": text}).vendor("v0")
    assert codes(vendor) == ([code] if code else [])
    assert vendor.price.total == (None if code else 500)


def test_quality_and_price_add_up(tmp_path):
    for vendor in priced(tmp_path, {}, {"PRC-01": 0.3}, quality=(80, 90)).vendors:
        assert sum(node.contribution for node in vendor.nodes if node.kind == "category") == pytest.approx(
            vendor.quality
        )
        assert vendor.score == pytest.approx(vendor.price.contribution + 0.7 * vendor.quality)


# ---- on paper and in workbooks


@pytest.fixture(scope="module")
def relative(tmp_path_factory):
    price = f"weight: 30, rule: lowest_ratio, currency: USD, years: 2, {ITEMS}"
    offers = ({"PRC-01": 0.20003}, {"PRC-01": 0.30007}, {"PRC-01": 0.15009})
    return priced(tmp_path_factory.mktemp("relative"), *offers, price=price, quality=(70, 80, 30))


def test_the_comparison_has_a_page_price(relative):
    page = sections(comparison_html(relative))["Price"]
    assert "Quality against price" in page
    assert "v0 is USD 200 cheaper than v1 and 10.0 quality points lower" in page
    assert "Without the bid of v2 (USD 400) v0 would be ahead of v1" in page
    assert "0.30007" in page


@pytest.mark.parametrize("copy", [False, True])
def test_a_scorecard_shows_no_price_of_another(relative, copy):
    text = words(scorecard_html(relative, "v0", vendor_copy=copy))
    assert "0.20003" in text
    others = ("0.30007", "0.15009", "700.14", "400.18", "USD 408", "USD 700", "Without the bid")
    assert not [figure for figure in others if figure in text]
    # With its score of the price the vendor would know the lowest bid.
    assert "80.0" not in text


def test_the_copy_for_a_vendor_does_not_say_that_it_is_low(relative):
    own, copy = (words(scorecard_html(relative, "v2", vendor_copy=copy)) for copy in (False, True))
    assert "median of the others" in own
    assert "median of the others" not in copy


def test_dots_that_would_hide_each_other_stand_side_by_side(tmp_path):
    result = priced(tmp_path, *[{}] * 4)
    page = price_page(Overview(result, result.digits))
    assert page["title"] == "v1 costs the same as v0 and is equal in quality"
    across = sorted(dot.x for dot in page["scatter"]["dots"])
    assert all(b - a >= 12 for a, b in pairwise(across))
    assert len({dot.y for dot in page["scatter"]["dots"]}) == 1
    assert 0 < page["scatter"]["dots"][0].y < page["scatter"]["height"]


def test_many_offers_are_compared_by_letters(tmp_path):
    offers = [{"PRC-01": 0.2 + 0.01 * at, "OFFER-VALID": "2027-03-31"} for at in range(8)]
    result = priced(tmp_path, *offers)
    overview = Overview(result, result.digits)
    page = price_page(overview)
    assert page["title"] == "v1 is USD 20 dearer than v0 and equal in quality"
    assert [heads for heads, _ in page["costs"]] == [tuple("ABCDEFGH")]
    assert page["costs"][0][1][0][-1][0] == ("0.20", "36.00\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}h")
    assert words(comparison_html(result)).count("31 March 2027") == 8


def test_the_workbook_has_a_sheet_price_with_the_numbers_of_the_result(relative):
    book = load_workbook(io.BytesIO(shortlist(relative)))
    values = {cell.value for row in book["Price"].iter_rows() for cell in row}
    for vendor in relative.vendors:
        assert {vendor.price.total, vendor.price.score, vendor.quality, vendor.score} <= values
        assert {item.unit_price for item in vendor.price.items} <= values


def test_prices_are_a_table_of_their_own(relative):
    lines = csv_files(relative)["prices.csv"].decode("utf-8-sig").splitlines()
    assert lines[0].startswith("vendor,item,unit_price,times,amount")
    assert len(lines) == 1 + 6


# ---- the sheet Pricing


SHIPPED = {
    "weight": 30,
    "best": 400,
    "worst": 900,
    "currency": "USD",
    "years": 2,
    "items": [
        {"id": "PRC-01", "text": "Boxes", "unit": "box", "volume": 1000, "seconds_per_unit": 20},
        {"id": "PRC-02", "text": "Training", "unit": "once", "volume": 1},
    ],
}


def test_a_blank_sheet_pricing_reads_as_nothing_said(tmp_path):
    evaluation = asked(tmp_path, price=SHIPPED, questions="core")
    path = fill(questionnaire(evaluation), {}, tmp_path / "blank.xlsx")
    found = read_submission(evaluation, path)
    assert [line.state for line in found.offer.values()] == ["blank"] * 4
    assert found.issues == ()


@needs_office
def test_the_sheet_pricing_survives_libreoffice(tmp_path):
    evaluation = asked(tmp_path, price=SHIPPED, questions="core")
    answers = {"PRC-01": 0.065, "PRC-02": "$1,500.00", "OFFER-CURRENCY": "USD", "OFFER-VALID": date(2027, 3, 1)}
    path = fill(questionnaire(evaluation), answers, tmp_path / "filled.xlsx")
    again = saved_as(path, "xlsx", tmp_path / "saved")
    first, again = (read_submission(evaluation, place) for place in (path, again))
    told = [
        {name: (line.state, line.given, line.raw) for name, line in found.offer.items()} for found in (first, again)
    ]
    assert told[0] == told[1]
    assert [line.given.text for line in again.offer.values()] == ["0.065", "1500", "USD", "2027-03-01"]
    assert again.issues == first.issues == ()


def test_the_sheet_pricing_asks_for_each_line_in_its_unit(tmp_path):
    rows = form_rows(opened(questionnaire(asked(tmp_path, price=SHIPPED, questions="core")))["Pricing"])
    assert [(key, row["Unit"].value) for key, row in rows.items()] == [
        ("PRC-01", "USD per box"),
        ("PRC-02", "USD once"),
        ("OFFER-CURRENCY", None),
        ("OFFER-VALID", "date"),
    ]


@pytest.mark.parametrize("unit", ["EUR per box", "USD per 1,000 boxes"])
def test_a_changed_unit_is_part_of_the_price(tmp_path, unit):
    def change(book):
        form_rows(book["Pricing"])["PRC-01"]["Unit"].value = unit

    evaluation = asked(tmp_path, price=SHIPPED, questions="core")
    path = fill(questionnaire(evaluation), {"PRC-01": 60}, tmp_path / "filled.xlsx", change)
    codes = [issue.code for issue in read_submission(evaluation, path).issues]
    assert codes in (["other-currency"], ["wrong-unit"])


def test_how_many_bids_could_turn_the_order_is_never_hidden(tmp_path):
    def lines(folder, quality, *prices):
        price = f"weight: 30, rule: linear_min_max, currency: USD, years: 2, {ITEMS}"
        offers = [{"PRC-01": unit} for unit in prices]
        result = priced(tmp_path / folder, *offers, price=price, quality=quality)
        names = {vendor.id: vendor.id for vendor in result.vendors}
        return len(result.evaluation.price.thresholds), list(turn_lines(result, names, 1))

    count, told = lines("many", (90, 70, 50), 0.30, 0.25, 0.20)
    assert count > 1
    assert told[1:] == [f"{count - 1} more are in shortlist.xlsx, sheet Price"]
    assert lines("none", (90, 70), 0.20, 0.30) == (
        0,
        ["No further bid, and no bid less, would change the order of two ranked vendors"],
    )


# ---- a price of nothing


@pytest.mark.parametrize(
    ("item", "cell", "code", "unit_price"),
    [
        pytest.param("PRC-02", "included", None, 0, id="paid once"),
        pytest.param("PRC-02", "Inklusive", None, 0, id="German"),
        pytest.param("PRC-02", "inbegriffen", None, 0, id="German too"),
        pytest.param("PRC-02", "inclus", None, 0, id="French"),
        pytest.param("PRC-02", "incluido", None, 0, id="Spanish"),
        pytest.param("PRC-02", "incluso", None, 0, id="Portuguese and Italian"),
        pytest.param("PRC-02", "inbegrepen", None, 0, id="Dutch"),
        pytest.param("PRC-02", "free of charge", None, 0, id="free of charge"),
        pytest.param("PRC-02", "no charge", None, 0, id="no charge"),
        pytest.param("PRC-02", 0, "price-not-positive", None, id="a bare 0"),
        pytest.param("PRC-02", "none", "price-not-positive", None, id="another word"),
        pytest.param("PRC-01", "included", "price-not-positive", None, id="a unit price"),
        pytest.param("PRC-01", 0, "price-not-positive", None, id="a unit price of 0"),
    ],
)
def test_what_is_paid_once_may_be_included_and_nothing_else(tmp_path, item, cell, code, unit_price):
    vendor = priced(tmp_path, {item: cell}).vendor("v0")
    line = next(line for line in vendor.price.items if line.id == item)
    assert (line.unit_price, codes(vendor)) == (unit_price, [code] if code else [])
    assert vendor.price.total == (400 if unit_price == 0 else None)
    if item == "PRC-02" and code:
        (issue,) = (issue for issue in vendor.issues if issue.code == code)
        assert "write 'included' if it costs nothing" in issue.text


ZERO = FIXED.replace("seconds_per_unit: 20", "seconds_per_unit: 20, zero: allowed")


@pytest.mark.parametrize("cell", [0, "0.00 USD", "included"])
def test_zero_counts_where_it_is_allowed(tmp_path, cell):
    vendor = priced(tmp_path, {"PRC-01": cell}, price=ZERO).vendor("v0")
    assert (vendor.price.items[0].unit_price, vendor.price.total, vendor.price.score) == (0, 100, 100)
    assert "price-not-positive" not in codes(vendor)


def test_the_buyer_finds_that_any_line_is_included_but_not_that_it_costs_0(tmp_path):
    act = "{vendor: v0, question: PRC-01, answer: WORD, by: Ana, date: 2026-11-22, reason: Asked}"
    findings = f"- {act.replace('WORD', 'included')}"
    vendor = priced(tmp_path, {"PRC-01": "free"}, findings=findings).vendor("v0")
    assert (vendor.price.items[0].unit_price, vendor.price.total) == (0, 100)
    (tmp_path / "findings.yaml").write_text(findings.replace("included", "0"), encoding="utf-8")
    assert "wrong-value" in str(faults(run, tmp_path))


def test_a_line_that_is_included_is_printed_so_everywhere(tmp_path):
    result = priced(tmp_path, {"PRC-02": "included"}, {})
    vendor = result.vendor("v0")
    whole, line = explain(result, vendor, "price"), explain(result, vendor, "PRC-02")
    assert "included" in whole
    assert [text.split()[-1] for text in line.splitlines() if text.strip().startswith(("Price", "Amount"))] == [
        "included",
        "included",
    ]
    assert "included" in words(comparison_html(result))
    assert "included" in words(scorecard_html(result, "v0"))
    cells = [cell.value for row in load_workbook(io.BytesIO(shortlist(result)))["Price"] for cell in row]
    assert cells.count("included") == 2


def test_what_costs_nothing_is_no_doubt_and_no_measure_of_the_others(tmp_path):
    result = priced(tmp_path, {"PRC-02": "included"}, {"PRC-02": "included"}, {"PRC-02": 150}, {"PRC-02": 140})
    assert not any("suspicious_price" in vendor.price.flags for vendor in result.vendors)


@pytest.mark.parametrize("rule", ["lowest_ratio", "linear_min_max", "linear_from_lowest", "quality_per_price"])
def test_an_offer_of_nothing_is_asked_back_and_decides_nothing(tmp_path, rule):
    price = ZERO.replace("fixed_bounds, best: 400, worst: 900", rule)
    nothing = {"PRC-01": 0, "PRC-02": "included"}
    result = priced(tmp_path, nothing, {}, price=price)
    vendor = result.vendor("v0")
    assert (vendor.price.total, vendor.price.missing, vendor.price.flags[0]) == (None, (), "costs_nothing")
    assert "offer-costs-nothing" in codes(vendor)
    assert result.vendor("v1").price.score in {0, 100} or rule == "quality_per_price"
    assert "every line costs nothing" in explain(result, vendor, "price")
    evaluation = load_evaluation(tmp_path)
    assert "Every line is included" in "".join(point.needed for point in open_prices(result, vendor, evaluation))
