"""The sheet Summary: who ranks where and why, what carries each vendor and what costs it most."""

from collections.abc import Iterator

from vendor_eval.formatting.figures import STATUS, listed, number
from vendor_eval.forms.workbook_writer import SheetColumn, SheetWriter, WorkbookWriter, inline, lines
from vendor_eval.reports.wording.lookups import questions_of
from vendor_eval.reports.wording.phrases import difference
from vendor_eval.reports.wording.status import SCREEN
from vendor_eval.reports.workbook.formulas import Live, total_format
from vendor_eval.results import Result, VendorRecord, WaiverRecord

_MOST_REASONS = 3
_OF_A_SCREEN = {"Vendor", "Status", "Short-listed", "Covered", "With document", "Verified", "Reasons"}
_MIDDLE = 10  # last column under Strengths
_FEW_VENDORS = 8  # fit on one page
_SHORT_TEXT = 84


def summary(result: Result, book: WorkbookWriter) -> None:
    columns = _columns(result)
    page = book.page("Summary", [column.width for column in columns])
    record = result.evaluation
    weights = f"weights: preset {record.preset}" if record.preset else "own weights"
    reference = f"{record.reference} · " if record.reference else ""
    card = f"{record.scorecard.title} {record.scorecard.version}"
    page.heading(page.own(record.title), f"{reference}judged on {record.as_of} · {weights} · {card}")
    for sentence in headline(result):
        page.line(sentence, "headline", least=20)
    rows = page.table(columns, result.in_order, lambda v: "middle" if v.rank else "middle aside")
    for row, vendor in enumerate(result.in_order, rows[0]):
        page.height(max(lines(_reasons(vendor), 54, size=9), lines(vendor.name, 20)), row, least=26)
    for score in (at for at, column in enumerate(columns) if column.title == "Score"):
        page.shade(rows, score, score)
    page.filter(rows, len(columns))
    page.keep(rows[0] - 1, 2)
    _why(page, result)
    page.row += 1
    page.line("How to read this sheet", "section", least=20)
    for text in _legend(result):
        page.line(text, "small")
    page.protect()
    page.finish(tall=int(len(result.in_order) <= _FEW_VENDORS))


def _columns(result: Result) -> list[SheetColumn[VendorRecord]]:
    shortlist, live = set(result.shortlist), Live(result)
    total = f"{total_format(result)} strong"
    price: list[SheetColumn[VendorRecord]] = []
    if result.evaluation.price:
        title, group = f"Price {result.evaluation.price.currency}", "Score of 100"
        price.append(SheetColumn("Quality", 9, lambda v: v.quality, "score", group=group))
        price.append(SheetColumn(title, 14, lambda v: v.price.total if v.price else None, "#,##0", group=group))
    columns = [
        SheetColumn("Rank", 7, lambda v: v.rank, "whole strong"),
        SheetColumn("Vendor", 22, lambda v: v.name, "strong"),
        SheetColumn("Status", 12, lambda v: STATUS[v.status]),
        SheetColumn("Short-listed", 8, lambda v: "yes" if v.id in shortlist else None, "center"),
        SheetColumn("Score", 10, lambda v: v.score, total, group="Score of 100"),
        *price,
        SheetColumn("Your rank", 7, lambda v: live.refer(v, "rank", v.rank), "whole", group="With your weights"),
        SheetColumn("Your score", 8, lambda v: live.refer(v, "score", v.score), "points", group="With your weights"),
        SheetColumn("Low", 7, lambda v: v.low, "score", group="Score of 100"),
        SheetColumn("High", 7, lambda v: v.high, "score", group="Score of 100"),
        SheetColumn("Claimed", 9, lambda v: v.claimed, "score", group="Proof"),
        SheetColumn("Credited", 9, lambda v: v.credited, total_format(result), group="Proof"),
        SheetColumn("Covered", 9, lambda v: v.coverage, "percent", group="Share of what is asked"),
        SheetColumn("With document", 11, lambda v: v.documented, "percent", group="Share of what is asked"),
        SheetColumn("Verified", 9, lambda v: v.verified, "percent", group="Share of what is asked"),
        SheetColumn("Best", 7, lambda v: v.best_rank, "whole", group="Rank range"),
        SheetColumn("Worst", 7, lambda v: v.worst_rank, "whole", group="Rank range"),
        SheetColumn("Would have ranked", 8, lambda v: v.would_rank, "whole"),
        SheetColumn("Reasons", 54, _reasons, "small"),
    ]
    return [column for column in columns if column.title in _OF_A_SCREEN] if result.is_screen else columns


def _why(page: SheetWriter, result: Result) -> None:
    scored = [vendor for vendor in result.in_order if vendor.nodes]
    if not scored:
        return
    texts = {question.id: question.text for _, question in questions_of(result)}
    has_median = len(scored) >= result.evaluation.method.median_from
    page.row += 1
    page.line("What carries each vendor, and what costs it most", "section", least=20)
    base = "points ahead of the field's median" if has_median else "points earned"
    for style, name, left, right in [
        ("header", "Vendor", f"Strengths: {base}", "Gaps: points of the total left open"),
        *(("cell small", vendor.name, _strengths(vendor, texts), _gaps(vendor, texts)) for vendor in scored),
    ]:
        page.over(page.row, 0, 1, name, f"{style} strong")
        page.over(page.row, 2, _MIDDLE, left, style)
        page.over(page.row, _MIDDLE + 1, len(page.widths) - 1, right, style)
        widths = sum(page.widths[2 : _MIDDLE + 1]), sum(page.widths[_MIDDLE + 1 :])
        count = max(lines(text, width, size=9) for text, width in zip((left, right), widths, strict=True))
        page.height(max(count, lines(name, 24)), page.row)
        page.row += 1


def headline(result: Result) -> tuple[str, ...]:
    """Say who ranks first and by how much, then who is shortlisted and who is not ranked."""
    names = {vendor.id: inline(vendor.name) for vendor in result.vendors}
    groups = [
        ("Shortlisted", [names[name] for name in result.shortlist]),
        ("Excluded", [names[v.id] for v in result.in_order if v.status == "excluded"]),
        ("Not evaluated", [names[v.id] for v in result.in_order if v.status == "not_evaluated"]),
    ]
    return _leader(result, names), " ".join(
        f"{label}: {listed(group, len(group))}." for label, group in groups if group
    )


def _leader(result: Result, names: dict[str, str]) -> str:
    if result.is_screen:
        return f"{SCREEN}."
    ranked = [result.vendor(name) for name in result.ranking]
    if not ranked:
        excluded = [names[v.id] for v in result.vendors if v.status == "excluded"]
        if not excluded:
            return "No vendor was evaluated."
        who = f"{excluded[0]} is" if len(excluded) == 1 else f"all {len(excluded)} that were evaluated are"
        return f"No vendor can be recommended: {who} excluded."
    first, score = names[ranked[0].id], number(ranked[0].score, result.digits)
    tied = [names[vendor.id] for vendor in ranked if vendor.rank == 1]
    if len(tied) > 1:
        return f"No clear winner: {listed(tied, len(tied))} share first place with {score} points."
    conditional = ", under conditions" if ranked[0].status == "conditional" else ""
    if len(ranked) == 1:
        return f"{first} is the only vendor that can be ranked, with {score} points{conditional}."
    second = names[ranked[1].id]
    unclear = "No clear winner: " if result.robustness and result.robustness.verdict != "clear" else ""
    if ranked[0].tie_broken_by:
        level = f"{first} ranks first with {score} points, level with {second}"
        return f"{unclear}{level} and ahead by tie-break{conditional}."
    if result.ranks_by_ratio:
        other = number(ranked[1].score, result.digits)
        text = f"{first} ranks first with {score} points by quality for its price, ahead of {second} with {other}"
        return f"{unclear}{text}{conditional}."
    lead = difference((ranked[0].score or 0) - (ranked[1].score or 0), result.digits)
    return f"{unclear}{first} ranks first with {score} points, {lead} ahead of {second}{conditional}."


def _reasons(vendor: VendorRecord) -> str:
    """Reasons of the status, failures first; then what was waived or accepted."""
    failed = [reason.text for reason in vendor.status_reasons if reason.result == "fail"]
    others = [reason.text for reason in vendor.status_reasons if reason.result != "fail"]
    shown = [*failed, *others]
    counts = [f"{len(group)} {word}" for group, word in ((failed, "failed"), (others, "unresolved")) if group]
    parts = [f"{inline(vendor.status_text)}."] if vendor.status != "not_evaluated" else []
    parts += [f"{', '.join(counts)}:"] if len(shown) > _MOST_REASONS else []
    parts += [f"• {inline(reason)}" for reason in shown[:_MOST_REASONS]]
    if len(shown) > _MOST_REASONS:
        parts.append(f"• and {len(shown) - _MOST_REASONS} more: sheet Gates")
    waived = [f"• waived: {name} ({waiver.approved_by}, {waiver.date})" for name, waiver in _waivers(vendor)]
    if not vendor.conditions and not shown:
        parts.append(f"Every gate and floor is passed{' or waived' if waived else ''}.")
    parts += waived
    if flags := [gate.question for gate in vendor.gates if gate.open]:
        parts.append(f"• flag that wants a note: {', '.join(dict.fromkeys(flags))}")
    if vendor.tie_broken_by:
        parts.append(f"• the tie was broken by {vendor.tie_broken_by}")
    if vendor.accepted_late:
        parts.append(f"• late, accepted: {inline(vendor.accepted_late)}")
    return "\n".join(parts)


def _waivers(vendor: VendorRecord) -> Iterator[tuple[str, WaiverRecord]]:
    for gate in vendor.gates:
        if gate.waived and gate.result == "fail":
            yield gate.question, gate.waived
    for node in vendor.nodes:
        if node.floor and node.floor.waived and node.floor.result == "fail":
            yield f"floor {node.id}", node.floor.waived


def _strengths(vendor: VendorRecord, texts: dict[str, str]) -> str:
    strengths = vendor.strengths[:_MOST_REASONS]
    return "\n".join(f"+{number(s.points, 2)}  {s.question} {_short(texts[s.question])}" for s in strengths) or "none"


def _gaps(vendor: VendorRecord, texts: dict[str, str]) -> str:
    parts = []
    for gap in vendor.gaps[:_MOST_REASONS]:
        proof = f", {number(gap.proof, 2)} of it by proof alone" if gap.proof else ""
        parts.append(f"{number(gap.points, 2)}  {gap.question} {_short(texts[gap.question])}{proof}")
    return "\n".join(parts) or "none"


def _short(text: str) -> str:
    return text if len(text) <= _SHORT_TEXT else f"{text[: _SHORT_TEXT - 1].rstrip()}…"


def _legend(result: Result) -> Iterator[str]:
    caps = result.evaluation.method.evidence
    yield "Score: the total that ranks, 0 to 100. Low and high: where it ends if open answers turn out worst or best."
    if caps:
        levels = ", ".join(f"{name} {cap:g}" for name, cap in caps.items())
        yield f"Claimed: the score at the vendor's word. Credited: what its proof allows ({levels})."
    yield "Covered: answered. With document: proof is named, or seen. Verified: the buyer has seen it."
    yield "Rank range: best and worst rank that open answers leave, of this vendor and of the others."
    yield "Conditional: a gate or floor that is due is failed or open. Excluded: a knock-out failed, no rank."
