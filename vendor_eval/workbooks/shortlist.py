"""The shortlist workbook: what the committee sees, from the ranking down to the cell of an answer."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from vendor_eval.figures import number
from vendor_eval.highlights import ENOUGH_FOR_A_FIELD
from vendor_eval.results import (
    AnswerRecord,
    CategoryDefinition,
    CriterionDefinition,
    FloorRecord,
    GateRecord,
    IssueRecord,
    NodeRecord,
    QuestionDefinition,
    Result,
    Source,
    VendorRecord,
    WaiverRecord,
)
from vendor_eval.workbooks.drawing import Book, Column, Page, Value, drawn, inline, lines
from vendor_eval.workbooks.method import method

STATUS = {
    "eligible": "eligible",
    "conditional": "conditional",
    "excluded": "excluded",
    "not_evaluated": "not evaluated",
}
KIND = {"knock_out": "knock-out", "must": "must", "flag": "flag"}
_MOST_REASONS = 3
_MOST_DIGITS = 9
_GRAVITY = {"fail": 0, "unresolved": 1, "pass": 2}
_SEVERITY = ("blocking", "warning", "notice")
_MIDDLE = 10  # last column under Strengths of the sheet Summary
_PRINTED_ANSWER = 12  # columns of the sheet Questions that go on paper
_ONE_PAGE = 70  # rows of the sheet Scores that are still legible on one page
_FEW_VENDORS = 8  # fit on one page of the sheet Summary
_SHORT_TEXT = 84


def shortlist(result: Result, *, paper: str = "A4") -> bytes:
    """Render a result as the bytes of an .xlsx workbook, to be printed on A4 or Letter.

    Text of a vendor is always a string cell. Text of ours that no cell takes raises VendorEvalError.
    """
    buffer = io.BytesIO()
    record = result.evaluation
    day, title = date.fromisoformat(record.as_of), f"Shortlist: {record.title}"
    with drawn(buffer, title=title, day=day, paper=paper, provisional=record.provisional) as book:
        sheets = _Sheets(result, book)
        sheets.summary()
        sheets.weights()
        sheets.scores()
        sheets.questions()
        sheets.gates()
        sheets.issues()
        method(result, book)
    return buffer.getvalue()


# ------------------------------------------------------------------------------------------------ rows


@dataclass(frozen=True, slots=True)
class _NodeRow:
    """A line of the tree: the total, a category or a criterion."""

    level: str
    category: str
    criterion: str = ""
    node: NodeRecord | None = None
    id: str = ""
    weight: float | None = None
    asked: int = 0
    in_scope: bool = True


@dataclass(frozen=True, slots=True)
class _AnswerRow:
    vendor: VendorRecord
    category: str
    question: QuestionDefinition
    answer: AnswerRecord
    first: bool


@dataclass(frozen=True, slots=True)
class _GateRow:
    """A gate or a floor of one vendor."""

    vendor: VendorRecord
    name: str
    what: str
    kind: str
    test: str
    result: str
    reason: str
    waived: WaiverRecord | None
    note: str = ""
    source: Source = field(default_factory=Source)
    open: bool = False

    @property
    def verdict(self) -> str:
        """The result in words that say what it leads to."""
        if self.kind == "flag":
            return {"fail": "hit, note wanted" if self.open else "hit, noted"}.get(self.result, self.result)
        return "failed, waived" if self.result == "fail" and self.waived else _VERDICTS[self.result]


_VERDICTS = {"fail": "failed", "unresolved": "unresolved", "pass": "pass"}


@dataclass
class _Sheets:
    result: Result
    book: Book

    @cached_property
    def vendors(self) -> tuple[VendorRecord, ...]:
        return self.result.in_order

    @cached_property
    def names(self) -> dict[str, str]:
        return {vendor.id: inline(vendor.name) for vendor in self.vendors}

    @property
    def total(self) -> str:
        """Number format of totals: as many decimals as tell different ranks apart."""
        return f"0.{'0' * self.result.digits}"

    # ---------------------------------------------------------------------------------------- summary

    def summary(self) -> None:
        columns = self._summary_columns()
        page = self.book.page("Summary", [column.width for column in columns])
        record = self.result.evaluation
        weights = f"weights: preset {record.preset}" if record.preset else "own weights"
        reference = f"{record.reference} · " if record.reference else ""
        card = f"{record.scorecard.title} {record.scorecard.version}"
        page.heading(page.own(record.title), f"{reference}judged on {record.as_of} · {weights} · {card}")
        for sentence in headline(self.result):
            page.line(sentence, "headline", least=20)
        rows = page.table(columns, self.vendors, _summary_emphasis)
        for row, vendor in enumerate(self.vendors, rows[0]):
            page.height(max(lines(_reasons(vendor), 54, size=9), lines(vendor.name, 20)), row, least=26)
        score = [column.title for column in columns].index("Score")
        page.shade(rows, score, score)
        page.filter(rows, len(columns))
        page.keep(rows[0] - 1, 2)
        self._why(page)
        page.row += 1
        page.line("How to read this sheet", "section", least=20)
        for text in _legend(self.result):
            page.line(text, "small")
        page.finish(tall=int(len(self.vendors) <= _FEW_VENDORS))

    def _why(self, page: Page) -> None:
        """Write what carries each vendor and what costs it points, side by side."""
        scored = [vendor for vendor in self.vendors if vendor.nodes]
        if not scored:
            return
        texts = {question.id: question.text for _, question in _questions(self.result)}
        field_ = len(scored) >= ENOUGH_FOR_A_FIELD
        page.row += 1
        page.line("What carries each vendor, and what costs it most", "section", least=20)
        base = "points ahead of the field's median" if field_ else "points earned"
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

    def _summary_columns(self) -> list[Column[VendorRecord]]:
        listed = set(self.result.shortlist)
        total = f"{self.total} strong"
        return [
            Column("Rank", 7, lambda v: v.rank, "whole strong"),
            Column("Vendor", 22, lambda v: v.name, "strong"),
            Column("Status", 12, lambda v: STATUS[v.status]),
            Column("Short-listed", 8, lambda v: "yes" if v.id in listed else None, "center"),
            Column("Score", 10, lambda v: v.score, total, group="Score of 100"),
            Column("Low", 7, lambda v: v.low, "score", group="Score of 100"),
            Column("High", 7, lambda v: v.high, "score", group="Score of 100"),
            Column("Claimed", 9, lambda v: v.claimed, "score", group="Proof"),
            Column("Credited", 9, lambda v: v.credited, self.total, group="Proof"),
            Column("Covered", 9, lambda v: v.coverage, "percent", group="Share of what is asked"),
            Column("With document", 11, lambda v: v.documented, "percent", group="Share of what is asked"),
            Column("Verified", 9, lambda v: v.verified, "percent", group="Share of what is asked"),
            Column("Best", 7, lambda v: v.best_rank, "whole", group="Rank range"),
            Column("Worst", 7, lambda v: v.worst_rank, "whole", group="Rank range"),
            Column("Would have ranked", 8, lambda v: v.would_rank, "whole"),
            Column("Reasons", 54, _reasons, "small"),
        ]

    # ---------------------------------------------------------------------------------------- weights

    def _tree(self) -> Iterator[_NodeRow]:
        """Weighted categories and their criteria, with the nodes of a vendor that was scored."""
        scored = next((vendor.nodes for vendor in self.vendors if vendor.nodes), ())
        nodes = {node.id: node for node in scored}
        for category in self._weighted:
            row = _NodeRow("Category", category.title, "", nodes.get(category.id), category.id, category.weight)
            yield replace(row, asked=sum(map(_asked, category.criteria)), in_scope=category.in_scope)
            for c in category.criteria:
                node = nodes.get(c.id)
                yield _NodeRow("Criterion", category.title, c.title, node, c.id, c.weight, _asked(c), bool(_asked(c)))

    @property
    def _weighted(self) -> Iterator[CategoryDefinition]:
        return (category for category in self.result.definition.categories if category.weighted)

    def weights(self) -> None:
        floors = self.result.evaluation.method.floors
        shares = {row.id: row.node.global_weight for row in self._tree() if row.node}
        columns: list[Column[_NodeRow]] = [
            Column("Level", 11, lambda row: row.level),
            Column("Category", 34, lambda row: row.category, _category_style),
            Column("Criterion", 44, lambda row: row.criterion or "all criteria", _criterion_style),
            Column("Weight", 10, lambda row: row.weight, "score"),
            Column("Share of its parent", 12, lambda row: _local(row, shares), "share"),
            Column("Share of the total", 14, lambda row: shares.get(row.id), "share"),
            Column("Questions asked", 11, lambda row: row.asked, "whole"),
            Column("Floor", 44, lambda row: _floor_words(floors.get(row.id), in_scope=row.in_scope)),
        ]
        page = self.book.page("Weights", [column.width for column in columns])
        record = self.result.evaluation
        origin = f"Preset {record.preset}" if record.preset else "Weights of this evaluation"
        page.heading("Weights", f"{origin}. Category weights add up to 100; criteria weigh among their siblings.")
        page.row += 1
        rows = page.table(columns, self._tree(), lambda row: "" if row.criterion else "band")
        page.shade(rows, 5, 5, most=max(shares.values(), default=1.0))
        page.filter(rows, len(columns))
        page.keep(rows[0] - 1, 3)
        for column, value in enumerate(("Total", "", "", sum(c.weight for c in self._weighted))):
            page.write(page.row, column, value, "cell strong score first")
        page.row += 1
        page.finish()

    # ---------------------------------------------------------------------------------------- scores

    def scores(self) -> None:
        nodes = {vendor.id: {node.id: node for node in vendor.nodes} for vendor in self.vendors}
        label: list[Column[_NodeRow]] = [
            Column("Level", 11, lambda row: row.level),
            Column("Category", 26, lambda row: row.category, _category_style),
            Column("Criterion", 36, lambda row: row.criterion or "all criteria", _criterion_style),
            Column("Share of the total", 10, lambda row: row.node.global_weight if row.node else None, "share"),
        ]

        def score(vendor: VendorRecord) -> Column[_NodeRow]:
            own = nodes[vendor.id]
            return Column(vendor.name, 13, lambda r: _score(r, vendor, own), lambda r: self._score_style(r, own))

        def points(vendor: VendorRecord) -> Column[_NodeRow]:
            own = nodes[vendor.id]
            return Column(vendor.name, 13, lambda row: _points(row, vendor, own), "points")

        columns = [*label, *(score(vendor) for vendor in self.vendors)]
        page = self.book.page("Scores", [column.width for column in columns])
        marks = "▼ below its floor; ? floor not yet sure; – nothing asked, or not evaluated"
        page.heading("Scores by category and criterion, 0 to 100", f"The darker the better. {marks}.")
        self._places(page, len(label))
        tree = [_NodeRow("Total", "Total"), *self._tree()]
        rows = page.table(columns, tree, lambda row: "" if row.criterion else "band")
        page.shade(rows, len(label), len(columns) - 1)
        page.filter(rows, len(columns))
        page.keep(rows[0] - 1, 3)
        page.row += 1
        page.line("Where the points come from: share of the total x score, adding up to the total", "section")
        categories = [*(row for row in tree if row.level == "Category"), tree[0]]
        columns = [*label, *(points(vendor) for vendor in self.vendors)]
        page.table(columns, categories, lambda row: "band first" if row.level == "Total" else "")
        page.finish(tall=int(page.row <= _ONE_PAGE))

    def _score_style(self, row: _NodeRow, nodes: dict[str, NodeRecord]) -> str:
        if row.level == "Total":
            return self.total
        floor = nodes[row.id].floor if row.id in nodes else None
        return {"fail": "below", "unresolved": "maybe"}.get(floor.result if floor else "", "score")

    def _places(self, page: Page, first: int) -> None:
        """Write rank and status above each vendor's column."""
        page.write(page.row, first - 1, "Rank", "muted right")
        for column, vendor in enumerate(self.vendors, first):
            text = f"{vendor.rank} · {vendor.status}" if vendor.rank else STATUS[vendor.status]
            page.write(page.row, column, text, "group small")
        page.row += 1

    # ---------------------------------------------------------------------------------------- questions

    def questions(self) -> None:
        columns: list[Column[_AnswerRow]] = [
            Column("ID", 8, lambda row: row.question.id, _repeated),
            Column("Question", 42, lambda row: row.question.text, _repeated),
            Column("Vendor", 17, lambda row: row.vendor.name, "strong"),
            Column("State", 9, lambda row: row.answer.state, _state_style),
            Column("Answer", 30, _answer),
            Column("Value", 7, lambda row: row.answer.value, "score"),
            Column("Proof", 10, lambda row: row.answer.evidence),
            Column("Credited", 9, lambda row: row.answer.credited, "score strong"),
            Column("Points", 7, lambda row: row.answer.contribution if row.answer.effective_weight else None, "points"),
            Column("Evidence", 26, lambda row: row.answer.evidence_text),
            Column("Comment", 24, lambda row: row.answer.comment),
            Column("Source cell", 22, lambda row: str(row.answer.source) or None),
            Column("Category", 22, lambda row: row.category),
            Column("Share of the total", 10, lambda row: row.answer.effective_weight or None, "share"),
            Column("Buyer's findings", 40, lambda row: _findings(row.answer)),
        ]
        page = self.book.page("Questions", [column.width for column in columns])
        how = "One line for each question and vendor: filter by vendor, state or category (last columns, not printed)"
        page.heading("Questions", f"{how}. A long answer shows its first lines; its cell holds all of it.")
        page.row += 1
        rows = page.table(columns, self._answers(page), lambda row: "small first" if row.first else "small")
        for title in ("Value", "Credited"):
            column_ = [column.title for column in columns].index(title)
            page.shade(rows, column_, column_)
        page.filter(rows, len(columns))
        page.keep(rows[0] - 1, 3)
        page.finish(printed=_PRINTED_ANSWER)

    def _answers(self, page: Page) -> Iterator[_AnswerRow]:
        answers = {v.id: {answer.id: answer for answer in v.answers} for v in self.vendors}
        for category, question in _questions(self.result):
            asked = [v for v in self.vendors if question.asked and question.id in answers[v.id]]
            page.own(question.text)
            for number_, vendor in enumerate(asked):
                first = number_ == 0
                yield _AnswerRow(vendor, category.title, question, answers[vendor.id][question.id], first)

    # ---------------------------------------------------------------------------------------- gates

    def gates(self) -> None:
        columns: list[Column[_GateRow]] = [
            Column("Vendor", 19, lambda row: row.vendor.name, "strong"),
            Column("Gate", 9, lambda row: row.name),
            Column("What is asked", 40, lambda row: row.what),
            Column("Kind", 10, lambda row: KIND[row.kind]),
            Column("Passes with", 32, lambda row: row.test),
            Column("Result", 13, lambda row: row.verdict, _verdict_style),
            Column("Why, waiver, note", 46, _why),
            Column("Source cell", 24, lambda row: str(row.source) or None),
        ]
        page = self.book.page("Gates", [column.width for column in columns])
        under = "No total buys a failed gate back. A waived failure counts as passed and stays listed."
        page.heading("Gates, flags and floors, the gravest first", under)
        page.row += 1
        rows = page.table(columns, self._gate_rows(), lambda _row: "small")
        page.filter(rows, len(columns))
        page.keep(rows[0] - 1, 3)
        page.finish()

    def _gate_rows(self) -> Iterator[_GateRow]:
        questions = {question.id: question for _, question in _questions(self.result)}
        titles = {c.id: c.title for c in self.result.definition.categories}
        titles |= {k.id: k.title for c in self.result.definition.categories for k in c.criteria}
        for vendor in self.vendors:
            found = [_gate_row(vendor, gate, questions[gate.question]) for gate in vendor.gates]
            found += [_floor_row(vendor, node.id, titles[node.id], node.floor) for node in vendor.nodes if node.floor]
            yield from sorted(found, key=_gate_order)

    # ---------------------------------------------------------------------------------------- issues

    def issues(self) -> None:
        columns: list[Column[tuple[VendorRecord, IssueRecord]]] = [
            Column("Vendor", 24, lambda row: row[0].name, "strong"),
            Column("Severity", 12, lambda row: row[1].severity, _severity_style),
            Column("Code", 24, lambda row: row[1].code),
            Column("What was found, and the cure", 80, lambda row: row[1].message),
            Column("Place", 40, lambda row: str(row[1].source) or None),
        ]
        page = self.book.page("Issues", [column.width for column in columns])
        found = [(v, issue) for v in self.vendors for issue in sorted(v.issues, key=_issue_order)]
        counts = ", ".join(f"{sum(i.severity == name for _, i in found)} {name}" for name in _SEVERITY)
        page.heading("Issues of the responses", f"{counts}. Blocking: an answer could not be credited.")
        page.row += 1
        rows = page.table(columns, found)
        page.filter(rows, len(columns))
        page.keep(rows[0] - 1, 1)
        if not found:
            page.line("No issue: every cell was read.", "cell")
        page.finish()


# ------------------------------------------------------------------------------------------------ summary in words


def headline(result: Result) -> tuple[str, ...]:
    """Say who ranks first and by how much, who is shortlisted, and who is not ranked."""
    names = {vendor.id: inline(vendor.name) for vendor in result.vendors}
    excluded = [names[v.id] for v in result.in_order if v.status == "excluded"]
    missing = [names[v.id] for v in result.in_order if v.status == "not_evaluated"]
    parts = [_leader(result, names)]
    if result.shortlist:
        parts.append(f"Shortlisted: {_listed([names[name] for name in result.shortlist])}.")
    parts += [f"Excluded: {_listed(excluded)}."] if excluded else []
    parts += [f"Not evaluated: {_listed(missing)}."] if missing else []
    return parts[0], " ".join(parts[1:])


def _leader(result: Result, names: dict[str, str]) -> str:
    ranked = [result.vendor(name) for name in result.ranking]
    if not ranked:
        evaluated = any(vendor.status == "excluded" for vendor in result.vendors)
        every = "No vendor can be ranked: every vendor that was evaluated is excluded."
        return every if evaluated else "No vendor was evaluated."
    tied = [vendor for vendor in ranked if vendor.rank == 1]
    score = number(ranked[0].score, result.digits)
    conditional = ", under conditions" if ranked[0].status == "conditional" else ""
    if len(tied) > 1:
        return f"{_listed([names[vendor.id] for vendor in tied])} share the first rank with {score}."
    if len(ranked) == 1:
        return f"{names[ranked[0].id]} is the only ranked vendor, with {score}{conditional}."
    second = names[ranked[1].id]
    if ranked[0].tie_broken_by:
        return (
            f"{names[ranked[0].id]} ranks first with {score}{conditional}, level with {second} and ahead by tie-break."
        )
    lead = _difference((ranked[0].score or 0) - (ranked[1].score or 0), result.digits)
    return f"{names[ranked[0].id]} ranks first with {score}{conditional}, {lead} ahead of {second}."


def _difference(value: float, digits: int) -> str:
    """Print a difference with as many decimals as show that there is one."""
    text = number(value, digits)
    return text if float(text) or digits > _MOST_DIGITS else _difference(value, digits + 1)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _summary_emphasis(vendor: VendorRecord) -> str:
    return "middle" if vendor.rank else "middle aside"


def _reasons(vendor: VendorRecord) -> str:
    """Reasons of the status, failures first; then what was waived or accepted."""
    failed = [reason for reason in vendor.reasons if " failed: " in reason]
    others = [reason for reason in vendor.reasons if reason not in failed]
    shown = [*failed, *others]
    counts = [f"{len(found)} {word}" for found, word in ((failed, "failed"), (others, "unresolved")) if found]
    parts = [f"{', '.join(counts)}:"] if len(shown) > _MOST_REASONS else []
    parts += [f"• {inline(reason)}" for reason in shown[:_MOST_REASONS]]
    if len(shown) > _MOST_REASONS:
        parts.append(f"• and {len(shown) - _MOST_REASONS} more: sheet Gates")
    if not shown:
        parts.append("Every gate and floor is passed.")
    parts += [f"• waived: {name} ({waiver.approved_by}, {waiver.date})" for name, waiver in _waivers(vendor)]
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
    found = vendor.strengths[:_MOST_REASONS]
    return "\n".join(f"{_points_words(s.points)}  {s.question} {_short(texts[s.question])}" for s in found) or "none"


def _gaps(vendor: VendorRecord, texts: dict[str, str]) -> str:
    parts = []
    for gap in vendor.gaps[:_MOST_REASONS]:
        proof = f", {number(gap.proof, 2)} of it by proof alone" if gap.proof else ""
        parts.append(f"{number(gap.points, 2)}  {gap.question} {_short(texts[gap.question])}{proof}")
    return "\n".join(parts) or "none"


def _points_words(points: float) -> str:
    return f"+{number(points, 2)}"


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
    yield "Conditional: a gate or floor is failed or open and wants a remedy. Excluded: a knock-out failed, no rank."


# ------------------------------------------------------------------------------------------------ cells


def _asked(criterion: CriterionDefinition) -> int:
    return sum(question.asked for question in criterion.questions)


def _questions(result: Result) -> Iterator[tuple[CategoryDefinition, QuestionDefinition]]:
    for category in result.definition.categories:
        yield from ((category, question) for criterion in category.criteria for question in criterion.questions)


def _local(row: _NodeRow, shares: dict[str, float]) -> Value:
    """Share of the total for a category, share of its category for a criterion."""
    parent = row.node.parent if row.node else None
    share = shares.get(row.id)
    if share is None or parent is None:
        return share
    return share / shares[parent] if shares.get(parent) else None


def _floor_words(floor: FloorRecord | None, *, in_scope: bool) -> str:
    if not in_scope:
        return "not in scope: nothing is asked, its weight goes to the others in proportion"
    if floor is None:
        return ""
    return f"at least {floor.at_least:g} ({KIND[floor.kind]}) {floor.reason}".strip()


def _score(row: _NodeRow, vendor: VendorRecord, nodes: dict[str, NodeRecord]) -> Value:
    if row.level == "Total":
        return vendor.score
    return nodes[row.id].score if row.id in nodes else None


def _points(row: _NodeRow, vendor: VendorRecord, nodes: dict[str, NodeRecord]) -> Value:
    if row.level == "Total":
        return vendor.score
    return nodes[row.id].contribution if row.id in nodes else None


def _category_style(row: _NodeRow) -> str:
    return "muted" if row.criterion else ""


def _criterion_style(row: _NodeRow) -> str:
    return "indent" if row.criterion else "muted"


def _repeated(row: _AnswerRow) -> str:
    return "" if row.first else "muted one-line"


def _state_style(row: _AnswerRow) -> str:
    return {"blank": "open", "pending": "open", "invalid": "failed"}.get(row.answer.state, "")


def _answer(row: _AnswerRow) -> Value:
    """Choose the canonical answer; where there is none, what stands in the cell."""
    answer = row.answer
    return answer.answer or answer.raw or None


def _findings(answer: AnswerRecord) -> str:
    return "\n".join(
        f"{f.act}, {f.by}, {f.date}: {'; '.join(filter(None, (f.reason, f.note)))}" for f in answer.findings
    )


def _gate_row(vendor: VendorRecord, gate: GateRecord, question: QuestionDefinition) -> _GateRow:
    test = _test_words(gate, question)
    return _GateRow(
        vendor=vendor,
        name=gate.question,
        what=question.text,
        kind=gate.kind,
        test=test,
        result=gate.result,
        reason=gate.reason,
        waived=gate.waived,
        note=gate.note,
        source=gate.source,
        open=gate.open,
    )


def _test_words(gate: GateRecord, question: QuestionDefinition) -> str:
    """Put the labels of the options in place of their ids."""
    labels = {option.id: option.label for option in question.options}
    for start, words in (("one of ", "one of: "), ("includes ", "all of: ")):
        if gate.test.startswith(start):
            ids = gate.test.removeprefix(start).split(", ")
            return words + "; ".join(labels.get(name, name) for name in ids)
    return gate.test


def _floor_row(vendor: VendorRecord, name: str, title: str, floor: FloorRecord) -> _GateRow:
    return _GateRow(
        vendor=vendor,
        name="floor",
        what=f"{title} ({name})",
        kind=floor.kind,
        test=f"score at least {floor.at_least:g}",
        result=floor.result,
        reason=floor.reason,
        waived=floor.waived,
    )


def _gate_order(row: _GateRow) -> tuple[int, int]:
    kinds = list(KIND)
    return _GRAVITY[row.result], kinds.index(row.kind)


def _verdict_style(row: _GateRow) -> str:
    if row.result == "fail" and (row.waived or (row.kind == "flag" and not row.open)):
        return "strong"
    if row.open:
        return "open"
    return {"fail": "failed", "unresolved": "open"}.get(row.result, "")


def _why(row: _GateRow) -> str:
    waived = f"Waived by {row.waived.approved_by}, {row.waived.date}: {row.waived.reason}" if row.waived else ""
    note = f"Noted: {row.note}" if row.note else ""
    return "\n".join(filter(None, (row.reason, waived, note)))


def _severity_style(row: tuple[VendorRecord, IssueRecord]) -> str:
    return {"blocking": "failed", "warning": "open"}.get(row[1].severity, "")


def _issue_order(issue: IssueRecord) -> int:
    return _SEVERITY.index(issue.severity)
