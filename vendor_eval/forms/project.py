"""What vendors read of the project: the brief, the context in words, and the files that come with the workbook."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

from vendor_eval.config.yaml12 import as_text
from vendor_eval.criteria import question_conditions
from vendor_eval.formatting.dates import day
from vendor_eval.results import ProjectFact
from vendor_eval.tender import Evaluation
from vendor_eval.tender.brief import FILES, Brief

# Keys of the brief in the order of the sheet, as vendors read them.
_LABELS: Mapping[str, str] = {
    "task": "Task",
    "modality": "Kind of data",
    "domain": "Field",
    "locales": "Languages and regions",
    "unit": "Unit of work",
    "volume_per_month": "Volume",
    "peak_month": "Busiest month",
    "seconds_per_unit": "Hands-on time",
    "expertise": "Who does the work",
    "expert_hours_per_week": "Time of experts",
    "quality_measure": "Measure of quality",
    "quality_target": "Target of quality",
    "tool_name": "Tool",
    "time_zone": "Time zone of the client",
    "start": "First production day",
    "contract_value": "Value of the contract",
    "insured_sum": "Sum to be insured",
    "currency": "Currency",
    "draft_rubric": "Draft of the rubric",
    "data_processing_contract": "Contract on data processing",
}
GROUPS = {"work": "The work", "context": "Conditions of the work", "files": "Sent with this workbook"}
_BOOL = {"true": "Yes", "false": "No"}


def has_project(evaluation: Evaluation) -> bool:
    """Whether vendors get a sheet The project: something is said in the brief, or a question needs it."""
    brief = evaluation.settings.brief
    return not all(map(brief.is_empty, _LABELS)) or any(q.brief for q in evaluation.asked_questions.values())


def project_facts(evaluation: Evaluation) -> tuple[ProjectFact, ...]:
    """List what vendors read of the project; nothing where they get no sheet of it."""
    if not has_project(evaluation):
        return ()
    brief = tuple(_brief(evaluation.settings.full_brief))
    files = [fact for fact in brief if fact.key in FILES]
    return (*(fact for fact in brief if fact not in files), *_context(evaluation), *files)


def _brief(brief: Brief) -> Iterator[ProjectFact]:
    units = {
        "volume_per_month": "units a month",
        "peak_month": "units",
        "seconds_per_unit": "seconds a unit",
        "expert_hours_per_week": "hours a week",
        "quality_target": brief.quality_measure and f"({brief.quality_measure})",
        "contract_value": f"{brief.currency} a year",
        "insured_sum": f"{brief.currency} per claim",
    }
    for key, label in _LABELS.items():
        if not brief.is_empty(key):
            group = "files" if key in FILES else "work"
            text = f"{_words(key, getattr(brief, key))} {units.get(key, '').strip()}".strip()
            yield ProjectFact(group=group, key=key, label=label, text=text)


def _words(key: str, value: object) -> str:
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):,f}"
    if isinstance(value, date):
        return day(value.isoformat())
    if isinstance(value, tuple):
        return ", ".join(value)
    return PurePosixPath(str(value)).name if key in FILES else str(value)


def _context(evaluation: Evaluation) -> Iterator[ProjectFact]:
    """Say the fields that some asked question names, in the order and the words of the dictionary.

    What a field counts as where nobody set it is not said: nobody chose it.
    """
    dictionary = evaluation.criteria.file.context
    settings = evaluation.settings.context
    unset = {n for n, f in dictionary.items() if n not in settings and evaluation.context.get(n) == f.if_unset}
    named = set[str]()
    for category, criterion, question in evaluation.criteria.placed:
        if evaluation.scope[question.id]:
            named.update(category.applies, criterion.applies, *(when for _, when in question_conditions(question)))
    for name in dict.fromkeys((*dictionary, *evaluation.context)):
        if name in named - unset and name in evaluation.context:
            value = evaluation.context[name]
            known = dictionary[name].values if name in dictionary else ()
            meanings = known if isinstance(known, Mapping) else {}
            entries = [as_text(entry) for entry in (value if isinstance(value, tuple) else (value,))]
            words = [meanings.get(entry, _BOOL.get(entry, entry)) for entry in entries]
            label = dictionary[name].label if name in dictionary else ""
            label = label or name.replace("_", " ").capitalize()
            yield ProjectFact(group="context", key=name, label=label, text="\n".join(words) or "None")
