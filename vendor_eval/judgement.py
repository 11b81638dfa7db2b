"""Vendors judged: scored, held against gates and floors, priced, ranked. Everything here is under given findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from vendor_eval.findings import Finding, Rated, rate, rate_offer
from vendor_eval.firmness import Entrant
from vendor_eval.gates import Verdict, judge
from vendor_eval.offering import unit_prices
from vendor_eval.pricing import Priced, combined, price_offers, rank_key
from vendor_eval.ranking import Contender, Ranking, rank
from vendor_eval.responses import VendorReading
from vendor_eval.scoring import Scorecard, score
from vendor_eval.submission import VendorResponse
from vendor_eval.tender import PRICE, Evaluation


@dataclass(frozen=True)
class Judged:
    """A vendor that was scored."""

    reading: VendorReading
    submission: VendorResponse
    card: Scorecard
    verdict: Verdict
    offer: Mapping[str, Rated]
    priced: Priced | None = None

    def total(self, evaluation: Evaluation, name: str, *, best: bool = False) -> float:
        """Total with the price, of the quality by this name."""
        quality = getattr(self.card.total, name) or 0.0
        price = evaluation.settings.price
        if price is None or self.priced is None:
            return float(quality)
        return combined(price, quality, self.priced.high if best else self.priced.score)

    def key(self, evaluation: Evaluation, name: str, *, best: bool = False) -> float:
        """Find what ranks, of the quality by this name."""
        price = evaluation.settings.price
        if price is None or self.priced is None:
            return self.total(evaluation, name, best=best)
        return rank_key(price, self.priced, getattr(self.card.total, name) or 0.0, best=best)


Ranked = tuple[dict[str, list[Finding]], list[Judged], Ranking]


def rank_under(evaluation: Evaluation, readings: Iterable[VendorReading], found: Iterable[Finding]) -> Ranked:
    """Score, judge, price and rank under these findings."""
    read = list(readings)
    findings: dict[str, list[Finding]] = {reading.tenderer.id: [] for reading in read}
    for finding in found:
        findings[finding.vendor].append(finding)
    judged = [_judge(evaluation, one, findings[one.tenderer.id]) for one in read if one.submission is not None]
    judged = _price(evaluation, judged)
    return findings, judged, rank([_contender(evaluation, one) for one in judged], evaluation.settings.tie_breakers)


def _judge(evaluation: Evaluation, reading: VendorReading, findings: Iterable[Finding]) -> Judged:
    submission = reading.submission
    if submission is None:
        raise TypeError(reading.tenderer.id)
    card = score(evaluation, submission.vendor, rate(submission, findings, evaluation))
    offer = rate_offer(submission, findings, evaluation)
    return Judged(reading, submission, card, judge(evaluation, card), offer)


def _price(evaluation: Evaluation, judged: Sequence[Judged]) -> list[Judged]:
    """Price what the gates let through: only ranked vendors make the field."""
    price = evaluation.settings.price
    if price is None:
        return list(judged)
    offers = {one.card.vendor: unit_prices(one.offer) for one in judged}
    confirmed = {(one.card.vendor, name) for one in judged for name, line in one.offer.items() if _asked_back(line)}
    ranked = {one.card.vendor for one in judged if one.verdict.status != "excluded"}
    priced = price_offers(price, offers, ranked, confirmed)
    return [replace(one, priced=priced[one.card.vendor]) for one in judged]


def _asked_back(line: Rated) -> bool:
    return any(finding.verified or finding.answer is not None for finding in line.findings)


def _contender(evaluation: Evaluation, one: Judged) -> Contender:
    breakers = {name: _breaker(one, name) for name in evaluation.settings.tie_breakers}
    ranked = one.verdict.status != "excluded"
    low, high = one.key(evaluation, "low"), one.key(evaluation, "high", best=True)
    return Contender(one.card.vendor, ranked, one.key(evaluation, "score"), low, high, breakers)


def _breaker(one: Judged, name: str) -> float:
    """Score of a category, or the lower price; the higher figure is the better one."""
    if name != PRICE or one.priced is None:
        return one.card.node(name).score or 0.0
    return -inf if one.priced.total is None else -one.priced.total


def entrants(evaluation: Evaluation, ranking: Ranking, judged: Iterable[Judged]) -> list[Entrant]:
    """List ranked vendors in order."""
    price = evaluation.settings.price
    ranked = {one.card.vendor: one for one in judged}
    return [
        Entrant(one.submission.name, one.card, one.verdict, ranking.places[name].rank or 0, price, one.priced)
        for name in ranking.order
        for one in (ranked[name],)
    ]
