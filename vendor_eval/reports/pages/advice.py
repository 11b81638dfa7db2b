"""The advice on paper: one or two pages for a steering committee."""

from collections.abc import Iterator
from math import ceil, log10

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import listed, number
from vendor_eval.reports.pages.documents import Document
from vendor_eval.reports.pages.overview import View
from vendor_eval.reports.pages.pdf import render, render_html
from vendor_eval.reports.wording import advice as words
from vendor_eval.results.advice import SIDES, Advice, ConstraintRecord, CostLine, CostRecord, HandoverRecord, Side

# A document has to bear a date; a profile without one says nothing of the day on which it is printed.
_NO_DATE = "1980-01-01"
_SHADES = 9
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


def advice_html(advice: Advice) -> str:
    return render_html("advice.html.j2", {"view": advice_pages(advice)}, date=advice.as_of or _NO_DATE)


def advice_pages(advice: Advice) -> View:
    alarm = "Conflict" if advice.conflict else "Close call" if advice.close_call else ""
    return {
        "title": advice.title or "Sourcing advice",
        "as_of": day(advice.as_of) if advice.as_of else "undated",
        "provisional": False,
        "headline": words.title(advice),
        "lead": " ".join(_lead(advice)),
        "alarm": alarm,
        "alarm_lines": tuple(words.conflict(advice) if advice.conflict else words.close_call(advice)),
        "ways_out": advice.ways_out,
        "options": tuple(_options(advice)),
        "meant": "; ".join(f"{option.title}: {words.lower(option.says)}" for option in advice.options),
        "factors": tuple(_factors(advice)),
        "most_points": max(factor.weight for factor in advice.factors),
        "chosen": advice.chosen.title,
        "runner_up": advice.option(advice.runner_up).title if advice.runner_up else "",
        "constraints": tuple(_constraints(advice)),
        "conditions": tuple(words.conditions(advice)),
        **_changes(advice),
        "handover": _handover(advice.handover, words.readiness(advice)) if advice.handover else None,
        "cost": _cost(advice.cost) if advice.cost else None,
        "triggers": tuple((trigger.says, bool(trigger.met)) for trigger in advice.review_triggers),
        "guide": advice.definition.guide,
        "weights": words.scorecard(advice),
        "defaults": words.defaults_in_words(advice),
        "warnings": advice.warnings,
        "limits": advice.definition.limits,
        "model": f"{advice.model.title} {advice.model.version}, {advice.model.sha256[:12]}",
    }


def _changes(advice: Advice) -> View:
    """List what would change the answer, and what changed since the previous advice."""
    flips = words.flips_in_words(advice)
    most_flips = _FEWER_FLIPS if advice.cost or advice.changes else _MOST_FLIPS
    # The inputs that changed the outcome come first and are never cut: in practice they are three at most.
    inputs = tuple(sorted(words.input_changes_in_words(advice), key=lambda change: not change[3]))
    return {
        "flips": tuple(flips[:most_flips]),
        "more_flips": max(0, len(flips) - most_flips),
        "since": tuple(words.since(advice)),
        "inputs": inputs[:_MOST_INPUTS],
        "more_inputs": max(0, len(inputs) - _MOST_INPUTS),
    }


def _lead(advice: Advice) -> Iterator[str]:
    if advice.close_call:
        yield f"The model leans to this: {words.headline(advice)}."
    if not advice.conflict:
        yield words.firmness(advice)
    yield f"{words.overlay(advice)}. A public crowd is {words.crowd(advice)}."
    if advice.model_type is not None:
        yield f"{words.model_type(advice)}."


def _options(advice: Advice) -> Iterator[View]:
    for option in advice.options:
        mine = tuple((line.matched, line.says) for line in advice.checklist_lines if line.option == option.id)
        removed = f"out: {listed(option.removed_by)}" if option.removed_by else ""
        yield {
            "title": option.title,
            "total": number(option.total),
            "note": removed or ("" if option.outcome else "scored, never chosen"),
            "chosen": option.id == advice.chosen.id,
            "matched": words.lines_matched(advice, option.id) if mine else "",
            "lines": mine,
        }


def _factors(advice: Advice) -> Iterator[View]:
    for factor in advice.factors:
        shades = {name: min(_SHADES, int(fit * (_SHADES + 1))) for name, fit in factor.fit.items()}
        cells = tuple({"text": number(factor.contribution[o.id]), "shade": shades[o.id]} for o in advice.options)
        yield {
            "name": factor.guide or factor.title,
            "says": factor.says,
            "weight": f"{factor.weight:g}",
            "cells": cells,
            "points": factor.contribution[advice.chosen.id],
            "other": factor.contribution[advice.runner_up] if advice.runner_up else None,
            "lead": words.lead(factor.lead) if factor.lead is not None else "",
        }


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


def _handover(handover: HandoverRecord, readiness: str) -> View:
    gates = (
        (g.id, f"{g.says}{'' if g.needed else ' (good to have)'}", words.RESULTS[g.result]) for g in handover.gates
    )
    back_out = (f"▲ {g.says} (met)" if g.result == "met" else words.lower(g.says) for g in handover.back_out)
    return {
        "readiness": words.lower(readiness),
        "gates": tuple(gates),
        "then": handover.then,
        "back_out": tuple(back_out),
        "back_out_says": handover.back_out_says,
    }


def _cost(cost: CostRecord) -> View:
    used = (
        f"{words.lower(entry.question)} {words.value_words(entry.value)} ({entry.source})"
        for entry in cost.defaults_used
    )
    return {
        "headline": words.lower(words.break_even(cost)),
        "sentences": tuple(f"{line}." for line in words.cost_notes(cost)),
        "heads": (f"{cost.currency} a unit", *words.SIDE_NAMES.values()),
        "rows": tuple((name.capitalize(), *figures) for name, *figures in words.unit_costs(cost)),
        "chart": _chart(cost),
        "used": tuple(used),
        "missing": tuple(words.lower(entry.question) for entry in cost.missing),
        "left_out": "; ".join(words.lower(entry.question) for entry in cost.left_out),
    }


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
    marks = [(units / most * _WIDTH, f"break-even at {words.money(units)}", True) for units in cost.changes]
    marks.append((cost.units / most * _WIDTH, f"your volume, {words.money(cost.units)}", False))
    quarters = [most * part / 4 for part in range(5)]
    amounts = [highest * part / 4 for part in range(5)]
    return {
        "curves": tuple(curves),
        "across": tuple((units / most * _WIDTH, words.money(units)) for units in quarters),
        "up": tuple((_HEIGHT - amount / highest * _HEIGHT, words.money(amount)) for amount in amounts),
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
