"""A whole pilot, measured: one vendor at a time, from the files of its folder to one record and the rows behind it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from vendor_eval.config.input_files import open_regular
from vendor_eval.formatting.csv_text import csv_bytes
from vendor_eval.formatting.file_names import file_names
from vendor_eval.intake.inbox import vendor_files
from vendor_eval.issues import InputError, Issue
from vendor_eval.pilot.figures.choices import (
    choice_errors,
    choice_figures,
    expert_ceiling,
    rubric_errors,
    rubric_figures,
)
from vendor_eval.pilot.figures.objects import object_errors, object_figures
from vendor_eval.pilot.figures.work import work_figures
from vendor_eval.pilot.files import (
    DISPUTES,
    PLAN,
    gold_source,
    label_files,
    read_delivery,
    read_gold,
    read_log,
    read_tasks,
)
from vendor_eval.pilot.kernels.acceptance import plan_at
from vendor_eval.pilot.settings import FILE, LOG, PilotSettings, load_pilot, sleeping_links
from vendor_eval.pilot.tables import GOLD, Delivery, Gold, Log, NotMeasured, Tasks
from vendor_eval.results.base import Input
from vendor_eval.results.pilot import AcceptanceRecord, FigureRecord, PilotFacts, PilotRecord, PilotVendorRecord
from vendor_eval.results.pilot_figures import OBJECTS
from vendor_eval.tender import Evaluation

OUTPUTS = "pilot/"
_ERRORS = ("item", "source", "phase", "gold", "label", "error")
_INVALID = "blank-label", "unknown-label", "bad-object"
_ISSUES = ("vendor", "code", "severity", "file", "row", "item", "text")


class _Task(NamedTuple):
    """How a task is measured, what is wrong of it, and the columns of that after item to kind."""

    figures: Callable[[PilotSettings, Gold, Delivery], Iterator[FigureRecord]]
    errors: Callable[[PilotSettings, Gold, Delivery], Iterator[tuple[str, ...]]]
    more: tuple[str, ...] = ()


_TASKS: Mapping[str, _Task] = {
    "rubric": _Task(rubric_figures, rubric_errors, ("criterion",)),
    **dict.fromkeys(("classification", "preference"), _Task(choice_figures, choice_errors)),
    **dict.fromkeys(OBJECTS, _Task(object_figures, object_errors, ("iou",))),
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """A pilot as it was measured, and as CSV what leads from its figures to items.

    `errors` by vendor lists what is wrong, `issues` every place of every issue; `asleep` says of links why they are not
    compared.
    """

    record: PilotRecord
    errors: Mapping[str, bytes]
    issues: bytes
    asleep: tuple[Issue, ...] = ()

    def json(self) -> str:
        """Render the record as the machine form."""
        return f"{self.record.model_dump_json(by_alias=True, indent=1)}\n"

    def files(self) -> dict[str, bytes]:
        """Return the files of out/pilot/ by their path inside out/."""
        names = file_names(self.errors)
        return {
            f"{OUTPUTS}measured.json": self.json().encode(),
            f"{OUTPUTS}issues.csv": self.issues,
            **{f"{OUTPUTS}errors/{names[vendor]}.csv": rows for vendor, rows in self.errors.items()},
        }


def measure(
    folder: Path,
    evaluation: Evaluation | None = None,
    *,
    offers: Mapping[str, Mapping[str, float]] | None = None,
    skip_unreadable: bool = False,
    progress: Callable[[str], None] = lambda _vendor: None,
) -> Measurement:
    """Measure the pilot of a folder with pilot.yaml, one vendor in memory at a time, without looking at any promise.

    `offers` are the unit prices of each vendor by item; `progress` hears the id of each before it is read. Raises
    InputError with every fault of the buyer's files, and of the vendors' unless `skip_unreadable`: then such a vendor
    is not measured.
    """
    vendors = [vendor.id for vendor in vendor_files(evaluation)] if evaluation else []
    settings = load_pilot(folder, evaluation, vendors or None)
    sources = label_files(folder, vendors or settings.vendors or None)
    vendors = vendors or sorted(settings.vendors or sources)
    gold = read_gold(folder, settings, vendors)
    asked = read_tasks(folder, settings, gold, settings.vendors or vendors)
    logs = read_log(folder, vendors)
    task = _TASKS[settings.task]
    records: list[PilotVendorRecord] = []
    issues: list[tuple[object, ...]] = []
    faults: list[Issue] = []
    errors: dict[str, bytes] = {}
    for vendor in vendors:
        progress(vendor)
        try:
            delivery = read_delivery(folder, settings, gold, asked, vendor, skip_unreadable=skip_unreadable)
        except InputError as error:
            faults += error.issues
            continue
        if isinstance(delivery, NotMeasured):
            records.append(_not_measured(delivery, len(asked[vendor].codes) if vendor in asked else 0))
        elif not faults:
            offer = (offers or {}).get(vendor, {})
            sealed = evaluation is not None and evaluation.envelope == "quality"
            records.append(_measured(settings, gold, delivery, logs.get(vendor), None if sealed else offer))
            errors[vendor] = csv_bytes((*_ERRORS, *task.more), task.errors(settings, gold, delivery))
            issues += (
                (vendor, issue.code, issue.severity, place.file, place.row or None, place.item, place.text)
                for issue in delivery.issues
                for place in delivery.places[issue.code]
            )
    if faults:
        raise InputError(faults)
    several = bool(gold.experts.size) and int(gold.experts.sum(axis=1).max()) > 1
    asleep = sleeping_links(settings, folder, evaluation, several_experts=several) if evaluation else {}
    # What is skipped may be a link, a pipe or a gigabyte: nothing looks into it.
    inputs = [source.path for vendor, files in sources.items() if vendor in errors for source in files]
    facts = _facts(folder, evaluation.folder if evaluation else folder, settings, gold, asked.values(), inputs)
    record = PilotRecord(pilot=facts, vendors=tuple(records))
    return Measurement(record, errors, csv_bytes(_ISSUES, issues), tuple(asleep.values()))


def _measured(
    settings: PilotSettings, gold: Gold, delivery: Delivery, log: Log | None, offer: Mapping[str, float] | None
) -> PilotVendorRecord:
    price = offer.get(settings.pay.price_item) if settings.pay and offer else None
    work = work_figures(settings, delivery, log, unit_price=price, sealed=offer is None)
    figures = (*_TASKS[settings.task].figures(settings, gold, delivery), *work)
    return PilotVendorRecord(
        id=delivery.vendor,
        status="measured",
        tasks=len(delivery.tasks.codes),
        rows=delivery.rows,
        missing=int((~delivery.delivered).sum()),
        invalid=len({place[:2] for code in _INVALID for place in delivery.places.get(code, ())}),
        figures=figures,
        acceptance=_acceptance(settings, figures),
        issues=delivery.issues,
    )


def _not_measured(vendor: NotMeasured, tasks: int) -> PilotVendorRecord:
    message = ": ".join((vendor.message, *map(str, vendor.faults[:1])))
    return PilotVendorRecord(
        id=vendor.vendor, status="not_measured", message=message, tasks=tasks, rows=0, missing=tasks, invalid=0
    )


def _acceptance(settings: PilotSettings, figures: Iterable[FigureRecord]) -> AcceptanceRecord | None:
    """Tell whether the gold items that were measured have few enough errors."""
    risk = settings.risk
    if risk is None:
        return None
    k, n = next((figure.k or 0, figure.n or 0) for figure in figures if figure.id == "accuracy")
    plan = plan_at(n, risk.promised, risk.unacceptable, buyer_risk=risk.buyer_risk)
    accepted = plan.c is not None and n - k <= plan.c
    return AcceptanceRecord(errors=n - k, accepted=accepted, **plan._asdict())


def _facts(
    folder: Path, base: Path, settings: PilotSettings, gold: Gold, asked: Iterable[Tasks], labels: Iterable[Path]
) -> PilotFacts:
    own = (folder / name for name in (FILE, gold_source(folder, settings).file, PLAN, DISPUTES, LOG))
    # What no vendor was asked is no part of the pilot.
    asked_items = {item for tasks in asked for item in tasks.source[tasks.kind == GOLD].tolist()}
    items = sorted(asked_items) if (folder / PLAN).exists() else list(range(len(gold.items)))
    paths = (*(path for path in own if path.exists()), *labels)
    return PilotFacts(
        title=settings.title,
        task=settings.task,
        measured_on=settings.measured_on.isoformat(),
        gold_items=len(items),
        ambiguous=int(gold.ambiguous[items].sum()),
        gold_open=int(gold.open[items].sum()),
        expert_ceiling=expert_ceiling(gold) if settings.task == "preference" else None,
        inputs=tuple(_input(path, base) for path in paths),
    )


def _input(path: Path, base: Path) -> Input:
    with open_regular(path) as file:
        return Input(file=path.relative_to(base).as_posix(), sha256=hashlib.file_digest(file, "sha256").hexdigest())
