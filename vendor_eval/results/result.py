"""The frozen result (results.json). Every output is drawn from it alone."""

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from pydantic import Field

from vendor_eval.results.base import Record
from vendor_eval.results.definitions import Definition, EvaluationRecord, PriceMethodRecord
from vendor_eval.results.firmness import Robustness
from vendor_eval.results.page import Arithmetic
from vendor_eval.results.panel import PanelRecord
from vendor_eval.results.pilot import PilotRecord
from vendor_eval.results.vendors import VendorRecord

SCHEMA = "vendor-eval/results/1"
_TIE = 1e-9


def _cost(vendor: VendorRecord) -> tuple[float, float]:
    """Total price and quality."""
    return (vendor.price.total or 0.0 if vendor.price else 0.0), vendor.quality or 0.0


def _rounded(score: float, digits: int) -> Decimal:
    """Round as scores are printed: halves go up, and the 15 digits count that a spreadsheet shows."""
    return Decimal(f"{score:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


class Result(Record):
    """The whole result. `panel` and `pilot` are None where the evaluation has none, `robustness` where it is off."""

    schema_: str = Field(default=SCHEMA, alias="schema")
    evaluation: EvaluationRecord
    vendors: tuple[VendorRecord, ...]
    definition: Definition
    ranking: tuple[str, ...]
    shortlist: tuple[str, ...]
    robustness: Robustness | None = None
    panel: PanelRecord | None = None
    pilot: PilotRecord | None = None
    arithmetic: Arithmetic | None = None
    """What report.html computes with; null in a file of an earlier version."""

    @property
    def is_screen(self) -> bool:
        """Whether requirements alone were checked: there is no total, no rank and no price score."""
        return self.evaluation.method.questions == "screen"

    @property
    def price(self) -> PriceMethodRecord | None:
        """How the price counts; None where none is asked, and while prices are sealed."""
        price = self.evaluation.price
        return None if price is None or price.sealed else price

    @property
    def has_sealed_prices(self) -> bool:
        """Whether no price was read yet."""
        return self.evaluation.price is not None and self.evaluation.price.sealed

    @property
    def ranks_by_ratio(self) -> bool:
        """Whether quality divided by the price ranks."""
        price = self.price
        return price is not None and price.rule == "quality_per_price"

    def quality_share(self) -> float:
        """Compute the share of the total that the categories decide."""
        price = self.price
        return 1.0 if price is None or self.ranks_by_ratio else 1 - price.weight / 100

    def factor(self, vendor: VendorRecord) -> float:
        """Compute what ranks for one point of quality where that is divided by the price; 1 under every other rule."""
        price = self.price
        if price is None or vendor.price is None or not self.ranks_by_ratio:
            return 1.0
        return (price.lowest or vendor.price.total) / vendor.price.total if vendor.price.total else 0.0

    def ranking_points(self, vendor: VendorRecord) -> float:
        """Compute the points that rank: the total, or quality for the money of the lowest offer."""
        return (vendor.score or 0.0) * self.factor(vendor)

    def vendor(self, name: str) -> VendorRecord:
        """Find a vendor by id; raise KeyError where there is none."""
        for vendor in self.vendors:
            if vendor.id == name:
                return vendor
        raise KeyError(name)

    @property
    def digits(self) -> int:
        """Decimals that tell every two totals of different rank apart, at least one."""
        ranked = sorted((vendor.score or 0.0, vendor.rank) for vendor in self.vendors if vendor.rank is not None)
        # A tie that a tie-breaker decided stays a tie with any number of decimals.
        distinct = [(a, b) for (a, rank), (b, other) in pairwise(ranked) if rank != other and b - a > _TIE]
        enough = (
            digits for digits in range(1, 10) if all(_rounded(a, digits) != _rounded(b, digits) for a, b in distinct)
        )
        return next(enough, 1)

    def differences_to_first(self) -> tuple[tuple[VendorRecord, float, float], ...]:
        """List what each other ranked vendor costs more and scores more than the first: total price and quality."""
        own = [(vendor, *_cost(vendor)) for vendor in self._priced]
        return tuple((vendor, cost - own[0][1], quality - own[0][2]) for vendor, cost, quality in own[1:])

    def frontier(self) -> tuple[str, ...]:
        """List ranked vendors that no other beats in both quality and price, the cheapest first."""
        unbeaten: list[VendorRecord] = []
        for vendor in sorted(self._priced, key=lambda v: (_cost(v)[0], -_cost(v)[1], v.id)):
            # Whoever stands before is no dearer: only more quality, or the very same offer, is not beaten.
            if not unbeaten or _cost(vendor)[1] > _cost(unbeaten[-1])[1] or _cost(vendor) == _cost(unbeaten[-1]):
                unbeaten.append(vendor)
        return tuple(vendor.id for vendor in unbeaten)

    @property
    def _priced(self) -> tuple[VendorRecord, ...]:
        """Ranked vendors with a total price, in the order of the ranking."""
        return tuple(vendor for vendor in self.ranked if vendor.price and vendor.price.total is not None)

    @property
    def ranked(self) -> tuple[VendorRecord, ...]:
        """Ranked vendors, the first first."""
        return self.in_order[: len(self.ranking)]

    @property
    def first(self) -> tuple[VendorRecord, ...]:
        """The vendor that is first, or all that share the first place."""
        return tuple(vendor for vendor in self.ranked if vendor.rank == 1)

    @property
    def is_tied(self) -> bool:
        """Whether several vendors share the first place."""
        return len(self.first) > 1

    @property
    def evaluated(self) -> tuple[VendorRecord, ...]:
        """Vendors that were evaluated and are compared, ranked ones first."""
        return tuple(vendor for vendor in self.in_order if vendor.is_compared)

    @property
    def in_order(self) -> tuple[VendorRecord, ...]:
        """Vendors as every output lists them: ranked, then excluded by total, then the others."""
        order = {name: index for index, name in enumerate(self.ranking)}

        def key(vendor: VendorRecord) -> tuple[int, int, float]:
            last = {"excluded": 1, "not_compared": 2, "not_evaluated": 3}.get(vendor.status, 0)
            return order.get(vendor.id, len(order)), last, -(vendor.score or 0.0)

        return tuple(sorted(self.vendors, key=key))

    def to_json(self) -> str:
        """Text of results.json: the same inputs give the same bytes."""
        return "".join(self.json_parts())

    def json_parts(self) -> Iterator[str]:
        """Generate the text of results.json vendor by vendor, since the whole of a large field takes much memory."""
        rest = self.model_dump(mode="json", by_alias=True, exclude={"vendors"})
        names = [field.alias or name for name, field in type(self).model_fields.items()]
        for index, name in enumerate(names):
            yield f'{"," if index else "{"}\n "{name}": '
            if name != "vendors":
                # Thousands of figures, read by no person: each on a line of its own would double the file.
                indent = None if name == "arithmetic" else 1
                yield json.dumps(rest[name], ensure_ascii=False, indent=indent).replace("\n", "\n ")
                continue
            for at, vendor in enumerate(self.vendors):
                text = json.dumps(vendor.model_dump(mode="json"), ensure_ascii=False, indent=1)
                yield f"{',' if at else '['}\n  {text.replace(chr(10), f'{chr(10)}  ')}"
            yield "\n ]" if self.vendors else "[]"
        yield "\n}\n"
