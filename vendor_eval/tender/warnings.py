"""What an evaluation leaves open that vendors need: said at `check` and `questionnaire`, it stops nothing."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from vendor_eval.criteria import without_weight
from vendor_eval.criteria.questions import RubricQuestion
from vendor_eval.formatting.figures import listed
from vendor_eval.issues import Issue
from vendor_eval.tender.brief import FILES, Brief
from vendor_eval.tender.models import PILOT, Evaluation


def evaluation_warnings(evaluation: Evaluation) -> tuple[Issue, ...]:
    """List the warnings of evaluation.yaml itself, each with its place there, the grave ones first."""
    others = (*_missing_brief(evaluation), *_without_weight(evaluation), *_unnamed_pilot(evaluation))
    return (*grave_warnings(evaluation), *others)


def grave_warnings(evaluation: Evaluation) -> tuple[Issue, ...]:
    """List what nobody is asked for: it is lost unless it is put right before anything goes out."""
    return (*unassigned_rubrics(evaluation), *_not_asked(evaluation))


def unassigned_rubrics(evaluation: Evaluation) -> Iterator[Issue]:
    """Find rubrics that are asked and that lie on no evaluator's sheet: they would stay pending for ever."""
    given, parents = [evaluator.categories for evaluator in evaluation.settings.evaluators], evaluation.criteria.parents
    # Whoever names no category scores all of them.
    if not all(given) or not given:
        return
    rubrics = (name for name, q in evaluation.asked_questions.items() if isinstance(q, RubricQuestion))
    if left := [name for name in rubrics if parents[name].partition(".")[0] not in {*chain(*given)}]:
        message = f"no evaluator was given {', '.join(left)}: add the category to one, or decide in findings.yaml"
        yield Issue("rubric-given-to-nobody", message, evaluation.source.locate(("evaluators",)))


def _not_asked(evaluation: Evaluation) -> Iterator[Issue]:
    """Find categories with weight of which the chosen tier asks nothing, and the full questionnaire something."""
    tier = evaluation.settings.questions
    full = replace(evaluation, settings=evaluation.settings.model_copy(update={"questions": "full"}))
    for category in evaluation.criteria.categories if tier == "core" else ():
        weight = evaluation.weights.get(category.category)
        if weight and full.asked(category) and not evaluation.asked(category):
            cure = f"write 'tier: {tier}' at its questions, or give its weight to others"
            message = f"{category.category} has weight {weight:g} and the {tier} questionnaire asks nothing of it"
            yield Issue("category-not-asked", f"{message}: {cure}", evaluation.source.locate(("questions",)))


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
