"""Folders of pilots for tests: pilot.yaml, gold, labels and what else is written."""

import textwrap

from vendor_eval.pilot.files import read_delivery, read_gold, read_tasks
from vendor_eval.pilot.settings import load_pilot

HEAD = {
    "classification": "labels: [crop, weed, unsure]",
    "preference": "labels: [A, B]",
    "rubric": "criteria: [helpful, honest]\nlevels: [1, 2, 3, 4, 5]",
    "boxes": "labels: [crop, weed]",
    "spans": "labels: [PER, ORG]",
}


def write_pilot(folder, task="classification", more="", files=()):
    """Write a pilot; `files` maps paths in its folder to texts (dedented) or bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    text = f"title: Weeds\ntask: {task}\nmeasured_on: 2026-11-23\n{HEAD.get(task, '')}\n{textwrap.dedent(more)}"
    (folder / "pilot.yaml").write_text(text, encoding="utf-8")
    for name, content in dict(files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).lstrip("\n").encode())
    return folder


def read_pilot(folder, vendor="acme", vendors=("acme",), **options):
    """Read the settings, gold, tasks and the delivery of a vendor."""
    settings = load_pilot(folder)
    gold = read_gold(folder, settings, vendors)
    tasks = read_tasks(folder, settings, gold, vendors)
    return settings, gold, tasks, read_delivery(folder, settings, gold, tasks, vendor, **options)


def delivered(folder, **options):
    """Read the delivery of a vendor alone."""
    return read_pilot(folder, **options)[-1]
