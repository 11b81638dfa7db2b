"""The advice on paper: one or two pages for a steering committee."""

from collections.abc import Iterator
from math import ceil, log10

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import listed, money
from vendor_eval.reports.pages.documents import Document
from vendor_eval.reports.pages.overview import View
from vendor_eval.reports.pages.pdf import render
from vendor_eval.reports.wording import advice as words
from vendor_eval.results.advice import SIDES, Advice, ConstraintRecord, CostLine, CostRecord, Side

# A document has to bear a date; a profile without one says nothing of the day on which it is printed.
_NO_DATE = "1980-01-01"
_MOST_FLIPS = 9
_FEWER_FLIPS = 5  # where costs or changes take their room
_MOST_INPUTS = 6


def advice_document(advice: Advice, *, paper: str = "A4") -> Document:
    """Print an advice; without Pango the same pages are HTML to print.

    Raises VendorEvalError for a paper that is neither A4 nor Letter.
    """
    page = render("advice.html.j2", {"view": advice_pages(advice)}, paper=paper, date=advice.as_of or _NO_DATE)
    warnings = list(page.notes)
    if page.missing:
        signs = " ".join(f"U+{code:04X}" for code in sorted(page.missing)[:5])
        warnings.append(f"{len(page.missing)} characters of the title print as boxes, since no font has them ({signs})")
    return Document(page.data, page.suffix, tuple(warnings))


def advice_pages(advice: Advice) -> View:
    """Make the context of the pages: the advice, and what is grouped, cut or drawn of it."""
    flips = words.flips_in_words(advice)
    most_flips = _FEWER_FLIPS if advice.cost or advice.changes else _MOST_FLIPS
    # The inputs that changed the outcome come first and are never cut: in practice they are three at most.
    inputs = sorted(words.input_changes_in_words(advice), key=lambda change: not change[3])
    return {
        "advice": advice,
        "words": words,
        "title": advice.title or "Sourcing advice",
        "as_of": day(advice.as_of) if advice.as_of else "undated",
        "provisional": False,
        "lead": tuple(_lead(advice)),
        "alarm": "Conflict" if advice.conflict else "Close call" if advice.close_call else "",
        "alarm_lines": tuple(words.conflict(advice) if advice.conflict else words.close_call(advice)),
        "runner_up": advice.option(advice.runner_up) if advice.runner_up else None,
        "constraints": tuple(_constraints(advice)),
        "flips": flips[:most_flips],
        "more_flips": max(0, len(flips) - most_flips),
        "since": tuple(words.since(advice)),
        "inputs": inputs[:_MOST_INPUTS],
        "more_inputs": max(0, len(inputs) - _MOST_INPUTS),
        "chart": _chart(advice.cost) if advice.cost else None,
    }


def _lead(advice: Advice) -> Iterator[str]:
    if advice.close_call:
        yield f"The model leans to this: {words.headline(advice)}."
    if not advice.conflict:
        yield words.firmness(advice)
    yield f"{words.overlay(advice)}. A public crowd is {words.crowd(advice)}."
    if advice.model_type is not None:
        yield f"{words.model_type(advice)}."


def _constraints(advice: Advice) -> Iterator[tuple[str, str, str]]:
    """List what was removed and why; constraints that remove the same stand in one row."""
    titles = words.titles(advice)
    by_removed: dict[tuple[str, ...], list[ConstraintRecord]] = {}
    for constraint in advice.constraints:
        by_removed.setdefault(constraint.removes, []).append(constraint)
    for removed, group in by_removed.items():
        alone = len(group) == 1
        why = [f"{c.says}: {c.because}" if alone else words.lower(c.says) for c in group]
        text = why[0] if alone else f"{why[0][:1].upper()}{'; '.join(why)[1:]}"
        yield ", ".join(c.id for c in group), listed(tuple(titles[name] for name in removed)), text


_WIDTH, _HEIGHT, _LABEL = 370.0, 100.0, 9.0


def _chart(cost: CostRecord) -> View | None:
    """Draw cost over volume, as far as shows the stated volume and every break-even."""
    lines = {side: line for side in SIDES if (line := getattr(cost.lines, side)) is not None}
    if cost.units is None or "in_house" not in lines or "partner" not in lines:
        return None
    most = _round_up(1.25 * max((cost.units, *cost.changes)))
    highest = _round_up(max(line.total(most) for line in lines.values()))
    dashes = {"in_house": "", "partner": "", "crowd": "4 3"}

    def at(units: float, amount: float) -> tuple[float, float]:
        return units / most * _WIDTH, _HEIGHT - amount / highest * _HEIGHT

    drawn = {side: tuple(at(units, line.total(units)) for units in _bends(line, most)) for side, line in lines.items()}
    labels = _spread({side: points[-1][1] for side, points in drawn.items()})
    curves = (
        {"label": words.SIDE_NAMES[side], "points": points, "dash": dashes[side], "label_at": labels[side]}
        for side, points in drawn.items()
    )
    marks = [(units / most * _WIDTH, f"break-even at {money(units)}", True) for units in cost.changes]
    marks.append((cost.units / most * _WIDTH, f"your volume, {money(cost.units)}", False))
    quarters = [most * part / 4 for part in range(5)]
    amounts = [highest * part / 4 for part in range(5)]
    return {
        "curves": tuple(curves),
        "across": tuple((units / most * _WIDTH, money(units)) for units in quarters),
        "up": tuple((_HEIGHT - amount / highest * _HEIGHT, money(amount)) for amount in amounts),
        "marks": tuple(marks),
        "title": f"{cost.currency} a year over units a year: {words.break_even(cost)}",
        "unit": cost.currency,
    }


def _spread(places: dict[Side, float]) -> dict[Side, float]:
    """Move labels down until none covers the one above it."""
    free: dict[Side, float] = {}
    lowest = -_LABEL
    for side, place in sorted(places.items(), key=lambda label: label[1]):
        lowest = free[side] = max(place, lowest + _LABEL)
    return free


def _bends(line: CostLine, most: float) -> list[float]:
    """Volumes between which a cost is a straight line."""
    knee = line.minimum / line.purchased if line.purchased else 0.0
    return [0.0, *([knee] if 0 < knee < most else []), most]


def _round_up(value: float) -> float:
    """Round up to 1, 2, 4, 5 or 8 times a power of ten: quarters of it are short numbers."""
    scale = 10.0 ** int(log10(value)) if value >= 1 else 1.0
    return next(step * scale for step in (1, 2, 4, 5, 8, 10) if step * scale >= value) if value else float(ceil(value))
