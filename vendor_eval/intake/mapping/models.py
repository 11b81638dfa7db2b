"""mapping.yaml: which of their questions answers which of ours; every fault has its line and column."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from vendor_eval.config.input_files import hash_regular
from vendor_eval.config.models import Frozen, Id, Text, load_document, without_empty
from vendor_eval.config.shipped import mappings_folder
from vendor_eval.config.yaml12 import Step, YamlSource
from vendor_eval.criteria.models import ScorecardFile
from vendor_eval.criteria.parsing import normalize, words
from vendor_eval.criteria.questions import AnswerCell, AnswerSettings, Option, Question, RowsQuestion
from vendor_eval.forms.layout import rows
from vendor_eval.intake.inbox import VendorFiles
from vendor_eval.issues import InputError, Issue, VendorEvalError, did_you_mean
from vendor_eval.spreadsheets import Cell
from vendor_eval.tender import Evaluation

_FIGURES = {"number", "percentage", "date", "figures"}


def _listed(value: object) -> object:
    return value if value is None or isinstance(value, list | tuple) else [value]


class TickColumns(Frozen):
    """Columns of their own for Yes, No and the like, of which a vendor ticks one."""

    yes: Text
    no: Text
    partial: Text = ""
    na: Text = ""


class MappedColumns(Frozen):
    """Columns of a sheet, each by the text of its header or by its letter.

    Without `id` it is the column that holds the most of their ids. `template` are columns of which every cell is the
    questionnaire's own text.
    """

    answer: Text | TickColumns
    id: Text = ""
    question: Text = ""
    evidence: Text = ""
    comment: Text = ""
    template: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()

    @property
    def ticks(self) -> dict[str, str]:
        """Names of the columns that are ticked, by the answer in our words; empty where one column holds answers."""
        if isinstance(self.answer, str):
            return {}
        columns = {"yes": self.answer.yes, "no": self.answer.no, "partial": self.answer.partial, "n/a": self.answer.na}
        return {word: name for word, name in columns.items() if name}

    @property
    def answers(self) -> tuple[str, ...]:
        return (self.answer,) if isinstance(self.answer, str) else tuple(self.ticks.values())

    @property
    def names(self) -> tuple[str, ...]:
        named = (self.id, *self.answers, self.question, self.evidence, self.comment, *self.template)
        return tuple(filter(None, named))


class SheetEntry(Frozen):
    """A sheet that holds answers, by its exact name; without `header` the rows of headers are found by their texts.

    `also` are the names that it has in other editions of the questionnaire.
    """

    name: Id
    also: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()
    header: Annotated[int, Field(ge=1, strict=True)] | None = None
    columns: MappedColumns | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(map(normalize, (self.name, *self.also)))


def _entries(value: object) -> object:
    listed = _listed(value)
    if not isinstance(listed, list | tuple):
        return listed
    return [entry if isinstance(entry, dict | SheetEntry) else {"name": entry} for entry in listed]


class Counterpart(Frozen):
    """Their question that answers one of ours."""

    id: Id
    sheet: Text = ""
    column: Text = ""
    values: dict[str, Text] = {}


_CounterpartOrId = Annotated[
    Counterpart, BeforeValidator(lambda value: value if isinstance(value, dict | Counterpart) else {"id": value})
]
# The lines of a mapping that is still to be completed may all be commented out.
_HEADINGS = {"answers", "no_counterpart", "sheets", "values"}


class MappingFile(Frozen):
    """mapping.yaml.

    With `same_ids` their id is ours wherever neither `answers` nor `no_counterpart` names a question. `original` is
    the questionnaire as it was sent, a path from the folder of the mapping: template columns are compared with it.
    `serves` are the criteria that it is for, versions by the id of the scorecard; `editions` are the versions of their
    questionnaire that it reads. Without them it is for any.
    """

    mapping: Text = ""
    title: Text = ""
    serves: dict[str, Annotated[tuple[Text, ...], BeforeValidator(_listed)]] = {}
    editions: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()
    original: Text = ""
    sheets: Annotated[tuple[SheetEntry, ...], BeforeValidator(_entries)] = ()
    columns: MappedColumns | None = None
    values: dict[str, Text] = {}
    same_ids: bool = False
    answers: dict[str, _CounterpartOrId] = {}
    no_counterpart: dict[str, Text] = {}

    @model_validator(mode="before")
    @classmethod
    def _without_empty_headings(cls, value: object) -> object:
        return without_empty(value, _HEADINGS)


@dataclass(frozen=True)
class Target:
    """One of our answer cells and its counterpart; `words` maps their normalized words to ours."""

    key: str
    question: Question
    counterpart: Counterpart
    words: Mapping[str, str]

    @property
    def id(self) -> str:
        return normalize(self.counterpart.id)


@dataclass(frozen=True)
class ForeignLayout:
    """A mapping that accounts for every question of an evaluation. `source` is its file, without the path to it."""

    name: str
    source: str
    sha256: str
    file: MappingFile
    targets: tuple[Target, ...]
    no_counterpart: frozenset[str]
    original: Path | None = None

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(target.id for target in self.targets)

    def columns(self, entry: SheetEntry | None) -> MappedColumns:
        """Return the columns of a foreign sheet: its own, else those of the file."""
        columns = (entry.columns if entry else None) or self.file.columns
        if columns is None:
            raise TypeError(self.name)
        return columns


def load_mapping(evaluation: Evaluation, name: str | Path, *, folder: Path = Path()) -> ForeignLayout:
    """Load a mapping and bind it to what an evaluation asks: a path from a folder, or the name of a shipped one.

    Raises InputError with every fault of the file, and VendorEvalError where there is no such file.
    """
    known = shipped_mappings(evaluation.criteria.shipped_version)
    if (path := evaluation.elsewhere.mappings.get(str(name)) or find_mapping(name, folder, known)) is None:
        raise VendorEvalError(f"{name}: {no_mapping(str(name), known)}")
    shipped = path in known.values()
    document = load_document(path, MappingFile, name=str(name) if not shipped else path.name)
    file: MappingFile = document.sound()
    if fault := _other_criteria(file, evaluation.criteria.file, document.source):
        raise InputError([fault])
    file = _for_these(file, evaluation) if shipped else _with_same_ids(file, evaluation)
    binder = _Binder(evaluation, document.source, file)
    original = path.parent / file.original if file.original else None
    faults = tuple(binder.faults())
    if original and not original.is_file():
        message = f"original: {file.original} is not there: give its path from the folder of the mapping"
        faults += (Issue("missing-file", message, document.source.locate(("original",))),)
    if faults:
        raise InputError(sorted(faults, key=lambda issue: (issue.location.line, issue.location.column)))
    return ForeignLayout(
        name=file.mapping or path.name,
        source=path.name if Path(name).is_absolute() or shipped else str(name),
        sha256=hash_regular(path),
        file=binder.file,
        targets=binder.targets(),
        no_counterpart=frozenset(binder.file.no_counterpart),
        original=original,
    )


def mappings(
    evaluation: Evaluation, vendors: Iterable[VendorFiles], default: str | None
) -> Mapping[str, ForeignLayout]:
    """Load the mapping of each vendor that has one, or that the default is for.

    Raises InputError with every fault of every mapping.
    """
    # None for one with faults, which are the same for each vendor.
    loaded: dict[tuple[str, bool], ForeignLayout | None] = {}
    faults: list[Issue] = []
    layouts: dict[str, ForeignLayout] = {}
    known = shipped_mappings(evaluation.criteria.shipped_version)
    places = {entry.id: index for index, entry in enumerate(evaluation.settings.vendors)}
    for vendor in vendors:
        name, folder = (vendor.map, evaluation.folder) if vendor.map else (default or "", Path())
        key = (name, bool(vendor.map))
        if not name:
            continue
        if vendor.map and find_mapping(name, folder, {**known, **evaluation.elsewhere.mappings}) is None:
            index = places[vendor.id]
            message = f"map: {name} {no_mapping(name, known)}"
            faults.append(Issue("missing-file", message, evaluation.source.locate(("vendors", index, "map"))))
            continue
        if key not in loaded:
            try:
                loaded[key] = load_mapping(evaluation, name, folder=folder)
            except InputError as error:
                faults += error.issues
                loaded[key] = None
        if (layout := loaded[key]) is not None:
            layouts[vendor.id] = layout
    if faults:
        raise InputError(faults)
    return layouts


def find_mapping(name: str | Path, folder: Path, known: Mapping[str, Path]) -> Path | None:
    """Find the file that a path or the name of a shipped mapping means."""
    own = folder / name
    try:
        if own.is_file():
            return own
    except OSError:  # a name too long, a folder without permission
        return None
    return known.get(str(name))


def no_mapping(name: str, known: Mapping[str, Path]) -> str:
    return f"is no file and no shipped mapping{did_you_mean(name, known)}; shipped are {', '.join(known)}"


def shipped_mappings(version: str = "") -> Mapping[str, Path]:
    """Find the mappings that come with the package, by name, to a version of the shipped criteria; '' is the newest."""
    return {path.stem: path for path in sorted(mappings_folder(version).glob("*.yaml"))}


def _other_criteria(file: MappingFile, scorecard: ScorecardFile, source: YamlSource) -> Issue | None:
    """Report a mapping that serves other criteria than these, or another version of them."""
    if not file.serves or scorecard.version in file.serves.get(scorecard.scorecard, ()):
        return None
    served = ", ".join(f"{name} {version}" for name, versions in file.serves.items() for version in versions)
    ours = f"these criteria are {scorecard.scorecard} {scorecard.version}"
    message = f"it serves {served}, and {ours}: compare the questions, and name their version in a mapping of your own"
    return Issue("mapping-version", message, source.locate(("serves",), key=True))


def _for_these(file: MappingFile, evaluation: Evaluation) -> MappingFile:
    """Return a shipped mapping without the questions that these criteria do not have."""
    known = _answer_cells(evaluation)
    asked = {target.id for target, _ in known.values()}
    answers = {key: counterpart for key, counterpart in file.answers.items() if key in known}
    reasons = {key: reason for key, reason in file.no_counterpart.items() if key in known or key in asked}
    return file.model_copy(update={"answers": answers, "no_counterpart": reasons})


def _with_same_ids(file: MappingFile, evaluation: Evaluation) -> MappingFile:
    """Map questions that the mapping does not name to the same id of theirs, where `same_ids` is set."""
    if not file.same_ids:
        return file
    known = _answer_cells(evaluation)
    named = {known[key][0].id if key in known else key for key in (*file.answers, *file.no_counterpart)}
    same = {key: Counterpart(id=key) for key in evaluation.asked_questions if key in known and key not in named}
    return file.model_copy(update={"answers": {**file.answers, **same}})


def _answer_cells(evaluation: Evaluation) -> dict[str, tuple[Question, AnswerCell | None]]:
    """Map ids that can be answered: each row, and a question of several rows as a whole."""
    questions = evaluation.criteria.questions.values()
    whole = {question.id: (question, None) for question in questions if isinstance(question, RowsQuestion)}
    return {**whole, **{row.key: (row.question, row.cell) for row in rows(questions)}}


@dataclass(frozen=True)
class _Binder:
    """Checks a mapping against an evaluation, and binds it to the asked questions."""

    evaluation: Evaluation
    source: YamlSource
    file: MappingFile

    @cached_property
    def cells(self) -> Mapping[str, tuple[Question, AnswerCell | None]]:
        return _answer_cells(self.evaluation)

    def targets(self) -> tuple[Target, ...]:
        """Bind each asked answer cell to its counterpart, with the words that count for it."""
        asked = self.evaluation.asked_questions
        return tuple(
            Target(key, self.cells[key][0], counterpart, self._words(key, counterpart))
            for key, counterpart in self.file.answers.items()
            if self.cells[key][0].id in asked
        )

    def _words(self, key: str, counterpart: Counterpart) -> dict[str, str]:
        question, cell = self.cells[key]
        general = {normalize(word): text for word, text in self.file.values.items()}
        if question.type in _FIGURES:
            general = {word: text for word, text in general.items() if not _is_yes_or_no(word)}
        own = {normalize(word): text for word, text in counterpart.values.items()}
        return {word: _label(question, cell, text) for word, text in {**general, **own}.items()}

    def faults(self) -> Iterator[Issue]:
        if self.file.columns is None and not (self.file.sheets and all(entry.columns for entry in self.file.sheets)):
            message = "required key 'columns' is missing: name at least {answer: ...}, by header or letter"
            yield Issue("missing-key", message, self.source.locate(()))
        first: dict[str, int] = {}
        for index, entry in enumerate(self.file.sheets):
            if first.setdefault(normalize(entry.name), index) != index:
                message = f"sheets: '{entry.name}' stands twice; keep one"
                yield Issue("repeated-id", message, self.source.locate(("sheets", index)))
        for key, counterpart in self.file.answers.items():
            if key in self.cells:
                yield from self._counterpart_faults(key, counterpart)
            else:
                yield self._fault("unknown-reference", self._no_cell(key), "answers", key)
        yield from self._no_counterpart_faults()
        yield from self._figures_from_words()
        yield from self._unaccounted()

    def _fault(self, code: str, message: str, *path: Step, question: str = "", part: str = "") -> Issue:
        return Issue(code, message, self.source.locate(path, key=True), question, part)

    def _no_cell(self, key: str) -> str:
        parts = [known for known in self.cells if known.startswith(f"{key}.")]
        if key in self.evaluation.criteria.questions:
            return f"answers: {key} has several rows; name one of them: {', '.join(parts)}"
        return f"answers: '{key}' is no question or row of these criteria{did_you_mean(key, self.cells)}"

    def _counterpart_faults(self, key: str, counterpart: Counterpart) -> Iterator[Issue]:
        question, cell = self.cells[key]
        part = cell.part if cell else ""
        path = ("answers", key)
        names = [entry.name for entry in self.file.sheets]
        if counterpart.sheet and normalize(counterpart.sheet) not in map(normalize, names):
            message = f"{key}: '{counterpart.sheet}' is none of the sheets{did_you_mean(counterpart.sheet, names)}"
            yield self._fault("unknown-reference", message, *path, "sheet", question=question.id, part=part)
        keys = self.file.answers.keys() & self.cells.keys()
        if cell is None and any(row.startswith(f"{key}.") and self.cells[row][0].id == key for row in keys):
            message = f"{key} is answered as a whole and by its rows; keep one form"
            yield self._fault("contradiction", message, *path, question=question.id, part=part)
        for word, text in counterpart.values.items():
            if question.type in _FIGURES and _is_yes_or_no(word):
                message = f"{key} asks for a figure: their '{word}' cannot feed it; name a reason in no_counterpart"
                yield self._fault("yes-no-as-figure", message, *path, "values", word, question=question.id, part=part)
            elif reason := self._unreadable(question, cell, text):
                message = f"{key}: '{text}', which '{word}' is to mean, is no answer to it: {reason}"
                yield self._fault("wrong-value", message, *path, "values", word, question=question.id, part=part)

    def _unreadable(self, question: Question, cell: AnswerCell | None, text: str) -> str:
        """Return why a word of ours is no answer to a question; '' for an answer, and for a word that there is none."""
        answer = Cell(1, 1, "A1", _label(question, cell, text))
        reading = question.read({cell.part if cell else "": answer}, AnswerSettings(self.evaluation.settings.as_of))
        return "; ".join(fault.message for fault in reading.faults) if reading.state == "invalid" else ""

    def _no_counterpart_faults(self) -> Iterator[Issue]:
        questions = self.evaluation.criteria.questions
        for key, reason in self.file.no_counterpart.items():
            path = ("no_counterpart", key)
            if key not in self.cells and key not in questions:
                hint = did_you_mean(key, (*questions, *self.cells))
                message = f"no_counterpart: '{key}' is no question or row of these criteria{hint}"
                yield self._fault("unknown-reference", message, *path)
            if key in self.file.answers:
                message = f"{key} stands in answers and in no_counterpart; keep one"
                yield self._fault("contradiction", message, *path)
            if not reason.strip():
                yield self._fault("missing-key", f"{key}: say why their questionnaire has no counterpart", *path)

    def _figures_from_words(self) -> Iterator[Issue]:
        """Report a yes or no that is to mean a figure in every question."""
        for word, text in self.file.values.items():
            if _is_yes_or_no(word) and any(sign.isdigit() for sign in text):
                message = f"values: '{word}' is a yes or no and means no figure such as '{text}'"
                yield self._fault("yes-no-as-figure", message, "values", word)

    def _unaccounted(self) -> Iterator[Issue]:
        """Report asked rows that are in neither list; a question in no_counterpart accounts for all its rows."""
        named = {*self.file.answers, *self.file.no_counterpart}
        missing: list[str] = []
        for question in self.evaluation.asked_questions.values():
            keys = [key for key, (owner, cell) in self.cells.items() if owner.id == question.id and cell is not None]
            open_keys = [key for key in keys if key not in named]
            if open_keys and question.id not in named:
                missing += open_keys if open_keys != keys else [question.id]
        if missing:
            count = "1 question is" if len(missing) == 1 else f"{len(missing)} questions are"
            message = f"{count} neither in answers nor in no_counterpart: {', '.join(missing)}"
            yield self._fault("not-accounted", message, "answers" if self.source.at(("answers",)) else "mapping")


def _is_yes_or_no(word: str) -> bool:
    return any(normalize(word) in words().answers[name] for name in ("yes", "no"))


def _label(question: Question, cell: AnswerCell | None, text: str) -> str:
    """Return the label of the option that a text names by id, label or synonym; else the text."""
    options: tuple[Option, ...] = cell.options if cell else getattr(question, "options", ())
    folded = normalize(text)
    for option in options:
        if folded in {normalize(name) for name in (option.id, option.label, *option.synonyms)}:
            return option.label
    return text
