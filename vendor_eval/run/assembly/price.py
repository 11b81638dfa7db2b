"""Records of offers: what each vendor priced, from its cell to the points of the total, and what to ask about it."""

from collections.abc import Iterable, Iterator, Mapping

from vendor_eval import results as r
from vendor_eval.criteria.parsing import shorten
from vendor_eval.criteria.parsing.money import beside_currency
from vendor_eval.findings.acts import Rated
from vendor_eval.issues import Issue
from vendor_eval.run.assembly.records import finding_record, record_of
from vendor_eval.scoring.pricing import Priced, flips
from vendor_eval.tender import CURRENCY, VALIDITY
from vendor_eval.tender.price import RELATIVE, Price, PriceItem

_QUOTED = 600
_WARNINGS = {
    "fixed_bounds": "",
    "quality_per_price": "Quality is divided by the price: a vendor of little quality can come first by being cheap.",
}
_RELATIVE = "Each price is scored against other bids: a bid that loses, or a further one, can change who comes first."


def price_record(priced: Priced, offer: Mapping[str, Rated]) -> r.PriceRecord:
    price = priced.price
    scored = price.rule != "quality_per_price"
    validity = offer[VALIDITY].given
    return record_of(
        r.PriceRecord,
        priced,
        currency=price.currency,
        score=priced.score if scored else None,
        low=priced.low if scored else None,
        high=priced.high if scored else None,
        weight=price.share * 100,
        contribution=price.share * priced.score,
        ratio=priced.quality / priced.total if priced.total else None,
        valid_until=validity.text if validity else None,
        items=tuple(
            record_of(
                r.PriceItemRecord,
                line,
                id=line.item.id,
                volume=line.item.volume,
                state=offer[line.item.id].state,
                raw=offer[line.item.id].response.raw,
                finding=_finding(offer[line.item.id]),
                source=r.Source.at(offer[line.item.id].response.location),
            )
            for line in priced.lines
        ),
    )


def _finding(line: Rated) -> r.FindingRecord | None:
    acts = [finding for finding in line.findings if finding.kind != "note"] or list(line.findings)
    return finding_record(acts[0]) if acts else None


def method_record(price: Price, ranked: Iterable[Priced], *, sealed: bool = False) -> r.PriceMethodRecord:
    """Build the record of how the price counts, and at which further bid the order would turn.

    `ranked` are the offers of ranked vendors, best first; those that are not sound decide nothing.
    """
    offers = [offer for offer in ranked if offer.sound]
    bids = [offer.bid for offer in offers]
    wage = price.living_wage
    return record_of(
        r.PriceMethodRecord,
        price,
        relative=price.rule in RELATIVE,
        best=price.best if price.rule == "fixed_bounds" else None,
        worst=price.worst if price.rule == "fixed_bounds" else None,
        items=tuple(record_of(r.PriceItemDefinition, line, times=price.times(line)) for line in price.items),
        living_wage=record_of(r.LivingWageRecord, wage) if wage else None,
        lowest=min(bids, default=None),
        highest=max(bids, default=None),
        warning=_RELATIVE if price.rule in RELATIVE else _WARNINGS[price.rule],
        thresholds=flips(price, offers),
        sealed=sealed,
    )


def offer_issues(priced: Priced, offer: Mapping[str, Rated]) -> Iterator[Issue]:
    """List what is missing from an offer and what to ask the vendor, without any figure of another vendor."""
    price = priced.price
    for line in priced.lines:
        yield from _line_issues(priced, line.item, offer[line.item.id])
    yield from _whole_issues(priced, offer)
    yield from _remark_issues(price.currency, offer)
    wage = price.living_wage
    for line in priced.lines:
        if wage and line.item.id in priced.below_living_wage:
            most, seconds = f"{line.yield_per_hour or 0.0:,.2f}", line.item.seconds_per_unit
            text = (
                f"at {seconds:g} s a unit this price yields {most} {price.currency} an hour at most; "
                f"the living wage named here is {wage.amount:,.2f} ({wage.source}): ask how the hour is paid"
            )
            place = offer[line.item.id].response.location
            yield Issue.of_answer("yield-below-living-wage", text, place, line.item.id)


def _remark_issues(asked: str, offer: Mapping[str, Rated]) -> Iterator[Issue]:
    """Quote the remarks of a vendor on its prices, which change no figure."""
    currency = offer[CURRENCY]
    if currency.state == "answered" and beside_currency(currency.response.raw, asked):
        quoted = shorten(currency.response.raw, _QUOTED)
        text = f"'{quoted}' says more than the currency: does that change a price?"
        yield Issue.of_answer("said-beside-currency", text, currency.response.location, CURRENCY)
    for name, line in offer.items():
        for column, text in (("Evidence", line.response.evidence), ("Comment", line.response.comment)):
            if text:
                quoted = f"{column} says '{shorten(text, _QUOTED)}'"
                yield Issue.of_answer("said-beside-price", quoted, line.response.location, name)


def _line_issues(priced: Priced, item: PriceItem, line: Rated) -> Iterator[Issue]:
    if line.state == "blank":
        text = "no price yet. Until there is one, the price of the whole offer scores 0"
        yield Issue.of_answer("price-missing", text, line.response.location, item.id)
    if item.id in priced.suspicious:
        asked = "the cost that is paid once" if item.once else f"the price of one {item.unit}, or of 1,000"
        text = f"'{line.response.raw}' is ten times or more off what others offer: is it {asked}? Confirm it"
        yield Issue.of_answer("price-suspicious", text, line.response.location, item.id)


def _whole_issues(priced: Priced, offer: Mapping[str, Rated]) -> Iterator[Issue]:
    place = offer[CURRENCY].response.location
    if priced.abnormally_low:
        text = (
            "the total is 20 % or more below the median of the other offers: "
            "ask how it is made up, hour by hour, and what is not in it"
        )
        yield Issue.of_answer("abnormally-low", text, place, CURRENCY)
    if len(priced.missing) == len(priced.lines):
        return
    if "costs_nothing" in priced.flags:
        text = "the whole offer costs nothing, so no price counts yet: ask in which line the cost of the work stands"
        yield Issue.of_answer("offer-costs-nothing", text, place, CURRENCY)
    if offer[CURRENCY].state == "blank":
        text = "the currency is not confirmed: prices were read as asked for"
        yield Issue.of_answer("currency-not-confirmed", text, place, CURRENCY)
    if offer[VALIDITY].state == "blank":
        text = "the day until which the offer holds is missing"
        yield Issue.of_answer("validity-missing", text, offer[VALIDITY].response.location, VALIDITY)
