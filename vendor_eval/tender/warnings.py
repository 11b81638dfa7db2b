"""What an evaluation leaves open that vendors need: said at `check` and `questionnaire`, it stops nothing."""

from collections.abc import Iterator

from vendor_eval.criteria import without_weight
from vendor_eval.formatting.figures import listed
from vendor_eval.issues import Issue
from vendor_eval.tender.brief import FILES, Brief
from vendor_eval.tender.models import PILOT, Evaluation


def evaluation_warnings(evaluation: Evaluation) -> tuple[Issue, ...]:
    """List the warnings of evaluation.yaml itself, each with its place there."""
    return (*_missing_brief(evaluation), *_without_weight(evaluation), *_unnamed_pilot(evaluation))


def _unnamed_pilot(evaluation: Evaluation) -> Iterator[Issue]:
    """Find a folder of a pilot that evaluation.yaml does not name."""
    if evaluation.settings.pilot is None and (evaluation.folder / PILOT).is_dir():
        message = f"the folder {PILOT}/ counts for nothing: name it, as 'pilot: {PILOT}', or move it away"
        yield Issue("pilot-not-named", message, evaluation.source.locate(()))


def _without_weight(evaluation: Evaluation) -> Iterator[Issue]:
    """Find categories that count and have no weight here."""
    settings, locate = evaluation.settings, evaluation.source.locate
    for name in evaluation.criteria.weighted_categories:
        if settings.weights is not None and not settings.weights.get(name):
            text = f"{name} has weight 0 here: its answers are asked for and count for nothing"
            yield Issue("category-weight-0", text, locate(("weights", name), key=True))
        elif settings.weights is None and name not in evaluation.weights:
            key = "profile" if settings.profile else "preset"
            where = f"{key} {getattr(settings, key)}"
            yield Issue("category-without-weight", without_weight(name, where), locate((key,)))


def _missing_brief(evaluation: Evaluation) -> Iterator[Issue]:
    """Find empty keys of the brief that an asked question names, and files that are not there."""
    brief, source = evaluation.settings.full_brief, evaluation.source
    for key in Brief.model_fields:
        path, place = f"brief.{key}", source.locate(("brief", key), key=True)
        needing = [name for name, question in evaluation.asked_questions.items() if key in question.brief]
        if needing and brief.is_empty(key):
            yield Issue("brief-missing", f"{path} is empty: {listed(needing)} cannot be answered without it", place)
        elif key in FILES and not brief.is_empty(key) and not (evaluation.folder / getattr(brief, key)).is_file():
            message = f"{path}: {getattr(brief, key)} is not there; put it there, or correct the name"
            yield Issue("brief-missing", message, place)
