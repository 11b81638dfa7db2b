"""The machine form of commands, `--json`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from vendor_eval.results import Result, VendorRecord


def dump(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=1)


def print_machine(form: Mapping[str, object]) -> None:
    """Print the machine form of the command that runs: `schema` first, which names the command and its version.

    A document that is also a file, such as seal.json, brings the schema of the file.
    """
    from pydantic_core import to_jsonable_python

    command = "-".join(click.get_current_context().command_path.split()[1:])
    click.echo(dump(to_jsonable_python({"schema": f"vendor-eval/{command}/1", **form})))


def check_form(result: "Result", clarifications: Mapping[str, str], opened: Mapping[str, int]) -> dict[str, object]:
    """Return the issues of every vendor, with their counts, the open points and the path of the clarification."""
    from vendor_eval.reports.terminal.issues import counts

    keys = {"id", "name", "status", "status_text", "reasons", "files", "issues", "replaced"}
    vendors = [
        vendor.model_dump(mode="json", include=keys)
        | {"counts": counts(vendor.issues), "open": opened.get(vendor.id)}
        | {"clarification": clarifications.get(vendor.id)}
        for vendor in result.vendors
    ]
    keys = {"id", "status", "message", "issues"}
    pilot = [vendor.model_dump(include=keys) for vendor in result.pilot.vendors] if result.pilot else []
    sheets, missing = (result.panel.issues, result.panel.missing) if result.panel else ((), ())
    return {
        "evaluation": result.evaluation.issues,
        "vendors": vendors,
        "score_sheets": sheets,
        "missing_levels": missing,
        **({"pilot": pilot} if pilot else {}),
        "not_read": result.evaluation.not_read,
    }


def rank_form(result: "Result") -> dict[str, object]:
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
    return {
        "ranking": result.ranking,
        "shortlist": result.shortlist,
        "provisional": result.evaluation.provisional,
        **firmness,
        "vendors": vendors,
    }


def explain_form(vendor: "VendorRecord", name: str | None) -> dict[str, object]:
    """Return a vendor, a node with its children, an answer with its gates, or a line of the price."""
    if name is None or vendor.status == "not_evaluated":
        return vendor.model_dump(mode="json", exclude={"answers"})
    for node in vendor.nodes:
        if node.id == name:
            nodes = [child for child in vendor.nodes if child.parent == name]
            return {"node": node, "children": [*nodes, *(own for own in vendor.answers if own.parent == name)]}
    for answer in vendor.answers:
        if answer.id == name:
            return {"answer": answer, "gates": [gate for gate in vendor.gates if gate.question == name]}
    if vendor.price is None:
        raise LookupError(name)
    lines = [line for line in vendor.price.items if line.id == name]
    return {"item": lines[0]} if lines else {"price": vendor.price}
