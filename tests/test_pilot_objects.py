"""Figures of boxes and spans: the worked numbers of the method, a matcher by hand, other implementations, laws."""

import io
from contextlib import redirect_stdout
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
import seqeval.metrics
from hypothesis import given, settings as limits, strategies as st
from pilot_tables import by_name, delivery, gold, settings, tasks
from pycocotools import mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from seqeval.scheme import IOB2

from vendor_eval.pilot.figures.objects import object_errors, object_figures
from vendor_eval.pilot.tables import DUPLICATE, GOLD, INVALID, WORK, Objects

CLASSES = ("PER", "ORG", "LOC")
near = pytest.approx
BOX = (10, 10, 100, 100)


def objects(owners, size, names=CLASSES):
    """Objects of lists by owner, None for nothing delivered: (class, *numbers), of a region ("ignore", *numbers)."""
    rows = [(owner, *row) for owner, listed in enumerate(owners) for row in listed or ()]
    return Objects(
        owner=np.array([row[0] for row in rows], dtype=np.int64),
        label=np.array([names.index(row[1]) if row[1] in names else INVALID for row in rows], dtype=np.int64),
        shape=np.array([row[2:] for row in rows], dtype=np.float64).reshape(-1, size),
        ignore=np.array([row[1] == "ignore" for row in rows], dtype=np.bool_),
    )


def measure(truth, came, *, task="boxes", keys=None, counts=None, disputed=(), open_disputes=(), **plan):
    """Figures by name and rows of errors."""
    size = {"boxes": 4, "spans": 2}[task]
    asked = tasks(plan.pop("sources", list(range(len(came)))), **plan)
    of_gold = gold([""] * len(truth), counts=counts, objects=objects(truth, size))
    delivered = np.array([listed is not None for listed in came])
    arrived = replace(
        delivery(asked, [""] * len(came), disputed=disputed),
        delivered=delivered,
        valid=delivered,
        objects=objects(came, size),
        open_disputes=np.isin(np.arange(len(came)), open_disputes),
    )
    of_pilot = settings(task, labels=CLASSES, **keys or {})
    return by_name(object_figures(of_pilot, of_gold, arrived)), list(object_errors(of_pilot, of_gold, arrived))


def ends(figure):
    return figure.value, figure.low, figure.high


def same(figures, other):
    """Whether two sets of figures are the same to the last bit."""
    return [f.model_dump() for f in figures.values()] == [f.model_dump() for f in other.values()]


def grid(found, listed, delivered):
    """An image of `listed` boxes that do not touch, of which `found` come back, and others to make `delivered`."""
    boxes = [("PER", 50 * column, 0, 30, 30) for column in range(listed)]
    return boxes, boxes[:found] + [("PER", 50 * column, 500, 30, 30) for column in range(delivered - found)]


def test_the_worked_example_of_40_images():
    images = [grid(20, 20, 20)] * 30 + [grid(19, 20, 20)] * 8 + [grid(18, 20, 21)] * 2
    figures, errors = measure(*zip(*images, strict=True), keys={"bootstrap": {"draws": 2000, "seed": 1}})
    for threshold in ("0.5", "0.75"):
        assert figures["precision", "iou", threshold].value == near(98.25436, abs=5e-6)
        assert figures["recall", "iou", threshold].value == 98.5
        f1 = figures["f1", "iou", threshold]
        assert ends(f1) == near((98.37703, 97.32087, 99.31293), abs=5e-6)
        assert (f1.n, f1.method, f1.unit, f1.better) == (40, "bootstrap", "%", "higher")
    assert ends(figures["accuracy"]) == near((75, 58.80380, 87.30852), abs=5e-6)
    assert ends(figures["mean_iou"]) == (1, 1, 1)
    counts = [figures[name].value for name in ("missed_objects", "false_objects", "wrong_class")]
    assert counts == [12, 14, 0]
    assert [error[-2:] for error in errors].count(("missed", "")) == 12
    assert figures["recall", "class", "PER"].value == 98.5
    assert figures["recall", "class", "ORG"].reason == "no_objects"


def test_boxes_by_hand():
    shifted, other = ("PER", 20, 10, 100, 100), ("ORG", 300, 10, 100, 100)
    truth = [[("PER", *BOX), ("PER", 300, 10, 100, 100)], [("LOC", *BOX)], []]
    figures, errors = measure(truth, [[shifted, other], None, [("LOC", 0, 0, 5, 5)]])
    assert figures["mean_iou"].value == near(9 / 11)
    assert figures["mean_iou"].reason == "too_few_items"
    assert [figures[name].value for name in ("missed_objects", "false_objects", "wrong_class")] == [1, 1, 1]
    assert figures["accuracy"].value == 0
    assert figures["f1", "iou", "0.5"].value == near(100 * 2 / 6)
    assert (figures["f1", "iou", "0.5"].low, figures["f1", "iou", "0.5"].reason) == (None, "too_few_items")
    assert [figures["recall", "class", name].value for name in CLASSES] == [50, None, 0]
    assert errors == [
        ("t0", "g0", "", "PER 300 10 100 100", "ORG 300 10 100 100", "wrong_class", "1"),
        ("t1", "g1", "", "LOC 10 10 100 100", "", "missed", ""),
        ("t2", "g2", "", "", "LOC 0 0 5 5", "false", ""),
    ]
    # At the first threshold: with 0.9 the shifted box does not match, its neighbour is named with the overlap.
    figures, errors = measure(truth, [[shifted, other], None, []], keys={"iou": [0.9, 0.5]})
    assert [figures["recall", "iou", group].value for group in ("0.9", "0.5")] == near([0, 100 / 3])
    assert errors[0] == ("t0", "g0", "", "PER 10 10 100 100", "", "missed", "0.818182")
    assert ("t0", "g0", "", "", "PER 20 10 100 100", "false", "0.818182") in errors
    assert figures["mean_iou"].reason == "no_items"
    assert figures["accuracy"].k == 1


def test_nothing_on_both_sides_is_right_and_has_no_share():
    figures, errors = measure([[], []], [[], None])
    assert figures["accuracy"].k == 1
    for name in ("precision", "recall", "f1"):
        assert (figures[name, "iou", "0.5"].value, figures[name, "iou", "0.5"].reason) == (None, "no_objects")
    assert errors == [("t1", "g1", "", "", "", "missing", "")]
    # Nothing delivered where there is something: precision is not known, F1 is 0.
    figures, _ = measure([[("PER", *BOX)]] * 40, [[]] * 40)
    assert figures["precision", "iou", "0.5"].value is None
    assert ends(figures["f1", "iou", "0.5"]) == near((0, 0, 100 - 100 * 0.025 ** (1 / 40)))


def test_no_gold_task_at_all_gives_no_figure():
    figures, errors = measure([[("PER", *BOX)]], [[("PER", *BOX)]], counts=[False])
    assert (figures["accuracy"].value, figures["accuracy"].reason) == (None, "no_items")
    assert (figures["f1", "iou", "0.5"].reason, figures["mean_iou"].reason, errors) == ("no_items", "no_items", [])
    figures, _ = measure([[("PER", *BOX)]], [None], kinds=[WORK])
    assert figures["accuracy"].reason == "no_items"


NAN = float("nan")


@pytest.mark.parametrize("bad", [(10, 10, 0, 100), (10, 10, -5, 100), (NAN, NAN, NAN, NAN), (10, 10, NAN, 9), BOX])
def test_a_bad_object_matches_nothing_and_counts(bad):
    truth = [[("PER", 400, 400, 10, 10), ("ignore", 0, 0, 15, 15)]]
    figures, errors = measure(truth, [[("PER", 400, 400, 10, 10), ("bad", *bad)]])
    assert figures["accuracy"].value == 0
    assert figures["precision", "iou", "0.5"].value == 50
    assert figures["false_objects"].value == 1
    assert [error[-2] for error in errors] == ["false"]
    assert errors[0][4].startswith("? ")


def test_an_unknown_class_in_the_right_place_is_a_wrong_class():
    figures, errors = measure([[("PER", *BOX)]], [[("PRE", *BOX)]])
    assert [figures[name].value for name in ("missed_objects", "false_objects", "wrong_class")] == [0, 0, 1]
    assert errors == [("t0", "g0", "", "PER 10 10 100 100", "? 10 10 100 100", "wrong_class", "1")]


def test_what_lies_in_an_ignored_region_counts_for_nobody():
    region = ("ignore", 0, 0, 100, 100)
    inside, outside = ("PER", 50, 0, 100, 100), ("PER", 51, 0, 100, 100)
    for box, false in ((inside, 0), (outside, 1)):
        figures, errors = measure([[region]], [[box]])
        assert (figures["false_objects"].value, figures["accuracy"].k, len(errors)) == (false, 1 - false, false)
    # Half of it has to lie in one region, not in several.
    two = [("ignore", 0, 0, 20, 100), ("ignore", 80, 0, 20, 100)]
    assert measure([two], [[("PER", 0, 0, 100, 100)]])[0]["false_objects"].value == 1
    # A match counts, wherever it lies; a region is none that could be missed.
    figures, _ = measure([[region, ("PER", *BOX)]], [[("PER", *BOX), ("ORG", *BOX)]])
    assert (figures["accuracy"].k, figures["precision", "iou", "0.5"].value) == (1, 100)
    # Matched at 0.5, at 0.75 it is left and ignored.
    figures, _ = measure([[region, ("PER", 0, 0, 60, 100)]], [[("PER", 0, 0, 100, 100)]])
    assert [figures["precision", "iou", group].value for group in ("0.5", "0.75")] == [100, None]


def test_duplicates_are_alike_by_the_rule_of_accuracy():
    truth = [[("PER", *BOX), ("ignore", 500, 500, 90, 90)]] * 7
    first = [[("PER", *BOX)]] * 6 + [None]
    again = [
        [("PER", 20, 10, 100, 100)],  # alike
        [("ORG", *BOX)],
        [("PER", *BOX), ("PER", *BOX)],
        None,
        [("PER", *BOX), ("ORG", 510, 510, 9, 9)],  # alike: the other lies in a region that counts for nobody
        [("pre", *BOX)],
        None,
    ]
    plan = {"sources": [*range(7), *range(7)], "kinds": [GOLD] * 7 + [DUPLICATE] * 7}
    figures, _ = measure(truth, first + again, **plan)
    assert (figures["consistency"].k, figures["consistency"].n) == (2, 7)
    swapped, _ = measure(truth, again + first, **plan)
    assert swapped["consistency"].k == 2
    assert (figures["accuracy"].k, figures["accuracy"].n) == (6, 7)
    assert "consistency" not in measure(truth, first)[0]


def test_open_disputes_would_make_a_delivery_right():
    truth = [[("PER", *BOX)]] * 4
    figures, _ = measure(truth, [[("PER", *BOX)], [], [], None], disputed=[1, 2, 3], open_disputes=[1, 3])
    assert (figures["disputed"].k, figures["accuracy"].k, figures["accuracy_if_upheld"].k) == (3, 1, 2)


def test_work_without_gold_is_not_measured_and_phases_and_strata_are():
    truth = [[("PER", *BOX)]] * 4
    figures, _ = measure(
        truth,
        [[("PER", *BOX)], [], [("PER", *BOX)], [], [("ORG", *BOX)]],
        sources=[0, 1, 2, 3, -1],
        kinds=[GOLD] * 4 + [WORK],
        phases=["day1", "day1", "surge", "surge", "surge"],
        strata=["a", "b", "a", "b", "a"],
        keys={"phases": {"day1": 50, "surge": 50}},
    )
    assert figures["accuracy"].n == 4
    assert figures["accuracy", "phase", "surge"].value == figures["accuracy", "stratum", "a"].value / 2 == 50
    assert figures["drift", "phase", "surge"].value == 0


# --------------------------------------------------------------------------------------------- by hand, other libraries


def boxes_of(generator, count, size=60, step=None):
    numbers = generator.uniform(1, size, (count, 4)) if step is None else generator.integers(1, size, (count, 4)) * step
    return [(str(generator.choice(CLASSES)), *map(float, row)) for row in numbers]


def jittered(generator, boxes, noise=4.0):
    kept = [box for box in boxes if generator.random() > 0.15]
    names = [box[0] if generator.random() > 0.1 else str(generator.choice(CLASSES)) for box in kept]
    moved = [tuple(np.array(box[1:]) + generator.uniform(-noise, noise, 4)) for box in kept]
    return [(name, *box[:2], *np.abs(box[2:])) for name, box in zip(names, moved, strict=True)]


def drawn(seed, images=40, count=9):
    generator = np.random.default_rng(seed)
    truth = [boxes_of(generator, generator.integers(0, count)) for _ in range(images)]
    return truth, [jittered(generator, boxes) + boxes_of(generator, generator.integers(0, 3)) for boxes in truth]


def by_hand(mine, theirs, threshold, *, by_class=True):
    """Match the boxes of an image pair by pair, with the areas of pycocotools."""
    if not mine or not theirs:
        return []
    overlap = mask.iou(*(np.array([box[1:] for box in side], float) for side in (theirs, mine)), [0] * len(mine)).T
    free, matched = (set(range(len(mine))), set(range(len(theirs)))), []
    pairs = product(range(len(mine)), range(len(theirs)))
    for i, j in sorted(pairs, key=lambda pair: (-overlap[pair], pair)):
        if overlap[i, j] >= threshold and i in free[0] and j in free[1]:
            if by_class and mine[i][0] != theirs[j][0]:
                continue
            free[0].remove(i)
            free[1].remove(j)
            matched.append((i, j, overlap[i, j]))
    return matched


@pytest.mark.parametrize("seed", range(5))
def test_all_counts_are_those_of_a_matcher_by_hand(seed):
    truth, came = drawn(seed)
    figures, errors = measure(truth, came)
    sizes = [sum(map(len, side)) for side in (truth, came)]
    for threshold in (0.5, 0.75):
        matched = [by_hand(*pair, threshold) for pair in zip(truth, came, strict=True)]
        expected = sum(map(len, matched))
        figure = {name: figures[name, "iou", f"{threshold:g}"].value for name in ("recall", "precision", "f1")}
        assert figure == near({"recall": 100 * expected / sizes[0], "precision": 100 * expected / sizes[1],
                               "f1": 200 * expected / sum(sizes)})  # fmt: skip
        if threshold == 0.5:
            overlaps = [pair[2] for image in matched for pair in image]
            assert figures["mean_iou"].value == near(np.mean(overlaps))
            right = [len(image) == len(a) == len(b) for image, a, b in zip(matched, truth, came, strict=True)]
            assert figures["accuracy"].k == sum(right)
            left = [
                [[box for number, box in enumerate(side) if number not in {pair[which] for pair in image}]
                 for which, side in enumerate(pair_of_sides)]
                for image, *pair_of_sides in zip(matched, truth, came, strict=True)
            ]  # fmt: skip
            wrong = sum(len(by_hand(*sides, 0.5, by_class=False)) for sides in left)
            expected = [sizes[0] - expected - wrong, sizes[1] - expected - wrong, wrong]
            names = ("missed_objects", "false_objects", "wrong_class")
            assert [figures[name].value for name in names] == expected
            kinds = [error[-2] for error in errors]
            assert [kinds.count(kind) for kind in ("missed", "false", "wrong_class")] == expected
            assert wrong > 0


def test_recall_is_that_of_coco_where_no_box_overlaps_two():
    generator = np.random.default_rng(4)
    spots = list(product(range(0, 300, 50), repeat=2))
    truth = [[(str(generator.choice(CLASSES)), x, y, 30, 30) for x, y in spots] for _ in range(35)]
    came = [
        [(name, x + generator.integers(-6, 7), y + generator.integers(-6, 7), w, h) for name, x, y, w, h in boxes]
        for boxes in truth
    ]
    figures, _ = measure(truth, came)
    with redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "info": {},
            "images": [{"id": image} for image in range(35)],
            "categories": [{"id": number, "name": name} for number, name in enumerate(CLASSES)],
            "annotations": [
                {"id": 100 * image + number + 1, "image_id": image, "category_id": CLASSES.index(box[0]),
                 "bbox": [*map(float, box[1:])], "area": 900.0, "iscrowd": 0}
                for image, boxes in enumerate(truth) for number, box in enumerate(boxes)
            ],
        }  # fmt: skip
        coco.createIndex()
        results = [
            {"image_id": image, "category_id": CLASSES.index(box[0]), "bbox": [*map(float, box[1:])], "score": 1.0}
            for image, boxes in enumerate(came)
            for box in boxes
        ]
        evaluator = COCOeval(coco, coco.loadRes(results), "bbox")
        evaluator.params.iouThrs = np.array([0.5, 0.75])
        evaluator.evaluate()
        evaluator.accumulate()
    recalls = 100 * evaluator.eval["recall"][:, :, 0, -1]
    assert [figures["recall", "class", name].value for name in CLASSES] == near(recalls[0].tolist())
    assert 20 < figures["recall", "iou", "0.75"].value < figures["recall", "iou", "0.5"].value < 100


# ------------------------------------------------------------------------------------------------ laws of boxes


@pytest.mark.parametrize("task", ["boxes", "spans"])
def test_gold_as_labels_is_right_throughout(task):
    truth = drawn(1)[0] if task == "boxes" else texts(np.random.default_rng(1))
    figures, errors = measure(truth, truth, task=task)
    perfect = [f for key, f in figures.items() if f.unit == "%" and key != "disputed" and f.id != "accuracy_lower"]
    assert {f.value for f in perfect} == {100}
    assert errors == []
    assert figures["accuracy"].k == 40
    if task == "boxes":
        assert figures["mean_iou"].value == 1


@pytest.mark.parametrize("step", [None, 4])
@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_rows_and_items_does_not_matter(seed, step):
    generator = np.random.default_rng(seed)
    truth = [boxes_of(generator, 6, size=5, step=step) for _ in range(40)]
    came = [boxes_of(generator, 6, size=5, step=step) for _ in range(40)]
    figures, errors = measure(truth, came, keys={"iou": [0.3, 0.5]})
    shuffled = [[[boxes[i] for i in generator.permutation(6)] for boxes in side] for side in (truth, came)]
    again, again_errors = measure(*shuffled, keys={"iou": [0.3, 0.5]})
    assert same(figures, again)
    assert again_errors == errors
    order = generator.permutation(40)
    assert same(figures, measure(*[[side[i] for i in order] for side in (truth, came)], keys={"iou": [0.3, 0.5]})[0])


@pytest.mark.parametrize("seed", range(4))
def test_swapped_sides_swap_precision_and_recall(seed):
    truth, came = drawn(seed)
    figures, _ = measure(truth, came)
    swapped, _ = measure(came, truth)
    for group in ("0.5", "0.75"):
        assert figures["precision", "iou", group].value == swapped["recall", "iou", group].value
        assert figures["f1", "iou", group].value == swapped["f1", "iou", group].value
    assert ends(figures["mean_iou"]) == ends(swapped["mean_iou"])
    assert figures["missed_objects"].value == swapped["false_objects"].value
    assert figures["wrong_class"].value == swapped["wrong_class"].value


@pytest.mark.parametrize(("times", "to"), [(4, 0), (0.125, 0), (1, (64, -128, 0, 0))])
def test_moving_and_scaling_changes_nothing(times, to):
    generator = np.random.default_rng(3)
    truth, came = ([boxes_of(generator, 7, size=30, step=1) for _ in range(40)] for _ in range(2))
    moved = [
        [[(box[0], *(times * np.array(box[1:]) + to)) for box in boxes] for boxes in side] for side in (truth, came)
    ]
    keys = {"iou": [0.2, 0.5]}
    assert same(measure(truth, came, keys=keys)[0], measure(*moved, keys=keys)[0])


def test_a_higher_threshold_finds_no_more():
    truth, came = drawn(7)
    keys = {"iou": [0.1, 0.3, 0.5, 0.7, 0.9]}
    figures, _ = measure(truth, came, keys=keys)
    recalls = [figures["recall", "iou", f"{threshold:g}"].value for threshold in keys["iou"]]
    assert recalls == sorted(recalls, reverse=True)
    assert len(set(recalls)) == 5


@pytest.mark.parametrize("task", ["boxes", "spans"])
def test_one_image_made_right_never_lowers_and_one_deleted_never_raises(task):
    generator = np.random.default_rng(5)
    truth, came = drawn(5) if task == "boxes" else (texts(generator), texts(generator))
    before = measure(truth, came, task=task)[0]
    for item in range(0, 40, 5):
        after = measure(truth, [*came[:item], truth[item], *came[item + 1 :]], task=task)[0]
        gone = measure(truth, [*came[:item], None, *came[item + 1 :]], task=task)[0]
        for name in ("accuracy", "accuracy_lower"):
            for end in ("value", "low", "high", "lower95"):
                assert getattr(gone[name], end) <= getattr(before[name], end) <= getattr(after[name], end)


# ------------------------------------------------------------------------------------------------ spans


def texts(generator, count=40, length=60):
    """Lists of spans that do not touch, of texts."""
    cuts = [np.sort(generator.choice(length, 8, replace=False)).tolist() for _ in range(count)]
    return [
        [(str(generator.choice(CLASSES)), start, end) for start, end in pairwise(cut) if generator.random() < 0.6]
        for cut in cuts
    ]


def tags(spans, length=60):
    tagged = ["O"] * length
    for label, start, end in spans:
        tagged[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
    return tagged


def test_the_worked_example_of_spans():
    truth, came = [("PER", 0, 4), ("ORG", 10, 19)], [("PER", 0, 4), ("ORG", 12, 19), ("LOC", 30, 34)]
    figures, errors = measure([truth], [came], task="spans")
    assert (figures["f1"].value, figures["f1_partial"].value) == (40, 60)
    assert (figures["precision"].value, figures["recall"].value) == near((100 / 3, 50))
    assert (figures["accuracy"].k, figures["accuracy"].n) == (0, 1)
    assert errors == [
        ("t0", "g0", "", "ORG 10 19", "", "missed", "0.777778"),
        ("t0", "g0", "", "", "LOC 30 34", "false", ""),
        ("t0", "g0", "", "", "ORG 12 19", "false", "0.777778"),
    ]
    _, errors = measure([truth], [[("ORG", 0, 4), ("ORG", 10, 19)]], task="spans")
    assert errors == [("t0", "g0", "", "PER 0 4", "ORG 0 4", "wrong_class", "1")]
    figures, _ = measure([truth], [truth[::-1]], task="spans")
    assert figures["accuracy"].k == 1
    assert not {"mean_iou", "missed_objects", "wrong_class"} & set(figures)


def test_f1_of_spans_is_that_of_seqeval():
    generator = np.random.default_rng(7)
    truth = texts(generator)
    came = [spans if generator.random() < 0.5 else other for spans, other in zip(truth, texts(generator), strict=True)]
    figures, _ = measure(truth, came, task="spans")
    expected = [
        100 * score([*map(tags, truth)], [*map(tags, came)], mode="strict", scheme=IOB2)
        for score in (seqeval.metrics.precision_score, seqeval.metrics.recall_score, seqeval.metrics.f1_score)
    ]
    assert [figures[name].value for name in ("precision", "recall", "f1")] == near(expected)
    swapped, _ = measure(came, truth, task="spans")
    assert [swapped[name].value for name in ("recall", "precision", "f1")] == near(expected)


span = st.tuples(st.sampled_from(CLASSES), st.integers(0, 9), st.integers(1, 6)).map(
    lambda s: (s[0], s[1], s[1] + s[2])
)
lists = st.lists(st.lists(span, max_size=5), min_size=1, max_size=4)


@limits(max_examples=60)
@given(lists, st.data())
def test_laws_of_spans(truth, data):
    came = [data.draw(st.lists(span, max_size=5)) for _ in truth]
    figures, errors = measure(truth, came, task="spans")
    mixed = [[data.draw(st.permutations(spans)) for spans in side] for side in (truth, came)]
    again, again_errors = measure(*mixed, task="spans")
    assert same(figures, again)
    assert errors == again_errors
    swapped, _ = measure(came, truth, task="spans")
    assert swapped["f1"].value == figures["f1"].value
    assert swapped["precision"].value == figures["recall"].value
    if figures["f1"].value is not None:
        assert figures["f1"].value <= figures["f1_partial"].value <= 100
    exact = sum(len(a) - len(left(a, b)) for a, b in zip(truth, came, strict=True))
    sizes = sum(map(len, truth)) + sum(map(len, came))
    assert figures["f1"].value == (near(200 * exact / sizes) if sizes else None)
    kinds = [error[-2] for error in errors]
    assert exact + kinds.count("missed") + kinds.count("wrong_class") == sum(map(len, truth))


def left(mine, theirs):
    rest, free = [], list(theirs)
    for spans in mine:
        if spans in free:
            free.remove(spans)
        else:
            rest.append(spans)
    return rest
