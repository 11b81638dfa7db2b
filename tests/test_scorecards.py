"""Scorecards of two pages, their appendices, and the vendors' copies, from which no other bid can be worked out."""

import io
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest
from builders import evaluated as evaluate_made, run, write_evaluation
from click.testing import CliRunner
from made_results import changed, sample
from openpyxl import load_workbook
from pages import comparison_html, read, scorecard_appendix_html, scorecard_html, texts, words
from test_reports_paper import MADE, made

from vendor_eval.cli import main
from vendor_eval.forms.clarification import clarification, clarification_points
from vendor_eval.reports.pages import documents as paper
from vendor_eval.reports.pages.heights import fitting
from vendor_eval.reports.pages.one_vendor import everybody, field, only
from vendor_eval.reports.pages.overview import Overview, lost
from vendor_eval.reports.pages.scorecard import scorecard_pages
from vendor_eval.reports.pages.scorecard_appendix import appendix_of
from vendor_eval.reports.wording import decision
from vendor_eval.reports.wording.requirements import requirements_met, unmet
from vendor_eval.results import Result
from vendor_eval.run.evaluate import load_evaluation
from vendor_eval.run.outputs import annotated_copies


@cache
def carded_words(name, vendor, *, copy=False):
    return words(scorecard_html(made(name), vendor, vendor_copy=copy))


def appendix_view(result, vendor):
    alone = only(result, result.vendor(vendor), everybody(result))
    return appendix_of(alone, alone.vendors[0])


@cache
def appendix_words(name, vendor):
    return words(scorecard_appendix_html(made(name), vendor))


def evaluated(result):
    return [vendor for vendor in result.vendors if vendor.status != "not_evaluated"]


def view(result, vendor, *, copy=False):
    """What a scorecard shows, as values."""
    alone = only(result, result.vendor(vendor), everybody(result))
    summary = None if copy else field(Overview(result, result.digits))
    return scorecard_pages(alone, alone.vendors[0], result.digits, summary)


CARDED = [name for name in MADE if name != "nobody"]


def test_a_scorecard_names_the_owners_and_days_that_page_1_names():
    """Trellith's conditions have both; nobody sees to those of Zenquora yet."""
    result = run(Path(__file__).parent.parent / "samples" / "full")
    names = "Helena Brandt, Tomás Iriarte and Ruth Adler"
    sentence = f"{names} see to it, due between 15 January 2027 and 26 February 2027."
    assert dict(decision.conditions(result))["If Trellith Labs is chosen"].endswith(sentence)
    assert sentence in " ".join(view(result, "trellith")["award"])
    assert "see to it" not in " ".join(view(result, "trellith", copy=True)["award"])
    assert "No owner, no date yet." in " ".join(view(result, "zenquora")["award"])


# ------------------------------------------------------------------------------------------------ two pages


@pytest.mark.parametrize("name", CARDED)
def test_a_scorecard_has_two_pages_whatever_stands_in_it(name):
    first = evaluated(made(name))[0]
    assert len(read(paper.scorecard(made(name), first.id, paper="Letter")).pages) == 2


@pytest.mark.parametrize("vendor", ["zenquora", "brenovik", "trellith", "sondre-lab"])
@pytest.mark.parametrize("copy", [False, True], ids=["committee", "vendor"])
def test_many_open_requirements_and_many_remarks_stay_on_two_pages_of_letter(vendor, copy):
    assert len(read(paper.scorecard(made("full"), vendor, paper="Letter", vendor_copy=copy)).pages) == 2


def test_many_evaluators_and_lines_of_the_offer_stay_on_two_pages():
    def crowded(plain):
        price = plain["evaluation"]["price"]
        price["items"] = [price["items"][0] | {"id": f"P-{at}"} for at in range(30)]
        for vendor in plain["vendors"]:
            line = vendor["price"]["items"][0]
            vendor["price"]["items"] = [line | {"id": f"P-{at}"} for at in range(30)]
            note = {"question": "", "act": "note", "date": "2026-11-23", "reason": "", "value": None, "kind": "note"}
            vendor["notes"] = [note | {"by": f"Evaluator {at}", "note": "Seen"} for at in range(4)]

    document = paper.scorecard(changed(made("full"), crowded), "zenquora", paper="Letter")
    assert len(read(document).pages) == 2
    assert "more lines, in shortlist.xlsx" in " ".join(texts(document))


def test_what_has_no_room_is_counted():
    assert fitting("abc", [5, 5, 5], 15) == "abc"
    assert fitting("abc", [5, 5, 5], 12) == "a"
    assert fitting("abc", [50, 5, 5], 12) == "a"


def test_only_the_first_place_is_named_with_those_that_bid():
    assert "1st of 5, 6 bids. Eligible." in carded_words("full", "mwanzora")
    assert "Not ranked; would have been 2nd, 6 bids. Excluded: Never a password alone" in carded_words(
        "full", "pacandan"
    )
    assert "Shares place 1st of 2" in carded_words("tied", "okavira")
    assert "The only one ranked, 1 bid" in carded_words("one vendor", "okavira")


def test_country_and_contact_come_from_the_first_sheet_of_the_questionnaire():
    assert (sample("full").vendor("trellith").country, sample("full").vendor("trellith").contact) == (
        "Estonia",
        "Kaarel Tamm",
    )
    assert "Estonia; contact: Kaarel Tamm." in carded_words("full", "trellith")


@pytest.mark.parametrize("name", ["small", "full"])
def test_loses_most_is_the_true_maximum_in_points_of_the_total(name):
    result = made(name)
    for vendor in evaluated(result):
        bars = view(result, vendor.id)["bars"]
        titles = {c.title: c.id for c in result.definition.categories}
        losses = {
            bar["title"]: vendor.price.weight / 100 * (100 - vendor.price.score)
            if bar["title"] == "Price"
            else result.quality_share() * lost(vendor, titles[bar["title"]])
            for bar in bars
        }
        worst = max(losses, key=losses.get)
        (noted,) = [bar for bar in bars if "loses most" in bar["note"]]
        assert noted["title"] == worst
        assert f"loses most: {losses[worst]:.1f} points" in noted["note"]


def test_the_points_of_a_scorecard_are_points_of_the_total():
    result = made("full")
    vendor = result.vendor("mwanzora")
    rows = view(result, "mwanzora")["open_points"]["rows"]
    open_ = sorted(
        (
            a.global_weight * 0.8 * ((a.high or 0) - (a.low or 0) + (a.value or 0) - (a.credited or 0))
            for a in vendor.answers
        ),
        reverse=True,
    )
    assert [row["points"] for row in rows] == [f"{points:.1f}" for points in open_[:5]]


def test_a_level_is_the_panels_and_no_evaluators():
    rows = appendix_view(made("full"), "mwanzora")["categories"]
    by_id = {row["id"]: row for _, category in rows for row in category}
    scored = [a for a in made("full").vendor("mwanzora").answers if len({f.value for f in a.findings}) > 1]
    assert scored
    for answer in scored:
        row = by_id[answer.id]
        assert row["answer"].endswith(f"level {answer.answer} of 5")
        assert not [text for text in row["findings"] if re.search(r"\blevel \d", text)]


# ------------------------------------------------------------------------------------------------ requirements


@pytest.mark.parametrize("name", ["small", "full"])
def test_requirements_are_counted_one_a_gate_or_floor_and_those_not_met_are_named(name):
    result = made(name)
    for vendor in evaluated(result):
        met, count = requirements_met(vendor)
        gates = [gate for gate in vendor.gates if gate.kind != "flag"]
        floors = [node.floor for node in vendor.nodes if node.floor]
        found = unmet(result, vendor)
        assert count == len(gates) + len(floors)
        assert len(found) == count - met
        ids = re.compile(r"\b[A-Z]{3}-\d\d\b")
        assert not [one.title for one in found if ids.search(one.title)]
        assert all(one.know.endswith((".", "…")) and one.cure.endswith((".", "…")) for one in found)


def test_a_failed_knock_out_is_due_at_no_later_step():
    result = sample("full")
    (failed,) = (r for r in unmet(result, result.vendor("pacandan")) if r.kind == "knock_out")
    assert (failed.outcome, failed.by_when) == ("failed", "already excluded")


def test_a_requirement_says_what_is_known_what_cures_it_and_by_when():
    found = {one.title: one for one in unmet(made("full"), made("full").vendor("trellith"))}
    license_ = found["Every licence checked at the source"]
    assert (license_.outcome, license_.know, license_.cure, license_.by_when) == (
        "failed",
        "The answer is “92 %”.",
        "To pass: at least 100 %.",
        "before award",
    )
    assert found["Deletion is proven"].know == "Says yes, without a document: not yet passed."
    waived = next(one for one in unmet(made("full"), made("full").vendor("sondre-lab")) if one.outcome == "waived")
    assert waived.by_when == "waived"
    assert waived.cure.startswith("Waived by Ruth Adler")


def test_what_is_needed_has_the_unit_of_the_figure_and_none_where_it_is_of_points():
    gates = {
        "Q1": {"type": "number", "unit": "days", "points": [[0, 100], [9, 0]], "gates": [{"kind": "must", "max": 3}]},
        "Q2": {"gates": [{"kind": "must", "at_least": 60}]},
    }
    with TemporaryDirectory() as temporary:
        tree = {"a": {"A1": gates}}
        result = evaluate_made(Path(temporary), tree, {"acme": {"Q1": 5, "Q2": 10}})
    assert [one.cure for one in unmet(result, result.vendor("acme"))] == [
        "To pass: at most 3 days.",
        "To pass: value at least 60.",
    ]
    assert "None of the 2 requirements is met" in words(scorecard_html(result, "acme"))


def test_many_requirements_with_one_cure_are_one_row():
    rows = view(made("full"), "zenquora")["unmet"]
    assert rows[0]["title"].endswith(" requirements")
    assert "; and " in rows[0]["names"]
    assert len(rows) <= 6


# ------------------------------------------------------------------------------------------------ nothing of others


def of_others(result, vendor):
    """Names, ids and long answers of the others that this vendor does not share."""
    own = {text for a in vendor.answers for text in (a.raw, a.evidence_text, a.comment)}
    for other in result.vendors:
        if other.id != vendor.id:
            yield other.name
            yield other.id
            told = (text for a in other.answers for text in (a.raw, a.evidence_text, a.comment))
            yield from (text[:60] for text in told if len(text) > 40 and text not in own and "; " not in text)


@pytest.mark.parametrize("name", ["small", "full"])
@pytest.mark.parametrize("copy", [False, True], ids=["committee", "vendor"])
def test_a_scorecard_holds_nothing_of_another_vendor(name, copy):
    for vendor in evaluated(made(name)):
        text = carded_words(name, vendor.id, copy=copy)
        options = {option.label for c in made(name).definition.categories for k in c.criteria for q in k.questions
                   for option in q.options}  # fmt: skip
        found = [t for t in of_others(made(name), vendor) if re.sub(r"\s+", " ", t) in text]
        assert [t for t in found if not any(label.startswith(t) or t in label for label in options)] == []


def test_a_scorecard_hides_another_vendor_whom_a_finding_names():
    def gossip(plain):
        finding = {"question": "", "act": "note", "by": "Ana", "date": "2026-11-23", "reason": "", "value": None}
        note = finding | {"kind": "note", "note": "Cheaper than CELADORA VISIÓN, unlike Okavira Data; celadora knows"}
        plain["vendors"][0]["notes"] = [note]

    text = words(scorecard_html(changed(sample("small"), gossip), "okavira"))
    assert "Cheaper than [another vendor], unlike Okavira Data; [another vendor] knows" in text


def test_a_copy_for_the_vendor_has_no_note_no_evaluator_and_no_figure_of_the_field():
    text = carded_words("full", "mwanzora", copy=True)
    assert "83.5" in text
    for hidden in ("Helena Brandt", "Tomás Iriarte", "median", "of 5", "shortlist", "Two references called", "field"):
        assert hidden not in text
    assert "of 5" in carded_words("full", "mwanzora")


def test_totals_of_others_are_on_no_scorecard():
    result = made("full")
    for vendor in evaluated(result):
        others = {f"{v.score:.1f} points" for v in evaluated(result) if v.id != vendor.id}
        text = carded_words("full", vendor.id)
        assert [total for total in others if f" {total}" in text] == []


@pytest.mark.parametrize("name", ["small", "full"])
def test_a_scorecard_prints_the_total_that_the_comparison_prints(name):
    result = made(name)
    compared = words(comparison_html(result))
    for vendor in evaluated(result):
        score = f"{vendor.score:.{result.digits}f}"
        assert f"of 100 {score} " in carded_words(name, vendor.id)
        assert score in compared


class _Counted(Result):
    """A result that counts how often its totals were compared for the decimals that tell them apart."""

    times: ClassVar[int] = 0

    @property
    def digits(self):
        type(self).times += 1
        return super().digits


@pytest.mark.parametrize("copy", [False, True], ids=["the buyer's", "the vendor's"])
def test_all_scorecards_are_those_of_each_and_the_field_is_summed_up_once(copy):
    result = _Counted.model_validate(made("small").model_dump(by_alias=True))
    _Counted.times = 0
    printed = {vendor: scorecard() for vendor, scorecard in paper.scorecards(result, vendor_copy=copy)}
    assert _Counted.times == 1
    each = {v.id: paper.scorecard(made("small"), v.id, vendor_copy=copy) for v in evaluated(made("small"))}
    assert printed == each


def test_only_evaluated_vendors_have_a_scorecard():
    with pytest.raises(ValueError, match="not evaluated"):
        paper.scorecard(made("nobody"), "okavira")
    with pytest.raises(KeyError):
        paper.scorecard(made("small"), "nobody")


def test_nothing_of_another_vendor_is_left_in_the_result_a_scorecard_is_drawn_from():
    result = sample("full")
    for vendor in result.vendors:
        text = only(result, vendor, everybody(result)).to_json()
        others = [v for v in result.vendors if v.id != vendor.id]
        assert [v.name for v in others if v.name in text] == []
        assert [file for v in others for file in v.files if file in text] == []


def test_with_fewer_than_four_vendors_no_range_of_the_field_is_shown():
    result = sample("small")
    assert field(Overview(result, 1)).spreads == {}
    assert set(field(Overview(sample("full"), 1)).spreads) == {c.id for c in Overview(sample("full"), 1).categories}


def test_a_copy_for_the_vendor_shows_its_own_best_answers_not_those_against_the_field():
    result = sample("full")
    committee, copy = (view(result, "mwanzora", copy=copy) for copy in (False, True))
    assert [point["question"] for point in copy["strengths"]] != [point["question"] for point in committee["strengths"]]
    assert any(bar["field"] for bar in committee["bars"])
    assert not any(bar["field"] for bar in copy["bars"])
    assert copy["remarks"] == copy["signers"] == ()


def test_a_category_out_of_scope_is_said_to_be():
    assert "not in scope" in carded_words("small", "okavira")


def test_only_a_provisional_scorecard_is_marked():
    assert "PROVISIONAL" in carded_words("provisional", "okavira")
    assert "PROVISIONAL" not in carded_words("small", "okavira")


# ------------------------------------------------------------------------------------------------ no other bid

ITEMS = """items: [{id: PRC-01, text: Boxes, unit: box, volume: 1000},
 {id: PRC-02, text: Training, unit: once, volume: 1}]"""
RELATIVE = ("lowest_ratio", "linear_min_max", "linear_from_lowest")
GATED = """{a: {A1: {Q1: {gates: [{kind: must, at_least: 99}]}, Q2: {weight: 3}}}, b: {B1: {Q3: {}}}}"""
OWN, MIDDLE = 713.37, 861.91


@cache
def field_of(rule, lowest, *, folder=None):
    """Three bids of which v0 stands in the middle; only the lowest differs."""
    price = f"weight: 37, rule: {rule}, currency: USD, years: 2, {ITEMS}"
    bounds = "" if rule != "fixed_bounds" else ", best: 400, worst: 1000"
    offer = {"PRC-02": 100, "OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}
    answers = {
        name: {"Q1": q1, "Q2": 67.3, "Q3": q3, "PRC-01": round((total - 100) / 2000, 5), **offer}
        for name, q1, q3, total in (("v0", 83.1, 71.9, OWN), ("v1", 91.7, 90, MIDDLE), ("v2", 11.3, 20, lowest))
    }
    settings = f"{{evidence: off, price: {{{price}{bounds}}}}}"
    if folder is not None:
        return run(write_evaluation(folder, GATED, answers, settings=settings))
    with TemporaryDirectory() as temporary:
        return evaluate_made(Path(temporary), GATED, answers, settings=settings)


LOWEST, OTHER_LOWEST = 571.93, 602.17


def solved(text, vendor, weight=0.37):
    """Solve for the lowest bid from every figure of a text: as the score of the price, and as a total of any kind."""
    figures = {float(figure.replace(",", "")) for figure in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}
    figures = {figure for figure in figures if 0 < figure <= 100}
    scores = {(total - (1 - weight) * round(vendor.quality, 1)) / weight for total in figures}
    for score in figures | {score for score in scores if 0 < score < 100}:
        bid = vendor.price.total
        yield score / 100 * bid
        yield bid / (2 - score / 100)


def found_lowest(text, vendor):
    """Solutions as near as a total with one decimal lets them be."""
    return [bid for bid in solved(text, vendor) if abs(bid - LOWEST) < 1.2]


def figures_in(files):
    """Text of every cell, note and property of workbooks."""
    cells = []
    for content in files:
        book = load_workbook(io.BytesIO(content))
        for sheet in book:
            for row in sheet.iter_rows():
                cells += [f"{cell.value} {cell.comment.text if cell.comment else ''}" for cell in row if cell.value]
    return "\n".join(cells)


@pytest.mark.parametrize("rule", RELATIVE)
@pytest.mark.parametrize("copy", [False, True], ids=["committee", "vendor"])
def test_a_scorecard_does_not_depend_on_the_lowest_bid_under_a_relative_rule(rule, copy):
    # The strongest form of a test that solves for it: whatever the lowest bid is, the text is the same.
    one, other = (field_of(rule, lowest) for lowest in (LOWEST, OTHER_LOWEST))
    assert one.vendor("v0").price.score != other.vendor("v0").price.score or rule == "linear_min_max"
    assert one.vendor("v0").rank == other.vendor("v0").rank
    shown, again = (scorecard_html(result, "v0", vendor_copy=copy) for result in (one, other))
    assert shown == again
    assert scorecard_appendix_html(one, "v0") == scorecard_appendix_html(other, "v0")


@pytest.mark.parametrize("rule", RELATIVE)
def test_no_total_no_score_of_the_price_and_no_possible_total_stands_there(rule):
    result = field_of(rule, LOWEST)
    vendor = result.vendor("v0")
    secret = {f"{figure:.1f}" for figure in (vendor.score, vendor.claimed, vendor.price.score)}
    for copy in (False, True):
        text = words(scorecard_html(result, "v0", vendor_copy=copy))
        assert "would give another bid away" in text
        assert f"{vendor.quality:.1f}" in text
        printed = set(re.findall(r"\d+\.\d+", text))
        assert not (secret - {f"{vendor.quality:.1f}"}) & printed


@pytest.mark.parametrize("rule", ["lowest_ratio", "linear_from_lowest"])
def test_who_solves_for_the_lowest_bid_does_not_find_it(rule):
    result = field_of(rule, LOWEST)
    vendor = result.vendor("v0")
    sheets = [words(scorecard_html(result, "v0", vendor_copy=copy)) for copy in (False, True)]
    known = [
        found_lowest(f"{vendor.quality:.1f} {vendor.score:.1f}", vendor),
        found_lowest(f"{vendor.price.score:.1f}", vendor),
    ]
    assert all(known), "from a total, or from the score of the price, it would be found"
    own = {figure for text in sheets for figure in re.findall(r"\d+\.\d+", text)}
    assert not found_lowest(" ".join(own), vendor)


@pytest.mark.parametrize("rule", RELATIVE)
def test_annotated_copies_and_clarifications_do_not_depend_on_it_either(rule, tmp_path):
    written = []
    for name, lowest in (("one", LOWEST), ("other", OTHER_LOWEST)):
        folder = tmp_path / name
        folder.mkdir()
        result = field_of(rule, lowest, folder=folder)
        evaluation = load_evaluation(folder)
        copies, _ = annotated_copies(result, evaluation)
        own = [content for path, content in copies.items() if "v0" in path]
        points = clarification_points(result, result.vendor("v0"), evaluation)
        asked = clarification(result, result.vendor("v0"), evaluation, points, "token")
        written.append(figures_in([*own, asked]))
    assert written[0] == written[1]


def test_under_fixed_bounds_the_total_and_the_score_of_the_price_stand_there():
    result = field_of("fixed_bounds", LOWEST)
    text = words(scorecard_html(result, "v0", vendor_copy=True))
    assert f"{result.vendor('v0').score:.1f}" in text
    assert "would give another bid away" not in text


def test_an_annotated_copy_says_nothing_of_other_bids_nor_of_the_buyers_acts(tmp_path):
    price = f"weight: 37, rule: fixed_bounds, best: 1, worst: 9, currency: USD, years: 2, {ITEMS}"
    offer = {"PRC-02": 100, "OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}
    answers = {f"v{at}": {"Q1": 80, "PRC-01": 0.2, **offer} for at in range(4)}
    answers["v0"]["PRC-01"] = 400
    del answers["v0"]["Q1"]
    folder = write_evaluation(tmp_path, "{a: {A1: {Q1: {}}}}", answers, settings=f"{{price: {{{price}}}}}")
    acts = "- {vendor: v0, question: Q1, verified: true, by: Ana Perera, date: 2026-11-20, reason: seen}\n"
    (folder / "findings.yaml").write_text(acts, encoding="utf-8")
    result = run(folder)
    codes = {issue.code for issue in result.vendor("v0").issues}
    assert {"price-suspicious", "finding-without-effect"} <= codes
    copies, _ = annotated_copies(result, load_evaluation(folder))
    told = figures_in(content for path, content in copies.items() if "v0" in path)
    assert "others offer" not in told
    assert "no effect" not in told


# ------------------------------------------------------------------------------------------------ vendors' copies


def test_a_copy_for_the_vendor_holds_no_next_better_answer_and_says_so():
    result = made("full")
    for vendor in evaluated(result):
        text = carded_words("full", vendor.id, copy=True)
        assert "What would have scored more is not in this copy. After the award the debrief holds it." in text
        assert "To pass:" not in text
        steps = [a.next_step.text for a in vendor.answers if a.next_step and len(a.next_step.text) > 30]
        assert [step for step in steps if step in text] == []


def test_a_copy_for_the_vendor_names_a_waiver_without_its_reason_and_its_approver():
    own, copy = (carded_words("full", "sondre-lab", copy=copy) for copy in (False, True))
    assert "Waived by Ruth Adler" in own
    assert "Waived by the client." in copy
    for hidden in ("Ruth Adler", "Stage 2 of the certification audit"):
        assert hidden not in copy


def test_a_scorecard_has_no_hash_of_a_file_no_weight_and_no_setting():
    for copy in (False, True):
        text = carded_words("full", "mwanzora", copy=copy)
        assert not re.search(r"\b[0-9a-f]{64}\b", text)
        for same in ("Formula", "Evidence caps", "SHA-256", "preset", "Questionnaire", "Sources of the questions"):
            assert same not in text


# ------------------------------------------------------------------------------------------------ the appendix


def test_the_appendix_holds_every_answer_once_with_its_arithmetic_and_what_would_raise_it():
    result = made("full")
    vendor = result.vendor("trellith")
    text = appendix_words("full", "trellith")
    for answer in vendor.answers:
        if answer.state != "not_asked":
            assert f"({answer.id})" in text
    assert "Only needs our check (+" in text
    assert "Pre-registered and rolled back where the rule said so (Helena Brandt, 22 November 2026)" in text
    rows = [row for _, rows in appendix_view(result, vendor.id)["categories"] for row in rows]
    assert len({row["id"] for row in rows}) == len(rows)
    assert sum(float(row["earned"]) for row in rows if row["earned"] != "–") == pytest.approx(
        0.8 * vendor.quality, abs=0.5
    )


def test_the_appendix_holds_nothing_of_another_vendor():
    for vendor in evaluated(made("full")):
        found = [
            t for t in of_others(made("full"), vendor) if re.sub(r"\s+", " ", t) in appendix_words("full", vendor.id)
        ]
        options = {option.label for c in made("full").definition.categories for k in c.criteria for q in k.questions
                   for option in q.options}  # fmt: skip
        assert [t for t in found if not any(label.startswith(t) or t in label for label in options)] == []


def test_appendices_are_written_where_they_are_asked_for_and_are_named_then(tmp_path):
    answers = {"acme": {"Q1": 80}, "acme-appendix": {"Q1": 60}}
    folder = write_evaluation(tmp_path, "{a: {A1: {Q1: {gates: [{kind: must, at_least: 99}]}}}}", answers)
    assert CliRunner().invoke(main, ["evaluate", str(folder), "--format", "json,pdf", "--appendices"]).exit_code == 0
    written = sorted(path.stem for path in (folder / "out" / "scorecards").iterdir())
    assert written == ["acme", "acme-appendix", "acme-appendix-2", "acme-appendix-appendix"]
    assert CliRunner().invoke(main, ["evaluate", str(folder), "--format", "json,pdf"]).exit_code == 0
    assert sorted(path.stem for path in (folder / "out" / "scorecards").iterdir()) == ["acme", "acme-appendix"]
