"""The ranked vendors as tables: categories, criteria and leaves, with something for everybody in every cell.

A price is one more column of categories and of leaves, with its weight. Where quality is divided by the price, there is
no such column: every value is multiplied by what the price makes of a point of quality.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vendor_eval.award import Price
from vendor_eval.criteria import Category
from vendor_eval.gates import Verdict
from vendor_eval.pricing import Priced, rank_key
from vendor_eval.scoring import Leaf, Node, Scorecard
from vendor_eval.tender import PRICE, Evaluation

Floats = NDArray[np.float64]
HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Entrant:
    """A ranked vendor: its name for sentences, its scorecard, gates and rank, and what it costs."""

    name: str
    card: Scorecard
    verdict: Verdict
    rank: int
    price: Price | None = None
    priced: Priced | None = None

    @property
    def vendor(self) -> str:
        """Id of the vendor."""
        return self.card.vendor

    @property
    def quality(self) -> float:
        """Total without the price."""
        return self.card.total.score or 0.0

    @property
    def total(self) -> float:
        """Total that ranks."""
        return self._key(self.quality, best=False)

    @property
    def low(self) -> float:
        """Total at the worst of what is open."""
        return self._key(self.card.total.low or 0.0, best=False)

    @property
    def high(self) -> float:
        """Total at the best of what is open."""
        high = self.card.total.high
        return max(self.low, self._key(HUNDRED if high is None else high, best=True))

    def _key(self, quality: float, *, best: bool) -> float:
        if self.price is None or self.priced is None:
            return quality
        return rank_key(self.price, self.priced, quality, best=best)

    @property
    def factor(self) -> float:
        """What ranks for one point of quality where that is divided by the price; 1 elsewhere."""
        if self.price is None or self.priced is None or self.price.rule != "quality_per_price":
            return 1.0
        return rank_key(self.price, self.priced, 1.0, best=False)


@dataclass(frozen=True)
class Leaves:
    """Tables (m, q) over the weighted leaves: values, what open ones can become, weights of each vendor.

    `shared` (q,) are the weights over all that is asked; `own` (m, q) what is left once blanks that are excluded and
    ratings that are pending have left the sums. Under `shared` these count the mean of their siblings, which leaves
    every total what it is.
    """

    questions: tuple[str, ...]
    rows: tuple[tuple[Leaf, ...], ...]
    values: Floats
    lows: Floats
    highs: Floats
    claims: Floats
    shared: Floats
    own: Floats
    fixed: NDArray[np.bool_]


@dataclass(frozen=True)
class Field:
    """Ranked vendors in the order of the ranking, so that row 0 is the winner, over the categories in scope."""

    evaluation: Evaluation
    entrants: tuple[Entrant, ...]

    @cached_property
    def vendors(self) -> tuple[str, ...]:
        """Ids in order."""
        return tuple(entrant.vendor for entrant in self.entrants)

    @cached_property
    def nodes(self) -> tuple[Mapping[str, Node], ...]:
        """Nodes of each vendor by id."""
        return tuple({node.id: node for node in entrant.card.nodes} for entrant in self.entrants)

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        """Weighted categories in which something is asked."""
        asked = self.nodes[0]
        return tuple(c for c in self.evaluation.criteria.categories if c.weighted and asked[c.category].low is not None)

    @cached_property
    def price_share(self) -> float:
        """Share of the total that the price decides."""
        price = self.evaluation.settings.price
        return price.share if price else 0.0

    @property
    def quality_share(self) -> float:
        """Share of the total that the categories decide."""
        return 1.0 - self.price_share

    @cached_property
    def price_scores(self) -> Floats:
        """Scores of the price (m, 1); without a column for it (m, 0)."""
        scores = [[entrant.priced.score if entrant.priced else 0.0] for entrant in self.entrants]
        return np.array(scores, dtype=np.float64)[:, : int(self.price_share > 0)]

    @cached_property
    def factors(self) -> Floats:
        """What ranks for one point of quality of each vendor (m, 1)."""
        return np.array([[entrant.factor] for entrant in self.entrants])

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """Titles of the columns by id: the categories, then the price."""
        titles = {category.category: category.title for category in self.categories}
        return titles | ({PRICE: "Price"} if self.price_share > 0 else {})

    @cached_property
    def weights(self) -> Floats:
        """Weights of the columns (n,), adding up to 1."""
        given = np.array([self.evaluation.weights.get(c.category, 0.0) for c in self.categories], dtype=np.float64)
        shares = given / given.sum() * self.quality_share
        return np.append(shares, self.price_share) if self.price_share > 0 else np.asarray(shares)

    @cached_property
    def totals(self) -> Floats:
        """Totals (m,)."""
        return np.array([entrant.total for entrant in self.entrants])

    @cached_property
    def values(self) -> Floats:
        """Scores (m, n); where a vendor has none in a category, its quality stands in and leaves that unchanged."""
        scores = [
            [_first(nodes[c.category].score, entrant.quality) for c in self.categories]
            for entrant, nodes in zip(self.entrants, self.nodes, strict=True)
        ]
        return np.hstack((np.array(scores) * self.factors, self.price_scores))

    @cached_property
    def has_stand_ins(self) -> bool:
        """Whether a vendor has no score in some category."""
        return any(nodes[c.category].score is None for nodes in self.nodes for c in self.categories)

    def criteria(self, category: Category) -> tuple[tuple[str, ...], Floats, Floats]:
        """Ids, local weights (k,) and scores (m, k) of the asked criteria; where there is none, the category's."""
        asked = self.nodes[0]
        names = [f"{category.category}.{c.id}" for c in category.criteria]
        names = [name for name in names if asked[name].low is not None]
        weights = np.array([asked[name].weight for name in names], dtype=np.float64)
        scores = [
            [_first(nodes[name].score, nodes[category.category].score, entrant.quality) for name in names]
            for entrant, nodes in zip(self.entrants, self.nodes, strict=True)
        ]
        return tuple(names), weights, np.array(scores) * self.factors

    @cached_property
    def leaves(self) -> Leaves:
        """Tables over the leaves that have a weight."""
        at = [index for index, leaf in enumerate(self.entrants[0].card.leaves) if leaf.global_weight > 0]
        rows = tuple(tuple(entrant.card.leaves[index] for index in at) for entrant in self.entrants)
        told = [
            _row(row, entrant.quality, nodes)
            for row, entrant, nodes in zip(rows, self.entrants, self.nodes, strict=True)
        ]
        values, lows, highs, claims, own, fixed = np.stack(told, axis=1)
        shared = np.array([leaf.global_weight for leaf in rows[0]])
        # Whoever has no answer that counts has no weights either: nothing of it can move alone.
        own = np.where(own.sum(axis=1, keepdims=True) > 0, own, shared)
        return self._with_price(
            Leaves(
                tuple(leaf.question.id for leaf in rows[0]),
                rows,
                values,
                np.minimum(lows, values),
                np.maximum(highs, values),
                np.maximum(claims, values),
                shared / shared.sum(),
                own / own.sum(axis=1, keepdims=True),
                np.asarray(fixed, dtype=np.bool_),
            )
        )

    def _with_price(self, leaves: Leaves) -> Leaves:
        """Let the price count beside the leaves; it is no answer that could be pivotal, and open while incomplete."""
        scores, share = self.price_scores, self.price_share
        column = np.ones_like(scores)
        bids = [entrant.priced for entrant in self.entrants]
        lows, highs = (
            np.array([[getattr(bid, name) if bid else 0.0] for bid in bids])[:, : scores.shape[1]]
            for name in ("low", "high")
        )
        return Leaves(
            (*leaves.questions, *[PRICE] * scores.shape[1]),
            leaves.rows,
            np.hstack((leaves.values * self.factors, scores)),
            np.hstack((leaves.lows * self.factors, lows)),
            np.hstack((leaves.highs * self.factors, highs)),
            np.hstack((leaves.claims * self.factors, scores)),
            np.append(leaves.shared * self.quality_share, [share] * scores.shape[1]),
            np.hstack((leaves.own * self.quality_share, column * share)),
            np.hstack((leaves.fixed, column > 0)),
        )


def _row(row: Sequence[Leaf], quality: float, nodes: Mapping[str, Node]) -> Floats:
    values, lows, highs, claims, own, fixed = [], [], [], [], [], []
    for leaf in row:
        counts = leaf.effective > 0
        criterion = nodes[leaf.parent]
        category = nodes[criterion.parent or ""]
        value = leaf.credited if counts else _first(criterion.score, category.score, quality)
        values.append(value)
        lows.append(leaf.low)
        highs.append(leaf.high)
        claims.append(leaf.claimed if leaf.state == "answered" and leaf.rated.level == "claim" else value)
        own.append(leaf.effective)
        # A settled answer follows another one: it cannot move alone.
        fixed.append(float(not counts or leaf.state == "settled"))
    # An array for each vendor: lists of the whole field would take several times the memory.
    return np.array((values, lows, highs, claims, own, fixed))


def _first(*scores: float | None) -> float:
    return next((score for score in scores if score is not None), 0.0)


def field_of(evaluation: Evaluation, entrants: Sequence[Entrant]) -> Field:
    """Set the tables up for vendors in the order of their ranking."""
    return Field(evaluation, tuple(entrants))
