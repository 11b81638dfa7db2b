"""Who gets which letter, from which template, with what of the winner."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vendor_eval.config.input_files import read_regular
from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import number
from vendor_eval.formatting.file_names import file_names
from vendor_eval.issues import InputError, Issue
from vendor_eval.reports.letters.letter import FEATURES, Letter, Winner, winner_of
from vendor_eval.reports.letters.passages import NOTHING, Block, Others, Passage
from vendor_eval.reports.letters.templates import (
    FIELDS,
    RegimeTexts,
    Template,
    is_shipped,
    read_regime,
    read_template,
    required_blocks,
    shipped,
)
from vendor_eval.reports.wording.answers import own_words
from vendor_eval.reports.wording.lookups import questions_by_id
from vendor_eval.reports.wording.phrases import ordinal
from vendor_eval.reports.wording.record import record_sentence
from vendor_eval.results import Result, VendorRecord
from vendor_eval.results.letters import KINDS, LetterKind, StandstillRecord
from vendor_eval.run.letters.reasons import Reasons
from vendor_eval.tender import FILE as EVALUATION
from vendor_eval.tender.award import EU, FAR, PRIVATE, UK, Award, AwardFile, Regime
from vendor_eval.tender.standstill import standstill

FOLDER, TEMPLATES = "letters", "templates"
OF_WINNER: Mapping[Regime, tuple[str, ...]] = {UK: ("address", "email", "identifier"), EU: (), FAR: ("address",)}


@dataclass(frozen=True)
class Templates:
    """Templates by kind of letter, what they cite, and the files that are copied to where the buyer finds them."""

    regime: Regime
    by_kind: Mapping[LetterKind, Template]
    texts: RegimeTexts
    copies: Mapping[str, bytes]


@dataclass(frozen=True)
class Drafted:
    """A letter with its finished blocks, and the name of its file without suffix."""

    letter: Letter
    name: str
    blocks: tuple[Block, ...]


def load_templates(folder: Path, award: Award, regime: Regime) -> tuple[Templates | None, tuple[Issue, ...]]:
    """Read the templates of a regime: the buyer's own where they were changed; None with the faults of any."""
    faults: list[Issue] = []
    by_kind: dict[LetterKind, Template] = {}
    copies: dict[str, bytes] = {}
    has_standstill = standstill(award, regime) is not None
    names_winner = regime != PRIVATE or award.name_winner
    for kind in KINDS:
        name = f"{kind}.md"
        content, is_own = _template(folder, regime, name, copies)
        required = required_blocks(kind, regime, names_winner=names_winner, has_standstill=has_standstill)
        try:
            file = f"{FOLDER}/{TEMPLATES}/{name}"
            by_kind[kind] = read_template(kind, content, file, required=required, is_own=is_own)
        except InputError as error:
            faults += error.issues
    texts = RegimeTexts()
    try:
        content, _ = _template(folder, regime, f"{regime}.yaml", copies)
        texts = read_regime(content, f"{FOLDER}/{TEMPLATES}/{regime}.yaml")
    except InputError as error:
        faults += error.issues
    return (None if faults else Templates(regime, by_kind, texts, copies)), tuple(faults)


def _template(folder: Path, regime: Regime, name: str, copies: dict[str, bytes]) -> tuple[bytes, bool]:
    """Read a template, and whether it is the buyer's; one that nobody changed gives way to that of the regime."""
    path, ours = folder / FOLDER / TEMPLATES / name, shipped(regime, name)
    with suppress(FileNotFoundError):
        content = read_regular(path)
        if not is_shipped(name, content):
            return content, True
        if content == ours:
            return content, False
    copies[f"{TEMPLATES}/{name}"] = ours
    return ours, False


def kind_of(vendor: VendorRecord, winner: str) -> LetterKind | None:
    """Find which letter a vendor gets; None for one that sent nothing."""
    if vendor.id == winner:
        return "award"
    if vendor.is_compared:
        return "excluded" if vendor.status == "excluded" else "regret"
    if not vendor.files:
        return None
    return "late" if any(reason.kind == "response" for reason in vendor.status_reasons) else "excluded"


def draft_letters(result: Result, file: AwardFile, templates: Templates) -> tuple[Drafted, ...]:
    """Draw the letter of each vendor that sent something, the winner's first."""
    award, regime = file.award, templates.regime
    names = file_names(vendor.id for vendor in result.vendors)
    waits = _standstill_record(award, regime, templates.texts)
    chosen, others, reasons = result.vendor(award.vendor), Others(result), Reasons(result, file)
    questions = questions_by_id(result)
    seal = Passage(record_sentence(result.evaluation, names=False), "what changed since the seal", EVALUATION)
    drafted = []
    for vendor in sorted(result.in_order, key=lambda vendor: vendor.id != award.vendor):
        kind = kind_of(vendor, award.vendor)
        if kind is None:
            continue
        is_named = kind == "regret" and (regime != PRIVATE or award.name_winner)
        winner = _winner(chosen, file, regime) if is_named else None
        rewritten = [answer for answer in vendor.answers if answer.id in award.reasons.get(vendor.id, {})]
        named = others.than(vendor)
        alone = _alone(result, vendor, regime)
        letter = Letter(
            kind=kind,
            regime=regime,
            alone=alone,
            fields=_fields(alone, kind, file, templates.texts, waits, winner),
            words=reasons.of(vendor),
            standstill=waits,
            seal=seal,
            winner=winner,
            solicited=award.solicited or 0,
            received=sum(bool(vendor.files) for vendor in result.vendors),
            unquoted=frozenset(a.id for a in rewritten if named(own_words(questions[a.id], a))),
        )
        template = templates.by_kind[kind]
        drafted.append(Drafted(letter, names[vendor.id], tuple(template.blocks(letter, _maker(template, regime)))))
    return tuple(drafted)


def _maker(template: Template, regime: Regime) -> str:
    if template.is_own:
        return f"the buyer's own template {template.file}"
    made_by = f"the template '{template.kind}' of vendor-eval {version('vendor-eval')} for '{regime}'"
    return f"{made_by}, an engineering reading of the law and not legal advice"


def _standstill_record(award: Award, regime: Regime, texts: RegimeTexts) -> StandstillRecord:
    waits = standstill(award, regime)
    if waits is None:
        return StandstillRecord()
    return StandstillRecord(
        last_day=waits.last_day.isoformat(),
        sign_from=waits.sign_from.isoformat() if waits.sign_from else None,
        counted=tuple(day.isoformat() for day in waits.counted),
        rule=texts.standstill.replace("{days}", str(len(waits.counted))),
    )


def _winner(vendor: VendorRecord, file: AwardFile, regime: Regime) -> Winner:
    award, winner = file.award, winner_of(vendor, regime, unit_prices=file.award.unit_prices)
    own: dict[str, Any] = {
        key: Passage(getattr(award.winner, key), f"winner.{key}", file.place("winner", key))
        for key in OF_WINNER.get(regime, ())
    }
    about = {
        name: Passage(text, f"about_winner.{name}", file.place("about_winner", name))
        for name, text in award.about_winner.items()
    }
    return replace(winner, **own, about=about if FEATURES[regime].winner == "scores" else None)


def _alone(result: Result, vendor: VendorRecord, regime: Regime) -> Result:
    """Keep of a result one vendor, and nothing of the field.

    Where others' bids make price and total, these are left out unless the law demands them: of the own price and its
    score anybody can work out the lowest bid. A letter under far says the price itself, beside the winner's.
    """
    evaluation, price = result.evaluation, result.evaluation.price
    left: dict[str, object] = {"issues": (), "notes": ()}
    if regime in {PRIVATE, FAR} and price and price.relative:
        left |= dict.fromkeys(("score", "low", "high", "claimed", "credited"))
        own = vendor.price.model_copy(update={"score": None}) if vendor.price and regime == FAR else None
        left["price"] = own
    empty = dict.fromkeys(("pending", "inputs", "not_read", "issues"), ())
    return result.model_copy(
        update={
            "vendors": (vendor.model_copy(update=left),),
            **dict.fromkeys(("panel", "pilot", "robustness")),
            **dict.fromkeys(("ranking", "shortlist"), ()),
            "evaluation": evaluation.model_copy(
                update={
                    **empty,
                    "record": None,
                    "method": evaluation.method.model_copy(update={"waivers": ()}),
                    "price": price and price.model_copy(update={"thresholds": (), "lowest": None, "highest": None}),
                }
            ),
        }
    )


def _fields(
    alone: Result,
    kind: LetterKind,
    file: AwardFile,
    texts: RegimeTexts,
    waits: StandstillRecord,
    winner: Winner | None,
) -> dict[str, Passage]:
    """Fill the fields of a kind of letter."""
    award, evaluation, vendor = file.award, alone.evaluation, alone.vendors[0]
    own = {key: Passage(getattr(award, key), key, file.place(key)) for key in ("by", "reason", "criteria_at")}
    own["buyer"] = Passage(award.buyer.name, "buyer.name", file.place("buyer", "name"))
    for key in ("address", "email", "contact"):
        own[f"buyer_{key}"] = Passage(getattr(award.buyer, key), f"buyer.{key}", file.place("buyer", key))
    own |= {key: Passage(getattr(evaluation, key), key, EVALUATION) for key in ("title", "reference")}
    own["cites"] = Passage("; ".join(texts.cites), "cites", f"{FOLDER}/{TEMPLATES}")
    own["contact"] = Passage(vendor.contact, "its contact", vendor.files[0] if vendor.files else "")
    dates: dict[str, date | str | None] = {"date": award.sent or award.date, "award_date": award.date}
    dates |= {"last_day": waits.last_day, "sign_from": waits.sign_from}
    dates |= {"received": vendor.received, "deadline": evaluation.method.deadline}
    plain = {name: day(moment) if moment else "" for name, moment in dates.items()}
    plain |= {"vendor": vendor.name, "score": "" if vendor.score is None else number(vendor.score)}
    own |= {name: Passage(text) for name, text in plain.items()}
    for key in ("address", "email", "identifier"):
        own[f"winner_{key}"] = getattr(winner, key) if winner else NOTHING
    own["winner"] = Passage(winner.record.name, "the name of the winner", EVALUATION) if winner else NOTHING
    return {name: own[name] for name in FIELDS[kind]}


def why_award(result: Result, award: Award) -> str:
    rank = result.vendor(award.vendor).rank
    if rank == 1:
        return award.reason
    return f"{award.vendor} is {f'of rank {rank}' if rank else 'not ranked'}, not first: {award.reason}"


def not_first(result: Result, award: Award) -> str:
    """Say that another vendor than the first gets the contract; '' where it is the first."""
    rank = result.vendor(award.vendor).rank
    place = f"ranks {ordinal(rank)}" if rank else "has no rank"
    return "" if rank == 1 else f"{result.vendor(award.vendor).name} {place}, not first: {award.reason}"
