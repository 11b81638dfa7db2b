"""The decision in words, all of it from a result: who, how firm, why, what is against it, and what must be done."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from vendor_eval.formatting.dates import day, late_by
from vendor_eval.formatting.figures import listed, money, number, percent
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.wording.answers import short_answer
from vendor_eval.reports.wording.firmness import (
    Named,
    few,
    named_records,
    of_all_weights,
    spelled,
    under_another_weight,
    under_other_rules,
    under_other_weights,
    under_wrong_weights,
    with_open_answers,
    without_evaluators,
)
from vendor_eval.reports.wording.lookups import names_of, questions_of, titles_of
from vendor_eval.reports.wording.panel import interests
from vendor_eval.reports.wording.phrases import counted, difference
from vendor_eval.reports.wording.price import PRICE_FLAGS, SEALED_PRICES
from vendor_eval.reports.wording.requirements import Unmet, by_when, requirements_met, stages_left, unmet
from vendor_eval.results import Result, VendorRecord
from vendor_eval.results.firmness import Dependence

# A heading of a row, and its text.
Line: TypeAlias = tuple[str, str]
_NAME = 60
_TITLE, _QUESTION = 76, 80
_ANSWER, _WHOLE = 60, 2000
_FEW = 3
_REASONS = 3
_MOST_SENTENCES = 4


class HowFirm(NamedTuple):
    """The word on the first place, with what it depends on, and why, in a few sentences."""

    word: str
    reason: str


# ------------------------------------------------------------------------------------------------ who


def recommended(result: Result) -> VendorRecord | None:
    """Find the vendor that is recommended; None while the word is open."""
    robustness = result.robustness
    if robustness is None or robustness.winner is None or result.evaluation.provisional:
        return None
    word = robustness.firmness.word if robustness.firmness else "firm" if robustness.verdict == "clear" else "open"
    return None if word == "open" else result.vendor(robustness.winner)


def headline(result: Result) -> str:
    """Say who is recommended, and on what condition, or why nobody is; without a full stop."""
    first = recommended(result)
    if first is not None:
        now = by_when(result, "read")
        due = sum(requirement.by_when == now for requirement in _to_be_met(result, first))
        verb = "is" if due == 1 else "are"
        condition = f", on condition that {spelled(due, 'requirement')} {verb} met {now}" if due else ""
        return f"Recommended: {cut(first.name, _NAME)}{condition}"
    if result.is_screen:
        return _screened(result)
    order = result.ranked
    if not order:
        return _nobody(result)
    if result.evaluation.provisional:
        missing = "ratings of the evaluators are missing" if _misses_ratings(result) else _sealed_prices()
        return f"No recommendation yet: {missing}"
    level = [cut(vendor.name, _NAME) for vendor in order if vendor.rank == 1]
    if len(level) > 1:
        return f"No recommendation: {few(level)} share the first place"
    if result.robustness is None:
        return f"Ranked first: {cut(order[0].name, _NAME)}"
    return (
        f"No recommendation: {cut(order[0].name, _NAME)} and {cut(_second(result)[0].name, _NAME)} cannot be told apart"
    )


def _screened(result: Result) -> str:
    names = [cut(vendor.name, _NAME) for vendor in result.in_order if vendor.id in result.shortlist]
    if not names:
        return _nobody(result)
    return f"{few(names)} {'goes' if len(names) == 1 else 'go'} on"


def _nobody(result: Result) -> str:
    excluded = result.evaluated
    if not excluded:
        return "No recommendation: no vendor was evaluated"
    if len(excluded) == 1:
        return f"No recommendation: {cut(excluded[0].name, _NAME)} is excluded"
    which = "both" if len(excluded) == len("ab") else f"all {len(excluded)}"
    return f"No recommendation: {which} vendors are excluded"


def subline(result: Result) -> str:
    """Say what the first vendor costs, scores and meets; in a screen, or where nobody is ranked, what was looked at."""
    count = len(result.evaluated)
    if result.is_screen:
        return f"Only requirements were checked, of {counted(count, 'vendor')}: there are no points and no ranks yet."
    order = result.ranked
    if not order:
        failed = "Points cannot make up for a failed knock-out. Each exclusion is below with its reason."
        return failed if count else "There is no response that could be read. The reasons are below."
    if result.evaluation.provisional:
        return _provisional(result)
    first = order[0]
    level = len(order) > 1 and order[1].rank == 1
    if recommended(result) is None and (level or result.robustness is not None):
        return " ".join(_side_by_side(result))
    return " ".join(part for part in (_price_of(result, first), _points_of(result), _requirements_of(first)) if part)


def _provisional(result: Result) -> str:
    panel, first = result.panel, result.ranked[0]
    missing = len(panel.missing) if panel and panel.missing else len(result.evaluation.pending)
    whose = "that no evaluator was asked for" if panel and not panel.missing else "of the evaluators"
    ratings = f"{counted(missing, 'rating')} {whose} {'is' if missing == 1 else 'are'} still missing"
    points = f"{number(first.score, result.digits)} points"
    if not result.has_sealed_prices:
        return f"{ratings}, so every total may change. So far {first.name} is first with {points}."
    why = f"{ratings}, and {_sealed_prices()}" if missing else SEALED_PRICES
    return f"{why}, so every total may change. So far {first.name} is first with {points} for its quality."


def _misses_ratings(result: Result) -> bool:
    return bool(result.evaluation.pending or (result.panel and result.panel.missing))


def _sealed_prices() -> str:
    return f"{SEALED_PRICES[0].lower()}{SEALED_PRICES[1:]}"


def _side_by_side(result: Result) -> Iterator[str]:
    """Say what the vendors at the top cost and score."""
    level = [vendor for vendor in result.ranked if vendor.rank == 1]
    top = level if len(level) > 1 else [result.vendor(result.ranking[0]), *_second(result)]
    for vendor in top[:_FEW]:
        price = _price_of(result, vendor).rstrip(".")
        yield f"{vendor.name}: {', '.join((f'{number(vendor.score, result.digits)} points', *[price] * bool(price)))}."


def _second(result: Result) -> list[VendorRecord]:
    margin = result.robustness.margin if result.robustness else None
    rival = margin.rival if margin and margin.rival else next(iter(result.ranking[1:]), None)
    return [result.vendor(rival)] if rival else []


def _price_of(result: Result, vendor: VendorRecord) -> str:
    how = result.price
    if how is None or vendor.price is None:
        return ""
    if vendor.price.total is None:
        return "Its price is not complete."
    return f"{how.currency} {money(vendor.price.total)} over {counted(how.years, 'year')}."


def _points_of(result: Result) -> str:
    first, *others = result.ranked
    points = f"{number(first.score, result.digits)} of 100 points"
    if not others:
        return f"{points}, the only vendor that can be ranked."
    second = others[0]
    if result.ranks_by_ratio:
        return f"{points}, and the most quality for its price, before {second.name}."
    if first.tie_broken_by:
        by = {**titles_of(result), "price": "the lower price"}[first.tie_broken_by]
        return f"{points}, level with {second.name} and ahead on {by}."
    return (
        f"{points}, {difference((first.score or 0.0) - (second.score or 0.0), result.digits)} ahead of {second.name}."
    )


def _requirements_of(vendor: VendorRecord) -> str:
    met, asked = requirements_met(vendor)
    if not asked:
        return ""
    if met < asked:
        return f"Meets {met} of {counted(asked, 'requirement')}."
    return f"Meets all {asked} mandatory requirements." if asked > 1 else "Meets the one mandatory requirement."


def requirements(vendor: VendorRecord) -> str:
    """Say how many requirements are met, of how many, and how many of the others are waived."""
    met, asked = requirements_met(vendor)
    return f"{met} of {asked}" if asked else "–"


# ------------------------------------------------------------------------------------------------ how firm


def how_firm(result: Result) -> HowFirm | None:
    """Say the one word on the first place and why; None where nobody is ranked or nobody looked."""
    robustness = result.robustness
    if robustness is None or robustness.winner is None or robustness.firmness is None:
        return None
    named = named_records(result, robustness)
    word = robustness.firmness.word
    label = f"depends on {_causes(robustness.firmness.on)}" if word == "depends" else word
    sentences = [*_why_so_firm(result, named)][:_MOST_SENTENCES]
    return HowFirm(label, " ".join((*sentences, *_disagreement(result))))


def first_place(result: Result) -> str:
    """Say under how many weights the first comes first, and on what that depends; empty where nobody could pass it."""
    robustness, firm = result.robustness, how_firm(result)
    if robustness is None or robustness.firmness is None or firm is None or len(result.ranked) == 1:
        return ""
    winner = result.vendor(robustness.winner or "")
    weights = of_all_weights(named_records(result, robustness))
    first = f"{cut(winner.name, _NAME)} is first under {weights}"
    if result.evaluation.provisional:
        why = "ratings are missing" if _misses_ratings(result) else _sealed_prices()
        return f"Not final, as {why}: so far {first}"
    if firm.word == "open":
        return f"No clear first place: {first}"
    return f"{first}, but that {firm.word}" if robustness.firmness.word == "depends" else first


def _causes(on: Sequence[Dependence]) -> str:
    """Name the causes, each once.

    >>> _causes([Dependence(cause="answer", id="bolt/Q1", winner="bolt")])
    'one open answer'
    """
    ids = {
        cause: {dependence.id for dependence in on if dependence.cause == cause}
        for cause in dict.fromkeys(dependence.cause for dependence in on)
    }
    nouns = {
        "price_rule": "the price rule",
        "evaluator": "one evaluator" if len(ids.get("evaluator", ())) == 1 else "single evaluators",
        "answer": "one open answer" if len(ids.get("answer", ())) == 1 else "open answers",
        "requirement": "a requirement" if len(ids.get("requirement", ())) == 1 else "requirements",
    }
    return listed([nouns[cause] for cause in ids])


def _why_so_firm(result: Result, named: Named) -> Iterator[str]:
    robustness, facts = named.record, named.record.facts
    if result.evaluation.provisional:
        missing = "Ratings are still missing" if _misses_ratings(result) else SEALED_PRICES
        yield f"{missing}, and with them the order may change."
        return
    if len(facts.first) > 1:
        yield "They have the same points, and nothing that was agreed on beforehand decides between them."
        yield from robustness.decides[:1]
        return
    if facts.ranked == 1:
        yield "No other vendor can be ranked, so no other weights, prices or answers can put another first."
        return
    yield under_other_weights(named)
    on = robustness.firmness.on if robustness.firmness else ()
    if not on:
        yield under_wrong_weights(named) if robustness.verdict == "clear" else under_another_weight(named)
    # What it depends on comes first; what does not change it, and many answers together, fill the rest.
    yield from under_other_rules(named)
    yield from without_evaluators(named) if facts.evaluators else ()
    yield from _on_requirements(result, on)
    yield from _on_answers(result, on)
    yield from () if facts.evaluators else without_evaluators(named)
    yield from () if any(dependence.cause == "answer" for dependence in on) else with_open_answers(named)


def _on_answers(result: Result, on: Sequence[Dependence]) -> Iterator[str]:
    questions, names = {q.id: q.text for _, q in questions_of(result)}, names_of(result)
    by_winner: dict[str, list[Dependence]] = {}
    for dependence in on:
        if dependence.cause == "answer":
            by_winner.setdefault(dependence.winner, []).append(dependence)
    for winner, dependences in by_winner.items():
        vendor, _, question = dependences[0].id.partition("/")
        if len(dependences) > 1:
            yield f"Any one of {len(dependences)} open answers could put {names[winner]} first."
        elif question == "price":
            yield f"The price of {names[vendor]} is missing, and could put it first."
        else:
            whose = f"The open answer of {names[vendor]} to “{cut(questions[question].rstrip('?.'), _TITLE)}”"
            yield f"{whose} could put {names[winner]} first."


def _on_requirements(result: Result, on: Sequence[Dependence]) -> Iterator[str]:
    wanting = [dependence for dependence in on if dependence.cause == "requirement"]
    if wanting:
        which = "this requirement is" if len(wanting) == 1 else f"one of {len(wanting)} requirements is"
        yield f"If {which} not met in the end, {names_of(result)[wanting[0].winner]} would come first."


def _disagreement(result: Result) -> Iterator[str]:
    """Say where the agreement of the panel is red."""
    panel = result.panel
    if panel is None:
        return
    if panel.alpha.verdict == "red":
        yield (
            f"The evaluators do not agree with each other: {number(panel.alpha.overall, 2)} on a scale on which 0.80 "
            "and more is good."
        )
        return
    titles = titles_of(result)
    red = [titles[name] for name, verdict in panel.alpha.verdicts.items() if verdict == "red"]
    if red:
        yield f"On {few(red)} the evaluators do not agree with each other."


# ------------------------------------------------------------------------------------------------ why, why not


def reasons_for(result: Result, vendor: VendorRecord) -> tuple[str, ...]:
    """Say in up to three lines what speaks for a vendor."""
    # What earns most, but for what leaves most as well.
    gaps = {gap.question for gap in vendor.gaps}
    strengths = (
        f"Strong on {_answered(result, vendor, strength.question)}"
        for strength in vendor.strengths
        if strength.question not in gaps
    )
    reasons = (*_best_categories(result, vendor), *_best_offer(result, vendor), *strengths)
    return reasons[:_REASONS]


def _best_categories(result: Result, vendor: VendorRecord) -> Iterator[str]:
    """Name the weightiest categories in which no other ranked vendor scores more."""
    scores = {v.id: {node.id: node.score for node in v.nodes} for v in result.ranked}
    weighty = sorted((c for c in result.definition.categories if c.weighted and c.in_scope), key=lambda c: -c.weight)
    own = scores[vendor.id]
    best = [
        c for c in weighty if own.get(c.id) and own[c.id] == max(other.get(c.id) or 0.0 for other in scores.values())
    ]
    if best and len(scores) > 1:
        shown = best[: _FEW - 1]
        words = listed([f"{c.title} ({number(own[c.id])})" for c in shown])
        which = ", which weigh most" if shown == weighty[: len(shown)] and len(shown) > 1 else ""
        # A vendor that is excluded may score more.
        others = {node.id: node.score or 0.0 for v in result.evaluated for node in v.nodes if not v.rank}
        field = "" if all((own[c.id] or 0.0) >= others.get(c.id, 0.0) for c in shown) else " of the ranked vendors"
        yield f"Best{field} in {words}{which}."


def _best_offer(result: Result, vendor: VendorRecord) -> Iterator[str]:
    others = [other for other in result.ranked if other.id != vendor.id]
    met, asked = requirements_met(vendor)
    if asked and met == asked and others and all(len(set(requirements_met(other))) > 1 for other in others):
        yield f"The only one that meets all {asked} requirements."
    price, how = vendor.price.total if vendor.price else None, result.price
    prices = [other.price.total for other in others if other.price and other.price.total is not None]
    if how and price is not None and prices and price < min(prices):
        yield f"{how.currency} {money(min(prices) - price)} cheaper than the next offer."


def _answered(result: Result, vendor: VendorRecord, name: str) -> str:
    question = next(question for _, question in questions_of(result) if question.id == name)
    answer = next(answer for answer in vendor.answers if answer.id == name)
    text = cut(short_answer(question, answer, _WHOLE), _ANSWER)
    return f"“{cut(question.text.rstrip('.'), _QUESTION)}”: {text if text.endswith('…') else f'{text}.'}"


def risks(result: Result, vendor: VendorRecord) -> tuple[str, ...]:
    """Say in up to three lines what speaks against a vendor: the gravest first."""
    return tuple(_risks(result, vendor))[:_REASONS]


def _risks(result: Result, vendor: VendorRecord) -> Iterator[str]:
    if wanting := _to_be_met(result, vendor):
        yield f"{counted(len(wanting), 'requirement')} not met yet: {few(_titles(wanting))}."
    yield from _price_risks(result, vendor)
    # The answer that costs most points, flags that were hit before it.
    flags = list(dict.fromkeys(g.question for g in vendor.gates if g.kind == "flag" and g.result == "fail"))
    yield from (f"Red flag on {_answered(result, vendor, name)}" for name in flags[:1])
    for gap in vendor.gaps:
        if gap.question not in flags[:1]:
            lost = number(result.quality_share() * gap.points)
            yield f"Loses {lost} points on {_answered(result, vendor, gap.question)}"
    if vendor.verified is not None and vendor.verified < 1:
        yield f"{percent(vendor.verified)} of its answers were checked by us; the rest are its word or its documents."


def _to_be_met(result: Result, vendor: VendorRecord) -> tuple[Unmet, ...]:
    """List the requirements that are not met and not waived."""
    return tuple(requirement for requirement in unmet(result, vendor) if requirement.outcome != "waived")


def _price_risks(result: Result, vendor: VendorRecord) -> Iterator[str]:
    how, price = result.price, vendor.price
    if how is None or price is None:
        return
    others = [v for v in result.ranked if v.id != vendor.id and v.price and v.price.total is not None]
    if price.total is not None and others:
        gaps = [(price.total - (v.price.total or 0.0) if v.price else 0.0, v.name) for v in others]
        gap, name = gaps[0] if gaps[0][0] > 0 else max(gaps)
        if number(gap, 0) != "0" and gap > 0:
            yield f"{how.currency} {money(gap)} dearer than {name}."
    for flag in price.flags:
        words = PRICE_FLAGS[flag]
        yield f"{words[:1].upper()}{words[1:]}."


# ------------------------------------------------------------------------------------------------ what else


def excluded(result: Result) -> tuple[Line, ...]:
    """Name the excluded vendors, each with the knock-out that it failed, then those that were not evaluated."""
    failed = [(v.name, _exclusion(result, v)) for v in result.in_order if v.status == "excluded"]
    absent = [v for v in result.in_order if v.status == "not_evaluated"]
    return (*failed, *((v.name, f"Not evaluated: {cut('; '.join(v.reasons) or 'no response', 200)}.") for v in absent))


def _exclusion(result: Result, vendor: VendorRecord) -> str:
    failed = [
        requirement
        for requirement in unmet(result, vendor)
        if requirement.kind == "knock_out" and requirement.outcome == "failed"
    ]
    parts = [f"{requirement.title}. {requirement.know}" for requirement in failed[:1]]
    if len(failed) > 1:
        parts.append(f"{counted(len(failed) - 1, 'more knock-out')} failed.")
    if vendor.would_rank:
        who = "It" if sum(v.would_rank is not None for v in result.vendors) == 1 else "Admitted alone, it"
        place = _ORDINALS.get(vendor.would_rank, f"on place {vendor.would_rank}")
        parts.append(f"{who} would have ranked {place}.")
    return " ".join(parts)


_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def conditions(result: Result) -> tuple[Line, ...]:
    """Say what is to be met before signature: of the recommended vendor, and of the others on the shortlist."""
    first = recommended(result)
    lines = []
    for vendor in result.in_order:
        if vendor.id not in result.shortlist:
            continue
        chosen = vendor is first or result.is_screen or first is None
        label = vendor.name if chosen else f"If {vendor.name} is chosen"
        text = _conditions_of(result, vendor)
        if text or vendor is first:
            lines.append((label, text or "No condition is open."))
    return tuple(lines)


def _conditions_of(result: Result, vendor: VendorRecord) -> str:
    """Group what is still to be met by the step before which it is due, with owner and date where there are any."""
    wanting, parts = _to_be_met(result, vendor), []
    for step, count in stages_left(result, wanting):
        titles = few(_titles([requirement for requirement in wanting if requirement.by_when == step]))
        parts.append(f"{counted(count, 'requirement')} {step}: {titles}.")
    if wanting:
        parts.append(who_and_when(vendor, {requirement.about for requirement in wanting}))
    return " ".join(parts)


def who_and_when(vendor: VendorRecord, wanting: set[str]) -> str:
    """Name owners, the first and the last date, and how many conditions have neither, are met, failed or overdue."""
    own = [c for c in vendor.conditions if c.about in wanting and c.result != "waived"]
    owners = list(dict.fromkeys(c.owner for c in own if c.owner))
    dates = [day(until) for until in sorted({c.due or c.until or "" for c in own} - {""})]
    when = f"due between {dates[0]} and {dates[-1]}" if dates[1:] else f"due by {dates[0]}" if dates else "no date yet"
    who = f"{listed(owners)} {'see' if owners[1:] else 'sees'} to it" if owners else "no owner"
    lines = {c.id: c.state for c in own if c.id}
    bare = {c.about for c in own} - {c.about for c in own if c.id and c.owner and c.due}
    named = lines and bare and (owners or dates)
    parts = [f"{counted(len(bare), 'condition')} without owner or date"] if named else []
    states = [*lines.values()]
    parts += [f"{states.count(state)} {state}" for state in ("met", "failed", "overdue") if state in states]
    return f"{who[:1].upper()}{who[1:]}, {'; '.join((when, *parts))}."


def _titles(wanting: Sequence[Unmet]) -> list[str]:
    return list(dict.fromkeys(f"“{cut(requirement.title, _TITLE)}”" for requirement in wanting))


def should_know(result: Result) -> tuple[Line, ...]:
    """List what a signer has to know: the pilot, waivers, late bids, replaced files, changes, interests, levels."""
    parts = (_absent_from_pilot, _waivers, _late_bids, _replaced_files, _quality_changed, _interests, _overruled)
    return tuple(line for part in parts for line in part(result))


def _waivers(result: Result) -> Iterator[Line]:
    for vendor in result.in_order:
        for requirement in unmet(result, vendor) if vendor.status != "not_evaluated" else ():
            if requirement.outcome == "waived":
                when = f" It counts until {requirement.waived_until}." if requirement.waived_until else ""
                yield "Waiver", f"{vendor.name} does not meet “{requirement.title}”. {requirement.cure}{when}"


def _late_bids(result: Result) -> Iterator[Line]:
    deadline = result.evaluation.method.deadline
    for vendor in result.in_order:
        if vendor.accepted_late and vendor.received and deadline:
            late = late_by(datetime.fromisoformat(vendor.received), datetime.fromisoformat(deadline))
            yield (
                "Late bid",
                f"{vendor.name} came {late} and was admitted: {cut(vendor.accepted_late, 160).rstrip('.')}.",
            )


def _replaced_files(result: Result) -> Iterator[Line]:
    names, record = names_of(result), result.evaluation.record
    for file in record.responses_replaced if record else ():
        whose = f"{names[file.vendor]}: " if file.vendor in names else ""
        yield "Replaced file", f"{whose}{cut(file.file, 80)} was replaced by another on {day(file.on)}."


def _quality_changed(result: Result) -> Iterator[Line]:
    changed = (issue for issue in result.evaluation.issues if issue.code == "quality-changed")
    yield from (("Quality changed", f"{issue.text}.") for issue in changed)


def _absent_from_pilot(result: Result) -> Iterator[Line]:
    """Say it in one line that comes first: on the page of the decision it always has room."""
    absent = [vendor for vendor in result.in_order if vendor.pilot == "absent"]
    if absent:
        claims = sum(any(f.is_by_pilot for f in answer.findings) for vendor in absent for answer in vendor.answers)
        which = "the answer that it was to prove counts" if claims == 1 else f"{claims} answers that it tests count"
        unproven = f", so {which} as unproven" if claims else ""
        yield "Pilot", f"{listed([vendor.name for vendor in absent])} took no part in the pilot{unproven}."


def _interests(result: Result) -> Iterator[Line]:
    names = names_of(result)
    for _, who, vendor, reason, recusals in interests(result):
        declared = f"an interest in {names[vendor]}" if vendor else "on the sheet"
        yield "Interest", " ".join((f"{who} declared {declared}: {cut(reason, 160).rstrip('.')}.", *recusals))


def _overruled(result: Result) -> Iterator[Line]:
    names, by_vendor = names_of(result), dict[str, list[str]]()
    if overrides := result.evaluation.record.overrides if result.evaluation.record else ():
        for entry in overrides:
            whose = f"{names.get(entry.vendor, entry.vendor)}, {entry.question}"
            levels = f"level {entry.new:g} in place of the evaluators' {entry.old:.3g}"
            yield (
                "Overruled",
                f"{whose}: {levels}, by {entry.by}: {entry.why.rstrip('.')}.",
            )
        return
    for rating in result.panel.overruled if result.panel else ():
        by_vendor.setdefault(rating.vendor, []).append(rating.of_buyer.by if rating.of_buyer else "")
    for vendor, people in by_vendor.items():
        levels = f"{counted(len(people), 'level')} of the evaluators {'was' if len(people) == 1 else 'were'} overruled"
        yield "Overruled", f"{names[vendor]}: {levels} by {listed(list(dict.fromkeys(people)))}."
