"""What a measured figure says of a promise, what of it counts, and the line on candour."""

from math import floor, inf

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from vendor_eval.criteria.questions.arithmetic import extremes, interpolate
from vendor_eval.criteria.questions.choices import SingleChoice
from vendor_eval.criteria.questions.figures import Percentage
from vendor_eval.pilot.kernels.intervals import clopper_pearson
from vendor_eval.pilot.settings import Link
from vendor_eval.pilot.verdict import candour, judge, needed
from vendor_eval.results.pilot import EffectRecord, FigureRecord

fast = settings(max_examples=150, deadline=None)
QUESTION = Percentage(id="OWN-01", text="Quality", type="percentage", weight=1, points=[[85, 0], [92, 50], [98, 90]])
CHOICE = SingleChoice(
    id="QAR-23",
    text="Guarantee",
    type="single_choice",
    weight=1,
    options=[{"label": "The target", "score": 100, "promises": "target"}, {"label": "Nothing", "score": 0}],
)


def share(k, n, **changes):
    """An accuracy of k of n with its exact interval."""
    low, high = clopper_pearson(k, n)
    figure = FigureRecord(
        id="accuracy",
        value=100 * k / n,
        low=low,
        high=high,
        k=k,
        n=n,
        unit="%",
        better="higher",
        method="clopper_pearson",
    )
    return figure.model_copy(update=changes)


def exact(figure, value, *, low=None, high=None, n=1, better="lower", unit="h"):
    low, high = (value if end is None else end for end in (low, high))
    return FigureRecord(id=figure, value=value, low=low, high=high, n=n, unit=unit, better=better, method="exact")


def link(kind="fact", margin=0.0, figure="accuracy"):
    return Link(question="OWN-01", figure=figure, kind=kind, margin=margin)


def judged(figure, promised, *, kind="fact", margin=0.0, least=100, question=QUESTION):
    return judge(link(kind, margin, figure.id), promised, figure, least, question)


# ------------------------------------------------------------------------------------------------ the verdict


@pytest.mark.parametrize(
    ("k", "n", "promised", "margin", "verdict", "reason", "more"),
    [
        pytest.param(486, 500, 98, 3, "cannot_tell", "within_chance", 1340, id="the example of the contract"),
        pytest.param(470, 500, 98, 0, "not_kept", None, None, id="the interval excludes the promise"),
        pytest.param(492, 500, 97, 1.5, "kept", None, None, id="reached, and surely not below the margin"),
        pytest.param(367, 367, 99, 0, "cannot_tell", "too_few", 370, id="367 faultless items prove no 99"),
        pytest.param(368, 368, 99, 0, "kept", None, None, id="368 faultless items prove 99"),
        pytest.param(470, 500, 98, 50, "not_kept", None, None, id="no margin forgives a proven shortfall"),
        pytest.param(500, 500, 100, 0, "cannot_tell", "too_few", None, id="no sample proves 100"),
    ],
)
def test_a_share_is_judged_by_its_interval(k, n, promised, margin, verdict, reason, more):
    record = judged(share(k, n), promised, margin=margin)
    assert (record.verdict, record.reason, record.needed) == (verdict, reason, more)


@pytest.mark.parametrize(
    ("figure", "promised", "kind", "verdict", "reason"),
    [
        pytest.param(share(90, 100), None, "fact", "cannot_tell", "no_promise", id="no promise"),
        pytest.param(share(90, 100, value=None), 90, "fact", "cannot_tell", "no_figure", id="no figure"),
        pytest.param(share(90, 100, low=None, high=None), 90, "fact", "cannot_tell", "no_interval", id="no interval"),
        pytest.param(exact("first_batch_days", 5.0), 5, "fact", "kept", None, id="as many days as promised"),
        pytest.param(exact("first_batch_days", 5.0), 4.9, "fact", "not_kept", None, id="later than promised"),
        pytest.param(exact("answer_hours", 4, low=2, high=9), 5, "fact", "cannot_tell", "too_few", id="lower, too few"),
        pytest.param(exact("answer_hours", 6, low=2, high=9), 5, "fact", "cannot_tell", "within_chance", id="lower"),
        pytest.param(
            exact("pay_max", 1.0, low=0.9, high=1.1, better="higher"), 2, "ceiling", "not_kept", None, id="ceiling"
        ),
        pytest.param(
            exact("pay_max", 3.0, low=2.9, high=3.1, better="higher"),
            2,
            "ceiling",
            "cannot_tell",
            "ceiling",
            id="above",
        ),
    ],
)
def test_every_reason_why_nothing_can_be_told(figure, promised, kind, verdict, reason):
    record = judged(figure, promised, kind=kind)
    assert (record.verdict, record.reason, record.needed) == (verdict, reason, None)


@pytest.mark.parametrize(
    ("value", "promised", "verdict", "reason", "answer"),
    [
        pytest.param(40, 25, "not_kept", None, 40, id="the lower end refutes"),
        pytest.param(None, 25, "not_kept", None, 26, id="most questions are open"),
        pytest.param(40, 30, "cannot_tell", "within_chance", 40, id="within chance"),
        pytest.param(40, 50, "cannot_tell", "infinite", 40, id="reached"),
        pytest.param(None, 30, "cannot_tell", "no_figure", None, id="no figure"),
    ],
)
@pytest.mark.parametrize("kind", ["fact", "guarantee"])
def test_a_range_without_an_upper_end_refutes_and_never_proves(value, promised, verdict, reason, answer, kind):
    hours = exact("answer_hours", 1.0, low=26.0).model_copy(update={"value": value, "high": None})
    question = QUESTION.model_copy(update={"points": ((24, 100), (48, 0))})
    record = judged(hours, promised, margin=99, kind=kind, question=question)
    assert (record.verdict, record.reason, record.low, record.high) == (verdict, reason, 26, None)
    if answer is None:
        assert record.effect is None
    else:
        counted = max(answer, promised) if kind == "guarantee" else answer
        least = max(26, promised) if kind == "guarantee" else 26
        assert record.effect.answer == counted
        assert (record.effect.low, record.effect.high) == (0, interpolate(question.points, least))
    sentence = candour("Acme", [record]).sentence
    assert ("26.0 or more" in sentence) is (verdict == "not_kept")


def test_a_promise_is_compared_to_a_billionth():
    figure = exact("first_batch_days", 5.0)
    assert judged(figure, 5 - 1e-10).verdict == "kept"
    assert judged(figure, 5 - 1e-8).verdict == "not_kept"


@pytest.mark.parametrize(("k", "n", "promised", "margin"), [(97, 100, 98, 3), (99, 100, 98, 3), (48, 50, 95, 2)])
def test_the_sample_that_is_needed_is_the_first_that_settles_the_promise(k, n, promised, margin):
    def settles(size):
        right = floor(100 * k / n * size / 100 + 0.5)
        return judged(share(right, size), promised, margin=margin).verdict != "cannot_tell"

    size = needed(100 * k / n, promised, margin)
    assert settles(size)
    assert not any(settles(fewer) for fewer in range(10, size, 10))


@fast
@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.data())
def test_a_higher_promise_keeps_nothing_and_a_wider_margin_undoes_nothing(counted, data):
    figure = share(*counted)
    low, high = sorted(data.draw(st.tuples(st.floats(0, 100), st.floats(0, 100))))
    margin, wider = sorted(data.draw(st.tuples(st.floats(0, 20), st.floats(0, 20))))
    least = data.draw(st.integers(1, 500))
    verdict = judged(figure, low, margin=margin).verdict
    if verdict == "not_kept":
        assert judged(figure, high, margin=margin).verdict == "not_kept"
    if judged(figure, high, margin=margin).verdict == "kept":
        assert verdict == "kept"
    if verdict == "kept":
        assert judged(figure, low, margin=wider).verdict == "kept"
    assert judged(figure, low, margin=margin, least=least).verdict == verdict


@fast
@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))), st.floats(0, 100))
def test_one_right_item_more_worsens_no_verdict(counted, promised):
    order = ["not_kept", "cannot_tell", "kept"]
    k, n = counted
    before, after = (judged(share(right, n), promised, margin=3).verdict for right in (k, k + 1))
    assert order.index(after) >= order.index(before)


# ------------------------------------------------------------------------------------------------ the effect


def effect(*args, **options):
    made = judged(*args, **options).effect
    return made and (made.act, *(end if end is None else round(end, 2) for end in (made.answer, made.low, made.high)))


@pytest.mark.parametrize(
    ("figure", "promised", "kind", "least", "expected"),
    [
        pytest.param(share(486, 500), 98, "guarantee", 100, ("answer", 97.2, 72.31, 90), id="the worse of the two"),
        pytest.param(
            share(486, 500), 96, "guarantee", 100, ("answer", 96, 72.31, 76.67), id="the promise is the worse"
        ),
        pytest.param(share(486, 500), None, "guarantee", 100, None, id="a guarantee not given is none"),
        pytest.param(share(486, 500), 98, "fact", 100, ("answer", 97.2, 72.31, 90), id="what was measured"),
        pytest.param(share(486, 500), None, "fact", 100, ("answer", 97.2, 72.31, 90), id="promised or not"),
        pytest.param(share(486, 500), 98, "fact", 501, None, id="too few to count"),
        pytest.param(share(80, 100), 98, "fact", 101, ("answer", 87.33, 0, 16.67), id="the best that it still allows"),
        pytest.param(share(80, 100), 98, "guarantee", 101, ("answer", 87.33, 0, 16.67), id="of a guarantee as well"),
        pytest.param(share(80, 100), 98, "ceiling", 100, ("claim", None, None, None), id="a ceiling sends back"),
        pytest.param(share(80, 100), 50, "ceiling", 100, None, id="a ceiling confirms nothing"),
        pytest.param(share(80, 100, low=None, high=None), 98, "fact", 100, None, id="no interval"),
        pytest.param(exact("first_batch_days", 90.0), 90, "fact", 100, ("answer", 90, 35.71, 35.71), id="of the log"),
    ],
)
def test_what_counts(figure, promised, kind, least, expected):
    assert effect(figure, promised, kind=kind, least=least) == expected


@pytest.mark.parametrize(("k", "expected"), [(80, ("claim", None, None, None)), (98, None), (100, None)])
@pytest.mark.parametrize("least", [100, 101])
def test_a_choice_takes_no_measured_value(k, expected, least):
    assert effect(share(k, 100), 98, kind="guarantee", question=CHOICE, least=least) == expected


def test_nothing_is_done_where_the_pilot_does_not_count():
    record = judge(link(), 98, share(470, 500), 100, QUESTION, counts=False)
    assert (record.verdict, record.effect) == ("not_kept", None)


@fast
@given(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.none() | st.floats(0, 100),
    st.sampled_from(["fact", "guarantee"]),
    st.sampled_from([1, 100]),
)
def test_the_value_that_counts_lies_between_its_ends(counted, promised, kind, least):
    made = judged(share(*counted), promised, kind=kind, least=least).effect
    if made is not None:
        value = interpolate(QUESTION.points, made.answer)
        assert made.low - 1e-9 <= value <= made.high + 1e-9
        if kind == "guarantee":
            assert made.answer <= promised + 1e-9


@fast
@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.floats(0, 100)), min_size=1, max_size=6, unique_by=lambda point: point[0]
    ),
    st.tuples(st.floats(-10, 60), st.floats(-10, 60)),
)
def test_the_ends_of_a_scale_that_turns_round_are_those_of_every_point_between(points, ends):
    scale, (low, high) = tuple(sorted(points)), sorted(ends)
    least, most = extremes(scale, low, high)
    between = [interpolate(scale, x) for x in np.linspace(low, high, 500)]
    assert least <= min(between) + 1e-9
    assert most >= max(between) - 1e-9
    reached = {interpolate(scale, x) for x in (low, high, *(x for x, _ in scale if low <= x <= high))}
    assert {least, most} <= reached


def test_the_turn_of_a_scale_counts_also_where_it_is_an_end():
    scale = ((0, 0), (50, 100), (100, 0))
    assert extremes(scale, 40, 70) == (60, 100)
    assert extremes(scale, 50, 60) == (80, 100)
    assert extremes(scale, 45, 50) == (90, 100)
    assert extremes(scale, 50, 50) == (100, 100)
    assert extremes(((10, 5),), -inf, inf) == (5, 5)


# ------------------------------------------------------------------------------------------------ candour


def test_the_line_on_candour_is_that_of_the_contract():
    broken = judged(share(470, 500), 98).model_copy(update={"question": "QAR-23"})
    kept, open_one, blank = (
        judged(share(492, 500), 97, margin=1.5),
        judged(share(486, 500), 98),
        judged(share(1, 2), None),
    )
    record = candour("Acme", [broken, kept, kept, kept, open_one, blank])
    assert record.sentence == (
        "Acme: 6 promises asked for, 4 tested: 3 kept, 1 not kept (QAR-23: 98 % promised, 94.0 % measured, 91.5-95.9); "
        "1 cannot be told, 1 was not given."
    )
    counts = (record.linked, record.tested, record.kept, record.not_kept, record.cannot_tell, record.no_promise)
    assert counts == (6, 4, 3, 1, 1, 1)
    assert record.expected_by_chance == pytest.approx(0.125)


def test_the_line_on_candour_prints_what_a_person_reads():
    broken = [
        judged(share(470, 500, value=97, low=96, high=97.98), 98),
        judged(share(470, 500), 97.123456789),
        judged(exact("rebrief_hours", 36.0), 20),
        judged(exact("pay_ratio_legal", 0.83, low=0.8, high=0.87, better="higher"), 1, kind="ceiling"),
    ]
    listed = candour("Acme", broken).sentence.partition("(")[2].partition(")")[0]
    assert [part.partition(": ")[2] for part in listed.split("; ")] == [
        "98 % promised, 97.0 % measured, 96.0-97.98",
        "97.1235 % promised, 94.0 % measured, 91.5-95.9",
        "20 hours promised, 36.0 hours measured",
        "1 promised, 0.83 measured, 0.80-0.87",
    ]


def test_a_ceiling_is_no_chance_of_a_broken_promise():
    pay = exact("pay_max", 1.0, low=0.9, high=1.1, better="higher")
    record = candour("Acme", [judged(pay, 2, kind="ceiling"), judged(share(5, 10, low=None, high=None), 2)])
    assert (record.not_kept, record.expected_by_chance) == (1, 0)


def test_a_ratio_is_said_without_a_unit():
    pay = exact("pay_ratio_legal", 0.83, low=0.8, high=0.87, better="higher")
    sentence = candour("Acme", [judged(pay, 1.1, kind="ceiling")]).sentence
    assert "1.1 promised, 0.83 measured, 0.80-0.87" in sentence


def test_the_effect_of_a_claim_has_no_figures():
    assert EffectRecord(act="claim").model_dump() == {
        "act": "claim",
        "answer": None,
        "low": None,
        "high": None,
        "set_aside": False,
    }
