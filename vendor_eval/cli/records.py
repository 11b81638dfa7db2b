"""The machine form of what commands print."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vendor_eval.results import Result, VendorRecord


def dump(value: object) -> str:
    """Write a value as JSON, as people read it."""
    import json

    return json.dumps(value, ensure_ascii=False, indent=1)


def check_json(result: "Result", clarifications: Mapping[str, str]) -> str:
    """Write the issues of every vendor, with their counts and the clarification that asks back."""
    from vendor_eval.reports.terminal.issues import counts

    keys = {"id", "name", "status", "reasons", "files", "issues", "replaced"}
    vendors = [
        vendor.model_dump(mode="json", include=keys)
        | {"counts": counts(vendor.issues), "clarification": clarifications.get(vendor.id)}
        for vendor in result.vendors
    ]
    sheets, missing = (result.panel.issues, result.panel.missing) if result.panel else ((), ())
    return dump(
        {
            "vendors": vendors,
            "score_sheets": [issue.model_dump(mode="json") for issue in sheets],
            "missing_levels": [one.model_dump(mode="json") for one in missing],
            "not_read": [one.model_dump(mode="json") for one in result.evaluation.not_read],
        }
    )


def rank_json(result: "Result") -> str:
    """Write the ranking, how firm it is, and the totals of every vendor."""
    keys = {"id", "name", "status", "reasons", "rank", "best_rank", "worst_rank", "would_rank", "tie_broken_by"}
    keys |= {"score", "low", "high", "claimed", "credited", "coverage", "quality", "price"}
    vendors = [vendor.model_dump(mode="json", include=keys) for vendor in result.vendors]
    return dump(
        {
            "ranking": result.ranking,
            "shortlist": result.shortlist,
            "provisional": result.evaluation.provisional,
            **_firm_json(result),
            "vendors": vendors,
        }
    )


def _firm_json(result: "Result") -> dict[str, object]:
    from vendor_eval.reports.wording.asks import MOST_ASKED

    keys = {"verdict", "sentence", "price", "leave_one_out", "ask_first"}
    if result.robustness is None:
        return dict.fromkeys(sorted(keys))
    found = result.robustness.model_dump(mode="json", by_alias=True, include=keys)
    return found | {"ask_first": found["ask_first"][:MOST_ASKED]}


def explain_json(vendor: "VendorRecord", name: str | None) -> str:
    """Write a vendor, a node with what is below it, an answer with its gates, or a line of the price."""
    from pydantic_core import to_jsonable_python

    if name is None or vendor.status == "not_evaluated":
        return vendor.model_dump_json(indent=1, exclude={"answers"})
    node = next((node for node in vendor.nodes if node.id == name), None)
    if node is not None:
        below = [child for child in vendor.nodes if child.parent == name]
        answers = [answer for answer in vendor.answers if answer.parent == name]
        return dump({"node": to_jsonable_python(node), "children": [to_jsonable_python(c) for c in (*below, *answers)]})
    answer = next((answer for answer in vendor.answers if answer.id == name), None)
    if answer is None and vendor.price:
        items = [to_jsonable_python(item) for item in vendor.price.items if item.id == name]
        return dump({"item": items[0]} if items else {"price": to_jsonable_python(vendor.price)})
    if answer is None:
        raise LookupError(name)
    gates = [to_jsonable_python(gate) for gate in vendor.gates if gate.question == name]
    return dump({"answer": to_jsonable_python(answer), "gates": gates})
