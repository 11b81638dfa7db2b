"""An advice for the terminal: close calls and conflicts first, then why, what follows, and what it rests on."""

from collections.abc import Iterable
from textwrap import indent, wrap

from vendor_eval.formatting.figures import listed, money, number
from vendor_eval.reports.terminal.columns import prose_width, table
from vendor_eval.reports.wording import advice as words
from vendor_eval.results.advice import SIDES, Advice, CostRecord


def advice_report(advice: Advice) -> str:
    still_open = [f"Still to say in evaluation.yaml: {', '.join(advice.context_open)}"] * bool(advice.context_open)
    titles = words.titles(advice)
    removed = (
        f"{c.id} removes {listed(tuple(titles[name].lower() for name in c.removes))}. {c.says}: {c.because}"
        for c in advice.constraints
    )
    sections = (
        _top(advice),
        _section("Since the previous advice", _bullets((*words.since(advice), *words.input_changes(advice)))),
        _section("Why", _points(advice)),
        _section("Constraints", _bullets(removed)),
        _section("The guide's checklists", _checklists(advice)),
        _section("Conditions", _bullets(f"{name} {text}" for name, text in words.conditions(advice))),
        _section("What would change the answer", _bullets(f"{change}: {to}" for change, to in words.flips(advice))),
        _section("Hand-over", _handover(advice)),
        _section("Build or buy", _cost(advice.cost)),
        _section("Ask again when", _bullets(trigger.says for trigger in advice.review_triggers)),
        _section("For the scorecard", _bullets((words.scorecard(advice), *still_open))),
        _section("Assumed, since the profile does not say", _bullets(filter(None, (words.defaults(advice),)))),
        _section("Bear in mind", _bullets((*advice.warnings, *advice.definition.limits))),
    )
    return "\n\n".join(section for section in sections if section)


def _section(title: str, body: str) -> str:
    return f"{title}\n{body}" if body else ""


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(_wrapped(line, "  - ", "    ") for line in lines)


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    return "\n".join(wrap(text, prose_width(), initial_indent=first, subsequent_indent=rest, break_long_words=False))


def _top(advice: Advice) -> str:
    lines = [advice.title] if advice.title else []
    if advice.conflict:
        lines += [_wrapped(f"CONFLICT. {words.headline(advice)}.")]
        lines += [_bullets(words.conflict(advice)), "Ways out:", _bullets(advice.ways_out)]
    else:
        if advice.close_call:
            lines += [_wrapped(f"CLOSE CALL. {' '.join(words.close_call(advice))}")]
        lines += [_wrapped(f"{words.headline(advice)}."), _wrapped(words.firmness(advice))]
    overlay = f"{advice.definition.overlays_title}: {words.overlay(advice)}"
    lines += [overlay, f"Public crowd: {words.crowd(advice)}", words.model_type(advice)]
    return "\n".join(filter(None, lines))


def _points(advice: Advice) -> str:
    options = advice.options
    lead = advice.runner_up is not None
    header = ("Factor", "Weight", *(option.title for option in options), *(("Lead",) if lead else ()))
    rows = [header]
    for factor in advice.factors:
        cells = [number(factor.contribution[option.id]) for option in options]
        cells += [words.lead(factor.lead)] if factor.lead is not None else []
        rows.append((f"{factor.id} {factor.title}", f"{factor.weight:g}", *cells))
    blank = ("",) if lead else ()
    rows.append(("Total", "100", *(number(option.total) for option in options), *blank))
    rows.append(("Removed by", "", *(",".join(option.removed_by) or "–" for option in options), *blank))
    reasons = _bullets(f"{factor.id} {factor.says}: {factor.reason}" for factor in advice.factors)
    return f"{table(rows, right=range(1, len(header)))}\n{reasons}"


def _checklists(advice: Advice) -> str:
    lines = [_wrapped(f"The guide: {advice.definition.guide}", "  ", "  ")]
    for option in advice.options:
        if option.id in advice.checklist:
            lines.append(f"  {option.title}: {words.lines_matched(advice, option.id)}")
            mine = (line for line in advice.checklist_lines if line.option == option.id)
            lines += [f"    [{'x' if line.matched else ' '}] {line.says}" for line in mine]
    return "\n".join(lines)


def _handover(advice: Advice) -> str:
    if advice.handover is None:
        return ""
    gates = (
        f"{gate.id}{'' if gate.needed else ' (not needed)'} {words.gate_words(gate)}" for gate in advice.handover.gates
    )
    back_out = (words.gate_words(gate) for gate in advice.handover.back_out)
    parts = [f"  {words.readiness(advice)}", _bullets(gates), "  Then:", _bullets(advice.handover.then)]
    return "\n".join((*parts, f"  {advice.handover.back_out_says} after:", _bullets(back_out)))


def _cost(cost: CostRecord | None) -> str:
    if cost is None:
        return ""
    lines = [f"{words.break_even(cost)}."]
    lines += [f"{line}." for line in words.cost_notes(cost)]
    figures = [_wrapped(line, "  ", "  ") for line in lines]
    costs = [(f"{cost.currency} a unit", *words.SIDE_NAMES.values()), *words.unit_costs(cost)]
    unit_costs = table(costs, right=(1, 2, 3)) if len(costs) > 1 else ""
    figures += [indent(rows, "  ") for rows in (unit_costs, _volumes(cost)) if rows]
    used = (f"{i.name} = {words.value_words(i.value)} by default ({i.source})" for i in cost.defaults_used)
    missing = (f"give {missing_input.name}: {missing_input.question}" for missing_input in cost.missing)
    left_out = tuple(left_input.name for left_input in cost.left_out)
    left = [f"Left out of the sums, because not given: {listed(left_out)}"] if left_out else []
    return "\n".join(filter(None, (*figures, _bullets((*missing, *used, *left)))))


def _volumes(cost: CostRecord) -> str:
    if not any(volume.in_house or volume.partner for volume in cost.volumes):
        return ""
    rows = [("Units a year", *(f"{name}, {cost.currency}" for name in words.SIDE_NAMES.values()))]
    rows += [(money(v.units), *(money(getattr(v, side)) for side in SIDES)) for v in cost.volumes]
    return table(rows, right=range(4))
