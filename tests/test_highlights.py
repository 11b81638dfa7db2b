"""Strengths, gaps and next steps, in points of the total."""

import pytest
from builders import evaluated

OFF = "evidence: off"
TREE = "{a: {A1: {Q1: {weight: 1}, Q2: {weight: 2}, Q3: {weight: 4}, Q4: {weight: 3}}}}"


def points(records):
    return [(record.question, round(record.points, 9)) for record in records]


def test_with_fewer_than_four_vendors_a_strength_is_what_earns_most(tmp_path):
    given = {"Q1": 100, "Q2": 90, "Q3": 20, "Q4": 0}
    vendor = evaluated(tmp_path, TREE, {"acme": given, "bolt": {"Q1": 100}}, settings=OFF).vendor("acme")
    # 0.1 x 100, 0.2 x 90, 0.4 x 20; nothing for Q4.
    assert points(vendor.strengths) == [("Q2", 18), ("Q1", 10), ("Q3", 8)]
    assert [strength.source.cell for strength in vendor.strengths] == ["B3", "B2", "B4"]


def test_with_four_vendors_a_strength_is_what_stands_above_the_median(tmp_path):
    answers = {
        "acme": {"Q1": 100, "Q2": 90, "Q3": 20, "Q4": 50},
        "bolt": {"Q1": 100, "Q2": 30, "Q3": 10, "Q4": 60},
        "cord": {"Q1": 100, "Q2": 50, "Q3": 30, "Q4": 70},
        "dusk": {"Q1": 100, "Q2": 10, "Q3": 5},
    }
    vendor = evaluated(tmp_path, TREE, answers, settings=OFF).vendor("acme")
    # Medians 100, 40, 15, 55 (a blank is worth 0): 0.2 x (90 - 40), 0.4 x (20 - 15).
    assert points(vendor.strengths) == [("Q2", 10), ("Q3", 2)]


def test_gaps_are_the_open_points_in_order_and_proof_stands_apart(tmp_path):
    given = {"Q1": 100, "Q2": (100, "Report 7"), "Q3": 40, "Q4": None}
    vendor = evaluated(tmp_path, TREE, {"acme": given}).vendor("acme")
    # Q4: 0.3 x 100; Q3: 0.4 x 60; Q1: 0.1 x 40 by proof alone; Q2: 0.2 x 15 by proof alone.
    found = [(gap.question, round(gap.points, 9), round(gap.proof, 9)) for gap in vendor.gaps]
    assert found == [("Q4", 30, 0), ("Q3", 24, 0), ("Q1", 4, 4), ("Q2", 3, 3)]


def test_the_next_step_brings_what_the_proof_at_hand_allows(tmp_path):
    tree = """
    a: {A1: {Q1: {type: single_choice, options: [{label: Best, score: 100}, {label: Good, score: 70},
                                                 {label: Fair, score: 30}]},
             Q2: {type: number, unit: days, points: [[0, 100], [10, 50], [20, 0]]},
             Q3: {type: rubric}}}
    """
    finding = "- {vendor: acme, question: Q3, level: 3, by: Ana, date: 2026-11-20, reason: Read}"
    given = {"Q1": "Fair", "Q2": (12, "Log of May"), "Q3": "Text"}
    vendor = evaluated(tmp_path, tree, {"acme": given}, findings=finding).vendor("acme")
    steps = {gap.question: (gap.next_step.value, round(gap.next_step_points, 9)) for gap in vendor.gaps}
    # A third each. Good is worth 70 and a claim 60: 30 more; 10 days 50 for 40; level 4 80 for 60.
    assert steps == {"Q1": (70, 10), "Q2": (50, round(10 / 3, 9)), "Q3": (80, round(20 / 3, 9))}


def test_five_of_each_and_ties_stand_in_the_order_of_the_questions(tmp_path):
    tree = "{a: {A1: {Q7: {}, Q6: {}, Q5: {}, Q4: {}, Q3: {}, Q2: {}, Q1: {}}}}"
    vendor = evaluated(tmp_path, tree, {"acme": {f"Q{n}": 50 for n in range(1, 8)}}, settings=OFF).vendor("acme")
    for records in (vendor.strengths, vendor.gaps):
        assert [record.question for record in records] == ["Q7", "Q6", "Q5", "Q4", "Q3"]


def test_a_pending_rubric_is_neither_strength_nor_gap(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {type: rubric}}}}"
    vendor = evaluated(tmp_path, tree, {"acme": {"Q1": 60, "Q2": "Text"}}, settings=OFF).vendor("acme")
    assert [gap.question for gap in vendor.gaps] == ["Q1"]
    assert [strength.question for strength in vendor.strengths] == ["Q1"]


@pytest.mark.parametrize("type_", ["text", "yes_no_partial"])
def test_what_has_no_weight_is_neither(tmp_path, type_):
    tree = f"{{a: {{A1: {{Q1: {{}}, Q2: {{type: {type_}, weight: 0}}}}}}}}"
    vendor = evaluated(tmp_path, tree, {"acme": {"Q1": 60, "Q2": "No"}}, settings=OFF).vendor("acme")
    assert {record.question for record in (*vendor.gaps, *vendor.strengths)} == {"Q1"}
