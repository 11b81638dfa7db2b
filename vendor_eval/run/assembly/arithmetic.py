"""What report.html computes with, from the vendors that were judged."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from vendor_eval.criteria import Category
from vendor_eval.criteria.conditions import holds
from vendor_eval.results import DECLARATION, page
from vendor_eval.scoring.field import Judged
from vendor_eval.scoring.gates import WORST_FIRST, is_due, waiver_of
from vendor_eval.scoring.what_if import WhatIfs
from vendor_eval.tender import Evaluation


def arithmetic(
    evaluation: Evaluation, judged: Sequence[Judged], without: Mapping[str, Sequence[Judged]]
) -> page.Arithmetic:
    """Write down all that ranks these vendors; `without` has them judged without the sheet of each evaluator."""
    what_ifs = WhatIfs(evaluation)
    settings, criteria = evaluation.settings, evaluation.criteria
    places = {name: place for place, name in enumerate(evaluation.asked_questions)}
    asked = [c for c in criteria.categories if evaluation.asked(c)]
    below = [(at, f"{c.category}.{criterion.id}", criterion) for at, c in enumerate(asked) for criterion in c.criteria]
    criterion_places = {name: place for place, (_, name, _) in enumerate(below)}
    return page.Arithmetic(
        is_screen=evaluation.is_screen,
        stage=evaluation.stage,
        missing=settings.missing,
        shortlist=settings.shortlist,
        tie_breakers=tuple(settings.tie_breakers),
        categories=page.Categories(
            ids=tuple(c.category for c in asked),
            titles=tuple(c.title for c in asked),
            weights=_points(evaluation, asked, evaluation.weights),
            # All of the weight of some is on what is not asked here.
            presets={
                name: points
                for name in evaluation.presets
                if any(points := _points(evaluation, asked, criteria.presets[name]))
            },
        ),
        criteria=page.Criteria(
            ids=tuple(name for _, name, _ in below),
            titles=tuple(criterion.title for _, _, criterion in below),
            weights=tuple(float(criterion.weight) for _, _, criterion in below),
            categories=tuple(at for at, _, _ in below),
        ),
        questions=page.Questions(
            ids=tuple(places),
            weights=tuple(float(question.weight) for question in evaluation.asked_questions.values()),
            criteria=tuple(criterion_places[criteria.parents[name]] for name in places),
            scored=tuple(question.is_scored for question in evaluation.asked_questions.values()),
            hangs_on=tuple(tuple(places[other] for other in what_ifs.hangs_on[name]) for name in places),
        ),
        gates=_gates(evaluation, places),
        floors=_floors(evaluation),
        price=_price(evaluation, judged),
        vendors=_vendors(evaluation, judged, what_ifs),
        without={name: dict(_changed(what_ifs, judged, others, places)) for name, others in without.items()},
        leaves=tuple(what_ifs.leaves),
    )


def _points(
    evaluation: Evaluation, asked: Sequence[Category], weights: Mapping[str, float]
) -> tuple[float | None, ...]:
    """Give the points of the total of each category; None where it can have no weight, as in a screen."""
    if evaluation.is_screen:
        return (None,) * len(asked)
    price, scope = evaluation.price, evaluation.scope
    left = 100 * (1 - price.share) if price else 100.0
    counting = {
        c.category: weights.get(c.category, 0.0)
        for c in asked
        if c.weighted
        and any(part.weight and q.weight and q.is_scored and scope[q.id] for part in c.criteria for q in part.questions)
    }
    stated = fsum(counting.values()) or 1.0
    return tuple(left * counting[c.category] / stated if c.category in counting else None for c in asked)


def _gates(evaluation: Evaluation, places: Mapping[str, int]) -> page.Gates:
    counted: Counter[str] = Counter()
    rows = []
    for name, question in evaluation.asked_questions.items():
        for gate in question.gates:
            branches = []
            for tests in gate.branches(name):
                branch = []
                for other, _ in tests:
                    branch.append((places.get(other, -1), counted[other]))
                    counted[other] += 1
                branches.append(tuple(branch))
            known = tuple(branch for branch in branches if all(place >= 0 for place, _ in branch))
            applies = holds(gate.when, evaluation.context)
            if applies is not False and known:
                due, because = is_due(gate.stage, evaluation.stage), gate.reason or question.text
                unset, alone = applies is None, not gate.questions
                rows.append((places[name], gate.kind, because, gate.stage, due, unset, alone, known))
    return page.Gates(*(zip(*rows, strict=True) if rows else [()] * 8))


def _floors(evaluation: Evaluation) -> page.Floors:
    rows = []
    for name, floor in () if evaluation.is_screen else evaluation.floors.items():
        applies = holds(floor.when, evaluation.context)
        if applies is not False:
            due, title = is_due(floor.stage, evaluation.stage), evaluation.criteria.titles[name]
            rows.append((name, float(floor.at_least), floor.kind, title, floor.stage, due, applies is None))
    return page.Floors(*(zip(*rows, strict=True) if rows else [()] * 7))


def _price(evaluation: Evaluation, judged: Iterable[Judged]) -> page.PriceTable | None:
    price = None if evaluation.is_screen else evaluation.price
    if price is None:
        return None
    offers = [(vendor.priced, vendor.offer) for vendor in judged if vendor.priced]
    return page.PriceTable(
        weight=100 * price.share,
        rule=price.rule,
        best=price.best,
        worst=price.worst,
        currency=price.currency,
        lines=tuple(item.id for item in price.items),
        totals=tuple(priced.total for priced, _ in offers),
        unit_prices=tuple(tuple(line.unit_price for line in priced.lines) for priced, _ in offers),
        confirmed=tuple(
            tuple(any(f.verified or f.answer is not None for f in offer[item.id].findings) for item in price.items)
            for _, offer in offers
        ),
    )


def _vendors(evaluation: Evaluation, judged: Sequence[Judged], what_ifs: WhatIfs) -> page.VendorTable:
    today = evaluation.settings.as_of
    signed = [[gate for gate in vendor.verdict.gates if gate.question == DECLARATION] for vendor in judged]
    named = [*((name, "question") for name in evaluation.asked_questions), *((n, "node") for n in evaluation.floors)]
    waivers = [
        {name: w for name, kind in named if (w := waiver_of(evaluation, vendor.vendor, **{kind: name}))}
        for vendor in judged
    ]
    return page.VendorTable(
        ids=tuple(vendor.vendor for vendor in judged),
        names=tuple(vendor.name for vendor in judged),
        scores=tuple(None if evaluation.is_screen else vendor.total(vendor.card.total.score) for vendor in judged),
        variants=tuple(tuple(own for _, own in what_ifs.variants(vendor.card)) for vendor in judged),
        signed=tuple(WORST_FIRST.index(gates[0].result) if gates else None for gates in signed),
        waived=tuple(tuple(name for name, waiver in own.items() if not waiver.is_over(today)) for own in waivers),
        lapsed=tuple(tuple(name for name, waiver in own.items() if waiver.is_over(today)) for own in waivers),
    )


def _changed(
    what_ifs: WhatIfs, judged: Iterable[Judged], others: Iterable[Judged], places: Mapping[str, int]
) -> Iterable[tuple[int, dict[int, page.Variants]]]:
    """Give the variants that another sheet less makes others, by vendor and question."""
    for at, (vendor, other) in enumerate(zip(judged, others, strict=True)):
        if anew := {places[name]: variants for name, variants in what_ifs.variants(other.card, vendor.card)}:
            yield at, anew
