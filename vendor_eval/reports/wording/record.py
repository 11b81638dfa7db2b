"""The one sentence that every output says of the record: when it was sealed, and what changed since."""

from typing import Any

from vendor_eval.formatting.printable import cut, one_line, value_text
from vendor_eval.results import EvaluationRecord, RecordState, SettingChange

_LONGEST = 60
_MOST = 8


def record_sentence(evaluation: EvaluationRecord, *, names: bool = True) -> str:
    """Say whether the sealed settings still stand; '' without a record. Vendors read it without `names`."""
    record = evaluation.record
    if record is None:
        return ""
    is_gone = record.state == "unsealed" and any(issue.code == "seal-edited" for issue in evaluation.issues)
    gone = "seal.json is gone, which the log says was written, so nothing can be said of the settings."
    texts = [gone if is_gone else _sealed(record, names=names)]
    if record.log is not None and record.log.chain != "whole":
        broken = record.log.chain == "broken"
        texts.append("The log of decisions is broken." if broken else "The log of decisions was repaired.")
    return " ".join(texts)


def _sealed(record: RecordState, *, names: bool) -> str:
    if record.state == "unexplained" and not record.changes:
        return "seal.json was changed since it was sealed, so nothing can be said of the settings."
    if record.sealed is None:
        return "The settings were never sealed."
    late = f", late{f' ({one_line(record.late)})' if names else ''}," if record.late else ""
    head = f"Sealed on {record.sealed}{late}"
    if not record.changes:
        return f"{head}{'' if late else ','} unchanged."
    count = len(record.changes)
    # Of many those that nobody explained come first, so that none hides behind the others.
    shown = sorted(record.changes, key=lambda change: count > _MOST and change.explained)[:_MOST]
    changes = dict.fromkeys(_change(change, names=names) for change in shown)
    more = [f"{count - _MOST} more{' in results.json' if names else ''}"] if count > _MOST else []
    joined = "; ".join((*changes, *more))
    return f"{head.removesuffix(',')}; {count} change{'s' if count > 1 else ''} since: {joined}."


def _change(change: SettingChange, *, names: bool) -> str:
    key = change.key if names or not change.key.startswith("evaluators.") else "evaluators"
    what = change_words(key, change.old, change.new) if key == change.key else f"{key} changed"
    if not change.explained:
        return f"{what} (nobody gave a reason)"
    if not names:
        return f"{what} ({change.on})"
    by, why = one_line(change.by or ""), one_line(change.why or "").rstrip(".")
    return f"{what} ({by}, {change.on}: {why})"


def change_words(key: str, old: Any, new: Any) -> str:
    """Say how a setting changed.

    >>> change_words("weights.security", 18, 22), change_words("evaluators.ana", None, {"name": "Ana"})
    ('weights.security 18 -> 22', 'evaluators.ana added')
    """
    if old is None and isinstance(new, dict | list):
        return f"{key} added"
    if new is None and isinstance(old, dict | list):
        return f"{key} removed"
    return f"{key} {_shown(old)} -> {_shown(new)}"


def _shown(value: Any) -> str:
    return "none" if value is None else cut(one_line(value_text(value)), _LONGEST)
