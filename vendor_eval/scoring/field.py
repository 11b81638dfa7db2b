"""All vendors in the race: scored, judged by gates and floors, priced and ranked, under one set of findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

from vendor_eval.findings.acts import Finding, Rated, rate, rate_offer
from vendor_eval.intake.responses import VendorReading
from vendor_eval.intake.submission import VendorResponse
from vendor_eval.scoring.gates import Verdict, judge
from vendor_eval.scoring.pricing import Priced, price_offers, unit_prices
from vendor_eval.scoring.ranking import Place, Ranking, rank
from vendor_eval.scoring.score import Leaf, Scorecard, score
from vendor_eval.tender import PRICE, Evaluation

_NOT_RANKED = Place(rank=None)
# Another form that asks less of the weight says too little of a vendor to compare it with others.
_LEAST_REACHED = 0.5


@dataclass(frozen=True)
class Judged:
    """A vendor in the race: its submission, scorecard, verdict, price and place.

    `priced` is None in an evaluation without a price, and while prices are sealed. The *key* is the figure by which
    vendors are ranked.
    """

    reading: VendorReading
    submission: VendorResponse
    card: Scorecard
    verdict: Verdict
    offer: Mapping[str, Rated]
    priced: Priced | None = None
    place: Place = _NOT_RANKED

    @property
    def vendor(self) -> str:
        return self.card.vendor

    @property
    def name(self) -> str:
        return self.submission.name

    @property
    def excluded(self) -> bool:
        return self.verdict.status == "excluded"

    @property
    def reached(self) -> tuple[Leaf, ...]:
        """What a form of the vendor asks too, and what the buyer answered for it."""
        return tuple(leaf for leaf in self.card.leaves if leaf.rated.response.found_by or leaf.rated.given)

    @property
    def is_compared(self) -> bool:
        """Whether enough was asked of the vendor; a form that a mapping reads must reach half of the weight."""
        if self.reading.used_mapping is None:
            return True
        reached, whole = (fsum(leaf.global_weight for leaf in leaves) for leaves in (self.reached, self.card.leaves))
        return reached >= _LEAST_REACHED * whole

    @property
    def rank(self) -> int:
        return self.place.rank or 0

    @property
    def quality(self) -> float:
        return self.card.total.score or 0.0

    def total(self, quality: float | None, *, best: bool = False) -> float:
        """Combine a quality with the price, 0 to 100; `best` assumes the best for prices that are missing."""
        return self.priced.combine(quality or 0.0, best=best) if self.priced else quality or 0.0

    @property
    def key(self) -> float:
        return self._key(self.quality)

    @property
    def lowest_key(self) -> float:
        """Key if everything open turns out worst."""
        return self._key(self.card.total.low or 0.0)

    @property
    def highest_key(self) -> float:
        """Key if everything open turns out best."""
        return self._key(self.card.total.high or 0.0, best=True)

    @property
    def key_per_point(self) -> float:
        """Key for one point of quality where quality is divided by the price; 1 elsewhere."""
        return self._key(1.0) if self.priced and self.priced.price.rule == "quality_per_price" else 1.0

    def _key(self, quality: float, *, best: bool = False) -> float:
        return self.priced.rank_key(quality, best=best) if self.priced else quality

    def tie_breaker(self, name: str) -> float:
        """Find the score of a category, or the price negated: of tied vendors the one with more is ahead."""
        if name == PRICE:
            return -self.priced.bid if self.priced else 0.0
        return self.card.node(name).score or 0.0


Ranked = tuple[dict[str, list[Finding]], list[Judged], Ranking]


def rank_under(
    evaluation: Evaluation,
    readings: Sequence[VendorReading],
    findings: Iterable[Finding],
    before: Iterable[Judged] = (),
) -> Ranked:
    """Score, judge, price and rank every vendor that was read, under these findings.

    Of vendors that were judged `before`, under other findings, only what these change is worked out again. Returns the
    findings by vendor, the judged vendors in the order of the readings, and the ranking.
    """
    earlier = {vendor.vendor: vendor for vendor in before}
    by_vendor: dict[str, list[Finding]] = {reading.vendor.id: [] for reading in readings}
    for finding in findings:
        by_vendor[finding.vendor].append(finding)
    judged = [
        _judge(evaluation, reading, reading.submission, by_vendor[reading.vendor.id], earlier)
        for reading in readings
        if reading.submission is not None
    ]
    if evaluation.is_screen:
        return by_vendor, judged, Ranking({}, ())
    judged = _price(evaluation, judged)
    compared = [vendor for vendor in judged if vendor.is_compared]
    ranking = rank(
        {vendor.vendor: vendor.key for vendor in compared},
        lows={vendor.vendor: vendor.lowest_key for vendor in compared},
        highs={vendor.vendor: vendor.highest_key for vendor in compared},
        excluded={vendor.vendor for vendor in compared if vendor.excluded},
        tie_breakers={
            name: {vendor.vendor: vendor.tie_breaker(name) for vendor in compared}
            for name in evaluation.settings.tie_breakers
        },
    )
    placed = [replace(vendor, place=ranking.places.get(vendor.vendor, _NOT_RANKED)) for vendor in judged]
    return by_vendor, placed, ranking


def _judge(
    evaluation: Evaluation,
    reading: VendorReading,
    submission: VendorResponse,
    findings: Sequence[Finding],
    earlier: Mapping[str, Judged],
) -> Judged:
    before = earlier[submission.vendor].card if submission.vendor in earlier else None
    rated = {leaf.question.id: leaf.rated for leaf in before.leaves} if before else {}
    card = score(evaluation, submission.vendor, rate(submission, findings, evaluation, rated), before)
    offer = rate_offer(submission, findings, evaluation)
    return Judged(reading, submission, card, judge(evaluation, card, submission.declaration), offer)


def _price(evaluation: Evaluation, judged: Sequence[Judged]) -> list[Judged]:
    """Price all offers; only those of vendors in the race set the lowest and the highest price."""
    price = evaluation.price
    if price is None:
        return list(judged)
    priced = price_offers(
        price,
        {vendor.vendor: unit_prices(vendor.offer) for vendor in judged},
        {vendor.vendor: vendor.quality for vendor in judged},
        ranked={vendor.vendor for vendor in judged if vendor.is_compared and not vendor.excluded},
        confirmed={
            (vendor.vendor, item)
            for vendor in judged
            for item, line in vendor.offer.items()
            if any(finding.verified or finding.answer is not None for finding in line.findings)
        },
    )
    return [replace(vendor, priced=priced[vendor.vendor]) for vendor in judged]


def in_order(ranking: Ranking, judged: Iterable[Judged]) -> tuple[Judged, ...]:
    by_vendor = {vendor.vendor: vendor for vendor in judged}
    return tuple(by_vendor[name] for name in ranking.order)
