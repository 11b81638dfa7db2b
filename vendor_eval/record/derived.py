"""What the log derives from the YAML files, score sheets and responses, so that nobody types it twice."""

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from vendor_eval.config.input_files import read_regular
from vendor_eval.findings.acts import Finding, PilotFinding, SheetFinding, aggregated, listed_findings
from vendor_eval.findings.sheets import Scores
from vendor_eval.forms.identity import claimed_clarification
from vendor_eval.intake.inbox import response_files
from vendor_eval.intake.listing import entries, spelt
from vendor_eval.record.canonical import canonical, differences, digest
from vendor_eval.record.log import Entry, Line, Log, append, cut
from vendor_eval.record.settings import sealed_settings
from vendor_eval.results.pilot import BY_PILOT
from vendor_eval.results.record import ReplacedResponse
from vendor_eval.spreadsheets.workers import spread
from vendor_eval.tender import CONSENSUS, Evaluation

PRICES = "prices"
OPEN, RESPONSE, CLARIFICATION = "open", "response", "clarification_received"
OVERRIDE, SETTING = "override", "setting"
# Acts that are derived, and where each is written down.
SOURCES = {
    SETTING: "evaluation.yaml",
    OPEN: "responses/",
    RESPONSE: "responses/",
    CLARIFICATION: "responses/",
    "late_accepted": "evaluation.yaml, accept_late of the vendor",
    "finding": "findings.yaml",
    OVERRIDE: "findings.yaml",
    "level": "the score sheet in scores/",
    "waiver": "evaluation.yaml, under waivers",
    "conflict": "evaluation.yaml, conflicts of the evaluator",
    "recusal_lifted": "evaluation.yaml, conflicts of the evaluator",
    "condition": "conditions.yaml",
    "award": "award.yaml",
}
_NOTE_DIGITS = 12


@dataclass(frozen=True)
class Read:
    """What was read of an evaluation: names of the vendors by id, their score sheets, acts of the pilot.

    Lines of vendors that were not read stay as they are in the log, and those of the pilot where it was not measured.
    """

    names: Container[str] = ()
    scores: Scores = Scores()
    pilot: Sequence[PilotFinding] | None = None


def present(evaluation: Evaluation, read: Read = Read()) -> dict[str, Entry]:
    """Derive what stands in the files of an evaluation now, by key of the log; settings apart."""
    state: dict[str, Entry] = {}
    derived = (_responses, _late, _findings, _sheets, _waivers, _conflicts)
    for key, entry in (pair for source in derived for pair in source(evaluation, read)):
        free = key
        while free in state:
            number = int(free.removeprefix(key).lstrip("/") or 1) + 1
            free = f"{key}/{number}"
        state[free] = replace(entry, about=(free,), new=cut(entry.new))
    return state
