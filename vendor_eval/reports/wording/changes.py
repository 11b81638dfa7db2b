"""What changed between two results, in words: ranks, settings, gates, vendors."""

from collections.abc import Iterator
from typing import NamedTuple

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import KINDS, STATUS, money, number
from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.reports.wording.phrases import counted, difference
from vendor_eval.reports.wording.record import change_words
from vendor_eval.results.changes import CauseRecord, Changes, ComparedRecord, VendorChanges

_LONGEST = 60
_MOST_OF_RANK, MOST_CAUSES, _MOST_SETTINGS = 3, 12, 20
# Causes of many questions at once are one line.
_TOGETHER = {"weights": "by other weights of {} answers", "question": "by {} questions that one side alone asks"}
_COUNTS = 1e-9


class Row(NamedTuple):
    """A cause: points, the reason in words, what it was and is, where it stands."""

    points: str
    why: str
    values: str
    place: str


def points_words(points: float) -> str:
    """Print points with their sign.

    >>> points_words(2.06), points_words(-0.004), points_words(0.0)
    ('+2.1', '-0.004', '0.0')
    """
    return f"{'+' if points > 0 else '-'}{difference(abs(points))}" if abs(points) > _COUNTS else "0.0"


def title(changes: Changes) -> str:
    """Say how much changed."""
    ranks = sum(vendor.rank.is_changed for vendor in changes.vendors)
    scores = sum(abs(vendor.points) > _COUNTS for vendor in changes.vendors)
    if not (ranks or scores or changes.settings or any(vendor.is_changed for vendor in changes.vendors)):
        same = not (changes.only_old or changes.only_new)
        return "Nothing changed" if same else "Nothing changed for the vendors that are in both"
    return f"{counted(ranks, 'rank')} and {counted(scores, 'score')} changed"


def compared(changes: Changes) -> str:
    """Name both sides."""
    if (number_of_round := changes.old.round) is not None:
        files = ", ".join(changes.old.without)
        return f"{changes.new.title}: with the answers of round {number_of_round} against without them ({files})"
    return f"From {_side(changes.old)} to {_side(changes.new)}"


def _side(side: ComparedRecord) -> str:
    return f"{side.title}, {day(side.as_of)} ({side.file})"


def notes(changes: Changes) -> Iterator[str]:
    """Say what keeps the comparison from being one of like with like."""
    for side in (changes.old, changes.new):
        if side.stale:
            files = cut(", ".join(side.stale), 3 * _LONGEST)
            yield f"{side.file}: out/results.json is older than {files}; run 'vendor-eval evaluate' there first"
    for name, old, new in (
        ("vendor_eval", changes.old.tool_version, changes.new.tool_version),
        ("The criteria", changes.old.criteria, changes.new.criteria),
    ):
        if old != new:
            yield f"{name}: {old} made the old result, {new} the new one"


def ranks(changes: Changes) -> Iterator[tuple[str, str]]:
    """List vendors whose rank changed, the first first, and what did it."""
    moved = [vendor for vendor in changes.vendors if vendor.rank.is_changed]
    for vendor in sorted(moved, key=lambda vendor: vendor.rank.new or len(changes.vendors) + 1):
        old, new = (str(rank) if rank else "no rank" for rank in (vendor.rank.old, vendor.rank.new))
        rows = [row for row in rows_of(changes, vendor) if row.points != "0.0"]
        why = ", ".join(f"{row.points} {row.why}" for row in rows[:_MOST_OF_RANK])
        status = [STATUS[side] for side in (vendor.status.old, vendor.status.new)]
        if status[0] != status[1]:
            why = ", ".join(filter(None, (f"{status[0]} before, {status[1]} now", why)))
        elif not why or _is_passed(vendor):
            why = ", ".join(filter(None, ("since others moved more" if why else "since others moved", why)))
        yield f"{vendor.name} {old} to {new}", why


def _is_passed(vendor: VendorChanges) -> bool:
    """Tell whether a vendor fell with more points, or rose with fewer."""
    fell = (vendor.rank.new or 0) - (vendor.rank.old or 0)
    return fell * vendor.points > 0


def settings(changes: Changes) -> Iterator[str]:
    """List settings that changed, and who gave which reason."""
    for change in changes.settings[:_MOST_SETTINGS]:
        reason = f" ({change.by}, {change.on}: {one_line(change.why or '')})" if change.explained else ""
        yield f"{change_words(change.key, change.old, change.new)}{reason}"
    if (more := len(changes.settings) - _MOST_SETTINGS) > 0:
        yield f"{more} more: --json lists them"


def gates(changes: Changes) -> Iterator[tuple[str, str, str, str]]:
    """List gates and floors that changed: vendor, which, what it was, what it is."""
    for vendor in changes.vendors:
        for gate in vendor.gates:
            kind = KINDS.get(gate.kind) or gate.kind.replace("knock_out", "knock-out")
            yield vendor.name, f"{gate.question} {kind}", gate.old or "not asked", gate.new or "not asked"


def vendor_words(vendor: VendorChanges) -> str:
    """Say how score, rank and status of a vendor changed."""
    parts = [f"{number(vendor.score.old)} to {number(vendor.score.new)} ({points_words(vendor.points)})"]
    if vendor.rank.is_changed:
        parts.append(f"rank {vendor.rank.old or '–'} to {vendor.rank.new or '–'}")
    if vendor.status.is_changed:
        parts.append(f"{STATUS[vendor.status.old]} to {STATUS[vendor.status.new]}")
    return ", ".join(parts)


def rows_of(changes: Changes, vendor: VendorChanges) -> list[Row]:
    """List the causes of a vendor by size, those of many questions at once as one."""
    alone = [cause for cause in vendor.causes if cause.cause not in _TOGETHER]
    rows = [(cause.points, _row(changes, cause)) for cause in alone]
    for kind, words in _TOGETHER.items():
        several = [cause for cause in vendor.causes if cause.cause == kind]
        if len(several) == 1:
            rows.append((several[0].points, _row(changes, several[0])))
        elif several:
            points = sum(cause.points for cause in several)
            who = next((f", {cause.by}: {one_line(cause.why)}" for cause in several if cause.by), "")
            rows.append((points, Row(points_words(points), f"{words.format(len(several))}{who}", "", "")))
    return [row for _, row in sorted(rows, key=lambda row: -abs(row[0]))]


def _row(changes: Changes, cause: CauseRecord) -> Row:
    values = f"{_value(cause, cause.old)} to {_value(cause, cause.new)}"
    why = f"{_why(changes, cause)}{f' ({one_line(cause.why)})' if cause.why else ''}"
    return Row(points_words(cause.points), why, values, str(cause.source))


def _value(cause: CauseRecord, value: float | str | None) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        return f'"{cut(one_line(value), _LONGEST)}"' if cause.cause in {"answer", "question"} else value
    if cause.cause == "weights":
        return f"{difference(value * 100, 2)} %"
    return money(value) if cause.cause == "price" else number(value)


def _why(changes: Changes, cause: CauseRecord) -> str:
    """Name a cause, as it follows on points."""
    about, by = cause.about, f" of {cause.by}" if cause.by else ""
    if cause.cause == "date":
        return _same_words(changes, about)
    texts = {
        "finding": f"by finding {about}{by}{' taken back' if cause.new is None else ''}",
        "level": f"by the panel's level of {about}{f', {cause.by}' if cause.by else ''}",
        "answer": f"by its answer to {about}" if about else "by its response as a whole",
        "evidence": f"by the evidence for {about}",
        "weights": f"by another weight of {about}{by}",
        "question": f"by {about}, which one side alone asks",
        "price": "by its price" if cause.old != cause.new else "by the prices of others",
        "rule": f"by the rule for prices{by}" if about else "since one of them is a screen",
    }
    return texts[cause.cause]


def _same_words(changes: Changes, about: str) -> str:
    """Say why the same words have another value: the question, the day, or another answer that decides on this one."""
    keys = [change.key for change in changes.settings]
    if any(key.startswith(f"criteria.{about}.") for key in keys):
        return f"by {about}, which values answers otherwise"
    return f"by the day on which {about} is judged" if "as_of" in keys else f"by answers that {about} depends on"


def unchanged(changes: Changes) -> str:
    """Name the vendors of which nothing changed, in one line; '' where there is none."""
    names = [vendor.name for vendor in changes.vendors if not vendor.is_changed]
    return f"Unchanged: {', '.join(names)}" if names else ""


def only(changes: Changes) -> Iterator[str]:
    """Name the vendors that are in one of two results."""
    for side, names in (("old", changes.only_old), ("new", changes.only_new)):
        if names:
            yield f"Only in the {side} one: {', '.join(names)}"
