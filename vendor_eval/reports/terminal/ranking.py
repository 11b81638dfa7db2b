"""The ranked table of the terminal, with the reasons and the firmness of its order."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap
from unicodedata import normalize

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import KINDS, STATUS, listed, money, number, percent, truncated
from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.reports.pages.panel import missing_lines, panel_lines
from vendor_eval.reports.terminal.columns import WIDTH, block, table
from vendor_eval.reports.terminal.promises import candour_lines
from vendor_eval.reports.wording.asks import asked_first
from vendor_eval.reports.wording.lookups import titles_of
from vendor_eval.reports.wording.price import PRICE_FLAGS, SEALED_PRICES, compared, rule_title, turn_lines
from vendor_eval.reports.wording.status import SCREEN, arrived_late, waiver_words
from vendor_eval.reports.wording.what_if import bid_lines, left_out_lines, rule_heads, rule_rows
from vendor_eval.results import FloorRecord, GateRecord, Result, VendorRecord

_LEGEND = (
    "Low-high: the score if every open answer were worth nothing, and if every one were perfect.",
    "If proven: the score if the vendor proved every claim. Best-worst: the ranks that open answers leave possible.",
)
_LEGEND_OF_PILOT = "An answer that the pilot measured counts between the ends of its range."
_LONGEST_NAME = 40
_EXACTLY = 6
_MOST_TURNS = 3
# As many as the pages show.
_MOST_PRICES = 40
_LONGEST_REASON = 90

_WEIGHTLESS = {"category-not-asked", "category-without-weight", "category-weight-0"}


def vendor_names(result: Result) -> dict[str, str]:
    """Map ids to names as tables print them, with the id behind where two names are alike."""
    cut_names = {vendor.id: cut(one_line(vendor.name), _LONGEST_NAME) for vendor in result.vendors}
    often = Counter(normalize("NFKC", name).casefold() for name in cut_names.values())
    return {
        vendor: f"{name} ({cut(one_line(vendor), _LONGEST_NAME)})"
        if often[normalize("NFKC", name).casefold()] > 1 and name != vendor
        else name
        for vendor, name in cut_names.items()
    }


def short_table(result: Result) -> str:
    """Ranked vendors, then excluded and not evaluated ones, the status of each in a line, and how firm the order is."""
    names = vendor_names(result)
    sentence = result.robustness.sentence if result.robustness else ""
    statuses = [f"{names[vendor.id]}: {vendor.status_text or vendor.status}" for vendor in result.in_order]
    parts = [*_head(result, names), block(*statuses), block(*wrap(sentence, WIDTH))]
    parts += [*candour_lines(result), *_without_weight(result), *_provisional(result)]
    parts.append("All reasons, prices and what would change the order: vendor-eval rank --all")
    return "\n\n".join(part for part in parts if part)


def ranked_table(result: Result) -> str:
    """Ranked vendors, then excluded and not evaluated ones with the reason, then what made the order what it is."""
    names, vendors = vendor_names(result), result.in_order
    parts = [*_head(result, names), *_prices(result, names)]
    if result.robustness:
        firmness = result.robustness
        notes = (*firmness.decides, *firmness.notes, *firmness.left_out)
        parts.append(block(*wrap(firmness.sentence, WIDTH), *(f"  - {line}" for line in notes)))
        parts += _what_if(result, names)
    parts += [_vendor_reasons(vendor, names[vendor.id]) for vendor in vendors if vendor.reasons or vendor.conditions]
    parts.append(block(*_below(result, names)))
    parts += [*candour_lines(result), *_without_weight(result)]
    if result.panel:
        parts.append(block("Panel:", *(f"  - {line}" for line in panel_lines(result))))
        issues = [f"  {i.severity}: {i.source}: {i.message} [{i.code}]" for i in result.panel.issues]
        parts += [block("Score sheets:", *issues)] if issues else []
    parts += _provisional(result)
    return "\n\n".join(part for part in parts if part)


def _without_weight(result: Result) -> Iterator[str]:
    if unweighted := [i.message for i in result.evaluation.issues if i.code in _WEIGHTLESS]:
        yield block("Weights:", *(f"  - {message}" for message in unweighted))


def _provisional(result: Result) -> Iterator[str]:
    if result.evaluation.pending:
        yield block(f"PROVISIONAL: the evaluators have not scored {truncated(result.evaluation.pending)} yet")
    if missing := missing_lines(result):
        yield block("PROVISIONAL: levels are missing", *(f"  - {line}" for line in missing))
    if result.has_sealed_prices:
        yield block(f"PROVISIONAL: {SEALED_PRICES}: 'vendor-eval close quality' opens them")


def _head(result: Result, names: Mapping[str, str]) -> tuple[str, str]:
    """Say what was judged, and list the vendors: ranked, or in a screen with their status alone."""
    evaluation, price = result.evaluation, result.price
    if result.is_screen:
        covered = [(names[v.id], STATUS[v.status], percent(v.coverage)) for v in result.in_order]
        heading = f"{SCREEN}. {evaluation.title}: judged on {day(evaluation.as_of)}"
        return block(heading), table((("Vendor", "Status", "Answered"), *covered), right=(2,))
    bought = ("Quality", f"Price {price.currency}") if price else ()
    header = ("Rank", "Vendor", "Status", "Score", *bought, "Low-high", "If proven", "Answered", "Best-worst")
    rows = [_rank_row(vendor, names[vendor.id], result.digits, priced=price is not None) for vendor in result.in_order]
    own = f"weights of {evaluation.method.profile}" if evaluation.method.profile else "own weights"
    weights = f"preset {evaluation.preset}" if evaluation.preset else own
    blanks = "a blank counts 0" if evaluation.method.missing == "zero" else "a blank leaves its sum"
    heading = f"{evaluation.title}: judged on {day(evaluation.as_of)}, {weights}, {blanks}"
    ranked = table((header, *rows), right=(0, 3, 4, 5, 7, 8) if price else (0, 3, 5, 6))
    return block(heading), "\n".join((ranked, "", *_LEGEND, *((_LEGEND_OF_PILOT,) if result.pilot else ())))


def _what_if(result: Result, names: Mapping[str, str]) -> Iterator[str]:
    if rules := tuple(rule_rows(result)):
        yield table((rule_heads(result), *rules), flow=2)
        yield block(*(f"  - {line}" for line in bid_lines(result)))
    if len(result.ranking) > 1:
        yield block(*(part for line in left_out_lines(result) for part in wrap(f"{line}.", WIDTH)))
    asks = [
        f"  {at}. {names[ask.vendor]} {ask.question}: {cut(ask.reason, _LONGEST_REASON)}{check}. {ask.could_change}"
        f"{f' ({cell})' if cell else ''}"
        for at, (ask, cell, check) in enumerate(asked_first(result), 1)
    ]
    if asks:
        yield block("Ask these first:", *asks)


def _prices(result: Result, names: Mapping[str, str]) -> Iterator[str]:
    price = result.price
    if price is None:
        return
    first = next((names[v.id] for v in result.in_order if v.rank and v.price and v.price.total is not None), "")
    differences = result.differences_to_first()
    if others := [compared(first, names[v.id], cost, quality, price.currency) for v, cost, quality in differences]:
        yield block("Price and quality against the first:", *_at_most(others))
    if price.warning:
        turns = [f"  - {line}" for line in turn_lines(result, names, _MOST_TURNS)]
        yield block(f"{rule_title(price.rule)}: {price.warning}", *turns)
    flagged = [
        f"{names[vendor.id]} {listed(tuple(PRICE_FLAGS[flag] for flag in vendor.price.flags))}"
        for vendor in result.in_order
        if vendor.price and vendor.price.flags
    ]
    if flagged:
        yield block("Prices to look at:", *_at_most(flagged))


def _at_most(lines: Sequence[str]) -> Iterator[str]:
    """List the first of many lines about prices, and say where the others stand."""
    yield from (f"  - {line}" for line in lines[:_MOST_PRICES])
    if len(lines) > _MOST_PRICES:
        yield f"  - {len(lines) - _MOST_PRICES:,} more in shortlist.xlsx, sheet Price"


def _below(result: Result, names: Mapping[str, str]) -> Iterator[str]:
    """Say what a reader of the ranks has to know: waivers, late files, broken ties, categories not in scope."""
    for vendor in result.in_order:
        if waived := _by_waiver(vendor):
            yield f"{names[vendor.id]}: {waived}"
        if late := arrived_late(result, vendor):
            yield f"{names[vendor.id]}: {late}"
    tied: dict[str, list[VendorRecord]] = {}
    for vendor in result.in_order:
        if vendor.tie_broken_by:
            tied.setdefault(number(vendor.score, _EXACTLY), []).append(vendor)
    for group in tied.values():
        by = ", ".join(dict.fromkeys(tie_breaker(result, vendor.tie_broken_by or "") for vendor in group))
        who = listed(tuple(names[vendor.id] for vendor in group))
        yield f"{who} have {number(group[0].score, result.digits)} points each; the order was decided by {by}"
    if outside := out_of_scope_line(result):
        yield outside


def tie_breaker(result: Result, name: str) -> str:
    """Name what broke a tie: the title of a category or a criterion, or the price."""
    return "the lower price" if name == "price" else titles_of(result)[name]


def out_of_scope_line(result: Result) -> str:
    """Name the weighted categories that are not in scope; empty where there are none."""
    outside = [c.title for c in result.definition.categories if c.weighted and not c.in_scope]
    if not outside:
        return ""
    if result.is_screen:
        return f"Not in scope: {', '.join(outside)}."
    weight = "Its weight" if len(outside) == 1 else "Their weights"
    return f"Not in scope: {', '.join(outside)}. {weight} went to the other categories in proportion."


def _by_waiver(vendor: VendorRecord) -> str:
    """Say what waivers made of a vendor, and of what: nothing where another failure decides all the same."""
    tests: list[tuple[str, GateRecord | FloorRecord]] = [
        *((gate.question, gate) for gate in vendor.gates if gate.kind != "flag"),
        *((f"floor {node.id}", node.floor) for node in vendor.nodes if node.floor),
    ]
    failed = [(name, test) for name, test in tests if test.result == "fail" and test.waived]
    if not failed:
        return ""
    saved = vendor.status == "conditional" and any(test.kind == "knock_out" for _, test in failed)
    made = f"{STATUS[vendor.status]} by waiver" if saved or vendor.status == "eligible" else "waived"
    reasons = (
        f"{KINDS[test.kind].capitalize()} failed: {test.reason} ({name}){waiver_words(test.waived, ', ')}"
        for name, test in failed
    )
    return f"{made}: {'; '.join(reasons)}"


def _rank_row(vendor: VendorRecord, name: str, digits: int, *, priced: bool) -> tuple[str, ...]:
    rank = str(vendor.rank) if vendor.rank else f"({vendor.would_rank})" if vendor.would_rank else "–"
    interval = "–" if vendor.low is None else f"{number(vendor.low)}-{number(vendor.high)}"
    places = f"{vendor.best_rank}-{vendor.worst_rank}" if vendor.best_rank else "–"
    score, claimed, covered = number(vendor.score, digits), number(vendor.claimed), percent(vendor.coverage)
    bought = (number(vendor.quality), money(vendor.price.total if vendor.price else None)) if priced else ()
    return rank, name, STATUS[vendor.status], score, *bought, interval, claimed, covered, places


def _vendor_reasons(vendor: VendorRecord, name: str, most: int = 6) -> str:
    shown = [f"  - {reason}" for reason in vendor.reasons[:most]]
    if len(vendor.reasons) > most:
        shown.append(f"  - and {len(vendor.reasons) - most} more: vendor-eval explain {vendor.id}")
    reasoned = {(reason.question or reason.node, reason.kind) for reason in vendor.status_reasons}
    required = [c for c in vendor.conditions if c.result not in {"waived", None}]
    later = [c for c in required if (c.about, c.kind) not in reasoned]
    for stage, group in groupby(later, key=lambda condition: condition.stage):
        shown.append(f"  - before {stage}: {truncated(tuple(dict.fromkeys(condition.about for condition in group)))}")
    return block(f"{name}: {vendor.status_text}", *shown)
