"""Parts of report.html that nothing changes: a pilot, clarifications, conditions, the price rules."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.measures import amount, promise, with_unit
from vendor_eval.reports.wording import pilot as words
from vendor_eval.reports.wording.lookups import names_of, questions_of
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.reports.wording.price import rule_title
from vendor_eval.reports.wording.requirements import BEFORE
from vendor_eval.results import PriceMethodRecord, Result
from vendor_eval.results.pilot import LinkRecord, PilotVendorRecord
from vendor_eval.results.vendors import ConditionRecord, ReplacedRecord

View: TypeAlias = dict[str, Any]
_RULES = ("fixed_bounds", "lowest_ratio", "linear_min_max", "linear_from_lowest", "quality_per_price")


def price_rules(price: PriceMethodRecord | None) -> tuple[tuple[str, str], ...]:
    """List the price rules that can be applied, by key and title; none without prices."""
    if price is None or price.sealed:
        return ()
    known = _RULES if price.best is not None and price.worst is not None else _RULES[1:]
    return tuple((rule, f"{rule_title(rule)}{' (agreed)' * (rule == price.rule)}") for rule in known)


def pilot_part(result: Result) -> View | None:
    """Show what a pilot measured, a row for each promise; None without a pilot."""
    pilot = result.pilot
    if pilot is None:
        return None
    names, texts = names_of(result), _texts(result)
    vendors = [(names[vendor.id], vendor) for vendor in pilot.vendors]
    return {
        "title": words.headline(result, pilot),
        "about": words.about(pilot),
        "sentences": tuple(filter(None, (words.by_chance(pilot), *words.in_the_scores(pilot)))),
        "vendors": tuple(_pilot_vendor(name, vendor, texts) for name, vendor in vendors),
    }


def _texts(result: Result) -> dict[str, str]:
    return {question.id: f"{question.id} {question.text}" for _, question in questions_of(result)}


def _pilot_vendor(name: str, vendor: PilotVendorRecord, texts: Mapping[str, str]) -> View:
    measured = vendor.status == "measured"
    sentences = filter(None, (words.candour_of(vendor), words.batch_sentence(vendor)))
    return {
        "name": name,
        "title": words.card_title(vendor) if measured else "Not measured",
        "words": " ".join(f"{sentence.rstrip('.')}." for sentence in sentences),
        "rows": tuple(_promise(link, texts) for link in vendor.links),
    }


def _promise(link: LinkRecord, texts: Mapping[str, str]) -> View:
    unit = words.unit_of(link)
    return {
        "question": texts.get(link.question, link.question),
        "figure": words.title_of(link),
        "said": with_unit(promise(link.promised), unit),
        "measured": with_unit(amount(link.measured, unit, link.promised), unit),
        "range": words.interval(link, unit),
        "verdict": words.VERDICTS[link.verdict],
        "counts": words.counts_as(link, unit),
    }


def conditions_part(result: Result) -> tuple[View, ...]:
    """Show what each vendor still has to meet, who sees to it and by when; empty where nothing is open."""
    return tuple(
        {
            "name": vendor.name,
            "count": counted(len(vendor.conditions), "condition"),
            "rows": tuple(map(_condition, vendor.conditions)),
        }
        for vendor in result.in_order
        if vendor.conditions
    )


def _condition(condition: ConditionRecord) -> View:
    waived = condition.result == "waived"
    until = f" until {day(condition.until)}" if condition.until else ""
    when = f"waived{until}" if waived else BEFORE.get(condition.stage or "", "")
    return {
        "what": f"{condition.what or condition.reason}{f' ({condition.question})' * bool(condition.question)}",
        "before": when[:1].upper() + when[1:],
        "due": day(condition.due) if condition.due else "No date yet",
        "owner": condition.owner or "Nobody yet",
        "proof": condition.proof,
    }


def changes_part(result: Result) -> tuple[View, ...]:
    """Show what clarifications replaced, by vendor; empty where none did."""
    texts = _texts(result)
    texts |= {item.id: item.text for item in result.price.items} if result.price else {}

    def rows(replaced: Sequence[ReplacedRecord]) -> Iterator[View]:
        for record in replaced:
            before = "; ".join(f"{old.raw or '(nothing)'} ({old.source})" for old in record.earlier)
            about = texts.get(record.question.partition(".")[0], record.question)
            yield {"question": about, "before": before, "now": record.raw, "where": str(record.source)}

    return tuple(
        {"name": v.name, "count": counted(len(v.replaced), "change"), "rows": tuple(rows(v.replaced))}
        for v in result.in_order
        if v.replaced
    )
