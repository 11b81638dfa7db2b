"""Models of the files of a criteria folder, and the scorecard that they are together."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import floor, fsum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from vendor_eval.config.models import Described, Fault, Frozen, Id, Text, Word
from vendor_eval.config.shipped import SHIPPED
from vendor_eval.config.yaml12 import Step
from vendor_eval.criteria.conditions import ALWAYS, Condition, When
from vendor_eval.criteria.parsing import normalize
from vendor_eval.criteria.questions import CertificationScheme, Question, Score, Stage, Weight
from vendor_eval.criteria.questions.base import BaseQuestion
from vendor_eval.issues import did_you_mean

TOTAL = 100.0
_DIGITS = 9  # below them sums of decimals carry noise
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
    label: Text = ""
    values: dict[str, Text] | tuple[bool, ...]
    from_profile: Literal["copy", "ask"] | tuple[RuleSetting, ...] = "ask"
    if_unset: Word | None = None

    @model_validator(mode="after")
    def _of_its_type(self) -> "ContextField":
        if self.type == "bool" and self.values != (True, False):
            raise Fault("wrong-value", "a bool has [true, false]", "values")
        if self.type != "bool" and not isinstance(self.values, dict):
            raise Fault("wrong-value", f"a {self.type} has keys with what they mean", "values")
        if not self.values:
            raise Fault("missing-key", "at least one value is needed", "values")
        if self.if_unset is not None and self.if_unset not in self.values:
            raise Fault("wrong-value", f"'{self.if_unset}' is not one of the values", "if_unset")
        return self


Weights = dict[str, Weight]


class Tag(Frozen):
    """What a project of this kind moves: points between categories, which add up to 0, and weights inside them."""

    delta: dict[str, float]
    criteria: dict[str, Weights] = {}


class TaggedPreset(Frozen):
    """A preset that is the points of another one, and tags."""

    base: Text
    tags: tuple[Text, ...]


class ScorecardFile(Frozen):
    """scorecard.yaml."""

    scorecard: Id
    title: Text
    version: Text
    categories: tuple[Text, ...]
    presets: dict[str, Weights]
    preset_criteria: dict[str, dict[str, Weights]] = {}
    tagged_presets: dict[str, TaggedPreset] = {}
    tags: dict[str, Tag] = {}
    tag_floors: Weights = {}
    price_weights: dict[str, Score] = {}
    price_weight_reason: Text = ""
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
    """sources.yaml; a folder without one has an empty register, and its questions may name anything."""

    sources: tuple[Source, ...] = ()

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

    def title_of(self, name: str) -> str:
        """Title of what a question names, with its author and year."""
        source = self.find(name)
        if source is None:
            return "judgment of the authors"
        return f"{source.title} ({', '.join(filter(None, (source.author, source.year)))})".removesuffix(" ()")


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
    sources: SourceRegister

    @property
    def shipped_version(self) -> str:
        """Version of the shipped scorecard that this is, or that it was copied from; '' for any other."""
        return self.file.version if self.file.scorecard == SHIPPED else ""

    @property
    def placed(self) -> Iterator[tuple[Category, Criterion, Question]]:
        """Every question, after the category and the criterion that it belongs to."""
        return ((c, criterion, q) for c in self.categories for criterion in c.criteria for q in criterion.questions)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        return {q.id: q for _, _, q in self.placed}

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
        return {q.id: f"{category.category}.{criterion.id}" for category, criterion, q in self.placed}

    def hint_for(self, name: str, known: Iterable[str]) -> str:
        """Name the questions that took an unknown id over from an earlier version, else the nearest known name."""
        successors = [q.id for q in self.questions.values() if name in (*q.replaces, *q.merged)]
        return f" (its subject is now in {' and '.join(successors)})" if successors else did_you_mean(name, known)

    @cached_property
    def node_ids(self) -> tuple[str, ...]:
        return tuple(self.titles)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Titles of categories, each followed by those of its criteria, by id."""
        titles: dict[str, str] = {}
        for category in self.categories:
            titles[category.category] = category.title
            titles.update({f"{category.category}.{c.id}": c.title for c in category.criteria})
        return titles

    @cached_property
    def weighted_categories(self) -> tuple[str, ...]:
        """Ids of the categories that count in a total, in the order of the scorecard."""
        unweighted = {category.category for category in self.categories if not category.weighted}
        return tuple(name for name in self.file.categories if name not in unweighted)

    @cached_property
    def presets(self) -> Mapping[str, Mapping[str, float]]:
        return {name: self.points(name) for name in (*self.file.presets, *self.file.tagged_presets)}

    def points(self, preset: str, tags: Iterable[str] = ()) -> Mapping[str, float]:
        """Points of the categories under a preset with further tags."""
        base, names = self.base_and_tags(preset, tags)
        deltas = [self.file.tags[name].delta for name in names]
        start = self.file.presets[base]
        return add_deltas(start, deltas, self.file.tag_floors) if deltas else start

    def shifts(self, preset: str, tags: Iterable[str] = ()) -> Mapping[str, Mapping[str, float]]:
        """Weights of criteria by category that a preset with further tags changes."""
        by_category = {name: dict(weights) for name, weights in self.file.preset_criteria.get(preset, {}).items()}
        for tag in self.base_and_tags(preset, tags)[1]:
            for name, weights in self.file.tags[tag].criteria.items():
                by_category.setdefault(name, {}).update(weights)
        return by_category

    def base_and_tags(self, preset: str, tags: Iterable[str] = ()) -> tuple[str, tuple[str, ...]]:
        """Tell the preset that is a row of points, and every tag on top of it."""
        tagged = self.file.tagged_presets.get(preset)
        base, own = (tagged.base, tagged.tags) if tagged is not None else (preset, ())
        return base, tuple(dict.fromkeys((*own, *tags)))

    def price_weight(self, preset: str, tags: Iterable[str] = ()) -> float | None:
        """Weight of the price that goes with tags: the least of the presets that hold no other tag, else the base's."""
        base, names = self.base_and_tags(preset, tags)
        weights = self.file.price_weights
        inside = [n for n, p in self.file.tagged_presets.items() if n in weights and set(p.tags) <= set(names)]
        return min((weights[name] for name in inside), default=weights.get(base))

    def conditions(self) -> Iterator[Mapping[str, tuple[bool | str, ...]]]:
        yield from (floor.when for floor in self.file.floors.values())
        for category in self.categories:
            yield category.applies
            for criterion in category.criteria:
                yield criterion.applies
                for question in criterion.questions:
                    yield from (condition for _, condition in question_conditions(question))


def add_deltas(
    start: Mapping[str, float], deltas: Iterable[Mapping[str, float]], floors: Mapping[str, float]
) -> dict[str, float]:
    """Add deltas to points, lift them to floors, and round to whole points of 100 by largest remainder.

    What lifting needs comes from those above their floor, in proportion to their excess.

    >>> add_deltas({"a": 50, "b": 50}, [{"a": 30, "b": -30}], {"b": 25})
    {'a': 75.0, 'b': 25.0}
    """
    added = [*deltas]
    raw = {name: points + fsum(delta.get(name, 0) for delta in added) for name, points in start.items()}
    lifted = {name: max(points, floors.get(name, 0)) for name, points in raw.items()}
    excess = {name: points - floors.get(name, 0) for name, points in lifted.items()}
    taken = (fsum(lifted.values()) - fsum(raw.values())) / fsum(excess.values())
    exact = {name: round(lifted[name] - taken * excess[name], _DIGITS) for name in lifted}
    points = {name: float(floor(number)) for name, number in exact.items()}
    by_remainder = sorted(exact, key=lambda name: round(points[name] - exact[name], _DIGITS))
    for name in by_remainder[: round(TOTAL - fsum(points.values()))]:
        points[name] += 1
    return points


def question_conditions(question: Question) -> Iterator[tuple[Steps, Mapping[str, tuple[bool | str, ...]]]]:
    """List the conditions of a question, its gates and its breakpoints, each with its path in the question."""
    yield ("applies",), question.applies
    for key, parts in (("gates", question.gates), ("points_when", getattr(question, "points_when", ()))):
        yield from (((key, index, "when"), part.when) for index, part in enumerate(parts))
