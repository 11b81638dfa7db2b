"""Records of the evaluation as a whole: settings, method, inputs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from vendor_eval import results as r
from vendor_eval.config.input_files import hash_regular
from vendor_eval.criteria.conditions import in_words
from vendor_eval.findings.acts import FILE as FINDINGS
from vendor_eval.findings.codes import KEY_FILE
from vendor_eval.findings.sheets import Scores
from vendor_eval.forms.project import project_facts
from vendor_eval.intake.evidence import strangers
from vendor_eval.intake.inbox import ignored_files, price_files
from vendor_eval.issues import Issue, Location
from vendor_eval.record.seal import FILE as SEAL, ReadRecord
from vendor_eval.results.firmness import Robustness
from vendor_eval.results.pilot import PilotRecord
from vendor_eval.run.assembly.definition import definition
from vendor_eval.run.assembly.price import method_record
from vendor_eval.run.assembly.records import record_of
from vendor_eval.scoring.field import Judged, in_order
from vendor_eval.scoring.highlights import ENOUGH_FOR_A_FIELD
from vendor_eval.scoring.pricing import MOST_PAIRED
from vendor_eval.scoring.ranking import Ranking
from vendor_eval.tender import EVIDENCE, FILE, Evaluation
from vendor_eval.tender.conditions import FILE as CONDITIONS
from vendor_eval.tender.warnings import evaluation_warnings


def evaluation_record(
    evaluation: Evaluation,
    ranking: Ranking,
    judged: Sequence[Judged],
    scores: Scores,
    vendors: Sequence[str],
    record: ReadRecord,
) -> r.EvaluationRecord:
    """Record what was evaluated, under which settings, from which files; `vendors` are the ids of all."""
    settings, criteria = evaluation.settings, evaluation.criteria
    issues = (*evaluation_warnings(evaluation), *_evidence_issues(evaluation, vendors), *record.issues)
    leaves = ((vendor.vendor, leaf) for vendor in judged if vendor.is_compared for leaf in vendor.card.leaves)
    pending = tuple(f"{vendor} {leaf.question.id}" for vendor, leaf in leaves if leaf.state == "pending")
    price = None
    if settings.price is not None and not evaluation.is_screen:
        offers = (vendor.priced for vendor in in_order(ranking, judged) if vendor.priced)
        price = method_record(settings.price, offers, sealed=evaluation.price is None)
    return r.EvaluationRecord(
        title=settings.title,
        reference=settings.reference,
        as_of=settings.as_of.isoformat(),
        stage=evaluation.stage,
        preset=None
        if settings.weights is not None or settings.profile
        else " + ".join((settings.preset, *settings.tags)),
        provisional=bool(pending) or (price is not None and price.sealed),
        pending=pending,
        scorecard=record_of(r.ScorecardIdentity, criteria.file, id=criteria.file.scorecard, sha256=criteria.sha256),
        weights={name: float(evaluation.weights.get(name, 0.0)) for name in criteria.weighted_categories},
        method=_method(evaluation),
        inputs=tuple(_inputs(evaluation, judged, scores)),
        not_read=ignored_files(evaluation),
        price=price,
        issues=tuple(map(r.IssueRecord.of, issues)),
        record=record.state,
    )


def result_record(
    evaluation: Evaluation,
    record: r.EvaluationRecord,
    vendors: tuple[r.VendorRecord, ...],
    ranking: Ranking,
    robustness: Robustness | None,
    pilot: PilotRecord | None,
) -> r.Result:
    return r.Result(
        evaluation=record,
        vendors=vendors,
        definition=definition(evaluation.criteria, record.weights, evaluation.scope),
        ranking=ranking.order,
        shortlist=tuple(v.id for v in vendors if v.status in {"eligible", "conditional"})
        if evaluation.is_screen
        else ranking.shortlist(evaluation.settings.shortlist),
        robustness=robustness,
        pilot=pilot,
    )


def _inputs(evaluation: Evaluation, judged: Iterable[Judged], scores: Scores) -> Iterator[r.Input]:
    key = [KEY_FILE] if scores.key else []
    for name in (evaluation.source.file, FINDINGS, evaluation.settings.profile, *key, SEAL, CONDITIONS):
        path = evaluation.profile_file if name == evaluation.settings.profile else evaluation.folder / name
        if name and path and path.is_file():
            shown = path.name if Path(name).is_absolute() else name
            yield r.Input(file=shown, sha256=hash_regular(path))
    tokens = {vendor.submission.tokens for vendor in judged if vendor.submission.tokens}
    yield from (r.Input(file=file.file, sha256=file.sha256) for file in sorted(tokens, key=lambda file: file.sha256))
    used = (vendor.reading.used_mapping for vendor in judged)
    # One mapping may have read several vendors.
    for source, digest in dict.fromkeys((mapping.source, mapping.sha256) for mapping in used if mapping):
        yield r.Input(file=source, sha256=digest)
    files = [file for vendor in judged for file in vendor.submission.inputs]
    read = {file.file for file in files}
    for name in price_files(evaluation):
        if name not in read:
            yield r.Input(file=name, sha256=hash_regular(evaluation.folder / name))
    evidence = [file for vendor in judged for file in vendor.submission.evidence_files]
    yield from (record_of(r.Input, file) for file in (*files, *evidence, *(sheet.file for sheet in scores.sheets)))


def _evidence_issues(evaluation: Evaluation, vendors: Sequence[str]) -> Iterator[Issue]:
    if evaluation.counts_named and not evaluation.has_evidence_folder:
        text = f"no folder {EVIDENCE}/, so a document that an answer only describes counts as one that is there"
        yield Issue("no-evidence-folder", f"{text}: make {EVIDENCE}/<vendor>/ and file what came", Location(FILE))
    yield from strangers(evaluation, vendors)


def _method(evaluation: Evaluation) -> r.MethodRecord:
    settings = evaluation.settings
    profile = Path(settings.profile)
    return record_of(
        r.MethodRecord,
        settings,
        profile=profile.name if profile.is_absolute() else settings.profile,
        evidence=dict(evaluation.caps) if evaluation.caps else None,
        floors={
            name: record_of(
                r.FloorRecord, floor, result="", reason=f"when {in_words(floor.when)}" if floor.when else ""
            )
            for name, floor in evaluation.floors.items()
        },
        # Numbers of a YAML file remember how they were written.
        overrides=json.loads(json.dumps(settings.overrides)),
        context=dict(evaluation.context),
        waivers=tuple({k: str(v) for k, v in w.model_dump(mode="json").items() if v} for w in settings.waivers),
        deadline=settings.deadline.isoformat() if settings.deadline else None,
        most_paired=MOST_PAIRED,
        median_from=ENOUGH_FOR_A_FIELD,
        tool_version=version("vendor-eval"),
        project=project_facts(evaluation),
    )
