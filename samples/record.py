"""Keep the record of the full sample: sealed, opened, judged, closed and decided, each act at its own moment.

The folder is brought to the state of each moment in a copy, and what a command would have logged then is logged with
that moment. So every run makes the same bytes, and nothing of the record is typed.
"""
# ruff: noqa: INP001 - a script beside data, no package

import json
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vendor_eval import Evaluation, evaluate, load_evaluation
from vendor_eval.config.yaml12 import parse_text
from vendor_eval.record import log as decisions, seal
from vendor_eval.record.derived import Read, synchronise
from vendor_eval.record.log import Entry, Log, append, read_log
from vendor_eval.record.quality import close_quality
from vendor_eval.run.evaluate import read_responses, scores_of

HELENA, TOMAS, RUTH = "Helena Brandt", "Tomás Iriarte", "Ruth Adler"
SUMMER, WINTER = (timezone(timedelta(hours=hours)) for hours in (2, 1))
RECORD = (seal.FILE, decisions.FILE)
# What the folder holds only as outputs of later commands.
LATER = (*RECORD, "out", "letters", "clarifications.json")
ARRIVED = ("responses", "prices", "evidence")
SEALED_SHORTLIST = 2
THIRD = (
    "The committee asked for a third finalist: Trellith could be awarded only after six requirements are met, so a "
    "shortlist of two had no fallback. No score and no rank depends on it."
)


def write_record(folder: Path) -> None:
    """Write seal.json and decisions.jsonl of a tender whose other files are there."""
    with TemporaryDirectory() as scratch:
        tender = Tender(folder, Path(scratch) / "tender")
        tender.happen()
        for name in RECORD:
            shutil.copyfile(tender.folder / name, folder / name)


class Tender:
    """A tender as it stood from day to day, in a folder of its own, made of its final files."""

    def __init__(self, final: Path, folder: Path) -> None:
        self.final, self.folder = final, folder
        shutil.copytree(final, folder, ignore=shutil.ignore_patterns(*LATER, *ARRIVED, "scores", "*.yaml"))

    def happen(self) -> None:
        """Let everything happen, from the seal to the award."""
        self._know(until=date(2026, 10, 14), shortlist=SEALED_SHORTLIST)
        self._act(datetime(2026, 10, 14, 10, 5, tzinfo=SUMMER), HELENA, self._sealed)
        self._bring(*ARRIVED)
        self._know(until=date(2026, 11, 20), shortlist=SEALED_SHORTLIST)
        self._act(datetime(2026, 11, 20, 18, 40, tzinfo=WINTER), HELENA)
        asked = Entry(
            act="clarification_sent",
            by=TOMAS,
            why="The answers that Brenovik left out, asked back with a day to answer by",
            about=("brenovik",),
            due="2026-11-24",
        )
        self._act(datetime(2026, 11, 21, 9, 30, tzinfo=WINTER), TOMAS, _writing(asked))
        self._bring("scores/helena.xlsx")
        self._know(until=date(2026, 11, 22), shortlist=SEALED_SHORTLIST)
        self._act(datetime(2026, 11, 22, 18, 5, tzinfo=WINTER), HELENA)
        self._bring("scores/tomas.xlsx", "scores/ruth.xlsx")
        self._know(until=date(2026, 11, 23), shortlist=SEALED_SHORTLIST)
        self._act(datetime(2026, 11, 23, 16, 40, tzinfo=WINTER), HELENA)
        self._know(until=date(2026, 11, 24), shortlist=SEALED_SHORTLIST)
        self._act(datetime(2026, 11, 24, 14, 5, tzinfo=WINTER), HELENA, self._closed)
        self._know(until=date(2026, 11, 24))
        self._act(datetime(2026, 11, 24, 15, 50, tzinfo=WINTER), HELENA, self._amended)
        self._bring("conditions.yaml")
        self._act(datetime(2026, 11, 25, 11, 20, tzinfo=WINTER), TOMAS)
        self._bring("award.yaml")
        self._act(datetime(2026, 11, 26, 9, 15, tzinfo=WINTER), HELENA)

    def _bring(self, *names: str) -> None:
        for name in names:
            copy = shutil.copytree if (self.final / name).is_dir() else shutil.copyfile
            (self.folder / name).parent.mkdir(exist_ok=True)
            copy(self.final / name, self.folder / name)

    def _know(self, *, until: date, **before: object) -> None:
        """Write what evaluation.yaml and findings.yaml said at the end of a day; `before` are settings of then."""
        day = until.isoformat()
        settings = {**_read(self.final / "evaluation.yaml"), **before}
        settings["waivers"] = [waiver for waiver in settings["waivers"] if waiver["date"] <= day]
        waived = {waiver["vendor"] for waiver in settings["waivers"]}
        for evaluator in settings["evaluators"]:
            # An interest is declared with the waiver that it is about.
            declared = [conflict for conflict in evaluator.pop("conflicts", ()) if conflict["vendor"] in waived]
            evaluator.update({"conflicts": declared} if declared else {})
        if not (self.folder / "responses").exists():
            settings["vendors"] = [{key: vendor[key] for key in ("id", "name")} for vendor in settings["vendors"]]
        findings = [entry for entry in _read(self.final / "findings.yaml") if entry["date"] <= day]
        for name, values in (("evaluation.yaml", settings), ("findings.yaml", findings)):
            (self.folder / name).write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")

    def _act(self, moment: datetime, by: str, act: "Act" = lambda _evaluation, log, _moment: log) -> None:
        """Log what the files say by now, then what an act adds."""
        evaluation = load_evaluation(self.folder)
        readings = read_responses(evaluation, compare_texts=False)
        names = frozenset(reading.vendor.id for reading in readings if reading.submission)
        read = Read(names, scores_of(evaluation, readings))
        act(evaluation, synchronise(evaluation, read, read_log(self.folder), moment, by=by), moment)

    def _sealed(self, evaluation: Evaluation, log: Log, moment: datetime) -> Log:
        return seal.write_seal(evaluation, log, moment=moment, by=HELENA)

    def _closed(self, evaluation: Evaluation, log: Log, moment: datetime) -> Log:
        qualities = {vendor.id: vendor.quality for vendor in evaluate(evaluation).vendors}
        return close_quality(evaluation, log, qualities, moment, by=HELENA, why="")

    def _amended(self, evaluation: Evaluation, log: Log, moment: datetime) -> Log:
        fixed, fault = seal.read_seal(self.folder)
        if fixed is None or fault:
            raise SystemExit(f"the sample was not sealed: {fault}")
        changes = seal.setting_changes(fixed, evaluation, log)
        old, new = ({change.key: getattr(change, side) for change in changes} for side in ("old", "new"))
        entry = Entry(act=seal.AMEND, by=HELENA, why=THIRD, about=tuple(new), old=old, new=new)
        return append(self.folder, log, [entry], moment)


Act = Callable[[Evaluation, Log, datetime], Log]


def _writing(entry: Entry) -> Act:
    return lambda evaluation, log, moment: append(evaluation.folder, log, [entry], moment)


def _read(path: Path) -> Any:
    source, faults = parse_text(path.read_text(encoding="utf-8"), path.name)
    if faults:
        raise SystemExit("\n".join(map(str, faults)))
    return source.value
