"""Conditions of the award: drafted from what is not met, kept by the buyer, closed by findings alone."""

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from vendor_eval.config.input_files import read_regular
from vendor_eval.config.yaml12 import parse_text
from vendor_eval.findings.acts import Finding
from vendor_eval.formatting.figures import distinct
from vendor_eval.formatting.measures import gate_unit
from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.issues import InputError, VendorEvalError
from vendor_eval.record.lock import replace_file
from vendor_eval.results import (
    AnswerRecord,
    ConditionFinding,
    ConditionLine,
    ConditionRecord,
    ConditionReply,
    GateRecord,
    Result,
    VendorRecord,
)
from vendor_eval.results.vendors import ConditionState
from vendor_eval.tender.conditions import FILE, Condition, parse_conditions

_HEADING = "# Conditions of the award. Owner, due, clause and the words are yours; findings.yaml says what is met.\n"
_LEAST_POINTS, _MOST_CLAIMS = 0.5, 10
_TOLERANCE = 1e-9
_QUOTED, _LONGEST = 120, 280
_PLAIN = re.compile(r"[A-Za-z][\w.-]*")
_NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_LACKS = {
    "blank": "no answer came",
    "invalid": "the answer cannot be read",
    "pending": "it is not scored yet",
    "unknown": "the vendor does not know",
    "claim": "{} was declared, without a document",
    "named": "{} was declared, and its document did not arrive",
}
# What passes once it is proven.
_UNPROVEN = frozenset({"claim", "named"})


@dataclass(frozen=True)
class Drafted:
    """Lines that conditions.yaml lacks, and ids of lines whose cause is gone."""

    added: tuple[Condition, ...]
    gone: tuple[str, ...]


# -------------------------------------------------------------------------------------------------- state of a line


def newest_findings(findings: Iterable[Finding]) -> Mapping[str, ConditionFinding]:
    """Map conditions to the newest finding on each; of those of one day the last in the file."""
    newest: dict[str, ConditionFinding] = {}
    for finding in sorted(findings, key=lambda finding: finding.date):
        if finding.condition and finding.met is not None:
            act = {"met": finding.met, "by": finding.by, "date": finding.date.isoformat(), "reason": finding.reason}
            newest[finding.condition] = ConditionFinding(**act)
    return newest


def condition_lines(
    vendor: VendorRecord,
    conditions: Iterable[Condition],
    findings: Mapping[str, ConditionFinding],
    says: Mapping[str, ConditionReply],
    day: date,
) -> tuple[ConditionLine, ...]:
    """Derive how the conditions of a vendor stand on a day."""
    return tuple(
        ConditionLine(
            **line.model_dump(mode="json", exclude={"vendor"}),
            state=_state(line, [c for c in vendor.conditions if c.about == line.about], findings.get(line.id), day),
            days=(line.due - day).days if line.due else None,
            says=says.get(line.id),
            finding=findings.get(line.id),
        )
        for line in conditions
        if line.vendor == vendor.id
    )


def _state(
    line: Condition, requirements: Sequence[ConditionRecord], finding: ConditionFinding | None, day: date
) -> ConditionState:
    if finding:
        return "met" if finding.met else "failed"
    ends = [date.fromisoformat(entry.until) for entry in requirements if entry.until]
    if any(day > end for end in ends):
        return "lapsed"
    # One that failed and has a waiver has lapsed on the day of the evaluation, and not on an earlier one.
    if requirements and all(
        entry.result == "waived" or (entry.result == "fail" and entry.until) for entry in requirements
    ):
        return "waived"
    if line.due is None:
        return "undated"
    return "overdue" if line.due < day else "open"


def with_lines(vendor: VendorRecord, lines: Iterable[ConditionLine]) -> VendorRecord:
    """Put the lines of conditions.yaml into the list of a vendor's conditions; others follow without a result."""
    by_about: dict[str, list[ConditionLine]] = {}
    for line in lines:
        by_about.setdefault(line.about, []).append(line)
    required = [
        entry.model_copy(update={**_of_line(line), "owner": line.owner or entry.owner}) if line else entry
        for entry in vendor.conditions
        for line in by_about.get(entry.about, (None,))
    ]
    named = {entry.about for entry in vendor.conditions}
    questions = {answer.id for answer in vendor.answers}
    others = [
        ConditionRecord(
            about=about,
            question=about if about in questions else "",
            kind=line.kind,
            stage=None,
            result=None,
            reason="",
            until=None,
            owner=line.owner,
            **_of_line(line),
        )
        for about, own in by_about.items()
        for line in own
        if about not in named
    ]
    return vendor.model_copy(update={"conditions": (*required, *others)})


def _of_line(line: ConditionLine) -> dict[str, Any]:
    names = ("id", "what", "proof", "due", "clause", "state", "days", "says", "finding")
    return {name: getattr(line, name) for name in names}


# ------------------------------------------------------------------------------------------------------------- draft


def draft(folder: Path, result: Result, vendor: VendorRecord) -> Drafted:
    """Draft what a vendor still has to meet and conditions.yaml has no line for.

    Raises InputError for faults of the file, VendorEvalError where the vendor cannot be chosen.
    """
    if vendor.status not in {"eligible", "conditional"}:
        message = f"{vendor.id}: {vendor.status_text}, so it has no conditions: a waiver or a finding comes first"
        raise VendorEvalError(message)
    _, entries, faults = parse_conditions(folder)
    if faults:
        raise InputError(faults)
    lines = tuple(entries.values())
    own = [line for line in lines if line.vendor == vendor.id]
    causes = _Causes(result, vendor)
    wanted = tuple(causes.requirements())
    abouts = {condition.about for condition in wanted}
    claims = [claim for claim in causes.claims() if claim.about not in abouts]
    unproven = {answer.id for answer in vendor.answers if answer.evidence == "claim"}
    gone = [
        line.id for line in own if line.about not in abouts and not (line.kind == "claim" and line.about in unproven)
    ]
    have = {line.about for line in own}
    ids = {line.id for line in lines}
    added = []
    for condition in (*wanted, *claims[:_MOST_CLAIMS]):
        if condition.about not in have:
            added.append(_with_free_id(condition, ids))
            ids.add(added[-1].id)
    return Drafted(tuple(added), tuple(gone))


def _with_free_id(condition: Condition, taken: Container[str]) -> Condition:
    name = condition.id
    while name in taken:
        name += "-2"
    return condition.model_copy(update={"id": name})


class _Causes:
    """What makes a condition, worded of question, answer and test."""

    def __init__(self, result: Result, vendor: VendorRecord) -> None:
        self.vendor = vendor
        categories = result.definition.categories
        criteria = [criterion for category in categories for criterion in category.criteria]
        self.questions = {question.id: question for criterion in criteria for question in criterion.questions}
        self.titles = {node.id: node.title for node in categories}
        self.titles |= {f"{c.id}.{criterion.id}": criterion.title for c in categories for criterion in c.criteria}
        self.answers = {answer.id: answer for answer in vendor.answers}
        self.share = result.quality_share()  # contributions are points of the quality

    def requirements(self) -> Iterator[Condition]:
        """List a condition for each question or node: musts, open knock-outs, floors, then what is waived."""
        by_about: dict[str, list[ConditionRecord]] = {}
        for entry in self.vendor.conditions:
            if entry.result is not None:
                by_about.setdefault(entry.about, []).append(entry)
        conditions = [self._requirement(about, entries) for about, entries in by_about.items()]
        order = ("must", "knock_out", "floor", "waiver")
        yield from sorted(
            conditions,
            key=lambda c: order.index("floor" if c.kind != "waiver" and c.about in self.titles else c.kind),
        )

    def _requirement(self, about: str, entries: Sequence[ConditionRecord]) -> Condition:
        unmet = [entry for entry in entries if entry.result != "waived"]
        kind = "waiver" if not unmet else "knock_out" if any(e.kind == "knock_out" for e in unmet) else "must"
        first = entries[0]
        waivers = [gate.waived for gate in self.vendor.gates if gate.question == about]
        waivers += [node.floor.waived for node in self.vendor.nodes if node.id == about and node.floor]
        waiver = next((waiver for waiver in waivers if waiver), None) if kind == "waiver" else None
        question = self.questions.get(about)
        return Condition(
            id=f"{self.vendor.id}-{about}",
            vendor=self.vendor.id,
            about=about,
            kind=kind,
            what=self._floor(about) if about in self.titles else self._gates(about, first.reason),
            proof=one_line(question.evidence) if question else "",
            owner=one_line(waiver.owner or waiver.approved_by) if waiver else "",
            due=date.fromisoformat(waiver.until) if waiver and waiver.until else None,
        )

    def _gates(self, about: str, reason: str) -> str:
        """Word the gates of a question that are not passed: why they are there, what was declared, what is asked."""
        gates = [g for g in self.vendor.gates if g.question == about and g.kind != "flag" and g.result != "pass"]
        if not gates:
            return cut(one_line(reason), _LONGEST)
        head = " / ".join(dict.fromkeys(gate.because for gate in gates))
        known = dict.fromkeys(words for gate in gates for words in self._known(gate))
        return cut(one_line(f"{head}: {'; '.join(known)}"), _LONGEST)

    def _known(self, gate: GateRecord) -> Iterator[str]:
        asked = f", {gate.test}{gate_unit(gate.unit)} is asked" if gate.unit else f"; asked is {gate.test}"
        if gate.missing:
            yield f"“{'; '.join(gate.missing)}” is asked, and was not declared"
        elif gate.result == "fail":
            yield f"{self._quoted(gate.question)} was declared{asked}"
        else:
            names = gate.open_questions or (gate.question,)
            causes = {_cause(self.answers[name]) for name in names if name in self.answers}
            cause = next((cause for cause in _LACKS if cause in causes), "")
            known = _LACKS[cause].format(self._quoted(gate.question)) if cause else gate.reason
            yield known if cause in _UNPROVEN or not cause else f"{known}{asked}"

    def _quoted(self, name: str) -> str:
        answer = self.answers.get(name)
        return f"“{cut(one_line((answer.answer or answer.raw) if answer else ''), _QUOTED)}”"

    def _floor(self, name: str) -> str:
        node = next(node for node in self.vendor.nodes if node.id == name)
        least = node.floor.at_least if node.floor else 0.0
        score = distinct(node.score or 0.0, least)
        return cut(f"{self.titles[name]}: {score} points are reached, at least {least:g} are asked", _LONGEST)

    def claims(self) -> Iterator[Condition]:
        """List a condition for each answer that counts and is a bare claim, the largest contribution first."""
        least = _LEAST_POINTS - _TOLERANCE
        counting = [a for a in self.vendor.answers if a.evidence == "claim" and self.share * a.contribution > least]
        for answer in sorted(counting, key=lambda answer: -answer.contribution):
            question = self.questions[answer.id]
            text = f"{question.text.rstrip('.?')}: {self._quoted(answer.id)} was declared, without a document"
            yield Condition(
                id=f"{self.vendor.id}-{answer.id}",
                vendor=self.vendor.id,
                about=answer.id,
                kind="claim",
                what=cut(one_line(text), _LONGEST),
                proof=one_line(question.evidence),
            )


def _cause(answer: AnswerRecord) -> str:
    if answer.state != "answered":
        return answer.state
    return "unknown" if answer.word == "unknown" else answer.evidence or ""


def append_conditions(folder: Path, conditions: Sequence[Condition]) -> None:
    """Append lines to the text of conditions.yaml, of which nothing is changed; the caller has the lock of the record.

    Raises VendorEvalError where the text is no list that another line can follow, or nothing can be written.
    """
    path = folder / FILE
    before = read_regular(path) if path.exists() else b""
    text = before.decode()
    end = "\r\n" if "\r\n" in text else "\n"
    source, _ = parse_text(text.removeprefix("\ufeff"), FILE)
    indent = " " * (source.locate(()).column - 1 if source.value else 0)
    lead = "" if not text or text.endswith("\n") else end
    lines = [f"{indent}{_as_line(condition)}{end}" for condition in conditions]
    whole = f"{text}{lead}{'' if text else _HEADING}{''.join(lines)}"
    after, faults = parse_text(whole.removeprefix("\ufeff"), FILE)
    added = [json.loads(condition.model_dump_json()) for condition in conditions]
    if faults or after.value != [*(source.value or []), *added]:
        message = "is no list with a '- ' before each entry, so nothing can be appended: write it so"
        raise VendorEvalError(f"{path}: {message}")
    replace_file(path, whole.encode())


def _as_line(condition: Condition) -> str:
    """Write a condition on one line of YAML; `due` stays empty where nobody knows it."""
    entry = condition.model_dump(mode="json")
    names = {name: _name(entry[name]) for name in ("id", "vendor", "about", "kind")}
    texts = {name: json.dumps(entry[name], ensure_ascii=False) for name in ("what", "proof", "owner")}
    fields = names | texts | {"due": entry["due"] or "", "clause": '""'}
    return f"- {{{', '.join(f'{name}: {value}' for name, value in fields.items())}}}"


def _name(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _NOT_PLAIN
    return text if plain else json.dumps(text, ensure_ascii=False)
