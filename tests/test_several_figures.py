"""Questions of several figures: rules, blank and impossible parts, currencies, and the way from rows to the page."""

from fractions import Fraction
from math import comb

import pytest
from books import AS_OF, SETTING, ask, cell, codes, fill, read
from builders import answer, evaluated, write_evaluation
from hypothesis import given, settings, strategies as st
from pydantic import ValidationError

from vendor_eval.config.models import Fault
from vendor_eval.criteria.questions import AnswerSettings
from vendor_eval.forms.open_points import open_points
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.intake.submission import read_submission
from vendor_eval.issues import InputError
from vendor_eval.proportions import beta_quantile, lower_bound
from vendor_eval.reports.pages.method import answer_text
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.run.evaluate import load_evaluation


def parts(*names, unit="", type_="number"):
    return [{"id": name, "text": f"{name}?", "unit": unit, "type": type_} for name in names]


def figures(rule, *of, more=(), **keys):
    """A question of several figures, each of them a number."""
    keys = {"points": [[0, 0], [100, 100]], "parts": [*parts(*of), *more], **keys}
    return ask("figures", compute={"rule": rule, "of": list(of)}, **keys)


SHARE = figures("share", "over", "people", unit="%", points=[[0, 100], [5, 60], [10, 0]])
PAY = figures(
    "ratio",
    "net_pay",
    "living_wage",
    parts=[*parts("net_pay", "living_wage", unit="per hour"), *parts("benchmark", type_="text")],
    points=[[0.6, 0], [1, 85], [1.2, 100]],
    gates=[{"kind": "must", "min": 1.0}],
)
SAMPLES = figures("worst_lower_bound", "wrong_1", "checked_1", "wrong_2", "checked_2", unit="%")


# ---- the bound of a sample


@pytest.mark.parametrize(
    ("wrong", "checked", "bound"),
    # From scipy.stats.beta.ppf.
    [
        (0, 1, 5.0),
        (1, 50, 90.86018692803026),
        (30, 1000, 95.95277627191338),
        (0, 1000, 99.70087504549046),
        (17, 40, 43.31390892836766),
        (9, 10, 0.5116196891823743),
        (500_000_000, 10**9, 49.99739920806303),
        (7, 7, 0.0),
    ],
)
def test_the_bound_is_the_one_of_clopper_and_pearson(wrong, checked, bound):
    assert lower_bound(wrong, checked) == pytest.approx(bound, abs=2e-9)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
@settings(max_examples=60, deadline=None)
def test_as_few_wrong_as_seen_have_a_chance_of_5_percent_at_the_bound(sample):
    """The quantile of Beta(k + 1, n - k) solves P(Binomial(n, q) <= k) = 0.05, summed here exactly."""
    wrong, checked = sample
    q = Fraction(beta_quantile(0.95, wrong + 1, checked - wrong))
    chance = sum(comb(checked, k) * q**k * (1 - q) ** (checked - k) for k in range(wrong + 1))
    assert float(chance) == pytest.approx(0.05, rel=1e-9)


# ---- the three rules


@pytest.mark.parametrize(
    ("question", "rows", "text", "number"),
    [
        pytest.param(SHARE, {"over": 12, "people": 180}, "12 of 180 = 6.7 %", 100 * 12 / 180, id="share"),
        pytest.param(SHARE, {"over": 0, "people": 180}, "0 of 180 = 0 %", 0, id="none of them"),
        pytest.param(
            PAY,
            {"net_pay": "KES 310", "living_wage": 280, "benchmark": "GLWC 2026"},
            "KES 310 / 280 = 1.11",
            310 / 280,
            id="ratio",
        ),
        pytest.param(
            PAY,
            {"net_pay": 279.99, "living_wage": 280, "benchmark": "x"},
            "279.99 / 280 = 0.99996",
            279.99 / 280,
            id="a rounded figure never reads as the bound that it misses",
        ),
        pytest.param(
            SAMPLES,
            {"wrong_1": 30, "checked_1": 1000, "wrong_2": 1, "checked_2": 50},
            "30 of 1000, 1 of 50 wrong: at least 90.9 % right in 1 of 50",
            90.86018692803026,
            id="worst of two",
        ),
    ],
)
def test_the_result_is_printed_with_its_parts(question, rows, text, number):
    reading = read(question, **rows)
    assert (reading.state, codes(reading), reading.answer.text) == ("answered", [], text)
    assert reading.answer.number == pytest.approx(number, abs=1e-9)


def test_points_test_the_result_and_the_arithmetic_is_shown():
    reading = read(SHARE, over=12, people=180)
    assert SHARE.value(reading.answer, SETTING) == pytest.approx(60 - (1200 / 180 - 5) / 5 * 60)
    expected = "12 of 180 = 6.7 %; 6.666666667 % lies between 5 (scores 60) and 10 (scores 0): 60 + (6.666666667 - 5)"
    assert SHARE.explain(reading.answer, SETTING).startswith(expected)
    assert SHARE.next_step(reading.answer, SETTING).text == "5 %"
    bound = read(SAMPLES, wrong_1=1, checked_1=50)
    assert "BETA.INV(0.95; k + 1; n - k)" in SAMPLES.explain(bound.answer, SETTING)


# ---- beyond what it means


@pytest.mark.parametrize(
    ("question", "rows", "part"),
    [
        pytest.param(
            figures("ratio", "net_pay", "living_wage", min=0, max=10, points=[[0, 0], [1, 100]]),
            {"net_pay": 310, "living_wage": 2.8},
            "net_pay",
            id="a month's pay for an hour's wage",
        ),
        pytest.param(
            figures("worst_lower_bound", "wrong", "checked", max=99), {"wrong": 0, "checked": 1000}, "wrong", id="bound"
        ),
        pytest.param(
            figures("share", "over", "people", parts=[part | {"whole": True} for part in parts("over", "people")]),
            {"over": 1, "people": 8.5},
            "people",
            id="half a person",
        ),
        pytest.param(
            figures("ratio", "a", "b", parts=[part | {"max": 24} for part in parts("a", "b")]),
            {"a": 25, "b": 8},
            "a",
            id="a part",
        ),
    ],
)
def test_a_result_or_a_part_beyond_its_meaning_is_asked_back(question, rows, part):
    reading = read(question, **rows)
    assert (reading.state, codes(reading)) == ("invalid", [(part, "implausible-value")])


# ---- blank, unknown, impossible


@pytest.mark.parametrize(
    ("question", "rows", "state", "said"),
    [
        pytest.param(SHARE, {}, "blank", [], id="untouched"),
        pytest.param(SHARE, {"over": 12}, "blank", [("people", "figures-incomplete")], id="a figure is blank"),
        pytest.param(
            SHARE,
            {"over": "tbd", "people": 5},
            "blank",
            [("over", "placeholder-answer"), ("over", "figures-incomplete")],
            id="a placeholder",
        ),
        pytest.param(SHARE, {"over": 1, "people": 0}, "invalid", [("over", "figures-contradict")], id="divisor 0"),
        pytest.param(SHARE, {"over": 250, "people": 200}, "invalid", [("over", "figures-contradict")], id="above all"),
        pytest.param(SHARE, {"over": -1, "people": 9}, "invalid", [("over", "negative-answer")], id="negative"),
        pytest.param(SHARE, {"over": "1-2", "people": 9}, "invalid", [("over", "range-answer")], id="range"),
        pytest.param(
            SAMPLES, {"wrong_1": 51, "checked_1": 50}, "invalid", [("wrong_1", "figures-contradict")], id="k above n"
        ),
        pytest.param(
            SAMPLES, {"wrong_1": 1, "checked_1": 10**10}, "invalid", [("wrong_1", "figures-contradict")], id="a slip"
        ),
        pytest.param(
            SAMPLES, {"wrong_1": 1, "checked_2": 50}, "blank", [("checked_1", "figures-incomplete")], id="no pair"
        ),
        pytest.param(SAMPLES, {"wrong_2": 1, "checked_2": 50}, "answered", [("wrong_1", "row-blank")], id="one pair"),
        pytest.param(
            PAY, {"net_pay": 310, "living_wage": 280}, "answered", [("benchmark", "row-blank")], id="text is blank"
        ),
        pytest.param(
            SHARE, {"over": "do not know", "people": 9}, "answered", [("over", "unmeasured")], id="does not know"
        ),
    ],
)
def test_what_is_missing_is_asked_back(question, rows, state, said):
    reading = read(question, **rows)
    assert (reading.state, codes(reading)) == (state, said)


def test_do_not_know_is_worth_0_even_where_nothing_scores_100():
    reading = read(SHARE, over="do not know", people=180)
    assert (reading.answer.word, reading.answer.number) == ("unknown", None)
    assert SHARE.value(reading.answer, SETTING) == 0


@pytest.mark.parametrize(
    ("net", "wage", "state"),
    [
        ("KES 310", "280 KES", "answered"),
        ("KES 310", "280 / h", "answered"),
        ("310 KES per hour", "Ksh 280", "answered"),
        ("$ 3.10", "2.80 USD per hour", "answered"),
        (cell(3.1, currency="$"), "USD 2.80", "answered"),
        ("3,10 €", "2,80 EUR", "answered"),
        ("KES 310", "2.80 USD", "figures-contradict"),
        (cell(3.1, currency="€"), "$ 2.80", "figures-contradict"),
        ("310 per day", 280, "wrong-unit"),
        (cell(0.31, percent=True), 280, "wrong-unit"),
    ],
)
def test_an_amount_per_hour_may_name_one_currency(net, wage, state):
    reading = read(
        PAY, net_pay=net, living_wage=wage, benchmark="x", setting=AnswerSettings(AS_OF, ","[: "," in str(net)])
    )
    if state == "answered":
        assert (reading.state, codes(reading)) == ("answered", [])
        assert reading.answer.number == pytest.approx(310 / 280)
    else:
        assert (reading.state, [code for _, code in codes(reading)]) == ("invalid", [state])


# ---- one cell for all rows, as in a finding


@pytest.mark.parametrize(
    ("text", "shown", "said"),
    [
        ("net_pay: 310; living_wage: 280; benchmark: GLWC; 2026", "310 / 280 = 1.11", []),
        ("net_pay: KES 310\nliving_wage: 280", "KES 310 / 280 = 1.11", ["row-blank"]),
        ("net_pay: 310", None, ["figures-incomplete"]),
        ("do not know", "do not know", ["unmeasured"]),
        ("310 / 280", None, ["figures-in-one-cell"]),
        ("about net_pay: 310; living_wage: 280", None, ["figures-in-one-cell"]),
        ("net_pay: 310; net_pay: 311; living_wage: 280", None, ["figures-in-one-cell"]),
        ("n/a", None, ["not-applicable-answer"]),
    ],
)
def test_one_cell_answers_all_rows_where_it_names_them(text, shown, said):
    reading = read(PAY, text)
    assert (reading.answer and reading.answer.text, [code for _, code in codes(reading)]) == (shown, said)


def test_one_cell_and_rows_contradict():
    question = PAY.read({"": cell("net_pay: 1; living_wage: 1"), "net_pay": cell(2)}, SETTING)
    assert codes(question) == [("", "contradiction")]


# ---- faults of a criteria file


@pytest.mark.parametrize(
    ("rule", "of"),
    [
        ("ratio", ["a"]),
        ("ratio", ["a", "b", "c", "d"]),
        ("share", ["a", "a"]),
        ("share", ["a", "note"]),
        ("share", ["a", "x"]),
        ("worst_lower_bound", ["a", "b", "c"]),
        ("worst_lower_bound", []),
        ("a / b", ["a", "b"]),
    ],
)
def test_a_rule_needs_its_parts_and_no_expression_is_evaluated(rule, of):
    more = parts("note", type_="text")
    with pytest.raises((Fault, ValidationError)):
        ask("figures", compute={"rule": rule, "of": of}, parts=[*parts("a", "b", "c", "d"), *more], points=[[0, 0]])


def test_parts_have_ids_of_their_own():
    with pytest.raises((Fault, ValidationError)):
        figures("share", "a", "b", more=parts("a"))


# ---- from the rows to the page

TREE = """
a:
  A1:
    HRS:
      type: figures
      unit: '%'
      parts:
        - {id: over, text: Who is over 60 hours, type: number, unit: people}
        - {id: people, text: Who works there, type: number, unit: people}
        - {id: source, text: Where it is recorded, type: text}
      compute: {rule: share, of: [over, people]}
      points: [[0, 100], [5, 60], [10, 0]]
      gates: [{kind: knock_out, max: 5, needs: document}, {kind: flag, max: 0}]
    PAY:
      type: figures
      parts:
        - {id: net_pay, text: Net pay, type: number, unit: per hour}
        - {id: living_wage, text: Living wage, type: number, unit: per hour}
      compute: {rule: ratio, of: [net_pay, living_wage]}
      points: [[0.6, 0], [1, 100]]
"""
GIVEN = {"HRS.over": (12, "Time records 2026"), "HRS.people": "180", "HRS.source": "HR", "PAY.net_pay": "KES 310"}


def test_rows_are_read_scored_gated_and_printed(tmp_path):
    result = evaluated(tmp_path, TREE, {"acme": GIVEN})
    vendor = result.vendor("acme")
    record = answer(vendor, "HRS")
    assert (record.answer, record.evidence, round(record.value, 6)) == ("12 of 180 = 6.7 %", "document", 40.0)
    assert [(part.key, part.raw) for part in record.parts] == [("over", "12"), ("people", "180"), ("source", "HR")]
    assert [part.source.cell for part in record.parts] == ["B2", "B3", "B4"]
    assert [(gate.kind, gate.result) for gate in vendor.gates] == [("knock_out", "fail"), ("flag", "fail")]
    assert vendor.gates[0].reason == "12 of 180 = 6.7 %; at most 5 are allowed"
    assert "12 of 180 = 6.7 %" in explain(result, vendor, "HRS")
    question = result.definition.categories[0].criteria[0].questions[0]
    assert answer_text(question, record) == "12 of 180 = 6.7 %"
    blank = answer(vendor, "PAY")
    assert (blank.state, blank.low, blank.high) == ("blank", 0, 100)
    assert [(issue.code, issue.question) for issue in vendor.issues if issue.question == "PAY"] == [
        ("figures-incomplete", "PAY")
    ]


def test_a_clarification_asks_for_every_row_and_completes_the_answer(tmp_path):
    result = evaluated(tmp_path, TREE, {"acme": GIVEN})
    questions = load_evaluation(tmp_path).asked_questions
    points = {point.question.id: point.needed for point in open_points(result, result.vendor("acme"), questions)}
    assert points == {"PAY": "The question is answered in part: please fill in the rows that are missing."}


def test_another_unit_beside_one_row_is_read_with_that_row(tmp_path):
    evaluation = load_evaluation(write_evaluation(tmp_path, TREE, {}))

    def other_units(book):
        for row in book.worksheets[1].iter_rows():
            key, unit = row[0].value, next((cell for cell in row if cell.value in {"per hour", "people"}), None)
            if unit is not None and key in {"PAY.net_pay", "HRS.people"}:
                unit.value = "KES per hour" if unit.value == "per hour" else "sites"

    answers = {**GIVEN, "PAY.net_pay": 310, "PAY.living_wage": "280 KES"}
    submission = read_submission(evaluation, fill(questionnaire(evaluation), answers, tmp_path / "a.xlsx", other_units))
    assert submission.responses["PAY"].given.text == "KES 310 / KES 280 = 1.11"
    assert submission.responses["PAY"].raw == "net_pay: 310 KES per hour; living_wage: 280 KES"
    assert [(issue.code, issue.part) for issue in submission.issues] == [("wrong-unit", "people")]


def test_a_finding_answers_every_row_and_the_vendors_own_stays(tmp_path):
    act = (
        "- {vendor: acme, question: HRS, answer: 'over: 3; people: 180', reason: Recounted, by: Ana, date: 2026-11-22}"
    )
    vendor = evaluated(tmp_path, TREE, {"acme": GIVEN}, findings=act).vendor("acme")
    record = answer(vendor, "HRS")
    assert (record.answer, record.raw) == ("3 of 180 = 1.7 %", "over: 12; people: 180; source: HR")


def test_a_finding_that_leaves_out_a_figure_is_a_fault_that_names_the_rows(tmp_path):
    act = "- {vendor: acme, question: HRS, answer: '3 of 180', reason: Recounted, by: Ana, date: 2026-11-22}"
    with pytest.raises(InputError) as error:
        evaluated(tmp_path, TREE, {"acme": GIVEN}, findings=act)
    assert [(issue.code, issue.question) for issue in error.value.issues] == [("wrong-value", "HRS")]
    assert "over: ...; people: ...; source: ..." in str(error.value)


def test_an_override_moves_the_points_of_the_result(tmp_path):
    over = "overrides: {HRS: {points: [[0, 100], [20, 0]]}}"
    result = evaluated(tmp_path, TREE, {"acme": GIVEN}, settings=f"{{{over}}}")
    assert answer(result.vendor("acme"), "HRS").value == pytest.approx(100 - 5 * 100 * 12 / 180)
