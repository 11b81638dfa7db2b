"""Rows of gold and of deliveries as arrays, and what is wrong in them."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import inf, isfinite, nan
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from vendor_eval.criteria.parsing import shorten
from vendor_eval.issues import CODES, InputError, Issue, did_you_mean
from vendor_eval.pilot.formats import UNREAD, Columns, Source, columns_of, fault, is_json, read_coco, read_content
from vendor_eval.pilot.settings import COLUMNS, PilotSettings, fold
from vendor_eval.pilot.tables import INVALID, MISSING, Flags, Floats, Ints, Objects, Place
from vendor_eval.results.pilot import PilotIssueRecord, PlaceRecord

T = TypeVar("T", int, float)
U = TypeVar("U", "Ratings", "ObjectRows")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_PLACES = 20
_MOST_STOPS = 200
# Comparisons of a misspelled id with known ones in a run.
_COMPARED = 1_000_000
_SUGGESTED = 1000
# Beyond it areas and sums are no finite numbers any more.
_FARTHEST = 1e100
WORDS = {
    "annotator-name": "people whose code holds an @; ask for codes, not for names",
    "bad-number": "seconds or times that are none, left out of the figures of speed",
    "bad-object": "objects that are none, each matching nothing",
    "blank-label": "rows without a label, each counted as wrong",
    "column-not-read": "columns that nothing reads",
    "missing-item": "tasks, or criteria of a task, that were not delivered, each counted as wrong",
    "phase-differs": "rows with another phase than the buyer's, which counts",
    "row-repeated": "rows that repeat another in every field, counted once",
    "time-gap": "rows with more seconds than passed since the row before of the same person",
    "unknown-label": "labels that pilot.yaml does not list, each counted as wrong",
}

# What stops where it stands in the buyer's own file, after the text of the place.
_OF_BUYER = {
    "bad-object": "is no object",
    "blank-label": "has no label",
    "row-repeated": "says again that it has no objects",
    "unknown-label": "is none that pilot.yaml lists",
}


@dataclass
class Problems:
    """What is wrong in files: what stops, and by code the places of what does not. The buyer's own files stop."""

    stops: list[Issue] = field(default_factory=list)
    places: dict[str, list[Place]] = field(default_factory=dict)
    of_buyer: bool = False

    def note(self, code: str, text: str, file: str, row: int = 0, item: str = "") -> None:
        """Note a problem that stops nothing unless the file is the buyer's own."""
        if self.of_buyer and code != "column-not-read":
            self.stop(code, f"{item}: {f'{text} {_OF_BUYER[code]}'.strip()}: correct it", file, row)
        else:
            self.places.setdefault(code, []).append(Place(file, row, item, text))

    def stop(self, code: str, text: str, file: str, row: int = 0) -> None:
        """Note a fault that stops; what comes after hundreds of them is not listed."""
        if not self.is_full:
            self.stops.append(fault(code, text, file, row))

    @property
    def is_full(self) -> bool:
        """Whether so much stops that nothing more is listed."""
        return len(self.stops) >= _MOST_STOPS

    def check(self) -> None:
        """Raise InputError where something stops."""
        if self.stops:
            raise InputError(self.stops)

    def records(self) -> tuple[PilotIssueRecord, ...]:
        """Count the problems by code, each with its first twenty places."""
        return tuple(
            PilotIssueRecord(
                code=code,
                severity=CODES[code].value,
                count=len(places),
                message=f"{WORDS[code]}: {len(places):,}{_named(code, places)}",
                places=tuple(
                    PlaceRecord(file=file, row=row or None, item=item or None, text=text)
                    for file, row, item, text in places[:_PLACES]
                ),
            )
            for code, places in sorted(self.places.items())
        )


def _named(code: str, places: Sequence[Place]) -> str:
    """Name the columns that nothing reads: one of them may hold what another name would let us read."""
    names = dict.fromkeys(place.text for place in places) if code == "column-not-read" else ()
    return f" ({shorten(', '.join(names))})" if names else ""


class Lookup(dict[str, T], Generic[T]):
    """Numbers by text: a text that was not seen before is resolved once."""

    def __init__(self, resolve: Callable[[str], T]) -> None:
        super().__init__()
        self.resolve: Callable[[str], T] = resolve

    def __missing__(self, text: str) -> T:
        value: T = self.resolve(text)
        self[text] = value
        return value

    def ints(self, texts: Sequence[str]) -> Ints:
        """Look a column up."""
        return np.fromiter(map(self.__getitem__, texts), np.int64, len(texts))

    def floats(self, texts: Sequence[str]) -> Floats:
        """Look a column of figures up."""
        return np.fromiter(map(self.__getitem__, texts), np.float64, len(texts))


def clean(name: str) -> str:
    """Trim an id and compose its letters (NFC)."""
    return unicodedata.normalize("NFC", name).strip()


# Without a plan all vendors have the same codes.
@lru_cache(maxsize=1)
def numbers_of(codes: tuple[str, ...]) -> Lookup[int]:
    """Look ids up among known ones; MISSING for others."""
    lookup = Lookup(lambda text: lookup.get(clean(text), MISSING))
    lookup.update(zip(codes, range(len(codes)), strict=True))
    return lookup


def growing(names: list[str]) -> Lookup[int]:
    """Make a lookup that numbers ids in the order in which they come, and lists them; MISSING for a blank."""
    places = {"": MISSING}

    def resolve(text: str) -> int:
        name = clean(text)
        if name not in places:
            places[name] = len(names)
            names.append(name)
        return places[name]

    return Lookup(resolve)


def folded(names: Sequence[str], blank: int = INVALID) -> Lookup[int]:
    """Look texts up among labels, folded; INVALID for others."""
    known = {"": blank} | {fold(name): number for number, name in enumerate(names)}
    return Lookup(lambda text: known.get(fold(text), INVALID))


def number(text: str) -> float:
    """Read a finite number with a decimal point; NaN for anything else."""
    text = text.strip()
    return float(text) if _NUMBER.fullmatch(text) and isfinite(float(text)) else nan


def _seconds(text: str) -> float:
    """Read seconds above 0; NaN for a blank, -inf for what are none."""
    value = number(text)
    return value if value > 0 else -inf if text.strip() else nan


def moment(text: str) -> float:
    """Read a time with offset in seconds since 1970; NaN for a blank, -inf for what is none."""
    if not text.strip():
        return nan
    try:
        time = datetime.fromisoformat(text.strip())
        return -inf if time.tzinfo is None else time.timestamp()
    except (ValueError, OverflowError):
        return -inf


class Marks(NamedTuple):
    """Who made each row, in how many seconds, when, in which phase; -1 and NaN for none."""

    item: Ints
    who: Ints
    seconds: Floats
    moment: Floats
    phase: Ints
    file: Ints
    row: Ints


class Ratings(NamedTuple):
    """Rows with a label or a level each: INVALID where it is none; `content` is equal for rows with equal fields."""

    marks: Marks
    value: Ints
    criterion: Ints
    content: Ints


class ObjectRows(NamedTuple):
    """Rows with an object each, apart from those that are `empty`: they say that their item has none.

    A bad object has the label INVALID and no extent.
    """

    marks: Marks
    label: Ints
    shape: Floats
    ignore: Flags
    empty: Flags

    @property
    def objects(self) -> Objects:
        """The objects."""
        rows = ~self.empty
        return Objects(self.marks.item[rows], self.label[rows], self.shape[rows], self.ignore[rows])


def kept(rows: Any, where: Ints | Flags) -> Any:
    """Keep some rows of an array, or of a record of them."""
    return rows[where] if isinstance(rows, np.ndarray) else type(rows)(*(kept(part, where) for part in rows))


def _join(parts: Sequence[Any]) -> Any:
    """Join arrays, or records of them."""
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    return type(parts[0])(*map(_join, zip(*parts, strict=True)))


@dataclass
class RowReader:
    """Reads the files of gold, or of one vendor: items by `items`, people in the column `people`."""

    settings: PilotSettings
    items: Lookup[int]
    codes: Sequence[str]
    people: str
    problems: Problems
    lengths: Mapping[int, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    listed: dict[str, str] = field(default_factory=dict)
    raw: dict[int, str] = field(default_factory=dict)
    rows: int = 0
    compared: int = 0

    def __post_init__(self) -> None:
        settings, task = self.settings, self.settings.task
        self.of_vendor = self.people == "annotator"
        self.who = growing(self.names)
        self.phases = folded(settings.phase_names, MISSING)
        self.criteria = folded(settings.criteria)
        self.seconds = Lookup(_seconds)
        levels = {level: place for place, level in enumerate(settings.levels)}
        of_levels = Lookup(lambda text: levels.get(number(text), INVALID))
        self.values = of_levels if task == "rubric" else folded(settings.labels)
        self.hints: dict[str, str] = {}
        self.needed = ("item", *COLUMNS[task], *(("annotator",) if self.of_vendor and settings.passes > 1 else ()))
        more: tuple[str, ...] = ("annotator", "seconds", "submitted_at") if self.of_vendor else ("expert",)
        more += ("ignore",) if task == "boxes" and not self.of_vendor else ()
        value = {"rubric": ("score",), "preference": ("choice", "label")}.get(task, ("label",))
        # Names in a header by the name of the column.
        self.known = {name: name for name in (*self.needed, *more, "phase")} | dict.fromkeys(value, "value")

    # ---- rows with a label

    def ratings(self, sources: Sequence[Source]) -> Ratings:
        """Read rows with a label or a level each."""
        parts = (self._ratings(columns) for source in sources for columns in self._columns(source))
        return self._joined(NO_RATINGS, parts)

    def _joined(self, none: U, parts: Iterator[U]) -> U:
        """Join what was read, and note people that are called by their names."""
        rows: U = _join([none, *parts])
        named = [who for who, name in enumerate(self.names) if "@" in name and self.of_vendor]
        people, firsts = np.unique(rows.marks.who, return_index=True) if named else (_NONE, _NONE)
        for row in firsts[np.isin(people, named)].tolist():
            self.problems.note("annotator-name", "", *self.at(rows.marks, row)[:2])
        return rows

    def _ratings(self, columns: Columns) -> Ratings:
        texts = columns.texts
        marks = self._marks(columns)
        value = self.values.ints(texts["value"])
        criterion = self.criteria.ints(texts["criterion"]) if "criterion" in texts else np.zeros_like(value)
        for row in np.flatnonzero((value == INVALID) | (criterion == INVALID)).tolist():
            if criterion[row] == INVALID:
                self._note_label(texts["criterion"][row], marks, row, self.settings.criteria)
            else:
                self._note_label(texts["value"][row], marks, row)
        content = map(hash, zip(*(texts[name] for name in sorted(texts)), strict=True))
        return Ratings(marks, value, criterion, np.fromiter(content, np.int64, len(value)))

    def _note_label(self, text: str, marks: Marks, row: int, names: Sequence[str] = ()) -> None:
        if not text.strip():
            self.problems.note("blank-label", "", *self.at(marks, row))
            return
        if text not in self.hints and len(self.hints) < _SUGGESTED:
            levels = [f"{level:g}" for level in self.settings.levels] if self.settings.task == "rubric" else ()
            hint = did_you_mean(text, names or levels or self.settings.labels, form=" ({}?)")
            self.hints[text] = f"{shorten(text)}{hint}"
        self.raw.setdefault(int(marks.item[row]), shorten(text))
        self.problems.note("unknown-label", self.hints.get(text) or shorten(text), *self.at(marks, row))

    # ---- rows with an object

    def objects(self, sources: Sequence[Source]) -> ObjectRows:
        """Read rows with an object each."""
        none = ObjectRows(_NO_MARKS, _NONE, np.empty((0, len(self._sides))), _NO_FLAGS, _NO_FLAGS)
        return self._joined(none, (part for source in sources for part in self._object_parts(source)))

    @property
    def _sides(self) -> tuple[str, ...]:
        return tuple(name for name in COLUMNS[self.settings.task] if name != "label")

    def _object_parts(self, source: Source) -> Iterator[ObjectRows]:
        content = read_content(source)
        if self.settings.task == "boxes" and is_json(source, content):
            yield self._coco(content, source.file)
        else:
            yield from map(self._objects, self._columns(source, content))

    def _objects(self, columns: Columns) -> ObjectRows:
        texts, names = columns.texts, self._sides
        marks, label = self._marks(columns), self.values.ints(texts["value"])
        blank = np.fromiter((not (text and text.strip()) for text in texts[names[0]]), np.bool_, len(label))
        empty = np.zeros_like(blank)
        for row in np.flatnonzero(blank).tolist():
            empty[row] = not any(texts[name][row].strip() for name in (*names, "value"))
        shape = np.stack([_figures(texts[name], blank) for name in names], axis=1)
        ignore = np.zeros_like(blank)
        for row, text in enumerate(map(str.strip, texts.get("ignore", ()))):
            ignore[row] = text == "1"
            if text not in {"", "0", "1"}:
                file, number, item = self.at(marks, row)
                message = f"{item}: ignore is '{shorten(text)}': write 1, or nothing"
                self.problems.stop("wrong-value", message, file, number)
        written = (lambda row: texts["value"][row]), (lambda row: ", ".join(texts[name][row] for name in names))
        return self._object_rows(ObjectRows(marks, label, shape, ignore, empty), *written)

    def _coco(self, content: bytes, file: str) -> ObjectRows:
        """Read COCO JSON; an image without annotations is a row that says so."""
        self.files.append(file)
        coco = read_coco(content, file)
        item, count = self.items.ints(coco.items), len(coco.owner)
        self._check_items(item, Columns(file, range(1, len(item) + 1), {"item": coco.items}))
        for place, image in enumerate(coco.items, start=1):
            if (other := self.listed.setdefault(image, file)) != file:
                text = f"{image} is an image here and in {other}: keep the whole of it in one of them"
                self.problems.stop("item-twice", text, file, place)
        self.rows += count
        without = np.setdiff1d(np.arange(len(item)), coco.owner)
        owner = item[np.append(coco.owner, without)]
        none, no_time = np.full(len(owner), MISSING), np.full(len(owner), nan)
        entries = np.append(np.arange(count), without) + 1
        marks = Marks(owner, none, no_time, no_time, none, none * 0 + len(self.files) - 1, entries)
        label = np.array([self.values[name] for name in coco.names], dtype=np.int64)[coco.category]
        nowhere, no = np.zeros((len(without), 4)), np.zeros(len(without), dtype=np.bool_)
        ignore = np.append(np.zeros_like(coco.crowd) if self.of_vendor else coco.crowd, no)
        rows = ObjectRows(
            marks,
            np.append(label, none[count:]),
            np.append(coco.box, nowhere, axis=0),
            ignore,
            np.arange(len(owner)) >= count,
        )

        def sides(row: int) -> str:
            box = coco.box[row]
            return "no four numbers" if np.isnan(box).all() else ", ".join(f"{side:g}" for side in box)

        return self._object_rows(rows, lambda row: coco.names[coco.category[row]], sides)

    def _object_rows(self, rows: ObjectRows, name: Callable[[int], str], sides: Callable[[int], str]) -> ObjectRows:
        """Note labels and objects that are none, by what was written, and give bad objects no extent."""
        bad = self._bad(rows.shape, rows.marks.item) & ~rows.empty
        for row in np.flatnonzero((rows.label == INVALID) & ~rows.empty & ~rows.ignore).tolist():
            self._note_label(name(row), rows.marks, row)
        self.note("bad-object", rows.marks, bad, lambda row: shorten(sides(row)))
        return rows._replace(label=np.where(bad, INVALID, rows.label), shape=np.where(bad[:, None], 0, rows.shape))

    def _bad(self, shape: Floats, item: Ints) -> Flags:
        """Tell which objects are none: no finite numbers, no area, no length, or beyond the text."""
        finite: Flags = np.all(np.abs(shape) <= _FARTHEST, axis=1)
        if self.settings.task == "boxes":
            sides = np.where(finite[:, None], shape, 0)[:, 2:]
            return ~np.asarray((sides > 0).all(axis=1) & (sides[:, 0] * sides[:, 1] > 0))
        start, end = np.where(finite[:, None], shape, -1).T
        whole = (start % 1 == 0) & (end % 1 == 0)
        most = np.array([self.lengths.get(number, inf) for number in item.tolist()]) if self.lengths else inf
        return ~np.asarray(finite & whole & (start >= 0) & (end > start) & (end <= most))

    # ---- what all rows have

    def _columns(self, source: Source, content: bytes | None = None) -> Iterator[Columns]:
        self.files.append(source.file)
        stops: list[Issue] = []
        content = read_content(source) if content is None else content
        first = True
        for columns in columns_of(source, content, needed=self.needed, known=self.known, faults=stops):
            for name in columns.texts if first else ():
                if name.startswith(UNREAD):
                    self.problems.note("column-not-read", shorten(name.removeprefix(UNREAD)), source.file, 1)
            first = False
            self.rows += len(columns.rows)
            yield columns
            if self.problems.is_full:
                break
        self.problems.stops += stops

    def _marks(self, columns: Columns) -> Marks:
        texts = columns.texts
        item = self.items.ints(texts["item"])
        self._check_items(item, columns)
        none = np.full(len(item), MISSING)
        who = self.who.ints(texts[self.people]) if self.people in texts else none
        seconds = self.seconds.floats(texts["seconds"]) if "seconds" in texts else none * nan
        times = texts.get("submitted_at", ())
        moments = np.fromiter(map(moment, times), np.float64, len(times)) if times else none * nan
        has_phases = "phase" in texts and (self.settings.phases or not self.of_vendor)
        phase = self.phases.ints(texts["phase"]) if has_phases else none
        marks = Marks(item, who, seconds, moments, phase, none * 0 + len(self.files) - 1, np.array(columns.rows))
        self.note("bad-number", marks, seconds == -inf, lambda row: shorten(texts["seconds"][row]))
        self.note("bad-number", marks, moments == -inf, lambda row: shorten(texts["submitted_at"][row]))
        wrong = phase == INVALID
        if self.of_vendor:
            self.note(
                "phase-differs", marks, wrong, lambda row: f"{shorten(texts['phase'][row])} is none of pilot.yaml"
            )
        for row in () if self.of_vendor else np.flatnonzero(wrong).tolist():
            file, number, name = self.at(marks, row)
            text = f"{name}: the phase '{shorten(texts['phase'][row])}' is none of pilot.yaml: list it under phases"
            self.problems.stop("unknown-reference", text, file, number)
        seconds, moments = np.where(seconds > 0, seconds, nan), np.where(moments > -inf, moments, nan)
        return marks._replace(seconds=seconds, moment=moments, phase=np.where(wrong, MISSING, phase))

    def _check_items(self, item: Ints, columns: Columns) -> None:
        for place in np.flatnonzero(item == MISSING)[:_MOST_STOPS].tolist():
            name, at = clean(columns.texts["item"][place]), (columns.file, columns.rows[place])
            if name:
                text = f"{shorten(name)} is no item that was sent to this vendor{self.nearest(name)}: correct the code"
                self.problems.stop("unknown-item", text, *at)
            else:
                self.problems.stop("bad-row", "names no item: fill it in, or take the row out", *at)

    def at(self, marks: Marks, row: int) -> tuple[str, int, str]:
        """Name the file, the row and the item of a row."""
        item = marks.item[row]
        return self.files[marks.file[row]], int(marks.row[row]), self.codes[item] if item >= 0 else ""

    def note(self, code: str, marks: Marks, where: Flags | Ints, text: Callable[[int], str] = lambda _row: "") -> None:
        """Note a problem of some rows, each with its place."""
        for row in (np.flatnonzero(where) if where.dtype == np.bool_ else where).tolist():
            self.problems.note(code, text(row), *self.at(marks, row))

    def nearest(self, name: str) -> str:
        """Name the known item that is nearest to an unknown one, as long as few were compared."""
        if self.compared > _COMPARED or not self.codes:
            return ""
        self.compared += len(self.codes)
        best = process.extractOne(name, self.codes, scorer=Indel.normalized_similarity, score_cutoff=0.6)
        return f" (did you mean '{best[0]}'?)" if best else ""


def _figures(texts: Sequence[str], blank: Flags) -> Floats:
    """Read a column of coordinates; NaN where there is none."""
    filled = [text for text, none in zip(texts, blank.tolist(), strict=True) if not none]
    made = np.full(len(texts), nan)
    try:
        # Python alone reads 1_000 as a figure.
        made[~blank] = [nan if "_" in text else float(text) for text in filled]
    except ValueError:
        made[~blank] = list(map(number, filled))
    return made


_NO_FLAGS: Flags = np.empty(0, dtype=np.bool_)
_NONE: Ints = np.empty(0, dtype=np.int64)
_NO_MARKS = Marks(_NONE, _NONE, np.empty(0), np.empty(0), _NONE, _NONE, _NONE)
NO_RATINGS = Ratings(_NO_MARKS, _NONE, _NONE, _NONE)
