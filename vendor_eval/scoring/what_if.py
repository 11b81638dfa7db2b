"""What answers could become: each as it is, proven, failed and best, with what other answers make of it.

They are valued and tested by the same functions as the answers that came in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

from vendor_eval.criteria import split_reference
from vendor_eval.criteria.questions import Answer, GateTest, Question
from vendor_eval.findings.acts import Rated
from vendor_eval.results.page import LEAF_STATES, LeafFigures, Variants
from vendor_eval.scoring.gates import WORST_FIRST, result_of
from vendor_eval.scoring.score import Leaf, Scorecard, Valuer
from vendor_eval.tender import Evaluation

_Test = tuple[GateTest, bool]


@dataclass(frozen=True)
class WhatIfs:
    """The variants of every answer; equal ones of all vendors are one entry of `leaves`."""

    evaluation: Evaluation
    leaves: dict[LeafFigures, int] = field(default_factory=dict)
    _extremes: dict[str, tuple[Answer, Answer] | None] = field(default_factory=dict)
    _alone: dict[str, tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def tests(self) -> Mapping[str, tuple[_Test, ...]]:
        """Tests of all gates that look at a question, each with whether it needs a document, in the order of gates."""
        asked = self.evaluation.asked_questions
        tests: dict[str, list[_Test]] = {name: [] for name in asked}
        for name, question in asked.items():
            for gate in question.gates:
                for other, test in (test for branch in gate.branches(name) for test in branch):
                    if other in tests:
                        tests[other].append((test, gate.needs == "document"))
        return {name: tuple(own) for name, own in tests.items()}

    @cached_property
    def hangs_on(self) -> Mapping[str, tuple[str, ...]]:
        """Other questions whose answers settle or cap the answer to each."""
        asked, known = self.evaluation.asked_questions, self.evaluation.criteria.questions

        def parents(name: str) -> Iterator[str]:
            for parent in asked[name].ask_if:
                yield from (parent, *parents(parent))
            yield from (split_reference(reference, known)[0] for reference in asked[name].cap_if)

        return {name: tuple(dict.fromkeys(p for p in parents(name) if p in asked and p != name)) for name in asked}

    def variants(self, card: Scorecard, before: Scorecard | None = None) -> Iterator[tuple[str, Variants]]:
        """Give the variants of every answer of a vendor as rated in a scorecard; of those alone that `before` lacks."""
        leaves = {leaf.question.id: leaf for leaf in card.leaves}
        rated = {name: leaf.rated for name, leaf in leaves.items()}
        known = {leaf.question.id: leaf.rated for leaf in before.leaves} if before else {}
        for name in self.evaluation.asked_questions:
            if any(rated[other] is not known.get(other) for other in (name, *self.hangs_on[name])):
                yield name, self._combined(name, rated) if self.hangs_on[name] else self._single(leaves[name])

    def _single(self, leaf: Leaf) -> Variants:
        name, rated, own = leaf.question.id, leaf.rated, self._place(leaf)
        if name not in self._alone:
            *_, failed, best = self._settings(name, rated)
            self._alone[name] = (self._valued(name, {name: failed}), self._valued(name, {name: best}))
        proven = _proven(rated)
        if proven is rated or proven.given is None:
            return own, own, *self._alone[name]
        valuer = Valuer(self.evaluation, {}, {}, {}, {})
        return own, self._place(valuer.proven(leaf, proven, proven.given)), *self._alone[name]

    def _combined(self, name: str, rated: Mapping[str, Rated]) -> Variants:
        names = (name, *self.hangs_on[name])
        settings = [self._settings(other, rated[other]) for other in reversed(names)]
        combinations = (zip(reversed(names), combination, strict=True) for combination in product(*settings))
        return tuple(self._valued(name, {**rated, **dict(combination)}) for combination in combinations)

    def _settings(self, name: str, rated: Rated) -> tuple[Rated, Rated, Rated, Rated]:
        """Give a rated answer as it is, proven, failed and best; where there is no such answer, as it is."""
        extremes = self._failed_and_best(self.evaluation.asked_questions[name], rated)
        failed, best = (_found(rated, answer) for answer in extremes) if extremes else (rated, rated)
        return rated, _proven(rated), failed, best

    def _failed_and_best(self, question: Question, rated: Rated) -> tuple[Answer, Answer] | None:
        if question.id not in self._extremes:
            tests = [test for test, _ in self.tests[question.id]]
            answers = list(question.candidates(tests, self.evaluation.setting))
            worth = [self._worth(question, _found(rated, answer)) for answer in answers]
            ends = [answers[worth.index(end(worth))] for end in (min, max)] if answers else []
            self._extremes[question.id] = (ends[0], ends[1]) if ends else None
        return self._extremes[question.id]

    def _worth(self, question: Question, rated: Rated) -> tuple[float, int]:
        valuer = Valuer(self.evaluation, {question.id: rated}, {}, {}, {})
        leaf = valuer.found(question, rated, rated.given or Answer(""))
        return leaf.claimed, sum(map(int, self._results(leaf)))

    def _valued(self, name: str, rated: Mapping[str, Rated]) -> int:
        return self._place(Valuer(self.evaluation, rated, {}, {}, {}).leaf(name))

    def _place(self, leaf: Leaf) -> int:
        flags = leaf.answered + 2 * (leaf.rated.level == "verified")
        state, results = LEAF_STATES.index(leaf.state), self._results(leaf)
        figures = (state, leaf.claimed, leaf.credited, leaf.low, leaf.high, leaf.reach, flags, results)
        return self.leaves.setdefault(figures, len(self.leaves))

    def _results(self, leaf: Leaf) -> str:
        tests = self.tests[leaf.question.id]
        results = (result_of(test, leaf, needs_document=needs)[0] for test, needs in tests)
        return "".join(str(WORST_FIRST.index(result)) for result in results)


def _proven(rated: Rated) -> Rated:
    return rated if rated.given is None or rated.level == "verified" else replace(rated, level="verified", ticks={})


def _found(rated: Rated, answer: Answer) -> Rated:
    """Rate an answer that the buyer found, and checked, in place of what the vendor says."""
    return replace(rated, given=answer, state="answered", level="verified", ticks={}, interval=None)
