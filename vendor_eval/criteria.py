"""Criteria files: a folder of YAML to one checked scorecard.

Every fault of every file comes out of one run, with file, line and column.
"""

import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import fsum, inf
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, model_validator
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from vendor_eval.conditions import Condition
from vendor_eval.documents import Fault, Frozen, Id, Text, Word, load_document, shown, unknown_key, validate
from vendor_eval.errors import VendorEvalError
from vendor_eval.issues import InputFaults, Issue, Location, did_you_mean
from vendor_eval.parsing import normalize
from vendor_eval.questions import Certification, CertificationScheme, Gate, Question, Score, Weight
from vendor_eval.shipped import criteria_folder
from vendor_eval.yaml12 import Source, Step, as_text, parse_document

SHIPPED = "annotation-partner"
TOTAL = 100.0
_TOLERANCE = 1e-6
_OTHER_FILES = {"scorecard.yaml", "sourcing.yaml", "certification.yaml", "evidence_words.yaml"}
Steps = tuple[Step, ...]


# ------------------------------------------------------------------------------------------------ models


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


FloorSetting = Annotated[Floor, BeforeValidator(_floor, json_schema_input_type=Floor | Score)]


class ProfileRule(Frozen):
    """How a sourcing profile gives a context field: a value where a test on the profile holds, or ask."""

    value: Word | None = None
    ask: bool = False
    when: dict[str, Any] = {}


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
    """A checked scorecard: categories in order, questions by id, the words and tables that go with it.

    `sha256` tells the files apart; what an evaluation changes for itself leaves it as it is.
    """

    file: ScorecardFile
    categories: tuple[Category, ...]
    scheme: CertificationScheme
    words: EvidenceWords
    sha256: str

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
    def weighted_node_ids(self) -> tuple[str, ...]:
        """Ids of categories and criteria that count in a total."""
        unweighted = {category.category for category in self.categories if not category.weighted}
        return tuple(node for node in self.node_ids if node.partition(".")[0] not in unweighted)

    @cached_property
    def context_fields(self) -> frozenset[str]:
        """Fields that the dictionary or a condition names."""
        return frozenset(self.file.context) | {name for condition in self.conditions() for name in condition}

    def conditions(self) -> Iterator[Mapping[str, tuple[bool | str, ...]]]:
        """List every condition on the context."""
        yield from (floor.when for floor in self.file.floors.values())
        for category in self.categories:
            yield category.applies
            for criterion in category.criteria:
                yield criterion.applies
                for question in criterion.questions:
                    yield from question_conditions(question)


def question_conditions(question: Question) -> Iterator[Mapping[str, tuple[bool | str, ...]]]:
    """List the conditions of a question, its gates and its breakpoints."""
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
    files = [_category_file(file, scheme, faults) for file in _category_paths(folder)]
    faults.extend(_check(scorecard.source, files))
    if faults or scheme is None or words is None or scorecard.value is None:
        raise InputFaults(sorted(faults, key=in_order))
    return _criteria(scorecard.value, files, scheme, words)


def in_order(issue: Issue) -> tuple[str, int, int]:
    """Key that puts faults in the order in which files are edited."""
    return issue.location.file, issue.location.line, issue.location.column


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


def _category_paths(folder: Path) -> list[Path]:
    # Editors and file managers leave hidden files beside the real ones.
    visible = [path for path in folder.glob("*.y*ml") if not path.name.startswith(".")]
    return sorted(path for path in visible if path.name not in _OTHER_FILES)


@dataclass(frozen=True)
class _File:
    """A category file as far as it could be read: the whole category, or the questions that are sound."""

    source: Source
    category: Category | None
    questions: tuple[tuple[Steps, Question], ...]

    @property
    def is_read(self) -> bool:
        """Whether the file could be read at all: if not, nothing is known of what it holds."""
        return self.source.root is not None

    @property
    def id(self) -> str:
        """Id of the category; without one the name of the file, which it mostly is."""
        return as_text(self.source.at(("category",))) or Path(self.source.file).stem

    @property
    def criteria(self) -> list[str]:
        """Ids of its criteria, sound or not."""
        return [as_text(criterion.get("id")) for _, criterion in _items(self.source, ("criteria",))]


def _items(source: Source, path: Steps) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Entries of a list of a file that have keys, with their places."""
    listed = source.at(path)
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(item, dict):
            yield (*path, index), item


def _entries(source: Source, path: Steps) -> dict[str, Any]:
    """Keys and values at a place of a file; none where something else stands there."""
    found = source.at(path)
    return found if isinstance(found, dict) else {}


def _category_file(path: Path, scheme: CertificationScheme | None, faults: list[Issue]) -> _File:
    source, form = parse_document(path)
    faults.extend(form)
    if source.root is None and form:
        return _File(source, None, ())
    category, found = validate(source, Category)
    faults.extend(found)
    return _File(source, category, tuple(_sound(source, category, scheme, faults)))


def _sound(
    source: Source, category: Category | None, scheme: CertificationScheme | None, faults: list[Issue]
) -> Iterator[tuple[Steps, Question]]:
    """Sound questions of a file, which may have other faults, so that references are checked in the same run."""
    places = [path for path, _ in _raw_questions(source)]
    whole = [question for criterion in category.criteria for question in criterion.questions] if category else None
    for path, question in zip(places, whole or (validate(source, Question, place)[0] for place in places), strict=True):
        found = list(certification_faults(source, path, question, scheme))
        faults.extend(found)
        # What a certification offers is in its scheme.
        known = scheme is not None or not isinstance(question, Certification)
        if question is not None and known and not found:
            yield path, bind(question, scheme)


def _raw_questions(source: Source) -> Iterator[tuple[Steps, dict[str, Any]]]:
    for path, _ in _items(source, ("criteria",)):
        yield from _items(source, (*path, "questions"))


def _criteria(
    scorecard: ScorecardFile, files: Iterable[_File], scheme: CertificationScheme, words: EvidenceWords
) -> Criteria:
    by_id = {file.id: file.category for file in files if file.category is not None}
    order = ([scorecard.vendor_profile] if scorecard.vendor_profile else []) + list(scorecard.categories)
    categories = tuple(_bind(by_id[name], scheme) for name in order)
    return Criteria(scorecard, categories, scheme, words, _hash((scorecard, *categories, scheme, words)))


def _hash(models: Iterable[Frozen]) -> str:
    """Hash over the meaning of the files: formatting and comments do not change it."""
    content = [model.model_dump(mode="json") for model in models]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


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


def bind(question: Question, scheme: CertificationScheme | None) -> Question:
    """Give a certification question the scheme that values it."""
    return question.bind(scheme) if isinstance(question, Certification) and scheme is not None else question


# ------------------------------------------------------------------------------------------------ checks across files


def _check(scorecard: Source, files: list[_File]) -> Iterator[Issue]:
    yield from _check_ids(files)
    yield from _check_zero_weights(files)
    yield from _check_conditions(scorecard, files)
    if scorecard.root is not None:
        yield from _check_scorecard(scorecard, files)
    known, all_read = _known_questions(files), all(file.is_read for file in files)
    for file in files:
        for path, question in file.questions:
            for index, gate in enumerate(question.gates):
                yield from gate_faults(file.source, (*path, "gates", index), question, gate)
            # What a file that cannot be read holds is unknown.
            named = (*question.ask_if, *(split_reference(name, known)[0] for name in question.cap_if))
            if all_read or all(name in known for name in named):
                yield from reference_faults(file.source, path, question, known)


def _known_questions(files: Iterable[_File]) -> dict[str, Question | None]:
    """Questions by id; None for one that has faults of its own."""
    known: dict[str, Question | None] = {}
    for file in files:
        known.update({as_text(raw.get("id")): None for _, raw in _raw_questions(file.source)})
        known.update({question.id: question for _, question in file.questions})
    return known


def _check_ids(files: Iterable[_File]) -> Iterator[Issue]:
    seen: dict[str, Location] = {}
    for file in files:
        yield from _once(seen, "category", file.id, file.source.locate(("category",)))
        for path, raw in _items(file.source, ("criteria",)):
            name = as_text(raw.get("id"))
            yield from _once(seen, "criterion", f"{file.id}.{name}" if name else "", file.source.locate((*path, "id")))
        for path, raw in _raw_questions(file.source):
            yield from _once(seen, "question", as_text(raw.get("id")), file.source.locate((*path, "id")))


def _once(seen: dict[str, Location], kind: str, name: str, place: Location) -> Iterator[Issue]:
    first = seen.setdefault(f"{kind} {name}", place)
    if name and first is not place:
        yield Issue("repeated-id", f"{kind} {name} stands twice, first at {first}; give each its own id", place)


def _check_zero_weights(files: Iterable[_File]) -> Iterator[Issue]:
    for file in files:
        if file.category is not None and file.category.weighted:
            for path, message in all_zero(file.category):
                yield Issue("all-zero-weights", message, file.source.locate(path, key=True))


def all_zero(category: Category) -> Iterator[tuple[Steps, str]]:
    """Find nodes whose children all have weight 0: the path in the category's file, and the fault in words."""
    if not any(criterion.weight for criterion in category.criteria):
        found = "all criteria of {} have weight 0" if category.criteria else "{} has no criteria"
        yield ("criteria",), f"{found.format(category.category)}; give at least one a weight"
    for index, criterion in enumerate(category.criteria):
        if not any(question.weight for question in criterion.questions):
            found = "all questions of {} have weight 0" if criterion.questions else "{} has no questions"
            yield (
                ("criteria", index),
                f"{found.format(f'{category.category}.{criterion.id}')}; give at least one a weight",
            )


def _check_conditions(scorecard: Source, files: Iterable[_File]) -> Iterator[Issue]:
    """Check that conditions name values which the context dictionary has."""
    names = _entries(scorecard, ("context",))
    fields = {name: validate(scorecard, ContextField, ("context", name))[0] for name in names}
    placed = [(scorecard, path) for path in _floor_conditions(scorecard)]
    placed += [(file.source, path) for file in files for path in _condition_places(file)]
    for source, path in placed:
        condition = validate(source, Condition, path)[0] if source.at(path) else None
        yield from condition_faults(source, path, condition or {}, fields)


def condition_faults(
    source: Source,
    path: Steps,
    condition: Mapping[str, tuple[bool | str, ...]],
    fields: Mapping[str, ContextField | None],
) -> Iterator[Issue]:
    """Check that a condition names values which its context fields have."""
    for name, values in condition.items():
        field = fields.get(name)
        for index, value in enumerate(values if field else ()):
            if field and value not in field.values:
                known = list(map(as_text, field.values))
                message = f"{name}: {shown(value)} is not one of {', '.join(known)}"
                message += did_you_mean(as_text(value), known)
                yield Issue("unknown-reference", message, source.locate((*path, name, index)))


def _floor_conditions(scorecard: Source) -> Iterator[Steps]:
    yield from (("floors", name, "when") for name in _entries(scorecard, ("floors",)))


def _condition_places(file: _File) -> Iterator[Steps]:
    yield ("applies",)
    yield from ((*path, "applies") for path, _ in _items(file.source, ("criteria",)))
    for path, _ in _raw_questions(file.source):
        yield (*path, "applies")
        for key in ("gates", "points_when"):
            yield from ((*place, "when") for place, _ in _items(file.source, (*path, key)))


def _check_scorecard(scorecard: Source, files: list[_File]) -> Iterator[Issue]:
    by_id = {file.id: file for file in files}
    yield from _check_floors(scorecard, by_id)
    yield from _check_shifts(scorecard, by_id)
    if isinstance(scorecard.at(("categories",)), list):
        yield from _check_listed(scorecard, by_id)


def _check_listed(scorecard: Source, by_id: Mapping[str, _File]) -> Iterator[Issue]:
    listed = [as_text(name) for name in scorecard.at(("categories",))]
    for index, name in enumerate(listed):
        yield from _check_category(scorecard, ("categories", index), name, by_id, weighted=True)
        if name and name in listed[:index]:
            message = f"category {name} is listed twice; keep one"
            yield Issue("repeated-id", message, scorecard.locate(("categories", index)))
    profile = as_text(scorecard.at(("vendor_profile",)))
    yield from _check_category(scorecard, ("vendor_profile",), profile, by_id, weighted=False)
    for file in by_id.values():
        if as_text(file.source.at(("category",))) and file.id not in (*listed, profile):
            message = f"category '{file.id}' is not listed in scorecard.yaml{did_you_mean(file.id, listed)}"
            yield Issue("unknown-reference", message, file.source.locate(("category",)))
    for preset, weights in _entries(scorecard, ("presets",)).items():
        if isinstance(weights, dict):
            yield from check_weights(scorecard, ("presets", preset), weights, listed)


def _check_category(
    scorecard: Source, path: Steps, name: str, by_id: Mapping[str, _File], *, weighted: bool
) -> Iterator[Issue]:
    file = by_id.get(name)
    if name and file is None:
        yield _reference(scorecard, path, f"category '{name}' has no file", name, by_id)
    if file is not None and file.category is not None and file.category.weighted != weighted:
        wrong = "says 'weighted: false' and can have no weight; name it under vendor_profile"
        if not weighted:
            wrong = "counts in the total and can be no vendor profile; write 'weighted: false' in its file"
        yield Issue("wrong-value", f"category {name} {wrong}", scorecard.locate(path))


def _check_floors(scorecard: Source, by_id: Mapping[str, _File]) -> Iterator[Issue]:
    counting = [file for file in by_id.values() if file.source.at(("weighted",)) is not False]
    nodes = [node for file in counting for node in (file.id, *(f"{file.id}.{name}" for name in file.criteria))]
    unread = [file.id for file in counting if not file.is_read]
    for name in _entries(scorecard, ("floors",)):
        if name not in nodes and name.partition(".")[0] not in unread:
            message = f"floors: '{name}' is no category or criterion with a weight"
            yield _reference(scorecard, ("floors", name), message, name, nodes)


def _check_shifts(scorecard: Source, by_id: Mapping[str, _File]) -> Iterator[Issue]:
    presets = _entries(scorecard, ("presets",))
    for preset in _entries(scorecard, ("preset_criteria",)):
        path = ("preset_criteria", preset)
        if preset not in presets:
            yield _reference(scorecard, path, f"preset_criteria: '{preset}' is no preset", preset, presets)
        for category in _entries(scorecard, path):
            if category not in by_id:
                yield _reference(scorecard, (*path, category), f"'{category}' is no category", category, by_id)
            elif by_id[category].is_read:
                yield from _check_shift(scorecard, (*path, category), by_id[category])


def _check_shift(scorecard: Source, path: Steps, file: _File) -> Iterator[Issue]:
    weights = _entries(scorecard, path)
    for name in weights:
        if name not in file.criteria:
            message = f"'{name}' is no criterion of {file.id}"
            yield _reference(scorecard, (*path, name), message, name, file.criteria)
    criteria = file.category.criteria if file.category else ()
    if criteria and not any(weights.get(criterion.id, criterion.weight) for criterion in criteria):
        message = f"all criteria of {file.id} have weight 0; give at least one a weight"
        yield Issue("all-zero-weights", message, scorecard.locate(path, key=True))


def check_weights(source: Source, path: Steps, weights: Mapping[str, Any], listed: list[str]) -> Iterator[Issue]:
    """Check category weights: known ids, together 100 within 1e-6, never rescaled in silence."""
    for name in weights:
        if name not in listed:
            yield _reference(source, (*path, name), f"'{name}' is no category", name, listed)
    # A weight that is none is a fault already.
    if all(is_weight(weight) for weight in weights.values()):
        total = fsum(weights.values())
        if abs(total - TOTAL) > _TOLERANCE:
            message = f"the category weights add up to {total:.10g}, not 100; change them so that they do"
            yield Issue("weights-not-100", message, source.locate(path, key=True))


def is_weight(weight: object) -> bool:
    """Tell whether something is a finite number of 0 or more."""
    return isinstance(weight, int | float) and not isinstance(weight, bool) and 0 <= weight < inf


def _reference(source: Source, path: Steps, message: str, name: str, known: Iterable[str]) -> Issue:
    return Issue("unknown-reference", f"{message}{did_you_mean(name, known)}", source.locate(path, key=True))


def certification_faults(
    source: Source, path: Steps, question: Question | None, scheme: CertificationScheme | None
) -> Iterator[Issue]:
    """Check that a certification names parts and statuses of its scheme; other questions have none."""
    if not isinstance(question, Certification) or scheme is None:
        return
    for key, known in (("parts", scheme.part_ids), ("statuses", scheme.statuses), ("status_values", scheme.statuses)):
        for index, name in enumerate(getattr(question, key)):
            if name not in known:
                step = name if key == "status_values" else index
                yield _reference(source, (*path, key, step), f"{key}: '{name}' is not in the scheme", name, known)
    if question.parts and "status" not in question.parts:
        message = "parts: 'status' is missing; no certificate has a value without it"
        yield Issue("missing-key", message, source.locate((*path, "parts"), key=True))


def gate_faults(source: Source, path: Steps, question: Question, gate: Gate) -> Iterator[Issue]:
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


def reference_faults(
    source: Source, path: Steps, question: Question, known: Mapping[str, Question | None]
) -> Iterator[Issue]:
    """Check that `ask_if` and `cap_if` name other questions and answers that these offer."""
    for name, answers in question.ask_if.items():
        place = (*path, "ask_if", name)
        yield from _check_options(source, place, name, answers, known)
        if _hangs_on(question.id, name, known):
            message = f"ask_if: {question.id} hangs on itself; remove one"
            yield Issue("unknown-reference", message, source.locate(place, key=True))
    for reference, caps in question.cap_if.items():
        yield from _check_options(source, (*path, "cap_if", reference), reference, caps, known)


def _hangs_on(target: str, name: str, known: Mapping[str, Question | None]) -> bool:
    """Tell whether a chain of follow-ups leads from a question to the target."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        one = ahead.pop()
        question = None if one in seen else known.get(one)
        seen.add(one)
        ahead += question.ask_if if question else ()
    return target in seen


def _check_options(
    source: Source, path: Steps, reference: str, answers: Iterable[str], known: Mapping[str, Question | None]
) -> Iterator[Issue]:
    key = path[-2]
    name, part = split_reference(reference, known) if key == "cap_if" else (reference, "")
    if name not in known:
        yield _reference(source, path, f"{key}: '{name}' is no question", name, known)
        return
    other = known[name]
    if other is None:
        return
    offered = options_of(other, part)
    if offered is None:
        message = f"{key}: '{reference}' has no options"
        yield Issue("unknown-reference", message, source.locate(path, key=True))
        return
    labels = {normalize(label) for label in offered.values()}
    for index, answer in enumerate(answers):
        if answer not in offered and normalize(answer) not in labels:
            place = (*path, answer if key == "cap_if" else index)
            yield _reference(source, place, f"{key}: '{answer}' is no option of {reference}", answer, offered)


def split_reference(reference: str, known: Container[str]) -> tuple[str, str]:
    """Split what `cap_if` names into the id of a question, which may hold dots, and a part of it."""
    name, _, part = reference.rpartition(".")
    return (name, part) if reference not in known and name in known else (reference, "")


def options_of(question: Question, part: str) -> Mapping[str, str] | None:
    """Option ids and labels of a question, or of one part of a certification; None if it has none."""
    if not part:
        return question.options_by_id or None
    cell = next((cell for cell in question.cells() if cell.part == part), None)
    return {option.id: option.label for option in cell.options} or None if cell else None


# ------------------------------------------------------------------------------------------------ for editors


class _KeysOnly(GenerateJsonSchema):
    """Leave out the titles that pydantic makes of the names of keys."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002  the signature of pydantic
        return False


_TOLD_BY: dict[str, type[BaseModel]] = {
    "scorecard": ScorecardFile,
    "parts": CertificationScheme,
    "unnamed_document": EvidenceWords,
}


def json_schema() -> dict[str, object]:
    """Describe the files of a criteria folder to editors and other tools, as JSON Schema.

    One schema serves all of them: a key that only one kind of file has tells which it is; any other is a category.

    >>> json_schema()["title"]
    'Criteria of vendor-eval'
    """
    models: tuple[type[BaseModel], ...] = (Category, *_TOLD_BY.values())
    refs, schema = models_json_schema([(model, "validation") for model in models], schema_generator=_KeysOnly)
    kind: Mapping[str, object] = refs[Category, "validation"]
    for key, model in _TOLD_BY.items():
        kind = {"if": {"required": [key]}, "then": refs[model, "validation"], "else": kind}
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "Criteria of vendor-eval",
        "description": "scorecard.yaml, a category, certification.yaml or evidence_words.yaml",
        **kind,
        **schema,
    }


__all__ = ["Criteria", "Fault", "load_criteria", "unknown_key"]
