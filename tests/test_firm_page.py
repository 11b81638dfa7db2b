"""The sentence and the page How firm in terminal and comparison, and what one vendor lacks to pass another."""

import pytest
from builders import evaluated, write_evaluation
from click.testing import CliRunner
from made_results import sample, why_not
from pages import appendix_html, comparison_html, read, scorecard_html, sections, texts, words

from vendor_eval.cli import main
from vendor_eval.firmness.pairs import pair_of
from vendor_eval.reports.pages.appendix import appendix_pages
from vendor_eval.reports.pages.categories import comparison_pages
from vendor_eval.reports.pages.documents import comparison
from vendor_eval.reports.pages.firmness import firm_page
from vendor_eval.reports.pages.overview import Overview, segments
from vendor_eval.reports.pages.signatures import signed_page
from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.reports.wording.decision import how_firm
from vendor_eval.reports.wording.what_if import left_out_lines

TREE = "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}}}}"
SIXTY = "{evidence: off, weights: {a: 60, b: 40}, firmness: %s}"
CLOSE = {"acme": {"Q1": 80, "Q2": 50}, "bolt": {"Q1": 60, "Q2": 75}}


def test_rank_says_the_sentence_of_the_result_and_the_decision_its_reason():
    result = sample("full")
    assert result.robustness.sentence in " ".join(ranked_table(result).split())
    brief, whole = (sections(comparison_html(result, brief=brief)) for brief in (True, False))
    last = "How firm, open points, signatures"
    # On two pages: what is decided, and what is signed.
    assert list(brief) == ["Decision", last]
    assert len(read(comparison(result, brief=True)).pages) == 2
    assert list(whole) == ["Decision", "Categories", "Price", last]
    assert "is first under 92 % of all possible weights, but that depends on the price rule" in whole[last]
    assert result.robustness.sentence in sections(appendix_html(result))["How firm, in full"]
    assert how_firm(result).reason in brief["Decision"]
    assert how_firm(result).reason in whole["Decision"]


def test_the_first_ten_questions_are_printed_with_the_reason_and_the_cell():
    result = sample("full")
    first = result.robustness.ask_first[:10]
    lines = [
        line.split(". ", 1)[1] for line in ranked_table(result).splitlines() if line.split(". ")[0].strip().isdigit()
    ]
    printed = firm_page(Overview(result, result.digits))["asks"]
    assert len(lines) == len(printed) == len(first) == 10
    for ask, line, (vendor, question, why, change, cell) in zip(first, lines, printed, strict=True):
        assert (vendor, question, change) == (result.vendor(ask.vendor).name, ask.question, ask.could_change)
        assert line == f"{vendor} {question}: {why}. {change} ({cell})"
        assert ask.reason.startswith(why.rstrip("…"))


def test_without_each_evaluator_is_found_once_and_said_everywhere():
    result = sample("full")
    found = [(one.without, one.winner) for one in result.robustness.leave_one_out if one.kind == "evaluator"]
    assert found == [(one.evaluator, one.winner) for one in result.panel.without]
    assert [name for name, _ in found] == ["helena", "tomas", "ruth"]
    assert "The result is the same if any one evaluator is left out." in result.robustness.sentence
    assert "The result is the same if any one evaluator is left out" in ranked_table(result)


def test_an_evaluator_without_whom_another_leads_is_named():
    result = sample("full")
    rows = tuple(
        one.model_copy(update={"winner": "trellith"}) if one.without == "ruth" else one
        for one in result.robustness.leave_one_out
    )
    turned = result.model_copy(update={"robustness": result.robustness.model_copy(update={"leave_one_out": rows})})
    said = "Without Ruth Adler, Trellith Labs is first, and the result is the same if any other evaluator is left out"
    assert said in list(left_out_lines(turned))


def test_without_the_winner_the_next_one_leads():
    result = sample("small")
    said = "Without Okavira Data, Celadora Visión is first, and the result is the same if any other vendor is left out"
    assert said in list(left_out_lines(result))
    assert said in " ".join(ranked_table(result).split())
    assert said in words(appendix_html(result))


def test_stated_weights_beside_a_price_are_said_to_be_of_the_total():
    said = "the agreed weight, with the price 100 together."
    assert said in words(appendix_html(sample("full")))
    assert said not in words(appendix_html(sample("small")))


@pytest.mark.parametrize("name", ["small", "full"])
def test_the_weights_of_categories_and_price_are_points_that_add_up_to_100(name):
    result = sample(name)
    overview = Overview(result, result.digits)
    weights = signed_page(overview)["weights"]
    assert sum(weight for _, weight, *_ in weights) == pytest.approx(100)
    titles = " ".join(title for title, *_ in weights).casefold()
    assert ("price" in titles) is (result.evaluation.price is not None)
    heat = comparison_pages(overview, brief=False)["heat"]["weights"]
    assert sum(map(float, heat)) == pytest.approx(100 * result.quality_share(), abs=0.3)


def test_no_clear_winner_is_said_in_the_title_of_the_page(tmp_path):
    result = evaluated(tmp_path, TREE, CLOSE, settings=SIXTY % "page")
    page = comparison_pages(Overview(result, result.digits), brief=False)
    assert page["signed"]["title"].startswith("No clear first place: acme is first under")
    assert [(title, beyond) for title, *_, beyond in page["signed"]["weights"]] == [
        ("Category a", "bolt below 56"),
        ("Category b", "bolt above 44"),
    ]
    assert page["decision"]["headline"] == "No recommendation: acme and bolt cannot be told apart"
    assert page["decision"]["firm"].word == "open"


def test_what_decides_is_printed_with_its_weight_its_rival_and_its_limit(tmp_path):
    result = evaluated(tmp_path, TREE, CLOSE, settings=SIXTY % "page")
    (decides,) = result.robustness.decides
    assert decides.startswith(
        "The weight of Category a: 60 points are agreed, and bolt would come first below 56 points."
    )
    assert decides in " ".join(ranked_table(result).split())
    assert "Category a 60.0 bolt below 56" in sections(comparison_html(result))["How firm, open points, signatures"]
    on_page = sections(appendix_html(result))["How firm, in full"]
    assert "bolt would come first if Category a weighed less than 56 points (agreed: 60)" in on_page


@pytest.mark.parametrize(
    ("setting", "on_paper", "in_full"),
    [
        pytest.param("page", True, True, id="page"),
        pytest.param("annex", False, True, id="annex"),
        pytest.param("off", False, False, id="off"),
    ],
)
def test_the_setting_says_where_how_firm_is_shown(tmp_path, setting, on_paper, in_full):
    result = evaluated(tmp_path, TREE, CLOSE, settings=SIXTY % setting)
    overview = Overview(result, 1)
    assert bool(signed_page(overview)["weights"]) is bool(signed_page(overview)["shares"]) is on_paper
    assert (appendix_pages(overview)["firm"] is not None) is in_full
    assert len(read(comparison(result)).pages) == 3
    for brief in (False, True):
        page = comparison_pages(overview, brief=brief)["decision"]
        assert (page["firm"] is None) == (setting == "off")


def test_a_page_names_the_rival_the_cell_and_the_stated_weight(tmp_path):
    result = evaluated(tmp_path, TREE, CLOSE, settings=SIXTY % "page")
    page = firm_page(Overview(result, result.digits))
    assert [(s["weight"], s["interval"], s["rivals"]) for s in page["spans"]] == [
        ("60.0", "55.6–100.0", "bolt below 55.6"),
        ("40.0", "0.0–44.4", "bolt above 44.4"),
    ]
    assert page["pivotal"][0] == ("acme", "Q1 Text of Q1", "falls from 80.0 to 76.7", "Answers!B2")
    for ranks in page["robustness"].uniform.ranks.values():
        assert sum(width for _, width, *_ in segments(ranks)) == pytest.approx(100)


def test_no_mark_of_the_slope_chart_lies_on_another():
    page = firm_page(Overview(sample("full"), 1))
    dots = [(dot.x, dot.y) for dots in page["slope"]["lines"] for dot in dots]
    assert len(dots) == len(set(dots)) == 5 * 14


def test_one_vendor_alone_has_no_charts(tmp_path):
    alone = evaluated(tmp_path, TREE, {"acme": {"Q1": 1, "Q2": 1}})
    page = firm_page(Overview(alone, 1))
    assert (page["slope"], page["spans"], page["shown"]) == (None, (), ())
    assert texts(comparison(alone))


def test_a_scorecard_holds_nothing_of_it():
    result = sample("full")
    text = words(scorecard_html(result, "sondre-lab", vendor_copy=True))
    assert "weights" not in text
    assert "How firm" not in text
    assert "Mwanzora" not in text


# ------------------------------------------------------------------------------------------------ why not


def test_why_not_says_what_the_one_behind_lacks_whoever_is_named_first(tmp_path):
    result = evaluated(tmp_path, TREE, CLOSE, settings=SIXTY % "page")
    acme, bolt = result.vendor("acme"), result.vendor("bolt")
    text = why_not(result, acme, bolt)
    assert text == why_not(result, bolt, acme)
    assert text.startswith("What it would take bolt to pass acme\n\n68.0 against 66.0: 2.00 points are missing.")
    assert "with Category a below 55.6 % (ours is 60.0 %)" in text
    assert "every weight would have to be wrong by 9.1 % in its favor" in text
    assert "1 answer that scored 100 would be enough, such as\n  Q1, now 60.0: 24.00 points more  (Answers!B2)" in text


def test_why_not_of_an_excluded_vendor_names_what_no_total_buys_back():
    result = sample("full")
    text = why_not(result, result.vendor("mwanzora"), result.vendor("pacandan"))
    assert "Pacandan Global is excluded, and no total makes up for that: Knock-out failed: " in text


def test_pairs_are_recorded_of_the_first_forty_vendors_and_of_every_other_with_the_first(tmp_path):
    answers = {f"v{at:02}": {"Q1": 90 - at, "Q2": 2 + at} for at in range(43)}
    result = evaluated(tmp_path, TREE, answers, settings=SIXTY % "page")
    most = result.evaluation.method.most_paired
    assert most == 40
    pairs = {(pair.ahead, pair.behind) for pair in result.robustness.pairs}
    order = result.ranking
    assert len(pairs) == len(result.robustness.pairs) == most * (most - 1) // 2 + 3
    assert {(order[0], behind) for behind in order[1:]} <= pairs
    *_, before, last = (result.vendor(name) for name in order)
    assert (before.id, last.id) not in pairs
    text = why_not(result, last, before)
    assert "By weights alone:\n  with Category a below 50.0 % (ours is 60.0 %)\n" in text
    assert "By its own answers: 1 answer that scored 100 would be enough, such as\n  Q1, now 48.0: 31.20 points" in text


def test_a_pair_that_is_recorded_is_the_one_that_is_computed_on_demand():
    for result in map(sample, ("small", "full")):
        for pair in result.robustness.pairs:
            assert pair_of(result, result.vendor(pair.ahead), result.vendor(pair.behind)) == pair


def test_why_not_prints_all_but_the_price_rules_where_firmness_is_off(tmp_path):
    vendors = CLOSE | {"cord": {"Q1": 10, "Q2": 10}}
    folders = [write_evaluation(tmp_path / name, TREE, vendors, settings=SIXTY % name) for name in ("off", "page")]
    for pair in (["bolt", "--why-not", "acme"], ["cord", "--why-not", "bolt"]):
        done = [CliRunner().invoke(main, ["explain", str(folder), *pair]) for folder in folders]
        assert [run.exit_code for run in done] == [0, 0]
        assert done[0].stdout == done[1].stdout
        assert "By weights alone:\n" in done[0].stdout
        assert "By its own answers:" in done[0].stdout


def test_an_excluded_vendor_with_more_points_lacks_none():
    result = sample("full")
    pacandan, trellith = result.vendor("pacandan"), result.vendor("trellith")
    assert pair_of(result, pacandan, trellith) is pair_of(result, trellith, pacandan) is None
    assert "Without the exclusion it would be ahead." in why_not(result, trellith, pacandan)


def test_pairs_of_a_tie_and_of_excluded_vendors_stand_in_the_result(tmp_path):
    tied = evaluated(tmp_path, TREE, {"acme": {"Q1": 80, "Q2": 50}, "bolt": {"Q1": 80, "Q2": 50}})
    assert {(pair.ahead, pair.behind) for pair in tied.robustness.pairs} == {("acme", "bolt"), ("bolt", "acme")}
    full = sample("full")
    excluded = {vendor.id for vendor in full.vendors if vendor.status == "excluded"}
    assert excluded
    assert any(pair.behind in excluded and not pair.rules for pair in full.robustness.pairs)


def test_why_not_on_the_command_line(tmp_path):
    folder = str(write_evaluation(tmp_path, TREE, CLOSE, settings=SIXTY % "page"))
    done = CliRunner().invoke(main, ["explain", folder, "bolt", "--why-not", "acme"])
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "What it would take bolt to pass acme")
    unknown = CliRunner().invoke(main, ["explain", folder, "bolt", "--why-not", "acmee"])
    assert (unknown.exit_code, "'acmee' is no vendor" in unknown.stderr) == (1, True)
    assert CliRunner().invoke(main, ["explain", folder, "bolt", "Q1", "--why-not", "acme"]).exit_code == 2
