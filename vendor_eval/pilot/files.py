"""The files of a pilot folder as tables: gold and its disputes, the plan, what each vendor delivered, the log."""

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import inf, isnan, nan
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vendor_eval.intake.listing import entries, spelt
from vendor_eval.issues import InputError, did_you_mean
from vendor_eval.pilot.formats import Source, columns_of, fault, read_content
from vendor_eval.pilot.rows import (
    NO_RATINGS,
    Marks,
    ObjectRows,
    Problems,
    Ratings,
    RowReader,
    clean,
    folded,
    growing,
    kept,
    moment,
    number,
    numbers_of,
)
from vendor_eval.pilot.settings import LOG, PilotSettings, outside
from vendor_eval.pilot.tables import (
    DUPLICATE,
    GOLD,
    INVALID,
    MISSING,
    WORK,
    Delivery,
    Dispute,
    Flags,
    Floats,
    Gold,
    Ints,
    Log,
    NotMeasured,
    Objects,
    Tasks,
)
from vendor_eval.results.pilot_figures import OBJECTS

GOLD_FILES = ("gold.csv", "gold.xlsx", "gold.json")
LABELS, PLAN, DISPUTES, PACKAGES = "labels", "plan.csv", "disputes.csv", "packages"
FINAL = "final"
_KINDS = {"gold": GOLD, "work": WORK, "duplicate": DUPLICATE}
_RULINGS = ("open", "rejected", "upheld", "ambiguous")
_EVENTS = ("instructions", "first_batch", "question", "change", "issue")


@contextmanager
def _without_collection() -> Iterator[None]:
    """Read without garbage collection: millions of new objects, none of them in a cycle."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


# ------------------------------------------------------------------------------------------------------ which file


def label_files(folder: Path, vendors: Collection[str] | None = None) -> Mapping[str, tuple[Source, ...]]:
    """Find the files of each vendor in labels/; without known vendors, those that the files are named after.

    Raises InputError for a file or folder that belongs to no vendor.
    """
    found: dict[str, list[Source]] = {}
    problems = Problems()
    names = {clean(vendor).casefold(): vendor for vendor in vendors or ()}
    for path in entries(folder / LABELS):
        inside = path.is_dir() and not path.is_symlink()
        name = clean(spelt(path.name if inside else path.stem))
        vendor = name if vendors is None else names.get(name.casefold())
        file = f"{LABELS}/{spelt(path.name)}"
        if vendor is None:
            cure = did_you_mean(name, names.values()) or "; name it after the id of a vendor, or move it away"
            problems.stop("unknown-vendor", f"belongs to no vendor{cure}", file)
            continue
        paths = {each: f"{file}/{spelt(each.name)}" for each in entries(path)} if inside else {path: file}
        found.setdefault(vendor, []).extend(Source(*each) for each in paths.items())
    problems.check()
    return {vendor: tuple(files) for vendor, files in sorted(found.items()) if files}


def count_skipped(folder: Path) -> int:
    """Count the hidden and temporary files in labels/, which nobody reads."""
    labels = folder / LABELS
    folders = [labels, *(path for path in entries(labels) if path.is_dir() and not path.is_symlink())]
    return sum(len(list(path.iterdir())) - len(list(entries(path))) for path in folders if path.is_dir())


def gold_source(folder: Path, settings: PilotSettings) -> Source:
    """Find the file with the truth; raises InputError where there is none."""
    names = (settings.gold,) if settings.gold else GOLD_FILES
    file = next((name for name in names if _is_there(folder / name)), None)
    if file is None:
        raise InputError([fault("missing-file", "does not exist: write the truth of each item there", names[0])])
    return Source(folder / file, file)


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _table(
    source: Source, names: str, problems: Problems, vendors: Collection[str] | None, *, needed: int, cure: str = ""
) -> Iterator[tuple[int, dict[str, str]]]:
    """Read a small table of the buyer row by row, with the numbers of the rows; nothing where there is no such file.

    The first so many columns are needed. A row of an unknown vendor is a fault.
    """
    known = {name: name for name in names.split()}
    content = read_content(source) if _is_there(source.path) else b""
    first = list(known)[:needed]
    for columns in columns_of(source, content, needed=first, known=known, faults=problems.stops) if content else ():
        texts = [columns.texts.get(name, ("",) * len(columns.rows)) for name in known]
        for row, *values in zip(columns.rows, *texts, strict=True):
            cells = dict(zip(known, map(clean, values), strict=True))
            vendor = cells["vendor"]
            if vendor in vendors if vendors is not None else vendor:
                yield row, cells
            else:
                hint = did_you_mean(vendor, vendors or ()) or cure
                problems.stop("unknown-vendor", f"'{vendor}' is no vendor{hint}", source.file, row)


def _hint(text: str, known: Iterable[str]) -> str:
    return did_you_mean(text, known) or f"; known are {', '.join(known)}"


# ------------------------------------------------------------------------------------------------------ gold


def read_gold(folder: Path, settings: PilotSettings, vendors: Collection[str] | None = None) -> Gold:
    """Read the truth, with the rulings of disputes.csv applied; raises InputError with all faults of a file."""
    problems, items = Problems(of_buyer=True), list[str]()
    source = gold_source(folder, settings)
    reader = RowReader(settings, growing(items), items, "expert", problems)
    with _without_collection():
        if settings.task in OBJECTS:
            rows = reader.objects([source])
            _check_empty(rows, reader)
            none, nothing = np.full(len(items), MISSING), np.empty((len(items), 0))
            phases, experts = _phases(none, rows.marks), nothing.astype(np.int64)
            gold = Gold(tuple(items), phases, none < 0, none, experts, nothing, rows.objects)
        else:
            gold = _gold_of_ratings(reader.ratings([source]), items, reader)
        problems.check()
        disputes = _disputes(folder, settings, gold, vendors, problems)
        problems.check()
        return _ruled(replace(gold, disputes=disputes), settings, folder)


def _gold_of_ratings(ratings: Ratings, items: Sequence[str], reader: RowReader) -> Gold:
    settings, problems, count = reader.settings, reader.problems, len(items)
    ratings = kept(ratings, (ratings.marks.item >= 0) & (ratings.value >= 0) & (ratings.criterion >= 0))
    item, several = ratings.marks.item, settings.task in {"preference", "rubric"}
    people = ratings.marks.who + 1 if several else np.zeros_like(item)
    criteria = max(1, len(settings.criteria))
    key = (item * (len(reader.names) + 1) + people) * criteria + ratings.criterion
    for row in _later(key)[0].tolist():
        file, line, name = reader.at(ratings.marks, row)
        text = f"{name} stands twice{' for the same expert' if several else ''}: keep one row"
        problems.stop("item-twice", text, file, line)
    experts, medians = np.empty((count, 0), dtype=np.int64), np.empty((count, 0))
    labels = np.full(count, MISSING)
    if settings.task == "rubric":
        medians = _medians(item, ratings.criterion, ratings.value, count, settings, at_least=0)
        for place, criterion in np.argwhere(np.isnan(medians))[:50].tolist():
            text = f"{items[place]} has no score for {settings.criteria[criterion]}: add the row"
            problems.stop("missing-item", text, reader.files[0])
    elif settings.task == "preference":
        choices = len(settings.labels)
        experts = np.bincount(item * choices + ratings.value, minlength=count * choices).reshape(count, choices)
        labels = np.where(experts.max(axis=1) * 2 > experts.sum(axis=1), experts.argmax(axis=1), MISSING)
    else:
        labels[item] = ratings.value
    counts = (labels >= 0) | (settings.task == "rubric")
    phases = _phases(np.full(count, MISSING), ratings.marks)
    return Gold(tuple(items), phases, counts, labels, experts, medians, None)


def _phases(phases: Ints, marks: Marks) -> Ints:
    """Fill empty phases from rows that name one; of several the first in the order of pilot.yaml."""
    rows = np.flatnonzero((marks.phase >= 0) & (marks.item >= 0))
    rows = rows[np.argsort(-marks.phase[rows], kind="stable")]
    named = phases.copy()
    named[marks.item[rows]] = marks.phase[rows]
    return np.where(phases >= 0, phases, named)


def _later(key: Ints) -> tuple[Ints, Ints]:
    """Find rows whose key stood in a row before, and for each the first row of this key."""
    order = np.argsort(key, kind="stable")
    new = np.ones(len(key), dtype=np.bool_)
    new[1:] = key[order][1:] != key[order][:-1]
    first = order[np.flatnonzero(new)][np.cumsum(new) - 1] if len(key) else order
    return order[~new], first[~new]


def _medians(item: Ints, criterion: Ints, value: Ints, count: int, settings: PilotSettings, *, at_least: int) -> Floats:
    """Take the median level of each item and criterion, NaN where ratings that are missing could change it.

    At least so many ratings are expected; those that are missing, or no level, could be anything.
    """
    criteria = len(settings.criteria)
    key = item * criteria + criterion
    scores = np.where(value >= 0, np.array([*settings.levels, nan])[value], nan)
    rated = np.bincount(key, minlength=count * criteria)
    valid = np.bincount(key, weights=value >= 0, minlength=count * criteria).astype(np.int64)
    asked = np.maximum(rated, at_least)
    order = np.lexsort((scores, key))
    ordered, starts = np.append(scores[order], nan), np.cumsum(rated) - rated

    def middle(missing_below: Ints) -> Floats:
        ends = []
        for place in ((asked - 1) // 2, asked // 2):
            rank = place - missing_below
            inside = (rank >= 0) & (rank < valid)
            ends.append(np.where(inside, ordered[np.where(inside, starts + rank, -1)], nan))
        return np.asarray((ends[0] + ends[1]) / 2)

    low, high = middle(asked - valid), middle(np.zeros_like(asked))
    medians: Floats = np.where(low == high, low, nan).reshape(count, criteria)
    return medians


# ------------------------------------------------------------------------------------------------------ disputes


def _disputes(
    folder: Path, settings: PilotSettings, gold: Gold, vendors: Collection[str] | None, problems: Problems
) -> tuple[Dispute, ...]:
    items, labels = numbers_of(gold.items), folded(settings.labels)
    disputes: list[Dispute] = []
    rulings: dict[tuple[int, str], tuple[str, str]] = {}
    columns = "vendor item ruling claim label by date reason"
    for row, texts in _table(Source(folder / DISPUTES, DISPUTES), columns, problems, vendors, needed=3):
        vendor, name, ruling, label = texts["vendor"], texts["item"], texts["ruling"].casefold(), texts["label"]
        if items[name] < 0:
            text = f"'{name}' is no item of gold{did_you_mean(name, gold.items)}: name the source id"
            problems.stop("unknown-item", text, DISPUTES, row)
        elif ruling not in _RULINGS:
            text = f"{name}: '{texts['ruling']}' is no ruling{_hint(ruling, _RULINGS)}"
            problems.stop("wrong-value", text, DISPUTES, row)
        else:
            disputes.append(Dispute(vendor, items[name], ruling, label, texts["claim"], row))
            if ruling == "upheld":
                _check_upheld(name, label, row, settings, folder, problems)
            # Whose claim is rejected says nothing of the claims of others.
            holds = ruling, str(labels[label]) if labels[label] >= 0 else label
            whose = {"upheld": ("", vendor), "ambiguous": ("", vendor), "rejected": (vendor,)}.get(ruling, ())
            if any(rulings.setdefault((items[name], who), holds) != holds for who in whose):
                problems.stop("contradiction", f"{name}: another row rules otherwise: keep one of them", DISPUTES, row)
    return tuple(disputes)


def _check_upheld(name: str, label: str, row: int, settings: PilotSettings, folder: Path, problems: Problems) -> None:
    if not label:
        problems.stop("missing-key", f"{name}: 'upheld' needs the label that holds", DISPUTES, row)
    elif settings.task in OBJECTS and (fault := outside(folder, label)):
        problems.stop("wrong-value", f"{name}: {fault}", DISPUTES, row)
    elif settings.task in OBJECTS and not (folder / label).is_file():
        text = f"{name}: the label of a ruling on objects names a file, and '{label}' does not exist: add it"
        problems.stop("missing-file", text, DISPUTES, row)
    elif settings.task in {"classification", "preference"} and folded(settings.labels)[label] < 0:
        hint = did_you_mean(label, settings.labels)
        problems.stop("unknown-label", f"{name}: '{label}' is no label of pilot.yaml{hint}", DISPUTES, row)


def _ruled(gold: Gold, settings: PilotSettings, folder: Path) -> Gold:
    """Apply the rulings: gold that becomes another label, items that leave the count for all vendors."""
    labels, medians, counts, objects = gold.labels.copy(), gold.medians.copy(), gold.counts.copy(), gold.objects
    for dispute in (dispute for dispute in gold.disputes if dispute.ruling == "upheld"):
        if objects is not None:
            objects = _replaced(objects, dispute, gold, settings, folder)
        elif settings.task == "rubric":
            _rescore(medians[dispute.item], dispute, gold, settings)
        else:
            labels[dispute.item], counts[dispute.item] = folded(settings.labels)[dispute.label], True
    counts &= ~gold.ambiguous
    return replace(gold, labels=labels, medians=medians, counts=counts, objects=objects)


def _replaced(objects: Objects, dispute: Dispute, gold: Gold, settings: PilotSettings, folder: Path) -> Objects:
    """Take the objects of an item from the file that the ruling names."""
    problems = Problems(of_buyer=True)
    reader = RowReader(settings, numbers_of(gold.items), gold.items, "expert", problems)
    rows = reader.objects([Source(folder / dispute.label, dispute.label)])
    if not (rows.marks.item == dispute.item).any():
        problems.stop("missing-item", f"{gold.items[dispute.item]} is not in the file: add its objects", dispute.label)
    problems.check()
    new = rows.objects
    parts = (
        objects.take(np.flatnonzero(objects.owner != dispute.item)),
        new.take(np.flatnonzero(new.owner == dispute.item)),
    )
    return Objects(*(np.concatenate([getattr(part, key) for part in parts]) for key in Objects.__slots__))


def _rescore(scores: Floats, dispute: Dispute, gold: Gold, settings: PilotSettings) -> None:
    """Write the scores of a ruling on a rubric, such as 'helpful: 4; honest: 3', over those of an item."""
    numbers = folded(settings.criteria)
    for pair in dispute.label.split(";"):
        criterion, _, score = pair.partition(":")
        if numbers[criterion] < 0 or number(score) not in settings.levels:
            text = f"{gold.items[dispute.item]}: '{pair.strip()}' is no 'criterion: level'; separate them by ;"
            raise InputError([fault("unknown-label", text, DISPUTES, dispute.row)])
        scores[numbers[criterion]] = number(score)


# ------------------------------------------------------------------------------------------------------ tasks


class _PlanRow(NamedTuple):
    row: int
    code: str
    source: str
    kind: int
    phase: int
    stratum: str


def read_tasks(folder: Path, settings: PilotSettings, gold: Gold, vendors: Collection[str]) -> Mapping[str, Tasks]:
    """Read what each vendor was asked: by plan.csv, without a plan every gold item under its own id.

    A vendor that a plan does not name is left out. Raises InputError with all faults of the plan.
    """
    source = Source(folder / PLAN, PLAN)
    if not _is_there(source.path):
        none, places = np.full(len(gold.items), MISSING), np.arange(len(gold.items))
        kinds = np.full_like(places, GOLD)
        tasks = Tasks(gold.items, gold.items, places, kinds, gold.phases, none, none, settings.phase_names, ())
        return dict.fromkeys(vendors, tasks)
    problems = Problems(of_buyer=True)
    phases = folded(settings.phase_names, MISSING)
    rows: dict[str, list[_PlanRow]] = {vendor: [] for vendor in vendors}
    columns = "item source vendor phase kind stratum"
    for row, texts in _table(
        source, columns, problems, ("", *vendors), needed=2, cure="; list it under vendors of pilot.yaml"
    ):
        code, kind, phase = texts["item"], (texts["kind"] or "gold").casefold(), phases[texts["phase"]]
        if kind not in _KINDS:
            problems.stop("wrong-value", f"{code}: '{texts['kind']}' is no kind{_hint(kind, _KINDS)}", PLAN, row)
        elif not code:
            problems.stop("bad-row", "names no item: fill it in, or take the row out", PLAN, row)
        elif phase == INVALID:
            hint = did_you_mean(texts["phase"], settings.phases) or ": list it under phases"
            text = f"{code}: the phase '{texts['phase']}' is none of pilot.yaml{hint}"
            problems.stop("unknown-reference", text, PLAN, row)
        else:
            entry = _PlanRow(row, code, texts["source"] or code, _KINDS[kind], phase, texts["stratum"])
            for vendor in [texts["vendor"]] if texts["vendor"] else rows:
                rows[vendor].append(entry)
    strata = tuple(sorted({entry.stratum for own in rows.values() for entry in own} - {""}))
    tasks_of = {
        vendor: _tasks(own, gold, settings.phase_names, strata, problems) for vendor, own in rows.items() if own
    }
    problems.check()
    return tasks_of


def _tasks(
    rows: Sequence[_PlanRow], gold: Gold, phases: tuple[str, ...], strata: tuple[str, ...], problems: Problems
) -> Tasks:
    numbers = numbers_of(gold.items)
    codes: dict[str, int] = {}
    firsts: dict[str, int] = {}
    for place, (row, code, source, kind, *_) in enumerate(rows):
        if codes.setdefault(code, place) != place:
            text = f"the code '{code}' stands twice for a vendor: give each task its own"
            problems.stop("item-twice", text, PLAN, row)
        if kind == GOLD and numbers[source] < 0:
            hint = did_you_mean(source, gold.items)
            text = f"{code}: its source '{source}' has no gold{hint}: add it, or call it work"
            problems.stop("unknown-reference", text, PLAN, row)
        if kind == GOLD and firsts.setdefault(source, place) != place:
            text = f"{code}: its source '{source}' is gold in another row of the vendor: call one a duplicate"
            problems.stop("item-twice", text, PLAN, row)
    for row, code, source, kind, *_ in rows:
        if kind == DUPLICATE and source not in firsts:
            text = f"{code}: a duplicate of '{source}', which the vendor has no gold task of: add it"
            problems.stop("unknown-reference", text, PLAN, row)
    places = {"": MISSING} | {name: place for place, name in enumerate(strata)}
    kinds, phase = np.array([row.kind for row in rows]), np.array([row.phase for row in rows])
    items = np.where(kinds == WORK, MISSING, numbers.ints([row.source for row in rows]))
    inherited = np.where(items >= 0, np.append(gold.phases, MISSING)[items], MISSING)
    return Tasks(
        codes=tuple(row.code for row in rows),
        sources=tuple(row.source for row in rows),
        source=items,
        kind=kinds,
        phase=np.where(phase >= 0, phase, inherited),
        stratum=np.array([places[row.stratum] for row in rows]),
        first=np.array([firsts.get(row.source, MISSING) if row.kind == DUPLICATE else MISSING for row in rows]),
        phases=phases,
        strata=strata,
    )


# ------------------------------------------------------------------------------------------------------ deliveries


def read_delivery(
    folder: Path,
    settings: PilotSettings,
    gold: Gold,
    tasks: Mapping[str, Tasks],
    vendor: str,
    *,
    skip_unreadable: bool = False,
) -> Delivery | NotMeasured:
    """Read what a vendor sent back, all of its files.

    Raises InputError with every fault that stops, unless such a vendor is skipped.
    """
    own = clean(vendor).casefold()
    sources = next((files for name, files in label_files(folder).items() if name.casefold() == own), ())
    if not sources:
        return NotMeasured(vendor, f"nothing came: there is no file of {vendor} in {LABELS}/")
    try:
        with _without_collection():
            return _delivery(folder, settings, gold, tasks.get(vendor) or _NO_TASKS, vendor, sources)
    except InputError as error:
        if not skip_unreadable:
            raise
        return NotMeasured(vendor, "what came cannot be read", error.issues)


def _delivery(
    folder: Path, settings: PilotSettings, gold: Gold, tasks: Tasks, vendor: str, sources: Sequence[Source]
) -> Delivery:
    problems, count = Problems(), len(tasks.codes)
    lengths = _text_lengths(folder, vendor, tasks) if settings.task == "spans" else {}
    reader = RowReader(settings, numbers_of(tasks.codes), tasks.codes, "annotator", problems, lengths)
    labels, scores = np.full(count, MISSING), np.full((count, len(settings.criteria)), nan)
    delivered, valid = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    objects, passes, scored = None, NO_RATINGS, np.ones_like(scores, dtype=np.bool_)
    if settings.task in OBJECTS:
        rows = reader.objects(sources)
        problems.check()
        marks, objects = rows.marks, rows.objects
        _check_empty(rows, reader)
        valid[marks.item[rows.empty | (rows.label >= 0)]] = True
    else:
        ratings = _rows_once(reader.ratings(sources), reader)
        marks, named = ratings.marks, ratings.criterion >= 0
        final = marks.who == (reader.names.index(FINAL) if FINAL in reader.names else inf)
        if settings.task == "rubric":
            scores = _scored(ratings, final, count, settings)
            valid[:] = ~np.isnan(scores).any(axis=1)
            scored[:] = False
            scored[marks.item[named], ratings.criterion[named]] = True
        else:
            labels = _labelled(ratings, final, count, settings)
            valid[:] = labels >= 0
        passes = kept(ratings, ~final & named) if settings.passes > 1 else passes
    problems.check()
    delivered[marks.item] = True
    name = sources[0].file if len(sources) == 1 else f"{LABELS}/{vendor}"
    for task in np.flatnonzero(~delivered).tolist():
        problems.note("missing-item", "", name, 0, tasks.codes[task])
    for task, criterion in np.argwhere(~scored & delivered[:, None]).tolist():
        problems.note("missing-item", settings.criteria[criterion], name, 0, tasks.codes[task])
    tasks = _with_phases(tasks, marks, reader)
    units = _units(marks, reader, each_row=settings.task in {"classification", "preference"})
    seconds = np.bincount(units.item, weights=np.nan_to_num(units.seconds), minlength=count)
    timed = np.bincount(units.item[~np.isnan(units.seconds)], minlength=count) > 0
    disputes = [dispute for dispute in gold.disputes if dispute.vendor == vendor]
    unruled = [dispute for dispute in disputes if dispute.ruling == "open"]
    disputed, unruled_tasks = (
        (tasks.kind == GOLD) & np.isin(tasks.source, [dispute.item for dispute in some]) for some in (disputes, unruled)
    )
    return Delivery(
        vendor=vendor,
        tasks=tasks,
        rows=reader.rows,
        delivered=delivered,
        valid=valid,
        labels=labels,
        scores=scores,
        objects=objects,
        rating_task=passes.marks.item,
        rating_annotator=passes.marks.who,
        rating_criterion=passes.criterion,
        rating_value=passes.value,
        seconds=np.where(timed, seconds, nan),
        row_seconds=units.seconds,
        disputed=disputed,
        labels_if_upheld=_if_upheld(tasks, gold, unruled, labels, settings),
        issues=problems.records(),
        raw={task: text for task, text in reader.raw.items() if not valid[task]},
        open_disputes=unruled_tasks,
        places=problems.places,
    )


def _rows_once(ratings: Ratings, reader: RowReader) -> Ratings:
    """Leave out rows that repeat another; stop where they say something else."""
    ratings = kept(ratings, ratings.marks.item >= 0)
    people = ratings.marks.who + 1 if reader.settings.passes > 1 else np.zeros_like(ratings.criterion)
    criteria = len(reader.settings.criteria) + 3
    key = (ratings.marks.item * (len(reader.names) + 1) + people) * criteria + ratings.criterion + 2
    rows, firsts = _later(key)
    same = ratings.content[rows] == ratings.content[firsts]
    reader.note("row-repeated", ratings.marks, rows[same])
    for row, first in zip(rows[~same].tolist(), firsts[~same].tolist(), strict=True):
        if reader.problems.is_full:
            break
        (file, line, item), other = reader.at(ratings.marks, row), reader.at(ratings.marks, first)
        text = f"{item} stands here and in {other[0]}, row {other[1]}, with different content: keep one of them"
        reader.problems.stop("item-twice", text, file, line)
    once = np.ones(len(key), dtype=np.bool_)
    once[rows] = False
    single: Ratings = kept(ratings, once)
    return single


def _check_empty(rows: ObjectRows, reader: RowReader) -> None:
    """Note rows that say again that an item has no objects; stop where others of the item have some."""
    both = rows.empty & np.isin(rows.marks.item, rows.marks.item[~rows.empty])
    for row in np.flatnonzero(both).tolist():
        file, line, item = reader.at(rows.marks, row)
        text = f"{item} has no objects here, and some in other rows: keep what holds"
        reader.problems.stop("item-twice", text, file, line)
    empty = np.flatnonzero(rows.empty)
    reader.note("row-repeated", rows.marks, empty[_later(rows.marks.item[empty])[0]])


def _labelled(ratings: Ratings, final: Flags, count: int, settings: PilotSettings) -> Ints:
    """Choose the label of each task: the final one, else what more than half of the passes say."""
    labels = np.full(count, MISSING)
    item, value = ratings.marks.item, ratings.value
    if settings.passes == 1:
        labels[item] = value
        return labels
    labels[item] = INVALID
    votes = np.bincount(item[~final], minlength=count)
    choices = max(1, len(settings.labels))
    pairs, counts = np.unique((item * choices + value)[~final & (value >= 0)], return_counts=True)
    # Passes that are missing count as well, else leaving some out would pay.
    won = counts * 2 > np.maximum(votes, settings.passes)[pairs // choices]
    labels[pairs[won] // choices] = pairs[won] % choices
    labels[item[final]] = value[final]
    return labels


def _scored(ratings: Ratings, final: Flags, count: int, settings: PilotSettings) -> Floats:
    """Choose the scores of each task: the final ones, else the median of the passes."""
    fine = ratings.criterion >= 0
    levels = np.array([*settings.levels, nan, nan])
    if settings.passes == 1:
        scores = np.full((count, len(settings.criteria)), nan)
        final = fine
    else:
        own = kept(ratings, fine & ~final)
        scores = _medians(own.marks.item, own.criterion, own.value, count, settings, at_least=settings.passes)
    chosen = kept(ratings, fine & final)
    scores[chosen.marks.item, chosen.criterion] = np.where(chosen.value >= 0, levels[chosen.value], nan)
    return scores


def _with_phases(tasks: Tasks, marks: Marks, reader: RowReader) -> Tasks:
    """Take the vendor's phase where the buyer names none, and note where the two differ."""
    names, asked = tasks.phases, tasks.phase[marks.item]
    differ = (marks.phase >= 0) & (asked >= 0) & (marks.phase != asked)

    def text(row: int) -> str:
        return f"{names[marks.phase[row]]}, and the buyer says {names[asked[row]]}"

    reader.note("phase-differs", marks, differ, text)
    return replace(tasks, phase=_phases(tasks.phase, marks))


def _units(marks: Marks, reader: RowReader, *, each_row: bool) -> Marks:
    """Make rows of one image, document or rubric by the same annotator one, and note gaps of time."""
    units = marks
    if not each_row and len(marks.item):
        key = marks.item * (len(reader.names) + 1) + marks.who + 1
        order = np.argsort(key, kind="stable")
        starts = np.flatnonzero(np.append(True, np.diff(key[order]) != 0))
        longest, latest = (np.fmax.reduceat(part[order], starts) for part in (marks.seconds, marks.moment))
        units = kept(marks, order[starts])._replace(seconds=longest, moment=latest)
    rows = np.flatnonzero(~np.isnan(units.seconds) & ~np.isnan(units.moment) & (units.who >= 0))
    rows = rows[np.lexsort((units.seconds[rows], units.moment[rows], units.who[rows]))]
    same = units.who[rows][1:] == units.who[rows][:-1]
    longer = units.seconds[rows][1:] > np.diff(units.moment[rows])
    reader.note("time-gap", units, rows[1:][same & longer], lambda row: f"{units.seconds[row]:g} s")
    return units


def _if_upheld(tasks: Tasks, gold: Gold, unruled: Sequence[Dispute], labels: Ints, settings: PilotSettings) -> Ints:
    """Give gold for each task were the open disputes upheld: the label that is claimed, else the vendor's own."""
    upheld = np.append(gold.labels, MISSING)[tasks.source]
    numbers = folded(settings.labels)
    for dispute in unruled:
        claimed = next((numbers[text] for text in (dispute.label, dispute.claim) if numbers[text] >= 0), MISSING)
        at = tasks.source == dispute.item
        upheld[at] = claimed if claimed >= 0 else labels[at]
    return upheld


def _text_lengths(folder: Path, vendor: str, tasks: Tasks) -> Mapping[int, int]:
    """Measure the texts that went out to a vendor, in code points by task; nothing where no package has them."""
    numbers, lengths = numbers_of(tasks.codes), dict[int, int]()
    known = {"item": "item", "text": "text"}
    for path in entries(folder / PACKAGES / vendor):
        if path.suffix.casefold() == ".csv":
            source = Source(path, f"{PACKAGES}/{vendor}/{path.name}")
            for columns in columns_of(source, read_content(source), needed=("item",), known=known, faults=[]):
                texts = zip(columns.texts["item"], columns.texts.get("text", ()), strict=False)
                lengths |= {numbers[item]: len(text) for item, text in texts}
    return lengths


_NO_NUMBERS: Ints = np.empty(0, dtype=np.int64)
_NO_TASKS = Tasks((), (), *(_NO_NUMBERS,) * 5, (), ())


# ------------------------------------------------------------------------------------------------------ log


class _Event(NamedTuple):
    """When something began and ended, in seconds since 1970, and its working hours; NaN for none."""

    at: float
    until: float
    hours: float


def read_log(folder: Path, vendors: Collection[str] | None = None) -> Mapping[str, Log]:
    """Read log.csv by vendor; nothing where there is none. Raises InputError with all its faults."""
    problems = Problems(of_buyer=True)
    events: dict[str, dict[str, list[_Event]]] = {}
    for row, texts in _table(Source(folder / LOG, LOG), "vendor event at until hours", problems, vendors, needed=3):
        event = _Event(moment(texts["at"]), moment(texts["until"]), number(texts["hours"]))
        if fault_text := _event_fault(event, texts):
            problems.stop("wrong-value", fault_text, LOG, row)
        else:
            events.setdefault(texts["vendor"], {}).setdefault(texts["event"].casefold(), []).append(event)
    problems.check()
    return {vendor: _log(vendor, by_name) for vendor, by_name in events.items()}


def _event_fault(event: _Event, texts: Mapping[str, str]) -> str:
    name = texts["event"].casefold()
    if name not in _EVENTS:
        return f"'{texts['event']}' is no event{_hint(name, _EVENTS)}"
    if not event.at > -inf or event.until == -inf or event.until < event.at:
        return "a time is none, has no offset, or ends before it began: write 2026-11-24T17:00:00+01:00"
    if texts["hours"] and not event.hours >= 0:
        return f"'{texts['hours']}' is no number of hours: write one such as 2.5"
    if name == "question" and texts["until"] and not texts["hours"]:
        return "a question that was answered needs its working hours in the column 'hours'"
    return ""


def _log(vendor: str, events: Mapping[str, Sequence[_Event]]) -> Log:
    begun, batch = (min((event.at for event in events.get(name, ())), default=nan) for name in _EVENTS[:2])
    if batch < begun:
        text = f"{vendor}: the first batch lies before the instructions: correct a time"
        raise InputError([fault("wrong-value", text, LOG)])
    changes = [inf if isnan(event.until) else (event.until - event.at) / 3600 for event in events.get("change", ())]
    return Log(
        first_batch_days=None if isnan(batch - begun) else (batch - begun) / 86_400,
        answer_hours=tuple(inf if isnan(event.hours) else event.hours for event in events.get("question", ())),
        rebrief_hours=max(changes, default=None),
        issues=len(events.get("issue", ())),
    )
