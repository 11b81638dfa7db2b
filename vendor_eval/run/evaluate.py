"""The run: read, rate, score, judge, rank, and freeze it all into one result."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from vendor_eval import results as r
from vendor_eval.criteria import SHIPPED
from vendor_eval.criteria.parsing import normalize
from vendor_eval.criteria.questions import Stage
from vendor_eval.findings.acts import (
    FILE as FINDINGS,
    Finding,
    Rated,
    SheetFinding,
    findings_faults,
    listed_findings,
    load_findings,
    panel_levels,
    rate,
)
from vendor_eval.findings.codes import ScoreKey, load_key, new_key
from vendor_eval.findings.recusal import Pair
from vendor_eval.findings.sheet_rows import Plan, consensus_plan, plans, rubrics_of
from vendor_eval.findings.sheets import Scores, counting, read_scores
from vendor_eval.firmness.assessment import assess_firmness
from vendor_eval.firmness.pairs import pairs
from vendor_eval.firmness.verdict import open_while_provisional
from vendor_eval.forms.identity import sent_version
from vendor_eval.intake.inbox import response_files, vendor_files
from vendor_eval.intake.mapping.models import mappings
from vendor_eval.intake.responses import VendorReading, compare_responses, read_all, several_files
from vendor_eval.intake.submission import VendorResponse
from vendor_eval.issues import InputError, Issue, Location, VendorEvalError, did_you_mean
from vendor_eval.pilot.measure import Measurement
from vendor_eval.record.conditions import condition_lines, newest_findings, with_lines
from vendor_eval.record.derived import Read
from vendor_eval.record.quality import price_faults, with_sealed_prices
from vendor_eval.record.seal import ReadRecord, read_record
from vendor_eval.reports.wording.firmness import named_records, with_words
from vendor_eval.run.assembly.arithmetic import arithmetic
from vendor_eval.run.assembly.evaluation import evaluation_record, result_record
from vendor_eval.run.assembly.panel import Effect, Leaders, missing_levels, panel_record, ratings_of
from vendor_eval.run.assembly.vendors import VendorWriter, not_evaluated
from vendor_eval.run.pilot import ComparedPilot, compare, measure_pilot, pilot_faults
from vendor_eval.scoring.field import Judged, Ranked, in_order, rank_under
from vendor_eval.scoring.highlights import field_medians
from vendor_eval.spreadsheets import Passwords, known_password
from vendor_eval.spreadsheets.workers import spread
from vendor_eval.tender import Evaluation, ParsedEvaluation, parse_evaluation
from vendor_eval.tender.award import FILE as AWARD, award_faults
from vendor_eval.tender.conditions import conditions_faults, conditions_of_nobody, listed_conditions


def load_evaluation(
    path: str | Path = ".", *, as_of: date | None = None, stage: Stage | None = None, with_award: bool = False
) -> Evaluation:
    """Load an evaluation from its folder or its evaluation.yaml; `as_of` and `stage` replace those in the file.

    Raises InputError with every issue of the file, of its criteria, findings.yaml and conditions.yaml, and of its
    award.yaml `with_award`, VendorEvalError where there is no such file.
    """
    parsed = parse_evaluation(path, as_of=as_of, stage=stage)
    evaluation = parsed.evaluation
    others = (findings_faults, conditions_faults)
    faults = [fault for find in others for fault in find(parsed.folder, evaluation)]
    faults += price_faults(evaluation)
    if (with_award and (parsed.folder / AWARD).exists()) or faults or parsed.issues:
        known, missing = _known_vendors(evaluation)
        faults += award_faults(parsed.folder, evaluation if known else None, known)
        if faults or parsed.issues:  # else they are found once the responses are read
            faults += [*missing, *(_unknown_vendors(evaluation, known) if evaluation and known else ())]
    return with_sealed_prices(_checked(parsed, dict.fromkeys(faults)))


def _known_vendors(evaluation: Evaluation | None) -> tuple[tuple[str, ...], tuple[Issue, ...]]:
    """List the vendors of an evaluation by what it names and what came in; none, but the faults, where it has some."""
    if evaluation is None:
        return (), ()
    written = evaluation.source.at(("vendors",))
    entries = written if isinstance(written, list) else ()
    try:
        listed = (str(entry.get("id")) for entry in entries if isinstance(entry, dict))
        return (*(vendor.id for vendor in vendor_files(evaluation)), *listed), ()
    except InputError as error:
        return (), error.issues


def load_for_vendors(path: str | Path = ".") -> Evaluation:
    """Load an evaluation to write what goes out to vendors: of its responses only the versions are read.

    Raises InputError with every issue of the file and of its criteria, or with the responses that were sent out with
    another version of the shipped criteria where the evaluation names none.
    """
    evaluation = _checked(parse_evaluation(path))
    if other := tuple(_other_versions(evaluation, _sent_versions)):
        raise InputError(other)
    return evaluation


def _checked(parsed: ParsedEvaluation, more: Iterable[Issue] = ()) -> Evaluation:
    try:
        return parsed.checked(more)
    except InputError as error:
        # Ids of another version are unknown here: then it is the version that is wrong.
        other = _other_versions(parsed.evaluation, _sent_versions) if parsed.evaluation else ()
        raise InputError(tuple(other) or error.issues) from None


def _sent_versions(evaluation: Evaluation) -> Iterator[str]:
    """Read the versions with which the workbooks of responses say that they were sent out."""
    files = response_files(evaluation)
    versions: list[str] = spread(sent_version, evaluation.folder, files, lost=lambda _file, _issue: "")
    yield from versions


def read_responses(
    evaluation: Evaluation,
    *,
    skip_unreadable: bool = False,
    mapping: str | None = None,
    progress: Callable[[str], None] = lambda _name: None,
    password: Passwords = known_password,
    workers: int | None = None,
    compare_texts: bool = True,
    without: Collection[str] = (),
) -> tuple[VendorReading, ...]:
    """Read the files of every vendor; `progress` is called with the id of each before it is read.

    Files in `without` are left out, as if they had not come. `mapping`, a path or the name of a shipped one, is for
    vendors that have none of their own. `password` is asked for the password of a file that has one. Files are read in
    worker processes, as many as `workers` says or the machine has; what comes out is the same. Texts of documents are
    compared unless `compare_texts` is off. Raises InputError with every fault of a mapping, or with every workbook that
    cannot be read, unless these are to be skipped, with vendors that cannot be told apart, with findings and waivers of
    nobody, and with responses to another version of the shipped criteria.
    """
    vendors = vendor_files(evaluation)
    vendors = tuple(replace(v, files=tuple(file for file in v.files if file not in without)) for v in vendors)
    layouts = mappings(evaluation, vendors, mapping)
    readings = read_all(evaluation, vendors, layouts, progress=progress, password=password, workers=workers)
    faults = [*_unknown_vendors(evaluation, [vendor.id for vendor in vendors]), *_same_names(evaluation, readings)]
    faults += pilot_faults(evaluation, (vendor.id for vendor in vendors))
    submissions = [reading.submission for reading in readings if reading.submission]
    faults += _other_versions(evaluation, lambda _: (version for sent in submissions for version in sent.versions))
    if not faults:
        readings = tuple(compare_responses(evaluation, readings, texts=compare_texts))
    if not skip_unreadable:
        faults += [issue for reading in readings if reading.is_unreadable for issue in reading.issues]
    if faults:
        raise InputError(faults)
    return readings


def _unknown_vendors(evaluation: Evaluation, known: Sequence[str]) -> Iterator[Issue]:
    for index, waiver in enumerate(evaluation.settings.waivers):
        if waiver.vendor not in known:
            message = f"waivers: '{waiver.vendor}' is no vendor{did_you_mean(waiver.vendor, known)}"
            yield Issue("unknown-reference", message, evaluation.source.locate(("waivers", index, "vendor")))
    for i, evaluator in enumerate(evaluation.settings.evaluators):
        for j, conflict in enumerate(evaluator.conflicts):
            if conflict.vendor not in known:
                message = f"conflicts: '{conflict.vendor}' is no vendor{did_you_mean(conflict.vendor, known)}"
                place = evaluation.source.locate(("evaluators", i, "conflicts", j, "vendor"))
                yield Issue("unknown-reference", message, place)
    yield from _strangers(evaluation, known)


def _strangers(evaluation: Evaluation, known: Iterable[str]) -> Iterator[Issue]:
    """Find findings and conditions of nobody."""
    try:
        load_findings(evaluation, known)
    except InputError as error:
        yield from error.issues
    yield from conditions_of_nobody(evaluation.folder, known)


def _other_versions(evaluation: Evaluation, sent: Callable[[Evaluation], Iterable[str]]) -> Iterator[Issue]:
    """Find responses that were sent out with another version, where the evaluation does not name its own."""
    if evaluation.settings.criteria != SHIPPED:
        return
    own = evaluation.criteria.file.version
    counts = Counter(version for version in sent(evaluation) if version not in {own, ""})
    for version, count in sorted(counts.items()):
        responses = "the response was" if count == 1 else f"the {count} responses were"
        old, new = (f"@{number.partition('.')[0]}" for number in (version, own))
        cure = f"write {SHIPPED}{old} to go on with it, {new} to ask the changed questions anew"
        message = f"{responses} sent out with {version}; {cure}"
        yield Issue("bank-version", message, evaluation.source.locate(("criteria",)))


def _same_names(evaluation: Evaluation, readings: Iterable[VendorReading]) -> Iterator[Issue]:
    """Find two files that no entry names and whose covers name one vendor."""
    listed = {entry.id for entry in evaluation.settings.vendors}
    first: dict[str, VendorResponse] = {}
    for reading in readings:
        submission = None if reading.vendor.id in listed else reading.submission
        name = normalize(submission.cover.get("vendor", "")) if submission else ""
        if submission and name and (other := first.setdefault(name, submission)) is not submission:
            files = [file.file for response in (other, submission) for file in response.inputs]
            message = several_files(f"vendor {submission.name}", files)
            yield Issue("several-files", message, Location(submission.inputs[0].file))


def evaluate(evaluation: Evaluation, *, skip_unreadable: bool = False, mapping: str | None = None) -> r.Result:
    """Evaluate every response and rank the vendors."""
    readings = read_responses(evaluation, skip_unreadable=skip_unreadable, mapping=mapping)
    return evaluate_readings(evaluation, readings, measure_pilot(evaluation, readings, skip_unreadable=skip_unreadable))


def with_promises(
    evaluation: Evaluation, readings: Sequence[VendorReading], *, skip_unreadable: bool = False
) -> Measurement:
    """Measure the pilot that an evaluation names, and compare it with what its vendors promised."""
    measured = measure_pilot(evaluation, readings, skip_unreadable=skip_unreadable)
    if measured is None:
        raise VendorEvalError(f"{evaluation.source.file}: names no pilot; write 'pilot: pilot'")
    own = load_findings(evaluation, [reading.vendor.id for reading in readings])
    findings = (*own, *scores_of(evaluation, readings).findings)
    record = compare(evaluation, readings, measured, findings).record
    return replace(measured, record=record or measured.record)


def evaluate_readings(
    evaluation: Evaluation,
    readings: Sequence[VendorReading],
    measured: Measurement | None = None,
    write_log: Callable[[Read], None] = lambda _read: None,
    *,
    explorable: bool = True,
) -> r.Result:
    """Score, judge and rank what was read; `measured` is the pilot, without it the one that the evaluation names.

    What only report.html computes with is left out unless it is `explorable`.

    `write_log` is called with what was read before the result says where the log of decisions stands.
    """
    names = [reading.vendor.id for reading in readings]
    entries = load_findings(evaluation, names)
    own = tuple(finding for finding in entries if not finding.condition)
    scores = scores_of(evaluation, readings)
    measured = measured or measure_pilot(evaluation, readings)
    pilot = compare(evaluation, readings, measured, (*own, *scores.findings))
    write_log(_read_of(readings, own, scores, pilot))
    findings, judged, ranking = rank_under(evaluation, readings, _counting(own, scores.findings, pilot))
    # Before the records are written: what it needs on the way is then free again.
    off = evaluation.settings.firmness == "off" or evaluation.is_screen
    leaders = _leaders(evaluation, (findings, judged, ranking))
    less = _without_each(evaluation, readings, own, scores, judged, pilot)
    without = {name: _leaders(evaluation, ranked, leaders.winner) for name, ranked in less.items()}
    sheets_less = {name: ranked[1] for name, ranked in less.items()}
    computed = arithmetic(evaluation, judged, sheets_less) if explorable else None
    effects = _effects(evaluation, readings, own, scores, judged, pilot)
    first = {name: led.winner for name, led in without.items()}
    robustness = None if off else assess_firmness(evaluation, in_order(ranking, judged), first)
    state = _read_record(evaluation, readings, judged)
    record = evaluation_record(evaluation, ranking, judged, scores, names, state)
    medians = field_medians(vendor.card for vendor in judged)
    # A vendor is dropped as soon as it is written down: the scorecards of a large field are a third of the memory.
    by_vendor = {vendor.vendor: vendor for vendor in judged}
    count = len(judged)
    del judged, less
    vendors = tuple(
        VendorWriter(evaluation, by_vendor.pop(name), findings[name], medians, count, pilot).record()
        if name in by_vendor
        else not_evaluated(reading, findings[name], pilot.parts.get(name))
        for name, reading in zip(names, readings, strict=True)
    )
    vendors = tuple(_with_conditions(evaluation, vendors, readings, entries))
    result = result_record(evaluation, record, vendors, ranking, robustness, pilot.record)
    if robustness is not None:
        robustness = robustness.model_copy(update={"pairs": pairs(result)})
        result = result.model_copy(update={"robustness": with_words(named_records(result, robustness))})
    if evaluation.settings.evaluators:
        result = _with_panel(result, evaluation, own, scores, findings, leaders, without, effects)
    return open_while_provisional(result).model_copy(update={"arithmetic": computed})


def read_for_log(
    evaluation: Evaluation, readings: Sequence[VendorReading], faulty: Callable[[InputError], None]
) -> Read:
    """Read score sheets and measure the pilot for the log, as an evaluation does before it scores.

    `faulty` is called with faults of the pilot's files; its lines then stay as they are.
    """
    own = tuple(finding for finding in listed_findings(evaluation.folder) if not finding.condition)
    scores = scores_of(evaluation, readings)
    try:
        measured = measure_pilot(evaluation, readings)
    except InputError as error:
        faulty(error)
        return replace(_read_of(readings, own, scores, ComparedPilot()), pilot=None)
    return _read_of(readings, own, scores, compare(evaluation, readings, measured, (*own, *scores.findings)))


def _read_of(readings: Iterable[VendorReading], own: Sequence[Finding], scores: Scores, pilot: ComparedPilot) -> Read:
    sent = frozenset(reading.vendor.id for reading in readings if reading.submission)
    return Read(sent, scores, tuple(pilot.left_by((*own, *scores.findings))))


def scores_of(evaluation: Evaluation, readings: Iterable[VendorReading]) -> Scores:
    """Read every score sheet of the vendors that were read."""
    submissions = [reading.submission for reading in readings if reading.submission]
    texts = (text.text for submission in submissions for text in submission.texts)
    return read_scores(evaluation, {submission.vendor: submission.name for submission in submissions}, texts)


def _with_conditions(
    evaluation: Evaluation,
    vendors: Sequence[r.VendorRecord],
    readings: Sequence[VendorReading],
    findings: Iterable[Finding],
) -> Iterator[r.VendorRecord]:
    """Put what conditions.yaml, findings and vendors say of each condition into its vendor's list."""
    conditions, newest = listed_conditions(evaluation.folder), newest_findings(findings)
    for vendor, reading in zip(vendors, readings, strict=True):
        says = reading.submission.says if reading.submission else {}
        lines = condition_lines(vendor, conditions, newest, says, evaluation.settings.as_of)
        yield with_lines(vendor, lines) if lines else vendor


def _read_record(evaluation: Evaluation, readings: Iterable[VendorReading], judged: Iterable[Judged]) -> ReadRecord:
    vendors = [reading.vendor for reading in readings]
    owners = {file: vendor.id for vendor in vendors for file in (*vendor.files, *vendor.prices)}
    qualities = dict.fromkeys(vendor.id for vendor in vendors) | {vendor.vendor: vendor.quality for vendor in judged}
    return read_record(evaluation, owners, {vendor.vendor: vendor.name for vendor in judged}, qualities)


def _counting(own: Sequence[Finding], scores: Sequence[SheetFinding], pilot: ComparedPilot) -> tuple[Finding, ...]:
    """List the findings that count: the buyer's, then those of score sheets and of the pilot which these leave."""
    return (*own, *_undecided(own, scores), *pilot.left_by((*own, *scores)))


def _undecided(own: Iterable[Finding], scores: Iterable[SheetFinding]) -> Iterator[SheetFinding]:
    """List what the score sheets say and findings.yaml does not decide; levels stay on record beside it."""
    decided = {(finding.vendor, finding.question) for finding in own if finding.kind != "note"}
    return (act for act in scores if act.level is not None or (act.vendor, act.question) not in decided)


def _set_aside(own: Iterable[Finding], scores: Iterable[SheetFinding]) -> Iterator[Issue]:
    """Say which acts of score sheets findings.yaml decides; their levels stay on record beside it anyway."""
    listed = list(scores)
    kept = {id(finding) for finding in _undecided(own, listed)}
    for finding in (finding for finding in listed if id(finding) not in kept):
        text = f"{FINDINGS} decides, so '{finding.act}' by {finding.by} ({finding.place}) is set aside"
        message = f"{finding.vendor} {finding.question}: {text}"
        yield Issue("act-set-aside", message, finding.place, finding.question, "", text)


def _overruled(own: Iterable[Finding], scores: Iterable[SheetFinding]) -> Iterator[Issue]:
    """Say which levels of findings.yaml count in place of those that the panel gave."""
    of_panel = panel_levels(scores)
    for finding in own:
        levels = of_panel.get((finding.vendor, finding.question), ()) if finding.level is not None else ()
        if levels:
            panel = ", ".join(f"{level.evaluator} {level.level}" for level in levels)
            text = f"overruled: {FINDINGS} gives level {finding.level} by {finding.by}, the panel gave {panel}"
            message = f"{finding.vendor} {finding.question}: {text}; take the entry out if the panel decides"
            yield Issue("level-overruled", message, finding.location, finding.question, "", text)


def _without_each(
    evaluation: Evaluation,
    readings: Sequence[VendorReading],
    own: Sequence[Finding],
    scores: Scores,
    judged: Sequence[Judged],
    pilot: ComparedPilot,
) -> dict[str, Ranked]:
    """Rank all vendors without the sheet of each evaluator."""
    without = {}
    for evaluator in evaluation.settings.evaluators:
        rest = [finding for finding in scores.findings if finding.evaluator != evaluator.id]
        without[evaluator.id] = rank_under(evaluation, readings, _counting(own, rest, pilot), judged)
    return without


def _effects(
    evaluation: Evaluation,
    readings: Sequence[VendorReading],
    own: Sequence[Finding],
    scores: Scores,
    judged: Sequence[Judged],
    pilot: ComparedPilot,
) -> dict[Pair, Effect]:
    """Find what the sheet of each evaluator with an interest changes for the vendor, all else as it counts."""
    before = {vendor.vendor: vendor for vendor in judged}
    effects = {}
    for pair in dict.fromkeys(interest.pair for interest in scores.interests if interest.vendor in before):
        evaluator, name = pair
        entered = [finding for finding in scores.entered if (finding.evaluator, finding.vendor) == pair]
        toggled, _ = counting(evaluation, scores.entered, scores.recused ^ {pair})
        _, others, _ = rank_under(evaluation, readings, _counting(own, toggled, pilot), judged)
        other = next(vendor for vendor in others if vendor.vendor == name)
        with_it, without = (other, before[name]) if pair in scores.recused else (before[name], other)
        effects[evaluator, name] = Effect(
            levels=sum(finding.level is not None for finding in entered),
            effect=None if evaluation.is_screen else with_it.total(with_it.quality) - without.total(without.quality),
            rank_if_counted=with_it.place.rank,
        )
    return effects


def _with_panel(
    result: r.Result,
    evaluation: Evaluation,
    own: Sequence[Finding],
    scores: Scores,
    findings: Mapping[str, Sequence[Finding]],
    leaders: Leaders,
    without: Mapping[str, Leaders],
    effects: Mapping[Pair, Effect],
) -> r.Result:
    """Add the panel, and who leads without each of its sheets."""
    missing = missing_levels(evaluation, ratings_of(evaluation, scores), _wanted(result, own), scores.recused)
    evaluated = {vendor.id: findings[vendor.id] for vendor in result.vendors if vendor.answers}
    issues = (
        *scores.issues,
        *_set_aside(own, scores.findings),
        *_overruled(own, scores.findings),
        *_left_to_nobody(evaluation, result.vendors, scores),
    )
    scores = replace(scores, issues=issues)
    panel = panel_record(evaluation, scores, evaluated, missing, leaders, without, effects)
    record = result.evaluation.model_copy(update={"provisional": result.evaluation.provisional or bool(missing)})
    return result.model_copy(update={"panel": panel, "evaluation": record})


def _left_to_nobody(evaluation: Evaluation, vendors: Iterable[r.VendorRecord], scores: Scores) -> Iterator[Issue]:
    """Name the pending rubrics of which every evaluator is recused: nobody is left to score them."""
    assigned = {evaluator.id: rubrics_of(evaluation, evaluator) for evaluator in evaluation.settings.evaluators}
    for vendor in vendors:
        for name in vendor.pending:
            panel = [evaluator for evaluator, rubrics in assigned.items() if name in rubrics]
            if panel and all((evaluator, vendor.id) in scores.recused for evaluator in panel):
                text = f"{', '.join(panel)} recused, and nobody else scores it: it is pending; name another evaluator, "
                text += f"or decide in {FINDINGS}"
                place = evaluation.source.locate(("evaluators",))
                yield Issue("rubric-left-to-nobody", f"{vendor.id} {name}: {text}", place, name, "", text)


def _wanted(result: r.Result, own: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """List vendors and questions that want a level, or any other act, from somebody."""
    decided = {(finding.vendor, finding.question) for finding in own if finding.level is not None}
    for vendor in result.vendors:
        for answer in vendor.answers:
            if answer.state not in {"not_asked", "settled"} and (vendor.id, answer.id) not in decided:
                yield vendor.id, answer.id


def _leaders(evaluation: Evaluation, ranked: Ranked, before: str | None = None) -> Leaders:
    """Find who comes first, and who of the ranked has the highest score in each category.

    Of those that tie for the first place it is whoever was first `before`, if one of them was.
    """
    _, judged, ranking = ranked
    cards = {vendor.vendor: vendor.card for vendor in judged}

    def leader(category: str) -> str | None:
        scores = {name: cards[name].node(category).score for name in ranking.order}
        return max((name for name in scores if scores[name] is not None), key=lambda n: scores[n] or 0.0, default=None)

    categories = {category: leader(category) for category in evaluation.criteria.weighted_categories}
    level = [name for name in ranking.order if ranking.places[name].rank == 1]
    return Leaders(before if before in level else next(iter(level), None), categories)


def draw_up_sheets(
    evaluation: Evaluation, readings: Sequence[VendorReading], *, blind: bool
) -> tuple[tuple[Plan, ...], ScoreKey | None]:
    """Draw up one score sheet for each evaluator, and the key where vendors stand under codes."""
    own, rated, names = _material(evaluation, readings)
    key = load_key(evaluation)
    if blind or key:
        key = new_key(evaluation, rated, key)
    _, judged, _ = rank_under(evaluation, readings, own)
    return plans(evaluation, rated, names, key, {at: stake for vendor in judged for at, stake in _stakes(vendor)}), key


def _stakes(vendor: Judged) -> Iterator[tuple[tuple[str, str], tuple[int, float]]]:
    """Say how grave a requirement is that depends on each answer, and the points that are gone if it is not true."""
    graveness = {"flag": 0, "must": 1, "knock_out": 2}
    kinds: dict[str, int] = {}
    for gate in vendor.verdict.gates:
        kinds[gate.question] = max(kinds.get(gate.question, 0), graveness[gate.kind])
    for leaf in vendor.card.leaves:
        yield (vendor.vendor, leaf.question.id), (kinds.get(leaf.question.id, 0), leaf.global_weight * leaf.claimed)


def draw_up_consensus(evaluation: Evaluation, readings: Sequence[VendorReading]) -> Plan:
    """Draw up the sheet on which the panel moderates, with what each evaluator gave."""
    _, rated, names = _material(evaluation, readings)
    return consensus_plan(evaluation, scores_of(evaluation, readings).findings, names, rated)


def _material(
    evaluation: Evaluation, readings: Sequence[VendorReading]
) -> tuple[Sequence[Finding], dict[str, Mapping[str, Rated]], dict[str, str]]:
    own = load_findings(evaluation, [reading.vendor.id for reading in readings])
    responses = [reading.submission for reading in readings if reading.submission is not None]
    rated = {response.vendor: rate(response, own, evaluation) for response in responses}
    return own, rated, {response.vendor: response.name for response in responses}
