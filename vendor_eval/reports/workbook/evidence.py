"""The sheets that lead down to a cell of a response: Questions, Gates and Issues."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from vendor_eval.formatting.figures import KINDS
from vendor_eval.forms.workbook_writer import SheetColumn, SheetWriter, WorkbookWriter
from vendor_eval.reports.wording.lookups import questions_of, titles_of
from vendor_eval.reports.wording.requirements import BEFORE, unmet
from vendor_eval.results import (
    AnswerRecord,
    FloorRecord,
    GateRecord,
    IssueRecord,
    QuestionDefinition,
    Result,
    Source,
    VendorRecord,
)

# The gravest first.
_SEVERITY_STYLES = {"blocking": "failed", "warning": "open", "notice": ""}
_STATE_STYLES = {"blank": "open", "pending": "open", "invalid": "failed"}
_OUTCOMES = {"fail": "failed", "unresolved": "open"}
_RESULTS = {"fail": "failed", "unresolved": "unresolved", "pass": "pass"}
_PRINTED_ANSWER = 12  # columns of the sheet Questions that go on paper


@dataclass(frozen=True, slots=True)
class _AnswerRow:
    vendor: VendorRecord
    category: str
    question: QuestionDefinition
    answer: AnswerRecord
    first: bool


def questions(result: Result, book: WorkbookWriter) -> None:
    share = result.quality_share()
    columns: list[SheetColumn[_AnswerRow]] = [
        SheetColumn("ID", 8, lambda row: row.question.id, lambda row: "" if row.first else "muted one-line"),
        SheetColumn("Question", 42, lambda row: row.question.text, lambda row: "" if row.first else "muted one-line"),
        SheetColumn("Vendor", 17, lambda row: row.vendor.name, "strong"),
        SheetColumn("State", 9, lambda row: row.answer.state, lambda row: _STATE_STYLES.get(row.answer.state, "")),
        # Where there is no canonical answer, what the cell holds.
        SheetColumn("Answer", 30, lambda row: row.answer.answer or row.answer.raw or None),
        SheetColumn("Value", 7, lambda row: row.answer.value, "score"),
        SheetColumn("Proof", 11, lambda row: row.answer.evidence, "center"),
        SheetColumn("Credited", 9, lambda row: row.answer.credited, "score strong"),
        SheetColumn(
            "Points", 7, lambda row: share * row.answer.contribution if row.answer.effective_weight else None, "points"
        ),
        SheetColumn("Evidence", 26, lambda row: row.answer.evidence_text, "indent"),
        SheetColumn("Comment", 24, lambda row: row.answer.comment),
        SheetColumn("Source cell", 22, lambda row: str(row.answer.source) or None),
        SheetColumn("Category", 22, lambda row: row.category),
        SheetColumn("Points at most", 10, lambda row: 100 * share * row.answer.effective_weight or None, "points"),
        SheetColumn("Buyer's findings", 40, _findings),
    ]
    page = book.page("Questions", [column.width for column in columns])
    how = "One line for each question and vendor: filter by vendor, state or category (last columns, not printed)"
    page.heading("Questions", f"{how}. A long answer shows its first lines; its cell holds all of it.")
    page.row += 1
    rows = page.table(columns, _answers(page, result), lambda row: "small first" if row.first else "small")
    for at, column in enumerate(columns):
        if column.title in {"Value", "Credited"}:
            page.shade(rows, at, at)
    page.filter(rows, len(columns))
    page.keep(rows[0] - 1, 3)
    page.finish(printed=_PRINTED_ANSWER)


def _answers(page: SheetWriter, result: Result) -> Iterator[_AnswerRow]:
    answers = {vendor.id: {answer.id: answer for answer in vendor.answers} for vendor in result.in_order}
    for category, question in questions_of(result):
        page.own(question.text)
        asked = [vendor for vendor in result.in_order if question.asked and question.id in answers[vendor.id]]
        for at, vendor in enumerate(asked):
            yield _AnswerRow(vendor, category.title, question, answers[vendor.id][question.id], first=at == 0)


def _findings(row: _AnswerRow) -> str:
    return "\n".join(
        f"{f.act}, {f.by}, {f.date}: {'; '.join(filter(None, (f.reason, f.note)))}" for f in row.answer.findings
    )


@dataclass(frozen=True, slots=True)
class _GateRow:
    vendor: VendorRecord
    name: str
    text: str
    test: str
    record: GateRecord | FloorRecord
    note: str = ""
    source: Source = field(default_factory=Source)
    open: bool = False
    about: str = ""


def _cured(row: _GateRow) -> tuple[str, str, str]:
    """Name what a cure is of: vendor, question or node, and how it is not met."""
    kind = "" if row.record.kind == "flag" else _OUTCOMES.get(row.record.result, "")
    return row.vendor.id, row.about or row.name, kind


def gates(result: Result, book: WorkbookWriter) -> None:
    not_met = (
        (vendor, requirement) for vendor in result.in_order if vendor.answers for requirement in unmet(result, vendor)
    )
    cures: dict[tuple[str, str, str], str] = {
        (vendor.id, requirement.about, requirement.outcome): requirement.cure
        for vendor, requirement in not_met
        if requirement.outcome != "waived"
    }
    columns: list[SheetColumn[_GateRow]] = [
        SheetColumn("Vendor", 19, lambda row: row.vendor.name, "strong"),
        SheetColumn("Gate", 9, lambda row: row.name),
        SheetColumn("What is asked", 40, lambda row: row.text),
        SheetColumn("Kind", 10, lambda row: KINDS[row.record.kind]),
        SheetColumn("Due", 12, lambda row: BEFORE[row.record.stage] if row.record.kind != "flag" else None),
        SheetColumn("Passes with", 32, lambda row: row.test),
        SheetColumn("Result", 13, _result, _result_style),
        SheetColumn("Why, waiver, note", 40, _reasons),
        SheetColumn("What cures it", 30, lambda row: cures.get(_cured(row))),
        SheetColumn("Source cell", 24, lambda row: str(row.source) or None),
    ]
    page = book.page("Gates", [column.width for column in columns])
    under = "Points cannot make up for a failed gate. A waived one holds nobody up, but it is not met and stays listed."
    page.heading("Gates, flags and floors, the gravest first", under)
    page.row += 1
    rows = page.table(columns, _gate_rows(result), lambda _row: "small")
    page.filter(rows, len(columns))
    page.keep(rows[0] - 1, 3)
    page.finish()


def _gate_rows(result: Result) -> Iterator[_GateRow]:
    texts = {question.id: question.text for _, question in questions_of(result)}
    titles = titles_of(result)
    # The gravest first; KINDS stand in that order too.
    order = {name: at for at, name in enumerate((*_RESULTS, *KINDS))}
    for vendor in result.in_order:
        rows = [
            _GateRow(
                vendor,
                gate.question,
                texts.get(gate.question, gate.because),
                gate.test,
                gate,
                gate.note,
                gate.source,
                gate.open,
            )
            for gate in vendor.gates
        ]
        rows += [
            _GateRow(vendor, "floor", titles[node.id], f"score at least {floor.at_least:g}", floor, about=node.id)
            for node in vendor.nodes
            if (floor := node.floor)
        ]
        yield from sorted(rows, key=lambda row: (order[row.record.result], order[row.record.kind]))


def _result(row: _GateRow) -> str:
    record = row.record
    if record.kind == "flag":
        return {"fail": "hit, note wanted" if row.open else "hit, noted"}.get(record.result, record.result)
    return "failed, waived" if record.result == "fail" and record.waived else _RESULTS[record.result]


def _result_style(row: _GateRow) -> str:
    record = row.record
    if record.result == "fail" and (record.waived or (record.kind == "flag" and not row.open)):
        return "strong"
    return "open" if row.open else _OUTCOMES.get(record.result, "")


def _reasons(row: _GateRow) -> str:
    waiver = row.record.waived
    waived = f"Waived by {waiver.approved_by}, {waiver.date}: {waiver.reason}" if waiver else ""
    note = f"Noted: {row.note}" if row.note else ""
    return "\n".join(filter(None, (row.record.reason, waived, note)))


def issues(result: Result, book: WorkbookWriter) -> None:
    columns: list[SheetColumn[tuple[VendorRecord, IssueRecord]]] = [
        SheetColumn("Vendor", 24, lambda row: row[0].name, "strong"),
        SheetColumn("Severity", 12, lambda row: row[1].severity, lambda row: _SEVERITY_STYLES[row[1].severity]),
        SheetColumn("Code", 24, lambda row: row[1].code),
        SheetColumn("What was found, and the cure", 80, lambda row: row[1].message),
        SheetColumn("Place", 40, lambda row: str(row[1].source) or None),
    ]
    page = book.page("Issues", [column.width for column in columns])
    severities = list(_SEVERITY_STYLES)
    pairs = [
        (vendor, issue)
        for vendor in result.in_order
        for issue in sorted(vendor.issues, key=lambda issue: severities.index(issue.severity))
    ]
    counts = ", ".join(f"{sum(issue.severity == name for _, issue in pairs)} {name}" for name in severities)
    page.heading("Issues of the responses", f"{counts}. Blocking: an answer could not be credited.")
    page.row += 1
    rows = page.table(columns, pairs)
    page.filter(rows, len(columns))
    page.keep(rows[0] - 1, 1)
    if not pairs:
        page.line("No issue: every cell was read.", "cell")
    page.finish()
