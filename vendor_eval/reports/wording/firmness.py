"""The sentence that a committee can quote, what would decide an open race, and what the numbers leave out.

All of it is made of records alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vendor_eval.formatting.figures import listed, number
from vendor_eval.results import Result
from vendor_eval.results.firmness import LEAST_MARGIN, LEAST_SHARE, Facts, Robustness

_UNCLEAR = "No clear winner: "
_HUNDRED = 100.0
_MOST_DIGITS = 9
_FEW = 3
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Named:
    """The records of an analysis, with the names of the ranked vendors and the titles of the categories by id."""

    record: Robustness
    names: Mapping[str, str]
    titles: Mapping[str, str]


def named_records(result: Result, record: Robustness) -> Named:
    """Pair an analysis with the names of the ranked vendors and the titles of the categories, and of the price."""
    titles = {category.id: category.title for category in result.definition.categories}
    titles |= {"price": "Price"} if result.evaluation.price else {}
    return Named(record, {vendor.id: vendor.name for vendor in result.vendors if vendor.rank is not None}, titles)


def with_words(named: Named) -> Robustness:
    """Add the sentences to the records that they are made of."""
    return named.record.model_copy(
        update={
            "sentence": sentence(named),
            "decides": () if named.record.verdict == "clear" else tuple(_decides(named)),
            "notes": tuple(_notes(named)),
            "left_out": tuple(_left_out(named)),
        }
    )


def sentence(named: Named) -> str:
    if named.record.winner is None:
        return "No vendor is ranked, so there is no first place to be firm."
    return f"{'' if named.record.verdict == 'clear' else _UNCLEAR}{_clauses(named)}."


def plain_sentence(named: Named) -> str:
    """Say the same below a headline that already says the verdict."""
    if named.record.winner is None or named.record.verdict == "clear":
        return sentence(named)
    clauses = _clauses(named)
    return f"{clauses[:1].upper()}{clauses[1:]}."


def _clauses(named: Named) -> str:
    facts, names = named.record.facts, named.names
    if facts.ranked == 1:
        return f"{names[facts.first[0]]} is the only vendor that is ranked, so no weighting can put another first"
    if len(facts.first) > 1:
        return f"{few([names[vendor] for vendor in facts.first])} share the first place at the stated weights"
    rules = list(_rules(named)) or ["no other price rule changes it"] * bool(facts.other_rules)
    panel = list(_panel(named)) or ["no evaluator less changes it"] * bool(facts.sheets)
    return "; ".join((_shares(named), _limits(named), _margin(named), *rules, *panel, *_answers(named)))


def _shares(named: Named) -> str:
    winner, won = named.record.winner or "", named.record.weightings_won
    every, near = share(won.uniform[winner]), share(won.around_stated[winner], LEAST_SHARE)
    return f"{named.names[winner]} wins in {every} of all weightings and in {near} of those near the stated ones"


def _limits(named: Named) -> str:
    nearest = named.record.facts.nearest
    if nearest is None:
        return "no category's weight alone changes that"
    verb = "falls below" if nearest.side == "below" else "rises above"
    stated, limit = _distinct(nearest.weight, nearest.limit)
    there = f"its stated {stated} %" if stated == limit else f"{limit} % (stated {stated} %)"
    return f"{named.names[nearest.rival]} leads if {named.titles[nearest.node]} {verb} {there}"


def _margin(named: Named) -> str:
    margin = named.record.margin
    if margin.percent is None or margin.rival is None:
        return "it holds however far the stated weights are off together"
    if margin.percent == 0:
        return f"{named.names[margin.rival]} is level at the stated weights"
    return f"it holds unless all weights are off by more than {_distinct_from(margin.percent, LEAST_MARGIN)} %"


def _rules(named: Named) -> Iterator[str]:
    for lead in named.record.facts.rules:
        yield f"{named.names[lead.winner]} leads under {listed(lead.rules)}"


def _panel(named: Named) -> Iterator[str]:
    for lead in named.record.facts.evaluators:
        # Without a sheet a vendor may lead that is not ranked with it.
        other = named.names.get(lead.winner, lead.winner) if lead.winner else "nobody"
        yield f"without the scores of {lead.name} {other} leads"


def _answers(named: Named) -> Iterator[str]:
    flip, proof = named.record.open_flip, named.record.facts.proof_flip
    if flip is None and proof is not None and proof.answers:
        count = _count(len(proof.answers), "claim")
        yield f"no open answer can reverse it, proof of {count} at {named.names[proof.rival]} could"
    elif flip is None:
        yield "no open answer can reverse it"
    elif flip.answers:
        counts = Counter(answer.vendor for answer in flip.answers)
        parts = [f"{_count(count, 'open answer')} at {named.names[vendor]}" for vendor, count in counts.items()]
        all_needed = "together " if len(flip.answers) > 1 else ""
        yield f"{listed(parts)} could {all_needed}still reverse it"


def _decides(named: Named) -> Iterator[str]:
    """Say what would decide a race that is open."""
    facts, names = named.record.facts, named.names
    if len(facts.first) > 1:
        yield f"A declared tie-breaker (tie_breakers) would part {few([names[vendor] for vendor in facts.first])}."
    nearest = facts.nearest
    if nearest is not None:
        stated, limit = _distinct(nearest.weight, nearest.limit)
        there = "that" if stated == limit else f"{limit} %"
        title, rival = named.titles[nearest.node], names[nearest.rival]
        yield (
            f"The weight of {title}: stated {stated} %, and {rival} leads {nearest.side} {there}. "
            "Agree on it before the names are looked at."
        )
    yield from (f"{clause[:1].upper()}{clause[1:]}." for clause in (*_rules(named), *_panel(named)))
    flip, proof = named.record.open_flip, facts.proof_flip
    if flip is not None and flip.answers:
        asked = [f"{answer.question} of {names[answer.vendor]}" for answer in flip.answers[:_FEW]]
        more = len(flip.answers) - _FEW
        yield f"Open answers: {listed(asked + [f'{more} more'] * (more > 0))}."
    if proof is not None and proof.answers:
        yield f"Proof: {names[proof.rival]} draws level with proof of {_count(len(proof.answers), 'claim')}."
    if facts.knock_outs:
        gates = [f"{gate.question} of {names[gate.vendor]}" for gate in facts.knock_outs[:_FEW]]
        yield f"Open knock-outs: {listed(gates)}."


def _notes(named: Named) -> Iterator[str]:
    facts, titles = named.record.facts, named.titles
    if facts.without_weight:
        verb, them = ("have", "them") if len(facts.without_weight) > 1 else ("has", "it")
        weightless = listed([titles[node] for node in facts.without_weight])
        yield f"{weightless} {verb} weight 0 here; only the draws over all weightings give {them} one."
    if facts.all_weight:
        yield f"All of the weight is on {titles[facts.all_weight]}: near the stated weights nothing else can count."
    if facts.only_category:
        yield f"{titles[facts.only_category]} is the only category, so there are no other weightings."
    if facts.level:
        verb, first = "have" if len(facts.level) > 1 else "has", named.names[named.record.winner or ""]
        yield f"{few([named.names[vendor] for vendor in facts.level])} {verb} the same total as {first}."
    if facts.nothing_answered:
        yield "No vendor has answered anything that has a weight: every rank is open."
    if facts.stand_ins:
        yield "A vendor without a score in a category is given its own total there, which leaves its total unchanged."
    yield from _price_notes(facts)


def _price_notes(facts: Facts) -> Iterator[str]:
    if facts.price_rule == "quality_per_price":
        yield "Quality is divided by the price: other weights and answers are looked at with the prices as they are."
    elif facts.relative_prices:
        yield "Price scores hang on the bids; they stay as they are, except where a bid is left out or added."


def _left_out(named: Named) -> Iterator[str]:
    """Say which lists were cut, and why."""
    record, facts = named.record, named.record.facts
    paired = len(record.uniform.ranks)
    if facts.ranked > paired:
        yield (
            f"Ranks under drawn weights, pairs, preferences and 'without a vendor' are of the first {paired} of "
            f"{facts.ranked} ranked vendors among each other: they grow with the square of the field."
        )
        if facts.relative_prices:
            yield f"So are the bids at which the order of two would turn: they are of the first {paired}."
    if facts.pivotal > len(record.pivotal):
        least = len(record.pivotal)
        yield f"Of {facts.pivotal} answers that decide alone the {least} with the least to move are listed."
    if facts.asks > len(record.ask_first):
        yield f"Of {facts.asks} open answers the first {len(record.ask_first)} are listed."


def share(part: float, threshold: float | None = None) -> str:
    """Print a share of 1 as a percentage that is on the same side of a threshold, of 0 and of all as it is itself.

    >>> share(0.7998, 0.8), share(0.99997), share(1), share(0.00001)
    ('79.98 %', '99.997 %', '100 %', '0.001 %')
    """
    percent = part * _HUNDRED
    for limit in (0.0, _HUNDRED, *(() if threshold is None else (threshold * _HUNDRED,))):
        if number(percent, 0) == number(limit, 0) and percent != limit:
            return f"{_distinct_from(percent, limit)} %"
    return f"{number(percent, 0)} %"


def _distinct_from(value: float, limit: float) -> str:
    return _distinct(value, limit)[0] if abs(value - limit) > 10**-_MOST_DIGITS else number(value, 0)


def _distinct(value: float, limit: float) -> tuple[str, str]:
    """Print two numbers with as many decimals as show that they differ; alike where they are equal.

    >>> _distinct(18, 17.96), _distinct(18, 11.2), _distinct(18, 18 - 1e-12)
    (('18.00', '17.96'), ('18', '11'), ('18', '18'))
    """
    digits = next((d for d in range(_MOST_DIGITS + 1) if number(value, d) != number(limit, d)), 0)
    return number(value, digits), number(limit, digits)


def _count(count: int, noun: str) -> str:
    word = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{word} {noun}{'' if count == 1 else 's'}"


def few(words: Sequence[str]) -> str:
    """Join words as a sentence does, the rest counted.

    >>> few(["A", "B", "C", "D", "E"])
    'A, B, C and 2 more'
    """
    return listed(words if len(words) <= _FEW + 1 else [*words[:_FEW], f"{len(words) - _FEW} more"])
