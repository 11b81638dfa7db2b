"""What falls due over many tenders, from the files of each: nothing is evaluated."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from vendor_eval.config.input_files import load_json
from vendor_eval.config.models import load_document
from vendor_eval.findings.acts import Finding, sound_findings
from vendor_eval.formatting.printable import cut
from vendor_eval.forms.identity import claimed_clarification
from vendor_eval.issues import InputError, Issue, VendorEvalError, did_you_mean
from vendor_eval.record.conditions import condition_lines, newest_findings
from vendor_eval.record.log import CLARIFICATION, FILE_KEY, SENT, Line, Log, anchor_in, has_begun, read_log
from vendor_eval.results import ConditionRecord, VendorRecord
from vendor_eval.results.base import PartRead
from vendor_eval.results.due import Due, DueItem, DueKind, UnreadFolder
from vendor_eval.run.publish import RESULTS
from vendor_eval.tender.award import EU, FAR, PRIVATE, UK, Award, Regime, award_faults, listed_award, parse_award
from vendor_eval.tender.conditions import Condition, sound_conditions
from vendor_eval.tender.folder import find_evaluation
from vendor_eval.tender.models import Settings, Waiver
from vendor_eval.tender.standstill import standstill

_LETTERS = "letters/letters.json"
_KEPT_YEARS = 3
_QUOTED = 100


def due(folders: Iterable[str | Path], as_of: date, *, within: int | None = None) -> Due:
    """List what falls due in the folders of several tenders within so many days, and what is past and still open.

    A folder that cannot be read is listed with the reason, and the others are read all the same.
    """
    items: list[DueItem] = []
    unread: list[UnreadFolder] = []
    for folder in folders:
        try:
            tender = _Tender.read(folder, as_of)
            items += tender.items()
            # What is sound in the other files of the folder is listed all the same.
            if faults := tuple(tender.faults()):
                unread.append(UnreadFolder(folder=str(folder), reason=str(InputError(faults))))
        except (VendorEvalError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            unread.append(UnreadFolder(folder=str(folder), reason=reason or "cannot be read"))
    dated = [item for item in items if item.days is not None and (within is None or item.days <= within)]
    undated = [item for item in items if item.days is None]
    return Due(
        as_of=as_of.isoformat(),
        within=within,
        items=tuple(sorted(dated, key=_order)),
        undated=tuple(sorted(undated, key=_order)),
        unread=tuple(unread),
    )


def _order(item: DueItem) -> tuple[str, ...]:
    return item.date or "", item.tender, item.kind, item.vendor, item.id


class _Dated(PartRead):
    id: str = ""
    valid_until: date | None = None


class _Vendor(PartRead):
    id: str
    rank: int | None = None
    files: tuple[str, ...] = ()
    answers: tuple[_Dated, ...] = ()
    price: _Dated | None = None
    conditions: tuple[ConditionRecord, ...] = ()


class _Question(PartRead):
    id: str
    text: str


class _Criterion(PartRead):
    questions: tuple[_Question, ...] = ()


class _Category(PartRead):
    criteria: tuple[_Criterion, ...] = ()


class _Definition(PartRead):
    categories: tuple[_Category, ...] = ()


class _Evaluation(PartRead):
    record: dict[str, Any] | None = None


class _Result(PartRead):
    evaluation: _Evaluation = _Evaluation()
    definition: _Definition = _Definition()
    vendors: tuple[_Vendor, ...] = ()


class _Letters(PartRead):
    regime: str = ""
    record: dict[str, Any] | None = None


_T = TypeVar("_T", bound=PartRead)


@dataclass(frozen=True)
class _Tender:
    """What the files of one tender say: its settings, the last result, and the award."""

    folder: Path
    settings: Settings
    result: _Result
    award: Award | None
    as_of: date

    @classmethod
    def read(cls, folder: str | Path, as_of: date) -> "_Tender":
        file = find_evaluation(folder)
        document = load_document(file, Settings)
        if document.value is None:
            raise InputError(document.faults)
        result = _json(file.parent / "out" / RESULTS, _Result)
        return cls(file.parent, document.value, result, listed_award(file.parent), as_of)

    def faults(self) -> Iterator[Issue]:
        """Find what is wrong in the files that say what is due, and in the chain of the log."""
        yield from award_faults(self.folder, None)
        yield from self._conditions_file[1]
        yield from self._findings_file[1]
        if self.award and self._vendors and self.award.vendor not in self._vendors:
            hint = did_you_mean(self.award.vendor, self._vendors)
            message = f"vendor: '{self.award.vendor}' is no vendor of this evaluation{hint}"
            yield Issue("unknown-reference", message, parse_award(self.folder)[0].locate(("vendor",)))
        yield from self._log.faults

    def items(self) -> Iterator[DueItem]:
        yield from self._certificates()
        yield from self._offers()
        yield from self._conditions()
        yield from self._waivers()
        yield from self._clarifications()
        yield from self._after_award()

    def _item(
        self, kind: DueKind, day: date | None, vendor: str, name: str, what: str, state: str, *, past: str = ""
    ) -> DueItem:
        """Make an entry; where its day has passed, its state is `past`."""
        return DueItem(
            date=day.isoformat() if day else None,
            days=(day - self.as_of).days if day else None,
            kind=kind,
            tender=self.settings.reference or self.settings.title,
            vendor=vendor,
            id=name,
            what=what,
            state=past if past and self._is_past(day) else state,
        )

    def _is_past(self, day: date | None) -> bool:
        return day is not None and day < self.as_of

    # ------------------------------------------------------------------------------------------- what vendors have

    @cached_property
    def _vendors(self) -> Mapping[str, _Vendor]:
        return {vendor.id: vendor for vendor in self.result.vendors}

    @property
    def _in_the_race(self) -> Sequence[_Vendor]:
        """Vendors whose certificates and offers matter: the one that was awarded, before that all ranked ones."""
        awarded = self.award.vendor if self.award else None
        return [v for v in self._vendors.values() if (v.id == awarded if awarded else v.rank is not None)]

    def _certificates(self) -> Iterator[DueItem]:
        categories = self.result.definition.categories
        texts = {q.id: q.text for category in categories for part in category.criteria for q in part.questions}
        for vendor in self._in_the_race:
            for answer in vendor.answers:
                if day := answer.valid_until:
                    text = f"Certificate of “{cut(texts.get(answer.id, answer.id), _QUOTED)}”"
                    yield self._item("certificate", day, vendor.id, answer.id, text, "valid", past="expired")

    def _offers(self) -> Iterator[DueItem]:
        if self.award and self.award.contract:
            return
        for vendor in self._in_the_race:
            if day := vendor.price and vendor.price.valid_until:
                text = "The offer holds until this day"
                yield self._item("offer", day, vendor.id, "", text, "valid", past="expired")

    # -------------------------------------------------------------------------------------------- what is still open

    @cached_property
    def _conditions_file(self) -> tuple[Sequence[Condition], Sequence[Issue]]:
        return sound_conditions(self.folder)

    @cached_property
    def _findings_file(self) -> tuple[Sequence[Finding], Sequence[Issue]]:
        return sound_findings(self.folder) if self._conditions_file[0] else ((), ())

    def _conditions(self) -> Iterator[DueItem]:
        lines = self._conditions_file[0]
        findings = newest_findings(self._findings_file[0])
        for name in dict.fromkeys(line.vendor for line in lines):
            conditions = self._vendors[name].conditions if name in self._vendors else ()
            vendor = VendorRecord(id=name, name=name, status="conditional", reasons=(), conditions=conditions)
            for line in condition_lines(vendor, lines, findings, {}, self.as_of):
                if line.state != "met":
                    text = cut(line.what, _QUOTED)
                    yield self._item("condition", _day(line.due), name, line.id, text, line.state)

    def _waivers(self) -> Iterator[DueItem]:
        newest: dict[tuple[str, str], Waiver] = {}
        for waiver in sorted(self.settings.waivers, key=lambda waiver: waiver.until or date.max):
            newest[waiver.vendor, waiver.question or waiver.node] = waiver
        for (vendor, about), waiver in newest.items():
            if waiver.until:
                text = f"Waiver by {waiver.approved_by}: {cut(waiver.reason, _QUOTED)}"
                yield self._item("waiver", waiver.until, vendor, about, text, "waived", past="lapsed")

    @cached_property
    def _log(self) -> Log:
        if not has_begun(self.folder):
            return Log()
        records = {RESULTS: self.result.evaluation.record, "letters.json": self._letters.record}
        seen = {name: anchor for name, record in records.items() if (anchor := anchor_in(record))}
        return read_log(self.folder, seen)

    def _clarifications(self) -> Iterator[DueItem]:
        lines = self._log.lines
        for sent in (line for line in lines if line.act == SENT):
            for vendor in sent.about:
                if not any(self._is_reply(line, vendor) for line in lines[lines.index(sent) + 1 :]):
                    day, text = _day(sent.due), f"Reply to the clarification of {sent.day}"
                    yield self._item("clarification", day, vendor, f"line-{sent.n}", text, "open", past="overdue")

    def _is_reply(self, line: Line, vendor: str) -> bool:
        """Whether a line says that a clarification of a vendor came back, by the result or else by the workbook."""
        if line.act != CLARIFICATION:
            return False
        files = [key.removeprefix(FILE_KEY) for key in line.about]
        if vendor in self._vendors and any(file in self._vendors[vendor].files for file in files):
            return True
        owners = [own.vendor for file in files if (own := claimed_clarification(self.folder, file))]
        return vendor in owners

    # -------------------------------------------------------------------------------------------- what an award begins

    def _after_award(self) -> Iterator[DueItem]:
        if self.award is None:
            return
        award, regime = self.award, self._regime
        wait = standstill(award, regime)
        if wait and not self._is_past(wait.last_day):
            text = "Last day to ask for a debriefing" if regime == FAR else "Last day of the standstill"
            yield self._item("standstill", wait.last_day, award.vendor, "", text, "open")
        if regime in {UK, EU}:
            day = _years_later(award.contract or award.date, _KEPT_YEARS)
            text = "The record is kept until this day"
            yield self._item("retention", day, award.vendor, "", text, "kept", past="over")

    @cached_property
    def _letters(self) -> _Letters:
        return _json(self.folder / _LETTERS, _Letters)

    @property
    def _regime(self) -> Regime:
        """The regime of the letters that were written, else that of the award."""
        own = self.award.regime if self.award else None
        written = self._letters.regime
        return next((known for known in (UK, EU, FAR, PRIVATE) if known == written), own or PRIVATE)


def _json(path: Path, model: type[_T]) -> _T:
    """Read what an earlier run wrote, empty where there is no such file; raise VendorEvalError for what is not ours."""
    if not path.exists():
        return model()
    name = f"{path.parent.name}/{path.name}"
    try:
        record: _T = load_json(path, model, is_result=path.name == RESULTS)
    except ValueError as error:
        is_json = not isinstance(error, ValidationError) or error.errors()[0]["type"] != "json_invalid"
        cure = "is not what this release writes; make it again" if is_json else "is no JSON"
        raise VendorEvalError(f"{name}: {cure}") from error
    return record


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _years_later(day: date, years: int) -> date:
    """Find the same day some years later; of 29 February it is 28 February in other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
