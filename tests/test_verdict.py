"""The one word on the first place, what it depends on, and whom each open answer could change: by hand, and laws."""

import pytest
from builders import evaluated, write_evaluation
from hypothesis import HealthCheck, given, settings, strategies as st
from made_results import sample
from test_pricing import FIXED, priced

from vendor_eval.firmness.assessment import assess_firmness
from vendor_eval.run.evaluate import load_evaluation, read_responses
from vendor_eval.scoring.field import in_order, rank_under

TREE = "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}}}}"
OFF = "{evidence: off}"
FAR = {"acme": {"Q1": 90, "Q2": 90}, "bolt": {"Q1": 50, "Q2": 50}}


def firm(folder, answers, *, tree=TREE, settings=OFF):
    return evaluated(folder, tree, answers, settings=settings).robustness


def said(found):
    return found.firmness.word, [(one.cause, one.id, one.winner) for one in found.firmness.on]


# ------------------------------------------------------------------------------------------------ by hand


def test_a_clear_lead_with_nothing_open_is_firm(tmp_path):
    assert said(firm(tmp_path, FAR)) == ("firm", [])


def test_one_vendor_alone_has_nobody_whom_anything_could_put_first(tmp_path):
    assert said(firm(tmp_path, {"acme": {"Q1": 10}})) == ("firm", [])


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"acme": {"Q1": 80, "Q2": 50}, "bolt": {"Q1": 60, "Q2": 65}}, id="no clear winner"),
        pytest.param({"acme": {"Q1": 60, "Q2": 60}, "bolt": {"Q1": 60, "Q2": 60}}, id="a tie"),
    ],
)
def test_where_nobody_is_clearly_first_it_is_open(tmp_path, answers):
    assert said(firm(tmp_path, answers)) == ("open", [])


def test_where_nobody_is_ranked_it_is_open(tmp_path):
    tree = "{a: {A1: {Q1: {gates: [{kind: knock_out, at_least: 50}]}}}}"
    assert said(firm(tmp_path, {"acme": {"Q1": 10}}, tree=tree)) == ("open", [])


def test_while_levels_are_missing_it_is_open_however_far_the_first_is_ahead(tmp_path):
    rubric = {"type": "rubric", "levels": ["None", "Bad", "Poor", "Fair", "Good", "Best"]}
    tree = {"a": {"A1": {"Q1": {"weight": 40}, "Q3": rubric}}, "b": {"B1": {"Q2": {}}}}
    answers = {vendor: {**own, "Q3": "as described"} for vendor, own in FAR.items()}
    result = evaluated(tmp_path, tree, answers, settings=OFF)
    assert (result.evaluation.provisional, result.robustness.verdict) == (True, "clear")
    assert said(result.robustness) == ("open", [])


def test_an_answer_of_a_rival_that_is_missing_and_decides_alone_is_named(tmp_path):
    """Acme has 90, bolt 40 and, with 100 for Q1, 90: level, which is enough. Cord comes to 80 at most."""
    answers = {"acme": {"Q1": 90, "Q2": 90}, "bolt": {"Q2": 80}, "cord": {"Q2": 60}}
    found = firm(tmp_path, answers, settings="{evidence: off, shortlist: 2}")
    assert said(found) == ("depends", [("answer", "bolt/Q1", "bolt")])
    assert [(a.vendor, a.cause, a.changes, a.alone) for a in found.ask_first] == [
        ("bolt", "blank", "recommended", True),
        ("cord", "blank", "shortlist", False),
    ]


def test_a_claim_whose_proof_would_be_enough_is_named(tmp_path):
    """Acme: 85 with a document. Bolt claims 100 and is credited 60 by its word."""
    answers = {"acme": {"Q1": (85, "Policy v1"), "Q2": (85, "Policy v1")}, "bolt": {"Q1": 100, "Q2": (85, "Policy v1")}}
    tree = "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}}}}"
    found = firm(tmp_path, answers, tree=tree, settings="")
    assert found.verdict == "clear"
    assert said(found) == ("depends", [("answer", "bolt/Q1", "bolt")])
    assert found.ask_first[0].cause == "document_missing"


def test_a_requirement_that_the_first_fails_or_leaves_open_is_named_with_the_next_vendor(tmp_path):
    gates = "Q1: {gates: [{kind: must, at_least: 95}]}, Q3: {gates: [{kind: knock_out, at_least: 50}]}"
    tree = f"{{a: {{A1: {{{gates}}}}}, b: {{B1: {{Q2: {{}}}}}}}}"
    answers = {
        "acme": {"Q1": 90, "Q2": 100},
        "bolt": {"Q1": 30, "Q2": 0, "Q3": 60},
        "cord": {"Q1": 10, "Q2": 5, "Q3": 70},
    }
    found = firm(tmp_path, answers, tree=tree)
    second = "bolt"
    assert said(found) == ("depends", [("requirement", "Q1", second), ("requirement", "Q3", second)])
    assert [(a.vendor, a.question, a.changes, a.alone) for a in found.ask_first] == [
        ("acme", "Q3", "recommended", False),
    ]


def test_a_floor_that_the_first_is_below_is_a_requirement(tmp_path):
    settings_ = "{evidence: off, floors: {b: {at_least: 95, kind: must}}}"
    assert said(firm(tmp_path, FAR, settings=settings_)) == ("depends", [("requirement", "b", "bolt")])


def test_a_waived_requirement_is_none_that_it_depends_on(tmp_path):
    waiver = "{evidence: off, waivers: [{vendor: acme, question: Q1, reason: ok, approved_by: R, date: 2026-11-20}]}"
    tree = "{a: {A1: {Q1: {gates: [{kind: must, at_least: 95}]}}}, b: {B1: {Q2: {}}}}"
    assert said(firm(tmp_path, FAR, tree=tree, settings=waiver)) == ("firm", [])


def test_another_price_rule_under_which_another_is_first_is_named(tmp_path):
    """Quality 90 for 500 against 60 for 200: quality for the money puts the cheap one first."""
    result = priced(tmp_path, {}, {"PRC-01": 0.05}, quality=(90, 60), price=FIXED)
    rules = {rule.rule: rule.winner for rule in result.robustness.price.rules if not rule.stated}
    expected = [("price_rule", rule, winner) for rule, winner in rules.items() if winner not in {None, "v0"}]
    assert result.robustness.verdict == "clear"
    assert said(result.robustness) == ("depends", expected)
    assert ("price_rule", "quality_per_price", "v1") in expected


def test_an_evaluator_without_whom_another_is_first_is_named(tmp_path):
    panel = "{evidence: off, evaluators: [{id: ana}, {id: ben}, {id: cem}]}"
    evaluation = load_evaluation(write_evaluation(tmp_path, TREE, FAR, settings=panel))
    _, judged, ranking = rank_under(evaluation, read_responses(evaluation), ())
    found = assess_firmness(evaluation, in_order(ranking, judged), {"ana": "bolt", "ben": "acme", "cem": None})
    assert said(found) == ("depends", [("evaluator", "ana", "bolt")])


def test_a_price_that_is_missing_is_an_open_answer(tmp_path):
    found = priced(tmp_path, {}, {"PRC-01": None}, quality=(70, 65)).robustness
    ask = next(ask for ask in found.ask_first if ask.question == "price")
    assert (ask.vendor, ask.cause, ask.changes) == ("v1", "price_missing", "recommended")


def test_the_full_sample_depends_on_the_price_rule_alone():
    assert said(sample("full").robustness) == ("depends", [("price_rule", "quality_per_price", "zenquora")])
    assert said(sample("small").robustness) == ("firm", [])


# ------------------------------------------------------------------------------------------------ laws

_SCORES = st.one_of(st.none(), st.integers(0, 20).map(lambda n: 5 * n))
_MUST = "{weight: 3, gates: [{kind: must, at_least: 40}]}"
_FOUR = f"{{a: {{A1: {{Q1: {{weight: 2}}, Q2: {{}}}}}}, b: {{B1: {{Q3: {_MUST}}}, B2: {{Q4: {{}}}}}}}}"
_WEIGHTED = "{evidence: off, shortlist: 2, weights: {a: 45, b: 55}}"
_LAWS = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def _fields(draw):
    vendors = draw(st.integers(2, 4))
    return {
        f"v{i}": {f"Q{q}": s for q in range(1, 5) if (s := draw(_SCORES)) is not None}
        | {"Q1": 5 * draw(st.integers(0, 20))}
        for i in range(vendors)
    }


def _run(factory, answers):
    return evaluated(factory.mktemp("law"), _FOUR, answers, settings=_WEIGHTED)


@_LAWS
@given(answers=_fields())
def test_the_word_is_what_its_parts_say(tmp_path_factory, answers):
    result = _run(tmp_path_factory, answers)
    found, first = result.robustness, result.vendor(result.ranking[0])
    word, on = said(found)
    tied = sum(vendor.rank == 1 for vendor in result.vendors) > 1
    assert (word == "open") == (found.verdict != "clear" or tied)
    assert (word == "depends") == bool(on)
    if word != "open":
        wanting = {c.about for c in first.conditions if c.result != "waived"}
        assert {name for cause, name, _ in on if cause == "requirement"} == wanting
        assert {winner for cause, _, winner in on if cause == "requirement"} <= {result.ranking[1]}


@_LAWS
@given(answers=_fields())
def test_an_open_answer_is_listed_iff_the_best_answer_to_it_puts_its_vendor_first(tmp_path_factory, answers):
    result = _run(tmp_path_factory, answers)
    if result.robustness.firmness.word == "open":
        return
    listed = {one.id for one in result.robustness.firmness.on if one.cause == "answer"}
    for vendor in result.ranking[1:]:
        for question in {"Q2", "Q3", "Q4"} - set(answers[vendor]):
            best = _run(tmp_path_factory, answers | {vendor: answers[vendor] | {question: 100}})
            assert (best.vendor(vendor).rank == 1) == (f"{vendor}/{question}" in listed)
    assert not {one for one in listed if one.startswith(f"{result.ranking[0]}/")}  # a blank counts 0 as it is


@_LAWS
@given(answers=_fields())
def test_what_could_change_who_is_recommended_is_asked_first_and_never_of_who_cannot_win(tmp_path_factory, answers):
    result = _run(tmp_path_factory, answers)
    asks, ranks = result.robustness.ask_first, {v.id: (v.rank, v.best_rank) for v in result.vendors}
    stakes = ["recommended", "shortlist", "rest"]
    assert [ask.changes for ask in asks] == sorted((ask.changes for ask in asks), key=stakes.index)
    for ask in asks:
        rank, best = ranks[ask.vendor]
        if ask.changes == "recommended":
            assert best == 1
        elif ask.changes == "shortlist":
            assert best <= 2
        else:
            assert best > 1 or rank == 1 or not ask.points
