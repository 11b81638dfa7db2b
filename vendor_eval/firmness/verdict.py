"""The verdict on the first place in one word, and each single thing on which it depends."""

from collections.abc import Iterable, Iterator

from vendor_eval.firmness.field import Field
from vendor_eval.results import Result
from vendor_eval.results.firmness import Ask, Dependence, Firmness, Robustness

OPEN = Firmness(word="open")


def firmness_of(field: Field, record: Robustness, asks: Iterable[Ask]) -> Firmness:
    """Find the word for a field with a winner, as its records say; `asks` are all its open answers.

    *open*: no winner is clear, or the first place is tied. Else *depends*: another price rule, one evaluator left out,
    one open answer, or a requirement that the first does not meet yet would put somebody else first. Else *firm*.
    """
    if record.verdict != "clear" or field.is_tied:
        return OPEN
    on = (*_single_changes(field, record, asks), *_requirements(field, record))
    return Firmness(word="depends", on=on) if on else Firmness(word="firm")


def open_while_provisional(result: Result) -> Result:
    """Take back the word of a result that is provisional: while ratings are missing it is *open*."""
    if result.robustness is None or not result.evaluation.provisional:
        return result
    return result.model_copy(update={"robustness": result.robustness.model_copy(update={"firmness": OPEN})})


def _single_changes(field: Field, record: Robustness, asks: Iterable[Ask]) -> Iterator[Dependence]:
    """List the price rules, evaluators and open answers that alone would put somebody else first."""
    for rule in record.price.rules if record.price else ():
        if not rule.stated and rule.winner not in {None, record.winner}:
            yield Dependence(cause="price_rule", id=rule.rule, winner=rule.winner or "")
    for left_out in record.leave_one_out:
        if left_out.kind == "evaluator" and left_out.winner not in {None, record.winner}:
            yield Dependence(cause="evaluator", id=left_out.without, winner=left_out.winner or "")
    for ask in asks:
        if ask.alone:
            winner = field.vendors[1] if ask.vendor == field.vendors[0] else ask.vendor
            yield Dependence(cause="answer", id=f"{ask.vendor}/{ask.question}", winner=winner)


def _requirements(field: Field, record: Robustness) -> Iterator[Dependence]:
    """List the musts that the first fails or leaves open, and its open knock-outs, due or not."""
    next_first = next(
        (row.winner for row in record.leave_one_out if (row.kind, row.without) == ("vendor", record.winner)), None
    )
    if next_first is None:
        return
    wanting = (result for result in field.ranked[0].verdict.conditions if result.outcome != "pass")
    for about in dict.fromkeys(result.about for result in wanting):
        yield Dependence(cause="requirement", id=about, winner=next_first)
