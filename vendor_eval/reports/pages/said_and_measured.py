"""The page Said and measured: what vendors promised, what the pilot measured, and what became of each promise."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from math import ceil, floor, inf, log10
from typing import NamedTuple, TypeAlias

from vendor_eval.formatting.measures import amount, promise, unit_words
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.heights import fitting, lines
from vendor_eval.reports.pages.overview import Overview, View
from vendor_eval.reports.wording import pilot as words
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.results import QuestionDefinition
from vendor_eval.results.pilot import LinkRecord, PilotRecord, PilotVendorRecord

_MOST_VENDORS = 10
# How much stands in a cell, whether the question stands beside it, and beside how many vendors at most: a chart, the
# range of the figure, the figure alone.
_SIZES = (("chart", True, 4), ("chart", False, 4), ("range", False, 6), ("single", False, _MOST_VENDORS))
# In mm: what is printed, a letter, a chart, a line of the headline, what is on every such page; and the first column.
_WIDTH, _LETTER, _CHART, _HEADLINE, _REST = 178.0, 1.28, 5.0, 7.3, 52.0
_FIRST = {"chart": 42.0, "range": 42.0, "single": 31.0}
# Height of a line, and of the space around the lines of a row.
_LINE, _CLOSE = (3.22, 1.55), (2.96, 1.15)
_PAGES = {"A4": 257.0, "Letter": 239.0}
# How much more everything takes in larger letters, the widest chart and a millimeter in pixels.
_ROOMY, _WIDEST, _PIXELS = 1.6, 210, 3.78
_QUESTION, _NAME, _MESSAGE = 100, 60, 160
# Of the card of a scorecard: its head, a line, and the space around the lines of a row.
_CARD = (16.0, 3.3, 2.0)
_NOTE = 140  # letters of a line
# Columns of what became of the promises in mm, with a sentence of each vendor, and with counts where there are many.
_DRIFT = "Worst later phase against the first, points"
_IN_FULL = (("Vendor", 11), ("Promises", 97), (_DRIFT, 35), ("The whole batch", 35))
_COUNTED = (
    *(("Vendor", 40), ("Asked for", 10), ("Kept", 9), ("Not kept", 9), ("Cannot tell", 12), ("Not given", 10)),
    *((_DRIFT, 35), ("The whole batch", 53)),
)
_RANGE = "in brackets: the range in which the truth lies with a certainty of 95 %."
_READING = {
    "chart": f"Dot: what was said. Upright mark: what was measured. Bar, and {_RANGE} Below it: said → measured.",
    "range": f"Said → measured, and {_RANGE}",
    "single": "Below the verdict: said → measured.",
}
_BLANK = " –: nothing was said, or nothing measured."
# Question, figure, and what narrows it.
_Key: TypeAlias = tuple[str, str, str | None, str | None]


class Chart(NamedTuple):
    """A promise, the range of its figure and the figure, on a scale from 0 to 100 whose ends are printed."""

    said: float | None
    low: float | None
    high: float | None
    measured: float | None
    ends: tuple[str, str]
    words: str


def chart(link: LinkRecord, unit: str, question: QuestionDefinition | None, others: Sequence[LinkRecord] = ()) -> Chart:
    """Draw a promise on the scale of its question, which is longer where a figure of it or of others is outside."""
    figures = [x for row in (link, *others) for x in (row.promised, row.low, row.measured, row.high) if x is not None]
    points = [x for x, _ in question.points] if question else []
    least, most = min((*points, *figures), default=0.0), max((*points, *figures), default=1.0)
    # Outside the points of the question a scale ends at a round figure.
    step = 10 ** floor(log10((most - least) or abs(most) or 1.0)) / 2
    start = least if least in points else max(floor((least - step / 4) / step) * step, 0.0 if least >= 0 else -inf)
    end = most if most in points else min(ceil((most + step / 4) / step) * step, 100.0 if unit == "%" else inf)
    if start == end:
        start, end = start - step, end + step

    def at(value: float | None) -> float | None:
        return None if value is None else 100 * (value - start) / (end - start)

    ends = f"{start:.6g}", f"{end:.6g}"
    # Without an upper end a range goes on beyond the scale.
    high = at(end if link.high is None and link.low is not None else link.high)
    return Chart(at(link.promised), at(link.low), high, at(link.measured), ends, words.chart_words(link, unit))


def pilot_page(overview: Overview, paper: str) -> View | None:
    """Make the context of the page; None without a pilot. What has no room in the table is counted below it."""
    pilot = overview.result.pilot
    if pilot is None:
        return None
    by_id = {vendor.id: vendor for vendor in pilot.vendors}
    vendors = [by_id[vendor.id] for vendor in overview.vendors if vendor.id in by_id]
    measured = [vendor for vendor in vendors if vendor.status == "measured"]
    shown = measured[:_MOST_VENDORS]
    keys = dict.fromkeys(_key(link) for vendor in shown for link in vendor.links)
    notes = [*_notes(pilot, shown), *_others(overview, vendors, len(measured) - len(shown))]
    title = words.headline(overview.result, pilot)
    room = _PAGES.get(paper, _PAGES["Letter"]) - _REST - _HEADLINE * lines(title, 62)
    room -= _LINE[0] * lines(" ".join(notes), 145)
    standings_of = {full: [_standing(overview, vendor, full) for vendor in shown] for full in (True, False)}
    sizes = [(size, text) for size, text, most in _SIZES if len(shown) <= most]
    rows_of = {size: [_row(overview, key, shown, *size) for key in keys] for size in sizes}
    layouts = [(size, full, rows_of[size, text], standings_of[full]) for full in (True, False) for size, text in sizes]
    size, full, rows, standings = next((parts for parts in layouts if _height(*parts[2:]) <= room), layouts[-1])
    listed = fitting(rows, [row["height"] for row in rows], room - _height((), standings))
    more = len(rows) - len(listed)
    return {
        "title": title,
        "lead": words.about(pilot),
        "size": size,
        "roomy": size != "single" and _ROOMY * _height(rows, standings) <= room,
        "chart": min(_WIDEST, int(_PIXELS * ((_WIDTH - _FIRST[size]) / max(len(shown), 1) - 1))),
        "first_column": _FIRST[size],
        "heads": [_head(overview, vendor, size) for vendor in shown] if rows else (),
        "rows": listed,
        "legend": tuple((words.VERDICTS[verdict], text) for verdict, text in words.LEGEND),
        "reading": _READING[size] + _BLANK * any("–" in c["figures"] for row in listed for c in row["cells"] if c),
        "more": f"{counted(more, 'more question')} in shortlist.xlsx, sheet Said and measured." if more else "",
        "standing_heads": _IN_FULL if full else _COUNTED,
        "standings": standings,
        "notes": " ".join(notes),
    }


def _height(*blocks: Sequence[View]) -> float:
    return sum(float(row["height"]) for rows in blocks for row in rows)


def _key(link: LinkRecord) -> _Key:
    return link.question, link.figure, link.by, link.group


def _head(overview: Overview, vendor: PilotVendorRecord, size: str) -> str:
    code = overview.codes.get(vendor.id, "")
    return code if size == "single" and code else f"{code} {cut(overview.names[vendor.id], _NAME)}".strip()


def _row(
    overview: Overview,
    key: _Key,
    vendors: Sequence[PilotVendorRecord],
    size: str,
    with_text: bool,  # noqa: FBT001  how a row is laid out
) -> View:
    """Make a row of the table: what was asked and measured, and the promise of each vendor."""
    links = [next((link for link in vendor.links if _key(link) == key), None) for vendor in vendors]
    known = [link for link in links if link]
    question = overview.questions.get(key[0])
    text = cut(question.text, _QUESTION) if question and with_text else ""
    asked = _asked(known[0])
    cells = [_cell(link, size, _promise(link, question, known)) if link else None for link in links]
    letters = int(((_WIDTH - _FIRST[size]) / len(vendors) - 1) / _LETTER)
    line, around = _CLOSE if size == "single" else _LINE
    heights = [line * sum(lines(part, int(_FIRST[size] / _LETTER)) for part in (*asked.values(), text))]
    for cell in filter(None, cells):
        texts = cell["verdict"] + cell["counts"], f"{cell['figures']} {cell['range']}".strip()
        heights.append(line * sum(lines(part, letters) for part in texts) + _CHART * (size == "chart"))
    return {**asked, "text": text, "cells": cells, "height": max(heights) + around}


def _asked(link: LinkRecord) -> View:
    """Say what was measured, for which question, and in which unit."""
    tag = ", ".join(filter(None, (link.question, unit_words(words.unit_of(link)))))
    return {"title": words.title_of(link), "tag": tag}


def _promise(link: LinkRecord, question: QuestionDefinition | None, others: Sequence[LinkRecord] = ()) -> View:
    """Make what is shown of a promise: chart, figures, verdict and what counts."""
    unit = words.unit_of(link)
    between = words.interval(link, unit) if link.low != link.high else ""
    return {
        "chart": chart(link, unit, question, others),
        "said": promise(link.promised),
        "measured": amount(link.measured, unit, link.promised),
        "range": f"({between})" if between else "",
        "verdict": words.VERDICTS[link.verdict],
        "word": link.verdict,
        "counts": words.counts_as(link, unit),
    }


def _cell(link: LinkRecord, size: str, shown: View) -> View:
    """Leave of a promise what a cell has room for."""
    has_chart = size == "chart"
    counts = f"counts as {shown['counts']}" if link.effect else words.WHY.get(link.reason or "", "")
    return {
        **shown,
        "chart": shown["chart"] if has_chart else None,
        "counts": counts if has_chart else "",
        "range": shown["range"] if size != "single" else "",
        "figures": f"{shown['said']} → {shown['measured']}",
    }


def _standing(overview: Overview, vendor: PilotVendorRecord, in_full: bool) -> View:  # noqa: FBT001  how a row is laid out
    """Make a row of what became of the promises of a vendor, and of how the rest of its work went."""
    candour = vendor.candour
    batch = words.accepted(vendor.acceptance) if vendor.acceptance else words.items_right(vendor)
    counts = ("linked", "kept", "not_kept", "cannot_tell", "no_promise")
    texts = [overview.codes.get(vendor.id, ""), candour.sentence if candour else ""]
    if not in_full:
        texts = [_head(overview, vendor, size=""), *(str(getattr(candour, count, "")) for count in counts)]
    texts += [words.drift_words(vendor), batch]
    letters = (int(width / _LETTER) for _, width in (_IN_FULL if in_full else _COUNTED))
    return {"cells": texts, "height": _LINE[0] * max(map(lines, texts, letters)) + _LINE[1]}


def _notes(pilot: PilotRecord, vendors: Sequence[PilotVendorRecord]) -> Iterator[str]:
    yield " ".join(filter(None, (words.by_chance(pilot), *words.in_the_scores(pilot))))
    facts = pilot.pilot
    if facts.ambiguous or facts.gold_open:
        left_out = facts.ambiguous + facts.gold_open
        yield f"{counted(left_out, 'item')} counted for nobody, since it is open which label is right."
    if facts.expert_ceiling is not None:
        yield f"Our own experts agree with each other in {amount(facts.expert_ceiling, '%')} % of the pairs."
    if any(link.figure in words.STATED for vendor in vendors for link in vendor.links):
        yield words.AS_STATED


def _others(overview: Overview, vendors: Sequence[PilotVendorRecord], more: int) -> Iterator[str]:
    """Say of vendors that were not measured why, and how many have no room."""
    parts = {vendor.id: vendor.pilot for vendor in overview.vendors}
    why = {"absent": "took no part in the pilot", "excused": "took no part in the pilot, by our leave"}
    for vendor in vendors:
        if vendor.status == "not_measured":
            text = why.get(parts[vendor.id] or "", f"was not measured: {cut(vendor.message, _MESSAGE)}")
            yield f"{cut(overview.names[vendor.id], _NAME)} {text}."
    if more:
        yield f"{more} more vendors in shortlist.xlsx, sheet Said and measured."


def pilot_card(overview: Overview, name: str, room: float, elsewhere: str, *, with_figures: bool) -> View | None:
    """Make the card of a scorecard: a row for each promise, then other figures if these are wanted, as have room.

    None where the pilot does not know the vendor.
    """
    pilot = overview.result.pilot
    vendor = pilot.vendor(name) if pilot else None
    if vendor is None:
        return None
    if vendor.status != "measured":
        note = f"{cut(vendor.message[:1].upper() + vendor.message[1:], _MESSAGE)}."
        return {"title": "The pilot measured nothing", "rows": (), "note": note, "others": (), "height": _CARD[0]}
    # Promises that were not kept first, in case there is no room for all.
    links = sorted(vendor.links, key=lambda link: link.verdict != "not_kept")
    rows = [
        {
            **_asked(link),
            **_promise(link, overview.questions.get(link.question)),
            "count": "–" if link.n is None else f"{link.n:,}",
        }
        for link in links
    ]
    note = " ".join(filter(None, _card_notes(vendor, with_figures=with_figures)))
    rest = _CARD[0] + _CARD[1] * lines(note, _NOTE)
    heights = [_CARD[1] * lines(f"{row['title']} {row['tag']}", 46) + _CARD[2] for row in rows]
    listed = fitting(rows, heights, room - rest) if rest + sum(heights[:1]) <= room else ()
    more = len(rows) - len(listed)
    note = f"{counted(more, 'more promise')}, {elsewhere}. {note}" if more else note
    height = rest + sum(heights[: len(listed)]) + _CARD[1]
    others = _other_figures(vendor) if with_figures else []
    row = _CARD[1] + _CARD[2]
    shown = others[: 2 * max(0, int((room - height) / row) - 1)]
    half = ceil(len(shown) / 2)
    return {
        "title": words.card_title(vendor),
        "rows": listed,
        "note": note,
        "others": tuple(zip_longest(shown[:half], shown[half:], fillvalue="")),
        "others_head": "Also measured" + (f", {len(shown)} of {len(others)}" if len(shown) < len(others) else ""),
        "height": height + (row * (half + 1) if half else 0),
    }


def _card_notes(vendor: PilotVendorRecord, *, with_figures: bool) -> Iterator[str]:
    """Say how the card is read, and what became of the batch."""
    yield _READING["chart"].partition(" Below")[0] if vendor.links else ""
    yield words.batch_sentence(vendor)
    if drift := words.drift_words(vendor):
        yield f"Worst later phase against the first, in points: {drift}."
    shown = {link.figure for link in vendor.links} | ({f.id for f in vendor.figures} if with_figures else set())
    if shown & words.STATED:
        yield words.AS_STATED


def _other_figures(vendor: PilotVendorRecord) -> list[str]:
    """List the figures that no promise rests on."""
    linked = {(link.figure, link.by, link.group) for link in vendor.links}
    figures = [f for f in vendor.figures if (f.id, f.by, f.group) not in linked and f.id != "drift"]
    return [words.figure_words(figure) for figure in figures if figure.value is not None]
