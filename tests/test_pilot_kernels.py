"""The statistics of a pilot agree with scipy, statsmodels, pycocotools and seqeval, and with brute force."""

import hashlib
import io
from contextlib import redirect_stdout
from itertools import pairwise, product
from math import comb
from typing import NamedTuple

import numpy as np
import pytest
import seqeval.metrics
from hypothesis import given, strategies as st
from pycocotools import mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from scipy import stats
from seqeval.scheme import IOB2
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from vendor_eval.pilot.kernels import acceptance, boxes, drawing, intervals, resampling, spans
from vendor_eval.pilot.kernels.boxes import Boxes
from vendor_eval.pilot.kernels.spans import Spans

COUNTS = [(k, n) for n in (1, 2, 6, 20, 64, 500, 4999) for k in sorted({0, 1, n // 3, n // 2, n - 1, n})]
CLOSE = 1e-10


def close(value, expected):
    return value == pytest.approx(expected, rel=CLOSE, abs=CLOSE)


# ------------------------------------------------------------------------------------------------ shares


@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_the_interval_of_a_share_is_that_of_scipy(k, n):
    exact = stats.binomtest(k, n).proportion_ci(0.95, "exact")
    assert close(intervals.clopper_pearson(k, n), (100 * exact.low, 100 * exact.high))
    bound = stats.binomtest(k, n, alternative="greater").proportion_ci(0.95, "exact").low
    assert close(intervals.least_share(k, n), 100 * bound)
    assert close(intervals.wilson(k, n), proportion_confint(k, n, method="wilson"))


@pytest.mark.parametrize("n", range(1, 61))
def test_the_interval_of_a_share_covers_95_percent_whatever_the_truth(n):
    ends = np.array([intervals.clopper_pearson(k, n) for k in range(n + 1)]) / 100
    for truth in np.linspace(0, 1, 201):
        inside = (ends[:, 0] <= truth) & (truth <= ends[:, 1])
        assert stats.binom.pmf(np.arange(n + 1), n, truth)[inside].sum() >= 0.95 - 1e-12


@pytest.mark.parametrize("n", [1, 7, 60])
def test_one_right_item_more_lowers_no_end_of_an_interval(n):
    ends = [(*intervals.clopper_pearson(k, n), intervals.least_share(k, n)) for k in range(n + 1)]
    assert all(more >= less for few, many in pairwise(ends) for less, more in zip(few, many, strict=True))
    assert all(low <= 100 * k / n <= high and low <= bound for k, (low, high, bound) in enumerate(ends))


TABLES = [
    (196, 200, 184, 200),
    (0, 5, 5, 5),
    (5, 5, 5, 5),
    (3, 40, 0, 31),
    (17, 60, 20, 61),
    (1, 2, 2, 3),
    (0, 9, 0, 4),
]


@pytest.mark.parametrize("table", TABLES)
def test_the_difference_of_two_shares_is_that_of_statsmodels_and_scipy(table):
    k1, n1, k2, n2 = table
    expected = confint_proportions_2indep(k2, n2, k1, n1, method="newcomb", compare="diff")
    assert close(intervals.newcombe(*table), [100 * end for end in expected])
    assert close(intervals.fisher(*table), stats.fisher_exact([[k1, n1 - k1], [k2, n2 - k2]]).pvalue)


@given(st.integers(1, 80), st.integers(1, 80), st.data())
def test_the_exact_test_is_that_of_scipy_on_any_table(n1, n2, data):
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    expected = stats.fisher_exact([[k1, n1 - k1], [k2, n2 - k2]]).pvalue
    assert intervals.fisher(k1, n1, k2, n2) == pytest.approx(expected, rel=1e-9)


# ------------------------------------------------------------------------------------------------ counts, medians, sums


@pytest.mark.parametrize("count", [0, 1, 2, 7, 50, 400, 3000])
def test_the_interval_of_a_count_is_that_of_the_chi_square_distribution(count):
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    assert close(intervals.poisson(count), (low, stats.chi2.ppf(0.975, 2 * count + 2) / 2))


@pytest.mark.parametrize("n", [*range(1, 80), 999, 1000, 1001, 1002, 5000, 20_001])
def test_the_ranks_around_a_median_are_those_of_the_binomial_distribution(n):
    fitting = [rank for rank in range(1, n // 2 + 1) if stats.binom.cdf(rank - 1, n, 0.5) <= 0.025]
    assert intervals.median_ranks(n) == ((fitting[-1], n - fitting[-1] + 1) if fitting else None)


def test_the_interval_of_a_ratio_is_the_delta_method_and_stays_in_its_range():
    generator = np.random.default_rng(3)
    sums, sizes = generator.integers(0, 9, 60).astype(float), generator.integers(1, 9, 60).astype(float)
    ratio = sums.sum() / sizes.sum()
    residuals = sums - ratio * sizes
    error = np.std(residuals, ddof=1) / np.sqrt(60) / sizes.mean()
    expected = ratio - stats.norm.ppf(0.975) * error, ratio + stats.norm.ppf(0.975) * error
    assert close(intervals.ratio_interval(sums, sizes), expected)
    assert intervals.ratio_interval(sums, sizes, least=ratio, most=ratio) == (ratio, ratio)
    # Of a mean it is the interval of the mean.
    error = np.std(sums, ddof=1) / np.sqrt(60)
    assert close(intervals.ratio_interval(sums, np.ones(60))[1], sums.mean() + stats.norm.ppf(0.975) * error)


# ------------------------------------------------------------------------------------------------ bootstrap


def f1(sums):
    return 200 * sums[:, 0] / (sums[:, 1] + sums[:, 2])


IMAGES = np.array([(20, 20, 20)] * 30 + [(19, 20, 20)] * 8 + [(18, 20, 21)] * 2)


def test_the_bootstrap_is_that_of_the_worked_example_in_whatever_order():
    expected = 97.32087, 99.31293
    shuffled = np.random.default_rng(0).permutation(IMAGES)
    for vectors in (IMAGES, IMAGES[::-1], shuffled):
        assert resampling.bootstrap(vectors, f1, draws=2000, seed=1) == pytest.approx(expected, abs=5e-6)


def test_the_bootstrap_is_that_of_items_drawn_one_by_one():
    draws = np.random.default_rng(8).integers(0, len(IMAGES), (20_000, len(IMAGES)))
    low, high = np.percentile(f1(IMAGES[draws].sum(axis=1)), [2.5, 97.5])
    assert resampling.bootstrap(IMAGES, f1, draws=20_000, seed=5) == pytest.approx((low, high), abs=0.05)


def test_a_figure_that_is_often_undefined_or_of_few_items_has_no_interval():
    def found(sums):
        return np.divide(100 * sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0)

    rare = np.array([(1, 2)] + [(0, 0)] * 39)
    assert resampling.bootstrap(rare, found, draws=500, seed=1) is None
    assert resampling.bootstrap(IMAGES[:29], f1, draws=500, seed=1) is None
    assert resampling.bootstrap(IMAGES[:30], f1, draws=500, seed=1) == (100 * 0.025 ** (1 / 30), 100)


# ------------------------------------------------------------------------------------------------ acceptance


@pytest.mark.parametrize(
    ("promised", "unacceptable", "seller", "buyer", "n", "c", "risks"),
    [
        (99, 97, 5, 10, 390, 7, (4.454, 9.995)),
        (98, 95, 5, 10, 306, 10, (4.604, 9.871)),
        (95, 90, 5, 10, 233, 17, (4.607, 9.886)),
        (99.5, 98, 5, 5, 523, 5, None),
        (90, 60, 5, 10, None, None, None),
        (100, 95, 5, 10, 45, 0, None),
        (80, 79.99, 60, 60, None, None, None),
    ],
)
def test_a_plan_is_the_smallest_of_a_search_over_every_n(promised, unacceptable, seller, buyer, n, c, risks):
    plan = acceptance.sampling_plan(promised, unacceptable, seller_risk=seller, buyer_risk=buyer)

    def searched():
        for size in range(1, 1000):
            errors = np.arange(size)
            refused = stats.binom.sf(errors, size, 1 - promised / 100)
            accepted = stats.binom.cdf(errors, size, 1 - unacceptable / 100)
            fitting = np.flatnonzero((refused <= seller / 100) & (accepted <= buyer / 100))
            if len(fitting):
                return size, int(fitting[0]), 100 * refused[fitting[0]], 100 * accepted[fitting[0]]
        return None

    size, errors, *real = searched()
    assert plan[:2] == (size, errors)
    assert close(plan[2:], real)
    assert (n, c) in {(None, None), (size, errors)}
    assert risks is None or plan[2:] == pytest.approx(risks, abs=5e-4)


@pytest.mark.parametrize("n", [1, 10, 44, 45, 46, 100, 500])
def test_the_most_errors_that_keep_the_buyers_risk_are_those_of_the_binomial_distribution(n):
    errors = np.arange(n)
    fitting = np.flatnonzero(stats.binom.cdf(errors, n, 0.05) <= 0.1)
    plan = acceptance.plan_at(n, 98, 95, buyer_risk=10)
    assert plan.c == (int(fitting[-1]) if len(fitting) else None)
    if plan.c is not None:
        assert close(plan[2:], (100 * stats.binom.sf(plan.c, n, 0.02), 100 * stats.binom.cdf(plan.c, n, 0.05)))


@pytest.mark.parametrize("shares", [(95, 95), (95, 98), (101, 95), (95, 0)])
def test_a_plan_needs_a_promise_above_what_is_unacceptable(shares):
    with pytest.raises(ValueError, match="promised"):
        acceptance.sampling_plan(*shares)


# ------------------------------------------------------------------------------------------------ boxes


def drawn_boxes(generator, count, images=4, labels=2, size=40):
    corner, sides = generator.integers(0, size, (count, 2)), generator.integers(1, size // 2, (count, 2))
    image, label = generator.integers(0, images, count), generator.integers(0, labels, count)
    return Boxes(image, label, np.hstack([corner, sides]).astype(float))


def greedy(gold, vendor, threshold, *, by_class=True):
    """Match as the rule says, pair by pair, with the areas of pycocotools."""
    overlap = mask.iou(vendor.box, gold.box, [0] * len(gold.box)).T if len(gold.box) and len(vendor.box) else None
    pairs = [
        (-overlap[i, j], *gold.box[i], gold.label[i], *vendor.box[j], vendor.label[j], i, j)
        for i, j in product(range(len(gold.box)), range(len(vendor.box)))
        if gold.image[i] == vendor.image[j] and (not by_class or gold.label[i] == vendor.label[j])
        if overlap[i, j] >= threshold
    ]
    free = set(range(len(gold.box))), set(range(len(vendor.box)))
    matched = []
    for *_, i, j in sorted(pairs):
        if i in free[0] and j in free[1]:
            free[0].remove(i)
            free[1].remove(j)
            matched.append((i, j))
    return sorted(matched)


@pytest.mark.parametrize("by_class", [True, False])
@pytest.mark.parametrize("seed", range(20))
def test_boxes_are_matched_as_by_hand(seed, by_class):
    generator = np.random.default_rng(seed)
    gold, vendor = drawn_boxes(generator, seed * 4), drawn_boxes(generator, seed * 5 + 1)
    for threshold in (0.1, 0.3, 0.5, 0.75):
        matches = boxes.match(gold, vendor, threshold, by_class=by_class)
        assert sorted(zip(matches.gold, matches.vendor, strict=True)) == greedy(
            gold, vendor, threshold, by_class=by_class
        )


@pytest.mark.parametrize("seed", range(6))
def test_laws_of_matching(seed, monkeypatch):
    generator = np.random.default_rng(seed)
    gold, vendor = drawn_boxes(generator, 60), drawn_boxes(generator, 70)
    counts = [len(boxes.match(gold, vendor, threshold).gold) for threshold in (0.1, 0.3, 0.5, 0.75)]
    assert counts == sorted(counts, reverse=True)
    first = boxes.match(gold, vendor, 0.3)
    assert len(boxes.match(vendor, gold, 0.3).gold) == len(first.gold)
    for change in (lambda box: box * 4, lambda box: box + np.array([64, 128, 0, 0]), lambda box: box / 8):
        moved = boxes.match(gold._replace(box=change(gold.box)), vendor._replace(box=change(vendor.box)), 0.3)
        assert [part.tolist() for part in moved] == [part.tolist() for part in first]
    order = generator.permutation(70)
    again = boxes.match(gold, Boxes(*(part[order] for part in vendor)), 0.3)
    assert sorted(again.overlap) == sorted(first.overlap)
    monkeypatch.setattr(boxes, "_CHUNK", 7)
    assert [part.tolist() for part in boxes.match(gold, vendor, 0.3)] == [part.tolist() for part in first]


def test_what_coco_matches_without_doubt_is_matched():
    """Where no box overlaps two, COCO's own evaluator finds the same matches, whatever the confidence."""
    generator = np.random.default_rng(4)
    grid = np.array([(x, y, 30, 30) for x, y in product(range(0, 400, 50), repeat=2)], dtype=float)
    image, label = np.repeat(np.arange(5), 64), generator.integers(0, 3, 320)
    gold = Boxes(image, label, np.tile(grid, (5, 1)))
    keep = generator.random(320) < 0.9
    shifted = gold.box + np.hstack([generator.integers(-5, 6, (320, 2)), generator.integers(-4, 5, (320, 2))])
    vendor = Boxes(image[keep], np.where(generator.random(320) < 0.95, label, 0)[keep], shifted[keep])
    with redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "info": {},
            "images": [{"id": number} for number in range(5)],
            "categories": [{"id": number, "name": f"{number}"} for number in range(3)],
            "annotations": [
                {"id": row + 1, "image_id": int(i), "category_id": int(c), "bbox": [*b], "area": 900, "iscrowd": 0}
                for row, (i, c, b) in enumerate(zip(*gold, strict=True))
            ],
        }
        coco.createIndex()
        rows = [
            {"image_id": int(i), "category_id": int(c), "bbox": [*b], "score": generator.random()}
            for i, c, b in zip(*vendor, strict=True)
        ]
        evaluator = COCOeval(coco, coco.loadRes(rows), "bbox")
        evaluator.params.iouThrs, evaluator.params.areaRng, evaluator.params.areaRngLbl = (
            [0.5, 0.75],
            [[0, 1e9]],
            ["all"],
        )
        evaluator.evaluate()
    theirs = sum((image["dtMatches"] > 0).sum(axis=1) for image in evaluator.evalImgs if image)
    assert [len(boxes.match(gold, vendor, threshold).gold) for threshold in (0.5, 0.75)] == theirs.tolist()
    assert theirs.min() > 50


@pytest.mark.parametrize("seed", range(5))
def test_what_lies_half_in_a_region_counts_for_nobody(seed):
    """Within a crowd region pycocotools divides by the area of the box alone, which is the rule here."""
    generator = np.random.default_rng(seed)
    regions, vendor = drawn_boxes(generator, 8), drawn_boxes(generator, 60)
    unmatched = generator.random(60) < 0.7
    inside = mask.iou(vendor.box, regions.box, [1] * 8) >= 0.5
    expected = (inside & (vendor.image[:, None] == regions.image)).any(axis=1) & unmatched
    assert boxes.ignored(regions, vendor, unmatched).tolist() == expected.tolist()
    assert 0 < expected.sum() < unmatched.sum()


# ------------------------------------------------------------------------------------------------ spans


class Span(NamedTuple):
    start: int
    end: int
    label: str


def matched(gold, vendor):
    """Match the spans of texts, and number the exact pairs and those that only overlap from each text's first span."""
    sides = [
        Spans(
            np.array([number for number, text in enumerate(texts) for _ in text], int),
            np.array([["PER", "ORG", "A", "B"].index(span.label) for text in texts for span in text], int),
            np.array([span[:2] for text in texts for span in text], float).reshape(-1, 2),
        )
        for texts in (gold, vendor)
    ]
    matches = spans.match_spans(*sides)
    rows = list(zip(matches.gold.tolist(), matches.vendor.tolist(), strict=True))
    exact = np.isinf(matches.overlap)
    return [[pair for pair, same in zip(rows, exact, strict=True) if same == kind] for kind in (True, False)]


def by_hand(gold, vendor):
    """Match the spans of one text: the same ones, then overlaps of the same label from the longest downward."""
    free = set(range(len(gold))), set(range(len(vendor)))
    result = [], []
    overlaps = []
    for (i, mine), (j, theirs) in product(enumerate(gold), enumerate(vendor)):
        length = min(mine.end, theirs.end) - max(mine.start, theirs.start)
        if mine.label == theirs.label and length > 0:
            overlaps.append((mine != theirs, -length, mine[:2], theirs[:2], i, j))
    for is_partial, *_, i, j in sorted(overlaps):
        if i in free[0] and j in free[1]:
            free[0].remove(i)
            free[1].remove(j)
            result[is_partial].append((i, j))
    return [sorted(pairs) for pairs in result]


def texts_of_spans(generator, count=40, length=60):
    """Draw texts with spans that do not touch, as lists of spans."""
    for _ in range(count):
        cuts = np.sort(generator.choice(length, 8, replace=False))
        yield [
            Span(int(start), int(end), str(generator.choice(["PER", "ORG"])))
            for start, end in pairwise(cuts)
            if end - start > 1 and generator.random() < 0.6
        ]


def tags(found, length=60):
    tagged = ["O"] * length
    for start, end, label in found:
        tagged[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
    return tagged


def test_exact_spans_are_those_of_seqeval():
    generator = np.random.default_rng(7)
    gold = list(texts_of_spans(generator))
    vendor = [
        spans if generator.random() < 0.5 else other
        for spans, other in zip(gold, texts_of_spans(generator), strict=True)
    ]
    exact, _ = matched(gold, vendor)
    size = sum(map(len, gold)) + sum(map(len, vendor))
    expected = seqeval.metrics.f1_score([*map(tags, gold)], [*map(tags, vendor)], mode="strict", scheme=IOB2)
    assert close(2 * len(exact) / size, expected)
    assert 0.2 < expected < 0.9


def test_the_longest_overlap_is_taken_first_and_each_span_once():
    gold = [Span(0, 10, "A"), Span(10, 20, "A")]
    vendor = [Span(5, 14, "A"), Span(2, 6, "A"), Span(15, 20, "B")]
    assert matched([gold], [vendor]) == [[], [(0, 0)]]
    assert matched([gold], [vendor[1:]]) == [[], [(0, 0)]]
    twice = [Span(0, 4, "A"), Span(0, 4, "A")]
    assert matched([twice], [twice[:1]]) == [[(0, 0)], []]
    assert matched([twice], [twice]) == [[(0, 0), (1, 1)], []]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6), st.sampled_from("AB")), max_size=7), st.data())
def test_spans_are_matched_as_by_hand_and_their_order_does_not_matter(drawn, data):
    every = [Span(start, start + length, label) for start, length, label in drawn]
    gold = data.draw(st.permutations(every))[: len(every) // 2 + 1]
    vendor = data.draw(st.permutations(every))
    exact, partial = matched([gold], [vendor])
    assert [sorted(exact), sorted(partial)] == by_hand(gold, vendor)
    again = matched([gold[::-1]], [data.draw(st.permutations(vendor))])
    assert [*map(len, again)] == [len(exact), len(partial)]
    assert len(matched([vendor], [gold])[0]) == len(exact)


# ------------------------------------------------------------------------------------------------ drawing


def test_a_key_is_the_hash_of_three_lines():
    expected = hashlib.sha256(b"apricot-41\nphase\n\xc3\xa4-1").hexdigest()
    assert drawing.key("apricot-41", "phase", "ä-1") == expected
    names = [f"img-{number}" for number in range(50)]
    by_hand = sorted(names, key=lambda name: hashlib.sha256(f"s\ndraw\n{name}".encode()).hexdigest())
    assert drawing.smallest("s", "draw", reversed(names), 7) == by_hand[:7]


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 40), min_size=1, max_size=6), st.integers(0, 300))
def test_a_total_is_shared_out_to_the_last_item_and_nobody_is_one_off(sizes, total):
    shares = drawing.share_out(total, sizes)
    assert sum(shares.values()) == total
    assert all(abs(shares[name] - total * size / sum(sizes.values())) < 1 for name, size in sizes.items())
    if total <= sum(sizes.values()):
        assert all(shares[name] <= size for name, size in sizes.items())


def test_phases_are_cut_in_the_order_that_is_listed():
    phases = drawing.cut([f"{n}" for n in range(10)], {"day1": 40, "change": 40, "surge": 20})
    assert list(phases.values()) == ["day1"] * 4 + ["change"] * 4 + ["surge"] * 2
    assert [*drawing.cut(["a"], {"late": 1, "early": 1}).values()] == ["late"]


def test_the_ends_of_a_share_of_100_are_those_of_as_many_faultless_trials():
    assert comb(40, 0) * (0.025 ** (1 / 40)) ** 40 == pytest.approx(0.025)
    assert resampling.bootstrap(np.ones((40, 1), int), lambda s: s[:, 0] / 0.4, draws=9, seed=1) == pytest.approx(
        (91.19, 100), abs=0.005
    )
    assert resampling.bootstrap(np.zeros((40, 1), int), lambda s: s[:, 0], draws=9, seed=1) == pytest.approx(
        (0, 8.81), abs=0.005
    )
