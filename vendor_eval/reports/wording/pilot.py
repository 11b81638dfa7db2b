"""What a pilot measured, in words: figures, verdicts, and what of it counts."""

from collections import Counter
from collections.abc import Iterator
from math import isclose

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import listed, number
from vendor_eval.formatting.measures import amount, between, promise, unit_words, with_unit
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.wording.lookups import names_of
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.results import AnswerRecord, Result, VendorRecord
from vendor_eval.results.pilot import AcceptanceRecord, FigureRecord, LinkRecord, PilotRecord, PilotVendorRecord
from vendor_eval.results.pilot_figures import FIGURES

STATED = frozenset(("seconds_median", "seconds_p90", "fast_share", "pay_max", "pay_ratio_legal", "pay_ratio_living"))
OF_THE_LOG = frozenset(name for name, kind in FIGURES.items() if "log" in kind.needs)
METHODS = {
    "clopper_pearson": "Clopper-Pearson",
    "bootstrap": "bootstrap",
    "linearised": "linearized",
    "newcombe": "Newcombe",
    "order_statistic": "order statistics",
    "poisson": "Poisson",
    "exact": "exact",
    "count": "count",
}
VERDICTS = {"kept": "● kept", "not_kept": "✕ not kept", "cannot_tell": "○ cannot tell"}
REASONS = {
    "no_promise": "nothing was promised",
    "no_figure": "it could not be measured",
    "no_interval": "no range can be given",
    "too_few": "too few items to be sure",
    "within_chance": "within chance",
    "ceiling": "the figure is only the most that the truth can be",
    "no_variation": "all answers are alike",
    "perfect_agreement": "identical in every item: were the passes independent?",
    "passes_missing": "too many ratings are missing",
    "seconds_missing": "too few rows say the seconds",
    "price_sealed": "prices are not opened yet",
    "not_logged": "not in the log",
    "too_few_items": "too few items for a range",
    "infinite": "not ended yet",
    "no_items": "no items of this kind",
    "no_objects": "no objects of this kind",
    "undefined": "often undefined in samples like this",
}
# In a cell of the page, where the sentences above have no room.
WHY = REASONS | {"ceiling": "only an upper limit", "too_few": "too few items", "no_figure": "not measured"}
_BY = {"phase": "in phase", "class": "class", "stratum": "in stratum", "iou": "at IoU", "criterion": "criterion"}
MINUS = "\N{MINUS SIGN}"
_FEW = 3
_NAME = 40
LEGEND = (
    ("kept", "the figure reaches the promise, and even the worse end of its range is within the agreed margin."),
    ("not_kept", "even the better end of the range misses the promise."),
    ("cannot_tell", "the sample cannot decide it, or the figure is only the most that the truth can be."),
)
AS_STATED = "Times per task and possible pay rest on the seconds as stated by the vendor."


def title_of(figure: FigureRecord | LinkRecord) -> str:
    """Name a figure and what narrows it.

    >>> title_of(FigureRecord(id="accuracy", by="phase", group="surge", unit="%", method="clopper_pearson"))
    'Items wholly right, in phase surge'
    """
    name = figure.id if isinstance(figure, FigureRecord) else figure.figure
    narrowed = f", {_BY.get(figure.by, figure.by)} {figure.group}" if figure.by else ""
    return f"{FIGURES[name].title}{narrowed}"


def title_with_unit(link: LinkRecord) -> str:
    """Name what tests a promise, and its unit."""
    unit = unit_words(unit_of(link))
    return f"{title_of(link)}{', ' * bool(unit)}{'' if not unit or unit.startswith('per ') else 'in '}{unit}"


def interval(record: FigureRecord | LinkRecord, unit: str, dash: str = "–") -> str:
    """Print where the truth lies, one number where both ends are the same, nothing where that is not known."""
    limit = record.promised if isinstance(record, LinkRecord) else None
    return between(record.low, record.high, unit, limit, dash)


def figure_of(vendor: PilotVendorRecord | None, link: LinkRecord) -> FigureRecord | None:
    """Find the figure that tests a promise."""
    wanted = link.figure, link.by, link.group
    figures = vendor.figures if vendor else ()
    return next((figure for figure in figures if (figure.id, figure.by, figure.group) == wanted), None)


def unit_of(link: LinkRecord) -> str:
    """Find the unit of the figure that tests a promise."""
    return FIGURES[link.figure].unit


def figure_words(figure: FigureRecord) -> str:
    """Print a figure with its name and its range.

    >>> share = {"unit": "%", "method": "clopper_pearson"}
    >>> figure_words(FigureRecord(id="consistency", value=92.0, low=80.77, high=97.78, k=46, n=50, **share))
    'Repeated items labeled alike: 92.0 % (80.8–97.8)'
    """
    within = f" ({interval(figure, figure.unit)})" if figure.low != figure.high else ""
    return f"{title_of(figure)}: {with_unit(amount(figure.value, figure.unit), figure.unit)}{within}"


def card_title(vendor: PilotVendorRecord) -> str:
    """Say how many promises of one vendor were kept."""
    candour = vendor.candour
    if candour is None or not candour.linked:
        return "What the pilot measured"
    if not candour.tested:
        return "Said and measured: no promise could be tested"
    if candour.tested == 1:
        return f"Said and measured: the tested promise was {'kept' if candour.kept else 'not kept'}"
    return f"Said and measured: {candour.kept} of {candour.tested} tested promises kept"


def counts_as(link: LinkRecord, unit: str) -> str:
    """Say in a few words what stands in the place of the answer."""
    effect = link.effect
    if effect is None:
        return "as answered"
    if effect.set_aside:
        return "set aside by us"
    return "unproven" if effect.act == "claim" else amount(effect.answer, unit, link.promised)


def arithmetic(figure: FigureRecord, limit: float | None = None) -> str:
    """Print how a figure comes about, and its interval; without the unit.

    >>> share = {"unit": "%", "method": "clopper_pearson"}
    >>> arithmetic(FigureRecord(id="accuracy", value=97.2, low=95.347, high=98.461, k=486, n=500, **share))
    '486 of 500 = 97.2; Clopper-Pearson 95.3-98.5'
    """
    value = amount(figure.value, figure.unit, limit)
    if figure.k is not None and figure.n:
        # A bound comes of the same counts, but is not their share.
        is_share = any(isclose(figure.k * whole / figure.n, figure.value or 0.0) for whole in (100, 1000))
        value = f"{figure.k:,} of {figure.n:,}{' =' if is_share else ':'} {value}"
    elif figure.n is not None:
        value = f"{value} over {figure.n:,}"
    if figure.low is None:
        return f"{value}; {reason_words(figure.reason or 'no_interval')}"
    least = amount(figure.low, figure.unit, limit)
    ends = f"{least} or more" if figure.high is None else f"{least}-{amount(figure.high, figure.unit, limit)}"
    return f"{value}; {METHODS[figure.method]} {ends}"


def reason_words(reason: str) -> str:
    return REASONS.get(reason, reason.replace("_", " "))


def rule(link: LinkRecord, figure: FigureRecord | None) -> str:
    """Say by which rule a verdict came about."""
    unit, lower = unit_of(link), figure is not None and figure.better == "lower"
    said, value = promise(link.promised), amount(link.measured, unit, link.promised)
    bad, good = (link.low, link.high)[:: -1 if lower else 1]  # the worse and the better end of the interval
    beyond, at_least, end = ("above", "at most", "upper") if lower else ("below", "at least", "lower")
    other = "lower" if lower else "upper"
    floor = promise((link.promised or 0.0) + (link.margin if lower else -link.margin))
    worst, best = amount(bad, unit, link.promised), amount(good, unit, link.promised)
    reached = f"{value} is {at_least} the {said} promised"
    missed = f"{value} is {beyond} the {said} promised"
    limit = f"{floor} (the promise {'plus' if lower else 'less'} a margin of {promise(link.margin)})"
    limit = limit if link.margin else floor
    if link.verdict == "not_kept":
        return missed if bad == good else f"even the {other} end of the range, {best}, is {beyond} the {said} promised"
    if link.verdict == "kept":
        return f"{reached}, and the {end} end of the range, {worst}, is not {beyond} {limit}"
    needed = f"; {link.needed:,} items like these would settle it" if (link.needed or 0) > (link.n or 0) else ""
    if link.reason == "within_chance":
        return f"{missed}, but within chance: the range reaches {best}{needed}"
    if link.reason == "too_few":
        return f"{reached}, but the {end} end of the range, {worst}, is {beyond} {limit}: too few items{needed}"
    if link.reason == "infinite":
        return f"{reached}, but the range has no upper end: {reason_words(link.reason)}"
    why = figure.reason if link.reason in {"no_figure", "no_interval"} and figure else None
    return "; ".join(map(reason_words, filter(None, (link.reason, why))))


def what_counts(link: LinkRecord, question_type: str) -> str:
    """Say what stands in the place of the answer, and why."""
    effect, unit = link.effect, unit_of(link)
    if effect is None:
        return f"the answer stays as it was given: {_why_nothing(link, question_type)}"
    if effect.set_aside:
        return "what we found before on this answer; the pilot is set aside"
    if effect.act == "claim":
        shown = "the most that can be is less than was promised" if link.kind == "ceiling" else "it was not kept"
        return f"sent back as unproven, since {shown}; a document is needed"
    counted_ = f"{with_unit(amount(effect.answer, unit, link.promised), unit)}, verified"
    if link.kind == "guarantee" and effect.answer == link.promised:
        why = "of a guarantee the worse counts, here what was promised"
    elif effect.answer == link.measured:
        why = "what was measured counts in the place of what was said"
        why = "of a guarantee the worse counts, here what was measured" if link.kind == "guarantee" else why
    else:
        why = "the end of the range that is nearest to the promise counts"
        why = f"of so few items {why}" if link.measured is not None else f"{why}, {reason_words('infinite')}"
    open_ = "" if effect.low == effect.high else f"; chance leaves {number(effect.low)} to {number(effect.high)} of 100"
    return f"{counted_}: {why}{open_}"


def _why_nothing(link: LinkRecord, question_type: str) -> str:
    reasons = {
        "nothing was measured": link.measured is None,
        "the figure is the most that can be, so it can refute and never confirm": link.kind == "ceiling",
        "a choice takes no measured value": question_type == "single_choice",
        "a guarantee that was not given is none": link.promised is None and link.kind == "guarantee",
        "there are too few items to count, or the pilot is shown and not scored": True,
    }
    return next(reason for reason, holds in reasons.items() if holds)


def chart_words(link: LinkRecord, unit: str) -> str:
    """Say what the chart of a promise shows."""
    promised = "nothing promised"
    if link.promised is not None:
        promised = f"{with_unit(promise(link.promised), unit)} promised"
    measured = "nothing measured"
    if link.measured is not None:
        measured = f"{with_unit(amount(link.measured, unit, link.promised), unit)} measured"
    if link.low != link.high:
        measured += f", the truth is {'between ' * (link.high is not None)}{interval(link, unit, ' and ')}"
    return f"{title_of(link)}: {promised}, {measured}; verdict: {VERDICTS[link.verdict][2:]}"


def accepted(acceptance: AcceptanceRecord) -> str:
    """Say whether the whole batch is accepted, and by which count.

    >>> accepted(AcceptanceRecord(n=500, c=18, errors=14, accepted=True, seller_risk=0.66, buyer_risk=8.65))
    'Accepted: 14 of 500 wrong, 18 allowed'
    """
    word = "Accepted" if acceptance.accepted else "Not accepted"
    if acceptance.c is None:
        return f"{word}: {acceptance.n:,} items are too few to accept at the agreed risk"
    return f"{word}: {acceptance.errors:,} of {acceptance.n:,} wrong, {acceptance.c:,} allowed"


def batch_sentence(vendor: PilotVendorRecord) -> str:
    """Say whether the whole batch of a vendor is accepted; '' where that was not judged."""
    batch = accepted(vendor.acceptance) if vendor.acceptance else ""
    return batch and f"The whole batch is {batch[:1].lower()}{batch[1:]}."


def items_right(vendor: PilotVendorRecord) -> str:
    """Count the items that a vendor has wholly right."""
    figures = (figure for figure in vendor.figures if figure.id == "accuracy" and figure.by is None)
    return next((f"{figure.k:,} of {figure.n:,} wholly right" for figure in figures if figure.n), "")


def drift_words(vendor: PilotVendorRecord) -> str:
    """Say by how much the worst later phase differs from the first; empty where there is one phase."""
    drifts = [(figure.value, figure) for figure in vendor.figures if figure.id == "drift" and figure.value is not None]
    if not drifts:
        return ""
    value, worst = min(drifts, key=lambda drift: drift[0])
    within = interval(worst, worst.unit)
    change = f"{'+' * (value > 0)}{number(value, 1)}{f' ({within})' if within else ''}"
    return f"{worst.group}: {change.replace('-', MINUS)}"


def candour_of(vendor: PilotVendorRecord) -> str:
    """Say what became of the promises of a vendor, or why it was not measured."""
    return vendor.candour.sentence if vendor.candour else f"Not measured: {vendor.message or 'nothing came'}"


def by_chance(pilot: PilotRecord) -> str:
    """Say how many promises would read as not kept if all were true; empty where none was tested."""
    candours = [vendor.candour for vendor in pilot.vendors if vendor.candour]
    expected = sum(candour.expected_by_chance for candour in candours)
    if not expected:
        return ""
    links = [link for vendor in pilot.vendors for link in vendor.links if link.kind != "ceiling"]
    broken = sum(link.verdict == "not_kept" for link in links)
    count = amount(expected, "")
    return f"If every promise were true, about {count} would read “not kept” by chance alone; here {broken} did."


def in_the_scores(pilot: PilotRecord) -> Iterator[str]:
    """Say what of the pilot counts in the scores."""
    links = [link for vendor in pilot.vendors for link in vendor.links]
    effects = [link.effect for link in links if link.effect]
    if links and not effects:
        yield "The pilot is shown here and changes no score."
        return
    kinds = Counter("aside" if effect.set_aside else effect.act for effect in effects)
    for count, of_one, of_more, words in (
        (kinds["answer"], "counts", "count", "as measured"),
        (kinds["claim"], "was", "were", "sent back as unproven"),
        (kinds["aside"], "counts", "count", "as we found before"),
        (len(links) - len(effects), "stays as it was", "stay as they were", "given"),
    ):
        if count:
            yield f"{counted(count, 'answer')} {of_one if count == 1 else of_more} {words}."


def headline(result: Result, pilot: PilotRecord) -> str:
    """Say what became of the promises that were tested."""
    names = names_of(result)
    candours = [(vendor.id, vendor.candour) for vendor in pilot.vendors if vendor.candour]
    tested, broken = sum(c.tested for _, c in candours), sum(c.not_kept for _, c in candours)
    if not any(candour.linked for _, candour in candours):
        return "What the pilot measured"
    if not tested:
        return "The pilot can tell of no promise whether it is kept"
    whole = {1: "The tested promise was", 2: "Both tested promises were"}.get(
        tested, f"All {tested} tested promises were"
    )
    if not broken:
        return f"{whole} kept"
    by = [(candour.not_kept, cut(names[name], _NAME)) for name, candour in candours if candour.not_kept]
    if len(by) == 1:
        who = f", {'all ' * (1 < broken < tested)}by {by[0][1]}"
    elif len(by) <= _FEW:
        who = f": {listed([f'{count} by {name}' for count, name in by])}"
    else:
        who = f", by {'all' if len(by) == len(candours) else f'{len(by)} of'} {len(candours)} vendors"
    part = f"{broken} of {tested} tested promises {'was' if broken == 1 else 'were'}"
    return f"{whole if broken == tested else part} not kept{who}"


def about(pilot: PilotRecord) -> str:
    """Say on what the figures rest."""
    facts, figures = pilot.pilot, [figure for vendor in pilot.vendors for figure in vendor.figures]
    measured = sum(vendor.status == "measured" for vendor in pilot.vendors)
    counts = sorted({figure.n for figure in figures if figure.id == "accuracy" and figure.by is None and figure.n})
    items = " to ".join(f"{count:,}" for count in dict.fromkeys((*counts[:1], *counts[-1:]))) or f"{facts.gold_items:,}"
    work = f"{counted(measured, 'vendor')} labeled {items} items of which we alone knew the right labels"
    return f"{cut(facts.title, 120)}: {work}. Measured on {day(facts.measured_on)}."


def promise_entries(result: Result, vendor: VendorRecord, answer: AnswerRecord, kind: str) -> list[tuple[str, ...]]:
    """Explain the promise of an answer: what was said, what was measured, the verdict, and what of it counts.

    `kind` is the type of the question. Nothing where the pilot tests no promise of it.
    """
    link = answer.pilot
    if link is None or result.pilot is None:
        return []
    figure = figure_of(result.pilot.vendor(vendor.id), link)
    unit = unit_of(link)
    promised = with_unit(promise(link.promised), unit) if link.promised is not None else "nothing"
    measured = arithmetic(figure, link.promised) if figure else reason_words("no_figure")
    stated = f". {AS_STATED}" if link.figure in STATED else ""
    return [
        ("Promised", promised, f"({answer.source})" if str(answer.source) else ""),
        ("Measured", f"{title_with_unit(link)}: {measured}{stated}"),
        ("Verdict", f"{VERDICTS[link.verdict]}: {rule(link, figure)}"),
        ("Counts", what_counts(link, kind)),
    ]
