"""Settings as far as they are sound, so that what they name is checked in the same run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from vendor_eval.config.yaml12 import YamlSource
from vendor_eval.criteria import Criteria
from vendor_eval.issues import Issue
from vendor_eval.tender.models import Settings

if TYPE_CHECKING:
    from vendor_eval.sourcing.context import ForScorecard


T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Sound:
    """Settings without what is faulty in them; `places` are the indexes that entries of a list have in the file."""

    settings: Settings
    places: Mapping[str, Sequence[int]]


def sound_settings(source: YamlSource) -> Sound | None:
    """Keep the settings that have no fault, so that what they name is checked in the same run."""
    written = source.value if isinstance(source.value, dict) else {}
    instead: dict[str, object] = {"title": ""} | ({} if written.get("deadline") else {"as_of": date.min})
    if any(loc[0] == "criteria" for loc in wrong_places(Settings, instead | written)):
        return None
    return Sound(*sound_values(Settings, written, instead))


def wrong_places(model: type[BaseModel], values: Mapping[str, object]) -> set[tuple[str | int, ...]]:
    """Name the keys with faults, and the entries inside them."""
    try:
        model.model_validate(values)
    except ValidationError as error:
        return {
            details["loc"][:2]
            for details in error.errors(include_url=False, include_context=False, include_input=False)
        }
    return set()


def sound_values(
    model: type[T], written: Mapping[str, object], instead: Mapping[str, object]
) -> tuple[T, Mapping[str, Sequence[int]]]:
    """Make a model of the values that have no fault, `instead` standing in for required ones.

    Returns it with the indexes that entries of a list, from which some were left out, have in the file.
    """
    wrong = wrong_places(model, {**instead, **written})
    kept = {key: value for key, value in written.items() if (key,) not in wrong}
    places: dict[str, list[int]] = {}
    for key, value in kept.items():
        inside = {loc[1] for loc in wrong if loc[0] == key and len(loc) > 1}
        if inside and isinstance(value, dict) and inside <= set(value):
            kept[key] = {name: entry for name, entry in value.items() if name not in inside}
        elif inside and isinstance(value, list):
            places[key] = [index for index in range(len(value)) if index not in inside]
            kept[key] = [value[index] for index in places[key]]
        elif inside:
            kept[key] = None
    kept = {key: value for key, value in kept.items() if value is not None}
    # What is left of a key may have a fault of its own, and several keys one together.
    again = {loc[0] if loc else "" for loc in wrong_places(model, {**instead, **kept})}
    kept = {} if "" in again else {key: value for key, value in kept.items() if key not in again}
    return model.model_validate({**instead, **kept}), {key: place for key, place in places.items() if key in kept}


@dataclass
class Draft:
    """Sound settings on the criteria that they name, and every fault that is found on the way."""

    sound: Sound
    folder: Path
    source: YamlSource
    criteria: Criteria
    faults: list[Issue]
    profile: "ForScorecard | None" = None

    @property
    def settings(self) -> Settings:
        return self.sound.settings

    def numbered(self, key: str) -> Iterator[tuple[int, Any]]:
        """List the sound entries of a list with the index that each has in the file."""
        entries = getattr(self.settings, key)
        return zip(self.sound.places.get(key, range(len(entries))), entries, strict=True)

    def fault(self, code: str, message: str, *path: str | int, question: str = "") -> None:
        """Note a fault at a key of the file, and the question that it is about."""
        self.faults.append(Issue(code, message, self.source.locate(path, key=True), question))
