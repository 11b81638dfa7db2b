"""A folder with an evaluation.yaml as one checked evaluation."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from vendor_eval.config.models import load_document
from vendor_eval.config.yaml12 import YamlSource
from vendor_eval.criteria import BANKS, Criteria, in_order, load_criteria
from vendor_eval.criteria.questions import Stage
from vendor_eval.issues import InputError, Issue, UnknownNameError
from vendor_eval.tender.application import Applied
from vendor_eval.tender.drafts import Sound, sound_settings
from vendor_eval.tender.models import FILE, Elsewhere, Evaluation, Settings

if TYPE_CHECKING:
    from vendor_eval.sourcing.context import ForScorecard


_AS_WRITTEN = Elsewhere()


@dataclass(frozen=True)
class ParsedEvaluation:
    """An evaluation as far as it is sound, and every issue of its file and of its criteria.

    `evaluation` is None where other files of the folder cannot be checked against it.
    """

    folder: Path
    evaluation: Evaluation | None
    issues: tuple[Issue, ...]

    def checked(self, others: Iterable[Issue] = ()) -> Evaluation:
        """Return the evaluation; raise InputError where it, or another file of its folder, has issues."""
        issues = [*self.issues, *others]
        if issues or self.evaluation is None:
            raise InputError(sorted(dict.fromkeys(issues), key=in_order))
        return self.evaluation


def parse_evaluation(
    path: str | Path = ".",
    *,
    as_of: date | None = None,
    stage: Stage | None = None,
    elsewhere: Elsewhere = _AS_WRITTEN,
) -> ParsedEvaluation:
    """Parse an evaluation from its folder or its evaluation.yaml; `as_of` and `stage` replace those in the file.

    `elsewhere` is where a copy has what lies outside of the folder. Raises UnknownNameError where there is none.
    """
    file = find_evaluation(path)
    document = load_document(file, Settings)
    sound = Sound(document.value, {}) if document.value is not None else sound_settings(document.source)
    if sound is None:
        return ParsedEvaluation(file.parent, None, document.faults)
    # Without a day of its own the file may be of no use at all: then nothing is checked against it.
    usable = document.value is not None or sound.settings.as_of != date.min
    instead = {key: value for key, value in (("as_of", as_of), ("stage", stage)) if value is not None}
    sound = replace(sound, settings=sound.settings.model_copy(update=instead)) if instead else sound
    try:
        criteria = load_criteria(elsewhere.criteria or _criteria_path(sound.settings, file.parent, document.source))
    except InputError as error:
        return ParsedEvaluation(file.parent, None, (*document.faults, *error.issues))
    profile = _profile(sound.settings, file.parent, document.source, criteria, elsewhere)
    draft = Applied(sound, file.parent, document.source, criteria, list(document.faults), profile)
    evaluation = draft.apply()
    if elsewhere != _AS_WRITTEN:
        evaluation = replace(evaluation, elsewhere=elsewhere)
    return ParsedEvaluation(file.parent, evaluation if usable else None, tuple(draft.faults))


def find_evaluation(path: str | Path) -> Path:
    """Find the evaluation.yaml that a folder or a path means; raise UnknownNameError if there is none."""
    path = Path(path)
    file = path / FILE if path.is_dir() else path
    if not file.exists():
        missing = path if path.suffix else path / FILE
        message = f"{missing}: no such file; name a folder with {FILE}, or start one with 'vendor-eval init DIR'"
        raise UnknownNameError(message)
    return file


def _criteria_path(settings: Settings, folder: Path, source: YamlSource) -> str | Path:
    if settings.criteria in BANKS:
        return settings.criteria
    own = folder / settings.criteria
    # False, as well, for a name too long and for a folder without permission.
    if not os.path.isfile(own / "scorecard.yaml"):  # noqa: PTH113  `Path.is_file` raises there
        known = " or ".join(BANKS)
        message = f"criteria: {settings.criteria} is no folder with a scorecard.yaml; name one, or {known}"
        raise InputError([Issue("missing-file", message, source.locate(("criteria",)))])
    return own


def _profile(
    settings: Settings, folder: Path, source: YamlSource, criteria: Criteria, elsewhere: Elsewhere
) -> "ForScorecard | None":
    """Load the sourcing profile of an evaluation; None where it names none."""
    if not settings.profile:
        return None
    path = elsewhere.profile or folder / settings.profile
    if not path.is_file():
        message = f"profile: {settings.profile} does not exist; write one with 'vendor-eval advise {path} --interview'"
        raise InputError([Issue("missing-file", message, source.locate(("profile",)))])
    # Imported where used: most evaluations name no profile, and numpy takes a tenth of a second.
    from vendor_eval.sourcing.context import for_scorecard
    from vendor_eval.sourcing.folder import load_sourcing
    from vendor_eval.sourcing.profile import load_profile

    model = load_sourcing(elsewhere.criteria or _criteria_path(settings, folder, source), criteria)
    return for_scorecard(load_profile(path, model=model))
