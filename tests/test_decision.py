"""Page 1 and the end of `evaluate`: the same sentences, on one page and in 40 lines, whatever the result."""

import json
import re

import pytest
from builders import evaluated
from made_results import sample
from pages import texts
from test_pricing import priced

from vendor_eval.formatting.figures import number
from vendor_eval.reports.pages.decision import decision
from vendor_eval.reports.pages.documents import comparison
from vendor_eval.reports.pages.overview import Overview
from vendor_eval.reports.terminal.decision import decision_text
from vendor_eval.reports.wording import decision as words
from vendor_eval.reports.wording.asks import open_groups
from vendor_eval.results import Result

TREE = "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}}}}"
GATED = "{a: {A1: {Q1: {gates: [{kind: %s, at_least: %s, reason: Enough}]}}}, b: {B1: {Q2: {}}}}"
RUBRIC = {"type": "rubric", "levels": ["None", "Bad", "Poor", "Fair", "Good", "Best"]}
OFF = "{evidence: off}"
FAR = {"acme": {"Q1": 90, "Q2": 90}, "bolt": {"Q1": 50, "Q2": 50}}
CLOSE = {"acme": {"Q1": 80, "Q2": 50}, "bolt": {"Q1": 60, "Q2": 65}}
SAME = {"acme": {"Q1": 60, "Q2": 60}, "bolt": {"Q1": 60, "Q2": 60}}


def clear(folder):
    return evaluated(folder, TREE, FAR, settings=OFF)


def conditional(folder):
    return evaluated(folder, GATED % ("must", 95), FAR, settings=OFF)


def unclear(folder):
    return evaluated(folder, TREE, CLOSE, settings=OFF)


def tied(folder):
    return evaluated(folder, TREE, SAME, settings=OFF)


def alone(folder):
    return evaluated(folder, TREE, {"acme": FAR["acme"]}, settings=OFF)


def provisional(folder):
    answers = {vendor: {**own, "Q3": "as described"} for vendor, own in FAR.items()}
    return evaluated(folder, {"a": {"A1": {"Q1": {}, "Q3": RUBRIC}}, "b": {"B1": {"Q2": {}}}}, answers, settings=OFF)


def all_excluded(folder):
    return evaluated(folder, GATED % ("knock_out", 95), FAR, settings=OFF)


def one_excluded(folder):
    return evaluated(folder, GATED % ("knock_out", 95), {"acme": FAR["acme"]}, settings=OFF)


def screen(folder):
    tree = "{a: {A1: {Q1: {tier: screen, gates: [{kind: knock_out, at_least: 60, reason: Enough}]}}}}"
    answers = {vendor: {"Q1": own["Q1"]} for vendor, own in FAR.items()}
    return evaluated(folder, tree, answers, settings="{evidence: off, questions: screen}")


def unlooked(folder):
    return evaluated(folder, TREE, FAR, settings="{evidence: off, firmness: off}")


def nobody(folder):
    return evaluated(folder, TREE, {}, settings="{evidence: off, vendors: [{id: acme, name: Acme}]}")


def with_price(folder):
    return priced(folder, {}, {"PRC-01": 0.3}, quality=(90, 60))


def full(_folder):
    return sample("full")


def of_many(count):
    """Copy vendors of the full sample until there are so many; how firm it is, is that of the sample."""

    def make(_folder):
        plain = json.loads(sample("full").to_json())
        own, ranking = list(plain["vendors"]), plain["ranking"]
        while len(plain["vendors"]) < count:
            copy = json.loads(json.dumps(own[len(plain["vendors"]) % len(own)]))
            copy["id"] += f"-{len(plain['vendors'])}"
            copy["name"] = f"A vendor with a name that is long, number {len(plain['vendors'])} of the field"
            if copy["rank"]:
                ranking.append(copy["id"])
                copy |= {"rank": len(ranking), "score": 30 - len(ranking) / 10, "low": 20.0, "high": 30.0}
            plain["vendors"].append(copy)
        plain["robustness"] = None
        return Result.model_validate(plain)

    return make


def in_other_scripts(_folder):
    plain = json.loads(sample("full").to_json())
    names = (
        "شركة البيانات العربية للتعليق والتوسيم المحدودة",
        "Gesellschaft für außerordentlich lange Namen mbH & Co. KG",
    )
    for vendor, name in zip(plain["vendors"], names, strict=False):
        vendor["name"] = name
    return Result.model_validate(plain)


HEADLINES = {
    clear: "Recommended: acme",
    conditional: "Recommended: acme, on condition that one requirement is met before award",
    unclear: "No recommendation: acme and bolt cannot be told apart",
    tied: "No recommendation: acme and bolt share the first place",
    alone: "Recommended: acme",
    provisional: "No recommendation yet: ratings of the evaluators are missing",
    all_excluded: "No recommendation: both vendors are excluded",
    one_excluded: "No recommendation: acme is excluded",
    screen: "acme goes on",
    unlooked: "Ranked first: acme",
    nobody: "No recommendation: no vendor was evaluated",
    with_price: "Recommended: v0",
    full: "Recommended: Mwanzora Data",
}
every_state = pytest.mark.parametrize(
    "state", [*HEADLINES, in_other_scripts, *(pytest.param(of_many(n), id=f"{n} vendors") for n in (12, 20))]
)


@pytest.mark.parametrize("state", HEADLINES, ids=lambda state: state.__name__)
def test_the_headline_says_who_is_recommended_or_why_nobody_is(tmp_path, state):
    result = state(tmp_path)
    assert words.headline(result) == HEADLINES[state]
    assert (words.recommended(result) is not None) == HEADLINES[state].startswith("Recommended")
    view = decision(Overview(result, result.digits))
    assert (view["headline"], bool(view["first"])) == (HEADLINES[state], HEADLINES[state].startswith("Recommended"))


@every_state
def test_the_decision_is_one_page_and_the_end_of_evaluate_40_lines(tmp_path, state):
    result = state(tmp_path)
    for paper in ("A4", "Letter"):
        first, second, *_ = texts(comparison(result, paper=paper, brief=True))
        text = " ".join(first.split())
        assert words.headline(result)[:20] in text or state is in_other_scripts
        assert second.replace(" ", "").startswith("HOWFIRM")
        assert not re.search(r"\b[A-Z]{1,2}\d+\b(?<!Q1)(?<!Q2)(?<!Q3)", re.sub(r"\([A-Z0-9-]+\)", "", text))
        assert not re.search(r"\d{4}-\d\d-\d\dT|quality_per_price|knock_out|unresolved", text)
    lines = decision_text(result, "out/comparison.pdf, out/shortlist.xlsx").splitlines()
    assert len(lines) <= 40
    assert "Files: out/comparison.pdf, out/shortlist.xlsx" in lines


def test_each_block_shows_five_lines_at_most_and_says_how_many_more_there_are():
    result = of_many(20)(None)
    for title, lines, more in decision(Overview(result, 1))["blocks"]:
        every = {"Excluded": words.excluded, "Before signature": words.conditions}.get(title, words.should_know)(result)
        assert len(lines) <= 5
        assert more.startswith(f"{len(every) - len(lines)} more in shortlist.xlsx, sheet") or len(lines) == len(every)


def test_the_subline_says_price_points_and_requirements():
    assert words.subline(sample("full")) == (
        "USD 1,094,000 over 2 years. 82.9 of 100 points, 4.8 ahead of Trellith Labs. "
        "Meets all 58 mandatory requirements."
    )


@pytest.mark.parametrize("firmness", ["page", "off"])
def test_no_lead_is_said_of_vendors_that_share_the_first_place(tmp_path, firmness):
    result = evaluated(tmp_path, TREE, SAME, settings=f"{{evidence: off, firmness: {firmness}}}")
    assert words.subline(result) == "acme: 60.0 points. bolt: 60.0 points."


def test_how_firm_names_what_it_depends_on_and_who_could_still_win():
    word, reason = words.how_firm(sample("full"))
    assert word == "depends on the price rule"
    assert "If we ranked by quality per dollar, Zenquora AI would come first." in reason
    assert "The result is the same if any one evaluator is left out." in reason
    assert "Brenovik Language Data could still win, but only if " in reason


@pytest.mark.parametrize("verdict", ["red", "green"])
def test_evaluators_who_do_not_agree_are_said_beside_the_word(verdict):
    result = sample("full")
    alpha = result.panel.alpha.model_copy(update={"verdict": verdict, "overall": 0.41, "verdicts": {}})
    said = words.how_firm(result.model_copy(update={"panel": result.panel.model_copy(update={"alpha": alpha})})).reason
    assert ("The evaluators do not agree with each other: 0.41" in said) == (verdict == "red")


def test_three_reasons_for_and_three_against_at_most_each_a_sentence():
    result = sample("full")
    for vendor in result.ranked:
        for lines in (words.reasons_for(result, vendor), words.risks(result, vendor)):
            assert len(lines) <= 3
            assert all(line.endswith((".", "…")) for line in lines)
            assert not any(re.search(r"\b[A-Z]{3}-\d\d\b", line.split(":")[0]) for line in lines)
    assert "USD 121,000 dearer than Trellith Labs." in words.risks(result, result.vendor("mwanzora"))


def test_what_a_weakness_loses_is_in_points_of_the_total_with_the_price():
    result = sample("full")
    lost = [number(gap.points * 0.8) for gap in result.vendor("mwanzora").gaps]
    stated = [re.match(r"Loses (\S+) points", line) for line in words.risks(result, result.vendor("mwanzora"))]
    assert [match[1] for match in stated if match] == lost[: len([match for match in stated if match])] != []


def test_an_excluded_vendor_that_scores_more_is_not_passed_over_in_what_is_best():
    result = sample("small")
    first = words.reasons_for(result, words.recommended(result))[0]
    best = max(node.score or 0.0 for vendor in result.vendors for node in vendor.nodes if node.id == "qa_rigor")
    own = next(node.score for node in words.recommended(result).nodes if node.id == "qa_rigor")
    assert ("QA rigor" in first and own < best) == first.startswith("Best of the ranked vendors in ")


def test_all_weights_are_claimed_only_where_no_weights_at_all_put_another_first(tmp_path):
    assert "under all possible weights, and under all weights close" in words.how_firm(clear(tmp_path)).reason
    # Ahead in a by far and behind in b a little: no weights that are drawn put the other first, but b alone does.
    answers = {"acme": {"Q1": 100, "Q2": 90}, "bolt": {"Q1": 0, "Q2": 90.001}}
    reason = words.how_firm(evaluated(tmp_path / "near", TREE, answers, settings=OFF)).reason
    assert "practically all possible weights, and under practically all weights close" in reason


def test_page_4_does_not_claim_all_weights_nor_a_first_place_of_what_is_provisional(tmp_path):
    answers = {"acme": {"Q1": 100, "Q2": 90}, "bolt": {"Q1": 0, "Q2": 90.001}}
    near = words.first_place(evaluated(tmp_path / "near", TREE, answers, settings=OFF))
    assert near == "acme is first under practically all possible weights"
    assert words.first_place(provisional(tmp_path)).startswith("Not final, as ratings are missing: so far acme")


WIDE = [f"WIDE MAMMOTH DATA WORKS {name}" for name in ("MWANZORA DATA", "ZENQUORA AI", "PACANDAN", "TRELLITH LABS")]
MIXED = ["株式会社データアノテーション東京", "Consolidated Annotation and Linguistic Data " * 3, "Donaudampf" * 9]


@pytest.mark.parametrize("names", [WIDE, MIXED], ids=["wide", "mixed"])
def test_long_names_leave_what_is_due_before_signature_on_page_1_and_keep_to_four_pages(names):
    plain = json.loads(sample("full").to_json())
    for vendor, name in zip(plain["vendors"], names, strict=False):
        vendor["name"] = name
    result = Result.model_validate(plain)
    for paper in ("A4", "Letter"):
        pages = texts(comparison(result, paper=paper))
        assert len(pages) == 4
        assert "No condition is open." in pages[0]


def test_an_open_race_says_what_would_decide_it(tmp_path):
    assert "would come first if Category b weighed more than 57 points" in words.how_firm(unclear(tmp_path)).reason
    assert "A tie-breaker that is agreed on" in words.how_firm(tied(tmp_path / "tied")).reason


def test_waivers_late_bids_and_interests_are_what_a_signer_should_know():
    told = dict(words.should_know(sample("full")))
    assert set(told) == {"Waiver", "Late bid", "Interest"}
    assert "came 1 hour 12 minutes late and was admitted: The tender portal was down" in told["Late bid"]
    assert "Waived by Ruth Adler, Head of Information Security on 23 November 2026" in told["Waiver"]
    assert "Ruth Adler declared an interest in Søndre Lab" in told["Interest"]


def test_conditions_say_that_they_have_no_owner_and_no_date_yet():
    told = dict(words.conditions(sample("full")))
    assert told["Mwanzora Data"] == "No condition is open."
    assert told["If Trellith Labs is chosen"].endswith("No owner, no date yet.")


def test_what_is_open_is_grouped_by_vendor_and_cause_and_ordered_by_what_it_could_change():
    result = sample("full")
    groups = open_groups(result)
    causes = {(ask.vendor, ask.cause) for ask in result.robustness.ask_first}
    assert len(groups) == len(causes) < len(result.robustness.ask_first)
    stakes = ["recommended", "shortlist", "rest"]
    assert [group.stake for group in groups] == sorted((group.stake for group in groups), key=stakes.index)
    assert any(re.match(r"\d+ knock-outs.* rest on a yes without a document", g.text) for g in groups)


def test_what_is_open_names_whom_it_could_change_and_recommends_nobody():
    ending = decision_text(sample("full"), "out/results.json")
    assert "  - Zenquora AI could change who is recommended: " in ending
    assert ", who is recommended" not in ending
