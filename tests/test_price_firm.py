"""Where the price meets how firm the first place is, and the workbook that moves."""

import pytest
from made_results import sample, why_not
from office import edited, needs_office, poisoned, recalculated
from pages import appendix_html, comparison_html, lines, sections
from test_live import live_rows, official, opened
from test_pricing import FIXED, ITEMS, priced

from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.reports.wording.decision import subline
from vendor_eval.reports.workbook.formulas import Live
from vendor_eval.reports.workbook.shortlist import shortlist

TERMS = f"currency: USD, years: 2, {ITEMS}"
RULES = {
    "fixed_bounds": FIXED,
    **{name: f"weight: 30, rule: {name}, {TERMS}" for name in ("lowest_ratio", "linear_min_max", "linear_from_lowest")},
    "quality_per_price": f"rule: quality_per_price, {TERMS}",
}
OFFERS = ({}, {"PRC-01": 0.1}, {"PRC-01": 0.3}, {"PRC-01": None})
every_rule = pytest.mark.parametrize("rule", RULES)


def bought(folder, rule, **options):
    return priced(folder, *OFFERS, price=RULES[rule], quality=(90, 60, 95, 99), **options)


def keys(result):
    return {v.id: v.score * result.factor(v) for v in result.vendors}


def test_the_price_is_one_more_column_with_its_weight(tmp_path):
    """Quality and price score 90 and 80 against 60 and 100: level where 30 (1 - x) = 20 x, so at 60 %."""
    result = priced(tmp_path, {}, {"PRC-01": 0.1}, quality=(90, 60))
    spans = {one.node: one for one in result.robustness.stability}
    assert [v.score for v in result.vendors] == [
        pytest.approx(0.7 * 90 + 0.3 * 80),
        pytest.approx(0.7 * 60 + 0.3 * 100),
    ]
    price = spans["price"]
    assert (price.kind, price.weight, price.rival_to) == ("category", 30, "v1")
    assert price.to == pytest.approx(60)
    assert spans["a"].from_ == pytest.approx(40)
    assert set(result.robustness.least_transfer.weights) == {"a", "price"}
    assert {one.without: one.winner for one in result.robustness.leave_one_out} == {
        "a": "v1",
        "price": "v0",
        "v0": "v1",
        "v1": "v0",
    }


@every_rule
def test_the_winner_is_that_of_the_ranking_and_a_pivotal_answer_makes_a_tie(tmp_path, rule):
    result = bought(tmp_path, rule)
    found = result.robustness
    assert found.winner == result.ranking[0]
    assert found.pivotal
    totals = keys(result)
    share = result.quality_share()
    for one in found.pivotal:
        vendor = result.vendor(one.vendor)
        to = one.falls_to if one.falls_to is not None else one.rises_to
        assert 0 <= to <= 100
        moved = totals[one.vendor] + share * result.factor(vendor) * (to - one.value)
        others = max(total for name, total in totals.items() if name != one.vendor)
        assert moved == pytest.approx(others)


@every_rule
def test_a_missing_price_is_asked_for(tmp_path, rule):
    result = bought(tmp_path, rule)
    asks = [one for one in result.robustness.ask_first if one.question == "price"]
    assert [(one.vendor, one.reason) for one in asks] == [("v3", "No price for PRC-01")]
    printed = lines(appendix_html(result))
    assert "Answers!B" in next(line for line in printed if "No price for PRC-01" in line)


@pytest.mark.parametrize("rule", ["lowest_ratio", "linear_min_max", "linear_from_lowest"])
def test_without_a_vendor_the_others_are_scored_again_under_a_relative_rule(tmp_path, rule):
    result = bought(tmp_path / "all", rule)
    told = {one.without: one.winner for one in result.robustness.leave_one_out if one.kind == "vendor"}
    offers, quality = list(OFFERS), (90, 60, 95, 99)
    for out in range(len(offers)):
        rest = [at for at in range(len(offers)) if at != out]
        again = priced(
            tmp_path / str(out),
            *(offers[at] for at in rest),
            price=RULES[rule],
            quality=tuple(quality[at] for at in rest),
        )
        assert told[f"v{out}"] == f"v{rest[int(again.ranking[0][1:])]}"


@every_rule
def test_the_live_table_starts_from_the_official_totals_and_ranks(tmp_path, rule):
    result = bought(tmp_path, rule)
    live = Live(result)
    assert live_rows(opened(shortlist(result)), live) == official(live)


@every_rule
@needs_office
def test_libreoffice_computes_the_official_totals_and_ranks_with_the_price(tmp_path, rule):
    result = bought(tmp_path / "in", rule, more=", tie_breakers: [price]")
    live = Live(result)
    bad = edited(shortlist(result), tmp_path, poisoned)
    assert live_rows(opened(recalculated(bad, tmp_path)), live) == official(live)


@every_rule
def test_why_not_speaks_of_what_ranks(tmp_path, rule):
    result = bought(tmp_path, rule)
    first, second = (result.vendor(name) for name in result.ranking[:2])
    text = why_not(result, first, second)
    assert f"What it would take {second.name} to pass {first.name}" in text
    assert "Without the exclusion" not in text
    assert ("Price" in text) or rule == "quality_per_price"
    assert result.robustness.sentence.split()[0] in ranked_table(result)


def test_where_the_ratio_ranks_no_headline_counts_points_ahead(tmp_path):
    result = bought(tmp_path, "quality_per_price")
    said = "60.0 of 100 points, and the most quality for its price, before v0."
    assert said in sections(comparison_html(result))["Decision"]
    assert "the most quality for its price, before v0" in subline(result)


def test_without_a_price_nothing_is_added():
    result = sample("full")
    assert result.evaluation.price or "price" not in Live(result).columns
