"""Models of the files of a criteria folder, and the scorecard that they are together."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from vendor_eval.config.models import Described, Fault, Frozen, Id, Text, Word
from vendor_eval.config.shipped import SHIPPED
from vendor_eval.config.yaml12 import Step
from vendor_eval.criteria.conditions import ALWAYS, Condition, When
from vendor_eval.criteria.parsing import normalize
from vendor_eval.criteria.questions import CertificationScheme, Question, Score, Stage, Weight
from vendor_eval.criteria.questions.base import BaseQuestion

TOTAL = 100.0
Steps = tuple[Step, ...]
# What a question names where no source says it.
OWN_JUDGEMENT = "E"


class Criterion(Frozen):
    """Questions that are judged together, with weights of their own."""

    id: Id
    title: Text
    weight: Weight
    questions: tuple[Question, ...]
    applies: Condition = {}


def _undotted(name: str) -> str:
    if "." in name:
        raise Fault("wrong-value", "the id of a category holds no '.', which parts it from those of its criteria")
    return name


class Category(Frozen):
    """Criteria under one title; `weighted: false` keeps it outside every total."""

    category: Annotated[Id, AfterValidator(_undotted)]
    title: Text
    criteria: tuple[Criterion, ...]
    intro: Text = ""
    aim: Text = ""
    applies: Condition = {}
    weighted: bool = True


class Floor(Described):
    """Least score of a category or criterion; a failed floor acts as a gate of its kind."""

    at_least: Score
    """Least score."""
    kind: Literal["must", "knock_out"] = "must"
    """`must`: a failure makes the vendor conditional; `knock_out`: it excludes the vendor."""
    stage: Stage = "award"
    """By when it must be reached: the offer is `read` on, the `award`, or the first item of `data` is shown."""
    when: Condition = {}
    """Condition on the context: the floor counts only where it holds."""


def _floor(value: object) -> object:
    return value if isinstance(value, dict | Floor) else {"at_least": value}


FloorSetting = Annotated[Floor, BeforeValidator(_floor, json_schema_input_type=Floor | Score)]


class ProfileRule(Frozen):
    """How a sourcing profile gives a context field: a value where a test on the profile holds, or ask."""

    value: Word | None = None
    ask: bool = False
    when: When = ALWAYS


def _rule(value: object) -> object:
    return {"ask": True} if value == "ask" else value


RuleSetting = Annotated[ProfileRule, BeforeValidator(_rule, json_schema_input_type=ProfileRule | Literal["ask"])]


class ContextField(Frozen):
    """A field of the context dictionary."""

    type: Literal["choice", "set", "bool"]
    question: Text
    values: dict[str, Text] | tuple[bool, ...]
    from_profile: Literal["copy", "ask"] | tuple[RuleSetting, ...] = "ask"

    @model_validator(mode="after")
    def _of_its_type(self) -> "ContextField":
        if self.type == "bool" and self.values != (True, False):
            raise Fault("wrong-value", "a bool has [true, false]", "values")
        if self.type != "bool" and not isinstance(self.values, dict):
            raise Fault("wrong-value", f"a {self.type} has keys with what they mean", "values")
        if not self.values:
            raise Fault("missing-key", "at least one value is needed", "values")
        return self


Weights = dict[str, Weight]


class ScorecardFile(Frozen):
    """scorecard.yaml."""

    scorecard: Id
    title: Text
    version: Text
    categories: tuple[Text, ...]
    presets: dict[str, Weights]
    preset_criteria: dict[str, dict[str, Weights]] = {}
    floors: dict[str, FloorSetting] = {}
    context: dict[str, ContextField] = {}
    vendor_profile: Text = ""


class Source(Frozen):
    """A source that questions name by its id; `read` says how its authors know what it holds."""

    id: Id
    title: Text
    author: Text = ""
    year: Text = ""
    link: Text = ""
    read: Literal["verbatim", "second hand", "from memory"]
    note: Text = ""


class SourceRegister(Frozen):
    """sources.yaml."""

    sources: tuple[Source, ...]

    @model_validator(mode="after")
    def _told_apart(self) -> "SourceRegister":
        ids = [source.id for source in self.sources]
        for index, name in enumerate(ids):
            if name in (*ids[:index], OWN_JUDGEMENT):
                raise Fault("repeated-id", f"the source '{name}' stands twice; keep one", "sources", index, "id")
        return self

    def find(self, name: str) -> Source | None:
        """Find what a question names: the id of a source, or an id with a place in it."""
        fitting = [source for source in self.sources if re.match(rf"{re.escape(source.id)}(?![A-Za-z0-9])", name)]
        return max(fitting, key=lambda source: len(source.id), default=None)


class Removal(Frozen):
    """What became of a question that an older version asked."""

    into: tuple[Id, ...] = ()
    reason: Text


class ChangesFile(Frozen):
    """changes.yaml: what this version made of the one before it."""

    of: Text
    removed: dict[str, Removal]


class EvidenceWords(Frozen):
    """evidence_words.yaml: cells that are filled and prove nothing, by language."""

    trim: str
    none: dict[str, tuple[Text, ...]]
    unnamed_document: dict[str, tuple[Text, ...]]

    @cached_property
    def _meanings(self) -> Mapping[str, Literal["nothing", "unnamed"]]:
        meanings: dict[str, Literal["nothing", "unnamed"]] = {}
        for words in self.unnamed_document.values():
            meanings.update({normalize(word).strip(self.trim): "unnamed" for word in words})
        for words in self.none.values():
            meanings.update({normalize(word).strip(self.trim): "nothing" for word in words})
        return {**meanings, "": "nothing"}

    def judge(self, text: str) -> Literal["document", "nothing", "unnamed"]:
        """Tell whether an Evidence cell names a document."""
        return self._meanings.get(normalize(text).strip(self.trim), "document")


@dataclass(frozen=True)
class Criteria:
    """A checked scorecard: categories in order, questions by id, the words and tables that go with it.

    `sha256` tells the files apart; what an evaluation changes for itself leaves it as it is.
    """

    file: ScorecardFile
    categories: tuple[Category, ...]
    scheme: CertificationScheme
    words: EvidenceWords
    sha256: str
    sources: SourceRegister | None = None

    @property
    def shipped_version(self) -> str:
        """Version of the shipped scorecard that this is, or that it was copied from; '' for any other."""
        return self.file.version if self.file.scorecard == SHIPPED else ""

    @property
    def _nodes(self) -> Iterator[tuple[str, Criterion]]:
        return ((f"{c.category}.{criterion.id}", criterion) for c in self.categories for criterion in c.criteria)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        return {q.id: q for _, criterion in self._nodes for q in criterion.questions}

    def with_questions(
        self, change: Callable[[Question], BaseQuestion], weights: Mapping[str, float] | None = None
    ) -> "Criteria":
        """Return the scorecard with every question changed, and with new weights of criteria by node id."""
        categories = []
        for category in self.categories:
            criteria = []
            for criterion in category.criteria:
                weight = (weights or {}).get(f"{category.category}.{criterion.id}", criterion.weight)
                questions = tuple(map(change, criterion.questions))
                criteria.append(criterion.model_copy(update={"weight": weight, "questions": questions}))
            categories.append(category.model_copy(update={"criteria": tuple(criteria)}))
        return replace(self, categories=tuple(categories))

    @cached_property
    def parents(self) -> Mapping[str, str]:
        return {q.id: node for node, criterion in self._nodes for q in criterion.questions}

    @cached_property
    def node_ids(self) -> tuple[str, ...]:
        return tuple(
            node
            for category in self.categories
            for node in (category.category, *(f"{category.category}.{c.id}" for c in category.criteria))
        )

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Titles of categories and criteria, by id."""
        return {c.category: c.title for c in self.categories} | {name: c.title for name, c in self._nodes}

    @cached_property
    def weighted_node_ids(self) -> tuple[str, ...]:
        """Ids of categories and criteria that count in a total."""
        unweighted = {category.category for category in self.categories if not category.weighted}
        return tuple(node for node in self.node_ids if node.partition(".")[0] not in unweighted)

    @cached_property
    def context_fields(self) -> frozenset[str]:
        return frozenset(self.file.context) | {name for condition in self.conditions() for name in condition}

    def conditions(self) -> Iterator[Mapping[str, tuple[bool | str, ...]]]:
        yield from (floor.when for floor in self.file.floors.values())
        for category in self.categories:
            yield category.applies
            for criterion in category.criteria:
                yield criterion.applies
                for question in criterion.questions:
                    yield from (condition for _, condition in question_conditions(question))


def question_conditions(question: Question) -> Iterator[tuple[Steps, Mapping[str, tuple[bool | str, ...]]]]:
    """List the conditions of a question, its gates and its breakpoints, each with its path in the question."""
    yield ("applies",), question.applies
    for key, parts in (("gates", question.gates), ("points_when", getattr(question, "points_when", ()))):
        yield from (((key, index, "when"), part.when) for index, part in enumerate(parts))
