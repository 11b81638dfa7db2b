"""evaluation.yaml as settings, and the criteria with these settings applied."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from vendor_eval.config.models import Day, Described, Fault, Id, Moment, Text, Word, without_empty
from vendor_eval.config.yaml12 import YamlSource
from vendor_eval.criteria import SHIPPED, Category, Criteria, Criterion, Floor, FloorSetting, Weights
from vendor_eval.criteria.conditions import Context, holds, in_words
from vendor_eval.criteria.parsing.money import Nothing
from vendor_eval.criteria.questions import TIERS, AnswerSettings, Question, Score, Stage, Tier
from vendor_eval.criteria.questions.prices import CurrencyQuestion, OfferQuestion, PriceQuestion, ValidityQuestion
from vendor_eval.tender.brief import Brief, Contact, relative_path
from vendor_eval.tender.evaluators import Aggregate, Evaluator
from vendor_eval.tender.price import Price, PriceItem

FILE = "evaluation.yaml"
PRICE = "price"
PRICES = "prices"
Envelope = Literal["both", "quality", "price"]
CONSENSUS = "consensus"
CONFIDENTIAL = "Please treat this questionnaire as confidential, and mark what you want kept so."
CURRENCY, VALIDITY = "OFFER-CURRENCY", "OFFER-VALID"
EVIDENCE = "evidence"
PILOT = "pilot"
_NAMED = 70.0


class EvidenceCaps(Described):
    """Most that an answer is credited with, by how it is proven."""

    claim: Score = 60
    """A bare claim: no document is named."""
    named: Score | None = None
    """A document that is named and not there; without this key the lower of 70 and `document`."""
    document: Score = 85
    """A named document that nobody has checked."""
    verified: Score = 100
    """What the buyer verified, written down in findings.yaml."""

    @model_validator(mode="after")
    def _rising(self) -> "EvidenceCaps":
        caps = self.by_level(with_named=self.named is not None)
        if [*caps.values()] != sorted(caps.values()):
            shown = ", ".join(f"{level} {cap:g}" for level, cap in caps.items())
            raise Fault("wrong-value", f"{shown}: better proof must not count for less")
        return self

    def by_level(self, *, with_named: bool) -> dict[str, float]:
        """Give the caps by level, the weakest proof first; `named` never counts for less than a claim."""
        named = max(self.claim, min(_NAMED, self.document)) if self.named is None else self.named
        caps = {"claim": self.claim, "named": named, "document": self.document, "verified": self.verified}
        return {level: cap for level, cap in caps.items() if with_named or level != "named"}


class Waiver(Described):
    """A failure that somebody answers for: it counts as passed and is printed wherever the gate is."""

    vendor: Text
    """Id of the vendor."""
    question: Text = ""
    """Question whose failed gate is waived; give this or `node`."""
    node: Text = ""
    """Category or criterion whose failed floor is waived; give this or `question`."""
    reason: Text
    """Why the failure is acceptable."""
    approved_by: Text
    """Who answers for it."""
    date: Day
    """Day of the decision."""
    until: Day | None = None
    """Last day on which it counts; after it only an answer that the buyer has verified passes."""
    owner: Text = ""
    """Who sees to it that the failure is mended by then."""

    @model_validator(mode="after")
    def _ends_after_its_decision(self) -> "Waiver":
        if self.until is not None and self.until < self.date:
            raise Fault("wrong-value", f"{self.until} lies before the decision of {self.date}", "until")
        return self

    def is_over(self, today: Day) -> bool:
        return self.until is not None and today > self.until


def _paths(files: object) -> object:
    """Spell paths one way, so that a file is known again in `responses/`."""
    listed = files if isinstance(files, list | tuple) else [files]
    return tuple(relative_path(file, index) if isinstance(file, str) else file for index, file in enumerate(listed))


class VendorEntry(Described):
    """A vendor that the buyer names, with its files."""

    id: Id
    """Short name, used in every file, table and command."""
    name: Text = ""
    """Name as printed; without it the one on the cover of the workbook, else the id."""
    file: Annotated[tuple[Text, ...], BeforeValidator(_paths, json_schema_input_type=Text | tuple[Text, ...])] = ()
    """Workbook, or list of workbooks, relative to evaluation.yaml; without it the file named after the id."""
    map: Annotated[Text, AfterValidator(lambda name: name and relative_path(name))] = ""
    """Mapping for a questionnaire that is not ours: a path relative to evaluation.yaml, or a shipped name."""
    received: Moment | None = None
    """When the response came in; compared with `deadline`."""
    accept_late: Text = ""
    """Why a response after the deadline is read all the same."""


class PilotEntry(Described):
    """A pilot whose figures stand beside the answers that they test."""

    folder: Annotated[Text, AfterValidator(relative_path)]
    """Folder with pilot.yaml, relative to evaluation.yaml."""
    counts: Annotated[bool, Field(strict=True)] = True
    """`false`: the pilot is measured and shown, and changes no score."""


def _pilot(entry: object) -> object:
    return {"folder": entry} if isinstance(entry, str) else entry


# Their lines may all be commented out.
_HEADINGS = {
    *("brief", "contact", "context", "evaluators", "floors", "overrides", "price", "tie_breakers", "vendors"),
    "waivers",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
# What may be changed depends on the id, so it is checked where the criteria are known.
_OVERRIDES = WithJsonSchema(
    {"type": "object", "additionalProperties": {"anyOf": [{"const": "off"}, {"type": "object"}]}}, mode="validation"
)


def _allow_empty_headings(schema: dict[str, Any]) -> None:
    """Tell editors what `_without_empty_headings` lets pass."""
    for name in _HEADINGS:
        allowed = schema["properties"][name]
        about = {key: allowed.pop(key) for key in ("default", "description") if key in allowed}
        schema["properties"][name] = {"anyOf": [*allowed.get("anyOf", [allowed]), {"type": "null"}], **about}
    schema["required"].remove("as_of")
    schema["anyOf"] = [{"required": ["as_of"]}, {"required": ["deadline"]}]


class Settings(Described):
    """The settings of one evaluation, evaluation.yaml."""

    model_config = ConfigDict(json_schema_extra=_allow_empty_headings)

    title: Text
    """Title on every output."""
    as_of: Day
    """Day on which dates and certificates are judged; without it the day of `deadline`."""
    reference: Text = ""
    """Your file number, printed on every output."""
    intro: Text = ""
    """What vendors read first of the tender, on the first sheet of the questionnaire."""
    contact: Contact = Field(default_factory=Contact)
    """Who answers the vendors' questions; printed on what they get."""
    reply_by: Moment | None = None
    """When clarifications are due, and the questionnaire where there is no `deadline`."""
    confidential: Text = CONFIDENTIAL
    """What vendors are asked to keep confidential; `off` prints nothing."""
    brief: Brief = Field(default_factory=Brief)
    """What vendors must know of the project to answer; printed on the sheet The project."""
    criteria: Text = SHIPPED
    """The shipped scorecard by its name (`@1` or `@2` after it names a version), or a path to a folder of your own."""
    profile: Text = ""
    """A sourcing profile (see the advisor) that gives weights and context in place of `preset` or `weights`."""
    preset: Text = "balanced"
    """Named weights of the scorecard."""
    tags: tuple[Text, ...] = ()
    """Tags of the scorecard on top of `preset`: each moves points between categories."""
    weights: Weights | None = None
    """Points of each category, adding up to 100; in place of `preset`."""
    context: dict[str, Word | tuple[Word, ...]] = {}
    """What the project needs, by context field of the scorecard: decides what is asked and which gates count."""
    questions: Literal["full", "core", "screen"] = "full"
    """`screen` asks who goes on at all, `core` the short questionnaire, `full` every question in scope."""
    stage: Stage | None = None
    """Where the tender stands, so which gates are due: `read` (offers are read), `award`, `data` (the first item is
    shown); without it `award`, of a screen `read`."""
    missing: Literal["zero", "exclude"] = "zero"
    """`zero`: a blank counts 0; `exclude`: it leaves the sums of its own criterion."""
    evidence: EvidenceCaps | Literal["off"] = EvidenceCaps()
    """Most points that an answer is credited with, by its proof; `off`: no caps."""
    floors: dict[str, FloorSetting | None] = {}
    """Least score of a category or criterion by id: a number, or the keys below; null removes a floor."""
    overrides: Annotated[dict[str, Any], _OVERRIDES] = {}
    """Changes for this evaluation by id of a question, criterion or category: `off`, or keys with new values."""
    shortlist: Annotated[int, Field(ge=1, strict=True)] = 3
    """How many of the ranked vendors are shortlisted."""
    firmness: Literal["page", "annex", "off"] = "page"
    """How firm the first place is: on a `page` of the comparison, in its appendix alone (`annex`), or `off`."""
    pilot: Annotated[PilotEntry, BeforeValidator(_pilot, json_schema_input_type=Text | PilotEntry)] | None = None
    """Folder of a pilot whose figures count as verified answers, or the keys below; without it none counts."""
    declaration: Literal["off", "ask", "must"] = "ask"
    """Whether vendors sign that their answers are true: `must` makes it a condition, `off` does not ask."""
    tie_breakers: tuple[Text, ...] = ()
    """Categories, or `price`, that decide between equal totals, in this order."""
    waivers: tuple[Waiver, ...] = ()
    """Failures that somebody answers for."""
    vendors: tuple[VendorEntry, ...] = ()
    """Vendors by name; those not listed are found in responses/, one workbook each."""
    deadline: Moment | None = None
    """When responses were due; a later one is not read unless its vendor has `accept_late`."""
    price: Price | None = None
    """What vendors price, and how that counts; without it no price is asked."""
    evaluators: tuple[Evaluator, ...] = ()
    """Who scores the rubric questions; each gets a score sheet."""
    aggregate: Aggregate = "median"
    """How the levels of several evaluators become one; `consensus`: only the moderated level counts."""
    seed: Annotated[int, Field(strict=True)] = 1
    """Changes the order of vendors on score sheets and their codes."""

    @model_validator(mode="before")
    @classmethod
    def _without_empty_headings(cls, written: object) -> object:
        """Judge on the day of the deadline, as written in its own time zone, where no other day is named."""
        settings = without_empty(written, _HEADINGS)
        if not isinstance(settings, dict) or settings.get("as_of") is not None:
            return settings
        day = str(settings.get("deadline") or "").partition("T")[0].partition(" ")[0]
        return {**settings, "as_of": day} if _DAY.match(day) else settings

    @property
    def full_brief(self) -> Brief:
        """The brief with what follows for its empty keys: the currency of the price, the sum of the contract."""
        return self.brief.model_copy(
            update={
                "currency": self.brief.currency or (self.price.currency if self.price else ""),
                "insured_sum": self.brief.insured_sum or self.brief.contract_value,
            }
        )

    @property
    def caps(self) -> EvidenceCaps | None:
        """Evidence caps, None where they are off."""
        return None if self.evidence == "off" else self.evidence


@dataclass(frozen=True)
class Elsewhere:
    """Where a copy of an evaluation has what its files name outside of its folder; without them it is where they say.

    `mappings` are by the name with which a result lists them.
    """

    criteria: Path | None = None
    profile: Path | None = None
    mappings: Mapping[str, Path] = field(default_factory=dict)


# Compared and hashed by identity, so that what reading looks up of an evaluation is worked out once.
@dataclass(frozen=True, eq=False)
class Evaluation:
    """A loaded evaluation: settings, and the criteria with this evaluation's overrides, weights and scope applied."""

    settings: Settings
    folder: Path
    source: YamlSource
    criteria: Criteria
    context: Context
    weights: Mapping[str, float]
    floors: Mapping[str, Floor]
    off: frozenset[str] = frozenset()
    # Weights of the criteria, by id, under each named preset.
    presets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    elsewhere: Elsewhere = Elsewhere()

    @property
    def profile_file(self) -> Path | None:
        """The sourcing profile that it names."""
        return self.elsewhere.profile or (self.folder / self.settings.profile if self.settings.profile else None)

    # What is asked and read; `quality` while the prices are sealed.
    envelope: Envelope = "both"

    @property
    def is_screen(self) -> bool:
        """Whether requirements alone are checked, and no total is made."""
        return self.settings.questions == "screen"

    @property
    def stage(self) -> Stage:
        """Where the tender stands: gates of this stage and of those before it are due."""
        return self.settings.stage or ("read" if self.is_screen else "award")

    @property
    def setting(self) -> AnswerSettings:
        """What reading and valuing an answer need."""
        return AnswerSettings(self.settings.as_of)

    @property
    def price(self) -> Price | None:
        """How the price counts; None where none is asked, and while prices are sealed."""
        return None if self.envelope == "quality" else self.settings.price

    @property
    def has_envelopes(self) -> bool:
        """Whether quality and price come in two envelopes."""
        return self.settings.price is not None and self.settings.price.open_after is not None

    @cached_property
    def has_evidence_folder(self) -> bool:
        """Whether vendors' documents are filed beside the evaluation."""
        folder = self.folder / EVIDENCE
        return folder.is_dir() and not folder.is_symlink()

    @cached_property
    def counts_named(self) -> bool:
        """Whether a document that is named and not there is a level of its own, and each tick has its own proof.

        So it is for every scorecard but the first bank, and for that one where the evaluation asks for it.
        """
        file, evidence = self.criteria.file, self.settings.caps
        is_first_bank = file.scorecard == SHIPPED and file.version.startswith("1.")
        asked = self.has_evidence_folder or (evidence is not None and evidence.named is not None)
        return asked or not is_first_bank

    @cached_property
    def caps(self) -> Mapping[str, float] | None:
        """Most that an answer is credited with by the level of its proof; None where caps are off."""
        caps = self.settings.caps
        return caps.by_level(with_named=self.counts_named) if caps else None

    @cached_property
    def scope(self) -> Mapping[str, bool]:
        """For each question whether it is asked in this evaluation."""
        if self.envelope == PRICE:
            return dict.fromkeys(self.criteria.questions, False)
        return self._asked_of(self._tier)

    @cached_property
    def _tier(self) -> frozenset[str]:
        """Questions of the tier that is asked, and those of any tier that a branch of an asked gate names."""
        most = TIERS.index(self.settings.questions)
        tier = {q.id for category, _, q in self.criteria.placed if TIERS.index(self._tier_of(category, q)) <= most}
        while joining := self._named_by_gates(self._asked_of(tier)) - tier:
            tier |= joining
        return frozenset(tier)

    def _asked_of(self, tier: Container[str]) -> dict[str, bool]:
        asked = {name: name in tier and not reason for name, reason in self._exclusions.items()}
        # A follow-up of what nobody is asked is not asked either.
        above = {name: question.ask_if for name, question in self.criteria.questions.items()}
        while idle := [name for name in asked if asked[name] and not all(asked[other] for other in above[name])]:
            asked.update(dict.fromkeys(idle, False))
        return asked

    def _named_by_gates(self, asked: Mapping[str, bool]) -> set[str]:
        gates = (gate for name, question in self.criteria.questions.items() if asked[name] for gate in question.gates)
        return {name for gate in gates if holds(gate.when, self.context) is not False for name in gate.questions}

    @cached_property
    def _exclusions(self) -> Mapping[str, str]:
        """Why each question by itself is not asked, '' where it is."""
        return {placed[-1].id: next(self._reasons_against(*placed), "") for placed in self.criteria.placed}

    def _reasons_against(self, category: Category, criterion: Criterion, question: Question) -> Iterator[str]:
        """List what keeps a question out of this evaluation."""
        node = f"{category.category}.{criterion.id}"
        yield from (f"overrides switch {n} off" for n in (category.category, node, question.id) if n in self.off)
        for name, part in ((category.category, category), (node, criterion), (question.id, question)):
            if holds(part.applies, self.context) is False:
                yield f"{name} applies only when {in_words(part.applies)}"

    @cached_property
    def not_asked(self) -> Mapping[str, str]:
        """Why each question that is not asked is not, by id."""
        reasons = {name: reason for name, reason in self._exclusions.items() if not self.scope[name]}
        of_tier = f"this evaluation asks the {self.settings.questions} questions alone, and it is none of them"
        for name, reason in reasons.items():
            above = [other for other in self.criteria.questions[name].ask_if if not self.scope[other]]
            followed = f"it follows up {' and '.join(above)}, which is not asked"
            reasons[name] = reason or (followed if name in self._tier else of_tier)
        return reasons

    def _tier_of(self, category: Category, question: Question) -> Tier:
        """Tier of a question in this context, where a gate that counts may make it a core question."""
        joining = {"knock_out": question.core_if_knock_out or question.core_if_must, "must": question.core_if_must}
        tier = question.tier or ("full" if category.weighted else "core")
        if tier == "full" and any(joining.get(g.kind) and holds(g.when, self.context) for g in question.gates):
            return "core"
        return tier

    def asked(self, category: Category) -> tuple[Question, ...]:
        return tuple(q for criterion in category.criteria for q in criterion.questions if self.scope[q.id])

    @cached_property
    def asked_questions(self) -> Mapping[str, Question]:
        return {name: question for name, question in self.criteria.questions.items() if self.scope[name]}

    @cached_property
    def offer_questions(self) -> Mapping[str, OfferQuestion]:
        """Lines of the offer by id, the currency and the validity last; none where no price is asked."""
        price = self.price
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
    nothing: Nothing = "zero" if item.zero else "included" if item.once else "refused"
    return PriceQuestion(id=item.id, text=text, currency=price.currency, unit=item.unit, nothing=nothing)
