"""The sample of a pilot: which items are measured, under which code each goes to which vendor, and in what package.

Everything is decided by `kernels.drawing.key`, so that the draw can be redone after the debrief, in any language.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, repeat
from math import floor
from pathlib import Path
from sys import intern
from typing import NamedTuple

from vendor_eval.formatting.file_names import file_names
from vendor_eval.issues import InputError, Issue, Location, VendorEvalError
from vendor_eval.pilot.formats import Columns, Source, columns_of, fault, read_content
from vendor_eval.pilot.kernels.drawing import cut, key, share_out, smallest
from vendor_eval.pilot.rows import clean
from vendor_eval.pilot.settings import COLUMNS, FILE, PilotSettings, fold
from vendor_eval.pilot.tables import Gold

ITEM = "item"
PLAN = "plan.csv"
PACKAGES = "packages"
PLAN_COLUMNS = ("vendor", ITEM, "source", "phase", "kind", "stratum")
_FEWEST = 30
_SEPARATORS = re.compile(r"[/\\_\-.\s]+")
_TELLING = frozenset(("gold", "gt", "truth", "honeypot", "dup"))


class Task(NamedTuple):
    """An item at one vendor: gold, work or duplicate, under the code that the vendor is given."""

    vendor: str
    code: str
    source: str
    phase: str
    kind: str
    stratum: str


@dataclass(frozen=True, slots=True)
class Order:
    """How many items are wanted: with gold, without, and duplicates in percent of those with gold."""

    count: int
    fill: int = 0
    duplicates: float = 10
    stratify: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """Tasks by vendor and code, and the files that they make, by their path in the folder of the pilot."""

    tasks: tuple[Task, ...]
    files: Mapping[str, bytes]
    packages: Mapping[tuple[str, str], str]
    """The file of each vendor and phase."""
    warnings: tuple[str, ...]


def draw_sample(settings: PilotSettings, gold: Gold, items: Path, vendors: Sequence[str], order: Order) -> Sample:
    """Draw items that have gold and items that have none, and package them for each vendor.

    Raises InputError for a file of items that cannot be drawn from or that tells vendors the gold, VendorEvalError
    where it has too few items.
    """
    if faults := tuple(_faults(settings, vendors)):
        raise InputError(faults)
    known = {item: item for item, counts in zip(gold.items, gold.counts.tolist(), strict=True) if counts}
    source = _Items(Source(items, f"{items}"), read_content(Source(items, f"{items}")))
    strata = source.strata(order.stratify, known)
    measured, warnings = _measured(settings.seed, known, strata, order, items.name)
    work = smallest(settings.seed, "fill", (item for item in strata if item not in known), order.fill)
    if len(work) < order.fill:
        few = f"{items.name}: has {len(work):,} items without gold, and {order.fill:,} are asked for"
        raise VendorEvalError(f"{few}; lower --fill, or add items that gold does not name")
    twice = smallest(settings.seed, "duplicate", measured, floor(order.count * order.duplicates / 100 + 0.5))
    by_key = sorted((*measured, *work), key=lambda item: key(settings.seed, "phase", item))
    phases = cut(by_key, settings.phases or {"": 100})
    kinds = {"gold": measured, "work": work, "duplicate": twice}
    drawn = [(kind, item) for kind, items_of_kind in kinds.items() for item in items_of_kind]
    shown = {
        item: tuple(columns.texts[fold(name)][place] for name in settings.show)
        for columns in source.columns(settings.show)
        for place, item in enumerate(_ids(columns))
        if item in phases
    }
    if leaks := tuple(_leaks(settings, gold, measured, shown, items.name)):
        raise InputError(leaks)
    tasks = tuple(task for vendor in vendors for task in _tasks(settings, vendor, drawn, phases, strata))
    folders, numbers = file_names(vendors), [*settings.phases] or [""]
    packages = {
        (vendor, phase): f"{PACKAGES}/{folders[vendor]}/tasks-{numbers.index(phase) + 1}.csv"
        for vendor, phase in dict.fromkeys((task.vendor, task.phase) for task in tasks)
    }
    files = {PLAN: _as_csv(PLAN_COLUMNS, tasks)} | {
        packages[vendor, phase]: _package(settings, group, shown)
        for (vendor, phase), group in groupby(tasks, lambda task: (task.vendor, task.phase))
    }
    return Sample(tasks, files, packages, warnings)


def _faults(settings: PilotSettings, vendors: Sequence[str]) -> Iterator[Issue]:
    names_item = ITEM in map(fold, settings.show)
    for is_wrong, code, message in (
        (not settings.seed, "missing-key", "required key 'seed' is missing: it decides the draw"),
        (not vendors, "missing-key", "required key 'vendors' is missing: there is no evaluation that names them"),
        (names_item, "wrong-value", "show: 'item' would tell vendors which item a code stands for; name other columns"),
    ):
        if is_wrong:
            yield Issue(code, message, Location(FILE))


@dataclass(frozen=True, slots=True)
class _Items:
    """The file of items: read once, parsed for the columns that are asked for."""

    source: Source
    content: bytes

    def columns(self, names: Sequence[str]) -> Iterator[Columns]:
        """Parse columns by portions of rows, under their folded names; raises InputError with each row that is none."""
        faults: list[Issue] = []
        needed = (ITEM, *map(fold, names))
        known = dict(zip(needed, needed, strict=True))
        yield from columns_of(self.source, self.content, needed=needed, known=known, faults=faults)
        if faults:
            raise InputError(faults)

    def strata(self, column: str, known: Mapping[str, str]) -> dict[str, str]:
        """Map every item to its stratum; raises InputError for one that has no id, or stands twice.

        Ids that are known are the same objects: there may be a million of them.
        """
        strata: dict[str, str] = {}
        faults: list[Issue] = []
        rows = 0
        for columns in self.columns((column,) if column else ()):
            names = map(intern, map(str.strip, columns.texts[fold(column)])) if column else repeat("")
            ids = tuple(_ids(columns))
            strata.update(zip(map(known.get, ids, ids), names, strict=False))
            rows += len(columns.rows)
        if len(strata) < rows or "" in strata:
            seen = {""}
            for columns in self.columns(()):
                for row, item in zip(columns.rows, _ids(columns), strict=True):
                    if item in seen:
                        text = f"{item} stands above already: keep one row" if item else "names no item: fill it in"
                        faults.append(fault("item-twice" if item else "bad-row", text, self.source.file, row))
                    seen.add(item)
            raise InputError(faults)
        return strata


def _ids(columns: Columns) -> Iterator[str]:
    ids = columns.texts[ITEM]
    return map(str.strip if "".join(ids).isascii() else clean, ids)


def _measured(
    seed: str, known: Container[str], strata: Mapping[str, str], order: Order, name: str
) -> tuple[list[str], tuple[str, ...]]:
    """Draw the items that are measured from each stratum in proportion to its items with gold."""
    members: dict[str, list[str]] = {}
    for item, stratum in strata.items():
        if item in known:
            members.setdefault(stratum, []).append(item)
    sizes = {stratum: len(items) for stratum, items in members.items()}
    if (most := sum(sizes.values())) < order.count:
        raise VendorEvalError(f"{name}: {most:,} of its items have gold, and {order.count:,} are asked for; draw fewer")
    counts = share_out(order.count, sizes)
    drawn = [item for stratum in sorted(counts) for item in smallest(seed, "draw", members[stratum], counts[stratum])]
    little = f"items in the sample; below {_FEWEST} a stratum alone says little"
    few = [stratum for stratum in sorted(counts) if counts[stratum] < _FEWEST] if order.stratify else []
    return drawn, tuple(f"{order.stratify} '{stratum}' has {counts[stratum]} {little}" for stratum in few)


def _leaks(
    settings: PilotSettings, gold: Gold, measured: Sequence[str], shown: Mapping[str, Sequence[str]], name: str
) -> Iterator[Issue]:
    """Find columns that tell vendors the gold, or which items have it."""
    drawn = set(measured)
    numbers = {item: gold.labels[place] for place, item in enumerate(gold.items) if item in drawn}
    labels = [f"/{'/'.join(_parts(label))}/" for label in settings.labels]
    for index, column in enumerate(settings.show):
        known = [item for item in measured if numbers[item] >= 0]
        same = sum(labels[numbers[item]] in f"/{'/'.join(_parts(shown[item][index]))}/" for item in known)
        if 2 * same > len(measured):
            message = f"{column}: holds the gold label of {same:,} of {len(measured):,} items; take it out of `show`"
            yield Issue("gold-leak", message, Location(name))
        for item, cells in shown.items():
            cell = cells[index].strip()
            if len(cell.split()) == 1 and (telling := _TELLING.intersection(_parts(cell))):
                message = f"{column}: '{cell}' of {item} says '{min(telling)}'; rename what vendors see"
                yield Issue("gold-leak", message, Location(name))


def _parts(text: str) -> list[str]:
    return [part for part in _SEPARATORS.split(fold(text)) if part]


def _tasks(
    settings: PilotSettings,
    vendor: str,
    drawn: Sequence[tuple[str, str]],
    phases: Mapping[str, str],
    strata: Mapping[str, str],
) -> Iterator[Task]:
    """Give a vendor its tasks, phase by phase in an order of its own."""
    places, role = {phase: place for place, phase in enumerate(settings.phases)}, f"order/{vendor}"

    def order(task: tuple[str, str]) -> tuple[int, str]:
        return places.get(phases[task[1]], 0), key(settings.seed, role, "/".join(task))

    for number, (kind, item) in enumerate(sorted(drawn, key=order), start=1):
        yield Task(vendor, f"t{number:05}", item, phases[item], kind, strata[item])


def _package(settings: PilotSettings, tasks: Iterator[Task], shown: Mapping[str, Sequence[str]]) -> bytes:
    """Write what a vendor gets: code, shown columns as they are, columns to fill; a rubric has a row per criterion."""
    to_fill = (*COLUMNS[settings.task], *(("annotator",) if settings.passes > 1 else ()), "seconds")
    starts = [(criterion,) for criterion in settings.criteria] if settings.task == "rubric" else [()]
    filled = [(*start, *[""] * (len(to_fill) - len(start))) for start in starts]
    rows = ((task.code, *shown[task.source], *cells) for task in tasks for cells in filled)
    # No guard against formulas: a sign more would move every span of the text.
    return _as_csv((ITEM, *settings.show, *to_fill), rows)


def _as_csv(header: Sequence[str], rows: "Iterator[Sequence[str]] | Sequence[Sequence[str]]") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows((header, *rows))
    # Excel knows UTF-8 by its mark; other programs are better off without.
    return text.getvalue().encode("utf-8" if text.getvalue().isascii() else "utf-8-sig")


def headline(sample: Sample) -> str:
    """Say what every vendor gets."""
    vendors = Counter(task.vendor for task in sample.tasks)
    kinds = Counter(task.kind for task in sample.tasks if task.vendor == sample.tasks[0].vendor)
    gold, work, twice = (f"{kinds[kind]:,}" for kind in ("gold", "work", "duplicate"))
    return f"{gold} items with gold, {work} without, {twice} of the first twice, for each of {len(vendors)} vendors"


def summary(sample: Sample) -> Iterator[tuple[str, ...]]:
    """Yield what each package has, with a header: vendor, file, phase, tasks, of them gold, work and duplicates."""
    yield ("Vendor", "Package", "Phase", "Tasks", "Gold", "Work", "Duplicates")
    for (vendor, phase), file in sample.packages.items():
        kinds = Counter(task.kind for task in sample.tasks if (task.vendor, task.phase) == (vendor, phase))
        counts = (kinds.total(), kinds["gold"], kinds["work"], kinds["duplicate"])
        yield (vendor, file, phase or "–", *(f"{count:,}" for count in counts))
