"""What the pages show, as values."""

import re
from dataclasses import replace

import pytest
from builders import evaluated
from hypothesis import given, strategies as st
from made_results import changed, sample
from pages import appendix_html

from vendor_eval.reports.pages.appendix import answer_mark, appendix_pages
from vendor_eval.reports.pages.categories import comparison_pages, heat_title
from vendor_eval.reports.pages.overview import Overview, red_flags
from vendor_eval.reports.pages.pdf import templates
from vendor_eval.reports.wording.decision import requirements
from vendor_eval.reports.wording.names import clean, mask, names_of_all


def overview(result):
    return Overview(result, result.digits)


@pytest.mark.parametrize("name", ["small", "full"])
def test_printed_weights_are_the_weights_that_were_scored(name):
    told = overview(sample(name))
    for vendor in told.evaluated:
        for item in (*vendor.nodes, *vendor.answers):
            if item.global_weight:
                assert told.weights[item.id][1] == pytest.approx(item.global_weight)


@pytest.mark.parametrize("name", ["small", "full"])
def test_printed_global_weights_of_the_questions_add_up_to_one(name):
    told = overview(sample(name))
    assert sum(told.weights.get(question, (0, 0))[1] for question in told.questions) == pytest.approx(1)


def test_the_leader_is_told_where_it_leads_and_where_it_trails():
    assert heat_title(overview(sample("small"))) == (
        "Okavira Data leads in 4 of 6 categories and trails most on Platform maturity"
    )


def test_more_decimals_tell_two_totals_apart():
    def near(plain):
        for vendor, score in zip(plain["vendors"], (80.04, 80.01), strict=False):
            vendor["score"] = vendor["credited"] = score

    view = comparison_pages(overview(changed(sample("small"), near)), brief=True)
    page = templates().get_template("comparison.html.j2").render(view=view, date="2026-11-24")
    assert re.findall(r'<td class="n big">([\d.]+)</td>', page)[:2] == ["80.04", "80.01"]
    assert view["decision"]["lead"].startswith("80.04 of 100 points, 0.03 ahead of Celadora Visión.")


def test_requirements_that_are_met_are_counted_and_a_waived_one_is_not_met():
    assert {vendor.id: requirements(vendor) for vendor in sample("full").vendors} == {
        "mwanzora": "58 of 58",
        "sondre-lab": "57 of 58",
        "trellith": "54 of 58",
        "zenquora": "3 of 58",
        "brenovik": "44 of 58",
        "pacandan": "57 of 58",
    }


def test_a_red_flag_is_a_hit_flag_or_a_finding_against_an_answer():
    vendor = sample("full").vendor("trellith")
    assert {"VEN-14", "LAB-24", "SEC-03"} == red_flags(vendor)


@pytest.mark.parametrize(
    ("change", "flagged", "shown"),
    [
        ({}, False, "85"),
        ({}, True, "85▲"),
        ({"state": "blank", "credited": 0.0}, False, "–"),
        ({"state": "invalid", "credited": 0.0}, False, "?"),
        ({"state": "pending", "credited": None}, False, "…"),
        ({"state": "settled"}, False, "(85)"),
        ({"evidence": "claim", "credited": 60.0}, False, "60°"),
        ({"credited": None}, False, "✓"),
        ({"state": "not_asked", "credited": None}, False, ""),
    ],
)
def test_a_cell_of_the_matrix_says_in_signs_what_became_of_an_answer(change, flagged, shown):
    answer = next(a for a in sample("full").vendors[0].answers if a.credited == 85 and a.value == 100)
    assert answer_mark(replace(answer, **change), flagged) == shown


def test_a_brief_comparison_draws_nothing_that_it_does_not_print():
    view = comparison_pages(overview(sample("full")), brief=True)
    assert (view["heat"], view["price"]) == (None, None)


def test_a_name_that_runs_from_right_to_left_does_not_turn_the_line():
    assert clean("حرف first") == "\u200e\u2068حرف\u2069 first"
    assert clean("a שלם, שמש b") == "\u200ea \u2068שלם, שמש\u2069 b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bolt Labs and bolt", "Bolt Labs and [another vendor]"),
        ("BOLT", "[another vendor]"),
        ("bolted, boltlike", "bolted, boltlike"),
        ("Acme (Data) x", "[another vendor] x"),
    ],
)
def test_names_of_others_are_hidden_as_whole_words(text, shown):
    assert mask(["Bolt Labs"], names_of_all([("b", "Bolt"), ("a", "Acme (Data)")]))(text) == shown


NAMES = st.text("aB_ (é.", max_size=4)


@given(own=NAMES, others=st.lists(NAMES, max_size=6), text=st.text("abB_ (éÉ.", max_size=14))
def test_names_are_hidden_where_a_pattern_of_all_of_them_would_find_them(own, others, text):
    spelled = {name.strip() for name in (own, *others)} - {""}
    words = sorted(spelled, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
    kept = own.strip().casefold()
    expected = pattern.sub(lambda m: m[0] if m[0].casefold() == kept else "[another vendor]", text) if words else text
    assert mask([own], names_of_all(("", name) for name in others))(text) == expected


def test_twenty_thousand_names_are_looked_for_in_one_pass():
    """One after the other they would take minutes."""
    names = names_of_all((f"vendor-{at}", f"Name {at} Data") for at in range(20_000))
    hide = mask(["Name 7 Data"], names)
    assert hide("Name 7 Data beats name 19999 data and vendor-12. " * 20).count("[another vendor]") == 40


def test_a_large_field_is_printed_from_the_top_and_says_where_the_rest_is(tmp_path):
    answers = {f"v{at:02}": {"Q1": 90 - at} for at in range(43)}
    tree = "{a: {A1: {Q1: {gates: [{kind: knock_out, min: 49}]}}}}"
    result = evaluated(tmp_path, tree, answers, settings="evidence: off")
    view, more = comparison_pages(overview(result), brief=False), appendix_pages(overview(result))
    assert view["not_shown"] == (
        "These pages show the first 20 of 43 evaluated vendors. "
        "All of them are in shortlist.xlsx, and each has a scorecard of its own."
    )
    assert {len(more[part]) for part in ("profiles", "clarifications")} == {20}
    assert len(view["decision"]["standings"]) == len(view["heat"]["rows"]) == 20
    matrices = appendix_html(result).split('<table class="matrix">')[1:]
    assert [matrix.count('<col style="width: 8.4mm"/>') for matrix in matrices] == [14, 6]
    assert view["count"] == "43 vendors"
    assert comparison_pages(overview(sample("full")), brief=False)["not_shown"] == ""
