"""What changed between two results, and why: causes that add up to the change of each score."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from vendor_eval import results as r
from vendor_eval.config.input_files import hash_regular, open_regular, read_regular
from vendor_eval.findings.acts import FILE as FINDINGS
from vendor_eval.forms.identity import claimed_clarification
from vendor_eval.forms.tokens import load_tokens, refusal
from vendor_eval.intake.listing import entries, spelt
from vendor_eval.intake.responses import VendorReading
from vendor_eval.issues import VendorEvalError
from vendor_eval.record.canonical import differences, plain
from vendor_eval.record.log import SEAL_FILE
from vendor_eval.results.changes import (
    CauseKind,
    CauseRecord,
    Changes,
    ComparedRecord,
    GateChange,
    Sides,
    VendorChanges,
)
from vendor_eval.results.loading import parse_result
from vendor_eval.run.evaluate import evaluate_readings
from vendor_eval.run.freeze import CONDITIONS, OUT, RESULT as FROZEN
from vendor_eval.run.pilot import measure_pilot
from vendor_eval.run.publish import RESULTS
from vendor_eval.scoring.pricing import price_score
from vendor_eval.tender import FILE, PRICE, Evaluation

_LARGEST = 2**30
# Folders and files of the buyer whose content a result depends on.
_READ = ("responses/", "prices/", "scores/", "evidence/")
_SINGLE = (FINDINGS, SEAL_FILE, CONDITIONS)
# Sums of the same figures in another order differ by less.
_NOTHING = 1e-12


@dataclass(frozen=True)
class Side:
    """A result to compare, and where it is from."""

    result: r.Result
    record: ComparedRecord


# ---------------------------------------------------------------------------------------------- where results are from


def read_side(path: Path) -> Side:
    """Read a result: that of a folder, of a freeze, packed or not, or a results.json.

    Raises VendorEvalError where there is none, InputError for what is no result.
    """
    shown = path
    if path.is_dir():
        frozen = (path / FROZEN).is_file() and not (path / FILE).exists()
        inside = FROZEN if frozen else f"{OUT}/{RESULTS}"
        shown = path / inside
        if not shown.exists():
            raise VendorEvalError(f"{shown}: no such file; run 'vendor-eval evaluate {path}' first")
        content, kind = read_regular(shown), "freeze" if frozen else "folder"
    elif path.name == FILE:
        return read_side(path.parent)
    elif not path.exists():
        raise VendorEvalError(f"{path}: no such file; name a folder, a freeze or a results.json")
    else:
        with open_regular(path) as file:
            is_zip = file.read(2) == b"PK"
        content, kind = _frozen(path) if is_zip else read_regular(path), "freeze" if is_zip else "result"
    result = parse_result(content, str(shown), r.Result)
    stale = tuple(_stale(path, result)) if kind == "folder" else ()
    return Side(result, _compared(result, path, kind, sha256=hashlib.sha256(content).hexdigest(), stale=stale))


def _compared(result: r.Result, path: Path, kind: str, **more: Any) -> ComparedRecord:
    evaluation = result.evaluation
    return ComparedRecord(
        # No path of this machine: what is typed as one is a name alone.
        file=(path.resolve().name or str(path)) if path.is_absolute() or not path.name else path.as_posix(),
        kind=kind,
        title=evaluation.title,
        reference=evaluation.reference,
        as_of=evaluation.as_of,
        tool_version=evaluation.method.tool_version,
        criteria=f"{evaluation.scorecard.id} {evaluation.scorecard.version}",
        **more,
    )


def _frozen(path: Path) -> bytes:
    """Read the result in a freeze; nothing there is compressed, so nothing is inflated."""
    try:
        with ZipFile(path) as archive:
            entry = archive.getinfo(FROZEN)
            if entry.compress_type != ZIP_STORED or entry.file_size > _LARGEST:
                raise VendorEvalError(f"{path}: is no freeze, {FROZEN} is packed by another program; unpack it")
            return archive.read(entry)
    except (BadZipFile, KeyError, RuntimeError, NotImplementedError) as error:
        raise VendorEvalError(f"{path}: is no freeze, it holds no {FROZEN} that can be read") from error


def _stale(folder: Path, result: r.Result) -> Iterator[str]:
    """List the files of a folder that are others than its result was made from, those that came or went included."""
    for source in result.evaluation.inputs:
        path = folder / source.file
        if not path.is_file():
            # What lay outside the folder, such as a shipped mapping, is not looked for.
            if source.file.startswith(_READ) or source.file in _SINGLE:
                yield source.file
        elif hash_regular(path) != source.sha256:
            yield source.file
    known = {source.file for source in result.evaluation.inputs} | {s.file for s in result.evaluation.not_read}
    known |= {file for vendor in result.vendors for file in vendor.files}
    names = [f"responses/{spelt(path.name)}" for path in entries(folder / "responses") if not path.is_dir()]
    yield from (name for name in (*names, *_SINGLE) if name not in known and (folder / name).is_file())


def without_round(
    evaluation: Evaluation, path: Path, read: Callable[[Collection[str]], tuple[VendorReading, ...]]
) -> tuple[Side, Side]:
    """Evaluate a folder as if the clarifications of the newest round had not come, and as it is.

    `read` reads all responses but those files. Findings, settings and the pilot are the same on both sides. Raises
    VendorEvalError where no clarification counts.
    """
    readings = read(())
    newest = max((reading.submission.rounds for reading in readings if reading.submission), default=0)
    if not newest:
        raise VendorEvalError(f"{evaluation.folder}: no clarification came back that counts, so there is no round")
    files = tuple(file for reading in readings for file in _files_of_round(evaluation, reading, newest))
    measured = measure_pilot(evaluation, readings)
    before = evaluate_readings(evaluation, read(files), measured, explorable=False)
    after = evaluate_readings(evaluation, readings, measured, explorable=False)
    old = _compared(before, path, "evaluated", round=newest, without=files)
    return Side(before, old), Side(after, _compared(after, path, "evaluated"))


def _files_of_round(evaluation: Evaluation, reading: VendorReading, number: int) -> Iterator[str]:
    """List the files of a vendor that counted as clarifications of a round."""
    vendor, tokens = reading.vendor, load_tokens(evaluation.folder)
    listed = {file for entry in evaluation.settings.vendors if entry.id == vendor.id for file in entry.file}
    for file in vendor.files if reading.submission and reading.submission.rounds == number else ():
        own = claimed_clarification(evaluation.folder, file)
        counts = own and not own.is_conditions and own.round == number
        if own and counts and not refusal(own, vendor.id, tokens, file, listed=file in listed):
            yield file


# ------------------------------------------------------------------------------------------------ what changed


def compare(old: Side, new: Side) -> Changes:
    """Compare two results: settings, gates, and of each vendor the causes of the change of its score."""
    before, after = ({vendor.id: vendor for vendor in side.result.vendors} for side in (old, new))
    writer = _Writer(old.result, new.result)
    vendors = [writer.vendor(vendor, after[name]) for name, vendor in before.items() if name in after]
    return Changes(
        old=old.record,
        new=new.record,
        settings=writer.settings,
        only_old=tuple(name for name in before if name not in after),
        only_new=tuple(name for name in after if name not in before),
        vendors=tuple(sorted(vendors, key=lambda vendor: (-abs(vendor.points), not vendor.is_changed, vendor.id))),
    )


class _Writer:
    """Builds the records of what changed between two results."""

    def __init__(self, old: r.Result, new: r.Result) -> None:
        self.old, self.new = old, new
        record = new.evaluation.record
        reasons = {change.key: change for change in record.changes} if record else {}
        listed = [
            reasons.get(change.key, r.SettingChange(key=change.key)).model_copy(
                update={"old": change.old, "new": change.new}
            )
            for change in differences(_settings(old), _settings(new))
        ]
        # What is asked follows from the other settings, so these are named first.
        self.settings = tuple(sorted(listed, key=lambda change: change.key.startswith("criteria.")))

    def vendor(self, old: r.VendorRecord, new: r.VendorRecord) -> VendorChanges:
        return VendorChanges(
            id=new.id,
            name=new.name,
            score=Sides(old=old.score, new=new.score),
            rank=Sides(old=old.rank, new=new.rank),
            status=Sides(old=old.status, new=new.status),
            gates=tuple(_gates(old, new)),
            causes=tuple(sorted(self._causes(old, new), key=lambda cause: -abs(cause.points))),
        )

    def _causes(self, old: r.VendorRecord, new: r.VendorRecord) -> Iterator[CauseRecord]:
        if old.score is None or new.score is None:
            if old.score is not None or new.score is not None:
                yield self._as_a_whole(old, new)
            return
        before, after = ({answer.id: answer for answer in vendor.answers} for vendor in (old, new))
        share = 1 - _price_share(old)
        for name in {**before, **after}:
            cause = self._question(before.get(name), after.get(name), share)
            # What is settled for both sides, and what counts the same, is no cause.
            if cause and (abs(cause.points) > _NOTHING or cause.cause not in {"date", "weights"}):
                yield cause
        yield from self._price(old, new)

    def _as_a_whole(self, old: r.VendorRecord, new: r.VendorRecord) -> CauseRecord:
        """Give one cause for a vendor that has a score on one side alone: its response, or the kind of evaluation."""
        return CauseRecord(
            cause="answer" if self.old.is_screen == self.new.is_screen else "rule",
            about="",
            points=(new.score or 0.0) - (old.score or 0.0),
            old=old.status,
            new=new.status,
            source=r.Source(file=next(iter(new.files or old.files), None)),
        )

    def _question(
        self, before: r.AnswerRecord | None, after: r.AnswerRecord | None, share: float
    ) -> CauseRecord | None:
        old, new = (answer if answer and answer.state != "not_asked" else None for answer in (before, after))
        points = share * ((new.contribution if new else 0.0) - (old.contribution if old else 0.0))
        if old is None or new is None:
            asked = new or old
            if asked is None:
                return None
            return CauseRecord(
                cause="question",
                about=asked.id,
                points=points,
                old=old and old.raw,
                new=new and new.raw,
                source=asked.source,
                **self._reason(f"criteria.{asked.id}", "context", "questions"),
            )
        kind = _kind(old, new)
        return CauseRecord(cause=kind, about=new.id, points=points, **(self._details(kind, old, new)))

    def _details(self, kind: CauseKind, old: r.AnswerRecord, new: r.AnswerRecord) -> dict[str, Any]:
        """Give both values of what changed, who did it and why, and where it stands."""
        if kind in {"finding", "level"}:
            return _findings(old, new, is_level=kind == "level")
        name = new.id
        if kind == "evidence" and old.evidence != new.evidence:
            return {"old": old.evidence, "new": new.evidence, "source": new.source}
        if kind == "evidence":
            return {"old": old.cap, "new": new.cap, "source": new.source, **self._reason("evidence")}
        if kind == "date":
            reason = self._reason(f"criteria.{name}", "as_of", "context")
            return {"old": old.value, "new": new.value, "source": new.source, **reason}
        if kind == "weights":
            category = new.parent.partition(".")[0]
            reason = self._reason(f"criteria.{name}", f"criterion_weights.{new.parent}", f"weights.{category}")
            return {"old": old.effective_weight, "new": new.effective_weight, **reason}
        return {"old": old.raw, "new": new.raw, "source": new.source}

    def _price(self, old: r.VendorRecord, new: r.VendorRecord) -> Iterator[CauseRecord]:
        """Part what the price changes into the offers, own or of others, and the rule by which they count."""
        shares = [_price_share(vendor) for vendor in (old, new)]
        points = [vendor.price.score or 0.0 if vendor.price else 0.0 for vendor in (old, new)]
        quality = new.score or 0.0 if new.quality is None else new.quality
        change = (shares[0] - shares[1]) * quality + shares[1] * points[1] - shares[0] * points[0]
        methods = self.old.evaluation.price, self.new.evaluation.price
        if old.price and new.price:
            offered = shares[0] * (self._under_old_rule(old.price, new.price) - points[0])
        else:
            # Sealed prices are opened: the rule was there before.
            offered = change if all(methods) else 0.0
        totals = [vendor.price and vendor.price.total for vendor in (old, new)]
        if abs(offered) > _NOTHING or totals[0] != totals[1]:
            items = new.price.items if new.price else ()
            source = items[0].source if items else r.Source()
            yield CauseRecord(cause="price", about=PRICE, points=offered, old=totals[0], new=totals[1], source=source)
        if abs(change - offered) > _NOTHING:
            rules = [f"{method.rule} {method.weight:g}" if method else None for method in methods]
            reason = self._reason("price")
            points_of_rule = change - offered
            yield CauseRecord(cause="rule", about=PRICE, points=points_of_rule, old=rules[0], new=rules[1], **reason)

    def _under_old_rule(self, old: r.PriceRecord, new: r.PriceRecord) -> float:
        """Score the new offer as the old rule would have; as the old offer, where other things were priced."""
        methods = [side.evaluation.price for side in (self.old, self.new)]
        if methods[0] is None or methods[1] is None or new.total is None:
            return new.score or 0.0
        rules = [(method.rule, method.best, method.worst) for method in methods if method]
        priced = [(method.currency, method.years, method.items) for method in methods if method]
        if priced[0] != priced[1]:
            return old.score or 0.0
        lowest, highest = methods[1].lowest or new.total, methods[1].highest or new.total
        return new.score or 0.0 if rules[0] == rules[1] else price_score(methods[0], new.total, lowest, highest)

    def _reason(self, *keys: str) -> dict[str, str]:
        """Find who explained a change of the first of these settings, or of what is below them, and why."""
        explained = (
            change
            for key in keys
            for change in self.settings
            if change.explained and (change.key == key or change.key.startswith(f"{key}."))
        )
        change = next(explained, None)
        return {"by": change.by or "", "why": change.why or ""} if change else {}


def _price_share(vendor: r.VendorRecord) -> float:
    return vendor.price.weight / 100 if vendor.price else 0.0


def _kind(old: r.AnswerRecord, new: r.AnswerRecord) -> CauseKind:
    """Find the first cause that applies to an answer which is asked on both sides."""
    counts_otherwise = old.credited != new.credited
    if _acts(old) != _acts(new):
        return "finding"
    if _levels(old) != _levels(new):
        return "level"
    if _words(old) != _words(new) or (counts_otherwise and old.source.file != new.source.file):
        return "answer"
    if old.evidence != new.evidence or (counts_otherwise and old.cap != new.cap):
        return "evidence"
    return "date" if counts_otherwise else "weights"


def _words(answer: r.AnswerRecord) -> Sequence[str]:
    return (answer.raw, *(f"{part.key} {part.raw}" for part in answer.parts))


def _is_level(finding: r.FindingRecord) -> bool:
    """Tell a level of a score sheet from an act of the buyer."""
    return finding.kind == "level" and finding.source.file != FINDINGS


def _acts(answer: r.AnswerRecord) -> Sequence[tuple[str, str]]:
    """List what the buyer, or the pilot, did to an answer."""
    acts = (finding for finding in answer.findings if finding.kind != "note" and not _is_level(finding))
    return sorted((finding.kind, str(finding.value)) for finding in acts)


def _levels(answer: r.AnswerRecord) -> Sequence[tuple[str, str]]:
    """List the levels of score sheets, and the one that they make together."""
    levels = sorted((finding.by, str(finding.value)) for finding in answer.findings if _is_level(finding))
    return [*levels, ("", answer.answer or "")] if levels else []


def _findings(old: r.AnswerRecord, new: r.AnswerRecord, *, is_level: bool) -> dict[str, Any]:
    """Give the acts, or the level of the panel, on both sides, and who did what is new or gone."""
    acts = [
        {
            (finding.kind, finding.value, finding.by * is_level): finding
            for finding in answer.findings
            if finding.kind != "note" and _is_level(finding) == is_level
        }
        for answer in (old, new)
    ]
    changed = [act for key, act in acts[1].items() if key not in acts[0]]
    changed = changed or [act for key, act in acts[0].items() if key not in acts[1]]
    values = [answer.answer for answer in (old, new)]
    if not is_level:
        values = ["; ".join(act.act for act in side.values()) or None for side in acts]
    return {
        "old": values[0],
        "new": values[1],
        "by": ", ".join(dict.fromkeys(act.by for act in changed)),
        "why": next((act.reason for act in changed if act.reason), ""),
        "source": changed[0].source if changed else new.source,
    }


def _gates(old: r.VendorRecord, new: r.VendorRecord) -> Iterator[GateChange]:
    before, after = map(_results, (old, new))
    for key in {**before, **after}:
        if before.get(key) != after.get(key):
            yield GateChange(question=key[0], kind=key[1], old=before.get(key), new=after.get(key))


def _results(vendor: r.VendorRecord) -> dict[tuple[str, str, int], str]:
    """Map the gates of a vendor, several of one kind by their place, and its floors to what became of them."""
    tests = [(gate.question, gate.kind, gate.result, gate.waived) for gate in vendor.gates]
    floors = [(node.id, node.floor) for node in vendor.nodes if node.floor]
    tests += [(name, f"floor {floor.kind}", floor.result, floor.waived) for name, floor in floors]
    results: dict[tuple[str, str, int], str] = {}
    for name, kind, result, waived in tests:
        place = sum(key[:2] == (name, kind) for key in results)
        results[name, kind, place] = "waived" if waived and result == "fail" else result
    return results


def _settings(result: r.Result) -> dict[str, Any]:
    """Give the settings of a result by the keys of a seal, as far as a result holds them."""
    evaluation, method, price = result.evaluation, result.evaluation.method, result.evaluation.price
    criteria = [criterion for category in result.definition.categories for criterion in category.criteria]
    weighted = {category.id for category in result.definition.categories if category.weighted}
    of_price = {"weight", "rule", "best", "worst", "currency", "years", "living_wage"}
    settings: dict[str, Any] = {
        "as_of": evaluation.as_of,
        "stage": evaluation.stage,
        "weights": evaluation.weights,
        "criterion_weights": {part.id: part.weight for part in criteria if part.id.partition(".")[0] in weighted},
        **method.model_dump(include={"deadline", "missing", "questions", "shortlist", "evidence", "context"}),
        "tie_breakers": method.tie_breakers,
        "floors": {
            name: floor.model_dump(include={"at_least", "kind", "stage"}) for name, floor in method.floors.items()
        },
        "aggregate": result.panel.aggregate if result.panel else None,
        "evaluators": {member.id: {"name": member.name} for member in result.panel.members} if result.panel else {},
        "price": price and {**price.model_dump(include=of_price), "items": {i.id: i.model_dump() for i in price.items}},
        "criteria": {
            **{question.id: _asked(question) for part in criteria for question in part.questions if question.asked},
            "id": evaluation.scorecard.id,
            "version": evaluation.scorecard.version,
        },
    }
    settled: dict[str, Any] = plain(settings)
    return settled


def _asked(question: r.QuestionDefinition) -> dict[str, Any]:
    fields = question.model_dump(include={"text", "type", "weight", "unit", "points", "gates"})
    return {
        **fields,
        "options": {option.id: {"label": option.label, "score": option.score} for option in question.options},
        "levels": {str(level): text for level, text in enumerate(question.levels)},
    }
