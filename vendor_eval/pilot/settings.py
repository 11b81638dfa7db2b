"""pilot.yaml as settings: what is labeled, in which phases, and which promise each figure tests."""

import os
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from vendor_eval.config.input_files import leads_out
from vendor_eval.config.models import Day, Described, Fault, Figure, Id, Text, validate
from vendor_eval.config.yaml12 import Step, YamlSource, parse_document
from vendor_eval.criteria import in_order
from vendor_eval.criteria.questions import Question
from vendor_eval.formatting.currencies import CODES
from vendor_eval.issues import InputError, Issue, did_you_mean
from vendor_eval.results.pilot_figures import FIGURES, OBJECTS, RATED, FigureKind
from vendor_eval.tender import FILE as EVALUATION, Evaluation
from vendor_eval.tender.brief import relative_path
from vendor_eval.tender.drafts import sound_values, wrong_places

FILE = "pilot.yaml"
LOG = "log.csv"
Task = Literal["classification", "preference", "rubric", "boxes", "spans"]
_LATER = ("transcript", "polygons")
_MEASURABLE = ("number", "percentage", "figures")
_BY_VENDOR = ("unit_price", "legal_minimum", "living_wage")
_LACKING = {
    "passes": "it needs two or more passes",
    "log": f"there is no {LOG}",
    "experts": "no item of gold has two or more experts",
}
# Columns of a label besides the item, in this order in a package.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "classification": ("label",),
    "preference": ("choice",),
    "rubric": ("criterion", "score"),
    "boxes": ("label", "x", "y", "w", "h"),
    "spans": ("start", "end", "label"),
}


def fold(text: str) -> str:
    r"""Fold a label for comparison: NFKC, case folded, trimmed, spaces collapsed.

    >>> fold(" Crop\u00a0 Row ")
    'crop row'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for index, name in enumerate(names):
        if fold(name) in seen:
            raise Fault("repeated-label", f"'{name}' reads like '{seen[fold(name)]}', listed already; keep one", index)
        seen[fold(name)] = name
    return names


def _measured_today(task: object) -> object:
    if task in _LATER:
        raise Fault("wrong-value", f"'{task}' is not measured yet; only {', '.join((*RATED, *OBJECTS))} are")
    return task


def _shares(phases: dict[str, float]) -> dict[str, float]:
    if phases and abs(sum(phases.values()) - 100) > 1e-6:  # noqa: PLR2004  per cent
        raise Fault("wrong-value", f"the shares add up to {sum(phases.values()):g}, not to 100")
    return phases


def _rising(levels: tuple[float, ...]) -> tuple[float, ...]:
    if any(later <= earlier for earlier, later in pairwise(levels)) or len(levels) == 1:
        raise Fault("wrong-value", "levels must rise, and be two or more")
    return levels


def _secret(seed: str) -> str:
    if len(seed) < 8:  # noqa: PLR2004  what nobody finds by trying
        raise Fault("wrong-value", "a seed has 8 characters or more, so that nobody finds it by trying")
    return seed


def _known_currency(code: str) -> str:
    if code.casefold() not in CODES:
        hint = did_you_mean(code, map(str.upper, CODES)) or "; write one such as EUR"
        raise Fault("wrong-value", f"'{code}' is no currency of ISO 4217{hint}")
    return code.upper()


Names = Annotated[tuple[Id, ...], AfterValidator(_each_once)]
_Share = Annotated[Figure, Field(gt=0, le=100)]
_Risk = Annotated[Figure, Field(gt=0, lt=100)]
_Positive = Annotated[Figure, Field(gt=0)]
_Whole = Annotated[int, Field(ge=1, strict=True)]
_Path = Annotated[Text, AfterValidator(lambda name: name and relative_path(name))]


class Risk(Described):
    """The acceptance plan: which quality is promised, which would be unacceptable, and the risks of error."""

    promised: _Share
    """Share of right items that is promised, in per cent."""
    unacceptable: _Risk
    """Share of right items that must not be accepted, in per cent."""
    seller_risk: _Risk = 5
    """Most risk that a batch as good as promised is refused, in per cent."""
    buyer_risk: _Risk = 10
    """Most risk that an unacceptable batch is accepted, in per cent."""

    @model_validator(mode="after")
    def _below(self) -> "Risk":
        if self.unacceptable >= self.promised:
            raise Fault("wrong-value", f"{self.unacceptable:g} is not below what is promised", "unacceptable")
        return self


class Pay(Described):
    """What an hour of the work can yield at most, and what it is compared with."""

    currency: Annotated[Text, AfterValidator(_known_currency)]
    """Currency of all figures here, by its ISO 4217 code."""
    unit_price: dict[Id, _Positive] = {}
    """Price of one item by vendor; give this or `price_item`."""
    price_item: Text = ""
    """Item of the offers whose price is that of one item; give this or `unit_price`."""
    legal_minimum: dict[Id, _Positive] = {}
    """Legal minimum for one hour, by vendor."""
    living_wage: dict[Id, _Positive] = {}
    """Living wage for one hour, by vendor."""

    @model_validator(mode="after")
    def _priced_once(self) -> "Pay":
        if bool(self.unit_price) == bool(self.price_item):
            raise Fault("wrong-value", "give either unit_price or price_item")
        return self


class Bootstrap(Described):
    """How intervals are resampled."""

    draws: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 2000
    """How many samples are drawn."""
    seed: Annotated[int, Field(ge=0, strict=True)] = 1
    """Seed of the generator."""


class QualityTarget(Described):
    """The target of the brief, in the unit of the figure that tests it."""

    value: Figure
    """Equal to `brief.quality_target` of evaluation.yaml."""
    unit: Text
    """Unit of the figure, such as "%"."""


class Link(Described):
    """A question whose answer is a promise, and the figure that tests it."""

    question: Id
    """Id of the question."""
    figure: Text
    """Id of the figure."""
    kind: Literal["fact", "guarantee", "ceiling"]
    """`fact`: what is measured counts; `guarantee`: the worse of promised and measured; `ceiling`: can only refute."""
    margin: Annotated[Figure, Field(ge=0)] = 0
    """How far below the promise the interval may reach, in the unit of the figure."""
    phase: Text = ""
    """Narrows an accuracy to a phase."""
    iou: Figure | None = None
    """Narrows a figure of boxes to a threshold; without it the first of `iou`."""
    label: Text = Field(default="", alias="class")
    """Narrows a recall or precision to a class."""

    @property
    def narrowed(self) -> Mapping[str, str]:
        """The keys that narrow the figure, with their text."""
        iou = "" if self.iou is None else f"{self.iou:g}"
        return {key: text for key, text in (("phase", self.phase), ("iou", iou), ("class", self.label)) if text}


class PilotSettings(Described):
    """The settings of a pilot, pilot.yaml."""

    title: Text
    """Title on every output."""
    task: Annotated[Task, BeforeValidator(_measured_today)]
    """What vendors do."""
    labels: Names = ()
    """The closed set of labels; of preference the choices, of boxes and spans the classes."""
    measured_on: Day
    """Date of the findings that the pilot makes."""
    seed: Annotated[Text, AfterValidator(_secret)] = ""
    """Decides the draw; secret until the debrief, 8 characters or more."""
    passes: _Whole = 1
    """Independent labels of each item by the vendor's people."""
    phases: Annotated[dict[Id, _Share], AfterValidator(_shares)] = {}
    """Shares of the items by phase in per cent, in order."""
    show: Names = ()
    """Columns of the items that vendors see, nothing else."""
    risk: Risk | None = None
    """The acceptance plan."""
    severity: dict[Text, Annotated[Figure, Field(ge=0)]] = {}
    """Cost of an error by "gold>label"; any other error costs 1, a missing or invalid label the largest cost."""
    iou: tuple[Annotated[Figure, Field(gt=0, le=1)], ...] = (0.5, 0.75)
    """Thresholds of boxes; the first decides whether an image is right."""
    criteria: Names = ()
    """Criteria of a rubric."""
    levels: Annotated[tuple[Figure, ...], AfterValidator(_rising)] = ()
    """Levels of a rubric, rising."""
    fast_below: _Positive | None = None
    """Seconds that nobody can do an item in."""
    pay: Pay | None = None
    """Prices and wages by vendor."""
    bootstrap: Bootstrap = Bootstrap()
    """How intervals are resampled."""
    vendors: Names = ()
    """Ids of the vendors that take part; without it those of the evaluation, or the files in labels/."""
    gold: _Path = ""
    """File with the truth, relative to pilot.yaml; without it gold.csv, gold.xlsx or gold.json."""
    absent: dict[Id, Id] = {}
    """Vendors that are excused for sending nothing, each with the reason."""
    quality_target: QualityTarget | None = None
    """The target of the brief, in the unit of a figure; without it no promise of the target is compared."""
    disclose: Annotated[Figure, Field(ge=0, le=0)] = 0
    """Per cent of its own errors that a vendor is shown with their gold; 0 until that is there."""
    least_items: _Whole = 100
    """Below so many items a figure is judged and does not count."""
    links: tuple[Link, ...] = ()
    """Questions whose answers are tested."""

    @property
    def phase_names(self) -> tuple[str, ...]:
        """The phases in their order."""
        return tuple(self.phases)

    @property
    def label_numbers(self) -> dict[str, int]:
        """Places of the labels by their folded text."""
        return {fold(label): number for number, label in enumerate(self.labels)}

    @property
    def costs(self) -> dict[tuple[int, int], float]:
        """Costs that `severity` sets, by gold and label."""
        pairs = {pair: cost for text, cost in self.severity.items() if (pair := self.error_of(text))}
        return {pair: cost for pair, cost in pairs.items() if pair[0] != pair[1]}

    def error_of(self, text: str) -> tuple[int, int] | None:
        """Read "gold>label" as two places of the labels; None where they are none."""
        numbers = self.label_numbers
        cuts = [place for place, sign in enumerate(text) if sign == ">"]
        pairs = [(numbers.get(fold(text[:cut])), numbers.get(fold(text[cut + 1 :]))) for cut in cuts]
        return next(((gold, label) for gold, label in pairs if gold is not None and label is not None), None)

    def group_of(self, link: Link) -> tuple[str | None, str | None]:
        """Return `by` and `group` of the figure that a link means, spelled as in `phases`, `iou` and `labels`."""
        for by, text in link.narrowed.items():
            if by == "class":
                number = self.label_numbers.get(fold(text))
                return by, text if number is None else self.labels[number]
            return by, text
        by_iou = self.task == "boxes" and "iou" in FIGURES[link.figure].by
        return ("iou", f"{self.iou[0]:g}") if by_iou else (None, None)


# ------------------------------------------------------------------------------------------------------ loading


def load_pilot(
    folder: Path, evaluation: Evaluation | None = None, vendors: Collection[str] | None = None
) -> PilotSettings:
    """Load pilot.yaml, checked against the evaluation and its vendors where they are known.

    Raises InputError with every fault of the file.
    """
    source, faults = parse_document(folder / FILE)
    issues = [*faults]
    if source.root is not None or not faults:
        valid, invalid = validate(source, PilotSettings)
        issues += invalid
        settings: PilotSettings = valid
        places: Sequence[int] = range(len(valid.links)) if valid else ()
        faulty = frozenset[str]()
        if valid is None:
            written = source.value if isinstance(source.value, dict) else {}
            instead = {"title": "", "task": "classification", "measured_on": "0001-01-01"}
            faulty = frozenset(str(path[0]) for path in wrong_places(PilotSettings, {**instead, **written}) if path)
            settings, kept = sound_values(PilotSettings, written, instead)
            places = kept.get("links", range(len(settings.links)))
        issues += _Check(folder, source, settings, places, faulty, evaluation, vendors).all()
        if not issues:
            return settings
    raise InputError(sorted(dict.fromkeys(issues), key=in_order))


@dataclass(frozen=True)
class _Check:
    """Checks of keys against each other, the evaluation and its vendors."""

    folder: Path
    source: YamlSource
    settings: PilotSettings
    places: Sequence[int]
    faulty: Collection[str]
    evaluation: Evaluation | None
    vendors: Collection[str] | None

    def all(self) -> Iterator[Issue]:
        if self.source.at(("task",)) == self.settings.task:
            yield from self._needed()
        yield from self._named()
        if fault := outside(self.folder, self.settings.gold):
            yield self._fault("wrong-value", f"gold: {fault}", "gold")
        seen: dict[str, int] = {}
        for index, link in zip(self.places, self.settings.links, strict=True):
            if seen.setdefault(link.question, index) != index:
                text = f"question: {link.question} is linked twice; keep one"
                yield self._fault("repeated-id", text, "links", index, "question")
            yield from self._link(index, link)

    def _fault(self, code: str, message: str, *path: Step) -> Issue:
        return Issue(code, message, self.source.locate(path, key=self.source.reach(path) == len(path)))

    def _unknown(self, text: str, what: str, known: Iterable[str], key: str, *path: Step, cure: str = "") -> Issue:
        """Make the fault of a text that names nothing, with the nearest that is known, else the cure."""
        hint = did_you_mean(text, known) or cure
        return self._fault("unknown-reference", f"{key}: '{text}' is {what}{hint}", *path)

    def _needed(self) -> Iterator[Issue]:
        settings, task, iou = self.settings, self.settings.task, self.settings.iou
        for key in ("criteria", "levels") if task == "rubric" else ("labels",):
            if not getattr(settings, key) and self.source.at((key,)) in (None, []):
                yield self._fault("missing-key", f"required key '{key}' is missing: {task} needs it", key)
        if settings.passes > 1 and task in OBJECTS:
            yield self._fault("wrong-value", f"passes: several passes of {task} are not measured", "passes")
        if task == "boxes" and not iou:
            yield self._fault("wrong-value", "iou: at least one threshold is needed", "iou")
        elif len(set(iou)) < len(iou):
            yield self._fault("wrong-value", "iou: a threshold stands twice; keep one", "iou")
        item = settings.pay.price_item if settings.pay else ""
        price = self.evaluation.settings.price if self.evaluation else None
        items = [line.id for line in price.items] if price else []
        if item and item not in items:
            path, cure = ("price_item", "pay", "price_item"), "; give unit_price by vendor"
            yield self._unknown(item, "no item of the price", items, *path, cure=cure)

    def _named(self) -> Iterator[Issue]:
        """Check the labels that `severity` names, and every vendor that is named."""
        settings, pay = self.settings, self.settings.pay
        labels = settings.labels if "labels" not in self.faulty else ()
        for text in settings.severity if labels else ():
            pair = settings.error_of(text)
            if pair is None or pair[0] == pair[1]:
                errors = [f"{gold}>{label}" for gold in labels for label in labels if gold != label]
                yield self._unknown(text, "no 'gold>label' of two labels", errors, "severity", "severity", text)
        known = settings.vendors if self.vendors is None else self.vendors
        named: list[tuple[str, str, tuple[Step, ...]]] = [
            *((name, "vendors", ("vendors", index)) for index, name in enumerate(settings.vendors)),
            *((name, "absent", ("absent", name)) for name in settings.absent),
            *((name, key, ("pay", key, name)) for key in _BY_VENDOR if pay for name in getattr(pay, key)),
        ]
        for name, key, path in named if known else ():
            if name not in known:
                yield self._unknown(name, "no vendor", known, key, *path)

    def _link(self, index: int, link: Link) -> Iterator[Issue]:
        kind, place = FIGURES.get(link.figure), ("links", index, "figure")
        if kind is None:
            yield self._unknown(
                link.figure, "no figure", FIGURES, "figure", *place, cure=f"; known are {', '.join(FIGURES)}"
            )
            return
        if kind.better is None:
            text = f"figure: {link.figure} is neither good nor bad, so it tests no promise"
            yield self._fault("wrong-value", text, *place)
            return
        if not {"task", "labels", "phases", "iou"} & {*self.faulty}:
            yield from self._narrowing(index, link, kind)
        criteria = self.evaluation.criteria if self.evaluation else None
        question = criteria.questions.get(link.question) if criteria else None
        if criteria and question is None:
            hint = criteria.hint_for(link.question, criteria.questions)
            text = f"question: '{link.question}' is no question{hint}"
            yield self._fault("unknown-reference", text, "links", index, "question")
        elif question and (text := misfit(question, link, kind)):
            yield self._fault("wrong-value", text, *place)

    def _narrowing(self, index: int, link: Link, kind: FigureKind) -> Iterator[Issue]:
        settings, task = self.settings, self.settings.task
        labels, iou = tuple(settings.labels), tuple(f"{iou:g}" for iou in settings.iou)
        known = {"phase": settings.phase_names, "iou": iou, "class": labels}
        for key, text in link.narrowed.items():
            if key not in kind.by or (key == "iou" and task != "boxes") or (key == "class" and task == "spans"):
                message = f"{key}: {link.figure} of {task} is not narrowed by it"
                yield self._fault("wrong-value", message, "links", index, key)
            elif text not in known[key] and (key != "class" or fold(text) not in settings.label_numbers):
                none = f"none of {', '.join(known[key]) or 'the file'}"
                yield self._unknown(text, none, known[key], key, "links", index, key)
        if len(link.narrowed) > 1:
            message = f"{' and '.join(link.narrowed)}: narrow a figure by one of them"
            yield self._fault("wrong-value", message, "links", index)
        elif link.figure in {"recall", "precision"} and task == "classification" and not link.label:
            message = f"required key 'class' is missing: {link.figure} is of a class"
            yield self._fault("missing-key", message, "links", index)


def outside(folder: Path, name: str) -> str:
    """Say that a path from the folder of a pilot leads out of the tender's folder; nothing where it does not."""
    tender = next((above for above in Path(os.path.realpath(folder)).parents if (above / EVALUATION).is_file()), folder)
    fault = f"'{name}' leads out of the folder of the tender; put the file into {folder.name}/ and name it"
    return fault if leads_out(folder / name, tender) else ""


def misfit(question: Question, link: Link, kind: FigureKind) -> str:
    """Say why a question cannot be linked to a figure; nothing where it can."""
    if question.type in _MEASURABLE:
        unit = getattr(question, "unit", "")
        asked = f"figure: {link.figure} is in {kind.unit}, and {question.id} asks for {unit or 'no unit'}"
        return "" if fold(unit) == fold(kind.unit) else asked
    if any(getattr(option, "promises", None) for option in getattr(question, "options", ())):
        return ""
    return f"question: {question.id} is a {question.type} question without a figure that could be promised"


# ------------------------------------------------------------------------------------------------------ links


def sleeping_links(
    settings: PilotSettings, folder: Path, evaluation: Evaluation, *, several_experts: bool
) -> Mapping[str, Issue]:
    """Say of each question whose link sleeps why, as a notice with its place in pilot.yaml.

    `several_experts` tells whether an item of gold has two or more.
    """
    source, _ = parse_document(folder / FILE)
    there = {"passes": settings.passes > 1, "log": (folder / LOG).is_file(), "experts": several_experts}
    asleep: dict[str, Issue] = {}
    for index, link in enumerate(settings.links):
        if why := _why_asleep(settings, link, there, evaluation):
            message = f"{link.question} is not compared: {why}"
            asleep[link.question] = Issue("link-asleep", message, source.locate(("links", index)), link.question)
    return asleep


def _why_asleep(settings: PilotSettings, link: Link, there: Mapping[str, bool], evaluation: Evaluation) -> str:
    kind = FIGURES[link.figure]
    question = evaluation.asked_questions.get(link.question)
    if question is None:
        return "this evaluation does not ask it"
    if settings.task not in kind.tasks or (settings.task == "boxes" and link.figure == "precision" and link.label):
        return f"{settings.task} has no {link.figure}"
    for need in kind.needs:
        owner, name = (settings.pay, "pay") if need in _BY_VENDOR else (settings, FILE)
        if not there.get(need, getattr(owner, need, None)):
            return _LACKING.get(need, f"{name} has no {need}")
    return "" if question.type in _MEASURABLE else _target(settings, kind, evaluation)


def _target(settings: PilotSettings, kind: FigureKind, evaluation: Evaluation) -> str:
    """Say why the promise of the brief's target cannot be compared; nothing where it can."""
    target, asked = settings.quality_target, evaluation.settings.brief.quality_target
    if target is None:
        return "pilot.yaml has no quality_target; write it, equal to that of the brief in evaluation.yaml"
    if asked is None or asked != target.value:
        brief = "empty" if asked is None else f"{asked:g}"
        return f"quality_target is {target.value:g}, and that of the brief {brief}; write the same number into both"
    if fold(target.unit) != fold(kind.unit):
        return f"quality_target is in {target.unit}, the figure in {kind.unit}"
    return ""
