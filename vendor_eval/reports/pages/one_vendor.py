"""What a document of one vendor may know: the vendor alone, and of the field a few figures without names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vendor_eval.reports.pages.overview import Overview
from vendor_eval.reports.wording.names import Names, mask, names_of_all
from vendor_eval.results import RecordState, Result, VendorRecord
from vendor_eval.results.pilot import PilotRecord

# Keys of texts that the tool or the criteria wrote, in which nobody names a vendor.
_FIXED = frozenset(
    {
        *("id", "parent", "kind", "state", "status", "result", "severity", "code", "question", "test", "date"),
        *("node", "key", "word", "about", "stage", "open_questions", "because", "missing"),
    }
)


@dataclass(frozen=True)
class Place:
    """Where a vendor stands among those that are ranked, and whether it shares its rank. 1 is best; 0 for none."""

    quality: int = 0
    price: int = 0
    is_shared: bool = False


@dataclass(frozen=True)
class FieldComparison:
    """What a scorecard may say of the field: how many bid, how many are ranked and priced, spreads of categories.

    `places` are by vendor; a spread is the least, median and greatest score.
    """

    ranked: int
    evaluated: int
    priced: int
    spreads: Mapping[str, tuple[float, float, float]]
    places: Mapping[str, Place]


def field(overview: Overview) -> FieldComparison:
    """Sum up the field; of few vendors the spread is left out, since it would show the scores of another."""
    spreads = overview.fields if overview.has_median else {}
    ranked = overview.ranked
    ranks = [vendor.rank for vendor in ranked]
    totals = [v.price.total for v in ranked if v.price and v.price.total is not None]
    qualities = [v.quality or 0.0 for v in ranked]
    places = {
        vendor.id: Place(
            1 + sum(quality > (vendor.quality or 0.0) for quality in qualities),
            1 + sum(t < vendor.price.total for t in totals) if vendor.price and vendor.price.total is not None else 0,
            ranks.count(vendor.rank) > 1,
        )
        for vendor in ranked
    }
    return FieldComparison(len(ranked), len(overview.evaluated), len(totals), spreads, places)


def everybody(result: Result) -> Names:
    """Gather the names that every scorecard leaves out, once for all of them."""
    return names_of_all((vendor.id, vendor.name) for vendor in result.vendors)


def only(result: Result, vendor: VendorRecord, everyone: Names) -> Result:
    """Remove the field from a result: other vendors' records, their names in texts, and what would give a price away.

    Under a relative price rule the own price, its score and any total are an equation for the lowest or highest bid:
    nothing of these is left, so that no page can print it.
    """
    hide = mask((vendor.name, vendor.id), everyone)
    own = VendorRecord.model_validate(_hidden(vendor.model_dump(), hide))
    evaluation, price = result.evaluation, result.evaluation.price
    if price and price.relative:
        hidden = dict.fromkeys(("score", "low", "high", "ratio")) | {"contribution": 0.0}
        totals = dict.fromkeys(("score", "low", "high", "claimed", "credited"))
        own = own.model_copy(update={**totals, "price": own.price and own.price.model_copy(update=hidden)})
    missing = [m.question for m in result.panel.missing if m.vendor == vendor.id] if result.panel else []
    pending = dict.fromkeys((*vendor.pending, *missing))
    return result.model_copy(
        update={
            "vendors": (own,),
            "panel": None,
            "pilot": result.pilot and _own_pilot(result.pilot, vendor.id, hide),
            "ranking": tuple(name for name in result.ranking if name == vendor.id),
            "shortlist": tuple(name for name in result.shortlist if name == vendor.id),
            "robustness": None,
            "arithmetic": None,
            "evaluation": evaluation.model_copy(
                update={
                    "title": hide(evaluation.title),
                    "pending": tuple(f"{vendor.id} {name}" for name in pending),
                    "method": evaluation.method.model_copy(update={"waivers": ()}),
                    "issues": (),
                    "inputs": (),
                    "record": evaluation.record and _own_record(evaluation.record, vendor.id, hide),
                    "price": price and price.model_copy(update={"thresholds": (), "lowest": None, "highest": None}),
                }
            ),
        }
    )


def _own_record(record: RecordState, name: str, hide: Callable[[str], str]) -> RecordState:
    """Keep of a record the day and the changes, without who made them and without other vendors."""
    hidden = {"by": None, "why": None, "line": None}
    changes = tuple(
        change.model_copy(update={**hidden, "old": _hidden(change.old, hide), "new": _hidden(change.new, hide)})
        for change in record.changes
    )
    replaced = tuple(response for response in record.responses_replaced if response.vendor == name)
    left = {"by": None, "late": record.late and "late", "quality_closed": None}
    return record.model_copy(update={**left, "changes": changes, "responses_replaced": replaced})


def _own_pilot(pilot: PilotRecord, name: str, hide: Callable[[str], str]) -> PilotRecord:
    """Keep of a pilot what one vendor may know: its own figures and promises, nothing of our plan or our files."""
    facts = pilot.pilot.model_copy(update={"title": hide(pilot.pilot.title), "expert_ceiling": None, "inputs": ()})
    own = tuple(
        vendor.model_copy(update={"issues": (), "figures": tuple(f for f in vendor.figures if f.by != "stratum")})
        for vendor in pilot.vendors
        if vendor.id == name
    )
    return pilot.model_copy(update={"pilot": facts, "vendors": own})


def _hidden(value: Any, hide: Callable[[str], str], key: str = "") -> Any:
    if isinstance(value, str):
        return value if key in _FIXED else hide(value)
    if isinstance(value, dict):
        return {name: _hidden(inner, hide, name) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(_hidden(inner, hide, key) for inner in value)
    return value
