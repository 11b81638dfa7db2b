"""Letters after the award: who gets which, what is missing, which name does not belong there; then the files."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vendor_eval.config.input_files import read_regular
from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import number
from vendor_eval.formatting.file_names import file_names
from vendor_eval.issues import InputError, Issue, VendorEvalError
from vendor_eval.record.log import Entry, Log, append
from vendor_eval.record.seal import read_record
from vendor_eval.reports.letters import documents
from vendor_eval.reports.letters.letter import FEATURES, Letter, Winner, winner_of
from vendor_eval.reports.letters.passages import Block, Leak, Passage, joined, leaks, passages
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
from vendor_eval.reports.wording.answers import answer_text
from vendor_eval.reports.wording.lookups import people_of, questions_of
from vendor_eval.reports.wording.names import as_read, names_of_all, others_named
from vendor_eval.reports.wording.phrases import ordinal
from vendor_eval.reports.wording.record import record_sentence
from vendor_eval.results import MODERATED, AnswerRecord, Result, Source, VendorRecord
from vendor_eval.results.letters import (
    KINDS,
    LetterFile,
    LetterKind,
    LetterRecord,
    LettersRecord,
    MissingRecord,
    StandstillRecord,
)
from vendor_eval.run import journal
from vendor_eval.spreadsheets import known_password, read_workbook
from vendor_eval.tender import FILE as EVALUATION, Evaluation
from vendor_eval.tender.award import EU, FAR, FILE as AWARD, PRIVATE, STATUS, UK, Award, AwardFile, Regime
from vendor_eval.tender.standstill import standstill

FOLDER, LIST, TEMPLATES = "letters", "letters.json", "templates"
_CANCEL = "cancel"
_WHOLE = 10**6
_REQUIRED: Mapping[Regime, Mapping[str, str]] = {
    UK: {
        "notice": "the day on which the contract award notice is published",
        "holidays": "days that are no working days; [] for none",
        "criteria_at": "where the award criteria stand in full",
    },
    EU: {"sent": "the day on which the letters go out"},
    FAR: {"sent": "the day on which the letters go out", "solicited": "how many vendors were asked for an offer"},
    PRIVATE: {},
}
_OF_WINNER: Mapping[Regime, tuple[str, ...]] = {UK: ("address", "email", "identifier"), EU: (), FAR: ("address",)}


@dataclass(frozen=True)
class Templates:
    """Templates by kind of letter, what they cite, and the files that are copied to where the buyer finds them."""

    by_kind: Mapping[LetterKind, Template]
    texts: RegimeTexts
    copies: Mapping[str, bytes]


@dataclass(frozen=True)
class Drafted:
    """A letter with its finished blocks, and the name of its file without suffix."""

    letter: Letter
    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Letters:
    """What is to be written: the letters as letters.json lists them, and files by path inside `letters/`."""

    record: LettersRecord
    files: Mapping[str, bytes]
    why: str
    notes: tuple[str, ...] = ()


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
    return (None if faults else Templates(by_kind, texts, copies)), tuple(faults)


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
    if vendor.status != "not_evaluated":
        return "excluded" if vendor.status == "excluded" else "regret"
    if not vendor.files:
        return None
    return "late" if any(reason.kind == "response" for reason in vendor.status_reasons) else "excluded"


def missing_parts(result: Result, file: AwardFile, regime: Regime, log: Log) -> tuple[MissingRecord, ...]:
    """List all that the letters of an award cannot do without."""
    award, vendor = file.award, result.vendor(file.award.vendor)
    parts = [*_missing_of_tender(result, log), *_missing_of_winner(vendor)]
    kinds = {other.id: kind_of(other, vendor.id) for other in result.vendors}
    parts += [("", key, what) for key, what in _missing_keys(award, regime)]
    if "regret" in kinds.values():
        parts += [("", key, what) for key, what in _missing_about_winner(result, award, regime)]
    reasons = Reasons(result, file)
    for other in result.vendors:
        texts = award.reasons.get(other.id, {})
        if other.status == "not_evaluated" and kinds[other.id] == "excluded" and STATUS not in texts:
            parts.append((other.id, STATUS, f"reasons.{other.id}.{STATUS}: why it was not evaluated"))
        names = reasons.missing(other) if kinds[other.id] in {"award", "regret"} else []
        parts += [(other.id, name, f"reasons.{other.id}.{name}: why it was judged so") for name in names]
    return tuple(MissingRecord(vendor=name, about=about, what=what) for name, about, what in parts)


_Parts = Iterator[tuple[str, str, str]]


def _missing_of_tender(result: Result, log: Log) -> _Parts:
    evaluation, record = result.evaluation, result.evaluation.record
    for line in (line for line in log.lines if line.act == _CANCEL):
        yield "", _CANCEL, f"the tender ended without award on {line.day}, by {line.by}: {line.why}"
    if evaluation.price is not None and getattr(evaluation.price, "sealed", False):
        yield "", "price", "the prices are sealed: 'vendor-eval close quality' opens them"
    if evaluation.provisional:
        yield "", "provisional", "the result is provisional: levels or prices are still open"
    if evaluation.stage == "read":
        yield "", "stage", "the stage is read: an award is judged at stage award or data"
    if record is not None and record.log is not None and record.log.chain == "broken":
        yield "", "decisions.jsonl", "the log of decisions is broken: 'vendor-eval log' says where"
    if record is not None and record.state == "unexplained":
        names = ", ".join(change.key for change in record.unexplained) or "seal.json"
        yield (
            "",
            "seal.json",
            f"nobody explained the change since the seal of {names}: 'vendor-eval decide --act amend'",
        )


def _missing_of_winner(vendor: VendorRecord) -> _Parts:
    if vendor.status in {"excluded", "not_evaluated"}:
        yield vendor.id, "status", f"is {vendor.status.replace('_', ' ')}: a waiver or a finding comes first"
    about = {condition.about: condition for condition in vendor.conditions if condition.stage in {"read", "award"}}
    for name, condition in about.items():
        if not (condition.owner and getattr(condition, "due", None)):
            yield vendor.id, name, f"conditions.yaml has no line of {vendor.id} about {name} with owner and due"


def _missing_keys(award: Award, regime: Regime) -> Iterator[tuple[str, str]]:
    required = dict(_REQUIRED[regime])
    if regime == PRIVATE and award.standstill_days:
        required["sent"] = "the day on which the letters go out, from which standstill_days count"
    yield from ((key, f"{key}: {what}") for key, what in required.items() if getattr(award, key) in {None, ""})


def _missing_about_winner(result: Result, award: Award, regime: Regime) -> Iterator[tuple[str, str]]:
    for key in _OF_WINNER.get(regime, ()):
        if not getattr(award.winner, key):
            yield f"winner.{key}", f"winner.{key}: {key} of the winner"
    categories = [c.id for c in result.definition.categories if c.weighted and c.in_scope]
    absent = [name for name in categories if name not in award.about_winner]
    if regime == UK:
        yield from ((f"about_winner.{c}", f"about_winner.{c}: what was better of the winner's tender") for c in absent)
    if regime == EU and len(absent) == len(categories):
        yield "about_winner", "about_winner: the relative advantages of the winner's tender, in one category at least"


# ------------------------------------------------------------------------------------------------ words of the buyer


class Reasons:
    """The reasons that vendors read: those of award.yaml, else of the buyer, the panel, or its evaluators."""

    def __init__(self, result: Result, file: AwardFile) -> None:
        self._file = file
        self._rubrics = {question.id for _, question in questions_of(result) if question.levels}
        ratings = result.panel.ratings if result.panel else ()
        self._ratings = {(rating.vendor, rating.question): rating for rating in ratings}
        self._people = people_of(result)

    def of(self, vendor: VendorRecord) -> dict[str, Passage]:
        """Map questions, nodes and `status` to the reasons of a vendor."""
        judged = [answer for answer in vendor.answers if self._is_judged(answer)]
        words = {answer.id: reason for answer in judged if (reason := self._reason(vendor, answer)).text}
        tests = [(gate.question, gate.waived) for gate in vendor.gates]
        tests += [(node.id, node.floor.waived) for node in vendor.nodes if node.floor]
        waived = {name: Passage(waiver.reason, f"the waiver of {name}", EVALUATION) for name, waiver in tests if waiver}
        own = {
            name: Passage(text, f"the reason of {name}", self._file.place("reasons", vendor.id, name))
            for name, text in self._file.award.reasons.get(vendor.id, {}).items()
        }
        return words | waived | own

    def missing(self, vendor: VendorRecord) -> list[str]:
        """List the answers with a weight that were judged and that nobody gave a reason for."""
        words = self.of(vendor)
        judged = [answer.id for answer in vendor.answers if answer.effective_weight and self._is_judged(answer)]
        return [name for name in judged if name not in words]

    def _is_judged(self, answer: AnswerRecord) -> bool:
        """Tell whether a score rests on a level, a corrected answer or one that was sent back."""
        if answer.finding is not None and answer.finding.kind in {"answer", "claim"}:
            return True
        return answer.id in self._rubrics and answer.state == "answered"

    def _reason(self, vendor: VendorRecord, answer: AnswerRecord) -> Passage:
        rating = self._ratings.get((vendor.id, answer.id))
        if rating is None or rating.of_buyer:
            act = rating.of_buyer if rating else answer.finding
            acts = [act] if act else []
        elif rating.moderated:
            acts = [act for act in answer.findings if act.by == MODERATED]
        else:
            recused = {self._people.get(name) for name in rating.recused}
            acts = [act for act in answer.findings if act.kind == "level" and act.by not in recused]
        texts = [Passage(act.reason.strip().rstrip("."), f"the reason of {answer.id}", act.source) for act in acts]
        return joined(texts, "; ")


# ------------------------------------------------------------------------------------------------ letters


def draft_letters(result: Result, file: AwardFile, regime: Regime, templates: Templates) -> tuple[Drafted, ...]:
    """Draw the letter of each vendor, the winner's first; raise InputError for each name that does not belong there."""
    award = file.award
    names = file_names(vendor.id for vendor in result.vendors)
    waits = _standstill_record(award, regime, templates.texts)
    chosen, others, reasons = result.vendor(award.vendor), _Others(result), Reasons(result, file)
    questions = {question.id: question for _, question in questions_of(result)}
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
            unquoted=frozenset(a.id for a in rewritten if named(answer_text(questions[a.id], a, _WHOLE))),
        )
        template = templates.by_kind[kind]
        drafted.append(Drafted(letter, names[vendor.id], tuple(template.blocks(letter, _maker(template, regime)))))
    return tuple(drafted)


def _maker(template: Template, regime: Regime) -> str:
    if template.is_own:
        return f"the buyer's own template {template.file}"
    tool = f"vendor-eval {version('vendor-eval')}"
    return f"the template '{template.kind}' of {tool} for '{regime}', an engineering reading and no legal advice"


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
        for key in _OF_WINNER.get(regime, ())
    }
    about = {
        name: Passage(text, f"about_winner.{name}", file.place("about_winner", name))
        for name, text in award.about_winner.items()
    }
    return replace(winner, **own, about=about if FEATURES[regime].winner == "scores" else None)


def _alone(result: Result, vendor: VendorRecord, regime: Regime) -> Result:
    """Keep of a result one vendor, and nothing of the field; no price and total where others' bids make these."""
    evaluation, price = result.evaluation, result.evaluation.price
    left: dict[str, object] = {"issues": (), "notes": ()}
    if regime == PRIVATE and price and price.relative:
        left |= dict.fromkeys(("score", "price", "low", "high", "claimed", "credited"))
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
        own[f"winner_{key}"] = getattr(winner, key) if winner else Passage("")
    own["winner"] = Passage(winner.record.name, "the name of the winner", EVALUATION) if winner else Passage("")
    return {name: own[name] for name in FIELDS[kind]}


class _Others:
    """Names of all vendors, and who of them may stand in a letter."""

    def __init__(self, result: Result) -> None:
        self._everybody = names_of_all((vendor.id, as_read(vendor.name)) for vendor in result.vendors)

    def than(self, *vendors: VendorRecord) -> Callable[[str], tuple[str, ...]]:
        """Make a function that lists the names of all but some vendors in a text."""
        return others_named([name for vendor in vendors for name in (vendor.name, vendor.id)], self._everybody)


def refuse_leaks(
    evaluation: Evaluation, result: Result, file: AwardFile, drafted: Sequence[Drafted], finished: Mapping[str, str]
) -> None:
    """Raise InputError for each name that does not belong where it stands.

    Searched are the letters, every text of award.yaml, and `finished`, the texts of the files by name.
    """
    others, faults = _Others(result), []
    chosen = result.vendor(file.award.vendor)
    for draft in drafted:
        allowed = (draft.letter.vendor, *([chosen] if draft.letter.winner else []))
        named, own = others.than(*allowed), [name for name in finished if name.rpartition(".")[0] == draft.name]
        known = list(leaks(passages(draft.blocks), named))
        shown = own[0] if own else draft.name
        faults += [f"{shown}: '{leak.name}' in {_where(evaluation, leak)}{_cure(leak)}" for leak in known]
        for name in own if not known else ():
            faults += [f"{name}: '{other}' in the finished letter" for other in named(finished[name])]
    printed = set(faults)
    places = {fault.partition(": ")[2] for fault in printed}
    for allowed, passage in _award_texts(result, file, drafted):
        for leak in leaks([passage], others.than(*allowed)):
            text = f"'{leak.name}' in {leak.passage.about}, {leak.passage.place}"
            faults += [] if any(place.startswith(text) for place in places) else [f"{AWARD}: {text}"]
    if faults:
        raise InputError([Issue("letter-names-vendor", fault) for fault in dict.fromkeys(faults)])


def _award_texts(
    result: Result, file: AwardFile, drafted: Sequence[Drafted]
) -> Iterator[tuple[tuple[VendorRecord, ...], Passage]]:
    """List the texts of award.yaml, printed or not, each with the vendors that may stand in it."""
    award, chosen = file.award, result.vendor(file.award.vendor)
    losing = [draft.letter for draft in drafted if draft.letter.kind == "regret"]
    winner = (chosen,) if all(letter.winner for letter in losing) else ()
    nobody: tuple[VendorRecord, ...] = winner if len(drafted) == 1 else ()
    for key in ("by", "criteria_at"):
        yield nobody, Passage(getattr(award, key), key, file.place(key))
    for key, text in award.buyer:
        yield nobody, Passage(text, f"buyer.{key}", file.place("buyer", key))
    for key, text in award.winner:
        yield (chosen,), Passage(text, f"winner.{key}", file.place("winner", key))
    yield winner, Passage(award.reason, "reason", file.place("reason"))
    for name, text in award.about_winner.items():
        yield winner, Passage(text, f"about_winner.{name}", file.place("about_winner", name))
    named = {letter.vendor.id for letter in losing if letter.winner}
    for vendor, texts in award.reasons.items():
        allowed = (result.vendor(vendor), *([chosen] if vendor in named else []))
        for name, text in texts.items():
            yield allowed, Passage(text, f"the reason of {name}", file.place("reasons", vendor, name))


def _where(evaluation: Evaluation, leak: Leak) -> str:
    """Say what a passage is, and from which file and cell it came; a reason stands in the row of its level."""
    passage = leak.passage
    place = passage.place if isinstance(passage.place, str) else _cell(evaluation, passage.place, passage.text)
    return ", ".join(filter(None, (passage.about, place)))


def _cell(evaluation: Evaluation, source: Source, text: str) -> str:
    address = source.cell
    if source.file and source.sheet and source.cell:
        with suppress(InputError, OSError):
            book = read_workbook(evaluation.folder / source.file, name=source.file, password=known_password)
            cells = [cell for sheet in book.sheets if sheet.name == source.sheet for cell in sheet.cells]
            row = next((cell.row for cell in cells if cell.address == source.cell), 0)
            address = next((c.address for c in cells if c.row == row and c.raw.startswith(text)), source.cell)
    inside = "!".join(filter(None, (source.sheet, address)))
    return " ".join(filter(None, (source.file, inside)))


def _cure(leak: Leak) -> str:
    """Name the key of award.yaml whose words would stand in the place of a passage of an answer."""
    return "" if isinstance(leak.passage.place, str) else f"; write {AWARD} reasons in its place"


# ------------------------------------------------------------------------------------------------ files


def finish_letters(
    evaluation: Evaluation,
    result: Result,
    file: AwardFile,
    templates: Templates,
    drafted: Sequence[Drafted],
    formats: Iterable[str],
    *,
    paper: str = "A4",
) -> Letters:
    """Make the files of letters, all of them searched for names that do not belong there.

    Raises InputError with every such name.
    """
    award, wanted = file.award, set(formats)
    refuse_leaks(evaluation, result, file, drafted, {})
    files: dict[str, bytes] = dict(templates.copies)
    notes: list[str] = []
    records: list[LetterRecord] = []
    texts: dict[str, str] = {}
    for draft in drafted:
        about = {"date": (award.sent or award.date).isoformat(), "paper": paper}
        title = draft.letter.fields["title"].text
        made: dict[str, bytes] = {}
        if "docx" in wanted:
            made[f"{draft.name}.docx"] = documents.word(title, draft.blocks, **about)
        if "pdf" in wanted:
            content, suffix, told = documents.page(title, draft.blocks, **about)
            made[draft.name + suffix] = content
            notes += told
        texts |= {name: documents.text_of(content, Path(name).suffix) for name, content in made.items()}
        files |= made
        records.append(_record(draft, made))
    refuse_leaks(evaluation, result, file, drafted, texts)
    letters = LettersRecord(
        award=award.vendor,
        regime=drafted[0].letter.regime,
        cites=templates.texts.cites,
        standstill=drafted[0].letter.standstill,
        letters=tuple(records),
    )
    return Letters(letters, files, _why(result, award), tuple(dict.fromkeys(notes)))


def _record(draft: Drafted, made: Mapping[str, bytes]) -> LetterRecord:
    letter = draft.letter
    return LetterRecord(
        vendor=letter.vendor.id,
        kind=letter.kind,
        files=tuple(
            LetterFile(file=f"{FOLDER}/{name}", sha256=hashlib.sha256(content).hexdigest())
            for name, content in made.items()
        ),
        score=letter.vendor.score if letter.is_compared else None,
        winner=letter.winner.record if letter.winner else None,
        criteria=letter.criteria(),
    )


def _why(result: Result, award: Award) -> str:
    rank = result.vendor(award.vendor).rank
    if rank == 1:
        return award.reason
    return f"{award.vendor} is {f'of rank {rank}' if rank else 'not ranked'}, not first: {award.reason}"


def not_first(result: Result, award: Award) -> str:
    """Say that another vendor than the first gets the contract; '' where it is the first."""
    rank = result.vendor(award.vendor).rank
    place = f"ranks {ordinal(rank)}" if rank else "has no rank"
    return "" if rank == 1 else f"{result.vendor(award.vendor).name} {place}, not first: {award.reason}"


def write_letters(
    evaluation: Evaluation, result: Result, letters: Letters, award: Award, log: Log | None, moment: datetime
) -> LettersRecord:
    """Replace the letters of an earlier run by these, all or none, with a line in the log; the caller has its lock.

    Without a `log` the evaluation has none. Raises VendorEvalError where a letter was changed since it was written, or
    is not ours.
    """
    folder = evaluation.folder / FOLDER
    with journal.scratch_folder(folder) as scratch:
        earlier = _earlier(folder)
        staged = scratch / journal.STAGED
        new = {name: journal.write(staged / name, [content]) for name, content in letters.files.items()}
        old = [name for name in {*earlier, *new} if (folder / name).exists()]
        for name in old:
            own = journal.sha256(folder / name)
            is_template = name.startswith(TEMPLATES)
            if not is_template and own not in {earlier.get(name), new.get(name)}:
                what = "was changed since it was written" if name in earlier else "was not made by this tool"
                raise VendorEvalError(f"{folder / name}: {what} and would be replaced; move it away and run again")
        record = letters.record
        if log is not None:
            log = _logged(evaluation.folder, log, letters, award, moment)
            owners = {file: vendor.id for vendor in result.vendors for file in vendor.files}
            record = record.model_copy(update={"record": read_record(evaluation, owners).state or {}})
        text = json.dumps(record.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1) + "\n"
        new[LIST] = journal.write(staged / LIST, [text.encode()])
        old += [LIST] if (folder / LIST).exists() else []
        swap = journal.Swap(folder=folder.name, is_new=not folder.exists(), new=new, old=tuple(sorted(old)), kept={})
        journal.swap_in(scratch, swap)
    return record


def _earlier(folder: Path) -> dict[str, str]:
    """Read which letters an earlier run wrote, with their hashes."""
    try:
        listed = json.loads(read_regular(folder / LIST))["letters"]
        files = [file for letter in listed for file in letter["files"]]
        own = {str(file["file"]).removeprefix(f"{FOLDER}/"): str(file["sha256"]) for file in files}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"{folder / LIST}: is not what an earlier run wrote; move it away and run again"
        raise VendorEvalError(message) from error
    return {name: digest for name, digest in own.items() if "/" not in name and journal.is_inside(name)}


def _logged(folder: Path, log: Log, letters: Letters, award: Award, moment: datetime) -> Log:
    """Append what was written; the same letters are written down once."""
    new = {file.file: file.sha256 for letter in letters.record.letters for file in letter.files}
    known: dict[str, object] = {}
    for line in (line for line in log.lines if line.act == "letters" and isinstance(line.new, dict)):
        known |= line.new
    if all(known.get(name) == digest for name, digest in new.items()):
        return log
    entry = Entry(act="letters", by=award.by, why=letters.why, about=tuple(new), new=new)
    return append(folder, log, [entry], moment)
