"""The sentence that a committee can quote, what would decide an open race, and what the numbers leave out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vendor_eval.award import RELATIVE
from vendor_eval.figures import number
from vendor_eval.firmness.analyses import MOST_LISTED
from vendor_eval.firmness.field import HUNDRED, Field
from vendor_eval.pricing import MOST_PAIRED
from vendor_eval.results.firmness import (
    AnswerFlip,
    Ask,
    Interval,
    Pivotal,
    PriceWhatIf,
    Weighting,
    WeightingsWon,
    Without,
)

# Below either there is no clear winner.
LEAST_MARGIN = 10.0
LEAST_SHARE = 0.80
_MOST_DIGITS = 9
_LEVEL = 1e-9
_FEW = 3
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Findings:
    """What the sentence is made of."""

    field: Field
    margin: Weighting
    won: WeightingsWon
    stability: Sequence[Interval]
    pivotal: Sequence[Pivotal]
    open_flip: AnswerFlip | None
    proof_flip: AnswerFlip | None
    asks: Sequence[Ask]
    without: tuple[Without, ...]
    price: PriceWhatIf | None

    @property
    def names(self) -> Mapping[str, str]:
        """Names of the vendors by id."""
        return {entrant.vendor: entrant.name for entrant in self.field.entrants}

    @property
    def titles(self) -> Mapping[str, str]:
        """Titles of the categories by id, and of the price."""
        return self.field.columns

    @property
    def around(self) -> float:
        """Share of the weightings around the stated ones in which the winner is first."""
        return self.won.around_stated[self.field.vendors[0]]

    @property
    def is_clear(self) -> bool:
        """Whether the winner is one that other weights of the same kind would leave."""
        alone = len(self.field.entrants) == 1
        return alone or ((self.margin.percent or 0.0) >= LEAST_MARGIN and self.around >= LEAST_SHARE)


def sentence(found: Findings) -> str:
    """Say in one sentence how firm the first place is."""
    entrants = found.field.entrants
    if len(entrants) == 1:
        return f"{entrants[0].name} is the only vendor that is ranked, so no weighting can put another first."
    first = [entrant.name for entrant in entrants if entrant.rank == 1]
    if len(first) > 1:
        return f"No clear winner: {few(first)} share the first place at the stated weights."
    clauses = [_shares(found), *_limits(found), _holds(found), *_rules(found), *_panel(found), *_answers(found)]
    start = "" if found.is_clear else "No clear winner: "
    return f"{start}{'; '.join(clauses)}."


def _shares(found: Findings) -> str:
    winner = found.field.vendors[0]
    around = found.around
    every = share(found.won.uniform[winner])
    near = share(around, LEAST_SHARE)
    return f"{found.names[winner]} wins in {every} of all weightings and in {near} of those near the stated ones"


def _limits(found: Findings) -> Iterator[str]:
    nearest = _nearest(found)
    if nearest is None:
        yield "no category's weight alone changes that"
        return
    row, end, rival, falls = nearest
    verb = "falls below" if falls else "rises above"
    stated, limit = _apart(row.weight, end)
    there = f"its stated {stated} %" if stated == limit else f"{limit} % (stated {stated} %)"
    yield f"{found.names[rival]} leads if {found.titles[row.node]} {verb} {there}"


def _nearest(found: Findings) -> tuple[Interval, float, str, bool] | None:
    """Find the end of an interval that is nearest to the stated weight."""
    ends = []
    for row in found.stability:
        if row.kind != "category":
            continue
        if row.rival_from is not None:
            ends.append((row.weight - row.from_, row, row.from_, row.rival_from, True))
        if row.rival_to is not None:
            ends.append((row.to - row.weight, row, row.to, row.rival_to, False))
    return min(ends, key=lambda end: end[0])[1:] if ends else None


def _holds(found: Findings) -> str:
    percent = found.margin.percent
    if percent is None or found.margin.rival is None:
        return "it holds however far the stated weights are off together"
    if percent == 0:
        return f"{found.names[found.margin.rival]} is level at the stated weights"
    return f"it holds unless all weights are off by more than {_beside(percent, LEAST_MARGIN)} %"


def _rules(found: Findings) -> Iterator[str]:
    """Say which other price rules would put another first."""
    if found.price is None:
        return
    others = [one for one in found.price.rules if not one.stated and one.winner is not None]
    turned = [one for one in others if one.winner != found.field.vendors[0]]
    for winner in dict.fromkeys(one.winner for one in turned):
        rules = [one.rule for one in turned if one.winner == winner]
        yield f"{found.names[winner or '']} leads under {listed(rules)}"
    if others and not turned:
        yield "no other price rule changes it"


def _panel(found: Findings) -> Iterator[str]:
    """Say whose sheet the first place hangs on."""
    names = {one.id: one.shown for one in found.field.evaluation.settings.evaluators}
    without = [one for one in found.without if one.kind == "evaluator"]
    turned = [one for one in without if one.winner != found.field.vendors[0]]
    for one in turned:
        other = found.names.get(one.winner, one.winner) if one.winner else "nobody"
        yield f"without the scores of {names[one.without]} {other} leads"
    if without and not turned:
        yield "no evaluator less changes it"


def _answers(found: Findings) -> Iterator[str]:
    flip = found.open_flip
    if flip is None:
        proof = found.proof_flip
        if proof is not None and proof.answers:
            count = _count(len(proof.answers), "claim")
            yield f"no open answer can reverse it, proof of {count} at {found.names[proof.rival]} could"
        else:
            yield "no open answer can reverse it"
        return
    if not flip.answers:
        return
    counts = {
        vendor: sum(a.vendor == vendor for a in flip.answers)
        for vendor in dict.fromkeys(a.vendor for a in flip.answers)
    }
    parts = [f"{_count(count, 'open answer')} at {found.names[vendor]}" for vendor, count in counts.items()]
    together = "together " if len(flip.answers) > 1 else ""
    yield f"{listed(parts)} could {together}still reverse it"


def decides(found: Findings) -> Iterator[str]:
    """Say what would decide a race that is open."""
    names = found.names
    first = [entrant.name for entrant in found.field.entrants if entrant.rank == 1]
    if len(first) > 1:
        yield f"A declared tie-breaker (tie_breakers) would part {few(first)}."
    nearest = _nearest(found)
    if nearest is not None:
        row, end, rival, falls = nearest
        side = "below" if falls else "above"
        stated, limit = _apart(row.weight, end)
        there = "that" if stated == limit else f"{limit} %"
        yield (
            f"The weight of {found.titles[row.node]}: stated {stated} %, and {names[rival]} leads {side} {there}. "
            "Agree on it before the names are looked at."
        )
    turned = [clause for clause in (*_rules(found), *_panel(found)) if not clause.startswith("no ")]
    yield from (f"{clause[:1].upper()}{clause[1:]}." for clause in turned)
    yield from _open_points(found)


def _open_points(found: Findings) -> Iterator[str]:
    names = found.names
    if found.open_flip is not None and found.open_flip.answers:
        asked = [f"{a.question} of {names[a.vendor]}" for a in found.open_flip.answers[:_FEW]]
        more = len(found.open_flip.answers) - _FEW
        yield f"Open answers: {listed(asked + [f'{more} more'] * (more > 0))}."
    if found.proof_flip is not None and found.proof_flip.answers:
        count = _count(len(found.proof_flip.answers), "claim")
        yield f"Proof: {names[found.proof_flip.rival]} draws level with proof of {count}."
    top = set(found.field.vendors[:2])
    gates = [a for a in found.asks if a.vendor in top and "excluded" in a.could_change]
    if gates:
        yield f"Open knock-outs: {listed([f'{a.question} of {names[a.vendor]}' for a in gates[:_FEW]])}."


# ------------------------------------------------------------------------------------------------ notes


def notes(found: Findings) -> Iterator[str]:
    """Say what is special about this field."""
    field = found.field
    titles = [title for title, w in zip(field.columns.values(), field.weights, strict=True) if w == 0]
    if titles:
        verb, them = ("have", "them") if len(titles) > 1 else ("has", "it")
        yield f"{listed(titles)} {verb} weight 0 here; only the draws over all weightings give {them} one."
    alone = [title for title, w in zip(field.columns.values(), field.weights, strict=True) if w == 1]
    if alone and len(field.columns) > 1:
        yield f"All of the weight is on {alone[0]}: near the stated weights nothing else can count."
    if len(field.columns) == 1:
        yield f"{field.categories[0].title} is the only category, so there are no other weightings."
    total = field.totals[0]
    level = [e.name for e in field.entrants[1:] if total - e.total <= _LEVEL]
    if level:
        yield f"{few(level)} {'have' if len(level) > 1 else 'has'} the same total as {field.entrants[0].name}."
    if all(entrant.card.total.coverage == 0 for entrant in field.entrants):
        yield "No vendor has answered anything that has a weight: every rank is open."
    if field.has_stand_ins:
        yield "A vendor without a score in a category is given its own total there, which leaves its total unchanged."
    yield from _price_notes(field)


def _price_notes(field: Field) -> Iterator[str]:
    price = field.evaluation.settings.price
    if price is None:
        return
    if price.rule == "quality_per_price":
        yield "Quality is divided by the price: other weights and answers are looked at with the prices as they are."
    elif price.rule in RELATIVE:
        yield "Price scores hang on the bids; they stay as they are, except where a bid is left out or added."


def left_out(field: Field, pivotal: int, asks: int) -> Iterator[str]:
    """Say which lists were cut, and why."""
    if len(field.entrants) > MOST_PAIRED:
        yield (
            f"Ranks under drawn weights, pairs, preferences and 'without a vendor' are of the first {MOST_PAIRED} of "
            f"{len(field.entrants)} ranked vendors among each other: they grow with the square of the field."
        )
        price = field.evaluation.settings.price
        if price is not None and price.rule in RELATIVE:
            yield f"So are the bids at which the order of two would turn: they are of the first {MOST_PAIRED}."
    if pivotal > MOST_LISTED:
        yield f"Of {pivotal} answers that decide alone the {MOST_LISTED} with the least to move are listed."
    if asks > MOST_LISTED:
        yield f"Of {asks} open answers the first {MOST_LISTED} are listed."


# ------------------------------------------------------------------------------------------------ figures


def share(part: float, threshold: float | None = None) -> str:
    """Print a share of 1 as a percentage that is on the same side of a threshold, of 0 and of all as it is itself.

    >>> share(0.7998, 0.8), share(0.99997), share(1), share(0.00001)
    ('79.98 %', '99.997 %', '100 %', '0.001 %')
    """
    percent = part * HUNDRED
    for limit in (0.0, HUNDRED, *(() if threshold is None else (threshold * HUNDRED,))):
        if number(percent, 0) == number(limit, 0) and percent != limit:
            return f"{_beside(percent, limit)} %"
    return f"{number(percent, 0)} %"


def _beside(value: float, limit: float) -> str:
    return _apart(value, limit)[0] if abs(value - limit) > 10**-_MOST_DIGITS else number(value, 0)


def _apart(one: float, other: float) -> tuple[str, str]:
    """Print two numbers with as many decimals, at least none, as show that they differ; alike where they are one.

    >>> _apart(18, 17.96), _apart(18, 11.2), _apart(18, 18 - 1e-12)
    (('18.00', '17.96'), ('18', '11'), ('18', '18'))
    """
    digits = next((d for d in range(_MOST_DIGITS + 1) if number(one, d) != number(other, d)), 0)
    return number(one, digits), number(other, digits)


def _count(count: int, noun: str) -> str:
    word = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{word} {noun}{'' if count == 1 else 's'}"


def few(words: Sequence[str]) -> str:
    """Join words as a sentence does, the rest counted.

    >>> few(["A", "B", "C", "D", "E"])
    'A, B, C and 2 more'
    """
    return listed(words if len(words) <= _FEW + 1 else [*words[:_FEW], f"{len(words) - _FEW} more"])


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    >>> listed(["A", "B", "C"])
    'A, B and C'
    """
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
