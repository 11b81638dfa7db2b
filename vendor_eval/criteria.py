"""Criteria files: a folder of YAML to one checked scorecard.

Every fault of every file comes out of one run, with file, line and column.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from vendor_eval.conditions import ALWAYS, Condition, When
from vendor_eval.documents import (
    Fault,
    Frozen,
    Source,
    Text,
    Word,
    load_document,
    parse_document,
    unknown_key,
    validate,
)
from vendor_eval.errors import VendorEvalError
from vendor_eval.issues import InputFaults, Issue, Location, did_you_mean
from vendor_eval.parsing import normalize
from vendor_eval.questions import Certification, CertificationScheme, Gate, Question, Score, Weight
from vendor_eval.shipped import criteria_folder

SHIPPED = "annotation-partner"
TOTAL = 100.0
_TOLERANCE = 1e-6
_OTHER_FILES = {"scorecard", "sourcing", "certification", "evidence_words"}


# ------------------------------------------------------------------------------------------------ models


class Criterion(Frozen):
    """Questions that are judged together, with weights of their own."""

    id: Text
    title: Text
    weight: Weight
    questions: tuple[Question, ...]
    applies: Condition = {}


class Category(Frozen):
    """Criteria under one title; `weighted: false` keeps it outside every total."""

    category: Text
    title: Text
    criteria: tuple[Criterion, ...]
    aim: Text = ""
    applies: Condition = {}
    weighted: bool = True


class Floor(Frozen):
    """A least score of a node; a failed one acts as its kind of gate."""

    at_least: Score
    kind: Literal["must", "knock_out"] = "must"
    when: Condition = {}


def _floor(value: object) -> object:
    return value if isinstance(value, dict | Floor) else {"at_least": value}


FloorSetting = Annotated[Floor, BeforeValidator(_floor)]


class ProfileRule(Frozen):
    """How a sourcing profile gives a context field: a value where a test on the profile holds, or ask."""

    value: Word | None = None
    ask: bool = False
    when: When = ALWAYS


def _rule(value: object) -> object:
    return {"ask": True} if value == "ask" else value


class ContextField(Frozen):
    """A field of the context dictionary."""

    type: Literal["choice", "set", "bool"]
    question: Text
    values: dict[str, Text] | tuple[bool, ...]
    from_profile: Literal["copy", "ask"] | tuple[Annotated[ProfileRule, BeforeValidator(_rule)], ...] = "ask"


Weights = dict[str, Weight]


class ScorecardFile(Frozen):
    """scorecard.yaml."""

    scorecard: Text
    title: Text
    version: Text
    categories: tuple[Text, ...]
    presets: dict[str, Weights]
    preset_criteria: dict[str, dict[str, Weights]] = {}
    floors: dict[str, FloorSetting] = {}
    context: dict[str, ContextField] = {}
    vendor_profile: Text = ""


class EvidenceWords(Frozen):
    """evidence_words.yaml: cells that are filled and prove nothing, by language."""

    trim: str
    none: dict[str, tuple[Text, ...]]
    unnamed_document: dict[str, tuple[Text, ...]]

    @cached_property
    def _says_nothing(self) -> frozenset[str]:
        return frozenset(self._trim(word) for words in self.none.values() for word in words)

    @cached_property
    def _unnamed(self) -> frozenset[str]:
        return frozenset(self._trim(word) for words in self.unnamed_document.values() for word in words)

    def _trim(self, text: str) -> str:
        return normalize(text).strip(self.trim)

    def judge(self, text: str) -> Literal["document", "nothing", "unnamed"]:
        """Tell whether an Evidence cell names a document."""
        word = self._trim(text)
        if not word or word in self._says_nothing:
            return "nothing"
        return "unnamed" if word in self._unnamed else "document"


@dataclass(frozen=True)
class Criteria:
    """A checked scorecard: categories in order, questions by id, the words and tables that go with it."""

    file: ScorecardFile
    categories: tuple[Category, ...]
    scheme: CertificationScheme
    words: EvidenceWords

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by id, in the order of the files."""
        return {q.id: q for category in self.categories for criterion in category.criteria for q in criterion.questions}

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """Node id that each question stands under."""
        return {
            q.id: f"{category.category}.{criterion.id}"
            for category in self.categories
            for criterion in category.criteria
            for q in criterion.questions
        }

    @cached_property
    def node_ids(self) -> tuple[str, ...]:
        """Ids of categories and criteria."""
        return tuple(
            node
            for category in self.categories
            for node in (category.category, *(f"{category.category}.{c.id}" for c in category.criteria))
        )

    @cached_property
    def context_fields(self) -> frozenset[str]:
        """Fields that the dictionary or a condition names."""
        return frozenset(self.file.context) | {name for condition in self._conditions() for name in condition}

    def _conditions(self) -> Iterator[Mapping[str, object]]:
        yield from (floor.when for floor in self.file.floors.values())
        for category in self.categories:
            yield category.applies
            for criterion in category.criteria:
                yield criterion.applies
                for question in criterion.questions:
                    yield from _question_conditions(question)

    @cached_property
    def sha256(self) -> str:
        """Hash over the meaning of the files: formatting and comments do not change it."""
        content = [
            self.file.model_dump(mode="json"),
            [category.model_dump(mode="json") for category in self.categories],
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _question_conditions(question: Question) -> Iterator[Mapping[str, object]]:
    yield question.applies
    yield from (gate.when for gate in question.gates)
    yield from (choice.when for choice in getattr(question, "points_when", ()))


# ------------------------------------------------------------------------------------------------ loading


def load_criteria(path: str | Path | None = None) -> Criteria:
    """Load a criteria folder; without a path, or with its name, the shipped scorecard.

    Raises InputFaults with every fault of every file.

    >>> len(load_criteria().file.categories)
    7
    """
    folder = _folder(path)
    faults: list[Issue] = []
    scheme = _extra(folder, "certification.yaml", CertificationScheme, faults)
    words = _extra(folder, "evidence_words.yaml", EvidenceWords, faults)
    scorecard = load_document(folder / "scorecard.yaml", ScorecardFile)
    faults.extend(scorecard.faults)
    files = [_category_file(file, faults) for file in sorted(folder.glob("*.y*ml")) if file.stem not in _OTHER_FILES]
    loaded = [file for file in files if file is not None]
    faults.extend(_check(scorecard.source, loaded, scheme))
    for file in loaded:
        if file.category is not None:
            faults.extend(_check_conditions(file.source, scorecard.value, file.category))
    if faults or scheme is None or words is None or scorecard.value is None:
        raise InputFaults(faults)
    return _criteria(scorecard.value, loaded, scheme, words)


def _folder(path: str | Path | None) -> Path:
    if path is None or str(path) == SHIPPED:
        return criteria_folder()
    folder = Path(path)
    if not (folder / "scorecard.yaml").is_file():
        message = f"{path}: no criteria folder, since it has no scorecard.yaml; give the folder's path or '{SHIPPED}'"
        raise VendorEvalError(message)
    return folder


def _extra(folder: Path, name: str, model: Any, faults: list[Issue]) -> Any:
    own = folder / name
    document = load_document(own if own.is_file() else criteria_folder() / name, model)
    faults.extend(document.faults)
    return document.value


@dataclass(frozen=True)
class _File:
    """A category file as far as it could be read: the whole category, or the questions that are sound."""

    source: Source
    category: Category | None
    questions: tuple[tuple[tuple[str | int, ...], Question], ...]

    @property
    def id(self) -> str:
        return str(self.source.value.get("category", "")) if isinstance(self.source.value, dict) else ""


def _category_file(path: Path, faults: list[Issue]) -> _File | None:
    source, form = parse_document(path)
    faults.extend(form)
    if source.value is None:
        if not form:
            faults.append(
                Issue("missing-key", "is empty; expected a category", Location(file=path.name, line=1, column=1))
            )
        return None
    category, found = validate(source, Category)
    faults.extend(found)
    if category is not None:
        sound = tuple(
            (("criteria", i, "questions", j), question)
            for i, criterion in enumerate(category.criteria)
            for j, question in enumerate(criterion.questions)
        )
        return _File(source, category, sound)
    return _File(source, None, tuple(_salvage(source)))


def _salvage(source: Source) -> Iterator[tuple[tuple[str | int, ...], Question]]:
    """Sound questions of a file with faults, so that references are checked in the same run."""
    for path, _ in _raw_questions(source.value):
        question, _ = validate(source, Question, path)
        if question is not None:
            yield path, question


def _raw_questions(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    criteria = value.get("criteria") if isinstance(value, dict) else None
    for i, criterion in enumerate(criteria if isinstance(criteria, list) else ()):
        questions = criterion.get("questions") if isinstance(criterion, dict) else None
        for j, question in enumerate(questions if isinstance(questions, list) else ()):
            yield ("criteria", i, "questions", j), question


def _criteria(
    scorecard: ScorecardFile, files: Iterable[_File], scheme: CertificationScheme, words: EvidenceWords
) -> Criteria:
    by_id = {file.id: file.category for file in files if file.category is not None}
    order = ([scorecard.vendor_profile] if scorecard.vendor_profile else []) + list(scorecard.categories)
    categories = tuple(_bind(by_id[name], scheme) for name in order)
    return Criteria(scorecard, categories, scheme, words)


def _bind(category: Category, scheme: CertificationScheme) -> Category:
    return category.model_copy(
        update={
            "criteria": tuple(
                criterion.model_copy(
                    update={"questions": tuple(bind(question, scheme) for question in criterion.questions)}
                )
                for criterion in category.criteria
            )
        }
    )


def bind(question: Question, scheme: CertificationScheme) -> Question:
    """Give a certification question the scheme that values it."""
    return question.bind(scheme) if isinstance(question, Certification) else question


# ------------------------------------------------------------------------------------------------ checks across files


def _check(scorecard: Source, files: list[_File], scheme: CertificationScheme | None) -> Iterator[Issue]:
    yield from _check_ids(files)
    for file in files:
        if file.category is not None and file.category.weighted:
            yield from _check_zero_weights(file.source, file.category)
    if isinstance(scorecard.value, dict):
        yield from _check_scorecard(scorecard, files)
    known = _known_questions(files)
    for file in files:
        for path, question in file.questions:
            yield from _check_gates(file.source, path, question, scheme)
            yield from _check_references(file.source, path, question, known, scheme)


def _known_questions(files: Iterable[_File]) -> dict[str, Question | None]:
    """Questions by id; None for one that has faults of its own."""
    known: dict[str, Question | None] = {}
    for file in files:
        for _, raw in _raw_questions(file.source.value):
            if isinstance(raw, dict) and "id" in raw:
                known[str(raw["id"])] = None
        known.update({question.id: question for _, question in file.questions})
    return known


def _check_ids(files: Iterable[_File]) -> Iterator[Issue]:
    seen: dict[str, Location] = {}
    for file in files:
        value = file.source.value
        for i, criterion in enumerate(value.get("criteria") or () if isinstance(value, dict) else ()):
            if isinstance(criterion, dict):
                name = f"{file.id}.{criterion.get('id')}"
                yield from _once(seen, f"criterion {name}", file.source.locate(("criteria", i, "id")))
        for path, raw in _raw_questions(value):
            if isinstance(raw, dict) and "id" in raw:
                yield from _once(seen, f"question {raw['id']}", file.source.locate((*path, "id")))
        yield from _once(seen, f"category {file.id}", file.source.locate(("category",)))


def _once(seen: dict[str, Location], name: str, place: Location) -> Iterator[Issue]:
    if name in seen:
        yield Issue("repeated-id", f"{name} stands twice, first at {seen[name]}; give each its own id", place)
    else:
        seen[name] = place


def _check_zero_weights(source: Source, category: Category) -> Iterator[Issue]:
    if category.criteria and not any(criterion.weight for criterion in category.criteria):
        message = f"all criteria of {category.category} have weight 0; give at least one a weight"
        yield Issue("all-zero-weights", message, source.locate(("criteria",), key=True))
    for index, criterion in enumerate(category.criteria):
        if criterion.questions and not any(question.weight for question in criterion.questions):
            message = f"all questions of {category.category}.{criterion.id} have weight 0; give at least one a weight"
            yield Issue("all-zero-weights", message, source.locate(("criteria", index)))


def _check_conditions(source: Source, file: ScorecardFile | None, category: Category) -> Iterator[Issue]:
    """Check that conditions name values which the context dictionary has."""
    for path, condition in _placed_conditions(category):
        for name, values in condition.items():
            field = file.context.get(name) if file else None
            for value in values if field else ():
                if field and value not in field.values:
                    message = f"{name}: '{value}' is no value of this context field"
                    yield _reference(source, (*path, name), message, str(value), map(str, field.values))


def _placed_conditions(
    category: Category,
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, tuple[bool | str, ...]]]]:
    yield ("applies",), category.applies
    for i, criterion in enumerate(category.criteria):
        yield ("criteria", i, "applies"), criterion.applies
        for j, question in enumerate(criterion.questions):
            path = ("criteria", i, "questions", j)
            yield (*path, "applies"), question.applies
            for k, gate in enumerate(question.gates):
                yield (*path, "gates", k, "when"), gate.when
            for k, choice in enumerate(getattr(question, "points_when", ())):
                yield (*path, "points_when", k, "when"), choice.when


def _check_scorecard(scorecard: Source, files: list[_File]) -> Iterator[Issue]:
    raw = scorecard.value
    by_id = {file.id: file for file in files}
    listed = [str(name) for name in raw.get("categories") or ()]
    for index, name in enumerate(listed):
        if name not in by_id:
            yield _reference(scorecard, ("categories", index), f"category '{name}' has no file", name, by_id)
        if name in listed[:index]:
            yield Issue(
                "repeated-id", f"category {name} is listed twice; keep one", scorecard.locate(("categories", index))
            )
    profile = str(raw.get("vendor_profile") or "")
    if profile and profile not in by_id:
        yield _reference(scorecard, ("vendor_profile",), f"category '{profile}' has no file", profile, by_id)
    for file in files:
        if file.id and file.id not in (*listed, profile):
            message = f"category '{file.id}' is not listed in scorecard.yaml{did_you_mean(file.id, listed)}"
            yield Issue("unknown-reference", message, file.source.locate(("category",)))
    yield from _check_presets(scorecard, listed, files)
    nodes = _node_ids(files)
    for name in raw.get("floors") or ():
        if name not in nodes:
            yield _reference(scorecard, ("floors", name), f"floors: '{name}' is no category or criterion", name, nodes)


def _node_ids(files: Iterable[_File]) -> list[str]:
    nodes = []
    for file in files:
        raw = file.source.value.get("criteria") if isinstance(file.source.value, dict) else ()
        criteria = [str(criterion.get("id")) for criterion in raw or () if isinstance(criterion, dict)]
        nodes += [file.id, *(f"{file.id}.{name}" for name in criteria)]
    return nodes


def _check_presets(scorecard: Source, listed: list[str], files: list[_File]) -> Iterator[Issue]:
    presets = scorecard.value.get("presets")
    for preset, weights in (presets if isinstance(presets, dict) else {}).items():
        if isinstance(weights, dict):
            yield from check_weights(scorecard, ("presets", preset), weights, listed)
    criteria = {file.id: [node.partition(".")[2] for node in _node_ids([file])[1:]] for file in files}
    shifts = scorecard.value.get("preset_criteria")
    for preset, by_category in (shifts if isinstance(shifts, dict) else {}).items():
        path = ("preset_criteria", preset)
        if preset not in (presets or {}):
            yield _reference(scorecard, path, f"preset_criteria: '{preset}' is no preset", preset, presets or ())
        for category, weights in (by_category if isinstance(by_category, dict) else {}).items():
            if category not in criteria:
                yield _reference(scorecard, (*path, category), f"'{category}' is no category", category, criteria)
            for criterion in weights if isinstance(weights, dict) and category in criteria else ():
                if criterion not in criteria[category]:
                    where = (*path, category, criterion)
                    message = f"'{criterion}' is no criterion of {category}"
                    yield _reference(scorecard, where, message, criterion, criteria[category])


def check_weights(
    source: Source, path: tuple[str | int, ...], weights: Mapping[str, Any], listed: list[str]
) -> Iterator[Issue]:
    """Check category weights: known ids, together 100 within 1e-6, never rescaled in silence."""
    for name in weights:
        if name not in listed:
            yield _reference(source, (*path, name), f"'{name}' is no category", name, listed)
    numbers = [w for w in weights.values() if isinstance(w, int | float) and not isinstance(w, bool)]
    total = sum(numbers)
    # A weight of the wrong kind is a fault already.
    if len(numbers) == len(weights) and not abs(total - TOTAL) <= _TOLERANCE:
        message = f"the category weights add up to {total:.10g}, not 100; change them so that they do"
        yield Issue("weights-not-100", message, source.locate(path, key=True))


def _reference(source: Source, path: tuple[str | int, ...], message: str, name: str, known: Iterable[str]) -> Issue:
    return Issue("unknown-reference", f"{message}{did_you_mean(name, known)}", source.locate(path, key=True))


def _check_gates(
    source: Source, path: tuple[str | int, ...], question: Question, scheme: CertificationScheme | None
) -> Iterator[Issue]:
    for index, gate in enumerate(question.gates):
        place = (*path, "gates", index)
        yield from gate_faults(source, place, question if scheme is None else bind(question, scheme), gate)


def gate_faults(source: Source, path: tuple[str | int, ...], question: Question, gate: Gate) -> Iterator[Issue]:
    """Check that the test of a gate can be applied to its question."""
    for key, names in (("one_of", gate.one_of), ("includes", gate.includes)):
        if names and not question.options_by_id:
            message = f"{key}: a {question.type} question has no options; use at_least, or min and max"
            yield Issue("gate-test", message, source.locate((*path, key), key=True))
        for index, name in enumerate(names if question.options_by_id else ()):
            if option_id(question, name) is None:
                known = (*question.options_by_id, *question.options_by_id.values())
                message = f"{key}: '{name}' is no option of {question.id}"
                yield _reference(source, (*path, key, index), message, name, known)
    numeric = question.type in {"number", "percentage", "date", "rubric"}
    if (gate.min is not None or gate.max is not None) and not numeric:
        message = (
            f"min and max need a figure; {question.id} is a {question.type} question: use at_least, one_of or includes"
        )
        yield Issue("gate-test", message, source.locate(path))
    if gate.at_least is not None and not question.is_scored:
        message = f"at_least needs a value; {question.id} has no scores: use one_of, or min and max"
        yield Issue("gate-test", message, source.locate(path))


def option_id(question: Question, name: str) -> str | None:
    """Id of the option that a gate or a condition names by id or by label; None if there is none."""
    options = question.options_by_id
    if name in options:
        return name
    labels = {normalize(label): key for key, label in options.items()}
    return labels.get(normalize(name))


def _check_references(
    source: Source,
    path: tuple[str | int, ...],
    question: Question,
    known: Mapping[str, Question | None],
    scheme: CertificationScheme | None,
) -> Iterator[Issue]:
    for name, answers in question.ask_if.items():
        place = (*path, "ask_if", name)
        yield from _check_options(source, place, "ask_if", name, answers, known, scheme)
        if name == question.id or _hangs_on(question.id, name, known):
            yield Issue(
                "unknown-reference",
                f"ask_if: {question.id} hangs on itself; remove one",
                source.locate(place, key=True),
            )
    for reference, caps in question.cap_if.items():
        yield from _check_options(source, (*path, "cap_if", reference), "cap_if", reference, caps, known, scheme)


def _hangs_on(target: str, name: str, known: Mapping[str, Question | None], depth: int = 0) -> bool:
    question = known.get(name)
    if question is None or depth > len(known):
        return False
    return target in question.ask_if or any(_hangs_on(target, other, known, depth + 1) for other in question.ask_if)


def _check_options(
    source: Source,
    path: tuple[str | int, ...],
    key: str,
    reference: str,
    answers: Iterable[str],
    known: Mapping[str, Question | None],
    scheme: CertificationScheme | None,
) -> Iterator[Issue]:
    name, _, part = reference.partition(".")
    if name not in known:
        yield _reference(source, path, f"{key}: '{name}' is no question", name, known)
        return
    other = known[name]
    if other is None or scheme is None:
        return
    offered = options_of(bind(other, scheme), part)
    if offered is None:
        message = f"{key}: '{reference}' has no options"
        yield Issue("unknown-reference", message, source.locate(path, key=True))
        return
    labels = {normalize(label) for label in offered.values()}
    for answer in answers:
        if answer not in offered and normalize(answer) not in labels:
            yield _reference(source, (*path, answer), f"{key}: '{answer}' is no option of {reference}", answer, offered)


def options_of(question: Question, part: str) -> Mapping[str, str] | None:
    """Option ids and labels of a question, or of one part of a certification; None if it has none."""
    if not part:
        return question.options_by_id or None
    cell = next((cell for cell in question.cells() if cell.part == part), None)
    return {option.id: option.label for option in cell.options} or None if cell else None


__all__ = ["Criteria", "Fault", "load_criteria", "unknown_key"]
