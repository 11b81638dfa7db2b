"""What a measured figure says of a promise, and what of it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, inf

from vendor_eval.criteria.questions import Question
from vendor_eval.criteria.questions.figures import FigureQuestion
from vendor_eval.formatting.measures import amount, between, promise, with_unit
from vendor_eval.intake.submission import Response
from vendor_eval.pilot.settings import Link, PilotSettings
from vendor_eval.proportions import beta_share
from vendor_eval.results.pilot import CandourRecord, EffectRecord, FigureRecord, LinkRecord, Verdict
from vendor_eval.results.pilot_figures import FIGURES

TOLERANCE = 1e-9
_TAIL = 0.025
_HUNDRED = 100.0
_SAMPLES = range(10, 20_001, 10)
# They need no sample: the log names every event.
_OF_LOG = frozenset(name for name, kind in FIGURES.items() if "log" in kind.needs)


def promise_of(settings: PilotSettings, question: Question, response: Response | None) -> float | None:
    """Read what a vendor promised in its own answer; None where it promised nothing.

    Of a choice that promises the target of the brief it is `quality_target` of pilot.yaml.
    """
    answer = response.given if response else None
    if answer is None or answer.word:
        return None
    if isinstance(question, FigureQuestion):
        return answer.number
    target = settings.quality_target
    promising = {option.id for option in getattr(question, "options", ()) if option.promises}
    return target.value if target and promising & (answer.chosen or frozenset()) else None


@dataclass(frozen=True, slots=True)
class _Sided:
    """A figure, its interval and a promise, turned so that more is better."""

    promise: float
    value: float
    low: float
    high: float

    @property
    def is_refuted(self) -> bool:
        return self.high < self.promise - TOLERANCE

    @property
    def is_reached(self) -> bool:
        return self.value >= self.promise - TOLERANCE

    def is_kept(self, margin: float) -> bool:
        return self.is_reached and self.low >= self.promise - margin - TOLERANCE


def judge(
    link: Link,
    promised: float | None,
    figure: FigureRecord,
    least_items: int,
    question: Question,
    *,
    counts: bool = True,
) -> LinkRecord:
    """Judge a promise by the figure that tests it, and find what of that counts; nothing unless `counts`."""
    verdict, reason = _verdict(link, promised, figure)
    with_sample = figure.id == "accuracy" and reason in {"too_few", "within_chance"}
    return LinkRecord(
        question=link.question,
        figure=figure.id,
        by=figure.by,
        group=figure.group,
        kind=link.kind,
        margin=link.margin,
        promised=promised,
        measured=figure.value,
        low=figure.low,
        high=figure.high,
        n=figure.n,
        verdict=verdict,
        reason=reason,
        needed=needed(figure.value or 0.0, promised or 0.0, link.margin) if with_sample else None,
        effect=_effect(link, promised, figure, verdict, least_items, question) if counts else None,
    )


def _verdict(link: Link, promised: float | None, figure: FigureRecord) -> tuple[Verdict, str | None]:
    if promised is None:
        return "cannot_tell", "no_promise"
    if figure.low is None:
        return "cannot_tell", "no_figure" if figure.value is None else "no_interval"
    sided = _sided(promised, figure, figure.low)
    if sided.is_refuted:
        return "not_kept", None
    if link.kind == "ceiling":
        return "cannot_tell", "ceiling"
    if sided.is_kept(link.margin):
        return "kept", None
    if figure.value is None:
        return "cannot_tell", "no_figure"
    if sided.is_reached:
        return "cannot_tell", "too_few" if figure.high is not None else "infinite"
    return "cannot_tell", "within_chance"


def _sided(promised: float, figure: FigureRecord, low: float) -> _Sided:
    # What is null beside a lower end has not ended yet: it is longer than any.
    value, high = (inf if number is None else number for number in (figure.value, figure.high))
    is_lower = figure.better == "lower"
    return _Sided(-promised, -value, -high, -low) if is_lower else _Sided(promised, value, low, high)


def needed(value: float, promised: float, margin: float) -> int | None:
    """Find the smallest sample of 10, 20, ... 20,000 items that settles a promise at this accuracy; None if none does.

    The interval is that of Clopper and Pearson, whose ends are compared without being worked out.

    >>> needed(97.2, 98, 3)
    1340
    """
    refuting, keeping = ((limit - TOLERANCE) / _HUNDRED for limit in (promised, promised - margin))
    for n in _SAMPLES:
        k = floor(value * n / _HUNDRED + 0.5)
        if k < n and beta_share(refuting, k + 1, n - k) > 1 - _TAIL:
            return n
        is_reached = _HUNDRED * k / n >= promised - TOLERANCE
        if is_reached and (keeping <= 0 or (k > 0 and beta_share(keeping, k, n - k + 1) <= _TAIL)):
            return n
    return None


def _effect(
    link: Link, promised: float | None, figure: FigureRecord, verdict: Verdict, least_items: int, question: Question
) -> EffectRecord | None:
    """Find what a verdict does to the answer: a claim, what was measured, the worse of the two, or nothing."""
    if link.kind == "ceiling" or not isinstance(question, FigureQuestion):
        return EffectRecord(act="claim") if verdict == "not_kept" else None
    if figure.low is None or (figure.value is None and verdict != "not_kept"):
        return None
    if link.kind == "guarantee" and promised is None:
        return None
    is_enough = figure.id in _OF_LOG or (figure.n or 0) >= least_items
    if not is_enough and verdict != "not_kept":
        return None
    last = inf if figure.high is None else figure.high
    nearest = figure.low if figure.better == "lower" else last
    answer = worse_of(link, promised, nearest if figure.value is None or not is_enough else figure.value)
    low, high = (worse_of(link, promised, end) for end in (figure.low, last))
    least, most = question.extremes(low, high) or (None, None)
    return EffectRecord(act="answer", answer=answer, low=least, high=most)


def worse_of(link: Link | LinkRecord, promised: float | None, measured: float) -> float:
    """Give what counts of a measured value: of a guarantee the worse of it and the promise."""
    if link.kind != "guarantee" or promised is None:
        return measured
    return max(promised, measured) if FIGURES[link.figure].better == "lower" else min(promised, measured)


def candour(name: str, links: Iterable[LinkRecord]) -> CandourRecord:
    """Count how many promises a vendor was asked for, how many were tested and kept, and say so in a sentence."""
    judged = list(links)
    broken = [link for link in judged if link.verdict == "not_kept"]
    kept = sum(link.verdict == "kept" for link in judged)
    blank = sum(link.reason == "no_promise" for link in judged)
    untold = len(judged) - kept - len(broken) - blank
    tested = kept + len(broken)
    listed = f" ({'; '.join(map(_shortfall, broken))})" if broken else ""
    counted = f"{len(judged)} promise{'s' * (len(judged) != 1)} asked for, {tested} tested"
    rest = f"{untold} cannot be told, {blank} {'was' if blank == 1 else 'were'} not given"
    by_chance = sum(link.promised is not None and link.low is not None and link.kind != "ceiling" for link in judged)
    return CandourRecord(
        linked=len(judged),
        tested=tested,
        kept=kept,
        not_kept=len(broken),
        cannot_tell=untold,
        no_promise=blank,
        expected_by_chance=_TAIL * by_chance,
        sentence=f"{name}: {counted}: {kept} kept, {len(broken)} not kept{listed}; {rest}.",
    )


def _shortfall(link: LinkRecord) -> str:
    """Say what was promised and measured: 'QAR-23: 98 % promised, 94.0 % measured, 91.5-95.9'."""
    unit = FIGURES[link.figure].unit
    value = with_unit(amount(link.measured, unit, link.promised), unit)
    within = f", {between(link.low, link.high, unit, link.promised)}" if link.low != link.high else ""
    promised = with_unit(promise(link.promised), unit)
    return f"{link.question}: {promised} promised, {value} measured{within}"
