"""Figures of seconds, pay and the log: worked numbers, bounds and reasons; deliveries that are too large."""

import math
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings as limits, strategies as st
from pilot_tables import by_name, delivery, settings, tasks
from scipy import stats

from vendor_eval.cli import main
from vendor_eval.issues import InputError
from vendor_eval.pilot.figures.work import work_figures
from vendor_eval.pilot.sizes import LARGEST, check_sizes
from vendor_eval.pilot.tables import Log

NAN = math.nan
near = pytest.approx
PAY = {
    "currency": "USD",
    "unit_price": {"acme": 0.012},
    "legal_minimum": {"acme": 2.1},
    "living_wage": {"acme": 4.1, "bolt": 5},
}


def work(seconds=(), *, by_task=None, log=None, price=None, task="classification", valid=None, **keys):
    """Figures by name of a vendor whose rows say these seconds, one of a task if not said otherwise."""
    seconds = np.array(seconds, dtype=np.float64)
    by_task = seconds if by_task is None else np.array(by_task, dtype=np.float64)
    came = np.ones(len(by_task), dtype=np.bool_)
    asked = delivery(tasks(list(range(len(by_task)))), [""] * len(by_task))
    arrived = replace(
        asked, row_seconds=seconds, seconds=by_task, delivered=came, valid=came if valid is None else np.array(valid)
    )
    return by_name(work_figures(settings(task, labels=["a"], **keys), arrived, log, unit_price=price))


def ends(figure):
    return figure.value, figure.low, figure.high


def spread(mean, error, n=100):
    """Seconds of n tasks with this mean and this standard error of it."""
    values = np.tile([-1.0, 1.0], n // 2)
    return mean + error * math.sqrt(n) / values.std(ddof=1) * values


def test_seconds_of_rows():
    figures = work(range(1, 41), fast_below=4)
    assert ends(figures["seconds_median"]) == (20.5, 14, 27)
    assert ends(figures["seconds_p90"]) == (np.percentile(range(1, 41), 90), None, None)
    share = figures["fast_share"]
    assert (share.value, share.k, share.n, share.better) == (7.5, 3, 40, "lower")
    assert (figures["seconds_median"].method, figures["seconds_median"].unit) == ("order_statistic", "s")
    few = work([5, 1, 3])["seconds_median"]
    assert (*ends(few), few.reason) == (3, None, None, "too_few_items")
    assert "fast_share" not in work(range(1, 41))


def test_what_an_hour_yields_is_the_worked_example():
    figures = work(spread(24, 0.4), pay=PAY)
    assert ends(figures["pay_max"]) == near((1.8, 1.74306, 1.86078), abs=5e-6)
    assert ends(figures["pay_ratio_legal"]) == near((0.85714, 0.83003, 0.88609), abs=5e-6)
    assert ends(figures["pay_ratio_living"]) == near([1.8 / 4.1, 1.74306 / 4.1, 1.86078 / 4.1], abs=5e-6)
    assert [figures[name].unit for name in ("pay_max", "pay_ratio_legal")] == ["USD/h", "ratio"]
    assert figures["pay_max"].n == 100


def test_the_price_of_an_offer_replaces_that_of_pilot_yaml():
    pay = {"currency": "USD", "price_item": "PRC-01", "legal_minimum": {"acme": 2}}
    assert "pay_max" not in work(spread(24, 0.4), pay=pay)
    figures = work(spread(24, 0.4), pay=pay, price=0.02)
    assert figures["pay_max"].value == near(3)
    assert figures["pay_ratio_legal"].value == near(1.5)
    assert "pay_ratio_living" not in figures


def test_the_passes_of_a_task_are_added_for_its_pay_and_not_for_its_speed():
    figures = work([10.0] * 80, by_task=[20.0] * 40, pay=PAY)
    assert figures["seconds_median"].value == 10
    assert figures["pay_max"].value == near(3600 * 0.012 / 20)
    assert figures["pay_max"].n == 40


def test_pay_of_few_tasks_has_no_interval():
    figure = work(spread(24, 0.4, 28), pay=PAY)["pay_max"]
    assert (figure.value, figure.low, figure.high, figure.reason) == (near(1.8), None, None, "too_few_items")
    figure = work(spread(10, 6), pay=PAY)["pay_max"]
    assert (figure.low, figure.reason) == (None, "undefined")


NAMES = ["seconds_median", "seconds_p90", "fast_share", "pay_max", "pay_ratio_legal", "pay_ratio_living"]


def test_seconds_that_are_left_out_give_no_figure_below_95_percent():
    keys = {"pay": PAY, "fast_below": 1}
    enough, missing = work([10.0] * 95 + [NAN] * 5, **keys), work([10.0] * 94 + [NAN] * 6, **keys)
    for name in NAMES:
        assert enough[name].value is not None
        assert (missing[name].value, missing[name].low, missing[name].reason) == (None, None, "seconds_missing")
        assert (missing[name].n, missing[name].unit) == (94, enough[name].unit)


def test_without_seconds_and_log_only_what_was_delivered_is_counted():
    figures = work([NAN] * 4, pay=PAY, fast_below=1, valid=[True, True, False, True])
    assert set(figures) == {"delivered"}
    assert (figures["delivered"].value, figures["delivered"].k, figures["delivered"].n) == (75, 3, 4)
    assert work([])["delivered"].reason == "no_items"


# ------------------------------------------------------------------------------------------------ the log


def test_the_log():
    hours = tuple(float(hour) for hour in range(1, 41))
    figures = work([NAN] * 500, log=Log(first_batch_days=9.5, answer_hours=hours, rebrief_hours=30.0, issues=7))
    assert ends(figures["first_batch_days"]) == (9.5, 9.5, 9.5)
    assert ends(figures["rebrief_hours"]) == (30, 30, 30)
    assert ends(figures["answer_hours"]) == (20.5, 14, 27)
    assert ends(figures["issues_per_1000"]) == near((14, 5.62873, 28.84535), abs=5e-6)
    assert (figures["issues_per_1000"].k, figures["issues_per_1000"].n) == (7, 500)
    methods = [figures[name].method for name in ("first_batch_days", "answer_hours", "issues_per_1000")]
    assert methods == ["exact", "order_statistic", "poisson"]


def test_what_is_not_logged_and_what_is_not_answered():
    figures = work([NAN], log=Log(None, (), None, 0))
    for name in ("first_batch_days", "answer_hours", "rebrief_hours"):
        assert (figures[name].value, figures[name].low, figures[name].reason) == (None, None, "not_logged")
    assert ends(figures["issues_per_1000"]) == near((0, 0, 1000 * -math.log(0.025)))
    assert work([], log=Log(None, (), None, 3))["issues_per_1000"].reason == "no_items"
    # The median of these lies between 5 hours and never.
    open_questions = work([NAN], log=Log(None, (1, 2, 5, math.inf, math.inf, math.inf), None, 0))["answer_hours"]
    assert (open_questions.value, open_questions.low, open_questions.high) == (None, 1, None)
    assert open_questions.reason == "infinite"
    never = work([NAN], log=Log(None, (math.inf,) * 6, None, 0))["answer_hours"]
    assert (never.value, never.low, never.high, never.reason) == (None, None, None, "infinite")
    late = work([NAN], log=Log(None, (1, 2, 3, 4, 5, math.inf), None, 0))["answer_hours"]
    assert (late.value, late.low, late.high, late.reason) == (3.5, 1, None, "infinite")
    few = work([NAN], log=Log(None, (1, 2, math.inf), None, 0))["answer_hours"]
    assert (few.value, few.low, few.reason) == (2, None, "too_few_items")


@limits(max_examples=40)
@given(st.lists(st.floats(0.5, 900), min_size=30, max_size=80), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_and_the_value_lies_in_its_interval(seconds, chance):
    figures = work(seconds, pay=PAY, fast_below=2)
    shuffled = chance.sample(seconds, len(seconds))
    assert figures == work(shuffled, pay=PAY, fast_below=2)
    for figure in figures.values():
        if figure.low is not None:
            assert figure.low <= figure.value <= figure.high
    mean = stats.sem(seconds) * stats.norm.ppf(0.975)
    if figures["pay_max"].low is not None:
        assert figures["pay_max"].low == near(3600 * 0.012 / (np.mean(seconds) + mean))


# ------------------------------------------------------------------------------------------------ sizes


@pytest.mark.parametrize(
    ("pilot", "settings", "named"),
    [
        (".", None, True),
        ("pilot", "{title: T}", True),
        ("trial", "{title: T, pilot: trial}", True),
        ("trial", "{title: T, pilot: {folder: trial, counts: false}}", True),
        ("pilot", "{title: T, pilot: trial}", False),
    ],
)
@pytest.mark.parametrize("file", ["acme.csv", "acme/day1.csv"])
def test_a_delivery_that_is_too_large_is_refused_by_its_size_alone(tmp_path, pilot, settings, named, file):
    large = tmp_path / pilot / "labels" / file
    large.parent.mkdir(parents=True)
    (large.parent / ".hidden").touch()
    for name in (large, large.with_name(".hidden")):
        with name.open("wb") as stream:
            stream.truncate(1_000_000_000)
    if settings:
        (tmp_path / "evaluation.yaml").write_text(settings, encoding="utf-8")
    if not named:
        check_sizes(tmp_path)
        return
    with pytest.raises(InputError) as caught:
        check_sizes(tmp_path)
    (issue,) = caught.value.issues
    assert (issue.code, issue.location.file) == ("file-too-large", f"labels/{file}")
    result = CliRunner().invoke(main, ["pilot", "measure", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "[file-too-large]" in result.stderr
    with large.open("wb") as stream:
        stream.truncate(LARGEST)
    check_sizes(tmp_path)
