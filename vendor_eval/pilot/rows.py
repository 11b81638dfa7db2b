"""Rows of gold and of deliveries as arrays, and what is wrong in them."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import inf, isfinite, nan
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from vendor_eval.criteria.parsing import shorten
from vendor_eval.issues import CODES, InputError, Issue, did_you_mean
from vendor_eval.pilot.formats import UNREAD, Coco, Columns, columns_of, fault, is_json, read_coco, read_content
from vendor_eval.pilot.settings import PilotSettings, fold
from vendor_eval.pilot.tables import INVALID, MISSING, Flags, Floats, Ints, Objects, Place
from vendor_eval.results.pilot import PilotIssueRecord, PlaceRecord

T = TypeVar("T", int, float)
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


class Source(NamedTuple):
    """A file to read, and how messages call it."""

    path: Path
    file: str


@dataclass
class Problems:
    """What is wrong in files: what stops, and by code the places of what does not. The buyer's own files stop."""

    stops: list[Issue] = field(default_factory=list)
    places: dict[str, list[Place]] = field(default_factory=dict)
    of_buyer: bool = False

    def note(self, code: str, text: str, file: str, row: int, item: str) -> None:
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
                    PlaceRecord(file=place.file, row=place.row or None, item=place.item or None, text=place.text)
                    for place in places[:_PLACES]
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
    places: dict[str, int] = {}

    def resolve(text: str) -> int:
        name = clean(text)
        if not name:
            return MISSING
        if name not in places:
            places[name] = len(names)
            names.append(name)
        return places[name]

    return Lookup(resolve)


def folded(names: Sequence[str]) -> Lookup[int]:
    """Look texts up among labels, folded; INVALID for others."""
    known = {fold(name): number for number, name in enumerate(names)}
    return Lookup(lambda text: known.get(fold(text), INVALID))


def number(text: str) -> float:
    """Read a finite number with a decimal point; NaN for anything else."""
    text = text.strip()
    return float(text) if _NUMBER.fullmatch(text) and isfinite(float(text)) else nan


def _seconds(text: str) -> float:
    """Read seconds above 0; NaN for a blank, -1 for what are none."""
    if not text.strip():
        return nan
    value = number(text)
    return value if value > 0 else -1.0


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
    first = parts[0]
    return (
        np.concatenate(parts) if isinstance(first, np.ndarray) else type(first)(*map(_join, zip(*parts, strict=True)))
    )


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
        self.who = growing(self.names)
        self.phases = folded(self.settings.phase_names)
        self.criteria = folded(self.settings.criteria)
        self.seconds = Lookup(_seconds)
        levels = {level: place for place, level in enumerate(self.settings.levels)}
        of_levels = Lookup(lambda text: levels.get(number(text), INVALID))
        self.values = of_levels if self.settings.task == "rubric" else folded(self.settings.labels)
        self.hints: dict[str, str] = {}

    @property
    def needed(self) -> tuple[str, ...]:
        """Names of the columns that the task needs."""
        columns = {
            "preference": ("choice",),
            "rubric": ("criterion", "score"),
            "boxes": ("label", "x", "y", "w", "h"),
            "spans": ("start", "end", "label"),
        }
        passes = ("annotator",) if self.people == "annotator" and self.settings.passes > 1 else ()
        return ("item", *columns.get(self.settings.task, ("label",)), *passes)

    @property
    def known(self) -> dict[str, str]:
        """Names in a header by the name of the column."""
        more = ("expert", "ignore") if self.people == "expert" else ("annotator", "seconds", "submitted_at")
        ignore = {"ignore"} if self.settings.task != "boxes" else set()
        known = {name: name for name in (*self.needed, *more, "phase") if name not in ignore}
        labels = {"rubric": ("score",), "preference": ("choice", "label")}.get(self.settings.task, ("label",))
        return {**known, **dict.fromkeys(labels, "value")}

    # ---- rows with a label

    def ratings(self, sources: Sequence[Source]) -> Ratings:
        """Read rows with a label or a level each."""
        parts = [self._ratings(columns) for columns in self._columns(sources)]
        joined: Ratings = _join([Ratings(_NO_MARKS, _NONE, _NONE, _NONE), *parts])
        return joined

    def _ratings(self, columns: Columns) -> Ratings:
        texts = columns.texts
        marks = self._marks(columns)
        value = self.values.ints(texts["value"])
        criterion = self.criteria.ints(texts["criterion"]) if "criterion" in texts else np.zeros_like(value)
        for place in np.flatnonzero((value == INVALID) | (criterion == INVALID)).tolist():
            column = "value" if criterion[place] >= 0 else "criterion"
            self._note_label(texts[column][place], columns, place, self.settings.criteria * (column == "criterion"))
        content = map(hash, zip(*(texts[name] for name in sorted(texts)), strict=True))
        return Ratings(marks, value, criterion, np.fromiter(content, np.int64, len(value)))

    def _note_label(self, text: str, columns: Columns, place: int, names: Sequence[str] = ()) -> None:
        item, row = columns.texts["item"][place], columns.rows[place]
        if not text.strip():
            self.problems.note("blank-label", "", columns.file, row, clean(item))
            return
        if text not in self.hints and len(self.hints) < _SUGGESTED:
            levels = [f"{level:g}" for level in self.settings.levels] if self.settings.task == "rubric" else ()
            hint = did_you_mean(text, names or levels or self.settings.labels, form=" ({}?)")
            self.hints[text] = f"{shorten(text)}{hint}"
        shown = self.hints.get(text) or shorten(text)
        self.raw.setdefault(self.items[item], shorten(text))
        self.problems.note("unknown-label", shown, columns.file, row, clean(item))

    # ---- rows with an object

    def objects(self, sources: Sequence[Source]) -> ObjectRows:
        """Read rows with an object each."""
        contents = ((source, read_content(source.path, source.file)) for source in sources)
        parts = [part for source, content in contents for part in self._object_parts(source, content)]
        sides = 4 if self.settings.task == "boxes" else 2
        none = ObjectRows(_NO_MARKS, _NONE, np.empty((0, sides)), _NO_FLAGS, _NO_FLAGS)
        joined: ObjectRows = _join([none, *parts])
        return joined

    def _object_parts(self, source: Source, content: bytes) -> Iterator[ObjectRows]:
        if self.settings.task == "boxes" and is_json(source.path, content):
            self.files.append(source.file)
            yield self._coco(read_coco(content, source.file), source.file)
        else:
            yield from map(self._objects, self._columns([source], content))

    def _objects(self, columns: Columns) -> ObjectRows:
        texts, file = columns.texts, columns.file
        names = ("x", "y", "w", "h") if self.settings.task == "boxes" else ("start", "end")
        marks = self._marks(columns)
        blank = np.fromiter((not (text and text.strip()) for text in texts[names[0]]), np.bool_, len(marks.item))
        label = self.values.ints(texts["value"])
        empty = np.zeros_like(blank)
        for place in np.flatnonzero(blank).tolist():
            empty[place] = not any(texts[name][place].strip() for name in (*names, "value"))
        shape = np.stack([_figures(texts[name], blank) for name in names], axis=1)
        bad = self._bad(shape, marks.item) & ~empty
        ignore = np.zeros_like(bad)
        for place, text in enumerate(map(str.strip, texts.get("ignore", ()))):
            ignore[place] = text == "1"
            if text not in {"", "0", "1"}:
                message = f"{clean(texts['item'][place])}: ignore is '{shorten(text)}': write 1, or nothing"
                self.problems.stop("wrong-value", message, file, columns.rows[place])
        for place in np.flatnonzero((label == INVALID) & ~empty & ~ignore).tolist():
            self._note_label(texts["value"][place], columns, place)
        for place in np.flatnonzero(bad).tolist():
            written = ", ".join(texts[name][place] for name in names)
            self.problems.note("bad-object", shorten(written), file, columns.rows[place], clean(texts["item"][place]))
        return ObjectRows(marks, np.where(bad, INVALID, label), np.where(bad[:, None], 0, shape), ignore, empty)

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

    def _coco(self, coco: Coco, file: str) -> ObjectRows:
        item = self.items.ints(coco.items)
        self._check_items(item, coco.items, file, range(1, len(item) + 1))
        for place, name in enumerate(coco.items, start=1):
            if (other := self.listed.setdefault(name, file)) != file:
                text = f"{name} is an image here and in {other}: keep the whole of it in one of them"
                self.problems.stop("item-twice", text, file, place)
        label = np.array([self.values[name] for name in coco.names], dtype=np.int64)[coco.category]
        owner = item[coco.owner]
        bad = self._bad(coco.box, owner)
        columns = Columns(file, range(1, len(owner) + 1), {"item": _Picked(coco.items, coco.owner)})  # type: ignore[dict-item]
        for place in np.flatnonzero(label == INVALID).tolist():
            self._note_label(coco.names[coco.category[place]], columns, place)
        for place in np.flatnonzero(bad).tolist():
            sides = coco.box[place]
            written = "no four numbers" if np.isnan(sides).all() else ", ".join(f"{side:g}" for side in sides)
            self.problems.note("bad-object", written, file, place + 1, coco.items[coco.owner[place]])
        self.rows += len(owner)
        rows = ObjectRows(
            self._unmarked(owner),
            np.where(bad, INVALID, label),
            np.where(bad[:, None], 0, coco.box),
            coco.crowd if self.people == "expert" else np.zeros_like(coco.crowd),
            np.zeros_like(bad),
        )
        without = item[np.setdiff1d(np.arange(len(item)), coco.owner)]
        none, yes = np.zeros_like(without), np.ones_like(without, dtype=np.bool_)
        empty = ObjectRows(self._unmarked(without), none, np.zeros((len(without), 4)), ~yes, yes)
        joined: ObjectRows = _join([rows, empty])
        return joined

    def _unmarked(self, item: Ints) -> Marks:
        none, no_time = np.full(len(item), MISSING), np.full(len(item), nan)
        return Marks(item, none, no_time, no_time, none, none * 0 + len(self.files) - 1, np.arange(len(item)) + 1)

    # ---- what all rows have

    def _columns(self, sources: Sequence[Source], content: bytes | None = None) -> Iterator[Columns]:
        for source in sources:
            self.files.append(source.file)
            stops: list[Issue] = []
            read = read_content(source.path, source.file) if content is None else content
            first = True
            for columns in columns_of(
                source.path, source.file, read, needed=self.needed, known=self.known, faults=stops
            ):
                for name in columns.texts if first else ():
                    if name.startswith(UNREAD):
                        self.problems.note("column-not-read", shorten(name.removeprefix(UNREAD)), source.file, 1, "")
                first = False
                self.rows += len(columns.rows)
                yield columns
                if self.problems.is_full:
                    break
            self.problems.stops += stops

    def _marks(self, columns: Columns) -> Marks:
        texts, file = columns.texts, columns.file
        item = self.items.ints(texts["item"])
        self._check_items(item, texts["item"], file, columns.rows)
        none = np.full(len(item), -1)
        before = len(self.names)
        who = self.who.ints(texts[self.people]) if self.people in texts else none
        for place in range(before, len(self.names)) if self.people == "annotator" else ():
            if "@" in self.names[place]:
                row = columns.rows[int(np.argmax(who == place))]
                self.problems.note("annotator-name", "", file, row, "")
        seconds = self.seconds.floats(texts["seconds"]) if "seconds" in texts else none * nan
        times = texts.get("submitted_at", ())
        moments = np.fromiter(map(moment, times), np.float64, len(times)) if times else none * nan
        for name, wrong in (("seconds", seconds == -1), ("submitted_at", moments == -inf)):
            for place in np.flatnonzero(wrong).tolist():
                item_text = clean(texts["item"][place])
                self.problems.note("bad-number", shorten(texts[name][place]), file, columns.rows[place], item_text)
        seconds, moments = np.where(seconds > 0, seconds, nan), np.where(moments > -inf, moments, nan)
        return Marks(
            item, who, seconds, moments, self._phases(columns), none * 0 + len(self.files) - 1, np.array(columns.rows)
        )

    def _phases(self, columns: Columns) -> Ints:
        texts = columns.texts.get("phase")
        if texts is None or (not self.settings.phases and self.people != "expert"):
            return np.full(len(columns.rows), MISSING)
        phase = self.phases.ints(texts)
        for place in np.flatnonzero(phase == INVALID).tolist():
            if not texts[place].strip():
                continue
            item = clean(columns.texts["item"][place])
            if self.people == "expert":
                message = f"{item}: the phase '{shorten(texts[place])}' is none of pilot.yaml: list it under phases"
                self.problems.stop("unknown-reference", message, columns.file, columns.rows[place])
            else:
                text = f"{shorten(texts[place])} is none of pilot.yaml"
                self.problems.note("phase-differs", text, columns.file, columns.rows[place], item)
        return np.where(phase == INVALID, MISSING, phase)

    def _check_items(self, item: Ints, texts: Sequence[str], file: str, rows: Sequence[int]) -> None:
        for place in np.flatnonzero(item == MISSING)[:_MOST_STOPS].tolist():
            name = clean(texts[place])
            if not name:
                self.problems.stop("bad-row", "names no item: fill it in, or take the row out", file, rows[place])
                continue
            text = f"{shorten(name)} is no item that was sent to this vendor{self.nearest(name)}: correct the code"
            self.problems.stop("unknown-item", text, file, rows[place])

    def place(self, marks: Marks, row: int, codes: Sequence[str]) -> tuple[str, int, str]:
        """Name the file, the row and the item of a row."""
        return self.files[marks.file[row]], int(marks.row[row]), codes[marks.item[row]]

    def nearest(self, name: str) -> str:
        """Name the known item that is nearest to an unknown one, as long as few were compared."""
        if self.compared > _COMPARED or not self.codes:
            return ""
        self.compared += len(self.codes)
        best = process.extractOne(name, self.codes, scorer=Indel.normalized_similarity, score_cutoff=0.6)
        return f" (did you mean '{best[0]}'?)" if best else ""


class _Picked(Sequence[str]):
    """Texts by the places of others: the item of each annotation, looked up when a fault is worded."""

    def __init__(self, texts: Sequence[str], places: Ints) -> None:
        self.texts, self.places = texts, places

    def __getitem__(self, place: int) -> str:  # type: ignore[override]
        return str(self.texts[self.places[place]])

    def __len__(self) -> int:
        return len(self.places)


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
