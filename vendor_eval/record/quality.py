"""Two envelopes: until the quality is closed no price is read, and what changes it after that is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import isclose

from vendor_eval.formatting.figures import number
from vendor_eval.intake.listing import entries, spelt
from vendor_eval.issues import Issue, Location, VendorEvalError
from vendor_eval.record.log import FILE, OPEN, Entry, Line, Log, append, read_log
from vendor_eval.results import QualityClosed, QualitySince
from vendor_eval.tender import PRICES, Evaluation

CLOSE = "close"
_SAME = 1e-9
_LARGEST = 1e6
_MOST_DIGITS = 12


def with_sealed_prices(evaluation: Evaluation) -> Evaluation:
    """Seal the prices of an evaluation with two envelopes until its log says that the quality was closed."""
    if not evaluation.has_envelopes or _closing(read_log(evaluation.folder, {})):
        return evaluation
    return replace(evaluation, envelope="quality")


def price_faults(evaluation: Evaluation | None) -> Iterator[Issue]:
    """Find a folder of prices that nobody would read, since the price comes in no envelope of its own."""
    files = entries(evaluation.folder / PRICES) if evaluation and not evaluation.has_envelopes else iter(())
    if evaluation is None or (first := next(files, None)) is None:
        return
    path = ("price",) if evaluation.settings.price else ()
    cure = "add it under 'price', or move it away"
    message = f"{PRICES}/{spelt(first.name)} is read where the price has 'open_after: quality' alone: {cure}"
    yield Issue("price-folder", message, evaluation.source.locate(path, key=bool(path)))


def refuse_close(evaluation: Evaluation, log: Log) -> None:
    """Raise VendorEvalError where no price is sealed, or the prices were opened; also where the log is broken."""
    log.refuse_broken()
    if not evaluation.has_envelopes:
        raise VendorEvalError(
            f"{evaluation.source.file}: has no 'open_after: quality' under 'price', so none is sealed"
        )
    if lines := _closing(log):
        by = f"by {lines[0].by} on {lines[0].day}"
        raise VendorEvalError(f"{evaluation.folder / FILE}: line {lines[0].n}: the quality was closed {by}")


def close_quality(
    evaluation: Evaluation, log: Log, qualities: Mapping[str, float | None], moment: datetime, *, by: str, why: str
) -> Log:
    """Write the line that opens the prices, with the quality of each vendor unrounded; the caller has the lock.

    A quality is None where the vendor was not evaluated. Raises as `refuse_close` does.
    """
    refuse_close(evaluation, log)
    new = dict(qualities)
    return append(evaluation.folder, log, [Entry(act=CLOSE, by=by, why=why, about=tuple(new), new=new)], moment)


def quality_closed(log: Log, qualities: Mapping[str, float | None]) -> QualityClosed | None:
    """Compare the qualities of now with those at the opening of the prices; None before it."""
    lines = _closing(log)
    if not lines:
        return None
    values = (line.new.items() for line in lines if isinstance(line.new, Mapping))
    # A line that was written by hand may hold any figure.
    closed = {
        name: old for pairs in values for name, old in pairs if isinstance(old, float | int) and abs(old) < _LARGEST
    }
    since = [
        QualitySince(vendor=name, old=closed.get(name), new=qualities.get(name))
        for name in sorted({*closed, *qualities})
        if _differs(closed.get(name), qualities.get(name))
    ]
    return QualityClosed(on=lines[0].day, by=lines[0].by, line=lines[0].n, since=tuple(since))


def _closing(log: Log) -> Sequence[Line]:
    """List the lines that closed the quality: of a large field there are several, written at once."""
    return [line for line in log.lines if line.act == CLOSE]


def _differs(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is not new
    return not isclose(old, new, rel_tol=0, abs_tol=_SAME)


def quality_issues(
    closed: QualityClosed | None, log: Log, names: Mapping[str, str], owners: Mapping[str, str]
) -> Iterator[Issue]:
    """Warn of each quality that changed after the prices were opened, with what the log says of that vendor since."""
    if closed is None:
        return
    for change in closed.since:
        digits = next((n for n in range(1, _MOST_DIGITS) if _shown(change.old, n) != _shown(change.new, n)), 1)
        old, new = (_shown(value, digits) for value in (change.old, change.new))
        whose = f"Quality of {names.get(change.vendor, change.vendor)}"
        causes = dict.fromkeys(_causes(log, change.vendor, closed.line, owners))
        because = "; ".join(causes) or "the log does not say why"
        message = f"{whose} was {old} when the prices were opened and is {new} now: {because}"
        yield Issue("quality-changed", message, Location(FILE))


def _shown(value: float | None, digits: int) -> str:
    return "none" if value is None else number(value, digits)


def _causes(log: Log, vendor: str, after: int, owners: Mapping[str, str]) -> Iterator[str]:
    """Describe the lines since the opening that can have changed the quality of a vendor."""
    for line in log.lines:
        for key in line.about if line.n > after else ():
            match key.split("/"):
                case ["finding", whose, about, kind, *_] if kind != "note":
                    pass
                case ["sheet", _, whose, about, *_] | ["conflict", about, whose, *_]:
                    pass
                case ["response", *parts] if parts[0] != PRICES and line.act != OPEN:
                    about = "/".join(parts)
                    whose = owners.get(about, "")
                case ["setting", about]:
                    whose = vendor
                case _:
                    continue
            if whose == vendor:
                yield f"{line.act} {about}{f' by {line.by}' if line.by else ''}, {line.day}"
