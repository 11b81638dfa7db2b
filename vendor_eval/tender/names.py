"""Names in evaluation.yaml that must be those of the criteria, or differ from each other."""

from vendor_eval.criteria import Criteria
from vendor_eval.issues import did_you_mean
from vendor_eval.tender.drafts import Draft
from vendor_eval.tender.models import CONSENSUS, CURRENCY, PRICE, VALIDITY, Evaluation, Waiver

# A hint names no more than a reader takes in.
_SHOWN = 6


def check_names(draft: Draft, evaluation: Evaluation) -> None:
    """Check what the settings name: vendors, categories, questions, evaluators, items of the price."""
    _check_tie_breakers(draft, evaluation.criteria)
    for index, line in enumerate(draft.settings.price.items if draft.settings.price else ()):
        if line.id in {*evaluation.criteria.questions, CURRENCY, VALIDITY}:
            message = f"price: {line.id} is the id of a question; give the item an id of its own"
            draft.fault("repeated-id", message, "price", "items", index, "id")
    _check_evaluators(draft, evaluation.criteria)
    for index, waiver in draft.numbered("waivers"):
        _check_waiver(draft, index, waiver, evaluation)
    seen: set[str] = set()
    for index, vendor in draft.numbered("vendors"):
        if vendor.id in seen:
            draft.fault("repeated-id", f"vendor {vendor.id} is listed twice; keep one", "vendors", index, "id")
        seen.add(vendor.id)
        deadline = draft.settings.deadline
        if deadline and vendor.received and (deadline.tzinfo is None) != (vendor.received.tzinfo is None):
            message = f"received of {vendor.id} and the deadline must both name a time zone, or neither"
            draft.fault("wrong-value", message, "vendors", index, "received")


def _check_tie_breakers(draft: Draft, criteria: Criteria) -> None:
    known = (*criteria.weighted_categories, *([PRICE] if draft.settings.price else []))
    for index, name in draft.numbered("tie_breakers"):
        if name == PRICE and name not in known:
            message = "tie_breakers: this evaluation has no 'price' that could break a tie"
            draft.fault("unknown-reference", message, "tie_breakers", index)
        elif name not in known:
            hint = did_you_mean(name, known)
            draft.fault("unknown-reference", f"tie_breakers: '{name}' is no category{hint}", "tie_breakers", index)


def _check_evaluators(draft: Draft, criteria: Criteria) -> None:
    seen = {CONSENSUS}
    known = [category.category for category in criteria.categories]
    for index, evaluator in draft.numbered("evaluators"):
        if evaluator.id in seen:
            message = f"evaluator {evaluator.id}: the id is taken; give each evaluator an own one"
            draft.fault("repeated-id", message, "evaluators", index, "id")
        seen.add(evaluator.id)
        for number, name in enumerate(evaluator.categories):
            if name not in known:
                message = f"evaluators: '{name}' is no category{did_you_mean(name, known)}"
                draft.fault("unknown-reference", message, "evaluators", index, "categories", number)


def _check_waiver(draft: Draft, index: int, waiver: Waiver, evaluation: Evaluation) -> None:
    if bool(waiver.question) == bool(waiver.node):
        draft.fault("wrong-value", "a waiver names either a question or a node", "waivers", index)
        return
    questions = evaluation.criteria.questions
    gated = [name for name, question in questions.items() if question.gates]
    for key, name, known, waivable, kind in (
        ("question", waiver.question, questions, gated, "gate"),
        ("node", waiver.node, evaluation.criteria.node_ids, list(evaluation.floors), "floor"),
    ):
        if name and name not in known:
            message = f"waivers: '{name}' is no {key}{evaluation.criteria.hint_for(name, known)}"
            draft.fault("unknown-reference", message, "waivers", index, key)
        elif name and name not in waivable:
            hint = did_you_mean(name, waivable)
            if waivable and not hint:
                more = f" and {len(waivable) - _SHOWN} more" if len(waivable) > _SHOWN else ""
                have = "have" if len(waivable) > 1 else "has"
                hint = f"; {', '.join(waivable[:_SHOWN])}{more} {have} a {kind}"
            message = f"waivers: {name} has no {kind}, so there is nothing to waive{hint}"
            draft.fault("nothing-to-waive", message, "waivers", index, key, question=waiver.question)
