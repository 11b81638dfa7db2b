"""conditions.yaml: what the chosen vendor has to bring, with an owner and a date."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from vendor_eval.config.models import WORDED, Day, Described, Id, Text, load_list
from vendor_eval.config.yaml12 import YamlSource
from vendor_eval.issues import Issue, Location, did_you_mean
from vendor_eval.results import DECLARATION
from vendor_eval.tender.award import FILE as AWARD, parse_award
from vendor_eval.tender.drafts import sound_values
from vendor_eval.tender.models import Evaluation

FILE = "conditions.yaml"


class Condition(Described):
    """A condition of the award; its state is derived and stands nowhere in the file."""

    id: Id
    """Name of the condition, used by findings.yaml."""
    vendor: Text
    """Id of the vendor."""
    about: Text
    """Question, category or criterion that it is about."""
    kind: Literal["must", "knock_out", "floor", "waiver", "claim"]
    """Why it is there: a requirement that is not met, one that is waived, or an answer that is not proven."""
    what: Text
    """What the vendor has to do."""
    proof: Text = ""
    """What proves it."""
    owner: Text = ""
    """Who sees to it."""
    due: Day | None = None
    """Day by which it is met."""
    clause: Text = ""
    """Clause of the contract."""

    @property
    def location(self) -> Location:
        return Location(FILE)


Entries = Mapping[int, Condition]


def parse_conditions(folder: Path) -> tuple[YamlSource, Entries, tuple[Issue, ...]]:
    """Parse conditions.yaml: its sound entries by their place in the list, and the faults of the others."""
    return load_list(folder / FILE, Condition)


def listed_conditions(folder: Path) -> tuple[Condition, ...]:
    """List the sound entries of conditions.yaml, whoever their vendors are."""
    return tuple(parse_conditions(folder)[1].values())


def conditions_faults(folder: Path, evaluation: Evaluation | None) -> tuple[Issue, ...]:
    """Find what is wrong in conditions.yaml as long as nobody knows the vendors."""
    return sound_conditions(folder, evaluation)[1]


def sound_conditions(
    folder: Path, evaluation: Evaluation | None = None
) -> tuple[tuple[Condition, ...], tuple[Issue, ...]]:
    """List the sound entries of conditions.yaml, and its faults; without an evaluation those that need none."""
    source, entries, faults = parse_conditions(folder)
    awarded = parse_award(folder)[1].date if source.value and (folder / AWARD).is_file() else None
    parts = _sound_parts(source, entries, faults)
    return tuple(entries.values()), (*faults, *_check(source, parts, evaluation, awarded))


def conditions_of_nobody(folder: Path, vendors: Iterable[str]) -> Iterator[Issue]:
    """Find entries of conditions.yaml for vendors that nobody knows."""
    source, entries, faults = parse_conditions(folder)
    known = dict.fromkeys(vendors)
    for index, condition in _sound_parts(source, entries, faults).items():
        if condition.vendor and condition.vendor not in known:
            hint = did_you_mean(condition.vendor, known)
            message = f"vendor: '{condition.vendor}' is no vendor of this evaluation{hint}"
            yield Issue("unknown-reference", message, source.locate((index, "vendor")))


def _sound_parts(source: YamlSource, entries: Entries, faults: Sequence[Issue]) -> Entries:
    """Keep what is sound in each entry, so that it is checked in the same run; nothing of a file of faults alone."""
    if len(faults) >= WORDED or not isinstance(source.value, list):
        return entries
    instead = {"vendor": "", "about": "", "kind": "must", "what": ""}
    return {
        index: entries.get(index) or sound_values(Condition, entry, instead | {"id": f"{index}."})[0]
        for index, entry in enumerate(source.value)
        if isinstance(entry, dict)
    }


def _check(source: YamlSource, entries: Entries, evaluation: Evaluation | None, award: date | None) -> Iterator[Issue]:
    first: dict[str, int] = {}
    criteria = evaluation.criteria if evaluation else None
    known = (*criteria.questions, *criteria.node_ids, DECLARATION) if criteria else ()
    for index, condition in entries.items():
        if first.setdefault(condition.id, index) != index:
            message = f"id: '{condition.id}' stands twice, first at {source.locate((first[condition.id],))}; keep one"
            yield Issue("repeated-id", message, source.locate((index, "id")))
        if criteria and condition.about and condition.about not in known:
            hint = criteria.hint_for(condition.about, known)
            message = f"about: '{condition.about}' is no question, category or criterion{hint}"
            yield Issue("unknown-reference", message, source.locate((index, "about")))
        if award and condition.due and condition.due < award:
            message = f"due: {condition.due} lies before the award of {award}"
            yield Issue("wrong-value", message, source.locate((index, "due")))
