"""decisions.jsonl: who decided what, when and why, each line chained to the one before by its hash."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from itertools import pairwise
from os.path import lexists
from pathlib import Path
from typing import Any

from vendor_eval.config.input_files import read_regular, read_within
from vendor_eval.issues import InputError, Issue, Location, VendorEvalError
from vendor_eval.json_files import LARGEST, parse_json
from vendor_eval.record.canonical import canonical
from vendor_eval.record.lock import replace_file
from vendor_eval.results.base import IssueRecord
from vendor_eval.results.record import Chain, LogAnchor

FILE = "decisions.jsonl"
SEAL_FILE = "seal.json"
REPAIR, SEAL, FINDING, OVERRIDE, LETTERS = "repair", "seal", "finding", "override", "letters"
AMEND, SENT, OPEN, RESPONSE = "amend", "clarification_sent", "open", "response"
CLARIFICATION = "clarification_received"
# Acts about a file of a vendor, by the path behind `FILE_KEY`.
OF_FILES = frozenset({OPEN, RESPONSE, CLARIFICATION})
FILE_KEY = f"{RESPONSE}/"
_START = "0" * 64
# A line holds at most 64 KiB: `about`, `by`, `why`, `old` and `new` share them with room for the rest.
_MOST = 12 * 2**10
_SEALED = re.compile(rb'"sha256":\s*"([0-9a-f]{64})"')
_TEXTS, _DAYS = ("act", "by", "why", "time", "tool", "prev"), ("on", "due")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a line says: `about` lists keys, `old` and `new` are plain values, `on` and `due` days."""

    act: str
    by: str = ""
    why: str = ""
    about: tuple[str, ...] = ()
    old: Any = None
    new: Any = None
    on: str | None = None
    due: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Entry):
    """A line of the log; `n` counts from 1, by position where a line before it is missing."""

    n: int
    time: str
    tool: str
    prev: str

    @property
    def day(self) -> str:
        """The day of the act: the one that its entry states, else that on which it was written."""
        return self.on or self.time[:10]


_KEYS = tuple(part.name for part in fields(Line))
_OWN = tuple(part.name for part in fields(Entry))


@dataclass(frozen=True, slots=True)
class Break:
    """A line that does not follow the one before: the hash that is expected there, and the one that it is.

    Line 0 stands for the line of a seal that the log lacks.
    """

    line: int
    expected: str
    actual: str
    text: str
    acknowledged: bool = False
    of_anchor: bool = False

    @property
    def key(self) -> str:
        return f"line/{self.line}" if self.line else SEAL


@dataclass(frozen=True)
class Log:
    """A log as read: the bytes of each line, the lines that can be read, and where the chain is broken.

    `anchors` are what earlier outputs saw of it: number of lines and hash of the last, by the name of the file.
    `sealed` is the hash of the settings in seal.json, '' without one.
    """

    raw: tuple[bytes, ...] = ()
    anchors: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    is_unfinished: bool = False
    sealed: str = ""

    @cached_property
    def hashes(self) -> tuple[str, ...]:
        return tuple(sha256(raw).hexdigest() for raw in self.raw)

    @cached_property
    def _parsed(self) -> tuple[Line | str, ...]:
        return tuple(map(_parse, self.raw))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        placed = [(number, line) for number, line in enumerate(self._parsed, 1) if isinstance(line, Line)]
        return tuple(line if line.n == number else replace(line, n=number) for number, line in placed)

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """Where the chain is broken, those that a repair states included."""
        breaks = [*self._breaks_of_lines(), *self._breaks_of_anchors()]
        if self.sealed and not any(line.act == SEAL for line in self.lines):
            breaks.append(Break(0, self.sealed, "", f"{SEAL_FILE} has no line in this log, so lines were removed"))
        return tuple(replace(b, acknowledged=self._is_acknowledged(b)) for b in breaks)

    def _breaks_of_lines(self) -> Iterator[Break]:
        before = 0
        for number, (raw, line) in enumerate(zip(self.raw, self._parsed, strict=True), 1):
            own, previous = self.hashes[number - 1], self.hashes[number - 2] if number > 1 else _START
            if raw.endswith(b"\r"):
                yield Break(number, "", own, "lines end in CRLF, as an editor or git leaves them: restore a copy")
            elif isinstance(line, str):
                yield Break(number, "", own, f"line {number} is no line of this log: {line}")
            elif line.prev != previous:
                yield Break(number, line.prev, previous, _mismatch(number, line.prev, previous))
            elif line.n not in {number, before + 1}:
                yield Break(
                    number, "", own, f"line {number} says that it is line {line.n}: lines are missing before it"
                )
            before = line.n if isinstance(line, Line) else number

    def _breaks_of_anchors(self) -> Iterator[Break]:
        for name, (count, expected) in self.anchors.items():
            actual = self.hashes[count - 1] if 0 < count <= len(self.raw) else ""
            if count and actual != expected:
                other = f"another line {count} ({expected[:4]}…) than this log has ({actual[:4]}…)"
                seen = other if actual else f"{count} lines, the log has {len(self.raw)}"
                yield Break(count, expected, actual, f"{name} saw {seen}", of_anchor=True)

    @cached_property
    def _repaired(self) -> frozenset[tuple[str, str, str]]:
        stated = [line for line in self.lines if line.act == REPAIR and isinstance(line.old, dict)]
        return frozenset(
            (key, str(line.old.get(key)), str(line.new.get(key)))
            for line in stated
            if isinstance(line.new, dict)
            for key in line.about
        )

    def _is_acknowledged(self, at: Break) -> bool:
        if at.of_anchor:
            # The repair itself may stand in the line that is missing.
            return any((key, expected) == (at.key, at.expected) for key, expected, _ in self._repaired)
        return (at.key, at.expected, at.actual) in self._repaired

    @property
    def letters(self) -> dict[str, object]:
        """Map the letters that were written to the hash of the last version of each."""
        lines = (line.new for line in self.lines if line.act == LETTERS and isinstance(line.new, dict))
        return {file: digest for new in lines for file, digest in new.items()}

    @property
    def chain(self) -> Chain:
        if not all(at.acknowledged for at in self.breaks):
            return "broken"
        # A line that an output saw and that is lost is seen by no output of today.
        return "acknowledged" if any(line.act == REPAIR for line in self.lines) else "whole"

    @property
    def faults(self) -> tuple[Issue, ...]:
        """Breaks that no repair states; one cause is named once."""
        texts = dict.fromkeys(at.text for at in self.breaks if not at.acknowledged)
        return tuple(Issue("record-chain", text, Location(FILE)) for text in texts)

    @property
    def notices(self) -> tuple[Issue, ...]:
        """What a reader should know and nobody did wrong."""
        notices, place = [], Location(FILE)
        for before, line in pairwise(self.lines):
            gap = datetime.fromisoformat(before.time) - datetime.fromisoformat(line.time)
            if gap.total_seconds() > 0:
                text = f"line {line.n} is dated {gap} (h:mm:ss) before the line above it"
                notices.append(Issue("record-clock", text, place))
        if self.is_unfinished:
            text = "the last line was never finished: the next writer drops it"
            notices.append(Issue("record-unfinished", text, place))
        return tuple(notices)

    def refuse_broken(self) -> None:
        """Raise InputError with every break that no repair states."""
        if self.faults:
            cure = "nothing is appended: restore a copy, or state it with 'vendor-eval decide --act repair'"
            raise InputError([replace(fault, message=f"{fault.message}; {cure}") for fault in self.faults])


def _mismatch(number: int, expected: str, actual: str) -> str:
    if number == 1:
        return f"line 1 does not begin the log (it expects {expected[:4]}… before it): a line before it was removed"
    return (
        f"line {number} does not follow line {number - 1} (it expects {expected[:4]}…, line {number - 1} is "
        f"{actual[:4]}…): line {number - 1} was changed, or a line between was removed"
    )


def _parse(raw: bytes) -> Line | str:
    """Read a line, or say why it is none."""
    try:
        values = parse_json(raw)
    except ValueError:
        return "it is not JSON"
    if not isinstance(values, dict):
        return "it is no object"
    if missing := [key for key in _KEYS if key not in values]:
        return f"the field '{missing[0]}' is missing"
    about = values["about"]
    if not (
        type(about) is list and _are_texts(about) and _are_texts(map(values.get, _TEXTS)) and type(values["n"]) is int
    ):
        return "a field is of another kind"
    if not _has_offset(values["time"]):
        return f"'{values['time'][:40]}' is no time with an offset"
    for day in (values[key] for key in _DAYS if values[key] is not None):
        if not _is_day(day):
            return f"'{str(day)[:40]}' is no day"
    return Line(**{key: values[key] for key in _KEYS} | {"about": tuple(about)})


def _are_texts(values: Iterable[object]) -> bool:
    return {*map(type, values)} <= {str}


def _has_offset(time: str) -> bool:
    try:
        return datetime.fromisoformat(time).tzinfo is not None
    except ValueError:
        return False


def _is_day(text: object) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def has_begun(folder: Path) -> bool:
    """Tell whether an evaluation is on record: it has a log or a seal."""
    return lexists(folder / FILE) or lexists(folder / SEAL_FILE)


def read_log(folder: Path, anchors: Mapping[str, tuple[int, str]] | None = None) -> Log:
    """Read the log of an evaluation, of no lines where there is none; without `anchors` those of its outputs count.

    Raises OSError where it cannot be read, or is a link.
    """
    path = folder / FILE
    *lines, rest = read_within(path, LARGEST, follow=False).split(b"\n") if lexists(path) else (b"",)
    seal = _SEALED.search(read_regular(folder / SEAL_FILE)) if (folder / SEAL_FILE).is_file() else None
    seen = dict(anchors_of(folder) if anchors is None else anchors)
    return Log(tuple(lines), seen, bool(rest), seal[1].decode() if seal else "")


_OUTPUTS = ("out/results.json", "letters/letters.json")


def anchors_of(folder: Path) -> Iterator[tuple[str, tuple[int, str]]]:
    """List what the outputs of an evaluation saw of its log: number of lines, and hash of the last."""
    for name in _OUTPUTS:
        if seen := anchor_in(_record_in(folder / name)):
            yield name.rpartition("/")[2], seen


def anchor_in(record: object) -> tuple[int, str] | None:
    """Read what the record in an output saw of the log: number of lines, and hash of the last."""
    log = record.get("log") if isinstance(record, dict) else None
    if isinstance(log, dict) and isinstance(log.get("lines"), int) and isinstance(log.get("sha256"), str):
        return log["lines"], log["sha256"]
    return None


def _record_in(path: Path) -> object:
    """Read the record in an output, without the rest of a large one; None where there is none."""
    try:
        content = read_within(path, LARGEST)
        text = content.decode()
        start = text.find('\n "evaluation": {')
        if start >= 0:
            return json.JSONDecoder().raw_decode(text, text.index("{", start))[0].get("record")
        values = parse_json(content, is_result=True)
    except (OSError, ValueError, RecursionError):
        return None
    inner = values.get("evaluation", values) if isinstance(values, dict) else None
    return inner.get("record") if isinstance(inner, dict) else None


def log_anchor(log: Log) -> LogAnchor:
    """Record where a log stands: as an earlier output saw it, where lines are missing that nobody stated."""
    unstated = {(at.line, at.expected) for at in log.breaks if at.of_anchor and not at.acknowledged}
    lost = [anchor for anchor in log.anchors.values() if anchor in unstated]
    count, digest = max(lost, default=(len(log.raw), log.hashes[-1] if log.raw else ""))
    faults = tuple(map(IssueRecord.of, (*log.faults, *log.notices)))
    return LogAnchor(lines=count, sha256=digest, chain=log.chain, faults=faults)


def append(folder: Path, log: Log, entries: Iterable[Entry], moment: datetime) -> Log:
    """Append lines to the log that was read under the lock, and return it with them; the caller has the lock.

    `moment` has an offset. Raises InputError where the chain is broken and the first entry is no repair.
    """
    listed = [part for entry in entries for part in _parts(entry)]
    if not listed:
        return log
    if listed[0].act != REPAIR:
        log.refuse_broken()
    lines = list(log.raw)
    for entry in listed:
        prev = sha256(lines[-1]).hexdigest() if lines else _START
        time = moment.isoformat(timespec="seconds")
        values = {name: getattr(entry, name) for name in _OWN}
        lines.append(
            canonical({**values, "n": len(lines) + 1, "time": time, "tool": version("vendor-eval"), "prev": prev})
        )
    replace_file(folder / FILE, b"".join(raw + b"\n" for raw in lines))
    return replace(log, raw=tuple(lines), is_unfinished=False)


def _parts(entry: Entry) -> Iterator[Entry]:
    """Cut an entry to the size of a line: one about many keys becomes several."""
    if len(entry.about) > 1 and len(canonical([entry.about, entry.old, entry.new])) > _MOST:
        half = len(entry.about) // 2
        for keys in (entry.about[:half], entry.about[half:]):
            sides = (entry.old, entry.new)
            old, new = ({key: s.get(key) for key in keys} if isinstance(s, dict) else s for s in sides)
            yield from _parts(replace(entry, about=keys, old=old, new=new))
        return
    about = tuple(map(cut, entry.about))
    yield replace(entry, about=about, by=cut(entry.by), why=cut(entry.why), old=cut(entry.old), new=cut(entry.new))


def cut(value: Any) -> Any:
    """Cut the texts of a value so that it fits into a line, their length said; the file that it is from has them."""
    spelt = json.loads(canonical(value))
    longest, shortened = _MOST, spelt
    while len(canonical(shortened)) > _MOST:
        longest //= 2
        shortened = _shortened(spelt, longest) if longest else f"{len(canonical(spelt)):,} bytes"
    return shortened


def _shortened(value: Any, longest: int) -> Any:
    if isinstance(value, str) and len(value) > longest:
        return f"{value[:longest]}… ({len(value):,} characters)"
    if isinstance(value, dict):
        return {key: _shortened(inner, longest) for key, inner in value.items()}
    return [_shortened(inner, longest) for inner in value] if isinstance(value, list) else value


def repairs(log: Log, entry: Entry) -> list[Entry]:
    """Make entries state every break that no repair states yet; raise VendorEvalError where there is none.

    A line that follows no other may be one that an output saw otherwise: each entry states one break of a line.
    """
    breaks = [at for at in log.breaks if not at.acknowledged]
    if not breaks:
        raise VendorEvalError(f"{FILE}: the chain is {log.chain}, so there is nothing to repair")
    parts: list[dict[str, Break]] = []
    for at in breaks:
        if (part := next((part for part in parts if at.key not in part), None)) is None:
            parts.append(part := {})
        part[at.key] = at
    sides = [
        [{key: getattr(at, side) for key, at in part.items()} for side in ("expected", "actual")] for part in parts
    ]
    return [replace(entry, about=tuple(old), old=old, new=new) for old, new in sides]
