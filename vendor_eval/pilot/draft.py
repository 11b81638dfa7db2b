"""The pilot.yaml that `pilot init` writes: every key with its meaning, a link for each promise that can be tested."""

import json
import secrets
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from vendor_eval.pilot.settings import Link, PilotSettings, misfit
from vendor_eval.results.pilot_figures import FIGURES, OBJECTS, RATED
from vendor_eval.tender import Evaluation


class Promise(NamedTuple):
    """A question of the shipped bank whose answer a figure can test."""

    question: str
    figure: str
    kind: str
    tasks: tuple[str, ...] = (*RATED, *OBJECTS)

    @property
    def link(self) -> Link:
        """The link to its figure; an accuracy may reach below the promise as far as `risk` calls unacceptable."""
        margin = 3 if self.figure in {"accuracy", "f1", "expert_agreement"} else 0
        return Link.model_validate(
            {"question": self.question, "figure": self.figure, "kind": self.kind, "margin": margin}
        )


_LABELED = ("classification", "preference", *OBJECTS)
PROMISES = (
    Promise("QAR-21", "accuracy_lower", "fact", _LABELED),
    Promise("QAR-23", "accuracy", "guarantee", ("classification",)),
    Promise("QAR-23", "f1", "guarantee", OBJECTS),
    Promise("QAR-23", "expert_agreement", "guarantee", ("preference",)),
    Promise("GEN-10", "alpha", "fact", ("rubric",)),
    Promise("GEN-11", "pair_agreement", "fact", ("preference",)),
    Promise("ENG-05", "first_batch_days", "fact"),
    Promise("WRK-06", "answer_hours", "fact"),
    Promise("WRK-07", "rebrief_hours", "fact"),
    Promise("LAB-21", "pay_ratio_legal", "ceiling"),
    Promise("LAB-01", "pay_ratio_living", "ceiling"),
)
_RIGHT = "share of gold items that come back wholly right, a missing or blank one being wrong"
_YIELD = "the most that an hour can yield, 3,600 s x unit price / mean seconds as stated, over the"
_MEANS = {
    "accuracy_lower": f"the one-sided 95 % lower bound (Clopper-Pearson) of the {_RIGHT}",
    "accuracy": f"the {_RIGHT}",
    "f1": "2 x matched objects / (objects of gold + objects delivered), over all items",
    "expert_agreement": "the share of pairs of a delivered choice and an expert's that are alike, a missing one unlike",
    "alpha": "Krippendorff's ordinal alpha over the passes of the vendor's own people",
    "pair_agreement": "the share of pairs of the vendor's own people that agree, over items with two or more",
    "first_batch_days": "the days from the instructions to the first batch, by log.csv",
    "answer_hours": "the median working hours until a question is answered, by log.csv; an open one is the longest",
    "rebrief_hours": "the longest time from a change of the guideline until the last confirmed it, by log.csv",
    "pay_ratio_legal": f"{_YIELD} legal minimum; it can refute the answer, never confirm it",
    "pay_ratio_living": f"{_YIELD} living wage; it can refute the answer, never confirm it",
}
# What each key looks like; most stand behind `#`.
_EXAMPLES = {
    "labels": "[a, b]    # yours",
    "phases": "{day1: 40, change: 40, surge: 20}    # before `change` a rule changes; `surge`: twice the volume",
    "show": "[image, text]",
    "risk": "{promised: 98, unacceptable: 95, seller_risk: 5, buyer_risk: 10}    # the difference is the margin",
    "severity": '{"a>b": 5}',
    "iou": "[0.5, 0.75]",
    "criteria": "[helpful, honest]",
    "levels": "[1, 2, 3, 4, 5]",
    "fast_below": "2",
    "pay": "{currency: USD, unit_price: {acme: 0.012}, legal_minimum: {acme: 2.1}, living_wage: {acme: 4.1}}",
    "bootstrap": "{draws: 2000, seed: 1}",
    "vendors": "[acme, bolt]",
    "gold": "gold.csv",
    "absent": "{acme: Its people were ill}",
    "quality_target": '{value: 98, unit: "%"}',
    "disclose": "0",
    "least_items": "100",
}

_NEEDS = {"pay": "pay and seconds", "log": "log.csv"}


def links_for(evaluation: Evaluation | None, task: str) -> tuple[Link, ...]:
    """List what a task can test of the answers that an evaluation asks for; nothing without one."""
    asked = evaluation.asked_questions if evaluation else {}
    links = (promise.link for promise in PROMISES if task in promise.tasks)
    # A bank of one's own may use the id for another question.
    return tuple(
        link
        for link in links
        if link.question in asked and not misfit(asked[link.question], link, FIGURES[link.figure])
    )


def agreement(link: Link) -> str:
    """Say for the pilot agreement what a promise is held against.

    >>> agreement(PROMISES[6].link)
    'first_batch_days in ENG-05 means: the days from the instructions to the first batch, by log.csv.'
    """
    reach = f"; kept where its 95 % interval reaches at most {link.margin:g} below the promise" if link.margin else ""
    return f"{link.figure} in {link.question} means: {_MEANS[link.figure]}{reach}."


def draft(evaluation: Evaluation | None, task: str, today: date) -> str:
    """Write a pilot.yaml that loads as it is; today is its day where no evaluation has one.

    The seed is drawn anew each time: nobody who knows this tool may know the sample.
    """
    title = f"Pilot: {evaluation.settings.title}" if evaluation else "Our pilot"
    values = _EXAMPLES | {
        "title": json.dumps(title, ensure_ascii=False),
        "task": task,
        "measured_on": f"{evaluation.settings.as_of if evaluation else today}",
        "seed": secrets.token_hex(8),
        "passes": "2" if task in {"preference", "rubric"} else "1",
    }
    target = evaluation.settings.brief.quality_target if evaluation else None
    if target is not None:
        values["quality_target"] = f'{{value: {target:g}, unit: "%"}}    # where this is the unit of the brief'
    written = {"title", "task", "measured_on", "seed", "passes", "phases", "risk"}
    written |= {"criteria", "levels"} if task == "rubric" else {"labels"}
    lines = ["# A pilot: vendors label the same sample, and what comes back is put beside the truth in gold.csv."]
    for key, meaning in PilotSettings.meanings().items():
        lines += ["", f"# {meaning}"]
        if key == "links":
            lines += _links(links_for(evaluation, task))
        else:
            lines.append(f"{'' if key in written else '# '}{key}: {values[key]}")
    return "\n".join(lines) + "\n"


def _links(links: tuple[Link, ...]) -> Iterator[str]:
    yield "links:" if links else "# links:"
    for link in links or (PROMISES[1].link,):
        margin = f", margin: {link.margin:g}" if link.margin else ""
        entry = f"{{question: {link.question}, figure: {link.figure}, kind: {link.kind}{margin}}}"
        needs = " and ".join(_NEEDS[need] for need in FIGURES[link.figure].needs if need in _NEEDS)
        needs = "quality_target" if link.kind == "guarantee" else needs
        entry += f"    # compared only with {needs}" if needs else ""
        yield f"  - {entry}" if links else f"#   - {entry}"
