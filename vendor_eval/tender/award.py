"""award.yaml: who gets the contract, who decided so and why, and what the letters need besides."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from vendor_eval.config.models import Day, Described, Fault, Text, validate
from vendor_eval.config.yaml12 import YamlSource, parse_document
from vendor_eval.criteria import in_order
from vendor_eval.issues import InputError, Issue, did_you_mean
from vendor_eval.tender.drafts import sound_values
from vendor_eval.tender.models import PRICE, Evaluation

FILE = "award.yaml"
Regime: TypeAlias = Literal["uk", "eu", "far", "private"]
UK: Regime
EU: Regime
FAR: Regime
PRIVATE: Regime
REGIMES = UK, EU, FAR, PRIVATE = "uk", "eu", "far", "private"
# Key of `reasons` for a vendor that was not evaluated.
STATUS = "status"
_WORKING_DAYS, _DAYS, POST, _DEBRIEFING = 8, 10, 15, 3
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_NOBODY = "-"
# Stands in for what is required, so that the rest is checked in the same run.
_INSTEAD = {"vendor": _NOBODY, "by": _NOBODY, "date": date(_FIRST_YEAR, 1, 1), "reason": _NOBODY}


def _filled(text: str) -> str:
    if not text.strip():
        raise Fault("wrong-value", "may not be blank")
    return text


def _usual(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Fault("wrong-value", f"{day} is in no year of an award")
    return day


_Filled = Annotated[Text, AfterValidator(_filled)]
_Day = Annotated[Day, AfterValidator(_usual)]
_Yes = Annotated[bool, Field(strict=True)]


class Buyer(Described):
    """Who writes the letters."""

    name: Text = ""
    """Name of the organization, above and below each letter."""
    address: Text = ""
    """Postal address."""
    email: Text = ""
    """E-mail address."""
    contact: Text = ""
    """Whom to ask, with a telephone number."""


class Winner(Described):
    """What the law wants said of the winner besides its name."""

    address: Text = ""
    """Postal address."""
    email: Text = ""
    """E-mail address."""
    identifier: Text = ""
    """Number in the register that the law names."""


class Award(Described):
    """The decision to award, award.yaml."""

    vendor: _Filled
    """Id of the vendor that gets the contract."""
    by: _Filled
    """Who decided."""
    date: _Day
    """On which day."""
    reason: _Filled
    """Why: the rationale, printed in every letter to a vendor that was compared."""
    regime: Regime | None = None
    """Whose law the letters follow: `uk`, `eu`, `far` or `private`; without it `private`."""
    buyer: Buyer = Buyer()
    """Who writes the letters: name, address, email, contact."""
    winner: Winner = Winner()
    """Address (uk, far), email and identifier (uk) of the winner."""
    criteria_at: Text = ""
    """Where the award criteria stand in full (uk)."""
    sent: _Day | None = None
    """Day on which the letters go out (eu, far; uk at the latest on the day of `notice`)."""
    notice: _Day | None = None
    """Day on which the contract award notice is published (uk)."""
    by_post: _Yes = False
    """`true`: the letters go by post, so that the standstill is 15 days (eu)."""
    holidays: tuple[_Day, ...] | None = None
    """Days that are no working days, weekends apart; `[]` for none (uk; eu)."""
    standstill_days: Annotated[int, Field(ge=1, le=366, strict=True)] | None = None
    """Days to wait before the contract is signed (private), or those of a law that asks for more (uk, eu)."""
    solicited: Annotated[int, Field(ge=1, strict=True)] | None = None
    """How many vendors were asked for an offer (far)."""
    name_winner: _Yes = False
    """`true`: the others read who won (private)."""
    unit_prices: _Yes = False
    """`true`: the others read the winner's unit prices (far)."""
    contract: _Day | None = None
    """Day of the contract; what is kept is kept three years from then."""
    reasons: dict[str, dict[str, _Filled]] = {}
    """Words for a vendor's letter, by vendor, then by question, category or criterion, or `status`."""
    about_winner: dict[str, _Filled] = {}
    """What was better about the winner's tender, by category, in words that all may read (uk, eu)."""

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, written: object) -> object:
        """Take a key without a value for one that is not there; a list of holidays may be empty."""
        if not isinstance(written, dict):
            return written
        return {
            key: [] if key == "holidays" and value is None else value
            for key, value in written.items()
            if value is not None or key == "holidays"
        }

    def days(self, regime: Regime) -> int | None:
        """Count the days that a regime waits, or under far those in which a debriefing is asked for."""
        least = {UK: _WORKING_DAYS, EU: POST if self.by_post else _DAYS, FAR: _DEBRIEFING}.get(regime)
        return least if regime == FAR or self.standstill_days is None else max(least or 0, self.standstill_days)


@dataclass(frozen=True)
class AwardFile:
    """The award as far as it is sound, the file that it stands in, and every fault of it."""

    award: Award
    source: YamlSource
    faults: tuple[Issue, ...] = ()

    @property
    def absent(self) -> tuple[str, ...]:
        """List the required keys that have no value."""
        required = (name for name, field in Award.model_fields.items() if field.is_required())
        return tuple(name for name in required if self.source.value.get(name) is None)

    def place(self, *path: str) -> str:
        """Name the line of a key."""
        location = self.source.locate(path)
        return f"{location.file}:{location.line}"


def listed_award(folder: Path) -> Award | None:
    """Read the award of a folder for the log and for what falls due; None without a sound one."""
    path = folder / FILE
    return validate(parse_document(path)[0], Award)[0] if path.is_file() else None


def parse_award(folder: Path) -> tuple[YamlSource, Award, tuple[Issue, ...]]:
    """Parse the award of a folder: what is sound in it, and the faults of its form."""
    source, syntax = parse_document(folder / FILE)
    award, faults = (None, ()) if syntax and source.root is None else validate(source, Award)
    if award is None:
        award = sound_values(Award, source.value if isinstance(source.value, dict) else {}, _INSTEAD)[0]
    return source, award, (*syntax, *faults)


def award_faults(folder: Path, evaluation: Evaluation | None, vendors: Iterable[str] = ()) -> tuple[Issue, ...]:
    """Find what is wrong in the award of a folder; without an evaluation its form alone.

    A draft that nobody has filled in yet is no fault before the letters are written.
    """
    if not (folder / FILE).exists():
        return ()
    source, award, faults = parse_award(folder)
    own = _wrong_names(source, award, evaluation, list(vendors)) if evaluation else ()
    return (*(fault for fault in faults if fault.code != "missing-key"), *own)


def read_award(evaluation: Evaluation, vendors: Iterable[str], regime: Regime | None = None) -> AwardFile | None:
    """Read award.yaml beside the evaluation, judged by a regime or its own; None where there is no such file.

    Its faults are those of its form, of vendors, questions and categories that are none, and of days that do not fit
    the regime. Raises InputError where it is no YAML with keys.
    """
    if not (evaluation.folder / FILE).exists():
        return None
    source, award, faults = parse_award(evaluation.folder)
    if faults and not isinstance(source.value, dict):
        raise InputError(faults)
    faults = (*faults, *_wrong_names(source, award, evaluation, list(vendors)))
    faults = (*faults, *_wrong_days(source, award, regime or award.regime or PRIVATE))
    return AwardFile(award, source, tuple(sorted(dict.fromkeys(faults), key=in_order)))


def _wrong_names(source: YamlSource, award: Award, evaluation: Evaluation, vendors: list[str]) -> Iterator[Issue]:
    criteria = evaluation.criteria
    named: list[tuple[tuple[str, ...], str]] = [(("vendor",), award.vendor)] if award.vendor != _NOBODY else []
    named += [(("reasons", name), name) for name in award.reasons]
    for path, name in named:
        if name not in vendors:
            message = f"{'.'.join(path)}: '{name}' is no vendor of this evaluation{did_you_mean(name, vendors)}"
            yield Issue("unknown-reference", message, source.locate(path, key=len(path) > 1))
    known = [*criteria.questions, *criteria.node_ids, STATUS, PRICE]
    for vendor, texts in award.reasons.items():
        for name in (name for name in texts if name not in known):
            message = f"reasons.{vendor}: '{name}' is no question, category or criterion"
            place = source.locate(("reasons", vendor, name), key=True)
            yield Issue("unknown-reference", f"{message}{criteria.hint_for(name, known)}", place)
    categories = [*criteria.weighted_categories, *([PRICE] if evaluation.settings.price else [])]
    for name in (name for name in award.about_winner if name not in categories):
        message = f"about_winner: '{name}' is no category with a weight{did_you_mean(name, categories)}"
        yield Issue("unknown-reference", message, source.locate(("about_winner", name), key=True))


def _wrong_days(source: YamlSource, award: Award, regime: Regime) -> Iterator[Issue]:
    if regime == UK and award.sent and award.notice and award.sent > award.notice:
        message = f"sent: {award.sent} lies after the notice of {award.notice}; letters go out before it"
        yield Issue("wrong-value", message, source.locate(("sent",)))
    least = award.model_copy(update={"standstill_days": None}).days(regime) if regime in {UK, EU} else None
    if least and award.standstill_days and award.standstill_days < least:
        message = f"standstill_days: {award.standstill_days} is shorter than the {least} days of '{regime}'"
        yield Issue("wrong-value", message, source.locate(("standstill_days",)))


_EXAMPLES: Mapping[str, str] = {
    "regime": "private",
    "buyer": '{name: "", address: "", email: "", contact: ""}',
    "winner": '{address: "", email: "", identifier: ""}',
    "criteria_at": "Invitation to tender, section 4",
    "sent": "2026-12-01",
    "notice": "2026-12-02",
    "by_post": "true",
    "holidays": "[2026-12-25, 2026-12-26]",
    "standstill_days": "10",
    "solicited": "8",
    "name_winner": "true",
    "unit_prices": "true",
    "contract": "2027-01-15",
    "reasons": '{acme: {SEC-13: "The certificate leaves out the site in question"}}',
    "about_winner": '{security: "Every site is certified"}',
}


def draft(vendor: str, regime: Regime | None) -> str:
    """Write the award.yaml that still wants who decided, when and why; every other key with its meaning."""
    values = {"vendor": json.dumps(vendor, ensure_ascii=False), "by": "", "date": "", "reason": ""} | (
        {"regime": regime} if regime else {}
    )
    lines = ["# The award: fill in by, date and reason, and what your law asks for. Then 'vendor-eval letters' again."]
    for key, meaning in Award.meanings().items():
        line = f"{key}: {values[key]}" if key in values else f"# {key}: {_EXAMPLES[key]}"
        lines += ["", f"# {meaning}", line.rstrip()]
    return "\n".join(lines) + "\n"
