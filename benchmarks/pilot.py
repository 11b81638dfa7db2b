"""A pilot of five vendors, whole commands: against plain pandas, against pycocotools, and against fixed limits."""

import csv
import json
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from measure import Row, alone, run, show
from numpy.typing import NDArray
from startup import compare

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

VENDORS = "acme", "bolt", "cargo", "delta", "echo"
ITEMS, LABELS = 100_000, tuple(f"label {letter}" for letter in "abcdefgh")
IMAGES, BOXES, CLASSES = 10_000, 200_000, tuple(f"class {letter}" for letter in "abcdefghij")
POOL, SAMPLED = 1_000_000, 2_000
ERRORS = 0.03
RUNS = 3
# A run of pycocotools takes a minute.
FEW_RUNS = 1
PHASES = "day1", "change", "surge"

PANDAS = """\
import sys

import pandas

truth = pandas.read_csv(sys.argv[1]).set_index("item")
for file in sys.argv[2:]:
    rows = pandas.read_csv(file)
    for column in truth:
        rows[f"true {column}"] = rows["item"].map(truth[column])
    rows["right"] = rows["label"].str.strip().str.casefold() == rows["true label"]
    print(rows["right"].mean(), rows["seconds"].median(), (rows["seconds"] < 2).mean())
    for column in ("true phase", "true label", "label"):
        print(rows.groupby(column)["right"].mean())
"""

COCO = """\
import json
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

truth = COCO(sys.argv[1])
for file in sys.argv[2:]:
    with open(file, encoding="utf-8") as stream:
        boxes = json.load(stream)["annotations"]
    keys = "image_id", "category_id", "bbox"
    results = truth.loadRes([{"score": 1.0, **{key: box[key] for key in keys}} for box in boxes])
    evaluator = COCOeval(truth, results, "bbox")
    evaluator.params.iouThrs = evaluator.params.iouThrs[[0, 5]]
    evaluator.params.areaRng, evaluator.params.areaRngLbl = [[0, 1e10]], ["all"]
    evaluator.evaluate()
    evaluator.accumulate()
"""


def rows() -> list[Row]:
    command = [sys.executable, str(Path(sysconfig.get_path("scripts")) / "vendor-eval"), "pilot"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [
            *_labels(command, folder / "labels"),
            *_boxes(command, folder / "boxes"),
            *_draw(command, folder / "draw"),
        ]


def _labels(command: Sequence[str], folder: Path) -> Iterable[Row]:
    files, _ = alone(write_labels, folder)
    what = f"pilot of {len(VENDORS)} x {ITEMS:,} labels"
    return _compared(what, [*command, "measure", str(folder)], (PANDAS, "plain pandas", 2.5, RUNS), files, 4, 300)


def _boxes(command: Sequence[str], folder: Path) -> Iterable[Row]:
    files, _ = alone(write_boxes, folder)
    what = f"pilot of {len(VENDORS)} x {BOXES:,} boxes"
    return _compared(what, [*command, "measure", str(folder)], (COCO, "pycocotools", 1 / 3, FEW_RUNS), files, 12, 600)


def _compared(
    what: str,
    ours: Sequence[str],
    peer: tuple[str, str, float, int],
    files: Sequence[Path],
    seconds: float,
    memory: float,
) -> Iterable[Row]:
    """Compare with a program that does the same, and with fixed limits of time and memory."""
    program, name, at_most, runs = peer
    script = files[0].parent / "peer.py"
    script.write_text(program, encoding="utf-8")
    own, other, peak = compare(ours, [sys.executable, str(script), *map(str, files)], runs)
    yield Row(what, own, name, other, at_most, peak)
    yield Row(what, own, f"{seconds:g} s", seconds, 1, peak)
    _bounded(what, peak, memory)


def _draw(command: Sequence[str], folder: Path) -> Iterable[Row]:
    # What this process holds would count as memory of those that it starts.
    alone(write_pool, folder)
    arguments = [*command, "sample", str(folder), str(folder / "items.csv"), "-n", str(SAMPLED), "--force"]
    what = f"`pilot sample` of {SAMPLED:,} from {POOL:,}"
    own, peak = min(run(arguments) for _ in range(RUNS))
    yield Row(what, own, "6 s", 6, 1, peak)
    _bounded(what, peak, 400)
    with (folder / "labels" / "acme.csv").open("wb") as file:
        file.truncate(1_000_000_000)
    own, peak = min(run([*command, "measure", str(folder)], exits=1) for _ in range(RUNS))
    yield Row("refusing a file of 1 GB", own, "0.5 s", 0.5, 1, peak)


def _bounded(what: str, peak: float, memory: float) -> None:
    if peak > memory:
        raise SystemExit(f"{what} takes {peak:.0f} MB, more than {memory:.0f}")


def write_labels(folder: Path) -> list[Path]:
    """Write a pilot of single labels; return the files of gold and of each vendor."""
    numbers = np.random.default_rng(1)
    settings = {
        "labels": LABELS,
        "severity": {f"{LABELS[0]}>{LABELS[1]}": 5},
        "phases": dict(zip(PHASES, (40, 40, 20), strict=True)),
        "risk": {"promised": 98, "unacceptable": 95},
        "fast_below": 2,
        "pay": {
            "currency": "USD",
            "unit_price": dict.fromkeys(VENDORS, 0.012),
            "legal_minimum": dict.fromkeys(VENDORS, 2),
        },
    }
    _write_settings(folder, "classification", settings)
    items = [f"img-{number:06}" for number in range(ITEMS)]
    truth = numbers.integers(0, len(LABELS), ITEMS)
    phases = numbers.choice(PHASES, ITEMS, p=(0.4, 0.4, 0.2)).tolist()
    files = [folder / "gold.csv", *(folder / "labels" / f"{vendor}.csv" for vendor in VENDORS)]
    _write_csv(files[0], ("item", "label", "phase"), zip(items, _named(truth), phases, strict=True))
    for file in files[1:]:
        labels = np.where(numbers.random(ITEMS) < ERRORS, numbers.integers(0, len(LABELS), ITEMS), truth)
        seconds = numbers.gamma(4, 6, ITEMS).round(1) + 0.5
        _write_csv(file, ("item", "label", "seconds"), zip(items, _named(labels), seconds.tolist(), strict=True))
    return files


def _named(labels: Ints) -> list[str]:
    return [LABELS[label] for label in labels.tolist()]


def write_boxes(folder: Path) -> list[Path]:
    """Write a pilot of boxes as COCO JSON; return the files of gold and of each vendor."""
    numbers = np.random.default_rng(2)
    _write_settings(folder, "boxes", {"labels": CLASSES, "iou": [0.5, 0.75]})
    images = np.repeat(np.arange(IMAGES), BOXES // IMAGES)
    classes = numbers.integers(0, len(CLASSES), BOXES)
    boxes = np.hstack([numbers.uniform(0, 1500, (BOXES, 2)), numbers.uniform(20, 200, (BOXES, 2))])
    files = [folder / "gold.json", *(folder / "labels" / f"{vendor}.json" for vendor in VENDORS)]
    _write_coco(files[0], images, classes, boxes)
    for file in files[1:]:
        moved = boxes + numbers.normal(0, 4, boxes.shape)
        moved[:, 2:] = np.maximum(moved[:, 2:], 5)
        invented = numbers.random(BOXES) < ERRORS
        moved[invented, :2] = numbers.uniform(0, 1500, (int(invented.sum()), 2))
        named = np.where(numbers.random(BOXES) < ERRORS, numbers.integers(0, len(CLASSES), BOXES), classes)
        _write_coco(file, images, named, moved)
    return files


def _write_coco(file: Path, images: Ints, classes: Ints, boxes: Floats) -> None:
    columns = images.tolist(), classes.tolist(), boxes.round(2).tolist()
    content = {
        "images": [{"id": image, "file_name": f"img-{image:06}.jpg"} for image in range(IMAGES)],
        "categories": [{"id": number, "name": name} for number, name in enumerate(CLASSES)],
        "annotations": [
            {"id": number, "image_id": image, "category_id": label, "bbox": box, "area": box[2] * box[3], "iscrowd": 0}
            for number, (image, label, box) in enumerate(zip(*columns, strict=True), start=1)
        ],
    }
    file.write_text(json.dumps(content), encoding="utf-8")


def write_pool(folder: Path) -> None:
    """Write a pilot whose sample is still to be drawn: every fiftieth item has gold."""
    _write_settings(folder, "classification", {"labels": LABELS, "seed": "apricot-41", "show": ["image", "text"]})
    items = [f"img-{number:07}" for number in range(POOL)]
    _write_csv(folder / "gold.csv", ("item", "label"), ((item, LABELS[0]) for item in items[::50]))
    rows = ((item, f"https://example.org/{item}.jpg", f"shelf {item[-3:]}") for item in items)
    _write_csv(folder / "items.csv", ("item", "image", "text"), rows)


def _write_settings(folder: Path, task: str, settings: dict[str, object]) -> None:
    (folder / "labels").mkdir(parents=True)
    settings = {"title": "Benchmark", "task": task, "measured_on": "2026-11-23", "vendors": VENDORS, **settings}
    # JSON is YAML.
    (folder / "pilot.yaml").write_text(json.dumps(settings), encoding="utf-8")


def _write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    show(rows())
