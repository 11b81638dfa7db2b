"""What an evaluation leaves open that vendors need: said at `check` and `questionnaire`, it stops nothing."""

from collections.abc import Iterator

from vendor_eval.formatting.figures import listed
from vendor_eval.issues import Issue
from vendor_eval.tender.brief import FILES, Brief
from vendor_eval.tender.models import Evaluation


def evaluation_warnings(evaluation: Evaluation) -> tuple[Issue, ...]:
    """List the warnings of evaluation.yaml itself, each with its place there."""
    return tuple(_missing_brief(evaluation))


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
