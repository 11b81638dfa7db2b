"""The analyses of a field: each passes its tables to a kernel and names what comes back in records of the result."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from vendor_eval.firmness import kernels
from vendor_eval.firmness.field import HUNDRED, Field, Floats
from vendor_eval.firmness.prices import first_without
from vendor_eval.results import firmness as records
from vendor_eval.scoring.pricing import MOST_PAIRED
from vendor_eval.scoring.ranking import rank
from vendor_eval.scoring.score import Node, weighted_mean
from vendor_eval.tender.price import RELATIVE

DRAWS = 16_384
MOST_LISTED = 500
_LEVEL = 1e-9


def intervals(field: Field) -> Iterator[records.Interval]:
    """Find the interval of every category and, inside it, of every criterion, in percent of its parent."""
    stability = kernels.stability(field.values, field.weights, winner=0)
    categories = {category.category: category for category in field.categories}
    for column, node in enumerate(field.columns):
        share = float(field.weights[column])
        yield _interval(field, node, share, stability, column)
        if node not in categories:
            continue
        names, weights, values = field.criteria(categories[node])
        if weights.sum() == 0:
            continue
        inside = kernels.stability_within(values, weights, totals=field.totals, weight=share, winner=0)
        for row, name in enumerate(names):
            yield _interval(field, name, float(weights[row] / weights.sum()), inside, row)


def _interval(field: Field, node: str, weight: float, stability: kernels.Stability, column: int) -> records.Interval:
    below, above = int(stability.rival_lo[column]), int(stability.rival_hi[column])
    return records.Interval(
        node=node,
        kind="criterion" if "." in node else "category",
        weight=weight * HUNDRED,
        from_=float(stability.lo[column]) * HUNDRED,
        to=float(stability.hi[column]) * HUNDRED,
        rival_from=field.vendors[below] if below >= 0 else None,
        rival_to=field.vendors[above] if above >= 0 else None,
    )


def nearest_tie(field: Field, kernel: Callable[..., kernels.Tie]) -> records.Weighting:
    """Find the nearest weights at which a rival draws level, by a kernel that says what is near."""
    tie = kernel(field.values, field.weights, winner=0)
    return records.Weighting(
        percent=tie.size * HUNDRED if np.isfinite(tie.size) else None,
        rival=None if tie.rival is None else field.vendors[tie.rival],
        weights=None if tie.weights is None else _by_category(field, tie.weights * HUNDRED),
    )


def _by_category(field: Field, row: Floats) -> records.Shares:
    return dict(zip(field.columns, row.tolist(), strict=True))


def presets(field: Field) -> Iterator[records.PresetRanking]:
    """Score and rank the field again under each named set of weights: the same answers, other weights."""
    for name, criteria in field.evaluation.presets.items():
        categories = field.evaluation.criteria.presets[name]
        totals = [_total(field, nodes, categories, criteria) for nodes in field.nodes]
        if None in totals:
            continue  # all of its weight is on what is not asked here
        # No named set of weights changes what the price counts.
        quality = np.array([[total or 0.0] for total in totals]) * field.factors * field.quality_share
        keys = (quality + field.price_scores.sum(axis=1, keepdims=True) * field.price_share)[:, 0]
        scores = dict(zip(field.vendors, keys.tolist(), strict=True))
        places = rank(scores).places
        ranks = {vendor: places[vendor].rank or 0 for vendor in field.vendors}
        # Of those that tie whoever leads at the agreed weights: no name decides.
        first = next(vendor for vendor in field.vendors if ranks[vendor] == 1)
        yield records.PresetRanking(preset=name, winner=first, scores=scores, ranks=ranks)


def _total(
    field: Field, nodes: Mapping[str, Node], categories: Mapping[str, float], criteria: Mapping[str, float]
) -> float | None:
    scores = []
    for category in field.categories:
        below = [f"{category.category}.{c.id}" for c in category.criteria]
        pairs = [(criteria[name], score) for name in below if (score := nodes[name].score) is not None]
        score = weighted_mean(pairs)
        if score is not None:
            scores.append((categories.get(category.category, 0.0), score))
    return weighted_mean(scores)


def draws(field: Field) -> dict[str, Floats]:
    """Draw weights over the whole simplex, and around the stated ones."""
    return {
        "uniform": kernels.uniform_weights(len(field.weights), DRAWS, seed=0),
        "around_stated": kernels.dirichlet_weights(field.weights, DRAWS, seed=1),
    }


def weightings_won(field: Field, drawn: Mapping[str, Floats]) -> records.WeightingsWon:
    """Find who is first in which share of the draws; the standard error is the largest of all the shares."""
    shares = {name: kernels.weightings_won(field.values, weights) for name, weights in drawn.items()}
    errors = [kernels.standard_error(won, DRAWS).max() for won in shares.values()]
    return records.WeightingsWon(
        uniform=dict(zip(field.vendors, shares["uniform"].tolist(), strict=True)),
        around_stated=dict(zip(field.vendors, shares["around_stated"].tolist(), strict=True)),
        draws=DRAWS,
        standard_error=float(max(errors)),
        kappa=kernels.concentration(field.weights),
    )


def central_weights(field: Field, drawn: Floats) -> dict[str, records.Shares | None]:
    """Find the mean weights that make each vendor first; None where it never is."""
    means = kernels.central_weights(field.values, drawn) * HUNDRED
    return {
        vendor: None if np.isnan(row).any() else _by_category(field, row)
        for vendor, row in zip(field.vendors, means, strict=True)
    }


def ranks_and_pairs(field: Field, drawn: Floats) -> records.Drawn:
    """Find ranks and pairwise wins of the vendors at the top among each other."""
    top = field.values[:MOST_PAIRED]
    ranks, wins = kernels.rank_acceptability(top, drawn), kernels.pairwise_wins(top, drawn)
    vendors = field.vendors[:MOST_PAIRED]
    return records.Drawn(
        ranks={vendor: tuple(map(float, row)) for vendor, row in zip(vendors, ranks, strict=True)},
        pairwise={
            vendor: {rival: float(wins[i, j]) for j, rival in enumerate(vendors) if i != j}
            for i, vendor in enumerate(vendors)
        },
    )


def pivotal(field: Field) -> list[records.Pivotal]:
    """Find the answers that decide alone, the winner's first, then by the points that have to move."""
    leaves = field.leaves
    lows, highs = _ends(field)
    tips = kernels.tipping_values(leaves.values, leaves.own, lows=lows, highs=highs, winner=0)
    # Where a rival is level as it is, no answer decides.
    level = field.totals >= field.totals[0] - _LEVEL
    level[0] = bool(level[1:].any())
    answers = []
    for row, column in np.argwhere(~np.isnan(tips) & ~level[:, np.newaxis] & ~leaves.fixed):
        value, tip = _own_scale(field, leaves.values, row, column), _own_scale(field, tips, row, column)
        answers.append(
            records.Pivotal(
                vendor=field.vendors[row],
                question=leaves.questions[column],
                value=value,
                points=float(leaves.own[row, column] * abs(tips[row, column] - leaves.values[row, column])),
                falls_to=tip if row == 0 else None,
                rises_to=None if row == 0 else tip,
            )
        )

    def order(answer: records.Pivotal) -> tuple[bool, float, float]:
        tip = answer.rises_to if answer.falls_to is None else answer.falls_to
        return answer.vendor != field.vendors[0], answer.points, abs((tip or 0.0) - answer.value)

    return sorted(answers, key=order)


def _ends(field: Field) -> tuple[Floats, Floats]:
    """Find the worst and the best that each answer can be at all."""
    leaves = field.leaves
    return (np.where(leaves.fixed, leaves.values, 0.0), np.where(leaves.fixed, leaves.values, HUNDRED * field.factors))


def _own_scale(field: Field, table: Floats, row: int, column: int) -> float:
    """Value of an answer from 0 to 100, whatever the price makes of it."""
    factor = float(field.factors[row, 0])
    return float(table[row, column]) / factor if factor else 0.0


def flip(field: Field) -> records.AnswerFlip | None:
    """Find the fewest answers, whatever they are now, that together let a rival draw level."""
    lows, highs = _ends(field)
    return _flip(field, lows, highs, field.leaves.own)


def open_flip(field: Field) -> records.AnswerFlip | None:
    """Find the fewest open answers that together let a rival draw level."""
    return _flip(field, field.leaves.lows, field.leaves.highs, field.leaves.shared)


def proof_flip(field: Field) -> records.AnswerFlip | None:
    """Find the fewest claims of a rival whose proof lets it draw level, with nothing else changed."""
    return _flip(field, field.leaves.values, field.leaves.claims, field.leaves.shared)


def _flip(field: Field, lows: Floats, highs: Floats, weights: Floats) -> records.AnswerFlip | None:
    leaves = field.leaves
    fewest = kernels.fewest_answers(leaves.values, weights, lows=lows, highs=highs, winner=0)
    if fewest is None:
        return None
    return records.AnswerFlip(
        rival=field.vendors[fewest.rival],
        answers=tuple(
            records.Change(
                vendor=field.vendors[row],
                question=leaves.questions[column],
                value=_own_scale(field, leaves.values, row, column),
                to=_own_scale(field, lows if row == 0 else highs, row, column),
            )
            for row, column in fewest.answers
        ),
    )


def preferences(field: Field) -> Iterator[records.Preference]:
    """Find whom each vendor at the top beats whatever the weights, or whatever the open answers become."""
    top = field.ranked[:MOST_PAIRED]
    lows = np.array([[vendor.lowest_key] for vendor in top])
    highs = np.array([[vendor.highest_key] for vendor in top])
    # Where quality is divided by a price that is not known, there is no end: it is above every other.
    highs[np.isinf(highs)] = 2 * highs.max(initial=HUNDRED, where=np.isfinite(highs))
    dominates = kernels.dominance(field.values[:MOST_PAIRED])
    surely, possibly = kernels.necessary_preference(lows, highs), kernels.possible_preference(lows, highs)
    vendors = np.array(field.vendors[:MOST_PAIRED], dtype=object)
    for row, vendor in enumerate(vendors):
        yield records.Preference(
            vendor=vendor,
            dominates=tuple(vendors[dominates[row]]),
            necessarily=tuple(vendors[surely[row]]),
            possibly=tuple(vendors[possibly[row]]),
        )


def leave_one_out(field: Field, evaluators: Mapping[str, str | None]) -> Iterator[records.Without]:
    """Find the winner without each category and each top vendor; `evaluators` maps each to the winner without it."""
    rows = kernels.leave_one_out(field.values, field.weights)
    for node, row in zip(field.columns, rows, strict=True):
        if row >= 0:
            yield records.Without(without=node, kind="category", winner=field.vendors[int(row)])
    for name, winner in evaluators.items():
        yield records.Without(without=name, kind="evaluator", winner=winner)
    price = field.evaluation.price
    for row, vendor in enumerate(field.vendors[:MOST_PAIRED] if len(field.vendors) > 1 else ()):
        first = field.vendors[row == 0]
        if price is not None and price.rule in RELATIVE:
            first = first_without(price, field.offers, field.offers[row])
        yield records.Without(without=vendor, kind="vendor", winner=first)
