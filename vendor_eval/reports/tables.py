"""Data frames and CSV, made from a result after validation. No workbook is read and no score is computed here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vendor_eval.results import Result

if TYPE_CHECKING:
    import pandas as pd

# A field that starts so is run as a formula by a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def answers(result: Result) -> "pd.DataFrame":
    """One row for each vendor and asked question: what was answered, what it earned, where it stands."""
    import pandas as pd

    rows = [
        {
            "vendor": vendor.id,
            "question": answer.id,
            "node": answer.parent,
            "state": answer.state,
            "raw": answer.raw,
            "answer": answer.answer,
            "value": answer.value,
            "evidence": answer.evidence,
            "credited": answer.credited,
            "global_weight": answer.global_weight,
            "contribution": answer.contribution,
            "evidence_text": answer.evidence_text,
            "comment": answer.comment,
            "file": answer.source.file,
            "sheet": answer.source.sheet,
            "cell": answer.source.cell,
        }
        for vendor in result.vendors
        for answer in vendor.answers
        if answer.state != "not_asked"
    ]
    return pd.DataFrame(rows, columns=_ANSWER_COLUMNS).astype(dict.fromkeys(_FIGURES, "float64"))


_FIGURES = ("value", "credited", "global_weight", "contribution")
_ANSWER_COLUMNS = [
    "vendor",
    "question",
    "node",
    "state",
    "raw",
    "answer",
    "value",
    "evidence",
    "credited",
    "global_weight",
    "contribution",
    "evidence_text",
    "comment",
    "file",
    "sheet",
    "cell",
]


def ranking(result: Result) -> "pd.DataFrame":
    """List the vendors as every output does: rank and status, totals, how much of them is answered and proven."""
    import pandas as pd

    priced = _PRICES if result.evaluation.price else []
    rows = [
        {name: getattr(vendor, name) for name in _RANKING_COLUMNS[1:-1]}
        | {"vendor": vendor.id, "reasons": "; ".join(vendor.reasons)}
        | {"quality": vendor.quality, "price": vendor.price.total if vendor.price else None}
        | {"price_score": vendor.price.score if vendor.price else None}
        for vendor in result.in_order
    ]
    frame = pd.DataFrame(rows, columns=[*_RANKING_COLUMNS[:-1], *priced, _RANKING_COLUMNS[-1]])
    return frame.astype(dict.fromkeys(_RANKS, "Int64") | dict.fromkeys([*_TOTALS, *priced], "float64"))


def prices(result: Result) -> "pd.DataFrame":
    """One row for each vendor and priced item: unit price, amount over the contract, where it stands."""
    import pandas as pd

    rows = [
        {
            "vendor": vendor.id,
            "item": item.id,
            "unit_price": item.unit_price,
            "times": item.times,
            "amount": item.amount,
            "yield_per_hour": item.yield_per_hour,
            "raw": item.raw,
            "file": item.source.file,
            "sheet": item.source.sheet,
            "cell": item.source.cell,
        }
        for vendor in result.vendors
        if vendor.price
        for item in vendor.price.items
    ]
    frame = pd.DataFrame(rows, columns=_PRICE_COLUMNS)
    return frame.astype(dict.fromkeys(("unit_price", "times", "amount", "yield_per_hour"), "float64"))


def levels(result: Result) -> "pd.DataFrame":
    """Vendors and rubrics by evaluators: the level that each gave, and in the last column the one that counts."""
    import pandas as pd

    panel = result.panel
    evaluators = panel.evaluators if panel else ()
    units = panel.ratings if panel else ()
    rows = [{**{name: one.levels.get(name) for name in evaluators}, _COUNTS: one.level} for one in units]
    index = pd.MultiIndex.from_tuples([(one.vendor, one.question) for one in units], names=["vendor", "question"])
    return pd.DataFrame(rows, index=index, columns=[*evaluators, _COUNTS]).astype("float64")


def gates(result: Result) -> "pd.DataFrame":
    """One row for each vendor and gate: the test, how it went and why."""
    import pandas as pd

    rows = [
        {name: getattr(gate, name) for name in _GATE_COLUMNS[1:7]}
        | {"vendor": vendor.id, "waived": gate.waived is not None, "open": gate.open}
        | {"file": gate.source.file, "sheet": gate.source.sheet, "cell": gate.source.cell}
        for vendor in result.vendors
        for gate in vendor.gates
    ]
    return pd.DataFrame(rows, columns=_GATE_COLUMNS).astype({"waived": "bool", "open": "bool"})


def issues(result: Result) -> "pd.DataFrame":
    """One row for each issue: of a vendor's response, then of the score sheets, which name no vendor."""
    import pandas as pd

    found = [(vendor.id, issue) for vendor in result.vendors for issue in vendor.issues]
    found += [("", issue) for issue in result.panel.issues] if result.panel else []
    rows = [
        {
            "vendor": vendor,
            "code": issue.code,
            "severity": issue.severity,
            "message": issue.message,
            "file": issue.source.file,
            "sheet": issue.source.sheet,
            "cell": issue.source.cell,
        }
        for vendor, issue in found
    ]
    return pd.DataFrame(rows, columns=["vendor", "code", "severity", "message", "file", "sheet", "cell"])


_GATE_COLUMNS = [
    "vendor",
    "question",
    "kind",
    "test",
    "result",
    "reason",
    "note",
    "waived",
    "open",
    "file",
    "sheet",
    "cell",
]
# No id holds a blank, so no evaluator has this name.
_COUNTS = "level that counts"
_PRICES = ["quality", "price", "price_score"]
_PRICE_COLUMNS = ["vendor", "item", "unit_price", "times", "amount", "yield_per_hour", "raw", "file", "sheet", "cell"]


_RANKS = ["rank", "best_rank", "worst_rank", "would_rank"]
_TOTALS = ["score", "low", "high", "claimed", "credited", "coverage", "documented", "verified"]
_RANKING_COLUMNS = ["vendor", "name", "status", *_RANKS, *_TOTALS, "reasons"]


def scores(result: Result) -> "pd.DataFrame":
    """Vendors by nodes: the score of each category and criterion, the total in front."""
    import pandas as pd

    rows = {
        vendor.id: {"total": vendor.score, **{node.id: node.score for node in vendor.nodes}}
        for vendor in result.vendors
    }
    return pd.DataFrame.from_dict(rows, orient="index").astype("float64").rename_axis("vendor")


def matrix(result: Result) -> "pd.DataFrame":
    """Questions by vendors: credited values, empty where nothing is scored."""
    import pandas as pd

    columns = {
        vendor.id: {answer.id: answer.credited for answer in vendor.answers if answer.state != "not_asked"}
        for vendor in result.vendors
    }
    return pd.DataFrame(columns).astype("float64").rename_axis("question")


def compare(old: Result, new: Result) -> "pd.DataFrame":
    """Compare two results by vendor: scores, ranks and status then and now, and the change of the score.

    A vendor that stands in one of them alone has empty figures for the other.
    """
    import pandas as pd

    def side(result: Result, name: str) -> "pd.DataFrame":
        columns = [f"score_{name}", f"rank_{name}", f"status_{name}"]
        rows = {vendor.id: (vendor.score, vendor.rank, vendor.status) for vendor in result.vendors}
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        return frame.astype({f"score_{name}": "float64", f"rank_{name}": "float64"})

    frame = side(old, "old").join(side(new, "new"), how="outer").rename_axis("vendor")
    frame["change"] = frame["score_new"] - frame["score_old"]
    return frame


def csv_files(result: Result) -> Mapping[str, bytes]:
    """Render the tables as CSV by file name; a text that a spreadsheet would run gets a leading quote."""
    plain = {"ranking.csv": ranking(result), "answers.csv": answers(result)}
    plain |= {"prices.csv": prices(result)} if result.evaluation.price else {}
    indexed = {"scores.csv": scores(result), "matrix.csv": matrix(result)}
    indexed |= {"levels.csv": levels(result)} if result.panel and result.panel.ratings else {}
    return {name: _csv(frame, index=False) for name, frame in plain.items()} | {
        name: _csv(frame, index=True) for name, frame in indexed.items()
    }


def _csv(frame: "pd.DataFrame", *, index: bool) -> bytes:
    safe = frame.rename(columns=_guard, index=_guard).map(_guard)
    return safe.to_csv(index=index, lineterminator="\r\n").encode("utf-8-sig")


def _guard(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
