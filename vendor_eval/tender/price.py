"""The section `price` of evaluation.yaml: what every vendor prices, and how that counts."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vendor_eval.config.models import Described, Fault, Figure, Id, Text

ONCE = "once"
Rule = Literal["fixed_bounds", "lowest_ratio", "linear_min_max", "linear_from_lowest", "quality_per_price"]
RELATIVE: frozenset[Rule] = frozenset(("lowest_ratio", "linear_min_max", "linear_from_lowest"))
_Positive = Annotated[Figure, Field(gt=0)]


class PriceItem(Described):
    """One line of the offer. A unit `once` is paid once, every other volume is per year."""

    id: Id
    """Id of the line, such as PRC-01."""
    text: Text
    """What is priced, as vendors read it."""
    unit: Id
    """What one price buys; `once` is paid once."""
    volume: _Positive
    """Number of units: each year, or in all where the unit is `once`."""
    zero: Literal["allowed"] | None = None
    """`allowed`: a bare 0 counts, and so does "included", which what is paid once may always be."""
    seconds_per_unit: _Positive | None = None
    """Work in one unit in seconds; with it the yield of an hour of work is computed."""

    @property
    def once(self) -> bool:
        return self.unit == ONCE


class LivingWage(Described):
    """What an hour of work has to bring to live on, in the currency of the prices, and who says so."""

    amount: _Positive
    """Wage of one hour in the currency of the prices."""
    per: Literal["hour"] = "hour"
    """The unit of the amount."""
    source: Text
    """Who says so."""


class Price(Described):
    """How the price counts: its weight in points of 100, its rule, and the lines that every vendor prices."""

    weight: Annotated[Figure, Field(ge=0, le=100)] = 0.0
    """Points of 100 that the price decides; needed by every rule but `quality_per_price`."""
    rule: Rule = "fixed_bounds"
    """How a total becomes a price score, or with `quality_per_price` how quality and price become the rank."""
    best: _Positive | None = None
    """Total that scores 100 under `fixed_bounds`."""
    worst: _Positive | None = None
    """Total that scores 0 under `fixed_bounds`."""
    currency: Id
    """Currency of every price, such as USD; nothing is converted."""
    years: _Positive = 1.0
    """Length of the contract in years."""
    items: tuple[PriceItem, ...]
    """Lines of the offer; at least one."""
    living_wage: LivingWage | None = None
    """What an hour has to bring; a lower yield is pointed out."""
    open_after: Literal["quality"] | None = None
    """`quality`: two envelopes; no price is read before 'vendor-eval close quality'."""

    @model_validator(mode="after")
    def _is_whole(self) -> "Price":
        # A weight of 0 that somebody wrote is one: prices are asked for, and count nothing.
        if self.rule != "quality_per_price" and "weight" not in self.model_fields_set:
            raise Fault("missing-key", f"rule {self.rule} needs a 'weight', in points of 100")
        if self.rule == "fixed_bounds" and (self.best is None or self.worst is None):
            raise Fault("missing-key", "rule fixed_bounds needs 'best' and 'worst': the totals that score 100 and 0")
        if self.rule == "fixed_bounds" and self.best and self.worst and self.best >= self.worst:
            message = f"best {self.best:g} is not below worst {self.worst:g}: the lower price is the better one"
            raise Fault("wrong-value", message, "best")
        if not self.items:
            raise Fault("missing-key", "at least one item is needed: what do vendors price?", "items")
        ids = [item.id for item in self.items]
        for index, name in enumerate(ids):
            if name in ids[:index]:
                raise Fault("repeated-id", f"the item id '{name}' stands twice", "items", index, "id")
        return self

    def times(self, item: PriceItem) -> float:
        """How many units of an item the whole contract takes."""
        return item.volume if item.once else item.volume * self.years

    @property
    def share(self) -> float:
        """Share of the total that the price decides; none where quality is divided by it."""
        return 0.0 if self.rule == "quality_per_price" else self.weight / 100
