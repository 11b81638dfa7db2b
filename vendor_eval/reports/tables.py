"""Data frames and CSV, made from a result after validation. No workbook is read and no score is computed here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from vendor_eval.formatting.csv_text import guarded
from vendor_eval.results import AnswerRecord, GateRecord, IssueRecord, PriceItemRecord, Result, VendorRecord

if TYPE_CHECKING:
    import pandas as pd

# No id holds a blank, so no evaluator has this name.
_COUNTS = "level that counts"
_PLACE = ("file", "sheet", "cell")
_ANSWER_FIELDS = (
    *("state", "raw", "answer", "value", "evidence", "credited"),
    *("global_weight", "contribution", "evidence_text", "comment"),
)
_RANKS = ("rank", "best_rank", "worst_rank", "would_rank")
_TOTALS = ("score", "low", "high", "claimed", "credited", "coverage", "documented", "verified")


def answers(result: Result) -> "pd.DataFrame":
    """One row for each vendor and asked question: what was answered, what it earned, where it stands."""
    rows = [
        _row(vendor, answer, _ANSWER_FIELDS) | {"question": answer.id, "node": answer.parent}
        for vendor in result.vendors
        for answer in vendor.answers
        if answer.state != "not_asked"
    ]
    columns = ["vendor", "question", "node", *_ANSWER_FIELDS, *_PLACE]
    return _frame(rows, columns, ("value", "credited", "global_weight", "contribution"))


def ranking(result: Result) -> "pd.DataFrame":
    """List the vendors as every output does: rank and status, totals, how much of them is answered and proven."""
    priced = ["quality", "price", "price_score"] if result.price else []
    rows = [
        {name: getattr(vendor, name) for name in ("name", "status", "status_text", *_RANKS, *_TOTALS, "quality")}
        | {"vendor": vendor.id, "reasons": "; ".join(vendor.reasons)}
        | ({"price": vendor.price.total, "price_score": vendor.price.score} if vendor.price else {})
        for vendor in result.in_order
    ]
    columns = ["vendor", "name", "status", *_RANKS, *_TOTALS, *priced, "reasons", "status_text"]
    return _frame(rows, columns, (*_TOTALS, *priced)).astype(dict.fromkeys(_RANKS, "Int64"))


def prices(result: Result) -> "pd.DataFrame":
    """One row for each vendor and priced item: unit price, amount over the contract, where it stands."""
    figures = ("unit_price", "times", "amount", "yield_per_hour")
    rows = [
        _row(vendor, item, (*figures, "raw")) | {"item": item.id}
        for vendor in result.vendors
        for item in (vendor.price.items if vendor.price else ())
    ]
    return _frame(rows, ["vendor", "item", *figures, "raw", *_PLACE], figures)


def levels(result: Result) -> "pd.DataFrame":
    """Vendors and rubrics by evaluators: the level that each gave, and in the last column the one that counts."""
    import pandas as pd

    evaluators = result.panel.evaluators if result.panel else ()
    ratings = result.panel.ratings if result.panel else ()
    rows = [{**{name: rating.levels.get(name) for name in evaluators}, _COUNTS: rating.level} for rating in ratings]
    units = [(rating.vendor, rating.question) for rating in ratings]
    index = pd.MultiIndex.from_tuples(units, names=["vendor", "question"])
    return pd.DataFrame(rows, index=index, columns=[*evaluators, _COUNTS]).astype("float64")


def gates(result: Result) -> "pd.DataFrame":
    """One row for each vendor and gate: the test, how it went and why."""
    fields = ("question", "kind", "test", "result", "reason", "note", "waived", "open", "stage")
    rows = [
        _row(vendor, gate, fields) | {"waived": gate.waived is not None}
        for vendor in result.vendors
        for gate in vendor.gates
    ]
    return _frame(rows, ["vendor", *fields, *_PLACE]).astype({"waived": "bool", "open": "bool"})


def issues(result: Result) -> "pd.DataFrame":
    """One row for each issue: of a vendor's response, then of the score sheets, which name no vendor."""
    fields = ("code", "severity", "message", "question", "part")
    rows = [_row(vendor, issue, fields) for vendor in result.vendors for issue in vendor.issues]
    rows += [_row(None, issue, fields) for issue in result.panel.issues] if result.panel else []
    return _frame(rows, ["vendor", *fields, *_PLACE])


def _row(
    vendor: VendorRecord | None,
    record: AnswerRecord | GateRecord | IssueRecord | PriceItemRecord,
    fields: Sequence[str],
) -> dict[str, object]:
    row = {"vendor": vendor.id if vendor else ""} | {name: getattr(record, name) for name in fields}
    return row | {name: getattr(record.source, name) for name in _PLACE}


def _frame(rows: Sequence[dict[str, object]], columns: Sequence[str], figures: Iterable[str] = ()) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns)).astype(dict.fromkeys(figures, "float64"))


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


def compare(old: Result, new: Result, level: Literal["total", "answer"] = "total") -> "pd.DataFrame":
    """Compare two results by vendor: scores, ranks and status then and now, and the change of the score.

    A vendor that stands in one of them alone has empty figures for the other. `level="answer"` sets the answers beside
    the earlier ones instead (`compare_answers`).
    """
    import pandas as pd

    if level == "answer":
        return compare_answers(old, new)

    def side(result: Result, name: str) -> "pd.DataFrame":
        columns = [f"score_{name}", f"rank_{name}", f"status_{name}"]
        rows = {vendor.id: (vendor.score, vendor.rank, vendor.status) for vendor in result.vendors}
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        return frame.astype({f"score_{name}": "float64", f"rank_{name}": "float64"})

    frame = side(old, "old").join(side(new, "new"), how="outer").rename_axis("vendor")
    frame["change"] = frame["score_new"] - frame["score_old"]
    return frame


def compare_answers(old: Result, new: Result) -> "pd.DataFrame":
    """Set each answer beside the earlier ones on its subject: one row for each earlier question, else one without.

    The earlier questions are the one of the same id and those that it `replaces` or has `merged`; nothing is copied.
    """
    before = {(v.id, a.id): a.answer for v in old.vendors for a in v.answers if a.state != "not_asked"}
    questions = [q for category in new.definition.categories for c in category.criteria for q in c.questions]
    earlier = {question.id: (question.id, *question.replaces, *question.merged) for question in questions}
    rows: list[dict[str, object]] = []
    for vendor in new.vendors:
        for answer in (answer for answer in vendor.answers if answer.state != "not_asked"):
            row: dict[str, object] = {"vendor": vendor.id, "question": answer.id, "answer_new": answer.answer}
            names = [name for name in earlier[answer.id] if (vendor.id, name) in before]
            rows += [row | {"question_old": name, "answer_old": before[vendor.id, name]} for name in names] or [row]
    return _frame(rows, ["vendor", "question", "question_old", "answer_old", "answer_new"], ())


def csv_files(result: Result) -> Mapping[str, bytes]:
    """Render the tables as CSV by file name; a text that a spreadsheet would run gets a leading quote."""
    plain = {"ranking.csv": ranking(result), "answers.csv": answers(result)}
    plain |= {"prices.csv": prices(result)} if result.price else {}
    indexed = {"scores.csv": scores(result), "matrix.csv": matrix(result)}
    indexed |= {"levels.csv": levels(result)} if result.panel and result.panel.ratings else {}
    return {name: _csv(frame, index=False) for name, frame in plain.items()} | {
        name: _csv(frame, index=True) for name, frame in indexed.items()
    }


def _csv(frame: "pd.DataFrame", *, index: bool) -> bytes:
    safe = frame.rename(columns=guarded, index=guarded).map(guarded)
    return safe.to_csv(index=index, lineterminator="\r\n").encode("utf-8-sig")
