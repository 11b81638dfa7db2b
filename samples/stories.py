"""What three vendors deliver in a pilot: each errs as its story says, drawn from a seed that is written here.

Okavira keeps its word. Celadora promises 99 % and delivers 94 %. Nordhain is good until the surge, which it rushes.
Used by make_samples.py.
"""
# ruff: noqa: INP001, S311 - a script beside data, no package; its chance has to be the same each time

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from vendor_eval.pilot.files import read_gold
from vendor_eval.pilot.sample import PLAN, Order, Task, draw_sample
from vendor_eval.pilot.settings import load_pilot

VENDORS = ("okavira", "celadora", "nordhain")
# What each says of the quality that it guarantees, in place of what its persona says of objects.
COMMENTS = {
    "okavira": {"QAR-23": "99 % of the images, in every batch"},
    "celadora": {"QAR-23": "99 % on average, 97 % for any batch"},
    "nordhain": {"QAR-23": "99 %, also in the busiest week"},
}
STATES = ("full", "low", "empty", "blocked")
AISLES = {"bakery": 100, "dairy": 140, "drinks": 160}
BEGIN = {day: datetime.fromisoformat(f"2026-11-{16 + day}T07:00:00+00:00") for day in range(3)}


@dataclass(frozen=True)
class Way:
    """How a vendor works in a phase: so many of the items wrong, in so many seconds each."""

    wrong: int
    seconds: float


# Errors of 120, 120 and 60 images in day 1, change and surge.
SHELVES = {
    "okavira": (Way(1, 11), Way(1, 12), Way(0, 11)),
    "celadora": (Way(7, 9), Way(8, 10), Way(3, 9)),
    "nordhain": (Way(0, 9), Way(1, 9), Way(6, 2.6)),
}
# Errors of 40, 40 and 20 images with fruit, and how many pixels a side may be off.
BOXES = {
    "okavira": (Way(1, 40), Way(1, 42), Way(0, 41)),
    "celadora": (Way(6, 33), Way(6, 35), Way(3, 33)),
    "nordhain": (Way(1, 36), Way(1, 37), Way(9, 12)),
}
OFF = {"okavira": 2, "celadora": 7, "nordhain": 3}
PHASES = ("day1", "change", "surge")
# How often a duplicate is seen otherwise than the first time.
UNSURE = {"okavira": 0.02, "celadora": 0.15, "nordhain": 0.08}


def write_shelves(folder: Path) -> None:
    """Write the items, gold, draw and deliveries of the pilot on images of shelves."""
    chance = Random("shelves")
    aisles = [aisle for aisle, count in AISLES.items() for _ in range(count)]
    chance.shuffle(aisles)
    items = [f"shelf-{number:03}" for number in range(1, len(aisles) + 1)]
    _write(folder / "items.csv", ("item", "aisle"), zip(items, aisles, strict=True))
    truth = {
        item: STATES[min(int(chance.random() * 5), 3)] for item in sorted(items, key=lambda _: chance.random())[:300]
    }
    _write(folder / "gold.csv", ("item", "label"), sorted(truth.items()))
    settings = load_pilot(folder)
    order = Order(300, fill=50, stratify="aisle")
    sample = draw_sample(settings, read_gold(folder, settings), folder / "items.csv", VENDORS, order)
    (folder / PLAN).write_bytes(sample.files[PLAN])
    for vendor in VENDORS:
        tasks = [task for task in sample.tasks if task.vendor == vendor]
        wrong = _errors(vendor, [task for task in tasks if task.kind == "gold"], SHELVES[vendor])
        labels = {task.code: _label(vendor, task, truth, wrong) for task in tasks}
        _write(
            folder / "labels" / f"{vendor}.csv",
            ("item", "label", "annotator", "seconds", "submitted_at"),
            ((code, labels[code], *work) for code, *work in _worked(vendor, tasks, SHELVES[vendor])),
        )
        if vendor == "celadora":
            _dispute(folder, [(task.source, labels[task.code]) for task in tasks if task.kind == "gold"], wrong)


def _dispute(folder: Path, labels: Iterable[tuple[str, str]], wrong: set[str]) -> None:
    """Let Celadora dispute two of its errors: one is rejected, one is still open."""
    (one, first), (other, second) = [pair for pair in labels if pair[0] in wrong][:2]
    rows = (
        (
            "celadora",
            one,
            first,
            "rejected",
            "",
            "Sofie Lindgren",
            "2026-11-21",
            "The guideline, page 4, shows this case",
        ),
        ("celadora", other, second, "open", "", "", "", ""),
    )
    _write(folder / "disputes.csv", ("vendor", "item", "claim", "ruling", "label", "by", "date", "reason"), rows)


def _errors(vendor: str, tasks: Iterable[Task], ways: Sequence[Way]) -> set[str]:
    """Choose the items that a vendor has wrong, as many in each phase as its story says."""
    chance = Random(f"errors of {vendor}")
    tasks = list(tasks)
    return {
        source
        for phase, way in zip(PHASES, ways, strict=True)
        for source in sorted((task.source for task in tasks if task.phase == phase), key=lambda _: chance.random())[
            : way.wrong
        ]
    }


def _label(vendor: str, task: Task, truth: dict[str, str], wrong: set[str]) -> str:
    """Label an item: who errs takes an empty shelf for a low one, a low one for a full one, a covered one for empty."""
    chance = Random(f"{vendor} {task.source}")
    right = truth.get(task.source) or STATES[int(chance.random() * 4)]
    otherwise = task.kind == "duplicate" and chance.random() < UNSURE[vendor]
    errs = (task.source in wrong) != otherwise
    return {"full": "low", "low": "full", "empty": "low", "blocked": "empty"}[right] if errs else right


def _worked(vendor: str, tasks: Iterable[Task], ways: Sequence[Way]) -> Iterable[tuple[str, str, str, str]]:
    """Yield code, annotator, seconds and time of each task: four people work side by side, one day a phase."""
    chance = Random(f"seconds of {vendor}")
    clocks: dict[tuple[str, int], datetime] = {}
    for number, task in enumerate(tasks):
        day, who = PHASES.index(task.phase), number % 4
        seconds = round(max(0.8, chance.gauss(ways[day].seconds, ways[day].seconds / 4)), 1)
        clocks[task.phase, who] = clocks.get((task.phase, who), BEGIN[day]) + timedelta(seconds=seconds + 1)
        yield task.code, f"{vendor[0]}{who + 1}", f"{seconds:g}", clocks[task.phase, who].isoformat(timespec="seconds")


# ------------------------------------------------------------------------------------------------ boxes

Box = tuple[str, float, float, float, float]
FRUIT = ("apple", "pear")


def write_boxes(folder: Path) -> None:
    """Write gold, plan and deliveries of the pilot on boxes around fruit, as COCO JSON."""
    chance = Random("boxes")
    phases = {f"tree-{number:03}": PHASES[min((number - 1) // 40, 2)] for number in range(1, 101)}
    gold = {image: [_box(chance, place) for place in range(int(chance.random() * 6))] for image in phases}
    crowds = dict.fromkeys(list(gold)[::20], (700.0, 500.0, 200.0, 150.0))
    _write_coco(folder / "gold.json", gold, crowds)
    rows = (("", image, image, phase, "gold", "") for image, phase in phases.items())
    _write(folder / PLAN, ("vendor", "item", "source", "phase", "kind", "stratum"), rows)
    for vendor in VENDORS:
        tasks = [Task(vendor, image, image, phases[image], "gold", "") for image in gold if gold[image]]
        wrong = _errors(vendor, tasks, BOXES[vendor])
        _write_coco(folder / "labels" / f"{vendor}.json", {i: _drawn(vendor, i, gold[i], i in wrong) for i in gold})


def _box(chance: Random, place: int) -> Box:
    """Draw a fruit in a column of its own, so that none hides another."""
    size = 60 + round(chance.random() * 40, 1)
    return FRUIT[int(chance.random() * 2)], 20 + 130 * place, round(20 + chance.random() * 350, 1), size, size


def _drawn(vendor: str, image: str, boxes: Sequence[Box], wrong: bool) -> list[Box]:  # noqa: FBT001
    """Draw boxes some pixels off; who errs misses a fruit, misplaces its box or calls it another."""
    chance, off = Random(f"{vendor} {image}"), OFF[vendor]
    drawn = [(name, *(round(side + off * (2 * chance.random() - 1), 1) for side in box)) for name, *box in boxes]
    if wrong:
        name, x, y, w, h = drawn.pop(int(chance.random() * len(drawn)))
        missed: list[Box] = []
        moved, renamed = (name, x + w / 2, y, w, h), (FRUIT[1 - FRUIT.index(name)], x, y, w, h)
        drawn += (missed, [moved], [renamed])[int(chance.random() * 3)]
    return drawn


def _write_coco(path: Path, boxes: dict[str, list[Box]], crowds: "dict[str, tuple[float, ...]] | None" = None) -> None:
    numbers = {image: number for number, image in enumerate(boxes, start=1)}
    rows = [(image, name, box, 0) for image, every in boxes.items() for name, *box in every]
    rows += [(image, FRUIT[0], box, 1) for image, box in (crowds or {}).items()]
    images = [
        {"id": number, "file_name": f"{image}.jpg", "width": 1000, "height": 700} for image, number in numbers.items()
    ]
    categories = [{"id": number, "name": name} for number, name in enumerate(FRUIT, start=1)]
    annotations = [
        {
            "id": number,
            "image_id": numbers[image],
            "category_id": FRUIT.index(name) + 1,
            "bbox": [*box],
            "iscrowd": crowd,
        }
        for number, (image, name, box, crowd) in enumerate(rows, start=1)
    ]
    parts = {"images": images, "annotations": annotations, "categories": categories}
    # A line for each entry, so that a change can be read.
    lists = (f'"{key}": [\n' + ",\n".join(map(json.dumps, entries)) + "\n]" for key, entries in parts.items())
    path.parent.mkdir(exist_ok=True)
    path.write_text("{" + ",\n".join(lists) + "}\n", encoding="utf-8")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
