"""The arithmetic of a total, a node, an answer or a price, down to the cell, as plain text."""

from collections.abc import Iterator, Mapping
from unicodedata import normalize

from vendor_eval.formatting.figures import KINDS, STATUS, number
from vendor_eval.formatting.printable import cut
from vendor_eval.issues import did_you_mean
from vendor_eval.reports.terminal.columns import block, labelled, line, table
from vendor_eval.reports.terminal.price import explain_price, price_paragraphs
from vendor_eval.reports.terminal.promises import wrong_items
from vendor_eval.reports.terminal.ranking import out_of_scope_line, tie_breaker
from vendor_eval.reports.wording.lookups import questions_by_id, questions_of, titles_of
from vendor_eval.reports.wording.pilot import promise_entries
from vendor_eval.reports.wording.price import exact
from vendor_eval.reports.wording.status import (
    NO_COMMENT,
    SCREEN,
    STATES,
    arrived_late,
    coverage_words,
    finding_words,
    outcome,
    waiver_words,
)
from vendor_eval.results import (
    AnswerRecord,
    NodeRecord,
    QuestionDefinition,
    Result,
    VendorRecord,
    issues_of,
)

_LONGEST_TEXT = 60


def explain(result: Result, vendor: VendorRecord, name: str | None, errors: bytes = b"") -> str:
    """Explain a total, a node, an answer, the price or a line of it, of one vendor, by its id or title.

    `errors` is what the pilot found wrong of this vendor, as CSV. Raises KeyError with the nearest id where there is
    nothing of that name.
    """
    if vendor.status == "not_evaluated":
        return block(f"{vendor.name} was not evaluated: {'; '.join(vendor.reasons)}")
    if name is None:
        return _explain_total(result, vendor)
    name = id_of(result, vendor, name)
    node = next((node for node in vendor.nodes if node.id == name), None)
    if node is not None:
        return _explain_node(result, vendor, node)
    answer = next((answer for answer in vendor.answers if answer.id == name), None)
    if answer is None:
        return explain_price(result, vendor, name)
    wrong = wrong_items(result, vendor, answer.pilot, errors) if answer.pilot else ""
    return "\n\n".join(filter(None, (_explain_answer(result, vendor, answer), wrong)))


def id_of(result: Result, vendor: VendorRecord, name: str) -> str:
    """Find the id of what a name means, an id or a title in any case; raise KeyError with the nearest where none fits.

    A category and a criterion may share a title: the category counts.
    """
    known = [*(node.id for node in vendor.nodes), *(answer.id for answer in vendor.answers)]
    known += ["price", *(item.id for item in vendor.price.items)] if vendor.price else []
    titles = {title: key for key, title in reversed(titles_of(result).items()) if key in known}
    spellings = {_folded(title): key for title, key in titles.items()} | {_folded(key): key for key in known}
    if name not in known and _folded(name) not in spellings:
        how = result.evaluation.price
        if (
            how
            and how.sealed
            and _folded(name) in {_folded(key) for key in ("price", *(item.id for item in how.items))}
        ):
            raise KeyError(f"{name}: prices are not opened yet")
        nearest = did_you_mean(name, [*known, *titles])
        raise KeyError(f"{name}: no such category, criterion or question{nearest}")
    return name if name in known else spellings[_folded(name)]


def _folded(text: str) -> str:
    return " ".join(normalize("NFKC", text).casefold().split())


def _explain_total(result: Result, vendor: VendorRecord) -> str:
    if result.is_screen or not vendor.is_compared:
        head = f"{vendor.name}. {SCREEN}." if result.is_screen else f"{vendor.name}: {'; '.join(vendor.reasons)}."
        return "\n\n".join((block(head, vendor.status_text), _gates(result, vendor)))
    titles = titles_of(result)
    rows = [("Category", "Weight", "Share", "Score", "Points", "Low-high", "Floor")]
    for n in (node for node in vendor.nodes if node.kind == "category"):
        interval = "–" if n.low is None else f"{number(n.low)}-{number(n.high)}"
        figures = number(n.score), number(n.contribution, 3), interval
        floor = f"{n.floor.at_least:g}, {outcome(n.floor)}" if n.floor else ""
        rows.append((titles[n.id], f"{n.weight:g}", _share(n.effective_weight), *figures, floor))
    place = f"rank {vendor.rank}" if vendor.rank else f"would be rank {vendor.would_rank} without the exclusion"
    whole, figure = ("Quality", vendor.quality) if vendor.price else ("Total", vendor.score)
    waiting = number((vendor.claimed or 0) - (vendor.credited or 0))
    parts = [
        block(
            f"{vendor.name}: {number(vendor.score, result.digits)} of 100 points ({place}, {STATUS[vendor.status]})",
            vendor.status_text,
        ),
        table(rows, right=(1, 2, 3, 4, 5)),
        f"{whole} = sum of share x score = {number(figure, 6)}",
        *(["The points above are quality points, before the price counts."] if vendor.price else []),
        *price_paragraphs(result, vendor),
        line(out_of_scope_line(result)),
        f"{coverage_words(vendor)}.",
        f"{waiting} points wait for proof: {number(vendor.credited)} now, {number(vendor.claimed)} with it.",
    ]
    if vendor.tie_broken_by:
        of = "" if vendor.tie_broken_by == "price" else "the score of "
        parts.append(block(f"The tie was broken by {of}{tie_breaker(result, vendor.tie_broken_by)}."))
    parts.append(line(arrived_late(result, vendor)))
    parts += [_gates(result, vendor), *_highlights(vendor)]
    return "\n\n".join(part for part in parts if part)


def _gates(result: Result, vendor: VendorRecord) -> str:
    rows, titles = [], titles_of(result)
    for gate in vendor.gates:
        if gate.result != "pass" or gate.waived:
            remark = f"noted: {gate.note}" if gate.note else NO_COMMENT if gate.open else ""
            why = "; ".join(filter(None, (gate.reason, waiver_words(gate.waived), remark)))
            rows.append((gate.question, KINDS[gate.kind], outcome(gate), why, gate.source.cell or "–"))
    for node in vendor.nodes:
        if (floor := node.floor) and (floor.result != "pass" or floor.waived):
            why = "; ".join(filter(None, (f"{titles[node.id]}: {floor.reason}", waiver_words(floor.waived))))
            rows.append((f"floor {node.id}", KINDS[floor.kind], outcome(floor), why, "–"))
    if not rows:
        return "Every requirement is met."
    gates = table([("Id", "Kind", "Result", "Why", "Cell"), *rows], flow=3)
    return f"Requirements failed, open or waived, and flags ({len(rows)}):\n{gates}"


def _highlights(vendor: VendorRecord) -> Iterator[str]:
    if strengths := [f"  {s.question}: {s.points:.2f} points  ({s.source})" for s in vendor.strengths]:
        yield block("Strengths:", *strengths)
    gaps = []
    for gap in vendor.gaps:
        step = ""
        if gap.next_step and gap.next_step_points:
            step = f"; with {gap.next_step.text} it scores {gap.next_step_points:.2f} more"
        proof = f", {gap.proof:.2f} of them only need a document" if gap.proof else ""
        gaps.append(f"  {gap.question}: {gap.points:.2f} points missing{proof}{step}  ({gap.source})")
    if gaps:
        yield block("What would raise the score:", *gaps)


def _share(weight: float) -> str:
    return f"{weight * 100:.3f} %"


def _explain_node(result: Result, vendor: VendorRecord, node: NodeRecord) -> str:
    titles, texts = titles_of(result), {question.id: question.text for _, question in questions_of(result)}
    head = f"{vendor.name}, {titles[node.id]}: {number(node.score)}"
    if not node.in_scope:
        return block(head, *_out_of_scope(vendor, node))
    rows = [("Id", "What", "Share", "Score", "Points")]
    for child in (child for child in vendor.nodes if child.parent == node.id):
        figures = _share(child.effective_weight), number(child.score), number(child.contribution, 3)
        rows.append((child.id, titles[child.id], *figures))
    for answer in (a for a in vendor.answers if a.parent == node.id and a.state != "not_asked"):
        figures = _share(answer.effective_weight), number(answer.credited), number(answer.contribution, 3)
        rows.append((answer.id, cut(texts[answer.id], _LONGEST_TEXT), *figures))
    share = f"{exact(node.effective_weight * 100)} %"
    lines = [
        line(head),
        table(rows, right=(2, 3, 4)),
        f"Points {number(node.contribution, 6)} = share {share} x score {exact(node.score)}",
        f"Sure: {number(node.low)}. With perfect open answers: {number(node.high)}.",
        f"With all claims proven: {number(node.claimed)}. With both: {number(node.reach)}.",
    ]
    if floor := node.floor:
        why = f"{floor.reason}{waiver_words(floor.waived, '; ')}"
        lines.append(line(f"Floor of {floor.at_least:g} points ({KINDS[floor.kind]}): {outcome(floor)}. {why}"))
    return "\n\n".join(lines)


def _out_of_scope(vendor: VendorRecord, node: NodeRecord) -> Iterator[str]:
    """Say why nothing below a node is asked, the questions that share a reason on one line."""
    below = [a for a in vendor.answers if f"{a.parent}.".startswith(f"{node.id}.") and a.state == "not_asked"]
    yield "Not in scope: no question with a weight is asked here. Its weight went to the others in proportion."
    for reason in dict.fromkeys(answer.explanation for answer in below):
        yield f"  {', '.join(answer.id for answer in below if answer.explanation == reason)}: {reason}"


def _explain_answer(result: Result, vendor: VendorRecord, answer: AnswerRecord) -> str:
    questions = questions_by_id(result)
    head = f"{vendor.name}, {answer.id}: {questions[answer.id].text}"
    if answer.state == "not_asked":
        return block(head, f"{answer.explanation[:1].upper()}{answer.explanation[1:]}.")
    entries = [
        ("Cell", "; ".join(str(source) for source in answer.sources) or "not in the workbook"),
        ("Raw", answer.raw or "(blank)"),
        *(("Earlier", f"{old.raw}, replaced by a clarification", f"({old.source})") for old in answer.earlier),
        ("State", STATES[answer.state]),
        ("Answer", answer.answer if answer.answer is not None else "–"),
        ("Value", number(answer.value, 4), answer.explanation),
    ]
    if answer.evidence:
        named = answer.evidence_text or "none named"
        entries.append(("Evidence", f"{answer.evidence} (counts up to {number(answer.cap, 0)}): {named}"))
    entries += [("Document", f"{file.file} (SHA-256 {file.sha256})") for file in answer.files]
    entries += [("Comment", answer.comment)] if answer.comment else []
    question = questions[answer.id]
    entries += [
        ("Source", f"{source}: {title}")
        # A folder without a register has no titles.
        for source, title in zip(question.sources, question.source_titles, strict=False)
    ]
    entries += [("Finding", finding_words(finding)) for finding in answer.findings]
    entries += promise_entries(result, vendor, answer, question.type)
    entries += [("Credited", number(answer.credited, 4)), *_weight_path(questions, vendor, answer)]
    if step := answer.next_step:
        entries.append(("Next step", f"{step.text} would score {number(step.value)} of 100"))
    entries += [
        ("Gate", f"{KINDS[gate.kind]}, {gate.test}: {outcome(gate)}. {gate.reason}{waiver_words(gate.waived, '; ')}")
        for gate in vendor.gates
        if gate.question == answer.id
    ]
    entries += [("Issue", issue.line) for issue in issues_of(vendor.issues, answer.id)]
    return labelled(head, entries)


def _weight_path(
    questions: Mapping[str, QuestionDefinition], vendor: VendorRecord, answer: AnswerRecord
) -> list[tuple[str, str]]:
    """Show the weights from the question up to the total, each over the siblings that count for this vendor."""
    if not vendor.nodes:
        return [("Points", "none: a screen makes no total")]
    if not answer.effective_weight:
        return [("Points", "None, because the question has no weight or is left out of the sums")]
    nodes = {node.id: node for node in vendor.nodes}
    criterion = nodes[answer.parent]
    category = nodes[criterion.parent or ""]
    siblings = [a for a in vendor.answers if a.parent == criterion.id and a.effective_weight]
    criteria = [node for node in vendor.nodes if node.parent == category.id and node.effective_weight]
    categories = [node for node in vendor.nodes if node.kind == "category" and node.effective_weight]
    path = " x ".join(
        (
            f"{exact(category.weight)}/{exact(sum(node.weight for node in categories))}",
            f"{exact(criterion.weight)}/{exact(sum(node.weight for node in criteria))}",
            f"{exact(questions[answer.id].weight)}/{exact(sum(questions[a.id].weight for a in siblings))}",
        )
    )
    weight = exact(answer.effective_weight)
    return [
        ("Weight", f"{path} = {weight} (category x criterion x question)"),
        ("Points", f"{weight} x {exact(answer.credited)} = {answer.contribution:.6f}"),
    ]
