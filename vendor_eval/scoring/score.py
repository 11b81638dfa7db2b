"""From rated answers to scores: values, evidence caps, weights, blanks, intervals (values and scores 0 to 100).

Weights come in two kinds. `global_weight` is over everything that is asked; `effective` is over what is left once
pending and excluded answers have left the sums of their own parents. Contributions use the second and add up to the
score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Literal

from vendor_eval.criteria import Category, options_of, split_reference
from vendor_eval.criteria.parsing import normalize
from vendor_eval.criteria.questions import HUNDRED, Answer, AnswerSettings, MultiChoice, NextStep, Question
from vendor_eval.criteria.questions.figures import FigureQuestion
from vendor_eval.findings.acts import Rated
from vendor_eval.tender import Evaluation

LeafState = Literal["answered", "blank", "invalid", "settled", "pending"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An asked question with what one vendor earned: `low` and `high` are what open points can still make of it."""

    question: Question
    parent: str
    state: LeafState
    rated: Rated
    claimed: float = 0.0
    credited: float = 0.0
    low: float = 0.0
    high: float = HUNDRED
    reach: float = HUNDRED
    cap: float = HUNDRED
    scored: bool = True
    answered: bool = False
    explanation: str = ""
    next_step: NextStep | None = None
    settled_by: str = ""
    global_weight: float = 0.0
    effective: float = 0.0

    @property
    def contribution(self) -> float:
        return self.effective * self.credited


@dataclass(frozen=True, slots=True)
class Node:
    """A category or criterion: None where nothing below it has a weight that counts."""

    id: str
    kind: Literal["category", "criterion"]
    parent: str | None
    weight: float
    score: float | None = None
    claimed: float | None = None
    low: float | None = None
    high: float | None = None
    reach: float | None = None
    coverage: float | None = None
    documented: float = 0.0
    verified: float = 0.0
    global_weight: float = 0.0
    effective: float = 0.0

    @property
    def contribution(self) -> float:
        return self.effective * (self.score or 0.0)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One vendor's total, nodes and leaves, in the order of the criteria."""

    vendor: str
    total: Node
    nodes: tuple[Node, ...]
    leaves: tuple[Leaf, ...]

    def node(self, name: str) -> Node:
        return next(node for node in self.nodes if node.id == name)


@dataclass(slots=True)
class Valuer:
    """Values the answers of one vendor; a follow-up may need the value of the question that it hangs on."""

    evaluation: Evaluation
    rated: Mapping[str, Rated]
    done: dict[str, Leaf]
    unchanged: Mapping[str, Leaf]
    nodes_before: Mapping[str, Node]

    def leaf(self, name: str) -> Leaf:
        if name not in self.done:
            self.done[name] = self._leaf(self.evaluation.asked_questions[name])
        return self.done[name]

    def _leaf(self, question: Question) -> Leaf:
        rated = self.rated[question.id]
        blank = Leaf(question, self.evaluation.criteria.parents[question.id], "blank", rated, scored=question.is_scored)
        settled = self._settled(question, blank)
        if settled is not None:
            return settled
        if rated.given is None:
            return replace(blank, state=rated.state, explanation=_EMPTY[rated.state])
        return self._answered(question, blank, rated.given)

    def _settled(self, question: Question, blank: Leaf) -> Leaf | None:
        """Give a follow-up that the vendor's own answer made unnecessary that answer's value and credit."""
        hung = [(self.leaf(name), answers) for name, answers in question.ask_if.items()]
        unmet = [parent for parent, answers in hung if not _chose(parent, answers)]
        if not unmet:
            return None
        parent = min(unmet, key=lambda leaf: leaf.credited)
        known = parent.answered
        return replace(
            blank,
            state="settled",
            claimed=parent.claimed if known else 0.0,
            credited=parent.credited if known else 0.0,
            low=parent.low if known else 0.0,
            high=parent.high if known else HUNDRED,
            reach=parent.reach if known else HUNDRED,
            cap=parent.cap,
            answered=known,
            settled_by=parent.question.id,
            explanation=f"not needed after the answer to {parent.question.id}, whose credit it takes"
            if known
            else f"depends on {parent.question.id}, which is open: counts 0",
        )

    def found(self, question: Question, rated: Rated, given: Answer) -> Leaf:
        """Value an answer that the buyer found, without a word on how."""
        value = min([question.value(given, self.evaluation.setting) or 0.0, *self._caps(question)[0]])
        return Leaf(question, "", "answered", rated, value, value, value, value, value, answered=True)

    def proven(self, leaf: Leaf, rated: Rated, given: Answer) -> Leaf:
        """Credit an answer that was valued under other proof, as it is rated now."""
        credited = self._credit(leaf.question, rated, given, leaf.claimed)[1]
        most = self._credit(leaf.question, rated, given, leaf.reach)[1] if leaf.reach > leaf.claimed else credited
        return replace(leaf, rated=rated, credited=credited, low=credited, high=most)

    def _answered(self, question: Question, blank: Leaf, given: Answer) -> Leaf:
        setting = self.evaluation.setting
        plain = question.value(given, setting) or 0.0
        measured = self._measured(question, blank.rated)
        least, most = measured or (plain, plain)
        bounds, open_cap = self._caps(question)
        value = min([plain, *bounds])
        cap, credited = self._credit(question, blank.rated, given, value)
        # A cap that a blank answer elsewhere holds down may still rise.
        reach = most if open_cap else min([most, *bounds])
        chance = f"; the pilot leaves {least:.10g} to {most:.10g}" if least < most else ""
        return replace(
            blank,
            state="answered",
            claimed=value,
            credited=credited,
            low=self._credit(question, blank.rated, given, min([least, *bounds]))[1] if measured else credited,
            high=self._credit(question, blank.rated, given, reach)[1] if reach > value else credited,
            reach=reach,
            cap=cap,
            answered=True,
            explanation=_explain(question, given, setting, bounds, value, cap)
            + chance
            + _by_tick(self._tick_caps(question, blank.rated, given)) * (cap < value),
            next_step=question.next_step(given, setting),
        )

    @staticmethod
    def _measured(question: Question, rated: Rated) -> tuple[float, float] | None:
        """Least and greatest value of what the pilot leaves possible."""
        return question.extremes(*rated.interval) if rated.interval and isinstance(question, FigureQuestion) else None

    def _credit(self, question: Question, rated: Rated, given: Answer, value: float) -> tuple[float, float]:
        """Cap by the evidence, and what it leaves of a value; each tick of a tick list has a cap of its own."""
        caps = self.evaluation.caps
        if caps is None or question.type == "rubric":
            return HUNDRED, value
        ticks = self._tick_caps(question, rated, given)
        if len({cap for _, cap in ticks}) > 1:
            credited = greatest_credit(ticks, value)
            # Where the vendor had better left a tick out, what counts is more than the mean of the caps.
            return max(weighted_mean(ticks) or 0.0, credited), credited
        cap = ticks[0][1] if ticks else caps[rated.level or "claim"]
        return cap, min(value, cap)

    def _tick_caps(self, question: Question, rated: Rated, given: Answer) -> list[tuple[float, float]]:
        """List score and cap of each tick that is worth something; none where the answer has one cap in all."""
        caps = self.evaluation.caps
        if caps is None or not rated.ticks or not isinstance(question, MultiChoice):
            return []
        return [
            (option.score, caps[rated.ticks.get(option.id, "claim")])
            for option in question.options
            if option.id in (given.chosen or ()) and option.score
        ]

    def _caps(self, question: Question) -> tuple[list[float], bool]:
        """Caps that other answers set, and whether one of them hangs on a blank."""
        bounds: list[float] = []
        open_cap = False
        for reference, caps in question.cap_if.items():
            name, part = split_reference(reference, self.evaluation.criteria.questions)
            other = self.rated.get(name)
            if other is None:
                continue  # not asked in this evaluation, so it cannot hold this answer down
            chosen = _chosen(self.evaluation.asked_questions[name], other.given, part)
            if chosen is None:
                bounds.append(min(caps.values()))
                open_cap = other.state != "answered" or open_cap
            else:
                bounds += [cap for key, cap in caps.items() if key in chosen or normalize(key) in chosen]
        return bounds, open_cap


_EMPTY = {
    "blank": "no answer: counts 0",
    "invalid": "no single reading: counts 0",
    "pending": "no evaluator has given a level: left out until then",
}


def _chosen(question: Question, given: Answer | None, part: str) -> frozenset[str] | None:
    """Ids and folded labels that an answer, or one part of it, stands for; None where it is blank."""
    if given is None:
        return None
    options = options_of(question, part) or {}
    if not part:
        ids = given.chosen or frozenset()
    elif given.parts:
        ids = frozenset({given.part(part)} - {""})
    else:
        ids = frozenset({"yes" if part in (given.chosen or ()) else "no"})
    if part and not ids:
        return None
    return ids | {normalize(options[name]) for name in ids if name in options}


def _chose(parent: Leaf, answers: Iterable[str]) -> bool:
    chosen = _chosen(parent.question, parent.rated.given, "") if parent.state == "answered" else None
    return chosen is not None and any(name in chosen or normalize(name) in chosen for name in answers)


def _explain(
    question: Question, given: Answer, setting: AnswerSettings, bounds: Sequence[float], value: float, cap: float
) -> str:
    text = question.explain(given, setting)
    if bounds and min(bounds) < (question.value(given, setting) or 0.0):
        text += f"; another answer caps it at {min(bounds):g}"
    if cap < value:
        text += f"; the evidence caps it at {cap:g}"
    return text


def _by_tick(ticks: Iterable[tuple[float, float]]) -> str:
    shown = ", ".join(f"{score:g} up to {cap:g}" for score, cap in ticks)
    return f", by the proof of each tick: {shown}" if shown else ""


def greatest_credit(ticks: Iterable[tuple[float, float]], most: float) -> float:
    """Give the greatest min(value, cap) over any selection of ticks, each with its score and its cap.

    The value is the sum of the scores, at most `most`; the cap is the mean of the caps by the scores. A vendor could
    have left the unproven ticks out.

    >>> greatest_credit([(40, 85), (60, 60)], 100), greatest_credit([(85, 85), (15, 60)], 100)
    (70.0, 85.0)
    """
    by_cap = sorted(ticks, key=lambda tick: -tick[1])
    sums = {(0.0, 0.0)}
    for score, cap in by_cap:
        more = {(total + score, weighted + score * cap) for total, weighted in sums}
        # Those of the highest cap lower neither the value nor the mean.
        sums = more if cap == by_cap[0][1] else sums | more
    return max((min(total, most, weighted / total) for total, weighted in sums if total), default=0.0)


def score(
    evaluation: Evaluation, vendor: str, rated: Mapping[str, Rated], before: Scorecard | None = None
) -> Scorecard:
    """Score one vendor's rated answers; nothing is rounded.

    Leaves of a scorecard from `before` are used again where neither their answer nor one that they depend on has been
    rated anew.
    """
    unchanged = _unchanged(evaluation, rated, before) if before else {}
    nodes_before = {node.id: node for node in before.nodes} if before else {}
    valuer = Valuer(evaluation, rated, {**unchanged}, unchanged, nodes_before)
    branches = [_branch(evaluation, category, valuer) for category in evaluation.criteria.categories]
    unweighted = [
        leaf for branch in branches if not branch.category.weighted for _, below in branch.below for leaf in below
    ]
    weighted = [branch for branch in branches if branch.category.weighted]
    total = replace(_over_nodes(_TOTAL, [branch.top for branch in weighted]), global_weight=1.0, effective=1.0)
    nodes: list[Node] = []
    leaves: list[Leaf] = []
    for top, branch in zip(_weighed(total, [branch.top for branch in weighted]), weighted, strict=True):
        nodes.append(top)
        for node, (_, below) in zip(_weighed(top, [node for node, _ in branch.below]), branch.below, strict=True):
            nodes.append(node)
            leaves += _weighed_leaves(node, below, evaluation.settings.missing)
    return Scorecard(vendor, total, tuple(nodes), (*unweighted, *leaves))


def _unchanged(evaluation: Evaluation, rated: Mapping[str, Rated], before: Scorecard) -> dict[str, Leaf]:
    """Find the leaves whose answer, and every answer that they depend on, is still rated as it was."""
    leaves = {leaf.question.id: leaf for leaf in before.leaves if rated[leaf.question.id] is leaf.rated}
    questions = evaluation.criteria.questions
    parents = {
        name: {*leaf.question.ask_if, *(split_reference(reference, questions)[0] for reference in leaf.question.cap_if)}
        for name, leaf in leaves.items()
        if leaf.question.ask_if or leaf.question.cap_if
    }
    while stale := [name for name, of in parents.items() if any(p in rated and p not in leaves for p in of)]:
        for name in stale:
            del leaves[name], parents[name]
    return leaves


_TOTAL = Node("", "category", None, HUNDRED)


@dataclass(frozen=True, slots=True)
class _Branch:
    category: Category
    top: Node
    below: tuple[tuple[Node, tuple[Leaf, ...]], ...]


def _branch(evaluation: Evaluation, category: Category, valuer: Valuer) -> _Branch:
    below = []
    for criterion in category.criteria:
        leaves = tuple(valuer.leaf(question.id) for question in criterion.questions if evaluation.scope[question.id])
        node = Node(f"{category.category}.{criterion.id}", "criterion", category.category, criterion.weight)
        unchanged = node.id in valuer.nodes_before and all(leaf.question.id in valuer.unchanged for leaf in leaves)
        if unchanged:
            node = valuer.nodes_before[node.id]
        else:
            node = _over_nodes(node, [_as_node(leaf, evaluation.settings.missing) for leaf in leaves if leaf.scored])
        below.append((node, leaves))
    top = Node(category.category, "category", None, evaluation.weights.get(category.category, 0.0))
    return _Branch(category, _over_nodes(top, [node for node, _ in below]), tuple(below))


def _counts(leaf: Leaf, missing: str) -> bool:
    return leaf.scored and leaf.state != "pending" and not (missing == "exclude" and leaf.state == "blank")


def _as_node(leaf: Leaf, missing: str) -> Node:
    """Write a scored answer as a node, so that criteria and categories are means of the same figures."""
    level = leaf.rated.level if leaf.state == "answered" else None
    return Node(
        leaf.question.id,
        "criterion",
        leaf.parent,
        leaf.question.weight,
        leaf.credited if _counts(leaf, missing) else None,
        leaf.claimed,
        leaf.low,
        leaf.high,
        leaf.reach,
        float(leaf.answered),
        float(level in {"document", "verified"}),
        float(level == "verified"),
    )


def _over_nodes(node: Node, children: Sequence[Node]) -> Node:
    asked = [child for child in children if child.weight and child.low is not None]
    counted = [child for child in asked if child.score is not None]
    if not asked:
        return node

    def mean(name: str, among: Sequence[Node] = asked) -> float | None:
        return weighted_mean((child.weight, getattr(child, name)) for child in among)

    return replace(
        node,
        score=mean("score", counted),
        claimed=mean("claimed", counted),
        low=mean("low"),
        high=mean("high"),
        reach=mean("reach"),
        coverage=mean("coverage"),
        documented=mean("documented") or 0.0,
        verified=mean("verified") or 0.0,
    )


def weighted_mean(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Mean of values by weights; None where the weights add up to nothing.

    >>> weighted_mean([(3, 100.0), (1, 0.0)])
    75.0
    """
    weighted = list(pairs)
    total = fsum(weight for weight, _ in weighted)
    return fsum(weight * value for weight, value in weighted) / total if total else None


def _weighed(parent: Node, children: Sequence[Node]) -> list[Node]:
    """Give each child its share of the parent's weights."""
    asked = fsum(child.weight for child in children if child.low is not None)
    counted = fsum(child.weight for child in children if child.score is not None)
    return [
        replace(
            child,
            global_weight=parent.global_weight * child.weight / asked if asked and child.low is not None else 0.0,
            effective=parent.effective * child.weight / counted if counted and child.score is not None else 0.0,
        )
        for child in children
    ]


def _weighed_leaves(node: Node, leaves: Sequence[Leaf], missing: str) -> list[Leaf]:
    asked = fsum(leaf.question.weight for leaf in leaves if leaf.scored)
    counted = fsum(leaf.question.weight for leaf in leaves if _counts(leaf, missing))
    weighed = []
    for leaf in leaves:
        share = node.global_weight * leaf.question.weight / asked if asked and leaf.scored else 0.0
        effective = node.effective * leaf.question.weight / counted if counted and _counts(leaf, missing) else 0.0
        same = share == leaf.global_weight and effective == leaf.effective
        weighed.append(leaf if same else replace(leaf, global_weight=share, effective=effective))
    return weighed
