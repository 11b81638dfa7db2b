"""The ranked vendors as tables over categories, criteria and leaves, without an empty cell.

A price is one more column of categories and of leaves, with its weight. Where quality is divided by the price, there is
no such column: every value is multiplied by what the price makes of a point of quality.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vendor_eval.criteria import Category
from vendor_eval.results import UNPROVEN
from vendor_eval.scoring.field import Judged
from vendor_eval.scoring.pricing import Priced
from vendor_eval.scoring.score import Leaf, Node
from vendor_eval.tender import PRICE, Evaluation

Floats = NDArray[np.float64]
HUNDRED = 100.0


@dataclass(frozen=True)
class Leaves:
    """Tables (m, q) over the weighted leaves: values, what open ones can become, weights of each vendor.

    `shared` (q,) are the weights over all that is asked; `own` (m, q) what is left once blanks that are excluded and
    ratings that are pending have left the sums. Under `shared` these count the mean of their siblings, which leaves
    every total what it is.
    """

    questions: tuple[str, ...]
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
    ranked: tuple[Judged, ...]

    @cached_property
    def vendors(self) -> tuple[str, ...]:
        return tuple(vendor.vendor for vendor in self.ranked)

    @cached_property
    def is_tied(self) -> bool:
        """Whether several vendors share the first place."""
        return sum(vendor.rank == 1 for vendor in self.ranked) > 1

    @cached_property
    def offers(self) -> tuple[Priced, ...]:
        return tuple(vendor.priced for vendor in self.ranked if vendor.priced)

    @cached_property
    def nodes(self) -> tuple[Mapping[str, Node], ...]:
        """Nodes of each vendor by id."""
        return tuple({node.id: node for node in vendor.card.nodes} for vendor in self.ranked)

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        asked = self.nodes[0]
        return tuple(c for c in self.evaluation.criteria.categories if c.weighted and asked[c.category].low is not None)

    @cached_property
    def price_share(self) -> float:
        price = self.evaluation.price
        return price.share if price else 0.0

    @property
    def quality_share(self) -> float:
        return 1.0 - self.price_share

    @cached_property
    def price_scores(self) -> Floats:
        """Scores of the price (m, 1); without a column for it (m, 0)."""
        scores = [[vendor.priced.score if vendor.priced else 0.0] for vendor in self.ranked]
        return np.array(scores, dtype=np.float64)[:, : int(self.price_share > 0)]

    @cached_property
    def factors(self) -> Floats:
        """Key of each vendor for one point of quality (m, 1)."""
        return np.array([[vendor.key_per_point] for vendor in self.ranked])

    @cached_property
    def columns(self) -> Mapping[str, str]:
        titles = {category.category: category.title for category in self.categories}
        return titles | ({PRICE: "Price"} if self.price_share > 0 else {})

    @cached_property
    def weights(self) -> Floats:
        """Weights of the columns (n,), adding up to 1."""
        stated = np.array([self.evaluation.weights.get(c.category, 0.0) for c in self.categories], dtype=np.float64)
        shares = stated / stated.sum() * self.quality_share
        return np.append(shares, self.price_share) if self.price_share > 0 else np.asarray(shares)

    @cached_property
    def totals(self) -> Floats:
        """Keys by which the vendors are ranked (m,)."""
        return np.array([vendor.key for vendor in self.ranked])

    @cached_property
    def values(self) -> Floats:
        """Scores (m, n); where a vendor has none in a category, its quality is used, which leaves that unchanged."""
        scores = [
            [_first(nodes[c.category].score, vendor.quality) for c in self.categories]
            for vendor, nodes in zip(self.ranked, self.nodes, strict=True)
        ]
        return np.hstack((np.array(scores) * self.factors, self.price_scores))

    def criteria(self, category: Category) -> tuple[tuple[str, ...], Floats, Floats]:
        """Ids, local weights (k,) and scores (m, k) of the asked criteria; where there is none, the category's."""
        asked = self.nodes[0]
        names = [f"{category.category}.{c.id}" for c in category.criteria]
        names = [name for name in names if asked[name].low is not None]
        weights = np.array([asked[name].weight for name in names], dtype=np.float64)
        scores = [
            [_first(nodes[name].score, nodes[category.category].score, vendor.quality) for name in names]
            for vendor, nodes in zip(self.ranked, self.nodes, strict=True)
        ]
        return tuple(names), weights, np.array(scores) * self.factors

    @cached_property
    def leaves(self) -> Leaves:
        """Tables over the leaves that have a weight."""
        at = [index for index, leaf in enumerate(self.ranked[0].card.leaves) if leaf.global_weight > 0]
        rows = tuple(tuple(vendor.card.leaves[index] for index in at) for vendor in self.ranked)
        tables = [
            _row(row, vendor.quality, nodes) for row, vendor, nodes in zip(rows, self.ranked, self.nodes, strict=True)
        ]
        values, lows, highs, claims, own, fixed = np.stack(tables, axis=1)
        shared = np.array([leaf.global_weight for leaf in rows[0]])
        # A vendor without an answer that counts has no weights either: none of its answers can move alone.
        own = np.where(own.sum(axis=1, keepdims=True) > 0, own, shared)
        return self._with_price(
            Leaves(
                tuple(leaf.question.id for leaf in rows[0]),
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
        """Add the price as a column: never pivotal, since it is no answer, and open while it is incomplete."""
        scores, share = self.price_scores, self.price_share
        column = np.ones_like(scores)
        bids = [vendor.priced for vendor in self.ranked]
        lows, highs = (
            np.array([[getattr(bid, name) if bid else 0.0] for bid in bids])[:, : scores.shape[1]]
            for name in ("low", "high")
        )
        return Leaves(
            (*leaves.questions, *[PRICE] * scores.shape[1]),
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
        claims.append(leaf.claimed if leaf.state == "answered" and leaf.rated.level in UNPROVEN else value)
        own.append(leaf.effective)
        # A settled answer follows another one: it cannot move alone.
        fixed.append(float(not counts or leaf.state == "settled"))
    # An array for each vendor: lists of the whole field would take several times the memory.
    return np.array((values, lows, highs, claims, own, fixed))


def _first(*scores: float | None) -> float:
    return next((score for score in scores if score is not None), 0.0)
