"""The sheets that lead down to a cell of a response: Questions, Gates and Issues."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from vendor_eval.formatting.figures import KINDS
from vendor_eval.forms.workbook_writer import SheetColumn, SheetWriter, Value, WorkbookWriter
from vendor_eval.reports.workbook.terms import questions_of
from vendor_eval.results import (
    AnswerRecord,
    FloorRecord,
    GateRecord,
    IssueRecord,
    QuestionDefinition,
    Result,
    Source,
    VendorRecord,
    WaiverRecord,
)

_GRAVITY = {"fail": 0, "unresolved": 1, "pass": 2}
_SEVERITY = ("blocking", "warning", "notice")
_VERDICTS = {"fail": "failed", "unresolved": "unresolved", "pass": "pass"}
_PRINTED_ANSWER = 12  # columns of the sheet Questions that go on paper


# ------------------------------------------------------------------------------------------------ questions


@dataclass(frozen=True, slots=True)
class _AnswerRow:
    vendor: VendorRecord
    category: str
    question: QuestionDefinition
    answer: AnswerRecord
    first: bool


def questions(result: Result, book: WorkbookWriter) -> None:
    """Draw the sheet Questions."""
    columns: list[SheetColumn[_AnswerRow]] = [
        SheetColumn("ID", 8, lambda row: row.question.id, _repeated),
        SheetColumn("Question", 42, lambda row: row.question.text, _repeated),
        SheetColumn("Vendor", 17, lambda row: row.vendor.name, "strong"),
        SheetColumn("State", 9, lambda row: row.answer.state, _state_style),
        SheetColumn("Answer", 30, _answer),
        SheetColumn("Value", 7, lambda row: row.answer.value, "score"),
        SheetColumn("Proof", 11, lambda row: row.answer.evidence, "center"),
        SheetColumn("Credited", 9, lambda row: row.answer.credited, "score strong"),
        SheetColumn(
            "Points", 7, lambda row: row.answer.contribution if row.answer.effective_weight else None, "points"
        ),
        SheetColumn("Evidence", 26, lambda row: row.answer.evidence_text, "indent"),
        SheetColumn("Comment", 24, lambda row: row.answer.comment),
        SheetColumn("Source cell", 22, lambda row: str(row.answer.source) or None),
        SheetColumn("Category", 22, lambda row: row.category),
        SheetColumn("Share of the total", 10, lambda row: row.answer.effective_weight or None, "share"),
        SheetColumn("Buyer's findings", 40, lambda row: _findings(row.answer)),
    ]
    page = book.page("Questions", [column.width for column in columns])
    how = "One line for each question and vendor: filter by vendor, state or category (last columns, not printed)"
    page.heading("Questions", f"{how}. A long answer shows its first lines; its cell holds all of it.")
    page.row += 1
    rows = page.table(columns, _answers(page, result), lambda row: "small first" if row.first else "small")
    for title in ("Value", "Credited"):
        column_ = [column.title for column in columns].index(title)
        page.shade(rows, column_, column_)
    page.filter(rows, len(columns))
    page.keep(rows[0] - 1, 3)
    page.finish(printed=_PRINTED_ANSWER)


def _answers(page: SheetWriter, result: Result) -> Iterator[_AnswerRow]:
    answers = {v.id: {answer.id: answer for answer in v.answers} for v in result.in_order}
    for category, question in questions_of(result):
        asked = [v for v in result.in_order if question.asked and question.id in answers[v.id]]
        page.own(question.text)
        for number_, vendor in enumerate(asked):
            first = number_ == 0
            yield _AnswerRow(vendor, category.title, question, answers[vendor.id][question.id], first)


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


# ------------------------------------------------------------------------------------------------ gates


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


def gates(result: Result, book: WorkbookWriter) -> None:
    """Draw the sheet Gates."""
    columns: list[SheetColumn[_GateRow]] = [
        SheetColumn("Vendor", 19, lambda row: row.vendor.name, "strong"),
        SheetColumn("Gate", 9, lambda row: row.name),
        SheetColumn("What is asked", 40, lambda row: row.what),
        SheetColumn("Kind", 10, lambda row: KINDS[row.kind]),
        SheetColumn("Passes with", 32, lambda row: row.test),
        SheetColumn("Result", 13, lambda row: row.verdict, _verdict_style),
        SheetColumn("Why, waiver, note", 46, _why),
        SheetColumn("Source cell", 24, lambda row: str(row.source) or None),
    ]
    page = book.page("Gates", [column.width for column in columns])
    under = "No total buys a failed gate back. A waived failure counts as passed and stays listed."
    page.heading("Gates, flags and floors, the gravest first", under)
    page.row += 1
    rows = page.table(columns, _gate_rows(result), lambda _row: "small")
    page.filter(rows, len(columns))
    page.keep(rows[0] - 1, 3)
    page.finish()


def _gate_rows(result: Result) -> Iterator[_GateRow]:
    questions = {question.id: question for _, question in questions_of(result)}
    titles = {c.id: c.title for c in result.definition.categories}
    titles |= {k.id: k.title for c in result.definition.categories for k in c.criteria}
    for vendor in result.in_order:
        found = [_gate_row(vendor, gate, questions[gate.question]) for gate in vendor.gates]
        found += [_floor_row(vendor, node.id, titles[node.id], node.floor) for node in vendor.nodes if node.floor]
        yield from sorted(found, key=_gate_order)


def _gate_row(vendor: VendorRecord, gate: GateRecord, question: QuestionDefinition) -> _GateRow:
    return _GateRow(
        vendor=vendor,
        name=gate.question,
        what=question.text,
        kind=gate.kind,
        test=gate.test,
        result=gate.result,
        reason=gate.reason,
        waived=gate.waived,
        note=gate.note,
        source=gate.source,
        open=gate.open,
    )


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
    kinds = list(KINDS)
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


# ------------------------------------------------------------------------------------------------ issues


def issues(result: Result, book: WorkbookWriter) -> None:
    """Draw the sheet Issues."""
    columns: list[SheetColumn[tuple[VendorRecord, IssueRecord]]] = [
        SheetColumn("Vendor", 24, lambda row: row[0].name, "strong"),
        SheetColumn("Severity", 12, lambda row: row[1].severity, _severity_style),
        SheetColumn("Code", 24, lambda row: row[1].code),
        SheetColumn("What was found, and the cure", 80, lambda row: row[1].message),
        SheetColumn("Place", 40, lambda row: str(row[1].source) or None),
    ]
    page = book.page("Issues", [column.width for column in columns])
    found = [(v, issue) for v in result.in_order for issue in sorted(v.issues, key=_issue_order)]
    counts = ", ".join(f"{sum(i.severity == name for _, i in found)} {name}" for name in _SEVERITY)
    page.heading("Issues of the responses", f"{counts}. Blocking: an answer could not be credited.")
    page.row += 1
    rows = page.table(columns, found)
    page.filter(rows, len(columns))
    page.keep(rows[0] - 1, 1)
    if not found:
        page.line("No issue: every cell was read.", "cell")
    page.finish()


def _severity_style(row: tuple[VendorRecord, IssueRecord]) -> str:
    return {"blocking": "failed", "warning": "open"}.get(row[1].severity, "")


def _issue_order(issue: IssueRecord) -> int:
    return _SEVERITY.index(issue.severity)
