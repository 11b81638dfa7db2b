"""The panel in records: who scored what, how far they agree, who is missing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from vendor_eval import results as r
from vendor_eval.findings.acts import Finding, SheetFinding, aggregated
from vendor_eval.findings.agreement import Ratings, Unit, agreement, concordance, severity, spread
from vendor_eval.findings.recusal import Pair
from vendor_eval.findings.sheet_rows import rubrics_of
from vendor_eval.findings.sheets import Scores, SheetFile
from vendor_eval.run.assembly.records import finding_record, record_of
from vendor_eval.tender import CONSENSUS, Evaluation
from vendor_eval.tender.evaluators import Evaluator


def ratings_of(evaluation: Evaluation, scores: Scores) -> Ratings:
    """Map evaluators to the levels that they gave, by unit."""
    ratings: dict[str, dict[Unit, float]] = {evaluator.id: {} for evaluator in evaluation.settings.evaluators}
    for finding in scores.findings:
        if finding.level is not None and finding.evaluator in ratings:
            ratings[finding.evaluator][finding.vendor, finding.question] = finding.level
    return ratings


def missing_levels(
    evaluation: Evaluation, ratings: Ratings, units: Iterable[Unit], recused: Collection[Pair] = ()
) -> tuple[r.MissingLevel, ...]:
    """List the levels of these units that an evaluator was asked for and has not given; of the recused none is."""
    listed = list(units)
    return tuple(
        r.MissingLevel(evaluator=evaluator.id, vendor=vendor, question=question)
        for evaluator in evaluation.settings.evaluators
        for rubrics in (rubrics_of(evaluation, evaluator),)
        for vendor, question in listed
        if question in rubrics
        and (vendor, question) not in ratings[evaluator.id]
        and (evaluator.id, vendor) not in recused
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """What an evaluator gave a vendor: how many levels, points of its score with them less those without, its rank."""

    levels: int = 0
    effect: float | None = None
    rank_if_counted: int | None = None


@dataclass(frozen=True, slots=True)
class Leaders:
    winner: str | None
    categories: Mapping[str, str | None]


def panel_record(
    evaluation: Evaluation,
    scores: Scores,
    findings: Mapping[str, Sequence[Finding]],
    missing: tuple[r.MissingLevel, ...],
    leaders: Leaders,
    without: Mapping[str, Leaders],
    effects: Mapping[Pair, Effect],
) -> r.PanelRecord:
    """Record who gave what, how far they agree, and on whom the ranking depends.

    `findings` are those of each vendor, `without` the leaders when the sheet of an evaluator is left out, `effects`
    what the sheets of evaluators with an interest change.
    """
    settings, ratings = evaluation.settings, ratings_of(evaluation, scores)
    categories = tuple(_categories(evaluation, ratings, list(findings), leaders, without))
    overall = agreement(ratings, _units(ratings))
    sheets = {sheet.evaluator: sheet for sheet in scores.sheets}
    return record_of(
        r.PanelRecord,
        settings,
        evaluators=tuple(evaluator.id for evaluator in settings.evaluators),
        alpha=r.AlphaRecord(
            overall=overall.alpha,
            categories={category.id: category.alpha for category in categories},
            verdict=overall.verdict,
            verdicts={category.id: category.verdict for category in categories},
        ),
        kendall_w=concordance(ratings, list(findings)),
        severity=severity(ratings),
        spread=spread(ratings),
        without=tuple(r.WithoutRecord(evaluator=name, winner=led.winner) for name, led in without.items()),
        categories=categories,
        ratings=tuple(_ratings(evaluation, findings, scores)),
        members=tuple(
            _member(evaluation, evaluator, sheets.get(evaluator.id), ratings) for evaluator in settings.evaluators
        ),
        consensus=sheets[CONSENSUS].file.file if CONSENSUS in sheets else None,
        missing=missing,
        conflicts=tuple(
            record_of(r.ConflictRecord, interest, **asdict(effects.get(interest.pair, Effect())))
            for interest in scores.interests
        ),
        issues=tuple(r.IssueRecord.of(issue) for issue in scores.issues),
        blinded=scores.key is not None,
    )


def _units(ratings: Ratings) -> list[Unit]:
    return list(dict.fromkeys(unit for levels in ratings.values() for unit in levels))


def _categories(
    evaluation: Evaluation, ratings: Ratings, vendors: Sequence[str], leaders: Leaders, without: Mapping[str, Leaders]
) -> Iterator[r.CategoryPanelRecord]:
    parents = evaluation.criteria.parents
    asked = {
        question: parents[question].partition(".")[0]
        for evaluator in evaluation.settings.evaluators
        for question in rubrics_of(evaluation, evaluator)
    }
    for name in dict.fromkeys(asked[q] for q in evaluation.asked_questions if q in asked):
        inside = {
            evaluator: {unit: level for unit, level in levels.items() if asked[unit[1]] == name}
            for evaluator, levels in ratings.items()
        }
        yield record_of(
            r.CategoryPanelRecord,
            agreement(inside, _units(inside)),
            id=name,
            kendall_w=concordance(inside, vendors),
            severity=severity(inside),
            apart=len(spread(inside)),
            leader=leaders.categories.get(name),
            without=tuple(
                r.WithoutRecord(evaluator=evaluator, winner=led.categories.get(name))
                for evaluator, led in without.items()
            ),
        )


def _ratings(
    evaluation: Evaluation, findings: Mapping[str, Sequence[Finding]], scores: Scores
) -> Iterator[r.RatingRecord]:
    """List every level of each vendor, those of recused evaluators too, with the level that counts."""
    for vendor, acts in findings.items():
        by_question: dict[str, list[Finding]] = {}
        for finding in acts:
            if finding.level is not None:
                by_question.setdefault(finding.question, []).append(finding)
        given: dict[str, dict[str, float]] = {}
        for level in scores.entered:
            if level.vendor == vendor and level.level is not None and level.is_individual:
                given.setdefault(level.question, {})[level.evaluator] = float(level.level)
        for question in (name for name in evaluation.asked_questions if name in by_question or name in given):
            levels = by_question.get(question, [])
            of_sheets = [finding for finding in levels if isinstance(finding, SheetFinding)]
            moderated = next((finding for finding in of_sheets if not finding.is_individual), None)
            of_buyer = next((finding for finding in levels if not isinstance(finding, SheetFinding)), None)
            yield r.RatingRecord(
                vendor=vendor,
                question=question,
                levels=given.get(question, {}),
                level=aggregated(levels, evaluation.settings.aggregate),
                recused=tuple(name for name in given.get(question, ()) if (name, vendor) in scores.recused),
                moderated=moderated
                and record_of(r.ModeratedRecord, moderated, took_part=moderated.note, date=moderated.date.isoformat()),
                of_buyer=of_buyer and finding_record(of_buyer),
            )


def _member(evaluation: Evaluation, evaluator: Evaluator, sheet: SheetFile | None, ratings: Ratings) -> r.MemberRecord:
    return record_of(
        r.MemberRecord,
        evaluator,
        name=evaluator.shown,
        rubrics=tuple(rubrics_of(evaluation, evaluator)),
        levels=len(ratings[evaluator.id]),
        file=sheet.file.file if sheet else None,
        sha256=sheet.file.sha256 if sheet else None,
        written=sheet.written.isoformat() if sheet and sheet.written else None,
        interests=sheet.interests.text if sheet else "",
    )
