"""Settings as far as they are sound, so that what they name is checked in the same run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from vendor_eval.config.yaml12 import YamlSource
from vendor_eval.criteria import Criteria
from vendor_eval.issues import Issue
from vendor_eval.tender.models import Settings

if TYPE_CHECKING:
    from vendor_eval.sourcing.context import ForScorecard


@dataclass(frozen=True)
class Sound:
    """Settings without what is faulty in them; `places` are the indexes that entries of a list have in the file."""

    settings: Settings
    places: Mapping[str, Sequence[int]]


def sound_settings(source: YamlSource) -> Sound | None:
    """Keep the settings that have no fault, so that what they name is checked in the same run."""
    written = source.value if isinstance(source.value, dict) else {}
    instead: dict[str, object] = {"title": ""} | ({} if written.get("deadline") else {"as_of": date.min})
    try:
        return Sound(Settings.model_validate(instead | written), {})
    except ValidationError as error:
        wrong = {details["loc"][:2] for details in error.errors()}
    if any(loc[0] == "criteria" for loc in wrong):
        return None
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
    try:
        return Sound(Settings.model_validate(instead | kept), places)
    except ValidationError:  # faults of several entries together, said already
        return Sound(Settings.model_validate(instead), {})


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
