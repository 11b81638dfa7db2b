"""How firm the first place is, on small evaluations whose figures can be computed by hand, and laws on random ones."""

import json
from itertools import combinations

import numpy as np
import pytest
from builders import evaluated
from hypothesis import HealthCheck, given, settings, strategies as st
from made_results import sample

from vendor_eval.reports.wording.firmness import share

TREE = "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}}}}"
SIXTY = "{evidence: off, weights: {a: 60, b: 40}%s}"
ACME_AND_BOLT = {"acme": {"Q1": 80, "Q2": 50}, "bolt": {"Q1": 40, "Q2": 90}}


def firm(folder, answers, *, tree=TREE, settings=SIXTY % ""):
    return evaluated(folder, tree, answers, settings=settings).robustness


def interval(found, node):
    row = next(row for row in found.stability if row.node == node)
    return row.weight, row.from_, row.to, row.rival_from, row.rival_to


# ------------------------------------------------------------------------------------------------ by hand


def test_weights_by_hand(tmp_path):
    """A lead of 68 - 60 = 8; they are level at equal weights."""
    found = firm(tmp_path, ACME_AND_BOLT)
    assert interval(found, "a") == (60.0, 50.0, 100.0, "bolt", None)
    assert interval(found, "b") == (40.0, 0.0, 50.0, None, "bolt")
    assert found.margin_percent == pytest.approx(20)
    assert found.margin.weights == pytest.approx({"a": 50, "b": 50})
    assert (found.least_transfer.percent, found.least_transfer.rival) == (pytest.approx(10), "bolt")
    assert found.strict_margin_percent == pytest.approx(20)


def test_shares_of_weightings_won_are_those_of_the_integral(tmp_path):
    found = firm(tmp_path, ACME_AND_BOLT)
    won = found.weightings_won
    assert won.uniform["acme"] == pytest.approx(0.5, abs=4 * 0.5 / 128)
    assert won.draws == 16_384
    assert won.standard_error == pytest.approx(0.5 / 128, rel=0.01)
    assert won.kappa == pytest.approx(0.4 / (0.04 * 0.6) - 1)
    assert found.uniform.ranks["acme"][0] == won.uniform["acme"]
    assert found.uniform.pairwise["acme"]["bolt"] == won.uniform["acme"]
    assert found.central_weights["acme"] == pytest.approx({"a": 75, "b": 25}, abs=1)


def test_pivotal_answers_by_hand(tmp_path):
    """8 points are 13.3 of Q1 and 20 of Q2; 90 + 20 is too much."""
    found = firm(tmp_path, ACME_AND_BOLT)
    told = {(p.vendor, p.question): (p.falls_to, p.rises_to, p.points) for p in found.pivotal}
    assert told == {
        ("acme", "Q1"): (pytest.approx(80 - 8 / 0.6), None, pytest.approx(8)),
        ("acme", "Q2"): (pytest.approx(30), None, pytest.approx(8)),
        ("bolt", "Q1"): (None, pytest.approx(40 + 8 / 0.6), pytest.approx(8)),
    }
    assert [change.question for change in found.flip.answers] == ["Q1"]
    assert found.open_flip is None


def test_leave_one_out_by_hand(tmp_path):
    found = firm(tmp_path, ACME_AND_BOLT)
    assert {one.without: one.winner for one in found.leave_one_out} == {
        "a": "bolt",
        "b": "acme",
        "acme": "bolt",
        "bolt": "acme",
    }


def test_preferences_by_hand(tmp_path):
    answers = ACME_AND_BOLT | {"cord": {"Q1": 30, "Q2": 20}}
    found = firm(tmp_path, answers)
    told = {one.vendor: (one.dominates, one.necessarily, one.possibly) for one in found.preferences}
    assert told["acme"] == (("cord",), ("bolt", "cord"), ("bolt", "cord"))
    assert told["bolt"] == (("cord",), ("cord",), ("cord",))


def test_named_presets_take_their_own_weights_of_categories_and_criteria(tmp_path):
    tree = "{a: {A1: {weight: 1, Q1: {}}, A2: {weight: 1, Q2: {}}}, b: {B1: {Q3: {}}}}"
    card = "{presets: {balanced: {a: 50, b: 50}, inner: {a: 100, b: 0}}, preset_criteria: {inner: {a: {A1: 3, A2: 1}}}}"
    answers = {"acme": {"Q1": 100, "Q2": 0, "Q3": 0}, "bolt": {"Q1": 0, "Q2": 60, "Q3": 100}}
    result = evaluated(tmp_path, tree, answers, settings="{evidence: off}", scorecard=card)
    told = {one.preset: (one.winner, dict(one.scores), dict(one.ranks)) for one in result.robustness.presets}
    assert told == {
        "balanced": ("bolt", {"bolt": 65.0, "acme": 25.0}, {"bolt": 1, "acme": 2}),
        "inner": ("acme", {"bolt": 15.0, "acme": 75.0}, {"bolt": 2, "acme": 1}),
    }


def test_a_limit_at_the_stated_weight_itself_is_said_without_a_second_figure(tmp_path):
    answers = {"acme": {"Q1": 80, "Q2": 50}, "bolt": {"Q1": 50, "Q2": 80}}
    even = "{evidence: off, weights: {a: 50, b: 50}, tie_breakers: [b]}"
    found = firm(tmp_path, answers, settings=even)
    assert "acme leads if Category a rises above its stated 50 %;" in found.sentence
    assert "The weight of Category a: stated 50 %, and acme leads above that." in found.decides[0]


def test_of_vendors_that_tie_under_a_preset_the_agreed_winner_stays_first(tmp_path):
    found = firm(tmp_path, {"acme": {"Q1": 60, "Q2": 80}, "bolt": {"Q1": 80, "Q2": 60}})
    assert found.winner == "bolt"
    assert [(one.winner, one.ranks) for one in found.presets] == [("bolt", {"bolt": 1, "acme": 1})]


def test_the_sentence_says_the_numbers_that_stand_beside_it(tmp_path):
    found = firm(tmp_path, {"acme": {"Q1": 90, "Q2": 50}, "bolt": {"Q1": 40, "Q2": 90}})
    uniform, around = (won["acme"] for won in (found.weightings_won.uniform, found.weightings_won.around_stated))
    assert (found.verdict, found.decides) == ("clear", ())
    assert found.sentence == (
        f"acme wins in {share(uniform)} of all weightings and in {share(around, 0.8)} of those near the stated ones; "
        "bolt leads if Category a falls below 44 % (stated 60 %); it holds unless all weights are off by more than "
        "30 %; no open answer can reverse it."
    )


@pytest.mark.parametrize(
    ("bolt", "margin"),
    [
        pytest.param({"Q1": 60, "Q2": 75}, 100 * 2 / 22, id="by the margin"),
        pytest.param({"Q1": 40, "Q2": 90}, 20, id="by the share alone"),
    ],
)
def test_no_clear_winner_is_said_with_what_would_decide_it(tmp_path, bolt, margin):
    found = firm(tmp_path, {"acme": {"Q1": 80, "Q2": 50}, "bolt": bolt})
    assert found.margin_percent == pytest.approx(margin)
    assert found.margin_percent < 10 or found.weightings_won.around_stated["acme"] < 0.8
    assert found.verdict == "no clear winner"
    assert found.sentence.startswith("No clear winner: acme wins in ")
    assert found.decides[0].startswith("The weight of Category a: stated 60 %, and bolt leads below ")


@pytest.mark.parametrize("name", ["small", "full"])
def test_verdict_and_sentence_never_contradict_the_numbers(name):
    found = sample(name).robustness
    unclear = found.margin_percent < 10 or found.weightings_won.around_stated[found.winner] < 0.8
    assert (found.verdict == "no clear winner", found.sentence.startswith("No clear winner")) == (unclear, unclear)


def test_open_answers_that_could_reverse_it_are_counted_with_their_vendor(tmp_path):
    found = firm(tmp_path, {"acme": {"Q1": 80, "Q2": 50}, "bolt": {"Q1": 60}})
    assert [(a.vendor, a.question, a.to) for a in found.open_flip.answers] == [("bolt", "Q2", 100.0)]
    assert found.sentence.endswith("; one open answer at bolt could still reverse it.")


# ------------------------------------------------------------------------------------------------ ask first


def test_what_can_move_a_rank_is_asked_first_then_what_moves_more_points(tmp_path):
    tree = "{a: {A1: {Q1: {weight: 8}, Q2: {weight: 1}, Q3: {weight: 2}, Q4: {weight: 4}}}}"
    answers = {"acme": {"Q1": 90, "Q4": 90, "Q3": 90}, "bolt": {"Q1": 80, "Q2": 80, "Q3": 80}}
    asks = firm(tmp_path, answers, tree=tree, settings="{evidence: off}").ask_first
    assert [(a.vendor, a.question, a.reason, a.could_change) for a in asks] == [
        ("bolt", "Q4", "No answer yet", "Could move from rank 2 to 1"),
        ("acme", "Q2", "No answer yet", "Changes no rank alone, up to 6.67 points"),
    ]


def test_an_open_knock_out_comes_before_everything_else(tmp_path):
    tree = "{a: {A1: {Q1: {weight: 9}, Q2: {gates: [{kind: knock_out, at_least: 50}]}, Q3: {}}}}"
    answers = {"acme": {"Q1": 90}, "bolt": {"Q1": 20, "Q2": 60}}
    asks = firm(tmp_path, answers, tree=tree, settings="{evidence: off}").ask_first
    assert (asks[0].vendor, asks[0].question, asks[0].could_change) == (
        "acme",
        "Q2",
        "Excluded if the answer does not pass",
    )
    assert asks[0].reason.startswith("Knock-out open: The answer is blank")


def test_a_claim_is_asked_for_what_proof_would_bring(tmp_path):
    tree = "{a: {A1: {Q1: {}}}}"
    asks = firm(tmp_path, {"acme": {"Q1": 90}, "bolt": {"Q1": 50}}, tree=tree, settings="").ask_first
    assert [(a.vendor, a.reason, a.points) for a in asks] == [
        ("acme", "Says so, without a document", pytest.approx(30))
    ]


def test_an_answer_with_a_document_is_not_asked_for(tmp_path):
    """The cap of a document leaves 15 points to the buyer's own check: nothing that a vendor could answer."""
    answers = {"acme": {"Q1": (90, "Policy v3")}, "bolt": {"Q1": (50, "Policy v2")}}
    assert firm(tmp_path, answers, tree="{a: {A1: {Q1: {}}}}", settings="").ask_first == ()


# ------------------------------------------------------------------------------------------------ special fields


def test_nobody_ranked_is_said_in_words(tmp_path):
    tree = "{a: {A1: {Q1: {gates: [{kind: knock_out, at_least: 50}]}}}}"
    found = firm(tmp_path, {"acme": {"Q1": 10}}, tree=tree, settings="")
    assert (found.winner, found.verdict) == (None, "no clear winner")
    assert found.sentence == "No vendor is ranked, so there is no first place to be firm."


def test_one_vendor_alone_is_clear(tmp_path):
    found = firm(tmp_path, {"acme": {"Q1": 10, "Q2": 0}})
    assert (found.verdict, found.margin_percent, found.flip) == ("clear", 100.0, None)
    assert found.sentence == "acme is the only vendor that is ranked, so no weighting can put another first."


def test_two_identical_vendors_share_the_first_place(tmp_path):
    found = firm(tmp_path, {"acme": {"Q1": 60, "Q2": 60}, "bolt": {"Q1": 60, "Q2": 60}})
    assert (found.verdict, found.margin_percent, found.pivotal) == ("no clear winner", 0.0, ())
    assert found.sentence == "No clear winner: acme and bolt share the first place at the stated weights."
    assert found.decides[0] == "A declared tie-breaker (tie_breakers) would part acme and bolt."


def test_a_tie_broken_by_a_declared_category_is_no_clear_winner(tmp_path):
    answers = {"acme": {"Q1": 60, "Q2": 60}, "bolt": {"Q1": 40, "Q2": 90}}
    found = firm(tmp_path, answers, settings=SIXTY % ", tie_breakers: [b]")
    assert (found.winner, found.verdict, found.margin_percent) == ("bolt", "no clear winner", 0.0)


def test_a_category_of_weight_0_says_from_which_weight_on_it_decides(tmp_path):
    answers = {"acme": {"Q1": 80, "Q2": 0}, "bolt": {"Q1": 40, "Q2": 40}}
    found = firm(tmp_path, answers, settings="{evidence: off, weights: {a: 100, b: 0}}")
    assert interval(found, "b") == (0.0, 0.0, 50.0, None, "bolt")
    assert found.verdict == "clear"
    assert found.weightings_won.around_stated == {"acme": 1.0, "bolt": 0.0}
    assert found.weightings_won.uniform["acme"] == pytest.approx(0.5, abs=0.02)
    assert found.notes == (
        "Category b has weight 0 here; only the draws over all weightings give it one.",
        "All of the weight is on Category a: near the stated weights nothing else can count.",
    )


@pytest.mark.parametrize("missing", ["zero", "exclude"])
def test_everything_blank_is_said_in_words(tmp_path, missing):
    found = firm(tmp_path, {"acme": {}, "bolt": {}}, settings=f"missing: {missing}")
    assert found.verdict == "no clear winner"
    assert "No vendor has answered anything that has a weight: every rank is open." in found.notes


def test_an_empty_category_under_exclude_counts_the_total_and_leaves_it_unchanged(tmp_path):
    answers = {"acme": {"Q1": 80}, "bolt": {"Q1": 40, "Q2": 90}}
    found = firm(tmp_path, answers, settings=SIXTY % ", missing: exclude")
    assert (found.winner, interval(found, "a")[1:4]) == ("acme", (pytest.approx(20), 100.0, "bolt"))
    assert any("own total" in note for note in found.notes)


def test_excluded_vendors_do_not_compete(tmp_path):
    tree = "{a: {A1: {Q1: {gates: [{kind: knock_out, max: 90}]}}}, b: {B1: {Q2: {}}}}"
    found = firm(tmp_path, ACME_AND_BOLT | {"cord": {"Q1": 99, "Q2": 99}}, tree=tree)
    assert set(found.weightings_won.uniform) == {"acme", "bolt"}
    assert {a.vendor for a in found.ask_first} <= {"acme", "bolt"}


def test_off_leaves_it_out_everywhere(tmp_path):
    result = evaluated(tmp_path, TREE, ACME_AND_BOLT, settings="firmness: off")
    assert (result.robustness, json.loads(result.to_json())["robustness"]) == (None, None)


# ------------------------------------------------------------------------------------------------ laws

_SCORES = st.integers(0, 20).map(lambda n: 5 * n)


@st.composite
def _fields(draw):
    vendors = draw(st.integers(2, 4))
    return {f"v{i}": {f"Q{q}": draw(_SCORES) for q in range(1, 5)} for i in range(vendors)}


_FOUR = "{a: {A1: {Q1: {weight: 2}, Q2: {}}}, b: {B1: {Q3: {weight: 3}}, B2: {Q4: {}}}}"
_LAWS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _run(factory, answers):
    return evaluated(factory.mktemp("law"), _FOUR, answers, settings="{evidence: off, weights: {a: 45, b: 55}}")


def _scores(result):
    return {v.id: np.array([n.score for n in v.nodes if n.kind == "category"]) for v in result.vendors}


@_LAWS
@given(answers=_fields())
def test_at_the_ends_of_an_interval_two_vendors_tie_and_beyond_it_the_order_flips(tmp_path_factory, answers):
    result = _run(tmp_path_factory, answers)
    found, scores = result.robustness, _scores(result)
    for column, row in enumerate(r for r in found.stability if r.kind == "category"):
        for end, rival, beyond in ((row.from_, row.rival_from, -1e-6), (row.to, row.rival_to, 1e-6)):
            if rival is None or end + 100 * beyond < 0 or end + 100 * beyond > 100:
                continue
            lead = scores[found.winner] - scores[rival]
            at = np.array([end, 100 - end] if column == 0 else [100 - end, end]) / 100
            step = np.array([beyond, -beyond] if column == 0 else [-beyond, beyond])
            assert lead @ at == pytest.approx(0, abs=1e-7)
            assert lead @ (at + step) < 0


@_LAWS
@given(answers=_fields())
def test_the_vectors_of_margin_and_transfer_tie(tmp_path_factory, answers):
    result = _run(tmp_path_factory, answers)
    found, scores = result.robustness, _scores(result)
    for tie in (found.margin, found.least_transfer):
        if tie.rival is not None:
            weights = np.array(list(tie.weights.values())) / 100
            assert weights.sum() == pytest.approx(1)
            assert weights @ (scores[found.winner] - scores[tie.rival]) == pytest.approx(0, abs=1e-7)


@_LAWS
@given(answers=_fields())
def test_brute_force_finds_no_smaller_set_of_answers_that_flips(tmp_path_factory, answers):
    result = _run(tmp_path_factory, answers)
    found = result.robustness
    first = result.vendor(found.winner)
    needed = []
    for rival in (v for v in result.vendors if v.id != found.winner):
        falls = [a.effective_weight * a.value for a in first.answers]
        rises = [a.effective_weight * (100 - a.value) for a in rival.answers]
        lead = first.score - rival.score
        sizes = (
            size
            for size in range(len(falls) + len(rises) + 1)
            for chosen in combinations(falls + rises, size)
            if sum(chosen) >= lead - 1e-9
        )
        needed.append(next(sizes, 99))
    assert len(found.flip.answers) == min(needed)


@_LAWS
@given(answers=_fields())
def test_removing_a_vendor_changes_no_other_total_and_the_winner_only_as_foretold(tmp_path_factory, answers):
    result = _run(tmp_path_factory, answers)
    foretold = {one.without: one.winner for one in result.robustness.leave_one_out if one.kind == "vendor"}
    for gone in answers:
        left = _run(tmp_path_factory, {vendor: given for vendor, given in answers.items() if vendor != gone})
        assert {v.id: v.score for v in left.vendors} == {v.id: v.score for v in result.vendors if v.id != gone}
        assert left.ranking[0] == foretold[gone]


@pytest.mark.parametrize("name", ["small", "full"])
def test_a_pivotal_answer_at_its_value_makes_a_tie(name):
    result = sample(name)
    totals = {v.id: v.score for v in result.vendors}
    first = result.ranking[0]
    for one in result.robustness.pivotal:
        moved = totals[one.vendor] + (-one.points if one.vendor == first else one.points)
        other = totals[result.ranking[1]] if one.vendor == first else totals[first]
        assert moved == pytest.approx(other, abs=1e-7)


@pytest.mark.parametrize("name", ["small", "full"])
def test_ends_in_a_tree_tie_when_the_weights_are_set_to_them(name):
    result = sample(name)
    first = result.vendor(result.ranking[0])
    for row in (r for r in result.robustness.stability if r.kind == "criterion" and r.rival_to):
        gaps = []
        for vendor in (first, result.vendor(row.rival_to)):
            nodes = {node.id: node for node in vendor.nodes}
            siblings = [n for n in nodes.values() if n.parent == nodes[row.node].parent and n.in_scope]
            rest = sum(n.weight for n in siblings if n.id != row.node)
            inside = sum(n.score * n.weight / rest for n in siblings if n.id != row.node) * (1 - row.to / 100)
            inside += nodes[row.node].score * row.to / 100
            category = nodes[nodes[row.node].parent]
            gaps.append(vendor.score + category.effective_weight * (inside - category.score))
        assert gaps[0] == pytest.approx(gaps[1], abs=1e-7)


def test_a_large_field_says_what_it_leaves_out(tmp_path):
    answers = {f"v{at:02}": {"Q1": 90 - at, "Q2": 90 - at} for at in range(45)}
    found = firm(tmp_path, answers)
    assert len(found.uniform.ranks) == len(found.preferences) == 40
    assert len(found.weightings_won.uniform) == 45
    assert found.left_out[0].startswith("Ranks under drawn weights, pairs, preferences and 'without a vendor' are of")


def test_hundreds_that_tie_are_counted_and_not_named(tmp_path):
    found = firm(tmp_path, {f"v{at:02}": {"Q1": 50, "Q2": 50} for at in range(9)})
    assert found.sentence == "No clear winner: v00, v01, v02 and 6 more share the first place at the stated weights."
    assert found.notes == ("v01, v02, v03 and 5 more have the same total as v00.",)
