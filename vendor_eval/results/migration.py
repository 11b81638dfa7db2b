"""Keys that a results.json of release 0.1.0 lacks, worked out from those that it has."""

from collections.abc import Iterator
from typing import Any

JsonObject = dict[str, Any]

# Facts of release 0.1.0, which stay as they are whatever later releases do.
_MOST_PAIRED = 40
_MEDIAN_FROM = 4
_RELATIVE = {"lowest_ratio", "linear_min_max", "linear_from_lowest"}
_KINDS = {"verified": "verified", "sent back to claim": "claim", "note": "note"}


def complete(result: JsonObject) -> None:
    """Add to an older result the keys that it lacks; keys that are there stay as they are.

    Raises KeyError, TypeError, ValueError or AttributeError for what is no result.
    """
    method, price = result["evaluation"]["method"], result["evaluation"].get("price")
    method.setdefault("most_paired", _MOST_PAIRED)
    method.setdefault("median_from", _MEDIAN_FROM)
    if price:
        price.setdefault("relative", price["rule"] in _RELATIVE)
    open_knock_outs = set()
    answers: dict[tuple[str, str], JsonObject] = {}
    for vendor in result["vendors"]:
        vendor.setdefault("status_reasons", list(_status_reasons(vendor, list(method["floors"]))))
        vendor.setdefault("status_text", vendor["status"].replace("_", " ").capitalize())
        for issue in vendor["issues"]:
            issue.setdefault("text", issue["message"])
        of_answers = [act for answer in vendor["answers"] for act in (*answer["findings"], answer["finding"]) if act]
        for finding in (*vendor["notes"], *of_answers):
            finding.setdefault("kind", _KINDS.get(finding["act"]) or finding["act"].split()[0])
            # Behind the kind of an act such as `level 3` or `answer 96 %`.
            kind, value = finding["kind"], finding["act"][len(finding["kind"]) + 1 :]
            finding.setdefault("value", int(value) if kind == "level" else value if kind == "answer" else None)
        answers |= {(vendor["id"], answer["id"]): answer for answer in vendor["answers"]}
        open_knock_outs |= {
            (vendor["id"], gate["question"])
            for gate in vendor["gates"]
            if (gate["kind"], gate["result"]) == ("knock_out", "unresolved") and not gate["waived"]
        }
    for ask in (result.get("robustness") or {}).get("ask_first", ()):
        ask.setdefault("excludes", (ask["vendor"], ask["question"]) in open_knock_outs)
        ask.setdefault("cause", _cause(answers.get((ask["vendor"], ask["question"]))))
        ask.setdefault("changes", "rest")
        ask.setdefault("alone", False)


def _cause(answer: JsonObject | None) -> str:
    """Find why an answer is open; of a price, which is no answer, that it is missing."""
    if answer is None:
        return "price_missing"
    by_state = {state: state for state in ("blank", "invalid", "pending")} | {"settled": "hangs_on_another"}
    by_level = {"claim": "document_missing", "named": "document_not_there"}
    return by_state.get(answer["state"]) or by_level.get(answer["evidence"], "hangs_on_another")


def _status_reasons(vendor: JsonObject, floors: list[str]) -> Iterator[JsonObject]:
    """Put beside each reason what it is about: 0.1.0 wrote them in the order of the gates, then of the floors."""
    if vendor["status"] == "not_evaluated":
        kind = "issue" if vendor["issues"] else "response"
        for text in vendor["reasons"]:
            yield {"question": "", "node": "", "kind": kind, "result": "not_evaluated", "text": text}
        return
    nodes = sorted((node for node in vendor["nodes"] if node["floor"]), key=lambda node: floors.index(node["id"]))
    tests = [(gate["question"], "", gate) for gate in vendor["gates"] if gate["kind"] != "flag"]
    tests += [("", node["id"], node["floor"]) for node in nodes]
    not_passed = [test for test in tests if test[2]["result"] != "pass" and not test[2]["waived"]]
    for (question, node, test), text in zip(not_passed, vendor["reasons"], strict=True):
        yield {"question": question, "node": node, "kind": test["kind"], "result": test["result"], "text": text}
