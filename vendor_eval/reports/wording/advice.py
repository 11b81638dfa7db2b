"""An advice in words: the sentences that the terminal and the page share."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import listed, money, number, percent
from vendor_eval.results.advice import (
    SIDES,
    Advice,
    BudgetRecord,
    BySide,
    CostRecord,
    FieldValue,
    HandoverGate,
    OutcomeChange,
    Yield,
)

SIDE_NAMES = {"in_house": "In-house", "partner": "Partner", "crowd": "Crowd"}
# Share of shaken runs from which on an outcome is clear under the model.
_CLEAR = 0.9
RESULTS = {"met": "met", "not_met": "not met", "open": "open"}


def lead(value: float) -> str:
    """Print what one option is ahead of another by.

    >>> lead(9.0), lead(-1.8), lead(0.0)
    ('+9.0', '−1.8', '0.0')
    """
    shown = number(abs(value))
    return shown if not float(shown) else f"{'+' if value > 0 else '−'}{shown}"


def value_words(value: FieldValue | None) -> str:
    """Say a value as a profile writes it.

    >>> value_words(True), value_words(("gdpr", "hipaa")), value_words(1.5), value_words(())
    ('true', 'gdpr, hipaa', '1.5', 'none')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def either(words: Sequence[str]) -> str:
    """Join words of which one is meant.

    >>> either(["a", "b", "c"])
    'a, b or c'
    """
    return " or ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


# ------------------------------------------------------------------------------------------------ the outcome


def headline(advice: Advice) -> str:
    """Say the outcome in a sentence, with what it leads by."""
    chosen = advice.chosen
    if advice.conflict:
        return f"Nothing is left to choose: {chosen.title.lower()} stands only until one of the ways out is taken"
    if advice.runner_up is None:
        return f"{chosen.says}: the only option that is left, with {number(chosen.total)} of 100 points"
    other = advice.option(advice.runner_up)
    behind = "ahead of" if chosen.total >= other.total else "behind"
    runner_up = f"{other.title.lower()} ({number(other.total)})"
    return f"{chosen.says}: {number(chosen.total)} of 100 points, {_gap(advice)} {behind} {runner_up}"


def _gap(advice: Advice) -> str:
    """Print the gap of the two printed totals, or with more decimals where it would not look like a close call."""
    if advice.runner_up is None or advice.margin is None:
        return ""
    other = advice.option(advice.runner_up)
    shown = number(abs(float(number(advice.chosen.total)) - float(number(other.total))))
    if advice.close_call and float(shown) >= advice.definition.close_call:
        return f"{advice.margin:.3g}"
    return shown


def title(advice: Advice) -> str:
    """Head an advice: a close call as one between two, everything else by its outcome."""
    if not advice.close_call or advice.runner_up is None:
        return headline(advice)
    chosen, other = advice.chosen, advice.option(advice.runner_up)
    first, second = (f"{option.title.lower()} ({number(option.total)})" for option in (chosen, other))
    return f"A close call: {first} or {second}"


def firmness(advice: Advice) -> str:
    """Say how often the outcome stays when weights and fits are shaken."""
    runs = f"{advice.definition.runs:,}"
    says = f"With weights and fits shaken at random, the outcome stays in {percent(advice.stability)} of {runs} runs"
    if advice.stability < _CLEAR:
        return f"{says}."
    chosen = advice.chosen.id
    largest = max(advice.factors, key=lambda f: f.contribution[chosen] if f.lead is None else f.lead)
    ahead = "" if largest.lead is None else f" ({lead(largest.lead)})"
    rests = f"Its largest factor is {lower(largest.title)}{ahead}, and it rests on {advice.definition.guide}."
    return f"{says}: clear under this model. {rests}"


def close_call(advice: Advice) -> Iterator[str]:
    """Say a close call plainly, with both options."""
    if not advice.close_call or advice.runner_up is None:
        return
    chosen, other = advice.chosen, advice.option(advice.runner_up)
    limit = f"{advice.definition.close_call:g}"
    yield (
        f"{chosen.title} ({number(chosen.total)}) and {other.title.lower()} ({number(other.total)}) are "
        f"{_gap(advice)} points apart, less than {limit}: this model cannot tell them apart."
    )
    mine, theirs = (lines_matched(advice, option.id) for option in (chosen, other))
    share, other_share = (matched / of for matched, of in (advice.checklist.get(o.id, (0, 1)) for o in (chosen, other)))
    if advice.best != chosen.id:
        decided = f"The guide's checklist decided: {mine} lines for {chosen.title.lower()}, {theirs} for the other."
    elif share > other_share:
        decided = f"The guide's checklist agrees with the points: {mine} lines, {theirs} for the other."
    else:
        decided = f"The guide's checklist does not decide ({mine} and {theirs} lines), so the points do."
    yield f"{decided} Put both before whoever decides."


def conflict(advice: Advice) -> Iterator[str]:
    """Say a conflict plainly: what removed each option, then the ways out."""
    if not advice.conflict:
        return
    outcomes = {option.id for option in advice.options if option.outcome}
    for constraint in advice.constraints:
        removed = tuple(advice.option(name).title.lower() for name in constraint.removes if name in outcomes)
        if removed:
            yield f"{constraint.id} removes {listed(removed)}: {lower(constraint.says)}."


def model_type(advice: Advice) -> str:
    """Say which type of model is trained; nothing where the advisor does not ask."""
    if advice.model_type is None:
        return ""
    return f"Model to be trained: {meaning(advice, 'model_type', advice.model_type)}"


def titles(advice: Advice) -> dict[str, str]:
    """Titles of options and overlays by their ids."""
    return {option.id: option.title for option in advice.options} | advice.definition.overlays


def conditions(advice: Advice) -> Iterator[tuple[str, str]]:
    for note in advice.condition_notes:
        yield note.id, f"{note.says}{f' ({note.source})' if note.source else ''}"


def lower(text: str) -> str:
    """Begin with a small letter, unless the first word is a name in capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def lines_matched(advice: Advice, option: str) -> str:
    """Say how many lines of an option's checklist match; an option that is never chosen has no checklist."""
    matched, of = advice.checklist.get(option, (0, 0))
    return f"{matched} of {of}"


def overlay(advice: Advice) -> str:
    title = advice.definition.overlays[advice.automation_overlay]
    because = f" (more is barred by {listed(advice.overlay_removed_by)})" if advice.overlay_removed_by else ""
    return f"{title}{because}"


def crowd(advice: Advice) -> str:
    """Say whether a public crowd may do the work."""
    option = advice.option("crowd")
    if advice.crowd_option == "barred":
        return f"barred by {listed(option.removed_by)}"
    gap = advice.chosen.total - option.total
    where = f"{number(abs(gap))} {'behind' if gap >= 0 else 'ahead of'} the outcome"
    return f"permitted, {where}" + (", a near tie" if advice.crowd_option == "near_tie" else "")


# ------------------------------------------------------------------------------------------------ what would change it


def range_words(bounds: dict[str, float]) -> str:
    """Say a range of numbers.

    >>> range_words({"above": 3, "max": 10})
    'above 3 up to 10'
    """
    names = {"min": "from", "above": "above", "max": "up to", "below": "below"}
    if "min" in bounds and bounds["min"] == bounds.get("max"):
        return f"= {bounds['min']:g}"
    return " ".join(f"{names[key]} {number:g}" for key, number in bounds.items())


def flips(advice: Advice) -> list[tuple[str, str]]:
    """Join changes of the same field that bring the same outcome, in the words of a profile, and name that outcome."""

    def written(change: OutcomeChange) -> str:
        return range_words(change.range) if change.range is not None else value_words(change.value)

    return [
        (f"{c[0].field} {'= ' * (c[0].range is None)}{either(tuple(dict.fromkeys(map(written, c))))}", outcome)
        for c, outcome in _grouped(advice)
    ]


def flips_in_words(advice: Advice) -> list[tuple[str, str]]:
    """Join changes as `flips` does, in words for somebody who has never seen a profile."""
    fields = advice.definition.fields

    def meant(change: OutcomeChange) -> str:
        if change.range is None:
            return meaning(advice, change.field, change.value)
        return f"{range_words(change.range)} {fields[change.field].unit}".strip()

    return [
        (f"{fields[changes[0].field].title}: {'; or '.join(dict.fromkeys(map(meant, changes)))}", outcome)
        for changes, outcome in _grouped(advice)
    ]


def _grouped(advice: Advice) -> Iterator[tuple[list[OutcomeChange], str]]:
    for (_, outcome, clash), group in groupby(advice.flips, lambda flip: (flip.field, flip.outcome, flip.conflict)):
        yield list(group), "Conflict: nothing is left" if clash else advice.definition.outcomes[outcome]


def meaning(advice: Advice, field: str, value: FieldValue) -> str:
    """Say what a value of a field means."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    known = advice.definition.fields[field]
    if isinstance(value, tuple):
        return "; ".join(lower(known.values[word]) for word in value) or "none"
    if isinstance(value, str):
        return lower(known.values[value])
    return f"{value:g} {known.unit}".strip()


# ------------------------------------------------------------------------------------------------ what follows


def scorecard(advice: Advice) -> str:
    """Say which weights the profile gives the scorecard."""
    titles = advice.definition.categories
    weights = ", ".join(f"{titles[name]} {weight}" for name, weight in advice.scorecard_weights.items())
    preset = f" (preset {advice.preset})" if advice.preset else ""
    return f"{weights}; tags {', '.join(advice.tags)}{preset}"


def defaults_in_words(advice: Advice) -> str:
    """Name every default that was used, for somebody who has never seen a profile."""
    fields = advice.definition.fields
    return "; ".join(
        f"{lower(fields[name].title)}: {meaning(advice, name, advice.profile[name])}" for name in advice.defaults_used
    )


def defaults(advice: Advice) -> str:
    """Name every default that was used."""
    return ", ".join(f"{name} = {value_words(advice.profile[name])}" for name in advice.defaults_used)


# ------------------------------------------------------------------------------------------------ over time


def gate_words(gate: HandoverGate) -> str:
    asks = f"; say: {'; '.join(gate.asks)}" if gate.asks else ""
    return f"{gate.says}: {RESULTS[gate.result]}{asks}"


def readiness(advice: Advice) -> str:
    """Say whether the work can be handed over."""
    if advice.handover is None:
        return ""
    needed = [gate for gate in advice.handover.gates if gate.needed]
    if advice.handover.ready:
        return f"Ready to hand over: {listed(tuple(gate.id for gate in needed))} are met"
    waiting = []
    for result in ("not_met", "open"):
        names = tuple(gate.id for gate in needed if gate.result == result)
        if names:
            waiting.append(f"{listed(names)} {'is' if len(names) == 1 else 'are'} {RESULTS[result]}")
    return f"Not yet: {'; '.join(waiting)}"


def since(advice: Advice) -> Iterator[str]:
    """Say whether the outcome changed since the previous advice, and which reasons to ask again are met."""
    changed = advice.changes
    if changed is None:
        return
    when = f" of {day(changed.previous_as_of)}" if changed.previous_as_of else ""
    before = advice.definition.outcomes.get(changed.previous_outcome, changed.previous_outcome)
    now = f"now it is {advice.chosen.title.lower()}" if changed.outcome_changed else "it still is"
    yield f"The advice{when} was {before.lower()}; {now}"
    if changed.model_changed:
        yield "The model itself changed, and with it the outcome of the earlier profile"
    if changed.outcome_changed and changed.inputs and not any(change.did_it for change in changed.inputs):
        yield "No single input did it: it takes several of them together"
    met = [trigger for trigger in advice.review_triggers if trigger.met]
    if met:
        yield f"Reasons to ask again that are met: {'; '.join(lower(trigger.says) for trigger in met)}"


def input_changes(advice: Advice) -> Iterator[str]:
    """Say which inputs changed, in the words of a profile, and which of them did it."""
    for change in advice.changes.inputs if advice.changes else ():
        did = " (this did it)" if change.did_it else ""
        yield f"{change.field}: {value_words(change.before)}, now {value_words(change.after)}{did}"


def input_changes_in_words(advice: Advice) -> Iterator[tuple[str, str, str, bool]]:
    """Name each input that changed, what it was and is, and whether it did it, for somebody without the profile."""
    for change in advice.changes.inputs if advice.changes else ():
        name = change.field
        before = "" if change.before is None else meaning(advice, name, change.before)
        yield advice.definition.fields[name].title, before, meaning(advice, name, change.after), change.did_it


# ------------------------------------------------------------------------------------------------ cost


def rate(amount: float | None) -> str:
    """Print a price with four digits that count.

    >>> rate(0.28551), rate(35.3498), rate(None)
    ('0.2855', '35.35', '–')
    """
    if amount is None:
        return "–"
    digits = 4
    while digits > 2 and abs(amount) >= 10 ** (4 - digits):  # noqa: PLR2004  four digits, at least two decimals
        digits -= 1
    return f"{amount:,.{digits}f}"


_CASES = {
    "partner_always": "The partner is cheaper at every volume",
    "in_house_always": "In-house is cheaper at every volume",
    "equal": "Both cost the same at every volume",
}


def break_even(cost: CostRecord) -> str:
    """Say which side is cheaper, and from which volume on."""
    if cost.case is None:
        count = len(cost.missing)
        return f"Not yet comparable: {count} {'input is' if count == 1 else 'inputs are'} missing"
    at = cost.break_even
    if at is None:
        return _CASES[cost.case]
    cheaper, dearer = ("The partner", "in-house") if cost.case == "partner_above" else ("In-house", "the partner")
    below = f"below {money(cost.changes[0])} as well" if len(cost.changes) > 1 else f"below, {dearer} is cheaper"
    work = f"{money(at.hours)} hours of in-house work, {at.fte:.1f} full-time people"
    return f"{cheaper} is cheaper above {money(at.units)} units a year ({work}); {below}"


def cost_notes(cost: CostRecord) -> Iterator[str]:
    """Say what else the costs show: season, turnover, the price at which the edge is gone, the hourly yield."""
    if cost.seasonal_hourly_cost is not None:
        season, steady = rate(cost.seasonal_hourly_cost), rate(cost.hourly_cost)
        yield f"An hour of the season costs {cost.currency} {season}, an hour all year round {steady}"
    if cost.attrition is not None:
        yield f"Replacing those who leave costs {cost.currency} {money(cost.attrition)} a year"
    if cost.price_limit is not None:
        yield f"The partner's edge on a unit is gone at a price of {cost.currency} {rate(cost.price_limit)}"
    if cost.budget is not None:
        yield _budget(cost.budget, cost.currency)
    if cost.hourly_yield is not None:
        yield _hourly_yield(cost.hourly_yield, cost.currency)


def unit_costs(cost: CostRecord) -> Iterator[tuple[str, ...]]:
    """List the costs of a unit that are known, each with its name and the figures of the sides."""
    figures: tuple[tuple[str, BySide], ...] = (
        ("variable cost", cost.per_unit),
        ("with fixed cost", cost.whole_per_unit),
        ("correct unit, errors included", cost.per_correct_unit),
    )
    for name, by_side in figures:
        amounts = [getattr(by_side, side) for side in SIDES]
        if any(amount is not None for amount in amounts):
            yield name, *map(rate, amounts)


def _budget(budget: BudgetRecord, currency: str) -> str:
    """Hold each total against the budget of a year.

    >>> _budget(BudgetRecord(amount=90_000, in_house="above", partner="within"), "USD")
    'Of the budget of USD 90,000 a year, in-house is above and the partner is within'
    """
    names = {"in_house": "in-house", "partner": "the partner", "crowd": "the crowd"}
    held = [(names[side], getattr(budget, side)) for side in SIDES if getattr(budget, side) is not None]
    shown = [f"{name} is {where}" for name, where in held]
    return f"Of the budget of {currency} {money(budget.amount)} a year, {listed(tuple(shown)) or 'no total is known'}"


def _hourly_yield(hour: Yield, currency: str) -> str:
    """Compare what the quoted price can pay an hour of work at most with the living wage."""
    most = f"The quoted price pays at most {currency} {rate(hour.per_hour)} an hour, before margin, tools and checks"
    if hour.needed is None or hour.living_wage is None:
        return f"{most}; name a living wage to compare it with"
    source = f" ({hour.source})" if hour.source else ""
    margin = "" if hour.needed == hour.living_wage else f", {rate(hour.needed)} with a fair margin"
    wage = f"a living wage of {rate(hour.living_wage)}{margin}{source}"
    if hour.is_below:
        return f"{most}: below {wage}" + (f". {hour.warning}" if hour.warning else "")
    return f"{most}; {wage}"
