"""evaluation.yaml as settings: what is asked, with which weights, of whom, judged on which day."""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from os.path import lexists
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from vendor_eval.award import Aggregate, Evaluator, Price, PriceItem
from vendor_eval.conditions import Context, holds, in_words
from vendor_eval.criteria import (
    SHIPPED,
    Category,
    ContextField,
    Criteria,
    Criterion,
    Floor,
    FloorSetting,
    Weights,
    all_zero,
    bind,
    certification_faults,
    check_weights,
    condition_faults,
    gate_faults,
    in_order,
    is_weight,
    load_criteria,
    question_conditions,
    reference_faults,
    split_reference,
)
from vendor_eval.documents import (
    Day,
    Fault,
    Frozen,
    Id,
    Moment,
    Text,
    Word,
    load_document,
    shown,
    unknown_key,
    validate,
)
from vendor_eval.errors import VendorEvalError
from vendor_eval.identities import clarified_vendor
from vendor_eval.issues import InputFaults, Issue, Location, did_you_mean
from vendor_eval.questions import Question, Score, Setting
from vendor_eval.questions.prices import CurrencyQuestion, OfferQuestion, PriceQuestion, ValidityQuestion
from vendor_eval.yaml12 import Source, as_text

if TYPE_CHECKING:
    from vendor_eval.sourcing.context import ForScorecard

FILE = "evaluation.yaml"
# A hint names no more than a reader takes in.
_SHOWN = 6
PRICE = "price"
CONSENSUS = "consensus"
CURRENCY, VALIDITY = "OFFER-CURRENCY", "OFFER-VALID"


# ------------------------------------------------------------------------------------------------ models


class EvidenceCaps(Frozen):
    """Most that an answer is credited with, by how it is proven."""

    claim: Score = 60
    document: Score = 85
    verified: Score = 100

    @model_validator(mode="after")
    def _rising(self) -> "EvidenceCaps":
        if not self.claim <= self.document <= self.verified:
            shown = f"claim {self.claim:g}, document {self.document:g}, verified {self.verified:g}"
            raise Fault("wrong-value", f"{shown}: better proof must not count for less")
        return self


class Waiver(Frozen):
    """A failure that somebody answers for: it counts as passed and is printed wherever the gate is."""

    vendor: Text
    question: Text = ""
    node: Text = ""
    reason: Text
    approved_by: Text
    date: Day


def _paths(files: object) -> object:
    """Spell paths one way, so that a file is known again in `responses/`."""
    listed = files if isinstance(files, list | tuple) else [files]
    return tuple(_relative(file, index) if isinstance(file, str) else file for index, file in enumerate(listed))


def _relative(file: str, *path: int) -> str:
    if file.startswith("/") or Path(file).is_absolute():
        raise Fault("wrong-value", f"'{file}' is an absolute path; name it relative to {FILE}", *path)
    return posixpath.normpath(file)


def _mapping_name(name: str) -> str:
    return _relative(name) if name else name


class VendorEntry(Frozen):
    """A vendor that the buyer names, with its files."""

    id: Id
    name: Text = ""
    file: Annotated[tuple[Text, ...], BeforeValidator(_paths)] = ()
    map: Annotated[Text, AfterValidator(_mapping_name)] = ""
    received: Moment | None = None
    accept_late: Text = ""


# Their lines may all be commented out.
_HEADINGS = {"context", "evaluators", "floors", "overrides", "price", "tie_breakers", "vendors", "waivers"}


class Settings(Frozen):
    """evaluation.yaml."""

    title: Text
    as_of: Day
    reference: Text = ""
    criteria: Text = SHIPPED
    profile: Text = ""
    preset: Text = "balanced"
    weights: Weights | None = None
    context: dict[str, Word | tuple[Word, ...]] = {}
    questions: Literal["full", "core"] = "full"
    missing: Literal["zero", "exclude"] = "zero"
    evidence: EvidenceCaps | Literal["off"] = EvidenceCaps()
    floors: dict[str, FloorSetting | None] = {}
    overrides: dict[str, Any] = {}
    shortlist: Annotated[int, Field(ge=1, strict=True)] = 3
    firmness: Literal["page", "annex", "off"] = "page"
    tie_breakers: tuple[Text, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    vendors: tuple[VendorEntry, ...] = ()
    deadline: Moment | None = None
    price: Price | None = None
    evaluators: tuple[Evaluator, ...] = ()
    aggregate: Aggregate = "median"
    seed: Annotated[int, Field(strict=True)] = 1

    @model_validator(mode="before")
    @classmethod
    def _without_empty_headings(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {key: value for key, value in given.items() if value is not None or key not in _HEADINGS}

    @property
    def profile_name(self) -> str:
        """The profile as results name it: no absolute path."""
        return Path(self.profile).name if Path(self.profile).is_absolute() else self.profile

    @property
    def caps(self) -> EvidenceCaps | None:
        """Evidence caps, None where they are off."""
        return None if self.evidence == "off" else self.evidence


# Compared and hashed by identity, so that what reading looks up of an evaluation is worked out once.
@dataclass(frozen=True, eq=False)
class Evaluation:
    """A loaded evaluation: settings, and the criteria with this evaluation's overrides, weights and scope applied."""

    settings: Settings
    folder: Path
    source: Source
    criteria: Criteria
    context: Context
    weights: Mapping[str, float]
    floors: Mapping[str, Floor]
    off: frozenset[str] = frozenset()
    # Weights of the criteria, by id, under each named preset.
    presets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def setting(self) -> Setting:
        """What reading and valuing an answer need."""
        return Setting(self.settings.as_of)

    @cached_property
    def scope(self) -> Mapping[str, bool]:
        """For each question whether it is asked in this evaluation."""
        asked = {
            question.id: self._is_asked(category, criterion, question)
            for category in self.criteria.categories
            for criterion in category.criteria
            for question in criterion.questions
        }
        # A follow-up of what nobody is asked is not asked either.
        above = {name: question.ask_if for name, question in self.criteria.questions.items()}
        while idle := [name for name in asked if asked[name] and not all(asked[other] for other in above[name])]:
            asked.update(dict.fromkeys(idle, False))
        return asked

    def _is_asked(self, category: Category, criterion: Criterion, question: Question) -> bool:
        return next(self._against(category, criterion, question), None) is None

    def _against(self, category: Category, criterion: Criterion, question: Question) -> Iterator[str]:
        """List what keeps a question out of this evaluation."""
        node = f"{category.category}.{criterion.id}"
        yield from (f"overrides switch {n} off" for n in (category.category, node, question.id) if n in self.off)
        for name, part in ((category.category, category), (node, criterion), (question.id, question)):
            if holds(part.applies, self.context) is False:
                yield f"{name} applies only when {in_words(part.applies)}"
        if category.weighted and self.settings.questions == "core" and not self._is_core(question):
            yield "this evaluation asks the core questions alone, and it is none of them"

    @cached_property
    def not_asked(self) -> Mapping[str, str]:
        """Why each question that is not asked is not, by id."""
        reasons = {
            question.id: next(self._against(category, criterion, question), "")
            for category in self.criteria.categories
            for criterion in category.criteria
            for question in criterion.questions
            if not self.scope[question.id]
        }
        for name, reason in reasons.items():
            above = [other for other in self.criteria.questions[name].ask_if if not self.scope[other]]
            reasons[name] = reason or f"it follows up {' and '.join(above)}, which is not asked"
        return reasons

    def _is_core(self, question: Question) -> bool:
        if question.tier == "core":
            return True
        knock_outs = [gate for gate in question.gates if gate.kind == "knock_out"]
        return question.core_if_knock_out and any(holds(gate.when, self.context) for gate in knock_outs)

    def asked(self, category: Category) -> tuple[Question, ...]:
        """Questions of a category that are asked, in order."""
        return tuple(q for criterion in category.criteria for q in criterion.questions if self.scope[q.id])

    @cached_property
    def asked_questions(self) -> Mapping[str, Question]:
        """Every question that is asked, by id."""
        return {name: question for name, question in self.criteria.questions.items() if self.scope[name]}

    @cached_property
    def offer_questions(self) -> Mapping[str, OfferQuestion]:
        """Lines of the offer by id, the currency and the validity last; none where no price is asked."""
        price = self.settings.price
        if price is None:
            return {}
        lines: tuple[OfferQuestion, ...] = (
            *(_line(price, item) for item in price.items),
            CurrencyQuestion(
                id=CURRENCY, text=f"Currency of all prices (asked: {price.currency})", currency=price.currency
            ),
            ValidityQuestion(id=VALIDITY, text="The offer holds until"),
        )
        return {line.id: line for line in lines}


def _line(price: Price, item: PriceItem) -> PriceQuestion:
    volume = "paid once" if item.once else f"{item.volume:,.10g} a year"
    counted = f", {item.volume:,.10g} of them" if item.once and item.volume != 1 else ""
    text = f"{item.text} ({volume}{counted})"
    return PriceQuestion(id=item.id, text=text, currency=price.currency, unit=item.unit)


# ------------------------------------------------------------------------------------------------ loading


def _nothing_beside(_folder: Path, _evaluation: Evaluation | None) -> Iterable[Issue]:
    return ()


def load_evaluation(
    path: str | Path = ".",
    *,
    as_of: date | None = None,
    beside: Callable[[Path, Evaluation | None], Iterable[Issue]] = _nothing_beside,
) -> Evaluation:
    """Load an evaluation from its folder or its evaluation.yaml; `as_of` replaces the day in the file.

    `beside` checks what else lies in the folder, with the evaluation as far as it is sound: its faults are reported
    in the same run. Raises InputFaults with every fault of the file, of its criteria, and of what lies beside.
    """
    file = find_evaluation(path)
    document = load_document(file, Settings)
    sound = _Sound(document.value, {}) if document.value is not None else _sound(document.source)
    if sound is None:
        raise InputFaults(_together(document.faults, beside(file.parent, None)))
    # Without a day of its own the file may be of no use at all: then nothing is checked against it.
    dated = sound.settings.as_of != date.min
    if as_of is not None:
        sound = replace(sound, settings=sound.settings.model_copy(update={"as_of": as_of}))
    try:
        criteria = _load_criteria(sound.settings, file.parent, document.source)
    except InputFaults as found:
        raise InputFaults(_together(document.faults, found.issues, beside(file.parent, None))) from None
    profile = _profile(sound.settings, file.parent, document.source, criteria)
    loader = _Loader(sound, file.parent, document.source, criteria, list(document.faults), profile)
    evaluation = loader.load()
    faults = _together(loader.faults, beside(file.parent, evaluation if dated else None))
    if faults:
        raise InputFaults(faults)
    return evaluation


def _together(*faults: Iterable[Issue]) -> list[Issue]:
    return sorted((issue for some in faults for issue in some), key=in_order)


@dataclass(frozen=True)
class _Sound:
    """Settings without what is faulty in them; `places` are the indexes that entries of a list have in the file."""

    settings: Settings
    places: Mapping[str, Sequence[int]]


def _sound(source: Source) -> _Sound | None:
    """Keep the settings that have no fault, so that what they name is checked in the same run."""
    instead: dict[str, object] = {"title": "", "as_of": date.min}
    given = source.value if isinstance(source.value, dict) else {}
    try:
        return _Sound(Settings.model_validate(instead | given), {})
    except ValidationError as error:
        wrong = {details["loc"][:2] for details in error.errors()}
    if any(loc[0] == "criteria" for loc in wrong):
        return None
    kept = {key: value for key, value in given.items() if (key,) not in wrong}
    places: dict[str, list[int]] = {}
    for key, value in kept.items():
        inside = {loc[1] for loc in wrong if loc[0] == key and len(loc) > 1}
        if inside and isinstance(value, dict) and inside <= set(value):
            kept[key] = {name: one for name, one in value.items() if name not in inside}
        elif inside and isinstance(value, list):
            places[key] = [index for index in range(len(value)) if index not in inside]
            kept[key] = [value[index] for index in places[key]]
        elif inside:
            kept[key] = None
    kept = {key: value for key, value in kept.items() if value is not None}
    try:
        return _Sound(Settings.model_validate(instead | kept), places)
    except ValidationError:  # faults of several entries together, said already
        return _Sound(Settings.model_validate(instead), {})


def find_evaluation(path: str | Path) -> Path:
    """Find the evaluation.yaml that a folder or a path means; raise VendorEvalError if there is none."""
    given = Path(path)
    file = given / FILE if given.is_dir() else given
    if not file.is_file():
        missing = given if given.suffix else given / FILE
        message = f"{missing}: no such file; name a folder with {FILE}, or start one with 'vendor-eval init DIR'"
        raise VendorEvalError(message)
    return file


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder without permission
        return False


def _load_criteria(settings: Settings, folder: Path, source: Source) -> Criteria:
    if settings.criteria == SHIPPED:
        return load_criteria()
    own = folder / settings.criteria
    if not _is_file(own / "scorecard.yaml"):
        message = f"criteria: {settings.criteria} is no folder with a scorecard.yaml; name one, or {SHIPPED}"
        raise InputFaults([Issue("missing-file", message, source.locate(("criteria",)))])
    return load_criteria(own)


def _profile(settings: Settings, folder: Path, source: Source, criteria: Criteria) -> "ForScorecard | None":
    """Load the sourcing profile of an evaluation; None where it names none."""
    if not settings.profile:
        return None
    path = folder / settings.profile
    if not path.is_file():
        message = f"profile: {settings.profile} does not exist; write one with 'vendor-eval advise {path} --interview'"
        raise InputFaults([Issue("missing-file", message, source.locate(("profile",)))])
    # Imported where used: most evaluations name no profile, and numpy takes a tenth of a second.
    from vendor_eval.sourcing.context import for_scorecard
    from vendor_eval.sourcing.loading import load_sourcing
    from vendor_eval.sourcing.profile import load_profile

    return for_scorecard(
        load_profile(
            path,
            model=load_sourcing(
                settings.criteria if settings.criteria == SHIPPED else folder / settings.criteria, criteria
            ),
        )
    )


@dataclass
class _Loader:
    """Applies an evaluation's settings to the criteria and gathers every fault on the way."""

    sound: _Sound
    folder: Path
    source: Source
    criteria: Criteria
    faults: list[Issue]
    profile: "ForScorecard | None" = None

    @property
    def settings(self) -> Settings:
        return self.sound.settings

    def _numbered(self, key: str) -> Iterator[tuple[int, Any]]:
        """List the sound entries of a list with the index that each has in the file."""
        entries = getattr(self.settings, key)
        return zip(self.sound.places.get(key, range(len(entries))), entries, strict=True)

    def load(self) -> Evaluation:
        """Apply the settings; an evaluation with faults is as far as they go."""
        criteria, off, overridden = self._override()
        context = self._context(criteria)
        presets = {name: self._criteria_weights(name, overridden) for name in self.criteria.file.presets}
        evaluation = Evaluation(
            self.settings, self.folder, self.source, criteria, context, self._weights(), self._floors(), off, presets
        )
        self._check_names(evaluation)
        self._check_zero_weights(criteria)
        if not self.faults:
            evaluation = replace(evaluation, criteria=_for_context(criteria, evaluation))
            self._check_scope(evaluation)
        return evaluation

    def _fault(self, code: str, message: str, *path: str | int) -> None:
        self.faults.append(Issue(code, message, self.source.locate(path, key=True)))

    def _wrong_context(self, name: str, index: int, message: str) -> None:
        place = self.source.locate(("context", name, index))
        self.faults.append(Issue("wrong-value", f"context: {name}: {message}", place))

    def _check_zero_weights(self, criteria: Criteria) -> None:
        """Find all-zero weights that overrides made: the criteria themselves have none."""
        for category in criteria.categories if criteria is not self.criteria else ():
            for _, message in all_zero(category) if category.weighted else ():
                self._fault("all-zero-weights", message, "overrides")

    def _check_scope(self, evaluation: Evaluation) -> None:
        weighted = [c for c in evaluation.criteria.categories if c.weighted and evaluation.weights.get(c.category)]
        if not any(question.weight for category in weighted for question in evaluation.asked(category)):
            message = "no question with a weight is asked: check context, questions, overrides and weights"
            self._fault("nothing-asked", message, "title")

    def _weights(self) -> Mapping[str, float]:
        names = list(self.criteria.file.categories)
        if self.profile is not None:
            for key in ("preset", "weights"):
                if key in self.source.value:
                    message = f"{key}: the profile gives the weights; remove {key}, or the profile"
                    self._fault("contradiction", message, key)
            return self.profile.weights
        if self.settings.weights is not None:
            if isinstance(self.source.value, dict) and "preset" in self.source.value:
                self._fault("contradiction", "weights: give either a preset or weights, not both", "weights")
            # As they stand in the file: without one that is none the others need not add up.
            written = self.source.at(("weights",))
            self.faults.extend(check_weights(self.source, ("weights",), written, names))
            return self.settings.weights
        presets = self.criteria.file.presets
        if self.settings.preset not in presets and self.source.at(("weights",)) is not None:
            return {}  # they have a fault of their own
        if self.settings.preset not in presets:
            hint = did_you_mean(self.settings.preset, presets) or f"; known are {', '.join(presets)}"
            self._fault("unknown-reference", f"preset: '{self.settings.preset}' is no preset{hint}", "preset")
            return {}
        return presets[self.settings.preset]

    def _floors(self) -> Mapping[str, Floor]:
        known = self.criteria.weighted_node_ids
        for name in self.settings.floors:
            if name not in known:
                message = f"floors: '{name}' is no category or criterion with a weight{did_you_mean(name, known)}"
                self._fault("unknown-reference", message, "floors", name)
        for name, floor in self.settings.floors.items():
            condition, place = floor.when if floor else {}, ("floors", name, "when")
            self.faults.extend(condition_faults(self.source, place, condition, self.criteria.file.context))
        merged = {**self.criteria.file.floors, **self.settings.floors}
        return {name: floor for name, floor in merged.items() if floor is not None}

    def _context(self, criteria: Criteria) -> Context:
        given = self._own_context(criteria)
        by_profile = self.profile.context if self.profile is not None else {}
        for name in given.keys() & by_profile.keys():
            if given[name] != by_profile[name]:
                message = f"context: {name}: the profile says otherwise; change it there, or remove it here"
                self._fault("contradiction", message, "context", name)
        return {**by_profile, **given}

    def _own_context(self, criteria: Criteria) -> Context:
        own = [floor.when for floor in self.settings.floors.values() if floor is not None]
        wanted: dict[str, list[bool | str]] = {}
        # What an override removed may still be set.
        for condition in (*self.criteria.conditions(), *criteria.conditions(), *own):
            for name, values in condition.items():
                wanted.setdefault(name, []).extend(values)
        context: dict[str, bool | str | tuple[str, ...]] = {}
        for name, value in self.settings.context.items():
            field = criteria.file.context.get(name)
            if field is not None:
                self._check_value(name, value, field)
            elif name in wanted:
                self._check_kind(name, value, wanted[name])
            else:
                hint = did_you_mean(name, {*criteria.file.context, *wanted})
                message = f"context: '{name}' is no field of the criteria{hint}"
                self._fault("unknown-context-field", message, "context", name)
            if isinstance(value, tuple) or (field is not None and field.type == "set"):
                context[name] = tuple(as_text(one) for one in _as_tuple(value))
            else:
                context[name] = value
        return context

    def _check_value(self, name: str, value: bool | str | tuple[bool | str, ...], field: ContextField) -> None:  # noqa: FBT001  a value of the context, not a switch
        if isinstance(value, tuple) and field.type != "set":
            self._fault("wrong-value", f"context: {name} takes one value, not a list", "context", name)
            return
        names = [as_text(one) for one in field.values]
        for index, one in enumerate(_as_tuple(value)):
            if one not in field.values and one in names:
                self._wrong_context(name, index, f"write {one} without quotes")
            elif one not in field.values:
                hint = did_you_mean(as_text(one), names)
                self._wrong_context(name, index, f"{shown(one)} is not one of {', '.join(names)}{hint}")

    def _check_kind(self, name: str, value: bool | str | tuple[bool | str, ...], wanted: Iterable[bool | str]) -> None:  # noqa: FBT001  as above
        """Check a field of which only conditions speak: text never meets `true`."""
        kinds = {type(one) for one in wanted}
        for index, one in enumerate(_as_tuple(value)):
            if kinds and type(one) not in kinds:
                expected = "true or false" if bool in kinds else "text"
                self._wrong_context(name, index, f"expected {expected}, not {shown(one)}")

    # -------------------------------------------------------------------------------------------- overrides

    def _override(self) -> tuple[Criteria, frozenset[str], Mapping[str, float]]:
        off = set()
        changed: dict[str, Question] = {}
        weights: dict[str, float] = {}
        for name, change in self.settings.overrides.items():
            if name not in self.criteria.questions and name not in self.criteria.node_ids:
                hint = did_you_mean(name, (*self.criteria.questions, *self.criteria.node_ids))
                self._fault(
                    "unknown-reference",
                    f"overrides: '{name}' is no question, criterion or category{hint}",
                    "overrides",
                    name,
                )
            elif change == "off":
                off.add(name)
            elif not isinstance(change, dict):
                self._fault("wrong-value", f"overrides: {name}: expected 'off' or keys to change", "overrides", name)
            elif name in self.criteria.questions:
                changed.update(self._changed_question(name, change))
            else:
                weights.update(self._changed_node(name, change))
        self._check_references(changed)
        return _with_changes(self.criteria, changed, {**self._stated_criteria(), **weights}), frozenset(off), weights

    def _stated_criteria(self) -> dict[str, float]:
        """Weights inside categories that the profile or the preset of this evaluation shifts."""
        if self.profile is not None:
            return _by_node(self.profile.criterion_weights)
        return {} if self.settings.weights is not None else self._preset_criteria(self.settings.preset)

    def _preset_criteria(self, preset: str) -> dict[str, float]:
        return _by_node(self.criteria.file.preset_criteria.get(preset, {}))

    def _criteria_weights(self, preset: str, overridden: Mapping[str, float]) -> Mapping[str, float]:
        """Weights of all criteria under a preset; what this evaluation overrides stays."""
        written = {f"{c.category}.{k.id}": k.weight for c in self.criteria.categories for k in c.criteria}
        return {**written, **self._preset_criteria(preset), **overridden}

    def _changed_question(self, name: str, change: Mapping[str, Any]) -> dict[str, Question]:
        fields = self.criteria.questions[name].model_dump(exclude_unset=True)
        path = ("overrides", name)
        fixed = {"id", "type"}
        for key in change:
            if key in fixed:
                self._fault(
                    "unknown-key", f"{key}: cannot be overridden; copy the criteria folder to change it", *path, key
                )
        gates: dict[str, object] = {"gates": []} if change.get("gates") == "off" else {}
        kept = {key: value for key, value in change.items() if key not in fixed}
        # Breakpoints of this evaluation count whatever the context.
        always: dict[str, object] = {"points_when": []} if "points" in change and "points_when" in fields else {}
        merged = {**fields, **always, **kept, **gates}
        new, faults = validate(self.source, Question, path, value=merged)
        found = (*faults, *certification_faults(self.source, path, new, self.criteria.scheme))
        self.faults.extend(found)
        if new is None or found:
            return {}
        new = bind(new, self.criteria.scheme)
        for index, gate in enumerate(new.gates):
            self.faults.extend(gate_faults(self.source, (*path, "gates", index), new, gate))
        for place, condition in question_conditions(new):
            self.faults.extend(condition_faults(self.source, (*path, *place), condition, self.criteria.file.context))
        return {name: new}

    def _check_references(self, changed: Mapping[str, Question]) -> None:
        """Check references of and to what overrides changed; the latter stand in the criteria."""
        known = {**self.criteria.questions, **changed}
        for name, question in known.items():
            named = (name, *question.ask_if, *(split_reference(other, known)[0] for other in question.cap_if))
            touched = next((other for other in named if other in changed), None)
            if touched is not None:
                self.faults.extend(reference_faults(self.source, ("overrides", touched), question, known))

    def _changed_node(self, name: str, change: Mapping[str, Any]) -> dict[str, float]:
        path = ("overrides", name)
        for key in change:
            if key != "weight":
                self.faults.append(unknown_key(self.source, (*path, key), ["weight"]))
        if "weight" not in change:
            return {}
        weight = change["weight"]
        if not is_weight(weight):
            self._fault("wrong-value", f"weight: expected a number of 0 or more, not {shown(weight)}", *path, "weight")
        elif "." not in name:
            self._fault(
                "wrong-value", f"{name}: the weight of a category is set by 'weights' or 'preset'", *path, "weight"
            )
        else:
            return {name: float(weight)}
        return {}

    # -------------------------------------------------------------------------------------------- names

    def _check_names(self, evaluation: Evaluation) -> None:
        self._check_tie_breakers(evaluation.criteria)
        self._check_price(evaluation.criteria)
        self._check_evaluators(evaluation.criteria)
        for index, waiver in self._numbered("waivers"):
            self._check_waiver(index, waiver, evaluation)
        seen: set[str] = set()
        for index, vendor in self._numbered("vendors"):
            if vendor.id in seen:
                self._fault("repeated-id", f"vendor {vendor.id} is listed twice; keep one", "vendors", index, "id")
            seen.add(vendor.id)
            self._check_times(index, vendor)

    def _check_tie_breakers(self, criteria: Criteria) -> None:
        known = (*criteria.file.categories, *([PRICE] if self.settings.price else []))
        for index, name in self._numbered("tie_breakers"):
            if name == PRICE and name not in known:
                message = "tie_breakers: this evaluation has no 'price' that could break a tie"
                self._fault("unknown-reference", message, "tie_breakers", index)
            elif name not in known:
                hint = did_you_mean(name, known)
                self._fault("unknown-reference", f"tie_breakers: '{name}' is no category{hint}", "tie_breakers", index)

    def _check_price(self, criteria: Criteria) -> None:
        for index, item in enumerate(self.settings.price.items if self.settings.price else ()):
            if item.id in {*criteria.questions, CURRENCY, VALIDITY}:
                message = f"price: {item.id} is the id of a question; give the item an id of its own"
                self._fault("repeated-id", message, "price", "items", index, "id")

    def _check_evaluators(self, criteria: Criteria) -> None:
        seen: set[str] = set()
        known = [category.category for category in criteria.categories]
        for index, evaluator in self._numbered("evaluators"):
            if evaluator.id in {*seen, CONSENSUS}:
                message = f"evaluator {evaluator.id}: the id is taken; give each evaluator an own one"
                self._fault("repeated-id", message, "evaluators", index, "id")
            seen.add(evaluator.id)
            for number, name in enumerate(evaluator.categories):
                if name not in known:
                    message = f"evaluators: '{name}' is no category{did_you_mean(name, known)}"
                    self._fault("unknown-reference", message, "evaluators", index, "categories", number)

    def _check_waiver(self, index: int, waiver: Waiver, evaluation: Evaluation) -> None:
        if bool(waiver.question) == bool(waiver.node):
            self._fault("wrong-value", "a waiver names either a question or a node", "waivers", index)
            return
        questions = evaluation.criteria.questions
        gated = [name for name, question in questions.items() if question.gates]
        for key, name, known, held, what in (
            ("question", waiver.question, questions, gated, "gate"),
            ("node", waiver.node, evaluation.criteria.node_ids, list(evaluation.floors), "floor"),
        ):
            if name and name not in known:
                message = f"waivers: '{name}' is no {key}{did_you_mean(name, known)}"
                self._fault("unknown-reference", message, "waivers", index, key)
            elif name and name not in held:
                hint = did_you_mean(name, held) or _some(what, held)
                message = f"waivers: {name} has no {what}, so there is nothing to waive{hint}"
                self._fault("nothing-to-waive", message, "waivers", index, key)

    def _check_times(self, index: int, vendor: VendorEntry) -> None:
        deadline = self.settings.deadline
        if deadline and vendor.received and (deadline.tzinfo is None) != (vendor.received.tzinfo is None):
            message = f"received of {vendor.id} and the deadline must both name a time zone, or neither"
            self._fault("wrong-value", message, "vendors", index, "received")


def _some(what: str, held: Sequence[str]) -> str:
    more = f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else ""
    return f"; {', '.join(held[:_SHOWN])}{more} {'have' if len(held) > 1 else 'has'} a {what}" if held else ""


def _as_tuple(value: bool | str | tuple[bool | str, ...]) -> tuple[bool | str, ...]:  # noqa: FBT001  as above
    return value if isinstance(value, tuple) else (value,)


def _by_node(shifts: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {f"{category}.{name}": weight for category, weights in shifts.items() for name, weight in weights.items()}


def _with_changes(criteria: Criteria, changed: Mapping[str, Question], weights: Mapping[str, float]) -> Criteria:
    if not changed and not weights:
        return criteria

    def criterion(category: Category, old: Criterion) -> Criterion:
        weight = weights.get(f"{category.category}.{old.id}", old.weight)
        questions = tuple(changed.get(question.id, question) for question in old.questions)
        return old.model_copy(update={"weight": weight, "questions": questions})

    return _rebuilt(criteria, criterion)


def _for_context(criteria: Criteria, evaluation: Evaluation) -> Criteria:
    """Criteria with the breakpoints that this context asks for."""

    def criterion(_category: Category, old: Criterion) -> Criterion:
        questions = tuple(question.for_context(evaluation.context) for question in old.questions)
        return old.model_copy(update={"questions": questions})

    return _rebuilt(criteria, criterion)


def _rebuilt(criteria: Criteria, change: Any) -> Criteria:
    categories = tuple(
        category.model_copy(update={"criteria": tuple(change(category, old) for old in category.criteria)})
        for category in criteria.categories
    )
    return replace(criteria, categories=categories)


# ------------------------------------------------------------------------------------------------ vendors


WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb", ".csv")
RESPONSES = "responses"
# What a vendor may send in place of a workbook.
DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".pages", ".numbers", ".htm", ".html")
_JUNK = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Tenderer:
    """A vendor as the evaluation knows it before any file is opened."""

    id: str
    name: str = ""
    files: tuple[str, ...] = ()
    received: datetime | None = None
    accept_late: str = ""
    map: str = ""


@dataclass(frozen=True, slots=True)
class Stray:
    """What lies in `responses/` and is no workbook: named, and read by nobody."""

    file: str
    reason: str


def tenderers(evaluation: Evaluation) -> tuple[Tenderer, ...]:
    """List vendors named by the evaluation, then one for each further workbook in `responses/`.

    A document that stands where a vendor's workbook should is the file of that vendor: its reader says that it is none.
    A clarification goes to the vendor that it names, whatever its own name.
    Raises InputFaults where two files would be the same vendor, or a named file does not exist.
    """
    present = _responses(evaluation)
    listed = {file for entry in evaluation.settings.vendors for file in entry.file}
    clarified = {name: clarified_vendor(evaluation.folder / f, f) for name, f in present.items() if f not in listed}
    found = {name: file for name, file in present.items() if clarified.get(name) is None}
    entries = [_named(entry, found) for entry in evaluation.settings.vendors]
    named = {file for entry in entries for file in entry.files}
    others = [Tenderer(Path(file).stem, files=(file,)) for file in found.values() if file not in named]
    entries, others = _with_clarifications(
        entries, others, {present[n]: v for n, v in clarified.items() if v is not None}
    )
    faults = [
        *_unwritable_names(present),
        *_missing_files(evaluation, entries),
        *_shared_files(evaluation, entries),
        *_collisions([*entries, *others]),
    ]
    if faults:
        raise InputFaults(faults)
    return (*entries, *others)


def strays(evaluation: Evaluation) -> tuple[Stray, ...]:
    """List what lies in `responses/` and is no workbook, except for what programs leave there."""
    named = {file for entry in evaluation.settings.vendors for file in entry.file}
    paths = [path for path in _entries(evaluation.folder / RESPONSES) if not _is_workbook(path)]
    return tuple(Stray(_spelt(_path(path)), _why_not_read(path)) for path in paths if _path(path) not in named)


def _with_clarifications(
    entries: Sequence[Tenderer], others: Sequence[Tenderer], clarified: Mapping[str, str]
) -> tuple[list[Tenderer], list[Tenderer]]:
    """Put each clarification that no entry lists beside its vendor's response; of no vendor here, it stands alone."""
    known = {vendor.id for vendor in (*entries, *others)}
    alone = [Tenderer(Path(file).stem, files=(file,)) for file, vendor in clarified.items() if vendor not in known]
    own = {name: tuple(file for file, vendor in clarified.items() if vendor == name) for name in known}
    completed = [replace(vendor, files=(*vendor.files, *own[vendor.id])) for vendor in (*entries, *others)]
    return completed[: len(entries)], [*completed[len(entries) :], *alone]


def _why_not_read(path: Path) -> str:
    if path.is_dir():
        return "is a folder: put the workbooks in responses/ itself"
    return f"is no workbook: a response is one of {', '.join(WORKBOOKS)}"


def _responses(evaluation: Evaluation) -> dict[str, str]:
    """Name of each response in `responses/`, and its path from the evaluation."""
    entries = list(_entries(evaluation.folder / RESPONSES))
    found = [path for path in entries if _is_workbook(path)]
    answered = {path.stem.casefold() for path in found}
    answered |= {entry.id.casefold() for entry in evaluation.settings.vendors if entry.file}
    for path in entries:
        if path.suffix.casefold() in DOCUMENTS and path.stem.casefold() not in answered and not path.is_dir():
            found.append(path)
            answered.add(path.stem.casefold())
    return {path.name: _path(path) for path in sorted(found)}


def _path(path: Path) -> str:
    return f"{RESPONSES}/{path.name}"


def _spelt(name: str) -> str:
    """Spell a name that no text can hold, as archives from other systems leave them behind."""
    return name if name == name.encode(errors="replace").decode() else ascii(name)[1:-1]


def _is_workbook(path: Path) -> bool:
    return path.suffix.casefold() in WORKBOOKS


def _entries(folder: Path) -> Iterator[Path]:
    """List what a folder holds, without what is hidden and what editors and file managers leave behind."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.name.startswith((".", "~$")) and path.name.casefold() not in _JUNK:
            yield path


def _named(entry: VendorEntry, found: Mapping[str, str]) -> Tenderer:
    files = entry.file or tuple(file for name, file in found.items() if Path(name).stem == entry.id)
    return Tenderer(entry.id, entry.name, files, entry.received, entry.accept_late, entry.map)


def _unwritable_names(files: Iterable[str]) -> Iterator[Issue]:
    """Find names that no text can hold."""
    for name in files:
        if name != _spelt(name):
            message = f"{RESPONSES}/{_spelt(name)}: the name of the file is not Unicode: rename it"
            yield Issue("unreadable-file", message, Location(file=RESPONSES))


def _missing_files(evaluation: Evaluation, entries: Iterable[Tenderer]) -> Iterator[Issue]:
    for index, entry in enumerate(entries):
        for number, file in enumerate(entry.files):
            if not lexists(evaluation.folder / file):
                near = did_you_mean(file, _responses(evaluation).values())
                place = evaluation.source.locate(("vendors", index, "file", number))
                yield Issue("missing-file", f"file: {file} does not exist{near}", place)


def _shared_files(evaluation: Evaluation, entries: Iterable[Tenderer]) -> Iterator[Issue]:
    owners: dict[str, str] = {}
    for index, entry in enumerate(entries):
        for file in entry.files:
            owner = owners.setdefault(file, entry.id)
            if owner != entry.id:
                message = f"file: {file} is the answer of {owner} already; name the one that {entry.id} sent"
                yield Issue("repeated-file", message, evaluation.source.locate(("vendors", index, "file")))


def _collisions(vendors: Iterable[Tenderer]) -> Iterator[Issue]:
    seen: dict[str, Tenderer] = {}
    for vendor in vendors:
        other = seen.setdefault(vendor.id, vendor)
        if other is not vendor:
            files = ", ".join((*other.files, *vendor.files))
            message = (
                f"vendor {vendor.id} has several files ({files}): list them under one vendor in {FILE}, or remove one"
            )
            yield Issue("several-files", message, Location(file=vendor.files[0] if vendor.files else FILE))
