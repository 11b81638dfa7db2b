"""The panel in records: who scored what, how far they agree, who is missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vendor_eval import results as r
from vendor_eval.findings.acts import Finding, SheetFinding, aggregated
from vendor_eval.findings.agreement import Ratings, Unit, agreement, concordance, severity, spread
from vendor_eval.findings.sheet_rows import given_to
from vendor_eval.findings.sheets import Scores
from vendor_eval.run.assembly.findings import finding_record
from vendor_eval.tender import CONSENSUS, Evaluation
from vendor_eval.tender.evaluators import Evaluator


def ratings_of(evaluation: Evaluation, scores: Scores) -> Ratings:
    """Levels by evaluator and unit."""
    ratings: dict[str, dict[Unit, float]] = {evaluator.id: {} for evaluator in evaluation.settings.evaluators}
    for finding in scores.findings:
        if finding.level is not None and finding.evaluator in ratings:
            ratings[finding.evaluator][finding.vendor, finding.question] = finding.level
    return ratings


def missing_levels(
    evaluation: Evaluation, ratings: Ratings, wanted: Iterable[tuple[str, str]]
) -> tuple[r.MissingLevel, ...]:
    """List the levels that an evaluator was asked for and has not given, of the units that want any."""
    listed = list(wanted)
    return tuple(
        r.MissingLevel(evaluator=evaluator.id, vendor=vendor, question=question)
        for evaluator in evaluation.settings.evaluators
        for rubrics in (given_to(evaluation, evaluator),)
        for vendor, question in listed
        if question in rubrics and (vendor, question) not in ratings[evaluator.id]
    )


@dataclass(frozen=True, slots=True)
class Leaders:
    """Who comes first overall, and in each category."""

    winner: str | None
    categories: Mapping[str, str | None]


def panel_record(
    evaluation: Evaluation,
    scores: Scores,
    findings: Mapping[str, Sequence[Finding]],
    missing: tuple[r.MissingLevel, ...],
    leaders: Leaders,
    without: Mapping[str, Leaders],
) -> r.PanelRecord:
    """Write down who gave what, how far they agree, and what the ranking owes to whom.

    `findings` are those of each vendor, `without` the leaders when the sheet of an evaluator is left out.
    """
    settings, ratings = evaluation.settings, ratings_of(evaluation, scores)
    categories = tuple(_categories(evaluation, ratings, list(findings), leaders, without))
    overall = agreement(ratings, _units(ratings))
    sheets = {sheet.evaluator: sheet for sheet in scores.sheets}
    return r.PanelRecord(
        evaluators=tuple(evaluator.id for evaluator in settings.evaluators),
        aggregate=settings.aggregate,
        alpha=r.AlphaRecord(
            overall=overall.alpha,
            categories={category.id: category.alpha for category in categories},
            verdict=overall.verdict,
            verdicts={category.id: category.verdict for category in categories},
        ),
        kendall_w=concordance(ratings, list(findings)),
        severity=severity(ratings),
        spread=tuple(
            r.SpreadRecord(vendor=wide.vendor, question=wide.question, levels=dict(wide.levels))
            for wide in spread(ratings)
        ),
        without=tuple(r.WithoutRecord(evaluator=name, winner=led.winner) for name, led in without.items()),
        categories=categories,
        ratings=tuple(_ratings(evaluation, findings)),
        members=tuple(_member(evaluation, evaluator, scores, ratings) for evaluator in settings.evaluators),
        consensus=sheets[CONSENSUS].file.file if CONSENSUS in sheets else None,
        missing=missing,
        conflicts=tuple(
            r.ConflictRecord(evaluator=evaluator.id, vendor=conflict.vendor, reason=conflict.reason)
            for evaluator in settings.evaluators
            for conflict in evaluator.conflicts
        ),
        issues=tuple(r.IssueRecord.of(issue) for issue in scores.issues),
        seed=settings.seed,
        blinded=scores.key is not None,
    )


def _units(ratings: Ratings) -> list[Unit]:
    return list(dict.fromkeys(unit for levels in ratings.values() for unit in levels))


def _categories(
    evaluation: Evaluation,
    ratings: Ratings,
    vendors: Sequence[str],
    leaders: Leaders,
    without: Mapping[str, Leaders],
) -> Iterator[r.CategoryPanelRecord]:
    """Look at the levels of each category alone."""
    parents = evaluation.criteria.parents
    asked = {
        q: parents[q].partition(".")[0]
        for evaluator in evaluation.settings.evaluators
        for q in given_to(evaluation, evaluator)
    }
    for name in dict.fromkeys(asked[q] for q in evaluation.asked_questions if q in asked):
        inside = {
            evaluator: {unit: level for unit, level in levels.items() if asked[unit[1]] == name}
            for evaluator, levels in ratings.items()
        }
        agreed = agreement(inside, _units(inside))
        yield r.CategoryPanelRecord(
            id=name,
            alpha=agreed.alpha,
            verdict=agreed.verdict,
            kendall_w=concordance(inside, vendors),
            severity=severity(inside),
            apart=len(spread(inside)),
            leader=leaders.categories.get(name),
            without=tuple(
                r.WithoutRecord(evaluator=evaluator, winner=led.categories.get(name))
                for evaluator, led in without.items()
            ),
        )


def _ratings(evaluation: Evaluation, findings: Mapping[str, Sequence[Finding]]) -> Iterator[r.RatingRecord]:
    """List every level that was given, beside the one that counts."""
    for vendor, acts in findings.items():
        by_question: dict[str, list[Finding]] = {}
        for finding in acts:
            if finding.level is not None:
                by_question.setdefault(finding.question, []).append(finding)
        for question in evaluation.asked_questions:
            if question in by_question:
                yield _rating(evaluation, vendor, question, by_question[question])


def _rating(evaluation: Evaluation, vendor: str, question: str, acts: Sequence[Finding]) -> r.RatingRecord:
    of_sheets = [act for act in acts if isinstance(act, SheetFinding)]
    moderated = next((act for act in of_sheets if not act.is_individual), None)
    of_buyer = next((act for act in acts if not isinstance(act, SheetFinding)), None)
    return r.RatingRecord(
        vendor=vendor,
        question=question,
        levels={act.evaluator: float(act.level or 0) for act in of_sheets if act.is_individual},
        level=aggregated(acts, evaluation.settings.aggregate),
        moderated=moderated
        and r.ModeratedRecord(
            level=float(moderated.level or 0),
            reason=moderated.reason,
            took_part=moderated.note,
            date=moderated.date.isoformat(),
        ),
        of_buyer=of_buyer and finding_record(of_buyer),
    )


def _member(evaluation: Evaluation, evaluator: Evaluator, scores: Scores, ratings: Ratings) -> r.MemberRecord:
    sheet = next((sheet for sheet in scores.sheets if sheet.evaluator == evaluator.id), None)
    return r.MemberRecord(
        id=evaluator.id,
        name=evaluator.shown,
        categories=evaluator.categories,
        rubrics=tuple(given_to(evaluation, evaluator)),
        levels=len(ratings[evaluator.id]),
        file=sheet.file.file if sheet else None,
        sha256=sheet.file.sha256 if sheet else None,
        written=sheet.written.isoformat() if sheet and sheet.written else None,
        interests=sheet.interests if sheet else "",
    )
