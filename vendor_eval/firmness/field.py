"""The ranked vendors as tables: categories, criteria and leaves, with something for everybody in every cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vendor_eval.criteria import Category
from vendor_eval.gates import Verdict
from vendor_eval.scoring import Leaf, Node, Scorecard
from vendor_eval.tender import Evaluation

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Entrant:
    """A ranked vendor: its name for sentences, its scorecard, gates and rank."""

    name: str
    card: Scorecard
    verdict: Verdict
    rank: int

    @property
    def vendor(self) -> str:
        """Id of the vendor."""
        return self.card.vendor

    @property
    def total(self) -> float:
        """Total that ranks."""
        return self.card.total.score or 0.0


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
        """Weighted categories in which something is asked. A price will be one more column."""
        asked = self.nodes[0]
        return tuple(c for c in self.evaluation.criteria.categories if c.weighted and asked[c.category].low is not None)

    @cached_property
    def weights(self) -> Floats:
        """Weights of the categories (n,), adding up to 1."""
        given = np.array([self.evaluation.weights.get(c.category, 0.0) for c in self.categories], dtype=np.float64)
        return np.asarray(given / given.sum())

    @cached_property
    def totals(self) -> Floats:
        """Totals (m,)."""
        return np.array([entrant.total for entrant in self.entrants])

    @cached_property
    def values(self) -> Floats:
        """Scores (m, n); where a vendor has none in a category, its total stands in and leaves its total unchanged."""
        return np.array(
            [
                [_first(nodes[c.category].score, entrant.total) for c in self.categories]
                for entrant, nodes in zip(self.entrants, self.nodes, strict=True)
            ]
        )

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
            [_first(nodes[name].score, nodes[category.category].score, entrant.total) for name in names]
            for entrant, nodes in zip(self.entrants, self.nodes, strict=True)
        ]
        return tuple(names), weights, np.array(scores)

    @cached_property
    def leaves(self) -> Leaves:
        """Tables over the leaves that have a weight."""
        at = [index for index, leaf in enumerate(self.entrants[0].card.leaves) if leaf.global_weight > 0]
        rows = tuple(tuple(entrant.card.leaves[index] for index in at) for entrant in self.entrants)
        told = [
            _row(row, entrant.total, nodes) for row, entrant, nodes in zip(rows, self.entrants, self.nodes, strict=True)
        ]
        values, lows, highs, claims, own, fixed = (np.array(column) for column in zip(*told, strict=True))
        shared = np.array([leaf.global_weight for leaf in rows[0]])
        return Leaves(
            tuple(leaf.question.id for leaf in rows[0]),
            rows,
            values,
            np.minimum(lows, values),
            np.maximum(highs, values),
            np.maximum(claims, values),
            shared,
            # Whoever has no answer that counts has no weights either: nothing of it can move alone.
            np.where(own.sum(axis=1, keepdims=True) > 0, own, shared),
            np.asarray(fixed, dtype=np.bool_),
        )


def _row(row: Sequence[Leaf], total: float, nodes: Mapping[str, Node]) -> tuple[list[float], ...]:
    values, lows, highs, claims, own, fixed = [], [], [], [], [], []
    for leaf in row:
        counts = leaf.effective > 0
        criterion = nodes[leaf.parent]
        category = nodes[criterion.parent or ""]
        value = leaf.credited if counts else _first(criterion.score, category.score, total)
        values.append(value)
        lows.append(leaf.low)
        highs.append(leaf.high)
        claims.append(leaf.claimed if leaf.state == "answered" and leaf.rated.level == "claim" else value)
        own.append(leaf.effective)
        # A settled answer follows another one: it cannot move alone.
        fixed.append(float(not counts or leaf.state == "settled"))
    return values, lows, highs, claims, own, fixed


def _first(*scores: float | None) -> float:
    return next((score for score in scores if score is not None), 0.0)


def field_of(evaluation: Evaluation, entrants: Sequence[Entrant]) -> Field:
    """Set the tables up for vendors in the order of their ranking."""
    return Field(evaluation, tuple(entrants))
