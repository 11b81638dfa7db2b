"""What the letters of an award cannot do without, all of it at once."""

from collections.abc import Iterator, Mapping

from vendor_eval.record.log import Log
from vendor_eval.results import Result, VendorRecord
from vendor_eval.results.letters import MissingRecord
from vendor_eval.run.letters.drafting import OF_WINNER, kind_of
from vendor_eval.run.letters.reasons import Reasons
from vendor_eval.tender.award import EU, FAR, PRIVATE, STATUS, UK, Award, AwardFile, Regime

_CANCEL = "cancel"
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


def missing_parts(result: Result, file: AwardFile, regime: Regime, log: Log) -> tuple[MissingRecord, ...]:
    """List all that the letters of an award cannot do without."""
    award, vendor = file.award, result.vendor(file.award.vendor)
    parts = [*_missing_of_tender(result, log), *_missing_of_winner(vendor)]
    kinds = {other.id: kind_of(other, vendor.id) for other in result.vendors}
    parts += [("", key, text) for key, text in _missing_keys(award, regime)]
    if "regret" in kinds.values():
        parts += [("", key, text) for key, text in _missing_about_winner(result, award, regime)]
    reasons = Reasons(result, file)
    for other in result.vendors:
        texts = award.reasons.get(other.id, {})
        if not other.is_compared and kinds[other.id] == "excluded" and STATUS not in texts:
            parts.append((other.id, STATUS, f"reasons.{other.id}.{STATUS}: why it was not evaluated"))
        names = reasons.missing(other) if kinds[other.id] in {"award", "regret"} else []
        parts += [(other.id, name, f"reasons.{other.id}.{name}: why it was judged so") for name in names]
    listed = tuple(MissingRecord(vendor=name, about=about, what=text) for name, about, text in parts)
    return (*listed, *_without_line(vendor))


_Parts = Iterator[tuple[str, str, str]]


def _missing_of_tender(result: Result, log: Log) -> _Parts:
    evaluation, record = result.evaluation, result.evaluation.record
    for line in (line for line in log.lines if line.act == _CANCEL):
        yield "", _CANCEL, f"the tender ended without award on {line.day}, by {line.by}: {line.why}"
    if result.has_sealed_prices:
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
    if vendor.status not in {"eligible", "conditional"}:
        yield vendor.id, "status", f"is {vendor.status.replace('_', ' ')}: a waiver or a finding comes first"


def _without_line(vendor: VendorRecord) -> Iterator[MissingRecord]:
    about = {condition.about: condition for condition in vendor.conditions if condition.stage in {"read", "award"}}
    what, command = "conditions.yaml has no line with owner and due", f"vendor-eval conditions {vendor.id}"
    for name, condition in about.items():
        if not (condition.id and condition.owner and condition.due):
            yield MissingRecord(vendor=vendor.id, about=name, what=what, command=command)


def _missing_keys(award: Award, regime: Regime) -> Iterator[tuple[str, str]]:
    required = dict(_REQUIRED[regime])
    if regime == PRIVATE and award.standstill_days:
        required["sent"] = "the day on which the letters go out, from which standstill_days count"
    yield from ((key, f"{key}: {text}") for key, text in required.items() if getattr(award, key) in {None, ""})


def _missing_about_winner(result: Result, award: Award, regime: Regime) -> Iterator[tuple[str, str]]:
    for key in OF_WINNER.get(regime, ()):
        if not getattr(award.winner, key):
            yield f"winner.{key}", f"winner.{key}: {key} of the winner"
    categories = [c.id for c in result.definition.categories if c.weighted and c.in_scope]
    absent = [name for name in categories if name not in award.about_winner]
    if regime == UK:
        yield from ((f"about_winner.{c}", f"about_winner.{c}: what was better of the winner's tender") for c in absent)
    if regime == EU and len(absent) == len(categories):
        yield "about_winner", "about_winner: the relative advantages of the winner's tender, in one category at least"
