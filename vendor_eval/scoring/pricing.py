"""From offers to price scores (0 to 100). Only vendors that the gates let through decide what others score."""

from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf

from vendor_eval.findings.acts import Rated
from vendor_eval.intake.submission import Response
from vendor_eval.results import PriceMethodRecord, PriceThreshold
from vendor_eval.tender import CURRENCY, VALIDITY
from vendor_eval.tender.price import RELATIVE, Price, PriceItem

HUNDRED = 100.0
SECONDS = 3600
TOLERANCE = 1e-9
# Tenfold off the others: such as a price per 1,000 where one per unit was asked for.
_FAR_OFF = 10
_ABNORMALLY_LOW = 0.8
# Pairs grow with the square of the field: tables of pairs hold those at the top.
MOST_PAIRED = 40


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A priced line: its unit price times the quantity over the contract; None where there is no price."""

    item: PriceItem
    times: float
    unit_price: float | None
    suspicious: bool = False

    @property
    def amount(self) -> float | None:
        return None if self.unit_price is None else self.unit_price * self.times

    @property
    def yield_per_hour(self) -> float | None:
        """The most that an hour of work on this line can yield."""
        if self.unit_price is None or self.item.seconds_per_unit is None:
            return None
        return self.unit_price * SECONDS / self.item.seconds_per_unit


@dataclass(frozen=True, slots=True)
class Priced:
    """A vendor's offer: what it costs, what that scores, and the quality for which it is the price.

    Without a total the score is 0, and may become 100.
    """

    price: Price
    vendor: str
    quality: float
    lines: tuple[PricedLine, ...]
    total: float | None
    score: float = 0.0
    low: float = 0.0
    high: float = HUNDRED
    abnormally_low: bool = False
    lowest_total: float | None = None

    @property
    def bid(self) -> float:
        return inf if self.total is None else self.total

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(line.item.id for line in self.lines if line.unit_price is None)

    @property
    def suspicious(self) -> tuple[str, ...]:
        """Items whose price is ten times or more off what the others offer."""
        return tuple(line.item.id for line in self.lines if line.suspicious)

    @property
    def sound(self) -> bool:
        """Whether the total may decide what others score: a suspicious price waits for an answer first."""
        return self.total is not None and not any(line.suspicious for line in self.lines)

    @property
    def below_living_wage(self) -> tuple[str, ...]:
        """Items on which an hour of work yields less than the living wage."""
        wage = self.price.living_wage
        return tuple(
            line.item.id
            for line in self.lines
            if wage and line.yield_per_hour is not None and line.yield_per_hour < wage.amount * (1 - TOLERANCE)
        )

    @property
    def flags(self) -> tuple[str, ...]:
        flags = {
            "incomplete": bool(self.missing),
            "costs_nothing": self.total is None and not self.missing,
            "suspicious_price": bool(self.suspicious),
            "abnormally_low": self.abnormally_low,
            "yield_below_living_wage": bool(self.below_living_wage),
        }
        return tuple(name for name, applies in flags.items() if applies)

    def combine(self, quality: float, *, best: bool = False) -> float:
        """Combine a quality with the price score; `best` assumes the best for prices that are missing."""
        return combined(self.price, quality, self.high if best else self.score)

    def rank_key(self, quality: float, *, best: bool = False) -> float:
        """Find what ranks: the combined total, or under quality_per_price the quality for the lowest offer's money."""
        if self.price.rule != "quality_per_price":
            return self.combine(quality, best=best)
        if self.total is None:
            return inf if best else 0.0
        return quality * (self.lowest_total or self.total) / self.total


def unit_prices(offer: Mapping[str, Rated] | Mapping[str, Response]) -> Mapping[str, float]:
    """List unit prices by item; none where the offer is in another currency."""
    if offer[CURRENCY].state == "invalid":
        return {}
    return {
        name: line.given.number
        for name, line in offer.items()
        if line.given and line.given.number is not None and name not in (CURRENCY, VALIDITY)
    }


def price_offers(
    price: Price,
    offers: Mapping[str, Mapping[str, float]],
    qualities: Mapping[str, float],
    ranked: Container[str],
    confirmed: Container[tuple[str, str]] = (),
) -> Mapping[str, Priced]:
    """Score the unit prices of every vendor by item; `ranked` are the vendors that the gates let through.

    `qualities` are the totals without the price. A pair of vendor and item is `confirmed` where the buyer has asked:
    its price is never suspicious.
    """
    # What costs nothing says nothing of what others ask.
    rising = {item.id: sorted(bid for o in offers.values() if (bid := o.get(item.id))) for item in price.items}
    unscored = []
    for vendor, prices in offers.items():
        lines = []
        for item in price.items:
            own, others = prices.get(item.id), rising[item.id]
            doubt = bool(own and own > 0 and (vendor, item.id) not in confirmed and len(others) > 1)
            doubt = doubt and _is_far(own or 0.0, *_middle(others, own))
            lines.append(PricedLine(item, price.times(item), own, doubt))
        unscored.append(Priced(price, vendor, qualities[vendor], tuple(lines), _total(lines)))
    sound = {priced.vendor: priced.bid for priced in unscored if priced.vendor in ranked and priced.sound}
    rising_totals = sorted(sound.values())
    return {priced.vendor: _scored(priced, sound.get(priced.vendor), rising_totals) for priced in unscored}


def _middle(rising: Sequence[float], own: float | None) -> tuple[float, float]:
    """Find the low and the high median of figures in rising order, without one's own: no list for each vendor."""
    count = len(rising) - (own is not None)
    gap = len(rising) if own is None else bisect_left(rising, own)
    low, high = (at + (at >= gap) for at in ((count - 1) // 2, count // 2))
    return rising[low], rising[high]


def _is_far(price: float, low: float, high: float) -> bool:
    """Tell whether a unit price is ten times the others' median or more, or a tenth of it or less."""
    if high < _FAR_OFF * low:
        low = high = (low + high) / 2
    # Two middle prices that are far from each other have no middle: both are looked at.
    return price >= _FAR_OFF * high * (1 - TOLERANCE) or price * _FAR_OFF <= low * (1 + TOLERANCE)


def _total(lines: Sequence[PricedLine]) -> float | None:
    """Sum what is written, exactly: offers that cost the same are level, whatever their lines.

    None where a price is missing, and where all of it costs nothing, which no rule can compare.
    """
    priced = [(line.unit_price, line.times) for line in lines if line.unit_price is not None]
    total = sum(Fraction(repr(price)) * Fraction(repr(times)) for price, times in priced)
    return float(total) or None if len(priced) == len(lines) else None


def _scored(priced: Priced, own: float | None, rising: Sequence[float]) -> Priced:
    """Score an offer against the totals that decide, its own among them or not; without a total it stays as it is."""
    total = priced.total
    if total is None:
        return priced
    lowest, highest = (rising[0], rising[-1]) if rising else (total, total)
    score = price_score(priced.price, total, lowest, highest)
    has_others = len(rising) > (own is not None)
    low = has_others and total <= _ABNORMALLY_LOW * sum(_middle(rising, own)) / 2 * (1 + TOLERANCE)
    lowest_total = lowest if rising else None
    return replace(priced, score=score, low=score, high=score, abnormally_low=low, lowest_total=lowest_total)


def price_score(price: Price | PriceMethodRecord, total: float, lowest: float, highest: float) -> float:
    """Score one total; `lowest` and `highest` are those of the ranked field, and count under relative rules alone.

    Under quality_per_price no price has a score of its own: it is 0.
    """
    share = 0.0
    match price.rule:
        case "fixed_bounds":
            best, worst = price.best or 0.0, price.worst or 0.0
            share = (worst - total) / (worst - best)
        case "lowest_ratio":
            share = lowest / total
        case "linear_min_max":
            share = (highest - total) / (highest - lowest) if highest > lowest else float(total <= lowest)
        case "linear_from_lowest":
            share = 1 - (total - lowest) / lowest
    return HUNDRED * min(1.0, max(0.0, share))


def combined(price: Price, quality: float, score: float) -> float:
    """Total of quality and price, 0 to 100; under quality_per_price the quality itself."""
    return price.share * score + (1 - price.share) * quality


def flips(price: Price, ranked: Sequence[Priced]) -> tuple[PriceThreshold, ...]:
    """Find at which further bid the order of each two vendors would turn; only under relative rules.

    `ranked` are sound offers, best first. Of a large field the pairs of the first 40, since pairs grow with its square;
    all bids count.

    >>> price = Price(weight=50, rule="lowest_ratio", currency="USD", items=({"id": "P", "text": "x", "unit": "once",
    ...     "volume": 1},))
    >>> (flip,) = flips(price, [Priced(price, "bolt", 60.0, (), 100.0), Priced(price, "acme", 80.0, (), 200.0)])
    >>> flip.side, flip.price, flip.overtakes
    ('below', 40.0, 'acme')
    """
    if price.rule not in RELATIVE or not ranked:
        return ()
    lowest, highest = min(offer.bid for offer in ranked), max(offer.bid for offer in ranked)
    top = ranked[:MOST_PAIRED]
    turns = [
        flip
        for index, ahead in enumerate(top)
        for behind in top[index + 1 :]
        for flip in (*_passed(price, ahead, behind, lowest), *_flips(price, ahead, behind, lowest, highest))
    ]
    return (*turns, *_hinges(price, ranked, top))


def _threshold(
    side: str, at: float, overtakes: Priced, overtaken: Priced, *, passed: bool = False, bid: str = ""
) -> PriceThreshold:
    return PriceThreshold(
        side=side, price=at, overtakes=overtakes.vendor, overtaken=overtaken.vendor, passed=passed, bid=bid
    )


def _passed(price: Price, ahead: Priced, behind: Priced, lowest: float) -> Iterator[PriceThreshold]:
    """Find the lowest bid below which the better of two came ahead of the cheaper."""
    if price.rule != "lowest_ratio" or ahead.bid <= behind.bid:
        return
    lead = (1 - price.share) * (ahead.quality - behind.quality)
    threshold = lead / (HUNDRED * price.share * (1 / behind.bid - 1 / ahead.bid))
    if lowest < threshold <= behind.bid:
        yield _threshold("below", threshold, ahead, behind, passed=True)


def _hinges(price: Price, ranked: Sequence[Priced], top: Sequence[Priced]) -> Iterator[PriceThreshold]:
    """Find bids without which the order of two others would turn: only the lowest and the highest can be."""
    whole, totals = _totals(price, ranked), [offer.bid for offer in ranked]
    ends = [end for end in (min(totals), max(totals)) if totals.count(end) == 1]
    for out in (offer for offer in ranked if offer.bid in ends):
        rest = _totals(price, [offer for offer in ranked if offer is not out])
        for index, ahead in enumerate(top):
            for behind in top[index + 1 :]:
                if ahead is out or behind is out or whole[ahead.vendor] - whole[behind.vendor] <= TOLERANCE:
                    continue
                if rest[behind.vendor] - rest[ahead.vendor] > TOLERANCE:
                    yield _threshold("without", out.bid, behind, ahead, bid=out.vendor)


def _totals(price: Price, ranked: Sequence[Priced]) -> Mapping[str, float]:
    bids = [offer.bid for offer in ranked]
    lowest, highest = min(bids, default=0.0), max(bids, default=0.0)
    return {
        offer.vendor: combined(price, offer.quality, price_score(price, offer.bid, lowest, highest)) for offer in ranked
    }


def _flips(price: Price, ahead: Priced, behind: Priced, lowest: float, highest: float) -> Iterator[PriceThreshold]:
    weight = HUNDRED * price.share
    lead = (1 - price.share) * (ahead.quality - behind.quality)
    now = price_score(price, ahead.bid, lowest, highest) - price_score(price, behind.bid, lowest, highest)
    if lead + price.share * now <= TOLERANCE:
        return  # level: there is no order that could turn
    below = [b for b in _roots(price.rule, weight, lead, ahead.bid, behind.bid, highest) if 0 < b < lowest]
    if below:
        yield _threshold("below", max(below), behind, ahead)
    if price.rule == "linear_min_max" and lead < 0:
        above = lowest - weight * (behind.bid - ahead.bid) / lead
        if above > highest:
            yield _threshold("above", above, behind, ahead)


def _roots(rule: str, weight: float, lead: float, ahead: float, behind: float, highest: float) -> list[float]:
    """Solve for the lowest bids at which two offers are level."""
    if rule == "lowest_ratio":
        slope = weight * (1 / ahead - 1 / behind)
        return [-lead / slope] if lead < 0 < slope else []
    if rule == "linear_min_max":
        return [highest + weight * (behind - ahead) / lead] if lead < 0 < behind - ahead else []
    # Where both scores count, then where the dearer one has sunk to 0.
    cheap, dear = min(ahead, behind), max(ahead, behind)
    roots = []
    if lead:
        both = weight * (ahead - behind) / lead
        roots += [both] if both >= dear / 2 else []
    sign = 1.0 if ahead == cheap else -1.0
    share = 2 + sign * lead / weight
    if share > 0:
        alone = cheap / share
        roots += [alone] if cheap / 2 <= alone < dear / 2 else []
    return roots
