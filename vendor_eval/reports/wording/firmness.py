"""The sentence that a committee can quote, what would decide an open race, and what the numbers leave out.

All of it is made of records alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vendor_eval.formatting.figures import listed, number
from vendor_eval.results import Result
from vendor_eval.results.firmness import LEAST_MARGIN, LEAST_SHARE, AnswerFlip, Facts, Robustness

_UNCLEAR = "No clear winner. "
_HUNDRED = 100.0
_MOST_DIGITS = 9
_FEW = 3
# From this share on, a sentence says "practically all".
_PRACTICALLY = 0.995
_MISSING = frozenset(("blank", "invalid", "unknown"))
_COINS = {"USD": "dollar", "EUR": "euro", "GBP": "pound", "CHF": "franc", "JPY": "yen"}
_IF_RULED = {
    "fixed_bounds": "the price were scored between fixed bounds",
    "lowest_ratio": "the lowest price were the yardstick",
    "linear_min_max": "price points fell in a straight line from the lowest to the highest price",
    "linear_from_lowest": "price points fell in a straight line from the lowest price to twice as much",
    "quality_per_price": "we ranked by quality per {unit}",
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Named:
    """The records of an analysis, with names of ranked vendors, titles of categories by id, and the currency."""

    record: Robustness
    names: Mapping[str, str]
    titles: Mapping[str, str]
    currency: str


def named_records(result: Result, record: Robustness) -> Named:
    """Pair an analysis with the names of the ranked vendors and the titles of the categories, and of the price."""
    titles, price = {category.id: category.title for category in result.definition.categories}, result.price
    titles |= {"price": "Price"} if price else {}
    names = {vendor.id: vendor.name for vendor in result.vendors if vendor.rank is not None}
    return Named(record, names, titles, price.currency if price else "")


def with_words(named: Named) -> Robustness:
    """Add the sentences to the records that they are made of."""
    unclear = named.record.winner is not None and named.record.verdict != "clear"
    return named.record.model_copy(
        update={
            "sentence": f"{_UNCLEAR if unclear else ''}{plain_sentence(named)}",
            "decides": () if named.record.verdict == "clear" else tuple(_decides(named)),
            "notes": tuple(_notes(named)),
            "left_out": tuple(_left_out(named)),
        }
    )


def plain_sentence(named: Named) -> str:
    """Say how firm the first place is, in a few whole sentences, without the verdict."""
    facts, names = named.record.facts, named.names
    if named.record.winner is None:
        return "No vendor is ranked, so there is no first place to be firm."
    if facts.ranked == 1:
        return f"{names[facts.first[0]]} is the only vendor that is ranked, so no other weights can put another first."
    if len(facts.first) > 1:
        return f"{few([names[vendor] for vendor in facts.first])} share the first place at the agreed weights."
    parts = (
        under_other_weights(named),
        under_another_weight(named),
        under_wrong_weights(named),
        *under_other_rules(named),
        *without_evaluators(named),
        *with_open_answers(named),
    )
    return " ".join(parts)


def under_other_weights(named: Named) -> str:
    """Say under what share of weights the first stays first."""
    winner = named.record.winner or ""
    near = named.record.weightings_won.around_stated[winner]
    most = "all" if _leads(named) else "practically all"
    most = most if near >= _PRACTICALLY else f"{share(near, LEAST_SHARE)} of the"
    return f"{named.names[winner]} ranks first under {of_all_weights(named)}, and under {most} weights close to ours."


def of_all_weights(named: Named) -> str:
    """Say under what share of all possible weights the first stays first."""
    every = named.record.weightings_won.uniform[named.record.winner or ""]
    if every < 1:
        return f"{share(every)} of all possible weights"
    return f"{'' if _leads(named) else 'practically '}all possible weights"


def _leads(named: Named) -> bool:
    """Whether no weights at all put another first; who wins all draws may lose under weights that were not drawn."""
    return named.record.facts.nearest is None and named.record.margin.rival is None


def under_another_weight(named: Named) -> str:
    """Say how far a single weight can move before somebody else comes first."""
    nearest = named.record.facts.nearest
    if nearest is None:
        return "No single weight can change that."
    stated, limit = _distinct(nearest.weight, nearest.limit)
    weighed = "less" if nearest.side == "below" else "more"
    than = f"the agreed {stated} points" if stated == limit else f"{limit} points (agreed: {stated})"
    return (
        f"{named.names[nearest.rival]} would come first if {named.titles[nearest.node]} weighed {weighed} than {than}."
    )


def under_wrong_weights(named: Named) -> str:
    """Say by how much all weights together would have to be wrong."""
    margin = named.record.margin
    if margin.percent is None or margin.rival is None:
        return "It stays first however wrong the agreed weights are together."
    if margin.percent == 0:
        return f"{named.names[margin.rival]} is level with it at the agreed weights."
    wrong = _distinct_from(margin.percent, LEAST_MARGIN)
    return f"Every weight would have to be wrong by {wrong} % or more to change it."


def under_other_rules(named: Named) -> Iterator[str]:
    """Say under which other price rules somebody else would come first."""
    for lead in named.record.facts.rules:
        yield f"If {_ruled(lead.rules, named.currency)}, {named.names[lead.winner]} would come first."


def _ruled(rules: Sequence[str], currency: str) -> str:
    """Say what would be the case under price rules, after an if.

    >>> _ruled(["lowest_ratio", "quality_per_price"], "USD")
    'the lowest price were the yardstick, or if we ranked by quality per dollar'
    """
    unit = _COINS.get(currency, currency)
    return ", or if ".join(_IF_RULED[rule].format(unit=unit) for rule in rules)


def without_evaluators(named: Named) -> Iterator[str]:
    """Say who would come first without the scores of an evaluator."""
    facts = named.record.facts
    for lead in facts.evaluators:
        # Without a sheet a vendor may lead that is not ranked with it.
        other = named.names.get(lead.winner, lead.winner) if lead.winner else "nobody"
        yield f"Without the scores of {lead.name}, {other} would come first."
    if facts.sheets and not facts.evaluators:
        yield "The result is the same if any one evaluator is left out."


def with_open_answers(named: Named) -> Iterator[str]:
    """Say who could still win with answers or documents that are missing."""
    flip, proof = named.record.open_flip, named.record.facts.proof_flip
    if flip is None and proof is not None and proof.answers:
        what = f"documents came for {spelled(len(proof.answers), 'more of its claim')}"
        yield f"{named.names[proof.rival]} could still win, but only if {what}."
    elif flip is None:
        yield "No missing answer can change it."
    elif flip.answers:
        yield _flipped(named, flip)


def _flipped(named: Named, flip: AnswerFlip) -> str:
    own = [change for change in flip.answers if change.vendor == flip.rival]
    of_first = len(flip.answers) - len(own)
    answers = [change for change in own if change.question != "price"]
    missing = {ask.question for ask in named.record.ask_first if ask.vendor == flip.rival and ask.cause in _MISSING}
    count, total = len(answers), len(missing)
    parts = []
    if answers:
        which = f"{count} of its {total}" if count < total else "its one" if count == 1 else f"all its {count}"
        parts.append(f"{which} missing answer{'' if max(count, total) == 1 else 's'} were perfect")
    if len(own) > count:
        parts.append("its price were the best possible")
    if of_first:
        parts.append(f"{spelled(of_first, 'open answer')} of {named.names[named.record.winner or '']} turned out badly")
    return f"{named.names[flip.rival]} could still win, but only if {listed(parts)}."


def _decides(named: Named) -> Iterator[str]:
    """Say what would decide a race that is open."""
    facts, names = named.record.facts, named.names
    if len(facts.first) > 1:
        level = few([names[vendor] for vendor in facts.first])
        yield f"A tie-breaker that is agreed on before the names are looked at would decide between {level}."
    nearest = facts.nearest
    if nearest is not None:
        stated, limit = _distinct(nearest.weight, nearest.limit)
        there = "that" if stated == limit else f"{limit} points"
        title, rival = named.titles[nearest.node], names[nearest.rival]
        yield (
            f"The weight of {title}: {stated} points are agreed, and {rival} would come first {nearest.side} {there}. "
            "Agree on it before the names are looked at."
        )
    yield from under_other_rules(named)
    yield from without_evaluators(named) if facts.evaluators else ()
    flip, proof = named.record.open_flip, facts.proof_flip
    if flip is not None and flip.answers:
        asked = [f"{answer.question} of {names[answer.vendor]}" for answer in flip.answers[:_FEW]]
        more = len(flip.answers) - _FEW
        yield f"Open answers: {listed(asked + [f'{more} more'] * (more > 0))}."
    if proof is not None and proof.answers:
        yield f"Documents: {names[proof.rival]} draws level with proof of {spelled(len(proof.answers), 'claim')}."
    if facts.knock_outs:
        gates = [f"{gate.question} of {names[gate.vendor]}" for gate in facts.knock_outs[:_FEW]]
        yield f"Open knock-outs: {listed(gates)}."


def _notes(named: Named) -> Iterator[str]:
    facts, titles = named.record.facts, named.titles
    if facts.without_weight:
        verb, them, get = ("have", "they", "get") if len(facts.without_weight) > 1 else ("has", "it", "gets")
        weightless = listed([titles[node] for node in facts.without_weight])
        yield f"{weightless} {verb} no weight here; only among all possible weights {them} {get} some."
    if facts.all_weight:
        yield f"All of the weight is on {titles[facts.all_weight]}: close to the agreed weights nothing else can count."
    if facts.only_category:
        yield f"{titles[facts.only_category]} is the only category, so there are no other weights."
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
            f"Ranks under other weights, pairs and who is first without a vendor are of the first {paired} of "
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


def spelled(count: int, noun: str) -> str:
    """Count things, up to ten in words.

    >>> spelled(2, "requirement"), spelled(1, "requirement"), spelled(12, "answer")
    ('two requirements', 'one requirement', '12 answers')
    """
    word = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{word} {noun}{'' if count == 1 else 's'}"


def few(words: Sequence[str]) -> str:
    """Join words as a sentence does, the rest counted.

    >>> few(["A", "B", "C", "D", "E"])
    'A, B, C and 2 more'
    """
    return listed(words if len(words) <= _FEW + 1 else [*words[:_FEW], f"{len(words) - _FEW} more"])
