"""Plain text for the terminal: the ranked table, the issues, and arithmetic down to the cell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap
from unicodedata import normalize

from vendor_eval.formatting.figures import KINDS, STATUS, compared, listed, money, number, percent, truncated
from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.issues import did_you_mean
from vendor_eval.reports.pages.panel import missing_lines, panel_lines
from vendor_eval.reports.terminal.columns import WIDTH as _WIDTH
from vendor_eval.reports.terminal.columns import block as _block
from vendor_eval.reports.terminal.columns import labelled, table
from vendor_eval.reports.terminal.columns import line as _line
from vendor_eval.reports.terminal.price import explain_price, finding_line, price_paragraphs
from vendor_eval.reports.wording.asks import asked_first
from vendor_eval.reports.wording.price import PRICE_FLAGS, exact, turn_lines
from vendor_eval.reports.wording.what_if import bid_lines, left_out_lines, rule_heads, rule_rows
from vendor_eval.results import (
    AnswerRecord,
    CategoryDefinition,
    CriterionDefinition,
    FloorRecord,
    GateRecord,
    NodeRecord,
    QuestionDefinition,
    Result,
    VendorRecord,
    WaiverRecord,
    issues_of,
)
from vendor_eval.results.firmness import Robustness

_LONGEST_NAME = 40
_LONGEST_TEXT = 60
_EXACTLY = 6
_MOST_TURNS = 3
# As many as the pages show.
_MOST_PRICES = 40
_LONGEST_REASON = 90


def vendor_names(result: Result) -> dict[str, str]:
    """Name of each vendor as it stands in a table; where two are alike the id stands beside it."""
    cut_names = {vendor.id: cut(one_line(vendor.name), _LONGEST_NAME) for vendor in result.vendors}
    often = Counter(normalize("NFKC", name).casefold() for name in cut_names.values())
    return {
        vendor: f"{name} ({cut(one_line(vendor), _LONGEST_NAME)})"
        if often[normalize("NFKC", name).casefold()] > 1 and name != vendor
        else name
        for vendor, name in cut_names.items()
    }


# ------------------------------------------------------------------------------------------------ rank


def ranked_table(result: Result) -> str:
    """Ranked vendors, then excluded and not evaluated ones with the reason, then what made the order what it is."""
    digits, names = result.digits, vendor_names(result)
    vendors = result.in_order
    price = result.evaluation.price
    bought = ("Quality", f"Price {price.currency}") if price else ()
    header = ("Rank", "Vendor", "Status", "Score", *bought, "Low-high", "Claimed", "Covered", "Best-worst")
    rows = [header, *(_rank_row(vendor, names[vendor.id], digits, priced=price is not None) for vendor in vendors)]
    right = (0, 3, 4, 5, 7, 8) if price else (0, 3, 5, 6)
    parts = [_block(_heading(result)), table(rows, right=right), *_prices(result, names)]
    if result.robustness:
        parts += [_block(*_firmness(result.robustness)), *_what_if(result, names)]
    parts += [_vendor_reasons(vendor, names[vendor.id]) for vendor in vendors if vendor.reasons]
    parts.append(_block(*_below(result, names)))
    if result.panel:
        parts += [_block("Panel:", *(f"  - {line}" for line in panel_lines(result))), *_sheet_issues(result)]
    if result.evaluation.pending:
        parts.append(_block(f"PROVISIONAL: no level yet for {truncated(result.evaluation.pending)}"))
    if missing := missing_lines(result):
        parts.append(_block("PROVISIONAL: levels are missing", *(f"  - {line}" for line in missing)))
    return "\n\n".join(part for part in parts if part)


def _firmness(found: Robustness) -> tuple[str, ...]:
    said = (f"  - {line}" for line in (*found.decides, *found.notes, *found.left_out))
    return (*wrap(found.sentence, _WIDTH), *said)


def _what_if(result: Result, names: Mapping[str, str]) -> Iterator[str]:
    """Show other price rules, weights and bids, what leaving one out changes, and the first ten questions."""
    if rules := tuple(rule_rows(result)):
        yield table((rule_heads(result), *rules), flow=2)
        yield _block(*(f"  - {line}" for line in bid_lines(result)))
    if len(result.ranking) > 1:
        yield _block(*wrap(f"One left out: {'; '.join(left_out_lines(result))}.", _WIDTH))
    asks = [
        f"  {at}. {names[one.vendor]} {one.question}: {cut(one.reason, _LONGEST_REASON)}; {one.could_change}"
        f"{f' ({one.cell})' if one.cell else ''}"
        for at, one in enumerate(asked_first(result), 1)
    ]
    if asks:
        yield _block("Ask these first:", *asks)


def _heading(result: Result) -> str:
    evaluation = result.evaluation
    own = f"weights of {evaluation.method.profile}" if evaluation.method.profile else "own weights"
    weights = f"preset {evaluation.preset}" if evaluation.preset else own
    return f"{evaluation.title}: judged on {evaluation.as_of}, {weights}, blanks {evaluation.method.missing}"


def _prices(result: Result, names: Mapping[str, str]) -> Iterator[str]:
    """Say what the price does: quality against price, the warning of the rule, what to ask."""
    price = result.evaluation.price
    if price is None:
        return
    first = next((names[v.id] for v in result.in_order if v.rank and v.price and v.price.total is not None), "")
    if others := [compared(vendor.name, cost, quality) for vendor, cost, quality in result.differences_to_first()]:
        yield _block(f"Beside {first} ({price.currency}, quality):", *_at_most(others))
    if price.warning:
        turns = [f"  - {line}" for line in turn_lines(result, names, _MOST_TURNS)]
        yield _block(f"Rule {price.rule}: {price.warning}", *turns)
    flagged = [
        f"{names[vendor.id]}: {'; '.join(PRICE_FLAGS[flag] for flag in vendor.price.flags)}"
        for vendor in result.in_order
        if vendor.price and vendor.price.flags
    ]
    if flagged:
        yield _block("Prices to look at:", *_at_most(flagged))


def _at_most(lines: Sequence[str]) -> Iterator[str]:
    """List the first of many lines about prices, and say where the others stand."""
    yield from (f"  - {line}" for line in lines[:_MOST_PRICES])
    if len(lines) > _MOST_PRICES:
        yield f"  - and {len(lines) - _MOST_PRICES:,} more: sheet Price of shortlist.xlsx"


def _below(result: Result, names: Mapping[str, str]) -> Iterator[str]:
    """Say what a reader of the ranks has to know: waivers, late files, broken ties, categories not in scope."""
    for vendor in result.in_order:
        waived = _waived_failures(vendor)
        if waived:
            yield f"{names[vendor.id]}: {_by_waiver(vendor)}: {'; '.join(waived)}"
        if vendor.accepted_late:
            deadline = result.evaluation.method.deadline
            yield (
                f"{names[vendor.id]}: received {vendor.received}, after the deadline {deadline}; "
                f"accepted late: {vendor.accepted_late}"
            )
    broken = [vendor for vendor in result.in_order if vendor.tie_broken_by]
    level: dict[str, list[VendorRecord]] = {}
    for vendor in broken:
        level.setdefault(number(vendor.score, _EXACTLY), []).append(vendor)
    for tied in level.values():
        by = ", ".join(dict.fromkeys(_breaker(result, vendor.tie_broken_by) for vendor in tied))
        who = listed(tuple(names[vendor.id] for vendor in tied))
        yield f"Tie at {number(tied[0].score, result.digits)} of {who}: broken by {by}"
    if outside := _rest(result):
        yield outside


def _breaker(result: Result, name: str | None) -> str:
    return "the lower price" if name == "price" else _title(result, name or "")


def _by_waiver(vendor: VendorRecord) -> str:
    """Say what a waiver made of a vendor: nothing where another failure decides all the same."""
    tests: list[GateRecord | FloorRecord] = [*vendor.gates, *(node.floor for node in vendor.nodes if node.floor)]
    saved = any(t.kind == "knock_out" and t.result == "fail" and t.waived for t in tests)
    decides = vendor.status == "eligible" or (vendor.status == "conditional" and saved)
    return f"{STATUS[vendor.status]} by waiver" if decides else "waived"


def _waived_failures(vendor: VendorRecord) -> list[str]:
    gates = [
        (f"{gate.question} ({KINDS[gate.kind]})", gate.reason, gate.waived)
        for gate in vendor.gates
        if gate.result == "fail" and gate.kind != "flag"
    ]
    floors = [
        (f"floor {node.id} ({KINDS[node.floor.kind]})", node.floor.reason, node.floor.waived)
        for node in vendor.nodes
        if node.floor and node.floor.result == "fail"
    ]
    return [f"{name} failed: {why}{_waived(waiver)}" for name, why, waiver in (*gates, *floors) if waiver]


def _rank_row(vendor: VendorRecord, name: str, digits: int, *, priced: bool) -> tuple[str, ...]:
    rank = str(vendor.rank) if vendor.rank else f"({vendor.would_rank})" if vendor.would_rank else "–"
    interval = "–" if vendor.low is None else f"{number(vendor.low)}-{number(vendor.high)}"
    places = f"{vendor.best_rank}-{vendor.worst_rank}" if vendor.best_rank else "–"
    score, claimed, covered = number(vendor.score, digits), number(vendor.claimed), percent(vendor.coverage)
    bought = (number(vendor.quality), money(vendor.price.total if vendor.price else None)) if priced else ()
    return rank, name, STATUS[vendor.status], score, *bought, interval, claimed, covered, places


def _vendor_reasons(vendor: VendorRecord, name: str, most: int = 6) -> str:
    shown = [f"  - {reason}" for reason in vendor.reasons[:most]]
    if len(vendor.reasons) > most:
        shown.append(f"  - and {len(vendor.reasons) - most} more: vendor-eval explain {vendor.id}")
    return _block(f"{name}: {STATUS[vendor.status]}", *shown)


def _sheet_issues(result: Result) -> list[str]:
    issues = result.panel.issues if result.panel else ()
    lines = [f"  {issue.severity}: {issue.source}: {issue.message} [{issue.code}]" for issue in issues]
    return [_block("Score sheets:", *lines)] if lines else []


# ------------------------------------------------------------------------------------------------ explain


def explain(result: Result, vendor: VendorRecord, name: str | None) -> str:
    """Explain a total, a node, an answer, the price or a line of it, of one vendor.

    Raises KeyError with the nearest id where there is nothing of that name.
    """
    if vendor.status == "not_evaluated":
        return _block(f"{vendor.name} was not evaluated: {'; '.join(vendor.reasons)}")
    if name is None:
        return _explain_total(result, vendor)
    node = next((node for node in vendor.nodes if node.id == name), None)
    if node is not None:
        return _explain_node(result, vendor, node)
    answer = next((answer for answer in vendor.answers if answer.id == name), None)
    if answer is not None:
        return _explain_answer(result, vendor, answer)
    of_price = explain_price(result, vendor, name)
    if of_price is None:
        known = [*(node.id for node in vendor.nodes), *(answer.id for answer in vendor.answers)]
        known += ["price", *(item.id for item in vendor.price.items)] if vendor.price else []
        raise KeyError(f"{name}: no such category, criterion or question{did_you_mean(name, known)}")
    return of_price


def _explain_total(result: Result, vendor: VendorRecord) -> str:
    rows = [("Category", "Weight", "Share", "Score", "Points", "Low-high", "Floor")]
    rows += [
        (_title(result, n.id), f"{n.weight:g}", _share(n.effective_weight), *_node_figures(n), _floor(n))
        for n in vendor.nodes
        if n.kind == "category"
    ]
    place = f"rank {vendor.rank}" if vendor.rank else f"would have ranked {vendor.would_rank}"
    lines = [
        _block(f"{vendor.name}: {number(vendor.score, result.digits)} ({place}, {STATUS[vendor.status]})"),
        table(rows, right=(1, 2, 3, 4, 5)),
        _sum_words(vendor),
        *price_paragraphs(result, vendor),
        _rest(result),
        _proof(vendor),
    ]
    if vendor.tie_broken_by:
        of = "" if vendor.tie_broken_by == "price" else "the score of "
        lines.append(_block(f"The tie was broken by {of}{_breaker(result, vendor.tie_broken_by)}."))
    if vendor.accepted_late:
        lines.append(_block(f"Received {vendor.received}, after the deadline; accepted: {vendor.accepted_late}"))
    lines += _gate_lines(vendor) + _highlights(vendor)
    return "\n\n".join(line for line in lines if line)


def _sum_words(vendor: VendorRecord) -> str:
    name, figure = ("Quality", vendor.quality) if vendor.price else ("Total", vendor.score)
    return f"{name} = sum of share x score = {number(figure, 6)}"


def _proof(vendor: VendorRecord) -> str:
    waiting = number((vendor.claimed or 0) - (vendor.credited or 0))
    return f"Claimed {number(vendor.claimed)}, credited {number(vendor.credited)}: {waiting} points wait for proof."


def _rest(result: Result) -> str:
    outside = [c.title for c in result.definition.categories if c.weighted and not c.in_scope]
    if not outside:
        return ""
    its = "its weight" if len(outside) == 1 else "their weights"
    return _line(f"Not in scope: {', '.join(outside)}; {its} went to the other categories in proportion.")


def _gate_lines(vendor: VendorRecord) -> list[str]:
    """Gates and floors that are not simply passed, in one table."""
    rows = [
        (
            gate.question,
            KINDS[gate.kind],
            _result(gate),
            _why(gate.reason, gate.waived, gate.note),
            gate.source.cell or "–",
        )
        for gate in vendor.gates
        if gate.result != "pass" or gate.waived
    ]
    rows += [
        (f"floor {node.id}", KINDS[floor.kind], floor.result, _why(floor.reason, floor.waived), "–")
        for node in vendor.nodes
        if (floor := node.floor) and (floor.result != "pass" or floor.waived)
    ]
    if not rows:
        return ["Gates and floors: all passed."]
    told = table([("Gate", "Kind", "Result", "Why", "Cell"), *rows], flow=3)
    return [f"Gates and floors not simply passed ({len(rows)}):\n{told}"]


def _result(gate: GateRecord) -> str:
    return "hit" if gate.kind == "flag" and gate.result == "fail" else gate.result


def _why(reason: str, waiver: WaiverRecord | None, note: str = "") -> str:
    waived = _by_whom(waiver) if waiver else ""
    return "; ".join(part for part in (reason, waived, f"noted: {note}" if note else "") if part)


def _highlights(vendor: VendorRecord) -> list[str]:
    strengths = [f"  {s.question}: {s.points:+.2f} points  ({s.source})" for s in vendor.strengths]
    gaps = []
    for gap in vendor.gaps:
        step = (
            f"; next: {gap.next_step.text} (+{gap.next_step_points:.2f})"
            if gap.next_step and gap.next_step_points
            else ""
        )
        proof = f", {gap.proof:.2f} by proof alone" if gap.proof else ""
        gaps.append(f"  {gap.question}: {gap.points:.2f} points open{proof}{step}  ({gap.source})")
    return [
        _block("Strengths:", *strengths) if strengths else "",
        _block("Gaps:", *gaps) if gaps else "",
    ]


def _node_figures(node: NodeRecord) -> tuple[str, str, str]:
    interval = "–" if node.low is None else f"{number(node.low)}-{number(node.high)}"
    return number(node.score), number(node.contribution, 3), interval


def _share(weight: float) -> str:
    return f"{weight * 100:.3f} %"


def _floor(node: NodeRecord) -> str:
    floor = node.floor
    return "" if floor is None else f"{floor.at_least:g} {floor.result}{', waived' if floor.waived else ''}"


def _waived(waiver: WaiverRecord | None) -> str:
    return "" if waiver is None else f"; {_by_whom(waiver)}"


def _by_whom(waiver: WaiverRecord) -> str:
    return f"waived by {waiver.approved_by}, {waiver.date}: {waiver.reason}"


def _explain_node(result: Result, vendor: VendorRecord, node: NodeRecord) -> str:
    head = f"{vendor.name}, {_title(result, node.id)}: {number(node.score)}"
    if not node.in_scope:
        return _block(head, *_out_of_scope(vendor, node))
    rows = [("Id", "What", "Share", "Score", "Points")]
    for child in (child for child in vendor.nodes if child.parent == node.id):
        points = number(child.contribution, 3)
        rows.append((child.id, _title(result, child.id), _share(child.effective_weight), number(child.score), points))
    for a in (answer for answer in vendor.answers if answer.parent == node.id and answer.state != "not_asked"):
        text, points = cut(_question(result, a.id).text, _LONGEST_TEXT), number(a.contribution, 3)
        rows.append((a.id, text, _share(a.effective_weight), number(a.credited), points))
    interval = f"Sure {number(node.low)}, at most {number(node.high)}"
    share = f"{exact(node.effective_weight * 100)} %"
    lines = [
        _line(head),
        table(rows, right=(2, 3, 4)),
        f"Points {number(node.contribution, 6)} = share {share} x score {exact(node.score)}",
        f"{interval}; claimed {number(node.claimed)}, within reach {number(node.reach)}.",
    ]
    if node.floor:
        floor = node.floor
        why = f"{floor.reason}{_waived(floor.waived)}"
        lines.append(_line(f"Floor {floor.at_least:g} ({KINDS[floor.kind]}): {floor.result}. {why}"))
    return "\n\n".join(lines)


def _out_of_scope(vendor: VendorRecord, node: NodeRecord) -> Iterator[str]:
    """Say why nothing below a node is asked, the questions that share a reason together."""
    below = [a for a in vendor.answers if f"{a.parent}.".startswith(f"{node.id}.") and a.state == "not_asked"]
    yield "Not in scope: no question with a weight below it is asked, so its weight went to the others in proportion."
    for reason in dict.fromkeys(answer.explanation for answer in below):
        yield f"  {', '.join(answer.id for answer in below if answer.explanation == reason)}: {reason}"


def _explain_answer(result: Result, vendor: VendorRecord, answer: AnswerRecord) -> str:
    head = f"{vendor.name}, {answer.id}: {_question(result, answer.id).text}"
    if answer.state == "not_asked":
        return _block(head, f"{answer.explanation[:1].upper()}{answer.explanation[1:]}.")
    entries = [
        ("Cell", "; ".join(str(source) for source in answer.sources) or "not in the workbook"),
        ("Raw", answer.raw or "(blank)"),
        *(("Earlier", f"{old.raw}, replaced by a clarification", f"({old.source})") for old in answer.earlier),
        ("State", answer.state),
        ("Answer", answer.answer if answer.answer is not None else "–"),
        ("Value", number(answer.value, 4), answer.explanation),
    ]
    if answer.evidence:
        named = answer.evidence_text or "none named"
        entries.append(("Evidence", f"{answer.evidence} (counts up to {number(answer.cap, 0)}): {named}"))
    entries += [("Comment", answer.comment)] if answer.comment else []
    entries += [("Finding", finding_line(finding)) for finding in answer.findings]
    entries += [("Credited", number(answer.credited, 4)), *_weight_path(result, vendor, answer)]
    if answer.next_step:
        step = answer.next_step
        entries.append(("Next step", f"{step.text} would be worth {number(step.value)}"))
    entries += [
        ("Gate", f"{KINDS[gate.kind]}, {gate.test}: {gate.result} {gate.reason}{_waived(gate.waived)}")
        for gate in vendor.gates
        if gate.question == answer.id
    ]
    entries += [("Issue", issue.line) for issue in issues_of(vendor.issues, answer.id)]
    return labelled(head, entries)


def _weight_path(result: Result, vendor: VendorRecord, answer: AnswerRecord) -> list[tuple[str, str]]:
    """Weights on the way from the question to the total, each over the siblings that count for this vendor."""
    if not answer.effective_weight:
        return [("Points", "none: the question has no weight, or is left out of the sums")]
    nodes = {node.id: node for node in vendor.nodes}
    criterion = nodes[answer.parent]
    category = nodes[criterion.parent or ""]
    weights = {question.id: question.weight for c in _criteria(result) for question in c.questions}
    siblings = [a for a in vendor.answers if a.parent == criterion.id and a.effective_weight]
    criteria = [node for node in vendor.nodes if node.parent == category.id and node.effective_weight]
    categories = [node for node in vendor.nodes if node.kind == "category" and node.effective_weight]
    path = " x ".join(
        (
            f"{exact(category.weight)}/{exact(sum(node.weight for node in categories))}",
            f"{exact(criterion.weight)}/{exact(sum(node.weight for node in criteria))}",
            f"{exact(weights[answer.id])}/{exact(sum(weights[a.id] for a in siblings))}",
        )
    )
    weight = exact(answer.effective_weight)
    return [
        ("Weight", f"{path} = {weight} (category x criterion x question)"),
        ("Points", f"{weight} x {exact(answer.credited)} = {answer.contribution:.6f}"),
    ]


# ------------------------------------------------------------------------------------------------ criteria


def criteria_tree(categories: Iterable[CategoryDefinition]) -> str:
    """Print the tree of criteria with local and global weights."""
    listed = list(categories)
    total = sum(c.weight for c in listed if c.weighted)
    rows = [("Id", "Title", "Local", "Global")]
    for category in listed:
        share = category.weight / total if category.weighted and total else 0.0
        rows.append(
            (category.id, category.title, f"{category.weight:g}" if category.weighted else "–", f"{share * 100:.2f} %")
        )
        inside = sum(criterion.weight for criterion in category.criteria)
        for criterion in category.criteria:
            part = criterion.weight / inside if inside else 0.0
            rows.append((f"  {criterion.id}", criterion.title, f"{part * 100:.1f} %", f"{share * part * 100:.2f} %"))
            below = sum(question.weight for question in criterion.questions)
            for question in criterion.questions:
                local = question.weight / below if below else 0.0
                rows.append(
                    (
                        f"    {question.id}",
                        cut(question.text, _LONGEST_TEXT),
                        f"{local * 100:.1f} %",
                        f"{share * part * local * 100:.3f} %",
                    )
                )
    return table(rows, right=(2, 3))


# ------------------------------------------------------------------------------------------------ small things


def _criteria(result: Result) -> Iterable[CriterionDefinition]:
    return (criterion for category in result.definition.categories for criterion in category.criteria)


def _question(result: Result, name: str) -> QuestionDefinition:
    return next(
        q for category in result.definition.categories for c in category.criteria for q in c.questions if q.id == name
    )


def _title(result: Result, name: str) -> str:
    titles = {category.id: category.title for category in result.definition.categories}
    titles |= {c.id: c.title for category in result.definition.categories for c in category.criteria}
    return titles[name]
