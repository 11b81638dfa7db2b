"""Figures of classification, preference and rubric: the worked numbers of the method, other implementations, laws."""

import math
from itertools import combinations

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings as limits, strategies as st
from pilot_tables import by_name, delivery, gold, settings, tasks

from vendor_eval.criteria.questions.figures import Percentage
from vendor_eval.pilot.figures.choices import (
    choice_errors,
    choice_figures,
    expert_ceiling,
    rubric_errors,
    rubric_figures,
)
from vendor_eval.pilot.figures.counts import of_count
from vendor_eval.pilot.settings import Link
from vendor_eval.pilot.tables import DUPLICATE, GOLD, WORK
from vendor_eval.pilot.verdict import judge

NAN = math.nan
CROPS = ("crop", "weed", "unsure")
near = pytest.approx


def classified(labels, truth, *, keys=None, counts=None, **more):
    """Figures by name and rows of errors of a classification."""
    plan = {key: more.pop(key) for key in ("phases", "strata", "kinds", "sources") if key in more}
    asked = tasks(plan.pop("sources", list(range(len(truth)))), **plan)
    of_gold, of_pilot = gold(truth, CROPS, counts=counts), settings(labels=CROPS, **keys or {})
    came = delivery(asked, labels, CROPS, upheld=more.pop("upheld", [truth[s] for s in asked.source]), **more)
    return by_name(choice_figures(of_pilot, of_gold, came)), list(choice_errors(of_pilot, of_gold, came))


def ends(figure):
    return figure.value, figure.low, figure.high


def test_accuracy_counts_every_gold_task():
    figures, errors = classified(["crop"] * 486 + ["weed"] * 10 + [""] * 3 + ["weat"], ["crop"] * 500)
    accuracy = figures["accuracy"]
    assert ends(accuracy) == near((97.2, 95.34667, 98.46094), abs=1e-5)
    assert accuracy.lower95 == near(95.65727, abs=1e-5)
    assert (accuracy.k, accuracy.n, accuracy.unit, accuracy.better, accuracy.method) == (
        *(486, 500, "%", "higher"), "clopper_pearson"
    )  # fmt: skip
    assert ends(figures["accuracy_lower"]) == (accuracy.lower95, accuracy.lower95, accuracy.high)
    assert [row[-2:] for row in errors] == [("weed", "wrong")] * 10 + [("", "missing")] * 3 + [("weat", "invalid")]
    assert errors[0] == ("t486", "g486", "", "crop", "weed", "wrong")


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        pytest.param(500, 500, 99.26494, 100, id="all right"),
        pytest.param(0, 20, 0, 16.84335, id="none"),
        pytest.param(470, 500, 91.54514, 95.91558, id="94 %"),
        pytest.param(492, 500, 96.87180, 99.30677, id="98.4 %"),
    ],
)
def test_intervals_of_accuracy(right, n, low, high):
    figures, _ = classified(["crop"] * right + ["weed"] * (n - right), ["crop"] * n)
    assert ends(figures["accuracy"]) == near((100 * right / n, low, high), abs=1e-5)


def test_recall_and_precision_of_a_class():
    truth = ["weed"] * 64 + ["crop"] * 36
    figures, _ = classified(["weed"] * 60 + ["crop"] * 4 + ["crop"] * 33 + [""] * 3, truth)
    assert ends(figures["recall", "class", "weed"]) == near((93.75, 84.76365, 98.27100), abs=1e-5)
    assert figures["precision", "class", "crop"].value == near(100 * 33 / 37)
    assert figures["balanced_accuracy"].value == near((60 / 64 + 33 / 36) * 50)
    unseen = figures["recall", "class", "unsure"], figures["precision", "class", "unsure"]
    assert [(f.value, f.n, f.reason) for f in unseen] == [(None, 0, "no_items")] * 2


def test_cost_and_critical_errors():
    truth = ["weed"] * 3 + ["crop"] * 497
    labels = ["crop"] * 3 + ["unsure"] * 11 + ["crop"] * 486
    figures, _ = classified(labels, truth, keys={"severity": {"weed>crop": 5}})
    assert ends(figures["cost_per_item"]) == near((0.052, 0.015899, 0.088101), abs=1e-6)
    assert ends(figures["critical_errors"]) == near((0.6, 0.12391, 1.74337), abs=1e-5)
    missing, _ = classified(["", *labels[1:]], truth, keys={"severity": {"weed>crop": 5}})
    assert missing["cost_per_item"].value == figures["cost_per_item"].value
    plain, _ = classified(labels, truth)
    assert plain["cost_per_item"].value == near(0.028)
    assert "critical_errors" not in plain


def test_drift_from_the_first_phase():
    labels = ["crop"] * 196 + ["weed"] * 4 + ["crop"] * 184 + ["weed"] * 16
    figures, errors = classified(
        labels, ["crop"] * 400, phases=["day1"] * 200 + ["surge"] * 200, keys={"phases": {"day1": 50, "surge": 50}}
    )
    drift = figures["drift", "phase", "surge"]
    assert ends(drift) == near((-6, -10.75790, -1.72578), abs=1e-5)
    assert drift.p == near(0.009865, abs=1e-6)
    assert (drift.n, drift.k, drift.unit, drift.better) == (400, None, "points", None)
    assert figures["accuracy", "phase", "surge"].value == 92
    assert ("drift", "phase", "day1") not in figures
    assert [row[2] for row in errors] == ["day1"] * 4 + ["surge"] * 16


def test_a_phase_without_gold_has_no_figures_and_the_next_is_the_first():
    phases = {"day1": 20, "change": 40, "surge": 40}
    kinds = [WORK, GOLD, GOLD]
    figures, _ = classified(
        ["crop", "crop", "weed"], ["crop"] * 3, phases=list(phases), kinds=kinds, keys={"phases": phases}
    )
    assert [key[2] for key in figures if key[:2] == ("accuracy", "phase")] == ["change", "surge"]
    assert figures["drift", "phase", "surge"].value == -100


def test_accuracy_by_stratum():
    figures, _ = classified(["crop", "weed", "crop"], ["crop"] * 3, strata=["rain", "rain", "dry"])
    assert figures["accuracy", "stratum", "rain"].value == 50
    assert figures["accuracy", "stratum", "dry"].n == 1


def test_duplicates_that_are_alike_and_delivered_twice():
    sources, kinds = [*range(50), *range(50)], [GOLD] * 50 + [DUPLICATE] * 50
    labels = ["weed"] * 48 + ["", "crop"] + ["weed"] * 46 + ["crop"] * 2 + ["", "weat"]
    figures, _ = classified(labels, ["weed"] * 50, sources=sources, kinds=kinds)
    assert ends(figures["consistency"]) == near((92, 80.76572, 97.77720), abs=1e-5)
    assert figures["accuracy"].n == 50
    assert "consistency" not in classified(["crop"], ["crop"])[0]


def test_an_ambiguous_item_leaves_n_and_a_dispute_is_counted():
    figures, errors = classified(
        *(["crop", "weed", "weed", "weed"], ["crop"] * 4),
        counts=[True, True, True, False], disputed=[1, 3], upheld=["crop", "weed", "crop", "weed"],
    )  # fmt: skip
    assert (figures["accuracy"].k, figures["accuracy"].n) == (1, 3)
    assert (figures["disputed"].k, figures["disputed"].n, figures["disputed"].method) == (1, 3, "count")
    assert (figures["accuracy_if_upheld"].k, figures["accuracy_if_upheld"].low) == (2, None)
    assert [row[0] for row in errors] == ["t1", "t2"]


def test_a_single_pass_has_no_agreement():
    assert not {"alpha", "pair_agreement"} & set(classified(["crop"], ["crop"])[0])


# ------------------------------------------------------------------------------------------------------- passes


def rated(passes, values, *, asked=None, keys=None):
    """Alpha and pair_agreement of passes: a text of letters for each item."""
    names = tuple(sorted({*"".join(values), "A", "B"}))
    ratings = [(t, a, 0, names.index(name)) for t, letters in enumerate(values) for a, name in enumerate(letters)]
    items = ["A"] * (asked or len(values))
    of_pilot = settings(labels=names, passes=passes, **keys or {})
    came = delivery(tasks([*range(len(items))]), items, names, ratings=ratings)
    figures = by_name(choice_figures(of_pilot, gold(items, names), came))
    return figures["alpha"], figures["pair_agreement"]


def test_pairs_of_annotators_are_pooled_over_items():
    _, pairs = rated(2, ["AAB", "ABB", "AAA", "AA"])
    assert (pairs.value, pairs.low, pairs.reason, pairs.n) == (60, None, "too_few_items", 4)


def test_alpha_of_krippendorffs_example():
    # The passes of four observers on twelve items, by item.
    observers = ["123321412___", "1233224125_3", "_3332342251_", "12332441251_"]
    values = ["".join(column).replace("_", "") for column in zip(*observers, strict=True)]
    alpha, _ = rated(2, values)
    assert alpha.value == near(0.743421, abs=1e-6)
    assert alpha.n == 11


def test_alpha_of_a_rubric_is_ordinal_over_items_and_criteria():
    observers = ["123321412___", "1233224125_3", "_3332342251_", "12332441251_"]
    ratings = [
        (item, annotator, 0, int(level) - 1)
        for annotator, levels in enumerate(observers)
        for item, level in enumerate(levels)
        if level != "_"
    ]
    of_pilot = settings("rubric", criteria=("helpful",), levels=[1, 2, 3, 4, 5], passes=2)
    medians = [[3.0]] * 12
    figures = by_name(
        rubric_figures(of_pilot, gold(medians=medians), delivery(tasks([*range(12)]), scores=medians, ratings=ratings))
    )
    assert figures["alpha"].value == near(0.815388, abs=1e-6)
    assert figures["alpha", "criterion", "helpful"].value == figures["alpha"].value


def test_alpha_and_its_interval_by_another_implementation():
    generator = np.random.default_rng(5)
    items = ["".join(generator.choice(list("ABC"), 2)) if generator.random() < 0.5 else "AA" for _ in range(60)]
    alpha, pairs = rated(2, items)
    assert alpha.value == near(_other_alpha(items), abs=1e-12)
    # The same resampling, item by item.
    distinct = sorted({tuple(item.count(name) for name in "ABC") for item in items})
    times = np.array([sum(tuple(i.count(n) for n in "ABC") == vector for i in items) for vector in distinct])
    texts = ["".join(n * k for n, k in zip("ABC", vector, strict=True)) for vector in distinct]
    drawn = np.random.Generator(np.random.PCG64(1)).multinomial(60, times / 60, size=2000)[:, :]
    some = [_other_alpha([t for t, k in zip(texts, row, strict=True) for _ in range(k)]) for row in drawn]
    assert (alpha.low, alpha.high) == near(tuple(np.percentile(some, [2.5, 97.5])), abs=1e-9)
    assert pairs.value == near(100 * sum(a == b for a, b in items) / 60)


def _other_alpha(items):
    codes = [[ord(letter) for letter in item] for item in items]
    return krippendorff.alpha(reliability_data=np.array(codes, dtype=float).T, level_of_measurement="nominal")


def test_annotators_that_agree_on_everything():
    alpha, pairs = rated(2, ["AA", "BB"] * 20)
    assert (alpha.value, alpha.low, alpha.high, alpha.reason) == (1, None, None, "perfect_agreement")
    assert ends(pairs) == near((100, 91.19, 100), abs=0.01)


def test_nothing_that_varies_has_no_alpha():
    alpha, _ = rated(2, ["AA"] * 40)
    assert (alpha.value, alpha.reason) == (None, "no_variation")


def test_leaving_out_hard_items_gives_no_agreement():
    enough, few = rated(2, ["AB", "AA"] * 19, asked=40), rated(2, ["AB", "AA"] * 18 + ["AAA"] * 2, asked=41)
    assert [figure.reason for figure in enough] == [None, None]
    assert [(figure.value, figure.reason) for figure in few] == [(None, "passes_missing")] * 2


# ------------------------------------------------------------------------------------------- preference, rubric


def test_a_preference_against_experts():
    experts = [[3, 0], [2, 1], [0, 3], [1, 1]]
    of_gold = gold(["A", "A", "B", ""], ("A", "B"), experts=experts, counts=[True, True, True, False])
    came = delivery(tasks([0, 1, 2, 3]), ["A", "B", "", "A"], ("A", "B"))
    figures = by_name(choice_figures(settings("preference", labels=("A", "B")), of_gold, came))
    assert (figures["accuracy"].k, figures["accuracy"].n) == (1, 3)
    assert (figures["expert_agreement"].value, figures["expert_agreement"].n) == (near(100 * 4 / 9), 3)
    assert expert_ceiling(of_gold) == near(100 * (3 + 1 + 3) / 9)
    assert not [name for name in figures if name[0] == "recall" or name == "cost_per_item"]


def test_a_preference_of_single_experts_has_no_expert_agreement():
    of_gold = gold(["A"], ("A", "B"), experts=[[1, 0]])
    figures = by_name(
        choice_figures(settings("preference", labels=("A", "B")), of_gold, delivery(tasks([0]), ["A"], "AB"))
    )
    assert "expert_agreement" not in figures
    assert expert_ceiling(of_gold) is None


def test_a_rubric_against_the_median_of_experts():
    medians = [[3, 3], [2.5, 5], [1, 4]]
    scores = [[3, 3], [2, 1], [NAN, 5]]
    of_pilot = settings("rubric", criteria=("helpful", "honest"), levels=[1, 2, 3, 4, 5])
    of_gold, came = gold(medians=medians), delivery(tasks([0, 1, 2]), scores=scores)
    figures = by_name(rubric_figures(of_pilot, of_gold, came))
    assert (figures["accuracy"].k, figures["accuracy"].n) == (1, 3)
    assert figures["within_one"].value == near(100 * 4 / 6)
    assert figures["severity"].value == near((0 + 0 - 0.5 - 4 + 1) / 5)
    assert (figures["severity"].reason, figures["severity"].unit) == ("too_few_items", "levels")
    assert [row[3:] for row in rubric_errors(of_pilot, of_gold, came)] == [
        ("2.5", "2", "wrong", "helpful"),
        ("5", "1", "wrong", "honest"),
        ("1", "", "no_label", "helpful"),
        ("4", "5", "wrong", "honest"),
    ]


def test_levels_are_counted_and_not_their_numbers():
    of_pilot = settings("rubric", criteria=("helpful",), levels=[0, 10, 100])
    came = delivery(tasks([0, 1]), scores=[[100], [0]])
    figures = by_name(rubric_figures(of_pilot, gold(medians=[[10], [100]]), came))
    assert figures["within_one"].value == 50
    assert figures["severity"].value == -0.5


# --------------------------------------------------------------------------------------------------------- laws

RIGHTS = st.lists(st.sampled_from([*CROPS, "", "weat"]), min_size=1, max_size=45)
limited = limits(max_examples=40, deadline=None)


@limited
@given(RIGHTS, st.data())
def test_the_order_of_items_changes_no_figure(labels, data):
    truth = data.draw(st.lists(st.sampled_from(CROPS), min_size=len(labels), max_size=len(labels)))
    order = data.draw(st.permutations(range(len(labels))))
    keys = {"severity": {"weed>crop": 0.1, "crop>weed": 0.7}}
    figures, _ = classified(labels, truth, keys=keys)
    assert figures == classified([labels[i] for i in order], [truth[i] for i in order], keys=keys)[0]


@limited
@given(st.lists(st.sampled_from(CROPS), min_size=1, max_size=60))
def test_gold_as_labels_is_faultless(truth):
    half = len(truth) // 2
    phases = {"phases": ["day1"] * half + ["surge"] * (len(truth) - half)}
    figures, errors = classified(truth, truth, keys={"phases": {"day1": 50, "surge": 50}}, **phases)
    assert errors == []
    shares = {"accuracy", "precision", "recall", "balanced_accuracy"}
    assert {f.value for f in figures.values() if f.id in shares and f.n} == {100}
    assert {f.value for f in figures.values() if f.id == "drift"} <= {0}
    assert figures["cost_per_item"].value == 0


def test_labels_drawn_evenly_are_right_as_often_as_chance():
    generator = np.random.default_rng(3)
    truth, first, second = (generator.integers(0, 3, 5000) for _ in range(3))
    ratings = [(t, a, 0, int(v)) for a, values in enumerate((first, second)) for t, v in enumerate(values)]
    names = [CROPS[i] for i in first], [CROPS[i] for i in truth]
    figures, _ = classified(*names, keys={"passes": 2}, ratings=ratings)
    assert abs(figures["accuracy"].value - 100 / 3) < 4 * 100 * math.sqrt(2 / 9 / 5000)
    assert abs(figures["alpha"].value) < 0.05
    assert figures["alpha"].low <= figures["alpha"].value <= figures["alpha"].high


@limited
@given(RIGHTS, st.data())
def test_a_label_made_right_never_lowers_and_a_blank_never_raises(labels, data):
    truth = data.draw(st.lists(st.sampled_from(CROPS), min_size=len(labels), max_size=len(labels)))
    item = data.draw(st.integers(0, len(labels) - 1))
    lower, middle, upper = (
        classified([*labels[:item], label, *labels[item + 1 :]], truth)[0]["accuracy"]
        for label in ("", labels[item], truth[item])
    )
    more = classified([*labels, "crop"], [*truth, "crop"])[0]["accuracy"]
    for end in ("value", "low", "high", "lower95"):
        assert getattr(lower, end) <= getattr(middle, end) <= getattr(upper, end)
        assert getattr(middle, end) <= getattr(more, end)


@limited
@given(RIGHTS, st.data())
def test_every_value_lies_in_its_interval(labels, data):
    truth = data.draw(st.lists(st.sampled_from(CROPS), min_size=len(labels), max_size=len(labels)))
    passes = [(t, a, 0, data.draw(st.integers(0, 2))) for t in range(len(labels)) for a in range(2)]
    figures, _ = classified(labels, truth, keys={"passes": 2}, ratings=passes)
    for figure in figures.values():
        if figure.low is not None:
            assert figure.low <= figure.value <= figure.high
    assert figures["accuracy_lower"].value >= figures["accuracy"].low


def test_pairs_by_enumeration():
    values = ["ABC", "AAB", "ACA", "BB", "CC", "AAA"]
    pairs = [pair for letters in values for pair in combinations(letters, 2)]
    assert rated(2, values)[1].value == near(100 * sum(a == b for a, b in pairs) / len(pairs))


def test_intervals_of_counts_cover_what_is_true_whatever_n():
    shares = np.linspace(0.01, 0.99, 50)
    for n in range(1, 61):
        limits_of = np.array([ends(of_count("accuracy", k, n))[1:] for k in range(n + 1)]) / 100
        bounds = np.array([of_count("accuracy", k, n).lower95 for k in range(n + 1)]) / 100
        likely = np.array([math.comb(n, k) * shares**k * (1 - shares) ** (n - k) for k in range(n + 1)])
        inside = (limits_of[:, :1] <= shares) & (shares <= limits_of[:, 1:])
        assert (likely * inside).sum(axis=0).min() >= 0.95
        assert (likely * (bounds[:, np.newaxis] <= shares)).sum(axis=0).min() >= 0.95


WORSE = ["not_kept", "cannot_tell", "kept"]


@limited
@given(
    st.integers(1, 300),
    st.data(),
    st.floats(0, 100),
    st.sampled_from([0, 1.5, 3]),
    st.sampled_from(["fact", "guarantee"]),
)
def test_a_label_made_right_worsens_no_verdict(n, data, promised, margin, kind):
    k = data.draw(st.integers(0, n - 1))
    link = Link(question="Q1", figure="accuracy", kind=kind, margin=margin)
    question = Percentage.model_validate({"id": "Q1", "type": "percentage", "text": "How many?", "weight": 0})
    pairs = [(k, n), (k + 1, n), (k + 1, n + 1)]
    before, right, more = (judge(link, promised, of_count("accuracy", *pair), 100, question) for pair in pairs)
    assert WORSE.index(before.verdict) <= WORSE.index(right.verdict)
    assert WORSE.index(before.verdict) <= WORSE.index(more.verdict)
