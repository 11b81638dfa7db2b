"""The panel in records: who scored what, how far they agree, who is missing."""

from collections.abc import Iterable, Mapping, Sequence

from vendor_eval import results as r
from vendor_eval.award import Evaluator
from vendor_eval.panel import Ratings, agreement, concordance, severity, spread
from vendor_eval.scoresheets import Scores
from vendor_eval.scoresheets.rows import given_to
from vendor_eval.tender import Evaluation


def ratings_of(evaluation: Evaluation, scores: Scores) -> Ratings:
    """Levels by evaluator and unit."""
    found: dict[str, dict[tuple[str, str], float]] = {one.id: {} for one in evaluation.settings.evaluators}
    for finding in scores.findings:
        if finding.level is not None and finding.evaluator in found:
            found[finding.evaluator][finding.vendor, finding.question] = finding.level
    return found


def missing_levels(
    evaluation: Evaluation, ratings: Ratings, wanted: Iterable[tuple[str, str]]
) -> tuple[r.MissingLevel, ...]:
    """List the levels that an evaluator was asked for and has not given, of the units that want any."""
    listed = list(wanted)
    return tuple(
        r.MissingLevel(evaluator=one.id, vendor=vendor, question=question)
        for one in evaluation.settings.evaluators
        for given in (given_to(evaluation, one),)
        for vendor, question in listed
        if question in given and (vendor, question) not in ratings[one.id]
    )


def panel_record(
    evaluation: Evaluation,
    scores: Scores,
    vendors: Sequence[str],
    missing: tuple[r.MissingLevel, ...],
    without: Mapping[str, str | None],
    issues: tuple[r.IssueRecord, ...],
) -> r.PanelRecord:
    """Write down who gave what, and how far they agree."""
    ratings = ratings_of(evaluation, scores)
    units = list(dict.fromkeys(unit for given in ratings.values() for unit in given))
    parents = evaluation.criteria.parents
    categories: dict[str, list[tuple[str, str]]] = {}
    for one in evaluation.settings.evaluators:
        for question in given_to(evaluation, one):
            categories.setdefault(parents[question].partition(".")[0], [])
    for unit in units:
        categories[parents[unit[1]].partition(".")[0]].append(unit)
    overall = agreement(ratings, units)
    found = {name: agreement(ratings, inside) for name, inside in categories.items()}
    sheets = {sheet.evaluator: sheet for sheet in scores.sheets}
    return r.PanelRecord(
        evaluators=tuple(one.id for one in evaluation.settings.evaluators),
        aggregate=evaluation.settings.aggregate,
        alpha=r.AlphaRecord(
            overall=overall.alpha,
            categories={name: one.alpha for name, one in found.items()},
            verdict=overall.verdict,
            verdicts={name: one.verdict for name, one in found.items()},
        ),
        kendall_w=concordance(ratings, vendors),
        severity=severity(ratings),
        spread=tuple(
            r.SpreadRecord(vendor=one.vendor, question=one.question, levels=dict(one.levels)) for one in spread(ratings)
        ),
        without=tuple(r.WithoutRecord(evaluator=name, winner=winner) for name, winner in without.items()),
        members=tuple(_member(evaluation, one, scores, ratings) for one in evaluation.settings.evaluators),
        consensus=sheets["consensus"].file.file if "consensus" in sheets else None,
        missing=missing,
        conflicts=tuple(
            r.ConflictRecord(evaluator=one.id, vendor=conflict.vendor, reason=conflict.reason)
            for one in evaluation.settings.evaluators
            for conflict in one.conflicts
        ),
        issues=issues,
        seed=evaluation.settings.seed,
        blinded=scores.key is not None,
    )


def _member(evaluation: Evaluation, one: Evaluator, scores: Scores, ratings: Ratings) -> r.MemberRecord:
    sheet = next((sheet for sheet in scores.sheets if sheet.evaluator == one.id), None)
    return r.MemberRecord(
        id=one.id,
        name=one.shown,
        categories=one.categories,
        rubrics=tuple(given_to(evaluation, one)),
        levels=len(ratings[one.id]),
        file=sheet.file.file if sheet else None,
        sha256=sheet.file.sha256 if sheet else None,
        written=sheet.written.isoformat() if sheet and sheet.written else None,
        interests=sheet.interests if sheet else "",
    )
