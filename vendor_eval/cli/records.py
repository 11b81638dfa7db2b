"""JSON output of commands."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vendor_eval.results import Result, VendorRecord


def dump(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=1)


def check_json(result: "Result", clarifications: Mapping[str, str], opened: Mapping[str, int]) -> str:
    """Return the issues of every vendor, with their counts, the open points and the path of the clarification."""
    from vendor_eval.reports.terminal.issues import counts

    keys = {"id", "name", "status", "status_text", "reasons", "files", "issues", "replaced"}
    vendors = [
        vendor.model_dump(mode="json", include=keys)
        | {"counts": counts(vendor.issues), "open": opened.get(vendor.id)}
        | {"clarification": clarifications.get(vendor.id)}
        for vendor in result.vendors
    ]
    sheets, missing = (result.panel.issues, result.panel.missing) if result.panel else ((), ())
    return dump(
        {
            "evaluation": [issue.model_dump(mode="json") for issue in result.evaluation.issues],
            "vendors": vendors,
            "score_sheets": [issue.model_dump(mode="json") for issue in sheets],
            "missing_levels": [level.model_dump(mode="json") for level in missing],
            **_pilot_issues(result),
            "not_read": [file.model_dump(mode="json") for file in result.evaluation.not_read],
        }
    )


def _pilot_issues(result: "Result") -> dict[str, object]:
    """Issues of the rows of each vendor of a pilot; no key where there is none."""
    keys = {"id", "status", "message", "issues"}
    vendors = result.pilot.vendors if result.pilot else ()
    return {"pilot": [vendor.model_dump(mode="json", include=keys) for vendor in vendors]} if vendors else {}


def rank_json(result: "Result") -> str:
    """Return the ranking, its firmness and the totals of every vendor."""
    from vendor_eval.reports.wording.asks import MOST_ASKED

    keys = {"id", "name", "status", "reasons", "rank", "best_rank", "worst_rank", "would_rank", "tie_broken_by"}
    keys |= {"score", "low", "high", "claimed", "credited", "coverage", "quality", "price", "status_text", "conditions"}
    vendors = [vendor.model_dump(mode="json", include=keys) for vendor in result.vendors]
    of_firmness = {"verdict", "sentence", "price", "leave_one_out", "ask_first"}
    firmness: dict[str, Any] = dict.fromkeys(sorted(of_firmness))
    if result.robustness is not None:
        firmness = result.robustness.model_dump(mode="json", by_alias=True, include=of_firmness)
        firmness["ask_first"] = firmness["ask_first"][:MOST_ASKED]
    return dump(
        {
            "ranking": result.ranking,
            "shortlist": result.shortlist,
            "provisional": result.evaluation.provisional,
            **firmness,
            "vendors": vendors,
        }
    )


def explain_json(vendor: "VendorRecord", name: str | None) -> str:
    """Return a vendor, a node with its children, an answer with its gates, or a line of the price."""
    from pydantic_core import to_jsonable_python

    if name is None or vendor.status == "not_evaluated":
        return vendor.model_dump_json(indent=1, exclude={"answers"})
    for node in vendor.nodes:
        if node.id == name:
            nodes = [child for child in vendor.nodes if child.parent == name]
            answers = [answer for answer in vendor.answers if answer.parent == name]
            return dump(to_jsonable_python({"node": node, "children": [*nodes, *answers]}))
    for answer in vendor.answers:
        if answer.id == name:
            gates = [gate for gate in vendor.gates if gate.question == name]
            return dump(to_jsonable_python({"answer": answer, "gates": gates}))
    if vendor.price is None:
        raise LookupError(name)
    lines = [line for line in vendor.price.items if line.id == name]
    return dump(to_jsonable_python({"item": lines[0]} if lines else {"price": vendor.price}))
