"""Values, weights, blanks, evidence and intervals, worked by hand beside each case."""

import pytest
from builders import answer, evaluated, node, write_evaluation

from vendor_eval import load_criteria, load_evaluation
from vendor_eval.issues import InputError
from vendor_eval.scoring.score import weighted_mean

OFF = "evidence: off"
YES_NO = "{type: yes_no_partial}"


def acme(folder, tree, answers, **settings):
    return evaluated(folder, tree, {"acme": answers}, **settings).vendor("acme")


def figures(record, *names):
    """Figures of a record, without the noise of the last bits."""
    return tuple(None if getattr(record, name) is None else round(getattr(record, name), 9) for name in names)


# ------------------------------------------------------------------------------------------------ weights


TREE = """
a: {A1: {weight: 3, Q1: {weight: 2}, Q2: {weight: 6}}, A2: {weight: 1, Q3: {}}}
b: {B1: {Q4: {weight: 0.5}, Q5: {weight: 1.5}}}
"""


def test_a_total_is_the_mean_of_means_by_local_weights(tmp_path):
    # A1: (2 x 80 + 6 x 40) / 8 = 50; a: (3 x 50 + 1 x 90) / 4 = 60; b: (0.5 x 100 + 1.5 x 20) / 2 = 40.
    # Total: 0.7 x 60 + 0.3 x 40 = 54.
    given = {"Q1": 80, "Q2": 40, "Q3": 90, "Q4": 100, "Q5": 20}
    vendor = acme(tmp_path, TREE, given, settings="{evidence: off, weights: {a: 70, b: 30}}")
    assert figures(vendor, "score", "low", "high", "claimed", "credited", "coverage") == (54, 54, 54, 54, 54, 1)
    scores = {name: round(node(vendor, name).score, 9) for name in ("a", "a.A1", "a.A2", "b", "b.B1")}
    assert scores == {"a": 60, "a.A1": 50, "a.A2": 90, "b": 40, "b.B1": 40}


def test_weights_and_contributions_are_products_of_the_shares_on_the_path(tmp_path):
    given = {"Q1": 80, "Q2": 40, "Q3": 90, "Q4": 100, "Q5": 20}
    vendor = acme(tmp_path, TREE, given, settings="{evidence: off, weights: {a: 70, b: 30}}")
    weights = {record.id: round(record.global_weight, 9) for record in vendor.answers}
    # Q1: 0.7 x 3/4 x 2/8, Q2: 0.7 x 3/4 x 6/8, Q3: 0.7 x 1/4, Q4: 0.3 x 0.5/2, Q5: 0.3 x 1.5/2.
    assert weights == {"Q1": 0.13125, "Q2": 0.39375, "Q3": 0.175, "Q4": 0.075, "Q5": 0.225}
    points = {record.id: round(record.contribution, 9) for record in vendor.answers}
    assert points == {"Q1": 10.5, "Q2": 15.75, "Q3": 15.75, "Q4": 7.5, "Q5": 4.5}
    assert figures(node(vendor, "a"), "weight", "global_weight", "contribution") == (70, 0.7, 42)
    assert figures(node(vendor, "a.A1"), "weight", "global_weight", "contribution") == (3, 0.525, 26.25)


def test_a_preset_may_shift_weights_inside_a_category_and_own_weights_do_not(tmp_path):
    tree = "{a: {A1: {Q1: {}}, A2: {Q2: {}}}}"
    shift = "{preset_criteria: {balanced: {a: {A1: 3, A2: 1}}}}"
    given = {"Q1": 100, "Q2": 20}
    assert acme(tmp_path / "1", tree, given, settings=OFF, scorecard=shift).score == pytest.approx(80)
    own = "{evidence: off, weights: {a: 100}}"
    assert acme(tmp_path / "2", tree, given, settings=own, scorecard=shift).score == pytest.approx(60)


def test_a_category_with_nothing_asked_gives_its_weight_to_the_others_in_proportion(tmp_path):
    tree = """
    a: {A1: {Q1: {}}}
    b: {B1: {Q2: {}}}
    c: {applies: {personal_data: true}, C1: {Q3: {}}}
    """
    settings = "{evidence: off, weights: {a: 30, b: 10, c: 60}, context: {personal_data: false}}"
    vendor = acme(tmp_path, tree, {"Q1": 100, "Q2": 20}, settings=settings)
    # 30 and 10 of 40: 0.75 x 100 + 0.25 x 20 = 80.
    assert vendor.score == pytest.approx(80)
    shares = {name: figures(node(vendor, name), "weight", "global_weight", "score") for name in "abc"}
    assert shares == {"a": (30, 0.75, 100), "b": (10, 0.25, 20), "c": (60, 0, None)}
    assert [node(vendor, name).in_scope for name in "abc"] == [True, True, False]
    assert answer(vendor, "Q3").state == "not_asked"


def test_a_question_that_is_not_asked_leaves_both_sums_of_its_own_parent_only(tmp_path):
    tree = """
    a: {A1: {Q1: {weight: 1}, Q2: {weight: 3, applies: {personal_data: true}}}}
    b: {B1: {Q3: {}}}
    """
    given = {"Q1": 80, "Q2": 20, "Q3": 40}
    asked = acme(tmp_path / "1", tree, given, settings="{evidence: off, context: {personal_data: true}}")
    spared = acme(tmp_path / "2", tree, given, settings="{evidence: off, context: {personal_data: false}}")
    # (80 + 3 x 20) / 4 = 35 against 80; the categories keep a half each: (35 + 40) / 2 and (80 + 40) / 2.
    assert (asked.score, spared.score) == (pytest.approx(37.5), pytest.approx(60))
    assert figures(node(spared, "a"), "weight", "global_weight") == (50, 0.5)


@pytest.mark.parametrize(
    ("off", "score"),
    [
        pytest.param("Q2", 35, id="question"),  # (Q1 50 + Q3 20) / 2
        pytest.param("a.A1", 20, id="criterion"),
        pytest.param("b", 60, id="category"),  # a: (70 + 50) / 2, b: 20
    ],
)
def test_what_an_override_turns_off_is_not_asked(tmp_path, off, score):
    tree = "{a: {A1: {Q1: {}, Q2: {}}}, b: {B1: {Q3: {}}}}"
    given = {"Q1": 50, "Q2": 70, "Q3": 20}
    vendor = acme(tmp_path, tree, given, settings=f"{{evidence: off, overrides: {{{off}: off}}}}")
    assert vendor.score == pytest.approx(score)


def test_a_question_of_weight_zero_is_printed_and_counts_nothing(tmp_path):
    vendor = acme(tmp_path, "{a: {A1: {Q1: {}, Q2: {weight: 0}}}}", {"Q1": 70, "Q2": 10}, settings=OFF)
    assert figures(vendor, "score", "low", "high", "coverage") == (70, 70, 70, 1)
    assert figures(answer(vendor, "Q2"), "value", "global_weight", "contribution") == (10, 0, 0)


@pytest.mark.parametrize(
    ("settings", "scorecard", "place"),
    [
        pytest.param("{overrides: {Q3: {weight: 0}}}", "", "evaluation.yaml", id="questions by override"),
        pytest.param("{overrides: {b.B1: {weight: 0}}}", "", "evaluation.yaml", id="criteria by override"),
        pytest.param(
            "{preset: balanced}", "{preset_criteria: {balanced: {b: {B1: 0}}}}", "scorecard.yaml", id="preset"
        ),
    ],
)
def test_weights_that_become_all_zero_are_an_error_and_never_a_silent_rescale(tmp_path, settings, scorecard, place):
    tree = "{a: {A1: {Q1: {}, Q2: {}}}, b: {B1: {Q3: {}}}}"
    folder = write_evaluation(tmp_path, tree, {}, settings=settings, scorecard=scorecard)
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    assert [(issue.code, issue.location.file) for issue in error.value.issues] == [("all-zero-weights", place)]


def test_a_listed_category_outside_the_total_counts_nothing_and_a_weight_for_it_is_an_error(tmp_path):
    tree = "{a: {A1: {Q1: {}}}, b: {weighted: false, B1: {Q2: {}}}}"
    weightless = "{presets: {balanced: {a: 100}}}"
    vendor = acme(tmp_path / "1", tree, {"Q1": 70, "Q2": 10}, settings=OFF, scorecard=weightless)
    assert figures(vendor, "score", "low", "high") == (70, 70, 70)
    folder = write_evaluation(tmp_path / "2", tree, {})
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    assert [(issue.code, issue.location.file) for issue in error.value.issues] == [
        ("unknown-reference", "scorecard.yaml")
    ]


def test_overrides_leave_the_identity_of_the_scorecard_as_it_is(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {}}}}"
    plain = evaluated(tmp_path / "1", tree, {"acme": {}})
    changed = evaluated(tmp_path / "2", tree, {"acme": {}}, settings="{overrides: {Q1: {weight: 5}}}")
    other = evaluated(tmp_path / "3", "{a: {A1: {Q1: {weight: 5}, Q2: {}}}}", {"acme": {}})
    hashes = [result.evaluation.scorecard.sha256 for result in (plain, changed, other)]
    assert hashes[0] == hashes[1] == load_criteria(tmp_path / "1" / "criteria").sha256
    assert hashes[2] != hashes[0]


def test_a_mean_without_weights_is_none():
    assert (weighted_mean([(0, 50.0)]), weighted_mean([]), weighted_mean([(2, 50.0), (6, 90.0)])) == (None, None, 80)


# ------------------------------------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("question", "given", "value"),
    [
        pytest.param("{type: yes_no_partial}", "yes", 100, id="yes"),
        pytest.param("{type: yes_no_partial}", True, 100, id="a true cell"),
        pytest.param("{type: yes_no_partial}", ("Partial", "", "Two of three sites"), 50, id="partial with a comment"),
        pytest.param("{type: yes_no_partial}", ("Partial", "Audit report 2026"), 50, id="partial with evidence"),
        pytest.param("{type: yes_no_partial}", "Partial", 0, id="partial without a text"),
        pytest.param("{type: yes_no_partial}", ("Partial", "n/a", "-"), 0, id="partial with texts that say nothing"),
        pytest.param("{type: yes_no_partial, scores: {yes: 0, no: 100}}", "No", 100, id="a map of its own"),
        pytest.param(
            "{type: single_choice, options: [{label: Full ISO 27001, score: 80}, {label: None, score: 0}]}",
            "  full   iso\u00a027001 ",
            80,
            id="a label in another spelling",
        ),
        pytest.param("{type: number, points: [[0, 100], [30, 70], [90, 10]]}", 60, 40, id="between breakpoints"),
        pytest.param("{type: number, points: [[5, 20], [30, 70]]}", 2, 20, id="below the first breakpoint"),
        pytest.param("{type: number, points: [[5, 20], [30, 70]]}", 900, 70, id="above the last breakpoint"),
        pytest.param("{type: number, points: [[0, 0], [50, 100], [100, 20]]}", 75, 60, id="too good is untested"),
        pytest.param(
            "{type: number, unit: days, points: [[0, 100], [21, 30]]}", "3 weeks", 30, id="a unit that converts"
        ),
        pytest.param(
            "{type: number, points: [[0, 100], [9, 0]], none: 70}", "none", 70, id="none where it is an answer"
        ),
        pytest.param("{type: number, points: [[0, 100], [9, 0]]}", "do not know", 0, id="do not know"),
        pytest.param("{type: date, points: [[0, 100], [10, 0]]}", "2026-05-24", 40, id="six months exactly"),
        # The month after 31 October is 30 November, 30 days later; 24 of them are over on 24 November.
        pytest.param("{type: date, points: [[0, 0], [1, 100]]}", "2026-10-31", 80, id="days of a month"),
    ],
)
def test_an_answer_has_the_value_of_its_type(tmp_path, question, given, value):
    vendor = acme(tmp_path, f"{{a: {{A1: {{Q1: {question}}}}}}}", {"Q1": given}, settings=OFF)
    assert figures(answer(vendor, "Q1"), "value", "credited") == (value, value)
    assert vendor.score == pytest.approx(value)


MULTI = """
a: {A1: {Q1: {type: multi_choice,
              options: [{label: One, score: 40}, {label: Two, score: 35}, {label: Three, score: 50}]}}}
"""


@pytest.mark.parametrize(
    ("ticks", "state", "value"),
    [
        pytest.param({"Q1.a": "Yes", "Q1.b": "Yes"}, "answered", 75, id="an empty row is not ticked"),
        pytest.param({"Q1.a": "Yes", "Q1.b": "Yes", "Q1.c": "Yes"}, "answered", 100, id="at most 100"),
        pytest.param({"Q1.a": "No", "Q1.c": "n/a"}, "answered", 0, id="none of these"),
        pytest.param({"Q1.a": "n/a", "Q1.b": "n/a", "Q1.c": "n/a"}, "blank", 0, id="all rows n/a"),
        pytest.param({}, "blank", 0, id="untouched"),
        pytest.param({"Q1.a": "Yes", "Q1.b": "perhaps"}, "invalid", 0, id="a row without a reading"),
    ],
)
def test_ticked_options_add_up(tmp_path, ticks, state, value):
    record = answer(acme(tmp_path, MULTI, ticks, settings=OFF), "Q1")
    assert (record.state, record.value) == (state, value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("12 5", "ambiguous-number", id="two numbers"),
        pytest.param("10, 20", "ambiguous-number", id="a list"),
        pytest.param("30 90", "ambiguous-number", id="a range without a dash"),
        pytest.param("1.500", "ambiguous-number", id="thousands or a fraction"),
        pytest.param("10²", "not-a-number", id="a power"),
        pytest.param("5-10", "range-answer", id="a range"),
        pytest.param("about 5", "approximate-answer", id="about"),
        pytest.param("5 / 10", "wrong-unit", id="a ratio"),
    ],
)
def test_a_figure_without_one_reading_is_invalid_and_worth_nothing(tmp_path, text, code):
    tree = "{a: {A1: {Q1: {type: number, points: [[0, 0], [200, 100]]}}}}"
    vendor = acme(tmp_path, tree, {"Q1": text}, settings=OFF)
    record = answer(vendor, "Q1")
    assert (record.state, record.raw, record.value) == ("invalid", text, 0)
    assert figures(vendor, "low", "high") == (0, 100)
    assert [(i.code, i.severity, i.source.cell) for i in vendor.issues if i.source.cell] == [(code, "blocking", "B2")]


def test_thousands_may_stand_apart(tmp_path):
    tree = "{a: {A1: {Q1: {type: number, points: [[0, 0], [2000000, 100]]}}}}"
    assert acme(tmp_path, tree, {"Q1": "1 000 000"}, settings=OFF).score == 50


def test_a_certificate_for_ever_is_judged_and_stops_nothing(tmp_path):
    tree = "{a: {A1: {Q1: {type: certification}, Q2: {type: certification, within_months: 40}}}}"
    rows = {
        "status": "Valid",
        "accredited": "Yes",
        "scope": "The site and the service offered",
        "valid_until": "9999-12-31",
    }
    given = {f"{question}.{part}": text for question in ("Q1", "Q2") for part, text in rows.items()}
    vendor = acme(tmp_path, tree, given, settings=OFF)
    assert [(answer(vendor, name).state, answer(vendor, name).value) for name in ("Q1", "Q2")] == [
        ("answered", 100),
        ("invalid", 0),
    ]
    assert "implausible-date" in {issue.code for issue in vendor.issues}


def test_dates_are_judged_on_the_evaluation_date(tmp_path):
    rows = {"Q1.status": "Valid", "Q1.accredited": "Yes", "Q1.scope": "The site and the service offered"}
    given = {**rows, "Q1.valid_until": "2027-02-22"}
    tree = "{a: {A1: {Q1: {type: certification}}}}"
    # 90 days from 24 November 2026 to 22 February 2027; a day later 89 are left.
    values = [
        acme(tmp_path / day, tree, given, settings=f"{{evidence: off, as_of: {day}}}").score
        for day in ("2026-11-24", "2026-11-25", "2027-02-22", "2027-02-23")
    ]
    assert values == [100, 60, 60, 0]


def test_breakpoints_of_an_override_count_whatever_the_context(tmp_path):
    tree = """
    a: {A1: {Q1: {type: number, points: [[0, 0], [100, 100]],
                  points_when: [{when: {size: [large]}, points: [[0, 0], [200, 100]]}]}}}
    """
    context = "context: {size: large}"
    scores = [
        acme(tmp_path / str(index), tree, {"Q1": 50}, settings=f"{{evidence: off, {settings}}}").score
        for index, settings in enumerate(
            ["context: {size: small}", context, f"{context}, overrides: {{Q1: {{points: [[0, 0], [50, 80]]}}}}"]
        )
    ]
    assert scores == [50, 25, 80]


# ------------------------------------------------------------------------------------------------ blanks


def test_exclude_is_inside_the_same_parent(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {}}, A2: {Q3: {}}}}"
    vendor = acme(tmp_path, tree, {"Q1": 80, "Q3": 40}, settings="{evidence: off, missing: exclude}")
    # A1 is 80 alone and keeps its half: (80 + 40) / 2 = 60. Over all leaves at once it would be
    # (1/4 x 80 + 1/2 x 40) / (3/4) = 53.3. With the blank at 0 and at 100, A1 is 40 and 90.
    assert figures(vendor, "score", "low", "high") == (60, 40, 65)
    weights = {record.id: figures(record, "global_weight", "effective_weight") for record in vendor.answers}
    assert weights == {"Q1": (0.25, 0.5), "Q2": (0.25, 0), "Q3": (0.5, 0.5)}
    assert sum(record.contribution for record in vendor.answers) == pytest.approx(60)


@pytest.mark.parametrize(
    ("missing", "blank", "score"),
    [
        # zero: A1 = 80 / 4 = 20, A2 = 0, a = 10, b = 60: total 35.
        pytest.param("zero", None, 35, id="zero"),
        pytest.param("zero", "n/a", 35, id="zero with n/a"),
        # exclude: A1 = 80, A2 is missing itself, a = 80: total 70.
        pytest.param("exclude", None, 70, id="exclude"),
        pytest.param("exclude", "n/a", 70, id="exclude with n/a"),
        pytest.param("exclude", "-", 70, id="exclude with a dash"),
    ],
)
def test_a_blank_counts_as_the_evaluation_says(tmp_path, missing, blank, score):
    tree = "{a: {A1: {Q1: {weight: 1}, Q2: {weight: 3}}, A2: {Q3: {}}}, b: {B1: {Q4: {}}}}"
    given = {"Q1": 80, "Q2": blank, "Q3": blank, "Q4": 60}
    vendor = acme(tmp_path, tree, given, settings=f"{{evidence: off, missing: {missing}}}")
    assert vendor.score == pytest.approx(score)
    # Blanks at 0 and at 100: a = 10 and ((80 + 300) / 4 + 100) / 2 = 97.5; with b = 60 that is 35 and 78.75.
    assert figures(vendor, "low", "high") == (35, 78.75)
    # A quarter of A1 and nothing of A2 is answered: (1/4 + 0) / 2 of a, all of b: (0.125 + 1) / 2 = 0.5625.
    assert vendor.coverage == pytest.approx(0.5625)
    assert node(vendor, "a.A2").score == (0 if missing == "zero" else None)


def test_an_all_blank_node_is_missing_itself(tmp_path):
    tree = "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}, Q3: {}}}}"
    vendor = acme(tmp_path, tree, {"Q1": 40}, settings="{evidence: off, missing: exclude}")
    assert figures(vendor, "score", "low", "high", "coverage") == (40, 20, 70, 0.5)
    assert figures(node(vendor, "b"), "score", "low", "high", "contribution") == (None, 0, 100, 0)


@pytest.mark.parametrize("missing", ["zero", "exclude"])
def test_an_invalid_answer_counts_zero_whatever_blanks_count(tmp_path, missing):
    tree = "{a: {A1: {Q1: {}, Q2: {}}}}"
    vendor = acme(tmp_path, tree, {"Q1": 80, "Q2": "ninety"}, settings=f"{{evidence: off, missing: {missing}}}")
    assert figures(vendor, "score", "low", "high", "coverage") == (40, 40, 90, 0.5)
    assert answer(vendor, "Q2").state == "invalid"


def test_a_vendor_that_leaves_everything_blank_scores_nothing(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {}}}}"
    for missing in ("zero", "exclude"):
        vendor = acme(tmp_path / missing, tree, {}, settings=f"{{missing: {missing}}}")
        assert figures(vendor, "score", "low", "high", "coverage") == (0, 0, 100, 0)


# ------------------------------------------------------------------------------------------------ evidence


@pytest.mark.parametrize(
    ("evidence", "settings", "level", "credited"),
    [
        pytest.param(None, "", "claim", 60, id="a claim"),
        pytest.param("-", "", "claim", 60, id="a cell that says nothing"),
        pytest.param("On request", "", "claim", 60, id="a document on request"),
        pytest.param("Audit report 2026, page 4", "", "document", 85, id="a document"),
        pytest.param(
            "Audit report 2026", "{evidence: {claim: 20, document: 40, verified: 90}}", "document", 40, id="own"
        ),
        pytest.param(None, "{evidence: {claim: 20}}", "claim", 20, id="one cap of its own"),
        pytest.param(None, "{evidence: off}", "claim", 95, id="off"),
    ],
)
def test_the_proof_caps_the_credit(tmp_path, evidence, settings, level, credited):
    vendor = acme(tmp_path, "{a: {A1: {Q1: {}}}}", {"Q1": (95, evidence)}, settings=settings)
    record = answer(vendor, "Q1")
    assert (record.evidence, record.value, record.credited) == (level, 95, credited)
    assert figures(vendor, "score", "claimed", "credited", "low", "high") == (
        credited,
        95,
        credited,
        credited,
        credited,
    )


def test_a_cap_is_no_factor(tmp_path):
    vendor = acme(tmp_path, "{a: {A1: {Q1: {}, Q2: {}}}}", {"Q1": 55, "Q2": (85, "Report")})
    assert [answer(vendor, name).credited for name in ("Q1", "Q2")] == pytest.approx([55, 85])


def test_better_proof_cannot_be_set_to_count_for_less(tmp_path):
    folder = write_evaluation(tmp_path, "{a: {A1: {Q1: {}}}}", {}, settings="{evidence: {claim: 90}}")
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    assert [issue.code for issue in error.value.issues] == ["wrong-value"]


def test_a_row_with_a_document_proves_its_own_tick(tmp_path):
    vendor = acme(tmp_path, MULTI, {"Q1.a": "Yes", "Q1.b": ("Yes", "Contract annex 2"), "Q1.c": "Yes"})
    # Best without the third: (40 x 60 + 35 x 85) / 75; with all three (50 x 60 more) / 125 = 67.
    assert (answer(vendor, "Q1").evidence, answer(vendor, "Q1").credited) == ("claim", pytest.approx(215 / 3))


def test_reach_is_the_claim_with_blanks_at_100_and_high_is_the_credit_with_blanks_at_100(tmp_path):
    tree = "{a: {A1: {Q1: {weight: 2}, Q2: {}, Q3: {}}}}"
    vendor = acme(tmp_path, tree, {"Q1": 90, "Q2": (80, "Report")})
    # credited: (2 x 60 + 80 + 0) / 4; claimed: (2 x 90 + 80 + 0) / 4; with the blank at 100: 75 and 90.
    record = node(vendor, "a.A1")
    assert figures(record, "score", "low", "claimed", "high", "reach") == (50, 50, 65, 75, 90)
    assert figures(vendor, "score", "claimed", "low", "high") == (50, 65, 50, 75)


def test_documented_and_verified_are_shares_of_the_asked_weight(tmp_path):
    tree = "{a: {A1: {Q1: {weight: 1}, Q2: {weight: 2}, Q3: {weight: 3}, Q4: {weight: 4}}}}"
    verified = "- {vendor: acme, question: Q2, verified: true, by: Ana, date: 2026-11-20, reason: Seen}"
    given = {"Q1": 50, "Q2": 50, "Q3": (50, "Report")}
    vendor = acme(tmp_path, tree, given, findings=verified)
    assert figures(vendor, "coverage", "documented", "verified") == (0.6, 0.5, 0.2)


# ------------------------------------------------------------------------------------------------ rubrics


RUBRIC = "{a: {A1: {Q1: {}, Q2: {weight: 3, type: rubric}}}, b: {B1: {Q3: {}}}}"


def test_a_pending_rubric_leaves_both_sums_and_makes_the_result_provisional(tmp_path):
    result = evaluated(tmp_path, RUBRIC, {"acme": {"Q1": 50, "Q2": "We tested it", "Q3": 30}}, settings=OFF)
    vendor = result.vendor("acme")
    # a is 50 alone, so (50 + 30) / 2 = 40; at level 0 a would be 12.5, at level 5 (50 + 300) / 4 = 87.5.
    assert figures(vendor, "score", "low", "high", "coverage") == (40, 21.25, 58.75, 0.625)
    record = answer(vendor, "Q2")
    assert (record.state, record.value, record.credited, record.contribution) == ("pending", None, None, 0)
    assert (record.low, record.high) == (0, 100)
    assert (result.evaluation.provisional, result.evaluation.pending) == (True, ("acme Q2",))
    assert vendor.pending == ("Q2",)


@pytest.mark.parametrize("level", [0, 2, 3, 5])
def test_a_level_counts_twenty_and_no_evidence_caps_it(tmp_path, level):
    finding = f"- {{vendor: acme, question: Q2, level: {level}, by: Ana, date: 2026-11-20, reason: Read}}"
    result = evaluated(tmp_path, RUBRIC, {"acme": {"Q1": 50, "Q2": "Text", "Q3": 30}}, findings=finding)
    record = answer(result.vendor("acme"), "Q2")
    assert (record.state, record.value, record.credited, record.evidence) == (
        "answered",
        level * 20,
        level * 20,
        "verified",
    )
    assert not result.evaluation.provisional


def test_no_cap_of_the_evaluation_lowers_a_level(tmp_path):
    finding = "- {vendor: acme, question: Q2, level: 5, by: Ana, date: 2026-11-20, reason: Read}"
    caps = "{evidence: {claim: 10, document: 20, verified: 30}}"
    vendor = acme(tmp_path, RUBRIC, {"Q1": 50, "Q2": "Text", "Q3": 30}, settings=caps, findings=finding)
    assert [answer(vendor, name).credited for name in ("Q1", "Q2", "Q3")] == [10, 100, 10]


def test_a_level_counts_even_where_the_vendor_wrote_nothing(tmp_path):
    finding = "- {vendor: acme, question: Q2, level: 3, by: Ana, date: 2026-11-20, reason: Pilot}"
    vendor = acme(tmp_path, RUBRIC, {"Q1": 50, "Q3": 30}, findings=finding)
    assert (answer(vendor, "Q2").raw, answer(vendor, "Q2").value) == ("", 60)


# ------------------------------------------------------------------------------------------------ caps by other answers


CAPPED = """
a:
  A1:
    Q1: {cap_if: {Q2: {b: 40, c: 0}}}
    Q2: {type: single_choice, options: [{label: Unqualified, score: 100}, {label: Exceptions, score: 50},
                                        {label: Adverse, score: 0}]}
"""


@pytest.mark.parametrize(
    ("other", "value", "high"),
    [
        pytest.param("Unqualified", 90, 90, id="no cap"),
        pytest.param("Exceptions", 40, 40, id="the cap of the answer"),
        pytest.param("Adverse", 0, 0, id="the lowest cap"),
        pytest.param(None, 0, 90, id="blank takes the lowest cap and is open"),
        pytest.param("Some of it", 0, 90, id="invalid takes the lowest cap and is open"),
    ],
)
def test_another_answer_may_cap_a_value(tmp_path, other, value, high):
    record = answer(acme(tmp_path, CAPPED, {"Q1": 90, "Q2": other}, settings=OFF), "Q1")
    assert (record.value, record.credited, record.low, record.high) == (value, value, value, high)


def test_the_evidence_cap_still_holds_where_another_answer_is_open(tmp_path):
    record = answer(acme(tmp_path, CAPPED, {"Q1": 90}), "Q1")
    assert (record.value, record.low, record.high) == (0, 0, 60)


def test_a_question_that_nobody_is_asked_caps_nothing(tmp_path):
    vendor = acme(tmp_path, CAPPED, {"Q1": 90}, settings="{evidence: off, overrides: {Q2: off}}")
    assert figures(vendor, "score", "low", "high") == (90, 90, 90)


@pytest.mark.parametrize(
    ("ticks", "value"),
    [
        pytest.param({"Q2.a": "Yes"}, 30, id="ticked"),
        pytest.param({"Q2.b": "Yes"}, 90, id="not ticked"),
        pytest.param({}, 30, id="blank"),
    ],
)
def test_one_row_of_several_may_cap(tmp_path, ticks, value):
    tree = """
    a: {A1: {Q1: {cap_if: {Q2.a: {yes: 30}}},
             Q2: {type: multi_choice, options: [{label: One, score: 50}, {label: Two, score: 50}]}}}
    """
    assert answer(acme(tmp_path, tree, {"Q1": 90, **ticks}, settings=OFF), "Q1").value == value


# ------------------------------------------------------------------------------------------------ follow-ups


FOLLOW_UP = """
a:
  A1:
    Q1: {type: yes_no_partial}
    Q2: {weight: 3, ask_if: {Q1: [yes]}, gates: [{kind: knock_out, at_least: 60}]}
"""


@pytest.mark.parametrize(
    ("parent", "own", "state", "figures_wanted"),
    [
        # Q1 counts 1, Q2 counts 3.
        pytest.param("Yes", 80, "answered", (85, 85, 85), id="asked and answered"),
        pytest.param("Yes", None, "blank", (25, 25, 100), id="asked and blank"),
        pytest.param("No", None, "settled", (0, 0, 0), id="made unnecessary by a bad answer"),
        pytest.param(("Partial", "", "One site"), None, "settled", (50, 50, 50), id="takes the value of the answer"),
        pytest.param("No", 100, "settled", (0, 0, 0), id="what is written all the same counts nothing"),
        pytest.param(None, None, "settled", (0, 0, 100), id="on a blank"),
        pytest.param(None, 90, "settled", (0, 0, 100), id="hangs on a blank though answered"),
        pytest.param("maybe", None, "settled", (0, 0, 100), id="hangs on an invalid answer"),
    ],
)
def test_a_follow_up_stays_in_the_sums(tmp_path, parent, own, state, figures_wanted):
    vendor = acme(tmp_path, FOLLOW_UP, {"Q1": parent, "Q2": own}, settings=OFF)
    assert answer(vendor, "Q2").state == state
    assert figures(vendor, "score", "low", "high") == figures_wanted


def test_a_settled_follow_up_takes_the_credit_with_the_value(tmp_path):
    tree = FOLLOW_UP.replace("[yes]", "[no]")
    vendor = acme(tmp_path, tree, {"Q1": "Yes"})
    record = answer(vendor, "Q2")
    assert (record.value, record.credited, record.evidence) == (100, 60, None)
    assert figures(vendor, "score", "claimed", "coverage", "documented") == (60, 100, 1, 0)


def test_what_a_settled_follow_up_can_reach_is_what_its_answer_can_reach(tmp_path):
    settings = "{evidence: off, floors: {a: 60}}"
    no, blank = (
        node(acme(tmp_path / str(given), FOLLOW_UP, {"Q1": given}, settings=settings), "a") for given in ("No", None)
    )
    assert (no.reach, no.floor.result) == (0, "fail")
    assert (blank.reach, blank.floor.result) == (100, "unresolved")


@pytest.mark.parametrize(
    ("parent", "gates", "status"),
    [
        pytest.param("No", [], "eligible", id="settled by an answer"),
        pytest.param(
            None, [("Q2", "unresolved", "Depends on Q1, which is open")], "conditional", id="hangs on a blank"
        ),
        pytest.param("Yes", [("Q2", "unresolved", "The answer is blank")], "conditional", id="asked and blank"),
    ],
)
def test_a_settled_follow_up_has_no_gate_and_an_open_one_is_unresolved(tmp_path, parent, gates, status):
    vendor = acme(tmp_path, FOLLOW_UP, {"Q1": parent}, settings=OFF)
    assert [(gate.question, gate.result, gate.reason) for gate in vendor.gates] == gates
    assert vendor.status == status


def test_a_follow_up_of_a_settled_follow_up_takes_the_same_answer(tmp_path):
    tree = """
    a: {A1: {Q3: {ask_if: {Q2: [yes]}}, Q2: {type: yes_no_partial, ask_if: {Q1: [yes]}}, Q1: {type: yes_no_partial}}}
    """
    vendor = acme(tmp_path, tree, {"Q1": ("Partial", "", "Half")}, settings=OFF)
    assert [(record.id, record.state, record.value) for record in vendor.answers] == [
        ("Q3", "settled", 50),
        ("Q2", "settled", 50),
        ("Q1", "answered", 50),
    ]


def test_follow_ups_of_a_question_that_nobody_is_asked_are_not_asked_in_any_order(tmp_path):
    tree = """
    a: {A1: {Q3: {ask_if: {Q2: [yes]}}, Q2: {type: yes_no_partial, ask_if: {Q1: [yes]}},
             Q1: {type: yes_no_partial, applies: {personal_data: true}}, Q4: {}}}
    """
    vendor = acme(tmp_path, tree, {"Q4": 70}, settings="{evidence: off, context: {personal_data: false}}")
    assert [record.state for record in vendor.answers] == ["not_asked", "not_asked", "not_asked", "answered"]
    assert vendor.score == 70


def test_of_several_answers_that_settle_it_the_least_counts(tmp_path):
    tree = """
    a: {A1: {Q1: {type: yes_no_partial}, Q2: {type: yes_no_partial},
             Q3: {ask_if: {Q1: [yes], Q2: [yes]}}}}
    """
    vendor = acme(tmp_path, tree, {"Q1": ("Partial", "", "Half"), "Q2": "No"}, settings=OFF)
    assert (answer(vendor, "Q3").state, answer(vendor, "Q3").value) == ("settled", 0)


def test_an_override_that_refers_to_nothing_is_an_error(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {}}}}"
    folder = write_evaluation(tmp_path, tree, {}, settings="{overrides: {Q2: {ask_if: {Q9: [yes]}}}}")
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    assert [(issue.code, issue.location.file) for issue in error.value.issues] == [
        ("unknown-reference", "evaluation.yaml")
    ]
