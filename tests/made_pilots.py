"""Pilots for the tests of the outputs, made by hand: the records of what was measured, put into a result."""

from dataclasses import replace
from itertools import product

from vendor_eval.pilot.kernels.intervals import clopper_pearson
from vendor_eval.results import Result
from vendor_eval.results.base import Input
from vendor_eval.results.pilot import (
    AcceptanceRecord,
    CandourRecord,
    EffectRecord,
    FigureRecord,
    LinkRecord,
    PilotFacts,
    PilotIssueRecord,
    PilotRecord,
    PilotVendorRecord,
    PlaceRecord,
)

# Question of version 1 of the criteria, figure, what narrows it, kind, margin, unit, better, and the promise and the
# figure (value, low, high) of each case of `CASES`.
LINKS = (
    ("QAR-08", "accuracy", (None, None), "guarantee", 3.0, "%", "higher"),
    ("QAR-10", "accuracy_lower", (None, None), "fact", 0.0, "%", "higher"),
    ("GEN-11", "pair_agreement", (None, None), "fact", 2.0, "%", "higher"),
    ("ENG-05", "first_batch_days", (None, None), "fact", 0.0, "days", "lower"),
    ("WRK-06", "answer_hours", (None, None), "fact", 0.0, "h", "lower"),
    ("LAB-01", "pay_ratio_living", (None, None), "ceiling", 0.0, "ratio", "higher"),
    ("GEN-10", "alpha", (None, None), "fact", 0.05, "alpha", "higher"),
    ("WRK-07", "rebrief_hours", (None, None), "fact", 0.0, "h", "lower"),
    ("LAB-21", "pay_ratio_legal", (None, None), "ceiling", 0.0, "ratio", "higher"),
    ("WRK-11", "issues_per_1000", (None, None), "fact", 0.0, "per 1,000", "higher"),
)
# Of each figure: kept, not kept, within chance, too few, as (promised, value, low, high).
_CASES = {
    "accuracy": ((97, 98.4, 96.87, 99.31), (98, 94, 91.55, 95.92), (98, 97.2, 95.35, 98.46), (99, 100, 95.9, 100)),
    "accuracy_lower": ((95, 96.5, 96.5, 99.3), (98, 92, 92, 95.92), (96, 95.66, 95.66, 98.46), (97, 97.1, 96, 100)),
    "pair_agreement": ((70, 76, 71, 81), (82, 74, 70.2, 77.9), (80, 78, 73, 83), (75, 76, 70, 82)),
    "first_batch_days": ((5, 3, 3, 3), (4, 9, 9, 9), (5, 5, 5, 5), (6, 6, 6, 6)),
    "answer_hours": ((8, 3.5, 2, 6), (4, 11.5, 6.5, 26), (4, 5, 3, 9), (6, 5, 2, 9)),
    "pay_ratio_living": ((1.1, 1.4, 1.3, 1.5), (1.2, 0.86, 0.83, 0.89), (1, 0.95, 0.9, 1.01), (0.9, 1, 0.8, 1.2)),
    "alpha": ((0.7, 0.78, 0.74, 0.81), (0.85, 0.62, 0.57, 0.67), (0.8, 0.77, 0.72, 0.82), (0.75, 0.76, 0.6, 0.9)),
    "rebrief_hours": ((24, 10, 10, 10), (24, 70, 70, 70), (24, 24, 24, 24), (48, 30, 30, 30)),
    "pay_ratio_legal": ((1, 1.2, 1.1, 1.3), (1.1, 0.86, 0.83, 0.89), (1, 0.98, 0.94, 1.02), (1, 1.1, 0.9, 1.3)),
    "issues_per_1000": ((4, 14, 5.6, 28.8), (9, 2, 0.2, 7.2), (9, 7, 4.3, 10.8), (6, 8, 3, 12)),
}
KEPT, NOT_KEPT, WITHIN_CHANCE, TOO_FEW, NO_PROMISE, NOT_MEASURED = range(6)
_VERDICTS = (
    ("kept", None),
    ("not_kept", None),
    ("cannot_tell", "within_chance"),
    ("cannot_tell", "too_few"),
    ("cannot_tell", "no_promise"),
    ("cannot_tell", "no_figure"),
)
# Of the log and of what a vendor states, nothing is counted item by item.
_METHODS = {
    "accuracy": "clopper_pearson",
    "accuracy_lower": "clopper_pearson",
    "pair_agreement": "bootstrap",
    "first_batch_days": "exact",
    "answer_hours": "order_statistic",
    "alpha": "bootstrap",
    "rebrief_hours": "exact",
    "pay_ratio_living": "linearised",
    "pay_ratio_legal": "linearised",
    "issues_per_1000": "poisson",
}


def link(at: int, case: int, *, items: int = 500) -> LinkRecord:
    """Make a link of one of the questions above, as one of the cases."""
    question, name, (by, group), kind, margin, _, better = LINKS[at]
    promised, measured, low, high = _CASES[name][min(case, TOO_FEW)]
    promised = None if case == NO_PROMISE else float(promised)
    if case == NOT_MEASURED:
        measured = low = high = None
    verdict, reason = _VERDICTS[case]
    if kind == "ceiling" and verdict == "kept":
        verdict, reason = "cannot_tell", "ceiling"
    return LinkRecord(
        question=question,
        figure=name,
        by=by,
        group=group,
        kind=kind,
        margin=margin,
        promised=promised,
        measured=measured,
        low=low,
        high=high,
        n=None if measured is None else items,
        verdict=verdict,
        reason=reason,
        needed=1340 if reason == "within_chance" and name == "accuracy" else None,
        effect=_effect(kind, verdict, promised, measured, better),
    )


def _effect(kind, verdict, promised, measured, better) -> EffectRecord | None:
    if kind == "ceiling":
        return EffectRecord(act="claim") if verdict == "not_kept" else None
    if measured is None or (kind == "guarantee" and promised is None):
        return None
    worse = min if better == "higher" else max
    answer = worse(promised, measured) if kind == "guarantee" else measured
    return EffectRecord(act="answer", answer=answer, low=40.0, high=90.0)


def figures(links: tuple[LinkRecord, ...], wrong: int, n: int = 500) -> tuple[FigureRecord, ...]:
    """Make the figures that links rest on, and those that a classification of so many items has."""
    known = {at[1]: at for at in LINKS}
    linked = [
        FigureRecord(
            id=row.figure,
            value=row.measured,
            low=row.low,
            high=row.high,
            n=row.n,
            unit=known[row.figure][5],
            better=known[row.figure][6],
            method=_METHODS[row.figure],
            k=n - wrong if row.figure == "accuracy" and row.measured is not None else None,
            reason=None if row.measured is not None else "not_logged",
        )
        for row in links
    ]
    low, high = clopper_pearson(46, 50)
    share = {"unit": "%", "better": "higher", "method": "clopper_pearson"}
    own = [
        FigureRecord(id="accuracy", value=100 * (n - wrong) / n, low=95.35, high=98.46, k=n - wrong, n=n, **share),
        FigureRecord(id="consistency", value=92, low=low, high=high, k=46, n=50, **share),
        FigureRecord(id="delivered", value=100, k=550, n=550, unit="%", better="higher", method="count"),
        *(
            FigureRecord(id=name, by="class", group=group, value=93.75, low=84.8, high=98.3, k=60, n=64, **share)
            for name, group in product(("recall", "precision"), ("crop", "weed", "unsure"))
        ),
        FigureRecord(id="seconds_median", value=21.5, low=20, high=23, n=500, unit="s", method="order_statistic"),
    ]
    drift = {"id": "drift", "by": "phase", "unit": "points", "method": "newcombe"}
    own += [
        FigureRecord(**drift, group="change", value=-1.5, low=-5.1, high=2.0, p=0.51),
        FigureRecord(**drift, group="surge", value=-6.0, low=-10.76, high=-1.73, p=0.009865),
    ]
    named = {figure.id for figure in linked}
    return (*linked, *(figure for figure in own if figure.id not in named or figure.by))


def measured(name: str, title: str, cases: tuple[int, ...], *, wrong: int = 14) -> PilotVendorRecord:
    """Make a vendor whose links, the first of those above, are these cases."""
    links = tuple(link(at, case) for at, case in enumerate(cases))
    verdicts = [row.verdict for row in links]
    kept, not_kept = verdicts.count("kept"), verdicts.count("not_kept")
    missing = sum(row.reason == "no_promise" for row in links)
    cannot_tell = len(links) - kept - not_kept - missing
    broken = "; ".join(
        f"{row.question}: {row.promised:g} promised, {row.measured:g} measured, {row.low:g}-{row.high:g}"
        for row in links
        if row.verdict == "not_kept"
    )
    sentence = f"{title}: {len(links)} promises asked for, {kept + not_kept} tested: {kept} kept, {not_kept} not kept"
    sentence += f" ({broken})" * bool(broken) + f"; {cannot_tell} cannot be told, {missing} were not given."
    place = PlaceRecord(file=f"labels/{name}.csv", row=17, item="t00016", text="wed (weed?)")
    issue = {"code": "unknown-label", "severity": "blocking", "count": 3, "message": "no label of the pilot"}
    return PilotVendorRecord(
        id=name,
        status="measured",
        tasks=550,
        rows=548,
        missing=2,
        invalid=3,
        figures=figures(links, wrong),
        acceptance=AcceptanceRecord(n=500, c=18, errors=wrong, accepted=wrong <= 18, seller_risk=0.66, buyer_risk=8.65),
        links=links,
        candour=CandourRecord(
            linked=len(links),
            tested=kept + not_kept,
            kept=kept,
            not_kept=not_kept,
            cannot_tell=cannot_tell,
            no_promise=missing,
            sentence=sentence,
            expected_by_chance=0.025 * sum(row.promised is not None and row.kind != "ceiling" for row in links),
        ),
        issues=(PilotIssueRecord(**issue, places=(place,)),),
    )


def absent(name: str) -> PilotVendorRecord:
    """Make a vendor that was asked and sent nothing."""
    return PilotVendorRecord(
        id=name, status="not_measured", message="no file in labels/", tasks=550, rows=0, missing=0, invalid=0
    )


def pilot_of(*vendors: PilotVendorRecord) -> PilotRecord:
    return PilotRecord(
        pilot=PilotFacts(
            title="Crop and weed, 500 images",
            task="classification",
            measured_on="2026-11-23",
            gold_items=500,
            ambiguous=2,
            gold_open=0,
            expert_ceiling=91.25,
            inputs=(Input(file="pilot/gold.csv", sha256="0" * 64), Input(file="pilot/plan.csv", sha256="1" * 64)),
        ),
        vendors=vendors,
    )


def with_pilot(result: Result, *vendors: PilotVendorRecord) -> Result:
    """Put a pilot into a result, and each link beside its answer."""
    by_vendor = {vendor.id: {row.question: row for row in vendor.links} for vendor in vendors}
    parts = {vendor.id: "measured" if vendor.status == "measured" else "absent" for vendor in vendors}
    records = tuple(
        vendor.model_copy(
            update={
                "pilot": parts.get(vendor.id),
                "answers": tuple(
                    replace(answer, pilot=by_vendor.get(vendor.id, {}).get(answer.id)) for answer in vendor.answers
                ),
            }
        )
        for vendor in result.vendors
    )
    return result.model_copy(update={"vendors": records, "pilot": pilot_of(*vendors)})


def mixed(result: Result, links: int = 10, *, without: tuple[str, ...] = ()) -> Result:
    """Put a pilot into a result in which verdicts of all kinds come about; some vendors sent nothing."""
    vendors = [
        absent(vendor.id)
        if vendor.id in without
        else measured(
            vendor.id, vendor.name, tuple((at * 3 + number) % 6 for number in range(links)), wrong=14 + 9 * (at % 2)
        )
        for at, vendor in enumerate(result.vendors)
    ]
    return with_pilot(result, *vendors)
